/* doxe-gate: one lot's gate or booth, up to 16 lanes.  Everything is in gate/io/shell.h. */
#include "gate/io/attendant_cli.h"
#include "gate/io/config.h"
#include "gate/io/map_cli.h"
#include "gate/io/shell.h"
#include "gate/io/small.h"
#include "proto/crypto/crypto.h"
#include "proto/io/daemon.h"
#include "proto/io/log.h"
#include "proto/io/yaml.h"

#include <malloc.h>
#include <pthread.h>

static const char program[] = "doxe-gate";
static const char summary[] =
    "controls the lanes of one parking lot\n\n"
    "also:\n"
    "  doxe-gate attendant    accounts of the gate's console: add, reset, disable, enable, list\n"
    "  doxe-gate map          register maps: check FILE, dry-run FILE, profiles\n"
    "  doxe-gate health FILE  faults of devices with their history";

/*
 * The box is small: a thread gets half a megabyte of stack and not eight, and all share two heaps.
 * With sanitizers a stack holds more, and stays as it is.
 */
static void be_small(void)
{
#ifndef __SANITIZE_ADDRESS__
    pthread_attr_t attributes;
    if (pthread_attr_init(&attributes) == 0) {
        (void)!pthread_attr_setstacksize(&attributes, 512 * 1024);
        (void)!pthread_setattr_default_np(&attributes);
        pthread_attr_destroy(&attributes);
    }
    mallopt(M_ARENA_MAX, 1);
    mallopt(M_TRIM_THRESHOLD, 64 * 1024);
#endif
}

/* A signal may come before the shell stands, and again while it is taken down. */
static struct {
    pthread_mutex_t lock;
    struct shell *shell;
    bool stop;
} running = {.lock = PTHREAD_MUTEX_INITIALIZER};

static void on_stop(void *unused)
{
    (void)unused;
    pthread_mutex_lock(&running.lock);
    running.stop = true;
    if (running.shell) {
        shell_stop(running.shell);
    }
    pthread_mutex_unlock(&running.lock);
}

static void set_running(struct shell *shell)
{
    pthread_mutex_lock(&running.lock);
    running.shell = shell;
    if (shell && running.stop) {
        shell_stop(shell);
    }
    pthread_mutex_unlock(&running.lock);
}

static int check(const char *path, const struct gate_settings *settings)
{
    daemon_note_file(program, "mqtt.ca", settings->mqtt_ca);
    daemon_note_file(program, "mqtt.cert", settings->mqtt_cert);
    daemon_note_file(program, "mqtt.key", settings->mqtt_key);
    daemon_note_file(program, "console.cert", settings->console.cert);
    daemon_note_file(program, "console.key", settings->console.key);
    if (settings->identity_enabled) {
        daemon_note_file(program, "identity.key_file", settings->identity_key_file);
    }
    for (int i = 0; i < settings->camera_count; i++) {
        daemon_note_file(program, "cameras.token_file", settings->camera[i].token_file);
        daemon_note_file(program, "cameras.password_file", settings->camera[i].password_file);
        daemon_note_file(program, "cameras.ca", settings->camera[i].ca);
    }
    daemon_note_file(program, "frigate.ca", settings->frigate.ca);
    daemon_note_file(program, "frigate.password_file", settings->frigate.password_file);
    printf("%s: ok, %d lane%s, %d bus%s\n", path, settings->lane_count,
           settings->lane_count == 1 ? "" : "s", settings->bus_count,
           settings->bus_count == 1 ? "" : "es");
    return EXIT_OK;
}

static int run(const struct gate_settings *settings)
{
    struct shell *shell;
    be_small();
    if (dx_crypto_start()) {
        log_error("gate.no_random", "reason=\"the system gives no random bytes\"");
        return EXIT_START;
    }
    if (daemon_on_stop(on_stop, NULL)) {
        log_error("gate.signals", "reason=\"signals cannot be blocked\"");
        return EXIT_START;
    }
    int error = shell_start(settings, &shell);
    if (error) {
        log_error("gate.not_started", "error=%s", dx_error_name(error));
        return error == DX_E_CONFIG ? EXIT_CONFIGURATION : EXIT_START;
    }
    set_running(shell);
    small_give_back(); /* what reading the configuration took */
    log_info("gate.started", "id=%s lot=%s version=%s lanes=%d port=%d", settings->id,
             settings->lot, DOXE_VERSION, settings->lane_count, shell_http_port(shell));
    daemon_ready();
    error = shell_run(shell);
    daemon_stopping();
    log_info("gate.stopping", "error=%s", dx_error_name(error));
    set_running(NULL);
    shell_free(shell);
    log_info("gate.stopped", "id=%s", settings->id);
    return error ? EXIT_FAILED : EXIT_OK;
}

int main(int argc, char **argv)
{
    static struct gate_settings settings;
    char message[YAML_ERROR_CAP] = "";
    struct daemon_options options;
    if (argc > 1 && strcmp(argv[1], "attendant") == 0) {
        return attendant_cli(argc - 1, argv + 1);
    }
    if (argc > 1 && strcmp(argv[1], "map") == 0) {
        return map_cli(argc - 1, argv + 1);
    }
    if (argc > 1 && strcmp(argv[1], "health") == 0) {
        return health_cli(argc - 1, argv + 1);
    }
    int status = daemon_read_options(argc, argv, program, summary, &options);
    if (status >= 0) {
        return status;
    }
    if (options.print_sample) {
        gate_settings_print_sample(stdout);
        return fflush(stdout) == 0 ? EXIT_OK : EXIT_FAILED;
    }
    int error = gate_settings_read(options.config, &settings, message, sizeof message);
    if (error) {
        fprintf(stderr, "%s\n", message[0] ? message : dx_error_text(error));
        return EXIT_CONFIGURATION;
    }
    if (options.check) {
        return check(options.config, &settings);
    }
    log_start(program, options.verbose ? LOG_LEVEL_DEBUG : LOG_LEVEL_INFO);
    return run(&settings);
}
