/* on_lane.c - events of a lane or gate that concern no session's state. */
#include "proto/base/check.h"
#include "server/app/scripts.h"
#include "server/store/store_cases.h"

static int on_boot(struct on *on)
{
    const struct event *event = on->event;
    int error = store_set_boot(on->desk->store, on->gate->id, event->boot, event->code);
    /* It may have forgotten what it was told: everything open is said at once. */
    error = error ? error : store_hurry(on->desk->store, on->gate->id, on->desk->now);
    if (!error) {
        desk_tell(on->desk, CHANGE_GATE, on->gate, 0, NULL, "", "boot");
    }
    return error;
}

static int on_held(struct on *on)
{
    const struct event *event = on->event;
    struct review review = {.kind = REVIEW_LANE_HELD};
    struct store_review where = {on->gate->lot->id, on->gate->id, event->lane,
                                 event->session,    "",           event->id};
    struct out detail;
    out_init(&detail, review.detail, sizeof review.detail);
    out_fmt(&detail, "%s", hold_text(event->hold));
    if (event->text[0]) {
        out_fmt(&detail, ": %s", event->text);
    }
    int error = store_close_lane_reviews(on->desk->store, on->gate->id, event->lane,
                                         REVIEW_LANE_HELD, "replaced", on->desk->now);
    return error ? error : desk_review(on->desk, &where, &review);
}

static int on_released(struct on *on)
{
    int error = store_close_lane_reviews(on->desk->store, on->gate->id, on->event->lane,
                                         REVIEW_LANE_HELD, "lane", on->desk->now);
    error = error ? error
                  : store_settle_lane(on->desk->store, on->gate->id, on->event->lane, "",
                                      on->desk->now);
    if (!error) {
        desk_tell(on->desk, CHANGE_REVIEW, on->gate, on->event->lane, NULL, "",
                  review_text(REVIEW_LANE_HELD));
    }
    return error;
}

static int on_alarm(struct on *on)
{
    const struct event *event = on->event;
    return event->raised ? desk_alarm(on->desk, on->gate, event->lane, event->code, event->text)
                         : desk_clear_alarm(on->desk, on->gate, event->lane, event->code);
}

static int on_command_done(struct on *on)
{
    static const char *const words[] = {
#define X(name, word, sentence) word,
        COMMAND_OUTCOMES(X)
#undef X
    };
    const struct event *event = on->event;
    must(event->outcome < OUTCOME_COUNT);
    int error = store_answer_command(on->desk->store, event->cause, on->gate->id,
                                     words[event->outcome], event->text, on->desk->now);
    if (error == DX_E_NOT_FOUND) {
        on->outcome = SESSION_OUTCOME_IGNORED; /* answered before, or none of ours */
        return 0;
    }
    error = error ? error : store_settle_message(on->desk->store, event->cause, on->desk->now);
    if (!error) {
        desk_tell(on->desk, CHANGE_COMMAND, on->gate, event->lane, NULL, event->cause,
                  words[event->outcome]);
    }
    return error;
}

int on_lane(struct on *on)
{
    int error = 0;
    on->outcome = SESSION_OUTCOME_APPLIED;
    memcpy(on->session, on->event->session, sizeof on->session);
    switch (on->event->type) {
    case EVENT_BOOT:
        return on_boot(on);
    case EVENT_HELD:
        error = on_held(on);
        break;
    case EVENT_RELEASED:
        error = on_released(on);
        break;
    case EVENT_ALARM:
        return on_alarm(on);
    case EVENT_COMMAND_DONE:
        return on_command_done(on);
    case EVENT_UNLOGGED:
        error = store_add_unlogged(on->desk->store, on->event->id, on->gate->lot->id, on->gate->id,
                                   on->event->lane, on->event->code, on->event->session, on->at);
        break;
    case EVENT_HAND_OPENED:
    case EVENT_ALARM_ACKED:
    case EVENT_DESK_ACTION:
    case EVENT_LANE_MODE:
        break; /* the event itself is the record */
    case EVENT_ARRIVED:
    case EVENT_AMENDED:
    case EVENT_ENTRY_DECLARED:
    case EVENT_ENTERED:
    case EVENT_BACKED_OUT:
    case EVENT_EXIT_ASKED:
    case EVENT_EXIT_PERMITTED:
    case EVENT_LEFT:
    case EVENT_BACKED_OFF:
    case EVENT_CASH_TAKEN:
    case EVENT_SHIFT_OPENED:
    case EVENT_SHIFT_CLOSED:
    case EVENT_OCCUPANCY_CORRECTED:
    case EVENT_QUOTED:
    case EVENT_CLOCK_SET:
    case EVENT_TYPE_COUNT:
        must(!"an event of another script");
    }
    if (!error) {
        desk_tell(on->desk, CHANGE_LANE, on->gate, on->event->lane, NULL, on->event->id,
                  event_type_text(on->event->type));
    }
    return error;
}
