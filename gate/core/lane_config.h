/*
 * lane_config.h - what a lane is told about itself when it is made.
 *
 * Not here: registers and addresses (gate/io/config.h), prices, lists.
 * Times are milliseconds of virtual time; defaults in lane_config_defaults and docs/LANE.md.
 */
#ifndef DOXE_GATE_LANE_CONFIG_H
#define DOXE_GATE_LANE_CONFIG_H

#include "gate/core/barrier.h"
#include "gate/core/pairing.h"

enum lane_direction { LANE_ENTRY, LANE_EXIT };

/* name, word in etc/gate.yaml, sentence */
#define PASSBACKS(X)                                                                 \
    X(OFF, "off", "a vehicle that is inside may come in again; the server compares") \
    X(SOFT, "soft", "it is let in, with an alarm")                                   \
    X(HARD, "hard", "it is held until a person forgives it")                         \
    X(TIMED, "timed", "hard for passback_ms after it was identified last, soft later")

enum passback {
#define X(name, word, sentence) PASSBACK_##name,
    PASSBACKS(X)
#undef X
        PASSBACK_COUNT
};

/* From this minute of the day in Vietnam on a reversible lane leads that way. */
struct lane_schedule {
    int minute; /* 0..1439, growing */
    enum lane_direction direction;
};
enum { LANE_SCHEDULE_MAX = 8, LANE_GROUPS_MAX = 8 };

struct lane_config {
    int lane;                      /* 1..MSG_LANES_MAX */
    enum lane_direction direction; /* of a reversible lane: that of arming_loop and sign */
    unsigned inputs;               /* bits 1 << enum input_role; both loops are needed */
    unsigned outputs;              /* bits 1 << enum output_role; open and close are needed */
    bool auto_close; /* the barrier may come down by its own logic: "down" proves nothing (R4) */
    struct barrier_config barrier;
    struct pairing_config pairing;
    int64_t read_ms;      /* on the loop without a good reading: held */
    int64_t gone_ms;      /* off the arming loop so long, and not under the arm: it went away */
    int64_t clear_ms;     /* the safety loop must be clear so long to count as passed */
    int64_t answer_ms;    /* exit_asked without an answer: say so, held */
    int64_t quote_ms;     /* how long an amount holds when the message does not say */
    int64_t open_ms;      /* opened by hand and nobody comes: close */
    int64_t notice_ms;    /* how long a moment's notice is shown */
    int64_t learn_ms;     /* inputs unknown so long: the loops alone, or fault */
    int64_t blocked_ms;   /* something under the arm so long: alarm */
    int64_t push_ms;      /* the barrier's own button so soon after a transaction: no alarm */
    int64_t alarm_ms;     /* an alarm about one passage stands so long; so does the siren */
    int64_t interlock_ms; /* waits so long for the other arm of the group: alarm */
    int64_t emergency_return_ms; /* the fire input is clear so long: over; 0: a person says so */
    enum passback passback;
    int64_t passback_ms; /* TIMED */
    bool reversible;     /* has the input arming_back */
    int schedule_count;
    struct lane_schedule schedule[LANE_SCHEDULE_MAX];
    bool fire_own; /* only its own fire input counts, not that of the gate's other lanes */
    int group;     /* 1..LANE_GROUPS_MAX: two arms of which one is up at a time; 0: none */
    bool second;   /* the second arm of its group: it lets on whom the first one let in */
};

void lane_config_defaults(struct lane_config *config);
/* 0, or DX_E_CONFIG and a static sentence. */
DX_MUST_USE int lane_config_check(const struct lane_config *config, const char **ret_why);
/* Of two lanes that share a group; the same. */
DX_MUST_USE int lane_config_check_pair(const struct lane_config *a, const struct lane_config *b,
                                       const char **ret_why);
/* "off" "soft" "hard" "timed" */
const char *passback_text(enum passback passback);

#endif
