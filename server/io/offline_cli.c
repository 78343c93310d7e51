#include "server/io/offline_cli.h"

#include "proto/io/clock_os.h"
#include "proto/io/daemon.h"
#include "proto/io/db.h"
#include "proto/plate.h"
#include "server/io/config.h"
#include "server/io/report_cli.h"
#include "server/store/store_bank.h"
#include "server/store/store_offline.h"

#include <getopt.h>

enum { BUSY_MS = 5000 };

static const char list_usage[] =
    "doxe-server list - what the gates of a lot know about a vehicle\n\n"
    "usage: doxe-server list add|remove --config FILE --lot LOT --list black|white|exempt\n"
    "                        --plate PLATE [--vehicle CLASS] [--until DATE] [--reason TEXT] --by "
    "WHO\n"
    "       doxe-server list show --config FILE --lot LOT\n\n"
    "black: not let in, a person is called; white: let in whatever a soft rule says; exempt: owes\n"
    "nothing.  The gates have it within seconds, and keep it when the line is cut.\n";
static const char report_usage[] =
    "doxe-server report offline - exits that gates priced without the server, where the books "
    "differ\n\n"
    "usage: doxe-server report offline --config FILE [--lot LOT] [--from DATE] [--to DATE]\n"
    "                                  [--all] [--json]\n\n"
    "Nothing is printed when all agree; --all prints those that agree too.\n"
    "exit status: 0 all agree, 1 there are differences (or it failed), 2, 3, 4 as everywhere\n";

static const struct option known[] = {
    {"config", required_argument, NULL, 'c'},  {"lot", required_argument, NULL, 'l'},
    {"list", required_argument, NULL, 'L'},    {"plate", required_argument, NULL, 'p'},
    {"vehicle", required_argument, NULL, 'v'}, {"until", required_argument, NULL, 'u'},
    {"reason", required_argument, NULL, 'r'},  {"by", required_argument, NULL, 'b'},
    {"from", required_argument, NULL, 'f'},    {"to", required_argument, NULL, 't'},
    {"all", no_argument, NULL, 'a'},           {"json", no_argument, NULL, 'j'},
    {"help", no_argument, NULL, 'h'},          {NULL, 0, NULL, 0}};

struct options {
    const char *config, *word;
    struct store_listed row;
    wall_t from, to;
    bool has_list, all, json, help;
};

static int take_day(wall_t *ret)
{
    char iso[TIME_ISO_CAP];
    snprintf(iso, sizeof iso, "%.10sT00:00:00", optarg);
    return time_parse_iso(str_c(iso), ret);
}

static int take_plate(struct lot_entry *entry)
{
    struct plate plate;
    const char *why = "";
    int error = plate_parse(str_c(optarg), NULL, &plate, &why);
    if (!error) {
        entry->kind = SUBJECT_PLATE;
        error = str_copy(entry->key, sizeof entry->key, str_c(plate.canonical));
    }
    return error;
}

static int take_option(struct options *o, int option)
{
    switch (option) {
    case 'c':
        o->config = optarg;
        return 0;
    case 'l':
        o->row.lot = optarg;
        return 0;
    case 'L':
        o->has_list = true;
        return lot_list_parse(str_c(optarg), &o->row.entry.list);
    case 'p':
        return take_plate(&o->row.entry);
    case 'v':
        return vehicle_parse(str_c(optarg), &o->row.entry.vehicle);
    case 'u':
        return take_day(&o->row.entry.until);
    case 'r':
        o->row.reason = optarg;
        return 0;
    case 'b':
        o->row.by = optarg;
        return 0;
    case 'f':
        return take_day(&o->from);
    case 't':
        return take_day(&o->to);
    case 'a':
        o->all = true;
        return 0;
    case 'j':
        o->json = true;
        return 0;
    case 'h':
        o->help = true;
        return 0;
    default:
        return DX_E_INVAL;
    }
}

/* -1: go on; else the exit status. */
static int read_options(int argc, char **argv, const char *usage, struct options *o)
{
    memset(o, 0, sizeof *o);
    o->row.lot = o->row.reason = o->row.by = "";
    optind = 1;
    for (int option; (option = getopt_long(argc, argv, "", known, NULL)) != -1;) {
        if (take_option(o, option) != 0) {
            fprintf(stderr, "%s", usage);
            return EXIT_USAGE;
        }
    }
    o->word = optind < argc ? argv[optind] : "";
    if (o->help) {
        printf("%s", usage);
        return EXIT_OK;
    }
    if (!o->config) {
        fprintf(stderr, "%s", usage);
        return EXIT_USAGE;
    }
    return -1;
}

static int load(const struct options *o, struct server_config **ret_config)
{
    char why[512];
    if (server_config_load(o->config, why, sizeof why, ret_config) != 0) {
        fprintf(stderr, "%s\n", why);
        return EXIT_CONFIGURATION;
    }
    return EXIT_OK;
}

static bool has_lot(const struct server_config *config, const char *lot)
{
    for (int i = 0; i < config->lot_count; i++) {
        if (strcmp(config->lot[i].lot.id, lot) == 0) {
            return true;
        }
    }
    return false;
}

/* ---- list ---- */

static void print_entry(void *context, const struct lot_entry *entry)
{
    char until[TIME_ISO_CAP] = "";
    (void)context;
    if (entry->until.ms) {
        time_format_iso(entry->until, until);
    }
    printf("%-6s  %-7s  %-9s  %-12s  %s\n", lot_list_text(entry->list),
           subject_kind_text(entry->kind), vehicle_text(entry->vehicle), entry->key, until);
}

static int run_list(const struct options *o, const struct server_config *config)
{
    struct store *store = NULL;
    bool add = strcmp(o->word, "add") == 0;
    bool show = strcmp(o->word, "show") == 0;
    int error = store_open_another(config->database, BUSY_MS, &store);
    if (error) {
        fprintf(stderr, "%s: %s\n", config->database, dx_error_text(error));
        return EXIT_START;
    }
    if (show) {
        error = store_list_each(store, o->row.lot, NULL, print_entry);
    } else {
        error = store_begin(store);
        error = error ? error
                : add ? store_list_add(store, &o->row, clock_wall())
                      : store_list_remove(store, &o->row, clock_wall());
        if (error) {
            store_rollback(store);
        } else {
            error = store_commit(store);
        }
    }
    store_close(store);
    if (error) {
        fprintf(stderr, "doxe-server list %s: %s\n", o->word, dx_error_text(error));
    }
    return error ? EXIT_FAILED : EXIT_OK;
}

int list_command(int argc, char **argv)
{
    struct options o;
    struct server_config *config = NULL;
    int status = read_options(argc, argv, list_usage, &o);
    if (status >= 0) {
        return status;
    }
    bool change = strcmp(o.word, "add") == 0 || strcmp(o.word, "remove") == 0;
    if ((!change && strcmp(o.word, "show") != 0) || !o.row.lot[0] ||
        (change && (!o.has_list || !o.row.entry.key[0] || !o.row.by[0]))) {
        fprintf(stderr, "%s", list_usage);
        return EXIT_USAGE;
    }
    status = load(&o, &config);
    if (status == EXIT_OK && !has_lot(config, o.row.lot)) {
        fprintf(stderr, "doxe-server list: there is no lot '%s'\n", o.row.lot);
        status = EXIT_USAGE;
    }
    status = status ? status : run_list(&o, config);
    server_config_free(config);
    return status;
}

/* ---- acl ---- */

int acl_command(int argc, char **argv)
{
    struct options o;
    struct server_config *config = NULL;
    int status = read_options(argc, argv,
                              "usage: doxe-server acl --config FILE\n\nLines for the broker's "
                              "access list, behind etc/mosquitto/doxe.acl.\n",
                              &o);
    if (status >= 0) {
        return status;
    }
    status = load(&o, &config);
    for (int i = 0; status == EXIT_OK && i < config->lot_count; i++) {
        const struct app_lot *lot = &config->lot[i].lot;
        for (int g = 0; g < lot->gate_count; g++) {
            printf("\nuser %s\ntopic read doxe/1/%s/config\ntopic read doxe/1/%s/inside/+\n",
                   lot->gate[g], lot->id, lot->id);
        }
    }
    server_config_free(config);
    return status;
}

/* ---- report offline ---- */

static void print_row(struct db_row *row, bool json, struct out *out)
{
    static const char *const names[] = {"event", "lot", "gate", "session", "difference"};
    static const char *const numbers[] = {"lane",           "at_ms",           "gate_fee_vnd",
                                          "server_fee_vnd", "gate_entered_ms", "server_entered_ms"};
    char at[TIME_ISO_CAP];
    if (json) {
        json_object(out, NULL);
        for (int i = 0; i < 5; i++) {
            json_str(out, names[i], db_text(row, i));
        }
        for (int i = 0; i < 6; i++) {
            json_i64(out, numbers[i], db_i64(row, 5 + i));
        }
        json_object_end(out);
        return;
    }
    time_format_iso((wall_t){db_i64(row, 6)}, at);
    printf("%s  %.*s  lane %lld  %.*s  gate %lld VND, books %lld VND: %.*s\n", at,
           (int)db_text(row, 2).n, db_text(row, 2).p, (long long)db_i64(row, 5),
           (int)db_text(row, 3).n, db_text(row, 3).p, (long long)db_i64(row, 7),
           (long long)db_i64(row, 8), (int)db_text(row, 4).n, db_text(row, 4).p);
}

static int run_report(const struct options *o, const struct server_config *config)
{
    static char space[4096];
    struct db *db;
    struct db_row row;
    struct out out;
    int count = 0;
    int differ = 0;
    int error = db_open_reader(config->database, &db);
    if (error) {
        fprintf(stderr, "%s: %s\n", config->database, dx_error_text(error));
        return EXIT_START;
    }
    error = db_query(db, &row,
                     "SELECT event, lot, gate, session, difference, lane, at_ms, gate_fee_vnd,"
                     " server_fee_vnd, gate_entered_ms, server_entered_ms FROM offline_quote"
                     " WHERE (?1 = '' OR lot = ?1) AND at_ms >= ?2 AND (?3 = 0 OR at_ms < ?3)"
                     " AND (?4 = 1 OR difference <> '') ORDER BY at_ms, event",
                     "tiii", o->row.lot, o->from.ms, o->to.ms, (int64_t)o->all);
    if (o->json) {
        printf("[");
    }
    while (!error && db_next(&row)) {
        out_init(&out, space, sizeof space);
        print_row(&row, o->json, &out);
        if (o->json) {
            printf("%s%s", count ? ",\n" : "", space);
        }
        count++;
        differ += db_text(&row, 4).n > 0;
    }
    if (o->json) {
        printf("]\n");
    }
    int ended = db_done(&row);
    db_close(db);
    error = error ? error : ended;
    if (error) {
        fprintf(stderr, "%s: %s\n", config->database, dx_error_text(error));
    }
    return error || differ ? EXIT_FAILED : EXIT_OK;
}

int report_offline(int argc, char **argv)
{
    struct options o;
    struct server_config *config = NULL;
    int status = read_options(argc, argv, report_usage, &o);
    if (status >= 0) {
        return status;
    }
    status = load(&o, &config);
    status = status ? status : run_report(&o, config);
    server_config_free(config);
    return status;
}
