/* page_lot.c - what the QR printed at a lot opens: find your stay, see the prices; and that print.
 */
#include "server/web/page.h"
#include "server/web/words.h"

static void write_head(struct html *h, const struct app_lot *lot)
{
    html(h, "<section class=\"ticket\"><h1 class=\"lot\">%s<span>%s%s%s</span></h1></section>",
         lot->name, lot->address, lot->ward[0] ? ", " : "", lot->ward);
}

static void write_form(struct html *h, const struct app_lot *lot, const struct lot_form *form)
{
    html(h, "<section class=\"card\"><h2>%t</h2>", TEXT_LOT_FIND);
    if (form->no_match) {
        html(h,
             "<div class=\"state debt\" role=\"alert\"><span class=\"sign\" aria-hidden=\"true\">!"
             "</span><div><strong>%t</strong><p class=\"small\">%t</p></div></div>",
             TEXT_LOT_NO_MATCH, TEXT_LOT_NO_MATCH_HINT);
    } else {
        html(h, "<p class=\"hint\">%t</p>", TEXT_LOT_FIND_HINT);
    }
    html(h,
         "<form method=\"post\" action=\"/l/%s\" class=\"stack\"><p><label for=\"plate\">%t</label>"
         "<input id=\"plate\" name=\"plate\" class=\"plate-input\" required maxlength=\"20\" "
         "autocapitalize=\"characters\" autocomplete=\"off\" spellcheck=\"false\" "
         "placeholder=\"30F-123.45\" value=\"%s\"></p>",
         lot->id, TEXT_LOT_PLATE, form->plate);
    html(h,
         "<p><label for=\"entered\">%t</label><input id=\"entered\" name=\"entered\" "
         "type=\"time\" value=\"%s\"></p><p class=\"or\"><span>%t</span></p>",
         TEXT_LOT_ENTERED, form->entered, TEXT_LOT_OR);
    html(h,
         "<p><label for=\"code\">%t</label><input id=\"code\" name=\"code\" class=\"code\" "
         "maxlength=\"12\" autocapitalize=\"characters\" autocomplete=\"off\" "
         "spellcheck=\"false\" value=\"%s\"></p><p><button class=\"main wide\" "
         "type=\"submit\">%t</button></p></form></section>",
         TEXT_LOT_CODE, form->code, TEXT_LOT_SEE);
}

static void write_prices(struct html *h, const struct app_lot *lot, wall_t now)
{
    static const enum vehicle classes[] = {VEHICLE_CAR, VEHICLE_MOTORBIKE, VEHICLE_BICYCLE};
    html(h, "<section class=\"card\" id=\"prices\"><h2>%t</h2>", TEXT_PRICE_LIST);
    for (size_t i = 0; i < sizeof classes / sizeof classes[0]; i++) {
        if (lot->tariff[classes[i]]) {
            html(h, "<details%s><summary>%t</summary>", i == 0 ? " open" : "",
                 words_vehicle(vehicle_text(classes[i])));
            page_tariff_prices(h, lot->tariff[classes[i]], classes[i], now);
            html(h, "</details>");
        }
    }
    html(h, "<p class=\"gap\"><a class=\"more\" href=\"/passes\">%t</a></p></section>",
         TEXT_PASS_TITLE);
}

void page_lot_part(struct html *h, const struct app_lot *lot, const struct lot_form *form,
                   wall_t now)
{
    html(h, "<div class=\"stay-page\"><div class=\"first\">");
    write_head(h, lot);
    write_form(h, lot, form);
    html(h, "</div><div class=\"second\">");
    write_prices(h, lot, now);
    html(h, "</div></div>");
}

/* ---- the print ---- */

/* Both languages beside each other: a sheet has no switch. */
static void write_both(struct html *h, const char *tag, enum text text)
{
    html(h, "<%r lang=\"vi\">%s</%r><%r lang=\"en\" class=\"second-language\">%s</%r>", tag,
         text_of(text, LANGUAGE_VI), tag, tag, text_of(text, LANGUAGE_EN), tag);
}

void page_lot_sheet(struct html *h, const struct lot_sheet *sheet)
{
    bool lane = sheet->code[0] != '\0';
    html(h, "<section class=\"poster\"><p class=\"poster-mark\" aria-hidden=\"true\">P</p>");
    write_both(h, "h1", lane ? TEXT_SHEET_LANE : TEXT_SHEET_LOT);
    html(h, "<div class=\"qr\">");
    html_markup(h, sheet->qr_svg);
    html(h, "</div><p class=\"code\">%s</p>", sheet->address);
    if (lane) {
        html(h, "<p class=\"poster-code\">");
        write_both(h, "span", TEXT_SHEET_CODE);
        html(h, "<strong class=\"code\">%s</strong></p>", sheet->code);
    }
    write_both(h, "p", TEXT_SHEET_HOW);
    write_both(h, "p", TEXT_SHEET_ONLY);
    html(h, "<p class=\"poster-lot\"><strong>%s</strong><br>%s", sheet->lot->name,
         sheet->lot->address);
    if (lane) {
        html(h, "<br><span class=\"id\">%s · %t %i</span>", sheet->gate, TEXT_LANE, sheet->lane);
    }
    html(h, "</p></section>");
}
