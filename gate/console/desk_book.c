#include "gate/console/desk_book.h"

#include "gate/console/desk_fold.h"
#include "proto/io/msg_json.h"

enum { BOOK_VERSION = 2, CATCH_UP_BATCH = 500 };

static const char schema[] =
    "CREATE TABLE meta (key TEXT NOT NULL PRIMARY KEY, value INTEGER NOT NULL) STRICT;"
    "CREATE TABLE attendant ("
    "  name TEXT NOT NULL PRIMARY KEY, title TEXT NOT NULL, role TEXT NOT NULL,"
    "  hash TEXT NOT NULL, active INTEGER NOT NULL, changed_ms INTEGER NOT NULL) STRICT;"
    "CREATE TABLE login ("
    "  token BLOB NOT NULL PRIMARY KEY, attendant TEXT NOT NULL, csrf TEXT NOT NULL,"
    "  created_ms INTEGER NOT NULL, seen_ms INTEGER NOT NULL, locked INTEGER NOT NULL) STRICT;"
    "CREATE TABLE picture (name TEXT NOT NULL PRIMARY KEY, lane INTEGER NOT NULL,"
    "  at_ms INTEGER NOT NULL) STRICT;"
    "CREATE INDEX picture_by_time ON picture (lane, at_ms);"
    "CREATE TABLE shift_count (shift TEXT NOT NULL, note_vnd INTEGER NOT NULL,"
    "  pieces INTEGER NOT NULL, PRIMARY KEY (shift, note_vnd)) STRICT;"
    "CREATE TABLE stay ("
    "  session TEXT NOT NULL PRIMARY KEY, kind INTEGER NOT NULL, key TEXT NOT NULL,"
    "  raw TEXT NOT NULL, vehicle INTEGER NOT NULL, last4 TEXT NOT NULL, source INTEGER NOT NULL,"
    "  lane INTEGER NOT NULL, arrived_ms INTEGER NOT NULL, entered_ms INTEGER NOT NULL,"
    "  left_ms INTEGER NOT NULL, inside INTEGER NOT NULL,"
    "  generation INTEGER NOT NULL DEFAULT 0, seq INTEGER NOT NULL DEFAULT 0) STRICT;"
    "CREATE INDEX stay_inside ON stay (inside, entered_ms);"
    "CREATE TABLE amend (id TEXT NOT NULL PRIMARY KEY, session TEXT NOT NULL,"
    "  at_ms INTEGER NOT NULL, by TEXT NOT NULL, text TEXT NOT NULL, was TEXT NOT NULL,"
    "  became TEXT NOT NULL) STRICT;"
    "CREATE INDEX amend_of_stay ON amend (session, at_ms);"
    "CREATE TABLE deed (generation INTEGER NOT NULL, seq INTEGER NOT NULL, id TEXT NOT NULL,"
    "  at_ms INTEGER NOT NULL, lane INTEGER NOT NULL, type TEXT NOT NULL, session TEXT NOT NULL,"
    "  cause TEXT NOT NULL, by TEXT NOT NULL, code TEXT NOT NULL, text TEXT NOT NULL,"
    "  outcome TEXT NOT NULL, amount_vnd INTEGER NOT NULL,"
    "  PRIMARY KEY (generation, seq)) STRICT, WITHOUT ROWID;"
    "CREATE INDEX deed_by_cause ON deed (cause);"
    "CREATE UNIQUE INDEX deed_by_id ON deed (id);"
    "CREATE TABLE cash (id TEXT NOT NULL PRIMARY KEY, number INTEGER NOT NULL, receipt TEXT NOT "
    "NULL,"
    "  at_ms INTEGER NOT NULL, lane INTEGER NOT NULL, session TEXT NOT NULL, plate TEXT NOT NULL,"
    "  amount_vnd INTEGER NOT NULL, by TEXT NOT NULL, shift TEXT NOT NULL,"
    "  fee_vnd INTEGER NOT NULL DEFAULT 0, lines TEXT NOT NULL DEFAULT '') STRICT;"
    "CREATE INDEX cash_by_number ON cash (number);"
    "CREATE INDEX cash_of_shift ON cash (shift);"
    "CREATE TABLE shift (id TEXT NOT NULL PRIMARY KEY, by TEXT NOT NULL, opened_ms INTEGER NOT "
    "NULL,"
    "  float_vnd INTEGER NOT NULL, previous TEXT NOT NULL, closed_ms INTEGER NOT NULL,"
    "  counted_vnd INTEGER NOT NULL, expected_vnd INTEGER NOT NULL, text TEXT NOT NULL) STRICT;"
    "CREATE TABLE alarm (code TEXT NOT NULL, lane INTEGER NOT NULL, device TEXT NOT NULL,"
    "  raised_ms INTEGER NOT NULL,"
    "  cleared_ms INTEGER NOT NULL, acked_ms INTEGER NOT NULL, acked_by TEXT NOT NULL,"
    "  PRIMARY KEY (code, lane, device, raised_ms)) STRICT;"
    "CREATE TABLE occupancy (vehicle INTEGER NOT NULL PRIMARY KEY, offset INTEGER NOT NULL) "
    "STRICT;";

/*
 * What version 1 did not have: other gates' stays (lot_part, lot_stay, gone: desk_lot.h), and
 * what an amount is made of (quote: desk_receipt.c), for the receipt of who pays it in cash.
 */
static const char tables_2[] =
    "CREATE TABLE lot_part (part TEXT NOT NULL PRIMARY KEY, version INTEGER NOT NULL) STRICT;"
    "CREATE TABLE lot_stay (session TEXT NOT NULL PRIMARY KEY, part TEXT NOT NULL,"
    "  kind INTEGER NOT NULL, vehicle INTEGER NOT NULL, key TEXT NOT NULL,"
    "  entered_ms INTEGER NOT NULL) STRICT, WITHOUT ROWID;"
    "CREATE INDEX lot_stay_of_part ON lot_stay (part);"
    "CREATE TABLE gone (session TEXT NOT NULL PRIMARY KEY, left_ms INTEGER NOT NULL) STRICT;"
    "CREATE TABLE quote (session TEXT NOT NULL PRIMARY KEY, at_ms INTEGER NOT NULL,"
    "  fee_vnd INTEGER NOT NULL, lines TEXT NOT NULL) STRICT;";
static const char from_1[] = "ALTER TABLE stay ADD COLUMN generation INTEGER NOT NULL DEFAULT 0;"
                             "ALTER TABLE stay ADD COLUMN seq INTEGER NOT NULL DEFAULT 0;"
                             "ALTER TABLE cash ADD COLUMN fee_vnd INTEGER NOT NULL DEFAULT 0;"
                             "ALTER TABLE cash ADD COLUMN lines TEXT NOT NULL DEFAULT '';";

static const char set_meta[] = "INSERT INTO meta (key, value) VALUES (?1, ?2)"
                               " ON CONFLICT (key) DO UPDATE SET value = excluded.value";

static int create(struct db *db)
{
    int error = db_script(db, schema);
    error = error ? error : db_script(db, tables_2);
    error = error ? error : db_exec(db, set_meta, "ti", "schema", (int64_t)BOOK_VERSION);
    error = error ? error : db_exec(db, set_meta, "ti", "generation", (int64_t)0);
    return error ? error : db_exec(db, set_meta, "ti", "seq", (int64_t)0);
}

static int prepare(struct desk_book *book)
{
    static const char get[] = "SELECT value FROM meta WHERE key = ?1";
    int64_t tables = 0;
    int64_t version = BOOK_VERSION;
    int error = db_query_i64(book->db, 0, &tables,
                             "SELECT count(*) FROM sqlite_schema WHERE name = 'meta'", "");
    if (!error && tables == 0) {
        error = create(book->db);
    }
    error = error ? error : db_query_i64(book->db, 0, &version, get, "t", "schema");
    if (!error && version == 1) {
        error = db_script(book->db, from_1);
        error = error ? error : db_script(book->db, tables_2);
        error = error ? error : db_exec(book->db, set_meta, "ti", "schema", (int64_t)BOOK_VERSION);
        version = BOOK_VERSION;
    }
    if (!error && version != BOOK_VERSION) {
        return DX_E_VERSION;
    }
    error = error ? error : db_query_i64(book->db, 0, &book->generation, get, "t", "generation");
    return error ? error : db_query_i64(book->db, 0, &book->seq, get, "t", "seq");
}

int desk_book_open_accounts(const char *path, struct desk_book *ret_book)
{
    memset(ret_book, 0, sizeof *ret_book);
    int error = db_open(path, &ret_book->db);
    if (error) {
        return error;
    }
    error = db_begin(ret_book->db);
    if (!error) {
        error = prepare(ret_book);
        if (error) {
            db_rollback(ret_book->db);
        } else {
            error = db_commit(ret_book->db);
        }
    }
    if (error) {
        desk_book_close(ret_book);
    }
    return error;
}

int desk_book_open(const char *path, const char *journal, struct desk_book *ret_book)
{
    int error = desk_book_open_accounts(path, ret_book);
    if (error) {
        return error;
    }
    error = db_open_reader(journal, &ret_book->journal);
    /*
     * Small, because the gate's box is; and not a wait for the disk for each commit: what a
     * power cut takes from the projection is made again from the journal.
     */
    error = error
                ? error
                : db_script(ret_book->db, "PRAGMA cache_size = -512; PRAGMA synchronous = NORMAL");
    error = error ? error : db_script(ret_book->journal, "PRAGMA cache_size = -256");
    if (error) {
        desk_book_close(ret_book);
    }
    return error;
}

void desk_book_close(struct desk_book *book)
{
    db_close(book->db);
    db_close(book->journal);
    book->db = NULL;
    book->journal = NULL;
}

/* ---- taking in ---- */

/*
 * The pair is compared as one, so the key finds the place; with OR every event would be read each
 * time.  In a transaction of the caller; *ret_count events were taken, 0: there are no more.
 */
static int take_batch(struct desk_book *book, int *ret_count)
{
    struct db_row row;
    const char *why = "";
    int count = 0;
    int error = db_query(book->journal, &row,
                         "SELECT generation, seq, body FROM journal WHERE (generation, seq) >"
                         " (?1, ?2) ORDER BY generation, seq LIMIT ?3",
                         "iii", book->generation, book->seq, (int64_t)CATCH_UP_BATCH);
    while (!error && db_next(&row)) {
        book->generation = db_i64(&row, 0);
        book->seq = db_i64(&row, 1);
        memset(&book->event, 0, sizeof book->event);
        if (event_read(db_text(&row, 2), &book->event, &why) == 0) {
            error = desk_fold(book, &book->event);
        }
        count++;
    }
    int ended = db_done(&row);
    error = error ? error : ended;
    error = error ? error : db_exec(book->db, set_meta, "ti", "generation", book->generation);
    error = error ? error : db_exec(book->db, set_meta, "ti", "seq", book->seq);
    *ret_count = count;
    return error;
}

int desk_book_catch_up(struct desk_book *book, int *ret_count)
{
    int total = 0;
    int count = CATCH_UP_BATCH;
    int error = 0;
    while (!error && count == CATCH_UP_BATCH) {
        int64_t generation = book->generation;
        int64_t seq = book->seq;
        int64_t last = 0;
        error = db_query_i64(book->journal, 0, &last,
                             "SELECT count(*) FROM (SELECT 1 FROM journal WHERE"
                             " (generation, seq) > (?1, ?2) LIMIT 1)",
                             "ii", generation, seq);
        if (error || last == 0) {
            break;
        }
        error = db_begin(book->db);
        if (error) {
            break;
        }
        error = take_batch(book, &count);
        if (!error) {
            error = db_commit(book->db);
        } else {
            db_rollback(book->db);
        }
        if (error) {
            book->generation = generation;
            book->seq = seq;
        } else {
            total += count;
        }
    }
    *ret_count = total;
    return error;
}

/* ---- pictures ---- */

int desk_book_add_picture(struct desk_book *book, int lane, wall_t at, const char *name)
{
    enum { PICTURES_KNOWN = 20000 };
    int error = db_exec(book->db,
                        "INSERT INTO picture (name, lane, at_ms) VALUES (?1, ?2, ?3)"
                        " ON CONFLICT (name) DO NOTHING",
                        "tii", name, (int64_t)lane, at.ms);
    return error ? error
                 : db_exec(book->db,
                           "DELETE FROM picture WHERE rowid <="
                           " (SELECT max(rowid) FROM picture) - ?1",
                           "i", (int64_t)PICTURES_KNOWN);
}

static void read_name(struct db_row *row, int error, char ret_name[DESK_PICTURE_CAP])
{
    ret_name[0] = '\0';
    if (!error && db_next(row)) {
        str_copy_cut(ret_name, DESK_PICTURE_CAP, db_text(row, 0));
    }
    (void)!db_done(row);
}

void desk_book_picture_near(struct desk_book *book, int lane, wall_t at,
                            char ret_name[DESK_PICTURE_CAP])
{
    enum { BEFORE_MS = 20 * 1000, AFTER_MS = 10 * 1000 };
    struct db_row row;
    int error = db_query(book->db, &row,
                         "SELECT name FROM picture WHERE lane = ?1 AND at_ms BETWEEN ?2 AND ?3"
                         " ORDER BY abs(at_ms - ?4), name LIMIT 1",
                         "iiii", (int64_t)lane, at.ms - BEFORE_MS, at.ms + AFTER_MS, at.ms);
    read_name(&row, error, ret_name);
}

void desk_book_picture_last(struct desk_book *book, int lane, char ret_name[DESK_PICTURE_CAP])
{
    struct db_row row;
    int error =
        db_query(book->db, &row,
                 "SELECT name FROM picture WHERE lane = ?1 ORDER BY at_ms DESC, name LIMIT 1", "i",
                 (int64_t)lane);
    read_name(&row, error, ret_name);
}

/* ---- stays ---- */

#define STAY_COLUMNS                                                                          \
    "session, kind, key, raw, vehicle, last4, source, lane, arrived_ms, entered_ms, left_ms," \
    " inside, (SELECT count(*) FROM amend WHERE amend.session = stay.session)"

static void read_stay(struct db_row *row, struct desk_stay *stay)
{
    int64_t kind = db_i64(row, 1);
    int64_t vehicle = db_i64(row, 4);
    int64_t source = db_i64(row, 6);
    memset(stay, 0, sizeof *stay);
    str_copy_cut(stay->session, sizeof stay->session, db_text(row, 0));
    if (kind >= 0 && kind < SUBJECT_KIND_COUNT && vehicle >= 0 && vehicle < VEHICLE_COUNT &&
        source >= 0 && source < SOURCE_COUNT) {
        stay->subject.kind = (enum subject_kind)kind;
        stay->subject.vehicle = (enum vehicle)vehicle;
        stay->subject.source = (enum subject_source)source;
    }
    str_copy_cut(stay->subject.key, sizeof stay->subject.key, db_text(row, 2));
    str_copy_cut(stay->subject.raw, sizeof stay->subject.raw, db_text(row, 3));
    str_copy_cut(stay->subject.last4, sizeof stay->subject.last4, db_text(row, 5));
    stay->lane = (int)db_i64(row, 7);
    stay->arrived.ms = db_i64(row, 8);
    stay->entered.ms = db_i64(row, 9);
    stay->left.ms = db_i64(row, 10);
    stay->inside = db_i64(row, 11) != 0;
    stay->amendments = (int)db_i64(row, 12);
}

int desk_book_stay(struct desk_book *book, const char *session, struct desk_stay *ret_stay)
{
    struct db_row row;
    int error = db_query(book->db, &row, "SELECT " STAY_COLUMNS " FROM stay WHERE session = ?1",
                         "t", session);
    bool found = !error && db_next(&row);
    if (found) {
        read_stay(&row, ret_stay);
    }
    int ended = db_done(&row);
    return error ? error : ended ? ended : found ? 0 : DX_E_NOT_FOUND;
}

int desk_book_find(struct desk_book *book, const char *part, bool ended,
                   struct desk_stay *ret_stays, int max)
{
    struct db_row row;
    int count = 0;
    int error = db_query(book->db, &row,
                         "SELECT " STAY_COLUMNS " FROM stay WHERE (inside = 1 OR ?2 = 1)"
                         " AND arrived_ms > 0 AND (instr(key, ?1) > 0 AND kind <> ?3"
                         " OR last4 = ?1) ORDER BY inside DESC, arrived_ms DESC LIMIT ?4",
                         "tiii", part, (int64_t)ended, (int64_t)SUBJECT_CARD, (int64_t)max);
    while (!error && count < max && db_next(&row)) {
        read_stay(&row, &ret_stays[count++]);
    }
    (void)!db_done(&row);
    return count;
}

/* ---- cash and shifts ---- */

int desk_book_sums(struct desk_book *book, const char *shift, struct desk_sums *ret_sums)
{
    struct desk_sums sums = {0};
    struct db_row row;
    int error = db_query(book->db, &row,
                         "SELECT coalesce(sum(amount_vnd), 0), count(*) FROM cash WHERE shift = ?1",
                         "t", shift);
    if (!error && db_next(&row)) {
        sums.cash_vnd = db_i64(&row, 0);
        sums.receipts = db_i64(&row, 1);
    }
    int ended = db_done(&row);
    error = error ? error : ended;
    if (error) {
        return error;
    }
    error = db_query(book->db, &row,
                     "SELECT coalesce(sum(deed.amount_vnd), 0), count(*) FROM deed, shift"
                     " WHERE shift.id = ?1 AND deed.type = 'desk_action'"
                     " AND deed.code = 'pay_for_driver' AND deed.by = shift.by"
                     " AND deed.at_ms >= shift.opened_ms"
                     " AND (shift.closed_ms = 0 OR deed.at_ms <= shift.closed_ms)",
                     "t", shift);
    if (!error && db_next(&row)) {
        sums.paid_for_vnd = db_i64(&row, 0);
        sums.paid_for = db_i64(&row, 1);
    }
    ended = db_done(&row);
    error = error ? error : ended;
    if (!error) {
        *ret_sums = sums;
    }
    return error;
}

int desk_book_shift_of(struct desk_book *book, const char *by, struct desk_shift *ret_shift)
{
    struct db_row row;
    int error = db_query(book->db, &row,
                         "SELECT id, by, opened_ms, float_vnd FROM shift WHERE by = ?1"
                         " AND closed_ms = 0 ORDER BY opened_ms DESC LIMIT 1",
                         "t", by);
    bool found = !error && db_next(&row);
    if (found) {
        str_copy_cut(ret_shift->id, sizeof ret_shift->id, db_text(&row, 0));
        str_copy_cut(ret_shift->by, sizeof ret_shift->by, db_text(&row, 1));
        ret_shift->opened.ms = db_i64(&row, 2);
        ret_shift->float_vnd = db_i64(&row, 3);
    }
    int ended = db_done(&row);
    return error ? error : ended ? ended : found ? 0 : DX_E_NOT_FOUND;
}

int desk_book_next_receipt(struct desk_book *book, int64_t *ret_number)
{
    int64_t highest = 0;
    int error = db_query_i64(book->db, 0, &highest, "SELECT max(number) FROM cash", "");
    if (!error) {
        *ret_number = highest + 1;
    }
    return error;
}
