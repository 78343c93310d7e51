#include "proto/io/daemon.h"

#include <getopt.h>
#include <signal.h>
#include <stddef.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static void print_help(const char *program, const char *summary)
{
    printf("%s - %s\n\n"
           "usage: %s --config FILE\n"
           "       %s --check FILE\n\n"
           "  -c, --config FILE   run with this configuration (YAML)\n"
           "      --check FILE    read it, say what is wrong and where, start nothing\n"
           "      --print-sample  a commented configuration file on standard output\n"
           "  -v, --verbose       debug lines too\n"
           "  -h, --help          this text\n"
           "  -V, --version       the version\n\n"
           "exit status: 0 clean stop or a good file, 1 failed, 2 wrong command line,\n"
           "             3 wrong configuration, 4 could not start\n"
           "logs: one line an event on standard error; stops within 2 s of SIGTERM\n",
           program, summary, program, program);
}

int daemon_read_options(int argc, char **argv, const char *program, const char *summary,
                        struct daemon_options *ret_options)
{
    enum { OPT_CHECK = 1000, OPT_SAMPLE };
    static const struct option known[] = {{"config", required_argument, NULL, 'c'},
                                          {"check", required_argument, NULL, OPT_CHECK},
                                          {"print-sample", no_argument, NULL, OPT_SAMPLE},
                                          {"verbose", no_argument, NULL, 'v'},
                                          {"help", no_argument, NULL, 'h'},
                                          {"version", no_argument, NULL, 'V'},
                                          {NULL, 0, NULL, 0}};
    struct daemon_options options = {0};
    int option;
    optind = 1;
    while ((option = getopt_long(argc, argv, "c:vhV", known, NULL)) != -1) {
        switch (option) {
        case 'c':
            options.config = optarg;
            break;
        case OPT_CHECK:
            options.config = optarg;
            options.check = true;
            break;
        case OPT_SAMPLE:
            options.print_sample = true;
            break;
        case 'v':
            options.verbose = true;
            break;
        case 'h':
            print_help(program, summary);
            return EXIT_OK;
        case 'V':
            printf("%s %s\n", program, DOXE_VERSION);
            return EXIT_OK;
        default:
            fprintf(stderr, "%s: see %s --help\n", program, program);
            return EXIT_USAGE;
        }
    }
    if (optind < argc) {
        fprintf(stderr, "%s: '%s' is one word too many; see %s --help\n", program, argv[optind],
                program);
        return EXIT_USAGE;
    }
    if (!options.config && !options.print_sample) {
        fprintf(stderr, "%s: needs --config FILE; see %s --help\n", program, program);
        return EXIT_USAGE;
    }
    *ret_options = options;
    return -1;
}

struct stopper {
    void (*on_stop)(void *context);
    void *context;
    sigset_t signals;
};

static void *wait_for_signal(void *argument)
{
    struct stopper *stopper = argument;
    int signal_number;
    while (sigwait(&stopper->signals, &signal_number) == 0) {
        if (signal_number != SIGHUP) {
            stopper->on_stop(stopper->context);
        }
    }
    return NULL;
}

int daemon_on_stop(void (*on_stop)(void *context), void *context)
{
    static struct stopper stopper;
    pthread_t thread;
    stopper.on_stop = on_stop;
    stopper.context = context;
    sigemptyset(&stopper.signals);
    sigaddset(&stopper.signals, SIGTERM);
    sigaddset(&stopper.signals, SIGINT);
    sigaddset(&stopper.signals, SIGHUP);
    signal(SIGPIPE, SIG_IGN);
    signal(SIGXFSZ, SIG_IGN); /* a file that may not grow: the write fails */
    if (pthread_sigmask(SIG_BLOCK, &stopper.signals, NULL) != 0 ||
        pthread_create(&thread, NULL, wait_for_signal, &stopper) != 0) {
        return DX_E_IO;
    }
    pthread_detach(thread);
    return 0;
}

void daemon_note_file(const char *program, const char *key, const char *path)
{
    if (path[0] && access(path, R_OK) != 0) {
        fprintf(stderr, "%s: note: %s: %s cannot be read here\n", program, key, path);
    }
}

/*
 * sd_notify's protocol: one datagram to the socket that systemd names (sd_notify(3), "Notes", which
 * offers this in place of the library: that one maps a megabyte of archivers and ciphers).
 */
static void notify(const char *text)
{
    const char *path = getenv("NOTIFY_SOCKET");
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    size_t n = path ? strlen(path) : 0;
    if (n < 2 || n >= sizeof address.sun_path || (path[0] != '/' && path[0] != '@')) {
        return;
    }
    memcpy(address.sun_path, path, n);
    address.sun_path[0] = path[0] == '@' ? '\0' : '/';
    int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (fd >= 0) {
        (void)!sendto(fd, text, strlen(text), MSG_NOSIGNAL, (const struct sockaddr *)&address,
                      (socklen_t)(offsetof(struct sockaddr_un, sun_path) + n));
        close(fd);
    }
}

void daemon_ready(void)
{
    notify("READY=1");
}

void daemon_stopping(void)
{
    notify("STOPPING=1");
}

void daemon_watchdog(void)
{
    notify("WATCHDOG=1");
}
