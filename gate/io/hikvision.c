#include "gate/io/hikvision.h"

#include "gate/io/camera_words.h"
#include "gate/io/multipart.h"
#include "gate/io/xml.h"

enum { FIELD_CAP = 160 };

/* The elements that are read: parent, name, member.  Local names; the first one of each counts. */
#define XML_FIELDS(X)                                    \
    X("EventNotificationAlert", "eventType", event_type) \
    X("EventNotificationAlert", "eventState", state)     \
    X("EventNotificationAlert", "dateTime", date_time)   \
    X("EventNotificationAlert", "UUID", uuid)            \
    X("EventNotificationAlert", "deviceID", device)      \
    X("EventNotificationAlert", "macAddress", mac)       \
    X("EventNotificationAlert", "ipAddress", address)    \
    X("EventNotificationAlert", "channelID", channel)    \
    X("ANPR", "licensePlate", plate)                     \
    X("ANPR", "plateNumber", plate_number)               \
    X("ANPR", "confidenceLevel", confidence)             \
    X("ANPR", "plateCharBelieve", characters)            \
    X("ANPR", "plateColor", colour)                      \
    X("ANPR", "vehicleType", vehicle)                    \
    X("ANPR", "direction", direction)

struct found {
#define X(parent, name, member) char member[FIELD_CAP];
    XML_FIELDS(X)
#undef X
    bool has_anpr;
};

static void begin(void *context)
{
    memset(context, 0, sizeof(struct found));
}

static void on_open(void *context, const struct xml_node *node)
{
    struct found *found = context;
    found->has_anpr |= strcmp(node->name, "ANPR") == 0;
}

static void keep(char *member, struct str text)
{
    if (member[0] == '\0') {
        str_copy_cut(member, FIELD_CAP, text);
    }
}

static void on_close(void *context, const struct xml_node *node)
{
    struct found *found = context;
#define X(parent_name, field_name, member)                                               \
    if (strcmp(node->name, field_name) == 0 && strcmp(node->parent, parent_name) == 0) { \
        keep(found->member, node->text);                                                 \
    }
    XML_FIELDS(X)
#undef X
}

/* The weakest character of "99,99,61": a plate is as sure as its worst letter. */
static int weakest_character(struct str list)
{
    int weakest = 1000;
    bool any = false;
    while (list.n) {
        size_t comma = str_index(list, ',');
        int value = camera_confidence(str_trim(str_slice(list, 0, comma)));
        weakest = value < weakest ? value : weakest;
        any = true;
        list = str_slice(list, comma + 1, list.n);
    }
    return any ? weakest : 0;
}

/*
 * What stays the same when the camera sends the event again: its UUID; else
 * device, time and plate; else the bytes themselves.
 */
static void make_vendor_id(char out[PLATE_VENDOR_ID_CAP], const struct found *f, struct str body)
{
    if (f->uuid[0] != '\0') {
        camera_vendor_id(out, "uuid:", str_c(f->uuid));
    } else if (f->date_time[0] != '\0') {
        char key[5 * FIELD_CAP];
        snprintf(key, sizeof key, "%s|%s|%s|%s|%s", f->device[0] ? f->device : f->mac, f->address,
                 f->channel, f->date_time, f->plate);
        camera_digest_id(out, "event:", str_c(key));
    } else {
        camera_digest_id(out, "bytes:", body);
    }
}

/* Cameras say that they live by "heartBeat", or by a videoloss that is not. */
static bool is_heartbeat(const struct found *f)
{
    struct str type = str_c(f->event_type);
    return str_eq_nocase(type, STR("heartBeat")) ||
           (str_eq_nocase(type, STR("videoloss")) &&
            str_eq_nocase(str_c(f->state), STR("inactive")));
}

static int fill(const struct found *f, struct str body, struct camera_event *push)
{
    str_copy_cut(push->type, sizeof push->type, str_c(f->event_type));
    bool wanted = str_eq_nocase(str_c(f->event_type), STR("ANPR"));
    if (!wanted) {
        push->kind = is_heartbeat(f) ? CAMERA_HEARTBEAT : CAMERA_IGNORED;
        return 0;
    }
    if (!f->has_anpr) {
        return DX_E_FORMAT;
    }
    push->kind = CAMERA_PLATE;
    struct plate_read *read = &push->read[0];
    push->read_count = 1;
    camera_plate(read->raw, str_c(f->plate[0] ? f->plate : f->plate_number));
    if (read->raw[0]) {
        read->confidence = f->confidence[0] != '\0' ? camera_confidence(str_c(f->confidence))
                                                    : weakest_character(str_c(f->characters));
    }
    read->vehicle = camera_vehicle(str_c(f->vehicle));
    read->colour = camera_colour(str_c(f->colour));
    read->has_taken = time_parse_iso(str_c(f->date_time), &read->taken) == 0;
    push->reverse = str_eq_nocase(str_c(f->direction), STR("reverse"));
    make_vendor_id(read->vendor_id, f, body);
    return 0;
}

/* The XML among the parts, and the pictures beside it. */
static struct str pick_parts(struct str content_type, struct str body, struct camera_event *push)
{
    struct str xml = {NULL, 0};
    struct multipart m;
    if (xml_looks_like(body)) {
        return body;
    }
    if (multipart_begin(&m, content_type, body)) {
        return xml;
    }
    struct multipart_part part;
    while (multipart_next(&m, &part)) {
        if (xml.n == 0 && xml_looks_like(part.body)) {
            xml = part.body;
        } else if (camera_looks_like_jpeg(part.body) && push->picture_count < CAMERA_PICTURES_MAX) {
            push->picture[push->picture_count++] = part.body;
        }
    }
    return xml;
}

int hikvision_read(struct str content_type, struct str body, struct camera_event *ret_event)
{
    static const struct xml_walk walk = {begin, on_open, on_close};
    struct camera_event event = {.kind = CAMERA_IGNORED};
    struct found found;
    int error = xml_read(pick_parts(content_type, body, &event), &walk, &found);
    error = error ? error : fill(&found, body, &event);
    if (!error) {
        *ret_event = event;
    }
    return error;
}
