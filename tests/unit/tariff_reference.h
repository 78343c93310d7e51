/*
 * tariff_reference.h - the second calculator: slow, minute by minute, for tests only.
 *
 * It follows docs/TARIFF.md sentence by sentence and shares no code with the
 * engine, with proto/base/time.h or with anything else: it only reads the
 * structs that say what a tariff and a stay are.  Where the engine goes over
 * spans and computes, this one walks through the stay in cells of at most a
 * minute, writes down every single charge with its date, and then works
 * through that list.
 *
 * Its precondition: every time in the tariff is a multiple of a minute.
 * Entries, exits, spans and passes may be any millisecond.
 */
#ifndef DOXE_TESTS_TARIFF_REFERENCE_H
#define DOXE_TESTS_TARIFF_REFERENCE_H

#include "proto/tariff/tariff.h"

/* What happened in a stay, so that a test can see that everything has been exercised. */
#define REFERENCE_FEATURES(X)                                      \
    X(TURN_DAY, "a turn by day")                                   \
    X(TURN_NIGHT, "a turn by night")                               \
    X(TURN_WINDOWS, "more than one turn window")                   \
    X(MIXED_BOTH, "mixed turn: both")                              \
    X(MIXED_MAJORITY_DAY, "mixed turn: majority by day")           \
    X(MIXED_MAJORITY_NIGHT, "mixed turn: majority by night")       \
    X(MIXED_MAJORITY_TIE, "mixed turn: majority, tie")             \
    X(MIXED_MAJORITY_LONG, "mixed turn: majority, too long")       \
    X(MIXED_DEARER, "mixed turn: dearer")                          \
    X(MIXED_SUM, "mixed turn: sum")                                \
    X(MIXED_ENTRY, "mixed turn: period at its beginning")          \
    X(MIXED_EACH, "each period touched")                           \
    X(TIME_HOURLY, "hourly blocks")                                \
    X(TIME_TIERS, "several tiers")                                 \
    X(TIME_STARTED, "a block started and not used up")             \
    X(TIME_COMPLETED, "a completed block")                         \
    X(TIME_INCOMPLETE, "a block not completed")                    \
    X(TIME_ONCE, "a tier with one price")                          \
    X(TIME_BLOCKS, "blocks of another length than an hour")        \
    X(TIME_HOURS_ONLY, "charged and uncharged hours in one stay")  \
    X(TIME_TWO_ELEMENTS, "time charged by two elements")           \
    X(ENTRY_FEE, "entry fee")                                      \
    X(NIGHT_ONE, "night flat")                                     \
    X(NIGHT_SEVERAL, "several nights")                             \
    X(NIGHT_TOO_SHORT, "night not long enough to count")           \
    X(FREE_CLIFF_IN, "free minutes as a cliff: within")            \
    X(FREE_CLIFF_OUT, "free minutes as a cliff: beyond")           \
    X(FREE_DEDUCTION, "free minutes as a deduction")               \
    X(FREE_ELEMENT, "element that is free")                        \
    X(FREE_DAY, "free day of a calendar")                          \
    X(FREE_SPAN, "free by order of the lot")                       \
    X(PASS_PARTLY, "a pass covers a part")                         \
    X(CAP_ROLLING, "rolling cap cut")                              \
    X(CAP_CALENDAR, "calendar cap cut")                            \
    X(CAP_HOURS, "cap of hours cut")                               \
    X(CAP_TWO, "two caps cut in one stay")                         \
    X(WHEN_WEEKDAY, "weekday decided")                             \
    X(WHEN_HOLIDAY, "holiday decided")                             \
    X(WHEN_EVENT, "event day decided")                             \
    X(WHEN_NOT_ON, "not on a calendar decided")                    \
    X(WHEN_HOURS, "hours decided")                                 \
    X(WHEN_ENTERED, "time of entry decided")                       \
    X(WHEN_STAYED, "time since entry decided")                     \
    X(CHANGE_ENTRY, "version changed in the stay: price at entry") \
    X(CHANGE_SPLIT, "version changed in the stay: split")          \
    X(CHANGE_THREE, "split over three versions")                   \
    X(MINIMUM, "minimum")                                          \
    X(MAXIMUM, "maximum")                                          \
    X(PERCENT, "percentage off")                                   \
    X(AMOUNT, "amount off")                                        \
    X(TIME_OFF, "time off")                                        \
    X(NAMED, "a discount of the tariff")                           \
    X(LOST_FEE, "lost ticket: fee")                                \
    X(LOST_AT_LEAST, "lost ticket: at least")                      \
    X(LOST_INSTEAD, "lost ticket: instead")                        \
    X(ROUND_UP, "rounded up")                                      \
    X(ROUND_DOWN, "rounded down")                                  \
    X(ROUND_HALF_UP, "rounded half up")                            \
    X(ROUND_HALF_EVEN, "rounded half even")                        \
    X(VAT, "VAT inside")                                           \
    X(MIDNIGHT, "over midnight")                                   \
    X(LEAP_DAY, "over 29 February")                                \
    X(NEW_YEAR, "over the end of a year")                          \
    X(NO_LENGTH, "no length")                                      \
    X(THIRTY_DAYS, "thirty days")                                  \
    X(REFUSED_LONG, "longer than thirty days")                     \
    X(REFUSED_BACKWARDS, "exit before entry")                      \
    X(REFUSED_VERSION, "no version in force")                      \
    X(REFUSED_VEHICLE, "no price for the vehicle")

enum reference_feature {
#define X(name, sentence) REFERENCE_##name,
    REFERENCE_FEATURES(X)
#undef X
        REFERENCE_COUNT
};

struct reference {
    int64_t total_vnd, vat_vnd;
    bool did[REFERENCE_COUNT];
};

/* 0 or the error that the engine must give.  Not to be called from two threads. */
int reference_price(const struct tariff_set *set, const struct tariff_stay *stay,
                    struct reference *ret);

#endif
