/*
 * query_feedback.h - what a driver said about a stay, for the driver's page and for who looks at
 * complaints.  Read-only, over a handle of db_open_reader.
 */
#ifndef DOXE_SERVER_QUERY_FEEDBACK_H
#define DOXE_SERVER_QUERY_FEEDBACK_H

#include "server/store/query_session.h"
#include "server/store/store_feedback.h"

struct feedback {
    int64_t score; /* 1 … 5; 0 no vote */
    /* The last complaint. */
    bool complained, complaint_open;
    int64_t asked_vnd, complained_ms;
};
DX_MUST_USE int query_feedback(struct db *db, const char *session, struct feedback *ret_feedback);

struct complaint_row {
    char id[ULID_CAP], lot[MSG_NAME_CAP], session[ULID_CAP];
    int64_t review; /* to be closed by who has looked at it; 0: it is not there any more */
    bool open;
    int64_t asked_vnd, fee_vnd, at_ms;
    char text[COMPLAINT_TEXT_CAP];
};
/* The newest first; `lot` "" of all; `open_only`: those that wait for a person. */
DX_MUST_USE int query_complaints(struct db *db, const char *lot, bool open_only, int64_t limit,
                                 void (*each)(void *context, const struct complaint_row *row),
                                 void *context);

#endif
