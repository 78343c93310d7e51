#include "tests/integration/rules_site.h"

#include "proto/io/db.h"
#include "proto/io/lot_json.h"
#include "proto/io/msg_json.h"

#include <sys/stat.h>

#define UP_TOPIC "doxe/1/hn-0001/" GATE_A "/up"

/* Ids of all records that became durable, whatever became of the file later. */
enum { NOTED_MAX = 4096 };
static char noted[NOTED_MAX][ULID_CAP];
static int noted_count;

/* Each body as it was sent first. */
struct sent {
    int64_t generation, seq;
    uint32_t sum;
};
static struct sent sent[NOTED_MAX];
static int sent_count, changed_count;

static uint32_t sum_of(struct str body)
{
    uint32_t sum = 2166136261u; /* FNV-1a */
    for (size_t i = 0; i < body.n; i++) {
        sum = (sum ^ (unsigned char)body.p[i]) * 16777619u;
    }
    return sum;
}

static void note_sent(struct site *s, int64_t seq, struct str body)
{
    struct sent now = {s->state.generation, seq, sum_of(body)};
    s->rows_sent++;
    for (int i = 0; i < sent_count; i++) {
        if (sent[i].generation == now.generation && sent[i].seq == seq) {
            s->repeats++;
            changed_count += sent[i].sum != now.sum;
            return;
        }
    }
    if (sent_count < NOTED_MAX) {
        sent[sent_count++] = now;
    }
}

int site_changed_on_the_way(struct site *s)
{
    (void)s;
    return changed_count;
}

/* ---- the journal's files ---- */

static void copy_file(const char *from, const char *to)
{
    char bytes[65536];
    FILE *in = fopen(from, "rb");
    if (!in) {
        remove(to);
        return;
    }
    FILE *out = fopen(to, "wb");
    assert_non_null(out);
    for (size_t n; (n = fread(bytes, 1, sizeof bytes, in)) > 0;) {
        assert_int_equal(fwrite(bytes, 1, n, out), n);
    }
    fclose(in);
    fclose(out);
}

static const char *const endings[] = {"", "-wal", ".last"};

static void copy_all(const char *from, const char *to)
{
    char a[256];
    char b[256];
    for (size_t i = 0; i < sizeof endings / sizeof endings[0]; i++) {
        snprintf(a, sizeof a, "%s%s", from, endings[i]);
        snprintf(b, sizeof b, "%s%s", to, endings[i]);
        copy_file(a, b);
    }
    snprintf(b, sizeof b, "%s-shm", to);
    remove(b);
}

void site_copy_journal(struct site *s, const char *name)
{
    char to[256];
    snprintf(to, sizeof to, "%s/%s", s->folder, name);
    copy_all(s->journal_path, to);
}

void site_put_back(struct site *s, const char *name)
{
    char from[256];
    assert_false(s->alive);
    snprintf(from, sizeof from, "%s/%s", s->folder, name);
    copy_all(from, s->journal_path);
}

void site_lose_journal(struct site *s)
{
    char path[256];
    assert_false(s->alive);
    for (size_t i = 0; i < sizeof endings / sizeof endings[0]; i++) {
        snprintf(path, sizeof path, "%s%s", s->journal_path, endings[i]);
        remove(path);
    }
}

/* ---- a step and its effects ---- */

static struct gate_event event_of(enum gate_event_type type, int lane)
{
    struct gate_event event;
    memset(&event, 0, sizeof event);
    event.type = type;
    event.lane = lane;
    return event;
}

static void add_outcome(struct site *s, struct site_outcome outcome)
{
    assert_true(s->outcome_count < 512);
    s->outcome[(s->outcome_first + s->outcome_count++) % 512] = outcome;
}

static void note_record(struct site *s, const struct event *event)
{
    s->stored_seq = event->seq;
    if (noted_count < NOTED_MAX) {
        memcpy(noted[noted_count++], event->id, ULID_CAP);
    }
    if (event->type == EVENT_COMMAND_DONE) {
        s->last_outcome = event->outcome;
        s->commands_done++;
    }
}

static int store(struct site *s, int from)
{
    const struct gate_record *records[GATE_EFFECTS_MAX] = {NULL};
    int count = 0;
    while (from + count < s->effects.count &&
           s->effects.effect[from + count].type == GATE_EFF_RECORD) {
        records[count] = &s->effects.effect[from + count].record;
        count++;
    }
    int error = s->store_error ? s->store_error : journal_db_append(s->journal, records, count);
    for (int i = 0; i < (error ? 1 : count); i++) {
        add_outcome(s, (struct site_outcome){error ? GATE_EV_STORE_FAILED : GATE_EV_STORED,
                                             records[i]->event.seq, 0, OUTPUT_OPEN});
        if (!error) {
            note_record(s, &records[i]->event);
        }
    }
    return error ? -count : count;
}

static int publish(void *context, int64_t seq, struct str body)
{
    struct site *s = context;
    note_sent(s, seq, body);
    if (!s->connected || s->swallow_up) {
        return 0;
    }
    assert_true(s->up_count < SITE_QUEUE_MAX);
    char *copy = malloc(body.n + 1);
    assert_non_null(copy);
    memcpy(copy, body.p, body.n);
    copy[body.n] = '\0';
    s->up[s->up_count++] = copy;
    return 0;
}

static void order(struct site *s, const struct gate_effect *effect)
{
    struct site_lane *lane = &s->lane[effect->lane];
    if (effect->output.act != ACT_OFF && effect->output.role == OUTPUT_OPEN) {
        lane->opens = true;
        lane->closes = false;
        lane->opened++;
        lane->opened_behind = s->stored_seq;
    } else if (effect->output.act != ACT_OFF && effect->output.role == OUTPUT_CLOSE) {
        lane->closes = true;
        lane->opens = false;
    }
    add_outcome(s, (struct site_outcome){GATE_EV_COIL, 0, effect->lane, effect->output.role});
}

static void perform(struct site *s)
{
    bool failed = false;
    for (int i = 0; i < s->effects.count && !s->died; i++) {
        const struct gate_effect *effect = &s->effects.effect[i];
        if (s->die_at != 0 && ++s->effects_done == s->die_at) {
            s->died = true;
            return;
        }
        switch (effect->type) {
        case GATE_EFF_RECORD:
            if (!failed) {
                int count = store(s, i);
                failed = count < 0;
                i += (failed ? -count : count) - 1;
            }
            break;
        case GATE_EFF_OUTPUT:
            order(s, effect);
            break;
        case GATE_EFF_SEND:
            if (effect->send.to - effect->send.from + 1 > s->rows_sent_max) {
                s->rows_sent_max = effect->send.to - effect->send.from + 1;
            }
            ok(journal_db_rows(s->journal, effect->send.from, effect->send.to, s, publish));
            break;
        case GATE_EFF_KEEP: /* no groups here */
        case GATE_EFF_DISPLAY:
        case GATE_EFF_STATUS:
        case GATE_EFF_QUERY:
            break;
        case GATE_EFF_LOG:
            if (getenv("SITE_LOG")) {
                print_message("%lld lane %d %s a=%s b=%s n=%lld\n", (long long)s->now.ms,
                              effect->lane, gate_log_text(effect->log.name), effect->log.a,
                              effect->log.b, (long long)effect->log.n);
            }
            break;
        case GATE_EFF_COUNT:
            break;
        }
    }
}

static void step_once(struct site *s, struct gate_event *event)
{
    event->now = s->now;
    event->wall = s->clock_unknown ? (wall_t){s->now.ms} : s->world->now;
    event->clock = s->clock_unknown ? CLOCK_UNKNOWN : CLOCK_SYNCED;
    for (int i = 0; i < GATE_RANDOM_SIZE; i++) {
        event->random[i] = (uint8_t)prng_u64(&s->dice);
    }
    gate_step(&s->gate, event, &s->effects);
    perform(s);
    if (!s->died) {
        journal_db_acked(s->journal, s->gate.delivery.acked);
    }
}

static void feed(struct site *s, struct gate_event *event)
{
    if (!s->alive || s->died) {
        return;
    }
    step_once(s, event);
    while (s->outcome_count > 0 && !s->died) {
        struct site_outcome outcome = s->outcome[s->outcome_first];
        s->outcome_first = (s->outcome_first + 1) % 512;
        s->outcome_count--;
        struct gate_event told = event_of(outcome.type, outcome.lane);
        if (outcome.type == GATE_EV_COIL) {
            told.coil.role = outcome.role;
            told.coil.ok = true;
        } else {
            told.stored.seq = outcome.seq;
        }
        step_once(s, &told);
    }
}

/* ---- life ---- */

void site_input(struct site *s, int lane, enum input_role role, bool on)
{
    struct gate_event event = event_of(GATE_EV_INPUT, lane);
    struct site_lane *there = &s->lane[lane];
    there->fire = role == INPUT_FIRE ? on : there->fire;
    there->arming = role == INPUT_ARMING_LOOP ? on : there->arming;
    there->safety = role == INPUT_SAFETY_LOOP ? on : there->safety;
    event.input.role = role;
    event.input.level = on ? LEVEL_ON : LEVEL_OFF;
    feed(s, &event);
}

static void tell_link(struct site *s)
{
    struct gate_event event = event_of(GATE_EV_LINK, 0);
    event.link.connected = s->connected;
    feed(s, &event);
}

void site_start(struct site *s)
{
    ok(journal_db_open(s->journal_path, s->world->now, &s->journal, &s->state));
    gate_init(&s->gate, &s->config);
    ok(journal_db_restore(s->journal, &s->gate));
    gate_use_lot(&s->gate, &s->lot);
    s->alive = true;
    s->died = false;
    s->outcome_first = s->outcome_count = 0;
    s->stored_seq = s->state.last;
    struct gate_event event = event_of(GATE_EV_START, 0);
    event.start.generation = s->state.generation;
    event.start.last_seq = s->state.last;
    event.start.acked_seq = s->state.acked;
    event.start.boot = s->state.boot;
    event.start.trouble = s->state.trouble;
    event.start.kept = s->state.kept;
    feed(s, &event);
    for (int lane = 1; lane <= SITE_LANES; lane++) {
        site_input(s, lane, INPUT_FIRE, s->lane[lane].fire);
        site_input(s, lane, INPUT_ARMING_LOOP, s->lane[lane].arming);
        site_input(s, lane, INPUT_SAFETY_LOOP, s->lane[lane].safety);
        site_input(s, lane, INPUT_OPENED, s->lane[lane].is_open);
        site_input(s, lane, INPUT_CLOSED, !s->lane[lane].is_open);
    }
    tell_link(s);
}

static void drop_line(struct site *s)
{
    for (int i = 0; i < s->up_count; i++) {
        free(s->up[i]);
    }
    s->up_count = s->down_count = 0;
}

void site_stop(struct site *s)
{
    journal_db_close(s->journal);
    s->journal = NULL;
    s->alive = false;
}

void site_kill(struct site *s)
{
    char path[160];
    snprintf(path, sizeof path, "%s/journal-%d.db", s->folder, ++s->copies);
    copy_all(s->journal_path, path); /* what the disk holds now */
    journal_db_close(s->journal);    /* writes into the file that nobody opens again */
    s->journal = NULL;
    s->alive = false;
    s->died = false;
    memcpy(s->journal_path, path, sizeof path);
}

void site_init(struct site *s, struct world *world)
{
    memset(s, 0, sizeof *s);
    noted_count = sent_count = changed_count = 0;
    s->world = world;
    static char *folder; /* one a process, one within it a test */
    static int sites;
    folder = folder ? folder : harness_temp_dir();
    snprintf(s->folder, sizeof s->folder, "%s/%d", folder, ++sites);
    ok(mkdir(s->folder, 0700));
    snprintf(s->journal_path, sizeof s->journal_path, "%s/journal-0.db", s->folder);
    prng_init(&s->dice, 11);
    memcpy(s->config.gate, GATE_A, sizeof GATE_A);
    memcpy(s->config.version, "1.2.3", 6);
    str_copy_cut(s->lot.id, sizeof s->lot.id, STR("hn-0001"));
    s->config.lane_count = SITE_LANES;
    for (int i = 0; i < SITE_LANES; i++) {
        lane_config_defaults(&s->config.lane[i]);
        s->config.lane[i].lane = i + 1;
        s->config.lane[i].direction = i % 2 ? LANE_EXIT : LANE_ENTRY;
        s->config.lane[i].inputs |= 1u << INPUT_FIRE;
    }
    s->now.ms = 1000;
    s->connected = true;
    site_start(s);
}

void site_fini(struct site *s)
{
    if (s->alive) {
        site_stop(s);
    }
    drop_line(s);
    lot_fini(&s->lot);
}

/* ---- the line ---- */

void site_say(struct site *s, const struct down *down)
{
    struct gate_event event = event_of(GATE_EV_DOWN, 0);
    event.down = *down;
    feed(s, &event);
}

static void carry_up(struct site *s)
{
    for (int i = 0; i < s->up_count; i++) {
        world_post(s->world, UP_TOPIC, s->up[i]);
        free(s->up[i]);
        if (i % 16 == 15 || i == s->up_count - 1) {
            while (app_has_work(s->world->app)) {
                ok(app_turn(s->world->app, (mono_t){0}));
            }
        }
    }
    s->up_count = 0;
}

static void carry_down(struct site *s)
{
    struct world *w = s->world;
    for (int i = 0; i < w->said_count; i++) {
        const struct world_said *said = &w->said[i];
        if (strcmp(said->topic, "doxe/1/hn-0001/" GATE_A "/down") == 0 && s->connected &&
            !s->swallow_down) {
            assert_true(s->down_count < SITE_QUEUE_MAX);
            s->down[s->down_count++] = said->down;
        }
    }
    world_forget(w);
    if (s->stalled) {
        return;
    }
    int count = s->down_count;
    s->down_count = 0;
    for (int i = 0; i < count; i++) {
        struct down down = s->down[i];
        s->quotes += down.type == DOWN_QUOTE;
        site_say(s, &down);
    }
}

static void carry(struct site *s)
{
    for (int round = 0; round < 50; round++) {
        if (!s->stalled) {
            carry_up(s);
        }
        while (app_has_work(s->world->app)) {
            ok(app_turn(s->world->app, (mono_t){0}));
        }
        carry_down(s);
        if (s->stalled || (s->up_count == 0 && s->down_count == 0)) {
            return;
        }
    }
}

void site_line(struct site *s, bool up)
{
    if (!up) {
        drop_line(s);
        world_forget(s->world);
    }
    s->connected = up;
    s->world->line_down = !up;
    tell_link(s);
    carry(s);
}

void site_stall(struct site *s, bool stalled)
{
    s->stalled = stalled;
    carry(s);
}

/* ---- time ---- */

/* As shell and service manager: an old copy begins anew. */
static void supervise(struct site *s)
{
    if (s->alive && !s->died && s->gate.behind) {
        ok(journal_db_mark_behind(s->journal, s->gate.behind_generation));
        site_stop(s);
        s->renewals++;
        site_start(s);
    }
}

static void move_arms(struct site *s)
{
    for (int i = 1; i <= SITE_LANES; i++) {
        struct site_lane *lane = &s->lane[i];
        if (lane->opens) {
            lane->opens = false;
            lane->is_open = true;
            site_input(s, i, INPUT_CLOSED, false);
            site_input(s, i, INPUT_OPENED, true);
        } else if (lane->closes) {
            lane->closes = false;
            lane->is_open = false;
            site_input(s, i, INPUT_OPENED, false);
            site_input(s, i, INPUT_CLOSED, true);
        }
    }
}

void site_run(struct site *s, int64_t ms)
{
    enum { TURNS_MAX = 200000 };
    mono_t until = mono_add(s->now, ms);
    for (int i = 0; i < TURNS_MAX; i++) {
        if (s->alive) {
            move_arms(s);
            carry(s);
            supervise(s);
        }
        mono_t next = s->alive && !s->died ? gate_deadline(&s->gate) : mono_never();
        if (mono_diff(next, s->now) > 0) {
            next = mono_min(next, until);
            s->world->now = wall_add(s->world->now, mono_diff(next, s->now));
            s->now = next;
        }
        if (s->alive && !s->died && mono_reached(s->now, gate_deadline(&s->gate))) {
            struct gate_event event = event_of(GATE_EV_TIMEOUT, 0);
            feed(s, &event);
        } else if (mono_reached(s->now, until)) {
            return;
        }
    }
    fail_msg("the gate comes to no rest");
}

void site_settle(struct site *s, int64_t ms)
{
    for (int64_t passed = 0; passed < ms; passed += 100) {
        site_run(s, 100);
        if (s->gate.delivery.acked == s->gate.delivery.last && s->gate.journal.count == 0) {
            world_run(s->world);
            return;
        }
    }
    fail_msg("not all was acknowledged: %lld of %lld", (long long)s->gate.delivery.acked,
             (long long)s->gate.delivery.last);
}

/* ---- vehicles ---- */

void site_stand(struct site *s, int lane, const char *plate)
{
    struct gate_event event = event_of(GATE_EV_PLATE, lane);
    site_input(s, lane, INPUT_ARMING_LOOP, true);
    str_copy_cut(event.plate.raw, sizeof event.plate.raw, str_c(plate));
    event.plate.hint.vehicle = VEHICLE_CAR;
    event.plate.confidence = 960;
    feed(s, &event);
}

void site_pass(struct site *s, int lane)
{
    site_input(s, lane, INPUT_SAFETY_LOOP, true);
    site_run(s, 300);
    site_input(s, lane, INPUT_ARMING_LOOP, false);
    site_run(s, 300);
    site_input(s, lane, INPUT_SAFETY_LOOP, false);
    site_run(s, 2500);
}

bool site_leave(struct site *s, int lane, const char *plate, int64_t wait_ms)
{
    site_stand(s, lane, plate);
    for (int64_t waited = 0; waited <= wait_ms; waited += 200) {
        site_run(s, 200);
        if (s->lane[lane].is_open) {
            site_pass(s, lane);
            return true;
        }
    }
    return false;
}

bool site_enter(struct site *s, int lane, const char *plate)
{
    return site_leave(s, lane, plate, 2000);
}

/* ---- what is where ---- */

int64_t site_number(struct site *s, const char *sql)
{
    struct db *db;
    int64_t value = -1;
    ok(db_open_reader(s->journal_path, &db));
    ok(db_query_i64(db, -1, &value, sql, ""));
    db_close(db);
    return value;
}

int site_compare(struct site *s)
{
    struct db *db;
    struct db_row row;
    char expected[MSG_SIZE_MAX];
    char sql[256];
    int faults = 0;
    ok(db_open_reader(s->journal_path, &db));
    ok(db_query(db, &row, "SELECT generation, seq, id, body FROM journal ORDER BY 1, 2", ""));
    struct db *server;
    ok(db_open_reader(s->world->database, &server));
    while (db_next(&row)) {
        int64_t same = 0;
        str_copy_cut(expected, sizeof expected, db_text(&row, 3));
        snprintf(sql, sizeof sql, "%.*s", (int)db_text(&row, 2).n, db_text(&row, 2).p);
        ok(db_query_i64(server, 0, &same,
                        "SELECT count(*) FROM event WHERE id = ?1"
                        " AND (generation <> ?2 OR (seq = ?3 AND body = ?4))",
                        "tiit", sql, db_i64(&row, 0), db_i64(&row, 1), expected));
        if (same != 1) {
            print_message("event %lld of generation %lld is there %lld times\n",
                          (long long)db_i64(&row, 1), (long long)db_i64(&row, 0), (long long)same);
            faults++;
        }
    }
    ok(db_done(&row));
    db_close(server);
    db_close(db);
    return faults;
}

int site_missing(struct site *s)
{
    struct db *server;
    int missing = 0;
    ok(db_open_reader(s->world->database, &server));
    for (int i = 0; i < noted_count; i++) {
        int64_t count = 0;
        ok(db_query_i64(server, 0, &count, "SELECT count(*) FROM event WHERE id = ?1", "t",
                        noted[i]));
        if (count != 1) {
            print_message("event %s is at the server %lld times\n", noted[i], (long long)count);
            missing++;
        }
    }
    db_close(server);
    return missing;
}
