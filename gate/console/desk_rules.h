/*
 * desk_rules.h - who may do what at the console, and when it makes sense: pure tables.
 *
 * The page gets the list of acts that a lane allows now from here, and every act
 * that is asked for is checked here again: a page cannot offer an illegal step,
 * and a forged request cannot take one.
 */
#ifndef DOXE_GATE_DESK_RULES_H
#define DOXE_GATE_DESK_RULES_H

#include "gate/core/lane.h"

#define DESK_ROLES(X)                                                                       \
    X(ATTENDANT, "attendant", "works the lanes: plates, cash, opening by hand, a shift")    \
    X(SUPERVISOR, "supervisor", "all of that, and what an attendant must not decide alone") \
    X(TECHNICIAN, "technician", "devices: inputs, lamps, arms; no plates and no money")

enum desk_role {
#define X(name, word, sentence) DESK_ROLE_##name,
    DESK_ROLES(X)
#undef X
        DESK_ROLE_COUNT
};
const char *desk_role_text(enum desk_role role);
/* DX_E_NOT_FOUND. */
DX_MUST_USE int desk_role_parse(struct str text, enum desk_role *ret_role);

enum {
    DESK_BY_ATTENDANT = 1 << DESK_ROLE_ATTENDANT | 1 << DESK_ROLE_SUPERVISOR,
    DESK_BY_SUPERVISOR = 1 << DESK_ROLE_SUPERVISOR,
    DESK_BY_TECHNICIAN = 1 << DESK_ROLE_TECHNICIAN | 1 << DESK_ROLE_SUPERVISOR,
    DESK_BY_ALL = 1 << DESK_ROLE_COUNT
};

/* name, word in requests and in the page, roles, needs a lane, sentence */
#define DESK_ACTS(X)                                                                           \
    X(OPEN, "open", DESK_BY_ATTENDANT, true, "open by hand, with a reason; the photo is kept") \
    X(CORRECT, "correct", DESK_BY_ATTENDANT, true, "say what the plate of this vehicle is")    \
    X(AMEND, "amend", DESK_BY_ATTENDANT, false, "correct the plate of a stay")                 \
    X(TICKET, "ticket", DESK_BY_ATTENDANT, true, "entry without a plate, by card or slip")     \
    X(DECLARE, "declare", DESK_BY_ATTENDANT, true, "no record of the entry: say when it was")  \
    X(LOST, "lost", DESK_BY_ATTENDANT, true, "ticket lost: the stay is found another way")     \
    X(CASH, "cash", DESK_BY_ATTENDANT, true, "take what is due in cash, with a receipt")       \
    X(PAY_FOR, "pay_for", DESK_BY_ATTENDANT, true, "pay for the driver by one's own transfer") \
    X(DEBT, "debt", DESK_BY_ATTENDANT, true, "let out owing; above a limit a supervisor's")    \
    X(PASSBACK, "passback", DESK_BY_SUPERVISOR, true, "let in what the books believe inside")  \
    X(HOLD_OPEN, "hold_open", DESK_BY_SUPERVISOR, true, "arm up until told otherwise")         \
    X(HOLD_CLOSED, "hold_closed", DESK_BY_SUPERVISOR, true, "arm down until told otherwise")   \
    X(AUTOMATIC, "automatic", DESK_BY_SUPERVISOR, true, "end of held open and held closed")    \
    X(ENTRY, "entry", DESK_BY_SUPERVISOR, true, "a reversible lane leads in")                  \
    X(EXIT, "exit", DESK_BY_SUPERVISOR, true, "a reversible lane leads out")                   \
    X(CLOSE_LANE, "close_lane", DESK_BY_ATTENDANT, true, "out of service")                     \
    X(OPEN_LANE, "open_lane", DESK_BY_ATTENDANT, true, "back into service")                    \
    X(SCAN, "scan", DESK_BY_ATTENDANT, true, "wait for a citizen card at the lane's scanner")  \
    X(SHIFT_OPEN, "shift_open", DESK_BY_ATTENDANT, false, "answer for the drawer from now on") \
    X(SHIFT_CLOSE, "shift_close", DESK_BY_ATTENDANT, false, "count the drawer, end the shift") \
    X(HAND_OVER, "hand_over", DESK_BY_ATTENDANT, false, "count, and another goes on with it")  \
    X(OCCUPANCY, "occupancy", DESK_BY_SUPERVISOR, false, "correct how many are inside")        \
    X(ACK, "ack", DESK_BY_ALL - 1, false, "an alarm was seen")                                 \
    X(LAMP, "lamp", DESK_BY_TECHNICIAN, true, "device test: pulse a lamp")                     \
    X(MOVE, "move", DESK_BY_TECHNICIAN, true, "device test: move the arm, confirmed")          \
    X(PRINT, "print", DESK_BY_ATTENDANT, false, "a receipt or slip was printed")               \
    X(FIND, "find", DESK_BY_ATTENDANT, false, "look up a stay")

enum desk_act {
#define X(name, word, roles, lane, sentence) DESK_ACT_##name,
    DESK_ACTS(X)
#undef X
        DESK_ACT_COUNT
};
const char *desk_act_text(enum desk_act act);
DX_MUST_USE int desk_act_parse(struct str text, enum desk_act *ret_act);
bool desk_act_needs_lane(enum desk_act act);
bool desk_act_is_for(enum desk_act act, enum desk_role role);

/* A lane as the console knows it: copied by the loop after each step. */
struct desk_lane {
    int lane;
    bool exit, reversible;
    enum lane_state state;
    char barrier[16];
    char mode[16];
    bool reachable;
    bool held;
    enum hold hold;
    unsigned inputs, outputs; /* which roles are configured */
    enum level input[INPUT_ROLE_COUNT];
    struct subject subject;
    char session[ULID_CAP], ask[ULID_CAP];
    bool permitted;
    struct lane_display display;
};

/* Does the lane's state allow the act now? */
bool desk_act_makes_sense(enum desk_act act, const struct desk_lane *lane);
/* Is something under the arm, or is that not known?  Then a test moves nothing. */
bool desk_lane_is_blocked(const struct desk_lane *lane);

#endif
