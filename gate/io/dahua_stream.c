/* The endless event stream of a Dahua camera: camera_pull.h has the rules. */
#include "gate/io/camera_pull_inside.h"
#include "gate/io/camera_words.h"
#include "gate/io/dahua.h"
#include "gate/io/part_stream.h"
#include "proto/io/clock_os.h"

struct stream {
    struct camera_pull *pull;
    struct part_stream parts;
    bool begun;
    bool failed;               /* no memory */
    struct camera_event event; /* the last one: the pictures behind it are its own */
};

static void take_text(struct stream *s, struct str text)
{
    struct camera_event event;
    int error = dahua_read(text, clock_wall(), &event);
    if (error) {
        camera_intake_unreadable(s->pull->config.intake, s->pull->config.index, text.n, error);
        return;
    }
    camera_pull_give(s->pull, &event);
    if (event.kind == CAMERA_PLATE) {
        s->event = event;
    }
}

/* The reading is stored already: given again with its picture, it is known and the picture kept. */
static void take_picture(struct stream *s, struct str jpeg)
{
    if (s->event.kind != CAMERA_PLATE) {
        return;
    }
    s->event.picture[0] = jpeg;
    s->event.picture_count = 1;
    camera_pull_give(s->pull, &s->event);
    s->event.kind = CAMERA_IGNORED; /* one picture an event */
}

static bool on_bytes(void *context, struct str content_type, struct str bytes)
{
    struct stream *s = context;
    struct multipart_part part;
    if (!s->begun) {
        s->begun = true;
        part_stream_init(&s->parts, content_type);
        camera_pull_works(s->pull);
    }
    s->failed = part_stream_feed(&s->parts, bytes) != 0;
    while (!s->failed && !http_pull_is_stopped(s->pull->http) &&
           part_stream_next(&s->parts, &part)) {
        if (camera_looks_like_jpeg(part.body)) {
            take_picture(s, part.body);
        } else if (!str_starts(part.type, STR("image/"))) {
            take_text(s, part.body);
        }
    }
    return !s->failed;
}

/* The brackets are percent-encoded: some firmware takes nothing else. */
static void write_url(const struct camera_settings *camera, char *out, size_t cap)
{
    size_t n = strlen(camera->url);
    int base = (int)(n && camera->url[n - 1] == '/' ? n - 1 : n);
    if (camera->stream == 0) {
        snprintf(out, cap,
                 "%.*s/cgi-bin/snapManager.cgi?action=attachFileProc&channel=%d&heartbeat=%d"
                 "&Flags%%5B0%%5D=Event&Events=%%5BTrafficJunction%%5D",
                 base, camera->url, camera->channel, CAMERA_HEARTBEAT_S);
    } else {
        snprintf(out, cap,
                 "%.*s/cgi-bin/eventManager.cgi?action=attach&codes=%%5BTrafficJunction%%5D"
                 "&heartbeat=%d",
                 base, camera->url, CAMERA_HEARTBEAT_S);
    }
}

int dahua_stream_once(struct camera_pull *pull, char *why, size_t cap)
{
    const struct camera_settings *camera = pull->config.camera;
    char url[CAMERA_URL_CAP + 256];
    struct stream s = {.pull = pull};
    write_url(camera, url, sizeof url);
    struct http_pull_request request = {.url = url,
                                        .user = camera->user,
                                        .password = pull->password,
                                        .ca = camera->ca,
                                        .connect_ms = CAMERA_CONNECT_MS,
                                        .silence_ms = 3 * CAMERA_HEARTBEAT_S * 1000,
                                        .context = &s,
                                        .on_bytes = on_bytes};
    int error = http_pull_run(pull->http, &request, why, cap);
    part_stream_fini(&s.parts);
    if (error == 0) {
        snprintf(why, cap, "the camera has ended the stream");
    }
    return error ? error : DX_E_LINK;
}
