/*
 * play.h - a story is played: the real gate core and the real server application, in virtual time.
 *
 * The script (sim/story/script.h) drives vehicles, staff, lines and banks; everything else is
 * the engine's (sim/run/run.h) without a plan of faults.  The lot is small: gate hn-0001-g1,
 * lane 1 an entry, lane 2 an exit, 25,000 đồng for each started hour of a car and 5,000 for a
 * motorbike's visit, ten minutes to leave after paying.  Time 0 of a story is when gate and server
 * have found each other.  The true time then is 2 March 2026, 09:00 in Hanoi.
 *
 * What people could see is written down as the chronicle: clauses, records, arms, displays, the
 * server's words, sessions and money.  It has no times, no ids and no latencies in it, so that
 * it changes when doxe's behaviour changes, and not when the simulator's dice do.
 *
 * After each event the street is looked at: an arm that comes down on a vehicle ends the story.
 * At the end the ledger must be balanced, whatever the script expects.
 *
 * Not here: files and the command line (story_cli.h).
 */
#ifndef DOXE_SIM_STORY_PLAY_PLAY_H
#define DOXE_SIM_STORY_PLAY_PLAY_H

#include "sim/story/script.h"

/* A clause without "within" waits so long for what it expects. */
enum { STORY_PATIENCE_MS = 5000, STORY_CHRONICLE_MAX = 256 * 1024 };

struct story_options {
    uint64_t seed;
    /* NULL, or gets each line of the engine's own trace (--trace). */
    void (*trace)(void *context, const char *line);
    void *context;
};

/*
 * 0: all that was expected came.  DX_E_DIFFERENT: something did not, and *ret_error has the line
 * and both what was expected and what there was.  DX_E_CONFIG: a setting that makes no
 * sense.  `chronicle` has what happened, up to there.
 */
DX_MUST_USE int story_play(const struct story *story, const struct story_options *options,
                           struct out *chronicle, struct story_error *ret_error);

#endif
