#include "server/store/query_find.h"

#include "server/store/query.h"

#include <string.h>

/* x: milliseconds of the day in Hanoi (UTC+7, no summer time). */
#define FITS                                                                                 \
    " AND ((?3 >= 0 AND min((x - ?3 + 86400000) % 86400000, (?3 - x + 86400000) % 86400000)" \
    "  <= ?4) OR (gate_out = ?5 AND lane_out = ?6 AND asked_ms >= ?7 AND left_ms IS NULL))"
#define SEEN                                                                             \
    "SELECT token, vehicle, arrived_ms, gate_out, lane_out, asked_ms, left_ms,"          \
    " (coalesce(entered_ms, arrived_ms) + 25200000) % 86400000 AS x FROM session WHERE " \
    "lot = ?1 AND key = ?2 AND subject = 'plate' AND "

static const char find_sql[] =
    "SELECT token, vehicle FROM (" SEEN "left_ms IS NULL AND state NOT IN"
    " ('backed_out', 'closed_by_review') UNION ALL " SEEN "state = 'left_unpaid') WHERE 1" FITS
    " ORDER BY arrived_ms DESC LIMIT 8";

int query_find_stay(struct db *db, const struct find_ask *ask, char ret_token[QUERY_TOKEN_CAP])
{
    struct db_row row;
    char vehicle[QUERY_WORD_CAP] = "";
    char token[QUERY_TOKEN_CAP] = "";
    bool mixed = false;
    int64_t at_ms = ask->minute < 0 ? -1 : (int64_t)ask->minute * 60 * 1000;
    int error = db_query(db, &row, find_sql, "ttiitii", ask->lot, ask->key, at_ms,
                         (int64_t)FIND_TOLERANCE_MIN * 60 * 1000, ask->gate, (int64_t)ask->lane,
                         ask->now.ms - FIND_AT_LANE_MS);
    while (!error && db_next(&row)) {
        char other[QUERY_WORD_CAP];
        query_text(&row, 1, other, sizeof other);
        if (!token[0]) {
            query_text(&row, 0, token, sizeof token);
            memcpy(vehicle, other, sizeof vehicle);
        }
        mixed = mixed || strcmp(vehicle, other) != 0;
    }
    int end = db_done(&row);
    error = error ? error : end;
    if (!error && (mixed || !token[0])) {
        error = DX_E_NOT_FOUND;
    }
    if (!error) {
        memcpy(ret_token, token, sizeof token);
    }
    return error;
}
