/*
 * model.h - the shape of a tariff.  Include proto/tariff/tariff.h, which has this and the engine.
 *
 * Shape after OCPI 2.2 tariffs (ordered elements; an element holds when all of
 * its restrictions hold; for each dimension the first element that holds is
 * charged) with the integer money and half-open ranges of CDS.  Dimensions:
 *
 *   turn    per turn by day, night or both (Decision 44/2017/QĐ-UBND of Hanoi)
 *   time    tiers over charged time, in blocks
 *   entry   once
 *   night   once per night
 *
 * Units: đồng in int64_t, durations in ms, times of day in minutes of the day
 * in Asia/Ho_Chi_Minh (0..1440).  Ranges are half-open: start in, end out.
 * Everything here is a plain value without pointers: it can be copied, sent
 * and kept.  A version never changes: its digest is over all of its content.
 *
 * Not here: reading tariffs from YAML (proto/io/tariff_file.h).
 */
#ifndef DOXE_TARIFF_MODEL_H
#define DOXE_TARIFF_MODEL_H

#include "proto/base/time.h"
#include "proto/money.h"
#include "proto/vehicle.h"

enum {
    TARIFF_NAME_CAP = 48,
    TARIFF_VERSION_CAP = 32,
    TARIFF_LABEL_CAP = 96,
    TARIFF_NOTE_CAP = 240,
    TARIFF_DIGEST_CAP = 65, /* 64 hex digits */
    TARIFF_NOTES_MAX = 8,
    TARIFF_LEGAL_MAX = 4,
    TARIFF_CALENDARS_MAX = 6,
    TARIFF_DATES_MAX = 32,
    TARIFF_TERMS_MAX = 4,
    TARIFF_CAPS_MAX = 4,
    TARIFF_ELEMENTS_MAX = 16,
    TARIFF_TIERS_MAX = 8,
    TARIFF_PASSES_MAX = 8,
    TARIFF_DISCOUNTS_MAX = 8,
    TARIFF_VERSIONS_MAX = 8,
    TARIFF_HELD_MAX = 4, /* passes, discounts and free spans of one stay, each */
    TARIFF_LINES_MAX = 32,
    TARIFF_TEXT_CAP = 192
};
#define TARIFF_STAY_MAX_MS                                                                 \
    (INT64_C(30) * TIME_DAY_MS)                 /* a longer stay is for a person to review \
                                                 */
#define TARIFF_PRICE_MAX_VND INT64_C(100000000) /* of any single amount in a tariff */

/* The words of the file, in order; the enumerators follow. */
#define TARIFF_STATUS_WORDS   "verified|unverified"
#define TARIFF_CHANGE_WORDS   "entry|split"
#define TARIFF_MIXED_WORDS    "both|majority|dearer|sum|entry|each_period"
#define TARIFF_FREE_WORDS     "none|cliff|deduction"
#define TARIFF_CAP_WORDS      "rolling|calendar_day|hours"
#define TARIFF_COUNT_WORDS    "started|completed"
#define TARIFF_LOST_WORDS     "none|fee|at_least|instead"
#define TARIFF_ROUND_WORDS    "up|down|half_up|half_even"
#define TARIFF_CALENDAR_WORDS "holiday|event|free"
#define TARIFF_DISCOUNT_WORDS "named|percent|amount|time"

enum tariff_status { TARIFF_VERIFIED, TARIFF_UNVERIFIED };
/* Which version prices a stay: the one at its entry, or each its own part. */
enum tariff_change { TARIFF_CHANGE_ENTRY, TARIFF_CHANGE_SPLIT };
/* What a turn costs that touches day and night. */
enum tariff_mixed {
    TARIFF_MIXED_BOTH,     /* the day+night price */
    TARIFF_MIXED_MAJORITY, /* below majority_below: the period holding more, tie: day; else both */
    TARIFF_MIXED_DEARER,   /* the dearer of day and night */
    TARIFF_MIXED_SUM,      /* day and night, added */
    TARIFF_MIXED_ENTRY,    /* the period in which it begins */
    TARIFF_MIXED_EACH_PERIOD /* each day and each night touched costs its price; no windows */
};
enum tariff_free { TARIFF_FREE_NONE, TARIFF_FREE_CLIFF, TARIFF_FREE_DEDUCTION };
enum tariff_cap_per { TARIFF_CAP_ROLLING, TARIFF_CAP_CALENDAR_DAY, TARIFF_CAP_HOURS };
enum tariff_count { TARIFF_COUNT_STARTED, TARIFF_COUNT_COMPLETED };
enum tariff_lost { TARIFF_LOST_NONE, TARIFF_LOST_FEE, TARIFF_LOST_AT_LEAST, TARIFF_LOST_INSTEAD };
enum tariff_round { TARIFF_UP, TARIFF_DOWN, TARIFF_HALF_UP, TARIFF_HALF_EVEN };
enum tariff_calendar_kind { TARIFF_HOLIDAY, TARIFF_EVENT, TARIFF_FREE_DAY };
enum tariff_discount_kind {
    TARIFF_DISCOUNT_NAMED,   /* of a stay only: the tariff's own discount of that name */
    TARIFF_DISCOUNT_PERCENT, /* value: hundredths of a per cent, 1..10000 */
    TARIFF_DISCOUNT_AMOUNT,  /* value: đồng */
    TARIFF_DISCOUNT_TIME     /* value: ms taken off the front of the stay */
};

/* Part of the day [from, until) in minutes; from > until runs past midnight; 0..1440 is all day. */
struct tariff_hours {
    int32_t from_min, until_min;
};

/* Civil days [from, until), counted from 1970-01-01. */
struct tariff_dates {
    int32_t from_day, until_day;
};

struct tariff_label {
    char vi[TARIFF_LABEL_CAP], en[TARIFF_LABEL_CAP];
};

struct tariff_calendar {
    char name[TARIFF_NAME_CAP];
    enum tariff_calendar_kind kind; /* a day in a FREE_DAY calendar costs nothing at all */
    int date_count;
    struct tariff_dates dates[TARIFF_DATES_MAX];
};

/* All that is given must hold. */
struct tariff_when {
    uint32_t vehicles;           /* bit i: enum vehicle i; never 0 */
    uint32_t weekdays;           /* bit 0 Monday … 6 Sunday, of the instant; never 0 */
    uint32_t on, not_on;         /* calendars by index: in one of `on`, in none of `not_on` */
    struct tariff_hours hours;   /* of the instant */
    struct tariff_hours entered; /* of the entry */
    int64_t stayed_from_ms;      /* since the entry: [from, until) */
    int64_t stayed_until_ms;     /* 0: no end */
};

struct tariff_tier {
    int64_t until_ms; /* of charged time since the stay began; the last has 0: no end */
    int64_t block_ms; /* 0: the price is for the whole tier, once */
    int64_t price_vnd;
    enum tariff_count count; /* a block counts when it is started, or when completed */
};

struct tariff_element {
    struct tariff_label label;
    struct tariff_when when;
    bool free; /* holds for every dimension and costs nothing; then no other price is given */
    bool has_turn, has_entry, has_night;
    int64_t day_vnd, night_turn_vnd, both_vnd; /* turn */
    int64_t entry_vnd, night_vnd;
    int tier_count; /* time; 0: this element has no price for time */
    struct tariff_tier tiers[TARIFF_TIERS_MAX];
};

/* Charges dated in one window of a cap never sum to more than its limit. */
struct tariff_cap {
    enum tariff_cap_per per;
    int64_t limit_vnd;
    int64_t window_ms;         /* ROLLING: windows of this length from the entry */
    struct tariff_hours hours; /* HOURS: one window per day; other charges are not capped */
};

/* What holds for a stay as a whole; the first whose vehicles fit. */
struct tariff_terms {
    uint32_t vehicles;
    struct tariff_hours night; /* the rest is day */
    enum tariff_mixed mixed;
    int64_t turn_window_ms; /* a turn lasts at most this long; the next begins then */
    int64_t majority_below_ms;
    int64_t night_at_least_ms; /* a night counts from this much of it; 0: from the first instant */
    enum tariff_free free_as;
    int64_t free_ms;     /* measured from the entry */
    int64_t minimum_vnd; /* once anything is charged; 0: none */
    int64_t maximum_vnd; /* 0: none */
    enum tariff_lost lost;
    int64_t lost_vnd;
    char lost_legal[TARIFF_NOTE_CAP]; /* needed for any rule but NONE */
    int cap_count;
    struct tariff_cap caps[TARIFF_CAPS_MAX];
};

struct tariff_pass {
    char name[TARIFF_NAME_CAP];
    struct tariff_label label;
    uint32_t vehicles;
    int64_t month_vnd;
    struct tariff_hours hours; /* when it covers */
    uint32_t weekdays;
};

struct tariff_discount {
    char name[TARIFF_NAME_CAP];
    struct tariff_label label; /* of a tariff's own discount */
    uint32_t vehicles;         /* of a tariff's own discount */
    enum tariff_discount_kind kind;
    int64_t value;
};

/* One immutable version. */
struct tariff {
    char name[TARIFF_NAME_CAP];
    char version[TARIFF_VERSION_CAP];
    char digest[TARIFF_DIGEST_CAP]; /* of everything else here: tariff_seal */
    struct tariff_label title;
    enum tariff_status status;
    int legal_count, note_count;
    char legal[TARIFF_LEGAL_MAX][TARIFF_NOTE_CAP]; /* decisions and articles */
    char notes[TARIFF_NOTES_MAX][TARIFF_NOTE_CAP]; /* what is assumed or not verified */
    wall_t valid_from, valid_until;                /* of entries (or parts); half-open */
    enum tariff_change on_change;
    int64_t round_unit_vnd; /* the total is rounded to this once, at the end */
    enum tariff_round round;
    int64_t vat_bp; /* hundredths of a per cent, contained in the total; 0: none */
    enum tariff_round vat_round;
    int64_t grace_after_payment_ms;
    int calendar_count, terms_count, element_count, pass_count, discount_count;
    struct tariff_calendar calendars[TARIFF_CALENDARS_MAX];
    struct tariff_terms terms[TARIFF_TERMS_MAX];
    struct tariff_element elements[TARIFF_ELEMENTS_MAX];
    struct tariff_pass passes[TARIFF_PASSES_MAX];
    struct tariff_discount discounts[TARIFF_DISCOUNTS_MAX];
};

/* The versions of one tariff, by rising validity without overlap.  Some 160 kB: not for a stack. */
struct tariff_set {
    char name[TARIFF_NAME_CAP];
    int count;
    struct tariff versions[TARIFF_VERSIONS_MAX];
};

#endif
