/*
 * statement_text.h - dates, amounts and column names as Vietnamese banks write them.
 *
 * Pure.  Sources: headers and shapes seen in public importers of statements
 * (bilingual headers, dd/mm/yyyy, 1.234.567 and 1,234,567, signs in front, empty debit or
 * credit); docs/OPERATIONS.md has the list.
 */
#ifndef DOXE_SERVER_BANK_STATEMENT_TEXT_H
#define DOXE_SERVER_BANK_STATEMENT_TEXT_H

#include "proto/base/time.h"

enum statement_dates { STATEMENT_DMY, STATEMENT_YMD, STATEMENT_MDY };

/*
 * "23/11/2026", "23-11-2026 08:15", "2026-11-23 08:15:02", "23/11/26"; a year in front is
 * understood whatever the order.  `time` ("" none) is a cell of its own.  *ret_date_only: no time
 * of day was given.  DX_E_FORMAT, DX_E_RANGE (31/02, month 13).
 */
DX_MUST_USE int statement_date(struct str text, struct str time, enum statement_dates order,
                               wall_t *ret_time, bool *ret_date_only);

/*
 * Whole đồng.  Grouping by '.', ',', blank or apostrophe in threes, a fraction of zeros behind the
 * other mark, a sign in front or behind, (brackets) for a minus, and "VND", "đ" behind.
 * "" and "-" are 0.  DX_E_FORMAT: anything else, a fraction that is not 0, and what could be read
 * in two ways.  DX_E_RANGE: beyond ±10^15.
 */
DX_MUST_USE int statement_amount(struct str text, int64_t *ret_vnd);

/* "Số tiền ghi nợ" as "SO TIEN GHI NO": capitals, digits and single blanks; cut to `cap`. */
void statement_fold(struct str text, char *out, size_t cap);

#endif
