/* Looking things up: stays, suggestions, pictures, codes.  A look-up is recorded, too. */
#include "gate/console/desk_keep.h"
#include "gate/console/desk_lot.h"
#include "gate/console/desk_parts.h"
#include "proto/io/qr.h"

#include <stdio.h>
#include <unistd.h>

enum { SUGGEST_MAX = 8, PICTURE_BYTES_MAX = 16 * 1024 * 1024, PART_MIN = 2 };

static void write_stay(struct desk_visit *visit, const struct desk_stay *stay)
{
    struct out *out = &visit->out;
    char picture[DESK_PICTURE_CAP] = "";
    char shown[PLATE_RAW_CAP];
    struct plate plate;
    struct plate_hint hint = {.vehicle = stay->subject.vehicle};
    bool is_card = stay->subject.kind == SUBJECT_CARD;
    str_copy_cut(shown, sizeof shown, str_c(is_card ? "" : stay->subject.key));
    if (stay->subject.kind == SUBJECT_PLATE &&
        plate_parse(str_c(stay->subject.key), &hint, &plate, NULL) == 0) {
        str_copy_cut(shown, sizeof shown, str_c(plate.display));
    }
    if (stay->lane > 0) {
        desk_book_picture_near(&visit->desk->book, stay->lane, stay->arrived, picture);
    }
    json_c(out, "session", stay->session);
    json_c(out, "kind", subject_kind_text(stay->subject.kind));
    json_c(out, "plate", shown);
    json_c(out, "raw", stay->subject.raw);
    json_c(out, "last4", stay->subject.last4);
    json_c(out, "vehicle", vehicle_text(stay->subject.vehicle));
    json_i64(out, "lane", stay->lane);
    json_i64(out, "entered_ms", stay->entered.ms ? stay->entered.ms : stay->arrived.ms);
    json_i64(out, "left_ms", stay->left.ms);
    json_bool(out, "inside", stay->inside);
    json_bool(out, "elsewhere", stay->elsewhere);
    json_i64(out, "amendments", stay->amendments);
    json_c(out, "picture", picture);
}

/* Letters and digits in upper case: "30f-123" finds 30F12345. */
static bool plain_part(struct str part, char out[PLATE_RAW_CAP])
{
    size_t n = 0;
    for (size_t i = 0; i < part.n && n + 1 < PLATE_RAW_CAP; i++) {
        char c = ascii_upper(part.p[i]);
        if (ascii_is_digit(c) || ascii_is_alpha(c)) {
            out[n++] = c;
        }
    }
    out[n] = '\0';
    return n >= PART_MIN;
}

void desk_answer_find(struct desk_visit *visit)
{
    struct desk *desk = visit->desk;
    struct jdoc *body = NULL;
    struct str given;
    char part[PLATE_RAW_CAP];
    char text[MSG_TEXT_CAP];
    bool ended = false;
    if (jdoc_read(visit->request->body, &body, NULL) || jdoc_get_str(body, "part", &given) ||
        !plain_part(given, part)) {
        jdoc_release(body);
        desk_answer_error(visit, 400, "part");
        return;
    }
    if (jdoc_get_bool(body, "ended", &ended)) {
        ended = false;
    }
    jdoc_release(body);
    struct desk_told told = desk_told(desk);
    int count = desk_lot_find(&desk->book, &told, part, ended, desk->found, DESK_FOUND_MAX);
    snprintf(text, sizeof text, "%s: %d", part, count);
    if (desk_record(visit, 0, "", "lookup", text)) {
        desk_answer_error(visit, 503, "not_recorded");
        return;
    }
    json_object(&visit->out, NULL);
    json_array(&visit->out, "stays");
    for (int i = 0; i < count; i++) {
        json_object(&visit->out, NULL);
        write_stay(visit, &desk->found[i]);
        json_object_end(&visit->out);
    }
    json_array_end(&visit->out);
    desk_write_lot(visit);
    json_object_end(&visit->out);
    desk_answer(visit, 200);
}

/* ---- suggestions ---- */

static void suggest_stays(struct desk_visit *visit, const char *canonical)
{
    struct desk *desk = visit->desk;
    int distance[SUGGEST_MAX];
    struct desk_told told = desk_told(desk);
    int count = canonical[0] ? desk_lot_nearest(&desk->book, &told, canonical, desk->found,
                                                distance, SUGGEST_MAX)
                             : 0;
    json_array(&visit->out, "stays");
    for (int i = 0; i < count; i++) {
        json_object(&visit->out, NULL);
        write_stay(visit, &desk->found[i]);
        json_i64(&visit->out, "distance", distance[i]);
        json_object_end(&visit->out);
    }
    json_array_end(&visit->out);
}

/* What a text that fits no form may have been, and which open stays are near to it. */
void desk_answer_suggest(struct desk_visit *visit)
{
    struct jdoc *body = NULL;
    struct str given;
    struct plate plate;
    char raw[PLATE_RAW_CAP];
    char form[SUGGEST_MAX][PLATE_CANONICAL_CAP];
    char canonical[PLATE_CANONICAL_CAP] = "";
    if (jdoc_read(visit->request->body, &body, NULL) || jdoc_get_str(body, "plate", &given) ||
        str_copy(raw, sizeof raw, given)) {
        jdoc_release(body);
        desk_answer_error(visit, 400, "plate");
        return;
    }
    jdoc_release(body);
    bool good = plate_parse(str_c(raw), NULL, &plate, NULL) == 0;
    int count = good ? 0 : plate_suggest(str_c(raw), NULL, form, SUGGEST_MAX);
    char part[PLATE_RAW_CAP];
    if (good) {
        memcpy(canonical, plate.canonical, sizeof canonical);
    } else if (plain_part(str_c(raw), part)) {
        str_copy_cut(canonical, sizeof canonical, str_c(part));
    }
    json_object(&visit->out, NULL);
    json_bool(&visit->out, "good", good);
    json_bool(&visit->out, "ambiguous", good && plate.kind == PLATE_AMBIGUOUS);
    json_c(&visit->out, "shown", good ? plate.display : "");
    json_c(&visit->out, "vehicle", good ? vehicle_text(plate.vehicle) : "unknown");
    json_array(&visit->out, "forms");
    for (int i = 0; i < count; i++) {
        json_c(&visit->out, NULL, form[i]);
    }
    json_array_end(&visit->out);
    suggest_stays(visit, canonical);
    json_object_end(&visit->out);
    desk_answer(visit, 200);
}

/* ---- one stay with its history ---- */

static void write_history(struct desk_visit *visit, const char *session)
{
    struct out *out = &visit->out;
    struct db_row row;
    int error = db_query(visit->desk->book.db, &row,
                         "SELECT at_ms, by, text, was, became FROM amend WHERE session = ?1"
                         " ORDER BY at_ms LIMIT 50",
                         "t", session);
    json_array(out, "history");
    while (!error && db_next(&row)) {
        json_object(out, NULL);
        json_i64(out, "at_ms", db_i64(&row, 0));
        json_str(out, "by", db_text(&row, 1));
        json_str(out, "text", db_text(&row, 2));
        json_str(out, "was", db_text(&row, 3));
        json_str(out, "became", db_text(&row, 4));
        json_object_end(out);
    }
    json_array_end(out);
    (void)!db_done(&row);
}

void desk_answer_stay(struct desk_visit *visit)
{
    struct desk_stay stay;
    char session[ULID_CAP];
    if (!ulid_is_valid(visit->segment) || str_copy(session, sizeof session, visit->segment) ||
        desk_stay_anywhere(&visit->desk->book, session, &stay)) {
        desk_answer_error(visit, 404, "not_found");
        return;
    }
    if (desk_record(visit, 0, session, "lookup", "stay")) {
        desk_answer_error(visit, 503, "not_recorded");
        return;
    }
    json_object(&visit->out, NULL);
    write_stay(visit, &stay);
    write_history(visit, session);
    json_object_end(&visit->out);
    desk_answer(visit, 200);
}

/* ---- pictures and codes ---- */

void desk_answer_picture(struct desk_visit *visit)
{
    char path[512];
    if (!desk_picture_is_named(visit->segment)) {
        desk_answer_error(visit, 404, "not_found");
        return;
    }
    snprintf(path, sizeof path, "%s/%.*s", visit->desk->config.pictures, (int)visit->segment.n,
             visit->segment.p);
    bool there = access(path, R_OK) == 0;
    snprintf(path, sizeof path, "%s/kept", visit->desk->config.pictures);
    http_answer_header(visit->response, "Cache-Control", "private, max-age=600");
    http_answer_file(visit->response, visit->request, there ? visit->desk->config.pictures : path,
                     visit->segment);
}

static void answer_svg(struct desk_visit *visit, struct str text)
{
    static char svg[QR_SVG_CAP];
    size_t n = 0;
    if (qr_svg(text, QR_QUIET, svg, sizeof svg, &n)) {
        desk_answer_error(visit, 404, "not_found");
        return;
    }
    http_answer(visit->response, 200, "image/svg+xml", (struct str){svg, n});
}

/* The same code that the lane's screen shows. */
void desk_answer_qr(struct desk_visit *visit)
{
    struct desk_lane lane;
    int64_t number = 0;
    if (str_parse_i64(visit->segment, 1, MSG_LANES_MAX, &number) ||
        !desk_get_lane(visit->desk, number, &lane) || !lane.display.payload[0]) {
        desk_answer_error(visit, 404, "not_found");
        return;
    }
    answer_svg(visit, str_c(lane.display.payload));
}

/* A slip's code as a picture, for the page that prints it. */
void desk_answer_slip(struct desk_visit *visit)
{
    for (size_t i = 0; i < visit->segment.n; i++) {
        char c = visit->segment.p[i];
        if (!(ascii_is_digit(c) || (c >= 'A' && c <= 'Z') || c == '-') || visit->segment.n > 40) {
            desk_answer_error(visit, 404, "not_found");
            return;
        }
    }
    answer_svg(visit, visit->segment);
}

/* The last four digits of the card that was held to a lane's scanner for the console. */
void desk_answer_card(struct desk_visit *visit)
{
    struct desk *desk = visit->desk;
    int64_t number = 0;
    int i = -1;
    if (str_parse_i64(visit->segment, 1, MSG_LANES_MAX, &number) == 0) {
        i = desk_lane_index(desk, number);
    }
    if (i < 0) {
        desk_answer_error(visit, 404, "no_lane");
        return;
    }
    pthread_mutex_lock(&desk->snap);
    struct desk_card card = desk->card[i];
    pthread_mutex_unlock(&desk->snap);
    json_object(&visit->out, NULL);
    json_bool(&visit->out, "read", card.read);
    json_bool(&visit->out, "waiting", card.until.ms && !mono_reached(visit->mono, card.until));
    json_c(&visit->out, "last4", card.last4);
    json_object_end(&visit->out);
    desk_answer(visit, 200);
}
