/* api_office.c - the operator's office: its lists, and what people change there. */
#include "proto/base/out.h"
#include "proto/io/json.h"
#include "proto/io/log.h"
#include "proto/io/sheet.h"
#include "proto/plate.h"
#include "server/api/api.h"
#include "server/app/order_list.h"
#include "server/store/query_office.h"

#include <stdlib.h>

static void refuse(struct http_response *response, int error, const char *why)
{
    if (error == DX_E_NOT_FOUND) {
        http_answer_error(response, 404, "not_found", why);
    } else if (error == DX_E_EXISTS) {
        http_answer_error(response, 409, "exists", why);
    } else if (dx_error_class(error) == DX_CLASS_RETRY) {
        http_answer_header(response, "Retry-After", "2");
        http_answer_error(response, 503, "busy", why);
    } else {
        http_answer_error(response, 422, "impossible", why);
    }
}

/* ---- lists ---- */

static void write_cell(struct out *out, const struct office_column *column, struct db_row *row,
                       int i)
{
    switch (column->kind) {
    case OFFICE_COUNT:
    case OFFICE_VND:
        json_i64(out, column->name, db_i64(row, i));
        return;
    case OFFICE_TIME:
        if (db_is_null(row, i)) {
            json_null(out, column->name);
        } else {
            json_i64(out, column->name, db_i64(row, i));
        }
        return;
    case OFFICE_FLAG:
        json_bool(out, column->name, db_i64(row, i) != 0);
        return;
    case OFFICE_ID:
    case OFFICE_TEXT:
    case OFFICE_WORD:
    case OFFICE_PLATE:
        json_str(out, column->name, db_text(row, i));
        return;
    }
}

static int write_row(void *context, const struct office_table *table, struct db_row *row)
{
    struct out *out = context;
    json_object(out, NULL);
    for (int i = 0; i < table->column_count; i++) {
        write_cell(out, &table->column[i], row, i);
    }
    json_object_end(out);
    return 0;
}

static int sheet_row(void *context, const struct office_table *table, struct db_row *row)
{
    struct sheet *sheet = context;
    for (int i = 0; i < table->column_count; i++) {
        enum office_kind kind = table->column[i].kind;
        if (kind == OFFICE_VND) {
            sheet_vnd(sheet, db_i64(row, i));
        } else if (kind == OFFICE_TIME) {
            sheet_time(sheet, (wall_t){db_i64(row, i)});
        } else if (kind == OFFICE_COUNT || kind == OFFICE_FLAG) {
            sheet_count(sheet, db_i64(row, i));
        } else {
            sheet_str(sheet, db_text(row, i));
        }
    }
    sheet_end_row(sheet);
    return 0;
}

static void answer_file(struct http_response *response, const char *name, const char *type,
                        struct str bytes)
{
    char header[160];
    snprintf(header, sizeof header, "attachment; filename=\"%s\"", name);
    http_answer_header(response, "Content-Disposition", header);
    http_answer(response, 200, type, bytes);
}

static int make_sheet(const struct api *api, enum office_list list, enum sheet_format format,
                      const char *lot, char **ret_bytes, size_t *ret_n)
{
    const struct office_table *table = office_table(list);
    const char *columns[OFFICE_COLUMNS_MAX];
    struct sheet *sheet = NULL;
    for (int i = 0; i < table->column_count; i++) {
        columns[i] = table->column[i].name;
    }
    const struct sheet_about about = {
        .title = table->word, .made = api->now, .columns = columns, .count = table->column_count};
    int error = sheet_open_memory(format, &about, &sheet);
    if (error) {
        return error;
    }
    error = query_office(api->db, list, api->scopes, lot, OFFICE_ROWS_MAX, sheet, sheet_row);
    int closed = sheet_close_memory(sheet, ret_bytes, ret_n);
    if (error && !closed) {
        free(*ret_bytes);
    }
    return error ? error : closed;
}

static void answer_sheet(const struct api *api, enum office_list list, enum sheet_format format,
                         const char *lot, struct http_response *response)
{
    char name[JOB_NAME_CAP];
    char *bytes = NULL;
    size_t n = 0;
    int error = make_sheet(api, list, format, lot, &bytes, &n);
    if (error) {
        refuse(response, DX_E_BUSY, "the table could not be made now");
        return;
    }
    snprintf(name, sizeof name, "%s.%s", office_table(list)->word,
             format == SHEET_XLSX ? "xlsx" : "csv");
    answer_file(response, name, sheet_format_type(format), (struct str){bytes, n});
    free(bytes);
}

void api_office(const struct api *api, enum office_list list, const struct http_request *request,
                struct http_response *response)
{
    struct out out;
    char lot[MSG_NAME_CAP] = "";
    int64_t limit = OFFICE_ROWS_MAX;
    enum sheet_format format;
    struct str wanted = http_query(request, "lot");
    struct str count = http_query(request, "limit");
    struct str as = http_query(request, "format");
    bool good = !wanted.n || str_copy(lot, sizeof lot, wanted) == 0;
    good = good && (!count.n || str_parse_i64(count, 1, OFFICE_ROWS_MAX, &limit) == 0);
    good = good && (!as.n || str_eq_c(as, "json") || sheet_format_parse(as, &format) == 0);
    if (!good) {
        http_answer_error(response, 400, "bad_query", "a query argument is outside its range");
        return;
    }
    if (as.n && !str_eq_c(as, "json")) {
        answer_sheet(api, list, format, lot, response);
        return;
    }
    out_init(&out, api->space, api->cap);
    json_object(&out, NULL);
    json_array(&out, "rows");
    int error = query_office(api->db, list, api->scopes, lot, limit, &out, write_row);
    json_array_end(&out);
    json_object_end(&out);
    if (error || out_failed(&out)) {
        refuse(response, DX_E_BUSY, "the answer could not be made now");
        return;
    }
    http_answer_json(response, 200, out_str(&out));
}

/* ---- whose is it ---- */

bool api_sees_operator(const struct api *api, const char *operator_id)
{
    char word[MSG_NAME_CAP + 16];
    snprintf(word, sizeof word, "\"operator:%s\"", operator_id);
    return !api->scopes || strstr(api->scopes, word) != NULL;
}

const struct app_lot *api_find_lot(const struct api *api, const char *id)
{
    char word[MSG_NAME_CAP + 16];
    const struct app_config *config = api->office->config;
    snprintf(word, sizeof word, "\"lot:%s\"", id);
    for (int i = 0; i < config->lot_count; i++) {
        const struct app_lot *lot = &config->lots[i];
        if (strcmp(lot->id, id) == 0) {
            bool own = api->scopes && strstr(api->scopes, word);
            return own || api_sees_operator(api, lot->operator_id) ? lot : NULL;
        }
    }
    return NULL;
}

/* A member that is a text and fits; "" when absent and not needed. */
static bool take_text(const struct jdoc *root, const char *key, bool needed, char *out, size_t cap)
{
    struct str text = {0};
    int error = jdoc_get_str(root, key, &text);
    if (error == DX_E_NOT_FOUND && !needed) {
        out[0] = '\0';
        return true;
    }
    return !error && str_copy(out, cap, str_trim(text)) == 0 && (!needed || out[0]);
}

static bool read_body(const struct http_request *request, struct http_response *response,
                      struct jdoc **ret_root)
{
    if (jdoc_read(request->body, ret_root, NULL) == 0) {
        return true;
    }
    http_answer_error(response, 400, "bad_json", "the body is not the JSON that is expected");
    return false;
}

static void answer_message(const struct api *api, int status, const char *key, const char *value,
                           struct http_response *response)
{
    struct out out;
    out_init(&out, api->space, api->cap);
    json_object(&out, NULL);
    json_c(&out, key, value);
    json_object_end(&out);
    http_answer_json(response, status, out_str(&out));
}

/* ---- vehicles on a lot's lists ---- */

static const char *read_list_order(const struct jdoc *root, struct app_list_order *o)
{
    char word[16];
    char typed[PLATE_RAW_CAP];
    char vehicle[16];
    struct plate plate;
    if (!take_text(root, "lot", true, o->lot, sizeof o->lot)) {
        return "lot: which one";
    }
    if (!take_text(root, "list", true, word, sizeof word) ||
        lot_list_parse(str_c(word), &o->entry.list) != 0) {
        return "list: black, white or exempt";
    }
    if (!take_text(root, "plate", true, typed, sizeof typed) ||
        plate_parse(str_c(typed), NULL, &plate, NULL) != 0) {
        return "plate: not a Vietnamese plate";
    }
    if (!take_text(root, "vehicle", false, vehicle, sizeof vehicle) ||
        (vehicle[0] && vehicle_parse(str_c(vehicle), &o->entry.vehicle) != 0)) {
        return "vehicle: car, motorbike or bicycle, or left out for any";
    }
    int error = jdoc_get_i64_in(root, "until_ms", 0, INT64_MAX, &o->entry.until.ms);
    if (error && error != DX_E_NOT_FOUND) {
        return "until_ms: a time, or left out for no end";
    }
    if (!take_text(root, "reason", !o->remove, o->reason, sizeof o->reason)) {
        return "reason: at most 120 bytes, and not empty";
    }
    o->entry.kind = SUBJECT_PLATE;
    str_copy_cut(o->entry.key, sizeof o->entry.key, str_c(plate.canonical));
    return NULL;
}

void api_list_change(const struct api *api, bool remove, const struct http_request *request,
                     struct http_response *response)
{
    struct jdoc *root = NULL;
    struct app_list_order order = {.remove = remove};
    if (!read_body(request, response, &root)) {
        return;
    }
    const char *wrong = read_list_order(root, &order);
    jdoc_release(root);
    str_copy_cut(order.by, sizeof order.by, str_c(api->user));
    if (wrong) {
        http_answer_error(response, 422, "impossible", wrong);
        return;
    }
    int error = api_find_lot(api, order.lot) ? app_list_change(api->app, &order) : DX_E_NOT_FOUND;
    if (error) {
        refuse(response, error,
               error == DX_E_EXISTS      ? "it is on this list already"
               : error == DX_E_NOT_FOUND ? "no such lot, or the vehicle is not on this list"
                                         : dx_error_text(error));
        return;
    }
    log_info("list.changed", "lot=%s list=%s removed=%d by=%s", order.lot,
             lot_list_text(order.entry.list), remove, order.by);
    answer_message(api, 200, "lot", order.lot, response);
}

/* ---- jobs ---- */

static void answer_job(const struct api *api, const char *id, int error,
                       struct http_response *response)
{
    if (error) {
        refuse(response, error == DX_E_FULL ? DX_E_BUSY : error,
               error == DX_E_FULL ? "other jobs wait already; try again in a moment"
                                  : dx_error_text(error));
        return;
    }
    answer_message(api, 202, "job", id, response);
}

void api_statement(const struct api *api, const struct http_request *request,
                   struct http_response *response)
{
    char id[ULID_CAP];
    char account[64], file[121], mapping[33], name[64];
    const struct app_lot *lot = NULL;
    const struct app_config *config = api->office->config;
    str_copy_cut(account, sizeof account, http_query(request, "account"));
    str_copy_cut(file, sizeof file, http_query(request, "file"));
    str_copy_cut(mapping, sizeof mapping, http_query(request, "mapping"));
    for (int i = 0; i < config->lot_count && !lot; i++) {
        snprintf(name, sizeof name, "%s-%s", config->lots[i].bin, config->lots[i].account);
        lot = strcmp(name, account) == 0 ? api_find_lot(api, config->lots[i].id) : NULL;
    }
    if (!lot) {
        refuse(response, DX_E_NOT_FOUND, "account: no lot of yours has it; write BIN-ACCOUNT");
        return;
    }
    if (request->body.n == 0) {
        http_answer_error(response, 422, "impossible", "the file is empty");
        return;
    }
    char *bytes = malloc(request->body.n);
    if (!bytes) {
        refuse(response, DX_E_BUSY, "no memory");
        return;
    }
    memcpy(bytes, request->body.p, request->body.n);
    const struct office_statement statement = {.lot = lot,
                                               .file = file[0] ? file : "statement.csv",
                                               .mapping = mapping[0] ? mapping : NULL,
                                               .dry_run =
                                                   str_eq_c(http_query(request, "dry_run"), "1"),
                                               .by = api->user};
    int error = office_take_statement(api->office, &statement, bytes, request->body.n, id);
    if (error) {
        free(bytes);
    }
    answer_job(api, id, error, response);
}

static const struct app_operator *find_operator(const struct api *api, const char *id)
{
    const struct app_config *config = api->office->config;
    for (int i = 0; i < config->operator_count; i++) {
        if (strcmp(config->operators[i].id, id) == 0 && api_sees_operator(api, id)) {
            return &config->operators[i];
        }
    }
    return NULL;
}

void api_day_close(const struct api *api, const struct http_request *request,
                   struct http_response *response)
{
    char id[ULID_CAP];
    char operator_id[MSG_NAME_CAP], day[11], format[8];
    struct jdoc *root = NULL;
    struct office_dayclose close = {.table = -1, .by = api->user, .day = day};
    if (!read_body(request, response, &root)) {
        return;
    }
    bool good = take_text(root, "operator", true, operator_id, sizeof operator_id) &&
                take_text(root, "day", true, day, sizeof day) &&
                take_text(root, "format", false, format, sizeof format);
    int sign = jdoc_get_bool(root, "sign", &close.sign);
    int table = jdoc_get_i64_in(root, "close", 0, 999, &close.table);
    jdoc_release(root);
    good = good && (!sign || sign == DX_E_NOT_FOUND) && (!table || table == DX_E_NOT_FOUND) &&
           !(close.sign && !table);
    good = good && (!format[0] || sheet_format_parse(str_c(format), &close.format) == 0);
    if (!good) {
        http_answer_error(response, 422, "impossible",
                          "operator, day as 2026-11-23, and sign, close or neither");
        return;
    }
    close.operator_ = find_operator(api, operator_id);
    if (!close.operator_) {
        refuse(response, DX_E_NOT_FOUND, "there is no such operator");
        return;
    }
    answer_job(api, id, office_close_day(api->office, &close, id), response);
}

/* Another operator's job is not there. */
static int look(const struct api *api, struct str id, struct job_view *view)
{
    int error = jobs_look(api->office->jobs, id, view);
    return error ? error : api_sees_operator(api, view->operator_) ? 0 : DX_E_NOT_FOUND;
}

void api_job(const struct api *api, struct str id, struct http_response *response)
{
    struct job_view view;
    struct out out;
    if (look(api, id, &view) != 0) {
        refuse(response, DX_E_NOT_FOUND, "there is no such job, or it was long ago");
        return;
    }
    out_init(&out, api->space, api->cap);
    json_object(&out, NULL);
    json_c(&out, "id", view.id);
    json_c(&out, "kind", view.kind);
    json_c(&out, "by", view.by);
    json_c(&out, "state", job_state_text(view.state));
    json_i64(&out, "done", view.done);
    json_i64(&out, "total", view.total);
    json_c(&out, "text", view.text);
    json_c(&out, "file", view.file_name[0] ? view.file_name : NULL);
    json_object_end(&out);
    http_answer_json(response, 200, out_str(&out));
}

void api_job_file(const struct api *api, struct str id, struct http_response *response)
{
    struct job_view view;
    char *bytes = NULL;
    size_t n = 0;
    int error = look(api, id, &view);
    error = error ? error : jobs_file(api->office->jobs, id, &bytes, &n);
    if (error) {
        refuse(response, error, "there is no such file, or it was long ago");
        return;
    }
    answer_file(response, view.file_name, view.file_type, (struct str){bytes, n});
    free(bytes);
}
