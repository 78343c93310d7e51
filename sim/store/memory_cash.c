/* memory_cash.c - shifts, cash, corrections of the count: store_cash.c. */
#include "sim/store/parts.h"

/* ---- shifts ---- */

static uint32_t find_shift(const struct memory *memory, const char *id)
{
    const struct table *t = &memory->shift;
    uint32_t n = table_first(t, 0, hash_text(HASH_SEED, id));
    while (n != 0 && !text_same(((const struct shift_row *)table_at(t, n))->shift.id, id)) {
        n = table_next(t, 0, n);
    }
    return n;
}

static bool is_closed(const struct memory *memory, const char *shift)
{
    const struct table *t = &memory->shift_close;
    uint32_t n = table_first(t, 0, hash_text(HASH_SEED, shift));
    while (n != 0 && !text_same(((const struct shift_close_row *)table_at(t, n))->shift, shift)) {
        n = table_next(t, 0, n);
    }
    return n != 0;
}

int store_get_shift(struct store *store, const char *id, struct store_shift *ret_shift)
{
    struct memory *memory = store->memory;
    OPERATION(store);
    const struct shift_row *row = table_at(&memory->shift, find_shift(memory, id));
    if (!row) {
        return DX_E_NOT_FOUND;
    }
    *ret_shift = row->shift;
    ret_shift->closed = is_closed(memory, id);
    return 0;
}

int store_add_shift(struct store *store, const struct store_shift *shift)
{
    struct memory *memory = store->memory;
    const struct shift_row row = {*shift};
    OPERATION(store);
    return find_shift(memory, shift->id) ? DX_E_EXISTS
                                         : table_add(&memory->undo, &memory->shift, &row, NULL);
}

int store_add_shift_close(struct store *store, const struct store_shift_close *close)
{
    struct memory *memory = store->memory;
    struct shift_close_row row = {.closed_ms = close->closed.ms,
                                  .counted_vnd = close->counted_vnd,
                                  .expected_vnd = close->expected_vnd,
                                  .told_vnd = close->told_vnd};
    OPERATION(store);
    if (is_closed(memory, close->shift)) {
        return DX_E_EXISTS;
    }
    PUT(row.shift, close->shift);
    PUT(row.by, close->by);
    PUT(row.event, close->event);
    int error = text_make(&memory->undo, str_c(close->text), &row.text);
    return error ? error : table_add(&memory->undo, &memory->shift_close, &row, NULL);
}

int store_add_shift_difference(struct store *store, const char *shift, wall_t at,
                               int64_t amount_vnd, const char *reason, const char *event)
{
    struct memory *memory = store->memory;
    struct difference_row row = {.at_ms = at.ms, .amount_vnd = amount_vnd};
    OPERATION(store);
    PUT(row.shift, shift);
    PUT(row.reason, reason);
    PUT(row.event, event);
    return table_add(&memory->undo, &memory->difference, &row, NULL);
}

/* ---- cash ---- */

enum { BY_EVENT, BY_SESSION, BY_RECEIPT, BY_GATE };

static const struct cash_row *cash_at(const struct memory *memory, uint32_t n)
{
    return table_at(&memory->cash, n);
}

int store_add_cash(struct store *store, const struct store_cash *cash)
{
    struct memory *memory = store->memory;
    const struct event *e = cash->event;
    struct cash_row row = {.verdict = cash->verdict,
                           .taken_ms = cash->taken.ms,
                           .amount_vnd = e->amount_vnd,
                           .applied_vnd = cash->applied_vnd,
                           .refund_vnd = cash->refund_vnd};
    OPERATION(store);
    uint32_t n = table_first(&memory->cash, BY_EVENT, hash_text(HASH_SEED, e->id));
    for (; n != 0; n = table_next(&memory->cash, BY_EVENT, n)) {
        if (text_same(cash_at(memory, n)->event, e->id)) {
            return DX_E_EXISTS;
        }
    }
    PUT(row.event, e->id);
    PUT(row.session, cash->session);
    PUT(row.shift, e->shift);
    PUT(row.receipt, e->receipt);
    row.lot = memory_name(memory, cash->lot);
    row.gate = memory_name(memory, e->gate);
    row.by = memory_name(memory, e->by);
    return table_add(&memory->undo, &memory->cash, &row, NULL);
}

int store_find_receipt(struct store *store, const char *gate, const char *receipt,
                       char ret_last[MSG_RECEIPT_CAP], bool *ret_used)
{
    struct memory *memory = store->memory;
    uint32_t last = 0;
    bool used = false;
    OPERATION(store);
    uint32_t name = memory_find_name(memory, gate);
    for (uint32_t n = table_first(&memory->cash, BY_GATE, hash_number(HASH_SEED, name)); n != 0;
         n = table_next(&memory->cash, BY_GATE, n)) {
        last = cash_at(memory, n)->gate == name && n > last ? n : last;
    }
    uint64_t key = hash_text(hash_number(HASH_SEED, name), receipt);
    for (uint32_t n = table_first(&memory->cash, BY_RECEIPT, key); n != 0;
         n = table_next(&memory->cash, BY_RECEIPT, n)) {
        used = used || (cash_at(memory, n)->gate == name &&
                        text_same(cash_at(memory, n)->receipt, receipt));
    }
    text_put(ret_last, MSG_RECEIPT_CAP, last ? cash_at(memory, last)->receipt : "");
    *ret_used = used;
    return 0;
}

static uint32_t find_move(const struct memory *memory, int index, const char *text)
{
    const struct table *t = &memory->cash_move;
    uint32_t n = text[0] ? table_first(t, index, hash_text(HASH_SEED, text)) : 0;
    for (; n != 0; n = table_next(t, index, n)) {
        const struct store_cash_move *move = &((const struct cash_move_row *)table_at(t, n))->move;
        if (text_same(index == 0 ? move->id : move->code, text)) {
            return n;
        }
    }
    return 0;
}

int store_add_cash_move(struct store *store, const struct store_cash_move *move)
{
    struct memory *memory = store->memory;
    const struct cash_move_row row = {*move};
    OPERATION(store);
    return find_move(memory, 0, move->id) || find_move(memory, 1, move->code)
               ? DX_E_EXISTS
               : table_add(&memory->undo, &memory->cash_move, &row, NULL);
}

int store_get_cash_move_by_code(struct store *store, const char *code,
                                struct store_cash_move *ret_move)
{
    struct memory *memory = store->memory;
    OPERATION(store);
    const struct cash_move_row *row = table_at(&memory->cash_move, find_move(memory, 1, code));
    if (!row) {
        return DX_E_NOT_FOUND;
    }
    *ret_move = row->move;
    return 0;
}

/* ---- the count ---- */

int store_add_correction(struct store *store, const struct event *event, const char *lot, wall_t at)
{
    struct memory *memory = store->memory;
    const struct table *t = &memory->correction;
    struct correction_row row = {.vehicle = event->vehicle,
                                 .count_from = event->count_from,
                                 .count_to = event->count_to,
                                 .at_ms = at.ms};
    OPERATION(store);
    uint32_t n = table_first(t, 0, hash_text(HASH_SEED, event->id));
    for (; n != 0; n = table_next(t, 0, n)) {
        if (text_same(((const struct correction_row *)table_at(t, n))->event, event->id)) {
            return DX_E_EXISTS;
        }
    }
    PUT(row.event, event->id);
    row.lot = memory_name(memory, lot);
    row.gate = memory_name(memory, event->gate);
    row.by = memory_name(memory, event->by);
    int error = text_make(&memory->undo, str_c(event->text), &row.text);
    return error ? error : table_add(&memory->undo, &memory->correction, &row, NULL);
}

/* ---- codes ---- */

static bool has_code(const struct table *t, int index, const char *code, size_t member)
{
    uint32_t n = table_first(t, index, hash_text(HASH_SEED, code));
    for (; n != 0; n = table_next(t, index, n)) {
        if (text_same((const char *)table_at(t, n) + member, code)) {
            return true;
        }
    }
    return false;
}

int store_code_is_free(struct store *store, const char *code, bool *ret_free)
{
    struct memory *memory = store->memory;
    OPERATION(store);
    *ret_free = !has_code(&memory->session, 1, code, offsetof(struct session_row, code)) &&
                !has_code(&memory->period, 1, code, offsetof(struct period_row, row.code)) &&
                !has_code(&memory->cash_move, 1, code, offsetof(struct cash_move_row, move.code)) &&
                !has_code(&memory->session_code, 0, code, offsetof(struct session_code_row, code));
    return 0;
}

int store_add_session_code(struct store *store, const char *code, const char *session,
                           const char *event)
{
    struct memory *memory = store->memory;
    const struct table *t = &memory->session_code;
    struct session_code_row row;
    OPERATION(store);
    uint32_t n = table_first(&memory->session, 1, hash_text(HASH_SEED, code));
    for (; n != 0; n = table_next(&memory->session, 1, n)) {
        const struct session_row *other = table_at(&memory->session, n);
        if (text_same(other->code, code) && !text_same(other->id, session)) {
            return DX_E_EXISTS;
        }
    }
    for (n = table_first(t, 0, hash_text(HASH_SEED, code)); n != 0; n = table_next(t, 0, n)) {
        const struct session_code_row *there = table_at(t, n);
        if (text_same(there->code, code)) {
            return text_same(there->session, session) ? 0 : DX_E_EXISTS;
        }
    }
    if (has_code(&memory->period, 1, code, offsetof(struct period_row, row.code))) {
        return DX_E_EXISTS;
    }
    PUT(row.code, code);
    PUT(row.session, session);
    PUT(row.event, event);
    return table_add(&memory->undo, &memory->session_code, &row, NULL);
}
