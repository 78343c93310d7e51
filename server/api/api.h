/*
 * api.h - the JSON of /api/v1, /health and /webhook: a request in, an answer out.
 *
 * Each function answers one route of routes.h; who may ask has been settled before.
 * docs/openapi.yaml says what the answers look like.  Times are milliseconds UTC
 * (…_ms), money whole đồng (…_vnd); a time that has not come is null.
 */
#ifndef DOXE_SERVER_API_H
#define DOXE_SERVER_API_H

#include "proto/io/db.h"
#include "proto/io/http_srv.h"
#include "server/app/app.h"
#include "server/office/office_jobs.h"
#include "server/store/query_office.h"
#include "server/web/texts.h"

enum { API_SESSIONS_MAX = 1000, API_SESSIONS_DEFAULT = 100, API_EVENTS_MAX = 500 };

/* What the HTTP thread lends for one request. */
struct api {
    struct db *db; /* read-only */
    struct app *app;
    wall_t now;
    enum language language; /* of sentences for people */
    const char *user;       /* who asks; "" for nobody */
    const char *scopes;     /* JSON array of "operator:ID" and "lot:ID"; NULL: everything */
    const struct office *office;
    char *space; /* for the answer's text */
    size_t cap;
};

void api_health(const struct api *api, struct http_response *response);
void api_sessions(const struct api *api, const struct http_request *request,
                  struct http_response *response);
void api_lanes(const struct api *api, const struct http_request *request,
               struct http_response *response);
void api_events(const struct api *api, const struct http_request *request,
                struct http_response *response);
void api_audit(const struct api *api, struct http_response *response);
void api_passes(const struct api *api, const struct http_request *request,
                struct http_response *response);
void api_pass_order(const struct api *api, const struct http_request *request,
                    struct http_response *response);
void api_shifts(const struct api *api, const struct http_request *request,
                struct http_response *response);
void api_city_today(const struct api *api, struct http_response *response);
/* api_city.c: any period, as JSON, CSV or XLSX; and lots with their free places, for everybody. */
void api_city_figures(const struct api *api, const struct http_request *request,
                      struct http_response *response);
void api_feed(const struct api *api, const struct http_request *request,
              struct http_response *response);
void api_feed_csv(const struct api *api, const struct http_request *request,
                  struct http_response *response);
void api_command(const struct api *api, const struct http_request *request,
                 struct http_response *response);
void api_review_close(const struct api *api, struct str review, struct http_response *response);
void api_webhook(const struct api *api, struct str provider, const struct http_request *request,
                 struct http_response *response);

/* ---- for drivers' programs, without a login: api_public.c ---- */

void api_public_lot(const struct api *api, struct str lot, struct http_response *response);
void api_public_stay(const struct api *api, struct str token, struct http_response *response);
void api_public_rate(const struct api *api, struct str token, const struct http_request *request,
                     struct http_response *response);
void api_public_complain(const struct api *api, struct str token,
                         const struct http_request *request, struct http_response *response);

/* ---- money and people: api_cases.c ---- */

void api_cases(const struct api *api, struct http_response *response);
void api_debts(const struct api *api, const struct http_request *request,
               struct http_response *response);
void api_refunds(const struct api *api, const struct http_request *request,
                 struct http_response *response);
/* For the operator's bank channel: approved cases with their accounts; needs the key. */
void api_refund_export(const struct api *api, struct http_response *response);
/* Every order of cases.h; `kind` is enum app_case_kind, `id` what stands in the path. */
void api_case(const struct api *api, int kind, struct str id, const struct http_request *request,
              struct http_response *response);

/* ---- the office: api_office.c ---- */

void api_office(const struct api *api, enum office_list list, const struct http_request *request,
                struct http_response *response);
void api_list_change(const struct api *api, bool remove, const struct http_request *request,
                     struct http_response *response);
/* The body is the file; the rest stands in the query. */
void api_statement(const struct api *api, const struct http_request *request,
                   struct http_response *response);
void api_day_close(const struct api *api, const struct http_request *request,
                   struct http_response *response);
void api_job(const struct api *api, struct str id, struct http_response *response);
void api_job_file(const struct api *api, struct str id, struct http_response *response);
/* The lot, when it is there and the one who asks may see it; else NULL. */
const struct app_lot *api_find_lot(const struct api *api, const char *id);
bool api_sees_operator(const struct api *api, const char *operator_id);

/* ---- tariffs: api_tariff.c ---- */

void api_prices(const struct api *api, struct http_response *response);
void api_price_chart(const struct api *api, struct str lot_id, const struct http_request *request,
                     struct http_response *response);
void api_tariff_text(const struct api *api, struct str id, struct http_response *response);
/* Checks the file and, with "publish": true, publishes it. */
void api_tariff(const struct api *api, const struct http_request *request,
                struct http_response *response);

#endif
