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
    if (turn->world->config.quiet) {
        return;
    }
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

/* ---- those who are parked: a heap by what they do next; equal times by place in the book ---- */

static bool comes_before(const struct world *world, int a, int b)
{
    const struct visit *x = &world->visit[a];
    const struct visit *y = &world->visit[b];
    int64_t at_x = mono_min(x->page_at, x->return_at).ms;
    int64_t at_y = mono_min(y->page_at, y->return_at).ms;
    return at_x < at_y || (at_x == at_y && a < b);
}

static int *heap_at(const struct world *world, int place)
{
    return &world->visit[place].heap;
}

static void sift_down(struct world *world, int place)
{
    int index = *heap_at(world, place);
    for (;;) {
        int child = 2 * place + 1;
        if (child >= world->parked_count) {
            break;
        }
        if (child + 1 < world->parked_count &&
            comes_before(world, *heap_at(world, child + 1), *heap_at(world, child))) {
            child++;
        }
        if (!comes_before(world, *heap_at(world, child), index)) {
            break;
        }
        *heap_at(world, place) = *heap_at(world, child);
        place = child;
    }
    *heap_at(world, place) = index;
}

static void park(struct world *world, int index)
{
    int place = world->parked_count++;
    must(place < world->visit_cap);
    while (place > 0 && comes_before(world, index, *heap_at(world, (place - 1) / 2))) {
        *heap_at(world, place) = *heap_at(world, (place - 1) / 2);
        place = (place - 1) / 2;
    }
    *heap_at(world, place) = index;
}

static void unpark_first(struct world *world)
{
    world->parked_count--;
    if (world->parked_count > 0) {
        *heap_at(world, 0) = *heap_at(world, world->parked_count);
        sift_down(world, 0);
    }
}

void world_goto(struct world_turn *turn, int index, enum visit_state state)
{
    struct world *world = turn->world;
    struct visit *visit = &world->visit[index];
    if (state == VISIT_PARKED) {
        park(world, index);
    }
    world->gone += state == VISIT_GONE;
    if (state == VISIT_GONE || state == VISIT_LEFT) {
        world->present_of[visit->person.vehicle]--;
    }
    visit->state = state;
    visit->since = turn->now;
}

void world_queue(struct world_turn *turn, int li, int index)
{
    struct world_lane *lane = &turn->world->lane[li];
    must(lane->queue_count < WORLD_QUEUE_MAX);
    lane->queue[lane->queue_count++] = index;
    turn->world->visit[index].lane = li + 1;
    world_goto(turn, index, lane->exit ? VISIT_QUEUE_OUT : VISIT_QUEUE_IN);
}

int world_shortest(const struct world *world, bool exit)
{
    int best = -1;
    for (int i = 0; i < world->lanes; i++) {
        const struct world_lane *lane = &world->lane[i];
        bool fits = lane->exit == exit && !lane->turns && lane->queue_count < WORLD_QUEUE_MAX;
        if (fits && (best < 0 || lane->queue_count + (lane->on >= 0) <
                                     world->lane[best].queue_count + (world->lane[best].on >= 0))) {
            best = i;
        }
    }
    return best;
}

static mono_t next_arrival(struct world *world, mono_t now, wall_t wall)
{
    int64_t ms;
    if (world->config.arrivals) {
        ms = arrivals_next_ms(world->config.arrivals, world->config.visits_a_day, &world->prng,
                              wall);
    } else {
        int64_t mean = TIME_MINUTE_MS / world->config.rate;
        ms = mean * prng_range(&world->prng, 400, 1600) / 1000 + 1;
    }
    return mono_add(now, ms);
}

void world_init(struct world *world, const struct world_config *config, const struct prng *root,
                const struct people *people, struct visit *visits, int cap, mono_t now)
{
    must(config->speed >= 1 && (config->rate >= 1 || config->arrivals) && cap >= 64);
    must(config->lanes >= 0 && config->lanes <= WORLD_LANES_MAX);
    must(config->places[VEHICLE_CAR] + config->places[VEHICLE_MOTORBIKE] < cap);
    memset(world, 0, sizeof *world);
    memset(visits, 0, (size_t)cap * sizeof *visits);
    world->config = *config;
    world->prng = prng_fork(root, "world");
    world->people = *people;
    world->visit = visits;
    world->visit_cap = cap;
    world->now = now;
    world->next_arrival =
        config->arrivals ? next_arrival(world, now, config->wall) : mono_add(now, 500);
    world->lanes = config->lanes ? config->lanes : WORLD_LANES;
    for (int i = 0; i < world->lanes; i++) {
        road_init(&world->lane[i], config->lanes ? config->lane[i] == WORLD_LANE_EXIT : i > 0, now);
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

/* Is there a place for one more of this class? */
static bool is_full(const struct world *world, enum vehicle vehicle)
{
    const int *places = world->config.places;
    if (places[VEHICLE_CAR] + places[VEHICLE_MOTORBIKE] == 0) {
        return world_present(world) >= WORLD_PARKED_MAX;
    }
    return world->present_of[vehicle] >= places[vehicle];
}

/* Without anybody to help, nobody comes who needs help. */
static void keep_out_of_trouble(struct visit *visit)
{
    struct person *person = &visit->person;
    if (!person->has_card) {
        person->dirty = false;
    }
    if (person->habit == HABIT_SWAPS || person->habit == HABIT_NO_PHONE ||
        person->habit == HABIT_LATE || person->habit == HABIT_NEVER ||
        person->habit == HABIT_LOST_TICKET) {
        person->habit = HABIT_PLAIN;
    }
}

static void arrive(struct world_turn *turn)
{
    struct world *world = turn->world;
    world->next_arrival = next_arrival(world, turn->now, turn->wall);
    int lane = world_shortest(world, false);
    bool long_queue = lane < 0 || world->lane[lane].queue_count >= WORLD_QUEUE_MAX / 2;
    bool classless =
        world->config.places[VEHICLE_CAR] + world->config.places[VEHICLE_MOTORBIKE] == 0;
    int slot = long_queue || (classless && is_full(world, VEHICLE_CAR)) ? -1 : take_slot(world);
    if (slot < 0) {
        world->turned_away++;
        return;
    }
    struct visit *visit = &world->visit[slot];
    int heap = visit->heap; /* not its own: a place of the heap */
    memset(visit, 0, sizeof *visit);
    visit->heap = heap;
    people_next(&world->people, &visit->person);
    if (!classless && is_full(world, visit->person.vehicle)) {
        world->turned_away++;
        return; /* the place in the book stays NOT_USED */
    }
    world->present_of[visit->person.vehicle]++;
    if (!world->config.attendant) {
        keep_out_of_trouble(visit);
    }
    visit->edges = -1;
    visit->fee_vnd = -1;
    visit->photo_at = visit->card_at = visit->look_at = visit->back_at = mono_never();
    visit->pay_at = visit->again_at = visit->page_at = visit->desk_at = mono_never();
    visit->return_at = visit->go_at = visit->clear_at = mono_never();
    world_queue(turn, lane, slot);
}

/* Those whose errands are done walk back; some look at their page first. */
static void advance_parked(struct world_turn *turn)
{
    struct world *world = turn->world;
    while (world->parked_count > 0 && world_has_room(turn)) {
        int index = *heap_at(world, 0);
        struct visit *visit = &world->visit[index];
        if (world_due(&visit->page_at, turn->now)) {
            sift_down(world, 0);
            world_emit(turn, WORLD_EFF_PAGE, 0, index);
            continue;
        }
        int exit = mono_reached(turn->now, visit->return_at) ? world_shortest(world, true) : -1;
        if (exit < 0) {
            return;
        }
        visit->return_at = visit->page_at = mono_never();
        visit->swapped = visit->person.habit == HABIT_SWAPS;
        unpark_first(world);
        world_queue(turn, exit, index);
    }
}

static void advance(struct world_turn *turn)
{
    for (int i = 0; i < turn->world->lanes; i++) {
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
    bool is_fault =
        strcmp(event->hold, "fault") == 0; /* an alarm: he comes for an empty lane too */
    if ((lane->on < 0 && !is_fault) || !event->hold[0]) {
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
        struct visit *visit = &world->visit[*heap_at(world, i)];
        visit->return_at = world_return_by(world, world->now, visit->return_at, until);
    }
    for (int i = world->parked_count / 2 - 1; i >= 0; i--) {
        sift_down(world, i);
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
    bool lane_ok = event->lane >= 1 && event->lane <= world->lanes;
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
        } else if (event->visit < 0 && lane_ok && world->lane[event->lane - 1].on >= 0) {
            mind_shown(&turn, world->lane[event->lane - 1].on, &event->shown);
        }
        break;
    case WORLD_EV_PAGE:
        if (names_visit(world, event)) {
            mind_page(&turn, event->visit, &event->shown);
        }
        break;
    case WORLD_EV_TOLD:
        if (names_visit(world, event)) {
            mind_told(&turn, event->visit, event->amount_vnd, event->on);
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
    case WORLD_EV_DIRECTION:
        if (lane_ok && world->lane[event->lane - 1].exit != event->on) {
            road_turn(&turn, event->lane - 1);
        }
        break;
    }
    advance(&turn);
}

mono_t world_deadline(const struct world *world)
{
    mono_t next = world->next_arrival;
    for (int i = 0; i < world->lanes; i++) {
        next = mono_min(next, road_next(world, i));
    }
    if (world->parked_count > 0) {
        const struct visit *visit = &world->visit[*heap_at(world, 0)];
        next = mono_min(next, visit->page_at);
        if (mono_reached(visit->return_at, next)) {
            return next;
        }
        if (world_shortest(world, true) >= 0) {
            next = visit->return_at;
        }
    }
    return next;
}

int world_present(const struct world *world)
{
    int present = 0;
    for (int i = 0; i < VEHICLE_COUNT; i++) {
        present += world->present_of[i];
    }
    return present;
}

bool world_someone_waits(const struct world *world)
{
    for (int i = 0; i < world->lanes; i++) {
        if (world->lane[i].on >= 0) {
            return true;
        }
    }
    return false;
}

bool world_lane_is_exit(const struct world *world, int lane)
{
    return lane >= 1 && lane <= world->lanes && world->lane[lane - 1].exit;
}

int world_arm_position(const struct world *world, int lane, mono_t now)
{
    if (lane < 1 || lane > world->lanes) {
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

void visit_plate(const struct visit *visit, char out[PERSON_PLATE_CAP])
{
    memcpy(out, visit->person.plate, PERSON_PLATE_CAP);
    if (visit->swapped) {
        out[0] = '1'; /* of a province nobody here comes from */
        out[1] = '4';
    }
}

void visit_key(const struct visit *visit, char out[PERSON_KEY_CAP])
{
    memcpy(out, visit->person.key, PERSON_KEY_CAP);
    if (visit->swapped) {
        out[0] = '1';
        out[1] = '4';
    }
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
