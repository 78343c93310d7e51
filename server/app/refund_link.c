#include "server/app/refund_link.h"

#include "proto/base/check.h"
#include "proto/crypto/crypto.h"

enum { MAC_HEX = 32 };

static void mac_of(const uint8_t key[APP_CASE_KEY], const char *refund, int64_t link, int64_t until,
                   char out[MAC_HEX + 1])
{
    char text[128];
    uint8_t mac[SHA256_SIZE];
    snprintf(text, sizeof text, "doxe refund link %s %lld %lld", refund, (long long)link,
             (long long)until);
    dx_hmac_sha256(mac, (struct str){(const char *)key, APP_CASE_KEY}, str_c(text));
    str_hex(out, mac, MAC_HEX / 2);
}

void refund_link_write(const uint8_t key[APP_CASE_KEY], const char *refund, int64_t link,
                       wall_t until, char out[APP_LINK_CAP])
{
    char mac[MAC_HEX + 1];
    int64_t second = until.ms / 1000;
    mac_of(key, refund, link, second, mac);
    int n = snprintf(out, APP_LINK_CAP, "%s-%llx-%s", refund, (unsigned long long)second, mac);
    must(n > 0 && n < APP_LINK_CAP);
}

static int read_hex(struct str text, int64_t *ret_value)
{
    int64_t value = 0;
    if (text.n == 0 || text.n > 11) {
        return DX_E_FORMAT;
    }
    for (size_t i = 0; i < text.n; i++) {
        char c = text.p[i];
        int digit = ascii_is_digit(c) ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
        if (digit < 0) {
            return DX_E_FORMAT;
        }
        value = value * 16 + digit;
    }
    *ret_value = value;
    return 0;
}

int refund_link_parse(struct str text, char ret_refund[ULID_CAP], wall_t *ret_until)
{
    size_t dash = str_index(text, '-');
    struct str id = str_slice(text, 0, dash);
    struct str rest = str_slice(text, dash + 1, text.n);
    size_t second_dash = str_index(rest, '-');
    struct str mac = str_slice(rest, second_dash + 1, rest.n);
    int64_t second = 0;
    if (!ulid_is_valid(id) || mac.n != MAC_HEX ||
        read_hex(str_slice(rest, 0, second_dash), &second) != 0) {
        return DX_E_FORMAT;
    }
    ret_until->ms = second * 1000;
    return str_copy(ret_refund, ULID_CAP, id);
}

int refund_link_check(const uint8_t key[APP_CASE_KEY], struct str text, int64_t link, wall_t now)
{
    char refund[ULID_CAP];
    char wanted[APP_LINK_CAP];
    wall_t until;
    int error = refund_link_parse(text, refund, &until);
    if (error) {
        return error;
    }
    refund_link_write(key, refund, link, until, wanted);
    if (!str_eq_constant_time(text, str_c(wanted))) {
        return DX_E_CHECK;
    }
    return wall_diff(now, until) > 0 ? DX_E_STALE : 0;
}

/* ---- the account ---- */

static bool is_name_character(char c)
{
    return (c >= 'A' && c <= 'Z') || ascii_is_digit(c) || c == ' ' || c == '.' || c == '-';
}

bool refund_account_is_plausible(const char *bin, const char *account, const char *holder)
{
    size_t n = strlen(account);
    size_t m = strlen(holder);
    int64_t number = 0;
    bool good = n >= 6 && n < APP_ACCOUNT_CAP && m >= 2 && m < APP_HOLDER_CAP && strlen(bin) == 6 &&
                str_parse_i64(str_c(bin), 0, 999999, &number) == 0 && holder[0] >= 'A' &&
                holder[0] <= 'Z';
    for (size_t i = 0; i < n && good; i++) {
        good = ascii_is_digit(account[i]) || ascii_is_alpha(account[i]);
    }
    for (size_t i = 0; i < m && good; i++) {
        good = is_name_character(holder[i]);
    }
    return good;
}

static void seal_key(const uint8_t key[APP_CASE_KEY], uint8_t out[DX_SEAL_KEY])
{
    dx_hmac_sha256(out, (struct str){(const char *)key, APP_CASE_KEY},
                   STR("doxe refund account seal"));
}

void refund_account_seal(const uint8_t key[APP_CASE_KEY], const uint8_t nonce[REFUND_NONCE],
                         const char *account, const char *holder, uint8_t *out, size_t *ret_n)
{
    char plain[REFUND_PLAIN_MAX + 2];
    uint8_t own[DX_SEAL_KEY];
    seal_key(key, own);
    int n = snprintf(plain, sizeof plain, "%s\n%s", account, holder);
    must(n > 0 && (size_t)n < sizeof plain);
    *ret_n = dx_seal(out, own, nonce, (struct str){plain, (size_t)n});
    dx_wipe(own, sizeof own);
    dx_wipe(plain, sizeof plain);
}

int refund_account_open(const uint8_t key[APP_CASE_KEY], struct str sealed,
                        char ret_account[APP_ACCOUNT_CAP], char ret_holder[APP_HOLDER_CAP])
{
    char plain[REFUND_PLAIN_MAX + 2];
    uint8_t own[DX_SEAL_KEY];
    size_t n = 0;
    if (sealed.n < DX_SEAL_EXTRA || sealed.n - DX_SEAL_EXTRA >= sizeof plain) {
        return DX_E_CHECK;
    }
    seal_key(key, own);
    int error = dx_unseal(own, sealed, plain, &n);
    dx_wipe(own, sizeof own);
    if (!error) {
        struct str text = {plain, n};
        size_t line = str_index(text, '\n');
        if (str_copy(ret_account, APP_ACCOUNT_CAP, str_slice(text, 0, line)) != 0 ||
            str_copy(ret_holder, APP_HOLDER_CAP, str_slice(text, line + 1, n)) != 0) {
            error = DX_E_CHECK;
        }
    }
    dx_wipe(plain, sizeof plain);
    return error;
}
