/* query_ledger.c - walking the chain. */
#include "server/store/query_ledger.h"

#include "server/store/ledger_rules.h"
#include "server/store/query.h"

#include <stdarg.h>

/* One transaction as it stands in the file, which may be anything. */
struct found {
    struct ledger_tx tx;
    int64_t number;
    uint8_t prev[LEDGER_HASH_SIZE], hash[LEDGER_HASH_SIZE];
    const char *impossible; /* why it cannot be what was posted; NULL: look at the hash */
};

/* What was seen last. */
struct seen {
    int64_t number;
    char id[LEDGER_ID_CAP];
    uint8_t hash[LEDGER_HASH_SIZE];
    bool good;     /* its content is that of its hash */
    bool anchored; /* the anchor was met */
};

static void take_text(struct db_row *row, int column, char *out, size_t cap, struct found *f)
{
    if (str_copy(out, cap, db_text(row, column)) != 0) {
        str_copy_cut(out, cap, db_text(row, column));
        f->impossible = "a text longer than any that is posted";
    }
}

static void take_hash(struct db_row *row, int column, uint8_t *out, struct found *f)
{
    struct str bytes = db_text(row, column);
    memset(out, 0, LEDGER_HASH_SIZE);
    if (bytes.n == LEDGER_HASH_SIZE) {
        memcpy(out, bytes.p, LEDGER_HASH_SIZE);
    } else {
        f->impossible = "no hash of 32 bytes";
    }
}

static void take_head(struct db_row *row, struct found *f)
{
    memset(f, 0, sizeof *f);
    f->number = db_i64(row, 0);
    take_text(row, 1, f->tx.id, sizeof f->tx.id, f);
    f->tx.at.ms = db_i64(row, 2);
    take_text(row, 3, f->tx.kind, sizeof f->tx.kind, f);
    take_text(row, 4, f->tx.lot, sizeof f->tx.lot, f);
    take_text(row, 5, f->tx.session, sizeof f->tx.session, f);
    take_text(row, 6, f->tx.cause, sizeof f->tx.cause, f);
    take_hash(row, 7, f->prev, f);
    take_hash(row, 8, f->hash, f);
}

static void take_entry(struct db_row *row, struct found *f)
{
    int64_t line = db_i64(row, 9);
    int64_t amount = db_i64(row, 11);
    if (f->tx.count == LEDGER_ENTRIES_MAX) {
        f->impossible = "more entries than any that is posted";
        return;
    }
    struct ledger_entry *entry = &f->tx.entry[f->tx.count++];
    take_text(row, 10, entry->account, sizeof entry->account, f);
    entry->amount_vnd = amount;
    if (line != f->tx.count) {
        f->impossible = "an entry was taken out or put in";
    } else if (amount > MONEY_MAX_VND || amount < -MONEY_MAX_VND) {
        f->impossible = "an amount larger than any that is posted";
    }
}

__attribute__((format(printf, 5, 6))) static void say(const struct ledger_walk *walk,
                                                      const char *rule, int64_t number,
                                                      const char *id, const char *format, ...)
{
    struct books_fault fault = {.rule = rule, .number = number};
    va_list arguments;
    str_copy_cut(fault.what, sizeof fault.what, str_c(id));
    va_start(arguments, format);
    vsnprintf(fault.detail, sizeof fault.detail, format, arguments);
    va_end(arguments);
    walk->fault(walk->context, &fault);
}

static void say_gap(const struct ledger_walk *walk, const struct seen *last, const struct found *f)
{
    int64_t from = last->number + 1;
    int64_t until = f->number - 1;
    const char *after = last->number ? last->id : "the beginning";
    if (from == until) {
        say(walk, "chain", from, "", "missing: between %s and %s", after, f->tx.id);
    } else {
        say(walk, "chain", from, "", "missing up to number %lld: between %s and %s",
            (long long)until, after, f->tx.id);
    }
}

static bool content_is_good(const struct ledger_walk *walk, const struct found *f)
{
    uint8_t hash[LEDGER_HASH_SIZE];
    char why[160];
    if (f->impossible) {
        say(walk, "chain", f->number, f->tx.id, "changed: %s", f->impossible);
        return false;
    }
    ledger_chain_hash(&f->tx, f->number, f->prev, hash);
    if (memcmp(hash, f->hash, sizeof hash) == 0) {
        return true;
    }
    ledger_chain_explain(&f->tx, f->number, f->prev, f->hash, why, sizeof why);
    say(walk, "chain", f->number, f->tx.id, "%s", why);
    return false;
}

static void judge(const struct ledger_walk *walk, const struct found *f, struct seen *last)
{
    bool next = f->number == last->number + 1;
    if (!next) {
        say_gap(walk, last, f);
    }
    bool good = content_is_good(walk, f);
    bool linked = memcmp(f->prev, last->hash, sizeof f->prev) == 0;
    if (good && next && !linked && last->good) {
        if (last->number) {
            say(walk, "chain", last->number, last->id,
                "made anew, with its hash, after number %lld was posted behind it",
                (long long)f->number);
        } else {
            say(walk, "chain", f->number, f->tx.id, "the first, and yet posted behind another");
        }
    }
    last->number = f->number;
    last->good = good;
    memcpy(last->id, f->tx.id, sizeof last->id);
    memcpy(last->hash, f->hash, sizeof last->hash);
    if (walk->anchor && walk->anchor->number == f->number) {
        last->anchored = memcmp(walk->anchor->hash, f->hash, sizeof f->hash) == 0;
        if (!last->anchored) {
            say(walk, "anchor", f->number, f->tx.id,
                "not the hash that was kept: this row or one before it was made anew, and all "
                "behind it");
        }
    }
}

static void look_for_anchor(const struct ledger_walk *walk, const struct seen *last)
{
    const struct ledger_head *anchor = walk->anchor;
    if (anchor && anchor->number > last->number) {
        say(walk, "anchor", anchor->number, "",
            "the ledger ends at number %lld; what was posted behind it is missing",
            (long long)last->number);
    }
}

static int walk_rows(struct db *db, const struct ledger_walk *walk, int64_t of, struct seen *last)
{
    struct db_row row;
    struct found f = {0};
    bool open = false;
    int error = db_query(db, &row,
                         "SELECT t.number, t.id, t.at_ms, t.kind, t.lot, t.session, t.cause,"
                         " t.prev, t.hash, e.line, e.account, e.amount_vnd"
                         " FROM ledger_tx t LEFT JOIN ledger_entry e ON e.tx = t.id"
                         " ORDER BY t.number, e.line",
                         "");
    while (!error && db_next(&row)) {
        int64_t number = db_i64(&row, 0);
        if (!open || number != f.number) {
            if (open) {
                judge(walk, &f, last);
            }
            take_head(&row, &f);
            open = true;
            if (walk->progress && number % LEDGER_PROGRESS_EVERY == 0) {
                walk->progress(walk->context, number, of);
            }
        }
        if (!db_is_null(&row, 9)) {
            take_entry(&row, &f);
        }
    }
    int ended = db_done(&row);
    error = error ? error : ended;
    if (!error && open) {
        judge(walk, &f, last);
    }
    return error;
}

static int orphans(struct db *db, const struct ledger_walk *walk)
{
    struct db_row row;
    int error = db_query(db, &row,
                         "SELECT tx, count(*), sum(amount_vnd) FROM ledger_entry WHERE NOT EXISTS"
                         " (SELECT 1 FROM ledger_tx WHERE id = ledger_entry.tx) GROUP BY tx",
                         "");
    while (!error && db_next(&row)) {
        char id[LEDGER_ID_CAP];
        query_text(&row, 0, id, sizeof id);
        say(walk, "chain", 0, id, "%lld entries are there and their transaction is not",
            (long long)db_i64(&row, 1));
    }
    int ended = db_done(&row);
    return error ? error : ended;
}

static int triggers(struct db *db, const struct ledger_walk *walk)
{
    int error = 0;
    for (int i = 0; i < LEDGER_TRIGGERS && !error; i++) {
        const struct ledger_trigger *trigger = &ledger_triggers[i];
        struct db_row row;
        error =
            db_query(db, &row, "SELECT sql FROM sqlite_schema WHERE type = 'trigger' AND name = ?1",
                     "t", trigger->name);
        if (!error && !db_next(&row)) {
            say(walk, "trigger", 0, trigger->name, "missing: rows can be changed unseen");
        } else if (!error && !str_eq_c(db_text(&row, 0), trigger->sql)) {
            say(walk, "trigger", 0, trigger->name, "is not what the migration made");
        }
        int ended = db_done(&row);
        error = error ? error : ended;
    }
    return error;
}

int query_ledger_chain(struct db *db, const struct ledger_walk *walk, struct ledger_head *ret_head)
{
    struct seen last = {.good = true};
    int64_t of = 0;
    int error = query_begin(db);
    if (error) {
        return error;
    }
    error = db_query_i64(db, 0, &of, "SELECT max(number) FROM ledger_tx", "");
    error = error ? error : walk_rows(db, walk, of, &last);
    error = error ? error : orphans(db, walk);
    error = error ? error : triggers(db, walk);
    query_end(db);
    if (error) {
        return error;
    }
    look_for_anchor(walk, &last);
    ret_head->number = last.number;
    memcpy(ret_head->hash, last.hash, sizeof ret_head->hash);
    return 0;
}
