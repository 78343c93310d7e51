#include "gate/io/hikvision.h"

#include "gate/io/multipart.h"
#include "proto/base/out.h"
#include "proto/crypto/crypto.h"

#include <expat.h>

enum { XML_DEPTH_MAX = 24, XML_NAME_CAP = 40, XML_TEXT_CAP = 160 };

/* The elements that are read: parent, name, member.  Local names; the first one of each counts. */
#define XML_FIELDS(X)                                    \
    X("EventNotificationAlert", "eventType", event_type) \
    X("EventNotificationAlert", "dateTime", date_time)   \
    X("EventNotificationAlert", "UUID", uuid)            \
    X("EventNotificationAlert", "deviceID", device)      \
    X("EventNotificationAlert", "macAddress", mac)       \
    X("EventNotificationAlert", "ipAddress", address)    \
    X("EventNotificationAlert", "channelID", channel)    \
    X("ANPR", "licensePlate", plate)                     \
    X("ANPR", "confidenceLevel", confidence)             \
    X("ANPR", "plateCharBelieve", characters)            \
    X("ANPR", "plateColor", colour)                      \
    X("ANPR", "vehicleType", vehicle)                    \
    X("ANPR", "direction", direction)

struct found {
#define X(parent, name, member) char member[XML_TEXT_CAP];
    XML_FIELDS(X)
#undef X
    bool has_anpr;
};

struct reader {
    XML_Parser parser;
    struct found found;
    char name[XML_DEPTH_MAX][XML_NAME_CAP]; /* local names, from the root */
    int depth;
    char text[XML_TEXT_CAP];
    size_t text_n;
    bool refused; /* a document type, or nesting beyond the limit */
};

static void on_start(void *context, const XML_Char *name, const XML_Char **attributes)
{
    struct reader *r = context;
    (void)attributes;
    if (r->depth == XML_DEPTH_MAX) {
        r->refused = true;
        XML_StopParser(r->parser, XML_FALSE);
        return;
    }
    const char *colon = strrchr(name, ':');
    str_copy_cut(r->name[r->depth++], XML_NAME_CAP, str_c(colon ? colon + 1 : name));
    r->found.has_anpr |= strcmp(r->name[r->depth - 1], "ANPR") == 0;
    r->text_n = 0;
}

static void on_text(void *context, const XML_Char *text, int n)
{
    struct reader *r = context;
    for (int i = 0; i < n && r->text_n + 1 < sizeof r->text; i++) {
        r->text[r->text_n++] = text[i];
    }
}

static void keep(char *member, struct str text)
{
    if (member[0] == '\0') {
        str_copy_cut(member, XML_TEXT_CAP, text);
    }
}

static void on_end(void *context, const XML_Char *unused)
{
    struct reader *r = context;
    (void)unused;
    if (r->depth >= 2) {
        const char *name = r->name[r->depth - 1];
        const char *parent = r->name[r->depth - 2];
        struct str text = str_trim((struct str){r->text, r->text_n});
#define X(parent_name, field_name, member)                                   \
    if (strcmp(name, field_name) == 0 && strcmp(parent, parent_name) == 0) { \
        keep(r->found.member, text);                                         \
    }
        XML_FIELDS(X)
#undef X
    }
    r->depth -= r->depth > 0;
    r->text_n = 0;
}

static void on_doctype(void *context, const XML_Char *name, const XML_Char *system,
                       const XML_Char *public_id, int internal)
{
    struct reader *r = context;
    (void)name;
    (void)system;
    (void)public_id;
    (void)internal;
    r->refused = true;
    XML_StopParser(r->parser, XML_FALSE);
}

/* One pass.  `encoding` NULL believes the document. */
static int parse_xml(struct str xml, const char *encoding, struct found *ret_found)
{
    struct reader r = {.depth = 0};
    r.parser = XML_ParserCreate(encoding);
    if (!r.parser) {
        return DX_E_MEMORY;
    }
    XML_SetUserData(r.parser, &r);
    XML_SetElementHandler(r.parser, on_start, on_end);
    XML_SetCharacterDataHandler(r.parser, on_text);
    XML_SetStartDoctypeDeclHandler(r.parser, on_doctype);
    enum XML_Status status = XML_Parse(r.parser, xml.p, (int)xml.n, XML_TRUE);
    enum XML_Error error = XML_GetErrorCode(r.parser);
    XML_ParserFree(r.parser);
    if (status != XML_STATUS_OK) {
        bool memory = error == XML_ERROR_NO_MEMORY;
        bool letters = error == XML_ERROR_UNKNOWN_ENCODING || error == XML_ERROR_INVALID_TOKEN ||
                       error == XML_ERROR_INCORRECT_ENCODING;
        if (letters && !r.refused && !encoding) {
            /* A lane's name in GBK or broken UTF-8 must not cost us the plate, which is ASCII. */
            return parse_xml(xml, "ISO-8859-1", ret_found);
        }
        return memory ? DX_E_MEMORY : DX_E_FORMAT;
    }
    *ret_found = r.found;
    return 0;
}

int hikvision_confidence(struct str text)
{
    size_t point = str_index(text, '.');
    int64_t whole = 0;
    if (str_parse_i64(str_slice(text, 0, point), 0, 100, &whole)) {
        return 0;
    }
    int64_t thousandths = 0;
    int64_t weight = 100;
    for (size_t i = point + 1; i < text.n; i++) {
        if (!ascii_is_digit(text.p[i])) {
            return 0;
        }
        thousandths += (text.p[i] - '0') * weight;
        weight /= 10;
    }
    bool is_fraction = point < text.n && (whole == 0 || (whole == 1 && thousandths == 0));
    int64_t result = is_fraction ? whole * 1000 + thousandths : whole * 10 + thousandths / 100;
    return (int)(result > 1000 ? 1000 : result);
}

/* The weakest character of "99,99,61": a plate is as sure as its worst letter. */
static int weakest_character(struct str list)
{
    int weakest = 1000;
    bool any = false;
    while (list.n) {
        size_t comma = str_index(list, ',');
        int value = hikvision_confidence(str_trim(str_slice(list, 0, comma)));
        weakest = value < weakest ? value : weakest;
        any = true;
        list = str_slice(list, comma + 1, list.n);
    }
    return any ? weakest : 0;
}

static enum vehicle vehicle_from(struct str type)
{
    static const char *const cars[] = {
        "vehicle",   "SUVMPV", "smallCar",  "mediumCar",   "largeCar",   "saloon",
        "car",       "van",    "truck",     "lightTruck",  "buggyCar",   "bus",
        "largeBus",  "coach",  "mediumBus", "mediumTruck", "largeTruck", "pickupTruck",
        "miniTruck", "MPV",    "SUV",       "sedan",       "minibus",    "smallTruck",
    };
    if (str_eq_nocase(type, STR("twoWheelVehicle")) || str_eq_nocase(type, STR("motorcycle")) ||
        str_eq_nocase(type, STR("motorbike"))) {
        return VEHICLE_MOTORBIKE;
    }
    for (size_t i = 0; i < sizeof cars / sizeof cars[0]; i++) {
        if (str_eq_nocase(type, str_c(cars[i]))) {
            return VEHICLE_CAR;
        }
    }
    return VEHICLE_UNKNOWN;
}

static enum plate_colour colour_from(struct str word)
{
    static const struct {
        const char *word;
        enum plate_colour colour;
    } colours[] = {
        {"white", PLATE_COLOUR_WHITE},
        {"yellow", PLATE_COLOUR_YELLOW},
        {"blue", PLATE_COLOUR_BLUE},
        {"red", PLATE_COLOUR_RED},
    };
    for (size_t i = 0; i < sizeof colours / sizeof colours[0]; i++) {
        if (str_eq_nocase(word, str_c(colours[i].word))) {
            return colours[i].colour;
        }
    }
    return PLATE_COLOUR_UNKNOWN;
}

static bool is_no_plate(struct str text)
{
    static const char *const words[] = {"unknown",  "unkown", "noplate",
                                        "no plate", "none",   "无车牌"};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (str_eq_nocase(text, str_c(words[i]))) {
            return true;
        }
    }
    return text.n == 0;
}

/* Cut to what fits, but never inside a letter: what follows must stay UTF-8. */
static void copy_letters(char *out, size_t cap, struct str text)
{
    text = str_slice(text, 0, cap - 1);
    while (text.n && !str_is_utf8(text)) {
        text.n--;
    }
    str_copy_cut(out, cap, text);
}

static void digest_id(char out[PLATE_VENDOR_ID_CAP], const char *prefix, struct str text)
{
    uint8_t digest[SHA256_SIZE];
    char hex[2 * SHA256_SIZE + 1];
    dx_sha256(digest, text);
    str_hex(hex, digest, sizeof digest);
    snprintf(out, PLATE_VENDOR_ID_CAP, "%s%.48s", prefix, hex);
}

/*
 * What stays the same when the camera sends the event again: its UUID; else
 * device, time and plate; else the bytes themselves.
 */
static void make_vendor_id(char out[PLATE_VENDOR_ID_CAP], const struct found *f, struct str body)
{
    bool plain = f->uuid[0] != '\0' && strlen(f->uuid) < PLATE_VENDOR_ID_CAP;
    for (const char *p = f->uuid; *p; p++) {
        plain = plain && (ascii_is_digit(*p) || ascii_is_alpha(*p) || *p == '-');
    }
    if (plain) {
        str_copy_cut(out, PLATE_VENDOR_ID_CAP, str_c(f->uuid));
    } else if (f->uuid[0] != '\0') {
        digest_id(out, "uuid:", str_c(f->uuid));
    } else if (f->date_time[0] != '\0') {
        char key[5 * XML_TEXT_CAP];
        snprintf(key, sizeof key, "%s|%s|%s|%s|%s", f->device[0] ? f->device : f->mac, f->address,
                 f->channel, f->date_time, f->plate);
        digest_id(out, "event:", str_c(key));
    } else {
        digest_id(out, "bytes:", body);
    }
}

static int fill(const struct found *f, struct str body, struct hikvision_push *push)
{
    str_copy_cut(push->event_type, sizeof push->event_type, str_c(f->event_type));
    bool wanted = str_eq_nocase(str_c(f->event_type), STR("ANPR"));
    if (!wanted) {
        push->kind = HIKVISION_IGNORED;
        return 0;
    }
    if (!f->has_anpr) {
        return DX_E_FORMAT;
    }
    push->kind = HIKVISION_PLATE;
    struct plate_read *read = &push->read;
    struct str plate = str_c(f->plate);
    if (!is_no_plate(plate)) {
        copy_letters(read->raw, sizeof read->raw, plate);
        read->confidence = f->confidence[0] != '\0' ? hikvision_confidence(str_c(f->confidence))
                                                    : weakest_character(str_c(f->characters));
    }
    read->vehicle = vehicle_from(str_c(f->vehicle));
    read->colour = colour_from(str_c(f->colour));
    read->has_taken = time_parse_iso(str_c(f->date_time), &read->taken) == 0;
    push->reverse = str_eq_nocase(str_c(f->direction), STR("reverse"));
    make_vendor_id(read->vendor_id, f, body);
    return 0;
}

static bool looks_like_xml(struct str bytes)
{
    static const char bom[] = "\xef\xbb\xbf";
    if (str_starts(bytes, str_c(bom))) {
        bytes = str_slice(bytes, 3, bytes.n);
    }
    return str_starts(str_trim(str_slice(bytes, 0, 64)), STR("<"));
}

static bool looks_like_jpeg(struct str bytes)
{
    return str_starts(bytes, str_c("\xff\xd8\xff"));
}

/* The XML among the parts, and the pictures beside it. */
static struct str pick_parts(struct str content_type, struct str body, struct hikvision_push *push)
{
    struct str xml = {NULL, 0};
    struct multipart m;
    if (looks_like_xml(body)) {
        return body;
    }
    if (multipart_begin(&m, content_type, body)) {
        return xml;
    }
    struct multipart_part part;
    while (multipart_next(&m, &part)) {
        if (xml.n == 0 && looks_like_xml(part.body)) {
            xml = part.body;
        } else if (looks_like_jpeg(part.body) && push->picture_count < HIKVISION_PICTURES_MAX) {
            push->picture[push->picture_count++] = part.body;
        }
    }
    return xml;
}

int hikvision_read(struct str content_type, struct str body, struct hikvision_push *ret_push)
{
    struct hikvision_push push = {.kind = HIKVISION_IGNORED};
    struct str xml = str_trim(pick_parts(content_type, body, &push));
    if (xml.n == 0) {
        return DX_E_FORMAT;
    }
    if (xml.n > HIKVISION_XML_MAX) {
        return DX_E_RANGE;
    }
    struct found found;
    int error = parse_xml(xml, NULL, &found);
    if (!error) {
        error = fill(&found, body, &push);
    }
    if (error) {
        return error;
    }
    *ret_push = push;
    return 0;
}
