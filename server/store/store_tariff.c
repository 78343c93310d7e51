#include "server/store/store_tariff.h"

#include "server/store/store_sqlite.h"

int store_add_tariff(struct store *store, const struct store_tariff *row, wall_t now)
{
    return db_exec(store->db,
                   "INSERT INTO tariff_published(lot, vehicle, name, from_ms, made_ms, by, text)"
                   " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
                   "tttiits", row->lot, vehicle_text(row->vehicle), row->name, row->from.ms, now.ms,
                   row->by, row->text);
}

int store_tariff_version(struct store *store, int64_t *ret_version)
{
    return db_query_i64(store->db, 0, ret_version, "SELECT max(id) FROM tariff_published", "");
}

int store_tariff_each(struct store *store, int64_t after, void *context,
                      int (*take)(void *context, const struct store_tariff *row))
{
    struct db_row row;
    int error = db_query(store->db, &row,
                         "SELECT lot, vehicle, name, from_ms, by, text FROM tariff_published"
                         " WHERE id IN (SELECT max(id) FROM tariff_published WHERE id > ?1"
                         " GROUP BY lot, vehicle) ORDER BY id",
                         "i", after);
    while (!error && db_next(&row)) {
        char lot[MSG_NAME_CAP];
        char name[64];
        char by[64];
        struct store_tariff tariff = {.lot = lot, .name = name, .by = by};
        store_take(&row, 0, lot, sizeof lot, &error);
        error = error ? error : vehicle_parse(db_text(&row, 1), &tariff.vehicle);
        store_take(&row, 2, name, sizeof name, &error);
        tariff.from.ms = db_i64(&row, 3);
        store_take(&row, 4, by, sizeof by, &error);
        tariff.text = db_text(&row, 5);
        error = error ? DX_E_CORRUPT : take(context, &tariff);
    }
    return store_end(&row, error);
}
