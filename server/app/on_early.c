/*
 * on_early.c - an exit asked that came ahead of its journal: answered from what is committed.
 *
 * A gate that has a backlog sends today's question at once beside its turn (docs/PROTOCOL.md, rule
 * 8).  The answer is said once and not written down: when the event's turn comes it
 * is applied and answered as always, with the same ask.  Money that comes for the stay in
 * between is booked as always, and said to that lane at once.  The gate sends its question
 * again with each query (docs/LANE.md, X11), so neither a lost message nor a restart of the
 * server leaves a paid car standing; what is still due is not said twice.  What the books do not
 * know yet (the vehicle came in during the outage) is not answered: the gate prices it itself.
 */
#include "proto/base/check.h"
#include "server/app/scripts.h"

static struct desk_early *find_early(struct desk *desk, const struct desk_gate *gate, int lane)
{
    for (int i = 0; i < DESK_EARLY_MAX; i++) {
        if (desk->early[i].gate == gate && desk->early[i].lane == lane) {
            return &desk->early[i];
        }
    }
    return NULL;
}

/* One a lane: the last one.  *ret_again: it was answered before. */
static void note_early(struct on *on, bool *ret_again)
{
    struct desk *desk = on->desk;
    const struct event *event = on->event;
    struct desk_early *early = find_early(desk, on->gate, event->lane);
    *ret_again = early && strcmp(early->ask, event->id) == 0;
    if (!early) {
        early = &desk->early[desk->early_next];
        desk->early_next = (desk->early_next + 1) % DESK_EARLY_MAX;
    }
    early->gate = on->gate;
    early->lane = event->lane;
    memcpy(early->session, event->session, sizeof early->session);
    memcpy(early->ask, event->id, sizeof early->ask);
}

int on_early_ask(struct on *on)
{
    struct session_view view;
    struct payment_terms terms;
    struct payment_quote quote;
    const struct event *event = on->event;
    bool again = false;
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
    /* The transfer may be booked later than the question: then the payment's own time counts. */
    wall_t at = s.paid_at.ms > on->at.ms ? s.paid_at : on->at;
    payment_quote(&s, &terms, at, on->desk->now, &quote);
    if (quote.state == QUOTE_REVIEW) {
        return 0;
    }
    note_early(on, &again);
    return again && quote.state == QUOTE_DUE
               ? 0
               : desk_say_quote(on->desk, on->gate, event->lane, event->id, &s, &quote);
}

int on_early_money(struct desk *desk, const struct session *session,
                   const struct payment_terms *terms)
{
    int error = 0;
    for (int i = 0; i < DESK_EARLY_MAX && !error; i++) {
        const struct desk_early *early = &desk->early[i];
        struct payment_quote quote;
        if (!early->gate || strcmp(early->session, session->id) != 0 || !session_is_open(session)) {
            continue;
        }
        wall_t at = session->paid_at.ms ? session->paid_at : desk->now;
        payment_quote(session, terms, at, desk->now, &quote);
        if (quote.state != QUOTE_REVIEW) {
            error = desk_say_quote(desk, early->gate, early->lane, early->ask, session, &quote);
        }
    }
    return error;
}
