/*
 * daemon.h - what every doxe program does at its edges: options, signals, readiness, exit codes.
 *
 * Exit codes: 0 clean stop, or --check found nothing wrong; 1 the work failed;
 * 2 wrong command line; 3 the configuration is wrong; 4 could not start (port,
 * database, certificate).  SIGTERM and SIGINT stop within 2 s.
 */
#ifndef DOXE_IO_DAEMON_H
#define DOXE_IO_DAEMON_H

#include "proto/base/str.h"

enum { EXIT_OK = 0, EXIT_FAILED = 1, EXIT_USAGE = 2, EXIT_CONFIGURATION = 3, EXIT_START = 4 };

struct daemon_options {
    const char *config; /* --config FILE or the one argument */
    bool check;         /* --check FILE: read, report, do not start */
    bool print_sample;  /* --print-sample: a commented configuration file on standard output */
    bool verbose;       /* --verbose: debug lines */
};

/*
 * Reads the command line of doxe-gate and doxe-server.  Handles --help and
 * --version itself.  Returns -1 to go on, else the exit code to end with.
 */
int daemon_read_options(int argc, char **argv, const char *program, const char *summary,
                        struct daemon_options *ret_options);
/*
 * For --check: a line on standard error when the file that `key` names cannot be read.  Not an
 * error, for a configuration may be checked where it does not run.  "" is no file.
 */
void daemon_note_file(const char *program, const char *key, const char *path);
/*
 * Blocks SIGTERM, SIGINT and SIGHUP in this thread and all that it starts (so
 * call it first), ignores SIGPIPE, and starts a thread that calls `on_stop` in
 * a normal context when the first of them comes.
 */
DX_MUST_USE int daemon_on_stop(void (*on_stop)(void *context), void *context);
/* READY=1, STOPPING=1 and the watchdog to systemd when it is there (sd_notify). */
void daemon_ready(void);
void daemon_stopping(void);
void daemon_watchdog(void);

#endif
