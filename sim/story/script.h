/*
 * script.h - a story as text, read into clauses.
 *
 *     # Paid while the line was cut.
 *     # from: https://…/issues/77, docs/LANE.md X10
 *     at 0 arrive 30F-123.45 car lane 1; expect open within 1s
 *     at 2h leave lane 2
 *     expect shown 50000
 *
 * One clause a line, or several with ';' between.  "at TIME" counts from the beginning,
 * "after TIME" from the end of the clause before; without either a clause follows at once.  '#'
 * begins a comment, but not inside a word or quotes.
 *
 * Pure: text in, values out; no file, no heap.  Total: any bytes are a story or an error
 * with its line and what was expected there.
 *
 * Not here: playing it (play.h), the words themselves (script_words.h).
 */
#ifndef DOXE_SIM_STORY_SCRIPT_H
#define DOXE_SIM_STORY_SCRIPT_H

#include "proto/base/out.h"
#include "proto/plate.h"
#include "proto/vehicle.h"
#include "sim/story/script_words.h"

enum {
    STORY_CLAUSES_MAX = 160,
    STORY_WORDS_MAX = 48, /* of one clause */
    STORY_TEXT_CAP = 240, /* {text}, {words} */
    STORY_WORD_CAP = 33,
    STORY_LANES_MAX = 16,
    STORY_ERROR_CAP = 600,
    STORY_TIME_MAX_DAYS = 400
};

enum story_verb {
#define X(name, pattern, sentence) STORY_##name,
    STORY_WORDS(X)
#undef X
        STORY_VERB_COUNT
};

enum story_when { STORY_THEN, STORY_AT, STORY_AFTER };

/* One bit for each optional tail, as it stands between the brackets of script_words.h. */
#define STORY_OPTIONS(X)                   \
    X(UNREADABLE, "unreadable")            \
    X(READS, "reads {text}")               \
    X(SURE, "sure {share}")                \
    X(WAITS, "and waits")                  \
    X(BEHIND, "right behind")              \
    X(STOPS, "and stops")                  \
    X(STAYS, "and stays")                  \
    X(PICTURE, "picture {word}")           \
    X(FOR_PLATE, "for {plate}")            \
    X(NO_PAYCODE, "without the code")      \
    X(OTHER_ACCOUNT, "to another account") \
    X(TWICE_PAID, "twice")                 \
    X(TOLD_AFTER, "told after {time}")     \
    X(TOLD_TWICE, "told twice")            \
    X(NEVER_TOLD, "never told")            \
    X(AS_MONEY, "as {money}")              \
    X(BECAUSE, "because {text}")           \
    X(TOO_LATE, "too late")                \
    X(UP_TO, "up to {money}")              \
    X(ON_LANE, "lane {lane}")              \
    X(IS_PAID, "paid")                     \
    X(IS_UNPAID, "unpaid")                 \
    X(IS_INFERRED, "inferred")             \
    X(WITH_PERMIT, "permit {word}")        \
    X(AT_THE_GATE, "at the gate")          \
    X(ONE_WORD, "{word}")                  \
    X(WITHIN, "within {time}")             \
    X(FOR_TIME, "for {time}")              \
    X(NOW, "now")

enum story_option {
#define X(name, pattern) STORY_OPT_##name,
    STORY_OPTIONS(X)
#undef X
        STORY_OPTION_COUNT
};

/* What a clause does not say is zero; `lane` and `amount_vnd` tell by -1. */
struct story_clause {
    int line;          /* of the file, 1… */
    struct str source; /* as written, without at and after; borrowed from the text */
    enum story_when when;
    int64_t when_ms; /* AT, AFTER */
    enum story_verb verb;
    bool expect;      /* an expectation … */
    bool negated;     /* … that must not be so */
    unsigned options; /* bits 1 << enum story_option */
    int choice;       /* of the pattern's first a|b|c: 0… */
    int lane, other;  /* 1…; -1 not said */
    char plate[STORY_WORD_CAP];
    enum vehicle vehicle;
    int64_t amount_vnd; /* -1 not said */
    int64_t count;
    int64_t time_ms;           /* {time} of the clause or of "told after" */
    int64_t within_ms, for_ms; /* expectations */
    int share;                 /* per cent */
    char word[STORY_WORD_CAP];
    char option_word[STORY_WORD_CAP]; /* {word} of an option */
    char text[STORY_TEXT_CAP];
};

struct story {
    int count;
    struct story_clause clause[STORY_CLAUSES_MAX];
    /* The head: comment lines before the first clause.  Borrowed from the text. */
    struct str title; /* the first of them */
    struct str from;  /* what follows "from:" */
};

struct story_error {
    int line;                   /* 1…; 0: the whole file */
    char text[STORY_ERROR_CAP]; /* what is wrong and what was expected, without a file's name */
};

/* 0, or DX_E_FORMAT, DX_E_RANGE, DX_E_SPACE with *ret_error; *ret_story is not to be used then. */
DX_MUST_USE int story_parse(struct str text, struct story *ret_story,
                            struct story_error *ret_error);

/* "90s", "2h30m", "500ms", "1d": what a time is, and how it is written again. */
DX_MUST_USE int story_time_parse(struct str text, int64_t *ret_ms);
void story_time_write(struct out *out, int64_t ms);

const char *story_verb_pattern(enum story_verb verb);
const char *story_verb_sentence(enum story_verb verb);
/* Every clause, as the reference page has it: rows of a table in Markdown. */
void story_write_words(struct out *out);
static inline bool story_has(const struct story_clause *clause, enum story_option option)
{
    return (clause->options & 1u << option) != 0;
}

#endif
