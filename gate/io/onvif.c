#include "gate/io/onvif.h"

#include "gate/io/camera_words.h"
#include "gate/io/multipart.h"
#include "gate/io/xml.h"

enum { FIELD_CAP = 160 };

struct found {
    struct camera_event event;
    bool is_soap;
    /* of the notification that is open */
    bool wanted;
    char time[FIELD_CAP], source[FIELD_CAP], rule[FIELD_CAP], object[FIELD_CAP];
    char plate[FIELD_CAP], number_likelihood[FIELD_CAP], likelihood[FIELD_CAP], vehicle[FIELD_CAP];
    char colour[FIELD_CAP];
    char vehicle_uri[CAMERA_URI_CAP], image_uri[CAMERA_URI_CAP];
};

static void begin(void *context)
{
    struct found *f = context;
    struct camera_event event = f->event;
    memset(f, 0, sizeof *f);
    f->event.picture_count = event.picture_count;
    memcpy(f->event.picture, event.picture, sizeof event.picture);
}

static void keep(char *member, const char *text)
{
    if (member[0] == '\0' && text) {
        str_copy_cut(member, FIELD_CAP, str_trim(str_c(text)));
    }
}

/* One that does not fit is none: half an address is another one. */
static void keep_uri(char member[CAMERA_URI_CAP], struct str text)
{
    if (member[0] == '\0' && str_copy(member, CAMERA_URI_CAP, str_trim(text))) {
        member[0] = '\0';
    }
}

static void take_item(struct found *f, const char *name, const char *value)
{
    if (!name) {
        return;
    }
    if (strcmp(name, "VideoSource") == 0 || strcmp(name, "VideoSourceConfigurationToken") == 0 ||
        strcmp(name, "Source") == 0) {
        keep(f->source, value);
    } else if (strcmp(name, "Rule") == 0) {
        keep(f->rule, value);
    } else if (strcmp(name, "ObjectId") == 0 || strcmp(name, "ObjectID") == 0) {
        keep(f->object, value);
    } else if (strcmp(name, "Likelihood") == 0) {
        keep(f->likelihood, value);
    } else if (strcmp(name, "PlateNumber") == 0 || strcmp(name, "Plate") == 0) {
        keep(f->plate, value);
    } else if (strcmp(name, "VehicleType") == 0) {
        keep(f->vehicle, value);
    } else if (strcmp(name, "VehicleImageURI") == 0 && value) {
        keep_uri(f->vehicle_uri, str_c(value));
    } else if (strcmp(name, "ImageURI") == 0 && value) {
        keep_uri(f->image_uri, str_c(value));
    }
}

static void clear_notification(struct found *f)
{
    f->wanted = false;
    f->time[0] = f->source[0] = f->rule[0] = f->object[0] = f->plate[0] = '\0';
    f->number_likelihood[0] = f->likelihood[0] = f->vehicle[0] = f->colour[0] = '\0';
    f->vehicle_uri[0] = f->image_uri[0] = '\0';
}

static void on_open(void *context, const struct xml_node *node)
{
    struct found *f = context;
    f->is_soap |= strcmp(node->name, "Envelope") == 0 || strcmp(node->name, "Notify") == 0 ||
                  strcmp(node->name, "NotificationMessage") == 0;
    if (strcmp(node->name, "NotificationMessage") == 0) {
        clear_notification(f);
    } else if (strcmp(node->name, "Message") == 0) {
        keep(f->time, xml_attribute(node, "UtcTime"));
    } else if (strcmp(node->name, "SimpleItem") == 0) {
        take_item(f, xml_attribute(node, "Name"), xml_attribute(node, "Value"));
    } else if (strcmp(node->name, "PlateNumber") == 0) {
        keep(f->number_likelihood, xml_attribute(node, "Likelihood"));
    }
}

/* "0.93" and "1" (of 0..1) as 0..1000; absent is 1. */
static int likelihood(const struct found *f)
{
    const char *text = f->number_likelihood[0] ? f->number_likelihood : f->likelihood;
    if (text[0] == '\0' || strcmp(text, "1") == 0) {
        return 1000;
    }
    return camera_confidence(str_c(text));
}

static void add_read(struct found *f)
{
    char key[4 * FIELD_CAP];
    if (!f->wanted || f->event.read_count == CAMERA_READS_MAX) {
        return;
    }
    memcpy(f->event.picture_uri[f->event.read_count],
           f->vehicle_uri[0] ? f->vehicle_uri : f->image_uri, CAMERA_URI_CAP);
    struct plate_read *read = &f->event.read[f->event.read_count++];
    camera_plate(read->raw, str_c(f->plate));
    read->confidence = read->raw[0] ? likelihood(f) : 0;
    read->vehicle = camera_vehicle(str_c(f->vehicle));
    read->colour = camera_colour(str_c(f->colour));
    snprintf(key, sizeof key, "%s%s", f->time, camera_has_zone(str_c(f->time)) ? "" : "Z");
    read->has_taken = time_parse_iso(str_c(key), &read->taken) == 0; /* UtcTime is UTC */
    /* A device that starts anew counts its objects anew: the day keeps them apart. */
    snprintf(key, sizeof key, "%s|%s|%s|%.*s", f->source, f->rule, f->object,
             f->object[0] ? 10 : FIELD_CAP, f->time);
    camera_digest_id(read->vendor_id, "onvif:", str_c(key));
    f->event.kind = CAMERA_PLATE;
}

static bool contains(struct str text, struct str part)
{
    for (size_t i = 0; i + part.n <= text.n; i++) {
        if (str_eq(str_slice(text, i, i + part.n), part)) {
            return true;
        }
    }
    return false;
}

static void on_close(void *context, const struct xml_node *node)
{
    struct found *f = context;
    char text[FIELD_CAP];
    str_copy_cut(text, sizeof text, node->text);
    if (strcmp(node->name, "Topic") == 0) {
        f->wanted = contains(node->text, STR("LicensePlate"));
        if (!f->event.type[0]) {
            str_copy_cut(f->event.type, sizeof f->event.type, node->text);
        }
    } else if (strcmp(node->name, "PlateNumber") == 0) {
        keep(f->plate, text);
    } else if (strcmp(node->name, "Type") == 0 && strcmp(node->parent, "VehicleInfo") == 0) {
        keep(f->vehicle, text);
    } else if (strcmp(node->name, "Color") == 0 && strcmp(node->parent, "LicensePlateInfo") == 0) {
        keep(f->colour, text);
    } else if (strcmp(node->name, "VehicleImageURI") == 0) {
        keep_uri(f->vehicle_uri, node->text);
    } else if (strcmp(node->name, "ImageURI") == 0) {
        keep_uri(f->image_uri, node->text);
    } else if (strcmp(node->name, "NotificationMessage") == 0) {
        add_read(f);
    }
}

/* The XML alone, or among the parts of a MIME message (MTOM) with pictures. */
static struct str pick_xml(struct str content_type, struct str body, struct camera_event *event)
{
    struct str xml = {NULL, 0};
    struct multipart m;
    struct multipart_part part;
    if (xml_looks_like(body)) {
        return body;
    }
    if (multipart_begin(&m, content_type, body)) {
        return xml;
    }
    while (multipart_next(&m, &part)) {
        if (xml.n == 0 && xml_looks_like(part.body)) {
            xml = part.body;
        } else if (camera_looks_like_jpeg(part.body) &&
                   event->picture_count < CAMERA_PICTURES_MAX) {
            event->picture[event->picture_count++] = part.body;
        }
    }
    return xml;
}

int onvif_read(struct str content_type, struct str body, struct camera_event *ret_event)
{
    static const struct xml_walk walk = {begin, on_open, on_close};
    struct found found = {.event = {.kind = CAMERA_IGNORED}};
    int error = xml_read(pick_xml(content_type, body, &found.event), &walk, &found);
    if (!error && !found.is_soap) {
        error = DX_E_FORMAT;
    }
    if (!error) {
        if (found.event.kind != CAMERA_PLATE) {
            found.event.kind = CAMERA_HEARTBEAT;
        }
        *ret_event = found.event;
    }
    return error;
}

/* ---- the pull point ---- */

static void answer_begin(void *context)
{
    memset(context, 0, sizeof(struct onvif_answer));
}

static void answer_close(void *context, const struct xml_node *node)
{
    struct onvif_answer *answer = context;
    bool reference = strcmp(node->parent, "SubscriptionReference") == 0;
    if (strcmp(node->name, "Address") == 0 && reference) {
        if (str_copy(answer->address, sizeof answer->address, node->text)) {
            answer->address[0] = '\0';
        }
    } else if ((strcmp(node->name, "Text") == 0 && strcmp(node->parent, "Reason") == 0) ||
               strcmp(node->name, "faultstring") == 0) {
        str_copy_cut(answer->fault, sizeof answer->fault, node->text);
    } else if (strcmp(node->name, "Fault") == 0 && !answer->fault[0]) {
        str_copy_cut(answer->fault, sizeof answer->fault, STR("fault"));
    }
}

int onvif_read_answer(struct str body, struct onvif_answer *ret_answer)
{
    static const struct xml_walk walk = {answer_begin, NULL, answer_close};
    struct onvif_answer answer = {.address = ""};
    int error = xml_read(body, &walk, &answer);
    if (!error) {
        *ret_answer = answer;
    }
    return error;
}

static void write_xml(struct out *out, const char *text)
{
    for (const char *p = text; *p; p++) {
        if (*p == '&') {
            out_add_c(out, "&amp;");
        } else if (*p == '<') {
            out_add_c(out, "&lt;");
        } else {
            out_char(out, *p);
        }
    }
}

static void write_head(struct out *out, const char *action, const char *to)
{
    out_add_c(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>"
                   "<s:Envelope xmlns:s=\"http://www.w3.org/2003/05/soap-envelope\""
                   " xmlns:a=\"http://www.w3.org/2005/08/addressing\""
                   " xmlns:e=\"http://www.onvif.org/ver10/events/wsdl\""
                   " xmlns:w=\"http://docs.oasis-open.org/wsn/b-2\"><s:Header><a:Action>");
    out_add_c(out, action);
    out_add_c(out, "</a:Action>");
    if (to) {
        out_add_c(out, "<a:To>");
        write_xml(out, to);
        out_add_c(out, "</a:To>");
    }
    out_add_c(out, "</s:Header><s:Body>");
}

static void write_foot(struct out *out)
{
    out_add_c(out, "</s:Body></s:Envelope>");
}

#define EVENTS_WSDL "http://www.onvif.org/ver10/events/wsdl/"
#define WSN         "http://docs.oasis-open.org/wsn/bw-2/"

void onvif_write_create(struct out *out)
{
    write_head(out, EVENTS_WSDL "EventPortType/CreatePullPointSubscriptionRequest", NULL);
    out_add_c(out, "<e:CreatePullPointSubscription>"
                   "<e:InitialTerminationTime>PT60S</e:InitialTerminationTime>"
                   "</e:CreatePullPointSubscription>");
    write_foot(out);
}

void onvif_write_pull(struct out *out, const char *to, int timeout_s, int limit)
{
    write_head(out, EVENTS_WSDL "PullPointSubscription/PullMessagesRequest", to);
    out_fmt(out,
            "<e:PullMessages><e:Timeout>PT%dS</e:Timeout><e:MessageLimit>%d</e:MessageLimit>"
            "</e:PullMessages>",
            timeout_s, limit);
    write_foot(out);
}

void onvif_write_renew(struct out *out, const char *to, int lifetime_s)
{
    write_head(out, WSN "SubscriptionManager/RenewRequest", to);
    out_fmt(out, "<w:Renew><w:TerminationTime>PT%dS</w:TerminationTime></w:Renew>", lifetime_s);
    write_foot(out);
}
