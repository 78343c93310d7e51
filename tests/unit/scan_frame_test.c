#include "proto/scan_frame.h"
#include "tests/harness/harness.h"

static const mono_t start = {1000000};

static mono_t at(int64_t ms)
{
    return mono_add(start, ms);
}

/* The events of one piece as text: "[code]" a new one, "=" the last again, "!" too long. */
static void collect(struct scan_frame *frame, struct str piece, mono_t now, char *out)
{
    for (;;) {
        enum scan_frame_event event;
        piece = str_slice(piece, scan_frame_feed(frame, piece, now, &event), piece.n);
        size_t n = strlen(out);
        if (event == SCAN_FRAME_READY) {
            struct str payload = scan_frame_payload(frame);
            snprintf(out + n, 256 - n, "[%.*s]", (int)payload.n, payload.p);
        } else if (event == SCAN_FRAME_REPEAT) {
            snprintf(out + n, 256 - n, "=");
        } else if (event == SCAN_FRAME_TOO_LONG) {
            snprintf(out + n, 256 - n, "!");
        } else {
            assert_int_equal(piece.n, 0);
            return;
        }
    }
}

struct piece {
    const char *bytes;
    int64_t at_ms;
};

/* Feed the pieces and, if `until_ms` is not 0, be there for every deadline up to it. */
static void check(const struct piece *pieces, int count, int64_t until_ms, const char *wanted)
{
    char seen[256] = "";
    struct scan_frame frame;
    scan_frame_init(&frame);
    for (int i = 0; i < count; i++) {
        collect(&frame, str_c(pieces[i].bytes), at(pieces[i].at_ms), seen);
    }
    while (until_ms && mono_reached(at(until_ms), scan_frame_deadline(&frame))) {
        mono_t now = scan_frame_deadline(&frame);
        enum scan_frame_event event = scan_frame_timeout(&frame, now);
        size_t n = strlen(seen);
        if (event == SCAN_FRAME_READY) {
            struct str payload = scan_frame_payload(&frame);
            snprintf(seen + n, 256 - n, "[%.*s]", (int)payload.n, payload.p);
        } else if (event == SCAN_FRAME_REPEAT) {
            snprintf(seen + n, 256 - n, "=");
        }
    }
    assert_string_equal(seen, wanted);
}
#define CHECK(until_ms, wanted, ...)                                                           \
    check((const struct piece[]){__VA_ARGS__},                                                 \
          (int)(sizeof((const struct piece[]){__VA_ARGS__}) / sizeof(struct piece)), until_ms, \
          wanted)

static void test_scan_frame__every_terminator_ends_one_frame(void **state)
{
    (void)state;
    CHECK(0, "[A1]", {"A1\r", 0});
    CHECK(0, "[A1]", {"A1\n", 0});
    CHECK(0, "[A1]", {"A1\r\n", 0});
    CHECK(0, "[A1]", {"A1\r", 0}, {"\n", 10});
    CHECK(0, "[A1]", {"\r\n\r\n \r\nA1\r\n\r\n", 0});
    CHECK(0, "", {"A1", 0});
}

static void test_scan_frame__silence_ends_a_frame_and_only_silence(void **state)
{
    (void)state;
    CHECK(79, "", {"A1", 0});
    CHECK(80, "[A1]", {"A1", 0});
    /* the silence is counted from the last byte */
    CHECK(0, "", {"A", 0}, {"1", 79}, {"2", 158});
    CHECK(300, "[A12]", {"A", 0}, {"1", 79}, {"2", 158});
    /* nobody called scan_frame_timeout: the next byte finds it out */
    CHECK(0, "[A1]", {"A1", 0}, {"B2", 80});
    CHECK(0, "[A1][B2]", {"A1", 0}, {"B2\r", 500});
}

static void test_scan_frame__split_and_glued_frames_come_out_whole(void **state)
{
    (void)state;
    CHECK(0, "[001|a|b]", {"001", 0}, {"|a", 20}, {"|b\r", 40});
    CHECK(0, "[A1][B2]", {"A1\rB2\r", 0});
    CHECK(80, "[A1][B2][C3]", {"A1\rB2\nC3", 0});
    CHECK(0, "[A1][B2]", {"A1\rB", 0}, {"2\r", 40});
}

static void test_scan_frame__the_same_code_within_three_seconds_is_one_scan(void **state)
{
    (void)state;
    CHECK(0, "[A1]=", {"A1\r", 0}, {"A1\r", 2999});
    CHECK(0, "[A1][A1]", {"A1\r", 0}, {"A1\r", 3000});
    CHECK(0, "[A1]=[B2]", {"A1\rA1\rB2\r", 0});
    CHECK(0, "[A1][B2][A1]", {"A1\r", 0}, {"B2\r", 100}, {"A1\r", 200});
    /* a card that is held before the window stays one scan */
    CHECK(0, "[A1]===", {"A1\r", 0}, {"A1\r", 2500}, {"A1\r", 5000}, {"A1\r", 7500});
    /* with and without a terminator it is the same code */
    CHECK(0, "[A1]=", {"A1\r", 0}, {"A1\n", 100});
    CHECK(200, "[A1]=", {"A1\r", 0}, {"A1", 100});
    /* a code that silence ends is as old as the end of the silence */
    CHECK(3100, "[A1]=", {"A1\r", 0}, {"A1", 2919});
    CHECK(3100, "[A1][A1]", {"A1\r", 0}, {"A1", 2920});
}

static void test_scan_frame__too_much_is_told_once_and_dropped_to_its_end(void **state)
{
    (void)state;
    static char much[5001];
    memset(much, 'x', sizeof much - 1);
    CHECK(0, "!", {much, 0});
    CHECK(0, "!", {much, 0}, {much, 20});
    CHECK(0, "![A1]", {much, 0}, {"tail\rA1\r", 20});
    CHECK(0, "![A1]", {much, 0}, {"A1\r", 100}); /* ended by silence */
    CHECK(0, "!!", {much, 0}, {"\r", 1}, {much, 2});
    struct scan_frame frame;
    scan_frame_init(&frame);
    enum scan_frame_event event;
    struct str just = {much, SCAN_FRAME_MAX};
    assert_int_equal(scan_frame_feed(&frame, just, start, &event), SCAN_FRAME_MAX);
    assert_int_equal(event, SCAN_FRAME_NONE);
    assert_int_equal(scan_frame_feed(&frame, STR("\r"), start, &event), 1);
    assert_int_equal(event, SCAN_FRAME_READY);
    assert_int_equal(scan_frame_payload(&frame).n, SCAN_FRAME_MAX);
}

static void test_scan_frame__the_deadline_is_the_next_thing_to_do(void **state)
{
    (void)state;
    struct scan_frame frame;
    enum scan_frame_event event;
    scan_frame_init(&frame);
    assert_true(scan_frame_deadline(&frame).ms == mono_never().ms);
    assert_int_equal(scan_frame_timeout(&frame, start), SCAN_FRAME_NONE);
    assert_int_equal(scan_frame_feed(&frame, STR("A1"), at(0), &event), 2);
    assert_true(scan_frame_deadline(&frame).ms == at(80).ms);
    assert_int_equal(scan_frame_timeout(&frame, at(79)), SCAN_FRAME_NONE);
    assert_int_equal(scan_frame_timeout(&frame, at(80)), SCAN_FRAME_READY);
    assert_true(scan_frame_deadline(&frame).ms == at(3080).ms); /* to forget the code */
    assert_int_equal(scan_frame_timeout(&frame, at(3080)), SCAN_FRAME_NONE);
    assert_true(scan_frame_deadline(&frame).ms == mono_never().ms);
}

static void test_scan_frame__nothing_of_a_code_is_left_when_it_is_used(void **state)
{
    (void)state;
    struct scan_frame frame;
    static const char zero[SCAN_FRAME_MAX];
    static const uint8_t none[sizeof frame.last];
    enum scan_frame_event event;
    scan_frame_init(&frame);
    assert_int_equal(scan_frame_feed(&frame, STR("001087012345|\r"), start, &event), 14);
    assert_int_equal(event, SCAN_FRAME_READY);
    scan_frame_wipe(&frame);
    assert_memory_equal(frame.bytes, zero, sizeof zero);
    /* the next call does it, too; and the digest goes when its time is over */
    assert_int_equal(scan_frame_feed(&frame, STR("001087099999|\r"), at(10), &event), 14);
    assert_int_equal(scan_frame_timeout(&frame, at(3010)), SCAN_FRAME_NONE);
    assert_memory_equal(frame.bytes, zero, sizeof zero);
    assert_memory_equal(frame.last, none, sizeof none);
}

TESTS(T(test_scan_frame__every_terminator_ends_one_frame),
      T(test_scan_frame__silence_ends_a_frame_and_only_silence),
      T(test_scan_frame__split_and_glued_frames_come_out_whole),
      T(test_scan_frame__the_same_code_within_three_seconds_is_one_scan),
      T(test_scan_frame__too_much_is_told_once_and_dropped_to_its_end),
      T(test_scan_frame__the_deadline_is_the_next_thing_to_do),
      T(test_scan_frame__nothing_of_a_code_is_left_when_it_is_used))
