#include "gate/io/plate_recognizer.h"

#include "gate/io/camera_words.h"
#include "gate/io/multipart.h"
#include "proto/io/http_text.h"
#include "proto/io/json.h"

static bool looks_like_json(struct str bytes)
{
    return str_starts(str_trim(str_slice(bytes, 0, 64)), STR("{"));
}

/* The JSON among the parts, and the pictures beside it. */
static struct str pick_json(struct str content_type, struct str body, struct camera_event *event)
{
    struct str json = {NULL, 0};
    struct multipart m;
    struct multipart_part part;
    if (looks_like_json(body)) {
        return body;
    }
    if (multipart_begin(&m, content_type, body)) {
        return json;
    }
    while (multipart_next(&m, &part)) {
        if (json.n == 0 && looks_like_json(part.body)) {
            json = part.body;
        } else if (camera_looks_like_jpeg(part.body) &&
                   event->picture_count < CAMERA_PICTURES_MAX) {
            event->picture[event->picture_count++] = part.body;
        }
    }
    return json;
}

static void make_id(char out[PLATE_VENDOR_ID_CAP], const struct jdoc *data, size_t index)
{
    struct str camera = {NULL, 0};
    struct str name = {NULL, 0};
    char key[600];
    (void)!jdoc_get_str(data, "camera_id", &camera);
    if (jdoc_get_str(data, "filename", &name) || name.n == 0) {
        (void)!jdoc_get_str(data, "timestamp", &name);
    }
    snprintf(key, sizeof key, "%.*s|%.*s|%zu", (int)(camera.n < 128 ? camera.n : 128), camera.p,
             (int)(name.n < 400 ? name.n : 400), name.p, index);
    camera_digest_id(out, "pr:", str_c(key));
}

static void read_result(const struct jdoc *data, const struct jdoc *result, size_t index,
                        struct plate_read *read)
{
    struct str text = {NULL, 0};
    const struct jdoc *vehicle = NULL;
    int64_t score = 0;
    memset(read, 0, sizeof *read);
    if (jdoc_get_str(result, "plate", &text) == 0) {
        camera_plate(read->raw, text);
    }
    if (jdoc_get_milli(result, "score", &score) == 0) {
        read->confidence = camera_clamp(score);
    }
    if (jdoc_get_object(result, "vehicle", &vehicle) == 0 &&
        jdoc_get_str(vehicle, "type", &text) == 0) {
        read->vehicle = camera_vehicle(text);
    }
    read->has_taken = jdoc_get_str(data, "timestamp", &text) == 0 && camera_has_zone(text) &&
                      time_parse_iso(text, &read->taken) == 0;
    make_id(read->vendor_id, data, index);
}

static int fill(const struct jdoc *root, struct camera_event *event)
{
    const struct jdoc *hook = NULL;
    const struct jdoc *data = root;
    const struct jdoc *results = NULL;
    struct str type = STR("recognition");
    if (jdoc_get_object(root, "hook", &hook) == 0) {
        (void)!jdoc_get_str(hook, "event", &type);
    }
    str_copy_cut(event->type, sizeof event->type, type);
    if (!str_eq_nocase(type, STR("recognition"))) {
        event->kind = CAMERA_HEARTBEAT;
        return 0;
    }
    if (jdoc_has(root, "data") && jdoc_get_object(root, "data", &data)) {
        return DX_E_FORMAT;
    }
    if (jdoc_get_array(data, "results", &results)) {
        return DX_E_FORMAT;
    }
    for (size_t i = 0; i < jdoc_count(results) && event->read_count < CAMERA_READS_MAX; i++) {
        read_result(data, jdoc_at(results, i), i, &event->read[event->read_count++]);
    }
    event->kind = event->read_count ? CAMERA_PLATE : CAMERA_IGNORED;
    return 0;
}

int plate_recognizer_read(struct str content_type, struct str body, struct camera_event *ret_event)
{
    struct camera_event event = {.kind = CAMERA_IGNORED};
    struct str json = pick_json(content_type, body, &event);
    char *space = NULL;
    struct jdoc *root = NULL;
    if (json.n == 0 && body.n < JDOC_TEXT_MAX) { /* json=… of a plain form */
        space = malloc(body.n + 1);
        if (!space) {
            return DX_E_MEMORY;
        }
        if (http_form_value(body, "json", space, body.n + 1, &json)) {
            json.n = 0;
        }
    }
    int error = json.n ? jdoc_read_lenient(json, JDOC_DUPLICATES_LAST, &root, NULL) : DX_E_FORMAT;
    error = error ? error : fill(root, &event);
    jdoc_release(root);
    free(space);
    if (!error) {
        *ret_event = event;
    }
    return error;
}
