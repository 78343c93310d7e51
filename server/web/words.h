/*
 * words.h - the words of messages and of the database, said as people say them.
 */
#ifndef DOXE_SERVER_WORDS_H
#define DOXE_SERVER_WORDS_H

#include "proto/base/out.h"
#include "server/store/query_event.h"
#include "server/web/texts.h"

enum text words_vehicle(const char *vehicle);     /* "car" */
enum text words_lane_state(const char *state);    /* "quoted", of gate/core/lane.h */
enum text words_barrier(const char *state);       /* "closed", of gate/core/barrier.h */
enum text words_hold(const char *hold);           /* "unreadable" */
enum text words_direction(const char *direction); /* "entry" | "exit" */
enum text words_review(const char *kind);         /* "lane_held" */
enum text words_alarm(const char *code);          /* "barrier.stuck" */

/* One event as one sentence of plain text (not escaped for HTML). */
void words_event(struct out *out, const struct event_row *row, enum language language);
/* "1 ngày 2 giờ", "2 giờ 15 phút", "5 phút"; two units at most. */
void words_duration(struct out *out, int64_t ms, enum language language);
/* A length as a price list has it, without what is zero: "2 giờ", "90 phút" as "1 giờ 30 phút". */
void words_span(struct out *out, int64_t ms, enum language language);
/* A text with its {x} replaced, as plain text. */
void words_detail(struct out *out, enum text text, const char *detail, enum language language);
/* A text with its {n} replaced. */
void words_number(struct out *out, enum text text, int64_t n, enum language language);

#endif
