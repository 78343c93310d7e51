/*
 * The judge of a run: a small right day agrees with him, and each thing that may go wrong in it
 * is found under its own rule.
 */
#include "proto/io/tariff_file.h"
#include "sim/judge/judge.h"
#include "tests/harness/harness.h"
#include "tests/unit/tariff_reference.h"

enum { CAP = 64, FEE = 25000 };
static const int64_t morning = 1772416800000; /* 2026-03-02 09:00 in Hanoi */

struct town {
    struct judge *judge;
    struct world world;
    struct visit visit[CAP];
};

static struct town *town_new(void)
{
    struct town *town = calloc(1, sizeof *town);
    struct people people;
    struct prng root;
    assert_non_null(town);
    prng_init(&root, 1);
    people_init(&people, &root, 50, 0);
    struct world_config config = {.speed = 1, .rate = 1, .stuck_ms = 60000};
    world_init(&town->world, &config, &root, &people, town->visit, CAP, (mono_t){0});
    town->judge = judge_new();
    struct judge_site site = {.gate = "hn-0001-g1",
                              .lot = "hn-0001",
                              .world = &town->world,
                              .fee = {[VEHICLE_CAR] = FEE_HOURS_C2},
                              .tolerance_ms = 3000,
                              .promise_ms = 600000};
    assert_int_equal(judge_add_site(town->judge, &site), 0);
    judge_now(town->judge, (wall_t){morning});
    return town;
}

static void town_free(struct town *town)
{
    judge_free(town->judge);
    free(town);
}

/* One car for 40 minutes, as the street knows it. */
static struct visit *car(struct town *town)
{
    struct visit *visit = &town->visit[0];
    memset(visit, 0, sizeof *visit);
    snprintf(visit->person.key, sizeof visit->person.key, "30F12345");
    snprintf(visit->code, sizeof visit->code, "DX7K3M9Q2X");
    visit->person.vehicle = VEHICLE_CAR;
    visit->state = VISIT_LEFT;
    visit->entered.ms = morning;
    visit->asked.ms = morning + 40 * TIME_MINUTE_MS;
    visit->settled.ms = visit->asked.ms + 15000;
    visit->left.ms = visit->asked.ms + 30000;
    visit->fee_vnd = visit->coded_vnd = FEE;
    return visit;
}

static struct session session_of(const struct visit *visit)
{
    struct session session = {.state = SESSION_INSIDE,
                              .entered = visit->entered,
                              .subject = {.kind = SUBJECT_PLATE, .vehicle = VEHICLE_CAR}};
    snprintf(session.id, sizeof session.id, "01JABCDEFGHJKMNPQRSTVWXYZ0");
    snprintf(session.lot, sizeof session.lot, "hn-0001");
    snprintf(session.code, sizeof session.code, "%s", visit->code);
    snprintf(session.subject.key, sizeof session.subject.key, "%s", visit->person.key);
    return session;
}

static struct ledger_tx tx_of(const char *id, const char *kind, const char *to, const char *from,
                              int64_t amount_vnd)
{
    struct ledger_tx tx = {.count = 2};
    snprintf(tx.id, sizeof tx.id, "%s", id);
    snprintf(tx.kind, sizeof tx.kind, "%s", kind);
    snprintf(tx.entry[0].account, sizeof tx.entry[0].account, "%s", to);
    snprintf(tx.entry[1].account, sizeof tx.entry[1].account, "%s", from);
    tx.entry[0].amount_vnd = amount_vnd;
    tx.entry[1].amount_vnd = -amount_vnd;
    return tx;
}

/* What a day may be told wrong about. */
struct slip {
    int64_t fee_vnd, paid_vnd, credit_vnd, posted_vnd;
    int64_t left_late_ms, settled_early_ms;
    bool no_session, twice_credited, stays_open, invented, lost_row, changed_row, no_credit;
    bool matched_without_code;
    int64_t seq_skips, waiting;
};

static void the_banks_day(struct town *town, const struct visit *visit, const struct slip *slip)
{
    struct transfer transfer = {.id = 92704, .amount_vnd = FEE, .coded = true};
    transfer.coded = !slip->matched_without_code;
    judge_transfer(town->judge, 0, &transfer, visit->code);
    struct bank_credit credit = {.amount_vnd = FEE + slip->credit_vnd};
    snprintf(credit.provider_tx, sizeof credit.provider_tx, "92704");
    for (int i = 0; i < (slip->no_credit ? 0 : slip->twice_credited ? 2 : 1); i++) {
        judge_credit(town->judge, &credit, PAYMENT_EXACT);
    }
    struct ledger_tx tx = tx_of("credit:sepay:92704", "credit", "bank:970436-1", "prepaid:hn-0001",
                                FEE + slip->posted_vnd);
    judge_posted(town->judge, &tx);
    tx.entry[0].amount_vnd += slip->changed_row ? 1 : 0;
    judge_ledger_row(town->judge, &tx);
    if (slip->stays_open) {
        return;
    }
    tx = tx_of("fee:01J:1", "fee", "prepaid:hn-0001", "revenue:hn-0001", FEE + slip->fee_vnd);
    judge_posted(town->judge, &tx);
    if (!slip->lost_row) {
        judge_ledger_row(town->judge, &tx);
    }
}

static void day(struct town *town, const struct slip *slip)
{
    struct visit *visit = car(town);
    visit->left.ms += slip->left_late_ms;
    visit->settled.ms -= slip->settled_early_ms;
    struct session session = session_of(visit);
    if (!slip->no_session) {
        judge_session(town->judge, &session);
    }
    the_banks_day(town, visit, slip);
    session.fee_vnd = FEE + slip->fee_vnd;
    session.paid_vnd = FEE + slip->paid_vnd;
    session.state = slip->stays_open ? SESSION_PAID : SESSION_LEFT;
    session.left = (wall_t){visit->asked.ms + 30000};
    if (!slip->no_session) {
        judge_session(town->judge, &session);
    }
    judge_visit(town->judge, 0, 0);
    if (slip->invented) {
        struct session other = session;
        other.state = SESSION_INSIDE;
        other.id[25] = '1';
        other.code[3] = 'Z';
        judge_session(town->judge, &other);
    }
    visit->state = VISIT_NOT_USED;
    judge_applied(town->judge, "hn-0001-g1", 1, 1);
    judge_applied(town->judge, "hn-0001-g1", 1, 2 + slip->seq_skips);
    judge_settle(town->judge, 0, 1, 2, slip->waiting);
    judge_end(town->judge, true);
}

/* The only rule that was broken; JUDGE_RULE_COUNT: none. */
static enum judge_rule verdict_of(struct slip slip)
{
    struct town *town = town_new();
    struct judge_report report;
    enum judge_rule rule = JUDGE_RULE_COUNT;
    day(town, &slip);
    judge_get_report(town->judge, &report);
    for (int i = 0; i < JUDGE_RULE_COUNT; i++) {
        if (report.found[i]) {
            rule = rule == JUDGE_RULE_COUNT ? (enum judge_rule)i : rule;
        }
    }
    assert_int_equal(judge_failed(town->judge), rule != JUDGE_RULE_COUNT);
    town_free(town);
    return rule;
}
#define SLIP(...) verdict_of((struct slip){__VA_ARGS__})

static void test_sim_judge__a_right_day_agrees(void **state)
{
    (void)state;
    assert_int_equal(SLIP(.fee_vnd = 0), JUDGE_RULE_COUNT);
}

static void test_sim_judge__a_wrong_day_is_found_under_its_rule(void **state)
{
    (void)state;
    assert_int_equal(SLIP(.fee_vnd = 25000, .paid_vnd = 0), JUDGE_FEE);
    assert_int_equal(SLIP(.left_late_ms = 20000), JUDGE_TIMES);
    assert_int_equal(SLIP(.no_session = true), JUDGE_EDGES);
    assert_int_equal(SLIP(.invented = true), JUDGE_EDGES);
    assert_int_equal(SLIP(.stays_open = true), JUDGE_VIEWS);
    assert_int_equal(SLIP(.paid_vnd = 1000), JUDGE_CREDIT);
    assert_int_equal(SLIP(.paid_vnd = -1000), JUDGE_CREDIT);
    assert_int_equal(SLIP(.credit_vnd = 1000), JUDGE_CREDIT);
    assert_int_equal(SLIP(.twice_credited = true), JUDGE_CREDIT);
    assert_int_equal(SLIP(.no_credit = true), JUDGE_CREDIT);
    assert_int_equal(SLIP(.matched_without_code = true), JUDGE_CREDIT);
    assert_int_equal(SLIP(.posted_vnd = 1000), JUDGE_LEDGER);
    assert_int_equal(SLIP(.changed_row = true), JUDGE_LEDGER);
    assert_int_equal(SLIP(.lost_row = true), JUDGE_LEDGER);
    assert_int_equal(SLIP(.seq_skips = 1), JUDGE_NUMBERS);
    assert_int_equal(SLIP(.waiting = 1), JUDGE_NUMBERS);
}

/* Asked and paid at 59:50, out at 60:20: the second hour is not his. */
static void test_sim_judge__who_paid_in_time_is_not_charged_again(void **state)
{
    (void)state;
    struct town *town = town_new();
    struct judge_report report;
    struct visit *visit = car(town);
    visit->asked.ms = morning + 59 * TIME_MINUTE_MS + 30000;
    visit->settled.ms = visit->asked.ms + 10000;
    visit->left.ms = visit->settled.ms + 60000;
    struct session session = session_of(visit);
    struct transfer transfer = {.id = 1, .amount_vnd = 2 * FEE, .coded = true};
    judge_session(town->judge, &session);
    judge_transfer(town->judge, 0, &transfer, visit->code);
    session.fee_vnd = session.paid_vnd = 2 * FEE;
    session.state = SESSION_LEFT;
    session.left = visit->left;
    judge_session(town->judge, &session);
    judge_visit(town->judge, 0, 0);
    judge_get_report(town->judge, &report);
    assert_int_equal(report.found[JUDGE_GRACE], 1);
    assert_int_equal(report.findings, 1);
    town_free(town);
}

static struct event event_of(enum event_type type)
{
    return (struct event){.type = type, .lane = 1};
}

static int64_t found(struct town *town, enum judge_rule rule)
{
    struct judge_report report;
    judge_get_report(town->judge, &report);
    return report.found[rule];
}

static void test_sim_judge__an_arm_rises_only_for_what_is_durable(void **state)
{
    (void)state;
    struct town *town = town_new();
    struct event event = event_of(EVENT_ARRIVED);
    judge_input(town->judge, 0, 1, INPUT_SAFETY_LOOP, LEVEL_OFF);
    judge_stored(town->judge, 0, &event);
    judge_output(town->judge, 0, 1, OUTPUT_OPEN, ACT_PULSE);
    judge_output(town->judge, 0, 1, OUTPUT_OPEN, ACT_PULSE);
    event.type = EVENT_ENTERED;
    judge_stored(town->judge, 0, &event);
    judge_output(town->judge, 0, 1, OUTPUT_CLOSE, ACT_PULSE);
    event.type = EVENT_HAND_OPENED;
    judge_stored(town->judge, 0, &event);
    judge_output(town->judge, 0, 1, OUTPUT_OPEN, ACT_PULSE);
    judge_output(town->judge, 0, 1, OUTPUT_CLOSE, ACT_PULSE);
    judge_input(town->judge, 0, 1, INPUT_SAFETY_LOOP, LEVEL_ON);
    judge_output(town->judge, 0, 1, OUTPUT_OPEN, ACT_PULSE); /* up before what stands under it */
    judge_input(town->judge, 0, 1, INPUT_SAFETY_LOOP, LEVEL_OFF);
    assert_false(judge_failed(town->judge));
    judge_output(town->judge, 0, 1, OUTPUT_OPEN, ACT_PULSE);
    assert_int_equal(found(town, JUDGE_PERMIT), 1);
    judge_input(town->judge, 0, 2, INPUT_FIRE, LEVEL_ON);
    judge_output(town->judge, 0, 1, OUTPUT_OPEN, ACT_PULSE);
    assert_int_equal(found(town, JUDGE_PERMIT), 1);
    town_free(town);
}

static void test_sim_judge__an_arm_falls_only_on_a_loop_that_is_known_to_be_free(void **state)
{
    (void)state;
    struct town *town = town_new();
    judge_output(town->judge, 0, 1, OUTPUT_CLOSE, ACT_PULSE);
    assert_int_equal(found(town, JUDGE_LOOP), 1);
    judge_input(town->judge, 0, 1, INPUT_SAFETY_LOOP, LEVEL_OFF);
    judge_output(town->judge, 0, 1, OUTPUT_CLOSE, ACT_PULSE);
    assert_int_equal(found(town, JUDGE_LOOP), 1);
    judge_input(town->judge, 0, 1, INPUT_SAFETY_LOOP, LEVEL_ON);
    judge_output(town->judge, 0, 1, OUTPUT_CLOSE, ACT_PULSE);
    assert_int_equal(found(town, JUDGE_LOOP), 2);
    judge_input(town->judge, 0, 1, INPUT_SAFETY_LOOP, LEVEL_OFF);
    judge_bus(town->judge, 0, 1, false);
    judge_output(town->judge, 0, 1, OUTPUT_CLOSE, ACT_PULSE);
    assert_int_equal(found(town, JUDGE_LOOP), 3);
    town_free(town);
}

static void test_sim_judge__queues_replays_and_the_streets_notes(void **state)
{
    (void)state;
    struct town *town = town_new();
    judge_queue(town->judge, 0, "outbox", 8, 8);
    judge_restored(town->judge, 0, "abc", 3, "abc", 3);
    assert_false(judge_failed(town->judge));
    judge_queue(town->judge, 0, "outbox", 9, 8);
    judge_restored(town->judge, 0, "abc", 3, "abd", 3);
    town->world.note[0] = (struct world_note){.kind = WORLD_NOTE_HIT, .lane = 1, .visit = -1};
    town->world.note[1] = (struct world_note){.kind = WORLD_NOTE_STUCK, .lane = 1, .visit = -1};
    town->world.note_count = 2;
    judge_notes(town->judge, 0);
    judge_notes(town->judge, 0);
    assert_int_equal(found(town, JUDGE_QUEUE), 1);
    assert_int_equal(found(town, JUDGE_REPLAY), 1);
    assert_int_equal(found(town, JUDGE_HIT), 1);
    assert_int_equal(found(town, JUDGE_WAIT), 1);
    town_free(town);
}

static void test_sim_judge__numbers_names_and_plates_are_found_in_bytes(void **state)
{
    (void)state;
    struct town *town = town_new();
    struct person person = {.self = 77, .has_card = true};
    char card[PERSON_CARD_CAP];
    person_card(&person, card);
    judge_card(town->judge, &person);
    judge_bytes(town->judge, 0, JUDGE_BYTES_MESSAGE,
                STR("{\"seq\":1795485600123,\"plate\":\"30F-123.45\",\"x\":\"Nguyễn Văn phòng\"}"));
    judge_bytes(town->judge, 0, JUDGE_BYTES_TOPIC, STR("doxe/1/hn-0001/hn-0001-g1/up"));
    judge_bytes(town->judge, 0, JUDGE_BYTES_LOG, STR("id=01JABCDEFGHJKMNPQRSTVWXYZ0 n=99912345"));
    assert_false(judge_failed(town->judge));
    char text[64];
    snprintf(text, sizeof text, "{\"a\":\"9%.12s\"}", card);
    judge_bytes(town->judge, 0, JUDGE_BYTES_MESSAGE, str_c(text));
    assert_int_equal(found(town, JUDGE_SECRET), 1);
    judge_bytes(town->judge, 0, JUDGE_BYTES_STORED, str_c(card));
    assert_int_equal(found(town, JUDGE_SECRET), 2);
    judge_bytes(town->judge, 0, JUDGE_BYTES_MESSAGE, STR("\"name\":\"Trần Thị Kiểm\""));
    assert_int_equal(found(town, JUDGE_SECRET), 3);
    judge_bytes(town->judge, 0, JUDGE_BYTES_MESSAGE, STR("TRAN THI KIEM"));
    assert_int_equal(found(town, JUDGE_SECRET), 4);
    judge_bytes(town->judge, 0, JUDGE_BYTES_TOPIC, STR("doxe/1/hn-0001/30F-123.45/up"));
    assert_int_equal(found(town, JUDGE_SECRET), 5);
    judge_bytes(town->judge, 0, JUDGE_BYTES_LOG, STR("lane=1 plate=29AA12345"));
    assert_int_equal(found(town, JUDGE_SECRET), 6);
    town_free(town);
}

/* ---- his own fees against the slow calculator of the tests ---- */

static void test_sim_judge__his_fees_are_those_of_the_reference(void **state)
{
    (void)state;
    static const char *const names[] = {"hanoi-two-wheel-z1", "hanoi-two-wheel-z2", "hanoi-car-c1",
                                        "hanoi-car-c2"};
    struct tariff_set *set = calloc(1, sizeof *set);
    struct prng prng;
    assert_non_null(set);
    prng_init(&prng, 3);
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        char path[96];
        char error[512];
        snprintf(path, sizeof path, "etc/tariffs/%s.yaml", names[i]);
        ok(tariff_file_load(path, set, error, sizeof error));
        enum fee fee = fee_of_tariff(names[i]);
        for (int k = 0; k < 300; k++) {
            struct reference reference;
            int64_t longest = k % 3 ? 14 * TIME_HOUR_MS : 60 * INT64_C(3600000);
            int64_t from = morning + prng_range(&prng, 0, 48 * 3600) * 1000;
            int64_t until = from + prng_range(&prng, 1, longest / 1000) * 1000;
            struct tariff_stay stay = {.vehicle = i < 2 ? VEHICLE_MOTORBIKE : VEHICLE_CAR,
                                       .entry = {from},
                                       .exit = {until}};
            ok(reference_price(set, &stay, &reference));
            assert_int_equal(fee_of_stay(fee, from, until), reference.total_vnd);
        }
    }
    free(set);
    assert_int_equal(fee_of_tariff("danang-automated"), FEE_NOT_KNOWN);
    assert_int_equal(fee_of_stay(FEE_NOT_KNOWN, 0, 1), -1);
}

TESTS(T(test_sim_judge__a_right_day_agrees), T(test_sim_judge__a_wrong_day_is_found_under_its_rule),
      T(test_sim_judge__who_paid_in_time_is_not_charged_again),
      T(test_sim_judge__an_arm_rises_only_for_what_is_durable),
      T(test_sim_judge__an_arm_falls_only_on_a_loop_that_is_known_to_be_free),
      T(test_sim_judge__queues_replays_and_the_streets_notes),
      T(test_sim_judge__numbers_names_and_plates_are_found_in_bytes),
      T(test_sim_judge__his_fees_are_those_of_the_reference))
