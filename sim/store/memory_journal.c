/* memory_journal.c - places, journals, what came early or was set aside: store_journal.c, and
 * the clocks of store_offline.c. */
#include "sim/store/parts.h"

#include "proto/base/check.h"
#include "proto/crypto/crypto.h"
#include "proto/io/json.h"
#include "proto/io/msg_json.h"

enum { ASIDE_BYTES_MAX = 16 * 1024 };

/* ---- places ---- */

static uint32_t find_operator(const struct memory *memory, const char *id)
{
    const struct table *t = &memory->operator_;
    uint32_t n = table_first(t, 0, hash_text(HASH_SEED, id));
    while (n != 0 && !text_same(((const struct operator_row *)table_at(t, n))->id, id)) {
        n = table_next(t, 0, n);
    }
    return n;
}

int store_put_operator(struct store *store, const char *id, const char *name)
{
    struct memory *memory = store->memory;
    struct operator_row row;
    OPERATION(store);
    PUT(row.id, id);
    PUT(row.name, name);
    uint32_t n = find_operator(memory, id);
    return n ? table_put(&memory->undo, &memory->operator_, n, &row)
             : table_add(&memory->undo, &memory->operator_, &row, NULL);
}

static uint32_t find_lot(const struct memory *memory, const char *id)
{
    const struct table *t = &memory->lot;
    uint32_t n = table_first(t, 0, hash_text(HASH_SEED, id));
    while (n != 0 && !text_same(((const struct lot_row *)table_at(t, n))->id, id)) {
        n = table_next(t, 0, n);
    }
    return n;
}

const struct lot_row *memory_lot(const struct memory *memory, const char *id)
{
    return table_at(&memory->lot, find_lot(memory, id));
}

bool memory_lot_is_of(const struct memory *memory, uint32_t lot, const char *operator_id)
{
    const struct lot_row *row = memory_lot(memory, memory_text(memory, lot));
    return row && text_same(row->operator_id, operator_id);
}

int store_put_lot(struct store *store, const struct store_lot *lot)
{
    struct memory *memory = store->memory;
    struct lot_row row = {.capacity_car = lot->capacity_car,
                          .capacity_motorbike = lot->capacity_motorbike};
    OPERATION(store);
    PUT(row.id, lot->id);
    PUT(row.operator_id, lot->operator_id);
    PUT(row.name, lot->name);
    PUT(row.address, lot->address);
    PUT(row.ward, lot->ward);
    PUT(row.bin, lot->bin);
    PUT(row.account, lot->account);
    PUT(row.account_name, lot->account_name);
    uint32_t n = find_lot(memory, lot->id);
    return n ? table_put(&memory->undo, &memory->lot, n, &row)
             : table_add(&memory->undo, &memory->lot, &row, NULL);
}

static uint32_t find_gate(const struct memory *memory, const char *id)
{
    const struct table *t = &memory->gate;
    uint32_t n = table_first(t, 0, hash_text(HASH_SEED, id));
    while (n != 0 && !text_same(((const struct gate_row *)table_at(t, n))->id, id)) {
        n = table_next(t, 0, n);
    }
    return n;
}

int store_put_gate(struct store *store, const char *gate, const char *lot)
{
    struct memory *memory = store->memory;
    OPERATION(store);
    uint32_t n = find_gate(memory, gate);
    struct gate_row row = {.online = false};
    if (n) {
        row = *(const struct gate_row *)table_at(&memory->gate, n);
    }
    PUT(row.id, gate);
    row.lot = memory_name(memory, lot);
    return n ? table_put(&memory->undo, &memory->gate, n, &row)
             : table_add(&memory->undo, &memory->gate, &row, NULL);
}

int store_get_gate(struct store *store, const char *gate, struct store_gate *ret_gate)
{
    OPERATION(store);
    const struct gate_row *row = table_at(&store->memory->gate, find_gate(store->memory, gate));
    if (!row) {
        return DX_E_NOT_FOUND;
    }
    *ret_gate = (struct store_gate){row->generation, row->high, row->boot, row->online};
    return 0;
}

int store_set_cursor(struct store *store, const char *gate, int64_t generation, int64_t high)
{
    struct memory *memory = store->memory;
    OPERATION(store);
    uint32_t n = find_gate(memory, gate);
    if (n == 0) {
        return 0;
    }
    struct gate_row row = *(const struct gate_row *)table_at(&memory->gate, n);
    row.generation = generation;
    row.high = high;
    return table_put(&memory->undo, &memory->gate, n, &row);
}

int store_set_boot(struct store *store, const char *gate, int64_t boot, const char *version)
{
    struct memory *memory = store->memory;
    OPERATION(store);
    uint32_t n = find_gate(memory, gate);
    if (n == 0) {
        return 0;
    }
    struct gate_row row = *(const struct gate_row *)table_at(&memory->gate, n);
    row.boot = boot;
    PUT(row.version, version);
    return table_put(&memory->undo, &memory->gate, n, &row);
}

int store_set_status(struct store *store, const char *gate, bool online, const char *version,
                     wall_t seen, struct str status)
{
    struct memory *memory = store->memory;
    OPERATION(store);
    uint32_t n = find_gate(memory, gate);
    if (n == 0) {
        return 0;
    }
    struct gate_row row = *(const struct gate_row *)table_at(&memory->gate, n);
    row.online = online;
    row.seen_ms = seen.ms;
    if (version[0]) { /* a last will knows no version */
        PUT(row.version, version);
    }
    int error = text_drop(&memory->undo, row.status);
    error = error ? error : text_make(&memory->undo, status, &row.status);
    return error ? error : table_put(&memory->undo, &memory->gate, n, &row);
}

/* ---- events ---- */

enum { EVENT_BY_ID, EVENT_BY_NUMBER };

static const struct event_row *event_by_id(const struct memory *memory, const char *id)
{
    const struct table *t = &memory->event;
    uint32_t n = table_first(t, EVENT_BY_ID, hash_text(HASH_SEED, id));
    while (n != 0 && !text_same(((const struct event_row *)table_at(t, n))->id, id)) {
        n = table_next(t, EVENT_BY_ID, n);
    }
    return table_at(t, n);
}

int store_has_event(struct store *store, const char *id, bool *ret_has)
{
    OPERATION(store);
    *ret_has = event_by_id(store->memory, id) != NULL;
    return 0;
}

int store_event_generation(struct store *store, const char *id, int64_t *ret_generation)
{
    OPERATION(store);
    const struct event_row *row = event_by_id(store->memory, id);
    *ret_generation = row ? row->generation : 0;
    return 0;
}

static bool number_is_taken(const struct memory *memory, const struct event_row *wanted)
{
    const struct table *t = &memory->event;
    uint64_t key = hash_number(hash_number(HASH_SEED, wanted->gate), wanted->generation);
    uint32_t n = table_first(t, EVENT_BY_NUMBER, hash_number(key, wanted->seq));
    for (; n != 0; n = table_next(t, EVENT_BY_NUMBER, n)) {
        const struct event_row *row = table_at(t, n);
        if (row->gate == wanted->gate && row->generation == wanted->generation &&
            row->seq == wanted->seq) {
            return true;
        }
    }
    return false;
}

/* With an unset clock: its time is looked at again when the clock has been set. */
static int add_undated(struct memory *memory, const struct store_event *row,
                       const struct event_row *stored)
{
    const struct event *e = row->event;
    struct undated_row undated = {
        .gate = stored->gate, .generation = e->generation, .boot = e->boot, .seq = e->seq};
    if (e->clock != CLOCK_UNKNOWN) {
        return 0;
    }
    if (e->boot == 0) { /* set aside: what its body says is not in the event */
        struct jdoc *root = NULL;
        struct str clock = STR("");
        bool unset = jdoc_read(row->body, &root, NULL) == 0 &&
                     jdoc_get_str(root, "clock", &clock) == 0 && str_eq_c(clock, "unknown") &&
                     jdoc_get_i64(root, "boot", &undated.boot) == 0 &&
                     jdoc_get_i64(root, "mono_ms", &undated.event.mono.ms) == 0;
        jdoc_release(root);
        if (!unset) {
            return 0;
        }
    } else {
        undated.event.mono = e->mono;
    }
    PUT(undated.event.id, e->id);
    PUT(undated.event.type, row->type);
    PUT(undated.event.session, row->session);
    undated.event.said = e->wall;
    undated.event.received = row->received;
    return table_add(&memory->undo, &memory->undated, &undated, NULL);
}

/* One that came as a value is written now. */
static int keep_body(struct memory *memory, const struct store_event *row, struct text *ret_body)
{
    char space[MSG_SIZE_MAX];
    struct out out;
    if (row->body.n > 0) {
        return text_make(&memory->undo, row->body, ret_body);
    }
    out_init(&out, space, sizeof space);
    event_write(&out, row->event);
    return out_failed(&out) ? DX_E_SPACE : text_make(&memory->undo, out_str(&out), ret_body);
}

int store_add_event(struct store *store, const struct store_event *row)
{
    struct memory *memory = store->memory;
    const struct event *e = row->event;
    struct event_row stored = {.lane = e->lane,
                               .generation = e->generation,
                               .seq = e->seq,
                               .wall_ms = e->wall.ms,
                               .received_ms = row->received.ms};
    OPERATION(store);
    stored.gate = memory_name(memory, e->gate);
    stored.type = memory_name(memory, row->type);
    stored.outcome = memory_name(memory, row->outcome);
    PUT(stored.id, e->id);
    PUT(stored.session, row->session);
    if (event_by_id(memory, e->id) || number_is_taken(memory, &stored)) {
        return DX_E_EXISTS;
    }
    int error = memory->keep_all ? keep_body(memory, row, &stored.body) : 0;
    error = error ? error : table_add(&memory->undo, &memory->event, &stored, NULL);
    return error ? error : add_undated(memory, row, &stored);
}

/* ---- clocks ---- */

int store_next_undated(struct store *store, const char *gate, int64_t generation, int64_t boot,
                       int64_t before_seq, struct store_undated *ret_event)
{
    const struct table *t = &store->memory->undated;
    const struct undated_row *best = NULL;
    OPERATION(store);
    uint32_t name = memory_find_name(store->memory, gate);
    uint64_t key = hash_number(hash_number(HASH_SEED, name), generation);
    uint32_t n = table_first(t, 0, hash_number(key, boot));
    for (; n != 0; n = table_next(t, 0, n)) {
        const struct undated_row *row = table_at(t, n);
        if (row->gate == name && row->generation == generation && row->boot == boot &&
            row->seq < before_seq && (!best || row->seq < best->seq)) {
            best = row;
        }
    }
    if (!best) {
        return DX_E_NOT_FOUND;
    }
    *ret_event = best->event;
    return 0;
}

int store_add_event_time(struct store *store, const struct store_undated *event, wall_t corrected,
                         const char *cause)
{
    struct memory *memory = store->memory;
    struct event_time_row row = {
        .said_ms = event->said.ms, .taken_ms = event->received.ms, .corrected_ms = corrected.ms};
    OPERATION(store);
    const struct table *t = &memory->event_time;
    uint32_t n = table_first(t, 0, hash_text(HASH_SEED, event->id));
    for (; n != 0; n = table_next(t, 0, n)) {
        if (text_same(((const struct event_time_row *)table_at(t, n))->event, event->id)) {
            return DX_E_EXISTS;
        }
    }
    t = &memory->undated;
    for (n = table_first(t, 1, hash_text(HASH_SEED, event->id)); n != 0; n = table_next(t, 1, n)) {
        if (text_same(((const struct undated_row *)table_at(t, n))->event.id, event->id)) {
            int error = table_remove(&memory->undo, &memory->undated, n);
            if (error) {
                return error;
            }
            break;
        }
    }
    PUT(row.event, event->id);
    PUT(row.session, event->session);
    PUT(row.cause, cause);
    return table_add(&memory->undo, &memory->event_time, &row, NULL);
}

/* ---- what came early ---- */

static uint32_t find_parked(const struct memory *memory, uint32_t gate, int64_t generation,
                            int64_t seq)
{
    const struct table *t = &memory->parked;
    uint32_t n = table_first(t, 0, hash_number(HASH_SEED, gate));
    for (; n != 0; n = table_next(t, 0, n)) {
        const struct parked_row *row = table_at(t, n);
        if (row->gate == gate && row->generation == generation && row->seq == seq) {
            return n;
        }
    }
    return 0;
}

int store_park(struct store *store, const char *gate, int64_t generation, int64_t seq,
               struct str body)
{
    struct memory *memory = store->memory;
    struct parked_row row = {.generation = generation, .seq = seq};
    OPERATION(store);
    row.gate = memory_name(memory, gate);
    if (find_parked(memory, row.gate, generation, seq)) {
        return 0;
    }
    int error = text_make(&memory->undo, body, &row.body);
    return error ? error : table_add(&memory->undo, &memory->parked, &row, NULL);
}

int store_count_parked(struct store *store, const char *gate, int64_t *ret_count)
{
    const struct table *t = &store->memory->parked;
    int64_t count = 0;
    OPERATION(store);
    uint32_t name = memory_find_name(store->memory, gate);
    for (uint32_t n = table_first(t, 0, hash_number(HASH_SEED, name)); n != 0;
         n = table_next(t, 0, n)) {
        count += ((const struct parked_row *)table_at(t, n))->gate == name;
    }
    *ret_count = count;
    return 0;
}

static int take_parked(struct memory *memory, uint32_t n, char *space, struct str *ret_body)
{
    struct parked_row row = *(const struct parked_row *)table_at(&memory->parked, n);
    if (row.body.n > MSG_SIZE_MAX) {
        return DX_E_CORRUPT;
    }
    if (row.body.n) {
        memcpy(space, row.body.p, row.body.n);
    }
    int error = table_remove(&memory->undo, &memory->parked, n);
    error = error ? error : text_drop(&memory->undo, row.body);
    if (!error) {
        *ret_body = (struct str){space, row.body.n};
    }
    return error;
}

int store_take_parked(struct store *store, const char *gate, int64_t generation, int64_t seq,
                      char *space, struct str *ret_body)
{
    struct memory *memory = store->memory;
    OPERATION(store);
    uint32_t n = find_parked(memory, memory_find_name(memory, gate), generation, seq);
    return n ? take_parked(memory, n, space, ret_body) : DX_E_NOT_FOUND;
}

static int set_aside(struct memory *memory, wall_t received, const char *source, const char *reason,
                     struct str bytes)
{
    const struct table *t = &memory->quarantine;
    struct quarantine_row row = {.received_ms = received.ms, .times = 1, .last_ms = received.ms};
    uint8_t digest[SHA256_SIZE];
    dx_sha256(digest, bytes);
    str_hex(row.digest, digest, sizeof digest);
    PUT(row.source, source);
    PUT(row.reason, reason);
    uint32_t n = table_first(t, 0, hash_text(HASH_SEED, row.digest));
    for (; n != 0; n = table_next(t, 0, n)) {
        struct quarantine_row there = *(const struct quarantine_row *)table_at(t, n);
        if (text_same(there.digest, row.digest) && text_same(there.source, row.source) &&
            text_same(there.reason, row.reason)) {
            there.times++;
            there.last_ms = received.ms;
            return table_put(&memory->undo, &memory->quarantine, n, &there);
        }
    }
    int error = text_make(&memory->undo, str_slice(bytes, 0, ASIDE_BYTES_MAX), &row.bytes);
    return error ? error : table_add(&memory->undo, &memory->quarantine, &row, NULL);
}

int store_set_parked_aside(struct store *store, const char *gate, int64_t generation, wall_t now,
                           const char *reason)
{
    static _Thread_local char space[MSG_SIZE_MAX];
    struct memory *memory = store->memory;
    const struct table *t = &memory->parked;
    OPERATION(store);
    uint32_t name = memory_find_name(memory, gate);
    for (;;) {
        const struct parked_row *first = NULL;
        uint32_t first_n = 0;
        for (uint32_t n = table_first(t, 0, hash_number(HASH_SEED, name)); n != 0;
             n = table_next(t, 0, n)) {
            const struct parked_row *row = table_at(t, n);
            bool before = !first || row->generation < first->generation ||
                          (row->generation == first->generation && row->seq < first->seq);
            if (row->gate == name && row->generation < generation && before) {
                first = row;
                first_n = n;
            }
        }
        if (!first) {
            return 0;
        }
        struct str body;
        int error = take_parked(memory, first_n, space, &body);
        error = error ? error : set_aside(memory, now, gate, reason, body);
        if (error) {
            return error;
        }
    }
}

int store_set_aside(struct store *store, wall_t received, const char *source, const char *reason,
                    struct str bytes)
{
    OPERATION(store);
    return set_aside(store->memory, received, source, reason, bytes);
}
