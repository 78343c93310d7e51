/* The shared shells that need no peer: mailbox and database. */
#include "proto/io/clock_os.h"
#include "proto/io/db.h"
#include "proto/io/mailbox.h"
#include "tests/harness/harness.h"

#include <sys/stat.h>

static void test_mailbox__keeps_order_and_says_when_full(void **state)
{
    (void)state;
    struct mailbox *box;
    ok(mailbox_new(sizeof(int), 3, &box));
    for (int round = 0; round < 5; round++) {
        for (int i = 0; i < 3; i++) {
            ok(mailbox_post(box, &i));
        }
        int extra = 9;
        assert_int_equal(mailbox_post(box, &extra), DX_E_FULL);
        for (int i = 0; i < 3; i++) {
            int value = -1;
            ok(mailbox_take(box, clock_mono(), &value));
            assert_int_equal(value, i);
        }
    }
    int nothing = 5;
    assert_int_equal(mailbox_take(box, mono_add(clock_mono(), 5), &nothing), DX_E_TIMEOUT);
    assert_int_equal(nothing, 5);
    mailbox_free(box);
}

static void *produce(void *argument)
{
    for (int i = 0; i < 20000; i++) {
        mailbox_post_wait(argument, &i);
    }
    return NULL;
}

static void test_mailbox__two_threads_lose_nothing(void **state)
{
    (void)state;
    struct mailbox *box;
    pthread_t thread;
    ok(mailbox_new(sizeof(int), 7, &box));
    ok(pthread_create(&thread, NULL, produce, box));
    for (int i = 0; i < 20000; i++) {
        int value = -1;
        ok(mailbox_take(box, mono_never(), &value));
        assert_int_equal(value, i);
    }
    ok(pthread_join(thread, NULL));
    mailbox_free(box);
}

static struct db *open_db(char *path, size_t cap)
{
    struct db *db;
    char *dir = harness_temp_dir();
    snprintf(path, cap, "%s/x.db", dir);
    free(dir);
    ok(db_open(path, &db));
    ok(db_script(db, "CREATE TABLE t (id TEXT PRIMARY KEY, n INTEGER) STRICT;"
                     "CREATE TRIGGER no_update BEFORE UPDATE ON t"
                     " BEGIN SELECT RAISE(ABORT, 'append-only'); END;"));
    return db;
}

static void test_db__what_is_committed_is_there_and_the_rest_is_not(void **state)
{
    (void)state;
    char path[256];
    int64_t n = -1;
    struct db *db = open_db(path, sizeof path);
    ok(db_begin(db));
    ok(db_exec(db, "INSERT INTO t VALUES (?1, ?2)", "ti", "a", (int64_t)1));
    ok(db_savepoint(db));
    ok(db_exec(db, "INSERT INTO t VALUES (?1, ?2)", "ti", "b", (int64_t)2));
    db_rollback_savepoint(db);
    ok(db_commit(db));
    ok(db_begin(db));
    ok(db_exec(db, "INSERT INTO t VALUES (?1, ?2)", "tn", "c"));
    db_close(db); /* as a crash would */
    ok(db_open(path, &db));
    ok(db_query_i64(db, 0, &n, "SELECT count(*) FROM t", ""));
    assert_int_equal(n, 1);
    db_close(db);
}

/* Plates and notices of banks are in there, whatever the umask of whoever started the program. */
static void test_db__a_new_file_is_its_owner_s_alone(void **state)
{
    (void)state;
    char path[256];
    char name[300];
    struct stat file;
    static const char *const endings[] = {"", "-wal", "-shm"};
    mode_t before = umask(0);
    struct db *db = open_db(path, sizeof path);
    umask(before);
    for (size_t i = 0; i < sizeof endings / sizeof endings[0]; i++) {
        snprintf(name, sizeof name, "%s%s", path, endings[i]);
        ok(stat(name, &file));
        assert_int_equal(file.st_mode & 0777, 0600);
    }
    db_close(db);
}

static void test_db__errors_tell_what_happened(void **state)
{
    (void)state;
    char path[256];
    struct db *db = open_db(path, sizeof path);
    ok(db_exec(db, "INSERT INTO t VALUES (?1, ?2)", "si", STR("a"), (int64_t)1));
    assert_int_equal(db_exec(db, "INSERT INTO t VALUES (?1, ?2)", "ti", "a", (int64_t)1),
                     DX_E_EXISTS);
    assert_int_equal(db_exec(db, "UPDATE t SET n = 2", ""), DX_E_STATE);
    assert_int_equal(db_exec(db, "INSERT INTO t VALUES (?1, ?2)", "tt", "b", "no number"),
                     DX_E_INVAL);
    struct db *reader;
    ok(db_open_reader(path, &reader));
    assert_int_not_equal(db_exec(reader, "DELETE FROM t", ""), 0);
    db_close(reader);
    db_close(db);
    FILE *file = fopen(path, "wb");
    fputs("this is no database, and long enough to be one ......................", file);
    fclose(file);
    char journal[300];
    snprintf(journal, sizeof journal, "%s-wal", path);
    remove(journal);
    assert_int_equal(db_open(path, &db), DX_E_CORRUPT);
}

static void test_db__two_rows_of_one_text_do_not_disturb_each_other(void **state)
{
    (void)state;
    char path[256];
    struct db *db = open_db(path, sizeof path);
    ok(db_exec(db, "INSERT INTO t VALUES ('a', 1), ('b', 2)", ""));
    static const char sql[] = "SELECT id, n FROM t ORDER BY id";
    struct db_row outer;
    struct db_row inner;
    int pairs = 0;
    ok(db_query(db, &outer, sql, ""));
    while (db_next(&outer)) {
        ok(db_query(db, &inner, sql, ""));
        while (db_next(&inner)) {
            pairs++;
        }
        ok(db_done(&inner));
        assert_true(db_text(&outer, 0).n == 1);
    }
    ok(db_done(&outer));
    assert_int_equal(pairs, 4);
    db_close(db);
}

TESTS(T(test_mailbox__keeps_order_and_says_when_full), T(test_mailbox__two_threads_lose_nothing),
      T(test_db__what_is_committed_is_there_and_the_rest_is_not),
      T(test_db__a_new_file_is_its_owner_s_alone), T(test_db__errors_tell_what_happened),
      T(test_db__two_rows_of_one_text_do_not_disturb_each_other))
