#include "gate/io/display_text.h"

#include "proto/base/check.h"
#include "proto/fold.h"

/* Signs of good typography that have a plain cousin. */
static const struct {
    const char *sign;
    char plain;
} plain_signs[] = {
    {"\xe2\x80\xa6", '.'},  /* … */
    {"\xe2\x80\xa2", '*'},  /* • */
    {"\xe2\x80\x93", '-'},  /* – */
    {"\xe2\x80\x94", '-'},  /* — */
    {"\xe2\x80\x99", '\''}, /* ’ */
    {"\xe2\x82\xab", 'D'},  /* ₫ */
    {"\xc2\xa0", ' '},      /* no-break space */
};

static char take_sign(struct str *rest)
{
    for (size_t i = 0; i < sizeof plain_signs / sizeof plain_signs[0]; i++) {
        struct str sign = str_c(plain_signs[i].sign);
        if (str_starts(*rest, sign)) {
            *rest = str_slice(*rest, sign.n, rest->n);
            return plain_signs[i].plain;
        }
    }
    return 0;
}

void display_text_fold(char *out, size_t cap, struct str text)
{
    size_t n = 0;
    must(cap > 0);
    while (text.n && n + 1 < cap) {
        char c = take_sign(&text);
        c = c ? c : fold_next(&text);
        if (c == 0) {
            continue; /* a mark that belongs to the letter before it */
        }
        out[n++] = c == '\x7F' ? '?' : c < ' ' ? ' ' : c;
    }
    out[n] = '\0';
}

/* The end of the longest piece from `from` on that fits and ends with a word. */
static size_t piece_end(struct str text, size_t from, size_t columns)
{
    size_t limit = from + columns;
    if (limit >= text.n) {
        return text.n;
    }
    for (size_t end = limit; end > from; end--) {
        if (text.p[end] == ' ') {
            return end;
        }
    }
    return limit; /* one word longer than the line */
}

static int lines_needed(struct str text, size_t columns)
{
    int lines = 0;
    size_t at = 0;
    while (at < text.n) {
        at = piece_end(text, at, columns);
        while (at < text.n && text.p[at] == ' ') {
            at++;
        }
        lines++;
    }
    return lines;
}

void display_text_lay(struct display_text *display, const struct str *sentences, int count)
{
    char folded[DISPLAY_TEXT_LINES_MAX][DISPLAY_TEXT_CAP];
    struct str text[DISPLAY_TEXT_LINES_MAX];
    size_t columns = (size_t)display->columns;
    int kept = 0;
    int line = 0;
    must(display->lines >= 1 && display->lines <= DISPLAY_TEXT_LINES_MAX);
    must(display->columns >= 1 && display->columns <= DISPLAY_TEXT_COLUMNS_MAX);
    memset(display->line, 0, sizeof display->line);
    for (int i = 0; i < count && kept < display->lines; i++) {
        display_text_fold(folded[kept], sizeof folded[kept], sentences[i]);
        text[kept] = str_trim(str_c(folded[kept]));
        kept += text[kept].n > 0;
    }
    int spare = display->lines - kept;
    for (int i = 0; i < kept; i++) {
        int more = lines_needed(text[i], columns) - 1;
        int lines = 1 + (more < spare ? more : spare);
        spare -= lines - 1;
        size_t at = 0;
        for (int k = 0; k < lines; k++) {
            size_t end = piece_end(text[i], at, columns);
            str_copy_cut(display->line[line++], columns + 1, str_slice(text[i], at, end));
            at = end;
            while (at < text[i].n && text[i].p[at] == ' ') {
                at++;
            }
        }
    }
}

int display_text_pack(const struct display_text *display, uint16_t *ret_words)
{
    int count = 0;
    for (int i = 0; i < display->lines; i++) {
        size_t n = strlen(display->line[i]);
        for (size_t k = 0; k < (size_t)display->columns; k += 2) {
            unsigned high = k < n ? (unsigned char)display->line[i][k] : ' ';
            unsigned low = k + 1 < n ? (unsigned char)display->line[i][k + 1] : ' ';
            ret_words[count++] = (uint16_t)(high << 8 | low);
        }
    }
    return count;
}
