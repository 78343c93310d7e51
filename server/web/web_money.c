/* web_money.c - the console's page about money, and the driver's side of a refund. */
#include "proto/fold.h"
#include "proto/io/log.h"
#include "server/app/refund_link.h"
#include "server/store/query.h"
#include "server/store/query_cases.h"
#include "server/web/web_parts.h"

#include <string.h>

static void fill_view(struct visit *visit, struct money_view *view)
{
    struct web *web = visit->web;
    *view = (struct money_view){.db = web->db,
                                .banks = web->banks,
                                .key = app_case_key(web->config.app),
                                .now = visit->now};
}

static void trouble(struct visit *visit)
{
    web_answer_message(visit, 503, TEXT_TROUBLE_TITLE, TEXT_TROUBLE_HINT);
}

void web_money(struct visit *visit)
{
    static const struct page_frame frame = {.title = TEXT_MONEY_TITLE,
                                            .style = "console-page",
                                            .path = "/operator/money",
                                            .part = "/operator/money/part",
                                            .events = "/operator/events",
                                            .script = "money.js",
                                            .refresh_s = 30};
    struct html h;
    struct money_view view;
    struct db *db = visit->web->db;
    fill_view(visit, &view);
    html_init(&h, visit->web->space, WEB_SPACE, visit->language);
    if (visit->route == ROUTE_MONEY) {
        page_begin(&h, &frame);
    }
    int error = query_begin(db);
    if (!error) {
        error = page_money_part(&h, &view);
        query_end(db);
    }
    if (visit->route == ROUTE_MONEY) {
        page_end(&h, &frame);
    }
    if (error || html_failed(&h)) {
        log_error("web.money", "error=%s", dx_error_name(error));
        trouble(visit);
        return;
    }
    http_answer(visit->response, 200, "text/html; charset=utf-8", out_str(&h.out));
}

void web_money_driver(struct visit *visit, struct html *h, const struct session_row *session)
{
    struct money_view view;
    bool may_ask = strcmp(session->state, "left") == 0 && session->paid_vnd > 0;
    fill_view(visit, &view);
    int error = page_money_driver(h, &view, session, may_ask);
    if (error) {
        log_warn("web.money", "error=%s session=%s", dx_error_name(error), session->id);
    }
}

/* ---- the form behind the link ---- */

static void answer_form(struct visit *visit, int status, const struct refund_row *row,
                        enum refund_page page)
{
    struct html h;
    char link[APP_LINK_CAP];
    char path[APP_LINK_CAP + 4];
    str_copy_cut(link, sizeof link, visit->segment);
    snprintf(path, sizeof path, "/r/%s", link);
    struct page_frame frame = {.title = TEXT_FORM_TITLE, .style = "driver", .path = path};
    const struct refund_view view = {page, visit->web->banks, link, row->refund.amount_vnd,
                                     row->refund.code};
    html_init(&h, visit->web->space, WEB_SPACE, visit->language);
    page_begin(&h, &frame);
    page_refund_part(&h, &view);
    page_end(&h, &frame);
    if (html_failed(&h)) {
        trouble(visit);
        return;
    }
    http_answer(visit->response, status, "text/html; charset=utf-8", out_str(&h.out));
}

/* The case that a good link names; false: it has been answered. */
static bool find_refund(struct visit *visit, struct refund_row *row)
{
    struct web *web = visit->web;
    char id[ULID_CAP];
    wall_t until;
    const uint8_t *key = app_case_key(web->config.app);
    int error = key ? refund_link_parse(visit->segment, id, &until) : DX_E_NOT_FOUND;
    error = error ? DX_E_NOT_FOUND : query_refund(web->db, id, row);
    if (error && error != DX_E_NOT_FOUND) {
        trouble(visit);
        return false;
    }
    if (error || refund_link_check(key, visit->segment, row->refund.link, visit->now) ||
        row->refund.state != REFUND_REQUESTED) {
        web_answer_message(visit, 404, TEXT_FORM_GONE, TEXT_FORM_GONE_HINT);
        return false;
    }
    return true;
}

static bool take_field(struct visit *visit, const char *name, char *out, size_t cap)
{
    char space[512];
    struct str value = {0};
    return http_form(visit->request, name, space, sizeof space, &value) == 0 &&
           str_copy(out, cap, str_trim(value)) == 0;
}

static void take_account(struct visit *visit, const struct refund_row *row)
{
    struct app_case order = {.kind = APP_REFUND_ACCOUNT};
    char holder[4 * APP_HOLDER_CAP];
    /* Somebody of the console has this browser: the account must be the driver's own doing. */
    if (http_header(visit->request, "Authorization").n) {
        web_answer_message(visit, 403, TEXT_FORM_STAFF, TEXT_FORM_STAFF_HINT);
        return;
    }
    str_copy_cut(order.link, sizeof order.link, visit->segment);
    bool good = take_field(visit, "bank", order.bin, sizeof order.bin) &&
                take_field(visit, "account", order.account, sizeof order.account) &&
                take_field(visit, "holder", holder, sizeof holder) &&
                fold_text(order.holder, sizeof order.holder, str_c(holder)) == 0 &&
                (!visit->web->banks || banks_find(visit->web->banks, order.bin)) &&
                refund_account_is_plausible(order.bin, order.account, order.holder);
    if (!good) {
        answer_form(visit, 400, row, REFUND_PAGE_WRONG);
        return;
    }
    int error = app_run_case(visit->web->config.app, &order);
    if (error == DX_E_STALE || error == DX_E_STATE || error == DX_E_NOT_FOUND) {
        web_answer_message(visit, 404, TEXT_FORM_GONE, TEXT_FORM_GONE_HINT);
    } else if (error) {
        trouble(visit);
    } else {
        answer_form(visit, 200, row, REFUND_PAGE_DONE);
    }
}

/* The driver asks for a fee back, on the page of the stay. */
static void ask(struct visit *visit)
{
    struct app_case order = {.kind = APP_REFUND_ASK};
    char amount[16];
    char path[64];
    bool good = str_copy(order.token, sizeof order.token, visit->segment) == 0 &&
                take_field(visit, "amount", amount, sizeof amount) &&
                str_parse_i64(str_c(amount), 1, MONEY_MAX_VND, &order.amount_vnd) == 0 &&
                take_field(visit, "reason", order.note, sizeof order.note);
    int error = good ? app_run_case(visit->web->config.app, &order) : DX_E_INVAL;
    if (error && dx_error_class(error) != DX_CLASS_REJECT) {
        trouble(visit);
        return;
    }
    if (error) {
        web_answer_message(visit, error == DX_E_NOT_FOUND ? 404 : 400, TEXT_BACK_NOT_NOW,
                           TEXT_BACK_ASK_HINT);
        return;
    }
    snprintf(path, sizeof path, "/s/%s", order.token);
    http_redirect(visit->response, path);
}

void web_refund(struct visit *visit)
{
    struct refund_row row;
    if (visit->route == ROUTE_REFUND_ASK) {
        ask(visit);
        return;
    }
    if (!find_refund(visit, &row)) {
        return;
    }
    if (visit->route == ROUTE_REFUND_FORM) {
        answer_form(visit, 200, &row, REFUND_PAGE_FORM);
    } else {
        take_account(visit, &row);
    }
}
