/*
 * query_day.h - one operator's day out of the database: what the ledger, the provider, the bank's
 * statement and the gates each say (server/core/day.h names the classes).
 *
 * A picture that can be taken again.  Everything is limited to what was known at
 * `as_of` and to the ledger's numbers up to `number`: the same scope gives the same rows
 * next year, whatever came later.  The rows of every query come in a fixed order.
 *
 * Days are Hanoi's and half open; a transfer belongs to the day of its booking.
 */
#ifndef DOXE_SERVER_QUERY_DAY_H
#define DOXE_SERVER_QUERY_DAY_H

#include "proto/io/db.h"
#include "server/core/day.h"
#include "server/core/ledger.h"

enum { DAY_ACCOUNT_CAP = 33 };

struct day_scope {
    const char *operator_id;
    wall_t from, until;
    wall_t as_of;
    int64_t number; /* last number of the ledger that counts */
};

/* ---- accounts ---- */

struct day_account {
    char account[LEDGER_ACCOUNT_CAP];
    int64_t opening_vnd, debit_vnd, credit_vnd, closing_vnd; /* debit and credit both >= 0 */
};
DX_MUST_USE int query_day_accounts(struct db *db, const struct day_scope *scope,
                                   int (*take)(void *context, const struct day_account *row),
                                   void *context);

/* ---- transfers ---- */

struct day_credit {
    char id[ULID_CAP];
    char account[DAY_ACCOUNT_CAP];
    char reference[66];
    wall_t booked;
    int64_t amount_vnd;           /* > 0 */
    struct day_transfer transfer; /* verdict points into `verdict` */
    char verdict[24];
    enum day_class class_;
};
DX_MUST_USE int query_day_credits(struct db *db, const struct day_scope *scope,
                                  int (*take)(void *context, const struct day_credit *row),
                                  void *context);

/* What the ledger has of an account of the bank that day, and what its transfers add up to. */
struct day_bank {
    char account[DAY_ACCOUNT_CAP];
    int64_t ledger_vnd, transfers_vnd;
};
DX_MUST_USE int query_day_banks(struct db *db, const struct day_scope *scope,
                                int (*take)(void *context, const struct day_bank *row),
                                void *context);

/* ---- statements ---- */

struct day_statement {
    char account[DAY_ACCOUNT_CAP], file[121];
    int64_t rows, in_vnd, out_vnd, gaps;
    int64_t waiting; /* its rows that became no transfer */
    bool has_balances;
    int64_t opening_vnd, closing_vnd;
};
/* Those that cover any of the day. */
DX_MUST_USE int query_day_statements(struct db *db, const struct day_scope *scope,
                                     int (*take)(void *context, const struct day_statement *row),
                                     void *context);

/* ---- lots: the gates' word, and the sessions' ---- */

struct day_lot {
    char lot[MSG_NAME_CAP], name[121];
    int64_t entered, left;     /* passages that the gates confirmed and the server applied */
    int64_t left_sessions;     /* sessions that ended that day: must equal `left` */
    int64_t fee_vnd, debt_vnd; /* booked at their ends; of it not paid then */
    int64_t late_vnd;          /* money that day for debts of before or of the day */
    int64_t by_hand, unlogged;
};
DX_MUST_USE int query_day_lots(struct db *db, const struct day_scope *scope,
                               int (*take)(void *context, const struct day_lot *row),
                               void *context);

/* ---- cash ---- */

struct day_shift {
    char shift[ULID_CAP], lot[MSG_NAME_CAP], by[MSG_NAME_CAP];
    wall_t opened, closed; /* closed 0: not that day */
    int64_t taken_vnd, receipts;
    int64_t ledger_vnd; /* what the ledger has of the takings: must equal taken_vnd */
    int64_t expected_vnd, counted_vnd;
};
/* Those that took cash, or were closed, that day. */
DX_MUST_USE int query_day_shifts(struct db *db, const struct day_scope *scope,
                                 int (*take)(void *context, const struct day_shift *row),
                                 void *context);

/* ---- refunds that are under way at `as_of` ---- */

DX_MUST_USE int query_day_refunds(struct db *db, const struct day_scope *scope, int64_t *ret_count,
                                  int64_t *ret_vnd);

#endif
