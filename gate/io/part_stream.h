/*
 * part_stream.h - the parts of an endless multipart answer, out of bytes as they arrive.
 *
 * Pure.  A camera's event stream (multipart/x-mixed-replace) has no end and comes in pieces
 * of any size: part_stream_feed collects, part_stream_next gives the next whole part.  A part
 * is whole when its Content-Length is there, or, without one, when the next boundary is.
 * A length that lies (something else than a boundary follows) is not believed; while nothing
 * follows yet it is, for the next part may be minutes away.
 *
 * Bounded: a part longer than PART_STREAM_MAX, or anything that never shows a boundary, is
 * thrown away up to the next boundary, and counted.  Owns one buffer of that size.
 *
 *     while (n) { n -= part_stream_feed(…); while (part_stream_next(…)) use(part); }
 */
#ifndef DOXE_GATE_IO_PART_STREAM_H
#define DOXE_GATE_IO_PART_STREAM_H

#include "gate/io/multipart.h"

enum { PART_STREAM_MAX = 4 * 1024 * 1024, PART_BOUNDARY_CAP = MULTIPART_BOUNDARY_MAX + 3 };

struct part_stream {
    char *bytes; /* grows up to PART_STREAM_MAX */
    size_t n, cap;
    size_t used;                      /* of what part_stream_next gave last */
    char boundary[PART_BOUNDARY_CAP]; /* with its two dashes; "" until it is known */
    size_t dropped;                   /* bytes thrown away, since init */
};

/* `content_type` may lack the boundary: the first line of the form "--x" tells it then. */
void part_stream_init(struct part_stream *stream, struct str content_type);
void part_stream_fini(struct part_stream *stream);
/* DX_E_MEMORY. */
DX_MUST_USE int part_stream_feed(struct part_stream *stream, struct str bytes);
/* The next whole part, valid until the next call with this stream; false: more bytes are needed. */
bool part_stream_next(struct part_stream *stream, struct multipart_part *ret_part);

#endif
