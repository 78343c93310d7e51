/*
 * log.h - structured lines on standard error, for people and for journald.
 *
 *     log_info("lane.opened", "lane=%d session=%s", lane, session);
 *     <6>2026-03-02T08:10:00.123+07:00 doxe-gate lane.opened lane=1 session=01H…
 *
 * `event` is a dotted name; the rest is key=value pairs.  Values with blanks are
 * put in double quotes by the caller (%s within \"…\").  No personal data: a
 * plate goes through log_plate(), an identity number never goes in at all.
 * Only shells log; cores tell facts.
 */
#ifndef DOXE_IO_LOG_H
#define DOXE_IO_LOG_H

#include "proto/base/str.h"

enum log_level { LOG_LEVEL_ERROR = 3, LOG_LEVEL_WARN = 4, LOG_LEVEL_INFO = 6, LOG_LEVEL_DEBUG = 7 };

/* The program's name in each line; `most` is the least important level that is printed. */
void log_start(const char *program, enum log_level most);
__attribute__((format(printf, 3, 4))) void log_line(enum log_level level, const char *event,
                                                    const char *format, ...);
#define log_error(event, ...) log_line(LOG_LEVEL_ERROR, event, __VA_ARGS__)
#define log_warn(event, ...)  log_line(LOG_LEVEL_WARN, event, __VA_ARGS__)
#define log_info(event, ...)  log_line(LOG_LEVEL_INFO, event, __VA_ARGS__)
#define log_debug(event, ...) log_line(LOG_LEVEL_DEBUG, event, __VA_ARGS__)

struct log_plate {
    char text[24];
};
/* "30F•••45": enough to follow one car in a log, not enough to look it up. */
struct log_plate log_plate(const char *canonical);

#endif
