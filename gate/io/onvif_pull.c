/* A pull point of an ONVIF device: camera_pull.h has the rules. */
#include "gate/io/camera_pull_inside.h"
#include "gate/io/camera_words.h"
#include "gate/io/onvif.h"
#include "proto/io/clock_os.h"
#include "proto/io/log.h"

enum { REQUEST_CAP = 2048, LIMIT = 20, LIFETIME_S = 60, ANSWER_MAX = 8 * 1024 * 1024 };
/* A picture must not keep the next reading waiting for long. */
enum { PICTURE_CONNECT_MS = 2000, PICTURE_SILENCE_MS = 3000 };

struct answer {
    char *bytes;
    size_t n;
    char type[160];
};

static bool collect(void *context, struct str content_type, struct str bytes)
{
    struct answer *a = context;
    if (a->n + bytes.n > ANSWER_MAX) {
        return false;
    }
    char *grown = realloc(a->bytes, a->n + bytes.n + 1);
    if (!grown) {
        return false;
    }
    memcpy(grown + a->n, bytes.p, bytes.n);
    a->bytes = grown;
    a->n += bytes.n;
    str_copy_cut(a->type, sizeof a->type, content_type);
    return true;
}

static int ask(struct camera_pull *pull, const char *url, const struct out *body,
               struct answer *answer, char *why, size_t cap)
{
    const struct camera_settings *camera = pull->config.camera;
    struct http_pull_request request = {.url = url,
                                        .user = camera->user,
                                        .password = pull->password,
                                        .ca = camera->ca,
                                        .body = out_str(body),
                                        .content_type = "application/soap+xml; charset=utf-8",
                                        .connect_ms = CAMERA_CONNECT_MS,
                                        .silence_ms = 3 * CAMERA_PULL_S * 1000,
                                        .context = answer,
                                        .on_bytes = collect};
    answer->n = 0;
    return http_pull_run(pull->http, &request, why, cap);
}

static int subscribe(struct camera_pull *pull, char address[ONVIF_ADDRESS_CAP],
                     struct answer *answer, char *why, size_t cap)
{
    char space[REQUEST_CAP];
    struct out out;
    struct onvif_answer told;
    out_init(&out, space, sizeof space);
    onvif_write_create(&out);
    int error = ask(pull, pull->config.camera->url, &out, answer, why, cap);
    if (error) {
        return error;
    }
    error = onvif_read_answer((struct str){answer->bytes, answer->n}, &told);
    bool http =
        strncmp(told.address, "http://", 7) == 0 || strncmp(told.address, "https://", 8) == 0;
    if (error || !http) {
        snprintf(why, cap, "no subscription: %s", error ? dx_error_name(error) : told.fault);
        return error ? error : DX_E_IO;
    }
    memcpy(address, told.address, ONVIF_ADDRESS_CAP);
    return 0;
}

/* "http://host:port" of a URL. */
static struct str origin_of(struct str url)
{
    size_t n = str_starts(url, STR("http://")) ? 7 : str_starts(url, STR("https://")) ? 8 : 0;
    return n ? str_slice(url, 0, n + str_index(str_slice(url, n, url.n), '/'))
             : (struct str){NULL, 0};
}

static struct str host_of(struct str origin)
{
    size_t n = str_index(origin, '/') + 2;
    struct str host = n < origin.n ? str_slice(origin, n, origin.n) : (struct str){NULL, 0};
    return str_slice(host, 0, str_index(host, ':'));
}

/*
 * The picture's address on the camera itself, or false: a message that names another host gets
 * neither our login nor a request behind the gate's firewall.
 */
static bool make_picture_url(const struct camera_pull *pull, const char *uri, char *out, size_t cap)
{
    struct str origin = origin_of(str_c(pull->config.camera->url));
    if (uri[0] == '/' && uri[1] != '/') {
        return snprintf(out, cap, "%.*s%s", (int)origin.n, origin.p, uri) < (int)cap;
    }
    struct str own = host_of(origin);
    struct str host = host_of(origin_of(str_c(uri)));
    return host.n && str_eq(host, own) && str_copy(out, cap, str_c(uri)) == 0;
}

/* The reading is stored already: given again with its picture, it is known and the picture kept. */
static void take_picture(struct camera_pull *pull, const struct camera_event *from, int i)
{
    const struct camera_settings *camera = pull->config.camera;
    struct answer picture = {.bytes = NULL};
    char url[CAMERA_URL_CAP + CAMERA_URI_CAP];
    char why[128] = "an address that is not the camera's";
    struct http_pull_request request = {.url = url,
                                        .user = camera->user,
                                        .password = pull->password,
                                        .ca = camera->ca,
                                        .connect_ms = PICTURE_CONNECT_MS,
                                        .silence_ms = PICTURE_SILENCE_MS,
                                        .context = &picture,
                                        .on_bytes = collect};
    bool got = make_picture_url(pull, from->picture_uri[i], url, sizeof url) &&
               http_pull_run(pull->http, &request, why, sizeof why) == 0;
    struct str jpeg = {picture.bytes, picture.n};
    if (got && camera_looks_like_jpeg(jpeg)) {
        struct camera_event event = {.kind = CAMERA_PLATE, .read_count = 1, .picture_count = 1};
        event.read[0] = from->read[i];
        event.picture[0] = jpeg;
        camera_pull_give(pull, &event);
    } else {
        log_warn("camera.picture_lost", "camera=%s reason=\"%s\"", camera->name,
                 got ? "no JPEG" : why);
    }
    free(picture.bytes);
}

static int take_messages(struct camera_pull *pull, const struct answer *answer)
{
    struct camera_event event;
    struct str body = {answer->bytes, answer->n};
    int error = onvif_read(str_c(answer->type), body, &event);
    if (error) {
        camera_intake_unreadable(pull->config.intake, pull->config.index, answer->n, error);
        return error;
    }
    camera_pull_give(pull, &event);
    for (int i = 0; event.kind == CAMERA_PLATE && i < event.read_count; i++) {
        bool again =
            strcmp(event.read[i].vendor_id, pull->pictured) == 0; /* amended: the same one */
        if (event.picture_uri[i][0] && !again && !http_pull_is_stopped(pull->http)) {
            memcpy(pull->pictured, event.read[i].vendor_id, sizeof pull->pictured);
            take_picture(pull, &event, i);
        }
    }
    return 0;
}

/* PullMessages until it fails; Renew at half the subscription's life. */
static int pull_messages(struct camera_pull *pull, const char *address, struct answer *answer,
                         char *why, size_t cap)
{
    char space[REQUEST_CAP];
    struct out out;
    mono_t renew = mono_add(clock_mono(), LIFETIME_S * 500);
    int error = 0;
    while (!error && !http_pull_is_stopped(pull->http)) {
        out_init(&out, space, sizeof space);
        if (mono_reached(clock_mono(), renew)) {
            renew = mono_add(clock_mono(), LIFETIME_S * 500);
            onvif_write_renew(&out, address, LIFETIME_S);
            /* Devices that do not know Renew live on PullMessages: only the line matters. */
            error = ask(pull, address, &out, answer, why, cap);
            error = error == DX_E_IO ? 0 : error;
            continue;
        }
        onvif_write_pull(&out, address, CAMERA_PULL_S, LIMIT);
        error = ask(pull, address, &out, answer, why, cap);
        if (!error) {
            camera_pull_works(pull);
            error = take_messages(pull, answer);
            snprintf(why, cap, "an answer that is none");
        }
    }
    return error;
}

int onvif_pull_once(struct camera_pull *pull, char *why, size_t cap)
{
    char address[ONVIF_ADDRESS_CAP] = "";
    struct answer answer = {.bytes = NULL};
    int error = subscribe(pull, address, &answer, why, cap);
    if (!error) {
        camera_pull_works(pull);
        error = pull_messages(pull, address, &answer, why, cap);
    }
    free(answer.bytes);
    return error ? error : DX_E_STATE;
}
