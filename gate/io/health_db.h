/*
 * health_db.h - devices' faults on disk: what is raised, and the history of the last months.
 *
 * Tables of the gate's own database (journal.h), so one file is saved and one lock
 * is held.  device_alarm changes in the transaction of the ALARM record itself: what
 * the journal has told the server as raised is known after any crash.  device_fault
 * is the history (newest HEALTH_HISTORY_MAX stay), device the counts of each device.
 *
 * Belongs to the loop thread, as the journal does; readers open the file themselves.
 */
#ifndef DOXE_GATE_IO_HEALTH_DB_H
#define DOXE_GATE_IO_HEALTH_DB_H

#include "gate/core/health.h"
#include "proto/io/db.h"
#include "proto/msg.h"

enum { HEALTH_HISTORY_MAX = 2000 };

/* Totals since the table was made; the newest wall time at which it answered. */
struct health_counts {
    int64_t timeouts, checks, refusals; /* no answer; damaged or not ours; exception codes */
    wall_t last_good;                   /* 0: not once */
};

struct health_row {
    struct health_word word;
    wall_t raised, cleared; /* cleared 0: still there */
    int64_t value;          /* what the code counts, device_fault.h */
};

/* Makes the tables that are missing.  In a transaction of the caller, as the next. */
DX_MUST_USE int health_db_prepare(struct db *db);
/* An ALARM record with a device's code: the journal holds it as raised, or no more. */
DX_MUST_USE int health_db_record(struct db *db, const struct event *event);
/* Alarms that the journal holds as raised. */
DX_MUST_USE int health_db_alarms(struct db *db, void *context,
                                 void (*take)(void *context, int lane, const char *code));
/* A fault came (or goes on after a restart: one row stays open), or went; the device is known then.
 */
DX_MUST_USE int health_db_fault(struct db *db, const struct health_word *word, int64_t value,
                                wall_t now);
/* Adds `more` to the counts of the device. */
DX_MUST_USE int health_db_count(struct db *db, const char *device,
                                const struct health_counts *more);
/* Newest first, at most `max`; from any handle of the file. */
DX_MUST_USE int health_db_history(struct db *db, int max, void *context,
                                  void (*take)(void *context, const struct health_row *row));
DX_MUST_USE int health_db_counts(struct db *db, void *context,
                                 void (*take)(void *context, const char *device,
                                              const struct health_counts *counts));

#endif
