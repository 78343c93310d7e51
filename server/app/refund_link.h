/*
 * refund_link.h - the driver's link to a refund case, and the sealing of the account given there.
 *
 * The link is <refund>-<until, seconds in hex>-<32 hex digits of a keyed digest>.  The
 * digest also covers how often the case's account has been given, so a link ends with its
 * use, and with every newer link of staff.  The account is sealed with a key of its own
 * (XSalsa20-Poly1305, libsodium), so that a copy of the database shows none.
 *
 * Both keys are made of the configuration's payment.case_key_file.
 */
#ifndef DOXE_SERVER_REFUND_LINK_H
#define DOXE_SERVER_REFUND_LINK_H

#include "server/app/cases.h"

void refund_link_write(const uint8_t key[APP_CASE_KEY], const char *refund, int64_t link,
                       wall_t until, char out[APP_LINK_CAP]);
/* Which case it says it is of.  DX_E_FORMAT. */
DX_MUST_USE int refund_link_parse(struct str text, char ret_refund[ULID_CAP], wall_t *ret_until);
/* DX_E_CHECK: not ours, or used; DX_E_STALE: too old. */
DX_MUST_USE int refund_link_check(const uint8_t key[APP_CASE_KEY], struct str text, int64_t link,
                                  wall_t now);

enum { REFUND_NONCE = 24, REFUND_PLAIN_MAX = APP_ACCOUNT_CAP + APP_HOLDER_CAP };
/* 6 to 19 letters and digits; 2 to 60 plain capitals, digits, blanks, '.', '-'. */
bool refund_account_is_plausible(const char *bin, const char *account, const char *holder);
/* *ret_n bytes into `out` of REFUND_SEALED_MAX; `nonce` must be random. */
void refund_account_seal(const uint8_t key[APP_CASE_KEY], const uint8_t nonce[REFUND_NONCE],
                         const char *account, const char *holder, uint8_t *out, size_t *ret_n);
/* DX_E_CHECK: another key, or damaged. */
DX_MUST_USE int refund_account_open(const uint8_t key[APP_CASE_KEY], struct str sealed,
                                    char ret_account[APP_ACCOUNT_CAP],
                                    char ret_holder[APP_HOLDER_CAP]);

#endif
