/*
 * query_event.h - the gates' journals as people read them: what happened last.
 */
#ifndef DOXE_SERVER_QUERY_EVENT_H
#define DOXE_SERVER_QUERY_EVENT_H

#include "proto/io/db.h"
#include "proto/msg.h"

struct event_row {
    struct event event;
    char lot[MSG_NAME_CAP], lot_name[121];
    char outcome[16]; /* applied | ignored | review */
    int64_t received_ms;
    char vehicle_name[PLATE_RAW_CAP]; /* of the session or of the event itself; "" when none */
};

/*
 * The latest received, newest first, at most `limit`; `lot` "" means all.  A body
 * that cannot be read any more (an older version) is left out.
 */
DX_MUST_USE int query_events(struct db *db, const char *lot, int64_t limit,
                             void (*each)(void *context, const struct event_row *row),
                             void *context);

#endif
