#include "server/web/page.h"
#include "server/web/words.h"

/* What the authority published for the second phase of its pilot, per mille (mid 2025). */
enum { PILOT_MOTORBIKE = 931, PILOT_CAR = 989 };

static int64_t pilot_of(enum vehicle vehicle)
{
    return vehicle == VEHICLE_MOTORBIKE ? PILOT_MOTORBIKE : vehicle == VEHICLE_CAR ? PILOT_CAR : -1;
}

static void count_cell(struct html *h, int64_t count)
{
    html(h, "<td class=\"num\">");
    html_count(h, count);
    html(h, "</td>");
}

static void share_cell(struct html *h, int64_t permille, const char *style)
{
    html(h, "<td class=\"num %s\">", style);
    html_permille(h, permille);
    html(h, "</td>");
}

/* The cells of a line, from "came in" to what was received. */
static void line_cells(struct html *h, const struct city_line *line)
{
    count_cell(h, line->entered);
    count_cell(h, line->left);
    count_cell(h, line->cashless);
    count_cell(h, line->cash);
    count_cell(h, line->free);
    count_cell(h, line->unpaid);
    html(h, "<td class=\"num\">%m</td><td class=\"num\">%m</td>", line->fee_vnd,
         line->received_vnd);
}

static void line_heads(struct html *h)
{
    html(h,
         "<th scope=\"col\" class=\"num\">%t</th><th scope=\"col\" class=\"num\">%t</th>"
         "<th scope=\"col\" class=\"num\">%t</th><th scope=\"col\" class=\"num\">%t</th>"
         "<th scope=\"col\" class=\"num\">%t</th><th scope=\"col\" class=\"num\">%t</th>"
         "<th scope=\"col\" class=\"num\">%t</th><th scope=\"col\" class=\"num\">%t</th>",
         TEXT_CITY_ENTERED, TEXT_CITY_TURNS, TEXT_CITY_BY_TRANSFER, TEXT_CITY_BY_CASH,
         TEXT_CITY_FREE, TEXT_CITY_UNPAID, TEXT_CITY_FEES, TEXT_CITY_REVENUE);
}

/* ---- tiles ---- */

static int64_t inside_total(const struct city_day *day)
{
    int64_t inside = 0;
    for (int i = 0; i < day->lot_count; i++) {
        for (int v = 0; v < VEHICLE_COUNT; v++) {
            inside += day->lot[i].inside[v];
        }
    }
    return inside;
}

static void write_tiles(struct html *h, const struct city_day *day)
{
    html(h, "<div class=\"tiles\"><div class=\"tile plain\"><span>%t</span><strong>",
         TEXT_CITY_TURNS);
    html_count(h, day->total.left);
    html(h,
         "</strong></div><div class=\"tile plain\"><span>%t</span><strong>%m</strong></div>"
         "<div class=\"tile plain\"><span>%t</span><strong>%m</strong></div>",
         TEXT_CITY_FEES, day->total.fee_vnd, TEXT_CITY_REVENUE, day->total.received_vnd);
    html(h, "<div class=\"tile plain\"><span>%t</span><strong>", TEXT_CITY_CASHLESS);
    html_permille(h, city_cashless_permille(&day->total));
    html(h, "</strong></div><div class=\"tile plain\"><span>%t</span><strong>", TEXT_CITY_INSIDE);
    html_count(h, inside_total(day));
    html(h, "</strong></div></div>");
}

/* ---- by class, with the reconciliation ---- */

static bool is_shown(const struct city_day *day, enum vehicle vehicle)
{
    const struct city_line *line = &day->vehicle[vehicle];
    bool empty = line->entered == 0 && line->left == 0 && line->fee_vnd == 0 &&
                 line->received_vnd == 0 && day->counted_left[vehicle] == 0;
    return vehicle == VEHICLE_CAR || vehicle == VEHICLE_MOTORBIKE || !empty;
}

/* Counted again from the stays themselves: turns and fees, and how far the two counts differ. */
static void write_reconciliation(struct html *h, const struct city_day *day)
{
    int64_t turns = day->counted_left_total - day->total.left;
    int64_t fees = day->counted_fee_total - day->total.fee_vnd;
    bool parts_agree = day->total.left ==
                       day->total.cashless + day->total.cash + day->total.unpaid + day->total.free;
    bool lots_agree = day->lots.left == day->total.left && day->lots.fee_vnd == day->total.fee_vnd;
    bool agrees = turns == 0 && fees == 0 && parts_agree && lots_agree;
    html(h, "<tr class=\"again\"><th scope=\"row\">%t</th><td></td>", TEXT_CITY_COUNTED);
    count_cell(h, day->counted_left_total);
    html(h,
         "<td></td><td></td><td></td><td></td><td class=\"num\">%m</td><td></td><td></td>"
         "<td></td></tr>",
         day->counted_fee_total);
    html(h, "<tr class=\"difference %s\" id=\"reconciliation\"><th scope=\"row\">%t</th><td></td>",
         agrees ? "agrees" : "differs", TEXT_CITY_DIFFERENCE);
    count_cell(h, turns);
    html(h,
         "<td></td><td></td><td></td><td></td><td class=\"num\">%m</td><td colspan=\"3\" "
         "class=\"verdict\">%s%t</td></tr>",
         fees, agrees ? "✓ " : "✗ ", agrees ? TEXT_CITY_AGREES : TEXT_CITY_DIFFERENCE);
}

static void write_classes(struct html *h, const struct city_day *day)
{
    html(h,
         "<section class=\"panel\"><h2>%t</h2><div class=\"scroll\" tabindex=\"0\" role=\"region\" "
         "aria-label=\"%t\"><table class=\"figures\" "
         "id=\"by-class\"><thead><tr><th scope=\"col\">%t</th>",
         TEXT_CITY_BY_CLASS, TEXT_CITY_BY_CLASS, TEXT_CITY_CLASS);
    line_heads(h);
    html(h,
         "<th scope=\"col\" class=\"num\">%t</th><th scope=\"col\" class=\"num\">%t</th>"
         "</tr></thead><tbody>",
         TEXT_CITY_CASHLESS, TEXT_CITY_PILOT);
    for (int v = VEHICLE_COUNT - 1; v >= 0; v--) {
        enum vehicle vehicle = (enum vehicle)v;
        if (!is_shown(day, vehicle)) {
            continue;
        }
        int64_t share = city_cashless_permille(&day->vehicle[v]);
        int64_t pilot = pilot_of(vehicle);
        html(h, "<tr data-key=\"%s\"><th scope=\"row\">%t</th>", vehicle_text(vehicle),
             words_vehicle(vehicle_text(vehicle)));
        line_cells(h, &day->vehicle[v]);
        share_cell(h, share, share < 0 || pilot < 0 ? "" : share >= pilot ? "reached" : "below");
        share_cell(h, pilot, "pale");
        html(h, "</tr>");
    }
    html(h, "</tbody><tfoot><tr class=\"total\"><th scope=\"row\">%t</th>", TEXT_CITY_TOTAL);
    line_cells(h, &day->total);
    share_cell(h, city_cashless_permille(&day->total), "");
    html(h, "<td></td></tr>");
    write_reconciliation(h, day);
    html(h, "</tfoot></table></div><p class=\"hint small\">%t<br>%t</p></section>",
         TEXT_CITY_SHARE_NOTE, TEXT_CITY_PILOT_NOTE);
}

/* ---- by hour: numbers for the chart, and a table of them for everybody else ---- */

static void write_hours(struct html *h, const struct city_day *day)
{
    html(h,
         "<section class=\"panel\"><h2>%t</h2><div class=\"chart\" id=\"hours\" data-keep "
         "aria-hidden=\"true\"></div><details><summary>%t</summary><div class=\"scroll\" "
         "tabindex=\"0\" role=\"region\" "
         "aria-label=\"%t\">"
         "<table class=\"figures\" id=\"hours-table\"><thead><tr><th scope=\"col\">%t</th>",
         TEXT_CITY_BY_HOUR, TEXT_CITY_BY_HOUR, TEXT_CITY_BY_HOUR, TEXT_CITY_HOUR);
    html(h,
         "<th scope=\"col\" class=\"num\" data-series=\"car\">%t</th>"
         "<th scope=\"col\" class=\"num\" data-series=\"motorbike\">%t</th>"
         "<th scope=\"col\" class=\"num\" data-series=\"other\">%t</th></tr></thead><tbody>",
         TEXT_VEHICLE_CAR, TEXT_VEHICLE_MOTORBIKE, TEXT_VEHICLE_BICYCLE);
    for (int i = 0; i < CITY_HOURS; i++) {
        const int64_t *hour = day->hour[i];
        html(h, "<tr><th scope=\"row\">%i</th>", i);
        count_cell(h, hour[VEHICLE_CAR]);
        count_cell(h, hour[VEHICLE_MOTORBIKE]);
        count_cell(h, hour[VEHICLE_BICYCLE] + hour[VEHICLE_UNKNOWN]);
        html(h, "</tr>");
    }
    html(h, "</tbody></table></div></details></section>");
}

/* ---- by lot ---- */

static void occupancy(struct html *h, const struct city_lot *lot, enum vehicle vehicle)
{
    int64_t inside = lot->inside[vehicle];
    int64_t capacity = lot->capacity[vehicle];
    html(h, "<div class=\"fill\"><span>%t</span><span class=\"num\">",
         words_vehicle(vehicle_text(vehicle)));
    html_count(h, inside);
    html(h, " / ");
    html_count(h, capacity);
    if (lot->corrected[vehicle] != 0) {
        html(h, " <small>(%t %l)</small>", TEXT_CITY_CORRECTED, lot->corrected[vehicle]);
    }
    html(h, "</span><progress class=\"%s\" max=\"%l\" value=\"%l\"></progress></div>",
         inside * 10 >= capacity * 9 ? "full" : "", capacity > 0 ? capacity : (int64_t)1,
         inside < 0          ? (int64_t)0
         : inside < capacity ? inside
                             : capacity);
}

static void write_lots(struct html *h, const struct city_day *day)
{
    html(h,
         "<section class=\"panel\"><h2>%t</h2><div class=\"scroll\" tabindex=\"0\" role=\"region\" "
         "aria-label=\"%t\"><table class=\"figures\" "
         "id=\"by-lot\"><thead><tr><th scope=\"col\">%t</th><th scope=\"col\">%t</th>",
         TEXT_CITY_BY_LOT, TEXT_CITY_BY_LOT, TEXT_CITY_LOT, TEXT_CITY_OCCUPANCY);
    line_heads(h);
    html(h, "<th scope=\"col\" class=\"num\">%t</th></tr></thead><tbody>", TEXT_CITY_CASHLESS);
    for (int i = 0; i < day->lot_count; i++) {
        const struct city_lot *lot = &day->lot[i];
        html(h,
             "<tr data-key=\"%s\"><th scope=\"row\">%s<br><span class=\"pale small\">%t "
             "%s</span></th><td>",
             lot->id, lot->name, TEXT_CITY_WARD, lot->ward);
        occupancy(h, lot, VEHICLE_CAR);
        occupancy(h, lot, VEHICLE_MOTORBIKE);
        html(h, "</td>");
        line_cells(h, &lot->line);
        share_cell(h, city_cashless_permille(&lot->line), "");
        html(h, "</tr>");
    }
    html(h, "</tbody><tfoot><tr class=\"total\"><th scope=\"row\">%t</th><td></td>",
         TEXT_CITY_TOTAL);
    line_cells(h, &day->lots);
    share_cell(h, city_cashless_permille(&day->lots), "");
    html(h, "</tr></tfoot></table></div>");
    if (day->lot_count == 0) {
        html(h, "<p class=\"empty\">%t</p>", TEXT_CITY_NO_LOTS);
    }
    html(h, "</section>");
}

void page_city_part(struct html *h, const struct city_day *day, const char *city, wall_t now)
{
    html(h, "<div class=\"city\"><h1>%t · %s <small>%d</small></h1>", TEXT_CITY_TITLE, city,
         now.ms);
    write_tiles(h, day);
    write_classes(h, day);
    write_hours(h, day);
    write_lots(h, day);
    html(h, "</div>");
}
