/*
 * columns.h - which member of a row in memory is which column of the database.
 */
#ifndef DOXE_SIM_EXPORT_COLUMNS_H
#define DOXE_SIM_EXPORT_COLUMNS_H

#include "proto/io/db.h"
#include "sim/store/parts.h"

enum column_kind {
    COLUMN_TEXT,   /* char[] */
    COLUMN_FILLED, /* char[]; empty is NULL */
    COLUMN_NAME,   /* number of a name */
    COLUMN_LONG,   /* struct text */
    COLUMN_BYTES,  /* struct text, as a blob */
    COLUMN_I64,
    COLUMN_TIME, /* int64_t; 0 is NULL */
    COLUMN_INT,
    COLUMN_I16, /* 0 is NULL */
    COLUMN_BOOL,
    COLUMN_WORD,   /* an enum, by its word */
    COLUMN_WORD8,  /* the same in a byte */
    COLUMN_NUMBER, /* the row's own number */
    COLUMN_NOTICE, /* int64_t, of bank_inbox; NULL when that is left out, or 0 */
    COLUMN_PERMIT  /* of a session: NULL when it was not let out */
};

struct column {
    const char *name;
    enum column_kind kind;
    size_t at;
    const char *(*word)(int value);
};

enum { EXPORT_COLUMNS_MAX = 40 };

struct export_table {
    size_t table; /* in struct memory */
    const char *name;
    bool is_message; /* left out with EXPORT_NO_MESSAGES */
    struct column column[EXPORT_COLUMNS_MAX];
};

extern const struct export_table export_tables[];
extern const int export_table_count;

#endif
