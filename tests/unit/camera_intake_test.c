/* camera_intake_test.c - stored first, faults told once, pictures once; and who may push. */
#include "gate/io/camera_http.h"
#include "gate/io/camera_intake.h"
#include "gate/io/camera_pull.h"
#include "gate/io/config.h"
#include "proto/io/log.h"
#include "tests/harness/harness.h"

struct world {
    struct camera_intake *intake;
    wall_t wall;
    mono_t mono;
    int answer; /* of take */
    int taken;
    struct plate_read last;
    int raised[DEVICE_FAULT_COUNT], cleared[DEVICE_FAULT_COUNT];
    int64_t value;
};

static wall_t wall_now(void *context)
{
    return ((struct world *)context)->wall;
}

static mono_t mono_now(void *context)
{
    return ((struct world *)context)->mono;
}

static int take(void *context, int index, const struct plate_read *read)
{
    struct world *w = context;
    assert_int_equal(index, 1);
    w->taken++;
    w->last = *read;
    return w->answer;
}

static void on_fault(void *context, const char *device, enum device_fault fault, bool there,
                     int64_t value)
{
    struct world *w = context;
    assert_string_equal(device, "cam-out");
    (there ? w->raised : w->cleared)[fault]++;
    w->value = value;
}

static void make_world(struct world *w, struct picture_store *pictures)
{
    *w = (struct world){.wall = {1772416500000}, .mono = {5000}};
    struct camera_intake_config config = {
        .camera_count = 2,
        .camera = {{"cam-in", 120000, 0}, {"cam-out", 120000, 60000}},
        .pictures = pictures,
        .now = wall_now,
        .mono = mono_now,
        .context = w,
        .take = take,
        .fault = on_fault};
    log_start("test", LOG_LEVEL_ERROR);
    ok(camera_intake_new(&config, &w->intake));
}

static struct camera_event event_at(wall_t taken)
{
    struct camera_event event = {.kind = CAMERA_PLATE, .read_count = 1};
    event.read[0].has_taken = true;
    event.read[0].taken = taken;
    str_copy_cut(event.read[0].vendor_id, PLATE_VENDOR_ID_CAP, STR("e1"));
    return event;
}

static void test_intake__a_wrong_clock_is_told_once_and_sets_nothing(void **state)
{
    (void)state;
    struct world w;
    make_world(&w, NULL);
    struct camera_event event = event_at(wall_add(w.wall, 25200000));
    ok(camera_intake_take(w.intake, 1, &event));
    ok(camera_intake_take(w.intake, 1, &event));
    assert_int_equal(w.raised[DEVICE_CAMERA_CLOCK], 1);
    assert_int_equal(w.value, 25200000);
    assert_int_equal(w.taken, 2); /* the reading itself is as good as any */
    event = event_at(wall_add(w.wall, -119000));
    ok(camera_intake_take(w.intake, 1, &event));
    assert_int_equal(w.cleared[DEVICE_CAMERA_CLOCK], 1);
    event = event_at(wall_add(w.wall, -121000));
    ok(camera_intake_take(w.intake, 1, &event));
    assert_int_equal(w.raised[DEVICE_CAMERA_CLOCK], 2);
    event.read[0].has_taken = false; /* says nothing about its clock */
    ok(camera_intake_take(w.intake, 1, &event));
    assert_int_equal(w.cleared[DEVICE_CAMERA_CLOCK], 1);
    camera_intake_free(w.intake);
}

/* One reading, so long after it was taken, and so long after the one before. */
static bool late(struct world *w, int64_t delay_ms, int64_t after_ms)
{
    w->wall = wall_add(w->wall, after_ms);
    w->mono = mono_add(w->mono, after_ms);
    struct camera_event event = event_at(wall_add(w->wall, -delay_ms));
    ok(camera_intake_take(w->intake, 1, &event));
    return w->last.late;
}

static void test_intake__what_a_camera_kept_back_is_of_another_vehicle(void **state)
{
    (void)state;
    struct world w;
    make_world(&w, NULL);
    assert_false(late(&w, 500, 1000));
    assert_false(late(&w, 900, 20000));
    assert_true(late(&w, 23000, 5000)); /* the line was cut, and this was seen then */
    assert_true(late(&w, 22500, 100));  /* and this: in one go they prove no clock */
    assert_false(late(&w, 600, 5000));
    assert_true(late(&w, 9000, 5000));
    assert_false(late(&w, 700, 5000));
    /* its clock was set back by an hour: the same delay again, later on */
    assert_true(late(&w, 3600500, 30000));
    assert_true(late(&w, 3600700, 5000));
    assert_false(late(&w, 3600400, 6000));
    assert_false(late(&w, 3600400, 60000));
    assert_false(late(&w, -100, 5000)); /* and right again: sooner is never late */
    assert_true(late(&w, 30000, 5000));
    camera_intake_free(w.intake);
}

static void test_intake__what_is_not_stored_is_to_be_sent_again(void **state)
{
    (void)state;
    struct world w;
    make_world(&w, NULL);
    struct camera_event event = event_at(w.wall);
    w.answer = DX_E_FULL;
    assert_int_equal(camera_intake_take(w.intake, 1, &event), DX_E_FULL);
    w.answer = DX_E_EXISTS;
    ok(camera_intake_take(w.intake, 1, &event));
    assert_string_equal(w.last.camera, "cam-out");
    event.kind = CAMERA_HEARTBEAT;
    ok(camera_intake_take(w.intake, 1, &event));
    assert_int_equal(w.taken, 2);
    camera_intake_free(w.intake);
}

static void test_intake__silence_and_nonsense_are_faults_that_go(void **state)
{
    (void)state;
    struct world w;
    struct camera_event beat = {.kind = CAMERA_HEARTBEAT};
    make_world(&w, NULL);
    w.mono = mono_add(w.mono, 60000);
    camera_intake_look(w.intake);
    assert_int_equal(w.raised[DEVICE_CAMERA_SILENT], 0);
    w.mono = mono_add(w.mono, 1);
    camera_intake_look(w.intake);
    camera_intake_look(w.intake);
    assert_int_equal(w.raised[DEVICE_CAMERA_SILENT], 1);
    camera_intake_unreadable(w.intake, 1, 7, DX_E_FORMAT);
    assert_int_equal(w.cleared[DEVICE_CAMERA_SILENT], 1);
    assert_int_equal(w.raised[DEVICE_CAMERA_UNREADABLE], 1);
    ok(camera_intake_take(w.intake, 1, &beat));
    assert_int_equal(w.cleared[DEVICE_CAMERA_UNREADABLE], 1);
    camera_intake_link(w.intake, 1, false, "x");
    camera_intake_link(w.intake, 1, false, "x");
    camera_intake_link(w.intake, 1, true, "");
    assert_int_equal(w.raised[DEVICE_CAMERA_UNREACHABLE], 1);
    assert_int_equal(w.cleared[DEVICE_CAMERA_UNREACHABLE], 1);
    camera_intake_free(w.intake);
}

static void test_intake__pictures_are_there_before_the_answer_and_once(void **state)
{
    (void)state;
    struct world w;
    struct picture_store *pictures;
    char *folder = harness_temp_dir();
    char path[256];
    snprintf(path, sizeof path, "%s/p", folder);
    ok(picture_store_new(path, 9, &pictures));
    make_world(&w, pictures);
    struct camera_event event = event_at(w.wall);
    event.picture_count = 2;
    event.picture[0] = event.picture[1] = STR("\xff\xd8\xff");
    ok(camera_intake_take(w.intake, 1, &event));
    assert_int_equal(picture_store_count(pictures), 2);
    w.answer = DX_E_EXISTS; /* the answer was lost, it is sent again: later, the same event */
    w.wall = wall_add(w.wall, 5000);
    ok(camera_intake_take(w.intake, 1, &event));
    assert_int_equal(picture_store_count(pictures), 2);
    picture_store_free(pictures);
    ok(picture_store_new(path, 9, &pictures)); /* and after a restart */
    ok(picture_store_add(pictures, "cam-out", "e1", w.wall, 1, event.picture[0]));
    assert_int_equal(picture_store_count(pictures), 2);
    ok(picture_store_add(pictures, "cam-out", "e2", w.wall, 1, event.picture[0]));
    assert_int_equal(picture_store_count(pictures), 3);
    picture_store_free(pictures);
    camera_intake_free(w.intake);
    free(folder);
}

static void test_camera_token__length_and_letters(void **state)
{
    (void)state;
    char *folder = harness_temp_dir();
    char path[256];
    char token[CAMERA_TOKEN_CAP];
    static const struct {
        const char *text;
        int expected;
    } rows[] = {{"0123456789abcdef\n", 0},
                {"  0123456789-bc_ef  ", 0},
                {"0123456789abcde", DX_E_RANGE},
                {"0123456789abcde/", DX_E_FORMAT},
                {"", DX_E_FORMAT}};
    snprintf(path, sizeof path, "%s/token", folder);
    assert_int_equal(camera_read_token(path, token), DX_E_NOT_FOUND);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        FILE *file = fopen(path, "w");
        assert_non_null(file);
        fputs(rows[i].text, file);
        fclose(file);
        assert_int_equal(camera_read_token(path, token), rows[i].expected);
    }
    free(folder);
}

static void test_camera_pull__waits_grow_to_half_a_minute(void **state)
{
    (void)state;
    static const int waits[] = {1000, 2000, 4000, 8000, 16000, 30000, 30000};
    for (int i = 0; i < 7; i++) {
        assert_int_equal(camera_pull_again_ms(1000, i + 1), waits[i]);
    }
    assert_int_equal(camera_pull_again_ms(1000, 1 << 30), 30000);
}

/* ---- the configuration's keys ---- */

#define GATE                                                                       \
    "gate: {id: g, lot: l}\njournal: /tmp/j\nmqtt: {url: \"tcp://127.0.0.1:9\"}\n" \
    "buses:\n  - {name: io, address: \"127.0.0.1:5\"}\nlanes:\n  - lane: 1\n"      \
    "    direction: entry\n    camera: cam\n    inputs:\n"                         \
    "      - {role: arming_loop, bus: io, address: 0}\n"                           \
    "      - {role: safety_loop, bus: io, address: 1}\n    outputs:\n"             \
    "      - {role: open, bus: io, address: 0}\n      - {role: close, bus: io, address: 1}\n"

static void refuse(const char *more, const char *message)
{
    char text[4096];
    char error[YAML_ERROR_CAP] = "";
    static struct gate_settings settings;
    snprintf(text, sizeof text, "%s%s", GATE, more);
    assert_int_equal(gate_settings_read_text("g.yaml", str_c(text), &settings, error, sizeof error),
                     DX_E_CONFIG);
    if (!strstr(error, message)) {
        fail_msg("'%s' is not in: %s", message, error);
    }
}

static void test_config__cameras_name_line_and_what_is_allowed(void **state)
{
    (void)state;
    refuse("cameras:\n  - {name: other}\n", "g.yaml:17: key 'cameras[0].name': no lane has camera");
    refuse("cameras:\n  - {name: cam, kind: nikon}\n",
           "hikvision, dahua, platerecognizer, openalpr, frigate");
    refuse("cameras:\n  - {name: cam}\n  - {name: cam}\n", "'cam' is there twice");
    refuse("cameras:\n  - name: cam\n    kind: dahua\n", "http:// or https://");
    refuse("cameras:\n  - name: cam\n    kind: dahua\n    url: http://1.2.3.4\n    user: x\n",
           "g.yaml:20: key 'cameras[0].user': user and password_file belong together");
    refuse("cameras:\n  - {name: cam, url: \"http://x\"}\n", "is not asked; leave it out");
    refuse("cameras:\n  - {name: cam, kind: dahua, url: \"http://x\", token_file: /t}\n",
           "does not push; leave it out");
    refuse("cameras:\n  - {name: cam, from: camera.local}\n", "a numeric one, as 192.0.2.10");
    refuse("cameras:\n  - {name: cam, kind: frigate}\n", "set frigate.url");
    refuse("frigate: {url: \"tcp://192.0.2.5:1883\"}\n", "ssl://host:port");
    refuse("frigate: {url: \"ssl://192.0.2.5:8883\"}\n", "ca is needed");
    refuse("    scanner: ttyACM0\n", "evdev:<path>, tcp:<address>:<port>");
}

static void test_config__a_camera_without_an_entry_is_a_hikvision(void **state)
{
    (void)state;
    char error[YAML_ERROR_CAP] = "";
    static struct gate_settings settings;
    struct camera_settings camera;
    ok(gate_settings_read_text("g.yaml", STR(GATE), &settings, error, sizeof error));
    gate_settings_camera(&settings, "cam", &camera);
    assert_int_equal(camera.kind, CAMERA_HIKVISION);
    assert_int_equal(camera.skew_ms, 120000);
    assert_string_equal(camera.name, "cam");
    ok(gate_settings_read_text("g.yaml",
                               STR(GATE "cameras:\n  - {name: cam, kind: onvif, skew: 5s}\n"),
                               &settings, error, sizeof error));
    gate_settings_camera(&settings, "cam", &camera);
    assert_int_equal(camera.kind, CAMERA_ONVIF);
    assert_int_equal(camera.skew_ms, 5000);
}

TESTS(T(test_intake__a_wrong_clock_is_told_once_and_sets_nothing),
      T(test_intake__what_a_camera_kept_back_is_of_another_vehicle),
      T(test_intake__what_is_not_stored_is_to_be_sent_again),
      T(test_intake__silence_and_nonsense_are_faults_that_go),
      T(test_intake__pictures_are_there_before_the_answer_and_once),
      T(test_camera_token__length_and_letters), T(test_camera_pull__waits_grow_to_half_a_minute),
      T(test_config__cameras_name_line_and_what_is_allowed),
      T(test_config__a_camera_without_an_entry_is_a_hikvision))
