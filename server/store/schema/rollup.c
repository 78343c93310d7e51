#include "server/store/schema/rollup.h"

#include "server/core/period.h"

#include <stdio.h>
#include <stdlib.h>

#define HANOI        "25200000"
#define COMMA(name)  ", " #name
#define SUM(name)    ", sum(" #name ")"
#define SAME(name)   ", " #name " = " #name " + excluded." #name
#define MINUS(name)  ", -" #name
#define OR_NOT(name) " OR sum(" #name ") <> 0"
#define COLUMNS      ROLLUP_COLUMNS(COMMA)
#define SUMS         ROLLUP_COLUMNS(SUM)
#define ADDS         "lot = lot" ROLLUP_COLUMNS(SAME)

/* Of a day's number `at`, as months are counted. */
#define MONTH_OF_DAY(day)                                               \
    "CAST(strftime('%Y', (" day ") * 86400, 'unixepoch') AS INTEGER) *" \
    " 12 + CAST(strftime('%m', (" day ") * 86400, 'unixepoch') AS INTEGER) - 1"

/* The rows' own count of [?1, ?2) in ms, by hour, added to a table shaped as `rollup`. */
#define FILL_HOURS(into)                                                  \
    "INSERT INTO " into "(grain, at, hour, lot, vehicle" COLUMNS ")"      \
    " SELECT 0, (at_ms + " HANOI ") / 3600000 AS h, 0, lot, vehicle" SUMS \
    " FROM rollup_fact WHERE at_ms >= ?1 AND at_ms < ?2 GROUP BY h, lot, vehicle"

/* The other grains of days [?1, ?2) out of the hours. */
#define FILL_DAYS                                                  \
    "INSERT INTO rollup(grain, at, hour, lot, vehicle" COLUMNS ")" \
    " SELECT 1, at / 24 AS d, 0, lot, vehicle" SUMS " FROM rollup" \
    " WHERE grain = 0 AND at >= ?1 * 24 AND at < ?2 * 24 GROUP BY d, lot, vehicle"
#define FILL_MONTHS                                                 \
    "INSERT INTO rollup(grain, at, hour, lot, vehicle" COLUMNS      \
    ") SELECT 2, " MONTH_OF_DAY("at") " AS m, 0, lot, vehicle" SUMS \
                                      " FROM rollup WHERE grain = 1 GROUP BY m, lot, vehicle"
#define FILL_PROFILES                                                                       \
    "INSERT INTO rollup(grain, at, hour, lot, vehicle" COLUMNS ") SELECT 3, " MONTH_OF_DAY( \
        "at / 24") " AS m, at % 24 AS h, lot, vehicle" SUMS                                 \
                   " FROM rollup WHERE grain = 0 GROUP BY m, h, lot, vehicle"

#define FILL_SIGN_DAYS(into)                                              \
    "INSERT INTO " into "(grain, at, lot, sign, count)"                   \
    " SELECT 1, (at_ms + " HANOI ") / 86400000 AS d, lot, sign, count(*)" \
    " FROM rollup_sign_fact WHERE at_ms >= ?1 AND at_ms < ?2 GROUP BY d, lot, sign"
#define FILL_SIGN_MONTHS                                                                        \
    "INSERT INTO rollup_sign(grain, at, lot, sign, count) SELECT 2, " MONTH_OF_DAY(             \
        "at") " AS m, lot, sign, sum(count) FROM rollup_sign WHERE grain = 1 GROUP BY m, lot, " \
              "sign"

#define FILL_INSIDE(into)                                                                 \
    "INSERT INTO " into "(lot, vehicle, stays, corrected) SELECT lot, vehicle, sum(a),"   \
    " sum(b) FROM (SELECT lot, vehicle, 1 AS a, 0 AS b FROM rollup_stay"                  \
    " UNION ALL SELECT lot, vehicle, 0, count_to - count_from FROM occupancy_correction)" \
    " GROUP BY lot, vehicle"

/* ---- triggers away and back ---- */

static const char suspended_there[] =
    "SELECT count(*) FROM sqlite_schema WHERE name = 'rollup_suspended'";

enum { TRIGGERS_MAX = 64, NAME_CAP = 64, SQL_CAP = 6000 };

/* The first names of triggers that are kept; one text for all, to be run as a script. */
static int gather(struct db *db, const char *select, const char *before, const char *after,
                  char **ret_script)
{
    struct db_row row;
    size_t cap = (size_t)TRIGGERS_MAX * SQL_CAP;
    size_t n = 0;
    char *script = malloc(cap);
    if (!script) {
        return DX_E_MEMORY;
    }
    script[0] = '\0';
    int error = db_query(db, &row, select, "");
    while (!error && db_next(&row)) {
        struct str text = db_text(&row, 0);
        if (n + text.n + strlen(before) + strlen(after) + 1 > cap) {
            error = DX_E_FULL;
            break;
        }
        n += (size_t)snprintf(script + n, cap - n, "%s%.*s%s", before, (int)text.n, text.p, after);
    }
    int ended = db_done(&row);
    error = error ? error : ended;
    if (error) {
        free(script);
        return error;
    }
    *ret_script = script;
    return 0;
}

int rollup_suspend(struct db *db)
{
    char *script = NULL;
    int64_t there = 0;
    int error = db_query_i64(db, 0, &there, suspended_there, "");
    if (error || there) {
        return error;
    }
    error = db_script(db, "CREATE TABLE rollup_suspended AS SELECT name, sql FROM sqlite_schema"
                          " WHERE type = 'trigger' AND name GLOB 'rollup_*'");
    error = error ? error
                  : gather(db, "SELECT name FROM rollup_suspended", "DROP TRIGGER ", ";", &script);
    error = error ? error : db_script(db, script);
    free(script);
    return error;
}

static int resume(struct db *db)
{
    char *script = NULL;
    int64_t there = 0;
    int error = db_query_i64(db, 0, &there, suspended_there, "");
    if (error || !there) {
        return error;
    }
    error = gather(db, "SELECT sql FROM rollup_suspended", "", ";", &script);
    error = error ? error : db_script(db, script);
    error = error ? error : db_script(db, "DROP TABLE rollup_suspended");
    free(script);
    return error;
}

/* ---- filling ---- */

/* Hanoi's day of the oldest session, and the day after the newest; equal when there is none. */
static int find_span(struct db *db, struct rollup_span *ret_span)
{
    int64_t first = 0;
    int64_t last = 0;
    int error = db_query_i64(db, 0, &first, "SELECT coalesce(min(entered_ms), 0) FROM session", "");
    error = error ? error
                  : db_query_i64(db, 0, &last,
                                 "SELECT max(coalesce((SELECT max(entered_ms) FROM session), 0),"
                                 " coalesce((SELECT max(left_ms) FROM session), 0),"
                                 " coalesce((SELECT max(booked_ms) FROM bank_credit), 0),"
                                 " coalesce((SELECT max(taken_ms) FROM cash_taken), 0),"
                                 " coalesce((SELECT max(captured_ms) FROM etc_charge), 0),"
                                 " coalesce((SELECT max(made_ms) FROM pass_period), 0))",
                                 "");
    int64_t early = 0;
    error = error ? error
                  : db_query_i64(db, 0, &early, "SELECT coalesce(min(made_ms), 0) FROM pass_period",
                                 "");
    if (first == 0 || (early > 0 && early < first)) {
        first = early;
    }
    if (!error) {
        ret_span->from = period_day_of((wall_t){first});
        ret_span->until = last ? period_day_of((wall_t){last}) + 1 : ret_span->from;
    }
    return error;
}

static int64_t ms_of(int64_t day)
{
    return period_day_start(day).ms;
}

/* What a stay was paid with.  Only rows that differ are written. */
static int fill_sessions(struct db *db)
{
    return db_script(
        db, "UPDATE session SET cash_vnd = c.vnd FROM (SELECT session, sum(applied_vnd) AS vnd"
            " FROM cash_taken GROUP BY session) c WHERE c.session = session.id"
            " AND session.cash_vnd <> c.vnd;"
            "UPDATE session SET etc_vnd = c.vnd FROM (SELECT session, sum(applied_vnd) AS vnd"
            " FROM etc_charge WHERE captured_ms IS NOT NULL GROUP BY session) c"
            " WHERE c.session = session.id AND session.etc_vnd <> c.vnd;"
            "UPDATE session SET pass = 1 FROM pass_use u WHERE u.session = session.id"
            " AND session.pass = 0");
}

static int fill_day(struct db *db, int64_t day)
{
    int error = db_exec(
        db, "DELETE FROM rollup WHERE grain = 0 AND at >= ?1 * 24 AND at < ?1 * 24 + 24", "i", day);
    error = error ? error : db_exec(db, "DELETE FROM rollup WHERE grain = 1 AND at = ?1", "i", day);
    error = error ? error : db_exec(db, FILL_HOURS("rollup"), "ii", ms_of(day), ms_of(day + 1));
    return error ? error : db_exec(db, FILL_DAYS, "ii", day, day + 1);
}

/* All that is not a matter of one day. */
static int fill_rest(struct db *db, struct rollup_span span)
{
    int error =
        db_script(db, "DELETE FROM rollup WHERE grain IN (2, 3);" FILL_MONTHS ";" FILL_PROFILES
                      ";DELETE FROM rollup_inside;" FILL_INSIDE("rollup_inside"));
    error =
        error ? error
              : db_exec(db, "DELETE FROM rollup_sign WHERE grain = 1 AND at >= ?1", "i", span.from);
    error = error ? error
                  : db_exec(db, FILL_SIGN_DAYS("rollup_sign"), "ii", ms_of(span.from),
                            (int64_t)INT64_MAX);
    return error ? error
                 : db_script(db, "DELETE FROM rollup_sign WHERE grain = 2;" FILL_SIGN_MONTHS);
}

int rollup_fill(struct db *db)
{
    struct rollup_span span = {0};
    int error = rollup_suspend(db);
    error = error ? error : find_span(db, &span);
    error = error ? error : fill_sessions(db);
    for (int64_t day = span.from; day < span.until && !error; day++) {
        error = fill_day(db, day);
    }
    error = error ? error : fill_rest(db, span);
    return error ? error : resume(db);
}

static int in_one(struct db *db, int (*run)(struct db *, struct rollup_span, int64_t),
                  struct rollup_span span, int64_t day)
{
    int error = db_begin(db);
    if (error) {
        return error;
    }
    error = run(db, span, day);
    if (error) {
        db_rollback(db);
        return error;
    }
    return db_commit(db);
}

static int run_whole(struct db *db, struct rollup_span span, int64_t day)
{
    (void)span;
    (void)day;
    return rollup_fill(db);
}

static int run_first(struct db *db, struct rollup_span span, int64_t day)
{
    (void)span;
    (void)day;
    int error = rollup_suspend(db);
    return error ? error : fill_sessions(db);
}

static int run_day(struct db *db, struct rollup_span span, int64_t day)
{
    (void)span;
    return fill_day(db, day);
}

static int run_last(struct db *db, struct rollup_span span, int64_t day)
{
    (void)day;
    int error = fill_rest(db, span);
    return error ? error : resume(db);
}

int rollup_rebuild(struct db *db, bool whole)
{
    struct rollup_span span = {0};
    if (whole) {
        return in_one(db, run_whole, span, 0);
    }
    int error = in_one(db, run_first, span, 0);
    error = error ? error : find_span(db, &span);
    for (int64_t day = span.from; day < span.until && !error; day++) {
        error = in_one(db, run_day, span, day);
    }
    return error ? error : in_one(db, run_last, span, 0);
}

/* ---- checking ---- */

struct checker {
    int64_t max, rows, differences;
    void (*take)(void *context, const struct rollup_difference *d);
    void *context;
};

/* Rows: at, lot, of, then kept and counted of each column. */
static void compare_row(struct checker *c, struct db_row *row, const char *what)
{
    static const char *const names[] = {
#define NAME(name) #name,
        ROLLUP_COLUMNS(NAME)
#undef NAME
    };
    char lot[64];
    char of[32];
    str_copy_cut(lot, sizeof lot, db_text(row, 1));
    str_copy_cut(of, sizeof of, db_text(row, 2));
    int columns = (int)(sizeof names / sizeof names[0]);
    for (int i = 0; i < columns; i++) {
        int64_t kept = db_i64(row, 3 + i);
        int64_t counted = db_i64(row, 3 + columns + i);
        if (kept != counted && c->differences++ < c->max) {
            struct rollup_difference d = {what, db_i64(row, 0), lot, of, names[i], kept, counted};
            c->take(c->context, &d);
        }
    }
}

#define KEPT(name)    ", sum(CASE side WHEN 0 THEN " #name " ELSE 0 END)"
#define COUNTED(name) ", sum(CASE side WHEN 1 THEN " #name " ELSE 0 END)"
#define COMPARE(kept, counted)                     \
    "SELECT at, lot, vehicle" ROLLUP_COLUMNS(KEPT) \
        ROLLUP_COLUMNS(COUNTED) " FROM (" kept " UNION ALL " counted ") GROUP BY at, lot, vehicle"

static int compare(struct checker *c, struct db *db, const char *what, const char *sql,
                   struct rollup_span span)
{
    struct db_row row;
    int error = db_query(db, &row, sql, "ii", span.from, span.until);
    while (!error && db_next(&row)) {
        c->rows++;
        compare_row(c, &row, what);
    }
    int ended = db_done(&row);
    return error ? error : ended;
}

/* Rows: at, lot, of, kept, counted; only those that differ. */
static int compare_counts(struct checker *c, struct db *db, const char *what, const char *column,
                          const char *sql, struct rollup_span span)
{
    struct db_row row;
    int error = db_query(db, &row, sql, "ii", span.from, span.until);
    while (!error && db_next(&row)) {
        char lot[64];
        char of[32];
        str_copy_cut(lot, sizeof lot, db_text(&row, 1));
        str_copy_cut(of, sizeof of, db_text(&row, 2));
        struct rollup_difference d = {
            what, db_i64(&row, 0), lot, of, column, db_i64(&row, 3), db_i64(&row, 4)};
        c->rows++;
        if (d.kept != d.counted && c->differences++ < c->max) {
            c->take(c->context, &d);
        }
    }
    int ended = db_done(&row);
    return error ? error : ended;
}

static int compare_grains(struct checker *c, struct db *db, struct rollup_span span)
{
    int error =
        compare(c, db, "hour",
                COMPARE("SELECT 0 AS side, at, lot, vehicle" COLUMNS
                        " FROM main.rollup WHERE grain = 0 AND at >= ?1 * 24 AND at < ?2 * 24",
                        "SELECT 1, at, lot, vehicle" COLUMNS " FROM temp.rollup_again"),
                span);
    error =
        error
            ? error
            : compare(c, db, "day",
                      COMPARE("SELECT 0 AS side, at, lot, vehicle" COLUMNS
                              " FROM main.rollup WHERE grain = 1 AND at >= ?1 AND at < ?2",
                              "SELECT 1, at / 24, lot, vehicle" COLUMNS " FROM temp.rollup_again"),
                      span);
    /* A month may have begun before the span: months are compared with the days that are kept. */
    error = error ? error
                  : compare(c, db, "month",
                            COMPARE("SELECT 0 AS side, at, lot, vehicle" COLUMNS
                                    " FROM main.rollup WHERE grain = 2",
                                    "SELECT 1, " MONTH_OF_DAY(
                                        "at") ", lot, vehicle" COLUMNS
                                              " FROM main.rollup WHERE grain = 1 AND ?1 <= ?2"),
                            span);
    return error ? error
                 : compare(c, db, "profile",
                           COMPARE("SELECT 0 AS side, at * 24 + hour AS at, lot, vehicle" COLUMNS
                                   " FROM main.rollup WHERE grain = 3",
                                   "SELECT 1, (" MONTH_OF_DAY(
                                       "at / 24") ") * 24 + at % 24, lot, vehicle" COLUMNS
                                                  " FROM main.rollup WHERE grain = 0 AND ?1 <= ?2"),
                           span);
}

static int compare_others(struct checker *c, struct db *db, struct rollup_span span)
{
    int error = compare_counts(
        c, db, "sign", "count",
        "SELECT at, lot, sign, sum(kept), sum(counted) FROM (SELECT at, lot, sign, count AS kept,"
        " 0 AS counted FROM main.rollup_sign WHERE grain = 1 AND at >= ?1 AND at < ?2"
        " UNION ALL SELECT (at_ms + " HANOI ") / 86400000, lot, sign, 0, 1 FROM rollup_sign_fact"
        " WHERE at_ms + " HANOI " >= ?1 * 86400000 AND at_ms + " HANOI " < ?2 * 86400000)"
        " GROUP BY at, lot, sign",
        span);
    error = error ? error
                  : compare_counts(
                        c, db, "sign_month", "count",
                        "SELECT at, lot, sign, sum(kept), sum(counted) FROM (SELECT at, lot, sign,"
                        " count AS kept, 0 AS counted FROM main.rollup_sign WHERE grain = 2"
                        " UNION ALL SELECT " MONTH_OF_DAY(
                            "at") ", lot, sign, 0, count"
                                  " FROM main.rollup_sign WHERE grain = 1 AND ?1 <= ?2)"
                                  " GROUP BY at, lot, sign",
                        span);
    return error ? error
                 : compare_counts(
                       c, db, "inside", "vehicles",
                       "SELECT 0, lot, vehicle, sum(kept), sum(counted) FROM"
                       " (SELECT lot, vehicle, stays + corrected AS kept, 0 AS counted"
                       " FROM main.rollup_inside UNION ALL SELECT lot, vehicle, 0, 1"
                       " FROM rollup_stay UNION ALL SELECT lot, vehicle, 0, count_to - count_from"
                       " FROM occupancy_correction WHERE ?1 <= ?2) GROUP BY lot, vehicle",
                       span);
}

/* Day by day, so that no more than a day's rows are sorted at a time. */
static int count_again(struct db *db, struct rollup_span span)
{
    int error = db_script(db, "DROP TABLE IF EXISTS temp.rollup_again;"
                              "CREATE TEMP TABLE rollup_again AS SELECT * FROM main.rollup"
                              " WHERE 0");
    for (int64_t day = span.from; day < span.until && !error; day++) {
        error = db_exec(db, FILL_HOURS("temp.rollup_again"), "ii", ms_of(day), ms_of(day + 1));
    }
    return error;
}

int rollup_check(struct db *db, struct rollup_span span, int64_t max,
                 void (*take)(void *context, const struct rollup_difference *d), void *context,
                 int64_t *ret_rows, int64_t *ret_differences)
{
    struct checker c = {.max = max, .take = take, .context = context};
    struct rollup_span all = {0};
    /* A deferred transaction: one moment to read, no lock against the writer. */
    int error = db_script(db, "BEGIN");
    if (error) {
        return error;
    }
    error = find_span(db, &all);
    /* Compared are the days of the rows, and what a rollup has beyond them is a difference. */
    int64_t kept = 0;
    error = error ? error
                  : db_query_i64(db, 0, &kept,
                                 "SELECT coalesce(max(at), 0) + 1 FROM rollup WHERE grain = 1", "");
    span.from = span.from > 0 ? span.from : all.from;
    all.until = all.until > kept ? all.until : kept;
    span.until = span.until < all.until ? span.until : all.until;
    error = error ? error : count_again(db, span);
    error = error ? error : compare_grains(&c, db, span);
    error = error ? error : compare_others(&c, db, span);
    db_rollback(db);
    if (!error) {
        *ret_rows = c.rows;
        *ret_differences = c.differences;
    }
    return error;
}
