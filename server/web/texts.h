/*
 * texts.h - every word a person reads on the server's pages, in Vietnamese and English.
 *
 * One table, so that nothing is said in one language only; a test checks that
 * each key is used and that both sides are filled.  {v} vehicle, {l} lane,
 * {g} gate, {x} a detail, {n} a number: words.c puts them in.
 */
#ifndef DOXE_SERVER_TEXTS_H
#define DOXE_SERVER_TEXTS_H

#include "proto/base/str.h"
#include "server/web/texts_console.h"
#include "server/web/texts_driver.h"
#include "server/web/texts_money.h"
#include "server/web/texts_office.h"

enum language { LANGUAGE_VI, LANGUAGE_EN, LANGUAGE_COUNT };

/* key, Vietnamese, English */
#define TEXTS(X)     \
    TEXTS_DRIVER(X)  \
    TEXTS_CONSOLE(X) \
    TEXTS_MONEY(X)   \
    TEXTS_OFFICE(X)

enum text {
#define X(key, vi, en) TEXT_##key,
    TEXTS(X)
#undef X
        TEXT_COUNT
};

const char *text_of(enum text text, enum language language);
/* "FEE_DUE", for the test. */
const char *text_key(enum text text);
/* "vi", "en". */
const char *language_code(enum language language);
DX_MUST_USE int language_parse(struct str code, enum language *ret_language);
/*
 * The cookie's word, else what Accept-Language prefers of the two (RFC 9110
 * 12.5.4), else English for a browser that names only others, else Vietnamese.
 */
enum language language_of_request(struct str cookie, struct str accept_language);

/* Words of the database and of messages, and what people call them. */
struct text_word {
    const char *word;
    enum text text;
};
/* `otherwise` for a word not in the list: a newer gate may know more of them. */
enum text text_by_word(const struct text_word *words, size_t count, const char *word,
                       enum text otherwise);

#endif
