#include "server/core/ingest.h"
#include "tests/harness/harness.h"

static struct ingest_gate a_gate(int64_t generation, int64_t high)
{
    return (struct ingest_gate){true, "hn-0001", generation, high, 0};
}

static struct topic a_topic(const char *lot, const char *gate)
{
    struct topic topic = {.channel = TOPIC_UP};
    str_copy_cut(topic.lot, sizeof topic.lot, str_c(lot));
    str_copy_cut(topic.gate, sizeof topic.gate, str_c(gate));
    return topic;
}

static struct ingest_verdict judge(int64_t generation, int64_t high, int64_t event_generation,
                                   int64_t seq, bool known)
{
    struct ingest_gate gate = a_gate(generation, high);
    struct topic topic = a_topic("hn-0001", "hn-0001-g1");
    struct event event = {.generation = event_generation, .seq = seq};
    struct ingest_verdict verdict;
    memcpy(event.gate, "hn-0001-g1", 11);
    ingest_judge(&gate, &topic, &event, known, &verdict);
    return verdict;
}

static void test_ingest__next_is_applied_and_known_is_acknowledged_again(void **state)
{
    (void)state;
    struct ingest_verdict v = judge(1, 7, 1, 8, false);
    assert_int_equal(v.action, INGEST_APPLY);
    assert_null(v.alarm);
    v = judge(1, 7, 1, 7, true);
    assert_int_equal(v.action, INGEST_KNOWN);
    assert_int_equal(v.acknowledge, 7);
    v = judge(1, 7, 1, 3, true); /* no further: behind it this gate may have other events */
    assert_int_equal(v.acknowledge, 3);
    v = judge(0, 0, 3, 1, false); /* a gate never heard before */
    assert_int_equal(v.action, INGEST_APPLY);
    assert_null(v.alarm);
}

static void test_ingest__early_is_parked_and_the_first_missing_is_asked_for(void **state)
{
    (void)state;
    struct ingest_verdict v = judge(1, 7, 1, 10, false);
    assert_int_equal(v.action, INGEST_PARK);
    assert_true(v.gap_generation == 1 && v.gap_from == 8 && !v.acknowledge);
    v = judge(1, 7, 2, 4, false);
    assert_int_equal(v.action, INGEST_PARK);
    assert_true(v.gap_generation == 2 && v.gap_from == 1);
}

static void test_ingest__new_generation_alarms_and_is_applied(void **state)
{
    (void)state;
    struct ingest_verdict v = judge(1, 7, 2, 1, false);
    assert_int_equal(v.action, INGEST_NEW_START);
    assert_string_equal(v.alarm, "journal.new_start");
}

static void test_ingest__journal_that_went_back_alarms_and_is_set_aside(void **state)
{
    (void)state;
    struct ingest_verdict v = judge(1, 7, 1, 5, false); /* this number, another id */
    assert_int_equal(v.action, INGEST_WENT_BACK);
    assert_string_equal(v.alarm, "journal.went_back");
    assert_non_null(v.reason);
    assert_int_equal(v.acknowledge, 0);
    assert_int_equal(v.gap_generation, 2); /* begin a new one */
    v = judge(3, 7, 2, 8, false);          /* an older generation */
    assert_int_equal(v.action, INGEST_WENT_BACK);
    assert_int_equal(v.gap_generation, 3);
    assert_int_equal(v.gap_from, 8);
}

static void test_ingest__nothing_more_of_a_generation_that_forked_is_applied(void **state)
{
    (void)state;
    struct ingest_gate gate = a_gate(4, 7);
    struct topic topic = a_topic("hn-0001", "hn-0001-g1");
    struct event event = {.generation = 4, .seq = 8};
    struct ingest_verdict v;
    gate.forked = 4;
    memcpy(event.gate, "hn-0001-g1", 11);
    ingest_judge(&gate, &topic, &event, false, &v);
    assert_int_equal(v.action, INGEST_WENT_BACK); /* the next number, and of the old copy */
    event.seq = 1;
    event.generation = 5;
    ingest_judge(&gate, &topic, &event, false, &v);
    assert_int_equal(v.action, INGEST_NEW_START);
}

static void test_ingest__strangers_are_set_aside_with_a_reason(void **state)
{
    (void)state;
    struct ingest_gate gate = a_gate(1, 7);
    struct topic topic = a_topic("hn-0002", "hn-0001-g1");
    struct event event = {.generation = 1, .seq = 8};
    struct ingest_verdict v;
    memcpy(event.gate, "hn-0001-g1", 11);
    ingest_judge(&gate, &topic, &event, false, &v);
    assert_int_equal(v.action, INGEST_SET_ASIDE);
    assert_string_equal(v.reason, "the gate belongs to another lot");
    assert_false(v.acknowledge);
    topic = a_topic("hn-0001", "hn-0001-g2");
    ingest_judge(&gate, &topic, &event, false, &v);
    assert_string_equal(v.reason, "the event names another gate than its topic");
    gate.configured = false;
    ingest_judge(&gate, &topic, &event, false, &v);
    assert_string_equal(v.reason, "the gate is not in the configuration");
}

static void test_ingest__unset_clock_gives_the_time_of_receipt(void **state)
{
    (void)state;
    struct event event = {.wall = {5}, .clock = CLOCK_UNKNOWN};
    bool receipt = false;
    assert_true(ingest_time(&event, (wall_t){900}, &receipt).ms == 900 && receipt);
    event.clock = CLOCK_DRIFTING;
    assert_true(ingest_time(&event, (wall_t){900}, &receipt).ms == 5 && !receipt);
}

static void test_ingest__retries_follow_the_timetable_then_once_a_minute(void **state)
{
    (void)state;
    static const int wanted[] = {3, 3, 3, 5, 5, 5, 10, 10, 30, 30, 30, 60, 60, 60, 60, 60};
    for (int i = 0; i < 16; i++) {
        assert_int_equal(ingest_retry_s(i + 1), wanted[i]);
    }
}

TESTS(T(test_ingest__next_is_applied_and_known_is_acknowledged_again),
      T(test_ingest__early_is_parked_and_the_first_missing_is_asked_for),
      T(test_ingest__new_generation_alarms_and_is_applied),
      T(test_ingest__journal_that_went_back_alarms_and_is_set_aside),
      T(test_ingest__nothing_more_of_a_generation_that_forked_is_applied),
      T(test_ingest__strangers_are_set_aside_with_a_reason),
      T(test_ingest__unset_clock_gives_the_time_of_receipt),
      T(test_ingest__retries_follow_the_timetable_then_once_a_minute))
