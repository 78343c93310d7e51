/*
 * identity_text.h - a scanned text made readable: what scanners add, replace and lose.
 *
 * Private to identity.c, identity_card.c and identity_text.c, and to their test, which looks
 * whether the working space was wiped.
 */
#ifndef DOXE_IDENTITY_TEXT_H
#define DOXE_IDENTITY_TEXT_H

#include "proto/identity.h"

enum {
    IDENTITY_SPLIT_MAX = 2 * IDENTITY_PARTS_MAX + 2, /* two cards in one text, and one more */
    IDENTITY_LINES_MAX = 8
};

/* A card as found: everything points into a struct identity_work. */
struct identity_card {
    struct str number;
    int parts;
    unsigned warnings;
    unsigned faults;
};

/* All working copies of one call.  Wiped before the call returns. */
struct identity_work {
    char text[IDENTITY_TEXT_MAX];    /* without control bytes; lines stay */
    char joined[IDENTITY_TEXT_MAX];  /* the lines as one */
    char decoded[IDENTITY_TEXT_MAX]; /* one line with %XX, &#…; or a hex dump undone */
    struct str line[IDENTITY_LINES_MAX];
    int line_count;
    struct str part[IDENTITY_SPLIT_MAX];
    int part_count;
    struct identity_card card;
};

/* ---- identity_text.c ---- */

/*
 * Copy `bytes` (at most IDENTITY_TEXT_MAX) into work->text and list its lines, without what
 * stands around a code: blanks, byte order mark, STX and ETX, an AIM identifier.  Further
 * lines beyond IDENTITY_LINES_MAX are left out.
 */
void identity_text_lines(struct identity_work *work, struct str bytes, unsigned *faults);
/* The lines as one, in work->joined. */
struct str identity_text_join(struct identity_work *work);
/*
 * A line with a hex dump, or with %XX and character references, undone: *ret_line is in
 * work->decoded.  False, and nothing set, when there is nothing to undo.
 */
bool identity_text_decode(struct identity_work *work, struct str line, struct str *ret_line,
                          unsigned *faults);
/* The faults that can be seen in a person's words (name, sex, address). */
unsigned identity_text_word_faults(struct str words);

enum identity_sex { IDENTITY_SEX_UNKNOWN, IDENTITY_SEX_MALE, IDENTITY_SEX_FEMALE };
/* "Nam", "Nữ" and what scanners make of it: Nu, N?, N, Ná»¯, N022501870175, N%E1%BB%AF, N&#7919; */
enum identity_sex identity_text_sex(struct str part);

/* ---- identity_card.c ---- */

/*
 * Read a card from one line into work->card.  0, or DX_E_FORMAT with why and where.
 * With '|' it is split; without, it is found by its pattern: 12 digits, a date, the sex, a date.
 */
int identity_card_read(struct identity_work *work, struct str line, wall_t now,
                       const char **ret_why, const char **ret_where);

/* ---- identity.c: identity_read with the working space of the caller, who looks at it afterwards
 * ---- */
int identity_read_in(struct identity_work *work, struct str bytes, struct str hmac_key, wall_t now,
                     struct identity *ret_identity);

#endif
