#include "server/io/invoice_cli.h"

#include "proto/crypto/crypto.h"
#include "proto/io/clock_os.h"
#include "proto/io/daemon.h"
#include "server/io/config.h"
#include "server/store/store_invoice.h"

#include <getopt.h>

static const char usage[] =
    "doxe-server invoice - requests for electronic invoices: docs/INVOICES.md\n\n"
    "usage: doxe-server invoice list    --config FILE [--state WORD] [--limit N]\n"
    "       doxe-server invoice replace ID --config FILE [--name NAME] [--tax-code CODE]\n"
    "                                   [--address TEXT] [--email TEXT]\n\n"
    "  list     the newest first; --state requested, unknown, issued, refused or replaced\n"
    "  replace  an issued invoice was wrong: asks for another in its place, with this buyer\n\n"
    "exit status: 0 done, 1 failed, 2 wrong command line, 3 wrong configuration, 4 no database\n";

enum { OPT_STATE = 1000, OPT_LIMIT, OPT_NAME, OPT_TAX, OPT_ADDRESS, OPT_EMAIL };

static const struct option known[] = {{"config", required_argument, NULL, 'c'},
                                      {"state", required_argument, NULL, OPT_STATE},
                                      {"limit", required_argument, NULL, OPT_LIMIT},
                                      {"name", required_argument, NULL, OPT_NAME},
                                      {"tax-code", required_argument, NULL, OPT_TAX},
                                      {"address", required_argument, NULL, OPT_ADDRESS},
                                      {"email", required_argument, NULL, OPT_EMAIL},
                                      {"help", no_argument, NULL, 'h'},
                                      {NULL, 0, NULL, 0}};

struct invoice_ask {
    const char *word, *id, *config_path, *state;
    int64_t limit, shown;
    struct invoice_buyer buyer;
    struct server_config *config;
    struct store *store;
};

static int wrong(const char *why)
{
    fprintf(stderr, "doxe-server invoice: %s; see doxe-server invoice --help\n", why);
    return EXIT_USAGE;
}

static bool take(char *out, size_t cap)
{
    return str_copy(out, cap, str_trim(str_c(optarg))) == 0;
}

static bool take_option(struct invoice_ask *a, int option)
{
    switch (option) {
    case 'c':
        a->config_path = optarg;
        return true;
    case OPT_STATE:
        a->state = optarg;
        return true;
    case OPT_LIMIT:
        return str_parse_i64(str_c(optarg), 1, 1000000, &a->limit) == 0;
    case OPT_NAME:
        return take(a->buyer.name, sizeof a->buyer.name);
    case OPT_TAX:
        return take(a->buyer.tax_code, sizeof a->buyer.tax_code);
    case OPT_ADDRESS:
        return take(a->buyer.address, sizeof a->buyer.address);
    case OPT_EMAIL:
        return take(a->buyer.email, sizeof a->buyer.email);
    default:
        return false;
    }
}

/* No plate and no buyer: this may be read over a shoulder, and kept in a terminal's history. */
static int print_invoice(void *context, const struct invoice *v)
{
    struct invoice_ask *a = context;
    char made[TIME_ISO_CAP];
    const char *state = invoice_state_text(v->state);
    if ((a->state && strcmp(a->state, state) != 0) || a->shown >= a->limit) {
        return 0;
    }
    a->shown++;
    time_format_short(v->made, made);
    printf("%s  %s  %-9s %10lld VND  %d%s", v->id, made, state, (long long)v->payment.gross_vnd,
           v->template_, v->series);
    if (v->number > 0) {
        printf(" no. %lld %s", (long long)v->number, v->code);
    } else if (v->answer[0]) {
        printf("  %s", v->answer);
    }
    printf("\n");
    return 0;
}

static int replace(struct invoice_ask *a, struct invoice *old, struct invoice *ret_made)
{
    uint8_t random[ULID_RANDOM_SIZE];
    char id[ULID_CAP];
    const struct app_operator *o = NULL;
    if (old->state != INVOICE_ISSUED) {
        return DX_E_STATE;
    }
    for (int i = 0; i < a->config->operator_count; i++) {
        if (strcmp(a->config->operators[i].id, old->payment.operator_id) == 0) {
            o = &a->config->operators[i];
        }
    }
    if (!o || !o->series[0]) {
        return DX_E_STATE;
    }
    const struct invoice_seller seller = {o->tax_code, o->name, o->address, o->series,
                                          (int)o->template_};
    dx_random(random, sizeof random);
    ulid_make(id, clock_wall(), random);
    int error = invoice_make(id, &old->payment, &seller, &a->config->vat, &a->buyer, clock_wall(),
                             ret_made);
    if (!error) {
        memcpy(ret_made->replaces, old->id, sizeof ret_made->replaces);
        error = store_add_invoice(a->store, ret_made);
    }
    return error;
}

static int run_replace(struct invoice_ask *a)
{
    struct invoice old;
    struct invoice made;
    const char *bad = invoice_find_bad_member(&a->buyer);
    if (bad) {
        fprintf(stderr, "doxe-server invoice replace: the buyer's %s cannot stand on an invoice\n",
                bad);
        return EXIT_USAGE;
    }
    int error = store_begin(a->store);
    error = error ? error : store_get_invoice(a->store, a->id, &old);
    error = error ? error : replace(a, &old, &made);
    if (error) {
        store_rollback(a->store);
        fprintf(stderr, "doxe-server invoice replace: %s\n",
                error == DX_E_NOT_FOUND ? "there is no such invoice"
                : error == DX_E_STATE   ? "only an issued invoice of an operator with a series"
                                        : dx_error_text(error));
        return EXIT_FAILED;
    }
    if (store_commit(a->store)) {
        return EXIT_FAILED;
    }
    printf("%s replaces %s\n", made.id, old.id);
    return EXIT_OK;
}

static int run(struct invoice_ask *a)
{
    int version = 0;
    int error = store_open(a->config->database, &a->store);
    error = error ? error : store_version(a->store, &version);
    if (error || version != store_latest_version()) {
        fprintf(stderr, "%s: %s\n", a->config->database,
                error ? dx_error_text(error) : "start doxe-server once to bring it up to date");
        store_close(a->store);
        return EXIT_START;
    }
    int status = EXIT_OK;
    if (a->id) {
        status = run_replace(a);
    } else if (store_list_invoices(a->store, NULL, INT64_MAX, print_invoice, a)) {
        status = EXIT_FAILED;
    }
    store_close(a->store);
    return status;
}

int invoice_command(int argc, char **argv)
{
    struct invoice_ask a = {.limit = 100};
    char why[512];
    int option;
    optind = 1;
    while ((option = getopt_long(argc, argv, "h", known, NULL)) != -1) {
        if (option == 'h') {
            fputs(usage, stdout);
            return EXIT_OK;
        }
        if (!take_option(&a, option)) {
            return wrong("an option is not known, or its value too long");
        }
    }
    a.word = optind < argc ? argv[optind] : "";
    bool list = strcmp(a.word, "list") == 0;
    a.id = optind + 1 < argc ? argv[optind + 1] : NULL;
    if ((!list && strcmp(a.word, "replace") != 0) || list == (a.id != NULL) || optind + 2 < argc) {
        return wrong("list, or replace ID");
    }
    if (!a.config_path) {
        return wrong("--config is needed");
    }
    if (server_config_load(a.config_path, why, sizeof why, &a.config) != 0) {
        fprintf(stderr, "%s\n", why);
        return EXIT_CONFIGURATION;
    }
    int status = dx_crypto_start() == 0 ? run(&a) : EXIT_FAILED;
    server_config_free(a.config);
    return status;
}
