/* The street's own reading and writing, without a socket. */
#include "gate/io/hikvision.h"
#include "proto/vietqr.h"
#include "sim/live/camera.h"
#include "sim/live/server_book.h"
#include "sim/live/words.h"
#include "tests/harness/harness.h"

static void test_sim_camera__every_firmware_is_read_by_the_gate(void **state)
{
    (void)state;
    static char space[CAMERA_BODY_CAP];
    char type[CAMERA_TYPE_CAP];
    for (unsigned variant = 0; variant < 8; variant++) {
        struct camera_shot shot = {.lane = 1,
                                   .text = variant < 4 ? "29AA12345" : "",
                                   .vehicle = VEHICLE_MOTORBIKE,
                                   .taken = {1772416500847},
                                   .uuid = "11111111-2222-4333-8444-555555555555"};
        struct camera_event push;
        struct out out;
        out_init(&out, space, sizeof space);
        camera_write(&shot, variant, &out, type);
        assert_string_equal(space + out.n - 25, "\r\n--MIME_boundary_7d0--\r\n");
        ok(hikvision_read(str_c(type), out_str(&out), &push));
        assert_int_equal(push.kind, CAMERA_PLATE);
        assert_string_equal(push.read[0].raw, shot.text);
        assert_int_equal(push.read[0].vehicle, VEHICLE_MOTORBIKE);
        assert_string_equal(push.read[0].vendor_id, shot.uuid);
        assert_true(push.read[0].has_taken && push.read[0].taken.ms == shot.taken.ms);
        assert_true(variant >= 4 || push.read[0].confidence >= 880);
        assert_int_equal(push.picture_count, 2);
        for (int i = 0; i < 2; i++) {
            const unsigned char *jpeg = (const unsigned char *)push.picture[i].p;
            size_t n = push.picture[i].n;
            assert_true(n > 100 && jpeg[0] == 0xFF && jpeg[1] == 0xD8);
            assert_true(jpeg[n - 2] == 0xFF && jpeg[n - 1] == 0xD9);
        }
    }
}

static void test_sim_camera__uuids_have_their_form_and_differ(void **state)
{
    (void)state;
    struct prng prng;
    char a[CAMERA_UUID_CAP];
    char b[CAMERA_UUID_CAP];
    prng_init(&prng, 1);
    camera_make_uuid(&prng, a);
    camera_make_uuid(&prng, b);
    assert_int_equal(strlen(a), 36);
    assert_true(a[8] == '-' && a[13] == '-' && a[14] == '4' && a[18] == '-' && a[23] == '-');
    assert_string_not_equal(a, b);
}

static int read_display(int64_t amount, int64_t in_code, const char *purpose, struct shown *shown,
                        struct bill *bill)
{
    char payload[VIETQR_PAYLOAD_CAP];
    char body[1024];
    struct vietqr qr = {.dynamic = true, .bin = "970436", .account = "0123456789"};
    struct out out;
    qr.amount_vnd = in_code;
    snprintf(qr.purpose, sizeof qr.purpose, "%s", purpose);
    ok(vietqr_build(&qr, payload, sizeof payload));
    out_init(&out, body, sizeof body);
    json_object(&out, NULL);
    json_i64(&out, "lane", 2);
    json_c(&out, "state", "pay");
    json_c(&out, "plate", "30F-123.45");
    json_i64(&out, "amount_vnd", amount);
    json_c(&out, "paycode", "DX7K3M9Q2X");
    json_c(&out, "payload", payload);
    json_c(&out, "url", "http://127.0.0.1:8080/s/abc");
    json_object_end(&out);
    return book_read_display(out_str(&out), shown, bill);
}

static void test_sim_book__a_display_is_scanned_and_checked(void **state)
{
    (void)state;
    struct shown shown;
    struct bill bill;
    ok(read_display(25000, 25000, "DX7K3M9Q2X", &shown, &bill));
    assert_false(shown.wrong || shown.settled);
    assert_true(shown.due_vnd == 25000);
    assert_string_equal(shown.plate, "30F12345");
    assert_string_equal(shown.payee, "970436-0123456789");
    assert_string_equal(bill.words, "DX7K3M9Q2X");
    assert_string_equal(bill.account, "0123456789");
    ok(read_display(25000, 26000, "DX7K3M9Q2X", &shown, &bill));
    assert_true(shown.wrong);
    ok(read_display(25000, 25000, "DX00000000", &shown, &bill));
    assert_true(shown.wrong);
    ok(book_read_display(STR("{\"state\":\"pay\",\"amount_vnd\":5,\"payload\":\"0002\"}"), &shown,
                         &bill));
    assert_true(shown.wrong);
    ok(book_read_display(STR("{\"state\":\"go\",\"amount_vnd\":25000,\"payload\":\"\"}"), &shown,
                         &bill));
    assert_true(shown.settled && shown.due_vnd == 0 && !shown.wrong);
    assert_int_equal(book_read_display(STR("<html>"), &shown, &bill), DX_E_FORMAT);
}

static void test_sim_book__a_page_is_copied_field_by_field(void **state)
{
    (void)state;
    struct shown shown;
    struct bill bill;
    ok(book_read_page(STR("<b data-copy=\"15000\" x></b><i data-copy=\"DX7K3M9Q2X\">"
                          "<i data-copy=\"0123456789\">"),
                      &shown, &bill));
    assert_true(shown.due_vnd == 15000);
    assert_string_equal(shown.code, "DX7K3M9Q2X");
    assert_string_equal(bill.account, "0123456789");
    ok(book_read_page(STR("<p>paid</p>"), &shown, &bill));
    assert_true(shown.due_vnd == 0);
    assert_int_equal(book_read_page(STR("<b data-copy=\"15.000\">"), &shown, &bill), DX_E_FORMAT);
}

static void test_sim_book__sessions_tokens_sums_and_lanes(void **state)
{
    (void)state;
    static const char sessions[] =
        "{\"sessions\":[{\"id\":\"01H\",\"state\":\"inside\",\"subject\":\"plate\",\"key\":"
        "\"30F12345\",\"raw\":\"30F12345\",\"entered_ms\":5,\"left_ms\":null,\"fee_vnd\":7,"
        "\"paid_vnd\":0,\"code\":\"DX1\",\"token\":\"abc\"},{\"id\":\"01J\",\"state\":\"left\","
        "\"key\":\"30G1\",\"left_ms\":9,\"token\":\"old\"}],\"next\":\"01J\"}";
    struct audit_session session[2];
    char cursor[BOOK_CURSOR_CAP];
    char token[BOOK_TOKEN_CAP];
    int count = 0;
    ok(book_read_sessions(str_c(sessions), session, 2, &count, cursor));
    assert_int_equal(count, 2);
    assert_string_equal(cursor, "01J");
    assert_true(session[0].entered_ms == 5 && session[0].left_ms == 0 && session[0].fee_vnd == 7);
    assert_int_equal(book_read_sessions(str_c(sessions), session, 2, &count, cursor), DX_E_SPACE);
    ok(book_find_token(str_c(sessions), "30F12345", token));
    assert_string_equal(token, "abc");
    assert_int_equal(book_find_token(str_c(sessions), "30G1", token), DX_E_NOT_FOUND);

    struct audit_totals totals;
    ok(book_read_totals(STR("{\"credits\":[{\"word\":\"exact\",\"count\":3},{\"word\":\"under\","
                            "\"count\":1}],\"credit_in_vnd\":90,\"trial_balance_vnd\":0,"
                            "\"uneven_transactions\":0,\"outbox_waiting\":1,\"inbox_waiting\":2,"
                            "\"parked\":4,\"quarantine\":5,\"reviews\":[]}"),
                        &totals));
    assert_true(totals.credits == 4 && totals.credit_vnd == 90 && totals.waiting == 7);
    assert_int_equal(book_read_totals(STR("{\"credits\":[]}"), &totals), DX_E_FORMAT);

    struct book_lane lane[BOOK_LANES_MAX];
    ok(book_read_lanes(STR("{\"gates\":[{\"gate\":\"g1\",\"lanes\":[{\"lane\":1,\"hold\":null,"
                           "\"state\":\"fault\"},{\"lane\":3,\"hold\":null,\"state\":\"idle\"},"
                           "{\"lane\":2,\"hold\":\"unreadable\"}]}]}"),
                       lane, &count));
    assert_int_equal(count, 3);
    assert_string_equal(lane[0].hold, "fault");
    assert_string_equal(lane[1].hold, "");
    assert_string_equal(lane[2].hold, "unreadable");
    assert_string_equal(lane[2].gate, "g1");
    assert_int_equal(lane[2].lane, 2);
}

static void test_sim_words__lines_name_vehicle_plate_lane_and_money(void **state)
{
    (void)state;
    char line[200];
    struct visit visit = {.person = {.vehicle = VEHICLE_MOTORBIKE, .plate = "29-AA 123.45"}};
    struct world_effect effect = {.tell = TELL_ENTERED, .lane = 1};
    word_tell(&effect, &visit, LANGUAGE_VI, line, sizeof line);
    assert_string_equal(line, "Xe máy 29-AA 123.45 vào bãi (làn 1)");
    effect = (struct world_effect){.tell = TELL_PAID, .lane = 2, .amount_vnd = 25000};
    word_tell(&effect, &visit, LANGUAGE_EN, line, sizeof line);
    assert_string_equal(line, "Motorbike 29-AA 123.45 paid 25,000 VND");
    enum language language;
    ok(word_language(STR("vi"), &language));
    assert_int_equal(word_language(STR("fr"), &language), DX_E_NOT_FOUND);
}

TESTS(T(test_sim_camera__every_firmware_is_read_by_the_gate),
      T(test_sim_camera__uuids_have_their_form_and_differ),
      T(test_sim_book__a_display_is_scanned_and_checked),
      T(test_sim_book__a_page_is_copied_field_by_field),
      T(test_sim_book__sessions_tokens_sums_and_lanes),
      T(test_sim_words__lines_name_vehicle_plate_lane_and_money))
