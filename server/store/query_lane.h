/*
 * query_lane.h - gates and lanes as they are now, and what waits for a person.
 *
 * A lane is seen twice: by its gate's status message (lamp and arm, may be a few
 * seconds old, frozen while the gate is offline) and by its journal (what the
 * last event said, durable).  Both are given; the page decides what to stress.
 */
#ifndef DOXE_SERVER_QUERY_LANE_H
#define DOXE_SERVER_QUERY_LANE_H

#include "proto/io/db.h"
#include "server/store/query_session.h"

enum { LANE_ALARMS_MAX = 8, REVIEW_DETAIL_MAX = 161 };

struct alarm_row {
    int64_t lane;
    char code[33];
    char detail[MSG_TEXT_CAP];
    int64_t raised_ms;
};

struct lane_row {
    int lane;
    char direction[8]; /* entry | exit */
    char state[16], barrier[16];
    /* The last event that says who stands there; type "" when there is none. */
    char last[QUERY_WORD_CAP];
    int64_t last_ms;
    char hold[QUERY_WORD_CAP];     /* why a person is needed; "" when the lane is not held */
    char held_name[PLATE_RAW_CAP]; /* what the camera read of a held vehicle; "" for nothing */
    char held_vehicle[QUERY_WORD_CAP];
    bool has_session;
    struct session_row session; /* of the last event */
    int64_t due_vnd;            /* told to the lane in its last quote, while it stands there */
};

struct gate_row {
    char id[MSG_NAME_CAP], lot[MSG_NAME_CAP], lot_name[121];
    bool heard; /* it has sent a status at least once */
    bool online;
    int64_t seen_ms, high;
    char version[33];
    int lane_count;
    struct lane_row lane[MSG_LANES_MAX];
    int alarm_count; /* open ones; the oldest LANE_ALARMS_MAX are given */
    struct alarm_row alarm[LANE_ALARMS_MAX];
};

/* All gates of a lot ("" for all), by lot and id, at most `limit`. */
DX_MUST_USE int query_gates(struct db *db, const char *lot, int64_t limit,
                            void (*each)(void *context, const struct gate_row *gate),
                            void *context);

struct review_row {
    int64_t id;
    char kind[33], lot[MSG_NAME_CAP], gate[MSG_NAME_CAP];
    int64_t lane;
    char session[ULID_CAP], credit[ULID_CAP];
    char name[PLATE_RAW_CAP]; /* what a person calls the session's vehicle; "" without one */
    char
        transfer[2 * QUERY_NAME_CAP]; /* "sepay 92704", as the bank's list has it; "" without one */
    char detail[REVIEW_DETAIL_MAX];
    int64_t opened_ms;
};
/* Open reviews, newest first. */
DX_MUST_USE int query_reviews(struct db *db, int64_t limit,
                              void (*each)(void *context, const struct review_row *review),
                              void *context, int64_t *ret_count);

struct quarantine_row {
    int64_t id, received_ms;
    char source[97], reason[161];
};
/* Newest first; the bytes themselves are not read. */
DX_MUST_USE int query_quarantine(struct db *db, int64_t limit,
                                 void (*each)(void *context, const struct quarantine_row *row),
                                 void *context, int64_t *ret_count);

#endif
