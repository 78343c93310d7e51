#include "server/web/html.h"

#include "proto/base/check.h"
#include "proto/base/time.h"
#include "proto/money.h"

#include <stdarg.h>
#include <string.h>

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
    html_text(h, str_c(text));
}

static void write_time(struct html *h, int64_t ms, bool with_date)
{
    struct civil c = time_civil((wall_t){ms});
    if (with_date && h->language == LANGUAGE_VI) {
        out_fmt(&h->out, "%02d:%02d %02d/%02d/%d", c.hour, c.minute, c.day, c.month, c.year);
    } else if (with_date) {
        static const char months[12][4] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                           "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
        out_fmt(&h->out, "%02d:%02d, %d %s %d", c.hour, c.minute, c.day, months[c.month - 1],
                c.year);
    } else {
        out_fmt(&h->out, "%02d:%02d:%02d", c.hour, c.minute, c.second);
    }
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
        write_time(h, va_arg(*arguments, int64_t), true);
        break;
    case 'h':
        write_time(h, va_arg(*arguments, int64_t), false);
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
    out_char(&h->out, h->language == LANGUAGE_VI ? ',' : '.');
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
            out_char(&h->out, h->language == LANGUAGE_VI ? '.' : ',');
        }
        out_char(&h->out, text.p[i]);
    }
}
