#include "sim/live/camera_kinds.h"

#include "proto/base/check.h"

static const char *const words[MAKER_COUNT] = {"hikvision", "dahua",   "platerecognizer",
                                               "openalpr",  "frigate", "onvif"};

/* The beginning and the end of a picture: enough for whoever looks at its first bytes. */
static const char jpeg[] = "\xff\xd8\xff\xe0 a road \xff\xd9";

int maker_parse(struct str word, enum maker *ret_maker)
{
    for (int i = 0; i < MAKER_COUNT; i++) {
        if (str_eq_c(word, words[i])) {
            *ret_maker = (enum maker)i;
            return 0;
        }
    }
    return DX_E_NOT_FOUND;
}

bool maker_pushes(enum maker maker)
{
    return maker == MAKER_HIKVISION || maker == MAKER_PLATERECOGNIZER || maker == MAKER_OPENALPR;
}

static void write_utc(wall_t t, char out[TIME_ISO_CAP])
{
    struct civil c = time_civil(wall_add(t, -TIME_VIETNAM_OFFSET_MS)); /* UTC's wall clock */
    snprintf(out, TIME_ISO_CAP, "%04d-%02d-%02dT%02d:%02d:%02d.%03dZ", c.year, c.month, c.day,
             c.hour, c.minute, c.second, c.ms);
}

static void write_lower(struct out *out, const char *text)
{
    for (const char *p = text; *p; p++) {
        out_char(out, ascii_lower(*p));
    }
}

static void write_results(const struct camera_shot *shot, struct out *out)
{
    if (shot->text[0] == '\0') {
        return; /* nothing was read: an empty list */
    }
    out_add_c(out, "{\"box\":{\"xmin\":460,\"ymin\":57,\"xmax\":557,\"ymax\":82},\"plate\":\"");
    write_lower(out, shot->text);
    out_fmt(out,
            "\",\"region\":{\"code\":\"vn\",\"score\":0.72},\"score\":0.941,\"candidates\":[],"
            "\"dscore\":0.66,\"vehicle\":{\"score\":0.5,\"type\":\"%s\"},\"direction\":\"\"}",
            shot->vehicle == VEHICLE_MOTORBIKE ? "Motorcycle" : "SUV");
}

static void write_plate_recognizer(const struct camera_shot *shot, unsigned variant,
                                   struct out *out, char content_type[CAMERA_TYPE_CAP])
{
    char when[TIME_ISO_CAP];
    bool parts = variant % 2 == 1;
    write_utc(shot->taken, when);
    snprintf(content_type, CAMERA_TYPE_CAP,
             parts ? "multipart/form-data; boundary=bound7" : "application/json");
    if (parts) {
        out_add_c(out, "--bound7\r\nContent-Disposition: form-data; name=\"json\"\r\n\r\n");
    }
    out_fmt(out,
            "{\"hook\":{\"target\":\"gate\",\"id\":\"lane-%d\",\"event\":\"recognition\"},"
            "\"data\":{\"camera_id\":\"lane-%d\",\"filename\":\"lane-%d/%s.jpg\","
            "\"timestamp\":\"%s\",\"results\":[",
            shot->lane, shot->lane, shot->lane, shot->uuid, when);
    write_results(shot, out);
    out_add_c(out, "]}}");
    if (parts) {
        out_add_c(out, "\r\n--bound7\r\nContent-Disposition: form-data; name=\"upload\"; "
                       "filename=\"x.jpg\"\r\nContent-Type: image/jpeg\r\n\r\n");
        out_add(out, STR(jpeg));
        out_add_c(out, "\r\n--bound7--\r\n");
    }
}

static void write_openalpr(const struct camera_shot *shot, unsigned variant, struct out *out,
                           char content_type[CAMERA_TYPE_CAP])
{
    snprintf(content_type, CAMERA_TYPE_CAP, "application/json");
    if (variant % 2 == 1) {
        out_fmt(out,
                "{\"data_type\":\"alpr_group\",\"version\":2,\"epoch_start\":%lld,"
                "\"epoch_end\":%lld,\"camera_id\":%d,\"best_uuid\":\"%s\","
                "\"best_plate_number\":\"%s\",\"best_confidence\":95.4,\"vehicle\":{\"body_type\":"
                "[{\"name\":\"%s\",\"confidence\":90.1}]}}",
                (long long)shot->taken.ms, (long long)shot->taken.ms, shot->lane, shot->uuid,
                shot->text, shot->vehicle == VEHICLE_MOTORBIKE ? "motorcycle" : "suv-crossover");
        return;
    }
    out_fmt(out,
            "{\"version\":2,\"data_type\":\"alpr_results\",\"epoch_time\":%lld,"
            "\"img_width\":1280,\"img_height\":720,\"results\":[",
            (long long)shot->taken.ms);
    if (shot->text[0]) {
        out_fmt(out, "{\"plate\":\"%s\",\"confidence\":95.2,\"matches_template\":0}", shot->text);
    }
    out_fmt(out,
            "],\"uuid\":\"%s\",\"camera_id\":%d,\"site_id\":\"lot\",\"img_width\":1280,"
            "\"img_height\":720}",
            shot->uuid, shot->lane);
}

void maker_write_push(enum maker maker, const struct camera_shot *shot, unsigned variant,
                      struct out *out, char content_type[CAMERA_TYPE_CAP])
{
    must(maker_pushes(maker));
    if (maker == MAKER_HIKVISION) {
        camera_write(shot, variant, out, content_type);
    } else if (maker == MAKER_PLATERECOGNIZER) {
        write_plate_recognizer(shot, variant, out, content_type);
    } else {
        write_openalpr(shot, variant, out, content_type);
    }
    must(!out_failed(out));
}

void maker_write_dahua(const struct camera_shot *shot, unsigned variant, struct out *out)
{
    char space[1024];
    struct out text;
    long long utc_s = shot->taken.ms / 1000;
    out_init(&text, space, sizeof space);
    out_fmt(&text,
            "Events[0].EventBaseInfo.Code=TrafficJunction\r\n"
            "Events[0].EventBaseInfo.Action=Pulse\r\nEvents[0].GroupID=%s\r\n"
            "Events[0].Lane=%d\r\n",
            shot->uuid, shot->lane);
    if (variant % 2 == 0) {
        out_fmt(&text, "Events[0].RealUTC=%lld\r\n", utc_s);
    }
    out_fmt(&text, "Events[0].UTC=%lld\r\nEvents[0].UTCMS=%lld\r\n",
            utc_s + TIME_VIETNAM_OFFSET_MS / 1000, (long long)(shot->taken.ms % 1000));
    if (shot->vehicle == VEHICLE_MOTORBIKE) {
        out_fmt(&text,
                "Events[0].NonMotor.Category=Motorcycle\r\n"
                "Events[0].NonMotor.Plate.Text=%s\r\n",
                shot->text);
    }
    out_fmt(&text,
            "Events[0].Object.ObjectType=Plate\r\nEvents[0].Object.Text=%s\r\n"
            "Events[0].Object.Confidence=245\r\nEvents[0].TrafficCar.PlateNumber=%s\r\n"
            "Events[0].TrafficCar.PlateColor=White\r\n",
            shot->text, shot->text);
    if (shot->vehicle == VEHICLE_CAR) {
        out_add_c(&text, "Events[0].Vehicle.Category=SaloonCar\r\n");
    }
    must(!out_failed(&text));
    out_fmt(out, "--myboundary\r\nContent-Type: text/plain\r\nContent-Length:%zu\r\n\r\n", text.n);
    out_add(out, out_str(&text));
    out_fmt(out, "\r\n--myboundary\r\nContent-Type: image/jpeg\r\nContent-Length:%zu\r\n\r\n",
            sizeof jpeg - 1);
    out_add(out, STR(jpeg));
    out_add_c(out, "\r\n");
    must(!out_failed(out));
}

void maker_write_onvif(const struct camera_shot *shot, unsigned variant, struct out *out)
{
    char when[TIME_ISO_CAP];
    write_utc(shot->taken, when);
    out_fmt(out,
            "<wsnt:NotificationMessage><wsnt:Topic Dialect=\"http://www.onvif.org/ver10/tev/"
            "topicExpression/ConcreteSet\">tns1:RuleEngine/Recognition/LicensePlate</wsnt:Topic>"
            "<wsnt:Message><tt:Message UtcTime=\"%s\" PropertyOperation=\"Changed\"><tt:Source>"
            "<tt:SimpleItem Name=\"VideoSource\" Value=\"V%d\"/></tt:Source><tt:Key>"
            "<tt:SimpleItem Name=\"ObjectId\" Value=\"%s\"/></tt:Key><tt:Data>",
            when, shot->lane, shot->uuid);
    if (variant % 2 == 0) {
        out_fmt(out,
                "<tt:SimpleItem Name=\"Likelihood\" Value=\"0.95\"/><tt:ElementItem "
                "Name=\"LicensePlateInfo\"><tt:LicensePlateInfo><tt:PlateNumber "
                "Likelihood=\"0.95\">%s</tt:PlateNumber><tt:CountryCode>VN</tt:CountryCode>"
                "</tt:LicensePlateInfo></tt:ElementItem>",
                shot->text);
    } else {
        out_fmt(out,
                "<tt:SimpleItem Name=\"PlateNumber\" Value=\"%s\"/>"
                "<tt:SimpleItem Name=\"Likelihood\" Value=\"0.96\"/>",
                shot->text);
    }
    out_fmt(out,
            "<tt:ElementItem Name=\"VehicleInfo\"><tt:VehicleInfo><tt:Type>%s</tt:Type>"
            "</tt:VehicleInfo></tt:ElementItem><tt:SimpleItem Name=\"VehicleImageURI\" "
            "Value=\"/onvif/%d/picture/%s\"/></tt:Data></tt:Message></wsnt:Message>"
            "</wsnt:NotificationMessage>",
            shot->vehicle == VEHICLE_MOTORBIKE ? "Motorcycle" : "Car", shot->lane, shot->uuid);
    must(!out_failed(out));
}

void maker_write_frigate_new(const struct camera_shot *shot, const char *camera, struct out *out)
{
    out_fmt(
        out,
        "{\"type\":\"new\",\"before\":{\"id\":\"%s\"},\"after\":{\"id\":\"%s\",\"camera\":\"%s\","
        "\"frame_time\":%lld.%03lld,\"label\":\"%s\",\"sub_label\":null,"
        "\"recognized_license_plate\":null,\"score\":0.7,\"stationary\":false}}",
        shot->uuid, shot->uuid, camera, (long long)(shot->taken.ms / 1000),
        (long long)(shot->taken.ms % 1000),
        shot->vehicle == VEHICLE_MOTORBIKE ? "motorcycle" : "car");
    must(!out_failed(out));
}

void maker_write_frigate(const struct camera_shot *shot, const char *camera, int score,
                         struct out *out)
{
    out_fmt(out,
            "{\"type\":\"lpr\",\"id\":\"%s\",\"name\":null,\"plate\":\"%s\",\"score\":0.%03d,"
            "\"camera\":\"%s\",\"timestamp\":%lld.%03lld,\"plate_box\":[510,402,590,470]}",
            shot->uuid, shot->text, score, camera, (long long)(shot->taken.ms / 1000),
            (long long)(shot->taken.ms % 1000));
    must(!out_failed(out));
}
