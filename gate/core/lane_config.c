#include "gate/core/lane.h"

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
                    .coil_retry_ms = 500},
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
    };
}

static bool is_time(int64_t ms, int64_t min)
{
    return ms >= min && ms <= TIME_DAY_MS;
}

int lane_config_check(const struct lane_config *config, const char **ret_why)
{
    const struct barrier_config *barrier = &config->barrier;
    const struct pairing_config *pairing = &config->pairing;
    unsigned loops = 1u << INPUT_ARMING_LOOP | 1u << INPUT_SAFETY_LOOP;
    unsigned orders = 1u << OUTPUT_OPEN | 1u << OUTPUT_CLOSE;
    const char *why = NULL;
    if (config->lane < 1 || config->lane > MSG_LANES_MAX) {
        why = "lanes are numbered from 1 to 16";
    } else if (config->direction != LANE_ENTRY && config->direction != LANE_EXIT) {
        why = "a lane is an entry or an exit";
    } else if ((config->inputs & loops) != loops || config->inputs >= 1u << INPUT_ROLE_COUNT) {
        why = "a lane needs an arming loop and a safety loop";
    } else if ((config->outputs & orders) != orders || config->outputs >= 1u << OUTPUT_ROLE_COUNT) {
        why = "a lane needs the outputs open and close";
    } else if (barrier->has_opened != ((config->inputs & 1u << INPUT_OPENED) != 0) ||
               barrier->has_closed != ((config->inputs & 1u << INPUT_CLOSED) != 0) ||
               barrier->has_stop != ((config->outputs & 1u << OUTPUT_STOP) != 0)) {
        why = "the barrier's switches are not those of the lane's inputs and outputs";
    } else if (pairing->sure < pairing->fair || pairing->fair < 0 || pairing->sure > 1000 ||
               pairing->untold < 0 || pairing->untold > 1000) {
        why = "confidences are 0 to 1000, and sure is not below fair";
    } else if ((unsigned)pairing->vehicle >= VEHICLE_COUNT ||
               (unsigned)pairing->card_vehicle >= VEHICLE_COUNT) {
        why = "no such vehicle";
    } else if (!is_time(barrier->travel_ms, 1) || !is_time(barrier->coil_retry_ms, 1) ||
               !is_time(pairing->memory_ms, 0) || !is_time(pairing->settle_ms, 0) ||
               !is_time(pairing->echo_ms, 0) || !is_time(config->read_ms, 1) ||
               !is_time(config->gone_ms, 0) || !is_time(config->clear_ms, 0) ||
               !is_time(config->answer_ms, 1) || !is_time(config->quote_ms, 1) ||
               !is_time(config->open_ms, 1) || !is_time(config->notice_ms, 1) ||
               !is_time(config->learn_ms, 1)) {
        why = "a time is outside 1 ms to 1 day";
    }
    if (why) {
        *ret_why = why;
        return DX_E_CONFIG;
    }
    return 0;
}
