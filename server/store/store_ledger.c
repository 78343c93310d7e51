/* store_ledger.c - posting into the ledger: a running number, and a hash over what went before. */
#include "proto/base/check.h"
#include "server/store/ledger_rules.h"
#include "server/store/store_sqlite.h"

int store_get_tx(struct store *store, const char *id, struct ledger_tx *ret_tx)
{
    struct db_row row;
    struct ledger_tx tx = {0};
    int error =
        db_query(store->db, &row,
                 "SELECT at_ms, kind, lot, session, cause FROM ledger_tx WHERE id = ?1", "t", id);
    if (!error) {
        error = DX_E_NOT_FOUND;
        if (db_next(&row)) {
            error = str_copy(tx.id, sizeof tx.id, str_c(id));
            tx.at.ms = db_i64(&row, 0);
            store_take(&row, 1, tx.kind, sizeof tx.kind, &error);
            store_take(&row, 2, tx.lot, sizeof tx.lot, &error);
            store_take(&row, 3, tx.session, sizeof tx.session, &error);
            store_take(&row, 4, tx.cause, sizeof tx.cause, &error);
        }
    }
    error = store_end(&row, error);
    if (error) {
        return error;
    }
    error = db_query(store->db, &row,
                     "SELECT account, amount_vnd FROM ledger_entry WHERE tx = ?1 ORDER BY line",
                     "t", id);
    while (!error && db_next(&row)) {
        if (tx.count == LEDGER_ENTRIES_MAX) {
            error = DX_E_CORRUPT;
            break;
        }
        struct ledger_entry *entry = &tx.entry[tx.count++];
        store_take(&row, 0, entry->account, sizeof entry->account, &error);
        entry->amount_vnd = db_i64(&row, 1);
    }
    error = store_end(&row, error);
    if (!error && !ledger_is_balanced(&tx)) {
        error = DX_E_CORRUPT;
    }
    if (!error) {
        *ret_tx = tx;
    }
    return error;
}

int store_get_ledger_head(struct store *store, struct ledger_head *ret_head)
{
    struct db_row row;
    struct ledger_head head = {0};
    int error = db_query(store->db, &row,
                         "SELECT number, hash FROM ledger_tx ORDER BY number DESC LIMIT 1", "");
    if (!error && db_next(&row)) {
        struct str hash = db_text(&row, 1);
        head.number = db_i64(&row, 0);
        error = hash.n == sizeof head.hash ? 0 : DX_E_CORRUPT;
        memcpy(head.hash, hash.p, error ? 0 : hash.n);
    }
    error = store_end(&row, error);
    if (!error) {
        *ret_head = head;
    }
    return error;
}

static struct str hash_str(const uint8_t *hash)
{
    return (struct str){(const char *)hash, LEDGER_HASH_SIZE};
}

static int insert_tx(struct store *store, const struct ledger_tx *tx)
{
    struct ledger_head head;
    uint8_t hash[LEDGER_HASH_SIZE];
    int error = store_get_ledger_head(store, &head);
    if (error) {
        return error;
    }
    ledger_chain_hash(tx, head.number + 1, head.hash, hash);
    error =
        db_exec(store->db,
                "INSERT INTO ledger_tx(number, id, at_ms, kind, lot, session, cause, prev, hash)"
                " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
                "itittttbb", head.number + 1, tx->id, tx->at.ms, tx->kind, tx->lot, tx->session,
                tx->cause, hash_str(head.hash), hash_str(hash));
    for (int i = 0; i < tx->count && !error; i++) {
        error =
            db_exec(store->db,
                    "INSERT INTO ledger_entry(tx, line, account, amount_vnd)"
                    " VALUES (?1, ?2, ?3, ?4)",
                    "titi", tx->id, (int64_t)i + 1, tx->entry[i].account, tx->entry[i].amount_vnd);
    }
    return error;
}

int store_post(struct store *store, const struct ledger_tx *tx)
{
    struct ledger_tx there;
    must(ledger_is_balanced(tx) && !ledger_is_empty(tx));
    int error = store_get_tx(store, tx->id, &there);
    if (error == DX_E_NOT_FOUND) {
        return insert_tx(store, tx);
    }
    if (error) {
        return error;
    }
    return ledger_same(&there, tx) ? DX_E_EXISTS : DX_E_DIFFERENT;
}

/* ---- a ledger from before the chain ---- */

static int chain_one(struct store *store, struct ledger_head *head, const char *id)
{
    struct ledger_tx tx;
    uint8_t hash[LEDGER_HASH_SIZE];
    int error = store_get_tx(store, id, &tx);
    if (error) {
        return error;
    }
    ledger_chain_hash(&tx, head->number + 1, head->hash, hash);
    error = db_exec(store->db, "UPDATE ledger_tx SET prev = ?2, hash = ?3 WHERE number = ?1", "ibb",
                    head->number + 1, hash_str(head->hash), hash_str(hash));
    head->number++;
    memcpy(head->hash, hash, sizeof hash);
    return error;
}

int store_chain_ledger(struct store *store)
{
    struct ledger_head head = {0};
    int error = 0;
    while (!error) {
        struct db_row row;
        char id[LEDGER_ID_CAP];
        bool more = false;
        error = db_query(store->db, &row, "SELECT id FROM ledger_tx WHERE number = ?1", "i",
                         head.number + 1);
        if (!error && db_next(&row)) {
            more = true;
            store_take(&row, 0, id, sizeof id, &error);
        }
        error = store_end(&row, error);
        if (!more) {
            break;
        }
        error = error ? error : chain_one(store, &head, id);
    }
    for (int i = 0; i < LEDGER_TRIGGERS && !error; i++) {
        error = db_script(store->db, ledger_triggers[i].sql);
    }
    return error;
}
