#include "server/office/city_sheet.h"

static void sheet_figures(struct sheet *sheet, const struct figures *line)
{
#define X(name) sheet_count(sheet, line->name);
    ROLLUP_COLUMNS(X)
#undef X
    sheet_count(sheet, figures_received(line));
    sheet_end_row(sheet);
}

int city_sheet(const struct figures_answer *a, enum sheet_format format, char **ret_bytes,
               size_t *ret_n)
{
    static const char *const columns[] = {"lot", "name", "operator", "ward",
#define X(name) #name,
                                          ROLLUP_COLUMNS(X)
#undef X
                                              "received_vnd"};
    const struct sheet_about about = {.title = "doxe",
                                      .made = period_day_start(a->ask.period.until),
                                      .columns = columns,
                                      .count = (int)(sizeof columns / sizeof columns[0])};
    struct sheet *sheet = NULL;
    int error = sheet_open_memory(format, &about, &sheet);
    if (error) {
        return error;
    }
    for (int i = 0; i < a->lot_count; i++) {
        const struct figures_lot *lot = &a->lot[i];
        sheet_text(sheet, lot->id);
        sheet_text(sheet, lot->name);
        sheet_text(sheet, lot->operator_id);
        sheet_text(sheet, lot->ward);
        sheet_figures(sheet, &lot->sum);
    }
    sheet_text(sheet, "Tổng / total");
    for (int i = 0; i < 3; i++) {
        sheet_text(sheet, NULL);
    }
    sheet_figures(sheet, &a->total);
    for (int i = 0; i < a->check_count; i++) {
        sheet_text(sheet, "Đối chiếu / check");
        sheet_text(sheet, a->check[i].what);
        sheet_count(sheet, a->check[i].total);
        sheet_count(sheet, a->check[i].lines);
        sheet_count(sheet, a->check[i].total - a->check[i].lines);
        sheet_end_row(sheet);
    }
    return sheet_close_memory(sheet, ret_bytes, ret_n);
}
