/* What a lane does, clause by clause of docs/LANE.md. */
#include "tests/unit/lane_bench.c"

/* ---- order ---- */

static void test_lane__nothing_moves_before_the_record_is_durable(void **state)
{
    (void)state;
    begin(LANE_ENTRY);
    play(IN);
    assert_string_equal(b.outputs, "");
    assert_records("arrived");
    play("60000");
    assert_state(LANE_RECORDING);
    assert_string_equal(b.outputs, "");
    play("*");
    assert_string_equal(b.outputs, "close off;open pulse;");
}

static void test_lane__record_that_becomes_durable_too_late_opens_nothing(void **state)
{
    (void)state;
    begin(LANE_ENTRY);
    play(IN "A- 3000 **");
    assert_state(LANE_IDLE);
    assert_string_equal(b.outputs, "");
    assert_records("arrived backed_out");
    assert_string_equal(last_record()->session, b.record[0].event.session);
    assert_string_equal(last_record()->cause, b.record[0].event.id);
}

static void test_lane__vehicle_between_the_loops_is_waited_for(void **state)
{
    (void)state;
    begin(LANE_ENTRY);
    play(IN "A- *");
    assert_state(LANE_RECORDING); /* durable, but nobody is there just now */
    assert_string_equal(b.outputs, "");
    play("2000 A+");
    assert_state(LANE_OPENING);
    assert_string_equal(b.outputs, "close off;open pulse;");
}

static void test_lane__passage_gives_the_edge_once_and_changes_the_inside_table(void **state)
{
    (void)state;
    begin(LANE_ENTRY);
    play(UP "S+ A- S- 500 down 60000");
    assert_records("arrived entered");
    const struct gate_record *entered = &b.record[1];
    assert_int_equal(entered->change, INSIDE_ADD);
    assert_string_equal(entered->inside.key, "30F12345");
    assert_int_equal(entered->inside.vehicle, VEHICLE_CAR);
    assert_string_equal(entered->inside.session, b.record[0].event.session);
    assert_false(entered->event.inferred);
    assert_string_equal(entered->event.cause, b.record[0].event.id);
    assert_int_equal(entered->context.kind, VISIT_NONE);
}

static void test_lane__exit_names_the_session_that_this_gate_saw_come_in(void **state)
{
    (void)state;
    begin(LANE_EXIT);
    struct inside_entry entry = {SUBJECT_PLATE, VEHICLE_CAR, "30F12345", "", {0}};
    make_id(entry.session, 77);
    inside_add(&b.inside, &entry);
    play(PAID "up S+ A- S- 500");
    assert_records("exit_asked exit_permitted left");
    for (int i = 0; i < 3; i++) {
        assert_string_equal(b.record[i].event.session, entry.session);
    }
    assert_int_equal(b.record[2].change, INSIDE_REMOVE);
    assert_int_equal(b.record[1].event.permit, PERMIT_PAID);
    assert_string_equal(b.record[2].event.cause, b.record[1].event.id);
}

static void test_lane__server_word_about_the_session_wins(void **state)
{
    (void)state;
    begin(LANE_EXIT);
    play(ASK);
    assert_string_equal(last_record()->session, "");
    struct gate_event event = down_of(DOWN_QUOTE);
    event.down.state = QUOTE_FREE;
    make_id(event.down.session, 88);
    feed(&event);
    assert_records("exit_asked exit_permitted");
    assert_string_equal(last_record()->session, event.down.session);
    assert_string_equal(last_record()->cause, event.down.id);
    assert_int_equal(last_record()->permit, PERMIT_FREE);
}

/* ---- answers for somebody else ---- */

static void test_lane__answer_for_another_ask_and_session_opens_nothing(void **state)
{
    (void)state;
    begin(LANE_EXIT);
    play(ASK);
    for (int type = DOWN_QUOTE; type <= DOWN_PAID; type++) {
        struct gate_event event = down_of((enum down_type)type);
        event.down.state = QUOTE_PAID;
        make_id(event.down.ask, 90);
        make_id(event.down.session, 91);
        feed(&event);
        assert_state(LANE_ASKING);
        event.down.ask[0] = '\0'; /* nor one that names nobody, though we have no session either */
        event.down.session[0] = '\0';
        feed(&event);
        assert_state(LANE_ASKING);
    }
    assert_records("exit_asked");
}

static void test_lane__eight_times_paid_opens_once(void **state)
{
    (void)state;
    begin(LANE_EXIT);
    play(ASK "due");
    struct gate_event event = down_of(DOWN_PAID);
    for (int i = 0; i < 8; i++) {
        feed(&event);
    }
    assert_records("exit_asked exit_permitted");
    begin(LANE_EXIT);
    play(PAID "up S+ A- S- 500");
    for (int i = 0; i < 8; i++) {
        feed(&event); /* nor after it has gone */
    }
    assert_records("exit_asked exit_permitted left");
}

static void test_lane__payment_with_an_old_ask_but_the_same_session_counts(void **state)
{
    (void)state;
    begin(LANE_EXIT);
    play(ASK "due");
    struct gate_event event = down_of(DOWN_PAID);
    make_id(event.down.session, 88);
    struct gate_event again = event;
    feed(&event); /* matched by ask; the session is learned */
    assert_records("exit_asked exit_permitted");
    begin(LANE_EXIT);
    play(ASK);
    struct gate_event first = down_of(DOWN_QUOTE);
    make_id(first.down.session, 88);
    first.down.amount_vnd = 1000;
    feed(&first);
    play("600000 *"); /* ran out: asked again, another ask */
    assert_records("exit_asked exit_asked");
    assert_string_equal(last_record()->cause, b.record[0].event.id);
    memcpy(again.down.ask, b.record[0].event.id, ULID_CAP);
    feed(&again);
    assert_records("exit_asked exit_asked exit_permitted");
}

static void test_lane__repeated_quote_is_shown_once(void **state)
{
    (void)state;
    begin(LANE_EXIT);
    play(ASK);
    struct gate_event event = down_of(DOWN_QUOTE);
    event.down.amount_vnd = 25000;
    feed(&event);
    b.lane.display_changed = false;
    feed(&event);
    assert_false(b.lane.display_changed);
    assert_state(LANE_QUOTED);
}

static void test_lane__quote_runs_out_within_its_limits(void **state)
{
    (void)state;
    static const struct {
        int64_t valid_ms, expected_ms;
        enum clock_quality clock;
    } cases[] = {
        {120000, 120000, CLOCK_SYNCED},
        {-5000, 10000, CLOCK_SYNCED},
        {86400000, 3600000, CLOCK_DRIFTING},
        {120000, 600000, CLOCK_UNKNOWN},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        begin(LANE_EXIT);
        play(ASK);
        b.clock = cases[i].clock;
        struct gate_event event = down_of(DOWN_QUOTE);
        event.down.valid_until.ms = wall_start + b.now.ms + cases[i].valid_ms;
        feed(&event);
        assert_int_equal(mono_diff(b.lane.timer, b.now), cases[i].expected_ms);
    }
}

/* ---- held ---- */

static void
test_lane__unreadable_is_held_with_what_was_tried_and_released_when_it_goes(void **state)
{
    (void)state;
    begin(LANE_ENTRY);
    play("inputs A+");
    read_plate("30F-123.45", VEHICLE_CAR, 300);
    play("6000 *");
    assert_state(LANE_HELD);
    assert_int_equal(last_record()->hold, HOLD_UNREADABLE);
    assert_int_equal(last_record()->subject.kind, SUBJECT_NONE);
    assert_string_equal(last_record()->subject.raw, "30F-123.45");
    assert_string_equal(last_record()->subject.key, "");
    play("A- 2999 A+ A- 3000");
    assert_state(LANE_IDLE);
    assert_records("held released");
    assert_string_equal(last_record()->cause, b.record[0].event.id);
}

static void test_lane__ambiguous_is_held_and_the_lane_class_decides_where_it_can(void **state)
{
    (void)state;
    begin(LANE_ENTRY);
    play("inputs A+");
    read_plate("30F12345", VEHICLE_UNKNOWN, 960);
    assert_state(LANE_HELD);
    assert_int_equal(last_record()->hold, HOLD_AMBIGUOUS);
    begin(LANE_ENTRY);
    b.config.pairing.vehicle = VEHICLE_MOTORBIKE;
    lane_init(&b.lane, &b.config);
    play("inputs A+");
    read_plate("30F12345", VEHICLE_UNKNOWN, 960);
    assert_state(LANE_RECORDING);
    assert_int_equal(last_record()->subject.vehicle, VEHICLE_MOTORBIKE);
    begin(LANE_ENTRY);
    b.config.pairing.vehicle = VEHICLE_MOTORBIKE;
    lane_init(&b.lane, &b.config);
    play("inputs A+");
    read_plate("30F12345", VEHICLE_CAR, 960); /* the camera's word before the lane's */
    assert_int_equal(last_record()->subject.vehicle, VEHICLE_CAR);
}

static void test_lane__held_no_entry_takes_another_plate_and_not_the_same(void **state)
{
    (void)state;
    begin(LANE_EXIT);
    play(ASK "unknown *");
    play("plate");
    assert_state(LANE_HELD);
    read_plate("30F-123.46", VEHICLE_CAR, 970);
    assert_state(LANE_ASKING);
    assert_records("exit_asked held released exit_asked");
}

static void test_lane__held_for_the_server_leaves_on_time_and_backs_off(void **state)
{
    (void)state;
    begin(LANE_EXIT);
    play(ASK "10000 ** plate"); /* no answer: a reading is no answer */
    assert_state(LANE_HELD);
    play("A- 3000");
    assert_records("exit_asked held released backed_off");
    assert_string_equal(last_record()->cause, b.record[0].event.id);
}

static void test_lane__payment_releases_a_held_vehicle(void **state)
{
    (void)state;
    begin(LANE_EXIT);
    play(ASK "10000 ** bank");
    assert_state(LANE_RECORDING);
    assert_records("exit_asked held released exit_permitted");
    assert_string_equal(b.record[2].event.cause, b.record[1].event.id);
    assert_false(b.record[3].context.held);
}

static void test_lane__next_vehicle_is_read_while_this_one_still_stands_there(void **state)
{
    (void)state;
    begin(LANE_ENTRY);
    play(UP);
    read_plate("51G-678.90", VEHICLE_CAR, 970); /* queues behind; its camera fires only once */
    read_plate("30F-123.46", VEHICLE_CAR, 990); /* this one again, misread */
    play("S+ A- A+ S- 500 down");
    assert_state(LANE_RECORDING);
    assert_string_equal(last_record()->subject.key, "51G67890");
}

static void test_lane__plate_of_one_let_in_by_hand_is_not_the_next_ones(void **state)
{
    (void)state;
    begin(LANE_ENTRY);
    play(HELD "open ** up plate S+ A- A+ S- 500 down");
    assert_state(LANE_ARMED);
}

/* ---- by hand ---- */

static void test_lane__many_waiting_records_take_no_command_and_forget_it(void **state)
{
    (void)state;
    begin(LANE_EXIT);
    play("inputs A+ plate unknown subject"); /* 5 records, none durable */
    assert_int_equal(b.record_count, 5);
    struct gate_event event = down_of(DOWN_COMMAND);
    event.down.action = COMMAND_OPEN;
    event.down.deadline.ms = wall_start + 100000;
    feed(&event);
    assert_int_equal(b.record_count, 5);
    play("**");
    feed(&event); /* the server says it again, and now it is taken */
    assert_state(LANE_RECORDING);
    assert_int_equal(b.record[5].event.type, EVENT_HAND_OPENED);
}

static void test_lane__open_by_hand_for_an_ask_is_a_manual_permit(void **state)
{
    (void)state;
    begin(LANE_EXIT);
    play(ASK "due open");
    assert_string_equal(b.outputs, "");
    play("**");
    assert_state(LANE_OPENING);
    play("up S+ A- S- 500");
    assert_records("exit_asked hand_opened exit_permitted command_done left");
    assert_int_equal(b.record[2].event.permit, PERMIT_MANUAL);
    assert_string_equal(b.record[2].event.cause, b.record[0].event.id);
    assert_string_equal(b.record[1].event.by, "lan");
    assert_int_equal(b.record[3].event.outcome, OUTCOME_DONE);
    assert_string_equal(b.record[3].event.cause, b.record[1].event.cause);
}

static void test_lane__command_past_its_deadline_moves_nothing(void **state)
{
    (void)state;
    begin(LANE_ENTRY);
    play("inputs A+");
    command(COMMAND_OPEN, -1);
    assert_state(LANE_ARMED);
    assert_records("command_done");
    assert_int_equal(last_record()->outcome, OUTCOME_LATE);
    b.clock = CLOCK_UNKNOWN;
    command(COMMAND_OPEN, 60000);
    assert_int_equal(last_record()->outcome, OUTCOME_IMPOSSIBLE);
    assert_state(LANE_ARMED);
}

static void test_lane__command_is_done_once_also_after_a_restart(void **state)
{
    (void)state;
    begin(LANE_ENTRY);
    play("inputs A+");
    struct gate_event event = down_of(DOWN_COMMAND);
    event.down.action = COMMAND_OPEN;
    event.down.deadline.ms = wall_start + 100000;
    feed(&event);
    play("* up S+ A- S- 500 down **");
    assert_records("hand_opened command_done");
    feed(&event);
    assert_records("hand_opened command_done");
    play("kill");
    feed(&event);
    assert_records("hand_opened command_done");
    assert_state(LANE_IDLE);
}

static void test_lane__opened_by_hand_for_nobody_gives_no_edge(void **state)
{
    (void)state;
    begin(LANE_ENTRY);
    play(HELD "open ** up S+ A- S- 500 down");
    assert_records("held hand_opened released command_done");
    assert_state(LANE_IDLE);
}

static void test_lane__command_that_cannot_be_carried_out_says_so(void **state)
{
    (void)state;
    static const struct {
        const char *script;
        enum lane_direction direction;
        enum command_action action;
    } cases[] = {
        {IN, LANE_ENTRY, COMMAND_OPEN},           {"inputs silent *", LANE_ENTRY, COMMAND_OPEN},
        {IN "*", LANE_ENTRY, COMMAND_CLOSE_LANE}, {"inputs", LANE_ENTRY, COMMAND_SET_SUBJECT},
        {HELD, LANE_ENTRY, COMMAND_CLOSE_LANE},   {"", LANE_ENTRY, COMMAND_OPEN},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        begin(cases[i].direction);
        play(cases[i].script);
        enum lane_state before = b.lane.state;
        command(cases[i].action, 60000);
        assert_state(before);
        assert_int_equal(last_record()->type, EVENT_COMMAND_DONE);
        assert_int_equal(last_record()->outcome, OUTCOME_IMPOSSIBLE);
        assert_true(last_record()->text[0]);
    }
}

static void test_lane__open_command_on_a_stuck_arm_is_impossible_then_tried_again(void **state)
{
    (void)state;
    begin(LANE_ENTRY);
    play("inputs A+ open * 16000");
    assert_state(LANE_FAULT);
    assert_int_equal(b.record[1].event.outcome, OUTCOME_IMPOSSIBLE);
    play("** open *");
    assert_state(LANE_OPENING);
}

static void test_lane__person_corrects_the_plate_at_the_exit(void **state)
{
    (void)state;
    begin(LANE_EXIT);
    play(ASK "due subject");
    assert_state(LANE_ASKING);
    assert_records("exit_asked exit_asked command_done");
    assert_string_equal(b.record[1].event.subject.key, "29A55555");
    assert_int_equal(b.record[1].event.subject.source, SOURCE_ATTENDANT);
    assert_int_equal(b.record[1].event.subject.confidence, 1000);
}

/* ---- restart and line ---- */

static void test_lane__killed_with_a_permit_and_there_opens_for_the_same_session(void **state)
{
    (void)state;
    begin(LANE_ENTRY);
    play(IN "* kill");
    assert_string_equal(b.outputs, "close off;open pulse;");
    play("up S+ A- S- 500");
    assert_records("arrived entered");
    assert_string_equal(b.record[1].event.session, b.record[0].event.session);
    assert_string_equal(b.record[1].event.cause, b.record[0].event.id);
}

static void test_lane__killed_with_a_permit_and_gone_concludes_from_the_arm(void **state)
{
    (void)state;
    static const struct {
        const char *arm;
        bool auto_close;
        enum event_type edge;
        enum lane_direction direction;
    } cases[] = {
        {"up", false, EVENT_ENTERED, LANE_ENTRY}, {"", false, EVENT_BACKED_OUT, LANE_ENTRY},
        {"", true, EVENT_ENTERED, LANE_ENTRY},    {"up", false, EVENT_LEFT, LANE_EXIT},
        {"", false, EVENT_BACKED_OFF, LANE_EXIT}, {"", true, EVENT_LEFT, LANE_EXIT},
        {"D-", false, EVENT_ENTERED, LANE_ENTRY}, /* half-way: it rose */
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        begin(cases[i].direction);
        b.config.auto_close = cases[i].auto_close;
        lane_init(&b.lane, &b.config);
        play(cases[i].direction == LANE_ENTRY ? IN "*" : PAID);
        play(cases[i].arm);
        play("A- kill");
        assert_int_equal(last_record()->type, cases[i].edge);
        assert_true(last_record()->inferred);
    }
}

static void test_lane__killed_with_a_permit_without_switches_is_taken_for_passed(void **state)
{
    (void)state;
    begin(LANE_ENTRY);
    b.config.inputs = 1u << INPUT_ARMING_LOOP | 1u << INPUT_SAFETY_LOOP;
    b.config.barrier.has_opened = false;
    b.config.barrier.has_closed = false;
    lane_init(&b.lane, &b.config);
    play("A- S- 8000 A+ plate");
    assert_state(LANE_RECORDING);
    play("* A- kill");
    assert_records("arrived entered");
    assert_true(last_record()->inferred);
    assert_state(
        LANE_CLOSING); /* nobody knows where the arm is: lowered when nothing is under it */
}

static void test_lane__cut_line_after_the_arm_was_seen_up_is_taken_for_passed(void **state)
{
    (void)state;
    begin(LANE_ENTRY);
    play(UP "silent answers A- S- U- D+"); /* down again, perhaps by a hand or the module's safe
                                              state */
    assert_int_equal(last_record()->type, EVENT_ALARM);
    assert_int_equal(b.record[2].event.type, EVENT_ENTERED);
    assert_true(b.record[2].event.inferred);
    begin(LANE_ENTRY);
    play(IN "* silent answers A- S- U- D+"); /* never seen up, and down: it went back */
    assert_int_equal(b.record[2].event.type, EVENT_BACKED_OUT);
}

static void test_lane__cut_line_repeats_no_order_and_decides_from_the_inputs(void **state)
{
    (void)state;
    begin(LANE_ENTRY);
    play(IN "* silent 60000");
    assert_state(LANE_FAULT);
    assert_string_equal(b.outputs, "");
    play("answers");
    assert_string_equal(b.outputs, "");
    play("A+ S- U-");
    assert_state(LANE_LEARNING);
    assert_string_equal(b.outputs, "");
    play("D+");
    assert_string_equal(b.outputs, "close off;open pulse;");
    assert_records("arrived alarm alarm");
}

static void test_lane__payment_during_a_cut_line_is_recorded_and_opens_later(void **state)
{
    (void)state;
    begin(LANE_EXIT);
    play(ASK "due silent * bank");
    assert_records("exit_asked alarm exit_permitted");
    play("*");
    assert_state(LANE_FAULT);
    assert_string_equal(b.outputs, "");
    play("answers A+ S- U- D+");
    assert_state(LANE_OPENING);
}

static void test_lane__second_report_of_silence_forgets_the_inputs_again(void **state)
{
    (void)state;
    begin(LANE_ENTRY);
    play("inputs silent A- S- silent answers");
    assert_false(lane_loops_known(&b.lane));
}

static void test_lane__killed_while_asking_asks_again_once_and_then_calls_a_person(void **state)
{
    (void)state;
    begin(LANE_EXIT);
    play(ASK "due kill");
    assert_state(LANE_ASKING);
    assert_string_equal(b.lane.visit.ask, b.record[0].event.id);
    play("9999");
    assert_records("exit_asked");
    play("1 **");
    assert_records("exit_asked exit_asked");
    play("10000");
    assert_state(LANE_HELD);
}

static void test_lane__killed_in_a_manual_opening_keeps_or_withdraws_by_the_deadline(void **state)
{
    (void)state;
    begin(LANE_EXIT);
    play(ASK "open ** kill");
    assert_state(LANE_OPENING);
    play("up");
    assert_int_equal(last_record()->type, EVENT_COMMAND_DONE);
    assert_int_equal(last_record()->outcome, OUTCOME_DONE);
    begin(LANE_EXIT);
    play(ASK "open **");
    b.now.ms += 100000;
    play("kill");
    assert_state(LANE_ASKING);
    assert_int_equal(last_record()->outcome, OUTCOME_LATE);
    begin(LANE_ENTRY);
    play("inputs open * kill");
    assert_state(LANE_IDLE);
    assert_int_equal(last_record()->outcome, OUTCOME_IMPOSSIBLE);
}

static void test_lane__each_context_comes_back_through_its_text(void **state)
{
    (void)state;
    begin(LANE_EXIT);
    play("inputs A+");
    read_plate("29-M1\n123.45", VEHICLE_MOTORBIKE, 960);
    play("* unknown * open");
    for (int i = 0; i < b.record_count; i++) {
        char text[CONTEXT_TEXT_CAP];
        struct out out;
        struct lane_context back;
        out_init(&out, text, sizeof text);
        lane_context_write(&out, &b.record[i].context);
        assert_false(out_failed(&out));
        ok(lane_context_parse(out_str(&out), &back));
        assert_memory_equal(&back, &b.record[i].context, sizeof back);
        assert_int_equal(lane_context_parse(str_slice(out_str(&out), 0, out.n - 1), &back),
                         DX_E_FORMAT); /* cut off */
    }
    struct lane_context untouched;
    assert_int_equal(lane_context_parse(STR("v=2\n"), &untouched), DX_E_VERSION);
    assert_int_equal(lane_context_parse(STR("kind=1\n"), &untouched), DX_E_FORMAT);
    assert_int_equal(lane_context_parse(STR("v=1\nkind=9\n"), &untouched), DX_E_FORMAT);
    assert_int_equal(lane_context_parse(STR("v=1\nkey=a%0\n"), &untouched), DX_E_FORMAT);
    ok(lane_context_parse(STR("v=1\nsomething_new=7\n"), &untouched));
}

/* ---- the rest ---- */

static void test_lane__nobody_is_held_and_nothing_begins_while_storing_fails(void **state)
{
    (void)state;
    begin(LANE_ENTRY);
    play("inputs A+ fails plate 60000");
    assert_state(LANE_ARMED);
    assert_records("");
    struct lane_display display;
    lane_get_display(&b.lane, &display);
    assert_int_equal(display.kind, DISPLAY_STOPPED);
    b.journal_ok = true;
    struct gate_event poke = event_of(GATE_EV_TIMEOUT);
    feed(&poke);
    assert_state(LANE_RECORDING); /* what was read meanwhile counts */
}

static void test_lane__alarms_are_recorded_when_they_change_and_only_then(void **state)
{
    (void)state;
    begin(LANE_ENTRY);
    play("inputs D- D+ D- 1000 D+");
    assert_records("alarm alarm alarm alarm");
    assert_string_equal(b.record[0].event.code, "barrier.forced");
    assert_true(b.record[0].event.raised);
    assert_false(b.record[1].event.raised);
}

static void test_lane__scan_that_is_no_code_is_said_for_a_moment(void **state)
{
    (void)state;
    struct lane_display display;
    begin(LANE_ENTRY);
    play("inputs A+");
    struct gate_event event = event_of(GATE_EV_SCAN_OTHER);
    feed(&event);
    lane_get_display(&b.lane, &display);
    assert_int_equal(display.kind, DISPLAY_NOT_A_CODE);
    play("3000");
    lane_get_display(&b.lane, &display);
    assert_int_equal(display.kind, DISPLAY_READING);
    assert_state(LANE_ARMED);
}

static void test_lane__display_shows_amount_code_and_qr_while_it_waits_for_money(void **state)
{
    (void)state;
    struct lane_display display;
    char line[DISPLAY_LINE_CAP];
    begin(LANE_EXIT);
    play(ASK);
    struct gate_event event = down_of(DOWN_QUOTE);
    event.down.amount_vnd = 25000;
    event.down.fee_vnd = 30000;
    memcpy(event.down.paycode, "DX7K3M9Q2X", 11);
    memcpy(event.down.payload, "000201", 7);
    feed(&event);
    lane_get_display(&b.lane, &display);
    assert_int_equal(display.kind, DISPLAY_PAY);
    assert_string_equal(display.payload, "000201");
    display_line(&display, DISPLAY_VI, 1, line, sizeof line);
    assert_string_equal(line, "25.000 đ");
    display_line(&display, DISPLAY_EN, 1, line, sizeof line);
    assert_string_equal(line, "25,000 VND");
    display_line(&display, DISPLAY_VI, 2, line, sizeof line);
    assert_string_equal(line, "DX7K3M9Q2X");
    display_line(&display, DISPLAY_VI, 3, line, sizeof line);
    assert_string_equal(line, "30F-123.45");
}

static void test_lane__light_is_green_only_while_the_way_is_free(void **state)
{
    (void)state;
    begin(LANE_ENTRY);
    b.config.outputs |= 1u << OUTPUT_LIGHT;
    lane_init(&b.lane, &b.config);
    play(IN "*");
    assert_string_equal(b.outputs, "close off;open pulse;light on;");
    play("up S+ A- S- 500");
    assert_string_equal(b.outputs, "open off;close pulse;light off;");
}

static void test_lane__configuration_that_cannot_work_is_refused(void **state)
{
    (void)state;
    struct lane_config good;
    const char *why = NULL;
    lane_config_defaults(&good);
    ok(lane_config_check(&good, &why));
    struct lane_config bad = good;
    bad.inputs &= ~(1u << INPUT_SAFETY_LOOP);
    assert_int_equal(lane_config_check(&bad, &why), DX_E_CONFIG);
    assert_non_null(why);
    bad = good;
    bad.outputs = 1u << OUTPUT_OPEN;
    assert_int_equal(lane_config_check(&bad, &why), DX_E_CONFIG);
    bad = good;
    bad.barrier.has_opened = false;
    assert_int_equal(lane_config_check(&bad, &why), DX_E_CONFIG);
    bad = good;
    bad.pairing.fair = 950;
    assert_int_equal(lane_config_check(&bad, &why), DX_E_CONFIG);
    bad = good;
    bad.read_ms = 0;
    assert_int_equal(lane_config_check(&bad, &why), DX_E_CONFIG);
    bad = good;
    bad.lane = 17;
    assert_int_equal(lane_config_check(&bad, &why), DX_E_CONFIG);
}

TESTS(T(test_lane__nothing_moves_before_the_record_is_durable),
      T(test_lane__record_that_becomes_durable_too_late_opens_nothing),
      T(test_lane__vehicle_between_the_loops_is_waited_for),
      T(test_lane__passage_gives_the_edge_once_and_changes_the_inside_table),
      T(test_lane__exit_names_the_session_that_this_gate_saw_come_in),
      T(test_lane__server_word_about_the_session_wins),
      T(test_lane__answer_for_another_ask_and_session_opens_nothing),
      T(test_lane__eight_times_paid_opens_once),
      T(test_lane__payment_with_an_old_ask_but_the_same_session_counts),
      T(test_lane__repeated_quote_is_shown_once), T(test_lane__quote_runs_out_within_its_limits),
      T(test_lane__unreadable_is_held_with_what_was_tried_and_released_when_it_goes),
      T(test_lane__ambiguous_is_held_and_the_lane_class_decides_where_it_can),
      T(test_lane__held_no_entry_takes_another_plate_and_not_the_same),
      T(test_lane__held_for_the_server_leaves_on_time_and_backs_off),
      T(test_lane__next_vehicle_is_read_while_this_one_still_stands_there),
      T(test_lane__plate_of_one_let_in_by_hand_is_not_the_next_ones),
      T(test_lane__payment_releases_a_held_vehicle),
      T(test_lane__many_waiting_records_take_no_command_and_forget_it),
      T(test_lane__open_by_hand_for_an_ask_is_a_manual_permit),
      T(test_lane__command_past_its_deadline_moves_nothing),
      T(test_lane__command_is_done_once_also_after_a_restart),
      T(test_lane__opened_by_hand_for_nobody_gives_no_edge),
      T(test_lane__command_that_cannot_be_carried_out_says_so),
      T(test_lane__open_command_on_a_stuck_arm_is_impossible_then_tried_again),
      T(test_lane__person_corrects_the_plate_at_the_exit),
      T(test_lane__killed_with_a_permit_and_there_opens_for_the_same_session),
      T(test_lane__killed_with_a_permit_and_gone_concludes_from_the_arm),
      T(test_lane__killed_with_a_permit_without_switches_is_taken_for_passed),
      T(test_lane__cut_line_after_the_arm_was_seen_up_is_taken_for_passed),
      T(test_lane__cut_line_repeats_no_order_and_decides_from_the_inputs),
      T(test_lane__payment_during_a_cut_line_is_recorded_and_opens_later),
      T(test_lane__second_report_of_silence_forgets_the_inputs_again),
      T(test_lane__killed_while_asking_asks_again_once_and_then_calls_a_person),
      T(test_lane__killed_in_a_manual_opening_keeps_or_withdraws_by_the_deadline),
      T(test_lane__each_context_comes_back_through_its_text),
      T(test_lane__nobody_is_held_and_nothing_begins_while_storing_fails),
      T(test_lane__alarms_are_recorded_when_they_change_and_only_then),
      T(test_lane__scan_that_is_no_code_is_said_for_a_moment),
      T(test_lane__display_shows_amount_code_and_qr_while_it_waits_for_money),
      T(test_lane__light_is_green_only_while_the_way_is_free),
      T(test_lane__configuration_that_cannot_work_is_refused))
