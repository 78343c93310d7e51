/*
 * identity.h - what a scanned QR code says about a person, and no more than needed.
 *
 * The code of a citizen card (CCCD since 2021, "thẻ căn cước" since July 2024) is plain
 * text in parts kept apart by '|':
 *     number | old number | name | birth ddmmyyyy | Nam or Nữ | address | issued ddmmyyyy
 * and on the newer card up to four more (cancelled number, parents), usually empty:
 * 7 to 11 parts.  It has no signature and no check digit: it identifies, it does not
 * authenticate, and a photo of it works for ever.
 *
 * What leaves this module is a pseudonym, HMAC-SHA256(key, number) cut to 128 bits, and
 * the last four digits.  Name, birth, sex, address, parents and the raw text are looked at
 * in a space of the call that is wiped before it returns; the caller wipes his own buffer
 * with dx_wipe().  Personal data: Law 91/2025/QH15 and Decree 356/2025.
 *
 * Told apart:
 *     IDENTITY_CARD      a card that is well formed; `warnings` holds what does not add up
 *     IDENTITY_PAYMENT   an EMV payment code (VietQR and others; begins with 000201)
 *     IDENTITY_OPAQUE    one token of base64, base64url, hex or dots, 24 bytes or more: may be a
 *                        VNeID code, valid one minute, for the verifier only; never parsed or kept
 *     IDENTITY_REJECT    anything else; `why` and `where` say why, without personal data
 * An unreadable identity never keeps a vehicle in: that is the caller's rule.
 *
 * Scanners damage what they deliver; the number and the dates are ASCII and survive.
 * What was found and undone is in `faults`: see IDENTITY_FAULTS.  Two codes in one text
 * (a scanner without terminator) give the first card with IDENTITY_FAULT_GLUED;
 * proto/scan_frame.h cuts a stream before it comes here.
 *
 * Checks (Circular 59/2021/TT-BCA Art. 4): 12 digits = province 3, century and sex 1, year 2,
 * random 6.  Malformed (number, dates, parts) is rejected; what does not add up is a
 * warning, because people are born abroad and have sex or year corrected, and the
 * provinces were merged in 2025.
 */
#ifndef DOXE_IDENTITY_H
#define DOXE_IDENTITY_H

#include "proto/base/time.h"

#define IDENTITY_RESULTS(X) \
    X(REJECT, "reject")     \
    X(CARD, "card")         \
    X(PAYMENT, "payment")   \
    X(OPAQUE, "opaque")

enum identity_result {
#define X(name, text) IDENTITY_##name,
    IDENTITY_RESULTS(X)
#undef X
        IDENTITY_RESULT_COUNT
};

#define IDENTITY_WARNINGS(X)                                                                  \
    X(CENTURY_SEX_MISMATCH, "century_sex_mismatch", "digit 4 says another century or sex")    \
    X(BIRTH_YEAR_MISMATCH, "birth_year_mismatch", "digits 5 and 6 are not the year of birth") \
    X(UNKNOWN_PROVINCE, "unknown_province", "digits 1 to 3 are no province, maybe a country") \
    X(ISSUED_BEFORE_BIRTH, "issued_before_birth", "the card is older than its holder")        \
    X(ISSUED_IN_FUTURE, "issued_in_future", "the card is issued after today")                 \
    X(SEX_UNREADABLE, "sex_unreadable", "the sex is neither Nam nor Nữ, nor damaged from it") \
    X(OLD_NUMBER_FORM, "old_number_form", "the old number has neither 9 nor 12 digits")

enum identity_warning_bit {
#define X(name, text, sentence) IDENTITY_WARN_BIT_##name,
    IDENTITY_WARNINGS(X)
#undef X
        IDENTITY_WARN_BIT_COUNT
};
enum identity_warning {
#define X(name, text, sentence) IDENTITY_WARN_##name = 1 << IDENTITY_WARN_BIT_##name,
    IDENTITY_WARNINGS(X)
#undef X
};

/* What a scanner did to the text; none of them makes a card doubtful. */
#define IDENTITY_FAULTS(X)                                                           \
    X(BOM, "bom", "began with a byte order mark")                                    \
    X(AIM_PREFIX, "aim_prefix", "began with a symbology identifier such as ]Q1")     \
    X(CONTROL_BYTES, "control_bytes", "NUL, STX, ETX or other control bytes")        \
    X(HEX_DUMP, "hex_dump", "each byte as two hex digits")                           \
    X(PERCENT_ENCODED, "percent_encoded", "bytes as %XX")                            \
    X(HTML_ENTITIES, "html_entities", "letters as &#7885;")                          \
    X(DECIMAL_BYTES, "decimal_bytes", "bytes above 127 as four decimal digits")      \
    X(MOJIBAKE, "mojibake", "UTF-8 read as Windows-1252 or Latin-1")                 \
    X(WRONG_CHARSET, "wrong_charset", "UTF-8 read as Big5 or Shift-JIS")             \
    X(NOT_UTF8, "not_utf8", "not valid UTF-8")                                       \
    X(NFD, "nfd", "accents as marks of their own")                                   \
    X(LOSSY, "lossy", "letters were dropped or replaced by '?'")                     \
    X(PIPES_LOST, "pipes_lost", "the '|' are gone or replaced; read by the pattern") \
    X(GLUED, "glued", "another code in the same text")                               \
    X(SPLIT, "split", "line ends inside the code")

enum identity_fault_bit {
#define X(name, text, sentence) IDENTITY_FAULT_BIT_##name,
    IDENTITY_FAULTS(X)
#undef X
        IDENTITY_FAULT_BIT_COUNT
};
enum identity_fault {
#define X(name, text, sentence) IDENTITY_FAULT_##name = 1 << IDENTITY_FAULT_BIT_##name,
    IDENTITY_FAULTS(X)
#undef X
};

enum {
    IDENTITY_TEXT_MAX = 1024, /* bytes; a longer text is rejected */
    IDENTITY_PARTS_MIN = 7,
    IDENTITY_PARTS_MAX = 11,
    IDENTITY_NUMBER_SIZE = 12,
    IDENTITY_NUMBER_CAP = IDENTITY_NUMBER_SIZE + 1,
    IDENTITY_PSEUDONYM_CAP = 33,
    IDENTITY_KEY_MIN = 16 /* bytes; with less the million million numbers could be tried */
};

/* May be stored, logged and sent: no personal data but the last four digits. */
struct identity {
    enum identity_result result;
    int parts;                              /* of a card; of a reject with '|' what was counted */
    unsigned warnings;                      /* IDENTITY_WARN_…; of a card */
    unsigned faults;                        /* IDENTITY_FAULT_… */
    char pseudonym[IDENTITY_PSEUDONYM_CAP]; /* 32 hex digits; of a card, and only with a key */
    char last4[5];                          /* of a card */
    const char *why;                        /* of a reject: a static sentence; else NULL */
    const char *where;                      /* "text", "parts", "number", "birth date", … */
};

/*
 * Judge one scanned text.  `now` is for the date of issue only.  `hmac_key` has at least
 * IDENTITY_KEY_MIN bytes, or none: then there is no pseudonym.  0 whatever the result, a
 * reject included; DX_E_INVAL for a key that is too short.
 */
DX_MUST_USE int identity_read(struct str bytes, struct str hmac_key, wall_t now,
                              struct identity *ret_identity);

/*
 * THE WHOLE NUMBER, in clear.  For `doxe identity --reveal` and nothing else: no daemon calls
 * it.  DX_E_FORMAT when the text is no card.  The caller wipes ret_number.
 */
DX_MUST_USE int identity_reveal_whole_number(struct str bytes, wall_t now,
                                             char ret_number[IDENTITY_NUMBER_CAP]);

const char *identity_result_text(enum identity_result result);
const char *identity_warning_text(enum identity_warning_bit bit);
const char *identity_fault_text(enum identity_fault_bit bit);

#endif
