/* Cameras and scanners: what they say goes into the mailbox, and a reading waits until it is
 * stored. */
#include "gate/io/hikvision.h"
#include "gate/io/onvif.h"
#include "gate/io/openalpr.h"
#include "gate/io/plate_recognizer.h"
#include "gate/io/secret_file.h"
#include "gate/io/shell_inside.h"
#include "proto/crypto/crypto.h"
#include "proto/io/clock_os.h"
#include "proto/io/log.h"

/* ---- in the workers' threads ---- */

static void on_card(void *context, int lane, const char *key, const char *last4)
{
    struct shell *s = context;
    struct shell_message m = {.kind = SHELL_CARD, .lane = lane};
    str_copy_cut(m.card.key, sizeof m.card.key, str_c(key));
    str_copy_cut(m.card.last4, sizeof m.card.last4, str_c(last4));
    if (mailbox_post(s->box, &m)) {
        log_error("mailbox.full", "lost=card lane=%d", lane);
    }
}

static void on_other(void *context, int lane)
{
    struct shell *s = context;
    struct shell_message m = {.kind = SHELL_SCAN_OTHER, .lane = lane};
    if (mailbox_post(s->box, &m)) {
        log_error("mailbox.full", "lost=scan lane=%d", lane);
    }
}

static wall_t wall_now(void *context)
{
    (void)context;
    return clock_wall();
}

static mono_t mono_now(void *context)
{
    (void)context;
    return clock_mono();
}

static void on_fault(void *context, const char *device, enum device_fault fault, bool there,
                     int64_t value)
{
    struct shell *s = context;
    int lane = 0;
    for (int i = 0; i < s->settings.lane_count; i++) {
        const struct lane_settings *of = &s->settings.lane[i];
        if (strcmp(of->camera, device) == 0 || strcmp(of->scanner, device) == 0) {
            lane = of->lane;
        }
    }
    shell_say_fault(s, lane, device, device_fault_text(fault), there, value);
}

/* One at a time (the intake sees to it): hands the reading to the loop and waits until it is
 * stored. */
static int take_read(void *context, int index, const struct plate_read *read)
{
    struct shell *s = context;
    struct shell_message m = {.kind = SHELL_READ, .lane = s->camera_lane[index]};
    m.read.read = *read;
    m.read.ticket = ++s->ticket;
    if (atomic_load(&s->stopping)) {
        return DX_E_STATE;
    }
    int error = mailbox_post(s->box, &m);
    mono_t until = mono_add(clock_mono(), SHELL_READ_WAIT_MS);
    struct read_answer answer = {.ticket = 0};
    while (!error && answer.ticket != m.read.ticket) {
        error = mailbox_take(s->read_answers, until, &answer); /* older tickets came too late */
    }
    error = error ? error : answer.error;
    /* Here and not in the loop, where an arm would wait for it; a repeat may be of one that failed.
     */
    int synced = error == 0 || error == DX_E_EXISTS ? journal_tidy_sync(s->tidy) : 0;
    return synced ? synced : error;
}

/* ---- opening ---- */

int shell_start_scanners(struct shell *s)
{
    char space[SCANNER_KEY_MAX];
    struct str key = {NULL, 0};
    int error = 0;
    if (s->settings.identity_enabled) {
        error = scanner_read_key(s->settings.identity_key_file, space, &key);
        if (error) {
            log_error("identity.key", "file=\"%s\" error=%s allowed=\"a file of %d to %d bytes\"",
                      s->settings.identity_key_file, dx_error_name(error), IDENTITY_KEY_MIN,
                      SCANNER_KEY_MAX);
            return DX_E_CONFIG;
        }
    }
    for (int i = 0; i < s->settings.lane_count && !error; i++) {
        const struct lane_settings *lane = &s->settings.lane[i];
        struct scanner_config config = {.lane = lane->lane,
                                        .name = lane->scanner,
                                        .key = key,
                                        .context = s,
                                        .on_card = on_card,
                                        .on_other = on_other,
                                        .fault = on_fault};
        if (lane->scanner[0]) {
            error = scanner_line_parse(lane->scanner, &config.line);
            str_copy_cut(config.line.from, sizeof config.line.from, str_c(lane->scanner_from));
            error = error ? error : scanner_start(&config, &s->scanner[i]);
        }
    }
    dx_wipe(space, sizeof space);
    return error;
}

static camera_parse_fn *parser_of(const struct camera_settings *camera)
{
    switch (camera->kind) {
    case CAMERA_HIKVISION:
        return hikvision_read;
    case CAMERA_PLATERECOGNIZER:
        return plate_recognizer_read;
    case CAMERA_OPENALPR:
        return openalpr_read;
    case CAMERA_ONVIF:
        return camera->url[0] ? NULL : onvif_read;
    case CAMERA_DAHUA:
    case CAMERA_FRIGATE:
        break;
    }
    return NULL;
}

/* The cameras of the lanes, in the lanes' order. */
static int collect_cameras(struct shell *s, struct camera_intake_config *intake,
                           struct camera_http_config *http, char token[][CAMERA_TOKEN_CAP])
{
    for (int i = 0; i < s->settings.lane_count; i++) {
        const char *name = s->settings.lane[i].camera;
        int k = intake->camera_count;
        struct camera_settings *camera = &s->camera[k];
        if (!name[0]) {
            continue;
        }
        gate_settings_camera(&s->settings, name, camera);
        int error = camera->token_file[0] ? camera_read_token(camera->token_file, token[k]) : 0;
        if (error) {
            log_error("camera.token",
                      "camera=%s file=\"%s\" error=%s allowed=\"a line of %d or more"
                      " letters, digits, '-' and '_'\"",
                      name, camera->token_file, dx_error_name(error), CAMERA_TOKEN_MIN);
            return DX_E_CONFIG;
        }
        s->camera_lane[k] = s->settings.lane[i].lane;
        intake->camera[k].name = http->camera[k].name = camera->name;
        intake->camera[k].skew_ms = camera->skew_ms;
        intake->camera[k].silence_ms = camera->silence_ms;
        http->camera[k].token = token[k];
        http->camera[k].from = camera->from;
        http->camera[k].parse = parser_of(camera);
        intake->camera_count = http->camera_count = k + 1;
    }
    s->camera_count = intake->camera_count;
    return 0;
}

int shell_make_cameras(struct shell *s)
{
    char token[CAMERAS_MAX][CAMERA_TOKEN_CAP] = {{0}};
    struct camera_http_config http = {.camera_count = 0};
    struct camera_intake_config intake = {
        .now = wall_now, .mono = mono_now, .context = s, .take = take_read, .fault = on_fault};
    int error = picture_store_new(s->settings.pictures, s->settings.pictures_keep, &s->pictures);
    if (error) {
        log_error("pictures.unusable", "folder=\"%s\" error=%s", s->settings.pictures,
                  dx_error_name(error));
        return error;
    }
    intake.pictures = s->pictures;
    error = collect_cameras(s, &intake, &http, token);
    for (int i = 0; i < intake.camera_count && !error; i++) {
        int rc =
            journal_db_camera_delay(s->journal, intake.camera[i].name, &intake.camera[i].delay_ms);
        intake.camera[i].delay_known = rc == 0;
        error = rc == DX_E_NOT_FOUND ? 0 : rc;
    }
    error = error ? error : camera_intake_new(&intake, &s->intake);
    http.intake = s->intake;
    error = error ? error : camera_http_new(&http, &s->cameras);
    dx_wipe(token, sizeof token);
    return error;
}

static int read_password(const char *what, const char *file, char out[CAMERA_PASSWORD_CAP])
{
    int error = file[0] ? secret_file_read(file, out, CAMERA_PASSWORD_CAP) : 0;
    if (error) {
        log_error("camera.password", "of=%s file=\"%s\" error=%s", what, file,
                  dx_error_name(error));
        return DX_E_CONFIG;
    }
    return 0;
}

static int start_frigate(struct shell *s, bool wanted)
{
    char password[CAMERA_PASSWORD_CAP] = "";
    char client[MSG_NAME_CAP + 16];
    if (!wanted) {
        return 0;
    }
    snprintf(client, sizeof client, "%s-frigate", s->settings.id);
    struct frigate_link_config config = {.settings = &s->settings.frigate,
                                         .password = password,
                                         .client_id = client,
                                         .camera_count = s->camera_count,
                                         .camera = s->camera,
                                         .intake = s->intake};
    int error = read_password("frigate", s->settings.frigate.password_file, password);
    error = error ? error : frigate_link_start(&config, &s->frigate);
    dx_wipe(password, sizeof password);
    return error;
}

int shell_start_cameras(struct shell *s)
{
    bool frigate = false;
    int error = 0;
    for (int i = 0; i < s->camera_count && !error; i++) {
        const struct camera_settings *camera = &s->camera[i];
        char password[CAMERA_PASSWORD_CAP] = "";
        struct camera_pull_config config = {
            .camera = camera, .password = password, .index = i, .intake = s->intake};
        frigate |= camera->kind == CAMERA_FRIGATE;
        if (camera->kind == CAMERA_DAHUA || (camera->kind == CAMERA_ONVIF && camera->url[0])) {
            error = read_password(camera->name, camera->password_file, password);
            error = error ? error : camera_pull_start(&config, &s->pull[i]);
            dx_wipe(password, sizeof password);
        }
    }
    return error ? error : start_frigate(s, frigate);
}

/* Nobody speaks any more when this returns, but the HTTP thread. */
void shell_stop_devices(struct shell *s)
{
    for (int i = 0; i < s->settings.lane_count; i++) {
        scanner_stop(s->scanner[i]);
    }
    for (int i = 0; i < s->camera_count; i++) {
        camera_pull_stop(s->pull[i]);
    }
    frigate_link_stop(s->frigate);
}

void shell_free_cameras(struct shell *s)
{
    camera_http_free(s->cameras);
    camera_intake_free(s->intake);
    picture_store_free(s->pictures);
}
