/*
 * export.h - a simulated history as a real server's database.
 *
 * What a run has in its store in memory (sim/store) is written into an SQLite file with the
 * server's own schema: its migrations make the tables, `doxe-server ledger verify` holds, every
 * page works.  Written is what the server wrote; nothing is invented here.
 *
 *     export_open(path, leave_out, now, …)     an empty file of the current schema
 *     export_begin(export, memory)             before the run: what is kept, and who gets it
 *     … the run; memory_retire hands over what is over …
 *     export_end(export, …)                    the rest, then indices, triggers and counts
 *
 * It is for files that can be made again: nothing is flushed before the end, and a file whose
 * export was broken off is of no use.  EXPORT_NO_MESSAGES leaves out what the journals, banks and
 * lanes said (event, outbox, bank_inbox, quarantine, stay_request's and quote's lines stay): two
 * thirds of the bytes.  What is left out is said in `counts`.
 */
#ifndef DOXE_SIM_EXPORT_H
#define DOXE_SIM_EXPORT_H

#include "sim/store/memory.h"

struct export;

enum export_leave_out { EXPORT_ALL, EXPORT_NO_MESSAGES };

struct export_counts {
    int64_t rows, sessions, transactions, left_out;
};

/* DX_E_EXISTS: there is a file already; else as db.h. */
DX_MUST_USE int export_open(const char *path, enum export_leave_out leave_out, wall_t now,
                            struct export **ret_export);
/* Nothing of the image was retired before. */
void export_begin(struct export *export, struct memory *memory);
/* Frees it, whatever happens.  The image stays as it is. */
DX_MUST_USE int export_end(struct export *export, struct export_counts *ret_counts);
/* The last message of the database, for people. */
const char *export_message(const struct export *export);
/* Gives up: the file is left as it is. */
void export_free(struct export *export);

#endif
