/*
 * scenario.c - play a script on the bench and compare the trace with the golden one.
 *
 *     scenario FILE.scn [--update]
 *
 * The golden trace stands beside the script (FILE.golden); --update writes it
 * anew, by hand only, so that the difference is looked at.  A script is for
 * people who know gates, not C; tests/scenario/README.md has its words.
 */
#include "tests/scenario/rig.h"

#include "proto/base/check.h"

enum { WORDS_MAX = 16, LINE_CAP = 256 };

struct script {
    const char *path;
    int line;
    struct rig *rig;
    int word_count;
    char word[WORDS_MAX][LINE_CAP];
    struct down last; /* for `again` */
    int id;
};

static void complain(struct script *s, const char *what, const char *more)
{
    fprintf(stderr, "%s:%d: %s %s\n", s->path, s->line, what, more);
    exit(1);
}

/* Words are separated by blanks; "quoted ones" may hold blanks. */
static void split(struct script *s, const char *line)
{
    s->word_count = 0;
    for (const char *p = line; *p && *p != '#' && *p != '\n';) {
        if (*p == ' ' || *p == '\t') {
            p++;
            continue;
        }
        bool quoted = *p == '"';
        size_t n = 0;
        p += quoted;
        must(s->word_count < WORDS_MAX);
        char *word = s->word[s->word_count++];
        while (*p && *p != '\n' && (quoted ? *p != '"' : *p != ' ')) {
            must(n + 1 < LINE_CAP);
            word[n++] = *p++;
        }
        word[n] = '\0';
        p += quoted && *p == '"';
    }
}

static const char *word(struct script *s, int i)
{
    return i < s->word_count ? s->word[i] : "";
}

static bool is(struct script *s, int i, const char *text)
{
    return strcmp(word(s, i), text) == 0;
}

static int64_t number(struct script *s, int i)
{
    int64_t value = 0;
    if (str_parse_i64(str_c(word(s, i)), -1000000000, 1000000000, &value)) {
        complain(s, "not a number:", word(s, i));
    }
    return value;
}

static int lane_number(struct script *s, int i)
{
    int64_t lane = number(s, i);
    if (lane < 1 || lane > MSG_LANES_MAX) {
        complain(s, "no lane:", word(s, i));
    }
    return (int)lane;
}

static int find_word(struct script *s, int i, const char *const *words, int count)
{
    for (int k = 0; k < count; k++) {
        if (is(s, i, words[k])) {
            return k;
        }
    }
    complain(s, "unknown word:", word(s, i));
    return 0;
}
#define FIND(s, i, ...)                                 \
    find_word(s, i, (const char *const[]){__VA_ARGS__}, \
              (int)(sizeof((const char *const[]){__VA_ARGS__}) / sizeof(const char *)))

/* "0.96" as thousandths. */
static int confidence(struct script *s, int i)
{
    const char *text = word(s, i);
    int value = 0;
    int digits = 0;
    if ((text[0] != '0' && text[0] != '1') || text[1] != '.') {
        complain(s, "not a confidence like 0.96:", text);
    }
    for (const char *p = text + 2; *p && digits < 3; p++, digits++) {
        value = value * 10 + (*p - '0');
    }
    for (; digits < 3; digits++) {
        value *= 10;
    }
    return text[0] == '1' ? 1000 : value;
}

static void new_id(struct script *s, char out[ULID_CAP])
{
    uint8_t random[ULID_RANDOM_SIZE] = {0xD0};
    s->id++;
    random[8] = (uint8_t)(s->id >> 8);
    random[9] = (uint8_t)s->id;
    ulid_make(out, (wall_t){1}, random);
}

static void send_down(struct script *s, const struct down *down)
{
    struct gate_event event = rig_event(GATE_EV_DOWN, 0);
    event.down = *down;
    s->last = *down;
    rig_post(s->rig, &event);
}

static struct down new_down(struct script *s, enum down_type type)
{
    struct down down;
    memset(&down, 0, sizeof down);
    down.type = type;
    down.lane = lane_number(s, 1);
    new_id(s, down.id);
    return down;
}

/* ---- one function per group of words ---- */

static void do_quote(struct script *s)
{
    bool quote = is(s, 0, "quote");
    struct down down = new_down(s, quote ? DOWN_QUOTE : DOWN_PAID);
    struct rig_lane *l = &s->rig->lane[down.lane];
    int next = 2;
    if (quote) {
        down.state =
            (enum quote_state)FIND(s, next, "due", "paid", "free", "exempt", "unknown", "review");
        next++;
        memcpy(down.paycode, "DX7K3M9Q2X", 11);
        memcpy(down.payload, "000201", 7);
    }
    if (next < s->word_count && !is(s, next, "for") && !is(s, next, "valid")) {
        down.amount_vnd = number(s, next++);
        down.fee_vnd = down.amount_vnd;
    }
    if (is(s, next, "valid")) {
        down.valid_until.ms = INT64_C(1772416500000) + s->rig->now + number(s, next + 1);
        next += 2;
    }
    if (is(s, next, "for")) { /* another vehicle's */
        new_id(s, down.ask);
        new_id(s, down.session);
    } else {
        memcpy(down.ask, l->ask, sizeof down.ask);
        memcpy(down.session, l->session, sizeof down.session);
        if (!down.session[0] && down.state != QUOTE_UNKNOWN) {
            new_id(s, down.session); /* the server found one that the gate does not know */
            memcpy(l->session, down.session, sizeof l->session);
        }
    }
    if (quote && (down.state == QUOTE_UNKNOWN || down.state == QUOTE_REVIEW)) {
        memcpy(down.text, "ask the attendant", 18);
        down.amount_vnd = 0;
    }
    send_down(s, &down);
}

static void do_command(struct script *s)
{
    struct down down = new_down(s, DOWN_COMMAND);
    int64_t within = 30000;
    int next = 2;
    down.action = (enum command_action)FIND(
        s, 0, "open", "subject", "close_lane", "open_lane", "hold_open", "hold_closed", "automatic",
        "direction_entry", "direction_exit", "cash", "debt", "forgive");
    memcpy(down.by, "lan", 4);
    if (down.action == COMMAND_TAKE_CASH) {
        down.amount_vnd = number(s, next++);
        str_copy_cut(down.receipt, sizeof down.receipt, str_c(word(s, next++)));
        new_id(s, down.shift);
    }
    bool named =
        down.action == COMMAND_FORGIVE_PASSBACK && word(s, next)[0] && !is(s, next, "within");
    if (down.action == COMMAND_SET_SUBJECT || named) {
        down.subject.kind = SUBJECT_PLATE;
        down.subject.source = SOURCE_ATTENDANT;
        str_copy_cut(down.subject.raw, sizeof down.subject.raw, str_c(word(s, next++)));
        if (vehicle_parse(str_c(word(s, next++)), &down.subject.vehicle)) {
            complain(s, "no vehicle:", word(s, next - 1));
        }
    }
    if (is(s, next, "within")) {
        within = number(s, next + 1);
        next += 2;
    }
    str_copy_cut(down.text, sizeof down.text, str_c(word(s, next)));
    down.deadline.ms = INT64_C(1772416500000) + s->rig->now + within;
    send_down(s, &down);
}

static void do_plate(struct script *s)
{
    struct gate_event event = rig_event(GATE_EV_PLATE, lane_number(s, 1));
    str_copy_cut(event.plate.raw, sizeof event.plate.raw, str_c(word(s, 2)));
    if (vehicle_parse(str_c(word(s, 3)), &event.plate.hint.vehicle)) {
        complain(s, "no vehicle:", word(s, 3));
    }
    event.plate.confidence = confidence(s, 4);
    if (is(s, 5, "event")) {
        str_copy_cut(event.plate.camera_event, CAMERA_EVENT_CAP, str_c(word(s, 6)));
    }
    rig_post(s->rig, &event);
}

static void do_device(struct script *s)
{
    struct gate_event event = rig_event(GATE_EV_SCAN_OTHER, lane_number(s, 1));
    int lane = event.lane;
    if (is(s, 0, "loop")) {
        static const enum input_role roles[] = {INPUT_ARMING_LOOP, INPUT_SAFETY_LOOP,
                                                INPUT_PHOTOCELL, INPUT_ARMING_BACK};
        enum input_role role = roles[FIND(s, 2, "arming", "safety", "photocell", "back")];
        rig_set_input(s->rig, lane, role, FIND(s, 3, "off", "on") ? LEVEL_ON : LEVEL_OFF);
    } else if (is(s, 0, "input")) {
        enum input_role role;
        if (input_role_parse(str_c(word(s, 2)), &role)) {
            complain(s, "no input:", word(s, 2));
            return;
        }
        rig_set_input(s->rig, lane, role, FIND(s, 3, "off", "on") ? LEVEL_ON : LEVEL_OFF);
    } else if (is(s, 0, "switch")) {
        enum input_role role = FIND(s, 2, "opened", "closed") ? INPUT_CLOSED : INPUT_OPENED;
        rig_set_input(s->rig, lane, role, FIND(s, 3, "off", "on") ? LEVEL_ON : LEVEL_OFF);
    } else if (is(s, 0, "bus")) {
        rig_set_bus(s->rig, lane, FIND(s, 2, "silent", "answers") == 1);
    } else if (is(s, 0, "barrier")) {
        s->rig->lane[lane].jammed = FIND(s, 2, "free", "jams") == 1;
    } else if (is(s, 0, "ticket")) {
        event.type = GATE_EV_CARD;
        event.card.kind = SUBJECT_TICKET;
        str_copy_cut(event.card.key, sizeof event.card.key, str_c(word(s, 2)));
        rig_post(s->rig, &event);
    } else if (is(s, 0, "card")) {
        event.type = GATE_EV_CARD;
        memset(event.card.key, 'a', 32);
        str_copy_cut(event.card.last4, sizeof event.card.last4, str_c(word(s, 2)));
        rig_post(s->rig, &event);
    } else {
        rig_post(s->rig, &event);
    }
}

/* set 1 input fire; output hold; passback hard; group 1; second; reversible; exit; schedule 360
 * exit */
static bool set_way(struct script *s, struct lane_config *lane)
{
    struct rig_lane *l = &s->rig->lane[lane->lane];
    enum input_role input;
    enum output_role output;
    if (is(s, 2, "input") && input_role_parse(str_c(word(s, 3)), &input) == 0) {
        lane->inputs |= 1u << input;
        l->input[input] = LEVEL_OFF;
        s->rig->audit.lanes_fire |= input == INPUT_FIRE ? 1u << lane->lane : 0;
        s->rig->audit.lanes_photocell |= input == INPUT_PHOTOCELL ? 1u << lane->lane : 0;
    } else if (is(s, 2, "output") && output_role_parse(str_c(word(s, 3)), &output) == 0) {
        lane->outputs |= 1u << output;
    } else if (is(s, 2, "passback")) {
        lane->passback = (enum passback)FIND(s, 3, "off", "soft", "hard", "timed");
    } else if (is(s, 2, "group")) {
        lane->group = (int)number(s, 3);
    } else if (is(s, 2, "second")) {
        lane->second = true;
        s->rig->audit.second_of[lane->lane] = (int)number(s, 3);
    } else if (is(s, 2, "fire_own")) {
        lane->fire_own = true;
        s->rig->audit.lanes_alone |= 1u << lane->lane;
    } else if (is(s, 2, "reversible")) {
        lane->reversible = true;
        lane->inputs |= 1u << INPUT_ARMING_BACK;
        l->input[INPUT_ARMING_BACK] = LEVEL_OFF;
    } else if (is(s, 2, "direction")) {
        lane->direction = FIND(s, 3, "entry", "exit") ? LANE_EXIT : LANE_ENTRY;
    } else if (is(s, 2, "schedule")) {
        struct lane_schedule *row = &lane->schedule[lane->schedule_count++];
        row->minute = (int)number(s, 3);
        row->direction = FIND(s, 4, "entry", "exit") ? LANE_EXIT : LANE_ENTRY;
    } else {
        return false;
    }
    return true;
}

static void do_set(struct script *s)
{
    static const struct {
        const char *name;
        size_t offset;
    } keys[] = {
        {"read_ms", offsetof(struct lane_config, read_ms)},
        {"gone_ms", offsetof(struct lane_config, gone_ms)},
        {"clear_ms", offsetof(struct lane_config, clear_ms)},
        {"answer_ms", offsetof(struct lane_config, answer_ms)},
        {"open_ms", offsetof(struct lane_config, open_ms)},
        {"quote_ms", offsetof(struct lane_config, quote_ms)},
        {"travel_ms", offsetof(struct lane_config, barrier.travel_ms)},
        {"slow_ms", offsetof(struct lane_config, barrier.slow_ms)},
        {"blocked_ms", offsetof(struct lane_config, blocked_ms)},
        {"interlock_ms", offsetof(struct lane_config, interlock_ms)},
        {"passback_ms", offsetof(struct lane_config, passback_ms)},
        {"emergency_return_ms", offsetof(struct lane_config, emergency_return_ms)},
    };
    if (is(s, 1, "arm_ms")) {
        s->rig->arm_ms = number(s, 2);
        return;
    }
    if (is(s, 1, "store_ms")) {
        s->rig->store_ms = number(s, 2);
        return;
    }
    struct lane_config *lane = &s->rig->config.lane[lane_number(s, 1) - 1];
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        if (is(s, 2, keys[i].name)) {
            int64_t value = number(s, 3);
            memcpy((char *)lane + keys[i].offset, &value, sizeof value);
            return;
        }
    }
    if (set_way(s, lane)) {
        return;
    }
    if (is(s, 2, "vehicle") && vehicle_parse(str_c(word(s, 3)), &lane->pairing.vehicle) == 0) {
        return;
    }
    complain(s, "nothing to set:", word(s, 2));
}

static void expect_text(struct script *s, const char *got, const char *expected)
{
    if (strcmp(got, expected) != 0) {
        fprintf(stderr, "%s", s->rig->text);
        fprintf(stderr, "%s:%d: expected %s, got %s\n", s->path, s->line, expected, got);
        exit(1);
    }
}

/* The types of the durable records, without boot: arrived entered … */
static void expect_journal(struct script *s)
{
    char text[1024];
    struct out got;
    char wanted_text[1024];
    struct out wanted;
    out_init(&got, text, sizeof text);
    out_init(&wanted, wanted_text, sizeof wanted_text);
    for (int64_t i = 1; i <= s->rig->stored; i++) {
        enum event_type type = s->rig->audit.record[i].event.type;
        if (type != EVENT_BOOT) {
            out_fmt(&got, "%s ", event_type_text(type));
        }
    }
    for (int i = 2; i < s->word_count; i++) {
        out_fmt(&wanted, "%s ", word(s, i));
    }
    expect_text(s, text, wanted_text);
}

static void do_expect(struct script *s)
{
    char text[32];
    struct lane_display display;
    if (is(s, 1, "journal")) {
        expect_journal(s);
    } else if (is(s, 1, "inside")) {
        snprintf(text, sizeof text, "%d", s->rig->gate.inside.count);
        expect_text(s, text, word(s, 2));
    } else if (is(s, 1, "lane")) {
        expect_text(s, lane_state_text(rig_lane(s->rig, lane_number(s, 2))->state), word(s, 3));
    } else if (is(s, 1, "barrier")) {
        expect_text(s, barrier_state_text(rig_lane(s->rig, lane_number(s, 2))->barrier.state),
                    word(s, 3));
    } else if (is(s, 1, "mode")) {
        expect_text(s, lane_mode_word(rig_lane(s->rig, lane_number(s, 2))), word(s, 3));
    } else if (is(s, 1, "direction")) {
        expect_text(s, lane_direction_text(rig_lane(s->rig, lane_number(s, 2))->direction),
                    word(s, 3));
    } else if (is(s, 1, "display")) {
        must(gate_display(&s->rig->gate, lane_number(s, 2), &display) == 0);
        expect_text(s, display_kind_text(display.kind), word(s, 3));
    } else {
        complain(s, "nothing to expect:", word(s, 1));
    }
}

static bool is_command(struct script *s)
{
    static const char *const words[] = {
        "open",      "subject",         "close_lane",     "open_lane", "hold_open", "hold_closed",
        "automatic", "direction_entry", "direction_exit", "cash",      "debt",      "forgive"};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (is(s, 0, words[i])) {
            return true;
        }
    }
    return false;
}

static void do_line(struct script *s)
{
    struct rig *rig = s->rig;
    struct gate_event link = rig_event(GATE_EV_LINK, 0);
    if (is(s, 0, "start")) {
        rig_start(rig);
    } else if (is(s, 0, "kill")) {
        rig_kill(rig);
    } else if (is(s, 0, "set")) {
        do_set(s);
    } else if (is(s, 0, "expect")) {
        do_expect(s);
    } else if (is(s, 0, "store")) {
        rig->store_works = FIND(s, 1, "fails", "works") == 1;
        rig_note(rig, "store", word(s, 1));
    } else if (is(s, 0, "clock")) {
        rig->clock = (enum clock_quality)FIND(s, 1, "unknown", "drifting", "synced");
    } else if (is(s, 0, "link")) {
        rig->link_up = FIND(s, 1, "down", "up") == 1;
        link.link.connected = rig->link_up;
        rig_post(rig, &link);
    } else if (is(s, 0, "quote") || is(s, 0, "paid")) {
        do_quote(s);
    } else if (is(s, 0, "again")) {
        struct down last = s->last;
        send_down(s, &last);
    } else if (is(s, 0, "plate")) {
        do_plate(s);
    } else if (is_command(s)) {
        do_command(s);
    } else if (is(s, 0, "loop") || is(s, 0, "input") || is(s, 0, "ticket") || is(s, 0, "switch") ||
               is(s, 0, "bus") || is(s, 0, "barrier") || is(s, 0, "card") || is(s, 0, "scan")) {
        do_device(s);
    } else if (!is(s, 0, "end")) {
        complain(s, "unknown word:", word(s, 0));
    }
}

/* "at 300 …", "after 20 …", or the same moment. */
static void play_line(struct script *s, const char *text)
{
    struct rig *rig = s->rig;
    int64_t when = rig->now;
    split(s, text);
    if (s->word_count == 0) {
        return;
    }
    if (is(s, 0, "at") || is(s, 0, "after")) {
        when = number(s, 1) + (is(s, 0, "after") ? rig->now : 0);
        memmove(s->word[0], s->word[2], sizeof s->word - 2 * sizeof s->word[0]);
        s->word_count -= 2;
    }
    if (when < rig->now) {
        complain(s, "time runs backwards", "");
    }
    if (rig_run(rig, when)) {
        do_line(s);
        rig_run(rig, when);
    }
    if (rig->failure[0]) {
        fprintf(stderr, "%s", rig->text);
        complain(s, rig->failure, "");
    }
}

static char *read_all(const char *path)
{
    FILE *file = fopen(path, "rb");
    char *text = calloc(1, RIG_TEXT + 1);
    if (!file || !text) {
        free(text);
        if (file) {
            fclose(file);
        }
        return NULL;
    }
    size_t n = fread(text, 1, RIG_TEXT, file);
    text[n] = '\0';
    fclose(file);
    return text;
}

static int show_difference(const char *path, const char *golden, const char *got)
{
    int line = 1;
    const char *a = golden;
    const char *b = got;
    while (*a && *a == *b) {
        line += *a == '\n';
        a++;
        b++;
    }
    while (a > golden && a[-1] != '\n') {
        a--;
        b--;
    }
    fprintf(stderr, "%s:%d: the trace has changed\n  golden: %.*s\n  now:    %.*s\n", path, line,
            (int)strcspn(a, "\n"), a, (int)strcspn(b, "\n"), b);
    fprintf(stderr, "the whole trace:\n%s", got);
    return 1;
}

static int compare(const char *script_path, const char *got, bool update)
{
    char path[512];
    size_t n = strlen(script_path);
    must(n > 4 && n < sizeof path - 8);
    snprintf(path, sizeof path, "%.*s.golden", (int)(n - 4), script_path);
    if (update) {
        FILE *file = fopen(path, "wb");
        must(file);
        must(fwrite(got, 1, strlen(got), file) == strlen(got));
        return fclose(file);
    }
    char *golden = read_all(path);
    if (!golden) {
        fprintf(stderr, "%s is missing; --update writes it\n", path);
        return 1;
    }
    int rc = strcmp(golden, got) == 0 ? 0 : show_difference(path, golden, got);
    free(golden);
    return rc;
}

int main(int argc, char **argv)
{
    static struct rig rig;
    static struct script script;
    if (argc < 2) {
        fprintf(stderr, "scenario FILE.scn [--update]\n");
        return 2;
    }
    bool update = argc > 2 && strcmp(argv[2], "--update") == 0;
    char *text = read_all(argv[1]);
    if (!text) {
        fprintf(stderr, "cannot read %s\n", argv[1]);
        return 2;
    }
    rig_init(&rig);
    script.path = argv[1];
    script.rig = &rig;
    for (char *line = text; line && *line;) {
        char *end = strchr(line, '\n');
        script.line++;
        if (end) {
            *end = '\0';
        }
        play_line(&script, line);
        line = end ? end + 1 : NULL;
    }
    free(text);
    must(!out_failed(&rig.trace));
    int rc = compare(argv[1], rig.text, update);
    rig_fini(&rig);
    return rc;
}
