#include "sim/judge/judge_parts.h"

enum { CARD_DIGITS = 12, NAME_FORMS = 6 };

void judge_card(struct judge *judge, const struct person *person)
{
    char card[PERSON_CARD_CAP];
    uint64_t number = 0;
    person_card(person, card);
    for (int i = 0; i < CARD_DIGITS && card[i]; i++) {
        number = number * 10 + (uint64_t)(card[i] - '0');
    }
    if (card[0]) {
        index_put(&judge->index, index_key_of(SALT_CARD, number), 1);
    }
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_capital(char c)
{
    return c >= 'A' && c <= 'Z';
}

/* A run of digits ends at `end`: is any twelve of them a card's number? */
static bool has_card(const struct judge *judge, const char *end, size_t run)
{
    for (const char *at = end - run; run >= CARD_DIGITS; at++, run--) {
        uint64_t number = 0;
        for (int i = 0; i < CARD_DIGITS; i++) {
            number = number * 10 + (uint64_t)(at[i] - '0');
        }
        if (index_get(&judge->index, index_key_of(SALT_CARD, number)) >= 0) {
            return true;
        }
    }
    return false;
}

static bool begins(struct str bytes, size_t at, const char *text)
{
    size_t n = strlen(text);
    return bytes.n - at >= n && memcmp(bytes.p + at, text, n) == 0;
}

/* Between family and given name cards have one of two words; each may be escaped or folded. */
static size_t middle_name(struct str bytes, size_t at)
{
    static const char *const forms[NAME_FORMS] = {" Văn ",       " Thị ", " V\\u0103n ",
                                                  " Th\\u1ecb ", " VAN ", " THI "};
    for (int i = 0; i < NAME_FORMS; i++) {
        if (begins(bytes, at, forms[i])) {
            return strlen(forms[i]);
        }
    }
    return 0;
}

static bool given_name(struct str bytes, size_t at)
{
    static const char *const folded[] = {"MAU",      "THU",      "KIEM",      "VI DU",
                                         "GIA DINH", "M\\u1ea",  "Th\\u1eed", "Ki\\u1ec3m",
                                         "V\\u00ed", "Gi\\u1ea3"};
    for (int i = 0; people_given(i); i++) {
        if (begins(bytes, at, people_given(i))) {
            return true;
        }
    }
    for (size_t i = 0; i < sizeof folded / sizeof folded[0]; i++) {
        if (begins(bytes, at, folded[i])) {
            return true;
        }
    }
    return false;
}

/* "30F12345", "29AA12345", "29A112345" and nothing beside it, with or without signs between. */
static bool is_plate(const char *text, size_t n)
{
    if (n < 8 || n > 9 || !is_digit(text[0]) || !is_digit(text[1]) || !is_capital(text[2])) {
        return false;
    }
    if (n == 9 && !is_capital(text[3]) && !is_digit(text[3])) {
        return false;
    }
    for (size_t i = n - 5; i < n; i++) {
        if (!is_digit(text[i])) {
            return false;
        }
    }
    return true;
}

static bool has_plate(struct str bytes)
{
    char word[16];
    size_t n = 0;
    bool long_word = false;
    for (size_t i = 0; i <= bytes.n; i++) {
        char c = i < bytes.n ? bytes.p[i] : '/';
        bool inside = is_digit(c) || is_capital(c) || (c >= 'a' && c <= 'z');
        bool sign = c == '-' || c == '.' || c == ' ';
        if (inside) {
            long_word = long_word || n == sizeof word;
            if (!long_word) {
                word[n++] = c;
            }
        } else if (!sign || !n) {
            if (!long_word && is_plate(word, n)) {
                return true;
            }
            n = 0;
            long_word = false;
        }
    }
    return false;
}

void judge_bytes(struct judge *judge, int site, enum judge_bytes where, struct str bytes)
{
    static const struct {
        const char *word;
        bool no_plate;
    } kinds[JUDGE_BYTES_COUNT] = {
#define X(name, word, no_plate) {word, no_plate},
        JUDGE_BYTES(X)
#undef X
    };
    size_t run = 0;
    judge->report.bytes += (int64_t)bytes.n;
    for (size_t i = 0; i <= bytes.n; i++) {
        char c = i < bytes.n ? bytes.p[i] : '\0';
        if (is_digit(c)) {
            run++;
            continue;
        }
        if (run >= CARD_DIGITS && has_card(judge, bytes.p + i, run)) {
            judge_find(judge, JUDGE_SECRET, site, "a card's number stands in a %s of %zu bytes",
                       kinds[where].word, bytes.n);
            return;
        }
        run = 0;
        size_t middle = c == ' ' ? middle_name(bytes, i) : 0;
        if (middle && given_name(bytes, i + middle)) {
            judge_find(judge, JUDGE_SECRET, site, "a card's name stands in a %s of %zu bytes",
                       kinds[where].word, bytes.n);
            return;
        }
    }
    if (kinds[where].no_plate && has_plate(bytes)) {
        judge_find(judge, JUDGE_SECRET, site, "a plate stands in a %s", kinds[where].word);
    }
}
