/*
 * query_places.h - lots and their free places for everybody: no vehicle, no person, no money.
 *
 * How a number came about is said beside it: "counted" (all gates of the lot are on line),
 * "derived" (a gate is away, or people corrected the count: the last word of each), "closed" (no
 * gate of the lot has been heard for a day, or none ever).  heard_ms is the freshness.
 */
#ifndef DOXE_SERVER_QUERY_PLACES_H
#define DOXE_SERVER_QUERY_PLACES_H

#include "proto/base/time.h"
#include "proto/io/db.h"
#include "proto/vehicle.h"

/* A class of a lot; only classes with stated places.  Texts are valid during the call. */
struct place {
    const char *lot, *name, *operator_name, *address, *ward, *method;
    bool has_place;
    int64_t lat_e6, lon_e6;
    enum vehicle vehicle;
    int64_t capacity, occupied;
    int64_t heard_ms; /* last word of any gate; 0 never */
};

DX_MUST_USE int query_places(struct db *db, wall_t now,
                             void (*take)(void *context, const struct place *place), void *context);

#endif
