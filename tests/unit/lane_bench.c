/*
 * A lane by itself on a bench, driven by short scripts of words: see play_word.
 * Included by lane_test.c and lane_rows_test.c; it is not a module of its own.
 */
#include "gate/core/lane_turn.h"
#include "tests/harness/harness.h"

enum { RECORDS = 64, PAIRS = 64 };

static const int64_t wall_start = INT64_C(1772416500000);

struct bench {
    struct lane_config config;
    struct lane lane;
    struct inside inside;
    bool journal_ok;
    mono_t now;
    enum clock_quality clock;
    uint8_t random;
    int down_count;
    struct gate_record record[RECORDS]; /* given, in order; the first `stored` are durable */
    int record_count, stored;
    struct {
        enum lane_state from, to;
    } pair[PAIRS]; /* changes of state, from the log lines */
    int pair_count;
    enum level fire; /* of the gate's other lanes */
    bool has_partner;
    struct lane_partner partner;
    struct lane_last partner_last;
    int queries;
    struct query query; /* the last one */
    struct lane_effects effects;
    char outputs[256]; /* of the last word */
};

static struct bench b; /* large; one for each test */

static void begin(enum lane_direction direction)
{
    memset(&b, 0, sizeof b);
    lane_config_defaults(&b.config);
    b.config.direction = direction;
    b.journal_ok = true;
    b.fire = LEVEL_OFF;
    b.now.ms = 1000;
    b.clock = CLOCK_SYNCED;
    inside_init(&b.inside);
    lane_init(&b.lane, &b.config);
}

static enum lane_state find_state(const char *word)
{
    for (int i = 0; i < LANE_STATE_COUNT; i++) {
        if (strcmp(lane_state_text((enum lane_state)i), word) == 0) {
            return (enum lane_state)i;
        }
    }
    fail_msg("no state %s", word);
    return LANE_STATE_COUNT;
}

static void note_effects(struct out *outputs)
{
    for (int i = 0; i < b.effects.count; i++) {
        const struct lane_effect *effect = &b.effects.effect[i];
        if (effect->type == GATE_EFF_RECORD) {
            assert_true(b.record_count < RECORDS);
            b.record[b.record_count++] = effect->record;
        } else if (effect->type == GATE_EFF_OUTPUT) {
            out_fmt(outputs, "%s %s;", output_role_text(effect->output.role),
                    output_act_text(effect->output.act));
        } else if (effect->type == GATE_EFF_QUERY) {
            b.queries++;
            b.query = effect->query;
        } else if (effect->log.name == GATE_LOG_LANE_STATE) {
            assert_true(b.pair_count < PAIRS);
            b.pair[b.pair_count].from = find_state(effect->log.a);
            b.pair[b.pair_count++].to = find_state(effect->log.b);
        }
    }
}

static void feed(struct gate_event *event)
{
    struct out outputs;
    struct lane_view view = {b.journal_ok, "",   &b.inside, b.has_partner ? &b.partner : NULL,
                             b.fire,       NULL, false};
    out_init(&outputs, b.outputs, sizeof b.outputs);
    event->lane = b.config.lane;
    event->now = b.now;
    event->wall.ms = wall_start + b.now.ms;
    event->clock = b.clock;
    for (int i = 0; i < GATE_RANDOM_SIZE; i++) {
        event->random[i] = (uint8_t)(b.random * 31 + i);
    }
    b.random++;
    if (event->type == GATE_EV_STORED) {
        assert_true(b.stored < b.record_count);
        view.stored = b.record[b.stored++].event.id;
    }
    lane_step(&b.lane, event, &view, &b.effects);
    note_effects(&outputs);
}

static struct gate_event event_of(enum gate_event_type type)
{
    struct gate_event event;
    memset(&event, 0, sizeof event);
    event.type = type;
    return event;
}

static void set_input(enum input_role role, enum level level)
{
    struct gate_event event = event_of(GATE_EV_INPUT);
    event.input.role = role;
    event.input.level = level;
    feed(&event);
}

static void read_plate(const char *raw, enum vehicle vehicle, int confidence)
{
    struct gate_event event = event_of(GATE_EV_PLATE);
    str_copy_cut(event.plate.raw, sizeof event.plate.raw, str_c(raw));
    event.plate.hint.vehicle = vehicle;
    event.plate.confidence = confidence;
    feed(&event);
}

static void make_id(char out[ULID_CAP], int number)
{
    uint8_t random[ULID_RANDOM_SIZE] = {0xD0, 0, 0, 0, 0, 0, 0, 0, 0, (uint8_t)number};
    ulid_make(out, (wall_t){1}, random);
}

static struct gate_event down_of(enum down_type type)
{
    struct gate_event event = event_of(GATE_EV_DOWN);
    event.down.type = type;
    event.down.lane = b.config.lane;
    make_id(event.down.id, ++b.down_count);
    memcpy(event.down.ask, b.lane.visit.ask, ULID_CAP);
    memcpy(event.down.session, b.lane.visit.session, ULID_CAP);
    return event;
}

static void quote(enum quote_state state)
{
    struct gate_event event = down_of(DOWN_QUOTE);
    event.down.state = state;
    event.down.amount_vnd = state == QUOTE_DUE ? 25000 : 0;
    feed(&event);
}

static void command(enum command_action action, int64_t within_ms)
{
    struct gate_event event = down_of(DOWN_COMMAND);
    event.down.action = action;
    event.down.deadline.ms = wall_start + b.now.ms + within_ms;
    event.down.subject.kind = SUBJECT_PLATE;
    event.down.subject.vehicle = VEHICLE_CAR;
    memcpy(event.down.subject.raw, "29A-555.55", 11);
    memcpy(event.down.by, "lan", 4);
    feed(&event);
}

/* To the lane's next deadline. */
static void time_out(void)
{
    struct gate_event event = event_of(GATE_EV_TIMEOUT);
    assert_true(lane_deadline(&b.lane).ms != mono_never().ms);
    if (lane_deadline(&b.lane).ms > b.now.ms) {
        b.now = lane_deadline(&b.lane);
    }
    feed(&event);
}

static void pass_time(int64_t ms)
{
    mono_t until = mono_add(b.now, ms);
    while (lane_deadline(&b.lane).ms <= until.ms) {
        time_out();
    }
    b.now = until;
}

/* Thrown away and started again from the last durable record's context. */
static void restart(void)
{
    struct gate_event event = event_of(GATE_EV_START);
    enum level level[INPUT_ROLE_COUNT];
    memcpy(level, b.lane.input, sizeof level);
    lane_init(&b.lane, &b.config);
    if (b.stored > 0) {
        lane_restore(&b.lane, &b.record[b.stored - 1].context);
    }
    b.record_count = b.stored;
    feed(&event);
    for (int i = 0; i < INPUT_ROLE_COUNT; i++) {
        if (level[i] != LEVEL_UNKNOWN) {
            set_input((enum input_role)i, level[i]);
        }
    }
}

static bool play_input(const char *word)
{
    static const struct {
        char letter;
        enum input_role role;
    } roles[] = {{'A', INPUT_ARMING_LOOP}, {'S', INPUT_SAFETY_LOOP}, {'U', INPUT_OPENED},
                 {'D', INPUT_CLOSED},      {'F', INPUT_FIRE},        {'B', INPUT_BUTTON},
                 {'H', INPUT_HOLD_SWITCH}, {'R', INPUT_ARMING_BACK}};
    if (!word[0] || (word[1] != '+' && word[1] != '-' && word[1] != '?') || word[2]) {
        return false;
    }
    enum level level = word[1] == '+' ? LEVEL_ON : word[1] == '-' ? LEVEL_OFF : LEVEL_UNKNOWN;
    for (size_t i = 0; i < sizeof roles / sizeof roles[0]; i++) {
        if (roles[i].letter == word[0]) {
            b.config.inputs |= 1u << roles[i].role; /* a lane gets what its script uses */
            b.lane.config.inputs = b.config.inputs;
            set_input(roles[i].role, level);
            return true;
        }
    }
    return false;
}

static bool play_down(const char *word)
{
    static const char *const quotes[] = {"due", "paid", "free", "exempt", "unknown", "review"};
    for (int i = 0; i < QUOTE_STATE_COUNT; i++) {
        if (strcmp(word, quotes[i]) == 0) {
            quote((enum quote_state)i);
            return true;
        }
    }
    struct gate_event payment = down_of(DOWN_PAID);
    if (strcmp(word, "bank") == 0) {
        payment.down.amount_vnd = 25000;
        feed(&payment);
    } else if (strcmp(word, "open") == 0) {
        command(COMMAND_OPEN, 60000);
    } else if (strcmp(word, "open-short") == 0) {
        command(COMMAND_OPEN, 1000);
    } else if (strcmp(word, "subject") == 0) {
        command(COMMAND_SET_SUBJECT, 60000);
    } else if (strcmp(word, "close-lane") == 0) {
        command(COMMAND_CLOSE_LANE, 60000);
    } else if (strcmp(word, "hold-open") == 0) {
        command(COMMAND_HOLD_OPEN, 60000);
    } else if (strcmp(word, "hold-closed") == 0) {
        command(COMMAND_HOLD_CLOSED, 60000);
    } else if (strcmp(word, "automatic") == 0) {
        command(COMMAND_AUTOMATIC, 60000);
    } else if (strcmp(word, "to-exit") == 0) {
        command(COMMAND_DIRECTION_EXIT, 60000);
    } else if (strcmp(word, "forgive") == 0) {
        command(COMMAND_FORGIVE_PASSBACK, 60000);
    } else if (strcmp(word, "open-lane") == 0) {
        command(COMMAND_OPEN_LANE, 60000);
    } else {
        return false;
    }
    return true;
}

/*
 * A+ A- A?  arming loop     S+ S- S?  safety loop     U+ U-  opened     D+ D-  closed
 * inputs    a quiet lane with its arm down            up     the arm goes up (D- U+)
 * down      the arm comes down (U- D+)                plate  a sure reading
 * *         store the oldest record                   **     all of them
 * t         the next deadline                         1500   milliseconds pass
 * silent, answers: the line                           kill   and start again
 * F+ fire   B+ the barrier's button   H+ hold switch   R+ the loop of the other side
 * grouped, second: before `inputs`, one arm of two     first  the other let a vehicle in
 * other-up, other-down: the other arm of the group     burns, burnt  at another lane
 */
static void play_word(const char *word)
{
    struct gate_event event = event_of(GATE_EV_BUS);
    int64_t ms = 0;
    if (play_input(word) || play_down(word)) {
        return;
    }
    if (str_parse_i64(str_c(word), 0, 10000000, &ms) == 0) {
        pass_time(ms);
    } else if (strcmp(word, "inputs") == 0) {
        event = event_of(GATE_EV_START);
        feed(&event);
        set_input(INPUT_ARMING_LOOP, LEVEL_OFF);
        set_input(INPUT_SAFETY_LOOP, LEVEL_OFF);
        set_input(INPUT_OPENED, LEVEL_OFF);
        set_input(INPUT_CLOSED, LEVEL_ON);
    } else if (strcmp(word, "up") == 0) {
        set_input(INPUT_CLOSED, LEVEL_OFF);
        set_input(INPUT_OPENED, LEVEL_ON);
    } else if (strcmp(word, "down") == 0) {
        set_input(INPUT_OPENED, LEVEL_OFF);
        set_input(INPUT_CLOSED, LEVEL_ON);
    } else if (strcmp(word, "plate") == 0) {
        read_plate("30F-123.45", VEHICLE_CAR, 960);
    } else if (strcmp(word, "*") == 0) {
        event = event_of(GATE_EV_STORED);
        feed(&event);
    } else if (strcmp(word, "**") == 0) {
        while (b.stored < b.record_count) {
            event = event_of(GATE_EV_STORED);
            feed(&event);
        }
    } else if (strcmp(word, "t") == 0) {
        time_out();
    } else if (strcmp(word, "silent") == 0 || strcmp(word, "answers") == 0) {
        event.bus.reachable = word[0] == 'a';
        feed(&event);
    } else if (strcmp(word, "other-up") == 0 || strcmp(word, "other-down") == 0) {
        b.has_partner = true;
        b.partner.is_down = word[6] == 'd';
        b.partner.is_clear = true;
        b.partner.last = &b.partner_last;
        event = event_of(GATE_EV_TIMEOUT);
        feed(&event);
    } else if (strcmp(word, "grouped") == 0 || strcmp(word, "second") == 0) {
        b.config.group = 1;
        b.config.second = word[0] == 's';
        lane_init(&b.lane, &b.config);
    } else if (strcmp(word, "burns") == 0 || strcmp(word, "burnt") == 0) {
        b.fire = word[4] == 's' ? LEVEL_ON : LEVEL_OFF;
        event = event_of(GATE_EV_TIMEOUT);
        feed(&event);
    } else if (strcmp(word, "first") == 0) {
        make_id(b.partner_last.id, 99);
        b.partner_last.at = b.now;
    } else if (strcmp(word, "kill") == 0) {
        restart();
    } else if (strcmp(word, "fails") == 0) {
        b.journal_ok = false;
    } else {
        fail_msg("unknown word %s", word);
    }
}

static void play(const char *script)
{
    char word[32];
    while (*script) {
        size_t n = strcspn(script, " ");
        assert_true(n < sizeof word);
        memcpy(word, script, n);
        word[n] = '\0';
        if (n > 0) {
            play_word(word);
        }
        script += n + (script[n] == ' ');
    }
}

static void assert_state(enum lane_state expected)
{
    assert_string_equal(lane_state_text(b.lane.state), lane_state_text(expected));
}

/* "arrived entered": the types of all records given. */
static inline void assert_records(const char *expected)
{
    char text[512];
    struct out out;
    out_init(&out, text, sizeof text);
    for (int i = 0; i < b.record_count; i++) {
        out_fmt(&out, "%s%s", i ? " " : "", event_type_text(b.record[i].event.type));
    }
    assert_string_equal(text, expected);
}

static inline const struct event *last_record(void)
{
    assert_true(b.record_count > 0);
    return &b.record[b.record_count - 1].event;
}

/* Ways to a state that many scripts begin with. */
#define IN     "inputs A+ plate "                   /* entry: recording; exit: asking */
#define UP     IN "* up "                           /* entry: open */
#define ASK    IN "* "                              /* exit: asking */
#define PAID   ASK "due bank ** "                   /* exit: opening */
#define HELD   "inputs A+ 6000 * "                  /* held, unreadable */
#define STUCK  IN "* t t * "                        /* entry: fault, the arm did not go up */
#define BARRED "inputs hold-closed ** A+ plate ** " /* entry: permitted, and held closed */
#define SECOND "second inputs "                     /* the second arm of a group */
