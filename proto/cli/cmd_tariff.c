/* doxe tariff - what a stay costs, whether a tariff file is right, what a tariff looks like. */
#include "proto/cli/cli.h"
#include "proto/cli/tariff_table.h"
#include "proto/io/tariff_file.h"

#include <errno.h>

enum { ANSWER_CAP = 32 * 1024, PATH_CAP = 512, ERROR_CAP = 512 };

static struct tariff_set set; /* too large for a stack */

/* ---- loading ---- */

/* {"valid":false,…} for a file that was refused: `where` is FILE:LINE, as far as it is known. */
static int refuse(const char *path, const char *error)
{
    char where[PATH_CAP + 16];
    size_t n = strlen(path);
    bool whole = strncmp(error, path, n) == 0 && error[n] == ':';
    if (!whole) { /* the messages of the reader are bounded UTF-8 and begin with the name */
        error = "it was refused, and the file's name is too long or no UTF-8 to say why";
    }
    struct str rest = str_c(whole ? error + n : "");
    size_t line = 1;
    while (rest.n && rest.p[0] == ':' && line < rest.n && ascii_is_digit(rest.p[line])) {
        line++;
    }
    snprintf(where, sizeof where, "%s%.*s", path, line > 1 ? (int)line : 0, rest.p ? rest.p : "");
    return cli_invalid(error, where);
}

/* 0, or the exit status after having answered. */
static int load(const char *name)
{
    char path[PATH_CAP];
    char error[ERROR_CAP];
    if (tariff_file_find(name, path, sizeof path)) {
        return cli_invalid("no name of a tariff: letters, digits and '-', or a file", name);
    }
    int rc = tariff_file_load(path, &set, error, sizeof error);
    if (rc == DX_E_MEMORY) {
        return cli_broken("%s", dx_error_text(rc));
    }
    return rc ? refuse(path, error) : CLI_VALID;
}

/* ---- price ---- */

enum {
    PRICE_TARIFF,
    PRICE_VEHICLE,
    PRICE_ENTRY,
    PRICE_EXIT,
    PRICE_LANG,
    PRICE_LOST,
    PRICE_PASS,
    PRICE_DISCOUNT,
    PRICE_VOUCHER,
    PRICE_OPTIONS
};

static void put_time(struct out *out, const char *key, wall_t at, bool known)
{
    char text[TIME_ISO_CAP];
    if (!known) {
        json_null(out, key);
        return;
    }
    time_format_iso(at, text);
    json_c(out, key, text);
}

static int print_price(const struct tariff_price *price, const struct tariff_stay *stay, bool vi)
{
    static char space[ANSWER_CAP];
    struct out out;
    out_init(&out, space, sizeof space);
    json_object(&out, NULL);
    json_bool(&out, "valid", true);
    json_c(&out, "tariff", price->name);
    json_c(&out, "version", price->version);
    json_c(&out, "digest", price->digest);
    json_c(&out, "vehicle", vehicle_text(stay->vehicle));
    put_time(&out, "entry", stay->entry, true);
    put_time(&out, "exit", stay->exit, true);
    json_i64(&out, "total_vnd", price->total.vnd);
    json_object(&out, "vat");
    json_i64(&out, "vnd", price->vat.vnd);
    json_i64(&out, "rate_bp", price->vat_bp);
    json_object_end(&out);
    json_array(&out, "lines");
    for (int i = 0; i < price->line_count; i++) {
        const struct tariff_line *line = &price->lines[i];
        json_object(&out, NULL);
        json_c(&out, "text", vi ? line->text_vi : line->text_en);
        json_i64(&out, "amount_vnd", line->amount_vnd);
        json_object_end(&out);
    }
    json_array_end(&out);
    put_time(&out, "next_change", price->next_change, price->has_next_change);
    json_i64(&out, "grace_after_payment_s", price->grace_after_payment_ms / TIME_SECOND_MS);
    json_object_end(&out);
    return cli_print(&out, CLI_VALID);
}

/* Passes, discounts and vouchers that the stay has. */
static int take_gifts(const struct cli_option *options, struct tariff_stay *stay)
{
    const struct cli_option *passes = &options[PRICE_PASS];
    const struct cli_option *named = &options[PRICE_DISCOUNT];
    const struct cli_option *voucher = &options[PRICE_VOUCHER];
    if (passes->count > TARIFF_HELD_MAX || named->count + voucher->count > TARIFF_HELD_MAX) {
        return cli_usage_error(&cmd_tariff, "at most %d passes, and discounts and vouchers",
                               TARIFF_HELD_MAX);
    }
    for (int i = 0; i < passes->count; i++) {
        struct tariff_held_pass *pass = &stay->passes[stay->pass_count++];
        pass->valid = (struct tariff_span){{INT64_MIN}, {INT64_MAX}};
        if (str_copy(pass->name, sizeof pass->name, str_c(passes->value[i]))) {
            return cli_invalid("no such pass", "--pass");
        }
    }
    for (int i = 0; i < named->count; i++) {
        struct tariff_given *given = &stay->given[stay->given_count++];
        given->kind = TARIFF_DISCOUNT_NAMED;
        if (str_copy(given->name, sizeof given->name, str_c(named->value[i]))) {
            return cli_invalid("no such discount", "--discount");
        }
    }
    for (int i = 0; i < voucher->count; i++) {
        struct tariff_given *given = &stay->given[stay->given_count++];
        given->kind = TARIFF_DISCOUNT_AMOUNT;
        if (str_parse_i64(str_c(voucher->value[i]), 1, TARIFF_PRICE_MAX_VND, &given->value)) {
            return cli_invalid("a whole number of đồng from 1 to 100000000", "--voucher");
        }
    }
    return 0;
}

static const char *where_of(int error, const struct tariff_stay *stay)
{
    switch (error) {
    case DX_E_VERSION:
        return "--entry";
    case DX_E_NOT_FOUND:
        return stay->pass_count || stay->given_count ? "--vehicle, --pass or --discount"
                                                     : "--vehicle";
    default:
        return "--exit";
    }
}

static int take_stay(const struct cli_option *options, struct tariff_stay *stay)
{
    if (vehicle_parse(str_c(options[PRICE_VEHICLE].value[0]), &stay->vehicle) ||
        stay->vehicle == VEHICLE_UNKNOWN) {
        return cli_usage_error(&cmd_tariff, "--vehicle is car, motorbike or bicycle");
    }
    if (time_parse_iso(str_c(options[PRICE_ENTRY].value[0]), &stay->entry)) {
        return cli_invalid("no time such as 2026-03-02T08:10:00+07:00", "--entry");
    }
    if (time_parse_iso(str_c(options[PRICE_EXIT].value[0]), &stay->exit)) {
        return cli_invalid("no time such as 2026-03-02T08:10:00+07:00", "--exit");
    }
    stay->lost_ticket = options[PRICE_LOST].count > 0;
    return take_gifts(options, stay);
}

/* --lang; *ret_vi, or a usage error. */
static int take_language(const struct cli_option *option, bool *ret_vi)
{
    const char *lang = option->count ? option->value[0] : "vi";
    if (strcmp(lang, "vi") != 0 && strcmp(lang, "en") != 0) {
        return cli_usage_error(&cmd_tariff, "--lang is vi or en");
    }
    *ret_vi = lang[0] == 'v';
    return 0;
}

static int run_price(int argc, char **argv)
{
    static struct tariff_price price;
    struct cli_option options[PRICE_OPTIONS] = {
        [PRICE_TARIFF] = {.name = "--tariff", .kind = CLI_VALUE},
        [PRICE_VEHICLE] = {.name = "--vehicle", .kind = CLI_VALUE},
        [PRICE_ENTRY] = {.name = "--entry", .kind = CLI_VALUE},
        [PRICE_EXIT] = {.name = "--exit", .kind = CLI_VALUE},
        [PRICE_LANG] = {.name = "--lang", .kind = CLI_VALUE},
        [PRICE_LOST] = {.name = "--lost-ticket", .kind = CLI_FLAG},
        [PRICE_PASS] = {.name = "--pass", .kind = CLI_LIST},
        [PRICE_DISCOUNT] = {.name = "--discount", .kind = CLI_LIST},
        [PRICE_VOUCHER] = {.name = "--voucher", .kind = CLI_LIST},
    };
    struct tariff_stay stay = {0};
    int operands = 0;
    bool vi = true;
    int status = cli_options(&cmd_tariff, argc, argv, options, PRICE_OPTIONS, &operands);
    if (status) {
        return status;
    }
    if (operands || !options[PRICE_TARIFF].count || !options[PRICE_VEHICLE].count ||
        !options[PRICE_ENTRY].count || !options[PRICE_EXIT].count) {
        return cli_usage_error(
            &cmd_tariff, "price needs --tariff, --vehicle, --entry and --exit, no more words");
    }
    status = take_language(&options[PRICE_LANG], &vi);
    status = status ? status : take_stay(options, &stay);
    status = status ? status : load(options[PRICE_TARIFF].value[0]);
    if (status) {
        return status;
    }
    int error = tariff_price_stay(&set, &stay, &price);
    if (error) {
        return cli_invalid(vi && options[PRICE_LANG].count ? tariff_error_vi(error)
                                                           : tariff_error_en(error),
                           where_of(error, &stay));
    }
    return print_price(&price, &stay, vi);
}

/* ---- check ---- */

static int run_check(int argc, char **argv)
{
    static char space[ANSWER_CAP];
    struct out out;
    int operands = 0;
    int status = cli_options(&cmd_tariff, argc, argv, NULL, 0, &operands);
    if (status) {
        return status;
    }
    if (operands != 1) {
        return cli_usage_error(&cmd_tariff, "check takes one file");
    }
    char error[ERROR_CAP];
    int rc = tariff_file_load(argv[1], &set, error, sizeof error);
    if (rc == DX_E_MEMORY) {
        return cli_broken("%s", dx_error_text(rc));
    }
    if (rc) {
        return refuse(argv[1], error);
    }
    out_init(&out, space, sizeof space);
    json_object(&out, NULL);
    json_bool(&out, "valid", true);
    json_c(&out, "tariff", set.name);
    json_array(&out, "versions");
    for (int i = 0; i < set.count; i++) {
        const struct tariff *tariff = &set.versions[i];
        json_object(&out, NULL);
        json_c(&out, "version", tariff->version);
        json_c(&out, "digest", tariff->digest);
        json_bool(&out, "verified", tariff->status == TARIFF_VERIFIED);
        put_time(&out, "valid_from", tariff->valid_from, true);
        put_time(&out, "valid_until", tariff->valid_until, tariff->valid_until.ms != INT64_MAX);
        json_object_end(&out);
    }
    json_array_end(&out);
    json_object_end(&out);
    return cli_print(&out, CLI_VALID);
}

/* ---- table ---- */

enum { TABLE_SVG, TABLE_ENTRY, TABLE_HOURS, TABLE_LANG, TABLE_OPTIONS };

static bool is_svg(const char *word)
{
    size_t n = strlen(word);
    return n > 4 && strcmp(word + n - 4, ".svg") == 0;
}

/* The chart to a file, or without a name to standard output. */
static int write_chart(const struct tariff_view *view, int hours, const char *path)
{
    static char space[TARIFF_CHART_CAP];
    struct out out;
    out_init(&out, space, sizeof space);
    tariff_draw_chart(&out, view, hours);
    if (!path) {
        return cli_print(&out, CLI_VALID);
    }
    FILE *file = fopen(path, "wb");
    if (!file) {
        return cli_broken("%s: %s", path, strerror(errno));
    }
    bool good = fwrite(out.p, 1, out.n, file) == out.n;
    good = fclose(file) == 0 && good;
    return good ? CLI_VALID : cli_broken("%s: %s", path, strerror(errno));
}

/* The newest version and, unless it is given, a Monday morning in it. */
static int choose_view(const struct cli_option *entry, struct tariff_view *view)
{
    const struct tariff *newest = &set.versions[set.count - 1];
    static const struct civil monday = {.year = 2026, .month = 3, .day = 2, .hour = 8};
    view->set = &set;
    if (time_from_civil(&monday, &view->entry)) {
        return CLI_BROKEN;
    }
    if (view->entry.ms < newest->valid_from.ms || view->entry.ms >= newest->valid_until.ms) {
        view->entry = wall_add(time_day_start(newest->valid_from), INT64_C(8) * TIME_HOUR_MS);
        while (time_civil(view->entry).weekday != 1) {
            view->entry = wall_add(view->entry, TIME_DAY_MS);
        }
    }
    if (entry->count && time_parse_iso(str_c(entry->value[0]), &view->entry)) {
        return cli_invalid("no time such as 2026-03-02T08:10:00+07:00", "--entry");
    }
    view->tariff = tariff_set_at(&set, view->entry);
    return view->tariff ? 0 : cli_invalid(tariff_error_en(DX_E_VERSION), "--entry");
}

static int run_table(int argc, char **argv)
{
    struct cli_option options[TABLE_OPTIONS] = {
        [TABLE_SVG] = {.name = "--svg", .kind = CLI_OPTIONAL},
        [TABLE_ENTRY] = {.name = "--entry", .kind = CLI_VALUE},
        [TABLE_HOURS] = {.name = "--hours", .kind = CLI_VALUE},
        [TABLE_LANG] = {.name = "--lang", .kind = CLI_VALUE},
    };
    struct tariff_view view;
    int64_t hours = 24;
    int operands = 0;
    int status = cli_options(&cmd_tariff, argc, argv, options, TABLE_OPTIONS, &operands);
    if (status) {
        return status;
    }
    bool chart = options[TABLE_SVG].count > 0;
    const char *file = options[TABLE_SVG].value[0];
    if (chart && !file && operands == 2) { /* "--svg chart.svg NAME", "NAME --svg chart.svg" */
        int at = is_svg(argv[1]) ? 1 : 2;
        file = argv[at];
        argv[1] = argv[3 - at];
        operands = 1;
    }
    if (operands != 1) {
        return cli_usage_error(&cmd_tariff, "table takes one tariff");
    }
    if (options[TABLE_HOURS].count &&
        str_parse_i64(str_c(options[TABLE_HOURS].value[0]), 1, 720, &hours)) {
        return cli_usage_error(&cmd_tariff, "--hours is a whole number from 1 to 720");
    }
    status = take_language(&options[TABLE_LANG], &view.vi);
    status = status ? status : load(argv[1]);
    status = status ? status : choose_view(&options[TABLE_ENTRY], &view);
    if (status) {
        return status;
    }
    if (chart) {
        status = write_chart(&view, (int)hours, file);
    }
    if (status == 0 && (!chart || file)) {
        tariff_print_table(stdout, &view);
        status = fflush(stdout) == EOF ? cli_broken("standard output: %s", strerror(errno)) : 0;
    }
    return status;
}

static int run(int argc, char **argv)
{
    const char *word = argc > 1 ? argv[1] : "";
    if (strcmp(word, "price") == 0) {
        return run_price(argc - 1, argv + 1);
    }
    if (strcmp(word, "check") == 0) {
        return run_check(argc - 1, argv + 1);
    }
    if (strcmp(word, "table") == 0) {
        return run_table(argc - 1, argv + 1);
    }
    return cli_usage_error(&cmd_tariff, "price, check or table");
}

const struct cli_command cmd_tariff = {
    .name = "tariff",
    .usage = "tariff price --tariff NAME|FILE --vehicle V --entry TIME --exit TIME [--lang vi|en]\n"
             "tariff check FILE\n"
             "tariff table NAME|FILE [--svg [FILE.svg]] [--entry TIME] [--hours N] [--lang vi|en]",
    .summary = "What a stay costs, and whether a tariff is right",
    .help =
        "NAME is looked up as NAME.yaml in $DOXE_TARIFF_DIR, else in the source tree that this\n"
        "was built in, else in /usr/share/doxe/tariffs.  V is car, motorbike or bicycle; TIME\n"
        "is 2026-03-02T08:10:00+07:00, without a zone in Vietnam.\n"
        "\n"
        "price also takes --lost-ticket, --pass NAME, --discount NAME and --voucher VND.\n"
        "check prints the digest of each version, to be put into the file on publication.\n"
        "table prints text; with --svg a chart of the price over time, on standard output or\n"
        "into the file, from a Monday 08:00 or --entry, for 24 or --hours hours.\n",
    .run = run,
};
