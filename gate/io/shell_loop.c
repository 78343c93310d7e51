/* The loop: messages become events.  shell_effects.c performs what comes of them. */
#include "gate/io/shell_inside.h"
#include "gate/io/small.h"
#include "gate/io/urgent.h"
#include "proto/io/clock_os.h"
#include "proto/io/daemon.h"
#include "proto/io/log.h"
#include "proto/io/msg_json.h"

int shell_lane_index(const struct shell *s, int lane)
{
    for (int i = 0; i < s->settings.lane_count; i++) {
        if (s->settings.lane[i].lane == lane) {
            return i;
        }
    }
    return -1;
}

static void clear_event(struct shell *s, int lane)
{
    memset(&s->event, 0, sizeof s->event);
    s->event.lane = lane;
}

/* A lane answers when its part on every bus does; told when that is known, and when it changes. */
static void tell_lane(struct shell *s, int lane)
{
    enum level all = LEVEL_ON;
    for (int i = 0; i < s->settings.bus_count; i++) {
        const struct shell_bus *bus = &s->bus[i];
        if (bus->lane_used[lane] && bus->lane_ok[lane] != LEVEL_ON && all != LEVEL_OFF) {
            all = bus->lane_ok[lane];
        }
    }
    if (all == LEVEL_UNKNOWN || all == s->lane_told[lane]) {
        return;
    }
    s->lane_told[lane] = all;
    log_line(all == LEVEL_ON ? LOG_LEVEL_INFO : LOG_LEVEL_WARN, "lane.io", "lane=%d reachable=%s",
             lane, all == LEVEL_ON ? "yes" : "no");
    clear_event(s, lane);
    s->event.bus.reachable = all == LEVEL_ON;
    shell_step(s, GATE_EV_BUS);
}

static void take_bus(struct shell *s, int index, const struct bus_report *report)
{
    const char *name = s->settings.bus[index].name;
    switch (report->kind) {
    case BUS_REPORT_LANE:
        s->bus[index].lane_ok[report->lane] = report->ok ? LEVEL_ON : LEVEL_OFF;
        tell_lane(s, report->lane);
        break;
    case BUS_REPORT_INPUT:
        log_debug("input", "lane=%d role=%s level=%s", report->lane, input_role_text(report->input),
                  level_text(report->level));
        clear_event(s, report->lane);
        s->event.input.role = report->input;
        s->event.input.level = report->level;
        shell_step_along(s, GATE_EV_INPUT);
        break;
    case BUS_REPORT_COIL:
        if (!report->ok) {
            log_warn("output.failed", "lane=%d role=%s error=%s", report->lane,
                     output_role_text(report->output), dx_error_name(report->error));
        }
        clear_event(s, report->lane);
        s->event.coil.role = report->output;
        s->event.coil.ok = report->ok;
        shell_step_along(s, GATE_EV_COIL);
        break;
    case BUS_REPORT_TEXT:
        s->text_ok[report->lane] = report->ok;
        shell_say_device(s, report->lane, "display", report->lane, "display.silent", !report->ok);
        log_line(report->ok ? LOG_LEVEL_INFO : LOG_LEVEL_WARN,
                 report->ok ? "display.answers" : "display.silent", "lane=%d bus=%s", report->lane,
                 name);
        shell_show_health(s);
        break;
    case BUS_REPORT_INTERLOCK:
        log_warn("interlock.held", "lane=%d role=%s stopped=%s", report->lane,
                 output_role_text(report->output), report->ok ? "yes" : "no");
        break;
    case BUS_REPORT_RATE:
        log_warn("interlock.rate", "lane=%d role=%s", report->lane,
                 output_role_text(report->output));
        break;
    case BUS_REPORT_LINK:
        log_line(report->ok ? LOG_LEVEL_INFO : LOG_LEVEL_WARN,
                 report->ok ? "bus.connected" : "bus.lost", "bus=%s error=%s", name,
                 dx_error_name(report->error));
        shell_say_fault(s, 0, name, "bus.lost", !report->ok, 0);
        break;
    case BUS_REPORT_UNIT:
        shell_take_unit(s, name, report);
        break;
    case BUS_REPORT_MODULE:
        log_line(report->ok ? LOG_LEVEL_INFO : LOG_LEVEL_ERROR, "bus.module",
                 "bus=%s unit=%d right=%s", name, report->unit, report->ok ? "yes" : "no");
        shell_say_module(s, name, report);
        break;
    case BUS_REPORT_STUCK: {
        char device[HEALTH_DEVICE_CAP];
        snprintf(device, sizeof device, "lane %d %s", report->lane, input_role_text(report->input));
        shell_say_fault(s, report->lane, device, "input.stuck", !report->ok,
                        report->level == LEVEL_ON);
        break;
    }
    case BUS_REPORT_COUNT:
        break;
    }
}

/* For the log: masked, and nothing but letters and digits, whatever a camera sends. */
static struct log_plate masked_plate(const char *raw)
{
    char plain[PLATE_RAW_CAP];
    size_t n = 0;
    for (const char *p = raw; *p; p++) {
        if (ascii_is_digit(*p) || ascii_is_alpha(*p)) {
            plain[n++] = *p;
        }
    }
    plain[n] = '\0';
    return log_plate(plain);
}

/* Stored first; the camera gets its answer before the core looks at it. */
static void take_read(struct shell *s, int lane, const struct plate_read *read, int64_t ticket)
{
    struct read_answer answer = {.ticket = ticket};
    int64_t place = 0;
    answer.error = journal_db_add_read(s->journal, read, clock_wall(), &place);
    if (answer.error && answer.error != DX_E_EXISTS) {
        shell_note_journal(s, answer.error, 0);
    }
    (void)!mailbox_post(s->read_answers, &answer);
    if (answer.error == 0 && read->late) {
        journal_db_read_taken(s->journal, place); /* kept for people; no lane believes it */
        log_warn("read.late", "lane=%d camera=%s plate=%s", lane, read->camera,
                 masked_plate(read->raw).text);
    } else if (answer.error == 0) {
        shell_take_read(s, lane, read, place);
    }
}

void shell_take_read(struct shell *s, int lane, const struct plate_read *read, int64_t place)
{
    journal_db_read_taken(s->journal, place);
    log_info("plate.read", "lane=%d camera=%s plate=%s confidence=%d vehicle=%s", lane,
             read->camera, masked_plate(read->raw).text, read->confidence,
             vehicle_text(read->vehicle));
    clear_event(s, lane);
    struct gate_plate *plate = &s->event.plate;
    str_copy_cut(plate->raw, sizeof plate->raw, str_c(read->raw));
    str_copy_cut(plate->camera_event, sizeof plate->camera_event, str_c(read->vendor_id));
    plate->hint.vehicle = read->vehicle;
    plate->hint.colour = read->colour;
    plate->confidence = read->confidence;
    shell_step(s, GATE_EV_PLATE);
}

static void take_down(struct shell *s, struct str bytes)
{
    const char *why = "";
    clear_event(s, 0);
    int error = down_read(bytes, &s->event.down, &why);
    if (error) {
        log_error("down.unreadable", "bytes=%zu error=%s why=\"%s\"", bytes.n, dx_error_name(error),
                  why);
        return;
    }
    s->event.lane = s->event.down.lane;
    log_debug("down.received", "type=%s lane=%d seq=%lld", down_type_text(s->event.down.type),
              s->event.down.lane, (long long)s->event.down.seq);
    if (s->desk) {
        desk_add_quote(s->desk, &s->event.down, clock_wall());
    }
    shell_step(s, GATE_EV_DOWN);
}

static void take_message(struct shell *s, struct shell_message *m)
{
    switch (m->kind) {
    case SHELL_WAKE:
        break;
    case SHELL_READ:
        take_read(s, m->lane, &m->read.read, m->read.ticket);
        break;
    case SHELL_CARD:
        if (s->desk &&
            desk_takes_card(s->desk, m->lane, clock_mono(), m->card.key, m->card.last4)) {
            break; /* an attendant has asked for it */
        }
        clear_event(s, m->lane);
        str_copy_cut(s->event.card.key, sizeof s->event.card.key, str_c(m->card.key));
        str_copy_cut(s->event.card.last4, sizeof s->event.card.last4, str_c(m->card.last4));
        shell_step(s, GATE_EV_CARD);
        break;
    case SHELL_SCAN_OTHER:
        clear_event(s, m->lane);
        shell_step(s, GATE_EV_SCAN_OTHER);
        break;
    case SHELL_LINK:
        break; /* `link` says how it is */
    case SHELL_DOWN:
        take_down(s, (struct str){m->down.bytes, m->down.n});
        free(m->down.bytes);
        break;
    case SHELL_LOT:
        shell_take_lot(s, (struct str){m->down.bytes, m->down.n}, m->down.inside);
        free(m->down.bytes);
        break;
    case SHELL_DESK:
        shell_take_desk(s, m->order);
        break;
    case SHELL_HEALTH:
        break; /* the board says what is new */
    case SHELL_STOP:
        break; /* `stopping` says so */
    }
}

static void tell_link(struct shell *s, bool connected)
{
    clear_event(s, 0);
    s->event.link.connected = connected;
    console_online(s->console, connected);
    shell_step(s, GATE_EV_LINK);
}

/* What went up and down unseen is told as having been down: then the core sends anew. */
static void look_at_link(struct shell *s)
{
    unsigned link = atomic_load(&s->link);
    if (link == s->link_told) {
        return;
    }
    bool connected = (link & 1) != 0;
    if (connected && (s->link_told & 1) != 0) {
        tell_link(s, false);
    }
    s->link_told = link;
    tell_link(s, connected);
}

void shell_drain(struct shell *s)
{
    struct shell_message m;
    while (mailbox_take(s->box, clock_mono(), &m) == 0) {
        if (m.kind == SHELL_DOWN || m.kind == SHELL_LOT) {
            free(m.down.bytes);
        } else if (m.kind == SHELL_READ) {
            struct read_answer answer = {m.read.ticket, DX_E_STATE};
            (void)!mailbox_post(s->read_answers, &answer);
        } else if (m.kind == SHELL_DESK) {
            shell_refuse_desk(s, m.order);
        }
    }
}

/* ---- the rest of the loop ---- */

static const char *yes_no(enum level level)
{
    return level == LEVEL_ON ? "yes" : level == LEVEL_OFF ? "no" : "unknown";
}

void shell_show_health(struct shell *s)
{
    char text[CONSOLE_HEALTH_CAP];
    struct out out;
    out_init(&out, text, sizeof text);
    json_object(&out, NULL);
    json_bool(&out, "journal", !s->journal_failed);
    json_i64(&out, "generation", s->state.generation);
    json_i64(&out, "boot", s->state.boot);
    json_i64(&out, "seq", s->gate.journal.last);
    json_i64(&out, "acked", s->gate.delivery.acked);
    json_i64(&out, "config", s->lot.version);
    json_i64(&out, "config_refused", s->lot_refused);
    json_array(&out, "lanes");
    for (int i = 0; i < s->settings.lane_count; i++) {
        const struct lane_settings *lane = &s->settings.lane[i];
        json_object(&out, NULL);
        json_i64(&out, "lane", lane->lane);
        json_c(&out, "state", lane_state_text(s->gate.lane[i].state));
        json_c(&out, "barrier", barrier_state_text(s->gate.lane[i].barrier.state));
        json_c(&out, "io", yes_no(s->lane_told[lane->lane]));
        json_c(&out, "display",
               !lane->display.present   ? "none"
               : s->text_ok[lane->lane] ? "yes"
                                        : "no");
        json_object_end(&out);
    }
    json_array_end(&out);
    json_object_end(&out);
    if (!out_failed(&out)) {
        console_health(s->console, out_str(&out));
    }
}

/* Handshakes touch a megabyte of code and heap that is not needed until the next one. */
static void be_small(struct shell *s, mono_t now)
{
    bool first = s->gate.connected && !s->small_linked;
    if (first || mono_reached(now, s->small_due)) {
        s->small_linked = s->small_linked || first;
        s->small_due = mono_add(now, SHELL_SMALL_MS);
        small_give_back();
    }
}

/* Nobody is on his way through a lane: an arm will not wait for what is done now. */
static bool is_calm(const struct shell *s)
{
    for (int i = 0; i < s->settings.lane_count; i++) {
        enum lane_state state = s->gate.lane[i].state;
        if (state != LANE_IDLE && state != LANE_FAULT && state != LANE_CLOSED) {
            return false;
        }
    }
    return true;
}

/* What waits for the disk is left for a calm moment, but not for ever. */
static void keep_house(struct shell *s, mono_t now)
{
    int pruned = 0;
    s->housekeeping = mono_add(now, SHELL_HOUSEKEEPING_MS);
    daemon_watchdog();
    shell_show_health(s);
    camera_intake_look(s->intake);
    if (!is_calm(s) && !mono_reached(now, s->chores)) {
        return;
    }
    s->chores = mono_add(now, SHELL_CHORES_MS);
    if (!s->journal_failed) {
        journal_tidy_poke(s->tidy); /* rarely: the first commit after it waits for the disk twice */
    }
    shell_keep_health(s);
    be_small(s, now);
    if (journal_db_flush(s->journal) == 0 && mono_reached(now, s->prune)) {
        s->prune = mono_add(now, SHELL_PRUNE_MS);
        wall_t before = wall_add(clock_wall(), -s->settings.journal_keep_ms);
        if (journal_db_prune(s->journal, before, SHELL_PRUNE_MAX, &pruned) == 0 && pruned) {
            log_info("journal.pruned", "events=%d", pruned);
        }
    }
}

/* Vehicles that come to several lanes at once wait for the disk together. */
static void take_bus_news(struct shell *s)
{
    struct bus_news news;
    bool any = false;
    while (!atomic_load(&s->stopping) && mailbox_take(s->bus_box, (mono_t){0}, &news) == 0) {
        take_bus(s, news.bus, &news.report);
        any = true;
    }
    if (any) {
        shell_end_steps(s);
    }
}

int shell_run(struct shell *s)
{
    struct shell_message message;
    log_info("threads.urgent", "loop=%s", urgent_thread(URGENT_LOOP));
    while (!atomic_load(&s->stopping)) {
        mono_t deadline = mono_min(gate_deadline(&s->gate), s->housekeeping);
        take_bus_news(s); /* one after another, and none waits behind a camera's reading */
        if (mailbox_take(s->box, deadline, &message) == 0) {
            take_bus_news(s);
            take_message(s, &message);
        }
        look_at_link(s);
        shell_look_at_health(s);
        mono_t now = clock_mono();
        if (mono_reached(now, gate_deadline(&s->gate))) {
            clear_event(s, 0);
            shell_step(s, GATE_EV_TIMEOUT);
        }
        if (mono_reached(now, s->housekeeping)) {
            keep_house(s, now);
        }
    }
    return s->failed;
}
