#include "server/core/session.h"

#include "proto/base/check.h"

#include <stdarg.h>

#define X(name, word, sentence) word,
static const char *const state_words[] = {SESSION_STATES(X)};
static const char *const review_words[] = {REVIEWS(X)};
static const char *const outcome_words[] = {SESSION_OUTCOMES(X)};
#undef X

const char *session_state_text(enum session_state state)
{
    must(state < SESSION_STATE_COUNT);
    return state_words[state];
}

int session_state_parse(struct str text, enum session_state *ret_state)
{
    for (int i = 0; i < SESSION_STATE_COUNT; i++) {
        if (str_eq_c(text, state_words[i])) {
            *ret_state = (enum session_state)i;
            return 0;
        }
    }
    return DX_E_NOT_FOUND;
}

const char *review_text(enum review_kind kind)
{
    must(kind < REVIEW_KIND_COUNT);
    return review_words[kind];
}

const char *session_outcome_text(enum session_outcome outcome)
{
    must(outcome < SESSION_OUTCOME_COUNT);
    return outcome_words[outcome];
}

bool session_is_ended(enum session_state state)
{
    return state == SESSION_LEFT || state == SESSION_BACKED_OUT || state == SESSION_LEFT_UNPAID ||
           state == SESSION_WRITTEN_OFF || state == SESSION_CLOSED_BY_REVIEW;
}

int64_t session_debt(const struct session *session)
{
    int64_t debt = session->fee_vnd - session->paid_vnd;
    return session->state == SESSION_LEFT_UNPAID && debt > 0 ? debt : 0;
}

bool session_is_open(const struct session *session)
{
    return !session_is_ended(session->state);
}

#define TO(state) (1u << SESSION_##state)

/* Row: from.  DESIGN, "What a session is"; docs/LEDGER.md has what each end posts. */
static const unsigned legal[SESSION_STATE_COUNT] = {
    /* The loops confirm it, it backs out, or nobody confirms it and a person ends it. */
    [SESSION_ARRIVING] = TO(INSIDE) | TO(BACKED_OUT) | TO(CLOSED_BY_REVIEW),
    /* PAID: from the driver's page, before the exit.  LEAVING: let go without a quote. */
    [SESSION_INSIDE] = TO(QUOTED) | TO(PAID) | TO(EXEMPT) | TO(LEAVING) | TO(CLOSED_BY_REVIEW),
    [SESSION_QUOTED] = TO(PAID) | TO(EXEMPT) | TO(INSIDE) | TO(LEAVING) | TO(CLOSED_BY_REVIEW),
    /* QUOTED: it stayed beyond the grace and owes more.  Back to INSIDE only when the bank took the
     * money back (payment_back.c): for everything else paid is paid. */
    [SESSION_PAID] = TO(QUOTED) | TO(INSIDE) | TO(LEAVING) | TO(CLOSED_BY_REVIEW),
    [SESSION_EXEMPT] = TO(QUOTED) | TO(PAID) | TO(INSIDE) | TO(LEAVING) | TO(CLOSED_BY_REVIEW),
    /* Backed off the exit, or asked again after the gate had forgotten it. */
    [SESSION_LEAVING] = TO(LEFT) | TO(LEFT_UNPAID) | TO(INSIDE) | TO(PAID) | TO(QUOTED) |
                        TO(EXEMPT) | TO(CLOSED_BY_REVIEW),
    /* The bank took the money back: it owes. */
    [SESSION_LEFT] = TO(LEFT_UNPAID),
    [SESSION_BACKED_OUT] = 0,
    /* A late transfer settles the debt, two persons write it off; the stay stays ended. */
    [SESSION_LEFT_UNPAID] = TO(LEFT) | TO(WRITTEN_OFF),
    /* Late money for it all the same. */
    [SESSION_WRITTEN_OFF] = TO(LEFT),
    [SESSION_CLOSED_BY_REVIEW] = 0,
};

bool session_may_go(enum session_state from, enum session_state to)
{
    return from == to || (legal[from] & (1u << to)) != 0;
}

void session_goto(struct session *session, enum session_state state)
{
    must(session_may_go(session->state, state));
    session->state = state;
}

void session_add_review(struct session_decision *decision, enum review_kind kind,
                        const char *format, ...)
{
    must(decision->review_count < SESSION_REVIEWS_MAX);
    struct review *review = &decision->review[decision->review_count++];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(review->detail, sizeof review->detail, format, arguments);
    va_end(arguments);
    review->kind = kind;
}

/* The event does not fit: nothing moves, a person looks. */
static void refuse(struct session_decision *d, enum review_kind kind, const char *what)
{
    d->outcome = SESSION_OUTCOME_REVIEW;
    d->create = false;
    d->update = false;
    session_add_review(d, kind, "%s", what);
}

static void refuse_state(struct session_decision *d, const struct event *event)
{
    d->outcome = SESSION_OUTCOME_REVIEW;
    session_add_review(d, REVIEW_SESSION_CONFLICT, "%s came while the session was %s",
                       event_type_text(event->type), session_state_text(d->session.state));
}

static void note_clock(const struct session_view *view, struct session_decision *d)
{
    if (view->at_is_receipt) {
        session_add_review(d, REVIEW_CLOCK_UNKNOWN,
                           "the time of receipt stands for the gate's time");
    }
}

static void moved(struct session_decision *d, enum session_state state)
{
    session_goto(&d->session, state);
    d->outcome = SESSION_OUTCOME_APPLIED;
    d->update = true;
}

static void on_arrived(const struct session_view *view, const struct event *event,
                       struct session_decision *d)
{
    if (view->found) {
        refuse(d, REVIEW_SESSION_CONFLICT, "a second arrival under the same session id");
        return;
    }
    if (event->session[0] == '\0') {
        refuse(d, REVIEW_SESSION_CONFLICT, "an arrival without a session id");
        return;
    }
    struct session *s = &d->session;
    memcpy(s->id, event->session, sizeof s->id);
    str_copy_cut(s->lot, sizeof s->lot, str_c(view->lot));
    s->state = SESSION_ARRIVING;
    s->subject = event->subject;
    memcpy(s->gate_in, event->gate, sizeof s->gate_in);
    s->lane_in = event->lane;
    s->arrived = view->at;
    d->create = true;
    d->outcome = SESSION_OUTCOME_APPLIED;
    if (view->twins > 0) {
        session_add_review(d, REVIEW_ALREADY_INSIDE, "%d open before this one", view->twins);
    }
}

/* No record of the entry: a person says when it came in, and how that was checked. */
static void on_entry_declared(const struct session_view *view, const struct event *event,
                              struct session_decision *d)
{
    on_arrived(view, event, d);
    if (!d->create) {
        return;
    }
    struct session *s = &d->session;
    bool possible = event->entered.ms > 0 && wall_diff(event->entered, view->at) <= 0;
    s->arrived = possible ? event->entered : view->at;
    s->entered = s->arrived;
    s->inferred = true;
    d->entered = true;
    d->update = true;
    session_goto(s, SESSION_INSIDE);
    session_add_review(d, REVIEW_ENTRY_DECLARED, "by %s, checked by %s%s", event->by, event->code,
                       possible ? "" : "; the time given is not possible");
}

/* A later and better reading, or a person's correction.  The event keeps what stood there. */
static void on_amended(const struct session_view *view, const struct event *event,
                       struct session_decision *d)
{
    if (session_is_ended(d->session.state) || event->subject.kind == SUBJECT_NONE ||
        event->subject.key[0] == '\0') {
        refuse_state(d, event);
        return;
    }
    enum vehicle class = d->session.subject.vehicle;
    d->session.subject = event->subject;
    if (event->subject.vehicle == VEHICLE_UNKNOWN) {
        d->session.subject.vehicle = class; /* a camera that tells no class takes none away */
    }
    d->update = true;
    d->outcome = SESSION_OUTCOME_APPLIED;
    if (view->twins > 0) {
        session_add_review(d, REVIEW_ALREADY_INSIDE, "%d open with the corrected name",
                           view->twins);
    }
}

/* The passage is believed: by the loops, or because it stands at an exit. */
static void begin_stay(struct session_decision *d, wall_t at, bool inferred)
{
    d->session.entered = at;
    d->session.inferred = d->session.inferred || inferred;
    d->entered = true;
    moved(d, SESSION_INSIDE);
}

static void on_entered(const struct session_view *view, const struct event *event,
                       struct session_decision *d)
{
    if (d->session.state != SESSION_ARRIVING) {
        refuse_state(d, event);
        return;
    }
    begin_stay(d, view->at, event->inferred);
    note_clock(view, d);
}

static void on_backed_out(const struct event *event, struct session_decision *d)
{
    if (d->session.state != SESSION_ARRIVING) {
        refuse_state(d, event);
        return;
    }
    d->session.inferred = d->session.inferred || event->inferred;
    d->ended = d->session.paid_vnd > 0; /* somebody paid for it already: to be refunded */
    moved(d, SESSION_BACKED_OUT);
}

/* It stands at an exit, so it came in, though no loop said so. */
static void believe_entry(struct session_decision *d)
{
    if (d->session.state == SESSION_ARRIVING) {
        begin_stay(d, d->session.arrived, true);
        session_add_review(d, REVIEW_ENTRY_UNCONFIRMED,
                           "the arrival was taken as the beginning of the stay");
    }
}

static void at_exit(struct session_decision *d, const struct event *event)
{
    memcpy(d->session.gate_out, event->gate, sizeof d->session.gate_out);
    d->session.lane_out = event->lane;
}

static void on_exit_asked(const struct session_view *view, const struct event *event,
                          struct session_decision *d)
{
    if (session_is_ended(d->session.state)) {
        refuse_state(d, event);
        d->settles_lane = true;
        return;
    }
    believe_entry(d);
    d->session.asked = view->at;
    d->session.permitted = false;
    at_exit(d, event);
    d->price = true; /* payment_quote says which state that is */
    d->settles_lane = true;
    d->update = true;
    d->outcome = SESSION_OUTCOME_APPLIED;
    note_clock(view, d);
}

static void on_exit_permitted(const struct session_view *view, const struct event *event,
                              struct session_decision *d)
{
    struct session *s = &d->session;
    d->settles_lane = true;
    if (session_is_ended(s->state)) {
        refuse_state(d, event);
        return;
    }
    believe_entry(d);
    if (s->asked.ms == 0) {
        s->asked = view->at; /* cut off: it was priced at the gate, now here */
        d->fix_fee = true;
    }
    at_exit(d, event);
    s->permitted = true;
    s->permit = event->permit;
    moved(d, SESSION_LEAVING);
}

static void on_left(const struct session_view *view, const struct event *event,
                    struct session_decision *d)
{
    struct session *s = &d->session;
    d->settles_lane = true;
    if (session_is_ended(s->state)) {
        refuse_state(d, event);
        return;
    }
    believe_entry(d);
    if (s->state != SESSION_LEAVING) {
        session_add_review(d, REVIEW_LEFT_UNPERMITTED, "it left while it was %s",
                           session_state_text(s->state));
        moved(d, SESSION_LEAVING);
    }
    if (s->asked.ms == 0) {
        s->asked = view->at;
        d->fix_fee = true;
        note_clock(view, d);
    }
    at_exit(d, event);
    s->left = view->at;
    s->inferred = s->inferred || event->inferred;
    d->ended = true; /* payment_settle says LEFT or LEFT_UNPAID */
    d->update = true;
    d->outcome = SESSION_OUTCOME_APPLIED;
}

static void on_backed_off(const struct event *event, struct session_decision *d)
{
    struct session *s = &d->session;
    d->settles_lane = true;
    if (session_is_ended(s->state) || s->state == SESSION_ARRIVING) {
        refuse_state(d, event);
        return;
    }
    if (s->state == SESSION_INSIDE) {
        d->outcome = SESSION_OUTCOME_IGNORED;
        return;
    }
    s->asked = (wall_t){0};
    s->permitted = false;
    s->gate_out[0] = '\0';
    s->lane_out = 0;
    /* What was paid stays paid; whether it still covers the stay is asked at the next exit. */
    bool paid = s->paid_at.ms != 0 || s->state == SESSION_PAID;
    moved(d, paid ? SESSION_PAID : SESSION_INSIDE);
}

/* An event that needs a session, and there is none. */
static void without_session(const struct event *event, struct session_decision *d)
{
    bool lane_only =
        event->session[0] == '\0' && (event->type == EVENT_EXIT_PERMITTED ||
                                      event->type == EVENT_LEFT || event->type == EVENT_BACKED_OFF);
    d->settles_lane = event->type != EVENT_ENTERED && event->type != EVENT_BACKED_OUT &&
                      event->type != EVENT_AMENDED;
    if (event->type == EVENT_EXIT_ASKED) {
        refuse(d, REVIEW_NO_ENTRY, "no open session fits");
    } else if (lane_only) {
        d->outcome = SESSION_OUTCOME_APPLIED; /* opened by hand for a vehicle nobody knows */
    } else {
        refuse(d, REVIEW_UNKNOWN_SESSION, event_type_text(event->type));
    }
}

void session_decide(const struct session_view *view, const struct event *event,
                    struct session_decision *decision)
{
    memset(decision, 0, sizeof *decision);
    if (view->found) {
        decision->session = view->session;
    }
    switch (event->type) {
    case EVENT_ARRIVED:
        on_arrived(view, event, decision);
        return;
    case EVENT_ENTRY_DECLARED:
        on_entry_declared(view, event, decision);
        return;
    case EVENT_AMENDED:
    case EVENT_ENTERED:
    case EVENT_BACKED_OUT:
    case EVENT_EXIT_ASKED:
    case EVENT_EXIT_PERMITTED:
    case EVENT_LEFT:
    case EVENT_BACKED_OFF:
        break;
    case EVENT_RELEASED:
        decision->settles_lane = true;
        return;
    case EVENT_BOOT:
    case EVENT_HELD:
    case EVENT_HAND_OPENED:
    case EVENT_ALARM:
    case EVENT_COMMAND_DONE:
    case EVENT_QUOTED:
    case EVENT_CASH_TAKEN:
    case EVENT_SHIFT_OPENED:
    case EVENT_SHIFT_CLOSED:
    case EVENT_OCCUPANCY_CORRECTED:
    case EVENT_ALARM_ACKED:
    case EVENT_DESK_ACTION:
    case EVENT_UNLOGGED:
    case EVENT_LANE_MODE:
    case EVENT_CLOCK_SET:
    case EVENT_TYPE_COUNT:
        return;
    }
    if (!view->found) {
        without_session(event, decision);
    } else if (event->type == EVENT_AMENDED) {
        on_amended(view, event, decision);
    } else if (event->type == EVENT_ENTERED) {
        on_entered(view, event, decision);
    } else if (event->type == EVENT_BACKED_OUT) {
        on_backed_out(event, decision);
    } else if (event->type == EVENT_EXIT_ASKED) {
        on_exit_asked(view, event, decision);
    } else if (event->type == EVENT_EXIT_PERMITTED) {
        on_exit_permitted(view, event, decision);
    } else if (event->type == EVENT_LEFT) {
        on_left(view, event, decision);
    } else {
        on_backed_off(event, decision);
    }
}
