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

/*
 * The note beside the journal (<path>.last): the last event that was told as stored.  It is written
 * after each commit and not synced: it may be behind, never ahead.  So a journal that ends before
 * it has lost events, though SQLite finds nothing wrong with it (a log cut short looks like that).
 */
struct journal_note {
    int file; /* -1: none; then nothing is noted */
    int64_t generation, seq;
};
/* Opens or creates, and reads; nonsense counts as nothing. */
void journal_note_open(struct journal_note *note, const char *path);
void journal_note_put(struct journal_note *note, int64_t generation, int64_t seq);
void journal_note_close(struct journal_note *note);
/* Does the file at `path` end before its note?  False also for a file that cannot be read at all.
 */
bool journal_mend_is_short(const char *path, const struct journal_note *note);

/* Of an event's body, kept with it: SQLite checks its pages' order, not what stands in them. */
int64_t journal_sum(struct str body);
/* DX_E_CORRUPT: an event that the server does not have is not what was stored. */
DX_MUST_USE int journal_mend_check(struct db *db, int64_t generation, int64_t acked);

/* Puts a damaged file aside, with what belongs to it; `aside` gets its new name, "" for no file. */
DX_MUST_USE int journal_mend_put_aside(const char *path, wall_t now, char *aside, size_t cap);
/*
 * In a transaction of the caller, into an empty journal of a generation above the note's: all of
 * the damaged file that can
 * still be read: events not acknowledged, lanes' contexts, vehicles inside, what the server
 * told.  Never fails for the damaged file's sake.
 */
DX_MUST_USE int journal_mend_copy(struct db *db, const char *aside, int *ret_kept);

#endif
