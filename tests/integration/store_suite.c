/*
 * store_suite.c - what server/store/store.h promises, asked of every store behind it.
 *
 * One source, one program for each store: store_suite_sqlite, store_suite_memory (store.cmake);
 * another one needs a way to make an empty database and its own line there.  What the tables mean
 * is tested above the port; here it is transactions, savepoints, "exists" and "different", orders.
 */
#include "server/store/store_bank.h"
#include "server/store/store_cases.h"
#include "server/store/store_cash.h"
#include "server/store/store_offline.h"
#include "server/store/store_pass.h"
#include "tests/harness/harness.h"

#define LOT  "hn-0001"
#define GATE "hn-0001-g1"

static char path[300];

static struct store *open_again(void)
{
    struct store *store;
    int version = 0;
    ok(store_open(path, &store));
    ok(store_migrate(store, STORE_LATEST, (wall_t){1}, &version));
    assert_int_equal(version, store_latest_version());
    return store;
}

/* An empty database with two lots and a gate, inside a transaction. */
static struct store *open_new(void)
{
    static const struct store_lot lots[] = {
        {LOT, "op-hn", "Bãi xe", "1 TQK", "Hoàn Kiếm", "970436", "0123456789", "BAI XE", 60, 200},
        {"hn-0002", "op-2", "Bãi 2", "2 TQK", "Cửa Nam", "970436", "9876543210", "BAI 2", 6, 20}};
    char *dir = harness_temp_dir();
    snprintf(path, sizeof path, SUITE_PATH, dir);
    free(dir);
    struct store *store = open_again();
    ok(store_begin(store));
    ok(store_put_operator(store, "op-hn", "Công ty"));
    ok(store_put_operator(store, "op-2", "Công ty 2"));
    ok(store_put_lot(store, &lots[0]));
    ok(store_put_lot(store, &lots[1]));
    ok(store_put_gate(store, GATE, LOT));
    return store;
}

static const char *id(int n)
{
    static char space[8][ULID_CAP];
    static int next;
    char *out = space[next++ % 8];
    snprintf(out, ULID_CAP, "01JAAAAAAAAAAAAAAAAAAA%04d", n);
    return out;
}

static struct session a_session(int n, wall_t arrived)
{
    struct session s = {
        .state = SESSION_INSIDE, .lot = LOT, .gate_in = GATE, .lane_in = 1, .arrived = arrived};
    memcpy(s.id, id(n), ULID_CAP);
    snprintf(s.code, sizeof s.code, "DX%08d", n);
    snprintf(s.token, sizeof s.token, "%032d", n);
    s.subject = (struct subject){
        .kind = SUBJECT_PLATE, .vehicle = VEHICLE_CAR, .key = "30F12345", .raw = "30F-123.45"};
    return s;
}

static struct ledger_tx a_tx(const char *name, int64_t amount_vnd)
{
    struct ledger_tx tx;
    ledger_begin(&tx, name, "fee", LOT, id(1), "cause", (wall_t){5000});
    ledger_add(&tx, "receivable:" LOT, amount_vnd);
    ledger_add(&tx, "revenue:" LOT, -amount_vnd);
    return tx;
}

/* ---- transactions ---- */

static void test_store__only_what_was_committed_is_there_after_closing(void **state)
{
    (void)state;
    struct session s = a_session(1, (wall_t){1000});
    struct store *store = open_new();
    ok(store_add_session(store, &s, (wall_t){1}));
    ok(store_commit(store));
    ok(store_begin(store));
    struct session other = a_session(2, (wall_t){2000});
    ok(store_add_session(store, &other, (wall_t){1}));
    s.fee_vnd = 7000;
    ok(store_put_session(store, &s, (wall_t){2}));
    store_close(store); /* no commit */
    store = open_again();
    ok(store_get_session(store, id(1), &s));
    assert_int_equal(s.fee_vnd, 0);
    assert_int_equal(store_get_session(store, id(2), &s), DX_E_NOT_FOUND);
    store_close(store);
}

static void test_store__a_rollback_takes_back_every_kind_of_change(void **state)
{
    (void)state;
    struct store *store = open_new();
    char space[MSG_SIZE_MAX];
    struct str body;
    int64_t count = 0;
    ok(store_park(store, GATE, 1, 7, STR("kept")));
    struct ledger_tx tx = a_tx("fee:1", 5000);
    ok(store_post(store, &tx));
    ok(store_commit(store));
    struct ledger_head before, after;
    ok(store_get_ledger_head(store, &before));
    ok(store_begin(store));
    ok(store_take_parked(store, GATE, 1, 7, space, &body)); /* a row goes */
    ok(store_set_cursor(store, GATE, 3, 99));               /* a row changes */
    tx = a_tx("fee:2", 6000);
    ok(store_post(store, &tx)); /* rows come */
    store_rollback(store);
    ok(store_begin(store));
    ok(store_count_parked(store, GATE, &count));
    assert_int_equal(count, 1);
    struct store_gate gate;
    ok(store_get_gate(store, GATE, &gate));
    assert_int_equal(gate.high, 0);
    ok(store_get_ledger_head(store, &after));
    assert_int_equal(after.number, 1);
    assert_memory_equal(after.hash, before.hash, sizeof after.hash);
    assert_int_equal(store_get_tx(store, "fee:2", &tx), DX_E_NOT_FOUND);
    ok(store_take_parked(store, GATE, 1, 7, space, &body));
    assert_true(str_eq_c(body, "kept"));
    tx = a_tx("fee:3", 6000);
    ok(store_post(store, &tx));
    ok(store_get_ledger_head(store, &after));
    assert_int_equal(after.number, 2); /* no gap */
    ok(store_commit(store));
    store_close(store);
}

static void test_store__a_savepoint_fails_alone(void **state)
{
    (void)state;
    struct store *store = open_new();
    struct session s = a_session(1, (wall_t){1000});
    struct session t = a_session(2, (wall_t){1000});
    struct session u = a_session(3, (wall_t){1000});
    ok(store_savepoint(store));
    ok(store_add_session(store, &s, (wall_t){1}));
    ok(store_release(store));
    ok(store_savepoint(store));
    ok(store_add_session(store, &t, (wall_t){1}));
    struct ledger_tx tx = a_tx("fee:1", 5000);
    ok(store_post(store, &tx));
    store_rollback_savepoint(store);
    ok(store_savepoint(store));
    ok(store_add_session(store, &u, (wall_t){1}));
    ok(store_release(store));
    ok(store_commit(store));
    ok(store_get_session(store, id(1), &s));
    assert_int_equal(store_get_session(store, id(2), &s), DX_E_NOT_FOUND);
    ok(store_get_session(store, id(3), &s));
    struct ledger_head head;
    ok(store_get_ledger_head(store, &head));
    assert_int_equal(head.number, 0);
    store_close(store);
}

static void test_store__there_is_one_writer_at_a_time(void **state)
{
    (void)state;
    struct store *store = open_new();
    struct store *other;
    ok(store_commit(store));
    ok(store_open_another(path, 1, &other));
    ok(store_begin(store));
    assert_int_equal(store_begin(other), DX_E_BUSY);
    ok(store_commit(store));
    ok(store_begin(other));
    assert_int_equal(store_add_inbox(other, "sepay", (wall_t){1}, STR("{}"), &(int64_t){0}), 0);
    ok(store_commit(other));
    bool has = false;
    ok(store_has_notice(store, &has));
    assert_true(has);
    store_close(other);
    store_close(store);
}

/* ---- what is taken is taken ---- */

static void test_store__ids_codes_and_tokens_are_taken_once(void **state)
{
    (void)state;
    struct store *store = open_new();
    struct session s = a_session(1, (wall_t){1000});
    ok(store_add_session(store, &s, (wall_t){1}));
    assert_int_equal(store_add_session(store, &s, (wall_t){1}), DX_E_EXISTS);
    struct session t = a_session(2, (wall_t){1000});
    memcpy(t.code, s.code, sizeof t.code);
    assert_int_equal(store_add_session(store, &t, (wall_t){1}), DX_E_EXISTS);
    t = a_session(2, (wall_t){1000});
    memcpy(t.token, s.token, sizeof t.token);
    assert_int_equal(store_add_session(store, &t, (wall_t){1}), DX_E_EXISTS);
    t = a_session(2, (wall_t){1000});
    assert_int_equal(store_put_session(store, &t, (wall_t){1}), DX_E_NOT_FOUND);
    bool is_free = true;
    ok(store_code_is_free(store, s.code, &is_free));
    assert_false(is_free);
    ok(store_code_is_free(store, t.code, &is_free));
    assert_true(is_free);
    assert_int_equal(store_add_session_code(store, s.code, id(2), "e"), DX_E_EXISTS);
    ok(store_add_session_code(store, "DXGATE0001", s.id, "e"));
    ok(store_add_session_code(store, "DXGATE0001", s.id, "e")); /* the same again */
    ok(store_get_session_by_code(store, "DXGATE0001", &t));
    assert_string_equal(t.id, s.id);
    store_close(store);
}

static void test_store__an_event_is_stored_once_by_id_and_by_number(void **state)
{
    (void)state;
    struct store *store = open_new();
    struct event e = {.type = EVENT_BOOT, .generation = 1, .seq = 1, .boot = 1, .gate = GATE};
    memcpy(e.id, id(1), ULID_CAP);
    struct store_event row = {&e, "boot", {1}, "", "applied", STR("{}")};
    ok(store_add_event(store, &row));
    e.seq = 2;
    assert_int_equal(store_add_event(store, &row), DX_E_EXISTS); /* the id */
    memcpy(e.id, id(2), ULID_CAP);
    e.seq = 1;
    assert_int_equal(store_add_event(store, &row), DX_E_EXISTS); /* the number */
    e.generation = 2;
    ok(store_add_event(store, &row));
    int64_t generation = 0;
    ok(store_event_generation(store, id(2), &generation));
    assert_int_equal(generation, 2);
    ok(store_event_generation(store, id(9), &generation));
    assert_int_equal(generation, 0);
    store_close(store);
}

static void test_store__a_posting_again_exists_or_differs(void **state)
{
    (void)state;
    struct store *store = open_new();
    struct ledger_tx tx = a_tx("fee:1", 5000);
    ok(store_post(store, &tx));
    assert_int_equal(store_post(store, &tx), DX_E_EXISTS);
    struct ledger_tx other = a_tx("fee:1", 6000);
    assert_int_equal(store_post(store, &other), DX_E_DIFFERENT);
    ok(store_get_tx(store, "fee:1", &other));
    assert_true(ledger_same(&tx, &other));
    struct ledger_head head;
    uint8_t hash[LEDGER_HASH_SIZE];
    ok(store_get_ledger_head(store, &head));
    assert_int_equal(head.number, 1);
    ledger_chain_hash(&tx, 1, (const uint8_t[LEDGER_HASH_SIZE]){0}, hash);
    assert_memory_equal(head.hash, hash, sizeof hash);
    store_close(store);
}

static void test_store__one_open_request_a_stay_and_paid_stays_paid(void **state)
{
    (void)state;
    struct store *store = open_new();
    struct session s = a_session(1, (wall_t){1000});
    ok(store_add_session(store, &s, (wall_t){1}));
    struct store_request r = {.kind = "page",
                              .amount_vnd = 5000,
                              .fee_vnd = 5000,
                              .bin = "970436",
                              .account = "0123456789",
                              .payload = "x",
                              .made = {100},
                              .promise = {200}};
    memcpy(r.id, id(11), ULID_CAP);
    memcpy(r.session, s.id, ULID_CAP);
    ok(store_add_request(store, &r, REQUEST_OPEN, ""));
    memcpy(r.id, id(12), ULID_CAP);
    assert_int_equal(store_add_request(store, &r, REQUEST_OPEN, ""), DX_E_EXISTS);
    ok(store_close_request(store, id(11), REQUEST_PAID, "credit", (wall_t){150}));
    assert_int_equal(store_close_request(store, id(11), REQUEST_EXPIRED, "", (wall_t){160}),
                     DX_E_STATE);
    ok(store_add_request(store, &r, REQUEST_OPEN, ""));
    ok(store_expire_requests(store, (wall_t){200}, 10)); /* its last moment is not over */
    struct store_open_request open;
    ok(store_get_open_request(store, s.id, &open));
    assert_string_equal(open.id, id(12));
    ok(store_expire_requests(store, (wall_t){201}, 10));
    assert_int_equal(store_get_open_request(store, s.id, &open), DX_E_NOT_FOUND);
    store_close(store);
}

/* ---- orders ---- */

static void test_store__open_stays_come_the_latest_first(void **state)
{
    (void)state;
    struct store *store = open_new();
    static const int64_t entered[] = {3000, 9000, 9000, 1000};
    for (int i = 0; i < 4; i++) {
        struct session s = a_session(i, (wall_t){500});
        ok(store_add_session(store, &s, (wall_t){1}));
        s.entered.ms = entered[i];
        ok(store_put_session(store, &s, (wall_t){1}));
    }
    struct session gone = a_session(8, (wall_t){9500});
    ok(store_add_session(store, &gone, (wall_t){1}));
    gone.left.ms = 9600;
    gone.state = SESSION_LEFT;
    ok(store_put_session(store, &gone, (wall_t){1}));
    struct session found[3];
    int count = 0;
    ok(store_find_open(store, LOT, &gone.subject, found, 3, &count));
    assert_int_equal(count, 3);
    assert_string_equal(found[0].id, id(2)); /* equal times: the later id */
    assert_string_equal(found[1].id, id(1));
    assert_string_equal(found[2].id, id(0));
    ok(store_find_open(store, "hn-0002", &gone.subject, found, 3, &count));
    assert_int_equal(count, 0);
    store_close(store);
}

static void test_store__debts_come_the_oldest_first_and_by_operator(void **state)
{
    (void)state;
    struct store *store = open_new();
    for (int i = 0; i < 3; i++) {
        struct session s = a_session(i, (wall_t){500});
        snprintf(s.lot, sizeof s.lot, "%s", i == 1 ? "hn-0002" : LOT);
        ok(store_add_session(store, &s, (wall_t){1}));
        s.state = SESSION_LEFT_UNPAID;
        s.left.ms = 9000 - i;
        s.fee_vnd = 5000;
        ok(store_put_session(store, &s, (wall_t){1}));
    }
    struct session found[4];
    struct session one = a_session(0, (wall_t){500});
    int count = 0;
    ok(store_find_debts(store, "op-hn", NULL, &one.subject, found, 4, &count));
    assert_int_equal(count, 2);
    assert_string_equal(found[0].id, id(2));
    assert_string_equal(found[1].id, id(0));
    ok(store_find_debts(store, "op-2", LOT, &one.subject, found, 4, &count));
    assert_int_equal(count, 0);
    store_close(store);
}

static int bodies(struct store *store, wall_t now, char *out)
{
    char space[200];
    struct store_due due;
    int count = 0;
    while (store_next_due(store, now, space, sizeof space, &due) == 0) {
        out[count++] = due.body.p[0];
        ok(store_said_again(store, due.id, wall_add(now, 1000)));
    }
    out[count] = '\0';
    return count;
}

static void test_store__messages_are_due_in_their_order_until_settled(void **state)
{
    (void)state;
    struct store *store = open_new();
    char said[16];
    static const int64_t next[] = {300, 100, 100, 200};
    static const char *const body[] = {"d", "a", "b", "c"};
    for (int i = 0; i < 4; i++) {
        struct store_message m = {.gate = GATE, .lane = 1 + i % 2, .type = "quote"};
        memcpy(m.id, id(i), ULID_CAP);
        memcpy(m.session, id(20 + i), ULID_CAP);
        m.next.ms = next[i];
        ok(store_add_message(store, &m, str_c(body[i]), (wall_t){50}));
    }
    wall_t at;
    ok(store_next_time(store, &at));
    assert_int_equal(at.ms, 100);
    assert_int_equal(bodies(store, (wall_t){99}, said), 0);
    bodies(store, (wall_t){300}, said);
    assert_string_equal(said, "abcd");
    ok(store_next_time(store, &at));
    assert_int_equal(at.ms, 1300);
    ok(store_commit(store));
    ok(store_begin(store));
    ok(store_settle_lane(store, GATE, 1, "", (wall_t){400})); /* 0 and 2 */
    ok(store_hurry(store, NULL, (wall_t){500}));
    bodies(store, (wall_t){500}, said);
    assert_string_equal(said, "ac");
    store_rollback(store); /* and all of it is as it was */
    bodies(store, (wall_t){1299}, said);
    assert_string_equal(said, "");
    ok(store_begin(store));
    bodies(store, (wall_t){1300}, said);
    assert_string_equal(said, "dabc"); /* by time; all say 1300, so by id: 0 1 2 3 */
    store_close(store);
}

static void test_store__notices_come_in_their_order_once(void **state)
{
    (void)state;
    struct store *store = open_new();
    static char space[STORE_NOTICE_MAX];
    struct store_notice notice;
    struct store_inbox_row row = {.provider = "sepay",
                                  .source = CREDIT_POLL,
                                  .received = {1},
                                  .body = STR("a"),
                                  .digest = "d1"};
    int64_t first = 0, other = 0;
    ok(store_add_inbox_row(store, &row, &first));
    assert_int_equal(store_add_inbox_row(store, &row, &other), DX_E_EXISTS);
    ok(store_add_inbox(store, "payos", (wall_t){2}, STR("b"), &other));
    ok(store_next_notice(store, 0, space, &notice));
    assert_int_equal(notice.id, first);
    assert_true(str_eq_c(notice.body, "a") && notice.source == CREDIT_POLL);
    ok(store_commit(store));
    ok(store_begin(store));
    ok(store_close_notice(store, first, "applied", ""));
    ok(store_next_notice(store, 0, space, &notice));
    assert_int_equal(notice.id, other);
    assert_string_equal(notice.provider, "payos");
    store_rollback(store);
    ok(store_next_notice(store, 0, space, &notice));
    assert_int_equal(notice.id, first);
    ok(store_next_notice(store, first, space, &notice));
    assert_int_equal(notice.id, other);
    ok(store_begin(store));
    ok(store_close_notice(store, first, "applied", ""));
    ok(store_close_notice(store, other, "rejected", "why"));
    assert_int_equal(store_next_notice(store, 0, space, &notice), DX_E_NOT_FOUND);
    ok(store_commit(store));
    store_close(store);
}

static void take_key(void *context, const struct lot_entry *entry)
{
    char *text = context;
    snprintf(text + strlen(text), 60 - strlen(text), "%s ", entry->key);
}

static void test_store__lists_keep_their_order_and_their_version(void **state)
{
    (void)state;
    struct store *store = open_new();
    struct store_listed row = {.lot = LOT, .reason = "r", .by = "p"};
    char keys[60] = "";
    int64_t version = -1;
    bool exempt = false;
    row.entry = (struct lot_entry){.list = LOT_EXEMPT, .kind = SUBJECT_PLATE, .key = "B2"};
    ok(store_list_version(store, &version));
    assert_int_equal(version, 0);
    ok(store_list_add(store, &row, (wall_t){100}));
    assert_int_equal(store_list_add(store, &row, (wall_t){100}), DX_E_EXISTS);
    snprintf(row.entry.key, sizeof row.entry.key, "A1");
    ok(store_list_add(store, &row, (wall_t){100}));
    ok(store_list_each(store, LOT, keys, take_key));
    assert_string_equal(keys, "B2 A1 ");
    struct subject subject = {.kind = SUBJECT_PLATE, .vehicle = VEHICLE_CAR, .key = "A1"};
    ok(store_is_exempt(store, LOT, &subject, (wall_t){99}, &exempt));
    assert_false(exempt);
    ok(store_is_exempt(store, LOT, &subject, (wall_t){100}, &exempt));
    assert_true(exempt);
    ok(store_list_remove(store, &row, (wall_t){200}));
    assert_int_equal(store_list_remove(store, &row, (wall_t){200}), DX_E_NOT_FOUND);
    ok(store_is_exempt(store, LOT, &subject, (wall_t){199}, &exempt));
    assert_true(exempt); /* it was, then */
    ok(store_is_exempt(store, LOT, &subject, (wall_t){200}, &exempt));
    assert_false(exempt);
    ok(store_list_version(store, &version));
    assert_int_equal(version, 3);
    store_close(store);
}

static void test_store__what_is_set_aside_or_raised_again_is_one_row(void **state)
{
    (void)state;
    struct store *store = open_new();
    bool changed = false;
    ok(store_set_aside(store, (wall_t){1}, "src", "reason", STR("bytes")));
    ok(store_set_aside(store, (wall_t){2}, "src", "reason", STR("bytes")));
    ok(store_raise_alarm(store, LOT, GATE, 1, "a.b", "d", (wall_t){1}, &changed));
    assert_true(changed);
    ok(store_raise_alarm(store, LOT, GATE, 1, "a.b", "d", (wall_t){2}, &changed));
    assert_false(changed);
    ok(store_clear_alarm(store, GATE, 1, "a.b", (wall_t){3}, &changed));
    assert_true(changed);
    ok(store_clear_alarm(store, GATE, 1, "a.b", (wall_t){4}, &changed));
    assert_false(changed);
    ok(store_raise_alarm(store, LOT, GATE, 1, "a.b", "d", (wall_t){5}, &changed));
    assert_true(changed);
    store_close(store);
}

TESTS(T(test_store__only_what_was_committed_is_there_after_closing),
      T(test_store__a_rollback_takes_back_every_kind_of_change),
      T(test_store__a_savepoint_fails_alone), T(test_store__there_is_one_writer_at_a_time),
      T(test_store__ids_codes_and_tokens_are_taken_once),
      T(test_store__an_event_is_stored_once_by_id_and_by_number),
      T(test_store__a_posting_again_exists_or_differs),
      T(test_store__one_open_request_a_stay_and_paid_stays_paid),
      T(test_store__open_stays_come_the_latest_first),
      T(test_store__debts_come_the_oldest_first_and_by_operator),
      T(test_store__messages_are_due_in_their_order_until_settled),
      T(test_store__notices_come_in_their_order_once),
      T(test_store__lists_keep_their_order_and_their_version),
      T(test_store__what_is_set_aside_or_raised_again_is_one_row))
