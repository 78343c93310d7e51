/*
 * parts.h - the tables of an image, and what the files of sim/store share.  Nobody else includes
 * it.
 *
 * Names that come again and again (gates, lots, accounts, words) are kept once and stand in rows
 * as numbers.  Columns are those of server/store/migrations; a time of 0 is no time.
 */
#ifndef DOXE_SIM_STORE_PARTS_H
#define DOXE_SIM_STORE_PARTS_H

#include "server/store/store_cases.h"
#include "server/store/store_cash.h"
#include "server/store/store_etc.h"
#include "server/store/store_invoice.h"
#include "server/store/store_offline.h"
#include "server/store/store_pass.h"
#include "sim/store/memory.h"
#include "sim/store/rows.h"
#include "sim/store/rows_lot.h"
#include "sim/store/rows_money.h"
#include "sim/store/table.h"
#include "sim/store/watch.h"

/* The one list of tables: member and kind. */
#define MEMORY_TABLES(X)                                                                          \
    X(name)                                                                                       \
    X(operator_)                                                                                  \
    X(lot)                                                                                        \
    X(gate)                                                                                       \
    X(event) X(undated) X(parked) X(quarantine) X(session) X(quote) X(review) X(inbox)            \
        X(credit) X(source) X(statement) X(cursor) X(tx) X(account) X(outbox) X(command) X(alarm) \
            X(request) X(applied) X(back) X(proposal) X(refund) X(refund_account) X(debt_offer)   \
                X(unlogged) X(shift) X(shift_close) X(difference) X(cash) X(cash_move)            \
                    X(correction) X(listed) X(list_version) X(config) X(offline_quote)            \
                        X(session_code) X(event_time) X(pass) X(pass_lot) X(pass_plate)           \
                            X(pass_hold) X(pass_change) X(period) X(pass_use) X(etc_link)         \
                                X(etc_charge) X(etc_refund) X(tariff) X(payout) X(invoice)

#define X(member) extern const struct table_kind memory_kind_##member;
MEMORY_TABLES(X)
#undef X

/* When messages are due: a heap of what was due once; what is not true any more is passed over. */
struct due {
    int64_t next_ms;
    char id[ULID_CAP];
    uint32_t n;
};
struct due_heap {
    struct due *at;
    uint32_t count, cap;
    bool failed; /* no memory: the next operation says so */
};

enum { MEMORY_SAVEPOINTS = 8 };

/* What the watch (watch.h) has been told, and which sessions it will be told of. */
struct memory_watched {
    struct memory_watch watch;
    uint32_t event, credit, tx; /* rows up to there */
    uint32_t *session;
    size_t n, cap;
};

struct memory {
    char path[160];
    struct memory *next;
    int handles;
    struct store *writer; /* whose transaction is open */
    struct undo undo;
    int mark_count;
    size_t mark[MEMORY_SAVEPOINTS];
    bool migrated, keep_all;
    /* Gets each row before it is forgotten: the table's place in this struct, and its number. */
    int (*sink)(void *context, size_t table, uint32_t n);
    void *sink_context;
    /* faults */
    int64_t operations, fault_at, fault_times;
    enum memory_fault fault;
    bool down;
    const char *last;
    /* what is quicker to find than to look for */
    uint32_t inbox_low; /* no notice below it is new */
    struct due_heap due;
    struct ledger_head head, head_kept;
    struct memory_watched watched;
#define X(member) struct table member;
    MEMORY_TABLES(X)
#undef X
};

struct store {
    struct memory *memory;
    bool reader;
};

/*
 * Every function of the port begins with it: counts the operation, and fails when a fault is
 * planned.  `change` false only looks.
 */
DX_MUST_USE int memory_operation(struct store *store, const char *name);
#define OPERATION(store)                                   \
    do {                                                   \
        int failed_ = memory_operation((store), __func__); \
        if (failed_) {                                     \
            return failed_;                                \
        }                                                  \
    } while (0)

/* The number of a text; it is kept for ever.  0: no memory. */
uint32_t memory_name(struct memory *memory, const char *text);
/* 0 when nobody has named it. */
uint32_t memory_find_name(const struct memory *memory, const char *text);
const char *memory_text(const struct memory *memory, uint32_t name);

/* Into a row: cut to what fits, and zeros behind it. */
void text_put(char *out, size_t cap, const char *text);
#define PUT(member, text) text_put((member), sizeof(member), (text))

bool text_same(const char *a, const char *b);

/* A session's row, by id; 0 none. */
uint32_t memory_session(const struct memory *memory, const char *id);
void memory_take_session(const struct memory *memory, const struct session_row *row,
                         struct session *ret_session);
/* The lot of an id; NULL none. */
const struct lot_row *memory_lot(const struct memory *memory, const char *id);
bool memory_lot_is_of(const struct memory *memory, uint32_t lot, const char *operator_id);

/* Lines as a JSON array, as store_write_lines has it; nothing unless everything is kept. */
DX_MUST_USE int memory_make_lines(struct memory *memory, const struct quote_line *line, int count,
                                  struct text *ret_text);

void memory_due_touched(void *owner, uint32_t n);

/* watch.c */
void memory_session_touched(void *owner, uint32_t n);
void memory_tell_watch(struct memory *memory);
void memory_take_tx(const struct memory *memory, const struct tx_row *row, struct ledger_tx *tx);

#endif
