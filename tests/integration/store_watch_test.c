/*
 * What a store in memory tells its watch: what was committed, once, in order; nothing of what was
 * rolled back.
 */
#include "sim/store/watch.h"
#include "tests/harness/harness.h"

struct heard {
    int events, sessions, credits, txs;
    char last_session[ULID_CAP];
    char last_tx[LEDGER_ID_CAP];
};

static void hear_session(void *context, const struct session *session)
{
    struct heard *heard = context;
    heard->sessions++;
    memcpy(heard->last_session, session->id, sizeof heard->last_session);
}

static void hear_tx(void *context, const struct ledger_tx *tx)
{
    struct heard *heard = context;
    heard->txs++;
    memcpy(heard->last_tx, tx->id, sizeof heard->last_tx);
}

static struct ledger_tx tx_named(const char *id)
{
    struct ledger_tx tx;
    ledger_begin(&tx, id, "fee", "hn-0001", "", "", (wall_t){1});
    ledger_add(&tx, "bank:970436-1", 5000);
    ledger_add(&tx, "prepaid:hn-0001", -5000);
    return tx;
}

static void test_store_watch__hears_what_is_committed_and_nothing_else(void **state)
{
    (void)state;
    struct heard heard = {0};
    struct memory_watch watch = {&heard, NULL, hear_session, NULL, hear_tx};
    struct memory *memory;
    struct store *store;
    int version;
    ok(memory_find("memory:watched", &memory));
    memory_set_watch(memory, &watch);
    ok(store_open("memory:watched", &store));
    ok(store_migrate(store, STORE_LATEST, (wall_t){1}, &version));
    struct ledger_tx kept = tx_named("fee:1:1");
    struct ledger_tx lost = tx_named("fee:2:1");
    struct session session = {.state = SESSION_INSIDE};
    snprintf(session.id, sizeof session.id, "01JABCDEFGHJKMNPQRSTVWXYZ0");
    snprintf(session.code, sizeof session.code, "DX7K3M9Q2X");
    ok(store_begin(store));
    ok(store_post(store, &kept));
    ok(store_savepoint(store));
    ok(store_post(store, &lost));
    ok(store_add_session(store, &session, (wall_t){1}));
    store_rollback_savepoint(store);
    assert_int_equal(heard.txs, 0);
    ok(store_commit(store));
    assert_int_equal(heard.txs, 1);
    assert_string_equal(heard.last_tx, "fee:1:1");
    assert_int_equal(heard.sessions, 0);
    ok(store_begin(store));
    ok(store_add_session(store, &session, (wall_t){1}));
    session.state = SESSION_QUOTED;
    ok(store_put_session(store, &session, (wall_t){2}));
    ok(store_commit(store));
    assert_int_equal(heard.sessions, 1);
    assert_string_equal(heard.last_session, session.id);
    ok(store_begin(store));
    ok(store_post(store, &lost));
    store_rollback(store);
    assert_int_equal(heard.txs, 1);
    store_close(store);
    memory_forget("memory:watched");
}

TESTS(T(test_store_watch__hears_what_is_committed_and_nothing_else))
