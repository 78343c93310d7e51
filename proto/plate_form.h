/*
 * plate_form.h - the table of plate forms and the matching of a text against it.
 *
 * Private to plate.c, plate_text.c, plate_form.c and plate_suggest.c.
 *
 * A form is a template.  Its symbols:
 *     p  a digit of the province (two of them, and a province that exists)
 *     l  a civil series letter      n  1 to 9      d  0 to 9
 *     a  the first letter of an army prefix        z  any letter
 *     @  D or Đ, shown as Đ         #  Đ, and only when the text says so
 *     A to Z                        that letter
 *     - . and blank                 a break of the layout, shown
 *     ,                             a break that some write and that is not shown
 */
#ifndef DOXE_PLATE_FORM_H
#define DOXE_PLATE_FORM_H

#include "proto/plate.h"

/* How two neighbours of the text were kept apart. */
enum plate_break {
    PLATE_BREAK_DASH = 1,
    PLATE_BREAK_DOT = 2,
    PLATE_BREAK_BLANK = 4,
    PLATE_BREAK_LINE = 8
};

/* A raw text, reduced to what can be on a plate. */
struct plate_text {
    char c[PLATE_CANONICAL_CAP];               /* 0 to 9, A to Z; ends with NUL */
    int n;                                     /* 0 … PLATE_CANONICAL_CAP - 1 */
    bool stroke[PLATE_CANONICAL_CAP];          /* c[i] is D and was Đ */
    unsigned char before[PLATE_CANONICAL_CAP]; /* enum plate_break bits between c[i - 1] and c[i] */
    bool broken;                               /* any break between two characters */
};

struct plate_form {
    enum plate_kind kind;
    const char *template;
    enum vehicle usual; /* the class that a hint finds first */
    bool both;          /* the other class may carry it too */
    bool one_line;      /* is there a plate of this form on one line? */
    unsigned colours;   /* bits of enum plate_colour */
};

/* 0, or DX_E_NOT_FOUND (no plate in it) or DX_E_FORMAT with the fault. */
int plate_text_read(struct str raw, struct plate_text *ret_text, struct plate_fault *ret_fault);

/* The table; *ret_count rows. */
const struct plate_form *plate_forms(int *ret_count);
/* Characters of the template that are not breaks, in order, with a NUL; into PLATE_CANONICAL_CAP
 * bytes. */
void plate_form_symbols(const struct plate_form *form, char *out);
bool plate_form_matches(const struct plate_form *form, const struct plate_text *text);
/* May a plate of this form, with this text, have that background? */
bool plate_form_allows_colour(const struct plate_form *form, const struct plate_text *text,
                              enum plate_colour colour);
/* Do all breaks of the text lie where the form has them?  `strict`: and are of the right sort. */
bool plate_form_fits_breaks(const struct plate_form *form, const struct plate_text *text,
                            bool strict);
/* "29-MĐ1 123.45" into PLATE_DISPLAY_CAP bytes. */
void plate_form_display(const struct plate_form *form, const struct plate_text *text, char *out);
/* Does one character fit one symbol (other than 'p' being a real province)? */
bool plate_symbol_fits(char symbol, char c, bool stroke);
bool plate_army_prefix_is_listed(const char *two_letters);

/* Why a text matches no form. */
struct plate_fault plate_form_explain(const struct plate_text *text);

#endif
