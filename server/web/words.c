#include "server/web/words.h"

#include "proto/base/time.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

enum text words_vehicle(const char *vehicle)
{
    static const struct text_word words[] = {
        {"car", TEXT_VEHICLE_CAR},
        {"motorbike", TEXT_VEHICLE_MOTORBIKE},
        {"bicycle", TEXT_VEHICLE_BICYCLE},
    };
    return text_by_word(words, COUNT(words), vehicle, TEXT_VEHICLE_UNKNOWN);
}

enum text words_lane_state(const char *state)
{
    static const struct text_word words[] = {
        {"learning", TEXT_LANE_LEARNING},   {"idle", TEXT_LANE_IDLE},
        {"armed", TEXT_LANE_ARMED},         {"held", TEXT_LANE_HELD},
        {"asking", TEXT_LANE_ASKING},       {"quoted", TEXT_LANE_QUOTED},
        {"recording", TEXT_LANE_RECORDING}, {"opening", TEXT_LANE_OPENING},
        {"open", TEXT_LANE_OPEN},           {"passing", TEXT_LANE_PASSING},
        {"closing", TEXT_LANE_CLOSING},     {"fault", TEXT_LANE_FAULT},
        {"closed", TEXT_LANE_CLOSED},
    };
    return text_by_word(words, COUNT(words), state, TEXT_LANE_UNKNOWN);
}

enum text words_barrier(const char *state)
{
    static const struct text_word words[] = {
        {"closed", TEXT_BARRIER_CLOSED}, {"opening", TEXT_BARRIER_OPENING},
        {"open", TEXT_BARRIER_OPEN},     {"closing", TEXT_BARRIER_CLOSING},
        {"stuck", TEXT_BARRIER_STUCK},   {"forced", TEXT_BARRIER_FORCED},
    };
    return text_by_word(words, COUNT(words), state, TEXT_BARRIER_UNKNOWN);
}

enum text words_hold(const char *hold)
{
    static const struct text_word words[] = {
        {"unreadable", TEXT_HOLD_UNREADABLE}, {"ambiguous", TEXT_HOLD_AMBIGUOUS},
        {"no_entry", TEXT_HOLD_NO_ENTRY},     {"duplicate", TEXT_HOLD_DUPLICATE},
        {"refused", TEXT_HOLD_REFUSED},       {"no_answer", TEXT_HOLD_NO_ANSWER},
        {"confirm", TEXT_HOLD_CONFIRM},
    };
    return text_by_word(words, COUNT(words), hold, TEXT_HOLD_OTHER);
}

enum text words_direction(const char *direction)
{
    static const struct text_word words[] = {
        {"entry", TEXT_DIRECTION_ENTRY},
        {"exit", TEXT_DIRECTION_EXIT},
    };
    return text_by_word(words, COUNT(words), direction, TEXT_LANE_UNKNOWN);
}

enum text words_review(const char *kind)
{
    static const struct text_word words[] = {
        {"lane_held", TEXT_REVIEW_LANE_HELD},
        {"no_entry", TEXT_REVIEW_NO_ENTRY},
        {"already_inside", TEXT_REVIEW_ALREADY_INSIDE},
        {"unknown_session", TEXT_REVIEW_SESSION},
        {"session_conflict", TEXT_REVIEW_SESSION},
        {"entry_unconfirmed", TEXT_REVIEW_SESSION},
        {"left_unpermitted", TEXT_REVIEW_SESSION},
        {"permit_differs", TEXT_REVIEW_SESSION},
        {"stay_implausible", TEXT_REVIEW_SESSION},
        {"clock_unknown", TEXT_REVIEW_CLOCK},
        {"no_tariff", TEXT_REVIEW_TARIFF},
        {"fee_fell", TEXT_REVIEW_REFUND},
        {"bank_over", TEXT_REVIEW_REFUND},
        {"bank_duplicate", TEXT_REVIEW_REFUND},
        {"bank_unmatched", TEXT_REVIEW_BANK_UNMATCHED},
        {"bank_wrong_account", TEXT_REVIEW_BANK_ACCOUNT},
        {"bank_late", TEXT_REVIEW_BANK_OTHER},
        {"bank_two_codes", TEXT_REVIEW_BANK_OTHER},
        {"bank_reversal", TEXT_REVIEW_BANK_OTHER},
        {"bank_different", TEXT_REVIEW_BANK_OTHER},
        {"bank_taken_back", TEXT_REVIEW_BANK_BACK},
        {"entry_declared", TEXT_REVIEW_ENTRY_DECLARED},
        {"cash_over", TEXT_REVIEW_REFUND},
        {"cash_duplicate", TEXT_REVIEW_REFUND},
        {"cash_late", TEXT_REVIEW_REFUND},
        {"cash_unmatched", TEXT_REVIEW_CASH},
        {"cash_receipt", TEXT_REVIEW_CASH},
        {"cash_shift", TEXT_REVIEW_CASH},
        {"cash_deposit", TEXT_REVIEW_CASH},
        {"shift_difference", TEXT_REVIEW_SHIFT},
        {"shift_odd", TEXT_REVIEW_SHIFT},
        {"pass_over", TEXT_REVIEW_REFUND},
        {"pass_duplicate", TEXT_REVIEW_REFUND},
        {"offline_differs", TEXT_REVIEW_OFFLINE},
        {"clock_corrected", TEXT_REVIEW_CLOCK},
        {"complaint", TEXT_REVIEW_COMPLAINT},
    };
    return text_by_word(words, COUNT(words), kind, TEXT_REVIEW_OTHER);
}

enum text words_alarm(const char *code)
{
    static const struct text_word words[] = {
        {"gate.offline", TEXT_ALARM_GATE_OFFLINE},
        {"io.unreachable", TEXT_ALARM_IO},
        {"barrier.stuck", TEXT_ALARM_BARRIER_STUCK},
        {"barrier.forced", TEXT_ALARM_BARRIER_FORCED},
        {"barrier.blocked", TEXT_ALARM_BARRIER_BLOCKED},
        {"journal.failed", TEXT_ALARM_JOURNAL},
        {"journal.new_start", TEXT_ALARM_JOURNAL},
        {"journal.went_back", TEXT_ALARM_JOURNAL},
    };
    return text_by_word(words, COUNT(words), code, TEXT_ALARM_OTHER);
}

/* ---- sentences ---- */

struct parts {
    const char *vehicle, *gate, *detail;
    int64_t lane, number;
};

/* The template's words, with what belongs into its braces. */
static void fill(struct out *out, const char *template, const struct parts *parts)
{
    for (const char *p = template; *p; p++) {
        if (p[0] != '{' || p[1] == '\0' || p[2] != '}') {
            out_char(out, *p);
            continue;
        }
        if (p[1] == 'v') {
            out_add_c(out, parts->vehicle);
        } else if (p[1] == 'g') {
            out_add_c(out, parts->gate);
        } else if (p[1] == 'x') {
            out_add_c(out, parts->detail);
        } else if (p[1] == 'l') {
            out_i64(out, parts->lane);
        } else if (p[1] == 'n') {
            out_i64(out, parts->number);
        }
        p += 2;
    }
}

static enum text permit_sentence(enum permit permit)
{
    if (permit == PERMIT_PAID) {
        return TEXT_SAY_PERMITTED_PAID;
    }
    return permit == PERMIT_FREE || permit == PERMIT_EXEMPT ? TEXT_SAY_PERMITTED_FREE
                                                            : TEXT_SAY_PERMITTED;
}

static enum text outcome_sentence(enum command_outcome outcome)
{
    if (outcome == OUTCOME_DONE) {
        return TEXT_SAY_COMMAND_DONE;
    }
    return outcome == OUTCOME_LATE ? TEXT_SAY_COMMAND_LATE : TEXT_SAY_COMMAND_IMPOSSIBLE;
}

static enum text sentence_of(const struct event *event)
{
    switch (event->type) {
    case EVENT_BOOT:
        return TEXT_SAY_BOOT;
    case EVENT_ARRIVED:
        return TEXT_SAY_ARRIVED;
    case EVENT_ENTERED:
        return TEXT_SAY_ENTERED;
    case EVENT_BACKED_OUT:
        return TEXT_SAY_BACKED_OUT;
    case EVENT_EXIT_ASKED:
        return TEXT_SAY_EXIT_ASKED;
    case EVENT_EXIT_PERMITTED:
        return permit_sentence(event->permit);
    case EVENT_LEFT:
        return TEXT_SAY_LEFT;
    case EVENT_BACKED_OFF:
        return TEXT_SAY_BACKED_OFF;
    case EVENT_HELD:
        return TEXT_SAY_HELD;
    case EVENT_RELEASED:
        return TEXT_SAY_RELEASED;
    case EVENT_HAND_OPENED:
        return TEXT_SAY_HAND_OPENED;
    case EVENT_ALARM:
        if (event->lane == 0) {
            return event->raised ? TEXT_SAY_GATE_ALARM_RAISED : TEXT_SAY_GATE_ALARM_CLEARED;
        }
        return event->raised ? TEXT_SAY_ALARM_RAISED : TEXT_SAY_ALARM_CLEARED;
    case EVENT_COMMAND_DONE:
        return outcome_sentence(event->outcome);
    case EVENT_AMENDED:
        return TEXT_SAY_AMENDED;
    case EVENT_QUOTED:
        return TEXT_SAY_QUOTED;
    case EVENT_ENTRY_DECLARED:
        return TEXT_SAY_ENTRY_DECLARED;
    case EVENT_CASH_TAKEN:
        return TEXT_SAY_CASH_TAKEN;
    case EVENT_SHIFT_OPENED:
        return TEXT_SAY_SHIFT_OPENED;
    case EVENT_SHIFT_CLOSED:
        return TEXT_SAY_SHIFT_CLOSED;
    case EVENT_OCCUPANCY_CORRECTED:
        return TEXT_SAY_OCCUPANCY_CORRECTED;
    case EVENT_ALARM_ACKED:
        return TEXT_SAY_ALARM_ACKED;
    case EVENT_DESK_ACTION:
        return TEXT_SAY_DESK_ACTION;
    case EVENT_UNLOGGED:
        return TEXT_SAY_UNLOGGED;
    case EVENT_LANE_MODE:
        return TEXT_SAY_LANE_MODE;
    case EVENT_CLOCK_SET:
        return TEXT_SAY_CLOCK_SET;
    case EVENT_TYPE_COUNT:
        break;
    }
    return TEXT_LANE_UNKNOWN;
}

void words_event(struct out *out, const struct event_row *row, enum language language)
{
    const struct event *event = &row->event;
    struct parts parts = {.vehicle = row->vehicle_name[0] ? row->vehicle_name
                                                          : text_of(TEXT_VEHICLE_NONE, language),
                          .gate = event->gate,
                          .lane = event->lane,
                          .detail = event->text};
    char reason[MSG_TEXT_CAP + MSG_NAME_CAP + 4];
    if (event->type == EVENT_HELD) {
        parts.detail = text_of(words_hold(hold_text(event->hold)), language);
    } else if (event->type == EVENT_ALARM) {
        parts.detail = text_of(words_alarm(event->code), language);
    } else if (event->type == EVENT_HAND_OPENED) {
        snprintf(reason, sizeof reason, "%s (%s)", event->text, event->by);
        parts.detail = reason;
    }
    fill(out, text_of(sentence_of(event), language), &parts);
    if (event->inferred) {
        out_char(out, ' ');
        out_add_c(out, text_of(TEXT_SAY_INFERRED, language));
    }
    if (event->offline) {
        out_char(out, ' ');
        out_add_c(out, text_of(TEXT_SAY_OFFLINE, language));
    }
}

void words_number(struct out *out, enum text text, int64_t n, enum language language)
{
    struct parts parts = {.vehicle = "", .gate = "", .detail = "", .number = n};
    fill(out, text_of(text, language), &parts);
}

void words_detail(struct out *out, enum text text, const char *detail, enum language language)
{
    struct parts parts = {.vehicle = "", .gate = "", .detail = detail};
    fill(out, text_of(text, language), &parts);
}

/* Chinese, Japanese and Korean write no blank between a number and its unit. */
static bool is_tight(enum language language)
{
    return language == LANGUAGE_KO || language == LANGUAGE_JA || language == LANGUAGE_ZH;
}

static void unit(struct out *out, int64_t count, enum text text, enum language language)
{
    out_i64(out, count);
    if (!is_tight(language)) {
        out_char(out, ' ');
    }
    out_add_c(out, text_of(text, language));
}

void words_duration(struct out *out, int64_t ms, enum language language)
{
    int64_t minutes = ms > 0 ? ms / TIME_MINUTE_MS : 0;
    int64_t days = minutes / (24 * 60);
    int64_t hours = minutes / 60 % 24;
    if (days > 0) {
        unit(out, days, TEXT_DAYS, language);
        out_char(out, ' ');
        unit(out, hours, TEXT_HOURS, language);
        return;
    }
    if (hours > 0) {
        unit(out, hours, TEXT_HOURS, language);
        out_char(out, ' ');
    }
    unit(out, minutes % 60, TEXT_MINUTES, language);
}

void words_span(struct out *out, int64_t ms, enum language language)
{
    static const struct {
        int64_t ms;
        enum text text;
    } units[] = {
        {TIME_DAY_MS, TEXT_DAYS}, {TIME_HOUR_MS, TEXT_HOURS}, {TIME_MINUTE_MS, TEXT_MINUTES}};
    bool said = false;
    if (ms == TIME_DAY_MS) { /* a price list says 24 hours */
        unit(out, 24, TEXT_HOURS, language);
        return;
    }
    for (int i = 0; i < 3; i++) {
        if (ms >= units[i].ms) {
            if (said) {
                out_char(out, ' ');
            }
            unit(out, ms / units[i].ms, units[i].text, language);
            ms %= units[i].ms;
            said = true;
        }
    }
    if (!said) {
        unit(out, 0, TEXT_MINUTES, language);
    }
}
