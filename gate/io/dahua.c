#include "gate/io/dahua.h"

#include "gate/io/camera_words.h"
#include "proto/io/json.h"

/* What both forms tell, under the keys of the text form. */
#define FIELDS(X)                                \
    X("EventBaseInfo.Code", code)                \
    X("Code", code_too)                          \
    X("EventID", event_id)                       \
    X("GroupID", group_id)                       \
    X("RealUTC", real_utc)                       \
    X("UTC", utc)                                \
    X("UTCMS", utc_ms)                           \
    X("Object.ObjectType", object_type)          \
    X("Object.Text", object_text)                \
    X("Object.Confidence", confidence)           \
    X("TrafficCar.PlateNumber", plate)           \
    X("TrafficCar.PlateColor", colour)           \
    X("TrafficCar.VehicleType", car_type)        \
    X("Vehicle.Category", category)              \
    X("NonMotor.Category", rider_category)       \
    X("NonMotor.Plate.Text", rider_plate)        \
    X("NonMotor.Plate.PlateColor", rider_colour) \
    X("Plate.PlateNumber", push_plate)           \
    X("Picture.Plate.PlateNumber", picture_plate)

enum { FIELD_CAP = 96 };

struct found {
#define X(key, member) char member[FIELD_CAP];
    FIELDS(X)
#undef X
};

static void keep(char *member, struct str text)
{
    if (member[0] == '\0') {
        str_copy_cut(member, FIELD_CAP, str_trim(text));
    }
}

static void take_field(struct found *f, struct str key, struct str value)
{
#define X(name, member)         \
    if (str_eq_c(key, name)) {  \
        keep(f->member, value); \
        return;                 \
    }
    FIELDS(X)
#undef X
}

static int64_t number(const char *text)
{
    int64_t value = 0;
    return str_parse_i64(str_c(text), 0, INT64_C(253402300799), &value) ? 0 : value;
}

/* ---- what was found becomes a reading ---- */

static int confidence_of(const struct found *f)
{
    int64_t value = number(f->confidence);
    return camera_clamp(value > 100 ? value * 1000 / 255 : value * 10);
}

static void pick_plate(const struct found *f, struct plate_read *read)
{
    bool is_plate = str_eq_nocase(str_c(f->object_type), STR("Plate"));
    const char *text = f->plate[0]                     ? f->plate
                       : is_plate && f->object_text[0] ? f->object_text
                       : f->rider_plate[0]             ? f->rider_plate
                       : f->push_plate[0]              ? f->push_plate
                                                       : f->picture_plate;
    camera_plate(read->raw, str_c(text));
    /* The confidence is the object's: of the plate only when the object is one. */
    read->confidence = read->raw[0] && is_plate ? confidence_of(f) : 0;
    read->colour = camera_colour(str_c(f->colour[0] ? f->colour : f->rider_colour));
    bool rider = f->rider_category[0] || (f->rider_plate[0] && !f->plate[0]);
    read->vehicle = rider ? VEHICLE_MOTORBIKE
                          : camera_vehicle(str_c(f->category[0] ? f->category : f->car_type));
}

static void pick_time(const struct found *f, wall_t now, struct plate_read *read)
{
    int64_t utc_s = number(f->real_utc);
    int64_t ms = number(f->utc_ms);
    if (!utc_s) {
        utc_s = number(f->utc);
        int64_t true_ms = utc_s * 1000 - now.ms;
        int64_t local_ms = true_ms - TIME_VIETNAM_OFFSET_MS;
        if (utc_s && (local_ms < 0 ? -local_ms : local_ms) < (true_ms < 0 ? -true_ms : true_ms)) {
            utc_s -= TIME_VIETNAM_OFFSET_MS / 1000;
        }
    }
    read->has_taken = utc_s > 0;
    read->taken.ms = utc_s * 1000 + (ms < 1000 ? ms : 0);
}

static bool is_traffic(const char *code)
{
    static const char *const codes[] = {
        "TrafficJunction",    "TrafficGate", "TrafficManualSnap",     "TrafficParking",
        "TrafficSnapPicture", "ANPR",        "TrafficVehiclePosition"};
    for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++) {
        if (strcmp(code, codes[i]) == 0) {
            return true;
        }
    }
    return false;
}

static void fill(const struct found *f, wall_t now, struct camera_event *event)
{
    char key[6 * FIELD_CAP];
    const char *code = f->code[0] ? f->code : f->code_too;
    str_copy_cut(event->type, sizeof event->type, str_c(code));
    struct plate_read *read = &event->read[0];
    pick_plate(f, read);
    if (!is_traffic(code) && read->raw[0] == '\0') {
        return; /* VideoMotion and the like */
    }
    pick_time(f, now, read);
    snprintf(key, sizeof key, "%s|%s|%s|%s|%s", f->event_id, f->group_id, f->real_utc, f->utc,
             f->event_id[0] || f->group_id[0] ? "" : read->raw);
    camera_digest_id(read->vendor_id, "dahua:", str_c(key));
    event->read_count = 1;
    event->kind = CAMERA_PLATE;
}

/* ---- lines "Events[0].Key=value" ---- */

static void read_lines(struct str text, struct found *f)
{
    while (text.n) {
        size_t end = str_index(text, '\n');
        struct str line = str_trim(str_slice(text, 0, end));
        size_t equals = str_index(line, '=');
        struct str key = str_slice(line, 0, equals);
        if (str_starts(key, STR("Events["))) {
            size_t dot = str_index(key, '.');
            bool first = str_starts(key, STR("Events[0]."));
            key = first ? str_slice(key, dot + 1, key.n) : (struct str){NULL, 0};
        }
        if (key.n) {
            take_field(f, key, str_slice(line, equals + 1, line.n));
        }
        text = str_slice(text, end + 1, text.n);
    }
}

/* ---- "Code=…;action=…;index=…;data={…}" ---- */

static void take_node(struct found *f, const char *path, const struct jdoc *node)
{
    char space[JDOC_NUMBER_CAP];
    struct str text = {NULL, 0};
    int64_t value = 0;
    switch (jdoc_kind(node)) {
    case JDOC_STR:
        (void)!jdoc_str(node, &text);
        break;
    case JDOC_INT:
        (void)!jdoc_i64(node, &value);
        snprintf(space, sizeof space, "%lld", (long long)value);
        text = str_c(space);
        break;
    case JDOC_NULL:
    case JDOC_BOOL:
    case JDOC_REAL:
    case JDOC_ARRAY:
    case JDOC_OBJECT:
        return;
    }
    take_field(f, str_c(path), text);
}

/* The table's keys are at most three names deep. */
static void take_object(struct found *f, const struct jdoc *object, const char *path, int depth)
{
    struct jdoc_iter it = {.at = NULL};
    struct str key;
    const struct jdoc *value;
    while (jdoc_next(object, &it, &key, &value)) {
        char inner[FIELD_CAP];
        int n = snprintf(inner, sizeof inner, "%s%s%.*s", path, path[0] ? "." : "",
                         (int)(key.n < FIELD_CAP ? key.n : FIELD_CAP), key.p);
        if (n < 0 || (size_t)n >= sizeof inner) {
            continue;
        }
        if (jdoc_kind(value) == JDOC_OBJECT && depth < 3) {
            take_object(f, value, inner, depth + 1);
        } else {
            take_node(f, inner, value);
        }
    }
}

/* Behind a value a member begins without a comma: one is put in.  `out` has room for 2 * n. */
static size_t mend_commas(struct str json, char *out)
{
    size_t n = 0;
    bool in_text = false;
    char last = '\0'; /* the last byte that is no blank, outside of text; '"' ends a text */
    for (size_t i = 0; i < json.n; i++) {
        char c = json.p[i];
        bool blank = c == ' ' || c == '\t' || c == '\r' || c == '\n';
        if (in_text) {
            if (c == '\\' && i + 1 < json.n) {
                out[n++] = c;
                c = json.p[++i];
            } else if (c == '"') {
                in_text = false;
                last = '"';
            }
        } else if (!blank) {
            bool value_ends = last == '"' || last == '}' || last == ']' || ascii_is_digit(last) ||
                              ascii_is_alpha(last);
            if (c == '"' && value_ends) {
                out[n++] = ',';
            }
            in_text = c == '"';
            last = c;
        }
        out[n++] = c;
    }
    return n;
}

static int read_json(struct str json, struct found *f)
{
    struct jdoc *root = NULL;
    int error = jdoc_read_lenient(json, JDOC_DUPLICATES_LAST, &root, NULL);
    if (error == DX_E_FORMAT) {
        char *mended = malloc(2 * json.n + 1);
        if (!mended) {
            return DX_E_MEMORY;
        }
        struct str text = {mended, mend_commas(json, mended)};
        error = jdoc_read_lenient(text, JDOC_DUPLICATES_LAST, &root, NULL);
        free(mended);
    }
    if (!error) {
        take_object(f, root, "", 0);
        jdoc_release(root);
    }
    return error;
}

static int read_code_line(struct str text, struct found *f)
{
    struct str rest = text;
    while (rest.n) {
        size_t end = str_index(rest, ';');
        struct str piece = str_trim(str_slice(rest, 0, end));
        if (str_starts(piece, STR("data="))) {
            struct str json = str_trim(str_slice(rest, 0, rest.n));
            return read_json(str_slice(json, 5, json.n), f);
        }
        if (str_starts(piece, STR("Code="))) {
            keep(f->code, str_slice(piece, 5, piece.n));
        }
        rest = str_slice(rest, end + 1, rest.n);
    }
    return 0;
}

int dahua_read(struct str text, wall_t now, struct camera_event *ret_event)
{
    struct camera_event event = {.kind = CAMERA_IGNORED};
    struct found found;
    memset(&found, 0, sizeof found);
    text = str_trim(text);
    if (text.n > DAHUA_TEXT_MAX) {
        return DX_E_RANGE;
    }
    if (str_eq_nocase(text, STR("Heartbeat"))) {
        event.kind = CAMERA_HEARTBEAT;
        *ret_event = event;
        return 0;
    }
    int error = 0;
    if (str_starts(text, STR("Code="))) {
        error = read_code_line(text, &found);
    } else if (str_starts(text, STR("Events["))) {
        read_lines(text, &found);
    } else {
        error = DX_E_FORMAT;
    }
    if (!error) {
        fill(&found, now, &event);
        *ret_event = event;
    }
    return error;
}
