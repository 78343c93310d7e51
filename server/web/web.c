#include "server/web/web.h"

#include "proto/base/check.h"
#include "proto/io/bank_file.h"
#include "proto/io/clock_os.h"
#include "proto/io/http_text.h"
#include "proto/io/log.h"
#include "proto/io/qr.h"
#include "server/api/api.h"
#include "server/app/cases.h"
#include "server/store/query.h"
#include "server/web/assets.h"
#include "server/web/web_parts.h"

#include <arpa/inet.h>
#include <sys/resource.h>

/* ---- who asks ---- */

/* Behind our own proxy the last entry of X-Forwarded-For is what the proxy saw. */
static void find_address(struct visit *visit)
{
    struct str said = http_header(visit->request, "X-Forwarded-For");
    struct in6_addr unused;
    str_copy_cut(visit->address, sizeof visit->address, str_c(visit->request->peer));
    if (!visit->web->config.behind_proxy || said.n == 0) {
        return;
    }
    for (size_t i = said.n; i > 0; i--) {
        if (said.p[i - 1] == ',') {
            said = str_slice(said, i, said.n);
            break;
        }
    }
    char last[INET6_ADDRSTRLEN];
    if (str_copy(last, sizeof last, str_trim(said)) == 0 &&
        (inet_pton(AF_INET, last, &unused) == 1 || inet_pton(AF_INET6, last, &unused) == 1)) {
        str_copy_cut(visit->address, sizeof visit->address, str_c(last));
    }
}

static enum role role_of(enum access access)
{
    return access == ACCESS_OPERATOR ? ROLE_OPERATOR
           : access == ACCESS_CITY   ? ROLE_CITY
                                     : ROLE_NONE;
}

static void refuse_login(struct visit *visit, int status, enum text title, enum text hint)
{
    const struct route *route = route_at(visit->route);
    if (status == 401) {
        /* A realm for each role, so that a browser asks again on the other role's pages. */
        char challenge[64];
        snprintf(challenge, sizeof challenge, "Basic realm=\"doxe %s\", charset=\"UTF-8\"",
                 role_text(role_of(route->access)));
        http_answer_header(visit->response, "WWW-Authenticate", challenge);
    }
    if (route->kind == ROUTE_PAGE) {
        web_answer_message(visit, status, title, hint);
    } else {
        http_answer_error(visit->response, status, status == 429 ? "wait" : "denied",
                          text_of(hint, visit->language));
    }
}

/* True when the visit may go on; otherwise it has been answered. */
static bool may_enter(struct visit *visit)
{
    const struct route *route = route_at(visit->route);
    enum role wanted = role_of(route->access);
    int64_t wait_ms = 0;
    if (wanted == ROLE_NONE) {
        return true;
    }
    int error = auth_check(visit->web->auth, http_header(visit->request, "Authorization"),
                           visit->address, visit->mono, &visit->user, &wait_ms);
    if (error == DX_E_BUSY) {
        char seconds[24];
        snprintf(seconds, sizeof seconds, "%lld", (long long)(wait_ms / 1000 + 1));
        http_answer_header(visit->response, "Retry-After", seconds);
        refuse_login(visit, 429, TEXT_TOO_MANY_TITLE, TEXT_LOGIN_WAIT);
        return false;
    }
    if (error) {
        if (error == DX_E_DENIED) {
            log_warn("web.login", "outcome=refused address=%s", visit->address);
        }
        refuse_login(visit, 401, TEXT_LOGIN_TITLE, TEXT_LOGIN_HINT);
        return false;
    }
    if (visit->user->role != wanted) {
        /* A page asks for the other user; a program is told plainly. */
        refuse_login(visit, route->kind == ROUTE_PAGE ? 401 : 403, TEXT_LOGIN_TITLE,
                     TEXT_LOGIN_HINT);
        return false;
    }
    return true;
}

static bool is_our_own_post(const struct visit *visit)
{
    const struct http_request *request = visit->request;
    return auth_is_same_origin(http_header(request, "Sec-Fetch-Site"),
                               http_header(request, "Origin"),
                               http_header(request, AUTH_REQUEST_FIELD),
                               http_header(request, "Host"), str_c(visit->web->config.public_url));
}

/* ---- routes ---- */

/* ?lang=… is remembered in a cookie, and the page is asked for again without it. */
static bool answered_language_switch(struct visit *visit)
{
    struct str wanted = http_query(visit->request, "lang");
    enum language language = LANGUAGE_VI;
    char text[HTTP_PATH_CAP];
    if (!wanted.p || route_at(visit->route)->kind != ROUTE_PAGE ||
        language_parse(wanted, &language)) {
        return false;
    }
    bool secure = str_starts(str_c(visit->web->config.public_url), STR("https:"));
    snprintf(text, sizeof text, "lang=%s; Path=/; Max-Age=31536000; SameSite=Lax; HttpOnly%s",
             language_code(language), secure ? "; Secure" : "");
    http_answer_header(visit->response, "Set-Cookie", text);
    /* Routes of pages are plain ASCII, so that the path can stand in a header as it is. */
    str_copy_cut(text, sizeof text, visit->request->path);
    for (char *p = text; *p; p++) {
        *p = (unsigned char)*p > 0x20 && (unsigned char)*p < 0x7f ? *p : '-';
    }
    http_redirect(visit->response, text);
    return true;
}

static const struct {
    enum route_id route;
    enum app_case_kind kind;
} orders[] = {{ROUTE_API_PROPOSE, APP_PROPOSE},
              {ROUTE_API_APPROVE, APP_APPROVE},
              {ROUTE_API_REFUSE, APP_REFUSE},
              {ROUTE_API_WRITE_OFF, APP_WRITE_OFF},
              {ROUTE_API_REFUND_NEW, APP_REFUND_REQUEST},
              {ROUTE_API_REFUND_LINK, APP_REFUND_LINK},
              {ROUTE_API_REFUND_APPROVE, APP_REFUND_APPROVE},
              {ROUTE_API_REFUND_SENT, APP_REFUND_SENT},
              {ROUTE_API_REFUND_CANCEL, APP_REFUND_CANCEL}};

/* Orders about money; false: another route. */
static bool answer_case(struct visit *visit, const struct api *api)
{
    for (size_t i = 0; i < sizeof orders / sizeof orders[0]; i++) {
        if (visit->route == orders[i].route) {
            api_case(api, (int)orders[i].kind, visit->segment, visit->request, visit->response);
            return true;
        }
    }
    return false;
}

/* Everybody's: so each address has a bucket that refills, a request a second. */
static void answer_feed(struct visit *visit, const struct api *api)
{
    struct limiter *limiter = &visit->web->feed;
    int64_t wait = limiter_wait(limiter, visit->address, visit->mono);
    if (wait > 0) {
        char seconds[24];
        snprintf(seconds, sizeof seconds, "%lld", (long long)(wait / 1000 + 1));
        http_answer_header(visit->response, "Retry-After", seconds);
        http_answer_error(visit->response, 429, "wait", "too many requests from this address");
        return;
    }
    limiter_failed(limiter, visit->address, visit->mono);
    (visit->route == ROUTE_FEED ? api_feed : api_feed_csv)(api, visit->request, visit->response);
}

/* False: another route. */
static bool answered_city(struct visit *visit, const struct api *api)
{
    enum route_id route = visit->route;
    if (route == ROUTE_API_CITY) {
        api_city_today(api, visit->response);
    } else if (route == ROUTE_API_FIGURES) {
        api_city_figures(api, visit->request, visit->response);
    } else if (route == ROUTE_FEED || route == ROUTE_FEED_CSV) {
        answer_feed(visit, api);
    } else {
        return false;
    }
    return true;
}

static void answer_api(struct visit *visit)
{
    struct web *web = visit->web;
    const struct http_request *request = visit->request;
    struct http_response *response = visit->response;
    struct api api = {.db = web->db,
                      .app = web->config.app,
                      .now = visit->now,
                      .language = visit->language,
                      .user = visit->user ? visit->user->name : "",
                      .office = &web->office,
                      .space = web->space,
                      .cap = WEB_SPACE};
    enum route_id route = visit->route;
    /* One picture of the database for each answer; commands and notices are the writer's. */
    bool reads = route_at(route)->method == HTTP_GET;
    if (reads && query_begin(web->db)) {
        http_answer_error(response, 503, "database", "the database does not answer");
        return;
    }
    if (route == ROUTE_HEALTH) {
        api_health(&api, response);
    } else if (route == ROUTE_API_SESSIONS) {
        api_sessions(&api, request, response);
    } else if (route == ROUTE_API_LANES) {
        api_lanes(&api, request, response);
    } else if (route == ROUTE_API_EVENTS) {
        api_events(&api, request, response);
    } else if (route == ROUTE_API_AUDIT) {
        api_audit(&api, response);
    } else if (route == ROUTE_API_CASES) {
        api_cases(&api, response);
    } else if (route == ROUTE_API_DEBTS) {
        api_debts(&api, request, response);
    } else if (route == ROUTE_API_REFUNDS) {
        api_refunds(&api, request, response);
    } else if (route == ROUTE_API_REFUND_EXPORT) {
        api_refund_export(&api, response);
    } else if (answered_city(visit, &api)) {
        /* figures of the city, or the feed */
    } else if (route == ROUTE_API_PASSES) {
        api_passes(&api, request, response);
    } else if (route == ROUTE_API_PASS_ORDER) {
        api_pass_order(&api, request, response);
    } else if (route == ROUTE_API_SHIFTS) {
        api_shifts(&api, request, response);
    } else if (route == ROUTE_API_COMMAND) {
        api_command(&api, request, response);
    } else if (route == ROUTE_API_LOT) {
        api_public_lot(&api, visit->segment, response);
    } else if (route == ROUTE_API_STAY) {
        api_public_stay(&api, visit->segment, response);
    } else if (route == ROUTE_API_RATE) {
        api_public_rate(&api, visit->segment, request, response);
    } else if (route == ROUTE_API_COMPLAIN) {
        api_public_complain(&api, visit->segment, request, response);
    } else if (answer_case(visit, &api)) {
        return;
    } else if (web_office_api(visit, &api)) {
        /* answered */
    } else if (route == ROUTE_API_REVIEW) {
        api_review_close(&api, visit->segment, response);
    } else {
        must(route == ROUTE_WEBHOOK);
        api_webhook(&api, visit->segment, request, response);
    }
    if (reads) {
        query_end(web->db);
    }
}

static void answer_asset(struct visit *visit)
{
    const char *folder = visit->route == ROUTE_ASSET ? "assets" : "lib";
    files_answer(visit->web->files, folder, visit->segment, visit->request, visit->response);
}

static void answer_route(struct visit *visit)
{
    static void (*const pages[ROUTE_COUNT])(struct visit * visit) = {
        [ROUTE_INDEX] = web_index,
        [ROUTE_DRIVER] = web_driver,
        [ROUTE_DRIVER_PART] = web_driver,
        [ROUTE_DRIVER_EVENTS] = web_driver,
        [ROUTE_DRIVER_QR] = web_driver,
        [ROUTE_DRIVER_RECEIPT] = web_receipt,
        [ROUTE_DRIVER_INVOICE] = web_receipt,
        [ROUTE_PASSES] = web_pass,
        [ROUTE_PASS_BUY] = web_pass,
        [ROUTE_PASS] = web_pass,
        [ROUTE_OPERATOR_PASSES] = web_pass,
        [ROUTE_OPERATOR_SHIFTS] = web_pass,
        [ROUTE_VERIFY] = web_verify,
        [ROUTE_LOT] = web_lot,
        [ROUTE_LOT_FIND] = web_lot,
        [ROUTE_LOT_SHEET] = web_lot_sheet,
        [ROUTE_API_FIND] = web_api_find,
        [ROUTE_DRIVER_RATE] = web_feedback,
        [ROUTE_DRIVER_COMPLAIN] = web_feedback,
        [ROUTE_OPERATOR] = web_operator,
        [ROUTE_OPERATOR_PART] = web_operator,
        [ROUTE_OPERATOR_EVENTS] = web_operator,
        [ROUTE_MONEY] = web_money,
        [ROUTE_MONEY_PART] = web_money,
        [ROUTE_REFUND_FORM] = web_refund,
        [ROUTE_REFUND_TAKE] = web_refund,
        [ROUTE_REFUND_ASK] = web_refund,
        [ROUTE_OFFICE] = web_office,
        [ROUTE_OFFICE_LOTS] = web_office,
        [ROUTE_OFFICE_GATES] = web_office,
        [ROUTE_OFFICE_ALARMS] = web_office,
        [ROUTE_OFFICE_REVIEWS] = web_office,
        [ROUTE_OFFICE_COMPLAINTS] = web_office,
        [ROUTE_OFFICE_TARIFFS] = web_office,
        [ROUTE_OFFICE_VEHICLES] = web_office,
        [ROUTE_OFFICE_STATEMENTS] = web_office,
        [ROUTE_OFFICE_DAYS] = web_office,
        [ROUTE_OFFICE_QUARANTINE] = web_office,
        [ROUTE_CITY] = web_city,
        [ROUTE_CITY_PART] = web_city,
        [ROUTE_CITY_EVENTS] = web_city,
        [ROUTE_ASSET] = answer_asset,
        [ROUTE_LIB] = answer_asset,
    };
    must((unsigned)visit->route < ROUTE_COUNT);
    if (pages[visit->route]) {
        pages[visit->route](visit);
    } else {
        answer_api(visit); /* /health, /webhook, /api */
    }
}

static void answer_no_route(struct visit *visit, int error)
{
    struct str path = visit->request->path;
    bool data = str_starts(path, STR("/api/")) || str_starts(path, STR("/webhook/"));
    if (error == DX_E_STATE) {
        http_answer_error(visit->response, 405, "method", "not with this method");
    } else if (data) {
        http_answer_error(visit->response, 404, "not_found", "there is no such address");
    } else {
        web_answer_message(visit, 404, TEXT_PAGE_MISSING_TITLE, TEXT_PAGE_MISSING_HINT);
    }
}

static wall_t now_of(const struct web *web)
{
    return web->config.wall ? web->config.wall(web->config.wall_context) : clock_wall();
}

static void handle(void *context, const struct http_request *request,
                   struct http_response *response)
{
    struct visit visit = {.web = context,
                          .request = request,
                          .response = response,
                          .now = now_of(context),
                          .mono = clock_mono()};
    find_address(&visit);
    visit.language =
        language_of_request(http_cookie(request, "lang"), http_header(request, "Accept-Language"));
    if (str_starts(str_c(visit.web->config.public_url), STR("https:"))) {
        http_answer_header(response, "Strict-Transport-Security", "max-age=31536000");
    }
    int error = route_find(request->method, request->path, &visit.route, &visit.segment);
    if (error) {
        answer_no_route(&visit, error);
        return;
    }
    if (route_at(visit.route)->access != ACCESS_PUBLIC) {
        visit.language = language_for_office(visit.language);
    }
    if (answered_language_switch(&visit) || !may_enter(&visit)) {
        return;
    }
    if (visit.user && request->method == HTTP_POST && !is_our_own_post(&visit)) {
        http_answer_error(response, 403, "foreign", "this request does not come from our own page");
        return;
    }
    answer_route(&visit);
}

/* ---- start and stop ---- */

/* What the process may hold open, less what the rest of the program needs. */
static int connections_allowed(void)
{
    struct rlimit limit = {0};
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0) {
        return 256;
    }
    limit.rlim_cur = limit.rlim_max;
    (void)setrlimit(RLIMIT_NOFILE, &limit);
    if (limit.rlim_cur < 384) {
        return 64;
    }
    return limit.rlim_cur > 20128 ? 20000 : (int)limit.rlim_cur - 128;
}

static int check(const struct web_config *config, char *why, size_t cap)
{
    struct http_address address;
    if (http_address_parse(config->listen, &address)) {
        snprintf(why, cap, "http.listen: '%s' is no address like 127.0.0.1:8080", config->listen);
        return DX_E_CONFIG;
    }
    bool tls = config->tls_cert && config->tls_key;
    if (!address.is_loopback && !tls && !config->behind_proxy) {
        snprintf(why, cap,
                 "http.listen: %s can be reached from outside; give http.cert and http.key, "
                 "or http.behind_proxy: true",
                 config->listen);
        return DX_E_DENIED;
    }
    for (int i = 0; i < config->user_count; i++) {
        if (!config->users[i].name[0] || config->users[i].role == ROLE_NONE) {
            snprintf(why, cap, "users[%d]: a user needs a name and a role", i);
            return DX_E_CONFIG;
        }
    }
    return 0;
}

/* A bank is shown by its BIN when there is no list, or a bad one: never a reason not to start. */
static void load_banks(struct web *web)
{
    char path[BANK_FILE_PATH_CAP];
    char error[BANK_FILE_ERROR_CAP];
    web->banks = calloc(1, sizeof *web->banks);
    if (web->banks && (bank_file_find(path) || bank_file_load(path, web->banks, error))) {
        log_warn("web.banks_missing", "file=banks.csv");
    }
    if (bank_file_load_apps(&web->apps, error)) {
        log_warn("web.bank_apps_missing", "error=%s", error);
    }
}

static const struct file_package packages[] = {
    {"bootstrap.min.css", "bootstrap5/css/bootstrap.min.css"},
    {"chart.min.js", "chart.js/chart.min.js"},
};

static int open_parts(struct web *web, char *why, size_t cap)
{
    web->space = malloc(WEB_SPACE);
    web->qr = malloc(QR_SVG_CAP > QR_PNG_CAP ? QR_SVG_CAP : QR_PNG_CAP);
    if (!web->space || !web->qr) {
        return DX_E_MEMORY;
    }
    int error = db_open_reader(web->config.database, &web->db);
    if (error) {
        snprintf(why, cap, "%s: cannot be read", web->config.database);
        return DX_E_IO;
    }
    load_banks(web);
    error = files_load(assets, asset_count, packages, (int)(sizeof packages / sizeof packages[0]),
                       web->config.lib_dir, &web->files);
    if (error) {
        return error;
    }
    error = auth_new(web->config.users, web->config.user_count, &web->auth);
    if (error) {
        return error;
    }
    error = web_office_open(web);
    if (error) {
        return error;
    }
    limiter_init(&web->unknown_tokens, WEB_UNKNOWN_FREE, 3000, WEB_UNKNOWN_WAIT_MS,
                 WEB_UNKNOWN_WAIT_MS);
    limiter_init(&web->feed, WEB_FEED_FREE, 1000, 10 * 1000, 10 * 1000);
    limiter_init(&web->pass_orders, WEB_PASS_ORDERS_FREE, 60000, WEB_UNKNOWN_WAIT_MS,
                 WEB_UNKNOWN_WAIT_MS);
    limiter_init(&web->find_tries, WEB_FIND_FREE, WEB_FIND_FORGET_MS, WEB_FIND_WAIT_MS,
                 WEB_FIND_WAIT_MS_MAX);
    limiter_init(&web->find_plates, WEB_FIND_FREE, WEB_FIND_FORGET_MS, WEB_FIND_WAIT_MS,
                 WEB_FIND_WAIT_MS_MAX);
    struct http_config http = {.listen = web->config.listen,
                               .body_max = WEB_BODY_MAX,
                               .large_max = OFFICE_FILE_MAX,
                               .may_be_large = web_may_be_large,
                               .connection_max = connections_allowed(),
                               .tls_cert = web->config.tls_cert,
                               .tls_key = web->config.tls_key,
                               .context = web,
                               .handle = handle};
    error = http_srv_start(&http, &web->srv);
    if (error) {
        snprintf(why, cap, "http.listen: %s: %s", web->config.listen,
                 error == DX_E_IO ? "the port is taken" : dx_error_text(error));
        return error;
    }
    return live_new(web->srv, &web->live);
}

int web_start(const struct web_config *config, char *why, size_t cap, struct web **ret_web)
{
    must(config->listen && config->database && config->public_url && config->city && config->app);
    why[0] = '\0';
    int error = check(config, why, cap);
    if (error) {
        return error;
    }
    struct web *web = calloc(1, sizeof *web);
    if (!web) {
        return DX_E_MEMORY;
    }
    web->config = *config;
    pthread_mutex_init(&web->lock, NULL);
    error = open_parts(web, why, cap);
    if (error) {
        if (!why[0]) {
            snprintf(why, cap, "%s", dx_error_text(error));
        }
        web_stop(web);
        return error;
    }
    log_info("web.listening", "address=%s port=%d tls=%s", config->listen, web_port(web),
             config->tls_cert ? "yes" : "no");
    *ret_web = web;
    return 0;
}

void web_quiet(struct web *web)
{
    if (web) {
        pthread_mutex_lock(&web->lock);
        web->quiet = true;
        pthread_mutex_unlock(&web->lock);
        live_free(web->live);
        web->live = NULL;
        http_srv_stop(web->srv);
        web->srv = NULL;
    }
}

void web_stop(struct web *web)
{
    if (web) {
        web_quiet(web);
        web_office_close(web);
        pthread_mutex_destroy(&web->lock);
        auth_free(web->auth);
        db_close(web->db);
        files_free(web->files);
        free(web->banks);
        free(web->space);
        free(web->qr);
        free(web);
    }
}

int web_port(const struct web *web)
{
    return http_srv_port(web->srv);
}

void web_changed(void *context, const struct change *change)
{
    struct web *web = context;
    if (web) {
        pthread_mutex_lock(&web->lock);
        if (!web->quiet) {
            live_changed(web->live, change);
        }
        pthread_mutex_unlock(&web->lock);
    }
}
