/*
 * on_early.c - an exit asked that came ahead of its journal: answered from what is committed.
 *
 * A gate that has a backlog sends today's question at once beside its turn (docs/PROTOCOL.md, rule
 * 8).  The answer is said once and not written down: when the event's turn comes it
 * is applied and answered as always, with the same ask.  What the books do not know yet
 * (the vehicle came in during the outage) is not answered: the gate prices it itself.
 */
#include "proto/base/check.h"
#include "server/app/scripts.h"

int on_early_ask(struct on *on)
{
    struct session_view view;
    struct payment_terms terms;
    struct payment_quote quote;
    const struct event *event = on->event;
    int error = on_load(on, event->session, &view);
    if (error || !view.found || !session_is_open(&view.session) || view.session.entered.ms == 0) {
        return error;
    }
    struct session s = view.session;
    s.asked = on->at;
    error = desk_terms(on->desk, on->gate->lot, &s, &terms);
    if (error) {
        return error;
    }
    payment_quote(&s, &terms, on->at, on->desk->now, &quote);
    return quote.state == QUOTE_REVIEW
               ? 0
               : desk_say_quote(on->desk, on->gate, event->lane, event->id, &s, &quote);
}
