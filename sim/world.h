/*
 * world.h - the street: two lanes with arms and loops, and what the people in the vehicles do.
 *
 * The world is a value that is stepped.  What reaches it (a coil was written,
 * the display shows this, the attendant's console names a held lane) arrives in
 * struct world_event; what it wants done (an input changes, the camera takes a
 * picture, a transfer is ordered) leaves in struct world_effects, in the order
 * in which it must be done.  No clock, socket, file, thread or heap: the same
 * code runs in real time behind real sockets (sim/live) or on a virtual clock.
 *
 * It knows nothing of the product.  A driver sees what a driver sees: the arm,
 * the display, his bank.  So what it writes down as true can convict (audit.h).
 *
 * One lane, seen from the side, millimetres along the road:
 *
 *     0 ---- 1500          3000            arm at 3000
 *     [arming loop]   2500 [safety loop] 4000
 *
 * A vehicle stops with its front at 1400, on the arming loop.  Driving on, its
 * front reaches the safety loop, then its rear leaves the arming loop, then its
 * rear leaves the safety loop: it has passed.
 *
 * Time.  All durations are written as they are at speed 1.  `speed` divides
 * them, but devices have minimums below which no real one goes: an arm takes
 * WORLD_ARM_MS_MIN, edges of loops are WORLD_EDGE_MS_MIN apart.
 *
 * Not here: who they are (people.h), what a bank does (bank.h), protocols (live/).
 */
#ifndef DOXE_SIM_WORLD_H
#define DOXE_SIM_WORLD_H

#include "sim/visit.h"

enum {
    WORLD_LANES = 2,
    WORLD_QUEUE_MAX = 24,   /* a driver who sees half of it in the street drives on */
    WORLD_PARKED_MAX = 400, /* places in the lot */
    WORLD_EFFECTS_MAX = 64,
    WORLD_NOTES_MAX = 64,
    WORLD_HOLD_CAP = 24,
    WORLD_ARM_MS = 2500,
    WORLD_ARM_MS_MIN = 300,
    WORLD_EDGE_MS_MIN = 150,
};

/* Discrete inputs of a lane, in the order of etc/gate.yaml; and its coils. */
enum world_input { WORLD_ARMING, WORLD_SAFETY, WORLD_OPENED, WORLD_CLOSED, WORLD_INPUT_COUNT };
enum world_coil { WORLD_COIL_OPEN, WORLD_COIL_CLOSE };

struct arm {
    int direction; /* -1 falling, 0 at rest, 1 rising */
    int from;      /* 0 closed … 1000 open, at `since` */
    mono_t since;
};

struct world_lane {
    bool exit;
    struct arm arm;
    bool input[WORLD_INPUT_COUNT];
    int queue[WORLD_QUEUE_MAX]; /* visits; [0] comes next */
    int queue_count;
    int on;                    /* visit on the loops, or -1 */
    mono_t next_at;            /* when the next may roll up */
    mono_t up_since;           /* arm up and nobody there; never when that is not so */
    bool left_open;            /* … already noticed */
    char hold[WORLD_HOLD_CAP]; /* why the gate holds this lane, "" when it does not */
    mono_t hold_since, help_at;
    char last_code[VISIT_CODE_CAP];
};

/* name, word, sentence: what went wrong in the street itself, whatever the server says */
#define WORLD_NOTES(X)                                                                \
    X(HIT, "hit", "the arm came down on a vehicle")                                   \
    X(STUCK, "stuck", "waited too long at the lane although all programs were up")    \
    X(WRONG_QR, "wrong_qr", "the code on the display contradicts the text beside it") \
    X(WRONG_PAYEE, "wrong_payee", "the code asks to pay somebody else than before")   \
    X(LEFT_OPEN, "left_open", "the arm stayed up with nobody there")                  \
    X(UNPAID, "unpaid", "the arm rose at the exit although the amount shown was not paid")

enum world_note_kind {
#define X(name, word, sentence) WORLD_NOTE_##name,
    WORLD_NOTES(X)
#undef X
        WORLD_NOTE_COUNT
};

struct world_note {
    enum world_note_kind kind;
    int lane;  /* 1… */
    int visit; /* index, or -1 */
    wall_t at;
};

struct world_config {
    int speed;          /* 1… */
    int rate;           /* vehicles a minute of real time, 1… */
    bool attendant;     /* somebody can help; without him every plate or card is readable */
    int confuse;        /* per mille of pictures with one confused character */
    int64_t stuck_ms;   /* real time */
    mono_t last_return; /* by then who is in drives to the exit; mono_never() */
};

struct world {
    struct world_config config;
    struct prng prng;
    struct people people;
    struct world_lane lane[WORLD_LANES]; /* 0 is lane 1, the entry; 1 is lane 2, the exit */
    struct visit *visit; /* the caller's; used as a book, oldest finished ones are overwritten */
    int visit_cap, next_slot;
    int forgotten; /* finished visits that were overwritten */
    int parked[WORLD_PARKED_MAX];
    int parked_count;
    int entered, left, gone, turned_away;
    mono_t now, next_arrival;
    bool up; /* gate and server answer */
    char payee[40];
    struct world_note note[WORLD_NOTES_MAX];
    int note_count, notes_lost;
};

/* ---- events ---- */

enum world_event_kind {
    WORLD_EV_TICK,  /* nothing but time */
    WORLD_EV_COIL,  /* lane, coil, on */
    WORLD_EV_SHOWN, /* visit, shown: what the display said when it looked */
    WORLD_EV_PAGE,  /* visit, shown: the same for the page of its stay */
    WORLD_EV_TOLD,  /* visit, amount_vnd: the server took word of a transfer */
    WORLD_EV_HELD,  /* lane, hold: the attendant's console */
    WORLD_EV_UP     /* on: gate and server answer */
};

struct world_event {
    enum world_event_kind kind;
    mono_t now; /* never runs backwards */
    wall_t wall;
    int lane; /* 1… */
    int visit;
    enum world_coil coil;
    bool on;
    int64_t amount_vnd;
    struct shown shown;
    char hold[WORLD_HOLD_CAP];
};

/* ---- effects ---- */

enum world_effect_kind {
    WORLD_EFF_INPUT,     /* lane, input, on */
    WORLD_EFF_PHOTO,     /* lane, visit, text: what the camera makes of the plate */
    WORLD_EFF_CARD,      /* lane, visit: the driver holds his card to the scanner */
    WORLD_EFF_LOOK,      /* lane, visit: the driver looks at the display */
    WORLD_EFF_PAGE,      /* visit: the driver opens the page of his stay */
    WORLD_EFF_PAY,       /* visit, amount_vnd, own_words */
    WORLD_EFF_NAME,      /* lane, visit: the attendant types the plate he sees */
    WORLD_EFF_HAND_OPEN, /* lane, visit: the attendant opens, with a reason */
    WORLD_EFF_RETRY,     /* lane, visit: the lane is in fault; the attendant looks, all is well */
    WORLD_EFF_TELL,      /* tell, lane, visit, amount_vnd: a line for people */
    WORLD_EFF_CLOSED     /* visit: it is over and may be written into the truth book */
};

/* name, Vietnamese, English; {v} vehicle {p} plate {l} lane {m} money */
#define WORLD_TELLS(X)                                                                        \
    X(TURNED_AWAY, "{v} {p} thấy hàng dài quá, đi chỗ khác",                                  \
      "{v} {p} finds the queue too long and drives on")                                       \
    X(ENTERED, "{v} {p} vào bãi (làn {l})", "{v} {p} drove in (lane {l})")                    \
    X(BACKED_OUT, "{v} {p} lùi ra, không vào nữa", "{v} {p} backed out of the entry")         \
    X(CARD, "{v} {p}: camera không đọc được, quẹt thẻ căn cước (làn {l})",                    \
      "{v} {p}: no camera reads it, holds a citizen card to the scanner (lane {l})")          \
    X(NAMED, "Người trông xe gõ biển số {p} (làn {l})",                                       \
      "The attendant types plate {p} (lane {l})")                                             \
    X(HAND_OPENED, "Người trông xe mở chắn cho {p} (làn {l})",                                \
      "The attendant opens for {p} (lane {l})")                                               \
    X(RETRIED, "Người trông xe cho làn {l} chạy lại",                                         \
      "The attendant puts lane {l} back into service")                                        \
    X(ASKED, "{v} {p} phải trả {m}", "{v} {p} is asked for {m}")                              \
    X(PAID, "{v} {p} đã chuyển khoản {m}", "{v} {p} paid {m}")                                \
    X(PAID_PART, "{v} {p} chuyển trước {m}", "{v} {p} paid a part, {m}")                      \
    X(PAID_OVER, "{v} {p} chuyển dư: {m}", "{v} {p} paid too much, {m}")                      \
    X(PAID_AGAIN, "{v} {p} chuyển thêm lần nữa {m}", "{v} {p} paid once more, {m}")           \
    X(PAID_OWN_WORDS, "{v} {p} chuyển {m} nhưng ghi nội dung khác",                           \
      "{v} {p} paid {m} but wrote words of his own")                                          \
    X(PAID_EARLY, "{v} {p} trả trước trên trang của mình {m}",                                \
      "{v} {p} paid {m} on the page before leaving")                                          \
    X(TURNED_BACK, "{v} {p} quay lại bãi, quên đồ", "{v} {p} turned back at the exit")        \
    X(LEFT, "{v} {p} ra khỏi bãi (làn {l}), đã trả {m}",                                      \
      "{v} {p} left (lane {l}), {m} paid in all")                                             \
    X(LEFT_FREE, "{v} {p} ra khỏi bãi (làn {l}), không mất phí",                              \
      "{v} {p} left (lane {l}), nothing to pay")                                              \
    X(STUCK, "!! {v} {p} chờ quá lâu ở làn {l}", "!! {v} {p} waits too long at lane {l}")     \
    X(HIT, "!! Chắn làn {l} hạ trúng {v} {p}", "!! The arm of lane {l} came down on {v} {p}") \
    X(WRONG_QR, "!! {v} {p} không trả: mã QR không khớp số tiền trên bảng",                   \
      "!! {v} {p} will not pay: the code contradicts the display")                            \
    X(LEFT_OPEN, "!! Chắn làn {l} để mở khi không có xe", "!! The arm of lane {l} stays up")

enum world_tell {
#define X(name, vi, en) TELL_##name,
    WORLD_TELLS(X)
#undef X
        TELL_COUNT
};

struct world_effect {
    enum world_effect_kind kind;
    int lane;  /* 1…, or 0 */
    int visit; /* index */
    enum world_input input;
    bool on;
    bool own_words;
    int64_t amount_vnd;
    enum world_tell tell;
    char text[PERSON_KEY_CAP + 4];
};

struct world_effects {
    int count;
    struct world_effect effect[WORLD_EFFECTS_MAX];
};

/* `visits` of `cap` (at least 64) stay the caller's; `root` is not moved.  Arms are down. */
void world_init(struct world *world, const struct world_config *config, const struct prng *root,
                const struct people *people, struct visit *visits, int cap, mono_t now);
/*
 * Total: an event about a visit that has gone on in the meantime is ignored.
 * `effects` is overwritten.  When more is due than fits, world_deadline() is past.
 */
void world_step(struct world *world, const struct world_event *event,
                struct world_effects *effects);
/* When to come back with a TICK; may be past. */
mono_t world_deadline(const struct world *world);

/* No vehicle comes any more, and those who are parked come back by `until`. */
void world_close(struct world *world, mono_t until);
/* Vehicles that are not yet LEFT or GONE, in the lot and in both queues. */
int world_present(const struct world *world);
/* Is anybody standing on a lane's loop? */
bool world_someone_waits(const struct world *world);
/* 0 closed … 1000 open; 0 for a lane that is not there. */
int world_arm_position(const struct world *world, int lane, mono_t now);

const char *world_note_text(enum world_note_kind kind);

#endif
