/* on_proposal.c - one person says what money in suspense was, another agrees, and it is booked. */
#include "proto/base/check.h"
#include "proto/io/log.h"
#include "server/app/money.h"
#include "server/app/scripts.h"

/* A transfer in suspense, and whose account it is on. */
struct resolving {
    struct desk *desk;
    struct store_booked booked;
    const struct app_lot *account_lot; /* the first lot that collects into it; NULL: nobody's */
    const struct store_proposal *proposal;
};

static int load_credit(struct resolving *r, const char *credit)
{
    bool suspended = false;
    int error = store_get_credit(r->desk->store, credit, &r->booked);
    error = error ? error : store_is_suspended(r->desk->store, credit, &suspended);
    if (!error) {
        r->account_lot = desk_find_account(r->desk, r->booked.credit.account);
    }
    return error ? error : suspended ? 0 : DX_E_STATE;
}

/* ---- may it be proposed? ---- */

/* The stay's lot must be of the operator whose account holds the money. */
static int check_session(const struct resolving *r, const struct proposal_part *part)
{
    struct session s;
    int error = store_get_session(r->desk->store, part->target, &s);
    const struct app_lot *lot = error ? NULL : desk_find_lot(r->desk, s.lot);
    if (error) {
        return error;
    }
    if (!lot || !r->account_lot || strcmp(lot->operator_id, r->account_lot->operator_id) != 0) {
        return DX_E_STATE;
    }
    bool open = session_is_open(&s);
    bool owes = session_debt(&s) > 0 || s.state == SESSION_WRITTEN_OFF;
    bool fits = part->action == PROPOSAL_SESSION ? open : owes;
    return fits ? 0 : DX_E_STATE;
}

static int check_target(const struct resolving *r, const struct proposal_part *part)
{
    struct refund refund;
    struct store_booked earlier;
    struct store *store = r->desk->store;
    const struct bank_credit *credit = &r->booked.credit;
    int error = 0;
    switch (part->action) {
    case PROPOSAL_SESSION:
    case PROPOSAL_DEBT:
        return check_session(r, part);
    case PROPOSAL_REFUND:
        return r->account_lot ? 0 : DX_E_STATE;
    case PROPOSAL_OWNER:
    case PROPOSAL_KEEP:
        return 0;
    case PROPOSAL_REFUND_PAID:
        error = store_get_refund(store, part->target, &refund);
        bool payable = !error && refund_may_go(refund.state, REFUND_CONFIRMED) &&
                       refund.amount_vnd == part->amount_vnd;
        return error ? error : payable ? 0 : DX_E_STATE;
    case PROPOSAL_TAKEN_BACK:
        error = store_get_credit(store, part->target, &earlier);
        bool fits = !error && !earlier.credit.out &&
                    earlier.credit.amount_vnd == credit->amount_vnd &&
                    strcmp(earlier.credit.account, credit->account) == 0;
        return error ? error : fits ? 0 : DX_E_STATE;
    case PROPOSAL_ACTION_COUNT:
        break;
    }
    return DX_E_INVAL;
}

static int add(struct desk *desk, struct store_proposal *proposal, struct app_case *order)
{
    desk_ulid(desk, proposal->id);
    memcpy(proposal->note, order->note, sizeof proposal->note);
    memcpy(proposal->made_by, order->by, sizeof proposal->made_by);
    int error = store_add_proposal(desk->store, proposal, desk->now);
    if (!error) {
        memcpy(order->ret_id, proposal->id, sizeof order->ret_id);
        log_info("case.proposed", "proposal=%s review=%lld by=%s", proposal->id,
                 (long long)proposal->review, order->by);
        desk_tell(desk, CHANGE_REVIEW, NULL, 0, NULL, "", "proposed");
    }
    return error;
}

/* People name a stay by its payment code; what they agree on names it by its id. */
static int name_stay(struct desk *desk, struct proposal_part *part)
{
    struct session s;
    if ((part->action != PROPOSAL_SESSION && part->action != PROPOSAL_DEBT) || !part->target[0]) {
        return 0;
    }
    int error = money_find_stay(desk, part->target, &s);
    if (!error) {
        memcpy(part->target, s.id, sizeof part->target);
    }
    return error;
}

static int propose(struct desk *desk, struct app_case *order)
{
    struct store_review_row review;
    struct resolving r = {.desk = desk};
    struct store_proposal proposal = {.review = order->review, .part_count = order->part_count};
    int error = store_get_review(desk->store, order->review, &review);
    if (error || !review.open || review.credit[0] == '\0') {
        return error ? error : DX_E_NOT_FOUND;
    }
    error = load_credit(&r, review.credit);
    for (int i = 0; i < order->part_count && !error; i++) {
        error = name_stay(desk, &order->part[i]);
    }
    error = error ? error
                  : proposal_check(order->part, order->part_count, r.booked.credit.out,
                                   r.booked.credit.amount_vnd);
    for (int i = 0; i < order->part_count && !error; i++) {
        error = check_target(&r, &order->part[i]);
        proposal.part[i] = order->part[i];
    }
    memcpy(proposal.credit, review.credit, sizeof proposal.credit);
    return error ? error : add(desk, &proposal, order);
}

static int propose_write_off(struct desk *desk, struct app_case *order)
{
    struct session s;
    int64_t open = 0;
    struct store_proposal proposal = {.write_off = true, .part_count = 1};
    if (order->note[0] == '\0') {
        return DX_E_INVAL;
    }
    int error = store_get_session(desk->store, order->id, &s);
    error = error ? error : store_count_write_offs(desk->store, s.id, &open);
    if (error || open > 0 || session_debt(&s) == 0) {
        return error ? error : open > 0 ? DX_E_EXISTS : DX_E_STATE;
    }
    memcpy(proposal.part[0].target, s.id, sizeof s.id);
    proposal.part[0].amount_vnd = session_debt(&s);
    return add(desk, &proposal, order);
}

/* ---- agreed: it is booked ---- */

/* As if it had come with the right code on the right account, priced at its booking. */
static int pay_session(struct resolving *r, const struct proposal_part *part, const char *tx_id)
{
    struct payment_decision d;
    struct payment_view view = {.seen = PAYMENT_NEW,
                                .code_count = 1,
                                .found = true,
                                .account_is_lots = true,
                                .account_bin = r->account_lot->bin,
                                .heard = r->desk->now,
                                .resolve_tx = tx_id};
    struct bank_credit credit = r->booked.credit;
    credit.amount_vnd = part->amount_vnd;
    int error = store_get_session(r->desk->store, part->target, &view.session);
    const struct app_lot *lot = error ? NULL : desk_find_lot(r->desk, view.session.lot);
    error = error ? error : lot ? desk_terms(r->desk, lot, &view.session, &view.terms) : DX_E_STATE;
    if (error) {
        return error;
    }
    payment_decide(&view, &credit, r->proposal->id, &d);
    if (d.verdict == PAYMENT_UNMATCHED) {
        return DX_E_STATE; /* it has no price; nothing may be paid of it */
    }
    const struct money_payment payment = {.lot = lot,
                                          .terms = &view.terms,
                                          .credit = r->booked.id,
                                          .booked = credit.booked,
                                          .decision = &d};
    error = desk_post(r->desk, lot, &d.tx);
    return error ? error : money_pay(r->desk, &payment);
}

static int run_part(struct resolving *r, int index)
{
    char id[LEDGER_ID_CAP];
    struct ledger_tx tx;
    struct refund refund;
    struct desk *desk = r->desk;
    const struct proposal_part *part = &r->proposal->part[index];
    struct bank_credit credit = r->booked.credit;
    const char *lot = r->account_lot ? r->account_lot->id : "";
    credit.amount_vnd = part->amount_vnd;
    const struct money_out out = {&credit, r->booked.id, r->account_lot};
    snprintf(id, sizeof id, "resolve:%s:%d", r->proposal->id, index + 1);
    int error = check_target(r, part);
    if (error && part->action != PROPOSAL_SESSION && part->action != PROPOSAL_DEBT) {
        return error;
    }
    switch (part->action) {
    case PROPOSAL_SESSION: /* it may have left meanwhile, or been paid: the table says what then */
    case PROPOSAL_DEBT:
        return pay_session(r, part, id);
    case PROPOSAL_REFUND:
    case PROPOSAL_OWNER:
        proposal_tx(part, id, lot, credit.account, credit.out, r->proposal->id, credit.booked, &tx);
        error = desk_post(desk, r->account_lot, &tx);
        return error || part->action == PROPOSAL_OWNER
                   ? error
                   : money_owe_refund(desk, lot, "", r->booked.id, "transfer", part->amount_vnd);
    case PROPOSAL_REFUND_PAID:
        error = store_get_refund(desk->store, part->target, &refund);
        return error ? error : money_confirm_refund(desk, &out, &refund);
    case PROPOSAL_TAKEN_BACK:
        return money_take_back(desk, &out, part->target);
    case PROPOSAL_KEEP:
    case PROPOSAL_ACTION_COUNT:
        break;
    }
    return 0;
}

static int run_write_off(struct desk *desk, const struct store_proposal *proposal)
{
    struct session s;
    struct ledger_tx tx;
    int error = store_get_session(desk->store, proposal->part[0].target, &s);
    if (error) {
        return error;
    }
    if (session_debt(&s) > proposal->part[0].amount_vnd) {
        return DX_E_STATE; /* it owes more than what was agreed to */
    }
    error = proposal_write_off(&s, proposal->id, desk->now, &tx);
    error = error ? error : desk_post(desk, desk_find_lot(desk, s.lot), &tx);
    error = error ? error : store_put_session(desk->store, &s, desk->now);
    error = error ? error : money_drop_request(desk, s.id);
    if (!error) {
        desk_tell(desk, CHANGE_SESSION, NULL, 0, &s, "", session_state_text(s.state));
    }
    return error;
}

static int run_transfer(struct desk *desk, const struct store_proposal *proposal, const char *by)
{
    struct resolving r = {.desk = desk, .proposal = proposal};
    int error = load_credit(&r, proposal->credit);
    for (int i = 0; i < proposal->part_count && !error; i++) {
        error = run_part(&r, i);
    }
    if (!error && proposal->part[0].action != PROPOSAL_KEEP) {
        error = store_close_credit_reviews(desk->store, proposal->credit, by, desk->now);
    }
    return error;
}

int on_adopt_credit(struct desk *desk, const char *cause, const char *credit, const char *session,
                    int64_t amount_vnd)
{
    struct store_proposal proposal = {.part_count = 1};
    proposal.part[0].action = PROPOSAL_SESSION;
    proposal.part[0].amount_vnd = amount_vnd;
    str_copy_cut(proposal.id, sizeof proposal.id, str_c(cause));
    str_copy_cut(proposal.credit, sizeof proposal.credit, str_c(credit));
    str_copy_cut(proposal.part[0].target, sizeof proposal.part[0].target, str_c(session));
    return run_transfer(desk, &proposal, "system");
}

static int decide(struct desk *desk, struct app_case *order, bool approve)
{
    struct store_proposal proposal;
    int error = store_get_proposal(desk->store, order->id, &proposal);
    if (error || !proposal.open) {
        return error ? error : DX_E_NOT_FOUND;
    }
    error = proposal_may_decide(proposal.made_by, order->by);
    if (!error && !approve && order->note[0] == '\0') {
        error = DX_E_INVAL; /* a refusal always says why */
    }
    if (!error && approve) {
        error = proposal.write_off ? run_write_off(desk, &proposal)
                                   : run_transfer(desk, &proposal, order->by);
    }
    error = error ? error
                  : store_decide_proposal(desk->store, proposal.id, approve, order->by, order->note,
                                          desk->now);
    if (!error) {
        memcpy(order->ret_id, proposal.id, sizeof order->ret_id);
        log_info(approve ? "case.approved" : "case.refused", "proposal=%s made_by=%s by=%s",
                 proposal.id, proposal.made_by, order->by);
        desk_tell(desk, CHANGE_REVIEW, NULL, 0, NULL, "", approve ? "approved" : "refused");
    }
    return error;
}

int on_proposal(struct desk *desk, struct app_case *order)
{
    if (order->by[0] == '\0') {
        return DX_E_INVAL;
    }
    if (order->kind == APP_PROPOSE) {
        return propose(desk, order);
    }
    return order->kind == APP_WRITE_OFF ? propose_write_off(desk, order)
                                        : decide(desk, order, order->kind == APP_APPROVE);
}
