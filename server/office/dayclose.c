#include "server/office/dayclose.h"

#include "proto/crypto/crypto.h"
#include "proto/io/clock_os.h"
#include "server/store/query_ledger.h"
#include "server/store/store_bank.h"
#include "server/store/store_day.h"

#include <poll.h>
#include <stdlib.h>

enum { BUSY_MS = 30000 };

struct dayclose {
    struct dayclose_ask ask;
    struct dayclose_result *result;
    wall_t from, until;
    struct day_scope scope;
    struct ledger_head head;
    struct db *db;
    struct sheet *sheet;
    int64_t nth;
    int64_t open_items, differences;
    int64_t count[DAY_CLASS_COUNT], sum[DAY_CLASS_COUNT];
    int64_t opening_vnd, movement_vnd;
    bool list; /* second walk over the transfers: the open ones */
};

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
    snprintf(line, sizeof line, "Đơn vị: %s (%s)", d->ask.operator_->name, d->ask.operator_->id);
    sheet_line(d->sheet, line);
    snprintf(line, sizeof line, "Ngày: %.2s/%.2s/%.4s, theo giờ ghi sổ của ngân hàng",
             d->ask.day + 8, d->ask.day + 5, d->ask.day);
    sheet_line(d->sheet, line);
    snprintf(line, sizeof line, "Theo những gì đã biết lúc %s; sổ cái đến số %lld", as_of,
             (long long)d->scope.number);
    sheet_line(d->sheet, line);
    if (d->result->by[0]) {
        snprintf(line, sizeof line, "Chốt lần %lld, người chốt: %s", (long long)d->nth + 1,
                 d->result->by);
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
    check(d, "Sổ cái: tổng biến động trong ngày bằng không", d->ask.operator_->id, d->movement_vnd,
          0);
    check(d, "Sổ cái: tổng số dư đầu ngày bằng không", d->ask.operator_->id, d->opening_vnd, 0);
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

static int write_bytes(struct dayclose *d, enum sheet_format format, char **ret_bytes,
                       size_t *ret_n)
{
    const struct sheet_about about = {.title = "Đối soát", .made = d->until};
    int error = sheet_open_memory(format, &about, &d->sheet);
    if (error) {
        return error;
    }
    error = write_all(d);
    int closed = sheet_close_memory(d->sheet, ret_bytes, ret_n);
    if (error && !closed) {
        free(*ret_bytes);
        *ret_bytes = NULL;
    }
    return error ? error : closed;
}

/* The report in its format, and the digest of its CSV. */
static int write_report(struct dayclose *d, char ret_digest[65])
{
    uint8_t digest[SHA256_SIZE];
    char *bytes = NULL;
    size_t n = 0;
    int error = write_bytes(d, SHEET_CSV, &bytes, &n);
    if (error) {
        return error;
    }
    dx_sha256(digest, (struct str){bytes, n});
    str_hex(ret_digest, digest, sizeof digest);
    if (d->ask.format == SHEET_CSV) {
        d->result->bytes = bytes;
        d->result->n = n;
        return 0;
    }
    free(bytes);
    return write_bytes(d, d->ask.format, &d->result->bytes, &d->result->n);
}

/* ---- draft, signing, again ---- */

static int set_now(struct dayclose *d)
{
    int error = query_day_closes(d->db, d->ask.operator_->id, d->ask.day, &d->nth);
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

static int keep(struct dayclose *d, struct store *store, const char digest[65])
{
    struct day_close close = {.operator_id = d->ask.operator_->id,
                              .day = d->ask.day,
                              .by = d->result->by,
                              .nth = d->nth,
                              .as_of = d->scope.as_of,
                              .number = d->scope.number,
                              .open_items = d->open_items,
                              .differences = d->differences};
    memcpy(close.digest, digest, sizeof close.digest);
    int error = store_begin(store);
    if (error) {
        return error;
    }
    error = store_add_day_close(store, &close);
    if (error) {
        store_rollback(store);
    }
    return error ? error : store_commit(store);
}

static int sign(struct dayclose *d)
{
    char digest[65];
    struct store *store = NULL;
    if (clock_wall().ms < d->until.ms) {
        snprintf(d->result->why, sizeof d->result->why,
                 "%s has not ended; only a draft can be made", d->ask.day);
        return DX_E_STATE;
    }
    str_copy_cut(d->result->by, sizeof d->result->by, str_c(d->ask.by));
    int error = store_open_another(d->ask.database, BUSY_MS, &store);
    error = error ? error : freeze(d, store);
    error = error ? error : write_report(d, digest);
    if (!error && d->ask.deliver) {
        error = d->ask.deliver(d->ask.context, (struct str){d->result->bytes, d->result->n});
    }
    error = error ? error : keep(d, store, digest);
    store_close(store);
    return error;
}

static int again(struct dayclose *d)
{
    struct day_close close = {.operator_id = d->ask.operator_->id, .day = d->ask.day};
    char digest[65];
    struct dayclose_result *r = d->result;
    int error =
        query_day_close(d->db, d->ask.operator_->id, d->ask.day, d->ask.table, &close, r->by);
    if (error == DX_E_NOT_FOUND) {
        snprintf(r->why, sizeof r->why, "%s was not closed that often", d->ask.day);
    }
    if (error) {
        return error;
    }
    d->nth = close.nth;
    d->scope.as_of = close.as_of;
    d->scope.number = close.number;
    error = write_report(d, digest);
    if (!error && strcmp(digest, close.digest) != 0) {
        snprintf(r->why, sizeof r->why,
                 "the books of that moment have been changed since %s signed", r->by);
        return DX_E_CORRUPT;
    }
    return error;
}

static int draft(struct dayclose *d)
{
    char digest[65];
    int error = set_now(d);
    return error ? error : write_report(d, digest);
}

int dayclose_make(const struct dayclose_ask *ask, struct dayclose_result *result)
{
    struct dayclose d = {.ask = *ask, .result = result};
    *result = (struct dayclose_result){0};
    int error = day_parse(str_c(ask->day), &d.from, &d.until);
    error = error ? error : db_open_reader(ask->database, &d.db);
    if (error) {
        return error;
    }
    d.scope =
        (struct day_scope){.operator_id = ask->operator_->id, .from = d.from, .until = d.until};
    error = ask->table >= 0 ? again(&d) : ask->by ? sign(&d) : draft(&d);
    db_close(d.db);
    result->nth = d.nth;
    result->open_items = d.open_items;
    result->differences = d.differences;
    return error;
}

void dayclose_free(struct dayclose_result *result)
{
    free(result->bytes);
    *result = (struct dayclose_result){0};
}
