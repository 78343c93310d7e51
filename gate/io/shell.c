/* The shell's life: what is opened in which order, what workers put into the mailbox, the end. */
#include "gate/io/bus_config.h"
#include "gate/io/shell_inside.h"

#include "proto/base/check.h"
#include "proto/crypto/crypto.h"
#include "proto/io/clock_os.h"
#include "proto/io/log.h"
#include "proto/io/lot_json.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>

enum { CONNECTIONS_MAX = 128 };

/* ---- in the workers' threads ---- */

static int on_bus(void *context, const struct bus_report *report)
{
    const struct shell_bus *bus = context;
    struct shell_message wake = {.kind = SHELL_WAKE};
    struct bus_news news = {bus->index, *report};
    int error = mailbox_post(bus->shell->bus_box, &news);
    if (!error) {
        (void)!mailbox_post(bus->shell->box, &wake); /* full: the loop is awake anyway */
    }
    return error;
}

/* Copied and handed over; a message that finds no room comes again from the server. */
static void on_message(void *context, struct str topic, struct str payload)
{
    struct shell *s = context;
    struct shell_message m = {.kind = SHELL_DOWN};
    bool is_lot = shell_is_lot_topic(s, topic, &m.down.inside);
    if (!is_lot && !str_eq_c(topic, s->topic_down)) {
        log_warn("mqtt.topic", "unexpected=\"%.*s\"", (int)topic.n, topic.p);
        return;
    }
    if (payload.n > (is_lot ? LOT_MESSAGE_MAX : MSG_SIZE_MAX)) {
        log_error("down.too_long", "bytes=%zu", payload.n);
        return;
    }
    m.kind = is_lot ? SHELL_LOT : SHELL_DOWN;
    m.down.n = payload.n;
    m.down.bytes = malloc(payload.n + 1);
    if (!m.down.bytes) {
        return;
    }
    memcpy(m.down.bytes, payload.p, payload.n);
    if (mailbox_post(s->box, &m)) {
        free(m.down.bytes);
        log_error("mailbox.full", "lost=down bytes=%zu", payload.n);
    }
}

/*
 * The state of the link must not be lost, and this thread must not wait: it holds
 * the library's lock, which the loop needs to publish.  So it is a word of its own,
 * and the message only wakes the loop.
 */
static void on_connected(void *context, bool connected)
{
    struct shell *s = context;
    struct shell_message m = {.kind = SHELL_LINK};
    unsigned link = atomic_load(&s->link);
    atomic_store(&s->link, ((link >> 1) + 1) << 1 | connected); /* only this thread writes it */
    (void)!mailbox_post(s->box, &m);
}

static void handle(void *context, const struct http_request *request,
                   struct http_response *response)
{
    struct shell *s = context;
    if (!camera_http_handle(s->cameras, request, response) &&
        !console_handle(s->console, request, response)) {
        http_answer_error(response, 404, "not_found", "There is no such page.");
    }
}

/* ---- opening ---- */

/* One program a journal: two would kick each other from the broker for ever. */
static int lock_journal(struct shell *s)
{
    char path[GATE_PATH_CAP + 8];
    snprintf(path, sizeof path, "%s.lock", s->settings.journal);
    s->lock_file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (s->lock_file < 0) {
        log_error("journal.lock", "path=\"%s\" errno=%d", path, errno);
        return DX_E_IO;
    }
    if (flock(s->lock_file, LOCK_EX | LOCK_NB) != 0) {
        log_error("journal.taken", "path=\"%s\" reason=\"another doxe-gate runs with it\"",
                  s->settings.journal);
        return DX_E_EXISTS;
    }
    return 0;
}

static int open_journal(struct shell *s)
{
    struct gate_config config;
    int error = lock_journal(s);
    if (error) {
        return error;
    }
    error = journal_db_open(s->settings.journal, clock_wall(), &s->journal, &s->state);
    if (error) {
        log_error("journal.unusable", "path=\"%s\" error=%s reason=\"%s\"", s->settings.journal,
                  dx_error_name(error), dx_error_text(error));
        return error;
    }
    gate_settings_core(&s->settings, &config);
    gate_init(&s->gate, &config);
    error = journal_db_restore(s->journal, &s->gate);
    error = error ? error : shell_restore_lot(s);
    if (error) {
        log_error("journal.unreadable", "error=%s", dx_error_name(error));
        return error;
    }
    log_info("journal.open", "generation=%lld boot=%lld seq=%lld acked=%lld inside=%d",
             (long long)s->state.generation, (long long)s->state.boot, (long long)s->state.last,
             (long long)s->state.acked, s->gate.inside.count);
    return 0;
}

static int start_bus(struct shell *s, int i)
{
    const struct bus_settings *bus = &s->settings.bus[i];
    struct modbus_bus_config *config = calloc(1, sizeof *config);
    if (!config) {
        return DX_E_MEMORY;
    }
    config->machine.interlock = &s->interlock;
    config->context = &s->bus[i];
    config->report = on_bus;
    s->bus[i].shell = s;
    s->bus[i].index = i;
    bus_config_fill(&s->settings, i, config, s->bus[i].lane_used);
    int error = modbus_bus_start(config, &s->bus[i].bus);
    free(config);
    if (error) {
        log_error("bus.unusable", "bus=%s error=%s", bus->name, dx_error_name(error));
    }
    return error;
}

/* All inputs are known to the interlock before the first worker runs. */
static int start_buses(struct shell *s)
{
    for (int i = 0; i < s->settings.lane_count; i++) {
        const struct lane_settings *lane = &s->settings.lane[i];
        for (int k = 0; k < lane->input_count; k++) {
            interlock_use(&s->interlock, lane->lane, lane->input[k].role);
        }
    }
    int error = 0;
    for (int i = 0; i < s->settings.bus_count && !error; i++) {
        error = start_bus(s, i);
    }
    return error;
}

static int make_console(struct shell *s)
{
    struct console_lane lanes[MSG_LANES_MAX];
    for (int i = 0; i < s->settings.lane_count; i++) {
        const struct lane_settings *lane = &s->settings.lane[i];
        lanes[i] = (struct console_lane){lane->lane, lane->name, lane->direction == LANE_EXIT};
    }
    return console_new(s->settings.id, s->settings.name, lanes, s->settings.lane_count,
                       &s->console);
}

static int start_http(struct shell *s)
{
    struct http_config config = {.listen = s->settings.http_listen,
                                 .body_max = CAMERA_BODY_MAX,
                                 .connection_max = CONNECTIONS_MAX,
                                 .context = s,
                                 .handle = handle};
    int error = http_srv_start(&config, &s->http);
    if (error) {
        log_error("http.unusable", "listen=\"%s\" error=%s", s->settings.http_listen,
                  dx_error_name(error));
        return error;
    }
    console_attach(s->console, s->http);
    log_info("http.listening", "port=%d", http_srv_port(s->http));
    return 0;
}

static int start_mqtt(struct shell *s)
{
    char will[MSG_SIZE_MAX];
    struct out out;
    struct status status;
    gate_status(&s->gate, clock_wall(), &status);
    status.online = false;
    status.lane_count = 0;
    out_init(&out, will, sizeof will);
    status_write(&out, &status);
    must(!out_failed(&out));
    struct mqtt_config config = {.url = s->settings.mqtt_url,
                                 .client_id = s->settings.id,
                                 .ca = s->settings.mqtt_ca,
                                 .cert = s->settings.mqtt_cert,
                                 .key = s->settings.mqtt_key,
                                 .subscribe = {s->topic_down, s->topic_config, s->topic_inside},
                                 .will_topic = s->topic_status,
                                 .will_text = will,
                                 .context = s,
                                 .on_message = on_message,
                                 .on_connected = on_connected};
    return mqtt_link_start(&config, &s->mqtt); /* logs what is wrong */
}

static int make_topics(struct shell *s)
{
    int error = shell_make_lot_topics(s);
    error = error ? error : topic_write(s->topic_up, s->settings.lot, s->settings.id, TOPIC_UP);
    error = error ? error : topic_write(s->topic_down, s->settings.lot, s->settings.id, TOPIC_DOWN);
    return error ? error
                 : topic_write(s->topic_status, s->settings.lot, s->settings.id, TOPIC_STATUS);
}

static void start_core(struct shell *s)
{
    memset(&s->event, 0, sizeof s->event);
    s->event.start.generation = s->state.generation;
    s->event.start.last_seq = s->state.last;
    s->event.start.acked_seq = s->state.acked;
    s->event.start.boot = s->state.boot;
    s->event.start.trouble = s->state.trouble;
    s->event.start.kept = s->state.kept;
    shell_step(s, GATE_EV_START);
}

/* A crash may have come between a camera's answer and the core. */
static void take_left_read(void *context, const struct plate_read *read, int64_t place)
{
    struct shell *s = context;
    for (int i = 0; i < s->settings.lane_count; i++) {
        if (strcmp(s->settings.lane[i].camera, read->camera) == 0) {
            shell_take_read(s, s->settings.lane[i].lane, read, place);
        }
    }
}

/* The core starts before any worker can say something to it. */
static int start_all(struct shell *s)
{
    int error = mailbox_new(sizeof(struct shell_message), SHELL_BOX_CAP, &s->box);
    error = error ? error : mailbox_new(sizeof(struct bus_news), SHELL_BUS_CAP, &s->bus_box);
    error = error ? error : mailbox_new(sizeof(struct read_answer), 64, &s->read_answers);
    error = error ? error : make_topics(s);
    error = error ? error : open_journal(s);
    error = error ? error : journal_tidy_start(s->settings.journal, &s->tidy);
    error = error ? error : make_console(s);
    error = error ? error : shell_make_cameras(s);
    error = error ? error : start_buses(s);
    if (!error) {
        start_core(s);
        shell_show_health(s);
        error = journal_db_left_reads(s->journal, wall_add(clock_wall(), -SHELL_READ_FRESH_MS), s,
                                      take_left_read);
    }
    error = error ? error : start_http(s);
    error = error ? error : shell_start_scanners(s);
    error = error ? error : shell_start_cameras(s);
    error = error ? error : shell_start_desk(s);
    return error ? error : start_mqtt(s);
}

int shell_start(const struct gate_settings *settings, struct shell **ret_shell)
{
    struct shell *s = calloc(1, sizeof *s);
    if (!s) {
        return DX_E_MEMORY;
    }
    s->settings = *settings;
    s->lock_file = -1;
    interlock_init(&s->interlock);
    health_board_init(&s->board);
    atomic_init(&s->stopping, false);
    s->housekeeping = clock_mono();
    s->prune = clock_mono();
    s->small_due = mono_add(s->prune, SHELL_SMALL_MS);
    int error = start_all(s);
    if (error) {
        shell_free(s);
        return error;
    }
    *ret_shell = s;
    return 0;
}

void shell_stop(struct shell *s)
{
    struct shell_message m = {.kind = SHELL_STOP};
    atomic_store(&s->stopping, true);
    (void)!mailbox_post(s->box, &m); /* full: the loop is awake anyway */
}

/*
 * Motors first.  Whoever still waits for the loop gets an answer: nothing here
 * may wait for a mailbox that nobody empties.
 */
void shell_free(struct shell *s)
{
    if (!s) {
        return;
    }
    atomic_store(&s->stopping, true);
    if (s->box) {
        shell_drain(s);
    }
    for (int i = 0; i < s->settings.bus_count; i++) {
        modbus_bus_stop(s->bus[i].bus);
    }
    shell_stop_devices(s);
    if (s->mqtt) {
        shell_publish_status(s, false);
        mqtt_link_stop(s->mqtt);
    }
    if (s->console) {
        console_attach(s->console, NULL);
    }
    if (s->box) {
        shell_drain(s);
    }
    http_srv_stop(s->http);
    desk_stop(s->desk);
    s->desk = NULL;
    if (s->box) {
        shell_drain(s);
    }
    shell_free_cameras(s);
    console_free(s->console);
    journal_tidy_stop(s->tidy);
    journal_db_close(s->journal);
    lot_fini(&s->lot);
    mailbox_free(s->read_answers);
    mailbox_free(s->bus_box);
    mailbox_free(s->box);
    interlock_fini(&s->interlock);
    health_board_fini(&s->board);
    if (s->lock_file >= 0) {
        close(s->lock_file);
    }
    free(s);
}

int shell_desk_port(const struct shell *s)
{
    return s->desk ? desk_port(s->desk) : 0;
}

int shell_http_port(const struct shell *s)
{
    return http_srv_port(s->http);
}
