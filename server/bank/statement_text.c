#include "server/bank/statement_text.h"

#include "proto/fold.h"

enum { NUMBER_MAX = 24 };
static const int64_t amount_max = INT64_C(1000000000000000);

/* ---- names ---- */

void statement_fold(struct str text, char *out, size_t cap)
{
    size_t n = 0;
    bool gap = false;
    while (text.n > 0 && n + 2 < cap) {
        char c = fold_next(&text);
        if (c == 0) {
            continue; /* a mark of the letter before */
        }
        bool word = ascii_is_digit(c) || (c >= 'A' && c <= 'Z');
        if (word && gap && n > 0) {
            out[n++] = ' ';
        }
        gap = !word;
        if (word) {
            out[n++] = c;
        }
    }
    out[n] = '\0';
}

/* ---- dates ---- */

/* Up to `max` numbers, separated by / - . : or blanks.  Below 0: something else is in it. */
static int numbers(struct str text, int64_t *value, size_t *digits, int max)
{
    int count = 0;
    bool in_number = false;
    for (size_t i = 0; i < text.n; i++) {
        char c = text.p[i];
        if (ascii_is_digit(c)) {
            if (!in_number) {
                if (count == max) {
                    return -1;
                }
                value[count] = 0;
                digits[count++] = 0;
            }
            in_number = true;
            if (++digits[count - 1] > 4) {
                return -1;
            }
            value[count - 1] = value[count - 1] * 10 + (c - '0');
        } else if (c == '/' || c == '-' || c == '.' || c == ':' || c == ' ' || c == 'T' ||
                   c == '\n') {
            in_number = false;
        } else {
            return -1;
        }
    }
    return count;
}

static int place_date(const int64_t *v, const size_t *digits, enum statement_dates order,
                      struct civil *at)
{
    bool year_first = digits[0] == 4;
    int64_t year = year_first ? v[0] : v[2];
    bool month_first = !year_first && order == STATEMENT_MDY;
    if (!year_first && digits[2] == 2) {
        year += 2000;
    }
    if ((!year_first && digits[2] != 2 && digits[2] != 4) || digits[1] > 2 ||
        (year_first ? digits[2] > 2 : digits[0] > 2)) {
        return DX_E_FORMAT;
    }
    at->year = (int)year;
    at->month = (int)(month_first ? v[0] : v[1]);
    at->day = (int)(year_first ? v[2] : month_first ? v[1] : v[0]);
    return at->year < 1990 || at->year > 2200 ? DX_E_RANGE : 0;
}

int statement_date(struct str text, struct str time, enum statement_dates order, wall_t *ret_time,
                   bool *ret_date_only)
{
    enum { PARTS = 6 };
    int64_t v[2 * PARTS] = {0};
    size_t digits[2 * PARTS] = {0};
    struct civil at = {0};
    int count = numbers(str_trim(text), v, digits, PARTS);
    if (count < 3 || count == 4) {
        return DX_E_FORMAT;
    }
    int error = place_date(v, digits, order, &at);
    int more = count == 3 ? numbers(str_trim(time), v + 3, digits + 3, 3) : count - 3;
    if (error || more < 0 || more == 1) {
        return error ? error : DX_E_FORMAT;
    }
    at.hour = more >= 2 ? (int)v[3] : 0;
    at.minute = more >= 2 ? (int)v[4] : 0;
    at.second = more >= 3 ? (int)v[5] : 0;
    error = time_from_civil(&at, ret_time);
    if (!error) {
        *ret_date_only = more == 0;
    }
    return error;
}

/* ---- amounts ---- */

static struct str without_currency(struct str text)
{
    static const char *const tails[] = {"VND", "vnd", "VNĐ", "vnđ", "đ", "₫", "d", "D"};
    for (size_t i = 0; i < sizeof tails / sizeof tails[0]; i++) {
        size_t n = strlen(tails[i]);
        if (text.n > n && memcmp(text.p + text.n - n, tails[i], n) == 0) {
            return str_trim(str_slice(text, 0, text.n - n));
        }
    }
    return text;
}

/* Takes signs and brackets off; false when there are two of them. */
static bool take_sign(struct str *text, bool *ret_minus)
{
    int signs = 0;
    bool minus = false;
    struct str t = *text;
    if (t.n >= 2 && t.p[0] == '(' && t.p[t.n - 1] == ')') {
        t = str_trim(str_slice(t, 1, t.n - 1));
        minus = true;
        signs++;
    }
    if (t.n && (t.p[0] == '+' || t.p[0] == '-')) {
        minus = minus || t.p[0] == '-';
        t = str_trim(str_slice(t, 1, t.n));
        signs++;
    } else if (t.n && (t.p[t.n - 1] == '+' || t.p[t.n - 1] == '-')) {
        minus = minus || t.p[t.n - 1] == '-';
        t = str_trim(str_slice(t, 0, t.n - 1));
        signs++;
    }
    *text = t;
    *ret_minus = minus;
    return signs <= 1;
}

static bool is_group_mark(char c)
{
    return c == '.' || c == ',' || c == ' ' || c == '\'';
}

/* Where the fraction's mark is, or text.n; *ret_bad when the text can be read in two ways. */
static size_t find_fraction(struct str text, bool *ret_bad)
{
    size_t last = text.n;
    int count[2] = {0, 0}; /* of '.' and of ',' */
    for (size_t i = 0; i < text.n; i++) {
        if (text.p[i] == '.' || text.p[i] == ',') {
            count[text.p[i] == ',']++;
            last = i;
        }
    }
    *ret_bad = false;
    if (last == text.n) {
        return text.n;
    }
    size_t behind = text.n - last - 1;
    bool both = count[0] > 0 && count[1] > 0;
    bool once = count[text.p[last] == ','] == 1;
    if (behind == 3 && !both) {
        return text.n; /* a group: no đồng has a thousandth */
    }
    *ret_bad = !once || behind == 0 || (behind == 3 && both);
    return last;
}

int statement_amount(struct str text, int64_t *ret_vnd)
{
    char digits[NUMBER_MAX];
    size_t n = 0;
    bool minus = false;
    bool bad = false;
    int64_t vnd = 0;
    text = without_currency(str_trim(text));
    if (text.n == 0 || str_eq_c(text, "-")) {
        *ret_vnd = 0;
        return 0;
    }
    if (!take_sign(&text, &minus) || text.n == 0) {
        return DX_E_FORMAT;
    }
    size_t fraction = find_fraction(text, &bad);
    size_t since_mark = 0; /* digits since the last group mark */
    bool grouped = false;
    for (size_t i = 0; i < text.n && !bad; i++) {
        char c = text.p[i];
        if (i == fraction) {
            bad = grouped && since_mark != 3;
            since_mark = 0;
            grouped = false;
        } else if (ascii_is_digit(c)) {
            bad = (i > fraction && c != '0') || n + 1 == sizeof digits;
            since_mark++;
            if (i < fraction && !bad) {
                digits[n++] = c;
            }
        } else {
            bad = i > fraction || !is_group_mark(c) || n == 0 || digits[0] == '0' ||
                  (grouped ? since_mark != 3 : since_mark > 3);
            grouped = true;
            since_mark = 0;
        }
    }
    if (bad || (grouped && since_mark != 3) || n == 0) {
        return DX_E_FORMAT;
    }
    int error = str_parse_i64((struct str){digits, n}, 0, amount_max, &vnd);
    if (!error) {
        *ret_vnd = minus ? -vnd : vnd;
    }
    return error;
}
