/*
 * query_city.h - the city's figures of one day: turns, revenue, cashless share, occupancy.
 *
 * No row here names a vehicle or a person.  Lines come from rollup.h, which is
 * counted in the transaction of the facts; the same figures are counted a second
 * time from the sessions themselves, so that a page can show whether both agree.
 * (The authority once published class figures that miss their total by 9,000
 * turns; a total here is always the sum of the lines shown, and the difference to
 * the second count stands below it.)
 */
#ifndef DOXE_SERVER_QUERY_CITY_H
#define DOXE_SERVER_QUERY_CITY_H

#include "proto/io/db.h"
#include "proto/msg.h"

enum { CITY_LOTS_MAX = 200, CITY_HOURS = 24, CITY_DAY_CAP = 11 };

/* One line, or a total: of a vehicle class, or of a lot. */
struct city_line {
    int64_t entered, left; /* left: finished turns */
    int64_t cashless, cash, unpaid, free;
    int64_t fee_vnd;      /* fees of the turns that left */
    int64_t received_vnd; /* transfers, cash, traffic accounts and passes of this day */
};

struct city_lot {
    char id[MSG_NAME_CAP];
    char name[121], ward[61];
    struct city_line line;
    int64_t inside[VEHICLE_COUNT];    /* vehicles in the lot now: open stays, and corrections */
    int64_t corrected[VEHICLE_COUNT]; /* of these, by people who counted; may be below 0 */
    int64_t capacity[VEHICLE_COUNT];  /* 0: not stated */
};

struct city_day {
    char day[CITY_DAY_CAP]; /* YYYY-MM-DD in Hanoi */
    int64_t from_ms, to_ms;
    struct city_line vehicle[VEHICLE_COUNT];
    struct city_line total;                                          /* sum of the lines by class */
    struct city_line lots;                                           /* sum of the lines by lot */
    int64_t counted_left[VEHICLE_COUNT], counted_fee[VEHICLE_COUNT]; /* from the sessions */
    int64_t counted_left_total, counted_fee_total;
    int64_t hour[CITY_HOURS][VEHICLE_COUNT]; /* finished turns by hour of the day */
    int lot_count; /* lots beyond CITY_LOTS_MAX are in the totals by class only */
    struct city_lot lot[CITY_LOTS_MAX];
};

/* Everything of the day that holds `now`.  `day` is overwritten.  0 or an error of db.h. */
DX_MUST_USE int query_city_day(struct db *db, wall_t now, struct city_day *day);

/*
 * Paid without cash, of all that was paid: per mille, rounded down so that a share
 * is never shown better than it is; -1 when nothing was paid.  Unpaid and free
 * turns are not in it; pages show them beside it.
 */
int64_t city_cashless_permille(const struct city_line *line);

#endif
