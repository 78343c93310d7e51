/* The shell's side of the attendant's console: lanes are copied to it, its orders are performed. */
#include "gate/io/shell_inside.h"
#include "proto/io/clock_os.h"
#include "proto/io/log.h"

/* ---- in the console's thread ---- */

static int give(void *context, struct desk_order *order)
{
    struct shell *s = context;
    struct shell_message m = {.kind = SHELL_DESK, .lane = order->lane};
    m.order = order;
    return atomic_load(&s->stopping) ? DX_E_STATE : mailbox_post(s->box, &m);
}

/* In the thread that takes the cameras' pushes. */
static void told_picture(void *context, const char *camera, wall_t at, const char *name)
{
    struct shell *s = context;
    for (int i = 0; i < s->settings.lane_count; i++) {
        if (strcmp(s->settings.lane[i].camera, camera) == 0 && s->desk) {
            desk_add_picture(s->desk, s->settings.lane[i].lane, at, name);
        }
    }
}

/* ---- start ---- */

static void fill_places(const struct shell *s, struct desk_place *places)
{
    for (int i = 0; i < s->settings.lane_count; i++) {
        const struct lane_settings *lane = &s->settings.lane[i];
        const struct lane_config *config = &s->gate.lane[i].config;
        places[i] = (struct desk_place){.lane = lane->lane,
                                        .name = lane->name,
                                        .exit = config->direction == LANE_EXIT,
                                        .reversible = config->reversible,
                                        .inputs = config->inputs,
                                        .outputs = config->outputs};
    }
}

int shell_start_desk(struct shell *s)
{
    const struct console_settings *console = &s->settings.console;
    if (!console->listen[0]) {
        return 0;
    }
    fill_places(s, s->place);
    struct desk_config config = {.listen = console->listen,
                                 .cert = console->cert[0] ? console->cert : NULL,
                                 .key = console->key[0] ? console->key : NULL,
                                 .behind_proxy = console->behind_proxy,
                                 .database = console->database,
                                 .journal = s->settings.journal,
                                 .pictures = s->settings.pictures,
                                 .gate = s->settings.id,
                                 .lot = s->settings.lot,
                                 .title = s->settings.name[0] ? s->settings.name : s->settings.id,
                                 .lock_ms = console->lock_ms,
                                 .debt_limit_vnd = console->debt_limit_vnd,
                                 .lane_count = s->settings.lane_count,
                                 .lane = s->place,
                                 .context = s,
                                 .give = give};
    int error = desk_start(&config, &s->desk);
    if (!error) {
        picture_store_tell(s->pictures, s, told_picture);
        shell_tell_desk(s);
    }
    return error;
}

/* ---- what the console shows ---- */

static void tell_lane(struct shell *s, int i, const struct status_lane *status)
{
    const struct lane *lane = &s->gate.lane[i];
    const struct lane_visit *visit = &lane->visit;
    struct desk_lane to;
    memset(&to, 0, sizeof to); /* padding too: the console compares bytes */
    to.lane = lane->config.lane;
    to.exit = strcmp(status->direction, "exit") == 0;
    to.reversible = s->place[i].reversible;
    to.state = lane->state;
    memcpy(to.barrier, status->barrier, sizeof to.barrier);
    memcpy(to.mode, status->mode, sizeof to.mode);
    to.reachable = s->lane_told[lane->config.lane] == LEVEL_ON;
    to.held = visit->held;
    to.hold = visit->hold;
    to.inputs = lane->config.inputs;
    to.outputs = lane->config.outputs;
    memcpy(to.input, lane->input, sizeof to.input);
    to.subject = visit->subject;
    memcpy(to.session, visit->session, sizeof to.session);
    memcpy(to.ask, visit->ask, sizeof to.ask);
    to.permitted = visit->permitted;
    if (gate_display(&s->gate, to.lane, &to.display) == 0) {
        desk_set_lane(s->desk, &to);
    }
}

/* What the gate has priced itself; the server's quotes go by in take_down. */
static void tell_own_quote(struct shell *s, int i)
{
    const struct gate_local *local = &s->gate.local[i];
    if (local->durable && strcmp(local->down.id, s->quote_told[i]) != 0) {
        memcpy(s->quote_told[i], local->down.id, sizeof s->quote_told[i]);
        desk_add_quote(s->desk, &local->down, clock_wall());
    }
}

void shell_tell_desk(struct shell *s)
{
    struct status status;
    if (!s->desk) {
        return;
    }
    gate_status(&s->gate, clock_wall(), &status);
    for (int i = 0; i < s->settings.lane_count; i++) {
        tell_own_quote(s, i);
        tell_lane(s, i, &status.lane[i]);
    }
    struct desk_line line = {.online = s->gate.connected,
                             .waiting = s->gate.journal.last - s->gate.delivery.acked,
                             .journal_ok = !s->journal_failed,
                             .disk_full = s->journal_error == DX_E_FULL,
                             .unstored = s->gate.journal.count};
    desk_set_line(s->desk, &line, clock_wall());
    if (s->desk_told != s->gate.journal.last) {
        s->desk_told = s->gate.journal.last;
        desk_poke(s->desk);
    }
}

/* ---- its orders ---- */

static int do_event(struct shell *s, const struct event *event)
{
    int64_t last = s->gate.journal.last;
    memset(&s->event, 0, sizeof s->event);
    s->event.lane = event->lane;
    s->event.desk = *event;
    shell_step(s, GATE_EV_DESK);
    if (s->gate.journal.last == last) {
        return DX_E_STATE;
    }
    return s->gate.journal.count > 0 ? DX_E_FULL : 0;
}

static void do_command(struct shell *s, const struct down *down)
{
    memset(&s->event, 0, sizeof s->event);
    s->event.lane = down->lane;
    s->event.down = *down;
    log_info("desk.command", "lane=%d by=%s", down->lane, down->by);
    shell_step(s, GATE_EV_DOWN);
}

/* A lamp only: the console has refused what moves an arm, and here it is refused again. */
static int do_lamp(struct shell *s, int lane, enum output_role role)
{
    int i = shell_lane_index(s, lane);
    if (i < 0 || role == OUTPUT_OPEN || role == OUTPUT_CLOSE || role == OUTPUT_STOP ||
        role == OUTPUT_HOLD) {
        return DX_E_DENIED;
    }
    for (int k = 0; k < s->settings.lane[i].output_count; k++) {
        const struct output_settings *out = &s->settings.lane[i].output[k];
        if (out->role == role) {
            log_info("desk.lamp", "lane=%d role=%s", lane, output_role_text(role));
            return modbus_bus_order(s->bus[out->bus].bus, lane, role, ACT_PULSE);
        }
    }
    return DX_E_NOT_FOUND;
}

void shell_take_desk(struct shell *s, struct desk_order *order)
{
    struct desk_answer answer = {.ticket = order->ticket};
    switch (order->kind) {
    case DESK_ORDER_COMMAND:
        do_command(s, &order->down);
        break;
    case DESK_ORDER_EVENT:
        answer.error = do_event(s, &order->event);
        break;
    case DESK_ORDER_LAMP:
        answer.error = do_lamp(s, order->lane, order->output);
        break;
    }
    free(order);
    desk_answered(s->desk, &answer);
}

void shell_refuse_desk(struct shell *s, struct desk_order *order)
{
    struct desk_answer answer = {.ticket = order->ticket, .error = DX_E_STATE};
    free(order);
    if (s->desk) {
        desk_answered(s->desk, &answer);
    }
}
