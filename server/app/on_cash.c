/* on_cash.c - cash at a gate, the shifts that hold it, and counts that a person corrected. */
#include "proto/base/check.h"
#include "proto/io/log.h"
#include "server/app/money.h"
#include "server/app/scripts.h"
#include "server/store/store_cash.h"

static struct cash_place place_of(const struct on *on)
{
    return (struct cash_place){on->gate->lot->id, on->gate->lot->operator_id};
}

static int review(struct on *on, const char *session, enum review_kind kind, const char *detail)
{
    struct review row = {.kind = kind};
    const struct store_review where = {on->gate->lot->id, on->gate->id, on->event->lane,
                                       session,           "",           on->event->id};
    str_copy_cut(row.detail, sizeof row.detail, str_c(detail));
    return desk_review(on->desk, &where, &row);
}

static int tell(struct on *on)
{
    desk_tell(on->desk, CHANGE_LANE, on->gate, on->event->lane, NULL, on->event->id,
              event_type_text(on->event->type));
    return 0;
}

/* ---- cash for a stay ---- */

static int load_cash(struct on *on, struct cash_view *view)
{
    struct store *store = on->desk->store;
    struct session_view session;
    struct store_shift shift;
    const struct event *event = on->event;
    view->place = place_of(on);
    int error = on_load(on, event->session, &session);
    if (!error && session.found) {
        view->stay.found = true;
        view->stay.session = session.session;
        error = desk_terms(on->desk, on->gate->lot, &session.session, &view->stay.terms);
    }
    error = error ? error
                  : store_find_receipt(store, on->gate->id, event->receipt, view->last_receipt,
                                       &view->receipt_used);
    if (error) {
        return error;
    }
    error = store_get_shift(store, event->shift, &shift);
    if (error == DX_E_NOT_FOUND) {
        return 0;
    }
    view->shift_known = !error && strcmp(shift.lot, on->gate->lot->id) == 0;
    view->shift_closed = view->shift_known && shift.closed;
    return error;
}

/* Paid at a booth: the lane that waits elsewhere opens.  At the lane itself the gate has done it.
 */
static int answer_lane(struct on *on, const struct cash_decision *d)
{
    struct desk *desk = on->desk;
    struct store_message waiting;
    if (!d->pay.completes) {
        return 0;
    }
    int error = store_find_waiting(desk->store, d->pay.session.id, &waiting);
    if (error == DX_E_NOT_FOUND) {
        struct payment_terms terms;
        if (on->event->cause[0]) {
            return 0; /* taken at the lane itself, which knows */
        }
        error = desk_terms(desk, on->gate->lot, &d->pay.session, &terms);
        return error ? error : on_early_money(desk, &d->pay.session, &terms);
    }
    if (error) {
        return error;
    }
    const struct desk_gate *gate = desk_find_gate(desk, waiting.gate);
    error = store_settle_message(desk->store, waiting.id, desk->now);
    if (error || !gate || on->event->cause[0]) {
        return error;
    }
    struct down down = {.type = DOWN_PAID,
                        .lane = waiting.lane,
                        .amount_vnd = d->pay.session.paid_vnd,
                        .fee_vnd = d->pay.session.fee_vnd};
    memcpy(down.session, d->pay.session.id, sizeof down.session);
    memcpy(down.ask, waiting.ask, sizeof down.ask);
    memcpy(down.paycode, d->pay.session.code, sizeof down.paycode);
    return desk_send(desk, gate, &down, (wall_t){0});
}

static int write_late(struct on *on, const struct cash_decision *d)
{
    if (ledger_is_empty(&d->late)) {
        return 0;
    }
    int error = desk_post(on->desk, on->gate->lot, &d->late);
    return error ? error
                 : store_add_shift_difference(on->desk->store, on->event->shift, on->at,
                                              d->late_vnd, "late_cash", on->event->id);
}

static int write_cash(struct on *on, const struct cash_decision *d)
{
    struct desk *desk = on->desk;
    const struct payment_decision *pay = &d->pay;
    const char *session = d->tx.session;
    const struct store_cash row = {on->event,        on->gate->lot->id, session,     on->at,
                                   pay->applied_vnd, pay->refund_vnd,   pay->verdict};
    int error = store_add_cash(desk->store, &row);
    error = error ? error : desk_post(desk, on->gate->lot, &d->tx);
    error = error ? error : write_late(on, d);
    if (!error && pay->update) {
        error = store_put_session(desk->store, &pay->session, desk->now);
    }
    error = error ? error : answer_lane(on, d);
    error = error ? error
                  : money_owe_refund(desk, on->gate->lot->id, session, "",
                                     pay->verdict == PAYMENT_DUPLICATE ? "cash_twice"
                                     : pay->verdict == PAYMENT_LATE    ? "cash_late"
                                                                       : "cash_over",
                                     pay->refund_vnd);
    if (!error && pay->completes) {
        error = money_drop_request(desk, session);
    }
    for (int i = 0; i < d->review_count && !error; i++) {
        error = review(on, session, d->review[i].kind, d->review[i].detail);
    }
    if (!error && pay->update) {
        desk_tell(desk, CHANGE_SESSION, on->gate, on->event->lane, &pay->session, "",
                  session_state_text(pay->session.state));
    }
    return error;
}

static int on_taken(struct on *on)
{
    struct cash_view view = {0};
    struct cash_decision d;
    if (on->event->amount_vnd <= 0) {
        on->outcome = SESSION_OUTCOME_REVIEW;
        return review(on, on->event->session, REVIEW_CASH_UNMATCHED, "cash of nothing");
    }
    int error = load_cash(on, &view);
    if (error) {
        return error;
    }
    cash_decide(&view, on->event, on->at, &d);
    error = write_cash(on, &d);
    if (!error) {
        log_info("cash.taken", "gate=%s receipt=%s verdict=%s applied_vnd=%lld", on->gate->id,
                 on->event->receipt, payment_verdict_text(d.pay.verdict),
                 (long long)d.pay.applied_vnd);
    }
    return error;
}

/* ---- shifts ---- */

static int add_shift(struct on *on, int64_t taken_over_vnd, bool inferred)
{
    const struct event *event = on->event;
    struct store_shift shift = {.opened = on->at,
                                .float_vnd = inferred ? 0 : event->counted_vnd,
                                .taken_over_vnd = taken_over_vnd,
                                .inferred = inferred};
    memcpy(shift.id, event->shift, sizeof shift.id);
    str_copy_cut(shift.lot, sizeof shift.lot, str_c(on->gate->lot->id));
    str_copy_cut(shift.gate, sizeof shift.gate, str_c(on->gate->id));
    memcpy(shift.by, event->by, sizeof shift.by);
    memcpy(shift.event, event->id, sizeof shift.event);
    if (!inferred) {
        memcpy(shift.previous, event->cause, sizeof shift.previous);
    }
    return store_add_shift(on->desk->store, &shift);
}

/* What the drawer it takes over holds; -1: there is none. */
static int load_previous(struct on *on, int64_t *ret_vnd)
{
    struct store_shift previous;
    *ret_vnd = -1;
    if (on->event->cause[0] == '\0') {
        return 0;
    }
    int error = store_get_shift(on->desk->store, on->event->cause, &previous);
    if (error == DX_E_NOT_FOUND || (!error && strcmp(previous.lot, on->gate->lot->id) != 0)) {
        return review(on, "", REVIEW_SHIFT_ODD, "it took over from a shift that is not known");
    }
    if (!error && !previous.closed) {
        error = review(on, "", REVIEW_SHIFT_ODD, "it took over from a shift that is not closed");
    }
    int64_t held = 0;
    error = error ? error
                  : store_get_drawer(on->desk->store, on->gate->lot->id, on->event->cause, &held);
    if (!error) {
        *ret_vnd = held > 0 ? held : 0;
    }
    return error;
}

static int post_difference(struct on *on, int64_t amount_vnd, const char *reason)
{
    char detail[REVIEW_DETAIL_CAP];
    if (amount_vnd == 0) {
        return 0;
    }
    snprintf(detail, sizeof detail, "%lld VND %s than the ledger has", (long long)llabs(amount_vnd),
             amount_vnd > 0 ? "more" : "less");
    int error = store_add_shift_difference(on->desk->store, on->event->shift, on->at, amount_vnd,
                                           reason, on->event->id);
    return error ? error : review(on, "", REVIEW_SHIFT_DIFFERENCE, detail);
}

static int on_opened(struct on *on)
{
    struct store_shift there;
    struct shift_opening opening;
    const struct cash_place place = place_of(on);
    int64_t previous = -1;
    int error = store_get_shift(on->desk->store, on->event->shift, &there);
    if (!error) {
        on->outcome = SESSION_OUTCOME_REVIEW;
        return review(on, "", REVIEW_SHIFT_ODD, "opened a second time");
    }
    error = error == DX_E_NOT_FOUND ? load_previous(on, &previous) : error;
    if (error) {
        return error;
    }
    shift_open(&place, on->event, previous, on->at, &opening);
    error = add_shift(on, opening.taken_over_vnd, false);
    if (!error && !ledger_is_empty(&opening.tx)) {
        error = desk_post(on->desk, on->gate->lot, &opening.tx);
    }
    return error ? error : post_difference(on, opening.difference_vnd, "hand_over");
}

static int load_to_close(struct on *on)
{
    struct store_shift shift;
    int error = store_get_shift(on->desk->store, on->event->shift, &shift);
    if (error == DX_E_NOT_FOUND) {
        error = review(on, "", REVIEW_SHIFT_ODD, "closed, and nobody said that it was opened");
        return error ? error : add_shift(on, 0, true);
    }
    if (!error && strcmp(shift.lot, on->gate->lot->id) != 0) {
        return DX_E_DIFFERENT;
    }
    return !error && shift.closed ? DX_E_EXISTS : error;
}

static int on_closed(struct on *on)
{
    struct shift_closing closing;
    const struct event *event = on->event;
    const struct cash_place place = place_of(on);
    int64_t expected = 0;
    int error = load_to_close(on);
    if (error == DX_E_EXISTS || error == DX_E_DIFFERENT) {
        on->outcome = SESSION_OUTCOME_REVIEW;
        return review(on, "", REVIEW_SHIFT_ODD,
                      error == DX_E_EXISTS ? "closed a second time" : "a shift of another lot");
    }
    error = error ? error : store_get_drawer(on->desk->store, place.lot, event->shift, &expected);
    if (error) {
        return error;
    }
    shift_close(&place, event, expected, on->at, &closing);
    const struct store_shift_close row = {event->shift, event->by,        event->text,
                                          event->id,    on->at,           event->counted_vnd,
                                          expected,     event->amount_vnd};
    error = store_add_shift_close(on->desk->store, &row);
    if (!error && !ledger_is_empty(&closing.tx)) {
        error = desk_post(on->desk, on->gate->lot, &closing.tx);
    }
    return error ? error : post_difference(on, closing.difference_vnd, "close");
}

int on_cash(struct on *on)
{
    int error = 0;
    on->outcome = SESSION_OUTCOME_APPLIED;
    memcpy(on->session, on->event->session, sizeof on->session);
    if (on->event->type == EVENT_CASH_TAKEN) {
        error = on_taken(on);
    } else if (on->event->type == EVENT_SHIFT_OPENED) {
        error = on_opened(on);
    } else if (on->event->type == EVENT_SHIFT_CLOSED) {
        error = on_closed(on);
    } else {
        must(on->event->type == EVENT_OCCUPANCY_CORRECTED);
        error = store_add_correction(on->desk->store, on->event, on->gate->lot->id, on->at);
    }
    return error ? error : tell(on);
}
