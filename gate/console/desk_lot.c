#include "gate/console/desk_lot.h"

#include "proto/io/lot_json.h"

enum { LAG_MS = 2 * TIME_MINUTE_MS, NEAREST_BATCH = 64 };

/* A stay `s` of this gate that is inside by all that is known; ?1, ?2: what the server has. */
#define OWN_INSIDE                                                                          \
    "(s.inside = 1 AND (EXISTS (SELECT 1 FROM lot_stay o WHERE o.session = s.session)"      \
    " OR (s.generation, s.seq) > (?1, ?2) OR s.entered_ms = 0"                              \
    " OR coalesce((SELECT version FROM lot_part WHERE part = substr(s.session, 26, 1)), 0)" \
    " <= s.entered_ms + ?3))"
/* A stay `l` of the list that this gate knows nothing of: it came in through another one. */
#define OTHERS_INSIDE                                                \
    "(NOT EXISTS (SELECT 1 FROM gone g WHERE g.session = l.session)" \
    " AND NOT EXISTS (SELECT 1 FROM stay t WHERE t.session = l.session))"

/* ---- taking in ---- */

static int put_stays(struct desk_book *book, const char *part, const struct lot_bucket *bucket)
{
    int error = db_exec(book->db, "DELETE FROM lot_stay WHERE part = ?1", "t", part);
    for (int i = 0; i < bucket->count && !error; i++) {
        const struct lot_stay *stay = &bucket->stay[i];
        error = db_exec(book->db,
                        "INSERT OR REPLACE INTO lot_stay (session, part, kind, vehicle, key,"
                        " entered_ms) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
                        "ttiiti", stay->session, part, (int64_t)stay->kind, (int64_t)stay->vehicle,
                        stay->key, stay->entered.ms);
    }
    return error ? error
                 : db_exec(book->db,
                           "INSERT INTO lot_part (part, version) VALUES (?1, ?2)"
                           " ON CONFLICT (part) DO UPDATE SET version = excluded.version",
                           "ti", part, bucket->version);
}

static int replace_part(struct desk_book *book, const char *part, const struct lot_bucket *bucket)
{
    int64_t version = 0;
    int error = db_query_i64(book->db, 0, &version, "SELECT version FROM lot_part WHERE part = ?1",
                             "t", part);
    if (error || version == bucket->version) {
        return error;
    }
    error = db_begin(book->db);
    if (error) {
        return error;
    }
    error = put_stays(book, part, bucket);
    if (error) {
        db_rollback(book->db);
        return error;
    }
    book->lot_changes++;
    return db_commit(book->db);
}

/* One part as the loop has kept it; nothing when it has none. */
static int take_part(struct desk_book *book, struct lot *lot, int bucket)
{
    struct db_row row;
    const char *why = "";
    char part[2] = {lot_bucket_char(bucket), '\0'};
    char name[16];
    int found = 0;
    snprintf(name, sizeof name, "inside/%s", part);
    int error = db_query(book->journal, &row, "SELECT body FROM kept WHERE name = ?1", "t", name);
    bool read =
        !error && db_next(&row) && lot_read_inside(db_text(&row, 0), lot, &found, &why) == 0;
    int ended = db_done(&row);
    error = error ? error : ended;
    return error || !read || found != bucket ? error
                                             : replace_part(book, part, &lot->bucket[bucket]);
}

int desk_lot_take(struct desk_book *book, const char *id, uint32_t parts)
{
    struct lot lot;
    int error = 0;
    memset(&lot, 0, sizeof lot);
    str_copy_cut(lot.id, sizeof lot.id, str_c(id));
    for (int i = 0; i < LOT_BUCKETS && !error; i++) {
        if (parts & UINT32_C(1) << i) {
            error = take_part(book, &lot, i);
            lot_fini(&lot); /* one part at a time: the box is small */
        }
    }
    return error;
}

int desk_lot_news(struct desk_book *book, struct desk_news *ret_news)
{
    int64_t newest = 0;
    int error = db_query_i64(book->db, 0, &newest, "SELECT max(version) FROM lot_part", "");
    if (!error) {
        ret_news->known = newest > 0;
        ret_news->at.ms = newest;
    }
    return error;
}

/* ---- how many ---- */

static int add_counts(struct db_row *row, int64_t count[VEHICLE_COUNT])
{
    while (db_next(row)) {
        int64_t vehicle = db_i64(row, 0);
        if (vehicle >= 0 && vehicle < VEHICLE_COUNT) {
            count[vehicle] += db_i64(row, 1);
        }
    }
    return db_done(row);
}

int desk_lot_count(struct desk_book *book, const struct desk_told *told,
                   int64_t ret_count[VEHICLE_COUNT])
{
    int64_t count[VEHICLE_COUNT] = {0};
    struct db_row row;
    int error =
        db_query(book->db, &row,
                 "SELECT s.vehicle, count(*) FROM stay s WHERE " OWN_INSIDE " GROUP BY s.vehicle",
                 "iii", told->generation, told->seq, (int64_t)LAG_MS);
    error = error ? error : add_counts(&row, count);
    error = error ? error
                  : db_query(book->db, &row,
                             "SELECT l.vehicle, count(*) FROM lot_stay l WHERE " OTHERS_INSIDE
                             " GROUP BY l.vehicle",
                             "");
    error = error ? error : add_counts(&row, count);
    error = error ? error : db_query(book->db, &row, "SELECT vehicle, offset FROM occupancy", "");
    error = error ? error : add_counts(&row, count);
    if (!error) {
        memcpy(ret_count, count, sizeof count);
    }
    return error;
}

/* ---- which ---- */

static bool read_other(struct db_row *row, struct desk_stay *stay)
{
    int64_t kind = db_i64(row, 1);
    int64_t vehicle = db_i64(row, 2);
    if (kind < 0 || kind >= SUBJECT_KIND_COUNT || vehicle < 0 || vehicle >= VEHICLE_COUNT) {
        return false;
    }
    memset(stay, 0, sizeof *stay);
    stay->subject.kind = (enum subject_kind)kind;
    stay->subject.vehicle = (enum vehicle)vehicle;
    str_copy_cut(stay->session, sizeof stay->session, db_text(row, 0));
    str_copy_cut(stay->subject.key, sizeof stay->subject.key, db_text(row, 3));
    stay->entered.ms = db_i64(row, 4);
    stay->inside = true;
    stay->elsewhere = true;
    return true;
}

static int find_others(struct desk_book *book, const char *part, struct desk_stay *stays, int max)
{
    struct db_row row;
    int count = 0;
    int error = db_query(book->db, &row,
                         "SELECT session, kind, vehicle, key, entered_ms FROM lot_stay l"
                         " WHERE kind <> ?2 AND instr(key, ?1) > 0 AND " OTHERS_INSIDE
                         " ORDER BY entered_ms DESC LIMIT ?3",
                         "tii", part, (int64_t)SUBJECT_CARD, (int64_t)max);
    while (!error && count < max && db_next(&row)) {
        count += read_other(&row, &stays[count]);
    }
    (void)!db_done(&row);
    return count;
}

/* Inside by this gate's own book: has it left through another gate since? */
static void look_elsewhere(struct desk_book *book, const struct desk_told *told,
                           struct desk_stay *stay)
{
    int64_t inside = 0;
    if (stay->inside &&
        db_query_i64(book->db, 0, &inside,
                     "SELECT count(*) FROM stay s WHERE s.session = ?4 AND " OWN_INSIDE, "iiit",
                     told->generation, told->seq, (int64_t)LAG_MS, stay->session) == 0) {
        stay->inside = inside > 0;
    }
}

int desk_lot_find(struct desk_book *book, const struct desk_told *told, const char *part,
                  bool ended, struct desk_stay *ret_stays, int max)
{
    int own = desk_book_find(book, part, ended, ret_stays, max);
    int count = 0;
    for (int i = 0; i < own; i++) {
        look_elsewhere(book, told, &ret_stays[i]);
        if (ended || ret_stays[i].inside) {
            ret_stays[count++] = ret_stays[i];
        }
    }
    return count + find_others(book, part, ret_stays + count, max - count);
}

int desk_stay_anywhere(struct desk_book *book, const char *session, struct desk_stay *ret_stay)
{
    struct db_row row;
    int error = desk_book_stay(book, session, ret_stay);
    if (error != DX_E_NOT_FOUND) {
        return error;
    }
    error = db_query(book->db, &row,
                     "SELECT session, kind, vehicle, key, entered_ms FROM lot_stay"
                     " WHERE session = ?1",
                     "t", session);
    bool found = !error && db_next(&row) && read_other(&row, ret_stay);
    int done = db_done(&row);
    return error ? error : done ? done : found ? 0 : DX_E_NOT_FOUND;
}

/* ---- the nearest plates ---- */

struct near {
    char session[ULID_CAP];
    int distance;
};

/* Keeps the `max` nearest; of equal ones the earlier. */
static int add_near(struct near *near, int count, int max, const char *session, int distance)
{
    int at = count < max ? count : max;
    while (at > 0 && near[at - 1].distance > distance) {
        at--;
    }
    if (at >= max) {
        return count;
    }
    int last = count < max ? count : max - 1;
    memmove(&near[at + 1], &near[at], (size_t)(last - at) * sizeof near[0]);
    str_copy_cut(near[at].session, sizeof near[at].session, str_c(session));
    near[at].distance = distance;
    return count < max ? count + 1 : max;
}

struct batch {
    int count;
    char session[NEAREST_BATCH][ULID_CAP];
    char key[NEAREST_BATCH][PLATE_RAW_CAP];
};

static int judge_batch(const struct batch *batch, const char *canonical, struct near *near,
                       int count, int max)
{
    const char *known[NEAREST_BATCH];
    struct plate_match match[NEAREST_BATCH];
    for (int i = 0; i < batch->count; i++) {
        known[i] = batch->key[i];
    }
    int found =
        plate_nearest(canonical, known, batch->count, PLATE_DISTANCE_OTHER, match, NEAREST_BATCH);
    for (int i = 0; i < found; i++) {
        count = add_near(near, count, max, batch->session[match[i].index], match[i].distance);
    }
    return count;
}

static int walk_plates(struct desk_book *book, const struct desk_told *told, const char *canonical,
                       struct near *near, int max)
{
    struct db_row row;
    struct batch batch;
    int count = 0;
    int error =
        db_query(book->db, &row,
                 "SELECT s.session, s.key FROM stay s WHERE s.kind = ?4 AND " OWN_INSIDE
                 " UNION ALL SELECT l.session, l.key FROM lot_stay l WHERE l.kind = ?4"
                 " AND " OTHERS_INSIDE,
                 "iiii", told->generation, told->seq, (int64_t)LAG_MS, (int64_t)SUBJECT_PLATE);
    batch.count = 0;
    while (!error && db_next(&row)) {
        str_copy_cut(batch.session[batch.count], ULID_CAP, db_text(&row, 0));
        str_copy_cut(batch.key[batch.count], PLATE_RAW_CAP, db_text(&row, 1));
        if (++batch.count == NEAREST_BATCH) {
            count = judge_batch(&batch, canonical, near, count, max);
            batch.count = 0;
        }
    }
    (void)!db_done(&row);
    return judge_batch(&batch, canonical, near, count, max);
}

int desk_lot_nearest(struct desk_book *book, const struct desk_told *told, const char *canonical,
                     struct desk_stay *ret_stays, int *ret_distances, int max)
{
    enum { NEAR_MAX = 16 };
    struct near near[NEAR_MAX];
    int written = 0;
    int count = walk_plates(book, told, canonical, near, max < NEAR_MAX ? max : NEAR_MAX);
    for (int i = 0; i < count; i++) {
        if (desk_stay_anywhere(book, near[i].session, &ret_stays[written]) == 0) {
            ret_distances[written++] = near[i].distance;
        }
    }
    return written;
}
