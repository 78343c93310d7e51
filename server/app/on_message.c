/* on_message.c - what a broker hands over: judged, then applied, parked or set aside. */
#include "proto/base/check.h"
#include "proto/io/json.h"
#include "proto/io/log.h"
#include "proto/io/msg_json.h"
#include "server/app/scripts.h"
#include "server/store/store_offline.h"

/*
 * A gate keeps what was not acknowledged, so what is not parked is not lost.
 * A gap is asked for again only when it was not filled after a while.
 */
enum { PARKED_MAX = 1000, GAP_AGAIN_MS = DELIVERY_STALL_MS };

/* What the event says as text; one that came as a value has none until somebody wants it. */
static struct str text_of(const struct event *event, struct str body)
{
    static char space[MSG_SIZE_MAX]; /* one writer */
    struct out out;
    if (body.n > 0) {
        return body;
    }
    out_init(&out, space, sizeof space);
    event_write(&out, event);
    must(!out_failed(&out));
    return out_str(&out);
}

static int run_script(struct on *on)
{
    switch (on->event->type) {
    case EVENT_ARRIVED:
    case EVENT_ENTERED:
    case EVENT_BACKED_OUT:
    case EVENT_ENTRY_DECLARED:
    case EVENT_AMENDED:
        return on_entry(on);
    case EVENT_EXIT_ASKED:
    case EVENT_EXIT_PERMITTED:
    case EVENT_LEFT:
    case EVENT_BACKED_OFF:
        return on_exit_event(on);
    case EVENT_CASH_TAKEN:
    case EVENT_SHIFT_OPENED:
    case EVENT_SHIFT_CLOSED:
    case EVENT_OCCUPANCY_CORRECTED:
        return on_cash(on);
    case EVENT_BOOT:
    case EVENT_HELD:
    case EVENT_RELEASED:
    case EVENT_HAND_OPENED:
    case EVENT_ALARM:
    case EVENT_COMMAND_DONE:
    case EVENT_ALARM_ACKED:
    case EVENT_DESK_ACTION:
    case EVENT_UNLOGGED:
    case EVENT_LANE_MODE:
        return on_lane(on);
    case EVENT_QUOTED:
        return on_quoted(on);
    case EVENT_CLOCK_SET:
        return on_clock_set(on);
    case EVENT_TYPE_COUNT:
        break;
    }
    must(!"event_read lets known types through only");
    return DX_E_VERSION;
}

static void move_cursor(struct desk_gate *gate, const struct event *event)
{
    gate->generation = event->generation;
    gate->high = event->seq;
    gate->cursor_moved = true;
    gate->acknowledge = event->seq;
}

/* The event and all that follows from it, or none of it. */
static int apply_whole(struct desk *desk, struct desk_gate *gate, const struct event *event,
                       struct str body)
{
    struct on on = {.desk = desk, .gate = gate, .event = event};
    on.at = ingest_time(event, desk->now, &on.at_is_receipt);
    struct desk_mark mark = desk_mark(desk, gate);
    int error = store_savepoint(desk->store);
    if (error) {
        return error;
    }
    error = run_script(&on);
    const struct store_event row = {event,      event_type_text(event->type),     desk->now,
                                    on.session, session_outcome_text(on.outcome), body};
    error = error ? error : store_add_event(desk->store, &row);
    if (error) {
        store_rollback_savepoint(desk->store);
        desk_undo(desk, &mark);
        return error;
    }
    return store_release(desk->store);
}

/*
 * Applies it and moves the cursor.  What cannot be applied is set aside and its
 * number is used up all the same: the server has it durably, and the cars behind
 * it must not wait.  Only an id that is stored already holds the journal: then it
 * is not the journal we know.
 */
static int apply(struct desk *desk, struct desk_gate *gate, const char *source,
                 const struct event *event, struct str body)
{
    int error = apply_whole(desk, gate, event, body);
    if (desk_is_refusal(error)) {
        bool known = false;
        int refused = error;
        error = store_has_event(desk->store, event->id, &known);
        if (!error && known) {
            error = desk_alarm(desk, gate, 0, "journal.went_back", event->id);
            return error ? error
                         : desk_set_aside(desk, source,
                                          "this id was used before, under another"
                                          " number",
                                          text_of(event, body));
        }
        error = error ? error
                      : desk_set_aside(desk, source, dx_error_text(refused), text_of(event, body));
        const struct store_event row = {
            event, event_type_text(event->type), desk->now, event->session, "set_aside", body};
        error = error ? error : store_add_event(desk->store, &row);
    }
    if (!error) {
        move_cursor(gate, event);
    }
    return error;
}

/* Those that came early and are next now. */
static int apply_parked(struct desk *desk, struct desk_gate *gate, const char *source)
{
    static char space[MSG_SIZE_MAX]; /* one writer */
    for (;;) {
        struct event event;
        struct str body;
        const char *why = NULL;
        int64_t high = gate->high;
        int error =
            store_take_parked(desk->store, gate->id, gate->generation, high + 1, space, &body);
        if (error == DX_E_NOT_FOUND) {
            return 0;
        }
        error = error ? error : event_read(body, &event, &why);
        if (desk_is_refusal(error)) { /* an older program could read it */
            return desk_set_aside(desk, source, why, body);
        }
        error = error ? error : apply(desk, gate, source, &event, body);
        if (error || gate->high == high) {
            return error;
        }
    }
}

static void ask_gap(struct desk *desk, struct desk_gate *gate, const struct ingest_verdict *verdict)
{
    bool same =
        gate->gap_generation == verdict->gap_generation && gate->gap_from == verdict->gap_from;
    if (!same || mono_diff(desk->mono, gate->gap_asked) >= GAP_AGAIN_MS) {
        gate->ask_gap = true;
        gate->gap_generation = verdict->gap_generation;
        gate->gap_from = verdict->gap_from;
    }
}

/*
 * Kept, shown, and not acknowledged: the gate says it again under a number of its own.  What comes
 * behind it in this generation is of the same old copy; nothing of it is applied, in whatever
 * order, until the new generation begins.
 */
static int went_back(struct desk *desk, struct desk_gate *gate, const char *source,
                     const struct ingest_verdict *verdict, const struct event *event,
                     struct str body)
{
    gate->forked = event->generation == gate->generation ? event->generation : gate->forked;
    ask_gap(desk, gate, verdict);
    int error = desk_alarm(desk, gate, 0, verdict->alarm, event->id);
    return error ? error : desk_set_aside(desk, source, verdict->reason, text_of(event, body));
}

static int park(struct desk *desk, struct desk_gate *gate, const struct ingest_verdict *verdict,
                const struct event *event, struct str body)
{
    int64_t parked = 0;
    int error = store_count_parked(desk->store, gate->id, &parked);
    if (!error && parked < PARKED_MAX) {
        error =
            store_park(desk->store, gate->id, event->generation, event->seq, text_of(event, body));
    }
    if (!error) {
        ask_gap(desk, gate, verdict);
    }
    return error;
}

/* Its place in the journal is behind a backlog; the car stands there now. */
static int answer_early(struct desk *desk, struct desk_gate *gate, const struct event *event)
{
    struct on on = {.desk = desk, .gate = gate, .event = event};
    on.at = ingest_time(event, desk->now, &on.at_is_receipt);
    return on_early_ask(&on);
}

static int start_anew(struct desk *desk, struct desk_gate *gate, const struct event *event)
{
    log_warn("journal.new_start", "gate=%s generation=%lld", gate->id,
             (long long)event->generation);
    return store_set_parked_aside(desk->store, gate->id, event->generation, desk->now,
                                  "early event of a journal that was given up");
}

static int judge(struct desk *desk, struct desk_gate *gate, const struct topic *topic,
                 const char *source, const struct event *event, struct str body)
{
    struct ingest_verdict verdict;
    struct ingest_gate known = {true, gate->lot->id, gate->generation, gate->high, gate->forked};
    bool known_id = false;
    int error = 0;
    int64_t stored_in = 0;
    error = store_event_generation(desk->store, event->id, &stored_in);
    if (error) {
        return error;
    }
    known_id = stored_in != 0;
    ingest_judge(&known, topic, event, known_id, &verdict);
    if (verdict.acknowledge > gate->acknowledge) {
        gate->acknowledge = verdict.acknowledge;
    }
    bool again = verdict.action == INGEST_AGAIN || verdict.action == INGEST_START_AGAIN;
    if (again && stored_in == event->generation) {
        ingest_went_back(&known, event, &verdict); /* no mended journal does that */
        verdict.reason = "this id was used before, under another number";
        again = false;
    }
    if (verdict.action == INGEST_WENT_BACK) {
        return went_back(desk, gate, source, &verdict, event, body);
    }
    if (verdict.alarm) {
        error = desk_alarm(desk, gate, 0, verdict.alarm, event->id);
    }
    if (error || verdict.action == INGEST_KNOWN) {
        return error;
    }
    if (verdict.action == INGEST_SET_ASIDE) {
        return desk_set_aside(desk, source, verdict.reason, text_of(event, body));
    }
    if (verdict.action == INGEST_PARK) {
        error = park(desk, gate, &verdict, event, body);
        return error || event->type != EVENT_EXIT_ASKED ? error : answer_early(desk, gate, event);
    }
    if (verdict.action == INGEST_NEW_START || verdict.action == INGEST_START_AGAIN) {
        error = start_anew(desk, gate, event);
    }
    if (!error && again) {
        move_cursor(gate, event); /* a mended journal: the event is stored under its old number */
        return apply_parked(desk, gate, source);
    }
    error = error ? error : apply(desk, gate, source, event, body);
    return error ? error : apply_parked(desk, gate, source);
}

/*
 * An event whose envelope is right but whose type or details are not known here (a
 * newer gate): its number is certain, so it is set aside and the journal goes on.
 */
static int take_unreadable(struct desk *desk, struct desk_gate *gate, const char *source,
                           const char *why, struct str body)
{
    struct jdoc *root = NULL;
    struct event e = {0};
    char type_text[33];
    struct str id = STR("");
    struct str type = STR("");
    struct str name = STR("");
    int64_t version = 0;
    bool next = jdoc_read(body, &root, NULL) == 0 && jdoc_get_i64(root, "v", &version) == 0 &&
                version == MSG_VERSION && jdoc_get_str(root, "id", &id) == 0 && ulid_is_valid(id) &&
                jdoc_get_str(root, "gate", &name) == 0 && str_eq_c(name, gate->id) &&
                jdoc_get_i64(root, "gen", &e.generation) == 0 &&
                jdoc_get_i64(root, "seq", &e.seq) == 0 && e.generation == gate->generation &&
                e.seq == gate->high + 1 && e.generation != gate->forked &&
                str_copy(e.id, sizeof e.id, id) == 0 && jdoc_get_str(root, "type", &type) == 0;
    bool fits = str_copy(type_text, sizeof type_text, type) == 0;
    jdoc_release(root);
    int error = desk_set_aside(desk, source, why, body);
    if (error || !next) {
        return error;
    }
    bool known = true;
    error = store_has_event(desk->store, e.id, &known);
    if (!error && !known) {
        str_copy_cut(e.gate, sizeof e.gate, str_c(gate->id));
        e.wall = desk->now;
        const struct store_event row = {&e,  fits ? type_text : "?", desk->now, "", "set_aside",
                                        body};
        error = store_add_event(desk->store, &row);
        if (!error) {
            move_cursor(gate, &e);
            error = apply_parked(desk, gate, source);
        }
    }
    return error;
}

static int on_up(struct desk *desk, struct desk_gate *gate, const struct topic *topic,
                 struct str payload)
{
    struct event event;
    char source[TOPIC_CAP];
    const char *why = NULL;
    must(topic_write(source, topic->lot, topic->gate, TOPIC_UP) == 0);
    int error = event_read(payload, &event, &why);
    struct query query;
    const char *query_why = NULL;
    if (error == DX_E_VERSION && query_read(payload, &query, &query_why) == 0) {
        return on_query(desk, gate, &query);
    }
    if (desk_is_refusal(error)) {
        return take_unreadable(desk, gate, source, why, payload);
    }
    return error ? error : judge(desk, gate, topic, source, &event, payload);
}

static int take(struct desk *desk, struct str topic_text, struct str payload)
{
    struct topic topic;
    char source[TOPIC_CAP];
    str_copy_cut(source, sizeof source, topic_text);
    if (topic_parse(topic_text, &topic) != 0 || topic.channel == TOPIC_DOWN) {
        return desk_set_aside(desk, str_is_utf8(str_c(source)) ? source : "?",
                              "not a topic of ours", payload);
    }
    struct desk_gate *gate = desk_find_gate(desk, topic.gate);
    struct ingest_gate known = {.configured = gate != NULL};
    if (gate) {
        known.lot = gate->lot->id;
    }
    const char *reason = ingest_check_topic(&known, &topic);
    if (!reason && payload.n > MSG_SIZE_MAX) {
        reason = "longer than any message";
    }
    if (reason) {
        return desk_set_aside(desk, source, reason, payload);
    }
    must(gate);
    desk_touch(desk, gate);
    return topic.channel == TOPIC_STATUS ? on_status(desk, gate, payload)
                                         : on_up(desk, gate, &topic, payload);
}

/*
 * A refusal that got this far is a mistake of ours, not of the message; the writer
 * must not stand still for it.  Each step behind it was whole, so what was done
 * stays, and the bytes are kept.
 */
int on_message(struct desk *desk, struct str topic, struct str payload)
{
    int error = take(desk, topic, payload);
    if (desk_is_refusal(error)) {
        log_error("message.refused", "error=%s bytes=%zu", dx_error_name(error), payload.n);
        error = desk_set_aside(desk, "server", dx_error_text(error), payload);
    }
    return error;
}

int on_event(struct desk *desk, const struct event *event)
{
    char source[TOPIC_CAP];
    struct topic topic = {.channel = TOPIC_UP};
    struct desk_gate *gate = desk_find_gate(desk, event->gate);
    must(gate);
    memcpy(topic.lot, gate->lot->id, sizeof topic.lot);
    memcpy(topic.gate, event->gate, sizeof topic.gate);
    must(topic_write(source, topic.lot, topic.gate, TOPIC_UP) == 0);
    desk_touch(desk, gate);
    /* With an unset clock its text is looked at again when the clock has been set. */
    struct str body = event->clock == CLOCK_UNKNOWN ? text_of(event, STR("")) : STR("");
    int error = judge(desk, gate, &topic, source, event, body);
    if (desk_is_refusal(error)) {
        log_error("event.refused", "error=%s", dx_error_name(error));
        error = desk_set_aside(desk, "server", dx_error_text(error), text_of(event, body));
    }
    return error;
}
