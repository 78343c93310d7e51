/*
 * books.h - doxe-server audit: the database's sums, for scripts.
 *
 * It only reads, so it runs beside the server.  Exit codes as daemon.h.
 */
#ifndef DOXE_SERVER_BOOKS_H
#define DOXE_SERVER_BOOKS_H

#include "server/io/config.h"

/* One JSON object on standard output: what is there, whatever it is.  0, or 4: no database. */
int books_audit(const struct server_config *config);

#endif
