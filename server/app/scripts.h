/*
 * scripts.h - the transaction scripts, one file each: load the view, let the core decide, write
 * state and outgoing messages.  All run inside a transaction of the desk.
 *
 * Errors: of the database, which end the group; or a refusal (desk_is_refusal): then the caller
 * undoes the message's savepoint and sets the message aside.
 */
#ifndef DOXE_SERVER_SCRIPTS_H
#define DOXE_SERVER_SCRIPTS_H

#include "server/app/cases.h"
#include "server/app/desk.h"

/* One event of a gate on its way through its script. */
struct on {
    struct desk *desk;
    struct desk_gate *gate;
    const struct event *event;
    wall_t at;                    /* when it happened, as far as known */
    bool at_is_receipt;           /* the gate's clock was not set */
    char session[ULID_CAP];       /* out: the session it was found to concern, "" none */
    enum session_outcome outcome; /* out */
};

/* on_message.c: a message from the broker, whatever it is; judged, applied, parked or set aside. */
DX_MUST_USE int on_message(struct desk *desk, struct str topic, struct str payload);
/* The same for an event that came as a value; its gate is known (must). */
DX_MUST_USE int on_event(struct desk *desk, const struct event *event);
/* on_status.c: a gate's status, retained or last will. */
DX_MUST_USE int on_status(struct desk *desk, struct desk_gate *gate, struct str payload);
/* on_proposal.c and on_refund.c: what people ask about money; refusals as cases.h. */
DX_MUST_USE int on_proposal(struct desk *desk, struct app_case *order);
DX_MUST_USE int on_refund(struct desk *desk, struct app_case *order);
/* on_query.c: a lane that waits asks again whether it was paid. */
DX_MUST_USE int on_query(struct desk *desk, struct desk_gate *gate, const struct query *query);
/* on_outbox.c: what has become old: promises, accounts of drivers. */
DX_MUST_USE int on_chores(struct desk *desk);
/* on_entry.c: ARRIVED, ENTERED, BACKED_OUT, AMENDED, ENTRY_DECLARED. */
DX_MUST_USE int on_entry(struct on *on);
/* on_exit.c: EXIT_ASKED, EXIT_PERMITTED, LEFT, BACKED_OFF. */
DX_MUST_USE int on_exit_event(struct on *on);
/* on_cash.c: CASH_TAKEN, SHIFT_OPENED, SHIFT_CLOSED, OCCUPANCY_CORRECTED. */
DX_MUST_USE int on_cash(struct on *on);
/* on_lane.c: BOOT, HELD, RELEASED, HAND_OPENED, ALARM, COMMAND_DONE. */
DX_MUST_USE int on_lane(struct on *on);
/* on_quoted.c: QUOTED is priced again and compared; CLOCK_SET dates what was recorded before. */
DX_MUST_USE int on_quoted(struct on *on);
DX_MUST_USE int on_clock_set(struct on *on);
/* on_proposal.c: money in suspense whose payment code turned out to be this stay's. */
DX_MUST_USE int on_adopt_credit(struct desk *desk, const char *cause, const char *credit,
                                const char *session, int64_t amount_vnd);
/* on_early.c: an exit asked whose turn in the journal has not come: answered, not applied. */
DX_MUST_USE int on_early_ask(struct on *on);
/* Money came for a stay: the lane that was answered so hears of it at once. */
DX_MUST_USE int on_early_money(struct desk *desk, const struct session *session,
                               const struct payment_terms *terms);
/* on_bank_credit.c: the bank notices that were stored and are not applied yet. */
DX_MUST_USE int on_notices(struct desk *desk);
/* on_command.c: what a person asks of a gate; refusals as app_command says. */
DX_MUST_USE int on_command(struct desk *desk, const struct app_command *command,
                           char ret_id[ULID_CAP]);
/* on_outbox.c: messages that are due are said again. */
DX_MUST_USE int on_outbox(struct desk *desk);

/* ---- shared by on_entry.c and on_exit.c: on_session.c ---- */

/* The session of this id, in this gate's lot; view->found is false when there is none. */
DX_MUST_USE int on_load(struct on *on, const char *id, struct session_view *view);
/* The money of a stay that has ended: its transaction, and the turn. */
DX_MUST_USE int on_settle(struct on *on, struct session_decision *decision);
/* Session, counts, reviews and changes of a decision; draws code and token of a new session. */
DX_MUST_USE int on_apply(struct on *on, struct session_decision *decision);

#endif
