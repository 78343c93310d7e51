#include "gate/io/openalpr.h"

#include "gate/io/camera_words.h"
#include "proto/io/json.h"

/* 0..100 as 0..1000. */
static int percent(const struct jdoc *object, const char *key)
{
    int64_t milli = 0;
    return jdoc_get_milli(object, key, &milli) ? 0 : camera_clamp(milli / 100);
}

static void read_time(const struct jdoc *object, const char *key, struct plate_read *read)
{
    read->has_taken =
        jdoc_get_i64_in(object, key, 1, INT64_C(253402300799999), &read->taken.ms) == 0;
}

/* The likeliest of [{"name": "suv-crossover", "confidence": 91.5}, …]: the first. */
static enum vehicle body_type(const struct jdoc *root)
{
    const struct jdoc *vehicle = NULL;
    const struct jdoc *types = NULL;
    struct str name = {NULL, 0};
    if (jdoc_get_object(root, "vehicle", &vehicle) ||
        jdoc_get_array(vehicle, "body_type", &types) ||
        jdoc_get_str(jdoc_at(types, 0), "name", &name)) {
        return VEHICLE_UNKNOWN;
    }
    return camera_vehicle(name);
}

static void read_results(const struct jdoc *root, struct str body, struct camera_event *event)
{
    const struct jdoc *results = NULL;
    struct str uuid = {NULL, 0};
    (void)!jdoc_get_array(root, "results", &results);
    (void)!jdoc_get_str(root, "uuid", &uuid);
    for (size_t i = 0; i < jdoc_count(results) && event->read_count < CAMERA_READS_MAX; i++) {
        const struct jdoc *result = jdoc_at(results, i);
        struct plate_read *read = &event->read[event->read_count++];
        struct str text = {NULL, 0};
        char id[200];
        if (jdoc_get_str(result, "plate", &text) == 0) {
            camera_plate(read->raw, text);
        }
        read->confidence = read->raw[0] ? percent(result, "confidence") : 0;
        read_time(root, "epoch_time", read);
        if (uuid.n) {
            snprintf(id, sizeof id, i ? "%.*s.%zu" : "%.*s", (int)(uuid.n < 128 ? uuid.n : 128),
                     uuid.p, i);
            camera_vendor_id(read->vendor_id, "alpr:", str_c(id));
        } else {
            snprintf(id, sizeof id, "bytes%zu:", i);
            camera_digest_id(read->vendor_id, id, body);
        }
    }
}

static void read_group(const struct jdoc *root, struct str body, struct camera_event *event)
{
    const struct jdoc *best = NULL;
    struct plate_read *read = &event->read[event->read_count++];
    struct str text = {NULL, 0};
    if (jdoc_get_str(root, "best_plate_number", &text) || text.n == 0) {
        if (jdoc_get_object(root, "best_plate", &best) == 0) {
            (void)!jdoc_get_str(best, "plate", &text);
        }
    }
    camera_plate(read->raw, text);
    if (read->raw[0]) {
        read->confidence = percent(root, "best_confidence");
        if (read->confidence == 0 && jdoc_get_object(root, "best_plate", &best) == 0) {
            read->confidence = percent(best, "confidence");
        }
    }
    read->vehicle = body_type(root);
    read_time(root, "epoch_start", read);
    if (jdoc_get_str(root, "best_uuid", &text) == 0 && text.n) {
        camera_vendor_id(read->vendor_id, "alpr:", text);
    } else {
        camera_digest_id(read->vendor_id, "bytes:", body);
    }
}

int openalpr_read(struct str content_type, struct str body, struct camera_event *ret_event)
{
    struct camera_event event = {.kind = CAMERA_IGNORED};
    struct jdoc *root = NULL;
    struct str type = {NULL, 0};
    (void)content_type;
    int error = jdoc_read_lenient(body, JDOC_DUPLICATES_LAST, &root, NULL);
    if (!error && (jdoc_get_str(root, "data_type", &type) || type.n == 0)) {
        error = DX_E_FORMAT;
    }
    if (!error) {
        str_copy_cut(event.type, sizeof event.type, type);
        if (str_eq_c(type, "alpr_results")) {
            read_results(root, body, &event);
        } else if (str_eq_c(type, "alpr_group")) {
            read_group(root, body, &event);
        }
        event.kind = str_eq_c(type, "heartbeat") ? CAMERA_HEARTBEAT
                     : event.read_count          ? CAMERA_PLATE
                                                 : CAMERA_IGNORED;
        *ret_event = event;
    }
    jdoc_release(root);
    return error;
}
