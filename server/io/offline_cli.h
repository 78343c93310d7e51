/*
 * offline_cli.h - what gates decide without the server, from a terminal beside a running server.
 *
 *     doxe-server list add|remove|show     vehicles that are not let in, always let in, or owe
 * nothing doxe-server acl                      the broker's access list for the gates of the
 * configuration doxe-server report offline           exits priced by gates, where the books say
 * otherwise
 */
#ifndef DOXE_SERVER_OFFLINE_CLI_H
#define DOXE_SERVER_OFFLINE_CLI_H

/* argv[0] is the word itself; exit codes as daemon.h. */
int list_command(int argc, char **argv);
int acl_command(int argc, char **argv);

#endif
