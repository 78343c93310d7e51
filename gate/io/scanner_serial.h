/*
 * scanner_serial.h - a QR scanner on a serial line: CDC-ACM, USB serial, or a pty.
 *
 * One thread reads one line, raw 8-bit, 115200 baud, cuts it into frames
 * (proto/scan_frame.h) and reads them (proto/identity.h).  Out come results
 * without personal data: a card's keyed pseudonym and last four digits, or
 * "something else".  The frame is wiped before the next byte is read; nothing of
 * a card's text is logged.
 *
 * Hot-plug: a line that cannot be opened or has ended is tried again every
 * SCANNER_RETRY_MS, and the log says once that it is gone and once that it is back.
 *
 * Not here: what a lane does with a card; keyboard-wedge scanners.
 */
#ifndef DOXE_GATE_IO_SCANNER_SERIAL_H
#define DOXE_GATE_IO_SCANNER_SERIAL_H

#include "proto/identity.h"

struct scanner_serial;

enum { SCANNER_KEY_MAX = 256, SCANNER_RETRY_MS = 1000 };

struct scanner_config {
    int lane;
    const char *device; /* copied */
    /* Key of the pseudonyms, copied.  n = 0: identity capture is off, every scan is on_other. */
    struct str key;
    void *context;
    /* In the scanner's thread; must only put the value into a mailbox. */
    void (*on_card)(void *context, int lane, const char *pseudonym, const char *last4);
    void (*on_other)(void *context, int lane);
};

/* DX_E_INVAL: device or key too long.  DX_E_MEMORY, DX_E_IO (no thread). */
DX_MUST_USE int scanner_serial_start(const struct scanner_config *config,
                                     struct scanner_serial **ret_scanner);
/* Ends at once, wipes the key and frees.  NULL is fine. */
void scanner_serial_stop(struct scanner_serial *scanner);

/*
 * The key of a file, without the line end, into `space` of SCANNER_KEY_MAX bytes; the caller
 * wipes it.  DX_E_NOT_FOUND, DX_E_IO, DX_E_SPACE (longer), DX_E_RANGE (shorter than
 * IDENTITY_KEY_MIN).
 */
DX_MUST_USE int scanner_read_key(const char *path, char *space, struct str *ret_key);

#endif
