/*
 * A simulated month: visits, losses, doubles, wrong amounts and mangled contents, two persons at
 * the queue, a close at every midnight; and an auditor with books of its own.  In the end every
 * dong that any bank moved has one place in the ledger, and nothing is left that nobody can
 * explain.
 *
 *     DOXE_MONTH_VISITS   visits a day (12); 200 is a real lot, and takes its time
 *     DOXE_MONTH_SEED     another month
 */
#include "proto/io/daemon.h"
#include "server/io/ledger_cli.h"
#include "server/io/report_cli.h"
#include "server/store/query_cases.h"
#include "tests/integration/month.h"

#include <inttypes.h>

static const char *const lots[MONTH_LOTS] = {"hn-0001", "hn-0002"};
static const char *const banks[MONTH_LOTS] = {"970436-0123456789", "970418-9876543210"};

/* ---- the calendar ---- */

static void plan_day(int day)
{
    wall_t start = wall_add(m.first, day * (int64_t)TIME_DAY_MS);
    m.now = start;
    m.day = day;
    if (day < MONTH_DAYS) {
        people_plan_day();
    }
    for (int minute = 5 * 60; minute < 24 * 60; minute += 5) {
        month_at(wall_add(start, minute * (int64_t)TIME_MINUTE_MS), POLL, 0);
    }
    for (int hour = 8; hour <= 22; hour += 2) {
        month_at(wall_add(start, hour * (int64_t)TIME_HOUR_MS + 1), DESK, 0);
    }
    month_at(wall_add(start, 16 * (int64_t)TIME_HOUR_MS + 2), REFUNDS, 0);
    for (int lot = 0; lot < MONTH_LOTS; lot++) {
        month_at(wall_add(start, 5 * (int64_t)TIME_HOUR_MS + 3), TO_SAFE, lot);
    }
    if (day % 7 == 6 || day == MONTH_DAYS) {
        month_at(wall_add(start, 9 * (int64_t)TIME_HOUR_MS + 4), TO_BANK, 0);
    }
    month_at(wall_add(start, TIME_DAY_MS + 10 * (int64_t)TIME_MINUTE_MS), MIDNIGHT, day);
}

static void day_text(int day, char text[TIME_ISO_CAP])
{
    time_format_iso(wall_add(m.first, day * (int64_t)TIME_DAY_MS), text);
    text[10] = '\0';
}

static int close_again(int day, const char *out, bool sign)
{
    char text[TIME_ISO_CAP];
    day_text(day, text);
    return month_command(false, report_command, "report", "day", "--config", m.file, "--operator",
                         "op", "--day", text, "--out", out, sign ? "--sign" : "--table",
                         sign ? "--by" : "0", sign ? "lan" : NULL, NULL);
}

/* The file of the bank, then the close of the day, which must agree; the server starts anew. */
static void midnight(int day)
{
    char out[MONTH_PATH_CAP + 32];
    month_close_app();
    bank_import_day();
    m.now = month_in(60); /* what the importer did is past */
    snprintf(out, sizeof out, "%s/close-%02d.csv", m.dir, day);
    if (close_again(day, out, true) != EXIT_OK) {
        char *text = harness_read_file(out, NULL);
        for (const char *at = strstr(text, "LỆCH"); at; at = strstr(at + 1, "LỆCH")) {
            const char *line = at;
            while (line > text && line[-1] != '\n') {
                line--;
            }
            print_message("%.*s\n", (int)strcspn(line, "\r\n"), line);
        }
        free(text);
        fail_msg("day %d does not agree", day);
    }
    month_open_app();
    if (day == MONTH_DAYS) {
        desk_write_off();
    }
}

static void happen(const struct event_at *e)
{
    if (e->what == NOTICE) {
        bank_tell(e->index);
    } else if (e->what == POLL) {
        bank_ask_list();
    } else if (e->what == MIDNIGHT) {
        midnight(e->index);
    } else if (e->what >= DESK) {
        desk_do(e->what, e->index);
    } else {
        people_do(e->what, e->index);
    }
}

static bool next_event(struct event_at *ret)
{
    if (m.heap_count == 0) {
        return false;
    }
    *ret = m.heap[0];
    struct event_at last = m.heap[--m.heap_count];
    int i = 0;
    for (int child; (child = 2 * i + 1) < m.heap_count; i = child) {
        const struct event_at *a = &m.heap[child];
        bool right = child + 1 < m.heap_count &&
                     (a[1].at_ms < a->at_ms || (a[1].at_ms == a->at_ms && a[1].tie < a->tie));
        child += right;
        a += right;
        if (last.at_ms < a->at_ms || (last.at_ms == a->at_ms && last.tie < a->tie)) {
            break;
        }
        m.heap[i] = *a;
    }
    m.heap[i] = last;
    return true;
}

static void run_month(void)
{
    struct event_at e;
    m.now = wall_add(m.first, 4 * (int64_t)TIME_HOUR_MS);
    desk_passes();
    for (int day = 0; day < MONTH_DAYS + MONTH_SETTLE; day++) {
        plan_day(day);
    }
    m.now = m.first;
    while (next_event(&e)) {
        int64_t at_ms = e.at_ms / TIME_SECOND_MS * TIME_SECOND_MS;
        m.now.ms = at_ms > m.now.ms ? at_ms : m.now.ms;
        m.day = (int)((e.at_ms - m.first.ms) / TIME_DAY_MS);
        happen(&e);
    }
}

/* ---- the auditor ---- */

static int faults;

static void differs(const char *what, const char *of, int64_t is, int64_t should)
{
    if (is != should && ++faults <= 30) {
        print_message("%s %s: %" PRId64 ", should be %" PRId64 "\n", what, of, is, should);
    }
}

/* Each transfer of every bank is one credit and one entry of its account, by its whole amount. */
static void audit_transfers(void)
{
    for (int i = 0; i < m.transfer_count; i++) {
        const struct transfer *t = &m.transfer[i];
        char account[64];
        int64_t sign = t->out ? -1 : 1;
        snprintf(account, sizeof account, "bank:%s", banks[t->lot]);
        differs("credits of transfer", t->ref,
                month_number("SELECT count(*) FROM bank_credit WHERE bank_ref = ?1"
                             " AND account = ?2",
                             t->ref, month_account[t->lot]),
                1);
        differs("booked of transfer", t->ref,
                month_number("SELECT sum(e.amount_vnd) FROM bank_credit c JOIN ledger_tx t"
                             " ON t.id = 'credit:' || c.provider || ':' || c.provider_tx JOIN "
                             "ledger_entry e ON e.tx = t.id"
                             " WHERE c.bank_ref = ?1 AND e.account = ?2",
                             t->ref, account),
                sign * t->amount_vnd);
    }
    differs("credits", "in all", month_number("SELECT count(*) FROM bank_credit", NULL, NULL),
            m.transfer_count);
    differs(
        "entries", "of bank accounts",
        month_number("SELECT count(*) FROM ledger_entry WHERE account GLOB 'bank:*'", NULL, NULL),
        m.transfer_count);
}

static int64_t least(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

static void audit_visits(void)
{
    for (int i = 0; i < m.visit_count; i++) {
        const struct visit *v = &m.visit[i];
        char state[24];
        const char *should = v->written_off_vnd        ? "written_off"
                             : v->got_vnd < v->fee_vnd ? "left_unpaid"
                                                       : "left";
        month_text("SELECT state FROM session WHERE id = ?1", v->id, state, sizeof state);
        if (!v->ended || strcmp(state, should) != 0) {
            print_message("visit %d is %s, should be %s\n", i, state, should);
            faults++;
        }
        differs("fee of visit", v->id,
                month_number("SELECT fee_vnd FROM session WHERE id = ?1", v->id, NULL), v->fee_vnd);
        differs("paid of visit", v->id,
                month_number("SELECT paid_vnd FROM session WHERE id = ?1", v->id, NULL),
                least(v->fee_vnd, v->got_vnd));
    }
}

struct sums {
    int64_t revenue, receivable, over, written_off, granted;
};

static struct sums sum_of(int lot)
{
    struct sums s = {0};
    for (int i = 0; i < m.visit_count; i++) {
        const struct visit *v = &m.visit[i];
        if (v->lot == lot) {
            s.revenue += v->fee_vnd;
            s.over += v->got_vnd > v->fee_vnd ? v->got_vnd - v->fee_vnd : 0;
            s.receivable += v->got_vnd < v->fee_vnd ? v->fee_vnd - v->got_vnd : 0;
            s.receivable -= v->written_off_vnd;
            s.written_off += v->written_off_vnd;
        }
    }
    s.granted = month_number("SELECT coalesce(sum(amount_vnd), 0) FROM refund WHERE granted = 1"
                             " AND lot = ?1 AND state IN ('approved', 'sent', 'confirmed')",
                             lots[lot], NULL);
    return s;
}

static int expected_accounts;

static void account_is(const char *kind, const char *owner, int64_t should)
{
    char account[96];
    snprintf(account, sizeof account, "%s:%s", kind, owner);
    differs("balance", account,
            month_number("SELECT coalesce(sum(amount_vnd), 0) FROM ledger_entry"
                         " WHERE account = ?1",
                         account, NULL),
            should);
    expected_accounts += month_number("SELECT EXISTS (SELECT 1 FROM ledger_entry"
                                      " WHERE account = ?1)",
                                      account, NULL) != 0;
}

static void audit_accounts(void)
{
    for (int lot = 0; lot < MONTH_LOTS; lot++) {
        struct sums s = sum_of(lot);
        account_is("bank", banks[lot], m.balance_vnd[lot]);
        account_is("suspense", month_account[lot], 0);
        account_is("owner", month_account[lot], m.owner_vnd[lot]);
        account_is("prepaid", lots[lot], 0);
        account_is("revenue", lots[lot], -s.revenue);
        account_is("receivable", lots[lot], s.receivable);
        account_is("written_off", lots[lot], s.written_off);
        account_is("refunded", lots[lot], s.granted);
        account_is("refund_due", lots[lot],
                   m.refunded_vnd[lot] - s.over - m.back_vnd[lot] - s.granted);
    }
    account_is("pass_revenue", lots[0], -m.pass_vnd);
    account_is("pass_deferred", lots[0], 0);
    account_is("cash_safe", "op", m.safe_vnd);
    account_is("cash_transit", "op", 0);
    account_is("cash_over_short", "op", m.short_vnd);
    differs("cash", "left in drawers",
            month_number("SELECT coalesce(sum(abs(b)), 0) FROM (SELECT sum(amount_vnd) b FROM"
                         " ledger_entry WHERE account GLOB 'cash:*' GROUP BY account)",
                         NULL, NULL),
            0);
    differs("accounts", "that nobody expects",
            month_number("SELECT count(DISTINCT account) FROM ledger_entry"
                         " WHERE account NOT GLOB 'cash:*'",
                         NULL, NULL),
            expected_accounts);
}

/* The tax table of the month: what was paid for service, to the dong. */
static int64_t tax_total(void)
{
    char out[MONTH_PATH_CAP + 32];
    snprintf(out, sizeof out, "%s/ttgd.csv", m.dir);
    assert_int_equal(month_command(false, report_command, "report", "ttgd", "--config", m.file,
                                   "--operator", "op", "--month", "2026-03", "--out", out, NULL),
                     EXIT_OK);
    char *text = harness_read_file(out, NULL);
    const char *total = strstr(text, "Tổng cộng");
    assert_non_null(total);
    const char *end = strpbrk(total, "\r\n");
    const char *last = end;
    while (last > total && last[-1] != ',') {
        last--;
    }
    int64_t vnd = 0;
    ok(str_parse_i64((struct str){last, (size_t)(end - last)}, 0, INT64_MAX, &vnd));
    free(text);
    return vnd;
}

static void audit_reports(void)
{
    char april[24];
    int64_t paid = m.pass_vnd;
    for (int i = 0; i < m.visit_count; i++) {
        paid += least(m.visit[i].fee_vnd, m.visit[i].got_vnd);
    }
    /* a fee given back in April is April's */
    snprintf(april, sizeof april, "%" PRId64, m.first.ms + 31 * (int64_t)TIME_DAY_MS);
    paid -= month_number("SELECT coalesce(sum(amount_vnd), 0) FROM refund WHERE granted = 1"
                         " AND state <> 'cancelled' AND approved_ms < ?1 + 0",
                         april, NULL);
    differs("form", "01/TTGD", tax_total(), paid);
    for (int day = 0; day < MONTH_DAYS + MONTH_SETTLE; day++) {
        char path[2][MONTH_PATH_CAP + 32];
        snprintf(path[0], sizeof path[0], "%s/close-%02d.csv", m.dir, day);
        snprintf(path[1], sizeof path[1], "%s/again-%02d.csv", m.dir, day);
        differs("close of day, again", path[1], close_again(day, path[1], false), EXIT_OK);
        char *first = harness_read_file(path[0], NULL);
        char *again = harness_read_file(path[1], NULL);
        differs("close of day, other bytes", path[1], strcmp(first, again), 0);
        free(first);
        free(again);
    }
    differs("ledger", "verify",
            month_command(false, ledger_command, "ledger", "verify", "--config", m.file, NULL),
            EXIT_OK);
}

static void count_row(void *context, const struct case_row *row)
{
    print_message("unexplained: %s %" PRId64 " %s\n", row->bank_ref, row->amount_vnd, row->kind);
    ++*(int *)context;
}

static void tell_figures(void)
{
    int cash = 0;
    int debts = 0;
    for (int i = 0; i < m.visit_count; i++) {
        cash += m.visit[i].cash_vnd > 0;
        debts += m.visit[i].got_vnd < m.visit[i].fee_vnd;
    }
    print_message(
        "%d visits (%d in cash, %d never paid), %d transfers, %d files, %" PRId64 " turns\n"
        "webhooks lost %d, doubled %d; polls that failed %d; wrong amounts %d; paid twice %d\n"
        "contents that name no stay %d (own words %d, wrong account %d, two codes %d); taken back"
        " %d\nqueue %d, the stay suggested %d, first %d; refunds sent %d, waiting for the driver"
        " %" PRId64 "\n",
        m.visit_count, cash, debts, m.transfer_count, m.files, m.turns, m.lost, m.twice,
        m.refused_polls, m.wrong_amount, m.double_paid, m.mangled, m.replaced, m.wrong_account,
        m.two_codes, m.backs, m.queue, m.suggested, m.suggested_first, m.refunds,
        month_number("SELECT count(*) FROM refund WHERE state = 'requested'", NULL, NULL));
}

static void test_month__every_dong_of_a_month_is_explained(void **state)
{
    int unexplained = 0;
    (void)state;
    month_start();
    run_month();
    tell_figures();
    ok(query_cases(m.db, 100, count_row, &unexplained));
    differs("unexplained", "transfers", unexplained, 0);
    audit_transfers();
    audit_visits();
    audit_accounts();
    audit_reports();
    assert_int_equal(faults, 0);
    month_stop();
}

TESTS(cmocka_unit_test(test_month__every_dong_of_a_month_is_explained))
