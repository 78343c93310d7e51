/*
 * books.h - doxe-server audit and doxe-server ledger verify: the database's sums, for scripts.
 *
 * Both only read, so they run beside the server.  Exit codes as daemon.h.
 */
#ifndef DOXE_SERVER_BOOKS_H
#define DOXE_SERVER_BOOKS_H

#include "server/io/config.h"

/* One JSON object on standard output: what is there, whatever it is.  0, or 4: no database. */
int books_audit(const struct server_config *config);
/*
 * Says what is wrong, one line each, and ends with 1; or "the ledger is right" and 0.  Every
 * transaction sums to zero; all do; prepaid, receivable and revenue of each lot equal
 * what its sessions say (docs/LEDGER.md).
 */
int books_verify(const struct server_config *config);

#endif
