#include "proto/base/time.h"
#include "server/web/page.h"
#include "server/web/words.h"

#include <string.h>

/* A transaction's rows are written as they come; counts for the head line are taken on the way. */
struct console {
    struct html *h;
    wall_t now;
    int gates, online, held, waiting;
    int written;
};

static bool is(const char *word, const char *expected)
{
    return strcmp(word, expected) == 0;
}

/* ---- one lane ---- */

static bool is_held(const struct lane_row *lane)
{
    return is(lane->state, "held") || (!lane->state[0] && is(lane->last, "held"));
}

static bool is_waiting(const struct lane_row *lane)
{
    return is(lane->state, "quoted") || (!lane->state[0] && is(lane->last, "exit_asked"));
}

static const char *style_of(const struct gate_row *gate, const struct lane_row *lane)
{
    if (!gate->online) {
        return "cut";
    }
    if (is(lane->state, "fault")) {
        return "fault";
    }
    if (is_held(lane)) {
        return "held";
    }
    if (is_waiting(lane)) {
        return "waiting";
    }
    bool moves = is(lane->state, "opening") || is(lane->state, "open") ||
                 is(lane->state, "passing") || is(lane->state, "closing");
    return moves ? "moving" : "quiet";
}

/* Does somebody stand there, as far as the journal says? */
static bool is_taken(const struct lane_row *lane)
{
    return is(lane->last, "arrived") || is(lane->last, "exit_asked") ||
           is(lane->last, "exit_permitted") || is(lane->last, "held");
}

static void write_vehicle(struct html *h, const struct lane_row *lane)
{
    const struct session_row *s = &lane->session;
    char name[PLATE_RAW_CAP];
    if (!lane->has_session || !is_taken(lane)) {
        return;
    }
    session_row_name(s, name);
    html(h, "<div class=\"who\"><span class=\"plate small\">%s</span> <span>%t</span></div>", name,
         words_vehicle(s->vehicle));
    if (s->entered_ms > 0) {
        html(h, "<dl class=\"facts tight\"><div><dt>%t</dt><dd>%d</dd></div>", TEXT_LANE_ENTERED,
             s->entered_ms);
        html(h, "<div><dt>%t</dt><dd>%m</dd></div>", TEXT_LANE_FEE, s->fee_vnd);
        if (is_waiting(lane)) {
            html(h, "<div class=\"strong\"><dt>%t</dt><dd>%m</dd></div>", TEXT_LANE_DUE,
                 lane->due_vnd);
        }
        html(h, "</dl>");
    }
}

static void write_class_choice(struct html *h, const char *chosen)
{
    static const char *const classes[] = {"car", "motorbike", "bicycle"};
    html(h, "<select name=\"vehicle\" aria-label=\"%t\">", TEXT_CITY_CLASS);
    for (size_t i = 0; i < sizeof classes / sizeof classes[0]; i++) {
        html(h, "<option value=\"%s\"%r>%t</option>", classes[i],
             is(chosen, classes[i]) ? " selected" : "", words_vehicle(classes[i]));
    }
    html(h, "</select>");
}

static void write_held(struct html *h, const struct gate_row *gate, const struct lane_row *lane)
{
    html(h, "<p class=\"why\"><strong>%t</strong>", words_hold(lane->hold));
    if (lane->held_name[0]) {
        html(h, "<br>%t: <span class=\"code\">%s</span>", TEXT_READ_AS, lane->held_name);
    }
    html(h, "</p>");
    if (!gate->online) {
        return;
    }
    html(h,
         "<form class=\"command\" data-action=\"set_subject\" data-gate=\"%s\" data-lane=\"%i\">"
         "<label>%t<input name=\"plate\" maxlength=\"24\" autocomplete=\"off\" required "
         "placeholder=\"%t\"></label>",
         gate->id, lane->lane, TEXT_SET_PLATE, TEXT_PLATE_EXAMPLE);
    write_class_choice(h, lane->held_vehicle);
    html(h, "<button class=\"main\">%t</button><output></output></form>", TEXT_SET_PLATE_BUTTON);
}

static void write_open(struct html *h, const struct gate_row *gate, const struct lane_row *lane)
{
    if (!gate->online || is(lane->state, "closed")) {
        return;
    }
    html(h,
         "<details><summary>%t</summary><form class=\"command\" data-action=\"open\" "
         "data-gate=\"%s\" data-lane=\"%i\"><label>%t<input name=\"reason\" maxlength=\"100\" "
         "autocomplete=\"off\" required></label><button class=\"danger\">%t</button>"
         "<output></output></form></details>",
         TEXT_OPEN_BY_HAND, gate->id, lane->lane, TEXT_OPEN_REASON, TEXT_OPEN_BUTTON);
}

static void write_lane(struct html *h, const struct gate_row *gate, const struct lane_row *lane)
{
    bool held = is_held(lane);
    html(h,
         "<article class=\"lane %s\" data-key=\"%s-%i\" data-lane=\"%i\"><header><span "
         "class=\"dir %s\" aria-hidden=\"true\"></span><h3>%t %i · %t</h3><span class=\"badge-"
         "state\">%t</span></header>",
         style_of(gate, lane), gate->id, lane->lane, lane->lane, lane->direction, TEXT_LANE,
         lane->lane, words_direction(lane->direction), words_lane_state(lane->state));
    html(h, "<p class=\"arm\">%t: <strong>%t</strong>", TEXT_BARRIER, words_barrier(lane->barrier));
    if (is_taken(lane) && lane->last_ms > 0) {
        html(h, " · %t <time data-since=\"%l\" data-short>%h</time>", TEXT_LANE_SINCE,
             lane->last_ms, lane->last_ms);
    }
    html(h, "</p>");
    if (held) {
        write_held(h, gate, lane);
    }
    write_vehicle(h, lane);
    write_open(h, gate, lane);
    html(h, "</article>");
}

/* ---- one gate ---- */

static void write_alarms(struct html *h, const struct gate_row *gate)
{
    if (gate->alarm_count == 0) {
        return;
    }
    html(h, "<ul class=\"alarms\" aria-label=\"%t\">", TEXT_ALARMS);
    for (int i = 0; i < gate->alarm_count && i < LANE_ALARMS_MAX; i++) {
        const struct alarm_row *alarm = &gate->alarm[i];
        html(h, "<li><strong>%t</strong> · ", words_alarm(alarm->code));
        if (alarm->lane > 0) {
            html(h, "%t %l", TEXT_LANE, alarm->lane);
        } else {
            html(h, "%t", TEXT_WHOLE_GATE);
        }
        html(h, " <time>%d</time> <span class=\"id\">%s</span></li>", alarm->raised_ms,
             alarm->code);
    }
    html(h, "</ul>");
}

static void write_gate(void *context, const struct gate_row *gate)
{
    struct console *c = context;
    struct html *h = c->h;
    bool cut = !gate->online;
    html(h,
         "<section class=\"gate%s\" data-key=\"gate-%s\" data-gate=\"%s\"><header><h2>%s</h2>"
         "<span class=\"id\">%s</span><span class=\"link %s\">%t</span></header>",
         cut ? " offline" : "", gate->id, gate->id, gate->lot_name, gate->id, cut ? "off" : "on",
         !gate->heard && cut ? TEXT_GATE_NEVER
         : cut               ? TEXT_GATE_OFFLINE
                             : TEXT_GATE_ONLINE);
    if (cut) {
        html(h, "<p class=\"cut-hint\">%t", TEXT_GATE_OFFLINE_HINT);
        if (gate->seen_ms > 0) {
            html(h, " <strong>%t: %d.</strong>", TEXT_GATE_SEEN, gate->seen_ms);
        }
        html(h, "</p>");
    }
    write_alarms(h, gate);
    html(h, "<div class=\"lanes\">");
    for (int i = 0; i < gate->lane_count; i++) {
        write_lane(h, gate, &gate->lane[i]);
    }
    html(h, "</div>");
    if (gate->lane_count == 0) {
        html(h, "<p class=\"empty\">%t</p>", TEXT_NO_LANES);
    }
    html(h, "</section>");
}

static void count_gate(void *context, const struct gate_row *gate)
{
    struct console *c = context;
    c->gates++;
    c->online += gate->online;
    for (int i = 0; i < gate->lane_count; i++) {
        c->held += is_held(&gate->lane[i]);
        c->waiting += is_waiting(&gate->lane[i]);
    }
}

/* ---- the lists beside them ---- */

static void write_event(void *context, const struct event_row *row)
{
    struct console *c = context;
    char sentence[512];
    struct out out;
    out_init(&out, sentence, sizeof sentence);
    words_event(&out, row, c->h->language);
    bool today = row->event.wall.ms >= time_day_start(c->now).ms;
    html(c->h, "<li data-key=\"%s\" class=\"%s %s\"><time>", row->event.id,
         event_type_text(row->event.type), row->outcome);
    html(c->h, today ? "%h" : "%d", row->event.wall.ms);
    html(c->h, "</time><span>%S</span></li>", out_str(&out));
    c->written++;
}

static void write_review(void *context, const struct review_row *review)
{
    struct console *c = context;
    html(c->h, "<li data-key=\"review-%l\"><div><strong>%t</strong> ", review->id,
         words_review(review->kind));
    if (review->name[0]) {
        html(c->h, "<span class=\"plate small\">%s</span> ", review->name);
    }
    html(c->h, "<span class=\"id\">%s %s</span><br>", review->gate[0] ? review->gate : review->lot,
         review->transfer);
    /* A held lane's detail is the word of its hold; others are the core's own sentences. */
    if (is(review->kind, "lane_held")) {
        html(c->h, "<span>%t %l: %t</span>", TEXT_LANE, review->lane, words_hold(review->detail));
    } else {
        html(c->h, "<span>%s</span>", review->detail);
    }
    html(c->h, " <time>%d</time></div>", review->opened_ms);
    bool suspense = is(review->kind, "bank_unmatched") || is(review->kind, "bank_two_codes") ||
                    is(review->kind, "bank_wrong_account") || is(review->kind, "bank_reversal");
    if (suspense) { /* two persons, on a page of its own */
        html(c->h, "<a href=\"/operator/money\">%t</a></li>", TEXT_MONEY_PROPOSE);
    } else {
        html(c->h,
             "<form class=\"review\" data-review=\"%l\"><button>%t</button><output></output>"
             "</form></li>",
             review->id, TEXT_REVIEW_DONE);
    }
    c->written++;
}

static void write_quarantine(void *context, const struct quarantine_row *row)
{
    struct console *c = context;
    html(c->h,
         "<li data-key=\"quarantine-%l\"><span class=\"id\">%s</span><br><span>%s</span> "
         "<time>%d</time></li>",
         row->id, row->source, row->reason, row->received_ms);
    c->written++;
}

/* "and 12 more" when a list is longer than what is shown; a sentence when it is empty. */
static void write_rest(struct console *c, int64_t count, enum text none)
{
    char space[64];
    struct out out;
    if (count == 0) {
        html(c->h, "</ul><p class=\"empty\">%t</p></section>", none);
        return;
    }
    html(c->h, "</ul>");
    if (count > c->written) {
        out_init(&out, space, sizeof space);
        words_number(&out, TEXT_MORE, count - c->written, c->h->language);
        html(c->h, "<p class=\"empty\">%S</p>", out_str(&out));
    }
    html(c->h, "</section>");
}

static void write_tile(struct html *h, enum text label, const char *style, int64_t value,
                       int64_t of)
{
    html(h, "<div class=\"tile %s\"><span>%t</span><strong>%l", style, label, value);
    if (of >= 0) {
        html(h, "<small> / %l</small>", of);
    }
    html(h, "</strong></div>");
}

static int count_waiting(struct db *db, int64_t *ret_reviews, int64_t *ret_quarantine)
{
    int error =
        db_query_i64(db, 0, ret_reviews, "SELECT count(*) FROM review WHERE closed_ms IS NULL", "");
    return error ? error
                 : db_query_i64(db, 0, ret_quarantine, "SELECT count(*) FROM quarantine", "");
}

static int write_lists(struct console *c, struct db *db)
{
    int64_t count = 0;
    html(c->h, "<aside class=\"side\"><section class=\"panel\"><h2>%t</h2><ul class=\"events\">",
         TEXT_EVENTS);
    c->written = 0;
    int error = query_events(db, "", CONSOLE_EVENTS, write_event, c);
    if (error) {
        return error;
    }
    html(c->h, "</ul>");
    if (c->written == 0) {
        html(c->h, "<p class=\"empty\">%t</p>", TEXT_NO_EVENTS);
    }
    html(c->h, "</section><section class=\"panel\"><h2>%t</h2><ul class=\"list\">", TEXT_REVIEWS);
    c->written = 0;
    error = query_reviews(db, CONSOLE_REVIEWS, write_review, c, &count);
    if (error) {
        return error;
    }
    write_rest(c, count, TEXT_NO_REVIEWS);
    html(c->h, "<section class=\"panel\"><h2>%t</h2><ul class=\"list\">", TEXT_QUARANTINE);
    c->written = 0;
    error = query_quarantine(db, CONSOLE_QUARANTINE, write_quarantine, c, &count);
    if (error) {
        return error;
    }
    write_rest(c, count, TEXT_NO_QUARANTINE);
    html(c->h, "</aside>");
    return 0;
}

int page_operator_part(struct html *h, struct db *db, wall_t now)
{
    struct console c = {.h = h, .now = now};
    int64_t reviews = 0;
    int64_t quarantine = 0;
    int error = query_gates(db, "", CONSOLE_GATES_MAX, count_gate, &c);
    error = error ? error : count_waiting(db, &reviews, &quarantine);
    if (error) {
        return error;
    }
    html(h,
         "<div class=\"console\" data-now=\"%l\"><p class=\"hint\">"
         "<a href=\"/office\">%t</a> · <a href=\"/operator/shifts\">%t</a> · "
         "<a href=\"/operator/passes\">%t</a></p>"
         "<div class=\"tiles\">",
         now.ms, TEXT_OFFICE_TITLE, TEXT_SHIFTS_TITLE, TEXT_PASSES_TITLE);
    write_tile(h, TEXT_GATES_ONLINE, c.online < c.gates ? "bad" : "good", c.online, c.gates);
    write_tile(h, TEXT_LANES_HELD, c.held ? "bad" : "good", c.held, -1);
    write_tile(h, TEXT_LANES_WAITING, "plain", c.waiting, -1);
    write_tile(h, TEXT_OPEN_REVIEWS, reviews ? "warn" : "good", reviews, -1);
    write_tile(h, TEXT_QUARANTINED, quarantine ? "warn" : "good", quarantine, -1);
    html(h, "</div><p><a href=\"/operator/money\">%t</a></p>", TEXT_MONEY_TITLE);
    html(h, "<div class=\"columns\"><div class=\"gates\">");
    error = query_gates(db, "", CONSOLE_GATES_MAX, write_gate, &c);
    if (error) {
        return error;
    }
    if (c.gates == 0) {
        html(h, "<p class=\"empty\">%t</p>", TEXT_NO_GATES);
    }
    html(h, "</div>");
    error = write_lists(&c, db);
    html(h, "</div></div>");
    return error;
}
