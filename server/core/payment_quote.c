/* payment_quote.c - what is due, and for how long; the end of a stay. */
#include "proto/base/check.h"
#include "server/core/payment.h"

static wall_t began(const struct session *session)
{
    return session->entered.ms ? session->entered : session->arrived;
}

static void add_line(struct payment_quote *q, const char *vi, const char *en, int64_t amount_vnd)
{
    must(q->line_count < MSG_LINES_MAX);
    struct quote_line *line = &q->line[q->line_count++];
    str_copy_cut(line->vi, sizeof line->vi, str_c(vi));
    str_copy_cut(line->en, sizeof line->en, str_c(en));
    line->amount_vnd = amount_vnd;
}

/*
 * A pass that covers a part of the stay only (it ended at midnight, it began while the vehicle was
 * inside): a line says which part was free, and the tariff's lines price the rest.
 */
static void add_pass_lines(struct payment_quote *q, wall_t from, wall_t until,
                           const struct payment_terms *terms)
{
    for (int i = 0; i < terms->pass_count; i++) {
        const struct tariff_span *valid = &terms->passes[i].valid;
        wall_t begin = valid->from.ms > from.ms ? valid->from : from;
        wall_t end = valid->until.ms < until.ms ? valid->until : until;
        bool whole = begin.ms == from.ms && end.ms == until.ms;
        char at[2][TIME_ISO_CAP];
        char text[2][sizeof q->line[0].vi];
        if (whole || begin.ms >= end.ms) {
            continue;
        }
        time_format_short(begin, at[0]);
        time_format_short(end, at[1]);
        snprintf(text[0], sizeof text[0], "Vé tháng, miễn phí %s – %s", at[0], at[1]);
        snprintf(text[1], sizeof text[1], "Monthly pass, free %s – %s", at[0], at[1]);
        add_line(q, text[0], text[1], 0);
    }
}

/* Is some of the time that it was inside covered by a pass? */
static bool is_by_pass(const struct payment_terms *terms, wall_t from, wall_t until)
{
    return terms->pass_count > 0 && terms->passes[0].valid.from.ms < until.ms &&
           terms->passes[terms->pass_count - 1].valid.until.ms > from.ms;
}

/* The tariff's lines; those that do not fit are summed, so that the sum stays right. */
static void add_lines(struct payment_quote *q, const struct tariff_price *price)
{
    /* One for what was paid before, one for debts of earlier stays. */
    int room = MSG_LINES_MAX - 2 - q->line_count;
    bool all = price->line_count <= room;
    int shown = all ? price->line_count : room - 1;
    int64_t rest = 0;
    for (int i = 0; i < price->line_count; i++) {
        const struct tariff_line *line = &price->lines[i];
        if (i < shown) {
            add_line(q, line->text_vi, line->text_en, line->amount_vnd);
        } else {
            rest += line->amount_vnd;
        }
    }
    if (!all) {
        add_line(q, "Các khoản khác", "Other items", rest);
    }
}

static void refuse(struct payment_quote *q, int error)
{
    bool time = error == DX_E_RANGE || error == DX_E_INVAL;
    q->state = QUOTE_REVIEW;
    q->review = time ? REVIEW_STAY_IMPLAUSIBLE : REVIEW_NO_TARIFF;
    q->fee_vnd = 0;
    q->due_vnd = 0;
}

/* Until when what was paid in full is enough, whatever the tariff says meanwhile; 0 ms: not. */
static wall_t covered_until(const struct session *s, const struct tariff_price *price,
                            const struct payment_promise *promise)
{
    if (s->paid_at.ms == 0 || s->paid_vnd < s->fee_vnd) {
        return (wall_t){0};
    }
    wall_t until = wall_add(s->paid_at, price->grace_after_payment_ms);
    bool promised = promise->given && s->paid_vnd >= promise->fee_vnd &&
                    wall_diff(s->paid_at, promise->valid_until) <= 0;
    if (promised && wall_diff(promise->valid_until, until) > 0) {
        until = promise->valid_until;
    }
    return until;
}

static void from_price(const struct session *s, const struct tariff_price *price, wall_t at,
                       wall_t made, const struct payment_terms *terms, struct payment_quote *q)
{
    wall_t until = covered_until(s, price, &terms->promise);
    bool covered = until.ms != 0 && wall_diff(at, until) <= 0;
    q->fee_vnd = price->total.vnd;
    if (covered && s->fee_vnd < q->fee_vnd) {
        q->fee_vnd = s->fee_vnd;
    }
    q->due_vnd = q->fee_vnd > s->paid_vnd ? q->fee_vnd - s->paid_vnd : 0;
    q->valid_until = covered ? until : wall_add(made, terms->promise_ms);
    if (price->has_next_change) {
        q->next_change = price->next_change;
    }
    struct out tariff;
    out_init(&tariff, q->tariff, sizeof q->tariff);
    out_fmt(&tariff, "%s %s", price->name, price->version);
    memcpy(q->digest, price->digest, sizeof q->digest);
    if (q->fee_vnd == price->total.vnd) {
        add_pass_lines(q, began(s), at, terms);
        add_lines(q, price);
    } else {
        add_line(q, "Phí đã thanh toán", "Fee as paid", q->fee_vnd);
    }
    if (q->due_vnd > 0) {
        q->state = QUOTE_DUE;
        if (s->paid_vnd > 0) {
            add_line(q, "Đã trả trước", "Paid before", -s->paid_vnd);
        }
    } else if (s->paid_vnd > 0) {
        q->state = QUOTE_PAID;
        bool enough = price->total.vnd <= s->paid_vnd; /* by the tariff alone, until it changes */
        q->leave_by = enough ? q->next_change : until;
        if (covered && q->leave_by.ms != 0 && wall_diff(until, q->leave_by) > 0) {
            q->leave_by = until;
        }
    } else {
        q->state = is_by_pass(terms, began(s), at) ? QUOTE_EXEMPT : QUOTE_FREE;
    }
}

void payment_quote(const struct session *session, const struct payment_terms *terms, wall_t at,
                   wall_t made, struct payment_quote *ret_quote)
{
    struct tariff_price price;
    struct tariff_stay stay = {
        .vehicle = session->subject.vehicle, .entry = began(session), .exit = at};
    stay.pass_count = terms->pass_count;
    memcpy(stay.passes, terms->passes, sizeof stay.passes);
    memset(ret_quote, 0, sizeof *ret_quote);
    ret_quote->paid_vnd = session->paid_vnd;
    ret_quote->priced_to = at;
    ret_quote->valid_until = made;
    if (terms->exempt) {
        ret_quote->state = QUOTE_EXEMPT;
        return;
    }
    int error = terms->tariff ? tariff_price_stay(terms->tariff, &stay, &price) : DX_E_NOT_FOUND;
    if (error) {
        refuse(ret_quote, error);
    } else {
        from_price(session, &price, at, made, terms, ret_quote);
    }
}

void payment_take_quote(struct session *session, const struct payment_quote *quote)
{
    must(session_is_open(session));
    switch (quote->state) {
    case QUOTE_DUE:
        session->fee_vnd = quote->fee_vnd;
        session_goto(session, SESSION_QUOTED);
        return;
    case QUOTE_PAID:
        session->fee_vnd = quote->fee_vnd;
        if (session->paid_at.ms == 0) {
            session->paid_at = quote->priced_to; /* the fee fell to what had been paid */
        }
        session_goto(session, SESSION_PAID);
        return;
    case QUOTE_FREE:
    case QUOTE_EXEMPT:
        session->fee_vnd = quote->fee_vnd;
        session_goto(session, SESSION_EXEMPT);
        return;
    case QUOTE_UNKNOWN:
    case QUOTE_REVIEW:
    case QUOTE_STATE_COUNT:
        return; /* no fee may be taken: the state waits for the person too */
    }
}

/* The gate's reason for letting it go, against what the books say. */
static void check_permit(struct session_decision *d, int64_t debt_vnd)
{
    const struct session *s = &d->session;
    if (!s->permitted || debt_vnd == 0) {
        return;
    }
    if (s->permit == PERMIT_PAID || s->permit == PERMIT_FREE || s->permit == PERMIT_EXEMPT ||
        s->permit == PERMIT_CASH) {
        session_add_review(d, REVIEW_PERMIT_DIFFERS, "let go as %s; %lld VND are open",
                           permit_text(s->permit), (long long)debt_vnd);
    }
}

void payment_settle(struct session_decision *decision, const char *cause, wall_t at,
                    struct ledger_tx *ret_tx)
{
    char id[LEDGER_ID_CAP];
    char account[LEDGER_ACCOUNT_CAP];
    struct session *s = &decision->session;
    must(decision->ended);
    if (s->state == SESSION_BACKED_OUT) {
        s->fee_vnd = 0;
    }
    int64_t debt = s->fee_vnd > s->paid_vnd ? s->fee_vnd - s->paid_vnd : 0;
    int64_t excess = s->paid_vnd > s->fee_vnd ? s->paid_vnd - s->fee_vnd : 0;
    snprintf(id, sizeof id, "fee:%s:1", s->id);
    ledger_begin(ret_tx, id, "fee", s->lot, s->id, cause, at);
    ledger_prepaid(account, s->lot);
    ledger_add(ret_tx, account, s->paid_vnd);
    ledger_receivable(account, s->lot);
    ledger_add(ret_tx, account, debt);
    ledger_revenue(account, s->lot);
    ledger_add(ret_tx, account, -s->fee_vnd);
    ledger_refund_due(account, s->lot);
    ledger_add(ret_tx, account, -excess);
    must(ledger_is_balanced(ret_tx));
    check_permit(decision, debt);
    if (excess > 0) {
        /* Some tariffs fall with time (a turn that was mostly night becomes mostly day). */
        s->paid_vnd = s->fee_vnd;
        session_add_review(decision, REVIEW_FEE_FELL, "%lld VND to refund", (long long)excess);
    }
    if (s->state != SESSION_BACKED_OUT) {
        session_goto(s, debt > 0 ? SESSION_LEFT_UNPAID : SESSION_LEFT);
    }
}
