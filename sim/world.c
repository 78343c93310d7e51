#include "sim/world_parts.h"

#include "proto/base/check.h"

enum { ROOM_FOR_ONE_DECISION = 16 };

int64_t world_scaled(const struct world *world, int64_t real_ms, int64_t min_ms)
{
    int64_t ms = real_ms / world->config.speed;
    return ms < min_ms ? min_ms : ms;
}

bool world_has_room(const struct world_turn *turn)
{
    return turn->effects->count <= WORLD_EFFECTS_MAX - ROOM_FOR_ONE_DECISION;
}

struct world_effect *world_emit(struct world_turn *turn, enum world_effect_kind kind, int lane,
                                int visit)
{
    must(turn->effects->count < WORLD_EFFECTS_MAX);
    struct world_effect *effect = &turn->effects->effect[turn->effects->count++];
    memset(effect, 0, sizeof *effect);
    effect->kind = kind;
    effect->lane = lane;
    effect->visit = visit;
    return effect;
}

void world_tell(struct world_turn *turn, enum world_tell tell, int lane, int visit,
                int64_t amount_vnd)
{
    struct world_effect *effect = world_emit(turn, WORLD_EFF_TELL, lane, visit);
    effect->tell = tell;
    effect->amount_vnd = amount_vnd;
}

void world_note(struct world_turn *turn, enum world_note_kind kind, int lane, int visit)
{
    struct world *world = turn->world;
    if (world->note_count == WORLD_NOTES_MAX) {
        world->notes_lost++;
        return;
    }
    world->note[world->note_count++] =
        (struct world_note){.kind = kind, .lane = lane, .visit = visit, .at = turn->wall};
}

bool world_due(mono_t *at, mono_t now)
{
    if (!mono_reached(now, *at)) {
        return false;
    }
    *at = mono_never();
    return true;
}

void world_goto(struct world_turn *turn, int index, enum visit_state state)
{
    struct world *world = turn->world;
    struct visit *visit = &world->visit[index];
    if (state == VISIT_PARKED) {
        must(world->parked_count < WORLD_PARKED_MAX);
        world->parked[world->parked_count++] = index;
    }
    world->gone += state == VISIT_GONE;
    visit->state = state;
    visit->since = turn->now;
}

void world_queue(struct world_turn *turn, int li, int index)
{
    struct world_lane *lane = &turn->world->lane[li];
    must(lane->queue_count < WORLD_QUEUE_MAX);
    lane->queue[lane->queue_count++] = index;
    world_goto(turn, index, lane->exit ? VISIT_QUEUE_OUT : VISIT_QUEUE_IN);
}

void world_init(struct world *world, const struct world_config *config, const struct prng *root,
                const struct people *people, struct visit *visits, int cap, mono_t now)
{
    must(config->speed >= 1 && config->rate >= 1 && cap >= 64);
    memset(world, 0, sizeof *world);
    memset(visits, 0, (size_t)cap * sizeof *visits);
    world->config = *config;
    world->prng = prng_fork(root, "world");
    world->people = *people;
    world->visit = visits;
    world->visit_cap = cap;
    world->now = now;
    world->next_arrival = mono_add(now, 500);
    for (int i = 0; i < WORLD_LANES; i++) {
        road_init(&world->lane[i], i > 0, now);
    }
}

/* A free place of the book, or that of the oldest finished visit; -1 when all are in use. */
static int take_slot(struct world *world)
{
    for (int i = 0; i < world->visit_cap; i++) {
        int slot = world->next_slot;
        enum visit_state state = world->visit[slot].state;
        world->next_slot = (slot + 1) % world->visit_cap;
        if (state == VISIT_NOT_USED || state == VISIT_LEFT || state == VISIT_GONE) {
            world->forgotten += state != VISIT_NOT_USED;
            return slot;
        }
    }
    return -1;
}

static void arrive(struct world_turn *turn)
{
    struct world *world = turn->world;
    int64_t mean = TIME_MINUTE_MS / world->config.rate;
    world->next_arrival =
        mono_add(turn->now, mean * prng_range(&world->prng, 400, 1600) / 1000 + 1);
    bool full = world_present(world) >= WORLD_PARKED_MAX;
    bool long_queue = world->lane[0].queue_count >= WORLD_QUEUE_MAX / 2;
    int slot = full || long_queue ? -1 : take_slot(world);
    if (slot < 0) {
        world->turned_away++;
        return;
    }
    struct visit *visit = &world->visit[slot];
    memset(visit, 0, sizeof *visit);
    people_next(&world->people, &visit->person);
    if (!world->config.attendant && !visit->person.card[0]) {
        visit->person.dirty = false; /* nobody could help it in */
    }
    visit->edges = -1;
    visit->fee_vnd = -1;
    visit->photo_at = visit->card_at = visit->look_at = visit->back_at = mono_never();
    visit->pay_at = visit->again_at = visit->page_at = mono_never();
    visit->return_at = visit->go_at = visit->clear_at = mono_never();
    world_queue(turn, 0, slot);
}

/* Those whose errands are done walk back; some look at their page first. */
static void advance_parked(struct world_turn *turn)
{
    struct world *world = turn->world;
    struct world_lane *exit = &world->lane[WORLD_LANES - 1];
    int kept = 0;
    for (int i = 0; i < world->parked_count; i++) {
        int index = world->parked[i];
        struct visit *visit = &world->visit[index];
        if (world_has_room(turn) && world_due(&visit->page_at, turn->now)) {
            world_emit(turn, WORLD_EFF_PAGE, 0, index);
        }
        if (mono_reached(turn->now, visit->return_at) && exit->queue_count < WORLD_QUEUE_MAX) {
            visit->return_at = visit->page_at = mono_never();
            world_queue(turn, WORLD_LANES - 1, index);
            continue;
        }
        world->parked[kept++] = index;
    }
    world->parked_count = kept;
}

static void advance(struct world_turn *turn)
{
    for (int i = 0; i < WORLD_LANES; i++) {
        if (world_has_room(turn)) {
            road_advance(turn, i);
        }
    }
    advance_parked(turn);
    if (mono_reached(turn->now, turn->world->next_arrival)) {
        arrive(turn);
    }
    turn->world->now = turn->now;
}

static void hear_hold(struct world_turn *turn, const struct world_event *event)
{
    struct world *world = turn->world;
    struct world_lane *lane = &world->lane[event->lane - 1];
    bool same = strcmp(lane->hold, event->hold) == 0;
    if (lane->on < 0 || !event->hold[0]) {
        lane->hold[0] = '\0';
        lane->help_at = mono_never();
        return;
    }
    if (same && lane->help_at.ms != mono_never().ms) {
        return;
    }
    snprintf(lane->hold, sizeof lane->hold, "%s", event->hold);
    lane->hold_since = turn->now;
    lane->help_at = mono_add(turn->now, world_scaled(world, 10000, 1500));
}

mono_t world_return_by(struct world *world, mono_t now, mono_t back, mono_t until)
{
    enum { SOONEST_MS = 500 };
    if (!mono_reached(back, until)) {
        return back;
    }
    int64_t left = mono_diff(until, now);
    return mono_add(now,
                    left > SOONEST_MS ? prng_range(&world->prng, SOONEST_MS, left) : SOONEST_MS);
}

void world_close(struct world *world, mono_t until)
{
    world->next_arrival = mono_never();
    world->config.last_return = mono_min(world->config.last_return, until);
    for (int i = 0; i < world->parked_count; i++) {
        struct visit *visit = &world->visit[world->parked[i]];
        visit->return_at = world_return_by(world, world->now, visit->return_at, until);
    }
}

static bool names_visit(const struct world *world, const struct world_event *event)
{
    return event->visit >= 0 && event->visit < world->visit_cap &&
           world->visit[event->visit].state != VISIT_NOT_USED;
}

void world_step(struct world *world, const struct world_event *event, struct world_effects *effects)
{
    struct world_turn turn = {world, event->now, event->wall, effects};
    bool lane_ok = event->lane >= 1 && event->lane <= WORLD_LANES;
    effects->count = 0;
    advance(&turn);
    switch (event->kind) {
    case WORLD_EV_TICK:
        break;
    case WORLD_EV_COIL:
        if (lane_ok) {
            road_coil(&turn, event->lane - 1, event->coil, event->on);
        }
        break;
    case WORLD_EV_SHOWN:
        if (names_visit(world, event)) {
            mind_shown(&turn, event->visit, &event->shown);
        }
        break;
    case WORLD_EV_PAGE:
        if (names_visit(world, event)) {
            mind_page(&turn, event->visit, &event->shown);
        }
        break;
    case WORLD_EV_TOLD:
        if (names_visit(world, event)) {
            mind_told(&turn, event->visit, event->amount_vnd);
        }
        break;
    case WORLD_EV_HELD:
        if (lane_ok) {
            hear_hold(&turn, event);
        }
        break;
    case WORLD_EV_UP:
        world->up = event->on;
        break;
    }
    advance(&turn);
}

mono_t world_deadline(const struct world *world)
{
    mono_t next = world->next_arrival;
    for (int i = 0; i < WORLD_LANES; i++) {
        next = mono_min(next, road_next(world, i));
    }
    bool exit_has_room = world->lane[WORLD_LANES - 1].queue_count < WORLD_QUEUE_MAX;
    for (int i = 0; i < world->parked_count; i++) {
        const struct visit *visit = &world->visit[world->parked[i]];
        next = mono_min(next, visit->page_at);
        if (exit_has_room) {
            next = mono_min(next, visit->return_at);
        }
    }
    return next;
}

int world_present(const struct world *world)
{
    int present = world->parked_count;
    for (int i = 0; i < WORLD_LANES; i++) {
        present += world->lane[i].queue_count + (world->lane[i].on >= 0 ? 1 : 0);
    }
    return present;
}

bool world_someone_waits(const struct world *world)
{
    for (int i = 0; i < WORLD_LANES; i++) {
        if (world->lane[i].on >= 0) {
            return true;
        }
    }
    return false;
}

int world_arm_position(const struct world *world, int lane, mono_t now)
{
    if (lane < 1 || lane > WORLD_LANES) {
        return 0;
    }
    return road_arm_position(world, &world->lane[lane - 1].arm, now);
}

const char *visit_state_text(enum visit_state state)
{
    static const char *const text[VISIT_STATE_COUNT] = {
#define X(name, word, sentence) word,
        VISIT_STATES(X)
#undef X
    };
    return state >= 0 && state < VISIT_STATE_COUNT ? text[state] : "?";
}

const char *world_note_text(enum world_note_kind kind)
{
    static const char *const text[WORLD_NOTE_COUNT] = {
#define X(name, word, sentence) sentence,
        WORLD_NOTES(X)
#undef X
    };
    return kind >= 0 && kind < WORLD_NOTE_COUNT ? text[kind] : "?";
}
