/*
 * court.h - brings the facts of a run to the judge, and stops the run at his first finding.
 *
 * It hangs on the hooks of struct run_watch and on what the store in memory commits.  It decides
 * nothing; it knows where in the engine a fact is.
 *
 *     court_new(&config)         before run_new: sets config->watch
 *     court_sit(court, run)      after run_new: from now on facts are heard
 *     court_free(court)          after run_free
 *
 * Over another store than the one in memory nothing is known of the server's books: arms, loops,
 * queues, bytes and the street's notes are judged alone.
 *
 * Not here: the rules (sim/judge/judge.h), the engine (sim/run/run.h).
 */
#ifndef DOXE_SIM_COURT_COURT_H
#define DOXE_SIM_COURT_COURT_H

#include "sim/judge/judge.h"
#include "sim/run/run.h"

struct court;

/*
 * `config` is borrowed until court_free; its watch is overwritten.  `tariffs[i][v]` names the
 * tariff of site i and vehicle class v ("" none), for the judge's own calculator.
 */
struct court *court_new(struct run_config *config,
                        const char *(*tariff)(void *context, int site, enum vehicle vehicle),
                        void *context);
void court_sit(struct court *court, struct run *run);
/* Every finding as a sentence, one after the other from 0; NULL: no more. */
const char *court_finding(const struct court *court, int number);
void court_report(const struct court *court, struct judge_report *ret_report);
/* NULL is fine. */
void court_free(struct court *court);

#endif
