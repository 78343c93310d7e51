/*
 * Better readings of a vehicle that has its session already.  docs/LANE.md, P13.
 * The session stays; what it is called changes, and the journal keeps both names.
 */
#include "gate/core/lane_turn.h"

#include <string.h>

static void write_amendment(struct lane_turn *t, const char *session, const char *cause,
                            const struct subject *subject, bool entered)
{
    struct event event = lane_event(t, EVENT_AMENDED, cause);
    str_copy_cut(event.session, sizeof event.session, str_c(session));
    event.subject = *subject;
    lane_record(t, &event, entered ? INSIDE_ADD : INSIDE_NONE);
    if (entered) {
        struct inside_entry *inside = &t->effects->effect[t->effects->count - 1].record.inside;
        inside->kind = subject->kind;
        inside->vehicle = subject->vehicle;
        memcpy(inside->key, subject->key, sizeof inside->key);
        memcpy(inside->session, event.session, sizeof inside->session);
    }
}

void lane_amend(struct lane_turn *t)
{
    struct lane *lane = t->lane;
    struct lane_visit *visit = &lane->visit;
    struct subject subject;
    if (!pairing_take_amendment(&lane->pairing, &subject) || !t->view->journal_ok ||
        lane->unstored > LANE_RECORDS_EASY) {
        return;
    }
    if (visit->kind == VISIT_ENTRY) {
        visit->subject = subject;
        write_amendment(t, visit->session, visit->permit_id[0] ? visit->permit_id : visit->awaited,
                        &subject, false);
        lane->display_changed = true;
    } else if (visit->kind == VISIT_NONE && lane->last.entry && lane->last.session[0]) {
        lane->last.subject = subject;
        write_amendment(t, lane->last.session, lane->last.id, &subject, true);
    }
}
