/*
 * vehicle.h - classes of vehicles, as tariffs and plates know them.
 *
 * An electric bicycle or motorbike is priced like a bicycle or motorbike
 * (Decision 44/2017/QĐ-UBND of Hanoi), and so has no class of its own here.
 */
#ifndef DOXE_VEHICLE_H
#define DOXE_VEHICLE_H

#include "proto/base/str.h"

#define VEHICLES(X)                     \
    X(UNKNOWN, "unknown", "chưa rõ")    \
    X(CAR, "car", "ô tô")               \
    X(MOTORBIKE, "motorbike", "xe máy") \
    X(BICYCLE, "bicycle", "xe đạp")

enum vehicle {
#define X(name, text, vi) VEHICLE_##name,
    VEHICLES(X)
#undef X
        VEHICLE_COUNT
};

/* "car"; the name in messages, tariffs and on the command line. */
const char *vehicle_text(enum vehicle vehicle);
const char *vehicle_text_vi(enum vehicle vehicle);
/* DX_E_NOT_FOUND for another word; "unknown" and "" give VEHICLE_UNKNOWN. */
DX_MUST_USE int vehicle_parse(struct str text, enum vehicle *ret_vehicle);

#endif
