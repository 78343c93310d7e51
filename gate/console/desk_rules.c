#include "gate/console/desk_rules.h"

#include <string.h>

const char *desk_role_text(enum desk_role role)
{
    static const char *const words[] = {
#define X(name, word, sentence) [DESK_ROLE_##name] = (word),
        DESK_ROLES(X)
#undef X
    };
    return role < DESK_ROLE_COUNT ? words[role] : "?";
}

int desk_role_parse(struct str text, enum desk_role *ret_role)
{
    for (int i = 0; i < DESK_ROLE_COUNT; i++) {
        if (str_eq_c(text, desk_role_text((enum desk_role)i))) {
            *ret_role = (enum desk_role)i;
            return 0;
        }
    }
    return DX_E_NOT_FOUND;
}

static const struct {
    const char *word;
    unsigned roles;
    bool lane;
} acts[] = {
#define X(name, word, roles, lane, sentence) [DESK_ACT_##name] = {(word), (roles), (lane)},
    DESK_ACTS(X)
#undef X
};

const char *desk_act_text(enum desk_act act)
{
    return act < DESK_ACT_COUNT ? acts[act].word : "?";
}

int desk_act_parse(struct str text, enum desk_act *ret_act)
{
    for (int i = 0; i < DESK_ACT_COUNT; i++) {
        if (str_eq_c(text, acts[i].word)) {
            *ret_act = (enum desk_act)i;
            return 0;
        }
    }
    return DX_E_NOT_FOUND;
}

bool desk_act_needs_lane(enum desk_act act)
{
    return acts[act].lane;
}

bool desk_act_is_for(enum desk_act act, enum desk_role role)
{
    return (acts[act].roles & 1u << role) != 0;
}

bool desk_lane_is_blocked(const struct desk_lane *lane)
{
    bool photocell = (lane->inputs & 1u << INPUT_PHOTOCELL) != 0;
    return lane->input[INPUT_SAFETY_LOOP] != LEVEL_OFF ||
           (photocell && lane->input[INPUT_PHOTOCELL] != LEVEL_OFF);
}

/* A vehicle stands there, and nothing lets it through yet. */
static bool waits(const struct desk_lane *lane)
{
    return lane->state == LANE_ARMED || lane->state == LANE_HELD || lane->state == LANE_ASKING ||
           lane->state == LANE_QUOTED;
}

static bool is_mode(const struct desk_lane *lane, const char *mode)
{
    return strcmp(lane->mode, mode) == 0;
}

static bool is_automatic(const struct desk_lane *lane)
{
    return lane->mode[0] == '\0' || is_mode(lane, "automatic");
}

static bool owes(const struct desk_lane *lane)
{
    return lane->exit && waits(lane) && !lane->permitted && lane->ask[0];
}

bool desk_act_makes_sense(enum desk_act act, const struct desk_lane *lane)
{
    switch (act) {
    case DESK_ACT_OPEN:
        return lane->state != LANE_LEARNING && lane->state != LANE_RECORDING &&
               lane->state != LANE_OPENING && lane->state != LANE_OPEN &&
               lane->state != LANE_PASSING && lane->state != LANE_RAISED;
    case DESK_ACT_CORRECT:
    case DESK_ACT_SCAN:
        return waits(lane) && !lane->permitted;
    case DESK_ACT_TICKET:
    case DESK_ACT_LOST:
        return (lane->state == LANE_ARMED || lane->state == LANE_HELD) &&
               (act == DESK_ACT_TICKET || lane->exit);
    case DESK_ACT_DECLARE:
        return lane->exit && (lane->state == LANE_HELD || lane->state == LANE_ARMED);
    case DESK_ACT_CASH:
    case DESK_ACT_PAY_FOR:
        return owes(lane) && lane->display.kind == DISPLAY_PAY && lane->display.amount_vnd > 0;
    case DESK_ACT_DEBT:
        return owes(lane);
    case DESK_ACT_PASSBACK:
        return !lane->exit && lane->held && lane->hold == HOLD_DUPLICATE;
    case DESK_ACT_HOLD_OPEN:
    case DESK_ACT_HOLD_CLOSED:
        return is_automatic(lane) && lane->state != LANE_CLOSED;
    case DESK_ACT_AUTOMATIC:
        return is_mode(lane, "held_open") || is_mode(lane, "held_closed") ||
               is_mode(lane, "emergency");
    case DESK_ACT_ENTRY:
        return lane->reversible && lane->exit && lane->state == LANE_IDLE;
    case DESK_ACT_EXIT:
        return lane->reversible && !lane->exit && lane->state == LANE_IDLE;
    case DESK_ACT_CLOSE_LANE:
        return lane->state != LANE_CLOSED;
    case DESK_ACT_OPEN_LANE:
        return lane->state == LANE_CLOSED || lane->state == LANE_FAULT;
    case DESK_ACT_LAMP:
        return lane->reachable;
    case DESK_ACT_MOVE:
        return lane->reachable && (lane->state == LANE_IDLE || lane->state == LANE_CLOSED) &&
               !desk_lane_is_blocked(lane);
    case DESK_ACT_AMEND:
    case DESK_ACT_SHIFT_OPEN:
    case DESK_ACT_SHIFT_CLOSE:
    case DESK_ACT_HAND_OVER:
    case DESK_ACT_OCCUPANCY:
    case DESK_ACT_ACK:
    case DESK_ACT_PRINT:
    case DESK_ACT_FIND:
        return true;
    case DESK_ACT_COUNT:
        return false;
    }
    return false;
}
