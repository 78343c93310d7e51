/* sheet_xlsx.c - libxlsxwriter behind sheet.h.  Its numbers are doubles: đồng up to 2^53 are exact.
 */
#include "proto/base/check.h"
#include "proto/io/sheet_inside.h"

#include <stdlib.h>
#include <string.h>
#include <xlsxwriter.h>

enum { ROWS_MAX = LXW_ROW_MAX, CELL_CAP = 32768 };

struct xlsx {
    lxw_workbook *book;
    lxw_worksheet *sheet;
    lxw_format *money, *head;
    lxw_row_t row;
    lxw_col_t column;
    int sheets;
    char title[32];
};

static int error_of(lxw_error error)
{
    switch ((int)error) {
    case LXW_NO_ERROR:
        return 0;
    case LXW_ERROR_MEMORY_MALLOC_FAILED:
        return DX_E_MEMORY;
    default:
        return DX_E_IO;
    }
}

static int next_sheet(struct xlsx *x)
{
    char name[40];
    x->sheets++;
    snprintf(name, sizeof name, x->sheets == 1 ? "%.27s" : "%.27s %d", x->title, x->sheets);
    x->sheet = workbook_add_worksheet(x->book, name);
    x->row = 0;
    x->column = 0;
    return x->sheet ? 0 : DX_E_MEMORY;
}

int sheet_xlsx_open(const char *path, const struct sheet_about *about, void **ret_self)
{
    struct xlsx *x = calloc(1, sizeof *x);
    if (!x) {
        return DX_E_MEMORY;
    }
    str_copy_cut(x->title, sizeof x->title, str_c(about->title));
    /* Rows go to a temporary file as they come, so that a year does not fill the memory. */
    lxw_workbook_options options = {.constant_memory = LXW_TRUE};
    x->book = workbook_new_opt(path, &options);
    if (!x->book || next_sheet(x) != 0) {
        free(x);
        return DX_E_MEMORY;
    }
    lxw_doc_properties properties = {.title = x->title, .created = (time_t)(about->made.ms / 1000)};
    workbook_set_properties(x->book, &properties);
    x->money = workbook_add_format(x->book);
    x->head = workbook_add_format(x->book);
    format_set_num_format(x->money, "#,##0");
    format_set_bold(x->head);
    worksheet_set_column(x->sheet, 0, (lxw_col_t)(about->count > 0 ? about->count - 1 : 0), 18,
                         NULL);
    for (int i = 0; about->columns && i < about->count; i++) {
        worksheet_write_string(x->sheet, 0, (lxw_col_t)i, about->columns[i], x->head);
    }
    x->row = about->columns ? 1 : 0;
    if (about->columns) {
        worksheet_freeze_panes(x->sheet, 1, 0);
    }
    *ret_self = x;
    return 0;
}

static int write_text(void *self, struct str text)
{
    struct xlsx *x = self;
    lxw_error error = LXW_NO_ERROR;
    if (text.n > 0) {
        char cell[CELL_CAP];
        if (str_copy(cell, sizeof cell, text) != 0) {
            return DX_E_SPACE;
        }
        error = worksheet_write_string(x->sheet, x->row, x->column, cell, NULL);
    }
    x->column++;
    return error_of(error);
}

static int write_number(void *self, int64_t number, bool money)
{
    struct xlsx *x = self;
    must(number > -(INT64_C(1) << 53) && number < INT64_C(1) << 53);
    lxw_error error = worksheet_write_number(x->sheet, x->row, x->column++, (double)number,
                                             money ? x->money : NULL);
    return error_of(error);
}

static int end_row(void *self)
{
    struct xlsx *x = self;
    x->column = 0;
    x->row++;
    return x->row < ROWS_MAX ? 0 : next_sheet(x);
}

static int close_book(void *self)
{
    struct xlsx *x = self;
    int error = error_of(workbook_close(x->book));
    free(x);
    return error;
}

const struct sheet_maker sheet_xlsx = {write_text, write_number, end_row, close_book};
