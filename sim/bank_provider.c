#include "sim/bank_provider.h"

#include "proto/base/check.h"
#include "proto/crypto/crypto.h"

#define X(name, word) word,
static const char *const provider_words[] = {BANK_PROVIDERS(X)};
#undef X

const char *bank_provider_text(enum bank_provider provider)
{
    must(provider < BANK_PROVIDER_COUNT);
    return provider_words[provider];
}

int bank_provider_from_text(struct str text, enum bank_provider *ret_provider)
{
    for (int i = 0; i < BANK_PROVIDER_COUNT; i++) {
        if (str_eq_c(text, provider_words[i])) {
            *ret_provider = (enum bank_provider)i;
            return 0;
        }
    }
    return DX_E_NOT_FOUND;
}

static void when_text(wall_t wall, char out[20])
{
    struct civil at = time_civil(wall);
    snprintf(out, 20, "%04d-%02d-%02d %02d:%02d:%02d", at.year, at.month, at.day, at.hour,
             at.minute, at.second);
}

/* ---- notices ---- */

/* Its keys are written in their order, and the string beside them. */
static void write_payos(const struct transfer *t, struct str secret, struct bank_notice *notice)
{
    char when[20];
    char line[BANK_NOTICE_CAP];
    char hex[2 * SHA256_SIZE + 1] = "";
    uint8_t mac[SHA256_SIZE];
    struct out out;
    when_text(t->booked, when);
    snprintf(line, sizeof line,
             "accountNumber=%s&amount=%lld&code=00&currency=VND&desc=success&description=%s"
             "&orderCode=%lld&paymentLinkId=pl%lld&reference=%s&transactionDateTime=%s"
             "&virtualAccountNumber=",
             t->account, (long long)t->amount_vnd, t->content, (long long)t->id, (long long)t->id,
             t->ref, when);
    if (secret.n) {
        dx_hmac_sha256(mac, secret, str_c(line));
        str_hex(hex, mac, sizeof mac);
    }
    out_init(&out, notice->body, sizeof notice->body);
    json_object(&out, NULL);
    json_c(&out, "code", "00");
    json_c(&out, "desc", "success");
    json_bool(&out, "success", true);
    json_object(&out, "data");
    json_i64(&out, "orderCode", t->id);
    json_i64(&out, "amount", t->amount_vnd);
    json_c(&out, "description", t->content);
    json_c(&out, "accountNumber", t->account);
    json_c(&out, "reference", t->ref);
    json_c(&out, "transactionDateTime", when);
    json_c(&out, "currency", "VND");
    json_raw(&out, "paymentLinkId", STR("\"pl"));
    out_fmt(&out, "%lld\"", (long long)t->id);
    json_c(&out, "code", "00");
    json_c(&out, "desc", "success");
    json_null(&out, "virtualAccountNumber");
    json_object_end(&out);
    json_c(&out, "signature", hex);
    json_object_end(&out);
    must(!out_failed(&out));
}

/* Written with sorted keys and without blanks: the body is the text that is signed. */
static void write_casso(const struct transfer *t, struct str secret, wall_t now,
                        struct bank_notice *notice)
{
    char when[20];
    char head[24];
    uint8_t mac[SHA512_SIZE];
    char hex[2 * SHA512_SIZE + 1];
    struct dx_hmac hmac;
    struct out out;
    when_text(t->booked, when);
    out_init(&out, notice->body, sizeof notice->body);
    json_object(&out, NULL);
    json_object(&out, "data");
    json_c(&out, "accountNumber", t->account);
    json_i64(&out, "amount", t->amount_vnd);
    json_c(&out, "bankName", "VPBank");
    json_c(&out, "description", t->content);
    json_i64(&out, "id", t->id);
    json_c(&out, "reference", t->ref);
    json_i64(&out, "runningBalance", t->balance_vnd);
    json_c(&out, "transactionDateTime", when);
    json_c(&out, "virtualAccountNumber", "");
    json_object_end(&out);
    json_i64(&out, "error", 0);
    json_object_end(&out);
    must(!out_failed(&out));
    if (secret.n) {
        snprintf(head, sizeof head, "%lld.", (long long)now.ms);
        dx_hmac_sha512_init(&hmac, secret);
        dx_hmac_sha512_update(&hmac, str_c(head));
        dx_hmac_sha512_update(&hmac, out_str(&out));
        dx_hmac_sha512_final(&hmac, mac);
        str_hex(hex, mac, sizeof mac);
        snprintf(notice->header[0], BANK_HEADER_CAP, "X-Casso-Signature: t=%lld,v1=%s",
                 (long long)now.ms, hex);
    }
}

static void write_sepay(const struct transfer *t, struct str secret, wall_t now,
                        struct bank_notice *notice)
{
    char signature[BANK_SIGNATURE_CAP];
    int64_t seconds = now.ms / 1000;
    struct out out;
    out_init(&out, notice->body, sizeof notice->body);
    bank_write_body(t, &out);
    must(!out_failed(&out));
    if (secret.n) {
        bank_sign(secret, seconds, out_str(&out), signature);
        snprintf(notice->header[0], BANK_HEADER_CAP, "X-SePay-Timestamp: %lld", (long long)seconds);
        snprintf(notice->header[1], BANK_HEADER_CAP, "X-SePay-Signature: %s", signature);
    }
}

void bank_write_notice(enum bank_provider provider, const struct transfer *transfer,
                       struct str secret, wall_t now, struct bank_notice *notice)
{
    memset(notice, 0, sizeof *notice);
    switch (provider) {
    case BANK_SEPAY:
        write_sepay(transfer, secret, now, notice);
        break;
    case BANK_PAYOS:
        write_payos(transfer, secret, notice);
        break;
    case BANK_CASSO:
        write_casso(transfer, secret, now, notice);
        break;
    case BANK_PROVIDER_COUNT:
        break;
    }
}

/* ---- lists ---- */

static void write_sepay_row(const struct transfer *t, bool v2, struct out *out)
{
    char when[20];
    char text[40];
    when_text(t->booked, when);
    json_object(out, NULL);
    snprintf(text, sizeof text, v2 ? "00000000-0000-4000-8000-%012lld" : "%lld", (long long)t->id);
    json_c(out, "id", text);
    json_c(out, "bank_brand_name", "Vietcombank");
    json_c(out, "account_number", t->account);
    json_c(out, "transaction_date", when);
    if (v2) {
        json_i64(out, "amount_out", 0);
        json_i64(out, "amount_in", t->amount_vnd);
        json_i64(out, "accumulated", t->balance_vnd);
    } else {
        json_c(out, "amount_out", "0.00");
        snprintf(text, sizeof text, "%lld.00", (long long)t->amount_vnd);
        json_c(out, "amount_in", text);
        snprintf(text, sizeof text, "%lld.00", (long long)t->balance_vnd);
        json_c(out, "accumulated", text);
    }
    json_c(out, "transaction_content", t->content);
    json_c(out, "reference_number", t->ref);
    json_c(out, "code", t->code[0] ? t->code : NULL);
    json_null(out, "sub_account");
    json_object_end(out);
}

static void write_casso_row(const struct transfer *t, struct out *out)
{
    char when[20];
    when_text(t->booked, when);
    json_object(out, NULL);
    json_i64(out, "id", t->id);
    json_c(out, "tid", t->ref);
    json_c(out, "description", t->content);
    json_i64(out, "amount", t->amount_vnd);
    json_i64(out, "cusumBalance", t->balance_vnd);
    json_c(out, "when", when);
    json_c(out, "bankSubAccId", t->account);
    json_c(out, "virtualAccount", "");
    json_object_end(out);
}

static bool is_asked(const struct transfer *t, const struct bank_list_ask *ask)
{
    return t->id >= ask->since_id && t->booked.ms >= ask->from.ms &&
           (ask->to.ms == 0 || t->booked.ms < ask->to.ms);
}

static void write_rows(enum bank_list list, const struct bank *bank,
                       const struct bank_list_ask *ask, struct out *out, int *ret_total)
{
    int page = ask->page > 0 ? ask->page : 1;
    int first = (page - 1) * ask->limit;
    int total = 0;
    for (int i = 0; i < bank->count; i++) {
        int at = list == BANK_LIST_CASSO ? i : bank->count - 1 - i;
        if (!is_asked(&bank->transfer[at], ask)) {
            continue;
        }
        if (total >= first && total < first + ask->limit) {
            if (list == BANK_LIST_CASSO) {
                write_casso_row(&bank->transfer[at], out);
            } else {
                write_sepay_row(&bank->transfer[at], list == BANK_LIST_SEPAY_V2, out);
            }
        }
        total++;
    }
    *ret_total = total;
}

int bank_write_page(enum bank_list list, const struct bank *bank, const struct bank_list_ask *ask,
                    struct out *out)
{
    int total = 0;
    int page = ask->page > 0 ? ask->page : 1;
    json_object(out, NULL);
    if (list == BANK_LIST_CASSO) {
        json_i64(out, "error", 0);
        json_c(out, "message", "success");
        json_object(out, "data");
        json_array(out, "records");
    } else {
        json_array(out, list == BANK_LIST_SEPAY_V1 ? "transactions" : "data");
    }
    write_rows(list, bank, ask, out, &total);
    json_array_end(out);
    bool more = total > page * ask->limit;
    if (list == BANK_LIST_CASSO) {
        json_i64(out, "page", page);
        if (more) {
            json_i64(out, "nextPage", page + 1);
        } else {
            json_null(out, "nextPage");
        }
        json_i64(out, "totalPages", (total + ask->limit - 1) / ask->limit);
        json_object_end(out);
    } else if (list == BANK_LIST_SEPAY_V2) {
        json_object(out, "meta");
        json_object(out, "pagination");
        json_i64(out, "page", page);
        json_i64(out, "per_page", ask->limit);
        json_i64(out, "total", total);
        json_bool(out, "has_more", more);
        json_object_end(out);
        json_object_end(out);
    }
    json_object_end(out);
    return out_failed(out) ? DX_E_SPACE : 0;
}

bool bank_loses_notice(const struct transfer *transfer, int per_mille)
{
    struct prng prng;
    prng_init(&prng, (uint64_t)transfer->id);
    return prng_chance(&prng, per_mille);
}
