/*
 * banks.h - the list of banks by BIN, read from etc/banks.csv.
 *
 * The BIN (six digits, issued by the State Bank) is what a VietQR carries; this
 * list gives it a name for people.  It is data with a short life (banks are
 * renamed, merged, taken over), so it is a file that an administrator replaces,
 * not a table in the program.  A BIN that is not in the list is still payable:
 * never refuse money because of it.
 *
 * The file: UTF-8, lines that start with '#' are comments, then the header line
 *
 *     bin,short_name,name,vietqr,state
 *
 * and a line per name.  Fields may be in double quotes ("" inside for one).
 * vietqr is transfer or receive, state is current or former; one BIN has at most
 * one current line (970406 was DongA Bank and is Vikki).
 *
 * Not here: where the file lies and how it is replaced (proto/io/bank_file.h).
 */
#ifndef DOXE_BANKS_H
#define DOXE_BANKS_H

#include "proto/base/str.h"

enum { BANKS_MAX = 256, BANK_SHORT_NAME_CAP = 48, BANK_NAME_CAP = 160 };

struct bank {
    char bin[7];
    char short_name[BANK_SHORT_NAME_CAP];
    char name[BANK_NAME_CAP];
    bool can_transfer; /* its app pays VietQR; otherwise it only receives */
    bool former;       /* an old name of this BIN */
};

/* About 56 KiB: make it static or allocate it, do not put it on a thread's stack. */
struct bank_list {
    int count;
    struct bank bank[BANKS_MAX];
};

/*
 * Read the file's text.  DX_E_FORMAT, or DX_E_RANGE for more than BANKS_MAX lines; then *ret_line
 * (from 1) and *ret_why say what is wrong, and the list is empty.
 */
DX_MUST_USE int banks_read(struct str csv, struct bank_list *list, int *ret_line,
                           const char **ret_why);

/* The current name of the BIN, else a former one, else NULL. */
const struct bank *banks_find(const struct bank_list *list, const char *bin);

/* How `after` differs from `before`, counted in BINs; for telling what an update does. */
struct banks_change {
    int added, removed, renamed;
};
struct banks_change banks_compare(const struct bank_list *before, const struct bank_list *after);

#endif
