/*
 * store_transcript.c - thousands of calls of the store's port from one seed, and every answer in a
 * line.  Built for each store behind the port; their transcripts must be the same, to the letter.
 *
 *     store_transcript_X SEED CALLS
 *
 * Names and ids come from a few, so that things exist, differ, are settled and taken back; among
 * the calls are savepoints, rollbacks, commits, and closing with a transaction open.
 */
#include "proto/base/prng.h"
#include "server/store/store_bank.h"
#include "server/store/store_cases.h"
#include "server/store/store_offline.h"
#include "tests/harness/harness.h"

enum { IDS = 12, LOT_COUNT = 2, FOUND_MAX = 4 };

static const char *const lots[LOT_COUNT] = {"hn-0001", "hn-0002"};
static const char *const gates[LOT_COUNT] = {"hn-0001-g1", "hn-0002-g1"};
static const char *const accounts[LOT_COUNT] = {"0123456789", "9876543210"};
static char path[300];
static struct store *store;
static struct prng dice;
static wall_t now;
static bool marked;

/* Few different times, so that many things happen at the same one. */
static int64_t ago(int most)
{
    return now.ms / 1000 * 1000 - prng_range(&dice, 0, most) * 1000;
}

static int die(int sides)
{
    return (int)prng_range(&dice, 0, sides - 1);
}

static const char *id(const char *kind, int n)
{
    static char space[16][ULID_CAP];
    static int next;
    char *out = space[next++ % 16];
    snprintf(out, ULID_CAP, "01J%.5sAAAAAAAAAAAAAAAA%02d", kind, n);
    return out;
}

static struct session session_of(int n)
{
    struct session s = {.lane_in = 1 + die(2), .arrived = {ago(3)}};
    memcpy(s.id, id("SESSI", n), ULID_CAP);
    snprintf(s.lot, sizeof s.lot, "%s", lots[n % LOT_COUNT]);
    snprintf(s.gate_in, sizeof s.gate_in, "%s", gates[n % LOT_COUNT]);
    snprintf(s.code, sizeof s.code, "DX%06d", n);
    snprintf(s.token, sizeof s.token, "%032d", n);
    s.subject = (struct subject){.kind = SUBJECT_PLATE, .vehicle = (enum vehicle)(1 + die(2))};
    snprintf(s.subject.key, sizeof s.subject.key, "30F%d", n % 5 == 0);
    snprintf(s.subject.raw, sizeof s.subject.raw, "30-F %d", n % 5 == 0);
    return s;
}

static void print_session(const char *what, int error, const struct session *s)
{
    printf("%s %d", what, error);
    if (!error) {
        printf(" %s %s %d %s %s %d %lld %lld %lld %lld %d %lld %lld %s", s->id, s->lot,
               (int)s->state, s->subject.key, s->subject.raw, (int)s->subject.vehicle,
               (long long)s->arrived.ms, (long long)s->entered.ms, (long long)s->asked.ms,
               (long long)s->left.ms, s->permitted ? (int)s->permit : -1, (long long)s->fee_vnd,
               (long long)s->paid_vnd, s->gate_out);
    }
    printf("\n");
}

static void sessions(void)
{
    struct session s = session_of(die(IDS));
    struct session found[FOUND_MAX];
    int count = 0;
    int error = 0;
    switch (die(7)) {
    case 0:
        printf("add_session %d\n", store_add_session(store, &s, now));
        return;
    case 1:
    case 2:
        if (store_get_session(store, s.id, &s) == 0) {
            s.state = die(2) ? SESSION_INSIDE : (enum session_state)die(SESSION_STATE_COUNT);
            s.entered.ms = die(3) ? ago(3) : 0;
            s.left.ms = die(3) ? 0 : ago(3);
            s.permitted = die(2) != 0;
            s.permit = (enum permit)die(PERMIT_COUNT);
            s.fee_vnd = 1000 * die(9);
            s.paid_vnd = 1000 * die(9);
            snprintf(s.gate_out, sizeof s.gate_out, "%s", gates[die(2)]);
            printf("put_session %d\n", store_put_session(store, &s, now));
        }
        return;
    case 3:
        error = store_get_session_by_code(store, s.code, &found[0]);
        print_session("by_code", error, &found[0]);
        return;
    case 4:
        error = store_get_session_by_token(store, str_c(s.token), &found[0]);
        print_session("by_token", error, &found[0]);
        return;
    case 5:
        error = store_find_open(store, s.lot, &s.subject, found, 1 + die(FOUND_MAX), &count);
        break;
    default:
        error = store_find_debts(store, die(2) ? "op-1" : "op-2", die(2) ? s.lot : NULL, &s.subject,
                                 found, 1 + die(FOUND_MAX), &count);
        break;
    }
    printf("found %d %d\n", error, count);
    for (int i = 0; i < count; i++) {
        print_session("  ", 0, &found[i]);
    }
}

static void messages(void)
{
    static const char *const types[] = {"quote", "paid", "command"};
    struct store_message m = {.lane = 1 + die(2), .type = types[die(3)]};
    struct store_due due;
    struct store_answer answer;
    wall_t next;
    char body[20];
    char space[64];
    int n = die(IDS);
    int error = 0;
    const char *gate = gates[die(2)];
    const char *session = id("SESSI", die(IDS));
    memcpy(m.id, id("MESSA", n), ULID_CAP);
    memcpy(m.session, session, ULID_CAP);
    memcpy(m.ask, id("ASKED", die(2)), ULID_CAP);
    snprintf(m.gate, sizeof m.gate, "%s", gate);
    snprintf(body, sizeof body, "body %d", n);
    m.next.ms = ago(0) + 1000 * die(3);
    m.expires.ms = die(2) ? 0 : now.ms + die(3000);
    switch (die(9)) {
    case 0:
    case 1:
        printf("add_message %d\n", store_add_message(store, &m, str_c(body), now));
        return;
    case 2:
        error = store_next_due(store, now, space, sizeof space, &due);
        printf("next_due %d %s %d %.*s\n", error, error ? "" : due.id, error ? 0 : due.expired,
               error ? 0 : (int)due.body.n, error ? "" : due.body.p);
        if (!error) {
            printf("said %d\n", store_said_again(store, due.id, wall_add(now, 1 + die(1500))));
        }
        return;
    case 3:
        printf("settle_lane %d\n", store_settle_lane(store, gate, 1, die(2) ? session : "", now));
        return;
    case 4:
        printf("settle %d", store_settle_message(store, m.id, now));
        printf(" reopen %d\n", die(3) ? 0 : store_reopen_message(store, m.id, m.next));
        return;
    case 5:
        printf("hurry %d\n", store_hurry(store, die(2) ? gate : NULL, now));
        return;
    case 6:
        error = die(2) ? store_find_waiting(store, session, &m)
                       : store_find_lane_waiting(store, gate, 1 + die(2), &m);
        printf("waiting %d %s\n", error, error ? "" : m.id);
        return;
    case 7:
        error = store_find_answer(store, gate, 1 + die(2), id("ASKED", die(2)), space, sizeof space,
                                  &answer);
        printf("answer %d %s %d %d\n", error, error ? "" : answer.id, !error && answer.paid,
               !error && answer.done);
        return;
    default:
        error = store_next_time(store, &next);
        printf("next_time %d %lld\n", error, (long long)next.ms);
    }
}

static bool take_odd(void *context, const struct store_twin *twin)
{
    (void)context;
    return (twin->id[ULID_CAP - 2] - '0') % 2 == 1;
}

static void credits(void)
{
    static const char *const providers[] = {"sepay", "casso", "statement"};
    int n = die(IDS);
    struct bank_credit c = {.amount_vnd = 1000 * (1 + die(2)),
                            .booked = {ago(3)},
                            .out = die(6) == 0,
                            .source = (enum credit_source)die(CREDIT_SOURCE_COUNT)};
    struct store_credit row = {.id = id("CREDI", n),
                               .code = die(2) ? "DX000001" : "",
                               .session = "",
                               .verdict = die(2) ? PAYMENT_UNMATCHED : PAYMENT_EXACT,
                               .received = now,
                               .inbox = 1};
    struct store_window window = {wall_add(now, -2000), now, wall_add(now, -9000), now};
    struct store_back back[FOUND_MAX];
    enum payment_seen seen = PAYMENT_NEW;
    char found[ULID_CAP] = "";
    int64_t amount = 0;
    int count = 0;
    int error = 0;
    bool is = false;
    snprintf(c.provider, sizeof c.provider, "%s", providers[die(3)]);
    snprintf(c.provider_tx, sizeof c.provider_tx, "T%d", die(9));
    snprintf(c.bank_ref, sizeof c.bank_ref, "%s", die(3) ? "FT1" : "");
    snprintf(c.account, sizeof c.account, "%s", accounts[die(2)]);
    switch (die(8)) {
    case 0:
    case 1:
        error = store_savepoint(store);
        count = error ? error : store_add_credit(store, &c, &row);
        printf("add_credit %d", count);
        if (count) {
            store_rollback_savepoint(store);
        } else {
            printf(" source %d", store_add_source(store, row.id, &c, 0, now));
            error = store_release(store);
        }
        printf(" %d\n", error);
        return;
    case 2:
        error = store_find_credit(store, &c, &seen, found);
        printf("find_credit %d %d %s\n", error, (int)seen, found);
        return;
    case 3:
        error = store_find_twin(store, &c, "", &window, take_odd, NULL, found);
        printf("twin %d %s\n", error, found);
        return;
    case 4:
        error = store_find_back(store, c.account, c.amount_vnd, now, back, FOUND_MAX, &count);
        printf("back %d %d", error, count);
        for (int i = 0; i < count; i++) {
            printf(" %s", back[i].id);
        }
        printf("\n");
        return;
    case 5:
        error = store_find_code_credit(store, "DX000001", found, &amount);
        printf("code_credit %d %s %lld\n", error, found, (long long)amount);
        return;
    case 6:
        error = store_is_suspended(store, row.id, &is);
        printf("suspended %d %d\n", error, is);
        return;
    default:
        error = store_get_credit(store, row.id, &(struct store_booked){0});
        printf("get_credit %d\n", error);
    }
}

static void books(void)
{
    struct ledger_tx tx;
    struct ledger_head head;
    char name[40];
    char hex[2 * LEDGER_HASH_SIZE + 1];
    snprintf(name, sizeof name, "fee:%d", die(40));
    ledger_begin(&tx, name, "fee", lots[die(2)], "", "cause", (wall_t){1000});
    ledger_add(&tx, "receivable:x", 1000 * (1 + die(2)));
    ledger_add(&tx, "revenue:x", -tx.entry[0].amount_vnd);
    printf("post %d", store_post(store, &tx));
    printf(" head %d", store_get_ledger_head(store, &head));
    str_hex(hex, head.hash, sizeof head.hash);
    printf(" %lld %s\n", (long long)head.number, hex);
}

static void small_things(void)
{
    bool changed = false;
    int64_t number = 0;
    char space[MSG_SIZE_MAX];
    struct str body = STR("");
    struct event e = {.type = EVENT_BOOT, .generation = 1 + die(2), .seq = 1 + die(9), .boot = 1};
    const struct store_event row = {&e, "boot", now, "", "applied", STR("{}")};
    int error = 0;
    int gate = die(2);
    switch (die(6)) {
    case 0:
        error =
            store_raise_alarm(store, lots[gate], gates[gate], die(2), "a.b", "d", now, &changed);
        printf("raise %d %d\n", error, changed);
        return;
    case 1:
        error = store_clear_alarm(store, gates[gate], die(2), "a.b", now, &changed);
        printf("clear %d %d\n", error, changed);
        return;
    case 2:
        error = store_park(store, gates[gate], 1, die(5), STR("parked"));
        error = error ? error : store_count_parked(store, gates[gate], &number);
        printf("park %d %lld\n", error, (long long)number);
        return;
    case 3:
        error = store_take_parked(store, gates[gate], 1, die(5), space, &body);
        printf("take_parked %d %zu\n", error, body.n);
        return;
    case 4:
        memcpy(e.id, id("EVENT", die(IDS)), ULID_CAP);
        snprintf(e.gate, sizeof e.gate, "%s", gates[gate]);
        printf("event %d", store_add_event(store, &row));
        error = store_event_generation(store, e.id, &number);
        printf(" %d %lld\n", error, (long long)number);
        return;
    default:
        error = store_config_version(store, lots[gate], die(2) ? "one" : "two", &number);
        printf("config %d %lld\n", error, (long long)number);
    }
}

static void open_store(void)
{
    int version = 0;
    ok(store_open(path, &store));
    ok(store_migrate(store, STORE_LATEST, (wall_t){1}, &version));
    ok(store_begin(store));
}

static void boundaries(void)
{
    switch (die(6)) {
    case 0:
        printf("commit %d", store_commit(store));
        printf(" begin %d\n", store_begin(store));
        marked = false;
        return;
    case 1:
        store_rollback(store);
        printf("rollback, begin %d\n", store_begin(store));
        marked = false;
        return;
    case 2:
        store_close(store);
        open_store();
        printf("closed\n");
        marked = false;
        return;
    case 3:
        if (marked) {
            store_rollback_savepoint(store);
            printf("undone\n");
        } else {
            printf("savepoint %d\n", store_savepoint(store));
        }
        marked = !marked;
        return;
    default:
        if (marked) {
            printf("release %d\n", store_release(store));
            marked = false;
        }
    }
}

static void make_places(void)
{
    int64_t inbox = 0;
    for (int i = 0; i < LOT_COUNT; i++) {
        const struct store_lot lot = {lots[i],  i ? "op-2" : "op-1", "n", "a", "w",
                                      "970436", accounts[i],         "N", 10,  10};
        ok(store_put_operator(store, lot.operator_id, "n"));
        ok(store_put_lot(store, &lot));
        ok(store_put_gate(store, gates[i], lots[i]));
    }
    ok(store_add_inbox(store, "sepay", now, STR("{}"), &inbox));
    ok(store_commit(store));
    ok(store_begin(store));
}

int main(int argc, char **argv)
{
    int64_t seed = 1;
    int64_t calls = 3000;
    if ((argc > 1 && str_parse_i64(str_c(argv[1]), 0, INT64_MAX, &seed) != 0) ||
        (argc > 2 && str_parse_i64(str_c(argv[2]), 1, 10000000, &calls) != 0)) {
        return 2;
    }
    char *dir = harness_temp_dir();
    snprintf(path, sizeof path, SUITE_PATH, dir);
    free(dir);
    prng_init(&dice, (uint64_t)seed);
    now.ms = 1772416800000;
    open_store();
    make_places();
    for (int64_t i = 0; i < calls; i++) {
        static void (*const rooms[])(void) = {sessions, sessions, messages,     messages,
                                              credits,  books,    small_things, boundaries};
        now = wall_add(now, die(300));
        printf("%lld ", (long long)i);
        rooms[die(8)]();
        printf("\n");
    }
    store_close(store);
    return 0;
}
