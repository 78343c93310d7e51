/* api_city.c - the transport department's figures of any period, and the public feed of places. */
#include "proto/base/out.h"
#include "proto/crypto/crypto.h"
#include "proto/io/sheet.h"
#include "server/api/api.h"
#include "server/office/city_sheet.h"
#include "server/store/query_places.h"

#include <stdlib.h>

/* ---- what is asked ---- */

static bool take_text(const struct http_request *request, const char *name, char *out, size_t cap)
{
    struct str text = http_query(request, name);
    return !text.p || str_copy(out, cap, text) == 0;
}

/* Without a period: the month up to today. */
static int read_ask(const struct api *api, const struct http_request *request,
                    struct figures_ask *ask)
{
    struct str from = http_query(request, "from");
    struct str until = http_query(request, "until");
    int64_t today = period_day_of(api->now);
    *ask = (struct figures_ask){.now = api->now,
                                .period = {period_month_start(period_month_of(today)), today + 1}};
    int error = from.p ? period_day_parse(from, &ask->period.from) : 0;
    error = error || !until.p ? error : period_day_parse(until, &ask->period.until);
    bool fits = take_text(request, "lot", ask->lot, sizeof ask->lot) &&
                take_text(request, "operator", ask->operator_id, sizeof ask->operator_id) &&
                take_text(request, "ward", ask->ward, sizeof ask->ward);
    int64_t days = ask->period.until - ask->period.from;
    return error                                    ? error
           : !fits                                  ? DX_E_FORMAT
           : days <= 0 || days > FIGURES_PERIOD_MAX ? DX_E_RANGE
                                                    : 0;
}

/* ---- as JSON ---- */

static void write_share(struct out *out, const char *key, int64_t permille)
{
    if (permille >= 0) {
        json_i64(out, key, permille);
    } else {
        json_null(out, key);
    }
}

static void write_line(struct out *out, const struct figures *line)
{
#define X(name) json_i64(out, #name, line->name);
    ROLLUP_COLUMNS(X)
#undef X
    json_i64(out, "let_off_vnd",
             line->fee_vnd - line->settled_vnd - line->debt_vnd - line->given_up_vnd);
    json_i64(out, "received_vnd", figures_received(line));
    write_share(out, "cashless_permille", figures_cashless(line));
}

static void write_named(struct out *out, const char *key, const char *name,
                        const struct figures *line)
{
    json_object(out, NULL);
    json_c(out, key, name);
    write_line(out, line);
    json_object_end(out);
}

static void write_signs(struct out *out, const char *key, const struct figures *line,
                        const struct figures_signs *signs)
{
    json_object(out, key);
#define X(name, sentence) json_i64(out, #name, signs->name);
    FIGURES_SIGNS(X)
#undef X
    write_share(out, "correct_permille", figures_correct(line, signs));
    write_share(out, "complete_permille", figures_complete(line, signs));
    write_share(out, "clean_permille", figures_clean(line, signs));
    write_share(out, "live_permille", figures_live(signs));
    json_object_end(out);
}

static void write_lot(struct out *out, const struct figures_answer *a,
                      const struct figures_lot *lot)
{
    int64_t from = period_day_start(a->ask.period.from).ms;
    int64_t until = period_day_start(a->ask.period.until).ms;
    int64_t span = (until < a->ask.now.ms ? until : a->ask.now.ms) - from;
    json_object(out, NULL);
    json_c(out, "lot", lot->id);
    json_c(out, "name", lot->name);
    json_c(out, "operator", lot->operator_id);
    json_c(out, "ward", lot->ward);
    if (lot->has_place) {
        json_i64(out, "lat_e6", lot->lat_e6);
        json_i64(out, "lon_e6", lot->lon_e6);
    } else {
        json_null(out, "lat_e6");
        json_null(out, "lon_e6");
    }
    json_object(out, "inside");
    for (int v = 0; v < VEHICLE_COUNT; v++) {
        json_i64(out, vehicle_text((enum vehicle)v), lot->inside[v]);
    }
    json_object_end(out);
    json_i64(out, "capacity_car", lot->capacity[VEHICLE_CAR]);
    json_i64(out, "capacity_motorbike", lot->capacity[VEHICLE_MOTORBIKE]);
    json_i64(out, "gates", lot->gates);
    json_i64(out, "gates_online", lot->gates_online);
    write_share(out, "uptime_permille",
                lot->gates > 0 && span > 0
                    ? (span * lot->gates - lot->offline_ms) / (span * lot->gates / 1000 + 1)
                    : -1);
    write_signs(out, "signs", &lot->sum, &lot->signs);
    write_line(out, &lot->sum);
    json_object_end(out);
}

/* Lines by ward or operator: sums of the lots' lines, in the order of first sight. */
static void write_groups(struct out *out, const struct figures_answer *a, const char *key,
                         bool ward)
{
    json_array(out, key);
    for (int i = 0; i < a->lot_count; i++) {
        const char *name = ward ? a->lot[i].ward : a->lot[i].operator_id;
        struct figures sum = {0};
        bool first = true;
        for (int k = 0; k < a->lot_count; k++) {
            const char *other = ward ? a->lot[k].ward : a->lot[k].operator_id;
            if (strcmp(name, other) == 0) {
                first = first && k >= i;
                figures_add(&sum, &a->lot[k].sum);
            }
        }
        if (first) {
            write_named(out, ward ? "ward" : "operator", name, &sum);
        }
    }
    json_array_end(out);
}

static void write_period(struct out *out, const char *key, struct period period)
{
    char day[PERIOD_TEXT_CAP];
    json_object(out, key);
    period_day_text(period.from, day);
    json_c(out, "from", day);
    period_day_text(period.until, day);
    json_c(out, "until", day);
    json_object_end(out);
}

static void write_times(struct out *out, const struct figures_answer *a)
{
    char text[PERIOD_TEXT_CAP];
    json_array(out, "hours");
    for (int i = 0; i < FIGURES_HOURS; i++) {
        json_object(out, NULL);
        json_i64(out, "hour", i);
        write_line(out, &a->hour[i]);
        json_object_end(out);
    }
    json_array_end(out);
    json_array(out, "steps");
    for (int i = 0; i < a->step_count; i++) {
        if (a->by_month) {
            period_month_text(a->step[i].at, text);
        } else {
            period_day_text(a->step[i].at, text);
        }
        write_named(out, "at", text, &a->step[i].sum);
    }
    json_array_end(out);
}

static void write_checks(struct out *out, const struct figures_answer *a)
{
    json_array(out, "reconciliation");
    for (int i = 0; i < a->check_count; i++) {
        json_object(out, NULL);
        json_c(out, "what", a->check[i].what);
        json_i64(out, "total", a->check[i].total);
        json_i64(out, "lines", a->check[i].lines);
        json_i64(out, "difference", a->check[i].total - a->check[i].lines);
        json_object_end(out);
    }
    json_array_end(out);
}

static void write_answer(struct out *out, const struct figures_answer *a)
{
    static const int64_t target[VEHICLE_COUNT] = {
        [VEHICLE_CAR] = FIGURES_CASHLESS_CAR, [VEHICLE_MOTORBIKE] = FIGURES_CASHLESS_MOTORBIKE};
    json_object(out, NULL);
    write_period(out, "period", a->ask.period);
    write_period(out, "previous", a->before);
    json_i64(out, "now_ms", a->ask.now.ms);
    json_object(out, "total");
    write_line(out, &a->total);
    json_object_end(out);
    json_object(out, "previous_total");
    write_line(out, &a->before_total);
    json_object_end(out);
    json_array(out, "vehicles");
    for (int v = 0; v < VEHICLE_COUNT; v++) {
        json_object(out, NULL);
        json_c(out, "vehicle", vehicle_text((enum vehicle)v));
        write_line(out, &a->vehicle[v]);
        write_share(out, "target_permille", target[v] ? target[v] : -1);
        write_share(out, "previous_cashless_permille", figures_cashless(&a->before_vehicle[v]));
        json_object_end(out);
    }
    json_array_end(out);
    write_signs(out, "signs", &a->total, &a->signs);
    write_signs(out, "previous_signs", &a->before_total, &a->before_signs);
    json_i64(out, "debt_now_vnd", a->debt_now_vnd);
    write_groups(out, a, "wards", true);
    write_groups(out, a, "operators", false);
    json_array(out, "lots");
    for (int i = 0; i < a->lot_count; i++) {
        write_lot(out, a, &a->lot[i]);
    }
    json_array_end(out);
    write_times(out, a);
    write_checks(out, a);
    json_object_end(out);
}

/* ---- as a table ---- */

static void answer_sheet(const struct figures_answer *a, enum sheet_format format,
                         struct http_response *response)
{
    char name[80];
    char *bytes = NULL;
    size_t n = 0;
    if (city_sheet(a, format, &bytes, &n)) {
        http_answer_error(response, 503, "busy", "the table could not be made now");
        return;
    }
    snprintf(name, sizeof name, "attachment; filename=\"doxe-city.%s\"",
             format == SHEET_XLSX ? "xlsx" : "csv");
    http_answer_header(response, "Content-Disposition", name);
    http_answer(response, 200, sheet_format_type(format), (struct str){bytes, n});
    free(bytes);
}

void api_city_figures(const struct api *api, const struct http_request *request,
                      struct http_response *response)
{
    struct figures_ask ask;
    enum sheet_format format = SHEET_CSV;
    struct str wanted = http_query(request, "format");
    bool json = !wanted.p || str_eq_c(wanted, "json");
    if (read_ask(api, request, &ask) || (!json && sheet_format_parse(wanted, &format))) {
        http_answer_error(response, 400, "bad_query", "a query argument is outside its range");
        return;
    }
    struct figures_answer *answer = malloc(sizeof *answer);
    int error = answer ? query_figures(api->db, &ask, answer) : DX_E_MEMORY;
    struct out out;
    out_init(&out, api->space, api->cap);
    if (!error && json) {
        write_answer(&out, answer);
    }
    if (error || out_failed(&out)) {
        http_answer_error(response, 503, "busy", "the answer could not be made now");
    } else if (json) {
        http_answer_json(response, 200, out_str(&out));
    } else {
        answer_sheet(answer, format, response);
    }
    free(answer);
}

/* ---- the public feed ---- */

struct feed {
    struct out *out;
    struct sheet *sheet; /* NULL: JSON */
};

static void write_place(void *context, const struct place *p)
{
    struct feed *feed = context;
    struct out *out = feed->out;
    int64_t free_places = p->capacity - p->occupied;
    free_places = free_places < 0 ? 0 : free_places;
    if (feed->sheet) {
        sheet_text(feed->sheet, p->lot);
        sheet_text(feed->sheet, p->name);
        sheet_text(feed->sheet, p->address);
        sheet_text(feed->sheet, p->ward);
        sheet_text(feed->sheet, vehicle_text(p->vehicle));
        sheet_count(feed->sheet, p->capacity);
        sheet_count(feed->sheet, p->occupied);
        sheet_count(feed->sheet, free_places);
        sheet_text(feed->sheet, p->method);
        sheet_time(feed->sheet, (wall_t){p->heard_ms});
        sheet_end_row(feed->sheet);
        return;
    }
    json_object(out, NULL);
    json_c(out, "id", p->lot);
    json_c(out, "name", p->name);
    json_c(out, "operator", p->operator_name);
    json_c(out, "address", p->address);
    json_c(out, "area", p->ward);
    if (p->has_place) {
        json_object(out, "location");
        json_i64(out, "latitude_e6", p->lat_e6);
        json_i64(out, "longitude_e6", p->lon_e6);
        json_object_end(out);
    } else {
        json_null(out, "location");
    }
    json_c(out, "vehicleType", vehicle_text(p->vehicle));
    json_i64(out, "supply", p->capacity);
    json_i64(out, "occupancy", p->occupied);
    json_i64(out, "available", free_places);
    json_c(out, "method", p->method);
    if (p->heard_ms > 0) {
        json_i64(out, "heard_ms", p->heard_ms);
    } else {
        json_null(out, "heard_ms");
    }
    json_object_end(out);
}

/* Its version is its content, so that a reader that has it is told so in a few bytes. */
static void answer_feed(const struct http_request *request, struct http_response *response,
                        const char *type, struct str body)
{
    uint8_t digest[SHA256_SIZE];
    char etag[24];
    dx_sha256(digest, body);
    snprintf(etag, sizeof etag, "\"%02x%02x%02x%02x%02x%02x%02x%02x\"", digest[0], digest[1],
             digest[2], digest[3], digest[4], digest[5], digest[6], digest[7]);
    http_answer_header(response, "Cache-Control", "public, max-age=10");
    http_answer_header(response, "Access-Control-Allow-Origin", "*");
    http_answer_cached(response, request, type, etag, body);
}

void api_feed(const struct api *api, const struct http_request *request,
              struct http_response *response)
{
    struct out out;
    struct feed feed = {.out = &out};
    out_init(&out, api->space, api->cap);
    json_object(&out, NULL);
    json_c(&out, "version", "1");
    json_array(&out, "places");
    int error = query_places(api->db, api->now, write_place, &feed);
    json_array_end(&out);
    json_object_end(&out);
    if (error || out_failed(&out)) {
        http_answer_error(response, 503, "busy", "the answer could not be made now");
        return;
    }
    answer_feed(request, response, "application/json", out_str(&out));
}

void api_feed_csv(const struct api *api, const struct http_request *request,
                  struct http_response *response)
{
    static const char *const columns[] = {"id",     "name",      "address",   "area",   "vehicle",
                                          "supply", "occupancy", "available", "method", "heard"};
    const struct sheet_about about = {
        .title = "places", .made = {0}, .columns = columns, .count = 10};
    struct feed feed = {0};
    char *bytes = NULL;
    size_t n = 0;
    int error = sheet_open_memory(SHEET_CSV, &about, &feed.sheet);
    if (!error) {
        error = query_places(api->db, api->now, write_place, &feed);
        int closed = sheet_close_memory(feed.sheet, &bytes, &n);
        error = error ? error : closed;
    }
    if (error) {
        http_answer_error(response, 503, "busy", "the answer could not be made now");
    } else {
        answer_feed(request, response, sheet_format_type(SHEET_CSV), (struct str){bytes, n});
    }
    free(bytes);
}
