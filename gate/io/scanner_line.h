/*
 * scanner_line.h - where a scanner's bytes come from, by one text of the configuration:
 *
 *     /dev/serial/by-id/usb-…     a serial line (CDC-ACM, USB serial, a pty): raw, 115200 baud
 *     evdev:/dev/input/by-id/…    a scanner that plays keyboard; taken for ourselves (EVIOCGRAB)
 *     tcp:192.0.2.9:4001          the scanner listens, the gate connects
 *     listen:192.0.2.1:9101       the gate listens, the scanner connects; a new connection
 *                                 replaces the old one (the scanner was switched off and on)
 *
 * Hot-plug: a path that comes back, also as another node behind a by-id or by-path link, is
 * opened again; devices every second, TCP after 1, 2, 4, … 30 seconds.  Nothing here is busy
 * while it waits.  Not here: frames and what they say (scanner.h).
 */
#ifndef DOXE_GATE_IO_SCANNER_LINE_H
#define DOXE_GATE_IO_SCANNER_LINE_H

#include "proto/io/http_text.h"

enum scanner_kind { SCANNER_SERIAL, SCANNER_EVDEV, SCANNER_TCP, SCANNER_LISTEN };

enum { SCANNER_PATH_CAP = 256, SCANNER_RETRY_MS = 1000, SCANNER_RETRY_MS_MAX = 30000 };

#define SCANNER_LINES_ALLOWED \
    "a device's path, evdev:<path>, tcp:<address>:<port> or listen:<address>:<port>"

struct scanner_line {
    enum scanner_kind kind;
    char path[SCANNER_PATH_CAP]; /* SERIAL, EVDEV */
    struct http_address address; /* TCP, LISTEN */
    char from[HTTP_HOST_CAP];    /* LISTEN: only a scanner at this address; "" any */
    int listener;                /* LISTEN: the socket, -1 none yet */
    int tries;                   /* in vain, since it last worked */
};

/* DX_E_CONFIG, DX_E_SPACE.  Opens nothing. */
DX_MUST_USE int scanner_line_parse(const char *text, struct scanner_line *ret_line);
/*
 * A descriptor that does not block, or -1: not there (now).  May wait for a connection that
 * is being made, but ends when `stop_fd` becomes readable.
 */
int scanner_line_open(struct scanner_line *line, int stop_fd);
/* How long to wait after -1 or a loss. */
int scanner_line_retry_ms(const struct scanner_line *line);
/* Closes the listener. */
void scanner_line_close(struct scanner_line *line);

#endif
