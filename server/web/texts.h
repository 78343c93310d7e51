/*
 * texts.h - every word a person reads on the server's pages, in six languages.
 *
 * One table, so that nothing is said in one language only; a test checks that each key is
 * used and that every side is filled.  Vietnamese and English say everything and stand
 * beside each other.  What a driver can meet (TEXTS_FOR_DRIVERS) is also said in Korean,
 * Japanese, Chinese (simplified) and French, each in a file of its own: those are the
 * languages of the largest groups of foreign residents and visitors of Hanoi.  The pages
 * of offices speak Vietnamese and English (language_for_office).
 *
 * {v} vehicle, {l} lane, {g} gate, {x} a detail, {n} a number: words.c puts them in.
 */
#ifndef DOXE_SERVER_TEXTS_H
#define DOXE_SERVER_TEXTS_H

#include "proto/base/str.h"
#include "server/web/texts_console.h"
#include "server/web/texts_driver.h"
#include "server/web/texts_money.h"
#include "server/web/texts_office.h"
#include "server/web/texts_stay.h"

/* The code of RFC 5646, which is the lang attribute and the cookie. */
#define LANGUAGES(X) \
    X(VI, "vi")      \
    X(EN, "en")      \
    X(KO, "ko")      \
    X(JA, "ja")      \
    X(ZH, "zh")      \
    X(FR, "fr")

enum language {
#define X(name, code) LANGUAGE_##name,
    LANGUAGES(X)
#undef X
        LANGUAGE_COUNT
};

/* key, Vietnamese, English */
#define TEXTS_FOR_DRIVERS(X) \
    TEXTS_DRIVER(X)          \
    TEXTS_STAY(X)
#define TEXTS(X)         \
    TEXTS_FOR_DRIVERS(X) \
    TEXTS_CONSOLE(X)     \
    TEXTS_MONEY(X)       \
    TEXTS_OFFICE(X)

enum text {
#define X(key, vi, en) TEXT_##key,
    TEXTS(X)
#undef X
        TEXT_COUNT
};

/* Of the other languages, filled in for drivers only: texts_ko.c and its like. */
extern const char *const texts_ko[TEXT_COUNT];
extern const char *const texts_ja[TEXT_COUNT];
extern const char *const texts_zh[TEXT_COUNT];
extern const char *const texts_fr[TEXT_COUNT];

/* English where a language does not say it. */
const char *text_of(enum text text, enum language language);
/* Is it said in this very language? */
bool text_is_said(enum text text, enum language language);
/* "FEE_DUE", for the test. */
const char *text_key(enum text text);
/* "vi", "ko". */
const char *language_code(enum language language);
DX_MUST_USE int language_parse(struct str code, enum language *ret_language);
/*
 * The cookie's word, else what Accept-Language prefers of ours (RFC 9110
 * 12.5.4), else English for a browser that names only others, else Vietnamese.
 */
enum language language_of_request(struct str cookie, struct str accept_language);
/* Vietnamese stays; all others read English. */
enum language language_for_office(enum language language);

/* Words of the database and of messages, and what people call them. */
struct text_word {
    const char *word;
    enum text text;
};
/* `otherwise` for a word not in the list: a newer gate may know more of them. */
enum text text_by_word(const struct text_word *words, size_t count, const char *word,
                       enum text otherwise);

#endif
