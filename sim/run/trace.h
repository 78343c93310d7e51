/*
 * trace.h - what happened: a running hash of all of it, and the last lines for people.
 *
 * Every line goes into the hash by its values, never by addresses or padding, so two runs of one
 * seed have one hash, whatever the compiler.  The last TRACE_LINES are kept as values and become
 * text only when somebody wants to read them; a sink gets each line at once (--trace).
 *
 * A line:   [    12.345] s0 lane 1  record entered   12 3  …AB12CD
 * seconds of virtual time, site, lane, two words, two numbers, a few letters.  No plate, no card.
 */
#ifndef DOXE_SIM_RUN_TRACE_H
#define DOXE_SIM_RUN_TRACE_H

#include "proto/base/out.h"

enum { TRACE_LINES = 200, TRACE_TEXT_CAP = 24, TRACE_LINE_CAP = 160 };

struct trace_line {
    int64_t at_ms;
    int site, lane;  /* site below 0: the city */
    const char *who; /* static words */
    const char *what;
    int64_t a, b;
    char text[TRACE_TEXT_CAP];
};

struct trace {
    uint64_t hash;
    int64_t lines; /* since the beginning */
    struct trace_line line[TRACE_LINES];
    void *context;
    void (*sink)(void *context, const char *text); /* NULL: none */
};

void trace_init(struct trace *trace);
/* Into the hash alone: bytes of a message, one number. */
void trace_fold_bytes(struct trace *trace, struct str bytes);
void trace_fold(struct trace *trace, int64_t value);
/* `text` may be ""; its end is kept when it is too long. */
void trace_add(struct trace *trace, int64_t at_ms, int site, int lane, const char *who,
               const char *what, int64_t a, int64_t b, const char *text);
/* The line that is `back` lines old (0: the last); false: it is not kept. */
bool trace_text(const struct trace *trace, int64_t back, char text[TRACE_LINE_CAP]);

#endif
