#include "gate/core/pairing.h"
#include "tests/harness/harness.h"

static const struct pairing_config config = {.vehicle = VEHICLE_UNKNOWN,
                                             .sure = 900,
                                             .fair = 700,
                                             .untold = 800,
                                             .memory_ms = 5000,
                                             .settle_ms = 700,
                                             .echo_ms = 8000};
static const mono_t t0 = {100000};

static struct pairing new_pairing(void)
{
    struct pairing pairing;
    pairing_init(&pairing, &config);
    return pairing;
}

static enum pairing_verdict add(struct pairing *pairing, const char *raw, int confidence,
                                const char *camera_event, int64_t at_ms)
{
    struct gate_plate plate;
    memset(&plate, 0, sizeof plate);
    str_copy_cut(plate.raw, sizeof plate.raw, str_c(raw));
    str_copy_cut(plate.camera_event, sizeof plate.camera_event, str_c(camera_event));
    plate.hint.vehicle = VEHICLE_CAR;
    plate.confidence = confidence;
    return pairing_add(pairing, &plate, mono_add(t0, at_ms));
}

/* "chosen 30F12345", "nothing", "settling 700", "undecided …" for a vehicle that came at t0. */
static void assert_answer(const struct pairing *pairing, int64_t at_ms, const char *expected)
{
    struct subject subject;
    mono_t when;
    char text[64];
    switch (pairing_choose(pairing, t0, mono_add(t0, at_ms), &subject, &when)) {
    case PAIRING_NOTHING:
        snprintf(text, sizeof text, "nothing");
        break;
    case PAIRING_SETTLING:
        snprintf(text, sizeof text, "settling %lld", (long long)mono_diff(when, t0));
        break;
    case PAIRING_CHOSEN:
        snprintf(text, sizeof text, "chosen %s", subject.key);
        break;
    case PAIRING_UNDECIDED:
        snprintf(text, sizeof text, "undecided %s", subject.key);
        break;
    }
    assert_string_equal(text, expected);
}

static void test_pairing__sure_reading_is_taken_at_once(void **state)
{
    (void)state;
    struct pairing p = new_pairing();
    assert_int_equal(add(&p, "30F-123.45", 900, "a", 100), PAIRING_KEPT);
    assert_answer(&p, 100, "chosen 30F12345");
}

static void test_pairing__reading_before_the_loop_is_good_for_its_time(void **state)
{
    (void)state;
    struct pairing p = new_pairing();
    add(&p, "30F-123.45", 950, "a", -5000);
    assert_answer(&p, 0, "chosen 30F12345");
    p = new_pairing();
    add(&p, "30F-123.45", 950, "a", -5001);
    assert_answer(&p, 0, "nothing");
}

static void test_pairing__fair_reading_waits_for_a_better_one(void **state)
{
    (void)state;
    struct pairing p = new_pairing();
    add(&p, "30F-123.45", 700, "a", 0);
    assert_answer(&p, 0, "settling 700");
    assert_answer(&p, 699, "settling 700");
    assert_answer(&p, 700, "chosen 30F12345");
    add(&p, "30F-123.46", 750, "b", 600);
    assert_answer(&p, 700, "settling 1300"); /* a better one, which disagrees, waits in its turn */
    assert_answer(&p, 1300, "chosen 30F12346");
}

static void test_pairing__two_camera_events_that_agree_are_sure(void **state)
{
    (void)state;
    struct pairing p = new_pairing();
    add(&p, "30F-123.45", 700, "a", 0);
    add(&p, "30F 12345", 720, "b", 50);
    assert_answer(&p, 50, "chosen 30F12345");
    p = new_pairing();
    add(&p, "30F-123.45", 700, "a", 0);
    assert_int_equal(add(&p, "30F-123.45", 700, "a", 50), PAIRING_REPEAT); /* the same picture */
    assert_answer(&p, 50, "settling 700");
}

static void test_pairing__weak_readings_name_nobody_however_many(void **state)
{
    (void)state;
    struct pairing p = new_pairing();
    add(&p, "30F-123.45", 699, "a", 0);
    add(&p, "30F-123.45", 690, "b", 100);
    assert_answer(&p, 5000, "nothing");
    struct subject attempt;
    pairing_attempt(&p, t0, &attempt);
    assert_int_equal(attempt.kind, SUBJECT_NONE);
    assert_string_equal(attempt.raw, "30F-123.45");
    assert_string_equal(attempt.key, "");
    assert_int_equal(attempt.confidence, 699);
}

static void test_pairing__better_reading_of_the_same_event_replaces_it(void **state)
{
    (void)state;
    struct pairing p = new_pairing();
    add(&p, "unknown", 990, "a", 0);
    assert_answer(&p, 0, "nothing");
    assert_int_equal(add(&p, "30F-123.40", 600, "a", 100), PAIRING_KEPT); /* any plate beats none */
    assert_int_equal(add(&p, "30F-123.45", 950, "a", 200), PAIRING_KEPT);
    assert_int_equal(add(&p, "30F-123.49", 940, "a", 300), PAIRING_REPEAT);
    assert_answer(&p, 300, "chosen 30F12345");
    assert_int_equal(p.count, 1);
}

static void test_pairing__untold_confidence_counts_as_configured(void **state)
{
    (void)state;
    struct pairing p = new_pairing();
    add(&p, "30F-123.45", 0, "a", 0);
    assert_answer(&p, 0, "settling 700");
    assert_int_equal(p.read[0].subject.confidence, 800);
}

static void test_pairing__ambiguous_is_undecided_unless_another_reading_decides(void **state)
{
    (void)state;
    struct pairing p = new_pairing();
    struct gate_plate plate;
    memset(&plate, 0, sizeof plate);
    memcpy(plate.raw, "30F12345", 9);
    plate.confidence = 990;
    pairing_add(&p, &plate, t0);
    assert_answer(&p, 0, "undecided 30F12345");
    add(&p, "30F-123.45", 910, "b", 100);
    assert_answer(&p, 100, "chosen 30F12345");
    p = new_pairing();
    p.config.vehicle = VEHICLE_MOTORBIKE; /* the lane's own class decides */
    pairing_add(&p, &plate, t0);
    assert_answer(&p, 0, "chosen 30F12345");
    assert_int_equal(p.read[0].subject.vehicle, VEHICLE_MOTORBIKE);
}

static void test_pairing__plate_that_passed_is_an_echo_also_misread(void **state)
{
    (void)state;
    struct pairing p = new_pairing();
    struct subject passed = {.kind = SUBJECT_PLATE, .vehicle = VEHICLE_CAR, .key = "30U12845"};
    pairing_passed(&p, &passed, t0);
    assert_int_equal(add(&p, "30U-128.45", 990, "a", 7999), PAIRING_ECHO);
    assert_int_equal(add(&p, "30V-128.45", 990, "b", 100), PAIRING_ECHO); /* U for V */
    assert_int_equal(add(&p, "30E-128.45", 990, "c", 100),
                     PAIRING_KEPT); /* no confusion: another */
    assert_int_equal(add(&p, "30U-128.45", 990, "d", 8000), PAIRING_KEPT);
    pairing_passed(&p, &passed, t0);
    pairing_expect_again(&p);
    assert_int_equal(add(&p, "30U-128.45", 990, "e", 100), PAIRING_KEPT);
}

static void test_pairing__of_a_named_vehicle_only_clearly_another_plate_is_kept(void **state)
{
    (void)state;
    struct pairing p = new_pairing();
    struct subject named = {.kind = SUBJECT_PLATE, .vehicle = VEHICLE_CAR, .key = "30F12345"};
    pairing_set_named(&p, &named);
    assert_int_equal(add(&p, "30F-123.45", 990, "a", 0), PAIRING_NAMED);
    assert_int_equal(add(&p, "30F-123.46", 990, "b", 0), PAIRING_NAMED);
    assert_int_equal(add(&p, "30F-1234", 990, "c", 0), PAIRING_NAMED);
    assert_int_equal(add(&p, "unknown", 990, "d", 0), PAIRING_NAMED);
    assert_int_equal(add(&p, "51G-678.90", 990, "e", 0), PAIRING_KEPT);
    pairing_set_named(&p, NULL);
    assert_int_equal(add(&p, "30F-123.46", 950, "f", 0), PAIRING_KEPT);
}

static void test_pairing__card_counts_when_no_plate_does(void **state)
{
    (void)state;
    struct pairing p = new_pairing();
    (void)pairing_add_card(&p, SUBJECT_CARD, "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "0123", t0);
    assert_answer(&p, 0, "chosen aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa");
    add(&p, "30F-123.45", 650, "a", 50);
    assert_answer(&p, 50, "chosen aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa");
    add(&p, "30F-123.45", 950, "b", 100);
    assert_answer(&p, 100, "chosen 30F12345");
}

static void test_pairing__oldest_gives_way_and_clear_forgets(void **state)
{
    (void)state;
    struct pairing p = new_pairing();
    for (int i = 0; i < 3 * PAIRING_READS; i++) {
        char camera_event[8];
        snprintf(camera_event, sizeof camera_event, "%d", i);
        add(&p, i == 3 * PAIRING_READS - 1 ? "30F-123.45" : "unknown", 950, camera_event, i);
    }
    assert_int_equal(p.count, PAIRING_READS);
    assert_answer(&p, 100, "chosen 30F12345");
    pairing_clear(&p);
    assert_answer(&p, 100, "nothing");
}

static void test_pairing__text_that_is_no_utf8_is_not_kept(void **state)
{
    (void)state;
    struct pairing p = new_pairing();
    assert_int_equal(add(&p, "30F-\xff\xfe", 990, "a", 0), PAIRING_UNREADABLE);
    assert_string_equal(p.read[0].subject.raw, "");
}

TESTS(T(test_pairing__sure_reading_is_taken_at_once),
      T(test_pairing__reading_before_the_loop_is_good_for_its_time),
      T(test_pairing__fair_reading_waits_for_a_better_one),
      T(test_pairing__two_camera_events_that_agree_are_sure),
      T(test_pairing__weak_readings_name_nobody_however_many),
      T(test_pairing__better_reading_of_the_same_event_replaces_it),
      T(test_pairing__untold_confidence_counts_as_configured),
      T(test_pairing__ambiguous_is_undecided_unless_another_reading_decides),
      T(test_pairing__plate_that_passed_is_an_echo_also_misread),
      T(test_pairing__of_a_named_vehicle_only_clearly_another_plate_is_kept),
      T(test_pairing__card_counts_when_no_plate_does),
      T(test_pairing__oldest_gives_way_and_clear_forgets),
      T(test_pairing__text_that_is_no_utf8_is_not_kept))
