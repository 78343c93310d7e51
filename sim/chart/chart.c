#include "sim/chart/chart.h"

#include <string.h>

enum {
    WIDTH = 1200,
    LEFT = 110,
    RIGHT = 30,
    TOP = 64,
    PANEL = 170,
    GAP = 44,
    ROW = 18, /* of a family of faults */
    FAULTS_MAX = 2000,
    TICKS_MAX = 12
};

/* name, Vietnamese, English */
#define CHART_TEXTS(X)                                                                     \
    X(TRAFFIC, "Xe vào và ra", "Vehicles in and out")                                      \
    X(CAME, "vào", "in")                                                                   \
    X(WENT, "ra", "out")                                                                   \
    X(INSIDE, "Xe trong bãi", "Vehicles inside")                                           \
    X(TRULY, "thực tế", "truly")                                                           \
    X(COUNTED, "theo máy chủ", "as the server counts")                                     \
    X(MONEY, "Tiền (triệu đồng)", "Money (million đồng)")                                  \
    X(MOVED, "ngân hàng đã chuyển", "moved by banks")                                      \
    X(BOOKED, "máy chủ đã ghi sổ", "booked by the server")                                 \
    X(FAULTS, "Sự cố", "Faults")                                                           \
    X(NO_FAULTS, "không có sự cố nào", "none")                                             \
    X(FAILED, "kiểm toán phản đối", "the auditor objects")                                 \
    X(FOOT, "Giờ Hà Nội. doxe-sim: mô phỏng trong thời gian ảo, không phải số liệu thật.", \
      "Hanoi time. doxe-sim: simulated in virtual time, not real figures.")

enum chart_text {
#define X(name, vi, en) TEXT_##name,
    CHART_TEXTS(X)
#undef X
        TEXT_COUNT
};

static const char *const texts[TEXT_COUNT][2] = {
#define X(name, vi, en) {vi, en},
    CHART_TEXTS(X)
#undef X
};

/* Blue and orange stay apart for every kind of colour blindness, and in grey. */
static const char *const first_colour = "#0b5fa5";
static const char *const second_colour = "#d9730d";

struct pen {
    const struct chart *chart;
    struct out *out;
    int64_t from_ms, to_ms;
    int top, height; /* of the present panel */
    int64_t most;    /* value at its top */
};

static const char *word(const struct pen *pen, enum chart_text text)
{
    return texts[text][pen->chart->language];
}

static void add_text(struct out *out, const char *text)
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

static void label(struct pen *pen, int x, int y, const char *anchor, const char *more,
                  const char *text)
{
    out_fmt(pen->out, "<text x=\"%d\" y=\"%d\" text-anchor=\"%s\"%s>", x, y, anchor, more);
    add_text(pen->out, text);
    out_add_c(pen->out, "</text>\n");
}

/* Tenths of a pixel, so that no floating point is needed. */
static int64_t x_of(const struct pen *pen, int64_t at_ms)
{
    int64_t clipped = at_ms < pen->from_ms ? pen->from_ms : at_ms > pen->to_ms ? pen->to_ms : at_ms;
    return LEFT * 10 +
           (clipped - pen->from_ms) * ((WIDTH - LEFT - RIGHT) * 10) / (pen->to_ms - pen->from_ms);
}

static int64_t y_of(const struct pen *pen, int64_t value)
{
    int64_t v = value < 0 ? 0 : value > pen->most ? pen->most : value;
    return (int64_t)(pen->top + pen->height) * 10 - v * (pen->height * 10) / pen->most;
}

static void add_point(struct pen *pen, char command, int64_t x, int64_t y)
{
    out_fmt(pen->out, "%c%lld.%lld %lld.%lld", command, (long long)(x / 10), (long long)(x % 10),
            (long long)(y / 10), (long long)(y % 10));
}

/* ---- axes ---- */

/* 1, 2 or 5 times a power of ten, at most `parts` of which reach `most`. */
static int64_t nice_step(int64_t most, int parts)
{
    int64_t step = 1;
    for (;;) {
        static const int64_t times[] = {1, 2, 5};
        for (int i = 0; i < 3; i++) {
            if (times[i] * step * parts >= most) {
                return times[i] * step;
            }
        }
        step *= 10;
    }
}

/* How often the time is written: a length that people count in. */
static int64_t time_step(int64_t length_ms)
{
    static const int64_t steps[] = {TIME_MINUTE_MS,    5 * TIME_MINUTE_MS, 15 * TIME_MINUTE_MS,
                                    TIME_HOUR_MS,      2 * TIME_HOUR_MS,   6 * TIME_HOUR_MS,
                                    12 * TIME_HOUR_MS, TIME_DAY_MS,        2LL * TIME_DAY_MS,
                                    7LL * TIME_DAY_MS, 30LL * TIME_DAY_MS, 90LL * TIME_DAY_MS};
    size_t i = 0;
    while (i + 1 < sizeof steps / sizeof steps[0] && length_ms / steps[i] > TICKS_MAX) {
        i++;
    }
    return steps[i];
}

static void time_axis(struct pen *pen, bool written)
{
    int64_t step = time_step(pen->to_ms - pen->from_ms);
    wall_t day = time_day_start(pen->chart->start);
    int64_t offset = wall_diff(pen->chart->start, day);
    int64_t at = (offset + step - 1) / step * step - offset;
    for (; at <= pen->to_ms; at += step) {
        int x = (int)(x_of(pen, at) / 10);
        out_fmt(pen->out, "<path class=\"g\" d=\"M%d %dV%d\"/>\n", x, pen->top,
                pen->top + pen->height);
        struct civil civil = time_civil(wall_add(pen->chart->start, at));
        char text[32];
        if (step < TIME_DAY_MS && (civil.hour || civil.minute)) {
            snprintf(text, sizeof text, "%02d:%02d", civil.hour, civil.minute);
        } else {
            snprintf(text, sizeof text, "%02d/%02d", civil.day, civil.month);
        }
        if (written) {
            label(pen, x, pen->top + pen->height + 18, "middle", " class=\"s\"", text);
        }
    }
}

/* Millions with one digit behind the point, or the number itself. */
static void value_text(int64_t value, bool millions, enum chart_language language, char *text,
                       size_t cap)
{
    if (!millions) {
        snprintf(text, cap, "%lld", (long long)value);
        return;
    }
    snprintf(text, cap, "%lld%c%lld", (long long)(value / 1000000),
             language == CHART_VI ? ',' : '.', (long long)(value / 100000 % 10));
}

static void open_panel(struct pen *pen, enum chart_text title, int64_t most, bool millions)
{
    int64_t unit = millions ? 100000 : 1;
    int64_t step = nice_step((most + unit - 1) / unit, 4) * unit;
    pen->most = step * 4 < most ? step * 5 : step * 4;
    label(pen, LEFT, pen->top - 10, "start", " class=\"h\"", word(pen, title));
    time_axis(pen, true);
    for (int64_t v = 0; v <= pen->most; v += step) {
        char text[32];
        int y = (int)(y_of(pen, v) / 10);
        out_fmt(pen->out, "<path class=\"%s\" d=\"M%d %dH%d\"/>\n", v ? "g" : "a", LEFT, y,
                WIDTH - RIGHT);
        value_text(v, millions, pen->chart->language, text, sizeof text);
        label(pen, LEFT - 8, y + 4, "end", " class=\"s\"", text);
    }
}

static void legend(struct pen *pen, int place, const char *colour, bool dashed,
                   enum chart_text text)
{
    int x = WIDTH - RIGHT - 400 + place * 200;
    int y = pen->top - 14;
    out_fmt(pen->out, "<path d=\"M%d %dh26\" stroke=\"%s\" stroke-width=\"3\"%s/>\n", x, y, colour,
            dashed ? " stroke-dasharray=\"6 4\"" : "");
    label(pen, x + 32, y + 4, "start", " class=\"s\"", word(pen, text));
}

static void next_panel(struct pen *pen, int height)
{
    pen->top += pen->height + GAP;
    pen->height = height;
}

/* ---- panels ---- */

enum series { ARRIVED, GONE, INSIDE, COUNTED, MOVED, BOOKED };

static int64_t value_of(const struct chart_sample *sample, enum series series)
{
    switch (series) {
    case ARRIVED:
        return sample->arrived;
    case GONE:
        return sample->left;
    case INSIDE:
        return sample->inside;
    case COUNTED:
        return sample->counted;
    case MOVED:
        return sample->moved_vnd;
    case BOOKED:
        return sample->booked_vnd;
    }
    return 0;
}

static int64_t most_of(const struct chart *chart, enum series a, enum series b)
{
    int64_t most = 1;
    for (int i = 0; i < chart->sample_count; i++) {
        int64_t va = value_of(&chart->sample[i], a);
        int64_t vb = value_of(&chart->sample[i], b);
        most = va > most ? va : most;
        most = vb > most ? vb : most;
    }
    return most;
}

/* A line through the ends of all stretches; where a value is not known it is broken. */
static void draw_line(struct pen *pen, enum series series, const char *colour, bool dashed)
{
    bool pen_up = true;
    out_fmt(pen->out, "<path class=\"l\" stroke=\"%s\"%s d=\"", colour,
            dashed ? " stroke-dasharray=\"6 4\"" : "");
    for (int i = 0; i < pen->chart->sample_count; i++) {
        const struct chart_sample *sample = &pen->chart->sample[i];
        int64_t value = value_of(sample, series);
        if (value >= 0) {
            add_point(pen, pen_up ? 'M' : 'L', x_of(pen, sample->at_ms), y_of(pen, value));
        }
        pen_up = value < 0;
    }
    out_add_c(pen->out, "\"/>\n");
}

/* Steps: what happened in a stretch is as wide as the stretch. */
static void draw_steps(struct pen *pen, enum series series, const char *colour, bool filled)
{
    int64_t from = pen->from_ms;
    out_fmt(pen->out, "<path class=\"%s\" %s=\"%s\" d=\"", filled ? "f" : "l",
            filled ? "fill" : "stroke", colour);
    add_point(pen, 'M', x_of(pen, from), y_of(pen, 0));
    for (int i = 0; i < pen->chart->sample_count; i++) {
        const struct chart_sample *sample = &pen->chart->sample[i];
        int64_t y = y_of(pen, value_of(sample, series));
        add_point(pen, 'L', x_of(pen, from), y);
        add_point(pen, 'L', x_of(pen, sample->at_ms), y);
        from = sample->at_ms;
    }
    add_point(pen, 'L', x_of(pen, from), y_of(pen, 0));
    out_add_c(pen->out, filled ? "Z\"/>\n" : "\"/>\n");
}

struct families {
    int count;
    struct {
        const char *word;
        size_t n;
    } family[CHART_FAMILIES_MAX];
};

/* The row of this fault's family; new ones are added, too many share the last row. */
static int family_of(struct families *families, const char *text)
{
    size_t n = str_index(str_c(text), '.');
    for (int i = 0; i < families->count; i++) {
        if (families->family[i].n == n && memcmp(families->family[i].word, text, n) == 0) {
            return i;
        }
    }
    if (families->count == CHART_FAMILIES_MAX) {
        return CHART_FAMILIES_MAX - 1;
    }
    families->family[families->count].word = text;
    families->family[families->count].n = n;
    return families->count++;
}

static int faults_drawn(const struct chart *chart)
{
    return chart->fault_count < FAULTS_MAX ? chart->fault_count : FAULTS_MAX;
}

static void draw_faults(struct pen *pen, struct families *families)
{
    const struct chart *chart = pen->chart;
    label(pen, LEFT, pen->top - 10, "start", " class=\"h\"", word(pen, TEXT_FAULTS));
    time_axis(pen, true);
    out_fmt(pen->out, "<path class=\"a\" d=\"M%d %dH%d\"/>\n", LEFT, pen->top + pen->height,
            WIDTH - RIGHT);
    if (families->count == 0) {
        label(pen, LEFT + 12, pen->top + ROW, "start", " class=\"s\"", word(pen, TEXT_NO_FAULTS));
    }
    for (int i = 0; i < families->count; i++) {
        char text[32];
        snprintf(text, sizeof text, "%.*s", (int)families->family[i].n, families->family[i].word);
        label(pen, LEFT - 8, pen->top + i * ROW + 13, "end", " class=\"s\"", text);
    }
    for (int i = 0; i < faults_drawn(chart); i++) {
        const struct chart_fault *fault = &chart->fault[i];
        int64_t x = x_of(pen, fault->at_ms);
        int64_t width = x_of(pen, fault->until_ms) - x;
        width = width < 30 ? 30 : width;
        out_fmt(pen->out,
                "<rect class=\"x\" x=\"%lld.%lld\" y=\"%d\" width=\"%lld.%lld\" height=\"%d\">"
                "<title>",
                (long long)(x / 10), (long long)(x % 10),
                pen->top + family_of(families, fault->word) * ROW + 3, (long long)(width / 10),
                (long long)(width % 10), ROW - 6);
        add_text(pen->out, fault->word);
        out_add_c(pen->out, "</title></rect>\n");
    }
}

static void draw_failure(struct pen *pen, int bottom)
{
    if (pen->chart->failed_ms < 0) {
        return;
    }
    int x = (int)(x_of(pen, pen->chart->failed_ms) / 10);
    out_fmt(pen->out, "<path d=\"M%d %dV%d\" stroke=\"#b00020\" stroke-width=\"2\"/>\n", x, TOP,
            bottom);
    label(pen, x > WIDTH - 200 ? x - 6 : x + 6, TOP + 12, x > WIDTH - 200 ? "end" : "start",
          " class=\"s\" fill=\"#b00020\"", word(pen, TEXT_FAILED));
}

static int check(const struct chart *chart)
{
    if (chart->sample_count < 2 || chart->sample_count > CHART_SAMPLES_MAX ||
        chart->sample[0].at_ms <= 0) {
        return DX_E_INVAL;
    }
    for (int i = 1; i < chart->sample_count; i++) {
        if (chart->sample[i].at_ms <= chart->sample[i - 1].at_ms) {
            return DX_E_INVAL;
        }
    }
    return 0;
}

static void open_document(struct pen *pen, int height)
{
    out_fmt(pen->out,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" width=\"%d\" "
            "height=\"%d\" font-family=\"'Noto Sans','DejaVu Sans',sans-serif\" "
            "font-size=\"14\" fill=\"#1c1c1c\">\n",
            WIDTH, height, WIDTH, height);
    out_add_c(pen->out, "<style>.g{stroke:#e3e3e3;fill:none}.a{stroke:#555;fill:none}"
                        ".l{fill:none;stroke-width:2;stroke-linejoin:round}.f{opacity:.35}"
                        ".x{fill:#b00020;opacity:.7}.s{font-size:12px}"
                        ".h{font-size:15px;font-weight:600}</style>\n");
    out_fmt(pen->out, "<rect width=\"%d\" height=\"%d\" fill=\"#fff\"/>\n", WIDTH, height);
    label(pen, LEFT, 28, "start", " font-size=\"18\" font-weight=\"600\"", pen->chart->title);
}

int chart_write(const struct chart *chart, struct out *out)
{
    int error = check(chart);
    if (error) {
        return error;
    }
    struct families families = {0};
    for (int i = 0; i < faults_drawn(chart); i++) {
        (void)family_of(&families, chart->fault[i].word);
    }
    struct pen pen = {.chart = chart, .out = out, .top = TOP, .height = PANEL};
    pen.to_ms = chart->sample[chart->sample_count - 1].at_ms;
    int fault_rows = families.count ? families.count : 1;
    int height = TOP + 3 * (PANEL + GAP) + fault_rows * ROW + 64;
    open_document(&pen, height);
    open_panel(&pen, TEXT_TRAFFIC, most_of(chart, ARRIVED, GONE), false);
    draw_steps(&pen, ARRIVED, first_colour, true);
    draw_steps(&pen, GONE, second_colour, false);
    legend(&pen, 0, first_colour, false, TEXT_CAME);
    legend(&pen, 1, second_colour, false, TEXT_WENT);
    next_panel(&pen, PANEL);
    open_panel(&pen, TEXT_INSIDE, most_of(chart, INSIDE, COUNTED), false);
    draw_line(&pen, INSIDE, first_colour, false);
    draw_line(&pen, COUNTED, second_colour, true);
    legend(&pen, 0, first_colour, false, TEXT_TRULY);
    legend(&pen, 1, second_colour, true, TEXT_COUNTED);
    next_panel(&pen, PANEL);
    open_panel(&pen, TEXT_MONEY, most_of(chart, MOVED, BOOKED), true);
    draw_line(&pen, MOVED, first_colour, false);
    draw_line(&pen, BOOKED, second_colour, true);
    legend(&pen, 0, first_colour, false, TEXT_MOVED);
    legend(&pen, 1, second_colour, true, TEXT_BOOKED);
    next_panel(&pen, fault_rows * ROW);
    draw_faults(&pen, &families);
    draw_failure(&pen, pen.top + pen.height);
    label(&pen, LEFT, height - 12, "start", " class=\"s\" fill=\"#666\"", word(&pen, TEXT_FOOT));
    out_add_c(out, "</svg>\n");
    return out_failed(out) ? DX_E_SPACE : 0;
}

int chart_halve(struct chart_sample *samples, int count)
{
    int to = 0;
    for (int i = 0; i < count; i += 2) {
        struct chart_sample sum = samples[i];
        if (i + 1 < count) {
            sum = samples[i + 1];
            sum.arrived += samples[i].arrived;
            sum.left += samples[i].left;
        }
        samples[to++] = sum;
    }
    return to;
}
