#include "gate/io/frigate_link.h"

#include "gate/io/camera_words.h"
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
    bool is_picture;
};

/* Of one of our cameras, the worker's: whom it read last, and a picture of whom it will read. */
struct view {
    struct plate_read read;
    mono_t read_at; /* 0: nobody */
    bool pictured;
    char *bytes; /* NULL: none */
    size_t n;
    mono_t held_at;
};

struct frigate_link {
    struct frigate_link_config config;
    char prefix[CAMERA_SOURCE_CAP];
    char topic[5][TOPIC_TEXT_CAP];
    struct mailbox *box;
    struct mqtt_link *mqtt;
    pthread_t thread;
    bool running;
    atomic_bool stopping;
    atomic_bool up; /* the wake-up may find the queue full, this word does not */
    bool told, told_up;
    atomic_int pictures; /* in the queue */
    struct view view[CAMERAS_MAX];
    struct object {
        char id[PLATE_VENDOR_ID_CAP];
        enum vehicle vehicle;
    } object[FRIGATE_OBJECTS]; /* a ring */
    int object_next;
};

/* ---- in the MQTT thread ---- */

static bool is_named(const struct camera_settings *camera, const char *name)
{
    const char *source = camera->source[0] ? camera->source : camera->name;
    return name[0] == '\0' || strcmp(source, name) == 0;
}

static bool is_ours(const struct frigate_link *link, const char *name)
{
    for (int i = 0; i < link->config.camera_count; i++) {
        if (link->config.camera[i].kind == CAMERA_FRIGATE &&
            is_named(&link->config.camera[i], name)) {
            return true;
        }
    }
    return false;
}

/* A picture of a camera of ours that has room; other cameras' are many. */
static bool wants_picture(struct frigate_link *link, const char *camera, size_t n)
{
    if (!is_ours(link, camera) || n == 0) {
        return false;
    }
    bool room = n <= FRIGATE_PICTURE_MAX && atomic_load(&link->pictures) < FRIGATE_PICTURES_QUEUED;
    if (!room) {
        log_debug("frigate.picture_dropped", "camera=%s bytes=%zu", camera, n);
    }
    return room;
}

static void on_message(void *context, struct str topic, struct str payload)
{
    struct frigate_link *link = context;
    struct str prefix = str_c(link->prefix);
    char camera[FRIGATE_CAMERA_CAP];
    struct str suffix =
        topic.n > prefix.n + 1 ? str_slice(topic, prefix.n + 1, topic.n) : (struct str){NULL, 0};
    struct message m = {.suffix_n = suffix.n, .n = payload.n};
    bool snapshot =
        suffix.n > 9 && str_eq_c(str_slice(suffix, suffix.n - 9, suffix.n), "/snapshot");
    m.is_picture = snapshot && frigate_is_snapshot(suffix, camera);
    if (snapshot && (!m.is_picture || !wants_picture(link, camera, payload.n))) {
        return;
    }
    if (suffix.n == 0 || (!m.is_picture && payload.n > FRIGATE_MESSAGE_MAX)) {
        log_warn("frigate.passed_over", "bytes=%zu", payload.n);
        return;
    }
    m.bytes = malloc(suffix.n + payload.n + 1);
    if (!m.bytes) {
        return;
    }
    memcpy(m.bytes, suffix.p, suffix.n);
    if (payload.n) {
        memcpy(m.bytes + suffix.n, payload.p, payload.n);
    }
    atomic_fetch_add(&link->pictures, m.is_picture);
    if (mailbox_post(link->box, &m)) {
        atomic_fetch_sub(&link->pictures, m.is_picture);
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

static void drop_held(struct view *view)
{
    free(view->bytes);
    view->bytes = NULL;
}

/* A reading of camera `index`: with the picture that waits for it, if one does. */
static void give_reading(struct frigate_link *link, int index, struct camera_event *event)
{
    struct view *view = &link->view[index];
    mono_t now = clock_mono();
    if (event->kind == CAMERA_PLATE) {
        bool same = strcmp(view->read.vendor_id, event->read[0].vendor_id) == 0;
        view->pictured = view->pictured && same;
        view->read = event->read[0];
        view->read_at = now;
        bool fresh = view->bytes && mono_diff(now, view->held_at) <= FRIGATE_PICTURE_MS;
        event->picture_count = fresh && !view->pictured;
        event->picture[0] = (struct str){view->bytes, view->n};
        view->pictured = view->pictured || fresh;
    }
    give(link, index, event);
    if (event->picture_count) {
        drop_held(view);
    }
}

/* The reading is stored already: given again with its picture, it is known and the picture kept. */
static void give_picture(struct frigate_link *link, int index, struct str jpeg)
{
    struct view *view = &link->view[index];
    struct camera_event event = {.kind = CAMERA_PLATE, .read_count = 1, .picture_count = 1};
    mono_t now = clock_mono();
    if (view->read_at.ms && mono_diff(now, view->read_at) <= FRIGATE_PICTURE_MS &&
        !view->pictured) {
        event.read[0] = view->read;
        event.picture[0] = jpeg;
        view->pictured = true;
        give(link, index, &event);
        return;
    }
    drop_held(view); /* the newest one counts */
    view->bytes = malloc(jpeg.n);
    if (view->bytes) {
        memcpy(view->bytes, jpeg.p, jpeg.n);
        view->n = jpeg.n;
        view->held_at = now;
    }
}

static void take_picture(struct frigate_link *link, const struct message *m)
{
    char name[FRIGATE_CAMERA_CAP];
    struct str jpeg = {m->bytes + m->suffix_n, m->n};
    if (!frigate_is_snapshot((struct str){m->bytes, m->suffix_n}, name) ||
        !camera_looks_like_jpeg(jpeg)) {
        return;
    }
    for (int i = 0; i < link->config.camera_count; i++) {
        if (link->config.camera[i].kind == CAMERA_FRIGATE &&
            is_named(&link->config.camera[i], name)) {
            give_picture(link, i, jpeg);
        }
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
            give_reading(link, i, &event);
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
                (m.is_picture ? take_picture : take)(link, &m);
            }
            atomic_fetch_sub(&link->pictures, m.is_picture);
            free(m.bytes);
        }
        look_at_link(link);
    }
    return NULL;
}

/* ---- life ---- */

static int connect_broker(struct frigate_link *link)
{
    static const char *const suffixes[] = {"events", "tracked_object_update", "available", "stats",
                                           "+/+/snapshot"};
    const struct frigate_settings *s = link->config.settings;
    struct mqtt_config config = {.url = s->url,
                                 .client_id = link->config.client_id,
                                 .ca = s->ca,
                                 .cert = s->cert[0] ? s->cert : NULL,
                                 .key = s->key[0] ? s->key : NULL,
                                 .user = s->user[0] ? s->user : NULL,
                                 .password = s->user[0] ? link->config.password : NULL,
                                 .skip_retained = true,
                                 .context = link,
                                 .on_message = on_message,
                                 .on_connected = on_connected};
    for (size_t i = 0; i < sizeof suffixes / sizeof suffixes[0]; i++) {
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
    atomic_init(&link->pictures, 0);
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
    for (int i = 0; i < CAMERAS_MAX; i++) {
        drop_held(&link->view[i]);
    }
    mailbox_free(link->box);
    free(link);
}
