/* doxe - try a rule of libdoxe from the command line: doxe(1). */
#include "proto/cli/cli.h"

/* In the order of `doxe --help`; NULL ends it. */
static const struct cli_command *const commands[] = {
    &cmd_plate, &cmd_identity, &cmd_vietqr, &cmd_paycode, &cmd_webhook, &cmd_tariff, NULL,
};

static const struct cli_command *find_command(const char *name)
{
    for (int i = 0; commands[i]; i++) {
        if (strcmp(commands[i]->name, name) == 0) {
            return commands[i];
        }
    }
    return NULL;
}

static void print_help(FILE *stream)
{
    fputs("usage: doxe COMMAND [OPTION]... [ARGUMENT]...\n"
          "       doxe help COMMAND\n"
          "       doxe --help | --version\n"
          "\n"
          "Try one rule of doxe.  The answer is one JSON object in one line.\n"
          "\n",
          stream);
    for (int i = 0; commands[i]; i++) {
        fprintf(stream, "  %-10s %s\n", commands[i]->name, commands[i]->summary);
    }
    fputs("\n"
          "Exit status: 0 valid, 1 invalid, 2 the command line makes no sense,\n"
          "3 input or output failed.\n",
          stream);
}

static void print_command_help(const struct cli_command *command)
{
    const char *lead = "usage: doxe ";
    for (struct str rest = str_c(command->usage); rest.n; lead = "       doxe ") {
        size_t end = str_index(rest, '\n');
        printf("%s%.*s\n", lead, (int)end, rest.p);
        rest = str_slice(rest, end + 1, rest.n);
    }
    printf("\n%s.\n", command->summary);
    if (command->help) {
        printf("\n%s", command->help);
    }
}

/* --help anywhere before "--" asks for the command's help. */
static bool wants_help(int argc, char **argv)
{
    for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++) {
        if (strcmp(argv[i], "--help") == 0) {
            return true;
        }
    }
    return false;
}

static int finish(void)
{
    return fflush(stdout) == EOF ? cli_broken("standard output failed") : CLI_VALID;
}

static int unknown_command(const char *name)
{
    fprintf(stderr, "doxe: unknown command %s; see doxe --help\n", name);
    return CLI_USAGE;
}

int main(int argc, char **argv)
{
    if (argc < 2) {
        print_help(stderr);
        return CLI_USAGE;
    }
    const char *word = argv[1];
    bool help = strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0;
    if (help || (strcmp(word, "help") == 0 && argc == 2)) {
        print_help(stdout);
        return finish();
    }
    if (strcmp(word, "--version") == 0) {
        printf("doxe %s\n", DOXE_VERSION);
        return finish();
    }
    if (strcmp(word, "help") == 0) {
        word = argv[2];
    }
    const struct cli_command *command = find_command(word);
    if (!command) {
        return unknown_command(word);
    }
    if (word == argv[2] || wants_help(argc - 1, argv + 1)) {
        print_command_help(command);
        return finish();
    }
    return command->run(argc - 1, argv + 1);
}
