/*
 * How long the city's figures take with a year of history, against the same question asked of the
 * rows in the same run.  Build with the release preset:
 *
 *     build/release/bench/bench_city [--sessions N | --database FILE]
 *
 * --sessions makes so many stays over a year, in 57 lots (the city's plan in use), by rule and the
 * same each time; --database takes a database that is there (doxe-sim run --export FILE).  The
 * promise is 150 ms at the 95th percentile for every period.
 */
#include "proto/io/clock_os.h"
#include "server/store/query_figures.h"
#include "server/store/store.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { LOTS = 57, DAYS = 365, REPEATS = 20, FIRST_DAY = 20454 /* 2026-01-01 */, PROMISE_MS = 150 };

static const char lots_sql[] =
    "INSERT INTO operator VALUES ('op-a', 'A'), ('op-b', 'B'), ('op-c', 'C');"
    "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 56)"
    " INSERT INTO lot(id, operator, name, address, ward, bin, account, account_name, capacity_car,"
    " capacity_motorbike) SELECT printf('hn-%04d', i), 'op-' || char(97 + i % 3), 'Lot ' || i, 'x',"
    " 'Ward ' || (i % 20), '970436', '1', 'N', 100, 400 FROM n;"
    "INSERT INTO gate(id, lot) SELECT id || '-g1', id FROM lot";

/* One day's stays: lot, class, length, fee and means follow from the number. */
static const char day_sql[] =
    "WITH RECURSIVE n(i) AS (SELECT ?1 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < ?2)"
    " INSERT INTO session(id, lot, state, vehicle, subject, key, raw, last4, gate_in, lane_in,"
    " arrived_ms, entered_ms, left_ms, fee_vnd, paid_vnd, code, token, updated_ms, cash_vnd,"
    " etc_vnd, pass) SELECT printf('%026d', i), printf('hn-%04d', i * 7 % 57),"
    " CASE WHEN i % 211 = 0 THEN 'left_unpaid' ELSE 'left' END,"
    " CASE i % 3 WHEN 0 THEN 'car' ELSE 'motorbike' END, 'plate', printf('P%d', i % 900001), '', "
    "'',"
    " 'g', 1, ?3 + (i - ?1) * 79000000 / ?4, ?3 + (i - ?1) * 79000000 / ?4,"
    " ?3 + (i - ?1) * 79000000 / ?4 + i % 97 * 60000, i % 5 * 5000,"
    " CASE WHEN i % 211 = 0 THEN 0 ELSE i % 5 * 5000 END, printf('C%d', i), printf('T%d', i), 1,"
    " CASE WHEN i % 13 = 0 THEN i % 5 * 5000 ELSE 0 END, 0, 0 FROM n";

static int make(const char *path, int64_t sessions)
{
    struct store *store = NULL;
    struct db *db = NULL;
    int version = 0;
    int error = store_open(path, &store);
    error = error ? error : store_migrate(store, STORE_LATEST, (wall_t){1}, &version);
    store_close(store);
    error = error ? error : db_open_another(path, 5000, &db);
    error = error ? error : db_script(db, "PRAGMA synchronous=OFF");
    error = error ? error : db_script(db, lots_sql);
    error = error ? error : rollup_suspend(db);
    int64_t a_day = sessions / DAYS;
    for (int64_t day = 0; day < DAYS && !error; day++) {
        error = db_begin(db);
        error = error ? error
                      : db_exec(db, day_sql, "iiii", day * a_day, (day + 1) * a_day,
                                period_day_start(FIRST_DAY + day).ms, a_day);
        error = error ? error : db_commit(db);
    }
    if (error) {
        fprintf(stderr, "bench_city: %s\n", db_message(db));
        return error;
    }
    mono_t start = clock_mono();
    error = rollup_rebuild(db, false);
    printf("%lld stays, rollups made in %lld s\n", (long long)(a_day * DAYS),
           (long long)(mono_diff(clock_mono(), start) / 1000));
    db_close(db);
    return error;
}

static int by_size(const void *a, const void *b)
{
    const int64_t *x = a;
    const int64_t *y = b;
    return (*x > *y) - (*x < *y);
}

static const struct {
    const char *name;
    int from, until; /* days of the year */
    const char *lot;
} asks[] = {{"a day", 180, 181, ""},
            {"a week", 180, 187, ""},
            {"a month", 181, 212, ""},
            {"92 days", 120, 212, ""},
            {"a year", 0, 365, ""},
            {"a year less two days", 1, 364, ""},
            {"a year of one lot", 0, 365, "hn-0007"}};

static int64_t raw_ms(struct db *db, struct period period, const char *lot, int64_t *ret_turns)
{
    struct db_row row;
    mono_t start = clock_mono();
    *ret_turns = 0;
    int error =
        db_query(db, &row,
                 "SELECT lot, vehicle, count(*), sum(fee_vnd), sum(paid_vnd) FROM session"
                 " WHERE left_ms >= ?1 AND left_ms < ?2 AND (?3 = '' OR lot = ?3)"
                 " GROUP BY lot, vehicle",
                 "iit", period_day_start(period.from).ms, period_day_start(period.until).ms, lot);
    while (!error && db_next(&row)) {
        *ret_turns += db_i64(&row, 2);
    }
    return db_done(&row) || error ? -1 : mono_diff(clock_mono(), start);
}

static int measure(struct db *db, struct figures_answer *answer)
{
    int status = 0;
    printf("%-22s %8s %8s %10s %8s\n", "period", "p95 ms", "raw ms", "turns", "ratio");
    for (size_t i = 0; i < sizeof asks / sizeof asks[0]; i++) {
        int64_t ms[REPEATS];
        int64_t turns = 0;
        struct figures_ask ask = {.period = {FIRST_DAY + asks[i].from, FIRST_DAY + asks[i].until},
                                  .now = period_day_start(FIRST_DAY + DAYS)};
        str_copy_cut(ask.lot, sizeof ask.lot, str_c(asks[i].lot));
        for (int k = 0; k < REPEATS; k++) {
            mono_t start = clock_mono();
            if (query_figures(db, &ask, answer)) {
                fprintf(stderr, "bench_city: %s\n", db_message(db));
                return 1;
            }
            ms[k] = mono_diff(clock_mono(), start);
        }
        qsort(ms, REPEATS, sizeof ms[0], by_size);
        int64_t p95 = ms[REPEATS * 95 / 100 - 1 + (REPEATS * 95 % 100 != 0)];
        int64_t raw = raw_ms(db, ask.period, ask.lot, &turns);
        bool same = turns == answer->total.left;
        printf("%-22s %8lld %8lld %10lld %8lld%s%s\n", asks[i].name, (long long)p95, (long long)raw,
               (long long)turns, (long long)(raw / (p95 > 0 ? p95 : 1)),
               same ? "" : "  TURNS DIFFER", p95 < PROMISE_MS ? "" : "  SLOW");
        status |= !same || p95 >= PROMISE_MS;
    }
    return status;
}

int main(int argc, char **argv)
{
    static const struct option known[] = {{"sessions", required_argument, NULL, 's'},
                                          {"database", required_argument, NULL, 'd'},
                                          {NULL, 0, NULL, 0}};
    const char *path = NULL;
    char made[] = "/tmp/doxe-bench-city-XXXXXX";
    char file[64] = "";
    int64_t sessions = 300000;
    int option;
    opterr = 0; /* options of other benchmarks */
    while ((option = getopt_long(argc, argv, "", known, NULL)) != -1) {
        path = option == 'd' ? optarg : path;
        if (option == 's' && str_parse_i64(str_c(optarg), DAYS, 100000000, &sessions) != 0) {
            return 2;
        }
    }
    if (!path) {
        if (!mkdtemp(made)) {
            return 1;
        }
        snprintf(file, sizeof file, "%s/doxe.db", made);
        path = file;
    }
    struct db *db = NULL;
    struct figures_answer *answer = malloc(sizeof *answer);
    int status = !answer || (file[0] && make(file, sessions)) || db_open_reader(path, &db)
                     ? 1
                     : measure(db, answer);
    db_close(db);
    free(answer);
    for (int i = 0; file[0] && i < 3; i++) {
        static const char *const ends[] = {"", "-wal", "-shm"};
        char each[80];
        snprintf(each, sizeof each, "%s%s", file, ends[i]);
        unlink(each);
    }
    if (file[0]) {
        rmdir(made);
    }
    return status;
}
