/*
 * sse.h - what of server-sent events needs no socket: an event's text and a client's queue.
 *
 * The form is that of the WHATWG HTML standard, section 9.2: "event: name", one
 * "data:" line per line of text, an empty line.  http_srv.c owns the connections.
 */
#ifndef DOXE_IO_SSE_H
#define DOXE_IO_SSE_H

#include "proto/base/str.h"

/* Bytes that wait for one client; zero it to begin, free it with sse_queue_fini. */
struct sse_queue {
    char *p; /* [from, from + n) waits */
    size_t from, n, cap;
};

/* DX_E_FULL when more than `max` bytes would wait; DX_E_MEMORY.  The queue is unchanged then. */
DX_MUST_USE int sse_queue_append(struct sse_queue *queue, struct str text, size_t max);
/* Moves up to `max` bytes out; returns how many. */
size_t sse_queue_take(struct sse_queue *queue, char *out, size_t max);
void sse_queue_fini(struct sse_queue *queue);

/*
 * The text of one event in new memory (free it).  `event` has no line break; a
 * carriage return in `data` becomes a blank, because it would end the line for
 * the client, too.  DX_E_MEMORY.
 */
DX_MUST_USE int sse_event_text(const char *event, struct str data, char **ret_text, size_t *ret_n);

/* A pattern ending in '*' matches by prefix. */
bool sse_channel_matches(const char *pattern, const char *channel);

#endif
