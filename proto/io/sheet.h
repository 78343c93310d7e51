/*
 * sheet.h - one table for people who work in spreadsheets, as CSV or as XLSX.
 *
 *     struct sheet *sheet;
 *     int error = sheet_open(path, SHEET_CSV, &about, &sheet);
 *     sheet_text(sheet, "30F-123.45");  sheet_vnd(sheet, 25000);  sheet_end_row(sheet);
 *     ...
 *     error = sheet_close(sheet);
 *
 * The same calls give the same bytes, today and next year: no clock is read, and the
 * XLSX says about.made as its date.
 *
 * CSV is RFC 4180 (commas, CR LF, quotes doubled) in UTF-8 with a byte order mark, which
 * spreadsheets need to see that it is UTF-8.  A text that a spreadsheet would take for a
 * formula (it begins with = + - @, a tab or a carriage return, OWASP "CSV injection") gets an
 * apostrophe in front; in XLSX a text is always a text.  Amounts are whole numbers without
 * separators in CSV, and numbers shown with separators in XLSX.
 *
 * An XLSX sheet has 1,048,576 rows at most; a longer table goes on in a second sheet.
 *
 * Errors are kept: after the first one every call does nothing, and sheet_close says it.
 */
#ifndef DOXE_IO_SHEET_H
#define DOXE_IO_SHEET_H

#include "proto/base/str.h"
#include "proto/base/time.h"

enum sheet_format { SHEET_CSV, SHEET_XLSX };

struct sheet_about {
    const char *title;          /* name of the XLSX sheet; at most 31 characters, none of []:*?/\ */
    wall_t made;                /* what the XLSX says of its making: the period's end, not now */
    const char *const *columns; /* the header row; `count` of them.  NULL: no header row */
    int count;
};

struct sheet;

/* "csv", "xlsx".  DX_E_NOT_FOUND. */
DX_MUST_USE int sheet_format_parse(struct str text, enum sheet_format *ret_format);
/* "text/csv; charset=utf-8", … */
const char *sheet_format_type(enum sheet_format format);

/* A file that is made anew, readable by its owner's group.  DX_E_IO, DX_E_MEMORY. */
DX_MUST_USE int sheet_open(const char *path, enum sheet_format format,
                           const struct sheet_about *about, struct sheet **ret_sheet);
/* The same into memory; sheet_close_memory gives the bytes. */
DX_MUST_USE int sheet_open_memory(enum sheet_format format, const struct sheet_about *about,
                                  struct sheet **ret_sheet);

/* Cells, from left to right. */
void sheet_text(struct sheet *sheet, const char *text); /* NULL: an empty cell */
void sheet_str(struct sheet *sheet, struct str text);
void sheet_vnd(struct sheet *sheet, int64_t amount_vnd);
void sheet_count(struct sheet *sheet, int64_t count);
/* Time in Hanoi, "2026-11-23 08:15:02"; 0 ms: an empty cell. */
void sheet_time(struct sheet *sheet, wall_t time);
void sheet_end_row(struct sheet *sheet);
/* A row of one text: a heading, a note. */
void sheet_line(struct sheet *sheet, const char *text);

/* Frees it in any case.  0, or the first thing that went wrong. */
DX_MUST_USE int sheet_close(struct sheet *sheet);
/* The same; *ret_bytes is the caller's to free(). */
DX_MUST_USE int sheet_close_memory(struct sheet *sheet, char **ret_bytes, size_t *ret_n);

#endif
