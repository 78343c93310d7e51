/* web_feedback.c - what a driver says on the page of a stay: the vote, "I was asked for more". */
#include "proto/io/log.h"
#include "server/office/feedback.h"
#include "server/web/web_parts.h"

static bool take_field(struct visit *visit, const char *name, char *space, size_t cap,
                       struct str *ret_value)
{
    *ret_value = STR("");
    int error = http_form(visit->request, name, space, cap, ret_value);
    return error == 0 || error == DX_E_NOT_FOUND;
}

/* "50.000", "50,000 VND", "50000 đ": the digits are the amount; nothing else may be a number. */
static bool read_amount(struct str text, int64_t *ret_vnd)
{
    char digits[16];
    size_t n = 0;
    for (size_t i = 0; i < text.n; i++) {
        if (ascii_is_digit(text.p[i])) {
            if (n == sizeof digits - 1) {
                return false;
            }
            digits[n++] = text.p[i];
        }
    }
    return n > 0 && str_parse_i64((struct str){digits, n}, 1, MONEY_MAX_VND, ret_vnd) == 0;
}

/* Back to the page, where what was said now stands; or a plain word why not. */
static void answer(struct visit *visit, int error, const char *place)
{
    char path[64];
    if (error == DX_E_NOT_FOUND) {
        web_answer_unknown_token(visit);
        return;
    }
    if (error && error != DX_E_EXISTS && error != DX_E_STATE) {
        log_warn("web.feedback", "error=%s", dx_error_name(error));
        web_answer_message(visit, 503, TEXT_TROUBLE_TITLE, TEXT_TROUBLE_HINT);
        return;
    }
    snprintf(path, sizeof path, "/s/%.*s%s", (int)visit->segment.n, visit->segment.p, place);
    http_redirect(visit->response, path);
}

void web_feedback(struct visit *visit)
{
    char channel[HTTP_CHANNEL_CAP];
    char space[2048];
    char words[2048];
    struct str number = {0};
    struct str text = {0};
    int64_t value = 0;
    if (live_channel(visit->segment, channel)) { /* is it a token at all? */
        web_answer_unknown_token(visit);
        return;
    }
    if (visit->route == ROUTE_DRIVER_RATE) {
        bool good = take_field(visit, "score", space, sizeof space, &number) &&
                    str_parse_i64(number, 1, FEEDBACK_SCORE_MAX, &value) == 0;
        answer(visit,
               good ? feedback_rate(visit->web->config.app, visit->segment, (int)value)
                    : DX_E_EXISTS,
               "#rate");
        return;
    }
    bool good = take_field(visit, "asked", space, sizeof space, &number) &&
                take_field(visit, "text", words, sizeof words, &text) &&
                read_amount(number, &value);
    if (!good || !str_is_utf8(text)) {
        answer(visit, DX_E_EXISTS, "?wrong=1#complain");
        return;
    }
    answer(visit, feedback_complain(visit->web->config.app, visit->segment, value, text),
           "#complaint");
}
