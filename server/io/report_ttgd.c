/*
 * report_ttgd.c - form 01/TTGD of circular 91/2026/TT-BTC: each paid transaction of a month.
 *
 * The title, the column names and the words of the status are the form's.  What is asked for
 * without --issue is a draft; --issue writes down which transactions stood in it, so that
 * the amendments hold only what came later, and --table N prints one again, the same bytes.
 */
#include "proto/io/clock_os.h"
#include "proto/io/daemon.h"
#include "server/io/report_ask.h"
#include "server/io/report_cli.h"
#include "server/store/store_tax.h"

static const char usage[] =
    "doxe-server report ttgd - form 01/TTGD (decree 254/2026/NĐ-CP, circular 91/2026/TT-BTC)\n\n"
    "usage: doxe-server report ttgd --config FILE --operator ID --month YYYY-MM --out FILE\n"
    "                               [--format csv|xlsx] [--issue --by NAME | --table N]\n\n"
    "  --out FILE    the table; '-' is standard output (CSV only); FILE.xlsx is XLSX\n"
    "  --issue       hand it in: writes down what stood in it; the first time the month's table,\n"
    "                later a supplementary table of what came since\n"
    "  --by NAME     who hands it in\n"
    "  --table N     a table that was handed in, again: 0 the first, 1, 2, … supplementary\n"
    "  without both: a draft of what has not been handed in\n\n"
    "exit status: 0 done, 1 failed, 2 wrong command line, 3 wrong configuration, 4 no database\n";

struct ttgd {
    struct report_ask ask;
    const struct server_config *config;
    const struct app_operator *operator_;
    struct store *store; /* writing; NULL otherwise */
    struct sheet *sheet;
    int64_t nth;
    int64_t rows, net_vnd, vat_vnd, gross_vnd;
    bool counting; /* first walk of an issue: totals only */
    char why[160];
};

static const char *check_month(const char *text, wall_t *ret_from, wall_t *ret_until)
{
    return tax_month_parse(str_c(text), ret_from, ret_until) == 0
               ? NULL
               : "--month is a year and a month, as 2026-11";
}

/* ---- the table ---- */

static const char *service_of(const struct tax_sale *sale)
{
    if (sale->pass) {
        return "Vé tháng trông giữ xe";
    }
    switch (sale->vehicle) {
    case VEHICLE_CAR:
        return "Dịch vụ trông giữ xe ô tô";
    case VEHICLE_MOTORBIKE:
        return "Dịch vụ trông giữ xe máy";
    case VEHICLE_BICYCLE:
        return "Dịch vụ trông giữ xe đạp";
    case VEHICLE_UNKNOWN:
    case VEHICLE_COUNT:
        break;
    }
    return "Dịch vụ trông giữ xe";
}

static void write_row(struct ttgd *t, const struct tax_sale *sale, const struct vat_split *split,
                      const char *vat)
{
    char note[96] = "";
    if (sale->gross_vnd < 0) {
        snprintf(note, sizeof note, "Giảm: hoàn phí, mã thanh toán %s",
                 sale->code[0] ? sale->code : "-");
    } else if (sale->code[0]) {
        snprintf(note, sizeof note, "Mã thanh toán %s", sale->code);
    }
    sheet_count(t->sheet, t->rows);
    sheet_text(t->sheet, sale->tx);
    sheet_time(t->sheet, sale->at);
    sheet_text(t->sheet, service_of(sale));
    sheet_vnd(t->sheet, split->net_vnd);
    sheet_text(t->sheet, vat);
    sheet_vnd(t->sheet, split->vat_vnd);
    sheet_vnd(t->sheet, sale->gross_vnd);
    sheet_text(t->sheet, t->nth > 0 || sale->gross_vnd < 0 ? "Điều chỉnh" : "Mới");
    sheet_text(t->sheet, note);
    sheet_end_row(t->sheet);
}

static int take_sale(void *context, const struct tax_sale *sale)
{
    struct ttgd *t = context;
    struct vat_split split = sale->split;
    char vat[VAT_WORD_CAP];
    memcpy(vat, sale->vat, sizeof vat);
    if (t->ask.table < 0) {
        struct vat_rate rate;
        if (vat_rate_at(&t->config->vat, sale->at, &rate) != 0) {
            snprintf(t->why, sizeof t->why,
                     "no rate of tax is configured for the day of %s; tax.rates", sale->tx);
            return DX_E_CONFIG;
        }
        split = vat_split(sale->gross_vnd, rate);
        vat_rate_text(rate, vat);
    }
    t->rows++;
    t->net_vnd += split.net_vnd;
    t->vat_vnd += split.vat_vnd;
    t->gross_vnd += sale->gross_vnd;
    if (t->counting) {
        return 0;
    }
    write_row(t, sale, &split, vat);
    if (!t->store) {
        return 0;
    }
    const struct store_tax_table table = {
        .operator_id = t->ask.operator_id, .month = t->ask.period, .nth = t->nth};
    return store_add_tax_row(t->store, &table, sale->tx, &split, vat, sale->gross_vnd);
}

static void write_head(struct ttgd *t)
{
    static const char *const columns[] = {"STT",
                                          "Mã giao dịch",
                                          "Thời gian giao dịch",
                                          "Tên hàng hóa, dịch vụ",
                                          "Giá trị chưa có thuế GTGT",
                                          "Thuế suất GTGT",
                                          "Số thuế GTGT",
                                          "Tổng tiền thanh toán",
                                          "Trạng thái",
                                          "Ghi chú"};
    char line[256];
    sheet_line(t->sheet, "BẢNG DỮ LIỆU CHI TIẾT GIAO DỊCH (Mẫu số 01/TTGD)");
    snprintf(line, sizeof line, "[01] Kỳ dữ liệu: tháng %.2s năm %.4s", t->ask.period + 5,
             t->ask.period);
    sheet_line(t->sheet, line);
    if (t->nth == 0) {
        snprintf(line, sizeof line, "[02] Lần đầu [X]   [03] Bổ sung lần thứ [ ]");
    } else {
        snprintf(line, sizeof line, "[02] Lần đầu [ ]   [03] Bổ sung lần thứ [%lld]",
                 (long long)t->nth);
    }
    sheet_line(t->sheet, line);
    snprintf(line, sizeof line, "[04] Tên người nộp thuế: %s", t->operator_->name);
    sheet_line(t->sheet, line);
    snprintf(line, sizeof line, "[05] Mã số thuế: %s", t->operator_->tax_code);
    sheet_line(t->sheet, line);
    for (size_t i = 0; i < sizeof columns / sizeof columns[0]; i++) {
        sheet_text(t->sheet, columns[i]);
    }
    sheet_end_row(t->sheet);
    t->rows = t->net_vnd = t->vat_vnd = t->gross_vnd = 0;
}

static void write_total(struct ttgd *t)
{
    sheet_text(t->sheet, "Tổng cộng");
    for (int i = 0; i < 3; i++) {
        sheet_text(t->sheet, NULL);
    }
    sheet_vnd(t->sheet, t->net_vnd);
    sheet_text(t->sheet, NULL);
    sheet_vnd(t->sheet, t->vat_vnd);
    sheet_vnd(t->sheet, t->gross_vnd);
    sheet_end_row(t->sheet);
}

static int open_sheet(struct ttgd *t)
{
    const struct sheet_about about = {.title = "01-TTGD", .made = t->ask.until};
    int error = sheet_open(t->ask.out, t->ask.format, &about, &t->sheet);
    if (error) {
        snprintf(t->why, sizeof t->why, "%s cannot be written", t->ask.out);
    }
    return error;
}

/* The rows come between head and total; the file is closed in any case. */
static int fill(struct ttgd *t, int (*rows)(struct ttgd *t))
{
    int error = open_sheet(t);
    if (error) {
        return error;
    }
    write_head(t);
    error = rows(t);
    write_total(t);
    int closed = sheet_close(t->sheet);
    return error ? error : closed;
}

/* ---- draft, or one that was handed in ---- */

static struct db *reading; /* of this command */

static int read_rows(struct ttgd *t)
{
    return query_tax_sales(reading, t->ask.operator_id, t->ask.period,
                           t->ask.table < 0 ? TAX_NEW : TAX_TABLE, t->ask.table, take_sale, t);
}

static int print_table(struct ttgd *t)
{
    int64_t tables = 0;
    int error = db_open_reader(t->config->database, &reading);
    if (error) {
        snprintf(t->why, sizeof t->why, "%s", t->config->database);
        return error;
    }
    error = query_tax_tables(reading, t->ask.operator_id, t->ask.period, &tables);
    if (!error && t->ask.table >= tables) {
        snprintf(t->why, sizeof t->why, "table %lld of %s was not handed in; there are %lld",
                 (long long)t->ask.table, t->ask.period, (long long)tables);
        error = DX_E_NOT_FOUND;
    }
    t->nth = t->ask.table < 0 ? tables : t->ask.table;
    error = error ? error : fill(t, read_rows);
    db_close(reading);
    return error;
}

/* ---- handing in ---- */

static int store_rows(struct ttgd *t)
{
    return store_tax_sales(t->store, t->ask.operator_id, t->ask.period, take_sale, t);
}

/* The file is whole before the database says that it was handed in. */
static int issue_rows(struct ttgd *t)
{
    int error = store_tax_tables(t->store, t->ask.operator_id, t->ask.period, &t->nth);
    t->counting = true;
    error = error ? error : store_rows(t);
    t->counting = false;
    if (!error && t->rows == 0 && t->nth > 0) {
        snprintf(t->why, sizeof t->why, "nothing has come since table %lld of %s",
                 (long long)t->nth - 1, t->ask.period);
        error = DX_E_NOT_FOUND;
    }
    const struct store_tax_table table = {
        t->ask.operator_id, t->ask.period, t->ask.by,   t->nth, t->rows,
        t->net_vnd,         t->vat_vnd,    t->gross_vnd};
    error = error ? error : store_add_tax_table(t->store, &table, clock_wall());
    return error ? error : fill(t, store_rows);
}

static int issue_table(struct ttgd *t)
{
    int version = 0;
    if (clock_wall().ms < t->ask.until.ms) {
        snprintf(t->why, sizeof t->why, "%s has not ended; a draft needs no --issue",
                 t->ask.period);
        return DX_E_STATE;
    }
    int error = store_open(t->config->database, &t->store);
    error = error ? error : store_version(t->store, &version);
    if (!error && version != store_latest_version()) {
        snprintf(t->why, sizeof t->why, "the database has another version; start doxe-server once");
        error = DX_E_VERSION;
    }
    error = error ? error : store_begin(t->store);
    if (!error) {
        error = issue_rows(t);
        if (error) {
            store_rollback(t->store);
        } else {
            error = store_commit(t->store);
        }
    }
    store_close(t->store);
    return error;
}

static int run(struct ttgd *t)
{
    t->operator_ = report_find_operator(&t->ask, t->config);
    if (!t->operator_) {
        return EXIT_USAGE;
    }
    int error = t->ask.sign ? issue_table(t) : print_table(t);
    if (error) {
        fprintf(stderr, "doxe-server report ttgd: %s%s%s\n", t->why, t->why[0] ? ": " : "",
                dx_error_text(error));
        return EXIT_FAILED;
    }
    fprintf(stderr, "%s: %lld rows, %lld VND before tax, %lld VND tax, %lld VND paid%s\n",
            t->ask.period, (long long)t->rows, (long long)t->net_vnd, (long long)t->vat_vnd,
            (long long)t->gross_vnd,
            t->ask.sign        ? "; handed in"
            : t->ask.table < 0 ? "; a draft"
                               : "");
    return EXIT_OK;
}

int report_ttgd(int argc, char **argv)
{
    struct ttgd t = {.ask = {.report = "ttgd",
                             .usage = usage,
                             .period_option = "month",
                             .sign_option = "issue",
                             .check_period = check_month}};
    struct server_config *config = NULL;
    char why[512];
    int status = report_ask_read(argc, argv, &t.ask);
    if (status >= 0) {
        return status;
    }
    if (server_config_load(t.ask.config_path, why, sizeof why, &config) != 0) {
        fprintf(stderr, "%s\n", why);
        return EXIT_CONFIGURATION;
    }
    t.config = config;
    status = run(&t);
    server_config_free(config);
    return status;
}
