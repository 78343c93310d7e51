/* The writer's thread among the others: posts, commands, notices and pages at the same time. */
#include "proto/crypto/crypto.h"
#include "proto/io/clock_os.h"
#include "server/io/writer.h"
#include "tests/integration/server_world.h"

#include <pthread.h>
#include <stdatomic.h>

enum { MESSAGES = 200, ASKS = 25 };

static struct world w;
static struct writer *writer;
static atomic_int published, changed, broken;
static char token[40];

static wall_t real_wall(void *context)
{
    (void)context;
    return clock_wall();
}

static mono_t real_mono(void *context)
{
    (void)context;
    return clock_mono();
}

static void real_random(void *context, void *bytes, size_t n)
{
    (void)context;
    dx_random(bytes, n);
}

static int count_publish(void *context, const char *topic, struct str payload)
{
    (void)context;
    (void)topic;
    (void)payload;
    atomic_fetch_add(&published, 1);
    return 0;
}

static void count_change(void *context, const struct change *change)
{
    (void)context;
    (void)change;
    atomic_fetch_add(&changed, 1);
}

static void on_broken(void *context)
{
    (void)context;
    atomic_store(&broken, 1);
}

/* A world whose clock runs, with one car inside and its page's token known. */
static int setup(void **state)
{
    (void)state;
    ok(dx_crypto_start());
    world_init(&w);
    world_enter(&w, "A", "30F12345");
    world_text(&w, "SELECT token FROM session", token, sizeof token);
    world_stop(&w);
    w.ports = (struct app_ports){.context = &w,
                                 .wall = real_wall,
                                 .mono = real_mono,
                                 .random = real_random,
                                 .publish = count_publish,
                                 .on_change = count_change};
    char why[256];
    ok(app_start(&w.config, &w.ports, why, sizeof why, &w.app));
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    world_fini(&w);
    return 0;
}

static void *gate_thread(void *argument)
{
    (void)argument;
    for (int i = 0; i < MESSAGES; i++) {
        char space[MSG_SIZE_MAX];
        struct out out;
        struct event e = world_event(&w, EVENT_HAND_OPENED, "");
        out_init(&out, space, sizeof space);
        event_write(&out, &e);
        if (app_post_message(w.app, STR("doxe/1/hn-0001/hn-0001-g1/up"), out_str(&out)) != 0) {
            return argument;
        }
    }
    return NULL;
}

static struct str no_header(void *context, const char *name)
{
    (void)context;
    (void)name;
    return (struct str){NULL, 0};
}

/* What the HTTP thread does: asks and waits. */
static void *http_thread(void *argument)
{
    atomic_int *failures = argument;
    for (int i = 0; i < ASKS; i++) {
        char id[ULID_CAP];
        struct app_quote quote;
        struct app_command command = {
            .gate = GATE_A, .lane = 1, .action = COMMAND_OPEN, .reason = "r", .by = "lan"};
        bool good = app_command(w.app, &command, id) == 0 &&
                    app_quote_now(w.app, str_c(token), &quote) == 0 &&
                    app_bank_webhook(w.app, "sepay", no_header, NULL, STR("{}")) == 401 &&
                    app_review_close(w.app, 12345, "lan") == DX_E_NOT_FOUND;
        atomic_fetch_add(failures, good ? 0 : 1);
    }
    return NULL;
}

static void test_writer__all_threads_at_once_lose_nothing(void **state)
{
    (void)state;
    pthread_t threads[3];
    atomic_int failures = 0;
    ok(writer_start(w.app, on_broken, NULL, &writer));
    ok(pthread_create(&threads[0], NULL, gate_thread, NULL));
    ok(pthread_create(&threads[1], NULL, http_thread, &failures));
    ok(pthread_create(&threads[2], NULL, http_thread, &failures));
    for (int i = 0; i < 3; i++) {
        void *result = NULL;
        ok(pthread_join(threads[i], &result));
        assert_null(result);
    }
    writer_stop(writer); /* does what is queued first */
    app_close(w.app);
    assert_int_equal(atomic_load(&failures), 0);
    assert_int_equal(atomic_load(&broken), 0);
    assert_int_equal(world_number(&w, "SELECT count(*) FROM event WHERE type = 'hand_opened'"),
                     MESSAGES);
    assert_int_equal(world_number(&w, "SELECT count(*) FROM command"), 2 * ASKS);
    assert_true(atomic_load(&published) > 2 * ASKS && atomic_load(&changed) >= MESSAGES);
}

static void *ask_thread(void *argument)
{
    int *result = argument;
    char id[ULID_CAP];
    struct app_command command = {
        .gate = GATE_A, .lane = 1, .action = COMMAND_OPEN, .reason = "r", .by = "lan"};
    *result = app_command(w.app, &command, id);
    return NULL;
}

static void test_writer__who_waits_when_it_closes_is_told_at_once(void **state)
{
    (void)state;
    pthread_t thread;
    int waiting = 0;
    int later = 0;
    mono_t began = clock_mono();
    ok(pthread_create(&thread, NULL, ask_thread, &waiting)); /* nobody turns: it must wait */
    while (!app_has_work(w.app)) {
    }
    app_close(w.app);
    ok(pthread_join(thread, NULL));
    assert_int_equal(waiting, DX_E_TIMEOUT);
    (void)ask_thread(&later);
    assert_int_equal(later, DX_E_TIMEOUT);
    assert_true(mono_diff(clock_mono(), began) < APP_ANSWER_MS);
    assert_int_equal(world_number(&w, "SELECT count(*) FROM command"), 0);
}

static void test_writer__one_program_a_database(void **state)
{
    (void)state;
    ok(writer_lock(w.database));
    assert_int_equal(writer_lock(w.database), DX_E_BUSY);
    assert_int_equal(writer_lock("/nonexistent/doxe.db"), DX_E_IO);
}

#define W(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

TESTS(W(test_writer__all_threads_at_once_lose_nothing),
      W(test_writer__who_waits_when_it_closes_is_told_at_once),
      W(test_writer__one_program_a_database))
