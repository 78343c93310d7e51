#include "sim/story/street.h"

#include <string.h>

enum {
    LOOK_MS = 400,     /* from the arm being up to moving */
    FRONT_MS = 200,    /* from moving to the safety loop */
    REAR_MS = 800,     /* … to the arming loop being free */
    THROUGH_MS = 1600, /* … to the safety loop being free */
    BUMPER_MS = 150,   /* from the one in front being through to the follower under the arm */
    BACK_MS = 700,     /* off the arming loop backwards */
    ARM_FULL = 1000,
    ARM_DANGER = 600 /* below this an arm touches what is under it */
};

void street_init(struct street *street)
{
    memset(street, 0, sizeof *street);
    street->arm_ms = STREET_ARM_MS;
    for (int i = 1; i <= STREET_LANES; i++) {
        street->lane[i].on[STREET_CLOSED] = true;
    }
}

static struct street_move *plan(struct street *street, int64_t at_ms, enum street_move_kind kind,
                                int lane)
{
    static struct street_move lost;
    if (street->count == STREET_MOVES_MAX) {
        street->overflow = true;
        return &lost;
    }
    struct street_move *move = &street->move[street->count++];
    *move = (struct street_move){.at_ms = at_ms, .tie = street->tie++, .kind = kind, .lane = lane};
    return move;
}

static void plan_input(struct street *street, int64_t at_ms, int lane, enum street_input input,
                       bool on)
{
    struct street_move *move = plan(street, at_ms, STREET_MOVE_INPUT, lane);
    bool back = input == STREET_ARMING && street->lane[lane].back;
    move->input = back ? STREET_BACK : input;
    move->on = on;
}

/* ---- arms ---- */

int street_arm(const struct street *street, int lane, int64_t now_ms)
{
    const struct street_lane *l = &street->lane[lane];
    int64_t position = l->from + l->going * (now_ms - l->since_ms) * ARM_FULL / street->arm_ms;
    if (position < 0) {
        return 0;
    }
    return position > ARM_FULL ? ARM_FULL : (int)position;
}

bool street_is_open(const struct street *street, int lane, int64_t now_ms)
{
    const struct street_lane *l = &street->lane[lane];
    return l->going > 0 || (l->going == 0 && street_arm(street, lane, now_ms) == ARM_FULL);
}

static void turn_arm(struct street *street, int64_t now_ms, int lane, bool up)
{
    struct street_lane *l = &street->lane[lane];
    int position = street_arm(street, lane, now_ms);
    int way = up ? ARM_FULL - position : position;
    if (l->jammed || (l->going == (up ? 1 : -1))) {
        return;
    }
    l->from = position;
    l->since_ms = now_ms;
    l->going = way ? (up ? 1 : -1) : 0;
    l->arm++;
    if (way == 0) {
        return;
    }
    struct street_move *leaves =
        plan(street, now_ms + street->arm_ms / 10, STREET_MOVE_ARM_LEAVES, lane);
    leaves->arm = l->arm;
    struct street_move *there =
        plan(street, now_ms + (way * street->arm_ms + ARM_FULL - 1) / ARM_FULL,
             STREET_MOVE_ARM_THERE, lane);
    there->arm = l->arm;
}

void street_coil(struct street *street, int64_t now_ms, int lane, bool open)
{
    turn_arm(street, now_ms, lane, open);
}

void street_force(struct street *street, int64_t now_ms, int lane, bool up)
{
    turn_arm(street, now_ms, lane, up);
}

void street_jam(struct street *street, int64_t now_ms, int lane, bool jammed)
{
    struct street_lane *l = &street->lane[lane];
    l->from = street_arm(street, lane, now_ms);
    l->since_ms = now_ms;
    l->going = 0;
    l->arm++;
    l->jammed = jammed;
}

/* ---- moves ---- */

int64_t street_deadline(const struct street *street)
{
    int64_t first = INT64_MAX;
    for (int i = 0; i < street->count; i++) {
        first = street->move[i].at_ms < first ? street->move[i].at_ms : first;
    }
    return first;
}

static int first_move(const struct street *street)
{
    int first = -1;
    for (int i = 0; i < street->count; i++) {
        const struct street_move *a = &street->move[i];
        const struct street_move *b = &street->move[first < 0 ? i : first];
        if (first < 0 || a->at_ms < b->at_ms || (a->at_ms == b->at_ms && a->tie < b->tie)) {
            first = i;
        }
    }
    return first;
}

static void go(struct street *street, int64_t now_ms, int lane)
{
    struct street_lane *l = &street->lane[lane];
    l->driver = STREET_DRIVES;
    plan_input(street, now_ms + FRONT_MS, lane, STREET_SAFETY, true);
    plan_input(street, now_ms + REAR_MS, lane, STREET_ARMING, false);
    plan_input(street, now_ms + THROUGH_MS, lane, STREET_SAFETY, false);
    plan(street, now_ms + THROUGH_MS, STREET_MOVE_AWAY, lane);
    if (l->follower) {
        plan_input(street, now_ms + REAR_MS + BUMPER_MS, lane, STREET_ARMING, true);
    }
}

/* The one in front is through; who is right behind goes on under the arm. */
static void follow(struct street *street, int64_t now_ms, int lane)
{
    struct street_lane *l = &street->lane[lane];
    l->follower = false;
    if (l->follower_waits) {
        l->driver = STREET_WAITS;
        return;
    }
    go(street, now_ms - FRONT_MS + BUMPER_MS, lane);
}

static void look_at_arm(struct street *street, int64_t now_ms, int lane)
{
    struct street_lane *l = &street->lane[lane];
    if (l->driver == STREET_STANDS && street_arm(street, lane, now_ms) == ARM_FULL &&
        l->going == 0) {
        plan(street, now_ms + LOOK_MS, STREET_MOVE_GO, lane);
    }
}

static bool set(struct street_lane *l, enum street_input input, bool on)
{
    bool changed = l->on[input] != on;
    l->on[input] = on;
    return changed;
}

/* Carries it out; true when an input changed, which `move` tells then. */
static bool carry_out(struct street *street, int64_t now_ms, struct street_move *move)
{
    struct street_lane *l = &street->lane[move->lane];
    bool up = l->going > 0;
    switch (move->kind) {
    case STREET_MOVE_INPUT:
        return set(l, move->input, move->on);
    case STREET_MOVE_ARM_LEAVES:
        if (move->arm != l->arm) {
            return false;
        }
        move->input = up ? STREET_CLOSED : STREET_OPENED;
        move->on = false;
        return set(l, move->input, false);
    case STREET_MOVE_ARM_THERE:
        if (move->arm != l->arm) {
            return false;
        }
        l->from = up ? ARM_FULL : 0;
        l->going = 0;
        move->input = up ? STREET_OPENED : STREET_CLOSED;
        move->on = true;
        look_at_arm(street, now_ms, move->lane);
        return set(l, move->input, true);
    case STREET_MOVE_GO:
        if (l->driver == STREET_STANDS && street_is_open(street, move->lane, now_ms)) {
            go(street, now_ms, move->lane);
        }
        return false;
    case STREET_MOVE_AWAY:
        l->driver = STREET_NOBODY;
        if (l->follower) {
            follow(street, now_ms, move->lane);
        }
        return false;
    }
    return false;
}

/* An arm that comes down to where it touches, with somebody under it. */
static void watch_for_hits(struct street *street, int64_t now_ms)
{
    for (int i = 1; i <= STREET_LANES; i++) {
        struct street_lane *l = &street->lane[i];
        bool down = l->going < 0 && street_arm(street, i, now_ms) < ARM_DANGER;
        if (down && l->on[STREET_SAFETY]) {
            l->hits++;
        }
    }
}

bool street_take(struct street *street, int64_t now_ms, struct street_move *ret_move)
{
    for (;;) {
        int first = first_move(street);
        if (first < 0 || street->move[first].at_ms > now_ms) {
            return false;
        }
        *ret_move = street->move[first];
        street->move[first] = street->move[--street->count];
        watch_for_hits(street, now_ms); /* what has come so far since the move before */
        bool changed = carry_out(street, now_ms, ret_move);
        if (changed) {
            return true;
        }
    }
}

/* What the vehicle of a lane was going to do, it does not. */
static void forget(struct street *street, int lane)
{
    for (int i = street->count - 1; i >= 0; i--) {
        struct street_move *move = &street->move[i];
        bool arm = move->kind == STREET_MOVE_ARM_LEAVES || move->kind == STREET_MOVE_ARM_THERE;
        if (move->lane == lane && !arm) {
            *move = street->move[--street->count];
        }
    }
}

/* ---- people ---- */

int street_arrive(struct street *street, int64_t now_ms, int lane, bool waits, bool behind)
{
    struct street_lane *l = &street->lane[lane];
    if (behind) {
        if (l->driver == STREET_NOBODY || l->follower) {
            return DX_E_STATE;
        }
        l->follower = true;
        l->follower_waits = waits;
        if (l->driver == STREET_DRIVES) {
            plan_input(street, now_ms + REAR_MS + BUMPER_MS, lane, STREET_ARMING, true);
        }
        return 0;
    }
    if (l->driver != STREET_NOBODY) {
        return DX_E_STATE;
    }
    l->driver = waits ? STREET_WAITS : STREET_STANDS;
    plan_input(street, now_ms, lane, STREET_ARMING, true);
    look_at_arm(street, now_ms, lane);
    return 0;
}

int street_drive_on(struct street *street, int64_t now_ms, int lane, bool stops)
{
    struct street_lane *l = &street->lane[lane];
    if (l->driver == STREET_NOBODY || l->driver == STREET_DRIVES || l->driver == STREET_BACKS) {
        return DX_E_STATE;
    }
    forget(street, lane);
    if (stops) {
        l->driver = STREET_STOPPED;
        plan_input(street, now_ms + FRONT_MS, lane, STREET_SAFETY, true);
        return 0;
    }
    go(street, now_ms, lane);
    return 0;
}

int street_roll_back(struct street *street, int64_t now_ms, int lane)
{
    struct street_lane *l = &street->lane[lane];
    if (l->driver != STREET_STOPPED) {
        return DX_E_STATE;
    }
    forget(street, lane);
    l->driver = STREET_WAITS;
    plan_input(street, now_ms + BACK_MS, lane, STREET_SAFETY, false);
    return 0;
}

int street_back_out(struct street *street, int64_t now_ms, int lane)
{
    struct street_lane *l = &street->lane[lane];
    if (l->driver == STREET_NOBODY || l->driver == STREET_DRIVES) {
        return DX_E_STATE;
    }
    forget(street, lane);
    l->driver = STREET_BACKS;
    if (l->on[STREET_SAFETY]) {
        plan_input(street, now_ms + BACK_MS / 2, lane, STREET_SAFETY, false);
    }
    plan_input(street, now_ms + BACK_MS, lane, STREET_ARMING, false);
    plan(street, now_ms + BACK_MS, STREET_MOVE_AWAY, lane);
    return 0;
}

int street_wrong_way(struct street *street, int64_t now_ms, int lane, bool stays)
{
    struct street_lane *l = &street->lane[lane];
    if (l->driver != STREET_NOBODY) {
        return DX_E_STATE;
    }
    l->driver = stays ? STREET_WAITS : STREET_BACKS;
    plan_input(street, now_ms, lane, STREET_SAFETY, true);
    plan_input(street, now_ms + REAR_MS, lane, STREET_ARMING, true);
    plan_input(street, now_ms + THROUGH_MS, lane, STREET_SAFETY, false);
    if (!stays) {
        plan_input(street, now_ms + THROUGH_MS + REAR_MS, lane, STREET_ARMING, false);
        plan(street, now_ms + THROUGH_MS + REAR_MS, STREET_MOVE_AWAY, lane);
    }
    return 0;
}

int street_trailer(struct street *street, int64_t now_ms, int lane)
{
    plan_input(street, now_ms, lane, STREET_SAFETY, true);
    plan_input(street, now_ms + REAR_MS, lane, STREET_SAFETY, false);
    return 0;
}
