/*
 * The real application and writer with its lists polled, its notices posted and a statement
 * imported, all at once over real sockets; and a provider that loses, refuses and repeats.
 */
#include "proto/base/out.h"
#include "proto/crypto/crypto.h"
#include "proto/io/clock_os.h"
#include "proto/io/http_srv.h"
#include "proto/io/mailbox.h"
#include "server/app/inbox.h"
#include "server/io/poller.h"
#include "server/store/store_bank.h"
#include "server/io/writer.h"
#include "sim/bank_provider.h"
#include "tests/integration/server_world.h"

#include <pthread.h>
#include <stdatomic.h>

enum { TRANSFERS = 40, PAGE_CAP = 1 << 20 };

static struct world w;
static struct bank bank;
static struct transfer transfers[TRANSFERS];
static struct http_srv *srv;
static struct server_config *config;
static atomic_int asked, broken, refuse_next;
static char page[PAGE_CAP];

/* ---- the provider's list ---- */

static int64_t number(const struct http_request *request, const char *name)
{
    int64_t value = 0;
    return str_parse_i64(http_query(request, name), 0, INT64_MAX, &value) ? 0 : value;
}

static void list(void *context, const struct http_request *request, struct http_response *response)
{
    struct out out;
    (void)context;
    atomic_fetch_add(&asked, 1);
    if (!str_eq_c(http_header(request, "Authorization"), "Bearer token-1")) {
        http_answer_json(response, 401, STR("{}"));
        return;
    }
    if (atomic_load(&refuse_next) > 0) {
        atomic_fetch_sub(&refuse_next, 1);
        http_answer_header(response, "Retry-After", "7");
        http_answer_json(response, 429, STR("{}"));
        return;
    }
    struct bank_list_ask ask = {.page = (int)number(request, "page"),
                                .limit = (int)number(request, "per_page")};
    out_init(&out, page, sizeof page);
    ok(bank_write_page(BANK_LIST_SEPAY_V2, &bank, &ask, &out));
    http_answer_json(response, 200, out_str(&out));
}

/* ---- the world ---- */

static void order(const char *content, int count)
{
    for (int i = 0; i < count; i++) {
        int index = 0;
        const struct bank_order one = {.amount_vnd = 25000,
                                       .account = "0123456789",
                                       .words = content,
                                       .code = content,
                                       .payer = "A",
                                       .payer_account = "1"};
        ok(bank_order(&bank, &one, (mono_t){0}, w.now, &index));
    }
}

static void news(void *context)
{
    app_bank_news(context);
}

static int setup(void **state)
{
    struct prng prng;
    (void)state;
    ok(dx_crypto_start());
    world_init(&w);
    prng_init(&prng, 3);
    bank_init(&bank, &prng, 1, 700, transfers, TRANSFERS);
    const struct http_config http = {
        .listen = "127.0.0.1:0", .body_max = 4096, .connection_max = 16, .handle = list};
    ok(http_srv_start(&http, &srv));
    config = calloc(1, sizeof *config);
    str_copy_cut(config->database, sizeof config->database, str_c(w.database));
    config->bank.sepay_api = 1;
    config->bank.poll_ms = 1000;
    snprintf(config->bank.sepay_url, sizeof config->bank.sepay_url, "http://127.0.0.1:%d",
             http_srv_port(srv));
    memcpy(config->bank.sepay_token, "token-1", 8);
    atomic_store(&asked, 0);
    atomic_store(&refuse_next, 0);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    world_fini(&w);
    http_srv_stop(srv);
    free(config);
    return 0;
}

static struct poller_result poll_once(int expected)
{
    int count = 0;
    struct poller *poller;
    struct poller_result results[POLLER_PROVIDERS_MAX];
    ok(poller_new(config, NULL, app_inbox(w.app), news, w.app, &poller));
    assert_int_equal(poller_once(poller, results, &count), expected);
    assert_int_equal(count, 1);
    poller_free(poller);
    return results[0];
}

/* ---- */

static void test_bank_poll__what_no_notice_told_is_found_and_pays(void **state)
{
    (void)state;
    char code[PAYCODE_CAP];
    world_enter(&w, "A", "30F12345");
    world_code(&w, "A", code);
    world_pass(&w, 5);
    order(code, 1);
    struct poller_result result = poll_once(0);
    assert_int_equal(result.added, 1);
    world_run(&w);
    assert_int_equal(world_number(&w, "SELECT paid_vnd FROM session"), 25000);
    assert_int_equal(poll_once(0).added, 0); /* the same page again is no row */
    assert_int_equal(world_number(&w, "SELECT count(*) FROM bank_inbox"), 1);
}

static void test_bank_poll__a_provider_that_refuses_is_left_alone_for_a_while(void **state)
{
    (void)state;
    order("chuyen tien", 1);
    atomic_store(&refuse_next, 1);
    struct poller_result result = poll_once(DX_E_LINK);
    assert_int_equal(result.asked, 1);
    assert_string_equal(result.why, "HTTP status 429");
    memcpy(config->bank.sepay_token, "wrong-1", 8);
    result = poll_once(DX_E_LINK);
    assert_string_equal(result.why, "HTTP status 401");
    snprintf(config->bank.sepay_url, sizeof config->bank.sepay_url, "http://127.0.0.1:1");
    result = poll_once(DX_E_LINK);
    assert_non_null(strstr(result.why, "no answer"));
    assert_int_equal(world_number(&w, "SELECT count(*) FROM bank_inbox"), 0);
    config->bank.sepay_token[0] = '\0';
    struct poller *poller;
    assert_int_equal(poller_new(config, NULL, app_inbox(w.app), news, w.app, &poller),
                     DX_E_NOT_FOUND);
}

/* ---- everything at once ---- */

static wall_t real_wall(void *context)
{
    (void)context;
    return w.now; /* the notices' clock stands */
}

static mono_t real_mono(void *context)
{
    (void)context;
    return clock_mono();
}

static void real_random(void *context, void *bytes, size_t n)
{
    (void)context;
    dx_random(bytes, n);
}

static int no_line(void *context, const char *topic, struct str payload)
{
    (void)context;
    (void)topic;
    (void)payload;
    return DX_E_LINK;
}

static void on_broken(void *context)
{
    (void)context;
    atomic_store(&broken, 1);
}

static struct str signed_header(void *context, const char *name)
{
    const struct bank_notice *notice = context;
    size_t n = strlen(name);
    for (int i = 0; i < BANK_NOTICE_HEADERS; i++) {
        if (strncmp(notice->header[i], name, n) == 0 && notice->header[i][n] == ':') {
            return str_trim(str_c(notice->header[i] + n + 1));
        }
    }
    return (struct str){NULL, 0};
}

/* Each transfer eight times, in an order of its own. */
static void *post_notices(void *argument)
{
    const int *step = argument;
    for (int k = 0; k < 4 * TRANSFERS; k++) {
        struct bank_notice notice;
        bank_write_notice(BANK_SEPAY, &transfers[k * *step % TRANSFERS], STR(WORLD_SECRET), w.now,
                          &notice);
        if (app_bank_webhook(w.app, "sepay", signed_header, &notice, str_c(notice.body)) != 200) {
            atomic_store(&broken, 1);
        }
    }
    return NULL;
}

/* A statement's rows, as the importer writes them: one transaction from another handle. */
static void *import_rows(void *argument)
{
    static char body[TRANSFERS][600];
    struct store *store;
    (void)argument;
    int error = store_open_another(w.database, 60000, &store);
    error = error ? error : store_begin(store);
    for (int i = 0; i < TRANSFERS && !error; i++) {
        struct out out;
        int64_t id = 0;
        char when[TIME_ISO_CAP];
        out_init(&out, body[i], sizeof body[i]);
        time_format_iso(transfers[i].booked, when);
        json_object(&out, NULL);
        json_i64(&out, "id", i);
        json_c(&out, "account", transfers[i].account);
        json_str(&out, "at", (struct str){when, 10});
        json_i64(&out, "amount", transfers[i].amount_vnd);
        json_c(&out, "ref", transfers[i].ref);
        json_c(&out, "content", transfers[i].content);
        json_i64(&out, "occurrence", 0);
        json_object_end(&out);
        const struct store_inbox_row row = {.provider = "statement",
                                            .source = CREDIT_STATEMENT,
                                            .received = w.now,
                                            .body = out_str(&out),
                                            .digest = ""};
        error = store_add_inbox_row(store, &row, &id);
    }
    error = error ? error : store_commit(store);
    atomic_store(&broken, atomic_load(&broken) || error != 0);
    store_close(store);
    app_bank_news(w.app);
    return NULL;
}

static void *poll_lists(void *argument)
{
    (void)argument;
    (void)poll_once(0);
    (void)poll_once(0);
    return NULL;
}

static void test_bank_poll__notices_list_and_statement_at_once_are_one_credit_each(void **state)
{
    (void)state;
    pthread_t threads[4];
    struct writer *writer;
    int steps[2] = {1, 7};
    char code[PAYCODE_CAP];
    char why[256];
    world_enter(&w, "A", "30F12345");
    world_code(&w, "A", code);
    order(code, TRANSFERS);
    world_stop(&w);
    w.ports = (struct app_ports){
        .wall = real_wall, .mono = real_mono, .random = real_random, .publish = no_line};
    ok(app_start(&w.config, &w.ports, why, sizeof why, &w.app));
    ok(writer_start(w.app, on_broken, NULL, &writer));
    ok(pthread_create(&threads[0], NULL, post_notices, &steps[0]));
    ok(pthread_create(&threads[1], NULL, post_notices, &steps[1]));
    ok(pthread_create(&threads[2], NULL, import_rows, NULL));
    ok(pthread_create(&threads[3], NULL, poll_lists, NULL));
    for (int i = 0; i < 4; i++) {
        ok(pthread_join(threads[i], NULL));
    }
    for (int i = 0; world_number(&w, "SELECT count(*) FROM bank_inbox WHERE state = 'new'"); i++) {
        struct mailbox *box;
        int nothing;
        assert_true(i < 600);
        ok(mailbox_new(sizeof nothing, 1, &box));
        (void)!mailbox_take(box, mono_add(clock_mono(), 100), &nothing);
        mailbox_free(box);
    }
    writer_stop(writer);
    app_close(w.app);
    assert_int_equal(atomic_load(&broken), 0);
    assert_int_equal(world_number(&w, "SELECT count(*) FROM bank_credit"), TRANSFERS);
    assert_int_equal(world_number(&w, "SELECT sum(amount_vnd) FROM ledger_entry"
                                      " WHERE account LIKE 'bank:%'"),
                     25000 * TRANSFERS);
    assert_int_equal(world_number(&w, "SELECT count(*) FROM (SELECT credit FROM bank_source GROUP"
                                      " BY credit HAVING count(DISTINCT source) = 3)"),
                     TRANSFERS);
    assert_int_equal(world_number(&w, "SELECT sum(times) FROM bank_source"
                                      " WHERE source = 'webhook'"),
                     8 * TRANSFERS);
    assert_int_equal(world_ledger_faults(&w), 0);
}

#define C(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        C(test_bank_poll__what_no_notice_told_is_found_and_pays),
        C(test_bank_poll__a_provider_that_refuses_is_left_alone_for_a_while),
        C(test_bank_poll__notices_list_and_statement_at_once_are_one_credit_each)};
    if (argc > 1) {
        cmocka_set_test_filter(argv[1]);
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}
