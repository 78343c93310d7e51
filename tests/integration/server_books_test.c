/*
 * Random sequences of cash, transfers, passes and stays that passes split, against a reference that
 * shares no code with the program: it counts minutes and adds up what each hand gave.  World_run
 * looks at trial balance and chain after each step; in the end every account is compared.
 */
#include "server/app/pass.h"
#include "tests/integration/server_world.h"

enum { PLATES = 6, STEPS = 30, ROUNDS = 5, HOUR_VND = 25000, MONTH_VND = 900000 };

static struct world w;
static struct prng dice;

/* What the reference knows. */
static struct {
    int64_t bank, drawer, refund, receivable, revenue, pass_money;
    bool inside[PLATES];
    int64_t entered_min[PLATES];
    int64_t covers_min[PLATES], ends_min[PLATES]; /* of its pass; 0 none */
    int stays, receipts, transfers;
} ref;

static int64_t minute(void)
{
    return w.now.ms / TIME_MINUTE_MS;
}

static int64_t roll(int64_t low, int64_t high)
{
    return prng_range(&dice, low, high);
}

static void plate_of(int i, char out[16])
{
    snprintf(out, 16, "30F1000%d", i);
}

/* ---- hands ---- */

static void transfer(const char *code, int64_t vnd)
{
    char tx[16];
    snprintf(tx, sizeof tx, "%d", ++ref.transfers);
    assert_int_equal(world_pay(&w, tx, code, vnd), 200);
    world_run(&w);
    ref.bank += vnd;
}

static void cash(const char *session, int64_t vnd)
{
    struct event e = world_event_b(&w, EVENT_CASH_TAKEN, session);
    world_session_id("Z", e.shift);
    snprintf(e.receipt, sizeof e.receipt, "R-%06d", ++ref.receipts);
    e.amount_vnd = vnd;
    world_send(&w, &e);
    ref.drawer += vnd;
}

static void letter_of(int stay, char out[3])
{
    /* World names stays by a letter or two; no I, L, O, U in an id. */
    static const char letters[] = "ABCDEFGHJKMNPQRSTVWXY";
    snprintf(out, 3, "%c", letters[stay % 21]);
}

static char name_of[PLATES][3];

/* ---- steps ---- */

static void enter(int i)
{
    char plate[16];
    plate_of(i, plate);
    letter_of(ref.stays++, name_of[i]);
    world_enter(&w, name_of[i], plate);
    ref.inside[i] = true;
    ref.entered_min[i] = minute();
}

/* Hours begun of the minutes that no pass covers. */
static int64_t fee_of(int i)
{
    int64_t charged = 0;
    for (int64_t m = ref.entered_min[i]; m < minute(); m++) {
        charged += !(ref.covers_min[i] <= m && m < ref.ends_min[i]);
    }
    return (charged + 59) / 60 * HOUR_VND;
}

/* One payment of the stay: what is beyond the due goes back. */
static void pay(int i, const char *code, int64_t fee, int64_t *paid)
{
    int64_t due = fee - *paid;
    int64_t vnd = roll(0, 3) == 0 ? roll(1, 60) * 1000 : due > 0 ? due : HOUR_VND;
    if (roll(0, 1)) {
        transfer(code, vnd);
    } else {
        cash(name_of[i], vnd);
    }
    int64_t applied = vnd < due ? vnd : due > 0 ? due : 0;
    *paid += applied;
    ref.refund += vnd - applied;
}

static void leave(int i)
{
    char plate[16];
    char code[PAYCODE_CAP];
    int64_t paid = 0;
    int64_t fee = fee_of(i);
    plate_of(i, plate);
    world_ask(&w, name_of[i], plate);
    const struct down *quote = world_last(&w, GATE_B, DOWN_QUOTE);
    assert_int_equal(quote->fee_vnd, fee);
    world_code(&w, name_of[i], code);
    for (int64_t n = roll(0, 2); n > 0; n--) {
        pay(i, code, fee, &paid);
    }
    struct event e = world_event_b(&w, EVENT_EXIT_PERMITTED, name_of[i]);
    e.permit = PERMIT_MANUAL;
    world_send(&w, &e);
    e = world_event_b(&w, EVENT_LEFT, name_of[i]);
    world_send(&w, &e);
    ref.revenue += fee;
    ref.inside[i] = false;
    if (roll(0, 1)) {
        pay(i, code, fee, &paid); /* late */
    }
    ref.receivable += fee - paid;
}

/* It ends at a near midnight: bought from a day almost a month ago. */
static void buy(int i)
{
    char plate[16];
    struct pass_order o = {.kind = PASS_ORDER_ADD,
                           .by = "mai",
                           .lot = "hn-0001",
                           .name = "month",
                           .vehicle = VEHICLE_CAR,
                           .plate_count = 1,
                           .quota = 1,
                           .months = 1};
    plate_of(i, plate);
    snprintf(o.plate[0], sizeof o.plate[0], "%s", plate);
    o.from = wall_add(w.now, -roll(25, 28) * (int64_t)TIME_DAY_MS);
    ok(app_pass(w.app, &o));
    int64_t vnd = roll(0, 3) == 0 ? MONTH_VND + 50000 : MONTH_VND;
    transfer(o.ret_code, vnd);
    ref.pass_money += MONTH_VND;
    ref.refund += vnd - MONTH_VND;
    ref.covers_min[i] = minute();
    ref.ends_min[i] = o.ret_until.ms / TIME_MINUTE_MS;
}

static void step(void)
{
    int i = (int)roll(0, PLATES - 1);
    world_pass(&w, (int)roll(1, 400));
    if (ref.ends_min[i] == 0 && roll(0, 3) == 0) {
        buy(i);
    } else if (!ref.inside[i] && ref.stays < 21) {
        enter(i);
    } else if (ref.inside[i]) {
        leave(i);
    }
    w.said_count = 0;
}

/* ---- the comparison ---- */

static int64_t balance(const char *pattern)
{
    char sql[200];
    snprintf(sql, sizeof sql,
             "SELECT coalesce(sum(amount_vnd), 0) FROM ledger_entry WHERE"
             " account GLOB '%s'",
             pattern);
    return world_number(&w, sql);
}

static void play(uint64_t seed)
{
    memset(&ref, 0, sizeof ref);
    prng_init(&dice, seed);
    world_init(&w);
    struct event e = world_event_b(&w, EVENT_SHIFT_OPENED, "");
    world_session_id("Z", e.shift);
    world_send(&w, &e);
    for (int i = 0; i < STEPS; i++) {
        step();
    }
    for (int i = 0; i < PLATES; i++) {
        if (ref.inside[i]) {
            leave(i);
        }
    }
    assert_int_equal(balance("bank:*"), ref.bank);
    assert_int_equal(balance("cash:*"), ref.drawer);
    assert_int_equal(balance("refund_due:*"), -ref.refund);
    assert_int_equal(balance("receivable:*"), ref.receivable);
    assert_int_equal(balance("revenue:*"), -ref.revenue);
    assert_int_equal(balance("pass_*"), -ref.pass_money);
    assert_int_equal(balance("prepaid:*"), 0);
    assert_int_equal(balance("suspense:*"), 0);
    assert_int_equal(world_ledger_faults(&w), 0);
    world_fini(&w);
}

static void test_books_server__random_days_agree_with_counting_by_hand(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= ROUNDS; seed++) {
        print_message("seed %llu\n", (unsigned long long)seed);
        play(seed);
    }
}

TESTS(T(test_books_server__random_days_agree_with_counting_by_hand))
