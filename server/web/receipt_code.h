/*
 * receipt_code.h - the code on a receipt by which anybody can ask whether it is genuine.
 *
 * "DX7K3M9Q2X-4F7QK2MD": the stay's payment code, and 40 bits of HMAC-SHA256 over the stay's
 * id, keyed by its secret token (the address of the driver's page).  Who does not hold a
 * receipt cannot make one that is confirmed, and the confirmation shows the true amount, so
 * that a changed print is seen.  Letters are Crockford's 32, without I, L, O, U.
 */
#ifndef DOXE_SERVER_RECEIPT_CODE_H
#define DOXE_SERVER_RECEIPT_CODE_H

#include "proto/msg.h"

enum { RECEIPT_MARK_CAP = 9, RECEIPT_CODE_CAP = PAYCODE_CAP + RECEIPT_MARK_CAP };

/* The whole code; `out` has RECEIPT_CODE_CAP bytes. */
void receipt_code_make(const char *paycode, const char *session, const char *token, char *out);
/*
 * What a person typed: any case, blanks and dashes anywhere, O for 0, I and L for 1.
 * ret_paycode has PAYCODE_CAP bytes, ret_mark RECEIPT_MARK_CAP.  DX_E_FORMAT.
 */
DX_MUST_USE int receipt_code_split(struct str text, char *ret_paycode, char *ret_mark);
/* Compares without telling time. */
bool receipt_code_is_right(const char *mark, const char *session, const char *token);

#endif
