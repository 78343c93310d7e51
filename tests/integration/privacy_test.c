/* Personal data over the real SQLite: how long it stays, who holds it, how a person gets it back.
 */
#include "server/store/store_bank.h"
#include "server/store/store_privacy.h"
#include "tests/integration/server_world.h"

#include <sqlite3.h>
#include <sys/wait.h>

static struct world w;
static const uint8_t key[PRIVACY_KEY] = {7};
#define PLATE "30F12345"
#define PAYER "NGUYEN VAN AN"

/* ---- a crash at the n-th step of the database: in a child only ---- */

static int crash_at; /* 0: never */
int __real_sqlite3_step(sqlite3_stmt *statement);
int __wrap_sqlite3_step(sqlite3_stmt *statement);
int __wrap_sqlite3_step(sqlite3_stmt *statement)
{
    if (crash_at > 0 && --crash_at == 0) {
        _exit(9);
    }
    return __real_sqlite3_step(statement);
}

static int setup(void **state)
{
    (void)state;
    world_init(&w);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    assert_int_equal(world_ledger_faults(&w), 0);
    world_fini(&w);
    return 0;
}

#define COUNT(table_and_where) world_number(&w, "SELECT count(*) FROM " table_and_where)

static struct store *open_store(void)
{
    struct store *store = NULL;
    ok(store_open_another(w.database, 5000, &store));
    return store;
}

static void leave(const char *session, enum permit permit)
{
    struct event e = world_event_b(&w, EVENT_EXIT_PERMITTED, session);
    e.permit = permit;
    world_send(&w, &e);
    e = world_event_b(&w, EVENT_LEFT, session);
    world_send(&w, &e);
}

/* A stay of half an hour, paid by a transfer whose text names the payer. */
static void visit(const char *session, const char *plate)
{
    char code[PAYCODE_CAP];
    char text[96];
    char number[8];
    world_enter(&w, session, plate);
    world_pass(&w, 30);
    (void)world_ask(&w, session, plate);
    world_code(&w, session, code);
    snprintf(text, sizeof text, PAYER " CHUYEN TIEN %s", code);
    snprintf(number, sizeof number, "%d", session[0]);
    assert_int_equal(world_pay(&w, number, text, 25000), 200);
    world_run(&w);
    leave(session, PERMIT_PAID);
}

static struct privacy_ask ask_of(const char *plate)
{
    return (struct privacy_ask){.key = key,
                                .plate = plate,
                                .stay = "",
                                .by = "mai",
                                .reason = "đơn số 12",
                                .address = "",
                                .now = w.now};
}

/* How often the bytes stand in the database's files, in whatever table, index or free page. */
static int in_files(const char *text)
{
    static const char *const endings[] = {"", "-wal"};
    int found = 0;
    for (size_t i = 0; i < 2; i++) {
        char path[300];
        snprintf(path, sizeof path, "%s%s", w.database, endings[i]);
        FILE *file = fopen(path, "rb");
        if (!file) {
            continue;
        }
        static char bytes[8 << 20];
        size_t n = fread(bytes, 1, sizeof bytes, file);
        assert_true(n < sizeof bytes);
        fclose(file);
        size_t length = strlen(text);
        for (size_t at = 0; at + length <= n; at++) {
            found += memcmp(bytes + at, text, length) == 0;
        }
    }
    return found;
}

/* All of the statistics in one number: they hold no plate, and nothing here may move them. */
static int64_t statistics(void)
{
    return world_number(&w, "SELECT (SELECT sum(entered + 3 * left + 5 * transfer_turns) FROM"
                            " rollup) + 7 * (SELECT coalesce(sum(count), 0) FROM rollup_sign)");
}

static int64_t count_of(const struct privacy_count *count, const char *rule, bool held)
{
    for (int i = 0; i < count->rules; i++) {
        if (strcmp(count->rule[i].name, rule) == 0) {
            return held ? count->rule[i].held : count->rule[i].done;
        }
    }
    fail_msg("no rule %s", rule);
    return -1;
}

static struct privacy_run run_after(int days)
{
    struct privacy_run run = {.key = key, .by = "server"};
    privacy_terms_default(&run.terms);
    run.now = wall_add(w.now, days * INT64_C(86400000));
    return run;
}

/* ---- retention ---- */

static void test_privacy__old_plates_become_pseudonyms_and_fees_stay(void **state)
{
    (void)state;
    struct privacy_count count;
    char first[64];
    char second[64];
    visit("A", PLATE);
    visit("B", PLATE);
    world_enter(&w, "C", "30G99999"); /* still inside */
    int64_t paid = world_number(&w, "SELECT sum(paid_vnd) FROM session");
    int64_t figures = statistics();
    assert_true(figures > 0);
    struct store *store = open_store();
    struct privacy_run run = run_after(89);
    ok(store_privacy_retain(store, &run, &count));
    assert_int_equal(count_of(&count, "stay", false), 0);

    run = run_after(91);
    run.dry = true;
    ok(store_privacy_retain(store, &run, &count));
    assert_int_equal(count_of(&count, "stay", false), 2);
    assert_int_equal(COUNT("session WHERE key = '" PLATE "'"), 2);

    run.dry = false;
    ok(store_privacy_retain(store, &run, &count));
    assert_int_equal(count_of(&count, "stay", false), 2);
    assert_int_equal(COUNT("session WHERE key = '" PLATE "' OR raw <> ''"), 1); /* C's raw */
    assert_int_equal(COUNT("event WHERE instr(body, '" PLATE "') > 0"), 0);
    assert_int_equal(COUNT("session WHERE key = '30G99999'"), 1);
    world_text(&w, "SELECT min(key) FROM session WHERE key LIKE 'p-%'", first, sizeof first);
    world_text(&w, "SELECT max(key) FROM session WHERE key LIKE 'p-%'", second, sizeof second);
    assert_string_equal(first, second);
    char expected[PRIVACY_NAME_CAP];
    privacy_pseudonym(key, PLATE, expected);
    assert_string_equal(first, expected);
    assert_int_equal(world_number(&w, "SELECT sum(paid_vnd) FROM session"), paid);
    assert_int_equal(statistics(), figures);

    /* The texts of transfers have a term of their own. */
    assert_int_equal(COUNT("bank_credit WHERE instr(content, '" PAYER "') > 0"), 2);
    run = run_after(731);
    ok(store_privacy_retain(store, &run, &count));
    assert_int_equal(count_of(&count, "stay", false), 0);
    assert_int_equal(count_of(&count, "transfer", false), 2);
    assert_int_equal(COUNT("bank_credit WHERE content <> ''"), 0);
    assert_int_equal(COUNT("bank_inbox WHERE length(body) > 0"), 0);
    ok(store_privacy_retain(store, &run, &count));
    assert_int_equal(count_of(&count, "transfer", false), 0);
    store_close(store);
}

static void test_privacy__what_is_owed_or_held_is_kept(void **state)
{
    (void)state;
    struct privacy_count count;
    visit("A", PLATE);
    visit("B", "30G11111");
    world_enter(&w, "D", "30H22222");
    world_pass(&w, 30);
    (void)world_ask(&w, "D", "30H22222");
    leave("D", PERMIT_DEBT); /* without paying: a debt */
    assert_int_equal(COUNT("session WHERE state = 'left_unpaid'"), 1);
    struct store *store = open_store();
    struct privacy_ask ask = ask_of(PLATE);
    ok(store_privacy_hold(store, &ask));
    assert_int_equal(store_privacy_hold(store, &ask), DX_E_EXISTS);
    struct privacy_run run = run_after(800);
    ok(store_privacy_retain(store, &run, &count));
    assert_int_equal(count_of(&count, "stay", false), 1);
    assert_int_equal(count_of(&count, "stay", true), 1);
    assert_int_equal(count_of(&count, "transfer", true), 1);
    assert_int_equal(COUNT("session WHERE key = '" PLATE "'"), 1);
    assert_int_equal(COUNT("session WHERE key = '30H22222'"), 1);
    assert_int_equal(COUNT("session WHERE key = '30G11111'"), 0);
    ok(store_privacy_release(store, &ask));
    assert_int_equal(store_privacy_release(store, &ask), DX_E_NOT_FOUND);
    ok(store_privacy_retain(store, &run, &count));
    assert_int_equal(COUNT("session WHERE key = '" PLATE "'"), 0);
    store_close(store);
}

static bool stop_second(void *context)
{
    int *asked = context;
    return ++*asked > 2;
}

static void test_privacy__a_run_cut_short_goes_on_the_next_time(void **state)
{
    (void)state;
    struct privacy_count count;
    wall_t last = {0};
    int asked = 0;
    visit("A", PLATE);
    struct store *store = open_store();
    struct privacy_run run = run_after(800);
    run.stopping = stop_second;
    run.context = &asked;
    assert_int_equal(store_privacy_retain(store, &run, &count), DX_E_TIMEOUT);
    assert_int_equal(COUNT("session WHERE key = '" PLATE "'"), 0); /* the first rule is done */
    assert_int_equal(COUNT("bank_credit WHERE content <> ''"), 1);
    ok(store_privacy_last(store, &last));
    assert_int_equal(last.ms, 0); /* and no proof that all was */
    run.stopping = NULL;
    ok(store_privacy_retain(store, &run, &count));
    assert_int_equal(COUNT("bank_credit WHERE content <> ''"), 0);
    ok(store_privacy_last(store, &last));
    assert_int_equal(last.ms, run.now.ms);
    store_close(store);
}

/* ---- a person's rights ---- */

struct exported {
    int sections;
    char text[64 * 1024];
};

static void take_section(void *context, const char *section, struct str json)
{
    struct exported *e = context;
    size_t n = strlen(e->text);
    e->sections++;
    snprintf(e->text + n, sizeof e->text - n, "%s=%.*s\n", section, (int)json.n, json.p);
}

static void expect(const struct exported *e, const char *piece)
{
    if (!strstr(e->text, piece)) {
        fail_msg("'%s' is not in the export", piece);
    }
}

static void test_privacy__an_export_has_all_that_is_kept_and_nothing_of_others(void **state)
{
    (void)state;
    static struct exported e;
    char id[ULID_CAP];
    char piece[64];
    memset(&e, 0, sizeof e);
    visit("A", PLATE);
    visit("B", "30G11111");
    world_session_id("A", id);
    struct store *store = open_store();
    struct privacy_ask ask = ask_of(PLATE);
    ask.reason = "";
    assert_int_equal(store_privacy_export(store, &ask, take_section, &e), DX_E_INVAL);
    assert_int_equal(e.sections, 0);
    ask = ask_of(PLATE);
    ok(store_privacy_export(store, &ask, take_section, &e));
    assert_int_equal(e.sections, 13);
    expect(&e, "stays=[{");
    snprintf(piece, sizeof piece, "\"id\":\"%s\"", id);
    expect(&e, piece);
    expect(&e, "\"fee_vnd\":25000");
    expect(&e, PAYER);
    /* All messages of the stay, from arriving to leaving. */
    expect(&e, "\"type\":\"arrived\"");
    expect(&e, "\"type\":\"exit_asked\"");
    expect(&e, "\"type\":\"left\"");
    /* That somebody looked, this export itself. */
    expect(&e, "\"action\":\"export\"");
    expect(&e, "đơn số 12");
    assert_null(strstr(e.text, "30G11111"));
    store_close(store);
}

static void test_privacy__an_erasure_leaves_no_trace_of_the_plate_but_its_proof(void **state)
{
    (void)state;
    struct privacy_count count;
    const char *why = NULL;
    int64_t proof = 0;
    int64_t number = 0;
    visit("A", PLATE);
    visit("B", PLATE);
    visit("C", "30G11111");
    int64_t entries = COUNT("ledger_entry");
    int64_t figures = statistics();
    world_stop(&w);
    assert_true(in_files(PLATE) > 0);
    struct store *store = open_store();
    struct privacy_ask ask = ask_of(PLATE);
    ok(store_privacy_erase(store, &ask, &why, &count, &proof));
    assert_int_equal(count_of(&count, "stay", false), 2);
    assert_int_equal(count_of(&count, "transfer", false), 2);
    assert_int_equal(in_files(PLATE), 0);
    assert_true(in_files("30G11111") > 0);
    assert_int_equal(COUNT("bank_credit WHERE content <> ''"), 1); /* the other vehicle's */
    assert_int_equal(COUNT("bank_inbox WHERE length(body) > 0"), 1);
    /* Two stays of one vehicle still, which nobody can make again from the plate. */
    char name[64];
    char pseudonym[PRIVACY_NAME_CAP];
    world_text(&w, "SELECT min(key) FROM session WHERE key LIKE 'p-%'", name, sizeof name);
    privacy_pseudonym(key, PLATE, pseudonym);
    assert_string_not_equal(name, pseudonym);
    assert_int_equal(COUNT("session WHERE key LIKE 'p-%' AND fee_vnd = 25000"), 2);
    assert_int_equal(COUNT("ledger_entry"), entries);
    assert_int_equal(statistics(), figures);
    /* The proof is found by who gives the plate, and sealed. */
    char sql[128];
    snprintf(sql, sizeof sql, "SELECT number FROM privacy_proof WHERE subject = '%s'", pseudonym);
    assert_int_equal(world_number(&w, sql), proof);
    ok(store_privacy_verify(store, key, &number));
    assert_int_equal(number, 1);
    assert_int_equal(store_privacy_erase(store, &ask, &why, &count, &proof), DX_E_NOT_FOUND);
    store_close(store);
    world_start(&w);
}

static void change_proof(const char *sql)
{
    sqlite3 *raw = NULL;
    assert_int_equal(sqlite3_open(w.database, &raw), SQLITE_OK);
    assert_int_equal(sqlite3_exec(raw, sql, NULL, NULL, NULL), SQLITE_OK);
    sqlite3_close(raw);
}

static void test_privacy__a_changed_proof_does_not_fit_any_more(void **state)
{
    (void)state;
    struct privacy_count count;
    int64_t number = 0;
    struct store *store = open_store();
    for (int day = 1; day <= 3; day++) {
        struct privacy_run run = run_after(day);
        ok(store_privacy_retain(store, &run, &count));
    }
    ok(store_privacy_verify(store, key, &number));
    assert_int_equal(number, 3);
    store_close(store);
    change_proof("DROP TRIGGER privacy_proof_no_update;"
                 "UPDATE privacy_proof SET by = 'ai đó' WHERE number = 2;");
    store = open_store();
    assert_int_equal(store_privacy_verify(store, key, &number), DX_E_CHECK);
    assert_int_equal(number, 2);
    store_close(store);
}

static void test_privacy__a_hold_or_a_debt_stops_an_erasure(void **state)
{
    (void)state;
    struct privacy_count count;
    const char *why = NULL;
    int64_t proof = 0;
    char id[ULID_CAP];
    world_enter(&w, "A", PLATE);
    struct store *store = open_store();
    struct privacy_ask ask = ask_of(PLATE);
    assert_int_equal(store_privacy_erase(store, &ask, &why, &count, &proof), DX_E_STATE);
    assert_string_equal(why, "a stay is under way");
    world_pass(&w, 30);
    (void)world_ask(&w, "A", PLATE);
    leave("A", PERMIT_DEBT);
    assert_int_equal(store_privacy_erase(store, &ask, &why, &count, &proof), DX_E_STATE);
    assert_string_equal(why, "a debt is open");
    visit("B", "30G11111");
    world_session_id("B", id);
    struct privacy_ask stay = ask_of("");
    stay.stay = id;
    ok(store_privacy_hold(store, &stay));
    ask = ask_of("30G11111");
    assert_int_equal(store_privacy_erase(store, &ask, &why, &count, &proof), DX_E_DENIED);
    assert_int_equal(COUNT("session WHERE key = '30G11111'"), 1);
    assert_int_equal(COUNT("privacy_proof"), 0);
    assert_int_equal(COUNT("privacy_log WHERE action = 'refused' AND who = 'mai'"), 3);
    ok(store_privacy_release(store, &stay));
    ok(store_privacy_erase(store, &ask, &why, &count, &proof));
    assert_int_equal(COUNT("session WHERE key = '30G11111'"), 0);
    store_close(store);
}

/* In a child that dies at the n-th step; its status. */
static int erase_and_die(int step)
{
    pid_t child = fork();
    if (child == 0) {
        struct privacy_count count;
        const char *why = NULL;
        int64_t proof = 0;
        struct store *store = NULL;
        if (store_open_another(w.database, 5000, &store)) {
            _exit(3);
        }
        struct privacy_ask ask = ask_of(PLATE);
        crash_at = step;
        int error = store_privacy_erase(store, &ask, &why, &count, &proof);
        crash_at = 0;
        _exit(error ? 4 : 0);
    }
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    return WEXITSTATUS(status);
}

static void test_privacy__a_crash_at_any_step_erases_all_or_nothing(void **state)
{
    (void)state;
    int step = 1;
    visit("A", PLATE);
    visit("B", PLATE);
    world_stop(&w);
    for (int status = 9; status != 0; step++) {
        status = erase_and_die(step);
        assert_true(status == 9 || status == 0);
        int64_t proofs = COUNT("privacy_proof");
        int64_t stays = COUNT("session WHERE key = '" PLATE "'");
        int64_t events = COUNT("event WHERE instr(body, '" PLATE "') > 0");
        int64_t words = COUNT("bank_credit WHERE content <> ''");
        bool all = proofs == 1 && stays == 0 && events == 0 && words == 0;
        bool nothing = proofs == 0 && stays == 2 && events > 0 && words == 2;
        if (!all && !nothing) {
            fail_msg("step %d: half of it", step);
        }
        if (all) {
            break;
        }
    }
    assert_true(step > 20);
    world_start(&w);
}

/* ---- look-ups ---- */

static void count_row(void *context, struct db_row *row)
{
    int *count = context;
    (void)row;
    ++*count;
}

static void
test_privacy__who_looked_for_a_plate_is_found_by_it_and_the_plate_is_not_there(void **state)
{
    (void)state;
    int rows = 0;
    char pseudonym[PRIVACY_NAME_CAP];
    struct store *store = open_store();
    struct privacy_ask ask = ask_of("30K55555");
    ok(store_privacy_note(store, "look", &ask));
    ask.by = "";
    assert_int_equal(store_privacy_note(store, "look", &ask), DX_E_INVAL);
    privacy_pseudonym(key, "30K55555", pseudonym);
    ok(store_privacy_list(store, "log", pseudonym, count_row, &rows));
    assert_int_equal(rows, 1);
    privacy_pseudonym(key, "30K55556", pseudonym);
    ok(store_privacy_list(store, "log", pseudonym, count_row, &rows));
    assert_int_equal(rows, 1);
    store_close(store);
    assert_int_equal(in_files("30K55555"), 0);
}

#define W(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
TESTS(W(test_privacy__old_plates_become_pseudonyms_and_fees_stay),
      W(test_privacy__what_is_owed_or_held_is_kept),
      W(test_privacy__a_run_cut_short_goes_on_the_next_time),
      W(test_privacy__an_export_has_all_that_is_kept_and_nothing_of_others),
      W(test_privacy__an_erasure_leaves_no_trace_of_the_plate_but_its_proof),
      W(test_privacy__a_changed_proof_does_not_fit_any_more),
      W(test_privacy__a_hold_or_a_debt_stops_an_erasure),
      W(test_privacy__a_crash_at_any_step_erases_all_or_nothing),
      W(test_privacy__who_looked_for_a_plate_is_found_by_it_and_the_plate_is_not_there))
