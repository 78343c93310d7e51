#include "tests/integration/web_fixture.h"

#include "proto/io/clock_os.h"
#include "proto/io/db.h"
#include "proto/io/mailbox.h"
#include "proto/io/msg_json.h"
#include "proto/plate.h"
#include "proto/signature.h"
#include "proto/topic.h"
#include "server/io/config.h"
#include "server/io/writer.h"
#include "tests/harness/harness.h"
#include "tests/harness/http_client.h"

enum { GATES = 3, WAIT_MS = 20000 };

struct fixture_gate {
    const char *id, *lot;
    int64_t seq;
    int64_t acked;
};

struct ack {
    char gate[MSG_NAME_CAP];
    int64_t seq;
};

struct web_fixture {
    char *folder;
    char database[128];
    struct server_config *config;
    struct auth_user users[3];
    struct app *app;
    struct writer *writer;
    struct web *web;
    struct mailbox *acks;
    mono_t started;
    struct fixture_gate gate[GATES];
    uint64_t drawn;
    int64_t transfers;
};

/* ---- ports of the app ---- */

static wall_t now(void *context)
{
    const struct web_fixture *f = context;
    return (wall_t){FIXTURE_START_MS + mono_diff(clock_mono(), f->started)};
}

static mono_t mono(void *context)
{
    (void)context;
    return clock_mono();
}

static void draw(void *context, void *bytes, size_t n)
{
    (void)context;
    dx_random(bytes, n);
}

static int publish(void *context, const char *topic, struct str payload)
{
    struct web_fixture *f = context;
    struct topic where;
    struct down down;
    const char *why = NULL;
    struct ack ack = {0};
    if (topic_parse(str_c(topic), &where) == 0 && down_read(payload, &down, &why) == 0 &&
        down.type == DOWN_ACK) {
        str_copy_cut(ack.gate, sizeof ack.gate, str_c(where.gate));
        ack.seq = down.seq;
        mailbox_post_wait(f->acks, &ack);
    }
    return 0;
}

static void changed(void *context, const struct change *change)
{
    struct web_fixture *f = context;
    web_changed(f->web, change);
}

static void broken(void *context)
{
    (void)context;
    fail_msg("the database broke");
}

/* ---- start and stop ---- */

static const char yaml[] =
    "server:\n  city: Hà Nội\n  database: %s/doxe.db\n  tariffs: " DOXE_SOURCE_DIR "/etc/tariffs\n"
    "  public_url: http://127.0.0.1:8080\n"
    "mqtt:\n  url: tcp://127.0.0.1:1\n"
    "http:\n  listen: 127.0.0.1:0\n"
    "bank:\n  sepay_secret_file: %s/secret\n"
    "payment:\n  case_key_file: %s/case.key\n"
    "tax:\n  rates: [{from: \"2000-01-01\", rate: 8%%}]\n"
    "operators:\n  - {id: op-hn, name: Công ty trông giữ xe mẫu, tax_code: \"0100000000\","
    " address: 1 Phố Mẫu, series: C26MAA}\n"
    "lots:\n"
    "  - {id: hn-0001, operator: op-hn, name: Bãi xe mẫu Trần Quang Khải,\n"
    "     address: 1 Trần Quang Khải, ward: Hoàn Kiếm, bin: \"970436\", account: \"0123456789\",\n"
    "     account_name: BAI XE MAU, tariff_car: hanoi-car-c2, tariff_motorbike: "
    "hanoi-two-wheel-z1,\n"
    "     tariff_bicycle: hanoi-two-wheel-z1, capacity_car: 12, capacity_motorbike: 60,\n"
    "     gates: [hn-0001-g1, hn-0001-g2]}\n"
    "  - {id: hn-0002, operator: op-hn, name: Bãi xe mẫu Phủ Doãn,\n"
    "     address: 40 Phủ Doãn, ward: Hoàn Kiếm, bin: \"970415\", account: \"9876543210\",\n"
    "     account_name: BAI XE MAU, tariff_car: hanoi-car-c2, tariff_motorbike: "
    "hanoi-two-wheel-z1,\n"
    "     tariff_bicycle: hanoi-two-wheel-z1, capacity_car: 6, capacity_motorbike: 120,\n"
    "     gates: [hn-0002-g1]}\n";

static void write_file(const char *folder, const char *name, const char *text)
{
    char path[160];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs(text, file);
    ok(fclose(file));
}

static void load_config(struct web_fixture *f)
{
    char text[sizeof yaml + 384];
    char path[160];
    char error[512] = "";
    snprintf(text, sizeof text, yaml, f->folder, f->folder, f->folder);
    write_file(f->folder, "server.yaml", text);
    write_file(f->folder, "secret", FIXTURE_SECRET "\n");
    write_file(f->folder, "case.key", "a key of the tests, 32 bytes or more\n");
    snprintf(path, sizeof path, "%s/server.yaml", f->folder);
    if (server_config_load(path, error, sizeof error, &f->config)) {
        fail_msg("%s", error);
    }
    snprintf(f->database, sizeof f->database, "%s/doxe.db", f->folder);
}

static void start_web(struct web_fixture *f)
{
    char why[512] = "";
    struct web *web = NULL;
    f->users[0] = (struct auth_user){.name = "dieu-hanh", .role = ROLE_OPERATOR};
    f->users[1] = (struct auth_user){.name = "so-xay-dung", .role = ROLE_CITY};
    f->users[2] = (struct auth_user){.name = "nguoi-hai", .role = ROLE_OPERATOR};
    ok(dx_password_hash(f->users[0].password_hash, STR("operator")));
    ok(dx_password_hash(f->users[1].password_hash, STR("city")));
    memcpy(f->users[2].password_hash, f->users[0].password_hash, sizeof f->users[0].password_hash);
    struct web_config config = {.listen = "127.0.0.1:0",
                                .database = f->database,
                                .public_url = "http://127.0.0.1:8080",
                                .office = &f->config->app,
                                .city = f->config->city,
                                .vat = &f->config->vat,
                                .operators = f->config->operators,
                                .operator_count = f->config->operator_count,
                                .users = f->users,
                                .user_count = 3,
                                .app = f->app,
                                .wall = now,
                                .wall_context = f};
    if (web_start(&config, why, sizeof why, &web)) {
        fail_msg("%s", why);
    }
    f->web = web;
}

struct web_fixture *web_fixture_start(void)
{
    static const struct fixture_gate gates[GATES] = {
        {"hn-0001-g1", "hn-0001", 0, 0},
        {"hn-0001-g2", "hn-0001", 0, 0},
        {"hn-0002-g1", "hn-0002", 0, 0},
    };
    char why[512] = "";
    struct web_fixture *f = calloc(1, sizeof *f);
    assert_non_null(f);
    ok(dx_crypto_start());
    memcpy(f->gate, gates, sizeof gates);
    f->folder = harness_temp_dir();
    f->started = clock_mono();
    ok(mailbox_new(sizeof(struct ack), 4096, &f->acks));
    load_config(f);
    struct app_ports ports = {.context = f,
                              .wall = now,
                              .mono = mono,
                              .random = draw,
                              .publish = publish,
                              .on_change = changed};
    if (app_start(&f->config->app, &ports, why, sizeof why, &f->app)) {
        fail_msg("%s", why);
    }
    start_web(f); /* before the writer: on_change reads f->web */
    ok(writer_start(f->app, broken, f, &f->writer));
    app_post_connected(f->app, true);
    return f;
}

void web_fixture_stop(struct web_fixture *f)
{
    web_quiet(f->web);
    writer_stop(f->writer);
    web_stop(f->web);
    app_stop(f->app);
    server_config_free(f->config);
    mailbox_free(f->acks);
    free(f->folder);
    free(f);
}

int web_fixture_port(const struct web_fixture *f)
{
    return web_port(f->web);
}

struct app *web_fixture_app(const struct web_fixture *f)
{
    return f->app;
}

const char *web_fixture_database(const struct web_fixture *f)
{
    return f->database;
}

wall_t web_fixture_now(const struct web_fixture *f)
{
    return (wall_t){FIXTURE_START_MS + mono_diff(clock_mono(), f->started)};
}

/* ---- gates ---- */

static struct fixture_gate *find_gate(struct web_fixture *f, const char *id)
{
    for (int i = 0; i < GATES; i++) {
        if (strcmp(f->gate[i].id, id) == 0) {
            return &f->gate[i];
        }
    }
    fail_msg("no gate %s", id);
    return NULL;
}

void web_fixture_settle(struct web_fixture *f)
{
    mono_t end = mono_add(clock_mono(), WAIT_MS);
    for (int i = 0; i < GATES; i++) {
        while (f->gate[i].acked < f->gate[i].seq) {
            struct ack ack;
            if (mailbox_take(f->acks, end, &ack)) {
                fail_msg("%s: %lld of %lld events acknowledged", f->gate[i].id,
                         (long long)f->gate[i].acked, (long long)f->gate[i].seq);
            }
            find_gate(f, ack.gate)->acked = ack.seq;
        }
    }
}

/* Until the query says so; asked again and again, with a limit. */
static void wait_for(struct web_fixture *f, int64_t wanted, const char *sql, const char *first,
                     const char *second)
{
    struct db *db = NULL;
    int64_t value = wanted - 1;
    mono_t end = mono_add(clock_mono(), WAIT_MS);
    ok(db_open_reader(f->database, &db));
    while (value != wanted) {
        ok(db_query_i64(db, 0, &value, sql, "tt", first, second));
        assert_false(mono_reached(clock_mono(), end));
    }
    db_close(db);
}

static void draw_ulid(wall_t at, char out[ULID_CAP])
{
    uint8_t random[ULID_RANDOM_SIZE];
    dx_random(random, sizeof random);
    ulid_make(out, at, random);
}

void web_fixture_event(struct web_fixture *f, const char *gate_id, struct event *event,
                       int64_t ago_ms)
{
    struct fixture_gate *gate = find_gate(f, gate_id);
    char topic[TOPIC_CAP];
    char text[MSG_SIZE_MAX];
    struct out out;
    event->wall = wall_add(now(f), -ago_ms);
    draw_ulid(event->wall, event->id);
    str_copy_cut(event->gate, sizeof event->gate, str_c(gate->id));
    event->generation = 1;
    event->boot = 1;
    event->seq = ++gate->seq;
    event->mono = (mono_t){gate->seq};
    event->clock = CLOCK_SYNCED;
    out_init(&out, text, sizeof text);
    event_write(&out, event);
    assert_false(out_failed(&out));
    ok(topic_write(topic, gate->lot, gate->id, TOPIC_UP));
    ok(app_post_message(f->app, str_c(topic), out_str(&out)));
}

void web_fixture_status(struct web_fixture *f, const char *gate_id, bool online,
                        const struct status_lane *lanes, int count)
{
    struct fixture_gate *gate = find_gate(f, gate_id);
    struct status status = {.online = online, .generation = 1, .seq = gate->seq, .boot = 1};
    char topic[TOPIC_CAP];
    char text[MSG_SIZE_MAX];
    struct out out;
    status.wall = now(f);
    str_copy_cut(status.gate, sizeof status.gate, str_c(gate->id));
    str_copy_cut(status.version, sizeof status.version, STR("0.1.0"));
    status.lane_count = count;
    for (int i = 0; i < count; i++) {
        status.lane[i] = lanes[i];
    }
    out_init(&out, text, sizeof text);
    status_write(&out, &status);
    assert_false(out_failed(&out));
    ok(topic_write(topic, gate->lot, gate->id, TOPIC_STATUS));
    ok(app_post_message(f->app, str_c(topic), out_str(&out)));
    /* Nothing acknowledges a status: it is there when the database has it. */
    wait_for(f, 1, "SELECT count(*) FROM gate WHERE id = ?1 AND status = ?2", gate->id, text);
}

static struct subject subject_of(const char *plate, enum vehicle vehicle)
{
    struct subject subject = {
        .kind = SUBJECT_PLATE, .source = SOURCE_CAMERA, .vehicle = vehicle, .confidence = 950};
    struct plate_hint hint = {.vehicle = vehicle};
    struct plate read = {0};
    str_copy_cut(subject.raw, sizeof subject.raw, str_c(plate));
    /* Tests also bring texts that are no plates at all. */
    if (plate_parse(str_c(plate), &hint, &read, NULL) == 0) {
        str_copy_cut(subject.key, sizeof subject.key, str_c(read.canonical));
    } else {
        str_copy_cut(subject.key, sizeof subject.key, STR("30A00001"));
    }
    return subject;
}

void web_fixture_enter(struct web_fixture *f, const char *gate, const char *plate,
                       enum vehicle vehicle, int64_t ago_ms, char ret_session[ULID_CAP])
{
    draw_ulid(wall_add(now(f), -ago_ms - 20000), ret_session);
    struct event event = {.type = EVENT_ARRIVED, .lane = 1, .subject = subject_of(plate, vehicle)};
    str_copy_cut(event.session, sizeof event.session, str_c(ret_session));
    web_fixture_event(f, gate, &event, ago_ms + 20000);
    event = (struct event){.type = EVENT_ENTERED, .lane = 1};
    str_copy_cut(event.session, sizeof event.session, str_c(ret_session));
    web_fixture_event(f, gate, &event, ago_ms);
}

void web_fixture_ask_exit(struct web_fixture *f, const char *gate, const char *session,
                          const char *plate, enum vehicle vehicle, int64_t ago_ms)
{
    struct event event = {
        .type = EVENT_EXIT_ASKED, .lane = 2, .subject = subject_of(plate, vehicle)};
    str_copy_cut(event.session, sizeof event.session, str_c(session));
    web_fixture_event(f, gate, &event, ago_ms);
}

void web_fixture_leave(struct web_fixture *f, const char *gate, const char *session,
                       enum permit permit, int64_t ago_ms)
{
    struct event event = {.type = EVENT_EXIT_PERMITTED, .lane = 2, .permit = permit};
    str_copy_cut(event.session, sizeof event.session, str_c(session));
    web_fixture_event(f, gate, &event, ago_ms + 10000);
    event = (struct event){.type = EVENT_LEFT, .lane = 2};
    str_copy_cut(event.session, sizeof event.session, str_c(session));
    web_fixture_event(f, gate, &event, ago_ms);
}

/* ---- drivers and banks ---- */

void web_fixture_names(struct web_fixture *f, const char *session, char ret_token[33],
                       char ret_code[PAYCODE_CAP])
{
    struct db *db = NULL;
    struct db_row row;
    web_fixture_settle(f);
    ok(db_open_reader(f->database, &db));
    ok(db_query(db, &row, "SELECT token, code FROM session WHERE id = ?1", "t", session));
    assert_true(db_next(&row));
    str_copy_cut(ret_token, 33, db_text(&row, 0));
    str_copy_cut(ret_code, PAYCODE_CAP, db_text(&row, 1));
    ok(db_done(&row));
    db_close(db);
}

int64_t web_fixture_due(struct web_fixture *f, const char *token)
{
    static struct app_quote quote;
    web_fixture_settle(f);
    ok(app_quote_now(f->app, str_c(token), &quote));
    return quote.due_vnd;
}

int web_fixture_pay(struct web_fixture *f, const char *account, const char *content,
                    int64_t amount_vnd, int64_t ago_ms)
{
    char body[1024];
    char signature[7 + SIGNATURE_HEX256_CAP];
    char fields[512];
    char booked[TIME_ISO_CAP];
    struct out out;
    int64_t timestamp = now(f).ms / 1000;
    web_fixture_settle(f);
    time_format_iso(wall_add(now(f), -ago_ms), booked);
    out_init(&out, body, sizeof body);
    json_object(&out, NULL);
    json_i64(&out, "id", 90000 + ++f->transfers);
    json_c(&out, "gateway", "Vietcombank");
    json_c(&out, "transactionDate", booked);
    json_c(&out, "accountNumber", account);
    json_c(&out, "content", content);
    json_c(&out, "transferType", "in");
    json_i64(&out, "transferAmount", amount_vnd);
    json_i64(&out, "accumulated", 0);
    out_fmt(&out, ",\"referenceCode\":\"FT%lld\"", (long long)f->transfers);
    json_object_end(&out);
    assert_false(out_failed(&out));
    signature_sepay_make(STR(FIXTURE_SECRET), timestamp, out_str(&out), signature);
    snprintf(fields, sizeof fields,
             "Content-Type: application/json\r\nX-SePay-Timestamp: %lld\r\n"
             "X-SePay-Signature: %s\r\n",
             (long long)timestamp, signature);
    struct http_reply reply =
        http_client_ask(web_fixture_port(f), "POST", "/webhook/sepay", fields, body);
    int status = reply.status;
    http_reply_free(&reply);
    /* A notice is stored before it is answered, and applied in the turn after. */
    wait_for(f, 0, "SELECT count(*) FROM bank_inbox WHERE state = 'new' AND ?1 = ?2", "", "");
    return status;
}

/* ---- a morning ---- */

/* A whole visit: in, asked, paid by transfer, out.  Times in minutes before now. */
static void visit(struct web_fixture *f, const char *gate, const char *account, const char *plate,
                  enum vehicle vehicle, int in_minutes, int out_minutes, bool pays)
{
    char session[ULID_CAP];
    char token[33];
    char code[PAYCODE_CAP];
    int64_t in_ms = (int64_t)in_minutes * TIME_MINUTE_MS;
    int64_t out_ms = (int64_t)out_minutes * TIME_MINUTE_MS;
    web_fixture_enter(f, gate, plate, vehicle, in_ms, session);
    web_fixture_ask_exit(f, gate, session, plate, vehicle, out_ms + 60000);
    web_fixture_settle(f);
    web_fixture_names(f, session, token, code);
    struct db *db = NULL;
    int64_t due = 0;
    ok(db_open_reader(f->database, &db));
    ok(db_query_i64(db, 0, &due,
                    "SELECT due_vnd FROM quote WHERE session = ?1 ORDER BY made_ms DESC LIMIT 1",
                    "t", session));
    db_close(db);
    if (pays && due > 0) {
        assert_int_equal(web_fixture_pay(f, account, code, due, out_ms + 30000), 200);
    }
    web_fixture_leave(f, gate, session,
                      due == 0 ? PERMIT_FREE
                      : pays   ? PERMIT_PAID
                               : PERMIT_MANUAL,
                      out_ms);
}

void web_fixture_fill(struct web_fixture *f)
{
    char session[ULID_CAP];
    char plate[24];
    for (int i = 0; i < 24; i++) {
        snprintf(plate, sizeof plate, "30F-1%02d.%02d", 20 + i, 45 + i);
        visit(f, "hn-0001-g1", "0123456789", plate, VEHICLE_CAR, 480 - i * 17, 420 - i * 17,
              i != 7);
    }
    for (int i = 0; i < 30; i++) {
        snprintf(plate, sizeof plate, "29-F1 %03d.%02d", 300 + i, 11 + i);
        visit(f, i % 3 ? "hn-0002-g1" : "hn-0001-g2", i % 3 ? "9876543210" : "0123456789", plate,
              VEHICLE_MOTORBIKE, 460 - i * 14, 300 - i * 9, i % 14 != 13);
    }
    for (int i = 0; i < 9; i++) {
        snprintf(plate, sizeof plate, "30H-2%02d.%02d", 10 + i, 60 + i);
        web_fixture_enter(f, "hn-0001-g1", plate, VEHICLE_CAR, (int64_t)(200 - i * 12) * 60000,
                          session);
    }
    for (int i = 0; i < 41; i++) {
        snprintf(plate, sizeof plate, "29-G1 %03d.%02d", 500 + i, 20 + i);
        web_fixture_enter(f, i % 2 ? "hn-0002-g1" : "hn-0001-g2", plate, VEHICLE_MOTORBIKE,
                          (int64_t)(240 - i * 5) * 60000, session);
    }
    web_fixture_settle(f);
}
