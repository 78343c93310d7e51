/* kinds.c - what each table is found by, and which texts its rows own. */
#include "sim/store/parts.h"

#include "proto/base/check.h"

#include <stdlib.h>

/* The hash of one text column, for most tables. */
#define BY_TEXT(name, table, member)            \
    static uint64_t name(const void *row)       \
    {                                           \
        const struct table##_row *r = row;      \
        return hash_text(HASH_SEED, r->member); \
    }
/* The same, but a row whose column is empty is not in the index. */
#define BY_FILLED(name, table, member)                             \
    static uint64_t name(const void *row)                          \
    {                                                              \
        const struct table##_row *r = row;                         \
        return r->member[0] ? hash_text(HASH_SEED, r->member) : 0; \
    }
#define BY_NUMBER(name, table, member)                     \
    static uint64_t name(const void *row)                  \
    {                                                      \
        const struct table##_row *r = row;                 \
        return hash_number(HASH_SEED, (int64_t)r->member); \
    }
/* The same, while a condition of the row holds. */
#define BY_KEY_IF(name, table, condition, key) \
    static uint64_t name(const void *row)      \
    {                                          \
        const struct table##_row *r = row;     \
        return (condition) ? (key) : 0;        \
    }
#define BY_KEY(name, table, key) BY_KEY_IF(name, table, true, key)
#define FREES(name, table, ...)                                       \
    static void name(void *row)                                       \
    {                                                                 \
        struct table##_row *r = row;                                  \
        struct text texts[] = {__VA_ARGS__};                          \
        for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) { \
            free(texts[i].p);                                         \
        }                                                             \
    }
/* KIND(table, what is called when a row was touched, what frees its texts, keys...) */
#define KIND(table, on_touch, on_release, ...)                                      \
    const struct table_kind memory_kind_##table = {                                 \
        .name = #table,                                                             \
        .size = sizeof(struct table##_row),                                         \
        .index_count = (int)(sizeof(table_key[]){__VA_ARGS__} / sizeof(table_key)), \
        .key = {__VA_ARGS__},                                                       \
        .touched = on_touch,                                                        \
        .release = on_release}
/* A table that is only walked. */
#define KIND_WITHOUT_KEY(table)                                    \
    const struct table_kind memory_kind_##table = {.name = #table, \
                                                   .size = sizeof(struct table##_row)}

static uint64_t two(uint64_t a, uint64_t b)
{
    return hash_number(hash_number(HASH_SEED, (int64_t)a), (int64_t)b);
}
static uint64_t three(uint64_t a, uint64_t b, uint64_t c)
{
    return hash_number(two(a, b), (int64_t)c);
}

/* ---- names: found by their text ---- */

static uint64_t name_key(const void *row)
{
    const struct name_row *r = row;
    return hash_text(HASH_SEED, r->text.p ? r->text.p : "");
}
FREES(free_name, name, r->text)
KIND(name, NULL, free_name, name_key);

/* ---- places ---- */

BY_TEXT(operator_id, operator, id)
const struct table_kind memory_kind_operator_ = {.name = "operator",
                                                 .size = sizeof(struct operator_row),
                                                 .index_count = 1,
                                                 .key = {operator_id}};
BY_TEXT(lot_id, lot, id)
KIND(lot, NULL, NULL, lot_id);
BY_TEXT(gate_id, gate, id)
FREES(free_gate, gate, r->status)
KIND(gate, NULL, free_gate, gate_id);
BY_TEXT(event_id, event, id)
BY_KEY(event_number, event, three(r->gate, (uint64_t)r->generation, (uint64_t)r->seq))
FREES(free_event, event, r->body)
KIND(event, NULL, free_event, event_id, event_number);
BY_KEY(undated_boot, undated, three(r->gate, (uint64_t)r->generation, (uint64_t)r->boot))
BY_TEXT(undated_id, undated, event.id)
KIND(undated, NULL, NULL, undated_boot, undated_id);
BY_NUMBER(parked_gate, parked, gate)
FREES(free_parked, parked, r->body)
KIND(parked, NULL, free_parked, parked_gate);
BY_TEXT(quarantine_digest, quarantine, digest)
FREES(free_quarantine, quarantine, r->bytes)
KIND(quarantine, NULL, free_quarantine, quarantine_digest);

/* ---- sessions ---- */

static uint64_t session_open_key(uint32_t lot, int kind, const char *key)
{
    return hash_text(two(lot, (uint64_t)kind), key);
}
/* Its end is not known. */
static bool stands(const struct session_row *r)
{
    return r->state == SESSION_ARRIVING || r->state == SESSION_INSIDE ||
           r->state == SESSION_QUOTED || r->state == SESSION_PAID || r->state == SESSION_EXEMPT ||
           r->state == SESSION_LEAVING;
}
BY_TEXT(session_id, session, id)
BY_TEXT(session_code, session, code)
BY_TEXT(session_token, session, token)
BY_KEY_IF(session_open, session, r->left_ms == 0 && stands(r),
          session_open_key(r->lot, r->kind, r->key))
BY_KEY_IF(session_owing, session, r->state == SESSION_LEFT_UNPAID, hash_text(HASH_SEED, r->key))
BY_KEY_IF(session_inside, session, stands(r) && r->state != SESSION_ARRIVING,
          two(r->lot, (uint64_t)(unsigned char)r->id[ULID_CAP - 2]))
KIND(session, memory_session_touched, NULL, session_id, session_code, session_token, session_open,
     session_owing, session_inside);

BY_TEXT(quote_id, quote, id)
BY_TEXT(quote_session, quote, session)
FREES(free_quote, quote, r->lines)
KIND(quote, NULL, free_quote, quote_id, quote_session);
BY_KEY_IF(review_lane, review, r->closed_ms == 0, two(r->gate, (uint64_t)r->lane))
BY_KEY_IF(review_credit, review, r->closed_ms == 0 && r->credit[0], hash_text(HASH_SEED, r->credit))
FREES(free_review, review, r->cause, r->detail)
KIND(review, NULL, free_review, review_lane, review_credit);

/* ---- banks ---- */

static void inbox_touched(void *owner, uint32_t n)
{
    struct memory *memory = owner;
    const struct inbox_row *r = table_at(&memory->inbox, n);
    if (r && r->state == NOTICE_NEW && n < memory->inbox_low) {
        memory->inbox_low = n;
    }
}
BY_KEY_IF(inbox_digest, inbox, r->digest[0] != '\0', hash_text(HASH_SEED, r->digest))
FREES(free_inbox, inbox, r->body)
KIND(inbox, inbox_touched, free_inbox, inbox_digest);
BY_TEXT(credit_id, credit, id)
BY_KEY(credit_tx, credit, hash_text(hash_number(HASH_SEED, r->provider), r->provider_tx))
BY_KEY(credit_ref, credit, hash_text(two(r->account, (uint64_t)r->amount_vnd), r->bank_ref))
BY_KEY(credit_amount, credit, two(r->account, (uint64_t)r->amount_vnd))
BY_FILLED(credit_code, credit, code)
BY_KEY(credit_twin, credit, hash_text(two(r->account, (uint64_t)r->amount_vnd), r->code))
FREES(free_credit, credit, r->content)
KIND(credit, NULL, free_credit, credit_id, credit_tx, credit_ref, credit_amount, credit_code,
     credit_twin);
BY_TEXT(source_credit, source, credit)
BY_KEY(source_tx, source, hash_text(hash_number(HASH_SEED, r->provider), r->provider_tx))
KIND(source, NULL, NULL, source_credit, source_tx);
BY_TEXT(statement_digest, statement, statement.digest)
KIND(statement, NULL, NULL, statement_digest);
BY_KEY(cursor_name, cursor, two(r->provider, r->name))
KIND(cursor, NULL, NULL, cursor_name);

static uint64_t tx_id(const void *row)
{
    const struct tx_row *r = row;
    return hash_text(HASH_SEED, r->texts.p);
}
BY_FILLED(tx_session, tx, session)
FREES(free_tx, tx, r->texts)
KIND(tx, NULL, free_tx, tx_id, tx_session);
BY_NUMBER(account_name, account, name)
KIND(account, NULL, NULL, account_name);

/* ---- what gates are told ---- */

BY_TEXT(outbox_id, outbox, id)
BY_KEY_IF(outbox_lane, outbox, !r->done, two(r->gate, (uint64_t)r->lane))
BY_KEY_IF(outbox_session, outbox, !r->done && r->session[0], hash_text(HASH_SEED, r->session))
BY_FILLED(outbox_ask, outbox, ask)
BY_KEY_IF(outbox_gate, outbox, !r->done, hash_number(HASH_SEED, r->gate))
FREES(free_outbox, outbox, r->body)
KIND(outbox, memory_due_touched, free_outbox, outbox_id, outbox_lane, outbox_session, outbox_ask,
     outbox_gate);
BY_TEXT(command_id, command, id)
FREES(free_command, command, r->reason, r->text)
KIND(command, NULL, free_command, command_id);
BY_KEY_IF(alarm_open, alarm, r->cleared_ms == 0, three(r->gate, (uint64_t)r->lane, r->code))
FREES(free_alarm, alarm, r->detail)
KIND(alarm, NULL, free_alarm, alarm_open);

/* ---- money and people ---- */

BY_TEXT(request_id, request, id)
BY_KEY_IF(request_open, request, r->state == REQUEST_OPEN, hash_text(HASH_SEED, r->session))
FREES(free_request, request, r->lines, r->payload)
KIND(request, NULL, free_request, request_id, request_open);
BY_TEXT(applied_credit, applied, credit)
KIND(applied, NULL, NULL, applied_credit);
BY_TEXT(back_credit, back, credit)
BY_TEXT(back_out, back, out_credit)
KIND(back, NULL, NULL, back_credit, back_out);
BY_TEXT(proposal_id, proposal, proposal.id)
BY_KEY_IF(proposal_review, proposal, r->proposal.open && r->proposal.review != 0,
          hash_number(HASH_SEED, r->proposal.review))
BY_FILLED(proposal_credit, proposal, proposal.credit)
BY_KEY_IF(proposal_given_up, proposal, r->proposal.open && r->proposal.write_off,
          hash_text(HASH_SEED, r->proposal.part[0].target))
FREES(free_proposal, proposal, r->reason)
KIND(proposal, NULL, free_proposal, proposal_id, proposal_review, proposal_credit,
     proposal_given_up);
BY_TEXT(refund_id, refund, refund.id)
BY_TEXT(refund_code, refund, refund.code)
BY_FILLED(refund_session, refund, refund.session)
BY_FILLED(refund_credit, refund, refund.credit)
BY_NUMBER(refund_amount, refund, refund.amount_vnd)
KIND(refund, NULL, NULL, refund_id, refund_code, refund_session, refund_credit, refund_amount);
BY_TEXT(refund_account_refund, refund_account, refund)
FREES(free_refund_account, refund_account, r->sealed)
KIND(refund_account, NULL, free_refund_account, refund_account_refund);
BY_KEY(debt_offer_key, debt_offer, hash_text(hash_text(HASH_SEED, r->session), r->debt))
KIND(debt_offer, NULL, NULL, debt_offer_key);
BY_TEXT(unlogged_event, unlogged, event)
KIND(unlogged, NULL, NULL, unlogged_event);
BY_TEXT(shift_id, shift, shift.id)
KIND(shift, NULL, NULL, shift_id);
BY_TEXT(shift_close_shift, shift_close, shift)
FREES(free_shift_close, shift_close, r->text)
KIND(shift_close, NULL, free_shift_close, shift_close_shift);
KIND_WITHOUT_KEY(difference);
BY_TEXT(cash_event, cash, event)
BY_FILLED(cash_session, cash, session)
BY_KEY(cash_receipt, cash, hash_text(hash_number(HASH_SEED, r->gate), r->receipt))
BY_NUMBER(cash_gate, cash, gate)
KIND(cash, NULL, NULL, cash_event, cash_session, cash_receipt, cash_gate);
BY_TEXT(cash_move_id, cash_move, move.id)
BY_FILLED(cash_move_code, cash_move, move.code)
KIND(cash_move, NULL, NULL, cash_move_id, cash_move_code);
BY_TEXT(correction_event, correction, event)
FREES(free_correction, correction, r->text)
KIND(correction, NULL, free_correction, correction_event);

/* ---- lots ---- */

BY_NUMBER(listed_lot, listed, lot)
FREES(free_listed, listed, r->reason)
KIND(listed, NULL, free_listed, listed_lot);
KIND_WITHOUT_KEY(list_version);
BY_NUMBER(config_lot, config, lot)
KIND(config, NULL, NULL, config_lot);
FREES(free_tariff, tariff, r->text)
BY_NUMBER(tariff_lot, tariff, lot)
KIND(tariff, NULL, free_tariff, tariff_lot);
BY_TEXT(offline_quote_event, offline_quote, event)
KIND(offline_quote, NULL, NULL, offline_quote_event);
BY_TEXT(session_code_code, session_code, code)
KIND(session_code, NULL, NULL, session_code_code);
BY_TEXT(event_time_event, event_time, event)
KIND(event_time, NULL, NULL, event_time_event);

/* ---- passes ---- */

BY_TEXT(pass_id, pass, pass.id)
KIND(pass, NULL, NULL, pass_id);
BY_TEXT(pass_lot_pass, pass_lot, pass)
BY_NUMBER(pass_lot_lot, pass_lot, lot)
KIND(pass_lot, NULL, NULL, pass_lot_pass, pass_lot_lot);
BY_TEXT(pass_plate_plate, pass_plate, plate)
BY_TEXT(pass_plate_pass, pass_plate, pass)
KIND(pass_plate, NULL, NULL, pass_plate_plate, pass_plate_pass);
BY_TEXT(pass_hold_pass, pass_hold, pass)
FREES(free_pass_hold, pass_hold, r->reason)
KIND(pass_hold, NULL, free_pass_hold, pass_hold_pass);
KIND_WITHOUT_KEY(pass_change);
BY_TEXT(period_id, period, row.period.id)
BY_TEXT(period_code, period, row.code)
BY_TEXT(period_token, period, row.token)
BY_TEXT(period_pass, period, row.period.pass)
BY_KEY_IF(period_unearned, period,
          r->row.period.covers.ms != 0 && r->row.period.earned < r->row.period.months, HASH_SEED)
KIND(period, NULL, NULL, period_id, period_code, period_token, period_pass, period_unearned);
BY_TEXT(pass_use_session, pass_use, session)
BY_TEXT(pass_use_pass, pass_use, pass)
KIND(pass_use, NULL, NULL, pass_use_session, pass_use_pass);

/* ---- traffic accounts, invoices ---- */

BY_KEY_IF(etc_link_open, etc_link, r->link.closed.ms == 0,
          hash_number(hash_text(HASH_SEED, r->link.plate), r->link.vehicle))
KIND(etc_link, NULL, NULL, etc_link_open);
BY_TEXT(etc_charge_id, etc_charge, charge.id)
BY_TEXT(etc_charge_session, etc_charge, charge.session)
KIND(etc_charge, NULL, NULL, etc_charge_id, etc_charge_session);
BY_TEXT(etc_refund_id, etc_refund, refund.id)
KIND(etc_refund, NULL, NULL, etc_refund_id);
BY_TEXT(payout_operator, payout, operator_id)
KIND(payout, NULL, NULL, payout_operator);
BY_TEXT(invoice_id, invoice, invoice.id)
BY_TEXT(invoice_tx, invoice, invoice.payment.tx)
KIND(invoice, NULL, NULL, invoice_id, invoice_tx);
