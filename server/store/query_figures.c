#include "server/store/query_figures.h"

#include "proto/base/check.h"
#include "server/store/query.h"

#define SUM(name) ", sum(" #name ")"
#define SUMS      ROLLUP_COLUMNS(SUM)
#define ALL(name) ", " #name

/* Whose rows: ?7 lot, ?8 operator, ?9 ward; '' all. */
#define WHOSE                                                               \
    " AND (?7 = '' OR lot = ?7)"                                            \
    " AND (?8 = '' OR lot IN (SELECT id FROM lot l WHERE l.operator = ?8))" \
    " AND (?9 = '' OR lot IN (SELECT id FROM lot l WHERE l.ward = ?9))"

/* The rows of a period: months [?1, ?2), days [?3, ?4) and [?5, ?6). */
#define ROWS(months, head, tail)                                                    \
    "(SELECT " months " AS step, 0 AS hour, lot, vehicle" ROLLUP_COLUMNS(           \
        ALL) " FROM rollup WHERE grain = 2 AND at >= ?1 AND at < ?2" WHOSE          \
             " UNION ALL SELECT " head ", 0, lot, vehicle" ROLLUP_COLUMNS(          \
                 ALL) " FROM rollup WHERE grain = 1 AND at >= ?3 AND at < ?4" WHOSE \
                      " UNION ALL SELECT " tail ", 0, lot, vehicle" ROLLUP_COLUMNS( \
                          ALL) " FROM rollup WHERE grain = 1 AND at >= ?5 AND at < ?6" WHOSE ")"

#define HOURS                                                                                  \
    "(SELECT hour" ROLLUP_COLUMNS(                                                             \
        ALL) " FROM rollup WHERE grain = 3 AND at >= ?1 AND at < "                             \
             "?2" WHOSE " UNION ALL SELECT at % 24" ROLLUP_COLUMNS(                            \
                 ALL) " FROM rollup WHERE grain = 0 AND at >= ?3 * 24 AND at < ?4 * 24" WHOSE  \
                      " UNION ALL SELECT at % 24" ROLLUP_COLUMNS(                              \
                          ALL) " FROM rollup WHERE grain = 0 AND at >= ?5 * 24 AND at < ?6 * " \
                               "24" WHOSE ")"

#define SIGNS                                                                                  \
    "(SELECT lot, sign, count FROM rollup_sign WHERE grain = 2 AND at >= ?1 AND at < ?2" WHOSE \
    " UNION ALL SELECT lot, sign, count FROM rollup_sign WHERE grain = 1 AND at >= ?3"         \
    " AND at < ?4" WHOSE " UNION ALL SELECT lot, sign, count FROM rollup_sign"                 \
    " WHERE grain = 1 AND at >= ?5 AND at < ?6" WHOSE ")"

static int ask_parts(struct db *db, struct db_row *row, const char *sql,
                     const struct figures_ask *ask, struct period_parts p)
{
    return db_query(db, row, sql, "iiiiiittt", p.month_from, p.month_until, p.from, p.head_until,
                    p.tail_from, p.until, ask->lot, ask->operator_id, ask->ward);
}

static int ask_rows(struct db *db, struct db_row *row, const char *sql,
                    const struct figures_ask *ask, struct period period)
{
    return ask_parts(db, row, sql, ask, period_split(period));
}

static int end_rows(struct db_row *row, int error)
{
    int ended = db_done(row);
    return error ? error : ended;
}

static struct figures take(struct db_row *row, int column)
{
    struct figures f;
#define X(name) f.name = db_i64(row, column++);
    ROLLUP_COLUMNS(X)
#undef X
    return f;
}

void figures_add(struct figures *sum, const struct figures *line)
{
#define X(name) sum->name += line->name;
    ROLLUP_COLUMNS(X)
#undef X
}

static enum vehicle vehicle_of(struct db_row *row, int column)
{
    enum vehicle vehicle = VEHICLE_UNKNOWN;
    /* A word that is not known here counts as unknown, so that totals stay whole. */
    if (vehicle_parse(db_text(row, column), &vehicle)) {
        vehicle = VEHICLE_UNKNOWN;
    }
    return vehicle;
}

static struct figures_lot *find_lot(struct figures_answer *a, struct str id)
{
    for (int i = 0; i < a->lot_count; i++) {
        if (str_eq_c(id, a->lot[i].id)) {
            return &a->lot[i];
        }
    }
    return NULL;
}

static int read_lots(struct db *db, struct figures_answer *a)
{
    struct db_row row;
    const struct figures_ask *ask = &a->ask;
    int error = db_query(db, &row,
                         "SELECT id, operator, name, ward, lat_e6, lon_e6, capacity_car,"
                         " capacity_motorbike, (SELECT count(*) FROM gate WHERE lot = l.id),"
                         " (SELECT count(*) FROM gate WHERE lot = l.id AND online = 1)"
                         " FROM lot l WHERE (?1 = '' OR id = ?1) AND (?2 = '' OR operator = ?2)"
                         " AND (?3 = '' OR ward = ?3) ORDER BY id LIMIT ?4",
                         "ttti", ask->lot, ask->operator_id, ask->ward, (int64_t)FIGURES_LOTS_MAX);
    while (!error && db_next(&row)) {
        struct figures_lot *lot = &a->lot[a->lot_count++];
        str_copy_cut(lot->id, sizeof lot->id, db_text(&row, 0));
        str_copy_cut(lot->operator_id, sizeof lot->operator_id, db_text(&row, 1));
        str_copy_cut(lot->name, sizeof lot->name, db_text(&row, 2));
        str_copy_cut(lot->ward, sizeof lot->ward, db_text(&row, 3));
        lot->has_place = !db_is_null(&row, 4) && !db_is_null(&row, 5);
        lot->lat_e6 = query_number(&row, 4);
        lot->lon_e6 = query_number(&row, 5);
        lot->capacity[VEHICLE_CAR] = db_i64(&row, 6);
        lot->capacity[VEHICLE_MOTORBIKE] = db_i64(&row, 7);
        lot->gates = db_i64(&row, 8);
        lot->gates_online = db_i64(&row, 9);
    }
    return end_rows(&row, error);
}

/* By lot and class, which is all but the times. */
static int read_lines(struct db *db, struct figures_answer *a)
{
    struct db_row row;
    int error = ask_rows(db, &row,
                         "SELECT lot, vehicle" SUMS
                         " FROM " ROWS("at", "at", "at") " GROUP BY lot, vehicle",
                         &a->ask, a->ask.period);
    while (!error && db_next(&row)) {
        struct figures line = take(&row, 2);
        struct figures_lot *lot = find_lot(a, db_text(&row, 0));
        figures_add(&a->vehicle[vehicle_of(&row, 1)], &line);
        figures_add(&a->total, &line);
        if (lot) {
            figures_add(&lot->sum, &line);
        }
    }
    error = end_rows(&row, error);
    error =
        error ? error
              : ask_rows(db, &row,
                         "SELECT vehicle" SUMS " FROM " ROWS("at", "at", "at") " GROUP BY vehicle",
                         &a->ask, a->before);
    while (!error && db_next(&row)) {
        struct figures line = take(&row, 1);
        figures_add(&a->before_vehicle[vehicle_of(&row, 0)], &line);
        figures_add(&a->before_total, &line);
    }
    return end_rows(&row, error);
}

static int add_hours(struct db *db, struct figures_answer *a, struct period_parts parts, int sign)
{
    struct db_row row;
    int error =
        ask_parts(db, &row, "SELECT hour" SUMS " FROM " HOURS " GROUP BY hour", &a->ask, parts);
    while (!error && db_next(&row)) {
        int64_t hour = db_i64(&row, 0);
        must(hour >= 0 && hour < FIGURES_HOURS);
        struct figures line = take(&row, 1);
#define X(name) a->hour[hour].name += sign * line.name;
        ROLLUP_COLUMNS(X)
#undef X
    }
    return end_rows(&row, error);
}

/*
 * Hours of single days are many rows.  So of a month that is asked for by more than its half, the
 * whole is taken, and the days that were not asked for are taken away.
 */
static int read_hours(struct db *db, struct figures_answer *a)
{
    enum { HALF = 15 };
    struct period_parts more = period_split(a->ask.period);
    struct period_parts less = {0};
    if (more.month_from < more.month_until && more.head_until - more.from > HALF) {
        less.from = period_month_start(--more.month_from);
        less.head_until = more.from;
        more.head_until = more.from;
    }
    if (more.month_from < more.month_until && more.until - more.tail_from > HALF) {
        less.tail_from = more.until;
        less.until = period_month_start(++more.month_until);
        more.tail_from = more.until;
    }
    int error = add_hours(db, a, more, 1);
    return error || (less.head_until == 0 && less.until == 0) ? error : add_hours(db, a, less, -1);
}

/* Days of a short period; months of a long one, where the first and last may be in part. */
static int read_steps(struct db *db, struct figures_answer *a)
{
    struct db_row row;
    struct period period = a->ask.period;
    struct period_parts p = period_split(period);
    const struct figures_ask *ask = &a->ask;
    a->by_month = period.until - period.from > FIGURES_DAYS_MAX;
    int64_t first = a->by_month ? period_month_of(period.from) : 0;
    int64_t last = a->by_month ? period_month_of(period.until - 1) : 0;
    int error =
        a->by_month
            ? db_query(db, &row,
                       "SELECT step" SUMS " FROM " ROWS("at", "?10", "?11") " GROUP BY step",
                       "iiiiiitttii", p.month_from, p.month_until, p.from, p.head_until,
                       p.tail_from, p.until, ask->lot, ask->operator_id, ask->ward, first, last)
            : db_query(db, &row,
                       "SELECT step" SUMS " FROM " ROWS("at", "at", "at") " GROUP BY step",
                       "iiiiiittt", (int64_t)0, (int64_t)0, period.from, period.until, period.until,
                       period.until, ask->lot, ask->operator_id, ask->ward);
    while (!error && db_next(&row)) {
        must(a->step_count < FIGURES_STEPS_MAX);
        struct figures_step *step = &a->step[a->step_count++];
        step->at = db_i64(&row, 0);
        step->sum = take(&row, 1);
    }
    return end_rows(&row, error);
}

static void add_sign(struct figures_signs *signs, struct str sign, int64_t count)
{
#define X(name, sentence)        \
    if (str_eq_c(sign, #name)) { \
        signs->name += count;    \
    }
    FIGURES_SIGNS(X)
#undef X
}

static int read_signs(struct db *db, struct figures_answer *a)
{
    static const char sql[] = "SELECT lot, sign, sum(count) FROM " SIGNS " GROUP BY lot, sign";
    struct db_row row;
    int error = ask_rows(db, &row, sql, &a->ask, a->ask.period);
    while (!error && db_next(&row)) {
        struct figures_lot *lot = find_lot(a, db_text(&row, 0));
        add_sign(&a->signs, db_text(&row, 1), db_i64(&row, 2));
        if (lot) {
            add_sign(&lot->signs, db_text(&row, 1), db_i64(&row, 2));
        }
    }
    error = end_rows(&row, error);
    error = error ? error : ask_rows(db, &row, sql, &a->ask, a->before);
    while (!error && db_next(&row)) {
        add_sign(&a->before_signs, db_text(&row, 1), db_i64(&row, 2));
    }
    return end_rows(&row, error);
}

/* Vehicles inside, and for how long gates were away in the period. */
static int read_now(struct db *db, struct figures_answer *a)
{
    struct db_row row;
    wall_t from = period_day_start(a->ask.period.from);
    wall_t until = period_day_start(a->ask.period.until);
    until = until.ms < a->ask.now.ms ? until : a->ask.now;
    int error = db_query(db, &row,
                         "SELECT lot, vehicle, stays + corrected, corrected"
                         " FROM rollup_inside",
                         "");
    while (!error && db_next(&row)) {
        struct figures_lot *lot = find_lot(a, db_text(&row, 0));
        if (lot) {
            lot->inside[vehicle_of(&row, 1)] += db_i64(&row, 2);
            lot->corrected[vehicle_of(&row, 1)] += db_i64(&row, 3);
        }
    }
    error = end_rows(&row, error);
    error = error ? error
                  : db_query(db, &row,
                             "SELECT lot, sum(min(coalesce(cleared_ms, ?2), ?2)"
                             " - max(raised_ms, ?1)) FROM alarm WHERE code = 'gate.offline'"
                             " AND raised_ms < ?2 AND (cleared_ms IS NULL OR cleared_ms > ?1)"
                             " GROUP BY lot",
                             "ii", from.ms, until.ms);
    while (!error && db_next(&row)) {
        struct figures_lot *lot = find_lot(a, db_text(&row, 0));
        if (lot) {
            lot->offline_ms = db_i64(&row, 1);
        }
    }
    error = end_rows(&row, error);
    return error ? error
                 : db_query_i64(db, 0, &a->debt_now_vnd,
                                "SELECT coalesce(sum(debt_vnd), 0) FROM rollup WHERE grain = 2"
                                " AND (?1 = '' OR lot = ?1) AND (?2 = '' OR lot IN"
                                " (SELECT id FROM lot l WHERE l.operator = ?2))"
                                " AND (?3 = '' OR lot IN (SELECT id FROM lot l WHERE l.ward = ?3))",
                                "ttt", a->ask.lot, a->ask.operator_id, a->ask.ward);
}

/* ---- do the lines add up ---- */

static void check(struct figures_answer *a, const char *what, int64_t total, int64_t lines)
{
    must(a->check_count < FIGURES_CHECKS_MAX);
    a->check[a->check_count++] = (struct figures_check){what, total, lines};
}

static void check_list(struct figures_answer *a, const char *const what[3],
                       const struct figures *lines)
{
    check(a, what[0], a->total.left, lines->left);
    check(a, what[1], a->total.fee_vnd, lines->fee_vnd);
    check(a, what[2], figures_received(&a->total), figures_received(lines));
}

static void check_all(struct figures_answer *a)
{
    static const char *const lots[] = {"turns_by_lot", "fee_by_lot", "received_by_lot"};
    static const char *const hours[] = {"turns_by_hour", "fee_by_hour", "received_by_hour"};
    static const char *const steps[] = {"turns_by_time", "fee_by_time", "received_by_time"};
    static const char *const classes[] = {"turns_by_class", "fee_by_class", "received_by_class"};
    struct figures sum[4] = {0};
    const struct figures *t = &a->total;
    for (int i = 0; i < a->lot_count; i++) {
        figures_add(&sum[0], &a->lot[i].sum);
    }
    for (int i = 0; i < FIGURES_HOURS; i++) {
        figures_add(&sum[1], &a->hour[i]);
    }
    for (int i = 0; i < a->step_count; i++) {
        figures_add(&sum[2], &a->step[i].sum);
    }
    for (int i = 0; i < VEHICLE_COUNT; i++) {
        figures_add(&sum[3], &a->vehicle[i]);
    }
    check_list(a, classes, &sum[3]);
    check_list(a, lots, &sum[0]);
    check_list(a, hours, &sum[1]);
    check_list(a, steps, &sum[2]);
    check(a, "turns_by_kind", t->left,
          t->transfer_turns + t->cash_turns + t->etc_turns + t->pass_turns + t->free_turns +
              t->debt_turns + t->given_up_turns);
}

int query_figures(struct db *db, const struct figures_ask *ask, struct figures_answer *answer)
{
    int64_t days = ask->period.until - ask->period.from;
    if (days <= 0 || days > FIGURES_PERIOD_MAX) {
        return DX_E_RANGE;
    }
    memset(answer, 0, sizeof *answer);
    answer->ask = *ask;
    answer->before = period_before(ask->period);
    int error = read_lots(db, answer);
    error = error ? error : read_lines(db, answer);
    error = error ? error : read_hours(db, answer);
    error = error ? error : read_steps(db, answer);
    error = error ? error : read_signs(db, answer);
    error = error ? error : read_now(db, answer);
    if (!error) {
        check_all(answer);
    }
    return error;
}

/* ---- what follows ---- */

int64_t figures_received(const struct figures *line)
{
    return line->transfer_vnd + line->cash_vnd + line->etc_vnd + line->pass_vnd;
}

int64_t figures_cashless(const struct figures *line)
{
    int64_t cashless = line->transfer_turns + line->etc_turns;
    int64_t paid = cashless + line->cash_turns;
    return paid > 0 ? cashless * 1000 / paid : -1;
}

static int64_t share(int64_t good, int64_t all)
{
    return all <= 0 ? -1 : good <= 0 ? 0 : good * 1000 / all;
}

int64_t figures_correct(const struct figures *line, const struct figures_signs *signs)
{
    return share(line->left - signs->wrong, line->left);
}

int64_t figures_complete(const struct figures *line, const struct figures_signs *signs)
{
    return share(line->left - line->inferred, line->left + signs->unlogged + signs->incomplete);
}

int64_t figures_clean(const struct figures *line, const struct figures_signs *signs)
{
    return share(line->left - signs->unclean, line->left);
}

int64_t figures_live(const struct figures_signs *signs)
{
    return share(signs->told_live, signs->told_live + signs->told_late);
}
