/*
 * proposal.h - what two persons may decide about money that lies in suspense.
 *
 * A transfer that nobody can match waits in suspense.  One person proposes what it
 * was, in one to four lines that add up to it (a transfer with two codes is split by
 * hand); another person, never the same, approves or refuses with a reason.  Only
 * the approval posts (docs/LEDGER.md, resolve:…), and only it may open a lane.
 *
 * Pure checks of the lines.  Whether a target exists is the store's to say.
 */
#ifndef DOXE_SERVER_PROPOSAL_H
#define DOXE_SERVER_PROPOSAL_H

#include "server/core/payment.h"

/* name, word, may it stand for a transfer in, for one out, needs a target; sentence */
#define PROPOSAL_ACTIONS(X)                                                      \
    X(SESSION, "session", true, false, true, "it pays this open stay")           \
    X(DEBT, "debt", true, false, true, "it pays what this stay still owes")      \
    X(REFUND, "refund", true, false, false, "it goes back to who sent it")       \
    X(OWNER, "owner", true, true, false, "it is the operator's own money")       \
    X(KEEP, "keep", true, true, false, "it stays in suspense")                   \
    X(REFUND_PAID, "refund_paid", false, true, true, "it paid this refund case") \
    X(TAKEN_BACK, "taken_back", false, true, true, "the bank took this transfer back")

enum proposal_action {
#define X(name, word, in, out, target, sentence) PROPOSAL_##name,
    PROPOSAL_ACTIONS(X)
#undef X
        PROPOSAL_ACTION_COUNT
};
const char *proposal_action_text(enum proposal_action action);
/* DX_E_NOT_FOUND for another word. */
DX_MUST_USE int proposal_action_parse(struct str text, enum proposal_action *ret_action);

enum { PROPOSAL_PARTS_MAX = 4, PROPOSAL_NOTE_CAP = 161 };

struct proposal_part {
    enum proposal_action action;
    char target[ULID_CAP]; /* session, refund or credit; "" none */
    int64_t amount_vnd;    /* > 0 */
};

/*
 * May these lines explain a transfer of this amount and direction?  DX_E_INVAL: no
 * line, KEEP or TAKEN_BACK beside others, an amount that is none, a line that does not fit the
 * direction or misses its target, or the same target twice; DX_E_RANGE: they do not add up.
 */
DX_MUST_USE int proposal_check(const struct proposal_part *part, int count, bool out,
                               int64_t amount_vnd);
/* Another person, with a name; DX_E_DENIED, DX_E_INVAL. */
DX_MUST_USE int proposal_may_decide(const char *made_by, const char *decided_by);

/* The lines that need no stay; REFUND credits refund_due of `lot`, OWNER the operator's own. */
void proposal_tx(const struct proposal_part *part, const char *tx_id, const char *lot,
                 const char *account, bool out, const char *cause, wall_t at,
                 struct ledger_tx *ret_tx);
/* The debt of this stay is given up; its session becomes WRITTEN_OFF.  DX_E_STATE: it has none. */
DX_MUST_USE int proposal_write_off(struct session *session, const char *proposal, wall_t at,
                                   struct ledger_tx *ret_tx);

#endif
