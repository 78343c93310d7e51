#include "server/bank/csv.h"

#include <string.h>

void csv_init(struct csv *csv, struct str text, char delimiter, char *space, size_t cap)
{
    memset(csv, 0, sizeof *csv);
    csv->rest = text;
    csv->delimiter = delimiter;
    csv->line = 1;
    csv->space = space;
    csv->cap = cap;
}

static char peek(const struct csv *csv)
{
    return csv->rest.n ? csv->rest.p[0] : '\0';
}

static void skip(struct csv *csv)
{
    csv->rest = str_slice(csv->rest, 1, csv->rest.n);
}

/* CRLF, LF or CR; counts the line. */
static bool skip_line_end(struct csv *csv)
{
    char c = peek(csv);
    if (csv->rest.n == 0 || (c != '\r' && c != '\n')) {
        return false;
    }
    skip(csv);
    if (c == '\r' && peek(csv) == '\n') {
        skip(csv);
    }
    csv->line++;
    return true;
}

static int put(struct csv *csv, char c)
{
    if (csv->used == csv->cap) {
        return DX_E_SPACE;
    }
    csv->space[csv->used++] = c;
    return 0;
}

/* From behind the opening quote to behind the closing one. */
static int quoted(struct csv *csv)
{
    int error = 0;
    while (!error) {
        if (csv->rest.n == 0) {
            return DX_E_FORMAT;
        }
        char c = peek(csv);
        if (skip_line_end(csv)) {
            error = put(csv, '\n');
            continue;
        }
        skip(csv);
        if (c == '"' && peek(csv) != '"') {
            return 0;
        }
        if (c == '"') {
            skip(csv); /* two are one */
        }
        error = put(csv, c);
    }
    return error;
}

static int one_cell(struct csv *csv, struct str *ret_cell)
{
    size_t begin = csv->used;
    int error = 0;
    while (peek(csv) == ' ' && csv->delimiter != ' ') {
        skip(csv);
    }
    if (csv->rest.n >= 2 && csv->rest.p[0] == '=' && csv->rest.p[1] == '"') {
        skip(csv); /* a spreadsheet's way to keep leading zeros */
    }
    if (peek(csv) == '"' && csv->rest.n) {
        skip(csv);
        error = quoted(csv);
    }
    while (!error && csv->rest.n && peek(csv) != csv->delimiter && peek(csv) != '\r' &&
           peek(csv) != '\n') {
        error = put(csv, peek(csv));
        skip(csv);
    }
    if (!error) {
        *ret_cell = str_trim((struct str){csv->space + begin, csv->used - begin});
    }
    return error;
}

int csv_next(struct csv *csv, struct csv_record *ret_record)
{
    if (csv->rest.n == 0) {
        return DX_E_NOT_FOUND;
    }
    csv->mark = csv->used;
    ret_record->line = csv->line;
    ret_record->count = 0;
    for (;;) {
        if (ret_record->count == CSV_CELLS_MAX) {
            return DX_E_RANGE;
        }
        int error = one_cell(csv, &ret_record->cell[ret_record->count]);
        if (error) {
            return error;
        }
        ret_record->count++;
        if (csv->rest.n && peek(csv) == csv->delimiter) {
            skip(csv);
            continue;
        }
        skip_line_end(csv);
        return 0;
    }
}

void csv_forget(struct csv *csv)
{
    csv->used = csv->mark;
}

bool csv_is_blank(const struct csv_record *record)
{
    for (int i = 0; i < record->count; i++) {
        if (record->cell[i].n > 0) {
            return false;
        }
    }
    return true;
}
