#include "server/io/bank_cli.h"

#include "proto/io/daemon.h"

static const struct {
    const char *word;
    int (*run)(const struct server_config *config, const struct bank_options *options);
    const char *arguments, *help;
} words[] = {
    {"import", bank_import, "FILE --account BIN-ACCOUNT [--mapping NAME] [--dry-run]",
     "a bank's statement as CSV; the same file twice changes nothing"},
    {"poll", bank_poll, "[--once] [--provider sepay|casso]",
     "asks the providers' lists for what their notices left out"},
    {"list", bank_list, "[--from DAY] [--to DAY] [--account N] [--verdict WORD] [--json]",
     "what came in, who confirmed it, where the money stands"},
};

static int usage(FILE *to, int status)
{
    fprintf(to, "doxe-server bank WORD --config FILE\n\n");
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        fprintf(to, "  bank %-7s%s\n               %s\n", words[i].word, words[i].arguments,
                words[i].help);
    }
    fprintf(to, "\nDays are YYYY-MM-DD in Hanoi, --to is not included.  Excel (XLSX) and PDF are\n"
                "not read: save as CSV (UTF-8).  Mappings: etc/statements/NAME.yaml.\n");
    return status;
}

/* --name VALUE, --name=VALUE and flags; one word without dashes is the file. */
static int read_options(int argc, char **argv, struct bank_options *o)
{
    const struct {
        const char *name;
        const char **value;
        bool *flag;
    } rows[] = {{"--config", &o->config, NULL},
                {"--account", &o->account, NULL},
                {"--mapping", &o->mapping, NULL},
                {"--from", &o->from, NULL},
                {"--to", &o->to, NULL},
                {"--verdict", &o->verdict, NULL},
                {"--provider", &o->provider, NULL},
                {"--dry-run", NULL, &o->dry_run},
                {"--json", NULL, &o->json},
                {"--once", NULL, &o->once},
                {"--help", NULL, &o->help}};
    for (int i = 1; i < argc; i++) {
        size_t at = 0;
        size_t n = strcspn(argv[i], "=");
        while (at < sizeof rows / sizeof rows[0] &&
               (strlen(rows[at].name) != n || strncmp(rows[at].name, argv[i], n) != 0)) {
            at++;
        }
        if (argv[i][0] != '-' && !o->file) {
            o->file = argv[i];
        } else if (at == sizeof rows / sizeof rows[0]) {
            fprintf(stderr, "doxe-server bank: what is %s?\n", argv[i]);
            return EXIT_USAGE;
        } else if (rows[at].flag) {
            *rows[at].flag = true;
        } else if (argv[i][n] == '=' || i + 1 < argc) {
            *rows[at].value = argv[i][n] == '=' ? argv[i] + n + 1 : argv[++i];
        } else {
            fprintf(stderr, "doxe-server bank: %s needs a value\n", argv[i]);
            return EXIT_USAGE;
        }
    }
    return EXIT_OK;
}

const struct app_lot *bank_find_account(const struct server_config *config, const char *account)
{
    for (int i = 0; i < config->lot_count; i++) {
        char name[64];
        const struct app_lot *lot = &config->lot[i].lot;
        snprintf(name, sizeof name, "%s-%s", lot->bin, lot->account);
        if (strcmp(name, account) == 0) {
            return lot;
        }
    }
    return NULL;
}

int bank_command(int argc, char **argv)
{
    char why[512];
    struct bank_options options = {0};
    struct server_config *config = NULL;
    size_t at = 0;
    while (argc > 1 && at < sizeof words / sizeof words[0] &&
           strcmp(words[at].word, argv[1]) != 0) {
        at++;
    }
    if (argc < 2 || at == sizeof words / sizeof words[0]) {
        bool help = argc > 1 && strcmp(argv[1], "--help") == 0;
        return usage(help ? stdout : stderr, help ? EXIT_OK : EXIT_USAGE);
    }
    int status = read_options(argc - 1, argv + 1, &options);
    if (status != EXIT_OK || options.help) {
        return options.help ? usage(stdout, EXIT_OK) : status;
    }
    if (!options.config) {
        fprintf(stderr, "doxe-server bank %s: needs --config FILE\n", argv[1]);
        return EXIT_USAGE;
    }
    if (server_config_load(options.config, why, sizeof why, &config) != 0) {
        fprintf(stderr, "%s\n", why);
        return EXIT_CONFIGURATION;
    }
    status = words[at].run(config, &options);
    server_config_free(config);
    return status;
}
