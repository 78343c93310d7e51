/*
 * offline.h - an exit priced at the gate, when the server is silent.
 *
 * The same engine (proto/tariff), the lot's tariffs, passes and lists as the
 * server last gave them (proto/lot.h), and the stay: from the lot's open sessions,
 * or from what this gate itself has seen come in.  What comes out is a quote, as
 * the server would have said it, and the QUOTED record that comes before it:
 * the server computes it again when the line is back and reports every difference.
 *
 * Not here: when to do it and what the lane makes of it (gate.c, lane_orders.c).
 * docs/LANE.md, clauses U.
 */
#ifndef DOXE_GATE_OFFLINE_H
#define DOXE_GATE_OFFLINE_H

#include "gate/core/inside.h"
#include "proto/lot.h"

/* Who leaves, and what for: of the lane's visit. */
struct offline_ask {
    const struct lot *lot;
    const struct inside *inside;
    const struct subject *subject;
    const char *session; /* "" when the gate does not know it */
    const char *ask;     /* the exit_asked record */
    wall_t at;           /* priced to this instant */
    int64_t taken_vnd; /* paid for this stay as far as the lane knows, cash of this exit included */
    uint8_t random[8]; /* of a payment code that is made here */
};

/*
 * The session under which a vehicle is inside, "" none: what this gate saw come in, or, while
 * the lot's list is current, whoever any gate let in.  A current list that does not have what
 * this gate saw come in says that it left by another gate.
 */
const char *offline_inside(const struct inside *inside, const struct lot *lot, bool is_current,
                           const struct subject *subject);

/*
 * `quoted` gets what its type adds and session and cause; `down` the quote for the
 * lane, without id and lane: state DUE FREE EXEMPT PAID, and in `local` what the lot
 * allows.  DX_E_NOT_FOUND: nobody knows this vehicle inside; DX_E_CONFIG: no
 * tariff for it; DX_E_RANGE: the stay is none that may be priced.  Then a person.
 */
DX_MUST_USE int offline_price(const struct offline_ask *ask, struct event *ret_quoted,
                              struct down *ret_down);

#endif
