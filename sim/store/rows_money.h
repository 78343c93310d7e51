/*
 * rows_money.h - rows about money: what banks said, the ledger, requests, refunds, cash.  As
 * rows.h.
 */
#ifndef DOXE_SIM_STORE_ROWS_MONEY_H
#define DOXE_SIM_STORE_ROWS_MONEY_H

#include "server/store/store_bank.h"
#include "server/store/store_cases.h"
#include "server/store/store_cash.h"
#include "sim/store/table.h"

/* ---- banks, ledger ---- */

enum { NOTICE_NEW, NOTICE_APPLIED, NOTICE_REJECTED, NOTICE_CANDIDATE };
struct inbox_row {
    uint32_t provider, reason;
    uint8_t state;
    enum credit_source source;
    char digest[65];
    int64_t received_ms, statement;
    int line;
    struct text body;
};
struct credit_row {
    char id[ULID_CAP], session[ULID_CAP], code[PAYCODE_CAP];
    uint32_t provider, account;
    char provider_tx[CREDIT_TX_CAP], bank_ref[CREDIT_REF_CAP];
    bool out, date_only;
    enum payment_verdict verdict;
    int64_t amount_vnd, booked_ms, received_ms, inbox;
    struct text content;
};
struct source_row {
    char credit[ULID_CAP];
    enum credit_source source;
    uint32_t provider;
    char provider_tx[CREDIT_TX_CAP], bank_ref[CREDIT_REF_CAP];
    int64_t inbox, first_ms, last_ms, times, balance_vnd;
    bool has_balance;
};
struct statement_row {
    struct store_statement statement; /* its texts stand below */
    char bin[9], account[CREDIT_ACCOUNT_CAP], file[121], mapping[65];
};
struct cursor_row {
    uint32_t provider, name;
    int64_t value, at_ms;
};
/* Number n of the ledger is row n. */
struct tx_row {
    uint32_t kind, lot;
    char session[ULID_CAP];
    int64_t at_ms;
    uint8_t prev[LEDGER_HASH_SIZE], hash[LEDGER_HASH_SIZE];
    int count;
    struct text texts; /* id, NUL, cause, NUL */
    struct {
        uint32_t account;
        int64_t amount_vnd;
    } entry[LEDGER_ENTRIES_MAX];
};
struct account_row {
    uint32_t name;
    int64_t entries, balance_vnd;
};

/* ---- money and people ---- */

struct request_row {
    char id[ULID_CAP], session[ULID_CAP], credit[ULID_CAP], code[PAYCODE_CAP];
    uint32_t kind, bin, account;
    uint8_t state;
    int64_t amount_vnd, debt_vnd, fee_vnd, made_ms, promise_ms, closed_ms;
    struct text lines, payload;
};
struct applied_row {
    char credit[ULID_CAP], session[ULID_CAP];
    int64_t amount_vnd, back_vnd;
};
struct back_row {
    char credit[ULID_CAP], out_credit[ULID_CAP];
};
struct proposal_row {
    struct store_proposal proposal;
    bool approved;
    char decided_by[MSG_NAME_CAP];
    struct text reason;
    int64_t made_ms, decided_ms;
};
struct refund_row {
    struct refund refund; /* has_account is looked up */
    int64_t requested_ms, approved_ms, sent_ms, confirmed_ms, cancelled_ms;
    char confirmed_by[ULID_CAP], cancelled_by[MSG_NAME_CAP], cancel_reason[161];
};
struct refund_account_row {
    char refund[ULID_CAP], bin[9];
    struct text sealed;
    int64_t given_ms, erase_ms;
};
struct debt_offer_row {
    char session[ULID_CAP], debt[ULID_CAP];
    int64_t due_vnd, made_ms;
};
struct unlogged_row {
    char event[ULID_CAP], session[ULID_CAP];
    uint32_t lot, gate, code;
    int lane;
    int64_t at_ms;
};
struct shift_row {
    struct store_shift shift;
};
struct shift_close_row {
    char shift[ULID_CAP], event[ULID_CAP], by[MSG_NAME_CAP];
    struct text text;
    int64_t closed_ms, counted_vnd, expected_vnd, told_vnd;
};
struct difference_row {
    char shift[ULID_CAP], event[ULID_CAP], reason[17];
    int64_t at_ms, amount_vnd;
};
struct cash_row {
    char event[ULID_CAP], session[ULID_CAP], shift[ULID_CAP];
    uint32_t lot, gate, by;
    char receipt[MSG_RECEIPT_CAP];
    enum payment_verdict verdict;
    int64_t taken_ms, amount_vnd, applied_vnd, refund_vnd;
};
struct cash_move_row {
    struct store_cash_move move;
};
struct correction_row {
    char event[ULID_CAP];
    uint32_t lot, gate, by;
    enum vehicle vehicle;
    int count_from, count_to;
    struct text text;
    int64_t at_ms;
};

#endif
