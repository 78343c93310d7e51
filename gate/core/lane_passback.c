/*
 * A vehicle comes in that the books believe inside.  docs/LANE.md, A.
 */
#include "gate/core/lane_turn.h"
#include "gate/core/offline.h"

#include <string.h>

static bool is_same(const struct subject *a, const struct subject *b)
{
    bool same_class = a->vehicle == b->vehicle || a->kind != SUBJECT_PLATE;
    return a->kind != SUBJECT_NONE && a->kind == b->kind && same_class &&
           strcmp(a->key, b->key) == 0;
}

/* A session's id tells when it was made: when the vehicle was identified at the entry. */
static bool is_recent(const struct lane_turn *t, const char *session)
{
    if (t->event->clock == CLOCK_UNKNOWN || t->event->wall.ms <= 0) {
        return true; /* it cannot be judged: the stricter word */
    }
    return t->event->wall.ms - ulid_time(session).ms < t->lane->config.passback_ms;
}

/* A1 to A4.  True: it must be held. */
bool lane_passback_holds(struct lane_turn *t, const struct subject *subject)
{
    struct lane *lane = t->lane;
    const char *session =
        offline_inside(t->view->inside, t->view->lot, t->view->lot_is_current, subject);
    if (lane->config.passback == PASSBACK_OFF || !session[0]) {
        return false;
    }
    if (is_same(&lane->forgiven, subject)) {
        memset(&lane->forgiven, 0, sizeof lane->forgiven);
        return false;
    }
    bool hard = lane->config.passback == PASSBACK_HARD ||
                (lane->config.passback == PASSBACK_TIMED && is_recent(t, session));
    if (hard && lane->state != LANE_RAISED) {
        return true;
    }
    lane->alarms_now |= 1u << ALARM_LANE_PASSBACK;
    lane->hush = mono_add(t->now, lane->config.alarm_ms);
    return false;
}

/* A4: the one that is held for it comes in; else the named one may, once. */
void lane_forgive(struct lane_turn *t, const struct down *down)
{
    struct lane *lane = t->lane;
    struct subject subject;
    if (lane->direction != LANE_ENTRY) {
        lane_answer(t, down, OUTCOME_IMPOSSIBLE, "not an entry");
    } else if (lane->state == LANE_HELD && lane->visit.hold == HOLD_DUPLICATE) {
        subject = lane->visit.subject;
        lane->forgiven = subject;
        lane_name(t, &subject, down->id, "forgiven");
        lane_answer(t, down, OUTCOME_DONE, "");
    } else if (lane_read_subject(t, down, &subject)) {
        lane->forgiven = subject;
        lane_answer(t, down, OUTCOME_DONE, "may come in once");
    } else {
        lane_answer(t, down, OUTCOME_IMPOSSIBLE, "nobody is held for it");
    }
}
