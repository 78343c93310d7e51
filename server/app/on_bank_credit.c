/* on_bank_credit.c - a bank notice becomes a credit, and the credit pays, waits or is refunded. */
#include "proto/base/check.h"
#include "proto/io/log.h"
#include "server/app/etc.h"
#include "server/app/bank_known.h"
#include "server/app/money.h"
#include "server/app/pass.h"
#include "server/app/scripts.h"
#include "server/bank/bank.h"
#include "server/store/store_bank.h"

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
    char known[ULID_CAP]; /* the credit that it is already, or "" */
    struct payment_view view;
    struct payment_decision decision;
    struct refund refund;   /* REFUND_PAID: this case */
    struct store_back back; /* TAKEN_BACK: this transfer */
};

static bool is_account_of(const struct app_lot *lot, const struct bank_credit *credit)
{
    return strcmp(lot->account, credit->account) == 0 ||
           (credit->virtual_account[0] && strcmp(lot->account, credit->virtual_account) == 0);
}

/* The first lot that collects into the account, or into the virtual one. */
static const struct app_lot *find_account_lot(const struct desk *desk,
                                              const struct bank_credit *credit)
{
    const struct app_lot *lot = desk_find_account(desk, credit->account);
    const struct app_lot *other =
        credit->virtual_account[0] ? desk_find_account(desk, credit->virtual_account) : NULL;
    return !lot || (other && other < lot) ? other : lot;
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

/* The driver was asked for debts of earlier stays as well. */
static int load_debts(struct paying *p)
{
    struct store_open_request open;
    struct payment_view *view = &p->view;
    int error = store_get_open_request(p->desk->store, view->session.id, &open);
    if (error || open.debt_vnd == 0) {
        return error == DX_E_NOT_FOUND ? 0 : error;
    }
    return money_debts(p->desk, p->lot, &view->session, view->debt, &view->debt_count);
}

static int load_view(struct paying *p)
{
    struct payment_view *view = &p->view;
    p->account_lot = find_account_lot(p->desk, &p->credit);
    view->account_bin = p->account_lot ? p->account_lot->bin : "unknown";
    view->code_count = find_codes(p);
    int error = bank_known(p->desk, &p->credit, p->code, &view->seen, p->known);
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
        error = error ? error : load_debts(p);
    }
    return error;
}

/* What went out is looked at before it is written, so that its verdict is the right one. */
static int judge_out(struct paying *p)
{
    struct payment_decision *d = &p->decision;
    const struct money_out out = {&p->credit, p->id, p->account_lot};
    int error = money_judge_out(p->desk, &out, &d->verdict, &p->refund, &p->back);
    if (!error && d->verdict != PAYMENT_REVERSAL) {
        d->review_count = 0; /* it says itself what it was */
    }
    return error;
}

static int follow_out(struct paying *p)
{
    const struct money_out out = {&p->credit, p->id, p->account_lot};
    if (p->decision.verdict == PAYMENT_REFUND_PAID) {
        return money_confirm_refund(p->desk, &out, &p->refund);
    }
    bool back = p->decision.verdict == PAYMENT_TAKEN_BACK;
    return back ? money_take_back(p->desk, &out, p->back.id) : 0;
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
    if (!error && p->lot && d->tx.session[0]) {
        const struct money_payment payment = {.lot = p->lot,
                                              .terms = &p->view.terms,
                                              .credit = p->id,
                                              .booked = p->credit.booked,
                                              .decision = d};
        error = money_pay(desk, &payment);
    }
    if (!error && p->credit.out) {
        error = follow_out(p);
    }
    if (!error) {
        desk_tell(desk, CHANGE_BANK, NULL, 0, matched ? &d->session : NULL, p->id,
                  payment_verdict_text(d->verdict));
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

/*
 * A source that gives the day alone: it was paid when it was quoted, if that was on this day, for
 * that is what the driver read; else at the end of the day.
 */
static wall_t booking_time(const struct paying *p)
{
    const struct payment_promise *promise = &p->view.terms.promise;
    wall_t booked = p->credit.booked;
    if (!p->credit.date_only) {
        return booked;
    }
    if (promise->given && time_day_start(promise->made).ms == time_day_start(booked).ms) {
        return promise->made;
    }
    wall_t end = wall_add(time_day_start(booked), TIME_DAY_MS - TIME_SECOND_MS);
    return wall_diff(end, p->desk->now) > 0 ? p->desk->now : end;
}

/*
 * payOS tries our address with a transfer of its own making when the webhook is registered
 * (POST /confirm-webhook); it must be answered 2xx and is nobody's money.
 */
static bool is_payos_trial(const struct paying *p)
{
    return strcmp(p->credit.provider, "payos") == 0 && p->credit.source == CREDIT_WEBHOOK &&
           !p->account_lot && !p->view.found;
}

/* The second of identical rows of a file, and no running balance says that both moved money. */
static int keep_candidate(struct paying *p)
{
    char cause[32];
    struct review review = {.kind = REVIEW_BANK_UNMATCHED};
    snprintf(cause, sizeof cause, "notice %lld", (long long)p->notice->id);
    const struct store_review where = {.lot = p->account_lot ? p->account_lot->id : "",
                                       .gate = "",
                                       .session = "",
                                       .credit = "",
                                       .cause = cause};
    snprintf(review.detail, sizeof review.detail,
             "%lld VND: line %d of statement %lld repeats another line, and no balance proves it",
             (long long)p->credit.amount_vnd, p->notice->line, (long long)p->notice->statement);
    return desk_review(p->desk, &where, &review);
}

/* *ret_word is what became of it. */
static int apply_credit(struct paying *p, const char **ret_word)
{
    desk_ulid(p->desk, p->id);
    int error = load_view(p);
    if (error) {
        return error;
    }
    if (p->view.seen == PAYMENT_NEW && p->credit.occurrence > 0 && !p->credit.has_balance) {
        *ret_word = "candidate";
        return keep_candidate(p);
    }
    if (p->view.seen == PAYMENT_NEW && is_payos_trial(p)) {
        *ret_word = "no money: neither a code nor an account of ours, payOS tries the address";
        return 0;
    }
    struct bank_credit judged = p->credit;
    judged.booked = booking_time(p);
    p->view.heard = p->notice->received;
    payment_decide(&p->view, &judged, p->id, &p->decision);
    if (p->decision.verdict == PAYMENT_UNMATCHED && p->code[0] && !p->view.found) {
        error = on_request_credit(p->desk, p->account_lot, &judged, p->id, p->code, &p->decision);
        if (error) {
            return error;
        }
    }
    if (p->decision.verdict == PAYMENT_UNMATCHED && !p->credit.out) {
        error = etc_take_payout(p->desk, p->account_lot, &judged, p->id, &p->decision);
        if (error) {
            return error;
        }
    }
    const char *of = p->decision.store ? p->id : p->known;
    if (p->decision.store && p->credit.out) {
        error = judge_out(p);
    }
    if (!error && p->decision.store) {
        error = write_credit(p);
    }
    if (!error && of[0] && p->decision.verdict != PAYMENT_DIFFERENT) {
        error = store_add_source(p->desk->store, of, &p->credit, p->notice->id, p->desk->now);
    }
    error = error ? error : write_reviews(p);
    if (error) {
        return error;
    }
    log_info("bank.credit", "provider=%s tx=%s source=%s verdict=%s session=%s applied_vnd=%lld",
             p->credit.provider, p->credit.provider_tx, credit_source_text(p->credit.source),
             payment_verdict_text(p->decision.verdict), p->view.found ? p->view.session.id : "-",
             (long long)p->decision.applied_vnd);
    *ret_word = payment_verdict_text(p->decision.verdict);
    return 0;
}

/* ---- one notice ---- */

struct applying {
    struct desk *desk;
    const struct store_notice *notice;
    int applied, refused;
    const char *word; /* of the last one: a verdict, "candidate", or why it was refused */
};

static int refuse_one(struct applying *a, const char *why)
{
    a->refused++;
    a->word = why;
    return desk_set_aside(a->desk, credit_source_text(a->notice->source), why, a->notice->body);
}

static int refused_element(void *context, int place, const char *why)
{
    struct applying *a = context;
    log_warn("bank.element_refused", "notice=%lld place=%d reason=\"%s\"", (long long)a->notice->id,
             place, why);
    return refuse_one(a, why);
}

static int apply_one(void *context, const struct bank_credit *credit)
{
    struct applying *a = context;
    struct paying p = {.desk = a->desk, .notice = a->notice, .credit = *credit};
    struct desk_mark mark = desk_mark(a->desk, NULL);
    const char *word = "";
    int error = store_savepoint(a->desk->store);
    if (error) {
        return error;
    }
    error = apply_credit(&p, &word);
    if (!error) {
        bool refused =
            p.decision.verdict == PAYMENT_REJECTED || p.decision.verdict == PAYMENT_DIFFERENT;
        a->refused += refused;
        a->applied += !refused;
        a->word = word;
        return store_release(a->desk->store);
    }
    store_rollback_savepoint(a->desk->store);
    desk_undo(a->desk, &mark);
    return desk_is_refusal(error) ? refuse_one(a, dx_error_text(error)) : error;
}

static int apply_notice(struct desk *desk, const struct store_notice *notice)
{
    char reason[48];
    const char *why = NULL;
    struct applying a = {.desk = desk, .notice = notice, .word = ""};
    const struct bank_visitor visitor = {&a, apply_one, refused_element};
    int error = bank_read_all(notice->provider, notice->source, notice->body, &visitor, &why);
    if (desk_is_refusal(error)) {
        error = refuse_one(&a, why ? why : dx_error_text(error));
    }
    if (error) {
        return error;
    }
    snprintf(reason, sizeof reason, "%d transfers, %d refused", a.applied, a.refused);
    bool several = a.applied + a.refused > 1;
    bool none = a.applied + a.refused == 0;
    const char *state = a.refused > 0 && a.applied == 0    ? "rejected"
                        : strcmp(a.word, "candidate") == 0 ? "candidate"
                                                           : "applied";
    return store_close_notice(desk->store, notice->id, state,
                              several ? reason
                              : none  ? (why ? why : "")
                                      : a.word);
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
