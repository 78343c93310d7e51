#include "proto/base/check.h"
#include "proto/io/log.h"
#include "sim/live/street_parts.h"

enum { LANE_BITS = 8, SHOT_AGAIN_MS = 700, SHOT_REPEAT_MS = 60, REPEATS_PER_MILLE = 60 };

static const char *const own_words[] = {"chuyen tien gui xe", "tien xe", "thanh toan",
                                        "ck cho bac bao ve"};

static bool is_ok(int status)
{
    return status >= 200 && status < 300;
}

void street_call(struct street *street, enum street_tag tag, int64_t subject,
                 struct http_call *call)
{
    call->tag = (int)tag;
    call->subject = subject;
    call->timeout_ms = STREET_TIMEOUT_MS;
    if (http_client_call(street->http, call) == 0) {
        return;
    }
    log_warn("http.full", "tag=%d", (int)tag);
    struct mail mail = {.kind = MAIL_ANSWER};
    mail.answer = (struct http_answer){.tag = (int)tag, .subject = subject};
    mail.answer.body = calloc(1, 1);
    must(mail.answer.body);
    street_hear(street, &mail);
}

void street_get(struct street *street, enum street_tag tag, int64_t subject, const char *path)
{
    struct http_call call = {0};
    snprintf(call.url, sizeof call.url, "%s%s", street->options.server, path);
    call.user = street->options.login[0] ? street->options.login : NULL;
    street_call(street, tag, subject, &call);
}

/* ---- cameras ---- */

/* A picture on a bad day: late, cut off, or sent again because the answer was lost. */
static void spoil(struct street *street, int lane, struct shot *shot)
{
    enum { LATE_MS_MAX = 4000 };
    int64_t size = 0;
    if (street_faults_strike(street, PLAN_CAMERA_SLOW, lane, &size)) {
        shot->next = mono_add(street->now, size < LATE_MS_MAX ? size : LATE_MS_MAX);
    }
    if (street_faults_strike(street, PLAN_CAMERA_CUT, lane, &size)) {
        shot->text[0] = '\0';
    }
    if (street_faults_strike(street, PLAN_CAMERA_ERROR, lane, &size)) {
        shot->times++;
    }
}

static void take_picture(struct street *street, const struct world_effect *effect)
{
    struct shot *shot = &street->shot[effect->lane - 1];
    bool under_way = shot->under_way;
    memset(shot, 0, sizeof *shot);
    shot->under_way = shot->stale = under_way; /* the answer to the last one is still to come */
    shot->active = true;
    shot->visit = effect->visit;
    shot->times = prng_chance(&street->prng, REPEATS_PER_MILLE) ? 2 : 1;
    shot->variant = (unsigned)prng_range(&street->prng, 0, 1000);
    snprintf(shot->text, sizeof shot->text, "%s", effect->text);
    shot->shot = (struct camera_shot){.lane = effect->lane,
                                      .vehicle = street->visits[effect->visit].person.vehicle,
                                      .taken = street->wall};
    camera_make_uuid(&street->prng, shot->shot.uuid);
    shot->next = street->now;
    spoil(street, effect->lane, shot);
}

static bool stands_there(const struct street *street, int lane_index, int visit)
{
    return street->world.lane[lane_index].on == visit;
}

void street_send_shots(struct street *street)
{
    static const char *const names[WORLD_LANES] = {"cam-in", "cam-out"};
    char space[CAMERA_BODY_CAP];
    char type[CAMERA_TYPE_CAP];
    for (int i = 0; i < WORLD_LANES; i++) {
        struct shot *shot = &street->shot[i];
        if (shot->active && !stands_there(street, i, shot->visit)) {
            shot->active = false;
        }
        if (!shot->active || shot->under_way || !mono_reached(street->now, shot->next)) {
            continue;
        }
        struct http_call call = {0};
        struct out out;
        shot->shot.text = shot->text;
        if (!maker_pushes(street->options.camera)) {
            shot->under_way = true;
            street_photo_answered(street, i, street_shoot(street, i));
            continue;
        }
        out_init(&out, space, sizeof space);
        maker_write_push(street->options.camera, &shot->shot, shot->variant, &out, type);
        snprintf(call.url, sizeof call.url, "%s/camera/%s", street->options.gate, names[i]);
        snprintf(call.header[0], sizeof call.header[0], "Content-Type: %s", type);
        call.body = out_str(&out);
        shot->under_way = true;
        street_call(street, TAG_PHOTO, i, &call);
    }
}

void street_photo_answered(struct street *street, int lane_index, int status)
{
    struct shot *shot = &street->shot[lane_index];
    bool stale = shot->stale;
    shot->under_way = shot->stale = false;
    if (!shot->active || stale) {
        return;
    }
    if (!is_ok(status)) {
        shot->next = mono_add(street->now, SHOT_AGAIN_MS);
        return;
    }
    shot->times--;
    shot->active = shot->times > 0;
    shot->next = mono_add(street->now, SHOT_REPEAT_MS);
}

/* ---- the bank ---- */

static void pay(struct street *street, const struct world_effect *effect)
{
    const struct visit *visit = &street->visits[effect->visit];
    const struct bill *bill = &street->bills[effect->visit];
    int64_t pick = prng_range(&street->prng, 0, 3);
    char name[PERSON_NAME_CAP];
    char account[PERSON_ACCOUNT_CAP];
    person_name(&visit->person, name);
    person_account(&visit->person, account);
    struct bank_order order = {.visit = effect->visit,
                               .amount_vnd = effect->amount_vnd,
                               .account = bill->account,
                               .words = effect->own_words ? own_words[pick] : bill->words,
                               .code = effect->own_words ? "" : visit->code,
                               .payer = name,
                               .payer_account = account};
    int index = 0;
    if (bank_order(&street->bank, &order, street->now, street->wall, &index) != 0) {
        log_error("bank.full", "transfers=%d", street->bank.count);
        return;
    }
    bank_list_grew(street->bank_list, street->bank.count);
    log_debug("bank.transfer", "id=%lld amount=%lld", (long long)street->transfers[index].id,
              (long long)effect->amount_vnd);
}

/* Nobody will ever send it: the bank's list alone has it. */
static void lose_notice(struct street *street, int index)
{
    const struct transfer *transfer = &street->transfers[index];
    log_debug("bank.notice_lost", "id=%lld", (long long)transfer->id);
    if (bank_answered(&street->bank, index, true, street->now)) {
        street_step(street, (struct world_event){.kind = WORLD_EV_TOLD,
                                                 .visit = transfer->visit,
                                                 .amount_vnd = transfer->amount_vnd});
    }
}

void street_send_notices(struct street *street)
{
    int index = 0;
    struct bank_notice notice;
    enum bank_provider provider = street->options.provider;
    while (bank_take_due(&street->bank, street->now, &index)) {
        struct http_call call = {0};
        int64_t size = 0;
        if (street_faults_strike(street, PLAN_BANK_LATE, 0, &size)) {
            (void)!bank_answered(&street->bank, index, false, street->now); /* it tries again */
            continue;
        }
        if (street_faults_strike(street, PLAN_BANK_TWICE, 0, &size)) {
            street->transfers[index].twice = true;
        }
        if (bank_loses_notice(&street->transfers[index], street->options.lose)) {
            lose_notice(street, index);
            continue;
        }
        bank_write_notice(provider, &street->transfers[index], str_c(street->options.bank_secret),
                          street->wall, &notice);
        snprintf(call.url, sizeof call.url, "%s/webhook/%s", street->options.server,
                 bank_provider_text(provider));
        snprintf(call.header[0], sizeof call.header[0], "Content-Type: application/json");
        for (int i = 0; i < BANK_NOTICE_HEADERS; i++) {
            must(str_copy(call.header[i + 1], sizeof call.header[0], str_c(notice.header[i])) == 0);
        }
        call.body = str_c(notice.body);
        street_call(street, TAG_NOTICE, index, &call);
    }
}

/* ---- people ---- */

static void look(struct street *street, const struct world_effect *effect)
{
    struct http_call call = {0};
    snprintf(call.url, sizeof call.url, "%s/lane/%d/display.json", street->options.gate,
             effect->lane);
    street_call(street, TAG_LOOK, effect->visit, &call);
}

/* The attendant reads the page's address from the slip: here, from the list of sessions. */
static void open_page(struct street *street, const struct world_effect *effect)
{
    char path[128];
    if (!street->options.login[0]) {
        return;
    }
    int64_t since = street->visits[effect->visit].entered.ms - 60000;
    snprintf(path, sizeof path, "/api/v1/sessions?since_ms=%lld&limit=200", (long long)since);
    street_get(street, TAG_TOKEN, effect->visit, path);
}

static void command(struct street *street, const struct world_effect *effect)
{
    char body[512];
    struct out out;
    struct http_call call = {.post = true};
    const struct person *person = &street->visits[effect->visit >= 0 ? effect->visit : 0].person;
    bool name = effect->kind == WORLD_EFF_NAME;
    const char *action = name                                  ? "set_subject"
                         : effect->kind == WORLD_EFF_HAND_OPEN ? "open"
                                                               : "open_lane";
    out_init(&out, body, sizeof body);
    json_object(&out, NULL);
    json_c(&out, "gate", street->gate);
    json_i64(&out, "lane", effect->lane);
    json_c(&out, "action", action);
    if (name) {
        json_c(&out, "plate", person->plate);
        json_c(&out, "vehicle", vehicle_text(person->vehicle));
    }
    json_c(&out, "reason", name ? "đọc biển số tại làn" : "đã xem tại chỗ, xe đứng ở làn");
    json_object_end(&out);
    must(!out_failed(&out));
    snprintf(call.url, sizeof call.url, "%s/api/v1/command", street->options.server);
    snprintf(call.header[0], sizeof call.header[0], "Content-Type: application/json");
    snprintf(call.header[1], sizeof call.header[1], "X-Doxe-Request: doxe-sim");
    call.user = street->options.login;
    call.body = out_str(&out);
    street_call(street, TAG_COMMAND, effect->lane, &call);
}

static void tell(struct street *street, const struct world_effect *effect)
{
    char line[512];
    const struct visit *visit = effect->visit >= 0 ? &street->visits[effect->visit] : NULL;
    word_tell(effect, visit, street->options.language, line, sizeof line);
    const char *url = effect->tell == TELL_ASKED ? street->bills[effect->visit].url : "";
    street_say(street, "%s%s%s", line, url[0] ? "  " : "", url);
}

/* The scanner on a bad day: nothing, rubbish before the code, or the code twice. */
static void hold_card(struct street *street, const struct world_effect *effect)
{
    char card[PERSON_CARD_CAP];
    char text[2 * PERSON_CARD_CAP + 16];
    int64_t size = 0;
    person_card(&street->visits[effect->visit].person, card);
    if (street_faults_strike(street, PLAN_SCAN_GONE, effect->lane, &size)) {
        return;
    }
    bool rubbish = street_faults_strike(street, PLAN_SCAN_GARBAGE, effect->lane, &size);
    bool twice = street_faults_strike(street, PLAN_SCAN_TWICE, effect->lane, &size);
    snprintf(text, sizeof text, "%s%s%s%s", rubbish ? "\x02?~\r" : "", card, twice ? "\r" : "",
             twice ? card : "");
    scanner_pty_send(street->scanner[effect->lane - 1], text, street->now);
}

static void perform(struct street *street, const struct world_effect *effect)
{
    int lane_index = effect->lane - 1;
    switch (effect->kind) {
    case WORLD_EFF_INPUT:
        street_faults_set_input(street, effect->lane, lane_index * LANE_BITS + (int)effect->input,
                                effect->on);
        break;
    case WORLD_EFF_PHOTO:
        take_picture(street, effect);
        break;
    case WORLD_EFF_CARD:
        if (street->scanner[lane_index]) {
            hold_card(street, effect);
        }
        break;
    case WORLD_EFF_LOOK:
        look(street, effect);
        break;
    case WORLD_EFF_PAGE:
        open_page(street, effect);
        break;
    case WORLD_EFF_PAY:
        pay(street, effect);
        break;
    case WORLD_EFF_NAME:
    case WORLD_EFF_HAND_OPEN:
    case WORLD_EFF_RETRY:
        command(street, effect);
        break;
    case WORLD_EFF_CASH:
    case WORLD_EFF_DEBT:
        break; /* the wild alone go to the desk, and none of them comes here */
    case WORLD_EFF_TELL:
        tell(street, effect);
        break;
    case WORLD_EFF_CLOSED:
        street_write_truth(street, effect->visit);
        break;
    }
}

void street_step(struct street *street, struct world_event event)
{
    struct world_effects effects = {.count = 0};
    event.now = street->now;
    event.wall = street->wall;
    world_step(&street->world, &event, &effects);
    for (int i = 0; i < effects.count; i++) {
        perform(street, &effects.effect[i]);
    }
}
