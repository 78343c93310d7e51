/* main.c - doxe-sim: the street.  `live` plays it with real devices' protocols over real sockets.
 */
#include "proto/io/daemon.h"
#include "sim/cli/run_cli.h"
#include "sim/live/gates.h"
#include "sim/live/invoice_provider.h"
#include "sim/live/modbus_twin_cli.h"
#include "sim/live/street.h"
#include "sim/story/play/story_cli.h"

static void print_help(FILE *file)
{
    fprintf(file,
            "doxe-sim - a street of vehicles, devices and a bank around doxe\n\n"
            "usage: doxe-sim live [OPTION...]   against the real programs; see live --help\n"
            "       doxe-sim run [OPTION...]    a city in virtual time; see run --help\n"
            "       doxe-sim story FILE...      small scripts about a lot; see story --help\n"
            "       doxe-sim invoices [OPTION...]   a provider of electronic invoices\n"
            "       doxe-sim module PROFILE [--listen 127.0.0.1:PORT] [--rtu]   a Modbus module\n"
            "       doxe-sim --help | --version\n");
}

int main(int argc, char **argv)
{
    struct street_options options;
    const char *command = argc > 1 ? argv[1] : "";
    if (strcmp(command, "--help") == 0 || strcmp(command, "-h") == 0) {
        print_help(stdout);
        return EXIT_OK;
    }
    if (strcmp(command, "--version") == 0 || strcmp(command, "-V") == 0) {
        printf("doxe-sim %s\n", DOXE_VERSION);
        return EXIT_OK;
    }
    if (strcmp(command, "run") == 0) {
        return run_cli(argc - 1, argv + 1);
    }
    if (strcmp(command, "story") == 0) {
        return story_cli(argc - 1, argv + 1);
    }
    if (strcmp(command, "invoices") == 0) {
        return invoice_provider_main(argc - 1, argv + 1);
    }
    if (strcmp(command, "module") == 0) {
        return twin_cli(argc - 1, argv + 1);
    }
    if (strcmp(command, "live") != 0) {
        fprintf(stderr, "doxe-sim: '%s' is no command\n", command);
        print_help(stderr);
        return EXIT_USAGE;
    }
    if (gates_are_meant(argc - 1, argv + 1)) {
        return gates_cli(argc - 1, argv + 1);
    }
    int status = street_options_read(argc - 1, argv + 1, &options);
    return status >= 0 ? status : street_run(&options);
}
