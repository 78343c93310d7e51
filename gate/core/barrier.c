#include "gate/core/barrier.h"

#include "proto/base/check.h"

#define X(name, word, sentence) word,
static const char *const state_words[] = {BARRIER_STATES(X)};
#undef X

/* docs/LANE.md, "Barrier".  What is not in here cannot happen; barrier_goto sees to it. */
static const char *const legal[BARRIER_STATE_COUNT][BARRIER_STATE_COUNT] = {
    [BARRIER_UNKNOWN] = {[BARRIER_OPENING] = "B1",
                         [BARRIER_CLOSING] = "B4",
                         [BARRIER_CLOSED] = "B10",
                         [BARRIER_OPEN] = "B10",
                         [BARRIER_STUCK] = "B12"},
    [BARRIER_CLOSED] = {[BARRIER_OPENING] = "B1",
                        [BARRIER_FORCED] = "B8",
                        [BARRIER_UNKNOWN] = "B11",
                        [BARRIER_STUCK] = "B12"},
    [BARRIER_OPENING] = {[BARRIER_OPEN] = "B2",
                         [BARRIER_CLOSING] = "B4",
                         [BARRIER_STUCK] = "B6",
                         [BARRIER_UNKNOWN] = "B11"},
    [BARRIER_OPEN] = {[BARRIER_CLOSING] = "B4",
                      [BARRIER_CLOSED] = "B9",
                      [BARRIER_UNKNOWN] = "B9 B11",
                      [BARRIER_STUCK] = "B12"},
    [BARRIER_CLOSING] = {[BARRIER_CLOSED] = "B5",
                         [BARRIER_OPENING] = "B1 B7",
                         [BARRIER_STUCK] = "B6",
                         [BARRIER_UNKNOWN] = "B11"},
    [BARRIER_STUCK] = {[BARRIER_OPENING] = "B1",
                       [BARRIER_CLOSING] = "B4",
                       [BARRIER_OPEN] = "B10",
                       [BARRIER_CLOSED] = "B10",
                       [BARRIER_UNKNOWN] = "B11"},
    [BARRIER_FORCED] = {[BARRIER_OPENING] = "B1",
                        [BARRIER_CLOSING] = "B4",
                        [BARRIER_CLOSED] = "B10",
                        [BARRIER_UNKNOWN] = "B11",
                        [BARRIER_STUCK] = "B12"},
};

const char *barrier_state_text(enum barrier_state state)
{
    return (unsigned)state < BARRIER_STATE_COUNT ? state_words[state] : "?";
}

const char *barrier_transition_clause(enum barrier_state from, enum barrier_state to)
{
    must((unsigned)from < BARRIER_STATE_COUNT && (unsigned)to < BARRIER_STATE_COUNT);
    return legal[from][to];
}

/* One step: what it works with. */
struct turn {
    struct barrier *b;
    struct barrier_inputs in;
    mono_t now;
    struct barrier_effects *effects;
};

static void barrier_goto(struct turn *t, enum barrier_state to, bool inferred)
{
    must(barrier_transition_clause(t->b->state, to));
    t->b->state = to;
    t->b->inferred = inferred;
    t->b->timer = mono_never();
    t->b->write_failed = false;
}

static void add_output(struct turn *t, enum output_role role, enum output_act act)
{
    must(t->effects->count < BARRIER_OUTPUTS_MAX);
    t->effects->output[t->effects->count++] = (struct barrier_output){role, act};
}

static bool says_up(const struct turn *t)
{
    return t->b->config.has_opened && t->in.opened == LEVEL_ON;
}

static bool says_down(const struct turn *t)
{
    return t->b->config.has_closed && t->in.closed == LEVEL_ON;
}

static bool says_not_up(const struct turn *t)
{
    return t->b->config.has_opened && t->in.opened == LEVEL_OFF;
}

static bool says_not_down(const struct turn *t)
{
    return t->b->config.has_closed && t->in.closed == LEVEL_OFF;
}

/* Up and nothing else; where there is no upper switch, not down is all that can be said. */
static bool is_up(const struct turn *t)
{
    return t->b->config.has_opened ? says_up(t) && !says_down(t) : says_not_down(t);
}

static bool is_down(const struct turn *t)
{
    return t->b->config.has_closed ? says_down(t) && !says_up(t) : says_not_up(t);
}

/* The outputs of an order, the opposite one off first. */
static void give_order(struct turn *t, bool moves_other_way)
{
    const struct barrier_config *config = &t->b->config;
    enum output_act act = config->hold ? ACT_ON : ACT_PULSE;
    add_output(t, t->b->wants_open ? OUTPUT_CLOSE : OUTPUT_OPEN, ACT_OFF);
    if (moves_other_way && config->has_stop) {
        add_output(t, OUTPUT_STOP, ACT_PULSE);
    }
    add_output(t, t->b->wants_open ? OUTPUT_OPEN : OUTPUT_CLOSE, act);
    t->b->attempts++;
    t->b->write_failed = false;
    t->b->timer = mono_add(t->now, config->travel_ms);
}

static void release_hold(struct turn *t)
{
    if (t->b->config.hold) {
        add_output(t, t->b->wants_open ? OUTPUT_OPEN : OUTPUT_CLOSE, ACT_OFF);
    }
}

static void arrive(struct turn *t, bool inferred)
{
    if (!inferred) { /* B13 */
        int64_t slow_ms = t->b->config.slow_ms;
        t->b->slow = slow_ms > 0 && mono_diff(t->now, t->b->ordered) > slow_ms;
    }
    barrier_goto(t, t->b->wants_open ? BARRIER_OPEN : BARRIER_CLOSED, inferred);
    release_hold(t);
}

/* B1 */
static void start_open(struct turn *t)
{
    bool moving = t->b->state == BARRIER_CLOSING;
    barrier_goto(t, BARRIER_OPENING, false);
    t->b->wants_open = true;
    t->b->attempts = 0;
    t->b->ordered = t->now;
    give_order(t, moving);
    if (says_up(t) && !says_down(t)) {
        arrive(t, false); /* it is up already; the order was given all the same */
    }
}

/* B4, V5: never onto something, never blindly. */
static void start_close(struct turn *t)
{
    if (t->in.safety != LEVEL_OFF) {
        return;
    }
    bool moving = t->b->state == BARRIER_OPENING;
    barrier_goto(t, BARRIER_CLOSING, false);
    t->b->wants_open = false;
    t->b->attempts = 0;
    t->b->ordered = t->now;
    give_order(t, moving);
    if (says_down(t) && !says_up(t)) {
        arrive(t, false);
    }
}

/* B3, B6: the travel time is over, or the write failed, and no switch has confirmed. */
static void give_again_or_up(struct turn *t)
{
    if (t->b->attempts < 2) {
        give_order(t, false);
        return;
    }
    barrier_goto(t, BARRIER_STUCK, false);
    release_hold(t);
}

static void on_unknown(struct turn *t, enum barrier_event event)
{
    switch (event) {
    case BARRIER_EV_ORDER_OPEN:
        start_open(t);
        return;
    case BARRIER_EV_ORDER_CLOSE:
        start_close(t);
        return;
    case BARRIER_EV_INPUTS:
        if (says_up(t) && says_down(t)) {
            barrier_goto(t, BARRIER_STUCK, false);
        } else if (says_up(t)) {
            barrier_goto(t, BARRIER_OPEN, false);
        } else if (says_down(t)) {
            barrier_goto(t, BARRIER_CLOSED, false);
        }
        return;
    case BARRIER_EV_COIL_FAILED:
    case BARRIER_EV_TIMEOUT:
    case BARRIER_EV_LOST:
    case BARRIER_EV_COUNT:
        return;
    }
}

static void on_closed(struct turn *t, enum barrier_event event)
{
    switch (event) {
    case BARRIER_EV_ORDER_OPEN:
        start_open(t);
        return;
    case BARRIER_EV_INPUTS:
        if (says_up(t) && says_down(t)) {
            barrier_goto(t, BARRIER_STUCK, false);
        } else if (says_up(t) || says_not_down(t)) {
            barrier_goto(t, BARRIER_FORCED, false);
        } else if (says_down(t)) {
            t->b->inferred = false;
        }
        return;
    case BARRIER_EV_ORDER_CLOSE:
    case BARRIER_EV_COIL_FAILED:
    case BARRIER_EV_TIMEOUT:
    case BARRIER_EV_LOST:
    case BARRIER_EV_COUNT:
        return;
    }
}

static void on_opening(struct turn *t, enum barrier_event event)
{
    switch (event) {
    case BARRIER_EV_INPUTS:
        if (says_up(t) && !says_down(t)) {
            arrive(t, false);
        }
        return;
    case BARRIER_EV_COIL_FAILED:
        t->b->write_failed = true;
        t->b->timer = mono_add(t->now, t->b->config.coil_retry_ms);
        return;
    case BARRIER_EV_TIMEOUT:
        if (t->b->write_failed || says_not_up(t) || says_down(t)) {
            give_again_or_up(t);
        } else {
            arrive(t, true);
        }
        return;
    case BARRIER_EV_ORDER_CLOSE:
        start_close(t);
        return;
    case BARRIER_EV_ORDER_OPEN:
    case BARRIER_EV_LOST:
    case BARRIER_EV_COUNT:
        return;
    }
}

static void on_open(struct turn *t, enum barrier_event event)
{
    switch (event) {
    case BARRIER_EV_ORDER_CLOSE:
        start_close(t);
        return;
    case BARRIER_EV_INPUTS:
        if (says_up(t) && says_down(t)) {
            barrier_goto(t, BARRIER_STUCK, false);
        } else if (says_down(t)) {
            barrier_goto(t, BARRIER_CLOSED, false);
        } else if (says_not_up(t)) {
            barrier_goto(t, BARRIER_UNKNOWN, false);
        } else if (says_up(t)) {
            t->b->inferred = false;
        }
        return;
    case BARRIER_EV_ORDER_OPEN:
    case BARRIER_EV_COIL_FAILED:
    case BARRIER_EV_TIMEOUT:
    case BARRIER_EV_LOST:
    case BARRIER_EV_COUNT:
        return;
    }
}

/* B7, O2 */
static void reverse(struct turn *t)
{
    t->effects->reversed = true;
    start_open(t);
}

static void on_closing(struct turn *t, enum barrier_event event)
{
    switch (event) {
    case BARRIER_EV_ORDER_OPEN:
        start_open(t);
        return;
    case BARRIER_EV_INPUTS:
        if (says_down(t) && !says_up(t)) {
            arrive(t, false);
        } else if (t->in.safety != LEVEL_OFF) {
            reverse(t);
        }
        return;
    case BARRIER_EV_COIL_FAILED:
        t->b->write_failed = true;
        t->b->timer = mono_add(t->now, t->b->config.coil_retry_ms);
        return;
    case BARRIER_EV_TIMEOUT:
        if (t->in.safety != LEVEL_OFF) {
            reverse(t); /* never once more onto something */
        } else if (t->b->write_failed || says_not_down(t) || says_up(t)) {
            give_again_or_up(t);
        } else {
            arrive(t, true);
        }
        return;
    case BARRIER_EV_ORDER_CLOSE:
    case BARRIER_EV_LOST:
    case BARRIER_EV_COUNT:
        return;
    }
}

static void on_stuck(struct turn *t, enum barrier_event event)
{
    switch (event) {
    case BARRIER_EV_ORDER_OPEN:
        start_open(t);
        return;
    case BARRIER_EV_ORDER_CLOSE:
        start_close(t);
        return;
    case BARRIER_EV_INPUTS:
        if (t->b->wants_open ? is_up(t) : is_down(t)) {
            bool seen = t->b->wants_open ? says_up(t) : says_down(t);
            barrier_goto(t, t->b->wants_open ? BARRIER_OPEN : BARRIER_CLOSED, !seen);
        }
        return;
    case BARRIER_EV_COIL_FAILED:
    case BARRIER_EV_TIMEOUT:
    case BARRIER_EV_LOST:
    case BARRIER_EV_COUNT:
        return;
    }
}

static void on_forced(struct turn *t, enum barrier_event event)
{
    switch (event) {
    case BARRIER_EV_ORDER_OPEN:
        start_open(t);
        return;
    case BARRIER_EV_ORDER_CLOSE:
        start_close(t);
        return;
    case BARRIER_EV_INPUTS:
        if (says_up(t) && says_down(t)) {
            barrier_goto(t, BARRIER_STUCK, false);
        } else if (is_down(t)) {
            barrier_goto(t, BARRIER_CLOSED, !says_down(t));
        }
        return;
    case BARRIER_EV_COIL_FAILED:
    case BARRIER_EV_TIMEOUT:
    case BARRIER_EV_LOST:
    case BARRIER_EV_COUNT:
        return;
    }
}

void barrier_init(struct barrier *barrier, const struct barrier_config *config)
{
    *barrier = (struct barrier){.config = *config, .state = BARRIER_UNKNOWN, .inferred = true};
    barrier->timer = mono_never();
}

void barrier_step(struct barrier *barrier, enum barrier_event event,
                  const struct barrier_inputs *inputs, mono_t now, struct barrier_effects *effects)
{
    struct turn t = {barrier, *inputs, now, effects};
    effects->count = 0;
    effects->reversed = false;
    if (event == BARRIER_EV_TIMEOUT && !mono_reached(now, barrier->timer)) {
        return;
    }
    if (event == BARRIER_EV_LOST) { /* B11, from everywhere */
        if (barrier->state != BARRIER_UNKNOWN) {
            barrier_goto(&t, BARRIER_UNKNOWN, true);
        }
        return;
    }
    switch (barrier->state) {
    case BARRIER_UNKNOWN:
        on_unknown(&t, event);
        return;
    case BARRIER_CLOSED:
        on_closed(&t, event);
        return;
    case BARRIER_OPENING:
        on_opening(&t, event);
        return;
    case BARRIER_OPEN:
        on_open(&t, event);
        return;
    case BARRIER_CLOSING:
        on_closing(&t, event);
        return;
    case BARRIER_STUCK:
        on_stuck(&t, event);
        return;
    case BARRIER_FORCED:
        on_forced(&t, event);
        return;
    case BARRIER_STATE_COUNT:
        break;
    }
    must(false);
}

mono_t barrier_deadline(const struct barrier *barrier)
{
    return barrier->timer;
}
