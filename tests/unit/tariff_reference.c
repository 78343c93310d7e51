#include "tests/unit/tariff_reference.h"

enum { MINUTE = 60 * 1000, HOUR = 60 * MINUTE, DAY = 24 * HOUR, CHARGES_MAX = 100000 };
enum dimension { TURN, TIME, ENTRY, NIGHT };

/* Something to pay, and the instant that it is dated. */
struct charge {
    int64_t at, vnd;
    int order; /* among those of one instant, as written */
};

/* The block of a tier that is being used up. */
struct meter {
    int64_t left;  /* of a started block */
    int64_t saved; /* towards a completed block */
    bool paid;     /* a tier with one price */
};

/* A turn, while its window lasts. */
struct turn {
    bool open;
    int64_t window, ends;
    const struct tariff_element *element; /* of its first charged instant; NULL before */
    bool began_dark;
    int64_t day, dark;
};

struct walk {
    const struct tariff_set *set;
    const struct tariff_stay *stay;
    const struct tariff *first;
    const struct tariff_terms *terms;
    struct reference *out;
    int64_t front;
    const struct tariff_pass *pass[TARIFF_HELD_MAX];

    /* Of the instant that is looked at. */
    int64_t now;
    const struct tariff *version;
    int64_t day_number, of_day;
    bool dark;

    int64_t clock;
    struct meter meters[TARIFF_VERSIONS_MAX][TARIFF_ELEMENTS_MAX][TARIFF_TIERS_MAX];
    const struct tariff_element *last_time_element;
    bool entered, time_passed_free;
    struct turn turn;
    int64_t periods; /* day and night periods that began so far */
    bool was_dark;
    int64_t night_ms;
    const struct tariff_element *night_element;
    bool night_paid, in_night;
    int nights, tiers_used;
    int charge_count;
};

static struct charge charges[CHARGES_MAX];

static int64_t smaller(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

static void did(struct walk *w, enum reference_feature feature)
{
    w->out->did[feature] = true;
}

static void pay(struct walk *w, int64_t at, int64_t vnd)
{
    if (w->charge_count < CHARGES_MAX) {
        charges[w->charge_count] = (struct charge){at, vnd, w->charge_count};
    }
    w->charge_count++;
}

/* ---- section 3: instants ---- */

static int64_t day_number_of(int64_t at)
{
    int64_t local = at + 7 * (int64_t)HOUR;
    return (local - ((local % DAY) + DAY) % DAY) / DAY;
}

static int64_t of_day_of(int64_t at)
{
    return at + 7 * (int64_t)HOUR - day_number_of(at) * DAY;
}

static bool in_hours(struct tariff_hours hours, int64_t of_day)
{
    int64_t minute = of_day / MINUTE;
    bool after_start = minute >= hours.from_min;
    bool before_end = minute < hours.until_min;
    return hours.from_min < hours.until_min ? after_start && before_end : after_start || before_end;
}

static bool on_weekday(uint32_t weekdays, int64_t day_number)
{
    /* Day 4 was the first Monday. */
    return weekdays >> ((day_number - 4) % 7 + 7) % 7 & 1;
}

static bool in_calendar(const struct tariff_calendar *calendar, int64_t day_number)
{
    bool in = false;
    for (int i = 0; i < calendar->date_count; i++) {
        in = in || (calendar->dates[i].from_day <= day_number &&
                    day_number < calendar->dates[i].until_day);
    }
    return in;
}

static bool for_vehicle(uint32_t vehicles, enum vehicle vehicle)
{
    return vehicles >> (int)vehicle & 1;
}

static const struct tariff *version_at(const struct tariff_set *set, int64_t at)
{
    for (int i = 0; i < set->count; i++) {
        if (set->versions[i].valid_from.ms <= at && at < set->versions[i].valid_until.ms) {
            return &set->versions[i];
        }
    }
    return NULL;
}

/* Is the instant taken out of the stay, whatever the elements say? */
static bool is_taken_out(struct walk *w)
{
    if (w->now < w->front) {
        return true;
    }
    for (int i = 0; i < w->stay->free_count; i++) {
        if (w->stay->free[i].from.ms <= w->now && w->now < w->stay->free[i].until.ms) {
            did(w, REFERENCE_FREE_SPAN);
            return true;
        }
    }
    for (int i = 0; i < w->stay->pass_count; i++) {
        const struct tariff_span *valid = &w->stay->passes[i].valid;
        if (valid->from.ms <= w->now && w->now < valid->until.ms &&
            in_hours(w->pass[i]->hours, w->of_day) &&
            on_weekday(w->pass[i]->weekdays, w->day_number)) {
            did(w, REFERENCE_PASS_PARTLY);
            return true;
        }
    }
    for (int i = 0; i < w->version->calendar_count; i++) {
        if (w->version->calendars[i].kind == TARIFF_FREE_DAY &&
            in_calendar(&w->version->calendars[i], w->day_number)) {
            did(w, REFERENCE_FREE_DAY);
            return true;
        }
    }
    return false;
}

static bool on_calendars(struct walk *w, const struct tariff_when *when)
{
    bool wanted = when->on == 0;
    bool unwanted = false;
    for (int i = 0; i < w->version->calendar_count; i++) {
        const struct tariff_calendar *calendar = &w->version->calendars[i];
        if (!in_calendar(calendar, w->day_number)) {
            continue;
        }
        if (when->on >> i & 1) {
            wanted = true;
            did(w, calendar->kind == TARIFF_EVENT ? REFERENCE_WHEN_EVENT : REFERENCE_WHEN_HOLIDAY);
        }
        unwanted = unwanted || (when->not_on >> i & 1);
    }
    if (unwanted) {
        did(w, REFERENCE_WHEN_NOT_ON);
    }
    return wanted && !unwanted;
}

static bool holds(struct walk *w, const struct tariff_when *when)
{
    int64_t since = w->now - w->stay->entry.ms;
    if (!for_vehicle(when->vehicles, w->stay->vehicle)) {
        return false;
    }
    if (!on_weekday(when->weekdays, w->day_number)) {
        did(w, REFERENCE_WHEN_WEEKDAY);
        return false;
    }
    if (!on_calendars(w, when)) {
        return false;
    }
    if (!in_hours(when->hours, w->of_day)) {
        did(w, REFERENCE_WHEN_HOURS);
        return false;
    }
    if (!in_hours(when->entered, of_day_of(w->stay->entry.ms))) {
        did(w, REFERENCE_WHEN_ENTERED);
        return false;
    }
    if (since < when->stayed_from_ms ||
        (when->stayed_until_ms != 0 && since >= when->stayed_until_ms)) {
        did(w, REFERENCE_WHEN_STAYED);
        return false;
    }
    return true;
}

static bool has(const struct tariff_element *element, enum dimension dimension)
{
    switch (dimension) {
    case TURN:
        return element->has_turn;
    case TIME:
        return element->tier_count > 0;
    case ENTRY:
        return element->has_entry;
    case NIGHT:
        return element->has_night;
    }
    return false;
}

/* The element that is charged at this instant in this dimension, or NULL. */
static const struct tariff_element *charged(struct walk *w, const bool *holding,
                                            enum dimension dimension)
{
    for (int i = 0; i < w->version->element_count; i++) {
        const struct tariff_element *element = &w->version->elements[i];
        if (holding[i] && (element->free || has(element, dimension))) {
            if (element->free) {
                did(w, REFERENCE_FREE_ELEMENT);
                return NULL;
            }
            return element;
        }
    }
    return NULL;
}

/* ---- section 4: charges ---- */

/* `length` of one tier from the instant `at`, used up block by block. */
static void use_tier(struct walk *w, const struct tariff_tier *tier, struct meter *meter,
                     int64_t at, int64_t length)
{
    if (tier->block_ms != HOUR && tier->block_ms != 0) {
        did(w, REFERENCE_TIME_BLOCKS);
    }
    if (tier->block_ms == 0) {
        if (!meter->paid) {
            pay(w, at, tier->price_vnd);
            meter->paid = true;
            did(w, REFERENCE_TIME_ONCE);
        }
        return;
    }
    while (length > 0) {
        int64_t used;
        if (tier->count == TARIFF_COUNT_STARTED) {
            if (meter->left == 0) {
                pay(w, at, tier->price_vnd);
                meter->left = tier->block_ms;
            }
            used = smaller(meter->left, length);
            meter->left -= used;
            if (tier->block_ms == HOUR) {
                did(w, REFERENCE_TIME_HOURLY);
            }
        } else {
            used = smaller(tier->block_ms - meter->saved, length);
            meter->saved += used;
            if (meter->saved == tier->block_ms) {
                meter->saved = 0;
                pay(w, at + used - 1, tier->price_vnd);
                did(w, REFERENCE_TIME_COMPLETED);
            }
        }
        at += used;
        length -= used;
    }
}

static void use_time(struct walk *w, const struct tariff_element *element, int64_t length)
{
    int64_t at = w->now;
    int v = (int)(w->version - w->set->versions);
    int e = (int)(element - w->version->elements);
    if (w->last_time_element && w->last_time_element != element) {
        did(w, REFERENCE_TIME_TWO_ELEMENTS);
    }
    w->last_time_element = element;
    while (length > 0) {
        int i = 0;
        while (element->tiers[i].until_ms != 0 && element->tiers[i].until_ms <= w->clock) {
            i++;
        }
        int64_t here = length;
        if (element->tiers[i].until_ms != 0) {
            here = smaller(here, element->tiers[i].until_ms - w->clock);
        }
        if (i + 1 > w->tiers_used) {
            w->tiers_used = i + 1;
        }
        use_tier(w, &element->tiers[i], &w->meters[v][e][i], at, here);
        w->clock += here;
        at += here;
        length -= here;
    }
}

static int64_t mixed_turn(struct walk *w, const struct tariff_element *e, int64_t day, int64_t dark)
{
    switch (w->terms->mixed) {
    case TARIFF_MIXED_BOTH:
        did(w, REFERENCE_MIXED_BOTH);
        return e->both_vnd;
    case TARIFF_MIXED_DEARER:
        did(w, REFERENCE_MIXED_DEARER);
        return e->day_vnd > e->night_turn_vnd ? e->day_vnd : e->night_turn_vnd;
    case TARIFF_MIXED_SUM:
        did(w, REFERENCE_MIXED_SUM);
        return e->day_vnd + e->night_turn_vnd;
    case TARIFF_MIXED_ENTRY:
        did(w, REFERENCE_MIXED_ENTRY);
        return w->turn.began_dark ? e->night_turn_vnd : e->day_vnd;
    case TARIFF_MIXED_MAJORITY:
        if (day + dark >= w->terms->majority_below_ms) {
            did(w, REFERENCE_MIXED_MAJORITY_LONG);
            return e->both_vnd;
        }
        did(w, day == dark  ? REFERENCE_MIXED_MAJORITY_TIE
               : day > dark ? REFERENCE_MIXED_MAJORITY_DAY
                            : REFERENCE_MIXED_MAJORITY_NIGHT);
        return day >= dark ? e->day_vnd : e->night_turn_vnd;
    case TARIFF_MIXED_EACH_PERIOD:
        break; /* cannot be mixed */
    }
    return -1000000000;
}

/* The window is over, or the stay is. */
static void end_turn(struct walk *w, int64_t end)
{
    struct turn *t = &w->turn;
    if (t->open && t->element) {
        int64_t vnd;
        if (t->dark == 0) {
            vnd = t->element->day_vnd;
            did(w, REFERENCE_TURN_DAY);
        } else if (t->day == 0) {
            vnd = t->element->night_turn_vnd;
            did(w, REFERENCE_TURN_NIGHT);
        } else {
            vnd = mixed_turn(w, t->element, t->day, t->dark);
        }
        if (w->terms->mixed == TARIFF_MIXED_EACH_PERIOD) {
            did(w, REFERENCE_MIXED_EACH);
        }
        if (t->window > 0) {
            did(w, REFERENCE_TURN_WINDOWS);
        }
        pay(w, end - 1, vnd);
    }
    t->open = false;
}

static void use_turn(struct walk *w, const struct tariff_element *element, int64_t length)
{
    struct turn *t = &w->turn;
    bool each = w->terms->mixed == TARIFF_MIXED_EACH_PERIOD;
    int64_t window = each ? w->periods : (w->now - w->stay->entry.ms) / w->terms->turn_window_ms;
    if (t->open && t->window != window) {
        end_turn(w, w->now);
    }
    if (!t->open) {
        *t = (struct turn){.open = true, .window = window};
    }
    if (!element) {
        return;
    }
    if (!t->element) {
        t->element = element;
        t->began_dark = w->dark;
    }
    if (w->dark) {
        t->dark += length;
    } else {
        t->day += length;
    }
}

static void use_night(struct walk *w, const struct tariff_element *element, int64_t length)
{
    if (!w->dark) {
        if (w->in_night && w->night_element && !w->night_paid) {
            did(w, REFERENCE_NIGHT_TOO_SHORT);
        }
        w->in_night = false;
        return;
    }
    if (!w->in_night) {
        w->in_night = true;
        w->night_element = NULL;
        w->night_ms = 0;
        w->night_paid = false;
    }
    if (!element) {
        return;
    }
    if (!w->night_element) {
        w->night_element = element;
    }
    w->night_ms += length;
    if (!w->night_paid && w->night_ms >= w->terms->night_at_least_ms) {
        w->night_paid = true;
        w->nights++;
        pay(w, w->now, w->night_element->night_vnd);
        did(w, w->nights > 1 ? REFERENCE_NIGHT_SEVERAL : REFERENCE_NIGHT_ONE);
    }
}

/* ---- the walk ---- */

static void use_cell(struct walk *w, int64_t length)
{
    bool holding[TARIFF_ELEMENTS_MAX] = {false};
    const struct tariff_element *winner[4] = {NULL};
    w->day_number = day_number_of(w->now);
    w->of_day = of_day_of(w->now);
    w->dark = in_hours(w->terms->night, w->of_day);
    if (w->dark != w->was_dark) {
        w->periods++;
        w->was_dark = w->dark;
    }
    if (!is_taken_out(w)) {
        for (int i = 0; i < w->version->element_count; i++) {
            holding[i] = holds(w, &w->version->elements[i].when);
        }
        for (int d = 0; d < 4; d++) {
            winner[d] = charged(w, holding, (enum dimension)d);
        }
    }
    use_turn(w, winner[TURN], length);
    use_night(w, winner[NIGHT], length);
    if (winner[ENTRY] && !w->entered) {
        w->entered = true;
        pay(w, w->now, winner[ENTRY]->entry_vnd);
        did(w, REFERENCE_ENTRY_FEE);
    }
    if (winner[TIME]) {
        use_time(w, winner[TIME], length);
    } else if (w->now >= w->front) {
        w->time_passed_free = true;
    }
}

/* Cells end at whole minutes of the clock and at whole minutes since the entry, and where a */
/* span, a pass, a version or the free front of the stay begins or ends. */
static int64_t cell_end(const struct walk *w)
{
    int64_t entry = w->stay->entry.ms;
    int64_t end = w->stay->exit.ms;
    end = smaller(end, w->now - ((w->now % MINUTE) + MINUTE) % MINUTE + MINUTE);
    end = smaller(end, w->now - (w->now - entry) % MINUTE + MINUTE);
    int64_t marks[4 * TARIFF_HELD_MAX + 1];
    int count = 0;
    marks[count++] = w->front;
    for (int i = 0; i < w->stay->free_count; i++) {
        marks[count++] = w->stay->free[i].from.ms;
        marks[count++] = w->stay->free[i].until.ms;
    }
    for (int i = 0; i < w->stay->pass_count; i++) {
        marks[count++] = w->stay->passes[i].valid.from.ms;
        marks[count++] = w->stay->passes[i].valid.until.ms;
    }
    for (int i = 0; i < count; i++) {
        if (marks[i] > w->now) {
            end = smaller(end, marks[i]);
        }
    }
    return end;
}

static int walk_through(struct walk *w)
{
    int64_t exit = w->stay->exit.ms;
    const struct tariff *before = NULL;
    int versions = 0;
    w->was_dark = in_hours(w->terms->night, of_day_of(w->stay->entry.ms));
    for (w->now = w->stay->entry.ms; w->now < exit;) {
        int64_t end = cell_end(w);
        w->version = w->first;
        if (w->first->on_change == TARIFF_CHANGE_SPLIT) {
            w->version = version_at(w->set, w->now);
            if (!w->version) {
                return DX_E_VERSION;
            }
            versions += w->version != before;
            before = w->version;
        }
        use_cell(w, end - w->now);
        w->now = end;
    }
    end_turn(w, exit);
    if (versions > 1) {
        did(w, REFERENCE_CHANGE_SPLIT);
    }
    if (versions > 2) {
        did(w, REFERENCE_CHANGE_THREE);
    }
    if (w->first->on_change == TARIFF_CHANGE_ENTRY && exit > w->first->valid_until.ms) {
        did(w, REFERENCE_CHANGE_ENTRY);
    }
    return 0;
}

static void look_at_meters(struct walk *w)
{
    for (int v = 0; v < w->set->count; v++) {
        for (int e = 0; e < TARIFF_ELEMENTS_MAX; e++) {
            for (int i = 0; i < TARIFF_TIERS_MAX; i++) {
                if (w->meters[v][e][i].left > 0) {
                    did(w, REFERENCE_TIME_STARTED);
                }
                if (w->meters[v][e][i].saved > 0) {
                    did(w, REFERENCE_TIME_INCOMPLETE);
                }
            }
        }
    }
    if (w->tiers_used > 1) {
        did(w, REFERENCE_TIME_TIERS);
    }
    if (w->clock > 0 && w->time_passed_free) {
        did(w, REFERENCE_TIME_HOURS_ONLY);
    }
}

/* ---- section 4: caps ---- */

static int by_date(const void *a, const void *b)
{
    const struct charge *x = a;
    const struct charge *y = b;
    if (x->at != y->at) {
        return x->at < y->at ? -1 : 1;
    }
    return x->order - y->order;
}

/* The window of a cap in which an instant lies; false when the cap does not know it. */
static bool cap_window(const struct walk *w, const struct tariff_cap *cap, int64_t at,
                       int64_t *ret_window)
{
    int64_t day = day_number_of(at);
    int64_t of_day = of_day_of(at);
    switch (cap->per) {
    case TARIFF_CAP_ROLLING:
        *ret_window = (at - w->stay->entry.ms) / cap->window_ms;
        return true;
    case TARIFF_CAP_CALENDAR_DAY:
        *ret_window = day;
        return true;
    case TARIFF_CAP_HOURS:
        /* The small hours belong to the window that began the day before. */
        *ret_window =
            cap->hours.from_min > cap->hours.until_min && of_day / MINUTE < cap->hours.until_min
                ? day - 1
                : day;
        return in_hours(cap->hours, of_day);
    }
    return false;
}

static int64_t sum_with_caps(struct walk *w)
{
    int64_t window[TARIFF_CAPS_MAX] = {INT64_MIN, INT64_MIN, INT64_MIN, INT64_MIN};
    int64_t used[TARIFF_CAPS_MAX] = {0};
    bool cut[TARIFF_CAPS_MAX] = {false};
    int64_t sum = 0;
    qsort(charges, (size_t)w->charge_count, sizeof charges[0], by_date);
    for (int i = 0; i < w->charge_count; i++) {
        int64_t take = charges[i].vnd;
        bool in[TARIFF_CAPS_MAX] = {false};
        for (int c = 0; c < w->terms->cap_count; c++) {
            int64_t here;
            in[c] = cap_window(w, &w->terms->caps[c], charges[i].at, &here);
            if (in[c] && here != window[c]) {
                window[c] = here;
                used[c] = 0;
            }
            if (in[c] && w->terms->caps[c].limit_vnd - used[c] < take) {
                take = w->terms->caps[c].limit_vnd - used[c];
                cut[c] = true;
            }
        }
        for (int c = 0; c < w->terms->cap_count; c++) {
            used[c] += in[c] ? take : 0;
        }
        sum += take;
    }
    int cuts = 0;
    for (int c = 0; c < w->terms->cap_count; c++) {
        if (cut[c]) {
            did(w, w->terms->caps[c].per == TARIFF_CAP_ROLLING        ? REFERENCE_CAP_ROLLING
                   : w->terms->caps[c].per == TARIFF_CAP_CALENDAR_DAY ? REFERENCE_CAP_CALENDAR
                                                                      : REFERENCE_CAP_HOURS);
            cuts++;
        }
    }
    if (cuts > 1) {
        did(w, REFERENCE_CAP_TWO);
    }
    return sum;
}

/* ---- section 4: from the sum to the total ---- */

/* `exact` and `unit` in the same small unit: to a multiple of `unit`. */
static int64_t round_to(int64_t exact, int64_t unit, enum tariff_round rule)
{
    int64_t below = exact - exact % unit;
    int64_t above = below + unit;
    int64_t down = exact - below;
    int64_t up = above - exact;
    if (down == 0) {
        return exact;
    }
    switch (rule) {
    case TARIFF_UP:
        return above;
    case TARIFF_DOWN:
        return below;
    case TARIFF_HALF_UP:
        return up <= down ? above : below;
    case TARIFF_HALF_EVEN:
        if (up == down) {
            return below / unit % 2 == 0 ? below : above;
        }
        return up < down ? above : below;
    }
    return exact;
}

static int64_t with_lost(struct walk *w, int64_t fee)
{
    int64_t rule = w->terms->lost_vnd * 10000;
    if (!w->stay->lost_ticket) {
        return fee;
    }
    switch (w->terms->lost) {
    case TARIFF_LOST_NONE:
        return fee;
    case TARIFF_LOST_FEE:
        did(w, REFERENCE_LOST_FEE);
        return fee + rule;
    case TARIFF_LOST_AT_LEAST:
        did(w, REFERENCE_LOST_AT_LEAST);
        return fee < rule ? rule : fee;
    case TARIFF_LOST_INSTEAD:
        did(w, REFERENCE_LOST_INSTEAD);
        return rule;
    }
    return fee;
}

struct gifts {
    int64_t percent, amount, time;
};

static int take_gifts(struct walk *w, struct gifts *gifts)
{
    for (int i = 0; i < w->stay->given_count; i++) {
        const struct tariff_given *given = &w->stay->given[i];
        enum tariff_discount_kind kind = given->kind;
        int64_t value = given->value;
        if (kind == TARIFF_DISCOUNT_NAMED) {
            int at = 0;
            while (at < w->first->discount_count &&
                   (strcmp(w->first->discounts[at].name, given->name) != 0 ||
                    !for_vehicle(w->first->discounts[at].vehicles, w->stay->vehicle))) {
                at++;
            }
            if (at == w->first->discount_count) {
                return DX_E_NOT_FOUND;
            }
            kind = w->first->discounts[at].kind;
            value = w->first->discounts[at].value;
            did(w, REFERENCE_NAMED);
        }
        gifts->percent += kind == TARIFF_DISCOUNT_PERCENT ? value : 0;
        gifts->amount += kind == TARIFF_DISCOUNT_AMOUNT ? value : 0;
        gifts->time += kind == TARIFF_DISCOUNT_TIME ? value : 0;
    }
    if (gifts->percent > 10000) {
        gifts->percent = 10000;
    }
    return 0;
}

static void finish(struct walk *w, int64_t sum, const struct gifts *gifts)
{
    const struct tariff_terms *terms = w->terms;
    int64_t fee = sum;
    if (sum > 0 && fee < terms->minimum_vnd) {
        fee = terms->minimum_vnd;
        did(w, REFERENCE_MINIMUM);
    }
    if (terms->maximum_vnd > 0 && fee > terms->maximum_vnd) {
        fee = terms->maximum_vnd;
        did(w, REFERENCE_MAXIMUM);
    }
    if (fee > 0 && gifts->percent) {
        did(w, REFERENCE_PERCENT);
    }
    if (fee > 0 && gifts->amount) {
        did(w, REFERENCE_AMOUNT);
    }
    if (fee > 0 && gifts->time) {
        did(w, REFERENCE_TIME_OFF);
    }
    int64_t exact = fee * (10000 - gifts->percent) - gifts->amount * 10000;
    exact = with_lost(w, exact < 0 ? 0 : exact);
    int64_t unit = w->first->round_unit_vnd * 10000;
    if (exact % unit) {
        static const enum reference_feature rules[] = {REFERENCE_ROUND_UP, REFERENCE_ROUND_DOWN,
                                                       REFERENCE_ROUND_HALF_UP,
                                                       REFERENCE_ROUND_HALF_EVEN};
        did(w, rules[w->first->round]);
    }
    w->out->total_vnd = round_to(exact, unit, w->first->round) / 10000;
    /* VAT v in the total t at rate r: v = t·r/(1+r); both sides times (10000 + bp). */
    int64_t scale = 10000 + w->first->vat_bp;
    w->out->vat_vnd =
        round_to(w->out->total_vnd * w->first->vat_bp, scale, w->first->vat_round) / scale;
    if (w->out->vat_vnd) {
        did(w, REFERENCE_VAT);
    }
}

/* ---- the beginning ---- */

static void look_at_dates(struct walk *w)
{
    int64_t from = day_number_of(w->stay->entry.ms);
    int64_t last = day_number_of(w->stay->exit.ms);
    if (last > from) {
        did(w, REFERENCE_MIDNIGHT);
    }
    /* 2028-02-29 is day 21243, 2024-02-29 day 19782; 2026-01-01 is day 20454, 2028-01-01 21184. */
    if ((from <= 21243 && 21243 <= last) || (from <= 19782 && 19782 <= last)) {
        did(w, REFERENCE_LEAP_DAY);
    }
    if ((from < 20454 && 20454 <= last) || (from < 21184 && 21184 <= last)) {
        did(w, REFERENCE_NEW_YEAR);
    }
    if (w->stay->exit.ms == w->stay->entry.ms) {
        did(w, REFERENCE_NO_LENGTH);
    }
    if (w->stay->exit.ms - w->stay->entry.ms > 29 * (int64_t)DAY) {
        did(w, REFERENCE_THIRTY_DAYS);
    }
}

static int find_passes(struct walk *w)
{
    for (int i = 0; i < w->stay->pass_count; i++) {
        for (int p = 0; p < w->first->pass_count && !w->pass[i]; p++) {
            if (strcmp(w->first->passes[p].name, w->stay->passes[i].name) == 0 &&
                for_vehicle(w->first->passes[p].vehicles, w->stay->vehicle)) {
                w->pass[i] = &w->first->passes[p];
            }
        }
        if (!w->pass[i]) {
            return DX_E_NOT_FOUND;
        }
    }
    return 0;
}

static bool is_priced(const struct tariff *tariff, enum vehicle vehicle)
{
    for (int i = 0; i < tariff->element_count; i++) {
        if (for_vehicle(tariff->elements[i].when.vehicles, vehicle)) {
            return true;
        }
    }
    return false;
}

int reference_price(const struct tariff_set *set, const struct tariff_stay *stay,
                    struct reference *ret)
{
    static struct walk w;
    static const struct tariff_terms none = {
        .night = {18 * 60, 6 * 60}, .mixed = TARIFF_MIXED_BOTH, .turn_window_ms = DAY};
    struct gifts gifts = {0};
    memset(&w, 0, sizeof w);
    memset(ret, 0, sizeof *ret);
    w.set = set;
    w.stay = stay;
    w.out = ret;
    if (stay->exit.ms < stay->entry.ms) {
        did(&w, REFERENCE_REFUSED_BACKWARDS);
        return DX_E_INVAL;
    }
    if (stay->exit.ms - stay->entry.ms > 30 * (int64_t)DAY) {
        did(&w, REFERENCE_REFUSED_LONG);
        return DX_E_RANGE;
    }
    w.first = version_at(set, stay->entry.ms);
    if (!w.first) {
        did(&w, REFERENCE_REFUSED_VERSION);
        return DX_E_VERSION;
    }
    int error = take_gifts(&w, &gifts);
    if (!error && (!is_priced(w.first, stay->vehicle) || find_passes(&w))) {
        did(&w, REFERENCE_REFUSED_VEHICLE);
        error = DX_E_NOT_FOUND;
    }
    if (error) {
        return error;
    }
    w.terms = &none;
    for (int i = w.first->terms_count - 1; i >= 0; i--) {
        if (for_vehicle(w.first->terms[i].vehicles, stay->vehicle)) {
            w.terms = &w.first->terms[i];
        }
    }
    w.front = stay->entry.ms + gifts.time;
    if (w.terms->free_as == TARIFF_FREE_DEDUCTION) {
        w.front += w.terms->free_ms;
        did(&w, REFERENCE_FREE_DEDUCTION);
    }
    look_at_dates(&w);
    error = walk_through(&w);
    if (error) {
        did(&w, REFERENCE_REFUSED_VERSION);
        return error;
    }
    look_at_meters(&w);
    int64_t sum = sum_with_caps(&w);
    if (w.terms->free_as == TARIFF_FREE_CLIFF) {
        bool within = stay->exit.ms - stay->entry.ms <= w.terms->free_ms;
        did(&w, within ? REFERENCE_FREE_CLIFF_IN : REFERENCE_FREE_CLIFF_OUT);
        sum = within ? 0 : sum;
    }
    finish(&w, sum, &gifts);
    return 0;
}
