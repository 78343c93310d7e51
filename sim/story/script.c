#include "sim/story/script.h"

#include "proto/base/check.h"
#include "proto/base/time.h"

#include <stdio.h>
#include <string.h>

/* One clause in pieces. */
struct tokens {
    int count;
    int line;
    struct str word[STORY_WORDS_MAX];
    bool quoted[STORY_WORDS_MAX];
};

/* How far one row of the grammar fits a clause. */
struct attempt {
    const struct tokens *tokens;
    int at; /* next word */
    struct story_clause clause;
    char expected[64]; /* what should have stood at `at` */
};

static const char *const patterns[STORY_VERB_COUNT] = {
#define X(name, pattern, sentence) pattern,
    STORY_WORDS(X)
#undef X
};
static const char *const sentences[STORY_VERB_COUNT] = {
#define X(name, pattern, sentence) sentence,
    STORY_WORDS(X)
#undef X
};
static const char *const option_patterns[STORY_OPTION_COUNT] = {
#define X(name, pattern) pattern,
    STORY_OPTIONS(X)
#undef X
};

const char *story_verb_pattern(enum story_verb verb)
{
    return patterns[verb];
}

const char *story_verb_sentence(enum story_verb verb)
{
    return sentences[verb];
}

/* ---- words ---- */

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r';
}

static int fail(struct story_error *error, int line, int code, const char *format, struct str a)
{
    struct out out;
    error->line = line;
    out_init(&out, error->text, sizeof error->text);
    for (const char *p = format; *p; p++) {
        if (*p == '%') {
            out_add(&out, str_slice(a, 0, 80));
        } else {
            out_char(&out, *p);
        }
    }
    return code;
}

/* From *at to the end of the clause: ';', a line's end, or a comment.  *ret_ended: of the line. */
static int read_tokens(struct str text, size_t *at, struct tokens *tokens, bool *ret_ended,
                       struct story_error *error)
{
    size_t i = *at;
    tokens->count = 0;
    for (;;) {
        while (i < text.n && is_blank(text.p[i])) {
            i++;
        }
        if (i >= text.n || text.p[i] == '\n' || text.p[i] == ';' || text.p[i] == '#') {
            break;
        }
        bool quoted = text.p[i] == '"';
        size_t from = quoted ? ++i : i;
        while (i < text.n && text.p[i] != '\n' &&
               (quoted ? text.p[i] != '"' : !is_blank(text.p[i]) && text.p[i] != ';')) {
            i++;
        }
        struct str word = str_slice(text, from, i);
        if (quoted && (i >= text.n || text.p[i] != '"')) {
            return fail(error, tokens->line, DX_E_FORMAT, "the quote in \"% has no end", word);
        }
        i += quoted;
        if (tokens->count == STORY_WORDS_MAX) {
            return fail(error, tokens->line, DX_E_SPACE, "too many words, at '%'", word);
        }
        if (!str_is_utf8(word) || word.n >= STORY_TEXT_CAP) {
            return fail(error, tokens->line, DX_E_FORMAT, "a word is too long or no UTF-8", word);
        }
        tokens->quoted[tokens->count] = quoted;
        tokens->word[tokens->count++] = word;
    }
    while (i < text.n && text.p[i] == '#' && text.p[i] != '\n') {
        while (i < text.n && text.p[i] != '\n') {
            i++;
        }
    }
    *ret_ended = i >= text.n || text.p[i] == '\n';
    *at = i < text.n ? i + 1 : i;
    return 0;
}

/* ---- values ---- */

static const struct {
    const char *unit;
    int64_t ms;
} units[] = {{"d", TIME_DAY_MS},
             {"h", TIME_HOUR_MS},
             {"m", TIME_MINUTE_MS},
             {"s", TIME_SECOND_MS},
             {"ms", 1}};

int story_time_parse(struct str text, int64_t *ret_ms)
{
    int64_t sum = 0;
    size_t next_unit = 0; /* each unit once, the larger first */
    size_t i = 0;
    if (str_eq_c(text, "0")) {
        *ret_ms = 0;
        return 0;
    }
    while (i < text.n) {
        size_t from = i;
        while (i < text.n && ascii_is_digit(text.p[i])) {
            i++;
        }
        struct str digits = str_slice(text, from, i);
        size_t unit_from = i;
        while (i < text.n && ascii_is_alpha(text.p[i])) {
            i++;
        }
        struct str unit = str_slice(text, unit_from, i);
        int64_t n = 0;
        if (str_parse_i64(digits, 0, INT64_C(100000000), &n)) {
            return DX_E_FORMAT;
        }
        while (next_unit < 5 && !str_eq_c(unit, units[next_unit].unit)) {
            next_unit++;
        }
        if (next_unit == 5) {
            return DX_E_FORMAT;
        }
        sum += n * units[next_unit++].ms;
        if (sum > (int64_t)STORY_TIME_MAX_DAYS * TIME_DAY_MS) {
            return DX_E_RANGE;
        }
    }
    if (text.n == 0) {
        return DX_E_FORMAT;
    }
    *ret_ms = sum;
    return 0;
}

void story_time_write(struct out *out, int64_t ms)
{
    if (ms == 0) {
        out_char(out, '0');
    }
    for (size_t i = 0; i < 5; i++) {
        if (ms >= units[i].ms) {
            out_i64(out, ms / units[i].ms);
            out_add_c(out, units[i].unit);
            ms %= units[i].ms;
        }
    }
}

/* 25000, 25.000, 25,000 or 25k */
static int parse_money(struct str text, int64_t *ret_vnd)
{
    char digits[24];
    size_t n = 0;
    int64_t scale = 1;
    if (text.n && text.p[text.n - 1] == 'k') {
        scale = 1000;
        text.n--;
    }
    for (size_t i = 0; i < text.n; i++) {
        bool group = text.p[i] == '.' || text.p[i] == ',';
        if (group && (i == 0 || text.n - i < 4 || (text.n - i) % 4 != 0)) {
            return DX_E_FORMAT;
        }
        if (!group && n + 1 < sizeof digits) {
            digits[n++] = text.p[i];
        }
    }
    int64_t vnd = 0;
    int error = str_parse_i64((struct str){digits, n}, 0, INT64_C(1000000000000), &vnd);
    if (error) {
        return error;
    }
    *ret_vnd = vnd * scale;
    return 0;
}

static bool is_plate(struct str text)
{
    int64_t ms = 0;
    int digits = 0;
    for (size_t i = 0; i < text.n; i++) {
        digits += ascii_is_digit(text.p[i]);
    }
    return text.n >= 4 && text.n < STORY_WORD_CAP && digits >= 2 && story_time_parse(text, &ms);
}

static bool take_number(struct str text, int64_t min, int64_t max, int64_t *ret_value)
{
    return str_parse_i64(text, min, max, ret_value) == 0;
}

/* {words}: up to a word with which a tail begins. */
static bool take_words(struct attempt *a)
{
    struct out out;
    int from = a->at;
    out_init(&out, a->clause.text, sizeof a->clause.text);
    while (a->at < a->tokens->count) {
        struct str word = a->tokens->word[a->at];
        if (str_eq_c(word, "within") || str_eq_c(word, "for") || str_eq_c(word, "now")) {
            break;
        }
        if (a->at++ > from) {
            out_char(&out, ' ');
        }
        out_add(&out, word);
    }
    return a->at > from && !out_failed(&out);
}

/* One place in braces, for the word that is next. */
static bool take_value(struct attempt *a, struct str place, bool in_option)
{
    struct story_clause *c = &a->clause;
    if (str_eq_c(place, "{words}")) {
        return take_words(a);
    }
    if (a->at >= a->tokens->count) {
        return false;
    }
    struct str word = a->tokens->word[a->at];
    int64_t n = 0;
    bool fits = false;
    if (str_eq_c(place, "{plate}")) {
        fits = is_plate(word) && str_copy(c->plate, sizeof c->plate, word) == 0;
    } else if (str_eq_c(place, "{class}")) {
        fits = word.n > 0 && vehicle_parse(word, &c->vehicle) == 0;
    } else if (str_eq_c(place, "{lane}") || str_eq_c(place, "{other}")) {
        fits = take_number(word, 1, STORY_LANES_MAX, &n);
        if (fits) {
            *(str_eq_c(place, "{lane}") ? &c->lane : &c->other) = (int)n;
        }
    } else if (str_eq_c(place, "{money}")) {
        fits = parse_money(word, &c->amount_vnd) == 0;
    } else if (str_eq_c(place, "{count}")) {
        fits = take_number(word, 0, 100000, &c->count);
    } else if (str_eq_c(place, "{share}")) {
        if (word.n && word.p[word.n - 1] == '%') {
            word.n--;
        }
        fits = take_number(word, 0, 100, &n);
        c->share = fits ? (int)n : c->share;
    } else if (str_eq_c(place, "{time}")) {
        fits = story_time_parse(word, &c->time_ms) == 0;
    } else if (str_eq_c(place, "{text}")) {
        fits = str_copy(c->text, sizeof c->text, word) == 0;
    } else if (str_eq_c(place, "{word}")) {
        char *to = in_option ? c->option_word : c->word;
        bool tail = !a->tokens->quoted[a->at] && in_option &&
                    (str_eq_c(word, "within") || str_eq_c(word, "for") || str_eq_c(word, "now"));
        fits = !tail && word.n > 0 && str_copy(to, STORY_WORD_CAP, word) == 0;
    }
    a->at += fits;
    return fits;
}

/* ---- one row of the grammar ---- */

/* The next piece of a pattern, cut off its front: a word, a place, or a group in brackets. */
static struct str next_piece(struct str *pattern)
{
    *pattern = str_trim(*pattern);
    bool group = pattern->n && pattern->p[0] == '[';
    size_t end = str_index(*pattern, group ? ']' : ' ') + (group ? 1 : 0);
    struct str piece = str_slice(*pattern, 0, end);
    *pattern = str_slice(*pattern, end, pattern->n);
    return piece;
}

/* A literal, or one of a|b|c. */
static bool take_literal(struct attempt *a, struct str piece)
{
    int choice = 0;
    if (a->at >= a->tokens->count || a->tokens->quoted[a->at]) {
        return false;
    }
    struct str word = a->tokens->word[a->at];
    bool many = str_index(piece, '|') < piece.n;
    while (piece.n) {
        size_t end = str_index(piece, '|');
        if (str_eq(word, str_slice(piece, 0, end))) {
            a->clause.choice = many ? choice : a->clause.choice;
            a->at++;
            return true;
        }
        piece = str_slice(piece, end + 1, piece.n);
        choice++;
    }
    return false;
}

static bool take_piece(struct attempt *a, struct str piece, bool in_option)
{
    bool fits;
    bool may_miss = piece.n > 3 && piece.p[0] == '{' && piece.p[piece.n - 2] == '?';
    if (may_miss) {
        char place[16];
        snprintf(place, sizeof place, "%.*s}", (int)piece.n - 2, piece.p);
        struct str word = a->at < a->tokens->count ? a->tokens->word[a->at] : (struct str){NULL, 0};
        bool begins = word.n && (ascii_is_digit(word.p[0]) || a->tokens->quoted[a->at]);
        fits = !begins || take_value(a, str_c(place), in_option);
        str_copy_cut(a->expected, fits ? 1 : sizeof a->expected, str_c(place));
        return fits;
    }
    if (piece.n && piece.p[0] == '{') {
        fits = take_value(a, piece, in_option);
    } else {
        fits = take_literal(a, piece);
    }
    if (!fits) {
        str_copy_cut(a->expected, sizeof a->expected, piece);
    }
    return fits;
}

static bool take_all(struct attempt *a, struct str pattern, bool in_option)
{
    for (;;) {
        struct str piece = next_piece(&pattern);
        if (piece.n == 0) {
            return true;
        }
        if (!take_piece(a, piece, in_option)) {
            return false;
        }
    }
}

static int option_of(struct str group)
{
    for (int i = 0; i < STORY_OPTION_COUNT; i++) {
        if (str_eq_c(group, option_patterns[i])) {
            return i;
        }
    }
    must(!"every group of script_words.h is an option of script.h");
    return 0;
}

/* One of the groups in brackets that begins here, and what it adds. */
static bool take_group(struct attempt *a, struct str groups)
{
    for (;;) {
        struct str piece = next_piece(&groups);
        if (piece.n == 0) {
            return false;
        }
        struct attempt trial = *a;
        struct str inner = str_slice(piece, 1, piece.n - 1);
        int option = option_of(inner);
        if (!story_has(&a->clause, (enum story_option)option) && take_all(&trial, inner, true)) {
            trial.clause.options |= 1u << option;
            if (option == STORY_OPT_WITHIN) {
                trial.clause.within_ms = trial.clause.time_ms;
                trial.clause.time_ms = a->clause.time_ms;
            } else if (option == STORY_OPT_FOR_TIME) {
                trial.clause.for_ms = trial.clause.time_ms;
                trial.clause.time_ms = a->clause.time_ms;
            }
            *a = trial;
            return true;
        }
    }
}

/* Does the whole clause fit?  If not, a->at and a->expected say how far it did. */
static bool fits_row(struct attempt *a, enum story_verb verb)
{
    char space[400];
    struct out all;
    out_init(&all, space, sizeof space);
    out_add_c(&all, patterns[verb]);
    out_add_c(&all, a->clause.expect ? STORY_PATIENCE : "");
    must(!out_failed(&all));
    struct str rest = out_str(&all);
    size_t tail = str_index(rest, '[');
    struct str tails = str_slice(rest, tail, rest.n);
    if (!take_all(a, str_slice(rest, 0, tail), false)) {
        return false;
    }
    while (a->at < a->tokens->count) {
        if (!take_group(a, tails)) {
            str_copy_cut(a->expected, sizeof a->expected, tails.n ? tails : STR("no more words"));
            return false;
        }
    }
    return true;
}

/* ---- a clause ---- */

static int take_when(struct attempt *a, struct story_error *error)
{
    bool at = a->tokens->count > 0 && str_eq_c(a->tokens->word[0], "at");
    if (!at && !(a->tokens->count > 0 && str_eq_c(a->tokens->word[0], "after"))) {
        return 0;
    }
    struct str word = a->tokens->count > 1 ? a->tokens->word[1] : (struct str){"", 0};
    if (story_time_parse(word, &a->clause.when_ms)) {
        return fail(error, a->tokens->line, DX_E_FORMAT,
                    "expected a time such as 90s, 2h30m or 500ms after 'at', not '%'", word);
    }
    a->clause.when = at ? STORY_AT : STORY_AFTER;
    a->at = 2;
    if (a->tokens->count < 3) {
        return fail(error, a->tokens->line, DX_E_FORMAT, "nothing happens at '%'", word);
    }
    return 0;
}

static void write_misfit(struct out *out, const struct attempt *best, int rows,
                         enum story_verb verb)
{
    const struct tokens *t = best->tokens;
    if (rows == 0) {
        out_fmt(out, "no clause begins like this: '");
    } else {
        out_fmt(out, "expected %s ", best->expected);
        if (best->at < t->count) {
            out_add_c(out, "instead of '");
            out_add(out, str_slice(t->word[best->at], 0, 60));
            out_add_c(out, "' ");
        } else {
            out_add_c(out, "at the end ");
        }
        out_fmt(out, "of '");
    }
    for (int i = 0; i < t->count && i < 12; i++) {
        out_add_c(out, i ? " " : "");
        out_add(out, str_slice(t->word[i], 0, 24));
    }
    out_char(out, '\'');
    if (rows > 0) {
        out_fmt(out, "; it is: %s%s", best->clause.expect ? "expect " : "", patterns[verb]);
    } else {
        out_add_c(out, "; doxe-sim story --words lists them all");
    }
}

static int read_clause(const struct tokens *tokens, struct story_clause *ret_clause,
                       struct story_error *error)
{
    struct attempt start = {.tokens = tokens};
    start.clause.line = tokens->line;
    start.clause.lane = start.clause.other = -1;
    start.clause.amount_vnd = -1;
    int code = take_when(&start, error);
    if (code) {
        return code;
    }
    if (start.at < tokens->count) {
        struct str last = tokens->word[tokens->count - 1];
        const char *from = tokens->word[start.at].p - tokens->quoted[start.at];
        const char *to = last.p + last.n + tokens->quoted[tokens->count - 1];
        start.clause.source = (struct str){from, (size_t)(to - from)};
    }
    if (start.at < tokens->count && str_eq_c(tokens->word[start.at], "expect")) {
        start.clause.expect = true;
        start.at++;
        if (start.at < tokens->count &&
            (str_eq_c(tokens->word[start.at], "not") || str_eq_c(tokens->word[start.at], "no"))) {
            start.clause.negated = true;
            start.at++;
        }
    }
    struct attempt best = start;
    enum story_verb best_verb = STORY_LANE_IS;
    int rows = 0;
    for (int verb = start.clause.expect ? STORY_E_OPEN : 0;
         verb < (start.clause.expect ? STORY_VERB_COUNT : STORY_E_OPEN); verb++) {
        struct attempt a = start;
        a.clause.verb = (enum story_verb)verb;
        if (fits_row(&a, (enum story_verb)verb)) {
            *ret_clause = a.clause;
            return 0;
        }
        if (a.at > best.at) {
            best = a;
            best_verb = (enum story_verb)verb;
            rows++;
        }
    }
    struct out out;
    error->line = tokens->line;
    out_init(&out, error->text, sizeof error->text);
    write_misfit(&out, &best, rows, best_verb);
    return DX_E_FORMAT;
}

/* ---- the whole ---- */

/* Comment lines before the first clause: the title, and where it is from. */
static void read_head(struct str text, struct story *story)
{
    while (text.n && (text.p[0] == '#' || text.p[0] == '\n' || is_blank(text.p[0]))) {
        size_t end = str_index(text, '\n');
        struct str line = str_trim(str_slice(text, 0, end));
        text = str_slice(text, end + 1, text.n);
        if (line.n == 0 || line.p[0] != '#') {
            if (line.n) {
                return;
            }
            continue;
        }
        line = str_trim(str_slice(line, 1, line.n));
        if (str_starts(line, STR("from:"))) {
            story->from = story->from.n ? story->from : str_trim(str_slice(line, 5, line.n));
        } else if (story->title.n == 0) {
            story->title = line;
        }
    }
}

int story_parse(struct str text, struct story *ret_story, struct story_error *ret_error)
{
    struct tokens tokens = {.line = 1};
    size_t at = 0;
    memset(ret_story, 0, sizeof *ret_story);
    read_head(text, ret_story);
    while (at < text.n) {
        bool ended = false;
        int error = read_tokens(text, &at, &tokens, &ended, ret_error);
        if (error) {
            return error;
        }
        if (tokens.count > 0) {
            if (ret_story->count == STORY_CLAUSES_MAX) {
                return fail(ret_error, tokens.line, DX_E_SPACE, "too many clauses, from '%' on",
                            tokens.word[0]);
            }
            error = read_clause(&tokens, &ret_story->clause[ret_story->count], ret_error);
            if (error) {
                return error;
            }
            ret_story->count++;
        }
        tokens.line += ended;
    }
    if (ret_story->count == 0) {
        return fail(ret_error, 0, DX_E_FORMAT, "there is no clause in it%", (struct str){"", 0});
    }
    return 0;
}

void story_write_words(struct out *out)
{
    for (int verb = 0; verb < STORY_VERB_COUNT; verb++) {
        out_add_c(out, "| `");
        out_add_c(out, verb >= STORY_E_OPEN ? "expect " : "");
        for (const char *p = patterns[verb]; *p; p++) {
            out_add_c(out, *p == '|' ? "\\|" : "");
            out_char(out, *p);
        }
        out_fmt(out, "` | %s |\n", sentences[verb]);
    }
}
