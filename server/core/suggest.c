#include "server/core/suggest.h"

#include "proto/base/check.h"
#include "proto/fold.h"

static const struct {
    const char *word;
    int weight;
} reasons[] = {
#define X(name, word_, weight_, sentence) {word_, weight_},
    SUGGEST_REASONS(X)
#undef X
};

/* Shorter pieces of a code stand in a text by chance. */
enum { PIECE_MIN = 7, WRONG_MAX = 2 };

const char *suggest_reason_text(enum suggest_reason reason)
{
    must(reason < SUGGEST_REASON_COUNT);
    return reasons[reason].word;
}

/* Capitals, digits, nothing else. */
static size_t squeeze(const char *content, char out[CREDIT_CONTENT_CAP])
{
    size_t n = 0;
    struct str text = str_c(content);
    while (text.n && n < CREDIT_CONTENT_CAP - 1) {
        char c = fold_next(&text);
        if (ascii_is_digit(c) || ascii_is_alpha(c)) {
            out[n++] = c;
        }
    }
    out[n] = '\0';
    return n;
}

/* Cut off at its end, or with one or two wrong characters. */
static bool is_near(const char *text, size_t n, const char *code)
{
    char piece[PAYCODE_CAP];
    size_t length = strlen(code);
    for (size_t i = length; i-- > PIECE_MIN;) {
        memcpy(piece, code, i);
        piece[i] = '\0';
        if (strstr(text, piece)) {
            return true;
        }
    }
    for (size_t at = 0; length > PIECE_MIN && at + length <= n; at++) {
        int wrong = 0;
        for (size_t i = 0; i < length && wrong <= WRONG_MAX; i++) {
            wrong += text[at + i] != code[i];
        }
        if (wrong <= WRONG_MAX) {
            return true;
        }
    }
    return false;
}

static void judge(const struct suggest_candidate *c, const char *text, size_t n, int64_t amount_vnd,
                  struct suggestion *s)
{
    const bool holds[SUGGEST_REASON_COUNT] = {
        [SUGGEST_CODE] = c->code_found,
        [SUGGEST_CODE_NEAR] = !c->code_found && is_near(text, n, c->code),
        [SUGGEST_AMOUNT] = c->asked_vnd == amount_vnd,
        [SUGGEST_TIME] = c->apart_ms <= SUGGEST_TIME_MS,
        [SUGGEST_PAYER] = c->payer,
        [SUGGEST_LOT] = c->same_lot,
        [SUGGEST_WAITS] = c->waits,
    };
    for (int i = 0; i < SUGGEST_REASON_COUNT; i++) {
        if (holds[i]) {
            s->score += reasons[i].weight;
            s->reasons |= 1u << i;
        }
    }
}

static bool is_better(const struct suggest_candidate *candidate, const struct suggestion *a,
                      const struct suggestion *b)
{
    const struct suggest_candidate *x = &candidate[a->index];
    const struct suggest_candidate *y = &candidate[b->index];
    if (a->score != b->score) {
        return a->score > b->score;
    }
    return x->apart_ms != y->apart_ms ? x->apart_ms < y->apart_ms
                                      : strcmp(x->session, y->session) < 0;
}

int suggest_rank(const char *content, int64_t amount_vnd, const struct suggest_candidate *candidate,
                 int count, struct suggestion ret_best[SUGGEST_MAX])
{
    /* The lot alone is no reason: half the city parks there. */
    enum { SCORE_MIN = 40 };
    char text[CREDIT_CONTENT_CAP];
    size_t n = squeeze(content, text);
    int best = 0;
    for (int i = 0; i < count; i++) {
        struct suggestion s = {.index = i};
        judge(&candidate[i], text, n, amount_vnd, &s);
        if (s.score < SCORE_MIN) {
            continue;
        }
        int at = best;
        while (at > 0 && is_better(candidate, &s, &ret_best[at - 1])) {
            at--;
        }
        if (at == SUGGEST_MAX) {
            continue;
        }
        int moved = (best < SUGGEST_MAX ? best : SUGGEST_MAX - 1) - at;
        memmove(&ret_best[at + 1], &ret_best[at], (size_t)moved * sizeof ret_best[0]);
        ret_best[at] = s;
        best += best < SUGGEST_MAX;
    }
    return best;
}

bool suggest_payer(const char *content, char ret_account[CREDIT_ACCOUNT_CAP])
{
    enum { DIGITS_MIN = 6, DIGITS_MAX = 19 };
    char text[CREDIT_CONTENT_CAP];
    size_t n = 0;
    struct str rest = str_c(content);
    while (rest.n && n < sizeof text - 1) {
        char c = fold_next(&rest);
        if (c) {
            text[n++] = c;
        }
    }
    text[n] = '\0';
    const char *at = strstr(text, "TU ");
    if (!at || (at != text && (ascii_is_alpha(at[-1]) || ascii_is_digit(at[-1])))) {
        return false;
    }
    at += 3;
    size_t digits = 0;
    while (ascii_is_digit(at[digits])) {
        digits++;
    }
    if (digits < DIGITS_MIN || digits > DIGITS_MAX) {
        return false;
    }
    memcpy(ret_account, at, digits);
    ret_account[digits] = '\0';
    return true;
}
