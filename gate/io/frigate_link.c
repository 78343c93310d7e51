#include "gate/io/frigate_link.h"

#include "gate/io/frigate.h"
#include "proto/io/clock_os.h"
#include "proto/io/log.h"
#include "proto/io/mailbox.h"
#include "proto/io/mqtt_link.h"

#include <poll.h>
#include <stdatomic.h>

enum { STORE_TRIES = 5, STORE_WAIT_MS = 1000, TOPIC_TEXT_CAP = 160 };

enum kind { LINK_MESSAGE, LINK_WAKE, LINK_STOP };

struct message {
    enum kind kind;
    char *bytes; /* topic's suffix, NUL, payload; the worker frees it */
    size_t suffix_n, n;
};

struct frigate_link {
    struct frigate_link_config config;
    char prefix[CAMERA_SOURCE_CAP];
    char topic[4][TOPIC_TEXT_CAP];
    struct mailbox *box;
    struct mqtt_link *mqtt;
    pthread_t thread;
    bool running;
    atomic_bool stopping;
    atomic_bool up; /* the wake-up may find the queue full, this word does not */
    bool told, told_up;
    struct object {
        char id[PLATE_VENDOR_ID_CAP];
        enum vehicle vehicle;
    } object[FRIGATE_OBJECTS]; /* a ring */
    int object_next;
};

/* ---- in the MQTT thread ---- */

static void on_message(void *context, struct str topic, struct str payload)
{
    struct frigate_link *link = context;
    struct str prefix = str_c(link->prefix);
    if (payload.n > FRIGATE_MESSAGE_MAX || topic.n <= prefix.n + 1) {
        log_warn("frigate.passed_over", "bytes=%zu", payload.n);
        return;
    }
    struct str suffix = str_slice(topic, prefix.n + 1, topic.n);
    struct message m = {.suffix_n = suffix.n, .n = payload.n};
    m.bytes = malloc(suffix.n + payload.n + 1);
    if (!m.bytes) {
        return;
    }
    memcpy(m.bytes, suffix.p, suffix.n);
    if (payload.n) {
        memcpy(m.bytes + suffix.n, payload.p, payload.n);
    }
    if (mailbox_post(link->box, &m)) {
        free(m.bytes);
        log_error("mailbox.full", "lost=frigate bytes=%zu", payload.n);
    }
}

static void on_connected(void *context, bool connected)
{
    struct frigate_link *link = context;
    struct message m = {.kind = LINK_WAKE};
    atomic_store(&link->up, connected);
    (void)!mailbox_post(link->box, &m);
}

/* ---- in the worker ---- */

static bool is_named(const struct camera_settings *camera, const char *name)
{
    const char *source = camera->source[0] ? camera->source : camera->name;
    return name[0] == '\0' || strcmp(source, name) == 0;
}

/* False when the link is being stopped. */
static bool wait_a_while(struct frigate_link *link)
{
    mono_t until = mono_add(clock_mono(), STORE_WAIT_MS);
    while (!atomic_load(&link->stopping) && !mono_reached(clock_mono(), until)) {
        poll(NULL, 0, 50);
    }
    return !atomic_load(&link->stopping);
}

static void give(struct frigate_link *link, int index, const struct camera_event *event)
{
    int error = DX_E_BUSY;
    for (int i = 0; error && i < STORE_TRIES; i++) {
        if (i && !wait_a_while(link)) {
            break;
        }
        error = camera_intake_take(link->config.intake, index, event);
    }
    if (error) {
        log_error("camera.reading_lost", "camera=%s error=%s", link->config.camera[index].name,
                  dx_error_name(error));
    }
}

/* Learns what an object is, or says it where the message does not. */
static void match_object(struct frigate_link *link, struct plate_read *read)
{
    for (int i = 0; read->vendor_id[0] && i < FRIGATE_OBJECTS; i++) {
        if (strcmp(link->object[i].id, read->vendor_id) == 0) {
            if (read->vehicle == VEHICLE_UNKNOWN) {
                read->vehicle = link->object[i].vehicle;
            }
            return;
        }
    }
    if (read->vehicle != VEHICLE_UNKNOWN && read->vendor_id[0]) {
        struct object *object = &link->object[link->object_next];
        link->object_next = (link->object_next + 1) % FRIGATE_OBJECTS;
        str_copy_cut(object->id, sizeof object->id, str_c(read->vendor_id));
        object->vehicle = read->vehicle;
    }
}

static void take(struct frigate_link *link, const struct message *m)
{
    char name[FRIGATE_CAMERA_CAP];
    struct camera_event event;
    struct str suffix = {m->bytes, m->suffix_n};
    struct str payload = {m->bytes + m->suffix_n, m->n};
    int error = frigate_read(suffix, payload, name, &event);
    if (error) {
        log_warn("frigate.unreadable", "topic=%.*s bytes=%zu error=%s", (int)suffix.n, suffix.p,
                 payload.n, dx_error_name(error));
        return;
    }
    match_object(link, &event.read[0]);
    for (int i = 0; i < link->config.camera_count; i++) {
        const struct camera_settings *camera = &link->config.camera[i];
        if (camera->kind == CAMERA_FRIGATE && is_named(camera, name)) {
            give(link, i, &event);
        }
    }
}

static void look_at_link(struct frigate_link *link)
{
    bool up = atomic_load(&link->up);
    if (link->told && link->told_up == up) {
        return;
    }
    link->told = true;
    link->told_up = up;
    for (int i = 0; i < link->config.camera_count; i++) {
        if (link->config.camera[i].kind == CAMERA_FRIGATE) {
            camera_intake_link(link->config.intake, i, up, up ? "" : "Frigate's broker is away");
        }
    }
}

static void *work(void *context)
{
    struct frigate_link *link = context;
    struct message m;
    while (mailbox_take(link->box, mono_never(), &m) == 0 && m.kind != LINK_STOP) {
        if (m.kind == LINK_MESSAGE) {
            if (!atomic_load(&link->stopping)) {
                take(link, &m);
            }
            free(m.bytes);
        }
        look_at_link(link);
    }
    return NULL;
}

/* ---- life ---- */

static int connect_broker(struct frigate_link *link)
{
    static const char *const suffixes[] = {"events", "tracked_object_update", "available", "stats"};
    const struct frigate_settings *s = link->config.settings;
    struct mqtt_config config = {.url = s->url,
                                 .client_id = link->config.client_id,
                                 .ca = s->ca,
                                 .cert = s->cert[0] ? s->cert : NULL,
                                 .key = s->key[0] ? s->key : NULL,
                                 .user = s->user[0] ? s->user : NULL,
                                 .password = s->user[0] ? link->config.password : NULL,
                                 .context = link,
                                 .on_message = on_message,
                                 .on_connected = on_connected};
    for (size_t i = 0; i < 4; i++) {
        snprintf(link->topic[i], sizeof link->topic[i], "%s/%s", link->prefix, suffixes[i]);
        config.subscribe[i] = link->topic[i];
    }
    return mqtt_link_start(&config, &link->mqtt);
}

int frigate_link_start(const struct frigate_link_config *config, struct frigate_link **ret_link)
{
    struct frigate_link *link = calloc(1, sizeof *link);
    if (!link) {
        return DX_E_MEMORY;
    }
    link->config = *config;
    atomic_init(&link->stopping, false);
    atomic_init(&link->up, false);
    str_copy_cut(link->prefix, sizeof link->prefix, str_c(config->settings->prefix));
    int error = mailbox_new(sizeof(struct message), FRIGATE_QUEUE, &link->box);
    if (!error) {
        link->running = pthread_create(&link->thread, NULL, work, link) == 0;
        error = link->running ? connect_broker(link) : DX_E_IO;
    }
    link->config.password = NULL;
    if (error) {
        frigate_link_stop(link);
        return error;
    }
    *ret_link = link;
    return 0;
}

void frigate_link_stop(struct frigate_link *link)
{
    struct message m = {.kind = LINK_STOP};
    if (!link) {
        return;
    }
    atomic_store(&link->stopping, true);
    mqtt_link_stop(link->mqtt);
    if (link->running) {
        mailbox_post_wait(link->box, &m);
        pthread_join(link->thread, NULL);
    }
    while (link->box && mailbox_take(link->box, clock_mono(), &m) == 0) {
        free(m.bytes);
    }
    mailbox_free(link->box);
    free(link);
}
