#include "proto/io/tariff_chart.h"

enum {
    WIDTH = 900,
    HEIGHT = 480,
    LEFT = 100,
    RIGHT = 880,
    TOP = 60,
    BOTTOM = 420,
    STEPS_MAX = 4000
};

struct chart {
    const struct tariff_view *view;
    int64_t span_ms;
    int64_t top_vnd; /* the value at TOP */
    int64_t rule_vnd;
};

static const char *words(const struct tariff_view *view, const char *vi, const char *en)
{
    return view->vi ? vi : en;
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

/* False when there is no price, as for a vehicle that the tariff does not name. */
static bool price_at(const struct tariff_view *view, enum vehicle vehicle, wall_t exit,
                     struct tariff_price *ret_price)
{
    struct tariff_stay stay = {.vehicle = vehicle, .entry = view->entry, .exit = exit};
    return tariff_price_stay(view->set, &stay, ret_price) == 0;
}

static int x_of(const struct chart *chart, int64_t after_ms)
{
    return (int)(LEFT + after_ms * (RIGHT - LEFT) / chart->span_ms);
}

static int y_of(const struct chart *chart, int64_t vnd)
{
    return (int)(BOTTOM - vnd * (BOTTOM - TOP) / chart->top_vnd);
}

/* Text in an SVG: the few characters that mean something there are replaced. */
static void put_escaped(struct out *out, const char *text)
{
    for (const char *p = text; *p; p++) {
        if (*p == '&') {
            out_add_c(out, "&amp;");
        } else if (*p == '<') {
            out_add_c(out, "&lt;");
        } else {
            out_char(out, *p);
        }
    }
}

/* The dearest stay in the chart, to scale it: a price may also fall, so every step is looked at. */
static int64_t highest(const struct chart *chart)
{
    struct tariff_price price;
    int64_t most = 0;
    wall_t end = wall_add(chart->view->entry, chart->span_ms);
    for (int v = 1; v < VEHICLE_COUNT; v++) {
        wall_t at = chart->view->entry;
        for (int i = 0; i < STEPS_MAX && at.ms <= end.ms; i++) {
            if (!price_at(chart->view, (enum vehicle)v, at, &price)) {
                break;
            }
            most = price.total.vnd > most ? price.total.vnd : most;
            if (!price.has_next_change) {
                break;
            }
            at = wall_add(price.next_change, 1);
        }
    }
    return most;
}

/* 1, 2 or 5 times a power of ten, so that at most six rules fit below `most`. */
static int64_t nice_rule(int64_t most)
{
    static const int factors[] = {1, 2, 5};
    for (int64_t power = 100;; power *= 10) {
        for (int i = 0; i < 3; i++) {
            if (factors[i] * power * 6 >= most) {
                return factors[i] * power;
            }
        }
    }
}

static void draw_axes(struct out *out, const struct chart *chart)
{
    for (int64_t vnd = 0; vnd <= chart->top_vnd; vnd += chart->rule_vnd) {
        int y = y_of(chart, vnd);
        out_fmt(out,
                "<path d=\"M%d %dH%d\" stroke=\"#ddd\"/><text x=\"%d\" y=\"%d\" "
                "text-anchor=\"end\">",
                LEFT, y, RIGHT, LEFT - 8, y + 4);
        put_money(out, vnd, chart->view->vi);
        out_add_c(out, "</text>\n");
    }
    int64_t hours = chart->span_ms / TIME_HOUR_MS;
    int64_t every = hours <= 24 ? 2 : hours <= 72 ? 6 : 24 * ((hours + 359) / 360);
    for (int64_t h = 0; h <= hours; h += every) {
        int x = x_of(chart, h * TIME_HOUR_MS);
        out_fmt(out,
                "<path d=\"M%d %dV%d\" stroke=\"#ddd\"/><text x=\"%d\" y=\"%d\" "
                "text-anchor=\"middle\">%lld h</text>\n",
                x, TOP, BOTTOM, x, BOTTOM + 18, (long long)h);
    }
}

static void draw_line(struct out *out, const struct chart *chart, enum vehicle vehicle, int shade,
                      int *legend)
{
    struct tariff_price price;
    static const char *const colours[] = {"#0b5fa5", "#c2410c", "#15803d"};
    wall_t at = chart->view->entry;
    wall_t end = wall_add(at, chart->span_ms);
    /* A stay of no length costs nothing; the line begins with the first instant. */
    at = wall_add(at, 1);
    if (!price_at(chart->view, vehicle, at, &price)) {
        return;
    }
    out_fmt(out, "<path fill=\"none\" stroke=\"%s\" stroke-width=\"2\" d=\"M%d %d",
            colours[shade % 3], LEFT, y_of(chart, price.total.vnd));
    for (int i = 0; i < STEPS_MAX && price.has_next_change && price.next_change.ms < end.ms; i++) {
        at = wall_add(price.next_change, 1);
        int x = x_of(chart, wall_diff(price.next_change, chart->view->entry));
        if (!price_at(chart->view, vehicle, at, &price)) {
            break;
        }
        out_fmt(out, "H%dV%d", x, y_of(chart, price.total.vnd));
    }
    out_fmt(out, "H%d\"/>\n<text x=\"%d\" y=\"50\" fill=\"%s\">%s</text>\n", RIGHT,
            LEFT + 130 * (*legend)++, colours[shade % 3],
            chart->view->vi ? vehicle_text_vi(vehicle) : vehicle_text(vehicle));
}

void tariff_draw_chart(struct out *out, const struct tariff_view *view, int hours)
{
    struct chart chart = {.view = view, .span_ms = (int64_t)hours * TIME_HOUR_MS};
    char from[TIME_ISO_CAP];
    int legend = 0;
    int64_t most = highest(&chart);
    chart.rule_vnd = nice_rule(most > 0 ? most : 1);
    chart.top_vnd = (most + chart.rule_vnd) / chart.rule_vnd * chart.rule_vnd;
    time_format_short(view->entry, from);
    out_fmt(out,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" "
            "font-family=\"sans-serif\" font-size=\"12\">\n"
            "<rect width=\"100%%\" height=\"100%%\" fill=\"#fff\"/>\n<text x=\"%d\" y=\"26\" "
            "font-size=\"16\">",
            WIDTH, HEIGHT, LEFT);
    put_escaped(out, view->vi ? view->tariff->title.vi : view->tariff->title.en);
    out_fmt(out, "</text>\n<text x=\"%d\" y=\"%d\">", LEFT, BOTTOM + 44);
    put_escaped(out, view->tariff->name);
    out_add_c(out, " ");
    put_escaped(out, view->tariff->version);
    out_fmt(out, ", %s %s</text>\n", words(view, "vào lúc", "entry at"), from);
    draw_axes(out, &chart);
    for (int v = 1; v < VEHICLE_COUNT; v++) {
        draw_line(out, &chart, (enum vehicle)v, v - 1, &legend);
    }
    out_add_c(out, "</svg>");
}
