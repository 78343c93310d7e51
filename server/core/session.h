/*
 * session.h - a vehicle's stay in a lot, and what each event of a gate makes of it.
 *
 * A session is born when a gate identifies a vehicle at an entry and ends when
 * the loops of an exit say that it has gone.  Its id is the gate's; its key for
 * matching is (lot, kind, key, vehicle class).  This module holds the states,
 * the legal ways between them, and session_decide(): a pure function from what
 * the database knows (the view) and one event to what must be written.  It
 * performs nothing; server/app loads the view and applies the decision.
 *
 * Ended stays ended: no event, however late, moves a session out of a final
 * state; it becomes a review for a person.  (Money may: a late transfer settles a debt,
 * left_unpaid -> left, and one that the bank takes back makes it again; two persons
 * may write it off.)  Nothing is swallowed: an event that changes nothing
 * says so in its outcome.
 *
 * Not here: fees and payments (payment.h), which open session an exit means
 * (match.h), accounts (ledger.h), sequence numbers (ingest.h).
 */
#ifndef DOXE_SERVER_SESSION_H
#define DOXE_SERVER_SESSION_H

#include "proto/msg.h"

/* name, word in the database, sentence */
#define SESSION_STATES(X)                                                                       \
    X(ARRIVING, "arriving", "identified at an entry; the loops have not confirmed the passage") \
    X(INSIDE, "inside", "came in, is parked")                                                   \
    X(QUOTED, "quoted", "stands at an exit and owes what it was told")                          \
    X(PAID, "paid", "all that was due has been paid")                                           \
    X(EXEMPT, "exempt", "nothing is due: free minutes, a free day, a pass")                     \
    X(LEAVING, "leaving", "a gate has let it go; the loops have not confirmed it yet")          \
    X(LEFT, "left", "gone, nothing open")                                                       \
    X(BACKED_OUT, "backed_out", "never came in")                                                \
    X(LEFT_UNPAID, "left_unpaid", "gone, and owes the rest")                                    \
    X(WRITTEN_OFF, "written_off", "gone; two persons gave the debt up")                         \
    X(CLOSED_BY_REVIEW, "closed_by_review", "ended by a person")

enum session_state {
#define X(name, word, sentence) SESSION_##name,
    SESSION_STATES(X)
#undef X
        SESSION_STATE_COUNT
};
const char *session_state_text(enum session_state state);
/* DX_E_NOT_FOUND for another word. */
DX_MUST_USE int session_state_parse(struct str text, enum session_state *ret_state);
/* LEFT, BACKED_OUT, LEFT_UNPAID, WRITTEN_OFF, CLOSED_BY_REVIEW. */
bool session_is_ended(enum session_state state);

enum { TOKEN_CAP = 33 }; /* 32 hex digits: 128 random bits */

struct session {
    char id[ULID_CAP];
    char lot[MSG_NAME_CAP];
    enum session_state state;
    struct subject subject;
    char gate_in[MSG_NAME_CAP];
    int lane_in;
    wall_t arrived;
    wall_t entered; /* 0 ms: the passage is not confirmed */
    wall_t asked;   /* last identified at an exit, and still standing there; 0: not */
    char gate_out[MSG_NAME_CAP];
    int lane_out; /* 0: none */
    wall_t left;  /* 0: not gone */
    bool permitted;
    enum permit permit; /* why it was let out, when permitted */
    /*
     * fee: what the stay costs as last computed.  paid: what transfers have been
     * applied to it; what came beyond the fee is in refund_due of the ledger, not
     * here.  paid_at: booking time of the transfer that completed the payment; 0: none.
     */
    int64_t fee_vnd, paid_vnd;
    wall_t paid_at;
    char code[PAYCODE_CAP];
    char token[TOKEN_CAP];
    bool inferred; /* an edge was concluded, not seen */
};

/* What a stay that is over still owes; 0 for one that is open, paid, or written off. */
int64_t session_debt(const struct session *session);
/* Stands in or at the lot: its end is not known. */
bool session_is_open(const struct session *session);

/*
 * Every change of state goes through here: it must be a row of the table of
 * legal transitions in session.c.  The same state again is legal.
 */
void session_goto(struct session *session, enum session_state state);
bool session_may_go(enum session_state from, enum session_state to);

/* ---- reviews: things that wait for a person ---- */

#define REVIEWS(X)                                                                            \
    X(LANE_HELD, "lane_held", "a vehicle stands at a lane and the gate cannot go on alone")   \
    X(NO_ENTRY, "no_entry", "a vehicle asked to leave and no open session fits")              \
    X(ALREADY_INSIDE, "already_inside", "it came in, and the same vehicle is inside already") \
    X(UNKNOWN_SESSION, "unknown_session", "an event names a session not known here")          \
    X(SESSION_CONFLICT, "session_conflict", "the event does not fit the session's past")      \
    X(ENTRY_UNCONFIRMED, "entry_unconfirmed", "at the exit, its entry was never confirmed")   \
    X(LEFT_UNPERMITTED, "left_unpermitted", "it drove out and no gate had let it go")         \
    X(PERMIT_DIFFERS, "permit_differs", "let it go for a reason not seen here")               \
    X(CLOCK_UNKNOWN, "clock_unknown", "the gate's clock was not set")                         \
    X(STAY_IMPLAUSIBLE, "stay_implausible", "a stay below nothing or over 30 days")           \
    X(NO_TARIFF, "no_tariff", "no tariff prices this class of vehicle in this lot")           \
    X(FEE_FELL, "fee_fell", "paid more than it cost in the end; to be refunded")              \
    X(BANK_UNMATCHED, "bank_unmatched", "money without a payment code that is ours")          \
    X(BANK_WRONG_ACCOUNT, "bank_wrong_account", "the right code, but on another account")     \
    X(BANK_OVER, "bank_over", "more than due; the rest is to be refunded")                    \
    X(BANK_DUPLICATE, "bank_duplicate", "a second transfer for a paid stay; to be refunded")  \
    X(BANK_LATE, "bank_late", "money for a stay that had ended")                              \
    X(BANK_TWO_CODES, "bank_two_codes", "two payment codes in one transfer")                  \
    X(BANK_REVERSAL, "bank_reversal", "money went out of the account")                        \
    X(BANK_DIFFERENT, "bank_different", "a transfer came again with other content")           \
    X(BANK_TAKEN_BACK, "bank_taken_back", "the bank took an earlier transfer back")           \
    X(ENTRY_DECLARED, "entry_declared", "no record of the entry; a person stated it")         \
    X(CASH_OVER, "cash_over", "more cash than was due; the rest is to be refunded")           \
    X(CASH_DUPLICATE, "cash_duplicate", "cash for a paid stay; to be refunded")               \
    X(CASH_LATE, "cash_late", "cash for a stay that had ended")                               \
    X(CASH_UNMATCHED, "cash_unmatched", "cash for no stay that can be priced")                \
    X(CASH_RECEIPT, "cash_receipt", "a receipt's number is used twice, missing or odd")       \
    X(CASH_SHIFT, "cash_shift", "cash outside of an open shift")                              \
    X(CASH_DEPOSIT, "cash_deposit", "the bank counted the cash differently")                  \
    X(SHIFT_DIFFERENCE, "shift_difference", "a drawer held more or less than the ledger")     \
    X(SHIFT_ODD, "shift_odd", "a shift opened or closed twice, or never opened")              \
    X(PASS_OVER, "pass_over", "more than a pass cost; the rest is to be refunded")            \
    X(PASS_DUPLICATE, "pass_duplicate", "a pass paid twice; to be refunded")                  \
    X(OFFLINE_DIFFERS, "offline_differs", "a gate priced an exit otherwise than the books")   \
    X(CLOCK_CORRECTED, "clock_corrected", "times recorded with an unset clock were corrected") \
    X(COMPLAINT, "complaint", "a driver says that more was asked than the price list has")

enum review_kind {
#define X(name, word, sentence) REVIEW_##name,
    REVIEWS(X)
#undef X
        REVIEW_KIND_COUNT
};
const char *review_text(enum review_kind kind);

enum { REVIEW_DETAIL_CAP = 161 };

struct review {
    enum review_kind kind;
    char detail[REVIEW_DETAIL_CAP]; /* for people; no plate in it */
};

/* ---- the decision ---- */

#define SESSION_OUTCOMES(X)                                                    \
    X(APPLIED, "applied", "the session, or the lane, moved")                   \
    X(IGNORED, "ignored", "known already, or of no consequence for a session") \
    X(REVIEW, "review", "kept for a person; the session did not move")

enum session_outcome {
#define X(name, word, sentence) SESSION_OUTCOME_##name,
    SESSION_OUTCOMES(X)
#undef X
        SESSION_OUTCOME_COUNT
};
const char *session_outcome_text(enum session_outcome outcome);

/* What the database knows about the session that the event names or was matched to. */
struct session_view {
    bool found;
    struct session session;
    const char *lot;    /* of the gate */
    int twins;          /* ARRIVED: open sessions of the same lot, kind, key and class */
    wall_t at;          /* when it happened, as ingest_time() has it */
    bool at_is_receipt; /* the gate's clock was not set: `at` is when it was received */
};

enum { SESSION_REVIEWS_MAX = 4 };

struct session_decision {
    enum session_outcome outcome;
    bool create;       /* insert `session`; code and token are the caller's to draw */
    bool update;       /* write `session` back */
    bool entered;      /* the stay began with this: count it */
    bool price;        /* EXIT_ASKED: payment_quote() must say what is due, then answer the lane */
    bool fix_fee;      /* price it now without an answer: it goes without having been quoted */
    bool ended;        /* the money is to be settled: payment_settle() */
    bool settles_lane; /* the lane went on: what it was told needs no repeating */
    struct session session;
    int review_count;
    struct review review[SESSION_REVIEWS_MAX];
};

/*
 * What one event makes of a session.  Total: every type in every state, with or
 * without a session.  Types without a session (BOOT, HELD, RELEASED, HAND_OPENED,
 * ALARM, COMMAND_DONE) are APPLIED and change none.  `decision` is overwritten.
 */
void session_decide(const struct session_view *view, const struct event *event,
                    struct session_decision *decision);

/* Adds a review; the detail is cut to what fits. */
__attribute__((format(printf, 3, 4))) void session_add_review(struct session_decision *decision,
                                                              enum review_kind kind,
                                                              const char *format, ...);

#endif
