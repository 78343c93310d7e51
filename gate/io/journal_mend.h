/*
 * journal_mend.h - inside the journal: what is done when the file is damaged, or is an old copy.
 *
 * Both end with a new generation (docs/PROTOCOL.md, rule 7): the server may have
 * acknowledged numbers that this file no longer knows, so they are not used again.
 * Events that the server has not acknowledged go into the new generation in their
 * order, with new numbers and the ids they always had; what it knows already it
 * passes over by the id.  Included by journal.c only.
 */
#ifndef DOXE_GATE_IO_JOURNAL_MEND_H
#define DOXE_GATE_IO_JOURNAL_MEND_H

#include "proto/base/time.h"
#include "proto/io/db.h"

/* In a transaction of the caller: a new generation above `server`; *ret_kept events went along. */
DX_MUST_USE int journal_mend_renew(struct db *db, wall_t now, int64_t server, int *ret_kept);

/* Puts a damaged file aside, with what belongs to it; `aside` gets its new name. */
DX_MUST_USE int journal_mend_put_aside(const char *path, wall_t now, char *aside, size_t cap);
/*
 * In a transaction of the caller, into an empty journal: all of the damaged file that can
 * still be read: events not acknowledged, lanes' contexts, vehicles inside, what the server
 * told.  Never fails for the damaged file's sake.
 */
DX_MUST_USE int journal_mend_copy(struct db *db, const char *aside, int *ret_kept);

#endif
