#include "gate/console/page.h"

#include "gate/console/texts.h"

#include "proto/io/qr.h"

void page_escape(struct out *out, struct str text)
{
    for (size_t i = 0; i < text.n; i++) {
        switch (text.p[i]) {
        case '&':
            out_add_c(out, "&amp;");
            break;
        case '<':
            out_add_c(out, "&lt;");
            break;
        case '>':
            out_add_c(out, "&gt;");
            break;
        case '"':
            out_add_c(out, "&quot;");
            break;
        case '\'':
            out_add_c(out, "&#39;");
            break;
        default:
            out_char(out, text.p[i]);
        }
    }
}

static void escape_c(struct out *out, const char *text)
{
    page_escape(out, str_c(text));
}

static void head(struct out *out, const char *title, const char *script)
{
    out_add_c(out,
              "<!doctype html><html lang=\"vi\"><head><meta charset=\"utf-8\">"
              "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\"><title>");
    escape_c(out, title);
    out_add_c(out, "</title><link rel=\"icon\" href=\"/assets/icon.svg\">"
                   "<link rel=\"stylesheet\" href=\"/assets/lane.css\">");
    if (script) {
        out_fmt(out, "<script type=\"module\" src=\"/assets/%s\"></script>", script);
    }
    out_add_c(out, "</head>");
}

/* Words of the table, Vietnamese and English, each with its value behind it, if there is one. */
static void words(struct out *out, enum text_id id, const char *vi, const char *en)
{
    out_add_c(out, text_vi(id));
    out_add_c(out, vi[0] ? " " : "");
    escape_c(out, vi);
    out_add_c(out, "<span lang=\"en\">");
    out_add_c(out, text_en(id));
    out_add_c(out, en[0] ? " " : "");
    escape_c(out, en);
    out_add_c(out, "</span>");
}

/* A value with its name in both languages above it. */
static void named(struct out *out, const char *class_, enum text_id id, const char *value)
{
    out_fmt(out, "<p class=\"%s\"><small>%s / %s</small>", class_, text_vi(id), text_en(id));
    escape_c(out, value);
    out_add_c(out, "</p>");
}

/* Who gets the money, as a banking app will show it after the scan. */
static void payee(struct out *out, const char *payload)
{
    struct vietqr code;
    char text[sizeof code.merchant_name + sizeof code.account + 4];
    if (vietqr_parse(str_c(payload), &code, NULL, NULL)) {
        return; /* the core does not show what it did not get */
    }
    snprintf(text, sizeof text, "%s%s%s", code.merchant_name, code.merchant_name[0] ? " · " : "",
             code.account);
    named(out, "payee", TEXT_PAYEE, text);
}

/* One sentence in both languages: Vietnamese large, English under it. */
static void sentence(struct out *out, const struct lane_display *display, int line,
                     const char *class_)
{
    char vi[DISPLAY_LINE_CAP];
    char en[DISPLAY_LINE_CAP];
    display_line(display, DISPLAY_VI, line, vi, sizeof vi);
    display_line(display, DISPLAY_EN, line, en, sizeof en);
    if (vi[0] == '\0') {
        return;
    }
    out_fmt(out, "<p class=\"%s\">", class_);
    escape_c(out, vi);
    if (strcmp(vi, en) != 0) {
        out_add_c(out, "<span lang=\"en\">");
        escape_c(out, en);
        out_add_c(out, "</span>");
    }
    out_add_c(out, "</p>");
}

static void plate(struct out *out, const struct lane_display *display)
{
    struct lane_display only = {.kind = DISPLAY_READING, .subject = display->subject};
    char text[DISPLAY_LINE_CAP];
    display_line(&only, DISPLAY_VI, 2, text, sizeof text);
    if (text[0]) {
        out_add_c(out, "<p class=\"plate\">");
        escape_c(out, text);
        out_add_c(out, "</p>");
    }
}

static void qr(struct out *out, const char *payload)
{
    char svg[QR_SVG_CAP];
    size_t n = 0;
    if (qr_svg(str_c(payload), QR_QUIET, svg, sizeof svg, &n) == 0) {
        out_add_c(out, "<div class=\"qr\" role=\"img\" aria-label=\"VietQR\">");
        out_add(out, (struct str){svg, n});
        out_add_c(out, "</div>");
    }
}

static void payment(struct out *out, const struct lane_display *display)
{
    char valid[TIME_ISO_CAP];
    qr(out, display->payload);
    out_add_c(out, "<div class=\"words\">");
    sentence(out, display, 0, "lead");
    sentence(out, display, 1, "amount");
    plate(out, display);
    named(out, "code", TEXT_CODE, display->paycode);
    payee(out, display->payload);
    if (display->valid_until.ms) {
        time_format_short(display->valid_until, valid);
        valid[5] = '\0'; /* the hour is enough: it is minutes away */
        out_add_c(out, "<p class=\"note\">");
        words(out, TEXT_HELD_UNTIL, valid, valid);
        out_add_c(out, "</p>");
    }
    out_add_c(out, "</div>");
}

void page_lane_body(struct out *out, const struct page_lane *lane)
{
    const struct lane_display *display = &lane->display;
    const char *kind = display_kind_text(display->kind);
    out_fmt(out, "<main id=\"lane\" class=\"%s\" data-state=\"%s\" aria-live=\"polite\">", kind,
            kind);
    if (display->kind == DISPLAY_PAY && display->payload[0]) {
        payment(out, display);
    } else {
        out_add_c(out, "<div class=\"words\">");
        sentence(out, display, 0, "lead");
        sentence(out, display, 1, "more");
        plate(out, display);
        if (display->kind == DISPLAY_GO && display->amount_vnd > 0) {
            char vi[MONEY_TEXT_CAP];
            char en[MONEY_TEXT_CAP];
            money_format_vi(money(display->amount_vnd), vi);
            money_format_en(money(display->amount_vnd), en);
            out_add_c(out, "<p class=\"receipt\">");
            words(out, TEXT_PAID, vi, en);
            out_add_c(out, "</p>");
        }
        out_add_c(out, "</div>");
    }
    out_add_c(out, "</main>");
}

void page_lane_write(struct out *out, const char *title, const struct page_lane *lane)
{
    head(out, lane->name, "lane.js");
    out_fmt(out, "<body class=\"screen\" data-lane=\"%d\"><header><strong>", lane->lane);
    escape_c(out, title);
    out_add_c(out, "</strong><span>");
    escape_c(out, lane->name);
    out_add_c(out, "</span></header>");
    page_lane_body(out, lane);
    out_add_c(out, "<footer id=\"cut\" hidden>");
    words(out, TEXT_CUT, "", "");
    out_add_c(out, "</footer></body></html>");
}

void page_index_write(struct out *out, const char *title, bool online,
                      const struct page_lane *lanes, int count)
{
    head(out, title, "index.js");
    out_add_c(out, "<body class=\"index\"><header><strong>");
    escape_c(out, title);
    out_fmt(out, "</strong><span class=\"%s\">", online ? "online" : "offline");
    words(out, online ? TEXT_ONLINE : TEXT_OFFLINE, "", "");
    out_add_c(out, "</span></header><main><ul>");
    for (int i = 0; i < count; i++) {
        char vi[DISPLAY_LINE_CAP];
        char en[DISPLAY_LINE_CAP];
        display_line(&lanes[i].display, DISPLAY_VI, 0, vi, sizeof vi);
        display_line(&lanes[i].display, DISPLAY_EN, 0, en, sizeof en);
        out_fmt(out, "<li class=\"%s\"><a href=\"/lane/%d\">",
                display_kind_text(lanes[i].display.kind), lanes[i].lane);
        escape_c(out, lanes[i].name);
        out_add_c(out, "</a><p>");
        escape_c(out, vi);
        out_add_c(out, "<span lang=\"en\">");
        escape_c(out, en);
        out_add_c(out, "</span></p></li>");
    }
    out_add_c(out, "</ul></main></body></html>");
}
