/* memory_money.c - what banks said, and what became of it: store_money.c and store_bank.c. */
#include "server/store/store_bank.h"

#include "proto/base/check.h"
#include "sim/store/parts.h"

enum { BY_ID, BY_TX, BY_REF, BY_AMOUNT, BY_CODE, BY_TWIN };

static const char *const notice_words[] = {"new", "applied", "rejected", "candidate"};

/* ---- the raw word ---- */

int store_add_inbox_row(struct store *store, const struct store_inbox_row *row, int64_t *ret_id)
{
    struct memory *memory = store->memory;
    const struct table *t = &memory->inbox;
    struct inbox_row made = {.source = row->source,
                             .received_ms = row->received.ms,
                             .statement = row->statement,
                             .line = row->line};
    OPERATION(store);
    made.provider = memory_name(memory, row->provider);
    made.reason = memory_name(memory, "");
    PUT(made.digest, row->digest);
    uint32_t n = row->digest[0] ? table_first(t, 0, hash_text(HASH_SEED, row->digest)) : 0;
    for (; n != 0; n = table_next(t, 0, n)) {
        const struct inbox_row *there = table_at(t, n);
        if (there->provider == made.provider && text_same(there->digest, made.digest)) {
            return DX_E_EXISTS;
        }
    }
    int error = text_make(&memory->undo, row->body, &made.body);
    error = error ? error : table_add(&memory->undo, &memory->inbox, &made, &n);
    if (!error) {
        *ret_id = n;
    }
    return error;
}

int store_add_inbox(struct store *store, const char *provider, wall_t received, struct str body,
                    int64_t *ret_id)
{
    const struct store_inbox_row row = {.provider = provider,
                                        .source = CREDIT_WEBHOOK,
                                        .received = received,
                                        .body = body,
                                        .digest = ""};
    return store_add_inbox_row(store, &row, ret_id);
}

/* The first new one above `after`; what is below inbox_low is none. */
static uint32_t next_new(struct memory *memory, int64_t after)
{
    const struct table *t = &memory->inbox;
    uint32_t low = memory->inbox_low;
    uint32_t n = after + 1 > low ? (uint32_t)after : low - 1;
    bool from_low = n == low - 1;
    for (n = table_after(t, n); n != 0; n = table_after(t, n)) {
        if (((const struct inbox_row *)table_at(t, n))->state == NOTICE_NEW) {
            break;
        }
    }
    if (from_low) {
        memory->inbox_low = n ? n : t->last + 1;
    }
    return n;
}

int store_has_notice(struct store *store, bool *ret_has)
{
    OPERATION(store);
    *ret_has = next_new(store->memory, 0) != 0;
    return 0;
}

int store_next_notice(struct store *store, int64_t after, char *space,
                      struct store_notice *ret_notice)
{
    struct memory *memory = store->memory;
    OPERATION(store);
    uint32_t n = next_new(memory, after);
    const struct inbox_row *row = table_at(&memory->inbox, n);
    if (!row) {
        return DX_E_NOT_FOUND;
    }
    if (row->body.n > STORE_NOTICE_MAX) {
        return DX_E_CORRUPT;
    }
    *ret_notice = (struct store_notice){.id = n,
                                        .source = row->source,
                                        .statement = row->statement,
                                        .line = row->line,
                                        .received = {row->received_ms},
                                        .body = {space, row->body.n}};
    PUT(ret_notice->provider, memory_text(memory, row->provider));
    if (row->body.n) {
        memcpy(space, row->body.p, row->body.n);
    }
    return 0;
}

int store_close_notice(struct store *store, int64_t id, const char *state, const char *reason)
{
    struct memory *memory = store->memory;
    int error = 0;
    OPERATION(store);
    const struct inbox_row *there =
        id > 0 && id <= memory->inbox.last ? table_at(&memory->inbox, (uint32_t)id) : NULL;
    if (!there) {
        return 0;
    }
    struct inbox_row row = *there;
    uint8_t word = NOTICE_NEW;
    while (word < NOTICE_CANDIDATE && !text_same(notice_words[word], state)) {
        word++;
    }
    row.state = word;
    row.reason = memory_name(memory, reason);
    if (!memory->keep_all) { /* nobody reads it again */
        error = text_drop(&memory->undo, row.body);
        row.body = (struct text){NULL, 0};
    }
    return error ? error : table_put(&memory->undo, &memory->inbox, (uint32_t)id, &row);
}

/* ---- credits ---- */

static const struct credit_row *credit_at(const struct memory *memory, uint32_t n)
{
    return table_at(&memory->credit, n);
}

static uint32_t credit_by_id(const struct memory *memory, const char *id)
{
    uint32_t n = table_first(&memory->credit, BY_ID, hash_text(HASH_SEED, id));
    while (n != 0 && !text_same(credit_at(memory, n)->id, id)) {
        n = table_next(&memory->credit, BY_ID, n);
    }
    return n;
}

static uint32_t credit_by_tx(const struct memory *memory, uint32_t provider, const char *tx)
{
    uint64_t key = hash_text(hash_number(HASH_SEED, provider), tx);
    uint32_t n = table_first(&memory->credit, BY_TX, key);
    for (; n != 0; n = table_next(&memory->credit, BY_TX, n)) {
        const struct credit_row *row = credit_at(memory, n);
        if (row->provider == provider && text_same(row->provider_tx, tx)) {
            return n;
        }
    }
    return 0;
}

/* Told by this provider under this number, as the first or as a later source. */
static uint32_t told_by_tx(const struct memory *memory, uint32_t provider, const char *tx)
{
    const struct table *t = &memory->source;
    uint32_t found = credit_by_tx(memory, provider, tx);
    uint32_t s = table_first(t, 1, hash_text(hash_number(HASH_SEED, provider), tx));
    for (; s != 0; s = table_next(t, 1, s)) {
        const struct source_row *row = table_at(t, s);
        if (row->provider == provider && text_same(row->provider_tx, tx)) {
            uint32_t n = credit_by_id(memory, row->credit);
            found = n != 0 && (found == 0 || n < found) ? n : found;
        }
    }
    return found;
}

static enum payment_seen compare_tx(const struct memory *memory, const struct credit_row *row,
                                    const struct bank_credit *credit)
{
    /* Another source may have spelled the reference another way, or had none. */
    bool own = text_same(row->provider_tx, credit->provider_tx);
    bool equal = row->amount_vnd == credit->amount_vnd && row->out == credit->out &&
                 text_same(memory_text(memory, row->account), credit->account) &&
                 (!own || !row->bank_ref[0] || !credit->bank_ref[0] ||
                  text_same(row->bank_ref, credit->bank_ref));
    return equal ? PAYMENT_KNOWN_TX : PAYMENT_CHANGED;
}

/* This source has told of the credit under another number and reference: see store_money.c. */
static bool is_taken(const struct memory *memory, const char *id, const struct bank_credit *credit,
                     uint32_t provider)
{
    const struct table *t = &memory->source;
    uint32_t n = table_first(t, 0, hash_text(HASH_SEED, id));
    for (; n != 0; n = table_next(t, 0, n)) {
        const struct source_row *row = table_at(t, n);
        if (text_same(row->credit, id) && row->source == credit->source &&
            row->provider == provider && !text_same(row->provider_tx, credit->provider_tx) &&
            (!text_same(row->bank_ref, credit->bank_ref) || row->source == CREDIT_STATEMENT)) {
            return true;
        }
    }
    return false;
}

static const struct credit_row *find_by_ref(const struct memory *memory,
                                            const struct bank_credit *credit, uint32_t provider)
{
    const struct credit_row *first = NULL;
    uint32_t account = memory_find_name(memory, credit->account);
    uint64_t key = hash_number(hash_number(HASH_SEED, account), credit->amount_vnd);
    uint32_t n = table_first(&memory->credit, BY_REF, hash_text(key, credit->bank_ref));
    for (; n != 0; n = table_next(&memory->credit, BY_REF, n)) {
        const struct credit_row *row = credit_at(memory, n);
        if (row->account == account && row->amount_vnd == credit->amount_vnd &&
            row->out == credit->out && text_same(row->bank_ref, credit->bank_ref) &&
            (!first || strcmp(row->id, first->id) < 0) &&
            !is_taken(memory, row->id, credit, provider)) {
            first = row;
        }
    }
    return first;
}

int store_find_credit(struct store *store, const struct bank_credit *credit,
                      enum payment_seen *ret_seen, char ret_id[ULID_CAP])
{
    struct memory *memory = store->memory;
    OPERATION(store);
    uint32_t provider = memory_find_name(memory, credit->provider);
    const struct credit_row *row =
        credit_at(memory, told_by_tx(memory, provider, credit->provider_tx));
    enum payment_seen seen = row ? compare_tx(memory, row, credit) : PAYMENT_NEW;
    if (!row && credit->bank_ref[0]) {
        row = find_by_ref(memory, credit, provider);
        seen = row ? PAYMENT_KNOWN_REF : PAYMENT_NEW;
    }
    *ret_seen = seen;
    text_put(ret_id, ULID_CAP, row ? row->id : "");
    return 0;
}

int store_add_credit(struct store *store, const struct bank_credit *credit,
                     const struct store_credit *row)
{
    struct memory *memory = store->memory;
    struct credit_row made = {.out = credit->out,
                              .date_only = credit->date_only,
                              .verdict = row->verdict,
                              .amount_vnd = credit->amount_vnd,
                              .booked_ms = credit->booked.ms,
                              .received_ms = row->received.ms,
                              .inbox = row->inbox};
    OPERATION(store);
    made.provider = memory_name(memory, credit->provider);
    made.account = memory_name(memory, credit->account);
    PUT(made.id, row->id);
    PUT(made.session, row->session);
    PUT(made.code, row->code);
    PUT(made.provider_tx, credit->provider_tx);
    PUT(made.bank_ref, credit->bank_ref);
    if (credit_by_id(memory, made.id) || credit_by_tx(memory, made.provider, made.provider_tx)) {
        return DX_E_EXISTS;
    }
    int error = text_make(&memory->undo, str_c(credit->content), &made.content);
    return error ? error : table_add(&memory->undo, &memory->credit, &made, NULL);
}

int store_get_credit(struct store *store, const char *id, struct store_booked *ret_booked)
{
    struct memory *memory = store->memory;
    struct bank_credit *c = &ret_booked->credit;
    OPERATION(store);
    const struct credit_row *row = credit_at(memory, credit_by_id(memory, id));
    if (!row) {
        return DX_E_NOT_FOUND;
    }
    memset(ret_booked, 0, sizeof *ret_booked);
    PUT(ret_booked->id, row->id);
    PUT(ret_booked->code, row->code);
    PUT(ret_booked->session, row->session);
    PUT(ret_booked->verdict, payment_verdict_text(row->verdict));
    PUT(c->provider, memory_text(memory, row->provider));
    PUT(c->provider_tx, row->provider_tx);
    PUT(c->account, memory_text(memory, row->account));
    PUT(c->bank_ref, row->bank_ref);
    c->out = row->out;
    c->amount_vnd = row->amount_vnd;
    c->booked.ms = row->booked_ms;
    return str_copy(c->content, sizeof c->content, text_str(row->content)) ? DX_E_CORRUPT : 0;
}

/* Nothing of it was applied to any stay. */
static bool is_unapplied(const struct memory *memory, const char *credit)
{
    const struct table *t = &memory->applied;
    uint32_t n = table_first(t, 0, hash_text(HASH_SEED, credit));
    for (; n != 0; n = table_next(t, 0, n)) {
        if (text_same(((const struct applied_row *)table_at(t, n))->credit, credit)) {
            return false;
        }
    }
    return true;
}

static bool booked_before(const struct credit_row *a, const struct credit_row *b)
{
    return a->booked_ms != b->booked_ms ? a->booked_ms < b->booked_ms : strcmp(a->id, b->id) < 0;
}

int store_find_code_credit(struct store *store, const char *code, char ret_id[ULID_CAP],
                           int64_t *ret_amount_vnd)
{
    struct memory *memory = store->memory;
    const struct credit_row *first = NULL;
    OPERATION(store);
    uint32_t n = code[0] ? table_first(&memory->credit, BY_CODE, hash_text(HASH_SEED, code)) : 0;
    for (; n != 0; n = table_next(&memory->credit, BY_CODE, n)) {
        const struct credit_row *row = credit_at(memory, n);
        if (text_same(row->code, code) && !row->session[0] && !row->out &&
            row->verdict == PAYMENT_UNMATCHED && is_unapplied(memory, row->id) &&
            (!first || booked_before(row, first))) {
            first = row;
        }
    }
    if (!first) {
        return DX_E_NOT_FOUND;
    }
    text_put(ret_id, ULID_CAP, first->id);
    *ret_amount_vnd = first->amount_vnd;
    return 0;
}

static bool was_taken_back(const struct memory *memory, const char *credit)
{
    const struct table *t = &memory->back;
    uint32_t n = table_first(t, 0, hash_text(HASH_SEED, credit));
    for (; n != 0; n = table_next(t, 0, n)) {
        if (text_same(((const struct back_row *)table_at(t, n))->credit, credit)) {
            return true;
        }
    }
    return false;
}

int store_find_back(struct store *store, const char *account, int64_t amount_vnd, wall_t until,
                    struct store_back *ret_back, int max, int *ret_count)
{
    enum { FOUND_MAX = 64 };
    struct memory *memory = store->memory;
    const struct credit_row *found[FOUND_MAX];
    int count = 0;
    OPERATION(store);
    must(max <= FOUND_MAX);
    uint32_t name = memory_find_name(memory, account);
    uint64_t key = hash_number(hash_number(HASH_SEED, name), amount_vnd);
    uint32_t n = table_first(&memory->credit, BY_AMOUNT, key);
    for (; n != 0; n = table_next(&memory->credit, BY_AMOUNT, n)) {
        const struct credit_row *row = credit_at(memory, n);
        if (row->account != name || row->amount_vnd != amount_vnd || row->out ||
            row->booked_ms > until.ms || was_taken_back(memory, row->id) ||
            (count == max && booked_before(row, found[max - 1]))) {
            continue;
        }
        int place = count < max ? count++ : max - 1;
        found[place] = row;
        for (; place > 0 && booked_before(found[place - 1], found[place]); place--) {
            const struct credit_row *other = found[place - 1];
            found[place - 1] = found[place];
            found[place] = other;
        }
    }
    for (int i = 0; i < count; i++) {
        memset(&ret_back[i], 0, sizeof ret_back[i]);
        PUT(ret_back[i].id, found[i]->id);
        PUT(ret_back[i].bank_ref, found[i]->bank_ref);
        PUT(ret_back[i].code, found[i]->code);
    }
    *ret_count = count;
    return 0;
}

int store_add_back(struct store *store, const char *credit, const char *out_credit)
{
    struct memory *memory = store->memory;
    const struct table *t = &memory->back;
    struct back_row row;
    OPERATION(store);
    PUT(row.credit, credit);
    PUT(row.out_credit, out_credit);
    uint32_t n = table_first(t, 1, hash_text(HASH_SEED, out_credit));
    for (; n != 0; n = table_next(t, 1, n)) {
        if (text_same(((const struct back_row *)table_at(t, n))->out_credit, out_credit)) {
            return DX_E_EXISTS;
        }
    }
    return was_taken_back(memory, credit) ? DX_E_EXISTS
                                          : table_add(&memory->undo, &memory->back, &row, NULL);
}

/* ---- who told of a credit ---- */

int store_add_source(struct store *store, const char *credit_id, const struct bank_credit *told,
                     int64_t inbox, wall_t now)
{
    struct memory *memory = store->memory;
    const struct table *t = &memory->source;
    struct source_row row = {.source = told->source,
                             .inbox = inbox,
                             .first_ms = now.ms,
                             .last_ms = now.ms,
                             .times = 1,
                             .has_balance = told->has_balance,
                             .balance_vnd = told->has_balance ? told->balance_vnd : 0};
    OPERATION(store);
    row.provider = memory_name(memory, told->provider);
    PUT(row.credit, credit_id);
    PUT(row.provider_tx, told->provider_tx);
    PUT(row.bank_ref, told->bank_ref);
    uint32_t n = table_first(t, 0, hash_text(HASH_SEED, credit_id));
    for (; n != 0; n = table_next(t, 0, n)) {
        struct source_row there = *(const struct source_row *)table_at(t, n);
        if (!text_same(there.credit, row.credit) || there.source != row.source ||
            there.provider != row.provider || !text_same(there.provider_tx, row.provider_tx)) {
            continue;
        }
        there.times++;
        there.last_ms = now.ms;
        if (told->has_balance) {
            there.has_balance = true;
            there.balance_vnd = told->balance_vnd;
        }
        return table_put(&memory->undo, &memory->source, n, &there);
    }
    return table_add(&memory->undo, &memory->source, &row, NULL);
}

/* The source and provider have told of this credit, under whatever number. */
static bool has_told(const struct memory *memory, const char *id, enum credit_source source,
                     uint32_t provider)
{
    const struct table *t = &memory->source;
    uint32_t n = table_first(t, 0, hash_text(HASH_SEED, id));
    for (; n != 0; n = table_next(t, 0, n)) {
        const struct source_row *row = table_at(t, n);
        if (text_same(row->credit, id) && row->source == source && row->provider == provider) {
            return true;
        }
    }
    return false;
}

static bool is_in_window(const struct credit_row *row, const struct bank_credit *credit,
                         const struct store_window *window)
{
    if (row->booked_ms < window->day_from.ms || row->booked_ms >= window->day_to.ms) {
        return false;
    }
    return credit->date_only || row->date_only ||
           (row->booked_ms >= window->from.ms && row->booked_ms < window->to.ms);
}

int store_find_twin(struct store *store, const struct bank_credit *credit, const char *code,
                    const struct store_window *window,
                    bool (*is_it)(void *context, const struct store_twin *twin), void *context,
                    char ret_id[ULID_CAP])
{
    struct memory *memory = store->memory;
    const struct credit_row *after = NULL;
    OPERATION(store);
    uint32_t account = memory_find_name(memory, credit->account);
    uint32_t provider = memory_find_name(memory, credit->provider);
    uint64_t key =
        hash_text(hash_number(hash_number(HASH_SEED, account), credit->amount_vnd), code);
    for (;;) { /* the next one by booking and id */
        const struct credit_row *best = NULL;
        uint32_t n = table_first(&memory->credit, BY_TWIN, key);
        for (; n != 0; n = table_next(&memory->credit, BY_TWIN, n)) {
            const struct credit_row *row = credit_at(memory, n);
            if (row->account == account && row->amount_vnd == credit->amount_vnd &&
                row->out == credit->out && text_same(row->code, code) &&
                (!after || booked_before(after, row)) && (!best || booked_before(row, best)) &&
                is_in_window(row, credit, window) &&
                !has_told(memory, row->id, credit->source, provider)) {
                best = row;
            }
        }
        if (!best) {
            return DX_E_NOT_FOUND;
        }
        struct store_twin twin;
        memset(&twin, 0, sizeof twin);
        PUT(twin.id, best->id);
        PUT(twin.provider, memory_text(memory, best->provider));
        PUT(twin.provider_tx, best->provider_tx);
        str_copy_cut(twin.content, sizeof twin.content, text_str(best->content));
        if (is_it(context, &twin)) {
            text_put(ret_id, ULID_CAP, best->id);
            return 0;
        }
        after = best;
    }
}
