/* What the core wants: records stored, arms moved, displays and the server told.  shell_loop.c says
 * when. */
#include "gate/io/lane_display.h"
#include "gate/io/shell_inside.h"
#include "proto/base/check.h"
#include "proto/crypto/crypto.h"
#include "proto/io/clock_os.h"
#include "proto/io/log.h"
#include "proto/io/msg_json.h"

static void add_outcome(struct shell *s, struct outcome outcome)
{
    must(s->outcome_count < SHELL_OUTCOMES_MAX);
    s->outcome[(s->outcome_first + s->outcome_count++) % SHELL_OUTCOMES_MAX] = outcome;
}

void shell_note_journal(struct shell *s, int error, int64_t seq)
{
    if (error) {
        log_error("journal.failed", "seq=%lld error=%s message=\"%s\"", (long long)seq,
                  dx_error_name(error), journal_db_message(s->journal));
    } else if (s->journal_failed) {
        log_info("journal.works", "seq=%lld", (long long)seq);
    }
    s->journal_failed = error != 0;
    s->journal_error = error;
}

/*
 * What waits is one transaction, and one wait for the disk however many lanes it is of: all or
 * none.  After a failure the first is told as failed, and the core knows that those behind it are
 * too.
 */
static void store(struct shell *s)
{
    const struct gate_record *records[SHELL_PENDING_MAX];
    int count = s->pending_count;
    for (int i = 0; i < count; i++) {
        records[i] = &s->pending[i];
    }
    int error = journal_db_append(s->journal, records, count);
    shell_note_journal(s, error, records[0]->event.seq);
    for (int i = 0; i < (error ? 1 : count); i++) {
        add_outcome(s, (struct outcome){.type = error ? GATE_EV_STORE_FAILED : GATE_EV_STORED,
                                        .seq = records[i]->event.seq});
    }
    s->pending_count = 0;
}

static void write_output(struct shell *s, int lane, enum output_role role, enum output_act act)
{
    int i = shell_lane_index(s, lane);
    int error = DX_E_NOT_FOUND;
    for (int k = 0; i >= 0 && k < s->settings.lane[i].output_count; k++) {
        const struct output_settings *out = &s->settings.lane[i].output[k];
        if (out->role == role) {
            error = modbus_bus_order(s->bus[out->bus].bus, lane, role, act);
        }
    }
    if (error) {
        log_error("output.refused", "lane=%d role=%s error=%s", lane, output_role_text(role),
                  dx_error_name(error));
        add_outcome(s, (struct outcome){.type = GATE_EV_COIL, .lane = lane, .role = role});
    }
}

static void show(struct shell *s, int lane, const struct lane_display *display)
{
    int i = shell_lane_index(s, lane);
    if (i < 0) {
        return;
    }
    console_show(s->console, lane, display);
    const struct display_settings *panel = &s->settings.lane[i].display;
    if (panel->present) {
        uint16_t words[MODBUS_TEXT_WORDS_MAX];
        struct display_text text = {.lines = panel->lines, .columns = panel->columns};
        lane_display_lines(display, &text);
        int count = display_text_pack(&text, words);
        if (modbus_bus_text(s->bus[panel->bus].bus, lane, words, count)) {
            log_warn("display.busy", "lane=%d", lane); /* the next change brings it up to date */
        }
    }
}

static int publish_row(void *context, int64_t seq, struct str body)
{
    struct shell *s = context;
    (void)seq;
    return mqtt_link_publish(s->mqtt, s->topic_up, body, false);
}

/* What cannot be sent now is sent again by the core's delivery rules. */
static void send_rows(struct shell *s, int64_t from, int64_t to)
{
    int error = journal_db_rows(s->journal, from, to, s, publish_row);
    if (error && error != DX_E_LINK && error != DX_E_FULL && error != DX_E_BUSY) {
        log_error("journal.unsent", "from=%lld to=%lld error=%s", (long long)from, (long long)to,
                  dx_error_name(error));
    }
}

static void send_waiting(struct shell *s)
{
    if (s->send_to != 0) {
        send_rows(s, s->send_from, s->send_to);
        s->send_to = 0;
    }
}

void shell_publish_status(struct shell *s, bool online)
{
    char text[MSG_SIZE_MAX];
    struct out out;
    struct status status;
    gate_status(&s->gate, clock_wall(), &status);
    status.online = online;
    out_init(&out, text, sizeof text);
    status_write(&out, &status);
    if (!out_failed(&out) && s->mqtt) {
        (void)!mqtt_link_publish(s->mqtt, s->topic_status, out_str(&out), true);
    }
}

static void log_fact(int lane, const struct gate_log *log)
{
    log_info(gate_log_text(log->name), "lane=%d a=%s b=%s n=%lld", lane, log->a[0] ? log->a : "-",
             log->b[0] ? log->b : "-", (long long)log->n);
}

/* Rows that follow one another are one reading of the journal. */
static void send_later(struct shell *s, int64_t from, int64_t to)
{
    if (s->send_to != 0 && from != s->send_to + 1) {
        send_waiting(s);
    }
    s->send_from = s->send_to != 0 ? s->send_from : from;
    s->send_to = to;
}

/* It justifies no movement, the first arm's record does: what cannot be kept stops nobody. */
static void keep_contexts(struct shell *s)
{
    for (int i = 0; i < s->effects.count; i++) {
        const struct gate_effect *effect = &s->effects.effect[i];
        if (effect->type != GATE_EFF_KEEP) {
            continue;
        }
        int error = journal_db_put_context(s->journal, effect->lane, &effect->keep);
        if (error) {
            log_error("context.not_kept", "lane=%d error=%s", effect->lane, dx_error_name(error));
        }
    }
}

/* An arm does not wait for a screen, a log line or the broker. */
static void move_arms(struct shell *s)
{
    for (int i = 0; i < s->effects.count; i++) {
        const struct gate_effect *effect = &s->effects.effect[i];
        if (effect->type == GATE_EFF_OUTPUT) {
            write_output(s, effect->lane, effect->output.role, effect->output.act);
        }
    }
}

/*
 * A record could not be stored and the core has not been told yet: what it gives meanwhile comes
 * behind that record, and must not be in the journal without it.  The core gives it again.
 */
static bool failure_is_to_be_told(const struct shell *s)
{
    for (int i = 0; i < s->outcome_count; i++) {
        int at = (s->outcome_first + i) % SHELL_OUTCOMES_MAX;
        if (s->outcome[at].type == GATE_EV_STORE_FAILED) {
            return true;
        }
    }
    return false;
}

/*
 * Contexts, then outputs, then the rest, each in order; records wait for those of the other lanes.
 * An effect that needs a record to be durable comes in a later step: the core waits.
 */
static void perform(struct shell *s)
{
    bool failed = failure_is_to_be_told(s);
    keep_contexts(s);
    move_arms(s);
    for (int i = 0; i < s->effects.count; i++) {
        const struct gate_effect *effect = &s->effects.effect[i];
        switch (effect->type) {
        case GATE_EFF_RECORD:
            must(failed || s->pending_count < SHELL_PENDING_MAX);
            if (!failed) {
                s->pending[s->pending_count++] = effect->record;
            }
            break;
        case GATE_EFF_KEEP:
        case GATE_EFF_OUTPUT:
            break; /* keep_contexts, move_arms */
        case GATE_EFF_DISPLAY:
            s->show_due |= 1u << effect->lane; /* once, when all is stored */
            break;
        case GATE_EFF_SEND:
            send_later(s, effect->send.from, effect->send.to);
            break;
        case GATE_EFF_STATUS:
            s->status_due = true;
            break;
        case GATE_EFF_QUERY:
            shell_publish_query(s, &effect->query);
            break;
        case GATE_EFF_LOG:
            log_fact(effect->lane, &effect->log);
            break;
        case GATE_EFF_COUNT:
            break;
        }
    }
}

/* ---- events ---- */

/* Before doxe existed, a clock that says so was never set since power-on. */
static enum clock_quality clock_quality(wall_t wall)
{
    static const int64_t first_plausible_ms = 1767200400000; /* 2026-01-01 in Hanoi */
    if (clock_is_synced()) {
        return CLOCK_SYNCED;
    }
    return wall.ms < first_plausible_ms ? CLOCK_UNKNOWN : CLOCK_DRIFTING;
}

static void step_once(struct shell *s, enum gate_event_type type)
{
    struct gate_event *event = &s->event;
    event->type = type;
    event->now = clock_mono();
    event->wall = clock_wall();
    event->clock = clock_quality(event->wall);
    dx_random(event->random, sizeof event->random);
    gate_step(&s->gate, event, &s->effects);
    perform(s);
    journal_db_acked(s->journal, s->gate.delivery.acked);
}

static void step_outcome(struct shell *s)
{
    struct outcome outcome = s->outcome[s->outcome_first];
    s->outcome_first = (s->outcome_first + 1) % SHELL_OUTCOMES_MAX;
    s->outcome_count--;
    memset(&s->event, 0, sizeof s->event);
    s->event.lane = outcome.lane;
    if (outcome.type == GATE_EV_COIL) {
        s->event.coil.role = outcome.role;
        s->event.coil.ok = outcome.ok;
    } else {
        s->event.stored.seq = outcome.seq;
    }
    step_once(s, outcome.type);
}

/* Every outcome, before anything new; room for one more step's records. */
static void settle(struct shell *s)
{
    while (s->pending_count > 0 || s->outcome_count > 0) {
        while (s->outcome_count > 0 && s->pending_count + JOURNAL_BATCH <= SHELL_PENDING_MAX) {
            step_outcome(s);
        }
        if (s->pending_count > 0) {
            store(s);
        }
    }
}

/* What people and the server see, as it is now: what it shows is durable. */
static void show_what_changed(struct shell *s)
{
    for (int i = 0; i < s->settings.lane_count; i++) {
        int lane = s->settings.lane[i].lane;
        struct lane_display display;
        if ((s->show_due & 1u << lane) != 0 && gate_display(&s->gate, lane, &display) == 0) {
            show(s, lane, &display);
        }
    }
    s->show_due = 0;
    if (s->status_due) {
        s->status_due = false;
        shell_publish_status(s, true);
        shell_show_health(s);
    }
}

void shell_end_steps(struct shell *s)
{
    settle(s);
    show_what_changed(s);
    send_waiting(s);
    shell_tell_desk(s);
    if (s->gate.behind && !s->failed &&
        journal_db_mark_behind(s->journal, s->gate.behind_generation) == 0) {
        log_error("journal.behind", "reason=\"an old copy of this journal; starting anew\"");
        s->failed = DX_E_DIFFERENT;
        shell_stop(s);
    }
}

/* One of several that have come together: end_steps follows. */
void shell_step_along(struct shell *s, enum gate_event_type type)
{
    step_once(s, type);
    if (s->pending_count + JOURNAL_BATCH > SHELL_PENDING_MAX) {
        settle(s);
    }
}

/* s->event holds the rest. */
void shell_step(struct shell *s, enum gate_event_type type)
{
    step_once(s, type);
    shell_end_steps(s);
}
