/*
 * city_sheet.h - the city's figures of a period as a table: the lots' lines, their total, and the
 * sums that must agree.  The same figures give the same bytes.
 */
#ifndef DOXE_SERVER_CITY_SHEET_H
#define DOXE_SERVER_CITY_SHEET_H

#include "proto/io/sheet.h"
#include "server/store/query_figures.h"

/* *ret_bytes is the caller's to free(). */
DX_MUST_USE int city_sheet(const struct figures_answer *answer, enum sheet_format format,
                           char **ret_bytes, size_t *ret_n);

#endif
