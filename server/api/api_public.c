/* api_public.c - what drivers' programs may ask: a lot and its prices, a stay, a vote, a complaint.
 */
#include "proto/io/json.h"
#include "proto/tariff/tariff.h"
#include "server/api/api.h"
#include "server/app/place.h"
#include "server/office/feedback.h"
#include "server/store/query_feedback.h"
#include "server/store/query_session.h"

static void json_time(struct out *out, const char *key, int64_t ms)
{
    if (ms > 0) {
        json_i64(out, key, ms);
    } else {
        json_null(out, key);
    }
}

static void finish(struct out *out, struct http_response *response)
{
    if (out_failed(out)) {
        http_answer_error(response, 503, "busy", "the answer could not be made now");
        return;
    }
    http_answer_json(response, 200, out_str(out));
}

static void refuse(const struct api *api, struct http_response *response, int error)
{
    if (error == DX_E_NOT_FOUND) {
        http_answer_error(response, 404, "not_found", text_of(TEXT_NOT_FOUND_TITLE, api->language));
    } else if (error == DX_E_EXISTS) {
        http_answer_error(response, 409, "exists", text_of(TEXT_COMPLAIN_DONE, api->language));
    } else if (dx_error_class(error) == DX_CLASS_REJECT) {
        http_answer_error(response, 422, "impossible", text_of(TEXT_COMPLAIN_BAD, api->language));
    } else {
        http_answer_header(response, "Retry-After", "2");
        http_answer_error(response, 503, "busy", text_of(TEXT_TROUBLE_HINT, api->language));
    }
}

/* ---- a lot ---- */

static void write_tariff(struct out *out, const struct tariff *t, enum vehicle vehicle)
{
    json_object(out, NULL);
    json_c(out, "vehicle", vehicle_text(vehicle));
    json_c(out, "tariff", t->name);
    json_c(out, "version", t->version);
    json_c(out, "title_vi", t->title.vi);
    json_c(out, "title_en", t->title.en);
    json_bool(out, "verified", t->status == TARIFF_VERIFIED);
    json_time(out, "valid_from_ms", t->valid_from.ms);
    json_array(out, "legal");
    for (int i = 0; i < t->legal_count; i++) {
        json_c(out, NULL, t->legal[i]);
    }
    json_array_end(out);
    json_object_end(out);
}

void api_public_lot(const struct api *api, struct str lot_id, struct http_response *response)
{
    struct out out;
    const struct app_lot *lot = app_find_lot(api->app, lot_id);
    if (!lot) {
        http_answer_error(response, 404, "not_found", "there is no such lot");
        return;
    }
    out_init(&out, api->space, api->cap);
    json_object(&out, NULL);
    json_c(&out, "id", lot->id);
    json_c(&out, "name", lot->name);
    json_c(&out, "address", lot->address);
    json_c(&out, "ward", lot->ward);
    json_array(&out, "prices");
    for (int v = 0; v < VEHICLE_COUNT; v++) {
        const struct tariff *t = lot->tariff[v] ? tariff_set_at(lot->tariff[v], api->now) : NULL;
        if (t) {
            write_tariff(&out, t, (enum vehicle)v);
        }
    }
    json_array_end(&out);
    json_object_end(&out);
    finish(&out, response);
}

/* ---- a stay ---- */

static void write_quote(struct out *out, const struct app_quote *q, const struct session_lot *lot)
{
    json_c(out, "payment", quote_state_text(q->state));
    json_i64(out, "fee_vnd", q->fee_vnd);
    json_i64(out, "paid_vnd", q->paid_vnd);
    json_i64(out, "due_vnd", q->due_vnd);
    json_time(out, "next_change_ms", q->next_change.ms);
    json_time(out, "next_fee_vnd", q->next_fee_vnd);
    json_time(out, "leave_by_ms", q->leave_by.ms);
    json_array(out, "lines");
    for (int i = 0; i < q->line_count; i++) {
        json_object(out, NULL);
        json_c(out, "vi", q->line[i].vi);
        json_c(out, "en", q->line[i].en);
        json_i64(out, "amount_vnd", q->line[i].amount_vnd);
        json_object_end(out);
    }
    json_array_end(out);
    if (q->state == QUOTE_DUE) {
        json_object(out, "transfer");
        json_c(out, "bin", lot->bin);
        json_c(out, "account", lot->account);
        json_c(out, "holder", lot->account_name);
        json_c(out, "content", q->paycode);
        json_c(out, "vietqr", q->payload);
        json_object_end(out);
    } else {
        json_null(out, "transfer");
    }
}

static void write_stay(struct out *out, const struct api *api, const struct session_row *s,
                       const struct session_lot *lot, const struct app_quote *q,
                       const struct feedback *feedback)
{
    char name[PLATE_RAW_CAP];
    session_row_name(s, name);
    json_object(out, NULL);
    json_i64(out, "now_ms", api->now.ms);
    json_c(out, "lot", s->lot);
    json_c(out, "lot_name", lot->name);
    json_c(out, "operator", lot->operator_name);
    json_c(out, "vehicle", s->vehicle);
    json_c(out, "name", name);
    json_c(out, "state", s->state);
    json_time(out, "entered_ms", s->entered_ms);
    json_time(out, "left_ms", s->left_ms);
    write_quote(out, q, lot);
    json_time(out, "score", feedback->score);
    json_bool(out, "complaint_open", feedback->complaint_open);
    json_object_end(out);
}

void api_public_stay(const struct api *api, struct str token, struct http_response *response)
{
    struct out out;
    struct session_row session;
    struct session_lot lot;
    struct app_quote quote;
    struct feedback feedback;
    int error = query_session_by_token(api->db, token, &session, &lot);
    error = error ? error : app_quote_now(api->app, token, &quote);
    error = error ? error : query_feedback(api->db, session.id, &feedback);
    if (!error && !quote.open && quote.line_count == 0) {
        error = query_fee_lines(api->db, session.id, quote.fee_vnd, quote.line, &quote.line_count);
    }
    if (error) {
        refuse(api, response, error);
        return;
    }
    out_init(&out, api->space, api->cap);
    write_stay(&out, api, &session, &lot, &quote, &feedback);
    finish(&out, response);
}

/* ---- what a driver says ---- */

static void answer_said(const struct api *api, struct http_response *response, int error)
{
    if (error) {
        refuse(api, response, error);
        return;
    }
    http_answer_json(response, 200, STR("{\"ok\":true}"));
}

void api_public_rate(const struct api *api, struct str token, const struct http_request *request,
                     struct http_response *response)
{
    struct jdoc *root = NULL;
    int64_t score = 0;
    int error = jdoc_read(request->body, &root, NULL) ? DX_E_INVAL : 0;
    error = error                                                           ? error
            : jdoc_get_i64_in(root, "score", 1, FEEDBACK_SCORE_MAX, &score) ? DX_E_INVAL
                                                                            : 0;
    jdoc_release(root);
    answer_said(api, response, error ? error : feedback_rate(api->app, token, (int)score));
}

void api_public_complain(const struct api *api, struct str token,
                         const struct http_request *request, struct http_response *response)
{
    struct jdoc *root = NULL;
    struct str text = STR("");
    int64_t asked = 0;
    int error = jdoc_read(request->body, &root, NULL) ? DX_E_INVAL : 0;
    if (!error && jdoc_get_i64_in(root, "asked_vnd", 1, MONEY_MAX_VND, &asked)) {
        error = DX_E_INVAL;
    }
    if (!error && jdoc_get_str(root, "text", &text)) {
        text = STR("");
    }
    error = error ? error : feedback_complain(api->app, token, asked, text);
    jdoc_release(root);
    answer_said(api, response, error);
}
