/*
 * tariff.h - what a stay costs: the one engine that prices.
 *
 * The server charges with it, the gate prices with it when it is cut off, and
 * the command line tries it: two engines would disagree one day.  What a
 * tariff is made of: proto/tariff/model.h.  What it means, formally:
 * docs/TARIFF.md; a second, slow calculator in tests/ follows that page and
 * shares no code with this one.
 *
 * Pure and total: no clock, heap, file or thread; safe to call from any thread.
 */
#ifndef DOXE_TARIFF_H
#define DOXE_TARIFF_H

#include "proto/tariff/model.h"

struct tariff_span {
    wall_t from, until; /* half-open */
};

/* A pass that this vehicle holds, by the name it has in the tariff; valid [from, until). */
struct tariff_held_pass {
    char name[TARIFF_NAME_CAP];
    struct tariff_span valid;
};

/* A discount or voucher that this stay has been given. */
struct tariff_given {
    enum tariff_discount_kind kind; /* NAMED: one of the tariff's own; else `value` counts */
    int64_t value;
    char name[TARIFF_NAME_CAP]; /* NAMED: its name; else a text for the receipt, may be "" */
};

/* Begin with {0}, so that what is not said is not there. */
struct tariff_stay {
    enum vehicle vehicle;
    wall_t entry, exit; /* [entry, exit) */
    bool lost_ticket;
    int pass_count, free_count, given_count;
    struct tariff_held_pass passes[TARIFF_HELD_MAX];
    struct tariff_span
        free[TARIFF_HELD_MAX]; /* the lot is free then, by order (Tết and the like) */
    struct tariff_given given[TARIFF_HELD_MAX];
};

enum tariff_line_kind {
    TARIFF_LINE_TURN,
    TARIFF_LINE_TIME,
    TARIFF_LINE_ENTRY,
    TARIFF_LINE_NIGHT,
    TARIFF_LINE_FREE,  /* amount 0: says why nothing is charged */
    TARIFF_LINE_CAP,   /* what the caps took off */
    TARIFF_LINE_LIMIT, /* to the minimum or maximum */
    TARIFF_LINE_DISCOUNT,
    TARIFF_LINE_LOST,
    TARIFF_LINE_ROUNDING,
    TARIFF_LINE_OTHER /* the sum of what did not fit into TARIFF_LINES_MAX lines */
};

struct tariff_line {
    enum tariff_line_kind kind;
    int64_t amount_vnd; /* the lines add up to the total, to the đồng */
    char text_vi[TARIFF_TEXT_CAP], text_en[TARIFF_TEXT_CAP];
};

struct tariff_price {
    money_t total; /* to pay, VAT inside */
    money_t vat;   /* the VAT in it */
    int64_t vat_bp;
    bool has_next_change;
    /*
     * The total is the same for every exit from this one until next_change,
     * and another just after it.  Absent when nothing changes any more within
     * TARIFF_STAY_MAX_MS of the entry.
     */
    wall_t next_change;
    int64_t grace_after_payment_ms;
    char name[TARIFF_NAME_CAP];
    char version[TARIFF_VERSION_CAP]; /* the version at entry */
    char digest[TARIFF_DIGEST_CAP];
    int line_count;
    struct tariff_line lines[TARIFF_LINES_MAX]; /* those beyond line_count are not written */
};

/*
 * Price a stay.  ret_price is untouched on failure; then no fee may be taken
 * and the stay goes to a person:
 *   DX_E_INVAL      exit before entry, or a count or value in `stay` out of range
 *   DX_E_RANGE      longer than TARIFF_STAY_MAX_MS
 *   DX_E_VERSION    no version in force at entry (or, when split, somewhere in the stay)
 *   DX_E_NOT_FOUND  the tariff has no price for this vehicle, or no such pass or discount
 */
DX_MUST_USE int tariff_price_stay(const struct tariff_set *set, const struct tariff_stay *stay,
                                  struct tariff_price *ret_price);

/*
 * What is still due of a stay for which `paid` was paid at `paid_at`: nothing
 * when it ends within the grace after payment, else the price of the whole
 * stay (tiers go on, they do not begin again) less what was paid, never below
 * zero.  ret_price is that of the whole stay, or within grace that at paid_at.
 */
DX_MUST_USE int tariff_price_due(const struct tariff_set *set, const struct tariff_stay *stay,
                                 wall_t paid_at, money_t paid, struct tariff_price *ret_price,
                                 money_t *ret_due);

/* A pass for so many months (1..24) from `at`, by the version in force then; errors as above. */
DX_MUST_USE int tariff_price_pass(const struct tariff_set *set, const char *pass,
                                  enum vehicle vehicle, wall_t at, int months, money_t *ret_total);

/* A sentence for a driver or attendant about an error of these calls. */
const char *tariff_error_vi(int error);
const char *tariff_error_en(int error);

/* The version in force at a time, or NULL. */
const struct tariff *tariff_set_at(const struct tariff_set *set, wall_t at);

/* What is wrong with a tariff, for the person who wrote it. */
struct tariff_problem {
    char path[96];      /* "elements[1].time[0].until", as in the file */
    char sentence[200]; /* what is wrong and what is allowed */
};

/* The rules of docs/TARIFF.md section 2 that one value alone cannot break.  DX_E_CONFIG. */
DX_MUST_USE int tariff_check(const struct tariff *tariff, struct tariff_problem *ret_problem);
/* The same between versions: order, overlap, double names.  Paths begin with "versions[…]". */
DX_MUST_USE int tariff_set_check(const struct tariff_set *set, struct tariff_problem *ret_problem);

/* Write the digest of all content into tariff->digest; whoever fills a struct tariff ends with it.
 */
void tariff_seal(struct tariff *tariff);
/* Is the digest that of the content? */
bool tariff_is_sealed(const struct tariff *tariff);

#endif
