/*
 * csv.h - a text of records and cells, as banks and spreadsheets write it.
 *
 * RFC 4180, and what is met beside it: any delimiter of one character, CR, LF or CRLF, cells in
 * quotes with line breaks and doubled quotes in them, a quote inside a cell that does not begin
 * with one (taken as it is), something behind a closing quote (kept), and a guard of
 * spreadsheets: ="0123" is the text 0123.  Nothing is ever computed: a cell that looks like a
 * formula is text.
 *
 * Not here: what the cells mean (statement.h), character sets (charset.h).
 */
#ifndef DOXE_SERVER_BANK_CSV_H
#define DOXE_SERVER_BANK_CSV_H

#include "proto/base/str.h"

enum { CSV_CELLS_MAX = 64 };

struct csv {
    struct str rest;
    char delimiter;
    int line;         /* of the next record, from 1 */
    char *space;      /* text.n bytes for cells, the caller's */
    size_t cap, used; /* cells handed out lie in [0, used) */
    size_t mark;      /* where those of the last record begin */
};

struct csv_record {
    int line; /* its first line */
    int count;
    struct str cell[CSV_CELLS_MAX]; /* blanks at both ends are gone; in csv->space */
};

/* A byte order mark and a first line "sep=;" are the caller's business. */
void csv_init(struct csv *csv, struct str text, char delimiter, char *space, size_t cap);
/*
 * DX_E_NOT_FOUND: the end.  DX_E_FORMAT: a quote is not closed.  DX_E_RANGE: more
 * than CSV_CELLS_MAX cells.  DX_E_SPACE: `space` is too small, which text.n bytes never are.
 * ret_record->line is set in every case but the first.
 */
DX_MUST_USE int csv_next(struct csv *csv, struct csv_record *ret_record);
/* The cells of the last record are not needed: their space is used again. */
void csv_forget(struct csv *csv);
/* Without any text in its cells? */
bool csv_is_blank(const struct csv_record *record);

#endif
