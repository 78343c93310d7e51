#include "sim/export/export.h"

#include "proto/base/check.h"
#include "proto/base/out.h"
#include "server/store/ledger_rules.h"
#include "server/store/schema/rollup.h"
#include "server/store/schema/schema.h"
#include "sim/export/columns.h"

#include <stdlib.h>
#include <unistd.h>

enum { SQL_MAX = 1200, LATER_MAX = 400, TABLES_MAX = 64 };

struct export
{
    struct db *db;
    struct memory *memory;
    enum export_leave_out leave_out;
    char *insert[TABLES_MAX]; /* by the number of the table */
    int later_count;
    char *later[LATER_MAX]; /* indices and triggers, made when all rows are there */
    struct export_counts counts;
};

const char *export_message(const struct export *export)
{
    return export->db ? db_message(export->db) : "no database";
}

void export_free(struct export *export)
{
    if (!export) {
        return;
    }
    if (export->memory) {
        export->memory->sink = NULL;
    }
    for (int i = 0; i < TABLES_MAX; i++) {
        free(export->insert[i]);
    }
    for (int i = 0; i < export->later_count; i++) {
        free(export->later[i]);
    }
    db_close(export->db);
    free(export);
}

/* ---- the file ---- */

/* The ledger is empty: its triggers are all that is left to do of that step. */
static int finish_step(void *context, const char *name)
{
    int error = 0;
    for (int i = 0; strcmp(name, "0002_ledger_chain") == 0 && i < LEDGER_TRIGGERS && !error; i++) {
        error = db_script(context, ledger_triggers[i].sql);
    }
    return error;
}

/* Indices and triggers away: they are made at the end, from the same words. */
static int put_off(struct export *export)
{
    struct db_row row;
    char drop[200];
    char *drops[LATER_MAX];
    int count = 0;
    int error = db_query(export->db, &row,
                         "SELECT type, name, sql FROM sqlite_schema WHERE sql IS NOT NULL"
                         " AND type IN ('index', 'trigger') ORDER BY rowid",
                         "");
    while (!error && db_next(&row)) {
        must(count < LATER_MAX);
        struct str type = db_text(&row, 0);
        struct str name = db_text(&row, 1);
        struct str sql = db_text(&row, 2);
        snprintf(drop, sizeof drop, "DROP %.*s %.*s", (int)type.n, type.p, (int)name.n, name.p);
        drops[count] = strdup(drop);
        export->later[count] = strndup(sql.p, sql.n);
        error = drops[count] && export->later[count] ? 0 : DX_E_MEMORY;
        export->later_count = ++count;
    }
    int ended = db_done(&row);
    error = error ? error : ended;
    for (int i = 0; i < count; i++) {
        error = error ? error : db_script(export->db, drops[i]);
        free(drops[i]);
    }
    return error;
}

static int make_inserts(struct export *export)
{
    char sql[SQL_MAX];
    must(export_table_count <= TABLES_MAX);
    for (int i = 0; i < export_table_count; i++) {
        const struct export_table *t = &export_tables[i];
        struct out out;
        out_init(&out, sql, sizeof sql);
        out_fmt(&out, "INSERT INTO \"%s\"(", t->name);
        int count = 0;
        for (; count < EXPORT_COLUMNS_MAX && t->column[count].name; count++) {
            out_fmt(&out, "%s\"%s\"", count ? "," : "", t->column[count].name);
        }
        for (int c = 0; c < count; c++) {
            out_fmt(&out, "%s?%d", c ? "," : ") VALUES (", c + 1);
        }
        out_fmt(&out, ")");
        must(!out_failed(&out));
        struct str text = out_str(&out);
        export->insert[i] = strndup(text.p, text.n);
        if (!export->insert[i]) {
            return DX_E_MEMORY;
        }
    }
    return 0;
}

int export_open(const char *path, enum export_leave_out leave_out, wall_t now,
                struct export **ret_export)
{
    int version = 0;
    if (access(path, F_OK) == 0) {
        return DX_E_EXISTS;
    }
    struct export *export = calloc(1, sizeof *export);
    if (!export) {
        return DX_E_MEMORY;
    }
    export->leave_out = leave_out;
    int error = db_open(path, &export->db);
    /* A file that can be made again: nothing is kept for going back. */
    error = error ? error
                  : db_script(export->db, "PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF;"
                                          "PRAGMA foreign_keys=OFF; PRAGMA locking_mode=EXCLUSIVE;"
                                          "PRAGMA cache_size=-400000;");
    error =
        error ? error
              : schema_migrate(export->db, schema_latest(), now, finish_step, export->db, &version);
    error = error ? error : put_off(export);
    error = error ? error : make_inserts(export);
    error = error ? error : db_begin(export->db);
    if (error) {
        export_free(export);
        return error;
    }
    *ret_export = export;
    return 0;
}

/* ---- rows ---- */

static int word_of(const struct column *c, const unsigned char *at)
{
    unsigned int value = *at;
    if (c->kind == COLUMN_WORD) {
        memcpy(&value, at, sizeof value);
    }
    return (int)value;
}

static struct db_value text_value(const char *text)
{
    return (struct db_value){.bind = 't', .text = str_c(text)};
}

static struct db_value number_value(int64_t number)
{
    return (struct db_value){.bind = 'i', .number = number};
}

static struct db_value value_of(const struct export *export, const struct column *c,
                                const unsigned char *row, uint32_t n)
{
    static const struct db_value null = {.bind = 'n'};
    const unsigned char *at = row + c->at;
    const struct session_row *session = (const void *)row;
    struct text text;
    uint32_t name;
    int64_t number = 0;
    int16_t small;
    int whole;
    switch (c->kind) {
    case COLUMN_TEXT:
        return text_value((const char *)at);
    case COLUMN_FILLED:
        return *at ? text_value((const char *)at) : null;
    case COLUMN_NAME:
        memcpy(&name, at, sizeof name);
        return text_value(memory_text(export->memory, name));
    case COLUMN_LONG:
    case COLUMN_BYTES:
        memcpy(&text, at, sizeof text);
        return (struct db_value){.bind = c->kind == COLUMN_LONG ? 's' : 'b',
                                 .text = text_str(text)};
    case COLUMN_I64:
    case COLUMN_TIME:
    case COLUMN_NOTICE:
        memcpy(&number, at, sizeof number);
        if (c->kind == COLUMN_NOTICE && export->leave_out == EXPORT_NO_MESSAGES) {
            return null;
        }
        return c->kind != COLUMN_I64 && number == 0 ? null : number_value(number);
    case COLUMN_INT:
        memcpy(&whole, at, sizeof whole);
        return number_value(whole);
    case COLUMN_I16:
        memcpy(&small, at, sizeof small);
        return small ? number_value(small) : null;
    case COLUMN_BOOL:
        return number_value(*at != 0);
    case COLUMN_WORD:
    case COLUMN_WORD8:
        return text_value(c->word(word_of(c, at)));
    case COLUMN_NUMBER:
        return number_value(n);
    case COLUMN_PERMIT:
        return session->permitted ? text_value(permit_text((enum permit)session->permit)) : null;
    }
    must(!"a kind of column");
    return null;
}

static int write_row(struct export *export, int table, const void *row, uint32_t n)
{
    const struct export_table *t = &export_tables[table];
    struct db_value values[EXPORT_COLUMNS_MAX];
    int count = 0;
    if (t->is_message && export->leave_out == EXPORT_NO_MESSAGES) {
        export->counts.left_out++;
        return 0;
    }
    for (; count < EXPORT_COLUMNS_MAX && t->column[count].name; count++) {
        values[count] = value_of(export, &t->column[count], row, n);
    }
    export->counts.rows++;
    return db_exec_values(export->db, export->insert[table], values, count);
}

static int write_tx(struct export *export, uint32_t n)
{
    const struct memory *memory = export->memory;
    const struct tx_row *r = table_at(&memory->tx, n);
    const char *id = r->texts.p;
    const struct db_value tx[] = {
        number_value(n),
        text_value(id),
        number_value(r->at_ms),
        text_value(memory_text(memory, r->kind)),
        text_value(memory_text(memory, r->lot)),
        text_value(r->session),
        text_value(id + strlen(id) + 1),
        {.bind = 'b', .text = {(const char *)r->prev, sizeof r->prev}},
        {.bind = 'b', .text = {(const char *)r->hash, sizeof r->hash}},
    };
    int error = db_exec_values(export->db,
                               "INSERT INTO ledger_tx(number, id, at_ms, kind, lot, session, cause,"
                               " prev, hash) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
                               tx, (int)(sizeof tx / sizeof tx[0]));
    for (int i = 0; i < r->count && !error; i++) {
        const struct db_value entry[] = {text_value(id), number_value(i + 1),
                                         text_value(memory_text(memory, r->entry[i].account)),
                                         number_value(r->entry[i].amount_vnd)};
        error = db_exec_values(export->db,
                               "INSERT INTO ledger_entry(tx, line, account, amount_vnd)"
                               " VALUES (?1, ?2, ?3, ?4)",
                               entry, 4);
    }
    export->counts.rows += 1 + r->count;
    export->counts.transactions++;
    return error;
}

static int write_proposal(struct export *export, uint32_t n)
{
    const struct proposal_row *r = table_at(&export->memory->proposal, n);
    const struct store_proposal *p = &r->proposal;
    const char *state = p->open ? "open" : r->approved ? "approved" : "refused";
    int error =
        db_exec(export->db,
                "INSERT INTO proposal(id, kind, review, credit, note, made_by, made_ms,"
                " state, decided_by, decided_ms, reason) VALUES (?1, ?2, nullif(?3, 0),"
                " ?4, ?5, ?6, ?7, ?8, ?9, nullif(?10, 0), ?11)",
                "ttittt"
                "ittis",
                p->id, p->write_off ? "write_off" : "transfer", p->review, p->credit, p->note,
                p->made_by, r->made_ms, state, r->decided_by, r->decided_ms, text_str(r->reason));
    for (int i = 0; i < p->part_count && !error; i++) {
        error = db_exec(export->db,
                        "INSERT INTO proposal_part(proposal, line, action, target, amount_vnd)"
                        " VALUES (?1, ?2, ?3, ?4, ?5)",
                        "titti", p->id, (int64_t)i + 1,
                        p->write_off ? "write_off" : proposal_action_text(p->part[i].action),
                        p->part[i].target, p->part[i].amount_vnd);
    }
    export->counts.rows += 1 + p->part_count;
    return error;
}

static int write_one(struct export *export, size_t table, uint32_t n)
{
    if (table == offsetof(struct memory, tx)) {
        return write_tx(export, n);
    }
    if (table == offsetof(struct memory, proposal)) {
        return write_proposal(export, n);
    }
    for (int i = 0; i < export_table_count; i++) {
        if (export_tables[i].table == table) {
            const struct table *t =
                (const struct table *)(const void *)((const char *)export->memory + table);
            return write_row(export, i, table_at(t, n), n);
        }
    }
    return 0; /* what only memory has: names, balances */
}

static int take(void *context, size_t table, uint32_t n)
{
    return write_one(context, table, n);
}

void export_begin(struct export *export, struct memory *memory)
{
    export->memory = memory;
    memory_keep_all(memory, export->leave_out == EXPORT_ALL);
    memory->sink_context = export;
    memory->sink = take;
}

/* ---- the end ---- */

static int write_rest(struct export *export)
{
    const struct memory *memory = export->memory;
    int error = 0;
    for (int i = 0; i < export_table_count + 2 && !error; i++) {
        size_t at = i < export_table_count    ? export_tables[i].table
                    : i == export_table_count ? offsetof(struct memory, tx)
                                              : offsetof(struct memory, proposal);
        const struct table *t = (const struct table *)(const void *)((const char *)memory + at);
        for (uint32_t n = table_after(t, 0); n != 0 && !error; n = table_after(t, n)) {
            error = write_one(export, at, n);
        }
    }
    return error;
}

int export_end(struct export *export, struct export_counts *ret_counts)
{
    int64_t sessions = 0;
    int error = export->memory->writer ? DX_E_BUSY : write_rest(export);
    error = error ? error : db_commit(export->db);
    for (int i = 0; i < export->later_count && !error; i++) {
        error = db_script(export->db, export->later[i]);
    }
    error = error ? error : rollup_rebuild(export->db, false);
    error =
        error ? error : db_query_i64(export->db, 0, &sessions, "SELECT count(*) FROM session", "");
    error = error ? error
                  : db_script(export->db, "PRAGMA locking_mode=NORMAL; PRAGMA journal_mode=WAL;");
    if (!error) {
        *ret_counts = export->counts;
        ret_counts->sessions = sessions;
    }
    export_free(export);
    return error;
}
