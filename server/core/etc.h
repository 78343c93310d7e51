/*
 * etc.h - charging a traffic account (VETC, ePass): authorize, capture, void, refund; unknown is a
 * state.
 *
 * No provider has published an interface for parking; this port is what one needs, and a
 * simulated provider speaks it (docs/ETC.md).  Law: decree 119/2024/NĐ-CP, article 11: one
 * vehicle is paid from exactly one account at a time.
 *
 *     requested -> authorized -> captured            the stay is paid by `captured`, not before
 *     requested -> declined                          no account, no money, blocked, tag mismatch
 *     requested -> unknown -> (query) …              no answer: it may have been authorized
 *     authorized -> voiding -> voided                paid otherwise meanwhile
 *     authorized -> capture_unknown -> (query) …
 *
 * Whatever happens, the VietQR stands on the display: the driver is never kept waiting for an
 * account.  The same id is asked again after silence, so that nothing is charged twice; and
 * what turns out to have been captured beside another payment goes back by a refund, which is a
 * transaction of its own.
 *
 * Pure.  Not here: HTTP (server/io/etc_sender.h), the ledger's entries (docs/LEDGER.md).
 */
#ifndef DOXE_SERVER_ETC_H
#define DOXE_SERVER_ETC_H

#include "proto/msg.h"
#include "server/core/payment.h"

/* name, word, what is to be asked next ("" nothing), sentence */
#define ETC_STATES(X)                                                                          \
    X(REQUESTED, "requested", ETC_AUTHORIZE, "not yet asked, or asked and certainly not done") \
    X(UNKNOWN, "unknown", ETC_QUERY, "asked to authorize; no answer came")                     \
    X(AUTHORIZED, "authorized", ETC_CAPTURE, "the account can pay; nothing is taken yet")      \
    X(CAPTURE_UNKNOWN, "capture_unknown", ETC_QUERY, "asked to capture; no answer came")       \
    X(VOIDING, "voiding", ETC_VOID, "authorized, and not needed any more")                     \
    X(CAPTURED, "captured", ETC_NOTHING, "taken from the account")                             \
    X(DECLINED, "declined", ETC_NOTHING, "the account cannot or may not pay: VietQR")          \
    X(VOIDED, "voided", ETC_NOTHING, "given back before anything was taken")

enum etc_op { ETC_NOTHING, ETC_AUTHORIZE, ETC_CAPTURE, ETC_VOID, ETC_QUERY, ETC_REFUND };

enum etc_state {
#define X(name, word, op, sentence) ETC_##name,
    ETC_STATES(X)
#undef X
        ETC_STATE_COUNT
};
const char *etc_state_text(enum etc_state state);
const char *etc_op_text(enum etc_op op); /* "authorize" … */
/* What the provider is to be asked in this state. */
enum etc_op etc_next_op(enum etc_state state);

enum { ETC_PROVIDER_CAP = 17, ETC_TAG_CAP = 25, ETC_REFERENCE_CAP = 65, ETC_ANSWER_CAP = 121 };

struct etc_charge {
    char id[ULID_CAP];
    char session[ULID_CAP];
    char lot[MSG_NAME_CAP], operator_id[MSG_NAME_CAP];
    int lane;
    char ask[ULID_CAP];
    char provider[ETC_PROVIDER_CAP];
    char plate[41], tag[ETC_TAG_CAP]; /* tag "" not known */
    int64_t amount_vnd;
    enum etc_state state;
    char reference[ETC_REFERENCE_CAP];
    wall_t made;
    int64_t attempts;
    wall_t next; /* 0: nothing is to be asked */
    char answer[ETC_ANSWER_CAP];
    int64_t applied_vnd;
};

/* What the provider said.  QUERY answers with the state as the provider has it. */
enum etc_reply {
    ETC_REPLY_NONE,       /* no answer, or one that says nothing */
    ETC_REPLY_AUTHORIZED, /* also: it was authorized before */
    ETC_REPLY_CAPTURED,
    ETC_REPLY_VOIDED,
    ETC_REPLY_DECLINED,
    ETC_REPLY_UNKNOWN_ID /* QUERY: it never arrived there */
};

struct etc_answer {
    enum etc_reply reply;
    char reference[ETC_REFERENCE_CAP];
    char text[ETC_ANSWER_CAP]; /* "no_account", "insufficient", "blocked", "mismatch", … */
};

/*
 * Total: every answer in every state; one that does not fit changes nothing but the time of the
 * next question.  *ret_captured: it became CAPTURED by this answer, so the stay is to be paid.
 * `needed`: does the stay still owe this amount?  Asked when it is authorized.
 */
void etc_take_answer(struct etc_charge *charge, const struct etc_answer *answer, bool needed,
                     wall_t now, bool *ret_captured);
/* Waiting after so many attempts: 1, 2, 3, 5, 10, 30 s, then every minute, hour after an hour. */
int64_t etc_wait_ms(int64_t attempts);

/* The plate of the camera and the tag of the reader must belong together; "" is not known. */
bool etc_tags_agree(const char *linked, const char *read);
/* 24 hex digits (96-bit EPC), upper case; or "". */
bool etc_tag_is_valid(const char *tag);

/* ---- the ledger ---- */

/* The stay is paid by what was captured: payment_decide()'s decision, booked against
 * etc:<operator>. */
struct etc_decision {
    struct payment_decision pay;
    struct ledger_tx tx;
};
void etc_decide(const struct payment_view *stay, const struct etc_charge *charge, wall_t now,
                struct etc_decision *decision);
/* The refund has gone back to the account. */
void etc_refund_tx(const char *refund, const struct etc_charge *charge, int64_t amount_vnd,
                   wall_t now, struct ledger_tx *ret_tx);
/* A provider's fee of a settlement file; `reference` is its own. */
void etc_fee_tx(const char *provider, const char *operator_id, const char *reference,
                int64_t amount_vnd, wall_t at, struct ledger_tx *ret_tx);

#endif
