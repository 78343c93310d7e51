/*
 * poll_plan.h - what to ask a provider's list next, and when.
 *
 * The notices are the fast way; the list is what makes up for the lost ones.  Each round
 * asks for what is new, and the first, and then every POLL_SWEEP_ROUNDSth, sweeps a window of a
 * day before and behind today (transfers made late at night are booked the next day).  What comes
 * back is put into the inbox and is known already or is not: asking twice costs nothing else.
 *
 *   SePay v1   since_id for what is new; a window of time for the sweep.  There are no pages: an
 *              answer as long as the limit may have been cut, so the window is halved until one
 *              is not.  At most 2 calls a second.
 *   SePay v2   pages of a window of days, 3 calls a second, 429 with Retry-After.
 *   Casso      pages from a day on.
 *
 * After a failure it waits twice as long each time, up to POLL_WAIT_MAX_MS, with jitter, and as
 * long as Retry-After says.
 *
 * Pure: time and chance come in.  Sources: developer.sepay.vn (sepay-api v1, v2),
 * developer.casso.vn ("lấy giao dịch").  Not here: URLs and pages (server/bank/page.h), the
 * asking (server/io/poller.h).
 */
#ifndef DOXE_SERVER_POLL_PLAN_H
#define DOXE_SERVER_POLL_PLAN_H

#include "proto/base/prng.h"
#include "proto/base/time.h"

enum poll_kind { POLL_SEPAY_V1, POLL_SEPAY_V2, POLL_CASSO, POLL_KIND_COUNT };

enum {
    POLL_LIMIT_V1 = 500, /* rows of an answer: 1 MiB is the most that is read */
    POLL_LIMIT = 100,
    POLL_SWEEP_ROUNDS = 15,
    POLL_GAP_MS = 500, /* between two calls of a round */
    POLL_PAGES_MAX = 1000,
    POLL_SPAN_MIN_MS = TIME_SECOND_MS,
    POLL_WAIT_MAX_MS = 15 * TIME_MINUTE_MS,
    POLL_RETRY_AFTER_MAX_MS = TIME_HOUR_MS
};

struct poll_ask {
    enum poll_kind kind;
    int64_t since_id; /* v1, not sweeping: above 0; else 0 */
    wall_t from, to;  /* v1 sweeping: seconds; v2 and Casso: days */
    int page;         /* from 1; v1 has none */
    int limit;
};

struct poll_answer {
    int status;             /* of HTTP; 0 none at all */
    bool readable;          /* the body is a page of the list */
    int64_t retry_after_ms; /* 0: not said */
    int count;              /* rows of it */
    int64_t last_id;        /* the highest; 0 when ids are no numbers */
    bool more;              /* there are further pages */
};

struct poll_plan {
    enum poll_kind kind;
    int64_t every_ms;
    struct prng prng;
    int64_t since_id; /* v1: the highest id heard of; to be kept */
    int64_t heard_id; /* in this round */
    bool in_round, sweeping;
    int rounds, failures;
    int page;
    wall_t from, to; /* the window of the round */
    int64_t span_ms; /* v1: of the next ask */
    mono_t next;
};

/* `since_id` as it was kept, 0 at the very first. */
void poll_plan_init(struct poll_plan *plan, enum poll_kind kind, int64_t every_ms, int64_t since_id,
                    const struct prng *prng);
mono_t poll_plan_deadline(const struct poll_plan *plan);
/* The next question; false: not yet.  Its answer comes by poll_plan_answered. */
bool poll_plan_next(struct poll_plan *plan, mono_t now, wall_t wall, struct poll_ask *ret_ask);
/* True when a round ended well with it. */
bool poll_plan_answered(struct poll_plan *plan, const struct poll_answer *answer, mono_t now);
/* Ask now, and all of the window. */
void poll_plan_sweep_now(struct poll_plan *plan);

#endif
