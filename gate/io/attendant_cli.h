/*
 * attendant_cli.h - `doxe-gate attendant …`: the accounts of the console, from the command line.
 *
 *     add NAME [--role attendant|supervisor|technician] [--title TEXT] --config FILE
 *     reset NAME --config FILE      a new PIN; ends the account's logins
 *     disable NAME --config FILE    ends them, and nobody logs in as NAME
 *     enable NAME --config FILE
 *     list --config FILE
 *
 * A PIN or password is read from standard input, one line, never from the command
 * line (others can read that).  The gate may run meanwhile.
 */
#ifndef DOXE_GATE_IO_ATTENDANT_CLI_H
#define DOXE_GATE_IO_ATTENDANT_CLI_H

/* argv[0] is "attendant".  The exit status of the program. */
int attendant_cli(int argc, char **argv);

#endif
