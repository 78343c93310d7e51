/* shell_inside.h - the shell's state, shared by shell.c (life), shell_devices.c, shell_loop.c and
 * shell_effects.c (work), and shell_desk.c (the console) only. */
#ifndef DOXE_GATE_IO_SHELL_INSIDE_H
#define DOXE_GATE_IO_SHELL_INSIDE_H

#include "gate/console/console.h"
#include "gate/console/desk.h"
#include "gate/io/camera_http.h"
#include "gate/io/camera_pull.h"
#include "gate/io/frigate_link.h"
#include "gate/io/journal.h"
#include "gate/io/journal_tidy.h"
#include "gate/io/modbus_bus.h"
#include "gate/io/scanner.h"
#include "gate/io/shell.h"
#include "gate/io/shell_health.h"
#include "proto/io/mailbox.h"
#include "proto/io/mqtt_link.h"
#include "proto/topic.h"

#include <stdatomic.h>

enum {
    SHELL_BOX_CAP = 512,
    SHELL_BUS_CAP = 512,
    SHELL_OUTCOMES_MAX = 2 * GATE_EFFECTS_MAX,
    SHELL_PENDING_MAX = 2 * JOURNAL_BATCH,
    SHELL_READ_WAIT_MS = 1000,    /* how long a camera waits for its reading to be stored */
    SHELL_HOUSEKEEPING_MS = 2000, /* cursor, health, watchdog */
    SHELL_CHORES_MS = 30 * 1000,  /* … and what waits for the disk, at the latest */
    SHELL_COUNT_MS = 60 * 1000,   /* devices' counts into the history */
    SHELL_PRUNE_MS = 10 * 60 * 1000,
    SHELL_SMALL_MS = 5 * 60 * 1000, /* what handshakes and reports have needed goes back */
    SHELL_PRUNE_MAX = 2000,
    SHELL_READ_FRESH_MS = 15 * 1000 /* a reading that a crash has left is still worth something */
};

/* What a worker tells the loop. */
enum shell_message_kind {
    SHELL_WAKE, /* there is something in bus_box */
    SHELL_READ,
    SHELL_CARD,
    SHELL_SCAN_OTHER,
    SHELL_LINK, /* wakes the loop; `link` says how it is */
    SHELL_DOWN,
    SHELL_LOT, /* config, or a part of inside; in `down` */
    SHELL_DESK,
    SHELL_HEALTH, /* wakes the loop; the board says what is new */
    SHELL_STOP
};

struct shell_message {
    enum shell_message_kind kind;
    int lane;
    union {
        struct {
            struct plate_read read;
            int64_t ticket;
        } read;
        struct {
            char key[IDENTITY_PSEUDONYM_CAP];
            char last4[5];
        } card;
        struct {
            char *bytes; /* the loop frees it */
            size_t n;
            bool inside; /* LOT */
        } down;
        struct desk_order *order; /* the loop frees it */
    };
};

/* What a bus worker tells: before everything else, for an arm may wait for it. */
struct bus_news {
    int bus;
    struct bus_report report;
};

/* The loop's word to the HTTP thread about one reading. */
struct read_answer {
    int64_t ticket;
    int error;
};

/* What became of an effect. */
struct outcome {
    enum gate_event_type type; /* STORED, STORE_FAILED, COIL */
    int lane;
    int64_t seq;
    enum output_role role;
    bool ok;
};

/* What a bus worker's reports are called with. */
struct shell_bus {
    struct shell *shell;
    int index;
    struct modbus_bus *bus;
    bool lane_used[MSG_LANES_MAX + 1];
    enum level lane_ok[MSG_LANES_MAX + 1];
};

struct shell {
    struct gate_settings settings;
    int lock_file;
    struct mailbox *box, *bus_box;
    atomic_bool stopping;
    atomic_uint link; /* the broker: changes so far, times two, plus connected; never lost */
    unsigned link_told;
    /* the core */
    struct gate gate;
    struct gate_effects effects;
    struct gate_event event;
    struct gate_record pending[SHELL_PENDING_MAX]; /* given by the core, not stored yet */
    int pending_count;
    unsigned show_due; /* bits by a lane's number: its display has changed */
    bool status_due;
    struct outcome outcome[SHELL_OUTCOMES_MAX];
    int outcome_first, outcome_count;
    int64_t send_from, send_to; /* rows for the server when the step is done; to 0: none */
    /* what it is performed with */
    struct journal_db *journal;
    struct journal_state state;
    bool journal_failed; /* as logged last */
    int journal_error;   /* … and why */
    struct interlock interlock;
    struct shell_bus bus[GATE_BUSES_MAX];
    enum level lane_told[MSG_LANES_MAX + 1]; /* BUS event given last */
    bool text_ok[MSG_LANES_MAX + 1];
    struct scanner *scanner[MSG_LANES_MAX];
    struct mqtt_link *mqtt;
    char topic_up[TOPIC_CAP], topic_down[TOPIC_CAP], topic_status[TOPIC_CAP];
    char topic_config[TOPIC_CAP], topic_inside[TOPIC_CAP]; /* the second is a filter */
    struct lot lot;
    int64_t lot_refused; /* messages */
    struct picture_store *pictures;
    struct camera_intake *intake;
    struct camera_http *cameras;
    int camera_count; /* in the lanes' order */
    struct camera_settings camera[CAMERAS_MAX];
    int camera_lane[CAMERAS_MAX];
    struct camera_pull *pull[CAMERAS_MAX]; /* NULL: it is not asked */
    struct frigate_link *frigate;          /* NULL: none */
    struct console *console;
    struct desk *desk; /* NULL: no console is configured */
    struct desk_place place[MSG_LANES_MAX];
    int64_t desk_told;                        /* seq that the console was woken for */
    char quote_told[MSG_LANES_MAX][ULID_CAP]; /* the gate's own quotes, as the console has them */
    struct http_srv *http;
    struct mailbox *read_answers;
    int64_t ticket; /* the HTTP thread's */
    struct health_board board;
    struct journal_tidy *tidy;
    mono_t housekeeping, chores, prune, count_due, small_due;
    bool small_linked; /* given back since the line was up for the first time */
    int failed;        /* why the loop ends */
};

/* ---- shell_devices.c: cameras and scanners ---- */
DX_MUST_USE int shell_make_cameras(struct shell *s);
DX_MUST_USE int shell_start_cameras(struct shell *s); /* those that are asked */
DX_MUST_USE int shell_start_scanners(struct shell *s);
void shell_stop_devices(struct shell *s);
void shell_free_cameras(struct shell *s);

/* ---- shell_desk.c ---- */
DX_MUST_USE int shell_start_desk(struct shell *s);
void shell_tell_desk(struct shell *s);
void shell_take_desk(struct shell *s, struct desk_order *order);
void shell_refuse_desk(struct shell *s, struct desk_order *order);

/* ---- shell_lot.c ---- */
DX_MUST_USE int shell_make_lot_topics(struct shell *s);
DX_MUST_USE int shell_restore_lot(struct shell *s);
bool shell_is_lot_topic(const struct shell *s, struct str topic, bool *ret_inside);
void shell_take_lot(struct shell *s, struct str bytes, bool inside);
void shell_publish_query(struct shell *s, const struct query *query);

/* ---- shell_effects.c ---- */
/* s->event holds the rest; returns when all that comes of it is stored and told. */
void shell_step(struct shell *s, enum gate_event_type type);
/* One of several that have come together; shell_end_steps follows. */
void shell_step_along(struct shell *s, enum gate_event_type type);
void shell_end_steps(struct shell *s);
/* For log and console: storing works (0), or why not. */
void shell_note_journal(struct shell *s, int error, int64_t seq);
void shell_publish_status(struct shell *s, bool online);

/* ---- shell_loop.c ---- */
/* A reading that the journal has: for the core now. */
void shell_take_read(struct shell *s, int lane, const struct plate_read *read, int64_t place);
void shell_show_health(struct shell *s);
/* Answers readings that still wait, frees what lies in the mailbox. */
void shell_drain(struct shell *s);
/* The index of the lane with this number among the settings, or -1. */
int shell_lane_index(const struct shell *s, int lane);

#endif
