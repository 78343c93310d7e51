/* What the server says to a lane: quotes and payments.  docs/LANE.md, X. */
#include "gate/core/lane_turn.h"

#include <string.h>

enum { QUOTE_MS_MIN = 10 * TIME_SECOND_MS, QUOTE_MS_MAX = TIME_HOUR_MS };

bool lane_is_text(const char *a, const char *b)
{
    return a[0] && strcmp(a, b) == 0;
}

void lane_ignore(struct lane_turn *t, const struct down *down, const char *why)
{
    lane_log(t, GATE_LOG_DOWN_IGNORED, down_type_text(down->type), why, 0);
}

/* X2: is this for the vehicle that stands here? */
static bool fits(const struct lane_visit *visit, const struct down *down)
{
    return visit->kind == VISIT_EXIT &&
           (lane_is_text(down->ask, visit->ask) || lane_is_text(down->session, visit->session));
}

/* X8: permitted, or about to be. */
bool lane_is_decided(const struct lane_visit *visit)
{
    return visit->permitted || visit->awaited[0];
}

/* X1: the server's word about the session wins. */
static void adopt_session(struct lane_visit *visit, const struct down *down)
{
    if (down->session[0]) {
        memcpy(visit->session, down->session, sizeof visit->session);
    }
}

/* X7 */
static mono_t quote_end(const struct lane_turn *t, const struct down *down)
{
    int64_t ms = t->lane->config.quote_ms;
    if (down->valid_until.ms > 0 && t->event->clock != CLOCK_UNKNOWN && t->event->wall.ms > 0) {
        ms = wall_diff(down->valid_until, t->event->wall);
        ms = ms < QUOTE_MS_MIN ? QUOTE_MS_MIN : ms > QUOTE_MS_MAX ? QUOTE_MS_MAX : ms;
    }
    return mono_add(t->now, ms);
}

static void take_amount(struct lane_turn *t, const struct down *down)
{
    struct lane *lane = t->lane;
    struct lane_visit *visit = &lane->visit;
    struct lane_quote *quote = &visit->quote;
    memset(quote, 0, sizeof *quote);
    quote->amount_vnd = down->amount_vnd;
    quote->fee_vnd = down->fee_vnd;
    quote->entered = down->entered;
    quote->valid_until = down->valid_until;
    memcpy(quote->paycode, down->paycode, sizeof quote->paycode);
    memcpy(quote->payload, down->payload, sizeof quote->payload);
    memcpy(quote->url, down->url, sizeof quote->url);
    visit->has_quote = true;
    visit->quote_until = quote_end(t, down);
    if (visit->held) {
        lane_release(t, "answered");
    }
    if (lane->state == LANE_QUOTED) {
        lane->timer = visit->quote_until;
        lane->display_changed = true;
    } else if (lane->state == LANE_ASKING || lane->state == LANE_HELD) {
        lane_goto(t, LANE_QUOTED); /* L21 L23 */
    }
}

static void take_refusal(struct lane_turn *t, const struct down *down)
{
    struct lane *lane = t->lane;
    if (lane->state == LANE_ASKING || lane->state == LANE_QUOTED || lane->state == LANE_HELD) {
        lane->visit.has_quote = false;
        lane_hold(t, HOLD_NO_ENTRY, &lane->visit.subject, down->id, down->text); /* L25 */
    } else {
        memset(lane->visit.quote_id, 0, sizeof lane->visit.quote_id); /* not now; it comes again */
        lane_ignore(t, down, lane_state_text(lane->state));
    }
}

static void take_quote(struct lane_turn *t, const struct down *down)
{
    struct lane *lane = t->lane;
    struct lane_visit *visit = &lane->visit;
    if (!fits(visit, down)) {
        lane_ignore(t, down, "another visit");
        return;
    }
    if (lane_is_decided(visit) || lane_is_text(down->id, visit->quote_id)) {
        lane_ignore(t, down, "repeat");
        return;
    }
    bool opens =
        down->state == QUOTE_PAID || down->state == QUOTE_FREE || down->state == QUOTE_EXEMPT;
    if (!opens && lane->unstored > LANE_RECORDS_EASY) {
        lane_ignore(t, down, "records are waiting");
        return;
    }
    adopt_session(visit, down);
    memcpy(visit->quote_id, down->id, sizeof visit->quote_id);
    switch (down->state) {
    case QUOTE_DUE:
        take_amount(t, down);
        if (down->local == QUOTE_LOCAL_OPEN) {
            lane_permit(t, PERMIT_DEBT, down->id); /* U4 */
        } else if (down->local == QUOTE_LOCAL_CONFIRM) {
            lane_hold(t, HOLD_CONFIRM, &visit->subject, down->id, ""); /* U3 */
        }
        return;
    case QUOTE_PAID:
        visit->quote.fee_vnd = down->fee_vnd;
        visit->paid_vnd = down->fee_vnd;
        lane_permit(t, PERMIT_PAID, down->id);
        return;
    case QUOTE_FREE:
        lane_permit(t, PERMIT_FREE, down->id);
        return;
    case QUOTE_EXEMPT:
        lane_permit(t, PERMIT_EXEMPT, down->id);
        return;
    case QUOTE_UNKNOWN:
    case QUOTE_REVIEW:
        take_refusal(t, down);
        return;
    case QUOTE_STATE_COUNT:
        return;
    }
}

static void take_payment(struct lane_turn *t, const struct down *down)
{
    struct lane_visit *visit = &t->lane->visit;
    if (!fits(visit, down)) {
        lane_ignore(t, down, "another visit");
        return;
    }
    if (lane_is_decided(visit)) {
        lane_ignore(t, down, "repeat");
        return;
    }
    adopt_session(visit, down);
    visit->paid_vnd = down->amount_vnd;
    visit->quote.fee_vnd = down->fee_vnd;
    lane_permit(t, PERMIT_PAID, down->id);
}

void lane_down(struct lane_turn *t, const struct down *down)
{
    switch (down->type) {
    case DOWN_QUOTE:
        take_quote(t, down);
        return;
    case DOWN_PAID:
        take_payment(t, down);
        return;
    case DOWN_COMMAND:
        lane_take_command(t, down);
        return;
    case DOWN_ACK:
    case DOWN_GAP:
    case DOWN_TYPE_COUNT:
        return;
    }
}
