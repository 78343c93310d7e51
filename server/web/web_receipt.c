/* web_receipt.c - the addresses of receipts: shown, printed, checked, and the invoice asked for. */
#include "proto/io/log.h"
#include "proto/io/qr.h"
#include "server/app/invoices.h"
#include "server/store/query.h"
#include "server/web/receipt_code.h"
#include "server/web/web_parts.h"

#include <string.h>

struct facts {
    struct session_row session;
    struct session_lot lot;
    struct receipt receipt;
    char code[RECEIPT_CODE_CAP];
};

/* One picture of the database.  DX_E_NOT_FOUND. */
static int load(struct visit *visit, struct str token, struct facts *facts)
{
    struct db *db = visit->web->db;
    int error = query_begin(db);
    if (error) {
        return error;
    }
    error = query_session_by_token(db, token, &facts->session, &facts->lot);
    error = error ? error : query_receipt(db, &facts->session, &facts->receipt);
    query_end(db);
    if (!error) {
        receipt_code_make(facts->session.code, facts->session.id, facts->session.token,
                          facts->code);
    }
    return error;
}

static struct str code_picture(struct web *web, const char *code)
{
    char address[256];
    size_t n = 0;
    snprintf(address, sizeof address, "%s/verify?code=%s", web->config.public_url, code);
    if (qr_svg(str_c(address), QR_QUIET, web->qr, QR_SVG_CAP, &n)) {
        return (struct str){0};
    }
    const char *start = strstr(web->qr, "<svg");
    return start ? (struct str){start, n - (size_t)(start - web->qr)} : (struct str){0};
}

static void fill_view(struct visit *visit, const struct facts *facts, struct receipt_view *view)
{
    const struct web_config *c = &visit->web->config;
    static const struct invoice_buyer nobody;
    *view = (struct receipt_view){.session = &facts->session,
                                  .lot = &facts->lot,
                                  .receipt = &facts->receipt,
                                  .tax_code = "",
                                  .address = "",
                                  .vat = c->vat,
                                  .code = facts->code,
                                  .public_url = c->public_url,
                                  .invoices = app_invoice_possible(c->app, facts->session.lot),
                                  .buyer = &nobody};
    for (int i = 0; i < c->operator_count; i++) {
        if (strcmp(c->operators[i].id, facts->receipt.operator_id) == 0) {
            view->tax_code = c->operators[i].tax_code;
            view->address = c->operators[i].address;
        }
    }
}

static void answer(struct visit *visit, int status, const struct page_frame *frame,
                   const struct receipt_view *view, bool tried)
{
    struct html h;
    html_init(&h, visit->web->space, WEB_SPACE, visit->language);
    page_begin(&h, frame);
    if (visit->route == ROUTE_VERIFY) {
        page_verify_part(&h, view, tried);
    } else {
        page_receipt_part(&h, view);
    }
    page_end(&h, frame);
    if (html_failed(&h)) {
        web_answer_message(visit, 503, TEXT_TROUBLE_TITLE, TEXT_TROUBLE_HINT);
        return;
    }
    http_answer(visit->response, status, "text/html; charset=utf-8", out_str(&h.out));
}

static void answer_receipt(struct visit *visit, int status, const struct facts *facts,
                           const struct invoice_buyer *buyer, const char *bad)
{
    struct receipt_view view;
    char path[64];
    snprintf(path, sizeof path, "/s/%s/receipt", facts->session.token);
    const struct page_frame frame = {.title = TEXT_RECEIPT_TITLE,
                                     .style = "driver",
                                     .path = path,
                                     .script = "receipt.js",
                                     .subtitle = facts->lot.name};
    fill_view(visit, facts, &view);
    view.qr_svg = code_picture(visit->web, facts->code);
    view.bad = bad;
    view.buyer = buyer ? buyer : view.buyer;
    answer(visit, status, &frame, &view, false);
}

/* ---- asking for an invoice ---- */

static bool take_field(struct visit *visit, const char *name, char *out, size_t cap)
{
    char space[512];
    struct str value = {0};
    int error = http_form(visit->request, name, space, sizeof space, &value);
    if (error == DX_E_NOT_FOUND) {
        return true;
    }
    return error == 0 && str_copy(out, cap, str_trim(value)) == 0;
}

static void ask_invoice(struct visit *visit, const struct facts *facts)
{
    struct invoice_buyer buyer = {{0}, {0}, {0}, {0}};
    char location[64];
    int count = 0;
    const char *bad = NULL;
    if (!take_field(visit, "name", buyer.name, sizeof buyer.name)) {
        bad = "name";
    } else if (!take_field(visit, "tax_code", buyer.tax_code, sizeof buyer.tax_code)) {
        bad = "tax_code";
    } else if (!take_field(visit, "address", buyer.address, sizeof buyer.address)) {
        bad = "address";
    } else if (!take_field(visit, "email", buyer.email, sizeof buyer.email)) {
        bad = "email";
    }
    bad = bad ? bad : invoice_find_bad_member(&buyer);
    if (bad) {
        answer_receipt(visit, 400, facts, &buyer, bad);
        return;
    }
    int error = app_invoice_request(visit->web->config.app, visit->segment, &buyer, &count);
    if (error && error != DX_E_EXISTS) {
        log_warn("web.invoice", "error=%s", dx_error_name(error));
        answer_receipt(visit, error == DX_E_STATE || error == DX_E_NOT_FOUND ? 409 : 503, facts,
                       &buyer, "request");
        return;
    }
    snprintf(location, sizeof location, "/s/%s/receipt", facts->session.token);
    http_redirect(visit->response, location);
}

void web_receipt(struct visit *visit)
{
    struct facts facts = {0};
    char channel[HTTP_CHANNEL_CAP];
    int error = live_channel(visit->segment, channel); /* is it a token at all? */
    error = error ? DX_E_NOT_FOUND : load(visit, visit->segment, &facts);
    if (error == DX_E_NOT_FOUND) {
        web_answer_unknown_token(visit);
    } else if (error) {
        web_answer_message(visit, 503, TEXT_TROUBLE_TITLE, TEXT_TROUBLE_HINT);
    } else if (visit->route == ROUTE_DRIVER_INVOICE) {
        ask_invoice(visit, &facts);
    } else {
        answer_receipt(visit, 200, &facts, NULL, NULL);
    }
}

/* ---- is a receipt genuine ---- */

/* DX_E_NOT_FOUND for a code of nobody, one with a wrong mark, and a stay that paid nothing. */
static int find_code(struct visit *visit, struct str text, struct facts *facts)
{
    char paycode[PAYCODE_CAP];
    char mark[RECEIPT_MARK_CAP];
    char token[QUERY_TOKEN_CAP];
    if (receipt_code_split(text, paycode, mark) != 0) {
        return DX_E_NOT_FOUND;
    }
    int error = query_session_token_by_code(visit->web->db, paycode, token);
    error = error ? error : load(visit, str_c(token), facts);
    if (!error && (!receipt_code_is_right(mark, facts->session.id, facts->session.token) ||
                   facts->receipt.payment_count == 0)) {
        error = DX_E_NOT_FOUND;
    }
    return error;
}

void web_verify(struct visit *visit)
{
    static const struct page_frame frame = {
        .title = TEXT_VERIFY_TITLE, .style = "driver", .path = "/verify"};
    struct limiter *limiter = &visit->web->unknown_tokens;
    struct facts facts = {0};
    struct receipt_view view;
    struct str code = http_query(visit->request, "code");
    if (code.n == 0) {
        answer(visit, 200, &frame, NULL, false);
        return;
    }
    if (limiter_wait(limiter, visit->address, visit->mono) > 0) {
        web_answer_message(visit, 429, TEXT_TOO_MANY_TITLE, TEXT_TOO_MANY_HINT);
        return;
    }
    int error = find_code(visit, code, &facts);
    if (error == DX_E_NOT_FOUND) {
        limiter_failed(limiter, visit->address, visit->mono);
        answer(visit, 404, &frame, NULL, true);
    } else if (error) {
        web_answer_message(visit, 503, TEXT_TROUBLE_TITLE, TEXT_TROUBLE_HINT);
    } else {
        fill_view(visit, &facts, &view);
        answer(visit, 200, &frame, &view, true);
    }
}
