/* What a text that is no plate may have been, and how far two plates are apart. */
#include "proto/base/check.h"
#include "proto/plate_form.h"

#include <string.h>

enum {
    CONFUSIONS_MAX = 3
}; /* with more wrong characters it is not a reading but a picture of mud */

/* ---- what a camera may have seen in the place of a symbol ---- */

/* The digits that a letter may have been, most likely first. */
static const char *digits_for(char c)
{
    switch (c) {
    case 'O':
    case 'Q':
    case 'D':
        return "0";
    case 'I':
    case 'L':
        return "1";
    case 'Z':
        return "2";
    case 'A':
        return "4";
    case 'S':
        return "5";
    case 'G':
        return "6";
    case 'T':
        return "7";
    case 'B':
        return "8";
    case 'J':
        return "137";
    default:
        return "";
    }
}

/* The letters that a character in the third place may have been; I, J, W have no safe repair. */
static const char *letters_for(char c)
{
    switch (c) {
    case '0':
    case 'O':
    case 'Q':
        return "D";
    case '2':
        return "Z";
    case '4':
        return "A";
    case '5':
        return "S";
    case '6':
        return "G";
    case '8':
        return "B";
    default:
        return "";
    }
}

/*
 * `place` counts from 0.  In the fourth place of a civil plate a digit and a
 * letter are both legal, so that 29S5… and 29SS… are two plates: only what can be
 * neither there is read as something else.
 */
static const char *alternatives(char symbol, int place, char c, bool stroke)
{
    if (stroke) {
        return symbol == 'l' ? "D" : ""; /* Đ is in no series: an accent that is a screw */
    }
    bool fourth = place == 3;
    switch (symbol) {
    case 'p':
    case 'd':
        return digits_for(c);
    case 'n':
        return c == 'I' ? "1" : "";
    case 'a':
    case 'z':
    case '#':
        return "";
    case 'l':
        return fourth && c != '0' && c != 'O' ? "" : letters_for(c);
    default: {
        const char *letter = fourth && c != '0' && c != 'O' ? "" : letters_for(c);
        char wanted = symbol == '@' ? 'D' : symbol;
        return letter[0] == wanted ? letter : "";
    }
    }
}

/* ---- collecting ---- */

struct collector {
    const struct plate_hint *hint;
    char (*found)[PLATE_CANONICAL_CAP];
    int count, max;
};

/* Keep a canonical text that is a plate, agrees with the hint and is new. */
static void offer(struct collector *to, const char *canonical)
{
    struct plate plate;
    struct plate_fault fault;
    if (to->count >= to->max ||
        plate_parse_explained(str_c(canonical), to->hint, &plate, &fault) != 0 ||
        (plate.warnings & PLATE_WARN_CLASS_CONFLICT)) {
        return;
    }
    for (int i = 0; i < to->count; i++) {
        if (strcmp(to->found[i], canonical) == 0) {
            return;
        }
    }
    memcpy(to->found[to->count++], canonical, strlen(canonical) + 1);
}

/* The text as one form sees it: each place as it is, or as one of its alternatives. */
struct repair {
    struct collector *to;
    const char *symbols;
    const struct plate_text *text;
    char made[PLATE_CANONICAL_CAP];
};

/* Fill from `place` on with exactly `confusions` changes.  At most 3^CONFUSIONS_MAX ends. */
static void fill(struct repair *repair, int place, int confusions)
{
    if (place == repair->text->n) {
        if (confusions == 0) {
            repair->made[place] = '\0';
            offer(repair->to, repair->made);
        }
        return;
    }
    char symbol = repair->symbols[place];
    char c = repair->text->c[place];
    bool stroke = repair->text->stroke[place];
    if (plate_symbol_fits(symbol, c, stroke)) {
        repair->made[place] = c;
        fill(repair, place + 1, confusions);
        return;
    }
    if (confusions == 0) {
        return;
    }
    for (const char *other = alternatives(symbol, place, c, stroke); *other; other++) {
        repair->made[place] = *other;
        fill(repair, place + 1, confusions - 1);
    }
}

/* Engines may read the lower line of a two-line plate first: 123.45 29-M1. */
static void offer_swapped_lines(struct collector *to, const struct plate_text *text)
{
    for (int at = 1; at < text->n; at++) {
        bool number_first = at >= 4 && at <= 5;
        for (int i = 0; i < at; i++) {
            number_first &= ascii_is_digit(text->c[i]);
        }
        if (number_first || (text->before[at] & PLATE_BREAK_LINE)) {
            char swapped[PLATE_CANONICAL_CAP];
            size_t head = (size_t)at;
            size_t rest = (size_t)(text->n - at);
            memcpy(swapped, text->c + head, rest);
            memcpy(swapped + rest, text->c, head);
            swapped[text->n] = '\0';
            offer(to, swapped);
        }
    }
}

int plate_suggest(struct str raw, const struct plate_hint *hint, char ret[][PLATE_CANONICAL_CAP],
                  int max)
{
    struct plate plate;
    struct plate_text text;
    struct plate_fault fault;
    if (plate_parse_explained(raw, hint, &plate, &fault) == 0 ||
        plate_text_read(raw, &text, &fault) != 0) {
        return 0;
    }
    struct collector to = {.hint = hint, .found = ret};
    to.max = max < PLATE_SUGGESTIONS_MAX ? max : PLATE_SUGGESTIONS_MAX;
    offer_swapped_lines(&to, &text);
    int form_count;
    const struct plate_form *forms = plate_forms(&form_count);
    for (int confusions = 1; confusions <= CONFUSIONS_MAX; confusions++) {
        for (int i = 0; i < form_count; i++) {
            char symbols[PLATE_CANONICAL_CAP];
            plate_form_symbols(&forms[i], symbols);
            /* Seven bare digits would "explain" any car plate with an unread letter. */
            if (forms[i].kind == PLATE_EVENT || strlen(symbols) != (size_t)text.n) {
                continue;
            }
            struct repair repair = {.to = &to, .symbols = symbols, .text = &text};
            fill(&repair, 0, confusions);
        }
    }
    return to.count;
}

/* ---- distance ---- */

static bool is_confusable(char a, char b)
{
    static const char pairs[][2] = {
        {'0', 'O'}, {'0', 'D'}, {'0', 'Q'}, {'O', 'D'}, {'O', 'Q'}, {'D', 'Q'},
        {'1', 'I'}, {'1', 'L'}, {'1', 'J'}, {'2', 'Z'}, {'3', 'J'}, {'4', 'A'},
        {'5', 'S'}, {'6', 'G'}, {'7', 'J'}, {'7', 'T'}, {'8', 'B'}, {'U', 'V'},
    };
    for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
        if ((a == pairs[i][0] && b == pairs[i][1]) || (a == pairs[i][1] && b == pairs[i][0])) {
            return true;
        }
    }
    return false;
}

static int substitution(char a, char b)
{
    if (a == b) {
        return 0;
    }
    return is_confusable(a, b) ? PLATE_DISTANCE_CONFUSED : PLATE_DISTANCE_OTHER;
}

static int least(int a, int b)
{
    return a < b ? a : b;
}

/* Levenshtein with weights, one row at a time; both at most PLATE_CANONICAL_CAP - 1 long. */
static int edits(const char *a, int a_n, const char *b, int b_n)
{
    int row[PLATE_CANONICAL_CAP];
    for (int k = 0; k <= b_n; k++) {
        row[k] = k * PLATE_DISTANCE_DROPPED;
    }
    for (int i = 1; i <= a_n; i++) {
        int diagonal = row[0];
        row[0] = i * PLATE_DISTANCE_DROPPED;
        for (int k = 1; k <= b_n; k++) {
            int changed = diagonal + substitution(a[i - 1], b[k - 1]);
            diagonal = row[k];
            row[k] = least(changed, least(row[k], row[k - 1]) + PLATE_DISTANCE_DROPPED);
        }
    }
    return row[b_n];
}

/* 29NG01101, as two lines are read, to 29011NG01, as one line is.  False when it is not of that
 * form. */
static bool to_one_line(const char *canonical, int n, char *out)
{
    static const char groups[] = "NG QT CV NN";
    bool group = false;
    for (const char *g = groups; n >= 9 && g < groups + sizeof groups; g += 3) {
        group |= memcmp(canonical + 2, g, 2) == 0;
    }
    for (int i = 4; i < n; i++) {
        group &= ascii_is_digit(canonical[i]);
    }
    if (!group) {
        return false;
    }
    memcpy(out, canonical, 2);
    memcpy(out + 2, canonical + 4, 3);
    memcpy(out + 5, canonical + 2, 2);
    memcpy(out + 7, canonical + 7, (size_t)(n - 7) + 1);
    return true;
}

/* PLATE_CANONICAL_CAP for anything longer than a canonical text; no further byte is looked at. */
static int length_of(const char *canonical)
{
    int n = 0;
    while (n < PLATE_CANONICAL_CAP && canonical[n]) {
        n++;
    }
    return n;
}

int plate_distance(const char *canonical_a, const char *canonical_b)
{
    int a_n = length_of(canonical_a);
    int b_n = length_of(canonical_b);
    if (a_n == PLATE_CANONICAL_CAP || b_n == PLATE_CANONICAL_CAP) {
        return PLATE_DISTANCE_FAR;
    }
    int best = edits(canonical_a, a_n, canonical_b, b_n);
    char a_line[PLATE_CANONICAL_CAP];
    char b_line[PLATE_CANONICAL_CAP];
    bool a_turns = to_one_line(canonical_a, a_n, a_line);
    bool b_turns = to_one_line(canonical_b, b_n, b_line);
    if (a_turns != b_turns) { /* one was read on two lines, the other on one */
        int turned =
            a_turns ? edits(a_line, a_n, canonical_b, b_n) : edits(canonical_a, a_n, b_line, b_n);
        best = least(best, turned + PLATE_DISTANCE_CONFUSED);
    }
    return best;
}

int plate_nearest(const char *canonical, const char *const *known, int known_count,
                  int distance_max, struct plate_match *ret_match, int max)
{
    int count = 0;
    for (int i = 0; i < known_count && max > 0; i++) {
        int distance = known[i] ? plate_distance(canonical, known[i]) : PLATE_DISTANCE_FAR;
        if (distance > distance_max || distance == PLATE_DISTANCE_FAR ||
            (count == max && distance >= ret_match[count - 1].distance)) {
            continue;
        }
        int at = count < max ? count++ : count - 1;
        while (at > 0 && ret_match[at - 1].distance > distance) {
            ret_match[at] = ret_match[at - 1];
            at--;
        }
        ret_match[at] = (struct plate_match){i, distance};
    }
    return count;
}
