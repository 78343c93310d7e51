/*
 * pass_cli.h - `doxe-server pass …` and `doxe-server shift …`.
 *
 * They write beside a running server, each in one short transaction of its own.
 */
#ifndef DOXE_SERVER_PASS_CLI_H
#define DOXE_SERVER_PASS_CLI_H

/* argv[0] is the word itself.  An exit status: daemon.h. */
int pass_command(int argc, char **argv);
int shift_command(int argc, char **argv);

#endif
