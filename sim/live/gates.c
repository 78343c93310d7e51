#include "sim/live/gates.h"

#include "proto/io/clock_os.h"
#include "proto/io/log.h"
#include "proto/io/mailbox.h"
#include "proto/io/mqtt_link.h"
#include "proto/io/msg_json.h"
#include "proto/topic.h"
#include "proto/ulid.h"

#include <stdlib.h>

enum {
    MAIL_MAX = 65536,
    PENDING_MAX = 20000, /* events of one gate that nobody has acknowledged */
    CONNECT_MS = 20000,
    DRAIN_MS = 30000,
    STAY_MS = 90 * 60000
};

/* Said and not acknowledged: kept as a journal would. */
struct pending {
    int64_t seq, at_us;
    char *body;
    size_t n;
};

struct lane_visit {
    bool busy;
    int64_t asked_us;
    char session[ULID_CAP], ask[ULID_CAP];
    struct subject subject;
};

struct one_gate {
    struct gates *all;
    int number;
    const char *id, *lot;
    struct mqtt_link *link;
    bool up, was_up;
    int64_t generation, seq, receipt;
    char shift[ULID_CAP], topic[TOPIC_CAP], topic_down[TOPIC_CAP], topic_status[TOPIC_CAP];
    size_t first, count, cap; /* of pending: a ring */
    struct pending *pending;
    int next_lane;
    struct lane_visit lane[MSG_LANES_MAX + 1];
};

struct gates {
    const struct gates_options *options;
    struct gates_report *report;
    struct mailbox *mail;
    struct one_gate *gate;
    uint64_t dice;
    int64_t vehicles;
};

/* What paho's thread puts into the box. */
struct letter {
    int gate;
    bool link, up; /* the link's state; else a message */
    int64_t at_us;
    char *body;
    size_t n;
};

static void post(struct one_gate *gate, struct letter *letter)
{
    letter->gate = gate->number;
    letter->at_us = clock_mono_us();
    if (mailbox_post(gate->all->mail, letter) != 0) {
        free(letter->body); /* an acknowledgement names all before it: the next one does */
    }
}

static void on_message(void *context, struct str topic, struct str payload)
{
    struct letter letter = {.body = malloc(payload.n + 1), .n = payload.n};
    (void)topic;
    if (letter.body) {
        memcpy(letter.body, payload.p, payload.n);
        post(context, &letter);
    }
}

static void on_connected(void *context, bool connected)
{
    struct letter letter = {.link = true, .up = connected};
    post(context, &letter);
}

/* ---- saying ---- */

static void make_id(struct gates *all, char out[ULID_CAP])
{
    uint8_t random[ULID_RANDOM_SIZE];
    for (size_t i = 0; i < sizeof random; i++) {
        all->dice = all->dice * 6364136223846793005u + 1442695040888963407u;
        random[i] = (uint8_t)(all->dice >> 33);
    }
    ulid_make(out, clock_wall(), random);
}

static int grow(struct one_gate *gate)
{
    size_t cap = gate->cap ? 2 * gate->cap : 64;
    struct pending *grown = malloc(cap * sizeof *grown);
    if (!grown) {
        return DX_E_MEMORY;
    }
    for (size_t i = 0; i < gate->count; i++) {
        grown[i] = gate->pending[(gate->first + i) % gate->cap];
    }
    free(gate->pending);
    gate->pending = grown;
    gate->first = 0;
    gate->cap = cap;
    return 0;
}

/* Kept first, then published: what the line loses is said again. */
static void say(struct one_gate *gate, struct event *event)
{
    char space[MSG_SIZE_MAX];
    struct out out;
    event->generation = gate->generation;
    event->seq = ++gate->seq;
    event->boot = 1;
    event->clock = CLOCK_SYNCED;
    event->mono = clock_mono();
    memcpy(event->gate, gate->id, strlen(gate->id) + 1);
    if (event->id[0] == '\0') {
        make_id(gate->all, event->id);
    }
    out_init(&out, space, sizeof space);
    event_write(&out, event);
    struct str text = out_str(&out);
    char *body = malloc(text.n + 1);
    if (!body || (gate->count == gate->cap && grow(gate) != 0)) {
        free(body);
        gate->seq--;
        return;
    }
    memcpy(body, text.p, text.n);
    gate->pending[(gate->first + gate->count++) % gate->cap] =
        (struct pending){gate->seq, clock_mono_us(), body, text.n};
    gate->all->report->events++;
    (void)!mqtt_link_publish(gate->link, gate->topic, text, false);
}

static void say_again(struct one_gate *gate, int64_t from)
{
    for (size_t i = 0; i < gate->count; i++) {
        const struct pending *p = &gate->pending[(gate->first + i) % gate->cap];
        if (p->seq >= from) {
            gate->all->report->repeated++;
            (void)!mqtt_link_publish(gate->link, gate->topic, (struct str){p->body, p->n}, false);
        }
    }
}

static struct event new_event(enum event_type type, int lane, const struct lane_visit *visit)
{
    struct event event = {.type = type, .lane = lane, .wall = clock_wall()};
    if (visit) {
        memcpy(event.session, visit->session, sizeof event.session);
        event.subject = visit->subject;
    }
    return event;
}

static void begin(struct one_gate *gate)
{
    struct event boot = new_event(EVENT_BOOT, 0, NULL);
    snprintf(boot.code, sizeof boot.code, "%s", DOXE_VERSION);
    say(gate, &boot);
    make_id(gate->all, gate->shift);
    struct event shift = new_event(EVENT_SHIFT_OPENED, 0, NULL);
    memcpy(shift.shift, gate->shift, sizeof shift.shift);
    snprintf(shift.by, sizeof shift.by, "load");
    say(gate, &shift);
}

/* False: every lane of this gate is busy, or too much is not acknowledged. */
static bool visit(struct one_gate *gate)
{
    struct lane_visit *place = NULL;
    int lane = 0;
    for (int i = 0; i < MSG_LANES_MAX && !place; i++) {
        lane = gate->next_lane++ % MSG_LANES_MAX + 1;
        place = gate->lane[lane].busy ? NULL : &gate->lane[lane];
    }
    if (!place || gate->count > PENDING_MAX) {
        return false;
    }
    *place = (struct lane_visit){.busy = true};
    make_id(gate->all, place->session);
    int64_t vehicle = gate->all->vehicles++;
    place->subject = (struct subject){.kind = SUBJECT_PLATE,
                                      .source = SOURCE_CAMERA,
                                      .vehicle = VEHICLE_CAR,
                                      .confidence = 950};
    int series = (int)(vehicle / 100000 % 26);
    snprintf(place->subject.key, sizeof place->subject.key, "30%c%05lld", 'A' + series,
             (long long)(vehicle % 100000));
    snprintf(place->subject.raw, sizeof place->subject.raw, "%s", place->subject.key);
    wall_t came = wall_add(clock_wall(), -(int64_t)STAY_MS);
    struct event event = new_event(EVENT_ARRIVED, lane, place);
    event.wall = came;
    say(gate, &event);
    event = new_event(EVENT_ENTERED, lane, place);
    event.wall = came;
    say(gate, &event);
    event = new_event(EVENT_EXIT_ASKED, lane, place);
    make_id(gate->all, place->ask);
    memcpy(event.id, place->ask, sizeof event.id);
    place->asked_us = clock_mono_us();
    say(gate, &event);
    gate->all->report->visits++;
    return true;
}

/* ---- hearing ---- */

static void on_quote(struct one_gate *gate, const struct down *down, int64_t at_us)
{
    struct lane_visit *place = NULL;
    for (int lane = 1; lane <= MSG_LANES_MAX && !place; lane++) {
        bool is_it = gate->lane[lane].busy && strcmp(gate->lane[lane].ask, down->ask) == 0;
        place = is_it ? &gate->lane[lane] : NULL;
    }
    if (!place) {
        return; /* said twice */
    }
    int lane = (int)(place - gate->lane);
    latency_add(&gate->all->report->quote, at_us - place->asked_us);
    gate->all->report->quotes++;
    bool due = down->state == QUOTE_DUE && down->amount_vnd > 0;
    if (due) {
        struct event cash = new_event(EVENT_CASH_TAKEN, lane, place);
        cash.amount_vnd = down->amount_vnd;
        memcpy(cash.shift, gate->shift, sizeof cash.shift);
        snprintf(cash.by, sizeof cash.by, "load");
        snprintf(cash.receipt, sizeof cash.receipt, "L%07lld", (long long)++gate->receipt);
        say(gate, &cash);
    }
    struct event permitted = new_event(EVENT_EXIT_PERMITTED, lane, place);
    permitted.permit = due                           ? PERMIT_CASH
                       : down->state == QUOTE_FREE   ? PERMIT_FREE
                       : down->state == QUOTE_EXEMPT ? PERMIT_EXEMPT
                       : down->state == QUOTE_PAID   ? PERMIT_PAID
                                                     : PERMIT_MANUAL;
    say(gate, &permitted);
    struct event left = new_event(EVENT_LEFT, lane, place);
    say(gate, &left);
    place->busy = false;
}

static void on_ack(struct one_gate *gate, const struct down *down, int64_t at_us)
{
    if (down->generation != gate->generation) {
        return;
    }
    while (gate->count > 0 && gate->pending[gate->first].seq <= down->seq) {
        struct pending *p = &gate->pending[gate->first];
        latency_add(&gate->all->report->acknowledgement, at_us - p->at_us);
        gate->all->report->acknowledged++;
        free(p->body);
        gate->first = (gate->first + 1) % gate->cap;
        gate->count--;
    }
}

static void read_letter(struct gates *all, const struct letter *letter)
{
    struct one_gate *gate = &all->gate[letter->gate];
    struct down down;
    const char *why = "";
    if (letter->link) {
        gate->up = letter->up;
        if (gate->up && gate->was_up) {
            all->report->reconnects++;
            say_again(gate, 0);
        }
        gate->was_up = gate->was_up || gate->up;
        return;
    }
    if (down_read((struct str){letter->body, letter->n}, &down, &why) != 0) {
        log_warn("gates.unreadable", "gate=%s why=\"%s\"", gate->id, why);
    } else if (down.type == DOWN_ACK) {
        on_ack(gate, &down, letter->at_us);
    } else if (down.type == DOWN_QUOTE) {
        on_quote(gate, &down, letter->at_us);
    } else if (down.type == DOWN_GAP && down.generation == gate->generation) {
        say_again(gate, down.seq);
    }
}

static void read_until(struct gates *all, mono_t until)
{
    struct letter letter;
    while (mailbox_take(all->mail, until, &letter) == 0) {
        read_letter(all, &letter);
        free(letter.body);
        if (mono_reached(clock_mono(), until)) {
            return;
        }
    }
}

/* ---- life ---- */

static int connect_gate(struct gates *all, int i)
{
    const struct gates_options *o = all->options;
    struct one_gate *gate = &all->gate[i];
    char cert[GATES_PATH_CAP + 40];
    char key[GATES_PATH_CAP + 40];
    char will[300];
    struct out out;
    *gate = (struct one_gate){
        .all = all, .number = i, .id = o->gate[i], .lot = o->lot[i], .next_lane = i};
    /* A new start of a journal: higher than what the server has heard of this gate. */
    gate->generation = clock_wall().ms / 1000;
    snprintf(cert, sizeof cert, "%s/%s.crt", o->keys, gate->id);
    snprintf(key, sizeof key, "%s/%s.key", o->keys, gate->id);
    int error = topic_write(gate->topic, gate->lot, gate->id, TOPIC_UP);
    error = error ? error : topic_write(gate->topic_down, gate->lot, gate->id, TOPIC_DOWN);
    error = error ? error : topic_write(gate->topic_status, gate->lot, gate->id, TOPIC_STATUS);
    if (error) {
        return error;
    }
    struct status status = {.online = false, .wall = clock_wall()};
    memcpy(status.gate, gate->id, strlen(gate->id) + 1);
    out_init(&out, will, sizeof will - 1);
    status_write(&out, &status);
    struct str text = out_str(&out);
    will[text.n] = '\0';
    const struct mqtt_config config = {.url = o->broker,
                                       .client_id = gate->id,
                                       .ca = o->ca,
                                       .cert = cert,
                                       .key = key,
                                       .subscribe = {gate->topic_down},
                                       .will_topic = gate->topic_status,
                                       .will_text = will,
                                       .context = gate,
                                       .on_message = on_message,
                                       .on_connected = on_connected};
    return mqtt_link_start(&config, &gate->link);
}

static bool all_are_up(const struct gates *all)
{
    for (int i = 0; i < all->options->count; i++) {
        if (!all->gate[i].was_up) {
            return false;
        }
    }
    return true;
}

static bool all_is_said(const struct gates *all)
{
    for (int i = 0; i < all->options->count; i++) {
        if (all->gate[i].count > 0) {
            return false;
        }
    }
    return true;
}

static int start(struct gates *all)
{
    const struct gates_options *o = all->options;
    for (int i = 0; i < o->count; i++) {
        int error = connect_gate(all, i);
        if (error) {
            fprintf(stderr, "doxe-sim: gate %s: %s\n", o->gate[i], dx_error_text(error));
            return error;
        }
    }
    mono_t limit = mono_add(clock_mono(), CONNECT_MS);
    while (!all_are_up(all)) {
        if (mono_reached(clock_mono(), limit)) {
            fprintf(stderr, "doxe-sim: not all gates are connected to %s\n", o->broker);
            return DX_E_LINK;
        }
        read_until(all, mono_add(clock_mono(), 20));
    }
    for (int i = 0; i < o->count; i++) {
        begin(&all->gate[i]);
    }
    return 0;
}

/* Visits at an even pace; who finds a gate full is not sent later: the rate is what is offered. */
static void play(struct gates *all)
{
    const struct gates_options *o = all->options;
    int64_t begun_us = clock_mono_us();
    int64_t total = (int64_t)o->rate * o->for_s;
    for (int64_t n = 0; n < total; n++) {
        int64_t due_us = begun_us + n * 1000000 / o->rate;
        int64_t wait_ms = (due_us - clock_mono_us()) / 1000;
        read_until(all, mono_add(clock_mono(), wait_ms > 0 ? wait_ms : 0));
        if (!visit(&all->gate[n % o->count])) {
            all->report->held_back++;
        }
    }
    mono_t limit = mono_add(clock_mono(), DRAIN_MS);
    while (!all_is_said(all) && !mono_reached(clock_mono(), limit)) {
        read_until(all, mono_add(clock_mono(), 10));
    }
    all->report->spent_ms = (clock_mono_us() - begun_us) / 1000;
}

static void end(struct gates *all)
{
    struct letter letter;
    for (int i = 0; all->gate && i < all->options->count; i++) {
        struct one_gate *gate = &all->gate[i];
        if (gate->link) {
            mqtt_link_stop(gate->link);
        }
        all->report->unacknowledged += (int64_t)gate->count;
        for (size_t p = 0; p < gate->count; p++) {
            free(gate->pending[(gate->first + p) % gate->cap].body);
        }
        free(gate->pending);
    }
    while (all->mail && mailbox_take(all->mail, (mono_t){0}, &letter) == 0) {
        free(letter.body);
    }
    mailbox_free(all->mail);
    free(all->gate);
}

int gates_play(const struct gates_options *options, struct gates_report *ret_report)
{
    struct gates all = {.options = options,
                        .report = ret_report,
                        .dice = (uint64_t)clock_wall().ms,
                        .vehicles = clock_wall().ms / 1000 % 1000000};
    *ret_report = (struct gates_report){0};
    all.gate = calloc((size_t)options->count, sizeof *all.gate);
    int error = all.gate ? mailbox_new(sizeof(struct letter), MAIL_MAX, &all.mail) : DX_E_MEMORY;
    error = error ? error : start(&all);
    if (!error) {
        play(&all);
    }
    end(&all);
    return error;
}
