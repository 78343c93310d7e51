/* The records of a visit, and what changes with each: docs/LANE.md, O, P, X and V. */
#include "gate/core/lane_turn.h"

#include "proto/base/check.h"

#include <string.h>

static void set_text(char *out, size_t cap, const char *text)
{
    str_copy_cut(out, cap, str_c(text));
}

static bool is_same(const struct subject *a, const struct subject *b)
{
    return a->kind == b->kind && a->vehicle == b->vehicle && strcmp(a->key, b->key) == 0;
}

/* A new visit begins; what the lane is held for ends with it. */
static void begin_visit(struct lane_turn *t, enum visit_kind kind, const struct subject *subject)
{
    struct lane_visit *visit = &t->lane->visit;
    memset(visit, 0, sizeof *visit);
    visit->kind = kind;
    visit->subject = *subject;
    lane_stray_becomes_visit(t->lane);
}

static void arrive(struct lane_turn *t, const struct subject *subject, const char *cause)
{
    struct lane_visit *visit = &t->lane->visit;
    begin_visit(t, VISIT_ENTRY, subject);
    lane_new_id(t, visit->session); /* made here, before anything is sent */
    visit->permit = PERMIT_ENTRY;
    struct event event = lane_event(t, EVENT_ARRIVED, cause);
    event.subject = *subject;
    memcpy(visit->awaited, event.id, sizeof visit->awaited);
    lane_record(t, &event, INSIDE_NONE);
    if (t->lane->state != LANE_RAISED) {
        lane_goto(t, LANE_RECORDING); /* L16 L19 */
    }
}

/* X1, X7: `cause` may be the visit's own ask. */
void lane_ask(struct lane_turn *t, const char *cause)
{
    struct lane *lane = t->lane;
    struct lane_visit *visit = &lane->visit;
    struct event event = lane_event(t, EVENT_EXIT_ASKED, cause);
    event.subject = visit->subject;
    memcpy(visit->ask, event.id, sizeof visit->ask);
    visit->has_quote = false;
    memset(visit->quote_id, 0, sizeof visit->quote_id);
    memset(&visit->quote, 0, sizeof visit->quote);
    lane_record(t, &event, INSIDE_NONE);
    if (lane->state == LANE_ASKING) {
        lane->timer = mono_add(t->now, lane->config.answer_ms);
        lane->display_changed = true;
    } else if (lane->state != LANE_RAISED) {
        lane_goto(t, LANE_ASKING); /* L17 L20 L27 */
    }
}

void lane_name(struct lane_turn *t, const struct subject *subject, const char *cause,
               const char *why)
{
    struct lane *lane = t->lane;
    bool entry = lane->direction == LANE_ENTRY;
    enum lot_list list;
    bool listed =
        entry && t->view->lot && lot_on_list(t->view->lot, subject, t->event->wall, &list);
    if (listed && list == LOT_BLACK) {
        lane_hold(t, HOLD_REFUSED, subject, cause, "on the lot's black list"); /* U6 */
        return;
    }
    if (entry && !(listed && list == LOT_WHITE) && lane_passback_holds(t, subject)) {
        lane_hold(t, HOLD_DUPLICATE, subject, cause, ""); /* A2 */
        return;
    }
    if (lane->visit.held) {
        lane_release(t, why);
    }
    pairing_name(&lane->pairing, subject);
    pairing_clear(&lane->pairing);
    if (entry) {
        arrive(t, subject, cause);
        return;
    }
    begin_visit(t, VISIT_EXIT, subject);
    set_text(lane->visit.session, sizeof lane->visit.session,
             inside_find(t->view->inside, subject));
    lane_ask(t, cause);
}

/* May a reading change what the lane believes?  Not where the question is another one (X6). */
static bool is_open_question(const struct lane *lane)
{
    bool raised = lane->state == LANE_RAISED && lane->visit.kind == VISIT_NONE &&
                  lane_arming(lane) == LEVEL_ON && !lane->away;
    return lane->state == LANE_ARMED || raised ||
           (lane->state == LANE_HELD && lane->visit.hold != HOLD_NO_ANSWER &&
            lane->visit.hold != HOLD_CONFIRM);
}

/* I3: the second arm of a group needs no name: it lets on whom the first one let in. */
static void take_on(struct lane_turn *t)
{
    struct lane *lane = t->lane;
    const struct lane_partner *partner = t->view->partner;
    if (lane->state != LANE_ARMED || !partner || !partner->last->id[0] ||
        strcmp(partner->last->id, lane->second_of) == 0) {
        return;
    }
    begin_visit(t, VISIT_SECOND, &partner->last->subject);
    memcpy(lane->visit.session, partner->last->session, sizeof lane->visit.session);
    memcpy(lane->visit.permit_id, partner->last->id, sizeof lane->visit.permit_id);
    memcpy(lane->second_of, partner->last->id, sizeof lane->second_of);
    lane->visit.permitted = true;
    lane->settled = t->now;
    pairing_clear(&lane->pairing);
    lane_begin_opening(t); /* L43 L44 */
}

void lane_identify(struct lane_turn *t)
{
    struct lane *lane = t->lane;
    struct subject subject;
    mono_t when;
    if (lane->config.second) {
        take_on(t);
        return;
    }
    if (!is_open_question(lane) || !t->view->journal_ok || lane->unstored > LANE_RECORDS_EASY) {
        return;
    }
    switch (pairing_choose(&lane->pairing, lane->armed, t->now, &subject, &when)) {
    case PAIRING_NOTHING:
        return;
    case PAIRING_SETTLING:
        lane->look = when;
        return;
    case PAIRING_CHOSEN:
        if (lane->state == LANE_HELD && is_same(&subject, &lane->visit.subject)) {
            pairing_clear(&lane->pairing); /* held for this very vehicle: nothing new */
        } else {
            lane_name(t, &subject, "", "read");
        }
        return;
    case PAIRING_UNDECIDED:
        if (lane->state == LANE_ARMED && !lane->config.second) {
            subject.kind = SUBJECT_NONE; /* the text is there for a person; it names nobody yet */
            subject.key[0] = '\0';
            lane_hold(t, HOLD_AMBIGUOUS, &subject, "", "");
        } else {
            pairing_clear(&lane->pairing);
        }
        return;
    }
}

void lane_hold(struct lane_turn *t, enum hold hold, const struct subject *subject,
               const char *cause, const char *text)
{
    struct lane *lane = t->lane;
    if (lane->state != LANE_HELD && !lane_transition_clause(lane->state, LANE_HELD)) {
        return; /* the arm stays up, or the line is cut: nobody is held there (M5, R9) */
    }
    if (lane->visit.held) {
        lane_release(t, "another reason");
    }
    struct event event = lane_event(t, EVENT_HELD, cause);
    event.hold = hold;
    event.subject = *subject;
    set_text(event.text, sizeof event.text, text);
    lane->visit.held = true;
    lane->visit.hold = hold;
    lane->visit.subject = event.subject;
    memcpy(lane->visit.held_id, event.id, sizeof lane->visit.held_id);
    pairing_clear(&lane->pairing);
    lane_record(t, &event, INSIDE_NONE);
    if (lane->state == LANE_HELD) {
        lane->display_changed = true;
    } else {
        lane_goto(t, LANE_HELD); /* L18 L25 */
    }
}

void lane_release(struct lane_turn *t, const char *why)
{
    struct lane_visit *visit = &t->lane->visit;
    must(visit->held);
    struct event event = lane_event(t, EVENT_RELEASED, visit->held_id);
    event.subject = visit->subject;
    set_text(event.text, sizeof event.text, why);
    visit->held = false;
    memset(visit->held_id, 0, sizeof visit->held_id);
    lane_record(t, &event, INSIDE_NONE);
}

void lane_permit(struct lane_turn *t, enum permit permit, const char *cause)
{
    struct lane *lane = t->lane;
    struct lane_visit *visit = &lane->visit;
    if (visit->held) {
        lane_release(t, "permitted");
    }
    struct event event = lane_event(t, EVENT_EXIT_PERMITTED, cause);
    event.permit = permit;
    visit->permit = permit;
    memcpy(visit->awaited, event.id, sizeof visit->awaited);
    lane_record(t, &event, INSIDE_NONE);
    /* In raised the arm is up.  In fault and learning the permit is kept; the arm rises when the
     * line is back (X10). */
    if (lane->state == LANE_ASKING || lane->state == LANE_QUOTED || lane->state == LANE_HELD) {
        lane_goto(t, LANE_RECORDING); /* L19 L24 */
    }
}

static void end_visit(struct lane_turn *t)
{
    memset(&t->lane->visit, 0, sizeof t->lane->visit);
    t->lane->display_changed = true;
}

static void note_last(struct lane_turn *t, const struct event *event)
{
    struct lane_last *last = &t->lane->last;
    memcpy(last->id, event->id, sizeof last->id);
    memcpy(last->session, event->session, sizeof last->session);
    last->entry = event->type == EVENT_ENTERED;
    last->subject = t->lane->visit.subject;
    last->at = t->now;
}

void lane_end_passed(struct lane_turn *t, bool inferred)
{
    struct lane_visit *visit = &t->lane->visit;
    bool entry = visit->kind == VISIT_ENTRY;
    t->lane->settled = t->now;
    t->lane->fresh = lane_arming(t->lane) == LEVEL_ON;
    if (visit->kind != VISIT_ENTRY && visit->kind != VISIT_EXIT) {
        end_visit(t); /* by hand, nobody we know: no session has an edge here */
        return;
    }
    const char *cause = visit->permit_id[0] ? visit->permit_id : visit->awaited;
    struct event event = lane_event(t, entry ? EVENT_ENTERED : EVENT_LEFT, cause);
    event.inferred = inferred;
    note_last(t, &event);
    struct inside_entry inside;
    memset(&inside, 0, sizeof inside);
    inside.kind = visit->subject.kind;
    inside.vehicle = visit->subject.vehicle;
    memcpy(inside.key, visit->subject.key, sizeof inside.key);
    memcpy(inside.session, visit->session, sizeof inside.session);
    pairing_passed(&t->lane->pairing, &visit->subject, t->now);
    bool known = visit->session[0] != '\0';
    end_visit(t);
    enum inside_change change = entry ? INSIDE_ADD : INSIDE_REMOVE;
    lane_record(t, &event, known ? change : INSIDE_NONE);
    struct gate_record *record = &t->effects->effect[t->effects->count - 1].record;
    if (known) {
        record->inside = inside;
    }
}

void lane_end_backed(struct lane_turn *t, bool inferred)
{
    struct lane_visit *visit = &t->lane->visit;
    enum visit_kind kind = visit->kind;
    pairing_expect_again(&t->lane->pairing);
    pairing_clear(&t->lane->pairing); /* what was read of it is not the next one's */
    lane_command_result(t, OUTCOME_IMPOSSIBLE, "the vehicle has gone");
    if (visit->held) {
        lane_release(t, "drove away");
    }
    if (kind != VISIT_ENTRY && kind != VISIT_EXIT) {
        if (kind == VISIT_SECOND) {
            memset(t->lane->second_of, 0, sizeof t->lane->second_of); /* it may try again */
        }
        end_visit(t);
        return;
    }
    const char *entry_cause = visit->permit_id[0] ? visit->permit_id : visit->awaited;
    struct event event = kind == VISIT_ENTRY ? lane_event(t, EVENT_BACKED_OUT, entry_cause)
                                             : lane_event(t, EVENT_BACKED_OFF, visit->ask);
    event.inferred = inferred;
    end_visit(t);
    lane_record(t, &event, INSIDE_NONE);
}

void lane_command_result(struct lane_turn *t, enum command_outcome outcome, const char *text)
{
    struct lane_visit *visit = &t->lane->visit;
    if (!visit->command[0]) {
        return;
    }
    struct event event = lane_event(t, EVENT_COMMAND_DONE, visit->command);
    event.outcome = outcome;
    set_text(event.text, sizeof event.text, text);
    static const char *const words[] = {"done", "late", "impossible"};
    lane_log(t, GATE_LOG_COMMAND, "open", words[outcome], 0);
    memset(visit->command, 0, sizeof visit->command);
    visit->command_deadline = (wall_t){0};
    lane_record(t, &event, INSIDE_NONE);
}
