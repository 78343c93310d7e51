/* page_tariff.c - a lot's price list as people read it: what is charged, since when, by which law.
 */
#include "proto/base/time.h"
#include "proto/tariff/tariff.h"
#include "server/web/page.h"
#include "server/web/words.h"

static const char *label_of(const struct html *h, const struct tariff_label *label)
{
    return h->language == LANGUAGE_VI ? label->vi : label->en;
}

/* What the tariff says itself is Vietnamese or English, whatever the page speaks. */
static void write_label(struct html *h, const struct tariff_label *label)
{
    bool own = h->language == LANGUAGE_VI || h->language == LANGUAGE_EN;
    html(h, own ? "%s" : "<span lang=\"en\">%s</span>", label_of(h, label));
}

static void write_detail(struct html *h, enum text text, const char *detail)
{
    char space[256];
    struct out out;
    out_init(&out, space, sizeof space);
    words_detail(&out, text, detail, h->language);
    html_text(h, out_str(&out));
}

/* "First 2 h" */
static void write_span(struct html *h, enum text text, int64_t ms)
{
    char space[64];
    struct out out;
    out_init(&out, space, sizeof space);
    words_span(&out, ms, h->language);
    write_detail(h, text, space);
}

static void format_hours(struct tariff_hours hours, char out[24])
{
    snprintf(out, 24, "%02d:%02d–%02d:%02d", hours.from_min / 60 % 100, hours.from_min % 60,
             hours.until_min / 60 % 100, hours.until_min % 60);
}

static bool is_all_day(struct tariff_hours hours)
{
    return hours.from_min == hours.until_min || (hours.from_min == 0 && hours.until_min == 24 * 60);
}

/* ---- rows ---- */

static void write_row(struct html *h, enum text text, int64_t amount_vnd)
{
    html(h, "<tr><td>%t</td><td class=\"num\">%m</td></tr>", text, amount_vnd);
}

static void write_tier(struct html *h, const struct tariff_tier *tier, int64_t from_ms)
{
    html(h, "<tr><td>");
    if (tier->until_ms > 0) {
        write_span(h, from_ms == 0 ? TEXT_PRICE_FIRST : TEXT_PRICE_UNTIL, tier->until_ms);
    } else if (from_ms > 0) {
        write_span(h, TEXT_PRICE_BEYOND, from_ms);
    } else {
        html(h, "%t", TEXT_PRICE_ALWAYS);
    }
    html(h, "</td><td class=\"num\">%m", tier->price_vnd);
    if (tier->block_ms > 0) {
        html(h, " <small>");
        write_span(h, TEXT_PRICE_EACH, tier->block_ms);
        html(h, "</small>");
    }
    html(h, "</td></tr>");
}

/* When this part of the list holds, if not always. */
static void write_when(struct html *h, const struct tariff_element *e)
{
    char hours[24];
    bool some = e->when.weekdays != 0x7f || e->when.on != 0 || e->when.not_on != 0;
    if (e->label.vi[0]) {
        html(h, "<tr class=\"when\"><th colspan=\"2\" scope=\"rowgroup\">");
        write_label(h, &e->label);
        html(h, "</th></tr>");
    }
    if (!is_all_day(e->when.hours)) {
        format_hours(e->when.hours, hours);
        html(h, "<tr class=\"when\"><th colspan=\"2\" scope=\"rowgroup\">%t %s</th></tr>",
             TEXT_PRICE_HOURS, hours);
    }
    if (some && !e->label.vi[0]) {
        html(h, "<tr class=\"when\"><th colspan=\"2\" scope=\"rowgroup\">%t</th></tr>",
             TEXT_PRICE_SOME_DAYS);
    }
}

static void write_element(struct html *h, const struct tariff_element *e)
{
    write_when(h, e);
    if (e->free) {
        html(h, "<tr><td colspan=\"2\">%t</td></tr>", TEXT_PRICE_FREE);
        return;
    }
    if (e->has_turn) {
        write_row(h, TEXT_PRICE_DAY, e->day_vnd);
        write_row(h, TEXT_PRICE_NIGHT, e->night_turn_vnd);
        write_row(h, TEXT_PRICE_BOTH, e->both_vnd);
    }
    for (int i = 0; i < e->tier_count; i++) {
        write_tier(h, &e->tiers[i], i ? e->tiers[i - 1].until_ms : 0);
    }
    if (e->has_entry) {
        write_row(h, TEXT_PRICE_ENTRY, e->entry_vnd);
    }
    if (e->has_night) {
        write_row(h, TEXT_PRICE_NIGHTLY, e->night_vnd);
    }
}

static void write_cap(struct html *h, const struct tariff_cap *cap)
{
    char hours[24];
    html(h, "<tr><td>");
    switch (cap->per) {
    case TARIFF_CAP_ROLLING:
        write_span(h, TEXT_PRICE_CAP, cap->window_ms);
        break;
    case TARIFF_CAP_CALENDAR_DAY:
        html(h, "%t", TEXT_PRICE_CAP_DAY);
        break;
    case TARIFF_CAP_HOURS:
        format_hours(cap->hours, hours);
        write_detail(h, TEXT_PRICE_CAP_HOURS, hours);
        break;
    }
    html(h, "</td><td class=\"num\">%m</td></tr>", cap->limit_vnd);
}

static void write_terms(struct html *h, const struct tariff_terms *terms, bool nights)
{
    char hours[24];
    if (nights && !is_all_day(terms->night)) {
        format_hours(terms->night, hours);
        html(h, "<tr><td>%t</td><td class=\"num\">%s</td></tr>", TEXT_PRICE_NIGHT_IS, hours);
    }
    if (terms->free_ms > 0) {
        html(h, "<tr><td colspan=\"2\">");
        write_span(h, TEXT_PRICE_FREE_FIRST, terms->free_ms);
        html(h, "</td></tr>");
    }
    for (int i = 0; i < terms->cap_count; i++) {
        write_cap(h, &terms->caps[i]);
    }
    if (terms->minimum_vnd > 0) {
        write_row(h, TEXT_PRICE_MINIMUM, terms->minimum_vnd);
    }
    if (terms->maximum_vnd > 0) {
        write_row(h, TEXT_PRICE_MAXIMUM, terms->maximum_vnd);
    }
    if (terms->lost != TARIFF_LOST_NONE) {
        write_row(h, TEXT_PRICE_LOST, terms->lost_vnd);
    }
}

static bool charges_nights(const struct tariff *t, uint32_t bit)
{
    for (int i = 0; i < t->element_count; i++) {
        const struct tariff_element *e = &t->elements[i];
        if ((e->when.vehicles & bit) && (e->has_turn || e->has_night)) {
            return true;
        }
    }
    return false;
}

static bool counts_started(const struct tariff *t, uint32_t bit)
{
    for (int i = 0; i < t->element_count; i++) {
        for (int j = 0; j < t->elements[i].tier_count; j++) {
            const struct tariff_tier *tier = &t->elements[i].tiers[j];
            if ((t->elements[i].when.vehicles & bit) && tier->block_ms > 0 &&
                tier->count == TARIFF_COUNT_STARTED) {
                return true;
            }
        }
    }
    return false;
}

static void write_passes(struct html *h, const struct tariff *t, uint32_t bit)
{
    char hours[24];
    bool first = true;
    for (int i = 0; i < t->pass_count; i++) {
        const struct tariff_pass *pass = &t->passes[i];
        if (!(pass->vehicles & bit)) {
            continue;
        }
        if (first) {
            html(h, "<tr class=\"when\"><th colspan=\"2\" scope=\"rowgroup\">%t</th></tr>",
                 TEXT_PRICE_PASSES);
            first = false;
        }
        html(h, "<tr><td>");
        write_label(h, &pass->label);
        if (!is_all_day(pass->hours)) {
            format_hours(pass->hours, hours);
            html(h, " <small>%s</small>", hours);
        }
        html(h, "</td><td class=\"num\">%m <small>%t</small></td></tr>", pass->month_vnd,
             TEXT_PASS_PER_MONTH);
    }
}

/* ---- the list of one class of vehicle ---- */

static void write_source(struct html *h, const struct tariff *t, uint32_t bit)
{
    if (counts_started(t, bit)) {
        html(h, "<p class=\"hint small\">%t</p>", TEXT_PRICE_STARTED);
    }
    if (t->grace_after_payment_ms > 0) {
        html(h, "<p class=\"hint small\">");
        write_span(h, TEXT_PRICE_GRACE, t->grace_after_payment_ms);
        html(h, "</p>");
    }
    html(h, "<dl class=\"source\"><dt>%t</dt>", TEXT_PRICE_LEGAL);
    for (int i = 0; i < t->legal_count; i++) {
        html(h, "<dd lang=\"vi\">%s</dd>", t->legal[i]);
    }
    html(h, "<dt>%t</dt><dd>%D · %t %s</dd></dl>", TEXT_PRICE_FROM_DAY, t->valid_from.ms,
         TEXT_PRICE_VERSION, t->version);
    if (t->status == TARIFF_UNVERIFIED) {
        html(h, "<p class=\"hint small\">%t</p>", TEXT_PRICE_UNVERIFIED);
    }
}

void page_tariff_prices(struct html *h, const struct tariff_set *set, enum vehicle vehicle,
                        wall_t at)
{
    const struct tariff *t = set ? tariff_set_at(set, at) : NULL;
    uint32_t bit = UINT32_C(1) << vehicle;
    if (!t) {
        html(h, "<p class=\"hint\">%t</p>", TEXT_PRICE_NONE);
        return;
    }
    html(h, "<p class=\"list-title\">");
    write_label(h, &t->title);
    html(h, "</p><table class=\"lines prices\"><tbody>");
    for (int i = 0; i < t->element_count; i++) {
        if (t->elements[i].when.vehicles & bit) {
            write_element(h, &t->elements[i]);
        }
    }
    for (int i = 0; i < t->terms_count; i++) {
        if (t->terms[i].vehicles & bit) {
            write_terms(h, &t->terms[i], charges_nights(t, bit));
            break;
        }
    }
    write_passes(h, t, bit);
    html(h, "</tbody></table>");
    write_source(h, t, bit);
}
