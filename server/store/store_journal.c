/* store_journal.c - operators, lots and gates; their journals; what came early or was set aside. */
#include "proto/crypto/crypto.h"
#include "server/store/store_sqlite.h"

enum { ASIDE_BYTES_MAX = 16 * 1024 };

int store_put_operator(struct store *store, const char *id, const char *name)
{
    return db_exec(store->db,
                   "INSERT INTO operator(id, name) VALUES (?1, ?2)"
                   " ON CONFLICT(id) DO UPDATE SET name = excluded.name",
                   "tt", id, name);
}

int store_put_lot(struct store *store, const struct store_lot *lot)
{
    return db_exec(store->db,
                   "INSERT INTO lot(id, operator, name, address, ward, bin, account, account_name,"
                   " capacity_car, capacity_motorbike)"
                   " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)"
                   " ON CONFLICT(id) DO UPDATE SET operator = excluded.operator,"
                   " name = excluded.name, address = excluded.address, ward = excluded.ward,"
                   " bin = excluded.bin, account = excluded.account,"
                   " account_name = excluded.account_name, capacity_car = excluded.capacity_car,"
                   " capacity_motorbike = excluded.capacity_motorbike",
                   "ttttttttii", lot->id, lot->operator_id, lot->name, lot->address, lot->ward,
                   lot->bin, lot->account, lot->account_name, lot->capacity_car,
                   lot->capacity_motorbike);
}

int store_put_gate(struct store *store, const char *gate, const char *lot)
{
    return db_exec(store->db,
                   "INSERT INTO gate(id, lot) VALUES (?1, ?2)"
                   " ON CONFLICT(id) DO UPDATE SET lot = excluded.lot",
                   "tt", gate, lot);
}

int store_get_gate(struct store *store, const char *gate, struct store_gate *ret_gate)
{
    struct db_row row;
    int error =
        db_query(store->db, &row, "SELECT generation, high, boot, online FROM gate WHERE id = ?1",
                 "t", gate);
    if (!error) {
        error = DX_E_NOT_FOUND;
        if (db_next(&row)) {
            *ret_gate = (struct store_gate){db_i64(&row, 0), db_i64(&row, 1), db_i64(&row, 2),
                                            db_i64(&row, 3) != 0};
            error = 0;
        }
    }
    return store_end(&row, error);
}

int store_set_cursor(struct store *store, const char *gate, int64_t generation, int64_t high)
{
    return db_exec(store->db, "UPDATE gate SET generation = ?2, high = ?3 WHERE id = ?1", "tii",
                   gate, generation, high);
}

int store_set_boot(struct store *store, const char *gate, int64_t boot, const char *version)
{
    return db_exec(store->db, "UPDATE gate SET boot = ?2, version = ?3 WHERE id = ?1", "tit", gate,
                   boot, version);
}

int store_set_status(struct store *store, const char *gate, bool online, const char *version,
                     wall_t seen, struct str status)
{
    /* A last will knows no version: the one that was said before stays. */
    return db_exec(store->db,
                   "UPDATE gate SET online = ?2, seen_ms = ?4, status = ?5,"
                   " version = CASE WHEN ?3 = '' THEN version ELSE ?3 END WHERE id = ?1",
                   "titis", gate, (int64_t)online, version, seen.ms, status);
}

int store_has_event(struct store *store, const char *id, bool *ret_has)
{
    int64_t has = 0;
    int error = db_query_i64(store->db, 0, &has, "SELECT 1 FROM event WHERE id = ?1", "t", id);
    if (!error) {
        *ret_has = has != 0;
    }
    return error;
}

int store_add_event(struct store *store, const struct store_event *row)
{
    const struct event *event = row->event;
    return db_exec(store->db,
                   "INSERT INTO event(gate, generation, seq, id, type, lane, session, wall_ms,"
                   " received_ms, outcome, body)"
                   " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
                   "tiittitiits", event->gate, event->generation, event->seq, event->id, row->type,
                   (int64_t)event->lane, row->session, event->wall.ms, row->received.ms,
                   row->outcome, row->body);
}

int store_park(struct store *store, const char *gate, int64_t generation, int64_t seq,
               struct str body)
{
    return db_exec(store->db,
                   "INSERT OR IGNORE INTO parked(gate, generation, seq, body)"
                   " VALUES (?1, ?2, ?3, ?4)",
                   "tiis", gate, generation, seq, body);
}

int store_count_parked(struct store *store, const char *gate, int64_t *ret_count)
{
    return db_query_i64(store->db, 0, ret_count, "SELECT count(*) FROM parked WHERE gate = ?1", "t",
                        gate);
}

int store_take_parked(struct store *store, const char *gate, int64_t generation, int64_t seq,
                      char *space, struct str *ret_body)
{
    struct db_row row;
    int error = db_query(store->db, &row,
                         "SELECT body FROM parked WHERE gate = ?1 AND generation = ?2 AND seq = ?3",
                         "tii", gate, generation, seq);
    if (!error) {
        error = DX_E_NOT_FOUND;
        if (db_next(&row)) {
            struct str body = db_text(&row, 0);
            error = body.n <= MSG_SIZE_MAX ? 0 : DX_E_CORRUPT;
            if (!error) {
                memcpy(space, body.p, body.n);
                *ret_body = (struct str){space, body.n};
            }
        }
    }
    error = store_end(&row, error);
    if (!error) {
        error = db_exec(store->db,
                        "DELETE FROM parked WHERE gate = ?1 AND generation = ?2 AND seq = ?3",
                        "tii", gate, generation, seq);
    }
    return error;
}

int store_set_parked_aside(struct store *store, const char *gate, int64_t generation, wall_t now,
                           const char *reason)
{
    static char space[MSG_SIZE_MAX]; /* one writer */
    for (;;) {
        struct db_row row;
        int64_t number[2] = {0, 0};
        int error = db_query(store->db, &row,
                             "SELECT generation, seq FROM parked WHERE gate = ?1 AND"
                             " generation < ?2 ORDER BY generation, seq LIMIT 1",
                             "ti", gate, generation);
        bool more = !error && db_next(&row);
        if (more) {
            number[0] = db_i64(&row, 0);
            number[1] = db_i64(&row, 1);
        }
        error = store_end(&row, error);
        if (error || !more) {
            return error;
        }
        struct str body = STR("");
        error = store_take_parked(store, gate, number[0], number[1], space, &body);
        if (!error) {
            error = store_set_aside(store, now, gate, reason, body);
        }
        if (error) {
            return error;
        }
    }
}

int store_set_aside(struct store *store, wall_t received, const char *source, const char *reason,
                    struct str bytes)
{
    uint8_t digest[SHA256_SIZE];
    char hex[2 * SHA256_SIZE + 1];
    dx_sha256(digest, bytes);
    str_hex(hex, digest, sizeof digest);
    return db_exec(store->db,
                   "INSERT INTO quarantine(received_ms, source, reason, bytes, digest, last_ms)"
                   " VALUES (?1, ?2, ?3, ?4, ?5, ?1)"
                   " ON CONFLICT(source, reason, digest) DO UPDATE SET times = times + 1,"
                   " last_ms = excluded.last_ms",
                   "ittbt", received.ms, source, reason, str_slice(bytes, 0, ASIDE_BYTES_MAX), hex);
}
