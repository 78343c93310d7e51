/* month_bank.c - what banks really did in the month, and the word of it that reaches the server. */
#include "proto/crypto/crypto.h"
#include "server/app/inbox.h"
#include "server/bank/page.h"
#include "server/io/bank_cli.h"
#include "tests/integration/month.h"

enum { LIST_MAX = 400, LIST_SPACE = 400000 };

const char *const month_account[MONTH_LOTS] = {"0123456789", "9876543210"};

/* ---- carried out ---- */

static void draw_word_of_it(int index)
{
    struct transfer *t = &m.transfer[index];
    if (month_chance(500)) {
        t->lost = true;
        m.lost++;
        return;
    }
    int kind = (int)month_roll(0, 99);
    int64_t delay = kind < 85   ? month_roll(1, 5)
                    : kind < 98 ? month_roll(5, 120)
                                : month_roll(300, 3600);
    month_at(month_in(delay), NOTICE, index);
    if (month_chance(200)) {
        m.twice++;
        month_at(month_in(delay + month_roll(0, 1800)), NOTICE, index);
    }
}

int bank_carry_out(int lot, bool out, int64_t amount_vnd, const char *content, enum purpose purpose,
                   int of, bool places)
{
    assert_true(m.transfer_count < MONTH_TRANSFERS_MAX && amount_vnd > 0);
    int index = m.transfer_count++;
    struct transfer *t = &m.transfer[index];
    m.balance_vnd[lot] += out ? -amount_vnd : amount_vnd;
    *t = (struct transfer){.id = 100000 + index,
                           .lot = lot,
                           .out = out,
                           .amount_vnd = amount_vnd,
                           .balance_vnd = m.balance_vnd[lot],
                           .booked = m.now,
                           .purpose = purpose,
                           .of = of,
                           .places = places};
    snprintf(t->ref, sizeof t->ref, "FT26%08d", index);
    snprintf(t->content, sizeof t->content, "%s", content);
    draw_word_of_it(index);
    return index;
}

/* ---- what apps and banks make of a code (payment facts 3.2) ---- */

static void write_small(const char *code, char *out)
{
    size_t i = 0;
    for (; code[i]; i++) {
        out[i] = code[i] >= 'A' ? (char)(code[i] + 32) : code[i];
    }
    out[i] = '\0';
}

/* Still legible for who reads as 3.2 says. */
static void write_legible(const char *code, char *out, size_t cap)
{
    char small[PAYCODE_CAP];
    write_small(code, small);
    switch (month_roll(0, 12)) {
    case 0:
        snprintf(out, cap, "MBVCB.12345678901.098765.%s.CT tu 0071000123456 NGUYEN VAN A toi %s",
                 code, month_account[0]);
        return;
    case 1:
        snprintf(out, cap, "CT DEN:123456789012 %s", code);
        return;
    case 2:
        snprintf(out, cap, "%s chuyen FT26123456789012; tai Napas", small);
        return;
    case 3:
        snprintf(out, cap, "%s-CTLNhanh 6012 030226", code);
        return;
    case 4:
        snprintf(out, cap, "tien xe %.4s %.3s-%s", code, code + 4, code + 7);
        return;
    case 5:
        snprintf(out, cap, "SEVQR %s GD 123456-020326 09:31:05", small);
        return;
    default:
        snprintf(out, cap, "%s", code);
        return;
    }
}

/* The code of somebody else who is inside, or NULL. */
static const char *another_code(int visit)
{
    int first = visit > m.per_day ? visit - m.per_day : 0;
    for (int i = first; i < m.visit_count && i <= visit + m.per_day; i++) {
        const struct visit *v = &m.visit[i];
        if (v->entered_ && !v->ended && i != visit) {
            return v->code;
        }
    }
    return NULL;
}

/* The driver wrote his own words, the app cut it off, the QR was another lot's, … */
static int pay_illegibly(int lot, int64_t amount_vnd, const char *code, enum purpose purpose,
                         int of)
{
    char content[160];
    const char *other = another_code(of);
    int64_t kind = month_roll(0, 3);
    m.mangled++;
    if (kind == 0) {
        m.wrong_account++;
        return bank_carry_out(1 - lot, false, amount_vnd, code, purpose, of, false);
    }
    if (kind == 1 && other) {
        m.two_codes++;
        snprintf(content, sizeof content, "%s va %s", code, other);
    } else if (kind == 2) {
        snprintf(content, sizeof content, "tien xe %.*s", (int)strlen(code) - 2, code);
    } else {
        m.replaced++;
        snprintf(content, sizeof content, "%s", month_chance(5000) ? "chuyen tien" : "");
    }
    return bank_carry_out(lot, false, amount_vnd, content, purpose, of, false);
}

int bank_pay_code(int lot, int64_t amount_vnd, const char *code, enum purpose purpose, int of)
{
    char content[160];
    if (purpose == FOR_VISIT && month_chance(100)) {
        return pay_illegibly(lot, amount_vnd, code, purpose, of);
    }
    write_legible(code, content, sizeof content);
    return bank_carry_out(lot, false, amount_vnd, content, purpose, of, true);
}

/* ---- webhooks ---- */

static struct str header(void *context, const char *name)
{
    const char(*h)[80] = context;
    return strcmp(name, "X-SePay-Timestamp") == 0   ? str_c(h[0])
           : strcmp(name, "X-SePay-Signature") == 0 ? str_c(h[1])
                                                    : (struct str){NULL, 0};
}

static void when_text(wall_t at, char out[TIME_ISO_CAP])
{
    time_format_iso(at, out);
    out[10] = ' ';
    out[19] = '\0';
}

static void learn(struct transfer *t)
{
    if (!t->told) {
        t->told = true;
        people_learn(t);
    }
}

void bank_tell(int index)
{
    struct transfer *t = &m.transfer[index];
    char body[1024];
    char signed_text[1100];
    char headers[2][80];
    char when[TIME_ISO_CAP];
    char hex[2 * SHA256_SIZE + 1];
    uint8_t mac[SHA256_SIZE];
    when_text(t->booked, when);
    snprintf(body, sizeof body,
             "{\"id\":%lld,\"gateway\":\"Vietcombank\",\"transactionDate\":\"%s\","
             "\"accountNumber\":\"%s\",\"subAccount\":null,\"code\":null,\"content\":\"%s\","
             "\"transferType\":\"%s\",\"description\":\"\",\"transferAmount\":%lld,"
             "\"accumulated\":%lld,\"referenceCode\":\"%s\"}",
             (long long)t->id, when, month_account[t->lot], t->content, t->out ? "out" : "in",
             (long long)t->amount_vnd, (long long)t->balance_vnd, t->ref);
    snprintf(headers[0], sizeof headers[0], "%lld", (long long)(m.now.ms / 1000));
    snprintf(signed_text, sizeof signed_text, "%s.%s", headers[0], body);
    dx_hmac_sha256(mac, STR("whsec_test_0001"), str_c(signed_text));
    str_hex(hex, mac, sizeof mac);
    snprintf(headers[1], sizeof headers[1], "sha256=%s", hex);
    assert_int_equal(app_bank_webhook(m.app, "sepay", header, headers, str_c(body)), 200);
    learn(t);
    month_run();
}

/* ---- the provider's list ---- */

static int put_rows(int from, int to)
{
    static char rows[LIST_MAX][500], digest[LIST_MAX][65];
    static struct store_inbox_row row[LIST_MAX];
    struct inbox inbox = {0};
    int count = 0;
    int added = 0;
    for (int i = from; i < to && count < LIST_MAX; i++, count++) {
        struct transfer *t = &m.transfer[i];
        uint8_t sha[SHA256_SIZE];
        char when[TIME_ISO_CAP];
        when_text(t->booked, when);
        snprintf(rows[count], sizeof rows[count],
                 "{\"account_number\":\"%s\",\"accumulated\":\"%lld.00\",\"amount_in\":"
                 "\"%lld.00\",\"amount_out\":\"%lld.00\",\"id\":\"%lld\",\"reference_number\":"
                 "\"%s\",\"transaction_content\":\"%s\",\"transaction_date\":\"%s\"}",
                 month_account[t->lot], (long long)t->balance_vnd,
                 (long long)(t->out ? 0 : t->amount_vnd), (long long)(t->out ? t->amount_vnd : 0),
                 (long long)t->id, t->ref, t->content, when);
        dx_sha256(sha, str_c(rows[count]));
        str_hex(digest[count], sha, sizeof sha);
        row[count] = (struct store_inbox_row){.provider = "sepay",
                                              .source = CREDIT_POLL,
                                              .received = m.now,
                                              .body = str_c(rows[count]),
                                              .digest = digest[count]};
        learn(t);
    }
    if (count > 0) {
        ok(inbox_open(&inbox, m.config->database, 10000));
        ok(inbox_add(&inbox, row, count, NULL, 0, &added));
        inbox_close(&inbox);
        app_bank_news(m.app);
        month_run();
    }
    return from + count;
}

/* Every five minutes: what is new, and at times a sweep of the last day; some days it is away. */
void bank_ask_list(void)
{
    bool away = m.day == 7 || m.day == 19 || month_chance(300);
    m.refused_polls += away;
    if (!away) {
        m.listed = put_rows((int)m.listed, m.transfer_count);
    }
    if (!away && m.now.ms % (6 * TIME_HOUR_MS) == 0) {
        int from = m.transfer_count;
        while (from > 0 && wall_diff(m.now, m.transfer[from - 1].booked) < TIME_DAY_MS) {
            from--;
        }
        while (from < m.transfer_count) {
            from = put_rows(from, m.transfer_count);
        }
    }
}

/* ---- the bank's files ---- */

static void money_text(int64_t vnd, char mark, char out[32])
{
    char digits[24];
    size_t n = (size_t)snprintf(digits, sizeof digits, "%lld", (long long)vnd);
    size_t k = 0;
    for (size_t i = 0; i < n; i++) {
        if (i > 0 && (n - i) % 3 == 0) {
            out[k++] = mark;
        }
        out[k++] = digits[i];
    }
    out[k] = '\0';
}

/* Bilingual, with times and running balances; or the day alone, semicolons and no balance. */
static void write_row(FILE *file, const struct transfer *t)
{
    char amount[32];
    char balance[32];
    struct civil at = time_civil(t->booked);
    bool plain = t->lot == 1;
    money_text(t->amount_vnd, plain ? '.' : ',', amount);
    money_text(t->balance_vnd, ',', balance);
    if (plain) {
        fprintf(file, "%02d/%02d/%04d;%s;%s;%s;\"%s\"\r\n", at.day, at.month, at.year, t->ref,
                t->out ? amount : "", t->out ? "" : amount, t->content);
    } else {
        fprintf(file, "%02d/%02d/%04d %02d:%02d:%02d,%s,\"%s\",\"%s\",\"%s\",\"%s\"\r\n", at.day,
                at.month, at.year, at.hour, at.minute, at.second, t->ref, t->out ? amount : "",
                t->out ? "" : amount, balance, t->content);
    }
}

static int write_statement(int lot, wall_t from, wall_t to, const char *path)
{
    int rows = 0;
    FILE *file = fopen(path, "we");
    assert_non_null(file);
    fprintf(file, "\xef\xbb\xbfSAO KÊ TÀI KHOẢN\r\nSố tài khoản: %s\r\n\r\n", month_account[lot]);
    fputs(lot == 1 ? "Ngày giao dịch;Số tham chiếu;Phát sinh nợ;Phát sinh có;Diễn giải\r\n"
                   : "Ngày giao dịch / Transaction date,Số CT / Doc No,Số tiền ghi nợ / Debit,"
                     "Số tiền ghi có / Credit,Số dư / Balance,Nội dung chi tiết /"
                     " Transactions in detail\r\n",
          file);
    for (int i = 0; i < m.transfer_count; i++) {
        struct transfer *t = &m.transfer[i];
        if (t->lot == lot && wall_diff(t->booked, from) >= 0 && wall_diff(t->booked, to) < 0) {
            write_row(file, t);
            learn(t);
            rows++;
        }
    }
    assert_int_equal(fclose(file), 0);
    return rows;
}

void bank_import_day(void)
{
    static const char *const names[MONTH_LOTS] = {"970436-0123456789", "970418-9876543210"};
    wall_t to = time_day_start(m.now);
    wall_t from = wall_add(to, -TIME_DAY_MS);
    for (int lot = 0; lot < MONTH_LOTS; lot++) {
        char path[MONTH_PATH_CAP + 32];
        snprintf(path, sizeof path, "%s/%d-%02d.csv", m.dir, lot, m.day);
        if (write_statement(lot, from, to, path) == 0) {
            continue;
        }
        m.files++;
        for (int again = 0; again < (m.day % 5 == 0 ? 2 : 1); again++) {
            assert_int_equal(month_command(true, bank_command, "bank", "import", path, "--config",
                                           m.file, "--account", names[lot], NULL),
                             0);
        }
    }
}
