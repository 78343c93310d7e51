/*
 * page.h - the pages: each function writes markup for data that is there already.
 *
 * A page is a frame (head, header, footer) around a part.  The part is also an
 * address of its own: when the server says that something changed, the page asks
 * for the part again and takes over what differs.  So there is one rendering of
 * everything, on the server, and a page is complete without JavaScript.
 */
#ifndef DOXE_SERVER_PAGE_H
#define DOXE_SERVER_PAGE_H

#include "proto/bank_apps.h"
#include "proto/banks.h"
#include "server/app/app.h"
#include "server/app/pass.h"
#include "server/store/query_city.h"
#include "server/store/query_event.h"
#include "server/store/query_feedback.h"
#include "server/store/query_lane.h"
#include "server/store/query_pass.h"
#include "server/store/query_receipt.h"
#include "server/store/query_session.h"
#include "server/web/html.h"
#include "server/web/lane_code.h"

/* What stands around a part.  Texts are trusted to be our own paths and words. */
struct page_frame {
    enum text title;
    const char *style;    /* class of the body */
    const char *path;     /* of this page, for the language switch */
    const char *part;     /* path of its part; NULL: the page does not change */
    const char *events;   /* path of its stream */
    const char *script;   /* file below /assets/; NULL: none */
    bool chart;           /* Chart.js as well */
    int refresh_s;        /* without JavaScript: load again so often; 0: never */
    const char *subtitle; /* escaped here; NULL: none */
};
void page_begin(struct html *h, const struct page_frame *frame);
void page_end(struct html *h, const struct page_frame *frame);

/* ---- for drivers: page_driver.c ---- */

struct driver_view {
    const struct session_row *session;
    const struct session_lot *lot;
    const char *bank_name;         /* "" when not known: the BIN is shown */
    const struct app_quote *quote; /* NULL: could not be made now */
    wall_t now;
    struct str qr_svg;                /* empty when nothing is due */
    const struct app_lot *place;      /* for its price list; NULL: not shown */
    const struct bank_app_list *apps; /* NULL: no links */
    const struct feedback *feedback;  /* NULL: could not be read now */
    bool complaint_bad;               /* the form was sent without an amount */
};
/* Two columns; between the two calls the second one can be added to. */
void page_driver_begin(struct html *h, const struct driver_view *view);
void page_driver_end(struct html *h);

/* ---- price lists: page_tariff.c ---- */

/* What a class of vehicle is charged by the version in force; `set` NULL: nothing is published. */
void page_tariff_prices(struct html *h, const struct tariff_set *set, enum vehicle vehicle,
                        wall_t at);

/* ---- a lot's own page, behind the printed QR: page_lot.c ---- */

struct lot_form {
    char plate[PLATE_RAW_CAP];
    char entered[6];              /* "08:15" */
    char code[LANE_CODE_CAP + 8]; /* as it was typed */
    bool no_match;
};
void page_lot_part(struct html *h, const struct app_lot *lot, const struct lot_form *form,
                   wall_t now);
/* For a printer: the QR of the lot and of each exit lane, in Vietnamese and English. */
struct lot_sheet {
    const struct app_lot *lot;
    const char *address; /* of the page behind the QR, as a person would type it */
    const char *code;    /* of the lane; "" the lot's own sheet */
    const char *gate;
    int lane;
    struct str qr_svg;
};
void page_lot_sheet(struct html *h, const struct lot_sheet *sheet);

/* ---- money that waits for people: page_money.c ---- */

struct money_view {
    struct db *db;
    const struct bank_list *banks; /* NULL: BINs are shown */
    const uint8_t *key;            /* NULL: no links, no accounts */
    wall_t now;
};
/* Reads and writes the whole part; 0 or an error of db.h. */
DX_MUST_USE int page_money_part(struct html *h, const struct money_view *view);
/* On the driver's page: debts of earlier stays, money that goes back. */
DX_MUST_USE int page_money_driver(struct html *h, const struct money_view *view,
                                  const struct session_row *session, bool may_ask);

enum refund_page { REFUND_PAGE_FORM, REFUND_PAGE_WRONG, REFUND_PAGE_DONE };
struct refund_view {
    enum refund_page page;
    const struct bank_list *banks;
    const char *link;
    int64_t amount_vnd;
    const char *code;
};
void page_refund_part(struct html *h, const struct refund_view *view);

/* ---- receipts: page_receipt.c ---- */

struct receipt_view {
    const struct session_row *session;
    const struct session_lot *lot;
    const struct receipt *receipt;
    const char *tax_code, *address; /* of the operator, "" unknown */
    const struct vat_rates *vat;    /* NULL: tax is not shown */
    const char *code;               /* of receipt_code.h */
    const char *public_url;
    struct str qr_svg;                 /* of the address where the code is checked */
    bool invoices;                     /* this operator issues them */
    const char *bad;                   /* the buyer's member that was not right; NULL none */
    const struct invoice_buyer *buyer; /* what was typed */
};
void page_receipt_part(struct html *h, const struct receipt_view *view);

/* `view` NULL: only the form; `tried`: a code was asked for and there is none. */
void page_verify_part(struct html *h, const struct receipt_view *view, bool tried);

/* ---- the console: page_operator.c ---- */

enum { CONSOLE_GATES_MAX = 50, CONSOLE_EVENTS = 25, CONSOLE_REVIEWS = 8, CONSOLE_QUARANTINE = 5 };

/* Reads and writes the whole part; 0 or an error of db.h. */
DX_MUST_USE int page_operator_part(struct html *h, struct db *db, wall_t now);

/* ---- the city: page_city.c ---- */

void page_city_part(struct html *h, const struct city_day *day, const char *city, wall_t now);

/* ---- passes and shifts: page_pass.c ---- */

/* What the form holds; `bad` names the field to look at again, NULL none. */
struct pass_form {
    char offer[MSG_NAME_CAP + TARIFF_NAME_CAP + 16]; /* lot|vehicle|name */
    char plate[PLATE_RAW_CAP];
    char months[4];
    const char *bad;
};
void page_pass_form(struct html *h, struct app *app, const struct pass_form *form, wall_t now);
void page_pass_part(struct html *h, const struct app_pass_page *page, const char *bank_name,
                    struct str qr_svg, wall_t now);
/* Read and write whole lists; 0 or an error of db.h. */
DX_MUST_USE int page_passes_part(struct html *h, struct db *db, wall_t now);
DX_MUST_USE int page_shifts_part(struct html *h, struct db *db);

/* ---- small ones: page_plain.c ---- */

void page_index_part(struct html *h, const char *city);
/* A title and a sentence: not found, busy, please log in. */
void page_message_part(struct html *h, enum text title, enum text hint);

#endif
