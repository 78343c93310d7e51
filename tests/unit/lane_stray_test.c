/* Who passes without a permit, whom the books believe inside, and better names: V6 to V9, W, A,
 * P13. */
#include "tests/unit/lane_bench.c"

/* "tailgating wrong_way": the codes of all UNLOGGED records. */
static void assert_unlogged(const char *expected)
{
    char text[256];
    struct out out;
    out_init(&out, text, sizeof text);
    for (int i = 0; i < b.record_count; i++) {
        if (b.record[i].event.type == EVENT_UNLOGGED) {
            out_fmt(&out, "%s%s", out.n ? " " : "", b.record[i].event.code);
        }
    }
    assert_string_equal(text, expected);
}

/* ---- V6 to V9, each a way to pass or not to ---- */

#define PASSED UP "S+ A- S- 500 " /* entry: one is in, the arm is coming down */

static const struct {
    enum lane_direction direction;
    const char *script, *unlogged;
} ways[] = {
    {LANE_ENTRY, "inputs A+ S+ S- 500", ""},                /* a nose under the arm */
    {LANE_ENTRY, "inputs A+ S+ A- S- 500", "unknown"},      /* through, and the arm says down */
    {LANE_ENTRY, "inputs A+ D- S+ A- S- 500", "forced"},    /* through a lifted arm */
    {LANE_ENTRY, "inputs A+ A- 1000 S+ S- 500", "unknown"}, /* a motorbike between the loops */
    {LANE_ENTRY, "inputs A+ A- 4000 S+ S- 500", ""},        /* too long ago: somebody else's nose */
    {LANE_ENTRY, "inputs S+ S- 500", ""},                   /* a nose from the other side */
    {LANE_ENTRY, "inputs S+ A+ S- 500", "wrong_way"},       /* through from there */
    {LANE_ENTRY, "inputs S+ A+ A- S- 500", "wrong_way"},    /* … and on */
    {LANE_ENTRY, "inputs close-lane ** A+ S+ A- S- 500", "unknown"},
    {LANE_ENTRY, PASSED "A+ S+ A- S- 500", "tailgating"}, /* while the arm comes down */
    {LANE_ENTRY, PASSED "A+ S+ S- 500", ""},              /* it went back */
    {LANE_ENTRY, PASSED "1000 S+ S- 500", ""},            /* a trailer */
    {LANE_ENTRY, PASSED "1000 S+ A+ S- 500", ""}, /* … and the next one drives up behind it */
    {LANE_ENTRY, UP "S+ A- A+ S- S+ A- S- 500", "tailgating"},
    {LANE_ENTRY, UP "S+ A- A+ A- S- 500", "tailgating"}, /* inferred */
    {LANE_ENTRY, UP "S+ A- A+ S- A- 500", ""},           /* it backed away */
    {LANE_ENTRY, UP "S+ A- A+ S- S+ S- 500", ""},        /* the first one's trailer */
    {LANE_EXIT, ASK "due S+ A- S- 500", "unknown"},
    {LANE_ENTRY, BARRED "S+ A- S- 500", "unknown"},
    {LANE_ENTRY, STUCK "A- 4000 A+ S+ A- S- 500", "unknown"},
    {LANE_ENTRY, "inputs F+ up A+ S+ A- S- 500", "emergency"},
    {LANE_ENTRY, "inputs F+ up S+ A+ S- 500", "emergency"}, /* outwards */
    {LANE_ENTRY, "inputs hold-open ** up A+ S+ A- S- 500 A+ S+ A- S- 500", "held_open held_open"},
    {LANE_ENTRY, "inputs hold-open ** up S+ A+ S- 500", "wrong_way"},
};

static void test_lane_stray__each_way_to_pass_has_its_word(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof ways / sizeof ways[0]; i++) {
        begin(ways[i].direction);
        play(ways[i].script);
        print_message("%s\n", ways[i].script);
        assert_unlogged(ways[i].unlogged);
        assert_int_not_equal(b.lane.barrier.state == BARRIER_CLOSING && b.lane.stray.under, 1);
    }
}

static void test_lane_stray__the_record_names_the_session_that_it_is_about(void **state)
{
    (void)state;
    begin(LANE_ENTRY);
    play(PASSED "A+ S+ A- S- 500");
    const struct event *entered = &b.record[1].event;
    for (int i = 2; i < b.record_count; i++) {
        if (b.record[i].event.type == EVENT_UNLOGGED) {
            assert_string_equal(b.record[i].event.session, entered->session);
        }
    }
    begin(LANE_EXIT);
    struct inside_entry entry = {SUBJECT_PLATE, VEHICLE_CAR, "30F12345", "", {0}};
    make_id(entry.session, 77);
    inside_add(&b.inside, &entry);
    play(ASK "due S+ A- S- 500");
    assert_records("exit_asked backed_off unlogged");
    assert_string_equal(b.record[2].event.session, entry.session);
    assert_true(b.record[1].event.inferred);
    assert_int_equal(b.inside.count, 1); /* not taken off the books: a person decides */
}

static void test_lane_stray__who_came_the_wrong_way_is_nobodys_arrival(void **state)
{
    (void)state;
    begin(LANE_ENTRY);
    play("inputs S+ A+ plate S- 5000");
    assert_state(LANE_IDLE);
    play("A- 1000 A+ plate");
    assert_state(LANE_RECORDING); /* the next one is */
}

static void test_lane_stray__nothing_is_lowered_on_who_follows(void **state)
{
    (void)state;
    begin(LANE_ENTRY);
    play(PASSED "U- A+ S+");
    assert_int_equal(b.lane.barrier.state, BARRIER_OPENING);
    play("U+ 3600000");
    assert_int_equal(b.lane.barrier.state, BARRIER_OPEN);
}

/* ---- the barrier's own button, slow and blocked arms ---- */

static void assert_alarm(const char *code, bool raised)
{
    bool found = false;
    for (int i = 0; i < b.record_count; i++) {
        const struct event *event = &b.record[i].event;
        if (event->type == EVENT_ALARM && strcmp(event->code, code) == 0) {
            found = event->raised;
        }
    }
    if (found != raised) {
        fail_msg("%s is %s", code, found ? "raised" : "not raised");
    }
}

static void test_lane_stray__own_button_is_told_from_a_forced_arm(void **state)
{
    (void)state;
    static const struct {
        const char *script;
        bool forced, button;
    } cases[] = {
        {"inputs B- D-", true, false},
        {"inputs B+ D-", false, true},
        {"inputs B+ B- 2000 D-", false, true},
        {"inputs B+ B- 2001 D-", true, false},
        {"inputs B- D- 500 B+", false, true}, /* the input was a moment behind the arm */
        {"inputs B- D- 1500 B+", true, false},
        {PASSED "down B+ D-", false, false}, /* within five seconds after a passage */
        {PASSED "down 6000 B+ D-", false, true},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        begin(LANE_ENTRY);
        play(cases[i].script);
        play("**");
        assert_alarm("barrier.forced", cases[i].forced);
        assert_alarm("barrier.button", cases[i].button);
        play("D+ **");
        assert_alarm("barrier.forced", false);
        assert_alarm("barrier.button", false);
    }
}

static void test_lane_stray__slow_arm_is_an_alarm_until_it_is_in_time_again(void **state)
{
    (void)state;
    begin(LANE_ENTRY);
    play(IN "* 6000 up **");
    assert_alarm("barrier.slow", false);
    begin(LANE_ENTRY);
    play(IN "* 6001 up **");
    assert_alarm("barrier.slow", true);
    play("S+ A- S- 500 down **");
    assert_alarm("barrier.slow", false);
}

static void test_lane_stray__what_stands_under_the_arm_is_an_alarm_after_its_time(void **state)
{
    (void)state;
    begin(LANE_ENTRY);
    play(UP "S+ A- 59999 **");
    assert_alarm("lane.blocked", false);
    play("1 **");
    assert_alarm("lane.blocked", true);
    assert_int_equal(b.lane.barrier.state, BARRIER_OPEN);
    play("S- **");
    assert_alarm("lane.blocked", false);
}

/* ---- anti-passback ---- */

static void park(int64_t age_ms)
{
    struct inside_entry entry = {SUBJECT_PLATE, VEHICLE_CAR, "30F12345", "", {0}};
    uint8_t random[ULID_RANDOM_SIZE] = {1};
    ulid_make(entry.session, (wall_t){wall_start + b.now.ms - age_ms}, random);
    inside_add(&b.inside, &entry);
}

static void test_lane_stray__passback_holds_or_lets_in_as_configured(void **state)
{
    (void)state;
    static const struct {
        enum passback passback;
        int64_t age_ms;
        enum lane_state state;
        bool alarm;
    } cases[] = {
        {PASSBACK_OFF, 1000, LANE_RECORDING, false},    {PASSBACK_SOFT, 1000, LANE_RECORDING, true},
        {PASSBACK_HARD, 86400000, LANE_HELD, false},    {PASSBACK_TIMED, 899999, LANE_HELD, false},
        {PASSBACK_TIMED, 900000, LANE_RECORDING, true},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        begin(LANE_ENTRY);
        b.config.passback = cases[i].passback;
        lane_init(&b.lane, &b.config);
        park(cases[i].age_ms);
        play(IN);
        assert_state(cases[i].state);
        assert_alarm("lane.passback", cases[i].alarm);
        if (cases[i].state == LANE_HELD) {
            assert_int_equal(b.lane.visit.hold, HOLD_DUPLICATE);
            play("plate 60000"); /* it is held for this very plate: nothing new */
            assert_records("held");
            play("forgive");
            assert_state(LANE_RECORDING);
            assert_records("held released arrived command_done");
        }
    }
}

static void test_lane_stray__passback_without_a_clock_is_the_stricter_one(void **state)
{
    (void)state;
    begin(LANE_ENTRY);
    b.config.passback = PASSBACK_TIMED;
    lane_init(&b.lane, &b.config);
    park(86400000);
    b.clock = CLOCK_UNKNOWN;
    play(IN);
    assert_state(LANE_HELD);
}

static void test_lane_stray__another_class_with_the_same_letters_is_another_vehicle(void **state)
{
    (void)state;
    begin(LANE_ENTRY);
    b.config.passback = PASSBACK_HARD;
    lane_init(&b.lane, &b.config);
    struct inside_entry entry = {SUBJECT_PLATE, VEHICLE_MOTORBIKE, "30F12345", "", {0}};
    make_id(entry.session, 5);
    inside_add(&b.inside, &entry);
    play(IN);
    assert_state(LANE_RECORDING);
}

/* ---- P13 ---- */

static void read_event(const char *raw, int confidence, const char *name)
{
    struct gate_event event = event_of(GATE_EV_PLATE);
    str_copy_cut(event.plate.raw, sizeof event.plate.raw, str_c(raw));
    event.plate.hint.vehicle = VEHICLE_CAR;
    event.plate.confidence = confidence;
    str_copy_cut(event.plate.camera_event, CAMERA_EVENT_CAP, str_c(name));
    feed(&event);
}

static void test_lane_stray__better_reading_of_the_same_event_amends_once(void **state)
{
    (void)state;
    begin(LANE_ENTRY);
    play("inputs A+");
    read_event("30F-123.46", 920, "e1");
    read_event("30F-123.45", 900, "e1"); /* no better */
    assert_records("arrived");
    read_event("30F-123.45", 970, "e1");
    read_event("30F-123.45", 980, "e1"); /* says the same */
    assert_records("arrived amended");
    assert_string_equal(last_record()->session, b.record[0].event.session);
    assert_string_equal(last_record()->cause, b.record[0].event.id);
    assert_string_equal(last_record()->subject.key, "30F12345");
    play("** up S+ A- S- 500");
    assert_string_equal(b.record[2].inside.key, "30F12345");
    play("1000");
    read_event("30F-123.47", 995,
               "e1"); /* late, of the same event: the list of who is inside too */
    assert_records("arrived amended entered amended");
    assert_int_equal(b.record[3].change, INSIDE_ADD);
    assert_string_equal(b.record[3].inside.session, b.record[0].event.session);
    play("9000");
    read_event("30F-123.48", 999, "e1");
    assert_int_equal(b.record_count, 4);
}

static void test_lane_stray__two_that_agree_amend_and_one_alone_does_not(void **state)
{
    (void)state;
    begin(LANE_ENTRY);
    play("inputs A+");
    read_event("30F-123.46", 800, "e1");
    play("700");
    read_event("30F-123.45", 850, "e2");
    read_event("30F-123.45", 850, "e2"); /* the same event is no second witness */
    assert_records("arrived");
    read_event("30F-123.45", 750, "e3");
    assert_records("arrived amended");
    begin(LANE_ENTRY); /* a sure one is not outvoted by two that are less sure */
    play("inputs A+");
    read_event("30F-123.46", 950, "e1");
    read_event("30F-123.45", 850, "e2");
    read_event("30F-123.45", 900, "e3");
    assert_records("arrived");
    begin(LANE_ENTRY); /* clearly another plate is the next one's */
    play("inputs A+");
    read_event("30F-123.46", 800, "e1");
    play("700");
    read_event("51G-678.90", 990, "e2");
    read_event("51G-678.90", 990, "e3");
    assert_records("arrived");
}

static void test_lane_stray__what_a_person_typed_no_camera_corrects(void **state)
{
    (void)state;
    begin(LANE_ENTRY);
    play(HELD "subject");
    read_event("29A-555.56", 990, "e1");
    read_event("29A-555.56", 995, "e2");
    assert_records("held released arrived command_done");
}

/* ---- two arms ---- */

static void test_lane_stray__second_arm_lets_on_each_vehicle_of_the_first_once(void **state)
{
    (void)state;
    begin(LANE_ENTRY);
    play(SECOND "other-down first A+");
    assert_state(LANE_OPENING);
    play("up S+ A- S- 500 down");
    assert_state(LANE_IDLE);
    assert_records(""); /* no session of its own */
    play("A+ 6000");
    assert_state(LANE_HELD); /* nobody passed the first arm since */
}

static void test_lane_stray__held_open_waits_for_the_other_arm_and_fire_does_not(void **state)
{
    (void)state;
    begin(LANE_ENTRY);
    play("grouped inputs other-up hold-open **");
    assert_state(LANE_IDLE);
    play("F+");
    assert_state(LANE_RAISED);
    begin(LANE_ENTRY);
    play("grouped inputs other-up hold-open ** other-down");
    assert_state(LANE_RAISED);
}

TESTS(T(test_lane_stray__each_way_to_pass_has_its_word),
      T(test_lane_stray__the_record_names_the_session_that_it_is_about),
      T(test_lane_stray__who_came_the_wrong_way_is_nobodys_arrival),
      T(test_lane_stray__nothing_is_lowered_on_who_follows),
      T(test_lane_stray__own_button_is_told_from_a_forced_arm),
      T(test_lane_stray__slow_arm_is_an_alarm_until_it_is_in_time_again),
      T(test_lane_stray__what_stands_under_the_arm_is_an_alarm_after_its_time),
      T(test_lane_stray__passback_holds_or_lets_in_as_configured),
      T(test_lane_stray__passback_without_a_clock_is_the_stricter_one),
      T(test_lane_stray__another_class_with_the_same_letters_is_another_vehicle),
      T(test_lane_stray__better_reading_of_the_same_event_amends_once),
      T(test_lane_stray__two_that_agree_amend_and_one_alone_does_not),
      T(test_lane_stray__what_a_person_typed_no_camera_corrects),
      T(test_lane_stray__second_arm_lets_on_each_vehicle_of_the_first_once),
      T(test_lane_stray__held_open_waits_for_the_other_arm_and_fire_does_not))
