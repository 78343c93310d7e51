/* street_site.c - what the people of a site want done, and what they see. */
#include "proto/vietqr.h"
#include "server/app/ask.h"
#include "sim/run/run_parts.h"

enum { SEE_MS = 400, GLANCE_MS = 50, LIST_MS = 600, TYPE_MS = 300, PAGE_MS = 800 };

/* Lanes without a struct world are told as they are: the caller's street looks by itself. */
static int on_lane(const struct site *site, int lane)
{
    return site->world && lane >= 1 && lane <= site->world->lanes ? site->world->lane[lane - 1].on
                                                                  : -1;
}

/* ---- what is seen ---- */

static void scan_code(const struct lane_display *display, struct shown *shown,
                      struct site_bill *bill)
{
    struct vietqr qr;
    const char *why = NULL;
    size_t where = 0;
    if (vietqr_parse(str_c(display->payload), &qr, &why, &where) != 0) {
        shown->wrong = true;
        return;
    }
    snprintf(shown->payee, sizeof shown->payee, "%s-%s", qr.bin, qr.account);
    snprintf(bill->words, sizeof bill->words, "%s", qr.purpose);
    snprintf(bill->account, sizeof bill->account, "%s", qr.account);
    shown->wrong = qr.amount_vnd != shown->due_vnd || !shown->code[0] ||
                   strstr(qr.purpose, shown->code) == NULL;
}

static void read_display(const struct lane_display *display, struct shown *ret_shown,
                         struct site_bill *ret_bill)
{
    struct shown shown = {.settled = display->kind == DISPLAY_GO, .fee_vnd = display->fee_vnd};
    struct site_bill bill = {.words = ""};
    if (display->subject.kind == SUBJECT_PLATE) {
        snprintf(shown.plate, sizeof shown.plate, "%s", display->subject.key);
    }
    snprintf(shown.code, sizeof shown.code, "%s", display->paycode);
    if (display->kind == DISPLAY_PAY && display->payload[0]) {
        shown.due_vnd = display->amount_vnd;
        scan_code(display, &shown, &bill);
    }
    *ret_shown = shown;
    *ret_bill = bill;
}

/* visit -1: whoever stands there. */
void site_look(struct site *site, int visit, int lane)
{
    struct world_event event = {.kind = WORLD_EV_SHOWN, .visit = visit, .lane = lane};
    struct site_bill bill;
    if (!site->alive || lane < 1 || lane > site->lane_count) {
        return; /* a dark screen says nothing */
    }
    read_display(&site->lane[lane].display, &event.shown, &bill);
    int who = visit >= 0 ? visit : on_lane(site, lane);
    if (who >= 0 && event.shown.due_vnd > 0 && !event.shown.wrong) {
        site->bills[who] = bill;
    }
    site_street(site, event);
}

/* The hold as the attendants' console names it. */
static const char *hold_word(const struct site *site, int lane)
{
    if (!site->alive || site->asleep) {
        return "";
    }
    const struct lane *there = &site->gate->lane[lane - 1];
    if (there->visit.held) {
        return hold_text(there->visit.hold);
    }
    return there->state == LANE_FAULT ? "fault" : "";
}

void site_see_lane(struct site *site, int lane)
{
    run_push(site->run, SEE_MS, site->index, RUN_EV_LOOK,
             (struct sim_event){.lane = (uint16_t)lane, .a = -1});
    run_push(site->run, LIST_MS, site->index, RUN_EV_HOLD,
             (struct sim_event){.lane = (uint16_t)lane});
}

void site_hold(struct site *site, int lane)
{
    struct world_event event = {.kind = WORLD_EV_HELD, .lane = lane};
    snprintf(event.hold, sizeof event.hold, "%s", hold_word(site, lane));
    /* A lane in fault calls him though nobody stands there. */
    bool was_held = site->world && lane >= 1 && lane <= site->world->lanes &&
                    site->world->lane[lane - 1].hold[0];
    if (on_lane(site, lane) >= 0 || was_held || strcmp(event.hold, "fault") == 0) {
        site_street(site, event);
        if (event.hold[0] || run_is_disturbed(site->run, site->index)) { /* he looks again */
            run_push(site->run, 4 * LIST_MS, site->index, RUN_EV_HOLD,
                     (struct sim_event){.lane = (uint16_t)lane, .b = 1});
        }
    }
}

/* ---- the driver's page: the slip names it ---- */

void site_open_page(struct site *site, int visit)
{
    struct run *run = site->run;
    struct world_event event = {.kind = WORLD_EV_PAGE, .visit = visit};
    struct session found[1];
    struct app_quote quote;
    int count = 0;
    if (!run->app || !site->world) {
        return;
    }
    struct subject subject = {.kind = SUBJECT_PLATE, .vehicle = site->visits[visit].person.vehicle};
    char key[PERSON_KEY_CAP];
    visit_key(&site->visits[visit], key);
    snprintf(subject.key, sizeof subject.key, "%s", key);
    if (store_find_open(app_desk(run->app)->store, site->lot->id, &subject, found, 1, &count) !=
            0 ||
        count == 0 || app_quote_now(run->app, str_c(found[0].token), &quote) != 0) {
        return;
    }
    app_note_page(run->app, str_c(found[0].token));
    server_wake(run);
    event.shown.settled = quote.state != QUOTE_DUE;
    event.shown.fee_vnd = quote.fee_vnd;
    snprintf(event.shown.code, sizeof event.shown.code, "%s", quote.paycode);
    if (quote.due_vnd > 0) {
        struct site_bill *bill = &site->bills[visit];
        struct lane_display page = {.kind = DISPLAY_PAY, .amount_vnd = quote.due_vnd};
        event.shown.due_vnd = quote.due_vnd;
        memcpy(page.payload, quote.payload, sizeof page.payload);
        struct site_bill read = {.words = ""};
        scan_code(&page, &event.shown, &read);
        event.shown.payee[0] = '\0'; /* the page says the account without its bank */
        *bill = read;
    }
    site_street(site, event);
}

/* ---- the attendant ---- */

/* At the gate's own console: an order that goes round the server. */
static void order_at_gate(struct site *site, int lane, int visit, enum command_action action,
                          int64_t amount_vnd)
{
    struct down down = {.type = DOWN_COMMAND, .lane = lane, .action = action};
    const struct lane_visit *there = &site->gate->lane[lane - 1].visit;
    uint8_t random[ULID_RANDOM_SIZE];
    (void)visit;
    site_draw(site, random, sizeof random);
    ulid_make(down.id, site_wall(site), random);
    down.deadline = wall_add(site_wall(site), 30000);
    snprintf(down.by, sizeof down.by, "attendant-%d", site->index);
    snprintf(down.text, sizeof down.text, "%s", "đã xem tại chỗ");
    memcpy(down.session, there->session, sizeof down.session);
    memcpy(down.ask, there->ask, sizeof down.ask);
    if (action == COMMAND_TAKE_CASH) {
        down.amount_vnd = amount_vnd;
        snprintf(down.receipt, sizeof down.receipt, "S%d-%06lld", site->index,
                 (long long)++site->receipts);
        memcpy(down.shift, site->shift, sizeof down.shift);
    }
    run_order(site->run, site->index, &down);
}

/* An attendant's drawer is opened with the first cash of the run. */
static void open_shift(struct site *site)
{
    struct event desk = {.type = EVENT_SHIFT_OPENED};
    uint8_t random[ULID_RANDOM_SIZE];
    if (site->shift[0]) {
        return;
    }
    site_draw(site, random, sizeof random);
    ulid_make(site->shift, site_wall(site), random);
    memcpy(desk.shift, site->shift, sizeof desk.shift);
    snprintf(desk.by, sizeof desk.by, "attendant-%d", site->index);
    run_desk(site->run, site->index, &desk);
}

static void command(struct site *site, int lane, int visit, enum world_effect_kind kind,
                    const char *text)
{
    struct app_command command = {.lane = lane};
    const struct person *person = &site->visits[visit >= 0 ? visit : 0].person;
    snprintf(command.gate, sizeof command.gate, "%s", site->id);
    snprintf(command.by, sizeof command.by, "attendant-%d", site->index);
    if (kind == WORLD_EFF_NAME) {
        struct plate plate;
        struct plate_hint hint = {.vehicle = person->vehicle};
        command.action = COMMAND_SET_SUBJECT;
        command.subject = (struct subject){.kind = SUBJECT_PLATE,
                                           .source = SOURCE_ATTENDANT,
                                           .vehicle = person->vehicle,
                                           .confidence = 1000};
        if (plate_parse(str_c(text), &hint, &plate, NULL) != 0) {
            return;
        }
        memcpy(command.subject.key, plate.canonical, sizeof plate.canonical);
        snprintf(command.subject.raw, sizeof command.subject.raw, "%s", text);
    } else {
        command.action = kind == WORLD_EFF_HAND_OPEN ? COMMAND_OPEN : COMMAND_OPEN_LANE;
    }
    snprintf(command.reason, sizeof command.reason, "%s", "đã xem tại chỗ, xe đứng ở làn");
    int error = run_command(site->run, &command);
    run_note(site->run, site->index, lane, "desk", "command", (int64_t)command.action, error, "");
}

void site_attend(struct site *site, int lane, int visit, enum world_effect_kind kind,
                 int64_t amount_vnd, const char *text)
{
    if (!site->world) {
        return;
    }
    if (kind == WORLD_EFF_CASH || kind == WORLD_EFF_DEBT) {
        if (!site->alive || site->asleep) {
            return;
        }
        if (kind == WORLD_EFF_CASH) {
            open_shift(site);
        }
        if (!site->alive) { /* it died of that: the drawer is opened anew next time */
            site->shift[0] = '\0';
            return;
        }
        order_at_gate(site, lane, visit,
                      kind == WORLD_EFF_CASH ? COMMAND_TAKE_CASH : COMMAND_ALLOW_DEBT, amount_vnd);
        return;
    }
    if (kind == WORLD_EFF_RETRY && site->alive && !site->asleep) {
        order_at_gate(site, lane, visit, COMMAND_OPEN_LANE, 0); /* he stands there anyway */
        return;
    }
    command(site, lane, visit, kind, text);
}

/* ---- effects ---- */

static void later(struct site *site, int64_t in_ms, enum run_happening kind,
                  const struct world_effect *effect, int64_t b)
{
    run_push(site->run, in_ms, site->index, kind,
             (struct sim_event){.lane = (uint16_t)effect->lane, .a = effect->visit, .b = b});
}

static void attend_later(struct site *site, const struct world_effect *effect)
{
    struct sim_event more = {.lane = (uint16_t)effect->lane,
                             .a = effect->visit,
                             .b = effect->amount_vnd,
                             .life = (uint32_t)effect->kind};
    more.n = strlen(effect->text);
    more.bytes = malloc(more.n + 1);
    must(more.bytes);
    memcpy(more.bytes, effect->text, more.n + 1);
    run_push(site->run, TYPE_MS, site->index, RUN_EV_ATTEND, more);
}

static void perform(struct site *site, const struct world_effect *effect)
{
    char card[PERSON_CARD_CAP];
    switch (effect->kind) {
    case WORLD_EFF_INPUT:
        site_street_input(site, effect->lane, effect->input, effect->on);
        if (effect->input == WORLD_ARMING && effect->on) {
            site_see_lane(site, effect->lane);
        }
        break;
    case WORLD_EFF_PHOTO:
        site_shoot(site, effect->lane, effect->text);
        break;
    case WORLD_EFF_CARD:
        if (site->visits) {
            person_card(&site->visits[effect->visit].person, card);
            site_hold_card(site, effect->lane, card);
        }
        break;
    case WORLD_EFF_LOOK:
        later(site, GLANCE_MS, RUN_EV_LOOK, effect, 0);
        break;
    case WORLD_EFF_PAGE:
        later(site, PAGE_MS, RUN_EV_PAGE, effect, 0);
        break;
    case WORLD_EFF_PAY:
        site_pay(site, effect);
        break;
    case WORLD_EFF_NAME:
    case WORLD_EFF_CASH:
    case WORLD_EFF_DEBT:
    case WORLD_EFF_HAND_OPEN:
    case WORLD_EFF_RETRY:
        attend_later(site, effect);
        break;
    case WORLD_EFF_TELL:
        break;
    case WORLD_EFF_CLOSED:
        run_note(site->run, site->index, effect->lane, "street", "closed", effect->visit, 0, "");
        break;
    }
}

static void watch(struct site *site, const struct world_event *event,
                  const struct world_effects *effects)
{
    struct run *run = site->run;
    if (run->config.watch.street) {
        const char *why =
            run->config.watch.street(run->config.watch.context, run, site->index, event, effects);
        if (why) {
            run_fail(run, why, "");
        }
    }
    if (site->world && site->world->note_count > site->notes_told) {
        const struct world_note *note = &site->world->note[site->notes_told++];
        run_note(run, site->index, note->lane, "street", "note", (int64_t)note->kind, note->visit,
                 "");
    }
}

/* The effects are the site's own copy: performing them may step the street again. */
void site_street(struct site *site, struct world_event event)
{
    struct run *run = site->run;
    struct world_effects effects;
    event.now = (mono_t){SIM_CLOCK_BOOT_MS + run->now_ms};
    event.wall = run_wall(run);
    effects.count = 0;
    if (site->config->street.step) {
        site->config->street.step(site->config->street.self, &event, &effects);
    } else {
        world_step(site->world, &event, &effects);
    }
    run->count.street_steps++;
    trace_fold(&run->trace, run->now_ms);
    trace_fold(&run->trace, (int64_t)event.kind << 8 | event.lane);
    for (int i = 0; i < effects.count; i++) {
        trace_fold(&run->trace, (int64_t)effects.effect[i].kind << 32 | effects.effect[i].visit);
    }
    watch(site, &event, &effects);
    for (int i = 0; i < effects.count; i++) {
        perform(site, &effects.effect[i]);
    }
    site_wake_street(site);
}

void site_wake_street(struct site *site)
{
    struct run *run = site->run;
    mono_t due = site->config->street.step
                     ? site->config->street.deadline(site->config->street.self)
                     : world_deadline(site->world);
    if (due.ms == mono_never().ms) {
        return;
    }
    int64_t at = due.ms - SIM_CLOCK_BOOT_MS;
    at = at < run->now_ms ? run->now_ms : at;
    if (at < site->street_at) {
        site->street_at = at;
        run_push(run, at - run->now_ms, site->index, RUN_EV_STREET_WAKE, (struct sim_event){0});
    }
}

void site_tell_up(struct site *site)
{
    bool up = !run_is_disturbed(site->run, site->index);
    if (site->world && site->world->up != up) {
        site_street(site, (struct world_event){.kind = WORLD_EV_UP, .on = up});
    }
}
