/*
 * journal_tidy.h - what waits for the disk beside the loop: the journal's log is emptied, or
 * synced.
 *
 * A commit goes to the log (WAL); now and then what is in there must be moved into the file,
 * and that waits for the disk twice.  In the loop an arm would wait for it.  So a thread with a
 * handle of its own does it: SQLite lets the loop commit meanwhile.  What cannot be moved now is
 * moved later; nothing that is durable depends on it.
 */
#ifndef DOXE_GATE_IO_JOURNAL_TIDY_H
#define DOXE_GATE_IO_JOURNAL_TIDY_H

#include "proto/base/err.h"

struct journal_tidy;

/* The journal is open already.  DX_E_IO, DX_E_MEMORY. */
DX_MUST_USE int journal_tidy_start(const char *path, struct journal_tidy **ret_tidy);
/*
 * From any thread but the loop: waits until all that is in the log is on the disk.  DX_E_IO.
 * A power cut before that loses nothing that somebody was told to be stored.
 */
DX_MUST_USE int journal_tidy_sync(const struct journal_tidy *tidy);
/* From the loop; never waits. */
void journal_tidy_poke(struct journal_tidy *tidy);
/* NULL is fine. */
void journal_tidy_stop(struct journal_tidy *tidy);

#endif
