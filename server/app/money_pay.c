/* money_pay.c - a decided payment is written, and the lane that waits for it hears of it. */
#include "proto/base/check.h"
#include "proto/io/log.h"
#include "server/app/money.h"
#include "server/app/scripts.h"

/* The lane that waits for this session's money hears that it came, or how much is missing. */
static int answer_lane(struct desk *desk, const struct money_payment *p, bool *ret_answered)
{
    struct payment_decision *d = p->decision;
    struct store_message waiting;
    int error = store_find_waiting(desk->store, d->session.id, &waiting);
    if (error == DX_E_NOT_FOUND) { /* before it came to the exit, or ahead of its journal */
        return on_early_money(desk, &d->session, p->terms);
    }
    if (error) {
        return error;
    }
    const struct desk_gate *gate = desk_find_gate(desk, waiting.gate);
    if (!gate) {
        return 0; /* the gate left the configuration */
    }
    error = store_settle_message(desk->store, waiting.id, desk->now);
    if (error) {
        return error;
    }
    *ret_answered = true;
    if (d->completes) {
        struct down down = {.type = DOWN_PAID,
                            .lane = waiting.lane,
                            .amount_vnd = d->session.paid_vnd,
                            .fee_vnd = d->session.fee_vnd};
        memcpy(down.session, d->session.id, sizeof down.session);
        memcpy(down.ask, waiting.ask, sizeof down.ask);
        memcpy(down.paycode, d->session.code, sizeof down.paycode);
        return desk_send(desk, gate, &down, (wall_t){0});
    }
    struct payment_quote quote;
    payment_quote(&d->session, p->terms, d->priced_to, desk->now, &quote);
    quote.state = QUOTE_DUE;
    quote.fee_vnd = d->session.fee_vnd;
    quote.due_vnd = d->remaining_vnd;
    return desk_send_quote(desk, gate, waiting.lane, waiting.ask, &d->session, &quote);
}

/* Debts that were asked for together with the stay. */
static int write_debts(struct desk *desk, const struct money_payment *p)
{
    struct payment_decision *d = p->decision;
    int error = 0;
    for (int i = 0; i < d->debt_count && !error; i++) {
        struct session *s = &d->debt[i];
        if (s->state == SESSION_LEFT) {
            s->paid_at = p->booked;
        }
        error = store_put_session(desk->store, s, desk->now);
        error =
            error ? error : store_add_applied(desk->store, p->credit, s->id, d->debt_paid_vnd[i]);
        error = error ? error : money_request_debt(desk, p->lot, s);
        if (!error) {
            desk_tell(desk, CHANGE_SESSION, NULL, 0, s, "", session_state_text(s->state));
        }
    }
    return error;
}

/* The request that this money answers; one is written down when it was paid unasked. */
static int close_request(struct desk *desk, const struct money_payment *p)
{
    struct payment_decision *d = p->decision;
    struct store_open_request open;
    enum request_state state = d->remaining_vnd > 0 ? REQUEST_TOPPED_UP : REQUEST_PAID;
    if (d->applied_vnd == 0) {
        return 0;
    }
    int error = store_get_open_request(desk->store, d->session.id, &open);
    if (!error) {
        return store_close_request(desk->store, open.id, state, p->credit, desk->now);
    }
    if (error != DX_E_NOT_FOUND) {
        return error;
    }
    char payload[VIETQR_PAYLOAD_CAP];
    int64_t asked = d->applied_vnd + d->remaining_vnd;
    const struct quote_line line = {"Phí gửi xe", "Parking fee", asked};
    struct store_request row = {.kind = "page",
                                .amount_vnd = asked,
                                .fee_vnd = d->session.fee_vnd,
                                .line_count = 1,
                                .line = &line,
                                .bin = p->lot->bin,
                                .account = p->lot->account,
                                .payload = payload,
                                .made = desk->now,
                                .promise = desk->now};
    desk_ulid(desk, row.id);
    memcpy(row.session, d->session.id, sizeof row.session);
    memcpy(row.code, d->session.code, sizeof row.code);
    desk_vietqr(p->lot, d->session.code, asked, payload);
    return store_add_request(desk->store, &row, state, p->credit);
}

/* The rest is asked for with the same code, also when no lane waits. */
static int ask_for_rest(struct desk *desk, const struct money_payment *p)
{
    char payload[VIETQR_PAYLOAD_CAP];
    struct payment_decision *d = p->decision;
    if (session_is_ended(d->session.state)) {
        return money_request_debt(desk, p->lot, &d->session);
    }
    const struct quote_line line = {"Còn phải trả", "Still to pay", d->remaining_vnd};
    desk_vietqr(p->lot, d->session.code, d->remaining_vnd, payload);
    const struct money_request request = {.id = "",
                                          .kind = "topup",
                                          .amount_vnd = d->remaining_vnd,
                                          .line_count = 1,
                                          .line = &line,
                                          .payload = payload,
                                          .promise = wall_add(desk->now, p->terms->promise_ms)};
    return money_open_request(desk, p->lot, &d->session, &request);
}

static const char *cause_of(enum payment_verdict verdict)
{
    return verdict == PAYMENT_DUPLICATE ? "duplicate" : verdict == PAYMENT_LATE ? "late" : "over";
}

int money_owe_refund(struct desk *desk, const char *lot, const char *session, const char *credit,
                     const char *cause, int64_t amount_vnd)
{
    uint8_t random[8];
    struct refund refund = {.amount_vnd = amount_vnd, .state = REFUND_REQUESTED};
    if (amount_vnd == 0) {
        return 0;
    }
    desk_ulid(desk, refund.id);
    desk->ports.random(desk->ports.context, random, sizeof random);
    refund_make_code(refund.code, random);
    str_copy_cut(refund.lot, sizeof refund.lot, str_c(lot));
    str_copy_cut(refund.session, sizeof refund.session, str_c(session));
    str_copy_cut(refund.credit, sizeof refund.credit, str_c(credit));
    str_copy_cut(refund.cause, sizeof refund.cause, str_c(cause));
    str_copy_cut(refund.requested_by, sizeof refund.requested_by, str_c(REFUND_BY_SYSTEM));
    int error = store_add_refund(desk->store, &refund, desk->now);
    if (!error) {
        desk_tell(desk, CHANGE_REVIEW, NULL, 0, NULL, "", "refund");
    }
    return error;
}

int money_pay(struct desk *desk, const struct money_payment *payment)
{
    struct payment_decision *d = payment->decision;
    bool answered = false;
    int error = 0;
    if (d->update) {
        error = store_put_session(desk->store, &d->session, desk->now);
    }
    if (!error && d->applied_vnd > 0) {
        error = store_add_applied(desk->store, payment->credit, d->session.id, d->applied_vnd);
    }
    error = error ? error : close_request(desk, payment);
    error = error ? error : write_debts(desk, payment);
    if (!error && (d->completes || d->tops_up)) {
        error = answer_lane(desk, payment, &answered);
    }
    if (!error && d->remaining_vnd > 0 && d->applied_vnd > 0 && !answered) {
        error = ask_for_rest(desk, payment);
    }
    if (!error) {
        error = money_owe_refund(desk, d->session.lot, d->session.id, payment->credit,
                                 cause_of(d->verdict), d->refund_vnd);
    }
    if (!error && d->grace_vnd > 0) {
        log_info("payment.late_grace", "session=%s let_off_vnd=%lld", d->session.id,
                 (long long)d->grace_vnd);
    }
    if (!error && d->update) {
        desk_tell(desk, CHANGE_SESSION, NULL, 0, &d->session, "",
                  session_state_text(d->session.state));
    }
    return error;
}
