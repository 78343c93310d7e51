/*
 * multipart.h - take a multipart/form-data body apart without copying it (RFC 7578, RFC 2046 5.1).
 *
 * Pure: bytes in, slices of the same bytes out.  Made for cameras, so it is
 * tolerant where they are careless: a missing final boundary, a missing
 * boundary parameter (the first line then tells it), LF instead of CRLF, a
 * preamble, parts without a name.  Never tolerant about memory: nothing points
 * outside the body.
 *
 * Not here: what the parts mean (hikvision.h).
 */
#ifndef DOXE_GATE_MULTIPART_H
#define DOXE_GATE_MULTIPART_H

#include "proto/base/str.h"

enum { MULTIPART_BOUNDARY_MAX = 70 }; /* RFC 2046 5.1.1 */

struct multipart {
    struct str rest;     /* what has not been looked at, from a boundary on */
    struct str boundary; /* without the two dashes */
};

struct multipart_part {
    struct str name, filename, type; /* without quotes; empty when absent */
    struct str body;                 /* without the line break before the next boundary */
};

/*
 * DX_E_FORMAT when neither the header field's boundary nor the body's first
 * line gives a boundary that occurs in the body.
 */
DX_MUST_USE int multipart_begin(struct multipart *m, struct str content_type, struct str body);
/* The next part; false after the last. */
bool multipart_next(struct multipart *m, struct multipart_part *ret_part);

/* The value of `key` in `a; key=value; other="x y"`; empty when absent. */
struct str multipart_parameter(struct str field, const char *key);

#endif
