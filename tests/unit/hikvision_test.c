/* hikvision_test.c - every shape of a camera's push that was seen, and some that must be refused.
 */
#include "gate/io/camera_words.h"
#include "gate/io/hikvision.h"
#include "gate/io/multipart.h"
#include "gate/io/xml.h"
#include "tests/harness/harness.h"

#define XML_HEAD "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n"
#define ISAPI    "http://www.isapi.org/ver20/XMLSchema"
#define UUID     "11111111-2222-4333-8444-555555555555"

/* An alert; each part is a variant's choice. */
struct alert {
    const char *prefix, *space, *type, *plate, *confidence, *time, *uuid, *extra;
};

static const struct alert usual = {
    "", ISAPI, "ANPR", "30F12345", "96", "2026-03-02T08:55:00.847+07:00", UUID, ""};

static char *write_alert(const struct alert *a)
{
    char *xml = malloc(8192);
    const char *p = a->prefix;
    assert_non_null(xml);
    snprintf(xml, 8192,
             XML_HEAD "<%sEventNotificationAlert version=\"2.0\" xmlns%s=\"%s\">"
                      "<%sipAddress>192.0.2.10</%sipAddress><%schannelID>1</%schannelID>"
                      "<%sdateTime>%s</%sdateTime><%seventType>%s</%seventType>"
                      "<%sANPR><%slicensePlate>%s</%slicensePlate>"
                      "<%sconfidenceLevel>%s</%sconfidenceLevel>"
                      "<%splateColor>white</%splateColor><%svehicleType>SUVMPV</%svehicleType>"
                      "<%spictureInfoList><%spictureInfo><%stype>detectionPicture</%stype>"
                      "</%spictureInfo></%spictureInfoList>"
                      "<%soriginalLicensePlate>XX</%soriginalLicensePlate></%sANPR>%s"
                      "<%sUUID>%s</%sUUID></%sEventNotificationAlert>",
             p, p[0] ? ":ns1" : "", a->space, p, p, p, p, p, a->time, p, p, a->type, p, p, p,
             a->plate, p, p, a->confidence, p, p, p, p, p, p, p, p, p, p, p, p, p, p, a->extra, p,
             a->uuid, p, p);
    return xml;
}

static int read_alert(const struct alert *a, struct camera_event *ret)
{
    char *xml = write_alert(a);
    int error = hikvision_read(STR("application/xml"), str_c(xml), ret);
    free(xml);
    return error;
}

static void test_hikvision__bare_xml_gives_the_read(void **state)
{
    (void)state;
    struct camera_event push;
    ok(read_alert(&usual, &push));
    assert_int_equal(push.kind, CAMERA_PLATE);
    assert_string_equal(push.read[0].raw, "30F12345");
    assert_string_equal(push.read[0].vendor_id, UUID);
    assert_int_equal(push.read[0].confidence, 960);
    assert_int_equal(push.read[0].vehicle, VEHICLE_CAR);
    assert_int_equal(push.read[0].colour, PLATE_COLOUR_WHITE);
    assert_true(push.read[0].has_taken);
    assert_true(push.read[0].taken.ms == INT64_C(1772416500847));
    assert_int_equal(push.picture_count, 0);
}

static void test_hikvision__namespaces_and_prefixes_do_not_matter(void **state)
{
    (void)state;
    static const char *const spaces[] = {ISAPI, "http://www.hikvision.com/ver20/XMLSchema",
                                         "http://www.std-cgi.com/ver10/XMLSchema"};
    for (size_t i = 0; i < 3; i++) {
        struct alert a = usual;
        struct camera_event push;
        a.space = spaces[i];
        ok(read_alert(&a, &push));
        assert_string_equal(push.read[0].raw, "30F12345");
        a.prefix = "ns1:";
        ok(read_alert(&a, &push));
        assert_string_equal(push.read[0].raw, "30F12345");
        assert_string_equal(push.read[0].vendor_id, UUID);
    }
}

static void test_hikvision__confidence_comes_in_three_scales(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int expected;
    } rows[] = {{"96", 960},     {"92.5", 925},  {"0.95", 950}, {"0.955", 955},
                {"0.9555", 955}, {"100", 1000},  {"1.0", 1000}, {"1", 10},
                {"0", 0},        {"99.99", 999}, {"101", 0},    {"-3", 0},
                {"", 0},         {"high", 0},    {"0.9x", 0},   {"100.9", 1000}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        assert_int_equal(camera_confidence(str_c(rows[i].text)), rows[i].expected);
    }
}

static void test_hikvision__without_a_level_the_weakest_letter_counts(void **state)
{
    (void)state;
    struct camera_event push;
    ok(hikvision_read(STR(""),
                      STR("<EventNotificationAlert><eventType>ANPR</eventType><ANPR>"
                          "<licensePlate>30F12345</licensePlate>"
                          "<plateCharBelieve>99,99,61,99</plateCharBelieve></ANPR>"
                          "</EventNotificationAlert>"),
                      &push));
    assert_int_equal(push.read[0].confidence, 610);
}

static void test_hikvision__unknown_is_a_vehicle_without_a_plate(void **state)
{
    (void)state;
    static const char *const words[] = {"unknown", "Unknown", "", "noPlate", "无车牌"};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        struct alert a = usual;
        struct camera_event push;
        a.plate = words[i];
        ok(read_alert(&a, &push));
        assert_int_equal(push.kind, CAMERA_PLATE);
        assert_string_equal(push.read[0].raw, "");
        assert_int_equal(push.read[0].confidence, 0);
    }
}

static void test_hikvision__other_events_are_ignored(void **state)
{
    (void)state;
    static const char *const types[] = {"VMD", "videoloss", "vehicleMatchResult", ""};
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
        struct alert a = usual;
        struct camera_event push;
        a.type = types[i];
        ok(read_alert(&a, &push));
        assert_int_equal(push.kind, CAMERA_IGNORED);
        assert_string_equal(push.type, types[i]);
    }
}

/* A multipart body: parts are {header lines, bytes, length}. */
struct part {
    const char *head;
    const char *bytes;
    size_t n;
};

static char *write_body(const char *boundary, const struct part *parts, int count, bool closed,
                        size_t *ret_n)
{
    size_t cap = 4096;
    for (int i = 0; i < count; i++) {
        cap += parts[i].n + 1024;
    }
    char *body = malloc(cap);
    assert_non_null(body);
    size_t n = 0;
    for (int i = 0; i < count; i++) {
        n += (size_t)snprintf(body + n, cap - n, "--%s\r\n%s\r\n\r\n", boundary, parts[i].head);
        memcpy(body + n, parts[i].bytes, parts[i].n);
        n += parts[i].n;
        n += (size_t)snprintf(body + n, cap - n, "\r\n");
    }
    if (closed) {
        n += (size_t)snprintf(body + n, cap - n, "--%s--\r\n", boundary);
    } else {
        n -= 2; /* cut in the middle of the last part's end */
    }
    *ret_n = n;
    return body;
}

/* JPEG-like bytes with everything a careless splitter trips over. */
static const char picture[] =
    "\xff\xd8\xff\xe0 JFIF \0 x--MIME_boundary \r\n-- \r\n--MIM \xff\xd9\n";

static void check_multipart(const char *xml_head, const char *picture_head, bool closed,
                            const char *content_type)
{
    char *xml = write_alert(&usual);
    struct part parts[] = {{xml_head, xml, strlen(xml)},
                           {picture_head, picture, sizeof picture - 1},
                           {picture_head, picture, sizeof picture - 1}};
    size_t n;
    char *body = write_body("MIME_boundary", parts, 3, closed, &n);
    struct camera_event push;
    ok(hikvision_read(str_c(content_type), (struct str){body, n}, &push));
    assert_int_equal(push.kind, CAMERA_PLATE);
    assert_string_equal(push.read[0].raw, "30F12345");
    assert_int_equal(push.picture_count, 2);
    assert_int_equal(push.picture[0].n, sizeof picture - 1);
    assert_memory_equal(push.picture[0].p, picture, sizeof picture - 1);
    assert_int_equal(push.picture[1].n, sizeof picture - 1);
    free(body);
    free(xml);
}

#define FORM "multipart/form-data; boundary=MIME_boundary"
#define PART(name, file, type)                                                     \
    "Content-Disposition: form-data; name=\"" name "\"; filename=\"" file "\"\r\n" \
    "Content-Type: " type "\r\nContent-Length: 7"

static void test_hikvision__part_names_and_types_vary(void **state)
{
    (void)state;
    const char *jpeg = PART("detectionPicture.jpg", "detectionPicture.jpg", "image/jpeg");
    const char *octets = PART("licensePlatePicture.jpg", "x.jpg", "application/octet-stream");
    check_multipart(PART("anpr.xml", "anpr.xml", "application/xml"), jpeg, true, FORM);
    check_multipart(PART("xml_file", "a.xml", "text/xml; charset=utf-8"), octets, true, FORM);
    check_multipart("Content-Disposition: form-data", "Content-Type: image/pjpeg", true, FORM);
    check_multipart("content-type: APPLICATION/XML", octets, true,
                    "multipart/form-data; boundary=\"MIME_boundary\"");
}

static void test_hikvision__final_boundary_may_be_missing(void **state)
{
    (void)state;
    check_multipart(PART("anpr.xml", "anpr.xml", "application/xml"),
                    PART("detectionPicture.jpg", "d.jpg", "image/jpeg"), false, FORM);
}

static void test_hikvision__boundary_is_found_in_the_body_when_the_header_lies(void **state)
{
    (void)state;
    const char *xml = PART("anpr.xml", "anpr.xml", "application/xml");
    const char *jpeg = PART("p", "p.jpg", "image/jpeg");
    check_multipart(xml, jpeg, true, "multipart/form-data");
    check_multipart(xml, jpeg, true, "multipart/form-data; boundary=other");
    check_multipart(xml, jpeg, true, "");
}

static void test_hikvision__pictures_may_come_first(void **state)
{
    (void)state;
    char *xml = write_alert(&usual);
    struct part parts[] = {{"Content-Type: image/jpeg", picture, sizeof picture - 1},
                           {"Content-Type: text/xml", xml, strlen(xml)}};
    size_t n;
    char *body = write_body("b", parts, 2, true, &n);
    struct camera_event push;
    ok(hikvision_read(STR("multipart/form-data; boundary=b"), (struct str){body, n}, &push));
    assert_string_equal(push.read[0].raw, "30F12345");
    assert_int_equal(push.picture_count, 1);
    free(body);
    free(xml);
}

static void test_hikvision__picture_of_12_megabytes(void **state)
{
    (void)state;
    size_t size = 12u << 20;
    char *big = malloc(size);
    assert_non_null(big);
    uint32_t x = 2463534242u; /* xorshift: bytes without a pattern */
    for (size_t i = 0; i < size; i++) {
        x ^= x << 13;
        x ^= x >> 17;
        x ^= x << 5;
        big[i] = (char)x;
    }
    memcpy(big, "\xff\xd8\xff", 3);
    char *xml = write_alert(&usual);
    struct part parts[] = {{"Content-Type: text/xml", xml, strlen(xml)},
                           {"Content-Type: application/octet-stream", big, size}};
    size_t n;
    char *body = write_body("----------------------------1a2b", parts, 2, true, &n);
    struct camera_event push;
    ok(hikvision_read(STR("multipart/form-data; boundary=----------------------------1a2b"),
                      (struct str){body, n}, &push));
    assert_int_equal(push.picture_count, 1);
    assert_int_equal(push.picture[0].n, size);
    assert_memory_equal(push.picture[0].p, big, size);
    free(body);
    free(xml);
    free(big);
}

static void test_hikvision__same_event_has_the_same_id_and_others_differ(void **state)
{
    (void)state;
    struct alert a = usual;
    struct camera_event first;
    struct camera_event second;
    a.uuid = "";
    ok(read_alert(&a, &first));
    ok(read_alert(&a, &second));
    assert_string_equal(first.read[0].vendor_id, second.read[0].vendor_id);
    a.time = "2026-03-02T08:55:01.847+07:00";
    ok(read_alert(&a, &second));
    assert_string_not_equal(first.read[0].vendor_id, second.read[0].vendor_id);
    a.time = ""; /* no clock, no id: the bytes themselves */
    ok(read_alert(&a, &first));
    assert_string_not_equal(first.read[0].vendor_id, second.read[0].vendor_id);
    assert_false(first.read[0].has_taken);
    a.extra = "<x/>";
    ok(read_alert(&a, &second));
    assert_string_not_equal(first.read[0].vendor_id, second.read[0].vendor_id);
    a.uuid = "a/../../b c"; /* used in no path, but kept plain anyway */
    ok(read_alert(&a, &second));
    assert_true(strncmp(second.read[0].vendor_id, "uuid:", 5) == 0);
}

static void test_hikvision__camera_time_with_and_without_zone(void **state)
{
    (void)state;
    static const char *const times[] = {"2026-03-02T08:55:00+07:00", "2026-03-02T01:55:00Z",
                                        "2026-03-02T08:55:00", "2026-03-02T02:55:00+01:00"};
    for (size_t i = 0; i < sizeof times / sizeof times[0]; i++) {
        struct alert a = usual;
        struct camera_event push;
        a.time = times[i];
        ok(read_alert(&a, &push));
        assert_true(push.read[0].has_taken);
        assert_true(push.read[0].taken.ms == INT64_C(1772416500000));
    }
}

static void test_hikvision__foreign_letters_do_not_cost_the_plate(void **state)
{
    (void)state;
    struct camera_event push;
    ok(hikvision_read(STR(""),
                      STR("<?xml version=\"1.0\" encoding=\"GBK\"?><EventNotificationAlert>"
                          "<channelName>\xb3\xb5\xb5\xc0</channelName><eventType>ANPR</eventType>"
                          "<ANPR><licensePlate>30F12345</licensePlate></ANPR>"
                          "</EventNotificationAlert>"),
                      &push));
    assert_string_equal(push.read[0].raw, "30F12345");
    ok(hikvision_read(STR(""),
                      STR("<EventNotificationAlert><channelName>\xb3\xb5</channelName>"
                          "<eventType>ANPR</eventType>"
                          "<ANPR><licensePlate>30F12345</licensePlate></ANPR>"
                          "</EventNotificationAlert>"),
                      &push));
    assert_string_equal(push.read[0].raw, "30F12345");
}

static void test_hikvision__long_plate_is_cut_between_letters(void **state)
{
    (void)state;
    struct alert a = usual;
    struct camera_event push;
    a.plate = "xĐĐĐĐĐĐĐĐĐĐĐĐĐĐĐĐĐĐĐĐĐĐĐĐĐĐĐĐĐĐĐĐĐĐĐĐ";
    ok(read_alert(&a, &push));
    assert_int_equal(strlen(push.read[0].raw), PLATE_RAW_CAP - 1);
    a.plate = "ĐĐĐĐĐĐĐĐĐĐĐĐĐĐĐĐĐĐĐĐĐĐĐĐĐĐĐĐĐĐĐĐĐĐĐĐ";
    ok(read_alert(&a, &push));
    assert_int_equal(strlen(push.read[0].raw), PLATE_RAW_CAP - 2);
    assert_true(str_is_utf8(str_c(push.read[0].raw)));
}

static void test_hikvision__nonsense_is_refused_and_leaves_the_output_alone(void **state)
{
    (void)state;
    static const char *const bodies[] = {
        "",
        "hello",
        "--b\r\n\r\nno xml in here\r\n--b--\r\n",
        "<EventNotificationAlert><eventType>ANPR</eventType>",
        "<EventNotificationAlert><eventType>ANPR</eventType></EventNotificationAlert>",
        "<a></b>",
        "<!DOCTYPE x [<!ENTITY a \"30F12345\">]><EventNotificationAlert>"
        "<eventType>ANPR</eventType><ANPR><licensePlate>&a;</licensePlate></ANPR>"
        "</EventNotificationAlert>",
        "<a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a><a></a></a></a>"
        "</a></a></a></a></a></a></a></a></a></a></a></a></a></a></a></a></a></a></a></a></a></a>",
    };
    for (size_t i = 0; i < sizeof bodies / sizeof bodies[0]; i++) {
        struct camera_event push = {.picture_count = 77};
        assert_int_equal(
            hikvision_read(STR("multipart/form-data; boundary=b"), str_c(bodies[i]), &push),
            DX_E_FORMAT);
        assert_int_equal(push.picture_count, 77);
    }
    char *huge = malloc(XML_SIZE_MAX + 8);
    assert_non_null(huge);
    memset(huge, 'x', XML_SIZE_MAX + 8);
    huge[0] = '<';
    struct camera_event push;
    assert_int_equal(hikvision_read(STR(""), (struct str){huge, XML_SIZE_MAX + 8}, &push),
                     DX_E_RANGE);
    free(huge);
}

static void test_hikvision__every_cut_of_a_body_ends_in_an_answer(void **state)
{
    (void)state;
    char *xml = write_alert(&usual);
    struct part parts[] = {{"Content-Type: text/xml", xml, strlen(xml)},
                           {"Content-Type: image/jpeg", picture, sizeof picture - 1}};
    size_t n;
    char *body = write_body("b", parts, 2, true, &n);
    int plates = 0;
    for (size_t cut = 0; cut <= n; cut++) {
        char *exact = malloc(cut + 1); /* so that the sanitizer sees one byte too far */
        assert_non_null(exact);
        memcpy(exact, body, cut);
        struct camera_event push;
        plates += hikvision_read(STR("multipart/form-data; boundary=b"), (struct str){exact, cut},
                                 &push) == 0;
        free(exact);
    }
    assert_true(plates > 20); /* whole XML, picture cut anywhere */
    free(body);
    free(xml);
}

static void test_multipart__parameters_of_a_header_field(void **state)
{
    (void)state;
    struct str field = STR("form-data; name=\"a b\"; FileName=x.jpg;boundary= y ");
    assert_true(str_eq_c(multipart_parameter(field, "name"), "a b"));
    assert_true(str_eq_c(multipart_parameter(field, "filename"), "x.jpg"));
    assert_true(str_eq_c(multipart_parameter(field, "boundary"), "y"));
    assert_int_equal(multipart_parameter(field, "none").n, 0);
}

TESTS(T(test_hikvision__bare_xml_gives_the_read),
      T(test_hikvision__namespaces_and_prefixes_do_not_matter),
      T(test_hikvision__confidence_comes_in_three_scales),
      T(test_hikvision__without_a_level_the_weakest_letter_counts),
      T(test_hikvision__unknown_is_a_vehicle_without_a_plate),
      T(test_hikvision__other_events_are_ignored), T(test_hikvision__part_names_and_types_vary),
      T(test_hikvision__final_boundary_may_be_missing),
      T(test_hikvision__boundary_is_found_in_the_body_when_the_header_lies),
      T(test_hikvision__pictures_may_come_first), T(test_hikvision__picture_of_12_megabytes),
      T(test_hikvision__same_event_has_the_same_id_and_others_differ),
      T(test_hikvision__camera_time_with_and_without_zone),
      T(test_hikvision__foreign_letters_do_not_cost_the_plate),
      T(test_hikvision__long_plate_is_cut_between_letters),
      T(test_hikvision__nonsense_is_refused_and_leaves_the_output_alone),
      T(test_hikvision__every_cut_of_a_body_ends_in_an_answer),
      T(test_multipart__parameters_of_a_header_field))
