/*
 * html.h - markup written so that what comes from outside can only ever be text.
 *
 *     html(h, "<td class=\"num\">%m</td><td>%s</td>", fee_vnd, plate);
 *
 * The format is a constant of the program; every argument is escaped on its way
 * in, whatever it holds: a plate or a bank's text "<script>" comes out as text.
 * Attributes are always written in double quotes in the format.
 *
 *     %s const char * (NULL: nothing)   %S struct str      %t enum text, in the page's language
 *     %i int    %l int64_t              %m int64_t đồng, grouped as the language does it
 *     %d int64_t ms: time and date      %h int64_t ms: time of day, with seconds
 *     %D int64_t ms: date
 *     %r const char *: markup of our own, put in as it is    %% a percent sign
 *
 * The writer has a fixed space and remembers when it did not fit (html_failed).
 */
#ifndef DOXE_SERVER_HTML_H
#define DOXE_SERVER_HTML_H

#include "proto/base/out.h"
#include "server/web/texts.h"

struct html {
    struct out out;
    enum language language;
};

void html_init(struct html *h, char *space, size_t cap, enum language language);
void html(struct html *h, const char *format, ...);
/* Escaped text. */
void html_text(struct html *h, struct str text);
/* Markup that another trusted writer made: an SVG of our own. */
void html_markup(struct html *h, struct str markup);
bool html_failed(const struct html *h);

/* "93,1 %" or "93.1 %" of per mille; "–" for less than 0. */
void html_permille(struct html *h, int64_t permille);
/* "1.234" or "1,234". */
void html_count(struct html *h, int64_t count);

#endif
