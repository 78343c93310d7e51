#include "server/web/page.h"

#include <string.h>

/* Offices speak two languages, drivers' pages all of them. */
static bool is_spoken(const struct page_frame *frame, enum language language)
{
    return strcmp(frame->style, "driver") == 0 || strcmp(frame->style, "plain") == 0 ||
           language == language_for_office(language);
}

/* Every language by its own name, in its own language; without a script it opens and closes too. */
static void write_languages(struct html *h, const struct page_frame *frame)
{
    html(h,
         "<details class=\"languages\"><summary><span class=\"visually-hidden\">%t: "
         "</span>%s</summary><ul>",
         TEXT_LANGUAGE_MENU, language_code(h->language));
    for (int i = 0; i < LANGUAGE_COUNT; i++) {
        const char *code = language_code((enum language)i);
        if (is_spoken(frame, (enum language)i)) {
            html(h, "<li><a lang=\"%s\" hreflang=\"%s\" href=\"%s?lang=%s\"%r>%s</a></li>", code,
                 code, frame->path, code,
                 (enum language)i == h->language ? " aria-current=\"true\"" : "",
                 text_of(TEXT_LANGUAGE_NAME, (enum language)i));
        }
    }
    html(h, "</ul></details>");
}

void page_begin(struct html *h, const struct page_frame *frame)
{
    html(h,
         "<!doctype html>\n<html lang=\"%s\"><head><meta charset=\"utf-8\">"
         "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">"
         "<meta name=\"theme-color\" content=\"#0b5d4b\">"
         "<title>%t%s%s</title>"
         "<link rel=\"icon\" href=\"/assets/icon.svg\" type=\"image/svg+xml\">"
         "<link rel=\"stylesheet\" href=\"/lib/bootstrap.min.css\">"
         "<link rel=\"stylesheet\" href=\"/assets/doxe.css\">",
         language_code(h->language), frame->title, frame->subtitle ? " · " : "",
         frame->subtitle ? frame->subtitle : "");
    if (frame->chart) {
        html(h, "<script src=\"/lib/chart.min.js\" defer></script>");
    }
    if (frame->script) {
        html(h, "<script type=\"module\" src=\"/assets/%s\"></script>", frame->script);
    }
    if (frame->refresh_s) {
        html(h, "<noscript><meta http-equiv=\"refresh\" content=\"%i\"></noscript>",
             frame->refresh_s);
    }
    html(h, "</head>\n<body class=\"%s\"", frame->style);
    if (frame->part) {
        html(h,
             " data-part=\"%s\" data-events=\"%s\" data-on=\"%t\" data-off=\"%t\" "
             "data-units=\"%t|%t|%t\"",
             frame->part, frame->events, TEXT_LIVE_ON, TEXT_LIVE_OFF, TEXT_DAYS, TEXT_HOURS,
             TEXT_MINUTES);
    }
    html(h,
         ">\n<header class=\"top\"><div class=\"inner\"><a class=\"brand\" href=\"/\"><span "
         "class=\"mark\" aria-hidden=\"true\">P</span>"
         "<span>doxe</span></a><span class=\"where\">%t</span>"
         "<span id=\"live-state\" class=\"live\" role=\"status\"></span>",
         frame->title);
    write_languages(h, frame);
    html(h, "</div></header>\n<main id=\"part\">");
}

void page_end(struct html *h, const struct page_frame *frame)
{
    html(h, "</main>\n");
    if (frame->title == TEXT_DRIVER_TITLE) {
        html(h, "<footer class=\"bottom\">%t</footer>\n", TEXT_FOOTER_DRIVER);
    }
    html(h, "</body></html>\n");
}

static void index_card(struct html *h, const char *path, enum text title, enum text hint)
{
    html(h, "<li class=\"entry\">");
    if (path) {
        html(h, "<a href=\"%s\"><strong>%t</strong><span>%t</span></a>", path, title, hint);
    } else {
        html(h, "<div><strong>%t</strong><span>%t</span></div>", title, hint);
    }
    html(h, "</li>");
}

void page_index_part(struct html *h, const char *city)
{
    html(h, "<section class=\"narrow\"><h1>%t</h1><p class=\"lead\">%s</p><ul class=\"entries\">",
         TEXT_INDEX_TITLE, city);
    index_card(h, NULL, TEXT_INDEX_DRIVER, TEXT_INDEX_DRIVER_HINT);
    index_card(h, "/verify", TEXT_VERIFY_TITLE, TEXT_VERIFY_HINT);
    index_card(h, "/passes", TEXT_PASS_TITLE, TEXT_PASS_FORM_HINT);
    index_card(h, "/operator", TEXT_INDEX_OPERATOR, TEXT_INDEX_OPERATOR_HINT);
    index_card(h, "/city", TEXT_INDEX_CITY, TEXT_INDEX_CITY_HINT);
    html(h, "</ul></section>");
}

void page_message_part(struct html *h, enum text title, enum text hint)
{
    html(h,
         "<section class=\"narrow message\"><div class=\"mark big\" aria-hidden=\"true\">P</div>"
         "<h1>%t</h1><p>%t</p><p><a href=\"/\">%t</a></p></section>",
         title, hint, TEXT_HOME);
}
