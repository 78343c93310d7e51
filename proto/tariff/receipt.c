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

static void pen_put(struct pen *pen, const char *text, size_t n)
{
    if ((size_t)(pen->end - pen->at) >= n) {
        memcpy(pen->at, text, n);
        pen->at += n;
    } else {
        pen->end = pen->at; /* nothing more: half a sentence is better than a wrong one */
    }
}

#define PEN(pen, literal) pen_put((pen), (literal), sizeof(literal) - 1)

static void pen_text(struct pen *pen, const char *text)
{
    pen_put(pen, text, strlen(text));
}

/* With a separator between groups of three digits; 0: none. */
static void pen_number(struct pen *pen, int64_t value, char separator)
{
    if (value >= 0 && value < 10) {
        char digit = (char)('0' + (int)value);
        pen_put(pen, &digit, 1);
        return;
    }
    char digits[32];
    size_t at = sizeof digits;
    int written = 0;
    uint64_t rest = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
    do {
        if (separator && written && written % 3 == 0) {
            digits[--at] = separator;
        }
        digits[--at] = (char)('0' + (int)(rest % 10));
        rest /= 10;
        written++;
    } while (rest);
    if (value < 0) {
        digits[--at] = '-';
    }
    pen_put(pen, digits + at, sizeof digits - at);
}

static void pen_money(struct pen *pen, int64_t vnd, bool vi)
{
    pen_number(pen, vnd, vi ? '.' : ',');
    if (vi) {
        PEN(pen, " đ");
    } else {
        PEN(pen, " VND");
    }
}

static void pen_duration(struct pen *pen, int64_t ms, bool vi)
{
    if (ms % TIME_HOUR_MS == 0) {
        pen_number(pen, ms / TIME_HOUR_MS, 0);
        pen_text(pen, vi ? " giờ" : " h");
    } else if (ms % TIME_MINUTE_MS == 0) {
        pen_number(pen, ms / TIME_MINUTE_MS, 0);
        pen_text(pen, vi ? " phút" : " min");
    } else {
        pen_number(pen, ms / TIME_SECOND_MS, 0);
        pen_text(pen, vi ? " giây" : " s");
    }
}

/* Hundredths of a per cent: "12.5%". */
static void pen_percent(struct pen *pen, int64_t bp)
{
    pen_number(pen, bp / 100, 0);
    if (bp % 100) {
        char fraction[3] = {'.', (char)('0' + bp / 10 % 10), (char)('0' + bp % 10)};
        pen_put(pen, fraction, bp % 10 ? 3 : 2);
    }
    PEN(pen, "%");
}

/* ---- lines ---- */

/* What one line says; written twice, once per language. */
struct saying {
    const char *vi, *en;                  /* the subject */
    const struct tariff_label *label;     /* before it, or NULL */
    const char *version;                  /* behind it when versions changed in the stay, or NULL */
    const struct tariff_element *element; /* TIME: for the range of the tier */
    int tier;
    int64_t count, unit_vnd, block_ms; /* count 0: no multiplication is shown */
    int64_t duration_ms;               /* above 0: behind the subject */
    int64_t percent_bp;                /* above 0: behind the subject */
    const char *name;                  /* in brackets behind the subject, or NULL */
};

static bool is_hourly(const struct tariff_element *element, int tier)
{
    const struct tariff_tier *t = &element->tiers[tier];
    int64_t from = tier ? element->tiers[tier - 1].until_ms : 0;
    return t->block_ms == TIME_HOUR_MS && from % TIME_HOUR_MS == 0 &&
           t->until_ms % TIME_HOUR_MS == 0;
}

/* " giờ 1–2", " từ giờ 5", " 0–4 giờ": the tier of charged time; nothing when there is one only. */
static void pen_range(struct pen *pen, const struct tariff_element *element, int tier, bool vi)
{
    int64_t from = tier ? element->tiers[tier - 1].until_ms : 0;
    int64_t until = element->tiers[tier].until_ms;
    if (element->tier_count == 1) {
        return;
    }
    if (is_hourly(element, tier)) {
        int64_t first = from / TIME_HOUR_MS + 1;
        int64_t last = until / TIME_HOUR_MS;
        if (until == 0) {
            pen_text(pen, vi ? " từ giờ thứ " : " from hour ");
            pen_number(pen, first, 0);
            return;
        }
        pen_text(pen, vi ? " giờ thứ " : first == last ? " hour " : " hours ");
        pen_number(pen, first, 0);
        if (last > first) {
            PEN(pen, "–");
            pen_number(pen, last, 0);
        }
        return;
    }
    if (until == 0) {
        pen_text(pen, vi ? " sau " : " after ");
        pen_duration(pen, from, vi);
        return;
    }
    PEN(pen, " ");
    pen_duration(pen, from, vi);
    PEN(pen, "–");
    pen_duration(pen, until, vi);
}

static void say(struct pen pen, const struct saying *s, bool vi)
{
    const char *label = s->label ? (vi ? s->label->vi : s->label->en) : "";
    if (label[0]) {
        pen_text(&pen, label);
        PEN(&pen, ", ");
    }
    pen_text(&pen, vi ? s->vi : s->en);
    if (s->element) {
        pen_range(&pen, s->element, s->tier, vi);
    }
    if (s->duration_ms > 0) {
        PEN(&pen, " ");
        pen_duration(&pen, s->duration_ms, vi);
    }
    if (s->percent_bp > 0) {
        PEN(&pen, " ");
        pen_percent(&pen, s->percent_bp);
    }
    if (s->name && s->name[0]) {
        PEN(&pen, " (");
        pen_text(&pen, s->name);
        PEN(&pen, ")");
    }
    if (s->count) {
        PEN(&pen, ": ");
        pen_number(&pen, s->count, 0);
        PEN(&pen, " × ");
        pen_money(&pen, s->unit_vnd, vi);
        if (s->block_ms && s->block_ms != TIME_HOUR_MS) {
            PEN(&pen, "/");
            pen_duration(&pen, s->block_ms, vi);
        }
    }
    if (s->version) {
        PEN(&pen, " [");
        pen_text(&pen, s->version);
        PEN(&pen, "]");
    }
    *pen.at = '\0';
}

static void add_line(struct tariff_price *price, enum tariff_line_kind kind, int64_t amount_vnd,
                     const struct saying *saying)
{
    struct tariff_line *line = &price->lines[price->line_count++];
    line->kind = kind;
    line->amount_vnd = amount_vnd;
    say((struct pen){line->text_vi, line->text_vi + TARIFF_TEXT_CAP - 1}, saying, true);
    say((struct pen){line->text_en, line->text_en + TARIFF_TEXT_CAP - 1}, saying, false);
}

static void add_charge(struct tariff_price *price, enum tariff_line_kind kind, int64_t amount_vnd,
                       const struct saying *saying)
{
    static const struct saying other = {.vi = "Các khoản khác", .en = "Other charges"};
    if (price->line_count < CHARGE_LINES_MAX - 1) {
        add_line(price, kind, amount_vnd, saying);
    } else if (price->line_count == CHARGE_LINES_MAX - 1) {
        add_line(price, TARIFF_LINE_OTHER, amount_vnd, &other);
    } else {
        price->lines[CHARGE_LINES_MAX - 1].amount_vnd += amount_vnd;
    }
}

/* ---- charges ---- */

static const struct {
    const char *vi, *en;
} turn_words[SWEEP_PERIODS] = {
    {"Lượt ban ngày", "Turn by day"},
    {"Lượt ban đêm", "Turn by night"},
    {"Lượt ngày và đêm", "Turn by day and night"},
};

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
            s.vi = turn_words[p].vi;
            s.en = turn_words[p].en;
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
            t.vi = "Gửi theo giờ,";
            t.en = "Time,";
            t.element = element;
            t.tier = i;
            t.count = tier->block_ms ? meter->blocks : 0;
            t.unit_vnd = tier->price_vnd;
            t.block_ms = tier->block_ms;
            if (element->tier_count == 1) {
                t.vi = "Gửi theo giờ";
                t.en = "Time";
            }
            add_charge(price, TARIFF_LINE_TIME, meter->blocks * tier->price_vnd, &t);
        }
    }
    if (part->night[row].count) {
        s.vi = "Qua đêm";
        s.en = "Overnight";
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
            struct saying s = {.vi = "Phí vào bãi", .en = "Entry"};
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
                 &(struct saying){.vi = "Miễn phí: gửi không quá",
                                  .en = "Free: no longer than",
                                  .duration_ms = terms->free_ms});
        return;
    }
    if (terms->free_as == TARIFF_FREE_DEDUCTION) {
        add_line(price, TARIFF_LINE_FREE, 0,
                 &(struct saying){.vi = "Miễn phí thời gian đầu",
                                  .en = "Free at the beginning:",
                                  .duration_ms = terms->free_ms});
    }
    for (int i = 0; i < stay->free_count; i++) {
        if (overlaps(sweep, &stay->free[i])) {
            add_line(price, TARIFF_LINE_FREE, 0,
                     &(struct saying){.vi = "Có thời gian miễn phí theo thông báo",
                                      .en = "Partly free by announcement"});
            break;
        }
    }
    for (int i = 0; i < stay->pass_count; i++) {
        if (overlaps(sweep, &stay->passes[i].valid)) {
            add_line(price, TARIFF_LINE_FREE, 0,
                     &(struct saying){.vi = "Vé tháng",
                                      .en = "Monthly pass",
                                      .label = &sweep->passes[i]->label});
        }
    }
    if (price->line_count == 0) {
        add_line(price, TARIFF_LINE_FREE, 0,
                 &(struct saying){.vi = "Không thu phí trong thời gian này",
                                  .en = "Nothing is charged for this time"});
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
        struct saying s = {.vi = "Giảm giá", .en = "Discount"};
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
                    const char *vi, const char *en)
{
    int64_t difference = target_vnd - lines_sum(price);
    if (difference) {
        add_line(price, kind, difference, &(struct saying){.vi = vi, .en = en});
    }
}

void bill_write_lines(const struct sweep *sweep, const struct bill_gifts *gifts,
                      const struct bill *bill, struct tariff_price *price)
{
    price->line_count = 0;
    if (!bill->forgiven) {
        write_charges(sweep, price);
        step_to(price, TARIFF_LINE_CAP, bill->sum_vnd, "Giảm theo mức trần", "Capped");
    }
    step_to(price, TARIFF_LINE_LIMIT, bill->limited_vnd,
            bill->limited_vnd > bill->sum_vnd ? "Mức thu tối thiểu" : "Mức thu tối đa",
            bill->limited_vnd > bill->sum_vnd ? "Minimum charge" : "Maximum charge");
    write_free(sweep, bill, price);
    write_gifts(sweep, gifts, bill, price);
    if (bill->lost_e4) {
        add_line(price, TARIFF_LINE_LOST, bill->lost_e4 / 10000,
                 &(struct saying){.vi = "Mất vé", .en = "Lost ticket"});
    }
    step_to(price, TARIFF_LINE_ROUNDING, bill->total_vnd, "Làm tròn", "Rounding");
}
