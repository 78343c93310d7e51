/* on_exit.c - a vehicle asks to leave, is let go, leaves, or backs off. */
#include "proto/base/check.h"
#include "server/app/etc.h"
#include "server/app/pass.h"
#include "server/app/scripts.h"
#include "server/core/match.h"

/* Nobody fits what a person typed: is it for the vehicle this lane was just quoted for? */
static int find_typed_for(struct on *on, const char *waiting, struct session_view *view)
{
    struct session_view candidate;
    int error = on_load(on, waiting, &candidate);
    if (!error && candidate.found && match_is_typed_for(&on->event->subject, &candidate.session)) {
        *view = candidate;
    }
    return error;
}

/*
 * Which session stands at the exit: the one the gate names, as long as it is
 * open; else the one that fits the vehicle; else the one that a person typed the
 * plate for; else, so that it can be said, the ended one that was named.
 */
static int find_session(struct on *on, const char *waiting, struct session_view *view,
                        enum match_result *ret_match)
{
    struct session open[MATCH_CANDIDATES_MAX];
    const struct subject *subject = &on->event->subject;
    int count = 0;
    int index = 0;
    int error = on_load(on, on->event->session, view);
    if (error) {
        return error;
    }
    *ret_match = view->found ? MATCH_ONE : MATCH_NONE;
    if ((view->found && session_is_open(&view->session)) || subject->key[0] == '\0') {
        return 0;
    }
    error = store_find_open(on->desk->store, on->gate->lot->id, subject, open, MATCH_CANDIDATES_MAX,
                            &count);
    if (error) {
        return error;
    }
    enum match_result match = match_exit(subject, open, count, &index);
    if (match == MATCH_ONE || match == MATCH_SEVERAL) {
        view->found = true;
        view->session = open[index];
    }
    *ret_match = match == MATCH_NONE ? *ret_match : match;
    return match == MATCH_NONE && waiting[0] ? find_typed_for(on, waiting, view) : 0;
}

/*
 * The vehicle that stood here asks again (whoever left or drove off has settled
 * the lane): what was to be reviewed about it is asked anew.
 */
static int close_former(struct on *on, bool same_vehicle)
{
    static const enum review_kind kinds[] = {REVIEW_NO_ENTRY, REVIEW_NO_TARIFF};
    int error = 0;
    for (size_t i = 0; same_vehicle && i < sizeof kinds / sizeof kinds[0] && !error; i++) {
        error = store_close_lane_reviews(on->desk->store, on->gate->id, on->event->lane, kinds[i],
                                         "system", on->desk->now);
    }
    return error;
}

/* A pass that began while it was inside gives it a place now, if there is one. */
static int price_now(struct on *on, const struct session *session, struct payment_quote *quote)
{
    struct payment_terms terms;
    int error = desk_terms(on->desk, on->gate->lot, session, &terms);
    if (!error) {
        payment_quote(session, &terms, session->asked, on->desk->now, quote);
        error = pass_claim(on->desk, session, &terms);
    }
    return error;
}

/* Nobody fits, or what fits has ended: the lane learns that, and waits for a person. */
static int answer_nobody(struct on *on, const struct session_decision *d)
{
    struct down down = {.type = DOWN_QUOTE, .state = QUOTE_UNKNOWN, .lane = on->event->lane};
    memcpy(down.ask, on->event->id, sizeof down.ask);
    down.subject = on->event->subject;
    if (d->review_count > 0) {
        str_copy_cut(down.text, sizeof down.text, str_c(review_text(d->review[0].kind)));
    }
    return desk_send(on->desk, on->gate, &down, (wall_t){0});
}

static int on_asked(struct on *on)
{
    struct session_view view;
    struct session_decision d;
    struct payment_quote quote;
    struct store_message waiting = {0};
    enum match_result match = MATCH_NONE;
    int error = store_find_lane_waiting(on->desk->store, on->gate->id, on->event->lane, &waiting);
    bool same_vehicle = error == 0;
    error = error == DX_E_NOT_FOUND ? 0 : error;
    error = error ? error : close_former(on, same_vehicle);
    error = error ? error : find_session(on, waiting.session, &view, &match);
    if (error) {
        return error;
    }
    session_decide(&view, on->event, &d);
    if (match == MATCH_SEVERAL) {
        session_add_review(&d, REVIEW_ALREADY_INSIDE, "several are open; the latest was taken");
    } else if (match == MATCH_OPEN_CLASS) {
        session_add_review(&d, REVIEW_NO_ENTRY, "several classes fit, and none was given");
    }
    if (!d.price) {
        error = on_apply(on, &d);
        return error ? error : answer_nobody(on, &d);
    }
    if (d.session.subject.vehicle == VEHICLE_UNKNOWN) {
        d.session.subject.vehicle = on->event->subject.vehicle;
    }
    error = price_now(on, &d.session, &quote);
    if (error) {
        return error;
    }
    if (quote.state == QUOTE_REVIEW) {
        session_add_review(&d, quote.review, "no fee was taken");
    }
    payment_take_quote(&d.session, &quote);
    error = on_apply(on, &d);
    error = error ? error
                  : desk_send_quote(on->desk, on->gate, on->event->lane, on->event->id, &d.session,
                                    &quote);
    bool due = !error && quote.state == QUOTE_DUE;
    return due ? etc_offer(on->desk, on->gate->lot, &d.session, on->event, quote.due_vnd) : error;
}

/* It goes without having been quoted by us: priced now, for the books. */
static int fix_fee(struct on *on, struct session_decision *d)
{
    struct payment_quote quote;
    int error = price_now(on, &d->session, &quote);
    if (error) {
        return error;
    }
    if (quote.state == QUOTE_REVIEW) {
        session_add_review(d, quote.review, "no fee was taken");
    } else {
        d->session.fee_vnd = quote.fee_vnd;
    }
    return 0;
}

int on_exit_event(struct on *on)
{
    struct session_view view;
    struct session_decision d;
    if (on->event->type == EVENT_EXIT_ASKED) {
        return on_asked(on);
    }
    int error = on_load(on, on->event->session, &view);
    if (error) {
        return error;
    }
    session_decide(&view, on->event, &d);
    if (d.fix_fee) {
        error = fix_fee(on, &d);
    }
    if (!error && d.ended) {
        error = on_settle(on, &d);
    }
    return error ? error : on_apply(on, &d);
}
