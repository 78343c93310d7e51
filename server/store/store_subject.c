/* store_subject.c - what a person gets of what is kept under a plate, how it goes, and its proof.
 */
#include "server/store/privacy_inside.h"

#include "proto/base/check.h"
#include "proto/crypto/crypto.h"

/* ---- the chain of proofs ---- */

enum { SEAL_CAP = SHA256_SIZE * 2 + 1 };

/* Every part with its length in front, so that none can pass for a piece of another. */
static void seal(const uint8_t *key, int64_t number, int64_t at_ms, const struct str part[],
                 int count, char out[SEAL_CAP])
{
    struct dx_hmac hmac;
    uint8_t digest[SHA256_SIZE];
    char head[64];
    dx_hmac_sha256_init(&hmac, (struct str){(const char *)key, PRIVACY_KEY});
    snprintf(head, sizeof head, "proof %lld %lld", (long long)number, (long long)at_ms);
    dx_hmac_sha256_update(&hmac, str_c(head));
    for (int i = 0; i < count; i++) {
        snprintf(head, sizeof head, " %zu:", part[i].n);
        dx_hmac_sha256_update(&hmac, str_c(head));
        dx_hmac_sha256_update(&hmac, part[i]);
    }
    dx_hmac_sha256_final(&hmac, digest);
    str_hex(out, digest, SHA256_SIZE);
}

int privacy_prove(struct store *store, const char *kind, const struct privacy_ask *ask,
                  const char *counts, int64_t *ret_number)
{
    char subject[PRIVACY_NAME_CAP] = "";
    char previous[SEAL_CAP] = "";
    char own[SEAL_CAP];
    int64_t number = 0;
    struct db_row row;
    int error = db_query(store->db, &row,
                         "SELECT number, seal FROM privacy_proof ORDER BY number DESC LIMIT 1", "");
    if (!error && db_next(&row)) {
        number = db_i64(&row, 0);
        store_take(&row, 1, previous, sizeof previous, &error);
    }
    error = store_end(&row, error);
    if (error) {
        return error;
    }
    number++;
    if (ask->plate[0]) {
        privacy_pseudonym(ask->key, ask->plate, subject);
    }
    const struct str part[] = {str_c(ask->by),     str_c(kind),   str_c(subject),
                               str_c(ask->reason), str_c(counts), str_c(previous)};
    seal(ask->key, number, ask->now.ms, part, 6, own);
    error = db_exec(store->db,
                    "INSERT INTO privacy_proof(number, at_ms, by, kind, subject, reason, counts,"
                    " previous, seal) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
                    "iittttttt", number, ask->now.ms, ask->by, kind, subject, ask->reason, counts,
                    previous, own);
    if (!error) {
        *ret_number = number;
    }
    return error;
}

int store_privacy_verify(struct store *store, const uint8_t key[PRIVACY_KEY], int64_t *ret_number)
{
    struct db_row row;
    char previous[SEAL_CAP] = "";
    char own[SEAL_CAP];
    int64_t count = 0;
    int error = db_query(store->db, &row,
                         "SELECT number, at_ms, by, kind, subject, reason, counts, previous, seal"
                         " FROM privacy_proof ORDER BY number",
                         "");
    while (!error && db_next(&row)) {
        struct str part[6];
        count++;
        for (int i = 0; i < 6; i++) {
            part[i] = db_text(&row, 2 + i);
        }
        seal(key, db_i64(&row, 0), db_i64(&row, 1), part, 6, own);
        if (db_i64(&row, 0) != count || !str_eq_c(part[5], previous) ||
            !str_eq_constant_time(db_text(&row, 8), str_c(own))) {
            *ret_number = count;
            error = DX_E_CHECK;
        }
        memcpy(previous, own, sizeof previous);
    }
    error = store_end(&row, error);
    if (!error) {
        *ret_number = count;
    }
    return error;
}

/* ---- what a person gets ---- */

#define STAYS "(SELECT id FROM session WHERE key = ?1)"

static const struct {
    const char *name, *sql;
} sections[] = {
    {"stays", "SELECT json_group_array(json_object('id', s.id, 'lot', l.name, 'address', l.address,"
              " 'vehicle', s.vehicle, 'plate', s.key, 'as_read', s.raw, 'state', s.state,"
              " 'entered_ms', s.entered_ms, 'left_ms', s.left_ms, 'fee_vnd', s.fee_vnd, 'paid_vnd',"
              " s.paid_vnd, 'paid_ms', s.paid_ms, 'code', s.code)) FROM session s JOIN lot l ON"
              " l.id = s.lot WHERE s.key = ?1"},
    {"events", "SELECT json_group_array(json(body)) FROM event WHERE json_valid(body) AND"
               " (session IN " STAYS " OR json_extract(body, '$.subject.key') = ?1)"},
    {"payments", "SELECT json_group_array(json_object('stay', a.session, 'amount_vnd',"
                 " a.amount_vnd, 'booked_ms', b.booked_ms, 'text', b.content, 'reference',"
                 " b.bank_ref)) FROM credit_applied a JOIN bank_credit b ON b.id = a.credit"
                 " WHERE a.session IN " STAYS},
    {"cash",
     "SELECT json_group_array(json_object('stay', session, 'receipt', receipt,"
     " 'amount_vnd', amount_vnd, 'taken_ms', taken_ms)) FROM cash_taken WHERE session IN " STAYS},
    {"traffic_accounts", "SELECT json_group_array(json_object('provider', provider, 'tag', tag,"
                         " 'opened_ms', opened_ms, 'closed_ms', closed_ms)) FROM etc_link WHERE"
                         " plate = ?1"},
    {"charges", "SELECT json_group_array(json_object('stay', session, 'provider', provider,"
                " 'amount_vnd', amount_vnd, 'state', state, 'made_ms', made_ms)) FROM etc_charge"
                " WHERE plate = ?1"},
    {"passes", "SELECT json_group_array(json_object('pass', p.id, 'lot', p.lot, 'name', p.name,"
               " 'holder', p.holder, 'from_ms', t.from_ms, 'until_ms', t.until_ms)) FROM"
               " pass_plate t JOIN pass p ON p.id = t.pass WHERE t.plate = ?1"},
    {"lists", "SELECT json_group_array(json_object('lot', lot, 'list', list, 'reason', reason,"
              " 'added_ms', added_ms, 'removed_ms', removed_ms)) FROM lot_list WHERE key = ?1"},
    {"refunds", "SELECT json_group_array(json_object('stay', session, 'amount_vnd', amount_vnd,"
                " 'state', state, 'reason', reason)) FROM refund WHERE session IN " STAYS},
    {"invoices",
     "SELECT json_group_array(json_object('stay', session, 'total_vnd', total_vnd,"
     " 'buyer', buyer_name, 'tax_code', buyer_tax, 'address', buyer_address, 'email',"
     " buyer_email, 'state', state)) FROM invoice WHERE plate = ?1 OR session IN " STAYS},
    {"complaints", "SELECT json_group_array(json_object('stay', session, 'asked_vnd', asked_vnd,"
                   " 'text', text, 'at_ms', at_ms)) FROM complaint WHERE session IN " STAYS},
    {"ratings", "SELECT json_group_array(json_object('stay', session, 'score', score, 'at_ms',"
                " at_ms)) FROM rating WHERE session IN " STAYS},
    {"looked_up", "SELECT json_group_array(json_object('at_ms', at_ms, 'who', who, 'action',"
                  " action, 'reason', reason)) FROM privacy_log WHERE subject = ?1"},
};

static int write_sections(struct store *store, const struct privacy_ask *ask,
                          void (*each)(void *context, const char *section, struct str json),
                          void *context)
{
    char subject[PRIVACY_NAME_CAP];
    int error = 0;
    privacy_pseudonym(ask->key, ask->plate, subject);
    for (size_t i = 0; i < sizeof sections / sizeof sections[0] && !error; i++) {
        struct db_row row;
        bool log = strcmp(sections[i].name, "looked_up") == 0;
        error = db_query(store->db, &row, sections[i].sql, "t", log ? subject : ask->plate);
        if (!error && db_next(&row)) {
            each(context, sections[i].name, db_text(&row, 0));
        }
        error = store_end(&row, error);
    }
    return error;
}

int store_privacy_export(struct store *store, const struct privacy_ask *ask,
                         void (*each)(void *context, const char *section, struct str json),
                         void *context)
{
    int error = store_begin(store);
    if (error) {
        return error;
    }
    error = store_privacy_note(store, "export", ask);
    if (error) {
        store_rollback(store);
        return error;
    }
    error = store_commit(store); /* the line in the log comes before the data */
    return error ? error : write_sections(store, ask, each, context);
}

/* ---- how it goes ---- */

static const struct {
    const char *sql, *why;
} needed[] = {
    {"SELECT count(*) FROM session WHERE key = ?1 AND state IN ('arriving', 'inside', 'quoted',"
     " 'paid', 'exempt', 'leaving')",
     "a stay is under way"},
    {"SELECT count(*) FROM session WHERE key = ?1 AND state = 'left_unpaid'", "a debt is open"},
    {"SELECT count(*) FROM refund WHERE session IN " STAYS
     " AND state IN ('requested', 'approved', 'sent')",
     "a refund is under way"},
    {"SELECT count(*) FROM review WHERE session IN " STAYS " AND closed_ms IS NULL",
     "a person has not dealt with a review yet"},
    {"SELECT count(*) FROM pass_plate p WHERE p.plate = ?1 AND p.until_ms IS NULL AND EXISTS"
     " (SELECT 1 FROM pass_period q WHERE q.pass = p.pass AND q.until_ms > ?2)",
     "a pass is valid: take the plate off it first"},
    {"SELECT count(*) FROM etc_link WHERE plate = ?1 AND closed_ms IS NULL",
     "a traffic account is linked: unlink it first"},
    {"SELECT count(*) FROM lot_list WHERE key = ?1 AND removed_ms IS NULL",
     "the vehicle is on a lot's list: take it off first"},
};

/* ?1 the plate, ?2 the name that takes its place.  What names stays comes before the stays. */
static const struct {
    const char *name, *sql;
} erasures[] = {
    {"notice",
     "UPDATE bank_inbox SET body = x'' WHERE state <> 'new' AND id IN (SELECT b.inbox"
     " FROM bank_credit b JOIN credit_applied a ON a.credit = b.id WHERE a.session IN " STAYS
     " UNION SELECT s.inbox FROM bank_source s JOIN credit_applied a ON a.credit"
     " = s.credit WHERE a.session IN " STAYS ")"},
    {"transfer", "UPDATE bank_credit SET content = '' WHERE session IN " STAYS
                 " OR id IN (SELECT credit FROM credit_applied WHERE session IN " STAYS ")"},
    {"complaint", "UPDATE complaint SET text = '', session = NULL WHERE session IN " STAYS},
    {"rating", "UPDATE rating SET session = lower(hex(randomblob(13))) WHERE session IN " STAYS},
    {"review", "UPDATE review SET detail = '' WHERE session IN " STAYS},
    {"message", "DELETE FROM outbox WHERE session IN " STAYS " AND done_ms IS NOT NULL"},
    {"event", "UPDATE event SET body = " PRIVACY_EVENT_BODY " WHERE json_valid(body) AND"
              " (session IN " STAYS " OR json_extract(body, '$.subject.key') = ?1)"},
    {"set_aside", "UPDATE quarantine SET bytes = x'' WHERE instr(bytes, CAST(?1 AS BLOB)) > 0"},
    {"charge", "UPDATE etc_charge SET plate = ?2, tag = '' WHERE plate = ?1"},
    {"etc_link", "UPDATE etc_link SET plate = ?2, tag = '' WHERE plate = ?1"},
    {"holder", "UPDATE pass SET holder = '' WHERE id IN (SELECT pass FROM pass_plate WHERE"
               " plate = ?1)"},
    {"pass", "UPDATE pass_plate SET plate = ?2 WHERE plate = ?1"},
    {"list", "UPDATE lot_list SET key = ?2, reason = '' WHERE key = ?1"},
    {"stay", "UPDATE session SET key = ?2, raw = '', last4 = '' WHERE key = ?1"},
};
_Static_assert(sizeof erasures / sizeof erasures[0] <= PRIVACY_RULES_MAX, "counts fit");

static int check_needed(struct store *store, const struct privacy_ask *ask, const char **ret_why)
{
    for (size_t i = 0; i < sizeof needed / sizeof needed[0]; i++) {
        int64_t rows = 0;
        bool dated = strstr(needed[i].sql, "?2") != NULL;
        int error =
            dated ? db_query_i64(store->db, 0, &rows, needed[i].sql, "ti", ask->plate, ask->now.ms)
                  : db_query_i64(store->db, 0, &rows, needed[i].sql, "t", ask->plate);
        if (error || rows) {
            *ret_why = needed[i].why;
            return error ? error : DX_E_STATE;
        }
    }
    return 0;
}

/* A hold on the plate, or on any of its stays. */
static int check_held(struct store *store, const struct privacy_ask *ask)
{
    bool held = false;
    int64_t stays = 0;
    int error = privacy_is_held(store, ask->key, ask->plate, "", &held);
    error = error ? error
                  : db_query_i64(store->db, 0, &stays,
                                 "SELECT count(*) FROM privacy_hold WHERE kind = 'stay' AND"
                                 " released_ms IS NULL AND subject IN " STAYS,
                                 "t", ask->plate);
    return error ? error : held || stays ? DX_E_DENIED : 0;
}

static int erase_rows(struct store *store, const struct privacy_ask *ask,
                      struct privacy_count *count)
{
    uint8_t drawn[16];
    char name[PRIVACY_NAME_CAP] = "p-";
    int64_t rows = 0;
    int error = 0;
    dx_random(drawn, sizeof drawn);
    str_hex(name + 2, drawn, sizeof drawn);
    count->rules = (int)(sizeof erasures / sizeof erasures[0]);
    for (int i = 0; i < count->rules && !error; i++) {
        bool named = strstr(erasures[i].sql, "?2") != NULL;
        error = named ? db_exec(store->db, erasures[i].sql, "tt", ask->plate, name)
                      : db_exec(store->db, erasures[i].sql, "t", ask->plate);
        count->rule[i].name = erasures[i].name;
        count->rule[i].done = error ? 0 : db_changes(store->db);
        rows += count->rule[i].done;
    }
    return error ? error : rows ? 0 : DX_E_NOT_FOUND;
}

/* What was asked for and refused stands in the log as well; the refusal's own error. */
static int note_refusal(struct store *store, const struct privacy_ask *ask, int refusal)
{
    if (dx_error_class(refusal) != DX_CLASS_REJECT || refusal == DX_E_INVAL) {
        return refusal;
    }
    int error = store_begin(store);
    error = error ? error : store_privacy_note(store, "refused", ask);
    if (error) {
        store_rollback(store);
        return error;
    }
    error = store_commit(store);
    return error ? error : refusal;
}

int store_privacy_erase(struct store *store, const struct privacy_ask *ask, const char **ret_why,
                        struct privacy_count *ret_count, int64_t *ret_proof)
{
    struct privacy_count count = {0};
    char text[512];
    struct out out;
    int64_t on = 0;
    must(ask->plate[0]);
    *ret_why = "";
    /* What is overwritten is gone from the file's pages as well. */
    int error = db_query_i64(store->db, 0, &on, "PRAGMA secure_delete = ON", "");
    error = error ? error : store_begin(store);
    if (error) {
        return error;
    }
    error = store_privacy_note(store, "erase", ask);
    error = error ? error : check_held(store, ask);
    error = error ? error : check_needed(store, ask, ret_why);
    error = error ? error : erase_rows(store, ask, &count);
    if (!error) {
        out_init(&out, text, sizeof text);
        privacy_count_write(&out, &count);
        error = privacy_prove(store, "erase", ask, text, ret_proof);
    }
    if (error) {
        store_rollback(store);
        return note_refusal(store, ask, error);
    }
    error = store_commit(store);
    if (!error) {
        *ret_count = count;
        /* The write-ahead log still holds the pages of before; who reads may keep it a while. */
        (void)!db_query_i64(store->db, 0, &on, "PRAGMA wal_checkpoint(TRUNCATE)", "");
    }
    return error;
}

/* ---- lists ---- */

int store_privacy_list(struct store *store, const char *what, const char *subject,
                       void (*each)(void *context, struct db_row *row), void *context)
{
    static const struct {
        const char *what, *sql;
    } lists[] = {
        {"holds", "SELECT made_ms, made_by, kind, subject, reason FROM privacy_hold WHERE"
                  " released_ms IS NULL AND (?1 = '' OR subject = ?1) ORDER BY id"},
        {"log", "SELECT at_ms, who, action, subject, reason FROM privacy_log WHERE ?1 = '' OR"
                " subject = ?1 ORDER BY id"},
        {"proofs", "SELECT at_ms, by, kind || ' ' || number, subject, counts || ' ' || seal FROM"
                   " privacy_proof WHERE ?1 = '' OR subject = ?1 ORDER BY number"},
        {"stays", "SELECT arrived_ms, lot, state, id, vehicle || ' fee ' || fee_vnd || ' paid ' ||"
                  " paid_vnd FROM session WHERE key = ?1 ORDER BY id DESC LIMIT 100"},
        {"analytics", "SELECT entered_ms, lot, vehicle, key, coalesce(left_ms, 0), fee_vnd FROM"
                      " session WHERE entered_ms IS NOT NULL AND ?1 = '' ORDER BY id"},
    };
    for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++) {
        if (strcmp(lists[i].what, what) == 0) {
            struct db_row row;
            int error = db_query(store->db, &row, lists[i].sql, "t", subject);
            while (!error && db_next(&row)) {
                each(context, &row);
            }
            return store_end(&row, error);
        }
    }
    return DX_E_INVAL;
}
