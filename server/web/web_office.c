/* web_office.c - the operator's office: its pages, and which call answers which address. */
#include "proto/io/log.h"
#include "server/api/api.h"
#include "server/store/query.h"
#include "server/web/page_office.h"
#include "server/web/web_parts.h"

int web_office_open(struct web *web)
{
    if (!web->config.office) {
        return 0;
    }
    web->office = (struct office){.app = web->config.app,
                                  .config = web->config.office,
                                  .mappings = web->config.mappings ? web->config.mappings : ""};
    return jobs_new(&web->office.jobs);
}

void web_office_close(struct web *web)
{
    jobs_free(web->office.jobs);
    web->office.jobs = NULL;
}

bool web_may_be_large(void *context, const struct http_request *head)
{
    (void)context;
    bool named = http_header(head, "Authorization").n || http_header(head, "Cookie").n;
    return named && head->method == HTTP_POST && str_eq_c(head->path, "/api/v1/statements");
}

/* ---- pages ---- */

static const struct {
    enum route_id page, data;
    enum office_list list;
} lists[] = {{ROUTE_OFFICE_LOTS, ROUTE_API_LOTS, OFFICE_LOTS_LIST},
             {ROUTE_OFFICE_GATES, ROUTE_API_GATES, OFFICE_GATES_LIST},
             {ROUTE_OFFICE_ALARMS, ROUTE_API_ALARMS, OFFICE_ALARMS_LIST},
             {ROUTE_OFFICE_REVIEWS, ROUTE_API_REVIEWS, OFFICE_REVIEWS_LIST},
             {ROUTE_OFFICE_COMPLAINTS, ROUTE_API_COMPLAINTS, OFFICE_COMPLAINTS_LIST},
             {ROUTE_OFFICE_TARIFFS, ROUTE_API_TARIFFS, OFFICE_TARIFFS_LIST},
             {ROUTE_OFFICE_VEHICLES, ROUTE_API_VEHICLES, OFFICE_VEHICLES_LIST},
             {ROUTE_OFFICE_STATEMENTS, ROUTE_API_STATEMENTS, OFFICE_STATEMENTS_LIST},
             {ROUTE_OFFICE_DAYS, ROUTE_API_DAYS, OFFICE_DAYS_LIST},
             {ROUTE_OFFICE_QUARANTINE, ROUTE_API_QUARANTINE, OFFICE_QUARANTINE_LIST}};
enum { LISTS = sizeof lists / sizeof lists[0] };

static int write_page(struct visit *visit, struct html *h, enum office_list list)
{
    char lot[MSG_NAME_CAP];
    str_copy_cut(lot, sizeof lot, http_query(visit->request, "lot"));
    const struct office_view view = {.db = visit->web->db,
                                     .config = visit->web->office.config,
                                     .lot = lot,
                                     .may_change = true,
                                     .now = visit->now};
    int error = query_begin(visit->web->db);
    if (!error) {
        error = page_office_part(h, list, &view);
        query_end(visit->web->db);
    }
    return error;
}

static void answer_list(struct visit *visit, enum office_list list)
{
    struct html h;
    char path[64];
    snprintf(path, sizeof path, "/office/%s", office_table(list)->word);
    const struct page_frame frame = {.title = page_office_title(list),
                                     .style = "console-page",
                                     .path = path,
                                     .script = "office.js"};
    html_init(&h, visit->web->space, WEB_SPACE, visit->language);
    page_begin(&h, &frame);
    int error = write_page(visit, &h, list);
    page_end(&h, &frame);
    if (error || html_failed(&h)) {
        log_error("web.office", "list=%s error=%s", office_table(list)->word, dx_error_name(error));
        web_answer_message(visit, 503, TEXT_TROUBLE_TITLE, TEXT_TROUBLE_HINT);
        return;
    }
    http_answer(visit->response, 200, "text/html; charset=utf-8", out_str(&h.out));
}

void web_office(struct visit *visit)
{
    if (!visit->web->office.jobs) {
        web_answer_message(visit, 404, TEXT_PAGE_MISSING_TITLE, TEXT_PAGE_MISSING_HINT);
        return;
    }
    if (visit->route == ROUTE_OFFICE) {
        http_redirect(visit->response, "/office/lots");
        return;
    }
    for (int i = 0; i < LISTS; i++) {
        if (visit->route == lists[i].page) {
            answer_list(visit, lists[i].list);
            return;
        }
    }
}

/* ---- data ---- */

static bool answer_data(struct visit *visit, const struct api *api)
{
    struct http_response *response = visit->response;
    enum route_id route = visit->route;
    if (route == ROUTE_API_PRICES) {
        api_prices(api, response);
    } else if (route == ROUTE_API_PRICE_CHART) {
        api_price_chart(api, visit->segment, visit->request, response);
    } else if (route == ROUTE_API_TARIFF_TEXT) {
        api_tariff_text(api, visit->segment, response);
    } else if (route == ROUTE_API_TARIFF) {
        api_tariff(api, visit->request, response);
    } else if (route == ROUTE_API_VEHICLE_ADD || route == ROUTE_API_VEHICLE_REMOVE) {
        api_list_change(api, route == ROUTE_API_VEHICLE_REMOVE, visit->request, response);
    } else if (route == ROUTE_API_STATEMENT) {
        api_statement(api, visit->request, response);
    } else if (route == ROUTE_API_DAY_CLOSE) {
        api_day_close(api, visit->request, response);
    } else if (route == ROUTE_API_JOB) {
        api_job(api, visit->segment, response);
    } else if (route == ROUTE_API_JOB_FILE) {
        api_job_file(api, visit->segment, response);
    } else {
        return false;
    }
    return true;
}

static bool is_of_office(enum route_id route)
{
    return route >= ROUTE_OFFICE && route <= ROUTE_API_JOB_FILE;
}

bool web_office_api(struct visit *visit, const struct api *api)
{
    if (!is_of_office(visit->route)) {
        return false;
    }
    if (!api->office->jobs) {
        http_answer_error(visit->response, 404, "not_found", "there is no such address");
        return true;
    }
    for (int i = 0; i < LISTS; i++) {
        if (visit->route == lists[i].data) {
            api_office(api, lists[i].list, visit->request, visit->response);
            return true;
        }
    }
    return answer_data(visit, api);
}
