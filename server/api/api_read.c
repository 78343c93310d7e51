#include "proto/base/out.h"
#include "server/api/api.h"
#include "server/store/query.h"
#include "server/store/query_audit.h"
#include "server/store/query_city.h"
#include "server/store/query_event.h"
#include "server/store/query_lane.h"
#include "server/store/query_session.h"
#include "server/web/words.h"

#include <stdlib.h>

/* ---- small pieces ---- */

static void answer(const struct out *out, int error, struct http_response *response)
{
    if (error || out_failed(out)) {
        http_answer_error(response, 503, "busy", "the answer could not be made now");
        return;
    }
    http_answer_json(response, 200, out_str(out));
}

/* A time that has not come is null. */
static void json_time(struct out *out, const char *key, int64_t ms)
{
    if (ms > 0) {
        json_i64(out, key, ms);
    } else {
        json_null(out, key);
    }
}

static void json_word(struct out *out, const char *key, const char *word)
{
    json_c(out, key, word[0] ? word : NULL);
}

/* A number in the query; `otherwise` when absent.  False: it is there and no number in range. */
static bool query_number_of(const struct http_request *request, const char *name, int64_t min,
                            int64_t max, int64_t otherwise, int64_t *ret_number)
{
    struct str text = http_query(request, name);
    *ret_number = otherwise;
    return !text.p || str_parse_i64(text, min, max, ret_number) == 0;
}

static bool query_name_of(const struct http_request *request, const char *name, char *out,
                          size_t cap)
{
    struct str text = http_query(request, name);
    out[0] = '\0';
    return !text.p || str_copy(out, cap, text) == 0;
}

static void refuse_query(struct http_response *response)
{
    http_answer_error(response, 400, "bad_query", "a query argument is outside its range");
}

/* ---- /health ---- */

void api_health(const struct api *api, struct http_response *response)
{
    int64_t one = 0;
    int error = db_query_i64(api->db, 0, &one, "SELECT 1 FROM lot LIMIT 1", "");
    if (error) {
        http_answer_error(response, 503, "database", "the database does not answer");
        return;
    }
    http_answer_json(response, 200, STR("{\"ok\":true}"));
}

/* ---- /api/v1/sessions ---- */

struct session_list {
    struct out *out;
    int64_t count;
    char last[ULID_CAP];
};

static void write_session(void *context, const struct session_row *s)
{
    struct session_list *list = context;
    struct out *out = list->out;
    json_object(out, NULL);
    json_c(out, "id", s->id);
    json_c(out, "lot", s->lot);
    json_c(out, "state", s->state);
    json_c(out, "vehicle", s->vehicle);
    json_c(out, "subject", s->subject);
    json_c(out, "key", s->key);
    json_c(out, "raw", s->raw);
    json_word(out, "last4", s->last4);
    json_c(out, "gate_in", s->gate_in);
    json_i64(out, "lane_in", s->lane_in);
    json_word(out, "gate_out", s->gate_out);
    json_time(out, "lane_out", s->lane_out);
    json_time(out, "arrived_ms", s->arrived_ms);
    json_time(out, "entered_ms", s->entered_ms);
    json_time(out, "asked_ms", s->asked_ms);
    json_time(out, "left_ms", s->left_ms);
    json_word(out, "permit", s->permit);
    json_i64(out, "fee_vnd", s->fee_vnd);
    json_i64(out, "paid_vnd", s->paid_vnd);
    json_time(out, "paid_ms", s->paid_ms);
    json_c(out, "code", s->code);
    json_c(out, "token", s->token);
    json_bool(out, "inferred", s->inferred);
    json_object_end(out);
    list->count++;
    str_copy_cut(list->last, sizeof list->last, str_c(s->id));
}

void api_sessions(const struct api *api, const struct http_request *request,
                  struct http_response *response)
{
    struct out out;
    struct session_list list = {.out = &out};
    char after[ULID_CAP];
    int64_t since = 0;
    int64_t limit = 0;
    if (!query_name_of(request, "after", after, sizeof after) ||
        !query_number_of(request, "since_ms", 0, INT64_MAX, 0, &since) ||
        !query_number_of(request, "limit", 1, API_SESSIONS_MAX, API_SESSIONS_DEFAULT, &limit)) {
        refuse_query(response);
        return;
    }
    out_init(&out, api->space, api->cap);
    json_object(&out, NULL);
    json_array(&out, "sessions");
    int error = query_sessions(api->db, after, since, limit, write_session, &list);
    json_array_end(&out);
    /* What to give as `after` for the next ones; null when these were all. */
    json_word(&out, "next", list.count == limit ? list.last : "");
    json_object_end(&out);
    answer(&out, error, response);
}

/* ---- /api/v1/lanes ---- */

static void write_lane(struct out *out, const struct lane_row *lane)
{
    json_object(out, NULL);
    json_i64(out, "lane", lane->lane);
    json_word(out, "direction", lane->direction);
    json_word(out, "state", lane->state);
    json_word(out, "barrier", lane->barrier);
    json_word(out, "last_event", lane->last);
    json_time(out, "last_ms", lane->last_ms);
    json_word(out, "hold", lane->hold);
    if (lane->has_session) {
        json_object(out, "session");
        json_c(out, "id", lane->session.id);
        json_c(out, "state", lane->session.state);
        json_c(out, "vehicle", lane->session.vehicle);
        json_c(out, "key", lane->session.key);
        json_i64(out, "fee_vnd", lane->session.fee_vnd);
        json_i64(out, "due_vnd", lane->due_vnd);
        json_object_end(out);
    } else {
        json_null(out, "session");
    }
    json_object_end(out);
}

static void write_gate(void *context, const struct gate_row *gate)
{
    struct out *out = context;
    json_object(out, NULL);
    json_c(out, "gate", gate->id);
    json_c(out, "lot", gate->lot);
    json_bool(out, "online", gate->online);
    json_time(out, "seen_ms", gate->seen_ms);
    json_c(out, "version", gate->version);
    json_i64(out, "committed", gate->high);
    json_array(out, "lanes");
    for (int i = 0; i < gate->lane_count; i++) {
        write_lane(out, &gate->lane[i]);
    }
    json_array_end(out);
    json_array(out, "alarms");
    for (int i = 0; i < gate->alarm_count && i < LANE_ALARMS_MAX; i++) {
        json_object(out, NULL);
        json_i64(out, "lane", gate->alarm[i].lane);
        json_c(out, "code", gate->alarm[i].code);
        json_c(out, "detail", gate->alarm[i].detail);
        json_i64(out, "raised_ms", gate->alarm[i].raised_ms);
        json_object_end(out);
    }
    json_array_end(out);
    json_object_end(out);
}

void api_lanes(const struct api *api, const struct http_request *request,
               struct http_response *response)
{
    enum { GATES_MAX = 100 };
    struct out out;
    char lot[MSG_NAME_CAP];
    if (!query_name_of(request, "lot", lot, sizeof lot)) {
        refuse_query(response);
        return;
    }
    out_init(&out, api->space, api->cap);
    json_object(&out, NULL);
    json_i64(&out, "now_ms", api->now.ms);
    json_array(&out, "gates");
    int error = query_gates(api->db, lot, GATES_MAX, write_gate, &out);
    json_array_end(&out);
    json_object_end(&out);
    answer(&out, error, response);
}

/* ---- /api/v1/events ---- */

static void write_sentence(struct out *out, const struct event_row *row, enum language language)
{
    char space[512];
    struct out sentence;
    out_init(&sentence, space, sizeof space);
    words_event(&sentence, row, language);
    json_str(out, language_code(language), out_str(&sentence));
}

static void write_event(void *context, const struct event_row *row)
{
    struct out *out = context;
    const struct event *event = &row->event;
    json_object(out, NULL);
    json_c(out, "id", event->id);
    json_c(out, "gate", event->gate);
    json_c(out, "lot", row->lot);
    json_i64(out, "lane", event->lane);
    json_c(out, "type", event_type_text(event->type));
    json_word(out, "session", event->session);
    json_c(out, "outcome", row->outcome);
    json_i64(out, "wall_ms", event->wall.ms);
    json_i64(out, "received_ms", row->received_ms);
    write_sentence(out, row, LANGUAGE_VI);
    write_sentence(out, row, LANGUAGE_EN);
    json_object_end(out);
}

void api_events(const struct api *api, const struct http_request *request,
                struct http_response *response)
{
    struct out out;
    char lot[MSG_NAME_CAP];
    int64_t limit = 0;
    if (!query_name_of(request, "lot", lot, sizeof lot) ||
        !query_number_of(request, "limit", 1, API_EVENTS_MAX, 50, &limit)) {
        refuse_query(response);
        return;
    }
    out_init(&out, api->space, api->cap);
    json_object(&out, NULL);
    json_array(&out, "events");
    int error = query_events(api->db, lot, limit, write_event, &out);
    json_array_end(&out);
    json_object_end(&out);
    answer(&out, error, response);
}

/* ---- /api/v1/audit ---- */

void api_audit(const struct api *api, struct http_response *response)
{
    struct out out;
    struct audit *audit = malloc(sizeof *audit);
    out_init(&out, api->space, api->cap);
    int error = audit ? query_audit(api->db, audit) : DX_E_MEMORY;
    if (!error) {
        audit_write(&out, audit);
    }
    free(audit);
    answer(&out, error, response);
}

/* ---- /api/v1/city/today ---- */

static void write_line(struct out *out, const struct city_line *line)
{
    int64_t share = city_cashless_permille(line);
    json_i64(out, "entered", line->entered);
    json_i64(out, "turns", line->left);
    json_i64(out, "cashless_turns", line->cashless);
    json_i64(out, "cash_turns", line->cash);
    json_i64(out, "free_turns", line->free);
    json_i64(out, "unpaid_turns", line->unpaid);
    json_i64(out, "fee_vnd", line->fee_vnd);
    json_i64(out, "received_vnd", line->received_vnd);
    if (share >= 0) {
        json_i64(out, "cashless_permille", share);
    } else {
        json_null(out, "cashless_permille");
    }
}

static void write_city_lot(struct out *out, const struct city_lot *lot)
{
    json_object(out, NULL);
    json_c(out, "lot", lot->id);
    json_c(out, "name", lot->name);
    json_c(out, "ward", lot->ward);
    json_object(out, "inside");
    for (int v = 0; v < VEHICLE_COUNT; v++) {
        json_i64(out, vehicle_text((enum vehicle)v), lot->inside[v]);
    }
    json_object_end(out);
    json_object(out, "corrected");
    for (int v = 0; v < VEHICLE_COUNT; v++) {
        json_i64(out, vehicle_text((enum vehicle)v), lot->corrected[v]);
    }
    json_object_end(out);
    json_i64(out, "capacity_car", lot->capacity[VEHICLE_CAR]);
    json_i64(out, "capacity_motorbike", lot->capacity[VEHICLE_MOTORBIKE]);
    write_line(out, &lot->line);
    json_object_end(out);
}

static void write_city(struct out *out, const struct city_day *day, wall_t now)
{
    json_object(out, NULL);
    json_c(out, "day", day->day);
    json_i64(out, "now_ms", now.ms);
    json_array(out, "vehicles");
    for (int v = 0; v < VEHICLE_COUNT; v++) {
        json_object(out, NULL);
        json_c(out, "vehicle", vehicle_text((enum vehicle)v));
        write_line(out, &day->vehicle[v]);
        json_object_end(out);
    }
    json_array_end(out);
    json_object(out, "total");
    write_line(out, &day->total);
    json_object_end(out);
    json_object(out, "reconciliation");
    json_i64(out, "counted_turns", day->counted_left_total);
    json_i64(out, "counted_fee_vnd", day->counted_fee_total);
    json_i64(out, "difference_turns", day->counted_left_total - day->total.left);
    json_i64(out, "difference_fee_vnd", day->counted_fee_total - day->total.fee_vnd);
    json_object_end(out);
    json_array(out, "hours");
    for (int i = 0; i < CITY_HOURS; i++) {
        json_object(out, NULL);
        for (int v = 0; v < VEHICLE_COUNT; v++) {
            json_i64(out, vehicle_text((enum vehicle)v), day->hour[i][v]);
        }
        json_object_end(out);
    }
    json_array_end(out);
    json_array(out, "lots");
    for (int i = 0; i < day->lot_count; i++) {
        write_city_lot(out, &day->lot[i]);
    }
    json_array_end(out);
    json_object_end(out);
}

void api_city_today(const struct api *api, struct http_response *response)
{
    struct out out;
    struct city_day *day = malloc(sizeof *day);
    out_init(&out, api->space, api->cap);
    int error = day ? query_city_day(api->db, api->now, day) : DX_E_MEMORY;
    if (!error) {
        write_city(&out, day, api->now);
    }
    free(day);
    answer(&out, error, response);
}
