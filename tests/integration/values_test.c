/*
 * The doors for values (server/app/values.h) against the doors for text: the same day through
 * both leaves the same books and says the same things.
 */
#include "server/app/values.h"
#include "tests/integration/server_world.h"

enum { TEXT_CAP = 60000 };

static bool by_value;

static int take_down(void *context, const char *gate, const struct down *down)
{
    struct world *w = context;
    struct world_said *said = &w->said[w->said_count++];
    snprintf(said->topic, sizeof said->topic, "doxe/1/hn-0001/%s/down", gate);
    said->down = *down;
    return 0;
}

static void start(struct world *w)
{
    world_init(w);
    if (by_value) {
        world_stop(w);
        w->ports.publish_down = take_down;
        world_start(w);
    }
}

static void send(struct world *w, const struct event *e)
{
    if (by_value) {
        ok(app_post_event(w->app, e));
        world_run(w);
    } else {
        world_send(w, e);
    }
}

static void play(struct world *w)
{
    char code[PAYCODE_CAP];
    struct event e = world_event(w, EVENT_ARRIVED, "A");
    world_plate(&e, "30F12345", VEHICLE_CAR);
    send(w, &e);
    e = world_event(w, EVENT_ENTERED, "A");
    send(w, &e);
    send(w, &e); /* again: known */
    world_pass(w, 90);
    struct event ask = world_event_b(w, EVENT_EXIT_ASKED, "A");
    world_plate(&ask, "30F12345", VEHICLE_CAR);
    send(w, &ask);
    world_code(w, "A", code);
    assert_int_equal(world_pay(w, "1", code, 50000), 200);
    world_run(w);
    struct event gone = world_event_b(w, EVENT_EXIT_PERMITTED, "A");
    gone.permit = PERMIT_PAID;
    struct event left = world_event_b(w, EVENT_LEFT, "A");
    send(w, &left); /* early: parked, and a gap is asked for */
    send(w, &gone);
    struct event dark = world_event(w, EVENT_ARRIVED, "B");
    dark.clock = CLOCK_UNKNOWN;
    world_plate(&dark, "30F99999", VEHICLE_CAR);
    send(w, &dark);
    struct event set = world_event(w, EVENT_CLOCK_SET, "");
    set.wall = wall_add(w->now, 60000);
    send(w, &set);
    struct event other = world_event(w, EVENT_ENTERED, "A");
    other.seq -= 3; /* another id under an old number: an alarm, and it is set aside */
    send(w, &other);
}

static void dump(struct world *w, char *out)
{
    static const char *const queries[] = {
        "SELECT group_concat(state || fee_vnd || paid_vnd || code || arrived_ms, ';') FROM session",
        "SELECT group_concat(id || hex(hash), ';') FROM ledger_tx",
        "SELECT group_concat(gate || seq || type || session || outcome || id, ';') FROM event",
        "SELECT group_concat(gate || code || detail, ';') FROM alarm",
        "SELECT group_concat(source || reason || digest, ';') FROM quarantine",
        "SELECT group_concat(event || corrected_ms, ';') FROM event_time",
        "SELECT group_concat(id || type || body, ';') FROM outbox",
    };
    out[0] = '\0';
    for (size_t i = 0; i < sizeof queries / sizeof queries[0]; i++) {
        size_t n = strlen(out);
        world_text(w, queries[i], out + n, TEXT_CAP - n);
    }
}

static void test_values__both_doors_leave_the_same_books(void **state)
{
    (void)state;
    static char text[2][TEXT_CAP];
    static struct world w[2];
    for (int door = 0; door < 2; door++) {
        by_value = door == 1;
        start(&w[door]);
        play(&w[door]);
        dump(&w[door], text[door]);
        world_fini(&w[door]);
    }
    assert_true(strlen(text[0]) > 1000);
    assert_string_equal(text[0], text[1]);
    assert_int_equal(w[0].said_count, w[1].said_count);
    for (int i = 0; i < w[0].said_count; i++) {
        const struct down *a = &w[0].said[i].down;
        const struct down *b = &w[1].said[i].down;
        assert_string_equal(w[0].said[i].topic, w[1].said[i].topic);
        assert_int_equal(a->type, b->type);
        assert_int_equal(a->seq, b->seq);
        assert_int_equal(a->amount_vnd, b->amount_vnd);
        assert_string_equal(a->id, b->id);
        assert_string_equal(a->payload, b->payload);
        assert_string_equal(a->url, b->url);
    }
}

static void test_values__an_event_of_an_unknown_gate_is_refused(void **state)
{
    (void)state;
    static struct world w;
    by_value = false;
    start(&w);
    struct event e = world_event(&w, EVENT_BOOT, "");
    snprintf(e.gate, sizeof e.gate, "nobody");
    assert_int_equal(app_post_event(w.app, &e), DX_E_NOT_FOUND);
    world_fini(&w);
}

TESTS(T(test_values__both_doors_leave_the_same_books),
      T(test_values__an_event_of_an_unknown_gate_is_refused))
