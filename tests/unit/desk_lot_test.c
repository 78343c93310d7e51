/* desk_lot_test.c - who is inside the lot at the console: this gate's stays and the other gates'.
 */
#include "gate/console/desk_fold.h"
#include "gate/console/desk_lot.h"
#include "gate/io/journal.h"
#include "proto/crypto/crypto.h"
#include "proto/lot.h"
#include "tests/harness/harness.h"

#define LOT "hn-0001"
#define T0  INT64_C(1795500000000)
/* Both in part A of the list. */
#define OWN    "01J0000000000000000000000A"
#define OTHERS "01J0000000000000000000001A"

static struct desk_book book;
static struct journal_db *journal;
static char path[160], journal_path[160];
static int seq;

static void open_book(void)
{
    ok(desk_book_open(path, journal_path, &book));
    ok(desk_lot_take(&book, LOT, UINT32_MAX));
}

static void begin(void)
{
    struct journal_state state;
    char *folder = harness_temp_dir();
    ok(dx_crypto_start());
    snprintf(path, sizeof path, "%s/desk.db", folder);
    snprintf(journal_path, sizeof journal_path, "%s/journal.db", folder);
    free(folder);
    ok(journal_db_open(journal_path, (wall_t){T0}, &journal, &state));
    seq = 0;
    open_book();
}

static void end(void)
{
    desk_book_close(&book);
    journal_db_close(journal);
}

/* The server's part A, made `version`, with these stays of `count`. */
static void hear(int64_t version, const struct lot_stay *stays, int count)
{
    static char space[8192];
    struct out out;
    out_init(&out, space, sizeof space);
    lot_write_head(&out, "inside", LOT, version);
    json_c(&out, "bucket", "A");
    json_array(&out, "stays");
    for (int i = 0; i < count; i++) {
        lot_write_stay(&out, &stays[i]);
    }
    json_array_end(&out);
    json_object_end(&out);
    assert_true(lot_seal(space, out_str(&out).n));
    ok(journal_db_keep(journal, "inside/A", out_str(&out)));
    ok(desk_lot_take(&book, LOT, 1u << lot_bucket_of(OWN)));
}

static struct lot_stay stay_of(const char *session, const char *key)
{
    struct lot_stay stay = {.kind = SUBJECT_PLATE, .vehicle = VEHICLE_CAR, .entered = {T0}};
    str_copy_cut(stay.session, sizeof stay.session, str_c(session));
    str_copy_cut(stay.key, sizeof stay.key, str_c(key));
    return stay;
}

static void fold(enum event_type type, const char *session, const char *key, int64_t at)
{
    struct event event = {.type = type, .generation = 1, .seq = ++seq, .lane = 1, .wall = {at}};
    snprintf(event.id, sizeof event.id, "01J0000000000000000000%04d", seq);
    str_copy_cut(event.session, sizeof event.session, str_c(session));
    event.subject.kind = SUBJECT_PLATE;
    event.subject.vehicle = VEHICLE_CAR;
    str_copy_cut(event.subject.key, sizeof event.subject.key, str_c(key));
    ok(desk_fold(&book, &event));
}

static const struct desk_told all = {1, 1000};

static int64_t cars(const struct desk_told *told)
{
    int64_t count[VEHICLE_COUNT];
    ok(desk_lot_count(&book, told, count));
    return count[VEHICLE_CAR];
}

static int found(const char *part, bool ended)
{
    struct desk_stay stay[4];
    return desk_lot_find(&book, &all, part, ended, stay, 4);
}

static void test_desk_lot__another_gates_stay_is_found_and_counted_over_a_restart(void **state)
{
    (void)state;
    struct desk_stay stay[4];
    struct desk_news news;
    begin();
    ok(desk_lot_news(&book, &news));
    assert_false(news.known);
    fold(EVENT_ARRIVED, OWN, "30F12345", T0);
    fold(EVENT_ENTERED, OWN, "30F12345", T0);
    assert_int_equal(cars(&all), 1);
    struct lot_stay both[] = {stay_of(OWN, "30F12345"), stay_of(OTHERS, "51G98765")};
    hear(T0 + TIME_MINUTE_MS, both, 2);
    assert_int_equal(cars(&all), 2);
    desk_book_close(&book);
    open_book(); /* the line is still cut */
    assert_int_equal(cars(&all), 2);
    ok(desk_lot_news(&book, &news));
    assert_true(news.known);
    assert_int_equal(news.at.ms, T0 + TIME_MINUTE_MS);
    assert_int_equal(desk_lot_find(&book, &all, "987", false, stay, 4), 1);
    assert_string_equal(stay[0].session, OTHERS);
    assert_true(stay[0].elsewhere && stay[0].inside);
    assert_int_equal(stay[0].entered.ms, T0);
    assert_int_equal(found("123", false), 1);
    ok(desk_stay_anywhere(&book, OTHERS, &stay[0]));
    assert_string_equal(stay[0].subject.key, "51G98765");
    end();
}

static void test_desk_lot__who_left_here_has_gone_whatever_the_list_says(void **state)
{
    (void)state;
    begin();
    struct lot_stay both[] = {stay_of(OWN, "30F12345"), stay_of(OTHERS, "51G98765")};
    fold(EVENT_ARRIVED, OWN, "30F12345", T0);
    fold(EVENT_ENTERED, OWN, "30F12345", T0);
    hear(T0 + TIME_MINUTE_MS, both, 2);
    fold(EVENT_LEFT, OTHERS, "51G98765", T0 + TIME_HOUR_MS);
    assert_int_equal(cars(&all), 1);
    assert_int_equal(found("987", false), 0);
    fold(EVENT_LEFT, OWN, "30F12345", T0 + TIME_HOUR_MS);
    assert_int_equal(cars(&all), 0);
    assert_int_equal(found("123", false), 0);
    assert_int_equal(found("123", true), 1);
    end();
}

static void
test_desk_lot__who_left_by_another_gate_has_gone_once_the_server_knew_it_inside(void **state)
{
    (void)state;
    static const struct desk_told nothing = {1, 0};
    begin();
    fold(EVENT_ARRIVED, OWN, "30F12345", T0);
    fold(EVENT_ENTERED, OWN, "30F12345", T0);
    hear(T0 + TIME_MINUTE_MS, NULL, 0);
    assert_int_equal(cars(&all), 1); /* the list is of before it was told */
    hear(T0 + TIME_HOUR_MS, NULL, 0);
    assert_int_equal(cars(&nothing), 1); /* it waits in the journal: the server cannot know */
    assert_int_equal(cars(&all), 0);
    assert_int_equal(found("123", false), 0);
    assert_int_equal(found("123", true), 1);
    end();
}

static void test_desk_lot__a_correction_is_added_and_the_nearest_are_of_all_gates(void **state)
{
    (void)state;
    struct desk_stay stay[4];
    int distance[4];
    begin();
    struct lot_stay others = stay_of(OTHERS, "30F88888");
    fold(EVENT_ARRIVED, OWN, "51G98765", T0);
    fold(EVENT_ENTERED, OWN, "51G98765", T0);
    hear(T0 + TIME_MINUTE_MS, &others, 1);
    assert_int_equal(desk_lot_nearest(&book, &all, "30FBB888", stay, distance, 4), 1);
    assert_string_equal(stay[0].session, OTHERS);
    assert_int_equal(distance[0], 2);
    assert_int_equal(desk_lot_nearest(&book, &all, "51G98766", stay, distance, 4), 1);
    assert_string_equal(stay[0].session, OWN);
    struct event corrected = {.type = EVENT_OCCUPANCY_CORRECTED,
                              .generation = 1,
                              .seq = ++seq,
                              .vehicle = VEHICLE_CAR,
                              .count_from = 2,
                              .count_to = 7};
    ok(desk_fold(&book, &corrected));
    assert_int_equal(cars(&all), 7);
    end();
}

static void test_desk_lot__what_is_damaged_or_of_another_lot_changes_nothing(void **state)
{
    (void)state;
    begin();
    struct lot_stay others = stay_of(OTHERS, "30F88888");
    hear(T0, &others, 1);
    ok(journal_db_keep(journal, "inside/A", STR("{\"digest\":\"no\"}")));
    ok(desk_lot_take(&book, LOT, UINT32_MAX));
    assert_int_equal(cars(&all), 1);
    hear(T0 + 1, NULL, 0);
    assert_int_equal(cars(&all), 0);
    ok(desk_lot_take(&book, "hn-0002", UINT32_MAX));
    assert_int_equal(cars(&all), 0);
    end();
}

static void test_desk_lot__a_receipt_keeps_what_the_amount_was_made_of(void **state)
{
    (void)state;
    struct db_row row;
    begin();
    struct desk_quote quote = {.at = {T0}, .fee_vnd = 25000, .line_count = 1};
    str_copy_cut(quote.session, sizeof quote.session, STR(OTHERS));
    str_copy_cut(quote.line[0].vi, sizeof quote.line[0].vi, STR("1 giờ \"đầu\""));
    str_copy_cut(quote.line[0].en, sizeof quote.line[0].en, STR("first hour"));
    quote.line[0].amount_vnd = 25000;
    ok(desk_book_add_quote(&book, &quote));
    fold(EVENT_CASH_TAKEN, OTHERS, "", T0);
    quote.line[0].amount_vnd = quote.fee_vnd = 50000;
    ok(desk_book_add_quote(&book, &quote)); /* a later quote is no part of that receipt */
    ok(db_query(book.db, &row, "SELECT fee_vnd, lines FROM cash", ""));
    assert_true(db_next(&row));
    assert_int_equal(db_i64(&row, 0), 25000);
    assert_true(str_eq_c(db_text(&row, 1), "[{\"vi\":\"1 giờ \\\"đầu\\\"\",\"en\":\"first hour\","
                                           "\"amount_vnd\":25000}]"));
    ok(db_done(&row));
    end();
}

/* As a gate of the version before left it: accounts and stays stay. */
static void test_desk_lot__a_book_of_version_1_is_brought_up_to_date(void **state)
{
    (void)state;
    begin();
    fold(EVENT_ARRIVED, OWN, "30F12345", T0);
    fold(EVENT_ENTERED, OWN, "30F12345", T0);
    ok(db_script(book.db,
                 "DROP TABLE lot_part; DROP TABLE lot_stay; DROP TABLE gone;"
                 "DROP TABLE quote; ALTER TABLE stay DROP COLUMN seq;"
                 "ALTER TABLE stay DROP COLUMN generation;"
                 "ALTER TABLE cash DROP COLUMN lines; ALTER TABLE cash DROP COLUMN fee_vnd;"
                 "INSERT INTO attendant VALUES ('an', 'An', 'attendant', 'x', 1, 0);"
                 "UPDATE meta SET value = 1 WHERE key = 'schema'"));
    desk_book_close(&book);
    open_book();
    int64_t accounts = 0;
    ok(db_query_i64(book.db, 0, &accounts, "SELECT count(*) FROM attendant", ""));
    assert_int_equal(accounts, 1);
    assert_int_equal(cars(&all), 1);
    end();
}

TESTS(T(test_desk_lot__another_gates_stay_is_found_and_counted_over_a_restart),
      T(test_desk_lot__who_left_here_has_gone_whatever_the_list_says),
      T(test_desk_lot__who_left_by_another_gate_has_gone_once_the_server_knew_it_inside),
      T(test_desk_lot__a_correction_is_added_and_the_nearest_are_of_all_gates),
      T(test_desk_lot__what_is_damaged_or_of_another_lot_changes_nothing),
      T(test_desk_lot__a_receipt_keeps_what_the_amount_was_made_of),
      T(test_desk_lot__a_book_of_version_1_is_brought_up_to_date))
