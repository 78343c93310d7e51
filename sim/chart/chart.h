/*
 * chart.h - a run as a picture: arrivals, occupancy, revenue and faults over time, as SVG.
 *
 * Whoever plays gives samples, each of one stretch of time, and the faults as they were
 * planned; out comes one SVG document with four panels over one time axis (Hanoi time) and
 * labels in Vietnamese or English.  It needs no font, script or style from elsewhere.
 *
 *   1  vehicles that came and left in each stretch
 *   2  vehicles inside at its end: truly, and as the server counts; where the two part, it shows
 *   3  money: what the banks moved until then, and what the server has booked
 *   4  faults: one row for each family (net, store, bank …), a mark as long as it lasted
 *
 * Pure: integers only, no heap.  The same samples give the same bytes.
 *
 * Not here: taking samples (sim/run), numbers for people (the summary table).
 */
#ifndef DOXE_SIM_CHART_CHART_H
#define DOXE_SIM_CHART_CHART_H

#include "proto/base/out.h"
#include "proto/base/time.h"

enum {
    CHART_SAMPLES_MAX = 720, /* wider than the picture would be finer than a pixel */
    CHART_FAMILIES_MAX = 12,
    CHART_BYTES_MAX = 1024 * 1024 /* every chart of these limits fits */
};

/* One stretch of time, [previous sample, at). */
struct chart_sample {
    int64_t at_ms;      /* its end, since the beginning of the run */
    int64_t arrived;    /* drove in, in this stretch */
    int64_t left;       /* drove out */
    int64_t inside;     /* truly, at its end */
    int64_t counted;    /* … as the server has it; below 0: not known (it was down) */
    int64_t moved_vnd;  /* by the banks, since the beginning */
    int64_t booked_vnd; /* by the server, since the beginning */
};

struct chart_fault {
    int64_t at_ms, until_ms; /* equal: an instant */
    const char *word;        /* "net.delay": the family is what stands before the point */
};

enum chart_language { CHART_VI, CHART_EN };

struct chart {
    const char *title; /* "seed 0x2a, 12 sites, 1,804 visits" */
    enum chart_language language;
    wall_t start; /* of the run */
    const struct chart_sample *sample;
    int sample_count; /* 2..CHART_SAMPLES_MAX, at_ms growing */
    const struct chart_fault *fault;
    int fault_count;   /* more than 2000 are not drawn */
    int64_t failed_ms; /* where the auditor objected; below 0: nowhere */
};

/* DX_E_INVAL: fewer than two samples, too many, or time that does not grow; DX_E_SPACE. */
DX_MUST_USE int chart_write(const struct chart *chart, struct out *out);

/*
 * Two neighbouring samples into one, for a run that is longer than CHART_SAMPLES_MAX stretches:
 * the new count.
 */
int chart_halve(struct chart_sample *samples, int count);

#endif
