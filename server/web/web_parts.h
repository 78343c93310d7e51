/* web_parts.h - what the files of server/web share and nobody else sees. */
#ifndef DOXE_SERVER_WEB_PARTS_H
#define DOXE_SERVER_WEB_PARTS_H

#include "proto/banks.h"
#include "proto/io/db.h"
#include "proto/io/http_srv.h"
#include "proto/io/web_files.h"
#include "server/api/auth.h"
#include "server/api/routes.h"
#include "server/app/place.h"
#include "server/office/office_jobs.h"
#include "server/store/query_city.h"
#include "server/web/html.h"
#include "server/web/live.h"
#include "server/web/page.h"
#include "server/web/web.h"

enum {
    WEB_SPACE = 1 << 20, /* for one answer's text */
    WEB_BODY_MAX = 64 * 1024,
    WEB_UNKNOWN_FREE = 20, /* unknown tokens of one address before it has to wait */
    WEB_UNKNOWN_WAIT_MS = 60 * 1000,
    WEB_FEED_FREE = 60, /* of the feed at once; then one a second */
    WEB_PASS_ORDERS_FREE = 10, /* asked for by one address before it has to wait */
    WEB_FIND_FREE = 8,         /* stays not found by one address, or of one plate */
    WEB_FIND_WAIT_MS = 60 * 1000,
    WEB_FIND_WAIT_MS_MAX = 15 * 60 * 1000,
    WEB_FIND_FORGET_MS = 10 * 60 * 1000
};

/* What stands behind `quiet` belongs to the HTTP thread. */
struct web {
    struct web_config config;
    struct http_srv *srv;
    struct live *live;
    pthread_mutex_t lock; /* of quiet, between the writer and web_quiet */
    bool quiet;
    struct db *db;
    struct files *files;
    struct bank_list *banks;
    struct bank_app_list apps;
    struct auth *auth;
    struct limiter unknown_tokens;
    struct limiter pass_orders;
    struct limiter feed;
    struct limiter find_tries, find_plates; /* web_lot.c */
    struct app_quote quote;
    struct city_day city;
    struct office office; /* jobs NULL: there is none */
    char *space;
    char *qr;
};

/* One request on its way. */
struct visit {
    struct web *web;
    const struct http_request *request;
    struct http_response *response;
    enum route_id route;
    struct str segment;
    enum language language;
    const struct auth_user *user;
    char address[64]; /* of the client, behind a proxy as the proxy says */
    wall_t now;
    mono_t mono;
};

/* A whole page, or only its part, around what was written; a page of its own when that failed. */
void web_answer_page(struct visit *visit, int status, const struct page_frame *frame,
                     void (*write)(struct visit *visit, struct html *h));
void web_answer_message(struct visit *visit, int status, enum text title, enum text hint);

/* The routes of pages: web_pages.c */
void web_driver(struct visit *visit);
/* A token that nobody has: 404, or 429 when this address has asked for many. */
void web_answer_unknown_token(struct visit *visit);
void web_operator(struct visit *visit);
void web_city(struct visit *visit);
void web_index(struct visit *visit);
/* web_pass.c */
void web_pass(struct visit *visit);
/* Money that waits for people, and the driver's side of a refund: web_money.c */
void web_money(struct visit *visit);
/* Behind the driver's part: debts of earlier stays, money that goes back. */
void web_money_driver(struct visit *visit, struct html *h, const struct session_row *session);
void web_refund(struct visit *visit);
/* web_office.c */
DX_MUST_USE int web_office_open(struct web *web);
void web_office_close(struct web *web);
void web_office(struct visit *visit);
struct api;
/* False: another route. */
bool web_office_api(struct visit *visit, const struct api *api);
/* Files of accountants are larger than any other body. */
bool web_may_be_large(void *context, const struct http_request *head);
/* web_lot.c */
void web_lot(struct visit *visit);
void web_api_find(struct visit *visit);
void web_lot_sheet(struct visit *visit);
/* web_feedback.c */
void web_feedback(struct visit *visit);
/* web_receipt.c */
void web_receipt(struct visit *visit);
void web_verify(struct visit *visit);

#endif
