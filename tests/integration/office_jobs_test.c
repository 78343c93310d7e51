/* office_jobs_test.c - what pages let the worker do: a statement taken in, a day closed. */
#include "proto/crypto/crypto.h"
#include "proto/io/clock_os.h"
#include "server/office/office_jobs.h"
#include "tests/integration/server_world.h"

static struct world w;
static struct office office;

#define COUNT(rest) world_number(&w, "SELECT count(*) FROM " rest)

static int setup(void **state)
{
    (void)state;
    ok(dx_crypto_start());
    world_init(&w);
    office = (struct office){.app = w.app, .config = &w.config, .mappings = ""};
    ok(jobs_new(&office.jobs));
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    jobs_free(office.jobs);
    world_fini(&w);
    return 0;
}

/* Until the job is over; the writer turns meanwhile, as it does in the server. */
static struct job_view finish(const char *id)
{
    struct job_view view;
    ok(jobs_look(office.jobs, str_c(id), &view));
    while (view.state < JOB_DONE) {
        ok(app_turn(w.app, (mono_t){0}));
        ok(jobs_look(office.jobs, str_c(id), &view));
    }
    return view;
}

static struct job_view take(int lot, const char *text, bool dry_run)
{
    char id[ULID_CAP];
    const struct office_statement statement = {.lot = &w.lots[lot],
                                               .file = "C:\\Users\\lan\\thang 3.csv",
                                               .dry_run = dry_run,
                                               .by = "lan"};
    ok(office_take_statement(&office, &statement, strdup(text), strlen(text), id));
    return finish(id);
}

static const char statement[] = "Ngày giao dịch,Số tham chiếu,Ghi nợ,Ghi có,Số dư,Nội dung\n"
                                "02/03/2026 08:00:00,FT1,,25000,1025000,tien xe\n"
                                "02/03/2026 08:10:00,FT2,,30000,1055000,DX TEST\n";

static void test_office_jobs__a_statement_goes_into_the_inbox_and_is_applied(void **state)
{
    (void)state;
    struct job_view view = take(0, statement, true);
    assert_int_equal(view.state, JOB_DONE);
    assert_non_null(strstr(view.text, "only tried"));
    assert_int_equal(COUNT("bank_inbox"), 0);
    view = take(0, statement, false);
    assert_int_equal(view.state, JOB_DONE);
    assert_int_equal(view.total, 2);
    assert_int_equal(view.done, 2);
    assert_string_equal(view.operator_, w.lots[0].operator_id);
    assert_int_equal(COUNT("bank_credit"), 2);
    char file[64];
    world_text(&w, "SELECT file FROM bank_statement", file, sizeof file);
    assert_string_equal(file, "thang 3.csv");
    view = take(0, statement, false); /* again: nothing to do */
    assert_int_equal(view.state, JOB_DONE);
    assert_non_null(strstr(view.text, "imported before"));
    assert_int_equal(COUNT("bank_credit"), 2);
}

static void test_office_jobs__a_bad_file_says_where_and_changes_nothing(void **state)
{
    (void)state;
    struct job_view view = take(0,
                                "Ngày giao dịch,Số tham chiếu,Ghi nợ,Ghi có,Số dư,Nội dung\n"
                                "02/03/2026 08:00:00,FT1,,25000,1025000,tien xe\n"
                                "02/03/2026 08:10:00,FT2,,ba mươi,1055000,DX TEST\n",
                                false);
    assert_int_equal(view.state, JOB_FAILED);
    assert_non_null(strstr(view.text, "line 3"));
    view = take(0, "PK\003\004 not a csv", false);
    assert_int_equal(view.state, JOB_FAILED);
    assert_true(view.text[0] != '\0');
    assert_int_equal(COUNT("bank_inbox"), 0);
}

static void test_office_jobs__a_day_is_closed_and_its_file_comes_out_again(void **state)
{
    (void)state;
    char id[ULID_CAP];
    struct office_dayclose close = {.operator_ = &w.operators[0],
                                    .day = "2026-03-02",
                                    .format = SHEET_CSV,
                                    .table = -1,
                                    .by = "lan"};
    ok(office_close_day(&office, &close, id));
    struct job_view view = finish(id);
    assert_int_equal(view.state, JOB_DONE);
    assert_non_null(strstr(view.file_name, "draft.csv"));
    assert_int_equal(COUNT("day_close"), 0);
    close.sign = true;
    ok(office_close_day(&office, &close, id));
    view = finish(id);
    assert_int_equal(view.state, JOB_DONE);
    assert_int_equal(COUNT("day_close"), 1);
    char *first = NULL;
    char *again = NULL;
    size_t first_n = 0;
    size_t again_n = 0;
    ok(jobs_file(office.jobs, str_c(id), &first, &first_n));
    close.sign = false;
    close.table = 0;
    ok(office_close_day(&office, &close, id));
    view = finish(id);
    assert_int_equal(view.state, JOB_DONE);
    ok(jobs_file(office.jobs, str_c(id), &again, &again_n));
    assert_int_equal(first_n, again_n);
    assert_memory_equal(first, again, first_n);
    free(first);
    free(again);
    close.day = "2999-01-01";
    close.sign = true;
    ok(office_close_day(&office, &close, id));
    view = finish(id);
    assert_int_equal(view.state, JOB_FAILED);
    assert_non_null(strstr(view.text, "has not ended"));
}

/* ---- the worker itself ---- */

static int wait_for_end(struct job *job, void *cargo)
{
    (void)cargo;
    while (!job_is_stopping(job)) {
        job_wait(job, 1000);
    }
    return 0;
}

static int at_once(struct job *job, void *cargo)
{
    (void)cargo;
    job_say(job, "done");
    return 0;
}

static void test_office_jobs__too_many_are_refused_and_an_end_leaves_none(void **state)
{
    (void)state;
    char id[ULID_CAP];
    struct job_order order = {
        .kind = "test", .by = "lan", .operator_ = "op", .run = wait_for_end, .drop = free};
    int posted = 0;
    int error = 0;
    while (!error && posted < 100) {
        order.cargo = malloc(16);
        error = jobs_post(office.jobs, &order, id);
        posted += !error;
    }
    free(order.cargo);
    assert_int_equal(error, DX_E_FULL);
    assert_true(posted >= JOBS_WAITING_MAX && posted <= JOBS_WAITING_MAX + 1);
    jobs_free(office.jobs); /* the sanitizer finds a cargo that nobody dropped */
    ok(jobs_new(&office.jobs));
}

static void test_office_jobs__old_ones_are_forgotten(void **state)
{
    (void)state;
    char id[ULID_CAP];
    char first[ULID_CAP] = "";
    struct job_view view;
    const struct job_order order = {.kind = "test", .by = "lan", .operator_ = "op", .run = at_once};
    for (int i = 0; i < 2 * JOBS_KEPT + JOBS_WAITING_MAX; i++) {
        ok(jobs_post(office.jobs, &order, id));
        memcpy(first, first[0] ? first : id, sizeof first);
        view = finish(id);
        assert_string_equal(view.text, "done");
    }
    assert_int_equal(jobs_look(office.jobs, str_c(first), &view), DX_E_NOT_FOUND);
}

#define ROW(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
TESTS(ROW(test_office_jobs__a_statement_goes_into_the_inbox_and_is_applied),
      ROW(test_office_jobs__a_bad_file_says_where_and_changes_nothing),
      ROW(test_office_jobs__a_day_is_closed_and_its_file_comes_out_again),
      ROW(test_office_jobs__too_many_are_refused_and_an_end_leaves_none),
      ROW(test_office_jobs__old_ones_are_forgotten))
