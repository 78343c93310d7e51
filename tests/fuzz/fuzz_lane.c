/*
 * Bytes -> events into gate_step, with what must hold checked after each step.
 *
 * Each op is one byte and its arguments; a byte that is missing is zero.  The store
 * answers, fails or is slow as the bytes say; the program is killed and restarted
 * from what was durable.  At the end everything works again and nobody stands
 * anywhere: then every record must become durable and every lane come to rest.
 */
#include "gate/core/gate.h"
#include "proto/base/check.h"
#include "tests/scenario/gate_audit.h"
/* Not a library: the tests of scenarios are not built with the fuzz targets. */
#include "tests/scenario/gate_audit.c"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

enum { LANES = 7, OPS = 24, CALM_STEPS = 4000 };

struct bench {
    const uint8_t *p, *end;
    struct gate_config config;
    struct gate gate;
    struct gate_effects effects;
    struct audit audit;
    int64_t now, stored, acked, boot;
    int commands;
    uint64_t random;
    struct lane_context context[MSG_LANES_MAX + 1];
    struct gate_record waiting[JOURNAL_MAX]; /* handed out; by seq */
    int64_t given;                           /* highest handed out and not failed */
    char ask[LANES + 1][ULID_CAP];
    char session[LANES + 1][ULID_CAP];
};

static struct bench b;

static int take(void)
{
    return b.p < b.end ? *b.p++ : 0;
}

static struct gate_event event_of(enum gate_event_type type, int lane)
{
    struct gate_event event;
    memset(&event, 0, sizeof event);
    event.type = type;
    event.lane = lane;
    return event;
}

static void step(struct gate_event *event)
{
    event->now.ms = b.now;
    event->wall.ms = INT64_C(1772416500000) + b.now;
    event->clock = event->clock == CLOCK_UNKNOWN ? CLOCK_SYNCED : event->clock;
    for (int i = 0; i < GATE_RANDOM_SIZE; i++) {
        b.random += UINT64_C(0x9E3779B97F4A7C15);
        event->random[i] =
            (uint8_t)((b.random ^ b.random >> 29) * UINT64_C(0xBF58476D1CE4E5B9) >> 51);
    }
    audit_event(&b.audit, event);
    gate_step(&b.gate, event, &b.effects);
    const char *broken = audit_effects(&b.audit, &b.effects);
    if (broken) {
        fprintf(stderr, "broken: %s\n", broken);
        abort();
    }
    for (int i = 0; i < b.effects.count; i++) {
        const struct gate_effect *effect = &b.effects.effect[i];
        if (effect->type == GATE_EFF_KEEP) {
            b.context[effect->lane] = effect->keep;
        }
        if (effect->type != GATE_EFF_RECORD) {
            continue;
        }
        const struct event *record = &effect->record.event;
        char text[2048];
        struct out out;
        out_init(&out, text, sizeof text);
        event_write(&out, record); /* it can be said */
        must(!out_failed(&out));
        b.waiting[record->seq % JOURNAL_MAX] = effect->record;
        b.given = record->seq;
        if (record->type == EVENT_EXIT_ASKED) {
            memcpy(b.ask[effect->lane], record->id, ULID_CAP);
            memcpy(b.session[effect->lane], record->session, ULID_CAP);
        }
    }
    (void)gate_deadline(&b.gate);
}

static void start(void)
{
    gate_init(&b.gate, &b.config);
    for (int i = 0; i <= MSG_LANES_MAX; i++) {
        struct lane_context context;
        char text[CONTEXT_TEXT_CAP];
        struct out out;
        out_init(&out, text, sizeof text);
        lane_context_write(&out, &b.context[i]);
        must(!out_failed(&out) && lane_context_parse(out_str(&out), &context) == 0);
        gate_restore_lane(&b.gate, i, &context);
    }
    struct gate_event event = event_of(GATE_EV_START, 0);
    event.start.generation = 1;
    event.start.last_seq = b.stored;
    event.start.acked_seq = b.acked;
    event.start.boot = ++b.boot;
    step(&event);
}

static void answer_store(bool works)
{
    if (b.given <= b.stored) {
        return;
    }
    struct gate_event event = event_of(works ? GATE_EV_STORED : GATE_EV_STORE_FAILED, 0);
    event.stored.seq = b.stored + 1;
    if (works) {
        const struct gate_record *record = &b.waiting[event.stored.seq % JOURNAL_MAX];
        b.stored++;
        b.context[record->event.lane] = record->context;
    } else {
        b.given = b.stored;
    }
    step(&event);
}

static void set_input(int lane, int role, int level)
{
    struct gate_event event = event_of(GATE_EV_INPUT, lane);
    event.input.role = (enum input_role)role;
    event.input.level = (enum level)level;
    step(&event);
}

static void make_id(char out[ULID_CAP], int kind, int number)
{
    uint8_t random[ULID_RANDOM_SIZE] = {(uint8_t)kind};
    random[8] = (uint8_t)(number >> 8);
    random[9] = (uint8_t)number;
    ulid_make(out, (wall_t){1}, random);
}

/* What an attendant does at the console; lane 0 is the gate itself. */
static void say_desk(int lane)
{
    static const enum event_type types[] = {
        EVENT_SHIFT_OPENED,   EVENT_SHIFT_CLOSED, EVENT_OCCUPANCY_CORRECTED, EVENT_ALARM_ACKED,
        EVENT_ENTRY_DECLARED, EVENT_AMENDED,      EVENT_DESK_ACTION};
    struct gate_event event = event_of(GATE_EV_DESK, 0);
    struct event *desk = &event.desk;
    int number = take();
    desk->type = types[number % (int)(sizeof types / sizeof types[0])];
    desk->lane = number % 3 ? lane : 0;
    memcpy(desk->by, "lan", 4);
    make_id(desk->shift, 5, number % 4);
    make_id(desk->session, 6, number);
    if (number % 2 && lane <= LANES && b.session[lane][0]) {
        memcpy(desk->session, b.session[lane], ULID_CAP);
    }
    desk->entered.ms = INT64_C(1772416500000);
    desk->subject.kind = SUBJECT_PLATE;
    desk->subject.vehicle = VEHICLE_CAR;
    snprintf(desk->subject.key, sizeof desk->subject.key, "30F1234%d", number % 10);
    step(&event);
}

static void say_down(int lane, int what)
{
    struct gate_event event = event_of(GATE_EV_DOWN, 0);
    struct down *down = &event.down;
    int number = take();
    down->lane = lane;
    down->type = (enum down_type)(what % (DOWN_TYPE_COUNT + 1));
    make_id(down->id, 1, number);
    down->generation = 1 + (what > 250);
    down->seq = number % 16;
    down->state = (enum quote_state)(take() % (QUOTE_STATE_COUNT + 1));
    down->action = (enum command_action)(take() % (COMMAND_ACTION_COUNT + 1));
    down->amount_vnd = number * 1000;
    down->valid_until.ms = number % 3 ? INT64_C(1772416500000) + b.now + number * 1000 : 0;
    down->deadline.ms = INT64_C(1772416500000) + b.now + (number - 40) * 200;
    memcpy(down->by, "lan", 4);
    if (number % 4 != 0 && lane <= LANES) {
        memcpy(down->ask, b.ask[lane], ULID_CAP);
        memcpy(down->session, b.session[lane], ULID_CAP);
        if (number % 4 == 1 && !down->session[0]) {
            make_id(down->session, 2, lane);
        }
    } else {
        make_id(down->ask, 3, number);
    }
    if (down->type == DOWN_COMMAND) {
        memcpy(down->receipt, "R-1", 4);
        make_id(down->shift, 5, 1);
        /* A repeat comes soon, and for the same lane: the lane remembers its last 8. */
        b.commands += number % 3 != 0;
        make_id(down->id, 4 + lane, b.commands);
        down->subject.kind = (enum subject_kind)(number % SUBJECT_KIND_COUNT);
        str_copy_cut(down->subject.raw, PLATE_RAW_CAP, STR("29A-123.45"));
    }
    step(&event);
}

/* A person's order that is neither late nor a repeat. */
static void order(int lane, enum command_action action)
{
    struct gate_event event = event_of(GATE_EV_DOWN, 0);
    event.down.type = DOWN_COMMAND;
    event.down.lane = lane;
    event.down.action = action;
    event.down.deadline.ms = INT64_C(1772416500000) + b.now + 60000;
    make_id(event.down.id, 4 + lane, ++b.commands);
    memcpy(event.down.by, "lan", 4);
    step(&event);
}

static void read_plate(int lane)
{
    static const char *const raws[] = {"30F-123.45", "30F12345", "29-M1 123.45",
                                       "unknown",    "",         "51G-678.90",
                                       "3OF-123.45", "\xff\xfe", "29-M1\n123.45"};
    struct gate_event event = event_of(GATE_EV_PLATE, lane);
    int what = take();
    int more = take();
    str_copy_cut(event.plate.raw, PLATE_RAW_CAP,
                 str_c(raws[(size_t)what % (sizeof raws / sizeof raws[0])]));
    event.plate.hint.vehicle = (enum vehicle)(more % VEHICLE_COUNT);
    event.plate.confidence = more * 4 % 1001;
    if (what & 64) {
        snprintf(event.plate.camera_event, CAMERA_EVENT_CAP, "e%d", more % 4);
    }
    step(&event);
}

static void pass_time(int64_t ms)
{
    int64_t until = b.now + ms;
    for (int i = 0; i < 200; i++) {
        int64_t due = gate_deadline(&b.gate).ms;
        if (due > until) {
            break;
        }
        b.now = due > b.now ? due : b.now;
        struct gate_event event = event_of(GATE_EV_TIMEOUT, 0);
        step(&event);
    }
    b.now = until;
}

/* A device of the lane says something. */
static void play_device(int op, int lane)
{
    struct gate_event event = event_of(GATE_EV_SCAN_OTHER, lane);
    switch (op) {
    case 0:
    case 1:
        set_input(lane, op, take() % 4);
        return;
    case 2:
    case 3:
        set_input(lane, take() % (INPUT_ROLE_COUNT + 1), take() % 4);
        return;
    case 4:
        event.type = GATE_EV_BUS;
        event.bus.reachable = take() % 2;
        break;
    case 5:
    case 6:
        read_plate(lane);
        return;
    case 7:
        event.type = GATE_EV_CARD;
        event.card.kind = (enum subject_kind)(b.random % (SUBJECT_KIND_COUNT + 1));
        memset(event.card.key, 'a' + take() % 3, 32);
        break;
    case 8:
        event.type = GATE_EV_COIL;
        event.coil.role = (enum output_role)(take() % (OUTPUT_ROLE_COUNT + 1));
        event.coil.ok = take() % 2;
        break;
    default:
        break;
    }
    step(&event);
}

/* An event of any type, also none, with members that were made for another. */
static void play_nonsense(void)
{
    struct gate_event event =
        event_of((enum gate_event_type)(take() % (GATE_EV_COUNT + 2)), take());
    event.stored.seq = take();
    if (event.type != GATE_EV_STORED && event.type != GATE_EV_STORE_FAILED &&
        event.type != GATE_EV_BUS && event.type != GATE_EV_COIL && event.type != GATE_EV_LINK) {
        step(&event);
    }
}

static void play(int op)
{
    int lane = 1 + take() % (LANES + 1); /* one that is not there, too */
    struct gate_event event = event_of(GATE_EV_LINK, 0);
    switch (op) {
    case 10:
    case 11:
        for (int i = 0; i < lane; i++) {
            answer_store(true);
        }
        return;
    case 12:
        answer_store(false);
        return;
    case 13:
        event.link.connected = lane % 2;
        step(&event);
        return;
    case 14:
    case 15:
    case 16:
        say_down(lane, take());
        return;
    case 17:
        pass_time(take() * 100);
        return;
    case 18:
        pass_time(take());
        return;
    case 19:
        b.given = b.stored;
        audit_restart(&b.audit);
        start();
        return;
    case 20:
        play_nonsense();
        return;
    case 21:
        say_desk(lane);
        return;
    case 22:
        set_input(lane, INPUT_FIRE, take() % 3);
        return;
    case 23:
        order(lane, (enum command_action)(COMMAND_HOLD_OPEN + take() % 5));
        return;
    default:
        play_device(op, lane);
        return;
    }
}

static bool is_at_rest(void)
{
    bool rest = b.gate.journal.count == 0 && !b.gate.journal.failed;
    for (int i = 0; i < LANES; i++) {
        const struct lane *lane = &b.gate.lane[i];
        bool stuck = lane->state == LANE_FAULT && lane->barrier.state == BARRIER_STUCK;
        rest = rest && (lane->state == LANE_IDLE || lane->state == LANE_CLOSED || stuck) &&
               lane->visit.kind == VISIT_NONE && lane->unstored == 0;
    }
    return rest;
}

/* Everything works, nobody is there: it must come to rest. */
static void calm_down(void)
{
    for (int lane = 1; lane <= LANES; lane++) {
        struct gate_event event = event_of(GATE_EV_BUS, lane);
        event.bus.reachable = true;
        step(&event);
        for (int role = 0; role < INPUT_ROLE_COUNT; role++) {
            set_input(lane, role, role == INPUT_CLOSED ? LEVEL_ON : LEVEL_OFF);
        }
    }
    for (int i = 0; i < CALM_STEPS && (i < 40 || !is_at_rest()); i++) {
        for (int lane = 1; lane <= LANES && i % 400 == 30; lane++) {
            order(lane, COMMAND_AUTOMATIC);
        }
        if (b.given > b.stored) {
            answer_store(true);
        } else {
            pass_time(i % 8 ? 50 : 31000);
        }
    }
    must(is_at_rest());
}

static void configure(void)
{
    memcpy(b.config.gate, "bench-g1", 9);
    memcpy(b.config.version, "fuzz", 5);
    b.config.lane_count = LANES;
    for (int i = 0; i < LANES; i++) {
        struct lane_config *lane = &b.config.lane[i];
        lane_config_defaults(lane);
        lane->lane = i + 1;
        lane->direction = i == 1 || i == 2 ? LANE_EXIT : LANE_ENTRY;
    }
    struct lane_config *bare = &b.config.lane[2]; /* no switch, a photocell, held outputs */
    bare->inputs = 1u << INPUT_ARMING_LOOP | 1u << INPUT_SAFETY_LOOP | 1u << INPUT_PHOTOCELL;
    bare->outputs |= 1u << OUTPUT_STOP | 1u << OUTPUT_LIGHT;
    bare->barrier.has_opened = false;
    bare->barrier.has_closed = false;
    bare->barrier.has_stop = true;
    bare->barrier.hold = true;
    struct lane_config *half = &b.config.lane[3]; /* only the lower switch, and logic of its own */
    half->inputs &= ~(1u << INPUT_OPENED);
    half->barrier.has_opened = false;
    half->auto_close = true;
    half->pairing.vehicle = VEHICLE_MOTORBIKE;
    b.audit.lanes_photocell = 1u << 3;
    struct lane_config *full = &b.config.lane[0]; /* everything but a second loop */
    full->inputs = ((1u << INPUT_ROLE_COUNT) - 1) &
                   ~(1u << INPUT_ARMING_BACK | 1u << INPUT_PRESENCE | 1u << INPUT_PHOTOCELL);
    full->outputs = (1u << OUTPUT_ROLE_COUNT) - 1;
    full->barrier.has_stop = true;
    full->passback = PASSBACK_HARD;
    half->passback = PASSBACK_TIMED;
    b.config.lane[1].inputs |= 1u << INPUT_FIRE | 1u << INPUT_HOLD_SWITCH;
    b.config.lane[1].emergency_return_ms = 20000;
    struct lane_config *first = &b.config.lane[4]; /* two arms in a row … */
    first->group = 1;
    first->inputs |= 1u << INPUT_PRESENCE | 1u << INPUT_FIRE;
    struct lane_config *second = &b.config.lane[5];
    second->group = 1;
    second->second = true;
    struct lane_config *both = &b.config.lane[6]; /* … and one that leads both ways */
    both->reversible = true;
    both->inputs |= 1u << INPUT_ARMING_BACK;
    both->schedule_count = 2;
    both->schedule[0] = (struct lane_schedule){540, LANE_EXIT};
    both->schedule[1] = (struct lane_schedule){542, LANE_ENTRY};
    b.audit.lanes_fire = 1u << 1 | 1u << 2 | 1u << 5;
    b.audit.lanes_all = ((1u << LANES) - 1) << 1;
    b.audit.lanes_alone = 1u << 2;
    b.config.lane[1].fire_own = true;
    b.audit.second_of[6] = 5;
    const char *why = "";
    int lane = 0;
    must(gate_config_check(&b.config, &why, &lane) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    struct audit_record *records = b.audit.record;
    int64_t used = b.audit.last;
    memset(&b, 0, sizeof b);
    if (records) { /* kept from run to run, or most of the time would go into clearing it */
        memset(records, 0, (size_t)(used + 1) * sizeof records[0]);
        b.audit.record = records;
    } else {
        audit_init(&b.audit);
    }
    b.p = bytes;
    b.end = bytes + n;
    b.now = 1000;
    configure();
    start();
    while (b.p < b.end) {
        play(take() % OPS);
    }
    calm_down();
    return 0;
}
