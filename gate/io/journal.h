/*
 * journal.h - the gate's journal on disk: every event before a barrier moves, and what goes with
 * it.
 *
 * One SQLite file (proto/io/db.h: WAL, synchronous FULL).  A record is stored in
 * one transaction: the event's JSON as it is sent, the lane's context as of that
 * event, and what it changes in the list of vehicles inside.  A call that
 * returned 0 is on the disk.
 *
 *     journal       what is sent: generation, seq, id, body; never changed, and never
 *                   deleted before the server has acknowledged it (a trigger guards that)
 *     lane_context  what each lane must still know after a crash
 *     open_session  what this gate has seen come in and not go out, oldest first
 *     read          the cameras' readings as they came; each camera event once (see below)
 *     <path>.last   beside the file: the last number told as stored (journal_mend.h)
 *     meta          generation, boots, the server's acknowledgement
 *
 * Generation: made from the wall clock when the file is created, so that a
 * journal that replaces a lost one has a higher one (docs/PROTOCOL.md, rule 7).
 *
 * The acknowledgement cursor is written with the next record or every few
 * seconds, not at once: after a crash the server is told again what it knows.
 *
 * Not here: which records there are and in which order (gate/core/journal.h),
 * sending (proto/delivery.h).  Belongs to the loop thread.
 */
#ifndef DOXE_GATE_IO_JOURNAL_H
#define DOXE_GATE_IO_JOURNAL_H

#include "gate/core/gate.h"
#include "gate/io/plate_read.h"

struct db;
struct journal_db;

enum { JOURNAL_READS_KEPT = 2000 };

struct journal_state {
    int64_t generation; /* 1… */
    int64_t last;       /* highest seq; 0: none */
    int64_t acked;      /* 0 <= acked <= last */
    int64_t boot;       /* counts this start */
    /* Not NONE: a new generation began, and `kept` events were taken along into it. */
    enum gate_trouble trouble;
    int kept;
};

/*
 * Opens or creates, and counts a boot.  A damaged file is put aside as <path>.damaged-<ms> for
 * people, and what can be read of it goes into a new one.  DX_E_IO, DX_E_FULL; DX_E_CORRUPT (also
 * the new one); DX_E_VERSION (made by a newer program).
 */
DX_MUST_USE int journal_db_open(const char *path, wall_t now, struct journal_db **ret_journal,
                                struct journal_state *ret_state);
/* Writes the cursor and closes.  NULL is fine. */
void journal_db_close(struct journal_db *journal);

/* What gate_restore_lane and gate_restore_inside want; oldest first. */
DX_MUST_USE int journal_db_restore(struct journal_db *journal, struct gate *gate);

/*
 * Store these records, all or none.  A seq that is there already with the same
 * id is success.  DX_E_DIFFERENT: it is there with another id.  DX_E_SPACE: an
 * event does not fit into a message (a mistake of ours).  DX_E_FULL, DX_E_IO, DX_E_BUSY.
 */
DX_MUST_USE int journal_db_append(struct journal_db *journal,
                                  const struct gate_record *const *records, int count);

/* A lane's context by itself (GATE_EFF_KEEP); on the disk when it returns 0.  As append. */
DX_MUST_USE int journal_db_put_context(struct journal_db *journal, int lane,
                                       const struct lane_context *context);

/* The server has everything up to `seq`; remembered now, written later. */
void journal_db_acked(struct journal_db *journal, int64_t seq);
/* Writes the cursor if it has moved. */
DX_MUST_USE int journal_db_flush(struct journal_db *journal);

/* Hands over the bodies from..to in order until `take` returns not 0, which is then returned. */
DX_MUST_USE int journal_db_rows(struct journal_db *journal, int64_t from, int64_t to, void *context,
                                int (*take)(void *context, int64_t seq, struct str body));
/* Deletes acknowledged events older than `before`, at most `max`. */
DX_MUST_USE int journal_db_prune(struct journal_db *journal, wall_t before, int max,
                                 int *ret_count);

/* What the server told about the lot: the last good message of each name, as it came. */
DX_MUST_USE int journal_db_keep(struct journal_db *journal, const char *name, struct str body);
/* `take` must not use the journal. */
DX_MUST_USE int journal_db_kept(struct journal_db *journal, void *context,
                                void (*take)(void *context, struct str name, struct str body));
/*
 * The server has more of this journal than the file, or something else under its numbers: the next
 * opening begins a new generation, higher than our own and than the server's.
 */
DX_MUST_USE int journal_db_mark_behind(struct journal_db *journal, int64_t server_generation);

/*
 * Keeps a camera's reading before the camera is answered: in the log when it returns 0, and on the
 * disk with the next record, or when the thread that answers has called journal_tidy_sync.  So no
 * arm waits for the disk because of a camera.  DX_E_EXISTS: this camera event is
 * there already, and this reading of it is no better; a better one (a plate where there was
 * none, a higher confidence) takes its place.  The newest JOURNAL_READS_KEPT stay.
 */
DX_MUST_USE int journal_db_add_read(struct journal_db *journal, const struct plate_read *read,
                                    wall_t received, int64_t *ret_place);
/*
 * The core is about to get the reading at `place`: written with the record that
 * comes of it, or with the cursor.  So a crash between the camera's answer and the
 * core does not lose a reading, and none reaches the core again after its record.
 */
void journal_db_read_taken(struct journal_db *journal, int64_t place);
/* Readings that came after `since` and never reached the core, oldest first. */
/*
 * Least received - taken of the camera's last readings: how late its word comes, the
 * difference of the clocks included.  DX_E_NOT_FOUND: it has told no time yet.
 */
DX_MUST_USE int journal_db_camera_delay(struct journal_db *journal, const char *camera,
                                        int64_t *ret_ms);
DX_MUST_USE int journal_db_left_reads(struct journal_db *journal, wall_t since, void *context,
                                      void (*take)(void *context, const struct plate_read *read,
                                                   int64_t place));
/* The database itself, for tables of the same loop thread (health_db.h). */
struct db *journal_db_handle(struct journal_db *journal);
/* The last message of the database, for logs. */
const char *journal_db_message(struct journal_db *journal);

#endif
