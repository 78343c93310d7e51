/*
 * ledger_cli.h - `doxe-server ledger verify|head|balance|list`: the books read from a terminal.
 *
 * Reads the database of a configuration, also while the server writes into it.
 */
#ifndef DOXE_SERVER_LEDGER_CLI_H
#define DOXE_SERVER_LEDGER_CLI_H

/* argv[0] is "ledger".  An exit status: daemon.h; 1 when the ledger is not right. */
int ledger_command(int argc, char **argv);

#endif
