/* map_cli.h - doxe-gate map check|dry-run FILE, and doxe-gate health: for the person who installs.
 */
#ifndef DOXE_GATE_IO_MAP_CLI_H
#define DOXE_GATE_IO_MAP_CLI_H

/* argv[0] is "map"; the exit status (proto/io/daemon.h). */
int map_cli(int argc, char **argv);
/* argv[0] is "health". */
int health_cli(int argc, char **argv);

#endif
