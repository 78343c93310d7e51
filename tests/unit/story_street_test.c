/* story_street_test.c - arms, loops and vehicles of a story do what they are told, in time. */
#include "sim/story/street.h"
#include "tests/harness/harness.h"

static struct street street;
static char seen[2000];

/* Plays until then; `seen` is every input that changed: "400 arming on, …". */
static void play(int64_t until_ms)
{
    static const char *const names[] = {"arming", "safety", "opened", "closed", "back"};
    struct street_move move;
    for (int64_t at; (at = street_deadline(&street)) <= until_ms;) {
        while (street_take(&street, at, &move)) {
            size_t n = strlen(seen);
            snprintf(seen + n, sizeof seen - n, "%s%lld %s %s", n ? ", " : "", (long long)at,
                     names[move.input], move.on ? "on" : "off");
        }
    }
}

static void begin(void)
{
    street_init(&street);
    seen[0] = '\0';
}

static void test_story_street__an_arm_takes_its_time(void **state)
{
    (void)state;
    begin();
    street_coil(&street, 1000, 1, true);
    assert_true(street_is_open(&street, 1, 1000));
    assert_int_equal(street_arm(&street, 1, 2000), 500);
    play(10000);
    assert_string_equal(seen, "1200 closed off, 3000 opened on");
    street_coil(&street, 10000, 1, false);
    play(11000);
    street_coil(&street, 11000, 1, true); /* half-way down, and up again */
    play(20000);
    assert_int_equal(street_arm(&street, 1, 12000), 1000);
    assert_non_null(strstr(seen, "12000 opened on"));
    assert_null(strstr(seen, "closed on"));
}

static void test_story_street__a_vehicle_drives_on_when_the_arm_is_up(void **state)
{
    (void)state;
    begin();
    ok(street_arrive(&street, 0, 1, false, false));
    play(5000);
    assert_string_equal(seen, "0 arming on");
    street_coil(&street, 5000, 1, true);
    play(20000);
    assert_string_equal(seen, "0 arming on, 5200 closed off, 7000 opened on, 7600 safety on, "
                              "8200 arming off, 9000 safety off");
    ok(street_arrive(&street, 20000, 1, false, false)); /* the lane is free again */
}

static void test_story_street__who_waits_goes_when_told(void **state)
{
    (void)state;
    begin();
    ok(street_arrive(&street, 0, 1, true, false));
    assert_int_equal(street_arrive(&street, 0, 1, true, false), DX_E_STATE);
    street_coil(&street, 0, 1, true);
    play(9000);
    ok(street_drive_on(&street, 9000, 1, true));
    play(20000);
    assert_non_null(strstr(seen, "9200 safety on"));
    assert_null(strstr(seen, "arming off"));
    ok(street_roll_back(&street, 20000, 1));
    play(30000);
    ok(street_back_out(&street, 30000, 1));
    play(40000);
    assert_non_null(strstr(seen, "20700 safety off, 30700 arming off"));
}

static void test_story_street__a_follower_is_right_behind(void **state)
{
    (void)state;
    begin();
    ok(street_arrive(&street, 0, 1, true, false));
    ok(street_arrive(&street, 0, 1, false, true));
    play(1000);
    ok(street_drive_on(&street, 1000, 1, false));
    play(10000);
    assert_string_equal(seen, "0 arming on, 1200 safety on, 1800 arming off, 1950 arming on, "
                              "2600 safety off, 2750 safety on, 3350 arming off, 4150 safety off");
}

static void test_story_street__an_arm_that_comes_down_on_somebody_is_seen(void **state)
{
    (void)state;
    begin();
    street_force(&street, 0, 1, true);
    play(5000);
    ok(street_wrong_way(&street, 5000, 1, false));
    street_force(&street, 5000, 1, false);
    play(5500);
    assert_int_equal(street.lane[1].hits, 0);
    play(20000);
    assert_true(street.lane[1].hits > 0);
}

static void test_story_street__a_stuck_arm_does_not_move(void **state)
{
    (void)state;
    begin();
    street_jam(&street, 0, 1, true);
    street_coil(&street, 100, 1, true);
    play(10000);
    assert_string_equal(seen, "");
    street_jam(&street, 10000, 1, false);
    street_coil(&street, 10000, 1, true);
    play(20000);
    assert_string_equal(seen, "10200 closed off, 12000 opened on");
}

TESTS(T(test_story_street__an_arm_takes_its_time),
      T(test_story_street__a_vehicle_drives_on_when_the_arm_is_up),
      T(test_story_street__who_waits_goes_when_told),
      T(test_story_street__a_follower_is_right_behind),
      T(test_story_street__an_arm_that_comes_down_on_somebody_is_seen),
      T(test_story_street__a_stuck_arm_does_not_move))
