/*
 * store_tariff.h - tariffs that were published by people, beside those of the configuration; a part
 * of the port store.h, with its errors and its rule of one writer.  Append-only.
 */
#ifndef DOXE_SERVER_STORE_TARIFF_H
#define DOXE_SERVER_STORE_TARIFF_H

#include "proto/vehicle.h"
#include "server/store/store.h"

/* One publication: this text prices these vehicles in this lot. */
struct store_tariff {
    const char *lot;
    enum vehicle vehicle;
    const char *name; /* of the tariff */
    wall_t from;      /* the first instant that is priced otherwise than before */
    const char *by;
    struct str text; /* the file */
};
DX_MUST_USE int store_add_tariff(struct store *store, const struct store_tariff *row, wall_t now);
/* Grows with every publication; 0: there is none. */
DX_MUST_USE int store_tariff_version(struct store *store, int64_t *ret_version);
/* The last publication of each lot and class, of those after version `after`. */
DX_MUST_USE int store_tariff_each(struct store *store, int64_t after, void *context,
                                  int (*take)(void *context, const struct store_tariff *row));

#endif
