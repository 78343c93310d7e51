/*
 * site_parts.h - one site of a run: its street, its gate, its devices and its line; run_parts.h
 * includes it, and nobody else.
 */
#ifndef DOXE_SIM_RUN_SITE_PARTS_H
#define DOXE_SIM_RUN_SITE_PARTS_H

#include "proto/scan_frame.h"
#include "proto/topic.h"
#include "sim/run/clock.h"
#include "sim/run/heap.h"
#include "sim/run/image.h"
#include "sim/run/run.h"

/* name, word, what a, b and bytes are */
#define RUN_HAPPENINGS(X)                                                          \
    X(STREET_WAKE, "street", "the street's deadline")                              \
    X(GATE_WAKE, "deadline", "the gate's deadline")                                \
    X(HOUSE, "house", "the gate's housekeeping")                                   \
    X(INPUT, "input", "a: role, b: level, as the bus reports it")                  \
    X(BUS, "bus", "a: the lane's module answers, or not; b: in any case")          \
    X(WRITE, "write", "a: role, b: act: the module carries it out")                \
    X(WRITTEN, "written", "a: role, b: ok: the core is told")                      \
    X(PICTURE, "picture", "a: confidence, b: serial number; bytes: the reading")   \
    X(SCAN, "scan", "bytes that a scanner sends")                                  \
    X(SCAN_END, "scan_end", "silence may have ended a frame")                      \
    X(LOOK, "look", "a: visit; the driver looks at the display")                   \
    X(PAGE, "page", "a: visit; the driver opens his page")                         \
    X(HOLD, "hold", "the attendant sees why the lane is held")                     \
    X(ATTEND, "attend", "a: visit, b: what the attendant does")                    \
    X(PAY, "pay", "a: visit, b: amount; lane 1: his own words; bytes: the bill")   \
    X(BANK_WAKE, "bank", "a word of a bank is due")                                \
    X(LINK, "link", "a: the gate's line is up, or not")                            \
    X(UP, "up", "a message of a gate reaches the server")                          \
    X(STATUS, "status", "a gate's status reaches the server")                      \
    X(DOWN, "down", "a message of the server reaches a gate")                      \
    X(LOT, "lot", "a: inside; what the server keeps at the broker reaches a gate") \
    X(SERVER_TURN, "turn", "the server looks at what came")                        \
    X(SERVER_BEAT, "beat", "the server's own beat")                                \
    X(GATE_START, "start", "a gate's program starts")                              \
    X(SERVER_START, "start", "the server starts")                                  \
    X(FAULT, "fault", "a: index in the plan; begins")                              \
    X(FAULT_END, "fault_end", "a: index in the plan; ends")                        \
    X(CLOSE, "close", "nobody comes any more, faults are off")

enum run_happening {
#define X(name, word, sentence) RUN_EV_##name,
    RUN_HAPPENINGS(X)
#undef X
        RUN_EV_COUNT
};

/* What a driver copies from the display or his page. */
struct site_bill {
    char words[64];
    char account[24];
};

struct site_lane {
    bool answers;                       /* the module, as the core was told */
    bool told;                          /* … at all */
    enum level level[INPUT_ROLE_COUNT]; /* as read by the bus */
    int64_t bus_ms;                     /* the last report arrives then */
    struct lane_display display;
    char last_text[PERSON_KEY_CAP + 4]; /* of the picture before */
    struct scan_frame frame;
};

enum { SITE_OUTCOMES_MAX = 512 };

struct site_outcome {
    enum gate_event_type type;
    int lane;
    enum output_role role;
    bool ok;
    int64_t seq;
};

struct site {
    struct run *run;
    int index;
    const struct run_site *config;
    const struct app_lot *lot;
    const char *id;
    /* the street */
    struct world *world; /* NULL: the caller's street */
    struct visit *visits;
    struct site_bill *bills;
    struct bank bank;
    struct transfer *transfers;
    int64_t street_at; /* the pending STREET_WAKE that counts; INT64_MAX none */
    int64_t bank_at;
    /* the gate */
    struct gate_config gate_config;
    struct gate *gate;
    struct lot known; /* what the server told about the lot */
    struct image image;
    struct sim_clock clock;
    bool clock_unknown;
    bool alive;
    bool asleep; /* suspended */
    bool dying;  /* in the middle of a step */
    uint32_t life;
    int64_t gate_at;   /* the pending GATE_WAKE that counts */
    int journal_error; /* by hand */
    bool journal_failed;
    int64_t send_from, send_to;
    struct site_lane *lane; /* [1..lane_count] */
    int lane_count;
    int64_t pictures;
    struct prng dice, devices, net_dice;
    /* its line to the broker */
    bool line_up;           /* the network carries */
    bool connected;         /* as the broker believes */
    uint32_t session;       /* grows with each connection */
    int64_t up_ms, down_ms; /* the last message arrives then */
    char topic_up[TOPIC_CAP], topic_down[TOPIC_CAP], topic_status[TOPIC_CAP];
    /* what the broker keeps */
    struct site_kept {
        char *bytes;
        size_t n;
    } kept[LOT_BUCKETS + 1];
    int64_t on_the_way; /* messages of this session */
    /* its people */
    int notes_told;
    int64_t late_payments, receipts, statuses, queries;
    char shift[ULID_CAP]; /* of its attendant; "" not opened yet */
};

/* ---- gate_site.c ---- */
void site_init(struct site *site, struct run *run, int index);
void site_fini(struct site *site);
void site_gate_start(struct site *site);
void site_gate_kill(struct site *site);
/* The same, and its supervisor starts it again. */
void site_gate_dies(struct site *site);
mono_t site_mono(const struct site *site);
wall_t site_wall(const struct site *site);
/* Nothing under way, nothing unacknowledged; else why not. */
bool site_is_idle(const struct site *site, const char **ret_why);

/* ---- gate_shell.c ---- */
/* Random bytes of the gate's own. */
void site_draw(struct site *site, uint8_t *bytes, size_t n);
/* run->event cleared, for this lane. */
struct gate_event *site_event(struct site *site, int lane);
/* run->event holds the rest; then every outcome, before anything new. */
void site_step(struct site *site, enum gate_event_type type);
void site_wake_gate(struct site *site);
void site_take_down(struct site *site, struct str bytes);
void site_take_lot(struct site *site, struct str bytes, bool inside);
void site_restore_lot(struct site *site);
void site_publish_status(struct site *site, bool online);
void site_keep_house(struct site *site);

/* ---- gate_devices.c ---- */
void site_order(struct site *site, int lane, enum output_role role, enum output_act act);
void site_carry_out(struct site *site, int lane, enum output_role role, enum output_act act);
void site_written(struct site *site, int lane, enum output_role role, bool ok);
void site_set_input(struct site *site, int lane, enum input_role role, bool on);
void site_set_answers(struct site *site, int lane, bool answers);
void site_street_input(struct site *site, int lane, enum world_input input, bool on);
void site_take_input(struct site *site, int lane, enum input_role role, enum level level);
void site_take_bus(struct site *site, int lane, bool answers);
void site_learn_lane(struct site *site, int lane);
void site_shoot(struct site *site, int lane, const char *text);
void site_take_picture(struct site *site, const struct sim_event *event);
void site_take_plate(struct site *site, int lane, const struct gate_plate *plate);
void site_hold_card(struct site *site, int lane, const char *card);
void site_take_scan(struct site *site, int lane, struct str bytes);
void site_end_scan(struct site *site, int lane);

/* ---- street_site.c ---- */
void site_street(struct site *site, struct world_event event);
void site_wake_street(struct site *site);
void site_look(struct site *site, int visit, int lane);
void site_open_page(struct site *site, int visit);
void site_hold(struct site *site, int lane);
void site_attend(struct site *site, int lane, int visit, enum world_effect_kind kind,
                 int64_t amount_vnd, const char *text);
/* The lane's display or the vehicle before it is another one: people look. */
void site_see_lane(struct site *site, int lane);

/* Drivers and attendant know whether the programs around them work. */
void site_tell_up(struct site *site);

/* ---- bank_site.c ---- */
void site_pay(struct site *site, const struct world_effect *effect);
void site_pay_late(struct site *site, const struct sim_event *event);
void site_wake_bank(struct site *site);
void site_bank(struct site *site);

/* ---- net.c ---- */
DX_MUST_USE int net_up(struct site *site, enum run_happening kind, struct str bytes);
DX_MUST_USE int net_up_event(struct site *site, const struct event *event);
DX_MUST_USE int net_down_value(struct run *run, const char *gate, const struct down *down);
DX_MUST_USE int net_down(struct run *run, const char *topic, struct str bytes);
DX_MUST_USE int net_keep(struct run *run, const char *topic, struct str bytes);
void net_connect(struct site *site);    /* the gate's client; when the line is up */
void net_lose(struct site *site);       /* the gate is not told: it is dead */
void net_disconnect(struct site *site); /* broker and gate learn of it */
/* The line carries, or swallows everything; who is cut off notices it later. */
void net_line(struct site *site, bool up);
void net_take(struct site *site, const struct sim_event *event);

#endif
