/*
 * on_quoted.c - an exit that a gate priced without us: computed again, compared, and made good.
 *
 * The same engine on both sides, so a difference is a difference of facts: another
 * entry, another tariff, another pass.  It goes into offline_quote and a person's
 * list; nothing is charged twice for it.  A payment code that the gate made itself
 * becomes one of the stay's, and a transfer that came for it meanwhile is applied.
 */
#include "proto/base/check.h"
#include "proto/io/log.h"
#include "server/app/scripts.h"
#include "server/store/store_offline.h"

static void add_word(struct out *out, bool differs, const char *word)
{
    if (differs) {
        out_fmt(out, "%s%s", out_str(out).n ? " " : "", word);
    }
}

/* What the stay would have cost by our own books at that instant; promises do not count here. */
static int price_again(struct on *on, const struct session *s, struct payment_quote *ret_quote)
{
    struct payment_terms terms;
    int error = desk_terms(on->desk, on->gate->lot, s, &terms);
    if (!error) {
        struct session bare = *s;
        terms.promise.given = false;
        bare.paid_at = (wall_t){0};
        bare.fee_vnd = 0;
        payment_quote(&bare, &terms, on->at, on->desk->now, ret_quote);
    }
    return error;
}

/* Money that came for the gate's code before we knew the stay. */
static int apply_waiting(struct on *on, const struct session *s)
{
    char credit[ULID_CAP];
    int64_t amount_vnd = 0;
    int error = store_find_code_credit(on->desk->store, on->event->paycode, credit, &amount_vnd);
    if (error) {
        return error == DX_E_NOT_FOUND ? 0 : error;
    }
    log_info("offline.paid_meanwhile", "session=%s credit=%s", s->id, credit);
    return on_adopt_credit(on->desk, on->event->id, credit, s->id, amount_vnd);
}

/* *ret_taken: the code is another stay's. */
static int adopt_code(struct on *on, const struct session *s, bool *ret_taken)
{
    *ret_taken = false;
    if (!on->event->paycode[0] || strcmp(on->event->paycode, s->code) == 0) {
        return 0;
    }
    int error = store_add_session_code(on->desk->store, on->event->paycode, s->id, on->event->id);
    if (error == DX_E_EXISTS) {
        *ret_taken = true;
        return 0;
    }
    return error ? error : apply_waiting(on, s);
}

static int keep(struct on *on, const struct session *s, const struct payment_quote *quote,
                const char *difference)
{
    wall_t entered = s->entered.ms ? s->entered : s->arrived;
    const struct store_offline_quote row = {.event = on->event,
                                            .lot = on->gate->lot->id,
                                            .session = s->id,
                                            .at = on->at,
                                            .received = on->desk->now,
                                            .server_fee_vnd = quote->fee_vnd,
                                            .server_entered = entered,
                                            .server_tariff = quote->digest,
                                            .difference = difference};
    int error = store_add_offline_quote(on->desk->store, &row);
    if (error || !difference[0]) {
        return error;
    }
    struct review review = {.kind = REVIEW_OFFLINE_DIFFERS};
    snprintf(review.detail, sizeof review.detail, "the gate said %lld VND, the books %lld: %s",
             (long long)on->event->fee_vnd, (long long)quote->fee_vnd, difference);
    const struct store_review where = {.lot = on->gate->lot->id,
                                       .gate = on->gate->id,
                                       .lane = on->event->lane,
                                       .session = s->id,
                                       .credit = "",
                                       .cause = on->event->id};
    return desk_review(on->desk, &where, &review);
}

/* What was shown at the lane holds: it is the fee that is booked, and a transfer for it is exact.
 */
static int take_price(struct on *on, struct session *s, const struct payment_quote *quote)
{
    if (!session_is_open(s) || quote->state == QUOTE_REVIEW) {
        return 0;
    }
    struct store_quote row = {.lane = on->event->lane, .made = on->at};
    memcpy(row.id, on->event->id, sizeof row.id);
    memcpy(row.session, s->id, sizeof row.session);
    memcpy(row.ask, on->event->cause, sizeof row.ask);
    s->asked = on->at;
    payment_take_quote(s, quote);
    int error = store_add_quote(on->desk->store, &row, quote);
    return error ? error : store_put_session(on->desk->store, s, on->desk->now);
}

int on_quoted(struct on *on)
{
    struct session_view view;
    struct payment_quote quote = {0};
    char space[96];
    struct out difference;
    const struct event *event = on->event;
    bool taken = false;
    out_init(&difference, space, sizeof space);
    int error = on_load(on, event->session, &view);
    if (error) {
        return error;
    }
    struct session *s = &view.session;
    on->outcome = SESSION_OUTCOME_APPLIED;
    memcpy(on->session, event->session, sizeof on->session);
    if (view.found) {
        wall_t entered = s->entered.ms ? s->entered : s->arrived;
        error = price_again(on, s, &quote);
        error = error ? error : take_price(on, s, &quote);
        error = error ? error : adopt_code(on, s, &taken);
        add_word(&difference, event->entered.ms != entered.ms, "entered");
        add_word(&difference, event->tariff[0] && strcmp(event->tariff, quote.digest) != 0,
                 "tariff");
        add_word(&difference, event->fee_vnd != quote.fee_vnd, "fee");
        add_word(&difference, taken, "paycode");
    } else {
        memcpy(s->id, event->session, sizeof s->id);
        add_word(&difference, true, "session");
    }
    error = error ? error : keep(on, s, &quote, space);
    if (!error) {
        desk_tell(on->desk, CHANGE_LANE, on->gate, event->lane, view.found ? s : NULL, event->id,
                  event_type_text(event->type));
    }
    return error;
}

/* ---- clocks ---- */

/* Both times; and of a stay that has ended, whose fee stays, what it would be by the true ones. */
static void describe_correction(struct on *on, const struct session *s,
                                const struct store_undated *event, wall_t corrected,
                                struct review *review)
{
    char before[TIME_ISO_CAP];
    char after[TIME_ISO_CAP];
    struct payment_terms terms;
    struct payment_quote quote = {.state = QUOTE_REVIEW};
    bool open = session_is_open(s);
    time_format_short(event->received, before);
    time_format_short(corrected, after);
    struct session bare = *s;
    bool entry = strcmp(event->type, event_type_text(EVENT_ENTERED)) == 0;
    bool left = strcmp(event->type, event_type_text(EVENT_LEFT)) == 0;
    bare.entered = entry ? corrected : bare.entered;
    bare.paid_at = (wall_t){0};
    bare.fee_vnd = 0;
    if (!open && (entry || left) && desk_terms(on->desk, on->gate->lot, s, &terms) == 0) {
        terms.promise.given = false;
        payment_quote(&bare, &terms, left ? corrected : s->left, on->desk->now, &quote);
    }
    if (quote.state == QUOTE_REVIEW) {
        snprintf(review->detail, sizeof review->detail, "%s: %s, not %s%s", event->type, after,
                 before, open ? "; the fee follows" : "; ended, its fee stays");
    } else {
        snprintf(review->detail, sizeof review->detail,
                 "%s: %s, not %s; ended at %lld VND, by that time %lld VND", event->type, after,
                 before, (long long)s->fee_vnd, (long long)quote.fee_vnd);
    }
}

/* A time of a session that stood for this event gets the corrected one. */
static int correct_session(struct on *on, const struct store_undated *event, wall_t corrected)
{
    struct session s;
    int error = store_get_session(on->desk->store, event->session, &s);
    if (error) {
        return error == DX_E_NOT_FOUND ? 0 : error;
    }
    bool open = session_is_open(&s);
    bool arrived = strcmp(event->type, event_type_text(EVENT_ARRIVED)) == 0;
    bool entered = strcmp(event->type, event_type_text(EVENT_ENTERED)) == 0;
    bool asked = strcmp(event->type, event_type_text(EVENT_EXIT_ASKED)) == 0;
    if (open && arrived) {
        s.arrived = corrected;
    } else if (open && entered) {
        s.entered = corrected;
    } else if (open && asked && s.asked.ms != 0) {
        s.asked = corrected;
    } else if (open || !(arrived || entered || asked ||
                         strcmp(event->type, event_type_text(EVENT_LEFT)) == 0)) {
        return 0;
    }
    struct review review = {.kind = REVIEW_CLOCK_CORRECTED};
    describe_correction(on, &s, event, corrected, &review);
    const struct store_review where = {.lot = on->gate->lot->id,
                                       .gate = on->gate->id,
                                       .lane = 0,
                                       .session = s.id,
                                       .credit = "",
                                       .cause = on->event->id};
    error = open ? store_put_session_times(on->desk->store, &s, on->desk->now) : 0;
    return error ? error : desk_review(on->desk, &where, &review);
}

int on_clock_set(struct on *on)
{
    enum { CORRECTED_MAX = 20000 };
    const struct event *set = on->event;
    on->outcome = SESSION_OUTCOME_APPLIED;
    for (int i = 0; i < CORRECTED_MAX; i++) {
        struct store_undated event;
        int error = store_next_undated(on->desk->store, on->gate->id, set->generation, set->boot,
                                       set->seq, &event);
        if (error) {
            return error == DX_E_NOT_FOUND ? 0 : error;
        }
        wall_t corrected = wall_add(set->wall, -(set->mono.ms - event.mono.ms));
        error = store_add_event_time(on->desk->store, &event, corrected, set->id);
        if (!error && event.session[0]) {
            error = correct_session(on, &event, corrected);
        }
        if (error) {
            return error;
        }
    }
    return 0;
}
