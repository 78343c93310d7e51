#include "proto/io/db.h"
#include "server/store/query_books.h"
#include "server/store/store.h"
#include "tests/harness/harness.h"

#define SID  "01JAAAAAAAAAAAAAAAAAAAAAAA"
#define GATE "hn-0001-g1"

static char path[256];

/* A new database with one lot and one gate, inside a transaction. */
static struct store *open_store(void)
{
    struct store *store;
    int version = 0;
    char *dir = harness_temp_dir();
    snprintf(path, sizeof path, "%s/doxe.db", dir);
    free(dir);
    ok(store_open(path, &store));
    ok(store_migrate(store, STORE_LATEST, (wall_t){1}, &version));
    assert_int_equal(version, store_latest_version());
    const struct store_lot lot = {"hn-0001", "op-hn",      "Bãi xe", "1 TQK", "Hoàn Kiếm",
                                  "970436",  "0123456789", "BAI XE", 60,      200};
    ok(store_begin(store));
    ok(store_put_operator(store, "op-hn", "Công ty"));
    ok(store_put_lot(store, &lot));
    ok(store_put_gate(store, GATE, "hn-0001"));
    return store;
}

static int64_t number(struct store *store, const char *sql)
{
    struct db *db;
    int64_t value = -1;
    ok(store_commit(store)); /* another handle sees what is committed */
    ok(db_open_reader(path, &db));
    ok(db_query_i64(db, 0, &value, sql, ""));
    db_close(db);
    ok(store_begin(store));
    return value;
}

static struct session a_session(void)
{
    struct session s = {.state = SESSION_ARRIVING,
                        .id = SID,
                        .lot = "hn-0001",
                        .gate_in = GATE,
                        .lane_in = 1,
                        .arrived = {1000},
                        .code = "DX7K3M9Q2X",
                        .token = "0123456789abcdef0123456789abcdef"};
    s.subject = (struct subject){
        .kind = SUBJECT_PLATE, .vehicle = VEHICLE_CAR, .key = "30F12345", .raw = "30F-123.45"};
    return s;
}

static void test_store__migrations_go_up_and_down_and_up_again(void **state)
{
    (void)state;
    struct store *store;
    int version = -1;
    char *dir = harness_temp_dir();
    snprintf(path, sizeof path, "%s/doxe.db", dir);
    free(dir);
    ok(store_open(path, &store));
    ok(store_version(store, &version));
    assert_int_equal(version, 0);
    for (int round = 0; round < 2; round++) {
        ok(store_migrate(store, STORE_LATEST, (wall_t){1}, &version));
        assert_int_equal(version, store_latest_version());
        ok(store_migrate(store, STORE_LATEST, (wall_t){1}, &version)); /* nothing to do */
        ok(store_begin(store));
        assert_true(number(store, "SELECT count(*) FROM sqlite_schema WHERE type = 'table'") > 15);
        ok(store_commit(store));
        ok(store_migrate(store, 0, (wall_t){1}, &version));
        assert_int_equal(version, 0);
        ok(store_begin(store));
        assert_int_equal(number(store, "SELECT count(*) FROM sqlite_schema WHERE type IN ('table',"
                                       " 'index', 'trigger') AND name NOT LIKE 'sqlite_%'"),
                         1); /* schema_version itself */
        ok(store_commit(store));
    }
    store_close(store);
}

static void test_store__a_newer_file_is_refused(void **state)
{
    (void)state;
    struct store *store = open_store();
    struct db *db;
    int version = 0;
    ok(store_commit(store));
    ok(db_open(path, &db));
    ok(db_exec(db, "INSERT INTO schema_version VALUES (9999, 'later', 1)", ""));
    db_close(db);
    assert_int_equal(store_migrate(store, STORE_LATEST, (wall_t){1}, &version), DX_E_VERSION);
    store_close(store);
}

static void test_store__sessions_read_back_as_they_were_written(void **state)
{
    (void)state;
    struct store *store = open_store();
    struct session s = a_session();
    struct session back;
    struct session open[4];
    int count = 0;
    ok(store_add_session(store, &s, (wall_t){2}));
    assert_int_equal(store_add_session(store, &s, (wall_t){2}), DX_E_EXISTS);
    s.state = SESSION_LEAVING;
    s.entered.ms = 2000;
    s.asked.ms = 3000;
    memcpy(s.gate_out, GATE, sizeof GATE);
    s.lane_out = 2;
    s.permitted = true;
    s.permit = PERMIT_ENTRY; /* the first word: not mistaken for none */
    s.fee_vnd = 25000;
    s.paid_vnd = 10000;
    s.paid_at.ms = 2500;
    s.inferred = true;
    ok(store_put_session(store, &s, (wall_t){3}));
    memset(&back, 0x5A, sizeof back);
    ok(store_get_session_by_token(store, str_c(s.token), &back));
    assert_memory_equal(&back.subject, &s.subject, sizeof s.subject);
    assert_true(back.state == s.state && back.entered.ms == 2000 && back.asked.ms == 3000);
    assert_true(back.permitted && back.permit == PERMIT_ENTRY && back.lane_out == 2);
    assert_true(back.fee_vnd == 25000 && back.paid_vnd == 10000 && back.paid_at.ms == 2500);
    assert_true(back.inferred && back.left.ms == 0);
    ok(store_get_session_by_code(store, "DX7K3M9Q2X", &back));
    assert_string_equal(back.id, SID);
    ok(store_find_open(store, "hn-0001", &s.subject, open, 4, &count));
    assert_int_equal(count, 1);
    s.subject.kind = SUBJECT_CARD;
    ok(store_find_open(store, "hn-0001", &s.subject, open, 4, &count));
    assert_int_equal(count, 0);
    s.left.ms = 4000;
    s.state = SESSION_LEFT;
    s.subject.kind = SUBJECT_PLATE;
    ok(store_put_session(store, &s, (wall_t){4}));
    ok(store_find_open(store, "hn-0001", &s.subject, open, 4, &count));
    assert_int_equal(count, 0);
    assert_int_equal(store_get_session(store, "01JZZZZZZZZZZZZZZZZZZZZZZZ", &back), DX_E_NOT_FOUND);
    store_close(store);
}

static void test_store__ledger_is_append_only_and_knows_a_repeat(void **state)
{
    (void)state;
    struct store *store = open_store();
    struct db *db;
    struct ledger_tx tx;
    struct ledger_tx back;
    ledger_begin(&tx, "credit:sepay:1", "credit", "hn-0001", SID, "C", (wall_t){7});
    ledger_add(&tx, "bank:970436-1", 25000);
    ledger_add(&tx, "prepaid:hn-0001", -25000);
    ok(store_post(store, &tx));
    assert_int_equal(store_post(store, &tx), DX_E_EXISTS);
    ok(store_get_tx(store, "credit:sepay:1", &back));
    assert_true(ledger_same(&tx, &back) && back.at.ms == 7);
    tx.entry[0].amount_vnd = 30000;
    tx.entry[1].amount_vnd = -30000;
    assert_int_equal(store_post(store, &tx), DX_E_DIFFERENT);
    assert_int_equal(number(store, "SELECT sum(amount_vnd) FROM ledger_entry"
                                   " WHERE account = 'bank:970436-1'"),
                     25000);
    ok(store_commit(store));
    ok(db_open(path, &db));
    static const char *const attempts[] = {
        "UPDATE ledger_entry SET amount_vnd = 1", "DELETE FROM ledger_entry",
        "UPDATE ledger_tx SET kind = 'x'", "DELETE FROM ledger_tx",
        /* REPLACE deletes without a DELETE trigger; a number out of turn; a closed transaction. */
        "REPLACE INTO ledger_entry VALUES ('credit:sepay:1', 1, 'bank:970436-1', 1)",
        "REPLACE INTO ledger_tx VALUES (2, 'credit:sepay:1', 7, 'x', '', '', '', x'', x'')",
        "REPLACE INTO ledger_tx VALUES (1, 'other', 7, 'x', '', '', '', x'', x'')",
        "INSERT INTO ledger_tx VALUES (3, 'other', 7, 'x', '', '', '', x'', x'')",
        "INSERT INTO ledger_tx(id, at_ms, kind, lot, session, cause, prev, hash)"
        " VALUES ('other', 7, 'x', '', '', '', x'', x'')"};
    for (size_t i = 0; i < sizeof attempts / sizeof attempts[0]; i++) {
        assert_int_equal(db_exec(db, attempts[i], ""), DX_E_STATE);
    }
    db_close(db);
    store_close(store);
}

static void count_fault(void *context, const struct books_fault *fault)
{
    int *faults = context;
    assert_non_null(fault->rule);
    ++*faults;
}

static int faults_in(void)
{
    struct db *db;
    int faults = 0;
    ok(db_open_reader(path, &db));
    ok(query_books(db, count_fault, &faults));
    db_close(db);
    return faults;
}

static void test_store__verify_sees_a_ledger_that_does_not_add_up(void **state)
{
    (void)state;
    struct store *store = open_store();
    struct db *db;
    struct session s = a_session();
    ok(store_add_session(store, &s, (wall_t){1}));
    ok(store_commit(store));
    assert_int_equal(faults_in(), 0);
    ok(db_open(path, &db));
    ok(db_exec(db, "INSERT INTO ledger_tx VALUES (1, 'x', 1, 'fee', '', '', '', x'', x'')", ""));
    assert_int_equal(faults_in(), 1); /* without entries */
    ok(db_exec(db, "INSERT INTO ledger_entry VALUES ('x', 1, 'suspense:1', 5)", ""));
    assert_int_equal(faults_in(), 2); /* not zero by itself, nor all together */
    ok(db_exec(db, "INSERT INTO ledger_entry VALUES ('x', 2, 'suspense:1', -5)", ""));
    assert_int_equal(faults_in(), 0);
    ok(db_exec(db, "UPDATE session SET paid_vnd = 5", ""));
    assert_int_equal(faults_in(), 1); /* prepaid does not say so */
    db_close(db);
    store_close(store);
}

static void test_store__what_is_set_aside_again_is_counted(void **state)
{
    (void)state;
    struct store *store = open_store();
    char long_bytes[20000];
    memset(long_bytes, 0, sizeof long_bytes); /* NULs are bytes too */
    struct str bytes = {long_bytes, sizeof long_bytes};
    ok(store_set_aside(store, (wall_t){1}, "t", "r", bytes));
    ok(store_set_aside(store, (wall_t){9}, "t", "r", bytes));
    ok(store_set_aside(store, (wall_t){9}, "t", "r", str_slice(bytes, 0, 19999)));
    assert_int_equal(number(store, "SELECT count(*) FROM quarantine"), 2);
    assert_int_equal(number(store, "SELECT times FROM quarantine WHERE id = 1"), 2);
    assert_int_equal(number(store, "SELECT last_ms FROM quarantine WHERE id = 1"), 9);
    assert_int_equal(number(store, "SELECT length(bytes) FROM quarantine WHERE id = 1"), 16384);
    store_close(store);
}

static void test_store__parked_events_are_taken_once(void **state)
{
    (void)state;
    struct store *store = open_store();
    char space[MSG_SIZE_MAX];
    struct str body;
    int64_t count = 0;
    ok(store_park(store, GATE, 1, 9, STR("nine")));
    ok(store_park(store, GATE, 1, 9, STR("again")));
    ok(store_count_parked(store, GATE, &count));
    assert_int_equal(count, 1);
    assert_int_equal(store_take_parked(store, GATE, 1, 8, space, &body), DX_E_NOT_FOUND);
    ok(store_take_parked(store, GATE, 1, 9, space, &body));
    assert_true(str_eq_c(body, "nine"));
    assert_int_equal(store_take_parked(store, GATE, 1, 9, space, &body), DX_E_NOT_FOUND);
    ok(store_park(store, GATE, 1, 9, STR("nine")));
    ok(store_park(store, GATE, 2, 3, STR("three")));
    ok(store_set_parked_aside(store, GATE, 2, (wall_t){5}, "given up"));
    assert_int_equal(number(store, "SELECT count(*) FROM parked"), 1);
    assert_int_equal(number(store, "SELECT count(*) FROM quarantine WHERE reason = 'given up'"), 1);
    store_close(store);
}

static void test_store__outbox_repeats_until_settled(void **state)
{
    (void)state;
    struct store *store = open_store();
    char space[256];
    struct store_due due;
    struct store_message found;
    wall_t next;
    struct store_message m = {.id = "01JQQQQQQQQQQQQQQQQQQQQQQQ",
                              .gate = GATE,
                              .lane = 2,
                              .type = "quote",
                              .session = SID,
                              .next = {3000}};
    ok(store_add_message(store, &m, STR("hello"), (wall_t){0}));
    assert_int_equal(store_next_due(store, (wall_t){2999}, space, sizeof space, &due),
                     DX_E_NOT_FOUND);
    ok(store_next_due(store, (wall_t){3000}, space, sizeof space, &due));
    assert_true(str_eq_c(due.body, "hello") && due.attempts == 1 && !due.expired);
    ok(store_said_again(store, m.id, (wall_t){6000}));
    ok(store_next_time(store, &next));
    assert_true(next.ms == 6000);
    ok(store_hurry(store, GATE, (wall_t){4000}));
    ok(store_next_due(store, (wall_t){4000}, space, sizeof space, &due));
    assert_int_equal(due.attempts, 2);
    ok(store_find_waiting(store, SID, &found));
    assert_string_equal(found.id, m.id);
    assert_int_equal(found.lane, 2);
    ok(store_settle_lane(store, GATE, 1, "", (wall_t){5000})); /* another lane */
    ok(store_find_waiting(store, SID, &found));
    ok(store_settle_lane(store, GATE, 1, SID, (wall_t){5000}));
    assert_int_equal(store_find_waiting(store, SID, &found), DX_E_NOT_FOUND);
    ok(store_next_time(store, &next));
    assert_true(next.ms == 0);
    /* A command is settled by its own answer only, and not said after its deadline. */
    m.type = "command";
    m.expires.ms = 9000;
    memcpy(m.id, "01JRRRRRRRRRRRRRRRRRRRRRRR", ULID_CAP);
    ok(store_add_message(store, &m, STR("open"), (wall_t){5000}));
    ok(store_settle_lane(store, GATE, 2, SID, (wall_t){6000}));
    ok(store_next_due(store, (wall_t){9000}, space, sizeof space, &due));
    assert_true(due.expired);
    store_close(store);
}

static void test_store__credits_are_recognised_by_id_and_by_reference(void **state)
{
    (void)state;
    struct store *store = open_store();
    struct bank_credit c = {.provider = "sepay",
                            .provider_tx = "1",
                            .bank_ref = "FT1",
                            .account = "0123456789",
                            .amount_vnd = 25000};
    struct store_credit row = {.id = "01JCCCCCCCCCCCCCCCCCCCCCCC",
                               .code = "",
                               .session = "",
                               .verdict = PAYMENT_UNMATCHED};
    enum payment_seen seen;
    char known[ULID_CAP];
    ok(store_add_inbox(store, "sepay", (wall_t){1}, STR("{}"), &row.inbox));
    ok(store_find_credit(store, &c, &seen, known));
    assert_int_equal(seen, PAYMENT_NEW);
    ok(store_add_credit(store, &c, &row));
    ok(store_find_credit(store, &c, &seen, known));
    assert_int_equal(seen, PAYMENT_KNOWN_TX);
    c.amount_vnd = 26000;
    ok(store_find_credit(store, &c, &seen, known));
    assert_int_equal(seen, PAYMENT_CHANGED);
    c.amount_vnd = 25000;
    memcpy(c.provider, "casso", 6);
    ok(store_find_credit(store, &c, &seen, known));
    assert_int_equal(seen, PAYMENT_KNOWN_REF);
    c.bank_ref[0] = '\0'; /* without a reference nothing is alike */
    ok(store_find_credit(store, &c, &seen, known));
    assert_int_equal(seen, PAYMENT_NEW);
    store_close(store);
}

static void test_store__alarms_are_raised_once_and_keep_their_history(void **state)
{
    (void)state;
    struct store *store = open_store();
    bool changed = false;
    ok(store_raise_alarm(store, "hn-0001", GATE, 1, "x", "", (wall_t){1}, &changed));
    assert_true(changed);
    ok(store_raise_alarm(store, "hn-0001", GATE, 1, "x", "", (wall_t){2}, &changed));
    assert_false(changed);
    ok(store_clear_alarm(store, GATE, 1, "x", (wall_t){3}, &changed));
    assert_true(changed);
    ok(store_clear_alarm(store, GATE, 1, "x", (wall_t){4}, &changed));
    assert_false(changed);
    ok(store_raise_alarm(store, "hn-0001", GATE, 1, "x", "", (wall_t){5}, &changed));
    assert_int_equal(number(store, "SELECT count(*) FROM alarm"), 2);
    store_close(store);
}

TESTS(T(test_store__migrations_go_up_and_down_and_up_again), T(test_store__a_newer_file_is_refused),
      T(test_store__sessions_read_back_as_they_were_written),
      T(test_store__ledger_is_append_only_and_knows_a_repeat),
      T(test_store__verify_sees_a_ledger_that_does_not_add_up),
      T(test_store__what_is_set_aside_again_is_counted),
      T(test_store__parked_events_are_taken_once), T(test_store__outbox_repeats_until_settled),
      T(test_store__credits_are_recognised_by_id_and_by_reference),
      T(test_store__alarms_are_raised_once_and_keep_their_history))
