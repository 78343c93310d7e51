/*
 * store_feedback.h - complaints and votes of drivers.
 *
 * Written by server/office/feedback.c inside store_begin … store_commit; errors as store.h.
 */
#ifndef DOXE_SERVER_STORE_FEEDBACK_H
#define DOXE_SERVER_STORE_FEEDBACK_H

#include "server/store/store.h"

enum { COMPLAINT_TEXT_CAP = 501 };

struct store_complaint {
    char id[ULID_CAP];
    const char *session, *lot;
    int64_t asked_vnd, fee_vnd;
    const char *text; /* "" none */
};
DX_MUST_USE int store_add_complaint(struct store *store, const struct store_complaint *complaint,
                                    wall_t now);
/* Is one of this session waiting for a person? */
DX_MUST_USE int store_has_open_complaint(struct store *store, const char *session, bool *ret_has);
/* The vote of a session, the first or another. */
DX_MUST_USE int store_put_rating(struct store *store, const char *session, const char *lot,
                                 int score, wall_t now);

#endif
