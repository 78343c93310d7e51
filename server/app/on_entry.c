/* on_entry.c - a vehicle arrives at an entry, comes in, backs out, or is named anew. */
#include "server/app/money.h"
#include "server/app/scripts.h"

enum { TWINS_MAX = 8 };

static int count_twins(struct on *on, int *ret_twins)
{
    struct session open[TWINS_MAX];
    const struct subject *subject = &on->event->subject;
    *ret_twins = 0;
    if (subject->kind == SUBJECT_NONE || subject->key[0] == '\0') {
        return 0;
    }
    int count = 0;
    int error =
        store_find_open(on->desk->store, on->gate->lot->id, subject, open, TWINS_MAX, &count);
    for (int i = 0; i < count && !error; i++) {
        *ret_twins += open[i].subject.vehicle == subject->vehicle &&
                      strcmp(open[i].id, on->event->session) != 0;
    }
    return error;
}

int on_entry(struct on *on)
{
    struct session_view view;
    struct session_decision decision;
    int error = on_load(on, on->event->session, &view);
    bool named = on->event->type == EVENT_AMENDED ||
                 ((on->event->type == EVENT_ARRIVED || on->event->type == EVENT_ENTRY_DECLARED) &&
                  !view.found);
    if (!error && named) {
        error = count_twins(on, &view.twins);
    }
    if (error) {
        return error;
    }
    session_decide(&view, on->event, &decision);
    if (decision.ended) {
        error = on_settle(on, &decision);
    }
    error = error ? error : on_apply(on, &decision);
    if (!error && named && decision.outcome == SESSION_OUTCOME_APPLIED) {
        error = money_note_debts(on->desk, on->gate->lot, &decision.session);
    }
    return error;
}
