#include "gate/io/camera_http.h"

#include "gate/io/hikvision.h"
#include "proto/io/log.h"

struct camera_http {
    struct camera_http_config config;
    bool skewed[CAMERAS_MAX]; /* warned about */
};

int camera_http_new(const struct camera_http_config *config, struct camera_http **ret_cameras)
{
    struct camera_http *cameras = calloc(1, sizeof *cameras);
    if (!cameras) {
        return DX_E_MEMORY;
    }
    cameras->config = *config;
    *ret_cameras = cameras;
    return 0;
}

void camera_http_free(struct camera_http *cameras)
{
    free(cameras);
}

static int find_camera(const struct camera_http *cameras, struct str name)
{
    for (int i = 0; i < cameras->config.camera_count; i++) {
        if (str_eq_c(name, cameras->config.camera[i])) {
            return i;
        }
    }
    return -1;
}

/* Once when a camera's clock goes wrong and once when it is right again. */
static void watch_clock(struct camera_http *cameras, int i, const struct plate_read *read)
{
    if (!read->has_taken) {
        return;
    }
    int64_t skew_ms = wall_diff(read->taken, cameras->config.now(cameras->config.context));
    bool skewed = skew_ms > CAMERA_SKEW_MS_MAX || skew_ms < -CAMERA_SKEW_MS_MAX;
    if (skewed != cameras->skewed[i]) {
        cameras->skewed[i] = skewed;
        log_line(skewed ? LOG_LEVEL_WARN : LOG_LEVEL_INFO,
                 skewed ? "camera.clock_wrong" : "camera.clock_right", "camera=%s skew_ms=%lld",
                 read->camera, (long long)skew_ms);
    }
}

static void keep_pictures(struct camera_http *cameras, const struct hikvision_push *push)
{
    wall_t now = cameras->config.now(cameras->config.context);
    for (int i = 0; cameras->config.pictures && i < push->picture_count; i++) {
        if (picture_store_add(cameras->config.pictures, push->read.camera, now, i + 1,
                              push->picture[i])) {
            log_warn("camera.picture_lost", "camera=%s bytes=%zu", push->read.camera,
                     push->picture[i].n);
        }
    }
}

/* 0 to answer 200. */
static int take_push(struct camera_http *cameras, int i, const struct http_request *request)
{
    struct hikvision_push push;
    const char *camera = cameras->config.camera[i];
    int error = hikvision_read(http_header(request, "Content-Type"), request->body, &push);
    if (error) {
        log_warn("camera.unreadable", "camera=%s bytes=%zu error=%s", camera, request->body.n,
                 dx_error_name(error));
        return error == DX_E_MEMORY ? error : 0;
    }
    if (push.kind == HIKVISION_IGNORED) {
        log_debug("camera.ignored", "camera=%s", camera);
        return 0;
    }
    str_copy_cut(push.read.camera, sizeof push.read.camera, str_c(camera));
    watch_clock(cameras, i, &push.read);
    error = cameras->config.take(cameras->config.context, i, &push.read);
    if (error == DX_E_EXISTS) {
        log_debug("camera.repeat", "camera=%s event=%s", camera, push.read.vendor_id);
        return 0;
    }
    if (error) {
        log_error("camera.not_stored", "camera=%s error=%s", camera, dx_error_name(error));
        return error;
    }
    keep_pictures(cameras, &push);
    return 0;
}

bool camera_http_handle(struct camera_http *cameras, const struct http_request *request,
                        struct http_response *response)
{
    struct str prefix = STR("/camera/");
    if (!str_starts(request->path, prefix)) {
        return false;
    }
    int i = find_camera(cameras, str_slice(request->path, prefix.n, request->path.n));
    if (i < 0) {
        log_warn("camera.unknown", "peer=%s", request->peer);
        http_answer_error(response, 404, "no_camera", "no lane has a camera of this name");
    } else if (request->method != HTTP_POST) {
        http_answer_header(response, "Allow", "POST");
        http_answer_error(response, 405, "method", "a camera posts here");
    } else if (take_push(cameras, i, request)) {
        http_answer_header(response, "Retry-After", "1");
        http_answer_error(response, 503, "not_stored", "try again");
    } else {
        http_answer_json(response, 200, STR("{\"status\":\"ok\"}"));
    }
    return true;
}
