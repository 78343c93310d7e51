/* journal_test.c - the gate's journal on disk: all or nothing, the same after a restart, kept until
 * acknowledged. */
#include "gate/io/journal.h"
#include "gate/io/journal_tidy.h"
#include "proto/io/db.h"
#include "tests/harness/harness.h"

static struct gate gate; /* large */

struct place {
    char *folder;
    char path[128];
    struct journal_db *journal;
    struct journal_state state;
};

static void open_journal(struct place *p)
{
    ok(journal_db_open(p->path, (wall_t){INT64_C(1772416500000)}, &p->journal, &p->state));
}

static struct place begin(void)
{
    struct place p = {.folder = harness_temp_dir()};
    snprintf(p.path, sizeof p.path, "%s/journal.db", p.folder);
    open_journal(&p);
    return p;
}

static void reopen(struct place *p)
{
    journal_db_close(p->journal);
    open_journal(p);
}

static void end(struct place *p)
{
    journal_db_close(p->journal);
    free(p->folder);
}

/* A complete record of lane 1. */
static struct gate_record make_record(const struct place *p, int64_t seq)
{
    struct gate_record record;
    memset(&record, 0, sizeof record);
    struct event *e = &record.event;
    uint8_t random[ULID_RANDOM_SIZE] = {(uint8_t)seq, (uint8_t)(seq >> 8)};
    e->type = EVENT_ARRIVED;
    e->generation = p->state.generation;
    e->seq = seq;
    e->boot = p->state.boot;
    e->lane = 1;
    e->mono.ms = 1000 + seq;
    e->wall.ms = INT64_C(1772416500000) + seq * 1000;
    e->clock = CLOCK_SYNCED;
    ulid_make(e->id, e->wall, random);
    random[9] = 1;
    ulid_make(e->session, e->wall, random);
    str_copy_cut(e->gate, sizeof e->gate, STR("g1"));
    e->subject = (struct subject){.kind = SUBJECT_PLATE,
                                  .source = SOURCE_CAMERA,
                                  .vehicle = VEHICLE_CAR,
                                  .key = "30F12345",
                                  .raw = "30F-123.45",
                                  .confidence = 960};
    record.context.kind = VISIT_ENTRY;
    record.context.subject = e->subject;
    memcpy(record.context.session, e->session, sizeof e->session);
    record.change = INSIDE_ADD;
    record.inside = (struct inside_entry){.kind = SUBJECT_PLATE, .vehicle = VEHICLE_CAR};
    snprintf(record.inside.key, sizeof record.inside.key, "30F%05d", (int)seq);
    memcpy(record.inside.session, e->session, sizeof e->session);
    return record;
}

static int append(struct place *p, const struct gate_record *record)
{
    const struct gate_record *records[] = {record};
    return journal_db_append(p->journal, records, 1);
}

struct seen {
    int64_t first, last;
    int count;
    char body[MSG_SIZE_MAX];
};

static int take(void *context, int64_t seq, struct str body)
{
    struct seen *seen = context;
    seen->first = seen->count++ ? seen->first : seq;
    seen->last = seq;
    return str_copy(seen->body, sizeof seen->body, body);
}

static void configure(struct gate_config *config, int lanes)
{
    memset(config, 0, sizeof *config);
    str_copy_cut(config->gate, sizeof config->gate, STR("g1"));
    config->lane_count = lanes;
    for (int i = 0; i < lanes; i++) {
        struct lane_config *lane = &config->lane[i];
        lane_config_defaults(lane);
        lane->lane = i + 1;
        lane->inputs = 1u << INPUT_ARMING_LOOP | 1u << INPUT_SAFETY_LOOP;
        lane->outputs = 1u << OUTPUT_OPEN | 1u << OUTPUT_CLOSE;
        lane->barrier.has_opened = lane->barrier.has_closed = false;
        lane->barrier.has_stop = false;
    }
}

static void restore(struct place *p)
{
    struct gate_config config;
    configure(&config, 1);
    gate_init(&gate, &config);
    ok(journal_db_restore(p->journal, &gate));
}

static void test_journal__new_file_starts_a_generation_and_counts_boots(void **state)
{
    (void)state;
    struct place p = begin();
    assert_true(p.state.generation == INT64_C(1772416500));
    assert_int_equal(p.state.boot, 1);
    assert_int_equal(p.state.last, 0);
    reopen(&p);
    assert_int_equal(p.state.boot, 2);
    assert_true(p.state.generation == INT64_C(1772416500));
    end(&p);
}

static void test_journal__record_is_there_after_a_restart_with_its_context_and_session(void **state)
{
    (void)state;
    struct place p = begin();
    struct gate_record record = make_record(&p, 1);
    ok(append(&p, &record));
    reopen(&p);
    assert_int_equal(p.state.last, 1);
    restore(&p);
    assert_int_equal(gate.inside.count, 1);
    assert_string_equal(gate.inside.entry[0].key, "30F00001");
    assert_string_equal(gate.lane[0].visit.session, record.event.session);
    struct seen seen = {0};
    ok(journal_db_rows(p.journal, 1, 1, &seen, take));
    char expected[MSG_SIZE_MAX];
    struct out out;
    out_init(&out, expected, sizeof expected);
    event_write(&out, &record.event);
    assert_string_equal(seen.body, expected);
    end(&p);
}

/* I3: a second arm makes no record; whom it has taken on is stored all the same. */
static void test_journal__context_that_is_kept_by_itself_is_there_after_a_kill(void **state)
{
    (void)state;
    struct place p = begin();
    struct gate_record record = make_record(&p, 1);
    str_copy_cut(record.context.group_id, ULID_CAP, STR("01JD8Q4Z8R0000000000000001"));
    str_copy_cut(record.context.group_session, ULID_CAP, STR("01JD8Q4Z8R0000000000000100"));
    ok(append(&p, &record));
    struct lane_context second;
    memset(&second, 0, sizeof second);
    second.kind = VISIT_SECOND;
    second.permitted = true;
    memcpy(second.group_id, record.context.group_id, ULID_CAP);
    ok(journal_db_put_context(p.journal, 2, &second));
    struct gate_config config;
    configure(&config, 2);
    for (int i = 0; i < 2; i++) {
        config.lane[i].group = 1;
        config.lane[i].inputs |= 1u << INPUT_CLOSED;
        config.lane[i].barrier.has_closed = true;
    }
    config.lane[1].second = true;
    reopen(&p);
    gate_init(&gate, &config);
    ok(journal_db_restore(p.journal, &gate));
    assert_string_equal(gate.lane[0].last.id, "01JD8Q4Z8R0000000000000001");
    assert_string_equal(gate.lane[0].last.session, "01JD8Q4Z8R0000000000000100");
    assert_string_equal(gate.lane[1].second_of, gate.lane[0].last.id);
    assert_int_equal(gate.lane[1].visit.kind, VISIT_SECOND);
    assert_true(gate.lane[1].visit.permitted);
    end(&p);
}

/* A reading goes to the log at once and to the disk by who answers the camera; a record waits. */
static void test_journal__after_a_reading_records_wait_for_the_disk_as_before(void **state)
{
    (void)state;
    struct place p = begin();
    struct journal_tidy *tidy;
    struct plate_read read = {.camera = "cam-1", .vendor_id = "x", .raw = "30F-123.45"};
    int64_t place = 0;
    int64_t mode = 0;
    struct db *db = journal_db_handle(p.journal);
    ok(journal_tidy_start(p.path, &tidy));
    ok(journal_db_add_read(p.journal, &read, (wall_t){1}, &place));
    assert_true(place > 0);
    assert_int_equal(journal_db_add_read(p.journal, &read, (wall_t){1}, &place), DX_E_EXISTS);
    ok(journal_tidy_sync(tidy));
    ok(db_query_i64(db, 0, &mode, "PRAGMA synchronous", ""));
    assert_int_equal(mode, 2); /* FULL */
    struct gate_record record = make_record(&p, 1);
    ok(append(&p, &record));
    journal_tidy_poke(tidy);
    journal_tidy_stop(tidy);
    end(&p);
}

static void test_journal__same_record_again_is_success_and_another_is_not(void **state)
{
    (void)state;
    struct place p = begin();
    struct gate_record record = make_record(&p, 1);
    ok(append(&p, &record));
    ok(append(&p, &record));
    record.event.id[25] = record.event.id[25] == '0' ? '1' : '0';
    assert_int_equal(append(&p, &record), DX_E_DIFFERENT);
    end(&p);
}

static void test_journal__several_records_are_stored_all_or_none(void **state)
{
    (void)state;
    struct place p = begin();
    struct gate_record one = make_record(&p, 1);
    struct gate_record two = make_record(&p, 2);
    memset(two.event.text, 'x', sizeof two.event.text - 1);
    two.event.text[3] = (char)0xff; /* no UTF-8: cannot be written as a message */
    const struct gate_record *records[] = {&one, &two};
    two.event.type = EVENT_ALARM;
    assert_int_equal(journal_db_append(p.journal, records, 2), DX_E_SPACE);
    reopen(&p);
    assert_int_equal(p.state.last, 0);
    restore(&p);
    assert_int_equal(gate.inside.count, 0);
    assert_int_equal(gate.lane[0].visit.kind, VISIT_NONE);
    end(&p);
}

static void test_journal__rows_come_in_order_and_a_gap_is_told(void **state)
{
    (void)state;
    struct place p = begin();
    for (int64_t seq = 1; seq <= 12; seq++) {
        struct gate_record record = make_record(&p, seq);
        ok(append(&p, &record));
    }
    struct seen seen = {0};
    ok(journal_db_rows(p.journal, 3, 11, &seen, take));
    assert_int_equal(seen.first, 3);
    assert_int_equal(seen.last, 11);
    assert_int_equal(seen.count, 9);
    assert_int_equal(journal_db_rows(p.journal, 10, 13, &seen, take), DX_E_CORRUPT);
    end(&p);
}

static void test_journal__cursor_survives_and_never_goes_back(void **state)
{
    (void)state;
    struct place p = begin();
    for (int64_t seq = 1; seq <= 5; seq++) {
        struct gate_record record = make_record(&p, seq);
        ok(append(&p, &record));
    }
    journal_db_acked(p.journal, 4);
    journal_db_acked(p.journal, 2);
    ok(journal_db_flush(p.journal));
    reopen(&p);
    assert_int_equal(p.state.acked, 4);
    assert_int_equal(p.state.last, 5);
    end(&p);
}

static void test_journal__only_acknowledged_and_old_events_are_pruned(void **state)
{
    (void)state;
    struct place p = begin();
    for (int64_t seq = 1; seq <= 9; seq++) {
        struct gate_record record = make_record(&p, seq);
        ok(append(&p, &record));
    }
    int count = -1;
    wall_t far = {INT64_C(1772416500000) + 3600 * 1000};
    ok(journal_db_prune(p.journal, far, 100, &count));
    assert_int_equal(count, 0); /* the server has none of them */
    journal_db_acked(p.journal, 6);
    ok(journal_db_flush(p.journal));
    wall_t fourth = {INT64_C(1772416500000) + 4 * 1000};
    ok(journal_db_prune(p.journal, fourth, 2, &count));
    assert_int_equal(count, 2);
    ok(journal_db_prune(p.journal, fourth, 100, &count));
    assert_int_equal(count, 1);
    ok(journal_db_prune(p.journal, far, 100, &count));
    assert_int_equal(count, 3);
    struct seen seen = {0};
    ok(journal_db_rows(p.journal, 7, 9, &seen, take));
    reopen(&p);
    assert_int_equal(p.state.last, 9);
    /* Even by hand: the table itself refuses. */
    struct db *db;
    ok(db_open(p.path, &db));
    assert_int_equal(db_exec(db, "DELETE FROM journal WHERE seq = 8", ""), DX_E_STATE);
    assert_int_equal(db_exec(db, "UPDATE journal SET body = '' WHERE seq = 8", ""), DX_E_STATE);
    db_close(db);
    end(&p);
}

static void test_journal__everything_pruned_does_not_start_numbers_again(void **state)
{
    (void)state;
    struct place p = begin();
    struct gate_record record = make_record(&p, 1);
    int count = 0;
    ok(append(&p, &record));
    journal_db_acked(p.journal, 1);
    ok(journal_db_flush(p.journal));
    ok(journal_db_prune(p.journal, (wall_t){INT64_MAX}, 100, &count));
    assert_int_equal(count, 1);
    reopen(&p);
    assert_int_equal(p.state.last, 1);
    end(&p);
}

static void test_journal__leaving_vehicle_is_no_longer_inside(void **state)
{
    (void)state;
    struct place p = begin();
    struct gate_record in1 = make_record(&p, 1);
    struct gate_record in2 = make_record(&p, 2);
    struct gate_record again = make_record(&p, 3); /* the same vehicle in another session */
    struct gate_record out1 = make_record(&p, 4);
    memcpy(again.inside.key, in2.inside.key, sizeof again.inside.key);
    out1.change = INSIDE_REMOVE;
    memcpy(out1.inside.session, in1.inside.session, sizeof out1.inside.session);
    ok(append(&p, &in1));
    ok(append(&p, &in2));
    ok(append(&p, &again));
    ok(append(&p, &out1));
    reopen(&p);
    restore(&p);
    assert_int_equal(gate.inside.count, 1);
    assert_string_equal(gate.inside.entry[0].session, again.event.session);
    end(&p);
}

static void test_journal__camera_event_is_kept_once(void **state)
{
    (void)state;
    struct place p = begin();
    struct plate_read read = {
        .camera = "cam-in", .vendor_id = "u-1", .raw = "30F12345", .confidence = 960};
    wall_t now = {INT64_C(1772416500000)};
    int64_t place = 0;
    ok(journal_db_add_read(p.journal, &read, now, &place));
    assert_int_equal(journal_db_add_read(p.journal, &read, now, &place), DX_E_EXISTS);
    str_copy_cut(read.camera, sizeof read.camera, STR("cam-out"));
    read.has_taken = true;
    read.taken = now;
    ok(journal_db_add_read(p.journal, &read, now, &place));
    reopen(&p);
    assert_int_equal(journal_db_add_read(p.journal, &read, now, &place), DX_E_EXISTS);
    end(&p);
}

struct left {
    int count;
    int64_t place;
    struct plate_read read;
};

static void take_left(void *context, const struct plate_read *read, int64_t place)
{
    struct left *left = context;
    left->count++;
    left->place = place;
    left->read = *read;
}

static struct left find_left(struct place *p, int64_t since_ms)
{
    struct left left = {0};
    ok(journal_db_left_reads(p->journal, (wall_t){since_ms}, &left, take_left));
    return left;
}

static void test_journal__reading_that_a_crash_left_is_given_once(void **state)
{
    (void)state;
    struct place p = begin();
    int64_t place = 0;
    wall_t now = {INT64_C(1772416500000)};
    struct plate_read read = {.camera = "cam-in",
                              .vendor_id = "u-1",
                              .raw = "30F12345",
                              .vehicle = VEHICLE_CAR,
                              .colour = PLATE_COLOUR_YELLOW,
                              .confidence = 960,
                              .has_taken = true,
                              .taken = {1772416499000}};
    ok(journal_db_add_read(p.journal, &read, now, &place));
    reopen(&p);
    struct left left = find_left(&p, now.ms - 1000);
    assert_int_equal(left.count, 1);
    assert_int_equal(left.place, place);
    assert_string_equal(left.read.camera, "cam-in");
    assert_string_equal(left.read.vendor_id, "u-1");
    assert_string_equal(left.read.raw, "30F12345");
    assert_int_equal(left.read.vehicle, VEHICLE_CAR);
    assert_int_equal(left.read.colour, PLATE_COLOUR_YELLOW);
    assert_int_equal(left.read.confidence, 960);
    assert_true(left.read.has_taken && left.read.taken.ms == read.taken.ms);
    assert_int_equal(find_left(&p, now.ms).count, 0); /* too old by then */
    journal_db_read_taken(p.journal, place);
    struct gate_record record = make_record(&p, 1);
    ok(append(&p, &record)); /* what came of it, and that it is done, are one transaction */
    assert_int_equal(find_left(&p, 0).count, 0);
    journal_db_close(p.journal);
    p.journal = NULL;
    open_journal(&p);
    assert_int_equal(find_left(&p, 0).count, 0);
    end(&p);
}

static void test_journal__newer_file_is_refused(void **state)
{
    (void)state;
    struct place p = begin();
    struct journal_db *other;
    struct journal_state got = {.last = 77};
    struct db *db;
    journal_db_close(p.journal);
    ok(db_open(p.path, &db));
    ok(db_exec(db, "UPDATE meta SET value = 99 WHERE key = 'schema'", ""));
    db_close(db);
    assert_int_equal(journal_db_open(p.path, (wall_t){0}, &other, &got), DX_E_VERSION);
    assert_int_equal(got.last, 77);
    free(p.folder);
}

static void test_journal__damaged_file_is_put_aside_and_a_new_generation_begins(void **state)
{
    (void)state;
    struct place p = begin();
    int64_t generation = p.state.generation;
    journal_db_close(p.journal);
    FILE *file = fopen(p.path, "wb");
    assert_non_null(file);
    fputs("this is no database, this is a text of some length, longer than a header", file);
    fclose(file);
    open_journal(&p);
    assert_int_equal(p.state.trouble, GATE_TROUBLE_DAMAGED);
    assert_true(p.state.generation >= generation);
    char aside[256];
    snprintf(aside, sizeof aside, "%s.damaged-1772416500000", p.path);
    file = fopen(aside, "rb"); /* kept for people */
    assert_non_null(file);
    fclose(file);
    end(&p);
}

static void test_journal__old_copy_begins_anew_with_what_was_not_acknowledged(void **state)
{
    (void)state;
    struct place p = begin();
    int64_t generation = p.state.generation;
    for (int64_t seq = 1; seq <= 3; seq++) {
        struct gate_record record = make_record(&p, seq);
        const struct gate_record *records[] = {&record};
        ok(journal_db_append(p.journal, records, 1));
    }
    journal_db_acked(p.journal, 1);
    ok(journal_db_mark_behind(p.journal, p.state.generation));
    reopen(&p);
    assert_int_equal(p.state.trouble, GATE_TROUBLE_BEHIND);
    assert_int_equal(p.state.kept, 2);
    assert_true(p.state.generation > generation);
    assert_true(p.state.last == 2 && p.state.acked == 0);
    reopen(&p);
    assert_int_equal(p.state.trouble, GATE_TROUBLE_NONE); /* once */
    assert_int_equal(p.state.last, 2);
    end(&p);
}

TESTS(T(test_journal__new_file_starts_a_generation_and_counts_boots),
      T(test_journal__record_is_there_after_a_restart_with_its_context_and_session),
      T(test_journal__context_that_is_kept_by_itself_is_there_after_a_kill),
      T(test_journal__after_a_reading_records_wait_for_the_disk_as_before),
      T(test_journal__same_record_again_is_success_and_another_is_not),
      T(test_journal__several_records_are_stored_all_or_none),
      T(test_journal__rows_come_in_order_and_a_gap_is_told),
      T(test_journal__cursor_survives_and_never_goes_back),
      T(test_journal__only_acknowledged_and_old_events_are_pruned),
      T(test_journal__everything_pruned_does_not_start_numbers_again),
      T(test_journal__leaving_vehicle_is_no_longer_inside),
      T(test_journal__camera_event_is_kept_once),
      T(test_journal__reading_that_a_crash_left_is_given_once),
      T(test_journal__newer_file_is_refused),
      T(test_journal__damaged_file_is_put_aside_and_a_new_generation_begins),
      T(test_journal__old_copy_begins_anew_with_what_was_not_acknowledged))
