/*
 * cases_cli.h - `doxe-server review …` and `doxe-server refund …`: money that needs people, from
 * a terminal.
 *
 * Lists are read beside a running server.  A decision is written in one transaction beside
 * it as well; a lane that it opens hears of it at its next question (two seconds).  Who
 * decides proves it with a password of the configuration's users on standard input, so
 * that two persons are two persons here, too.
 */
#ifndef DOXE_SERVER_CASES_CLI_H
#define DOXE_SERVER_CASES_CLI_H

/* argv[0] is "review" or "refund".  An exit status: daemon.h. */
int review_command(int argc, char **argv);
int refund_command(int argc, char **argv);

#endif
