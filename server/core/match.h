/*
 * match.h - which open session a vehicle at an exit means.
 *
 * The gate names the session when it knows it (same gate, or a quote before).
 * Otherwise the vehicle is looked for among the open sessions of the lot with
 * the same kind and key, and the vehicle class decides: car 30F-123.45 and
 * motorbike 30-F1 2345 are the same letters.  An empty key matches nothing,
 * ever (a look-up by an empty key once returned somebody else's order:
 * TipiCode/Woocommerce-Recurrente#29).
 *
 * Nothing is guessed: a plate that differs by one confusable letter is for the
 * attendant (plate_nearest), not for this module.
 */
#ifndef DOXE_SERVER_MATCH_H
#define DOXE_SERVER_MATCH_H

#include "server/core/session.h"

enum match_result {
    MATCH_NONE,      /* nobody fits */
    MATCH_ONE,       /* exactly one fits */
    MATCH_SEVERAL,   /* several fit: the one that came last is meant, and a person should look */
    MATCH_OPEN_CLASS /* several fit and no class is given: a person must choose */
};

enum { MATCH_CANDIDATES_MAX = 8 };

/*
 * `open` are sessions of the lot in any order; those that ended or have another
 * kind or key are passed over.  *ret_index is written for ONE and SEVERAL: of
 * several the latest is taken, because an old one is a missed exit, and a
 * driver is never charged for the longer of two stays on a doubt.
 */
enum match_result match_exit(const struct subject *subject, const struct session *open, int count,
                             int *ret_index);

/*
 * A person at the lane has typed what stands there, and no session has that
 * plate; the lane was quoted a moment ago for `session`.  Is it the same vehicle?
 * Only when it came in by a citizen card, because then nobody read a plate at
 * the entry; the class, where the session has one, must be the same.
 */
bool match_is_typed_for(const struct subject *typed, const struct session *session);

#endif
