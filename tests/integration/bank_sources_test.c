/* Notices of three providers, lists and statements over a real database: one transfer, one credit.
 */
#include "proto/crypto/crypto.h"
#include "server/app/inbox.h"
#include "tests/integration/server_world.h"

static struct world w;

#define COUNT(rest) world_number(&w, "SELECT count(*) FROM " rest)
#define PAYOS_KEY   "test-checksum-key-0001"
#define CASSO_KEY   "casso-key-0001"

static int setup(void **state)
{
    (void)state;
    world_init(&w);
    w.config.payos_secret = PAYOS_KEY;
    w.config.casso_secret = CASSO_KEY;
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    world_fini(&w);
    return 0;
}

/* ---- signed as the provider does, written here a second time ---- */

struct field {
    const char *name;
    char value[200];
};

static struct str one_header(void *context, const char *name)
{
    const struct field *field = context;
    return strcmp(name, field->name) == 0 ? str_c(field->value) : (struct str){NULL, 0};
}

static void when_text(char out[20], char between)
{
    char when[TIME_ISO_CAP];
    time_format_iso(w.now, when);
    memcpy(out, when, 19);
    out[10] = between;
    out[19] = '\0';
}

/* The keys are in their order already: a second way to the string than sorting. */
static int payos(int64_t order, const char *ref, const char *account, const char *content,
                 int64_t amount)
{
    char line[1024];
    char body[2048];
    char when[20];
    uint8_t mac[SHA256_SIZE];
    char hex[2 * SHA256_SIZE + 1];
    struct field none = {"", ""};
    when_text(when, ' ');
    snprintf(line, sizeof line,
             "accountNumber=%s&amount=%lld&code=00&currency=VND&desc=success&description=%s"
             "&orderCode=%lld&paymentLinkId=pl1&reference=%s&transactionDateTime=%s"
             "&virtualAccountNumber=",
             account, (long long)amount, content, (long long)order, ref, when);
    dx_hmac_sha256(mac, STR(PAYOS_KEY), str_c(line));
    str_hex(hex, mac, sizeof mac);
    snprintf(body, sizeof body,
             "{\"code\":\"00\",\"desc\":\"success\",\"success\":true,\"data\":{\"orderCode\":%lld,"
             "\"amount\":%lld,\"description\":\"%s\",\"accountNumber\":\"%s\",\"reference\":\"%s\","
             "\"transactionDateTime\":\"%s\",\"currency\":\"VND\",\"paymentLinkId\":\"pl1\","
             "\"code\":\"00\",\"desc\":\"success\",\"virtualAccountNumber\":null},"
             "\"signature\":\"%s\"}",
             (long long)order, (long long)amount, content, account, ref, when, hex);
    int status = app_bank_webhook(w.app, "payos", one_header, &none, str_c(body));
    world_run(&w);
    return status;
}

static int casso(const char *id, const char *ref, const char *content, int64_t amount)
{
    char body[1024];
    char signed_text[1100];
    char when[20];
    uint8_t mac[SHA512_SIZE];
    char hex[2 * SHA512_SIZE + 1];
    struct field field = {"X-Casso-Signature", ""};
    when_text(when, ' ');
    snprintf(body, sizeof body,
             "{\"data\":{\"accountNumber\":\"0123456789\",\"amount\":%lld,\"description\":\"%s\","
             "\"id\":%s,\"reference\":\"%s\",\"runningBalance\":0,\"transactionDateTime\":\"%s\","
             "\"virtualAccountNumber\":\"\"},\"error\":0}",
             (long long)amount, content, id, ref, when);
    int n = snprintf(signed_text, sizeof signed_text, "%lld.%s", (long long)w.now.ms, body);
    dx_hmac_sha512(mac, STR(CASSO_KEY), (struct str){signed_text, (size_t)n});
    str_hex(hex, mac, sizeof mac);
    snprintf(field.value, sizeof field.value, "t=%lld,v1=%s", (long long)w.now.ms, hex);
    int status = app_bank_webhook(w.app, "casso", one_header, &field, str_c(body));
    world_run(&w);
    return status;
}

static void enter(char code[PAYCODE_CAP])
{
    world_enter(&w, "A", "30F12345");
    world_code(&w, "A", code);
    world_pass(&w, 5);
}

/* A raw row of a list or a file, as the pollers and the importer leave it. */
static void put_row(const char *provider, enum credit_source source, const char *body,
                    const char *digest)
{
    int added = 0;
    struct inbox inbox = {0};
    const struct store_inbox_row row = {.provider = provider,
                                        .source = source,
                                        .received = w.now,
                                        .body = str_c(body),
                                        .digest = digest};
    ok(inbox_open(&inbox, w.database, INBOX_BUSY_MS));
    ok(inbox_add(&inbox, &row, 1, NULL, 0, &added));
    inbox_close(&inbox);
    w.now.ms += INBOX_LOOK_MS; /* somebody else's: the writer looks */
    ok(app_turn(w.app, (mono_t){0}));
    world_run(&w);
}

static int64_t paid(void)
{
    return world_number(&w, "SELECT paid_vnd FROM session");
}

/* ---- webhooks ---- */

static void test_bank_sources__payos_pays_a_session(void **state)
{
    (void)state;
    char code[PAYCODE_CAP];
    enter(code);
    assert_int_equal(payos(1000123, "FT1", "0123456789", code, 25000), 200);
    assert_int_equal(payos(1000123, "FT1", "0123456789", code, 25000), 200);
    assert_int_equal(paid(), 25000);
    assert_int_equal(COUNT("bank_credit"), 1);
    assert_int_equal(world_number(&w, "SELECT times FROM bank_source"), 2);
    assert_int_equal(world_ledger_faults(&w), 0);
}

/* POST /confirm-webhook: a good signature over nobody's order is answered 2xx and books nothing. */
static void test_bank_sources__payos_may_try_the_address(void **state)
{
    (void)state;
    assert_int_equal(payos(123, "TF230204212323", "12345678", "VQRIO123", 3000), 200);
    assert_int_equal(COUNT("bank_inbox WHERE state = 'applied' AND reason LIKE 'no money%'"), 1);
    assert_int_equal(COUNT("bank_credit"), 0);
    assert_int_equal(COUNT("quarantine"), 0);
    assert_int_equal(COUNT("ledger_tx"), 0);
}

static void test_bank_sources__casso_pays_and_its_test_does_not(void **state)
{
    (void)state;
    char code[PAYCODE_CAP];
    enter(code);
    assert_int_equal(casso("0", "MA_GIAO_DICH_THU_NGHIEM", "thu nghiem", 599000), 200);
    assert_int_equal(COUNT("bank_credit"), 0);
    assert_int_equal(casso("501", "FT9", code, 25000), 200);
    assert_int_equal(paid(), 25000);
    w.config.casso_secret = "another";
    assert_int_equal(casso("502", "FT10", code, 25000), 401);
    assert_int_equal(COUNT("bank_credit"), 1);
}

static void test_bank_sources__casso_v1_brings_several_at_once(void **state)
{
    (void)state;
    char code[PAYCODE_CAP];
    char body[1024];
    struct field field = {"secure-token", CASSO_KEY};
    enter(code);
    snprintf(body, sizeof body,
             "{\"error\":0,\"data\":[{\"id\":1,\"tid\":\"T1\",\"description\":\"%s\",\"amount\":"
             "10000,\"when\":\"2026-03-02 09:05:00\",\"bank_sub_acc_id\":\"0123456789\"},"
             "{\"id\":2,\"amount\":\"much\"},{\"id\":3,\"tid\":\"T3\",\"description\":\"%s\","
             "\"amount\":15000,\"when\":\"2026-03-02 09:06:00\",\"bank_sub_acc_id\":"
             "\"0123456789\"}]}",
             code, code);
    assert_int_equal(app_bank_webhook(w.app, "casso", one_header, &field, str_c(body)), 200);
    world_run(&w);
    assert_int_equal(paid(), 25000);
    assert_int_equal(COUNT("bank_credit"), 2);
    assert_int_equal(COUNT("quarantine WHERE source = 'webhook'"), 1);
    assert_int_equal(COUNT("bank_inbox WHERE state = 'applied'"), 1);
    field = (struct field){"secure-token", "wrong"};
    assert_int_equal(app_bank_webhook(w.app, "casso", one_header, &field, str_c(body)), 401);
}

static void test_bank_sources__who_has_no_key_is_no_provider(void **state)
{
    (void)state;
    struct field field = {"secure-token", CASSO_KEY};
    w.config.payos_secret = "";
    w.config.casso_secret = NULL;
    assert_int_equal(app_bank_webhook(w.app, "payos", one_header, &field, STR("{}")), 404);
    assert_int_equal(app_bank_webhook(w.app, "casso", one_header, &field, STR("{}")), 404);
    assert_int_equal(app_bank_webhook(w.app, "momo", one_header, &field, STR("{}")), 404);
}

/* The writer does nothing at all here, and has a long queue: the answer does not wait for it. */
static void test_bank_sources__the_answer_does_not_wait_for_the_writer(void **state)
{
    (void)state;
    char code[PAYCODE_CAP];
    char body[512];
    enter(code);
    for (int i = 0; i < 100; i++) {
        ok(app_post_message(w.app, STR("doxe/1/hn-0001/hn-0001-g1/up"), STR("{}")));
    }
    snprintf(body, sizeof body,
             "{\"id\":5,\"transactionDate\":\"2026-03-02 09:05:00\",\"accountNumber\":"
             "\"0123456789\",\"transferType\":\"in\",\"transferAmount\":25000,\"content\":\"%s\"}",
             code);
    assert_int_equal(world_webhook(&w, body, true), 200);
    assert_int_equal(COUNT("bank_inbox WHERE state = 'new'"), 1); /* another handle sees it */
    assert_int_equal(paid(), 0);
    world_run(&w);
    assert_int_equal(paid(), 25000);
}

/* ---- the same transfer from several sources ---- */

static void row_of_list(char *out, size_t cap, const char *id, const char *ref, const char *content,
                        int64_t amount)
{
    char when[20];
    when_text(when, ' ');
    snprintf(out, cap,
             "{\"id\":\"%s\",\"account_number\":\"0123456789\",\"transaction_date\":\"%s\","
             "\"amount_in\":\"%lld.00\",\"amount_out\":\"0.00\",\"transaction_content\":\"%s\","
             "\"reference_number\":\"%s\"}",
             id, when, (long long)amount, content, ref);
}

static void row_of_statement(char *out, size_t cap, const char *id, const char *ref,
                             const char *content, int64_t amount, int occurrence,
                             const char *balance)
{
    char when[20];
    when_text(when, ' ');
    snprintf(out, cap,
             "{\"id\":\"%s\",\"account\":\"0123456789\",\"at\":\"%.10s\",\"amount\":%lld,"
             "\"ref\":\"%s\",\"content\":\"%s\",\"occurrence\":%d%s}",
             id, when, (long long)amount, ref, content, occurrence, balance);
}

static void test_bank_sources__webhook_poll_and_statement_confirm_one_credit(void **state)
{
    (void)state;
    char code[PAYCODE_CAP];
    char body[512];
    enter(code);
    assert_int_equal(world_pay(&w, "77", code, 25000), 200);
    row_of_list(body, sizeof body, "77", "FT77", code, 25000);
    put_row("sepay", CREDIT_POLL, body, "d1");
    put_row("sepay", CREDIT_POLL, body, "d1"); /* the same bytes are no new row */
    row_of_statement(body, sizeof body, "s1", "FT77", code, 25000, 0, "");
    put_row("statement", CREDIT_STATEMENT, body, "");
    assert_int_equal(COUNT("bank_credit"), 1);
    assert_int_equal(COUNT("bank_inbox"), 3);
    assert_int_equal(COUNT("bank_source"), 3);
    assert_int_equal(COUNT("bank_source WHERE source = 'webhook' AND times = 1"), 1);
    assert_int_equal(world_ledger_faults(&w), 0);
}

/* Statement and feed spell the reference differently, or have none: the code and the day tell. */
static void test_bank_sources__a_twin_with_another_reference_is_the_same_transfer(void **state)
{
    (void)state;
    char code[PAYCODE_CAP];
    char body[512];
    char words[64];
    enter(code);
    assert_int_equal(world_pay(&w, "77", code, 25000), 200);
    snprintf(words, sizeof words, "CT DEN 123456 %s", code);
    row_of_statement(body, sizeof body, "s1", "5078 - 1", words, 25000, 0, "");
    put_row("statement", CREDIT_STATEMENT, body, "");
    assert_int_equal(COUNT("bank_credit"), 1);
    assert_int_equal(casso("9", "", code, 25000), 200);
    assert_int_equal(COUNT("bank_credit"), 1);
    assert_int_equal(COUNT("bank_source"), 3);
    /* A second transfer with the same code is a second one for each of them. */
    assert_int_equal(world_pay(&w, "78", code, 25000), 200);
    row_of_statement(body, sizeof body, "s2", "5078 - 2", words, 25000, 0, "");
    put_row("statement", CREDIT_STATEMENT, body, "");
    assert_int_equal(COUNT("bank_credit"), 2);
    assert_int_equal(COUNT("bank_credit WHERE verdict = 'duplicate_payment'"), 1);
    assert_int_equal(COUNT("bank_source WHERE source = 'statement'"), 2);
    assert_int_equal(world_ledger_faults(&w), 0);
}

/*
 * The code was paid twice and the notice of the first was lost.  Its row comes first and takes the
 * second's credit for its twin; then the second's own row must not end in the same credit.
 */
static void test_bank_sources__no_source_has_two_transfers_in_one_credit(void **state)
{
    (void)state;
    char code[PAYCODE_CAP];
    char body[512];
    enter(code);
    assert_int_equal(world_pay(&w, "78", code, 25000), 200);
    row_of_statement(body, sizeof body, "s77", "FT77", code, 25000, 0, "");
    put_row("statement", CREDIT_STATEMENT, body, "");
    assert_int_equal(COUNT("bank_credit"), 1);
    row_of_statement(body, sizeof body, "s78", "FT78", code, 25000, 0, "");
    put_row("statement", CREDIT_STATEMENT, body, "");
    assert_int_equal(COUNT("bank_credit"), 2);
    assert_int_equal(world_pay(&w, "77", code, 25000), 200); /* the lost notice comes late */
    assert_int_equal(COUNT("bank_credit"), 2);
    assert_int_equal(COUNT("bank_source"), 4);
    put_row("statement", CREDIT_STATEMENT, body, ""); /* and an overlapping file */
    assert_int_equal(COUNT("bank_credit"), 2);
    assert_int_equal(world_ledger_faults(&w), 0);
}

/* The provider's own numbers tell its transfers apart, whatever else is equal. */
static void test_bank_sources__two_numbers_of_one_provider_are_two_transfers(void **state)
{
    (void)state;
    char code[PAYCODE_CAP];
    char body[512];
    enter(code);
    assert_int_equal(world_pay(&w, "4", code, 25000), 200);
    row_of_list(body, sizeof body, "5", "OTHER", code, 25000); /* its notice was lost */
    put_row("sepay", CREDIT_POLL, body, "d5");
    row_of_list(body, sizeof body, "4", "FT4", code, 25000);
    put_row("sepay", CREDIT_POLL, body, "d4");
    assert_int_equal(COUNT("bank_credit"), 2);
    /* A UUID of their second API is another spelling of one of them. */
    row_of_list(body, sizeof body, "0f8a-11", "", code, 25000);
    put_row("sepay", CREDIT_POLL, body, "d6");
    assert_int_equal(COUNT("bank_credit"), 3); /* both are polled already: it is a third */
}

static void test_bank_sources__a_lost_notice_is_found_by_the_list(void **state)
{
    (void)state;
    char code[PAYCODE_CAP];
    char body[512];
    enter(code);
    row_of_list(body, sizeof body, "77", "FT77", code, 25000);
    put_row("sepay", CREDIT_POLL, body, "d1");
    assert_int_equal(paid(), 25000);
    assert_int_equal(world_pay(&w, "77", code, 25000), 200); /* and comes late */
    assert_int_equal(COUNT("bank_credit"), 1);
    assert_int_equal(COUNT("bank_source"), 2);
}

static void test_bank_sources__identical_rows_are_two_when_a_balance_proves_it(void **state)
{
    (void)state;
    char code[PAYCODE_CAP];
    char body[512];
    enter(code);
    row_of_statement(body, sizeof body, "s1-0", "R1", code, 25000, 0, ",\"balance\":125000");
    put_row("statement", CREDIT_STATEMENT, body, "");
    row_of_statement(body, sizeof body, "s1-1", "R1", code, 25000, 1, ",\"balance\":150000");
    put_row("statement", CREDIT_STATEMENT, body, "");
    assert_int_equal(COUNT("bank_credit"), 2);
    row_of_statement(body, sizeof body, "s2-1", "R2", code, 25000, 1, "");
    put_row("statement", CREDIT_STATEMENT, body, "");
    assert_int_equal(COUNT("bank_credit"), 2);
    assert_int_equal(COUNT("bank_inbox WHERE state = 'candidate'"), 1);
    assert_int_equal(COUNT("review WHERE kind = 'bank_unmatched'"), 1);
    assert_int_equal(world_ledger_faults(&w), 0);
}

/* Only the day is known: it was paid when it was quoted, so nothing more is due. */
static void test_bank_sources__a_row_without_time_pays_what_was_quoted_that_day(void **state)
{
    (void)state;
    char code[PAYCODE_CAP];
    char body[512];
    enter(code);
    world_ask(&w, "A", "30F12345");
    world_pass(&w, 200); /* the fee has grown; the bank's file comes now */
    row_of_statement(body, sizeof body, "s1", "R1", code, 25000, 0, "");
    put_row("statement", CREDIT_STATEMENT, body, "");
    assert_int_equal(COUNT("bank_credit WHERE verdict = 'exact'"), 1);
    assert_int_equal(COUNT("bank_credit WHERE date_only = 1"), 1);
}

#define C(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        C(test_bank_sources__payos_pays_a_session),
        C(test_bank_sources__payos_may_try_the_address),
        C(test_bank_sources__casso_pays_and_its_test_does_not),
        C(test_bank_sources__casso_v1_brings_several_at_once),
        C(test_bank_sources__who_has_no_key_is_no_provider),
        C(test_bank_sources__the_answer_does_not_wait_for_the_writer),
        C(test_bank_sources__webhook_poll_and_statement_confirm_one_credit),
        C(test_bank_sources__a_twin_with_another_reference_is_the_same_transfer),
        C(test_bank_sources__no_source_has_two_transfers_in_one_credit),
        C(test_bank_sources__two_numbers_of_one_provider_are_two_transfers),
        C(test_bank_sources__a_lost_notice_is_found_by_the_list),
        C(test_bank_sources__identical_rows_are_two_when_a_balance_proves_it),
        C(test_bank_sources__a_row_without_time_pays_what_was_quoted_that_day)};
    if (argc > 1) {
        cmocka_set_test_filter(argv[1]);
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}
