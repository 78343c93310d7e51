#include "server/store/query_city.h"

#include "proto/base/time.h"
#include "server/core/period.h"

#include <string.h>

static enum vehicle vehicle_of(struct db_row *row, int column)
{
    enum vehicle vehicle = VEHICLE_UNKNOWN;
    /* A word that is not known here counts as unknown, so that totals stay whole. */
    if (vehicle_parse(db_text(row, column), &vehicle)) {
        vehicle = VEHICLE_UNKNOWN;
    }
    return vehicle;
}

static void add(struct city_line *sum, const struct city_line *line)
{
    sum->entered += line->entered;
    sum->left += line->left;
    sum->cashless += line->cashless;
    sum->cash += line->cash;
    sum->unpaid += line->unpaid;
    sum->free += line->free;
    sum->fee_vnd += line->fee_vnd;
    sum->received_vnd += line->received_vnd;
}

static struct city_lot *find_lot(struct city_day *day, struct str id)
{
    for (int i = 0; i < day->lot_count; i++) {
        if (str_eq_c(id, day->lot[i].id)) {
            return &day->lot[i];
        }
    }
    return NULL;
}

static int read_lots(struct db *db, struct city_day *day)
{
    struct db_row row;
    int error = db_query(db, &row,
                         "SELECT id, name, ward, capacity_car, capacity_motorbike FROM lot"
                         " ORDER BY name, id LIMIT ?1",
                         "i", (int64_t)CITY_LOTS_MAX);
    while (!error && db_next(&row)) {
        struct city_lot *lot = &day->lot[day->lot_count++];
        str_copy_cut(lot->id, sizeof lot->id, db_text(&row, 0));
        str_copy_cut(lot->name, sizeof lot->name, db_text(&row, 1));
        str_copy_cut(lot->ward, sizeof lot->ward, db_text(&row, 2));
        lot->capacity[VEHICLE_CAR] = db_i64(&row, 3);
        lot->capacity[VEHICLE_MOTORBIKE] = db_i64(&row, 4);
    }
    int end = db_done(&row);
    return error ? error : end;
}

static int read_rollup(struct db *db, struct city_day *day)
{
    struct db_row row;
    int error =
        db_query(db, &row,
                 "SELECT lot, vehicle, entered, left, transfer_turns + etc_turns, cash_turns,"
                 " debt_turns + given_up_turns, pass_turns + free_turns, fee_vnd,"
                 " transfer_vnd + etc_vnd + cash_vnd + pass_vnd FROM rollup"
                 " WHERE grain = 1 AND at = ?1",
                 "i", period_day_of((wall_t){day->from_ms}));
    while (!error && db_next(&row)) {
        struct city_line line = {.entered = db_i64(&row, 2),
                                 .left = db_i64(&row, 3),
                                 .cashless = db_i64(&row, 4),
                                 .cash = db_i64(&row, 5),
                                 .unpaid = db_i64(&row, 6),
                                 .free = db_i64(&row, 7),
                                 .fee_vnd = db_i64(&row, 8),
                                 .received_vnd = db_i64(&row, 9)};
        struct city_lot *lot = find_lot(day, db_text(&row, 0));
        add(&day->vehicle[vehicle_of(&row, 1)], &line);
        add(&day->total, &line);
        if (lot) {
            add(&lot->line, &line);
            add(&day->lots, &line);
        }
    }
    int end = db_done(&row);
    return error ? error : end;
}

/* The second count, from the sessions: by hour, class and fee. */
static int read_sessions(struct db *db, struct city_day *day)
{
    struct db_row row;
    int error = db_query(db, &row,
                         "SELECT (left_ms - ?1) / 3600000, vehicle, count(*), sum(fee_vnd)"
                         " FROM session WHERE left_ms >= ?1 AND left_ms < ?2 GROUP BY 1, 2",
                         "ii", day->from_ms, day->to_ms);
    while (!error && db_next(&row)) {
        int64_t hour = db_i64(&row, 0);
        enum vehicle vehicle = vehicle_of(&row, 1);
        if (hour >= 0 && hour < CITY_HOURS) {
            day->hour[hour][vehicle] += db_i64(&row, 2);
        }
        day->counted_left[vehicle] += db_i64(&row, 2);
        day->counted_fee[vehicle] += db_i64(&row, 3);
        day->counted_left_total += db_i64(&row, 2);
        day->counted_fee_total += db_i64(&row, 3);
    }
    int end = db_done(&row);
    return error ? error : end;
}

/*
 * Open stays, and what people corrected when they counted again: a vehicle that came or went
 * without a stay.  A correction counts until another one takes it back.
 */
static int read_inside(struct db *db, struct city_day *day)
{
    struct db_row row;
    int error = db_query(db, &row, "SELECT lot, vehicle, stays, corrected FROM rollup_inside", "");
    while (!error && db_next(&row)) {
        struct city_lot *lot = find_lot(day, db_text(&row, 0));
        if (lot) {
            enum vehicle vehicle = vehicle_of(&row, 1);
            lot->inside[vehicle] += db_i64(&row, 2) + db_i64(&row, 3);
            lot->corrected[vehicle] += db_i64(&row, 3);
        }
    }
    int end = db_done(&row);
    return error ? error : end;
}

int query_city_day(struct db *db, wall_t now, struct city_day *day)
{
    memset(day, 0, sizeof *day);
    struct civil civil = time_civil(now);
    snprintf(day->day, sizeof day->day, "%04u-%02u-%02u", (unsigned)civil.year % 10000,
             (unsigned)civil.month % 100, (unsigned)civil.day % 100);
    day->from_ms = time_day_start(now).ms;
    day->to_ms = day->from_ms + TIME_DAY_MS;
    int error = read_lots(db, day);
    error = error ? error : read_rollup(db, day);
    error = error ? error : read_sessions(db, day);
    return error ? error : read_inside(db, day);
}

int64_t city_cashless_permille(const struct city_line *line)
{
    int64_t paid = line->cashless + line->cash;
    return paid > 0 ? line->cashless * 1000 / paid : -1;
}
