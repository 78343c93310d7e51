#include "proto/base/time.h"
#include "proto/crypto/crypto.h"
#include "server/app/refund_link.h"
#include "server/store/query_cases.h"
#include "server/web/page.h"
#include "server/web/words.h"

#include <string.h>

enum { LIST_MAX = 50 };

struct writing {
    struct html *h;
    const struct money_view *view;
    int written;
};

static enum text words_action(const char *action)
{
    static const struct text_word words[] = {
        {"session", TEXT_ACTION_SESSION},         {"debt", TEXT_ACTION_DEBT},
        {"refund", TEXT_ACTION_REFUND},           {"owner", TEXT_ACTION_OWNER},
        {"refund_paid", TEXT_ACTION_REFUND_PAID}, {"taken_back", TEXT_ACTION_TAKEN_BACK},
    };
    return text_by_word(words, sizeof words / sizeof words[0], action, TEXT_ACTION_KEEP);
}

static enum text words_reason(int reason)
{
    static const enum text texts[SUGGEST_REASON_COUNT] = {
        [SUGGEST_CODE] = TEXT_REASON_CODE,     [SUGGEST_CODE_NEAR] = TEXT_REASON_CODE_NEAR,
        [SUGGEST_AMOUNT] = TEXT_REASON_AMOUNT, [SUGGEST_TIME] = TEXT_REASON_TIME,
        [SUGGEST_PAYER] = TEXT_REASON_PAYER,   [SUGGEST_LOT] = TEXT_REASON_LOT,
        [SUGGEST_WAITS] = TEXT_REASON_WAITS};
    return texts[reason];
}

static enum text words_refund(enum refund_state state)
{
    static const enum text texts[REFUND_STATE_COUNT] = {[REFUND_REQUESTED] = TEXT_REFUND_REQUESTED,
                                                        [REFUND_APPROVED] = TEXT_REFUND_APPROVED,
                                                        [REFUND_SENT] = TEXT_REFUND_SENT_STATE,
                                                        [REFUND_CONFIRMED] = TEXT_REFUND_CONFIRMED,
                                                        [REFUND_CANCELLED] = TEXT_REFUND_CANCELLED};
    return texts[state];
}

/* ---- a transfer in suspense ---- */

static void write_suggestion(struct html *h, const struct case_row *row,
                             const struct case_suggestion *s)
{
    html(h, "<li><strong>%t</strong> ", words_action(s->action));
    if (s->name[0]) {
        html(h, "<span class=\"plate small\">%s</span> ", s->name);
    }
    html(h, "<span class=\"id\">%s</span> %m <time>%d</time><br><small>", s->lot, s->due_vnd,
         s->at_ms);
    bool first = true;
    for (int i = 0; i < SUGGEST_REASON_COUNT; i++) {
        if (s->why.reasons & (1u << i)) {
            html(h, "%s%t", first ? "" : " · ", words_reason(i));
            first = false;
        }
    }
    html(h,
         "</small><form class=\"command case\" data-path=\"/api/v1/reviews/%l/propose\">"
         "<input type=\"hidden\" name=\"action\" value=\"%s\">"
         "<input type=\"hidden\" name=\"target\" value=\"%s\">"
         "<input type=\"hidden\" name=\"amount_vnd\" value=\"%l\">"
         "<button>%t</button><output></output></form></li>",
         row->review, s->action, s->target, row->amount_vnd, TEXT_MONEY_PROPOSE);
}

/* One line of a proposal; `amount_vnd` 0: to be filled in. */
static void write_line(struct html *h, const struct case_row *row, int64_t amount_vnd)
{
    static const char *const in[] = {"session", "debt", "refund", "owner", "keep", NULL};
    static const char *const out[] = {"refund_paid", "taken_back", "owner", "keep", NULL};
    const char *const *words = row->out ? out : in;
    html(h, "<p><label>%t<select name=\"action\">", TEXT_MONEY_ACTION);
    for (int i = 0; words[i]; i++) {
        html(h, "<option value=\"%s\">%t</option>", words[i], words_action(words[i]));
    }
    html(h,
         "</select></label><label>%t<input name=\"target\" maxlength=\"26\" "
         "autocomplete=\"off\"></label><label>%t<input name=\"amount_vnd\" inputmode=\"numeric\" "
         "pattern=\"[0-9]*\" maxlength=\"15\" autocomplete=\"off\" value=\"",
         TEXT_MONEY_TARGET, TEXT_FIELD_AMOUNT);
    if (amount_vnd > 0) {
        html(h, "%l", amount_vnd);
    }
    html(h, "\"></label></p>");
}

static void write_other(struct html *h, const struct case_row *row)
{
    html(h,
         "<details><summary>%t</summary><form class=\"command case\" "
         "data-path=\"/api/v1/reviews/%l/propose\">",
         TEXT_MONEY_OTHER, row->review);
    write_line(h, row, row->amount_vnd);
    html(h, "<details><summary>%t</summary>", TEXT_MONEY_SPLIT);
    for (int i = 1; i < PROPOSAL_PARTS_MAX; i++) {
        write_line(h, row, 0);
    }
    html(h,
         "</details><p><label>%t<input name=\"note\" maxlength=\"150\"></label>"
         "<button>%t</button><output></output></p></form></details>",
         TEXT_MONEY_NOTE, TEXT_MONEY_PROPOSE);
}

static void write_proposal(struct html *h, const struct case_proposal *p)
{
    html(h, "<p>%t <strong>%s</strong> <time>%d</time>: <span class=\"code\">%s</span> %s</p>",
         TEXT_MONEY_PROPOSED_BY, p->made_by, p->made_ms, p->lines, p->note);
    html(h,
         "<p><small>%t</small></p><form class=\"command case\" "
         "data-path=\"/api/v1/proposals/%s/approve\"><button class=\"main\">%t</button>"
         "<output></output></form><form class=\"command case\" "
         "data-path=\"/api/v1/proposals/%s/refuse\"><label>%t<input name=\"reason\" required "
         "maxlength=\"150\"></label><button>%t</button><output></output></form>",
         TEXT_MONEY_SECOND, p->id, TEXT_MONEY_APPROVE, p->id, TEXT_MONEY_REASON, TEXT_MONEY_REFUSE);
}

static void write_case(void *context, const struct case_row *row)
{
    struct writing *w = context;
    struct html *h = w->h;
    html(h,
         "<li data-key=\"case-%l\"><div><strong>%t</strong> · %t <strong>%m</strong> <span "
         "class=\"id\">%s</span> %t <span class=\"id\">%s</span> %t <time>%d</time><br>%t: "
         "<q>%s</q>",
         row->review, words_review(row->kind), row->out ? TEXT_MONEY_OUT : TEXT_MONEY_IN,
         row->amount_vnd, row->lot, TEXT_MONEY_ON_ACCOUNT, row->account, TEXT_MONEY_BOOKED,
         row->booked_ms, TEXT_MONEY_CONTENT, row->content);
    if (row->kept) {
        html(h, "<br><small>%t: %i</small>", TEXT_MONEY_KEPT, row->kept);
    }
    if (row->proposal.id[0]) {
        write_proposal(h, &row->proposal);
    } else {
        html(h, "<p>%t</p>",
             row->suggestion_count ? TEXT_MONEY_SUGGESTED : TEXT_MONEY_NO_SUGGESTION);
        html(h, "<ul class=\"suggestions\">");
        for (int i = 0; i < row->suggestion_count; i++) {
            write_suggestion(h, row, &row->suggestion[i]);
        }
        html(h, "</ul>");
        write_other(h, row);
    }
    html(h, "</div></li>");
    w->written++;
}

/* ---- refunds ---- */

static void write_account(struct writing *w, const struct refund_row *row)
{
    char account[APP_ACCOUNT_CAP];
    char holder[APP_HOLDER_CAP];
    struct str sealed = {row->sealed, row->sealed_n};
    if (!row->bin[0]) {
        html(w->h, "<br><small>%t</small>", TEXT_MONEY_NO_ACCOUNT);
        return;
    }
    const struct bank *bank = w->view->banks ? banks_find(w->view->banks, row->bin) : NULL;
    html(w->h, "<br>%t: %s", TEXT_MONEY_ACCOUNT, bank ? bank->short_name : row->bin);
    if (w->view->key && refund_account_open(w->view->key, sealed, account, holder) == 0) {
        size_t n = strlen(account);
        html(w->h, " …%s %s", account + (n > 4 ? n - 4 : 0), holder);
        dx_wipe(account, sizeof account);
    }
}

static void write_step(struct html *h, const struct refund *f, const char *step, enum text label,
                       const char *field, enum text button)
{
    html(h, "<form class=\"command case\" data-path=\"/api/v1/refunds/%s/%s\">", f->id, step);
    if (field) {
        html(h, "<label>%t<input name=\"%s\" required maxlength=\"60\"></label>", label, field);
    }
    html(h, "<button>%t</button><output></output></form>", button);
}

static void write_refund(void *context, const struct refund_row *row)
{
    struct writing *w = context;
    struct html *h = w->h;
    const struct refund *f = &row->refund;
    html(h,
         "<li data-key=\"refund-%s\"><div><strong>%m</strong> · %t <span class=\"id\">%s "
         "%s</span> <span class=\"plate small\">%s</span> <time>%d</time><br>%s %s",
         f->id, f->amount_vnd, words_refund(f->state), f->lot, f->code, row->name,
         row->requested_ms, f->requested_by, f->reason[0] ? f->reason : f->cause);
    write_account(w, row);
    if (f->state == REFUND_REQUESTED && row->bin[0]) {
        write_step(h, f, "approve", TEXT_MONEY_APPROVE, NULL, TEXT_MONEY_APPROVE);
    }
    if (f->state == REFUND_REQUESTED && w->view->key) {
        write_step(h, f, "link", TEXT_MONEY_LINK, NULL, TEXT_MONEY_LINK);
    }
    if (f->state == REFUND_APPROVED) {
        write_step(h, f, "sent", TEXT_MONEY_BANK_REF, "bank_ref", TEXT_MONEY_SENT);
    }
    if (f->state != REFUND_SENT) {
        write_step(h, f, "cancel", TEXT_MONEY_REASON, "reason", TEXT_MONEY_CANCEL);
    }
    html(h, "</div></li>");
    w->written++;
}

/* ---- debts ---- */

static void write_debt(void *context, const struct debt_row *row)
{
    struct writing *w = context;
    struct html *h = w->h;
    html(h,
         "<li data-key=\"debt-%s\"><div><span class=\"plate small\">%s</span> <strong>%m</strong> "
         "<span class=\"id\">%s</span> <time>%d</time>",
         row->session, row->name, row->due_vnd, row->lot, row->left_ms);
    if (row->inside) {
        html(h, " <strong>%t</strong>", TEXT_MONEY_INSIDE);
    }
    if (row->proposal.id[0]) {
        write_proposal(h, &row->proposal);
    } else {
        html(h,
             "<details><summary>%t</summary><form class=\"command case\" "
             "data-path=\"/api/v1/debts/%s/write-off\"><label>%t<input name=\"reason\" required "
             "maxlength=\"150\"></label><button>%t</button><output></output></form></details>",
             TEXT_MONEY_WRITE_OFF, row->session, TEXT_MONEY_REASON, TEXT_MONEY_WRITE_OFF);
    }
    html(h, "</div></li>");
    w->written++;
}

/* Staff ask, a second person approves, the driver gives the account. */
static void write_give_back(struct html *h)
{
    html(h,
         "<details><summary>%t</summary><form class=\"command case\" "
         "data-path=\"/api/v1/refunds\"><label>%t<input name=\"session\" required "
         "maxlength=\"26\" autocomplete=\"off\"></label><label>%t<input name=\"amount_vnd\" "
         "required inputmode=\"numeric\" pattern=\"[0-9]*\" maxlength=\"12\" "
         "autocomplete=\"off\"></label><label>%t<input name=\"reason\" required "
         "maxlength=\"150\"></label><button>%t</button><output></output></form></details>",
         TEXT_MONEY_GIVE_BACK, TEXT_MONEY_STAY, TEXT_FIELD_AMOUNT, TEXT_MONEY_REASON,
         TEXT_MONEY_PROPOSE);
}

static void begin_list(struct writing *w, enum text title)
{
    html(w->h, "<section class=\"panel\"><h2>%t</h2><ul class=\"list\">", title);
    w->written = 0;
}

static void end_list(struct writing *w, enum text none)
{
    html(w->h, "</ul>");
    if (w->written == 0) {
        html(w->h, "<p class=\"empty\">%t</p>", none);
    }
    html(w->h, "</section>");
}

int page_money_part(struct html *h, const struct money_view *view)
{
    struct writing w = {.h = h, .view = view};
    html(h, "<div class=\"console money\" data-now=\"%l\"><p><a href=\"/operator\">%t</a></p>",
         view->now.ms, TEXT_MONEY_BACK);
    begin_list(&w, TEXT_MONEY_CASES);
    int error = query_cases(view->db, LIST_MAX, write_case, &w);
    end_list(&w, TEXT_MONEY_NO_CASES);
    begin_list(&w, TEXT_MONEY_REFUNDS);
    error = error ? error : query_refunds(view->db, "", "", LIST_MAX, write_refund, &w);
    end_list(&w, TEXT_MONEY_NO_REFUNDS);
    write_give_back(h);
    if (view->key) {
        html(h, "<p><a href=\"/api/v1/refunds/export\" download>%t</a></p>", TEXT_MONEY_EXPORT);
    }
    begin_list(&w, TEXT_MONEY_DEBTS);
    error = error ? error : query_debts(view->db, "", LIST_MAX, write_debt, &w);
    end_list(&w, TEXT_MONEY_NO_DEBTS);
    html(h, "</div>");
    return error;
}

/* ---- the driver's side ---- */

static void write_owed(void *context, const struct debt_row *row)
{
    struct writing *w = context;
    if (w->written++ == 0) {
        html(w->h, "<section class=\"card owed\"><h2>%t</h2><p class=\"hint small\">%t</p><ul>",
             TEXT_OWED_TITLE, TEXT_OWED_HINT);
    }
    html(w->h, "<li>%m <time>%d</time> <a href=\"/s/%s\">%t</a></li>", row->due_vnd, row->left_ms,
         row->token, TEXT_OWED_PAY);
}

static void write_back(void *context, const struct refund_row *row)
{
    struct writing *w = context;
    const struct refund *f = &row->refund;
    char link[APP_LINK_CAP];
    if (w->written++ == 0) {
        html(w->h, "<section class=\"card back\"><h2>%t</h2><ul>", TEXT_BACK_TITLE);
    }
    html(w->h, "<li><strong>%m</strong> · %t", f->amount_vnd, words_refund(f->state));
    if (f->state == REFUND_REQUESTED && !row->bin[0] && w->view->key) {
        wall_t until = wall_add(w->view->now, APP_LINK_ON_PAGE_S * (int64_t)TIME_SECOND_MS);
        refund_link_write(w->view->key, f->id, f->link, until, link);
        html(w->h, " <a class=\"save\" href=\"/r/%s\">%t</a>", link, TEXT_BACK_GIVE);
    }
    html(w->h, "</li>");
}

int page_money_driver(struct html *h, const struct money_view *view,
                      const struct session_row *session, bool may_ask)
{
    struct writing w = {.h = h, .view = view};
    int error = query_debts_of(view->db, session->id, write_owed, &w);
    html(h, w.written ? "</ul></section>" : "");
    w.written = 0;
    error = error ? error : query_refunds(view->db, "", session->id, LIST_MAX, write_back, &w);
    html(h, w.written ? "</ul></section>" : "");
    if (may_ask && w.written == 0) {
        html(h,
             "<details class=\"card\"><summary>%t</summary><p class=\"hint small\">%t</p>"
             "<form method=\"post\" action=\"/s/%s/refund\" class=\"stack\"><p><label "
             "for=\"back-amount\">%t</label><input id=\"back-amount\" name=\"amount\" "
             "inputmode=\"numeric\" required maxlength=\"12\" value=\"%l\"></p><p><label "
             "for=\"back-reason\">%t</label><input id=\"back-reason\" name=\"reason\" required "
             "maxlength=\"150\"></p><p><button>%t</button></p></form></details>",
             TEXT_BACK_ASK, TEXT_BACK_ASK_HINT, session->token, TEXT_FIELD_AMOUNT,
             session->paid_vnd, TEXT_BACK_REASON, TEXT_FORM_SEND);
    }
    return error;
}

void page_refund_part(struct html *h, const struct refund_view *view)
{
    html(h, "<section class=\"narrow\"><div class=\"card\"><h1>%t</h1><p class=\"amount\">%m</p>",
         TEXT_FORM_TITLE, view->amount_vnd);
    if (view->page == REFUND_PAGE_DONE) {
        html(h, "<p role=\"status\">%t</p></div></section>", TEXT_FORM_DONE);
        return;
    }
    html(h, "<p class=\"hint\">%t</p>", TEXT_FORM_HINT);
    if (view->page == REFUND_PAGE_WRONG) {
        html(h, "<p role=\"alert\"><strong>%t</strong></p>", TEXT_FORM_WRONG);
    }
    html(h,
         "<form method=\"post\" action=\"/r/%s\" autocomplete=\"off\" class=\"stack\"><p><label>%t"
         "<select name=\"bank\" required><option value=\"\"></option>",
         view->link, TEXT_FORM_BANK);
    for (int i = 0; view->banks && i < view->banks->count; i++) {
        const struct bank *bank = &view->banks->bank[i];
        if (!bank->former) {
            html(h, "<option value=\"%s\">%s</option>", bank->bin, bank->short_name);
        }
    }
    html(h,
         "</select></label></p><p><label>%t<input name=\"account\" inputmode=\"numeric\" required "
         "minlength=\"6\" maxlength=\"19\"></label></p><p><label>%t<input name=\"holder\" required "
         "minlength=\"2\" maxlength=\"60\" autocapitalize=\"characters\"></label></p>"
         "<p><button class=\"main\">%t</button></p></form></div></section>",
         TEXT_FORM_ACCOUNT, TEXT_FORM_HOLDER, TEXT_FORM_SEND);
}
