/*
 * store_pass.h - passes in the database; a part of the port store.h, with its errors and its rule
 * of one writer.  Reading works with a reader too.
 */
#ifndef DOXE_SERVER_STORE_PASS_H
#define DOXE_SERVER_STORE_PASS_H

#include "server/core/pass.h"
#include "server/store/store.h"

struct store_pass {
    char id[ULID_CAP];
    char lot[MSG_NAME_CAP];     /* whose operator is paid */
    char name[TARIFF_NAME_CAP]; /* passes[].name of the lot's tariff */
    enum vehicle vehicle;
    int quota;
    char holder[PASS_HOLDER_CAP];
    wall_t made;
    char by[MSG_NAME_CAP];
};
/* DX_E_EXISTS. */
DX_MUST_USE int store_add_pass(struct store *store, const struct store_pass *pass);
/* DX_E_NOT_FOUND. */
DX_MUST_USE int store_get_pass(struct store *store, const char *id, struct store_pass *ret_pass);
DX_MUST_USE int store_add_pass_lot(struct store *store, const char *pass, const char *lot);
/* DX_E_EXISTS: on it already; DX_E_NOT_FOUND: not on it. */
DX_MUST_USE int store_add_pass_plate(struct store *store, const char *pass, const char *plate,
                                     wall_t from, const char *by);
DX_MUST_USE int store_end_pass_plate(struct store *store, const char *pass, const char *plate,
                                     wall_t until);
/* DX_E_EXISTS: suspended already; DX_E_NOT_FOUND: it is not. */
DX_MUST_USE int store_add_pass_hold(struct store *store, const char *pass, wall_t from,
                                    const char *reason, const char *by);
DX_MUST_USE int store_end_pass_hold(struct store *store, const char *pass, wall_t until);
/* A note of the change; its number is the version of all passes. */
DX_MUST_USE int store_add_pass_change(struct store *store, const char *pass, const char *what,
                                      wall_t at, const char *by);

struct store_period {
    struct pass_period period;
    wall_t made;
    char by[MSG_NAME_CAP];
    char code[PAYCODE_CAP], token[TOKEN_CAP];
};
DX_MUST_USE int store_add_period(struct store *store, const struct store_period *row);
/* What was paid, from when it covers, how many months were earned. */
DX_MUST_USE int store_put_period(struct store *store, const struct pass_period *period);
/* DX_E_NOT_FOUND. */
DX_MUST_USE int store_get_period_by_code(struct store *store, const char *code,
                                         struct store_period *ret_row);
DX_MUST_USE int store_get_period_by_token(struct store *store, struct str token,
                                          struct store_period *ret_row);
/* The end of the last period, paid or not; 0 ms when there is none. */
DX_MUST_USE int store_get_pass_end(struct store *store, const char *pass, wall_t *ret_until);
/* An unpaid period of this pass that has not ended.  DX_E_NOT_FOUND. */
DX_MUST_USE int store_find_unpaid_period(struct store *store, const char *pass, wall_t now,
                                         struct store_period *ret_row);
/* A paid period with a month that has begun and is not revenue yet.  DX_E_NOT_FOUND. */
DX_MUST_USE int store_find_earning(struct store *store, wall_t now, struct pass_period *ret_period);

/* ---- use ---- */

/* Passes of this lot with this plate and class, that had or have it; oldest first. */
DX_MUST_USE int store_find_passes(struct store *store, const char *lot, const char *plate,
                                  enum vehicle vehicle, struct store_pass *ret_passes, int max,
                                  int *ret_count);
/* The plate's: NULL takes every plate as on the pass for ever. */
DX_MUST_USE int store_get_pass_facts(struct store *store, const char *pass, const char *plate,
                                     struct pass_facts *ret_facts);
/* Other stays with a place of this pass that overlap with [from, until). */
DX_MUST_USE int store_count_pass_uses(struct store *store, const char *pass, const char *session,
                                      struct tariff_span span, int *ret_count);
/* The pass whose place this stay has; "" none. */
DX_MUST_USE int store_get_pass_use(struct store *store, const char *session,
                                   char ret_pass[ULID_CAP]);
/* The same again is fine. */
DX_MUST_USE int store_add_pass_use(struct store *store, const char *session, const char *pass,
                                   wall_t now);

/* ---- for gates ---- */

enum { STORE_PASS_SPANS_MAX = 4 };
struct store_pass_row {
    char id[ULID_CAP];
    char name[TARIFF_NAME_CAP];
    enum vehicle vehicle;
    int quota;
    int span_count;
    struct tariff_span span[STORE_PASS_SPANS_MAX]; /* valid then, suspensions taken out */
    int plate_count;
    char plate[PASS_PLATES_MAX][PLATE_CANONICAL_CAP];
};
/* Every pass of the lot that is valid now or begins within 32 days. */
DX_MUST_USE int store_lot_passes(struct store *store, const char *lot, wall_t now,
                                 void (*take)(void *context, const struct store_pass_row *row),
                                 void *context);
/* Grows with every change of any pass. */
DX_MUST_USE int store_get_pass_version(struct store *store, int64_t *ret_version);

#endif
