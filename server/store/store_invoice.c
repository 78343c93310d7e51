#include "server/store/store_invoice.h"

#include "server/store/store_sqlite.h"

#include <string.h>

/* The accounts of service, as query_tax.h has them: what a payment pays is a sale. */
#define PAID                                                                                \
    "SELECT t.id, t.at_ms, t.session, t.lot, lot.operator,"                                 \
    " CASE WHEN s.subject = 'plate' THEN s.raw ELSE '' END, coalesce(s.vehicle, ''),"       \
    " max(e.account GLOB 'pass_*'),"                                                        \
    " EXISTS (SELECT 1 FROM ledger_entry c WHERE c.tx = t.id AND c.account GLOB 'cash:*')," \
    " -sum(e.amount_vnd) AS gross"                                                          \
    " FROM ledger_tx t JOIN lot ON lot.id = t.lot LEFT JOIN session s ON s.id = t.session"  \
    " JOIN ledger_entry e ON e.tx = t.id AND (e.account GLOB 'prepaid:*'"                   \
    "  OR e.account GLOB 'receivable:*' OR e.account GLOB 'revenue:*'"                      \
    "  OR e.account GLOB 'pass_deferred:*' OR e.account GLOB 'pass_revenue:*')"             \
    " WHERE t.session = ?1 AND NOT EXISTS (SELECT 1 FROM invoice i WHERE i.tx = t.id)"      \
    " GROUP BY t.id HAVING gross > 0 ORDER BY t.at_ms, t.id"

int store_uninvoiced(struct store *store, const char *session, struct invoice_payment *ret_payments,
                     int max, int *ret_count)
{
    struct db_row row;
    int count = 0;
    int error = db_query(store->db, &row, PAID, "t", session);
    while (!error && count < max && db_next(&row)) {
        struct invoice_payment *p = &ret_payments[count++];
        memset(p, 0, sizeof *p);
        store_take(&row, 0, p->tx, sizeof p->tx, &error);
        p->paid.ms = db_i64(&row, 1);
        store_take(&row, 2, p->session, sizeof p->session, &error);
        store_take(&row, 3, p->lot, sizeof p->lot, &error);
        store_take(&row, 4, p->operator_id, sizeof p->operator_id, &error);
        store_take(&row, 5, p->plate, sizeof p->plate, &error);
        if (vehicle_parse(db_text(&row, 6), &p->vehicle) != 0) {
            p->vehicle = VEHICLE_UNKNOWN;
        }
        p->pass = db_i64(&row, 7) != 0;
        p->cash = db_i64(&row, 8) != 0;
        p->gross_vnd = db_i64(&row, 9);
    }
    error = store_end(&row, error);
    if (!error) {
        *ret_count = count;
    }
    return error;
}

int store_add_invoice(struct store *store, const struct invoice *v)
{
    const struct invoice_payment *p = &v->payment;
    int error = db_exec(
        store->db,
        "INSERT INTO invoice(id, operator, lot, session, tx, replaces, made_ms, template, series,"
        " service, unit, quantity, price_vnd, net_vnd, vat, vat_vnd, total_vnd, method, paid_ms,"
        " plate, buyer_name, buyer_tax, buyer_address, buyer_email, state, next_ms)"
        " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17,"
        " ?18, ?19, ?20, ?21, ?22, ?23, ?24, ?25, ?26)",
        "ttttttiittti"
        "iitiititttttti",
        v->id, p->operator_id, p->lot, p->session, p->tx, v->replaces, v->made.ms,
        (int64_t)v->template_, v->series, v->service, v->unit, v->quantity, v->price_vnd,
        v->split.net_vnd, v->vat, v->split.vat_vnd, p->gross_vnd, p->cash ? "TM" : "CK", p->paid.ms,
        p->plate, v->buyer.name, v->buyer.tax_code, v->buyer.address, v->buyer.email,
        invoice_state_text(v->state), v->next.ms);
    if (!error && v->replaces[0]) {
        error = db_exec(store->db,
                        "UPDATE invoice SET state = 'replaced' WHERE id = ?1 AND state = 'issued'",
                        "t", v->replaces);
        if (!error && db_changes(store->db) == 0) {
            error = DX_E_STATE;
        }
    }
    return error;
}

#define COLUMNS                                                                                   \
    "SELECT id, operator, lot, session, tx, replaces, made_ms, template, series, service, unit,"  \
    " quantity, price_vnd, net_vnd, vat, vat_vnd, total_vnd, method, paid_ms, plate, buyer_name," \
    " buyer_tax, buyer_address, buyer_email, state, coalesce(number, 0), code, lookup,"           \
    " provider_id, attempts, next_ms, answer FROM invoice "

static const char *const state_words[] = {
#define X(name, word, sentence) word,
    INVOICE_STATES(X)
#undef X
};

static int take_invoice(struct db_row *row, struct invoice *v)
{
    int error = 0;
    memset(v, 0, sizeof *v);
    struct invoice_payment *p = &v->payment;
    store_take(row, 0, v->id, sizeof v->id, &error);
    store_take(row, 1, p->operator_id, sizeof p->operator_id, &error);
    store_take(row, 2, p->lot, sizeof p->lot, &error);
    store_take(row, 3, p->session, sizeof p->session, &error);
    store_take(row, 4, p->tx, sizeof p->tx, &error);
    store_take(row, 5, v->replaces, sizeof v->replaces, &error);
    v->made.ms = db_i64(row, 6);
    v->template_ = (int)db_i64(row, 7);
    store_take(row, 8, v->series, sizeof v->series, &error);
    store_take(row, 9, v->service, sizeof v->service, &error);
    store_take(row, 10, v->unit, sizeof v->unit, &error);
    v->quantity = db_i64(row, 11);
    v->price_vnd = db_i64(row, 12);
    v->split = (struct vat_split){db_i64(row, 13), db_i64(row, 15)};
    store_take(row, 14, v->vat, sizeof v->vat, &error);
    p->gross_vnd = db_i64(row, 16);
    p->cash = str_eq_c(db_text(row, 17), "TM");
    p->paid.ms = db_i64(row, 18);
    store_take(row, 19, p->plate, sizeof p->plate, &error);
    store_take(row, 20, v->buyer.name, sizeof v->buyer.name, &error);
    store_take(row, 21, v->buyer.tax_code, sizeof v->buyer.tax_code, &error);
    store_take(row, 22, v->buyer.address, sizeof v->buyer.address, &error);
    store_take(row, 23, v->buyer.email, sizeof v->buyer.email, &error);
    v->state =
        (enum invoice_state)store_take_word(row, 24, state_words, INVOICE_STATE_COUNT, &error);
    v->number = db_i64(row, 25);
    store_take(row, 26, v->code, sizeof v->code, &error);
    store_take(row, 27, v->lookup, sizeof v->lookup, &error);
    store_take(row, 28, v->provider_id, sizeof v->provider_id, &error);
    v->attempts = db_i64(row, 29);
    v->next.ms = db_i64(row, 30);
    store_take(row, 31, v->answer, sizeof v->answer, &error);
    return error;
}

static int take_one(struct db_row *row, int error, struct invoice *ret_invoice)
{
    struct invoice v;
    bool found = false;
    if (!error && db_next(row)) {
        error = take_invoice(row, &v);
        found = true;
    }
    error = store_end(row, error);
    if (!error && !found) {
        error = DX_E_NOT_FOUND;
    }
    if (!error) {
        *ret_invoice = v;
    }
    return error;
}

int store_get_invoice(struct store *store, const char *id, struct invoice *ret_invoice)
{
    struct db_row row;
    int error = db_query(store->db, &row, COLUMNS "WHERE id = ?1", "t", id);
    return take_one(&row, error, ret_invoice);
}

int store_due_invoice(struct store *store, wall_t now, struct invoice *ret_invoice)
{
    struct db_row row;
    int error = db_query(store->db, &row,
                         COLUMNS "WHERE state IN ('requested', 'unknown') AND next_ms <= ?1"
                                 " ORDER BY next_ms, id LIMIT 1",
                         "i", now.ms);
    return take_one(&row, error, ret_invoice);
}

int store_answer_invoice(struct store *store, const struct invoice *v)
{
    return db_exec(store->db,
                   "UPDATE invoice SET state = ?2, number = nullif(?3, 0), code = ?4, lookup = ?5,"
                   " provider_id = ?6, attempts = ?7, next_ms = ?8, answer = ?9 WHERE id = ?1",
                   "ttitttiit", v->id, invoice_state_text(v->state), v->number, v->code, v->lookup,
                   v->provider_id, v->attempts, v->next.ms, v->answer);
}

int store_list_invoices(struct store *store, const char *session, int64_t limit,
                        int (*take)(void *context, const struct invoice *invoice), void *context)
{
    struct db_row row;
    struct invoice v;
    int error = db_query(store->db, &row,
                         COLUMNS "WHERE ?1 IS NULL OR session = ?1 ORDER BY made_ms DESC, id DESC"
                                 " LIMIT ?2",
                         "ti", session, limit);
    while (!error && db_next(&row)) {
        error = take_invoice(&row, &v);
        error = error ? error : take(context, &v);
    }
    return store_end(&row, error);
}
