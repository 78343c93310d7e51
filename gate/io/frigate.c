#include "gate/io/frigate.h"

#include "gate/io/camera_words.h"
#include "proto/io/json.h"

enum { SUB_LABEL_DIGITS = 3 };

/* "text", or ["text", 0.91]. */
static bool get_text(const struct jdoc *object, const char *key, struct str *ret_text,
                     int64_t *ret_score)
{
    const struct jdoc *node = jdoc_get(object, key);
    if (jdoc_kind(node) == JDOC_ARRAY) {
        int64_t score = 0;
        if (jdoc_milli(jdoc_at(node, 1), &score) == 0) {
            *ret_score = score;
        }
        node = jdoc_at(node, 0);
    }
    return jdoc_str(node, ret_text) == 0 && ret_text->n > 0;
}

static bool has_digits(struct str text)
{
    int digits = 0;
    for (size_t i = 0; i < text.n; i++) {
        digits += ascii_is_digit(text.p[i]);
    }
    return digits >= SUB_LABEL_DIGITS;
}

static void read_time(const struct jdoc *object, const char *key, struct plate_read *read)
{
    int64_t ms = 0;
    read->has_taken = jdoc_get_milli(object, key, &ms) == 0 && ms > 0;
    read->taken.ms = read->has_taken ? ms : 0;
}

/* Both forms have an id and a camera. */
static int read_names(const struct jdoc *object, struct plate_read *read,
                      char camera[FRIGATE_CAMERA_CAP])
{
    struct str id = {NULL, 0};
    struct str name = {NULL, 0};
    if (jdoc_get_str(object, "id", &id) || id.n == 0 || jdoc_get_str(object, "camera", &name) ||
        name.n == 0) {
        return DX_E_FORMAT;
    }
    camera_vendor_id(read->vendor_id, "frigate:", id);
    return str_copy(camera, FRIGATE_CAMERA_CAP, name) ? DX_E_FORMAT : 0;
}

static int read_update(const struct jdoc *root, char camera[FRIGATE_CAMERA_CAP],
                       struct camera_event *event)
{
    struct plate_read *read = &event->read[0];
    struct str plate = {NULL, 0};
    int64_t score = 0;
    if (strcmp(event->type, "lpr") != 0) {
        return 0;
    }
    int error = read_names(root, read, camera);
    if (error || jdoc_get_str(root, "plate", &plate)) {
        return error ? error : DX_E_FORMAT;
    }
    camera_plate(read->raw, plate);
    if (jdoc_get_milli(root, "score", &score) == 0) {
        read->confidence = camera_clamp(score);
    }
    read_time(root, "timestamp", read);
    event->read_count = read->raw[0] != '\0';
    return 0;
}

static int read_event(const struct jdoc *root, char camera[FRIGATE_CAMERA_CAP],
                      struct camera_event *event)
{
    struct plate_read *read = &event->read[0];
    const struct jdoc *after = NULL;
    struct str text = {NULL, 0};
    int64_t score = 0;
    int error = jdoc_get_object(root, "after", &after);
    error = error ? DX_E_FORMAT : read_names(after, read, camera);
    if (error) {
        return error;
    }
    if (jdoc_get_str(after, "label", &text) == 0) {
        read->vehicle = camera_vehicle(text);
    }
    bool found = get_text(after, "recognized_license_plate", &text, &score);
    if (found) {
        (void)!jdoc_get_milli(after, "recognized_license_plate_score", &score);
    } else if (!jdoc_has(after, "recognized_license_plate")) {
        found = get_text(after, "sub_label", &text, &score) && has_digits(text);
    }
    if (!found) {
        return 0;
    }
    camera_plate(read->raw, text);
    read->confidence = camera_clamp(score);
    read_time(after, "frame_time", read);
    event->read_count = read->raw[0] != '\0';
    return 0;
}

int frigate_read(struct str suffix, struct str payload, char ret_camera[FRIGATE_CAMERA_CAP],
                 struct camera_event *ret_event)
{
    struct camera_event event = {.kind = CAMERA_HEARTBEAT};
    char camera[FRIGATE_CAMERA_CAP] = "";
    struct jdoc *root = NULL;
    struct str type = {NULL, 0};
    int error = 0;
    bool update = str_eq_c(suffix, "tracked_object_update");
    if (update || str_eq_c(suffix, "events")) {
        error = jdoc_read_lenient(payload, JDOC_DUPLICATES_LAST, &root, NULL);
        if (!error && jdoc_get_str(root, "type", &type)) {
            error = DX_E_FORMAT;
        }
        if (!error) {
            str_copy_cut(event.type, sizeof event.type, type);
            error = update ? read_update(root, camera, &event) : read_event(root, camera, &event);
        }
        event.kind = event.read_count ? CAMERA_PLATE : CAMERA_IGNORED;
        jdoc_release(root);
    } else {
        str_copy_cut(event.type, sizeof event.type, suffix);
    }
    if (!error) {
        *ret_event = event;
        memcpy(ret_camera, camera, sizeof camera);
    }
    return error;
}

bool frigate_is_snapshot(struct str suffix, char ret_camera[FRIGATE_CAMERA_CAP])
{
    size_t camera = str_index(suffix, '/');
    if (camera == suffix.n) {
        return false;
    }
    struct str rest = str_slice(suffix, camera + 1, suffix.n);
    size_t label = str_index(rest, '/');
    return label < rest.n && str_eq_c(str_slice(rest, label + 1, rest.n), "snapshot") &&
           camera_vehicle(str_slice(rest, 0, label)) != VEHICLE_UNKNOWN &&
           str_copy(ret_camera, FRIGATE_CAMERA_CAP, str_slice(suffix, 0, camera)) == 0;
}
