/*
 * privacy_cli.h - `doxe-server privacy`, and the daily look at what has become old.
 *
 * The key of pseudonyms and proofs is the file beside the database, "<database>.privacy.key":
 * made at the first use, readable by its owner alone.  It belongs into another backup
 * than the database: without it no plate can be tried against the pseudonyms.
 */
#ifndef DOXE_SERVER_PRIVACY_CLI_H
#define DOXE_SERVER_PRIVACY_CLI_H

#include "server/io/asker.h"
#include "server/store/store_privacy.h"

/* DX_E_IO: it cannot be read or made; DX_E_CORRUPT: it is too short. */
DX_MUST_USE int privacy_key_load(const char *database, uint8_t ret_key[PRIVACY_KEY]);

/* argv[0] is "privacy".  Exit codes as proto/io/daemon.h. */
int privacy_command(int argc, char **argv);

/* A thread that runs the retention once a day, with a handle of its own beside the writer's. */
DX_MUST_USE int privacy_keeper_start(const struct server_config *config, struct app *app,
                                     struct asker **ret_asker);
/* Is a run due?  A day after the last one. */
bool privacy_is_due(wall_t last, wall_t now);

#endif
