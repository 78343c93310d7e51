/* on_entry.c - a vehicle arrives at an entry, comes in, or backs out. */
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
        *ret_twins += open[i].subject.vehicle == subject->vehicle;
    }
    return error;
}

int on_entry(struct on *on)
{
    struct session_view view;
    struct session_decision decision;
    int error = on_load(on, on->event->session, &view);
    if (!error && on->event->type == EVENT_ARRIVED && !view.found) {
        error = count_twins(on, &view.twins);
    }
    if (error) {
        return error;
    }
    session_decide(&view, on->event, &decision);
    if (decision.ended) {
        error = on_settle(on, &decision);
    }
    return error ? error : on_apply(on, &decision);
}
