/* etc_cli.h - `doxe-server etc link|unlink|list|import`: traffic accounts from a terminal.
 * docs/ETC.md */
#ifndef DOXE_SERVER_ETC_CLI_H
#define DOXE_SERVER_ETC_CLI_H

/* argv[0] is "etc".  Exit codes as daemon.h. */
int etc_command(int argc, char **argv);

#endif
