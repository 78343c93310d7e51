/*
 * bank_cli.h - `doxe-server bank WORD`: files of banks, providers' lists, and what came in.
 *
 *     import   a statement (CSV) of an account of ours       bank_import.c
 *     poll     asks the providers' lists now                 bank_poll.c
 *     list     credits, who confirmed them, where they stand bank_list.c
 *
 * All three work while the server runs, and without it.  What import and poll find goes
 * into the same inbox as the notices: the running server applies it within a second;
 * when none runs, it is applied here.
 */
#ifndef DOXE_SERVER_BANK_CLI_H
#define DOXE_SERVER_BANK_CLI_H

#include "server/io/config.h"

/* argv[0] is "bank".  Exit codes as daemon.h. */
int bank_command(int argc, char **argv);

/* What the command line said; NULL and false where it said nothing. */
struct bank_options {
    const char *file, *config, *account, *mapping, *from, *to, *verdict, *provider;
    bool dry_run, json, once, help;
};

/* Each gets the configuration that was read; an exit code. */
int bank_import(const struct server_config *config, const struct bank_options *options);
int bank_poll(const struct server_config *config, const struct bank_options *options);
int bank_list(const struct server_config *config, const struct bank_options *options);

/* The lot with this "BIN-ACCOUNT", or NULL. */
const struct app_lot *bank_find_account(const struct server_config *config, const char *account);

/* ---- beside the server, or instead of it: bank_beside.c ---- */

/* The application, when no server has the database; else the server applies. */
struct bank_beside {
    const struct server_config *config;
    struct app *app; /* NULL: a server runs */
};
/* Takes the database when it is free (and brings it up to date).  A message in `why`. */
DX_MUST_USE int bank_beside_open(const struct server_config *config, char *why, size_t cap,
                                 struct bank_beside *ret_beside);
/*
 * Something was put into the inbox: applies a group of it here, or gives the server a moment.
 * DX_E_TIMEOUT after `turns` of these without `done` saying yes.
 */
DX_MUST_USE int bank_beside_wait(struct bank_beside *beside, bool (*done)(void *context),
                                 void *context, int turns);
void bank_beside_close(struct bank_beside *beside);

#endif
