#include "server/core/session.h"
#include "tests/harness/harness.h"

#define SID  "01JAAAAAAAAAAAAAAAAAAAAAAA"
#define GATE "hn-0001-g1"

enum { T0 = 1000000, T1 = 2000000 };

static struct session_view a_view(enum session_state state)
{
    struct session_view view = {.found = true, .lot = "hn-0001", .at = {T1}};
    struct session *s = &view.session;
    s->state = state;
    s->arrived.ms = T0 - 1000;
    memcpy(s->id, SID, sizeof SID);
    memcpy(s->lot, "hn-0001", 8);
    s->subject = (struct subject){.kind = SUBJECT_PLATE, .vehicle = VEHICLE_CAR, .key = "30F12345"};
    if (state != SESSION_ARRIVING && state != SESSION_BACKED_OUT) {
        s->entered.ms = T0;
    }
    return view;
}

static struct event an_event(enum event_type type)
{
    struct event event = {.type = type, .lane = 2, .wall = {T1}, .permit = PERMIT_MANUAL};
    memcpy(event.id, "01JBBBBBBBBBBBBBBBBBBBBBBB", ULID_CAP);
    memcpy(event.session, SID, sizeof SID);
    memcpy(event.gate, GATE, sizeof GATE);
    event.subject =
        (struct subject){.kind = SUBJECT_PLATE, .vehicle = VEHICLE_CAR, .key = "30F12345"};
    return event;
}

static struct session_decision decide(enum session_state state, enum event_type type)
{
    struct session_decision d;
    struct session_view view = a_view(state);
    struct event event = an_event(type);
    session_decide(&view, &event, &d);
    return d;
}

static void test_session__arrival_makes_a_session_of_the_gate_s_id(void **state)
{
    (void)state;
    struct session_view view = {.lot = "hn-0001", .at = {T0}};
    struct event event = an_event(EVENT_ARRIVED);
    struct session_decision d;
    session_decide(&view, &event, &d);
    assert_true(d.create && !d.update && !d.entered);
    assert_int_equal(d.outcome, SESSION_OUTCOME_APPLIED);
    assert_int_equal(d.session.state, SESSION_ARRIVING);
    assert_string_equal(d.session.id, SID);
    assert_string_equal(d.session.lot, "hn-0001");
    assert_string_equal(d.session.gate_in, GATE);
    assert_true(d.session.arrived.ms == T0 && d.session.entered.ms == 0);
    assert_int_equal(d.review_count, 0);
}

static void test_session__arrival_of_a_vehicle_that_is_inside_is_reviewed(void **state)
{
    (void)state;
    struct session_view view = {.lot = "hn-0001", .at = {T0}, .twins = 1};
    struct event event = an_event(EVENT_ARRIVED);
    struct session_decision d;
    session_decide(&view, &event, &d);
    assert_true(d.create);
    assert_int_equal(d.review_count, 1);
    assert_int_equal(d.review[0].kind, REVIEW_ALREADY_INSIDE);
}

static void test_session__second_arrival_under_one_id_is_a_conflict(void **state)
{
    (void)state;
    struct session_decision d = decide(SESSION_INSIDE, EVENT_ARRIVED);
    assert_false(d.create || d.update);
    assert_int_equal(d.outcome, SESSION_OUTCOME_REVIEW);
    assert_int_equal(d.review[0].kind, REVIEW_SESSION_CONFLICT);
}

static void test_session__entry_begins_the_stay_at_the_passage(void **state)
{
    (void)state;
    struct session_decision d = decide(SESSION_ARRIVING, EVENT_ENTERED);
    assert_true(d.update && d.entered && !d.session.inferred);
    assert_int_equal(d.session.state, SESSION_INSIDE);
    assert_true(d.session.entered.ms == T1);
}

static void test_session__approved_is_not_passed_a_car_that_backs_out_never_entered(void **state)
{
    (void)state;
    struct session_decision d = decide(SESSION_ARRIVING, EVENT_BACKED_OUT);
    assert_int_equal(d.session.state, SESSION_BACKED_OUT);
    assert_true(d.update && !d.entered && !d.ended);
    assert_true(d.session.entered.ms == 0);
}

static void test_session__unset_clock_is_reviewed(void **state)
{
    (void)state;
    struct session_decision d;
    struct session_view view = a_view(SESSION_ARRIVING);
    struct event event = an_event(EVENT_ENTERED);
    view.at_is_receipt = true;
    session_decide(&view, &event, &d);
    assert_int_equal(d.session.state, SESSION_INSIDE);
    assert_int_equal(d.review[0].kind, REVIEW_CLOCK_UNKNOWN);
}

static void test_session__exit_asked_wants_a_price_and_settles_what_the_lane_was_told(void **state)
{
    (void)state;
    static const enum session_state open[] = {SESSION_INSIDE, SESSION_QUOTED, SESSION_PAID,
                                              SESSION_EXEMPT, SESSION_LEAVING};
    for (size_t i = 0; i < sizeof open / sizeof open[0]; i++) {
        struct session_decision d = decide(open[i], EVENT_EXIT_ASKED);
        assert_true(d.price && d.update && d.settles_lane);
        assert_int_equal(d.review_count, 0);
        assert_true(d.session.asked.ms == T1);
        assert_string_equal(d.session.gate_out, GATE);
        assert_int_equal(d.session.lane_out, 2);
    }
}

static void test_session__exit_without_a_confirmed_entry_is_priced_from_the_arrival(void **state)
{
    (void)state;
    struct session_decision d = decide(SESSION_ARRIVING, EVENT_EXIT_ASKED);
    assert_true(d.price && d.entered && d.session.inferred);
    assert_int_equal(d.session.state, SESSION_INSIDE);
    assert_true(d.session.entered.ms == T0 - 1000);
    assert_int_equal(d.review[0].kind, REVIEW_ENTRY_UNCONFIRMED);
}

static void test_session__exit_of_an_unknown_vehicle_is_reviewed(void **state)
{
    (void)state;
    struct session_decision d;
    struct session_view view = {.lot = "hn-0001", .at = {T1}};
    struct event event = an_event(EVENT_EXIT_ASKED);
    event.session[0] = '\0';
    session_decide(&view, &event, &d);
    assert_false(d.price || d.create || d.update);
    assert_int_equal(d.outcome, SESSION_OUTCOME_REVIEW);
    assert_int_equal(d.review[0].kind, REVIEW_NO_ENTRY);
}

static void test_session__permit_keeps_its_reason(void **state)
{
    (void)state;
    struct session_view view = a_view(SESSION_QUOTED);
    struct event event = an_event(EVENT_EXIT_PERMITTED);
    struct session_decision d;
    view.session.asked.ms = T1 - 5;
    session_decide(&view, &event, &d);
    assert_int_equal(d.session.state, SESSION_LEAVING);
    assert_true(d.session.permitted && d.session.permit == PERMIT_MANUAL && d.settles_lane);
    assert_false(d.fix_fee);
    /* Let go without having asked us: the fee is ours to find. */
    d = decide(SESSION_INSIDE, EVENT_EXIT_PERMITTED);
    assert_true(d.fix_fee && d.session.asked.ms == T1);
}

static void test_session__leaving_ends_the_stay_and_its_money_is_settled(void **state)
{
    (void)state;
    struct session_view view = a_view(SESSION_LEAVING);
    struct event event = an_event(EVENT_LEFT);
    struct session_decision d;
    view.session.asked.ms = T1 - 5;
    session_decide(&view, &event, &d);
    assert_true(d.ended && d.update && d.settles_lane && !d.fix_fee);
    assert_true(d.session.left.ms == T1);
    assert_int_equal(d.review_count, 0);
}

static void test_session__leaving_without_a_permit_is_reviewed(void **state)
{
    (void)state;
    static const enum session_state open[] = {SESSION_INSIDE, SESSION_QUOTED, SESSION_PAID,
                                              SESSION_EXEMPT};
    for (size_t i = 0; i < sizeof open / sizeof open[0]; i++) {
        struct session_decision d = decide(open[i], EVENT_LEFT);
        assert_true(d.ended);
        assert_int_equal(d.review[0].kind, REVIEW_LEFT_UNPERMITTED);
    }
}

static void test_session__backing_off_the_exit_is_still_inside_and_paid_stays_paid(void **state)
{
    (void)state;
    struct session_decision d = decide(SESSION_LEAVING, EVENT_BACKED_OFF);
    assert_int_equal(d.session.state, SESSION_INSIDE);
    assert_true(d.session.asked.ms == 0 && !d.session.permitted);
    assert_string_equal(d.session.gate_out, "");
    struct session_view view = a_view(SESSION_LEAVING);
    struct event event = an_event(EVENT_BACKED_OFF);
    view.session.paid_at.ms = T1 - 9;
    session_decide(&view, &event, &d);
    assert_int_equal(d.session.state, SESSION_PAID);
    d = decide(SESSION_INSIDE, EVENT_BACKED_OFF);
    assert_int_equal(d.outcome, SESSION_OUTCOME_IGNORED);
}

/* Events of a session, in every state: what is not in `may` moves nothing and is reviewed. */
static void test_session__ended_stays_ended_and_odd_events_are_never_silent(void **state)
{
    (void)state;
    static const enum event_type types[] = {EVENT_ENTERED,    EVENT_BACKED_OUT,
                                            EVENT_EXIT_ASKED, EVENT_EXIT_PERMITTED,
                                            EVENT_LEFT,       EVENT_BACKED_OFF};
    for (int s = 0; s < SESSION_STATE_COUNT; s++) {
        for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
            struct session_decision d = decide((enum session_state)s, types[i]);
            if (session_is_ended((enum session_state)s)) {
                assert_int_equal(d.outcome, SESSION_OUTCOME_REVIEW);
                assert_false(d.update || d.create || d.ended || d.price);
                assert_int_equal(d.review[0].kind, REVIEW_SESSION_CONFLICT);
            }
            if (!d.update) {
                assert_true(d.review_count > 0 || d.outcome == SESSION_OUTCOME_IGNORED);
            }
            assert_true(session_may_go((enum session_state)s, d.session.state) ||
                        s == SESSION_ARRIVING || d.session.state == SESSION_LEAVING);
        }
    }
}

static void test_session__event_of_an_unknown_session_is_reviewed(void **state)
{
    (void)state;
    static const enum event_type types[] = {EVENT_ENTERED, EVENT_BACKED_OUT, EVENT_EXIT_PERMITTED,
                                            EVENT_LEFT, EVENT_BACKED_OFF};
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
        struct session_decision d;
        struct session_view view = {.lot = "hn-0001", .at = {T1}};
        struct event event = an_event(types[i]);
        session_decide(&view, &event, &d);
        assert_int_equal(d.outcome, SESSION_OUTCOME_REVIEW);
        assert_int_equal(d.review[0].kind, REVIEW_UNKNOWN_SESSION);
    }
}

static void test_session__vehicle_without_a_session_let_out_by_hand_needs_no_review(void **state)
{
    (void)state;
    struct session_decision d;
    struct session_view view = {.lot = "hn-0001", .at = {T1}};
    struct event event = an_event(EVENT_LEFT);
    event.session[0] = '\0';
    session_decide(&view, &event, &d);
    assert_int_equal(d.outcome, SESSION_OUTCOME_APPLIED);
    assert_int_equal(d.review_count, 0);
    assert_true(d.settles_lane);
}

/* The table as a picture: row from, column to, in the order of SESSION_STATES. */
static void test_session__legal_transitions_are_these_and_no_others(void **state)
{
    (void)state;
    static const char *const rows[SESSION_STATE_COUNT] = {
        /*             A I Q P E L l b u w c */
        /* arriving */ "=x.....x..x",
        /* inside   */ ".=xxxx....x",
        /* quoted   */ ".x=xxx....x",
        /* paid     */ ".xx=.x....x",
        /* exempt   */ ".xxx=x....x",
        /* leaving  */ ".xxxx=x.x.x",
        /* left     */ "......=.x..",
        /* backed   */ ".......=...",
        /* unpaid   */ "......x.=x.",
        /* written  */ "......x..=.",
        /* closed   */ "..........=",
    };
    for (int from = 0; from < SESSION_STATE_COUNT; from++) {
        for (int to = 0; to < SESSION_STATE_COUNT; to++) {
            assert_int_equal(session_may_go((enum session_state)from, (enum session_state)to),
                             rows[from][to] != '.');
        }
    }
}

static void test_session__words_read_back(void **state)
{
    (void)state;
    for (int i = 0; i < SESSION_STATE_COUNT; i++) {
        enum session_state back;
        ok(session_state_parse(str_c(session_state_text((enum session_state)i)), &back));
        assert_int_equal(back, i);
    }
    enum session_state none;
    assert_int_equal(session_state_parse(STR("parked"), &none), DX_E_NOT_FOUND);
}

TESTS(T(test_session__arrival_makes_a_session_of_the_gate_s_id),
      T(test_session__arrival_of_a_vehicle_that_is_inside_is_reviewed),
      T(test_session__second_arrival_under_one_id_is_a_conflict),
      T(test_session__entry_begins_the_stay_at_the_passage),
      T(test_session__approved_is_not_passed_a_car_that_backs_out_never_entered),
      T(test_session__unset_clock_is_reviewed),
      T(test_session__exit_asked_wants_a_price_and_settles_what_the_lane_was_told),
      T(test_session__exit_without_a_confirmed_entry_is_priced_from_the_arrival),
      T(test_session__exit_of_an_unknown_vehicle_is_reviewed),
      T(test_session__permit_keeps_its_reason),
      T(test_session__leaving_ends_the_stay_and_its_money_is_settled),
      T(test_session__leaving_without_a_permit_is_reviewed),
      T(test_session__backing_off_the_exit_is_still_inside_and_paid_stays_paid),
      T(test_session__ended_stays_ended_and_odd_events_are_never_silent),
      T(test_session__event_of_an_unknown_session_is_reviewed),
      T(test_session__vehicle_without_a_session_let_out_by_hand_needs_no_review),
      T(test_session__legal_transitions_are_these_and_no_others), T(test_session__words_read_back))
