#include "gate/core/lane_config.h"

#include "proto/msg.h"

#define X(name, word, sentence) word,
static const char *const passback_words[] = {PASSBACKS(X)};
#undef X

const char *passback_text(enum passback passback)
{
    return (unsigned)passback < PASSBACK_COUNT ? passback_words[passback] : "?";
}

void lane_config_defaults(struct lane_config *config)
{
    *config = (struct lane_config){
        .lane = 1,
        .direction = LANE_ENTRY,
        .inputs = 1u << INPUT_ARMING_LOOP | 1u << INPUT_SAFETY_LOOP | 1u << INPUT_OPENED |
                  1u << INPUT_CLOSED,
        .outputs = 1u << OUTPUT_OPEN | 1u << OUTPUT_CLOSE,
        .barrier = {.has_opened = true,
                    .has_closed = true,
                    .travel_ms = 8000,
                    .coil_retry_ms = 500,
                    .slow_ms = 6000},
        .pairing = {.vehicle = VEHICLE_UNKNOWN,
                    .card_vehicle = VEHICLE_MOTORBIKE,
                    .sure = 900,
                    .fair = 700,
                    .untold = 800,
                    .memory_ms = 5000,
                    .settle_ms = 700,
                    .echo_ms = 8000},
        .read_ms = 6000,
        .gone_ms = 3000,
        .clear_ms = 500,
        .answer_ms = 10000,
        .quote_ms = 600000,
        .open_ms = 15000,
        .notice_ms = 3000,
        .learn_ms = 5000,
        .blocked_ms = 60000,
        .push_ms = 5000,
        .alarm_ms = 10000,
        .interlock_ms = 30000,
        .passback_ms = 15 * TIME_MINUTE_MS,
    };
}

static bool is_time(int64_t ms, int64_t min)
{
    return ms >= min && ms <= TIME_DAY_MS;
}

static const char *check_inputs(const struct lane_config *config)
{
    const struct barrier_config *barrier = &config->barrier;
    unsigned loops = 1u << INPUT_ARMING_LOOP | 1u << INPUT_SAFETY_LOOP;
    unsigned orders = 1u << OUTPUT_OPEN | 1u << OUTPUT_CLOSE;
    if ((config->inputs & loops) != loops || config->inputs >= 1u << INPUT_ROLE_COUNT) {
        return "a lane needs an arming loop and a safety loop";
    }
    if ((config->outputs & orders) != orders || config->outputs >= 1u << OUTPUT_ROLE_COUNT) {
        return "a lane needs the outputs open and close";
    }
    if (barrier->has_opened != ((config->inputs & 1u << INPUT_OPENED) != 0) ||
        barrier->has_closed != ((config->inputs & 1u << INPUT_CLOSED) != 0) ||
        barrier->has_stop != ((config->outputs & 1u << OUTPUT_STOP) != 0)) {
        return "the barrier's switches are not those of the lane's inputs and outputs";
    }
    if (config->reversible && (config->inputs & 1u << INPUT_ARMING_BACK) == 0) {
        return "a reversible lane needs the input arming_back";
    }
    if (config->group != 0 && !barrier->has_closed) {
        return "the arms of a group need the input closed: one moves when the other is down";
    }
    return NULL;
}

static const char *check_times(const struct lane_config *config)
{
    const struct barrier_config *barrier = &config->barrier;
    const struct pairing_config *pairing = &config->pairing;
    const int64_t from_one[] = {barrier->travel_ms, barrier->coil_retry_ms, config->read_ms,
                                config->answer_ms,  config->quote_ms,       config->open_ms,
                                config->notice_ms,  config->learn_ms,       config->blocked_ms,
                                config->alarm_ms,   config->interlock_ms};
    const int64_t from_zero[] = {
        pairing->memory_ms, pairing->settle_ms,  pairing->echo_ms,
        config->gone_ms,    config->clear_ms,    config->push_ms,
        barrier->slow_ms,   config->passback_ms, config->emergency_return_ms};
    for (size_t i = 0; i < sizeof from_one / sizeof from_one[0]; i++) {
        if (!is_time(from_one[i], 1)) {
            return "a time is outside 1 ms to 1 day";
        }
    }
    for (size_t i = 0; i < sizeof from_zero / sizeof from_zero[0]; i++) {
        if (!is_time(from_zero[i], 0)) {
            return "a time is outside 0 ms to 1 day";
        }
    }
    return NULL;
}

static const char *check_ways(const struct lane_config *config)
{
    if ((unsigned)config->passback >= PASSBACK_COUNT) {
        return "no such anti-passback";
    }
    if (config->group < 0 || config->group > LANE_GROUPS_MAX ||
        (config->second && !config->group)) {
        return "groups are numbered from 1 to 8, and a second arm is in one";
    }
    if (config->schedule_count < 0 || config->schedule_count > LANE_SCHEDULE_MAX ||
        (config->schedule_count > 0 && !config->reversible)) {
        return "a schedule is for a reversible lane, with at most 8 changes";
    }
    for (int i = 0; i < config->schedule_count; i++) {
        const struct lane_schedule *row = &config->schedule[i];
        bool grows = i == 0 || row->minute > config->schedule[i - 1].minute;
        if (row->minute < 0 || row->minute >= 24 * 60 || !grows ||
            (row->direction != LANE_ENTRY && row->direction != LANE_EXIT)) {
            return "a schedule has minutes of the day, growing, and a direction for each";
        }
    }
    return NULL;
}

int lane_config_check(const struct lane_config *config, const char **ret_why)
{
    const struct pairing_config *pairing = &config->pairing;
    const char *why = NULL;
    if (config->lane < 1 || config->lane > MSG_LANES_MAX) {
        why = "lanes are numbered from 1 to 16";
    } else if (config->direction != LANE_ENTRY && config->direction != LANE_EXIT) {
        why = "a lane is an entry or an exit";
    } else if (pairing->sure < pairing->fair || pairing->fair < 0 || pairing->sure > 1000 ||
               pairing->untold < 0 || pairing->untold > 1000) {
        why = "confidences are 0 to 1000, and sure is not below fair";
    } else if ((unsigned)pairing->vehicle >= VEHICLE_COUNT ||
               (unsigned)pairing->card_vehicle >= VEHICLE_COUNT) {
        why = "no such vehicle";
    }
    why = why ? why : check_inputs(config);
    why = why ? why : check_times(config);
    why = why ? why : check_ways(config);
    if (why) {
        *ret_why = why;
        return DX_E_CONFIG;
    }
    return 0;
}

int lane_config_check_pair(const struct lane_config *a, const struct lane_config *b,
                           const char **ret_why)
{
    if (a->second && b->second) {
        *ret_why = "one of the two arms of a group is the first";
        return DX_E_CONFIG;
    }
    if ((a->second || b->second) && a->direction != b->direction) {
        *ret_why = "the second arm of a group leads where the first one does";
        return DX_E_CONFIG;
    }
    return 0;
}
