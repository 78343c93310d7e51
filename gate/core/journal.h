/*
 * journal.h - the records that are not durable yet, in their order.
 *
 * seq is given here, without gaps, and a record keeps it: when storing fails,
 * the same records are given out again, first to last, after 1, 2, 5, 10 and
 * then every 30 s, until the store works.  Nothing is ever dropped; that the
 * queue cannot overflow is by construction: a lane begins nothing new while the
 * journal has failed, and has at most LANE_RECORDS_MAX records in here.
 */
#ifndef DOXE_GATE_JOURNAL_H
#define DOXE_GATE_JOURNAL_H

#include "gate/core/event.h"

enum {
    JOURNAL_MAX = (MSG_LANES_MAX + 1) * LANE_RECORDS_MAX,
    JOURNAL_BATCH = 8 /* handed out by one step */
};

struct journal {
    int64_t last;     /* highest seq given */
    int64_t given;    /* highest seq handed out as RECORD and not failed since */
    int first, count; /* ring below; entry `first` has seq last - count + 1 */
    bool failed;      /* the last attempt failed */
    int tries;        /* failures in a row */
    mono_t retry;     /* when to hand out again; mono_never() unless failed */
    struct gate_record pending[JOURNAL_MAX];
};

void journal_init(struct journal *journal, int64_t last);
/* Gives the record its seq and keeps it until it is stored. */
void journal_append(struct journal *journal, struct gate_record *record);
/* The next record to hand out now, or NULL; call at most JOURNAL_BATCH times in a step. */
const struct gate_record *journal_take(struct journal *journal, mono_t now);
/* The oldest record became durable: it is copied to *ret_record.  DX_E_STATE: not the oldest. */
DX_MUST_USE int journal_stored(struct journal *journal, int64_t seq,
                               struct gate_record *ret_record);
/* DX_E_STATE: no such record is handed out. */
DX_MUST_USE int journal_store_failed(struct journal *journal, int64_t seq, mono_t now);
mono_t journal_deadline(const struct journal *journal);

#endif
