#include "gate/io/lane_display.h"

/* The plate as it was read, line break as a blank; "" when there is none. */
static void plate_text(const struct subject *subject, char out[PLATE_RAW_CAP])
{
    out[0] = '\0';
    if (subject->kind != SUBJECT_PLATE) {
        return;
    }
    str_copy_cut(out, PLATE_RAW_CAP, str_c(subject->raw[0] ? subject->raw : subject->key));
    for (char *p = out; *p; p++) {
        *p = *p == '\n' || *p == '\r' ? ' ' : *p;
    }
}

static void put_lines(struct out *out, const struct lane_display *display,
                      enum display_language language)
{
    char line[DISPLAY_LINE_CAP];
    json_array(out, language == DISPLAY_VI ? "vi" : "en");
    for (int i = 0; i < DISPLAY_LINES; i++) {
        display_line(display, language, i, line, sizeof line);
        json_c(out, NULL, line);
    }
    json_array_end(out);
}

void lane_display_json(struct out *out, int lane, const struct lane_display *display)
{
    char plate[PLATE_RAW_CAP];
    bool help = display->kind == DISPLAY_HELP;
    bool go = display->kind == DISPLAY_GO;
    plate_text(&display->subject, plate);
    json_object(out, NULL);
    json_i64(out, "lane", lane);
    json_c(out, "direction", display->exit ? "exit" : "entry");
    json_c(out, "state", display_kind_text(display->kind));
    json_c(out, "plate", plate);
    json_c(out, "last4", display->subject.last4);
    json_c(out, "vehicle", vehicle_text(display->subject.vehicle));
    json_c(out, "session", display->session);
    json_i64(out, "amount_vnd", display->amount_vnd);
    json_i64(out, "fee_vnd", display->fee_vnd);
    json_c(out, "paycode", display->paycode);
    json_c(out, "payload", display->payload);
    json_c(out, "url", display->url);
    json_c(out, "hold", help ? hold_text(display->hold) : "");
    json_c(out, "permit", go ? permit_text(display->permit) : "");
    json_i64(out, "entered_ms", display->entered.ms);
    json_i64(out, "valid_until_ms", display->valid_until.ms);
    json_object(out, "lines");
    put_lines(out, display, DISPLAY_VI);
    put_lines(out, display, DISPLAY_EN);
    json_object_end(out);
    json_object_end(out);
}

void lane_display_lines(const struct lane_display *display, struct display_text *text)
{
    static const int usual[DISPLAY_LINES] = {0, 1, 2, 3};
    static const int few_pay[DISPLAY_LINES] = {1, 2, 0, 3};
    bool pay = display->kind == DISPLAY_PAY;
    const int *order = pay && text->lines < DISPLAY_LINES ? few_pay : usual;
    char space[DISPLAY_LINES][DISPLAY_LINE_CAP];
    struct str sentence[DISPLAY_LINES];
    for (int i = 0; i < DISPLAY_LINES; i++) {
        display_line(display, DISPLAY_VI, order[i], space[i], sizeof space[i]);
        sentence[i] = str_c(space[i]);
    }
    display_text_lay(text, sentence, DISPLAY_LINES);
}
