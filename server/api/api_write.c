#include "proto/base/out.h"
#include "proto/io/json.h"
#include "proto/io/log.h"
#include "proto/plate.h"
#include "server/api/api.h"

/* ---- answers for a person at the console ---- */

static void refuse(const struct api *api, struct http_response *response, int status,
                   const char *error, enum text text)
{
    http_answer_error(response, status, error, text_of(text, api->language));
}

static void refuse_app_error(const struct api *api, struct http_response *response, int error)
{
    if (error == DX_E_NOT_FOUND) {
        refuse(api, response, 404, "not_found", TEXT_COMMAND_NO_GATE);
    } else if (dx_error_class(error) == DX_CLASS_REJECT) {
        refuse(api, response, 422, "impossible", TEXT_COMMAND_FAILED);
    } else {
        http_answer_header(response, "Retry-After", "2");
        refuse(api, response, 503, "busy", TEXT_COMMAND_BUSY);
    }
}

/* ---- /api/v1/command ---- */

static const struct {
    const char *word;
    enum command_action action;
} actions[] = {
    {"open", COMMAND_OPEN},
    {"set_subject", COMMAND_SET_SUBJECT},
    {"close_lane", COMMAND_CLOSE_LANE},
    {"open_lane", COMMAND_OPEN_LANE},
};

static int read_action(struct str word, enum command_action *ret_action)
{
    for (size_t i = 0; i < sizeof actions / sizeof actions[0]; i++) {
        if (str_eq_c(word, actions[i].word)) {
            *ret_action = actions[i].action;
            return 0;
        }
    }
    return DX_E_NOT_FOUND;
}

/* What a person typed becomes the subject of the command; the text that says why not, or COUNT. */
static enum text read_subject(const struct jdoc *root, struct subject *subject)
{
    struct str typed = {0};
    struct str word = {0};
    struct plate plate;
    struct plate_hint hint = {.vehicle = VEHICLE_UNKNOWN};
    if (jdoc_get_str(root, "vehicle", &word) == 0 && vehicle_parse(word, &hint.vehicle)) {
        return TEXT_COMMAND_NO_CLASS;
    }
    if (jdoc_get_str(root, "plate", &typed) || plate_parse(str_trim(typed), &hint, &plate, NULL)) {
        return TEXT_COMMAND_NO_PLATE;
    }
    /* The plate's own form says its class when it can; otherwise the person does. */
    subject->vehicle = plate.vehicle != VEHICLE_UNKNOWN ? plate.vehicle : hint.vehicle;
    if (subject->vehicle == VEHICLE_UNKNOWN) {
        return TEXT_COMMAND_NO_CLASS;
    }
    subject->kind = SUBJECT_PLATE;
    subject->source = SOURCE_ATTENDANT;
    subject->confidence = 1000;
    str_copy_cut(subject->key, sizeof subject->key, str_c(plate.canonical));
    str_copy_cut(subject->raw, sizeof subject->raw, str_trim(typed));
    return TEXT_COUNT;
}

/* 0 and a whole command, or the error word and text to refuse with. */
static const char *read_command(const struct api *api, const struct jdoc *root,
                                struct app_command *command, enum text *ret_text)
{
    struct str gate = {0};
    struct str word = {0};
    struct str reason = {0};
    int64_t lane = 0;
    *ret_text = TEXT_COMMAND_NO_GATE;
    if (jdoc_get_str(root, "gate", &gate) || str_copy(command->gate, sizeof command->gate, gate) ||
        jdoc_get_i64_in(root, "lane", 1, MSG_LANES_MAX, &lane)) {
        return "bad_gate";
    }
    command->lane = (int)lane;
    *ret_text = TEXT_COMMAND_FAILED;
    if (jdoc_get_str(root, "action", &word) || read_action(word, &command->action)) {
        return "bad_action";
    }
    if (jdoc_get_str(root, "reason", &reason)) {
        reason = STR("");
    }
    *ret_text = TEXT_COMMAND_NO_REASON;
    reason = str_trim(reason);
    if ((reason.n == 0 && command->action != COMMAND_SET_SUBJECT) ||
        str_copy(command->reason, sizeof command->reason, reason)) {
        return "bad_reason";
    }
    if (command->action == COMMAND_SET_SUBJECT) {
        *ret_text = read_subject(root, &command->subject);
        if (*ret_text != TEXT_COUNT) {
            return "bad_subject";
        }
    }
    str_copy_cut(command->by, sizeof command->by, str_c(api->user));
    return NULL;
}

void api_command(const struct api *api, const struct http_request *request,
                 struct http_response *response)
{
    struct jdoc *root = NULL;
    struct app_command command = {0};
    enum text text = TEXT_COMMAND_FAILED;
    char id[ULID_CAP];
    if (jdoc_read(request->body, &root, NULL)) {
        http_answer_error(response, 400, "bad_json", "the body is not the JSON that is expected");
        return;
    }
    const char *wrong = read_command(api, root, &command, &text);
    jdoc_release(root);
    if (wrong) {
        refuse(api, response, 422, wrong, text);
        return;
    }
    int error = app_command(api->app, &command, id);
    if (error) {
        refuse_app_error(api, response, error);
        return;
    }
    log_info("console.command", "gate=%s lane=%d by=%s id=%s", command.gate, command.lane,
             command.by, id);
    struct out out;
    out_init(&out, api->space, api->cap);
    json_object(&out, NULL);
    json_c(&out, "id", id);
    json_c(&out, "message", text_of(TEXT_COMMAND_SENT, api->language));
    json_object_end(&out);
    http_answer_json(response, 202, out_str(&out));
}

/* ---- /api/v1/reviews/{id}/close ---- */

void api_review_close(const struct api *api, struct str review, struct http_response *response)
{
    int64_t id = 0;
    struct out out;
    if (str_parse_i64(review, 1, INT64_MAX, &id)) {
        http_answer_error(response, 404, "not_found", "there is no such review");
        return;
    }
    int error = app_review_close(api->app, id, api->user);
    if (error == DX_E_NOT_FOUND) {
        http_answer_error(response, 404, "not_found", "there is no such review, or it is closed");
        return;
    }
    if (error == DX_E_DENIED) {
        refuse(api, response, 403, "two_persons", TEXT_MONEY_SECOND);
        return;
    }
    if (error) {
        refuse_app_error(api, response, error);
        return;
    }
    out_init(&out, api->space, api->cap);
    json_object(&out, NULL);
    json_c(&out, "message", text_of(TEXT_REVIEW_DONE, api->language));
    json_object_end(&out);
    http_answer_json(response, 200, out_str(&out));
}

/* ---- /webhook/{provider} ---- */

static struct str look_up_header(void *context, const char *name)
{
    return http_header(context, name);
}

void api_webhook(const struct api *api, struct str provider, const struct http_request *request,
                 struct http_response *response)
{
    char name[MSG_NAME_CAP];
    union {
        const struct http_request *in;
        void *out;
    } lookup = {.in = request};
    int status = 404;
    if (str_copy(name, sizeof name, provider) == 0) {
        status = app_bank_webhook(api->app, name, look_up_header, lookup.out, request->body);
    }
    switch (status) {
    case 200:
        http_answer_json(response, 200, STR("{\"success\":true}"));
        return;
    case 401:
        http_answer_error(response, 401, "bad_signature", "the notice is not signed as agreed");
        return;
    case 404:
        http_answer_error(response, 404, "not_found", "there is no such provider here");
        return;
    case 413:
        http_answer_error(response, 413, "too_large", "the body is larger than allowed");
        return;
    default:
        http_answer_header(response, "Retry-After", "5");
        http_answer_error(response, 503, "busy", "not stored; please send it again");
        return;
    }
}
