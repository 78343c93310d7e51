#include "sim/live/keyboard.h"

#include <linux/input.h>

enum { EVENTS_MAX = 24 }; /* of one character */

struct strokes {
    struct input_event event[EVENTS_MAX];
    size_t n;
};

static void add(struct strokes *s, unsigned type, unsigned code, int value)
{
    if (s->n < EVENTS_MAX) {
        s->event[s->n++] = (struct input_event){
            .type = (unsigned short)type, .code = (unsigned short)code, .value = value};
    }
}

static void tap(struct strokes *s, unsigned code)
{
    add(s, EV_KEY, code, 1);
    add(s, EV_SYN, SYN_REPORT, 0);
    add(s, EV_KEY, code, 0);
    add(s, EV_SYN, SYN_REPORT, 0);
}

/* The rows of a keyboard, in the order of the key codes. */
static bool find_key(char c, unsigned *ret_code, bool *ret_shift)
{
    static const struct {
        unsigned first;
        const char *plain, *shifted;
    } rows[] = {{KEY_1, "1234567890-=", "!@#$%^&*()_+"},
                {KEY_Q, "qwertyuiop[]\r", "QWERTYUIOP{}\n"},
                {KEY_A, "asdfghjkl;'`", "ASDFGHJKL:\"~"},
                {KEY_BACKSLASH, "\\zxcvbnm,./", "|ZXCVBNM<>?"},
                {KEY_SPACE, " ", " "}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const char *plain = strchr(rows[i].plain, c);
        const char *shifted = strchr(rows[i].shifted, c);
        if (c && (plain || shifted)) {
            *ret_code = rows[i].first +
                        (unsigned)(plain ? plain - rows[i].plain : shifted - rows[i].shifted);
            *ret_shift = !plain && c != '\n';
            return true;
        }
    }
    return false;
}

static void type_number(struct strokes *s, uint32_t number)
{
    static const unsigned pad[10] = {KEY_KP0, KEY_KP1, KEY_KP2, KEY_KP3, KEY_KP4,
                                     KEY_KP5, KEY_KP6, KEY_KP7, KEY_KP8, KEY_KP9};
    char digits[12];
    snprintf(digits, sizeof digits, "%u", (unsigned)number);
    add(s, EV_KEY, KEY_LEFTALT, 1);
    for (const char *p = digits; *p; p++) {
        add(s, EV_KEY, pad[*p - '0'], 1);
        add(s, EV_KEY, pad[*p - '0'], 0);
    }
    add(s, EV_KEY, KEY_LEFTALT, 0);
    add(s, EV_SYN, SYN_REPORT, 0);
}

/* The code point at the text's beginning, and its bytes. */
static size_t decode(struct str text, uint32_t *ret_point)
{
    unsigned char lead = (unsigned char)text.p[0];
    size_t n = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : lead >= 0xC0 ? 2 : 1;
    uint32_t point = n == 1 ? lead : lead & (0xFFu >> (n + 1));
    for (size_t i = 1; i < n && i < text.n; i++) {
        point = point << 6 | ((unsigned char)text.p[i] & 0x3F);
    }
    *ret_point = point;
    return n;
}

bool keyboard_type(int fd, struct str text)
{
    while (text.n) {
        struct strokes s = {.n = 0};
        uint32_t point;
        unsigned code;
        bool shift;
        size_t n = decode(text, &point);
        if (n == 1 && find_key(text.p[0], &code, &shift)) {
            if (shift) {
                add(&s, EV_KEY, KEY_LEFTSHIFT, 1);
            }
            tap(&s, code);
            if (shift) {
                add(&s, EV_KEY, KEY_LEFTSHIFT, 0);
            }
        } else {
            type_number(&s, point);
        }
        size_t size = s.n * sizeof s.event[0];
        if (write(fd, s.event, size) != (ssize_t)size) {
            return false;
        }
        text = str_slice(text, n, text.n);
    }
    return true;
}
