#include "gate/io/map_cli.h"

#include "gate/io/health_db.h"
#include "gate/io/map_plan.h"
#include "proto/base/time.h"
#include "proto/io/daemon.h"
#include "proto/io/yaml.h"

enum { HISTORY_SHOWN = 100 };

static const char map_usage[] =
    "usage: doxe-gate map check FILE      is it right, and where not\n"
    "       doxe-gate map dry-run FILE [--json]\n"
    "                                     every request it would make; nothing is connected\n"
    "       doxe-gate map profiles        the profiles inside the program\n"
    "FILE is a gate's configuration, a profile (it begins with 'profile:'), or the name of a\n"
    "profile inside the program.  A dry-run line says when, what, unit, function, address, value\n"
    "or count, and the bytes: with Modbus TCP's header, or RTU's check bytes.\n"
    "exit status: 0 right, 2 wrong command line, 3 wrong file (the message has its line)\n";

static const char health_usage[] = "usage: doxe-gate health FILE\n"
                                   "Faults of devices, newest first, and each device's counts, "
                                   "from the database of the gate that\n"
                                   "FILE configures; also while it runs.\n";

/* A profile or a configuration?  1, 0, or -1: cannot be read, said so. */
static int is_profile(const char *path, char *error, size_t cap)
{
    struct ydoc *doc = NULL;
    struct profile named;
    if (profile_read(path, &named, error, cap) == 0) {
        return 1;
    }
    if (ydoc_load_file(path, error, cap, &doc)) {
        return -1;
    }
    bool yes = ynode_exists(ynode_get(ydoc_root(doc), "profile"));
    ydoc_free(doc);
    return yes;
}

static int read_any_profile(const char *path, struct profile *ret_profile, char *error, size_t cap)
{
    return profile_read(path, ret_profile, error, cap)
               ? profile_read_file(path, ret_profile, error, cap)
               : 0;
}

static int do_profile(const char *path, bool dry, bool json)
{
    char error[YAML_ERROR_CAP] = "";
    struct profile profile;
    if (read_any_profile(path, &profile, error, sizeof error)) {
        fprintf(stderr, "%s\n", error);
        return EXIT_CONFIGURATION;
    }
    if (dry) {
        map_plan_profile(stdout, &profile, json);
    } else {
        printf("%s: ok, profile %s version %d, %d inputs, %d outputs\n", path, profile.name,
               profile.version, profile.inputs.count, profile.outputs.count);
    }
    return EXIT_OK;
}

static int do_settings(const char *path, bool dry, bool json)
{
    static struct gate_settings settings;
    char error[YAML_ERROR_CAP] = "";
    if (gate_settings_read(path, &settings, error, sizeof error)) {
        fprintf(stderr, "%s\n", error);
        return EXIT_CONFIGURATION;
    }
    if (dry) {
        return map_plan_settings(stdout, &settings, json) ? EXIT_FAILED : EXIT_OK;
    }
    int inputs = 0;
    int outputs = 0;
    for (int i = 0; i < settings.lane_count; i++) {
        inputs += settings.lane[i].input_count;
        outputs += settings.lane[i].output_count;
    }
    printf("%s: ok, %d buses, %d lanes, %d inputs, %d outputs\n", path, settings.bus_count,
           settings.lane_count, inputs, outputs);
    return EXIT_OK;
}

int map_cli(int argc, char **argv)
{
    char text[YAML_ERROR_CAP] = "";
    if (argc == 2 && (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0)) {
        fputs(map_usage, stdout);
        return EXIT_OK;
    }
    if (argc == 2 && strcmp(argv[1], "profiles") == 0) {
        profile_names(text, sizeof text);
        printf("%s\n", text);
        return EXIT_OK;
    }
    bool dry = argc >= 3 && strcmp(argv[1], "dry-run") == 0;
    bool json = dry && argc == 4 && strcmp(argv[3], "--json") == 0;
    if ((argc != 3 && !json) || (!dry && strcmp(argv[1], "check") != 0)) {
        fputs(map_usage, stderr);
        return EXIT_USAGE;
    }
    int kind = is_profile(argv[2], text, sizeof text);
    if (kind < 0) {
        fprintf(stderr, "%s\n", text);
        return EXIT_CONFIGURATION;
    }
    int status = kind ? do_profile(argv[2], dry, json) : do_settings(argv[2], dry, json);
    return fflush(stdout) == 0 ? status : EXIT_FAILED;
}

/* ---- health ---- */

static void print_time(wall_t wall)
{
    struct civil c = time_civil(wall);
    printf("%04d-%02d-%02d %02d:%02d:%02d", c.year, c.month, c.day, c.hour, c.minute, c.second);
}

static void print_row(void *context, const struct health_row *row)
{
    (void)context;
    print_time(row->raised);
    printf("  ");
    if (row->cleared.ms) {
        print_time(row->cleared);
    } else {
        printf("%-19s", "still there");
    }
    printf("  %-8s  %-20s lane %-2d  %s\n",
           health_severity_text(health_code_severity(row->word.code)), row->word.code,
           row->word.lane, row->word.device);
}

static void print_counts(void *context, const char *device, const struct health_counts *counts)
{
    (void)context;
    printf("%-24s no answer %lld, damaged %lld, refused %lld, last good ", device,
           (long long)counts->timeouts, (long long)counts->checks, (long long)counts->refusals);
    if (counts->last_good.ms) {
        print_time(counts->last_good);
    } else {
        printf(counts->timeouts || counts->checks || counts->refusals ? "never" : "not counted");
    }
    printf("\n");
}

int health_cli(int argc, char **argv)
{
    static struct gate_settings settings;
    char message[YAML_ERROR_CAP] = "";
    struct db *db;
    if (argc == 2 && (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0)) {
        fputs(health_usage, stdout);
        return EXIT_OK;
    }
    if (argc != 2) {
        fputs(health_usage, stderr);
        return EXIT_USAGE;
    }
    if (gate_settings_read(argv[1], &settings, message, sizeof message)) {
        fprintf(stderr, "%s\n", message);
        return EXIT_CONFIGURATION;
    }
    int error = db_open_reader(settings.journal, &db);
    if (error) {
        fprintf(stderr, "doxe-gate health: %s: %s\n", settings.journal, dx_error_text(error));
        return EXIT_START;
    }
    error = health_db_history(db, HISTORY_SHOWN, NULL, print_row);
    error = error ? error : health_db_counts(db, NULL, print_counts);
    db_close(db);
    return error || fflush(stdout) != 0 ? EXIT_FAILED : EXIT_OK;
}
