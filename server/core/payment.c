/* payment.c - the decision table of a transfer. */
#include "server/core/payment.h"

#include "proto/base/check.h"

#include <stdarg.h>

/* Banks book in whole seconds and by their own clock; a quote may look younger than its payment. */
enum { CLOCK_ROOM_MS = 5 * 60 * 1000 };

#define X(name, word, sentence) word,
static const char *const verdict_words[] = {PAYMENT_VERDICTS(X)};
#undef X

const char *payment_verdict_text(enum payment_verdict verdict)
{
    must(verdict < PAYMENT_VERDICT_COUNT);
    return verdict_words[verdict];
}

const char *credit_source_text(enum credit_source source)
{
#define X(name, word, sentence) word,
    static const char *const words[] = {CREDIT_SOURCES(X)};
#undef X
    must(source < CREDIT_SOURCE_COUNT);
    return words[source];
}

__attribute__((format(printf, 3, 4))) static void
add_review(struct payment_decision *d, enum review_kind kind, const char *format, ...)
{
    must(d->review_count < PAYMENT_REVIEWS_MAX);
    struct review *review = &d->review[d->review_count++];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(review->detail, sizeof review->detail, format, arguments);
    va_end(arguments);
    review->kind = kind;
}

static void begin_tx(const struct bank_credit *credit, const char *cause, const char *kind,
                     const char *lot, const char *session, struct ledger_tx *tx)
{
    char id[LEDGER_ID_CAP];
    snprintf(id, sizeof id, "credit:%s:%s", credit->provider, credit->provider_tx);
    ledger_begin(tx, id, kind, lot, session, cause, credit->booked);
}

/* Money in that belongs to no stay (yet), or money out: the bank's account against suspense. */
static void to_suspense(const struct payment_view *view, const struct bank_credit *credit,
                        const char *cause, struct payment_decision *d)
{
    char account[LEDGER_ACCOUNT_CAP];
    int64_t sign = credit->out ? -1 : 1;
    begin_tx(credit, cause, credit->out ? "reversal" : "credit", "", "", &d->tx);
    ledger_bank(account, view->account_bin, credit->account);
    ledger_add(&d->tx, account, sign * credit->amount_vnd);
    ledger_suspense(account, credit->account);
    ledger_add(&d->tx, account, -sign * credit->amount_vnd);
    d->store = true;
}

/* Money in for a stay: `counter` is what it pays (prepaid or receivable), the rest is owed back. */
static void to_stay(const struct payment_view *view, const struct bank_credit *credit,
                    const char *cause, const char *counter, struct payment_decision *d)
{
    char account[LEDGER_ACCOUNT_CAP];
    const struct session *s = &d->session;
    int64_t debts = 0;
    if (view->resolve_tx) {
        ledger_begin(&d->tx, view->resolve_tx, "resolve", s->lot, s->id, cause, credit->booked);
        ledger_suspense(account, credit->account);
    } else {
        begin_tx(credit, cause, "credit", s->lot, s->id, &d->tx);
        ledger_bank(account, view->account_bin, credit->account);
    }
    ledger_add(&d->tx, account, credit->amount_vnd);
    ledger_add(&d->tx, counter, -d->applied_vnd);
    for (int i = 0; i < d->debt_count; i++) {
        debts += d->debt_paid_vnd[i];
    }
    ledger_receivable(account, s->lot);
    ledger_add(&d->tx, account, -debts);
    ledger_refund_due(account, s->lot);
    ledger_add(&d->tx, account, -d->refund_vnd);
    d->store = true;
}

static void set_aside(const struct payment_view *view, const struct bank_credit *credit,
                      const char *cause, enum payment_verdict verdict, enum review_kind kind,
                      const char *detail, struct payment_decision *d)
{
    d->verdict = verdict;
    to_suspense(view, credit, cause, d);
    add_review(d, kind, "%lld VND: %s", (long long)credit->amount_vnd, detail);
}

/* The moment that prices and grace count from; the ledger keeps the bank's own. */
static wall_t paid_at(const struct payment_view *view, wall_t booked)
{
    bool ahead = view->heard.ms && wall_diff(booked, view->heard) > CLOCK_ROOM_MS;
    return ahead ? view->heard : booked;
}

/* The fee that the stay had at `at`; below 0: it cannot be priced. */
static int64_t fee_at(const struct payment_view *view, wall_t at)
{
    struct payment_quote quote;
    payment_quote(&view->session, &view->terms, at, at, &quote);
    return quote.state == QUOTE_REVIEW ? -1 : quote.fee_vnd;
}

/*
 * What the stay owed in all when the transfer was booked: *ret_fee by the
 * promise or by the tariff, *ret_lowest what a page may have shown within the
 * late grace before it, and up to when that prices the stay.  False: it cannot be
 * priced.
 */
static bool owed_at_booking(const struct payment_view *view, wall_t booked, int64_t *ret_fee,
                            int64_t *ret_lowest, wall_t *ret_priced_to)
{
    const struct session *s = &view->session;
    *ret_priced_to = s->asked;
    const struct payment_promise *promise = &view->terms.promise;
    if (s->state == SESSION_LEAVING) {
        *ret_fee = *ret_lowest = s->fee_vnd; /* it drives: the fee is fixed */
        return true;
    }
    if (promise->given && wall_diff(booked, promise->valid_until) <= 0 &&
        wall_diff(promise->made, booked) <= CLOCK_ROOM_MS) {
        *ret_fee = *ret_lowest = promise->fee_vnd;
        if (wall_diff(booked, promise->made) < 0) {
            /* Booked before the lane asked, told after it: what the page showed then is enough. */
            int64_t shown = fee_at(view, booked);
            *ret_lowest = shown >= 0 && shown < promise->fee_vnd ? shown : promise->fee_vnd;
        }
        return true;
    }
    /* The shortest stay: a bank's whole seconds, or its clock, may lie before the entry. */
    wall_t start = wall_add(s->entered.ms ? s->entered : s->arrived, 1);
    wall_t earlier = wall_add(booked, -view->terms.late_grace_ms);
    if (wall_diff(booked, start) < 0) {
        booked = start;
    }
    if (wall_diff(earlier, start) < 0) {
        earlier = start;
    }
    *ret_priced_to = booked;
    int64_t now = fee_at(view, booked);
    int64_t before = fee_at(view, earlier);
    if (now < 0 || before < 0) {
        return false;
    }
    *ret_fee = now;
    *ret_lowest = before < now ? before : now;
    return true;
}

static void complete(struct payment_decision *d, wall_t booked)
{
    struct session *s = &d->session;
    s->paid_at = booked;
    d->completes = true;
    /* Not yet in, or driving out already: the gate's events say what it does next. */
    if (s->state != SESSION_ARRIVING && s->state != SESSION_LEAVING) {
        session_goto(s, SESSION_PAID);
    }
}

/* What was asked for together with the stay's fee: debts of earlier stays, the oldest first. */
static void pay_debts(const struct payment_view *view, struct payment_decision *d)
{
    must(view->debt_count >= 0 && view->debt_count <= PAYMENT_DEBTS_MAX);
    for (int i = 0; i < view->debt_count && d->refund_vnd > 0; i++) {
        int64_t debt = session_debt(&view->debt[i]);
        int64_t paid = d->refund_vnd < debt ? d->refund_vnd : debt;
        if (paid == 0 || strcmp(view->debt[i].lot, d->session.lot) != 0) {
            continue; /* another lot has another account */
        }
        struct session *s = &d->debt[d->debt_count];
        *s = view->debt[i];
        s->paid_vnd += paid;
        if (s->paid_vnd == s->fee_vnd) {
            session_goto(s, SESSION_LEFT);
        }
        d->debt_paid_vnd[d->debt_count++] = paid;
        d->refund_vnd -= paid;
    }
}

/* The stay is open: exact, under, over, or paid before. */
static void pay_open(const struct payment_view *view, const struct bank_credit *credit,
                     const char *cause, int64_t fee, int64_t lowest, struct payment_decision *d)
{
    char prepaid[LEDGER_ACCOUNT_CAP];
    struct session *s = &d->session;
    int64_t due = fee - s->paid_vnd;
    if (credit->amount_vnd < due && lowest > s->paid_vnd &&
        credit->amount_vnd >= lowest - s->paid_vnd) {
        d->grace_vnd = fee - lowest;
        fee = lowest; /* it read the page before the tariff moved on */
        due = fee - s->paid_vnd;
    }
    if (due <= 0) {
        bool paid = s->paid_vnd > 0;
        d->verdict = paid ? PAYMENT_DUPLICATE : PAYMENT_OVER;
        d->refund_vnd = credit->amount_vnd;
        add_review(d, paid ? REVIEW_BANK_DUPLICATE : REVIEW_BANK_OVER, "%lld VND to refund",
                   (long long)d->refund_vnd);
    } else {
        d->applied_vnd = credit->amount_vnd < due ? credit->amount_vnd : due;
        d->refund_vnd = credit->amount_vnd - d->applied_vnd;
        d->remaining_vnd = due - d->applied_vnd;
        d->update = true;
        s->fee_vnd = fee;
        s->paid_vnd += d->applied_vnd;
        pay_debts(view, d);
        d->verdict = d->remaining_vnd > 0 ? PAYMENT_UNDER
                     : d->refund_vnd > 0  ? PAYMENT_OVER
                                          : PAYMENT_EXACT;
        if (d->remaining_vnd > 0) {
            d->tops_up = true;
        } else {
            complete(d, paid_at(view, credit->booked));
        }
        if (d->refund_vnd > 0) {
            add_review(d, REVIEW_BANK_OVER, "%lld VND to refund", (long long)d->refund_vnd);
        }
    }
    ledger_prepaid(prepaid, s->lot);
    to_stay(view, credit, cause, prepaid, d);
}

/* The stay has ended: its debt first, the rest goes back. */
static void pay_ended(const struct payment_view *view, const struct bank_credit *credit,
                      const char *cause, struct payment_decision *d)
{
    char counter[LEDGER_ACCOUNT_CAP];
    struct session *s = &d->session;
    bool written_off = s->state == SESSION_WRITTEN_OFF;
    int64_t debt = written_off ? s->fee_vnd - s->paid_vnd : session_debt(s);
    d->verdict = PAYMENT_LATE;
    d->applied_vnd = credit->amount_vnd < debt ? credit->amount_vnd : debt;
    d->refund_vnd = credit->amount_vnd - d->applied_vnd;
    d->remaining_vnd = debt - d->applied_vnd;
    if (d->applied_vnd > 0) {
        s->paid_vnd += d->applied_vnd;
        d->update = true;
        if (d->remaining_vnd == 0) {
            s->paid_at = paid_at(view, credit->booked);
            session_goto(s, SESSION_LEFT);
            d->settles_debt = true;
        }
    }
    if (d->refund_vnd > 0) {
        add_review(d, REVIEW_BANK_LATE, "%lld VND to refund", (long long)d->refund_vnd);
    }
    if (written_off) {
        ledger_name(counter, "written_off", s->lot);
    } else {
        ledger_receivable(counter, s->lot);
    }
    to_stay(view, credit, cause, counter, d);
}

/* Rows that do not look at a stay; true when one of them held. */
static bool judge_transfer(const struct payment_view *view, const struct bank_credit *credit,
                           const char *cause, struct payment_decision *d)
{
    if (view->seen == PAYMENT_CHANGED) {
        d->verdict = PAYMENT_DIFFERENT;
        add_review(d, REVIEW_BANK_DIFFERENT, "transfer %s of %s", credit->provider_tx,
                   credit->provider);
    } else if (view->seen != PAYMENT_NEW) {
        d->verdict = PAYMENT_SAME;
    } else if (credit->amount_vnd <= 0 || credit->amount_vnd > MONEY_MAX_VND) {
        d->verdict = PAYMENT_REJECTED;
    } else if (credit->out) {
        set_aside(view, credit, cause, PAYMENT_REVERSAL, REVIEW_BANK_REVERSAL,
                  "went out of the account", d);
    } else if (view->code_count > 1) {
        set_aside(view, credit, cause, PAYMENT_TWO_CODES, REVIEW_BANK_TWO_CODES,
                  "to be split by hand", d);
    } else if (view->code_count == 0 || !view->found) {
        set_aside(view, credit, cause, PAYMENT_UNMATCHED, REVIEW_BANK_UNMATCHED,
                  view->code_count == 0 ? "no code in the content" : "the code is nobody's", d);
    } else if (!view->account_is_lots) {
        set_aside(view, credit, cause, PAYMENT_WRONG_ACCOUNT, REVIEW_BANK_WRONG_ACCOUNT,
                  "not the account of the lot", d);
    } else {
        return false;
    }
    return true;
}

void payment_decide(const struct payment_view *view, const struct bank_credit *credit,
                    const char *cause, struct payment_decision *decision)
{
    int64_t fee = 0;
    int64_t lowest = 0;
    memset(decision, 0, sizeof *decision);
    if (view->found) {
        decision->session = view->session;
    }
    if (judge_transfer(view, credit, cause, decision)) {
        must(ledger_is_balanced(&decision->tx));
        return;
    }
    if (session_is_ended(view->session.state)) {
        pay_ended(view, credit, cause, decision);
    } else if (owed_at_booking(view, paid_at(view, credit->booked), &fee, &lowest,
                               &decision->priced_to)) {
        pay_open(view, credit, cause, fee, lowest, decision);
    } else {
        set_aside(view, credit, cause, PAYMENT_UNMATCHED, REVIEW_BANK_UNMATCHED,
                  "the stay has no price", decision);
    }
    must(ledger_is_balanced(&decision->tx));
    int64_t placed = decision->applied_vnd + decision->refund_vnd;
    for (int i = 0; i < decision->debt_count; i++) {
        placed += decision->debt_paid_vnd[i];
    }
    must(placed == credit->amount_vnd || decision->verdict == PAYMENT_UNMATCHED);
}
