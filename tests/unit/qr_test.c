#include "proto/base/str.h"
#include "proto/io/qr.h"
#include "proto/vietqr.h"
#include "tests/harness/harness.h"

#include <png.h>

/*
 * The modules read back from each of the three pictures must be the same square, with its
 * finder patterns where ISO/IEC 18004 puts them.  That the content can be scanned is for
 * an independent reader: tests/integration/peers.
 */
struct square {
    int side;
    bool dark[256][256];
};

static char payload[VIETQR_PAYLOAD_CAP];

static struct str sample(void)
{
    const struct vietqr qr = {.dynamic = true,
                              .bin = "970436",
                              .account = "0123456789",
                              .amount_vnd = 25000,
                              .purpose = "DX7K3M9Q2X"};
    ok(vietqr_build(&qr, payload, sizeof payload));
    return str_c(payload);
}

static void from_png(struct square *square, const uint8_t *bytes, size_t n, int scale)
{
    png_image image = {.version = PNG_IMAGE_VERSION};
    assert_true(png_image_begin_read_from_memory(&image, bytes, n));
    image.format = PNG_FORMAT_GRAY;
    uint8_t *pixels = malloc(PNG_IMAGE_SIZE(image));
    assert_non_null(pixels);
    assert_true(png_image_finish_read(&image, NULL, pixels, 0, NULL));
    assert_int_equal(image.width, image.height);
    assert_int_equal(image.width % (unsigned)scale, 0);
    square->side = (int)image.width / scale;
    for (int y = 0; y < (int)image.height; y++) {
        for (int x = 0; x < (int)image.width; x++) {
            uint8_t pixel = pixels[y * (int)image.width + x];
            assert_true(pixel == 0 || pixel == 255);
            bool *module = &square->dark[y / scale][x / scale];
            if (x % scale == 0 && y % scale == 0) {
                *module = pixel == 0;
            }
            assert_true(*module == (pixel == 0));
        }
    }
    free(pixels);
}

static void from_svg(struct square *square, const char *svg)
{
    const char *at = strstr(svg, "viewBox=\"0 0 ");
    assert_non_null(at);
    square->side = (int)strtol(at + 13, NULL, 10);
    at = strstr(svg, "<path d=\"");
    assert_non_null(at);
    char *p = strchr(at, 'M');
    while (*p == 'M') {
        int x = (int)strtol(p + 1, &p, 10);
        int y = (int)strtol(p, &p, 10);
        assert_int_equal(*p, 'h');
        int run = (int)strtol(p + 1, &p, 10);
        for (int i = 0; i < run; i++) {
            square->dark[y][x + i] = true;
        }
        assert_int_equal(strncmp(p, "v1h-", 4), 0);
        assert_int_equal(strtol(p + 4, &p, 10), run);
        assert_int_equal(*p, 'z');
        p++;
    }
    assert_string_equal(p, "\"/></svg>\n");
}

static void from_text(struct square *square, const char *text, bool dark_screen)
{
    int y = 0;
    int x = 0;
    while (*text) {
        if (*text == '\n') {
            square->side = x;
            y += 2;
            x = 0;
            text++;
            continue;
        }
        bool upper = strncmp(text, "▀", 3) == 0 || strncmp(text, "█", 3) == 0;
        bool lower = strncmp(text, "▄", 3) == 0 || strncmp(text, "█", 3) == 0;
        square->dark[y][x] = upper != dark_screen;
        square->dark[y + 1][x] = lower != dark_screen;
        x++;
        text += *text == ' ' ? 1 : 3;
    }
    assert_true(y == square->side || y == square->side + 1);
}

static void has_finders(const struct square *square)
{
    static const char *finder[] = {"#######", "#.....#", "#.###.#", "#.###.#",
                                   "#.###.#", "#.....#", "#######"};
    int far = square->side - QR_QUIET - 7;
    int corners[3][2] = {{QR_QUIET, QR_QUIET}, {far, QR_QUIET}, {QR_QUIET, far}};
    for (int corner = 0; corner < 3; corner++) {
        for (int y = 0; y < 7; y++) {
            for (int x = 0; x < 7; x++) {
                bool dark = square->dark[corners[corner][1] + y][corners[corner][0] + x];
                assert_true(dark == (finder[y][x] == '#'));
            }
        }
    }
    for (int i = 0; i < square->side; i++) {
        for (int quiet = 0; quiet < QR_QUIET; quiet++) {
            assert_false(square->dark[quiet][i] || square->dark[i][quiet]);
            assert_false(square->dark[square->side - 1 - quiet][i]);
            assert_false(square->dark[i][square->side - 1 - quiet]);
        }
    }
}

static void test_qr__the_three_pictures_show_the_same_modules(void **state)
{
    (void)state;
    static struct square png;
    static struct square svg;
    static struct square dark;
    static struct square light;
    static char text[QR_SVG_CAP];
    static uint8_t bytes[QR_PNG_CAP];
    size_t n = 0;
    for (int scale = 1; scale <= 9; scale += 4) {
        ok(qr_png(sample(), scale, bytes, sizeof bytes, &n));
        from_png(&png, bytes, n, scale);
    }
    has_finders(&png);
    assert_int_equal(png.side, 4 * 5 + 17 + 2 * QR_QUIET); /* version 5 */
    ok(qr_svg(sample(), QR_QUIET, text, sizeof text, &n));
    assert_int_equal(strlen(text), n);
    from_svg(&svg, text);
    ok(qr_text(sample(), true, text, sizeof text, &n));
    assert_int_equal(strlen(text), n);
    from_text(&dark, text, true);
    ok(qr_text(sample(), false, text, sizeof text, &n));
    from_text(&light, text, false);
    assert_int_equal(svg.side, png.side);
    assert_int_equal(dark.side, png.side);
    for (int y = 0; y < png.side; y++) {
        for (int x = 0; x < png.side; x++) {
            assert_true(svg.dark[y][x] == png.dark[y][x]);
            assert_true(dark.dark[y][x] == png.dark[y][x]);
            assert_true(light.dark[y][x] == png.dark[y][x]);
        }
    }
    ok(qr_svg(sample(), 0, text, sizeof text, &n));
    assert_non_null(strstr(text, "M0 0h7v1h-7z"));
}

static void test_qr__limits(void **state)
{
    (void)state;
    static char text[QR_SVG_CAP];
    static uint8_t bytes[QR_PNG_CAP];
    static char input[QR_INPUT_MAX + 1];
    size_t n = 77;
    memset(input, 'x', sizeof input);
    struct str longest = {input, QR_INPUT_MAX};
    struct str vietqr_longest = {input, VIETQR_PAYLOAD_CAP};
    assert_int_equal(qr_svg((struct str){input, QR_INPUT_MAX + 1}, 4, text, sizeof text, &n),
                     DX_E_RANGE);
    assert_int_equal(qr_svg(STR(""), 4, text, sizeof text, &n), DX_E_RANGE);
    assert_int_equal(qr_svg(STR("a\0b"), 4, text, sizeof text, &n), DX_E_FORMAT);
    assert_int_equal(qr_svg(STR("a"), -1, text, sizeof text, &n), DX_E_RANGE);
    assert_int_equal(qr_svg(STR("a"), QR_QUIET_MAX + 1, text, sizeof text, &n), DX_E_RANGE);
    assert_int_equal(qr_svg(STR("a"), 4, text, 0, &n), DX_E_SPACE);
    assert_int_equal(qr_svg(STR("a"), 4, text, 100, &n), DX_E_SPACE);
    assert_int_equal(qr_png(STR("a"), 0, bytes, sizeof bytes, &n), DX_E_RANGE);
    assert_int_equal(qr_png(STR("a"), QR_SCALE_MAX + 1, bytes, sizeof bytes, &n), DX_E_RANGE);
    assert_int_equal(qr_png(STR("a"), 4, bytes, 50, &n), DX_E_SPACE);
    assert_int_equal(qr_text(STR("a"), true, text, 50, &n), DX_E_SPACE);
    assert_int_equal(n, 77);
    ok(qr_svg(vietqr_longest, 4, text, sizeof text, &n));
    ok(qr_png(vietqr_longest, QR_SCALE_MAX, bytes, sizeof bytes, &n));
    ok(qr_text(vietqr_longest, true, text, QR_TEXT_CAP, &n));
    ok(qr_png(longest, 4, bytes, sizeof bytes, &n));
}

TESTS(T(test_qr__the_three_pictures_show_the_same_modules), T(test_qr__limits))
