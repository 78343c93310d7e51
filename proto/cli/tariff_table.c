#include "proto/cli/tariff_table.h"

#include "proto/io/config.h"

static const char *words(const struct tariff_view *view, const char *vi, const char *en)
{
    return view->vi ? vi : en;
}

static const char *label_of(const struct tariff_view *view, const struct tariff_label *label)
{
    return view->vi ? label->vi : label->en;
}

static void put_money(struct out *out, int64_t vnd, bool vi)
{
    char text[MONEY_TEXT_CAP];
    if (vi) {
        money_format_vi(money(vnd), text);
    } else {
        money_format_en(money(vnd), text);
    }
    out_add_c(out, text);
}

static void print_money(FILE *file, const struct tariff_view *view, int64_t vnd)
{
    char space[MONEY_TEXT_CAP];
    struct out out;
    out_init(&out, space, sizeof space);
    put_money(&out, vnd, view->vi);
    fputs(space, file);
}

static void print_hours(FILE *file, struct tariff_hours h)
{
    fprintf(file, "%02d:%02d-%02d:%02d", h.from_min / 60, h.from_min % 60, h.until_min / 60,
            h.until_min % 60);
}

static bool is_all_day(struct tariff_hours h)
{
    return h.from_min == 0 && h.until_min == 24 * 60;
}

/* ---- the head ---- */

static void print_head(FILE *file, const struct tariff_view *view)
{
    const struct tariff *t = view->tariff;
    char from[TIME_ISO_CAP];
    time_format_iso(t->valid_from, from);
    fprintf(file, "%s\n%s %s, %s %.10s", label_of(view, &t->title), t->name, t->version,
            words(view, "hiệu lực từ", "valid from"), from);
    if (t->valid_until.ms != INT64_MAX) { /* open */
        char until[TIME_ISO_CAP];
        time_format_iso(t->valid_until, until);
        fprintf(file, " %s %.10s", words(view, "đến trước", "until before"), until);
    }
    fprintf(file, "\n%s\n",
            t->status == TARIFF_VERIFIED
                ? words(view, "Đã đối chiếu văn bản gốc", "Verified against the source")
                : words(view, "CHƯA đối chiếu đủ với văn bản gốc", "NOT fully verified"));
    for (int i = 0; i < t->legal_count; i++) {
        fprintf(file, "  %s\n", t->legal[i]);
    }
    for (int i = 0; i < t->note_count; i++) {
        fprintf(file, "  - %s\n", t->notes[i]);
    }
}

/* ---- elements ---- */

static void print_vehicles(FILE *file, const struct tariff_view *view, uint32_t vehicles)
{
    const char *between = "";
    for (int v = 1; v < VEHICLE_COUNT; v++) {
        if (vehicles & UINT32_C(1) << v) {
            fprintf(file, "%s%s", between,
                    view->vi ? vehicle_text_vi((enum vehicle)v) : vehicle_text((enum vehicle)v));
            between = ", ";
        }
    }
}

static void print_weekdays(FILE *file, uint32_t weekdays)
{
    static const char *const names[] = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
    for (int i = 0; i < 7; i++) {
        if (weekdays & UINT32_C(1) << i) {
            fprintf(file, " %s", names[i]);
        }
    }
}

static void print_calendars(FILE *file, const struct tariff *tariff, const char *lead,
                            uint32_t bits)
{
    for (int i = 0; i < tariff->calendar_count; i++) {
        if (bits & UINT32_C(1) << i) {
            fprintf(file, "; %s %s", lead, tariff->calendars[i].name);
        }
    }
}

static void print_when(FILE *file, const struct tariff_view *view, const struct tariff_when *when)
{
    print_vehicles(file, view, when->vehicles);
    if (!is_all_day(when->hours)) {
        fputs("; ", file);
        print_hours(file, when->hours);
    }
    if (!is_all_day(when->entered)) {
        fprintf(file, "; %s ", words(view, "vào lúc", "entered"));
        print_hours(file, when->entered);
    }
    if (when->weekdays != 0x7F) {
        fputc(';', file);
        print_weekdays(file, when->weekdays);
    }
    print_calendars(file, view->tariff, words(view, "ngày", "on"), when->on);
    print_calendars(file, view->tariff, words(view, "trừ ngày", "not on"), when->not_on);
    if (when->stayed_from_ms || when->stayed_until_ms) {
        char from[CONFIG_DURATION_CAP];
        char until[CONFIG_DURATION_CAP] = "";
        config_format_duration(when->stayed_from_ms, from);
        if (when->stayed_until_ms) {
            config_format_duration(when->stayed_until_ms, until);
        }
        fprintf(file, "; %s %s-%s", words(view, "đã gửi", "stayed"), from, until);
    }
}

static void print_row(FILE *file, const struct tariff_view *view, const char *vi, const char *en,
                      int64_t vnd)
{
    fprintf(file, "    %s: ", words(view, vi, en));
    print_money(file, view, vnd);
    fputc('\n', file);
}

static void print_tiers(FILE *file, const struct tariff_view *view,
                        const struct tariff_element *element)
{
    int64_t from = 0;
    for (int i = 0; i < element->tier_count; i++) {
        const struct tariff_tier *tier = &element->tiers[i];
        char start[CONFIG_DURATION_CAP];
        char end[CONFIG_DURATION_CAP] = "…";
        char block[CONFIG_DURATION_CAP];
        config_format_duration(from, start);
        config_format_duration(tier->block_ms, block);
        if (tier->until_ms) {
            config_format_duration(tier->until_ms, end);
        }
        fprintf(file, "    %s - %s: ", start, end);
        print_money(file, view, tier->price_vnd);
        if (tier->block_ms == 0) {
            fprintf(file, " %s", words(view, "một lần", "once"));
        } else {
            fprintf(file, " / %s %s", block,
                    tier->count == TARIFF_COUNT_STARTED ? words(view, "bắt đầu", "started")
                                                        : words(view, "trọn", "completed"));
        }
        fputc('\n', file);
        from = tier->until_ms;
    }
}

static void print_elements(FILE *file, const struct tariff_view *view)
{
    fprintf(file, "\n%s\n", words(view, "Giá", "Prices"));
    for (int i = 0; i < view->tariff->element_count; i++) {
        const struct tariff_element *e = &view->tariff->elements[i];
        fprintf(file, "  %d. ", i + 1);
        print_when(file, view, &e->when);
        fprintf(file, "%s%s%s\n", e->label.vi[0] ? " (" : "", label_of(view, &e->label),
                e->label.vi[0] ? ")" : "");
        if (e->free) {
            fprintf(file, "    %s\n", words(view, "miễn phí", "free"));
        }
        if (e->has_turn) {
            print_row(file, view, "lượt ban ngày", "turn by day", e->day_vnd);
            print_row(file, view, "lượt ban đêm", "turn by night", e->night_turn_vnd);
            print_row(file, view, "lượt ngày và đêm", "turn by day and night", e->both_vnd);
        }
        if (e->has_entry) {
            print_row(file, view, "mỗi lần vào", "per entry", e->entry_vnd);
        }
        if (e->has_night) {
            print_row(file, view, "mỗi đêm", "per night", e->night_vnd);
        }
        print_tiers(file, view, e);
    }
    for (int i = 0; i < view->tariff->pass_count; i++) {
        const struct tariff_pass *p = &view->tariff->passes[i];
        fprintf(file, "  %s: ", label_of(view, &p->label));
        print_money(file, view, p->month_vnd);
        fprintf(file, " / %s; ", words(view, "tháng", "month"));
        print_hours(file, p->hours);
        fputc('\n', file);
    }
}

/* ---- terms ---- */

static void print_mixed(FILE *file, const struct tariff_view *view,
                        const struct tariff_terms *terms)
{
    static const struct {
        const char *vi, *en;
    } sentences[] = {
        [TARIFF_MIXED_BOTH] = {"giá ngày và đêm", "the price of both"},
        [TARIFF_MIXED_MAJORITY] = {"giá ngày và đêm, dưới %s: kỳ dài hơn, bằng nhau: ngày",
                                   "the price of both, under %s: the longer period, tie: day"},
        [TARIFF_MIXED_DEARER] = {"kỳ đắt hơn", "the dearer period"},
        [TARIFF_MIXED_SUM] = {"cộng giá ngày và giá đêm", "day plus night"},
        [TARIFF_MIXED_ENTRY] = {"theo lúc vào", "the period of the entry"},
        [TARIFF_MIXED_EACH_PERIOD] = {"mỗi kỳ một lượt", "each day and each night its price"},
    };
    char below[CONFIG_DURATION_CAP];
    const char *sentence = words(view, sentences[terms->mixed].vi, sentences[terms->mixed].en);
    const char *hole = strstr(sentence, "%s");
    config_format_duration(terms->majority_below_ms, below);
    fprintf(file, "    %s: ", words(view, "lượt có cả ngày và đêm", "a turn by day and night"));
    if (hole) {
        fprintf(file, "%.*s%s%s\n", (int)(hole - sentence), sentence, below, hole + 2);
    } else {
        fprintf(file, "%s\n", sentence);
    }
}

static void print_cap(FILE *file, const struct tariff_view *view, const struct tariff_cap *cap)
{
    char window[CONFIG_DURATION_CAP];
    fprintf(file, "    %s ", words(view, "tối đa", "at most"));
    print_money(file, view, cap->limit_vnd);
    switch (cap->per) {
    case TARIFF_CAP_ROLLING:
        config_format_duration(cap->window_ms, window);
        fprintf(file, " %s %s\n", words(view, "cho mỗi", "in each"), window);
        break;
    case TARIFF_CAP_CALENDAR_DAY:
        fprintf(file, " %s\n", words(view, "cho mỗi ngày dương lịch", "in each calendar day"));
        break;
    case TARIFF_CAP_HOURS:
        fprintf(file, " %s ", words(view, "trong", "in"));
        print_hours(file, cap->hours);
        fputc('\n', file);
        break;
    }
}

static void print_limits(FILE *file, const struct tariff_view *view,
                         const struct tariff_terms *terms)
{
    char text[CONFIG_DURATION_CAP];
    if (terms->free_as != TARIFF_FREE_NONE) {
        config_format_duration(terms->free_ms, text);
        fprintf(file, "    %s %s%s\n", words(view, "miễn phí", "free"), text,
                terms->free_as == TARIFF_FREE_CLIFF
                    ? words(view, "; gửi lâu hơn thì tính từ đầu", "; a longer stay pays for all")
                    : words(view, " đầu", " at the start"));
    }
    if (terms->minimum_vnd) {
        print_row(file, view, "ít nhất", "at least", terms->minimum_vnd);
    }
    if (terms->maximum_vnd) {
        print_row(file, view, "nhiều nhất", "at most", terms->maximum_vnd);
    }
    for (int i = 0; i < terms->cap_count; i++) {
        print_cap(file, view, &terms->caps[i]);
    }
    switch (terms->lost) {
    case TARIFF_LOST_NONE:
        break;
    case TARIFF_LOST_FEE:
        print_row(file, view, "mất vé, thêm", "lost ticket, added", terms->lost_vnd);
        break;
    case TARIFF_LOST_AT_LEAST:
        print_row(file, view, "mất vé, ít nhất", "lost ticket, at least", terms->lost_vnd);
        break;
    case TARIFF_LOST_INSTEAD:
        print_row(file, view, "mất vé, thay giá vé", "lost ticket, instead", terms->lost_vnd);
        break;
    }
}

/* Night matters where a turn or a night has a price; the rest is said where it is not nothing. */
static void print_terms(FILE *file, const struct tariff_view *view)
{
    const struct tariff *t = view->tariff;
    bool turns = false;
    bool nights = false;
    for (int i = 0; i < t->element_count; i++) {
        turns |= t->elements[i].has_turn;
        nights |= t->elements[i].has_night;
    }
    for (int i = 0; i < t->terms_count; i++) {
        const struct tariff_terms *terms = &t->terms[i];
        fprintf(file, "%s%s: ", i ? "" : "\n", words(view, "Cách tính", "Rules"));
        print_vehicles(file, view, terms->vehicles);
        fputc('\n', file);
        if (turns || nights) {
            fprintf(file, "    %s ", words(view, "đêm", "night"));
            print_hours(file, terms->night);
            fputc('\n', file);
        }
        if (turns && terms->mixed != TARIFF_MIXED_EACH_PERIOD) {
            char window[CONFIG_DURATION_CAP];
            config_format_duration(terms->turn_window_ms, window);
            fprintf(file, "    %s %s\n", words(view, "một lượt không quá", "a turn is at most"),
                    window);
        }
        if (turns) {
            print_mixed(file, view, terms);
        }
        print_limits(file, view, terms);
    }
}

/* ---- examples ---- */

static const int example_minutes[] = {1,   30,  60,  61,  120, 121,  180,  240,
                                      241, 300, 480, 540, 720, 1440, 1500, 2880};
enum { EXAMPLES = sizeof example_minutes / sizeof example_minutes[0] };

/* False when there is no price, as for a vehicle that the tariff does not name. */
static bool price_at(const struct tariff_view *view, enum vehicle vehicle, wall_t exit,
                     struct tariff_price *ret_price)
{
    struct tariff_stay stay = {.vehicle = vehicle, .entry = view->entry, .exit = exit};
    return tariff_price_stay(view->set, &stay, ret_price) == 0;
}

static void print_examples(FILE *file, const struct tariff_view *view)
{
    static struct tariff_price price;
    char from[TIME_ISO_CAP];
    time_format_short(view->entry, from);
    fprintf(file, "\n%s %s\n", words(view, "Ví dụ, vào lúc", "Examples, entry at"), from);
    for (int v = 1; v < VEHICLE_COUNT; v++) {
        if (!price_at(view, (enum vehicle)v, view->entry, &price)) {
            continue;
        }
        fprintf(file, "  %s\n",
                view->vi ? vehicle_text_vi((enum vehicle)v) : vehicle_text((enum vehicle)v));
        for (int i = 0; i < EXAMPLES; i++) {
            char length[CONFIG_DURATION_CAP];
            int64_t ms = (int64_t)example_minutes[i] * TIME_MINUTE_MS;
            if (price_at(view, (enum vehicle)v, wall_add(view->entry, ms), &price)) {
                config_format_duration(ms, length);
                fprintf(file, "    %8s  ", length);
                print_money(file, view, price.total.vnd);
                fputc('\n', file);
            }
        }
    }
}

void tariff_print_table(FILE *file, const struct tariff_view *view)
{
    print_head(file, view);
    print_elements(file, view);
    print_terms(file, view);
    print_examples(file, view);
}
