#include "proto/io/log.h"
#include "sim/live/street_parts.h"

enum { HEALTH_MS = 1000, LANES_MS = 600, LANE_BITS = 8 };

static bool is_ok(int status)
{
    return status >= 200 && status < 300;
}

static struct str body_of(const struct http_answer *answer)
{
    return (struct str){answer->body, answer->size};
}

/* ---- is everything there? ---- */

bool street_is_up(const struct street *street)
{
    return street->answers[0] && street->answers[1];
}

void street_ask_health(struct street *street)
{
    if (!mono_reached(street->now, street->health_at)) {
        return;
    }
    street->health_at = mono_add(street->now, HEALTH_MS);
    for (int i = 0; i < 2; i++) {
        struct http_call call = {0};
        if (street->asked[i]) {
            continue;
        }
        street->asked[i] = true;
        snprintf(call.url, sizeof call.url, "%s/health",
                 i ? street->options.server : street->options.gate);
        street_call(street, TAG_HEALTH, i, &call);
    }
}

static void hear_health(struct street *street, int which, bool ok)
{
    bool was_up = street_is_up(street);
    street->asked[which] = false;
    street->answers[which] = ok;
    bool up = street_is_up(street);
    if (was_up == up) {
        return;
    }
    enum language language = street->options.language;
    if (up) {
        street->down_ms += mono_diff(street->now, street->down_since);
    } else {
        street->down_since = street->now;
    }
    street_say(street, "%s", word_text(up ? WORD_UP : WORD_DOWN, language));
    street_step(street, (struct world_event){.kind = WORLD_EV_UP, .on = up});
}

/* ---- the attendant's console ---- */

void street_ask_lanes(struct street *street)
{
    if (!street->options.login[0] || street->lanes_asked || !world_someone_waits(&street->world) ||
        !mono_reached(street->now, street->lanes_at)) {
        return;
    }
    street->lanes_at = mono_add(street->now, LANES_MS);
    street->lanes_asked = true;
    street_get(street, TAG_LANES, 0, "/api/v1/lanes");
}

static void hear_lanes(struct street *street, const struct http_answer *answer)
{
    struct book_lane lane[BOOK_LANES_MAX];
    int count = 0;
    street->lanes_asked = false;
    if (!is_ok(answer->status) || book_read_lanes(body_of(answer), lane, &count) != 0) {
        return;
    }
    for (int i = 0; i < count; i++) {
        if (!street->gate[0]) { /* the street has one gate: the first that the server names */
            snprintf(street->gate, sizeof street->gate, "%s", lane[i].gate);
        }
        struct world_event event = {.kind = WORLD_EV_HELD, .lane = lane[i].lane};
        if (strcmp(lane[i].gate, street->gate) == 0 && lane[i].lane >= 1 &&
            lane[i].lane <= WORLD_LANES) {
            snprintf(event.hold, sizeof event.hold, "%s", lane[i].hold);
            street_step(street, event);
        }
    }
}

/* ---- drivers and bank ---- */

static void hear_display(struct street *street, int visit, const struct http_answer *answer)
{
    struct world_event event = {.kind = WORLD_EV_SHOWN, .visit = visit};
    struct bill bill;
    if (!is_ok(answer->status) || book_read_display(body_of(answer), &event.shown, &bill) != 0) {
        return;
    }
    if (event.shown.due_vnd > 0 && !event.shown.wrong) {
        street->bills[visit] = bill;
    }
    street_step(street, event);
}

static void hear_token(struct street *street, int visit, const struct http_answer *answer)
{
    char token[BOOK_TOKEN_CAP];
    char path[BOOK_TOKEN_CAP + 16];
    if (!is_ok(answer->status) ||
        book_find_token(body_of(answer), street->visits[visit].person.key, token) != 0) {
        return; /* no slip, no page: he pays at the exit */
    }
    struct http_call call = {0};
    snprintf(path, sizeof path, "/s/%s/part", token);
    snprintf(call.url, sizeof call.url, "%s%s", street->options.server, path);
    street_call(street, TAG_PAGE, visit, &call); /* without a login: the token is enough */
}

static void hear_page(struct street *street, int visit, const struct http_answer *answer)
{
    struct world_event event = {.kind = WORLD_EV_PAGE, .visit = visit};
    struct bill bill;
    if (is_ok(answer->status) && book_read_page(body_of(answer), &event.shown, &bill) == 0) {
        if (event.shown.due_vnd > 0) {
            street->bills[visit] = bill;
        }
        street_step(street, event);
    }
}

static void hear_notice(struct street *street, int index, const struct http_answer *answer)
{
    bool taken = is_ok(answer->status);
    const struct transfer *transfer = &street->transfers[index];
    if (!taken && answer->status) {
        log_warn("bank.refused", "id=%lld status=%d", (long long)transfer->id, answer->status);
    }
    if (bank_answered(&street->bank, index, taken, street->now)) {
        street_step(street, (struct world_event){.kind = WORLD_EV_TOLD,
                                                 .visit = transfer->visit,
                                                 .amount_vnd = transfer->amount_vnd});
    }
}

static void hear_before(struct street *street, const struct http_answer *answer)
{
    street->before_asked = false;
    street->before_at = mono_add(street->now, 500);
    if (is_ok(answer->status) && book_read_totals(body_of(answer), &street->audit.before) == 0) {
        street->has_before = true;
    } else if (answer->status == 401 || answer->status == 403) {
        log_error("audit.denied", "status=%d", answer->status);
    }
}

static void hear_answer(struct street *street, const struct http_answer *answer)
{
    int subject = (int)answer->subject;
    enum street_tag tag = (enum street_tag)answer->tag;
    switch (tag) {
    case TAG_PHOTO:
        street_photo_answered(street, subject, answer->status);
        break;
    case TAG_LOOK:
        hear_display(street, subject, answer);
        break;
    case TAG_TOKEN:
        hear_token(street, subject, answer);
        break;
    case TAG_PAGE:
        hear_page(street, subject, answer);
        break;
    case TAG_NOTICE:
        hear_notice(street, subject, answer);
        break;
    case TAG_HEALTH:
        hear_health(street, subject, is_ok(answer->status));
        break;
    case TAG_LANES:
        hear_lanes(street, answer);
        break;
    case TAG_COMMAND:
        log_info("attendant.command", "lane=%d status=%d", subject, answer->status);
        break;
    case TAG_BEFORE:
        hear_before(street, answer);
        break;
    case TAG_SESSIONS:
    case TAG_TOTALS:
        street_collected(street, tag, answer);
        break;
    }
}

/* ---- wires and people at the keyboard ---- */

static void hear_coil(struct street *street, int address, bool on)
{
    int lane = address / LANE_BITS + 1;
    int coil = address % LANE_BITS;
    int64_t size = 0;
    if (on && street_faults_strike(street, PLAN_COIL_STUCK, lane, &size)) {
        return; /* written, and nothing moves */
    }
    if (lane <= WORLD_LANES && coil <= WORLD_COIL_CLOSE) {
        street_step(street, (struct world_event){.kind = WORLD_EV_COIL,
                                                 .lane = lane,
                                                 .coil = (enum world_coil)coil,
                                                 .on = on});
    }
}

/* Four lines on one: "30F-123.45 / 25.000 d". */
static void hear_text(struct street *street, int display, const char *text)
{
    char line[MODULE_TEXT_CAP * 3];
    size_t n = 0;
    for (const char *p = text; *p && n + 4 < sizeof line; p++) {
        if (*p != '\n') {
            line[n++] = *p;
        } else if (n && p[1] && p[1] != '\n') {
            memcpy(line + n, " / ", 3);
            n += 3;
        }
    }
    line[n] = '\0';
    if (n) {
        street_say(street, "  %s %d: %s", word_text(WORD_DISPLAY, street->options.language),
                   display + 1, line);
    }
}

static void hear_command(struct street *street, const char *text)
{
    struct str command = str_trim(str_c(text));
    struct str first = str_slice(command, 0, str_index(command, ' '));
    int64_t seconds = 5;
    if (str_eq_c(first, "silent")) {
        struct str rest = str_trim(str_slice(command, first.n, command.n));
        if (rest.n && str_parse_i64(rest, 1, 3600, &seconds)) {
            fprintf(stderr, "doxe-sim: silent takes 1 to 3600 seconds\n");
            return;
        }
        modbus_module_silence(street->module, seconds * 1000);
    } else if (str_eq_c(first, "restart")) {
        modbus_module_restart(street->module);
    } else if (str_eq_c(first, "quit")) {
        street->stopped = true;
    } else if (first.n) {
        fprintf(stderr, "doxe-sim: commands are silent [SECONDS], restart, quit\n");
    }
}

void street_hear(struct street *street, struct mail *mail)
{
    switch (mail->kind) {
    case MAIL_COIL:
        hear_coil(street, mail->number, mail->on);
        break;
    case MAIL_TEXT:
        hear_text(street, mail->number, mail->text);
        break;
    case MAIL_ANSWER:
        hear_answer(street, &mail->answer);
        free(mail->answer.body);
        break;
    case MAIL_COMMAND:
        hear_command(street, mail->text);
        break;
    case MAIL_STOP:
        street->stopped = true;
        break;
    }
}
