/*
 * qr.h - a text as a QR picture: PNG, SVG, or half blocks for a terminal.
 *
 * libqrencode makes the modules (error level M, which restores 15 % and is what
 * banks print), libpng packs the PNG; both appear in qr.c only.  Every picture
 * has a quiet border of light modules: ISO/IEC 18004 asks for QR_QUIET of them,
 * and readers fail on less against a dark page.
 *
 * Not here: what the text says (proto/vietqr.h), reading pictures.
 *
 * All three write into the caller's space and return 0, DX_E_RANGE (text empty or
 * longer than QR_INPUT_MAX, or a number outside its range), DX_E_FORMAT (the text holds a
 * NUL), DX_E_SPACE or DX_E_MEMORY.  The caps below are enough for any text of up to 512 bytes.
 */
#ifndef DOXE_IO_QR_H
#define DOXE_IO_QR_H

#include "proto/base/str.h"

enum {
    QR_INPUT_MAX = 1024,
    QR_QUIET = 4, /* modules */
    QR_QUIET_MAX = 32,
    QR_SCALE_MAX = 32, /* pixels per module */
    QR_SVG_CAP = 1 << 16,
    QR_PNG_CAP = 1 << 16,
    QR_TEXT_CAP = 1 << 15
};

/*
 * A complete SVG document: one white rectangle, one black path, one unit per module, no size of
 * its own, so that it fills what it is put into.  Ends in NUL; *ret_n does not count it.
 */
DX_MUST_USE int qr_svg(struct str text, int quiet_modules, char *out, size_t cap, size_t *ret_n);

/* Black and white, QR_QUIET modules of border, `pixels_per_module` in 1..QR_SCALE_MAX. */
DX_MUST_USE int qr_png(struct str text, int pixels_per_module, uint8_t *out, size_t cap,
                       size_t *ret_n);

/*
 * UTF-8 lines of half blocks, two rows of modules to a line.  `dark_screen`: the blocks are
 * the light modules (light letters on a dark screen); otherwise they are the dark ones.
 * Ends in NUL; *ret_n does not count it.
 */
DX_MUST_USE int qr_text(struct str text, bool dark_screen, char *out, size_t cap, size_t *ret_n);

#endif
