/*
 * scanner.h - a QR scanner of a lane: one thread, one line (scanner_line.h).
 *
 * Bytes, or key strokes (evdev_keys.h), are cut into frames (proto/scan_frame.h) and read
 * (proto/identity.h).  Out come results without personal data: a card's keyed pseudonym and
 * last four digits, or "something else".  The frame is wiped before the next byte is read;
 * nothing of a card's text is logged.
 *
 * A line that cannot be opened or has ended is tried again for ever; log and fault say once
 * that it is gone and once that it is back.
 *
 * Not here: what a lane does with a card.
 */
#ifndef DOXE_GATE_IO_SCANNER_H
#define DOXE_GATE_IO_SCANNER_H

#include "gate/io/device_fault.h"
#include "gate/io/scanner_line.h"
#include "proto/identity.h"

struct scanner;

enum { SCANNER_KEY_MAX = 256 };

struct scanner_config {
    int lane;
    const char *name;         /* for the log; copied */
    struct scanner_line line; /* its listener becomes the scanner's */
    /* Key of the pseudonyms, copied.  n = 0: identity capture is off, every scan is on_other. */
    struct str key;
    void *context;
    /* In the scanner's thread; must only put the value into a mailbox. */
    void (*on_card)(void *context, int lane, const char *pseudonym, const char *last4);
    void (*on_other)(void *context, int lane);
    device_fault_fn *fault; /* may be NULL; the device is "scanner-<lane>" */
};

/* DX_E_INVAL: name or key too long.  DX_E_MEMORY, DX_E_IO (no thread). */
DX_MUST_USE int scanner_start(const struct scanner_config *config, struct scanner **ret_scanner);
/* Ends at once, wipes the key and frees.  NULL is fine. */
void scanner_stop(struct scanner *scanner);

/*
 * The key of a file, without the line end, into `space` of SCANNER_KEY_MAX bytes; the caller
 * wipes it.  DX_E_NOT_FOUND, DX_E_IO, DX_E_SPACE (longer), DX_E_RANGE (shorter than
 * IDENTITY_KEY_MIN).
 */
DX_MUST_USE int scanner_read_key(const char *path, char *space, struct str *ret_key);

#endif
