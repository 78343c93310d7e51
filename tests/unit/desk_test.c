/* desk_test.c - the attendant's console without its sockets: accounts, the book, rules, words. */
#include "gate/console/assets.h"
#include "gate/console/desk_account.h"
#include "gate/console/desk_fold.h"
#include "gate/console/desk_keep.h"
#include "gate/console/desk_texts.h"
#include "proto/io/json.h"
#include "tests/harness/harness.h"

#include <sys/stat.h>
#include <unistd.h>

static struct desk_book book;

static void begin(void)
{
    char path[160];
    char *folder = harness_temp_dir();
    ok(dx_crypto_start());
    snprintf(path, sizeof path, "%s/desk.db", folder);
    ok(desk_book_open_accounts(path, &book));
    free(folder);
}

static const wall_t noon = {1795500000000};

/* ---- accounts ---- */

static void test_desk__a_pin_has_six_digits_and_is_no_row(void **state)
{
    (void)state;
    static const char *const bad[] = {"", "12345", "111111", "123456", "987654", "000000"};
    static const char *const good[] = {"802517", "112233", "mật khẩu dài", "135790"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_non_null(desk_secret_fault(str_c(bad[i])));
    }
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        assert_null(desk_secret_fault(str_c(good[i])));
    }
}

static void test_desk__a_disabled_account_is_out_at_once_and_a_reset_ends_its_logins(void **state)
{
    (void)state;
    struct desk_attendant an = {.name = "an", .role = DESK_ROLE_ATTENDANT, .active = true};
    struct desk_login login;
    struct desk_login found;
    begin();
    ok(desk_account_add(&book, &an, STR("802517"), noon));
    assert_int_equal(desk_account_add(&book, &an, STR("802517"), noon), DX_E_EXISTS);
    ok(desk_login_open(&book, &an, noon, &login));
    ok(desk_login_find(&book, str_c(login.token), noon, 0, true, &found));
    assert_string_equal(found.who.name, "an");
    ok(desk_account_set_active(&book, "an", false, noon));
    assert_int_equal(desk_login_find(&book, str_c(login.token), noon, 0, true, &found),
                     DX_E_NOT_FOUND);
    ok(desk_account_set_active(&book, "an", true, noon));
    ok(desk_login_open(&book, &an, noon, &login));
    ok(desk_account_reset(&book, "an", STR("394672"), noon));
    assert_int_equal(desk_login_find(&book, str_c(login.token), noon, 0, true, &found),
                     DX_E_NOT_FOUND);
    assert_int_equal(desk_account_reset(&book, "nobody", STR("394672"), noon), DX_E_NOT_FOUND);
    desk_book_close(&book);
}

static void test_desk__idle_locks_and_asking_for_news_does_not_keep_awake(void **state)
{
    (void)state;
    enum { LOCK_MS = 60 * 1000 };
    struct desk_attendant an = {.name = "an", .role = DESK_ROLE_ATTENDANT, .active = true};
    struct desk_login login;
    struct desk_login found;
    begin();
    ok(desk_account_add(&book, &an, STR("802517"), noon));
    ok(desk_login_open(&book, &an, noon, &login));
    struct str token = str_c(login.token);
    ok(desk_login_find(&book, token, wall_add(noon, LOCK_MS / 2), LOCK_MS, true, &found));
    ok(desk_login_find(&book, token, wall_add(noon, LOCK_MS), LOCK_MS, false, &found));
    assert_false(found.locked); /* half a minute ago somebody was there */
    ok(desk_login_find(&book, token, wall_add(noon, LOCK_MS * 3 / 2), LOCK_MS, true, &found));
    assert_true(found.locked); /* even for one who comes back: the PIN first */
    ok(desk_login_set_locked(&book, &found, false, wall_add(noon, LOCK_MS * 2)));
    ok(desk_login_find(&book, token, wall_add(noon, LOCK_MS * 2), LOCK_MS, false, &found));
    assert_false(found.locked);
    assert_int_equal(
        desk_login_find(&book, token, wall_add(noon, DESK_LOGIN_MS_MAX), LOCK_MS, true, &found),
        DX_E_NOT_FOUND);
    desk_book_close(&book);
}

/* ---- the book ---- */

static int seq;

static struct event event_of(enum event_type type, const char *session)
{
    struct event event = {.type = type, .generation = 1, .seq = ++seq, .lane = 1, .wall = noon};
    snprintf(event.id, sizeof event.id, "01J0000000000000000000%04d", seq);
    str_copy_cut(event.session, sizeof event.session, str_c(session));
    return event;
}

static void name(struct event *event, const char *key)
{
    event->subject.kind = SUBJECT_PLATE;
    event->subject.vehicle = VEHICLE_CAR;
    str_copy_cut(event->subject.key, sizeof event->subject.key, str_c(key));
}

static void fold(const struct event *event)
{
    ok(desk_fold(&book, event));
    ok(desk_fold(&book, event)); /* again: nothing more changes */
}

#define STAY "01J00000000000000000000AAA"

static void test_desk__a_stay_is_found_by_a_part_and_keeps_both_names(void **state)
{
    (void)state;
    struct desk_stay stay[4];
    begin();
    struct event arrived = event_of(EVENT_ARRIVED, STAY);
    name(&arrived, "30F12345");
    fold(&arrived);
    assert_int_equal(desk_book_find(&book, "123", false, stay, 4), 0); /* not in yet */
    struct event entered = event_of(EVENT_ENTERED, STAY);
    fold(&entered);
    assert_int_equal(desk_book_find(&book, "123", false, stay, 4), 1);
    struct event amended = event_of(EVENT_AMENDED, STAY);
    name(&amended, "30F12346");
    str_copy_cut(amended.by, sizeof amended.by, STR("an"));
    fold(&amended);
    ok(desk_book_stay(&book, STAY, &stay[0]));
    assert_string_equal(stay[0].subject.key, "30F12346");
    assert_int_equal(stay[0].amendments, 1);
    struct event left = event_of(EVENT_LEFT, STAY);
    fold(&left);
    assert_int_equal(desk_book_find(&book, "12346", false, stay, 4), 0);
    assert_int_equal(desk_book_find(&book, "12346", true, stay, 4), 1);
    desk_book_close(&book);
}

static void test_desk__receipts_go_on_from_the_highest_and_a_shift_has_its_sum(void **state)
{
    (void)state;
    int64_t number = 0;
    struct desk_sums sums;
    struct desk_shift shift;
    begin();
    struct event opened = event_of(EVENT_SHIFT_OPENED, "");
    str_copy_cut(opened.shift, sizeof opened.shift, STR("01J00000000000000000000SSS"));
    str_copy_cut(opened.by, sizeof opened.by, STR("an"));
    opened.counted_vnd = 100000;
    fold(&opened);
    ok(desk_book_next_receipt(&book, &number));
    assert_int_equal(number, 1);
    for (int i = 1; i <= 3; i++) {
        struct event cash = event_of(EVENT_CASH_TAKEN, STAY);
        memcpy(cash.shift, opened.shift, sizeof cash.shift);
        memcpy(cash.by, opened.by, sizeof cash.by);
        cash.amount_vnd = 5000 * i;
        snprintf(cash.receipt, sizeof cash.receipt, "HN-0001-G1-%06d", i);
        fold(&cash);
        ok(desk_book_next_receipt(&book, &number));
        assert_int_equal(number, i + 1);
    }
    struct event paid = event_of(EVENT_DESK_ACTION, STAY);
    str_copy_cut(paid.code, sizeof paid.code, STR("pay_for_driver"));
    str_copy_cut(paid.text, sizeof paid.text, STR("25000 DX7K3M9QWF"));
    memcpy(paid.by, opened.by, sizeof paid.by);
    fold(&paid);
    ok(desk_book_shift_of(&book, "an", &shift));
    ok(desk_book_sums(&book, shift.id, &sums));
    assert_int_equal(sums.cash_vnd, 30000);
    assert_int_equal(sums.receipts, 3);
    assert_int_equal(sums.paid_for_vnd, 25000); /* beside the drawer, not in it */
    struct event closed = event_of(EVENT_SHIFT_CLOSED, "");
    memcpy(closed.shift, opened.shift, sizeof closed.shift);
    fold(&closed);
    assert_int_equal(desk_book_shift_of(&book, "an", &shift), DX_E_NOT_FOUND);
    desk_book_close(&book);
}

/* ---- rules ---- */

static void test_desk__the_arm_is_tested_only_over_an_empty_known_way(void **state)
{
    (void)state;
    struct desk_lane lane = {.lane = 1, .state = LANE_IDLE, .reachable = true};
    lane.inputs = 1u << INPUT_SAFETY_LOOP | 1u << INPUT_PHOTOCELL;
    assert_false(desk_act_makes_sense(DESK_ACT_MOVE, &lane)); /* not known is not empty */
    lane.input[INPUT_SAFETY_LOOP] = LEVEL_OFF;
    assert_false(desk_act_makes_sense(DESK_ACT_MOVE, &lane)); /* the photocell is not known */
    lane.input[INPUT_PHOTOCELL] = LEVEL_OFF;
    assert_true(desk_act_makes_sense(DESK_ACT_MOVE, &lane));
    lane.input[INPUT_SAFETY_LOOP] = LEVEL_ON;
    assert_false(desk_act_makes_sense(DESK_ACT_MOVE, &lane));
    lane.input[INPUT_SAFETY_LOOP] = LEVEL_OFF;
    lane.state = LANE_QUOTED;
    assert_false(desk_act_makes_sense(DESK_ACT_MOVE, &lane));
}

static void test_desk__money_is_taken_only_for_a_vehicle_that_owes(void **state)
{
    (void)state;
    struct desk_lane lane = {.lane = 2, .exit = true, .state = LANE_QUOTED, .reachable = true};
    lane.display.kind = DISPLAY_PAY;
    lane.display.amount_vnd = 5000;
    assert_false(desk_act_makes_sense(DESK_ACT_CASH, &lane)); /* it has asked for nothing */
    str_copy_cut(lane.ask, sizeof lane.ask, STR(STAY));
    assert_true(desk_act_makes_sense(DESK_ACT_CASH, &lane));
    lane.permitted = true;
    assert_false(desk_act_makes_sense(DESK_ACT_CASH, &lane));
    lane.permitted = false;
    lane.exit = false;
    assert_false(desk_act_makes_sense(DESK_ACT_DEBT, &lane));
    assert_false(desk_act_is_for(DESK_ACT_CASH, DESK_ROLE_TECHNICIAN));
    assert_false(desk_act_is_for(DESK_ACT_HOLD_OPEN, DESK_ROLE_ATTENDANT));
    assert_false(desk_act_is_for(DESK_ACT_MOVE, DESK_ROLE_ATTENDANT));
}

/* ---- pictures ---- */

static void test_desk__a_kept_picture_outlives_its_first_name_and_no_path_leads_out(void **state)
{
    (void)state;
    static const char name_of[] = "000001795500000-cam-1-00ff00ff-1.jpg";
    char path[240];
    char *folder = harness_temp_dir();
    assert_false(desk_picture_is_named(STR("../journal.db")));
    assert_false(desk_picture_is_named(STR("1/../../x.jpg")));
    assert_false(desk_picture_is_named(STR("x.jpg")));
    assert_true(desk_picture_is_named(STR("000001795500000-cam-1-00ff00ff-1.jpg")));
    snprintf(path, sizeof path, "%s/%s", folder, name_of);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs("picture", file);
    fclose(file);
    ok(desk_keep_picture(folder, name_of));
    ok(desk_keep_picture(folder, name_of));
    ok(unlink(path));
    snprintf(path, sizeof path, "%s/kept/%s", folder, name_of);
    ok(access(path, R_OK));
    assert_int_equal(desk_keep_picture(folder, "000001795500001-cam-1-00ff00ff-1.jpg"),
                     DX_E_NOT_FOUND);
    free(folder);
}

/* ---- words ---- */

static bool holds(const struct file_source *asset, const char *text)
{
    size_t n = strlen(text);
    for (size_t i = 0; i + n <= asset->n; i++) {
        if (memcmp(asset->bytes + i, text, n) == 0) {
            return true;
        }
    }
    return false;
}

static bool scripts_hold(const char *text)
{
    for (int i = 0; i < console_asset_count; i++) {
        const struct file_source *asset = &console_assets[i];
        if (strncmp(asset->name, "desk", 4) == 0 && holds(asset, text)) {
            return true;
        }
    }
    return false;
}

/* Is the key named in a script, or its beginning, where a word of a message follows? */
static bool is_used(const char *key)
{
    char quoted[80];
    snprintf(quoted, sizeof quoted, "\"%s\"", key);
    if (scripts_hold(quoted)) {
        return true;
    }
    const char *dash = strchr(key, '_');
    snprintf(quoted, sizeof quoted, "`%.*s_${", dash ? (int)(dash - key) : 0, key);
    return dash && scripts_hold(quoted);
}

static void test_desk__every_word_is_used_and_said_in_both_languages(void **state)
{
    (void)state;
    static char space[64 * 1024];
    struct out out;
    struct jdoc *doc;
    const struct jdoc *vi;
    const struct jdoc *en;
    const struct jdoc *value;
    struct jdoc_iter it = {0};
    struct str key;
    out_init(&out, space, sizeof space);
    desk_texts_write(&out);
    assert_false(out_failed(&out));
    ok(jdoc_read(out_str(&out), &doc, NULL));
    ok(jdoc_get_object(doc, "vi", &vi));
    ok(jdoc_get_object(doc, "en", &en));
    while (jdoc_next(vi, &it, &key, &value)) {
        char word[64];
        struct str text;
        ok(str_copy(word, sizeof word, key));
        ok(jdoc_str(value, &text));
        assert_true(text.n > 0);
        ok(jdoc_get_str(en, word, &text));
        assert_true(text.n > 0);
        if (!is_used(word)) {
            fail_msg("no script uses '%s'", word);
        }
    }
    jdoc_release(doc);
}

TESTS(T(test_desk__a_pin_has_six_digits_and_is_no_row),
      T(test_desk__a_disabled_account_is_out_at_once_and_a_reset_ends_its_logins),
      T(test_desk__idle_locks_and_asking_for_news_does_not_keep_awake),
      T(test_desk__a_stay_is_found_by_a_part_and_keeps_both_names),
      T(test_desk__receipts_go_on_from_the_highest_and_a_shift_has_its_sum),
      T(test_desk__the_arm_is_tested_only_over_an_empty_known_way),
      T(test_desk__money_is_taken_only_for_a_vehicle_that_owes),
      T(test_desk__a_kept_picture_outlives_its_first_name_and_no_path_leads_out),
      T(test_desk__every_word_is_used_and_said_in_both_languages))
