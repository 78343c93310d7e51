#include "proto/base/out.h"
#include "proto/crypto/crypto.h"
#include "proto/io/json.h"
#include "proto/io/log.h"
#include "proto/io/sheet.h"
#include "server/api/api.h"
#include "server/app/refund_link.h"
#include "server/store/query_cases.h"

enum { LIST_MAX = 100 };

static void answer(const struct out *out, int error, struct http_response *response)
{
    if (error || out_failed(out)) {
        http_answer_error(response, 503, "busy", "the answer could not be made now");
        return;
    }
    http_answer_json(response, 200, out_str(out));
}

/* ---- lists ---- */

static void write_suggestion(struct out *out, const struct case_suggestion *s)
{
    json_object(out, NULL);
    json_c(out, "action", s->action);
    json_c(out, "target", s->target);
    json_c(out, "vehicle", s->name);
    json_c(out, "lot", s->lot);
    json_c(out, "state", s->state);
    json_i64(out, "due_vnd", s->due_vnd);
    json_i64(out, "score", s->why.score);
    json_array(out, "reasons");
    for (int i = 0; i < SUGGEST_REASON_COUNT; i++) {
        if (s->why.reasons & (1u << i)) {
            json_c(out, NULL, suggest_reason_text((enum suggest_reason)i));
        }
    }
    json_array_end(out);
    json_object_end(out);
}

static void write_proposal(struct out *out, const struct case_proposal *p)
{
    if (p->id[0] == '\0') {
        json_null(out, "proposal");
        return;
    }
    json_object(out, "proposal");
    json_c(out, "id", p->id);
    json_c(out, "made_by", p->made_by);
    json_c(out, "note", p->note);
    json_c(out, "lines", p->lines);
    json_i64(out, "made_ms", p->made_ms);
    json_object_end(out);
}

static void write_case(void *context, const struct case_row *row)
{
    struct out *out = context;
    json_object(out, NULL);
    json_i64(out, "review", row->review);
    json_c(out, "kind", row->kind);
    json_c(out, "lot", row->lot);
    json_c(out, "credit", row->credit);
    json_c(out, "direction", row->out ? "out" : "in");
    json_i64(out, "amount_vnd", row->amount_vnd);
    json_i64(out, "booked_ms", row->booked_ms);
    json_c(out, "account", row->account);
    json_c(out, "bank_ref", row->bank_ref);
    json_c(out, "content", row->content);
    json_i64(out, "kept", row->kept);
    write_proposal(out, &row->proposal);
    json_array(out, "suggestions");
    for (int i = 0; i < row->suggestion_count; i++) {
        write_suggestion(out, &row->suggestion[i]);
    }
    json_array_end(out);
    json_object_end(out);
}

void api_cases(const struct api *api, struct http_response *response)
{
    struct out out;
    out_init(&out, api->space, api->cap);
    json_object(&out, NULL);
    json_array(&out, "cases");
    int error = query_cases(api->db, LIST_MAX, write_case, &out);
    json_array_end(&out);
    json_object_end(&out);
    answer(&out, error, response);
}

static void write_debt(void *context, const struct debt_row *row)
{
    struct out *out = context;
    json_object(out, NULL);
    json_c(out, "session", row->session);
    json_c(out, "lot", row->lot);
    json_c(out, "class", row->vehicle);
    json_c(out, "vehicle", row->name);
    json_i64(out, "due_vnd", row->due_vnd);
    json_i64(out, "left_ms", row->left_ms);
    json_bool(out, "inside", row->inside);
    write_proposal(out, &row->proposal);
    json_object_end(out);
}

void api_debts(const struct api *api, const struct http_request *request,
               struct http_response *response)
{
    struct out out;
    char lot[MSG_NAME_CAP] = "";
    struct str asked = http_query(request, "lot");
    if (asked.p && str_copy(lot, sizeof lot, asked)) {
        http_answer_error(response, 400, "bad_query", "a query argument is outside its range");
        return;
    }
    out_init(&out, api->space, api->cap);
    json_object(&out, NULL);
    json_array(&out, "debts");
    int error = query_debts(api->db, lot, LIST_MAX, write_debt, &out);
    json_array_end(&out);
    json_object_end(&out);
    answer(&out, error, response);
}

struct refund_list {
    const struct api *api;
    struct out *out;
    struct sheet *sheet;
};

/* The last four digits and the holder, for the person who approves; nothing without the key. */
static void write_account(const struct refund_list *list, const struct refund_row *row)
{
    char account[APP_ACCOUNT_CAP];
    char holder[APP_HOLDER_CAP];
    const uint8_t *key = app_case_key(list->api->app);
    struct str sealed = {row->sealed, row->sealed_n};
    if (row->bin[0] == '\0') {
        json_null(list->out, "account");
        return;
    }
    json_object(list->out, "account");
    json_c(list->out, "bin", row->bin);
    if (key && refund_account_open(key, sealed, account, holder) == 0) {
        size_t n = strlen(account);
        json_c(list->out, "last4", account + (n > 4 ? n - 4 : 0));
        json_c(list->out, "holder", holder);
        dx_wipe(account, sizeof account);
    }
    json_object_end(list->out);
}

static void write_refund(void *context, const struct refund_row *row)
{
    struct refund_list *list = context;
    struct out *out = list->out;
    const struct refund *f = &row->refund;
    json_object(out, NULL);
    json_c(out, "id", f->id);
    json_c(out, "lot", f->lot);
    json_c(out, "session", f->session);
    json_c(out, "vehicle", row->name);
    json_c(out, "cause", f->cause);
    json_i64(out, "amount_vnd", f->amount_vnd);
    json_c(out, "code", f->code);
    json_c(out, "state", refund_state_text(f->state));
    json_c(out, "reason", f->reason);
    json_c(out, "requested_by", f->requested_by);
    json_c(out, "approved_by", f->approved_by);
    json_c(out, "sent_by", f->sent_by);
    json_c(out, "bank_ref", f->bank_ref);
    json_i64(out, "requested_ms", row->requested_ms);
    write_account(list, row);
    json_object_end(out);
}

void api_refunds(const struct api *api, const struct http_request *request,
                 struct http_response *response)
{
    struct out out;
    struct refund_list list = {.api = api, .out = &out};
    struct str asked = http_query(request, "state");
    enum refund_state state = REFUND_REQUESTED;
    const char *word = "";
    if (asked.p && refund_state_parse(asked, &state)) {
        http_answer_error(response, 400, "bad_query", "a query argument is outside its range");
        return;
    }
    word = asked.p ? refund_state_text(state) : "";
    out_init(&out, api->space, api->cap);
    json_object(&out, NULL);
    json_array(&out, "refunds");
    int error = query_refunds(api->db, word, "", LIST_MAX, write_refund, &list);
    json_array_end(&out);
    json_object_end(&out);
    answer(&out, error, response);
}

/* ---- for the operator's bank ---- */

static void write_transfer(void *context, const struct refund_row *row)
{
    struct refund_list *list = context;
    char account[APP_ACCOUNT_CAP] = "";
    char holder[APP_HOLDER_CAP] = "";
    char content[64];
    const uint8_t *key = app_case_key(list->api->app);
    if (refund_account_open(key, (struct str){row->sealed, row->sealed_n}, account, holder) != 0) {
        log_warn("refund.sealed", "refund=%s", row->refund.id);
        return;
    }
    snprintf(content, sizeof content, "HOAN TIEN %s", row->refund.code);
    sheet_text(list->sheet, row->refund.id);
    sheet_text(list->sheet, row->refund.lot);
    sheet_text(list->sheet, row->bin);
    sheet_text(list->sheet, account);
    sheet_text(list->sheet, holder);
    sheet_vnd(list->sheet, row->refund.amount_vnd);
    sheet_text(list->sheet, content);
    sheet_end_row(list->sheet);
    dx_wipe(account, sizeof account);
}

void api_refund_export(const struct api *api, struct http_response *response)
{
    static const char *const columns[] = {"refund", "lot",        "bank_bin", "account",
                                          "holder", "amount_vnd", "content"};
    const struct sheet_about about = {
        .title = "refunds", .made = api->now, .columns = columns, .count = 7};
    struct refund_list list = {.api = api};
    char *bytes = NULL;
    size_t n = 0;
    if (!app_case_key(api->app)) {
        http_answer_error(response, 409, "no_key", "payment.case_key_file is not configured");
        return;
    }
    int error = sheet_open_memory(SHEET_CSV, &about, &list.sheet);
    if (!error) {
        error = query_refunds(api->db, "approved", "", LIST_MAX, write_transfer, &list);
        int closed = sheet_close_memory(list.sheet, &bytes, &n);
        error = error ? error : closed;
    }
    if (error) {
        http_answer_error(response, 503, "busy", "the answer could not be made now");
    } else {
        log_info("refund.exported", "by=%s", api->user);
        http_answer_header(response, "Content-Disposition",
                           "attachment; filename=\"doxe-refunds.csv\"");
        http_answer(response, 200, sheet_format_type(SHEET_CSV), (struct str){bytes, n});
    }
    free(bytes);
}

/* ---- orders ---- */

static int read_parts(const struct jdoc *root, struct app_case *order)
{
    const struct jdoc *list = NULL;
    int error = jdoc_get_array(root, "parts", &list);
    size_t count = error ? 0 : jdoc_count(list);
    if (count < 1 || count > PROPOSAL_PARTS_MAX) {
        return DX_E_INVAL;
    }
    for (int i = 0; i < (int)count && !error; i++) {
        struct proposal_part *part = &order->part[i];
        const struct jdoc *item = jdoc_at(list, (size_t)i);
        struct str word = {0};
        struct str target = {0};
        error = jdoc_get_str(item, "action", &word);
        error = error ? error : proposal_action_parse(word, &part->action);
        error = error ? error : jdoc_get_i64(item, "amount_vnd", &part->amount_vnd);
        if (!error && jdoc_get_str(item, "target", &target) == 0) {
            error = str_copy(part->target, sizeof part->target, target);
        }
    }
    order->part_count = (int)count;
    return error ? DX_E_INVAL : 0;
}

static int read_order(struct str id, const struct jdoc *root, struct app_case *order)
{
    struct str text = {0};
    int error = 0;
    if (order->kind == APP_PROPOSE) {
        error = str_parse_i64(id, 1, INT64_MAX, &order->review);
        error = error ? error : read_parts(root, order);
    } else if (order->kind == APP_REFUND_REQUEST) {
        error = jdoc_get_str(root, "session", &text);
        error = error ? error : str_copy(order->id, sizeof order->id, text);
        error = error ? error : jdoc_get_i64(root, "amount_vnd", &order->amount_vnd);
    } else {
        error = str_copy(order->id, sizeof order->id, id);
    }
    static const char *const names[] = {"note", "reason", "bank_ref"};
    for (size_t i = 0; i < sizeof names / sizeof names[0] && !error; i++) {
        if (jdoc_get_str(root, names[i], &text) == 0) {
            error = str_copy(order->note, sizeof order->note, str_trim(text));
        }
    }
    return error ? DX_E_INVAL : 0;
}

static void refuse(const struct api *api, struct http_response *response, int error)
{
    static const struct {
        int error, status;
        const char *word;
        enum text text;
    } rows[] = {{DX_E_NOT_FOUND, 404, "not_found", TEXT_CASE_NOT_FOUND},
                {DX_E_DENIED, 403, "same_person", TEXT_CASE_SAME_PERSON},
                {DX_E_STATE, 409, "state", TEXT_CASE_STATE},
                {DX_E_EXISTS, 409, "exists", TEXT_CASE_EXISTS},
                {DX_E_RANGE, 422, "amount", TEXT_CASE_AMOUNT},
                {DX_E_VERSION, 409, "no_key", TEXT_CASE_NO_KEY},
                {DX_E_INVAL, 422, "invalid", TEXT_CASE_INVALID}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (rows[i].error == error) {
            http_answer_error(response, rows[i].status, rows[i].word,
                              text_of(rows[i].text, api->language));
            return;
        }
    }
    http_answer_header(response, "Retry-After", "2");
    http_answer_error(response, 503, "busy", text_of(TEXT_COMMAND_BUSY, api->language));
}

void api_case(const struct api *api, int kind, struct str id, const struct http_request *request,
              struct http_response *response)
{
    struct jdoc *root = NULL;
    struct app_case order = {.kind = (enum app_case_kind)kind};
    struct out out;
    if (jdoc_read(request->body.n ? request->body : STR("{}"), &root, NULL)) {
        http_answer_error(response, 400, "bad_json", "the body is not the JSON that is expected");
        return;
    }
    int error = read_order(id, root, &order);
    jdoc_release(root);
    str_copy_cut(order.by, sizeof order.by, str_c(api->user));
    error = error ? error : app_run_case(api->app, &order);
    if (error) {
        refuse(api, response, error);
        return;
    }
    out_init(&out, api->space, api->cap);
    json_object(&out, NULL);
    json_c(&out, "id", order.ret_id);
    if (order.ret_link[0]) {
        json_c(&out, "link", order.ret_link);
    }
    json_c(&out, "message", text_of(TEXT_CASE_DONE, api->language));
    json_object_end(&out);
    http_answer_json(response, 200, out_str(&out));
}
