/* Every form a plate can have, and the tests of one text against one form. */
#include "proto/plate_form.h"

#include "proto/base/check.h"
#include "proto/province.h"

#include <string.h>

#define WHITE  (1u << PLATE_COLOUR_WHITE)
#define YELLOW (1u << PLATE_COLOUR_YELLOW)
#define BLUE   (1u << PLATE_COLOUR_BLUE)
#define RED    (1u << PLATE_COLOUR_RED)
#define ANY    (WHITE | YELLOW | BLUE | RED)

/* A head with a number of five digits, and the older one of four. */
#define NUMBERED(kind, head, usual, both, one_line, colours)                 \
    {PLATE_##kind, head "ddd.dd", VEHICLE_##usual, both, one_line, colours}, \
    {                                                                        \
        PLATE_##kind, head "dddd", VEHICLE_##usual, both, one_line, colours  \
    }
#define SPECIAL(letters) NUMBERED(SPECIAL, "pp," letters "-", CAR, true, true, WHITE | YELLOW)
/* The number of a country or organisation, the group, the number in the group; red letters on
 * white. */
#define DIPLOMATIC(group)                                                           \
    {PLATE_DIPLOMATIC, "pp-ddd-" group "-dd", VEHICLE_CAR, true, true, WHITE},      \
        {PLATE_DIPLOMATIC, "pp-ddd-" group "-ddd", VEHICLE_CAR, true, true, WHITE}, \
        {PLATE_DIPLOMATIC, "pp-" group " ddd-dd", VEHICLE_CAR, true, false, WHITE}, \
    {                                                                               \
        PLATE_DIPLOMATIC, "pp-" group " ddd-ddd", VEHICLE_CAR, true, false, WHITE   \
    }

/* The order is that of candidates and of suggestions. */
static const struct plate_form forms[] = {
    NUMBERED(CAR, "pp,l-", CAR, false, true, WHITE | YELLOW | BLUE),
    NUMBERED(MOTORBIKE, "pp-ln ", MOTORBIKE, false, false, WHITE | BLUE),
    NUMBERED(MOTORBIKE, "pp-ll ", MOTORBIKE, false, false, WHITE),
    NUMBERED(ELECTRIC_MOTORBIKE, "pp-M@n ", MOTORBIKE, false, false, WHITE | BLUE),
    SPECIAL("LD"),
    SPECIAL("DA"),
    SPECIAL("KT"),
    SPECIAL("CD"),
    SPECIAL("HC"),
    NUMBERED(TRAILER, "pp,R-", CAR, false, true, WHITE | YELLOW | BLUE),
    NUMBERED(TRAILER, "pp,RM-", CAR, false, true, WHITE | YELLOW | BLUE),
    NUMBERED(TRACTOR, "pp-MKn ", CAR, false, true, WHITE | YELLOW | BLUE),
    NUMBERED(PILOT, "pp-T@n ", CAR, true, true, WHITE | YELLOW | BLUE),
    NUMBERED(PILOT, "pp-T# ", CAR, true, true, WHITE | YELLOW | BLUE),
    DIPLOMATIC("NG"),
    DIPLOMATIC("QT"),
    DIPLOMATIC("CV"),
    DIPLOMATIC("NN"),
    {PLATE_ARMY, "az-dd-dd", VEHICLE_CAR, false, true, RED},
    {PLATE_ARMY, "az-ddd", VEHICLE_MOTORBIKE, false, true, RED},
    {PLATE_ARMY, "az-dd-dd RM", VEHICLE_CAR, false, true, RED},
    {PLATE_ARMY, "az-dd-dd BM", VEHICLE_CAR, false, true, RED},
    {PLATE_TEMPORARY, "Tpp-ddd.dd", VEHICLE_CAR, true, true, WHITE | YELLOW},
    {PLATE_EVENT, "ddddddd", VEHICLE_CAR, true, true, ANY},
};

const struct plate_form *plate_forms(int *ret_count)
{
    *ret_count = (int)(sizeof forms / sizeof forms[0]);
    return forms;
}

static bool is_break(char symbol)
{
    return symbol == '-' || symbol == '.' || symbol == ' ' || symbol == ',';
}

void plate_form_symbols(const struct plate_form *form, char *out)
{
    int n = 0;
    for (const char *t = form->template; *t; t++) {
        if (!is_break(*t)) {
            must(n < PLATE_CANONICAL_CAP - 1);
            out[n++] = *t;
        }
    }
    out[n] = '\0';
}

bool plate_symbol_fits(char symbol, char c, bool stroke)
{
    if (stroke) {
        return symbol == '@' || symbol == '#';
    }
    switch (symbol) {
    case 'p':
    case 'd':
        return ascii_is_digit(c);
    case 'n':
        return ascii_is_digit(c) && c != '0';
    case 'l': /* Circular 24/2023/TT-BCA: these twenty */
        return c && strchr("ABCDEFGHKLMNPSTUVXYZ", c);
    case 'a':
        return c && strchr("ABCHKPQTV", c);
    case 'z':
        return ascii_is_alpha(c);
    case '@':
        return c == 'D';
    case '#':
        return false;
    default:
        return c == symbol;
    }
}

/* 000.01 is the first number that is given out; a camera's 0000000 is no event vehicle either. */
static bool number_is_zero(const char *digits)
{
    while (*digits == '0') {
        digits++;
    }
    return *digits == '\0';
}

static bool starts_at_one(enum plate_kind kind)
{
    return kind != PLATE_ARMY && kind != PLATE_DIPLOMATIC;
}

static int two_digits(const char *c)
{
    return (c[0] - '0') * 10 + (c[1] - '0');
}

bool plate_form_matches(const struct plate_form *form, const struct plate_text *text)
{
    int i = 0;
    int number = 0; /* where the run of 'd' at the end begins */
    for (const char *t = form->template; *t; t++) {
        if (is_break(*t)) {
            continue;
        }
        if (i == text->n || !plate_symbol_fits(*t, text->c[i], text->stroke[i])) {
            return false;
        }
        i++;
        if (*t == 'p' && t[1] != 'p' && !province_of_plate(two_digits(&text->c[i - 2]))) {
            return false;
        }
        if (*t != 'd') {
            number = i;
        }
    }
    return i == text->n && !(starts_at_one(form->kind) && number_is_zero(text->c + number));
}

bool plate_form_allows_colour(const struct plate_form *form, const struct plate_text *text,
                              enum plate_colour colour)
{
    if (colour == PLATE_COLOUR_UNKNOWN) {
        return true;
    }
    if (!(form->colours & 1u << colour)) {
        return false;
    }
    /* State, Party and public units have eleven of the twenty letters. */
    bool series = form->kind == PLATE_CAR || form->kind == PLATE_MOTORBIKE;
    return colour != PLATE_COLOUR_BLUE || !series || strchr("ABCDEFGHKLM", text->c[2]);
}

/* Which sorts of break may stand where the template has this one? */
static unsigned sorts_of(char symbol)
{
    return symbol == '.' ? PLATE_BREAK_DOT | PLATE_BREAK_BLANK
                         : PLATE_BREAK_DASH | PLATE_BREAK_BLANK | PLATE_BREAK_LINE;
}

bool plate_form_fits_breaks(const struct plate_form *form, const struct plate_text *text,
                            bool strict)
{
    unsigned allowed = 0;
    int i = 0;
    for (const char *t = form->template; *t; t++) {
        if (is_break(*t)) {
            allowed = strict ? sorts_of(*t) : ~0u;
            continue;
        }
        if (text->before[i++] & ~allowed) {
            return false;
        }
        allowed = 0;
    }
    return true;
}

void plate_form_display(const struct plate_form *form, const struct plate_text *text, char *out)
{
    int i = 0;
    size_t n = 0;
    for (const char *t = form->template; *t; t++) {
        must(n + 3 < PLATE_DISPLAY_CAP);
        if (*t == '@' || *t == '#') {
            memcpy(out + n, "Đ", 2);
            n += 2;
            i++;
        } else if (!is_break(*t)) {
            out[n++] = text->c[i++];
        } else if (*t != ',') {
            out[n++] = *t;
        }
    }
    out[n] = '\0';
}

bool plate_army_prefix_is_listed(const char *two_letters)
{
    static const char listed[] =
        "TM TC TH TT TK TN KA KB KC KD KV KP KK KT AA AB AC AD AV AT AN AX "
        "AM QA QH QB QC QM BL BB BC BK BP BH BT HA HB HC HE HD HH HT HQ HN "
        "PA PG PK PQ PM PX PP VT CA CB CD CH CM CN CP CT CV";
    for (const char *at = listed; at < listed + sizeof listed - 2; at += 3) {
        if (memcmp(at, two_letters, 2) == 0) {
            return true;
        }
    }
    return false;
}

/* ---- why not ---- */

static struct plate_fault fault(const char *why, const char *where)
{
    return (struct plate_fault){why, where};
}

static int run_of(const struct plate_text *text, int from, bool digits)
{
    int i = from;
    while (i < text->n && ascii_is_digit(text->c[i]) == digits) {
        i++;
    }
    return i - from;
}

static const char *unused_letter(char c)
{
    switch (c) {
    case 'I':
        return "I is not used";
    case 'J':
        return "J is not used";
    case 'O':
        return "O is not used";
    case 'Q':
        return "Q is not used";
    case 'R':
        return "R is used for trailers only";
    case 'W':
        return "W is not used";
    default:
        return NULL;
    }
}

/* The letters after the province; NULL when nothing is wrong with them. */
static const char *explain_series(const struct plate_text *text, int from, int n)
{
    const char *letters = text->c + from;
    bool known = n == 2 && (memcmp(letters, "QT", 2) == 0 || memcmp(letters, "RM", 2) == 0);
    for (int i = 0; i < n && !known && !(n == 1 && letters[0] == 'R'); i++) {
        const char *why = unused_letter(letters[i]);
        if (why) {
            return why;
        }
    }
    for (int i = 0; i < n; i++) {
        if (text->stroke[from + i]) {
            return "Đ is used after M and T only";
        }
    }
    return n > 2 ? "more than two letters" : NULL;
}

/* `n` digits at the end of which `least` to `most` were expected. */
static struct plate_fault explain_number(const struct plate_text *text, int n, int least, int most)
{
    if (n < least) {
        return fault("too short", "number");
    }
    if (n > most) {
        return fault("too long", "number");
    }
    if (number_is_zero(text->c + text->n - n)) {
        return fault("the number is zero", "number");
    }
    return fault("fits no form of a plate", "text");
}

static struct plate_fault explain_civil(const struct plate_text *text, int from)
{
    if (text->n < from + 2 || !ascii_is_digit(text->c[from + 1])) {
        return fault(text->n < from + 2 ? "too short" : "the province has two digits", "province");
    }
    const char *why = province_why_not(two_digits(text->c + from));
    if (why) {
        return fault(why, "province");
    }
    int at = from + 2;
    if (from) { /* temporary: the number follows at once */
        int n = run_of(text, at, true);
        return at + n < text->n ? fault("a letter in the number", "number")
                                : explain_number(text, n, 5, 5);
    }
    int country = run_of(text, at, true);
    at += country;
    if (at == text->n) {
        return text->n < 7 ? fault("too short", "text")
                           : fault("the series has no letter", "series");
    }
    int letters = run_of(text, at, false);
    why = explain_series(text, at, letters);
    if (why) {
        return fault(why, "series");
    }
    at += letters;
    int digits = run_of(text, at, true);
    if (at + digits < text->n) {
        return fault("a letter in the number", "number");
    }
    if (country) {
        return country == 3 ? explain_number(text, digits, 2, 3)
                            : fault("a letter in the number", "number");
    }
    return explain_number(text, digits, 4, 6);
}

static struct plate_fault explain_army(const struct plate_text *text)
{
    int letters = run_of(text, 0, false);
    if (letters == text->n) {
        return fault("no digits", "text");
    }
    if (letters != 2 || !plate_symbol_fits('a', text->c[0], text->stroke[0]) || text->stroke[1]) {
        return fault("begins with no province and no army prefix", "text");
    }
    int digits = run_of(text, letters, true);
    if (letters + digits < text->n) {
        return fault("a letter in the number", "number");
    }
    return digits < 3 ? fault("too short", "number") : fault("too long", "number");
}

struct plate_fault plate_form_explain(const struct plate_text *text)
{
    if (ascii_is_digit(text->c[0])) {
        return explain_civil(text, 0);
    }
    if (text->c[0] == 'T' && text->n > 1 && ascii_is_digit(text->c[1])) {
        return explain_civil(text, 1);
    }
    return explain_army(text);
}
