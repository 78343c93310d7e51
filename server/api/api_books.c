/* api_books.c - passes and shifts as JSON. */
#include "proto/base/out.h"
#include "proto/io/json.h"
#include "proto/io/log.h"
#include "proto/plate.h"
#include "server/api/api.h"
#include "server/app/pass.h"
#include "server/store/query_pass.h"

static bool lot_of(const struct http_request *request, char *out, size_t cap)
{
    struct str text = http_query(request, "lot");
    out[0] = '\0';
    return !text.p || str_copy(out, cap, text) == 0;
}

static void json_time(struct out *out, const char *key, int64_t ms)
{
    if (ms > 0) {
        json_i64(out, key, ms);
    } else {
        json_null(out, key);
    }
}

static void write_pass(void *context, const struct pass_row *row)
{
    struct out *out = context;
    json_object(out, NULL);
    json_c(out, "id", row->id);
    json_c(out, "lot", row->lot);
    json_c(out, "name", row->name);
    json_c(out, "vehicle", row->vehicle);
    json_c(out, "holder", row->holder);
    json_c(out, "plates", row->plates);
    json_i64(out, "quota", row->quota);
    json_i64(out, "inside", row->inside);
    json_c(out, "state", pass_state_text(row->state));
    json_time(out, "from_ms", row->from_ms);
    json_time(out, "until_ms", row->until_ms);
    json_i64(out, "due_vnd", row->due_vnd);
    json_object_end(out);
}

static void write_shift(void *context, const struct shift_row *s)
{
    struct out *out = context;
    json_object(out, NULL);
    json_c(out, "id", s->id);
    json_c(out, "lot", s->lot);
    json_c(out, "gate", s->gate);
    json_c(out, "by", s->by);
    json_c(out, "previous", s->previous[0] ? s->previous : NULL);
    json_i64(out, "opened_ms", s->opened_ms);
    json_time(out, "closed_ms", s->closed_ms);
    json_i64(out, "float_vnd", s->float_vnd);
    json_i64(out, "receipts", s->receipts);
    json_i64(out, "taken_vnd", s->taken_vnd);
    json_i64(out, "expected_vnd", s->expected_vnd);
    json_i64(out, "counted_vnd", s->counted_vnd);
    json_i64(out, "difference_vnd", s->difference_vnd);
    json_i64(out, "handed_in_vnd", s->handed_in_vnd);
    json_i64(out, "drawer_vnd", s->drawer_vnd);
    json_object_end(out);
}

static void answer(struct out *out, int error, struct http_response *response)
{
    json_array_end(out);
    json_object_end(out);
    if (error || out_failed(out)) {
        http_answer_error(response, 503, "busy", "the answer could not be made now");
        return;
    }
    http_answer_json(response, 200, out_str(out));
}

static bool begin(const struct api *api, const struct http_request *request, char *lot, size_t cap,
                  const char *key, struct out *out, struct http_response *response)
{
    if (!lot_of(request, lot, cap)) {
        http_answer_error(response, 400, "bad_query", "a query argument is outside its range");
        return false;
    }
    out_init(out, api->space, api->cap);
    json_object(out, NULL);
    json_array(out, key);
    return true;
}

void api_passes(const struct api *api, const struct http_request *request,
                struct http_response *response)
{
    struct out out;
    char lot[MSG_NAME_CAP];
    if (begin(api, request, lot, sizeof lot, "passes", &out, response)) {
        const struct pass_filter filter = {.lot = lot};
        answer(&out, query_passes(api->db, &filter, api->now, write_pass, &out), response);
    }
}

void api_shifts(const struct api *api, const struct http_request *request,
                struct http_response *response)
{
    enum { SHIFTS_MAX = 500 };
    struct out out;
    char lot[MSG_NAME_CAP];
    if (begin(api, request, lot, sizeof lot, "shifts", &out, response)) {
        answer(&out, query_shifts(api->db, NULL, lot, SHIFTS_MAX, write_shift, &out), response);
    }
}

/* ---- orders ---- */

static bool take_text(const struct jdoc *root, const char *key, char *out, size_t cap)
{
    struct str text = {0};
    return jdoc_get_str(root, key, &text) != 0 || str_copy(out, cap, str_trim(text)) == 0;
}

static bool take_number(const struct jdoc *root, const char *key, int64_t min, int64_t max,
                        int64_t otherwise, int64_t *ret_number)
{
    *ret_number = otherwise;
    return jdoc_is_null(jdoc_get(root, key)) ||
           jdoc_get_i64_in(root, key, min, max, ret_number) == 0;
}

static bool take_kind(const struct jdoc *root, struct pass_order *o)
{
    static const char *const words[] = {
#define X(name, word, sentence) word,
        PASS_ORDERS(X)
#undef X
    };
    struct str word = {0};
    if (jdoc_get_str(root, "action", &word) != 0) {
        return false;
    }
    for (int i = 0; i < PASS_ORDER_COUNT; i++) {
        if (str_eq_c(word, words[i]) && i != PASS_ORDER_BUY) {
            o->kind = (enum pass_order_kind)i;
            return true;
        }
    }
    return false;
}

static bool take_plates(const struct jdoc *root, struct pass_order *o)
{
    const struct jdoc *list = jdoc_get(root, "plates");
    const struct plate_hint hint = {.vehicle = o->vehicle};
    for (size_t i = 0; i < jdoc_count(list); i++) {
        struct str text = {0};
        struct plate plate;
        if (i == PASS_PLATES_MAX || jdoc_str(jdoc_at(list, i), &text) != 0 ||
            plate_parse(str_trim(text), &hint, &plate, NULL) != 0) {
            return false;
        }
        memcpy(o->plate[o->plate_count++], plate.canonical, sizeof plate.canonical);
    }
    return true;
}

static bool take_lots(const struct jdoc *root, struct pass_order *o)
{
    const struct jdoc *list = jdoc_get(root, "lots");
    for (size_t i = 0; i < jdoc_count(list); i++) {
        struct str text = {0};
        if (i == PASS_LOTS_MAX || jdoc_str(jdoc_at(list, i), &text) != 0 ||
            str_copy(o->lots[o->lot_count++], sizeof o->lots[0], text) != 0) {
            return false;
        }
    }
    return true;
}

static bool read_order(const struct api *api, const struct jdoc *root, struct pass_order *o)
{
    struct str vehicle = {0};
    int64_t quota = 0;
    int64_t months = 0;
    str_copy_cut(o->by, sizeof o->by, str_c(api->user));
    bool good = take_kind(root, o) && take_text(root, "pass", o->pass, sizeof o->pass) &&
                take_text(root, "lot", o->lot, sizeof o->lot) &&
                take_text(root, "name", o->name, sizeof o->name) &&
                take_text(root, "holder", o->holder, sizeof o->holder) &&
                take_text(root, "reason", o->reason, sizeof o->reason) &&
                take_text(root, "shift", o->shift, sizeof o->shift) &&
                take_number(root, "quota", 1, PASS_QUOTA_MAX, 1, &quota) &&
                take_number(root, "months", 1, PASS_MONTHS_MAX, 1, &months) &&
                take_number(root, "amount_vnd", 1, MONEY_MAX_VND, 0, &o->amount_vnd);
    o->quota = (int)quota;
    o->months = (int)months;
    good = good && (jdoc_get_str(root, "vehicle", &vehicle) != 0 ||
                    vehicle_parse(vehicle, &o->vehicle) == 0);
    return good && take_plates(root, o) && take_lots(root, o);
}

static void answer_order(const struct api *api, const struct pass_order *o,
                         struct http_response *response)
{
    struct out out;
    out_init(&out, api->space, api->cap);
    json_object(&out, NULL);
    json_c(&out, "pass", o->ret_pass[0] ? o->ret_pass : o->pass);
    json_c(&out, "code", o->ret_code);
    if (o->ret_token[0]) {
        char path[TOKEN_CAP + 8];
        snprintf(path, sizeof path, "/p/%s", o->ret_token);
        json_c(&out, "url", path);
    }
    json_i64(&out, "price_vnd", o->ret_price_vnd);
    json_i64(&out, "from_ms", o->ret_from.ms);
    json_i64(&out, "until_ms", o->ret_until.ms);
    json_object_end(&out);
    http_answer_json(response, 200, out_str(&out));
}

void api_pass_order(const struct api *api, const struct http_request *request,
                    struct http_response *response)
{
    struct jdoc *root = NULL;
    struct pass_order order = {.kind = PASS_ORDER_COUNT};
    if (jdoc_read(request->body, &root, NULL)) {
        http_answer_error(response, 400, "bad_json", "the body is not the JSON that is expected");
        return;
    }
    bool good = read_order(api, root, &order);
    jdoc_release(root);
    if (!good) {
        http_answer_error(response, 422, "impossible", "a member is missing or not possible");
        return;
    }
    int error = app_pass(api->app, &order);
    if (error == DX_E_NOT_FOUND) {
        http_answer_error(response, 404, "not_found", "no such lot, pass, shift, plate or name");
    } else if (error && dx_error_class(error) == DX_CLASS_REJECT) {
        http_answer_error(response, 422, "impossible", dx_error_text(error));
    } else if (error) {
        http_answer_header(response, "Retry-After", "2");
        http_answer_error(response, 503, "busy", dx_error_text(error));
    } else {
        log_info("pass.order", "by=%s pass=%s", order.by, order.ret_pass);
        answer_order(api, &order, response);
    }
}
