#include "server/web/html.h"

#include "proto/base/check.h"
#include "proto/base/time.h"
#include "proto/money.h"

#include <stdarg.h>
#include <string.h>

#define NO_BREAK "\xC2\xA0"

void html_init(struct html *h, char *space, size_t cap, enum language language)
{
    out_init(&h->out, space, cap);
    h->language = language;
}

bool html_failed(const struct html *h)
{
    return out_failed(&h->out);
}

void html_text(struct html *h, struct str text)
{
    bool valid = str_is_utf8(text);
    size_t from = 0;
    for (size_t i = 0; i < text.n; i++) {
        unsigned char c = (unsigned char)text.p[i];
        const char *instead =
            c == '&'    ? "&amp;"
            : c == '<'  ? "&lt;"
            : c == '>'  ? "&gt;"
            : c == '"'  ? "&quot;"
            : c == '\'' ? "&#39;"
            : (c < 0x20 && c != '\n' && c != '\t') || c == 0x7f || (c >= 0x80 && !valid)
                ? "\xEF\xBF\xBD" /* U+FFFD */
                : NULL;
        if (instead) {
            out_add(&h->out, str_slice(text, from, i));
            out_add_c(&h->out, instead);
            from = i + 1;
        }
    }
    out_add(&h->out, str_slice(text, from, text.n));
}

void html_markup(struct html *h, struct str markup)
{
    out_add(&h->out, markup);
}

static void write_money(struct html *h, int64_t vnd)
{
    char text[MONEY_TEXT_CAP];
    if (h->language == LANGUAGE_VI) {
        money_format_vi(money(vnd), text);
    } else {
        money_format_en(money(vnd), text);
    }
    for (const char *p = text; *p; p++) {
        if (*p == ',' && h->language == LANGUAGE_FR) {
            out_add_c(&h->out, NO_BREAK);
        } else {
            out_char(&h->out, *p);
        }
    }
}

static void write_date(struct html *h, const struct civil *c)
{
    static const char months[12][4] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                       "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    switch (h->language) {
    case LANGUAGE_KO:
        out_fmt(&h->out, "%d년 %d월 %d일", c->year, c->month, c->day);
        break;
    case LANGUAGE_JA:
    case LANGUAGE_ZH:
        out_fmt(&h->out, "%d年%d月%d日", c->year, c->month, c->day);
        break;
    case LANGUAGE_VI:
    case LANGUAGE_FR:
        out_fmt(&h->out, "%02d/%02d/%d", c->day, c->month, c->year);
        break;
    case LANGUAGE_EN:
    case LANGUAGE_COUNT:
        out_fmt(&h->out, "%d %s %d", c->day, months[c->month - 1], c->year);
        break;
    }
}

/* The time before the date, as people look for it; where they write it last, last. */
static void write_moment(struct html *h, int64_t ms)
{
    struct civil c = time_civil((wall_t){ms});
    bool date_first =
        h->language == LANGUAGE_KO || h->language == LANGUAGE_JA || h->language == LANGUAGE_ZH;
    if (date_first) {
        write_date(h, &c);
        out_fmt(&h->out, " %02d:%02d", c.hour, c.minute);
        return;
    }
    out_fmt(&h->out, "%02d:%02d%s ", c.hour, c.minute, h->language == LANGUAGE_EN ? "," : "");
    write_date(h, &c);
}

static void write_time(struct html *h, int64_t ms)
{
    struct civil c = time_civil((wall_t){ms});
    out_fmt(&h->out, "%02d:%02d:%02d", c.hour, c.minute, c.second);
}

static void write_argument(struct html *h, char letter, va_list *arguments)
{
    switch (letter) {
    case 's':
        html_text(h, str_c(va_arg(*arguments, const char *)));
        break;
    case 'S':
        html_text(h, va_arg(*arguments, struct str));
        break;
    case 't':
        html_text(h, str_c(text_of((enum text)va_arg(*arguments, int), h->language)));
        break;
    case 'i':
        out_i64(&h->out, va_arg(*arguments, int));
        break;
    case 'l':
        out_i64(&h->out, va_arg(*arguments, int64_t));
        break;
    case 'm':
        write_money(h, va_arg(*arguments, int64_t));
        break;
    case 'd':
        write_moment(h, va_arg(*arguments, int64_t));
        break;
    case 'D': {
        struct civil c = time_civil((wall_t){va_arg(*arguments, int64_t)});
        write_date(h, &c);
        break;
    }
    case 'h':
        write_time(h, va_arg(*arguments, int64_t));
        break;
    case 'r':
        out_add_c(&h->out, va_arg(*arguments, const char *));
        break;
    default:
        must(letter == '%'); /* the format is ours: another letter is a mistake of ours */
        out_char(&h->out, '%');
        break;
    }
}

void html(struct html *h, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    struct str rest = str_c(format);
    while (rest.n) {
        size_t percent = str_index(rest, '%');
        out_add(&h->out, str_slice(rest, 0, percent));
        if (percent == rest.n) {
            break;
        }
        must(percent + 1 < rest.n);
        write_argument(h, rest.p[percent + 1], &arguments);
        rest = str_slice(rest, percent + 2, rest.n);
    }
    va_end(arguments);
}

void html_permille(struct html *h, int64_t permille)
{
    if (permille < 0) {
        out_add_c(&h->out, "–");
        return;
    }
    out_i64(&h->out, permille / 10);
    bool comma = h->language == LANGUAGE_VI || h->language == LANGUAGE_FR;
    out_char(&h->out, comma ? ',' : '.');
    out_i64(&h->out, permille % 10);
    out_add_c(&h->out, " %");
}

void html_count(struct html *h, int64_t count)
{
    char digits[24];
    struct out out;
    out_init(&out, digits, sizeof digits);
    out_i64(&out, count);
    struct str text = out_str(&out);
    for (size_t i = 0; i < text.n; i++) {
        size_t left = text.n - i;
        if (i > 0 && left % 3 == 0 && text.p[i - 1] != '-') {
            out_add_c(&h->out, h->language == LANGUAGE_VI   ? "."
                               : h->language == LANGUAGE_FR ? NO_BREAK
                                                            : ",");
        }
        out_char(&h->out, text.p[i]);
    }
}
