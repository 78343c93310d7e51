#include "gate/io/camera_http.h"

#include "gate/io/secret_file.h"
#include "proto/crypto/crypto.h"
#include "proto/io/log.h"

struct camera_http {
    struct camera_http_config config;
    char token[CAMERAS_MAX][CAMERA_TOKEN_CAP];
};

int camera_http_new(const struct camera_http_config *config, struct camera_http **ret_cameras)
{
    struct camera_http *cameras = calloc(1, sizeof *cameras);
    if (!cameras) {
        return DX_E_MEMORY;
    }
    cameras->config = *config;
    for (int i = 0; i < config->camera_count; i++) {
        str_copy_cut(cameras->token[i], CAMERA_TOKEN_CAP, str_c(config->camera[i].token));
        cameras->config.camera[i].token = cameras->token[i];
    }
    *ret_cameras = cameras;
    return 0;
}

void camera_http_free(struct camera_http *cameras)
{
    if (cameras) {
        dx_wipe(cameras, sizeof *cameras);
        free(cameras);
    }
}

static int find_camera(const struct camera_http *cameras, struct str name)
{
    for (int i = 0; i < cameras->config.camera_count; i++) {
        if (str_eq_c(name, cameras->config.camera[i].name) && cameras->config.camera[i].parse) {
            return i;
        }
    }
    return -1;
}

/* The secret in "Bearer <secret>" or "Token <secret>". */
static struct str authorization(const struct http_request *request)
{
    struct str field = http_header(request, "Authorization");
    size_t blank = str_index(field, ' ');
    struct str scheme = str_slice(field, 0, blank);
    bool known = str_eq_nocase(scheme, STR("Bearer")) || str_eq_nocase(scheme, STR("Token"));
    return known ? str_trim(str_slice(field, blank, field.n)) : (struct str){NULL, 0};
}

static bool may_push(const struct camera_http *cameras, int i, struct str token,
                     const struct http_request *request)
{
    const char *from = cameras->config.camera[i].from;
    struct str secret = str_c(cameras->config.camera[i].token);
    if (from[0] && strcmp(request->peer, from) != 0) {
        return false;
    }
    if (secret.n == 0) {
        return token.n == 0;
    }
    return str_eq_constant_time(token.n ? token : authorization(request), secret);
}

/* 0 to answer 200. */
static int take_push(struct camera_http *cameras, int i, const struct http_request *request)
{
    struct camera_event event;
    int error = cameras->config.camera[i].parse(http_header(request, "Content-Type"), request->body,
                                                &event);
    if (error) {
        camera_intake_unreadable(cameras->config.intake, i, request->body.n, error);
        return error == DX_E_MEMORY ? error : 0;
    }
    return camera_intake_take(cameras->config.intake, i, &event);
}

static void answer(struct camera_http *cameras, int i, struct str token,
                   const struct http_request *request, struct http_response *response)
{
    if (!may_push(cameras, i, token, request)) {
        log_warn("camera.refused", "camera=%s peer=%s", cameras->config.camera[i].name,
                 request->peer);
        http_answer_error(response, 403, "forbidden", "not from here, or not with this secret");
    } else if (request->method != HTTP_POST) {
        http_answer_header(response, "Allow", "POST");
        http_answer_error(response, 405, "method", "a camera posts here");
    } else if (take_push(cameras, i, request)) {
        http_answer_header(response, "Retry-After", "1");
        http_answer_error(response, 503, "not_stored", "try again");
    } else {
        http_answer_json(response, 200, STR("{\"status\":\"ok\"}"));
    }
}

bool camera_http_handle(struct camera_http *cameras, const struct http_request *request,
                        struct http_response *response)
{
    struct str prefix = STR("/camera/");
    if (!str_starts(request->path, prefix)) {
        return false;
    }
    struct str rest = str_slice(request->path, prefix.n, request->path.n);
    size_t slash = str_index(rest, '/');
    int i = find_camera(cameras, str_slice(rest, 0, slash));
    if (i < 0) {
        log_warn("camera.unknown", "peer=%s", request->peer);
        http_answer_error(response, 404, "no_camera", "no lane has a camera of this name");
    } else {
        answer(cameras, i, str_slice(rest, slash + 1, rest.n), request, response);
    }
    return true;
}

int camera_read_token(const char *path, char out[CAMERA_TOKEN_CAP])
{
    char text[CAMERA_TOKEN_CAP];
    int error = secret_file_read(path, text, sizeof text);
    size_t n = error ? 0 : strlen(text);
    for (size_t i = 0; i < n && !error; i++) {
        char c = text[i];
        error = ascii_is_digit(c) || ascii_is_alpha(c) || c == '-' || c == '_' ? 0 : DX_E_FORMAT;
    }
    if (!error && n < CAMERA_TOKEN_MIN) {
        error = DX_E_RANGE;
    }
    if (!error) {
        memcpy(out, text, n + 1);
    }
    dx_wipe(text, sizeof text);
    return error;
}
