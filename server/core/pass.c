#include "server/core/pass.h"

#include "proto/base/check.h"

/* ---- when it covers ---- */

static bool in_any(const struct tariff_span *spans, int count, int64_t at)
{
    for (int i = 0; i < count; i++) {
        if (spans[i].from.ms <= at && at < spans[i].until.ms) {
            return true;
        }
    }
    return false;
}

static bool is_covered(const struct pass_facts *f, int64_t at)
{
    return in_any(f->period, f->period_count, at) && in_any(f->plate, f->plate_count, at) &&
           !in_any(f->hold, f->hold_count, at);
}

/* The first edge behind `at`, or the window's end. */
static int64_t next_edge(const struct pass_facts *f, int64_t at, int64_t end)
{
    const struct tariff_span *const lists[] = {f->period, f->hold, f->plate};
    const int counts[] = {f->period_count, f->hold_count, f->plate_count};
    int64_t next = end;
    for (int l = 0; l < 3; l++) {
        for (int i = 0; i < counts[l]; i++) {
            int64_t from = lists[l][i].from.ms;
            int64_t until = lists[l][i].until.ms;
            next = from > at && from < next ? from : next;
            next = until > at && until < next ? until : next;
        }
    }
    return next;
}

int pass_spans(const struct pass_facts *facts, struct tariff_span window,
               struct tariff_span *ret_spans, int max)
{
    int count = 0;
    bool open = false;
    for (int64_t at = window.from.ms; at < window.until.ms;) {
        int64_t next = next_edge(facts, at, window.until.ms);
        bool covered = is_covered(facts, at);
        if (covered && !open) {
            if (count == max) {
                break;
            }
            ret_spans[count++] = (struct tariff_span){{at}, {next}};
        } else if (covered) {
            ret_spans[count - 1].until.ms = next;
        }
        open = covered;
        at = next;
    }
    return count;
}

/* ---- what is bought ---- */

wall_t pass_months_after(wall_t from, int months)
{
    struct civil civil = time_civil(time_day_start(from));
    wall_t at = from;
    int month = civil.month - 1 + months;
    civil.year += month / 12;
    civil.month = month % 12 + 1;
    if (!time_is_date(civil.year, civil.month, civil.day)) {
        civil.day = 1; /* 31 January and a month is 1 March: never shorter than a month */
        civil.month++; /* December has 31 days, so this stays within the year */
    }
    must(time_from_civil(&civil, &at) == 0);
    return at;
}

static void add_review(struct payment_decision *d, enum review_kind kind, int64_t refund_vnd)
{
    struct review *review = &d->review[d->review_count++];
    review->kind = kind;
    snprintf(review->detail, sizeof review->detail, "%lld VND to refund", (long long)refund_vnd);
}

void pass_move(struct pass_period *period, wall_t from)
{
    must(period->covers.ms == 0);
    period->from = from;
    period->until = pass_months_after(from, period->months);
}

void pass_pay(struct pass_period *period, const struct bank_credit *credit, const char *bin,
              struct payment_decision *decision)
{
    char id[LEDGER_ID_CAP];
    char account[LEDGER_ACCOUNT_CAP];
    int64_t due = period->price_vnd - period->paid_vnd;
    int64_t applied = credit->amount_vnd < due ? credit->amount_vnd : due;
    int64_t refund = credit->amount_vnd - applied;
    memset(decision, 0, sizeof *decision);
    decision->store = true;
    snprintf(id, sizeof id, "credit:%s:%s", credit->provider, credit->provider_tx);
    ledger_begin(&decision->tx, id, "pass", period->lot, "", period->id, credit->booked);
    ledger_bank(account, bin, credit->account);
    ledger_add(&decision->tx, account, credit->amount_vnd);
    ledger_name(account, "pass_deferred", period->lot);
    ledger_add(&decision->tx, account, -applied);
    ledger_refund_due(account, period->lot);
    ledger_add(&decision->tx, account, -refund);
    must(ledger_is_balanced(&decision->tx));
    decision->verdict = applied == 0     ? PAYMENT_DUPLICATE
                        : refund > 0     ? PAYMENT_OVER
                        : applied == due ? PAYMENT_EXACT
                                         : PAYMENT_UNDER;
    if (refund > 0) {
        add_review(decision, applied ? REVIEW_PASS_OVER : REVIEW_PASS_DUPLICATE, refund);
    }
    decision->refund_vnd = refund;
    period->paid_vnd += applied;
    if (applied > 0 && period->paid_vnd == period->price_vnd) {
        period->covers = credit->booked.ms > period->from.ms ? credit->booked : period->from;
    }
}

wall_t pass_next_earning(const struct pass_period *period)
{
    if (period->covers.ms == 0 || period->earned >= period->months) {
        return (wall_t){0};
    }
    return pass_months_after(period->from, period->earned);
}

bool pass_is_earning(const struct pass_period *period, wall_t now)
{
    wall_t next = pass_next_earning(period);
    return next.ms != 0 && next.ms <= now.ms;
}

void pass_earn(struct pass_period *period, struct ledger_tx *ret_tx)
{
    char id[LEDGER_ID_CAP];
    char account[LEDGER_ACCOUNT_CAP];
    wall_t at = pass_next_earning(period);
    must(at.ms != 0);
    int64_t share = period->price_vnd / period->months;
    bool last = period->earned == period->months - 1;
    int64_t amount = last ? period->price_vnd - share * (period->months - 1) : share;
    snprintf(id, sizeof id, "pass_month:%s:%d", period->id, period->earned + 1);
    ledger_begin(ret_tx, id, "pass_month", period->lot, "", period->id, at);
    ledger_name(account, "pass_deferred", period->lot);
    ledger_add(ret_tx, account, amount);
    ledger_name(account, "pass_revenue", period->lot);
    ledger_add(ret_tx, account, -amount);
    period->earned++;
}
