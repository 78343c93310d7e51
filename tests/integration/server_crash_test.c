/*
 * Crash safety, by sweep: the same small day is played once undisturbed, and then once for each
 * call of sqlite3_step it makes, with that call disturbed:
 *     killed    the process dies there (a forked child, _exit); a new one starts over the file
 *     refused   the call is not made and says I/O error, and the program goes on
 *     doubtful  the call is made and says I/O error: done, but nobody knows
 * The gates send again what was not acknowledged, the bank what was not answered with 200, as
 * they do in life.  In the end the books must be those of the undisturbed day: nothing
 * lost, nothing twice, nobody charged twice.
 *
 * DOXE_SWEEP_ALL=1 in the environment takes every call instead of every second or fifth.
 *
 * The linker puts our sqlite3_step before the library's (-Wl,--wrap); see server.cmake.
 */
#include "server/app/pass.h"
#include "server/app/cases.h"
#include "tests/integration/server_world.h"

#include <sys/wait.h>

enum { DUMP_CAP = 32768, IO_ERROR = 10, KILLED = 42 };

enum fault { FAULT_NONE, FAULT_KILLED, FAULT_REFUSED, FAULT_DOUBTFUL };

static struct {
    enum fault kind;
    int64_t after; /* disturb the call with this number, 1… */
    int64_t calls;
    bool paused; /* the test itself is reading */
} fault;

int __real_sqlite3_step(void *statement);
int __wrap_sqlite3_step(void *statement);

int __wrap_sqlite3_step(void *statement)
{
    bool now = fault.kind != FAULT_NONE && !fault.paused && ++fault.calls == fault.after;
    if (!now) {
        return __real_sqlite3_step(statement);
    }
    if (fault.kind == FAULT_KILLED) {
        _exit(KILLED);
    }
    if (fault.kind == FAULT_DOUBTFUL) {
        (void)__real_sqlite3_step(statement);
    }
    return IO_ERROR;
}

/* ---- the day: each step is repeated until it is done, as gates and banks do ---- */

static struct world w;

/* Says the event until the server has it: a kill ends all this, an error is tried again. */
static void deliver(const struct event *event)
{
    for (int i = 0; i < 8; i++) {
        char space[MSG_SIZE_MAX];
        char topic[96];
        struct out out;
        out_init(&out, space, sizeof space);
        event_write(&out, event);
        snprintf(topic, sizeof topic, "doxe/1/%.7s/%s/up", event->gate, event->gate);
        world_post(&w, topic, space);
        while (app_has_work(w.app) && app_turn(w.app, (mono_t){0}) == 0) {
        }
        for (int s = w.said_count - 1; s >= 0; s--) {
            const struct down *down = &w.said[s].down;
            if (down->type == DOWN_ACK && strstr(w.said[s].topic, event->gate) &&
                down->seq >= event->seq) {
                return;
            }
        }
    }
    fail_msg("event %s was never acknowledged", event->id);
}

static void arrive(const char *session, const char *plate, bool enters)
{
    struct event e = world_event(&w, EVENT_ARRIVED, session);
    world_plate(&e, plate, VEHICLE_CAR);
    deliver(&e);
    e = world_event(&w, enters ? EVENT_ENTERED : EVENT_BACKED_OUT, session);
    deliver(&e);
}

static void at_exit_lane(enum event_type type, const char *session, const char *plate)
{
    struct event e = world_event_b(&w, type, session);
    if (type == EVENT_EXIT_ASKED) {
        world_plate(&e, plate, VEHICLE_CAR);
    }
    deliver(&e);
}

/* SePay sends a notice again until it is answered with 200; banks do not forget. */
static void pay_way(const char *tx, const char *way, const char *code, int64_t amount)
{
    char body[512];
    char when[TIME_ISO_CAP];
    time_format_iso(w.now, when);
    when[10] = ' ';
    when[19] = '\0';
    snprintf(body, sizeof body,
             "{\"id\":%s,\"transactionDate\":\"%s\",\"accountNumber\":\"0123456789\","
             "\"transferType\":\"%s\",\"transferAmount\":%lld,\"content\":\"%s\","
             "\"referenceCode\":\"FT%s\"}",
             tx, when, way, (long long)amount, code, tx);
    for (int i = 0; i < 8; i++) {
        int status = world_webhook(&w, body, true);
        while (app_has_work(w.app) && app_turn(w.app, (mono_t){0}) == 0) {
        }
        if (status == 200) {
            return;
        }
    }
    fail_msg("notice %s was never taken", tx);
}

static void pay_code(const char *tx, const char *code, int64_t amount)
{
    pay_way(tx, "in", code, amount);
}

static void pay(const char *tx, const char *session, int64_t amount)
{
    char code[PAYCODE_CAP];
    fault.paused = true;
    world_code(&w, session, code);
    fault.paused = false;
    pay_code(tx, code, amount);
}

static void at_desk(enum event_type type, const char *session, const char *receipt, int64_t vnd)
{
    struct event e = world_event_b(&w, type, session);
    world_session_id("S", e.shift);
    snprintf(e.by, sizeof e.by, "lan");
    snprintf(e.receipt, sizeof e.receipt, "%s", receipt);
    e.amount_vnd = type == EVENT_CASH_TAKEN ? vnd : 0;
    e.counted_vnd = vnd;
    deliver(&e);
}

/* A driver presses until there is an answer; whoever comes back after a crash looks first. */
static void buy_pass(const char *tx, const char *plate)
{
    char code[PAYCODE_CAP] = "";
    struct pass_order order = {.kind = PASS_ORDER_BUY,
                               .by = "driver",
                               .lot = "hn-0001",
                               .name = "month",
                               .vehicle = VEHICLE_CAR,
                               .plate_count = 1,
                               .months = 1};
    snprintf(order.plate[0], sizeof order.plate[0], "%s", plate);
    fault.paused = true;
    bool there = world_number(&w, "SELECT count(*) FROM pass_period") > 0;
    fault.paused = false;
    for (int i = 0; i < 8 && !there; i++) {
        there = app_pass(w.app, &order) == 0;
    }
    while (app_has_work(w.app) && app_turn(w.app, (mono_t){0}) != 0) {
    }
    fault.paused = true;
    world_text(&w, "SELECT code FROM pass_period", code, sizeof code);
    fault.paused = false;
    pay_code(tx, code, 900000);
}

/* Three cars: one pays in two pieces at the exit, one leaves unpaid and pays late, one backs out.
 */
static void play_day(void)
{
    w.seq = w.exit_seq = w.ids = 0;
    ok(time_parse_iso(STR("2026-03-02T09:00:00+07:00"), &w.now));
    arrive("A", "30F12345", true);
    arrive("B", "29A99999", true);
    arrive("C", "51G00001", false);
    world_pass(&w, 65);
    at_exit_lane(EVENT_EXIT_ASKED, "", "30F12345");
    pay("1", "A", 20000);
    pay("2", "A", 30000);
    at_exit_lane(EVENT_EXIT_PERMITTED, "A", "");
    at_exit_lane(EVENT_LEFT, "A", "");
    world_pass(&w, 10);
    at_exit_lane(EVENT_EXIT_ASKED, "B", "29A99999");
    at_exit_lane(EVENT_EXIT_PERMITTED, "B", "");
    at_exit_lane(EVENT_LEFT, "B", "");
    pay("3", "B", 55000);
    pay("3", "B", 55000);
    while (app_has_work(w.app)) {
        if (app_turn(w.app, (mono_t){0}) != 0) {
            continue;
        }
    }
}

/* Cash: one car pays in an attendant's drawer that is found short; another has bought a pass. */
static void play_books(void)
{
    w.seq = w.exit_seq = w.ids = 0;
    ok(time_parse_iso(STR("2026-03-02T09:00:00+07:00"), &w.now));
    at_desk(EVENT_SHIFT_OPENED, "", "", 100000);
    buy_pass("1", "30F12345");
    arrive("A", "30F12345", true);
    arrive("B", "29A99999", true);
    world_pass(&w, 30);
    at_exit_lane(EVENT_EXIT_ASKED, "A", "30F12345");
    at_exit_lane(EVENT_EXIT_PERMITTED, "A", "");
    at_exit_lane(EVENT_LEFT, "A", "");
    at_exit_lane(EVENT_EXIT_ASKED, "B", "29A99999");
    at_desk(EVENT_CASH_TAKEN, "B", "R-000001", 25000);
    at_exit_lane(EVENT_EXIT_PERMITTED, "B", "");
    at_exit_lane(EVENT_LEFT, "B", "");
    at_desk(EVENT_SHIFT_CLOSED, "", "", 120000);
    pay("2", "B", 25000); /* and a transfer, too: to be refunded */
    while (app_has_work(w.app)) {
        if (app_turn(w.app, (mono_t){0}) != 0) {
            continue;
        }
    }
}

static void (*play)(void) = play_day;

/* A person presses again what was not answered, and looks first whether it is done. */
static void order(struct app_case *order, const char *is_done)
{
    for (int i = 0; i < 8; i++) {
        fault.paused = true;
        bool done = world_number(&w, is_done) == 1;
        fault.paused = false;
        if (done) {
            return;
        }
        struct app_case again = *order;
        (void)!app_run_case(w.app, &again);
        while (app_has_work(w.app) && app_turn(w.app, (mono_t){0}) == 0) {
        }
    }
    fail_msg("an order of kind %d was never carried out", (int)order->kind);
}

/* Whatever was disturbed is tried again until nothing waits. */
static void settle(void)
{
    while (app_has_work(w.app)) {
        if (app_turn(w.app, (mono_t){0}) != 0) {
            continue;
        }
    }
}

static void find_id(const char *sql, char id[ULID_CAP])
{
    settle();
    fault.paused = true;
    world_text(&w, sql, id, ULID_CAP);
    fault.paused = false;
}

/*
 * A transfer without a code is resolved by two persons; one that had paid is taken back by the
 * bank; a case of too much money is given up, and a debt is written off.
 */
static void play_cases(void)
{
    struct app_case propose = {.kind = APP_PROPOSE, .by = "lan", .part_count = 1};
    struct app_case approve = {.kind = APP_APPROVE, .by = "minh"};
    struct app_case cancel = {.kind = APP_REFUND_CANCEL, .by = "lan", .note = "nobody claims it"};
    struct app_case write_off = {.kind = APP_WRITE_OFF, .by = "minh", .note = "gone"};
    w.seq = w.exit_seq = w.ids = 0;
    ok(time_parse_iso(STR("2026-03-02T09:00:00+07:00"), &w.now));
    arrive("A", "30F12345", true);
    world_pass(&w, 30);
    at_exit_lane(EVENT_EXIT_ASKED, "", "30F12345");
    pay_code("100001", "khong ma", 25000);
    settle();
    fault.paused = true;
    propose.review = world_number(&w, "SELECT id FROM review WHERE kind = 'bank_unmatched'");
    fault.paused = false;
    propose.part[0] = (struct proposal_part){.action = PROPOSAL_SESSION, .amount_vnd = 25000};
    world_session_id("A", propose.part[0].target);
    order(&propose, "SELECT count(*) FROM proposal WHERE kind = 'transfer'");
    find_id("SELECT id FROM proposal WHERE kind = 'transfer'", approve.id);
    order(&approve, "SELECT count(*) FROM proposal WHERE kind = 'transfer' AND state = 'approved'");
    pay("2", "A", 30000); /* a second time: too much */
    find_id("SELECT id FROM refund", cancel.id);
    order(&cancel, "SELECT count(*) FROM refund WHERE state = 'cancelled'");
    at_exit_lane(EVENT_EXIT_PERMITTED, "A", "");
    at_exit_lane(EVENT_LEFT, "A", "");
    pay_way("3", "out", "thu hoi FT100001", 25000);
    settle();
    memcpy(write_off.id, propose.part[0].target, sizeof write_off.id);
    order(&write_off, "SELECT count(*) FROM proposal WHERE kind = 'write_off'");
    approve.by[0] = 'h'; /* "hinh": another one again */
    find_id("SELECT id FROM proposal WHERE kind = 'write_off'", approve.id);
    order(&approve, "SELECT count(*) FROM session WHERE state = 'written_off'");
    while (app_has_work(w.app)) {
        if (app_turn(w.app, (mono_t){0}) != 0) {
            continue;
        }
    }
}

/* Everything that must not depend on the disturbance; ids that were drawn are left out. */
static void dump(char *out, size_t cap)
{
    static const char *const queries[] = {
        "SELECT id || state || ' ' || fee_vnd || ' ' || paid_vnd || ' ' || coalesce(entered_ms, 0)"
        " || ' ' || coalesce(left_ms, 0) || ' ' || coalesce(paid_ms, 0) FROM session ORDER BY id",
        "SELECT gate || seq || type || outcome || session FROM event ORDER BY gate, seq",
        "SELECT id || generation || '/' || high FROM gate ORDER BY id",
        "SELECT CASE WHEN tx LIKE 'pass_month:%' THEN 'pass_month'"
        " WHEN tx LIKE 'credit:%' OR tx LIKE 'fee:%' OR tx LIKE 'cash:%' THEN tx"
        " ELSE substr(tx, 1, 8) END || ' ' || line || "
        "account || ' ' || amount_vnd FROM ledger_entry"
        " ORDER BY 1",
        "SELECT provider_tx || verdict || session || amount_vnd FROM bank_credit"
        " ORDER BY provider_tx",
        "SELECT grain || ' ' || at || lot || vehicle || entered || left || ' ' || fee_vnd || ' '"
        " || transfer_turns || debt_turns || free_turns || ' ' || transfer_vnd FROM rollup"
        " WHERE grain = 1 ORDER BY at, lot",
        "SELECT kind || session || detail FROM review ORDER BY kind, session",
        /* The day is played again from its start: the clock goes back, and a promise may run out.
         */
        "SELECT replace(kind, 'page', 'topup') || ' ' || amount_vnd || state FROM stay_request"
        " WHERE state <> 'expired' ORDER BY session, 1",
        "SELECT session || amount_vnd || ' ' || back_vnd FROM credit_applied ORDER BY 1",
        "SELECT kind || state || made_by || decided_by FROM proposal ORDER BY 1",
        "SELECT cause || amount_vnd || state FROM refund ORDER BY 1",
        "SELECT count(*) || ' waiting' FROM outbox WHERE done_ms IS NULL",
        "SELECT count(*) || ' new notices' FROM bank_inbox WHERE state = 'new'",
        "SELECT count(*) || ' quarantined' FROM quarantine",
        "SELECT count(*) || ' alarms' FROM alarm",
        "SELECT shift || receipt || ' ' || amount_vnd || ' ' || applied_vnd || ' ' || refund_vnd"
        " || verdict FROM cash_taken ORDER BY event",
        "SELECT id || float_vnd || ' ' || taken_over_vnd FROM shift ORDER BY id",
        "SELECT shift || counted_vnd || ' ' || expected_vnd FROM shift_close ORDER BY shift",
        "SELECT shift || amount_vnd || reason FROM shift_difference ORDER BY id",
        "SELECT from_ms || ' ' || until_ms || ' ' || paid_vnd || ' ' || covers_ms || ' ' || earned"
        " FROM pass_period ORDER BY from_ms",
        "SELECT session FROM pass_use ORDER BY session",
        "SELECT what FROM pass_change ORDER BY version"};
    struct db *db;
    struct out text;
    out_init(&text, out, cap);
    ok(db_open_reader(w.database, &db));
    for (size_t i = 0; i < sizeof queries / sizeof queries[0]; i++) {
        struct db_row row;
        ok(db_query(db, &row, queries[i], ""));
        while (db_next(&row)) {
            out_add(&text, db_text(&row, 0));
            out_char(&text, '\n');
        }
        ok(db_done(&row));
    }
    db_close(db);
    assert_false(out_failed(&text));
}

static void compare(const char *undisturbed, int64_t after)
{
    static char here[DUMP_CAP];
    dump(here, sizeof here);
    struct str a = str_c(here);
    struct str b = str_c(undisturbed);
    while (a.n || b.n) {
        size_t m = str_index(a, '\n');
        size_t n = str_index(b, '\n');
        if (!str_eq(str_slice(a, 0, m), str_slice(b, 0, n))) {
            fail_msg("disturbed at call %lld, the books differ: %.*s instead of %.*s",
                     (long long)after, (int)m, a.p, (int)n, b.p);
        }
        a = str_slice(a, m + 1, a.n);
        b = str_slice(b, n + 1, b.n);
    }
    assert_int_equal(world_ledger_faults(&w), 0);
}

/* Plays the day undisturbed; how many calls it makes. */
static int64_t play_reference(char *reference, size_t cap)
{
    fault.kind = FAULT_REFUSED;
    fault.after = 0;
    fault.calls = 0;
    world_init(&w);
    fault.calls = 0;
    play();
    int64_t calls = fault.calls;
    fault.kind = FAULT_NONE;
    dump(reference, cap);
    assert_int_equal(world_ledger_faults(&w), 0);
    world_fini(&w);
    assert_true(calls > 200);
    return calls;
}

static char reference[DUMP_CAP];

/* Killed anywhere between the start and the end, then started again over the same file. */
/* When the life that was killed last wrote something: the next one's clock is not before it. */
static wall_t last_sign(void)
{
    int64_t ms = world_number(&w, "SELECT max(coalesce((SELECT max(received_ms) FROM event), 0),"
                                  " coalesce((SELECT max(received_ms) FROM bank_inbox), 0))");
    return (wall_t){ms > w.now.ms ? ms : w.now.ms};
}

static void sweep_kills(int64_t step)
{
    int64_t calls = play_reference(reference, sizeof reference);
    step = getenv("DOXE_SWEEP_ALL") ? 1 : step;
    for (int64_t after = 1; after <= calls; after += step) {
        world_init(&w);
        world_stop(&w); /* the file is made; nobody has it open */
        pid_t child = fork();
        if (child == 0) {
            world_start(&w);
            fault.kind = FAULT_KILLED;
            fault.after = after;
            fault.calls = 0;
            play();
            _exit(0);
        }
        int status = 0;
        assert_int_equal(waitpid(child, &status, 0), child);
        assert_true(WIFEXITED(status) && WEXITSTATUS(status) == KILLED);
        w.said_count = 0;
        prng_init(&w.dice, (uint64_t)after + 100); /* another life draws other numbers */
        fault.kind = FAULT_NONE;
        w.now = last_sign();
        world_start(&w);
        play();
        compare(reference, after);
        world_fini(&w);
    }
}

static void test_server__killed_at_each_call_it_loses_nothing_and_charges_nobody_twice(void **state)
{
    (void)state;
    sweep_kills(5);
}

static void sweep_errors(enum fault kind, int64_t step)
{
    int64_t calls = play_reference(reference, sizeof reference);
    step = getenv("DOXE_SWEEP_ALL") ? 1 : step;
    for (int64_t after = 1; after <= calls; after += step) {
        world_init(&w);
        fault.kind = kind;
        fault.after = after;
        fault.calls = 0;
        play();
        fault.kind = FAULT_NONE;
        world_run(&w);
        compare(reference, after);
        world_fini(&w);
    }
}

static void test_server__an_error_at_each_call_only_delays(void **state)
{
    (void)state;
    sweep_errors(FAULT_REFUSED, 2);
}

static void test_server__an_error_after_each_call_only_delays(void **state)
{
    (void)state;
    sweep_errors(FAULT_DOUBTFUL, 2);
}

/* Cash, shifts and passes, with each kind of disturbance. */
static void test_server__cash_and_passes_survive_each_disturbance(void **state)
{
    (void)state;
    play = play_books;
    sweep_kills(11);
    sweep_errors(FAULT_REFUSED, 7);
    sweep_errors(FAULT_DOUBTFUL, 7);
    play = play_day;
}

static void test_server__money_that_needs_people_survives_each_disturbance(void **state)
{
    (void)state;
    play = play_cases;
    sweep_kills(29);
    sweep_errors(FAULT_REFUSED, 17);
    sweep_errors(FAULT_DOUBTFUL, 19);
    play = play_day;
}

/* An exit is asked; whichever call of its transaction fails, not a word was said, and then one. */
static void test_server__nothing_is_said_before_it_is_durable(void **state)
{
    (void)state;
    int error = -1;
    for (int64_t after = 1; error != 0; after++) {
        world_init(&w);
        arrive("A", "30F12345", true);
        world_forget(&w);
        struct event e = world_event_b(&w, EVENT_EXIT_ASKED, "");
        char space[MSG_SIZE_MAX];
        struct out out;
        world_plate(&e, "30F12345", VEHICLE_CAR);
        out_init(&out, space, sizeof space);
        event_write(&out, &e);
        world_post(&w, "doxe/1/hn-0001/hn-0001-g2/up", space);
        fault.kind = FAULT_REFUSED;
        fault.after = after;
        fault.calls = 0;
        error = app_turn(w.app, (mono_t){0});
        fault.kind = FAULT_NONE;
        if (error) {
            assert_int_equal(w.said_count + w.change_count, 0);
            world_run(&w);
        } else {
            assert_true(after > 10);
        }
        assert_int_equal(world_count_said(&w, GATE_B, DOWN_QUOTE), 1);
        assert_int_equal(world_count_said(&w, GATE_B, DOWN_ACK), 1);
        assert_true(w.change_count > 0 && w.change_count < 4);
        world_fini(&w);
    }
}

TESTS(T(test_server__nothing_is_said_before_it_is_durable),
      T(test_server__money_that_needs_people_survives_each_disturbance),
      T(test_server__cash_and_passes_survive_each_disturbance),
      T(test_server__killed_at_each_call_it_loses_nothing_and_charges_nobody_twice),
      T(test_server__an_error_at_each_call_only_delays),
      T(test_server__an_error_after_each_call_only_delays))
