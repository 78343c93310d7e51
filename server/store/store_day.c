#include "server/store/store_day.h"

#include "server/store/store_sqlite.h"

int day_parse(struct str text, wall_t *ret_from, wall_t *ret_until)
{
    int64_t year = 0, month = 0, day = 0;
    if (text.n != 10 || text.p[4] != '-' || text.p[7] != '-' ||
        str_parse_i64(str_slice(text, 0, 4), 2000, 9998, &year) != 0 ||
        str_parse_i64(str_slice(text, 5, 7), 1, 12, &month) != 0 ||
        str_parse_i64(str_slice(text, 8, 10), 1, 31, &day) != 0) {
        return DX_E_FORMAT;
    }
    struct civil civil = {.year = (int)year, .month = (int)month, .day = (int)day};
    wall_t from;
    if (time_from_civil(&civil, &from) != 0) {
        return DX_E_FORMAT; /* 30 February */
    }
    *ret_from = from;
    *ret_until = wall_add(from, TIME_DAY_MS);
    return 0;
}

int store_add_day_close(struct store *store, const struct day_close *c)
{
    return db_exec(store->db,
                   "INSERT INTO day_close(operator, day, nth, as_of_ms, ledger_number, by,"
                   " open_items, differences, digest) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
                   "ttiiitiit", c->operator_id, c->day, c->nth, c->as_of.ms, c->number, c->by,
                   c->open_items, c->differences, c->digest);
}

int query_day_closes(struct db *db, const char *operator_id, const char *day, int64_t *ret_count)
{
    return db_query_i64(db, 0, ret_count,
                        "SELECT count(*) FROM day_close WHERE operator = ?1 AND day = ?2", "tt",
                        operator_id, day);
}

int query_day_close(struct db *db, const char *operator_id, const char *day, int64_t nth,
                    struct day_close *ret_close, char *ret_by)
{
    struct db_row row;
    int error = db_query(db, &row,
                         "SELECT as_of_ms, ledger_number, open_items, differences, digest, by"
                         " FROM day_close WHERE operator = ?1 AND day = ?2 AND nth = ?3",
                         "tti", operator_id, day, nth);
    if (!error) {
        error = DX_E_NOT_FOUND;
        if (db_next(&row)) {
            error = 0;
            ret_close->nth = nth;
            ret_close->as_of.ms = db_i64(&row, 0);
            ret_close->number = db_i64(&row, 1);
            ret_close->open_items = db_i64(&row, 2);
            ret_close->differences = db_i64(&row, 3);
            str_copy_cut(ret_close->digest, sizeof ret_close->digest, db_text(&row, 4));
            str_copy_cut(ret_by, MSG_NAME_CAP, db_text(&row, 5));
        }
    }
    int end = db_done(&row);
    return error ? error : end;
}
