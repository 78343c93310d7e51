/*
 * query_figures.h - the city's figures of any period, out of the rollups: no row is added up here
 * that a rollup has added up before, and no row names a vehicle or a person.
 *
 * A period is asked as its whole months and the days before and after them.  Every list (by class,
 * lot, hour, time) holds all lines of the same answer, so that each adds up to the total to the
 * unit; figures_check says so line by line, for the reader of a report to see.
 */
#ifndef DOXE_SERVER_QUERY_FIGURES_H
#define DOXE_SERVER_QUERY_FIGURES_H

#include "proto/msg.h"
#include "proto/vehicle.h"
#include "server/core/period.h"
#include "server/store/schema/rollup.h"

enum {
    FIGURES_LOTS_MAX = 1000,
    FIGURES_HOURS = 24,
    FIGURES_STEPS_MAX = 130, /* of a chart: days up to FIGURES_DAYS_MAX, else months */
    FIGURES_DAYS_MAX = 92,
    FIGURES_PERIOD_MAX = 3660, /* days */
    FIGURES_CHECKS_MAX = 16,
    FIGURES_CASHLESS_MOTORBIKE = 931, /* per mille: what the pilot's second phase published */
    FIGURES_CASHLESS_CAR = 989,
};

/* A line: each column of the rollup. */
struct figures {
#define X(name) int64_t name;
    ROLLUP_COLUMNS(X)
#undef X
};

/* word, sentence */
#define FIGURES_SIGNS(X)                                                         \
    X(unlogged, "passages of a loop that belong to no stay")                     \
    X(hand_opened, "a barrier opened by hand for a stay")                        \
    X(hand_opened_bare, "a barrier opened by hand without any stay")             \
    X(told_live, "edges of stays told within 60 s")                              \
    X(told_late, "edges of stays told later")                                    \
    X(wrong, "records that another record contradicts")                          \
    X(incomplete, "records with an edge that nobody saw")                        \
    X(unclean, "records that are doubled, undated or belong to nothing")         \
    X(complaint_off_tariff, "drivers who were asked for more than the list has") \
    X(rating_1, "votes")                                                         \
    X(rating_2, "votes")                                                         \
    X(rating_3, "votes")                                                         \
    X(rating_4, "votes")                                                         \
    X(rating_5, "votes")

struct figures_signs {
#define X(name, sentence) int64_t name;
    FIGURES_SIGNS(X)
#undef X
};

struct figures_lot {
    char id[MSG_NAME_CAP], operator_id[MSG_NAME_CAP];
    char name[121], ward[61];
    bool has_place;
    int64_t lat_e6, lon_e6;
    int64_t inside[VEHICLE_COUNT], corrected[VEHICLE_COUNT], capacity[VEHICLE_COUNT];
    int64_t gates, gates_online, offline_ms; /* of all its gates together, in the period */
    struct figures sum;
    struct figures_signs signs;
};

struct figures_step {
    int64_t at; /* day, or month */
    struct figures sum;
};

struct figures_ask {
    struct period period;
    char lot[MSG_NAME_CAP], operator_id[MSG_NAME_CAP]; /* "" all */
    char ward[61];
    wall_t now;
};

struct figures_check {
    const char *what;
    int64_t total, lines;
};

struct figures_answer {
    struct figures_ask ask;
    struct period before;
    struct figures total, before_total;
    struct figures vehicle[VEHICLE_COUNT], before_vehicle[VEHICLE_COUNT];
    struct figures hour[FIGURES_HOURS];
    struct figures_signs signs, before_signs;
    bool by_month; /* of the steps */
    int step_count;
    struct figures_step step[FIGURES_STEPS_MAX];
    int64_t debt_now_vnd; /* owed by all stays that left, whenever */
    int lot_count;
    struct figures_lot lot[FIGURES_LOTS_MAX];
    int check_count;
    struct figures_check check[FIGURES_CHECKS_MAX];
};

/* `answer` is overwritten; it is large: malloc it.  0 or an error of db.h; DX_E_RANGE: too long. */
DX_MUST_USE int query_figures(struct db *db, const struct figures_ask *ask,
                              struct figures_answer *answer);

/* ---- what follows from a line ---- */

void figures_add(struct figures *sum, const struct figures *line);
int64_t figures_received(const struct figures *line); /* transfers, cash, accounts, passes */
/* Of the turns that were paid, those without cash, per mille, rounded down; -1: none was paid. */
int64_t figures_cashless(const struct figures *line);
/*
 * Data quality, per mille, rounded down; -1: nothing to judge.  đúng: turns no record contradicts;
 * đủ: passages that have a whole stay; sạch: turns not doubled, undated or astray; sống: edges told
 * within a minute.
 */
int64_t figures_correct(const struct figures *line, const struct figures_signs *signs);
int64_t figures_complete(const struct figures *line, const struct figures_signs *signs);
int64_t figures_clean(const struct figures *line, const struct figures_signs *signs);
int64_t figures_live(const struct figures_signs *signs);

#endif
