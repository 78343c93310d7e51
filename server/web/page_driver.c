#include "proto/base/time.h"
#include "server/web/page.h"
#include "server/web/words.h"

#include <string.h>

/* ---- what the page is about ---- */

enum driver_state {
    DRIVER_ARRIVING,
    DRIVER_BACKED_OUT,
    DRIVER_DUE,
    DRIVER_DEBT,
    DRIVER_PAID,
    DRIVER_FREE,
    DRIVER_LEFT,
    DRIVER_REVIEW,
    DRIVER_BUSY
};

static bool is(const char *word, const char *expected)
{
    return strcmp(word, expected) == 0;
}

static enum driver_state state_of(const struct driver_view *view)
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

static void write_duration(struct html *h, int64_t ms)
{
    char space[64];
    struct out out;
    out_init(&out, space, sizeof space);
    words_duration(&out, ms, h->language);
    html_text(h, out_str(&out));
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

static void write_stay(struct html *h, const struct driver_view *view)
{
    const struct session_row *s = view->session;
    char name[PLATE_RAW_CAP];
    session_row_name(s, name);
    html(h,
         "<section class=\"card stay\"><div class=\"lot\"><strong>%s</strong><span>%s%s%s</span>"
         "</div><div class=\"vehicle\"><span class=\"plate%s\">%s</span><span>%t</span></div>",
         view->lot->name, view->lot->address, view->lot->ward[0] ? ", " : "", view->lot->ward,
         is(s->subject, "card") ? " card-id" : "", name,
         is(s->subject, "card") ? TEXT_CARD_SUBJECT : words_vehicle(s->vehicle));
    if (s->entered_ms > 0) {
        int64_t end = s->left_ms > 0 ? s->left_ms : view->now.ms;
        html(h, "<dl class=\"times\"><div><dt>%t</dt><dd>%d</dd></div>", TEXT_ENTERED_AT,
             s->entered_ms);
        if (s->left_ms > 0) {
            html(h, "<div><dt>%t</dt><dd>%d</dd></div>", TEXT_LEFT_AT, s->left_ms);
        }
        html(h, "<div><dt>%t</dt><dd", TEXT_STAY);
        if (s->left_ms == 0) {
            html(h, " data-since=\"%l\"", s->entered_ms);
        }
        html(h, ">");
        write_duration(h, end - s->entered_ms);
        html(h, "</dd></div></dl>");
    }
    html(h, "</section>");
}

static void write_copy_row(struct html *h, enum text label, const char *shown, const char *copied)
{
    html(h, "<div class=\"row-copy\"><dt>%t</dt><dd>%s</dd>", label, shown);
    if (copied) {
        html(h,
             "<dd class=\"action\"><button type=\"button\" class=\"copy\" data-copy=\"%s\" "
             "data-done=\"%t\" hidden>%t</button></dd>",
             copied, TEXT_COPIED, TEXT_COPY);
    }
    html(h, "</div>");
}

static void write_payment(struct html *h, const struct driver_view *view)
{
    const struct app_quote *q = view->quote;
    char plain[24];
    char shown[MONEY_TEXT_CAP];
    snprintf(plain, sizeof plain, "%lld", (long long)q->due_vnd);
    if (h->language == LANGUAGE_VI) {
        money_format_vi(money(q->due_vnd), shown);
    } else {
        money_format_en(money(q->due_vnd), shown);
    }
    html(h,
         "<section class=\"card pay\"><p class=\"label\">%t</p><p class=\"amount\" "
         "id=\"amount-due\">%s</p>",
         TEXT_AMOUNT_DUE, shown);
    if (view->qr_svg.n) {
        html(h, "<div class=\"qr\" role=\"img\" aria-label=\"%t\">", TEXT_QR_ALT);
        html_markup(h, view->qr_svg);
        html(h,
             "</div><p class=\"hint\">%t</p>"
             "<p><a class=\"save\" href=\"/s/%s/qr.png\" download=\"doxe-%s.png\">%t</a></p>"
             "<p class=\"hint small\">%t</p>",
             TEXT_SCAN_HINT, view->session->token, q->paycode, TEXT_SAVE_QR, TEXT_SAVE_HINT);
    }
    html(h, "<p class=\"label gap\">%t</p><dl class=\"copies\">", TEXT_OR_TRANSFER);
    write_copy_row(h, TEXT_FIELD_AMOUNT, shown, plain);
    write_copy_row(h, TEXT_FIELD_CONTENT, q->paycode, q->paycode);
    write_copy_row(h, TEXT_FIELD_ACCOUNT, view->lot->account, view->lot->account);
    write_copy_row(h, TEXT_FIELD_BANK, view->bank_name[0] ? view->bank_name : view->lot->bin, NULL);
    write_copy_row(h, TEXT_FIELD_HOLDER, view->lot->account_name, NULL);
    html(h, "</dl><p class=\"hint small\">%t</p></section>", TEXT_CONTENT_HINT);
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
    html(h, "<section class=\"card\"><h2>%t</h2><table class=\"lines\"><tbody>", TEXT_FEE_LINES);
    for (int i = 0; i < count; i++) {
        html(h, "<tr><td>%s</td><td class=\"num\">%m</td></tr>",
             h->language == LANGUAGE_VI ? q->line[i].vi : q->line[i].en, q->line[i].amount_vnd);
    }
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
    if (q->open && q->state == QUOTE_DUE && q->next_change.ms > 0) {
        html(h, "<p class=\"hint small\">%t %d</p>", TEXT_NEXT_CHANGE, q->next_change.ms);
    }
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
         "<section class=\"card receipt\" id=\"receipt\"><h2>%t</h2><dl class=\"facts\">"
         "<div><dt>%t</dt><dd><strong>%m</strong></dd></div>",
         TEXT_RECEIPT, TEXT_RECEIPT_AMOUNT, view->quote->paid_vnd);
    if (s->paid_ms > 0) {
        html(h, "<div><dt>%t</dt><dd>%d</dd></div>", TEXT_RECEIPT_PAID_AT, s->paid_ms);
    }
    html(h,
         "<div><dt>%t</dt><dd class=\"code\">%s</dd></div><div><dt>%t</dt><dd>%s</dd></div>"
         "<div><dt>%t</dt><dd>%s</dd></div><div><dt>%t</dt><dd>%s</dd></div></dl>"
         "<p class=\"gap\"><a class=\"more\" href=\"/s/%s/receipt\">%t</a></p></section>",
         TEXT_RECEIPT_CODE, s->code, TEXT_RECEIPT_PLATE, name, TEXT_RECEIPT_LOT, view->lot->name,
         TEXT_RECEIPT_OPERATOR, view->lot->operator_name, s->token, TEXT_RECEIPT_OPEN);
}

void page_driver_part(struct html *h, const struct driver_view *view)
{
    enum driver_state state = state_of(view);
    const struct app_quote *q = view->quote;
    /* When to ask again though nothing is pushed: the next step of the tariff. */
    html(h, "<div class=\"narrow\" data-state=\"%s\" data-next=\"%l\" data-now=\"%l\">",
         q ? quote_state_text(q->state) : "busy",
         q && q->open && q->next_change.ms > 0 ? q->next_change.ms : (int64_t)0, view->now.ms);
    write_state(h, state);
    write_hint(h, state, view);
    write_stay(h, view);
    if (state == DRIVER_DUE || state == DRIVER_DEBT) {
        write_payment(h, view);
    }
    if (q && q->paid_vnd > 0) {
        write_receipt(h, view);
    }
    if (q && state != DRIVER_ARRIVING && state != DRIVER_BACKED_OUT) {
        write_lines(h, view);
    }
    html(h, "</div>");
}
