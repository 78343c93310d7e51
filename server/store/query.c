#include "server/store/query.h"

int query_begin(struct db *db)
{
    return db_exec(db, "BEGIN DEFERRED", "");
}

void query_end(struct db *db)
{
    /* Nothing was written: there is nothing a failure could lose. */
    (void)!db_exec(db, "COMMIT", "");
}

void query_text(struct db_row *row, int column, char *out, size_t cap)
{
    str_copy_cut(out, cap, db_is_null(row, column) ? STR("") : db_text(row, column));
}

int64_t query_number(struct db_row *row, int column)
{
    return db_is_null(row, column) ? 0 : db_i64(row, column);
}
