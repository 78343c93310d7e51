/*
 * store_offline.h - what gates keep of their lot, and what they decided without the server; a part
 * of the port store.h, with its errors and its rule of one writer.
 */
#ifndef DOXE_SERVER_STORE_OFFLINE_H
#define DOXE_SERVER_STORE_OFFLINE_H

#include "proto/lot.h"
#include "server/store/store.h"

/* ---- lists ---- */

struct store_listed {
    const char *lot, *reason, *by;
    struct lot_entry entry;
};
/* DX_E_EXISTS: on it already. */
DX_MUST_USE int store_list_add(struct store *store, const struct store_listed *row, wall_t now);
/* DX_E_NOT_FOUND. */
DX_MUST_USE int store_list_remove(struct store *store, const struct store_listed *row, wall_t now);
DX_MUST_USE int store_list_each(struct store *store, const char *lot, void *context,
                                void (*take)(void *context, const struct lot_entry *entry));
DX_MUST_USE int store_list_version(struct store *store, int64_t *ret_version);
/* Does the subject owe nothing in this lot at this time? */
DX_MUST_USE int store_is_exempt(struct store *store, const char *lot, const struct subject *subject,
                                wall_t at, bool *ret_exempt);

/* ---- what gates are told ---- */

/* The version that this content has; another content than before is a higher one. */
DX_MUST_USE int store_config_version(struct store *store, const char *lot, const char *content,
                                     int64_t *ret_version);
/* Open stays of one part. */
DX_MUST_USE int store_inside_each(struct store *store, const char *lot, int bucket, void *context,
                                  void (*take)(void *context, const struct lot_stay *stay));

/* ---- what gates decided ---- */

struct store_offline_quote {
    const struct event *event; /* QUOTED */
    const char *lot;
    const char *session;
    wall_t at;
    wall_t received;
    int64_t server_fee_vnd;
    wall_t server_entered;
    const char *server_tariff; /* digest */
    const char *difference;
};
/* The same event again is fine. */
DX_MUST_USE int store_add_offline_quote(struct store *store, const struct store_offline_quote *row);
/* The gate's own code for a stay.  DX_E_EXISTS: the code is another's. */
DX_MUST_USE int store_add_session_code(struct store *store, const char *code, const char *session,
                                       const char *event);
/* A transfer in suspense with this code that no stay has got.  DX_E_NOT_FOUND. */
DX_MUST_USE int store_find_code_credit(struct store *store, const char *code, char ret_id[ULID_CAP],
                                       int64_t *ret_amount_vnd);

/* The generation that this event is stored under; 0: it is not. */
DX_MUST_USE int store_event_generation(struct store *store, const char *id,
                                       int64_t *ret_generation);

/* ---- clocks ---- */

/* Arrived, entered, asked alone. */
DX_MUST_USE int store_put_session_times(struct store *store, const struct session *session,
                                        wall_t now);

/* Events of this gate, generation and boot with an unset clock, not corrected yet. */
struct store_undated {
    char id[ULID_CAP];
    char type[33];
    char session[ULID_CAP];
    wall_t said, received;
    mono_t mono;
};
DX_MUST_USE int store_next_undated(struct store *store, const char *gate, int64_t generation,
                                   int64_t boot, int64_t before_seq,
                                   struct store_undated *ret_event);
DX_MUST_USE int store_add_event_time(struct store *store, const struct store_undated *event,
                                     wall_t corrected, const char *cause);

#endif
