#include "sim/run/trace.h"

static uint64_t mix(uint64_t hash, uint64_t value)
{
    hash = (hash ^ value) * UINT64_C(0x9E3779B97F4A7C15);
    return hash ^ hash >> 32;
}

void trace_init(struct trace *trace)
{
    memset(trace, 0, sizeof *trace);
    trace->hash = UINT64_C(0x646F78652D73696D);
}

/* Eight bytes a turn, put together by value: the same on every machine. */
void trace_fold_bytes(struct trace *trace, struct str bytes)
{
    uint64_t hash = mix(trace->hash, bytes.n);
    size_t i = 0;
    for (; i + 8 <= bytes.n; i += 8) {
        uint64_t word = 0;
        for (size_t k = 0; k < 8; k++) {
            word |= (uint64_t)(unsigned char)bytes.p[i + k] << 8 * k;
        }
        hash = mix(hash, word);
    }
    for (; i < bytes.n; i++) {
        hash = mix(hash, (unsigned char)bytes.p[i]);
    }
    trace->hash = hash;
}

void trace_fold(struct trace *trace, int64_t value)
{
    trace->hash = mix(trace->hash, (uint64_t)value);
}

static void render(const struct trace_line *line, char text[TRACE_LINE_CAP])
{
    char where[32] = "city";
    if (line->site >= 0 && line->lane > 0) {
        snprintf(where, sizeof where, "s%d lane %d", line->site, line->lane);
    } else if (line->site >= 0) {
        snprintf(where, sizeof where, "s%d", line->site);
    }
    snprintf(text, TRACE_LINE_CAP, "[%7lld.%03d] %-10s %-7s %-16s %lld %lld%s%s",
             (long long)(line->at_ms / 1000), (int)(line->at_ms % 1000), where, line->who,
             line->what, (long long)line->a, (long long)line->b, line->text[0] ? "  " : "",
             line->text);
}

void trace_add(struct trace *trace, int64_t at_ms, int site, int lane, const char *who,
               const char *what, int64_t a, int64_t b, const char *text)
{
    struct trace_line *line = &trace->line[trace->lines++ % TRACE_LINES];
    size_t n = strlen(text);
    if (n >= TRACE_TEXT_CAP) {
        text += n - (TRACE_TEXT_CAP - 1);
    }
    *line = (struct trace_line){
        .at_ms = at_ms, .site = site, .lane = lane, .who = who, .what = what, .a = a, .b = b};
    memcpy(line->text, text, strlen(text) + 1);
    uint64_t hash = mix(trace->hash, (uint64_t)at_ms);
    hash = mix(hash, (uint64_t)site << 32 ^ (uint64_t)lane);
    hash = mix(mix(hash, (uint64_t)a), (uint64_t)b);
    trace->hash = hash;
    trace_fold_bytes(trace, str_c(what));
    trace_fold_bytes(trace, str_c(line->text));
    if (trace->sink) {
        char rendered[TRACE_LINE_CAP];
        render(line, rendered);
        trace->sink(trace->context, rendered);
    }
}

bool trace_text(const struct trace *trace, int64_t back, char text[TRACE_LINE_CAP])
{
    if (back < 0 || back >= TRACE_LINES || back >= trace->lines) {
        return false;
    }
    render(&trace->line[(trace->lines - 1 - back) % TRACE_LINES], text);
    return true;
}
