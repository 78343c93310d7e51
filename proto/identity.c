#include "proto/identity.h"

#include "proto/base/check.h"
#include "proto/crypto/crypto.h"
#include "proto/identity_text.h"

#include <string.h>

enum { TOKEN_MIN = 24, TOKEN_DISTINCT_MIN = 10 };

/* ---- codes that are no card ---- */

/* EMV: field 00 of two bytes "01" comes first, then another field: two digits, and its size. */
static bool is_payment(struct str text)
{
    if (!str_starts(text, STR("000201")) || text.n < 10) {
        return false;
    }
    for (size_t i = 6; i < 10; i++) {
        if (!ascii_is_digit(text.p[i])) {
            return false;
        }
    }
    return true;
}

static bool is_token_byte(char c)
{
    return ascii_is_digit(c) || ascii_is_alpha(c) || c == '+' || c == '/' || c == '-' || c == '_' ||
           c == '.';
}

/*
 * One run of base64, base64url, hex or tokens joined by dots, as random as a key: at least two of
 * capitals, small letters and digits, and ten different characters.  The form of VNeID's code is
 * not published; this is what a signed or encrypted value in a QR code looks like.
 */
static bool is_opaque(struct str text)
{
    size_t whole = text.n; /* with its padding: 16 bytes in base64 are 24 characters */
    while (text.n && text.p[text.n - 1] == '=') {
        text.n--;
    }
    bool seen[128] = {false};
    int distinct = 0;
    int digits = 0;
    int capitals = 0;
    int smalls = 0;
    for (size_t i = 0; i < text.n; i++) {
        char c = text.p[i];
        if (!is_token_byte(c)) {
            return false;
        }
        distinct += seen[(unsigned char)c] ? 0 : 1;
        seen[(unsigned char)c] = true;
        digits |= ascii_is_digit(c);
        capitals |= c >= 'A' && c <= 'Z';
        smalls |= c >= 'a' && c <= 'z';
    }
    return whole >= TOKEN_MIN && distinct >= TOKEN_DISTINCT_MIN && digits + capitals + smalls >= 2;
}

/* ---- the verdict ---- */

struct verdict {
    enum identity_result result;
    const char *why, *where;
};

/* A payment, a card, or the reason why it is no card. */
static struct verdict judge_plain(struct identity_work *work, struct str line, wall_t now)
{
    struct verdict verdict = {.result = IDENTITY_PAYMENT};
    memset(&work->card, 0, sizeof work->card);
    if (!is_payment(line)) {
        int r = identity_card_read(work, line, now, &verdict.why, &verdict.where);
        verdict.result = r ? IDENTITY_REJECT : IDENTITY_CARD;
    }
    return verdict;
}

/* One line as it is, and then with its encoding undone. */
static struct verdict judge_line(struct identity_work *work, struct str line, wall_t now,
                                 unsigned *faults)
{
    struct str decoded;
    unsigned found = 0;
    struct verdict plain = judge_plain(work, line, now);
    bool has_pipes = work->card.parts > 0;
    if (plain.result != IDENTITY_REJECT || has_pipes) {
        return plain;
    }
    if (identity_text_decode(work, line, &decoded, &found)) {
        struct verdict inner = judge_plain(work, decoded, now);
        if (inner.result != IDENTITY_REJECT || work->card.parts > 0) {
            *faults |= found; /* with '|' in it, it was meant to be a card */
            return inner;
        }
    }
    plain.result = is_opaque(line) ? IDENTITY_OPAQUE : IDENTITY_REJECT;
    return plain;
}

static bool all_equal(const struct identity_work *work)
{
    for (int i = 1; i < work->line_count; i++) {
        if (!str_eq(work->line[i], work->line[0])) {
            return false;
        }
    }
    return true;
}

/* Several lines: the first card; else one code with line ends inside; else the first line. */
static struct verdict judge_lines(struct identity_work *work, wall_t now, unsigned *faults)
{
    for (int i = 0; i < work->line_count; i++) {
        unsigned found = 0;
        struct verdict verdict = judge_line(work, work->line[i], now, &found);
        if (verdict.result == IDENTITY_CARD) {
            *faults |= found | IDENTITY_FAULT_GLUED;
            return verdict;
        }
    }
    unsigned found = 0;
    bool payment_first = is_payment(work->line[0]);
    struct verdict joined = judge_line(work, identity_text_join(work), now, &found);
    if (joined.result == IDENTITY_CARD || (joined.result != IDENTITY_REJECT && !payment_first)) {
        *faults |= found | IDENTITY_FAULT_SPLIT;
        return joined;
    }
    struct verdict first = judge_line(work, work->line[0], now, faults);
    if (first.result != IDENTITY_REJECT) {
        *faults |= IDENTITY_FAULT_GLUED;
    }
    return first;
}

static struct verdict judge(struct identity_work *work, struct str bytes, wall_t now,
                            unsigned *faults)
{
    if (bytes.n > IDENTITY_TEXT_MAX) {
        return (struct verdict){IDENTITY_REJECT, "longer than any identity code", "text"};
    }
    identity_text_lines(work, bytes, faults);
    if (work->line_count == 0) {
        return (struct verdict){IDENTITY_REJECT, "empty", "text"};
    }
    return all_equal(work) ? judge_line(work, work->line[0], now, faults)
                           : judge_lines(work, now, faults);
}

static void make_pseudonym(struct str key, struct str number, char *out)
{
    uint8_t digest[SHA256_SIZE];
    dx_hmac_sha256(digest, key, number);
    str_hex(out, digest, (IDENTITY_PSEUDONYM_CAP - 1) / 2);
    dx_wipe(digest, sizeof digest);
}

int identity_read_in(struct identity_work *work, struct str bytes, struct str hmac_key, wall_t now,
                     struct identity *ret_identity)
{
    if (hmac_key.n > 0 && hmac_key.n < IDENTITY_KEY_MIN) {
        return DX_E_INVAL;
    }
    memset(work, 0, sizeof *work);
    struct identity identity = {0};
    struct verdict verdict = judge(work, bytes, now, &identity.faults);
    const struct identity_card *card = &work->card;
    identity.result = verdict.result;
    if (identity.result == IDENTITY_CARD) {
        identity.parts = card->parts;
        identity.warnings = card->warnings;
        identity.faults |= card->faults;
        struct str last4 = str_slice(card->number, IDENTITY_NUMBER_SIZE - 4, IDENTITY_NUMBER_SIZE);
        memcpy(identity.last4, last4.p, last4.n);
        if (hmac_key.n) {
            make_pseudonym(hmac_key, card->number, identity.pseudonym);
        }
    } else if (identity.result == IDENTITY_REJECT) {
        identity.parts = card->parts;
        identity.why = verdict.why;
        identity.where = verdict.where;
    }
    dx_wipe(work, sizeof *work);
    *ret_identity = identity;
    return 0;
}

int identity_read(struct str bytes, struct str hmac_key, wall_t now, struct identity *ret_identity)
{
    struct identity_work work;
    return identity_read_in(&work, bytes, hmac_key, now, ret_identity);
}

int identity_reveal_whole_number(struct str bytes, wall_t now, char ret_number[IDENTITY_NUMBER_CAP])
{
    struct identity_work work = {0};
    unsigned faults = 0;
    struct verdict verdict = judge(&work, bytes, now, &faults);
    if (verdict.result == IDENTITY_CARD) {
        memcpy(ret_number, work.card.number.p, IDENTITY_NUMBER_SIZE);
        ret_number[IDENTITY_NUMBER_SIZE] = '\0';
    }
    dx_wipe(&work, sizeof work);
    return verdict.result == IDENTITY_CARD ? 0 : DX_E_FORMAT;
}

/* ---- words ---- */

const char *identity_result_text(enum identity_result result)
{
    static const char *const texts[] = {
#define X(name, text) text,
        IDENTITY_RESULTS(X)
#undef X
    };
    must(result < IDENTITY_RESULT_COUNT);
    return texts[result];
}

const char *identity_warning_text(enum identity_warning_bit bit)
{
    static const char *const texts[] = {
#define X(name, text, sentence) text,
        IDENTITY_WARNINGS(X)
#undef X
    };
    must(bit < IDENTITY_WARN_BIT_COUNT);
    return texts[bit];
}

const char *identity_fault_text(enum identity_fault_bit bit)
{
    static const char *const texts[] = {
#define X(name, text, sentence) text,
        IDENTITY_FAULTS(X)
#undef X
    };
    must(bit < IDENTITY_FAULT_BIT_COUNT);
    return texts[bit];
}
