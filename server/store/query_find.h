/*
 * query_find.h - the stay that a driver names by plate and one more thing that only who was
 * there knows: about when it came in, or the code posted at the lane where it stands now.
 *
 * One statement whatever is asked, so that a plate that nobody has and a plate with a wrong
 * time are the same work and the same answer.
 */
#ifndef DOXE_SERVER_QUERY_FIND_H
#define DOXE_SERVER_QUERY_FIND_H

#include "server/store/query_session.h"

enum {
    FIND_TOLERANCE_MIN = 15,         /* either way, round the clock */
    FIND_AT_LANE_MS = 60 * 60 * 1000 /* asked to leave not longer ago than this */
};

struct find_ask {
    const char *lot;
    const char *key; /* canonical plate */
    wall_t now;
    int minute;       /* of the day in Hanoi when it came in; below 0: not known */
    const char *gate; /* where it stands; "" not known */
    int lane;
};
/*
 * Of an open stay, or of one that left and still owes.  DX_E_NOT_FOUND: none, or two
 * vehicles of different classes fit, and a page never guesses between two owners.
 */
DX_MUST_USE int query_find_stay(struct db *db, const struct find_ask *ask,
                                char ret_token[QUERY_TOKEN_CAP]);

#endif
