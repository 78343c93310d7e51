#include "sim/world_parts.h"

enum {
    ARMING_END_MM = 1500,
    STOP_MM = 1400, /* where the front of a waiting vehicle is */
    SAFETY_START_MM = 2500,
    SAFETY_END_MM = 4000,
    ARM_DANGER = 600, /* below this position an arm touches what stands under it */
    ARM_OPEN = 1000
};

void road_init(struct world_lane *lane, bool exit, mono_t now)
{
    memset(lane, 0, sizeof *lane);
    lane->exit = exit;
    lane->arm.since = now;
    lane->input[WORLD_CLOSED] = true;
    lane->on = lane->tail = -1;
    lane->tail_at = mono_never();
    lane->next_at = now;
    lane->up_since = mono_never();
    lane->hold_since = mono_never();
    lane->help_at = mono_never();
}

static int64_t travel_ms(const struct world *world)
{
    return world_scaled(world, WORLD_ARM_MS, WORLD_ARM_MS_MIN);
}

int road_arm_position(const struct world *world, const struct arm *arm, mono_t now)
{
    int64_t moved = mono_diff(now, arm->since) * ARM_OPEN / travel_ms(world);
    int64_t position = arm->from + arm->direction * moved;
    if (position < 0) {
        return 0;
    }
    return position > ARM_OPEN ? ARM_OPEN : (int)position;
}

static mono_t arm_end(const struct world *world, const struct arm *arm)
{
    if (arm->direction == 0) {
        return mono_never();
    }
    int way = arm->direction > 0 ? ARM_OPEN - arm->from : arm->from;
    int64_t travel = travel_ms(world);
    return mono_add(arm->since, (way * travel + ARM_OPEN - 1) / ARM_OPEN);
}

static void set_input(struct world_turn *turn, int li, enum world_input input, bool on)
{
    struct world_lane *lane = &turn->world->lane[li];
    if (lane->input[input] == on) {
        return;
    }
    lane->input[input] = on;
    struct world_effect *effect = world_emit(turn, WORLD_EFF_INPUT, li + 1, lane->on);
    effect->input = input;
    effect->on = on;
}

/* A motor board answers to the edge of the pulse; the last order counts. */
void road_coil(struct world_turn *turn, int li, enum world_coil coil, bool on)
{
    struct arm *arm = &turn->world->lane[li].arm;
    if (!on) {
        return;
    }
    arm->from = road_arm_position(turn->world, arm, turn->now);
    arm->since = turn->now;
    arm->direction = coil == WORLD_COIL_OPEN ? 1 : -1;
}

static void move_arm(struct world_turn *turn, int li)
{
    struct arm *arm = &turn->world->lane[li].arm;
    int position = road_arm_position(turn->world, arm, turn->now);
    if (arm->direction && mono_reached(turn->now, arm_end(turn->world, arm))) {
        arm->from = position = arm->direction > 0 ? ARM_OPEN : 0;
        arm->since = turn->now;
        arm->direction = 0;
    }
    set_input(turn, li, WORLD_OPENED, position == ARM_OPEN);
    set_input(turn, li, WORLD_CLOSED, position == 0);
}

static int64_t way_ms(const struct world *world, const struct person *person, int way_mm)
{
    return world_scaled(world, (int64_t)way_mm * 1000 / person->speed_mm_s, WORLD_EDGE_MS_MIN);
}

/* Some stop right under the arm: to look for something, to ask the way. */
static void maybe_stand(struct world_turn *turn, struct visit *visit)
{
    if (visit->person.habit != HABIT_STANDS || visit->stood) {
        return;
    }
    visit->stood = true;
    int64_t stand =
        world_scaled(turn->world, prng_range(&turn->world->prng, 10000, 90000), WORLD_EDGE_MS_MIN);
    visit->edge_at[1] = mono_add(visit->edge_at[1], stand);
    visit->edge_at[2] = mono_add(visit->edge_at[2], stand);
}

static void start_driving(struct world_turn *turn, struct visit *visit)
{
    const struct person *person = &visit->person;
    int way[3] = {SAFETY_START_MM - STOP_MM, ARMING_END_MM + person->length_mm - STOP_MM,
                  SAFETY_END_MM + person->length_mm - STOP_MM};
    mono_t earliest = turn->now;
    for (int i = 0; i < 3; i++) {
        mono_t at = mono_add(turn->now, way_ms(turn->world, person, way[i]));
        earliest = mono_add(earliest, WORLD_EDGE_MS_MIN);
        visit->edge_at[i] = mono_reached(at, earliest) ? at : earliest;
        earliest = visit->edge_at[i];
    }
    maybe_stand(turn, visit);
    visit->edges = 0;
    visit->go_at = visit->desk_at = mono_never();
    visit->back_at = mono_never();
    visit->again_at = mono_never();
    visit->pay_at = mono_never();
}

void road_back(struct world_turn *turn, int li)
{
    struct visit *visit = &turn->world->visit[turn->world->lane[li].on];
    visit->clear_at = mono_add(turn->now, way_ms(turn->world, &visit->person, STOP_MM));
    visit->go_at = visit->desk_at = mono_never();
    visit->pay_at = mono_never();
    visit->again_at = mono_never();
}

static void leave_lane(struct world_turn *turn, struct world_lane *lane, int64_t gap_ms)
{
    lane->on = -1;
    lane->hold[0] = '\0';
    lane->help_at = mono_never();
    lane->next_at = mono_add(turn->now, gap_ms);
}

static void finish_backing(struct world_turn *turn, int li)
{
    struct world_lane *lane = &turn->world->lane[li];
    int index = lane->on;
    struct visit *visit = &turn->world->visit[index];
    visit->clear_at = mono_never();
    visit->arm_rose |= !lane->input[WORLD_CLOSED]; /* it was on its way */
    set_input(turn, li, WORLD_ARMING, false);
    /* The one behind had to make room first, so the loop stays free for a good while. */
    leave_lane(turn, lane, world_scaled(turn->world, 12000, 4500));
    if (lane->exit) {
        visit->turned_back++;
        visit->return_at = mono_add(turn->now, world_scaled(turn->world, 40000, 2500));
        world_goto(turn, index, VISIT_PARKED);
        world_tell(turn, TELL_TURNED_BACK, li + 1, index, 0);
        return;
    }
    world_goto(turn, index, VISIT_GONE);
    world_tell(turn, TELL_BACKED_OUT, li + 1, index, 0);
    world_emit(turn, WORLD_EFF_CLOSED, li + 1, index);
}

static void drive_in(struct world_turn *turn, int li, int index)
{
    struct world *world = turn->world;
    struct visit *visit = &world->visit[index];
    visit->entered = turn->wall;
    visit->lane = 0;
    world->entered++;
    int percent = world->config.stay_percent ? world->config.stay_percent : 100;
    int64_t stay = world_scaled(world, visit->person.park_ms * percent / 100, 2500);
    mono_t back = mono_add(turn->now, stay);
    back = world_return_by(world, turn->now, back, world->config.last_return);
    visit->return_at = back;
    if (visit->person.habit == HABIT_EARLY) {
        int64_t before = world_scaled(world, 3 * TIME_MINUTE_MS, 2000);
        visit->page_at = mono_add(back, -before);
    }
    world_goto(turn, index, VISIT_PARKED);
    world_tell(turn, TELL_ENTERED, li + 1, index, 0);
}

static void drive_out(struct world_turn *turn, int li, int index)
{
    struct world *world = turn->world;
    struct visit *visit = &world->visit[index];
    visit->left = turn->wall;
    world->left++;
    bool let_go = visit->hand_opened || visit->debt || visit->tailgated_out;
    if (visit->shown.due_vnd > 0 && !visit->shown.settled && !let_go &&
        visit->coded_vnd + visit->cash_vnd < visit->fee_vnd) {
        world_note(turn, WORLD_NOTE_UNPAID, li + 1, index);
    }
    snprintf(world->lane[li].last_code, sizeof world->lane[li].last_code, "%s", visit->code);
    world_goto(turn, index, VISIT_LEFT);
    mind_left(turn, li, index);
    int64_t paid = visit->coded_vnd + visit->own_words_vnd;
    world_tell(turn, paid ? TELL_LEFT : TELL_LEFT_FREE, li + 1, index, paid);
    world_emit(turn, WORLD_EFF_CLOSED, li + 1, index);
}

static void watch_for_hit(struct world_turn *turn, int li, int index)
{
    struct world *world = turn->world;
    struct visit *visit = &world->visit[index];
    if (visit->hit || visit->edges < 1 ||
        road_arm_position(world, &world->lane[li].arm, turn->now) >= ARM_DANGER) {
        return;
    }
    visit->hit = true;
    world_note(turn, WORLD_NOTE_HIT, li + 1, index);
    world_tell(turn, TELL_HIT, li + 1, index, 0);
}

/* Somebody behind does not wait for the arm: his front is where the rear before him was. */
static void watch_tail(struct world_turn *turn, int li)
{
    struct world *world = turn->world;
    struct world_lane *lane = &world->lane[li];
    if (!world_due(&lane->tail_at, turn->now) || lane->queue_count == 0) {
        return;
    }
    lane->tail = lane->queue[0];
    lane->queue_count--;
    memmove(lane->queue, lane->queue + 1, (size_t)lane->queue_count * sizeof lane->queue[0]);
    world_goto(turn, lane->tail, lane->exit ? VISIT_AT_EXIT : VISIT_AT_ENTRY);
    set_input(turn, li, WORLD_ARMING, true);
}

static void invite_tail(struct world_turn *turn, int li)
{
    struct world_lane *lane = &turn->world->lane[li];
    if (lane->queue_count == 0 || lane->turns || !lane->input[WORLD_OPENED]) {
        return;
    }
    const struct visit *next = &turn->world->visit[lane->queue[0]];
    if (next->person.habit == HABIT_TAILGATES && !next->tailgated_in && !next->tailgated_out) {
        lane->tail_at = mono_add(turn->now, WORLD_EDGE_MS_MIN);
    }
}

/* The one before has passed: the follower goes on under the same arm, if it is still up. */
static void follow(struct world_turn *turn, int li)
{
    struct world_lane *lane = &turn->world->lane[li];
    struct visit *visit = &turn->world->visit[lane->tail];
    lane->on = lane->tail;
    lane->tail = -1;
    mind_arrive(turn, li);
    if (lane->exit) {
        visit->tailgated_out = true;
    } else {
        visit->tailgated_in = true;
    }
    world_tell(turn, TELL_TAILGATED, li + 1, lane->on, 0);
    int64_t pass = way_ms(turn->world, &visit->person, visit->person.length_mm);
    visit->edge_at[0] = mono_add(turn->now, WORLD_EDGE_MS_MIN);
    visit->edge_at[1] = mono_add(visit->edge_at[0], pass);
    visit->edge_at[2] = mono_add(visit->edge_at[1], WORLD_EDGE_MS_MIN);
    visit->edges = 0;
}

static void finish_passing(struct world_turn *turn, int li, int index)
{
    struct world_lane *lane = &turn->world->lane[li];
    lane->tail_at = mono_never();
    leave_lane(turn, lane, world_scaled(turn->world, 1500, 300));
    if (lane->exit) {
        drive_out(turn, li, index);
    } else {
        drive_in(turn, li, index);
    }
    if (lane->tail >= 0) {
        follow(turn, li);
    }
}

static void brake(struct world_turn *turn, int li, struct visit *visit)
{
    visit->edges = -1; /* the arm is not up any more: he brakes and waits again */
    if (visit->tailgated_in || visit->tailgated_out) {
        visit->tailgated_in = visit->tailgated_in && visit->entered.ms;
        visit->tailgated_out = false;
        visit->person.habit = HABIT_PLAIN;
        mind_arrive(turn, li);
    }
}

static void drive(struct world_turn *turn, int li, int index)
{
    struct world *world = turn->world;
    struct world_lane *lane = &world->lane[li];
    struct visit *visit = &world->visit[index];
    watch_for_hit(turn, li, index);
    watch_tail(turn, li);
    while (visit->edges >= 0 && visit->edges < 3 &&
           mono_reached(turn->now, visit->edge_at[visit->edges])) {
        if (visit->edges == 0 && !lane->input[WORLD_OPENED]) {
            brake(turn, li, visit);
            return;
        }
        static const enum world_input input[3] = {WORLD_SAFETY, WORLD_ARMING, WORLD_SAFETY};
        set_input(turn, li, input[visit->edges], visit->edges == 0);
        visit->edges++;
        if (visit->edges == 2) {
            invite_tail(turn, li);
        }
    }
    if (visit->edges == 3) {
        finish_passing(turn, li, index);
    }
}

/* Stands, and the arm is up: after a moment it drives. */
static void watch_arm(struct world_turn *turn, int li, int index)
{
    struct world *world = turn->world;
    struct visit *visit = &world->visit[index];
    if (!world->lane[li].input[WORLD_OPENED]) {
        visit->go_at = mono_never();
        return;
    }
    visit->arm_rose = true;
    if (visit->back_at.ms != mono_never().ms) {
        return; /* his mind is made up: he does not drive on */
    }
    if (visit->go_at.ms == mono_never().ms) {
        visit->go_at = mono_add(turn->now, world_scaled(world, visit->person.react_ms, 120));
    }
    if (world_due(&visit->go_at, turn->now)) {
        start_driving(turn, visit);
    }
}

static int64_t patience_ms(const struct world *world)
{
    return world_scaled(world, 60000, 15000);
}

/* Polite drivers wait until the arm is down behind the one before them, but not for ever. */
static bool arm_invites(struct world_turn *turn, int li)
{
    struct world *world = turn->world;
    struct world_lane *lane = &world->lane[li];
    if (lane->input[WORLD_CLOSED]) {
        lane->up_since = mono_never();
        lane->left_open = false;
        return true;
    }
    if (lane->up_since.ms == mono_never().ms || !world->up) {
        lane->up_since = turn->now;
    }
    if (lane->left_open) {
        return true; /* they have made up their minds about it */
    }
    if (mono_diff(turn->now, lane->up_since) < patience_ms(world)) {
        return false;
    }
    lane->left_open = true;
    world_note(turn, WORLD_NOTE_LEFT_OPEN, li + 1, -1);
    world_tell(turn, TELL_LEFT_OPEN, li + 1, -1, 0);
    return true;
}

/* Nobody is on it: the lane goes the other way, and who queued for the old one goes elsewhere. */
static void turn_round(struct world_turn *turn, int li)
{
    struct world *world = turn->world;
    struct world_lane *lane = &world->lane[li];
    int waiting[WORLD_QUEUE_MAX];
    int count = lane->queue_count;
    memcpy(waiting, lane->queue, (size_t)count * sizeof waiting[0]);
    lane->queue_count = 0;
    lane->exit = !lane->exit;
    lane->turns = false;
    for (int i = 0; i < count; i++) {
        int other = world_shortest(world, !lane->exit);
        struct visit *visit = &world->visit[waiting[i]];
        if (other >= 0) {
            world_queue(turn, other, waiting[i]);
        } else if (lane->exit) {
            world_goto(turn, waiting[i], VISIT_GONE); /* in the street: he drives on */
            world_emit(turn, WORLD_EFF_CLOSED, li + 1, waiting[i]);
        } else {
            visit->return_at = mono_add(turn->now, world_scaled(world, 60000, 2500));
            world_goto(turn, waiting[i], VISIT_PARKED);
        }
    }
}

void road_turn(struct world_turn *turn, int li)
{
    struct world_lane *lane = &turn->world->lane[li];
    lane->turns = true;
    if (lane->on < 0) {
        turn_round(turn, li);
    }
}

static void roll_up(struct world_turn *turn, int li)
{
    struct world_lane *lane = &turn->world->lane[li];
    bool invited = arm_invites(turn, li);
    if (lane->turns) {
        turn_round(turn, li);
    }
    if (lane->queue_count == 0 || !invited || !mono_reached(turn->now, lane->next_at)) {
        return;
    }
    lane->on = lane->queue[0];
    lane->queue_count--;
    memmove(lane->queue, lane->queue + 1, (size_t)lane->queue_count * sizeof lane->queue[0]);
    world_goto(turn, lane->on, lane->exit ? VISIT_AT_EXIT : VISIT_AT_ENTRY);
    set_input(turn, li, WORLD_ARMING, true);
    mind_arrive(turn, li);
}

static void count_waiting(struct world_turn *turn, int li, int index)
{
    struct world *world = turn->world;
    struct visit *visit = &world->visit[index];
    if (world->up && visit->edges < 0) {
        visit->waited_ms += mono_diff(turn->now, world->now);
    }
    if (visit->waited_ms > world->config.stuck_ms && !visit->told_stuck) {
        visit->told_stuck = true;
        world_note(turn, WORLD_NOTE_STUCK, li + 1, index);
        world_tell(turn, TELL_STUCK, li + 1, index, 0);
    }
}

void road_advance(struct world_turn *turn, int li)
{
    struct world_lane *lane = &turn->world->lane[li];
    move_arm(turn, li);
    int index = lane->on;
    if (index < 0) {
        if (world_due(&lane->help_at, turn->now) && lane->hold[0]) {
            lane->help_at = mono_add(turn->now, world_scaled(turn->world, 20000, 5000));
            world_emit(turn, WORLD_EFF_RETRY, li + 1, -1);
            world_tell(turn, TELL_RETRIED, li + 1, -1, 0);
        }
        roll_up(turn, li);
        return;
    }
    struct visit *visit = &turn->world->visit[index];
    count_waiting(turn, li, index);
    if (visit->edges >= 0) {
        drive(turn, li, index);
    } else if (visit->clear_at.ms != mono_never().ms) {
        if (mono_reached(turn->now, visit->clear_at)) {
            finish_backing(turn, li);
        }
    } else {
        mind_advance(turn, li);
        if (visit->clear_at.ms == mono_never().ms) {
            watch_arm(turn, li, index);
        }
    }
}

/* When a falling arm is low enough to touch what stands under it. */
static mono_t danger_at(const struct world *world, const struct arm *arm)
{
    if (arm->direction >= 0 || arm->from < ARM_DANGER) {
        return mono_never();
    }
    int64_t way = arm->from - ARM_DANGER + 1;
    return mono_add(arm->since, (way * travel_ms(world) + ARM_OPEN - 1) / ARM_OPEN);
}

/* Nobody is on the loops: when may the next one come, or an open arm be wondered at? */
static mono_t next_of_empty(const struct world *world, const struct world_lane *lane)
{
    mono_t next = lane->help_at;
    if (lane->queue_count && (lane->input[WORLD_CLOSED] || lane->left_open)) {
        next = mono_min(next, lane->next_at);
    }
    if (!lane->input[WORLD_CLOSED] && !lane->left_open && world->up) {
        bool known = lane->up_since.ms != mono_never().ms;
        next = mono_min(next, mono_add(known ? lane->up_since : world->now, patience_ms(world)));
    }
    return next;
}

mono_t road_next(const struct world *world, int li)
{
    const struct world_lane *lane = &world->lane[li];
    mono_t next = arm_end(world, &lane->arm);
    if (lane->on < 0) {
        return mono_min(next, next_of_empty(world, lane));
    }
    const struct visit *visit = &world->visit[lane->on];
    if (visit->edges >= 0) {
        next = mono_min(next, mono_min(visit->edge_at[visit->edges], lane->tail_at));
        if (visit->edges >= 1 && !visit->hit) {
            next = mono_min(next, danger_at(world, &lane->arm));
        }
        return next;
    }
    if (world->up && !visit->told_stuck) {
        int64_t left = world->config.stuck_ms - visit->waited_ms;
        next = mono_min(next, mono_add(world->now, left > 0 ? left + 1 : 1));
    }
    if (visit->clear_at.ms != mono_never().ms) {
        return mono_min(next, visit->clear_at);
    }
    return mono_min(next, mono_min(visit->go_at, mind_next(world, li)));
}
