/* page_driver.c - the driver's page of a stay: state, amount, QR, banks' apps, receipt. */
#include "proto/base/time.h"
#include "server/web/page_stay.h"
#include "server/web/words.h"

#include <string.h>

/* ---- what the page is about ---- */

static bool is(const char *word, const char *expected)
{
    return strcmp(word, expected) == 0;
}

enum driver_state page_driver_state(const struct driver_view *view)
{
    const char *state = view->session->state;
    const struct app_quote *quote = view->quote;
    if (is(state, "backed_out")) {
        return DRIVER_BACKED_OUT;
    }
    if (is(state, "arriving")) {
        return DRIVER_ARRIVING;
    }
    if (!quote) {
        return DRIVER_BUSY;
    }
    if (quote->state == QUOTE_REVIEW || quote->state == QUOTE_UNKNOWN) {
        return DRIVER_REVIEW;
    }
    bool gone = !quote->open || view->session->left_ms > 0;
    if (quote->state == QUOTE_DUE) {
        return gone ? DRIVER_DEBT : DRIVER_DUE;
    }
    if (gone) {
        return DRIVER_LEFT;
    }
    return quote->state == QUOTE_PAID ? DRIVER_PAID : DRIVER_FREE;
}

/* ---- pieces ---- */

static void write_state(struct html *h, enum driver_state state)
{
    static const struct {
        const char *style, *sign;
        enum text text;
    } looks[] = {
        [DRIVER_ARRIVING] = {"info", "→", TEXT_STATE_ARRIVING},
        [DRIVER_BACKED_OUT] = {"info", "↩", TEXT_STATE_BACKED_OUT},
        [DRIVER_DUE] = {"due", "!", TEXT_STATE_DUE},
        [DRIVER_DEBT] = {"debt", "!", TEXT_STATE_DEBT},
        [DRIVER_PAID] = {"paid", "✓", TEXT_STATE_PAID},
        [DRIVER_FREE] = {"paid", "✓", TEXT_STATE_FREE},
        [DRIVER_LEFT] = {"paid", "✓", TEXT_STATE_LEFT},
        [DRIVER_REVIEW] = {"debt", "?", TEXT_STATE_REVIEW},
        [DRIVER_BUSY] = {"info", "…", TEXT_TROUBLE_TITLE},
    };
    html(h,
         "<p class=\"state %s\" role=\"status\"><span class=\"sign\" aria-hidden=\"true\">%s"
         "</span><strong>%t</strong></p>",
         looks[state].style, looks[state].sign, looks[state].text);
}

/* Which vehicle in which lot: what a driver must recognise first. */
static void write_ticket(struct html *h, const struct driver_view *view)
{
    const struct session_row *s = view->session;
    bool card = is(s->subject, "card");
    char name[PLATE_RAW_CAP];
    session_row_name(s, name);
    html(h,
         "<section class=\"ticket\"><div class=\"vehicle\"><span class=\"plate%s\">%s</span>"
         "<span class=\"kind\">%t</span></div><h1 class=\"lot\">%s<span>%s%s%s</span></h1>"
         "</section>",
         card ? " card-id" : "", name, card ? TEXT_CARD_SUBJECT : words_vehicle(s->vehicle),
         view->lot->name, view->lot->address, view->lot->ward[0] ? ", " : "", view->lot->ward);
}

static void write_copy_row(struct html *h, enum text label, const char *shown, const char *copied)
{
    html(h, "<div class=\"row-copy\"><dt>%t</dt><dd>%s</dd>", label, shown);
    if (copied) {
        html(h,
             "<dd class=\"action\"><button type=\"button\" class=\"copy\" data-copy=\"%s\" "
             "data-done=\"%t\" aria-label=\"%t: %t\" hidden>%t</button></dd>",
             copied, TEXT_COPIED, TEXT_COPY, label, TEXT_COPY);
    }
    html(h, "</div>");
}

static void write_amount_row(struct html *h, int64_t vnd)
{
    html(h,
         "<div class=\"row-copy\"><dt>%t</dt><dd>%m</dd><dd class=\"action\"><button "
         "type=\"button\" class=\"copy\" data-copy=\"%l\" data-done=\"%t\" aria-label=\"%t: %t\" "
         "hidden>%t</button></dd></div>",
         TEXT_FIELD_AMOUNT, vnd, vnd, TEXT_COPIED, TEXT_COPY, TEXT_FIELD_AMOUNT, TEXT_COPY);
}

/* How long the amount holds, and what comes then; the script counts down. */
static void write_holds(struct html *h, const struct driver_view *view)
{
    const struct app_quote *q = view->quote;
    if (!q->open || q->next_change.ms <= 0) {
        return;
    }
    char space[64];
    struct out out;
    out_init(&out, space, sizeof space);
    words_duration(&out, wall_diff(q->next_change, view->now), h->language);
    html(h,
         "<p class=\"holds\"><span>%t</span> <strong class=\"countdown\" data-until=\"%l\">%S"
         "</strong>",
         TEXT_HOLDS_FOR, q->next_change.ms, out_str(&out));
    if (q->next_fee_vnd > q->fee_vnd) {
        html(h, " <span>%t <b>%m</b></span>", TEXT_NEXT_GROWS, q->next_fee_vnd);
    }
    html(h, "</p>");
}

/* Links of banks' apps; nothing when the money's bank is in no link. */
static void write_apps(struct html *h, const struct driver_view *view)
{
    const struct bank_app_pay pay = {.bin = view->lot->bin,
                                     .account = view->lot->account,
                                     .holder = view->lot->account_name,
                                     .content = view->quote->paycode,
                                     .amount_vnd = view->quote->due_vnd};
    char url[BANK_APP_URL_CAP];
    char host[64] = "";
    char via[160];
    struct out out;
    for (int i = 0; view->apps && i < view->apps->count; i++) {
        const struct bank_app *app = &view->apps->app[i];
        if (bank_app_link(view->apps, app, &pay, url) != 0) {
            continue;
        }
        if (!host[0]) {
            html(h, "<div class=\"apps\"><h2>%t</h2><ul>", TEXT_BANK_APPS);
            bank_app_host(app, host, sizeof host);
        }
        html(h, "<li><a rel=\"noreferrer noopener\" href=\"%s\">%s</a></li>", url, app->name);
    }
    if (host[0]) {
        out_init(&out, via, sizeof via);
        words_detail(&out, TEXT_BANK_APPS_VIA, host, h->language);
        html(h, "</ul><p class=\"hint small\">%t %S</p></div>", TEXT_BANK_APPS_HINT, out_str(&out));
    }
}

static void write_transfer(struct html *h, const struct driver_view *view)
{
    const struct app_quote *q = view->quote;
    html(h, "<div class=\"by-hand\"><h2>%t</h2><dl class=\"copies\">", TEXT_OR_TRANSFER);
    write_amount_row(h, q->due_vnd);
    write_copy_row(h, TEXT_FIELD_CONTENT, q->paycode, q->paycode);
    write_copy_row(h, TEXT_FIELD_ACCOUNT, view->lot->account, view->lot->account);
    write_copy_row(h, TEXT_FIELD_BANK, view->bank_name[0] ? view->bank_name : view->lot->bin, NULL);
    write_copy_row(h, TEXT_FIELD_HOLDER, view->lot->account_name, NULL);
    html(h, "</dl><p class=\"hint small\">%t</p></div>", TEXT_CONTENT_HINT);
}

static void write_payment(struct html *h, const struct driver_view *view)
{
    const struct app_quote *q = view->quote;
    html(h,
         "<section class=\"card pay\"><p class=\"label\">%t</p><p class=\"amount\" "
         "id=\"amount-due\">%m</p>",
         TEXT_AMOUNT_DUE, q->due_vnd);
    write_holds(h, view);
    if (view->qr_svg.n) {
        html(h, "<p class=\"scan\">%t</p><div class=\"qr\" role=\"img\" aria-label=\"%t\">",
             TEXT_SCAN_HINT, TEXT_QR_ALT);
        html_markup(h, view->qr_svg);
        html(h,
             "</div><p><a class=\"save\" href=\"/s/%s/qr.png\" download=\"doxe-%s.png\">%t</a></p>"
             "<p class=\"hint small\">%t</p>",
             view->session->token, q->paycode, TEXT_SAVE_QR, TEXT_SAVE_HINT);
    }
    write_apps(h, view);
    write_transfer(h, view);
    html(h, "</section>");
}

static void write_hint(struct html *h, enum driver_state state, const struct driver_view *view)
{
    if (state == DRIVER_ARRIVING || state == DRIVER_BACKED_OUT || state == DRIVER_REVIEW ||
        state == DRIVER_BUSY) {
        html(h, "<p class=\"hint wide\">%t</p>",
             state == DRIVER_ARRIVING     ? TEXT_ARRIVING_HINT
             : state == DRIVER_BACKED_OUT ? TEXT_BACKED_OUT_HINT
             : state == DRIVER_REVIEW     ? TEXT_REVIEW_HINT
                                          : TEXT_BUSY_HINT);
    }
    if (state == DRIVER_PAID) {
        html(h, "<p class=\"hint wide\">");
        if (view->quote->leave_by.ms > 0) {
            html(h, "<strong>%t %d.</strong> ", TEXT_LEAVE_BY, view->quote->leave_by.ms);
        }
        html(h, "%t</p>", TEXT_LEAVE_HINT);
    }
    if (state == DRIVER_FREE) {
        html(h, "<p class=\"hint wide\">");
        if (view->quote->next_change.ms > 0) {
            html(h, "<strong>%t %d.</strong> ", TEXT_FREE_UNTIL, view->quote->next_change.ms);
        }
        html(h, "%t</p>", TEXT_LEAVE_HINT);
    }
}

static void write_receipt(struct html *h, const struct driver_view *view)
{
    const struct session_row *s = view->session;
    char name[PLATE_RAW_CAP];
    session_row_name(s, name);
    html(h,
         "<section class=\"card receipt\" id=\"receipt\"><h2>%t</h2><p class=\"amount\">%m</p>"
         "<dl class=\"facts\">",
         TEXT_RECEIPT, view->quote->paid_vnd);
    if (s->paid_ms > 0) {
        html(h, "<div><dt>%t</dt><dd>%d</dd></div>", TEXT_RECEIPT_PAID_AT, s->paid_ms);
    }
    html(h,
         "<div><dt>%t</dt><dd class=\"code\">%s</dd></div><div><dt>%t</dt><dd>%s</dd></div>"
         "<div><dt>%t</dt><dd>%s</dd></div></dl>"
         "<p class=\"gap\"><a class=\"save\" href=\"/s/%s/receipt\">%t</a></p></section>",
         TEXT_RECEIPT_CODE, s->code, TEXT_RECEIPT_PLATE, name, TEXT_RECEIPT_OPERATOR,
         view->lot->operator_name, s->token, TEXT_RECEIPT_OPEN);
}

void page_driver_begin(struct html *h, const struct driver_view *view)
{
    enum driver_state state = page_driver_state(view);
    const struct app_quote *q = view->quote;
    /* When to ask again though nothing is pushed: the next step of the tariff. */
    html(h,
         "<div class=\"stay-page\" data-state=\"%s\" data-next=\"%l\" data-now=\"%l\">"
         "<div class=\"first\">",
         q ? quote_state_text(q->state) : "busy",
         q && q->open && q->next_change.ms > 0 ? q->next_change.ms : (int64_t)0, view->now.ms);
    write_ticket(h, view);
    write_state(h, state);
    write_hint(h, state, view);
    if (state == DRIVER_DUE || state == DRIVER_DEBT) {
        write_payment(h, view);
    }
    if (q && q->paid_vnd > 0) {
        write_receipt(h, view);
    }
    html(h, "</div><div class=\"second\">");
    page_stay_parts(h, view, state);
}

void page_driver_end(struct html *h)
{
    html(h, "</div></div>");
}
