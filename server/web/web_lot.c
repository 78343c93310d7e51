/*
 * web_lot.c - the addresses of a lot: its page behind the printed QR, finding a stay there, and the
 * sheets to print.
 *
 * Finding is rationed per address and per plate, known or not, and what does not fit is one
 * answer: nobody learns from it who is parked where (docs/PRIVACY.md).
 */
#include "proto/io/json.h"
#include "proto/io/log.h"
#include "proto/io/qr.h"
#include "proto/plate.h"
#include "server/store/query.h"
#include "server/store/query_find.h"
#include "server/store/query_lane.h"
#include "server/web/web_parts.h"

#include <string.h>

static struct str svg_of(struct web *web, const char *text)
{
    size_t n = 0;
    if (qr_svg(str_c(text), QR_QUIET, web->qr, QR_SVG_CAP, &n)) {
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
        log_error("web.lot", "error=%s", dx_error_name(error));
        web_answer_message(visit, 503, TEXT_TROUBLE_TITLE, TEXT_TROUBLE_HINT);
        return;
    }
    http_answer(visit->response, status, "text/html; charset=utf-8", out_str(&h->out));
}

/* ---- the page ---- */

static void answer_lot(struct visit *visit, int status, const struct app_lot *lot,
                       const struct lot_form *form)
{
    struct html h;
    char path[MSG_NAME_CAP + 4];
    snprintf(path, sizeof path, "/l/%s", lot->id);
    const struct page_frame frame = {
        .title = TEXT_DRIVER_TITLE, .style = "driver", .path = path, .subtitle = lot->name};
    html_init(&h, visit->web->space, WEB_SPACE, visit->language);
    page_begin(&h, &frame);
    page_lot_part(&h, lot, form, visit->now);
    answer(visit, status, &h, &frame, 0);
}

/* ---- finding a stay ---- */

/* "08:15", "8h15", "0815" -> minutes of the day; below 0 when it is no time. */
static int read_minute(const char *text)
{
    int digits[4];
    int count = 0;
    bool mark = false;
    int hour_digits = 0;
    for (const char *p = text; *p; p++) {
        if (ascii_is_digit(*p) && count < 4) {
            digits[count++] = *p - '0';
        } else if (strchr(":hH.", *p) && count > 0 && !mark) {
            mark = true;
            hour_digits = count;
        } else {
            return -1;
        }
    }
    hour_digits = mark ? hour_digits : count - 2;
    if (hour_digits < 1 || hour_digits > 2 || count - hour_digits != 2) {
        return -1;
    }
    int hour = hour_digits == 2 ? digits[0] * 10 + digits[1] : digits[0];
    int minute = digits[count - 2] * 10 + digits[count - 1];
    return hour < 24 && minute < 60 ? hour * 60 + minute : -1;
}

/* Counts against the address and against the plate; the seconds to wait, 0 to go on. */
static int64_t wait_for(struct visit *visit, const char *plate_name)
{
    struct web *web = visit->web;
    int64_t wait = limiter_wait(&web->find_tries, visit->address, visit->mono);
    int64_t other = limiter_wait(&web->find_plates, plate_name, visit->mono);
    wait = wait > other ? wait : other;
    return wait > 0 ? wait / 1000 + 1 : 0;
}

/*
 * The token of the stay that fits.  DX_E_NOT_FOUND whatever did not fit; DX_E_BUSY: too many
 * tries, *ret_wait_s.  The statement runs for every try that is a plate and a time or code at all.
 */
static int find_stay(struct visit *visit, const struct app_lot *lot, const struct lot_form *form,
                     char ret_token[QUERY_TOKEN_CAP], int64_t *ret_wait_s)
{
    struct web *web = visit->web;
    struct plate plate = {0};
    struct find_ask ask = {
        .lot = lot->id, .now = visit->now, .minute = read_minute(form->entered), .gate = ""};
    char name[LIMITER_NAME_CAP];
    bool good = plate_parse(str_c(form->plate), NULL, &plate, NULL) == 0;
    snprintf(name, sizeof name, "%.20s|%s", lot->id, good ? plate.canonical : "");
    *ret_wait_s = wait_for(visit, name);
    if (*ret_wait_s > 0) {
        return DX_E_BUSY;
    }
    ask.key = plate.canonical;
    int error = 0;
    if (form->code[0] && lane_code_find(app_case_key(web->config.app), lot, str_c(form->code),
                                        &ask.gate, &ask.lane) != 0) {
        ask.gate = ""; /* then only the time can speak for it */
    }
    if (good && (ask.minute >= 0 || ask.gate[0])) {
        error = query_begin(web->db);
        if (!error) {
            error = query_find_stay(web->db, &ask, ret_token);
            query_end(web->db);
        }
    } else {
        error = DX_E_NOT_FOUND;
    }
    if (error == DX_E_NOT_FOUND) {
        limiter_failed(&web->find_tries, visit->address, visit->mono);
        limiter_failed(&web->find_plates, name, visit->mono);
    } else if (!error) {
        limiter_succeeded(&web->find_tries, visit->address);
    }
    return error;
}

static bool take_field(struct visit *visit, const char *name, char *out, size_t cap)
{
    char space[256];
    struct str value = {0};
    int error = http_form(visit->request, name, space, sizeof space, &value);
    return error == DX_E_NOT_FOUND || (error == 0 && str_copy(out, cap, str_trim(value)) == 0);
}

static void find_on_page(struct visit *visit, const struct app_lot *lot)
{
    struct lot_form form = {0};
    char token[QUERY_TOKEN_CAP];
    char text[64];
    int64_t wait_s = 0;
    int error = take_field(visit, "plate", form.plate, sizeof form.plate) &&
                        take_field(visit, "entered", form.entered, sizeof form.entered) &&
                        take_field(visit, "code", form.code, sizeof form.code)
                    ? find_stay(visit, lot, &form, token, &wait_s)
                    : DX_E_NOT_FOUND;
    if (error == DX_E_BUSY && wait_s > 0) {
        snprintf(text, sizeof text, "%lld", (long long)wait_s);
        http_answer_header(visit->response, "Retry-After", text);
        web_answer_message(visit, 429, TEXT_TOO_MANY_TITLE, TEXT_LOT_TOO_MANY);
    } else if (error == DX_E_NOT_FOUND) {
        form.no_match = true;
        answer_lot(visit, 404, lot, &form);
    } else if (error) {
        web_answer_message(visit, 503, TEXT_TROUBLE_TITLE, TEXT_TROUBLE_HINT);
    } else {
        snprintf(text, sizeof text, "/s/%s", token);
        http_redirect(visit->response, text);
    }
}

void web_lot(struct visit *visit)
{
    const struct app_lot *lot = app_find_lot(visit->web->config.app, visit->segment);
    struct lot_form form = {0};
    if (!lot) {
        web_answer_message(visit, 404, TEXT_LOT_MISSING_TITLE, TEXT_PAGE_MISSING_HINT);
    } else if (visit->route == ROUTE_LOT_FIND) {
        find_on_page(visit, lot);
    } else {
        /* The QR at a lane brings its code along. */
        str_copy_cut(form.code, sizeof form.code, http_query(visit->request, "code"));
        answer_lot(visit, 200, lot, &form);
    }
}

/* ---- the same for programs ---- */

static bool read_member(const struct jdoc *root, const char *name, char *out, size_t cap)
{
    struct str value = {0};
    int error = jdoc_get_str(root, name, &value);
    return error == DX_E_NOT_FOUND || (error == 0 && str_copy(out, cap, str_trim(value)) == 0);
}

static void answer_found(struct visit *visit, const char *token)
{
    struct out out;
    char page[256];
    out_init(&out, visit->web->space, WEB_SPACE);
    snprintf(page, sizeof page, "%s/s/%s", visit->web->config.public_url, token);
    json_object(&out, NULL);
    json_c(&out, "token", token);
    json_c(&out, "page", page);
    json_object_end(&out);
    http_answer_json(visit->response, 200, out_str(&out));
}

void web_api_find(struct visit *visit)
{
    const struct app_lot *lot = app_find_lot(visit->web->config.app, visit->segment);
    struct lot_form form = {0};
    struct jdoc *root = NULL;
    char token[QUERY_TOKEN_CAP];
    char text[24];
    int64_t wait_s = 0;
    if (!lot) {
        http_answer_error(visit->response, 404, "not_found", "there is no such lot");
        return;
    }
    if (jdoc_read(visit->request->body, &root, NULL)) {
        http_answer_error(visit->response, 400, "bad_json", "the body is no JSON object");
        return;
    }
    int error = read_member(root, "plate", form.plate, sizeof form.plate) &&
                        read_member(root, "entered", form.entered, sizeof form.entered) &&
                        read_member(root, "code", form.code, sizeof form.code)
                    ? find_stay(visit, lot, &form, token, &wait_s)
                    : DX_E_NOT_FOUND;
    jdoc_release(root);
    if (error == DX_E_BUSY && wait_s > 0) {
        snprintf(text, sizeof text, "%lld", (long long)wait_s);
        http_answer_header(visit->response, "Retry-After", text);
        http_answer_error(visit->response, 429, "wait",
                          text_of(TEXT_LOT_TOO_MANY, visit->language));
    } else if (error == DX_E_NOT_FOUND) {
        http_answer_error(visit->response, 404, "no_match",
                          text_of(TEXT_LOT_NO_MATCH, visit->language));
    } else if (error) {
        http_answer_error(visit->response, 503, "busy",
                          text_of(TEXT_TROUBLE_HINT, visit->language));
    } else {
        answer_found(visit, token);
    }
}

/* ---- sheets to print ---- */

struct sheets {
    struct visit *visit;
    struct html *h;
    const struct app_lot *lot;
};

static void write_sheet(struct sheets *s, const char *gate, int lane)
{
    struct web *web = s->visit->web;
    const uint8_t *key = app_case_key(web->config.app);
    char address[256];
    char code[LANE_CODE_CAP] = "";
    if (lane > 0) {
        lane_code_make(key, s->lot->id, gate, lane, code);
    }
    snprintf(address, sizeof address, "%s/l/%s%s%s", web->config.public_url, s->lot->id,
             lane > 0 ? "?code=" : "", code);
    const struct lot_sheet sheet = {.lot = s->lot,
                                    .address = address,
                                    .code = code,
                                    .gate = gate,
                                    .lane = lane,
                                    .qr_svg = svg_of(web, address)};
    page_lot_sheet(s->h, &sheet);
}

static void write_exits(void *context, const struct gate_row *gate)
{
    struct sheets *s = context;
    for (int i = 0; i < gate->lane_count; i++) {
        if (strcmp(gate->lane[i].direction, "exit") == 0) {
            write_sheet(s, gate->id, gate->lane[i].lane);
        }
    }
}

void web_lot_sheet(struct visit *visit)
{
    struct web *web = visit->web;
    const struct app_lot *lot = app_find_lot(web->config.app, visit->segment);
    struct html h;
    struct sheets sheets = {visit, &h, lot};
    char path[MSG_NAME_CAP + 32];
    int error = 0;
    if (!lot) {
        web_answer_message(visit, 404, TEXT_LOT_MISSING_TITLE, TEXT_PAGE_MISSING_HINT);
        return;
    }
    snprintf(path, sizeof path, "/operator/lots/%s/sheet", lot->id);
    const struct page_frame frame = {.title = TEXT_SHEET_TITLE,
                                     .style = "sheet-page",
                                     .path = path,
                                     .script = "receipt.js",
                                     .subtitle = lot->name};
    html_init(&h, web->space, WEB_SPACE, visit->language);
    page_begin(&h, &frame);
    html(&h,
         "<p class=\"no-print center\"><button type=\"button\" id=\"print\" hidden>%t</button>"
         "</p>",
         TEXT_RECEIPT_PRINT);
    write_sheet(&sheets, "", 0);
    if (app_case_key(web->config.app)) {
        error = query_begin(web->db);
        if (!error) {
            error = query_gates(web->db, lot->id, APP_GATES_PER_LOT, write_exits, &sheets);
            query_end(web->db);
        }
    } else {
        html(&h, "<p class=\"no-print hint center\">%t</p>", TEXT_SHEET_NO_KEY);
    }
    answer(visit, 200, &h, &frame, error);
}
