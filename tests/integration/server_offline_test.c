/* server_offline_test.c - what gates decided without the server, made good; what they are told. */
#include "proto/io/lot_json.h"
#include "tests/integration/server_world.h"

static struct world w;

/* ---- what is retained ---- */

static struct {
    int config, inside;
    struct lot lot;
    int bucket_count[LOT_BUCKETS];
} told;

static int retain(void *context, const char *topic, struct str payload)
{
    const char *why = "";
    int bucket = 0;
    (void)context;
    if (!str_starts(str_c(topic), STR("doxe/1/hn-0001/"))) {
        return 0;
    }
    bool inside = strstr(topic, "/inside/") != NULL;
    int error = inside ? lot_read_inside(payload, &told.lot, &bucket, &why)
                       : lot_read_config(payload, &told.lot, &why);
    if (error) {
        fail_msg("%s: %s", topic, why);
    }
    told.config += !inside;
    told.inside += inside;
    return 0;
}

static int set_up(void **state)
{
    (void)state;
    world_init(&w);
    world_stop(&w);
    w.ports.publish_retained = retain;
    w.lots[0].tariff_text[VEHICLE_CAR] = str_c(world_tariff_text());
    w.lots[0].offline_policy = LOT_OPEN;
    w.lots[0].offline_limit_vnd = 70000;
    memset(&told, 0, sizeof told);
    str_copy_cut(told.lot.id, sizeof told.lot.id, STR("hn-0001"));
    world_start(&w);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    lot_fini(&told.lot);
    world_fini(&w);
    return 0;
}

/* Turns with nothing to do, as the writer makes them every second. */
static void let_publish(void)
{
    for (int i = 0; i < 5; i++) {
        w.now = wall_add(w.now, 3000);
        ok(app_turn(w.app, (mono_t){0}));
        world_run(&w);
    }
}

/* The gate says what it has shown. */
static struct event say_quoted(const char *session, const struct event *ask, int64_t fee,
                               int64_t entered_ms, const char *paycode)
{
    struct event e = world_event_b(&w, EVENT_QUOTED, session);
    memcpy(e.cause, ask->id, sizeof e.cause);
    e.fee_vnd = e.amount_vnd = fee;
    e.entered.ms = entered_ms;
    str_copy_cut(e.paycode, sizeof e.paycode, str_c(paycode));
    str_copy_cut(e.tariff, sizeof e.tariff, str_c(w.tariff->versions[0].digest));
    world_send(&w, &e);
    return e;
}

static void leave_owing(const char *session)
{
    struct event e = world_event_b(&w, EVENT_EXIT_PERMITTED, session);
    e.permit = PERMIT_DEBT;
    world_send(&w, &e);
    e = world_event_b(&w, EVENT_LEFT, session);
    world_send(&w, &e);
}

static void test_server_offline__gates_are_told_config_and_stays_after_the_commit(void **state)
{
    (void)state;
    let_publish();
    assert_true(told.lot.version >= 1);
    assert_int_equal(told.lot.policy, LOT_OPEN);
    assert_non_null(told.lot.tariff[VEHICLE_CAR]);
    assert_string_equal(told.lot.account, "0123456789");
    int config = told.config;
    world_enter(&w, "A", "30F12345");
    let_publish();
    struct subject subject = {.kind = SUBJECT_PLATE, .vehicle = VEHICLE_CAR, .key = "30F12345"};
    const struct lot_stay *stay = lot_find(&told.lot, "", &subject);
    assert_non_null(stay);
    char code[PAYCODE_CAP];
    world_code(&w, "A", code);
    assert_string_equal(stay->paycode, code);
    assert_int_equal(told.config, config); /* nothing of it has changed */
    int inside = told.inside;
    let_publish();
    assert_int_equal(told.inside, inside); /* nor is anything repeated */
}

static void test_server_offline__an_exit_priced_by_the_gate_agrees_and_is_a_debt(void **state)
{
    (void)state;
    world_enter(&w, "A", "30F12345");
    int64_t entered = w.now.ms;
    world_pass(&w, 90);
    struct event ask = world_ask(&w, "A", "30F12345");
    say_quoted("A", &ask, 50000, entered, "");
    leave_owing("A");
    assert_int_equal(world_number(&w, "SELECT count(*) FROM offline_quote"), 1);
    assert_int_equal(world_number(&w, "SELECT count(*) FROM offline_quote WHERE difference <> ''"),
                     0);
    assert_int_equal(world_number(&w, "SELECT count(*) FROM session WHERE state = 'left_unpaid'"
                                      " AND fee_vnd = 50000 AND paid_vnd = 0"),
                     1);
    char code[PAYCODE_CAP];
    world_code(&w, "A", code);
    world_pay(&w, "7001", code, 50000); /* the money comes a day later */
    assert_int_equal(world_number(&w, "SELECT count(*) FROM session WHERE state = 'left'"), 1);
    assert_int_equal(world_ledger_faults(&w), 0);
}

static void test_server_offline__a_difference_is_reported_with_its_reason(void **state)
{
    (void)state;
    char text[64];
    world_enter(&w, "A", "30F12345");
    int64_t entered = w.now.ms;
    world_pass(&w, 90);
    struct event ask = world_ask(&w, "A", "30F12345");
    say_quoted("A", &ask, 75000, entered - TIME_HOUR_MS, "");
    world_text(&w, "SELECT difference FROM offline_quote", text, sizeof text);
    assert_string_equal(text, "entered fee");
    assert_int_equal(world_number(&w, "SELECT count(*) FROM review WHERE kind = 'offline_differs'"),
                     1);
    assert_int_equal(world_number(&w, "SELECT fee_vnd FROM session"), 50000); /* the books' own */
}

static void test_server_offline__money_for_the_gates_own_code_finds_its_stay(void **state)
{
    (void)state;
    char code[PAYCODE_CAP];
    static const uint8_t random[8] = {9, 8, 7, 6, 5, 4, 3, 2};
    ok(paycode_make("DX", random, code));
    world_pay(&w, "7002", code, 50000); /* the driver pays while the line is cut */
    assert_int_equal(
        world_number(&w, "SELECT count(*) FROM bank_credit WHERE verdict = 'unmatched'"), 1);
    w.now =
        wall_add(w.now, -91 * (int64_t)TIME_MINUTE_MS); /* the events are older, and come later */
    world_enter(&w, "A", "30F12345");
    int64_t entered = w.now.ms;
    world_pass(&w, 90);
    struct event ask = world_ask(&w, "A", "30F12345");
    say_quoted("A", &ask, 50000, entered, code);
    leave_owing("A");
    assert_int_equal(world_number(&w, "SELECT count(*) FROM session WHERE state = 'left'"
                                      " AND paid_vnd = 50000"),
                     1);
    assert_int_equal(world_number(&w, "SELECT count(*) FROM offline_quote WHERE difference <> ''"),
                     0);
    assert_int_equal(world_ledger_faults(&w), 0);
    world_pay(&w, "7003", code, 50000); /* and again: known now, and too much */
    assert_int_equal(
        world_number(&w, "SELECT count(*) FROM bank_credit WHERE verdict = 'unmatched'"), 1);
}

static void test_server_offline__two_stays_with_one_code_are_a_difference(void **state)
{
    (void)state;
    char code[PAYCODE_CAP];
    char text[64];
    world_enter(&w, "A", "30F12345");
    world_code(&w, "A", code);
    world_enter(&w, "B", "29A67890");
    int64_t entered = w.now.ms;
    world_pass(&w, 30);
    struct event ask = world_ask(&w, "B", "29A67890");
    say_quoted("B", &ask, 25000, entered, code);
    world_text(&w, "SELECT difference FROM offline_quote", text, sizeof text);
    assert_string_equal(text, "paycode");
}

static void test_server_offline__a_question_ahead_of_its_backlog_is_answered_at_once(void **state)
{
    (void)state;
    world_enter(&w, "A", "30F12345");
    struct event first = world_event_b(&w, EVENT_BOOT, "");
    world_send(&w, &first);
    world_pass(&w, 30);
    struct event late = world_event_b(&w, EVENT_DESK_ACTION, "");
    str_copy_cut(late.by, sizeof late.by, STR("lan"));
    world_forget(&w);
    struct event ask = world_event_b(&w, EVENT_EXIT_ASKED, "A");
    world_plate(&ask, "30F12345", VEHICLE_CAR);
    world_send(&w, &ask); /* number 3; 2 is still in the backlog */
    const struct down *quote = world_last(&w, GATE_B, DOWN_QUOTE);
    assert_string_equal(quote->ask, ask.id);
    assert_int_equal(quote->amount_vnd, 25000);
    assert_int_equal(world_number(&w, "SELECT count(*) FROM session WHERE state = 'inside'"), 1);
    world_send(&w, &late); /* now its turn comes, and all is as always */
    assert_int_equal(world_number(&w, "SELECT count(*) FROM session WHERE state = 'quoted'"), 1);
    assert_int_equal(world_number(&w, "SELECT count(*) FROM quote"), 1);
}

/* The exit asked as number 3 of gate B; 2 has not come.  *ret_late is number 2. */
static struct event ask_early(struct event *ret_late)
{
    world_enter(&w, "A", "30F12345");
    struct event first = world_event_b(&w, EVENT_BOOT, "");
    world_send(&w, &first);
    world_pass(&w, 30);
    *ret_late = world_event_b(&w, EVENT_DESK_ACTION, "");
    str_copy_cut(ret_late->by, sizeof ret_late->by, STR("lan"));
    struct event ask = world_event_b(&w, EVENT_EXIT_ASKED, "A");
    world_plate(&ask, "30F12345", VEHICLE_CAR);
    world_send(&w, &ask);
    return ask;
}

static void
test_server_offline__money_for_a_question_ahead_of_its_backlog_opens_at_once(void **state)
{
    (void)state;
    char code[PAYCODE_CAP];
    struct event late;
    struct event ask = ask_early(&late);
    world_code(&w, "A", code);
    world_forget(&w);
    ok(world_pay(&w, "7004", code, 25000) != 200);
    const struct down *paid = world_last(&w, GATE_B, DOWN_QUOTE);
    assert_int_equal(paid->state, QUOTE_PAID);
    assert_string_equal(paid->ask, ask.id); /* 2 has not come: nothing of the journal was applied */
    assert_int_equal(world_number(&w, "SELECT count(*) FROM event WHERE type = 'exit_asked'"), 0);
    world_send(&w, &late);
    struct event e = world_event_b(&w, EVENT_EXIT_PERMITTED, "A");
    e.permit = PERMIT_PAID;
    world_send(&w, &e);
    e = world_event_b(&w, EVENT_LEFT, "A");
    world_send(&w, &e);
    assert_int_equal(world_number(&w, "SELECT count(*) FROM session WHERE state = 'left'"
                                      " AND fee_vnd = 25000 AND paid_vnd = 25000"),
                     1);
    assert_int_equal(world_number(&w, "SELECT count(*) FROM review"), 0);
    assert_int_equal(world_ledger_faults(&w), 0);
}

static void test_server_offline__a_restart_forgets_and_the_lane_asks_again(void **state)
{
    (void)state;
    char code[PAYCODE_CAP];
    struct event late;
    struct event ask = ask_early(&late);
    world_code(&w, "A", code);
    world_stop(&w);
    world_start(&w);
    world_forget(&w);
    ok(world_pay(&w, "7005", code, 25000) != 200);
    assert_int_equal(world_count_said(&w, GATE_B, DOWN_QUOTE), 0);
    world_send(&w, &ask); /* with the next query */
    assert_int_equal(world_last(&w, GATE_B, DOWN_QUOTE)->state, QUOTE_PAID);
}

static void test_server_offline__what_is_due_is_not_said_twice_ahead_of_its_backlog(void **state)
{
    (void)state;
    struct event late;
    struct event ask = ask_early(&late);
    int said = world_count_said(&w, GATE_B, DOWN_QUOTE);
    world_send(&w, &ask);
    assert_int_equal(world_count_said(&w, GATE_B, DOWN_QUOTE), said);
}

static void test_server_offline__an_unset_clock_is_corrected_with_both_values_kept(void **state)
{
    (void)state;
    struct event e = world_event(&w, EVENT_ARRIVED, "A");
    world_plate(&e, "30F12345", VEHICLE_CAR);
    wall_t came = w.now;
    e.clock = CLOCK_UNKNOWN;
    e.wall.ms = 1000;
    e.mono.ms = 50000;
    struct event in = world_event(&w, EVENT_ENTERED, "A");
    in.clock = CLOCK_UNKNOWN;
    in.wall.ms = 3000;
    in.mono.ms = 52000;
    world_pass(&w, 60); /* the line was cut: both arrive an hour later */
    world_send(&w, &e);
    world_send(&w, &in);
    assert_int_equal(world_number(&w, "SELECT entered_ms FROM session"), w.now.ms);
    struct event set = world_event(&w, EVENT_CLOCK_SET, "");
    set.mono.ms = 52000 + TIME_HOUR_MS;
    set.wall = wall_add(came, TIME_HOUR_MS);
    world_send(&w, &set);
    assert_int_equal(world_number(&w, "SELECT entered_ms FROM session"), came.ms);
    assert_int_equal(world_number(&w, "SELECT said_ms FROM event_time WHERE event ="
                                      " (SELECT id FROM event WHERE type = 'entered')"),
                     3000);
    assert_int_equal(world_number(&w, "SELECT count(*) FROM event_time"), 2);
    assert_true(world_number(&w, "SELECT count(*) FROM review WHERE kind = 'clock_corrected'") >=
                1);
    struct event ask = world_ask(&w, "A", "30F12345");
    (void)ask;
    assert_int_equal(world_last(&w, GATE_B, DOWN_QUOTE)->amount_vnd, 25000); /* of the true hour */
}

static void
test_server_offline__an_ended_stay_keeps_its_fee_and_a_person_is_told_the_other(void **state)
{
    (void)state;
    char text[200];
    struct event e = world_event(&w, EVENT_ARRIVED, "A");
    struct event in = world_event(&w, EVENT_ENTERED, "A");
    wall_t came = w.now;
    world_plate(&e, "30F12345", VEHICLE_CAR);
    e.clock = in.clock = CLOCK_UNKNOWN;
    e.wall.ms = in.wall.ms = 1000;
    e.mono.ms = in.mono.ms = 50000;
    world_pass(&w, 90); /* told an hour and a half late */
    world_send(&w, &e);
    world_send(&w, &in);
    world_pass(&w, 20);
    world_ask(&w, "A", "30F12345");
    leave_owing("A");
    struct event set = world_event(&w, EVENT_CLOCK_SET, "");
    set.mono.ms = 50000 + 90 * (int64_t)TIME_MINUTE_MS;
    set.wall = wall_add(came, 90 * (int64_t)TIME_MINUTE_MS);
    int64_t fee = world_number(&w, "SELECT fee_vnd FROM session");
    world_send(&w, &set);
    assert_int_equal(world_number(&w, "SELECT fee_vnd FROM session"), fee);
    world_text(&w,
               "SELECT detail FROM review WHERE kind = 'clock_corrected' AND detail LIKE"
               " 'entered%'",
               text, sizeof text);
    assert_non_null(strstr(text, "ended at 25000 VND, by that time 50000 VND"));
    assert_non_null(strstr(text, ", not "));
}

static void test_server_offline__a_mended_journal_sends_again_and_nothing_is_doubled(void **state)
{
    (void)state;
    world_enter(&w, "A", "30F12345");
    struct event known = world_event(&w, EVENT_HAND_OPENED, "");
    world_send(&w, &known);
    /* A new generation: an event that is here, then one that is not. */
    known.generation = 2;
    known.seq = 1;
    world_send(&w, &known);
    assert_int_equal(world_last(&w, GATE_A, DOWN_ACK)->generation, 2);
    assert_int_equal(world_number(&w, "SELECT count(*) FROM event WHERE type = 'hand_opened'"), 1);
    struct event fresh = world_event(&w, EVENT_HAND_OPENED, "");
    fresh.generation = 2;
    fresh.seq = 2;
    world_send(&w, &fresh);
    assert_int_equal(world_last(&w, GATE_A, DOWN_ACK)->seq, 2);
    assert_int_equal(world_number(&w, "SELECT count(*) FROM event WHERE type = 'hand_opened'"), 2);
    assert_int_equal(world_number(&w, "SELECT count(*) FROM quarantine"), 0);
    assert_int_equal(
        world_number(&w, "SELECT count(*) FROM alarm WHERE code = 'journal.new_start'"), 1);
}

#define W(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)
TESTS(W(test_server_offline__gates_are_told_config_and_stays_after_the_commit),
      W(test_server_offline__an_exit_priced_by_the_gate_agrees_and_is_a_debt),
      W(test_server_offline__a_difference_is_reported_with_its_reason),
      W(test_server_offline__money_for_the_gates_own_code_finds_its_stay),
      W(test_server_offline__two_stays_with_one_code_are_a_difference),
      W(test_server_offline__a_question_ahead_of_its_backlog_is_answered_at_once),
      W(test_server_offline__money_for_a_question_ahead_of_its_backlog_opens_at_once),
      W(test_server_offline__a_restart_forgets_and_the_lane_asks_again),
      W(test_server_offline__what_is_due_is_not_said_twice_ahead_of_its_backlog),
      W(test_server_offline__an_unset_clock_is_corrected_with_both_values_kept),
      W(test_server_offline__an_ended_stay_keeps_its_fee_and_a_person_is_told_the_other),
      W(test_server_offline__a_mended_journal_sends_again_and_nothing_is_doubled))
