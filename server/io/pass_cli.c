#include "server/io/pass_cli.h"

#include "proto/io/clock_os.h"
#include "proto/io/daemon.h"
#include "proto/plate.h"
#include "server/app/desk.h"
#include "server/app/pass.h"
#include "server/io/config.h"
#include "server/store/query_pass.h"

#include <getopt.h>

static const char pass_usage[] =
    "doxe-server pass - monthly passes: docs/LEDGER.md\n\n"
    "usage: doxe-server pass add --config FILE --lot LOT --name PASS --vehicle CLASS --plate PLATE "
    "…\n"
    "                            [--quota N] [--months N] [--also-lot LOT …] [--holder TEXT]\n"
    "                            [--from DATE] --by WHO\n"
    "       doxe-server pass list --config FILE [--lot LOT] [--expiring DAYS] [--json]\n"
    "       doxe-server pass show|renew|suspend|resume|plates ID --config FILE [--by WHO] …\n"
    "         renew    --months N          asks for more months; prints the payment code\n"
    "         suspend  --reason TEXT       from now on it covers nothing;  resume ends that\n"
    "         plates   --add PLATE | --remove PLATE    from now on\n"
    "\nPASS is a name of passes[] in the lot's tariff; the price is from there, times quota.\n";

static const char shift_usage[] =
    "doxe-server shift - attendants' drawers: docs/LEDGER.md\n\n"
    "usage: doxe-server shift list --config FILE [--lot LOT] [--limit N] [--json]\n"
    "       doxe-server shift show ID --config FILE\n"
    "       doxe-server shift hand-in ID --config FILE --lot LOT --amount VND --by WHO\n"
    "                                      out of its drawer, into the operator's safe\n"
    "       doxe-server shift bank --config FILE --lot LOT --amount VND --by WHO\n"
    "                                      out of the safe; prints the code for the deposit slip\n";

enum {
    OPT_LOT = 1000,
    OPT_NAME,
    OPT_VEHICLE,
    OPT_PLATE,
    OPT_QUOTA,
    OPT_MONTHS,
    OPT_ALSO,
    OPT_HOLDER,
    OPT_FROM,
    OPT_BY,
    OPT_EXPIRING,
    OPT_JSON,
    OPT_REASON,
    OPT_ADD,
    OPT_REMOVE,
    OPT_LIMIT,
    OPT_AMOUNT
};

static const struct option known[] = {{"config", required_argument, NULL, 'c'},
                                      {"help", no_argument, NULL, 'h'},
                                      {"lot", required_argument, NULL, OPT_LOT},
                                      {"name", required_argument, NULL, OPT_NAME},
                                      {"vehicle", required_argument, NULL, OPT_VEHICLE},
                                      {"plate", required_argument, NULL, OPT_PLATE},
                                      {"quota", required_argument, NULL, OPT_QUOTA},
                                      {"months", required_argument, NULL, OPT_MONTHS},
                                      {"also-lot", required_argument, NULL, OPT_ALSO},
                                      {"holder", required_argument, NULL, OPT_HOLDER},
                                      {"from", required_argument, NULL, OPT_FROM},
                                      {"by", required_argument, NULL, OPT_BY},
                                      {"expiring", required_argument, NULL, OPT_EXPIRING},
                                      {"json", no_argument, NULL, OPT_JSON},
                                      {"reason", required_argument, NULL, OPT_REASON},
                                      {"add", required_argument, NULL, OPT_ADD},
                                      {"remove", required_argument, NULL, OPT_REMOVE},
                                      {"limit", required_argument, NULL, OPT_LIMIT},
                                      {"amount", required_argument, NULL, OPT_AMOUNT},
                                      {NULL, 0, NULL, 0}};

struct options {
    const char *config, *id;
    bool json;
    int shown;
    int64_t expiring_days, limit;
    struct pass_order order;
};

static int text(char *out, size_t cap)
{
    return str_copy(out, cap, str_c(optarg));
}

static int plate(struct pass_order *o)
{
    struct plate parsed;
    const char *why = "";
    if (o->plate_count == PASS_PLATES_MAX) {
        return DX_E_FULL;
    }
    int error = plate_parse(str_c(optarg), NULL, &parsed, &why);
    if (!error) {
        memcpy(o->plate[o->plate_count++], parsed.canonical, sizeof parsed.canonical);
    }
    return error;
}

static int number(int64_t min, int64_t max, int *ret)
{
    int64_t value = 0;
    int error = str_parse_i64(str_c(optarg), min, max, &value);
    if (!error) {
        *ret = (int)value;
    }
    return error;
}

static int day(wall_t *ret)
{
    char iso[TIME_ISO_CAP];
    snprintf(iso, sizeof iso, "%sT00:00:00", optarg);
    return time_parse_iso(str_c(iso), ret);
}

static int take_order_option(int option, struct pass_order *o)
{
    switch (option) {
    case OPT_LOT:
        return text(o->lot, sizeof o->lot);
    case OPT_NAME:
        return text(o->name, sizeof o->name);
    case OPT_VEHICLE:
        return vehicle_parse(str_c(optarg), &o->vehicle);
    case OPT_ADD:
        o->kind = PASS_ORDER_PLATE_ON;
        return plate(o);
    case OPT_REMOVE:
        o->kind = PASS_ORDER_PLATE_OFF;
        return plate(o);
    case OPT_PLATE:
        return plate(o);
    case OPT_QUOTA:
        return number(1, PASS_QUOTA_MAX, &o->quota);
    case OPT_MONTHS:
        return number(1, PASS_MONTHS_MAX, &o->months);
    case OPT_ALSO:
        return o->lot_count < PASS_LOTS_MAX ? text(o->lots[o->lot_count++], sizeof o->lots[0])
                                            : DX_E_FULL;
    case OPT_HOLDER:
        return text(o->holder, sizeof o->holder);
    case OPT_FROM:
        return day(&o->from);
    case OPT_BY:
        return text(o->by, sizeof o->by);
    case OPT_REASON:
        return text(o->reason, sizeof o->reason);
    case OPT_AMOUNT:
        return str_parse_i64(str_c(optarg), 1, MONEY_MAX_VND, &o->amount_vnd);
    default:
        return DX_E_INVAL;
    }
}

static int take_option(int option, struct options *o)
{
    switch (option) {
    case 'c':
        o->config = optarg;
        return 0;
    case OPT_JSON:
        o->json = true;
        return 0;
    case OPT_EXPIRING:
        return str_parse_i64(str_c(optarg), 1, 366, &o->expiring_days);
    case OPT_LIMIT:
        return str_parse_i64(str_c(optarg), 1, 100000, &o->limit);
    default:
        return take_order_option(option, &o->order);
    }
}

/* -1 to go on, else the exit status. */
static int read_options(int argc, char **argv, const char *usage, struct options *o)
{
    int option;
    optind = 1;
    while ((option = getopt_long(argc, argv, "c:h", known, NULL)) != -1) {
        if (option == 'h') {
            fputs(usage, stdout);
            return EXIT_OK;
        }
        if (option == '?' || take_option(option, o) != 0) {
            fprintf(stderr, "doxe-server: '%s' cannot be taken; see --help\n",
                    option == '?' ? argv[optind - 1] : optarg);
            return EXIT_USAGE;
        }
    }
    if (optind < argc) {
        o->id = argv[optind++];
    }
    if (optind < argc || !o->config) {
        fprintf(stderr, "doxe-server: %s; see --help\n",
                o->config ? "one word too many" : "needs --config FILE");
        return EXIT_USAGE;
    }
    return -1;
}

/* ---- writing ---- */

static wall_t port_wall(void *context)
{
    (void)context;
    return clock_wall();
}

static mono_t port_mono(void *context)
{
    (void)context;
    return clock_mono();
}

static void port_random(void *context, void *bytes, size_t n)
{
    (void)context;
    dx_random(bytes, n);
}

static int run_order(struct desk *desk, struct pass_order *order)
{
    int error = desk_begin(desk);
    if (error) {
        return error;
    }
    error = desk_pass(desk, order);
    if (error) {
        desk_rollback(desk);
        return error;
    }
    return desk_commit(desk);
}

static int write_order(const struct server_config *config, struct pass_order *order)
{
    static const struct app_ports ports = {
        .wall = port_wall, .mono = port_mono, .random = port_random};
    struct store *store = NULL;
    struct desk desk;
    int version = 0;
    int error = dx_crypto_start();
    error = error ? error : store_open(config->database, &store);
    error = error ? error : store_version(store, &version);
    if (!error && version != store_latest_version()) {
        error = DX_E_VERSION; /* the server brings it up to date when it starts */
    }
    error = error ? error : desk_init(&desk, store, &config->app, &ports);
    if (!error) {
        error = run_order(&desk, order);
        desk_fini(&desk);
    }
    store_close(store);
    if (error) {
        fprintf(stderr, "doxe-server: %s\n", dx_error_text(error));
    }
    return error ? EXIT_FAILED : EXIT_OK;
}

static int do_order(const struct server_config *config, struct options *o)
{
    struct pass_order *order = &o->order;
    char from[TIME_ISO_CAP];
    char until[TIME_ISO_CAP];
    if (order->by[0] == '\0') {
        fprintf(stderr, "doxe-server: who does it? --by WHO\n");
        return EXIT_USAGE;
    }
    if (o->id) {
        char *id = order->kind == PASS_ORDER_HAND_IN ? order->shift : order->pass;
        str_copy_cut(id, ULID_CAP, str_c(o->id));
    }
    int status = write_order(config, order);
    if (status == EXIT_OK && order->ret_token[0]) {
        time_format_iso(order->ret_from, from);
        time_format_iso(order->ret_until, until);
        printf("pass %s  %.10s to %.10s  %lld VND  code %s  %s/p/%s\n", order->ret_pass, from,
               until, (long long)order->ret_price_vnd, order->ret_code, config->app.public_url,
               order->ret_token);
    } else if (status == EXIT_OK && order->ret_code[0]) {
        printf("%lld VND  code for the deposit slip: %s\n", (long long)order->amount_vnd,
               order->ret_code);
    }
    return status;
}

/* ---- reading ---- */

static void print_day(int64_t ms)
{
    char iso[TIME_ISO_CAP];
    time_format_iso((wall_t){ms}, iso);
    printf(ms ? "%.10s" : "%-10.0s", iso);
}

static void print_pass(void *context, const struct pass_row *row)
{
    struct options *o = context;
    o->shown++;
    if (o->json) {
        char space[2048];
        struct out out;
        out_init(&out, space, sizeof space);
        json_object(&out, NULL);
        json_c(&out, "id", row->id);
        json_c(&out, "lot", row->lot);
        json_c(&out, "name", row->name);
        json_c(&out, "vehicle", row->vehicle);
        json_c(&out, "holder", row->holder);
        json_c(&out, "plates", row->plates);
        json_i64(&out, "quota", row->quota);
        json_i64(&out, "inside", row->inside);
        json_c(&out, "state", pass_state_text(row->state));
        json_i64(&out, "from_ms", row->from_ms);
        json_i64(&out, "until_ms", row->until_ms);
        json_i64(&out, "due_vnd", row->due_vnd);
        json_c(&out, "code", row->code);
        json_object_end(&out);
        puts(space);
        return;
    }
    printf("%s  %-10s %-12s %-9s ", row->id, row->lot, row->name, row->vehicle);
    print_day(row->from_ms);
    printf("..");
    print_day(row->until_ms);
    printf("  %-9s %lld/%lld  %s  %s%s%s\n", pass_state_text(row->state), (long long)row->inside,
           (long long)row->quota, row->plates, row->holder, row->code[0] ? "  to pay: " : "",
           row->code);
}

static void print_pass_note(void *context, const struct pass_note *note)
{
    (void)context;
    printf("  ");
    print_day(note->at_ms);
    printf("..");
    print_day(note->until_ms);
    printf("  %-9s %s  (%s)\n", note->what, note->text, note->by);
}

static void print_shift(void *context, const struct shift_row *s)
{
    struct options *o = context;
    o->shown++;
    if (o->json) {
        char space[2048];
        struct out out;
        out_init(&out, space, sizeof space);
        json_object(&out, NULL);
        json_c(&out, "id", s->id);
        json_c(&out, "lot", s->lot);
        json_c(&out, "gate", s->gate);
        json_c(&out, "by", s->by);
        json_c(&out, "previous", s->previous);
        json_i64(&out, "opened_ms", s->opened_ms);
        json_i64(&out, "closed_ms", s->closed_ms);
        json_i64(&out, "float_vnd", s->float_vnd);
        json_i64(&out, "receipts", s->receipts);
        json_i64(&out, "taken_vnd", s->taken_vnd);
        json_i64(&out, "counted_vnd", s->counted_vnd);
        json_i64(&out, "expected_vnd", s->expected_vnd);
        json_i64(&out, "difference_vnd", s->difference_vnd);
        json_i64(&out, "handed_in_vnd", s->handed_in_vnd);
        json_i64(&out, "drawer_vnd", s->drawer_vnd);
        json_object_end(&out);
        puts(space);
        return;
    }
    char iso[TIME_ISO_CAP];
    time_format_iso((wall_t){s->opened_ms}, iso);
    printf("%s  %-10s %-10s %.16s  %s  float %lld  cash %lld (%lld receipts)", s->id, s->lot, s->by,
           iso, s->closed_ms ? "closed" : "open  ", (long long)s->float_vnd,
           (long long)s->taken_vnd, (long long)s->receipts);
    if (s->closed_ms) {
        printf("  counted %lld, expected %lld", (long long)s->counted_vnd,
               (long long)s->expected_vnd);
    }
    printf("  difference %lld  handed in %lld  in the drawer %lld\n", (long long)s->difference_vnd,
           (long long)s->handed_in_vnd, (long long)s->drawer_vnd);
}

static void print_shift_note(void *context, const struct shift_note *note)
{
    char iso[TIME_ISO_CAP];
    (void)context;
    time_format_iso((wall_t){note->at_ms}, iso);
    printf("  %.19s  %14lld  %-18s %s %s\n", iso, (long long)note->amount_vnd, note->what,
           note->receipt, note->session);
}

static int read_passes(struct db *db, struct options *o, bool show)
{
    struct pass_filter filter = {.id = show ? o->id : NULL,
                                 .lot = o->order.lot[0] ? o->order.lot : NULL};
    wall_t now = clock_wall();
    if (o->expiring_days) {
        filter.expiring_before_ms = wall_add(now, o->expiring_days * TIME_DAY_MS).ms;
    }
    int error = query_passes(db, &filter, now, print_pass, o);
    return !error && show ? query_pass_notes(db, o->id, print_pass_note, NULL) : error;
}

static int read_shifts(struct db *db, struct options *o, bool show)
{
    int error = query_shifts(db, show ? o->id : NULL, o->order.lot[0] ? o->order.lot : NULL,
                             o->limit ? o->limit : 50, print_shift, o);
    return !error && show ? query_shift_notes(db, o->id, print_shift_note, NULL) : error;
}

static int do_read(const struct server_config *config, struct options *o, bool show,
                   int (*read)(struct db *db, struct options *o, bool show))
{
    struct db *db = NULL;
    int error = db_open_reader(config->database, &db);
    error = error ? error : read(db, o, show);
    error = !error && show && !o->shown ? DX_E_NOT_FOUND : error;
    db_close(db);
    if (error) {
        fprintf(stderr, "%s: %s\n", config->database, dx_error_text(error));
    }
    return error ? EXIT_FAILED : EXIT_OK;
}

/* ---- words ---- */

enum { READS = 1, NEEDS_ID = 2 };

static const struct word {
    const char *word;
    enum pass_order_kind kind;
    int flags;
} pass_words[] = {{"add", PASS_ORDER_ADD, 0},
                  {"list", PASS_ORDER_COUNT, READS},
                  {"show", PASS_ORDER_COUNT, READS | NEEDS_ID},
                  {"renew", PASS_ORDER_RENEW, NEEDS_ID},
                  {"suspend", PASS_ORDER_SUSPEND, NEEDS_ID},
                  {"resume", PASS_ORDER_RESUME, NEEDS_ID},
                  {"plates", PASS_ORDER_PLATE_ON, NEEDS_ID},
                  {NULL, PASS_ORDER_COUNT, 0}},
  shift_words[] = {{"list", PASS_ORDER_COUNT, READS},
                   {"show", PASS_ORDER_COUNT, READS | NEEDS_ID},
                   {"hand-in", PASS_ORDER_HAND_IN, NEEDS_ID},
                   {"bank", PASS_ORDER_BANK, 0},
                   {NULL, PASS_ORDER_COUNT, 0}};

static int run(int argc, char **argv, const char *usage, const struct word *word,
               int (*read)(struct db *db, struct options *o, bool show))
{
    struct options o = {.order = {.quota = 1, .months = 1}};
    struct server_config *config = NULL;
    char why[512];
    const char *wanted = argc > 1 ? argv[1] : "";
    while (word->word && strcmp(wanted, word->word) != 0) {
        word++;
    }
    if (!word->word) {
        bool help = strcmp(wanted, "--help") == 0 || strcmp(wanted, "-h") == 0;
        fputs(usage, help ? stdout : stderr);
        return help ? EXIT_OK : EXIT_USAGE;
    }
    o.order.kind = word->kind;
    int status = read_options(argc - 1, argv + 1, usage, &o);
    if (status >= 0) {
        return status;
    }
    if (((word->flags & NEEDS_ID) != 0) != (o.id != NULL)) {
        fprintf(stderr, "doxe-server: %s %s an id; see --help\n", wanted,
                o.id ? "takes not" : "needs");
        return EXIT_USAGE;
    }
    if (server_config_load(o.config, why, sizeof why, &config) != 0) {
        fprintf(stderr, "%s\n", why);
        return EXIT_CONFIGURATION;
    }
    status = word->flags & READS ? do_read(config, &o, o.id != NULL, read) : do_order(config, &o);
    server_config_free(config);
    return status;
}

int pass_command(int argc, char **argv)
{
    return run(argc, argv, pass_usage, pass_words, read_passes);
}

int shift_command(int argc, char **argv)
{
    return run(argc, argv, shift_usage, shift_words, read_shifts);
}
