/*
 * shell_health.h - what workers say about devices, on its way to the core and to the history.
 *
 * A board under a mutex, not a queue: a worker's word is never lost because the
 * mailbox is full, and a plug with a bad contact does not fill it.  The loop looks at
 * the board when it is woken, tells the core what differs from what it was told last,
 * and writes the history every few seconds.
 */
#ifndef DOXE_GATE_IO_SHELL_HEALTH_H
#define DOXE_GATE_IO_SHELL_HEALTH_H

#include "gate/io/health_db.h"

#include <pthread.h>

struct health_board_row {
    struct health_word word;
    int64_t value;
    wall_t since;
    bool told; /* `there` as the core knows it */
    bool kept; /* as the history knows it */
    bool known_told, known_kept;
    bool brief; /* came and went before the history was written; since `brief_since` */
    wall_t brief_since;
};

struct health_board_device {
    char name[HEALTH_DEVICE_CAP];
    struct health_counts more; /* not written yet */
};

struct health_board {
    pthread_mutex_t lock;
    int row_count, device_count;
    struct health_board_row row[HEALTH_FAULTS_MAX];
    struct health_board_device device[HEALTH_FAULTS_MAX];
};

struct shell;

void health_board_init(struct health_board *board);
void health_board_fini(struct health_board *board);
/* NEW_QUIET: the first word of a device, and nothing is wrong with it. */
enum health_news { HEALTH_OLD, HEALTH_NEW_QUIET, HEALTH_NEW };
/* From any thread.  Not HEALTH_OLD: wake the loop. */
enum health_news health_board_say(struct health_board *board, const struct health_word *word,
                                  int64_t value, wall_t now);
/* From any thread: counts that are to be added, and when it answered last. */
void health_board_count(struct health_board *board, const char *device,
                        const struct health_counts *more);

/* ---- of the shell's loop (shell_health.c) ---- */
/* Tells the core what is new. */
void shell_look_at_health(struct shell *s);
/* Writes what is new into the history; every few seconds. */
void shell_keep_health(struct shell *s);
/* From any thread: a device of this shell has a fault, or has it no more. */
void shell_say_fault(struct shell *s, int lane, const char *device, const char *code, bool there,
                     int64_t value);
/* The same for "<what> <number>". */
void shell_say_device(struct shell *s, int lane, const char *what, int number, const char *code,
                      bool there);
struct bus_report;
/* A unit of a bus: down or up, and its counts. */
void shell_take_unit(struct shell *s, const char *bus, const struct bus_report *report);
/* A unit is what its profile says, or is not. */
void shell_say_module(struct shell *s, const char *bus, const struct bus_report *report);

#endif
