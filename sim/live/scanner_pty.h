/*
 * scanner_pty.h - a 2D code scanner: on a serial line (a pseudo terminal), as a keyboard, over TCP.
 *
 * The gate opens the symbolic link that stands where /dev/ttyACM0 would, and
 * reads raw bytes.  Scanners send what a code says and an ending: CR, LF or
 * CRLF.  A slow line or a busy USB hub splits one code into two reads, or glues
 * two codes together; scanner_pty_send makes the pieces and the caller's loop
 * sends them when they are due (there is no sleeping here).
 *
 * "evdev:PATH" is a pipe that carries a keyboard's input events instead (keyboard.h), and
 * "listen:ADDRESS:PORT" a socket that the gate connects to.
 *
 * Bytes that nobody reads are lost on a real line.  A terminal keeps them, so
 * what is left over from an earlier scan is thrown away before a new one.
 */
#ifndef DOXE_SIM_SCANNER_PTY_H
#define DOXE_SIM_SCANNER_PTY_H

#include "proto/base/prng.h"
#include "proto/base/time.h"

struct scanner_pty;

/*
 * `path` (without a prefix) becomes a symbolic link to the terminal; one that is there already is
 * replaced, anything else is not touched (DX_E_EXISTS).  DX_E_IO, DX_E_MEMORY.
 */
DX_MUST_USE int scanner_pty_open(const char *path, const struct prng *root,
                                 struct scanner_pty **ret_scanner);
/* Removes the link.  NULL is fine. */
void scanner_pty_close(struct scanner_pty *scanner);
/* Somebody holds a code to it.  The rest of an earlier one is forgotten. */
void scanner_pty_send(struct scanner_pty *scanner, const char *text, mono_t now);
/* Sends what is due; and when to call again. */
mono_t scanner_pty_advance(struct scanner_pty *scanner, mono_t now);

#endif
