#include "proto/msg_fields.h"

/* The largest integer that JavaScript keeps exactly; a city does not reach it. */
#define INT_MAX_SAFE INT64_C(9007199254740991)

#define X(name, word, sentence) word,
static const char *const clock_words[] = {CLOCK_QUALITIES(X)};
static const char *const subject_words[] = {SUBJECT_KINDS(X)};
static const char *const source_words[] = {SUBJECT_SOURCES(X)};
static const char *const hold_words[] = {HOLDS(X)};
static const char *const permit_words[] = {PERMITS(X)};
static const char *const quote_words[] = {QUOTE_STATES(X)};
static const char *const action_words[] = {COMMAND_ACTIONS(X)};
static const char *const outcome_words[] = {COMMAND_OUTCOMES(X)};
const char *const event_type_words[] = {EVENT_TYPES(X)};
const char *const down_type_words[] = {DOWN_TYPES(X)};
#undef X
#define X(name, word, sentence) sentence,
const char *const event_type_sentences[] = {EVENT_TYPES(X)};
const char *const down_type_sentences[] = {DOWN_TYPES(X)};
#undef X
#define X(name, text, vi) text,
static const char *const vehicle_words[] = {VEHICLES(X)};
#undef X

#define WORDS(list)       list, (int)(sizeof(list) / sizeof(list)[0])
#define AT(type, member)  offsetof(struct type, member)
#define CAP(type, member) sizeof(((struct type *)0)->member)

/* name, kind, types, required, offset, cap, min, max, words, count, child, count offset, allowed */
#define TEXT(s, m, t, req, n, note)                                              \
    {                                                                            \
        n, FIELD_TEXT, t, req, AT(s, m), CAP(s, m), 0, 0, NULL, 0, NULL, 0, note \
    }
#define ULID(s, m, t, req, n)                                                            \
    {                                                                                    \
        n, FIELD_ULID, t, req, AT(s, m), CAP(s, m), 0, 0, NULL, 0, NULL, 0, n ": a ULID" \
    }
#define NAME(s, m, t, req, n)                                               \
    {                                                                       \
        n, FIELD_NAME, t, req, AT(s, m), CAP(s, m), 0, 0, NULL, 0, NULL, 0, \
            n ": [a-z0-9-], 1 to 32"                                        \
    }
#define INT(s, m, t, req, lo, hi, n, note)                                \
    {                                                                     \
        n, FIELD_INT, t, req, AT(s, m), 0, lo, hi, NULL, 0, NULL, 0, note \
    }
#define SMALL(s, m, t, req, lo, hi, n, note)                                \
    {                                                                       \
        n, FIELD_SMALL, t, req, AT(s, m), 0, lo, hi, NULL, 0, NULL, 0, note \
    }
#define BOOL(s, m, t, req, n)                                                           \
    {                                                                                   \
        n, FIELD_BOOL, t, req, AT(s, m), 0, 0, 0, NULL, 0, NULL, 0, n ": true or false" \
    }
#define WORD(s, m, t, req, n, list)                                                            \
    {                                                                                          \
        n, FIELD_WORD, t, req, AT(s, m), 0, 0, 0, WORDS(list), NULL, 0, n ": one of its words" \
    }
#define OBJECT(s, m, t, req, n, rows)                                                 \
    {                                                                                 \
        n, FIELD_OBJECT, t, req, AT(s, m), 0, 0, 0, NULL, 0, rows, 0, n ": an object" \
    }
#define LIST(s, m, counter, t, req, most, n, rows)                                              \
    {                                                                                           \
        n, FIELD_LIST, t, req, AT(s, m), sizeof(((struct s *)0)->m[0]), 0, most, NULL, 0, rows, \
            AT(s, counter), n ": an array within its limit"                                     \
    }
#define END                                                            \
    {                                                                  \
        NULL, FIELD_TEXT, 0, false, 0, 0, 0, 0, NULL, 0, NULL, 0, NULL \
    }

#define E(type) (1u << EVENT_##type)
#define D(type) (1u << DOWN_##type)
#define ALL     0u

/* Behind these may stand a person. */
#define BY_PERSON                                                                                \
    (E(HAND_OPENED) | E(AMENDED) | E(ENTRY_DECLARED) | E(CASH_TAKEN) | E(SHIFT_OPENED) |         \
     E(SHIFT_CLOSED) | E(OCCUPANCY_CORRECTED) | E(ALARM_ACKED) | E(DESK_ACTION) | E(LANE_MODE) | \
     E(EXIT_PERMITTED))
_Static_assert(EVENT_TYPE_COUNT <= 32, "a bit for each type");

static const struct msg_field subject_rows[] = {
    WORD(subject, kind, ALL, true, "kind", subject_words),
    WORD(subject, source, ALL, true, "source", source_words),
    WORD(subject, vehicle, ALL, true, "vehicle", vehicle_words),
    TEXT(subject, key, ALL, false, "key", "key: canonical plate, or 32 hex digits"),
    TEXT(subject, raw, ALL, false, "raw", "raw: the plate as read"),
    TEXT(subject, last4, ALL, false, "last4", "last4: four digits of a card's number"),
    SMALL(subject, confidence, ALL, true, 0, 1000, "confidence",
          "confidence: an integer from 0 to 1000"),
    END,
};

const struct msg_field event_fields[] = {
    ULID(event, id, ALL, true, "id"),
    NAME(event, gate, ALL, true, "gate"),
    INT(event, generation, ALL, true, 1, INT_MAX_SAFE, "gen", "gen: an integer from 1"),
    INT(event, seq, ALL, true, 1, INT_MAX_SAFE, "seq", "seq: an integer from 1"),
    INT(event, boot, ALL, true, 1, INT_MAX_SAFE, "boot", "boot: an integer from 1"),
    INT(event, mono, ALL, true, 0, INT_MAX_SAFE, "mono_ms", "mono_ms: milliseconds since boot"),
    INT(event, wall, ALL, true, 0, INT_MAX_SAFE, "wall_ms", "wall_ms: milliseconds since 1970"),
    WORD(event, clock, ALL, true, "clock", clock_words),
    BOOL(event, offline, ALL, true, "offline"),
    SMALL(event, lane, ALL, true, 0, MSG_LANES_MAX, "lane", "lane: an integer from 0 to 16"),
    ULID(event, session, ALL, false, "session"),
    ULID(event, cause, ALL, false, "cause"),
    OBJECT(event, subject,
           E(ARRIVED) | E(EXIT_ASKED) | E(HELD) | E(RELEASED) | E(AMENDED) | E(ENTRY_DECLARED),
           true, "subject", subject_rows),
    WORD(event, permit, E(EXIT_PERMITTED), true, "permit", permit_words),
    WORD(event, hold, E(HELD), true, "hold", hold_words),
    BOOL(event, inferred, E(ENTERED) | E(LEFT) | E(BACKED_OUT) | E(BACKED_OFF), true, "inferred"),
    BOOL(event, raised, E(ALARM), true, "raised"),
    TEXT(event, code,
         E(ALARM) | E(BOOT) | E(ENTRY_DECLARED) | E(ALARM_ACKED) | E(DESK_ACTION) | E(UNLOGGED) |
             E(LANE_MODE),
         true, "code", "code: an alarm's name, the version, or which of its kind"),
    WORD(event, outcome, E(COMMAND_DONE), true, "outcome", outcome_words),
    TEXT(event, text, ALL, false, "text", "text: at most 120 bytes of UTF-8"),
    NAME(event, by, BY_PERSON, false, "by"),
    INT(event, amount_vnd, E(QUOTED) | E(CASH_TAKEN) | E(SHIFT_CLOSED), true, -MONEY_MAX_VND,
        MONEY_MAX_VND, "amount_vnd", "amount_vnd: whole đồng"),
    INT(event, fee_vnd, E(QUOTED), true, 0, MONEY_MAX_VND, "fee_vnd", "fee_vnd: whole đồng"),
    INT(event, counted_vnd, E(SHIFT_OPENED) | E(SHIFT_CLOSED), true, 0, MONEY_MAX_VND,
        "counted_vnd", "counted_vnd: whole đồng"),
    TEXT(event, paycode, E(QUOTED), false, "paycode", "paycode: a payment code"),
    TEXT(event, tariff, E(QUOTED), false, "tariff", "tariff: digest of the tariff's version"),
    INT(event, entered, E(QUOTED) | E(ENTRY_DECLARED), true, 0, INT_MAX_SAFE, "entered_ms",
        "entered_ms: milliseconds since 1970"),
    TEXT(event, receipt, E(CASH_TAKEN), true, "receipt", "receipt: number of the receipt"),
    ULID(event, shift, E(CASH_TAKEN) | E(SHIFT_OPENED) | E(SHIFT_CLOSED), true, "shift"),
    TEXT(event, tag, E(ARRIVED) | E(EXIT_ASKED), false, "tag",
         "tag: EPC of an ETC tag, 24 hex digits"),
    WORD(event, vehicle, E(OCCUPANCY_CORRECTED), true, "vehicle", vehicle_words),
    SMALL(event, count_from, E(OCCUPANCY_CORRECTED), true, -MSG_COUNT_MAX, MSG_COUNT_MAX,
          "count_from", "count_from: an integer from -100000 to 100000"),
    SMALL(event, count_to, E(OCCUPANCY_CORRECTED), true, 0, MSG_COUNT_MAX, "count_to",
          "count_to: an integer from 0 to 100000"),
    END,
};

const struct msg_field query_fields[] = {
    NAME(query, gate, ALL, true, "gate"),
    SMALL(query, lane, ALL, true, 1, MSG_LANES_MAX, "lane", "lane: an integer from 1 to 16"),
    ULID(query, session, ALL, false, "session"),
    ULID(query, ask, ALL, true, "ask"),
    END,
};

static const struct msg_field line_rows[] = {
    TEXT(quote_line, vi, ALL, true, "vi", "vi: at most 80 bytes of UTF-8"),
    TEXT(quote_line, en, ALL, true, "en", "en: at most 80 bytes of UTF-8"),
    INT(quote_line, amount_vnd, ALL, true, -MONEY_MAX_VND, MONEY_MAX_VND, "amount_vnd",
        "amount_vnd: whole đồng"),
    END,
};

const struct msg_field down_fields[] = {
    ULID(down, id, D(QUOTE) | D(PAID) | D(COMMAND), true, "id"),
    INT(down, generation, D(ACK) | D(GAP), true, 1, INT_MAX_SAFE, "gen", "gen: an integer from 1"),
    INT(down, seq, D(ACK) | D(GAP), true, 0, INT_MAX_SAFE, "seq", "seq: an integer from 0"),
    SMALL(down, lane, D(QUOTE) | D(PAID) | D(COMMAND), true, 0, MSG_LANES_MAX, "lane",
          "lane: an integer from 0 to 16"),
    ULID(down, session, D(QUOTE) | D(PAID) | D(COMMAND), false, "session"),
    ULID(down, ask, D(QUOTE) | D(PAID), false, "ask"),
    WORD(down, state, D(QUOTE), true, "state", quote_words),
    INT(down, amount_vnd, D(QUOTE) | D(PAID), true, 0, MONEY_MAX_VND, "amount_vnd",
        "amount_vnd: whole đồng"),
    INT(down, amount_vnd, D(COMMAND), false, 0, MONEY_MAX_VND, "amount_vnd",
        "amount_vnd: whole đồng"),
    TEXT(down, receipt, D(COMMAND), false, "receipt", "receipt: number of the receipt"),
    ULID(down, shift, D(COMMAND), false, "shift"),
    INT(down, fee_vnd, D(QUOTE) | D(PAID), true, 0, MONEY_MAX_VND, "fee_vnd",
        "fee_vnd: whole đồng"),
    INT(down, entered, D(QUOTE), false, 0, INT_MAX_SAFE, "entered_ms",
        "entered_ms: milliseconds since 1970"),
    INT(down, valid_until, D(QUOTE), false, 0, INT_MAX_SAFE, "valid_until_ms",
        "valid_until_ms: milliseconds since 1970"),
    TEXT(down, paycode, D(QUOTE) | D(PAID), false, "paycode", "paycode: a payment code"),
    TEXT(down, payload, D(QUOTE), false, "payload", "payload: a VietQR"),
    TEXT(down, url, D(QUOTE), false, "url", "url: the driver's page"),
    LIST(down, line, line_count, D(QUOTE), false, MSG_LINES_MAX, "lines", line_rows),
    WORD(down, action, D(COMMAND), true, "action", action_words),
    INT(down, deadline, D(COMMAND), true, 0, INT_MAX_SAFE, "deadline_ms",
        "deadline_ms: milliseconds since 1970"),
    OBJECT(down, subject, D(QUOTE) | D(COMMAND), false, "subject", subject_rows),
    TEXT(down, text, D(QUOTE) | D(PAID) | D(COMMAND), false, "text",
         "text: at most 120 bytes of UTF-8"),
    NAME(down, by, D(COMMAND), false, "by"),
    END,
};

static const struct msg_field lane_rows[] = {
    SMALL(status_lane, lane, ALL, true, 1, MSG_LANES_MAX, "lane", "lane: an integer from 1 to 16"),
    TEXT(status_lane, direction, ALL, true, "direction", "direction: entry or exit"),
    TEXT(status_lane, state, ALL, true, "state", "state: a word of the lane"),
    TEXT(status_lane, barrier, ALL, true, "barrier", "barrier: a word of the barrier"),
    TEXT(status_lane, mode, ALL, false, "mode", "mode: a word of the lane's mode"),
    END,
};

const struct msg_field status_fields[] = {
    BOOL(status, online, ALL, true, "online"),
    NAME(status, gate, ALL, true, "gate"),
    TEXT(status, version, ALL, false, "version", "version: at most 32 bytes"),
    INT(status, generation, ALL, false, 0, INT_MAX_SAFE, "gen", "gen: an integer from 0"),
    INT(status, seq, ALL, false, 0, INT_MAX_SAFE, "seq", "seq: an integer from 0"),
    INT(status, boot, ALL, false, 0, INT_MAX_SAFE, "boot", "boot: an integer from 0"),
    INT(status, config, ALL, false, 0, INT_MAX_SAFE, "config", "config: an integer from 0"),
    INT(status, wall, ALL, false, 0, INT_MAX_SAFE, "wall_ms", "wall_ms: milliseconds since 1970"),
    LIST(status, lane, lane_count, ALL, false, MSG_LANES_MAX, "lanes", lane_rows),
    END,
};

bool msg_field_applies(const struct msg_field *field, int type)
{
    return field->types == 0 || (field->types & 1u << type) != 0;
}

const char *event_type_text(enum event_type type)
{
    return event_type_words[type];
}

const char *down_type_text(enum down_type type)
{
    return down_type_words[type];
}

const char *hold_text(enum hold hold)
{
    return hold_words[hold];
}

const char *permit_text(enum permit permit)
{
    return permit_words[permit];
}

const char *quote_state_text(enum quote_state state)
{
    return quote_words[state];
}

const char *subject_kind_text(enum subject_kind kind)
{
    return subject_words[kind];
}
