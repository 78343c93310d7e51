/*
 * order_list.h - a person puts a vehicle on a lot's list, or takes it off: black (not let in, a
 * person is called), white (let in whatever a soft rule says), exempt (owes nothing).
 *
 * The gates have it within seconds and keep it when the line is cut (publish.h).  A row that is
 * taken off stays as history.
 */
#ifndef DOXE_SERVER_ORDER_LIST_H
#define DOXE_SERVER_ORDER_LIST_H

#include "proto/lot.h"
#include "server/app/app.h"

enum { LIST_REASON_CAP = 121 };

struct app_list_order {
    bool remove;
    char lot[MSG_NAME_CAP];
    struct lot_entry entry; /* kind PLATE, key canonical; vehicle UNKNOWN: of any class */
    char reason[LIST_REASON_CAP];
    char by[MSG_NAME_CAP]; /* not empty */
};
/*
 * DX_E_EXISTS: on it already; DX_E_NOT_FOUND: no such lot, or not on it; DX_E_INVAL; DX_E_FULL,
 * DX_E_TIMEOUT: ask again.
 */
DX_MUST_USE int app_list_change(struct app *app, const struct app_list_order *order);

#endif
