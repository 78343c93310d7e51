/*
 * ingest.h - what a message that came in from a broker is, before anybody acts on it.
 *
 * A message is judged three times: by its topic (is it from a gate that the
 * configuration knows, in the lot it belongs to?), by its envelope (does the
 * event name the same gate?), and by its place in the gate's journal
 * (proto/delivery.h).  The judge says what to do; server/app does it.
 *
 * Nothing is thrown away: what cannot be applied goes to quarantine with a
 * reason, and when its place in the journal is certain the journal goes on
 * behind it: one bad event must not hold up every car after it.
 */
#ifndef DOXE_SERVER_INGEST_H
#define DOXE_SERVER_INGEST_H

#include "proto/delivery.h"
#include "proto/msg.h"
#include "proto/topic.h"

/* What the server knows about the gate of a topic. */
struct ingest_gate {
    bool configured;
    const char *lot; /* where the configuration has it */
    int64_t generation, high;
    int64_t forked; /* this generation went back: nothing more of it is applied; 0: none */
};

enum ingest_action {
    INGEST_APPLY,
    INGEST_KNOWN,       /* acknowledge again, change nothing */
    INGEST_PARK,        /* keep it until the gap before it is filled; ask for the gap */
    INGEST_AGAIN,       /* known under another number: move the cursor, change nothing else */
    INGEST_START_AGAIN, /* the same, first of a new generation: an alarm as well */
    INGEST_NEW_START,   /* an alarm, then apply it */
    INGEST_WENT_BACK,   /* the same, and the gate is asked for a new generation */
    INGEST_SET_ASIDE    /* quarantine, with `reason` */
};

struct ingest_verdict {
    enum ingest_action action;
    const char *reason; /* SET_ASIDE, WENT_BACK: constant text for people, no personal data */
    const char *alarm;  /* NULL: none; else its code */
    /*
     * Tell the gate that this much is committed; 0: nothing.  A repeat is acknowledged up to
     * itself and not further: what this gate has behind it may be other events than ours.
     */
    int64_t acknowledge;
    int64_t gap_generation, gap_from; /* PARK: first missing; WENT_BACK: a new generation */
};

/* The topic alone; NULL when it is fine, else the reason to set the message aside. */
const char *ingest_check_topic(const struct ingest_gate *gate, const struct topic *topic);

/* `known_id`: an event with this id is stored.  The topic was checked before. */
void ingest_judge(const struct ingest_gate *gate, const struct topic *topic,
                  const struct event *event, bool known_id, struct ingest_verdict *verdict);

/*
 * The verdict on an event whose journal went back.  The gate is asked for a generation above its
 * own: it then knows that its journal is an old copy, and begins a new one with all that was not
 * acknowledged (gate/io/journal_mend.h).
 */
void ingest_went_back(const struct ingest_gate *gate, const struct event *event,
                      struct ingest_verdict *verdict);

/*
 * When it happened.  A gate whose clock was never set since power-on says times
 * that may be decades off; then the time of receipt stands in, both are kept
 * (event.wall_ms and the session's times), and *ret_is_receipt makes a person look.
 */
wall_t ingest_time(const struct event *event, wall_t received, bool *ret_is_receipt);

/*
 * How far the outbox waits before it says a message again, in seconds; Bolink's
 * timetable for paid notices, then once a minute while the lane still waits.
 * `attempts` counts the times it was said; 1 … .
 */
int ingest_retry_s(int64_t attempts);

#endif
