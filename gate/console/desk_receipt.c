/* What an amount is made of, kept as it was shown, and the receipt of who paid it in cash. */
#include "gate/console/desk_parts.h"

/* One line is two texts of 80 characters, perhaps escaped, and a number. */
enum { LINES_CAP = MSG_LINES_MAX * 2 * 81 * 6 + 1024 };

int desk_book_add_quote(struct desk_book *book, const struct desk_quote *quote)
{
    char text[LINES_CAP];
    struct out out;
    out_init(&out, text, sizeof text);
    json_array(&out, NULL);
    for (int i = 0; i < quote->line_count && i < MSG_LINES_MAX; i++) {
        json_object(&out, NULL);
        json_c(&out, "vi", quote->line[i].vi);
        json_c(&out, "en", quote->line[i].en);
        json_i64(&out, "amount_vnd", quote->line[i].amount_vnd);
        json_object_end(&out);
    }
    json_array_end(&out);
    return out_failed(&out)
               ? DX_E_SPACE
               : db_exec(book->db,
                         "INSERT INTO quote (session, at_ms, fee_vnd, lines)"
                         " VALUES (?1, ?2, ?3, ?4) ON CONFLICT (session) DO UPDATE"
                         " SET at_ms = excluded.at_ms, fee_vnd = excluded.fee_vnd,"
                         " lines = excluded.lines",
                         "tiis", quote->session, quote->at.ms, quote->fee_vnd, out_str(&out));
}

/* Receipts from before lines were kept have none. */
static void write_lines(struct out *out, struct str kept)
{
    struct jdoc *root = NULL;
    json_array(out, "lines");
    if (kept.n && jdoc_read(kept, &root, NULL) == 0) {
        for (size_t i = 0; i < jdoc_count(root); i++) {
            struct str vi = {NULL, 0};
            struct str en = {NULL, 0};
            int64_t amount_vnd = 0;
            const struct jdoc *line = jdoc_at(root, i);
            if (jdoc_get_str(line, "vi", &vi) == 0 && jdoc_get_str(line, "en", &en) == 0 &&
                jdoc_get_i64(line, "amount_vnd", &amount_vnd) == 0) {
                json_object(out, NULL);
                json_str(out, "vi", vi);
                json_str(out, "en", en);
                json_i64(out, "amount_vnd", amount_vnd);
                json_object_end(out);
            }
        }
        jdoc_release(root);
    }
    json_array_end(out);
}

static void write_receipt(struct desk_visit *visit, struct db_row *row)
{
    struct out *out = &visit->out;
    json_object(out, NULL);
    json_c(out, "title", visit->desk->config.title);
    json_c(out, "lot", visit->desk->config.lot);
    json_str(out, "receipt", db_text(row, 0));
    json_i64(out, "at_ms", db_i64(row, 1));
    json_i64(out, "lane", db_i64(row, 2));
    json_str(out, "plate", db_text(row, 3));
    json_i64(out, "amount_vnd", db_i64(row, 4));
    json_str(out, "by", db_text(row, 5));
    json_str(out, "shift", db_text(row, 6));
    json_str(out, "session", db_text(row, 7));
    json_i64(out, "entered_ms", db_i64(row, 8));
    json_str(out, "by_title", db_text(row, 9));
    json_i64(out, "fee_vnd", db_i64(row, 10));
    write_lines(out, db_text(row, 11));
    json_object_end(out);
}

void desk_answer_receipt(struct desk_visit *visit)
{
    struct db_row row;
    int64_t number = 0;
    int count = 0;
    if (str_parse_i64(visit->segment, 1, 1000000000, &number) ||
        desk_book_catch_up(&visit->desk->book, &count)) {
        desk_answer_error(visit, 404, "not_found");
        return;
    }
    int error = db_query(visit->desk->book.db, &row,
                         "SELECT c.receipt, c.at_ms, c.lane, c.plate, c.amount_vnd, c.by, c.shift,"
                         " c.session, coalesce(s.entered_ms, l.entered_ms, 0),"
                         " coalesce(a.title, ''), c.fee_vnd, c.lines"
                         " FROM cash c LEFT JOIN stay s ON s.session = c.session"
                         " LEFT JOIN lot_stay l ON l.session = c.session"
                         " LEFT JOIN attendant a ON a.name = c.by WHERE c.number = ?1",
                         "i", number);
    bool found = !error && db_next(&row);
    if (found) {
        write_receipt(visit, &row);
    }
    (void)!db_done(&row);
    if (found) {
        desk_answer(visit, 200);
    } else {
        desk_answer_error(visit, 404, "not_found");
    }
}
