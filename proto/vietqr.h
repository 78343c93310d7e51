/*
 * vietqr.h - the text inside a VietQR code: read it strictly, build it exactly.
 *
 * A VietQR payload is the EMVCo merchant-presented QR text that banking apps in
 * Vietnam read to fill in a transfer: payee, amount, content.  The rules here
 * are those of NAPAS, "VietQR format in the NAPAS247 fast-transfer service",
 * version 1.0 (September 2021); the numbers below are its tags.
 *
 * Objects are ID (2 digits), LENGTH (2 digits, 01..99, characters), VALUE:
 *
 *     00 format "01", first             01 "11" static (many payments) | "12" dynamic (one)
 *     38 payee: 00 "A000000727", 01 { 00 BIN (6 digits), 01 account (1..19) }, 02 service
 *     53 currency "704"                 54 amount, 1..13 characters, digits, not zero
 *     58 country "VN"                   59 merchant's name (1..25)   60 city (1..15)
 *     62 { 01 bill, 05 reference, 08 purpose: 1..25 each }           63 CRC, last
 *
 * Strict means: no object twice, nothing left over in a template, nothing behind
 * the CRC, every length and character set checked.  NAPAS' own section 6.1.1
 * prints a sample whose inner length leaves one digit over; common readers take
 * it and pay a wrong account.  It is refused here.
 *
 * A reader must live with what others add, so objects may come in any order
 * (00 and 63 excepted), unknown ones are stepped over, the CRC may be in lower case
 * and the amount may be written "50000." or "50000.00" (but not "50.000": fifty, or
 * thousands?).  Only 64 to 99 (other language, other schemes) may leave ASCII; their
 * length counts Unicode characters.
 *
 * Not here: pictures (proto/io/qr.h), bank names (proto/banks.h), the payment code
 * that goes into `purpose` (proto/paycode.h), VNPAY's tag 26.
 */
#ifndef DOXE_VIETQR_H
#define DOXE_VIETQR_H

#include "proto/base/str.h"

enum {
    VIETQR_PAYLOAD_CAP = 512, /* EMVCo's limit for the text; ours, with NUL, stay below 340 */
    VIETQR_ACCOUNT_MAX = 19,
    VIETQR_TEXT_MAX = 25, /* bill, reference, purpose, merchant's name */
    VIETQR_CITY_MAX = 15,
};
/* 13 digits, the length of tag 54. */
#define VIETQR_AMOUNT_MAX INT64_C(9999999999999)

/* 38.02 */
#define VIETQR_TO_ACCOUNT "QRIBFTTA"
#define VIETQR_TO_CARD    "QRIBFTTC"
#define VIETQR_PUSH       "QRPUSH" /* merchant payment through an acquirer */

/* Texts that are absent are "". */
struct vietqr {
    bool dynamic;       /* 12: one payment; false 11: many */
    char bin[7];        /* bank, 6 digits */
    char account[20];   /* account or card number; letters occur (virtual accounts) */
    char service[9];    /* one of the three above */
    int64_t amount_vnd; /* 0: none, the payer types it */
    char bill[26];      /* 62.01 */
    char reference[26]; /* 62.05 */
    char purpose[26];   /* 62.08: what the app puts into the transfer; "***" asks the payer */
    char merchant_name[26];
    char merchant_city[16];
};

/*
 * Read a payload.  DX_E_CHECK: the CRC does not match; DX_E_FORMAT: anything else.
 * On failure *ret_why is a sentence that starts with the tag and *ret_where the
 * byte it is about; either may be NULL.  Time is proportional to the length, and
 * nothing outside `payload` is read.
 */
DX_MUST_USE int vietqr_parse(struct str payload, struct vietqr *ret, const char **ret_why,
                             size_t *ret_where);

/*
 * Write the payload and a NUL, objects in ascending order, upper-case CRC.
 *
 * Narrower than what is read, because banking apps choke on the rest: account
 * letters and digits; bill, reference and purpose letters, digits, blank and "-._"
 * (so "***" and accents are refused); name and city printable ASCII.  An empty
 * `service` means VIETQR_TO_ACCOUNT.
 * For a purpose stay with capitals, digits and blanks where you can: banks strip
 * punctuation on the way, and only 62.08 is known to reach the transfer's content.
 *
 * DX_E_FORMAT: a text has other characters, is too long, or bin is not 6 digits;
 * DX_E_RANGE: the amount is not in 0..VIETQR_AMOUNT_MAX; DX_E_SPACE.
 */
DX_MUST_USE int vietqr_build(const struct vietqr *qr, char *out, size_t cap);

/* The member that vietqr_build refuses first ("bin", "account", …), or NULL when it takes all. */
const char *vietqr_find_bad_member(const struct vietqr *qr);

#endif
