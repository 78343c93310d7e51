/* /api/state: everything live, as the role of the login may see it. */
#include "gate/console/desk_parts.h"

static void write_lines(struct out *out, const struct lane_display *display)
{
    for (int language = DISPLAY_VI; language <= DISPLAY_EN; language++) {
        json_array(out, language == DISPLAY_VI ? "vi" : "en");
        for (int line = 0; line < 2; line++) {
            char text[DISPLAY_LINE_CAP];
            display_line(display, (enum display_language)language, line, text, sizeof text);
            json_c(out, NULL, text);
        }
        json_array_end(out);
    }
}

static const char *const sources[SOURCE_COUNT] = {
#define X(name, word, sentence) [SOURCE_##name] = (word),
    SUBJECT_SOURCES(X)
#undef X
};

/* What names the vehicle; nothing of a card but its last digits. */
static void write_subject(struct out *out, const struct subject *subject)
{
    char shown[PLATE_RAW_CAP];
    struct plate plate;
    struct plate_hint hint = {.vehicle = subject->vehicle};
    str_copy_cut(shown, sizeof shown, str_c(subject->kind == SUBJECT_CARD ? "" : subject->key));
    if (subject->kind == SUBJECT_PLATE &&
        plate_parse(str_c(subject->key), &hint, &plate, NULL) == 0) {
        str_copy_cut(shown, sizeof shown, str_c(plate.display));
    }
    json_c(out, "kind", subject_kind_text(subject->kind));
    json_c(out, "plate", shown);
    json_c(out, "raw", subject->raw);
    json_c(out, "last4", subject->last4);
    json_c(out, "vehicle", vehicle_text(subject->vehicle));
    json_c(out, "source", sources[subject->source]);
    json_i64(out, "confidence", subject->confidence);
}

/* The photo of the visit, and the one of the entry beside it when the stay is known here. */
static void write_pictures(struct desk_visit *visit, const struct desk_lane *lane, bool has_stay,
                           const struct desk_stay *stay)
{
    struct desk_book *book = &visit->desk->book;
    char name[DESK_PICTURE_CAP];
    desk_book_picture_last(book, lane->lane, name);
    json_c(&visit->out, "picture", name);
    if (has_stay && lane->exit && stay->lane > 0) {
        desk_book_picture_near(book, stay->lane, stay->arrived, name);
        json_c(&visit->out, "picture_in", name);
    }
}

static void write_visit(struct desk_visit *visit, const struct desk_lane *lane)
{
    struct out *out = &visit->out;
    const struct lane_display *d = &lane->display;
    const struct subject *subject =
        lane->subject.kind != SUBJECT_NONE || lane->subject.raw[0] ? &lane->subject : &d->subject;
    struct desk_stay stay;
    bool has_stay =
        lane->session[0] && desk_book_stay(&visit->desk->book, lane->session, &stay) == 0;
    write_subject(out, subject);
    json_c(out, "session", lane->session);
    json_i64(out, "amount_vnd", d->amount_vnd);
    json_i64(out, "fee_vnd", d->fee_vnd);
    json_c(out, "paycode", d->paycode);
    json_bool(out, "qr", d->kind == DISPLAY_PAY && d->payload[0]);
    json_i64(out, "valid_until_ms", d->valid_until.ms);
    json_c(out, "permit", d->kind == DISPLAY_GO ? permit_text(d->permit) : "");
    int64_t entered = d->entered.ms ? d->entered.ms : has_stay ? stay.entered.ms : 0;
    json_i64(out, "entered_ms", entered);
    json_i64(out, "amendments", has_stay ? stay.amendments : 0);
    write_pictures(visit, lane, has_stay, &stay);
}

static void write_inputs(struct out *out, const struct desk_lane *lane)
{
    json_array(out, "inputs");
    for (int i = 0; i < INPUT_ROLE_COUNT; i++) {
        if (lane->inputs & 1u << i) {
            json_object(out, NULL);
            json_c(out, "role", input_role_text((enum input_role)i));
            json_c(out, "level", level_text(lane->input[i]));
            json_object_end(out);
        }
    }
    json_array_end(out);
    json_array(out, "outputs");
    for (int i = 0; i < OUTPUT_ROLE_COUNT; i++) {
        if (lane->outputs & 1u << i) {
            json_c(out, NULL, output_role_text((enum output_role)i));
        }
    }
    json_array_end(out);
    json_bool(out, "blocked", desk_lane_is_blocked(lane));
}

static void write_acts(struct desk_visit *visit, const struct desk_lane *lane)
{
    json_array(&visit->out, "acts");
    for (int i = 0; i < DESK_ACT_COUNT; i++) {
        enum desk_act act = (enum desk_act)i;
        if (desk_act_needs_lane(act) && desk_act_is_for(act, visit->login.who.role) &&
            desk_act_makes_sense(act, lane)) {
            json_c(&visit->out, NULL, desk_act_text(act));
        }
    }
    json_array_end(&visit->out);
}

static void write_lane(struct desk_visit *visit, int i)
{
    struct out *out = &visit->out;
    struct desk_lane lane;
    struct desk *desk = visit->desk;
    bool sees_plates = visit->login.who.role != DESK_ROLE_TECHNICIAN;
    (void)desk_get_lane(desk, desk->lane[i].lane, &lane);
    json_object(out, NULL);
    json_i64(out, "lane", lane.lane);
    json_c(out, "name", desk->config.lane[i].name);
    json_bool(out, "exit", lane.exit);
    json_c(out, "state", lane_state_text(lane.state));
    json_c(out, "barrier", lane.barrier);
    json_c(out, "mode", lane.mode[0] ? lane.mode : "automatic");
    json_bool(out, "reachable", lane.reachable);
    json_c(out, "hold", lane.held ? hold_text(lane.hold) : "");
    json_c(out, "display", display_kind_text(lane.display.kind));
    write_lines(out, &lane.display);
    json_bool(out, "card", desk->card[i].read);
    if (sees_plates) {
        write_visit(visit, &lane);
    }
    write_inputs(out, &lane);
    write_acts(visit, &lane);
    json_object_end(out);
}

/* A journal that was damaged, or is an old copy, and nobody has looked at it since. */
static void write_trouble(struct desk_visit *visit)
{
    struct db_row row;
    int error = db_query(visit->desk->book.db, &row,
                         "SELECT code, raised_ms FROM alarm WHERE cleared_ms = 0 AND"
                         " code IN ('journal.damaged', 'journal.behind') ORDER BY raised_ms",
                         "");
    json_array(&visit->out, "trouble");
    while (!error && db_next(&row)) {
        json_object(&visit->out, NULL);
        json_str(&visit->out, "code", db_text(&row, 0));
        json_i64(&visit->out, "at_ms", db_i64(&row, 1));
        json_object_end(&visit->out);
    }
    json_array_end(&visit->out);
    (void)!db_done(&row);
}

void desk_write_line(struct desk_visit *visit)
{
    struct desk *desk = visit->desk;
    struct out *out = &visit->out;
    pthread_mutex_lock(&desk->snap);
    json_object(out, "line");
    json_bool(out, "online", desk->line.online);
    json_i64(out, "since_ms", desk->line_since.ms);
    json_i64(out, "waiting", desk->line.waiting);
    json_bool(out, "journal", desk->line.journal_ok);
    json_i64(out, "journal_since_ms", desk->journal_since.ms);
    json_bool(out, "disk_full", desk->line.disk_full);
    json_i64(out, "unstored", desk->line.unstored);
    pthread_mutex_unlock(&desk->snap);
    write_trouble(visit);
    json_object_end(out);
}

/* As of now while the line is up and nothing much waits; else as of the newest part. */
void desk_write_lot(struct desk_visit *visit)
{
    enum { ON_THE_WAY = 20 }; /* records of the moment: as gate/core believes the list */
    struct desk *desk = visit->desk;
    struct desk_news news = {false, {0}};
    pthread_mutex_lock(&desk->snap);
    bool current = desk->line.online && desk->line.waiting <= ON_THE_WAY;
    pthread_mutex_unlock(&desk->snap);
    (void)!desk_lot_news(&desk->book, &news);
    json_object(&visit->out, "lot");
    json_bool(&visit->out, "known", news.known);
    json_bool(&visit->out, "current", current);
    json_i64(&visit->out, "at_ms", news.at.ms);
    json_object_end(&visit->out);
}

/* Of the whole lot; counted anew when something came of it or of this gate's journal. */
static void write_occupancy(struct desk_visit *visit)
{
    struct desk *desk = visit->desk;
    struct desk_told told = desk_told(desk);
    struct desk_counted now = {desk->book.generation, desk->book.seq, told.seq,
                               desk->book.lot_changes, true};
    if (memcmp(&now, &desk->counted, sizeof now) != 0 &&
        desk_lot_count(&desk->book, &told, desk->inside) == 0) {
        desk->counted = now;
    }
    json_array(&visit->out, "occupancy");
    for (int vehicle = VEHICLE_UNKNOWN + 1; vehicle < VEHICLE_COUNT; vehicle++) {
        json_object(&visit->out, NULL);
        json_c(&visit->out, "vehicle", vehicle_text((enum vehicle)vehicle));
        json_i64(&visit->out, "count", desk->inside[vehicle]);
        json_object_end(&visit->out);
    }
    json_array_end(&visit->out);
    desk_write_lot(visit);
}

static void write_alarm_counts(struct desk_visit *visit)
{
    int64_t open = 0;
    int64_t unseen = 0;
    struct db *db = visit->desk->book.db;
    if (db_query_i64(db, 0, &open, "SELECT count(*) FROM alarm WHERE cleared_ms = 0", "") == 0 &&
        db_query_i64(db, 0, &unseen, "SELECT count(*) FROM alarm WHERE acked_ms = 0", "") == 0) {
        json_i64(&visit->out, "alarms", open);
        json_i64(&visit->out, "alarms_unseen", unseen);
    }
}

/* The drawer is counted blind: what it should hold is not in here. */
static void write_shift(struct desk_visit *visit)
{
    struct desk_shift shift;
    if (desk_book_shift_of(&visit->desk->book, visit->login.who.name, &shift)) {
        json_null(&visit->out, "shift");
        return;
    }
    json_object(&visit->out, "shift");
    json_c(&visit->out, "id", shift.id);
    json_i64(&visit->out, "opened_ms", shift.opened.ms);
    json_i64(&visit->out, "float_vnd", shift.float_vnd);
    json_object_end(&visit->out);
}

static void write_own_acts(struct desk_visit *visit)
{
    json_array(&visit->out, "acts");
    for (int i = 0; i < DESK_ACT_COUNT; i++) {
        enum desk_act act = (enum desk_act)i;
        if (!desk_act_needs_lane(act) && desk_act_is_for(act, visit->login.who.role)) {
            json_c(&visit->out, NULL, desk_act_text(act));
        }
    }
    json_array_end(&visit->out);
}

void desk_answer_state(struct desk_visit *visit)
{
    struct desk *desk = visit->desk;
    struct out *out = &visit->out;
    int count = 0;
    if (desk_book_catch_up(&desk->book, &count)) {
        desk_answer_error(visit, 503, "database");
        return;
    }
    json_object(out, NULL);
    desk_write_me(out, &visit->login);
    json_c(out, "gate", desk->config.gate);
    json_c(out, "title", desk->config.title);
    json_c(out, "version", DOXE_VERSION);
    json_i64(out, "now_ms", visit->now.ms);
    json_i64(out, "lock_ms", desk->config.lock_ms);
    json_i64(out, "debt_limit_vnd", desk->config.debt_limit_vnd);
    desk_write_line(visit);
    write_alarm_counts(visit);
    write_shift(visit);
    write_own_acts(visit);
    write_occupancy(visit);
    json_array(out, "lanes");
    for (int i = 0; i < desk->config.lane_count; i++) {
        write_lane(visit, i);
    }
    json_array_end(out);
    json_object_end(out);
    desk_answer(visit, 200);
}
