/*
 * page_office.h - the operator's office, a page for each list of query_office.h.
 *
 * The list is a table on the server; the forms beside it need scripts (office.js), since they send
 * files and wait for jobs.
 */
#ifndef DOXE_SERVER_PAGE_OFFICE_H
#define DOXE_SERVER_PAGE_OFFICE_H

#include "server/app/app.h"
#include "server/store/query_office.h"
#include "server/web/html.h"

struct office_view {
    struct db *db;
    const struct app_config *config;
    const char *scopes; /* as in query_office */
    const char *lot;    /* the filter, "" all */
    bool may_change;    /* the forms are shown */
    wall_t now;
};

enum text page_office_title(enum office_list list);
/* Reads and writes the whole part; 0 or an error of db.h. */
DX_MUST_USE int page_office_part(struct html *h, enum office_list list,
                                 const struct office_view *view);
/* The office's parts, for the head of each of its pages; `here` is the address of this one. */
void page_office_nav(struct html *h, const char *here);

#endif
