#include "server/store/query_receipt.h"

#include <string.h>

static void take_payment(struct db_row *row, struct receipt *r)
{
    bool room = r->payment_count < RECEIPT_PAYMENTS_MAX;
    struct receipt_payment *p = &r->payment[room ? r->payment_count++ : RECEIPT_PAYMENTS_MAX - 1];
    p->at.ms = db_i64(row, 0);
    p->amount_vnd += db_i64(row, 1);
    p->cash = db_i64(row, 2) != 0;
    str_copy_cut(p->number, sizeof p->number, db_text(row, 3));
    p->later = db_i64(row, 4) != 0;
    r->total_vnd += db_i64(row, 1);
    r->own_vnd += p->later ? 0 : db_i64(row, 1);
}

/*
 * The stay's own transactions, less what they paid of earlier stays that were asked for together
 * with it (payment.c); and such parts of a later stay's transfer that paid this one.
 */
static const char payments_sql[] =
    "SELECT t.at_ms, -sum(e.amount_vnd) AS paid,"
    " EXISTS (SELECT 1 FROM ledger_entry c WHERE c.tx = t.id AND c.account GLOB 'cash:*'),"
    " coalesce((SELECT json_extract(v.body, '$.receipt') FROM event v"
    "  WHERE v.id = t.cause AND v.type = 'cash_taken'), ''), 0, t.number AS number"
    " FROM ledger_tx t JOIN ledger_entry e ON e.tx = t.id"
    " AND (e.account GLOB 'prepaid:*' OR e.account GLOB 'receivable:*'"
    "  OR e.account GLOB 'revenue:*' OR e.account GLOB 'written_off:*'"
    "  OR e.account GLOB 'refunded:*')"
    " AND NOT (e.account GLOB 'receivable:*' AND e.amount_vnd < 0 AND EXISTS"
    "  (SELECT 1 FROM ledger_entry p WHERE p.tx = t.id AND p.account GLOB 'prepaid:*'"
    "   AND p.amount_vnd < 0))"
    " WHERE t.session = ?1 GROUP BY t.number HAVING paid <> 0"
    " UNION ALL SELECT t.at_ms, a.amount_vnd, 0, '', 1, t.number FROM credit_applied a"
    " JOIN bank_credit b ON b.id = a.credit"
    " JOIN ledger_tx t ON t.id = 'credit:' || b.provider || ':' || b.provider_tx"
    " WHERE a.session = ?1 AND t.session <> '' AND t.session <> ?1 ORDER BY number";

static int read_payments(struct db *db, const char *session, struct receipt *r)
{
    struct db_row row;
    int error = db_query(db, &row, payments_sql, "t", session);
    while (!error && db_next(&row)) {
        take_payment(&row, r);
    }
    int end = db_done(&row);
    return error ? error : end;
}

static int read_invoices(struct db *db, const char *session, struct receipt *r)
{
    struct db_row row;
    int error = db_query(db, &row,
                         "SELECT state, series, template, coalesce(number, 0), code, lookup"
                         " FROM invoice WHERE session = ?1 ORDER BY made_ms, id LIMIT ?2",
                         "ti", session, (int64_t)RECEIPT_INVOICES_MAX);
    while (!error && db_next(&row)) {
        struct receipt_invoice *v = &r->invoice[r->invoice_count++];
        str_copy_cut(v->state, sizeof v->state, db_text(&row, 0));
        str_copy_cut(v->series, sizeof v->series, db_text(&row, 1));
        v->template_ = db_i64(&row, 2);
        v->number = db_i64(&row, 3);
        str_copy_cut(v->code, sizeof v->code, db_text(&row, 4));
        str_copy_cut(v->lookup, sizeof v->lookup, db_text(&row, 5));
    }
    int end = db_done(&row);
    return error ? error : end;
}

static int read_word(struct db_row *row, int error, char *out, size_t cap)
{
    bool found = !error && db_next(row);
    if (found) {
        str_copy_cut(out, cap, db_text(row, 0));
    }
    int end = db_done(row);
    return error ? error : end ? end : found ? 0 : DX_E_NOT_FOUND;
}

int query_receipt(struct db *db, const struct session_row *session, struct receipt *ret_receipt)
{
    struct db_row row;
    memset(ret_receipt, 0, sizeof *ret_receipt);
    int error = db_query(db, &row, "SELECT operator FROM lot WHERE id = ?1", "t", session->lot);
    error = read_word(&row, error, ret_receipt->operator_id, sizeof ret_receipt->operator_id);
    error = error ? error : read_payments(db, session->id, ret_receipt);
    return error ? error : read_invoices(db, session->id, ret_receipt);
}

int query_session_token_by_code(struct db *db, const char *code, char ret_token[QUERY_TOKEN_CAP])
{
    struct db_row row;
    int error = db_query(db, &row, "SELECT token FROM session WHERE code = ?1", "t", code);
    return read_word(&row, error, ret_token, QUERY_TOKEN_CAP);
}
