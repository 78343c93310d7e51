/*
 * rows_lot.h - rows of lots: lists, tariffs, passes, traffic accounts, invoices.  As rows.h.
 */
#ifndef DOXE_SIM_STORE_ROWS_LOT_H
#define DOXE_SIM_STORE_ROWS_LOT_H

#include "server/store/store_etc.h"
#include "server/store/store_invoice.h"
#include "server/store/store_offline.h"
#include "server/store/store_pass.h"
#include "sim/store/table.h"

/* ---- lots and what gates keep of them ---- */

struct listed_row {
    uint32_t lot, by, removed_by;
    struct lot_entry entry;
    struct text reason;
    int64_t added_ms, removed_ms;
    bool removed;
};
struct list_version_row {
    int64_t at_ms;
};
struct config_row {
    uint32_t lot;
    int64_t version;
    char content[65];
};
struct tariff_row {
    uint32_t lot, name, by;
    enum vehicle vehicle;
    int64_t from_ms, made_ms;
    struct text text;
};
struct offline_quote_row {
    char event[ULID_CAP], session[ULID_CAP];
    uint32_t lot, gate, gate_tariff, server_tariff, difference;
    int lane;
    char paycode[PAYCODE_CAP];
    int64_t at_ms, received_ms, gate_fee_vnd, server_fee_vnd, gate_due_vnd, gate_entered_ms,
        server_entered_ms;
};
struct session_code_row {
    char code[PAYCODE_CAP], session[ULID_CAP], event[ULID_CAP];
};
struct event_time_row {
    char event[ULID_CAP], session[ULID_CAP], cause[ULID_CAP];
    int64_t said_ms, taken_ms, corrected_ms;
};

/* ---- passes ---- */

struct pass_row {
    struct store_pass pass;
};
struct pass_lot_row {
    char pass[ULID_CAP];
    uint32_t lot;
};
struct pass_plate_row {
    char pass[ULID_CAP], plate[41], by[MSG_NAME_CAP];
    int64_t from_ms, until_ms;
    bool ended;
};
struct pass_hold_row {
    char pass[ULID_CAP], by[MSG_NAME_CAP];
    struct text reason;
    int64_t from_ms, until_ms;
    bool ended;
};
struct pass_change_row {
    char pass[ULID_CAP], what[17], by[MSG_NAME_CAP];
    int64_t at_ms;
};
struct period_row {
    struct store_period row; /* period.lot is the pass's */
};
struct pass_use_row {
    char session[ULID_CAP], pass[ULID_CAP];
    int64_t made_ms;
};

/* ---- traffic accounts, invoices ---- */

struct etc_link_row {
    struct etc_link link;
    char closed_by[MSG_NAME_CAP];
};
struct etc_charge_row {
    struct etc_charge charge;
    int64_t captured_ms;
    char settled[65];
};
struct etc_refund_row {
    struct etc_refund refund;
    char settled[65];
};
struct payout_row {
    char operator_id[MSG_NAME_CAP], reference[ETC_REFERENCE_CAP], credit[ULID_CAP];
    int64_t amount_vnd, at_ms, line;
    bool paid;
};
struct invoice_row {
    struct invoice invoice;
};

#endif
