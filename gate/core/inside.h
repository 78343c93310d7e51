/*
 * inside.h - the open sessions that this gate itself has seen come in.
 *
 * At the exit the gate names the session when it knows it; when it does not (the
 * vehicle came in through another gate, or the table was full), exit_asked has
 * no session and the server finds it.  The key is (kind, key, vehicle class):
 * see struct subject.  A fixed table of values; the oldest entry gives way.
 */
#ifndef DOXE_GATE_INSIDE_H
#define DOXE_GATE_INSIDE_H

#include "proto/msg.h"

enum { INSIDE_MAX = 4096, INSIDE_KEY_CAP = 41 };

struct inside_entry {
    enum subject_kind kind;
    enum vehicle vehicle;
    char key[INSIDE_KEY_CAP];
    char session[ULID_CAP];
    wall_t entered; /* 0: not known, or by a clock that was never set */
};

struct inside {
    int count;
    struct inside_entry entry[INSIDE_MAX]; /* in the order they came */
};

/* What a record does to the table; stored in the same transaction. */
enum inside_change { INSIDE_NONE, INSIDE_ADD, INSIDE_REMOVE };

void inside_init(struct inside *inside);
/* A session already there stays once; with the same key another session: the newer one counts. */
void inside_add(struct inside *inside, const struct inside_entry *entry);
/* By session; nothing when it is not there. */
void inside_remove(struct inside *inside, const char *session);
/* The newest session of this vehicle, or "" (never NULL). */
const struct inside_entry *inside_find_entry(const struct inside *inside,
                                             const struct subject *subject); /* or NULL */
const char *inside_find(const struct inside *inside, const struct subject *subject);

#endif
