/* money_out.c - a transfer out: a refund of ours, an earlier transfer taken back, or nobody knows.
 */
#include "proto/base/check.h"
#include "proto/io/log.h"
#include "server/app/money.h"
#include "server/core/payment_back.h"

enum { CANDIDATES_MAX = 32, APPLIED_MAX = 1 + PAYMENT_DEBTS_MAX + PROPOSAL_PARTS_MAX };

/* The one case that says so itself; several of one amount and reference are for a person. */
static int find_refund(struct desk *desk, const struct money_out *out, struct refund *ret_refund,
                       bool *ret_found)
{
    struct refund list[CANDIDATES_MAX];
    int count = 0;
    int fit = 0;
    int error = store_find_refunds_out(desk->store, out->credit->account, out->credit->amount_vnd,
                                       list, CANDIDATES_MAX, &count);
    for (int i = 0; i < count && !error; i++) {
        if (refund_is_paid_by(&list[i], out->credit)) {
            *ret_refund = list[i];
            fit++;
        }
    }
    *ret_found = fit == 1;
    return error;
}

static int find_back(struct desk *desk, const struct money_out *out, struct store_back *ret_back,
                     bool *ret_found)
{
    struct store_back list[CANDIDATES_MAX];
    int count = 0;
    int fit = 0;
    int error = store_find_back(desk->store, out->credit->account, out->credit->amount_vnd,
                                wall_add(out->credit->booked, TIME_MINUTE_MS), list, CANDIDATES_MAX,
                                &count);
    for (int i = 0; i < count && !error; i++) {
        if (payment_is_back_of(out->credit, list[i].bank_ref, list[i].code, desk->config->prefix)) {
            *ret_back = list[i];
            fit++;
        }
    }
    *ret_found = fit == 1;
    return error;
}

int money_judge_out(struct desk *desk, const struct money_out *out,
                    enum payment_verdict *ret_verdict, struct refund *ret_refund,
                    struct store_back *ret_back)
{
    bool refund = false;
    bool back = false;
    int error = find_refund(desk, out, ret_refund, &refund);
    if (!error && !refund) {
        error = find_back(desk, out, ret_back, &back);
    }
    if (!error) {
        *ret_verdict = refund ? PAYMENT_REFUND_PAID : back ? PAYMENT_TAKEN_BACK : PAYMENT_REVERSAL;
    }
    return error;
}

int money_confirm_refund(struct desk *desk, const struct money_out *out, struct refund *refund)
{
    struct ledger_tx tx;
    const struct app_lot *lot = desk_find_lot(desk, refund->lot);
    if (!refund_may_go(refund->state, REFUND_CONFIRMED) ||
        refund->amount_vnd != out->credit->amount_vnd) {
        return DX_E_STATE;
    }
    refund->state = REFUND_CONFIRMED;
    refund_paid_tx(refund, out->credit->account, out->id, out->credit->booked, &tx);
    int error = desk_post(desk, lot, &tx);
    error = error ? error : store_put_refund(desk->store, refund, out->id, "", "", desk->now);
    wall_t erase = wall_add(desk->now, desk->config->refund_erase_days * (int64_t)TIME_DAY_MS);
    error = error ? error : store_end_refund_account(desk->store, refund->id, erase);
    if (!error && refund->credit[0]) {
        error = store_close_credit_reviews(desk->store, refund->credit, "bank", desk->now);
    }
    if (!error) {
        log_info("refund.confirmed", "refund=%s amount_vnd=%lld", refund->id,
                 (long long)refund->amount_vnd);
        desk_tell(desk, CHANGE_REVIEW, NULL, 0, NULL, "", "refund");
    }
    return error;
}

/* ---- taken back ---- */

struct backing {
    struct desk *desk;
    const struct money_out *out;
    const char *credit;
    int64_t rest_vnd; /* not explained yet */
    int line;
};

static void tx_id(struct backing *b, char id[LEDGER_ID_CAP])
{
    snprintf(id, LEDGER_ID_CAP, "back:%s:%d", b->out->id, ++b->line);
}

/* A lane that was told "paid" and has not opened yet is told what is due again. */
static int tell_lane(struct desk *desk, const struct app_lot *lot, const struct session *session)
{
    struct payment_terms terms;
    struct payment_quote quote;
    const struct desk_gate *gate = desk_find_gate(desk, session->gate_out);
    struct store_message paid;
    int error = store_find_paid(desk->store, session->id, &paid);
    if (error || !gate || session->state != SESSION_QUOTED) {
        return error == DX_E_NOT_FOUND ? 0 : error;
    }
    error = store_settle_message(desk->store, paid.id, desk->now);
    error = error ? error : desk_terms(desk, lot, session, &terms);
    if (error) {
        return error;
    }
    payment_quote(session, &terms, session->asked, desk->now, &quote);
    return desk_send_quote(desk, gate, paid.lane, paid.ask, session, &quote);
}

static int take_from_session(struct backing *b, const struct store_applied *applied)
{
    char id[LEDGER_ID_CAP];
    struct session session;
    struct payment_back back;
    struct desk *desk = b->desk;
    int64_t most = applied->amount_vnd < b->rest_vnd ? applied->amount_vnd : b->rest_vnd;
    int error = store_get_session(desk->store, applied->session, &session);
    if (error) {
        return error;
    }
    const struct app_lot *lot = desk_find_lot(desk, session.lot);
    tx_id(b, id);
    payment_take_back(&session, most, id, b->out->id, b->out->credit->account,
                      b->out->credit->booked, &back);
    if (back.taken_vnd == 0) {
        return 0;
    }
    b->rest_vnd -= back.taken_vnd;
    error = desk_post(desk, lot, &back.tx);
    error = error ? error : store_put_session(desk->store, &back.session, desk->now);
    error = error ? error : store_take_applied(desk->store, b->credit, session.id, back.taken_vnd);
    if (!error && lot && session_is_ended(back.session.state)) {
        error = money_request_debt(desk, lot, &back.session);
    }
    if (!error && lot && back.reopens_stay) {
        error = tell_lane(desk, lot, &back.session);
    }
    if (!error) {
        desk_tell(desk, CHANGE_SESSION, NULL, 0, &back.session, "",
                  session_state_text(back.session.state));
    }
    return error;
}

/* Refund cases that this money had made: nobody is owed it any more. */
static int take_from_refunds(struct backing *b, const char *session)
{
    struct refund list[CANDIDATES_MAX];
    struct desk *desk = b->desk;
    int count = 0;
    int error =
        store_find_refunds_of(desk->store, b->credit, session, list, CANDIDATES_MAX, &count);
    for (int i = 0; i < count && !error; i++) {
        struct refund *refund = &list[i];
        char id[LEDGER_ID_CAP];
        char account[LEDGER_ACCOUNT_CAP];
        struct ledger_tx tx;
        if (refund->amount_vnd > b->rest_vnd) {
            continue;
        }
        tx_id(b, id);
        ledger_begin(&tx, id, "back", refund->lot, refund->session, b->out->id,
                     b->out->credit->booked);
        ledger_refund_due(account, refund->lot);
        ledger_add(&tx, account, refund->amount_vnd);
        ledger_suspense(account, b->out->credit->account);
        ledger_add(&tx, account, -refund->amount_vnd);
        error = desk_post(desk, desk_find_lot(desk, refund->lot), &tx);
        refund->state = REFUND_CANCELLED;
        error = error ? error
                      : store_put_refund(desk->store, refund, "", REFUND_BY_SYSTEM,
                                         "the bank took the transfer back", desk->now);
        error = error ? error : store_end_refund_account(desk->store, refund->id, desk->now);
        b->rest_vnd -= refund->amount_vnd;
    }
    return error;
}

static int review_back(struct backing *b, const char *session, int64_t amount_vnd)
{
    struct review review = {.kind =
                                b->rest_vnd > 0 ? REVIEW_BANK_REVERSAL : REVIEW_BANK_TAKEN_BACK};
    const struct app_lot *lot = b->out->account_lot;
    const struct store_review where = {.lot = lot ? lot->id : "",
                                       .gate = "",
                                       .session = session,
                                       .credit = b->out->id,
                                       .cause = b->credit};
    if (b->rest_vnd > 0) {
        snprintf(review.detail, sizeof review.detail,
                 "%lld VND taken back, %lld VND of it had been given away: in suspense",
                 (long long)amount_vnd, (long long)b->rest_vnd);
    } else {
        snprintf(review.detail, sizeof review.detail, "%lld VND taken back; it is owed again",
                 (long long)amount_vnd);
    }
    return desk_review(b->desk, &where, &review);
}

int money_take_back(struct desk *desk, const struct money_out *out, const char *credit)
{
    struct store_applied applied[APPLIED_MAX];
    struct store_booked booked;
    struct backing b = {
        .desk = desk, .out = out, .credit = credit, .rest_vnd = out->credit->amount_vnd};
    int count = 0;
    int error = store_get_credit(desk->store, credit, &booked);
    if (!error && (booked.credit.out || booked.credit.amount_vnd != out->credit->amount_vnd ||
                   strcmp(booked.credit.account, out->credit->account) != 0)) {
        return DX_E_STATE;
    }
    error = error ? error : store_add_back(desk->store, credit, out->id);
    error = error ? error : store_get_applied(desk->store, credit, applied, APPLIED_MAX, &count);
    for (int i = 0; i < count && !error; i++) {
        error = take_from_session(&b, &applied[i]);
    }
    error = error ? error : take_from_refunds(&b, booked.session);
    if (error) {
        return error;
    }
    bool suspended = false;
    error = store_is_suspended(desk->store, credit, &suspended);
    if (!error && suspended) {
        b.rest_vnd = 0; /* both sides lie in suspense, and are even */
    }
    error = error ? error : store_close_credit_reviews(desk->store, credit, "bank", desk->now);
    error = error ? error
                  : review_back(&b, count ? applied[0].session : booked.session,
                                out->credit->amount_vnd);
    log_warn("bank.taken_back", "credit=%s stays=%d unexplained_vnd=%lld", credit, count,
             (long long)b.rest_vnd);
    return error;
}
