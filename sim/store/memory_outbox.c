/* memory_outbox.c - messages to gates until they are answered, commands, alarms: store_outbox.c. */
#include "sim/store/parts.h"

#include "proto/base/check.h"

#include <stdlib.h>

enum { BY_ID, BY_LANE, BY_SESSION, BY_ASK, BY_GATE };

static const struct outbox_row *at(const struct memory *memory, uint32_t n)
{
    return table_at(&memory->outbox, n);
}

/* ---- when they are due ---- */

static bool is_before(const struct due *a, const struct due *b)
{
    return a->next_ms != b->next_ms ? a->next_ms < b->next_ms : strcmp(a->id, b->id) < 0;
}

static void exchange(struct due *a, struct due *b)
{
    struct due other = *a;
    *a = *b;
    *b = other;
}

static void sift_up(struct due_heap *heap, uint32_t i)
{
    while (i > 0 && is_before(&heap->at[i], &heap->at[(i - 1) / 2])) {
        exchange(&heap->at[i], &heap->at[(i - 1) / 2]);
        i = (i - 1) / 2;
    }
}

static void sift_down(struct due_heap *heap, uint32_t i)
{
    for (;;) {
        uint32_t least = i;
        for (uint32_t child = 2 * i + 1; child <= 2 * i + 2 && child < heap->count; child++) {
            least = is_before(&heap->at[child], &heap->at[least]) ? child : least;
        }
        if (least == i) {
            return;
        }
        exchange(&heap->at[i], &heap->at[least]);
        i = least;
    }
}

static bool is_true(const struct memory *memory, const struct due *due)
{
    const struct outbox_row *row = at(memory, due->n);
    return row && !row->done && row->next_ms == due->next_ms && text_same(row->id, due->id);
}

/* What is not true any more is thrown out, so that the heap stays as small as what waits. */
static void clean(struct memory *memory)
{
    struct due_heap *heap = &memory->due;
    uint32_t kept = 0;
    for (uint32_t i = 0; i < heap->count; i++) {
        if (is_true(memory, &heap->at[i])) {
            heap->at[kept++] = heap->at[i];
        }
    }
    heap->count = kept;
    for (uint32_t i = kept / 2; i-- > 0;) {
        sift_down(heap, i);
    }
}

void memory_due_touched(void *owner, uint32_t n)
{
    struct memory *memory = owner;
    struct due_heap *heap = &memory->due;
    const struct outbox_row *row = at(memory, n);
    if (!row || row->done) {
        return;
    }
    bool is_full = heap->count == heap->cap;
    if (is_full) {
        clean(memory);
    }
    if (is_full && 2 * heap->count >= heap->cap) { /* so the next cleaning is far away */
        uint32_t cap = heap->cap ? 2 * heap->cap : 256;
        struct due *grown = realloc(heap->at, cap * sizeof *grown);
        if (!grown) {
            heap->failed = true;
            return;
        }
        heap->at = grown;
        heap->cap = cap;
    }
    struct due due = {.next_ms = row->next_ms, .n = n};
    memcpy(due.id, row->id, sizeof due.id);
    heap->at[heap->count++] = due;
    sift_up(heap, heap->count - 1);
}

/* The one that is due first; NULL none. */
static const struct outbox_row *first_due(struct memory *memory)
{
    struct due_heap *heap = &memory->due;
    while (heap->count > 0 && !is_true(memory, &heap->at[0])) {
        heap->at[0] = heap->at[--heap->count];
        sift_down(heap, 0);
    }
    return heap->count > 0 ? at(memory, heap->at[0].n) : NULL;
}

int store_next_due(struct store *store, wall_t now, char *space, size_t cap,
                   struct store_due *ret_due)
{
    struct memory *memory = store->memory;
    OPERATION(store);
    const struct outbox_row *row = first_due(memory);
    if (!row || row->next_ms > now.ms) {
        return DX_E_NOT_FOUND;
    }
    if (row->body.n > cap) {
        return DX_E_CORRUPT;
    }
    memset(ret_due, 0, sizeof *ret_due);
    PUT(ret_due->id, row->id);
    PUT(ret_due->gate, memory_text(memory, row->gate));
    ret_due->attempts = row->attempts;
    ret_due->expired = row->expires_ms != 0 && row->expires_ms <= now.ms;
    if (row->body.n) {
        memcpy(space, row->body.p, row->body.n);
    }
    ret_due->body = (struct str){space, row->body.n};
    return 0;
}

int store_next_time(struct store *store, wall_t *ret_next)
{
    OPERATION(store);
    const struct outbox_row *row = first_due(store->memory);
    ret_next->ms = row ? row->next_ms : 0;
    return 0;
}

/* ---- messages ---- */

static uint32_t by_id(const struct memory *memory, const char *id)
{
    uint32_t n = table_first(&memory->outbox, BY_ID, hash_text(HASH_SEED, id));
    while (n != 0 && !text_same(at(memory, n)->id, id)) {
        n = table_next(&memory->outbox, BY_ID, n);
    }
    return n;
}

int store_add_message(struct store *store, const struct store_message *m, struct str body,
                      wall_t now)
{
    struct memory *memory = store->memory;
    struct outbox_row row = {.lane = m->lane,
                             .made_ms = now.ms,
                             .next_ms = m->next.ms,
                             .expires_ms = m->expires.ms,
                             .attempts = 1};
    OPERATION(store);
    if (by_id(memory, m->id)) {
        return DX_E_EXISTS;
    }
    PUT(row.id, m->id);
    PUT(row.session, m->session);
    PUT(row.ask, m->ask);
    row.gate = memory_name(memory, m->gate);
    row.type = memory_name(memory, m->type);
    int error = text_make(&memory->undo, body, &row.body);
    return error ? error : table_add(&memory->undo, &memory->outbox, &row, NULL);
}

static bool made_later(const struct outbox_row *a, const struct outbox_row *b)
{
    return a->made_ms != b->made_ms ? a->made_ms > b->made_ms : strcmp(a->id, b->id) > 0;
}

static int take_message(const struct memory *memory, const struct outbox_row *row,
                        struct store_message *ret_message)
{
    if (!row) {
        return DX_E_NOT_FOUND;
    }
    *ret_message = (struct store_message){.type = "quote", .lane = row->lane};
    PUT(ret_message->id, row->id);
    PUT(ret_message->gate, memory_text(memory, row->gate));
    PUT(ret_message->session, row->session);
    PUT(ret_message->ask, row->ask);
    return 0;
}

static int find_of_session(struct memory *memory, const char *session, const char *type,
                           struct store_message *ret_message)
{
    const struct outbox_row *best = NULL;
    uint32_t word = memory_find_name(memory, type);
    uint32_t n =
        session[0] ? table_first(&memory->outbox, BY_SESSION, hash_text(HASH_SEED, session)) : 0;
    for (; n != 0; n = table_next(&memory->outbox, BY_SESSION, n)) {
        const struct outbox_row *row = at(memory, n);
        if (text_same(row->session, session) && row->type == word &&
            (!best || made_later(row, best))) {
            best = row;
        }
    }
    return take_message(memory, best, ret_message);
}

int store_find_waiting(struct store *store, const char *session, struct store_message *ret_message)
{
    OPERATION(store);
    return find_of_session(store->memory, session, "quote", ret_message);
}

int store_find_paid(struct store *store, const char *session, struct store_message *ret_message)
{
    OPERATION(store);
    return find_of_session(store->memory, session, "paid", ret_message);
}

static uint64_t lane_key(uint32_t gate, int lane)
{
    return hash_number(hash_number(HASH_SEED, gate), lane);
}

int store_find_lane_waiting(struct store *store, const char *gate, int lane,
                            struct store_message *ret_message)
{
    struct memory *memory = store->memory;
    const struct outbox_row *best = NULL;
    OPERATION(store);
    uint32_t name = memory_find_name(memory, gate);
    uint32_t quote = memory_find_name(memory, "quote");
    uint32_t n = table_first(&memory->outbox, BY_LANE, lane_key(name, lane));
    for (; n != 0; n = table_next(&memory->outbox, BY_LANE, n)) {
        const struct outbox_row *row = at(memory, n);
        if (row->gate == name && row->lane == lane && row->type == quote &&
            (!best || made_later(row, best))) {
            best = row;
        }
    }
    return take_message(memory, best, ret_message);
}

int store_find_answer(struct store *store, const char *gate, int lane, const char *ask, char *space,
                      size_t cap, struct store_answer *ret_answer)
{
    struct memory *memory = store->memory;
    const struct outbox_row *best = NULL;
    OPERATION(store);
    uint32_t name = memory_find_name(memory, gate);
    uint32_t quote = memory_find_name(memory, "quote");
    uint32_t paid = memory_find_name(memory, "paid");
    uint32_t n = ask[0] ? table_first(&memory->outbox, BY_ASK, hash_text(HASH_SEED, ask)) : 0;
    for (; n != 0; n = table_next(&memory->outbox, BY_ASK, n)) {
        const struct outbox_row *row = at(memory, n);
        if (!text_same(row->ask, ask) || row->gate != name || row->lane != lane ||
            (row->type != quote && row->type != paid)) {
            continue;
        }
        bool better =
            best && row->type != best->type ? row->type == paid : !best || made_later(row, best);
        best = better ? row : best;
    }
    if (!best) {
        return DX_E_NOT_FOUND;
    }
    if (best->body.n > cap) {
        return DX_E_CORRUPT;
    }
    memset(ret_answer, 0, sizeof *ret_answer);
    PUT(ret_answer->id, best->id);
    ret_answer->paid = best->type == paid;
    ret_answer->done = best->done;
    if (best->body.n) {
        memcpy(space, best->body.p, best->body.n);
    }
    ret_answer->body = (struct str){space, best->body.n};
    return 0;
}

static int settle(struct memory *memory, uint32_t n, wall_t now)
{
    struct outbox_row row = *at(memory, n);
    row.done = true;
    row.done_ms = now.ms;
    return table_put(&memory->undo, &memory->outbox, n, &row);
}

int store_settle_lane(struct store *store, const char *gate, int lane, const char *session,
                      wall_t now)
{
    struct memory *memory = store->memory;
    const struct table *t = &memory->outbox;
    int error = 0;
    OPERATION(store);
    uint32_t name = memory_find_name(memory, gate);
    uint32_t command = memory_find_name(memory, "command");
    for (uint32_t n = table_first(t, BY_LANE, lane_key(name, lane)); n != 0 && !error;) {
        const struct outbox_row *row = at(memory, n);
        uint32_t next = table_next(t, BY_LANE, n);
        if (row->gate == name && row->lane == lane && row->type != command) {
            error = settle(memory, n, now);
        }
        n = next;
    }
    uint32_t n = session[0] ? table_first(t, BY_SESSION, hash_text(HASH_SEED, session)) : 0;
    while (n != 0 && !error) {
        const struct outbox_row *row = at(memory, n);
        uint32_t next = table_next(t, BY_SESSION, n);
        if (text_same(row->session, session) && row->type != command) {
            error = settle(memory, n, now);
        }
        n = next;
    }
    return error;
}

int store_settle_message(struct store *store, const char *id, wall_t now)
{
    struct memory *memory = store->memory;
    OPERATION(store);
    uint32_t n = by_id(memory, id);
    return n && !at(memory, n)->done ? settle(memory, n, now) : 0;
}

int store_reopen_message(struct store *store, const char *id, wall_t next)
{
    struct memory *memory = store->memory;
    OPERATION(store);
    uint32_t n = by_id(memory, id);
    if (n == 0) {
        return 0;
    }
    struct outbox_row row = *at(memory, n);
    row.done = false;
    row.done_ms = 0;
    row.next_ms = next.ms;
    return table_put(&memory->undo, &memory->outbox, n, &row);
}

static int hurry(struct memory *memory, uint32_t n, wall_t now)
{
    struct outbox_row row = *at(memory, n);
    if (row.done || row.next_ms <= now.ms) {
        return 0;
    }
    row.next_ms = now.ms;
    return table_put(&memory->undo, &memory->outbox, n, &row);
}

int store_hurry(struct store *store, const char *gate, wall_t now)
{
    struct memory *memory = store->memory;
    const struct table *t = &memory->outbox;
    int error = 0;
    OPERATION(store);
    if (!gate) {
        for (uint32_t n = table_after(t, 0); n != 0 && !error; n = table_after(t, n)) {
            error = hurry(memory, n, now);
        }
        return error;
    }
    uint32_t name = memory_find_name(memory, gate);
    for (uint32_t n = table_first(t, BY_GATE, hash_number(HASH_SEED, name)); n != 0 && !error;
         n = table_next(t, BY_GATE, n)) { /* its key does not change: it stays where it is */
        error = at(memory, n)->gate == name ? hurry(memory, n, now) : 0;
    }
    return error;
}

int store_said_again(struct store *store, const char *id, wall_t next)
{
    struct memory *memory = store->memory;
    OPERATION(store);
    uint32_t n = by_id(memory, id);
    if (n == 0) {
        return 0;
    }
    struct outbox_row row = *at(memory, n);
    row.attempts++;
    row.next_ms = next.ms;
    return table_put(&memory->undo, &memory->outbox, n, &row);
}

/* ---- commands ---- */

static uint32_t command_by_id(const struct memory *memory, const char *id)
{
    const struct table *t = &memory->command;
    uint32_t n = table_first(t, 0, hash_text(HASH_SEED, id));
    while (n != 0 && !text_same(((const struct command_row *)table_at(t, n))->id, id)) {
        n = table_next(t, 0, n);
    }
    return n;
}

int store_add_command(struct store *store, const struct store_command *c)
{
    struct memory *memory = store->memory;
    struct command_row row = {
        .lane = c->lane, .made_ms = c->made.ms, .deadline_ms = c->deadline.ms};
    OPERATION(store);
    if (command_by_id(memory, c->id)) {
        return DX_E_EXISTS;
    }
    PUT(row.id, c->id);
    row.gate = memory_name(memory, c->gate);
    row.action = memory_name(memory, c->action);
    row.by = memory_name(memory, c->by);
    row.outcome = memory_name(memory, "");
    int error = text_make(&memory->undo, str_c(c->reason), &row.reason);
    return error ? error : table_add(&memory->undo, &memory->command, &row, NULL);
}

int store_answer_command(struct store *store, const char *id, const char *gate, const char *outcome,
                         const char *text, wall_t now)
{
    struct memory *memory = store->memory;
    OPERATION(store);
    uint32_t n = command_by_id(memory, id);
    const struct command_row *there = table_at(&memory->command, n);
    if (!there || there->gate != memory_find_name(memory, gate) ||
        memory_text(memory, there->outcome)[0]) {
        return DX_E_NOT_FOUND;
    }
    struct command_row row = *there;
    row.outcome = memory_name(memory, outcome);
    row.done_ms = now.ms;
    int error = text_make(&memory->undo, str_c(text), &row.text);
    return error ? error : table_put(&memory->undo, &memory->command, n, &row);
}

/* ---- alarms ---- */

static uint32_t find_alarm(const struct memory *memory, const char *gate, int lane,
                           const char *code)
{
    const struct table *t = &memory->alarm;
    uint32_t name = memory_find_name(memory, gate);
    uint32_t word = memory_find_name(memory, code);
    uint32_t n = table_first(t, 0, hash_number(lane_key(name, lane), word));
    for (; n != 0; n = table_next(t, 0, n)) {
        const struct alarm_row *row = table_at(t, n);
        if (row->gate == name && row->lane == lane && row->code == word) {
            return n;
        }
    }
    return 0;
}

int store_raise_alarm(struct store *store, const char *lot, const char *gate, int lane,
                      const char *code, const char *detail, wall_t now, bool *ret_changed)
{
    struct memory *memory = store->memory;
    struct alarm_row row = {.lane = lane, .raised_ms = now.ms};
    OPERATION(store);
    if (find_alarm(memory, gate, lane, code)) {
        *ret_changed = false;
        return 0;
    }
    row.lot = memory_name(memory, lot);
    row.gate = memory_name(memory, gate);
    row.code = memory_name(memory, code);
    int error = text_make(&memory->undo, str_c(detail), &row.detail);
    error = error ? error : table_add(&memory->undo, &memory->alarm, &row, NULL);
    if (!error) {
        *ret_changed = true;
    }
    return error;
}

int store_clear_alarm(struct store *store, const char *gate, int lane, const char *code, wall_t now,
                      bool *ret_changed)
{
    struct memory *memory = store->memory;
    OPERATION(store);
    uint32_t n = find_alarm(memory, gate, lane, code);
    if (n) {
        struct alarm_row row = *(const struct alarm_row *)table_at(&memory->alarm, n);
        row.cleared_ms = now.ms;
        int error = table_put(&memory->undo, &memory->alarm, n, &row);
        if (error) {
            return error;
        }
    }
    *ret_changed = n != 0;
    return 0;
}
