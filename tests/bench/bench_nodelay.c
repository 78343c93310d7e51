/*
 * bench_nodelay - a question and its answer over a real broker with TLS, one at a time on a quiet
 * line: with TCP_NODELAY on our sockets, and without.  Prints both and their ratio.
 */
#include "proto/io/clock_os.h"
#include "proto/io/log.h"
#include "proto/io/mailbox.h"
#include "proto/io/mqtt_link.h"
#include "tests/harness/broker.h"
#include "tests/harness/harness.h"

#include <time.h>

enum { ROUNDS = 60, PAUSE_MS = 30 };

static struct mqtt_link *server_link;
static struct mailbox *answers;
static struct mailbox *links;

static int64_t now_us(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

static void server_hears(void *context, struct str topic, struct str payload)
{
    (void)context;
    (void)topic;
    (void)!mqtt_link_publish(server_link, "doxe/1/lot/gate-1/down", payload, false);
}

static void gate_hears(void *context, struct str topic, struct str payload)
{
    int64_t at = now_us();
    (void)context;
    (void)topic;
    (void)payload;
    (void)!mailbox_post(answers, &at);
}

static void connected(void *context, bool yes)
{
    (void)context;
    (void)!mailbox_post(links, &yes);
}

static struct mqtt_link *join(const struct broker *broker, const char *id, const char *filter,
                              void (*hears)(void *, struct str, struct str))
{
    char url[64];
    char ca[128];
    char cert[128];
    char key[128];
    struct mqtt_link *link;
    bool yes = false;
    snprintf(url, sizeof url, "ssl://127.0.0.1:%d", broker->port);
    broker_path(broker, "ca", "crt", ca, sizeof ca);
    broker_path(broker, id, "crt", cert, sizeof cert);
    broker_path(broker, id, "key", key, sizeof key);
    struct mqtt_config config = {.url = url, .client_id = id, .ca = ca, .cert = cert, .key = key};
    config.subscribe[0] = filter;
    config.on_message = hears;
    config.on_connected = connected;
    ok(mqtt_link_start(&config, &link));
    ok(mailbox_take(links, mono_add(clock_mono(), 10000), &yes));
    return link;
}

static int by_value(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a;
    int64_t y = *(const int64_t *)b;
    return x < y ? -1 : x > y;
}

static int64_t measure(const struct broker *broker, const char *name, bool nodelay)
{
    int64_t took[ROUNDS];
    const struct timespec pause = {0, PAUSE_MS * 1000000L};
    mqtt_link_use_nodelay(nodelay);
    server_link = join(broker, "doxe-server", "doxe/1/+/+/up", server_hears);
    struct mqtt_link *gate = join(broker, "gate-1", "doxe/1/lot/gate-1/down", gate_hears);
    for (int i = 0; i < ROUNDS; i++) {
        int64_t at = 0;
        int64_t began = now_us();
        ok(mqtt_link_publish(gate, "doxe/1/lot/gate-1/up", STR("event"), false));
        ok(mailbox_take(answers, mono_add(clock_mono(), 10000), &at));
        took[i] = at - began;
        nanosleep(&pause, NULL);
    }
    mqtt_link_stop(gate);
    mqtt_link_stop(server_link);
    qsort(took, ROUNDS, sizeof took[0], by_value);
    printf("%-20s p50 %6.2f ms   p99 %6.2f ms\n", name, (double)took[ROUNDS / 2] / 1000,
           (double)took[ROUNDS * 99 / 100] / 1000);
    return took[ROUNDS / 2];
}

int main(void)
{
    static const char *const clients[] = {"doxe-server", "gate-1", NULL};
    struct broker broker;
    if (!broker_is_here()) {
        printf("SKIPPED: no mosquitto\n");
        return 0;
    }
    log_start("bench", LOG_LEVEL_ERROR);
    ok(mailbox_new(sizeof(int64_t), 64, &answers));
    ok(mailbox_new(sizeof(bool), 64, &links));
    broker_start(&broker, clients);
    int64_t without = measure(&broker, "without TCP_NODELAY", false);
    int64_t with = measure(&broker, "with TCP_NODELAY", true);
    printf("ratio of the medians %.1f\n", (double)without / (double)with);
    broker_stop(&broker, false);
    mailbox_free(answers);
    mailbox_free(links);
    return 0;
}
