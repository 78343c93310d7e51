/* store_privacy.c - retention and holds; a person's export and erasure: store_subject.c. */
#include "server/store/store_privacy.h"

#include "proto/base/check.h"
#include "proto/crypto/crypto.h"
#include "server/store/privacy_inside.h"

void privacy_pseudonym(const uint8_t key[PRIVACY_KEY], const char *plate,
                       char out[PRIVACY_NAME_CAP])
{
    uint8_t digest[SHA256_SIZE];
    dx_hmac_sha256(digest, (struct str){(const char *)key, PRIVACY_KEY}, str_c(plate));
    out[0] = 'p';
    out[1] = '-';
    str_hex(out + 2, digest, 16);
}

void privacy_terms_default(struct privacy_terms *terms)
{
    static const int64_t days[] = {
#define X(name, word, days_, sentence) (days_),
        PRIVACY_TERMS(X)
#undef X
    };
    memcpy(terms->days, days, sizeof days);
}

/* ---- what is due, rule by rule ---- */

enum { STATEMENTS_MAX = 5 };

/* `find`: ?1 the end of the term, ?2 rows, ?3 behind this one; id, plate, stay.  `change`: ?1 the
 * id, ?2 the name that takes the plate's place. */
struct rule {
    const char *name;
    enum privacy_term term;
    const char *find;
    const char *change[STATEMENTS_MAX];
};

static const struct rule rules[] = {
    {"stay", PRIVACY_TERM_STAY,
     "SELECT s.id, s.key, s.id FROM session s WHERE s.id > ?3 AND substr(s.key, 1, 2) <> 'p-'"
     " AND coalesce(s.left_ms, s.updated_ms) < ?1 AND s.state IN ('left', 'backed_out',"
     " 'written_off', 'closed_by_review') AND NOT EXISTS (SELECT 1 FROM refund f WHERE"
     " f.session = s.id AND f.state IN ('requested', 'approved', 'sent')) AND NOT EXISTS"
     " (SELECT 1 FROM review r WHERE r.session = s.id AND r.closed_ms IS NULL)"
     " ORDER BY s.id LIMIT ?2",
     PRIVACY_STAY_CHANGES},
    {"seen",
     PRIVACY_TERM_STAY,
     "SELECT id, coalesce(json_extract(body, '$.subject.key'), ''), '' FROM event WHERE id > ?3"
     " AND session = '' AND received_ms < ?1 AND json_valid(body) AND"
     " coalesce(json_extract(body, '$.subject.raw'), json_extract(body, '$.subject.key')) IS NOT"
     " NULL AND coalesce(json_extract(body, '$.subject.key'), '') NOT LIKE 'p-%'"
     " ORDER BY id LIMIT ?2",
     {"UPDATE event SET body = " PRIVACY_EVENT_BODY " WHERE id = ?1"}},
    {"etc_link",
     PRIVACY_TERM_STAY,
     "SELECT id, plate, '' FROM etc_link WHERE id > ?3 AND closed_ms < ?1"
     " AND substr(plate, 1, 2) <> 'p-' ORDER BY id LIMIT ?2",
     {"UPDATE etc_link SET plate = ?2, tag = '' WHERE id = ?1"}},
    {"list",
     PRIVACY_TERM_STAY,
     "SELECT printf('%020d', id), key, '' FROM lot_list WHERE id > CAST(?3 AS INTEGER)"
     " AND removed_ms < ?1 AND substr(key, 1, 2) <> 'p-' ORDER BY id LIMIT ?2",
     {"UPDATE lot_list SET key = ?2, reason = '' WHERE id = CAST(?1 AS INTEGER)"}},
    {"pass",
     PRIVACY_TERM_PASS,
     "SELECT printf('%020d', p.id), p.plate, '' FROM pass_plate p WHERE p.id > CAST(?3 AS"
     " INTEGER) AND substr(p.plate, 1, 2) <> 'p-' AND (p.until_ms < ?1 OR NOT EXISTS (SELECT 1"
     " FROM pass_period q WHERE q.pass = p.pass AND q.until_ms >= ?1)) ORDER BY p.id LIMIT ?2",
     {"UPDATE pass SET holder = '' WHERE id = (SELECT pass FROM pass_plate WHERE id ="
      " CAST(?1 AS INTEGER)) AND NOT EXISTS (SELECT 1 FROM pass_plate o WHERE o.pass = pass.id"
      " AND o.id <> CAST(?1 AS INTEGER) AND substr(o.plate, 1, 2) <> 'p-')",
      "UPDATE pass_plate SET plate = ?2 WHERE id = CAST(?1 AS INTEGER)"}},
    {"complaint",
     PRIVACY_TERM_WORDS,
     "SELECT c.id, coalesce(s.key, ''), coalesce(c.session, '') FROM complaint c LEFT JOIN"
     " session s ON s.id = c.session WHERE c.id > ?3 AND c.at_ms < ?1 AND c.text <> ''"
     " ORDER BY c.id LIMIT ?2",
     {"UPDATE complaint SET text = '' WHERE id = ?1"}},
    {"review",
     PRIVACY_TERM_WORDS,
     "SELECT printf('%020d', r.id), coalesce(s.key, ''), r.session FROM review r LEFT JOIN"
     " session s ON s.id = r.session WHERE r.id > CAST(?3 AS INTEGER) AND r.closed_ms < ?1"
     " AND r.detail <> '' ORDER BY r.id LIMIT ?2",
     {"UPDATE review SET detail = '' WHERE id = CAST(?1 AS INTEGER)"}},
    {"set_aside",
     PRIVACY_TERM_WORDS,
     "SELECT printf('%020d', id), '', '' FROM quarantine WHERE id > CAST(?3 AS INTEGER)"
     " AND last_ms < ?1 AND length(bytes) > 0 ORDER BY id LIMIT ?2",
     {"UPDATE quarantine SET bytes = x'' WHERE id = CAST(?1 AS INTEGER)"}},
    {"transfer",
     PRIVACY_TERM_BANK,
     "SELECT b.id, coalesce(s.key, ''), coalesce(b.session, '') FROM bank_credit b LEFT JOIN"
     " session s ON s.id = b.session WHERE b.id > ?3 AND b.booked_ms < ?1 AND b.content <> ''"
     " AND NOT EXISTS (SELECT 1 FROM review r WHERE r.credit = b.id AND r.closed_ms IS NULL)"
     " ORDER BY b.id LIMIT ?2",
     {"UPDATE bank_credit SET content = '' WHERE id = ?1"}},
    {"notice",
     PRIVACY_TERM_BANK,
     "SELECT printf('%020d', i.id), coalesce((SELECT s.key FROM bank_credit b JOIN session s ON"
     " s.id = b.session WHERE b.inbox = i.id), ''), coalesce((SELECT session FROM bank_credit"
     " WHERE inbox = i.id), '') FROM bank_inbox i WHERE i.id > CAST(?3 AS INTEGER)"
     " AND i.received_ms < ?1 AND i.state <> 'new' AND length(i.body) > 0 ORDER BY i.id LIMIT ?2",
     {"UPDATE bank_inbox SET body = x'' WHERE id = CAST(?1 AS INTEGER)"}},
    {"message",
     PRIVACY_TERM_OUTBOX,
     "SELECT o.id, coalesce(s.key, ''), o.session FROM outbox o LEFT JOIN session s ON"
     " s.id = o.session WHERE o.id > ?3 AND o.done_ms < ?1 ORDER BY o.id LIMIT ?2",
     {"DELETE FROM outbox WHERE id = ?1"}},
    {"invoice",
     PRIVACY_TERM_INVOICE,
     "SELECT id, plate, session FROM invoice WHERE id > ?3 AND made_ms < ?1"
     " AND substr(plate, 1, 2) <> 'p-' ORDER BY id LIMIT ?2",
     {"UPDATE invoice SET plate = ?2, buyer_name = '', buyer_tax = '', buyer_address = '',"
      " buyer_email = '', answer = '' WHERE id = ?1"}},
};
enum { RULES = (int)(sizeof rules / sizeof rules[0]) };
_Static_assert((int)RULES <= (int)PRIVACY_RULES_MAX, "counts fit");

void privacy_count_write(struct out *out, const struct privacy_count *count)
{
    json_object(out, NULL);
    for (int i = 0; i < count->rules; i++) {
        if (count->rule[i].done) {
            json_i64(out, count->rule[i].name, count->rule[i].done);
        }
    }
    json_object_end(out);
}

int privacy_is_held(struct store *store, const uint8_t *key, const char *plate, const char *stay,
                    bool *ret_held)
{
    char subject[PRIVACY_NAME_CAP] = "";
    int64_t holds = 0;
    if (plate[0] && strncmp(plate, "p-", 2) != 0) {
        privacy_pseudonym(key, plate, subject);
    } else {
        str_copy_cut(subject, sizeof subject, str_c(plate));
    }
    int error = db_query_i64(store->db, 0, &holds,
                             "SELECT count(*) FROM privacy_hold WHERE released_ms IS NULL AND"
                             " ((kind = 'plate' AND subject = ?1) OR (kind = 'stay' AND"
                             " subject = ?2))",
                             "tt", subject, stay);
    if (!error) {
        *ret_held = holds > 0;
    }
    return error;
}

struct due {
    char id[ULID_CAP], plate[64], stay[ULID_CAP];
};

static int find_due(struct store *store, const struct rule *rule, wall_t end, const char *behind,
                    struct due *list, int *ret_count)
{
    struct db_row row;
    int count = 0;
    int error =
        db_query(store->db, &row, rule->find, "iit", end.ms, (int64_t)PRIVACY_CHUNK, behind);
    while (!error && count < PRIVACY_CHUNK && db_next(&row)) {
        struct due *due = &list[count++];
        store_take(&row, 0, due->id, sizeof due->id, &error);
        str_copy_cut(due->plate, sizeof due->plate, db_text(&row, 1));
        str_copy_cut(due->stay, sizeof due->stay, db_text(&row, 2));
    }
    *ret_count = count;
    return store_end(&row, error);
}

int privacy_change(struct store *store, const char *const change[], int count, const char *id,
                   const char *name)
{
    int error = 0;
    for (int i = 0; i < count && change[i] && !error; i++) {
        bool named = strstr(change[i], "?2") != NULL;
        error = named ? db_exec(store->db, change[i], "tt", id, name)
                      : db_exec(store->db, change[i], "t", id);
    }
    return error;
}

static int change_due(struct store *store, const struct privacy_run *run, int at,
                      const struct due *due, struct privacy_count *count)
{
    char name[PRIVACY_NAME_CAP] = "p-"; /* where no plate was made out */
    bool held = false;
    int error = privacy_is_held(store, run->key, due->plate, due->stay, &held);
    if (error) {
        return error;
    }
    if (held) {
        count->rule[at].held++;
        return 0;
    }
    count->rule[at].done++;
    if (strncmp(due->plate, "p-", 2) == 0) {
        str_copy_cut(name, sizeof name, str_c(due->plate));
    } else if (due->plate[0]) {
        privacy_pseudonym(run->key, due->plate, name);
    }
    return run->dry ? 0 : privacy_change(store, rules[at].change, STATEMENTS_MAX, due->id, name);
}

/* One transaction of a rule; *ret_more: there may be more behind `behind`. */
static int run_chunk(struct store *store, const struct privacy_run *run, int at,
                     char behind[ULID_CAP], struct privacy_count *count, bool *ret_more)
{
    static _Thread_local struct due list[PRIVACY_CHUNK];
    const wall_t end = wall_add(run->now, -run->terms.days[rules[at].term] * TIME_DAY_MS);
    struct privacy_count kept = *count;
    int n = 0;
    int error = run->dry ? 0 : store_begin(store);
    error = error ? error : find_due(store, &rules[at], end, behind, list, &n);
    for (int i = 0; i < n && !error; i++) {
        error = change_due(store, run, at, &list[i], count);
    }
    if (!error && !run->dry) {
        error = store_commit(store);
    } else if (error && !run->dry) {
        store_rollback(store);
    }
    if (error) {
        *count = kept;
        return error;
    }
    if (n) {
        str_copy_cut(behind, ULID_CAP, str_c(list[n - 1].id));
    }
    *ret_more = n == PRIVACY_CHUNK;
    return 0;
}

static int prove_run(struct store *store, const struct privacy_run *run,
                     const struct privacy_count *count)
{
    char text[512];
    struct out out;
    int64_t number = 0;
    out_init(&out, text, sizeof text);
    privacy_count_write(&out, count);
    int error = store_begin(store);
    if (error) {
        return error;
    }
    const struct privacy_ask ask = {
        .key = run->key, .plate = "", .by = run->by, .reason = "terms", .now = run->now};
    error = privacy_prove(store, "retention", &ask, text, &number);
    if (error) {
        store_rollback(store);
        return error;
    }
    return store_commit(store);
}

int store_privacy_retain(struct store *store, const struct privacy_run *run,
                         struct privacy_count *ret_count)
{
    struct privacy_count count = {.rules = RULES};
    int error = 0;
    for (int at = 0; at < RULES && !error; at++) {
        char behind[ULID_CAP] = "";
        bool more = true;
        count.rule[at].name = rules[at].name;
        while (more && !error) {
            if (run->stopping && run->stopping(run->context)) {
                return DX_E_TIMEOUT;
            }
            error = run_chunk(store, run, at, behind, &count, &more);
        }
    }
    if (!error && !run->dry) {
        error = prove_run(store, run, &count);
    }
    if (!error) {
        *ret_count = count;
    }
    return error;
}

int store_privacy_last(struct store *store, wall_t *ret_at)
{
    return db_query_i64(store->db, 0, &ret_at->ms,
                        "SELECT max(at_ms) FROM privacy_proof WHERE kind = 'retention'", "");
}

/* ---- holds, look-ups ---- */

int store_privacy_note(struct store *store, const char *action, const struct privacy_ask *ask)
{
    char subject[PRIVACY_NAME_CAP] = "";
    if (!ask->by[0] || !ask->reason[0]) {
        return DX_E_INVAL;
    }
    if (ask->plate[0]) {
        privacy_pseudonym(ask->key, ask->plate, subject);
    } else {
        str_copy_cut(subject, sizeof subject, str_c(ask->stay));
    }
    return db_exec(store->db,
                   "INSERT INTO privacy_log(at_ms, who, action, subject, reason, address)"
                   " VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
                   "ittttt", ask->now.ms, ask->by, action, subject, ask->reason, ask->address);
}

static int end_transaction(struct store *store, int error)
{
    if (error) {
        store_rollback(store);
        return error;
    }
    return store_commit(store);
}

int store_privacy_hold(struct store *store, const struct privacy_ask *ask)
{
    char subject[PRIVACY_NAME_CAP];
    bool plate = ask->plate[0] != '\0';
    int error = store_begin(store);
    if (error) {
        return error;
    }
    if (plate) {
        privacy_pseudonym(ask->key, ask->plate, subject);
    } else {
        str_copy_cut(subject, sizeof subject, str_c(ask->stay));
    }
    error = store_privacy_note(store, "hold", ask);
    error = error ? error
                  : db_exec(store->db,
                            "INSERT INTO privacy_hold(kind, subject, reason, made_ms, made_by)"
                            " VALUES (?1, ?2, ?3, ?4, ?5)",
                            "tttit", plate ? "plate" : "stay", subject, ask->reason, ask->now.ms,
                            ask->by);
    return end_transaction(store, error);
}

int store_privacy_release(struct store *store, const struct privacy_ask *ask)
{
    char subject[PRIVACY_NAME_CAP];
    bool plate = ask->plate[0] != '\0';
    int error = store_begin(store);
    if (error) {
        return error;
    }
    if (plate) {
        privacy_pseudonym(ask->key, ask->plate, subject);
    } else {
        str_copy_cut(subject, sizeof subject, str_c(ask->stay));
    }
    error = store_privacy_note(store, "release", ask);
    error = error ? error
                  : db_exec(store->db,
                            "UPDATE privacy_hold SET released_ms = ?3, released_by = ?4 WHERE"
                            " kind = ?1 AND subject = ?2 AND released_ms IS NULL",
                            "ttit", plate ? "plate" : "stay", subject, ask->now.ms, ask->by);
    if (!error && db_changes(store->db) == 0) {
        error = DX_E_NOT_FOUND;
    }
    return end_transaction(store, error);
}
