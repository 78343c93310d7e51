#include "sim/live/modbus_twin_cli.h"

#include "proto/io/daemon.h"
#include "sim/live/modbus_twin.h"

#include <poll.h>

enum { LOOK_MS = 10 };

static const char usage[] =
    "usage: doxe-sim module PROFILE [--listen 127.0.0.1:PORT] [--rtu]\n"
    "Plays the module that the profile file (etc/profiles/NAME.yaml) describes, on a free port or\n"
    "this one; --rtu: RTU frames over TCP.  Prints 'port N' and each relay that moves.\n"
    "commands on standard input, one a line:\n"
    "  input N 0|1        channel N\n"
    "  stuck N 0|1|free   whatever the input says\n"
    "  delay MS           each answer from now on\n"
    "  silent COUNT       so many requests are not answered\n"
    "  exception CODE COUNT   so many answers are this exception\n"
    "  damaged COUNT      so many answers have wrong check bytes\n"
    "  quit, or the end of the input\n"
    "exit status: 0 stopped, 2 wrong command line, 3 wrong profile, 4 could not start\n";

static bool is_channel(int n)
{
    return n >= 1 && n <= TWIN_CHANNELS_MAX;
}

/* False: not understood. */
static bool obey(struct twin *twin, const char *line)
{
    int n = 0;
    int value = 0;
    char word[8] = "";
    struct twin_faults *f = &twin->faults;
    if (sscanf(line, "input %d %d", &n, &value) == 2 && is_channel(n)) {
        twin->input[n - 1] = value != 0;
    } else if (sscanf(line, "stuck %d %7s", &n, word) == 2 && is_channel(n)) {
        twin->stuck[n - 1] = strcmp(word, "1") == 0 ? 1 : strcmp(word, "0") == 0 ? -1 : 0;
    } else if (sscanf(line, "delay %d", &n) == 1 && n >= 0 && n <= 60000) {
        f->delay_ms = n;
    } else if (sscanf(line, "silent %d", &n) == 1) {
        f->silent = n;
    } else if (sscanf(line, "damaged %d", &n) == 1) {
        f->damaged = n;
    } else if (sscanf(line, "exception %d %d", &value, &n) == 2 && value > 0 && value < 128) {
        f->exception = value;
        f->exceptions = n;
    } else {
        return false;
    }
    return true;
}

static void play(struct twin *twin, struct twin_server *server)
{
    bool shown[TWIN_CHANNELS_MAX] = {false};
    char line[100];
    for (;;) {
        struct pollfd wait = {.fd = STDIN_FILENO, .events = POLLIN};
        if (poll(&wait, 1, LOOK_MS) > 0) {
            if (!fgets(line, sizeof line, stdin) || strncmp(line, "quit", 4) == 0) {
                return;
            }
            twin_lock(server);
            bool known = obey(twin, line);
            twin_unlock(server);
            puts(known ? "ok" : "unknown; see --help");
        }
        twin_lock(server);
        for (int i = 0; i < twin->profile.outputs.count; i++) {
            if (twin->relay[i] != shown[i]) {
                shown[i] = twin->relay[i];
                printf("relay %d %s\n", i + 1, shown[i] ? "on" : "off");
            }
        }
        twin_unlock(server);
        fflush(stdout);
    }
}

int twin_cli(int argc, char **argv)
{
    static struct twin twin;
    char error[YAML_ERROR_CAP];
    const char *listen = "127.0.0.1:0";
    bool rtu = false;
    if (argc == 2 && strcmp(argv[1], "--help") == 0) {
        fputs(usage, stdout);
        return EXIT_OK;
    }
    int i = 2;
    for (; i < argc; i++) {
        if (strcmp(argv[i], "--rtu") == 0) {
            rtu = true;
        } else if (strcmp(argv[i], "--listen") == 0 && i + 1 < argc) {
            listen = argv[++i];
        } else {
            break;
        }
    }
    if (argc < 2 || argv[1][0] == '-' || i < argc) {
        fputs(usage, stderr);
        return EXIT_USAGE;
    }
    if (twin_init(&twin, argv[1], error, sizeof error)) {
        fprintf(stderr, "%s\n", error);
        return EXIT_CONFIGURATION;
    }
    struct twin_server *server;
    if (twin_serve(&twin, listen, rtu, &server)) {
        fprintf(stderr, "doxe-sim: cannot listen on %s (127.0.0.1:PORT)\n", listen);
        return EXIT_START;
    }
    setvbuf(stdin, NULL, _IONBF, 0); /* what poll does not see must not wait in a buffer */
    printf("port %d\n", twin_port(server));
    fflush(stdout);
    play(&twin, server);
    twin_stop(server);
    return EXIT_OK;
}
