/* api_tariff.c - prices as they are in force, and new ones: checked, drawn, published. */
#include "proto/io/json.h"
#include "proto/io/log.h"
#include "proto/io/tariff_chart.h"
#include "proto/io/tariff_file.h"
#include "server/api/api.h"
#include "server/app/shelf.h"
#include "server/store/query_office.h"

#include <stdlib.h>

enum { CHART_HOURS = 24 };

/* ---- what is in force ---- */

static void write_time(struct out *out, const char *key, wall_t at)
{
    if (at.ms == INT64_MAX) { /* open */
        json_null(out, key);
    } else {
        json_i64(out, key, at.ms);
    }
}

static void write_price(struct out *out, const struct app_lot *lot, enum vehicle vehicle,
                        const struct tariff_set *set, wall_t now)
{
    const struct tariff *t = tariff_set_at(set, now);
    int64_t next = 0;
    for (int i = set->count - 1; i >= 0; i--) {
        next = set->versions[i].valid_from.ms > now.ms ? set->versions[i].valid_from.ms : next;
    }
    json_object(out, NULL);
    json_c(out, "lot", lot->id);
    json_c(out, "vehicle", vehicle_text(vehicle));
    json_c(out, "name", set->name);
    json_c(out, "version", t ? t->version : NULL);
    json_c(out, "title_vi", t ? t->title.vi : "");
    json_c(out, "title_en", t ? t->title.en : "");
    json_c(out, "legal", t && t->legal_count ? t->legal[0] : "");
    json_bool(out, "verified", t && t->status == TARIFF_VERIFIED);
    write_time(out, "from_ms", t ? t->valid_from : (wall_t){INT64_MAX});
    write_time(out, "until_ms", t ? t->valid_until : (wall_t){INT64_MAX});
    write_time(out, "next_from_ms", (wall_t){next ? next : INT64_MAX});
    json_object_end(out);
}

void api_prices(const struct api *api, struct http_response *response)
{
    struct out out;
    const struct app_config *config = api->office->config;
    out_init(&out, api->space, api->cap);
    json_object(&out, NULL);
    json_array(&out, "rows");
    for (int i = 0; i < config->lot_count; i++) {
        const struct app_lot *lot = api_find_lot(api, config->lots[i].id);
        for (int v = 0; lot && v < VEHICLE_COUNT; v++) {
            const struct tariff_set *set = lot->tariff[v];
            if (set) {
                write_price(&out, lot, (enum vehicle)v, set, api->now);
            }
        }
    }
    json_array_end(&out);
    json_object_end(&out);
    http_answer_json(response, 200, out_str(&out));
}

static bool draw(const struct api *api, const struct tariff_set *set, wall_t entry, struct out *out)
{
    const struct tariff *t = tariff_set_at(set, entry);
    const struct tariff_view view = {
        .set = set, .tariff = t, .entry = entry, .vi = api->language == LANGUAGE_VI};
    if (t) {
        tariff_draw_chart(out, &view, CHART_HOURS);
    }
    return t && !out_failed(out);
}

/* From eight in the morning, as people come. */
static wall_t morning(wall_t at)
{
    return wall_add(time_day_start(at), 8 * TIME_HOUR_MS);
}

void api_price_chart(const struct api *api, struct str lot_id, const struct http_request *request,
                     struct http_response *response)
{
    struct out out;
    char id[MSG_NAME_CAP] = "";
    enum vehicle vehicle = VEHICLE_UNKNOWN;
    bool good = str_copy(id, sizeof id, lot_id) == 0 &&
                vehicle_parse(http_query(request, "vehicle"), &vehicle) == 0;
    const struct app_lot *lot = good ? api_find_lot(api, id) : NULL;
    const struct tariff_set *set = lot ? lot->tariff[vehicle] : NULL;
    out_init(&out, api->space, api->cap);
    if (!set || !draw(api, set, morning(api->now), &out)) {
        http_answer_error(response, 404, "not_found", "there is no price for this class here");
        return;
    }
    http_answer(response, 200, "image/svg+xml", out_str(&out));
}

void api_tariff_text(const struct api *api, struct str id, struct http_response *response)
{
    int64_t number = 0;
    struct str text = {0};
    int error = str_parse_i64(id, 1, INT64_MAX, &number);
    error = error ? DX_E_NOT_FOUND
                  : query_office_tariff(api->db, api->scopes, number, api->space, api->cap, &text);
    if (error) {
        http_answer_error(response, 404, "not_found", "there is no such publication");
        return;
    }
    http_answer(response, 200, "text/plain; charset=utf-8", text);
}

/* ---- a new one ---- */

struct wanted {
    struct app_tariff_order order;
    char lot[TARIFF_LOTS_MAX][MSG_NAME_CAP];
    bool publish;
};

static const char *read_order(const struct api *api, const struct jdoc *root, struct wanted *w)
{
    struct str vehicle = {0};
    const struct jdoc *lots = NULL;
    if (jdoc_get_str(root, "text", &w->order.text) != 0) {
        return "text: the tariff's file";
    }
    if (jdoc_get_str(root, "vehicle", &vehicle) != 0 ||
        vehicle_parse(vehicle, &w->order.vehicle) != 0) {
        return "vehicle: car, motorbike or bicycle";
    }
    if (jdoc_get_array(root, "lots", &lots) != 0 || jdoc_count(lots) < 1 ||
        jdoc_count(lots) > TARIFF_LOTS_MAX) {
        return "lots: 1 to 64 of them";
    }
    for (size_t i = 0; i < jdoc_count(lots); i++) {
        struct str id = {0};
        if (jdoc_str(jdoc_at(lots, i), &id) != 0 || str_copy(w->lot[i], MSG_NAME_CAP, id) != 0 ||
            !api_find_lot(api, w->lot[i])) {
            return "lots: one of them is not there";
        }
        w->order.lot[i] = w->lot[i];
    }
    w->order.lot_count = (int)jdoc_count(lots);
    int error = jdoc_get_bool(root, "publish", &w->publish);
    return error && error != DX_E_NOT_FOUND ? "publish: true or false" : NULL;
}

static void refuse_tariff(const struct app_tariff_answer *answer, int error,
                          struct http_response *response)
{
    char why[640];
    snprintf(why, sizeof why, "%s%s%s", answer->lot[0] ? answer->lot : "",
             answer->lot[0] ? ": " : "", answer->why[0] ? answer->why : dx_error_text(error));
    if (dx_error_class(error) == DX_CLASS_RETRY) {
        http_answer_header(response, "Retry-After", "2");
        http_answer_error(response, 503, "busy", why);
    } else {
        http_answer_error(response, error == DX_E_EXISTS ? 409 : 422,
                          error == DX_E_CONFIG ? "bad_file" : "impossible", why);
    }
}

static void answer_tariff(const struct api *api, const struct wanted *w,
                          const struct app_tariff_answer *answer, struct http_response *response)
{
    char why[512];
    struct out out;
    struct out svg;
    char *picture = malloc(TARIFF_CHART_CAP);
    struct tariff_set *set = malloc(sizeof *set);
    bool drawn = false;
    if (picture && set && tariff_file_load_text("file", w->order.text, set, why, sizeof why) == 0) {
        out_init(&svg, picture, TARIFF_CHART_CAP);
        drawn = draw(api, set, morning(wall_add(answer->from, TIME_DAY_MS)), &svg);
    }
    out_init(&out, api->space, api->cap);
    json_object(&out, NULL);
    json_c(&out, "name", answer->name);
    json_i64(&out, "from_ms", answer->from.ms);
    json_bool(&out, "published", w->publish);
    json_c(&out, "chart", drawn ? picture : NULL);
    json_object_end(&out);
    http_answer_json(response, 200, out_str(&out));
    free(set);
    free(picture);
}

void api_tariff(const struct api *api, const struct http_request *request,
                struct http_response *response)
{
    struct jdoc *root = NULL;
    struct wanted w = {.order = {.by = api->user}};
    struct app_tariff_answer answer = {.lot = ""};
    if (jdoc_read(request->body, &root, NULL)) {
        http_answer_error(response, 400, "bad_json", "the body is not the JSON that is expected");
        return;
    }
    const char *wrong = read_order(api, root, &w);
    if (wrong) {
        http_answer_error(response, 422, "impossible", wrong);
        jdoc_release(root);
        return;
    }
    int error = w.publish ? app_tariff_publish(api->app, &w.order, &answer)
                          : app_tariff_try(api->app, &w.order, &answer);
    if (error) {
        refuse_tariff(&answer, error, response);
    } else {
        answer_tariff(api, &w, &answer, response);
    }
    if (!error && w.publish) {
        log_info("tariff.published", "name=%s lots=%d vehicle=%s by=%s", answer.name,
                 w.order.lot_count, vehicle_text(w.order.vehicle), api->user);
    }
    jdoc_release(root);
}
