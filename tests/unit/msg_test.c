#include "proto/io/msg_json.h"
#include "proto/msg_fields.h"
#include "proto/topic.h"
#include "tests/harness/harness.h"

#define U1 "01JD8Q4Z8R0000000000000001"
#define U2 "01JD8Q4Z8R0000000000000002"

/* What the events of the console and of a gate without its server add. */
static void fill_desk_event(struct event *e)
{
    bool shift = e->type == EVENT_SHIFT_OPENED || e->type == EVENT_SHIFT_CLOSED;
    bool cash = e->type == EVENT_CASH_TAKEN;
    if (shift || cash) {
        snprintf(e->shift, sizeof e->shift, U2);
        e->amount_vnd = e->type == EVENT_SHIFT_OPENED ? 0 : 85000;
        e->counted_vnd = shift ? 80000 : 0;
        snprintf(e->receipt, sizeof e->receipt, cash ? "HN-0001-G1-42" : "");
    } else if (e->type == EVENT_QUOTED) {
        e->amount_vnd = e->fee_vnd = 85000;
        snprintf(e->paycode, sizeof e->paycode, "DX7K3M9Q2X");
        snprintf(e->tariff, sizeof e->tariff, "9f86d081");
    } else if (e->type == EVENT_OCCUPANCY_CORRECTED) {
        e->vehicle = VEHICLE_MOTORBIKE;
        e->count_from = -2;
        e->count_to = 210;
    }
    if (e->type == EVENT_QUOTED || e->type == EVENT_ENTRY_DECLARED) {
        e->entered = (wall_t){1772402100000};
    }
}

static struct event sample_event(enum event_type type)
{
    struct event e = {.type = type,
                      .id = U1,
                      .gate = "hn-0001-g1",
                      .generation = 1,
                      .seq = 7,
                      .boot = 3,
                      .mono = {12345},
                      .wall = {1772416500000},
                      .clock = CLOCK_SYNCED,
                      .offline = true,
                      .lane = 2,
                      .session = U2,
                      .cause = U1,
                      .text = "lý do “đầy đủ”"};
    struct subject subject = {
        SUBJECT_PLATE, SOURCE_CAMERA, VEHICLE_CAR, "30F12345", "30F-123.45", "", 960};
    if (type == EVENT_ARRIVED || type == EVENT_EXIT_ASKED || type == EVENT_HELD ||
        type == EVENT_RELEASED || type == EVENT_AMENDED || type == EVENT_ENTRY_DECLARED) {
        e.subject = subject;
    }
    e.permit = type == EVENT_EXIT_PERMITTED ? PERMIT_PAID : (enum permit)0;
    e.hold = type == EVENT_HELD ? HOLD_NO_ENTRY : (enum hold)0;
    e.inferred = type == EVENT_ENTERED || type == EVENT_LEFT;
    if (type == EVENT_ALARM || type == EVENT_BOOT) {
        snprintf(e.code, sizeof e.code, "barrier.stuck");
    }
    e.raised = type == EVENT_ALARM;
    e.outcome = type == EVENT_COMMAND_DONE ? OUTCOME_LATE : (enum command_outcome)0;
    if (type == EVENT_HAND_OPENED) {
        snprintf(e.by, sizeof e.by, "lan");
    }
    fill_desk_event(&e);
    return e;
}

static void test_msg__every_event_type_round_trips(void **state)
{
    (void)state;
    for (int type = 0; type < EVENT_TYPE_COUNT; type++) {
        char space[MSG_SIZE_MAX];
        struct out out;
        struct event before = sample_event((enum event_type)type);
        struct event after;
        const char *why = NULL;
        out_init(&out, space, sizeof space);
        event_write(&out, &before);
        assert_false(out_failed(&out));
        ok(event_read(out_str(&out), &after, &why));
        char again[MSG_SIZE_MAX];
        out_init(&out, again, sizeof again);
        event_write(&out, &after);
        assert_string_equal(space, again);
        assert_int_equal(after.type, type);
        assert_string_equal(after.text, before.text);
        assert_string_equal(after.subject.key, before.subject.key);
        assert_true(after.wall.ms == before.wall.ms && after.seq == 7 && after.offline);
        assert_true(after.amount_vnd == before.amount_vnd && after.fee_vnd == before.fee_vnd);
        assert_true(after.counted_vnd == before.counted_vnd && after.vehicle == before.vehicle);
        assert_true(after.entered.ms == before.entered.ms);
        assert_int_equal(after.count_from, before.count_from);
        assert_int_equal(after.count_to, before.count_to);
        assert_string_equal(after.shift, before.shift);
        assert_string_equal(after.receipt, before.receipt);
        assert_string_equal(after.paycode, before.paycode);
        assert_string_equal(after.tariff, before.tariff);
    }
}

static void test_msg__every_down_type_round_trips(void **state)
{
    (void)state;
    for (int type = 0; type < DOWN_TYPE_COUNT; type++) {
        char space[MSG_SIZE_MAX];
        char again[MSG_SIZE_MAX];
        struct out out;
        const char *why = NULL;
        struct down after;
        struct down before = {.type = (enum down_type)type, .id = U1, .generation = 1, .seq = 9};
        before.lane = 2;
        before.state = QUOTE_DUE;
        before.amount_vnd = 25000;
        before.fee_vnd = 85000;
        before.action = COMMAND_SET_SUBJECT;
        before.deadline = (wall_t){1772416500000};
        before.subject = sample_event(EVENT_ARRIVED).subject;
        before.line_count = 2;
        snprintf(before.line[1].vi, sizeof before.line[1].vi, "Giờ thứ 3");
        before.line[1].amount_vnd = -5;
        out_init(&out, space, sizeof space);
        down_write(&out, &before);
        assert_false(out_failed(&out));
        ok(down_read(out_str(&out), &after, &why));
        out_init(&out, again, sizeof again);
        down_write(&out, &after);
        assert_string_equal(space, again);
        if (type == DOWN_QUOTE) {
            assert_int_equal(after.line_count, 2);
            assert_string_equal(after.line[1].vi, "Giờ thứ 3");
        }
    }
}

static int read_event_text(const char *text, const char **why)
{
    struct event event;
    *why = NULL;
    return event_read(str_c(text), &event, why);
}

static void test_msg__bad_messages_say_why_and_change_nothing(void **state)
{
    (void)state;
    const char *why;
    assert_int_equal(read_event_text("{", &why), DX_E_FORMAT);
    assert_non_null(why);
    assert_int_equal(read_event_text("[]", &why), DX_E_FORMAT);
    assert_int_equal(read_event_text("{\"v\":2,\"type\":\"boot\"}", &why), DX_E_VERSION);
    assert_int_equal(read_event_text("{\"v\":1,\"type\":\"party\"}", &why), DX_E_VERSION);
    assert_int_equal(read_event_text("{\"v\":1,\"type\":\"boot\"}", &why), DX_E_FORMAT);
    assert_string_equal(why, "id: a ULID");
    char *big = calloc(1, MSG_SIZE_MAX + 2);
    memset(big, ' ', MSG_SIZE_MAX + 1);
    assert_int_equal(read_event_text(big, &why), DX_E_SPACE);
    free(big);
}

/* Change one field of a good message at a time; each change must be found and named. */
static void test_msg__each_limit_is_kept_and_named(void **state)
{
    (void)state;
    static const struct {
        const char *from, *to, *named;
    } rows[] = {{"\"seq\":7", "\"seq\":0", "seq"},
                {"\"seq\":7", "\"seq\":\"7\"", "seq"},
                {"\"seq\":7", "\"seq\":7.5", "seq"},
                {"\"gate\":\"hn-0001-g1\"", "\"gate\":\"HN/#\"", "gate"},
                {"\"lane\":2", "\"lane\":17", "lane"},
                {"\"clock\":\"synced\"", "\"clock\":\"good\"", "clock"},
                {"\"offline\":true", "\"offline\":1", "offline"},
                {"\"confidence\":960", "\"confidence\":1001", "confidence"},
                {"\"kind\":\"plate\"", "\"kind\":\"face\"", "kind"},
                {"\"wall_ms\":1772416500000", "\"wall_ms\":-1", "wall_ms"},
                {"\"session\":\"" U2 "\"", "\"session\":\"x\"", "session"}};
    char space[MSG_SIZE_MAX];
    struct out out;
    struct event event = sample_event(EVENT_ARRIVED);
    out_init(&out, space, sizeof space);
    event_write(&out, &event);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char changed[MSG_SIZE_MAX + 64];
        const char *why;
        char *at = strstr(space, rows[i].from);
        assert_non_null(at);
        snprintf(changed, sizeof changed, "%.*s%s%s", (int)(at - space), space, rows[i].to,
                 at + strlen(rows[i].from));
        assert_int_equal(read_event_text(changed, &why), DX_E_FORMAT);
        assert_true(strncmp(why, rows[i].named, strlen(rows[i].named)) == 0);
    }
}

static void test_msg__unknown_fields_are_ignored(void **state)
{
    (void)state;
    char space[MSG_SIZE_MAX];
    struct out out;
    const char *why;
    struct status status;
    out_init(&out, space, sizeof space);
    out_add_c(&out,
              "{\"v\":1,\"type\":\"status\",\"online\":true,\"gate\":\"g\",\"later\":{\"x\":[1]}}");
    ok(status_read(out_str(&out), &status, &why));
    assert_true(status.online);
    assert_int_equal(status.lane_count, 0);
}

static void test_topic__round_trip_and_refusals(void **state)
{
    (void)state;
    char text[TOPIC_CAP];
    struct topic topic;
    ok(topic_write(text, "hn-0001", "hn-0001-g1", TOPIC_UP));
    assert_string_equal(text, "doxe/1/hn-0001/hn-0001-g1/up");
    ok(topic_parse(str_c(text), &topic));
    assert_string_equal(topic.gate, "hn-0001-g1");
    assert_int_equal(topic.channel, TOPIC_UP);
    assert_int_equal(topic_parse(STR("doxe/2/a/b/up"), &topic), DX_E_VERSION);
    static const char *bad[] = {"doxe/1/a/b",
                                "doxe/1/a/b/up/x",
                                "doxe/1//b/up",
                                "doxe/1/A/b/up",
                                "doxe/1/a/+/up",
                                "x/1/a/b/up",
                                "",
                                "doxe/1/a/b/side"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_int_equal(topic_parse(str_c(bad[i]), &topic), DX_E_FORMAT);
    }
    assert_int_equal(topic_write(text, "a/b", "g", TOPIC_UP), DX_E_FORMAT);
}

static void test_ulid__sorts_by_time_and_is_checked(void **state)
{
    (void)state;
    uint8_t random[ULID_RANDOM_SIZE] = {255, 255, 255, 255, 255, 255, 255, 255, 255, 255};
    char a[ULID_CAP];
    char b[ULID_CAP];
    ulid_make(a, (wall_t){1469918176385}, random);
    assert_string_equal(a, "01ARYZ6S41ZZZZZZZZZZZZZZZZ"); /* the specification's own time part */
    memset(random, 0, sizeof random);
    ulid_make(b, (wall_t){1469918176386}, random);
    assert_true(strcmp(a, b) < 0);
    assert_true(ulid_is_valid(str_c(a)) && ulid_is_valid(str_c(b)));
    assert_false(ulid_is_valid(STR("81ARYZ6S41ZZZZZZZZZZZZZZZZ")));
    assert_false(ulid_is_valid(STR("01ARYZ6S41ZZZZZZZZZZZZZZZI")));
    assert_false(ulid_is_valid(STR("01ARYZ6S41ZZZZZZZZZZZZZZZ")));
}

TESTS(T(test_msg__every_event_type_round_trips), T(test_msg__every_down_type_round_trips),
      T(test_msg__bad_messages_say_why_and_change_nothing),
      T(test_msg__each_limit_is_kept_and_named), T(test_msg__unknown_fields_are_ignored),
      T(test_topic__round_trip_and_refusals), T(test_ulid__sorts_by_time_and_is_checked))
