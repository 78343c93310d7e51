#include "gate/core/context.h"

#include <string.h>

/*
 * The stored form: one "key=value" a line, version first, in the order of the
 * tables.  In a value every byte but printable ASCII without '%' is written %XX, so
 * that a plate on two lines stays one value.  Members that are zero are left out.
 */
enum { CONTEXT_VERSION = 1 };

#define X(name, word, sentence) word,
static const char *const visit_words[] = {VISIT_KINDS(X)};
static const char *const alarm_codes[] = {LANE_ALARMS(X)};
static const char *const mode_words[] = {LANE_MODES(X)};
#undef X

const char *visit_kind_text(enum visit_kind kind)
{
    return (unsigned)kind < VISIT_KIND_COUNT ? visit_words[kind] : "?";
}

const char *lane_mode_text(enum lane_mode mode)
{
    return (unsigned)mode < LANE_MODE_COUNT ? mode_words[mode] : "?";
}

const char *lane_alarm_code(enum lane_alarm alarm)
{
    return (unsigned)alarm < ALARM_COUNT ? alarm_codes[alarm] : "?";
}

/* Numbers, flags and enums; all are stored as an int. */
struct number_row {
    const char *key;
    size_t offset;
    int count; /* values are 0..count-1 */
};
/* Texts with a fixed capacity. */
struct text_row {
    const char *key;
    size_t offset, cap;
};

#define NUMBER(key, member, count)                          \
    {                                                       \
        key, offsetof(struct lane_context, member), (count) \
    }
#define TEXT(key, member)                                                                         \
    {                                                                                             \
        key, offsetof(struct lane_context, member), sizeof(((struct lane_context *)NULL)->member) \
    }

static const struct number_row flags[] = {
    NUMBER("out_of_service", out_of_service, 2),
    NUMBER("permitted", permitted, 2),
    NUMBER("held", held, 2),
    NUMBER("mode_switch", mode_switch, 2),
    NUMBER("emergency", emergency, 2),
};
static const struct number_row numbers[] = {
    NUMBER("alarms", alarms, 1 << ALARM_COUNT),
    NUMBER("mode", mode, LANE_MODE_COUNT),
    NUMBER("direction", direction, 3),
    NUMBER("scheduled", scheduled, 3),
    NUMBER("kind", kind, VISIT_KIND_COUNT),
    NUMBER("permit", permit, PERMIT_COUNT),
    NUMBER("hold", hold, HOLD_COUNT),
    NUMBER("taken_vnd", taken_vnd, LANE_TAKEN_VND_MAX + 1),
    NUMBER("subject", subject.kind, SUBJECT_KIND_COUNT),
    NUMBER("source", subject.source, SOURCE_COUNT),
    NUMBER("vehicle", subject.vehicle, VEHICLE_COUNT),
    NUMBER("confidence", subject.confidence, 1001),
};
static const struct text_row texts[] = {
    TEXT("key", subject.key),
    TEXT("raw", subject.raw),
    TEXT("last4", subject.last4),
    TEXT("session", session),
    TEXT("ask", ask),
    TEXT("permit_id", permit_id),
    TEXT("held_id", held_id),
    TEXT("command", command),
    TEXT("command0", commands[0]),
    TEXT("command1", commands[1]),
    TEXT("command2", commands[2]),
    TEXT("command3", commands[3]),
    TEXT("command4", commands[4]),
    TEXT("command5", commands[5]),
    TEXT("command6", commands[6]),
    TEXT("command7", commands[7]),
    TEXT("group_id", group_id),
    TEXT("group_session", group_session),
};
_Static_assert(CONTEXT_COMMANDS == 8, "one row for each");
_Static_assert(sizeof(enum hold) == sizeof(int) && sizeof(unsigned) == sizeof(int), "as an int");

#define ROWS(table) (sizeof(table) / sizeof(table)[0])

static bool is_plain(char c)
{
    return c > ' ' && c <= '~' && c != '%';
}

void lane_context_write(struct out *out, const struct lane_context *context)
{
    const char *base = (const char *)context;
    out_fmt(out, "v=%d\n", CONTEXT_VERSION);
    for (size_t i = 0; i < ROWS(flags); i++) {
        bool value;
        memcpy(&value, base + flags[i].offset, sizeof value);
        if (value) {
            out_fmt(out, "%s=1\n", flags[i].key);
        }
    }
    for (size_t i = 0; i < ROWS(numbers); i++) {
        int value;
        memcpy(&value, base + numbers[i].offset, sizeof value);
        if (value != 0) {
            out_fmt(out, "%s=%d\n", numbers[i].key, value);
        }
    }
    if (context->command_deadline.ms != 0) {
        out_add_c(out, "command_deadline=");
        out_i64(out, context->command_deadline.ms);
        out_char(out, '\n');
    }
    for (size_t i = 0; i < ROWS(texts); i++) {
        const char *value = base + texts[i].offset;
        if (!value[0]) {
            continue;
        }
        out_add_c(out, texts[i].key);
        out_char(out, '=');
        for (; *value; value++) {
            if (is_plain(*value)) {
                out_char(out, *value);
            } else {
                out_fmt(out, "%%%02x", (unsigned)(unsigned char)*value);
            }
        }
        out_char(out, '\n');
    }
}

/* Undo the %XX; DX_E_FORMAT when it is none or does not fit. */
static int read_text(struct str value, char *out, size_t cap)
{
    size_t n = 0;
    for (size_t i = 0; i < value.n; i++) {
        uint8_t byte = (uint8_t)value.p[i];
        if (value.p[i] == '%') {
            if (i + 2 >= value.n || str_unhex(str_slice(value, i + 1, i + 3), &byte, 1) ||
                byte == 0) {
                return DX_E_FORMAT;
            }
            i += 2;
        } else if (!is_plain(value.p[i])) {
            return DX_E_FORMAT;
        }
        if (n + 1 >= cap) {
            return DX_E_FORMAT;
        }
        out[n++] = (char)byte;
    }
    memset(out + n, 0, cap - n);
    return 0;
}

static int read_pair(struct str key, struct str value, struct lane_context *context)
{
    char *base = (char *)context;
    int64_t number = 0;
    for (size_t i = 0; i < ROWS(flags); i++) {
        if (str_eq_c(key, flags[i].key)) {
            bool flag = true;
            memcpy(base + flags[i].offset, &flag, sizeof flag);
            return str_eq_c(value, "1") ? 0 : DX_E_FORMAT;
        }
    }
    for (size_t i = 0; i < ROWS(numbers); i++) {
        if (str_eq_c(key, numbers[i].key)) {
            if (str_parse_i64(value, 0, numbers[i].count - 1, &number)) {
                return DX_E_FORMAT;
            }
            int small = (int)number;
            memcpy(base + numbers[i].offset, &small, sizeof small);
            return 0;
        }
    }
    for (size_t i = 0; i < ROWS(texts); i++) {
        if (str_eq_c(key, texts[i].key)) {
            return read_text(value, base + texts[i].offset, texts[i].cap);
        }
    }
    if (str_eq_c(key, "command_deadline")) {
        return str_parse_i64(value, INT64_MIN, INT64_MAX, &context->command_deadline.ms)
                   ? DX_E_FORMAT
                   : 0;
    }
    return 0; /* of a later version of this program */
}

int lane_context_parse(struct str text, struct lane_context *ret_context)
{
    struct lane_context context;
    memset(&context, 0, sizeof context);
    bool first = true;
    while (text.n > 0) {
        size_t end = str_index(text, '\n');
        struct str line = str_slice(text, 0, end);
        size_t equals = str_index(line, '=');
        struct str key = str_slice(line, 0, equals);
        struct str value = str_slice(line, equals + 1, line.n);
        int64_t version = 0;
        if (end == text.n || equals == line.n) {
            return DX_E_FORMAT; /* cut off, or no pair */
        }
        if (first) {
            if (!str_eq_c(key, "v") || str_parse_i64(value, 1, INT64_MAX, &version)) {
                return DX_E_FORMAT;
            }
            if (version != CONTEXT_VERSION) {
                return DX_E_VERSION;
            }
        } else if (read_pair(key, value, &context)) {
            return DX_E_FORMAT;
        }
        first = false;
        text = str_slice(text, end + 1, text.n);
    }
    if (first) {
        return DX_E_FORMAT;
    }
    *ret_context = context;
    return 0;
}
