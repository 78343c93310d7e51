/*
 * pass.h - what people ask about passes and cash on its way: one request struct, one script.
 *
 * From the pages through app_pass(); from a terminal, beside a running server, by
 * desk_pass() in a transaction of its own.  Everything is checked here.
 */
#ifndef DOXE_SERVER_APP_PASS_H
#define DOXE_SERVER_APP_PASS_H

#include "proto/vietqr.h"
#include "server/core/pass.h"

#define PASS_ORDERS(X)                                                                             \
    X(ADD, "add", "a new pass: lot, name, vehicle, plates, quota, months, lots, holder, from")     \
    X(BUY, "buy", "by a driver: renews the pass of this lot, name, class and plate, or makes one") \
    X(RENEW, "renew", "more months for a pass")                                                    \
    X(SUSPEND, "suspend", "from now on it covers nothing; reason")                                 \
    X(RESUME, "resume", "the suspension ends now")                                                 \
    X(PLATE_ON, "plate_on", "a plate more, from now on")                                           \
    X(PLATE_OFF, "plate_off", "a plate less, from now on")                                         \
    X(HAND_IN, "hand_in", "cash out of a shift's drawer into the operator's safe")                 \
    X(BANK, "bank", "cash out of the safe, on its way to the bank; gives the slip's pay code")

enum pass_order_kind {
#define X(name, word, sentence) PASS_ORDER_##name,
    PASS_ORDERS(X)
#undef X
        PASS_ORDER_COUNT
};

struct pass_order {
    enum pass_order_kind kind;
    char by[MSG_NAME_CAP]; /* not empty */
    char pass[ULID_CAP];   /* RENEW and what follows it */
    char lot[MSG_NAME_CAP];
    char name[TARIFF_NAME_CAP];
    enum vehicle vehicle;
    int plate_count, lot_count;
    char plate[PASS_PLATES_MAX][PLATE_CANONICAL_CAP]; /* canonical */
    char lots[PASS_LOTS_MAX][MSG_NAME_CAP];           /* besides `lot` */
    int quota, months;
    char holder[PASS_HOLDER_CAP], reason[MSG_TEXT_CAP];
    wall_t from;          /* ADD: a day; 0: today */
    char shift[ULID_CAP]; /* HAND_IN */
    int64_t amount_vnd;   /* HAND_IN, BANK */
    /* out: ADD, BUY, RENEW: the period to be paid; BANK: code */
    char ret_pass[ULID_CAP], ret_token[TOKEN_CAP], ret_code[PAYCODE_CAP];
    int64_t ret_price_vnd;
    wall_t ret_from, ret_until;
};

struct desk;
/*
 * In a transaction of the desk.  DX_E_NOT_FOUND: no such lot, pass, shift, plate, or no such
 * name in the lot's tariff; DX_E_INVAL: an amount, number or text is missing or out of range;
 * DX_E_EXISTS: is so already; DX_E_FULL: too many plates.
 */
DX_MUST_USE int desk_pass(struct desk *desk, struct pass_order *order);

struct app;
/* Waits for the writer; besides the above DX_E_TIMEOUT, DX_E_FULL. */
DX_MUST_USE int app_pass(struct app *app, struct pass_order *order);

/* ---- for pages ---- */

/* A pass that can be bought now; texts are the configuration's. */
struct app_pass_offer {
    const char *lot, *lot_name;
    enum vehicle vehicle;
    const char *name, *vi, *en;
    int64_t month_vnd;
};
void app_pass_offers(struct app *app, wall_t now,
                     void (*take)(void *context, const struct app_pass_offer *offer),
                     void *context);

/* One period, named by the token of its page.  No plate and no holder: whoever has the link pays.
 */
struct app_pass_page {
    struct pass_period period;
    enum vehicle vehicle;
    int quota;
    char name[TARIFF_NAME_CAP];
    char code[PAYCODE_CAP], payload[VIETQR_PAYLOAD_CAP]; /* payload "" when it is paid */
    const char *lot_name, *bin, *account, *account_name;
};
/* Any thread.  DX_E_NOT_FOUND. */
DX_MUST_USE int app_pass_page(struct app *app, struct str token, struct app_pass_page *ret_page);

/* ---- for scripts ---- */

struct store;
struct app_lot;
/*
 * The pass that this stay is covered by, into terms->pass…: the one whose place it has, else the
 * first with a place free.  Reads only.
 */
DX_MUST_USE int pass_terms(struct store *store, const struct app_lot *lot,
                           const struct session *session, wall_t now, struct payment_terms *terms);
/* The stay takes the place that pass_terms found, as far as the pass has begun. */
DX_MUST_USE int pass_claim(struct desk *desk, const struct session *session,
                           const struct payment_terms *terms);
/*
 * A transfer whose code is no stay's: of a period of a pass, or of cash on its way to the
 * bank?  Then `decision` (unmatched until now) becomes its own.  `id`: the credit's.
 */
DX_MUST_USE int on_request_credit(struct desk *desk, const struct app_lot *account_lot,
                                  const struct bank_credit *credit, const char *id,
                                  const char *code, struct payment_decision *decision);
/* Months of passes that have begun become revenue. */
DX_MUST_USE int on_earn(struct desk *desk);

#endif
