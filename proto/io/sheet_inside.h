/* sheet_inside.h - a format of sheet.h: what csv and xlsx must each be able to do. */
#ifndef DOXE_IO_SHEET_INSIDE_H
#define DOXE_IO_SHEET_INSIDE_H

#include "proto/io/sheet.h"

#include <stdio.h>

struct sheet_maker {
    int (*text)(void *self, struct str text);
    int (*number)(void *self, int64_t number, bool money);
    int (*end_row)(void *self);
    int (*close)(void *self); /* frees self in any case */
};

/* `path` is kept by the maker as a copy where it needs it. */
DX_MUST_USE int sheet_xlsx_open(const char *path, const struct sheet_about *about, void **ret_self);
extern const struct sheet_maker sheet_xlsx;

#endif
