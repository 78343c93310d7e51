/* modbus_twin_cli.h - doxe-sim module PROFILE: a module on the table, before one is bought. */
#ifndef DOXE_SIM_MODBUS_TWIN_CLI_H
#define DOXE_SIM_MODBUS_TWIN_CLI_H

/* argv[0] is "module"; the exit status (proto/io/daemon.h). */
int twin_cli(int argc, char **argv);

#endif
