/* doxe vietqr - read and make VietQR payloads and pictures; the list of banks. */
#include "proto/cli/cli.h"
#include "proto/io/bank_file.h"
#include "proto/io/qr.h"
#include "proto/vietqr.h"

#include <errno.h>

static struct bank_list banks;

/* ---- parse ---- */

/* The bank's name is a help for the eye: without a list it is null, and nothing else changes. */
static void put_bank(struct out *out, const char *bin)
{
    char path[BANK_FILE_PATH_CAP];
    char error[BANK_FILE_ERROR_CAP];
    const struct bank *bank = NULL;
    if (bank_file_find(path) == 0 && bank_file_load(path, &banks, error) == 0) {
        bank = banks_find(&banks, bin);
    }
    json_c(out, "bank", bank ? bank->short_name : NULL);
    json_c(out, "bank_name", bank ? bank->name : NULL);
}

static void put_text(struct out *out, const char *key, const char *value)
{
    json_c(out, key, value[0] ? value : NULL);
}

static int print_parsed(const struct vietqr *qr)
{
    char space[4096];
    struct out out;
    out_init(&out, space, sizeof space);
    json_object(&out, NULL);
    json_bool(&out, "valid", true);
    json_c(&out, "initiation", qr->dynamic ? "dynamic" : "static");
    json_c(&out, "bin", qr->bin);
    put_bank(&out, qr->bin);
    json_c(&out, "account", qr->account);
    json_c(&out, "service", qr->service);
    if (qr->amount_vnd) {
        json_i64(&out, "amount_vnd", qr->amount_vnd);
    } else {
        json_null(&out, "amount_vnd");
    }
    put_text(&out, "bill", qr->bill);
    put_text(&out, "reference", qr->reference);
    put_text(&out, "purpose", qr->purpose);
    put_text(&out, "merchant_name", qr->merchant_name);
    put_text(&out, "merchant_city", qr->merchant_city);
    json_object_end(&out);
    return cli_print(&out, CLI_VALID);
}

static int run_parse(int argc, char **argv)
{
    int operands;
    int status = cli_options(&cmd_vietqr, argc, argv, NULL, 0, &operands);
    if (status) {
        return status;
    }
    if (operands != 1) {
        return cli_usage_error(&cmd_vietqr, "parse takes one payload");
    }
    char space[2 * VIETQR_PAYLOAD_CAP];
    struct str payload = str_c(argv[1]);
    if (str_eq_c(payload, "-")) {
        size_t n = 0;
        int rc = cli_read_input(space, sizeof space, &n);
        if (rc == DX_E_SPACE) {
            return cli_invalid("the text is not 1 to 512 bytes long", "byte 0");
        }
        if (rc) {
            return cli_broken("standard input: %s", dx_error_text(rc));
        }
        bool line = n && space[n - 1] == '\n';
        payload = (struct str){space, n - (line ? 1 : 0)};
    }
    struct vietqr qr;
    const char *why;
    size_t where;
    if (vietqr_parse(payload, &qr, &why, &where)) {
        char place[32];
        snprintf(place, sizeof place, "byte %zu", where);
        return cli_invalid(why, place);
    }
    return print_parsed(&qr);
}

/* ---- make ---- */

enum {
    MAKE_BIN,
    MAKE_ACCOUNT,
    MAKE_SERVICE,
    MAKE_AMOUNT,
    MAKE_BILL,
    MAKE_REFERENCE,
    MAKE_PURPOSE,
    MAKE_NAME,
    MAKE_CITY,
    MAKE_STATIC,
    MAKE_PNG,
    MAKE_SVG,
    MAKE_TEXT,
    MAKE_SCALE,
    MAKE_COUNT
};

/* Where the text of an option goes, and what it may be. */
struct make_text {
    int option;
    const char *member; /* as vietqr_find_bad_member names it */
    const char *rule;
    char *to;
    size_t cap;
};

static int read_texts(const struct cli_option *options, const struct make_text *texts, int count)
{
    for (int i = 0; i < count; i++) {
        const struct cli_option *option = &options[texts[i].option];
        if (option->count && str_copy(texts[i].to, texts[i].cap, str_c(option->value[0]))) {
            return cli_invalid(texts[i].rule, option->name);
        }
    }
    return 0;
}

static int read_number(const struct cli_option *option, int64_t min, int64_t max, const char *rule,
                       int64_t *value)
{
    if (option->count && str_parse_i64(str_c(option->value[0]), min, max, value)) {
        return cli_invalid(rule, option->name);
    }
    return 0;
}

static int write_file(const char *path, const void *bytes, size_t n)
{
    FILE *file = fopen(path, "wb");
    if (!file) {
        return cli_broken("%s: %s", path, strerror(errno));
    }
    bool good = fwrite(bytes, 1, n, file) == n;
    good = fclose(file) == 0 && good;
    return good ? 0 : cli_broken("%s: %s", path, strerror(errno));
}

static char screen[QR_TEXT_CAP]; /* the drawing of --text */

/* The pictures that were asked for.  The one for the screen goes to standard error. */
static int draw(const struct cli_option *options, struct str payload, int scale)
{
    static uint8_t png[QR_PNG_CAP];
    static char svg[QR_SVG_CAP];
    size_t n = 0;
    int status = 0;
    if (options[MAKE_PNG].count) {
        int rc = qr_png(payload, scale, png, sizeof png, &n);
        status = rc ? cli_broken("PNG: %s", dx_error_text(rc))
                    : write_file(options[MAKE_PNG].value[0], png, n);
    }
    if (status == 0 && options[MAKE_SVG].count) {
        int rc = qr_svg(payload, QR_QUIET, svg, sizeof svg, &n);
        status = rc ? cli_broken("SVG: %s", dx_error_text(rc))
                    : write_file(options[MAKE_SVG].value[0], svg, n);
    }
    if (status == 0 && options[MAKE_TEXT].count) {
        int rc = qr_text(payload, true, screen, sizeof screen, &n);
        status = rc ? cli_broken("QR: %s", dx_error_text(rc)) : 0;
        if (rc == 0 && fwrite(screen, 1, n, stderr) != n) {
            status = cli_broken("standard error: %s", strerror(errno));
        }
    }
    return status;
}

static int print_made(const struct cli_option *options, const struct vietqr *qr,
                      const char *payload)
{
    static char space[8192 + 2 * QR_TEXT_CAP]; /* a line end takes two bytes: \n */
    struct out out;
    out_init(&out, space, sizeof space);
    json_object(&out, NULL);
    json_bool(&out, "valid", true);
    json_c(&out, "payload", payload);
    put_bank(&out, qr->bin);
    if (options[MAKE_PNG].count) {
        json_c(&out, "png", options[MAKE_PNG].value[0]);
    }
    if (options[MAKE_SVG].count) {
        json_c(&out, "svg", options[MAKE_SVG].value[0]);
    }
    if (options[MAKE_TEXT].count) {
        json_c(&out, "text", screen);
    }
    json_object_end(&out);
    return out_failed(&out) ? cli_broken("a file's name is too long or not UTF-8")
                            : cli_print(&out, CLI_VALID);
}

static int make(const struct cli_option *options)
{
    struct vietqr qr = {.dynamic = options[MAKE_STATIC].count == 0};
    const struct make_text texts[] = {
        {MAKE_BIN, "bin", "the bank is not six digits", qr.bin, sizeof qr.bin},
        {MAKE_ACCOUNT, "account", "the account is not 1 to 19 letters and digits", qr.account,
         sizeof qr.account},
        {MAKE_SERVICE, "service", "the service is none of QRIBFTTA, QRIBFTTC, QRPUSH", qr.service,
         sizeof qr.service},
        {MAKE_BILL, "bill", "not up to 25 letters, digits, blanks, '-', '.', '_'", qr.bill,
         sizeof qr.bill},
        {MAKE_REFERENCE, "reference", "not up to 25 letters, digits, blanks, '-', '.', '_'",
         qr.reference, sizeof qr.reference},
        {MAKE_PURPOSE, "purpose", "not up to 25 letters, digits, blanks, '-', '.', '_'", qr.purpose,
         sizeof qr.purpose},
        {MAKE_NAME, "merchant_name", "not up to 25 printable ASCII characters", qr.merchant_name,
         sizeof qr.merchant_name},
        {MAKE_CITY, "merchant_city", "not up to 15 printable ASCII characters", qr.merchant_city,
         sizeof qr.merchant_city},
    };
    const int count = (int)(sizeof texts / sizeof texts[0]);
    int64_t scale = 8;
    int status = read_texts(options, texts, count);
    if (status == 0) {
        status = read_number(&options[MAKE_AMOUNT], 1, VIETQR_AMOUNT_MAX,
                             "the amount is not 1 to 13 digits above zero", &qr.amount_vnd);
    }
    if (status == 0) {
        status = read_number(&options[MAKE_SCALE], 1, QR_SCALE_MAX,
                             "not 1 to 32 pixels for a module", &scale);
    }
    if (status) {
        return status;
    }
    char payload[VIETQR_PAYLOAD_CAP];
    const char *bad = vietqr_find_bad_member(&qr);
    for (int i = 0; bad && i < count; i++) {
        if (strcmp(texts[i].member, bad) == 0) {
            return cli_invalid(texts[i].rule, options[texts[i].option].name);
        }
    }
    int rc = vietqr_build(&qr, payload, sizeof payload);
    if (rc) {
        return cli_invalid(dx_error_text(rc), "payload");
    }
    status = draw(options, str_c(payload), (int)scale);
    return status ? status : print_made(options, &qr, payload);
}

static int run_make(int argc, char **argv)
{
    struct cli_option options[MAKE_COUNT] = {
        [MAKE_BIN] = {"--bin", CLI_VALUE, 0, {0}},
        [MAKE_ACCOUNT] = {"--account", CLI_VALUE, 0, {0}},
        [MAKE_SERVICE] = {"--service", CLI_VALUE, 0, {0}},
        [MAKE_AMOUNT] = {"--amount", CLI_VALUE, 0, {0}},
        [MAKE_BILL] = {"--bill", CLI_VALUE, 0, {0}},
        [MAKE_REFERENCE] = {"--reference", CLI_VALUE, 0, {0}},
        [MAKE_PURPOSE] = {"--purpose", CLI_VALUE, 0, {0}},
        [MAKE_NAME] = {"--name", CLI_VALUE, 0, {0}},
        [MAKE_CITY] = {"--city", CLI_VALUE, 0, {0}},
        [MAKE_STATIC] = {"--static", CLI_FLAG, 0, {0}},
        [MAKE_PNG] = {"--png", CLI_VALUE, 0, {0}},
        [MAKE_SVG] = {"--svg", CLI_VALUE, 0, {0}},
        [MAKE_TEXT] = {"--text", CLI_FLAG, 0, {0}},
        [MAKE_SCALE] = {"--scale", CLI_VALUE, 0, {0}},
    };
    int operands;
    int status = cli_options(&cmd_vietqr, argc, argv, options, MAKE_COUNT, &operands);
    if (status) {
        return status;
    }
    if (operands) {
        return cli_usage_error(&cmd_vietqr, "make takes options only");
    }
    if (!options[MAKE_BIN].count || !options[MAKE_ACCOUNT].count) {
        return cli_usage_error(&cmd_vietqr, "make needs --bin and --account");
    }
    return make(options);
}

/* ---- banks ---- */

static int load_banks(const char *path, struct bank_list *list)
{
    char error[BANK_FILE_ERROR_CAP];
    int rc = bank_file_load(path, list, error);
    if (rc == DX_E_NOT_FOUND || rc == DX_E_IO || rc == DX_E_MEMORY) {
        return cli_broken("%s", error);
    }
    return rc ? cli_invalid(error, path) : 0;
}

static int list_banks(const char *path)
{
    static char space[BANKS_MAX * 512 + 6 * CLI_TEXT_MAX];
    struct out out;
    int status = load_banks(path, &banks);
    if (status) {
        return status;
    }
    out_init(&out, space, sizeof space);
    json_object(&out, NULL);
    json_bool(&out, "valid", true);
    cli_json_text(&out, "file", path);
    json_i64(&out, "count", banks.count);
    json_array(&out, "banks");
    for (int i = 0; i < banks.count; i++) {
        const struct bank *bank = &banks.bank[i];
        json_object(&out, NULL);
        json_c(&out, "bin", bank->bin);
        json_c(&out, "bank", bank->short_name);
        json_c(&out, "bank_name", bank->name);
        json_c(&out, "vietqr", bank->can_transfer ? "transfer" : "receive");
        json_bool(&out, "former", bank->former);
        json_object_end(&out);
    }
    json_array_end(&out);
    json_object_end(&out);
    return cli_print(&out, CLI_VALID);
}

static int print_update(const char *path, const struct bank_list *list, struct banks_change change)
{
    char space[6 * CLI_TEXT_MAX + 256];
    struct out out;
    out_init(&out, space, sizeof space);
    json_object(&out, NULL);
    json_bool(&out, "valid", true);
    cli_json_text(&out, "file", path);
    json_i64(&out, "count", list->count);
    json_i64(&out, "added", change.added);
    json_i64(&out, "removed", change.removed);
    json_i64(&out, "renamed", change.renamed);
    json_object_end(&out);
    return cli_print(&out, CLI_VALID);
}

/* A list that lost banks is more often half a file than news, so that has to be said aloud. */
static int update_banks(const char *from, const char *to, bool allow_removal)
{
    static struct bank_list next;
    struct banks_change change = {0};
    char error[BANK_FILE_ERROR_CAP];
    int status = load_banks(from, &next);
    if (status) {
        return status;
    }
    if (bank_file_load(to, &banks, error) == 0) {
        change = banks_compare(&banks, &next);
    } else {
        change.added = next.count; /* none yet, or one that could not be read anyway */
    }
    if (change.removed && !allow_removal) {
        snprintf(error, sizeof error,
                 "%d banks of the present list are missing; --allow-removal takes them out",
                 change.removed);
        return cli_invalid(error, from);
    }
    if (bank_file_install(from, to, error)) {
        return cli_broken("%s", error);
    }
    return print_update(to, &next, change);
}

static int run_banks(int argc, char **argv)
{
    enum { TO, ALLOW_REMOVAL, COUNT };
    struct cli_option options[COUNT] = {
        [TO] = {"--to", CLI_VALUE, 0, {0}},
        [ALLOW_REMOVAL] = {"--allow-removal", CLI_FLAG, 0, {0}},
    };
    int operands;
    int status = cli_options(&cmd_vietqr, argc, argv, options, COUNT, &operands);
    if (status) {
        return status;
    }
    bool update = operands == 2 && strcmp(argv[1], "update") == 0;
    if (!update && (operands || options[TO].count || options[ALLOW_REMOVAL].count)) {
        return cli_usage_error(&cmd_vietqr, "banks takes nothing, or update and one file");
    }
    char found[BANK_FILE_PATH_CAP];
    const char *path = options[TO].value[0];
    if (!path) {
        int rc = bank_file_find(found);
        if (rc) {
            return cli_broken("there is no list of banks; DOXE_BANKS may name one");
        }
        path = found;
    }
    return update ? update_banks(argv[2], path, options[ALLOW_REMOVAL].count) : list_banks(path);
}

static int run(int argc, char **argv)
{
    const char *word = argc > 1 ? argv[1] : "";
    if (strcmp(word, "parse") == 0) {
        return run_parse(argc - 1, argv + 1);
    }
    if (strcmp(word, "make") == 0) {
        return run_make(argc - 1, argv + 1);
    }
    if (strcmp(word, "banks") == 0) {
        return run_banks(argc - 1, argv + 1);
    }
    return cli_usage_error(&cmd_vietqr, "parse, make or banks?");
}

const struct cli_command cmd_vietqr = {
    .name = "vietqr",
    .usage = "vietqr parse PAYLOAD\n"
             "vietqr make --bin BIN --account ACCOUNT [OPTION]...\n"
             "vietqr banks\n"
             "vietqr banks update FILE [--to FILE] [--allow-removal]",
    .summary = "read or make a VietQR payload, draw it, or replace the list of banks",
    .help = "parse    - as PAYLOAD reads standard input.  Fields that are absent are null.\n"
            "\n"
            "make     --amount VND       without it the payer types the amount\n"
            "         --purpose TEXT     the transfer's content: put the payment code here\n"
            "         --bill TEXT, --reference TEXT, --name TEXT, --city TEXT\n"
            "         --service CODE     QRIBFTTA to an account (the default), QRIBFTTC to a\n"
            "                            card, QRPUSH through an acquirer\n"
            "         --static           for many payments; without it for one (dynamic)\n"
            "         --png FILE         with --scale PIXELS for a module, 8 by default\n"
            "         --svg FILE\n"
            "         --text             on standard error, for a dark screen, and as \"text\"\n"
            "\n"
            "banks    The list in use: $DOXE_BANKS, /etc/doxe/banks.csv, or the one beside the\n"
            "         program.  update checks FILE, line by line, and puts it in that place (or\n"
            "         --to) in one step; a list that lost banks needs --allow-removal.\n",
    .run = run,
};
