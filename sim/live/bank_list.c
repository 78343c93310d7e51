#include "sim/live/bank_list.h"

#include "proto/base/check.h"
#include "proto/io/http_srv.h"
#include "sim/bank_provider.h"

#include <stdatomic.h>

enum { PAGE_CAP = 1 << 20, BUSY_EVERY = 13, BROKEN_EVERY = 17, LIMIT_DEFAULT = 100 };

struct bank_list_srv {
    struct http_srv *http;
    const struct transfer *transfers;
    atomic_int count;
    int asked; /* of the handler's thread alone */
    char token[300];
    char page[PAGE_CAP];
};

static int64_t number(const struct http_request *request, const char *name, int64_t fallback)
{
    int64_t value = fallback;
    return str_parse_i64(http_query(request, name), 0, INT64_MAX, &value) ? fallback : value;
}

/* A day, or a day and a time; 0 when it is not said.  Ends are included: `add` makes them open. */
static wall_t when(const struct http_request *request, const char *name, bool end)
{
    char text[32];
    wall_t at = {0};
    struct str value = http_query(request, name);
    snprintf(text, sizeof text, "%.*s%s", value.n < 20 ? (int)value.n : 0, value.p ? value.p : "",
             value.n == 10 ? " 00:00:00" : "");
    if (time_parse_iso(str_c(text), &at) != 0) {
        return (wall_t){0};
    }
    return end ? wall_add(at, value.n == 10 ? TIME_DAY_MS : TIME_SECOND_MS) : at;
}

static void answer_page(struct bank_list_srv *srv, enum bank_list list,
                        const struct http_request *request, struct http_response *response)
{
    struct out out;
    /* The bank as far as it may be read: its counters are the loop's. */
    union {
        const struct transfer *in;
        struct transfer *out;
    } transfers = {.in = srv->transfers};
    struct bank seen = {.transfer = transfers.out, .count = atomic_load(&srv->count)};
    bool casso = list == BANK_LIST_CASSO;
    bool v1 = list == BANK_LIST_SEPAY_V1;
    struct bank_list_ask ask = {
        .since_id = number(request, "since_id", 0),
        .page = (int)number(request, "page", 1),
        .limit = (int)number(request,
                             casso ? "pageSize"
                             : v1  ? "limit"
                                   : "per_page",
                             LIMIT_DEFAULT),
        .from = when(request,
                     casso ? "fromDate"
                     : v1  ? "transaction_date_min"
                           : "transaction_date_from",
                     false),
        .to = casso ? (wall_t){0}
                    : when(request, v1 ? "transaction_date_max" : "transaction_date_to", true)};
    out_init(&out, srv->page, sizeof srv->page);
    if (ask.limit < 1 || bank_write_page(list, &seen, &ask, &out) != 0) {
        http_answer_json(response, 422, STR("{}"));
        return;
    }
    http_answer_json(response, 200, out_str(&out));
}

static void handle(void *context, const struct http_request *request,
                   struct http_response *response)
{
    struct bank_list_srv *srv = context;
    struct str authorization = http_header(request, "Authorization");
    bool casso = str_starts(authorization, STR("Apikey "));
    bool v1 = str_eq_c(request->path, "/userapi/transactions/list");
    struct str token = str_slice(authorization, 7, authorization.n); /* "Bearer " is as long */
    srv->asked++;
    if ((!casso && !str_starts(authorization, STR("Bearer "))) || !str_eq_c(token, srv->token)) {
        http_answer_json(response, v1 ? 200 : 401, v1 ? STR("") : STR("{}"));
    } else if (srv->asked % BUSY_EVERY == 0) {
        http_answer_header(response, "Retry-After", "1");
        http_answer_json(response, 429, STR("{}"));
    } else if (srv->asked % BROKEN_EVERY == 0) {
        http_answer_json(response, 503, STR("<html>"));
    } else if (v1) {
        answer_page(srv, BANK_LIST_SEPAY_V1, request, response);
    } else if (str_eq_c(request->path, "/v2/transactions")) {
        answer_page(srv, casso ? BANK_LIST_CASSO : BANK_LIST_SEPAY_V2, request, response);
    } else {
        http_answer_json(response, 404, STR("{}"));
    }
}

int bank_list_start(const char *listen, const char *token, const struct transfer *transfers,
                    struct bank_list_srv **ret_srv)
{
    struct bank_list_srv *srv = calloc(1, sizeof *srv);
    if (!srv) {
        return DX_E_MEMORY;
    }
    srv->transfers = transfers;
    str_copy_cut(srv->token, sizeof srv->token, str_c(token));
    const struct http_config config = {
        .listen = listen, .body_max = 4096, .connection_max = 16, .context = srv, .handle = handle};
    int error = http_srv_start(&config, &srv->http);
    if (error) {
        free(srv);
        return error;
    }
    *ret_srv = srv;
    return 0;
}

void bank_list_stop(struct bank_list_srv *srv)
{
    if (srv) {
        http_srv_stop(srv->http);
        free(srv);
    }
}

void bank_list_grew(struct bank_list_srv *srv, int count)
{
    if (srv) {
        atomic_store(&srv->count, count);
    }
}
