#include "sim/live/camera.h"

#include "proto/base/check.h"

/* A road, 16 by 12 grey pixels. */
/* clang-format off */
static const unsigned char scene_jpeg[] = {
    0xff, 0xd8, 0xff, 0xe0, 0x00, 0x10, 0x4a, 0x46, 0x49, 0x46, 0x00, 0x01, 0x01, 0x00, 0x00,
    0x01, 0x00, 0x01, 0x00, 0x00, 0xff, 0xdb, 0x00, 0x43, 0x00, 0x28, 0x1c, 0x1e, 0x23, 0x1e,
    0x19, 0x28, 0x23, 0x21, 0x23, 0x2d, 0x2b, 0x28, 0x30, 0x3c, 0x64, 0x41, 0x3c, 0x37, 0x37,
    0x3c, 0x7b, 0x58, 0x5d, 0x49, 0x64, 0x91, 0x80, 0x99, 0x96, 0x8f, 0x80, 0x8c, 0x8a, 0xa0,
    0xb4, 0xe6, 0xc3, 0xa0, 0xaa, 0xda, 0xad, 0x8a, 0x8c, 0xc8, 0xff, 0xcb, 0xda, 0xee, 0xf5,
    0xff, 0xff, 0xff, 0x9b, 0xc1, 0xff, 0xff, 0xff, 0xfa, 0xff, 0xe6, 0xfd, 0xff, 0xf8, 0xff,
    0xc0, 0x00, 0x0b, 0x08, 0x00, 0x0c, 0x00, 0x10, 0x01, 0x01, 0x11, 0x00, 0xff, 0xc4, 0x00,
    0x16, 0x00, 0x01, 0x01, 0x01, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
    0x00, 0x00, 0x00, 0x00, 0x03, 0x04, 0xff, 0xc4, 0x00, 0x18, 0x10, 0x00, 0x02, 0x03, 0x00,
    0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x01, 0x12,
    0x13, 0x61, 0xff, 0xda, 0x00, 0x08, 0x01, 0x01, 0x00, 0x00, 0x3f, 0x00, 0xa5, 0xda, 0x2e,
    0xd3, 0x14, 0x98, 0x93, 0x3f, 0xff, 0xd9,
};

/* A plate, 16 by 4 grey pixels. */
static const unsigned char plate_jpeg[] = {
    0xff, 0xd8, 0xff, 0xe0, 0x00, 0x10, 0x4a, 0x46, 0x49, 0x46, 0x00, 0x01, 0x01, 0x00, 0x00,
    0x01, 0x00, 0x01, 0x00, 0x00, 0xff, 0xdb, 0x00, 0x43, 0x00, 0x28, 0x1c, 0x1e, 0x23, 0x1e,
    0x19, 0x28, 0x23, 0x21, 0x23, 0x2d, 0x2b, 0x28, 0x30, 0x3c, 0x64, 0x41, 0x3c, 0x37, 0x37,
    0x3c, 0x7b, 0x58, 0x5d, 0x49, 0x64, 0x91, 0x80, 0x99, 0x96, 0x8f, 0x80, 0x8c, 0x8a, 0xa0,
    0xb4, 0xe6, 0xc3, 0xa0, 0xaa, 0xda, 0xad, 0x8a, 0x8c, 0xc8, 0xff, 0xcb, 0xda, 0xee, 0xf5,
    0xff, 0xff, 0xff, 0x9b, 0xc1, 0xff, 0xff, 0xff, 0xfa, 0xff, 0xe6, 0xfd, 0xff, 0xf8, 0xff,
    0xc0, 0x00, 0x0b, 0x08, 0x00, 0x04, 0x00, 0x10, 0x01, 0x01, 0x11, 0x00, 0xff, 0xc4, 0x00,
    0x15, 0x00, 0x01, 0x01, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
    0x00, 0x00, 0x00, 0x03, 0x04, 0xff, 0xc4, 0x00, 0x1e, 0x10, 0x01, 0x00, 0x02, 0x02, 0x01,
    0x05, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x01, 0x02, 0x03, 0x00,
    0x11, 0x04, 0x21, 0x31, 0x32, 0x51, 0x61, 0xff, 0xda, 0x00, 0x08, 0x01, 0x01, 0x00, 0x00,
    0x3f, 0x00, 0xb6, 0xc5, 0x4b, 0x85, 0x50, 0xe4, 0x56, 0x1f, 0x3c, 0x31, 0xac, 0x93, 0x5f,
    0x22, 0xa2, 0x2b, 0xab, 0x64, 0x92, 0x17, 0x7a, 0xd4, 0x57, 0xa7, 0xae, 0xd9, 0xff, 0xd9,
};
/* clang-format on */

static const char boundary[] = "MIME_boundary_7d0";

/* One firmware each. */
static const struct firmware {
    const char *prefix; /* of element names */
    const char *xmlns;
    const char *part; /* name and file name of the XML part */
    const char *xml_type;
    const char *image_type;
    const char *confidence; /* "96", or a fraction */
    bool says_vehicle;
} firmware[] = {
    {"", "http://www.isapi.org/ver20/XMLSchema", "anpr.xml", "application/xml", "image/jpeg", "96",
     true},
    {"", "http://www.hikvision.com/ver20/XMLSchema", "xml_file", "text/xml",
     "application/octet-stream", "92.5", true},
    {"ns1:", "http://www.isapi.org/ver20/XMLSchema", "anpr.xml", "application/xml", "image/jpeg",
     "0.95", true},
    {"", "http://www.std-cgi.com/ver10/XMLSchema", "anpr.xml", "application/xml; charset=UTF-8",
     "image/jpeg", "88", true},
};

void camera_make_uuid(struct prng *prng, char out[CAMERA_UUID_CAP])
{
    uint64_t a = prng_u64(prng);
    uint64_t b = prng_u64(prng);
    snprintf(out, CAMERA_UUID_CAP, "%08x-%04x-4%03x-8%03x-%012llx", (unsigned)(a >> 32),
             (unsigned)(a >> 16 & 0xFFFF), (unsigned)(a & 0xFFF), (unsigned)(b >> 52),
             (unsigned long long)(b & 0xFFFFFFFFFFFF));
}

static void element(struct out *out, const struct firmware *fw, const char *name, const char *value)
{
    out_fmt(out, "<%s%s>%s</%s%s>", fw->prefix, name, value, fw->prefix, name);
}

static void open_element(struct out *out, const struct firmware *fw, const char *name)
{
    out_fmt(out, "<%s%s>", fw->prefix, name);
}

static void close_element(struct out *out, const struct firmware *fw, const char *name)
{
    out_fmt(out, "</%s%s>", fw->prefix, name);
}

static const char *vehicle_word(enum vehicle vehicle)
{
    return vehicle == VEHICLE_MOTORBIKE ? "twoWheelVehicle" : "SUVMPV";
}

static void write_anpr(const struct camera_shot *shot, const struct firmware *fw, struct out *out)
{
    const char *text = shot->text[0] ? shot->text : "unknown";
    open_element(out, fw, "ANPR");
    element(out, fw, "country", "0");
    element(out, fw, "licensePlate", text);
    element(out, fw, "line", "1");
    element(out, fw, "direction", "forward");
    element(out, fw, "confidenceLevel", shot->text[0] ? fw->confidence : "0");
    element(out, fw, "plateType", "unknown");
    element(out, fw, "plateColor", "white");
    if (fw->says_vehicle) {
        element(out, fw, "vehicleType", vehicle_word(shot->vehicle));
    }
    open_element(out, fw, "pictureInfoList");
    open_element(out, fw, "pictureInfo");
    element(out, fw, "fileName", "detectionPicture.jpg");
    element(out, fw, "type", "detectionPicture");
    out_fmt(out, "<%svehicelRect><%sX>430</%sX><%sY>275</%sY></%svehicelRect>", fw->prefix,
            fw->prefix, fw->prefix, fw->prefix, fw->prefix, fw->prefix);
    close_element(out, fw, "pictureInfo");
    close_element(out, fw, "pictureInfoList");
    element(out, fw, "originalLicensePlate", text);
    close_element(out, fw, "ANPR");
}

static void write_xml(const struct camera_shot *shot, const struct firmware *fw, struct out *out)
{
    char when[TIME_ISO_CAP];
    char number[16];
    const char *colon = fw->prefix[0] ? ":" : "";
    time_format_iso(shot->taken, when);
    snprintf(number, sizeof number, "%d", shot->lane);
    out_add_c(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    out_fmt(out, "<%sEventNotificationAlert version=\"2.0\" xmlns%s%.*s=\"%s\">", fw->prefix, colon,
            fw->prefix[0] ? 3 : 0, fw->prefix, fw->xmlns);
    element(out, fw, "ipAddress", "192.0.2.10");
    element(out, fw, "channelID", number);
    element(out, fw, "dateTime", when);
    element(out, fw, "activePostCount", "1");
    element(out, fw, "eventType", "ANPR");
    element(out, fw, "eventState", "active");
    element(out, fw, "channelName", "LAN");
    write_anpr(shot, fw, out);
    element(out, fw, "UUID", shot->uuid);
    element(out, fw, "picNum", "2");
    close_element(out, fw, "EventNotificationAlert");
}

static void write_part(struct out *out, const char *name, const char *file, const char *type)
{
    out_fmt(out,
            "--%s\r\nContent-Disposition: form-data; name=\"%s\"; filename=\"%s\"\r\n"
            "Content-Type: %s\r\n\r\n",
            boundary, name, file, type);
}

static void write_picture(struct out *out, const struct firmware *fw, const char *name,
                          const unsigned char *bytes, size_t n)
{
    char file[40];
    snprintf(file, sizeof file, "%s.jpg", name);
    write_part(out, name, file, fw->image_type);
    for (size_t i = 0; i < n; i++) {
        out_char(out, (char)bytes[i]);
    }
    out_add_c(out, "\r\n");
}

void camera_write(const struct camera_shot *shot, unsigned variant, struct out *out,
                  char content_type[CAMERA_TYPE_CAP])
{
    const struct firmware *fw = &firmware[variant % (sizeof firmware / sizeof firmware[0])];
    snprintf(content_type, CAMERA_TYPE_CAP, "multipart/form-data; boundary=%s", boundary);
    write_part(out, fw->part, fw->part, fw->xml_type);
    write_xml(shot, fw, out);
    out_add_c(out, "\r\n");
    write_picture(out, fw, "detectionPicture", scene_jpeg, sizeof scene_jpeg);
    write_picture(out, fw, "licensePlatePicture", plate_jpeg, sizeof plate_jpeg);
    out_fmt(out, "--%s--\r\n", boundary);
    must(!out_failed(out));
}
