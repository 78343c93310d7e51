/* page_receipt.c - the receipt of a stay, for a printer; asking for an invoice; is a receipt
 * genuine. */
#include "proto/base/time.h"
#include "server/web/page.h"
#include "server/web/words.h"

#include <string.h>

/* ---- the receipt ---- */

static void write_fact(struct html *h, enum text label, const char *value)
{
    if (value[0]) {
        html(h, "<div><dt>%t</dt><dd>%s</dd></div>", label, value);
    }
}

static void write_head(struct html *h, const struct receipt_view *view)
{
    const struct session_row *s = view->session;
    char name[PLATE_RAW_CAP];
    session_row_name(s, name);
    html(h, "<h1>%t</h1><dl class=\"facts\">", TEXT_RECEIPT_TITLE);
    write_fact(h, TEXT_RECEIPT_OPERATOR, view->lot->operator_name);
    write_fact(h, TEXT_RECEIPT_TAX_CODE, view->tax_code);
    write_fact(h, TEXT_RECEIPT_ADDRESS, view->address);
    html(h, "<div><dt>%t</dt><dd>%s, %s%s%s</dd></div>", TEXT_RECEIPT_LOT, view->lot->name,
         view->lot->address, view->lot->ward[0] ? ", " : "", view->lot->ward);
    write_fact(h, TEXT_RECEIPT_PLATE, name);
    html(h, "<div><dt>%t</dt><dd class=\"code\">%s</dd></div>", TEXT_RECEIPT_CODE, s->code);
    if (s->entered_ms > 0) {
        html(h, "<div><dt>%t</dt><dd>%d</dd></div>", TEXT_ENTERED_AT, s->entered_ms);
    }
    if (s->left_ms > 0) {
        html(h, "<div><dt>%t</dt><dd>%d</dd></div>", TEXT_LEFT_AT, s->left_ms);
    }
    html(h, "</dl>");
}

/* Each payment at the rate of its own day; what was given back is taken off at its own. */
static bool sum_tax(const struct receipt_view *view, struct vat_split *ret_sum)
{
    struct vat_split sum = {0, 0};
    for (int i = 0; i < view->receipt->payment_count; i++) {
        const struct receipt_payment *p = &view->receipt->payment[i];
        struct vat_rate rate;
        if (!view->vat || vat_rate_at(view->vat, p->at, &rate) != 0) {
            return false;
        }
        struct vat_split split = vat_split(p->amount_vnd, rate);
        sum.net_vnd += split.net_vnd;
        sum.vat_vnd += split.vat_vnd;
    }
    *ret_sum = sum;
    return true;
}

static void write_payments(struct html *h, const struct receipt_view *view)
{
    struct vat_split tax;
    html(h, "<h2>%t</h2><table class=\"lines\"><tbody>", TEXT_RECEIPT_PAYMENTS);
    for (int i = 0; i < view->receipt->payment_count; i++) {
        const struct receipt_payment *p = &view->receipt->payment[i];
        enum text what = p->amount_vnd < 0 ? TEXT_RECEIPT_TAKEN_OFF
                         : p->cash         ? TEXT_RECEIPT_CASH
                         : p->later        ? TEXT_RECEIPT_LATER
                                           : TEXT_RECEIPT_BANK;
        html(h, "<tr><td>%d<br>%t", p->at.ms, what);
        if (p->number[0]) {
            html(h, " %t %s", TEXT_RECEIPT_CASH_NUMBER, p->number);
        }
        html(h, "</td><td class=\"num\">%m</td></tr>", p->amount_vnd);
    }
    html(h,
         "</tbody><tfoot><tr><th scope=\"row\">%t</th><td class=\"num\"><strong>%m</strong></td>"
         "</tr>",
         TEXT_RECEIPT_TOTAL, view->receipt->total_vnd);
    if (sum_tax(view, &tax)) {
        html(h,
             "<tr><td>%t</td><td class=\"num\">%m</td></tr><tr><td>%t</td><td "
             "class=\"num\">%m</td></tr>",
             TEXT_RECEIPT_NET, tax.net_vnd, TEXT_RECEIPT_VAT, tax.vat_vnd);
    }
    html(h, "</tfoot></table>");
}

static void write_check(struct html *h, const struct receipt_view *view)
{
    html(h, "<div class=\"check\"><div class=\"qr small-qr\" aria-hidden=\"true\">");
    html_markup(h, view->qr_svg);
    html(h,
         "</div><p><strong>%t</strong><br><span class=\"code\" id=\"check-code\">%s</span><br>"
         "<span class=\"hint small\">%t %s/verify. %t</span></p></div>",
         TEXT_RECEIPT_CHECK_CODE, view->code, TEXT_RECEIPT_CHECK_HINT, view->public_url,
         TEXT_RECEIPT_NOT_INVOICE);
}

/* ---- invoices ---- */

static void write_invoices(struct html *h, const struct receipt *receipt)
{
    static const struct text_word states[] = {{"requested", TEXT_INVOICE_ASKED},
                                              {"unknown", TEXT_INVOICE_ASKED},
                                              {"issued", TEXT_INVOICE_ISSUED},
                                              {"refused", TEXT_INVOICE_REFUSED},
                                              {"replaced", TEXT_INVOICE_REPLACED}};
    html(h, "<ul class=\"invoices\">");
    for (int i = 0; i < receipt->invoice_count; i++) {
        const struct receipt_invoice *v = &receipt->invoice[i];
        html(h, "<li>%t",
             text_by_word(states, sizeof states / sizeof states[0], v->state, TEXT_INVOICE_ASKED));
        if (v->number > 0) {
            html(h, ". %l%s, %t %l <span class=\"code\">%s</span>", v->template_, v->series,
                 TEXT_INVOICE_NUMBER, v->number, v->code);
        }
        /* Of the provider's words only an https address becomes a link. */
        if (strncmp(v->lookup, "https://", 8) == 0) {
            html(h, " <a rel=\"noreferrer\" href=\"%s\">%t</a>", v->lookup, TEXT_INVOICE_LOOKUP);
        }
        html(h, "</li>");
    }
    html(h, "</ul>");
}

static void write_field(struct html *h, const char *name, enum text label, const char *value,
                        int max, const char *type)
{
    html(h,
         "<p><label for=\"buyer-%s\">%t</label><input id=\"buyer-%s\" name=\"%s\" type=\"%s\" "
         "maxlength=\"%i\" value=\"%s\" autocomplete=\"off\"></p>",
         name, label, name, name, type, max, value);
}

static void write_form(struct html *h, const struct receipt_view *view)
{
    static const struct text_word bad[] = {{"name", TEXT_INVOICE_BAD_NAME},
                                           {"tax_code", TEXT_INVOICE_BAD_TAX},
                                           {"address", TEXT_INVOICE_BAD_ADDRESS},
                                           {"email", TEXT_INVOICE_BAD_EMAIL}};
    const struct invoice_buyer *b = view->buyer;
    html(h, "<form method=\"post\" action=\"/s/%s/invoice\" class=\"stack\">",
         view->session->token);
    if (view->bad) {
        html(h, "<p class=\"state debt\" role=\"alert\">%t</p>",
             text_by_word(bad, sizeof bad / sizeof bad[0], view->bad, TEXT_INVOICE_BAD));
    }
    html(h, "<p class=\"hint small\">%t</p>", TEXT_INVOICE_HINT);
    write_field(h, "name", TEXT_INVOICE_NAME, b->name, 100, "text");
    write_field(h, "tax_code", TEXT_INVOICE_TAX, b->tax_code, INVOICE_TAX_CAP - 1, "text");
    write_field(h, "address", TEXT_INVOICE_ADDRESS, b->address, 100, "text");
    write_field(h, "email", TEXT_INVOICE_EMAIL, b->email, INVOICE_EMAIL_CAP - 1, "email");
    html(h, "<p><button class=\"main\" type=\"submit\">%t</button></p></form>", TEXT_INVOICE_ASK);
}

void page_receipt_part(struct html *h, const struct receipt_view *view)
{
    html(h, "<div class=\"narrow\"><section class=\"card receipt sheet\" id=\"receipt\">");
    write_head(h, view);
    if (view->receipt->payment_count == 0) {
        html(h, "<p>%t</p></section>", TEXT_RECEIPT_NONE);
    } else {
        write_payments(h, view);
        write_check(h, view);
        html(h, "</section>");
    }
    html(h,
         "<p class=\"no-print\"><button type=\"button\" id=\"print\" hidden>%t</button> <a "
         "class=\"more\" href=\"/s/%s\">%t</a></p>",
         TEXT_RECEIPT_PRINT, view->session->token, TEXT_RECEIPT_BACK);
    if (view->invoices && view->receipt->own_vnd > 0) {
        html(h, "<section class=\"card no-print\" id=\"invoice\"><h2>%t</h2>", TEXT_INVOICE_TITLE);
        if (view->receipt->invoice_count > 0) {
            write_invoices(h, view->receipt);
        } else {
            write_form(h, view);
        }
        html(h, "</section>");
    }
    html(h, "</div>");
}

/* ---- is a receipt genuine ---- */

/* "30F-***.45" is enough to compare with the sheet, and tells nobody a plate. */
static void mask(const struct session_row *s, char out[PLATE_RAW_CAP])
{
    session_row_name(s, out);
    size_t n = strlen(out);
    for (size_t i = 3; i + 2 < n; i++) {
        if (ascii_is_digit(out[i]) || ascii_is_alpha(out[i])) {
            out[i] = '*';
        }
    }
}

static void write_genuine(struct html *h, const struct receipt_view *view)
{
    char name[PLATE_RAW_CAP];
    mask(view->session, name);
    html(
        h,
        "<p class=\"state paid\" role=\"status\"><span class=\"sign\" aria-hidden=\"true\">✓</span>"
        "<strong>%t</strong></p><section class=\"card\"><p class=\"hint\">%t</p>"
        "<dl class=\"facts\">",
        TEXT_VERIFY_GOOD, TEXT_VERIFY_GOOD_HINT);
    write_fact(h, TEXT_RECEIPT_OPERATOR, view->lot->operator_name);
    write_fact(h, TEXT_RECEIPT_LOT, view->lot->name);
    write_fact(h, TEXT_RECEIPT_PLATE, name);
    html(h, "</dl>");
    write_payments(h, view);
    html(h, "</section>");
}

void page_verify_part(struct html *h, const struct receipt_view *view, bool tried)
{
    html(h, "<div class=\"narrow\"><h1>%t</h1>", TEXT_VERIFY_TITLE);
    if (view) {
        write_genuine(h, view);
    } else if (tried) {
        html(h,
             "<p class=\"state debt\" role=\"status\"><span class=\"sign\" "
             "aria-hidden=\"true\">!</span><strong>%t</strong></p>",
             TEXT_VERIFY_BAD);
    }
    html(h,
         "<form method=\"get\" action=\"/verify\" class=\"card stack\"><p class=\"hint\">%t</p>"
         "<p><label for=\"code\">%t</label><input id=\"code\" name=\"code\" class=\"code\" "
         "maxlength=\"40\" autocapitalize=\"characters\" autocomplete=\"off\" required></p>"
         "<p><button class=\"main\" type=\"submit\">%t</button></p></form></div>",
         TEXT_VERIFY_HINT, TEXT_VERIFY_FIELD, TEXT_VERIFY_BUTTON);
}
