/*
 * module.c - the street's Modbus module as a program, for clients that are not ours (modbus.js).
 *
 * Prints "port N"; then takes "input ADDRESS 0|1", "silence MS" and "restart" on standard input and
 * prints "coil ADDRESS 0|1" for each edge.  Ends with standard input.
 */
#include "sim/live/modbus_module.h"

#include <stdio.h>
#include <stdlib.h>

static void on_coil(void *context, int address, bool on)
{
    (void)context;
    printf("coil %d %d\n", address, on);
    fflush(stdout);
}

int main(void)
{
    struct modbus_module *module;
    struct modbus_module_config config = {.listen = "127.0.0.1:0", .on_coil = on_coil};
    char line[64];
    if (modbus_module_start(&config, &module)) {
        return 1;
    }
    printf("port %d\n", modbus_module_port(module));
    fflush(stdout);
    while (fgets(line, sizeof line, stdin)) {
        int address = 0;
        int value = 0;
        if (sscanf(line, "input %d %d", &address, &value) == 2 && address >= 0 &&
            address < MODULE_BITS) {
            modbus_module_set_input(module, address, value != 0);
            printf("done\n");
            fflush(stdout);
        } else if (sscanf(line, "silence %d", &value) == 1) {
            modbus_module_silence(module, value);
        } else if (strncmp(line, "restart", 7) == 0) {
            modbus_module_restart(module);
        }
    }
    modbus_module_stop(module);
    return 0;
}
