/* Money that needs people: requests, suspense and two persons, reversals, refunds, debts. */
#include "server/app/cases.h"
#include "server/store/query_receipt.h"
#include "tests/integration/server_world.h"

static struct world w;

#define COUNT(table_and_where) world_number(&w, "SELECT count(*) FROM " table_and_where)
#define NUMBER(sql)            world_number(&w, sql)

static int setup(void **state)
{
    (void)state;
    world_init(&w);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    assert_int_equal(world_ledger_faults(&w), 0);
    world_fini(&w);
    return 0;
}

static void text_is(const char *sql, const char *wanted)
{
    char text[512];
    world_text(&w, sql, text, sizeof text);
    assert_string_equal(text, wanted);
}

static int64_t balance(const char *account)
{
    char sql[256];
    snprintf(sql, sizeof sql,
             "SELECT coalesce(sum(amount_vnd), 0) FROM ledger_entry WHERE account = '%s'", account);
    return NUMBER(sql);
}

static void state_is(const char *letter, const char *wanted)
{
    char sql[128];
    char id[ULID_CAP];
    world_session_id(letter, id);
    snprintf(sql, sizeof sql, "SELECT state FROM session WHERE id = '%s'", id);
    text_is(sql, wanted);
}

static void leave(const char *session, enum permit permit)
{
    struct event e = world_event_b(&w, EVENT_EXIT_PERMITTED, session);
    e.permit = permit;
    world_send(&w, &e);
    e = world_event_b(&w, EVENT_LEFT, session);
    world_send(&w, &e);
}

/* In for half an hour, and out unpaid: 25,000 are owed. */
static void leave_owing(const char *session, const char *plate)
{
    world_enter(&w, session, plate);
    world_pass(&w, 30);
    world_ask(&w, session, plate);
    leave(session, PERMIT_DEBT);
}

static void pay(const char *tx, const char *session, int64_t amount)
{
    char code[PAYCODE_CAP];
    world_code(&w, session, code);
    assert_int_equal(world_pay(&w, tx, code, amount), 200);
}

/* ---- people ---- */

static int64_t review_of(const char *kind)
{
    char sql[128];
    snprintf(sql, sizeof sql, "SELECT max(id) FROM review WHERE kind = '%s'", kind);
    return NUMBER(sql);
}

static struct app_case order(enum app_case_kind kind, const char *by, const char *id)
{
    struct app_case o = {.kind = kind};
    str_copy_cut(o.by, sizeof o.by, str_c(by));
    str_copy_cut(o.id, sizeof o.id, str_c(id));
    return o;
}

static void add_part(struct app_case *o, enum proposal_action action, const char *target,
                     int64_t amount)
{
    struct proposal_part *part = &o->part[o->part_count++];
    part->action = action;
    part->amount_vnd = amount;
    str_copy_cut(part->target, sizeof part->target, str_c(target));
}

static int run(struct app_case *o)
{
    int error = app_run_case(w.app, o);
    world_run(&w);
    return error;
}

static int propose_one(const char *by, const char *kind, enum proposal_action action,
                       const char *letter, int64_t amount, char ret_id[ULID_CAP])
{
    struct app_case o = order(APP_PROPOSE, by, "");
    char target[ULID_CAP] = "";
    if (letter[0] && letter[1] == '\0') {
        world_session_id(letter, target);
    } else {
        str_copy_cut(target, sizeof target, str_c(letter));
    }
    o.review = review_of(kind);
    add_part(&o, action, target, amount);
    int error = run(&o);
    memcpy(ret_id, o.ret_id, ULID_CAP);
    return error;
}

static int decide(enum app_case_kind kind, const char *by, const char *id, const char *note)
{
    struct app_case o = order(kind, by, id);
    str_copy_cut(o.note, sizeof o.note, str_c(note));
    return run(&o);
}

/* ---- payment requests ---- */

static void test_cases__each_quote_is_a_request_and_the_rest_is_asked_with_the_same_code(void **s)
{
    (void)s;
    world_enter(&w, "A", "30F12345");
    world_pass(&w, 30);
    world_ask(&w, "", "30F12345");
    text_is("SELECT kind || ' ' || amount_vnd || ' ' || account || ' ' || state FROM stay_request",
            "exit 25000 0123456789 open");
    assert_int_equal(NUMBER("SELECT promise_ms - made_ms FROM stay_request"), 600000);
    pay("1", "A", 10000);
    text_is("SELECT group_concat(kind || ' ' || amount_vnd || ' ' || state, ', ')"
            " FROM (SELECT * FROM stay_request ORDER BY made_ms, rowid)",
            "exit 25000 topped_up, topup 15000 open");
    assert_int_equal(NUMBER("SELECT count(DISTINCT code) FROM stay_request"), 1);
    struct vietqr qr;
    ok(vietqr_parse(str_c(world_last(&w, GATE_B, DOWN_QUOTE)->payload), &qr, NULL, NULL));
    assert_true(qr.amount_vnd == 15000);
    pay("2", "A", 15000);
    assert_int_equal(COUNT("stay_request WHERE state = 'paid' AND credit <> ''"), 1);
    assert_int_equal(COUNT("stay_request WHERE state = 'open'"), 0);
    assert_int_equal(world_count_said(&w, GATE_B, DOWN_PAID), 1);
    assert_int_equal(NUMBER("SELECT sum(amount_vnd) FROM credit_applied"), 25000);
}

/* mollie/OpenCart#320: a second attempt's "open" overwrote the first attempt's "paid". */
static void test_cases__a_second_attempt_never_overwrites_the_paid_of_the_first(void **s)
{
    (void)s;
    world_enter(&w, "A", "30F12345");
    world_pass(&w, 30);
    world_ask(&w, "", "30F12345");
    pay("1", "A", 25000);
    world_pass(&w, 45); /* it backed off and stays: the second hour is due */
    struct event e = world_event_b(&w, EVENT_BACKED_OFF, "A");
    world_send(&w, &e);
    world_ask(&w, "", "30F12345");
    text_is("SELECT group_concat(state, ' ') FROM (SELECT state FROM stay_request ORDER BY"
            " made_ms, rowid)",
            "paid open");
    world_pass(&w, 120); /* the promise of the second ends; the first stays what it is */
    world_run(&w);
    text_is("SELECT group_concat(state, ' ') FROM (SELECT state FROM stay_request ORDER BY"
            " made_ms, rowid)",
            "paid expired");
    struct db *db;
    ok(db_open(w.database, &db));
    assert_int_equal(db_exec(db, "UPDATE stay_request SET state = 'expired'", ""), DX_E_STATE);
    db_close(db);
}

static void test_cases__a_look_at_the_page_is_a_request_and_a_second_look_none(void **s)
{
    (void)s;
    char token[64];
    world_enter(&w, "A", "30F12345");
    world_text(&w, "SELECT token FROM session", token, sizeof token);
    world_pass(&w, 30);
    for (int i = 0; i < 3; i++) {
        app_note_page(w.app, str_c(token));
        world_run(&w);
    }
    text_is("SELECT group_concat(kind || ' ' || amount_vnd || ' ' || state) FROM stay_request",
            "page 25000 open");
    app_note_page(w.app, STR("00000000000000000000000000000000"));
    world_pass(&w, 31); /* the fee has grown */
    app_note_page(w.app, str_c(token));
    world_run(&w);
    assert_int_equal(COUNT("stay_request WHERE state = 'open' AND amount_vnd = 50000"), 1);
    pay("1", "A", 50000); /* before the exit: the grace to leave is the tariff's */
    state_is("A", "paid");
    world_pass(&w, 10);
    world_ask(&w, "A", "30F12345");
    assert_int_equal(world_last(&w, GATE_B, DOWN_QUOTE)->state, QUOTE_PAID);
}

/* ---- paid reaches the barrier ---- */

static void query(const char *gate, int lane, const char *session, const char *ask)
{
    char space[512];
    char topic[96];
    struct out out;
    struct query q = {.lane = lane};
    str_copy_cut(q.gate, sizeof q.gate, str_c(gate));
    world_session_id(session, q.session);
    str_copy_cut(q.ask, sizeof q.ask, str_c(ask));
    out_init(&out, space, sizeof space);
    query_write(&out, &q);
    snprintf(topic, sizeof topic, "doxe/1/%.7s/%s/up", gate, gate);
    world_post(&w, topic, space);
    world_run(&w);
}

static void test_cases__a_lane_that_asks_hears_paid_though_it_was_believed_heard(void **s)
{
    (void)s;
    world_enter(&w, "A", "30F12345");
    world_pass(&w, 30);
    struct event ask = world_ask(&w, "", "30F12345");
    world_forget(&w);
    query(GATE_B, 2, "A", ask.id);
    assert_int_equal(world_count_said(&w, GATE_B, DOWN_QUOTE), 1);
    pay("1", "A", 25000);
    struct db *db;
    ok(db_open(w.database, &db));
    ok(db_exec(db, "UPDATE outbox SET done_ms = 1", "")); /* settled wrongly */
    db_close(db);
    world_forget(&w);
    for (int i = 0; i < 8; i++) {
        query(GATE_B, 2, "A", ask.id);
    }
    assert_int_equal(world_count_said(&w, GATE_B, DOWN_PAID), 8);
    assert_string_equal(world_last(&w, GATE_B, DOWN_PAID)->ask, ask.id);
    assert_int_equal(COUNT("outbox WHERE type = 'paid'"), 1); /* one payment, said again */
    assert_int_equal(COUNT("outbox WHERE type = 'paid' AND done_ms IS NULL"), 1);
    assert_int_equal(COUNT("event WHERE seq = 0"), 0); /* a query is no event */
}

static void test_cases__paid_for_another_session_lane_or_ask_is_never_said(void **s)
{
    (void)s;
    world_enter(&w, "A", "30F12345");
    world_enter(&w, "B", "29A99999");
    world_pass(&w, 30);
    struct event first = world_ask(&w, "", "30F12345");
    struct event e = world_event_b(&w, EVENT_BACKED_OFF, "A");
    world_send(&w, &e);
    struct event again = world_ask(&w, "", "30F12345");
    pay("1", "A", 25000);
    world_forget(&w);
    query(GATE_B, 2, "A", first.id); /* an earlier ask */
    query(GATE_B, 1, "A", again.id); /* another lane */
    query(GATE_A, 2, "A", again.id); /* another gate */
    query(GATE_B, 2, "B", again.id); /* another session */
    query(GATE_B, 2, "", again.id);  /* a paid that belongs to a session */
    query(GATE_B, 2, "A", "");
    query("hn-0002-g1", 2, "A", again.id);
    assert_int_equal(world_count_said(&w, GATE_B, DOWN_PAID) +
                         world_count_said(&w, GATE_A, DOWN_PAID) +
                         world_count_said(&w, "hn-0002-g1", DOWN_PAID),
                     1); /* the fifth: it names the ask itself */
    assert_int_equal(world_count_said(&w, GATE_B, DOWN_QUOTE), 0);
}

/* Two lanes read the same plate: the lane that asked last is told, and it alone. */
static void test_cases__two_lanes_ask_for_one_session_and_one_opens(void **s)
{
    (void)s;
    world_enter(&w, "A", "30F12345");
    world_pass(&w, 30);
    struct event one = world_ask(&w, "", "30F12345");
    struct event two = world_event_b(&w, EVENT_EXIT_ASKED, "");
    two.lane = 3;
    world_plate(&two, "30F12345", VEHICLE_CAR);
    world_send(&w, &two);
    world_forget(&w);
    pay("1", "A", 25000);
    assert_int_equal(world_count_said(&w, GATE_B, DOWN_PAID), 1);
    assert_int_equal(world_last(&w, GATE_B, DOWN_PAID)->lane, 3);
    world_forget(&w);
    query(GATE_B, 2, "A", one.id);
    assert_int_equal(world_count_said(&w, GATE_B, DOWN_PAID), 0);
    query(GATE_B, 3, "A", two.id);
    assert_int_equal(world_count_said(&w, GATE_B, DOWN_PAID), 1);
}

/* ---- two persons ---- */

static void test_cases__unmatched_money_opens_a_lane_when_a_second_person_agrees(void **s)
{
    (void)s;
    char id[ULID_CAP];
    world_enter(&w, "A", "30F12345");
    world_pass(&w, 30);
    world_ask(&w, "", "30F12345");
    world_pay(&w, "1", "chuyen tien", 25000);
    assert_true(balance("suspense:0123456789") == -25000);
    assert_int_equal(app_review_close(w.app, review_of("bank_unmatched"), "lan"), DX_E_DENIED);
    ok(propose_one("lan", "bank_unmatched", PROPOSAL_SESSION, "A", 25000, id));
    assert_int_equal(world_count_said(&w, GATE_B, DOWN_PAID), 0);
    assert_int_equal(decide(APP_APPROVE, "lan", id, ""), DX_E_DENIED);
    assert_int_equal(decide(APP_APPROVE, "", id, ""), DX_E_INVAL);
    assert_int_equal(COUNT("ledger_tx WHERE kind = 'resolve'"), 0);
    ok(decide(APP_APPROVE, "minh", id, ""));
    assert_int_equal(world_count_said(&w, GATE_B, DOWN_PAID), 1);
    state_is("A", "paid");
    assert_true(balance("suspense:0123456789") == 0 && balance("prepaid:hn-0001") == -25000);
    assert_int_equal(COUNT("review WHERE closed_ms IS NULL"), 0);
    assert_int_equal(decide(APP_APPROVE, "minh", id, ""), DX_E_NOT_FOUND); /* once */
    text_is("SELECT made_by || ' ' || decided_by || ' ' || state FROM proposal",
            "lan minh approved");
    leave("A", PERMIT_PAID);
    state_is("A", "left");
}

/* As the command line does it, over the same file; the lane hears of it when it asks. */
static void test_cases__a_decision_beside_the_running_server_reaches_the_lane(void **s)
{
    (void)s;
    world_enter(&w, "A", "30F12345");
    world_pass(&w, 30);
    struct event asked = world_ask(&w, "", "30F12345");
    world_pay(&w, "1", "chuyen tien", 25000);
    struct app_case o = order(APP_PROPOSE, "lan", "");
    char target[ULID_CAP];
    world_session_id("A", target);
    o.review = review_of("bank_unmatched");
    add_part(&o, PROPOSAL_SESSION, target, 25000);
    ok(app_run_case_beside(&w.config, &w.ports, &o));
    struct app_case second = order(APP_APPROVE, "lan", o.ret_id);
    assert_int_equal(app_run_case_beside(&w.config, &w.ports, &second), DX_E_DENIED);
    second = order(APP_APPROVE, "minh", o.ret_id);
    ok(app_run_case_beside(&w.config, &w.ports, &second));
    state_is("A", "paid");
    assert_int_equal(world_count_said(&w, GATE_B, DOWN_PAID), 0);
    query(GATE_B, 2, "A", asked.id);
    assert_int_equal(world_count_said(&w, GATE_B, DOWN_PAID), 1);
    struct app_config none = w.config;
    none.database = "/nonexistent/doxe.db";
    assert_int_equal(app_run_case_beside(&none, &w.ports, &second), DX_E_IO);
}

static void test_cases__a_refusal_says_why_and_another_may_propose_again(void **s)
{
    (void)s;
    char id[ULID_CAP];
    char second[ULID_CAP];
    leave_owing("A", "30F12345");
    world_pay(&w, "1", "chuyen tien", 25000);
    ok(propose_one("lan", "bank_unmatched", PROPOSAL_OWNER, "", 25000, id));
    assert_int_equal(propose_one("minh", "bank_unmatched", PROPOSAL_DEBT, "A", 25000, second),
                     DX_E_EXISTS);
    assert_int_equal(decide(APP_REFUSE, "minh", id, ""), DX_E_INVAL);
    ok(decide(APP_REFUSE, "minh", id, "not ours"));
    ok(propose_one("minh", "bank_unmatched", PROPOSAL_DEBT, "A", 25000, second));
    ok(decide(APP_APPROVE, "lan", second, ""));
    state_is("A", "left");
    assert_true(balance("receivable:hn-0001") == 0);
    assert_int_equal(COUNT("stay_request WHERE kind = 'debt' AND state = 'paid'"), 1);
}

static void test_cases__two_codes_are_split_by_hand(void **s)
{
    (void)s;
    char a[PAYCODE_CAP];
    char b[PAYCODE_CAP];
    char content[64];
    struct app_case o = order(APP_PROPOSE, "lan", "");
    char id[2][ULID_CAP];
    world_enter(&w, "A", "30F12345");
    world_enter(&w, "B", "29A99999");
    world_code(&w, "A", a);
    world_code(&w, "B", b);
    world_pass(&w, 30);
    snprintf(content, sizeof content, "%s va %s", a, b);
    world_pay(&w, "1", content, 60000);
    world_session_id("A", id[0]);
    world_session_id("B", id[1]);
    o.review = review_of("bank_two_codes");
    add_part(&o, PROPOSAL_SESSION, id[0], 25000);
    add_part(&o, PROPOSAL_SESSION, id[1], 30000);
    assert_int_equal(run(&o), DX_E_RANGE); /* the lines add up, or nothing is said */
    add_part(&o, PROPOSAL_OWNER, "", 5000);
    ok(run(&o));
    ok(decide(APP_APPROVE, "minh", o.ret_id, ""));
    state_is("A", "paid");
    state_is("B", "paid");
    assert_true(balance("owner:0123456789") == -5000 && balance("refund_due:hn-0001") == -5000);
    assert_int_equal(COUNT("refund WHERE cause = 'over' AND amount_vnd = 5000"), 1);
}

static void test_cases__the_right_code_on_a_wrong_account_opens_nothing_by_itself(void **s)
{
    (void)s;
    char code[PAYCODE_CAP];
    char id[ULID_CAP];
    world_enter(&w, "A", "30F12345");
    world_code(&w, "A", code);
    world_pass(&w, 30);
    world_ask(&w, "", "30F12345");
    world_pay_to(&w, "1", "9876543210", "in", code, 25000);
    state_is("A", "quoted");
    assert_int_equal(world_count_said(&w, GATE_B, DOWN_PAID), 0);
    ok(propose_one("lan", "bank_wrong_account", PROPOSAL_SESSION, "A", 25000, id));
    assert_int_equal(world_count_said(&w, GATE_B, DOWN_PAID), 0);
    ok(decide(APP_APPROVE, "minh", id, ""));
    assert_int_equal(world_count_said(&w, GATE_B, DOWN_PAID), 1);
}

static void test_cases__money_of_another_operator_can_only_go_back_or_stay(void **s)
{
    (void)s;
    char id[ULID_CAP];
    static struct app_operator two[2] = {{.id = "op", .name = "Một"}, {.id = "op2", .name = "Hai"}};
    world_stop(&w);
    w.config.operators = two;
    w.config.operator_count = 2;
    memcpy(w.lots[1].operator_id, "op2", 4);
    world_start(&w);
    world_enter(&w, "A", "30F12345");
    world_pay_to(&w, "1", "9876543210", "in", "chuyen tien", 25000);
    assert_int_equal(propose_one("lan", "bank_unmatched", PROPOSAL_SESSION, "A", 25000, id),
                     DX_E_STATE);
    ok(propose_one("lan", "bank_unmatched", PROPOSAL_KEEP, "", 25000, id));
    ok(decide(APP_APPROVE, "minh", id, ""));
    assert_int_equal(COUNT("review WHERE closed_ms IS NULL"), 1); /* it is still nobody's */
    ok(propose_one("lan", "bank_unmatched", PROPOSAL_REFUND, "", 25000, id));
    ok(decide(APP_APPROVE, "minh", id, ""));
    text_is("SELECT lot || ' ' || amount_vnd || ' ' || cause FROM refund",
            "hn-0002 25000 transfer");
    assert_int_equal(COUNT("review WHERE closed_ms IS NULL"), 0);
}

static void test_cases__lines_that_cannot_be_are_refused(void **s)
{
    (void)s;
    char id[ULID_CAP];
    struct app_case o = order(APP_PROPOSE, "lan", "");
    world_enter(&w, "A", "30F12345");
    world_pay(&w, "1", "chuyen tien", 25000);
    const char *kind = "bank_unmatched";
    assert_int_equal(propose_one("lan", kind, PROPOSAL_DEBT, "A", 25000, id), DX_E_STATE);
    assert_int_equal(propose_one("lan", kind, PROPOSAL_SESSION, "Z", 25000, id), DX_E_NOT_FOUND);
    assert_int_equal(propose_one("lan", kind, PROPOSAL_SESSION, "", 25000, id), DX_E_INVAL);
    assert_int_equal(propose_one("lan", kind, PROPOSAL_SESSION, "A", 24999, id), DX_E_RANGE);
    assert_int_equal(propose_one("lan", kind, PROPOSAL_SESSION, "A", -1, id), DX_E_INVAL);
    assert_int_equal(propose_one("lan", kind, PROPOSAL_REFUND_PAID, "A", 25000, id), DX_E_INVAL);
    assert_int_equal(propose_one("", kind, PROPOSAL_OWNER, "", 25000, id), DX_E_INVAL);
    o.review = 999;
    add_part(&o, PROPOSAL_OWNER, "", 25000);
    assert_int_equal(run(&o), DX_E_NOT_FOUND);
    assert_int_equal(COUNT("proposal"), 0);
}

/* ---- taken back ---- */

static void take_back(const char *tx, const char *reference, int64_t amount)
{
    char content[64];
    snprintf(content, sizeof content, "hoan giao dich %s", reference);
    world_pay_to(&w, tx, "0123456789", "out", content, amount);
}

static void test_cases__a_transfer_taken_back_makes_an_open_stay_owe_again(void **s)
{
    (void)s;
    world_enter(&w, "A", "30F12345");
    world_pass(&w, 30);
    world_ask(&w, "", "30F12345");
    pay("100001", "A", 25000);
    state_is("A", "paid");
    world_forget(&w);
    take_back("2", "FT100001", 25000);
    state_is("A", "quoted");
    assert_int_equal(NUMBER("SELECT paid_vnd FROM session"), 0);
    assert_int_equal(world_last(&w, GATE_B, DOWN_QUOTE)->state, QUOTE_DUE); /* the lane is told */
    assert_int_equal(COUNT("outbox WHERE type = 'paid' AND done_ms IS NULL"), 0);
    assert_int_equal(COUNT("review WHERE kind = 'bank_taken_back'"), 1);
    text_is("SELECT verdict FROM bank_credit WHERE direction = 'out'", "taken_back");
    assert_true(balance("suspense:0123456789") == 0 && balance("bank:970436-0123456789") == 0);
    take_back("3", "FT100001", 25000); /* it was taken back already: a person looks */
    text_is("SELECT group_concat(verdict, ' ') FROM bank_credit WHERE direction = 'out'",
            "taken_back reversal");
    assert_true(balance("suspense:0123456789") == 25000);
}

static void test_cases__a_transfer_taken_back_after_the_exit_is_a_debt(void **s)
{
    (void)s;
    world_enter(&w, "A", "30F12345");
    world_pass(&w, 30);
    world_ask(&w, "", "30F12345");
    pay("100001", "A", 25000);
    leave("A", PERMIT_PAID);
    state_is("A", "left");
    char code[PAYCODE_CAP];
    world_code(&w, "A", code);
    world_pay_to(&w, "2", "0123456789", "out", code, 25000); /* named by its code alone */
    state_is("A", "left_unpaid");
    assert_true(balance("receivable:hn-0001") == 25000);
    assert_int_equal(COUNT("stay_request WHERE kind = 'debt' AND state = 'open'"), 1);
    assert_int_equal(NUMBER("SELECT debt_turns * 10 + transfer_turns FROM rollup"
                            " WHERE grain = 1"),
                     10);
    assert_int_equal(NUMBER("SELECT sum(transfer_vnd) FROM rollup WHERE grain = 1"), 0);
    pay("3", "A", 25000);
    state_is("A", "left");
}

static void test_cases__a_second_transfer_taken_back_cancels_its_refund(void **s)
{
    (void)s;
    world_enter(&w, "A", "30F12345");
    world_pass(&w, 30);
    pay("100001", "A", 25000);
    pay("100002", "A", 25000);
    assert_true(balance("refund_due:hn-0001") == -25000);
    take_back("3", "FT100002", 25000);
    text_is("SELECT state || ' ' || cancelled_by FROM refund", "cancelled system");
    assert_true(balance("refund_due:hn-0001") == 0 && balance("suspense:0123456789") == 0);
    state_is("A", "paid"); /* the first one stands */
}

static void test_cases__what_waits_in_suspense_and_is_taken_back_is_even(void **s)
{
    (void)s;
    world_pay(&w, "100001", "chuyen tien", 70000);
    take_back("2", "FT100001", 70000);
    assert_true(balance("suspense:0123456789") == 0);
    assert_int_equal(COUNT("review WHERE kind = 'bank_unmatched' AND closed_ms IS NULL"), 0);
    take_back("3", "FT555555", 70000); /* nobody knows this one */
    assert_int_equal(COUNT("review WHERE kind = 'bank_reversal'"), 1);
    assert_true(balance("suspense:0123456789") == 70000);
    char id[ULID_CAP];
    ok(propose_one("lan", "bank_reversal", PROPOSAL_OWNER, "", 70000, id));
    ok(decide(APP_APPROVE, "minh", id, ""));
    assert_true(balance("suspense:0123456789") == 0 && balance("owner:0123456789") == 70000);
}

/* ---- refunds ---- */

static struct app_case give_account(const char *link)
{
    struct app_case o = order(APP_REFUND_ACCOUNT, "", "");
    str_copy_cut(o.link, sizeof o.link, str_c(link));
    memcpy(o.bin, "970436", 7);
    str_copy_cut(o.account, sizeof o.account, STR("00110022003"));
    str_copy_cut(o.holder, sizeof o.holder, STR("NGUYEN VAN A"));
    return o;
}

static void refund_id(char out[ULID_CAP])
{
    world_text(&w, "SELECT id FROM refund ORDER BY id DESC LIMIT 1", out, ULID_CAP);
}

/* Paid twice: a case of 25,000, its account given. */
static void duplicate_case(char id[ULID_CAP])
{
    struct app_case link;
    world_enter(&w, "A", "30F12345");
    world_pass(&w, 30);
    pay("1", "A", 25000);
    pay("2", "A", 25000);
    refund_id(id);
    link = order(APP_REFUND_LINK, "lan", id);
    ok(run(&link));
    struct app_case account = give_account(link.ret_link);
    ok(run(&account));
    assert_int_equal(run(&account), DX_E_STALE); /* a link is used once */
}

static void test_cases__a_refund_goes_by_two_persons_and_ends_with_the_bank_s_row(void **s)
{
    (void)s;
    char id[ULID_CAP];
    char code[32];
    char content[64];
    duplicate_case(id);
    assert_int_equal(decide(APP_REFUND_SENT, "minh", id, "FT900"), DX_E_STATE);
    assert_int_equal(decide(APP_REFUND_APPROVE, "lan", id, ""), DX_E_DENIED); /* made the link */
    ok(decide(APP_REFUND_APPROVE, "minh", id, ""));
    assert_int_equal(decide(APP_REFUND_SENT, "minh", id, ""), DX_E_INVAL);
    ok(decide(APP_REFUND_SENT, "minh", id, "FT777"));
    assert_true(balance("refund_due:hn-0001") == -25000); /* sent proves nothing */
    world_pay_to(&w, "776", "0123456789", "out", "chi khac", 25000);
    text_is("SELECT state FROM refund", "sent"); /* the amount alone proves nothing either */
    world_pay_to(&w, "777", "0123456789", "out", "khong ro", 25000);
    text_is("SELECT state FROM refund", "confirmed");
    assert_true(balance("refund_due:hn-0001") == 0);
    world_text(&w, "SELECT code FROM refund", code, sizeof code);
    snprintf(content, sizeof content, "Hoan tien %s", code);
    world_pay_to(&w, "778", "0123456789", "out", content, 25000); /* a second time: a person */
    assert_int_equal(COUNT("bank_credit WHERE verdict = 'refund_paid'"), 1);
    assert_int_equal(COUNT("bank_credit WHERE verdict = 'reversal'"), 2);
}

static void test_cases__a_refund_is_known_by_its_code_when_the_bank_is_faster(void **s)
{
    (void)s;
    char id[ULID_CAP];
    char code[32];
    char content[64];
    duplicate_case(id);
    ok(decide(APP_REFUND_APPROVE, "minh", id, ""));
    world_text(&w, "SELECT code FROM refund", code, sizeof code);
    snprintf(content, sizeof content, "hoan tien %.5s-%s", code, code + 5);
    world_pay_to(&w, "9", "0123456789", "out", content, 24000); /* not the amount */
    text_is("SELECT state FROM refund", "approved");
    world_pay_to(&w, "10", "0123456789", "out", content, 25000);
    text_is("SELECT state FROM refund", "confirmed");
}

static void test_cases__the_account_is_sealed_and_erased_after_the_refund(void **s)
{
    (void)s;
    char id[ULID_CAP];
    duplicate_case(id);
    assert_int_equal(COUNT("refund_account WHERE instr(sealed, '00110022003') > 0"
                           " OR instr(sealed, 'NGUYEN') > 0"),
                     0);
    assert_int_equal(COUNT("refund_account"), 1);
    ok(decide(APP_REFUND_APPROVE, "minh", id, ""));
    ok(decide(APP_REFUND_SENT, "minh", id, "FT777"));
    world_pay_to(&w, "777", "0123456789", "out", "x", 25000);
    world_pass(&w, 29 * 24 * 60);
    world_run(&w);
    assert_int_equal(COUNT("refund_account"), 1);
    world_pass(&w, 24 * 60 + 61);
    world_run(&w);
    assert_int_equal(COUNT("refund_account"), 0);
    text_is("SELECT state FROM refund", "confirmed"); /* the case stays */
}

static void test_cases__links_end_with_time_a_newer_link_and_a_wrong_key(void **s)
{
    (void)s;
    char id[ULID_CAP];
    world_enter(&w, "A", "30F12345");
    pay("1", "A", 25000);
    pay("2", "A", 25000);
    refund_id(id);
    assert_int_equal(decide(APP_REFUND_APPROVE, "minh", id, ""), DX_E_STATE); /* no account yet */
    struct app_case first = order(APP_REFUND_LINK, "lan", id);
    ok(run(&first));
    struct app_case second = order(APP_REFUND_LINK, "lan", id);
    ok(run(&second));
    struct app_case account = give_account(first.ret_link);
    assert_int_equal(run(&account), DX_E_STALE);
    account = give_account(second.ret_link);
    account.link[strlen(account.link) - 1] ^= 1;
    assert_int_equal(run(&account), DX_E_STALE);
    account = give_account("no-link");
    assert_int_equal(run(&account), DX_E_NOT_FOUND);
    account = give_account(second.ret_link);
    str_copy_cut(account.account, sizeof account.account, STR("=1+1"));
    assert_int_equal(run(&account), DX_E_INVAL);
    world_pass(&w, 7 * 24 * 60 + 1);
    account = give_account(second.ret_link);
    assert_int_equal(run(&account), DX_E_STALE);
    assert_int_equal(COUNT("refund_account"), 0);
    w.config.case_key = NULL;
    struct app_case none = order(APP_REFUND_LINK, "lan", id);
    assert_int_equal(run(&none), DX_E_VERSION);
}

static void test_cases__a_part_of_a_fee_is_given_back_and_never_more_than_was_paid(void **s)
{
    (void)s;
    char id[ULID_CAP];
    world_enter(&w, "A", "30F12345");
    world_session_id("A", id);
    world_pass(&w, 30);
    world_ask(&w, "", "30F12345");
    pay("1", "A", 25000);
    struct app_case o = order(APP_REFUND_REQUEST, "lan", id);
    o.amount_vnd = 10000;
    assert_int_equal(run(&o), DX_E_INVAL); /* a reason */
    str_copy_cut(o.note, sizeof o.note, STR("complaint"));
    assert_int_equal(run(&o), DX_E_STATE); /* it has not left */
    leave("A", PERMIT_PAID);
    ok(run(&o));
    o.amount_vnd = 15001;
    assert_int_equal(run(&o), DX_E_RANGE);
    assert_true(balance("refund_due:hn-0001") == 0); /* nothing is agreed */
    struct app_case link = order(APP_REFUND_LINK, "lan", "");
    refund_id(link.id);
    ok(run(&link));
    struct app_case account = give_account(link.ret_link);
    ok(run(&account));
    ok(decide(APP_REFUND_APPROVE, "minh", link.id, ""));
    assert_true(balance("refund_due:hn-0001") == -10000 && balance("refunded:hn-0001") == 10000);
    assert_int_equal(decide(APP_REFUND_CANCEL, "minh", link.id, "no"), DX_E_DENIED);
    ok(decide(APP_REFUND_CANCEL, "lan", link.id, "withdrawn"));
    assert_true(balance("refund_due:hn-0001") == 0 && balance("refunded:hn-0001") == 0);
    assert_int_equal(decide(APP_REFUND_APPROVE, "minh", link.id, ""), DX_E_STATE);
}

/* ---- debts ---- */

static void test_cases__a_debt_is_noted_at_the_next_entry_and_changes_no_fee(void **s)
{
    (void)s;
    leave_owing("A", "30F12345");
    state_is("A", "left_unpaid");
    assert_int_equal(COUNT("review"), 0); /* let out owing: agreed at the gate */
    world_pass(&w, 600);
    world_enter(&w, "B", "30F12345");
    assert_int_equal(NUMBER("SELECT due_vnd FROM debt_offer"), 25000);
    world_pass(&w, 30);
    world_ask(&w, "", "30F12345");
    const struct down *quote = world_last(&w, GATE_B, DOWN_QUOTE);
    assert_true(quote->fee_vnd == 25000 && quote->amount_vnd == 25000);
    pay("1", "B", 25000);
    state_is("B", "paid");
    state_is("A", "left_unpaid");
    pay("2", "A", 25000); /* by its own code */
    state_is("A", "left");
    world_enter(&w, "C", "29A99999"); /* another vehicle has none */
    assert_int_equal(COUNT("debt_offer"), 1);
}

/* `own`: of the stay's own transfers. */
static void receipt_is(const char *letter, int64_t total_vnd, int64_t own_vnd)
{
    struct db *db;
    struct receipt receipt;
    struct session_row row = {.lot = "hn-0001"};
    world_session_id(letter, row.id);
    ok(db_open_reader(w.database, &db));
    ok(query_receipt(db, &row, &receipt));
    db_close(db);
    assert_true(receipt.total_vnd == total_vnd && receipt.own_vnd == own_vnd);
    assert_int_equal(receipt.payment_count, 1);
}

static void test_cases__where_the_lot_wants_it_the_request_holds_the_debt_to_pay_or_not(void **s)
{
    (void)s;
    w.lots[0].debt_in_request = true;
    leave_owing("A", "30F12345");
    world_pass(&w, 600);
    world_enter(&w, "B", "30F12345");
    world_pass(&w, 30);
    world_ask(&w, "", "30F12345");
    const struct down *quote = world_last(&w, GATE_B, DOWN_QUOTE);
    assert_true(quote->fee_vnd == 25000 && quote->amount_vnd == 50000);
    assert_string_equal(quote->line[quote->line_count - 1].en, "Owed for earlier stays");
    pay("1", "B", 25000); /* the stay alone opens */
    assert_int_equal(world_count_said(&w, GATE_B, DOWN_PAID), 1);
    state_is("A", "left_unpaid");
    leave("B", PERMIT_PAID);
    world_pass(&w, 600);
    world_enter(&w, "C", "30F12345");
    world_pass(&w, 30);
    world_ask(&w, "", "30F12345");
    pay("2", "C", 55000); /* both, and 5,000 too much */
    state_is("A", "left");
    state_is("C", "paid");
    assert_true(balance("receivable:hn-0001") == 0 && balance("refund_due:hn-0001") == -5000);
    text_is("SELECT verdict FROM bank_credit WHERE provider_tx = '2'", "over");
    receipt_is("A", 25000, 0);
    receipt_is("C", 25000, 25000);
}

static void test_cases__a_debt_is_written_off_by_two_persons_and_late_money_still_counts(void **s)
{
    (void)s;
    char id[ULID_CAP];
    leave_owing("A", "30F12345");
    world_session_id("A", id);
    struct app_case o = order(APP_WRITE_OFF, "lan", id);
    assert_int_equal(run(&o), DX_E_INVAL);
    str_copy_cut(o.note, sizeof o.note, STR("never came back"));
    ok(run(&o));
    struct app_case twice = o;
    assert_int_equal(run(&twice), DX_E_EXISTS);
    assert_int_equal(decide(APP_APPROVE, "lan", o.ret_id, ""), DX_E_DENIED);
    ok(decide(APP_APPROVE, "minh", o.ret_id, ""));
    state_is("A", "written_off");
    assert_true(balance("receivable:hn-0001") == 0 && balance("written_off:hn-0001") == 25000);
    pay("1", "A", 30000);
    state_is("A", "left");
    assert_true(balance("written_off:hn-0001") == 0 && balance("refund_due:hn-0001") == -5000);
    text_is("SELECT verdict FROM bank_credit", "late");
}

/* ---- what gates tell now ---- */

static void test_cases__a_corrected_plate_names_the_stay_from_then_on(void **s)
{
    (void)s;
    world_enter(&w, "A", "30F12345");
    struct event e = world_event(&w, EVENT_AMENDED, "A");
    world_plate(&e, "30F12346", VEHICLE_CAR);
    e.subject.source = SOURCE_ATTENDANT;
    world_send(&w, &e);
    text_is("SELECT key || ' ' || raw || ' ' || state FROM session", "30F12346 30F12346 inside");
    world_pass(&w, 30);
    world_ask(&w, "", "30F12346");
    assert_int_equal(world_last(&w, GATE_B, DOWN_QUOTE)->state, QUOTE_DUE);
    leave("A", PERMIT_DEBT);
    e = world_event(&w, EVENT_AMENDED, "A");
    world_plate(&e, "30F99999", VEHICLE_CAR);
    world_send(&w, &e);
    text_is("SELECT key || ' ' || state FROM session", "30F12346 left_unpaid");
    assert_int_equal(COUNT("review WHERE kind = 'session_conflict'"), 1);
}

static void test_cases__a_stated_entry_is_a_stay_with_a_review(void **s)
{
    (void)s;
    struct event e = world_event_b(&w, EVENT_ENTRY_DECLARED, "A");
    world_plate(&e, "30F12345", VEHICLE_CAR);
    e.entered = wall_add(w.now, -65 * (int64_t)TIME_MINUTE_MS);
    memcpy(e.by, "lan", 4);
    memcpy(e.code, "papers", 7);
    world_send(&w, &e);
    text_is("SELECT state || ' ' || inferred FROM session", "inside 1");
    assert_int_equal(COUNT("review WHERE kind = 'entry_declared'"), 1);
    world_ask(&w, "A", "30F12345");
    assert_true(world_last(&w, GATE_B, DOWN_QUOTE)->amount_vnd == 50000);
    e = world_event_b(&w, EVENT_ENTRY_DECLARED, "B");
    world_plate(&e, "29A99999", VEHICLE_CAR);
    e.entered = wall_add(w.now, TIME_DAY_MS); /* in the future: not possible, taken as now */
    memcpy(e.code, "none", 5);
    world_send(&w, &e);
    assert_int_equal(COUNT("session WHERE entered_ms > arrived_ms OR entered_ms > updated_ms"), 0);
}

static void test_cases__a_passage_without_a_session_is_a_row(void **s)
{
    (void)s;
    world_enter(&w, "A", "30F12345");
    struct event e = world_event_b(&w, EVENT_UNLOGGED, "A");
    memcpy(e.code, "tailgating", 11);
    world_send(&w, &e);
    text_is("SELECT lot || ' ' || gate || ' ' || lane || ' ' || code FROM unlogged",
            "hn-0001 hn-0001-g2 2 tailgating");
    state_is("A", "inside");
}

#define W(test) cmocka_unit_test_setup_teardown(test, setup, teardown)
TESTS(W(test_cases__each_quote_is_a_request_and_the_rest_is_asked_with_the_same_code),
      W(test_cases__a_second_attempt_never_overwrites_the_paid_of_the_first),
      W(test_cases__a_look_at_the_page_is_a_request_and_a_second_look_none),
      W(test_cases__a_lane_that_asks_hears_paid_though_it_was_believed_heard),
      W(test_cases__paid_for_another_session_lane_or_ask_is_never_said),
      W(test_cases__two_lanes_ask_for_one_session_and_one_opens),
      W(test_cases__unmatched_money_opens_a_lane_when_a_second_person_agrees),
      W(test_cases__a_decision_beside_the_running_server_reaches_the_lane),
      W(test_cases__a_refusal_says_why_and_another_may_propose_again),
      W(test_cases__two_codes_are_split_by_hand),
      W(test_cases__the_right_code_on_a_wrong_account_opens_nothing_by_itself),
      W(test_cases__money_of_another_operator_can_only_go_back_or_stay),
      W(test_cases__lines_that_cannot_be_are_refused),
      W(test_cases__a_transfer_taken_back_makes_an_open_stay_owe_again),
      W(test_cases__a_transfer_taken_back_after_the_exit_is_a_debt),
      W(test_cases__a_second_transfer_taken_back_cancels_its_refund),
      W(test_cases__what_waits_in_suspense_and_is_taken_back_is_even),
      W(test_cases__a_refund_goes_by_two_persons_and_ends_with_the_bank_s_row),
      W(test_cases__a_refund_is_known_by_its_code_when_the_bank_is_faster),
      W(test_cases__the_account_is_sealed_and_erased_after_the_refund),
      W(test_cases__links_end_with_time_a_newer_link_and_a_wrong_key),
      W(test_cases__a_part_of_a_fee_is_given_back_and_never_more_than_was_paid),
      W(test_cases__a_debt_is_noted_at_the_next_entry_and_changes_no_fee),
      W(test_cases__where_the_lot_wants_it_the_request_holds_the_debt_to_pay_or_not),
      W(test_cases__a_debt_is_written_off_by_two_persons_and_late_money_still_counts),
      W(test_cases__a_corrected_plate_names_the_stay_from_then_on),
      W(test_cases__a_stated_entry_is_a_stay_with_a_review),
      W(test_cases__a_passage_without_a_session_is_a_row))
