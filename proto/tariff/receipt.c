/*
 * The lines of a receipt, in Vietnamese and English.
 *
 * Written by hand rather than with a printf, since a price with its lines is
 * computed for every car that asks what it owes now.  Lines are grouped by
 * version, element and price, so that a month of nights is one line; the last
 * line takes whatever is left, so that lines always add up to the total.
 */
#include "proto/tariff/bill.h"

#include <string.h>

/* Lines kept free for what comes after the charges: gifts, passes, caps, limits, rounding. */
enum { CHARGE_LINES_MAX = TARIFF_LINES_MAX - 3 * TARIFF_HELD_MAX - 4 };

/* ---- a pen that writes whole pieces or nothing ---- */

struct pen {
    char *at, *end; /* `end` is the last byte, kept for NUL */
};

/* Inlined, so that a literal costs a few moves and no call: there are dozens in every price. */
__attribute__((always_inline)) static inline void pen_put(struct pen *pen, const char *text,
                                                          size_t n)
{
    if ((size_t)(pen->end - pen->at) >= n) {
        memcpy(pen->at, text, n);
        pen->at += n;
    } else {
        pen->end = pen->at; /* nothing more: half a sentence is better than a wrong one */
    }
}

#define PEN(pen, literal) pen_put((pen), (literal), sizeof(literal) - 1)

static void pen_str(struct pen *pen, struct str text)
{
    pen_put(pen, text.p, text.n);
}

/* A number as text, written once and used in both languages. */
struct digits {
    char text[32]; /* all of it is copied; what is behind n is meaningless */
    size_t n;
};

/* 0..999 */
static size_t put_small(char *out, uint32_t value)
{
    size_t n = 0;
    if (value >= 100) {
        out[n++] = (char)('0' + value / 100);
    }
    if (value >= 10) {
        out[n++] = (char)('0' + value / 10 % 10);
    }
    out[n++] = (char)('0' + value % 10);
    return n;
}

/* With a point between groups of three digits, or without. */
static void put_number(struct digits *out, int64_t value, bool grouped)
{
    char digits[32];
    size_t at = sizeof digits;
    int written = 0;
    memset(out->text, 0, sizeof out->text);
    if (value >= 0 && value < 1000) {
        out->n = put_small(out->text, (uint32_t)value);
        return;
    }
    if (grouped && value > 0 && value < 1000000 && value % 1000 == 0) { /* nearly every price */
        size_t n = put_small(out->text, (uint32_t)value / 1000);
        memcpy(out->text + n, ".000", 4);
        out->n = n + 4;
        return;
    }
    uint64_t rest = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
    do {
        if (grouped && written && written % 3 == 0) {
            digits[--at] = '.';
        }
        digits[--at] = (char)('0' + (int)(rest % 10));
        rest /= 10;
        written++;
    } while (rest);
    if (value < 0) {
        digits[--at] = '-';
    }
    out->n = sizeof digits - at;
    memcpy(out->text, digits + at, out->n);
}

static void pen_digits(struct pen *pen, const struct digits *digits)
{
    if (pen->end - pen->at >= (ptrdiff_t)sizeof digits->text) {
        memcpy(pen->at, digits->text, sizeof digits->text); /* of one size: no call; the rest is */
        pen->at += digits->n;                               /* written over by what comes next */
    } else {
        pen_put(pen, digits->text, digits->n);
    }
}

static void pen_number(struct pen *pen, int64_t value)
{
    struct digits digits;
    put_number(&digits, value, false);
    pen_digits(pen, &digits);
}

/* "25.000 đ", "25,000 VND" */
static void pen_money(struct pen *pen, const struct digits *grouped, bool vi)
{
    char *from = pen->at;
    pen_digits(pen, grouped);
    if (vi) {
        PEN(pen, " đ");
        return;
    }
    for (; from < pen->at; from++) {
        if (*from == '.') {
            *from = ',';
        }
    }
    PEN(pen, " VND");
}

static void pen_duration(struct pen *pen, int64_t ms, bool vi)
{
    if (ms % TIME_HOUR_MS == 0) {
        pen_number(pen, ms / TIME_HOUR_MS);
        pen_str(pen, vi ? STR(" giờ") : STR(" h"));
    } else if (ms % TIME_MINUTE_MS == 0) {
        pen_number(pen, ms / TIME_MINUTE_MS);
        pen_str(pen, vi ? STR(" phút") : STR(" min"));
    } else {
        pen_number(pen, ms / TIME_SECOND_MS);
        pen_str(pen, vi ? STR(" giây") : STR(" s"));
    }
}

/* Hundredths of a per cent: "12.5%". */
static void pen_percent(struct pen *pen, int64_t bp)
{
    pen_number(pen, bp / 100);
    if (bp % 100) {
        char fraction[3] = {'.', (char)('0' + bp / 10 % 10), (char)('0' + bp % 10)};
        pen_put(pen, fraction, bp % 10 ? 3 : 2);
    }
    PEN(pen, "%");
}

/* ---- lines ---- */

struct words {
    struct str vi, en;
};
#define WORDS(vi, en) ((struct words){STR(vi), STR(en)})

/* What one line says; written twice, once per language. */
struct saying {
    struct words what;                    /* the subject */
    const struct tariff_label *label;     /* before it, or NULL */
    const char *version;                  /* behind it when versions changed in the stay, or NULL */
    const struct tariff_element *element; /* TIME: for the range of the tier */
    int tier;
    int64_t count, unit_vnd, block_ms; /* count 0: no multiplication is shown */
    int64_t duration_ms;               /* above 0: behind the subject */
    int64_t percent_bp;                /* above 0: behind the subject */
    const char *name;                  /* in brackets behind the subject, or NULL */
};

/* The numbers of a saying, written once. */
struct numbers {
    bool hourly;
    int64_t from_ms, until_ms; /* of the tier; until 0: no end */
    struct digits first, last; /* hours, when hourly */
    struct digits count, unit;
};

static void write_numbers(const struct saying *s, struct numbers *n)
{
    if (s->count) {
        put_number(&n->count, s->count, false);
        put_number(&n->unit, s->unit_vnd, true);
    }
    if (!s->element || s->element->tier_count == 1) {
        return;
    }
    const struct tariff_tier *tier = &s->element->tiers[s->tier];
    n->from_ms = s->tier ? tier[-1].until_ms : 0;
    n->until_ms = tier->until_ms;
    n->hourly = tier->block_ms == TIME_HOUR_MS && n->from_ms % TIME_HOUR_MS == 0 &&
                n->until_ms % TIME_HOUR_MS == 0;
    if (n->hourly) {
        put_number(&n->first, n->from_ms / TIME_HOUR_MS + 1, false);
        put_number(&n->last, n->until_ms / TIME_HOUR_MS, false);
    }
}

/* " giờ thứ 1–2", " từ giờ thứ 5", " 0 giờ–4 giờ": the tier, in charged time. */
static void pen_range(struct pen *pen, const struct numbers *n, bool vi)
{
    bool one = n->until_ms - n->from_ms == TIME_HOUR_MS;
    if (n->hourly) {
        struct words words = n->until_ms == 0 ? WORDS(" từ giờ thứ ", " from hour ")
                             : one            ? WORDS(" giờ thứ ", " hour ")
                                              : WORDS(" giờ thứ ", " hours ");
        pen_str(pen, vi ? words.vi : words.en);
        pen_digits(pen, &n->first);
        if (n->until_ms && !one) {
            PEN(pen, "–");
            pen_digits(pen, &n->last);
        }
        return;
    }
    if (n->until_ms == 0) {
        pen_str(pen, vi ? STR(" sau ") : STR(" after "));
        pen_duration(pen, n->from_ms, vi);
        return;
    }
    PEN(pen, " ");
    pen_duration(pen, n->from_ms, vi);
    PEN(pen, "–");
    pen_duration(pen, n->until_ms, vi);
}

/* What stands behind the subject of some lines. */
static void say_more(struct pen *pen, const struct saying *s, bool vi)
{
    if (s->duration_ms > 0) {
        PEN(pen, " ");
        pen_duration(pen, s->duration_ms, vi);
    }
    if (s->percent_bp > 0) {
        PEN(pen, " ");
        pen_percent(pen, s->percent_bp);
    }
    if (s->name && s->name[0]) {
        PEN(pen, " (");
        pen_str(pen, str_c(s->name));
        PEN(pen, ")");
    }
}

static void say(struct pen pen, const struct saying *s, const struct numbers *n, bool vi)
{
    if (s->label && s->label->vi[0]) {
        pen_str(&pen, str_c(vi ? s->label->vi : s->label->en));
        PEN(&pen, ", ");
    }
    pen_str(&pen, vi ? s->what.vi : s->what.en);
    if (s->element && s->element->tier_count > 1) {
        pen_range(&pen, n, vi);
    }
    say_more(&pen, s, vi);
    if (s->count) {
        PEN(&pen, ": ");
        pen_digits(&pen, &n->count);
        PEN(&pen, " × ");
        pen_money(&pen, &n->unit, vi);
        if (s->block_ms && s->block_ms != TIME_HOUR_MS) {
            PEN(&pen, "/");
            pen_duration(&pen, s->block_ms, vi);
        }
    }
    if (s->version) {
        PEN(&pen, " [");
        pen_str(&pen, str_c(s->version));
        PEN(&pen, "]");
    }
    *pen.at = '\0';
}

static void add_line(struct tariff_price *price, enum tariff_line_kind kind, int64_t amount_vnd,
                     const struct saying *saying)
{
    struct tariff_line *line = &price->lines[price->line_count++];
    struct numbers numbers;
    write_numbers(saying, &numbers);
    line->kind = kind;
    line->amount_vnd = amount_vnd;
    say((struct pen){line->text_vi, line->text_vi + TARIFF_TEXT_CAP - 1}, saying, &numbers, true);
    say((struct pen){line->text_en, line->text_en + TARIFF_TEXT_CAP - 1}, saying, &numbers, false);
}

static void add_charge(struct tariff_price *price, enum tariff_line_kind kind, int64_t amount_vnd,
                       const struct saying *saying)
{
    if (price->line_count < CHARGE_LINES_MAX - 1) {
        add_line(price, kind, amount_vnd, saying);
    } else if (price->line_count == CHARGE_LINES_MAX - 1) {
        add_line(price, TARIFF_LINE_OTHER, amount_vnd,
                 &(struct saying){.what = WORDS("Các khoản khác", "Other charges")});
    } else {
        price->lines[CHARGE_LINES_MAX - 1].amount_vnd += amount_vnd;
    }
}

/* ---- charges ---- */

static struct words turn_words(enum sweep_period period)
{
    switch (period) {
    case SWEEP_DAY:
        return WORDS("Lượt ban ngày", "Turn by day");
    case SWEEP_DARK:
        return WORDS("Lượt ban đêm", "Turn by night");
    case SWEEP_MIXED:
    case SWEEP_PERIODS:
        break;
    }
    return WORDS("Lượt ngày và đêm", "Turn by day and night");
}

static void write_element(const struct sweep *sweep, const struct sweep_part *part, int row,
                          struct tariff_price *price)
{
    const struct tariff_element *element = &part->tariff->elements[row];
    struct saying s = {.label = &element->label,
                       .version = sweep->part_count > 1 ? part->tariff->version : NULL};
    enum sweep_period open_period = SWEEP_DAY;
    int64_t open_vnd = 0;
    bool open = sweep->turn.element == element && sweep_open_turn(sweep, &open_period, &open_vnd);
    for (int p = 0; p < SWEEP_PERIODS && element->has_turn; p++) {
        struct sweep_tally tally = part->turn[row][p];
        if (open && (int)open_period == p) {
            tally.count++;
            tally.amount_vnd += open_vnd;
        }
        if (tally.count) {
            s.what = turn_words((enum sweep_period)p);
            s.count = tally.count;
            s.unit_vnd =
                tally.amount_vnd / tally.count; /* each the same: one element, one period */
            add_charge(price, TARIFF_LINE_TURN, tally.amount_vnd, &s);
        }
    }
    for (int i = 0; i < element->tier_count; i++) {
        const struct sweep_meter *meter = &part->time[row][i];
        const struct tariff_tier *tier = &element->tiers[i];
        if (meter->blocks) {
            struct saying t = s;
            t.what = WORDS("Gửi theo giờ,", "Time,");
            t.element = element;
            t.tier = i;
            t.count = tier->block_ms ? meter->blocks : 0;
            t.unit_vnd = tier->price_vnd;
            t.block_ms = tier->block_ms;
            if (element->tier_count == 1) {
                t.what = WORDS("Gửi theo giờ", "Time");
            }
            add_charge(price, TARIFF_LINE_TIME, meter->blocks * tier->price_vnd, &t);
        }
    }
    if (part->night[row].count) {
        s.what = WORDS("Qua đêm", "Overnight");
        s.count = part->night[row].count;
        s.unit_vnd = element->night_vnd;
        add_charge(price, TARIFF_LINE_NIGHT, part->night[row].amount_vnd, &s);
    }
}

static void write_charges(const struct sweep *sweep, struct tariff_price *price)
{
    for (int p = 0; p < sweep->part_count; p++) {
        const struct sweep_part *part = &sweep->parts[p];
        if (part->entry.count) {
            struct saying s = {.what = WORDS("Phí vào bãi", "Entry")};
            s.label = &part->tariff->elements[part->entry_element].label;
            add_charge(price, TARIFF_LINE_ENTRY, part->entry.amount_vnd, &s);
        }
        for (uint32_t rest = part->touched; rest; rest &= rest - 1) {
            write_element(sweep, part, __builtin_ctz(rest), price);
        }
    }
}

/* ---- what is free, and why ---- */

static bool overlaps(const struct sweep *sweep, const struct tariff_span *span)
{
    return span->from.ms < sweep->at_ms && span->until.ms > sweep->entry_ms &&
           span->from.ms < span->until.ms;
}

static void write_free(const struct sweep *sweep, const struct bill *bill,
                       struct tariff_price *price)
{
    const struct tariff_stay *stay = sweep->stay;
    const struct tariff_terms *terms = sweep->terms;
    if (bill->forgiven) {
        add_line(price, TARIFF_LINE_FREE, 0,
                 &(struct saying){.what = WORDS("Miễn phí: gửi không quá", "Free: no longer than"),
                                  .duration_ms = terms->free_ms});
        return;
    }
    if (terms->free_as == TARIFF_FREE_DEDUCTION) {
        add_line(price, TARIFF_LINE_FREE, 0,
                 &(struct saying){.what = WORDS("Miễn phí thời gian đầu", "Free at the beginning:"),
                                  .duration_ms = terms->free_ms});
    }
    for (int i = 0; i < stay->free_count; i++) {
        if (overlaps(sweep, &stay->free[i])) {
            add_line(price, TARIFF_LINE_FREE, 0,
                     &(struct saying){.what = WORDS("Có thời gian miễn phí theo thông báo",
                                                    "Partly free by announcement")});
            break;
        }
    }
    for (int i = 0; i < stay->pass_count; i++) {
        if (overlaps(sweep, &stay->passes[i].valid)) {
            add_line(price, TARIFF_LINE_FREE, 0,
                     &(struct saying){.what = WORDS("Vé tháng", "Monthly pass"),
                                      .label = &sweep->passes[i]->label});
        }
    }
    if (price->line_count == 0) {
        add_line(price, TARIFF_LINE_FREE, 0,
                 &(struct saying){.what = WORDS("Không thu phí trong thời gian này",
                                                "Nothing is charged for this time")});
    }
}

/* ---- discounts ---- */

static void write_gifts(const struct sweep *sweep, const struct bill_gifts *gifts,
                        const struct bill *bill, struct tariff_price *price)
{
    int64_t percent_left = 10000;
    int64_t amount_left = bill->amount_vnd;
    for (int i = 0; i < sweep->stay->given_count; i++) {
        const struct tariff_given *given = &sweep->stay->given[i];
        const struct tariff_discount *named = gifts->named[i];
        enum tariff_discount_kind kind = named ? named->kind : given->kind;
        int64_t value = named ? named->value : given->value;
        struct saying s = {.what = WORDS("Giảm giá", "Discount")};
        s.label = named ? &named->label : NULL;
        s.name = named ? NULL : given->name;
        int64_t amount = 0;
        if (kind == TARIFF_DISCOUNT_PERCENT) {
            int64_t share = value < percent_left ? value : percent_left;
            percent_left -= share;
            s.percent_bp = value;
            amount = bill->limited_vnd * share / 10000;
        } else if (kind == TARIFF_DISCOUNT_AMOUNT) {
            amount = value < amount_left ? value : amount_left;
            amount_left -= amount;
        } else {
            s.duration_ms = value;
        }
        add_line(price, TARIFF_LINE_DISCOUNT, -amount, &s);
    }
}

static int64_t lines_sum(const struct tariff_price *price)
{
    int64_t sum = 0;
    for (int i = 0; i < price->line_count; i++) {
        sum += price->lines[i].amount_vnd;
    }
    return sum;
}

/* A line that moves the sum of the lines to `target_vnd`, when it is not there yet. */
static void step_to(struct tariff_price *price, enum tariff_line_kind kind, int64_t target_vnd,
                    struct words words)
{
    int64_t difference = target_vnd - lines_sum(price);
    if (difference) {
        add_line(price, kind, difference, &(struct saying){.what = words});
    }
}

void bill_write_lines(const struct sweep *sweep, const struct bill_gifts *gifts,
                      const struct bill *bill, struct tariff_price *price)
{
    price->line_count = 0;
    if (!bill->forgiven) {
        write_charges(sweep, price);
        step_to(price, TARIFF_LINE_CAP, bill->sum_vnd, WORDS("Giảm theo mức trần", "Capped"));
    }
    step_to(price, TARIFF_LINE_LIMIT, bill->limited_vnd,
            bill->limited_vnd > bill->sum_vnd ? WORDS("Mức thu tối thiểu", "Minimum charge")
                                              : WORDS("Mức thu tối đa", "Maximum charge"));
    write_free(sweep, bill, price);
    write_gifts(sweep, gifts, bill, price);
    if (bill->lost_e4) {
        add_line(price, TARIFF_LINE_LOST, bill->lost_e4 / 10000,
                 &(struct saying){.what = WORDS("Mất vé", "Lost ticket")});
    }
    step_to(price, TARIFF_LINE_ROUNDING, bill->total_vnd, WORDS("Làm tròn", "Rounding"));
}
