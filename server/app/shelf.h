/*
 * shelf.h - tariffs as they were published by people, in the places of those of the configuration.
 *
 * The shelf reads what the database has, once at the start and after each publication, whoever made
 * it, and puts it into the lots of the configuration.  Since a publication prices nothing before
 * its own day otherwise, it does not matter which of two quotes of today comes first.  Sets that
 * gave way stay in memory until the end: another thread may be pricing with one.
 */
#ifndef DOXE_SERVER_SHELF_H
#define DOXE_SERVER_SHELF_H

#include "server/app/desk.h"

struct shelf_set;

/* Puts in place what was published since the last look; the lots' gates are told then. */
DX_MUST_USE int shelf_look(struct desk *desk);
void shelf_fini(struct desk *desk);

/* ---- for the HTTP thread: order_tariff.c ---- */

enum { TARIFF_LOTS_MAX = 64, TARIFF_TEXT_MAX = 128 * 1024 };

/* A file for these lots and this class.  Everything is borrowed. */
struct app_tariff_order {
    struct str text;
    enum vehicle vehicle;
    int lot_count;
    const char *lot[TARIFF_LOTS_MAX];
    const char *by; /* not empty */
};
struct app_tariff_answer {
    wall_t from;     /* the first instant that is priced otherwise */
    const char *lot; /* a refusal: of which lot, or "" */
    char why[512];   /* a refusal, or where the file is wrong */
    char name[64];   /* of the tariff */
};
/*
 * For all these lots or for none.  DX_E_CONFIG: the file is wrong; DX_E_NOT_FOUND: a lot that is
 * not there, or no price for the class; DX_E_STATE: it would change what is in force; DX_E_EXISTS:
 * nothing differs; DX_E_INVAL; DX_E_TIMEOUT, DX_E_FULL: ask again.
 */
DX_MUST_USE int app_tariff_publish(struct app *app, const struct app_tariff_order *order,
                                   struct app_tariff_answer *ret_answer);
/* The same, and nothing is written. */
DX_MUST_USE int app_tariff_try(struct app *app, const struct app_tariff_order *order,
                               struct app_tariff_answer *ret_answer);

#endif
