/* memory_refund.c - refund cases, and the accounts that drivers gave: store_refund.c. */
#include "sim/store/parts.h"

#include "proto/base/check.h"

enum { BY_ID, BY_CODE, BY_SESSION, BY_CREDIT, BY_AMOUNT };

static const struct refund_row *at(const struct memory *memory, uint32_t n)
{
    return table_at(&memory->refund, n);
}

static uint32_t by_id(const struct memory *memory, const char *id)
{
    uint32_t n = table_first(&memory->refund, BY_ID, hash_text(HASH_SEED, id));
    while (n != 0 && !text_same(at(memory, n)->refund.id, id)) {
        n = table_next(&memory->refund, BY_ID, n);
    }
    return n;
}

static uint32_t account_of(const struct memory *memory, const char *refund)
{
    const struct table *t = &memory->refund_account;
    uint32_t n = table_first(t, 0, hash_text(HASH_SEED, refund));
    while (n != 0 &&
           !text_same(((const struct refund_account_row *)table_at(t, n))->refund, refund)) {
        n = table_next(t, 0, n);
    }
    return n;
}

static void take_refund(const struct memory *memory, const struct refund_row *row,
                        struct refund *ret_refund)
{
    *ret_refund = row->refund;
    ret_refund->has_account = account_of(memory, row->refund.id) != 0;
}

int store_add_refund(struct store *store, const struct refund *r, wall_t now)
{
    struct memory *memory = store->memory;
    struct refund_row row = {.refund = *r, .requested_ms = now.ms};
    OPERATION(store);
    must(r->state == REFUND_REQUESTED && r->amount_vnd > 0);
    uint32_t n = table_first(&memory->refund, BY_CODE, hash_text(HASH_SEED, r->code));
    while (n != 0 && !text_same(at(memory, n)->refund.code, r->code)) {
        n = table_next(&memory->refund, BY_CODE, n);
    }
    if (n != 0 || by_id(memory, r->id)) {
        return DX_E_EXISTS;
    }
    /* What a new row has in the database. */
    row.refund.linked_by[0] = row.refund.approved_by[0] = row.refund.sent_by[0] = '\0';
    row.refund.bank_ref[0] = '\0';
    row.refund.link = 0;
    return table_add(&memory->undo, &memory->refund, &row, NULL);
}

int store_get_refund(struct store *store, const char *id, struct refund *ret_refund)
{
    OPERATION(store);
    const struct refund_row *row = at(store->memory, by_id(store->memory, id));
    if (!row) {
        return DX_E_NOT_FOUND;
    }
    take_refund(store->memory, row, ret_refund);
    return 0;
}

int store_put_refund(struct store *store, const struct refund *r, const char *credit,
                     const char *by, const char *reason, wall_t now)
{
    struct memory *memory = store->memory;
    OPERATION(store);
    uint32_t n = by_id(memory, r->id);
    if (n == 0) {
        return 0;
    }
    struct refund_row row = *at(memory, n);
    row.refund.state = r->state;
    PUT(row.refund.linked_by, r->linked_by);
    PUT(row.refund.approved_by, r->approved_by);
    PUT(row.refund.sent_by, r->sent_by);
    PUT(row.refund.bank_ref, r->bank_ref);
    row.refund.link = r->link;
    switch (r->state) {
    case REFUND_APPROVED:
        row.approved_ms = now.ms;
        break;
    case REFUND_SENT:
        row.sent_ms = now.ms;
        break;
    case REFUND_CONFIRMED:
        row.confirmed_ms = now.ms;
        PUT(row.confirmed_by, credit);
        break;
    case REFUND_CANCELLED:
        row.cancelled_ms = now.ms;
        PUT(row.cancelled_by, by);
        PUT(row.cancel_reason, reason);
        break;
    case REFUND_REQUESTED:
    case REFUND_STATE_COUNT:
        break;
    }
    return table_put(&memory->undo, &memory->refund, n, &row);
}

static bool asked_before(const struct refund_row *a, const struct refund_row *b)
{
    return a->requested_ms != b->requested_ms ? a->requested_ms < b->requested_ms
                                              : strcmp(a->refund.id, b->refund.id) < 0;
}

/* The first `max` by the time of asking. */
enum { FOUND_MAX = 64 };
struct found {
    const struct refund_row *row[FOUND_MAX];
    int max, count;
};

static void find(struct found *found, const struct refund_row *row)
{
    must(found->max <= FOUND_MAX);
    if (found->count == found->max && !asked_before(row, found->row[found->max - 1])) {
        return;
    }
    int place = found->count < found->max ? found->count++ : found->max - 1;
    for (; place > 0 && asked_before(row, found->row[place - 1]); place--) {
        found->row[place] = found->row[place - 1];
    }
    found->row[place] = row;
}

static void give(const struct memory *memory, const struct found *found, struct refund *ret_refunds,
                 int *ret_count)
{
    for (int i = 0; i < found->count; i++) {
        take_refund(memory, found->row[i], &ret_refunds[i]);
    }
    *ret_count = found->count;
}

int store_find_refunds_out(struct store *store, const char *account, int64_t amount_vnd,
                           struct refund *ret_refunds, int max, int *ret_count)
{
    struct memory *memory = store->memory;
    struct found found = {.max = max};
    OPERATION(store);
    uint32_t n = table_first(&memory->refund, BY_AMOUNT, hash_number(HASH_SEED, amount_vnd));
    for (; n != 0; n = table_next(&memory->refund, BY_AMOUNT, n)) {
        const struct refund_row *row = at(memory, n);
        const struct lot_row *lot = memory_lot(memory, row->refund.lot);
        if ((row->refund.state == REFUND_APPROVED || row->refund.state == REFUND_SENT) &&
            row->refund.amount_vnd == amount_vnd && lot && text_same(lot->account, account)) {
            find(&found, row);
        }
    }
    give(memory, &found, ret_refunds, ret_count);
    return 0;
}

static bool is_early(const struct refund_row *row)
{
    return !row->refund.granted &&
           (row->refund.state == REFUND_REQUESTED || row->refund.state == REFUND_APPROVED);
}

int store_find_refunds_of(struct store *store, const char *credit, const char *session,
                          struct refund *ret_refunds, int max, int *ret_count)
{
    struct memory *memory = store->memory;
    struct found found = {.max = max};
    OPERATION(store);
    uint32_t n =
        credit[0] ? table_first(&memory->refund, BY_CREDIT, hash_text(HASH_SEED, credit)) : 0;
    for (; n != 0; n = table_next(&memory->refund, BY_CREDIT, n)) {
        const struct refund_row *row = at(memory, n);
        if (is_early(row) && text_same(row->refund.credit, credit)) {
            find(&found, row);
        }
    }
    n = session[0] ? table_first(&memory->refund, BY_SESSION, hash_text(HASH_SEED, session)) : 0;
    for (; n != 0; n = table_next(&memory->refund, BY_SESSION, n)) {
        const struct refund_row *row = at(memory, n);
        if (is_early(row) && text_same(row->refund.session, session) && !row->refund.credit[0]) {
            find(&found, row);
        }
    }
    give(memory, &found, ret_refunds, ret_count);
    return 0;
}

int store_sum_granted(struct store *store, const char *session, int64_t *ret_vnd)
{
    struct memory *memory = store->memory;
    int64_t sum = 0;
    OPERATION(store);
    uint32_t n =
        session[0] ? table_first(&memory->refund, BY_SESSION, hash_text(HASH_SEED, session)) : 0;
    for (; n != 0; n = table_next(&memory->refund, BY_SESSION, n)) {
        const struct refund *r = &at(memory, n)->refund;
        if (text_same(r->session, session) && r->granted && r->state != REFUND_CANCELLED) {
            sum += r->amount_vnd;
        }
    }
    *ret_vnd = sum;
    return 0;
}

/* ---- accounts ---- */

int store_put_refund_account(struct store *store, const char *refund, const char *bin,
                             struct str sealed, wall_t now)
{
    struct memory *memory = store->memory;
    struct refund_account_row row = {.given_ms = now.ms};
    OPERATION(store);
    must(sealed.n <= REFUND_SEALED_MAX);
    uint32_t n = account_of(memory, refund);
    int error = 0;
    if (n) {
        row = *(const struct refund_account_row *)table_at(&memory->refund_account, n);
        row.given_ms = now.ms;
        error = text_drop(&memory->undo, row.sealed);
    }
    PUT(row.refund, refund);
    PUT(row.bin, bin);
    error = error ? error : text_make(&memory->undo, sealed, &row.sealed);
    if (error) {
        return error;
    }
    return n ? table_put(&memory->undo, &memory->refund_account, n, &row)
             : table_add(&memory->undo, &memory->refund_account, &row, NULL);
}

int store_end_refund_account(struct store *store, const char *refund, wall_t erase)
{
    struct memory *memory = store->memory;
    OPERATION(store);
    uint32_t n = account_of(memory, refund);
    if (n == 0) {
        return 0;
    }
    struct refund_account_row row =
        *(const struct refund_account_row *)table_at(&memory->refund_account, n);
    row.erase_ms = erase.ms;
    return table_put(&memory->undo, &memory->refund_account, n, &row);
}

int store_erase_refund_accounts(struct store *store, wall_t now, int64_t *ret_erased)
{
    struct memory *memory = store->memory;
    const struct table *t = &memory->refund_account;
    int64_t erased = 0;
    int error = 0;
    OPERATION(store);
    for (uint32_t n = table_after(t, 0); n != 0 && !error; n = table_after(t, n)) {
        struct refund_account_row row = *(const struct refund_account_row *)table_at(t, n);
        if (row.erase_ms != 0 && row.erase_ms <= now.ms) {
            error = table_remove(&memory->undo, &memory->refund_account, n);
            error = error ? error : text_drop(&memory->undo, row.sealed);
            erased++;
        }
    }
    if (!error) {
        *ret_erased = erased;
    }
    return error;
}
