#include "server/core/report.h"

#include "proto/base/check.h"

void report_day(char out[REPORT_DAY_CAP], wall_t t)
{
    char iso[TIME_ISO_CAP];
    time_format_iso(t, iso);
    str_copy_cut(out, REPORT_DAY_CAP, str_slice(str_c(iso), 0, REPORT_DAY_CAP - 1));
}

static void start(const struct session *session, wall_t t, struct rollup *rollup)
{
    memset(rollup, 0, sizeof *rollup);
    report_day(rollup->day, t);
    memcpy(rollup->lot, session->lot, sizeof rollup->lot);
    rollup->vehicle = session->subject.vehicle;
}

void report_entered(const struct session *session, struct rollup *ret_rollup)
{
    must(session->entered.ms != 0);
    start(session, session->entered, ret_rollup);
    ret_rollup->entered = 1;
}

void report_left(const struct session *session, bool cash, struct rollup *ret_rollup)
{
    must(session->state == SESSION_LEFT || session->state == SESSION_LEFT_UNPAID);
    start(session, session->left, ret_rollup);
    ret_rollup->left = 1;
    ret_rollup->fee_vnd = session->fee_vnd;
    if (session->fee_vnd == 0) {
        ret_rollup->free_turns = 1;
    } else if (session->state == SESSION_LEFT) {
        ret_rollup->cash_turns = cash;
        ret_rollup->cashless_turns = !cash;
    } else {
        ret_rollup->unpaid_turns = 1;
    }
}

void report_transfer(const struct session *session, wall_t booked, int64_t amount_vnd,
                     struct rollup *ret_rollup)
{
    start(session, booked, ret_rollup);
    ret_rollup->transfer_vnd = amount_vnd;
}

void report_debt_settled(const struct session *session, struct rollup *ret_rollup)
{
    start(session, session->left, ret_rollup);
    ret_rollup->cashless_turns = 1;
    ret_rollup->unpaid_turns = -1;
}

void report_debt_returned(const struct session *session, struct rollup *ret_rollup)
{
    start(session, session->left, ret_rollup);
    ret_rollup->cashless_turns = -1;
    ret_rollup->unpaid_turns = 1;
}
