#include "proto/io/log.h"
#include "proto/io/qr.h"
#include "server/store/query.h"
#include "server/web/web_parts.h"

#include <string.h>

/* ---- pages around parts ---- */

void web_answer_page(struct visit *visit, int status, const struct page_frame *frame,
                     void (*write)(struct visit *visit, struct html *h))
{
    struct html h;
    enum route_id id = visit->route;
    bool part = id == ROUTE_DRIVER_PART || id == ROUTE_OPERATOR_PART || id == ROUTE_CITY_PART ||
                id == ROUTE_MONEY_PART;
    html_init(&h, visit->web->space, WEB_SPACE, visit->language);
    if (part) {
        write(visit, &h);
    } else {
        page_begin(&h, frame);
        write(visit, &h);
        page_end(&h, frame);
    }
    if (html_failed(&h)) {
        log_error("web.page", "error=too_large title=%s", text_key(frame->title));
        http_answer_error(visit->response, 503, "busy", "the page could not be made");
        return;
    }
    http_answer(visit->response, status, "text/html; charset=utf-8", out_str(&h.out));
}

static void write_message(struct html *h, enum text title, enum text hint, const char *path)
{
    struct page_frame frame = {.title = title, .style = "plain", .path = path};
    page_begin(h, &frame);
    page_message_part(h, title, hint);
    page_end(h, &frame);
}

void web_answer_message(struct visit *visit, int status, enum text title, enum text hint)
{
    struct html h;
    html_init(&h, visit->web->space, WEB_SPACE, visit->language);
    /* The switch leads to the start page: the path asked for is not repeated. */
    write_message(&h, title, hint, "/");
    http_answer(visit->response, status, "text/html; charset=utf-8", out_str(&h.out));
}

/* ---- index ---- */

static void write_index(struct visit *visit, struct html *h)
{
    page_index_part(h, visit->web->config.city);
}

void web_index(struct visit *visit)
{
    static const struct page_frame frame = {
        .title = TEXT_INDEX_TITLE, .style = "plain", .path = "/"};
    web_answer_page(visit, 200, &frame, write_index);
}

/* ---- the driver's page ---- */

/* An SVG document made by qr.c, from its first tag: a page needs no declaration before it. */
static struct str svg_of(struct web *web, const char *payload)
{
    size_t n = 0;
    if (!payload[0] || qr_svg(str_c(payload), QR_QUIET, web->qr, QR_SVG_CAP, &n)) {
        return (struct str){0};
    }
    const char *start = strstr(web->qr, "<svg");
    return start ? (struct str){start, n - (size_t)(start - web->qr)} : (struct str){0};
}

struct driver_facts {
    struct session_row session;
    struct session_lot lot;
    const struct app_quote *quote;
    struct feedback feedback;
    bool has_feedback;
};

static void write_driver(struct visit *visit, struct html *h, const struct driver_facts *facts)
{
    struct web *web = visit->web;
    const struct bank *bank = web->banks ? banks_find(web->banks, facts->lot.bin) : NULL;
    bool pays = facts->quote && facts->quote->state == QUOTE_DUE;
    struct driver_view view = {.session = &facts->session,
                               .lot = &facts->lot,
                               .bank_name = bank ? bank->short_name : "",
                               .quote = facts->quote,
                               .now = visit->now,
                               .qr_svg =
                                   pays ? svg_of(web, facts->quote->payload) : (struct str){0},
                               .place = app_find_lot(web->config.app, str_c(facts->session.lot)),
                               .apps = &web->apps,
                               .feedback = facts->has_feedback ? &facts->feedback : NULL,
                               .complaint_bad = http_query(visit->request, "wrong").n > 0};
    page_driver_begin(h, &view);
    web_money_driver(visit, h, &facts->session);
    page_driver_end(h);
}

static void answer_driver_page(struct visit *visit, const struct driver_facts *facts)
{
    struct html h;
    char path[64];
    char part[64];
    char events[64];
    snprintf(path, sizeof path, "/s/%s", facts->session.token);
    snprintf(part, sizeof part, "/s/%s/part", facts->session.token);
    snprintf(events, sizeof events, "/s/%s/events", facts->session.token);
    struct page_frame frame = {.title = TEXT_DRIVER_TITLE,
                               .style = "driver",
                               .path = path,
                               .part = part,
                               .events = events,
                               .script = "driver.js",
                               .refresh_s = 20,
                               .subtitle = facts->lot.name};
    html_init(&h, visit->web->space, WEB_SPACE, visit->language);
    if (visit->route == ROUTE_DRIVER) {
        page_begin(&h, &frame);
    }
    write_driver(visit, &h, facts);
    if (visit->route == ROUTE_DRIVER) {
        page_end(&h, &frame);
    }
    if (html_failed(&h)) {
        web_answer_message(visit, 503, TEXT_TROUBLE_TITLE, TEXT_TROUBLE_HINT);
        return;
    }
    http_answer(visit->response, 200, "text/html; charset=utf-8", out_str(&h.out));
}

static void answer_qr_picture(struct visit *visit, const struct driver_facts *facts)
{
    enum { PIXELS = 10 };
    size_t n = 0;
    char name[96];
    if (!facts->quote || facts->quote->state != QUOTE_DUE ||
        qr_png(str_c(facts->quote->payload), PIXELS, (uint8_t *)visit->web->qr, QR_PNG_CAP, &n)) {
        http_answer_error(visit->response, 404, "nothing_due", "there is nothing to pay");
        return;
    }
    snprintf(name, sizeof name, "inline; filename=\"doxe-%s.png\"", facts->quote->paycode);
    http_answer_header(visit->response, "Content-Disposition", name);
    http_answer(visit->response, 200, "image/png", (struct str){visit->web->qr, n});
}

/*
 * A token nobody has.  Guessing one of 2^128 is hopeless; what is rationed is the
 * noise.  Known tokens of the same address are answered all the same: behind one
 * address of a mobile network there are many drivers.
 */
void web_answer_unknown_token(struct visit *visit)
{
    struct limiter *limiter = &visit->web->unknown_tokens;
    int64_t wait = limiter_wait(limiter, visit->address, visit->mono);
    if (wait == 0) {
        limiter_failed(limiter, visit->address, visit->mono);
        web_answer_message(visit, 404, TEXT_NOT_FOUND_TITLE, TEXT_NOT_FOUND_HINT);
        return;
    }
    char seconds[24];
    snprintf(seconds, sizeof seconds, "%lld", (long long)(wait / 1000 + 1));
    http_answer_header(visit->response, "Retry-After", seconds);
    web_answer_message(visit, 429, TEXT_TOO_MANY_TITLE, TEXT_TOO_MANY_HINT);
}

void web_driver(struct visit *visit)
{
    struct web *web = visit->web;
    struct driver_facts facts = {0};
    char channel[HTTP_CHANNEL_CAP];
    int error = live_channel(visit->segment, channel);
    error = error ? DX_E_NOT_FOUND
                  : query_session_by_token(web->db, visit->segment, &facts.session, &facts.lot);
    if (error == DX_E_NOT_FOUND) {
        web_answer_unknown_token(visit);
        return;
    }
    if (error) {
        web_answer_message(visit, 503, TEXT_TROUBLE_TITLE, TEXT_TROUBLE_HINT);
        return;
    }
    if (visit->route == ROUTE_DRIVER_EVENTS) {
        http_stream(visit->response, channel, "hello", STR("{}"));
        return;
    }
    error = app_quote_now(web->config.app, visit->segment, &web->quote);
    facts.quote = error ? NULL : &web->quote;
    if (!error && !web->quote.open && web->quote.line_count == 0) {
        error = query_fee_lines(web->db, facts.session.id, web->quote.fee_vnd, web->quote.line,
                                &web->quote.line_count);
    }
    if (error) {
        log_warn("web.quote", "error=%s session=%s", dx_error_name(error), facts.session.id);
    }
    if (!error && web->quote.open && web->quote.state == QUOTE_DUE) {
        app_note_page(web->config.app, visit->segment); /* what was shown is a payment request */
    }
    facts.has_feedback = query_feedback(web->db, facts.session.id, &facts.feedback) == 0;
    if (visit->route == ROUTE_DRIVER_QR) {
        answer_qr_picture(visit, &facts);
    } else {
        answer_driver_page(visit, &facts);
    }
}

/* ---- the console ---- */

void web_operator(struct visit *visit)
{
    static const struct page_frame frame = {.title = TEXT_CONSOLE_TITLE,
                                            .style = "console-page",
                                            .path = "/operator",
                                            .part = "/operator/part",
                                            .events = "/operator/events",
                                            .script = "operator.js",
                                            .refresh_s = 10};
    struct html h;
    struct db *db = visit->web->db;
    if (visit->route == ROUTE_OPERATOR_EVENTS) {
        http_stream(visit->response, LIVE_CONSOLE, "hello", STR("{}"));
        return;
    }
    html_init(&h, visit->web->space, WEB_SPACE, visit->language);
    if (visit->route == ROUTE_OPERATOR) {
        page_begin(&h, &frame);
    }
    int error = query_begin(db);
    if (!error) {
        error = page_operator_part(&h, db, visit->now);
        query_end(db);
    }
    if (visit->route == ROUTE_OPERATOR) {
        page_end(&h, &frame);
    }
    if (error || html_failed(&h)) {
        log_error("web.operator", "error=%s", dx_error_name(error));
        web_answer_message(visit, 503, TEXT_TROUBLE_TITLE, TEXT_TROUBLE_HINT);
        return;
    }
    http_answer(visit->response, 200, "text/html; charset=utf-8", out_str(&h.out));
}

/* ---- the city ---- */

static void write_city(struct visit *visit, struct html *h)
{
    page_city_part(h, &visit->web->city, visit->web->config.city, visit->now);
}

void web_city(struct visit *visit)
{
    static const struct page_frame frame = {.title = TEXT_CITY_TITLE,
                                            .style = "city-page",
                                            .path = "/city",
                                            .part = "/city/part",
                                            .events = "/city/events",
                                            .script = "city.js",
                                            .chart = true,
                                            .refresh_s = 60};
    if (visit->route == ROUTE_CITY_EVENTS) {
        http_stream(visit->response, LIVE_CITY, "hello", STR("{}"));
        return;
    }
    struct db *db = visit->web->db;
    int error = query_begin(db);
    if (!error) {
        error = query_city_day(db, visit->now, &visit->web->city);
        query_end(db);
    }
    if (error) {
        log_error("web.city", "error=%s", dx_error_name(error));
        web_answer_message(visit, 503, TEXT_TROUBLE_TITLE, TEXT_TROUBLE_HINT);
        return;
    }
    web_answer_page(visit, 200, &frame, write_city);
}
