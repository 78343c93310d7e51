/* The chain over the ledger's rows: whoever touches a row in the file is found, and the row named.
 */
#include "proto/io/db.h"
#include "server/store/query_ledger.h"
#include "server/store/store.h"
#include "tests/harness/harness.h"

static char path[256];

static struct {
    int count;
    char text[16][400];
} faults;

static void post(struct store *store, int i)
{
    struct ledger_tx tx;
    char id[LEDGER_ID_CAP];
    snprintf(id, sizeof id, "credit:sepay:%d", i);
    ledger_begin(&tx, id, "credit", "hn-0001", "", "C", (wall_t){1000 + i});
    ledger_add(&tx, "bank:970436-1", 1000 * i);
    ledger_add(&tx, "prepaid:hn-0001", -900 * i);
    ledger_add(&tx, "refund_due:hn-0001", -100 * i);
    ok(store_post(store, &tx));
}

/* A file with six transactions. */
static void make_ledger(void)
{
    struct store *store;
    int version = 0;
    char *dir = harness_temp_dir();
    snprintf(path, sizeof path, "%s/doxe.db", dir);
    free(dir);
    ok(store_open(path, &store));
    ok(store_migrate(store, STORE_LATEST, (wall_t){1}, &version));
    ok(store_begin(store));
    for (int i = 1; i <= 6; i++) {
        post(store, i);
    }
    ok(store_commit(store));
    store_close(store);
    memset(&faults, 0, sizeof faults);
}

static void keep_fault(void *context, const struct books_fault *fault)
{
    (void)context;
    assert_true(faults.count < 16);
    snprintf(faults.text[faults.count++], sizeof faults.text[0], "%s %lld %s: %s", fault->rule,
             (long long)fault->number, fault->what, fault->detail);
}

static struct ledger_head walk(const struct ledger_head *anchor)
{
    struct db *db;
    struct ledger_head head;
    const struct ledger_walk walk = {.anchor = anchor, .fault = keep_fault};
    faults.count = 0;
    ok(db_open_reader(path, &db));
    ok(query_ledger_chain(db, &walk, &head));
    db_close(db);
    return head;
}

/* Somebody with the file: the triggers dropped, the deed done, the triggers made again. */
static void touch(const char *deed)
{
    struct db *db;
    struct db_row row;
    char sql[16][512];
    int count = 0;
    char drop[96];
    ok(db_open(path, &db));
    ok(db_script(db, "PRAGMA foreign_keys=OFF"));
    ok(db_query(db, &row,
                "SELECT sql FROM sqlite_schema WHERE type = 'trigger' AND name LIKE"
                " 'ledger%'",
                ""));
    while (db_next(&row)) {
        str_copy_cut(sql[count++], sizeof sql[0], db_text(&row, 0));
    }
    ok(db_done(&row));
    for (int i = 0; i < count; i++) {
        char name[64] = "";
        assert_int_equal(sscanf(sql[i], "CREATE TRIGGER %63s", name), 1);
        snprintf(drop, sizeof drop, "DROP TRIGGER %s", name);
        ok(db_script(db, drop));
    }
    ok(db_script(db, deed));
    for (int i = 0; i < count; i++) {
        ok(db_script(db, sql[i]));
    }
    db_close(db);
}

static void only_fault(const char *wanted)
{
    walk(NULL);
    if (faults.count != 1 || strcmp(faults.text[0], wanted) != 0) {
        for (int i = 0; i < faults.count; i++) {
            print_error("got: %s\n", faults.text[i]);
        }
        fail_msg("wanted only: %s", wanted);
    }
}

static void test_ledger_chain__untouched_it_is_whole(void **state)
{
    (void)state;
    make_ledger();
    struct ledger_head head = walk(NULL);
    assert_int_equal(faults.count, 0);
    assert_int_equal(head.number, 6);
    struct ledger_head again = walk(&head);
    assert_int_equal(faults.count, 0);
    assert_memory_equal(again.hash, head.hash, sizeof head.hash);
}

static void test_ledger_chain__a_changed_amount_is_named_with_what_it_was(void **state)
{
    (void)state;
    make_ledger();
    touch("UPDATE ledger_entry SET amount_vnd = 9000 WHERE tx = 'credit:sepay:3' AND line = 1");
    only_fault("chain 3 credit:sepay:3: line 1, bank:970436-1: 9000 VND now, was 3000 VND");
}

static void test_ledger_chain__two_amounts_changed_evenly_are_found(void **state)
{
    (void)state;
    make_ledger();
    touch("UPDATE ledger_entry SET amount_vnd = amount_vnd + 1 WHERE tx = 'credit:sepay:3' AND"
          " line = 1;"
          "UPDATE ledger_entry SET amount_vnd = amount_vnd - 1 WHERE tx = 'credit:sepay:3' AND"
          " line = 2");
    only_fault("chain 3 credit:sepay:3: changed: its content is not what was posted");
}

static void test_ledger_chain__each_field_counts(void **state)
{
    (void)state;
    static const char *const deeds[] = {"UPDATE ledger_tx SET at_ms = 5 WHERE number = 4",
                                        "UPDATE ledger_tx SET kind = 'fee' WHERE number = 4",
                                        "UPDATE ledger_tx SET lot = 'hn-0002' WHERE number = 4",
                                        "UPDATE ledger_tx SET session = 'S' WHERE number = 4",
                                        "UPDATE ledger_tx SET cause = 'D' WHERE number = 4",
                                        "UPDATE ledger_entry SET account = 'bank:1-1' WHERE"
                                        " tx = 'credit:sepay:4' AND line = 1"};
    for (size_t i = 0; i < sizeof deeds / sizeof deeds[0]; i++) {
        make_ledger();
        touch(deeds[i]);
        only_fault("chain 4 credit:sepay:4: changed: its content is not what was posted");
    }
}

static void test_ledger_chain__a_deleted_transaction_is_named(void **state)
{
    (void)state;
    make_ledger();
    touch("DELETE FROM ledger_entry WHERE tx = 'credit:sepay:4';"
          "DELETE FROM ledger_tx WHERE number = 4");
    only_fault("chain 4 : missing: between credit:sepay:3 and credit:sepay:5");
    touch("DELETE FROM ledger_tx WHERE number = 1");
    walk(NULL);
    assert_int_equal(faults.count, 3);
    assert_string_equal(faults.text[0],
                        "chain 1 : missing: between the beginning and credit:sepay:2");
    assert_string_equal(faults.text[2],
                        "chain 0 credit:sepay:1: 3 entries are there and their transaction is not");
}

static void test_ledger_chain__a_deleted_entry_is_named(void **state)
{
    (void)state;
    make_ledger();
    touch("DELETE FROM ledger_entry WHERE tx = 'credit:sepay:2' AND line = 2");
    only_fault("chain 2 credit:sepay:2: changed: an entry was taken out or put in");
}

static void test_ledger_chain__an_inserted_row_is_named(void **state)
{
    (void)state;
    make_ledger();
    touch("INSERT INTO ledger_tx VALUES (7, 'credit:sepay:99', 1, 'credit', 'hn-0001', '', 'C',"
          " (SELECT hash FROM ledger_tx WHERE number = 6), zeroblob(32));"
          "INSERT INTO ledger_entry VALUES ('credit:sepay:99', 1, 'bank:1-1', 5),"
          " ('credit:sepay:99', 2, 'prepaid:hn-0001', -5)");
    only_fault("chain 7 credit:sepay:99: changed: its content is not what was posted");
    make_ledger();
    touch("INSERT INTO ledger_entry VALUES ('credit:sepay:2', 4, 'bank:1-1', 5)");
    only_fault("chain 2 credit:sepay:2: line 4, bank:1-1, 5 VND: was put in later");
}

static void test_ledger_chain__two_exchanged_rows_are_both_named(void **state)
{
    (void)state;
    make_ledger();
    touch("UPDATE ledger_tx SET number = 100 WHERE number = 3;"
          "UPDATE ledger_tx SET number = 3 WHERE number = 4;"
          "UPDATE ledger_tx SET number = 4 WHERE number = 100");
    walk(NULL);
    assert_int_equal(faults.count, 2);
    assert_string_equal(faults.text[0],
                        "chain 3 credit:sepay:4: its place was changed: it was number 4");
    assert_string_equal(faults.text[1],
                        "chain 4 credit:sepay:3: its place was changed: it was number 3");
}

/* Who knows the rule makes the row's hash anew: then the next row tells. */
static void rewrite(int64_t number)
{
    struct db *db;
    struct store *store;
    struct ledger_tx tx;
    uint8_t prev[LEDGER_HASH_SIZE];
    uint8_t hash[LEDGER_HASH_SIZE];
    struct db_row row;
    char id[LEDGER_ID_CAP] = "";
    char hex[2][2 * LEDGER_HASH_SIZE + 1];
    char sql[400];
    ok(store_open(path, &store));
    ok(db_open(path, &db));
    ok(db_query(db, &row,
                "SELECT id, coalesce((SELECT hash FROM ledger_tx WHERE number = ?1 - 1),"
                " zeroblob(32)) FROM ledger_tx WHERE number = ?1",
                "i", number));
    assert_true(db_next(&row));
    str_copy_cut(id, sizeof id, db_text(&row, 0));
    memcpy(prev, db_text(&row, 1).p, sizeof prev);
    ok(db_done(&row));
    db_close(db);
    ok(store_get_tx(store, id, &tx));
    store_close(store);
    ledger_chain_hash(&tx, number, prev, hash);
    str_hex(hex[0], prev, sizeof prev);
    str_hex(hex[1], hash, sizeof hash);
    snprintf(sql, sizeof sql, "UPDATE ledger_tx SET prev = x'%s', hash = x'%s' WHERE number = %lld",
             hex[0], hex[1], (long long)number);
    touch(sql);
}

static const char even_change[] =
    "UPDATE ledger_entry SET amount_vnd = amount_vnd * 2 WHERE tx = 'credit:sepay:3'";

static void test_ledger_chain__a_row_made_anew_with_its_hash_is_named(void **state)
{
    (void)state;
    make_ledger();
    touch(even_change);
    rewrite(3);
    only_fault("chain 3 credit:sepay:3: made anew, with its hash, after number 4 was posted behind"
               " it");
}

static void test_ledger_chain__a_whole_tail_made_anew_is_found_by_an_anchor(void **state)
{
    (void)state;
    make_ledger();
    struct ledger_head head = walk(NULL);
    char text[LEDGER_ANCHOR_CAP];
    struct ledger_head anchor;
    touch(even_change);
    for (int64_t i = 3; i <= 6; i++) {
        rewrite(i);
    }
    walk(NULL);
    assert_int_equal(faults.count, 0); /* nothing inside the file tells */
    ledger_anchor_write(&head, text);
    ok(ledger_anchor_parse(str_c(text), &anchor));
    walk(&anchor);
    assert_int_equal(faults.count, 1);
    assert_non_null(strstr(faults.text[0], "anchor 6 credit:sepay:6: not the hash that was kept"));
}

static void test_ledger_chain__an_edited_tail_and_a_cut_tail_are_found(void **state)
{
    (void)state;
    make_ledger();
    struct ledger_head head = walk(NULL);
    touch("UPDATE ledger_entry SET amount_vnd = 7 WHERE tx = 'credit:sepay:6' AND line = 3");
    only_fault("chain 6 credit:sepay:6: line 3, refund_due:hn-0001: 7 VND now, was -600 VND");
    touch("DELETE FROM ledger_entry WHERE tx = 'credit:sepay:6';"
          "DELETE FROM ledger_tx WHERE number = 6");
    walk(&head);
    assert_int_equal(faults.count, 1);
    assert_string_equal(faults.text[0], "anchor 6 : the ledger ends at number 5; what was posted"
                                        " behind it is missing");
}

static void test_ledger_chain__a_dropped_or_changed_trigger_is_named(void **state)
{
    (void)state;
    struct db *db;
    make_ledger();
    ok(db_open(path, &db));
    ok(db_script(db, "DROP TRIGGER ledger_entry_no_update"));
    only_fault("trigger 0 ledger_entry_no_update: missing: rows can be changed unseen");
    ok(db_script(db, "CREATE TRIGGER ledger_entry_no_update BEFORE UPDATE ON ledger_entry WHEN 0"
                     " BEGIN SELECT 1; END"));
    only_fault("trigger 0 ledger_entry_no_update: is not what the migration made");
    db_close(db);
}

static void test_ledger_chain__nonsense_in_the_file_is_a_fault_and_no_crash(void **state)
{
    (void)state;
    make_ledger();
    touch("UPDATE ledger_tx SET kind = hex(zeroblob(500)), hash = x'00' WHERE number = 2;"
          "UPDATE ledger_entry SET amount_vnd = 9223372036854775807 WHERE tx = 'credit:sepay:5'");
    walk(NULL);
    assert_int_equal(faults.count, 2);
    assert_string_equal(faults.text[1], "chain 5 credit:sepay:5: changed: an amount larger than any"
                                        " that is posted");
}

static void test_ledger_chain__anchors_are_read_strictly(void **state)
{
    (void)state;
    struct ledger_head head;
    static const char *const wrong[] = {"", "6", "6:", "6:ab", ":0", "x:0", "-1:0"};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        assert_int_equal(ledger_anchor_parse(str_c(wrong[i]), &head), DX_E_FORMAT);
    }
}

/* A ledger from before the chain gets it by the migration, in the order of posting. */
static void test_ledger_chain__an_older_ledger_is_chained_by_the_migration(void **state)
{
    (void)state;
    struct store *store;
    int version = 0;
    make_ledger();
    struct ledger_head before = walk(NULL);
    ok(store_open(path, &store));
    ok(store_migrate(store, 1, (wall_t){2}, &version));
    assert_int_equal(version, 1);
    ok(store_migrate(store, STORE_LATEST, (wall_t){3}, &version));
    store_close(store);
    struct ledger_head after = walk(NULL);
    assert_int_equal(faults.count, 0);
    assert_int_equal(after.number, 6);
    assert_memory_equal(before.hash, after.hash, sizeof after.hash);
}

TESTS(T(test_ledger_chain__untouched_it_is_whole),
      T(test_ledger_chain__a_changed_amount_is_named_with_what_it_was),
      T(test_ledger_chain__two_amounts_changed_evenly_are_found),
      T(test_ledger_chain__each_field_counts), T(test_ledger_chain__a_deleted_transaction_is_named),
      T(test_ledger_chain__a_deleted_entry_is_named),
      T(test_ledger_chain__an_inserted_row_is_named),
      T(test_ledger_chain__two_exchanged_rows_are_both_named),
      T(test_ledger_chain__a_row_made_anew_with_its_hash_is_named),
      T(test_ledger_chain__a_whole_tail_made_anew_is_found_by_an_anchor),
      T(test_ledger_chain__an_edited_tail_and_a_cut_tail_are_found),
      T(test_ledger_chain__a_dropped_or_changed_trigger_is_named),
      T(test_ledger_chain__nonsense_in_the_file_is_a_fault_and_no_crash),
      T(test_ledger_chain__anchors_are_read_strictly),
      T(test_ledger_chain__an_older_ledger_is_chained_by_the_migration))
