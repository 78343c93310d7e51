/* Lists: alarms, shifts, what was done. */
#include "gate/console/desk_parts.h"

static void write_text(struct out *out, struct db_row *row, const char *key, int column)
{
    json_str(out, key, db_text(row, column));
}

/* Those that are raised, those that nobody has seen, and the last that are over. */
void desk_answer_alarms(struct desk_visit *visit)
{
    struct out *out = &visit->out;
    struct db_row row;
    int error = db_query(visit->desk->book.db, &row,
                         "SELECT code, lane, raised_ms, cleared_ms, acked_ms, acked_by, device"
                         " FROM alarm"
                         " ORDER BY cleared_ms > 0, acked_ms > 0, raised_ms DESC LIMIT 50",
                         "");
    json_object(out, NULL);
    json_array(out, "alarms");
    while (!error && db_next(&row)) {
        json_object(out, NULL);
        write_text(out, &row, "code", 0);
        json_i64(out, "lane", db_i64(&row, 1));
        json_i64(out, "raised_ms", db_i64(&row, 2));
        json_i64(out, "cleared_ms", db_i64(&row, 3));
        json_i64(out, "acked_ms", db_i64(&row, 4));
        write_text(out, &row, "acked_by", 5);
        write_text(out, &row, "device", 6);
        json_object_end(out);
    }
    json_array_end(out);
    json_object_end(out);
    (void)!db_done(&row);
    desk_answer(visit, 200);
}

/* ---- shifts ---- */

static void write_counts(struct desk_visit *visit, const char *shift)
{
    struct out *out = &visit->out;
    struct db_row row;
    int error = db_query(visit->desk->book.db, &row,
                         "SELECT note_vnd, pieces FROM shift_count WHERE shift = ?1"
                         " ORDER BY note_vnd DESC",
                         "t", shift);
    json_array(out, "counts");
    while (!error && db_next(&row)) {
        json_object(out, NULL);
        json_i64(out, "note_vnd", db_i64(&row, 0));
        json_i64(out, "pieces", db_i64(&row, 1));
        json_object_end(out);
    }
    json_array_end(out);
    (void)!db_done(&row);
}

/* One shift that has ended: what was counted, what it should have been, and the difference. */
static void write_shift(struct desk_visit *visit, struct db_row *row)
{
    struct out *out = &visit->out;
    struct desk_sums sums = {0};
    char id[ULID_CAP];
    str_copy_cut(id, sizeof id, db_text(row, 0));
    if (desk_book_sums(&visit->desk->book, id, &sums)) {
        memset(&sums, 0, sizeof sums);
    }
    json_object(out, NULL);
    json_c(out, "id", id);
    write_text(out, row, "by", 1);
    json_i64(out, "opened_ms", db_i64(row, 2));
    json_i64(out, "closed_ms", db_i64(row, 3));
    json_i64(out, "float_vnd", db_i64(row, 4));
    json_i64(out, "counted_vnd", db_i64(row, 5));
    json_i64(out, "expected_vnd", db_i64(row, 6));
    json_i64(out, "difference_vnd", db_i64(row, 5) - db_i64(row, 6));
    write_text(out, row, "text", 7);
    write_text(out, row, "next_by", 8);
    json_i64(out, "cash_vnd", sums.cash_vnd);
    json_i64(out, "receipts", sums.receipts);
    json_i64(out, "paid_for_vnd", sums.paid_for_vnd);
    json_i64(out, "paid_for", sums.paid_for);
    write_counts(visit, id);
    json_object_end(out);
}

/* An attendant sees the own ones, a supervisor all; the open ones are not in it (counted blind). */
void desk_answer_shifts(struct desk_visit *visit)
{
    struct out *out = &visit->out;
    struct db_row row;
    bool all = visit->login.who.role == DESK_ROLE_SUPERVISOR;
    int error = db_query(visit->desk->book.db, &row,
                         "SELECT s.id, s.by, s.opened_ms, s.closed_ms, s.float_vnd, s.counted_vnd,"
                         " s.expected_vnd, s.text, coalesce((SELECT n.by FROM shift n"
                         " WHERE n.previous = s.id LIMIT 1), '')"
                         " FROM shift s WHERE s.closed_ms > 0 AND (s.by = ?1 OR ?2 = 1)"
                         " ORDER BY s.closed_ms DESC LIMIT 20",
                         "ti", visit->login.who.name, (int64_t)all);
    json_object(out, NULL);
    json_array(out, "shifts");
    while (!error && db_next(&row)) {
        write_shift(visit, &row);
    }
    json_array_end(out);
    json_object_end(out);
    (void)!db_done(&row);
    desk_answer(visit, 200);
}

/* ---- the audit ---- */

void desk_answer_deeds(struct desk_visit *visit)
{
    struct out *out = &visit->out;
    struct db_row row;
    int count = 0;
    int error = desk_book_catch_up(&visit->desk->book, &count);
    error = error ? error
                  : db_query(visit->desk->book.db, &row,
                             "SELECT at_ms, lane, type, by, code, text, amount_vnd, seq FROM deed"
                             " WHERE by <> '' ORDER BY generation DESC, seq DESC LIMIT 200",
                             "");
    if (error) {
        desk_answer_error(visit, 503, "database");
        return;
    }
    json_object(out, NULL);
    json_array(out, "deeds");
    while (db_next(&row)) {
        json_object(out, NULL);
        json_i64(out, "at_ms", db_i64(&row, 0));
        json_i64(out, "lane", db_i64(&row, 1));
        write_text(out, &row, "type", 2);
        write_text(out, &row, "by", 3);
        write_text(out, &row, "code", 4);
        write_text(out, &row, "text", 5);
        json_i64(out, "amount_vnd", db_i64(&row, 6));
        json_i64(out, "seq", db_i64(&row, 7));
        json_object_end(out);
    }
    json_array_end(out);
    json_object_end(out);
    (void)!db_done(&row);
    desk_answer(visit, 200);
}
