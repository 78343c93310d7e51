/* page_pass.c - a driver buys a pass; an operator sees passes and drawers. */
#include "server/web/page.h"
#include "server/web/words.h"

/* ---- the driver's form ---- */

struct offers {
    struct html *h;
    const struct pass_form *form;
};

static void write_offer(void *context, const struct app_pass_offer *o)
{
    struct offers *offers = context;
    struct html *h = offers->h;
    char value[sizeof offers->form->offer];
    snprintf(value, sizeof value, "%s|%s|%s", o->lot, vehicle_text(o->vehicle), o->name);
    html(h, "<option value=\"%s\"%r>%s · %t · %s · %m %t</option>", value,
         strcmp(value, offers->form->offer) == 0 ? " selected" : "", o->lot_name,
         words_vehicle(vehicle_text(o->vehicle)), h->language == LANGUAGE_VI ? o->vi : o->en,
         o->month_vnd, TEXT_PASS_PER_MONTH);
}

static void note_bad(struct html *h, const struct pass_form *form, const char *field)
{
    if (form->bad && strcmp(form->bad, field) == 0) {
        html(h, "<strong class=\"bad\" role=\"alert\">%t</strong>", TEXT_PASS_BAD);
    }
}

void page_pass_form(struct html *h, struct app *app, const struct pass_form *form, wall_t now)
{
    struct offers offers = {h, form};
    html(h,
         "<div class=\"narrow\"><h1>%t</h1><form method=\"post\" action=\"/passes\" class=\"card "
         "stack\"><p class=\"hint\">%t</p><p><label for=\"offer\">%t</label><select id=\"offer\" "
         "name=\"offer\" required>",
         TEXT_PASS_TITLE, TEXT_PASS_FORM_HINT, TEXT_PASS_OFFER);
    app_pass_offers(app, now, write_offer, &offers);
    html(h, "</select>");
    note_bad(h, form, "offer");
    html(h,
         "</p><p><label for=\"plate\">%t</label><input id=\"plate\" name=\"plate\" required "
         "maxlength=\"20\" autocapitalize=\"characters\" autocomplete=\"off\" placeholder=\"%t\" "
         "value=\"%s\">",
         TEXT_PASS_PLATE, TEXT_PLATE_EXAMPLE, form->plate);
    note_bad(h, form, "plate");
    html(h,
         "</p><p><label for=\"months\">%t</label><input id=\"months\" name=\"months\" "
         "type=\"number\" inputmode=\"numeric\" min=\"1\" max=\"%i\" required value=\"%s\">",
         TEXT_PASS_MONTHS, (int)PASS_MONTHS_MAX, form->months[0] ? form->months : "1");
    note_bad(h, form, "months");
    html(h, "</p><p><button class=\"main\" type=\"submit\">%t</button></p></form></div>",
         TEXT_PASS_NEXT);
}

/* ---- months of a pass ---- */

static void write_state(struct html *h, const struct app_pass_page *page, wall_t now)
{
    const struct pass_period *p = &page->period;
    bool paid = p->covers.ms != 0;
    bool over = p->until.ms <= now.ms;
    html(h,
         "<section class=\"card state %s\" role=\"status\"><p id=\"pass-state\">%t</p></section>",
         over   ? "ended"
         : paid ? "paid"
                : "due",
         over   ? TEXT_PASS_IS_OVER
         : paid ? TEXT_PASS_IS_PAID
                : TEXT_PASS_WAITING);
}

static void write_to_pay(struct html *h, const struct app_pass_page *page, const char *bank_name,
                         struct str qr_svg)
{
    const struct pass_period *p = &page->period;
    html(h,
         "<section class=\"card pay\"><p class=\"label\">%t</p><p class=\"amount\" "
         "id=\"amount-due\">%m</p>",
         TEXT_AMOUNT_DUE, p->price_vnd - p->paid_vnd);
    if (p->paid_vnd > 0) {
        html(h, "<p class=\"hint\">%t %m</p>", TEXT_PASS_PAID_PART, p->paid_vnd);
    }
    if (qr_svg.n) {
        html(h, "<div class=\"qr\" role=\"img\" aria-label=\"%t\">", TEXT_QR_ALT);
        html_markup(h, qr_svg);
        html(h, "</div><p class=\"hint\">%t</p>", TEXT_SCAN_HINT);
    }
    html(h,
         "<p class=\"label gap\">%t</p><dl class=\"copies\">"
         "<div class=\"row-copy\"><dt>%t</dt><dd id=\"paycode\">%s</dd></div>"
         "<div class=\"row-copy\"><dt>%t</dt><dd>%s</dd></div>"
         "<div class=\"row-copy\"><dt>%t</dt><dd>%s</dd></div>"
         "<div class=\"row-copy\"><dt>%t</dt><dd>%s</dd></div></dl></section>",
         TEXT_OR_TRANSFER, TEXT_FIELD_CONTENT, page->code, TEXT_FIELD_ACCOUNT, page->account,
         TEXT_FIELD_BANK, bank_name[0] ? bank_name : page->bin, TEXT_FIELD_HOLDER,
         page->account_name);
}

void page_pass_part(struct html *h, const struct app_pass_page *page, const char *bank_name,
                    struct str qr_svg, wall_t now)
{
    const struct pass_period *p = &page->period;
    html(h, "<div class=\"narrow\"><h1>%t · %s</h1>", TEXT_PASS_TITLE, page->lot_name);
    write_state(h, page, now);
    if (p->covers.ms == 0 && p->until.ms > now.ms) {
        write_to_pay(h, page, bank_name, qr_svg);
    }
    html(
        h,
        "<section class=\"card\"><table class=\"lines\"><tbody>"
        "<tr><td>%t</td><td class=\"num\">%d</td></tr><tr><td>%t</td><td class=\"num\">%d</td></tr>"
        "<tr><td>%t</td><td class=\"num\">%t</td></tr><tr><td>%t</td><td class=\"num\">%i</td></tr>"
        "<tr><td>%t</td><td class=\"num\">%m</td></tr></tbody></table></section>"
        "<p class=\"hint\"><a href=\"/passes\">%t</a></p></div>",
        TEXT_PASS_FROM, p->from.ms, TEXT_PASS_UNTIL, p->until.ms, TEXT_CITY_CLASS,
        words_vehicle(vehicle_text(page->vehicle)), TEXT_PASS_PLACES, page->quota, TEXT_FEE_TOTAL,
        p->price_vnd, TEXT_PASS_RENEW);
}

/* ---- the operator's lists ---- */

enum { SOON_MS = 7 * TIME_DAY_MS };

struct list {
    struct html *h;
    wall_t now;
    int count;
};

static void list_begin(struct html *h, enum text title, const char *id)
{
    html(h,
         "<section class=\"panel\"><h2>%t</h2><div class=\"scroll\" tabindex=\"0\" role=\"region\" "
         "aria-label=\"%t\"><table class=\"figures\" id=\"%s\"><thead><tr>",
         title, title, id);
}

static void heads(struct html *h, const enum text *texts, int count)
{
    for (int i = 0; i < count; i++) {
        html(h, "<th scope=\"col\">%t</th>", texts[i]);
    }
    html(h, "</tr></thead><tbody>");
}

static void list_end(struct html *h, int count, enum text none)
{
    html(h, "</tbody></table></div>");
    if (count == 0) {
        html(h, "<p class=\"hint\">%t</p>", none);
    }
    html(h, "</section>");
}

static enum text word_of(enum pass_state state)
{
    static const enum text words[] = {[PASS_VALID] = TEXT_PASS_STATE_VALID,
                                      [PASS_COMING] = TEXT_PASS_STATE_COMING,
                                      [PASS_UNPAID] = TEXT_PASS_STATE_UNPAID,
                                      [PASS_SUSPENDED] = TEXT_PASS_STATE_SUSPENDED,
                                      [PASS_EXPIRED] = TEXT_PASS_STATE_EXPIRED};
    return words[state];
}

static void write_pass(void *context, const struct pass_row *row)
{
    struct list *list = context;
    struct html *h = list->h;
    list->count++;
    html(h, "<tr><td>%s</td><td>%s</td><td>%t</td><td>%s</td><td>%s</td><td>%t", row->lot,
         row->name, words_vehicle(row->vehicle), row->plates, row->holder, word_of(row->state));
    if (row->until_ms > list->now.ms && row->until_ms - list->now.ms <= SOON_MS) {
        html(h, " <strong class=\"soon\">%t</strong>", TEXT_PASSES_SOON);
    }
    html(h, "</td><td class=\"num\">%l / %l</td><td>", row->inside, row->quota);
    if (row->until_ms) {
        html(h, "%d – %d", row->from_ms ? row->from_ms : row->until_ms, row->until_ms);
    }
    html(h, "</td><td class=\"num\">");
    if (row->code[0]) {
        html(h, "<a href=\"/p/%s\">%m</a> %s", row->token, row->due_vnd, row->code);
    }
    html(h, "</td></tr>");
}

int page_passes_part(struct html *h, struct db *db, wall_t now)
{
    static const enum text columns[] = {TEXT_CITY_LOT,      TEXT_PASS_TITLE,    TEXT_CITY_CLASS,
                                        TEXT_PASSES_PLATES, TEXT_PASSES_HOLDER, TEXT_PASSES_STATE,
                                        TEXT_PASSES_INSIDE, TEXT_PASSES_PERIOD, TEXT_PASSES_DUE};
    const struct pass_filter all = {0};
    struct list list = {h, now, 0};
    list_begin(h, TEXT_PASSES_TITLE, "passes");
    heads(h, columns, (int)(sizeof columns / sizeof columns[0]));
    int error = query_passes(db, &all, now, write_pass, &list);
    list_end(h, list.count, TEXT_PASSES_NONE);
    return error;
}

static void write_shift(void *context, const struct shift_row *s)
{
    struct list *list = context;
    struct html *h = list->h;
    list->count++;
    html(h, "<tr><td>%s</td><td>%s</td><td>%d</td>", s->lot, s->by, s->opened_ms);
    if (s->closed_ms) {
        html(h, "<td>%d</td>", s->closed_ms);
    } else {
        html(h, "<td>%t</td>", TEXT_SHIFT_STILL_OPEN);
    }
    html(h, "<td class=\"num\">%m</td><td class=\"num\">%m (%l)</td>", s->float_vnd, s->taken_vnd,
         s->receipts);
    if (s->closed_ms) {
        html(h, "<td class=\"num\">%m</td><td class=\"num\">%m</td>", s->expected_vnd,
             s->counted_vnd);
    } else {
        html(h, "<td></td><td></td>");
    }
    html(h, "<td class=\"num %s\">%m</td><td class=\"num\">%m</td></tr>",
         s->difference_vnd ? "differs" : "agrees", s->difference_vnd, s->drawer_vnd);
}

int page_shifts_part(struct html *h, struct db *db)
{
    enum { SHIFTS_SHOWN = 200 };
    static const enum text columns[] = {
        TEXT_CITY_LOT,        TEXT_SHIFT_BY,    TEXT_SHIFT_OPENED,   TEXT_SHIFT_CLOSED,
        TEXT_SHIFT_FLOAT,     TEXT_SHIFT_TAKEN, TEXT_SHIFT_EXPECTED, TEXT_SHIFT_COUNTED,
        TEXT_CITY_DIFFERENCE, TEXT_SHIFT_LEFT};
    struct list list = {h, {0}, 0};
    list_begin(h, TEXT_SHIFTS_TITLE, "shifts");
    heads(h, columns, (int)(sizeof columns / sizeof columns[0]));
    int error = query_shifts(db, NULL, NULL, SHIFTS_SHOWN, write_shift, &list);
    list_end(h, list.count, TEXT_SHIFTS_NONE);
    return error;
}
