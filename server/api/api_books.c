/* api_books.c - passes and shifts as JSON. */
#include "proto/base/out.h"
#include "server/api/api.h"
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
