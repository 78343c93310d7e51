/* camera_forms_test.c - what Plate Recognizer, OpenALPR, Frigate, Dahua and ONVIF devices send. */
#include "gate/io/camera_words.h"
#include "gate/io/dahua.h"
#include "gate/io/frigate.h"
#include "gate/io/onvif.h"
#include "gate/io/openalpr.h"
#include "gate/io/part_stream.h"
#include "gate/io/plate_recognizer.h"
#include "tests/harness/harness.h"

#define TAKEN_MS INT64_C(1772416500000) /* 2026-03-02 08:55:00 in Hanoi */

/* ---- Plate Recognizer ---- */

#define PR_DATA                                                                               \
    "{\"camera_id\":\"cam-in-1\",\"filename\":\"cam-in-1/26-03-02/01-55-00.1.jpg\","          \
    "\"timestamp\":\"2026-03-02T01:55:00.100000Z\",\"results\":[{\"box\":{\"xmin\":460},"     \
    "\"plate\":\"29aa12345\",\"score\":0.871,\"candidates\":[{\"plate\":\"29aa12345\","       \
    "\"score\":0.871},{\"plate\":\"29a412345\"}],\"dscore\":0.66,\"vehicle\":{\"score\":0.5," \
    "\"type\":\"Motorcycle\"},\"direction\":\"\"}]}"
#define PR_HOOK "{\"hook\":{\"event\":\"recognition\",\"id\":\"x\"},\"data\":" PR_DATA "}"

static void check_pr(const char *type, struct str body, int pictures)
{
    struct camera_event event;
    ok(plate_recognizer_read(str_c(type), body, &event));
    assert_int_equal(event.kind, CAMERA_PLATE);
    assert_int_equal(event.read_count, 1);
    assert_string_equal(event.read[0].raw, "29aa12345");
    assert_int_equal(event.read[0].confidence, 871);
    assert_int_equal(event.read[0].vehicle, VEHICLE_MOTORBIKE);
    assert_true(event.read[0].has_taken);
    assert_true(event.read[0].taken.ms == TAKEN_MS + 100);
    assert_int_equal(event.picture_count, pictures);
}

static void test_plate_recognizer__json_form_and_multipart_are_one(void **state)
{
    (void)state;
    check_pr("application/json", STR(PR_HOOK), 0);
    check_pr("application/json", STR(PR_DATA), 0); /* older hooks: data at the top */
    check_pr(
        "multipart/form-data; boundary=b",
        STR("--b\r\nContent-Disposition: form-data; name=\"json\"\r\n\r\n" PR_HOOK
            "\r\n--b\r\nContent-Disposition: form-data; name=\"upload\"; filename=\"x.jpg\""
            "\r\nContent-Type: application/octet-stream\r\n\r\n\xff\xd8\xff\xe0 \r\n--b--\r\n"),
        1);
    check_pr("application/x-www-form-urlencoded",
             STR("x=1&json=%7B%22hook%22%3A%7B%22event%22%3A%22recognition%22%7D%2C%22data%22%3A"
                 "%7B%22timestamp%22%3A%222026-03-02T01%3A55%3A00.1Z%22%2C%22results%22%3A%5B%7B"
                 "%22plate%22%3A%2229aa12345%22%2C%22score%22%3A0.871%2C%22vehicle%22%3A%7B%22type"
                 "%22%3A%22Motorcycle%22%7D%7D%5D%7D%7D"),
             0);
}

static void test_plate_recognizer__a_later_reading_of_a_picture_has_its_id(void **state)
{
    (void)state;
    struct camera_event a;
    struct camera_event b;
    ok(plate_recognizer_read(
        STR(""),
        STR("{\"camera_id\":\"c\",\"filename\":\"p1\",\"results\":[{\"plate\":\"29aa1234\","
            "\"score\":0.6},{\"plate\":\"30f12345\",\"score\":0.9}]}"),
        &a));
    ok(plate_recognizer_read(STR(""),
                             STR("{\"camera_id\":\"c\",\"filename\":\"p1\",\"results\":[{\"plate\":"
                                 "\"29aa12345\",\"score\":0.9}]}"),
                             &b));
    assert_int_equal(a.read_count, 2);
    assert_string_equal(a.read[0].vendor_id, b.read[0].vendor_id);
    assert_string_not_equal(a.read[0].vendor_id, a.read[1].vendor_id);
    ok(plate_recognizer_read(
        STR(""),
        STR("{\"camera_id\":\"c\",\"filename\":\"p2\",\"timestamp\":"
            "\"2026-03-02T01:55:00\",\"results\":[{\"plate\":\"29aa12345\"}]}"),
        &b));
    assert_string_not_equal(a.read[0].vendor_id, b.read[0].vendor_id);
    assert_false(b.read[0].has_taken); /* no zone: whose time? */
    assert_int_equal(b.read[0].confidence, 0);
}

static void test_plate_recognizer__other_events_and_nonsense(void **state)
{
    (void)state;
    struct camera_event event = {.read_count = 77};
    assert_int_equal(plate_recognizer_read(STR(""), STR("hello"), &event), DX_E_FORMAT);
    assert_int_equal(plate_recognizer_read(STR(""), STR("{\"a\":1}"), &event), DX_E_FORMAT);
    assert_int_equal(plate_recognizer_read(STR(""), STR("{\"data\":3}"), &event), DX_E_FORMAT);
    assert_int_equal(event.read_count, 77);
    ok(plate_recognizer_read(STR(""), STR("{\"results\":[]}"), &event));
    assert_int_equal(event.kind, CAMERA_IGNORED);
    ok(plate_recognizer_read(STR(""), STR("{\"hook\":{\"event\":\"camera_offline\"}}"), &event));
    assert_int_equal(event.kind, CAMERA_HEARTBEAT);
}

/* ---- OpenALPR ---- */

static const char alpr_results[] =
    "{\"version\":2,\"data_type\":\"alpr_results\",\"epoch_time\":1772416500123,"
    "\"img_width\":1280,\"img_height\":720,\"results\":[{\"plate\":\"30F12345\","
    "\"confidence\":91.2,\"candidates\":[{\"plate\":\"30F12345\",\"confidence\":91.2}]}],"
    "\"uuid\":\"hn01-cam3-1772416500123\",\"camera_id\":3,\"site_id\":\"hn01\","
    "\"img_width\":1280,\"img_height\":720}";

static void test_openalpr__results_repeat_keys_and_are_read(void **state)
{
    (void)state;
    struct camera_event event;
    ok(openalpr_read(STR(""), str_c(alpr_results), &event));
    assert_int_equal(event.kind, CAMERA_PLATE);
    assert_int_equal(event.read_count, 1);
    assert_string_equal(event.read[0].raw, "30F12345");
    assert_string_equal(event.read[0].vendor_id, "hn01-cam3-1772416500123");
    assert_int_equal(event.read[0].confidence, 912);
    assert_true(event.read[0].taken.ms == TAKEN_MS + 123);
}

static void test_openalpr__a_group_amends_its_best_picture(void **state)
{
    (void)state;
    struct camera_event event;
    ok(openalpr_read(STR(""),
                     STR("{\"data_type\":\"alpr_group\",\"epoch_start\":1772416500000,"
                         "\"best_uuid\":\"hn01-cam3-1772416500123\",\"best_plate_number\":"
                         "\"30F12345\",\"best_confidence\":95.4,\"vehicle\":{\"body_type\":"
                         "[{\"name\":\"suv-crossover\",\"confidence\":90}]}}"),
                     &event));
    assert_string_equal(event.read[0].vendor_id, "hn01-cam3-1772416500123");
    assert_int_equal(event.read[0].confidence, 954);
    assert_int_equal(event.read[0].vehicle, VEHICLE_CAR);
    ok(openalpr_read(STR(""),
                     STR("{\"data_type\":\"alpr_group\",\"best_plate\":{\"plate\":\"30F12345\","
                         "\"confidence\":88}}"),
                     &event));
    assert_int_equal(event.read[0].confidence, 880);
    assert_true(event.read[0].vendor_id[0] != '\0');
}

static void test_openalpr__heartbeats_empty_results_and_nonsense(void **state)
{
    (void)state;
    struct camera_event event;
    ok(openalpr_read(STR(""), STR("{\"data_type\":\"heartbeat\"}"), &event));
    assert_int_equal(event.kind, CAMERA_HEARTBEAT);
    ok(openalpr_read(STR(""), STR("{\"data_type\":\"alpr_results\",\"results\":[]}"), &event));
    assert_int_equal(event.kind, CAMERA_IGNORED);
    ok(openalpr_read(STR(""), STR("{\"data_type\":\"vehicle\"}"), &event));
    assert_int_equal(event.kind, CAMERA_IGNORED);
    assert_int_equal(openalpr_read(STR(""), STR("{}"), &event), DX_E_FORMAT);
    assert_int_equal(openalpr_read(STR(""), STR("<xml/>"), &event), DX_E_FORMAT);
}

/* ---- Frigate ---- */

static void test_frigate__updates_and_events_share_an_id(void **state)
{
    (void)state;
    char camera[FRIGATE_CAMERA_CAP];
    struct camera_event a;
    struct camera_event b;
    ok(frigate_read(STR("tracked_object_update"),
                    STR("{\"type\":\"lpr\",\"id\":\"1772416500.12-ab12cd\",\"name\":null,\"plate\":"
                        "\"29M112345\",\"score\":0.88,\"camera\":\"gate_in_1\",\"timestamp\":"
                        "1772416500.4,\"plate_box\":[510,402,590,470]}"),
                    camera, &a));
    assert_int_equal(a.kind, CAMERA_PLATE);
    assert_string_equal(camera, "gate_in_1");
    assert_string_equal(a.read[0].raw, "29M112345");
    assert_string_equal(a.read[0].vendor_id, "1772416500.12-ab12cd");
    assert_int_equal(a.read[0].confidence, 880);
    assert_true(a.read[0].taken.ms == TAKEN_MS + 400);
    ok(frigate_read(STR("events"),
                    STR("{\"type\":\"update\",\"before\":{},\"after\":{\"id\":"
                        "\"1772416500.12-ab12cd\",\"camera\":\"gate_in_1\",\"label\":"
                        "\"motorcycle\",\"frame_time\":1772416501.5,\"sub_label\":null,"
                        "\"recognized_license_plate\":\"29M112346\","
                        "\"recognized_license_plate_score\":0.95}}"),
                    camera, &b));
    assert_string_equal(b.read[0].raw, "29M112346");
    assert_string_equal(b.read[0].vendor_id, a.read[0].vendor_id);
    assert_int_equal(b.read[0].confidence, 950);
    assert_int_equal(b.read[0].vehicle, VEHICLE_MOTORBIKE);
}

static void test_frigate__an_old_one_has_the_plate_as_sub_label(void **state)
{
    (void)state;
    char camera[FRIGATE_CAMERA_CAP];
    struct camera_event event;
    ok(frigate_read(STR("events"),
                    STR("{\"type\":\"end\",\"after\":{\"id\":\"1.2-a\",\"camera\":\"c\",\"label\":"
                        "\"car\",\"sub_label\":[\"30F12345\",0.91]}}"),
                    camera, &event));
    assert_string_equal(event.read[0].raw, "30F12345");
    assert_int_equal(event.read[0].confidence, 910);
    assert_int_equal(event.read[0].vehicle, VEHICLE_CAR);
    static const char *const none[] = {
        "{\"type\":\"new\",\"after\":{\"id\":\"1\",\"camera\":\"c\",\"sub_label\":\"Bob's car\"}}",
        "{\"type\":\"new\",\"after\":{\"id\":\"1\",\"camera\":\"c\",\"sub_label\":null}}",
        "{\"type\":\"new\",\"after\":{\"id\":\"1\",\"camera\":\"c\",\"sub_label\":\"30F12345\","
        "\"recognized_license_plate\":null}}"};
    for (size_t i = 0; i < sizeof none / sizeof none[0]; i++) {
        ok(frigate_read(STR("events"), str_c(none[i]), camera, &event));
        assert_int_equal(event.kind, CAMERA_IGNORED);
    }
}

static void test_frigate__other_topics_and_nonsense(void **state)
{
    (void)state;
    char camera[FRIGATE_CAMERA_CAP] = "as it was";
    struct camera_event event;
    ok(frigate_read(STR("available"), STR("online"), camera, &event));
    assert_int_equal(event.kind, CAMERA_HEARTBEAT);
    assert_string_equal(camera, "");
    ok(frigate_read(STR("tracked_object_update"), STR("{\"type\":\"face\"}"), camera, &event));
    assert_int_equal(event.kind, CAMERA_IGNORED);
    static const char *const bad[] = {
        "",
        "[]",
        "{}",
        "{\"type\":\"lpr\"}",
        "{\"type\":\"lpr\",\"id\":\"1\",\"camera\":\"c\"}",
        "{\"type\":\"lpr\",\"id\":7,\"camera\":\"c\",\"plate\":\"x\"}"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_int_equal(frigate_read(STR("tracked_object_update"), str_c(bad[i]), camera, &event),
                         DX_E_FORMAT);
    }
    assert_int_equal(frigate_read(STR("events"), STR("{\"type\":\"new\"}"), camera, &event),
                     DX_E_FORMAT);
}

/* ---- Dahua ---- */

static const wall_t now = {TAKEN_MS + 2000};

static const char dahua_lines[] =
    "Events[0].EventBaseInfo.Code=TrafficJunction\r\nEvents[0].EventBaseInfo.Action=Pulse\r\n"
    "Events[0].EventID=516\r\nEvents[0].Lane=1\r\nEvents[0].RealUTC=1772416500\r\n"
    "Events[0].UTC=1772441700\r\nEvents[0].UTCMS=305\r\nEvents[0].Object.ObjectType=Plate\r\n"
    "Events[0].Object.Text=30F12345\r\nEvents[0].Object.Confidence=160\r\n"
    "Events[0].TrafficCar.PlateNumber=30F12345\r\nEvents[0].TrafficCar.PlateColor=White\r\n";

static void test_dahua__lines_of_a_snapshot_event(void **state)
{
    (void)state;
    struct camera_event event;
    ok(dahua_read(str_c(dahua_lines), now, &event));
    assert_int_equal(event.kind, CAMERA_PLATE);
    assert_string_equal(event.type, "TrafficJunction");
    assert_string_equal(event.read[0].raw, "30F12345");
    assert_int_equal(event.read[0].confidence, 627); /* 160 of 255 */
    assert_int_equal(event.read[0].colour, PLATE_COLOUR_WHITE);
    assert_true(event.read[0].taken.ms == TAKEN_MS + 305); /* RealUTC, not UTC */
}

static void test_dahua__utc_alone_may_be_the_wall_clock(void **state)
{
    (void)state;
    struct camera_event event;
    ok(dahua_read(STR("Events[0].EventBaseInfo.Code=TrafficJunction\nEvents[0].UTC=1772441700\n"
                      "Events[0].TrafficCar.PlateNumber=30F12345\n"),
                  now, &event));
    assert_true(event.read[0].taken.ms == TAKEN_MS);
    ok(dahua_read(STR("Events[0].EventBaseInfo.Code=TrafficJunction\nEvents[0].UTC=1772416500\n"
                      "Events[0].TrafficCar.PlateNumber=30F12345\n"),
                  now, &event));
    assert_true(event.read[0].taken.ms == TAKEN_MS);
    assert_int_equal(event.read[0].confidence, 0); /* TrafficCar has none */
}

static void test_dahua__json_of_the_event_manager_is_mended(void **state)
{
    (void)state;
    struct camera_event event;
    ok(dahua_read(STR("Code=TrafficJunction;action=Pulse;index=0;data={\"EventID\":7, \"RealUTC\" :"
                      " 1772416500,\n \"Object\":{\"ObjectType\":\"Vehicle\",\"Text\":\"Honda; x\","
                      "\"Confidence\":80}\n \"NonMotor\":{\"Category\":\"Motorcycle\" "
                      "\"Plate\":{\"Text\":\"29M112345\",\"PlateColor\":\"White\"}}}"),
                  now, &event));
    assert_int_equal(event.kind, CAMERA_PLATE);
    assert_string_equal(event.read[0].raw, "29M112345"); /* not the make */
    assert_int_equal(event.read[0].vehicle, VEHICLE_MOTORBIKE);
    assert_int_equal(event.read[0].confidence, 0);
    assert_true(event.read[0].taken.ms == TAKEN_MS);
}

static void test_dahua__heartbeats_other_events_and_nonsense(void **state)
{
    (void)state;
    struct camera_event event;
    ok(dahua_read(STR("Heartbeat\r\n"), now, &event));
    assert_int_equal(event.kind, CAMERA_HEARTBEAT);
    ok(dahua_read(STR("Code=VideoMotion;action=Start;index=0"), now, &event));
    assert_int_equal(event.kind, CAMERA_IGNORED);
    ok(dahua_read(STR("Code=TrafficJunction;action=Pulse;index=0;data={}"), now, &event));
    assert_int_equal(event.kind, CAMERA_PLATE); /* a vehicle without a readable plate */
    assert_string_equal(event.read[0].raw, "");
    assert_int_equal(dahua_read(STR("<html>"), now, &event), DX_E_FORMAT);
    assert_int_equal(dahua_read(STR(""), now, &event), DX_E_FORMAT);
    assert_int_equal(dahua_read(STR("Code=TrafficJunction;data={\"a\":"), now, &event),
                     DX_E_FORMAT);
}

static void test_dahua__an_event_again_has_its_id_and_the_next_another(void **state)
{
    (void)state;
    struct camera_event a;
    struct camera_event b;
    char text[sizeof dahua_lines];
    ok(dahua_read(str_c(dahua_lines), now, &a));
    ok(dahua_read(str_c(dahua_lines), now, &b));
    assert_string_equal(a.read[0].vendor_id, b.read[0].vendor_id);
    memcpy(text, dahua_lines, sizeof text);
    *strstr(text, "516") = '6';
    ok(dahua_read(str_c(text), now, &b));
    assert_string_not_equal(a.read[0].vendor_id, b.read[0].vendor_id);
}

/* ---- the stream of parts ---- */

#define LENGTHY                                                                          \
    "--myboundary\r\nContent-Type: text/plain\r\nContent-Length: 9\r\n\r\nHeartbeat\r\n" \
    "--myboundary\r\nContent-Type: image/jpeg\r\nContent-Length: 16\r\n\r\n"             \
    "\xff\xd8\xff\r\n--mybound\r\n\r\n"                                                  \
    "--myboundary\r\nContent-Type:text/plain\r\nContent-Length: 0\r\n\r\n\r\n"           \
    "--myboundary\r\nContent-Type: text/plain\r\n\r\nno length\r\n--myboundary\r\n"

static const struct {
    const char *type, *body;
} lengthy_parts[] = {{"text/plain", "Heartbeat"},
                     {"image/jpeg", "\xff\xd8\xff\r\n--mybound\r\n"},
                     {"text/plain", ""},
                     {"text/plain", "no length"}};

static void check_stream(const char *content_type, size_t step)
{
    struct part_stream stream;
    struct multipart_part part;
    struct str rest = STR(LENGTHY);
    size_t found = 0;
    part_stream_init(&stream, str_c(content_type));
    while (rest.n) {
        ok(part_stream_feed(&stream, str_slice(rest, 0, step)));
        rest = str_slice(rest, step, rest.n);
        while (part_stream_next(&stream, &part)) {
            assert_true(found < 4);
            assert_true(str_eq_c(part.type, lengthy_parts[found].type));
            assert_true(str_eq_c(part.body, lengthy_parts[found].body));
            found++;
        }
    }
    assert_int_equal(found, 4);
    part_stream_fini(&stream);
}

static void test_part_stream__pieces_of_any_size_are_the_same_parts(void **state)
{
    (void)state;
    for (size_t step = 1; step < 60; step++) {
        check_stream("multipart/x-mixed-replace; boundary=myboundary", step);
        check_stream("multipart/x-mixed-replace; boundary=\"--myboundary\"", step);
        check_stream("", step); /* the stream tells it */
    }
    check_stream("", sizeof LENGTHY);
}

static void test_part_stream__a_length_that_lies_is_not_believed(void **state)
{
    (void)state;
    struct part_stream stream;
    struct multipart_part part;
    part_stream_init(&stream, STR("x; boundary=b"));
    ok(part_stream_feed(&stream, STR("--b\r\nContent-Length: 3\r\n\r\nlies about it\r\n\r\n--b\r\n"
                                     "Content-Length: 2\r\n\r\nhi")));
    assert_true(part_stream_next(&stream, &part));
    assert_true(str_eq_c(part.body, "lies about it"));
    assert_true(part_stream_next(&stream, &part)); /* at once, though nothing follows yet */
    assert_true(str_eq_c(part.body, "hi"));
    part_stream_fini(&stream);
}

static void test_part_stream__what_shows_no_end_is_dropped(void **state)
{
    (void)state;
    struct part_stream stream;
    struct multipart_part part;
    static char zeros[1 << 20];
    part_stream_init(&stream, STR("x; boundary=b"));
    for (int i = 0; i < 9; i++) {
        ok(part_stream_feed(&stream, (struct str){zeros, sizeof zeros}));
        assert_false(part_stream_next(&stream, &part));
    }
    assert_true(stream.cap <= PART_STREAM_MAX);
    assert_true(stream.dropped > 0);
    ok(part_stream_feed(&stream, STR("\r\n--b\r\nContent-Length: 2\r\n\r\nhi\r\n")));
    assert_true(part_stream_next(&stream, &part));
    assert_true(str_eq_c(part.body, "hi"));
    part_stream_fini(&stream);
}

/* ---- ONVIF ---- */

#define NOTIFICATION(topic, object, likelihood, plate)                                  \
    "<wsnt:NotificationMessage xmlns:wsnt=\"http://docs.oasis-open.org/wsn/b-2\">"      \
    "<wsnt:Topic Dialect=\"x\">" topic "</wsnt:Topic><wsnt:Message>"                    \
    "<tt:Message xmlns:tt=\"http://www.onvif.org/ver10/schema\""                        \
    " UtcTime=\"2026-03-02T01:55:00Z\"><tt:Source><tt:SimpleItem Name=\"VideoSource\""  \
    " Value=\"V1\"/><tt:SimpleItem Name=\"Rule\" Value=\"LPR\"/></tt:Source>"           \
    "<tt:Key><tt:SimpleItem Name=\"ObjectId\" Value=\"" object "\"/></tt:Key><tt:Data>" \
    "<tt:ElementItem Name=\"LicensePlateInfo\"><tt:LicensePlateInfo>"                   \
    "<tt:PlateNumber" likelihood ">" plate "</tt:PlateNumber>"                          \
    "</tt:LicensePlateInfo></tt:ElementItem></tt:Data></tt:Message></wsnt:Message>"     \
    "</wsnt:NotificationMessage>"
#define PLATE_TOPIC "tns1:RuleEngine/Recognition/LicensePlate"
#define ENVELOPE(body)                                                              \
    "<s:Envelope xmlns:s=\"http://www.w3.org/2003/05/soap-envelope\"><s:Body>" body \
    "</s:Body></s:Envelope>"

static void test_onvif__a_notification_pushed_or_pulled(void **state)
{
    (void)state;
    struct camera_event event;
    ok(onvif_read(STR("application/soap+xml"),
                  STR(ENVELOPE("<Notify>" NOTIFICATION("tns1:VideoSource/MotionAlarm", "", "", "x")
                                   NOTIFICATION(PLATE_TOPIC, "7", " Likelihood=\"0.93\"",
                                                "30F12345") "</Notify>")),
                  &event));
    assert_int_equal(event.kind, CAMERA_PLATE);
    assert_int_equal(event.read_count, 1);
    assert_string_equal(event.read[0].raw, "30F12345");
    assert_int_equal(event.read[0].confidence, 930);
    assert_true(event.read[0].taken.ms == TAKEN_MS);
    ok(onvif_read(STR(""), STR(NOTIFICATION(PLATE_TOPIC, "", "", "30F12345")), &event));
    assert_int_equal(event.read[0].confidence, 1000); /* no likelihood is 1 */
}

static void test_onvif__an_object_keeps_its_id_while_its_plate_changes(void **state)
{
    (void)state;
    struct camera_event a;
    struct camera_event b;
    ok(onvif_read(STR(""), STR(NOTIFICATION(PLATE_TOPIC, "7", " Likelihood=\"0.6\"", "3OF12345")),
                  &a));
    ok(onvif_read(STR(""), STR(NOTIFICATION(PLATE_TOPIC, "7", " Likelihood=\"0.9\"", "30F12345")),
                  &b));
    assert_string_equal(a.read[0].vendor_id, b.read[0].vendor_id);
    ok(onvif_read(STR(""), STR(NOTIFICATION(PLATE_TOPIC, "8", " Likelihood=\"0.9\"", "30F12345")),
                  &b));
    assert_string_not_equal(a.read[0].vendor_id, b.read[0].vendor_id);
}

static void test_onvif__simple_items_other_topics_and_nonsense(void **state)
{
    (void)state;
    struct camera_event event;
    ok(onvif_read(STR(""),
                  STR("<Notify><NotificationMessage><Topic>tns1:X/LicensePlateDetected</Topic>"
                      "<Message UtcTime=\"2026-03-02T01:55:00\"><Data><SimpleItem Name=\"Plate\""
                      " Value=\"30F12345\"/><SimpleItem Name=\"Likelihood\" Value=\"0.5\"/></Data>"
                      "</Message></NotificationMessage></Notify>"),
                  &event));
    assert_string_equal(event.read[0].raw, "30F12345");
    assert_int_equal(event.read[0].confidence, 500);
    assert_true(event.read[0].taken.ms == TAKEN_MS);
    ok(onvif_read(STR(""), STR(ENVELOPE("<PullMessagesResponse/>")), &event));
    assert_int_equal(event.kind, CAMERA_HEARTBEAT);
    assert_int_equal(onvif_read(STR(""), STR("<html/>"), &event), DX_E_FORMAT);
    assert_int_equal(onvif_read(STR(""), STR("hello"), &event), DX_E_FORMAT);
}

static void test_onvif__a_picture_is_named_by_its_address(void **state)
{
    (void)state;
    struct camera_event event;
#define WITH(items)                                                                         \
    "<NotificationMessage><Topic>tns1:RuleEngine/Recognition/LicensePlate</Topic><Message>" \
    "<Message UtcTime=\"2026-03-02T01:55:00Z\"><Data><SimpleItem Name=\"PlateNumber\" "     \
    "Value=\"30F12345\"/>" items "</Data></Message></Message></NotificationMessage>"
    ok(onvif_read(STR(""),
                  STR(ENVELOPE(WITH("<ElementItem Name=\"Image\"><ImageURI>http://192.0.2.10/p/1"
                                    "</ImageURI></ElementItem>")
                                   WITH("<SimpleItem Name=\"ImageURI\" Value=\"/plate.jpg\"/>"
                                        "<SimpleItem Name=\"VehicleImageURI\" "
                                        "Value=\"/car.jpg\"/>") WITH(""))),
                  &event));
    assert_int_equal(event.read_count, 3);
    assert_string_equal(event.picture_uri[0], "http://192.0.2.10/p/1");
    assert_string_equal(event.picture_uri[1], "/car.jpg"); /* who must look wants the vehicle */
    assert_string_equal(event.picture_uri[2], "");
}

static void test_onvif__answers_of_a_pull_point(void **state)
{
    (void)state;
    struct onvif_answer answer;
    ok(onvif_read_answer(STR(ENVELOPE("<t:R xmlns:t=\"x\" xmlns:a=\"y\"><t:SubscriptionReference>"
                                      "<a:Address> http://192.0.2.9/sub?id=1&amp;x=2 </a:Address>"
                                      "</t:SubscriptionReference></t:R>")),
                         &answer));
    assert_string_equal(answer.address, "http://192.0.2.9/sub?id=1&x=2");
    assert_string_equal(answer.fault, "");
    ok(onvif_read_answer(STR(ENVELOPE("<s:Fault><s:Reason><s:Text>not now</s:Text></s:Reason>"
                                      "</s:Fault>")),
                         &answer));
    assert_string_equal(answer.fault, "not now");
    char space[2048];
    struct out out;
    out_init(&out, space, sizeof space);
    onvif_write_pull(&out, "http://x/?a=1&b=2", 5, 20);
    assert_false(out_failed(&out));
    assert_non_null(strstr(space, "<a:To>http://x/?a=1&amp;b=2</a:To>"));
    assert_non_null(strstr(space, "<e:Timeout>PT5S</e:Timeout>"));
}

static void test_camera_words__ids_are_plain_or_digests(void **state)
{
    (void)state;
    char id[PLATE_VENDOR_ID_CAP];
    camera_vendor_id(id, "x:", STR("1772416500.12-ab_cd"));
    assert_string_equal(id, "1772416500.12-ab_cd");
    camera_vendor_id(id, "x:", STR("a/b"));
    assert_true(strncmp(id, "x:", 2) == 0 && strlen(id) == 50);
    camera_vendor_id(id, "x:", STR(""));
    assert_true(strlen(id) == 50);
}

TESTS(T(test_plate_recognizer__json_form_and_multipart_are_one),
      T(test_plate_recognizer__a_later_reading_of_a_picture_has_its_id),
      T(test_plate_recognizer__other_events_and_nonsense),
      T(test_openalpr__results_repeat_keys_and_are_read),
      T(test_openalpr__a_group_amends_its_best_picture),
      T(test_openalpr__heartbeats_empty_results_and_nonsense),
      T(test_frigate__updates_and_events_share_an_id),
      T(test_frigate__an_old_one_has_the_plate_as_sub_label),
      T(test_frigate__other_topics_and_nonsense), T(test_dahua__lines_of_a_snapshot_event),
      T(test_dahua__utc_alone_may_be_the_wall_clock),
      T(test_dahua__json_of_the_event_manager_is_mended),
      T(test_dahua__heartbeats_other_events_and_nonsense),
      T(test_dahua__an_event_again_has_its_id_and_the_next_another),
      T(test_part_stream__pieces_of_any_size_are_the_same_parts),
      T(test_part_stream__a_length_that_lies_is_not_believed),
      T(test_part_stream__what_shows_no_end_is_dropped),
      T(test_onvif__a_notification_pushed_or_pulled),
      T(test_onvif__a_picture_is_named_by_its_address),
      T(test_onvif__an_object_keeps_its_id_while_its_plate_changes),
      T(test_onvif__simple_items_other_topics_and_nonsense), T(test_onvif__answers_of_a_pull_point),
      T(test_camera_words__ids_are_plain_or_digests))
