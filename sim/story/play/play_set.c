/* play_set.c - what the lot is like: settings before anything happens. */
#include "sim/story/play/play_parts.h"

#include <stddef.h>
#include <string.h>

/* A lane that the configuration has, or a new one. */
static struct lane_config *lane_of(struct gate_config *config, int lane)
{
    for (int i = 0; i < config->lane_count; i++) {
        if (config->lane[i].lane == lane) {
            return &config->lane[i];
        }
    }
    if (lane != config->lane_count + 1 || lane > MSG_LANES_MAX) {
        return NULL;
    }
    struct lane_config *made = &config->lane[config->lane_count++];
    lane_config_defaults(made);
    made->lane = lane;
    return made;
}

static bool set_time(struct play *play, const struct story_clause *c, struct lane_config *lane)
{
    static const struct {
        const char *word;
        size_t offset;
    } times[] = {
        {"read", offsetof(struct lane_config, read_ms)},
        {"gone", offsetof(struct lane_config, gone_ms)},
        {"clear", offsetof(struct lane_config, clear_ms)},
        {"answer", offsetof(struct lane_config, answer_ms)},
        {"open", offsetof(struct lane_config, open_ms)},
        {"quote", offsetof(struct lane_config, quote_ms)},
        {"blocked", offsetof(struct lane_config, blocked_ms)},
        {"push", offsetof(struct lane_config, push_ms)},
        {"interlock", offsetof(struct lane_config, interlock_ms)},
        {"passback", offsetof(struct lane_config, passback_ms)},
        {"emergency_return", offsetof(struct lane_config, emergency_return_ms)},
        {"travel", offsetof(struct lane_config, barrier.travel_ms)},
        {"slow", offsetof(struct lane_config, barrier.slow_ms)},
    };
    for (size_t i = 0; i < sizeof times / sizeof times[0]; i++) {
        if (strcmp(c->word, times[i].word) == 0) {
            memcpy((char *)lane + times[i].offset, &c->time_ms, sizeof c->time_ms);
            return true;
        }
    }
    return play_fail(play, "no time of a lane is called '%s'", c->word);
}

static bool set_role(struct play *play, const struct story_clause *c, struct lane_config *lane)
{
    enum input_role input;
    enum output_role output;
    if (input_role_parse(str_c(c->word), &input) == 0) {
        lane->inputs |= 1u << input;
        return true;
    }
    if (output_role_parse(str_c(c->word), &output) == 0) {
        lane->outputs |= 1u << output;
        return true;
    }
    return play_fail(play, "no input or output is called '%s'", c->word);
}

static void set_direction(const struct story_clause *c, struct lane_config *lane)
{
    enum { ENTRY, EXIT, REVERSIBLE };
    lane->direction = c->choice == EXIT ? LANE_EXIT : LANE_ENTRY;
    lane->reversible = c->choice == REVERSIBLE;
    if (lane->reversible) {
        lane->inputs |= 1u << INPUT_ARMING_BACK;
    }
}

bool play_set(struct play *play, const struct story_clause *c, struct gate_config *config)
{
    if (c->verb == STORY_ARM_TIME) {
        play->street.arm_ms = c->time_ms > 0 ? c->time_ms : 1;
        return true;
    }
    if (c->verb == STORY_OFFLINE) {
        return true; /* the lot's, not a lane's: fill_lot */
    }
    struct lane_config *lane = lane_of(config, c->lane);
    if (!lane) {
        return play_fail(play, "lane %d is not the next one: there are %d", c->lane,
                         config->lane_count);
    }
    switch ((int)c->verb) {
    case STORY_LANE_IS:
        set_direction(c, lane);
        return true;
    case STORY_LANE_HAS:
        return set_role(play, c, lane);
    case STORY_LANE_SET:
        return set_time(play, c, lane);
    case STORY_LANE_PASSBACK:
        lane->passback = (enum passback)c->choice;
        return true;
    case STORY_LANE_PAIR:
        lane->second = true;
        lane->group = 1;
        for (int i = 0; i < config->lane_count; i++) {
            config->lane[i].group = config->lane[i].lane == c->other ? 1 : config->lane[i].group;
        }
        return true;
    case STORY_LANE_FIRE:
        lane->fire_own = true;
        return true;
    default:
        return play_fail(play, "this is no setting");
    }
}
