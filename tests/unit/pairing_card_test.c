/* P10, P12: a card where no plate can be read, and what its holder rides. */
#include "gate/core/inside.h"
#include "gate/core/pairing.h"
#include "tests/harness/harness.h"

static const mono_t armed = {10000};

static void start(struct pairing *pairing, enum vehicle lane)
{
    struct pairing_config config = {.vehicle = lane,
                                    .card_vehicle = VEHICLE_MOTORBIKE,
                                    .sure = 900,
                                    .fair = 700,
                                    .untold = 800,
                                    .memory_ms = 5000,
                                    .settle_ms = 700};
    pairing_init(pairing, &config);
}

static enum vehicle chosen(struct pairing *pairing)
{
    struct subject subject;
    mono_t when;
    (void)pairing_add_card(pairing, SUBJECT_CARD, "9f86d081884c7d659a2feaa0c55ad015", "2345",
                           armed);
    assert_int_equal(pairing_choose(pairing, armed, armed, &subject, &when), PAIRING_CHOSEN);
    assert_int_equal(subject.kind, SUBJECT_CARD);
    assert_string_equal(subject.last4, "2345");
    return subject.vehicle;
}

static void see_without_plate(struct pairing *pairing, enum vehicle vehicle, mono_t at)
{
    struct gate_plate plate = {.raw = "unknown", .hint = {.vehicle = vehicle}};
    assert_int_equal(pairing_add(pairing, &plate, at), PAIRING_UNREADABLE);
}

static void test_pairing_card__the_camera_tells_the_class_though_it_reads_no_plate(void **state)
{
    (void)state;
    struct pairing pairing;
    start(&pairing, VEHICLE_UNKNOWN);
    see_without_plate(&pairing, VEHICLE_CAR, armed);
    assert_int_equal(chosen(&pairing), VEHICLE_CAR);
    start(&pairing, VEHICLE_UNKNOWN); /* a picture of long ago is of somebody else */
    see_without_plate(&pairing, VEHICLE_CAR, (mono_t){armed.ms - 5001});
    assert_int_equal(chosen(&pairing), VEHICLE_MOTORBIKE);
}

static void test_pairing_card__else_the_lane_else_the_configuration(void **state)
{
    (void)state;
    struct pairing pairing;
    start(&pairing, VEHICLE_CAR);
    see_without_plate(&pairing, VEHICLE_UNKNOWN, armed);
    assert_int_equal(chosen(&pairing), VEHICLE_CAR);
    start(&pairing, VEHICLE_UNKNOWN);
    assert_int_equal(chosen(&pairing), VEHICLE_MOTORBIKE);
}

static void test_pairing_card__a_card_finds_its_stay_whatever_class_was_seen(void **state)
{
    (void)state;
    static struct inside inside;
    struct inside_entry entry = {.kind = SUBJECT_CARD, .vehicle = VEHICLE_MOTORBIKE};
    snprintf(entry.session, sizeof entry.session, "01JD8Q4Z8R0000000000000001");
    snprintf(entry.key, sizeof entry.key, "9f86d081884c7d659a2feaa0c55ad015");
    inside_init(&inside);
    inside_add(&inside, &entry);
    struct subject subject = {.kind = SUBJECT_CARD, .vehicle = VEHICLE_CAR};
    snprintf(subject.key, sizeof subject.key, "%s", entry.key);
    assert_string_equal(inside_find(&inside, &subject), entry.session);
    entry.kind = SUBJECT_PLATE; /* but one plate text stands for a vehicle of each class */
    snprintf(entry.session, sizeof entry.session, "01JD8Q4Z8R0000000000000002");
    inside_add(&inside, &entry);
    subject.kind = SUBJECT_PLATE;
    assert_string_equal(inside_find(&inside, &subject), "");
}

TESTS(T(test_pairing_card__the_camera_tells_the_class_though_it_reads_no_plate),
      T(test_pairing_card__else_the_lane_else_the_configuration),
      T(test_pairing_card__a_card_finds_its_stay_whatever_class_was_seen))
