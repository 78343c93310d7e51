#include "gate/io/attendant_cli.h"

#include "gate/console/desk_account.h"
#include "gate/io/config.h"
#include "proto/io/clock_os.h"
#include "proto/io/daemon.h"
#include "proto/io/yaml.h"

#include <getopt.h>
#include <termios.h>
#include <unistd.h>

enum { LISTED_MAX = 200 };

static const char usage[] =
    "usage: doxe-gate attendant COMMAND [NAME] --config FILE\n"
    "  add NAME [--role attendant|supervisor|technician] [--title TEXT]\n"
    "  reset NAME      a new PIN; the account's logins end\n"
    "  disable NAME    nobody logs in under it any more\n"
    "  enable NAME\n"
    "  list\n"
    "A PIN (6 digits or more) or a password is read from standard input, one line.\n";

struct request {
    const char *command, *config;
    struct desk_attendant who;
};

static int refuse(const char *why, const char *what)
{
    fprintf(stderr, "doxe-gate attendant: %s%s%s\n", what, what[0] ? ": " : "", why);
    return EXIT_USAGE;
}

/* -1 to go on. */
static int read_request(int argc, char **argv, struct request *r)
{
    static const struct option options[] = {{"config", required_argument, NULL, 'c'},
                                            {"role", required_argument, NULL, 'r'},
                                            {"title", required_argument, NULL, 't'},
                                            {"help", no_argument, NULL, 'h'},
                                            {NULL, 0, NULL, 0}};
    int option;
    while ((option = getopt_long(argc, argv, "h", options, NULL)) != -1) {
        if (option == 'h') {
            fputs(usage, stdout);
            return EXIT_OK;
        }
        if (option == 'c') {
            r->config = optarg;
        } else if (option == 'r') {
            if (desk_role_parse(str_c(optarg), &r->who.role)) {
                return refuse("one of attendant, supervisor, technician", optarg);
            }
        } else if (option == 't') {
            if (str_copy(r->who.title, sizeof r->who.title, str_c(optarg)) ||
                !str_is_utf8(str_c(optarg))) {
                return refuse("a title has at most 80 bytes of UTF-8", "--title");
            }
        } else {
            fputs(usage, stderr);
            return EXIT_USAGE;
        }
    }
    r->command = optind < argc ? argv[optind++] : "";
    if (optind < argc && str_copy(r->who.name, sizeof r->who.name, str_c(argv[optind++]))) {
        return refuse("a name has at most 32 of a-z, 0-9 and '-'", argv[optind - 1]);
    }
    bool list = strcmp(r->command, "list") == 0;
    if (optind < argc || !r->config || !r->command[0] || (r->who.name[0] != '\0') == list) {
        fputs(usage, stderr);
        return EXIT_USAGE;
    }
    return -1;
}

/* One line without its end; not shown when a person types it. */
static struct str read_secret(char *space, size_t cap)
{
    struct termios before;
    bool typed = isatty(STDIN_FILENO) && tcgetattr(STDIN_FILENO, &before) == 0;
    if (typed) {
        struct termios silent = before;
        silent.c_lflag &= ~(tcflag_t)ECHO;
        fputs("PIN: ", stderr);
        tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent);
    }
    char *line = fgets(space, (int)cap, stdin);
    if (typed) {
        tcsetattr(STDIN_FILENO, TCSAFLUSH, &before);
        fputs("\n", stderr);
    }
    struct str secret = str_c(line ? line : "");
    while (secret.n && (secret.p[secret.n - 1] == '\n' || secret.p[secret.n - 1] == '\r')) {
        secret.n--;
    }
    return secret;
}

static int list(struct desk_book *book)
{
    struct desk_attendant *all = calloc(LISTED_MAX, sizeof *all);
    int count = all ? desk_account_list(book, all, LISTED_MAX) : 0;
    for (int i = 0; i < count; i++) {
        printf("%-32s %-10s %-8s %s\n", all[i].name, desk_role_text(all[i].role),
               all[i].active ? "active" : "disabled", all[i].title);
    }
    free(all);
    return 0;
}

static int run(struct desk_book *book, const struct request *r)
{
    char space[DESK_SECRET_MAX + 3];
    wall_t now = clock_wall();
    bool add = strcmp(r->command, "add") == 0;
    if (strcmp(r->command, "list") == 0) {
        return list(book);
    }
    if (strcmp(r->command, "disable") == 0 || strcmp(r->command, "enable") == 0) {
        return desk_account_set_active(book, r->who.name, r->command[0] == 'e', now);
    }
    if (!add && strcmp(r->command, "reset") != 0) {
        fputs(usage, stderr);
        return DX_E_STATE;
    }
    struct str secret = read_secret(space, sizeof space);
    const char *fault = desk_secret_fault(secret);
    int error = DX_E_FORMAT;
    if (fault) {
        fprintf(stderr, "doxe-gate attendant: %s\n", fault);
    } else {
        error = add ? desk_account_add(book, &r->who, secret, now)
                    : desk_account_reset(book, r->who.name, secret, now);
    }
    dx_wipe(space, sizeof space);
    return error;
}

int attendant_cli(int argc, char **argv)
{
    static struct gate_settings settings;
    static struct desk_book book;
    struct request r = {.who = {.role = DESK_ROLE_ATTENDANT, .active = true}};
    char message[YAML_ERROR_CAP] = "";
    int status = read_request(argc, argv, &r);
    if (status >= 0) {
        return status;
    }
    int error = gate_settings_read(r.config, &settings, message, sizeof message);
    if (error) {
        fprintf(stderr, "%s\n", message[0] ? message : dx_error_text(error));
        return EXIT_CONFIGURATION;
    }
    error = dx_crypto_start();
    error = error ? error : desk_book_open_accounts(settings.console.database, &book);
    if (error) {
        fprintf(stderr, "doxe-gate attendant: %s: %s\n", settings.console.database,
                dx_error_text(error));
        return EXIT_START;
    }
    error = run(&book, &r);
    desk_book_close(&book);
    if (error == DX_E_EXISTS) {
        fprintf(stderr, "doxe-gate attendant: %s is there already\n", r.who.name);
    } else if (error == DX_E_NOT_FOUND) {
        fprintf(stderr, "doxe-gate attendant: there is no %s\n", r.who.name);
    } else if (error) {
        fprintf(stderr, "doxe-gate attendant: %s\n", dx_error_text(error));
    }
    return error ? EXIT_FAILED : EXIT_OK;
}
