/*
 * street.h - the street of a story: arms, loops and vehicles that do what the script says.
 *
 * Like sim/world.h it knows nothing of the product, and it obeys coils as the world's arms do;
 * unlike it nobody here decides anything.  A vehicle that was told to come in stands on the
 * arming loop, and drives on when the arm is up, unless it was told to wait.
 *
 * Everything happens in small moves at known times: an input goes on or off.  The player asks
 * for the next time (street_deadline), and takes the moves that are due one by one
 * (street_take) to hand them to the gate.  So there is no effect list and no callback.
 *
 * Times: the arm takes arm_ms from end to end and leaves its switch after a tenth of it; a
 * vehicle starts 400 ms after the arm is up, is off the arming loop 600 ms and off the
 * safety loop 1400 ms later.
 *
 * Pure: milliseconds come in as arguments.
 */
#ifndef DOXE_SIM_STORY_STREET_H
#define DOXE_SIM_STORY_STREET_H

#include "proto/base/str.h"
#include "proto/base/time.h"

enum { STREET_LANES = 16, STREET_MOVES_MAX = 64, STREET_ARM_MS = 2000 };

enum street_input {
    STREET_ARMING,
    STREET_SAFETY,
    STREET_OPENED,
    STREET_CLOSED,
    STREET_BACK,
    STREET_INPUT_COUNT
};

/* An input that changes, or a vehicle that begins to drive. */
enum street_move_kind {
    STREET_MOVE_INPUT,
    STREET_MOVE_ARM_LEAVES, /* its switch */
    STREET_MOVE_ARM_THERE,
    STREET_MOVE_GO,  /* the vehicle saw the arm up */
    STREET_MOVE_AWAY /* the vehicle is through, or has backed out */
};

struct street_move {
    int64_t at_ms;
    int64_t tie;
    enum street_move_kind kind;
    int lane;
    enum street_input input;
    bool on;
    int arm; /* number of the order that caused it: an older one means nothing any more */
};

enum street_driver {
    STREET_NOBODY,
    STREET_STANDS, /* drives on when the arm is up */
    STREET_WAITS,  /* … not before it is told to */
    STREET_DRIVES,
    STREET_STOPPED, /* its front is under the arm, its rear on the arming loop */
    STREET_BACKS
};

struct street_lane {
    bool back; /* a reversible lane that leads the other way: its vehicles take arming_back */
    enum street_driver driver;
    bool follower; /* somebody drives right behind the one on the loop */
    bool follower_waits;
    /* the arm: 0 down … 1000 up */
    int from, going; /* going: 1 up, -1 down, 0 rests */
    int64_t since_ms;
    int arm; /* orders so far */
    bool jammed;
    bool on[STREET_INPUT_COUNT];
    int hits; /* the arm came down on a vehicle so often */
};

struct street {
    int64_t arm_ms;
    int64_t tie;
    struct street_lane lane[STREET_LANES + 1]; /* by number; [0] is not used */
    int count;
    struct street_move move[STREET_MOVES_MAX];
    bool overflow; /* more was going on than there is room for: the story is too wild */
};

void street_init(struct street *street);
/* The coil for opening or closing was switched on. */
void street_coil(struct street *street, int64_t now_ms, int lane, bool open);
/* The earliest move, or INT64_MAX. */
int64_t street_deadline(const struct street *street);
/*
 * The next move that is due now.  True: *ret_move is an input that changed, tell the gate.
 * False: nothing is due.
 */
bool street_take(struct street *street, int64_t now_ms, struct street_move *ret_move);

/* 0 down … 1000 up. */
int street_arm(const struct street *street, int lane, int64_t now_ms);
/* It rises, or is up. */
bool street_is_open(const struct street *street, int lane, int64_t now_ms);

/* ---- what a script may tell people; DX_E_STATE: nobody there, or somebody is ---- */

/* Onto the arming loop.  `behind`: at the bumper of the one who drives in front. */
DX_MUST_USE int street_arrive(struct street *street, int64_t now_ms, int lane, bool waits,
                              bool behind);
DX_MUST_USE int street_drive_on(struct street *street, int64_t now_ms, int lane, bool stops);
DX_MUST_USE int street_roll_back(struct street *street, int64_t now_ms, int lane);
DX_MUST_USE int street_back_out(struct street *street, int64_t now_ms, int lane);
DX_MUST_USE int street_wrong_way(struct street *street, int64_t now_ms, int lane, bool stays);
DX_MUST_USE int street_trailer(struct street *street, int64_t now_ms, int lane);
/* Without any order: somebody lifts it, or it falls. */
void street_force(struct street *street, int64_t now_ms, int lane, bool up);
void street_jam(struct street *street, int64_t now_ms, int lane, bool jammed);

#endif
