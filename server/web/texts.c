#include "server/web/texts.h"

#include "proto/base/check.h"

#include <string.h>

static const struct {
    const char *key;
    const char *of[LANGUAGE_COUNT];
} texts[TEXT_COUNT] = {
#define X(key_, vi_, en_) [TEXT_##key_] = {#key_, {[LANGUAGE_VI] = (vi_), [LANGUAGE_EN] = (en_)}},
    TEXTS(X)
#undef X
};

const char *text_of(enum text text, enum language language)
{
    must((unsigned)text < TEXT_COUNT && (unsigned)language < LANGUAGE_COUNT);
    return texts[text].of[language];
}

const char *text_key(enum text text)
{
    must((unsigned)text < TEXT_COUNT);
    return texts[text].key;
}

const char *language_code(enum language language)
{
    return language == LANGUAGE_EN ? "en" : "vi";
}

int language_parse(struct str code, enum language *ret_language)
{
    if (str_eq_nocase(code, STR("vi"))) {
        *ret_language = LANGUAGE_VI;
    } else if (str_eq_nocase(code, STR("en"))) {
        *ret_language = LANGUAGE_EN;
    } else {
        return DX_E_NOT_FOUND;
    }
    return 0;
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
    language = LANGUAGE_EN; /* a browser that wants neither of the two: a visitor */
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
