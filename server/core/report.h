/*
 * report.h - what each fact adds to the day's counts.
 *
 * The city page never adds up rows: entered cars, turns, fees and transfers are
 * counted per day, lot and vehicle class in the same transaction as the fact.
 * A day is a calendar day in Hanoi.  Counts can go down again (a debt that is
 * settled late is no longer an unpaid turn); they are signed differences.
 */
#ifndef DOXE_SERVER_REPORT_H
#define DOXE_SERVER_REPORT_H

#include "server/core/session.h"

enum { REPORT_DAY_CAP = 11 };

/* A difference to one row of rollup_day. */
struct rollup {
    char day[REPORT_DAY_CAP]; /* "2026-03-02" */
    char lot[MSG_NAME_CAP];
    enum vehicle vehicle;
    int64_t entered, left, fee_vnd, cashless_turns, cash_turns, unpaid_turns, free_turns,
        transfer_vnd;
};

void report_day(char out[REPORT_DAY_CAP], wall_t t);
/* It came in. */
void report_entered(const struct session *session, struct rollup *ret_rollup);
/*
 * It has gone: a turn, with its fee, cashless, by cash, unpaid or free.  state is LEFT or
 * LEFT_UNPAID; `cash`: some of it was paid in cash.
 */
void report_left(const struct session *session, bool cash, struct rollup *ret_rollup);
/* Money applied to it, by the day of the booking. */
void report_transfer(const struct session *session, wall_t booked, int64_t amount_vnd,
                     struct rollup *ret_rollup);
/* A debt was settled: the turn of the day it left was cashless after all. */
void report_debt_settled(const struct session *session, struct rollup *ret_rollup);

/* The bank took the money back: the turn of the day it left is unpaid again. */
void report_debt_returned(const struct session *session, struct rollup *ret_rollup);

#endif
