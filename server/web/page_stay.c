/* page_stay.c - the driver's page, beside the payment: times, fee lines, price list, vote,
 * complaint. */
#include "server/web/page_stay.h"

#include "server/web/fee_words.h"
#include "server/web/words.h"

static void write_duration(struct html *h, int64_t ms)
{
    char space[64];
    struct out out;
    out_init(&out, space, sizeof space);
    words_duration(&out, ms, h->language);
    html_text(h, out_str(&out));
}

static void write_times(struct html *h, const struct driver_view *view)
{
    const struct session_row *s = view->session;
    if (s->entered_ms <= 0) {
        return;
    }
    int64_t end = s->left_ms > 0 ? s->left_ms : view->now.ms;
    html(h, "<section class=\"card\"><dl class=\"times\"><div><dt>%t</dt><dd>%d</dd></div>",
         TEXT_ENTERED_AT, s->entered_ms);
    if (s->left_ms > 0) {
        html(h, "<div><dt>%t</dt><dd>%d</dd></div>", TEXT_LEFT_AT, s->left_ms);
    }
    html(h, "<div class=\"strong\"><dt>%t</dt><dd", TEXT_STAY);
    if (s->left_ms == 0) {
        html(h, " data-since=\"%l\"", s->entered_ms);
    }
    html(h, ">");
    write_duration(h, end - s->entered_ms);
    html(h, "</dd></div></dl></section>");
}

/* ---- how the fee is made up ---- */

static void write_line(struct html *h, const struct quote_line *line)
{
    char space[512];
    struct out out;
    bool own = h->language == LANGUAGE_VI || h->language == LANGUAGE_EN;
    out_init(&out, space, sizeof space);
    if (own) {
        out_add_c(&out, h->language == LANGUAGE_VI ? line->vi : line->en);
    } else {
        own = fee_words(&out, line->en, h->language);
    }
    html(h, "<tr><td%r>%S</td><td class=\"num\">%m</td></tr>", own ? "" : " lang=\"en\"",
         out_str(&out), line->amount_vnd);
}

static void write_sums(struct html *h, const struct app_quote *q)
{
    html(h, "</tbody><tfoot><tr><th scope=\"row\">%t</th><td class=\"num\">%m</td></tr>",
         TEXT_FEE_TOTAL, q->fee_vnd);
    if (q->paid_vnd > 0) {
        html(h, "<tr><td>%t</td><td class=\"num\">%m</td></tr>", TEXT_FEE_PAID, q->paid_vnd);
    }
    if (q->paid_vnd > 0 && q->due_vnd > 0) {
        html(h, "<tr><th scope=\"row\">%t</th><td class=\"num\">%m</td></tr>", TEXT_FEE_REST,
             q->due_vnd);
    }
    html(h, "</tfoot></table>");
}

static void write_lines(struct html *h, const struct driver_view *view)
{
    const struct app_quote *q = view->quote;
    if (q->line_count == 0 && q->fee_vnd == 0) {
        return;
    }
    /* A quote ends with what was paid before, taken off; here that stands below the total. */
    int count = q->line_count;
    if (q->paid_vnd > 0 && count > 0 && q->line[count - 1].amount_vnd == -q->paid_vnd) {
        count--;
    }
    html(h, "<section class=\"card\" id=\"fee\"><h2>%t</h2><table class=\"lines\"><tbody>",
         TEXT_FEE_LINES);
    for (int i = 0; i < count; i++) {
        write_line(h, &q->line[i]);
    }
    write_sums(h, q);
    if (q->open && q->state == QUOTE_DUE && q->next_change.ms > 0) {
        html(h, "<p class=\"hint small\">%t %d</p>", TEXT_NEXT_CHANGE, q->next_change.ms);
    }
    html(h, "</section>");
}

static void write_prices(struct html *h, const struct driver_view *view)
{
    enum vehicle vehicle = VEHICLE_UNKNOWN;
    if (!view->place || vehicle_parse(str_c(view->session->vehicle), &vehicle) != 0) {
        return;
    }
    wall_t at = {view->session->entered_ms > 0 ? view->session->entered_ms : view->now.ms};
    html(h, "<details class=\"card\" id=\"prices\"><summary>%t</summary>", TEXT_PRICE_LIST);
    page_tariff_prices(h, view->place->tariff[vehicle], vehicle, at);
    html(h, "<p><a class=\"more\" href=\"/l/%s\">%t</a></p></details>", view->place->id,
         TEXT_PRICE_OTHERS);
}

/* ---- what the driver says ---- */

/* Drawn, so that no phone needs a font for it. */
static void write_face(struct html *h, int64_t chosen, int score, const char *mouth, enum text text)
{
    html(h,
         "<button name=\"score\" value=\"%i\" class=\"face face-%i%s\" aria-pressed=\"%s\">"
         "<svg viewBox=\"0 0 40 40\" aria-hidden=\"true\"><circle cx=\"20\" cy=\"20\" r=\"18\"/>"
         "<circle class=\"eye\" cx=\"14\" cy=\"16\" r=\"2.2\"/><circle class=\"eye\" "
         "cx=\"26\" cy=\"16\" r=\"2.2\"/><path d=\"%s\"/></svg>%t</button>",
         score, score, chosen == score ? " chosen" : "", chosen == score ? "true" : "false", mouth,
         text);
}

static void write_rating(struct html *h, const struct driver_view *view)
{
    int64_t score = view->feedback->score;
    html(h,
         "<section class=\"card rate\" id=\"rate\"><h2>%t</h2><form method=\"post\" "
         "action=\"/s/%s/rating\" class=\"faces\">",
         TEXT_RATE_TITLE, view->session->token);
    write_face(h, score, 5, "M12 24c4 6 12 6 16 0", TEXT_RATE_GOOD);
    write_face(h, score, 3, "M13 27h14", TEXT_RATE_FAIR);
    write_face(h, score, 1, "M12 29c4-6 12-6 16 0", TEXT_RATE_BAD);
    html(h, "</form>");
    if (score > 0) {
        html(h, "<p class=\"hint small\" role=\"status\">%t</p>", TEXT_RATE_THANKS);
    }
    html(h, "</section>");
}

static void write_complaint_form(struct html *h, const struct driver_view *view)
{
    html(h,
         "<details class=\"card\" id=\"complain\"%s><summary>%t</summary><p class=\"hint "
         "small\">%t</p>",
         view->complaint_bad ? " open" : "", TEXT_COMPLAIN_OPEN, TEXT_COMPLAIN_HINT);
    if (view->complaint_bad) {
        html(h, "<p class=\"state debt\" role=\"alert\">%t</p>", TEXT_COMPLAIN_BAD);
    }
    html(
        h,
        "<form method=\"post\" action=\"/s/%s/complaint\" class=\"stack\"><p><label "
        "for=\"asked\">%t</label><input id=\"asked\" name=\"asked\" inputmode=\"numeric\" required "
        "maxlength=\"15\" autocomplete=\"off\"></p><p><label for=\"story\">%t</label><textarea "
        "id=\"story\" name=\"text\" rows=\"3\" maxlength=\"400\"></textarea></p>"
        "<p><button type=\"submit\">%t</button></p></form></details>",
        view->session->token, TEXT_COMPLAIN_AMOUNT, TEXT_COMPLAIN_TEXT, TEXT_COMPLAIN_SEND);
}

static void write_complaint(struct html *h, const struct driver_view *view)
{
    const struct feedback *f = view->feedback;
    if (f->complained) {
        html(h,
             "<section class=\"card told\" id=\"complaint\"><p role=\"status\"><strong>%t</strong>"
             "</p><dl class=\"facts\"><div><dt>%t</dt><dd>%m</dd></div></dl><p class=\"hint "
             "small\">%d</p></section>",
             f->complaint_open ? TEXT_COMPLAIN_DONE : TEXT_COMPLAIN_CLOSED, TEXT_COMPLAIN_ASKED,
             f->asked_vnd, f->complained_ms);
    }
    if (!f->complaint_open) {
        write_complaint_form(h, view);
    }
}

void page_stay_parts(struct html *h, const struct driver_view *view, enum driver_state state)
{
    bool inside = state != DRIVER_ARRIVING && state != DRIVER_BACKED_OUT;
    write_times(h, view);
    if (view->quote && inside) {
        write_lines(h, view);
    }
    write_prices(h, view);
    if (inside && view->feedback) {
        write_rating(h, view);
        write_complaint(h, view);
    }
}
