#include "server/core/match.h"

#include "proto/base/check.h"

static bool has_key(const struct subject *subject, const struct session *session)
{
    return session_is_open(session) && session->subject.kind == subject->kind &&
           strcmp(session->subject.key, subject->key) == 0;
}

static wall_t began(const struct session *session)
{
    return session->entered.ms ? session->entered : session->arrived;
}

/* Later begun; the id breaks a tie, so that the same rows always give the same answer. */
static bool is_later(const struct session *a, const struct session *b)
{
    int64_t difference = wall_diff(began(a), began(b));
    return difference != 0 ? difference > 0 : strcmp(a->id, b->id) > 0;
}

/* Those whose class is `vehicle`, or of any class.  The latest, and how many there are. */
static int latest(const struct subject *subject, const struct session *open, int count, bool any,
                  enum vehicle vehicle, int *ret_index)
{
    int fit = 0;
    for (int i = 0; i < count; i++) {
        if (!has_key(subject, &open[i]) || (!any && open[i].subject.vehicle != vehicle)) {
            continue;
        }
        if (fit == 0 || is_later(&open[i], &open[*ret_index])) {
            *ret_index = i;
        }
        fit++;
    }
    return fit;
}

bool match_is_typed_for(const struct subject *typed, const struct session *session)
{
    return typed->source == SOURCE_ATTENDANT && session_is_open(session) &&
           session->subject.kind == SUBJECT_CARD &&
           (session->subject.vehicle == VEHICLE_UNKNOWN ||
            session->subject.vehicle == typed->vehicle);
}

enum match_result match_exit(const struct subject *subject, const struct session *open, int count,
                             int *ret_index)
{
    must(count >= 0 && count <= MATCH_CANDIDATES_MAX);
    int index = -1;
    if (subject->kind == SUBJECT_NONE || subject->key[0] == '\0') {
        return MATCH_NONE;
    }
    int fit = latest(subject, open, count, false, subject->vehicle, &index);
    if (fit == 0 && subject->vehicle == VEHICLE_UNKNOWN) {
        fit = latest(subject, open, count, true, VEHICLE_UNKNOWN, &index);
        if (fit > 1) {
            return MATCH_OPEN_CLASS;
        }
    } else if (fit == 0) {
        fit = latest(subject, open, count, false, VEHICLE_UNKNOWN, &index);
    }
    if (fit == 0) {
        return MATCH_NONE;
    }
    *ret_index = index;
    return fit == 1 ? MATCH_ONE : MATCH_SEVERAL;
}
