#include "server/core/refund.h"

#include "proto/base/check.h"
#include "proto/fold.h"

#define X(name, word, sentence) word,
static const char *const state_words[] = {REFUND_STATES(X)};
#undef X

#define TO(state) (1u << REFUND_##state)

/* CONFIRMED from APPROVED: the bank was faster than the person who enters its reference. */
static const unsigned legal[REFUND_STATE_COUNT] = {
    [REFUND_REQUESTED] = TO(APPROVED) | TO(CANCELLED),
    [REFUND_APPROVED] = TO(SENT) | TO(CONFIRMED) | TO(CANCELLED),
    [REFUND_SENT] = TO(CONFIRMED),
    [REFUND_CONFIRMED] = 0,
    [REFUND_CANCELLED] = 0,
};

const char *refund_state_text(enum refund_state state)
{
    must(state < REFUND_STATE_COUNT);
    return state_words[state];
}

int refund_state_parse(struct str text, enum refund_state *ret_state)
{
    for (int i = 0; i < REFUND_STATE_COUNT; i++) {
        if (str_eq_c(text, state_words[i])) {
            *ret_state = (enum refund_state)i;
            return 0;
        }
    }
    return DX_E_NOT_FOUND;
}

bool refund_may_go(enum refund_state from, enum refund_state to)
{
    return (legal[from] & (1u << to)) != 0;
}

void refund_make_code(char out[REFUND_CODE_CAP], const uint8_t random[8])
{
    static const char alphabet[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    uint64_t bits = 0;
    for (int i = 0; i < 8; i++) {
        bits = bits << 8 | random[i];
    }
    memcpy(out, "RF", 2);
    for (int i = 2; i < REFUND_CODE_CAP - 1; i++) {
        out[i] = alphabet[bits & 31];
        bits >>= 5;
    }
    out[REFUND_CODE_CAP - 1] = '\0';
}

static void take_name(char out[MSG_NAME_CAP], const char *by)
{
    str_copy_cut(out, MSG_NAME_CAP, str_c(by));
}

int refund_approve(struct refund *refund, const char *by)
{
    if (by[0] == '\0') {
        return DX_E_INVAL;
    }
    if (!refund_may_go(refund->state, REFUND_APPROVED) || !refund->has_account) {
        return DX_E_STATE;
    }
    if (strcmp(by, refund->requested_by) == 0 || strcmp(by, refund->linked_by) == 0) {
        return DX_E_DENIED;
    }
    refund->state = REFUND_APPROVED;
    take_name(refund->approved_by, by);
    return 0;
}

int refund_send(struct refund *refund, const char *by, const char *bank_ref)
{
    if (by[0] == '\0' || bank_ref[0] == '\0') {
        return DX_E_INVAL;
    }
    if (!refund_may_go(refund->state, REFUND_SENT)) {
        return DX_E_STATE;
    }
    int error = str_copy(refund->bank_ref, sizeof refund->bank_ref, str_c(bank_ref));
    if (!error) {
        refund->state = REFUND_SENT;
        take_name(refund->sent_by, by);
    }
    return error ? DX_E_INVAL : 0;
}

int refund_cancel(struct refund *refund, const char *by)
{
    if (by[0] == '\0') {
        return DX_E_INVAL;
    }
    if (!refund_may_go(refund->state, REFUND_CANCELLED)) {
        return DX_E_STATE;
    }
    if (refund->state == REFUND_APPROVED && strcmp(by, refund->approved_by) == 0) {
        return DX_E_DENIED;
    }
    refund->state = REFUND_CANCELLED;
    return 0;
}

int refund_take_account(struct refund *refund)
{
    if (refund->state != REFUND_REQUESTED) {
        return DX_E_STATE; /* what was approved is what was seen */
    }
    refund->has_account = true;
    refund->link++;
    return 0;
}

/* Letters and digits only, in capitals: banks put blanks into a content and change its case. */
static bool content_has(const char *content, const char *code)
{
    char folded[CREDIT_CONTENT_CAP];
    size_t n = 0;
    struct str text = str_c(content);
    while (text.n && n < sizeof folded - 1) {
        char c = fold_next(&text);
        if (ascii_is_digit(c) || ascii_is_alpha(c)) {
            folded[n++] = c;
        }
    }
    folded[n] = '\0';
    return strstr(folded, code) != NULL;
}

bool refund_is_paid_by(const struct refund *refund, const struct bank_credit *out)
{
    if (!out->out || out->amount_vnd != refund->amount_vnd ||
        !refund_may_go(refund->state, REFUND_CONFIRMED)) {
        return false;
    }
    bool referred = refund->bank_ref[0] != '\0' && strcmp(refund->bank_ref, out->bank_ref) == 0;
    return referred || content_has(out->content, refund->code);
}

static void begin(const struct refund *refund, const char *kind, const char *cause, wall_t at,
                  struct ledger_tx *tx)
{
    char id[LEDGER_ID_CAP];
    snprintf(id, sizeof id, "%s:%s", kind, refund->id);
    ledger_begin(tx, id, kind, refund->lot, refund->session, cause, at);
}

/* refund_due by `amount_vnd` (debit positive), the other side on `other`. */
static void both(const struct refund *refund, const char *other, int64_t amount_vnd,
                 struct ledger_tx *tx)
{
    char account[LEDGER_ACCOUNT_CAP];
    ledger_refund_due(account, refund->lot);
    ledger_add(tx, account, amount_vnd);
    ledger_add(tx, other, -amount_vnd);
    must(ledger_is_balanced(tx));
}

void refund_grant_tx(const struct refund *refund, wall_t at, struct ledger_tx *ret_tx)
{
    char other[LEDGER_ACCOUNT_CAP];
    must(refund->granted);
    begin(refund, "grant", refund->id, at, ret_tx);
    ledger_name(other, "refunded", refund->lot);
    both(refund, other, -refund->amount_vnd, ret_tx);
}

void refund_cancel_tx(const struct refund *refund, wall_t at, struct ledger_tx *ret_tx)
{
    char other[LEDGER_ACCOUNT_CAP];
    begin(refund, "cancel", refund->id, at, ret_tx);
    ledger_name(other, refund->granted ? "refunded" : "unclaimed", refund->lot);
    both(refund, other, refund->amount_vnd, ret_tx);
}

void refund_paid_tx(const struct refund *refund, const char *account, const char *credit, wall_t at,
                    struct ledger_tx *ret_tx)
{
    char other[LEDGER_ACCOUNT_CAP];
    begin(refund, "refund", credit, at, ret_tx);
    ledger_suspense(other, account);
    both(refund, other, refund->amount_vnd, ret_tx);
}
