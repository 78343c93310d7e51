#include "server/web/page_office.h"

#include "proto/tariff/tariff.h"
#include "server/web/words.h"

#include <string.h>

enum { SHOWN_MAX = 200 };

struct writing {
    struct html *h;
    const struct office_view *view;
    enum office_list list;
    int rows;
};

/* ---- words ---- */

static const struct {
    enum text title, hint;
} about[OFFICE_LIST_COUNT] = {
    [OFFICE_LOTS_LIST] = {TEXT_OFFICE_LOTS, TEXT_OFFICE_LOTS_HINT},
    [OFFICE_GATES_LIST] = {TEXT_OFFICE_GATES, TEXT_OFFICE_GATES_HINT},
    [OFFICE_ALARMS_LIST] = {TEXT_OFFICE_ALARMS, TEXT_OFFICE_ALARMS_HINT},
    [OFFICE_REVIEWS_LIST] = {TEXT_OFFICE_REVIEWS, TEXT_OFFICE_REVIEWS_HINT},
    [OFFICE_COMPLAINTS_LIST] = {TEXT_OFFICE_COMPLAINTS, TEXT_OFFICE_COMPLAINTS_HINT},
    [OFFICE_TARIFFS_LIST] = {TEXT_OFFICE_TARIFFS, TEXT_OFFICE_TARIFFS_HINT},
    [OFFICE_VEHICLES_LIST] = {TEXT_OFFICE_LISTS, TEXT_OFFICE_LISTS_HINT},
    [OFFICE_STATEMENTS_LIST] = {TEXT_OFFICE_STATEMENTS, TEXT_OFFICE_STATEMENTS_HINT},
    [OFFICE_DAYS_LIST] = {TEXT_OFFICE_DAYS, TEXT_OFFICE_DAYS_HINT},
    [OFFICE_QUARANTINE_LIST] = {TEXT_OFFICE_QUARANTINE, TEXT_OFFICE_QUARANTINE_HINT}};

static const struct text_word columns[] = {
    {"id", TEXT_COL_ID},
    {"lot", TEXT_COL_LOT},
    {"lot_name", TEXT_COL_NAME},
    {"operator", TEXT_COL_OPERATOR},
    {"name", TEXT_COL_NAME},
    {"address", TEXT_COL_ADDRESS},
    {"ward", TEXT_COL_WARD},
    {"places_car", TEXT_COL_PLACES_CAR},
    {"inside_car", TEXT_COL_INSIDE_CAR},
    {"places_motorbike", TEXT_COL_PLACES_MOTORBIKE},
    {"inside_motorbike", TEXT_COL_INSIDE_MOTORBIKE},
    {"gates", TEXT_COL_GATES},
    {"gates_online", TEXT_COL_GATES_ONLINE},
    {"alarms", TEXT_COL_ALARMS},
    {"account", TEXT_COL_ACCOUNT},
    {"online", TEXT_COL_ONLINE},
    {"seen_ms", TEXT_COL_SEEN},
    {"version", TEXT_COL_VERSION},
    {"starts", TEXT_COL_STARTS},
    {"records", TEXT_COL_RECORDS},
    {"gate", TEXT_COL_GATE},
    {"lane", TEXT_COL_LANE},
    {"code", TEXT_COL_ALARM},
    {"kind", TEXT_COL_KIND},
    {"asked_vnd", TEXT_COMPLAIN_ASKED},
    {"fee_vnd", TEXT_FEE_TOTAL},
    {"text", TEXT_COL_DETAIL},
    {"at_ms", TEXT_COL_RAISED},
    {"open", TEXT_COL_WAITS},
    {"opened_ms", TEXT_COL_RAISED},
    {"money", TEXT_COL_MONEY},
    {"detail", TEXT_COL_DETAIL},
    {"raised_ms", TEXT_COL_RAISED},
    {"cleared_ms", TEXT_COL_CLEARED},
    {"vehicle", TEXT_COL_VEHICLE},
    {"from_ms", TEXT_COL_FROM},
    {"made_ms", TEXT_COL_MADE},
    {"by", TEXT_COL_BY},
    {"last", TEXT_COL_NEWEST},
    {"list", TEXT_COL_LIST},
    {"plate", TEXT_COL_PLATE},
    {"until_ms", TEXT_COL_UNTIL},
    {"reason", TEXT_COL_REASON},
    {"added_ms", TEXT_COL_ADDED},
    {"added_by", TEXT_COL_ADDED_BY},
    {"removed_ms", TEXT_COL_REMOVED},
    {"removed_by", TEXT_COL_REMOVED_BY},
    {"file", TEXT_COL_FILE},
    {"mapping", TEXT_COL_MAPPING},
    {"imported_ms", TEXT_COL_IMPORTED},
    {"first_ms", TEXT_COL_FIRST},
    {"last_ms", TEXT_COL_LAST_ROW},
    {"rows", TEXT_COL_ROWS},
    {"waiting", TEXT_COL_WAITING},
    {"in_vnd", TEXT_COL_IN},
    {"out_vnd", TEXT_COL_OUT},
    {"gaps", TEXT_COL_GAPS},
    {"day", TEXT_COL_DAY},
    {"close", TEXT_COL_CLOSE},
    {"as_of_ms", TEXT_COL_AS_OF},
    {"ledger_number", TEXT_COL_NUMBER},
    {"open_items", TEXT_COL_OPEN_ITEMS},
    {"differences", TEXT_COL_DIFFERENCES},
    {"digest", TEXT_COL_DIGEST},
    {"source", TEXT_COL_SOURCE},
    {"times", TEXT_COL_TIMES},
    {"received_ms", TEXT_COL_RECEIVED},
    {"bytes", TEXT_COL_BYTES},
};

static enum text words_column(enum office_list list, const char *name)
{
    if (list == OFFICE_QUARANTINE_LIST && strcmp(name, "last_ms") == 0) {
        return TEXT_COL_LAST_TIME;
    }
    return text_by_word(columns, sizeof columns / sizeof columns[0], name, TEXT_COL_DETAIL);
}

static enum text words_list(const char *word)
{
    static const struct text_word words[] = {{"black", TEXT_OFFICE_LIST_BLACK},
                                             {"white", TEXT_OFFICE_LIST_WHITE},
                                             {"exempt", TEXT_OFFICE_LIST_EXEMPT}};
    return text_by_word(words, sizeof words / sizeof words[0], word, TEXT_COL_LIST);
}

enum text page_office_title(enum office_list list)
{
    return about[list].title;
}

/* ---- the way around ---- */

void page_office_nav(struct html *h, const char *here)
{
    static const struct {
        const char *path;
        enum text text;
    } links[] = {{"/operator", TEXT_OFFICE_LANES},
                 {"/office/reviews", TEXT_OFFICE_REVIEWS},
                 {"/office/complaints", TEXT_OFFICE_COMPLAINTS},
                 {"/operator/money", TEXT_MONEY_TITLE},
                 {"/office/days", TEXT_OFFICE_DAYS},
                 {"/office/statements", TEXT_OFFICE_STATEMENTS},
                 {"/office/tariffs", TEXT_OFFICE_TARIFFS},
                 {"/operator/passes", TEXT_PASSES_TITLE},
                 {"/office/lists", TEXT_OFFICE_LISTS},
                 {"/operator/shifts", TEXT_SHIFTS_TITLE},
                 {"/office/lots", TEXT_OFFICE_LOTS},
                 {"/office/gates", TEXT_OFFICE_GATES},
                 {"/office/alarms", TEXT_OFFICE_ALARMS},
                 {"/office/quarantine", TEXT_OFFICE_QUARANTINE}};
    html(h, "<nav class=\"office\" aria-label=\"%t\">", TEXT_OFFICE_NAV);
    for (size_t i = 0; i < sizeof links / sizeof links[0]; i++) {
        html(h, "<a href=\"%s\"%r>%t</a>", links[i].path,
             strcmp(links[i].path, here) == 0 ? " aria-current=\"page\"" : "", links[i].text);
    }
    html(h, "</nav>");
}

/* ---- the table ---- */

static void write_word(struct html *h, const char *column, const char *word)
{
    if (strcmp(column, "vehicle") == 0) {
        html(h, "%t", strcmp(word, "unknown") ? words_vehicle(word) : TEXT_OFFICE_LIST_ANY);
    } else if (strcmp(column, "list") == 0) {
        html(h, "%t", words_list(word));
    } else if (strcmp(column, "kind") == 0) {
        html(h, "%t", words_review(word));
    } else {
        html(h, "%t <span class=\"id\">%s</span>", words_alarm(word), word);
    }
}

static void write_time(struct html *h, struct db_row *row, int i)
{
    html(h, "<td class=\"time\">");
    if (!db_is_null(row, i)) {
        html(h, "<time>%d</time>", db_i64(row, i));
    }
    html(h, "</td>");
}

static void write_cell(struct html *h, const struct office_column *column, struct db_row *row,
                       int i)
{
    char word[64];
    switch (column->kind) {
    case OFFICE_VND:
        html(h, "<td class=\"num\">%m</td>", db_i64(row, i));
        return;
    case OFFICE_COUNT:
        html(h, "<td class=\"num\">");
        html_count(h, db_i64(row, i));
        html(h, "</td>");
        return;
    case OFFICE_TIME:
        write_time(h, row, i);
        return;
    case OFFICE_FLAG:
        html(h, "<td>%t</td>", db_i64(row, i) ? TEXT_OFFICE_YES : TEXT_OFFICE_NO);
        return;
    case OFFICE_WORD:
        str_copy_cut(word, sizeof word, db_text(row, i));
        html(h, "<td>");
        write_word(h, column->name, word);
        html(h, "</td>");
        return;
    case OFFICE_PLATE:
        html(h,
             db_text(row, i).n ? "<td><span class=\"plate small\">%S</span></td>" : "<td>%S</td>",
             db_text(row, i));
        return;
    case OFFICE_ID:
        html(h, "<td class=\"id\">%S</td>", db_text(row, i));
        return;
    case OFFICE_TEXT:
        html(h, "<td>%S</td>", db_text(row, i));
        return;
    }
}

/* What can be done with a row. */
static void write_deed(struct writing *w, struct db_row *row)
{
    struct html *h = w->h;
    if (w->list == OFFICE_VEHICLES_LIST && w->view->may_change && db_is_null(row, 8)) {
        html(h,
             "<td><form class=\"deed\" data-path=\"/api/v1/lists/remove\">"
             "<input type=\"hidden\" name=\"lot\" value=\"%S\">"
             "<input type=\"hidden\" name=\"list\" value=\"%S\">"
             "<input type=\"hidden\" name=\"plate\" value=\"%S\">"
             "<input type=\"hidden\" name=\"vehicle\" value=\"%S\">"
             "<button>%t</button><output></output></form></td>",
             db_text(row, 0), db_text(row, 1), db_text(row, 2), db_text(row, 3),
             TEXT_OFFICE_LIST_REMOVE);
    } else if (w->list == OFFICE_REVIEWS_LIST && db_i64(row, 8)) {
        html(h, "<td><a href=\"/operator/money\">%t</a></td>", TEXT_MONEY_PROPOSE);
    } else if (w->list == OFFICE_REVIEWS_LIST && w->view->may_change) {
        html(h,
             "<td><form class=\"deed\" data-path=\"/api/v1/reviews/%l/close\">"
             "<button>%t</button><output></output></form></td>",
             db_i64(row, 0), TEXT_REVIEW_DONE);
    } else if (w->list == OFFICE_COMPLAINTS_LIST && w->view->may_change && db_i64(row, 6)) {
        html(h,
             "<td><form class=\"deed\" data-path=\"/api/v1/reviews/%l/close\">"
             "<button>%t</button><output></output></form></td>",
             db_i64(row, 0), TEXT_REVIEW_DONE);
    } else if (w->list == OFFICE_LOTS_LIST) {
        html(h, "<td><a href=\"/operator/lots/%S/sheet\" aria-label=\"%t\">QR</a></td>",
             db_text(row, 0), TEXT_SHEET_TITLE);
    } else if (w->list == OFFICE_DAYS_LIST) {
        html(h,
             "<td><form class=\"job\" data-path=\"/api/v1/days\">"
             "<input type=\"hidden\" name=\"operator\" value=\"%S\">"
             "<input type=\"hidden\" name=\"day\" value=\"%S\">"
             "<input type=\"hidden\" name=\"close\" value=\"%l\" data-number>"
             "<button>%t</button><output></output></form></td>",
             db_text(row, 0), db_text(row, 1), db_i64(row, 2), TEXT_OFFICE_DAY_AGAIN);
    } else if (w->list == OFFICE_TARIFFS_LIST) {
        html(h, "<td><a href=\"/api/v1/tariffs/%l\">%t</a></td>", db_i64(row, 0),
             TEXT_OFFICE_DOWNLOAD);
    } else {
        html(h, "<td></td>");
    }
}

static int write_row(void *context, const struct office_table *table, struct db_row *row)
{
    struct writing *w = context;
    bool open = w->list == OFFICE_ALARMS_LIST && db_is_null(row, 7);
    bool cut = w->list == OFFICE_GATES_LIST && db_i64(row, 3) == 0;
    html(w->h, "<tr%r>", open || cut ? " class=\"bad\"" : "");
    for (int i = 0; i < table->column_count; i++) {
        write_cell(w->h, &table->column[i], row, i);
    }
    write_deed(w, row);
    html(w->h, "</tr>");
    w->rows++;
    return 0;
}

static int write_table(struct writing *w)
{
    char space[160];
    struct out more;
    struct html *h = w->h;
    const struct office_table *table = office_table(w->list);
    html(h,
         "<p class=\"tools\"><a href=\"/api/v1/%s?format=xlsx\">XLSX</a> "
         "<a href=\"/api/v1/%s?format=csv\">CSV</a></p><div class=\"scroll\" tabindex=\"0\" "
         "role=\"region\" aria-label=\"%t\"><table class=\"rows\"><thead><tr>",
         table->word, table->word, about[w->list].title);
    for (int i = 0; i < table->column_count; i++) {
        html(h, "<th scope=\"col\">%t</th>", words_column(w->list, table->column[i].name));
    }
    html(h, "<td></td></tr></thead><tbody>");
    int error =
        query_office(w->view->db, w->list, w->view->scopes, w->view->lot, SHOWN_MAX, w, write_row);
    html(h, "</tbody></table></div>");
    if (w->rows == 0) {
        html(h, "<p class=\"empty\">%t</p>", TEXT_OFFICE_NONE);
    } else if (w->rows == SHOWN_MAX) {
        out_init(&more, space, sizeof space);
        words_number(&more, TEXT_OFFICE_MORE, SHOWN_MAX, h->language);
        html(h, "<p class=\"empty\">%S</p>", out_str(&more));
    }
    return error;
}

/* ---- forms ---- */

static bool sees(const struct office_view *view, const struct app_lot *lot)
{
    char own[MSG_NAME_CAP + 16];
    char all[MSG_NAME_CAP + 16];
    snprintf(own, sizeof own, "\"lot:%s\"", lot->id);
    snprintf(all, sizeof all, "\"operator:%s\"", lot->operator_id);
    return !view->scopes || strstr(view->scopes, own) || strstr(view->scopes, all);
}

static void write_lot_options(struct html *h, const struct office_view *view)
{
    for (int i = 0; i < view->config->lot_count; i++) {
        const struct app_lot *lot = &view->config->lots[i];
        if (sees(view, lot)) {
            html(h, "<option value=\"%s\">%s · %s</option>", lot->id, lot->id, lot->name);
        }
    }
}

static void write_classes(struct html *h, bool any)
{
    static const char *const classes[] = {"car", "motorbike", "bicycle"};
    if (any) {
        html(h, "<option value=\"\">%t</option>", TEXT_OFFICE_LIST_ANY);
    }
    for (size_t i = 0; i < sizeof classes / sizeof classes[0]; i++) {
        html(h, "<option value=\"%s\">%t</option>", classes[i], words_vehicle(classes[i]));
    }
}

static void write_list_form(struct html *h, const struct office_view *view)
{
    static const char *const words[] = {"black", "white", "exempt"};
    html(h,
         "<section class=\"panel\"><h2>%t</h2><form class=\"deed fields\" "
         "data-path=\"/api/v1/lists\"><label>%t<select name=\"lot\">",
         TEXT_OFFICE_LIST_ADD, TEXT_COL_LOT);
    write_lot_options(h, view);
    html(h, "</select></label><label>%t<select name=\"list\">", TEXT_COL_LIST);
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        html(h, "<option value=\"%s\">%t</option>", words[i], words_list(words[i]));
    }
    html(h,
         "</select></label><label>%t<input name=\"plate\" required maxlength=\"24\" "
         "autocomplete=\"off\" placeholder=\"%t\"></label><label>%t<select name=\"vehicle\">",
         TEXT_COL_PLATE, TEXT_PLATE_EXAMPLE, TEXT_COL_VEHICLE);
    write_classes(h, true);
    html(h,
         "</select></label><label>%t<input type=\"date\" name=\"until_ms\" data-day></label>"
         "<label>%t<input name=\"reason\" required maxlength=\"100\"></label>"
         "<button class=\"main\">%t</button><output></output></form></section>",
         TEXT_OFFICE_LIST_UNTIL, TEXT_COL_REASON, TEXT_OFFICE_LIST_ADD);
}

/* Each account once, whichever lots have it. */
static void write_accounts(struct html *h, const struct office_view *view)
{
    for (int i = 0; i < view->config->lot_count; i++) {
        const struct app_lot *lot = &view->config->lots[i];
        bool first = sees(view, lot);
        for (int j = 0; j < i && first; j++) {
            const struct app_lot *other = &view->config->lots[j];
            first = !sees(view, other) || strcmp(other->bin, lot->bin) != 0 ||
                    strcmp(other->account, lot->account) != 0;
        }
        if (first) {
            html(h, "<option value=\"%s-%s\">%s-%s · %s</option>", lot->bin, lot->account, lot->bin,
                 lot->account, lot->account_name);
        }
    }
}

static void write_job_words(struct html *h)
{
    html(h,
         " data-sending=\"%t\" data-working=\"%t\" data-done=\"%t\" data-failed=\"%t\" "
         "data-download=\"%t\"",
         TEXT_OFFICE_SENDING, TEXT_OFFICE_WORKING, TEXT_OFFICE_JOB_DONE, TEXT_OFFICE_JOB_FAILED,
         TEXT_OFFICE_DOWNLOAD);
}

static void write_statement_form(struct html *h, const struct office_view *view)
{
    html(h,
         "<section class=\"panel\"><h2>%t</h2><form class=\"upload fields\" "
         "data-path=\"/api/v1/statements\"><label>%t<select name=\"account\">",
         TEXT_OFFICE_STATEMENT_SEND, TEXT_OFFICE_STATEMENT_ACCOUNT);
    write_accounts(h, view);
    html(h,
         "</select></label><label>%t<input type=\"file\" name=\"file\" accept=\".csv,.txt,.tsv\" "
         "required></label><button class=\"main\">%t</button>"
         "<button name=\"dry_run\" value=\"1\">%t</button>"
         "<progress max=\"100\" value=\"0\" hidden></progress><output></output></form></section>",
         TEXT_OFFICE_STATEMENT_FILE, TEXT_OFFICE_STATEMENT_SEND, TEXT_OFFICE_STATEMENT_TRY);
}

static void write_day_form(struct html *h, const struct office_view *view)
{
    char yesterday[TIME_ISO_CAP];
    time_format_iso(wall_add(view->now, -TIME_DAY_MS), yesterday);
    yesterday[10] = '\0';
    html(h,
         "<section class=\"panel\"><h2>%t</h2><form class=\"job fields\" "
         "data-path=\"/api/v1/days\"><label>%t<select name=\"operator\">",
         TEXT_OFFICE_DAYS, TEXT_OFFICE_DAY_OPERATOR);
    for (int i = 0; i < view->config->operator_count; i++) {
        const struct app_operator *o = &view->config->operators[i];
        char word[MSG_NAME_CAP + 16];
        snprintf(word, sizeof word, "\"operator:%s\"", o->id);
        if (!view->scopes || strstr(view->scopes, word)) {
            html(h, "<option value=\"%s\">%s</option>", o->id, o->name);
        }
    }
    html(h,
         "</select></label><label>%t<input type=\"date\" name=\"day\" required value=\"%s\" "
         "max=\"%s\"></label><label>%t<select name=\"format\"><option value=\"xlsx\">XLSX</option>"
         "<option value=\"csv\">CSV</option></select></label><button class=\"main\">%t</button>"
         "<label class=\"tick\"><input type=\"checkbox\" name=\"sign\" data-flag> %t</label>"
         "<progress max=\"100\" hidden></progress><output></output></form></section>",
         TEXT_OFFICE_DAY, yesterday, yesterday, TEXT_COL_FILE, TEXT_OFFICE_DAY_DRAFT,
         TEXT_OFFICE_DAY_CONFIRM);
}

static void write_prices(struct html *h, const struct office_view *view)
{
    html(h,
         "<section class=\"panel\" data-table><h2>%t</h2><div class=\"scroll\" tabindex=\"0\" "
         "role=\"region\" aria-label=\"%t\"><table class=\"rows\"><thead><tr><th scope=\"col\">%t"
         "</th><th scope=\"col\">%t</th><th scope=\"col\">%t</th><th scope=\"col\">%t</th><th "
         "scope=\"col\">%t</th></tr></thead><tbody>",
         TEXT_OFFICE_TARIFF_NOW, TEXT_OFFICE_TARIFF_NOW, TEXT_COL_LOT, TEXT_COL_VEHICLE,
         TEXT_COL_NAME, TEXT_COL_VERSION, TEXT_OFFICE_TARIFF_CHART);
    for (int i = 0; i < view->config->lot_count; i++) {
        const struct app_lot *lot = &view->config->lots[i];
        for (int v = 0; v < VEHICLE_COUNT && sees(view, lot); v++) {
            const struct tariff_set *set = lot->tariff[v];
            const struct tariff *t = set ? tariff_set_at(set, view->now) : NULL;
            if (t) {
                html(h,
                     "<tr><td class=\"id\">%s</td><td>%t</td><td>%s</td><td class=\"id\">%s %s</td>"
                     "<td><a href=\"/api/v1/prices/%s?vehicle=%s\">%t</a></td></tr>",
                     lot->id, words_vehicle(vehicle_text((enum vehicle)v)),
                     h->language == LANGUAGE_VI ? t->title.vi : t->title.en, t->name, t->version,
                     lot->id, vehicle_text((enum vehicle)v), TEXT_OFFICE_TARIFF_CHART);
            }
        }
    }
    html(h, "</tbody></table></div></section>");
}

static void write_tariff_form(struct html *h, const struct office_view *view)
{
    html(h,
         "<section class=\"panel\"><h2>%t</h2><form class=\"tariff fields\" "
         "data-path=\"/api/v1/tariffs\" data-from=\"%t\" data-published=\"%t\"><label>%t"
         "<input type=\"file\" accept=\".yaml,.yml\"></label><label class=\"wide\">%t<textarea "
         "name=\"text\" rows=\"6\" required spellcheck=\"false\"></textarea></label><label>%t"
         "<select name=\"vehicle\">",
         TEXT_OFFICE_TARIFF_NEW, TEXT_OFFICE_TARIFF_FROM, TEXT_OFFICE_TARIFF_DONE,
         TEXT_OFFICE_TARIFF_FILE, TEXT_OFFICE_TARIFF_TEXT, TEXT_COL_VEHICLE);
    write_classes(h, false);
    html(h, "</select></label><label>%t<select name=\"lots\" multiple required size=\"4\">",
         TEXT_OFFICE_TARIFF_LOTS);
    write_lot_options(h, view);
    html(h,
         "</select></label><button class=\"main\">%t</button><button name=\"publish\" value=\"1\" "
         "class=\"danger\" disabled>%t</button><output></output><div class=\"price-chart\" "
         "hidden></div>"
         "</form></section>",
         TEXT_OFFICE_TARIFF_TRY, TEXT_OFFICE_TARIFF_PUBLISH);
}

static void write_forms(struct html *h, enum office_list list, const struct office_view *view)
{
    if (list == OFFICE_TARIFFS_LIST) {
        write_prices(h, view);
    }
    if (!view->may_change) {
        return;
    }
    if (list == OFFICE_VEHICLES_LIST) {
        write_list_form(h, view);
    } else if (list == OFFICE_STATEMENTS_LIST) {
        write_statement_form(h, view);
    } else if (list == OFFICE_DAYS_LIST) {
        write_day_form(h, view);
    } else if (list == OFFICE_TARIFFS_LIST) {
        write_tariff_form(h, view);
    }
}

static void write_filter(struct html *h, enum office_list list, const struct office_view *view)
{
    html(h,
         "<form class=\"filter\" method=\"get\" action=\"/office/%s\"><label>%t<select "
         "name=\"lot\"><option value=\"\">%t</option>",
         office_table(list)->word, TEXT_COL_LOT, TEXT_OFFICE_ALL_LOTS);
    for (int i = 0; i < view->config->lot_count; i++) {
        const struct app_lot *lot = &view->config->lots[i];
        if (sees(view, lot)) {
            html(h, "<option value=\"%s\"%r>%s · %s</option>", lot->id,
                 strcmp(lot->id, view->lot) == 0 ? " selected" : "", lot->id, lot->name);
        }
    }
    html(h, "</select></label><button>%t</button></form>", TEXT_OFFICE_FILTER);
}

int page_office_part(struct html *h, enum office_list list, const struct office_view *view)
{
    char here[64];
    struct writing w = {.h = h, .view = view, .list = list};
    snprintf(here, sizeof here, "/office/%s", office_table(list)->word);
    page_office_nav(h, here);
    html(h, "<div class=\"office-part\"");
    write_job_words(h);
    html(h, "><h1>%t</h1><p class=\"hint\">%t</p>", about[list].title, about[list].hint);
    write_forms(h, list, view);
    html(h, "<section class=\"panel\" data-table><h2>%t</h2>",
         list == OFFICE_TARIFFS_LIST ? TEXT_OFFICE_TARIFF_HISTORY : about[list].title);
    write_filter(h, list, view);
    int error = write_table(&w);
    html(h, "</section></div>");
    return error;
}
