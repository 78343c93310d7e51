/*
 * pairing.h - which reading belongs to the vehicle on the loop.
 *
 * Cameras fire before the arming loop or after it, send one picture twice, send
 * better readings of the same event later, and read the neighbour's plate.  This
 * module keeps the last few readings and says whether one of them can stand for
 * the vehicle (docs/LANE.md, P1 to P8):
 *     sure (confidence >= sure), or two events that agree: at once;
 *     fair (>= fair): after settle_ms without anything better;
 *     weaker: never by itself.
 * Not here: what a plate text means (proto/plate.h).
 */
#ifndef DOXE_GATE_PAIRING_H
#define DOXE_GATE_PAIRING_H

#include "gate/core/event.h"

enum {
    PAIRING_READS = 8,
    /* Two other characters: no misreading of the same plate (P9). */
    PAIRING_ANOTHER = 2 * PLATE_DISTANCE_OTHER
};

struct pairing_config {
    enum vehicle vehicle;      /* the lane's class when only one uses it, else UNKNOWN */
    enum vehicle card_vehicle; /* of a card's holder, when neither camera nor lane tells */
    int sure, fair;            /* 0..1000 */
    int untold;                /* what a reading without a confidence counts as */
    int64_t memory_ms;         /* a reading is good this long before the arming loop */
    int64_t settle_ms;
    int64_t echo_ms; /* the plate that just passed is not believed again so long */
};

/* name, word for logs */
#define PAIRING_VERDICTS(X)                                                    \
    X(KEPT, "kept")                                                            \
    X(REPEAT, "repeat")         /* the same camera event, no better */         \
    X(ECHO, "echo")             /* the vehicle that just passed */             \
    X(NAMED, "named")           /* the one that stands there and has a name */ \
    X(UNREADABLE, "unreadable") /* no plate in it; kept as an attempt */       \
    X(AMENDS, "amends")         /* a better name of the one that has one */

enum pairing_verdict {
#define X(name, word) PAIRING_##name,
    PAIRING_VERDICTS(X)
#undef X
        PAIRING_VERDICT_COUNT
};

struct pairing_read {
    bool readable, ambiguous;
    struct subject subject;
    char camera_event[CAMERA_EVENT_CAP];
    mono_t at;
};

struct pairing {
    struct pairing_config config;
    int count;
    struct pairing_read read[PAIRING_READS]; /* oldest first; the oldest gives way */
    char echo[INSIDE_KEY_CAP];               /* plate or card that passed last, "" none */
    mono_t echo_until;
    char named[PLATE_CANONICAL_CAP]; /* plate of the vehicle that stands there, "" none */
    /* P13: of the reading that named the last visit, until the next one is named */
    char chosen_event[CAMERA_EVENT_CAP];
    struct subject chosen;     /* kind NONE: not by a camera */
    struct pairing_read rival; /* another reading of the same vehicle, not agreed on yet */
    bool amended;              /* `chosen` is the amendment that waits to be taken */
};

const char *pairing_verdict_text(enum pairing_verdict verdict);
void pairing_init(struct pairing *pairing, const struct pairing_config *config);
enum pairing_verdict pairing_add(struct pairing *pairing, const struct gate_plate *plate,
                                 mono_t now);
/* A card shown to the scanner; counts as sure when no plate does.  ECHO: it has just passed. */
enum pairing_verdict pairing_add_card(struct pairing *pairing, enum subject_kind kind,
                                      const char *key, const char *last4, mono_t now);

enum pairing_answer {
    PAIRING_NOTHING,  /* no reading that may stand for it */
    PAIRING_SETTLING, /* a fair one; look again at *ret_when */
    PAIRING_CHOSEN,   /* *ret_subject */
    PAIRING_UNDECIDED /* *ret_subject: readable, but of which class is open */
};
/* For a vehicle that came onto the arming loop at `armed`.  Outputs as the answer says. */
enum pairing_answer pairing_choose(const struct pairing *pairing, mono_t armed, mono_t now,
                                   struct subject *ret_subject, mono_t *ret_when);
/* The best attempt, readable or not, for a person to see; kind NONE and raw text, or all zero. */
void pairing_attempt(const struct pairing *pairing, mono_t armed, struct subject *ret_subject);
/* Forget the readings: the visit took what it needed. */
void pairing_clear(struct pairing *pairing);
/* This reading names the visit: call it before pairing_clear. */
void pairing_name(struct pairing *pairing, const struct subject *subject);
/* After AMENDS: the better name, once. */
DX_MUST_USE bool pairing_take_amendment(struct pairing *pairing, struct subject *ret_subject);
/* This vehicle is passing, or has: its plate is an echo from now on (P8). */
void pairing_passed(struct pairing *pairing, const struct subject *subject, mono_t now);

/*
 * The vehicle on the loop has this name: only readings of clearly another plate are
 * kept, for the next one (P9).  NULL: nobody stands there, or without a name.
 */
void pairing_set_named(struct pairing *pairing, const struct subject *subject);
/* It went back instead: when it comes again its plate counts. */
void pairing_expect_again(struct pairing *pairing);

#endif
