#include "server/store/query_places.h"

#include "server/store/query.h"

struct texts {
    char lot[40], name[124], operator_name[124], address[164], ward[64];
};

static const char *method_of(int64_t gates, int64_t online, int64_t corrected, int64_t heard_ms,
                             wall_t now)
{
    if (gates == 0 || heard_ms == 0 || now.ms - heard_ms > TIME_DAY_MS) {
        return "closed";
    }
    return online == gates && corrected == 0 ? "counted" : "derived";
}

static void take_class(struct db_row *row, const struct texts *t, enum vehicle vehicle, int column,
                       wall_t now, void (*take)(void *, const struct place *), void *context)
{
    int64_t occupied = db_i64(row, column + 1);
    const struct place place = {.lot = t->lot,
                                .name = t->name,
                                .operator_name = t->operator_name,
                                .address = t->address,
                                .ward = t->ward,
                                .has_place = !db_is_null(row, 5) && !db_is_null(row, 6),
                                .lat_e6 = query_number(row, 5),
                                .lon_e6 = query_number(row, 6),
                                .vehicle = vehicle,
                                .capacity = db_i64(row, column),
                                .occupied = occupied < 0 ? 0 : occupied,
                                .heard_ms = query_number(row, 9),
                                .method =
                                    method_of(db_i64(row, 7), db_i64(row, 8),
                                              db_i64(row, column + 2), query_number(row, 9), now)};
    if (place.capacity > 0) {
        take(context, &place);
    }
}

int query_places(struct db *db, wall_t now, void (*take)(void *context, const struct place *place),
                 void *context)
{
    struct db_row row;
    struct texts t;
    int error = db_query(
        db, &row,
        "SELECT l.id, l.name, o.name, l.address, l.ward, l.lat_e6, l.lon_e6,"
        " (SELECT count(*) FROM gate g WHERE g.lot = l.id),"
        " (SELECT count(*) FROM gate g WHERE g.lot = l.id AND g.online = 1),"
        " (SELECT max(seen_ms) FROM gate g WHERE g.lot = l.id),"
        " l.capacity_car, coalesce(c.stays + c.corrected, 0), coalesce(c.corrected, 0),"
        " l.capacity_motorbike, coalesce(m.stays + m.corrected, 0), coalesce(m.corrected, 0)"
        " FROM lot l JOIN operator o ON o.id = l.operator"
        " LEFT JOIN rollup_inside c ON c.lot = l.id AND c.vehicle = 'car'"
        " LEFT JOIN rollup_inside m ON m.lot = l.id AND m.vehicle = 'motorbike' ORDER BY l.id",
        "");
    while (!error && db_next(&row)) {
        query_text(&row, 0, t.lot, sizeof t.lot);
        query_text(&row, 1, t.name, sizeof t.name);
        query_text(&row, 2, t.operator_name, sizeof t.operator_name);
        query_text(&row, 3, t.address, sizeof t.address);
        query_text(&row, 4, t.ward, sizeof t.ward);
        take_class(&row, &t, VEHICLE_CAR, 10, now, take, context);
        take_class(&row, &t, VEHICLE_MOTORBIKE, 13, now, take, context);
    }
    int ended = db_done(&row);
    return error ? error : ended;
}
