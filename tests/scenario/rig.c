#include "tests/scenario/rig.h"

static const int64_t wall_start = INT64_C(1772416500000); /* 2026-03-02, 08:55 in Hanoi */

void rig_fail(struct rig *rig, const char *format, const char *a, const char *b)
{
    if (!rig->failure[0]) {
        struct out out;
        out_init(&out, rig->failure, sizeof rig->failure);
        out_fmt(&out, "[%6lld] %s: %s %s", (long long)rig->now, format, a, b);
    }
}

static void push(struct rig *rig, const struct rig_item *item, int64_t at)
{
    must(rig->queue_count < RIG_QUEUE);
    struct rig_item *to = &rig->queue[rig->queue_count++];
    *to = *item;
    to->at = at;
    to->tie = rig->tie++;
    to->life = rig->life;
}

static int first_item(const struct rig *rig)
{
    int first = -1;
    for (int i = 0; i < rig->queue_count; i++) {
        const struct rig_item *a = &rig->queue[i];
        if (first < 0 || a->at < rig->queue[first].at ||
            (a->at == rig->queue[first].at && a->tie < rig->queue[first].tie)) {
            first = i;
        }
    }
    return first;
}

/* ---- the trace ---- */

/* Ids are written as what they are the how-manieth of, so that a trace can be compared. */
static const char *short_id(struct rig *rig, const char *id, char *out, size_t cap)
{
    if (!id[0]) {
        return "-";
    }
    int i = 0;
    while (i < rig->id_count && strcmp(rig->ids[i], id) != 0) {
        i++;
    }
    if (i == rig->id_count && i < RIG_IDS) {
        memcpy(rig->ids[rig->id_count++], id, ULID_CAP);
    }
    snprintf(out, cap, "S%d", i + 1);
    return out;
}

static void trace_down(struct rig *rig, const struct down *down)
{
    out_fmt(&rig->trace, " %s", down_type_text(down->type));
    if (down->type == DOWN_QUOTE) {
        out_fmt(&rig->trace, " %s %lld", quote_state_text(down->state),
                (long long)down->amount_vnd);
    } else if (down->type == DOWN_PAID) {
        out_fmt(&rig->trace, " %lld", (long long)down->amount_vnd);
    } else if (down->type == DOWN_ACK || down->type == DOWN_GAP) {
        out_fmt(&rig->trace, " %lld", (long long)down->seq);
    } else {
#define X(name, word, sentence) word,
        static const char *const actions[] = {COMMAND_ACTIONS(X)};
#undef X
        out_fmt(&rig->trace, " %s", actions[down->action]);
    }
}

static void trace_event(struct rig *rig, const struct gate_event *event)
{
    int lane = event->type == GATE_EV_DOWN ? event->down.lane : event->lane;
    out_fmt(&rig->trace, "[%6lld] ", (long long)event->now.ms);
    if (lane > 0) {
        out_fmt(&rig->trace, "lane%d ", lane);
    } else {
        out_add_c(&rig->trace, "gate  ");
    }
    for (const char *p = gate_event_text(event->type); *p; p++) {
        out_char(&rig->trace, ascii_upper(*p));
    }
    switch (event->type) {
    case GATE_EV_INPUT:
        out_fmt(&rig->trace, " %s %s", input_role_text(event->input.role),
                level_text(event->input.level));
        break;
    case GATE_EV_BUS:
        out_add_c(&rig->trace, event->bus.reachable ? " answers" : " silent");
        break;
    case GATE_EV_PLATE:
        out_fmt(&rig->trace, " \"%s\" %d", event->plate.raw, event->plate.confidence);
        break;
    case GATE_EV_CARD:
        out_fmt(&rig->trace, " …%s", event->card.last4);
        break;
    case GATE_EV_STORED:
    case GATE_EV_STORE_FAILED:
        out_fmt(&rig->trace, " #%lld", (long long)event->stored.seq);
        break;
    case GATE_EV_COIL:
        out_fmt(&rig->trace, " %s %s", output_role_text(event->coil.role),
                event->coil.ok ? "ok" : "failed");
        break;
    case GATE_EV_LINK:
        out_add_c(&rig->trace, event->link.connected ? " up" : " down");
        break;
    case GATE_EV_DOWN:
        trace_down(rig, &event->down);
        break;
    case GATE_EV_START:
        out_fmt(&rig->trace, " boot %lld", (long long)event->start.boot);
        break;
    case GATE_EV_DESK:
    case GATE_EV_DEVICE:
        out_fmt(&rig->trace, " %s", event_type_text(event->desk.type));
        break;
    case GATE_EV_SCAN_OTHER:
    case GATE_EV_TIMEOUT:
    case GATE_EV_COUNT:
        break;
    }
}

static void trace_record(struct rig *rig, const struct event *event)
{
    char id[16];
    out_fmt(&rig->trace, "RECORD #%lld %s", (long long)event->seq, event_type_text(event->type));
    if (event->session[0]) {
        out_fmt(&rig->trace, " %s", short_id(rig, event->session, id, sizeof id));
    }
    if (event->subject.key[0] && event->type != EVENT_RELEASED) {
        out_fmt(&rig->trace, " %s", event->subject.key);
    }
    if (event->type == EVENT_HELD) {
        out_fmt(&rig->trace, " %s", hold_text(event->hold));
    }
    if (event->type == EVENT_EXIT_PERMITTED) {
        out_fmt(&rig->trace, " %s", permit_text(event->permit));
    }
    if (event->type == EVENT_ALARM) {
        out_fmt(&rig->trace, " %s %s", event->code, event->raised ? "raised" : "cleared");
    }
    if (event->type == EVENT_LANE_MODE || event->type == EVENT_UNLOGGED) {
        out_fmt(&rig->trace, " %s", event->code);
    }
    if (event->type == EVENT_CASH_TAKEN) {
        out_fmt(&rig->trace, " %lld %s", (long long)event->amount_vnd, event->receipt);
    }
    if (event->by[0]) {
        out_fmt(&rig->trace, " by %s", event->by);
    }
    if (event->type == EVENT_COMMAND_DONE) {
        static const char *const outcomes[] = {"done", "late", "impossible"};
        out_fmt(&rig->trace, " %s", outcomes[event->outcome]);
    }
    if (event->inferred) {
        out_add_c(&rig->trace, " inferred");
    }
    if (event->offline) {
        out_add_c(&rig->trace, " offline");
    }
    if (event->text[0] && event->type != EVENT_BOOT) {
        out_fmt(&rig->trace, " (%s)", event->text);
    }
}

static void trace_display(struct rig *rig, const struct lane_display *display)
{
    out_fmt(&rig->trace, "DISPLAY %s", display_kind_text(display->kind));
    if (display->kind == DISPLAY_PAY) {
        out_fmt(&rig->trace, " %lld %s", (long long)display->amount_vnd, display->paycode);
    } else if (display->kind == DISPLAY_HELP) {
        out_fmt(&rig->trace, " %s", hold_text(display->hold));
    }
}

static void trace_log(struct rig *rig, const struct gate_log *log)
{
    if (log->name == GATE_LOG_LANE_STATE) {
        out_fmt(&rig->trace, "%s>%s", log->a, log->b);
        return;
    }
    if (log->name == GATE_LOG_BARRIER_STATE) {
        out_fmt(&rig->trace, "arm %s>%s%s", log->a, log->b, log->n ? "?" : "");
        return;
    }
    char id[16];
    bool ids = log->name == GATE_LOG_INSIDE_REPLACED;
    out_fmt(&rig->trace, "LOG %s", gate_log_text(log->name));
    if (log->a[0]) {
        out_fmt(&rig->trace, " %s", ids ? short_id(rig, log->a, id, sizeof id) : log->a);
    }
    if (log->b[0]) {
        out_fmt(&rig->trace, " %s", ids ? short_id(rig, log->b, id, sizeof id) : log->b);
    }
}

static void trace_effects(struct rig *rig)
{
    const char *between = " -> ";
    for (int i = 0; i < rig->effects.count; i++) {
        const struct gate_effect *effect = &rig->effects.effect[i];
        if (effect->type == GATE_EFF_STATUS) {
            continue; /* follows from the states, which are here */
        }
        out_add_c(&rig->trace, between);
        between = ", ";
        switch (effect->type) {
        case GATE_EFF_RECORD:
            trace_record(rig, &effect->record.event);
            break;
        case GATE_EFF_OUTPUT:
            out_fmt(&rig->trace, "OUTPUT %s %s", output_role_text(effect->output.role),
                    output_act_text(effect->output.act));
            break;
        case GATE_EFF_DISPLAY:
            trace_display(rig, &effect->display);
            break;
        case GATE_EFF_SEND:
            out_fmt(&rig->trace, "SEND #%lld..%lld", (long long)effect->send.from,
                    (long long)effect->send.to);
            break;
        case GATE_EFF_LOG:
            trace_log(rig, &effect->log);
            break;
        case GATE_EFF_QUERY:
            out_add_c(&rig->trace, "QUERY");
            break;
        case GATE_EFF_KEEP:
            out_fmt(&rig->trace, "KEEP %s", visit_kind_text(effect->keep.kind));
            break;
        case GATE_EFF_STATUS:
        case GATE_EFF_COUNT:
            break;
        }
    }
    out_char(&rig->trace, '\n');
}

void rig_note(struct rig *rig, const char *what, const char *more)
{
    out_fmt(&rig->trace, "[%6lld] %s%s%s\n", (long long)rig->now, what, more[0] ? " " : "", more);
}

/* ---- what stands around the gate ---- */

static void order_arm(struct rig *rig, int lane, bool up)
{
    struct rig_lane *l = &rig->lane[lane];
    struct rig_item item = {.kind = RIG_ARM_LEAVES, .lane = lane};
    if (l->jammed || l->going_up == up) {
        return;
    }
    l->going_up = up;
    item.move = ++l->move;
    push(rig, &item, rig->now + rig->arm_ms / 10);
    item.kind = RIG_ARM_THERE;
    push(rig, &item, rig->now + rig->arm_ms);
}

static void perform(struct rig *rig, const struct gate_effect *effect)
{
    struct rig_item item = {.kind = RIG_STORE};
    struct gate_event coil = rig_event(GATE_EV_COIL, effect->lane);
    switch (effect->type) {
    case GATE_EFF_RECORD:
        item.seq = effect->record.event.seq;
        rig->written[item.seq % JOURNAL_MAX] = effect->record;
        push(rig, &item, rig->now + rig->store_ms);
        break;
    case GATE_EFF_KEEP:
        if (rig->store_works) {
            rig->context[effect->lane] = effect->keep;
            rig->has_context[effect->lane] = true;
        }
        break;
    case GATE_EFF_OUTPUT:
        if (!rig->lane[effect->lane].bus_ok) {
            coil.coil.role = effect->output.role;
            rig_post(rig, &coil);
        } else if (effect->output.act != ACT_OFF && effect->output.role == OUTPUT_OPEN) {
            order_arm(rig, effect->lane, true);
        } else if (effect->output.act != ACT_OFF && effect->output.role == OUTPUT_CLOSE) {
            order_arm(rig, effect->lane, false);
        }
        break;
    case GATE_EFF_SEND:
        if (rig->link_up) {
            item.kind = RIG_ACK;
            item.seq = effect->send.to;
            push(rig, &item, rig->now + 20);
        }
        break;
    case GATE_EFF_DISPLAY:
    case GATE_EFF_QUERY:
    case GATE_EFF_STATUS:
    case GATE_EFF_LOG:
    case GATE_EFF_COUNT:
        break;
    }
}

static void step(struct rig *rig, struct gate_event *event)
{
    event->now.ms = rig->now;
    event->wall.ms = wall_start + rig->now;
    event->clock = rig->clock;
    for (int i = 0; i < GATE_RANDOM_SIZE; i++) { /* splitmix64, so that every run is the same */
        rig->random += UINT64_C(0x9E3779B97F4A7C15);
        uint64_t z = (rig->random ^ rig->random >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
        event->random[i] = (uint8_t)(z >> 40);
    }
    audit_event(&rig->audit, event);
    gate_step(&rig->gate, event, &rig->effects);
    const char *broken = audit_effects(&rig->audit, &rig->effects);
    bool quiet =
        rig->effects.count == 0 && (event->type == GATE_EV_STORED || event->type == GATE_EV_DOWN ||
                                    event->type == GATE_EV_TIMEOUT);
    if (!quiet) {
        trace_event(rig, event);
        trace_effects(rig);
    }
    if (broken) {
        rig_fail(rig, "the audit", broken, "");
    }
    for (int i = 0; i < rig->effects.count; i++) {
        const struct gate_effect *effect = &rig->effects.effect[i];
        const struct event *recorded = &effect->record.event;
        if (effect->type == GATE_EFF_RECORD && recorded->type == EVENT_EXIT_ASKED) {
            struct rig_lane *l = &rig->lane[effect->lane];
            memcpy(l->ask, recorded->id, sizeof l->ask);
            memcpy(l->session, recorded->session, sizeof l->session);
        }
        perform(rig, effect);
    }
}

static void answer_store(struct rig *rig, int64_t seq)
{
    const struct gate_record *record = &rig->written[seq % JOURNAL_MAX];
    bool works = rig->store_works && seq == rig->stored + 1;
    struct gate_event event = rig_event(works ? GATE_EV_STORED : GATE_EV_STORE_FAILED, 0);
    event.stored.seq = seq;
    if (works) {
        int lane = record->event.lane;
        rig->stored = seq;
        rig->context[lane] = record->context;
        rig->has_context[lane] = true;
        if (record->change == INSIDE_ADD) {
            inside_add(&rig->inside, &record->inside);
        } else if (record->change == INSIDE_REMOVE) {
            inside_remove(&rig->inside, record->inside.session);
        }
    }
    step(rig, &event);
}

static void handle(struct rig *rig, struct rig_item *item)
{
    struct rig_lane *l = &rig->lane[item->lane];
    struct gate_event ack = rig_event(GATE_EV_DOWN, 0);
    switch (item->kind) {
    case RIG_EVENT:
        if (rig->running) {
            step(rig, &item->event);
        }
        return;
    case RIG_ARM_LEAVES:
        if (item->move == l->move) {
            rig_set_input(rig, item->lane, l->going_up ? INPUT_CLOSED : INPUT_OPENED, LEVEL_OFF);
        }
        return;
    case RIG_ARM_THERE:
        if (item->move == l->move) {
            rig_set_input(rig, item->lane, l->going_up ? INPUT_OPENED : INPUT_CLOSED, LEVEL_ON);
        }
        return;
    case RIG_STORE:
        if (rig->running && item->life == rig->life) {
            answer_store(rig, item->seq);
        }
        return;
    case RIG_ACK:
        if (rig->running && rig->link_up && item->life == rig->life) {
            rig->acked = item->seq > rig->acked ? item->seq : rig->acked;
            ack.down.type = DOWN_ACK;
            ack.down.generation = 1;
            ack.down.seq = rig->acked;
            step(rig, &ack);
        }
        return;
    }
}

bool rig_run(struct rig *rig, int64_t until)
{
    for (int guard = 0; !rig->failure[0]; guard++) {
        must(guard < 100000);
        int first = first_item(rig);
        int64_t due = rig->running ? gate_deadline(&rig->gate).ms : INT64_MAX;
        due = due < rig->now ? rig->now : due;
        if (first >= 0 && rig->queue[first].at <= due && rig->queue[first].at <= until) {
            struct rig_item item = rig->queue[first];
            rig->queue[first] = rig->queue[--rig->queue_count];
            rig->now = item.at;
            handle(rig, &item);
        } else if (due <= until) {
            struct gate_event event = rig_event(GATE_EV_TIMEOUT, 0);
            rig->now = due;
            step(rig, &event);
        } else {
            rig->now = until;
            return true;
        }
    }
    return false;
}

struct gate_event rig_event(enum gate_event_type type, int lane)
{
    struct gate_event event;
    memset(&event, 0, sizeof event);
    event.type = type;
    event.lane = lane;
    return event;
}

void rig_post(struct rig *rig, const struct gate_event *event)
{
    struct rig_item item = {.kind = RIG_EVENT, .lane = event->lane, .event = *event};
    push(rig, &item, rig->now);
}

void rig_set_input(struct rig *rig, int lane, enum input_role role, enum level level)
{
    struct gate_event event = rig_event(GATE_EV_INPUT, lane);
    rig->lane[lane].input[role] = level;
    event.input.role = role;
    event.input.level = level;
    if (rig->running && rig->lane[lane].bus_ok) {
        rig_post(rig, &event);
    }
}

static void post_inputs(struct rig *rig, int lane)
{
    for (int role = 0; role < INPUT_ROLE_COUNT; role++) {
        if (rig->lane[lane].input[role] != LEVEL_UNKNOWN) {
            rig_set_input(rig, lane, (enum input_role)role, rig->lane[lane].input[role]);
        }
    }
}

void rig_set_bus(struct rig *rig, int lane, bool reachable)
{
    struct gate_event event = rig_event(GATE_EV_BUS, lane);
    rig->lane[lane].bus_ok = reachable;
    event.bus.reachable = reachable;
    rig_post(rig, &event);
    if (reachable) {
        post_inputs(rig, lane);
    }
}

void rig_start(struct rig *rig)
{
    struct gate_event event = rig_event(GATE_EV_START, 0);
    must(!rig->running);
    gate_init(&rig->gate, &rig->config);
    for (int i = 0; i <= MSG_LANES_MAX; i++) {
        if (rig->has_context[i]) {
            gate_restore_lane(&rig->gate, i, &rig->context[i]);
        }
    }
    for (int i = 0; i < rig->inside.count; i++) {
        gate_restore_inside(&rig->gate, &rig->inside.entry[i]);
    }
    rig->running = true;
    event.start.generation = 1;
    event.start.last_seq = rig->stored;
    event.start.acked_seq = rig->acked;
    event.start.boot = ++rig->boot;
    step(rig, &event);
    for (int i = 0; i < rig->config.lane_count; i++) {
        post_inputs(rig, rig->config.lane[i].lane);
    }
    if (rig->link_up) {
        struct gate_event link = rig_event(GATE_EV_LINK, 0);
        link.link.connected = true;
        rig_post(rig, &link);
    }
}

void rig_kill(struct rig *rig)
{
    rig->running = false;
    rig->life++;
    audit_restart(&rig->audit);
    rig_note(rig, "killed", "");
}

const struct lane *rig_lane(const struct rig *rig, int lane)
{
    for (int i = 0; i < rig->config.lane_count; i++) {
        if (rig->gate.lane[i].config.lane == lane) {
            return &rig->gate.lane[i];
        }
    }
    return NULL;
}

void rig_init(struct rig *rig)
{
    memset(rig, 0, sizeof *rig);
    audit_init(&rig->audit);
    out_init(&rig->trace, rig->text, sizeof rig->text);
    inside_init(&rig->inside);
    rig->store_works = true;
    rig->link_up = true;
    rig->store_ms = 5;
    rig->arm_ms = 2000;
    rig->clock = CLOCK_SYNCED;
    memcpy(rig->config.gate, "bench-g1", 9);
    memcpy(rig->config.version, "bench", 6);
    rig->config.lane_count = 2;
    for (int i = 0; i < 2; i++) {
        struct rig_lane *l = &rig->lane[i + 1];
        lane_config_defaults(&rig->config.lane[i]);
        rig->config.lane[i].lane = i + 1;
        rig->audit.lanes_all |= 2u << i;
        rig->config.lane[i].direction = i == 0 ? LANE_ENTRY : LANE_EXIT;
        l->bus_ok = true;
        l->input[INPUT_ARMING_LOOP] = LEVEL_OFF;
        l->input[INPUT_SAFETY_LOOP] = LEVEL_OFF;
        l->input[INPUT_OPENED] = LEVEL_OFF;
        l->input[INPUT_CLOSED] = LEVEL_ON;
    }
}

void rig_fini(struct rig *rig)
{
    audit_fini(&rig->audit);
}
