/*
 * store_cash.h - shifts, cash and corrections of the count in the database; a part of the port
 * store.h, with its errors and its rule of one writer.
 */
#ifndef DOXE_SERVER_STORE_CASH_H
#define DOXE_SERVER_STORE_CASH_H

#include "server/core/cash.h"
#include "server/store/store.h"

struct store_shift {
    char id[ULID_CAP];
    char lot[MSG_NAME_CAP], gate[MSG_NAME_CAP], by[MSG_NAME_CAP];
    wall_t opened;
    int64_t float_vnd, taken_over_vnd;
    char previous[ULID_CAP];
    bool inferred;
    char event[ULID_CAP];
    bool closed; /* read only: there is a close */
};
/* DX_E_NOT_FOUND. */
DX_MUST_USE int store_get_shift(struct store *store, const char *id, struct store_shift *ret_shift);
/* DX_E_EXISTS. */
DX_MUST_USE int store_add_shift(struct store *store, const struct store_shift *shift);
struct store_shift_close {
    const char *shift, *by, *text, *event;
    wall_t closed;
    int64_t counted_vnd, expected_vnd, told_vnd;
};
/* DX_E_EXISTS: closed before. */
DX_MUST_USE int store_add_shift_close(struct store *store, const struct store_shift_close *close);
/* `reason`: "close", "hand_over", "late_cash". */
DX_MUST_USE int store_add_shift_difference(struct store *store, const char *shift, wall_t at,
                                           int64_t amount_vnd, const char *reason,
                                           const char *event);
/* What the ledger has in this drawer. */
DX_MUST_USE int store_get_drawer(struct store *store, const char *lot, const char *shift,
                                 int64_t *ret_vnd);

struct store_cash {
    const struct event *event; /* CASH_TAKEN */
    const char *lot, *session; /* session "" when none fits */
    wall_t taken;
    int64_t applied_vnd, refund_vnd;
    enum payment_verdict verdict;
};
DX_MUST_USE int store_add_cash(struct store *store, const struct store_cash *cash);
/* The last receipt of a gate ("" none), and whether it gave this one before. */
DX_MUST_USE int store_find_receipt(struct store *store, const char *gate, const char *receipt,
                                   char ret_last[MSG_RECEIPT_CAP], bool *ret_used);

struct store_cash_move {
    char id[ULID_CAP];
    enum cash_move move;
    char lot[MSG_NAME_CAP], operator_id[MSG_NAME_CAP], by[MSG_NAME_CAP];
    char shift[ULID_CAP]; /* "" for BANKED */
    int64_t amount_vnd;
    wall_t at;
    char code[PAYCODE_CAP]; /* "" for HANDED_IN */
};
DX_MUST_USE int store_add_cash_move(struct store *store, const struct store_cash_move *move);
/* DX_E_NOT_FOUND. */
DX_MUST_USE int store_get_cash_move_by_code(struct store *store, const char *code,
                                            struct store_cash_move *ret_move);

DX_MUST_USE int store_add_correction(struct store *store, const struct event *event,
                                     const char *lot, wall_t at);

/* No stay, pass or deposit has this payment code. */
DX_MUST_USE int store_code_is_free(struct store *store, const char *code, bool *ret_free);

#endif
