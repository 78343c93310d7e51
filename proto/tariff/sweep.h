/*
 * sweep.h - walk along a stay and charge, one span of constant conditions after the other.
 *
 * Between two instants at which a restriction, a cap's window, a turn's window,
 * a pass or a version begins or ends, nothing but time passes.  The sweep goes
 * from one such instant to the next and adds whole spans, so that its cost
 * depends on the tariff's boundaries in the stay, not on its length in minutes.
 *
 * It can stop anywhere and go on: sweep_to(exit) gives the fee, and going on
 * from there finds the next price change (change.c) without starting again.
 * For the engine only.
 */
#ifndef DOXE_TARIFF_SWEEP_H
#define DOXE_TARIFF_SWEEP_H

#include "proto/tariff/when.h"

enum sweep_dimension { SWEEP_TURN, SWEEP_TIME, SWEEP_ENTRY, SWEEP_NIGHT, SWEEP_DIMENSIONS };
enum sweep_period { SWEEP_DAY, SWEEP_DARK, SWEEP_MIXED, SWEEP_PERIODS };

/* How often something was charged, and what that came to before caps. */
struct sweep_tally {
    int64_t count, amount_vnd;
};

/* Blocks of one tier of one element. */
struct sweep_meter {
    int64_t ms;     /* charged time that fell into it */
    int64_t blocks; /* counted so far */
};

/* What one version charged. */
struct sweep_part {
    const struct tariff *tariff;
    uint32_t touched; /* elements whose rows below are in use */
    struct sweep_meter time[TARIFF_ELEMENTS_MAX][TARIFF_TIERS_MAX];
    struct sweep_tally turn[TARIFF_ELEMENTS_MAX][SWEEP_PERIODS];
    struct sweep_tally night[TARIFF_ELEMENTS_MAX];
    struct sweep_tally entry;
    int entry_element;
};

/* A turn that is not over: its price is known when its window or the stay ends. */
struct sweep_turn {
    const struct tariff_element *element; /* NULL: nothing charged in this window yet */
    struct sweep_part *part;
    bool began_dark;
    int64_t day_ms, dark_ms;
    int64_t window_end_ms;
};

struct sweep_cap {
    int64_t room_vnd;
    int64_t window_end_ms;
    bool active; /* HOURS: within them */
};

struct sweep {
    const struct tariff_set *set;
    const struct tariff_stay *stay;
    const struct tariff *first; /* the version at entry: its terms hold for the whole stay */
    const struct tariff_terms *terms;
    const struct tariff_pass *passes[TARIFF_HELD_MAX]; /* those held, in the tariff */
    int64_t entry_ms, front_ms;                        /* nothing is charged before front_ms */
    int64_t at_ms, end_ms; /* where we are; where the present conditions end */

    /* Conditions of the present span. */
    struct sweep_part *part;
    struct when_day day;
    uint32_t fit; /* elements of this version for this vehicle and entry */
    uint32_t calendars;
    bool any_turn, any_night, any_dated;
    bool dark;
    const struct tariff_element *winner[SWEEP_DIMENSIONS]; /* NULL: not charged */

    int64_t clock_ms; /* charged time since the stay began */
    bool entry_done;
    struct sweep_turn turn;
    const struct tariff_element *night_element; /* NULL: nothing charged in this night yet */
    struct sweep_tally *night_tally;
    int64_t night_ms;
    bool night_done;
    struct sweep_cap caps[TARIFF_CAPS_MAX];
    int64_t sum_vnd; /* after caps */
    int64_t cut_vnd; /* taken off by caps */
    int part_count;
    struct sweep_part parts[TARIFF_VERSIONS_MAX];
};

/*
 * Ready at the entry.  `given_ms` is free time from time discounts.  The stay
 * has been checked.  Only what a stay needs of the struct is written: it is
 * large.  DX_E_VERSION, DX_E_NOT_FOUND.
 */
DX_MUST_USE int sweep_start(struct sweep *sweep, const struct tariff_set *set,
                            const struct tariff_stay *stay, int64_t given_ms);
/*
 * Charge up to `until_ms`.  DX_E_VERSION when no version is in force somewhere
 * before it; the sweep then stands at the beginning of that gap.
 */
DX_MUST_USE int sweep_to(struct sweep *sweep, int64_t until_ms);

/* charge.c: charge a span of the present conditions; end the turn that is running. */
void sweep_charge_span(struct sweep *sweep, int64_t span_ms);
void sweep_close_turn(struct sweep *sweep);

/* The turn that is running, if it ended here: its period and price; false when there is none. */
bool sweep_open_turn(const struct sweep *sweep, enum sweep_period *ret_period,
                     int64_t *ret_amount_vnd);
/* The smallest room in the caps that are active now; INT64_MAX without. */
int64_t sweep_room(const struct sweep *sweep);
/* What all charges come to after caps if the stay ended here. */
int64_t sweep_sum(const struct sweep *sweep);

#endif
