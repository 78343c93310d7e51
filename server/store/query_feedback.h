/*
 * query_feedback.h - what a driver said about a stay, for the driver's own page.
 *
 * Read-only, over a handle of db_open_reader.  Not here: complaints as the office lists them
 * (query_office.h).
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

#endif
