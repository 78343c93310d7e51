#include "sim/store/table.h"

#include "proto/base/check.h"

#include <stdlib.h>

/* Before each row: is it there, and for each index its hash and the next row of its bucket. */
struct link {
    uint32_t hash;           /* a part of the key's hash */
    uint32_t next, previous; /* 0: none; without a previous one the bucket points here */
};
struct head {
    uint32_t alive;
    uint32_t in; /* one bit an index */
    struct link link[TABLE_INDICES_MAX];
};

/* ---- hashes ---- */

static uint64_t mix(uint64_t hash, uint64_t word)
{
    hash = (hash ^ word) * UINT64_C(0xff51afd7ed558ccd);
    return hash ^ (hash >> 32);
}

uint64_t hash_number(uint64_t hash, int64_t number)
{
    hash = mix(hash, (uint64_t)number);
    return hash ? hash : 1;
}

uint64_t hash_text(uint64_t hash, const char *text)
{
    size_t n = strlen(text);
    uint64_t word = 0;
    hash = mix(hash, n);
    for (; n >= sizeof word; text += sizeof word, n -= sizeof word) {
        memcpy(&word, text, sizeof word);
        hash = mix(hash, word);
    }
    word = 0;
    memcpy(&word, text, n);
    hash = mix(hash, word);
    return hash ? hash : 1;
}

/* ---- the undo log: bytes of a record, then its head, so that it is read backwards ---- */

enum undo_kind { UNDO_ADD, UNDO_PUT, UNDO_REMOVE, UNDO_TEXT_MADE, UNDO_TEXT_DROPPED };

struct record {
    enum undo_kind kind;
    uint32_t n;
    size_t size; /* of the bytes before it */
    struct table *table;
};

static int push(struct undo *undo, const struct record *record, const void *bytes)
{
    size_t size = (record->size + 15) / 16 * 16;
    struct record padded = *record;
    padded.size = size;
    if (undo->n + size + sizeof padded > undo->cap) {
        size_t cap = 2 * undo->cap + size + sizeof padded + 4096;
        unsigned char *grown = realloc(undo->bytes, cap);
        if (!grown) {
            return DX_E_MEMORY;
        }
        undo->bytes = grown;
        undo->cap = cap;
    }
    if (record->size) {
        memcpy(undo->bytes + undo->n, bytes, record->size);
    }
    memcpy(undo->bytes + undo->n + size, &padded, sizeof padded);
    undo->n += size + sizeof padded;
    return 0;
}

static struct record last_record(const struct undo *undo, size_t end, const void **ret_bytes)
{
    struct record record;
    memcpy(&record, undo->bytes + end - sizeof record, sizeof record);
    *ret_bytes = undo->bytes + end - sizeof record - record.size;
    return record;
}

/* ---- rows ---- */

static unsigned char *place(const struct table *table, uint32_t n)
{
    uint32_t chunk = (n - 1) / TABLE_CHUNK;
    if (n == 0 || chunk >= table->chunk_count || !table->chunk[chunk]) {
        return NULL;
    }
    return table->chunk[chunk] + (size_t)((n - 1) % TABLE_CHUNK) * table->stride;
}

static struct head *head_at(const struct table *table, uint32_t n)
{
    return (struct head *)(void *)place(table, n);
}

static size_t head_size(const struct table_kind *kind)
{
    size_t size = offsetof(struct head, link) + (size_t)kind->index_count * sizeof(struct link);
    return (size + 7) / 8 * 8;
}

static void *row_at(const struct table *table, uint32_t n)
{
    return place(table, n) + head_size(table->kind);
}

const void *table_at(const struct table *table, uint32_t n)
{
    const struct head *head = n > table->last ? NULL : head_at(table, n);
    return head && head->alive ? row_at(table, n) : NULL;
}

/* ---- indices ---- */

static uint32_t slot_of(const struct table_index *index, uint32_t hash)
{
    return hash & (index->bucket_count - 1);
}

static uint32_t short_hash(uint64_t hash)
{
    return (uint32_t)(hash >> 16);
}

static int grow_index(struct table *table, int i)
{
    struct table_index *index = &table->index[i];
    uint32_t count = index->bucket_count ? 4 * index->bucket_count : 64;
    uint32_t *bucket = calloc(count, sizeof *bucket);
    if (!bucket) {
        return DX_E_MEMORY;
    }
    struct table_index old = *index;
    index->bucket = bucket;
    index->bucket_count = count;
    for (uint32_t b = 0; b < old.bucket_count; b++) {
        for (uint32_t n = old.bucket[b]; n != 0;) {
            struct link *link = &head_at(table, n)->link[i];
            uint32_t next = link->next;
            uint32_t *first = &bucket[slot_of(index, link->hash)];
            link->next = *first;
            link->previous = 0;
            if (*first) {
                head_at(table, *first)->link[i].previous = n;
            }
            *first = n;
            n = next;
        }
    }
    free(old.bucket);
    return 0;
}

static void take_out(struct table *table, uint32_t n, int i)
{
    struct head *head = head_at(table, n);
    if (!(head->in & 1u << i)) {
        return;
    }
    struct table_index *index = &table->index[i];
    const struct link *link = &head->link[i];
    if (link->previous) {
        head_at(table, link->previous)->link[i].next = link->next;
    } else {
        uint32_t *first = &index->bucket[slot_of(index, link->hash)];
        must(*first == n);
        *first = link->next;
    }
    if (link->next) {
        head_at(table, link->next)->link[i].previous = link->previous;
    }
    head->in &= ~(1u << i);
    index->count--;
}

/* The index has room: make_room() came before. */
static void put_in(struct table *table, uint32_t n, int i, uint32_t hash)
{
    struct head *head = head_at(table, n);
    struct table_index *index = &table->index[i];
    uint32_t *first = &index->bucket[slot_of(index, hash)];
    head->link[i] = (struct link){hash, *first, 0};
    if (*first) {
        head_at(table, *first)->link[i].previous = n;
    }
    head->in |= 1u << i;
    *first = n;
    index->count++;
}

static int make_room(struct table *table)
{
    for (int i = 0; i < table->kind->index_count; i++) {
        if (table->index[i].count >= table->index[i].bucket_count) {
            int error = grow_index(table, i);
            if (error) {
                return error;
            }
        }
    }
    return 0;
}

/* The row's place in each index, after its content changed. */
static void refresh(struct table *table, uint32_t n)
{
    const void *row = row_at(table, n);
    struct head *head = head_at(table, n);
    for (int i = 0; i < table->kind->index_count; i++) {
        uint64_t key = table->kind->key[i](row);
        uint32_t hash = short_hash(key);
        if (key != 0 && (head->in & 1u << i) && head->link[i].hash == hash) {
            continue;
        }
        take_out(table, n, i);
        if (key != 0) {
            put_in(table, n, i, hash);
        }
    }
    if (table->kind->touched) {
        table->kind->touched(table->owner, n);
    }
}

uint32_t table_first(const struct table *table, int index, uint64_t hash)
{
    const struct table_index *at = &table->index[index];
    if (at->bucket_count == 0 || hash == 0) {
        return 0;
    }
    uint32_t n = at->bucket[slot_of(at, short_hash(hash))];
    while (n != 0 && head_at(table, n)->link[index].hash != short_hash(hash)) {
        n = head_at(table, n)->link[index].next;
    }
    return n;
}

uint32_t table_next(const struct table *table, int index, uint32_t n)
{
    uint32_t hash = head_at(table, n)->link[index].hash;
    do {
        n = head_at(table, n)->link[index].next;
    } while (n != 0 && head_at(table, n)->link[index].hash != hash);
    return n;
}

uint32_t table_after(const struct table *table, uint32_t n)
{
    if (n + 1 < table->low) {
        n = table->low - 1;
    }
    while (n < table->last) {
        n++;
        if (!place(table, n)) { /* the whole chunk is gone */
            n = (n - 1) / TABLE_CHUNK * TABLE_CHUNK + TABLE_CHUNK;
        } else if (head_at(table, n)->alive) {
            return n;
        }
    }
    return 0;
}

/* ---- life ---- */

void table_init(struct table *table, const struct table_kind *kind, void *owner)
{
    must(kind->index_count <= TABLE_INDICES_MAX);
    *table = (struct table){.kind = kind, .owner = owner, .low = 1};
    table->stride = head_size(kind) + (kind->size + 7) / 8 * 8;
}

void table_fini(struct table *table)
{
    for (uint32_t n = table_after(table, 0); n != 0; n = table_after(table, n)) {
        if (table->kind->release) {
            table->kind->release(row_at(table, n));
        }
    }
    for (uint32_t i = 0; i < table->chunk_count; i++) {
        free(table->chunk[i]);
    }
    free(table->chunk);
    free(table->chunk_alive);
    for (int i = 0; i < table->kind->index_count; i++) {
        free(table->index[i].bucket);
    }
    memset(table, 0, sizeof *table);
}

size_t table_bytes(const struct table *table)
{
    size_t bytes = table->chunk_cap * (sizeof *table->chunk + sizeof *table->chunk_alive);
    for (uint32_t i = 0; i < table->chunk_count; i++) {
        bytes += table->chunk[i] ? TABLE_CHUNK * table->stride : 0;
    }
    for (int i = 0; i < table->kind->index_count; i++) {
        bytes += table->index[i].bucket_count * sizeof(uint32_t);
    }
    return bytes;
}

/* ---- changes ---- */

static int add_chunk(struct table *table)
{
    if (table->chunk_count == table->chunk_cap) {
        uint32_t cap = table->chunk_cap ? 2 * table->chunk_cap : 16;
        unsigned char **chunk = realloc(table->chunk, cap * sizeof *chunk);
        if (!chunk) {
            return DX_E_MEMORY;
        }
        table->chunk = chunk;
        uint16_t *alive = realloc(table->chunk_alive, cap * sizeof *alive);
        if (!alive) {
            return DX_E_MEMORY;
        }
        table->chunk_alive = alive;
        table->chunk_cap = cap;
    }
    table->chunk[table->chunk_count] = calloc(TABLE_CHUNK, table->stride);
    if (!table->chunk[table->chunk_count]) {
        return DX_E_MEMORY;
    }
    table->chunk_alive[table->chunk_count++] = 0;
    return 0;
}

static void bring(struct table *table, uint32_t n, const void *row)
{
    memcpy(row_at(table, n), row, table->kind->size);
    head_at(table, n)->alive = 1;
    table->alive++;
    table->chunk_alive[(n - 1) / TABLE_CHUNK]++;
    refresh(table, n);
}

/* Its bytes stay until the chunk is freed; the texts belong to who calls. */
static void withdraw(struct table *table, uint32_t n)
{
    for (int i = 0; i < table->kind->index_count; i++) {
        take_out(table, n, i);
    }
    head_at(table, n)->alive = 0;
    table->alive--;
    table->chunk_alive[(n - 1) / TABLE_CHUNK]--;
}

int table_add(struct undo *undo, struct table *table, const void *row, uint32_t *ret_n)
{
    int error = make_room(table);
    if (!error && table->last == table->chunk_count * TABLE_CHUNK) {
        error = add_chunk(table);
    }
    if (!error && undo->on) {
        error = push(undo, &(struct record){UNDO_ADD, table->last + 1, 0, table}, NULL);
    }
    if (error) {
        return error;
    }
    bring(table, ++table->last, row);
    if (ret_n) {
        *ret_n = table->last;
    }
    return 0;
}

int table_put(struct undo *undo, struct table *table, uint32_t n, const void *row)
{
    must(table_at(table, n));
    int error = make_room(table);
    if (!error && undo->on) {
        error =
            push(undo, &(struct record){UNDO_PUT, n, table->kind->size, table}, row_at(table, n));
    }
    if (!error) {
        memcpy(row_at(table, n), row, table->kind->size);
        refresh(table, n);
    }
    return error;
}

int table_remove(struct undo *undo, struct table *table, uint32_t n)
{
    must(table_at(table, n));
    int error = 0;
    if (undo->on) {
        error = push(undo, &(struct record){UNDO_REMOVE, n, table->kind->size, table},
                     row_at(table, n));
    }
    if (!error) {
        withdraw(table, n);
    }
    return error;
}

void table_forget(struct table *table, uint32_t n)
{
    uint32_t chunk = (n - 1) / TABLE_CHUNK;
    must(table_at(table, n));
    if (table->kind->release) {
        table->kind->release(row_at(table, n));
    }
    withdraw(table, n);
    if (table->chunk_alive[chunk] == 0 && (chunk + 1) * TABLE_CHUNK <= table->last) {
        free(table->chunk[chunk]);
        table->chunk[chunk] = NULL;
    }
    uint32_t first = table_after(table, 0);
    table->low = first ? first : table->last + 1;
}

/* ---- taking back ---- */

static void free_text(const void *bytes)
{
    struct text text;
    memcpy(&text, bytes, sizeof text);
    free(text.p);
}

static void take_back(const struct record *record, const void *bytes)
{
    struct table *table = record->table;
    switch (record->kind) {
    case UNDO_ADD:
        must(record->n == table->last);
        withdraw(table, record->n);
        table->last--; /* the number is free again, as a database's would be */
        return;
    case UNDO_PUT:
        memcpy(row_at(table, record->n), bytes, table->kind->size);
        refresh(table, record->n);
        return;
    case UNDO_REMOVE:
        bring(table, record->n, bytes);
        return;
    case UNDO_TEXT_MADE:
        free_text(bytes);
        return;
    case UNDO_TEXT_DROPPED:
        return;
    }
}

void undo_to(struct undo *undo, size_t n)
{
    while (undo->n > n) {
        const void *bytes;
        struct record record = last_record(undo, undo->n, &bytes);
        undo->n -= sizeof record + record.size;
        take_back(&record, bytes);
    }
}

void undo_keep(struct undo *undo)
{
    for (size_t end = undo->n; end > 0;) {
        const void *bytes;
        struct record record = last_record(undo, end, &bytes);
        if (record.kind == UNDO_TEXT_DROPPED) {
            free_text(bytes);
        }
        end -= sizeof record + record.size;
    }
    undo->n = 0;
}

/* ---- texts ---- */

struct str text_str(struct text text)
{
    return (struct str){text.p, text.n};
}

int text_make(struct undo *undo, struct str text, struct text *ret_text)
{
    struct text made = {NULL, (uint32_t)text.n};
    if (text.n > 0) {
        made.p = malloc(text.n);
        if (!made.p) {
            return DX_E_MEMORY;
        }
        memcpy(made.p, text.p, text.n);
        int error =
            undo->on
                ? push(undo, &(struct record){.kind = UNDO_TEXT_MADE, .size = sizeof made}, &made)
                : 0;
        if (error) {
            free(made.p);
            return error;
        }
    }
    *ret_text = made;
    return 0;
}

int text_drop(struct undo *undo, struct text text)
{
    if (!text.p) {
        return 0;
    }
    if (undo->on) {
        return push(undo, &(struct record){.kind = UNDO_TEXT_DROPPED, .size = sizeof text}, &text);
    }
    free(text.p);
    return 0;
}
