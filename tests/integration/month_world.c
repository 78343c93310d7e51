/* month_world.c - the server of the simulated month, its clock, and the gates that talk to it. */
#include "proto/crypto/crypto.h"
#include "proto/io/clock_os.h"
#include "proto/io/log.h"
#include "tests/integration/month.h"

#include <fcntl.h>
#include <stdarg.h>
#include <sys/wait.h>
#include <unistd.h>

struct month m;

/* Commands of the program (import, reports) ask the system's clock: this is it; it goes on. */
wall_t __wrap_clock_wall(void);
wall_t __wrap_clock_wall(void)
{
    static int64_t looks;
    return wall_add(m.now, ++looks);
}

/* Nothing crashes in this month (server_crash_test.c is about that): SQLite's file need not reach
 * the disk at every commit, which would take minutes. */
int fsync(int file)
{
    (void)file;
    return 0;
}

int fdatasync(int file)
{
    (void)file;
    return 0;
}

int64_t month_parse(const char *digits)
{
    int64_t value = 0;
    while (digits[0] == '0' && digits[1]) {
        digits++;
    }
    ok(str_parse_i64(str_c(digits), 0, INT64_MAX, &value));
    return value;
}

int64_t month_roll(int64_t low, int64_t high)
{
    return prng_range(&m.dice, low, high);
}

bool month_chance(int per_10000)
{
    return month_roll(0, 9999) < per_10000;
}

wall_t month_in(int64_t seconds)
{
    return wall_add(m.now, seconds * TIME_SECOND_MS);
}

/* ---- the calendar: a heap by time, equal times in the order they were made ---- */

static bool is_before(const struct event_at *a, const struct event_at *b)
{
    return a->at_ms < b->at_ms || (a->at_ms == b->at_ms && a->tie < b->tie);
}

void month_at(wall_t when, enum happening what, int index)
{
    if (m.heap_count == m.heap_cap) {
        m.heap_cap = m.heap_cap ? 2 * m.heap_cap : 1024;
        m.heap = realloc(m.heap, (size_t)m.heap_cap * sizeof *m.heap);
        assert_non_null(m.heap);
    }
    int i = m.heap_count++;
    m.heap[i] = (struct event_at){when.ms, ++m.ties, what, index};
    for (; i > 0 && is_before(&m.heap[i], &m.heap[(i - 1) / 2]); i = (i - 1) / 2) {
        struct event_at swap = m.heap[i];
        m.heap[i] = m.heap[(i - 1) / 2];
        m.heap[(i - 1) / 2] = swap;
    }
}

/* ---- ports ---- */

static wall_t port_wall(void *context)
{
    (void)context;
    return m.now;
}

static mono_t port_mono(void *context)
{
    (void)context;
    return (mono_t){m.now.ms};
}

static void port_random(void *context, void *bytes, size_t n)
{
    unsigned char *p = bytes;
    (void)context;
    for (size_t i = 0; i < n; i++) {
        p[i] = (unsigned char)prng_u64(&m.dice_app);
    }
}

static int port_publish(void *context, const char *topic, struct str payload)
{
    static struct down down;
    const char *why = "";
    (void)context;
    (void)topic;
    ok(down_read(payload, &down, &why));
    people_hear(&down);
    return 0;
}

/* ---- configuration: as an operator writes it ---- */

static void write_file(const char *name, const char *text)
{
    char path[MONTH_PATH_CAP + 32];
    snprintf(path, sizeof path, "%s/%s", m.dir, name);
    FILE *file = fopen(path, "we");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

static void write_configuration(void)
{
    char text[4096];
    write_file("hour.yaml",
               "tariff: hour\nversions:\n  - version: \"1\"\n    title: {vi: \"Thử\", en: \"T\"}\n"
               "    status: unverified\n    legal: [\"none\"]\n    notes: [\"made up\"]\n"
               "    valid_from: 2018-01-01\n    on_version_change: entry\n"
               "    rounding: {unit_vnd: 1000, rule: half_up}\n"
               "    grace_after_payment: 10min\n    elements:\n      - when: {vehicles: [car]}\n"
               "        time:\n          - {block: 1h, price_vnd: 25000}\n    passes:\n"
               "      - {name: month, label: {vi: \"Vé tháng\", en: \"Month\"}, vehicles: [car],"
               " month_vnd: 900000}\n");
    write_file("secret", "whsec_test_0001\n");
    write_file("case", "0123456789abcdef0123456789abcdef");
    snprintf(
        text, sizeof text,
        "server: {database: %s/doxe.db, tariffs: %s, public_url: http://localhost}\n"
        "mqtt: {url: tcp://127.0.0.1:1883}\n"
        "payment: {prefix: DX, quote_valid_s: 600, late_grace_s: 600, case_key_file: %s/case}\n"
        "bank: {sepay_secret_file: %s/secret, statements: " DOXE_SOURCE_DIR "/etc/statements}\n"
        "tax: {rates: [{from: \"2000-01-01\", rate: 8%%}]}\n"
        "operators: [{id: op, name: Công ty, tax_code: \"0100000000\", address: Phố}]\n"
        "lots:\n"
        "  - {id: hn-0001, operator: op, name: Bãi một, address: Phố, ward: Phường,"
        " bin: \"970436\", account: \"0123456789\", account_name: BAI MOT, capacity_car: 500,"
        " tariff_car: hour, gates: [hn-0001-g1, hn-0001-g2]}\n"
        "  - {id: hn-0002, operator: op, name: Bãi hai, address: Phố, ward: Phường,"
        " bin: \"970418\", account: \"9876543210\", account_name: BAI HAI, capacity_car: 500,"
        " tariff_car: hour, gates: [hn-0002-g1]}\n",
        m.dir, m.dir, m.dir, m.dir);
    write_file("server.yaml", text);
    snprintf(m.file, sizeof m.file, "%.200s/server.yaml", m.dir);
}

void month_open_app(void)
{
    char why[512] = "";
    const struct app_ports ports = {.wall = port_wall,
                                    .mono = port_mono,
                                    .random = port_random,
                                    .publish = port_publish,
                                    .single_thread = true};
    if (app_start(&m.config->app, &ports, why, sizeof why, &m.app) != 0) {
        fail_msg("app_start: %s", why);
    }
    ok(db_open_reader(m.config->database, &m.db));
    month_run();
}

void month_close_app(void)
{
    db_close(m.db);
    app_close(m.app);
    app_stop(m.app);
    m.db = NULL;
    m.app = NULL;
}

void month_start(void)
{
    char why[512] = "";
    char *dir = harness_temp_dir();
    const char *per_day = getenv("DOXE_MONTH_VISITS");
    const char *seed = getenv("DOXE_MONTH_SEED");
    struct prng root;
    ok(dx_crypto_start());
    log_start("month", LOG_LEVEL_ERROR);
    snprintf(m.dir, sizeof m.dir, "%s", dir);
    free(dir);
    m.per_day = per_day ? (int)month_parse(per_day) : 12;
    assert_in_range(m.per_day, 1, MONTH_VISITS_MAX / MONTH_DAYS);
    prng_init(&root, seed ? (uint64_t)month_parse(seed) : 20260301);
    m.dice = prng_fork(&root, "people");
    m.dice_app = prng_fork(&root, "server");
    ok(time_parse_iso(STR("2026-03-01T00:00:00+07:00"), &m.first));
    m.now = m.first;
    m.visit = calloc(MONTH_VISITS_MAX, sizeof *m.visit);
    m.transfer = calloc(MONTH_TRANSFERS_MAX, sizeof *m.transfer);
    assert_true(m.visit && m.transfer);
    write_configuration();
    if (server_config_load(m.file, why, sizeof why, &m.config) != 0) {
        fail_msg("%s", why);
    }
    month_open_app();
}

void month_stop(void)
{
    if (m.app) {
        month_close_app();
    }
    server_config_free(m.config);
    free(m.visit);
    free(m.transfer);
    free(m.heap);
}

/* ---- turns ---- */

/* Each new transaction sums to zero, so the trial balance is zero after every commit. */
static void check_new_transactions(void)
{
    struct db_row row;
    int64_t number = m.ledger_number;
    int64_t uneven = 0;
    ok(db_query(m.db, &row,
                "SELECT t.number, (SELECT sum(e.amount_vnd) FROM ledger_entry e WHERE e.tx = t.id)"
                " FROM ledger_tx t WHERE t.number > ?1 ORDER BY t.number",
                "i", m.ledger_number));
    while (db_next(&row)) {
        assert_int_equal(db_i64(&row, 0), ++number); /* no gap */
        uneven += db_i64(&row, 1) != 0;
    }
    ok(db_done(&row));
    assert_int_equal(uneven, 0);
    m.ledger_number = number;
}

void month_run(void)
{
    for (int i = 0; app_has_work(m.app); i++) {
        assert_true(i < 5000);
        ok(app_turn(m.app, (mono_t){0}));
        m.turns++;
        check_new_transactions();
    }
}

int64_t month_number(const char *sql, const char *a, const char *b)
{
    int64_t value = 0;
    ok(db_query_i64(m.db, 0, &value, sql, b ? "tt" : a ? "t" : "", a, b));
    return value;
}

void month_text(const char *sql, const char *a, char *out, size_t cap)
{
    struct db_row row;
    out[0] = '\0';
    ok(db_query(m.db, &row, sql, a ? "t" : "", a));
    if (db_next(&row)) {
        ok(str_copy(out, cap, db_text(&row, 0)));
    }
    ok(db_done(&row));
}

/* ---- gates ---- */

static const char *const gate_names[3] = {"hn-0001-g1", "hn-0001-g2", "hn-0002-g1"};

int month_exit_gate(int lot)
{
    return lot == 0 ? 1 : 2;
}

struct event month_event(int gate, enum event_type type, const char *session)
{
    struct event e = {.type = type, .boot = 1, .clock = CLOCK_SYNCED, .lane = 1, .generation = 1};
    snprintf(e.id, sizeof e.id, "01JE%022lld", (long long)++m.ids);
    snprintf(e.gate, sizeof e.gate, "%s", gate_names[gate]);
    str_copy_cut(e.session, sizeof e.session, str_c(session));
    e.seq = ++m.seq[gate];
    e.wall = m.now;
    e.mono.ms = m.now.ms % 1000000000;
    return e;
}

void month_send(const struct event *event)
{
    char space[MSG_SIZE_MAX];
    char topic[96];
    struct out out;
    out_init(&out, space, sizeof space);
    event_write(&out, event);
    assert_false(out_failed(&out));
    snprintf(topic, sizeof topic, "doxe/1/%.7s/%s/up", event->gate, event->gate);
    ok(app_post_message(m.app, str_c(topic), out_str(&out)));
}

/* ---- commands ---- */

static int call(int (*command)(int argc, char **argv), int argc, char **argv)
{
    char said[MONTH_PATH_CAP + 16];
    fflush(NULL);
    snprintf(said, sizeof said, "%.200s/said", m.dir);
    int to = open(said, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    int kept = dup(STDOUT_FILENO);
    if (to < 0 || kept < 0 || dup2(to, STDOUT_FILENO) < 0) {
        return -1;
    }
    int status = command(argc, argv);
    fflush(NULL);
    bool back = dup2(kept, STDOUT_FILENO) >= 0;
    close(kept);
    close(to);
    return back ? status : -1;
}

int month_command(bool apart, int (*command)(int argc, char **argv), ...)
{
    char *argv[24];
    int argc = 0;
    int status = 0;
    va_list words;
    va_start(words, command);
    for (char *word; argc < 23 && (word = va_arg(words, char *)) != NULL; argc++) {
        argv[argc] = word;
    }
    va_end(words);
    argv[argc] = NULL;
    if (!apart) {
        return call(command, argc, argv);
    }
    fflush(NULL);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        _exit(call(command, argc, argv) & 255);
    }
    assert_true(waitpid(child, &status, 0) == child);
    assert_true(WIFEXITED(status));
    return WEXITSTATUS(status);
}
