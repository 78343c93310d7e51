/* play_expect.c - what a clause expects: looked at after each event until it is so. */
#include "sim/store/memory_look.h"
#include "sim/story/play/play_parts.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* What a look has found. */
struct look {
    bool is;
    char got[160]; /* what there is instead, for people */
};

static __attribute__((format(printf, 3, 4))) void say(struct look *look, bool is,
                                                      const char *format, ...)
{
    va_list arguments;
    look->is = is;
    va_start(arguments, format);
    vsnprintf(look->got, sizeof look->got, format, arguments);
    va_end(arguments);
}

static const struct lane *lane_of(const struct play *play, int number)
{
    const struct gate *gate = run_gate(play->run, 0);
    for (int i = 0; gate && i < gate->config.lane_count; i++) {
        if (gate->lane[i].config.lane == number) {
            return &gate->lane[i];
        }
    }
    return NULL;
}

static const struct memory *books(const struct play *play)
{
    struct memory *memory = NULL;
    return memory_find(play->app.database, &memory) ? NULL : memory;
}

/* ---- at a lane ---- */

static void look_at_arm(struct play *play, const struct story_clause *c, struct look *look)
{
    int lane = play_lane_of(play, c, false);
    int64_t now = run_now_ms(play->run);
    int position = street_arm(&play->street, lane, now);
    bool open = street_is_open(&play->street, lane, now);
    bool is = c->verb == STORY_E_OPEN ? open
              : c->verb == STORY_E_UP ? position == 1000
                                      : position == 0 && !open;
    say(look, is, "the arm of lane %d is %s", lane,
        position == 0 && !open ? "down"
        : position == 1000     ? "up"
        : open                 ? "rising"
                               : "coming down or stopped");
}

static void look_at_display(struct play *play, const struct story_clause *c, struct look *look)
{
    int lane = play_lane_of(play, c, c->verb == STORY_E_SHOWN);
    struct lane_display d = {.kind = DISPLAY_STOPPED};
    if (!run_gate(play->run, 0) || gate_display(run_gate(play->run, 0), lane, &d)) {
        say(look, false, "the gate is dead");
        return;
    }
    const struct lane *at = lane_of(play, lane);
    const char *hold = at && at->state == LANE_HELD ? hold_text(at->visit.hold) : "";
    bool is = false;
    if (c->verb == STORY_E_SHOWN) {
        is = d.amount_vnd == c->amount_vnd &&
             (d.kind == DISPLAY_PAY || (d.kind == DISPLAY_HELP && d.paycode[0]));
    } else if (c->verb == STORY_E_HELD) {
        is = strcmp(hold, c->word) == 0;
    } else {
        is = strcmp(display_kind_text(d.kind), c->word) == 0;
    }
    say(look, is, "lane %d shows %s%s%s, %lld", lane, display_kind_text(d.kind), hold[0] ? " " : "",
        hold, (long long)d.amount_vnd);
}

static void look_at_lane(struct play *play, const struct story_clause *c, struct look *look)
{
    int number = c->verb == STORY_E_LANE ? c->lane : play_lane_of(play, c, false);
    const struct lane *lane = lane_of(play, number);
    if (!lane) {
        say(look, false, "the gate is dead, or has no lane %d", number);
    } else if (c->verb == STORY_E_LANE) {
        say(look, strcmp(lane_state_text(lane->state), c->word) == 0, "lane %d is %s", number,
            lane_state_text(lane->state));
    } else if (c->verb == STORY_E_MODE) {
        say(look, strcmp(lane_mode_word(lane), c->word) == 0, "the mode of lane %d is %s", number,
            lane_mode_word(lane));
    } else {
        const char *is = lane_direction_text(lane->direction);
        say(look, strcmp(is, c->choice ? "exit" : "entry") == 0, "lane %d is an %s", number, is);
    }
}

static void look_at_output(struct play *play, const struct story_clause *c, struct look *look)
{
    const struct lane *lane = lane_of(play, c->lane);
    enum output_role role;
    enum { ON, OFF };
    if (output_role_parse(str_c(c->word), &role)) {
        play_fail(play, "no output is called '%s'", c->word);
        return;
    }
    bool on = lane && (lane->lit & 1u << role) != 0;
    say(look, lane && on == (c->choice == ON), "%s of lane %d is %s", c->word, c->lane,
        on ? "on" : "off");
}

/* ---- at the server ---- */

/* The stay of a plate, else the one that was spoken of last, else the last one that began. */
static bool find_stay(struct play *play, const struct story_clause *c, struct session *ret_session)
{
    const struct memory *memory = books(play);
    char key[STORY_WORD_CAP];
    if (!memory) {
        return false;
    }
    if (c->plate[0]) {
        play_key(c->plate, key);
        return memory_look_session(memory, key, ret_session);
    }
    if (play->last_plate[0]) {
        play_key(play->last_plate, key);
        if (memory_look_session(memory, key, ret_session)) {
            return true;
        }
    }
    return play->stay_count &&
           memory_look_stay(memory, play->stay[play->stay_count - 1].session, ret_session);
}

static void look_at_session(struct play *play, const struct story_clause *c, struct look *look)
{
    struct session s;
    if (!find_stay(play, c, &s)) {
        say(look, false, "the server knows no such stay");
        return;
    }
    const char *state = session_state_text(s.state);
    const char *permit = s.permitted ? permit_text(s.permit) : "none";
    bool is = c->verb == STORY_E_PAID  ? s.paid_vnd == c->amount_vnd
              : c->verb == STORY_E_FEE ? s.fee_vnd == c->amount_vnd
                                       : strcmp(state, c->word) == 0;
    if (c->verb == STORY_E_SESSION) {
        bool paid = s.paid_vnd >= s.fee_vnd;
        is = is && (!story_has(c, STORY_OPT_IS_PAID) || paid) &&
             (!story_has(c, STORY_OPT_IS_UNPAID) || !paid) &&
             (!story_has(c, STORY_OPT_IS_INFERRED) || s.inferred) &&
             (!story_has(c, STORY_OPT_WITH_PERMIT) || strcmp(permit, c->option_word) == 0);
    }
    say(look, is, "the stay is %s, %lld of %lld paid, permit %s%s", state, (long long)s.paid_vnd,
        (long long)s.fee_vnd, permit, s.inferred ? ", inferred" : "");
}

static void look_at_counts(struct play *play, const struct story_clause *c, struct look *look)
{
    const struct memory *memory = books(play);
    const struct gate *gate = run_gate(play->run, 0);
    const char *word = story_has(c, STORY_OPT_ONE_WORD) ? c->option_word : "";
    int got = 0;
    if (!memory) {
        say(look, false, "there are no books");
        return;
    }
    if (c->verb == STORY_E_SESSIONS) {
        got = memory_look_sessions(memory, word);
    } else if (c->verb == STORY_E_CREDITS) {
        got = memory_look_credits(memory, word);
    } else if (c->verb == STORY_E_QUARANTINE) {
        got = memory_look_set_aside(memory);
    } else if (story_has(c, STORY_OPT_AT_THE_GATE)) {
        got = gate ? gate->inside.count : -1;
    } else {
        got = memory_look_inside(memory);
    }
    say(look, got == c->count, "there are %d", got);
}

static void look_at_ledger(struct play *play, const struct story_clause *c, struct look *look)
{
    const struct memory *memory = books(play);
    char account[LEDGER_ACCOUNT_CAP];
    if (!memory) {
        say(look, false, "there are no books");
        return;
    }
    if (c->verb == STORY_E_REFUND) {
        ledger_refund_due(account, play->lot.id);
        int64_t due = -memory_balance(memory, account);
        say(look, due == c->amount_vnd, "%lld is due back", (long long)due);
        return;
    }
    int64_t trial = memory_trial_balance(memory);
    int uneven = memory_look_uneven(memory);
    say(look, trial == 0 && uneven == 0, "the trial balance is %lld, %d transactions are wrong",
        (long long)trial, uneven);
}

static void look_at_cases(struct play *play, const struct story_clause *c, struct look *look)
{
    const struct memory *memory = books(play);
    char open[100] = "";
    struct out out;
    out_init(&out, open, sizeof open);
    if (memory) {
        (c->verb == STORY_E_REVIEW ? memory_write_reviews : memory_write_alarms)(memory, &out);
    }
    bool is = memory && (c->verb == STORY_E_REVIEW ? memory_look_reviews(memory, c->word) > 0
                                                   : memory_look_alarm(memory, c->word));
    say(look, is, "open are: %s", open[0] ? open : "none");
}

static void look_at_journal(struct play *play, const struct story_clause *c, struct look *look)
{
    char text[STORY_TEXT_CAP * 4];
    struct out out;
    out_init(&out, text, sizeof text);
    for (int i = 0; i < play->record_count; i++) {
        out_fmt(&out, "%s%s", i ? " " : "", event_type_text(play->record[i]));
    }
    say(look, strcmp(text, c->text) == 0, "the journal is: %s", text);
}

static void look_at_rest(struct play *play, const struct story_clause *c, struct look *look)
{
    const char *why = "";
    (void)c;
    bool idle = run_is_idle(play->run, &why);
    const struct memory *memory = books(play);
    int waiting = memory ? memory_look_waiting(memory) : 0;
    say(look, idle && waiting == 0, "%s", idle ? "the server waits for an answer" : why);
}

static void look_now(struct play *play, const struct story_clause *c, struct look *look)
{
    if (c->verb <= STORY_E_DOWN) {
        look_at_arm(play, c, look);
    } else if (c->verb == STORY_E_SHOWN || c->verb == STORY_E_DISPLAY || c->verb == STORY_E_HELD) {
        look_at_display(play, c, look);
    } else if (c->verb <= STORY_E_DIRECTION) {
        look_at_lane(play, c, look);
    } else if (c->verb == STORY_E_OUTPUT) {
        look_at_output(play, c, look);
    } else if (c->verb <= STORY_E_FEE) {
        look_at_session(play, c, look);
    } else if (c->verb <= STORY_E_CREDITS || c->verb == STORY_E_QUARANTINE) {
        look_at_counts(play, c, look);
    } else if (c->verb <= STORY_E_REFUND) {
        look_at_ledger(play, c, look);
    } else if (c->verb <= STORY_E_ALARM) {
        look_at_cases(play, c, look);
    } else if (c->verb == STORY_E_JOURNAL) {
        look_at_journal(play, c, look);
    } else {
        look_at_rest(play, c, look);
    }
    look->is = look->is != c->negated;
}

/* ---- patience ---- */

static int64_t patience_of(const struct story_clause *c)
{
    if (story_has(c, STORY_OPT_NOW)) {
        return 0;
    }
    if (story_has(c, STORY_OPT_WITHIN)) {
        return c->within_ms;
    }
    return c->negated ? 0 : STORY_PATIENCE_MS;
}

static bool disappointed(struct play *play, const char *when, int64_t ms, const struct look *look)
{
    char text[64];
    struct out out;
    out_init(&out, text, sizeof text);
    story_time_write(&out, ms);
    struct str source = play->clause->source;
    return play_fail(play, "'%.*s' is not so %s %s: %s", (int)source.n, source.p, when, text,
                     look->got);
}

/* It must stay so. */
static bool stays(struct play *play, const struct story_clause *c)
{
    struct look look = {false, ""};
    int64_t from = run_now_ms(play->run);
    int64_t until = from + c->for_ms;
    do {
        look_now(play, c, &look);
        if (play->failed) {
            return false;
        }
        if (!look.is) {
            return disappointed(play, "still after", run_now_ms(play->run) - from, &look);
        }
    } while (play_step(play, until));
    return !play->failed;
}

bool play_expect(struct play *play, const struct story_clause *c)
{
    struct look look = {false, ""};
    int64_t patience = patience_of(c);
    int64_t until = run_now_ms(play->run) + patience;
    for (;;) {
        look_now(play, c, &look);
        if (play->failed) {
            return false;
        }
        if (look.is) {
            return !story_has(c, STORY_OPT_FOR_TIME) || stays(play, c);
        }
        if (!play_step(play, until)) {
            break;
        }
    }
    return play->failed ? false : disappointed(play, "within", patience, &look);
}

bool play_expect_end(struct play *play)
{
    static const struct story_clause balanced = {.verb = STORY_E_LEDGER};
    struct look look = {false, ""};
    look_at_ledger(play, &balanced, &look);
    return look.is ||
           play_fail(play, "at the end of every story the ledger is balanced: %s", look.got);
}
