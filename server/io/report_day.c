/*
 * report_day.c - the close of a day (đối soát): ledger, provider, statement and gates side by side.
 *
 * A signed close keeps what was known (time and number of the ledger) and the digest of
 * its CSV.  Asked for again it is made anew from the books of that moment: the same bytes,
 * or a loud line that the books have been changed since.
 */
#include "proto/crypto/crypto.h"
#include "proto/io/clock_os.h"
#include "proto/io/daemon.h"
#include "server/io/report_ask.h"
#include "server/io/report_cli.h"
#include "server/store/query_ledger.h"
#include "server/store/store_day.h"

#include <poll.h>

static const char usage[] =
    "doxe-server report day - the close of an operator's day (đối soát)\n\n"
    "usage: doxe-server report day --config FILE --operator ID --day YYYY-MM-DD --out FILE\n"
    "                              [--format csv|xlsx] [--sign --by NAME | --table N]\n\n"
    "  --out FILE   the report; '-' is standard output (CSV only); FILE.xlsx is XLSX\n"
    "  --sign       close the day: keeps what was known, for ever; later news make another close\n"
    "  --table N    a signed close again, the same bytes: 0 the first, 1, 2, …\n"
    "  without both: a draft of now\n\n"
    "exit status: 0 all totals agree; 1 failed, or totals differ (the report says which);\n"
    "             2 wrong command line, 3 wrong configuration, 4 no database\n";

struct dayclose {
    struct report_ask ask;
    const struct server_config *config;
    const struct app_operator *operator_;
    struct day_scope scope;
    struct ledger_head head;
    struct db *db;
    struct sheet *sheet;
    int64_t nth;
    char by[MSG_NAME_CAP];
    int64_t open_items, differences;
    int64_t count[DAY_CLASS_COUNT], sum[DAY_CLASS_COUNT];
    int64_t opening_vnd, movement_vnd;
    bool list; /* second walk over the transfers: the open ones */
    char why[160];
};

static const char *check_day(const char *text, wall_t *ret_from, wall_t *ret_until)
{
    return day_parse(str_c(text), ret_from, ret_until) == 0 ? NULL
                                                            : "--day is a day, as 2026-11-23";
}

/* ---- pieces ---- */

static void heading(struct dayclose *d, const char *title, const char *const *columns)
{
    sheet_end_row(d->sheet);
    sheet_line(d->sheet, title);
    for (; *columns; columns++) {
        sheet_text(d->sheet, *columns);
    }
    sheet_end_row(d->sheet);
}

/* A total that has two witnesses. */
static void check(struct dayclose *d, const char *what, const char *of, int64_t a, int64_t b)
{
    sheet_text(d->sheet, what);
    sheet_text(d->sheet, of);
    sheet_vnd(d->sheet, a);
    sheet_vnd(d->sheet, b);
    sheet_vnd(d->sheet, a - b);
    sheet_text(d->sheet, a == b ? "Khớp" : "LỆCH");
    sheet_end_row(d->sheet);
    d->differences += a != b;
}

static int take_account(void *context, const struct day_account *a)
{
    struct dayclose *d = context;
    sheet_text(d->sheet, a->account);
    sheet_vnd(d->sheet, a->opening_vnd);
    sheet_vnd(d->sheet, a->debit_vnd);
    sheet_vnd(d->sheet, a->credit_vnd);
    sheet_vnd(d->sheet, a->closing_vnd);
    sheet_end_row(d->sheet);
    d->opening_vnd += a->opening_vnd;
    d->movement_vnd += a->debit_vnd - a->credit_vnd;
    return 0;
}

static int take_credit(void *context, const struct day_credit *c)
{
    struct dayclose *d = context;
    if (!d->list) {
        d->count[c->class_]++;
        d->sum[c->class_] += c->transfer.out ? -c->amount_vnd : c->amount_vnd;
        return 0;
    }
    if (!day_class_is_open(c->class_)) {
        return 0;
    }
    d->open_items++;
    sheet_text(d->sheet, c->account);
    sheet_time(d->sheet, c->booked);
    sheet_text(d->sheet, c->reference);
    sheet_vnd(d->sheet, c->transfer.out ? -c->amount_vnd : c->amount_vnd);
    sheet_text(d->sheet, day_class_vi(c->class_));
    sheet_text(d->sheet, c->id);
    sheet_end_row(d->sheet);
    return 0;
}

static int take_bank(void *context, const struct day_bank *b)
{
    check(context, "Sổ cái và các giao dịch ngân hàng", b->account, b->ledger_vnd,
          b->transfers_vnd);
    return 0;
}

static int take_statement(void *context, const struct day_statement *s)
{
    struct dayclose *d = context;
    if (s->has_balances) {
        check(d, "Sao kê: số dư đầu + thu - chi và số dư cuối", s->file,
              s->opening_vnd + s->in_vnd - s->out_vnd, s->closing_vnd);
    }
    check(d, "Sao kê: chỗ số dư không nối tiếp", s->file, s->gaps, 0);
    check(d, "Sao kê: dòng chưa ghi nhận", s->file, s->waiting, 0);
    return 0;
}

static int take_lot(void *context, const struct day_lot *l)
{
    struct dayclose *d = context;
    if (d->list) {
        check(d, "Cổng: lượt ra và phiên đã kết thúc", l->lot, l->left, l->left_sessions);
        return 0;
    }
    sheet_text(d->sheet, l->lot);
    sheet_text(d->sheet, l->name);
    sheet_count(d->sheet, l->entered);
    sheet_count(d->sheet, l->left);
    sheet_vnd(d->sheet, l->fee_vnd);
    sheet_vnd(d->sheet, l->debt_vnd);
    sheet_vnd(d->sheet, l->late_vnd);
    sheet_count(d->sheet, l->by_hand);
    sheet_count(d->sheet, l->unlogged);
    sheet_end_row(d->sheet);
    return 0;
}

static int take_shift(void *context, const struct day_shift *s)
{
    struct dayclose *d = context;
    if (d->list) {
        check(d, "Tiền mặt: biên nhận và sổ cái", s->shift, s->taken_vnd, s->ledger_vnd);
        return 0;
    }
    sheet_text(d->sheet, s->lot);
    sheet_text(d->sheet, s->shift);
    sheet_text(d->sheet, s->by);
    sheet_time(d->sheet, s->opened);
    sheet_time(d->sheet, s->closed);
    sheet_count(d->sheet, s->receipts);
    sheet_vnd(d->sheet, s->taken_vnd);
    if (s->closed.ms != 0) {
        sheet_vnd(d->sheet, s->expected_vnd);
        sheet_vnd(d->sheet, s->counted_vnd);
        sheet_vnd(d->sheet, s->counted_vnd - s->expected_vnd);
    }
    sheet_end_row(d->sheet);
    return 0;
}

/* ---- the whole ---- */

static void write_head(struct dayclose *d)
{
    char line[400];
    char as_of[TIME_ISO_CAP];
    time_format_short(d->scope.as_of, as_of);
    sheet_line(d->sheet, "ĐỐI SOÁT CUỐI NGÀY");
    snprintf(line, sizeof line, "Đơn vị: %s (%s)", d->operator_->name, d->operator_->id);
    sheet_line(d->sheet, line);
    snprintf(line, sizeof line, "Ngày: %.2s/%.2s/%.4s, theo giờ ghi sổ của ngân hàng",
             d->ask.period + 8, d->ask.period + 5, d->ask.period);
    sheet_line(d->sheet, line);
    snprintf(line, sizeof line, "Theo những gì đã biết lúc %s; sổ cái đến số %lld", as_of,
             (long long)d->scope.number);
    sheet_line(d->sheet, line);
    if (d->by[0]) {
        snprintf(line, sizeof line, "Chốt lần %lld, người chốt: %s", (long long)d->nth + 1, d->by);
    } else {
        snprintf(line, sizeof line, "Bản nháp, chưa chốt");
    }
    sheet_line(d->sheet, line);
}

static int write_money(struct dayclose *d)
{
    static const char *const accounts[] = {"Tài khoản", "Số dư đầu ngày",  "Nợ",
                                           "Có",        "Số dư cuối ngày", NULL};
    static const char *const classes[] = {"Loại", "Số giao dịch", "Số tiền (thu +, chi -)", NULL};
    static const char *const items[] = {
        "Tài khoản ngân hàng", "Giờ ghi sổ", "Số tham chiếu", "Số tiền", "Loại", "Mã", NULL};
    heading(d, "1. Sổ cái", accounts);
    int error = query_day_accounts(d->db, &d->scope, take_account, d);
    heading(d, "2. Giao dịch ngân hàng theo loại", classes);
    error = error ? error : query_day_credits(d->db, &d->scope, take_credit, d);
    for (int i = 0; i < DAY_CLASS_COUNT; i++) {
        sheet_text(d->sheet, day_class_vi((enum day_class)i));
        sheet_count(d->sheet, d->count[i]);
        sheet_vnd(d->sheet, d->sum[i]);
        sheet_end_row(d->sheet);
    }
    heading(d, "3. Giao dịch cần người xem", items);
    d->list = true;
    error = error ? error : query_day_credits(d->db, &d->scope, take_credit, d);
    d->list = false;
    return error;
}

static int write_places(struct dayclose *d)
{
    static const char *const lots[] = {"Bãi",     "Tên",           "Lượt vào",
                                       "Lượt ra", "Phí phát sinh", "Ra còn nợ",
                                       "Thu nợ",  "Mở bằng tay",   "Xe qua không có lượt",
                                       NULL};
    static const char *const shifts[] = {"Bãi",      "Ca",         "Người trực", "Mở ca",
                                         "Đóng ca",  "Biên nhận",  "Đã thu",     "Phải có",
                                         "Đếm được", "Chênh lệch", NULL};
    heading(d, "4. Cổng và phiên gửi xe", lots);
    int error = query_day_lots(d->db, &d->scope, take_lot, d);
    heading(d, "5. Tiền mặt theo ca", shifts);
    return error ? error : query_day_shifts(d->db, &d->scope, take_shift, d);
}

static int write_checks(struct dayclose *d)
{
    static const char *const columns[] = {"Phải khớp",  "Của",     "Bên này", "Bên kia",
                                          "Chênh lệch", "Kết quả", NULL};
    int64_t total = 0;
    int64_t refunds = 0, refund_vnd = 0;
    heading(d, "6. Các tổng phải khớp", columns);
    for (int i = 0; i < DAY_CLASS_COUNT; i++) {
        total += d->sum[i];
    }
    check(d, "Sổ cái: tổng biến động trong ngày bằng không", d->operator_->id, d->movement_vnd, 0);
    check(d, "Sổ cái: tổng số dư đầu ngày bằng không", d->operator_->id, d->opening_vnd, 0);
    int error = query_day_banks(d->db, &d->scope, take_bank, d);
    error = error ? error : query_day_statements(d->db, &d->scope, take_statement, d);
    d->list = true;
    error = error ? error : query_day_lots(d->db, &d->scope, take_lot, d);
    error = error ? error : query_day_shifts(d->db, &d->scope, take_shift, d);
    d->list = false;
    error = error ? error : query_day_refunds(d->db, &d->scope, &refunds, &refund_vnd);
    sheet_end_row(d->sheet);
    sheet_text(d->sheet, "Tổng thu trừ chi qua ngân hàng");
    sheet_vnd(d->sheet, total);
    sheet_end_row(d->sheet);
    sheet_text(d->sheet, "Hoàn tiền đang chờ");
    sheet_count(d->sheet, refunds);
    sheet_vnd(d->sheet, refund_vnd);
    sheet_end_row(d->sheet);
    sheet_text(d->sheet, "Việc cần người xem");
    sheet_count(d->sheet, d->open_items);
    sheet_end_row(d->sheet);
    sheet_text(d->sheet, "Tổng bị lệch");
    sheet_count(d->sheet, d->differences);
    sheet_end_row(d->sheet);
    return error;
}

static int write_all(struct dayclose *d)
{
    memset(d->count, 0, sizeof d->count);
    memset(d->sum, 0, sizeof d->sum);
    d->open_items = d->differences = d->opening_vnd = d->movement_vnd = 0;
    write_head(d);
    int error = write_money(d);
    error = error ? error : write_places(d);
    return error ? error : write_checks(d);
}

/* The CSV in memory, for its digest. */
static int digest_of(struct dayclose *d, char ret_digest[65])
{
    static const char hex[] = "0123456789abcdef";
    const struct sheet_about about = {.title = "Đối soát", .made = d->ask.until};
    uint8_t digest[SHA256_SIZE];
    char *bytes = NULL;
    size_t n = 0;
    int error = sheet_open_memory(SHEET_CSV, &about, &d->sheet);
    if (error) {
        return error;
    }
    error = write_all(d);
    int closed = sheet_close_memory(d->sheet, &bytes, &n);
    if (error || closed) {
        if (!closed) {
            free(bytes);
        }
        return error ? error : closed;
    }
    dx_sha256(digest, (struct str){bytes, n});
    free(bytes);
    for (int i = 0; i < SHA256_SIZE; i++) {
        ret_digest[2 * i] = hex[digest[i] >> 4];
        ret_digest[2 * i + 1] = hex[digest[i] & 15];
    }
    ret_digest[64] = '\0';
    return 0;
}

static int write_file(struct dayclose *d)
{
    const struct sheet_about about = {.title = "Đối soát", .made = d->ask.until};
    int error = sheet_open(d->ask.out, d->ask.format, &about, &d->sheet);
    if (error) {
        snprintf(d->why, sizeof d->why, "%s cannot be written", d->ask.out);
        return error;
    }
    error = write_all(d);
    int closed = sheet_close(d->sheet);
    return error ? error : closed;
}

/* ---- draft, signing, again ---- */

static int set_now(struct dayclose *d)
{
    int error = query_day_closes(d->db, d->ask.operator_id, d->ask.period, &d->nth);
    error = error ? error : query_ledger_head(d->db, &d->head);
    d->scope.as_of = clock_wall();
    d->scope.number = d->head.number;
    return error;
}

/*
 * A moment at which nobody writes: whatever is committed has an earlier time, and whatever comes
 * a later one (server/app/desk.c takes its time behind the same lock).  So "known at as_of"
 * means the same rows for ever.
 */
static int freeze(struct dayclose *d, struct store *store)
{
    int error = store_begin(store);
    if (error) {
        return error;
    }
    error = set_now(d);
    while (!error && clock_wall().ms <= d->scope.as_of.ms) {
        poll(NULL, 0, 1);
    }
    store_rollback(store);
    return error;
}

static int sign(struct dayclose *d)
{
    struct day_close close = {.operator_id = d->ask.operator_id, .day = d->ask.period};
    struct store *store = NULL;
    if (clock_wall().ms < d->ask.until.ms) {
        snprintf(d->why, sizeof d->why, "%s has not ended; a draft needs no --sign", d->ask.period);
        return DX_E_STATE;
    }
    str_copy_cut(d->by, sizeof d->by, str_c(d->ask.by));
    int error = store_open(d->config->database, &store);
    error = error ? error : freeze(d, store);
    error = error ? error : digest_of(d, close.digest);
    error = error ? error : write_file(d);
    close.by = d->by;
    close.nth = d->nth;
    close.as_of = d->scope.as_of;
    close.number = d->scope.number;
    close.open_items = d->open_items;
    close.differences = d->differences;
    error = error ? error : store_begin(store);
    if (!error) {
        error = store_add_day_close(store, &close);
        if (error) {
            store_rollback(store);
        } else {
            error = store_commit(store);
        }
    }
    store_close(store);
    return error;
}

static int again(struct dayclose *d)
{
    struct day_close close = {.operator_id = d->ask.operator_id, .day = d->ask.period};
    char digest[65];
    int error =
        query_day_close(d->db, d->ask.operator_id, d->ask.period, d->ask.table, &close, d->by);
    if (error == DX_E_NOT_FOUND) {
        snprintf(d->why, sizeof d->why, "%s was not closed that often", d->ask.period);
    }
    if (error) {
        return error;
    }
    d->nth = close.nth;
    d->scope.as_of = close.as_of;
    d->scope.number = close.number;
    error = digest_of(d, digest);
    error = error ? error : write_file(d);
    if (!error && strcmp(digest, close.digest) != 0) {
        snprintf(d->why, sizeof d->why,
                 "the books of that moment have been changed since %s signed", d->by);
        return DX_E_CORRUPT;
    }
    return error;
}

static int make(struct dayclose *d)
{
    d->scope = (struct day_scope){
        .operator_id = d->ask.operator_id, .from = d->ask.from, .until = d->ask.until};
    if (d->ask.table >= 0) {
        return again(d);
    }
    if (d->ask.sign) {
        return sign(d);
    }
    int error = set_now(d);
    return error ? error : write_file(d);
}

static int run(struct dayclose *d)
{
    d->operator_ = report_find_operator(&d->ask, d->config);
    if (!d->operator_) {
        return EXIT_USAGE;
    }
    if (db_open_reader(d->config->database, &d->db) != 0) {
        fprintf(stderr, "%s: cannot be read\n", d->config->database);
        return EXIT_START;
    }
    int error = make(d);
    db_close(d->db);
    if (error) {
        fprintf(stderr, "doxe-server report day: %s%s%s\n", d->why, d->why[0] ? ": " : "",
                dx_error_text(error));
        return EXIT_FAILED;
    }
    fprintf(stderr, "%s: %lld totals differ, %lld transfers wait for a person%s\n", d->ask.period,
            (long long)d->differences, (long long)d->open_items,
            d->ask.sign        ? "; signed"
            : d->ask.table < 0 ? "; a draft"
                               : "");
    return d->differences ? EXIT_FAILED : EXIT_OK;
}

int report_dayclose(int argc, char **argv)
{
    struct dayclose d = {.ask = {.report = "day",
                                 .usage = usage,
                                 .period_option = "day",
                                 .sign_option = "sign",
                                 .check_period = check_day}};
    struct server_config *config = NULL;
    char why[512];
    int status = report_ask_read(argc, argv, &d.ask);
    if (status >= 0) {
        return status;
    }
    if (server_config_load(d.ask.config_path, why, sizeof why, &config) != 0) {
        fprintf(stderr, "%s\n", why);
        return EXIT_CONFIGURATION;
    }
    d.config = config;
    status = run(&d);
    server_config_free(config);
    return status;
}
