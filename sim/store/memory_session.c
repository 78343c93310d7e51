/* memory_session.c - sessions, quotes, reviews, counts of the day: server/store/store_session.c. */
#include "sim/store/parts.h"

#include "proto/base/check.h"

enum { BY_ID, BY_CODE, BY_TOKEN, BY_OPEN };

/* ---- sessions ---- */

static int make_session(struct memory *memory, const struct session *s, wall_t now,
                        struct session_row *row)
{
    PUT(row->key, s->subject.key);
    PUT(row->raw, s->subject.raw);
    PUT(row->last4, s->subject.last4);
    row->state = (uint8_t)s->state;
    row->vehicle = (uint8_t)s->subject.vehicle;
    row->kind = (uint8_t)s->subject.kind;
    row->inferred = s->inferred;
    row->updated_ms = now.ms;
    row->lot = memory_name(memory, s->lot);
    row->gate_in = memory_name(memory, s->gate_in);
    row->gate_out = memory_name(memory, s->gate_out);
    return row->lot && row->gate_in && row->gate_out ? 0 : DX_E_MEMORY;
}

void memory_take_session(const struct memory *memory, const struct session_row *row,
                         struct session *ret_session)
{
    struct session *s = ret_session;
    memset(s, 0, sizeof *s);
    PUT(s->id, row->id);
    PUT(s->lot, memory_text(memory, row->lot));
    s->state = (enum session_state)row->state;
    s->subject.vehicle = (enum vehicle)row->vehicle;
    s->subject.kind = (enum subject_kind)row->kind;
    PUT(s->subject.key, row->key);
    PUT(s->subject.raw, row->raw);
    PUT(s->subject.last4, row->last4);
    PUT(s->gate_in, memory_text(memory, row->gate_in));
    s->lane_in = row->lane_in;
    s->arrived.ms = row->arrived_ms;
    s->entered.ms = row->entered_ms;
    s->asked.ms = row->asked_ms;
    PUT(s->gate_out, memory_text(memory, row->gate_out));
    s->lane_out = row->lane_out;
    s->left.ms = row->left_ms;
    s->permitted = row->permitted;
    s->permit = row->permitted ? (enum permit)row->permit : (enum permit)0;
    s->fee_vnd = row->fee_vnd;
    s->paid_vnd = row->paid_vnd;
    s->paid_at.ms = row->paid_ms;
    PUT(s->code, row->code);
    PUT(s->token, row->token);
    s->inferred = row->inferred;
}

static const struct session_row *at(const struct memory *memory, uint32_t n)
{
    return table_at(&memory->session, n);
}

static uint32_t by_id(const struct memory *memory, const char *id)
{
    uint32_t n = table_first(&memory->session, BY_ID, hash_text(HASH_SEED, id));
    while (n != 0 && !text_same(at(memory, n)->id, id)) {
        n = table_next(&memory->session, BY_ID, n);
    }
    return n;
}

uint32_t memory_session(const struct memory *memory, const char *id)
{
    return by_id(memory, id);
}

static uint32_t by_code(const struct memory *memory, const char *code)
{
    uint32_t n = table_first(&memory->session, BY_CODE, hash_text(HASH_SEED, code));
    while (n != 0 && !text_same(at(memory, n)->code, code)) {
        n = table_next(&memory->session, BY_CODE, n);
    }
    return n;
}

static uint32_t by_token(const struct memory *memory, const char *token)
{
    uint32_t n = table_first(&memory->session, BY_TOKEN, hash_text(HASH_SEED, token));
    while (n != 0 && !text_same(at(memory, n)->token, token)) {
        n = table_next(&memory->session, BY_TOKEN, n);
    }
    return n;
}

static int take_one(const struct memory *memory, uint32_t n, struct session *ret_session)
{
    if (n == 0) {
        return DX_E_NOT_FOUND;
    }
    memory_take_session(memory, at(memory, n), ret_session);
    return 0;
}

int store_get_session(struct store *store, const char *id, struct session *ret_session)
{
    OPERATION(store);
    return take_one(store->memory, by_id(store->memory, id), ret_session);
}

int store_get_session_by_code(struct store *store, const char *code, struct session *ret_session)
{
    struct memory *memory = store->memory;
    OPERATION(store);
    uint32_t n = by_code(memory, code);
    if (n == 0) { /* the code that a gate made for it when it was cut off */
        const struct table *t = &memory->session_code;
        uint32_t c = table_first(t, 0, hash_text(HASH_SEED, code));
        for (; c != 0 && n == 0; c = table_next(t, 0, c)) {
            const struct session_code_row *row = table_at(t, c);
            n = text_same(row->code, code) ? by_id(memory, row->session) : 0;
        }
    }
    return take_one(memory, n, ret_session);
}

int store_get_session_by_token(struct store *store, struct str token, struct session *ret_session)
{
    char text[TOKEN_CAP];
    OPERATION(store);
    if (str_copy(text, sizeof text, token) != 0) {
        return DX_E_NOT_FOUND;
    }
    return take_one(store->memory, by_token(store->memory, text), ret_session);
}

/* The later one first; ids are times too. */
static bool came_later(const struct session_row *a, const struct session_row *b)
{
    int64_t a_ms = a->entered_ms ? a->entered_ms : a->arrived_ms;
    int64_t b_ms = b->entered_ms ? b->entered_ms : b->arrived_ms;
    return a_ms != b_ms ? a_ms > b_ms : strcmp(a->id, b->id) > 0;
}

int store_find_open(struct store *store, const char *lot, const struct subject *subject,
                    struct session *ret_sessions, int max, int *ret_count)
{
    enum { FOUND_MAX = 16 };
    struct memory *memory = store->memory;
    const struct session_row *found[FOUND_MAX];
    int count = 0;
    OPERATION(store);
    must(max <= FOUND_MAX);
    uint32_t lot_name = memory_find_name(memory, lot);
    uint64_t key = hash_text(hash_number(hash_number(HASH_SEED, lot_name), (int64_t)subject->kind),
                             subject->key);
    uint32_t n = lot_name ? table_first(&memory->session, BY_OPEN, key) : 0;
    for (; n != 0; n = table_next(&memory->session, BY_OPEN, n)) {
        const struct session_row *row = at(memory, n);
        if (row->lot != lot_name || row->kind != subject->kind ||
            !text_same(row->key, subject->key)) {
            continue;
        }
        if (count == max && !came_later(row, found[max - 1])) {
            continue;
        }
        int place = count < max ? count++ : max - 1;
        found[place] = row;
        for (; place > 0 && came_later(found[place], found[place - 1]); place--) {
            const struct session_row *earlier = found[place - 1];
            found[place - 1] = found[place];
            found[place] = earlier;
        }
    }
    for (int i = 0; i < count; i++) {
        memory_take_session(memory, found[i], &ret_sessions[i]);
    }
    *ret_count = count;
    return 0;
}

int store_add_session(struct store *store, const struct session *s, wall_t now)
{
    struct memory *memory = store->memory;
    struct session_row row;
    OPERATION(store);
    if (by_id(memory, s->id) || by_code(memory, s->code) || by_token(memory, s->token)) {
        return DX_E_EXISTS;
    }
    memset(&row, 0, sizeof row);
    PUT(row.id, s->id);
    PUT(row.code, s->code);
    PUT(row.token, s->token);
    row.lane_in = (int16_t)s->lane_in;
    row.arrived_ms = s->arrived.ms;
    int error = make_session(memory, s, now, &row);
    row.gate_out = memory_name(memory, "");
    return error ? error : table_add(&memory->undo, &memory->session, &row, NULL);
}

int store_put_session(struct store *store, const struct session *s, wall_t now)
{
    struct memory *memory = store->memory;
    OPERATION(store);
    uint32_t n = by_id(memory, s->id);
    if (n == 0) {
        return DX_E_NOT_FOUND;
    }
    struct session_row row = *at(memory, n);
    uint32_t lot = row.lot, gate_in = row.gate_in;
    int error = make_session(memory, s, now, &row);
    row.lot = lot;
    row.gate_in = gate_in;
    row.entered_ms = s->entered.ms;
    row.asked_ms = s->asked.ms;
    row.lane_out = (int16_t)s->lane_out;
    row.left_ms = s->left.ms;
    row.permitted = s->permitted;
    row.permit = (uint8_t)s->permit;
    row.fee_vnd = s->fee_vnd;
    row.paid_vnd = s->paid_vnd;
    row.paid_ms = s->paid_at.ms;
    return error ? error : table_put(&memory->undo, &memory->session, n, &row);
}

int store_put_session_times(struct store *store, const struct session *s, wall_t now)
{
    struct memory *memory = store->memory;
    OPERATION(store);
    uint32_t n = by_id(memory, s->id);
    if (n == 0) {
        return 0;
    }
    struct session_row row = *at(memory, n);
    row.arrived_ms = s->arrived.ms;
    row.entered_ms = s->entered.ms;
    row.asked_ms = s->asked.ms;
    row.updated_ms = now.ms;
    return table_put(&memory->undo, &memory->session, n, &row);
}

int store_inside_each(struct store *store, const char *lot, int bucket, void *context,
                      void (*take)(void *context, const struct lot_stay *stay))
{
    enum { BY_INSIDE = 5 };
    struct memory *memory = store->memory;
    const char letter = lot_bucket_char(bucket);
    const char *after = "";
    OPERATION(store);
    uint32_t lot_name = memory_find_name(memory, lot);
    uint64_t key = hash_number(hash_number(HASH_SEED, lot_name), (unsigned char)letter);
    for (;;) { /* by id: the smallest above the last one */
        const struct session_row *best = NULL;
        uint32_t n = lot_name ? table_first(&memory->session, BY_INSIDE, key) : 0;
        for (; n != 0; n = table_next(&memory->session, BY_INSIDE, n)) {
            const struct session_row *row = at(memory, n);
            if (row->lot == lot_name && row->id[ULID_CAP - 2] == letter &&
                strcmp(row->id, after) > 0 && (!best || strcmp(row->id, best->id) < 0)) {
                best = row;
            }
        }
        if (!best) {
            return 0;
        }
        struct lot_stay stay = {.kind = (enum subject_kind)best->kind,
                                .vehicle = (enum vehicle)best->vehicle};
        PUT(stay.session, best->id);
        PUT(stay.key, best->key);
        stay.entered.ms = best->entered_ms ? best->entered_ms : best->arrived_ms;
        stay.paid_vnd = best->paid_vnd;
        stay.paid_at.ms = best->paid_ms;
        PUT(stay.paycode, best->code);
        take(context, &stay);
        after = best->id;
    }
}

/* ---- quotes ---- */

int store_add_quote(struct store *store, const struct store_quote *quote,
                    const struct payment_quote *priced)
{
    struct memory *memory = store->memory;
    struct quote_row row = {.lane = quote->lane,
                            .made_ms = quote->made.ms,
                            .priced_to_ms = priced->priced_to.ms,
                            .fee_vnd = priced->fee_vnd,
                            .due_vnd = priced->due_vnd,
                            .valid_until_ms = priced->valid_until.ms};
    OPERATION(store);
    const struct table *t = &memory->quote;
    uint32_t n = table_first(t, 0, hash_text(HASH_SEED, quote->id));
    for (; n != 0; n = table_next(t, 0, n)) {
        if (text_same(((const struct quote_row *)table_at(t, n))->id, quote->id)) {
            return DX_E_EXISTS;
        }
    }
    PUT(row.id, quote->id);
    PUT(row.session, quote->session);
    PUT(row.ask, quote->ask);
    row.tariff = memory_name(memory, priced->tariff);
    row.digest = memory_name(memory, priced->digest);
    int error = memory_make_lines(memory, priced->line, priced->line_count, &row.lines);
    return error ? error : table_add(&memory->undo, &memory->quote, &row, NULL);
}

/* The one made last: by time, then by `tie` (id, or the order they were written in). */
static const struct quote_row *last_quote(const struct memory *memory, const char *session,
                                          bool by_order)
{
    const struct table *t = &memory->quote;
    const struct quote_row *best = NULL;
    uint32_t best_n = 0;
    uint32_t n = table_first(t, 1, hash_text(HASH_SEED, session));
    for (; n != 0; n = table_next(t, 1, n)) {
        const struct quote_row *row = table_at(t, n);
        if (!text_same(row->session, session)) {
            continue;
        }
        bool later = !best || row->made_ms > best->made_ms;
        if (best && row->made_ms == best->made_ms) {
            later = by_order ? n > best_n : strcmp(row->id, best->id) > 0;
        }
        if (later) {
            best = row;
            best_n = n;
        }
    }
    return best;
}

int store_get_promise(struct store *store, const char *session, struct payment_promise *ret_promise)
{
    OPERATION(store);
    const struct quote_row *row = last_quote(store->memory, session, false);
    *ret_promise =
        row ? (struct payment_promise){true, row->fee_vnd, {row->made_ms}, {row->valid_until_ms}}
            : (struct payment_promise){.given = false};
    return 0;
}

int store_get_last_ask(struct store *store, const char *session, char ret_ask[ULID_CAP])
{
    OPERATION(store);
    const struct quote_row *row = last_quote(store->memory, session, true);
    text_put(ret_ask, ULID_CAP, row ? row->ask : "");
    return 0;
}

/* ---- reviews ---- */

int store_add_review(struct store *store, const struct store_review *where,
                     const struct review *review, wall_t now)
{
    struct memory *memory = store->memory;
    struct review_row row = {.lane = where->lane, .opened_ms = now.ms};
    OPERATION(store);
    row.kind = (uint32_t)review->kind;
    row.lot = memory_name(memory, where->lot);
    row.gate = memory_name(memory, where->gate);
    row.by = memory_name(memory, "");
    PUT(row.session, where->session);
    PUT(row.credit, where->credit);
    int error = text_make(&memory->undo, str_c(where->cause), &row.cause);
    error = error ? error : text_make(&memory->undo, str_c(review->detail), &row.detail);
    return error ? error : table_add(&memory->undo, &memory->review, &row, NULL);
}

static int close_row(struct memory *memory, uint32_t n, const char *by, wall_t now)
{
    struct review_row row = *(const struct review_row *)table_at(&memory->review, n);
    row.closed_ms = now.ms;
    row.by = memory_name(memory, by);
    return table_put(&memory->undo, &memory->review, n, &row);
}

int store_close_review(struct store *store, int64_t id, const char *by, wall_t now)
{
    struct memory *memory = store->memory;
    OPERATION(store);
    uint32_t n = id > 0 && id <= memory->review.last ? (uint32_t)id : 0;
    const struct review_row *row = table_at(&memory->review, n);
    return row && row->closed_ms == 0 ? close_row(memory, n, by, now) : DX_E_NOT_FOUND;
}

int store_close_lane_reviews(struct store *store, const char *gate, int lane, enum review_kind kind,
                             const char *by, wall_t now)
{
    struct memory *memory = store->memory;
    const struct table *t = &memory->review;
    int error = 0;
    OPERATION(store);
    uint32_t name = memory_find_name(memory, gate);
    uint64_t key = hash_number(hash_number(HASH_SEED, name), lane);
    for (uint32_t n = table_first(t, 0, key); n != 0 && !error;) {
        const struct review_row *row = table_at(t, n);
        uint32_t next = table_next(t, 0, n);
        if (row->gate == name && row->lane == lane && row->kind == (uint32_t)kind) {
            error = close_row(memory, n, by, now);
        }
        n = next;
    }
    return error;
}

int store_close_credit_reviews(struct store *store, const char *credit, const char *by, wall_t now)
{
    struct memory *memory = store->memory;
    const struct table *t = &memory->review;
    int error = 0;
    OPERATION(store);
    must(credit[0]);
    for (uint32_t n = table_first(t, 1, hash_text(HASH_SEED, credit)); n != 0 && !error;) {
        const struct review_row *row = table_at(t, n);
        uint32_t next = table_next(t, 1, n);
        if (text_same(row->credit, credit)) {
            error = close_row(memory, n, by, now);
        }
        n = next;
    }
    return error;
}

int store_get_review(struct store *store, int64_t id, struct store_review_row *ret_review)
{
    struct memory *memory = store->memory;
    OPERATION(store);
    uint32_t n = id > 0 && id <= memory->review.last ? (uint32_t)id : 0;
    const struct review_row *row = table_at(&memory->review, n);
    if (!row) {
        return DX_E_NOT_FOUND;
    }
    memset(ret_review, 0, sizeof *ret_review);
    PUT(ret_review->kind, review_text((enum review_kind)row->kind));
    PUT(ret_review->lot, memory_text(memory, row->lot));
    PUT(ret_review->session, row->session);
    PUT(ret_review->credit, row->credit);
    ret_review->open = row->closed_ms == 0;
    return 0;
}
