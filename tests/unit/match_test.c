#include "server/core/match.h"
#include "tests/harness/harness.h"

static struct session open_session(const char *id, const char *key, enum vehicle vehicle,
                                   int64_t entered)
{
    struct session s = {.state = SESSION_INSIDE, .entered = {entered}, .arrived = {entered - 5}};
    s.subject.kind = SUBJECT_PLATE;
    s.subject.vehicle = vehicle;
    str_copy_cut(s.id, sizeof s.id, str_c(id));
    str_copy_cut(s.subject.key, sizeof s.subject.key, str_c(key));
    return s;
}

static struct subject plate(const char *key, enum vehicle vehicle)
{
    struct subject subject = {.kind = SUBJECT_PLATE, .vehicle = vehicle};
    str_copy_cut(subject.key, sizeof subject.key, str_c(key));
    return subject;
}

static void test_match__the_class_tells_two_vehicles_of_the_same_letters_apart(void **state)
{
    (void)state;
    struct session open[] = {open_session("A", "30F12345", VEHICLE_MOTORBIKE, 100),
                             open_session("B", "30F12345", VEHICLE_CAR, 50)};
    struct subject car = plate("30F12345", VEHICLE_CAR);
    struct subject bicycle = plate("30F12345", VEHICLE_BICYCLE);
    int index = -1;
    assert_int_equal(match_exit(&car, open, 2, &index), MATCH_ONE);
    assert_int_equal(index, 1);
    assert_int_equal(match_exit(&bicycle, open, 2, &index), MATCH_NONE);
}

static void test_match__an_empty_key_matches_nothing(void **state)
{
    (void)state;
    struct session open[] = {open_session("A", "", VEHICLE_CAR, 100)};
    struct subject nobody = plate("", VEHICLE_CAR);
    struct subject none = {.kind = SUBJECT_NONE, .vehicle = VEHICLE_CAR, .key = "30F12345"};
    int index = 7;
    assert_int_equal(match_exit(&nobody, open, 1, &index), MATCH_NONE);
    assert_int_equal(match_exit(&none, open, 1, &index), MATCH_NONE);
    assert_int_equal(index, 7);
}

static void test_match__a_card_is_no_plate_even_with_the_same_key(void **state)
{
    (void)state;
    struct session open[] = {open_session("A", "30F12345", VEHICLE_CAR, 100)};
    struct subject card = {.kind = SUBJECT_CARD, .vehicle = VEHICLE_CAR, .key = "30F12345"};
    int index = 0;
    assert_int_equal(match_exit(&card, open, 1, &index), MATCH_NONE);
}

static void test_match__of_several_the_latest_is_meant_in_any_order(void **state)
{
    (void)state;
    struct session a = open_session("A", "30F12345", VEHICLE_CAR, 100);
    struct session b = open_session("B", "30F12345", VEHICLE_CAR, 900);
    struct session c = open_session("C", "30F12345", VEHICLE_CAR, 900);
    struct session orders[2][3] = {{a, b, c}, {c, b, a}};
    struct subject car = plate("30F12345", VEHICLE_CAR);
    for (int i = 0; i < 2; i++) {
        int index = -1;
        assert_int_equal(match_exit(&car, orders[i], 3, &index), MATCH_SEVERAL);
        assert_string_equal(orders[i][index].id, "C");
    }
}

static void test_match__ended_stays_are_passed_over(void **state)
{
    (void)state;
    struct session open[] = {open_session("A", "30F12345", VEHICLE_CAR, 100)};
    struct subject car = plate("30F12345", VEHICLE_CAR);
    int index = 0;
    open[0].state = SESSION_LEFT_UNPAID;
    assert_int_equal(match_exit(&car, open, 1, &index), MATCH_NONE);
}

static void test_match__without_a_class_one_fits_and_two_are_for_a_person(void **state)
{
    (void)state;
    struct session open[] = {open_session("A", "30F12345", VEHICLE_MOTORBIKE, 100),
                             open_session("B", "30F12345", VEHICLE_CAR, 50)};
    struct subject unknown = plate("30F12345", VEHICLE_UNKNOWN);
    int index = -1;
    assert_int_equal(match_exit(&unknown, open, 1, &index), MATCH_ONE);
    assert_int_equal(index, 0);
    assert_int_equal(match_exit(&unknown, open, 2, &index), MATCH_OPEN_CLASS);
    /* Entered without a class, leaves with one. */
    struct session vague[] = {open_session("A", "30F12345", VEHICLE_UNKNOWN, 100)};
    struct subject car = plate("30F12345", VEHICLE_CAR);
    assert_int_equal(match_exit(&car, vague, 1, &index), MATCH_ONE);
}

TESTS(T(test_match__the_class_tells_two_vehicles_of_the_same_letters_apart),
      T(test_match__an_empty_key_matches_nothing),
      T(test_match__a_card_is_no_plate_even_with_the_same_key),
      T(test_match__of_several_the_latest_is_meant_in_any_order),
      T(test_match__ended_stays_are_passed_over),
      T(test_match__without_a_class_one_fits_and_two_are_for_a_person))
