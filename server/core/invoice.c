#include "server/core/invoice.h"

#include "proto/base/check.h"

#include <stdio.h>
#include <string.h>

const char *invoice_state_text(enum invoice_state state)
{
    static const char *const words[] = {
#define X(name, word, sentence) word,
        INVOICE_STATES(X)
#undef X
    };
    must((unsigned)state < INVOICE_STATE_COUNT);
    return words[state];
}

static bool is_plain(const char *text)
{
    for (const char *p = text; *p; p++) {
        if ((unsigned char)*p < ' ' || *p == 0x7f) {
            return false;
        }
    }
    return str_is_utf8(str_c(text));
}

/* 10 digits; 10, '-' and 3 (a branch); 12 (a person's number used as tax code since 2025-07-01). */
static bool is_tax_code(const char *s)
{
    size_t n = strlen(s);
    for (size_t i = 0; i < n; i++) {
        bool dash = n == 14 && i == 10;
        if (dash ? s[i] != '-' : !ascii_is_digit(s[i])) {
            return false;
        }
    }
    return n == 10 || n == 12 || n == 14;
}

static bool is_email(const char *s)
{
    const char *at = strchr(s, '@');
    return at && at != s && !strchr(at + 1, '@') && strchr(at + 1, '.') && !strchr(s, ' ') &&
           s[strlen(s) - 1] != '.';
}

const char *invoice_find_bad_member(const struct invoice_buyer *buyer)
{
    if (!is_plain(buyer->name) || (buyer->tax_code[0] && !buyer->name[0])) {
        return "name"; /* a tax code without a name is nobody's invoice */
    }
    if (buyer->tax_code[0] && !is_tax_code(buyer->tax_code)) {
        return "tax_code";
    }
    if (!is_plain(buyer->address) || (buyer->tax_code[0] && !buyer->address[0])) {
        return "address";
    }
    if (!is_plain(buyer->email) || (buyer->email[0] && !is_email(buyer->email))) {
        return "email";
    }
    return NULL;
}

static const char *service_of(const struct invoice_payment *payment)
{
    static const char *const words[VEHICLE_COUNT] = {
        [VEHICLE_UNKNOWN] = "Dịch vụ trông giữ xe",
        [VEHICLE_CAR] = "Dịch vụ trông giữ xe ô tô",
        [VEHICLE_MOTORBIKE] = "Dịch vụ trông giữ xe máy",
        [VEHICLE_BICYCLE] = "Dịch vụ trông giữ xe đạp"};
    if (payment->pass) {
        return "Vé tháng trông giữ xe";
    }
    return words[(unsigned)payment->vehicle < VEHICLE_COUNT ? payment->vehicle : VEHICLE_UNKNOWN];
}

int invoice_make(const char *id, const struct invoice_payment *payment,
                 const struct invoice_seller *seller, const struct vat_rates *rates,
                 const struct invoice_buyer *buyer, wall_t now, struct invoice *ret_invoice)
{
    struct invoice v;
    struct vat_rate rate;
    memset(&v, 0, sizeof v);
    if (payment->gross_vnd <= 0) {
        return DX_E_RANGE;
    }
    int error = vat_rate_at(rates, payment->paid, &rate);
    if (error) {
        return error;
    }
    must(strlen(seller->series) == INVOICE_SERIES_CAP - 1);
    str_copy_cut(v.id, sizeof v.id, str_c(id));
    v.payment = *payment;
    v.made = now;
    v.next = now;
    v.template_ = seller->template_;
    snprintf(v.series, sizeof v.series, "%c%02d%s", seller->series[0], time_civil(now).year % 100,
             seller->series + 3);
    snprintf(v.service, sizeof v.service, "%s%s%s", service_of(payment),
             payment->plate[0] ? ", BKS " : "", payment->plate);
    str_copy_cut(v.unit, sizeof v.unit, str_c(payment->pass ? "tháng" : "lượt"));
    v.split = vat_split(payment->gross_vnd, rate);
    vat_rate_text(rate, v.vat);
    v.quantity = 1;
    v.price_vnd = v.split.net_vnd;
    v.buyer = *buyer;
    *ret_invoice = v;
    return 0;
}

int64_t invoice_wait_ms(int64_t attempts)
{
    static const int minutes[] = {1, 2, 5, 10, 30};
    int64_t steps = (int64_t)(sizeof minutes / sizeof minutes[0]);
    int64_t wait = attempts <= 0 ? 0 : attempts > steps ? 60 : minutes[attempts - 1];
    return wait * TIME_MINUTE_MS;
}

int invoice_take_answer(struct invoice *invoice, const struct invoice_answer *answer, wall_t now)
{
    if (invoice->state != INVOICE_REQUESTED && invoice->state != INVOICE_UNKNOWN) {
        return DX_E_STATE;
    }
    invoice->attempts++;
    memcpy(invoice->answer, answer->text, sizeof invoice->answer);
    switch (answer->reply) {
    case INVOICE_REPLY_ISSUED:
        must(answer->number > 0);
        invoice->state = INVOICE_ISSUED;
        invoice->number = answer->number;
        memcpy(invoice->code, answer->code, sizeof invoice->code);
        memcpy(invoice->lookup, answer->lookup, sizeof invoice->lookup);
        memcpy(invoice->provider_id, answer->provider_id, sizeof invoice->provider_id);
        break;
    case INVOICE_REPLY_REFUSED:
        invoice->state = INVOICE_REFUSED;
        break;
    case INVOICE_REPLY_NONE:
        invoice->state = INVOICE_UNKNOWN;
        invoice->next = wall_add(now, invoice_wait_ms(invoice->attempts));
        break;
    }
    return 0;
}

void invoice_write(struct out *out, const struct invoice *v, const struct invoice_seller *seller,
                   const char *lot_name, const char *lot_address)
{
    char iso[TIME_ISO_CAP];
    time_format_iso(v->payment.paid, iso);
    json_object(out, NULL);
    json_c(out, "id", v->id);
    json_c(out, "replaces", v->replaces[0] ? v->replaces : NULL);
    json_object(out, "seller");
    json_c(out, "tax_code", seller->tax_code);
    json_c(out, "name", seller->name);
    json_c(out, "address", seller->address);
    json_c(out, "lot", lot_name);
    json_c(out, "lot_address", lot_address);
    json_object_end(out);
    json_object(out, "buyer");
    /* Decree 254/2026, annex 4b: the words for a consumer who gives no name. */
    json_c(out, "name", v->buyer.name[0] ? v->buyer.name : "Bán cho người tiêu dùng");
    json_c(out, "tax_code", v->buyer.tax_code);
    json_c(out, "address", v->buyer.address);
    json_c(out, "email", v->buyer.email);
    json_object_end(out);
    json_i64(out, "template", v->template_);
    json_c(out, "series", v->series);
    json_c(out, "service", v->service);
    json_c(out, "unit", v->unit);
    json_i64(out, "quantity", v->quantity);
    json_i64(out, "price_vnd", v->price_vnd);
    json_i64(out, "net_vnd", v->split.net_vnd);
    json_c(out, "vat", v->vat);
    json_i64(out, "vat_vnd", v->split.vat_vnd);
    json_i64(out, "total_vnd", v->payment.gross_vnd);
    json_c(out, "method", v->payment.cash ? "TM" : "CK");
    json_c(out, "paid_at", iso);
    json_c(out, "transaction", v->payment.tx);
    json_object_end(out);
}
