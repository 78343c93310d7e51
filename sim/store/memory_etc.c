/* memory_etc.c - traffic accounts and invoices: store_etc.c, store_invoice.c. */
#include "sim/store/parts.h"

/* ---- links ---- */

static uint32_t open_link(const struct memory *memory, const char *plate, enum vehicle vehicle)
{
    const struct table *t = &memory->etc_link;
    uint32_t n = table_first(t, 0, hash_number(hash_text(HASH_SEED, plate), (int64_t)vehicle));
    for (; n != 0; n = table_next(t, 0, n)) {
        const struct etc_link *link = &((const struct etc_link_row *)table_at(t, n))->link;
        if (text_same(link->plate, plate) && link->vehicle == vehicle && link->closed.ms == 0) {
            return n;
        }
    }
    return 0;
}

int store_add_etc_link(struct store *store, const struct etc_link *link)
{
    struct memory *memory = store->memory;
    struct etc_link_row row = {.link = *link};
    OPERATION(store);
    row.link.closed.ms = 0;
    return open_link(memory, link->plate, link->vehicle)
               ? DX_E_EXISTS
               : table_add(&memory->undo, &memory->etc_link, &row, NULL);
}

int store_close_etc_link(struct store *store, const char *plate, enum vehicle vehicle,
                         const char *by, wall_t now)
{
    struct memory *memory = store->memory;
    OPERATION(store);
    uint32_t n = open_link(memory, plate, vehicle);
    if (n == 0) {
        return DX_E_NOT_FOUND;
    }
    struct etc_link_row row = *(const struct etc_link_row *)table_at(&memory->etc_link, n);
    row.link.closed = now;
    PUT(row.closed_by, by);
    return table_put(&memory->undo, &memory->etc_link, n, &row);
}

int store_find_etc_link(struct store *store, const char *plate, enum vehicle vehicle,
                        struct etc_link *ret_link)
{
    struct memory *memory = store->memory;
    OPERATION(store);
    const struct etc_link_row *row = table_at(&memory->etc_link, open_link(memory, plate, vehicle));
    if (!row) {
        return DX_E_NOT_FOUND;
    }
    *ret_link = row->link;
    return 0;
}

/* ---- charges ---- */

static const struct etc_charge_row *charge_at(const struct memory *memory, uint32_t n)
{
    return table_at(&memory->etc_charge, n);
}

static uint32_t find_charge(const struct memory *memory, const char *id)
{
    const struct table *t = &memory->etc_charge;
    uint32_t n = table_first(t, 0, hash_text(HASH_SEED, id));
    while (n != 0 && !text_same(charge_at(memory, n)->charge.id, id)) {
        n = table_next(t, 0, n);
    }
    return n;
}

static bool is_live(const struct etc_charge *c)
{
    return c->state != ETC_DECLINED && c->state != ETC_VOIDED && c->state != ETC_CAPTURED;
}

int store_add_etc_charge(struct store *store, const struct etc_charge *charge)
{
    struct memory *memory = store->memory;
    const struct table *t = &memory->etc_charge;
    struct etc_charge_row row = {.charge = *charge};
    OPERATION(store);
    uint32_t n = table_first(t, 1, hash_text(HASH_SEED, charge->session));
    for (; n != 0; n = table_next(t, 1, n)) {
        const struct etc_charge *there = &charge_at(memory, n)->charge;
        if (text_same(there->session, charge->session) && is_live(there) && is_live(charge)) {
            return DX_E_EXISTS;
        }
    }
    row.charge.reference[0] = '\0'; /* what a new row has in the database */
    row.charge.attempts = 0;
    row.charge.applied_vnd = 0;
    return find_charge(memory, charge->id)
               ? DX_E_EXISTS
               : table_add(&memory->undo, &memory->etc_charge, &row, NULL);
}

int store_get_etc_charge(struct store *store, const char *id, struct etc_charge *ret_charge)
{
    OPERATION(store);
    const struct etc_charge_row *row = charge_at(store->memory, find_charge(store->memory, id));
    if (!row) {
        return DX_E_NOT_FOUND;
    }
    *ret_charge = row->charge;
    return 0;
}

int store_due_etc_charge(struct store *store, wall_t now, struct etc_charge *ret_charge)
{
    struct memory *memory = store->memory;
    const struct table *t = &memory->etc_charge;
    const struct etc_charge *best = NULL;
    OPERATION(store);
    for (uint32_t n = table_after(t, 0); n != 0; n = table_after(t, n)) {
        const struct etc_charge *c = &charge_at(memory, n)->charge;
        if (c->next.ms != 0 && c->next.ms <= now.ms &&
            (!best || c->next.ms < best->next.ms ||
             (c->next.ms == best->next.ms && strcmp(c->id, best->id) < 0))) {
            best = c;
        }
    }
    if (!best) {
        return DX_E_NOT_FOUND;
    }
    *ret_charge = *best;
    return 0;
}

int store_put_etc_charge(struct store *store, const struct etc_charge *c, wall_t captured)
{
    struct memory *memory = store->memory;
    OPERATION(store);
    uint32_t n = find_charge(memory, c->id);
    if (n == 0) {
        return 0;
    }
    struct etc_charge_row row = *charge_at(memory, n);
    row.charge.state = c->state;
    PUT(row.charge.reference, c->reference);
    row.charge.attempts = c->attempts;
    row.charge.next = c->next;
    PUT(row.charge.answer, c->answer);
    row.charge.applied_vnd = c->applied_vnd;
    row.captured_ms = captured.ms;
    return table_put(&memory->undo, &memory->etc_charge, n, &row);
}

/* ---- refunds ---- */

static const struct etc_refund_row *refund_at(const struct memory *memory, uint32_t n)
{
    return table_at(&memory->etc_refund, n);
}

static uint32_t find_refund(const struct memory *memory, const char *id)
{
    const struct table *t = &memory->etc_refund;
    uint32_t n = table_first(t, 0, hash_text(HASH_SEED, id));
    while (n != 0 && !text_same(refund_at(memory, n)->refund.id, id)) {
        n = table_next(t, 0, n);
    }
    return n;
}

int store_add_etc_refund(struct store *store, const struct etc_refund *refund)
{
    struct memory *memory = store->memory;
    struct etc_refund_row row = {.refund = *refund};
    OPERATION(store);
    row.refund.reference[0] = row.refund.answer[0] = '\0';
    row.refund.attempts = 0;
    return find_refund(memory, refund->id)
               ? DX_E_EXISTS
               : table_add(&memory->undo, &memory->etc_refund, &row, NULL);
}

int store_get_etc_refund(struct store *store, const char *id, struct etc_refund *ret_refund)
{
    OPERATION(store);
    const struct etc_refund_row *row = refund_at(store->memory, find_refund(store->memory, id));
    if (!row) {
        return DX_E_NOT_FOUND;
    }
    *ret_refund = row->refund;
    return 0;
}

int store_due_etc_refund(struct store *store, wall_t now, struct etc_refund *ret_refund)
{
    struct memory *memory = store->memory;
    const struct table *t = &memory->etc_refund;
    const struct etc_refund *best = NULL;
    OPERATION(store);
    for (uint32_t n = table_after(t, 0); n != 0; n = table_after(t, n)) {
        const struct etc_refund *r = &refund_at(memory, n)->refund;
        if (r->next.ms != 0 && r->next.ms <= now.ms &&
            (!best || r->next.ms < best->next.ms ||
             (r->next.ms == best->next.ms && strcmp(r->id, best->id) < 0))) {
            best = r;
        }
    }
    if (!best) {
        return DX_E_NOT_FOUND;
    }
    *ret_refund = *best;
    return 0;
}

int store_put_etc_refund(struct store *store, const struct etc_refund *refund)
{
    struct memory *memory = store->memory;
    OPERATION(store);
    uint32_t n = find_refund(memory, refund->id);
    if (n == 0) {
        return 0;
    }
    struct etc_refund_row row = *refund_at(memory, n);
    PUT(row.refund.state, refund->state);
    PUT(row.refund.reference, refund->reference);
    row.refund.attempts = refund->attempts;
    row.refund.next = refund->next;
    PUT(row.refund.answer, refund->answer);
    return table_put(&memory->undo, &memory->etc_refund, n, &row);
}

/* ---- payouts: rows of settlement files, which a simulation does not import ---- */

int store_find_payout(struct store *store, const char *operator_id, int64_t amount_vnd,
                      const char *content, char *ret_reference, size_t cap)
{
    OPERATION(store);
    (void)operator_id;
    (void)amount_vnd;
    (void)content;
    (void)ret_reference;
    (void)cap;
    return DX_E_NOT_FOUND;
}

int store_pay_payout(struct store *store, const char *operator_id, const char *reference,
                     const char *credit)
{
    OPERATION(store);
    (void)operator_id;
    (void)reference;
    (void)credit;
    return 0;
}

/* ---- invoices ---- */

static const struct invoice *invoice_at(const struct memory *memory, uint32_t n)
{
    const struct invoice_row *row = table_at(&memory->invoice, n);
    return row ? &row->invoice : NULL;
}

static uint32_t find_invoice(const struct memory *memory, const char *id)
{
    uint32_t n = table_first(&memory->invoice, 0, hash_text(HASH_SEED, id));
    while (n != 0 && !text_same(invoice_at(memory, n)->id, id)) {
        n = table_next(&memory->invoice, 0, n);
    }
    return n;
}

int store_add_invoice(struct store *store, const struct invoice *v)
{
    struct memory *memory = store->memory;
    const struct table *t = &memory->invoice;
    struct invoice_row row = {*v};
    OPERATION(store);
    uint32_t n = table_first(t, 1, hash_text(HASH_SEED, v->payment.tx));
    for (; n != 0; n = table_next(t, 1, n)) {
        const struct invoice *there = invoice_at(memory, n);
        if (text_same(there->payment.tx, v->payment.tx) &&
            text_same(there->replaces, v->replaces)) {
            return DX_E_EXISTS;
        }
    }
    if (find_invoice(memory, v->id)) {
        return DX_E_EXISTS;
    }
    /* What a new row has in the database. */
    row.invoice.number = 0;
    row.invoice.attempts = 0;
    row.invoice.code[0] = row.invoice.lookup[0] = row.invoice.provider_id[0] = '\0';
    row.invoice.answer[0] = '\0';
    row.invoice.payment.vehicle = (enum vehicle)0;
    row.invoice.payment.pass = false;
    int error = table_add(&memory->undo, &memory->invoice, &row, NULL);
    if (error || !v->replaces[0]) {
        return error;
    }
    n = find_invoice(memory, v->replaces);
    if (n == 0 || invoice_at(memory, n)->state != INVOICE_ISSUED) {
        return DX_E_STATE;
    }
    row = *(const struct invoice_row *)table_at(t, n);
    row.invoice.state = INVOICE_REPLACED;
    return table_put(&memory->undo, &memory->invoice, n, &row);
}

int store_get_invoice(struct store *store, const char *id, struct invoice *ret_invoice)
{
    OPERATION(store);
    const struct invoice *v = invoice_at(store->memory, find_invoice(store->memory, id));
    if (!v) {
        return DX_E_NOT_FOUND;
    }
    *ret_invoice = *v;
    return 0;
}

int store_due_invoice(struct store *store, wall_t now, struct invoice *ret_invoice)
{
    struct memory *memory = store->memory;
    const struct table *t = &memory->invoice;
    const struct invoice *best = NULL;
    OPERATION(store);
    for (uint32_t n = table_after(t, 0); n != 0; n = table_after(t, n)) {
        const struct invoice *v = invoice_at(memory, n);
        if ((v->state == INVOICE_REQUESTED || v->state == INVOICE_UNKNOWN) &&
            v->next.ms <= now.ms &&
            (!best || v->next.ms < best->next.ms ||
             (v->next.ms == best->next.ms && strcmp(v->id, best->id) < 0))) {
            best = v;
        }
    }
    if (!best) {
        return DX_E_NOT_FOUND;
    }
    *ret_invoice = *best;
    return 0;
}

int store_answer_invoice(struct store *store, const struct invoice *v)
{
    struct memory *memory = store->memory;
    OPERATION(store);
    uint32_t n = find_invoice(memory, v->id);
    if (n == 0) {
        return 0;
    }
    struct invoice_row row = *(const struct invoice_row *)table_at(&memory->invoice, n);
    row.invoice.state = v->state;
    row.invoice.number = v->number;
    PUT(row.invoice.code, v->code);
    PUT(row.invoice.lookup, v->lookup);
    PUT(row.invoice.provider_id, v->provider_id);
    row.invoice.attempts = v->attempts;
    row.invoice.next = v->next;
    PUT(row.invoice.answer, v->answer);
    return table_put(&memory->undo, &memory->invoice, n, &row);
}
