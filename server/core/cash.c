#include "server/core/cash.h"

#include "proto/base/check.h"

#include <stdarg.h>

#define X(name, word, sentence) word,
static const char *const move_words[] = {CASH_MOVES(X)};
#undef X

const char *cash_move_text(enum cash_move move)
{
    must(move < CASH_MOVE_COUNT);
    return move_words[move];
}

__attribute__((format(printf, 3, 4))) static void
add_review(struct cash_decision *d, enum review_kind kind, const char *format, ...)
{
    must(d->review_count < CASH_REVIEWS_MAX);
    struct review *review = &d->review[d->review_count++];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(review->detail, sizeof review->detail, format, arguments);
    va_end(arguments);
    review->kind = kind;
}

/* ---- receipts ---- */

/* "A-000124" is "A-" and 124. */
static struct str split(const char *receipt, int64_t *ret_number)
{
    struct str text = str_c(receipt);
    size_t at = text.n;
    while (at > 0 && ascii_is_digit(text.p[at - 1])) {
        at--;
    }
    *ret_number = -1;
    if (at < text.n && str_parse_i64(str_slice(text, at, text.n), 0, INT64_MAX, ret_number) != 0) {
        *ret_number = -1;
    }
    return str_slice(text, 0, at);
}

const char *cash_receipt_gap(const char *last, const char *receipt, char *space, size_t cap)
{
    int64_t before = 0;
    int64_t number = 0;
    struct str book = split(receipt, &number);
    if (number < 0) {
        snprintf(space, cap, "receipt '%s' has no number", receipt);
        return space;
    }
    if (last[0] == '\0' || !str_eq(split(last, &before), book) || before < 0 ||
        number == before + 1) {
        return NULL;
    }
    snprintf(space, cap,
             number > before ? "receipt %s came after %s: those between are missing"
                             : "receipt %s came after %s",
             receipt, last);
    return space;
}

/* ---- cash for a stay ---- */

static enum review_kind kind_for_cash(enum review_kind kind)
{
    return kind == REVIEW_BANK_OVER        ? REVIEW_CASH_OVER
           : kind == REVIEW_BANK_DUPLICATE ? REVIEW_CASH_DUPLICATE
           : kind == REVIEW_BANK_LATE      ? REVIEW_CASH_LATE
           : kind == REVIEW_BANK_UNMATCHED ? REVIEW_CASH_UNMATCHED
                                           : kind;
}

static void id_of(char *out, const char *kind, const char *id)
{
    struct out text;
    out_init(&text, out, LEDGER_ID_CAP);
    out_fmt(&text, "%s:%s", kind, id);
    must(!out_failed(&text));
}

/* The decision's transaction with the drawer in the place of the bank. */
static void into_drawer(const struct cash_view *view, const struct event *event, wall_t at,
                        struct cash_decision *d)
{
    char id[LEDGER_ID_CAP];
    char drawer[LEDGER_ACCOUNT_CAP];
    const struct ledger_tx *pay = &d->pay.tx;
    bool stay = pay->session[0] != '\0';
    id_of(id, "cash", event->id);
    ledger_cash(drawer, view->place.lot, event->shift[0] ? event->shift : "none");
    ledger_begin(&d->tx, id, "cash", view->place.lot, pay->session, event->id, at);
    ledger_add(&d->tx, drawer, event->amount_vnd);
    for (int i = 0; i < pay->count && stay; i++) {
        if (!str_starts(str_c(pay->entry[i].account), STR("bank:"))) {
            ledger_add(&d->tx, pay->entry[i].account, pay->entry[i].amount_vnd);
        }
    }
    if (!stay) {
        char account[LEDGER_ACCOUNT_CAP];
        char owner[MSG_NAME_CAP + 8];
        snprintf(owner, sizeof owner, "cash-%s", view->place.lot);
        ledger_suspense(account, owner);
        ledger_add(&d->tx, account, -event->amount_vnd);
    }
    must(ledger_is_balanced(&d->tx));
}

/* It was in the drawer when that was counted, and the close did not know of it. */
static void after_close(const struct cash_view *view, const struct event *event, wall_t at,
                        struct cash_decision *d)
{
    char id[LEDGER_ID_CAP];
    char account[LEDGER_ACCOUNT_CAP];
    id_of(id, "late_cash", event->id);
    ledger_begin(&d->late, id, "late_cash", view->place.lot, "", event->id, at);
    ledger_name(account, "cash_over_short", view->place.operator_id);
    ledger_add(&d->late, account, event->amount_vnd);
    ledger_cash(account, view->place.lot, event->shift);
    ledger_add(&d->late, account, -event->amount_vnd);
    d->late_vnd = -event->amount_vnd;
    add_review(d, REVIEW_CASH_SHIFT, "receipt %s: its shift had been closed", event->receipt);
}

void cash_decide(const struct cash_view *view, const struct event *event, wall_t at,
                 struct cash_decision *decision)
{
    char space[REVIEW_DETAIL_CAP];
    struct payment_view stay = view->stay;
    struct bank_credit credit = {.provider = "cash", .amount_vnd = event->amount_vnd, .booked = at};
    must(event->amount_vnd > 0);
    memset(decision, 0, sizeof *decision);
    memcpy(credit.provider_tx, event->id, sizeof event->id);
    stay.seen = PAYMENT_NEW;
    stay.code_count = 1;
    stay.account_is_lots = true;
    stay.account_bin = "cash";
    payment_decide(&stay, &credit, event->id, &decision->pay);
    into_drawer(view, event, at, decision);
    for (int i = 0; i < decision->pay.review_count; i++) {
        const struct review *review = &decision->pay.review[i];
        add_review(decision, kind_for_cash(review->kind), "receipt %s: %s", event->receipt,
                   review->detail);
    }
    if (view->receipt_used) {
        add_review(decision, REVIEW_CASH_RECEIPT, "receipt %s was given before", event->receipt);
    } else if (cash_receipt_gap(view->last_receipt, event->receipt, space, sizeof space)) {
        add_review(decision, REVIEW_CASH_RECEIPT, "%s", space);
    }
    if (view->shift_closed) {
        after_close(view, event, at, decision);
    } else if (!view->shift_known) {
        add_review(decision, REVIEW_CASH_SHIFT, "receipt %s: no such shift is open",
                   event->receipt);
    }
}

/* ---- shifts ---- */

void shift_open(const struct cash_place *place, const struct event *event, int64_t previous_vnd,
                wall_t at, struct shift_opening *ret_opening)
{
    char id[LEDGER_ID_CAP];
    char account[LEDGER_ACCOUNT_CAP];
    struct shift_opening *o = ret_opening;
    int64_t counted = event->counted_vnd;
    memset(o, 0, sizeof *o);
    id_of(id, "shift_open", event->shift);
    ledger_begin(&o->tx, id, "shift_open", place->lot, "", event->id, at);
    ledger_cash(account, place->lot, event->shift);
    ledger_add(&o->tx, account, counted);
    if (previous_vnd >= 0) {
        o->taken_over_vnd = counted < previous_vnd ? counted : previous_vnd;
        o->difference_vnd = counted - o->taken_over_vnd;
        ledger_cash(account, place->lot, event->cause);
        ledger_add(&o->tx, account, -o->taken_over_vnd);
        ledger_name(account, "cash_over_short", place->operator_id);
        ledger_add(&o->tx, account, -o->difference_vnd);
    } else {
        ledger_name(account, "cash_safe", place->operator_id);
        ledger_add(&o->tx, account, -counted);
    }
    must(ledger_is_balanced(&o->tx));
}

void shift_close(const struct cash_place *place, const struct event *event, int64_t expected_vnd,
                 wall_t at, struct shift_closing *ret_closing)
{
    char id[LEDGER_ID_CAP];
    char account[LEDGER_ACCOUNT_CAP];
    struct shift_closing *c = ret_closing;
    memset(c, 0, sizeof *c);
    c->difference_vnd = event->counted_vnd - expected_vnd;
    id_of(id, "shift_close", event->shift);
    ledger_begin(&c->tx, id, "shift_close", place->lot, "", event->id, at);
    ledger_cash(account, place->lot, event->shift);
    ledger_add(&c->tx, account, c->difference_vnd);
    ledger_name(account, "cash_over_short", place->operator_id);
    ledger_add(&c->tx, account, -c->difference_vnd);
}

/* ---- out of the drawer ---- */

void cash_move(const struct cash_place *place, enum cash_move move, const char *id,
               const char *shift, int64_t amount_vnd, wall_t at, struct ledger_tx *ret_tx)
{
    char tx[LEDGER_ID_CAP];
    char account[LEDGER_ACCOUNT_CAP];
    must(amount_vnd > 0);
    id_of(tx, cash_move_text(move), id);
    ledger_begin(ret_tx, tx, cash_move_text(move), place->lot, "", id, at);
    ledger_name(account, move == CASH_HANDED_IN ? "cash_safe" : "cash_transit", place->operator_id);
    ledger_add(ret_tx, account, amount_vnd);
    if (move == CASH_HANDED_IN) {
        ledger_cash(account, place->lot, shift);
    } else {
        ledger_name(account, "cash_safe", place->operator_id);
    }
    ledger_add(ret_tx, account, -amount_vnd);
}

void cash_banked(const struct cash_place *place, const char *bin, const struct bank_credit *credit,
                 const char *move, struct ledger_tx *ret_tx)
{
    char id[LEDGER_ID_CAP];
    char account[LEDGER_ACCOUNT_CAP];
    snprintf(id, sizeof id, "credit:%s:%s", credit->provider, credit->provider_tx);
    ledger_begin(ret_tx, id, "cash_banked", place->lot, "", move, credit->booked);
    ledger_bank(account, bin, credit->account);
    ledger_add(ret_tx, account, credit->amount_vnd);
    ledger_name(account, "cash_transit", place->operator_id);
    ledger_add(ret_tx, account, -credit->amount_vnd);
}
