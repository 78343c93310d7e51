/* on_session.c - loading a session for an event, and writing what was decided about it. */
#include "proto/base/check.h"
#include "server/app/money.h"
#include "server/app/pass.h"
#include "server/app/scripts.h"
#include "server/store/store_cash.h"

int on_load(struct on *on, const char *id, struct session_view *view)
{
    memset(view, 0, sizeof *view);
    view->lot = on->gate->lot->id;
    view->at = on->at;
    view->at_is_receipt = on->at_is_receipt;
    if (id[0] == '\0') {
        return 0;
    }
    int error = store_get_session(on->desk->store, id, &view->session);
    if (error == DX_E_NOT_FOUND) {
        return 0;
    }
    /* A gate speaks for its own lot only. */
    view->found = !error && strcmp(view->session.lot, view->lot) == 0;
    return error;
}

/* Who comes in first has the place of a pass. */
static int take_place(struct on *on, const struct session *session)
{
    const struct app_lot *lot = on->gate->lot;
    struct payment_terms terms = {.tariff = lot->tariff[session->subject.vehicle]};
    int error = pass_terms(on->desk->store, lot, session, on->desk->now, &terms);
    return error ? error : pass_claim(on->desk, session, &terms);
}

static int write_session(struct on *on, struct session_decision *d)
{
    struct desk *desk = on->desk;
    int error = 0;
    if (d->create) {
        error = desk_draw_code(desk, d->session.code, d->session.token);
        error = error ? error : store_add_session(desk->store, &d->session, desk->now);
    }
    if (!error && d->update) {
        error = store_put_session(desk->store, &d->session, desk->now);
    }
    if (!error && d->entered) {
        error = take_place(on, &d->session);
    }
    return error;
}

int on_settle(struct on *on, struct session_decision *d)
{
    struct ledger_tx tx;
    int error = 0;
    int64_t paid_vnd = d->session.paid_vnd;
    payment_settle(d, on->event->id, on->at, &tx);
    if (!ledger_is_empty(&tx)) {
        error = desk_post(on->desk, on->gate->lot, &tx);
    }
    bool in = d->session.state != SESSION_BACKED_OUT;
    error = error
                ? error
                : money_owe_refund(on->desk, d->session.lot, d->session.id, "",
                                   in ? "fee_fell" : "backed_out", paid_vnd - d->session.paid_vnd);
    return error ? error : money_request_debt(on->desk, on->gate->lot, &d->session);
}

int on_apply(struct on *on, struct session_decision *d)
{
    struct desk *desk = on->desk;
    const char *id = d->session.id[0] ? d->session.id : on->event->session;
    struct store_review where = {on->gate->lot->id, on->gate->id, on->event->lane, id, "",
                                 on->event->id};
    int error = write_session(on, d);
    for (int i = 0; i < d->review_count && !error; i++) {
        error = desk_review(desk, &where, &d->review[i]);
    }
    if (!error && d->settles_lane) {
        error = store_settle_lane(desk->store, on->gate->id, on->event->lane, id, desk->now);
    }
    if (error) {
        return error;
    }
    memcpy(on->session, id, sizeof on->session);
    on->outcome = d->outcome;
    if (d->create || d->update) {
        desk_tell(desk, CHANGE_SESSION, on->gate, on->event->lane, &d->session, "",
                  session_state_text(d->session.state));
    }
    return 0;
}
