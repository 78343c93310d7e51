#include "server/io/report_cli.h"

#include "proto/io/daemon.h"

#include <stdio.h>
#include <string.h>

/* One row a report. */
static const struct {
    const char *word;
    int (*run)(int argc, char **argv);
    const char *help;
} reports[] = {
    {"day", report_dayclose, "the close of a day: ledger, provider, statement, gates"},
    {"month", report_month,
     "the city's figures of a month, with a signature that openssl verifies"},
    {"offline", report_offline, "exits priced by gates without the server, where the books differ"},
    {"ttgd", report_ttgd, "form 01/TTGD: each paid transaction of a month, for the tax authority"},
};

int report_command(int argc, char **argv)
{
    bool help = argc > 1 && strcmp(argv[1], "--help") == 0;
    for (size_t i = 0; argc > 1 && i < sizeof reports / sizeof reports[0]; i++) {
        if (strcmp(argv[1], reports[i].word) == 0) {
            return reports[i].run(argc - 1, argv + 1);
        }
    }
    FILE *to = help ? stdout : stderr;
    fprintf(to, "doxe-server report WORD --config FILE …; doxe-server report WORD --help\n\n");
    for (size_t i = 0; i < sizeof reports / sizeof reports[0]; i++) {
        fprintf(to, "  %-10s %s\n", reports[i].word, reports[i].help);
    }
    return help ? EXIT_OK : EXIT_USAGE;
}
