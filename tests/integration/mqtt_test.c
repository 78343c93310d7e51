/* The MQTT link against a real broker with TLS, certificates and the shipped access list. */
#include "proto/io/clock_os.h"
#include "proto/io/log.h"
#include "proto/io/mailbox.h"
#include "proto/io/mqtt_link.h"
#include "tests/harness/broker.h"
#include "tests/harness/harness.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

struct note {
    char topic[96];
    char text[64];
};

struct party {
    struct mailbox *notes;
    struct mailbox *links; /* bool: connected or not */
    struct mqtt_link *link;
};

static void on_message(void *context, struct str topic, struct str payload)
{
    struct party *party = context;
    struct note note;
    str_copy_cut(note.topic, sizeof note.topic, topic);
    str_copy_cut(note.text, sizeof note.text, payload);
    (void)!mailbox_post(party->notes, &note);
}

static void on_connected(void *context, bool connected)
{
    struct party *party = context;
    (void)!mailbox_post(party->links, &connected);
}

static mono_t soon(int64_t ms)
{
    return mono_add(clock_mono(), ms);
}

/* `id` is what it claims to be, `certificate` whose key it has. */
static void join(struct party *party, const struct broker *broker, const char *id,
                 const char *certificate, const char *filter)
{
    char url[64];
    char ca[128];
    char cert[128];
    char key[128];
    snprintf(url, sizeof url, "ssl://127.0.0.1:%d", broker->port);
    broker_path(broker, "ca", "crt", ca, sizeof ca);
    broker_path(broker, certificate, "crt", cert, sizeof cert);
    broker_path(broker, certificate, "key", key, sizeof key);
    struct mqtt_config config = {.url = url, .client_id = id, .ca = ca, .cert = cert, .key = key};
    config.subscribe[0] = filter;
    config.context = party;
    config.on_message = on_message;
    config.on_connected = on_connected;
    ok(mailbox_new(sizeof(struct note), 64, &party->notes));
    ok(mailbox_new(sizeof(bool), 64, &party->links));
    ok(mqtt_link_start(&config, &party->link));
}

static void leave(struct party *party)
{
    mqtt_link_stop(party->link);
    mailbox_free(party->notes);
    mailbox_free(party->links);
}

static bool is_connected_within(struct party *party, int64_t ms, bool wanted)
{
    bool connected = !wanted;
    while (connected != wanted && mailbox_take(party->links, soon(ms), &connected) == 0) {
    }
    return connected == wanted;
}

static const char *const clients[] = {"doxe-server", "gate-1", "gate-2", NULL};

static void start_or_skip(struct broker *broker)
{
    if (!broker_is_here()) {
        print_message("SKIPPED: no mosquitto on this machine\n");
        skip();
    }
    log_start("test", LOG_LEVEL_ERROR);
    broker_start(broker, clients);
}

static void test_mqtt__server_and_gate_talk_over_tls_with_nodelay(void **state)
{
    (void)state;
    struct broker broker;
    struct party server;
    struct party gate;
    struct note note;
    start_or_skip(&broker);
    join(&server, &broker, "doxe-server", "doxe-server", "doxe/1/+/+/up");
    join(&gate, &broker, "gate-1", "gate-1", "doxe/1/lot/gate-1/down");
    assert_true(is_connected_within(&server, 10000, true));
    assert_true(is_connected_within(&gate, 10000, true));
    ok(mqtt_link_publish(gate.link, "doxe/1/lot/gate-1/up", STR("hello"), false));
    ok(mailbox_take(server.notes, soon(10000), &note));
    assert_string_equal(note.text, "hello");
    ok(mqtt_link_publish(server.link, "doxe/1/lot/gate-1/down", STR("ack"), false));
    ok(mailbox_take(gate.notes, soon(10000), &note));
    assert_string_equal(note.text, "ack");

    int checked = 0;
    for (int fd = 3; fd < 64; fd++) { /* our own sockets towards the broker */
        struct sockaddr_in peer = {0};
        socklen_t n = sizeof peer;
        int on = 0;
        socklen_t on_size = sizeof on;
        if (getpeername(fd, (struct sockaddr *)&peer, &n) == 0 && peer.sin_family == AF_INET &&
            ntohs(peer.sin_port) == broker.port) {
            ok(getsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, &on_size));
            assert_int_not_equal(on, 0);
            checked++;
        }
    }
    assert_int_equal(checked, 2);
    assert_int_equal(mqtt_link_nodelay_failures(), 0);
    leave(&gate);
    leave(&server);
    broker_stop(&broker, false);
}

static void test_mqtt__a_gate_with_another_certificate_is_nobody_else(void **state)
{
    (void)state;
    struct broker broker;
    struct party server;
    struct party real;
    struct party impostor;
    struct note note;
    start_or_skip(&broker);
    join(&server, &broker, "doxe-server", "doxe-server", "doxe/1/+/+/up");
    join(&real, &broker, "gate-1", "gate-1", "doxe/1/lot/gate-1/down");
    assert_true(is_connected_within(&server, 10000, true));
    assert_true(is_connected_within(&real, 10000, true));
    /* It claims to be gate-1 and holds the key of gate-2. */
    join(&impostor, &broker, "gate-1", "gate-2", "doxe/1/lot/gate-1/down");
    assert_true(is_connected_within(&impostor, 10000, true)); /* as gate-2, that is */
    ok(mqtt_link_publish(impostor.link, "doxe/1/lot/gate-1/up", STR("forged"), false));
    ok(mqtt_link_publish(real.link, "doxe/1/lot/gate-1/up", STR("true"), false));
    ok(mailbox_take(server.notes, soon(10000), &note));
    assert_string_equal(note.text, "true"); /* the forged one went first and never came */
    ok(mqtt_link_publish(server.link, "doxe/1/lot/gate-1/down", STR("secret"), false));
    ok(mailbox_take(real.notes, soon(10000), &note));
    assert_int_equal(mailbox_take(impostor.notes, soon(300), &note), DX_E_TIMEOUT);
    assert_true(mqtt_link_is_connected(real.link)); /* and was not pushed off its line */
    for (int i = 0; i < 200 && !mqtt_link_is_refused(impostor.link); i++) {
        (void)!mailbox_take(impostor.notes, soon(50), &note);
    }
    assert_true(mqtt_link_is_refused(impostor.link)); /* and is told why nobody answers */
    assert_false(mqtt_link_is_refused(real.link));
    leave(&impostor);
    leave(&real);
    leave(&server);
    broker_stop(&broker, false);
}

static void test_mqtt__a_certificate_of_another_authority_is_refused(void **state)
{
    (void)state;
    struct broker broker;
    struct party stranger;
    char command[1024];
    start_or_skip(&broker);
    snprintf(command, sizeof command,
             "mkdir %s/other && %s/etc/pki/make-keys %s/other gate-1 && "
             "cp %s/other/gate-1.crt %s/pki/stranger.crt && cp %s/other/gate-1.key "
             "%s/pki/stranger.key",
             broker.dir, DOXE_SOURCE_DIR, broker.dir, broker.dir, broker.dir, broker.dir,
             broker.dir);
    ok(system(command));
    join(&stranger, &broker, "gate-1", "stranger", "doxe/1/lot/gate-1/down");
    assert_false(is_connected_within(&stranger, 1500, true));
    leave(&stranger);
    broker_stop(&broker, false);
}

static void test_mqtt__comes_back_by_itself_after_the_broker_was_killed(void **state)
{
    (void)state;
    struct broker broker;
    struct party gate;
    struct note note;
    start_or_skip(&broker);
    join(&gate, &broker, "gate-1", "gate-1", "doxe/1/lot/gate-1/down");
    assert_true(is_connected_within(&gate, 10000, true));
    broker_stop(&broker, true);
    assert_true(is_connected_within(&gate, 30000, false));
    assert_int_equal(mqtt_link_publish(gate.link, "doxe/1/lot/gate-1/up", STR("x"), false),
                     DX_E_LINK);
    broker_restart(&broker);
    assert_true(is_connected_within(&gate, 60000, true));
    struct party server;
    join(&server, &broker, "doxe-server", "doxe-server", NULL);
    assert_true(is_connected_within(&server, 10000, true));
    ok(mqtt_link_publish(server.link, "doxe/1/lot/gate-1/down", STR("again"), false));
    ok(mailbox_take(gate.notes, soon(10000), &note)); /* subscribed again too */
    leave(&server);
    leave(&gate);
    broker_stop(&broker, false);
}

TESTS(T(test_mqtt__server_and_gate_talk_over_tls_with_nodelay),
      T(test_mqtt__a_gate_with_another_certificate_is_nobody_else),
      T(test_mqtt__a_certificate_of_another_authority_is_refused),
      T(test_mqtt__comes_back_by_itself_after_the_broker_was_killed))
