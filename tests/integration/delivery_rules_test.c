/*
 * delivery_rules_test.c - the nine rules between gate and server, each broken on purpose.
 *
 * The rules are those of docs/PROTOCOL.md, "Rules"; the tests carry their numbers.
 */
#include "tests/integration/rules_site.h"

#include "proto/io/db.h"
#include "proto/io/msg_json.h"

static struct world world;
static struct site site;

static int set_up(void **state)
{
    (void)state;
    world_init(&world);
    site_init(&site, &world);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    site_fini(&site);
    world_fini(&world);
    return 0;
}

static void plate_of(int n, char plate[16])
{
    snprintf(plate, 16, "30F-%03d.%02d", 123 + n / 100 % 800, n % 100);
}

/* So many cars come in, by turns at both entries. */
static void enter_cars(int from, int count)
{
    char plate[16];
    for (int i = from; i < from + count; i++) {
        plate_of(i, plate);
        assert_true(site_enter(&site, i % 2 ? 1 : 3, plate));
    }
}

static int64_t server_alarms(const char *code)
{
    char sql[128];
    snprintf(sql, sizeof sql, "SELECT count(*) FROM alarm WHERE code = '%s'", code);
    return world_number(&world, sql);
}

/* What the gate ever promised to a barrier is at the server once, and what it holds is the same. */
static void assert_nothing_lost_or_doubled(void)
{
    assert_int_equal(site_missing(&site), 0);
    assert_int_equal(site_compare(&site), 0);
    assert_int_equal(world_number(&world, "SELECT count(*) FROM parked"), 0);
}

/*
 * Rule 1.  The gate dies before each of its effects in turn; whenever an arm was ordered up,
 * the disk knew why.
 */
static void
test_delivery_rule_1__whenever_the_gate_dies_an_arm_that_rose_is_in_the_journal(void **state)
{
    (void)state;
    enum { EFFECTS = 40 };
    char plate[16];
    int deaths = 0;
    for (int k = 1; k <= EFFECTS; k++) {
        plate_of(k, plate);
        int opened = site.lane[1].opened;
        site.effects_done = 0;
        site.die_at = k;
        (void)site_enter(&site, 1, plate);
        site.die_at = 0;
        deaths += site.died;
        site_kill(&site); /* wherever it was */
        if (site.lane[1].opened > opened) {
            char sql[128];
            snprintf(
                sql, sizeof sql,
                "SELECT count(*) FROM journal WHERE seq = %lld AND body LIKE '%%\"arrived\"%%'",
                (long long)site.lane[1].opened_behind);
            assert_int_equal(site_number(&site, sql), 1);
        }
        site.lane[1] = (struct site_lane){.opened = site.lane[1].opened}; /* it drove away */
        site_start(&site);
        site_run(&site, 30000);
    }
    assert_true(deaths > 15);
    site_settle(&site, 20000);
    assert_nothing_lost_or_doubled();
}

/* Rule 2.  Everything is sent several times, over cut lines and restarts: always the same bytes. */
static void test_delivery_rule_2__what_is_sent_again_is_the_same_in_every_byte(void **state)
{
    (void)state;
    site.swallow_down = true; /* the server has it and says so, and nobody hears */
    enter_cars(0, 4);
    site_run(&site, 20000);
    site_line(&site, false);
    enter_cars(4, 2);
    site_kill(&site);
    site_start(&site);
    site_line(&site, true);
    site_run(&site, 10000);
    assert_true(site.repeats > 20);
    assert_int_equal(site_changed_on_the_way(&site), 0);
    assert_int_equal(site_number(&site, "SELECT value FROM meta WHERE key = 'acked'"), 0);
    site.swallow_down = false;
    site_settle(&site, 10000);
    assert_nothing_lost_or_doubled();
    assert_int_equal(world_number(&world, "SELECT count(*) FROM quarantine"), 0);
}

/* Rule 3.  The broker takes everything and loses it; only the server's own word moves the cursor.
 */
static void
test_delivery_rule_3__only_the_servers_word_after_its_commit_moves_the_cursor(void **state)
{
    (void)state;
    site_settle(&site, 5000);
    int64_t acked = site.gate.delivery.acked;
    site.swallow_up = true; /* published with success, and gone */
    enter_cars(0, 3);
    site_run(&site, 30000);
    assert_int_equal(site.gate.delivery.acked, acked);
    site.swallow_up = false;
    site.world->line_down = true; /* committed; the server dies before it can say so */
    site_run(&site, 4000);
    assert_true(world_number(&world, "SELECT max(seq) FROM event") > acked);
    assert_int_equal(site.gate.delivery.acked, acked);
    world_stop(&world);
    world_start(&world);
    site.world->line_down = false;
    site_settle(&site, 10000);
    assert_nothing_lost_or_doubled();
}

/* Rule 4, the gate's journal: late, twice, in another order, with holes and with garbage between.
 */
static void
test_delivery_rule_4__whatever_order_it_comes_in_it_is_applied_once_in_order(void **state)
{
    (void)state;
    site_settle(&site, 5000);
    site_stall(&site, true);
    enter_cars(0, 6);
    assert_true(site.up_count > 12);
    for (int i = 0; i < site.up_count / 2; i++) { /* last first */
        char *other = site.up[site.up_count - 1 - i];
        site.up[site.up_count - 1 - i] = site.up[i];
        site.up[i] = other;
    }
    free(site.up[3]);
    site.up[3] = strdup("{\"v\":1,\"type\":\"arrived\",\"id\":");
    free(site.up[7]);
    site.up[7] = strdup(site.up[8]);
    site_stall(&site, false);
    site_settle(&site, 20000);
    assert_nothing_lost_or_doubled();
    assert_int_equal(world_number(&world, "SELECT count(*) FROM quarantine"), 1);
    assert_int_equal(world_number(&world, "SELECT count(*) FROM session WHERE state = 'inside'"),
                     6);
}

/* Rule 4: ended stays ended. */
static void test_delivery_rule_4__a_visit_that_ended_is_not_revived(void **state)
{
    (void)state;
    static const enum event_type life[] = {EVENT_ARRIVED, EVENT_ENTERED, EVENT_EXIT_ASKED,
                                           EVENT_EXIT_PERMITTED, EVENT_LEFT};
    char before[32];
    char after[32];
    for (size_t i = 0; i < 5; i++) {
        struct event e = world_event_b(&world, life[i], "A");
        if (i == 0 || i == 2) {
            world_plate(&e, "30F12345", VEHICLE_CAR);
        }
        world_send(&world, &e);
    }
    world_text(&world, "SELECT state FROM session", before, sizeof before);
    for (size_t i = 1; i < 5; i++) { /* new events, true numbers, and too late */
        struct event e = world_event_b(&world, life[i], "A");
        world_plate(&e, "30F12345", VEHICLE_CAR);
        world_send(&world, &e);
    }
    world_text(&world, "SELECT state FROM session", after, sizeof after);
    assert_string_equal(after, before);
    assert_memory_equal(after, "left", 4);
    assert_int_equal(world_number(&world, "SELECT max(seq) FROM event WHERE gate = '" GATE_B "'"),
                     9);
}

/* Rule 5.  No room on the disk: no arm rises for what is not recorded, fire raises all the same. */
static void
test_delivery_rule_5__a_full_disk_is_a_lane_mode_with_an_alarm_and_loses_nothing(void **state)
{
    (void)state;
    site_settle(&site, 5000);
    site.store_error = DX_E_FULL;
    site_stand(&site, 1, "30F-123.45");
    site_run(&site, 60000);
    assert_int_equal(site.lane[1].opened, 0);
    struct lane_display shown;
    ok(gate_display(&site.gate, 1, &shown));
    assert_int_equal(shown.kind, DISPLAY_WAIT); /* its record is on its way */
    ok(gate_display(&site.gate, 3, &shown));
    assert_int_equal(shown.kind, DISPLAY_STOPPED); /* nothing new begins */
    site_input(&site, 1, INPUT_FIRE, true);
    site_run(&site, 1000);
    assert_true(site.lane[1].is_open); /* first the people, then the record */
    site_input(&site, 1, INPUT_FIRE, false);
    site.store_error = 0; /* somebody made room; nobody touches the gate */
    site_run(&site, 60000);
    assert_int_equal(site.gate.journal.count, 0);
    site_settle(&site, 20000);
    assert_true(server_alarms("journal.failed") > 0);
    assert_int_equal(world_number(&world, "SELECT count(*) FROM alarm WHERE code ="
                                          " 'journal.failed' AND cleared_ms IS NULL"),
                     0);
    assert_nothing_lost_or_doubled();
}

/* Rule 5: not after n attempts, and not because a queue is long. */
static void test_delivery_rule_5__after_a_thousand_attempts_nothing_is_dropped(void **state)
{
    (void)state;
    enter_cars(0, 3);
    site.swallow_up = true;
    enter_cars(3, 2);
    site_run(&site, 3000 * 1000);
    assert_true(site.rows_sent > 1000);
    site.swallow_up = false;
    site_settle(&site, 20000);
    assert_nothing_lost_or_doubled();
}

static struct down command_of(const char *end, enum command_action action, int64_t ms)
{
    struct down down = {.type = DOWN_COMMAND, .lane = 1, .action = action};
    snprintf(down.id, sizeof down.id, "01JC%021d%s", 0, end);
    down.deadline = wall_add(world.now, ms);
    str_copy_cut(down.by, sizeof down.by, STR("operator"));
    return down;
}

/* Rule 6.  The line stalls with a command on it, and says it when it is too late. */
static void
test_delivery_rule_6__a_command_past_its_deadline_is_answered_and_not_carried_out(void **state)
{
    (void)state;
    site_settle(&site, 5000);
    site_stall(&site, true);
    site.down[site.down_count++] = command_of("1", COMMAND_OPEN, 15000);
    site_run(&site, 16000);
    site_stall(&site, false);
    site_run(&site, 2000);
    assert_int_equal(site.lane[1].opened, 0);
    assert_int_equal(site.commands_done, 1);
    assert_int_equal(site.last_outcome, OUTCOME_LATE);
    site_settle(&site, 5000);
    assert_int_equal(world_number(&world, "SELECT count(*) FROM event WHERE type ="
                                          " 'command_done' AND body LIKE '%\"late\"%'"),
                     1);
}

/* Rule 6: twice, and once more after the gate has died: carried out once. */
static void test_delivery_rule_6__a_command_that_comes_again_is_carried_out_once(void **state)
{
    (void)state;
    struct down down = command_of("2", COMMAND_OPEN, 600000);
    site_say(&site, &down);
    site_say(&site, &down);
    site_run(&site, 30000);
    assert_int_equal(site.lane[1].opened, 1);
    site_kill(&site);
    site_start(&site);
    site_run(&site, 2000);
    site_say(&site, &down);
    site_run(&site, 30000);
    assert_int_equal(site.lane[1].opened, 1);
    assert_int_equal(site.last_outcome, OUTCOME_DONE);
    site_settle(&site, 5000);
    assert_nothing_lost_or_doubled();
}

/* Rule 7.  The controller is replaced: an empty journal. */
static void test_delivery_rule_7__a_new_controller_begins_a_new_generation(void **state)
{
    (void)state;
    enter_cars(0, 3);
    site_settle(&site, 5000);
    int64_t before = site.state.generation;
    site_stop(&site);
    site_lose_journal(&site);
    site_run(&site, 60000);
    site_start(&site);
    enter_cars(3, 2);
    site_settle(&site, 10000);
    assert_true(site.state.generation > before);
    assert_int_equal(server_alarms("journal.new_start"), 1);
    assert_nothing_lost_or_doubled();
}

/* Rule 7.  A copy of some time ago is put back, and hears that the server has more of it. */
static void test_delivery_rule_7__an_old_copy_put_back_loses_and_overwrites_nothing(void **state)
{
    (void)state;
    enter_cars(0, 2);
    site_settle(&site, 5000);
    site_copy_journal(&site, "backup");
    enter_cars(2, 4);
    site_settle(&site, 5000);
    int64_t before = site.state.generation;
    site_kill(&site);
    site_put_back(&site, "backup");
    site_start(&site);
    site_run(&site, 1000);
    enter_cars(6, 2);
    site_settle(&site, 20000);
    assert_int_equal(site.renewals, 1);
    assert_true(site.state.generation > before);
    assert_true(server_alarms("journal.behind") > 0);
    assert_nothing_lost_or_doubled();
}

/*
 * Rule 7, the hard one: the old copy lives on without the line until it has more than the server
 * knows of it; the numbers between mean two things.
 */
static void
test_delivery_rule_7__an_old_copy_that_has_grown_past_the_server_loses_nothing(void **state)
{
    (void)state;
    enter_cars(0, 2);
    site_settle(&site, 5000);
    site_copy_journal(&site, "backup");
    enter_cars(2, 4);
    site_settle(&site, 5000);
    int64_t known = site.gate.delivery.acked;
    site_kill(&site);
    site_put_back(&site, "backup");
    site.connected = false;
    site_start(&site);
    enter_cars(6, 10);
    assert_true(site.gate.delivery.last > known + 5);
    site_line(&site, true);
    site_settle(&site, 20000);
    assert_int_equal(site.renewals, 1);
    assert_true(server_alarms("journal.went_back") > 0);
    assert_true(server_alarms("journal.behind") > 0);
    assert_nothing_lost_or_doubled();
    assert_int_equal(world_number(&world, "SELECT count(*) FROM session WHERE state = 'inside'"),
                     16);
}

/* Rule 7.  A copy from before the controller was replaced: a generation that was given up. */
static void test_delivery_rule_7__a_copy_of_a_generation_that_was_given_up_begins_anew(void **state)
{
    (void)state;
    enter_cars(0, 2);
    site_settle(&site, 5000);
    site_copy_journal(&site, "backup");
    site_stop(&site);
    site_lose_journal(&site);
    site_run(&site, 60000);
    site_start(&site);
    enter_cars(2, 2);
    site_settle(&site, 5000);
    int64_t newest = site.state.generation;
    site_stop(&site);
    site_put_back(&site, "backup");
    site_start(&site);
    site_run(&site, 1000);
    enter_cars(4, 2);
    site_settle(&site, 20000);
    assert_true(site.state.generation > newest);
    assert_true(server_alarms("journal.went_back") > 0);
    assert_nothing_lost_or_doubled();
}

/* Rule 8.  A backlog goes up in its window and at its pace, and today's car does not wait for it.
 */
static void test_delivery_rule_8__catching_up_is_paced_and_todays_car_does_not_wait(void **state)
{
    (void)state;
    enter_cars(0, 1);
    site_settle(&site, 5000);
    site_stop(&site);
    site.config.pace = 20; /* so slow that it is seen */
    site.connected = false;
    site_start(&site);
    enter_cars(1, 120);
    int64_t waiting = site.gate.delivery.last - site.gate.delivery.acked;
    assert_true(waiting > 230);
    int64_t sent = site.rows_sent;
    site_line(&site, true);
    site_run(&site, 1000);
    assert_true(site.rows_sent - sent < 40);
    site.quotes = 0;
    site_stand(&site, 2, "30F-123.00");
    site_run(&site, 1500);
    assert_true(site.gate.delivery.last - site.gate.delivery.acked > 100); /* still behind */
    assert_true(site.quotes > 0);
    assert_true(site.rows_sent_max <= DELIVERY_WINDOW);
    site_settle(&site, 60000);
    assert_nothing_lost_or_doubled();
}

/* Rule 8: a gap is filled through a line that stalls and then says everything at once. */
static void test_delivery_rule_8__a_gap_is_filled_through_a_line_that_stalls(void **state)
{
    (void)state;
    site_settle(&site, 5000);
    site.swallow_up = true;
    enter_cars(0, 1); /* the hole */
    site.swallow_up = false;
    site_stall(&site, true);
    enter_cars(1, 3);
    site_run(&site, 9000); /* sent three times over */
    site_stall(&site, false);
    site_stall(&site, true);
    site_run(&site, 10000);
    site_stall(&site, false);
    site_settle(&site, 20000);
    assert_nothing_lost_or_doubled();
}

/* Rule 8: the server asks for what is missing; nobody waits for the gate's own patience. */
static void test_delivery_rule_8__a_gap_is_asked_for_and_filled_at_once(void **state)
{
    (void)state;
    site_settle(&site, 5000);
    site.swallow_up = true;
    site_stand(&site, 1, "30F-123.01"); /* the hole */
    site_run(&site, 50);
    site.swallow_up = false;
    site_stand(&site, 3, "30F-123.02");
    site_run(&site, 50);
    assert_true(site.gate.delivery.last >= 3);
    assert_int_equal(site.gate.delivery.acked, site.gate.delivery.last);
    assert_nothing_lost_or_doubled();
}

/* Rule 9.  Nobody knows what time it is; later somebody does, and both are kept. */
static void test_delivery_rule_9__unknown_time_is_said_and_corrected_with_both_kept(void **state)
{
    (void)state;
    site_settle(&site, 5000);
    site_stop(&site);
    site.clock_unknown = true;
    site_start(&site);
    int64_t came = world.now.ms;
    site_line(&site, false);
    enter_cars(0, 1);
    site_run(&site, 3600 * 1000);
    site.clock_unknown = false; /* the network is there, and with it the time */
    site_line(&site, true);
    site_settle(&site, 10000);
    assert_int_equal(world_number(&world, "SELECT count(*) FROM event WHERE type = 'arrived'"
                                          " AND body LIKE '%\"clock\":\"unknown\"%'"
                                          " AND wall_ms < 100000000000"),
                     1); /* as the gate said it */
    int64_t entered = world_number(&world, "SELECT entered_ms FROM session");
    assert_in_range(entered, came, came + 60000); /* and as it was */
    assert_nothing_lost_or_doubled();
}

#define RULE(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
TESTS(RULE(test_delivery_rule_1__whenever_the_gate_dies_an_arm_that_rose_is_in_the_journal),
      RULE(test_delivery_rule_2__what_is_sent_again_is_the_same_in_every_byte),
      RULE(test_delivery_rule_3__only_the_servers_word_after_its_commit_moves_the_cursor),
      RULE(test_delivery_rule_4__whatever_order_it_comes_in_it_is_applied_once_in_order),
      RULE(test_delivery_rule_4__a_visit_that_ended_is_not_revived),
      RULE(test_delivery_rule_5__a_full_disk_is_a_lane_mode_with_an_alarm_and_loses_nothing),
      RULE(test_delivery_rule_5__after_a_thousand_attempts_nothing_is_dropped),
      RULE(test_delivery_rule_6__a_command_past_its_deadline_is_answered_and_not_carried_out),
      RULE(test_delivery_rule_6__a_command_that_comes_again_is_carried_out_once),
      RULE(test_delivery_rule_7__a_new_controller_begins_a_new_generation),
      RULE(test_delivery_rule_7__an_old_copy_put_back_loses_and_overwrites_nothing),
      RULE(test_delivery_rule_7__an_old_copy_that_has_grown_past_the_server_loses_nothing),
      RULE(test_delivery_rule_7__a_copy_of_a_generation_that_was_given_up_begins_anew),
      RULE(test_delivery_rule_8__catching_up_is_paced_and_todays_car_does_not_wait),
      RULE(test_delivery_rule_8__a_gap_is_filled_through_a_line_that_stalls),
      RULE(test_delivery_rule_8__a_gap_is_asked_for_and_filled_at_once),
      RULE(test_delivery_rule_9__unknown_time_is_said_and_corrected_with_both_kept))
