/*
 * page.h - the list of a provider: what is asked for, and a page of rows read.
 *
 *   SePay v1   GET /userapi/transactions/list, {"transactions": […]}; a wrong token is answered
 *              with 200 and an empty body
 *   SePay v2   GET /v2/transactions, {"data": […], "meta": {"pagination": {…}}}
 *   Casso      GET /v2/transactions, {"error": 0, "data": {"records": […], "nextPage": …}}
 *
 * Rows are handed out as canonical JSON, so that the same row has the same digest.
 * What a row says is bank.h's business.
 */
#ifndef DOXE_SERVER_BANK_PAGE_H
#define DOXE_SERVER_BANK_PAGE_H

#include "server/core/poll_plan.h"

enum { PAGE_TARGET_CAP = 320 };

/* "sepay" or "casso". */
const char *page_provider(enum poll_kind kind);
/* The provider's own address. */
const char *page_default_url(enum poll_kind kind);
/* Path and query of a question. */
void page_target(const struct poll_ask *ask, char out[PAGE_TARGET_CAP]);
/* The header with the token; `out` of `cap` bytes. */
void page_authorization(enum poll_kind kind, const char *token, char *out, size_t cap);

/*
 * Fills readable, count, last_id and more of *ret_answer.  `each` gets every row; an error of it
 * ends the reading and is returned.  DX_E_FORMAT: no page of this list.
 */
DX_MUST_USE int page_read(enum poll_kind kind, struct str body,
                          int (*each)(void *context, struct str row), void *context,
                          struct poll_answer *ret_answer);

#endif
