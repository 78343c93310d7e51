/* Every row of the lane's table of transitions, legal and illegal, and what means nothing. */
#include "tests/unit/lane_bench.c"

#include <signal.h>
#include <sys/wait.h>

/* ---- every row of the table: a way to it, and the change it ends in ---- */

static const struct row {
    const char *clause;
    enum lane_direction direction;
    enum lane_state from, to;
    const char *script;
} rows[] = {
    {"L1", LANE_ENTRY, LANE_LEARNING, LANE_IDLE, "inputs"},
    {"L2", LANE_ENTRY, LANE_LEARNING, LANE_ARMED, "A+ S- U- D+"},
    {"L3", LANE_ENTRY, LANE_LEARNING, LANE_HELD, HELD "kill"},
    {"L4", LANE_EXIT, LANE_LEARNING, LANE_ASKING, ASK "kill"},
    {"L5", LANE_EXIT, LANE_LEARNING, LANE_QUOTED, ASK "due silent answers A+ S- U- D+"},
    {"L6", LANE_ENTRY, LANE_LEARNING, LANE_RECORDING, IN "silent answers A+ S- U- D+"},
    {"L7", LANE_ENTRY, LANE_LEARNING, LANE_OPENING, IN "* kill"},
    {"L9", LANE_ENTRY, LANE_LEARNING, LANE_CLOSING, "A- S- U+ D-"},
    {"L10", LANE_ENTRY, LANE_LEARNING, LANE_CLOSED, "inputs close-lane * kill"},
    {"L11", LANE_ENTRY, LANE_LEARNING, LANE_FAULT, "silent"},
    {"L11", LANE_ENTRY, LANE_IDLE, LANE_FAULT, "inputs silent"},
    {"L11", LANE_ENTRY, LANE_ARMED, LANE_FAULT, "inputs A+ silent"},
    {"L11", LANE_ENTRY, LANE_HELD, LANE_FAULT, HELD "silent"},
    {"L11", LANE_EXIT, LANE_ASKING, LANE_FAULT, ASK "silent"},
    {"L11", LANE_EXIT, LANE_QUOTED, LANE_FAULT, ASK "due silent"},
    {"L11", LANE_ENTRY, LANE_RECORDING, LANE_FAULT, IN "silent"},
    {"L11", LANE_ENTRY, LANE_OPENING, LANE_FAULT, IN "* t t"},
    {"L11", LANE_ENTRY, LANE_OPEN, LANE_FAULT, UP "silent"},
    {"L11", LANE_ENTRY, LANE_PASSING, LANE_FAULT, UP "S+ A?"},
    {"L11", LANE_ENTRY, LANE_CLOSING, LANE_FAULT, UP "S+ A- S- t 16000"},
    {"L11", LANE_ENTRY, LANE_CLOSED, LANE_FAULT, "inputs close-lane silent"},
    {"L12", LANE_ENTRY, LANE_IDLE, LANE_ARMED, "inputs A+"},
    {"L13", LANE_ENTRY, LANE_IDLE, LANE_RECORDING, "inputs open"},
    {"L13", LANE_ENTRY, LANE_CLOSING, LANE_RECORDING, UP "S+ A- S- t open"},
    {"L13", LANE_ENTRY, LANE_FAULT, LANE_RECORDING, STUCK "open"},
    {"L13", LANE_ENTRY, LANE_CLOSED, LANE_RECORDING, "inputs close-lane ** open"},
    {"L14", LANE_ENTRY, LANE_IDLE, LANE_CLOSED, "inputs close-lane"},
    {"L14", LANE_ENTRY, LANE_ARMED, LANE_CLOSED, "inputs A+ close-lane"},
    {"L14", LANE_ENTRY, LANE_FAULT, LANE_CLOSED, STUCK "A- 3000 ** close-lane"},
    {"L15", LANE_ENTRY, LANE_ARMED, LANE_IDLE, "inputs A+ A-"},
    {"L16", LANE_ENTRY, LANE_ARMED, LANE_RECORDING, "inputs A+ plate"},
    {"L17", LANE_EXIT, LANE_ARMED, LANE_ASKING, "inputs A+ plate"},
    {"L18", LANE_ENTRY, LANE_ARMED, LANE_HELD, "inputs A+ 6000"},
    {"L19", LANE_ENTRY, LANE_HELD, LANE_RECORDING, HELD "plate"},
    {"L20", LANE_EXIT, LANE_HELD, LANE_ASKING, HELD "plate"},
    {"L21", LANE_EXIT, LANE_HELD, LANE_QUOTED, ASK "10000 * due"},
    {"L22", LANE_ENTRY, LANE_HELD, LANE_IDLE, HELD "A- 3000"},
    {"L23", LANE_EXIT, LANE_ASKING, LANE_QUOTED, ASK "due"},
    {"L24", LANE_EXIT, LANE_ASKING, LANE_RECORDING, ASK "free"},
    {"L24", LANE_EXIT, LANE_QUOTED, LANE_RECORDING, ASK "due bank"},
    {"L25", LANE_EXIT, LANE_ASKING, LANE_HELD, ASK "10000"},
    {"L25", LANE_EXIT, LANE_QUOTED, LANE_HELD, ASK "due unknown"},
    {"L26", LANE_EXIT, LANE_ASKING, LANE_IDLE, ASK "A- 3000"},
    {"L26", LANE_EXIT, LANE_QUOTED, LANE_IDLE, ASK "due A- 3000"},
    {"L27", LANE_EXIT, LANE_QUOTED, LANE_ASKING, ASK "due 600000"},
    {"L28", LANE_ENTRY, LANE_RECORDING, LANE_OPENING, IN "*"},
    {"L29", LANE_ENTRY, LANE_RECORDING, LANE_IDLE, IN "A- 3000"},
    {"L29", LANE_ENTRY, LANE_RECORDING, LANE_CLOSING, IN "D- A- 3000"},
    {"L30", LANE_ENTRY, LANE_RECORDING, LANE_IDLE, "inputs open-short 2000 *"},
    {"L30", LANE_ENTRY, LANE_RECORDING, LANE_CLOSING, "inputs open-short D- 2000 *"},
    {"L30", LANE_ENTRY, LANE_RECORDING, LANE_ARMED, "inputs A+ open-short 2000 *"},
    {"L30", LANE_EXIT, LANE_RECORDING, LANE_ASKING, ASK "open-short 2000 **"},
    {"L30", LANE_EXIT, LANE_RECORDING, LANE_QUOTED, ASK "due open-short 2000 **"},
    {"L30", LANE_ENTRY, LANE_RECORDING, LANE_CLOSED, "inputs close-lane ** open-short 2000 *"},
    {"L31", LANE_ENTRY, LANE_OPENING, LANE_OPEN, UP},
    {"L32", LANE_ENTRY, LANE_OPENING, LANE_PASSING, IN "* S+"},
    {"L32", LANE_ENTRY, LANE_OPEN, LANE_PASSING, UP "S+"},
    {"L33", LANE_ENTRY, LANE_OPENING, LANE_CLOSING, IN "* A- 3000"},
    {"L33", LANE_ENTRY, LANE_OPEN, LANE_CLOSING, UP "A- 3000"},
    {"L34", LANE_ENTRY, LANE_OPEN, LANE_OPENING, UP "down"},
    {"L35", LANE_ENTRY, LANE_PASSING, LANE_OPEN, UP "S+ S- 500"},
    {"L35", LANE_ENTRY, LANE_PASSING, LANE_OPENING, UP "S+ down S- 500"},
    {"L36", LANE_ENTRY, LANE_PASSING, LANE_CLOSING, UP "S+ A- S- 500"},
    {"L37", LANE_ENTRY, LANE_CLOSING, LANE_IDLE, UP "S+ A- S- 500 down"},
    {"L37", LANE_ENTRY, LANE_CLOSING, LANE_ARMED, UP "S+ A- A+ S- 500 down"},
    {"L37", LANE_ENTRY, LANE_CLOSING, LANE_CLOSED, "inputs close-lane ** open * up 15000 down"},
    {"L38", LANE_ENTRY, LANE_FAULT, LANE_LEARNING, "inputs silent answers"},
    {"L39", LANE_ENTRY, LANE_FAULT, LANE_PASSING, STUCK "S+"},
    {"L40", LANE_ENTRY, LANE_CLOSED, LANE_LEARNING, "inputs close-lane * open-lane"},
    {"L41", LANE_ENTRY, LANE_LEARNING, LANE_RAISED, "A- F+"},
    {"L41", LANE_ENTRY, LANE_IDLE, LANE_RAISED, "inputs F+"},
    {"L41", LANE_ENTRY, LANE_ARMED, LANE_RAISED, "inputs A+ F+"},
    {"L41", LANE_ENTRY, LANE_HELD, LANE_RAISED, HELD "F+"},
    {"L41", LANE_EXIT, LANE_ASKING, LANE_RAISED, ASK "F+"},
    {"L41", LANE_EXIT, LANE_QUOTED, LANE_RAISED, ASK "due F+"},
    {"L41", LANE_ENTRY, LANE_RECORDING, LANE_RAISED, IN "F+"},
    {"L41", LANE_ENTRY, LANE_OPENING, LANE_RAISED, IN "* F+"},
    {"L41", LANE_ENTRY, LANE_OPEN, LANE_RAISED, UP "F+"},
    {"L41", LANE_ENTRY, LANE_PASSING, LANE_RAISED, UP "S+ F+"},
    {"L41", LANE_ENTRY, LANE_CLOSING, LANE_RAISED, UP "S+ A- S- 500 F+"},
    {"L41", LANE_ENTRY, LANE_FAULT, LANE_RAISED, STUCK "F+"},
    {"L41", LANE_ENTRY, LANE_CLOSED, LANE_RAISED, "inputs close-lane * F+"},
    {"L41", LANE_ENTRY, LANE_BARRED, LANE_RAISED, BARRED "F+"},
    {"L11", LANE_ENTRY, LANE_RAISED, LANE_FAULT, "inputs hold-open * silent"},
    {"L42", LANE_ENTRY, LANE_RAISED, LANE_LEARNING, "inputs hold-open ** up automatic *"},
    {"L43", LANE_ENTRY, LANE_RECORDING, LANE_BARRED, BARRED},
    {"L43", LANE_ENTRY, LANE_LEARNING, LANE_BARRED, BARRED "kill"},
    {"L43", LANE_ENTRY, LANE_ARMED, LANE_BARRED, SECOND "other-up first A+"},
    {"L44", LANE_ENTRY, LANE_ARMED, LANE_OPENING, SECOND "other-down first A+"},
    {"L45", LANE_ENTRY, LANE_BARRED, LANE_OPENING, BARRED "automatic **"},
    {"L46", LANE_ENTRY, LANE_BARRED, LANE_LEARNING, "grouped inputs other-up open * 30000"},
    {"L47", LANE_ENTRY, LANE_BARRED, LANE_IDLE, BARRED "A- 3000"},
    {"L47", LANE_ENTRY, LANE_BARRED, LANE_ARMED, BARRED "S+ A- A+ S- 500"},
    {"L47", LANE_ENTRY, LANE_BARRED, LANE_CLOSING, BARRED "D- A- 3000"},
    {"L47", LANE_ENTRY, LANE_BARRED, LANE_CLOSED,
     "grouped inputs other-up close-lane ** open * A+ S+ A- S- 500"},
    {"L11", LANE_ENTRY, LANE_BARRED, LANE_FAULT, BARRED "silent"},
    {"L48", LANE_ENTRY, LANE_HELD, LANE_ARMED, HELD "S+ A- A+ S- 500"},
    {"L48", LANE_EXIT, LANE_ASKING, LANE_ARMED, ASK "S+ A- A+ S- 500"},
    {"L48", LANE_EXIT, LANE_QUOTED, LANE_ARMED, ASK "due S+ A- A+ S- 500"},
    {"L48", LANE_ENTRY, LANE_RECORDING, LANE_ARMED, IN "S+ A- A+ S- 500"},
};

static bool took(enum lane_state from, enum lane_state to)
{
    for (int i = 0; i < b.pair_count; i++) {
        if (b.pair[i].from == from && b.pair[i].to == to) {
            return true;
        }
    }
    return false;
}

static void test_lane__each_row_of_the_table_happens_as_its_clause_says(void **state)
{
    (void)state;
    bool covered[LANE_STATE_COUNT][LANE_STATE_COUNT] = {{false}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const struct row *row = &rows[i];
        const char *clause = lane_transition_clause(row->from, row->to);
        begin(row->direction);
        play(row->script);
        if (!took(row->from, row->to)) {
            fail_msg("%s: %s did not go %s -> %s", row->clause, row->script,
                     lane_state_text(row->from), lane_state_text(row->to));
        }
        if (!clause || !strstr(clause, row->clause)) {
            fail_msg("%s: the table says %s", row->clause, clause ? clause : "nothing");
        }
        covered[row->from][row->to] = true;
    }
    for (int from = 0; from < LANE_STATE_COUNT; from++) {
        for (int to = 0; to < LANE_STATE_COUNT; to++) {
            const char *clause = lane_transition_clause((enum lane_state)from, (enum lane_state)to);
            if (clause && !covered[from][to]) {
                fail_msg("%s, %s -> %s: no test", clause, lane_state_text((enum lane_state)from),
                         lane_state_text((enum lane_state)to));
            }
        }
    }
}

/* A pair that is not in the table stops the program: the table convicts. */
static void test_lane__each_pair_that_is_not_in_the_table_stops_the_program(void **state)
{
    (void)state;
    int illegal = 0;
    fflush(NULL);
    for (int from = 0; from < LANE_STATE_COUNT; from++) {
        for (int to = 0; to < LANE_STATE_COUNT; to++) {
            if (lane_transition_clause((enum lane_state)from, (enum lane_state)to)) {
                continue;
            }
            illegal++;
            pid_t child = fork();
            assert_true(child >= 0);
            if (child == 0) {
                struct gate_event event = event_of(GATE_EV_TIMEOUT);
                struct lane_turn t = {&b.lane, &event, NULL, &b.effects, b.now, 0, false};
                signal(SIGABRT, SIG_DFL);
                fclose(stderr);
                b.lane.state = (enum lane_state)from;
                lane_goto(&t, (enum lane_state)to);
                _exit(0);
            }
            int status = 0;
            assert_int_equal(waitpid(child, &status, 0), child);
            if (!WIFSIGNALED(status) || WTERMSIG(status) != SIGABRT) {
                fail_msg("%s -> %s was let through", lane_state_text((enum lane_state)from),
                         lane_state_text((enum lane_state)to));
            }
        }
    }
    assert_true(illegal > 90);
}

/* ---- what means nothing in a state leaves it, gives no record and moves nothing ---- */

static const struct {
    const char *script, *word;
    enum lane_direction direction;
    enum lane_state state;
} nothing[] = {
    {"inputs", "plate", LANE_ENTRY, LANE_IDLE},
    {"inputs", "due", LANE_EXIT, LANE_IDLE},
    {"inputs", "bank", LANE_EXIT, LANE_IDLE},
    {"inputs", "S+", LANE_ENTRY, LANE_IDLE},
    {"inputs A+", "bank", LANE_EXIT, LANE_ARMED},
    {"inputs A+", "free", LANE_ENTRY, LANE_ARMED},
    {"inputs A+", "S+", LANE_ENTRY, LANE_ARMED},
    {HELD, "due", LANE_EXIT, LANE_HELD},
    {HELD, "bank", LANE_ENTRY, LANE_HELD},
    {IN, "plate", LANE_ENTRY, LANE_RECORDING},
    {IN, "S+", LANE_ENTRY, LANE_RECORDING},
    {IN, "A-", LANE_ENTRY, LANE_RECORDING},
    {ASK, "plate", LANE_EXIT, LANE_ASKING},
    {ASK, "S+", LANE_EXIT, LANE_ASKING},
    {ASK "due", "plate", LANE_EXIT, LANE_QUOTED},
    {ASK "due", "A-", LANE_EXIT, LANE_QUOTED},
    {ASK "due bank", "bank", LANE_EXIT, LANE_RECORDING},
    {ASK "due bank", "free", LANE_EXIT, LANE_RECORDING},
    {PAID, "bank", LANE_EXIT, LANE_OPENING},
    {PAID, "paid", LANE_EXIT, LANE_OPENING},
    {PAID "up", "bank", LANE_EXIT, LANE_OPEN},
    {PAID "up", "unknown", LANE_EXIT, LANE_OPEN},
    {PAID "up S+", "bank", LANE_EXIT, LANE_PASSING},
    {PAID "up S+", "plate", LANE_EXIT, LANE_PASSING},
    {PAID "up S+ A- S- 500", "bank", LANE_EXIT, LANE_CLOSING},
    {PAID "up S+ A- S- 500", "A+", LANE_EXIT, LANE_CLOSING},
    {"inputs close-lane *", "A+", LANE_ENTRY, LANE_CLOSED},
    {"inputs close-lane * A+", "plate", LANE_ENTRY, LANE_CLOSED},
    {"inputs silent *", "plate", LANE_ENTRY, LANE_FAULT},
    {"inputs silent *", "A+", LANE_ENTRY, LANE_FAULT},
};

static void test_lane__what_means_nothing_leaves_the_state_alone(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof nothing / sizeof nothing[0]; i++) {
        begin(nothing[i].direction);
        play(nothing[i].script);
        assert_state(nothing[i].state);
        int records = b.record_count;
        play_word(nothing[i].word);
        if (b.lane.state != nothing[i].state || b.record_count != records || b.outputs[0]) {
            fail_msg("%s, then %s: %s %s", nothing[i].script, nothing[i].word,
                     lane_state_text(b.lane.state), b.outputs);
        }
    }
}

TESTS(T(test_lane__each_row_of_the_table_happens_as_its_clause_says),
      T(test_lane__each_pair_that_is_not_in_the_table_stops_the_program),
      T(test_lane__what_means_nothing_leaves_the_state_alone))
