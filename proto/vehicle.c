#include "proto/vehicle.h"

#include "proto/base/check.h"

static const struct {
    const char *text, *vi;
} rows[] = {
#define X(name, text, vi) {text, vi},
    VEHICLES(X)
#undef X
};

const char *vehicle_text(enum vehicle vehicle)
{
    must(vehicle < VEHICLE_COUNT);
    return rows[vehicle].text;
}

const char *vehicle_text_vi(enum vehicle vehicle)
{
    must(vehicle < VEHICLE_COUNT);
    return rows[vehicle].vi;
}

int vehicle_parse(struct str text, enum vehicle *ret_vehicle)
{
    if (text.n == 0) {
        *ret_vehicle = VEHICLE_UNKNOWN;
        return 0;
    }
    for (int i = 0; i < VEHICLE_COUNT; i++) {
        if (str_eq_c(text, rows[i].text)) {
            *ret_vehicle = (enum vehicle)i;
            return 0;
        }
    }
    return DX_E_NOT_FOUND;
}
