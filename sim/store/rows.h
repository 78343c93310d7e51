/*
 * rows.h - the rows of sim/store's tables; columns as in server/store/migrations.
 *
 * A `uint32_t` that names a gate, lot, account or word is a number of the table `name`
 * (memory_text).  Texts of unknown length are struct text.
 */
#ifndef DOXE_SIM_STORE_ROWS_H
#define DOXE_SIM_STORE_ROWS_H

#include "server/store/store_offline.h"
#include "sim/store/table.h"

struct name_row {
    struct text text;
};

/* ---- places, journals ---- */

struct operator_row {
    char id[MSG_NAME_CAP], name[121];
};
struct lot_row {
    char id[MSG_NAME_CAP], operator_id[MSG_NAME_CAP];
    char name[121], address[161], ward[61];
    char bin[9], account[CREDIT_ACCOUNT_CAP], account_name[61];
    int64_t capacity_car, capacity_motorbike;
};
struct gate_row {
    char id[MSG_NAME_CAP];
    uint32_t lot;
    char version[33];
    int64_t generation, high, boot, seen_ms;
    bool online;
    struct text status;
};
struct event_row {
    char id[ULID_CAP], session[ULID_CAP];
    uint32_t gate, type, outcome;
    int lane;
    int64_t generation, seq, wall_ms, received_ms;
    struct text body; /* empty unless everything is kept */
};
/* An event with an unset clock, that nobody has corrected yet. */
struct undated_row {
    struct store_undated event;
    uint32_t gate;
    int64_t generation, boot, seq;
};
struct parked_row {
    uint32_t gate;
    int64_t generation, seq;
    struct text body;
};
struct quarantine_row {
    char source[97], reason[161], digest[65];
    int64_t received_ms, times, last_ms;
    struct text bytes;
};

/* ---- sessions ---- */

struct session_row {
    char id[ULID_CAP];
    char key[41], raw[PLATE_RAW_CAP], last4[5];
    char code[PAYCODE_CAP], token[TOKEN_CAP];
    uint8_t state, vehicle, kind, permit;
    bool permitted, inferred;
    int16_t lane_in, lane_out;
    uint32_t lot, gate_in, gate_out;
    int64_t arrived_ms, entered_ms, asked_ms, left_ms, paid_ms, updated_ms;
    int64_t fee_vnd, paid_vnd;
};
struct quote_row {
    char id[ULID_CAP], session[ULID_CAP], ask[ULID_CAP];
    int lane;
    uint32_t tariff, digest;
    int64_t made_ms, priced_to_ms, fee_vnd, due_vnd, valid_until_ms;
    struct text lines;
};
struct review_row {
    uint32_t kind, lot, gate, by;
    int lane;
    char session[ULID_CAP], credit[ULID_CAP];
    struct text cause, detail;
    int64_t opened_ms, closed_ms;
};

/* ---- what gates are told ---- */

struct outbox_row {
    char id[ULID_CAP], session[ULID_CAP], ask[ULID_CAP];
    uint32_t gate, type;
    int lane;
    int64_t made_ms, next_ms, expires_ms, attempts, done_ms;
    bool done;
    struct text body;
};
struct command_row {
    char id[ULID_CAP];
    uint32_t gate, action, by, outcome;
    int lane;
    struct text reason, text;
    int64_t made_ms, deadline_ms, done_ms;
};
struct alarm_row {
    uint32_t lot, gate, code;
    int lane;
    struct text detail;
    int64_t raised_ms, cleared_ms;
};

#endif
