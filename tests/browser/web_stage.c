/*
 * web_stage.c - the fixture as a program: a server with a morning's traffic, for browser tests
 * and for looking at the pages.  Says {"port":…, "stays":{name: token}} on a line, then does what
 * each line on standard input says, answering each with a line, until it ends.
 *
 *     pay NAME               the transfer that is due arrives at the bank
 *     pay-part NAME AMOUNT   another amount
 *     arrive NAME PLATE      a car stands at the entry of gate 1
 *     enter NAME PLATE       …and comes in
 *     came NAME PLATE        …and did so 2 h 15 min ago
 *     ask NAME               asks to leave at the exit of gate 1
 *     leave NAME             is gone
 *     hold                   the exit of gate 1 holds a vehicle without a plate
 *     release                and waits no longer
 *     offline | online       gate 2
 *     alarm                  the barrier of gate 1, lane 2 is stuck
 */
#include "tests/harness/harness.h"
#include "tests/integration/web_fixture.h"

enum { STAYS = 64 };

struct stay {
    char name[24], plate[PLATE_RAW_CAP], session[ULID_CAP], token[33], code[PAYCODE_CAP];
    enum vehicle vehicle;
};

static struct web_fixture *f;
static struct stay stays[STAYS];
static int stay_count;

static struct stay *find(const char *name)
{
    for (int i = 0; i < stay_count; i++) {
        if (strcmp(stays[i].name, name) == 0) {
            return &stays[i];
        }
    }
    fail_msg("no stay %s", name);
    return NULL;
}

static struct stay *add(const char *name, const char *plate, enum vehicle vehicle,
                        int64_t minutes_ago)
{
    assert_true(stay_count < STAYS);
    struct stay *stay = &stays[stay_count++];
    snprintf(stay->name, sizeof stay->name, "%s", name);
    snprintf(stay->plate, sizeof stay->plate, "%s", plate);
    stay->vehicle = vehicle;
    web_fixture_enter(f, "hn-0001-g1", plate, vehicle, minutes_ago * 60000, stay->session);
    web_fixture_names(f, stay->session, stay->token, stay->code);
    return stay;
}

static void lanes(const char *state, const char *barrier)
{
    struct status_lane lane[2] = {{1, "entry", "idle", "closed", ""}, {2, "exit", "", "", ""}};
    snprintf(lane[1].state, sizeof lane[1].state, "%s", state);
    snprintf(lane[1].barrier, sizeof lane[1].barrier, "%s", barrier);
    web_fixture_status(f, "hn-0001-g1", true, lane, 2);
}

static void other_gates(bool online)
{
    static const struct status_lane lane[2] = {{1, "entry", "idle", "closed", ""},
                                               {2, "exit", "idle", "closed", ""}};
    web_fixture_status(f, "hn-0001-g2", online, lane, online ? 2 : 0);
    web_fixture_status(f, "hn-0002-g1", true, lane, 2);
}

static void pay(const char *name, int64_t amount)
{
    struct stay *stay = find(name);
    char content[64];
    snprintf(content, sizeof content, "CT DEN %s", stay->code);
    assert_int_equal(web_fixture_pay(f, "0123456789", content,
                                     amount ? amount : web_fixture_due(f, stay->token), 0),
                     200);
}

static void hold(void)
{
    struct event held = {.type = EVENT_HELD, .lane = 2, .hold = HOLD_UNREADABLE};
    held.subject.vehicle = VEHICLE_CAR;
    lanes("held", "closed");
    web_fixture_event(f, "hn-0001-g1", &held, 0);
}

static void raise_alarm(void)
{
    struct event alarm = {.type = EVENT_ALARM, .lane = 2, .raised = true};
    snprintf(alarm.code, sizeof alarm.code, "barrier.stuck");
    snprintf(alarm.text, sizeof alarm.text, "ordered up twice, the upper switch did not answer");
    web_fixture_event(f, "hn-0001-g1", &alarm, 0);
    lanes("fault", "stuck");
}

static void perform(const char *verb, const char *name, const char *rest)
{
    if (strcmp(verb, "pay") == 0) {
        pay(name, 0);
    } else if (strcmp(verb, "pay-part") == 0) {
        pay(name, strtoll(rest, NULL, 10));
    } else if (strcmp(verb, "enter") == 0) {
        add(name, rest, VEHICLE_CAR, 0);
    } else if (strcmp(verb, "came") == 0) {
        add(name, rest, VEHICLE_CAR, 135);
    } else if (strcmp(verb, "ask") == 0) {
        struct stay *stay = find(name);
        web_fixture_ask_exit(f, "hn-0001-g1", stay->session, stay->plate, stay->vehicle, 0);
        lanes("quoted", "closed");
    } else if (strcmp(verb, "leave") == 0) {
        web_fixture_leave(f, "hn-0001-g1", find(name)->session, PERMIT_PAID, 0);
        lanes("idle", "closed");
    } else if (strcmp(verb, "hold") == 0) {
        hold();
    } else if (strcmp(verb, "release") == 0) {
        struct event released = {.type = EVENT_RELEASED, .lane = 2};
        web_fixture_event(f, "hn-0001-g1", &released, 0);
        lanes("idle", "closed");
    } else if (strcmp(verb, "offline") == 0 || strcmp(verb, "online") == 0) {
        other_gates(strcmp(verb, "online") == 0);
    } else if (strcmp(verb, "alarm") == 0) {
        raise_alarm();
    } else {
        fail_msg("what is '%s'?", verb);
    }
    web_fixture_settle(f);
}

static void serve(void **state)
{
    char line[256];
    (void)state;
    f = web_fixture_start();
    web_fixture_fill(f);
    lanes("idle", "closed");
    other_gates(true);
    add("due", "30F-123.45", VEHICLE_CAR, 135);
    add("other", "29-F1 234.56", VEHICLE_MOTORBIKE, 300);
    add("evil", "<script>alert(1)</script>", VEHICLE_CAR, 30);
    web_fixture_settle(f);
    printf("{\"port\":%d,\"stays\":{", web_fixture_port(f));
    for (int i = 0; i < stay_count; i++) {
        printf("%s\"%s\":\"%s\"", i ? "," : "", stays[i].name, stays[i].token);
    }
    printf("}}\n");
    fflush(stdout);
    while (fgets(line, sizeof line, stdin)) {
        char verb[24] = "";
        char name[24] = "";
        char rest[64] = "";
        sscanf(line, "%23s %23s %63[^\n]", verb, name, rest);
        perform(verb, name, rest);
        printf("done %s\n", name[0] && stay_count ? find(name)->token : "");
        fflush(stdout);
    }
    web_fixture_stop(f);
}

TESTS(T(serve))
