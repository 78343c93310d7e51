/*
 * payment.h - what a stay owes, and what a bank's word about a transfer makes of it.
 *
 * Two questions, both answered by pure functions:
 *   payment_quote()   a vehicle asks to leave (or a phone asks what it would cost):
 *                     how much is still due, and how long does that hold?
 *   payment_decide()  a bank says that money came in or went out: whose is it,
 *                     what does it pay, what is too much, what must a person see?
 * payment_decide is the decision table of the payment facts, one row a case; each row has a
 * test of its name.  Proof of payment is the bank's word only.  PAID is never overwritten by
 * anything but more parking.
 *
 * A promise.  A quote is a promise: the fee it names holds until valid_until, even
 * if the tariff moves on meanwhile.  A transfer booked later is priced anew, at
 * its booking time; but what was due within the late grace (late_grace_ms, of the
 * configuration) before the booking is accepted still: the driver read it from a page
 * then.  What is let off by that is in the decision and logged.
 *
 * A grace.  Who has paid all may leave within the tariff's grace after payment, or
 * while the promise lasts under which it was paid, without owing more; beyond it
 * the whole stay is priced and what was paid counts.
 *
 * Not here: reading a provider's notice (server/bank), accounts (ledger.h),
 * which session a code names (the store has a unique index).
 */
#ifndef DOXE_SERVER_PAYMENT_H
#define DOXE_SERVER_PAYMENT_H

#include "proto/tariff/tariff.h"
#include "server/core/ledger.h"
#include "server/core/session.h"

/* ---- quotes ---- */

/* A quote that was given to a lane, the last one of the session. */
struct payment_promise {
    bool given;
    int64_t fee_vnd;
    wall_t made, valid_until;
};

/* What a stay is priced by. */
struct payment_terms {
    const struct tariff_set *tariff; /* NULL: this class is not priced here */
    int64_t promise_ms;              /* how long a quoted fee holds */
    int64_t late_grace_ms; /* booked after it: what was due so long before is accepted still */
    struct payment_promise promise;
    bool exempt; /* on the lot's list of those who owe nothing */
    /* The pass that covers it: id, and when; 0 none.  In order, apart from each other. */
    int pass_count;
    char pass[ULID_CAP];
    struct tariff_held_pass passes[TARIFF_HELD_MAX];
};

struct payment_quote {
    enum quote_state state;  /* DUE, PAID, FREE, EXEMPT; REVIEW: a person decides */
    enum review_kind review; /* REVIEW only: NO_TARIFF or STAY_IMPLAUSIBLE */
    int64_t fee_vnd, paid_vnd, due_vnd;
    wall_t priced_to;   /* the fee is for [entered, priced_to) */
    wall_t valid_until; /* the promise ends; of what is paid: when more would be due */
    wall_t next_change; /* 0: not known, or nothing changes */
    wall_t leave_by;    /* PAID: nothing more is due until then; 0: none */
    char tariff[TARIFF_NAME_CAP + TARIFF_VERSION_CAP]; /* "hanoi-car-c2 2018-01-01" */
    char digest[TARIFF_DIGEST_CAP];
    int line_count;
    struct quote_line line[MSG_LINES_MAX]; /* add up to due_vnd, or to the fee when it is paid */
};

/*
 * What `session` owes when it leaves at `at`; said at `made`.  A session that
 * never entered is priced from its arrival.
 */
void payment_quote(const struct session *session, const struct payment_terms *terms, wall_t at,
                   wall_t made, struct payment_quote *ret_quote);
/* At an exit: fee and state as the quote has them. */
void payment_take_quote(struct session *session, const struct payment_quote *quote);

/*
 * The stay has ended at `at` (decision->ended): LEFT or LEFT_UNPAID, and the
 * fee's transaction, which is empty when nothing was due and nothing paid.  One
 * that backed out costs nothing, and what was paid for it is to be refunded.
 */
void payment_settle(struct session_decision *decision, const char *cause, wall_t at,
                    struct ledger_tx *ret_tx);

/* ---- transfers ---- */

enum {
    CREDIT_PROVIDER_CAP = 17,
    CREDIT_TX_CAP = 65,
    CREDIT_REF_CAP = 65,
    CREDIT_ACCOUNT_CAP = 33,
    CREDIT_CONTENT_CAP = 1025
};

/* Who told of a transfer; its word is in bank_inbox and bank_source. */
#define CREDIT_SOURCES(X)                                           \
    X(WEBHOOK, "webhook", "the provider's notice")                  \
    X(POLL, "poll", "the provider's list, asked for as a fallback") \
    X(STATEMENT, "statement", "a file of the bank")

enum credit_source {
#define X(name, word, sentence) CREDIT_##name,
    CREDIT_SOURCES(X)
#undef X
        CREDIT_SOURCE_COUNT
};
const char *credit_source_text(enum credit_source source);

/* One transfer, whatever source told it. */
struct bank_credit {
    char provider[CREDIT_PROVIDER_CAP]; /* "sepay" */
    char provider_tx[CREDIT_TX_CAP];    /* the provider's own id of it */
    char bank_ref[CREDIT_REF_CAP];      /* the bank's; "" when not given */
    char account[CREDIT_ACCOUNT_CAP];
    char virtual_account[CREDIT_ACCOUNT_CAP]; /* "" when none */
    bool out;                                 /* money went out, or a negative amount */
    int64_t amount_vnd;                       /* > 0 */
    wall_t booked;
    char content[CREDIT_CONTENT_CAP]; /* what the payer wrote, as the bank passed it on */
    char code_hint[33];               /* the provider's own find; verified like the rest */
    enum credit_source source;
    bool date_only;      /* the source gave no time of day: booked is 00:00 */
    int64_t order_code;  /* payOS: of the payment request it belongs to; 0 none */
    bool has_balance;    /* the source told the account's balance after it */
    int64_t balance_vnd; /* may be negative */
    int occurrence;      /* a statement's row: so many identical rows came before it in the file */
};

#define PAYMENT_VERDICTS(X)                                                                  \
    X(EXACT, "exact", "what was due")                                                        \
    X(UNDER, "under", "less than due; the rest is asked for with the same code")             \
    X(OVER, "over", "more than due; the rest is refunded")                                   \
    X(DUPLICATE, "duplicate_payment", "nothing was due any more; all is refunded")           \
    X(LATE, "late", "the stay had ended: its debt is settled, the rest refunded")            \
    X(UNMATCHED, "unmatched", "no code of ours in it")                                       \
    X(WRONG_ACCOUNT, "wrong_account", "the right code on another account")                   \
    X(TWO_CODES, "two_codes", "more than one code in it")                                    \
    X(REVERSAL, "reversal", "money went out, and nobody knows why")                          \
    X(REFUND_PAID, "refund_paid", "money went out: a refund of ours")                        \
    X(TAKEN_BACK, "taken_back", "money went out: the bank took an earlier transfer back")    \
    X(SAME, "same", "known already; nothing happens")                                        \
    X(DIFFERENT, "different", "known already with other content; nothing happens, an alarm") \
    X(REJECTED, "rejected", "the amount is not a number of whole dong above zero")

enum payment_verdict {
#define X(name, word, sentence) PAYMENT_##name,
    PAYMENT_VERDICTS(X)
#undef X
        PAYMENT_VERDICT_COUNT
};
const char *payment_verdict_text(enum payment_verdict verdict);

enum payment_seen {
    PAYMENT_NEW,
    PAYMENT_KNOWN_TX,  /* this provider's id is stored, with the same content */
    PAYMENT_KNOWN_REF, /* account, bank reference, amount and direction are stored: the same
                          transfer from another source */
    PAYMENT_CHANGED    /* this provider's id is stored, with other content */
};

enum { PAYMENT_DEBTS_MAX = 3 }; /* of earlier stays, in one request */

/* What the database knows. */
struct payment_view {
    enum payment_seen seen;
    int code_count; /* distinct codes in the content: 0, 1, 2 (or more) */
    bool found;     /* the one code is a session's */
    struct session session;
    bool account_is_lots;    /* it arrived where the session's lot wants its money */
    const char *account_bin; /* of the account, when one of our lots has it; else "unknown" */
    struct payment_terms terms;
    /*
     * When we were told.  Transfers of an evening may carry the next bank day:
     * who has paid cannot owe for hours that are still to come.  0: priced at its booking.
     */
    wall_t heard;
    /* The open request asked for these debts of the same lot as well, the oldest first. */
    int debt_count;
    struct session debt[PAYMENT_DEBTS_MAX];
    /* The money lies in suspense, and two persons say that it is for this session: the
     * transaction's id.  NULL: it comes from the bank. */
    const char *resolve_tx;
};

enum { PAYMENT_REVIEWS_MAX = 2 };

struct payment_decision {
    enum payment_verdict verdict;
    bool store;        /* a new credit: write it, and tx */
    bool update;       /* write `session` back */
    bool completes;    /* all that is due is paid now: the lane that waits may open */
    bool tops_up;      /* `remaining_vnd` is still due: the lane that waits says so */
    bool settles_debt; /* LEFT_UNPAID or WRITTEN_OFF became LEFT */
    struct session session;
    int64_t applied_vnd, refund_vnd, remaining_vnd;
    int64_t grace_vnd; /* let off: the fee had moved on within the late grace */
    /* Debts of earlier stays that the surplus paid; as they are now. */
    int debt_count;
    struct session debt[PAYMENT_DEBTS_MAX];
    int64_t debt_paid_vnd[PAYMENT_DEBTS_MAX];
    wall_t priced_to; /* tops_up: the fee is for [entered, this) */
    struct ledger_tx tx;
    int review_count;
    struct review review[PAYMENT_REVIEWS_MAX];
};

/*
 * `cause` is the id the credit will be stored under.  Of money out only REVERSAL is
 * found here; server/app makes REFUND_PAID and TAKEN_BACK of it when it finds what
 * it was (refund.h, payment_back.h).
 */
void payment_decide(const struct payment_view *view, const struct bank_credit *credit,
                    const char *cause, struct payment_decision *decision);

#endif
