/* month_people.c - drivers and attendants of the simulated month, and what a stay costs by hand. */
#include "tests/integration/month.h"

/* Hours begun, as the board at the entry says. */
int64_t people_fee(wall_t from, wall_t to)
{
    int64_t ms = to.ms - from.ms;
    return (ms + TIME_HOUR_MS - 1) / TIME_HOUR_MS * HOUR_VND;
}

static void name_plate(struct event *e, const char *plate)
{
    e->subject = (struct subject){
        .kind = SUBJECT_PLATE, .source = SOURCE_CAMERA, .vehicle = VEHICLE_CAR, .confidence = 950};
    snprintf(e->subject.key, sizeof e->subject.key, "%s", plate);
    snprintf(e->subject.raw, sizeof e->subject.raw, "%s", plate);
}

/* ---- a day's plan ---- */

static enum manner draw_manner(void)
{
    int64_t k = month_roll(0, 99);
    return k < 58 ? BY_TRANSFER : k < 78 ? FROM_PAGE : k < 92 ? BY_CASH : k < 96 ? BY_PASS : NEVER;
}

void people_plan_day(void)
{
    for (int k = 0; k < m.per_day; k++) {
        assert_true(m.visit_count < MONTH_VISITS_MAX);
        int i = m.visit_count++;
        struct visit *v = &m.visit[i];
        v->manner = draw_manner();
        v->lot = month_chance(3500) ? 1 : 0;
        snprintf(v->id, sizeof v->id, "01JS%022d", i);
        snprintf(v->plate, sizeof v->plate, "30F%05d", i % (20 * m.per_day)); /* comes again */
        if (v->manner == BY_PASS) {
            v->lot = 0;
            int pass = i % MONTH_PASSES;
            snprintf(v->plate, sizeof v->plate, "%s", m.pass_plate[pass]);
        }
        month_at(month_in(month_roll(6 * 3600 + 600, 20 * 3600)), ARRIVE, i);
    }
    for (int lot = 0; lot < MONTH_LOTS; lot++) {
        month_at(month_in(6 * 3600), SHIFT_OPEN, lot);
        month_at(month_in(23 * 3600 + 1800), SHIFT_CLOSE, lot);
    }
}

/* ---- arriving ---- */

static bool is_inside(const char *plate, int near)
{
    int first = near > 3 * m.per_day ? near - 3 * m.per_day : 0;
    for (int i = first; i < m.visit_count && i <= near + m.per_day; i++) {
        if (m.visit[i].entered_ && !m.visit[i].ended && strcmp(m.visit[i].plate, plate) == 0) {
            return true;
        }
    }
    return false;
}

static void arrive(int i)
{
    struct visit *v = &m.visit[i];
    if (v->manner == BY_PASS && is_inside(v->plate, i)) {
        v->manner = BY_TRANSFER; /* the pass's car is there already: another one came */
        snprintf(v->plate, sizeof v->plate, "29A%05d", i);
    }
    struct event e = month_event(v->lot == 0 ? 0 : 2, EVENT_ARRIVED, v->id);
    e.wall = month_in(-12);
    name_plate(&e, v->plate);
    month_send(&e);
    e = month_event(v->lot == 0 ? 0 : 2, EVENT_ENTERED, v->id);
    month_send(&e);
    v->entered = m.now;
    v->entered_ = true;
    month_run();
    month_text("SELECT code FROM session WHERE id = ?1", v->id, v->code, sizeof v->code);
    month_text("SELECT token FROM session WHERE id = ?1", v->id, v->token, sizeof v->token);
    int64_t stay = month_chance(300) ? month_roll(8 * 3600, 14 * 3600) : month_roll(600, 3 * 3600);
    month_at(month_in(stay), ASK, i);
    if (v->manner == FROM_PAGE) {
        int64_t before = month_roll(60, month_chance(2000) ? 1200 : 480);
        month_at(month_in(before < stay ? stay - before : stay / 2), PAGE, i);
    }
}

/* ---- money ---- */

static int64_t open_vnd(const struct visit *v)
{
    return v->fee_vnd > v->got_vnd ? v->fee_vnd - v->got_vnd : 0;
}

static void order(int i, int64_t due)
{
    struct visit *v = &m.visit[i];
    int64_t amount = due;
    if (month_chance(100)) {
        static const int64_t wrong[] = {-1000, -5000, 2000, 50000, 100000};
        amount += wrong[month_roll(0, 4)];
        m.wrong_amount++;
    }
    v->transfers++;
    int k = bank_pay_code(v->lot, amount, v->code, FOR_VISIT, i);
    if (month_chance(70) && v->standing) {
        m.double_paid++;
        v->transfers++;
        month_at(month_in(month_roll(15, 80)), PAY, i); /* "it does not open": once more */
    } else if (amount == due && v->transfers == 1 && m.transfer[k].places && month_chance(60)) {
        month_at(month_in(month_roll(6 * 3600, 60 * 3600)), TAKE_BACK, k);
    }
}

static void pay_again(int i)
{
    const struct visit *v = &m.visit[i];
    (void)bank_pay_code(v->lot, v->quoted_vnd, v->code, FOR_VISIT, i);
}

/* The page says what is due this moment, and it is paid a little later. */
static void from_page(int i)
{
    struct visit *v = &m.visit[i];
    if (v->standing || v->ended) {
        return;
    }
    app_note_page(m.app, str_c(v->token));
    month_run();
    v->quoted_vnd = people_fee(v->entered, m.now);
    order(i, v->quoted_vnd);
}

void people_learn(const struct transfer *t)
{
    const struct transfer *of = t->purpose == FOR_BACK ? &m.transfer[t->of] : t;
    if ((!t->places && !t->resolved) || of->purpose != FOR_VISIT) {
        return;
    }
    struct visit *v = &m.visit[of->of];
    if (t->out) {
        v->got_vnd -= t->amount_vnd;
        return;
    }
    int64_t owed = people_fee(v->entered, t->booked);
    bool full = v->paid_until.ms != 0;
    if (!v->ended && !full) {
        /* D of the table: what is due at the booking; promised for a while when it was quoted. */
        bool promised = v->asked.ms && wall_diff(t->booked, v->asked) >= 0 &&
                        wall_diff(t->booked, v->promised_until) <= 0;
        int64_t page = people_fee(v->entered, wall_add(t->booked, -GRACE_MS));
        int64_t got = v->got_vnd + t->amount_vnd;
        bool crossed = v->asked.ms && !promised && wall_diff(v->asked, t->booked) > 0 &&
                       wall_diff(v->asked, t->booked) <= 5 * (int64_t)TIME_MINUTE_MS;
        if (crossed && (got < owed || got >= v->fee_vnd)) {
            promised =
                true; /* paid just before he asked, told after it, and not what was due then */
        }
        v->fee_vnd = promised ? v->fee_vnd : owed;
        if (!promised && !crossed && v->got_vnd + t->amount_vnd < owed &&
            v->got_vnd + t->amount_vnd >= page) {
            v->fee_vnd = page;
        }
        if (v->got_vnd + t->amount_vnd >= v->fee_vnd) {
            v->paid_until = wall_add(t->booked, GRACE_MS);
        }
        v->promised_until = wall_add(m.now, GRACE_MS);
    }
    v->got_vnd += t->amount_vnd;
}

/* ---- at the exit ---- */

static void ask(int i)
{
    struct visit *v = &m.visit[i];
    bool again = v->paid_until.ms == 0 || wall_diff(m.now, v->paid_until) > 0;
    struct event e = month_event(month_exit_gate(v->lot), EVENT_EXIT_ASKED, v->id);
    name_plate(&e, v->plate);
    e.lane = 2;
    v->standing = true;
    v->waits = true;
    v->asked = m.now;
    memcpy(v->ask_id, e.id, sizeof v->ask_id);
    if (again) {
        /* What was too much before is on its way back: it pays nothing more. */
        if (v->got_vnd > v->fee_vnd && v->fee_vnd > 0) {
            m.back_vnd[v->lot] += v->got_vnd - v->fee_vnd;
            v->got_vnd = v->fee_vnd;
        }
        v->fee_vnd = v->manner == BY_PASS ? 0 : people_fee(v->entered, m.now);
        v->promised_until = wall_add(m.now, GRACE_MS);
        v->paid_until = (wall_t){0};
    }
    month_send(&e);
    month_run();
}

static void let_out(int i, enum permit permit)
{
    struct visit *v = &m.visit[i];
    struct event e = month_event(month_exit_gate(v->lot), EVENT_EXIT_PERMITTED, v->id);
    assert_false(v->ended);
    e.lane = 2;
    e.permit = permit;
    month_send(&e);
    e = month_event(month_exit_gate(v->lot), EVENT_LEFT, v->id);
    e.lane = 2;
    month_send(&e);
    v->ended = true;
    v->standing = false;
    month_run();
    if (permit == PERMIT_DEBT && month_chance(4000) && m.day < MONTH_DAYS - 1) {
        month_at(month_in(month_roll(3600, 30 * 3600)), LATER, i);
    }
}

static void take_cash(int i)
{
    struct visit *v = &m.visit[i];
    struct drawer *d = &m.drawer[v->lot];
    if (v->ended || v->opened || !d->open) {
        return;
    }
    struct event e = month_event(month_exit_gate(v->lot), EVENT_CASH_TAKEN, v->id);
    e.lane = 2;
    e.amount_vnd = v->quoted_vnd;
    memcpy(e.shift, d->shift, sizeof e.shift);
    memcpy(e.cause, v->ask_id, sizeof e.cause);
    snprintf(e.receipt, sizeof e.receipt, "B%d-%06lld", v->lot, (long long)++m.receipts[v->lot]);
    snprintf(e.by, sizeof e.by, "tam");
    month_send(&e);
    d->expected_vnd += v->quoted_vnd;
    v->cash_vnd += v->quoted_vnd;
    v->got_vnd += v->quoted_vnd;
    month_run();
    let_out(i, PERMIT_CASH);
}

static void give_up(int i)
{
    struct visit *v = &m.visit[i];
    if (v->ended || v->opened || !v->standing) {
        return;
    }
    if (v->manner != NEVER && m.drawer[v->lot].open && month_chance(3000) && open_vnd(v) > 0) {
        if (wall_diff(m.now, v->promised_until) > 0) {
            ask(i); /* the amount ran out: the lane asked again (LANE.md X7) */
        }
        v->quoted_vnd = open_vnd(v);
        take_cash(i);
    } else {
        let_out(i, PERMIT_DEBT);
    }
}

/* The next day, from the page of the debt. */
static void later(int i)
{
    struct visit *v = &m.visit[i];
    if (open_vnd(v) > 0) {
        (void)bank_pay_code(v->lot, open_vnd(v), v->code, FOR_VISIT, i);
    }
}

static void take_back(int k)
{
    struct transfer *t = &m.transfer[k];
    struct visit *v = &m.visit[t->of];
    char content[80];
    /* Alone, arrived, and exactly what was due: then it is plain what it had paid. */
    if (!v->ended || !t->told || v->got_vnd != v->fee_vnd || v->got_vnd != t->amount_vnd ||
        v->cash_vnd || v->granted_vnd || m.day >= MONTH_DAYS) {
        return;
    }
    v->retracted = true;
    m.backs++;
    snprintf(content, sizeof content, "hoan giao dich %s", t->ref);
    (void)bank_carry_out(t->lot, true, t->amount_vnd, content, FOR_BACK, k, true);
}

/* ---- what the server says to the gates ---- */

static void hear_due(int i, const struct down *down)
{
    struct visit *v = &m.visit[i];
    bool first = v->waits;
    if (down->fee_vnd != v->fee_vnd || down->amount_vnd != open_vnd(v)) {
        fail_msg("visit %d: asked for %lld of %lld, should be %lld of %lld", i,
                 (long long)down->amount_vnd, (long long)down->fee_vnd, (long long)open_vnd(v),
                 (long long)v->fee_vnd);
    }
    v->quoted_vnd = down->amount_vnd;
    v->waits = false;
    if (v->manner == NEVER) {
        month_at(month_in(60), GIVE_UP, i);
    } else if (v->manner == BY_CASH) {
        month_at(month_in(month_roll(20, 60)), CASH, i);
        month_at(month_in(300), GIVE_UP, i); /* no attendant: he signs */
    } else if (v->manner == FROM_PAGE && first && v->transfers > 0 && v->got_vnd == 0) {
        month_at(month_in(month_roll(240, 420)), GIVE_UP,
                 i); /* "I have paid", he says, and waits */
    } else {
        bool slow = first && month_chance(200);
        int64_t after = slow ? month_roll(660, 1500) : month_roll(25, 200);
        month_at(month_in(after), TOP_UP, i);
        month_at(month_in(after + month_roll(200, 420)), GIVE_UP, i);
    }
}

void people_hear(const struct down *down)
{
    if ((down->type != DOWN_QUOTE && down->type != DOWN_PAID) || !down->session[0]) {
        return;
    }
    int i = (int)month_parse(down->session + 4);
    assert_in_range(i, 0, m.visit_count - 1);
    struct visit *v = &m.visit[i];
    if (v->ended || v->opened || strcmp(down->ask, v->ask_id) != 0 ||
        strcmp(down->id, v->quote_id) == 0) {
        return; /* said again, or too late */
    }
    memcpy(v->quote_id, down->id, sizeof v->quote_id);
    if (down->type == DOWN_QUOTE && down->state == QUOTE_DUE) {
        hear_due(i, down);
        return;
    }
    /* The barrier opens: it must have been paid, every dong of it, or need not be. */
    assert_true(down->type == DOWN_PAID || down->state == QUOTE_PAID ||
                (down->state == QUOTE_EXEMPT && v->manner == BY_PASS));
    if (open_vnd(v) != 0) {
        fail_msg("visit %d: the barrier opens, and %lld of %lld are open", i,
                 (long long)open_vnd(v), (long long)v->fee_vnd);
    }
    v->opened = true;
    month_at(month_in(month_roll(3, 40)), GO, i);
}

static void go(int i)
{
    const struct visit *v = &m.visit[i];
    if (!v->ended) {
        let_out(i, v->manner == BY_PASS ? PERMIT_EXEMPT : PERMIT_PAID);
    }
}

static void top_up(int i)
{
    const struct visit *v = &m.visit[i];
    if (!v->ended && !v->opened && v->quoted_vnd > 0) {
        order(i, v->quoted_vnd);
    }
}

void people_do(enum happening what, int index)
{
    static void (*const acts[])(int index) = {
        [ARRIVE] = arrive, [PAGE] = from_page,     [ASK] = ask,         [PAY] = pay_again,
        [TOP_UP] = top_up, [CASH] = take_cash,     [GIVE_UP] = give_up, [GO] = go,
        [LATER] = later,   [TAKE_BACK] = take_back};
    assert_in_range(what, ARRIVE, TAKE_BACK);
    acts[what](index);
}
