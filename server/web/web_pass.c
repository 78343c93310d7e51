/* web_pass.c - the addresses of passes and shifts. */
#include "proto/io/log.h"
#include "proto/io/qr.h"
#include "server/store/query.h"
#include "server/web/web_parts.h"

#include <string.h>

static struct str svg_of(struct web *web, const char *payload)
{
    size_t n = 0;
    if (!payload[0] || qr_svg(str_c(payload), QR_QUIET, web->qr, QR_SVG_CAP, &n)) {
        return (struct str){0};
    }
    const char *start = strstr(web->qr, "<svg");
    return start ? (struct str){start, n - (size_t)(start - web->qr)} : (struct str){0};
}

static void answer(struct visit *visit, int status, struct html *h, const struct page_frame *frame,
                   int error)
{
    page_end(h, frame);
    if (error || html_failed(h)) {
        log_error("web.pass", "error=%s", dx_error_name(error));
        web_answer_message(visit, 503, TEXT_TROUBLE_TITLE, TEXT_TROUBLE_HINT);
        return;
    }
    http_answer(visit->response, status, "text/html; charset=utf-8", out_str(&h->out));
}

/* ---- the form ---- */

static void answer_form(struct visit *visit, int status, const struct pass_form *form)
{
    static const struct page_frame frame = {
        .title = TEXT_PASS_TITLE, .style = "driver", .path = "/passes"};
    struct html h;
    html_init(&h, visit->web->space, WEB_SPACE, visit->language);
    page_begin(&h, &frame);
    page_pass_form(&h, visit->web->config.app, form, visit->now);
    answer(visit, status, &h, &frame, 0);
}

static bool take_field(struct visit *visit, const char *name, char *out, size_t cap)
{
    char space[256];
    struct str value = {0};
    return http_form(visit->request, name, space, sizeof space, &value) == 0 &&
           str_copy(out, cap, str_trim(value)) == 0 && out[0];
}

/* "hn-0001|car|month-day" */
static bool take_offer(struct str offer, struct pass_order *order)
{
    size_t first = str_index(offer, '|');
    struct str rest = str_slice(offer, first < offer.n ? first + 1 : offer.n, offer.n);
    size_t second = str_index(rest, '|');
    return second < rest.n &&
           str_copy(order->lot, sizeof order->lot, str_slice(offer, 0, first)) == 0 &&
           vehicle_parse(str_slice(rest, 0, second), &order->vehicle) == 0 &&
           str_copy(order->name, sizeof order->name, str_slice(rest, second + 1, rest.n)) == 0;
}

/* The field that is wrong; NULL when the order is whole. */
static const char *read_order(struct visit *visit, struct pass_form *form, struct pass_order *order)
{
    struct plate plate;
    int64_t months = 0;
    const char *why = NULL;
    if (!take_field(visit, "offer", form->offer, sizeof form->offer) ||
        !take_offer(str_c(form->offer), order)) {
        return "offer";
    }
    const struct plate_hint hint = {.vehicle = order->vehicle};
    if (!take_field(visit, "plate", form->plate, sizeof form->plate) ||
        plate_parse(str_c(form->plate), &hint, &plate, &why) != 0) {
        return "plate";
    }
    if (!take_field(visit, "months", form->months, sizeof form->months) ||
        str_parse_i64(str_c(form->months), 1, PASS_MONTHS_MAX, &months) != 0) {
        return "months";
    }
    memcpy(order->plate[0], plate.canonical, sizeof plate.canonical);
    order->plate_count = 1;
    order->months = (int)months;
    return NULL;
}

static void buy(struct visit *visit)
{
    struct pass_form form = {{0}, {0}, {0}, NULL};
    struct pass_order order = {.kind = PASS_ORDER_BUY, .by = "driver"};
    struct limiter *limiter = &visit->web->pass_orders;
    char location[TOKEN_CAP + 8];
    if (limiter_wait(limiter, visit->address, visit->mono) > 0) {
        http_answer_header(visit->response, "Retry-After", "60");
        web_answer_message(visit, 429, TEXT_TOO_MANY_TITLE, TEXT_PASS_TOO_MANY);
        return;
    }
    form.bad = read_order(visit, &form, &order);
    if (form.bad) {
        answer_form(visit, 400, &form);
        return;
    }
    limiter_failed(limiter, visit->address, visit->mono); /* each counts: it writes a row */
    int error = app_pass(visit->web->config.app, &order);
    if (error && dx_error_class(error) == DX_CLASS_REJECT) {
        form.bad = "offer";
        answer_form(visit, 400, &form);
        return;
    }
    if (error) {
        log_warn("web.pass", "error=%s", dx_error_name(error));
        web_answer_message(visit, 503, TEXT_TROUBLE_TITLE, TEXT_TROUBLE_HINT);
        return;
    }
    snprintf(location, sizeof location, "/p/%s", order.ret_token);
    http_redirect(visit->response, location);
}

/* ---- months of a pass ---- */

static void show(struct visit *visit)
{
    struct web *web = visit->web;
    struct app_pass_page page;
    struct html h;
    char path[TOKEN_CAP + 8];
    int error = app_pass_page(web->config.app, visit->segment, &page);
    if (error == DX_E_NOT_FOUND) {
        web_answer_unknown_token(visit);
        return;
    }
    if (error) {
        web_answer_message(visit, 503, TEXT_TROUBLE_TITLE, TEXT_TROUBLE_HINT);
        return;
    }
    const struct bank *bank = web->banks ? banks_find(web->banks, page.bin) : NULL;
    snprintf(path, sizeof path, "/p/%.*s", (int)visit->segment.n, visit->segment.p);
    const struct page_frame frame = {.title = TEXT_PASS_TITLE,
                                     .style = "driver",
                                     .path = path,
                                     .refresh_s = 15,
                                     .subtitle = page.lot_name};
    html_init(&h, web->space, WEB_SPACE, visit->language);
    page_begin(&h, &frame);
    page_pass_part(&h, &page, bank ? bank->short_name : "", svg_of(web, page.payload), visit->now);
    answer(visit, 200, &h, &frame, 0);
}

/* ---- the operator's lists ---- */

static void answer_list(struct visit *visit)
{
    bool passes = visit->route == ROUTE_OPERATOR_PASSES;
    const struct page_frame frame = {.title = passes ? TEXT_PASSES_TITLE : TEXT_SHIFTS_TITLE,
                                     .style = "city-page",
                                     .path = passes ? "/operator/passes" : "/operator/shifts"};
    struct html h;
    struct db *db = visit->web->db;
    html_init(&h, visit->web->space, WEB_SPACE, visit->language);
    page_begin(&h, &frame);
    int error = query_begin(db);
    if (!error) {
        error = passes ? page_passes_part(&h, db, visit->now) : page_shifts_part(&h, db);
        query_end(db);
    }
    answer(visit, 200, &h, &frame, error);
}

void web_pass(struct visit *visit)
{
    if (visit->route == ROUTE_PASSES) {
        answer_form(visit, 200, &(struct pass_form){{0}, {0}, {0}, NULL});
    } else if (visit->route == ROUTE_PASS_BUY) {
        buy(visit);
    } else if (visit->route == ROUTE_PASS) {
        show(visit);
    } else {
        answer_list(visit);
    }
}
