#include "server/web/texts.h"

#include "proto/base/check.h"

#include <string.h>

static const struct {
    const char *key, *vi, *en;
} texts[TEXT_COUNT] = {
#define X(key_, vi_, en_) [TEXT_##key_] = {.key = #key_, .vi = (vi_), .en = (en_)},
    TEXTS(X)
#undef X
};

static const char *const codes[LANGUAGE_COUNT] = {
#define X(name, code) [LANGUAGE_##name] = (code),
    LANGUAGES(X)
#undef X
};

/* NULL: not said. */
static const char *find(enum text text, enum language language)
{
    must((unsigned)text < TEXT_COUNT);
    switch (language) {
    case LANGUAGE_VI:
        return texts[text].vi;
    case LANGUAGE_EN:
        return texts[text].en;
    case LANGUAGE_KO:
        return texts_ko[text];
    case LANGUAGE_JA:
        return texts_ja[text];
    case LANGUAGE_ZH:
        return texts_zh[text];
    case LANGUAGE_FR:
        return texts_fr[text];
    case LANGUAGE_COUNT:
        break;
    }
    must(false);
    return NULL;
}

const char *text_of(enum text text, enum language language)
{
    const char *said = find(text, language);
    return said ? said : texts[text].en;
}

bool text_is_said(enum text text, enum language language)
{
    return find(text, language) != NULL;
}

const char *text_key(enum text text)
{
    must((unsigned)text < TEXT_COUNT);
    return texts[text].key;
}

const char *language_code(enum language language)
{
    must((unsigned)language < LANGUAGE_COUNT);
    return codes[language];
}

int language_parse(struct str code, enum language *ret_language)
{
    for (int i = 0; i < LANGUAGE_COUNT; i++) {
        if (str_eq_nocase(code, str_c(codes[i]))) {
            *ret_language = (enum language)i;
            return 0;
        }
    }
    return DX_E_NOT_FOUND;
}

enum language language_for_office(enum language language)
{
    return language == LANGUAGE_VI ? LANGUAGE_VI : LANGUAGE_EN;
}

/* "0.8" -> 800; anything strange counts as 0, so that it does not win. */
static int quality_of(struct str parameters)
{
    size_t at = 0;
    while (at + 1 < parameters.n && !(parameters.p[at] == 'q' && parameters.p[at + 1] == '=')) {
        at++;
    }
    if (at + 1 >= parameters.n) {
        return 1000;
    }
    struct str value = str_trim(str_slice(parameters, at + 2, parameters.n));
    if (value.n == 0 || !ascii_is_digit(value.p[0])) {
        return 0;
    }
    int milli = (value.p[0] - '0') * 1000;
    int step = 100;
    for (size_t i = 2; i < value.n && step && ascii_is_digit(value.p[i]); i++) {
        milli += (value.p[i] - '0') * step;
        step /= 10;
    }
    return milli > 1000 ? 1000 : milli;
}

enum language language_of_request(struct str cookie, struct str accept_language)
{
    enum language language = LANGUAGE_VI;
    if (language_parse(cookie, &language) == 0) {
        return language;
    }
    if (str_trim(accept_language).n == 0) {
        return LANGUAGE_VI;
    }
    int best = 0;
    language = LANGUAGE_EN; /* a browser that wants none of ours: a visitor */
    while (accept_language.n) {
        size_t end = str_index(accept_language, ',');
        struct str item = str_trim(str_slice(accept_language, 0, end));
        accept_language = str_slice(accept_language, end + 1, accept_language.n);
        size_t semicolon = str_index(item, ';');
        struct str code = str_trim(str_slice(item, 0, semicolon));
        int quality = quality_of(str_slice(item, semicolon, item.n));
        enum language wanted = LANGUAGE_VI;
        /* "vi-VN" counts as vi. */
        if (quality > best &&
            language_parse(str_slice(code, 0, str_index(code, '-')), &wanted) == 0) {
            language = wanted;
            best = quality;
        }
    }
    return language;
}

enum text text_by_word(const struct text_word *words, size_t count, const char *word,
                       enum text otherwise)
{
    for (size_t i = 0; i < count; i++) {
        if (strcmp(words[i].word, word) == 0) {
            return words[i].text;
        }
    }
    return otherwise;
}
