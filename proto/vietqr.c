#include "proto/vietqr.h"

#include "proto/base/check.h"
#include "proto/base/crc16.h"
#include "proto/base/out.h"

#include <string.h>

/* NAPAS' application identifier, 38.00. */
#define NAPAS_GUID STR("A000000727")

enum { IDS = 100 };

/* The objects of one level by ID; .p is NULL where there is none. */
struct level {
    struct str value[IDS];
};

struct reader {
    struct str payload;
    const char *why;
    size_t where;
};

/* Remember why and where, and say no. */
static int refuse(struct reader *reader, const char *at, const char *why)
{
    reader->why = why;
    reader->where = (size_t)(at - reader->payload.p);
    return DX_E_FORMAT;
}

/* ---- characters ---- */

static bool is_digits(struct str text)
{
    for (size_t i = 0; i < text.n; i++) {
        if (!ascii_is_digit(text.p[i])) {
            return false;
        }
    }
    return true;
}

/* EMVCo's "ans": the printable ASCII characters, blank included. */
static bool is_ans(struct str text)
{
    for (size_t i = 0; i < text.n; i++) {
        if (text.p[i] < 0x20 || text.p[i] > 0x7E) {
            return false;
        }
    }
    return true;
}

static bool is_visible(struct str text)
{
    return is_ans(text) && str_index(text, ' ') == text.n;
}

/* Bytes of the first `count` characters of valid UTF-8; more than text.n when there are fewer. */
static size_t bytes_of_characters(struct str text, int count)
{
    size_t at = 0;
    for (; count > 0; count--) {
        if (at >= text.n) {
            return text.n + 1;
        }
        at++;
        while (at < text.n && ((unsigned char)text.p[at] & 0xC0) == 0x80) {
            at++;
        }
    }
    return at;
}

/* ---- objects ---- */

/* Cut one level into its objects. */
static int split(struct reader *reader, struct str text, struct level *ret)
{
    *ret = (struct level){0};
    while (text.n) {
        const char *at = text.p;
        if (text.n < 4 || !is_digits(str_slice(text, 0, 4))) {
            return refuse(reader, at,
                          "an object does not start with two digits of ID and two of "
                          "length");
        }
        int id = (at[0] - '0') * 10 + (at[1] - '0');
        int length = (at[2] - '0') * 10 + (at[3] - '0');
        text = str_slice(text, 4, text.n);
        size_t bytes = bytes_of_characters(text, length);
        if (length == 0) {
            return refuse(reader, at, "an object has length 00");
        }
        if (bytes > text.n) {
            return refuse(reader, at, "an object is longer than what is left");
        }
        if (ret->value[id].p) {
            return refuse(reader, at, "an object occurs twice");
        }
        ret->value[id] = str_slice(text, 0, bytes);
        text = str_slice(text, bytes, text.n);
    }
    return 0;
}

/* 63 is the last object, four hex digits, and matches. */
static int check_crc(struct reader *reader, struct str crc)
{
    struct str all = reader->payload;
    uint8_t given[2];
    if (!crc.p || crc.p + crc.n != all.p + all.n) {
        return refuse(reader, crc.p ? crc.p + crc.n : all.p + all.n, "63: the CRC is not last");
    }
    if (str_unhex(crc, given, sizeof given)) {
        return refuse(reader, crc.p, "63: the CRC is not four hexadecimal digits");
    }
    uint16_t computed = crc16_ccitt_false(str_slice(all, 0, (size_t)(crc.p - all.p)));
    if (computed != (uint16_t)(given[0] << 8 | given[1])) {
        refuse(reader, crc.p, "63: the CRC does not match");
        return DX_E_CHECK;
    }
    return 0;
}

/* ---- fields ---- */

struct text_rule {
    int id;
    size_t max;
    const char *why;
};

/* Copy an optional text.  `cap` is the rule's max and a NUL. */
static int read_text(struct reader *reader, const struct level *level, struct text_rule rule,
                     char *ret, size_t cap)
{
    struct str value = level->value[rule.id];
    if (!value.p) {
        return 0;
    }
    if (value.n > rule.max || !is_ans(value)) {
        return refuse(reader, value.p, rule.why);
    }
    must(str_copy(ret, cap, value) == 0);
    return 0;
}

/*
 * Digits with at most one '.', at most 13 characters, not zero.  The đồng has no hundredths, so
 * behind the point only zeros pass ("50000.", "50000.00"), and two at most: whoever writes
 * "50.000" in Vietnam means fifty thousand, and thousands are not grouped here.
 */
static bool read_amount(struct str text, int64_t *ret_vnd)
{
    size_t point = str_index(text, '.');
    struct str whole = str_slice(text, 0, point);
    struct str rest = str_slice(text, point + 1, text.n);
    for (size_t i = 0; i < rest.n; i++) {
        if (rest.p[i] != '0') {
            return false;
        }
    }
    return text.n <= 13 && rest.n <= 2 && is_digits(whole) &&
           str_parse_i64(whole, 1, VIETQR_AMOUNT_MAX, ret_vnd) == 0;
}

static int read_payee(struct reader *reader, struct str text, struct vietqr *qr)
{
    struct level level;
    struct level payee;
    int rc = split(reader, text, &level);
    if (rc) {
        return rc;
    }
    if (!str_eq(level.value[0], NAPAS_GUID)) {
        return refuse(reader, text.p, "38.00: not the NAPAS identifier A000000727");
    }
    struct str service = level.value[2];
    if (!str_eq_c(service, VIETQR_TO_ACCOUNT) && !str_eq_c(service, VIETQR_TO_CARD) &&
        !str_eq_c(service, VIETQR_PUSH)) {
        return refuse(reader, service.p ? service.p : text.p,
                      "38.02: the service is none of QRIBFTTA, QRIBFTTC, QRPUSH");
    }
    if (!level.value[1].p) {
        return refuse(reader, text.p, "38.01: there is no payee");
    }
    rc = split(reader, level.value[1], &payee);
    if (rc) {
        return rc;
    }
    struct str bin = payee.value[0];
    struct str account = payee.value[1];
    if (bin.n != 6 || !is_digits(bin)) {
        return refuse(reader, bin.p ? bin.p : text.p, "38.01.00: the bank is not six digits");
    }
    if (account.n < 1 || account.n > VIETQR_ACCOUNT_MAX || !is_visible(account)) {
        return refuse(reader, account.p ? account.p : text.p,
                      "38.01.01: the account is not 1 to 19 printable characters");
    }
    must(str_copy(qr->service, sizeof qr->service, service) == 0);
    must(str_copy(qr->bin, sizeof qr->bin, bin) == 0);
    must(str_copy(qr->account, sizeof qr->account, account) == 0);
    return 0;
}

/* 62.09: which data the payer is asked for. */
static bool is_data_request(struct str text)
{
    for (size_t i = 0; i < text.n; i++) {
        if (text.p[i] != 'A' && text.p[i] != 'M' && text.p[i] != 'E') {
            return false;
        }
    }
    return text.n <= 3;
}

static int read_additional(struct reader *reader, struct str text, struct vietqr *qr)
{
    struct level level;
    int rc = split(reader, text, &level);
    if (rc) {
        return rc;
    }
    for (int id = 1; id <= 8; id++) {
        struct str value = level.value[id];
        if (value.n > VIETQR_TEXT_MAX || !is_ans(value)) {
            return refuse(reader, value.p,
                          "62: one of 01 to 08 is not 1 to 25 printable ASCII characters");
        }
    }
    if (!is_data_request(level.value[9])) {
        return refuse(reader, level.value[9].p, "62.09: not some of A, M and E");
    }
    const struct text_rule bill = {1, VIETQR_TEXT_MAX, "62.01"};
    const struct text_rule reference = {5, VIETQR_TEXT_MAX, "62.05"};
    const struct text_rule purpose = {8, VIETQR_TEXT_MAX, "62.08"};
    must(read_text(reader, &level, bill, qr->bill, sizeof qr->bill) == 0);
    must(read_text(reader, &level, reference, qr->reference, sizeof qr->reference) == 0);
    must(read_text(reader, &level, purpose, qr->purpose, sizeof qr->purpose) == 0);
    return 0;
}

/* Objects of the root whose content we do not keep still have a form. */
static int check_unkept(struct reader *reader, const struct level *root)
{
    struct str category = root->value[52];
    struct str tip = root->value[55];
    struct str percent = root->value[57];
    struct str postal = root->value[61];
    int64_t unused = 0;
    if (category.p && (category.n != 4 || !is_digits(category))) {
        return refuse(reader, category.p, "52: the merchant category is not four digits");
    }
    if (tip.p && (tip.n != 2 || tip.p[0] != '0' || tip.p[1] < '1' || tip.p[1] > '3')) {
        return refuse(reader, tip.p, "55: not 01, 02 or 03");
    }
    if (root->value[56].p && !read_amount(root->value[56], &unused)) {
        return refuse(reader, root->value[56].p, "56: not an amount");
    }
    size_t point = str_index(percent, '.');
    if (percent.p && (percent.n > 5 || point == 0 || !is_digits(str_slice(percent, 0, point)) ||
                      !is_digits(str_slice(percent, point + 1, percent.n)))) {
        return refuse(reader, percent.p, "57: not a percentage");
    }
    if (postal.p && (postal.n > 10 || !is_ans(postal))) {
        return refuse(reader, postal.p, "61: not 1 to 10 printable ASCII characters");
    }
    for (int id = 2; id <= 63; id++) {
        if (!is_ans(root->value[id])) {
            return refuse(reader, root->value[id].p, "a character is not printable ASCII");
        }
    }
    return 0;
}

static int read_root(struct reader *reader, const struct level *root, struct vietqr *qr)
{
    struct str method = root->value[1];
    struct str amount = root->value[54];
    const char *end = reader->payload.p + reader->payload.n;
    if (!str_eq_c(method, "11") && !str_eq_c(method, "12")) {
        return refuse(reader, method.p ? method.p : end, "01: neither 11 nor 12");
    }
    qr->dynamic = method.p[1] == '2';
    if (!root->value[38].p) {
        return refuse(reader, end, "38: there is no payee");
    }
    int rc = read_payee(reader, root->value[38], qr);
    if (rc) {
        return rc;
    }
    if (!str_eq_c(root->value[53], "704")) {
        return refuse(reader, root->value[53].p ? root->value[53].p : end,
                      "53: the currency is not 704 (VND)");
    }
    if (amount.p && !read_amount(amount, &qr->amount_vnd)) {
        return refuse(reader, amount.p, "54: the amount is not 1 to 13 digits above zero");
    }
    if (!str_eq_c(root->value[58], "VN")) {
        return refuse(reader, root->value[58].p ? root->value[58].p : end,
                      "58: the country is not VN");
    }
    const struct text_rule name = {59, VIETQR_TEXT_MAX,
                                   "59: the name is not 1 to 25 printable ASCII characters"};
    const struct text_rule city = {60, VIETQR_CITY_MAX,
                                   "60: the city is not 1 to 15 printable ASCII characters"};
    rc = read_text(reader, root, name, qr->merchant_name, sizeof qr->merchant_name);
    if (rc == 0) {
        rc = read_text(reader, root, city, qr->merchant_city, sizeof qr->merchant_city);
    }
    if (rc == 0 && root->value[62].p) {
        rc = read_additional(reader, root->value[62], qr);
    }
    return rc ? rc : check_unkept(reader, root);
}

static int parse(struct reader *reader, struct vietqr *ret)
{
    struct level root;
    struct str payload = reader->payload;
    if (payload.n == 0 || payload.n > VIETQR_PAYLOAD_CAP) {
        return refuse(reader, payload.p, "the text is not 1 to 512 bytes long");
    }
    if (!str_is_utf8(payload)) {
        return refuse(reader, payload.p, "the text is not valid UTF-8");
    }
    int rc = split(reader, payload, &root);
    if (rc == 0) {
        rc = check_crc(reader, root.value[63]);
    }
    if (rc) {
        return rc;
    }
    if (root.value[0].p != payload.p + 4 || !str_eq_c(root.value[0], "01")) {
        return refuse(reader, payload.p, "00: the text does not start with 000201");
    }
    struct vietqr qr = {0};
    rc = read_root(reader, &root, &qr);
    if (rc == 0) {
        *ret = qr;
    }
    return rc;
}

int vietqr_parse(struct str payload, struct vietqr *ret, const char **ret_why, size_t *ret_where)
{
    struct reader reader = {payload, NULL, 0};
    int rc = parse(&reader, ret);
    if (rc && ret_why) {
        *ret_why = reader.why;
    }
    if (rc && ret_where) {
        *ret_where = reader.where;
    }
    return rc;
}

/* ---- building ---- */

static bool is_account(struct str text)
{
    for (size_t i = 0; i < text.n; i++) {
        if (!ascii_is_digit(text.p[i]) && !ascii_is_alpha(text.p[i])) {
            return false;
        }
    }
    return text.n >= 1 && text.n <= VIETQR_ACCOUNT_MAX;
}

static bool is_content(struct str text)
{
    for (size_t i = 0; i < text.n; i++) {
        char c = text.p[i];
        if (!ascii_is_digit(c) && !ascii_is_alpha(c) && !strchr(" -._", c)) {
            return false;
        }
    }
    return text.n <= VIETQR_TEXT_MAX;
}

static bool is_service(const char *service)
{
    struct str text = str_c(service);
    return text.n == 0 || str_eq_c(text, VIETQR_TO_ACCOUNT) || str_eq_c(text, VIETQR_TO_CARD) ||
           str_eq_c(text, VIETQR_PUSH);
}

const char *vietqr_find_bad_member(const struct vietqr *qr)
{
    struct str bin = str_c(qr->bin);
    struct str name = str_c(qr->merchant_name);
    struct str city = str_c(qr->merchant_city);
    if (bin.n != 6 || !is_digits(bin)) {
        return "bin";
    }
    if (!is_account(str_c(qr->account))) {
        return "account";
    }
    if (!is_service(qr->service)) {
        return "service";
    }
    if (qr->amount_vnd < 0 || qr->amount_vnd > VIETQR_AMOUNT_MAX) {
        return "amount";
    }
    if (!is_content(str_c(qr->bill))) {
        return "bill";
    }
    if (!is_content(str_c(qr->reference))) {
        return "reference";
    }
    if (!is_content(str_c(qr->purpose))) {
        return "purpose";
    }
    if (name.n > VIETQR_TEXT_MAX || !is_ans(name)) {
        return "merchant_name";
    }
    return city.n > VIETQR_CITY_MAX || !is_ans(city) ? "merchant_city" : NULL;
}

/* One object; nothing for an empty value. */
static void put(struct out *out, int id, struct str value)
{
    if (value.n) {
        must(value.n <= 99);
        out_fmt(out, "%02d%02d", id, (int)value.n);
        out_add(out, value);
    }
}

static void put_payee(struct out *out, const struct vietqr *qr)
{
    char inner_space[64];
    char space[100];
    struct out inner;
    struct out payee;
    out_init(&inner, inner_space, sizeof inner_space);
    put(&inner, 0, str_c(qr->bin));
    put(&inner, 1, str_c(qr->account));
    out_init(&payee, space, sizeof space);
    put(&payee, 0, NAPAS_GUID);
    put(&payee, 1, out_str(&inner));
    put(&payee, 2, str_c(qr->service[0] ? qr->service : VIETQR_TO_ACCOUNT));
    must(!out_failed(&inner) && !out_failed(&payee));
    put(out, 38, out_str(&payee));
}

static void put_additional(struct out *out, const struct vietqr *qr)
{
    char space[100];
    struct out additional;
    out_init(&additional, space, sizeof space);
    put(&additional, 1, str_c(qr->bill));
    put(&additional, 5, str_c(qr->reference));
    put(&additional, 8, str_c(qr->purpose));
    must(!out_failed(&additional));
    put(out, 62, out_str(&additional));
}

int vietqr_build(const struct vietqr *qr, char *out, size_t cap)
{
    const char *bad = vietqr_find_bad_member(qr);
    if (bad) {
        return strcmp(bad, "amount") == 0 ? DX_E_RANGE : DX_E_FORMAT;
    }
    char space[VIETQR_PAYLOAD_CAP];
    char digits[24];
    struct out payload;
    struct out amount;
    out_init(&amount, digits, sizeof digits);
    if (qr->amount_vnd) {
        out_i64(&amount, qr->amount_vnd);
    }
    out_init(&payload, space, sizeof space);
    put(&payload, 0, STR("01"));
    put(&payload, 1, qr->dynamic ? STR("12") : STR("11"));
    put_payee(&payload, qr);
    put(&payload, 53, STR("704"));
    put(&payload, 54, out_str(&amount));
    put(&payload, 58, STR("VN"));
    put(&payload, 59, str_c(qr->merchant_name));
    put(&payload, 60, str_c(qr->merchant_city));
    put_additional(&payload, qr);
    out_add_c(&payload, "6304");
    out_fmt(&payload, "%04X", crc16_ccitt_false(out_str(&payload)));
    must(!out_failed(&payload));
    return str_copy(out, cap, out_str(&payload));
}
