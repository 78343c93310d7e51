#include "proto/io/qr.h"

#include "proto/base/out.h"

#include <errno.h>
#include <png.h>
#include <qrencode.h>
#include <stdlib.h>

static int encode(struct str text, QRcode **ret_code)
{
    char space[QR_INPUT_MAX + 1];
    if (text.n == 0 || text.n > QR_INPUT_MAX) {
        return DX_E_RANGE;
    }
    int rc = str_copy(space, sizeof space, text);
    if (rc) {
        return rc;
    }
    QRcode *code = QRcode_encodeString(space, 0, QR_ECLEVEL_M, QR_MODE_8, 1);
    if (!code) {
        return errno == ENOMEM ? DX_E_MEMORY : DX_E_RANGE;
    }
    *ret_code = code;
    return 0;
}

/* Is the module dark?  Outside the symbol all is light. */
static bool is_dark(const QRcode *code, int x, int y)
{
    if (x < 0 || y < 0 || x >= code->width || y >= code->width) {
        return false;
    }
    return code->data[y * code->width + x] & 1;
}

/* ---- SVG ---- */

static void put_runs(struct out *out, const QRcode *code, int quiet)
{
    for (int y = 0; y < code->width; y++) {
        for (int x = 0; x < code->width;) {
            int run = 0;
            while (is_dark(code, x + run, y)) {
                run++;
            }
            if (run) {
                out_fmt(out, "M%d %dh%dv1h-%dz", x + quiet, y + quiet, run, run);
            }
            x += run + 1;
        }
    }
}

int qr_svg(struct str text, int quiet_modules, char *out, size_t cap, size_t *ret_n)
{
    QRcode *code;
    struct out svg;
    if (quiet_modules < 0 || quiet_modules > QR_QUIET_MAX) {
        return DX_E_RANGE;
    }
    if (cap == 0) {
        return DX_E_SPACE;
    }
    int rc = encode(text, &code);
    if (rc) {
        return rc;
    }
    int side = code->width + 2 * quiet_modules;
    out_init(&svg, out, cap);
    out_fmt(&svg,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" "
            "shape-rendering=\"crispEdges\"><path fill=\"#fff\" d=\"M0 0h%dv%dH0z\"/>"
            "<path d=\"",
            side, side, side, side);
    put_runs(&svg, code, quiet_modules);
    out_add_c(&svg, "\"/></svg>\n");
    QRcode_free(code);
    if (out_failed(&svg)) {
        return DX_E_SPACE;
    }
    *ret_n = svg.n;
    return 0;
}

/* ---- PNG ---- */

static int write_png(const uint8_t *pixels, int side, uint8_t *out, size_t cap, size_t *ret_n)
{
    static const uint8_t colours[] = {255, 255, 255, 0, 0, 0};
    png_image image = {.version = PNG_IMAGE_VERSION,
                       .width = (png_uint_32)side,
                       .height = (png_uint_32)side,
                       .format = PNG_FORMAT_RGB_COLORMAP,
                       .colormap_entries = 2};
    png_alloc_size_t n = cap;
    int done = png_image_write_to_memory(&image, out, &n, 0, pixels, side, colours);
    png_image_free(&image);
    if (!done) {
        return n > cap ? DX_E_SPACE : DX_E_MEMORY;
    }
    *ret_n = n;
    return 0;
}

int qr_png(struct str text, int pixels_per_module, uint8_t *out, size_t cap, size_t *ret_n)
{
    QRcode *code;
    if (pixels_per_module < 1 || pixels_per_module > QR_SCALE_MAX) {
        return DX_E_RANGE;
    }
    int rc = encode(text, &code);
    if (rc) {
        return rc;
    }
    int side = (code->width + 2 * QR_QUIET) * pixels_per_module;
    uint8_t *pixels = malloc((size_t)side * (size_t)side);
    if (!pixels) {
        QRcode_free(code);
        return DX_E_MEMORY;
    }
    for (int y = 0; y < side; y++) {
        for (int x = 0; x < side; x++) {
            pixels[(size_t)y * (size_t)side + (size_t)x] =
                is_dark(code, x / pixels_per_module - QR_QUIET, y / pixels_per_module - QR_QUIET);
        }
    }
    QRcode_free(code);
    rc = write_png(pixels, side, out, cap, ret_n);
    free(pixels);
    return rc;
}

/* ---- terminal ---- */

int qr_text(struct str text, bool dark_screen, char *out, size_t cap, size_t *ret_n)
{
    static const char *const blocks[] = {" ", "▀", "▄", "█"}; /* bit 0 upper, bit 1 lower */
    QRcode *code;
    struct out lines;
    if (cap == 0) {
        return DX_E_SPACE;
    }
    int rc = encode(text, &code);
    if (rc) {
        return rc;
    }
    out_init(&lines, out, cap);
    for (int y = -QR_QUIET; y < code->width + QR_QUIET; y += 2) {
        for (int x = -QR_QUIET; x < code->width + QR_QUIET; x++) {
            bool upper = is_dark(code, x, y) != dark_screen;
            bool lower = is_dark(code, x, y + 1) != dark_screen;
            out_add_c(&lines, blocks[(upper ? 1 : 0) + (lower ? 2 : 0)]);
        }
        out_char(&lines, '\n');
    }
    QRcode_free(code);
    if (out_failed(&lines)) {
        return DX_E_SPACE;
    }
    *ret_n = lines.n;
    return 0;
}
