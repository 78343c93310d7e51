/*
 * refund.h - a refund case: money that goes back to a driver, step by step, by two persons.
 *
 * A bank transfer cannot be undone by us (payment facts 3.5): a refund is a new
 * transfer out, made by the operator at its own bank, to an account that the
 * driver alone has given through a signed link.  Never to one that an attendant
 * typed: no order of a person at the console carries an account.
 *
 *     requested -> approved -> sent -> confirmed        cancelled, from the first two
 *
 * Requested by the program (too much, twice, late, the fee fell), by staff, or by
 * the driver.  Approved by another person than who requested it or made the
 * link, and only when the account is there.  Sent: the bank's reference was
 * entered; that proves nothing.  Confirmed by the bank's own row of a transfer out,
 * which alone clears refund_due.
 *
 * Pure.  Not here: links and sealed accounts (server/app/refund_link.h), tables.
 */
#ifndef DOXE_SERVER_REFUND_H
#define DOXE_SERVER_REFUND_H

#include "server/core/payment.h"

#define REFUND_STATES(X)                                                      \
    X(REQUESTED, "requested", "somebody has asked for it; nothing is agreed") \
    X(APPROVED, "approved", "a second person has agreed; to be transferred")  \
    X(SENT, "sent", "transferred, as a person says")                          \
    X(CONFIRMED, "confirmed", "the bank's row of the transfer out is here")   \
    X(CANCELLED, "cancelled", "given up before it was sent")

enum refund_state {
#define X(name, word, sentence) REFUND_##name,
    REFUND_STATES(X)
#undef X
        REFUND_STATE_COUNT
};
const char *refund_state_text(enum refund_state state);
/* DX_E_NOT_FOUND for another word. */
DX_MUST_USE int refund_state_parse(struct str text, enum refund_state *ret_state);
bool refund_may_go(enum refund_state from, enum refund_state to);

/* Who asked, when it is no person: the program, and the driver through the receipt page. */
#define REFUND_BY_SYSTEM "system"
#define REFUND_BY_DRIVER "driver"

enum { REFUND_CODE_CAP = 13, REFUND_CAUSE_CAP = 17, REFUND_REASON_CAP = 161 };

struct refund {
    char id[ULID_CAP];
    char lot[MSG_NAME_CAP];
    char session[ULID_CAP]; /* "" when it is nobody's stay */
    char credit[ULID_CAP];  /* the transfer that was too much; "" none */
    char cause[REFUND_CAUSE_CAP];
    int64_t amount_vnd;
    char code[REFUND_CODE_CAP]; /* "RF" and 10 letters and digits; stands in the transfer's content
                                 */
    bool granted;               /* a fee is given back; else it never was ours */
    enum refund_state state;
    char reason[REFUND_REASON_CAP];
    char requested_by[MSG_NAME_CAP], linked_by[MSG_NAME_CAP], approved_by[MSG_NAME_CAP],
        sent_by[MSG_NAME_CAP];
    int64_t link;                  /* which links are good */
    char bank_ref[CREDIT_REF_CAP]; /* SENT: of the transfer out */
    bool has_account;              /* the driver has given one */
};

/* "RF" and 10 characters of 50 random bits: digits and letters without I, L, O and U. */
void refund_make_code(char out[REFUND_CODE_CAP], const uint8_t random[8]);

/*
 * The steps.  Each says whether it may be done, and on 0 changes *refund.
 *   DX_E_STATE   not from the state it is in, or (approve) no account is there yet
 *   DX_E_DENIED  the same person did the step before
 *   DX_E_INVAL   a person, reference or reason is missing
 */
DX_MUST_USE int refund_approve(struct refund *refund, const char *by);
DX_MUST_USE int refund_send(struct refund *refund, const char *by, const char *bank_ref);
/* An approved one is cancelled by another person than who approved it. */
DX_MUST_USE int refund_cancel(struct refund *refund, const char *by);
/* The driver gave the account, or a new one. */
DX_MUST_USE int refund_take_account(struct refund *refund);

/*
 * Is this transfer out that case?  Same amount, and the case's own code in the content,
 * or the bank reference that was entered.  The account is the caller's to compare.
 */
bool refund_is_paid_by(const struct refund *refund, const struct bank_credit *out);

/* The transactions of docs/LEDGER.md. */
void refund_grant_tx(const struct refund *refund, wall_t at, struct ledger_tx *ret_tx);
void refund_cancel_tx(const struct refund *refund, wall_t at, struct ledger_tx *ret_tx);
/* `account` is the one that the money left. */
void refund_paid_tx(const struct refund *refund, const char *account, const char *credit, wall_t at,
                    struct ledger_tx *ret_tx);

#endif
