/*
 * store_etc.h - traffic accounts: links, charges, refunds, settlement files.  server/core/etc.h
 * decides.
 *
 * Writing is inside store_begin … store_commit.  Errors as store.h.
 */
#ifndef DOXE_SERVER_STORE_ETC_H
#define DOXE_SERVER_STORE_ETC_H

#include "server/core/etc.h"
#include "server/store/store.h"

struct etc_link {
    char id[ULID_CAP];
    char plate[41];
    enum vehicle vehicle;
    char provider[ETC_PROVIDER_CAP], tag[ETC_TAG_CAP];
    wall_t opened, closed; /* closed 0: open */
    char opened_by[MSG_NAME_CAP];
};
/* DX_E_EXISTS: the vehicle has an open link (one vehicle, one account). */
DX_MUST_USE int store_add_etc_link(struct store *store, const struct etc_link *link);
/* DX_E_NOT_FOUND: there is no open one. */
DX_MUST_USE int store_close_etc_link(struct store *store, const char *plate, enum vehicle vehicle,
                                     const char *by, wall_t now);
DX_MUST_USE int store_find_etc_link(struct store *store, const char *plate, enum vehicle vehicle,
                                    struct etc_link *ret_link);
DX_MUST_USE int store_list_etc_links(struct store *store,
                                     int (*take)(void *context, const struct etc_link *link),
                                     void *context);

/* DX_E_EXISTS: the session has one on its way. */
DX_MUST_USE int store_add_etc_charge(struct store *store, const struct etc_charge *charge);
DX_MUST_USE int store_get_etc_charge(struct store *store, const char *id,
                                     struct etc_charge *ret_charge);
/* The one that is due first.  DX_E_NOT_FOUND. */
DX_MUST_USE int store_due_etc_charge(struct store *store, wall_t now,
                                     struct etc_charge *ret_charge);
DX_MUST_USE int store_put_etc_charge(struct store *store, const struct etc_charge *charge,
                                     wall_t captured);

struct etc_refund {
    char id[ULID_CAP];
    char charge[ULID_CAP];
    int64_t amount_vnd;
    char state[12]; /* requested unknown done refused */
    char reference[ETC_REFERENCE_CAP];
    wall_t made, next;
    int64_t attempts;
    char answer[ETC_ANSWER_CAP];
};
DX_MUST_USE int store_add_etc_refund(struct store *store, const struct etc_refund *refund);
DX_MUST_USE int store_get_etc_refund(struct store *store, const char *id,
                                     struct etc_refund *ret_refund);
DX_MUST_USE int store_due_etc_refund(struct store *store, wall_t now,
                                     struct etc_refund *ret_refund);
DX_MUST_USE int store_put_etc_refund(struct store *store, const struct etc_refund *refund);

/* ---- settlement files ---- */

struct etc_settlement {
    char digest[65];
    const char *provider, *operator_id, *file, *by;
    int64_t rows, open_rows;
};
struct etc_row {
    int64_t line;
    const char *kind; /* capture refund fee payout */
    const char *reference;
    int64_t amount_vnd;
    wall_t at;
    const char *verdict;
};
/* DX_E_EXISTS: the same file was imported before. */
DX_MUST_USE int store_add_settlement(struct store *store, const struct etc_settlement *settlement,
                                     wall_t now);
DX_MUST_USE int store_add_settlement_row(struct store *store, const char *digest,
                                         const struct etc_row *row);
/* What we have of this reference: *ret_vnd and whether it stood in a file; DX_E_NOT_FOUND. */
DX_MUST_USE int store_find_settled(struct store *store, const char *provider, const char *kind,
                                   const char *reference, int64_t *ret_vnd, bool *ret_settled);
DX_MUST_USE int store_mark_settled(struct store *store, const char *provider, const char *kind,
                                   const char *reference, const char *digest);
/*
 * A payout that waits for its transfer: of this operator and amount, whose reference stands in
 * the content (letters and digits only).  DX_E_NOT_FOUND.
 */
DX_MUST_USE int store_find_payout(struct store *store, const char *operator_id, int64_t amount_vnd,
                                  const char *content, char *ret_reference, size_t cap);
DX_MUST_USE int store_pay_payout(struct store *store, const char *operator_id,
                                 const char *reference, const char *credit);

#endif
