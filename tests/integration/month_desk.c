/* month_desk.c - the people of the operator: two at the queue, one at the safe. */
#include "server/store/query_cases.h"
#include "tests/integration/month.h"

enum { ROWS_MAX = 100 };

static const char *const lots[MONTH_LOTS] = {"hn-0001", "hn-0002"};

/* ---- orders ---- */

static struct app_case an_order(enum app_case_kind kind, const char *by, const char *id)
{
    struct app_case o = {.kind = kind};
    str_copy_cut(o.by, sizeof o.by, str_c(by));
    str_copy_cut(o.id, sizeof o.id, str_c(id));
    return o;
}

static void run_case(struct app_case *o)
{
    int error = app_run_case(m.app, o);
    if (error) {
        fail_msg("order %d about %s: %s", (int)o->kind, o->id, dx_error_text(error));
    }
    month_run();
}

/* The one who proposed may not approve; the other does. */
static void approve(const char *proposal)
{
    struct app_case same = an_order(APP_APPROVE, "lan", proposal);
    assert_int_equal(app_run_case(m.app, &same), DX_E_DENIED);
    struct app_case second = an_order(APP_APPROVE, "minh", proposal);
    run_case(&second);
}

static void resolve(const struct case_row *row, enum proposal_action action, const char *target)
{
    struct app_case o = an_order(APP_PROPOSE, "lan", "");
    o.review = row->review;
    o.part_count = 1;
    o.part[0] = (struct proposal_part){.action = action, .amount_vnd = row->amount_vnd};
    str_copy_cut(o.part[0].target, sizeof o.part[0].target, str_c(target));
    run_case(&o);
    approve(o.ret_id);
}

/* ---- the queue ---- */

static struct case_row rows[ROWS_MAX];
static int row_count;

static void take_row(void *context, const struct case_row *row)
{
    (void)context;
    assert_true(row_count < ROWS_MAX);
    rows[row_count++] = *row;
}

static void count_suggestions(const struct case_row *row, const struct visit *v)
{
    for (int i = 0; i < row->suggestion_count; i++) {
        if (strcmp(row->suggestion[i].target, v->id) == 0) {
            m.suggested++;
            m.suggested_first += i == 0;
        }
    }
}

/* They have called the driver: which stay it was for is known; what it can still pay is not. */
static void place(const struct case_row *row, struct transfer *t)
{
    struct visit *v = &m.visit[t->of];
    char state[24];
    month_text("SELECT state FROM session WHERE id = ?1", v->id, state, sizeof state);
    count_suggestions(row, v);
    bool open = strcmp(state, "inside") == 0 || strcmp(state, "quoted") == 0;
    t->resolved = true;
    if (open || strcmp(state, "left_unpaid") == 0) {
        people_learn(t);
        resolve(row, open ? PROPOSAL_SESSION : PROPOSAL_DEBT, v->id);
    } else {
        m.back_vnd[t->lot] += t->amount_vnd;
        resolve(row, PROPOSAL_REFUND, "");
    }
}

static void place_out(const struct case_row *row, struct transfer *t)
{
    char id[ULID_CAP];
    if (t->purpose == FOR_OWNER) {
        m.owner_vnd[t->lot] += t->amount_vnd;
        resolve(row, PROPOSAL_OWNER, "");
    } else if (t->purpose == FOR_BACK) {
        month_text("SELECT id FROM bank_credit WHERE bank_ref = ?1", m.transfer[t->of].ref, id,
                   sizeof id);
        resolve(row, PROPOSAL_TAKEN_BACK, id);
    } else {
        char amount[24];
        snprintf(amount, sizeof amount, "%lld", (long long)t->amount_vnd);
        month_text("SELECT id FROM refund WHERE state = 'approved' AND amount_vnd = ?1 + 0"
                   " ORDER BY approved_ms LIMIT 1",
                   amount, id, sizeof id);
        resolve(row, PROPOSAL_REFUND_PAID, id);
    }
}

static void work_through_queue(void)
{
    row_count = 0;
    ok(query_cases(m.db, ROWS_MAX, take_row, NULL));
    for (int i = 0; i < row_count; i++) {
        struct transfer *t = &m.transfer[month_parse(rows[i].bank_ref + 4)];
        assert_string_equal(t->ref, rows[i].bank_ref);
        assert_int_equal(t->amount_vnd, rows[i].amount_vnd);
        m.queue++;
        if (t->out) {
            place_out(&rows[i], t);
        } else if (t->purpose == FOR_VISIT) {
            place(&rows[i], t);
        } else if (t->purpose == FOR_OWNER) {
            m.owner_vnd[t->lot] -= t->amount_vnd;
            resolve(&rows[i], PROPOSAL_OWNER, "");
        } else {
            assert_int_equal(t->purpose, FOR_NOBODY);
            m.back_vnd[t->lot] += t->amount_vnd;
            resolve(&rows[i], PROPOSAL_REFUND, "");
        }
    }
}

/* ---- refunds ---- */

struct due {
    char id[ULID_CAP], code[REFUND_CODE_CAP];
    int lot;
    int64_t amount_vnd;
    bool granted;
};

static int list_requested(struct due *due, int max)
{
    struct db_row row;
    int count = 0;
    ok(db_query(m.db, &row,
                "SELECT id, code, lot, amount_vnd, granted FROM refund WHERE state = 'requested'"
                " ORDER BY requested_ms, lot, amount_vnd, session",
                ""));
    while (db_next(&row) && count < max) {
        struct due *d = &due[count++];
        ok(str_copy(d->id, sizeof d->id, db_text(&row, 0)));
        ok(str_copy(d->code, sizeof d->code, db_text(&row, 1)));
        d->lot = str_eq_c(db_text(&row, 2), lots[1]);
        d->amount_vnd = db_i64(&row, 3);
        d->granted = db_i64(&row, 4) != 0;
    }
    ok(db_done(&row));
    return count;
}

/* Sent by the operator at its own bank; known again by the code, the reference, or by people. */
static void send_refund(const struct due *d)
{
    int64_t kind = month_roll(0, 9);
    char content[80] = "hoan tien gui xe";
    if (kind < 7) {
        snprintf(content, sizeof content, "hoan tien %s", d->code);
    }
    int k = bank_carry_out(d->lot, true, d->amount_vnd, content, FOR_REFUND, -1, kind < 9);
    if (kind > 3 && kind < 9) {
        struct app_case sent = an_order(APP_REFUND_SENT, "minh", d->id);
        snprintf(sent.note, sizeof sent.note, "%s", m.transfer[k].ref);
        run_case(&sent);
    }
    m.refunded_vnd[d->lot] += d->amount_vnd;
    m.refunds++;
}

static void pay_refunds(void)
{
    static struct due due[400];
    int count = list_requested(due, 400);
    for (int i = 0; i < count; i++) {
        struct due *d = &due[i];
        if (month_chance(3000)) {
            continue; /* this driver does not answer today */
        }
        struct app_case link = an_order(APP_REFUND_LINK, "lan", d->id);
        run_case(&link);
        struct app_case account = an_order(APP_REFUND_ACCOUNT, "", "");
        memcpy(account.link, link.ret_link, sizeof account.link);
        memcpy(account.bin, "970436", 7);
        str_copy_cut(account.account, sizeof account.account, STR("00110022003"));
        str_copy_cut(account.holder, sizeof account.holder, STR("NGUYEN VAN A"));
        run_case(&account);
        struct app_case second = an_order(APP_REFUND_APPROVE, "minh", d->id);
        run_case(&second);
        send_refund(d);
    }
}

/* A complaint that was right: a part of the fee goes back. */
static void grant_one(void)
{
    for (int i = (m.day - 1) * m.per_day; i >= 0 && i < m.day * m.per_day; i++) {
        struct visit *v = &m.visit[i];
        if (v->ended && v->manner == BY_TRANSFER && v->transfers == 1 && !v->retracted &&
            v->fee_vnd > 0 && v->got_vnd == v->fee_vnd && v->granted_vnd == 0) {
            struct app_case o = an_order(APP_REFUND_REQUEST, "huong", v->id);
            o.amount_vnd = GRANT_VND;
            str_copy_cut(o.note, sizeof o.note, STR("complaint"));
            run_case(&o);
            v->granted_vnd = GRANT_VND;
            return;
        }
    }
}

void desk_write_off(void)
{
    for (int i = 0; i < m.visit_count; i += 2) {
        struct visit *v = &m.visit[i];
        if (v->ended && v->got_vnd < v->fee_vnd) {
            struct app_case o = an_order(APP_WRITE_OFF, "lan", v->id);
            str_copy_cut(o.note, sizeof o.note, STR("never came back"));
            run_case(&o);
            approve(o.ret_id);
            v->written_off_vnd = v->fee_vnd - v->got_vnd;
        }
    }
}

/* ---- money that is nobody's, and the operator's own ---- */

static void strays(void)
{
    if (m.day >= MONTH_DAYS) {
        return;
    }
    (void)bank_carry_out((int)month_roll(0, 1), false, month_roll(10, 300) * 1000, "chuyen tien",
                         FOR_NOBODY, -1, false);
    if (m.day % 10 == 3) {
        (void)bank_carry_out(0, true, 500000, "rut tien", FOR_OWNER, -1, false);
        (void)bank_carry_out(1, false, 700000, "chu bai nop von", FOR_OWNER, -1, false);
    }
}

/* ---- cash ---- */

static struct event shift_event(enum event_type type, int lot)
{
    struct event e = month_event(month_exit_gate(lot), type, "");
    memcpy(e.shift, m.drawer[lot].shift, sizeof e.shift);
    snprintf(e.by, sizeof e.by, "tam");
    e.lane = 0;
    return e;
}

static void open_shift(int lot)
{
    struct drawer *d = &m.drawer[lot];
    *d = (struct drawer){.expected_vnd = FLOAT_VND, .open = true};
    snprintf(d->shift, sizeof d->shift, "01JT%020d%02d", m.day, lot);
    struct event e = shift_event(EVENT_SHIFT_OPENED, lot);
    e.counted_vnd = FLOAT_VND;
    m.safe_vnd -= FLOAT_VND;
    month_send(&e);
    month_run();
}

static void close_shift(int lot)
{
    struct drawer *d = &m.drawer[lot];
    int64_t over = month_chance(1000) ? (month_chance(5000) ? 5000 : -5000) : 0;
    struct event e = shift_event(EVENT_SHIFT_CLOSED, lot);
    d->counted_vnd = e.counted_vnd = d->expected_vnd + over;
    d->open = false;
    m.short_vnd -= over;
    month_send(&e);
    month_run();
}

static void cash_order(enum pass_order_kind kind, int lot, int64_t amount_vnd)
{
    struct pass_order o = {.kind = kind, .by = "mai", .amount_vnd = amount_vnd};
    snprintf(o.lot, sizeof o.lot, "%s", lots[lot]);
    memcpy(o.shift, m.drawer[lot].shift, sizeof o.shift);
    ok(app_pass(m.app, &o));
    month_run();
    memcpy(m.slip, o.ret_code, sizeof m.slip);
}

static void hand_in(int lot)
{
    struct drawer *d = &m.drawer[lot];
    if (!d->open && d->counted_vnd > 0) {
        cash_order(PASS_ORDER_HAND_IN, lot, d->counted_vnd);
        m.safe_vnd += d->counted_vnd;
        d->counted_vnd = 0;
    }
}

static void deposit(int index)
{
    (void)index;
    char content[64];
    snprintf(content, sizeof content, "nop tien mat %s", m.slip);
    (void)bank_carry_out(0, false, m.slip_vnd, content, FOR_SAFE, -1, true);
}

/* ---- passes ---- */

void desk_passes(void)
{
    for (int i = 0; i < MONTH_PASSES; i++) {
        struct pass_order o = {.kind = PASS_ORDER_BUY,
                               .by = "lan",
                               .lot = "hn-0001",
                               .name = "month",
                               .vehicle = VEHICLE_CAR,
                               .plate_count = 1,
                               .quota = 1,
                               .months = 1};
        snprintf(m.pass_plate[i], sizeof m.pass_plate[i], "51G%05d", i);
        snprintf(o.plate[0], sizeof o.plate[0], "%s", m.pass_plate[i]);
        ok(app_pass(m.app, &o));
        month_run();
        assert_int_equal(o.ret_price_vnd, PASS_VND);
        if (i == 0) { /* in two pieces */
            (void)bank_pay_code(0, 300000, o.ret_code, FOR_PASS, i);
            (void)bank_pay_code(0, PASS_VND - 300000, o.ret_code, FOR_PASS, i);
        } else {
            int64_t over = i == 1 ? 50000 : 0;
            (void)bank_pay_code(0, PASS_VND + over, o.ret_code, FOR_PASS, i);
            m.back_vnd[0] += over;
        }
        m.pass_vnd += PASS_VND;
    }
}

/* ---- what comes when ---- */

static void queue_hour(int index)
{
    (void)index;
    work_through_queue();
}

static void refund_hour(int index)
{
    (void)index;
    pay_refunds();
    strays();
    if (m.day < MONTH_DAYS) {
        grant_one();
    }
}

static void to_bank(int index)
{
    (void)index;
    if (m.safe_vnd > 0) {
        m.slip_vnd = m.safe_vnd;
        cash_order(PASS_ORDER_BANK, 0, m.slip_vnd);
        m.safe_vnd = 0;
        month_at(month_in(7200), DEPOSIT, 0);
    }
}

void desk_do(enum happening what, int index)
{
    static void (*const acts[])(int index) = {
        [DESK] = queue_hour,         [REFUNDS] = refund_hour, [SHIFT_OPEN] = open_shift,
        [SHIFT_CLOSE] = close_shift, [TO_SAFE] = hand_in,     [TO_BANK] = to_bank,
        [DEPOSIT] = deposit};
    assert_in_range(what, DESK, DEPOSIT);
    acts[what](index);
}
