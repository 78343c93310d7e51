#include "proto/io/sheet.h"

#include "proto/base/check.h"
#include "proto/io/sheet_inside.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct csv {
    FILE *file;
    bool comma;
};

struct sheet {
    const struct sheet_maker *maker;
    void *self;
    int error;
    struct csv csv;
    char *bytes; /* CSV into memory */
    size_t n;
    char path[sizeof "/tmp/doxe-sheet-XXXXXX"]; /* XLSX into memory: made here, read back */
};

int sheet_format_parse(struct str text, enum sheet_format *ret_format)
{
    if (str_eq_c(text, "csv")) {
        *ret_format = SHEET_CSV;
    } else if (str_eq_c(text, "xlsx")) {
        *ret_format = SHEET_XLSX;
    } else {
        return DX_E_NOT_FOUND;
    }
    return 0;
}

const char *sheet_format_type(enum sheet_format format)
{
    return format == SHEET_CSV
               ? "text/csv; charset=utf-8"
               : "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
}

/* ---- CSV ---- */

static int csv_text(void *self, struct str text)
{
    struct csv *csv = self;
    bool formula = text.n > 0 && strchr("=+-@\t\r", text.p[0]) != NULL && text.p[0] != '\0';
    bool quoted = formula;
    for (size_t i = 0; i < text.n && !quoted; i++) {
        quoted = strchr(",\"\r\n;\t", text.p[i]) != NULL;
    }
    if (csv->comma) {
        fputc(',', csv->file);
    }
    csv->comma = true;
    if (quoted) {
        fputc('"', csv->file);
    }
    if (formula) {
        fputc('\'', csv->file);
    }
    for (size_t i = 0; i < text.n; i++) {
        if (text.p[i] == '"') {
            fputc('"', csv->file);
        }
        fputc(text.p[i], csv->file);
    }
    if (quoted) {
        fputc('"', csv->file);
    }
    return ferror(csv->file) ? DX_E_IO : 0;
}

static int csv_number(void *self, int64_t number, bool money)
{
    (void)money;
    struct csv *csv = self;
    fprintf(csv->file, "%s%lld", csv->comma ? "," : "", (long long)number);
    csv->comma = true;
    return ferror(csv->file) ? DX_E_IO : 0;
}

static int csv_end_row(void *self)
{
    struct csv *csv = self;
    fputs("\r\n", csv->file);
    csv->comma = false;
    return ferror(csv->file) ? DX_E_IO : 0;
}

static int csv_close(void *self)
{
    struct csv *csv = self;
    return fclose(csv->file) == 0 ? 0 : errno == ENOSPC ? DX_E_FULL : DX_E_IO;
}

static const struct sheet_maker csv_maker = {csv_text, csv_number, csv_end_row, csv_close};

static int start_csv(struct sheet *sheet, FILE *file, const struct sheet_about *about)
{
    if (!file) {
        return DX_E_IO;
    }
    sheet->csv = (struct csv){.file = file};
    sheet->maker = &csv_maker;
    sheet->self = &sheet->csv;
    fputs("\xEF\xBB\xBF", file);
    for (int i = 0; about->columns && i < about->count; i++) {
        sheet_text(sheet, about->columns[i]);
    }
    if (about->columns) {
        sheet_end_row(sheet);
    }
    return sheet->error;
}

static int start_xlsx(struct sheet *sheet, const char *path, const struct sheet_about *about)
{
    sheet->maker = &sheet_xlsx;
    return sheet_xlsx_open(path, about, &sheet->self);
}

/* ---- life ---- */

static int finish_open(struct sheet *sheet, int error, struct sheet **ret_sheet)
{
    if (error) {
        free(sheet->bytes);
        free(sheet);
        return error;
    }
    *ret_sheet = sheet;
    return 0;
}

int sheet_open(const char *path, enum sheet_format format, const struct sheet_about *about,
               struct sheet **ret_sheet)
{
    struct sheet *sheet = calloc(1, sizeof *sheet);
    if (!sheet) {
        return DX_E_MEMORY;
    }
    int error = 0;
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0640);
    if (fd < 0) {
        error = DX_E_IO;
    } else if (format == SHEET_CSV) {
        error = start_csv(sheet, fdopen(fd, "w"), about);
    } else {
        close(fd);
        error = start_xlsx(sheet, path, about);
    }
    return finish_open(sheet, error, ret_sheet);
}

int sheet_open_memory(enum sheet_format format, const struct sheet_about *about,
                      struct sheet **ret_sheet)
{
    struct sheet *sheet = calloc(1, sizeof *sheet);
    if (!sheet) {
        return DX_E_MEMORY;
    }
    int error = 0;
    if (format == SHEET_CSV) {
        error = start_csv(sheet, open_memstream(&sheet->bytes, &sheet->n), about);
        return finish_open(sheet, error, ret_sheet);
    }
    memcpy(sheet->path, "/tmp/doxe-sheet-XXXXXX", sizeof sheet->path);
    int fd = mkstemp(sheet->path);
    error = fd < 0 ? DX_E_IO : start_xlsx(sheet, sheet->path, about);
    if (fd >= 0) {
        close(fd);
    }
    if (error && fd >= 0) {
        unlink(sheet->path);
    }
    return finish_open(sheet, error, ret_sheet);
}

static int read_back(const char *path, char **ret_bytes, size_t *ret_n)
{
    struct stat stat;
    char *bytes = NULL;
    size_t got = 0;
    FILE *file = fopen(path, "rb");
    int error = file && fstat(fileno(file), &stat) == 0 ? 0 : DX_E_IO;
    if (!error) {
        bytes = malloc((size_t)stat.st_size + 1);
        got = bytes ? fread(bytes, 1, (size_t)stat.st_size, file) : 0;
        error = !bytes ? DX_E_MEMORY : got == (size_t)stat.st_size ? 0 : DX_E_IO;
    }
    if (file) {
        fclose(file);
    }
    if (error) {
        free(bytes);
        return error;
    }
    *ret_bytes = bytes;
    *ret_n = got;
    return 0;
}

int sheet_close(struct sheet *sheet)
{
    int closed = sheet->maker->close(sheet->self);
    int error = sheet->error ? sheet->error : closed;
    must(!sheet->bytes && !sheet->path[0]);
    free(sheet);
    return error;
}

int sheet_close_memory(struct sheet *sheet, char **ret_bytes, size_t *ret_n)
{
    int closed = sheet->maker->close(sheet->self);
    int error = sheet->error ? sheet->error : closed;
    if (sheet->path[0]) {
        error = error ? error : read_back(sheet->path, ret_bytes, ret_n);
        unlink(sheet->path);
    } else if (!error) {
        *ret_bytes = sheet->bytes;
        *ret_n = sheet->n;
    } else {
        free(sheet->bytes);
    }
    free(sheet);
    return error;
}

/* ---- cells ---- */

void sheet_str(struct sheet *sheet, struct str text)
{
    if (!sheet->error) {
        sheet->error = str_is_utf8(text) ? sheet->maker->text(sheet->self, text) : DX_E_FORMAT;
    }
}

void sheet_text(struct sheet *sheet, const char *text)
{
    sheet_str(sheet, str_c(text ? text : ""));
}

void sheet_vnd(struct sheet *sheet, int64_t amount_vnd)
{
    if (!sheet->error) {
        sheet->error = sheet->maker->number(sheet->self, amount_vnd, true);
    }
}

void sheet_count(struct sheet *sheet, int64_t count)
{
    if (!sheet->error) {
        sheet->error = sheet->maker->number(sheet->self, count, false);
    }
}

void sheet_time(struct sheet *sheet, wall_t time)
{
    char text[40] = "";
    if (time.ms != 0) {
        struct civil c = time_civil(time);
        snprintf(text, sizeof text, "%04d-%02d-%02d %02d:%02d:%02d", c.year, c.month, c.day, c.hour,
                 c.minute, c.second);
    }
    sheet_text(sheet, text);
}

void sheet_end_row(struct sheet *sheet)
{
    if (!sheet->error) {
        sheet->error = sheet->maker->end_row(sheet->self);
    }
}

void sheet_line(struct sheet *sheet, const char *text)
{
    sheet_text(sheet, text);
    sheet_end_row(sheet);
}
