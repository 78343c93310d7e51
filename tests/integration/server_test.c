/* The server's transactions over the real SQLite: gates, drivers' money, people at the console. */
#include "tests/integration/server_world.h"

static struct world w;

#define COUNT(table_and_where) world_number(&w, "SELECT count(*) FROM " table_and_where)

static int setup(void **state)
{
    (void)state;
    world_init(&w);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    world_fini(&w);
    return 0;
}

static void state_is(const char *wanted)
{
    char text[64];
    world_text(&w, "SELECT group_concat(state, ' ') FROM (SELECT state FROM session ORDER BY id)",
               text, sizeof text);
    assert_string_equal(text, wanted);
}

static void leave(const char *session, enum permit permit)
{
    struct event e = world_event_b(&w, EVENT_EXIT_PERMITTED, session);
    e.permit = permit;
    world_send(&w, &e);
    e = world_event_b(&w, EVENT_LEFT, session);
    world_send(&w, &e);
}

/* ---- the story that must work ---- */

static void test_server__a_visit_from_entry_to_receipt(void **state)
{
    (void)state;
    char code[PAYCODE_CAP];
    world_enter(&w, "A", "30F12345");
    state_is("inside");
    world_pass(&w, 30);
    struct event ask = world_ask(&w, "", "30F12345"); /* another gate: it knows no session */
    const struct down *quote = world_last(&w, GATE_B, DOWN_QUOTE);
    struct vietqr qr;
    assert_int_equal(quote->state, QUOTE_DUE);
    assert_true(quote->amount_vnd == 25000 && quote->fee_vnd == 25000 && quote->lane == 2);
    assert_string_equal(quote->ask, ask.id);
    assert_true(quote->valid_until.ms == wall_add(w.now, 600000).ms);
    assert_true(strncmp(quote->url, "http://localhost/s/", 19) == 0 && strlen(quote->url) == 51);
    ok(vietqr_parse(str_c(quote->payload), &qr, NULL, NULL));
    world_code(&w, "A", code);
    assert_string_equal(qr.purpose, code);
    assert_string_equal(qr.account, "0123456789");
    assert_true(qr.amount_vnd == 25000 && qr.dynamic);
    state_is("quoted");
    assert_int_equal(world_pay(&w, "1", code, 25000), 200);
    const struct down *paid = world_last(&w, GATE_B, DOWN_PAID);
    assert_string_equal(paid->ask, ask.id);
    assert_true(paid->amount_vnd == 25000 && paid->lane == 2);
    state_is("paid");
    leave("A", PERMIT_PAID);
    state_is("left");
    assert_int_equal(COUNT("review"), 0);
    assert_int_equal(COUNT("outbox WHERE done_ms IS NULL"), 0);
    assert_int_equal(COUNT("ledger_tx"), 2);
    assert_int_equal(world_number(&w,
                                  "SELECT fee_vnd + transfer_vnd + 10 * transfer_turns + entered"
                                  " + left FROM rollup WHERE grain = 1"),
                     50012);
    assert_int_equal(world_ledger_faults(&w), 0);
}

static void test_server__paid_from_the_phone_before_the_exit(void **state)
{
    (void)state;
    char code[PAYCODE_CAP];
    world_enter(&w, "A", "30F12345");
    world_code(&w, "A", code);
    world_pass(&w, 55);
    assert_int_equal(world_pay(&w, "1", code, 25000), 200);
    assert_int_equal(world_count_said(&w, GATE_B, DOWN_PAID), 0); /* no lane waits */
    world_pass(&w, 10); /* the second hour has begun; the grace just lasts */
    world_ask(&w, "A", "30F12345");
    assert_int_equal(world_last(&w, GATE_B, DOWN_QUOTE)->state, QUOTE_PAID);
    leave("A", PERMIT_PAID);
    state_is("left");
    assert_int_equal(world_number(&w, "SELECT fee_vnd FROM session"), 25000);
    assert_int_equal(world_ledger_faults(&w), 0);
}

static void test_server__paid_too_early_owes_the_difference(void **state)
{
    (void)state;
    char code[PAYCODE_CAP];
    world_enter(&w, "A", "30F12345");
    world_code(&w, "A", code);
    world_pass(&w, 5);
    world_pay(&w, "1", code, 25000);
    world_pass(&w, 60);
    world_ask(&w, "A", "30F12345");
    const struct down *quote = world_last(&w, GATE_B, DOWN_QUOTE);
    assert_int_equal(quote->state, QUOTE_DUE);
    assert_true(quote->amount_vnd == 25000 && quote->fee_vnd == 50000);
    world_pay(&w, "2", code, 25000);
    assert_true(world_last(&w, GATE_B, DOWN_PAID)->amount_vnd == 50000);
    assert_int_equal(world_ledger_faults(&w), 0);
}

static void test_server__underpaid_lane_gets_a_quote_for_the_rest(void **state)
{
    (void)state;
    char code[PAYCODE_CAP];
    world_enter(&w, "A", "30F12345");
    world_pass(&w, 30);
    struct event ask = world_ask(&w, "A", "30F12345");
    world_code(&w, "A", code);
    world_pay(&w, "1", code, 10000);
    const struct down *rest = world_last(&w, GATE_B, DOWN_QUOTE);
    assert_true(rest->amount_vnd == 15000 && rest->fee_vnd == 25000);
    assert_string_equal(rest->ask, ask.id);
    assert_string_equal(rest->paycode, code);
    assert_int_equal(world_count_said(&w, GATE_B, DOWN_PAID), 0);
    assert_int_equal(COUNT("outbox WHERE done_ms IS NULL"), 1); /* the first quote is replaced */
    state_is("quoted");
    world_pay(&w, "2", code, 15000);
    assert_int_equal(world_count_said(&w, GATE_B, DOWN_PAID), 1);
    state_is("paid");
    assert_int_equal(world_ledger_faults(&w), 0);
}

static void test_server__leaving_unpaid_is_a_debt_that_a_late_transfer_settles(void **state)
{
    (void)state;
    char code[PAYCODE_CAP];
    world_enter(&w, "A", "30F12345");
    world_pass(&w, 30);
    world_ask(&w, "A", "30F12345");
    leave("A", PERMIT_MANUAL);
    state_is("left_unpaid");
    assert_int_equal(world_number(&w, "SELECT debt_turns FROM rollup WHERE grain = 1"), 1);
    assert_int_equal(world_ledger_faults(&w), 0);
    world_code(&w, "A", code);
    world_pass(&w, 60 * 24);
    world_pay(&w, "1", code, 30000);
    state_is("left");
    assert_int_equal(world_count_said(&w, GATE_B, DOWN_PAID), 0);
    assert_int_equal(world_number(&w, "SELECT sum(debt_turns) * 10 + sum(transfer_turns)"
                                      " FROM rollup WHERE grain = 1"),
                     1);
    assert_int_equal(COUNT("review WHERE kind = 'bank_late'"), 1);
    assert_int_equal(world_number(&w, "SELECT sum(amount_vnd) FROM ledger_entry"
                                      " WHERE account = 'refund_due:hn-0001'"),
                     -5000);
    assert_int_equal(world_ledger_faults(&w), 0);
}

static void test_server__left_without_asking_is_priced_to_the_passage(void **state)
{
    (void)state;
    world_enter(&w, "A", "30F12345");
    world_pass(&w, 61);
    struct event e = world_event_b(&w, EVENT_LEFT, "A");
    world_send(&w, &e);
    state_is("left_unpaid");
    assert_int_equal(world_number(&w, "SELECT fee_vnd FROM session"), 50000);
    assert_int_equal(COUNT("review WHERE kind = 'left_unpermitted'"), 1);
    assert_int_equal(world_ledger_faults(&w), 0);
}

static void test_server__paid_for_and_backed_out_is_refunded(void **state)
{
    (void)state;
    char code[PAYCODE_CAP];
    struct event e = world_event(&w, EVENT_ARRIVED, "A");
    world_plate(&e, "30F12345", VEHICLE_CAR);
    world_send(&w, &e);
    world_code(&w, "A", code);
    world_pass(&w, 1);
    world_pay(&w, "1", code, 25000);
    e = world_event(&w, EVENT_BACKED_OUT, "A");
    world_send(&w, &e);
    state_is("backed_out");
    assert_int_equal(COUNT("rollup WHERE entered > 0"), 0);
    assert_int_equal(COUNT("review WHERE kind = 'fee_fell'"), 1);
    assert_int_equal(world_ledger_faults(&w), 0);
}

/* ---- whose exit is it ---- */

static void test_server__unknown_vehicle_is_told_so_and_the_corrected_plate_is_quoted(void **state)
{
    (void)state;
    world_enter(&w, "A", "30F12345");
    world_pass(&w, 30);
    struct event ask = world_ask(&w, "", "30F12346");
    const struct down *quote = world_last(&w, GATE_B, DOWN_QUOTE);
    assert_int_equal(quote->state, QUOTE_UNKNOWN);
    assert_string_equal(quote->ask, ask.id);
    assert_string_equal(quote->session, "");
    assert_int_equal(COUNT("review WHERE kind = 'no_entry' AND closed_ms IS NULL"), 1);
    world_ask(&w, "", "30F12345");
    assert_int_equal(world_last(&w, GATE_B, DOWN_QUOTE)->state, QUOTE_DUE);
    assert_int_equal(COUNT("review WHERE kind = 'no_entry' AND closed_ms IS NULL"), 0);
    assert_int_equal(COUNT("outbox WHERE done_ms IS NULL"), 1);
}

static void test_server__sessions_of_another_lot_are_not_found(void **state)
{
    (void)state;
    world_enter(&w, "A", "30F12345");
    struct event e = world_event(&w, EVENT_EXIT_ASKED, "A");
    world_plate(&e, "30F12345", VEHICLE_CAR);
    memcpy(e.gate, "hn-0002-g1", 11);
    e.seq = 1;
    w.seq--;
    world_send(&w, &e);
    assert_int_equal(world_last(&w, "hn-0002-g1", DOWN_QUOTE)->state, QUOTE_UNKNOWN);
    state_is("inside");
}

static void test_server__the_same_plate_twice_inside_takes_the_later_and_is_reviewed(void **state)
{
    (void)state;
    world_enter(&w, "A", "30F12345");
    world_pass(&w, 300);
    world_enter(&w, "B", "30F12345");
    assert_int_equal(COUNT("review WHERE kind = 'already_inside'"), 1);
    world_pass(&w, 30);
    world_ask(&w, "", "30F12345");
    assert_true(world_last(&w, GATE_B, DOWN_QUOTE)->amount_vnd == 25000);
    state_is("inside quoted");
    assert_int_equal(COUNT("review WHERE kind = 'already_inside'"), 2);
}

static void test_server__a_class_without_a_tariff_waits_for_a_person(void **state)
{
    (void)state;
    struct event e = world_event(&w, EVENT_ARRIVED, "A");
    world_plate(&e, "29M112345", VEHICLE_MOTORBIKE);
    world_send(&w, &e);
    e = world_event(&w, EVENT_ENTERED, "A");
    world_send(&w, &e);
    e = world_event_b(&w, EVENT_EXIT_ASKED, "A");
    world_plate(&e, "29M112345", VEHICLE_MOTORBIKE);
    world_send(&w, &e);
    assert_int_equal(world_last(&w, GATE_B, DOWN_QUOTE)->state, QUOTE_REVIEW);
    assert_int_equal(COUNT("review WHERE kind = 'no_tariff'"), 1);
    state_is("inside");
}

static void test_server__a_typed_plate_gives_the_holder_of_a_card_its_class(void **state)
{
    (void)state;
    struct event e = world_event(&w, EVENT_ARRIVED, "A");
    e.subject = (struct subject){.kind = SUBJECT_CARD,
                                 .source = SOURCE_SCANNER,
                                 .last4 = "1754",
                                 .key = "adc817e9e3d014ae02517ab07c2f986c",
                                 .confidence = 1000};
    struct subject card = e.subject;
    world_send(&w, &e);
    e = world_event(&w, EVENT_ENTERED, "A");
    world_send(&w, &e);
    world_pass(&w, 30);
    e = world_event_b(&w, EVENT_EXIT_ASKED, "");
    e.subject = card;
    world_send(&w, &e);
    assert_int_equal(world_last(&w, GATE_B, DOWN_QUOTE)->state, QUOTE_REVIEW); /* of no class */
    e = world_event_b(&w, EVENT_EXIT_ASKED, "");
    world_plate(&e, "30F12345", VEHICLE_CAR);
    e.subject.source = SOURCE_CAMERA; /* a camera's word is not a person's */
    world_send(&w, &e);
    assert_int_equal(world_last(&w, GATE_B, DOWN_QUOTE)->state, QUOTE_UNKNOWN);
    e = world_event_b(&w, EVENT_EXIT_ASKED, "");
    e.subject = card;
    world_send(&w, &e);
    e = world_event_b(&w, EVENT_EXIT_ASKED, "");
    world_plate(&e, "30F12345", VEHICLE_CAR);
    e.subject.source = SOURCE_ATTENDANT;
    world_send(&w, &e);
    const struct down *quote = world_last(&w, GATE_B, DOWN_QUOTE);
    assert_int_equal(quote->state, QUOTE_DUE);
    assert_true(quote->amount_vnd == 25000);
    assert_int_equal(COUNT("review WHERE closed_ms IS NULL"), 0);
    leave("A", PERMIT_MANUAL);
    state_is("left_unpaid");
    /* The next vehicle at the lane has nothing to do with it. */
    e = world_event_b(&w, EVENT_EXIT_ASKED, "");
    world_plate(&e, "29A99999", VEHICLE_CAR);
    e.subject.source = SOURCE_ATTENDANT;
    world_send(&w, &e);
    assert_int_equal(world_last(&w, GATE_B, DOWN_QUOTE)->state, QUOTE_UNKNOWN);
}

static void test_server__ended_stays_ended_whatever_comes_late(void **state)
{
    (void)state;
    static const enum event_type types[] = {EVENT_ENTERED, EVENT_BACKED_OUT, EVENT_EXIT_PERMITTED,
                                            EVENT_LEFT, EVENT_BACKED_OFF};
    world_enter(&w, "A", "30F12345");
    world_pass(&w, 5);
    world_ask(&w, "A", "30F12345");
    leave("A", PERMIT_MANUAL);
    state_is("left_unpaid");
    int64_t entries = COUNT("ledger_entry");
    for (size_t i = 0; i < 5; i++) {
        struct event e = world_event_b(&w, types[i], "A");
        world_send(&w, &e);
        state_is("left_unpaid");
    }
    world_ask(&w, "A", "30F12345");
    assert_int_equal(world_last(&w, GATE_B, DOWN_QUOTE)->state, QUOTE_UNKNOWN);
    state_is("left_unpaid");
    assert_int_equal(COUNT("ledger_entry"), entries);
    assert_int_equal(COUNT("review WHERE kind = 'session_conflict'"), 6);
    assert_int_equal(COUNT("event WHERE outcome = 'review'"), 6);
}

/* ---- journals ---- */

static void test_server__one_acknowledgement_for_a_gate_and_group(void **state)
{
    (void)state;
    char space[MSG_SIZE_MAX];
    for (int i = 0; i < 5; i++) {
        struct out out;
        struct event e = world_event(&w, EVENT_HAND_OPENED, "");
        out_init(&out, space, sizeof space);
        event_write(&out, &e);
        world_post(&w, "doxe/1/hn-0001/hn-0001-g1/up", space);
    }
    assert_int_equal(w.said_count, 0);
    world_run(&w);
    assert_int_equal(world_count_said(&w, GATE_A, DOWN_ACK), 1);
    const struct down *ack = world_last(&w, GATE_A, DOWN_ACK);
    assert_true(ack->generation == 1 && ack->seq == 5);
}

static void test_server__a_repeat_changes_nothing_and_is_acknowledged_again(void **state)
{
    (void)state;
    struct event e = world_event(&w, EVENT_ARRIVED, "A");
    world_plate(&e, "30F12345", VEHICLE_CAR);
    world_send(&w, &e);
    world_forget(&w);
    world_send(&w, &e);
    assert_true(world_last(&w, GATE_A, DOWN_ACK)->seq == 1);
    assert_int_equal(COUNT("session"), 1);
    assert_int_equal(COUNT("event"), 1);
    assert_int_equal(COUNT("review"), 0);
}

static void test_server__early_events_wait_for_the_gap_and_are_applied_in_order(void **state)
{
    (void)state;
    struct event arrived = world_event(&w, EVENT_ARRIVED, "A");
    world_plate(&arrived, "30F12345", VEHICLE_CAR);
    struct event entered = world_event(&w, EVENT_ENTERED, "A");
    struct event opened = world_event(&w, EVENT_HAND_OPENED, "");
    world_send(&w, &entered);
    world_send(&w, &opened);
    world_send(&w, &opened);
    assert_int_equal(COUNT("parked"), 2);
    assert_int_equal(COUNT("event"), 0);
    assert_int_equal(world_count_said(&w, GATE_A, DOWN_GAP), 1); /* asked once */
    assert_true(world_last(&w, GATE_A, DOWN_GAP)->seq == 1);
    world_pass(&w, 1);
    world_send(&w, &opened); /* still missing after a while: asked again */
    assert_int_equal(world_count_said(&w, GATE_A, DOWN_GAP), 2);
    world_send(&w, &arrived);
    assert_int_equal(COUNT("parked"), 0);
    assert_int_equal(COUNT("event"), 3);
    assert_true(world_last(&w, GATE_A, DOWN_ACK)->seq == 3);
    state_is("inside");
}

static void test_server__a_new_journal_is_an_alarm_and_goes_on(void **state)
{
    (void)state;
    world_enter(&w, "A", "30F12345");
    struct event parked = world_event(&w, EVENT_HAND_OPENED, "");
    parked.seq++;
    world_send(&w, &parked);
    w.generation = 2;
    w.seq = 0;
    struct event e = world_event(&w, EVENT_BOOT, "");
    world_send(&w, &e);
    assert_int_equal(COUNT("alarm WHERE code = 'journal.new_start' AND cleared_ms IS NULL"), 1);
    const struct down *ack = world_last(&w, GATE_A, DOWN_ACK);
    assert_true(ack->generation == 2 && ack->seq == 1);
    assert_int_equal(COUNT("parked"), 0); /* nothing of it will ever fit again */
    assert_int_equal(COUNT("quarantine"), 1);
    ok(app_alarm_clear(w.app, GATE_A, 0, "journal.new_start"));
    assert_int_equal(app_alarm_clear(w.app, GATE_A, 0, "journal.new_start"), DX_E_NOT_FOUND);
}

static void test_server__a_journal_that_went_back_is_an_alarm_and_set_aside(void **state)
{
    (void)state;
    world_enter(&w, "A", "30F12345");
    w.seq = 1; /* restored from an old copy: number 2 again, another event */
    struct event e = world_event(&w, EVENT_BACKED_OUT, "A");
    world_send(&w, &e);
    assert_int_equal(COUNT("alarm WHERE code = 'journal.went_back'"), 1);
    assert_int_equal(COUNT("quarantine"), 1);
    assert_true(world_last(&w, GATE_A, DOWN_ACK)->seq == 2); /* what we really have */
    state_is("inside");
    world_send(&w, &e);
    assert_int_equal(COUNT("quarantine"), 1); /* counted, not kept twice */
    assert_int_equal(COUNT("alarm"), 1);
}

static void test_server__one_id_under_two_numbers_holds_the_journal(void **state)
{
    (void)state;
    struct event e = world_event(&w, EVENT_HAND_OPENED, "");
    world_send(&w, &e);
    e.seq = ++w.seq;
    world_send(&w, &e);
    assert_int_equal(COUNT("event"), 1);
    assert_int_equal(COUNT("quarantine"), 1);
    assert_int_equal(COUNT("alarm WHERE code = 'journal.went_back'"), 1);
    assert_true(world_last(&w, GATE_A, DOWN_ACK)->seq == 1);
    /* Whatever it would have done is undone with it. */
    struct event arrived = world_event(&w, EVENT_ARRIVED, "A");
    world_plate(&arrived, "30F12345", VEHICLE_CAR);
    arrived.seq = 2;
    memcpy(arrived.id, e.id, sizeof arrived.id);
    world_send(&w, &arrived);
    assert_int_equal(COUNT("session"), 0);
    assert_int_equal(COUNT("event"), 1);
}

/* ---- what cannot be applied ---- */

static void reason_is(const char *topic, const char *payload, const char *reason)
{
    char text[200];
    int64_t before = COUNT("quarantine");
    world_post(&w, topic, payload);
    world_run(&w);
    assert_int_equal(COUNT("quarantine"), before + 1);
    world_text(&w, "SELECT reason FROM quarantine ORDER BY id DESC LIMIT 1", text, sizeof text);
    if (!strstr(text, reason)) {
        fail_msg("the reason is: %s", text);
    }
    world_text(&w, "SELECT CAST(bytes AS TEXT) FROM quarantine ORDER BY id DESC LIMIT 1", text,
               sizeof text);
    assert_true(strncmp(text, payload, 100) == 0);
}

static void test_server__what_it_cannot_apply_is_set_aside_with_its_reason(void **state)
{
    (void)state;
    const char *up = "doxe/1/hn-0001/hn-0001-g1/up";
    reason_is(up, "{", "JSON");
    reason_is(up, "[]", "object");
    reason_is(up, "{\"v\":2,\"type\":\"boot\"}", "version");
    reason_is(up, "{\"v\":1,\"type\":\"flown\"}", "type");
    reason_is(up, "{\"v\":1,\"type\":\"boot\"}", "id");
    reason_is("doxe/1/hn-0001/nobody/up", "{}", "not in the configuration");
    reason_is("doxe/1/hn-0002/hn-0001-g1/up", "{}", "another lot");
    reason_is("doxe/1/hn-0001/hn-0001-g1/down", "{}", "not a topic");
    reason_is("doxe/2/hn-0001/hn-0001-g1/up", "{}", "not a topic");
    reason_is("else", "{}", "not a topic");
    reason_is("doxe/1/hn-0001/hn-0001-g1/status", "nonsense", "JSON");
    assert_int_equal(w.said_count, 0); /* nobody is acknowledged for nonsense */
    assert_int_equal(w.change[w.change_count - 1].kind, CHANGE_QUARANTINE);
}

static void test_server__too_long_is_set_aside_and_cut(void **state)
{
    (void)state;
    static char big[40000];
    memset(big, 'x', sizeof big - 1);
    world_post(&w, "doxe/1/hn-0001/hn-0001-g1/up", big);
    world_run(&w);
    assert_int_equal(world_number(&w, "SELECT length(bytes) FROM quarantine"), 16384);
}

static void test_server__one_bad_message_does_not_spoil_its_group(void **state)
{
    (void)state;
    char space[MSG_SIZE_MAX];
    struct out out;
    struct event e = world_event(&w, EVENT_ARRIVED, "A");
    world_plate(&e, "30F12345", VEHICLE_CAR);
    out_init(&out, space, sizeof space);
    event_write(&out, &e);
    world_post(&w, "doxe/1/hn-0001/hn-0001-g1/up", "\xff\xfe");
    world_post(&w, "doxe/1/hn-0001/hn-0001-g1/up", space);
    world_post(&w, "\xff", "\x01");
    world_run(&w);
    assert_int_equal(COUNT("quarantine"), 2);
    assert_int_equal(COUNT("session"), 1);
    assert_true(world_last(&w, GATE_A, DOWN_ACK)->seq == 1);
}

static void test_server__a_newer_gate_s_unknown_event_does_not_hold_up_the_rest(void **state)
{
    (void)state;
    struct event e = world_event(&w, EVENT_HAND_OPENED, "");
    world_send(&w, &e);
    reason_is("doxe/1/hn-0001/hn-0001-g1/up",
              "{\"v\":1,\"type\":\"flown\",\"id\":\"01JFFFFFFFFFFFFFFFFFFFFFFF\",\"gate\":"
              "\"hn-0001-g1\",\"gen\":1,\"seq\":2}",
              "type");
    assert_true(world_last(&w, GATE_A, DOWN_ACK)->seq == 2);
    assert_int_equal(COUNT("event WHERE type = 'flown' AND outcome = 'set_aside'"), 1);
    w.seq = 2;
    e = world_event(&w, EVENT_HAND_OPENED, "");
    world_send(&w, &e);
    assert_true(world_last(&w, GATE_A, DOWN_ACK)->seq == 3);
}

static void test_server__an_event_that_a_script_refuses_does_not_hold_up_the_rest(void **state)
{
    (void)state;
    struct prng dice = w.dice;
    struct event e = world_event(&w, EVENT_ARRIVED, "A");
    world_plate(&e, "30F12345", VEHICLE_CAR);
    world_send(&w, &e);
    w.dice = dice; /* the same token is drawn again: what no real dice do, the table refuses */
    e = world_event(&w, EVENT_ARRIVED, "B");
    world_plate(&e, "29A99999", VEHICLE_CAR);
    world_send(&w, &e);
    assert_int_equal(COUNT("session"), 1);
    assert_int_equal(COUNT("event WHERE outcome = 'set_aside'"), 1);
    assert_int_equal(COUNT("quarantine"), 1);
    assert_true(world_last(&w, GATE_A, DOWN_ACK)->seq == 2);
    e = world_event(&w, EVENT_ENTERED, "A");
    world_send(&w, &e);
    state_is("inside");
}

/* ---- money ---- */

static void test_server__unsigned_notices_change_nothing(void **state)
{
    (void)state;
    assert_int_equal(world_webhook(&w, "{\"id\":1}", false), 401);
    world_run(&w);
    assert_int_equal(COUNT("bank_inbox"), 0);
    assert_int_equal(COUNT("quarantine"), 0);
}

static void test_server__a_signed_notice_that_is_none_is_kept_and_rejected(void **state)
{
    (void)state;
    assert_int_equal(world_webhook(&w, "{\"id\":1}", true), 200);
    world_run(&w);
    assert_int_equal(COUNT("bank_inbox WHERE state = 'rejected'"), 1);
    assert_int_equal(COUNT("quarantine WHERE source = 'webhook'"), 1);
    assert_int_equal(COUNT("bank_credit"), 0);
    assert_int_equal(world_pay(&w, "2", "x", 0), 200);
    assert_int_equal(COUNT("bank_inbox WHERE state = 'rejected'"), 2);
}

static void test_server__eight_deliveries_of_one_transfer_are_one_credit(void **state)
{
    (void)state;
    char code[PAYCODE_CAP];
    world_enter(&w, "A", "30F12345");
    world_code(&w, "A", code);
    world_pass(&w, 5);
    for (int i = 0; i < 8; i++) {
        assert_int_equal(world_pay(&w, "77", code, 25000), 200);
    }
    assert_int_equal(COUNT("bank_inbox WHERE state = 'applied'"), 8);
    assert_int_equal(COUNT("bank_credit"), 1);
    assert_int_equal(COUNT("ledger_tx"), 1);
    assert_int_equal(world_number(&w, "SELECT paid_vnd FROM session"), 25000);
    /* The same id with another amount: nothing happens but a review. */
    assert_int_equal(world_pay(&w, "77", code, 30000), 200);
    assert_int_equal(COUNT("bank_credit"), 1);
    assert_int_equal(COUNT("review WHERE kind = 'bank_different'"), 1);
    assert_int_equal(world_ledger_faults(&w), 0);
}

static void test_server__transfers_that_fit_nothing_wait_in_suspense(void **state)
{
    (void)state;
    char code[PAYCODE_CAP];
    char other[PAYCODE_CAP];
    char two[64];
    world_enter(&w, "A", "30F12345");
    world_enter(&w, "B", "29A99999");
    world_code(&w, "A", code);
    world_code(&w, "B", other);
    world_pass(&w, 5);
    snprintf(two, sizeof two, "%s va %s", code, other);
    world_pay(&w, "1", "chuyen tien", 25000);
    world_pay_to(&w, "2", "9876543210", "in", code, 25000);
    world_pay_to(&w, "3", "5555555555", "in", code, 25000);
    world_pay(&w, "4", two, 50000);
    world_pay_to(&w, "5", "0123456789", "out", code, 25000);
    char verdicts[200];
    world_text(&w,
               "SELECT group_concat(verdict, ' ') FROM (SELECT verdict FROM bank_credit"
               " ORDER BY provider_tx)",
               verdicts, sizeof verdicts);
    assert_string_equal(verdicts, "unmatched wrong_account wrong_account two_codes reversal");
    state_is("inside inside");
    assert_int_equal(COUNT("review WHERE kind LIKE 'bank_%'"), 5);
    assert_int_equal(world_number(&w, "SELECT sum(amount_vnd) FROM ledger_entry"
                                      " WHERE account = 'bank:unknown-5555555555'"),
                     25000);
    assert_int_equal(world_number(&w, "SELECT sum(amount_vnd) FROM ledger_entry"
                                      " WHERE account LIKE 'suspense:%'"),
                     -25000 * 4);
    assert_int_equal(world_ledger_faults(&w), 0);
}

static void test_server__mangled_content_still_finds_its_code(void **state)
{
    (void)state;
    char code[PAYCODE_CAP];
    char content[200];
    world_enter(&w, "A", "30F12345");
    world_code(&w, "A", code);
    for (char *p = code; *p; p++) {
        *p = ascii_lower(*p);
    }
    world_pass(&w, 5);
    snprintf(content, sizeof content, "MBVCB.1234567890.001.trả tiền %.4s %s.CT tu 0011 NGUYEN",
             code, code + 4);
    world_pay(&w, "1", content, 25000);
    state_is("paid");
}

static void test_server__notices_stored_before_a_crash_are_applied_at_the_start(void **state)
{
    (void)state;
    struct db *db;
    char code[PAYCODE_CAP];
    char body[400];
    world_enter(&w, "A", "30F12345");
    world_code(&w, "A", code);
    world_stop(&w);
    snprintf(
        body, sizeof body,
        "{\"id\":5,\"transactionDate\":\"2026-03-02 09:20:00\",\"accountNumber\":\"0123456789\","
        "\"transferType\":\"in\",\"transferAmount\":25000,\"content\":\"%s\"}",
        code);
    ok(db_open(w.database, &db));
    ok(db_exec(db, "INSERT INTO bank_inbox(provider, received_ms, body) VALUES ('sepay', 1, ?1)",
               "b", str_c(body)));
    db_close(db);
    world_pass(&w, 30);
    world_start(&w);
    state_is("paid");
    assert_int_equal(COUNT("bank_inbox WHERE state = 'new'"), 0);
}

/* ---- what is said again ---- */

static void test_server__unanswered_messages_follow_the_timetable(void **state)
{
    (void)state;
    static const int waits_s[] = {3, 3, 3, 5, 5, 5, 10, 10, 30, 30, 30, 60, 60, 60, 60, 60};
    world_enter(&w, "A", "30F12345");
    world_ask(&w, "A", "30F12345");
    world_forget(&w);
    for (int i = 0; i < 16; i++) {
        w.now = wall_add(w.now, waits_s[i] * 1000 - 1);
        world_run(&w);
        assert_int_equal(world_count_said(&w, GATE_B, DOWN_QUOTE), i);
        assert_true(app_deadline(w.app).ms == w.now.ms + 1);
        w.now = wall_add(w.now, 1);
        world_run(&w);
        assert_int_equal(world_count_said(&w, GATE_B, DOWN_QUOTE), i + 1);
        assert_string_equal(world_last(&w, GATE_B, DOWN_QUOTE)->id, w.said[0].down.id);
    }
    leave("A", PERMIT_MANUAL);
    world_forget(&w);
    world_pass(&w, 60);
    world_run(&w);
    assert_int_equal(w.said_count, 0);
}

static void test_server__what_was_said_into_a_dead_line_is_said_when_it_is_back(void **state)
{
    (void)state;
    world_enter(&w, "A", "30F12345");
    world_forget(&w);
    w.line_down = true;
    world_ask(&w, "A", "30F12345");
    assert_int_equal(w.said_count, 0);
    w.line_down = false;
    app_post_connected(w.app, true);
    world_run(&w);
    assert_int_equal(world_count_said(&w, GATE_B, DOWN_QUOTE), 1);
}

static void test_server__a_gate_that_booted_hears_everything_open_at_once(void **state)
{
    (void)state;
    world_enter(&w, "A", "30F12345");
    world_ask(&w, "A", "30F12345");
    world_forget(&w);
    struct event e = world_event_b(&w, EVENT_BOOT, "");
    world_send(&w, &e);
    assert_int_equal(world_count_said(&w, GATE_B, DOWN_QUOTE), 1);
}

static void test_server__restart_keeps_cursors_and_repeats_what_was_not_answered(void **state)
{
    (void)state;
    world_enter(&w, "A", "30F12345");
    world_ask(&w, "A", "30F12345");
    world_stop(&w);
    world_forget(&w);
    world_start(&w);
    assert_int_equal(world_count_said(&w, GATE_B, DOWN_QUOTE), 1);
    struct event e = world_event(&w, EVENT_HAND_OPENED, "");
    world_send(&w, &e);
    assert_true(world_last(&w, GATE_A, DOWN_ACK)->seq == 3);
}

/* ---- people ---- */

static struct app_command open_lane_2(void)
{
    return (struct app_command){
        .gate = GATE_B, .lane = 2, .action = COMMAND_OPEN, .reason = "xe cứu thương", .by = "lan"};
}

static void test_server__a_command_has_an_id_a_deadline_and_a_result(void **state)
{
    (void)state;
    char id[ULID_CAP];
    struct app_command command = open_lane_2();
    ok(app_command(w.app, &command, id));
    const struct down *down = world_last(&w, GATE_B, DOWN_COMMAND);
    assert_string_equal(down->id, id);
    assert_true(down->deadline.ms == wall_add(w.now, 30000).ms && down->lane == 2);
    assert_string_equal(down->by, "lan");
    struct event e = world_event_b(&w, EVENT_COMMAND_DONE, "");
    memcpy(e.cause, id, sizeof e.cause);
    e.outcome = OUTCOME_DONE;
    world_send(&w, &e);
    assert_int_equal(COUNT("command WHERE outcome = 'done' AND by = 'lan'"), 1);
    assert_int_equal(COUNT("outbox WHERE done_ms IS NULL"), 0);
    e = world_event_b(&w, EVENT_COMMAND_DONE, ""); /* a second answer changes nothing */
    memcpy(e.cause, id, sizeof e.cause);
    e.outcome = OUTCOME_LATE;
    world_send(&w, &e);
    assert_int_equal(COUNT("command WHERE outcome = 'done'"), 1);
}

static void test_server__a_command_past_its_deadline_is_not_repeated(void **state)
{
    (void)state;
    char id[ULID_CAP];
    struct app_command command = open_lane_2();
    ok(app_command(w.app, &command, id));
    for (int s = 0; s < 40; s++) {
        w.now = wall_add(w.now, 1000);
        world_run(&w);
    }
    assert_int_equal(world_count_said(&w, GATE_B, DOWN_COMMAND), 7); /* 0 3 6 9 14 19 24 s */
    assert_int_equal(COUNT("outbox WHERE done_ms IS NULL"), 0);
}

static void test_server__impossible_commands_are_refused(void **state)
{
    (void)state;
    char id[ULID_CAP] = "untouched";
    struct app_command c = open_lane_2();
    c.reason[0] = '\0';
    assert_int_equal(app_command(w.app, &c, id), DX_E_INVAL);
    c = open_lane_2();
    c.by[0] = '\0';
    assert_int_equal(app_command(w.app, &c, id), DX_E_INVAL);
    c = open_lane_2();
    c.lane = 0;
    assert_int_equal(app_command(w.app, &c, id), DX_E_INVAL);
    c = open_lane_2();
    c.action = COMMAND_SET_SUBJECT;
    assert_int_equal(app_command(w.app, &c, id), DX_E_INVAL);
    c = open_lane_2();
    memcpy(c.gate, "nobody", 7);
    assert_int_equal(app_command(w.app, &c, id), DX_E_NOT_FOUND);
    assert_string_equal(id, "untouched");
    assert_int_equal(COUNT("command"), 0);
    assert_int_equal(w.said_count, 0);
}

static void test_server__a_held_lane_waits_visibly_until_it_is_released(void **state)
{
    (void)state;
    struct event e = world_event_b(&w, EVENT_HELD, "");
    e.hold = HOLD_UNREADABLE;
    world_send(&w, &e);
    assert_int_equal(COUNT("review WHERE kind = 'lane_held' AND detail = 'unreadable'"
                           " AND closed_ms IS NULL AND lane = 2"),
                     1);
    e = world_event_b(&w, EVENT_HELD, ""); /* for another reason: the new one stands */
    e.hold = HOLD_NO_ANSWER;
    world_send(&w, &e);
    assert_int_equal(COUNT("review WHERE kind = 'lane_held' AND closed_ms IS NULL"), 1);
    e = world_event_b(&w, EVENT_RELEASED, "");
    world_send(&w, &e);
    assert_int_equal(COUNT("review WHERE closed_ms IS NULL"), 0);
}

static void test_server__a_person_closes_a_review_once(void **state)
{
    (void)state;
    world_enter(&w, "A", "30F12345");
    world_enter(&w, "B", "30F12345"); /* inside twice */
    ok(app_review_close(w.app, 1, "lan"));
    assert_int_equal(COUNT("review WHERE closed_by = 'lan'"), 1);
    assert_int_equal(app_review_close(w.app, 1, "lan"), DX_E_NOT_FOUND);
    assert_int_equal(app_review_close(w.app, 99, "lan"), DX_E_NOT_FOUND);
}

static void test_server__status_and_last_will_show_on_the_gate(void **state)
{
    (void)state;
    world_post(&w, "doxe/1/hn-0001/hn-0001-g1/status",
               "{\"v\":1,\"type\":\"status\",\"online\":true,\"gate\":\"hn-0001-g1\","
               "\"version\":\"0.1.0\",\"lanes\":[]}");
    world_run(&w);
    assert_int_equal(COUNT("gate WHERE online = 1 AND version = '0.1.0'"), 1);
    world_post(&w, "doxe/1/hn-0001/hn-0001-g1/status",
               "{\"v\":1,\"type\":\"status\",\"online\":false,\"gate\":\"hn-0001-g1\"}");
    world_run(&w);
    assert_int_equal(COUNT("gate WHERE online = 0 AND version = '0.1.0'"), 1);
    assert_int_equal(COUNT("alarm WHERE code = 'gate.offline' AND cleared_ms IS NULL"), 1);
    assert_int_equal(w.change[w.change_count - 1].kind, CHANGE_GATE);
    assert_string_equal(w.change[w.change_count - 1].word, "offline");
}

static void test_server__alarms_of_gates_are_raised_and_cleared(void **state)
{
    (void)state;
    struct event e = world_event(&w, EVENT_ALARM, "");
    e.raised = true;
    memcpy(e.code, "barrier.stuck", 14);
    world_send(&w, &e);
    assert_int_equal(COUNT("alarm WHERE code = 'barrier.stuck' AND cleared_ms IS NULL"), 1);
    e = world_event(&w, EVENT_ALARM, "");
    memcpy(e.code, "barrier.stuck", 14);
    world_send(&w, &e);
    assert_int_equal(COUNT("alarm WHERE cleared_ms IS NULL"), 0);
}

static void test_server__an_unset_clock_gives_the_receipt_and_a_review(void **state)
{
    (void)state;
    struct event e = world_event(&w, EVENT_ARRIVED, "A");
    world_plate(&e, "30F12345", VEHICLE_CAR);
    e.clock = CLOCK_UNKNOWN;
    e.wall.ms = 5;
    world_send(&w, &e);
    e = world_event(&w, EVENT_ENTERED, "A");
    e.clock = CLOCK_UNKNOWN;
    e.wall.ms = 6;
    world_send(&w, &e);
    assert_true(world_number(&w, "SELECT entered_ms FROM session") == w.now.ms);
    assert_int_equal(COUNT("event WHERE wall_ms = 6"), 1); /* both are kept */
    assert_int_equal(COUNT("review WHERE kind = 'clock_unknown'"), 1);
}

/* ---- the driver's page ---- */

static void token_of(const char *session, char out[40])
{
    char sql[128];
    char id[ULID_CAP];
    world_session_id(session, id);
    snprintf(sql, sizeof sql, "SELECT token FROM session WHERE id = '%s'", id);
    world_text(&w, sql, out, 40);
}

static void test_server__the_page_shows_the_fee_of_this_moment_and_writes_nothing(void **state)
{
    (void)state;
    char token[40];
    char code[PAYCODE_CAP];
    struct app_quote quote;
    struct vietqr qr;
    world_enter(&w, "A", "30F12345");
    token_of("A", token);
    world_code(&w, "A", code);
    world_pass(&w, 61);
    int64_t rows = COUNT("quote");
    ok(app_quote_now(w.app, str_c(token), &quote));
    assert_true(quote.open && quote.state == QUOTE_DUE && quote.due_vnd == 50000);
    assert_true(wall_diff(quote.next_change, quote.entered) == 120 * 60000);
    ok(vietqr_parse(str_c(quote.payload), &qr, NULL, NULL));
    assert_true(qr.amount_vnd == 50000);
    assert_string_equal(qr.purpose, code);
    assert_int_equal(COUNT("quote"), rows);
    world_pay(&w, "1", code, 50000);
    ok(app_quote_now(w.app, str_c(token), &quote));
    assert_int_equal(quote.state, QUOTE_PAID);
    assert_string_equal(quote.payload, "");
    assert_true(wall_diff(quote.leave_by, quote.entered) == 120 * 60000);
    assert_int_equal(app_quote_now(w.app, STR("0123456789abcdef0123456789abcdef"), &quote),
                     DX_E_NOT_FOUND);
    assert_int_equal(app_quote_now(w.app, STR("' OR 1=1 --"), &quote), DX_E_NOT_FOUND);
}

static void test_server__the_page_shows_the_lane_s_promise_and_a_debt_after_it(void **state)
{
    (void)state;
    char token[40];
    struct app_quote quote;
    world_enter(&w, "A", "30F12345");
    token_of("A", token);
    world_pass(&w, 58);
    world_ask(&w, "A", "30F12345");
    world_pass(&w, 5); /* the second hour has begun; the lane was promised 25,000 */
    ok(app_quote_now(w.app, str_c(token), &quote));
    assert_true(quote.due_vnd == 25000);
    leave("A", PERMIT_MANUAL);
    world_pass(&w, 600);
    ok(app_quote_now(w.app, str_c(token), &quote));
    assert_true(!quote.open && quote.state == QUOTE_DUE && quote.due_vnd == 25000);
    assert_string_not_equal(quote.payload, "");
}

static void test_server__pages_are_nudged_after_the_commit(void **state)
{
    (void)state;
    char code[PAYCODE_CAP];
    char token[40];
    bool paid = false;
    bool bank = false;
    world_enter(&w, "A", "30F12345");
    world_code(&w, "A", code);
    token_of("A", token);
    world_forget(&w);
    world_pass(&w, 5);
    world_pay(&w, "1", code, 25000);
    for (int i = 0; i < w.change_count; i++) {
        const struct change *c = &w.change[i];
        paid = paid || (c->kind == CHANGE_SESSION && strcmp(c->word, "paid") == 0 &&
                        strcmp(c->token, token) == 0 && strcmp(c->lot, "hn-0001") == 0);
        bank = bank || (c->kind == CHANGE_BANK && strcmp(c->word, "exact") == 0);
    }
    assert_true(paid && bank);
}

#define W(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

TESTS(W(test_server__a_visit_from_entry_to_receipt),
      W(test_server__paid_from_the_phone_before_the_exit),
      W(test_server__paid_too_early_owes_the_difference),
      W(test_server__underpaid_lane_gets_a_quote_for_the_rest),
      W(test_server__leaving_unpaid_is_a_debt_that_a_late_transfer_settles),
      W(test_server__left_without_asking_is_priced_to_the_passage),
      W(test_server__paid_for_and_backed_out_is_refunded),
      W(test_server__unknown_vehicle_is_told_so_and_the_corrected_plate_is_quoted),
      W(test_server__sessions_of_another_lot_are_not_found),
      W(test_server__the_same_plate_twice_inside_takes_the_later_and_is_reviewed),
      W(test_server__a_class_without_a_tariff_waits_for_a_person),
      W(test_server__a_typed_plate_gives_the_holder_of_a_card_its_class),
      W(test_server__ended_stays_ended_whatever_comes_late),
      W(test_server__one_acknowledgement_for_a_gate_and_group),
      W(test_server__a_repeat_changes_nothing_and_is_acknowledged_again),
      W(test_server__early_events_wait_for_the_gap_and_are_applied_in_order),
      W(test_server__a_new_journal_is_an_alarm_and_goes_on),
      W(test_server__a_journal_that_went_back_is_an_alarm_and_set_aside),
      W(test_server__one_id_under_two_numbers_holds_the_journal),
      W(test_server__what_it_cannot_apply_is_set_aside_with_its_reason),
      W(test_server__too_long_is_set_aside_and_cut),
      W(test_server__one_bad_message_does_not_spoil_its_group),
      W(test_server__a_newer_gate_s_unknown_event_does_not_hold_up_the_rest),
      W(test_server__an_event_that_a_script_refuses_does_not_hold_up_the_rest),
      W(test_server__unsigned_notices_change_nothing),
      W(test_server__a_signed_notice_that_is_none_is_kept_and_rejected),
      W(test_server__eight_deliveries_of_one_transfer_are_one_credit),
      W(test_server__transfers_that_fit_nothing_wait_in_suspense),
      W(test_server__mangled_content_still_finds_its_code),
      W(test_server__notices_stored_before_a_crash_are_applied_at_the_start),
      W(test_server__unanswered_messages_follow_the_timetable),
      W(test_server__what_was_said_into_a_dead_line_is_said_when_it_is_back),
      W(test_server__a_gate_that_booted_hears_everything_open_at_once),
      W(test_server__restart_keeps_cursors_and_repeats_what_was_not_answered),
      W(test_server__a_command_has_an_id_a_deadline_and_a_result),
      W(test_server__a_command_past_its_deadline_is_not_repeated),
      W(test_server__impossible_commands_are_refused),
      W(test_server__a_held_lane_waits_visibly_until_it_is_released),
      W(test_server__a_person_closes_a_review_once),
      W(test_server__status_and_last_will_show_on_the_gate),
      W(test_server__alarms_of_gates_are_raised_and_cleared),
      W(test_server__an_unset_clock_gives_the_receipt_and_a_review),
      W(test_server__the_page_shows_the_fee_of_this_moment_and_writes_nothing),
      W(test_server__the_page_shows_the_lane_s_promise_and_a_debt_after_it),
      W(test_server__pages_are_nudged_after_the_commit))
