/*
 * cases.h - what people ask of the desk about money: proposals, approvals, refunds, write-offs.
 *
 * One order in, one answer out; each waits for the writer like the calls of app.h.
 * Who may ask at all is settled before (server/api/auth.h); that the second person is
 * another one than the first is settled here, in the transaction.
 *
 * An account of a driver comes with REFUND_ACCOUNT only, which needs the signed link and
 * no login: there is no order by which a person at the console gives one.
 */
#ifndef DOXE_SERVER_CASES_H
#define DOXE_SERVER_CASES_H

#include "server/app/app.h"
#include "server/core/proposal.h"

/* name, what `id`, `note` and the other members hold */
#define APP_CASES(X)                                                                        \
    X(PROPOSE, "what a transfer in suspense was: review, part, note")                       \
    X(WRITE_OFF, "propose to give a debt up: id the session, note the reason")              \
    X(APPROVE, "a proposal: id")                                                            \
    X(REFUSE, "a proposal: id, note the reason")                                            \
    X(REFUND_REQUEST, "give a fee back: id the session, amount, note the reason; by staff") \
    X(REFUND_ASK, "the driver asks for it: token instead of id")                            \
    X(REFUND_LINK, "a link for the driver: id the refund; ret_link")                        \
    X(REFUND_ACCOUNT, "the driver's account: link, bin, account, holder; by nobody")        \
    X(REFUND_APPROVE, "id the refund")                                                      \
    X(REFUND_SENT, "id the refund, note the bank's reference")                              \
    X(REFUND_CANCEL, "id the refund, note the reason")

enum app_case_kind {
#define X(name, sentence) APP_##name,
    APP_CASES(X)
#undef X
        APP_CASE_COUNT
};

enum {
    APP_LINK_CAP = 96,
    APP_LINK_VALID_S = 7 * 24 * 60 * 60, /* that staff hands out */
    APP_LINK_ON_PAGE_S = 24 * 60 * 60,   /* on the driver's own page */
    APP_ACCOUNT_CAP = 20,
    APP_HOLDER_CAP = 61
};

struct app_case {
    enum app_case_kind kind;
    char by[MSG_NAME_CAP]; /* the person; "" for the driver */
    int64_t review;
    char id[ULID_CAP];
    char token[33];
    char note[PROPOSAL_NOTE_CAP];
    int part_count;
    struct proposal_part part[PROPOSAL_PARTS_MAX];
    int64_t amount_vnd;
    char link[APP_LINK_CAP];
    char bin[7], account[APP_ACCOUNT_CAP], holder[APP_HOLDER_CAP];
    /* out */
    char ret_id[ULID_CAP];       /* the proposal or refund */
    char ret_link[APP_LINK_CAP]; /* REFUND_LINK: behind public_url "/r/" */
};

/*
 * Fills ret_id and ret_link.  DX_E_NOT_FOUND: no such thing, or decided before;
 * DX_E_DENIED: the same person did the step before; DX_E_STATE: not in its present
 * state; DX_E_INVAL, DX_E_RANGE: lines or amounts that cannot be; DX_E_EXISTS: somebody
 * has proposed already; DX_E_STALE: the link is used or too old; DX_E_VERSION: no key is
 * configured (payment.case_key_file); DX_E_FULL, DX_E_TIMEOUT: ask again.
 */
DX_MUST_USE int app_run_case(struct app *app, struct app_case *order);

/*
 * The same in one transaction of its own, for a program that runs beside the server over the
 * same database.  What it says to a gate waits in the outbox; the lane that waits asks by
 * itself.  `ports` needs wall, mono and random.  DX_E_IO: no database; DX_E_VERSION: of
 * another version of the program.
 */
DX_MUST_USE int app_run_case_beside(const struct app_config *config, const struct app_ports *ports,
                                    struct app_case *order);

#endif
