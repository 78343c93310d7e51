/*
 * gzip.h - texts made small for the way to a phone (RFC 1952), over zlib, which is seen in gzip.c
 * only.
 */
#ifndef DOXE_IO_GZIP_H
#define DOXE_IO_GZIP_H

#include "proto/base/str.h"

/* New memory; free it.  DX_E_MEMORY. */
DX_MUST_USE int gzip_pack(struct str text, char **ret_packed, size_t *ret_n);

/*
 * Does the value of an Accept-Encoding field take gzip?  "gzip", "x-gzip", "*"
 * count unless their weight is zero (RFC 9110 12.5.3).
 */
bool gzip_is_accepted(struct str accept_encoding);

#endif
