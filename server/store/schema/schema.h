/*
 * schema.h - the versions of the SQLite database, for who has a handle of it and no store: the
 * store's own store_migrate, and the simulator, which writes whole databases (sim/export).
 *
 * The migrations are in migrations/NNNN_name.up.sql and .down.sql; one step and its mark in
 * schema_version are one transaction.
 */
#ifndef DOXE_SERVER_SCHEMA_H
#define DOXE_SERVER_SCHEMA_H

#include "proto/base/time.h"
#include "proto/io/db.h"

int schema_latest(void);
/* The version of the file; 0 for an empty one. */
DX_MUST_USE int schema_version(struct db *db, int *ret_version);
/*
 * Up or down to a version.  `finish` does what SQL alone cannot do of a step up, inside its
 * transaction, by the migration's name ("0002_ledger_chain").  DX_E_VERSION: the file is newer than
 * this program.
 */
DX_MUST_USE int schema_migrate(struct db *db, int version, wall_t now,
                               int (*finish)(void *context, const char *name), void *context,
                               int *ret_version);

#endif
