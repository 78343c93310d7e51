/*
 * rollup_cli.h - `doxe-server rollup check|rebuild`: the city's figures against the rows.
 *
 * Both work beside a running server: check reads one moment of the database, rebuild asks that the
 * server is stopped (it is minutes of writing).
 */
#ifndef DOXE_SERVER_ROLLUP_CLI_H
#define DOXE_SERVER_ROLLUP_CLI_H

/* argv[0] is "rollup".  Exit codes as daemon.h. */
int rollup_command(int argc, char **argv);

#endif
