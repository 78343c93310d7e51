/* on_etc.c - charges to traffic accounts, in the writer's transaction. */
#include "proto/base/check.h"
#include "proto/io/log.h"
#include "server/app/ask.h"
#include "server/app/etc.h"
#include "server/app/money.h"

static bool owes(const struct session *session, int64_t amount_vnd)
{
    bool open = session_is_open(session) || session->state == SESSION_LEFT_UNPAID;
    return open && session->fee_vnd - session->paid_vnd >= amount_vnd;
}

/* ---- at an exit ---- */

int etc_offer(struct desk *desk, const struct app_lot *lot, const struct session *session,
              const struct event *ask, int64_t due_vnd)
{
    struct etc_link link;
    struct etc_charge c = {.lane = ask->lane, .amount_vnd = due_vnd, .made = desk->now};
    if (!lot->etc[0] || due_vnd <= 0 || session->subject.kind != SUBJECT_PLATE) {
        return 0;
    }
    int error =
        store_find_etc_link(desk->store, session->subject.key, session->subject.vehicle, &link);
    if (error == DX_E_NOT_FOUND || (!error && strcmp(link.provider, lot->etc) != 0)) {
        return 0;
    }
    if (error) {
        return error;
    }
    desk_ulid(desk, c.id);
    memcpy(c.session, session->id, sizeof c.session);
    memcpy(c.ask, ask->id, sizeof c.ask);
    str_copy_cut(c.lot, sizeof c.lot, str_c(lot->id));
    str_copy_cut(c.operator_id, sizeof c.operator_id, str_c(lot->operator_id));
    memcpy(c.provider, link.provider, sizeof c.provider);
    memcpy(c.plate, session->subject.key, sizeof c.plate);
    str_copy_cut(c.tag, sizeof c.tag, str_c(ask->tag[0] ? ask->tag : link.tag));
    bool agree = etc_tags_agree(link.tag, ask->tag);
    c.state = agree ? ETC_REQUESTED : ETC_DECLINED;
    c.next = agree ? desk->now : (wall_t){0};
    if (!agree) {
        str_copy_cut(c.answer, sizeof c.answer, STR("mismatch: the tag is not this plate's"));
    }
    error = store_add_etc_charge(desk->store, &c);
    return error == DX_E_EXISTS ? 0 : error; /* one is on its way already */
}

/* ---- an answer ---- */

struct answer_cargo {
    char charge[ULID_CAP];
    struct etc_answer answer;
};

static int refund_rest(struct desk *desk, const struct etc_charge *c, int64_t amount_vnd)
{
    struct etc_refund r = {.amount_vnd = amount_vnd, .made = desk->now, .next = desk->now};
    if (amount_vnd <= 0) {
        return 0;
    }
    desk_ulid(desk, r.id);
    memcpy(r.charge, c->id, sizeof r.charge);
    str_copy_cut(r.state, sizeof r.state, STR("requested"));
    return store_add_etc_refund(desk->store, &r);
}

/* Taken from the account: the stay is paid by it, and what it did not need goes back. */
static int pay(struct desk *desk, struct etc_charge *c, const struct session *session)
{
    const struct app_lot *lot = desk_find_lot(desk, c->lot);
    struct payment_view view = {.found = true, .session = *session};
    struct etc_decision d;
    if (!lot) {
        return DX_E_NOT_FOUND;
    }
    int error = desk_terms(desk, lot, session, &view.terms);
    if (error) {
        return error;
    }
    etc_decide(&view, c, desk->now, &d);
    int64_t refund_vnd = d.pay.refund_vnd;
    c->applied_vnd = d.pay.applied_vnd;
    error = desk_post(desk, lot, &d.tx);
    d.pay.refund_vnd = 0; /* back to the account, not by a case of a bank transfer */
    const struct money_payment payment = {lot, &view.terms, c->id, desk->now, &d.pay};
    error = error ? error : money_pay(desk, &payment);
    error = error ? error : refund_rest(desk, c, refund_vnd);
    if (!error) {
        desk_tell(desk, CHANGE_SESSION, NULL, c->lane, &d.pay.session, "",
                  session_state_text(d.pay.session.state));
    }
    return error;
}

static int on_answer(struct desk *desk, void *cargo)
{
    const struct answer_cargo *a = cargo;
    struct etc_charge c;
    struct session session;
    bool captured = false;
    int error = store_get_etc_charge(desk->store, a->charge, &c);
    error = error ? error : store_get_session(desk->store, c.session, &session);
    if (error) {
        return error;
    }
    etc_take_answer(&c, &a->answer, owes(&session, c.amount_vnd), desk->now, &captured);
    if (captured) {
        error = pay(desk, &c, &session);
    }
    error =
        error ? error : store_put_etc_charge(desk->store, &c, captured ? desk->now : (wall_t){0});
    if (!error) {
        log_info("etc.answer", "charge=%s state=%s attempts=%lld", c.id, etc_state_text(c.state),
                 (long long)c.attempts);
    }
    return error;
}

int app_etc_answer(struct app *app, const char *charge, const struct etc_answer *answer)
{
    struct answer_cargo cargo = {.answer = *answer};
    if (str_copy(cargo.charge, sizeof cargo.charge, str_c(charge)) != 0) {
        return DX_E_NOT_FOUND;
    }
    return app_run_script(app, on_answer, &cargo, sizeof cargo);
}

/* ---- refunds ---- */

struct refund_cargo {
    char refund[ULID_CAP];
    bool done, refused;
    char reference[ETC_REFERENCE_CAP], text[ETC_ANSWER_CAP];
};

static int on_refund(struct desk *desk, void *cargo)
{
    const struct refund_cargo *a = cargo;
    struct etc_refund r;
    struct etc_charge c;
    struct ledger_tx tx;
    int error = store_get_etc_refund(desk->store, a->refund, &r);
    error = error ? error : store_get_etc_charge(desk->store, r.charge, &c);
    const struct app_lot *lot = error ? NULL : desk_find_lot(desk, c.lot);
    if (error || !lot) {
        return error ? error : DX_E_NOT_FOUND;
    }
    if (strcmp(r.state, "done") == 0 || strcmp(r.state, "refused") == 0) {
        return DX_E_STATE;
    }
    r.attempts++;
    memcpy(r.answer, a->text, sizeof r.answer);
    r.next = wall_add(desk->now, etc_wait_ms(r.attempts));
    str_copy_cut(r.state, sizeof r.state, STR("unknown"));
    if (a->done || a->refused) {
        str_copy_cut(r.state, sizeof r.state, a->done ? STR("done") : STR("refused"));
        memcpy(r.reference, a->reference, sizeof r.reference);
        r.next = (wall_t){0};
    }
    if (a->done) {
        etc_refund_tx(r.id, &c, r.amount_vnd, desk->now, &tx);
        error = desk_post(desk, lot, &tx);
    }
    return error ? error : store_put_etc_refund(desk->store, &r);
}

int app_etc_refund_answer(struct app *app, const char *refund, bool done, bool refused,
                          const char *reference, const char *text)
{
    struct refund_cargo cargo = {.done = done, .refused = refused};
    if (str_copy(cargo.refund, sizeof cargo.refund, str_c(refund)) != 0) {
        return DX_E_NOT_FOUND;
    }
    str_copy_cut(cargo.reference, sizeof cargo.reference, str_c(reference));
    str_copy_cut(cargo.text, sizeof cargo.text, str_c(text));
    return app_run_script(app, on_refund, &cargo, sizeof cargo);
}

/* ---- payouts ---- */

int etc_take_payout(struct desk *desk, const struct app_lot *account_lot,
                    const struct bank_credit *credit, const char *id,
                    struct payment_decision *decision)
{
    char reference[ETC_REFERENCE_CAP];
    char bank[LEDGER_ACCOUNT_CAP];
    char etc[LEDGER_ACCOUNT_CAP];
    struct ledger_tx *tx = &decision->tx;
    if (!account_lot || credit->out) {
        return 0;
    }
    int error = store_find_payout(desk->store, account_lot->operator_id, credit->amount_vnd,
                                  credit->content, reference, sizeof reference);
    if (error) {
        return error == DX_E_NOT_FOUND ? 0 : error;
    }
    decision->verdict = PAYMENT_EXACT;
    decision->review_count = 0;
    ledger_bank(bank, account_lot->bin, account_lot->account);
    ledger_name(etc, "etc", account_lot->operator_id);
    char tx_id[LEDGER_ID_CAP];
    memcpy(tx_id, tx->id, sizeof tx_id);
    ledger_begin(tx, tx_id, "etc_payout", account_lot->id, "", id, credit->booked);
    ledger_add(tx, bank, credit->amount_vnd);
    ledger_add(tx, etc, -credit->amount_vnd);
    return store_pay_payout(desk->store, account_lot->operator_id, reference, id);
}
