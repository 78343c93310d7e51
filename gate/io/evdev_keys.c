#include "gate/io/evdev_keys.h"

#include <linux/input.h>

enum { NUMBER_MAX = 0x10FFFF };

static const struct {
    char plain, shifted;
} us[] = {
    [KEY_1] = {'1', '!'},           [KEY_2] = {'2', '@'},       [KEY_3] = {'3', '#'},
    [KEY_4] = {'4', '$'},           [KEY_5] = {'5', '%'},       [KEY_6] = {'6', '^'},
    [KEY_7] = {'7', '&'},           [KEY_8] = {'8', '*'},       [KEY_9] = {'9', '('},
    [KEY_0] = {'0', ')'},           [KEY_MINUS] = {'-', '_'},   [KEY_EQUAL] = {'=', '+'},
    [KEY_TAB] = {'\t', '\t'},       [KEY_Q] = {'q', 'Q'},       [KEY_W] = {'w', 'W'},
    [KEY_E] = {'e', 'E'},           [KEY_R] = {'r', 'R'},       [KEY_T] = {'t', 'T'},
    [KEY_Y] = {'y', 'Y'},           [KEY_U] = {'u', 'U'},       [KEY_I] = {'i', 'I'},
    [KEY_O] = {'o', 'O'},           [KEY_P] = {'p', 'P'},       [KEY_LEFTBRACE] = {'[', '{'},
    [KEY_RIGHTBRACE] = {']', '}'},  [KEY_ENTER] = {'\r', '\r'}, [KEY_A] = {'a', 'A'},
    [KEY_S] = {'s', 'S'},           [KEY_D] = {'d', 'D'},       [KEY_F] = {'f', 'F'},
    [KEY_G] = {'g', 'G'},           [KEY_H] = {'h', 'H'},       [KEY_J] = {'j', 'J'},
    [KEY_K] = {'k', 'K'},           [KEY_L] = {'l', 'L'},       [KEY_SEMICOLON] = {';', ':'},
    [KEY_APOSTROPHE] = {'\'', '"'}, [KEY_GRAVE] = {'`', '~'},   [KEY_BACKSLASH] = {'\\', '|'},
    [KEY_Z] = {'z', 'Z'},           [KEY_X] = {'x', 'X'},       [KEY_C] = {'c', 'C'},
    [KEY_V] = {'v', 'V'},           [KEY_B] = {'b', 'B'},       [KEY_N] = {'n', 'N'},
    [KEY_M] = {'m', 'M'},           [KEY_COMMA] = {',', '<'},   [KEY_DOT] = {'.', '>'},
    [KEY_SLASH] = {'/', '?'},       [KEY_SPACE] = {' ', ' '},   [KEY_KPASTERISK] = {'*', '*'},
    [KEY_KPMINUS] = {'-', '-'},     [KEY_KPPLUS] = {'+', '+'},  [KEY_KPDOT] = {'.', '.'},
    [KEY_KPENTER] = {'\r', '\r'},   [KEY_KPSLASH] = {'/', '/'},
};

/* 0..9, or -1. */
static int keypad_digit(unsigned code)
{
    static const unsigned keys[10] = {KEY_KP0, KEY_KP1, KEY_KP2, KEY_KP3, KEY_KP4,
                                      KEY_KP5, KEY_KP6, KEY_KP7, KEY_KP8, KEY_KP9};
    for (int i = 0; i < 10; i++) {
        if (keys[i] == code) {
            return i;
        }
    }
    return -1;
}

static size_t write_number(int64_t number, char out[EVDEV_BYTES_MAX])
{
    if (number < 0x100) {
        out[0] = (char)(unsigned char)number;
        return 1;
    }
    if (number < 0x800) {
        out[0] = (char)(0xC0 | number >> 6);
        out[1] = (char)(0x80 | (number & 0x3F));
        return 2;
    }
    if (number < 0x10000) {
        out[0] = (char)(0xE0 | number >> 12);
        out[1] = (char)(0x80 | (number >> 6 & 0x3F));
        out[2] = (char)(0x80 | (number & 0x3F));
        return 3;
    }
    out[0] = (char)(0xF0 | number >> 18);
    out[1] = (char)(0x80 | (number >> 12 & 0x3F));
    out[2] = (char)(0x80 | (number >> 6 & 0x3F));
    out[3] = (char)(0x80 | (number & 0x3F));
    return 4;
}

static size_t release_alt(struct evdev_keys *keys, char out[EVDEV_BYTES_MAX])
{
    bool typed = keys->has_number && keys->number > 0 && keys->number <= NUMBER_MAX;
    int64_t number = keys->number;
    keys->alt = keys->has_number = false;
    keys->number = 0;
    return typed ? write_number(number, out) : 0;
}

static size_t press(struct evdev_keys *keys, unsigned code, char out[EVDEV_BYTES_MAX])
{
    int digit = keypad_digit(code);
    if (digit >= 0 && keys->alt) {
        keys->has_number = true;
        keys->number = keys->number > NUMBER_MAX ? keys->number : keys->number * 10 + digit;
        return 0;
    }
    if (digit >= 0) {
        out[0] = (char)('0' + digit);
        return 1;
    }
    if (code >= sizeof us / sizeof us[0] || us[code].plain == '\0' || keys->alt) {
        return 0;
    }
    bool shift = keys->shift_left || keys->shift_right;
    bool upper = ascii_is_alpha(us[code].plain) ? shift != keys->caps : shift;
    out[0] = upper ? us[code].shifted : us[code].plain;
    return 1;
}

size_t evdev_keys_feed(struct evdev_keys *keys, unsigned type, unsigned code, int32_t value,
                       char out[EVDEV_BYTES_MAX])
{
    if (type != EV_KEY || value > 1) { /* 2: held down, repeats */
        return 0;
    }
    bool down = value == 1;
    switch (code) {
    case KEY_LEFTSHIFT:
        keys->shift_left = down;
        return 0;
    case KEY_RIGHTSHIFT:
        keys->shift_right = down;
        return 0;
    case KEY_CAPSLOCK:
        keys->caps = keys->caps != down;
        return 0;
    case KEY_LEFTALT:
        if (!down) {
            return release_alt(keys, out);
        }
        keys->alt = true;
        return 0;
    default:
        return down ? press(keys, code, out) : 0;
    }
}

bool evdev_keys_is_gap(unsigned type, unsigned code)
{
    return type == EV_SYN && code == SYN_DROPPED;
}

bool evdev_keys_find(char byte, unsigned *ret_code, bool *ret_shift)
{
    for (unsigned i = 0; i < sizeof us / sizeof us[0]; i++) {
        if (us[i].plain != '\0' && (us[i].plain == byte || us[i].shifted == byte)) {
            *ret_code = i;
            *ret_shift = us[i].plain != byte;
            return true;
        }
    }
    return false;
}
