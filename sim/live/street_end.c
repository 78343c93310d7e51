#include "proto/base/out.h"
#include "proto/io/log.h"
#include "proto/money.h"
#include "sim/live/street_parts.h"

enum { PAGE_SESSIONS = 500, TRUTH_CAP = 4096, AGAIN_MS = 1000 };

/* ---- the truth book ---- */

static void write_transfers(const struct street *street, int visit, struct out *out)
{
    json_array(out, "transfers");
    for (int i = 0; i < street->bank.count; i++) {
        const struct transfer *transfer = &street->transfers[i];
        if (transfer->visit != visit || wall_diff(transfer->booked, street->started_wall) < -1000) {
            continue;
        }
        json_object(out, NULL);
        json_i64(out, "id", transfer->id);
        json_c(out, "ref", transfer->ref);
        json_i64(out, "amount_vnd", transfer->amount_vnd);
        json_bool(out, "coded", transfer->coded);
        json_i64(out, "booked_ms", transfer->booked.ms);
        json_object_end(out);
    }
    json_array_end(out);
}

void street_write_truth(struct street *street, int index)
{
    char line[TRUTH_CAP];
    struct out out;
    const struct visit *visit = &street->visits[index];
    if (!street->truth) {
        return;
    }
    out_init(&out, line, sizeof line);
    json_object(&out, NULL);
    json_i64(&out, "visit", visit->person.number);
    json_c(&out, "plate", visit->person.plate);
    json_c(&out, "key", visit->person.key);
    json_c(&out, "vehicle", vehicle_text(visit->person.vehicle));
    json_bool(&out, "plate_readable", !visit->person.dirty);
    json_bool(&out, "card", visit->person.has_card);
    json_c(&out, "habit", habit_text(visit->person.habit));
    json_c(&out, "state", visit_state_text(visit->state));
    json_i64(&out, "entered_ms", visit->entered.ms);
    json_i64(&out, "left_ms", visit->left.ms);
    if (visit->fee_vnd >= 0) {
        json_i64(&out, "fee_shown_vnd", visit->fee_vnd);
    } else {
        json_null(&out, "fee_shown_vnd");
    }
    json_i64(&out, "paid_vnd", visit->coded_vnd);
    json_i64(&out, "paid_without_code_vnd", visit->own_words_vnd);
    json_c(&out, "code", visit->code);
    json_i64(&out, "turned_back", visit->turned_back);
    json_i64(&out, "helped", visit->helped);
    json_bool(&out, "hand_opened", visit->hand_opened);
    write_transfers(street, index, &out);
    json_object_end(&out);
    if (out_failed(&out)) {
        log_error("truth.too_long", "visit=%d", visit->person.number);
        return;
    }
    fprintf(street->truth, "%s\n", line);
    fflush(street->truth);
}

/* ---- the summary ---- */

static void row(const struct street *street, enum word word, int64_t number)
{
    printf("  %7lld  %s\n", (long long)number, word_text(word, street->options.language));
}

static void money_row(const struct street *street, enum word word, int64_t vnd)
{
    char text[MONEY_TEXT_CAP];
    word_money(vnd, street->options.language, text);
    printf("  %18s  %s\n", text, word_text(word, street->options.language));
}

static void print_street(const struct street *street, const struct audit_report *report)
{
    printf("\n%s\n", word_text(WORD_SUMMARY, street->options.language));
    row(street, WORD_VISITS, report->visits + street->world.forgotten);
    row(street, WORD_LEFT, street->world.left);
    row(street, WORD_GONE, street->world.gone);
    row(street, WORD_PRESENT, report->present);
    row(street, WORD_TURNED_AWAY, street->world.turned_away);
    row(street, WORD_HELPED, report->helped);
    row(street, WORD_BY_HAND, report->by_hand);
    row(street, WORD_TRANSFERS, street->bank.count);
    row(street, WORD_REPEATS, street->bank.retries + street->bank.repeats);
    money_row(street, WORD_MOVED, street->bank.total_vnd);
    money_row(street, WORD_OWN_WORDS, report->own_words_vnd);
}

static void print_server(const struct street *street, const struct audit_report *report)
{
    const struct audit_totals *before = &street->audit.before;
    const struct audit_totals *after = &street->audit.after;
    row(street, WORD_MATCHED, report->matched);
    row(street, WORD_FREE, report->free_visits);
    if (report->unknowable) {
        row(street, WORD_UNKNOWABLE, report->unknowable);
    }
    money_row(street, WORD_FEES, report->fees_vnd);
    money_row(street, WORD_PAID, report->paid_vnd);
    money_row(street, WORD_CREDITS, after->credit_vnd - before->credit_vnd);
    money_row(street, WORD_TRIAL, after->trial_balance_vnd);
    row(street, WORD_REVIEWS, after->open_reviews - before->open_reviews);
}

static void print_disagreements(const struct street *street, const struct audit_report *report)
{
    enum language language = street->options.language;
    if (report->disagreements == 0) {
        printf("\n%s\n", word_text(WORD_AGREES, language));
        return;
    }
    printf("\n%s: %d\n", word_text(WORD_DISAGREE, language), report->disagreements);
    for (int i = 0; i < report->lines; i++) {
        printf("  - %s\n", report->line[i]);
    }
    if (report->disagreements > report->lines) {
        printf("  %s\n", word_text(WORD_MORE, language));
    }
}

/* ---- reading the server's books ---- */

static void finish(struct street *street, bool compared)
{
    static struct audit_report report;
    if (compared) {
        audit_run(&street->audit, &report);
    } else {
        audit_street(&street->audit, &report);
    }
    print_street(street, &report);
    if (compared) {
        print_server(street, &report);
    } else {
        printf("\n%s\n", word_text(street->options.login[0] ? WORD_NO_ANSWER : WORD_NOT_COMPARED,
                                   street->options.language));
        report.disagreements += street->options.login[0] != '\0';
    }
    print_disagreements(street, &report);
    street->status = report.disagreements ? 1 : 0;
    street->phase = PHASE_DONE;
}

static void ask_sessions(struct street *street, const char *cursor)
{
    char path[160];
    snprintf(path, sizeof path, "/api/v1/sessions?since_ms=%lld&limit=%d%s%s",
             (long long)(street->started_wall.ms - 1000), (int)PAGE_SESSIONS,
             cursor[0] ? "&after=" : "", cursor);
    street->collecting = true;
    street_get(street, TAG_SESSIONS, 0, path);
}

static void try_again(struct street *street)
{
    street->collecting = false;
    street->try_at = mono_add(street->now, AGAIN_MS);
}

/* The last sums are in: is it all settled, or should he look again in a second? */
static void compare(struct street *street)
{
    static struct audit_report report;
    street->audit.tolerance_ms =
        5000 + 2 * street->down_ms +
        street_faults_silence_ms(street); /* a passage in it is told after it */
    audit_run(&street->audit, &report);
    if (report.disagreements && street->tries < STREET_TRIES_MAX) {
        log_info("audit.again", "try=%d disagreements=%d first=\"%s\"", street->tries,
                 report.disagreements, report.lines ? report.line[0] : "");
        try_again(street);
        return;
    }
    finish(street, true);
}

static void collected_sessions(struct street *street, const struct http_answer *answer)
{
    char cursor[BOOK_CURSOR_CAP];
    struct str body = {answer->body, answer->size};
    int before = street->audit.session_count;
    int error = book_read_sessions(body, street->sessions, AUDIT_SESSIONS_MAX,
                                   &street->audit.session_count, cursor);
    if (error) {
        log_warn("audit.sessions", "error=%s", dx_error_name(error));
        try_again(street);
    } else if (cursor[0] && street->audit.session_count > before) {
        ask_sessions(street, cursor);
    } else {
        street_get(street, TAG_TOTALS, 0, "/api/v1/audit");
    }
}

void street_collected(struct street *street, enum street_tag tag, const struct http_answer *answer)
{
    if (street->phase != PHASE_COLLECTING) {
        return;
    }
    if (answer->status != 200) {
        try_again(street);
    } else if (tag == TAG_SESSIONS) {
        collected_sessions(street, answer);
    } else if (book_read_totals((struct str){answer->body, answer->size}, &street->audit.after) !=
               0) {
        log_warn("audit.totals", "form=unknown");
        try_again(street);
    } else {
        compare(street);
    }
}

static void collect(struct street *street)
{
    if (street->collecting || !mono_reached(street->now, street->try_at)) {
        return;
    }
    if (street->tries++ >= STREET_TRIES_MAX) {
        finish(street, false);
        return;
    }
    street->audit.session_count = 0;
    ask_sessions(street, "");
}

/* ---- the end of --for ---- */

static bool all_is_over(const struct street *street)
{
    return street->said_last && world_present(&street->world) == 0 && street->bank.open == 0;
}

/*
 * The exit lets one out at a time, and each has to read and pay: about half a minute in
 * life, and what devices need at least.  Who comes now must still have time for that.
 */
static void stop_arrivals(struct street *street)
{
    int64_t each_ms = 28000 / street->options.speed + 1800;
    int64_t for_ms = (int64_t)street->options.for_s * 1000;
    int64_t left_ms = for_ms - mono_diff(street->now, street->started) - AGAIN_MS;
    int64_t needed_ms = (world_present(&street->world) + 1) * each_ms;
    if (street->said_last || (left_ms > for_ms / 5 && left_ms > needed_ms)) {
        return;
    }
    street->said_last = true;
    world_close(&street->world, mono_add(street->now, needed_ms * 7 / 10));
    street_say(street, "%s", word_text(WORD_LAST_ARRIVAL, street->options.language));
}

void street_watch_end(struct street *street)
{
    if (street->phase == PHASE_COLLECTING) {
        collect(street);
        return;
    }
    if (street->phase != PHASE_RUNNING || street->options.for_s == 0) {
        return;
    }
    stop_arrivals(street);
    mono_t latest =
        mono_add(street->started, (int64_t)street->options.for_s * 1000 + STREET_GRACE_MS);
    if (!all_is_over(street) && !mono_reached(street->now, latest)) {
        return;
    }
    if (!street->options.login[0]) {
        finish(street, false);
        return;
    }
    street->phase = PHASE_COLLECTING;
    street->try_at = mono_add(street->now, AGAIN_MS);
}

void street_goodbye(struct street *street)
{
    static struct audit_report report;
    if (street->phase == PHASE_DONE) {
        return;
    }
    audit_street(&street->audit, &report);
    print_street(street, &report);
    printf("\n%s\n", word_text(WORD_GOODBYE, street->options.language));
}
