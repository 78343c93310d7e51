/* pass_use.c - passes at work: what a stay is covered by, what a transfer pays, what is earned. */
#include "proto/base/check.h"
#include "proto/io/log.h"
#include "server/app/money.h"
#include "server/app/pass.h"
#include "server/app/scripts.h"
#include "server/store/store_cash.h"
#include "server/store/store_pass.h"

/* ---- stays ---- */

/* The engine refuses names that the version at entry does not have. */
static bool is_in_tariff(const struct tariff_set *set, wall_t entry, const struct store_pass *pass)
{
    const struct tariff *tariff = set ? tariff_set_at(set, entry) : NULL;
    for (int i = 0; tariff && i < tariff->pass_count; i++) {
        if (strcmp(tariff->passes[i].name, pass->name) == 0 &&
            tariff->passes[i].vehicles & (UINT32_C(1) << pass->vehicle)) {
            return true;
        }
    }
    return false;
}

static void fill(const struct store_pass *pass, const struct tariff_span *spans, int count,
                 struct payment_terms *terms)
{
    memcpy(terms->pass, pass->id, sizeof terms->pass);
    terms->pass_count = count;
    for (int i = 0; i < count; i++) {
        memcpy(terms->passes[i].name, pass->name, sizeof terms->passes[i].name);
        terms->passes[i].valid = spans[i];
    }
}

static int try_pass(struct store *store, const struct session *session, wall_t entry, wall_t now,
                    const struct store_pass *pass, bool has_place, struct payment_terms *terms)
{
    struct pass_facts facts;
    struct tariff_span spans[TARIFF_HELD_MAX];
    const struct tariff_span stay = {entry, wall_add(entry, TARIFF_STAY_MAX_MS)};
    int others = 0;
    int error = store_get_pass_facts(store, pass->id, session->subject.key, &facts);
    if (error) {
        return error;
    }
    int count = pass_spans(&facts, stay, spans, TARIFF_HELD_MAX);
    if (count > 0 && !has_place) {
        /* Up to and with this instant: who came in the same moment came before. */
        const struct tariff_span used = {spans[0].from, wall_add(now, 1)};
        error = store_count_pass_uses(store, pass->id, session->id, used, &others);
    }
    if (!error && count > 0 && (has_place || others < pass->quota)) {
        fill(pass, spans, count, terms);
    }
    return error;
}

int pass_terms(struct store *store, const struct app_lot *lot, const struct session *session,
               wall_t now, struct payment_terms *terms)
{
    enum { FOUND_MAX = 8 };
    struct store_pass found[FOUND_MAX];
    char place[ULID_CAP] = "";
    int count = 0;
    wall_t entry = session->entered.ms ? session->entered : session->arrived;
    const struct subject *subject = &session->subject;
    terms->pass_count = 0;
    terms->pass[0] = '\0';
    if (subject->kind != SUBJECT_PLATE || subject->key[0] == '\0') {
        return 0;
    }
    int error =
        store_find_passes(store, lot->id, subject->key, subject->vehicle, found, FOUND_MAX, &count);
    if (error || count == 0) {
        return error;
    }
    error = store_get_pass_use(store, session->id, place);
    for (int i = 0; i < count && !error && terms->pass_count == 0; i++) {
        bool has_place = strcmp(place, found[i].id) == 0;
        if ((place[0] == '\0' || has_place) && is_in_tariff(terms->tariff, entry, &found[i])) {
            error = try_pass(store, session, entry, now, &found[i], has_place, terms);
        }
    }
    return error;
}

int pass_claim(struct desk *desk, const struct session *session, const struct payment_terms *terms)
{
    if (terms->pass_count == 0 || terms->passes[0].valid.from.ms > desk->now.ms) {
        return 0;
    }
    return store_add_pass_use(desk->store, session->id, terms->pass, desk->now);
}

/* ---- money ---- */

static int pay_period(struct desk *desk, const struct app_lot *lot,
                      const struct bank_credit *credit, const char *id, struct pass_period *period,
                      struct payment_decision *decision)
{
    bool covered = period->covers.ms != 0;
    wall_t end = {0};
    int error = store_get_pass_end(desk->store, period->pass, &end);
    if (error) {
        return error;
    }
    if (!covered && end.ms > period->from.ms) {
        pass_move(period, end); /* another request for these days was paid meanwhile */
    }
    pass_pay(period, credit, lot->bin, decision);
    error = store_put_period(desk->store, period);
    error = error ? error
                  : money_owe_refund(desk, lot->id, "", id,
                                     decision->verdict == PAYMENT_DUPLICATE ? "duplicate" : "over",
                                     decision->refund_vnd);
    if (!error && !covered && period->covers.ms != 0) {
        error = store_add_pass_change(desk->store, period->pass, "paid", desk->now, "bank");
        desk->earn_at = (wall_t){0};
        log_info("pass.paid", "pass=%s period=%s", period->pass, period->id);
    }
    return error;
}

/* Cash that somebody took to the bank has arrived there. */
static void bank_cash(const struct app_lot *lot, const struct bank_credit *credit,
                      const struct store_cash_move *move, struct payment_decision *decision)
{
    const struct cash_place place = {move->lot, move->operator_id};
    memset(decision, 0, sizeof *decision);
    decision->store = true;
    decision->verdict = credit->amount_vnd == move->amount_vnd  ? PAYMENT_EXACT
                        : credit->amount_vnd < move->amount_vnd ? PAYMENT_UNDER
                                                                : PAYMENT_OVER;
    cash_banked(&place, lot->bin, credit, move->id, &decision->tx);
    if (decision->verdict != PAYMENT_EXACT) {
        struct review *review = &decision->review[decision->review_count++];
        review->kind = REVIEW_CASH_DEPOSIT;
        snprintf(review->detail, sizeof review->detail, "%lld VND were sent, %lld VND came",
                 (long long)move->amount_vnd, (long long)credit->amount_vnd);
    }
}

static void refuse_account(struct payment_decision *decision)
{
    decision->verdict = PAYMENT_WRONG_ACCOUNT;
    decision->review_count = 1;
    decision->review[0].kind = REVIEW_BANK_WRONG_ACCOUNT;
}

int on_request_credit(struct desk *desk, const struct app_lot *account_lot,
                      const struct bank_credit *credit, const char *id, const char *code,
                      struct payment_decision *decision)
{
    struct store_period row;
    struct store_cash_move move;
    const char *lot_id = NULL;
    int error = store_get_period_by_code(desk->store, code, &row);
    bool is_period = error == 0;
    if (is_period) {
        lot_id = row.period.lot;
    } else if (error == DX_E_NOT_FOUND) {
        error = store_get_cash_move_by_code(desk->store, code, &move);
        lot_id = error ? NULL : move.lot;
    }
    if (error) {
        return error == DX_E_NOT_FOUND ? 0 : error; /* nobody's code: it stays unmatched */
    }
    const struct app_lot *lot = desk_find_lot(desk, lot_id);
    if (!lot || !account_lot || strcmp(lot->account, account_lot->account) != 0) {
        refuse_account(decision);
        return 0;
    }
    if (is_period) {
        return pay_period(desk, lot, credit, id, &row.period, decision);
    }
    bank_cash(lot, credit, &move, decision);
    return 0;
}

int on_earn(struct desk *desk)
{
    struct pass_period period;
    int error = 0;
    if (desk->now.ms < desk->earn_at.ms) {
        return 0;
    }
    while ((error = store_find_earning(desk->store, desk->now, &period)) == 0) {
        struct ledger_tx tx;
        pass_earn(&period, &tx);
        error = desk_post(desk, desk_find_lot(desk, period.lot), &tx);
        error = error ? error : store_put_period(desk->store, &period);
        if (error) {
            return error;
        }
    }
    desk->earn_at = wall_add(time_day_start(desk->now), TIME_DAY_MS);
    return error == DX_E_NOT_FOUND ? 0 : error;
}
