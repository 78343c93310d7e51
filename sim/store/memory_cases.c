/* memory_cases.c - payment requests, what transfers paid, proposals, debts: store_cases.c. */
#include "sim/store/parts.h"

#include "proto/base/check.h"
#include "proto/base/out.h"

/* ---- lines ---- */

int memory_make_lines(struct memory *memory, const struct quote_line *line, int count,
                      struct text *ret_text)
{
    char space[MSG_LINES_MAX * 512];
    struct out out;
    if (!memory->keep_all) {
        *ret_text = (struct text){NULL, 0};
        return 0;
    }
    out_init(&out, space, sizeof space);
    json_array(&out, NULL);
    for (int i = 0; i < count; i++) {
        json_object(&out, NULL);
        json_c(&out, "vi", line[i].vi);
        json_c(&out, "en", line[i].en);
        json_i64(&out, "amount_vnd", line[i].amount_vnd);
        json_object_end(&out);
    }
    json_array_end(&out);
    return out_failed(&out) ? DX_E_FORMAT : text_make(&memory->undo, out_str(&out), ret_text);
}

/* ---- payment requests ---- */

enum { REQUEST_BY_ID, REQUEST_BY_SESSION };

static uint32_t request_by_id(const struct memory *memory, const char *id)
{
    const struct table *t = &memory->request;
    uint32_t n = table_first(t, REQUEST_BY_ID, hash_text(HASH_SEED, id));
    while (n != 0 && !text_same(((const struct request_row *)table_at(t, n))->id, id)) {
        n = table_next(t, REQUEST_BY_ID, n);
    }
    return n;
}

static const struct request_row *open_request(const struct memory *memory, const char *session)
{
    const struct table *t = &memory->request;
    uint32_t n = table_first(t, REQUEST_BY_SESSION, hash_text(HASH_SEED, session));
    while (n != 0 && !text_same(((const struct request_row *)table_at(t, n))->session, session)) {
        n = table_next(t, REQUEST_BY_SESSION, n);
    }
    return table_at(t, n);
}

int store_add_request(struct store *store, const struct store_request *r, enum request_state state,
                      const char *credit)
{
    struct memory *memory = store->memory;
    struct request_row row = {.state = (uint8_t)state,
                              .amount_vnd = r->amount_vnd,
                              .debt_vnd = r->debt_vnd,
                              .fee_vnd = r->fee_vnd,
                              .made_ms = r->made.ms,
                              .promise_ms = r->promise.ms,
                              .closed_ms = state == REQUEST_OPEN ? 0 : r->made.ms};
    OPERATION(store);
    must(state < REQUEST_STATE_COUNT && r->amount_vnd > 0);
    if (request_by_id(memory, r->id) ||
        (state == REQUEST_OPEN && open_request(memory, r->session))) {
        return DX_E_EXISTS;
    }
    PUT(row.id, r->id);
    PUT(row.session, r->session);
    PUT(row.credit, credit);
    PUT(row.code, r->code);
    row.kind = memory_name(memory, r->kind);
    row.bin = memory_name(memory, r->bin);
    row.account = memory_name(memory, r->account);
    int error = memory_make_lines(memory, r->line, r->line_count, &row.lines);
    if (!error && memory->keep_all) {
        error = text_make(&memory->undo, str_c(r->payload), &row.payload);
    }
    return error ? error : table_add(&memory->undo, &memory->request, &row, NULL);
}

int store_get_open_request(struct store *store, const char *session,
                           struct store_open_request *ret_request)
{
    OPERATION(store);
    const struct request_row *row = open_request(store->memory, session);
    if (!row) {
        return DX_E_NOT_FOUND;
    }
    *ret_request = (struct store_open_request){.amount_vnd = row->amount_vnd,
                                               .debt_vnd = row->debt_vnd,
                                               .made = {row->made_ms},
                                               .promise = {row->promise_ms}};
    PUT(ret_request->id, row->id);
    return 0;
}

int store_close_request(struct store *store, const char *id, enum request_state state,
                        const char *credit, wall_t now)
{
    struct memory *memory = store->memory;
    OPERATION(store);
    must(state != REQUEST_OPEN && state < REQUEST_STATE_COUNT);
    uint32_t n = request_by_id(memory, id);
    if (n == 0) {
        return 0;
    }
    struct request_row row = *(const struct request_row *)table_at(&memory->request, n);
    if (row.state == REQUEST_PAID) {
        return DX_E_STATE; /* paid is never overwritten */
    }
    row.state = (uint8_t)state;
    PUT(row.credit, credit);
    row.closed_ms = now.ms;
    return table_put(&memory->undo, &memory->request, n, &row);
}

int store_expire_requests(struct store *store, wall_t now, int64_t max)
{
    struct memory *memory = store->memory;
    const struct table *t = &memory->request;
    int error = 0;
    OPERATION(store);
    /* In the order they were made, which is that of their promises but for the odd minute. */
    for (uint32_t n = table_after(t, 0); n != 0 && max > 0 && !error; n = table_after(t, n)) {
        struct request_row row = *(const struct request_row *)table_at(t, n);
        if (row.state == REQUEST_OPEN && row.promise_ms > 0 && row.promise_ms < now.ms) {
            row.state = REQUEST_EXPIRED;
            row.closed_ms = now.ms;
            error = table_put(&memory->undo, &memory->request, n, &row);
            max--;
        }
    }
    return error;
}

/* ---- what transfers paid ---- */

static uint32_t find_applied(const struct memory *memory, const char *credit, const char *session)
{
    const struct table *t = &memory->applied;
    uint32_t n = table_first(t, 0, hash_text(HASH_SEED, credit));
    for (; n != 0; n = table_next(t, 0, n)) {
        const struct applied_row *row = table_at(t, n);
        if (text_same(row->credit, credit) && text_same(row->session, session)) {
            return n;
        }
    }
    return 0;
}

int store_add_applied(struct store *store, const char *credit, const char *session,
                      int64_t amount_vnd)
{
    struct memory *memory = store->memory;
    struct applied_row row = {.amount_vnd = amount_vnd};
    OPERATION(store);
    uint32_t n = find_applied(memory, credit, session);
    if (n) {
        row = *(const struct applied_row *)table_at(&memory->applied, n);
        row.amount_vnd += amount_vnd;
        return table_put(&memory->undo, &memory->applied, n, &row);
    }
    PUT(row.credit, credit);
    PUT(row.session, session);
    return table_add(&memory->undo, &memory->applied, &row, NULL);
}

int store_take_applied(struct store *store, const char *credit, const char *session,
                       int64_t amount_vnd)
{
    struct memory *memory = store->memory;
    OPERATION(store);
    uint32_t n = find_applied(memory, credit, session);
    if (n == 0) {
        return 0;
    }
    struct applied_row row = *(const struct applied_row *)table_at(&memory->applied, n);
    row.back_vnd += amount_vnd;
    return table_put(&memory->undo, &memory->applied, n, &row);
}

int store_get_applied(struct store *store, const char *credit, struct store_applied *ret_applied,
                      int max, int *ret_count)
{
    struct memory *memory = store->memory;
    const struct table *t = &memory->applied;
    const char *after = "";
    int count = 0;
    OPERATION(store);
    for (const struct applied_row *best; count < max; after = best->session) {
        best = NULL; /* the next one by session */
        uint32_t n = table_first(t, 0, hash_text(HASH_SEED, credit));
        for (; n != 0; n = table_next(t, 0, n)) {
            const struct applied_row *row = table_at(t, n);
            if (text_same(row->credit, credit) && row->amount_vnd > row->back_vnd &&
                strcmp(row->session, after) > 0 &&
                (!best || strcmp(row->session, best->session) < 0)) {
                best = row;
            }
        }
        if (!best) {
            break;
        }
        ret_applied[count] =
            (struct store_applied){.amount_vnd = best->amount_vnd - best->back_vnd};
        PUT(ret_applied[count].session, best->session);
        count++;
    }
    *ret_count = count;
    return 0;
}

/* ---- proposals ---- */

enum { PROPOSAL_BY_ID, PROPOSAL_BY_REVIEW, PROPOSAL_BY_CREDIT, PROPOSAL_BY_WRITE_OFF };

static const struct proposal_row *proposal_at(const struct memory *memory, uint32_t n)
{
    return table_at(&memory->proposal, n);
}

static uint32_t proposal_by_id(const struct memory *memory, const char *id)
{
    uint32_t n = table_first(&memory->proposal, PROPOSAL_BY_ID, hash_text(HASH_SEED, id));
    while (n != 0 && !text_same(proposal_at(memory, n)->proposal.id, id)) {
        n = table_next(&memory->proposal, PROPOSAL_BY_ID, n);
    }
    return n;
}

/* Two persons have moved the money of this credit. */
static bool was_moved(const struct memory *memory, const char *credit)
{
    const struct table *t = &memory->proposal;
    uint32_t n = table_first(t, PROPOSAL_BY_CREDIT, hash_text(HASH_SEED, credit));
    for (; n != 0; n = table_next(t, PROPOSAL_BY_CREDIT, n)) {
        const struct proposal_row *row = table_at(t, n);
        for (int i = 0; i < row->proposal.part_count; i++) {
            if (text_same(row->proposal.credit, credit) && row->approved &&
                (row->proposal.write_off || row->proposal.part[i].action != PROPOSAL_KEEP)) {
                return true;
            }
        }
    }
    return false;
}

int store_is_suspended(struct store *store, const char *credit, bool *ret_suspended)
{
    struct memory *memory = store->memory;
    const struct table *t = &memory->credit;
    OPERATION(store);
    uint32_t n = table_first(t, 0, hash_text(HASH_SEED, credit));
    while (n != 0 && !text_same(((const struct credit_row *)table_at(t, n))->id, credit)) {
        n = table_next(t, 0, n);
    }
    const struct credit_row *row = table_at(t, n);
    bool suspense =
        row && (row->verdict == PAYMENT_UNMATCHED || row->verdict == PAYMENT_WRONG_ACCOUNT ||
                row->verdict == PAYMENT_TWO_CODES || row->verdict == PAYMENT_REVERSAL);
    *ret_suspended = suspense && !was_moved(memory, credit);
    return 0;
}

int store_add_proposal(struct store *store, const struct store_proposal *p, wall_t now)
{
    struct memory *memory = store->memory;
    const struct table *t = &memory->proposal;
    struct proposal_row row = {.proposal = *p, .made_ms = now.ms};
    OPERATION(store);
    row.proposal.open = true;
    uint32_t n =
        p->review ? table_first(t, PROPOSAL_BY_REVIEW, hash_number(HASH_SEED, p->review)) : 0;
    while (n != 0 && proposal_at(memory, n)->proposal.review != p->review) {
        n = table_next(t, PROPOSAL_BY_REVIEW, n);
    }
    if (n != 0 || proposal_by_id(memory, p->id)) {
        return DX_E_EXISTS;
    }
    return table_add(&memory->undo, &memory->proposal, &row, NULL);
}

int store_get_proposal(struct store *store, const char *id, struct store_proposal *ret_proposal)
{
    OPERATION(store);
    const struct proposal_row *row = proposal_at(store->memory, proposal_by_id(store->memory, id));
    if (!row) {
        return DX_E_NOT_FOUND;
    }
    *ret_proposal = row->proposal;
    return 0;
}

int store_decide_proposal(struct store *store, const char *id, bool approved, const char *by,
                          const char *reason, wall_t now)
{
    struct memory *memory = store->memory;
    OPERATION(store);
    uint32_t n = proposal_by_id(memory, id);
    const struct proposal_row *there = proposal_at(memory, n);
    if (!there || !there->proposal.open) {
        return DX_E_NOT_FOUND;
    }
    struct proposal_row row = *there;
    row.proposal.open = false;
    row.approved = approved;
    row.decided_ms = now.ms;
    PUT(row.decided_by, by);
    int error = text_make(&memory->undo, str_c(reason), &row.reason);
    return error ? error : table_put(&memory->undo, &memory->proposal, n, &row);
}

int store_count_write_offs(struct store *store, const char *session, int64_t *ret_open)
{
    const struct table *t = &store->memory->proposal;
    int64_t count = 0;
    OPERATION(store);
    uint32_t n = table_first(t, PROPOSAL_BY_WRITE_OFF, hash_text(HASH_SEED, session));
    for (; n != 0; n = table_next(t, PROPOSAL_BY_WRITE_OFF, n)) {
        count += text_same(proposal_at(store->memory, n)->proposal.part[0].target, session);
    }
    *ret_open = count;
    return 0;
}

/* ---- debts ---- */

static bool left_before(const struct session_row *a, const struct session_row *b)
{
    return a->left_ms != b->left_ms ? a->left_ms < b->left_ms : strcmp(a->id, b->id) < 0;
}

int store_find_debts(struct store *store, const char *operator_id, const char *lot,
                     const struct subject *subject, struct session *ret_debts, int max,
                     int *ret_count)
{
    enum { BY_DEBT = 4, FOUND_MAX = 64 };
    struct memory *memory = store->memory;
    const struct session_row *found[FOUND_MAX];
    int count = 0;
    OPERATION(store);
    must(max <= FOUND_MAX);
    bool named = subject->kind != SUBJECT_NONE && subject->key[0];
    uint32_t n =
        named ? table_first(&memory->session, BY_DEBT, hash_text(HASH_SEED, subject->key)) : 0;
    for (; n != 0; n = table_next(&memory->session, BY_DEBT, n)) {
        const struct session_row *row = table_at(&memory->session, n);
        if (!text_same(row->key, subject->key) || row->vehicle != subject->vehicle ||
            row->kind != subject->kind || row->fee_vnd <= row->paid_vnd ||
            !memory_lot_is_of(memory, row->lot, operator_id) ||
            (lot && !text_same(memory_text(memory, row->lot), lot)) ||
            (count == max && !left_before(row, found[max - 1]))) {
            continue;
        }
        int place = count < max ? count++ : max - 1;
        found[place] = row;
        for (; place > 0 && left_before(found[place], found[place - 1]); place--) {
            const struct session_row *other = found[place - 1];
            found[place - 1] = found[place];
            found[place] = other;
        }
    }
    for (int i = 0; i < count; i++) {
        memory_take_session(memory, found[i], &ret_debts[i]);
    }
    *ret_count = count;
    return 0;
}

int store_add_debt_offer(struct store *store, const char *session, const char *debt,
                         int64_t due_vnd, wall_t now)
{
    struct memory *memory = store->memory;
    const struct table *t = &memory->debt_offer;
    struct debt_offer_row row = {.due_vnd = due_vnd, .made_ms = now.ms};
    OPERATION(store);
    PUT(row.session, session);
    PUT(row.debt, debt);
    uint32_t n = table_first(t, 0, hash_text(hash_text(HASH_SEED, session), debt));
    for (; n != 0; n = table_next(t, 0, n)) {
        const struct debt_offer_row *there = table_at(t, n);
        if (text_same(there->session, session) && text_same(there->debt, debt)) {
            return 0;
        }
    }
    return table_add(&memory->undo, &memory->debt_offer, &row, NULL);
}

int store_add_unlogged(struct store *store, const char *event, const char *lot, const char *gate,
                       int lane, const char *code, const char *session, wall_t at)
{
    struct memory *memory = store->memory;
    const struct table *t = &memory->unlogged;
    struct unlogged_row row = {.lane = lane, .at_ms = at.ms};
    OPERATION(store);
    uint32_t n = table_first(t, 0, hash_text(HASH_SEED, event));
    for (; n != 0; n = table_next(t, 0, n)) {
        if (text_same(((const struct unlogged_row *)table_at(t, n))->event, event)) {
            return 0;
        }
    }
    PUT(row.event, event);
    PUT(row.session, session);
    row.lot = memory_name(memory, lot);
    row.gate = memory_name(memory, gate);
    row.code = memory_name(memory, code);
    return table_add(&memory->undo, &memory->unlogged, &row, NULL);
}
