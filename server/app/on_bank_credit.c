/* on_bank_credit.c - a bank notice becomes a credit, and the credit pays, waits or is refunded. */
#include "proto/base/check.h"
#include "proto/io/log.h"
#include "server/app/scripts.h"
#include "server/bank/bank.h"

enum { NOTICES_A_GROUP = 32 };

/* One credit on its way. */
struct paying {
    struct desk *desk;
    const struct store_notice *notice;
    struct bank_credit credit;
    const struct app_lot *account_lot; /* whose account it arrived on; NULL: nobody's here */
    const struct app_lot *lot;         /* of the session; NULL */
    char code[PAYCODE_CAP];            /* found in it, "" none or several */
    char id[ULID_CAP];
    struct payment_view view;
    struct payment_decision decision;
};

static bool is_account_of(const struct app_lot *lot, const struct bank_credit *credit)
{
    return strcmp(lot->account, credit->account) == 0 ||
           (credit->virtual_account[0] && strcmp(lot->account, credit->virtual_account) == 0);
}

/* The codes in what the payer wrote; the provider's own find counts as one more place to look. */
static int find_codes(struct paying *p)
{
    struct paycode_found found = paycode_find(p->desk->config->prefix, str_c(p->credit.content));
    if (found.count == 0) {
        found = paycode_find(p->desk->config->prefix, str_c(p->credit.code_hint));
    }
    if (found.count == 1) {
        memcpy(p->code, found.code[0], sizeof p->code);
    }
    return found.count;
}

static int load_view(struct paying *p)
{
    struct payment_view *view = &p->view;
    const struct app_config *config = p->desk->config;
    view->account_bin = "unknown";
    for (int i = 0; i < config->lot_count && !p->account_lot; i++) {
        if (is_account_of(&config->lots[i], &p->credit)) {
            p->account_lot = &config->lots[i];
            view->account_bin = p->account_lot->bin;
        }
    }
    int error = store_find_credit(p->desk->store, &p->credit, &view->seen);
    view->code_count = find_codes(p);
    if (error || view->code_count != 1) {
        return error;
    }
    error = store_get_session_by_code(p->desk->store, p->code, &view->session);
    if (error == DX_E_NOT_FOUND) {
        return 0;
    }
    if (error) {
        return error;
    }
    view->found = true;
    p->lot = desk_find_lot(p->desk, view->session.lot);
    if (p->lot) {
        view->account_is_lots = is_account_of(p->lot, &p->credit);
        error = desk_terms(p->desk, p->lot, &view->session, &view->terms);
    }
    return error;
}

/* The lane that waits for this session's money hears that it came, or how much is missing. */
static int answer_lane(struct paying *p)
{
    struct desk *desk = p->desk;
    struct payment_decision *d = &p->decision;
    struct store_message waiting;
    if (!d->completes && !d->tops_up) {
        return 0;
    }
    int error = store_find_waiting(desk->store, d->session.id, &waiting);
    if (error) {
        return error == DX_E_NOT_FOUND ? 0 : error; /* paid before it came to the exit */
    }
    const struct desk_gate *gate = desk_find_gate(desk, waiting.gate);
    if (!gate) {
        return 0; /* the gate left the configuration */
    }
    error = store_settle_message(desk->store, waiting.id, desk->now);
    if (error) {
        return error;
    }
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
    payment_quote(&d->session, &p->view.terms, d->priced_to, desk->now, &quote);
    quote.state = QUOTE_DUE;
    quote.fee_vnd = d->session.fee_vnd;
    quote.due_vnd = d->remaining_vnd;
    return desk_send_quote(desk, gate, waiting.lane, waiting.ask, &d->session, &quote);
}

static int count_money(struct paying *p)
{
    struct rollup rollup;
    const struct payment_decision *d = &p->decision;
    int error = 0;
    if (d->applied_vnd > 0) {
        report_transfer(&d->session, p->credit.booked, d->applied_vnd, &rollup);
        error = store_add_rollup(p->desk->store, &rollup);
    }
    if (!error && d->settles_debt) {
        report_debt_settled(&d->session, &rollup);
        error = store_add_rollup(p->desk->store, &rollup);
    }
    return error;
}

static int write_credit(struct paying *p)
{
    struct desk *desk = p->desk;
    struct payment_decision *d = &p->decision;
    bool matched = d->tx.session[0] != '\0' || d->verdict == PAYMENT_WRONG_ACCOUNT;
    const struct store_credit row = {
        p->id,        p->code, matched ? d->session.id : "", d->verdict, p->notice->received,
        p->notice->id};
    int error = store_add_credit(desk->store, &p->credit, &row);
    error = error ? error : desk_post(desk, p->lot ? p->lot : p->account_lot, &d->tx);
    if (!error && d->update) {
        error = store_put_session(desk->store, &d->session, desk->now);
    }
    error = error ? error : count_money(p);
    error = error ? error : answer_lane(p);
    if (!error) {
        desk_tell(desk, CHANGE_BANK, NULL, 0, matched ? &d->session : NULL, p->id,
                  payment_verdict_text(d->verdict));
    }
    if (!error && d->update) {
        desk_tell(desk, CHANGE_SESSION, NULL, 0, &d->session, "",
                  session_state_text(d->session.state));
    }
    return error;
}

static int write_reviews(struct paying *p)
{
    struct payment_decision *d = &p->decision;
    const struct app_lot *lot = p->lot ? p->lot : p->account_lot;
    char cause[32];
    snprintf(cause, sizeof cause, "notice %lld", (long long)p->notice->id);
    const struct store_review where = {.lot = lot ? lot->id : "",
                                       .gate = "",
                                       .session = p->view.found ? d->session.id : "",
                                       .credit = d->store ? p->id : "",
                                       .cause = cause};
    int error = 0;
    for (int i = 0; i < d->review_count && !error; i++) {
        error = desk_review(p->desk, &where, &d->review[i]);
    }
    return error;
}

static int apply_credit(struct paying *p)
{
    desk_ulid(p->desk, p->id);
    int error = load_view(p);
    if (error) {
        return error;
    }
    payment_decide(&p->view, &p->credit, p->id, &p->decision);
    if (p->decision.store) {
        error = write_credit(p);
    }
    error = error ? error : write_reviews(p);
    if (error) {
        return error;
    }
    log_info("bank.credit", "provider=%s tx=%s verdict=%s session=%s applied_vnd=%lld",
             p->credit.provider, p->credit.provider_tx, payment_verdict_text(p->decision.verdict),
             p->view.found ? p->view.session.id : "-", (long long)p->decision.applied_vnd);
    return store_close_notice(p->desk->store, p->notice->id,
                              p->decision.verdict == PAYMENT_REJECTED ||
                                      p->decision.verdict == PAYMENT_DIFFERENT
                                  ? "rejected"
                                  : "applied",
                              payment_verdict_text(p->decision.verdict));
}

static int reject(struct desk *desk, const struct store_notice *notice, const char *why)
{
    int error = store_close_notice(desk->store, notice->id, "rejected", why);
    return error ? error : desk_set_aside(desk, "webhook", why, notice->body);
}

static int apply_notice(struct desk *desk, const struct store_notice *notice)
{
    struct paying p = {.desk = desk, .notice = notice};
    const char *why = "";
    int error = bank_read(notice->provider, notice->body, &p.credit, &why);
    if (desk_is_refusal(error)) {
        return reject(desk, notice, why);
    }
    struct desk_mark mark = desk_mark(desk, NULL);
    error = error ? error : store_savepoint(desk->store);
    if (error) {
        return error;
    }
    error = apply_credit(&p);
    if (!error) {
        return store_release(desk->store);
    }
    store_rollback_savepoint(desk->store);
    desk_undo(desk, &mark);
    return desk_is_refusal(error) ? reject(desk, notice, dx_error_text(error)) : error;
}

int on_notices(struct desk *desk)
{
    struct store_notice notice = {0};
    for (int i = 0; i < NOTICES_A_GROUP; i++) {
        int error = store_next_notice(desk->store, notice.id, desk->space, &notice);
        if (error == DX_E_NOT_FOUND) {
            desk->notices_waiting = false;
            return 0;
        }
        error = error ? error : apply_notice(desk, &notice);
        if (error) {
            return error;
        }
    }
    return 0; /* more in the next group */
}
