#include "tests/integration/server_world.h"

#include "server/store/schema/rollup.h"

#include "proto/crypto/crypto.h"
#include "proto/io/tariff_file.h"
#include "server/core/session.h"
#include "server/store/query_ledger.h"

static const char tariff_text[] =
    "tariff: test-car\nversions:\n  - version: \"1\"\n    title: {vi: \"Thử\", en: \"Test\"}\n"
    "    status: unverified\n    legal: [\"none\"]\n    notes: [\"made up\"]\n"
    "    valid_from: 2018-01-01\n    on_version_change: entry\n"
    "    rounding: {unit_vnd: 1000, rule: half_up}\n    grace_after_payment: 10min\n"
    "    elements:\n      - when: {vehicles: [car]}\n        time:\n"
    "          - {block: 1h, price_vnd: 25000}\n"
    "    passes:\n      - {name: month, label: {vi: \"Vé tháng\", en: \"Month\"}, vehicles: [car],"
    " month_vnd: 900000}\n";

const char *world_tariff_text(void)
{
    return tariff_text;
}

static wall_t port_wall(void *context)
{
    return ((struct world *)context)->now;
}

static mono_t port_mono(void *context)
{
    return (mono_t){((struct world *)context)->now.ms + 1000};
}

static void port_random(void *context, void *bytes, size_t n)
{
    unsigned char *p = bytes;
    for (size_t i = 0; i < n; i++) {
        p[i] = (unsigned char)prng_u64(&((struct world *)context)->dice);
    }
}

static int port_publish(void *context, const char *topic, struct str payload)
{
    struct world *w = context;
    const char *why = "";
    if (w->line_down) {
        return DX_E_LINK;
    }
    assert_true(w->said_count < WORLD_SAID_MAX);
    struct world_said *said = &w->said[w->said_count++];
    snprintf(said->topic, sizeof said->topic, "%s", topic);
    if (down_read(payload, &said->down, &why) != 0) {
        fail_msg("the server said something unreadable: %s", why);
    }
    return 0;
}

static void port_change(void *context, const struct change *change)
{
    struct world *w = context;
    if (w->change_count < WORLD_CHANGES_MAX) {
        w->change[w->change_count++] = *change;
    }
}

static const uint8_t case_key[APP_CASE_KEY] = {1, 2, 3};

static void fill_lot(struct world *w, struct app_lot *lot, const char *id, const char *account)
{
    *lot = (struct app_lot){.operator_id = "op",
                            .name = "Bãi",
                            .address = "1",
                            .ward = "HK",
                            .bin = "970436",
                            .account_name = "BAI",
                            .capacity_car = 60};
    str_copy_cut(lot->id, sizeof lot->id, str_c(id));
    str_copy_cut(lot->account, sizeof lot->account, str_c(account));
    lot->tariff[VEHICLE_CAR] = w->tariff;
}

/* One folder a process, emptied for each test. */
static void new_database(struct world *w)
{
    static char *dir;
    static const char *const endings[] = {"", "-wal", "-shm"};
    if (!dir) {
        dir = harness_temp_dir();
    }
    for (size_t i = 0; i < 3; i++) {
        snprintf(w->database, sizeof w->database, "%s/doxe.db%s", dir, endings[2 - i]);
        remove(w->database);
    }
}

void world_init(struct world *w)
{
    char why[512];
    memset(w, 0, sizeof *w);
    new_database(w);
    w->tariff = malloc(sizeof *w->tariff);
    ok(tariff_file_load_text("test", str_c(tariff_text), w->tariff, why, sizeof why));
    ok(time_parse_iso(STR("2026-03-02T09:00:00+07:00"), &w->now));
    prng_init(&w->dice, 7);
    w->generation = 1;
    w->operators[0] = (struct app_operator){.id = "op", .name = "Công ty"};
    fill_lot(w, &w->lots[0], "hn-0001", "0123456789");
    w->lots[0].gate_count = 2;
    memcpy(w->lots[0].gate[0], GATE_A, sizeof GATE_A);
    memcpy(w->lots[0].gate[1], GATE_B, sizeof GATE_B);
    fill_lot(w, &w->lots[1], "hn-0002", "9876543210");
    w->lots[1].gate_count = 1;
    memcpy(w->lots[1].gate[0], "hn-0002-g1", 11);
    w->config = (struct app_config){.database = w->database,
                                    .public_url = "http://localhost",
                                    .prefix = "DX",
                                    .quote_valid_s = 600,
                                    .late_grace_s = 600,
                                    .refund_erase_days = 30,
                                    .case_key = case_key,
                                    .sepay_secret = WORLD_SECRET,
                                    .operators = w->operators,
                                    .operator_count = 1,
                                    .lots = w->lots,
                                    .lot_count = 2};
    w->ports = (struct app_ports){.context = w,
                                  .wall = port_wall,
                                  .mono = port_mono,
                                  .random = port_random,
                                  .publish = port_publish,
                                  .on_change = port_change,
                                  .single_thread = true};
    world_start(w);
}

void world_start(struct world *w)
{
    char why[512] = "";
    if (app_start(&w->config, &w->ports, why, sizeof why, &w->app) != 0) {
        fail_msg("app_start: %s", why);
    }
    world_run(w);
}

void world_stop(struct world *w)
{
    app_stop(w->app);
    w->app = NULL;
}

static void print_difference(void *context, const struct rollup_difference *d)
{
    (void)context;
    print_message("rollup %s %lld %s %s %s: kept %lld, counted %lld\n", d->what, (long long)d->at,
                  d->lot, d->of, d->column, (long long)d->kept, (long long)d->counted);
}

/* Whatever a test did: the city's figures are the sums of the rows. */
static void check_rollups(struct world *w)
{
    struct db *db;
    int64_t rows = 0;
    int64_t differences = -1;
    const struct rollup_span all = {0, INT64_MAX};
    ok(db_open_another(w->database, 5000, &db));
    ok(rollup_check(db, all, 10, print_difference, NULL, &rows, &differences));
    db_close(db);
    assert_int_equal(differences, 0);
}

void world_fini(struct world *w)
{
    world_stop(w);
    if (!w->tampered) {
        check_rollups(w);
    }
    free(w->tariff);
}

void world_pass(struct world *w, int minutes)
{
    w->now = wall_add(w->now, minutes * (int64_t)TIME_MINUTE_MS);
}

static void fail_ledger(void *context, const struct books_fault *fault)
{
    (void)context;
    fail_msg("the ledger is broken after a commit: %s number %lld %s: %s", fault->rule,
             (long long)fault->number, fault->what, fault->detail);
}

/* Trial balance zero at every commit, each transaction by itself, and the chain whole. */
static void check_ledger(struct world *w)
{
    struct db *db;
    int64_t uneven = -1;
    int64_t sum = -1;
    struct ledger_head head;
    const struct ledger_walk walk = {.fault = fail_ledger};
    ok(db_open_reader(w->database, &db));
    ok(db_query_i64(db, -1, &sum, "SELECT coalesce(sum(amount_vnd), 0) FROM ledger_entry", ""));
    ok(db_query_i64(db, -1, &uneven,
                    "SELECT count(*) FROM (SELECT 1 FROM ledger_entry GROUP BY tx"
                    " HAVING sum(amount_vnd) <> 0)",
                    ""));
    ok(query_ledger_chain(db, &walk, &head));
    db_close(db);
    assert_int_equal(sum, 0);
    assert_int_equal(uneven, 0);
}

void world_run(struct world *w)
{
    for (int i = 0; app_has_work(w->app); i++) {
        assert_true(i < 1000);
        ok(app_turn(w->app, (mono_t){0}));
        check_ledger(w);
    }
}

/* ---- gates ---- */

static void number_id(char out[ULID_CAP], const char *prefix, int64_t n)
{
    snprintf(out, ULID_CAP, "%s%0*lld", prefix, (int)(26 - strlen(prefix)), (long long)n);
}

void world_session_id(const char *letter, char out[ULID_CAP])
{
    if (letter[0] == '\0') {
        out[0] = '\0';
        return;
    }
    snprintf(out, ULID_CAP, "01JS%021d%s", 0, letter);
}

static struct event event_of(struct world *w, const char *gate, enum event_type type,
                             const char *session)
{
    struct event e = {.type = type, .boot = 1, .clock = CLOCK_SYNCED, .lane = 1};
    number_id(e.id, "01JE", ++w->ids);
    str_copy_cut(e.gate, sizeof e.gate, str_c(gate));
    world_session_id(session, e.session);
    e.wall = w->now;
    e.mono.ms = w->now.ms % 1000000000;
    e.permit = PERMIT_PAID;
    return e;
}

struct event world_event(struct world *w, enum event_type type, const char *session)
{
    struct event e = event_of(w, GATE_A, type, session);
    e.generation = w->generation;
    e.seq = ++w->seq;
    return e;
}

struct event world_event_b(struct world *w, enum event_type type, const char *session)
{
    struct event e = event_of(w, GATE_B, type, session);
    e.generation = 1;
    e.seq = ++w->exit_seq;
    e.lane = 2;
    return e;
}

void world_plate(struct event *event, const char *key, enum vehicle vehicle)
{
    event->subject = (struct subject){
        .kind = SUBJECT_PLATE, .source = SOURCE_CAMERA, .vehicle = vehicle, .confidence = 950};
    str_copy_cut(event->subject.key, sizeof event->subject.key, str_c(key));
    str_copy_cut(event->subject.raw, sizeof event->subject.raw, str_c(key));
}

void world_post(struct world *w, const char *topic, const char *payload)
{
    ok(app_post_message(w->app, str_c(topic), str_c(payload)));
}

void world_send(struct world *w, const struct event *event)
{
    char space[MSG_SIZE_MAX];
    char topic[96];
    struct out out;
    out_init(&out, space, sizeof space);
    event_write(&out, event);
    assert_false(out_failed(&out));
    snprintf(topic, sizeof topic, "doxe/1/%.7s/%s/up", event->gate, event->gate);
    world_post(w, topic, space);
    world_run(w);
}

void world_enter(struct world *w, const char *session, const char *plate)
{
    struct event e = world_event(w, EVENT_ARRIVED, session);
    world_plate(&e, plate, VEHICLE_CAR);
    world_send(w, &e);
    e = world_event(w, EVENT_ENTERED, session);
    world_send(w, &e);
}

struct event world_ask(struct world *w, const char *session, const char *plate)
{
    struct event e = world_event_b(w, EVENT_EXIT_ASKED, session);
    world_plate(&e, plate, VEHICLE_CAR);
    world_send(w, &e);
    return e;
}

static bool is_to(const struct world_said *said, const char *gate, enum down_type type)
{
    char topic[96];
    snprintf(topic, sizeof topic, "doxe/1/%.7s/%s/down", gate, gate);
    return said->down.type == type && strcmp(said->topic, topic) == 0;
}

const struct down *world_last(struct world *w, const char *gate, enum down_type type)
{
    for (int i = w->said_count - 1; i >= 0; i--) {
        if (is_to(&w->said[i], gate, type)) {
            return &w->said[i].down;
        }
    }
    fail_msg("the server said no %s to %s", down_type_text(type), gate);
    return NULL;
}

int world_count_said(const struct world *w, const char *gate, enum down_type type)
{
    int count = 0;
    for (int i = 0; i < w->said_count; i++) {
        count += is_to(&w->said[i], gate, type);
    }
    return count;
}

void world_forget(struct world *w)
{
    w->said_count = 0;
    w->change_count = 0;
}

/* ---- the bank ---- */

struct headers {
    char timestamp[24], signature[80];
};

static struct str header(void *context, const char *name)
{
    const struct headers *h = context;
    if (strcmp(name, "X-SePay-Timestamp") == 0 && h->timestamp[0]) {
        return str_c(h->timestamp);
    }
    if (strcmp(name, "X-SePay-Signature") == 0 && h->signature[0]) {
        return str_c(h->signature);
    }
    return (struct str){NULL, 0};
}

int world_webhook(struct world *w, const char *body, bool sign)
{
    struct headers h = {"", ""};
    uint8_t mac[SHA256_SIZE];
    char hex[2 * SHA256_SIZE + 1];
    char space[4096];
    if (sign) {
        long long second = w->now.ms / 1000;
        snprintf(h.timestamp, sizeof h.timestamp, "%lld", second);
        snprintf(space, sizeof space, "%lld.%s", second, body);
        dx_hmac_sha256(mac, STR(WORLD_SECRET), str_c(space));
        str_hex(hex, mac, sizeof mac);
        snprintf(h.signature, sizeof h.signature, "sha256=%s", hex);
    }
    return app_bank_webhook(w->app, "sepay", header, &h, str_c(body));
}

int world_pay_to(struct world *w, const char *tx, const char *account, const char *type,
                 const char *content, int64_t amount)
{
    char body[2048];
    char when[TIME_ISO_CAP];
    time_format_iso(w->now, when);
    when[10] = ' ';
    when[19] = '\0';
    snprintf(body, sizeof body,
             "{\"id\":%s,\"gateway\":\"Vietcombank\",\"transactionDate\":\"%s\","
             "\"accountNumber\":\"%s\",\"subAccount\":null,\"code\":null,\"content\":\"%s\","
             "\"transferType\":\"%s\",\"description\":\"\",\"transferAmount\":%lld,"
             "\"accumulated\":0,\"referenceCode\":\"FT%s\"}",
             tx, when, account, content, type, (long long)amount, tx);
    int status = world_webhook(w, body, true);
    world_run(w);
    return status;
}

int world_pay(struct world *w, const char *tx, const char *content, int64_t amount)
{
    return world_pay_to(w, tx, "0123456789", "in", content, amount);
}

void world_code(struct world *w, const char *session, char out[PAYCODE_CAP])
{
    char id[ULID_CAP];
    char sql[128];
    world_session_id(session, id);
    snprintf(sql, sizeof sql, "SELECT code FROM session WHERE id = '%s'", id);
    world_text(w, sql, out, PAYCODE_CAP);
}

/* ---- the database from outside ---- */

int64_t world_number(struct world *w, const char *sql)
{
    struct db *db;
    int64_t value = -1;
    ok(db_open_reader(w->database, &db));
    ok(db_query_i64(db, -1, &value, sql, ""));
    db_close(db);
    return value;
}

void world_text(struct world *w, const char *sql, char *out, size_t cap)
{
    struct db *db;
    struct db_row row;
    out[0] = '\0';
    ok(db_open_reader(w->database, &db));
    ok(db_query(db, &row, sql, ""));
    if (db_next(&row)) {
        ok(str_copy(out, cap, db_text(&row, 0)));
    }
    ok(db_done(&row));
    db_close(db);
}

static void print_fault(void *context, const struct books_fault *fault)
{
    print_message("%s: %s: %lld, should be %lld\n", fault->rule, fault->what,
                  (long long)fault->is_vnd, (long long)fault->should_vnd);
    ++*(int *)context;
}

int world_ledger_faults(struct world *w)
{
    struct db *db;
    int faults = 0;
    ok(db_open_reader(w->database, &db));
    ok(query_books(db, print_fault, &faults));
    db_close(db);
    return faults;
}
