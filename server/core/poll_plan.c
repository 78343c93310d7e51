#include "server/core/poll_plan.h"

#include "proto/base/check.h"

#include <string.h>

void poll_plan_init(struct poll_plan *plan, enum poll_kind kind, int64_t every_ms, int64_t since_id,
                    const struct prng *prng)
{
    must(kind < POLL_KIND_COUNT && every_ms > 0);
    memset(plan, 0, sizeof *plan);
    plan->kind = kind;
    plan->every_ms = every_ms;
    plan->since_id = since_id;
    plan->prng = *prng;
}

mono_t poll_plan_deadline(const struct poll_plan *plan)
{
    return plan->next;
}

void poll_plan_sweep_now(struct poll_plan *plan)
{
    plan->in_round = false;
    plan->rounds = 0;
    plan->next = (mono_t){0};
}

static void begin_round(struct poll_plan *plan, wall_t wall)
{
    wall_t today = time_day_start(wall);
    bool v1 = plan->kind == POLL_SEPAY_V1;
    plan->sweeping = plan->rounds % POLL_SWEEP_ROUNDS == 0 || (v1 && plan->since_id == 0);
    plan->from = plan->sweeping ? wall_add(today, -TIME_DAY_MS) : today;
    plan->to = wall_add(today, 2 * TIME_DAY_MS); /* half-open: tomorrow is in it */
    plan->span_ms = wall_diff(plan->to, plan->from);
    plan->page = 1;
    plan->heard_id = plan->since_id;
    plan->in_round = true;
}

bool poll_plan_next(struct poll_plan *plan, mono_t now, wall_t wall, struct poll_ask *ret_ask)
{
    if (!mono_reached(now, plan->next)) {
        return false;
    }
    if (!plan->in_round) {
        begin_round(plan, wall);
    }
    bool v1 = plan->kind == POLL_SEPAY_V1;
    bool by_id = v1 && !plan->sweeping;
    wall_t end = wall_add(plan->from, plan->span_ms);
    *ret_ask = (struct poll_ask){.kind = plan->kind,
                                 .since_id = by_id ? plan->since_id + 1 : 0,
                                 .from = plan->from,
                                 .to = v1 && wall_diff(plan->to, end) > 0 ? end : plan->to,
                                 .page = plan->page,
                                 .limit = v1 ? POLL_LIMIT_V1 : POLL_LIMIT};
    return true;
}

/* The base, a tenth or a fifth of it more or less, so that many servers do not ask at once. */
static int64_t jittered(struct poll_plan *plan, int64_t ms, int parts)
{
    return ms + prng_range(&plan->prng, -ms / parts, ms / parts);
}

static void failed(struct poll_plan *plan, const struct poll_answer *answer, mono_t now)
{
    int64_t wait = plan->every_ms;
    for (int i = 0; i < plan->failures && wait < POLL_WAIT_MAX_MS; i++) {
        wait *= 2;
    }
    wait = jittered(plan, wait < POLL_WAIT_MAX_MS ? wait : POLL_WAIT_MAX_MS, 5);
    int64_t told = answer->retry_after_ms < POLL_RETRY_AFTER_MAX_MS ? answer->retry_after_ms
                                                                    : POLL_RETRY_AFTER_MAX_MS;
    plan->failures++;
    plan->in_round = false; /* the whole round again: what was stored of it is known */
    plan->next = mono_add(now, wait > told ? wait : told);
}

static bool end_round(struct poll_plan *plan, mono_t now)
{
    plan->rounds++;
    plan->in_round = false;
    plan->since_id = plan->heard_id;
    plan->next = mono_add(now, jittered(plan, plan->every_ms, 10));
    return true;
}

/* v1: an answer that is full may have been cut. */
static bool answered_v1(struct poll_plan *plan, bool full, mono_t now)
{
    if (!plan->sweeping) {
        if (!full) {
            return end_round(plan, now);
        }
        plan->rounds = 0; /* too much at once: by windows of time, in the next call */
        plan->in_round = false;
    } else if (full && plan->span_ms > POLL_SPAN_MIN_MS) {
        plan->span_ms = plan->span_ms / 2 / TIME_SECOND_MS * TIME_SECOND_MS;
        if (plan->span_ms < POLL_SPAN_MIN_MS) {
            plan->span_ms = POLL_SPAN_MIN_MS;
        }
    } else {
        plan->from = wall_add(plan->from, plan->span_ms);
        plan->span_ms *= 2;
        if (wall_diff(plan->to, plan->from) <= 0) {
            return end_round(plan, now);
        }
    }
    plan->next = mono_add(now, POLL_GAP_MS);
    return false;
}

bool poll_plan_answered(struct poll_plan *plan, const struct poll_answer *answer, mono_t now)
{
    if (answer->status != 200 || !answer->readable) {
        failed(plan, answer, now);
        return false;
    }
    plan->failures = 0;
    plan->heard_id = answer->last_id > plan->heard_id ? answer->last_id : plan->heard_id;
    if (plan->kind == POLL_SEPAY_V1) {
        return answered_v1(plan, answer->count >= POLL_LIMIT_V1, now);
    }
    if (!answer->more || plan->page >= POLL_PAGES_MAX) {
        return end_round(plan, now);
    }
    plan->page++;
    plan->next = mono_add(now, POLL_GAP_MS);
    return false;
}
