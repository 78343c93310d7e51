#include "server/web/fee_words.h"

#include <string.h>

/*
 * The engine's own English, longest first where one begins another.  Each is looked for at the
 * beginning of a word; what stands at {x} is a number, a range, or a length of time.
 */
static const enum text phrases[] = {
    TEXT_LINE_FROM_HOUR,  TEXT_LINE_HOURS,       TEXT_LINE_HOUR,       TEXT_LINE_AFTER,
    TEXT_LINE_OTHER,      TEXT_LINE_OTHER_ITEMS, TEXT_LINE_BOTH,       TEXT_LINE_DAY,
    TEXT_LINE_NIGHT,      TEXT_LINE_TIME,        TEXT_LINE_OVERNIGHT,  TEXT_LINE_ENTRY,
    TEXT_LINE_FREE_SHORT, TEXT_LINE_FREE_FIRST,  TEXT_LINE_FREE_ORDER, TEXT_LINE_PASS_FREE,
    TEXT_LINE_PASS,       TEXT_LINE_NOTHING,     TEXT_LINE_DISCOUNT,   TEXT_LINE_CAPPED,
    TEXT_LINE_MINIMUM,    TEXT_LINE_MAXIMUM,     TEXT_LINE_LOST,       TEXT_LINE_ROUNDING,
    TEXT_LINE_AS_PAID,    TEXT_LINE_BEFORE,
};

/* "1–2", "3", "4 h": to the colon, comma or end. */
static struct str take_number(struct str text)
{
    size_t n = 0;
    while (n < text.n && text.p[n] != ':' && text.p[n] != ',' && text.p[n] != '(') {
        n++;
    }
    while (n > 0 && text.p[n - 1] == ' ') {
        n--;
    }
    return str_slice(text, 0, n);
}

/* How much of `text` the phrase is; 0: it is not there.  *ret_number is what stands at {x}. */
static size_t match(struct str text, const char *phrase, struct str *ret_number)
{
    const char *hole = strstr(phrase, "{x}");
    struct str fixed = {phrase, hole ? (size_t)(hole - phrase) : strlen(phrase)};
    *ret_number = STR("");
    if (!str_starts(text, fixed)) {
        return 0;
    }
    struct str rest = str_slice(text, fixed.n, text.n);
    if (!hole) {
        return rest.n && ascii_is_alpha(rest.p[0]) ? 0 : fixed.n;
    }
    *ret_number = take_number(rest);
    return ret_number->n && ascii_is_digit(ret_number->p[0]) ? fixed.n + ret_number->n : 0;
}

/* Lengths of time inside a number: "4 h" in the page's words. */
static void add_number(struct out *out, struct str number, enum language language)
{
    static const struct {
        const char *word;
        enum text text;
    } units[] = {{" h", TEXT_HOURS}, {" min", TEXT_MINUTES}};
    for (size_t i = 0; i < sizeof units / sizeof units[0]; i++) {
        size_t n = strlen(units[i].word);
        if (number.n > n && str_eq_c(str_slice(number, number.n - n, number.n), units[i].word)) {
            out_add(out, str_slice(number, 0, number.n - n));
            out_char(out, ' ');
            out_add_c(out, text_of(units[i].text, language));
            return;
        }
    }
    out_add(out, number);
}

static void add_phrase(struct out *out, enum text phrase, struct str number, enum language language)
{
    const char *said = text_of(phrase, language);
    const char *hole = strstr(said, "{x}");
    if (!hole) {
        out_add_c(out, said);
        return;
    }
    out_add(out, (struct str){said, (size_t)(hole - said)});
    add_number(out, number, language);
    out_add_c(out, hole + 3);
}

bool fee_words(struct out *out, const char *english, enum language language)
{
    struct str rest = str_c(english);
    bool begins = true;
    bool found = false;
    while (rest.n) {
        struct str number;
        size_t n = 0;
        size_t i = 0;
        for (; begins && i < sizeof phrases / sizeof phrases[0] && n == 0; i++) {
            n = match(rest, text_of(phrases[i], LANGUAGE_EN), &number);
        }
        if (n) {
            add_phrase(out, phrases[i - 1], number, language);
            found = true;
        } else {
            out_char(out, rest.p[0]);
            n = 1;
        }
        begins = !ascii_is_alpha(rest.p[n - 1]) && !ascii_is_digit(rest.p[n - 1]);
        rest = str_slice(rest, n, rest.n);
    }
    return found;
}
