/* memory_ledger.c - posting, the chain, balances: server/store/store_ledger.c. */
#include "sim/store/parts.h"

#include "proto/base/check.h"

static const char *tx_id(const struct tx_row *row)
{
    return row->texts.p;
}
static const char *tx_cause(const struct tx_row *row)
{
    return row->texts.p + strlen(row->texts.p) + 1;
}

static const struct tx_row *find_tx(const struct memory *memory, const char *id)
{
    const struct table *t = &memory->tx;
    uint32_t n = table_first(t, 0, hash_text(HASH_SEED, id));
    while (n != 0 && !text_same(tx_id(table_at(t, n)), id)) {
        n = table_next(t, 0, n);
    }
    return table_at(t, n);
}

void memory_take_tx(const struct memory *memory, const struct tx_row *row, struct ledger_tx *tx)
{
    memset(tx, 0, sizeof *tx);
    PUT(tx->id, tx_id(row));
    PUT(tx->cause, tx_cause(row));
    tx->at.ms = row->at_ms;
    PUT(tx->kind, memory_text(memory, row->kind));
    PUT(tx->lot, memory_text(memory, row->lot));
    PUT(tx->session, row->session);
    tx->count = row->count;
    for (int i = 0; i < row->count; i++) {
        PUT(tx->entry[i].account, memory_text(memory, row->entry[i].account));
        tx->entry[i].amount_vnd = row->entry[i].amount_vnd;
    }
}

int store_get_tx(struct store *store, const char *id, struct ledger_tx *ret_tx)
{
    OPERATION(store);
    const struct tx_row *row = find_tx(store->memory, id);
    if (!row) {
        return DX_E_NOT_FOUND;
    }
    memory_take_tx(store->memory, row, ret_tx);
    return ledger_is_balanced(ret_tx) ? 0 : DX_E_CORRUPT;
}

int store_get_ledger_head(struct store *store, struct ledger_head *ret_head)
{
    OPERATION(store);
    *ret_head = store->memory->head;
    return 0;
}

static uint32_t find_account(const struct memory *memory, uint32_t name)
{
    const struct table *t = &memory->account;
    uint32_t n = table_first(t, 0, hash_number(HASH_SEED, name));
    while (n != 0 && ((const struct account_row *)table_at(t, n))->name != name) {
        n = table_next(t, 0, n);
    }
    return n;
}

static int add_to_account(struct memory *memory, uint32_t name, int64_t amount_vnd)
{
    uint32_t n = find_account(memory, name);
    struct account_row row = {.name = name};
    if (n) {
        row = *(const struct account_row *)table_at(&memory->account, n);
    }
    row.entries++;
    must(!__builtin_add_overflow(row.balance_vnd, amount_vnd, &row.balance_vnd));
    return n ? table_put(&memory->undo, &memory->account, n, &row)
             : table_add(&memory->undo, &memory->account, &row, NULL);
}

static int insert_tx(struct memory *memory, const struct ledger_tx *tx)
{
    struct tx_row row = {.at_ms = tx->at.ms, .count = tx->count};
    char texts[2 * LEDGER_ID_CAP];
    size_t id_n = strlen(tx->id) + 1;
    size_t cause_n = strlen(tx->cause) + 1;
    row.kind = memory_name(memory, tx->kind);
    row.lot = memory_name(memory, tx->lot);
    PUT(row.session, tx->session);
    memcpy(texts, tx->id, id_n);
    memcpy(texts + id_n, tx->cause, cause_n);
    int error = text_make(&memory->undo, (struct str){texts, id_n + cause_n}, &row.texts);
    for (int i = 0; i < tx->count && !error; i++) {
        row.entry[i].account = memory_name(memory, tx->entry[i].account);
        row.entry[i].amount_vnd = tx->entry[i].amount_vnd;
        error = row.entry[i].account
                    ? add_to_account(memory, row.entry[i].account, tx->entry[i].amount_vnd)
                    : DX_E_MEMORY;
    }
    if (error) {
        return error;
    }
    struct ledger_head *head = &memory->head;
    memcpy(row.prev, head->hash, sizeof row.prev);
    ledger_chain_hash(tx, head->number + 1, head->hash, row.hash);
    uint32_t n = 0;
    error = table_add(&memory->undo, &memory->tx, &row, &n);
    if (!error) {
        must((int64_t)n == head->number + 1);
        head->number = n;
        memcpy(head->hash, row.hash, sizeof head->hash);
    }
    return error;
}

int store_post(struct store *store, const struct ledger_tx *tx)
{
    struct ledger_tx there;
    OPERATION(store);
    must(ledger_is_balanced(tx) && !ledger_is_empty(tx));
    const struct tx_row *row = find_tx(store->memory, tx->id);
    if (!row) {
        return insert_tx(store->memory, tx);
    }
    memory_take_tx(store->memory, row, &there);
    return ledger_same(&there, tx) ? DX_E_EXISTS : DX_E_DIFFERENT;
}

/* ---- balances ---- */

int64_t memory_balance(const struct memory *memory, const char *account)
{
    uint32_t name = memory_find_name(memory, account);
    const struct account_row *row =
        name ? table_at(&memory->account, find_account(memory, name)) : NULL;
    return row ? row->balance_vnd : 0;
}

int64_t memory_trial_balance(const struct memory *memory)
{
    int64_t sum = 0;
    const struct table *t = &memory->account;
    for (uint32_t n = table_after(t, 0); n != 0; n = table_after(t, n)) {
        sum += ((const struct account_row *)table_at(t, n))->balance_vnd;
    }
    return sum;
}

void memory_each_balance(const struct memory *memory,
                         void (*take)(void *context, const char *account, int64_t balance_vnd),
                         void *context)
{
    const struct table *t = &memory->account;
    for (uint32_t n = table_after(t, 0); n != 0; n = table_after(t, n)) {
        const struct account_row *row = table_at(t, n);
        take(context, memory_text(memory, row->name), row->balance_vnd);
    }
}

int store_get_drawer(struct store *store, const char *lot, const char *shift, int64_t *ret_vnd)
{
    char account[LEDGER_ACCOUNT_CAP];
    OPERATION(store);
    ledger_cash(account, lot, shift);
    *ret_vnd = memory_balance(store->memory, account);
    return 0;
}

/* ---- what has no invoice yet: server/store/store_invoice.c ---- */

static bool starts(const char *text, const char *prefix)
{
    return strncmp(text, prefix, strlen(prefix)) == 0;
}

/* What a payment pays is a sale: query_tax.h. */
static bool is_service(const char *account)
{
    return starts(account, "prepaid:") || starts(account, "receivable:") ||
           starts(account, "revenue:") || starts(account, "pass_deferred:") ||
           starts(account, "pass_revenue:");
}

static bool has_invoice(const struct memory *memory, const char *tx)
{
    const struct table *t = &memory->invoice;
    uint32_t n = table_first(t, 1, hash_text(HASH_SEED, tx));
    for (; n != 0; n = table_next(t, 1, n)) {
        if (text_same(((const struct invoice_row *)table_at(t, n))->invoice.payment.tx, tx)) {
            return true;
        }
    }
    return false;
}

/* False: nothing was paid by it. */
static bool take_payment(const struct memory *memory, const struct tx_row *row,
                         struct invoice_payment *p)
{
    memset(p, 0, sizeof *p);
    for (int i = 0; i < row->count; i++) {
        const char *account = memory_text(memory, row->entry[i].account);
        p->cash = p->cash || starts(account, "cash:");
        if (is_service(account)) {
            p->gross_vnd -= row->entry[i].amount_vnd;
            p->pass = p->pass || starts(account, "pass_");
        }
    }
    const struct lot_row *lot = memory_lot(memory, memory_text(memory, row->lot));
    if (p->gross_vnd <= 0 || !lot || has_invoice(memory, tx_id(row))) {
        return false;
    }
    PUT(p->tx, tx_id(row));
    p->paid.ms = row->at_ms;
    PUT(p->session, row->session);
    PUT(p->lot, lot->id);
    PUT(p->operator_id, lot->operator_id);
    p->vehicle = VEHICLE_UNKNOWN;
    const struct session_row *s = table_at(&memory->session, memory_session(memory, row->session));
    if (s) {
        p->vehicle = (enum vehicle)s->vehicle;
        PUT(p->plate, s->kind == SUBJECT_PLATE ? s->raw : "");
    }
    return true;
}

int store_uninvoiced(struct store *store, const char *session, struct invoice_payment *ret_payments,
                     int max, int *ret_count)
{
    struct memory *memory = store->memory;
    const struct table *t = &memory->tx;
    struct invoice_payment payment;
    int count = 0;
    OPERATION(store);
    uint32_t n = session[0] ? table_first(t, 1, hash_text(HASH_SEED, session)) : 0;
    for (; n != 0; n = table_next(t, 1, n)) {
        const struct tx_row *row = table_at(t, n);
        if (!text_same(row->session, session) || !take_payment(memory, row, &payment)) {
            continue;
        }
        int place = count;
        while (place > 0 && (ret_payments[place - 1].paid.ms > payment.paid.ms ||
                             (ret_payments[place - 1].paid.ms == payment.paid.ms &&
                              strcmp(ret_payments[place - 1].tx, payment.tx) > 0))) {
            place--;
        }
        if (place == max) {
            continue;
        }
        count = count < max ? count + 1 : max;
        memmove(&ret_payments[place + 1], &ret_payments[place],
                (size_t)(count - 1 - place) * sizeof payment);
        ret_payments[place] = payment;
    }
    *ret_count = count;
    return 0;
}
