#include "gate/core/gate_check.h"

#include "gate/core/gate.h"
#include "proto/topic.h"

#include <string.h>

/* A thousand years; sums of such times do not overflow. */
#define TIME_MAX_MS INT64_C(31556952000000)

static bool is_ended(const char *text, size_t cap)
{
    return memchr(text, '\0', cap) != NULL;
}
#define ENDED(array) is_ended(array, sizeof(array))

static bool is_time(int64_t ms)
{
    return ms >= 0 && ms <= TIME_MAX_MS;
}

static bool is_subject(const struct subject *subject)
{
    return (unsigned)subject->kind < SUBJECT_KIND_COUNT &&
           (unsigned)subject->source < SOURCE_COUNT && (unsigned)subject->vehicle < VEHICLE_COUNT &&
           ENDED(subject->key) && ENDED(subject->raw) && ENDED(subject->last4);
}

static bool is_down(const struct down *down)
{
    return (unsigned)down->type < DOWN_TYPE_COUNT && (unsigned)down->state < QUOTE_STATE_COUNT &&
           (unsigned)down->action < COMMAND_ACTION_COUNT && is_time(down->entered.ms) &&
           is_time(down->valid_until.ms) && is_time(down->deadline.ms) && ENDED(down->id) &&
           ENDED(down->session) && ENDED(down->ask) && ENDED(down->paycode) &&
           ENDED(down->payload) && ENDED(down->url) && ENDED(down->text) && ENDED(down->by) &&
           down->amount_vnd >= 0 && down->amount_vnd <= MONEY_MAX_VND && down->fee_vnd >= 0 &&
           down->fee_vnd <= MONEY_MAX_VND && is_subject(&down->subject);
}

static bool is_ulid_or_none(const char *text, size_t cap)
{
    return is_ended(text, cap) && (!text[0] || ulid_is_valid(str_c(text)));
}
#define ULID_OR_NONE(array) is_ulid_or_none(array, sizeof(array))

static bool is_desk_type(enum event_type type)
{
    return type == EVENT_SHIFT_OPENED || type == EVENT_SHIFT_CLOSED ||
           type == EVENT_OCCUPANCY_CORRECTED || type == EVENT_ALARM_ACKED ||
           type == EVENT_DESK_ACTION || type == EVENT_ENTRY_DECLARED || type == EVENT_AMENDED;
}

/* What the server would refuse is not recorded either. */
static bool is_desk(const struct event *event)
{
    bool names = event->type == EVENT_ENTRY_DECLARED || event->type == EVENT_AMENDED;
    bool shift = event->type == EVENT_SHIFT_OPENED || event->type == EVENT_SHIFT_CLOSED;
    bool coded = event->type == EVENT_ALARM_ACKED || event->type == EVENT_DESK_ACTION ||
                 event->type == EVENT_ENTRY_DECLARED;
    return is_desk_type(event->type) && ENDED(event->by) && topic_name_is_valid(str_c(event->by)) &&
           event->lane >= 0 && event->lane <= MSG_LANES_MAX && ULID_OR_NONE(event->session) &&
           ULID_OR_NONE(event->cause) && ULID_OR_NONE(event->shift) && ENDED(event->code) &&
           ENDED(event->text) && str_is_utf8(str_c(event->text)) && is_subject(&event->subject) &&
           is_time(event->entered.ms) && (unsigned)event->vehicle < VEHICLE_COUNT &&
           event->counted_vnd >= 0 && event->counted_vnd <= MONEY_MAX_VND &&
           event->amount_vnd >= -MONEY_MAX_VND && event->amount_vnd <= MONEY_MAX_VND &&
           event->count_from >= -MSG_COUNT_MAX && event->count_from <= MSG_COUNT_MAX &&
           event->count_to >= 0 && event->count_to <= MSG_COUNT_MAX &&
           (!names || (event->session[0] && event->subject.key[0])) &&
           (!shift || event->shift[0]) && (!coded || event->code[0]);
}

static bool is_plate(const struct gate_plate *plate)
{
    return ENDED(plate->raw) && ENDED(plate->camera_event) && plate->confidence >= 0 &&
           plate->confidence <= 1000 && (unsigned)plate->hint.vehicle < VEHICLE_COUNT &&
           (unsigned)plate->hint.colour < PLATE_COLOUR_COUNT;
}

bool gate_event_is_valid(const struct gate_event *event)
{
    if (!is_time(event->now.ms) || !is_time(event->wall.ms) ||
        (unsigned)event->clock >= CLOCK_COUNT) {
        return false;
    }
    switch (event->type) {
    case GATE_EV_START:
        return event->start.generation > 0 && event->start.boot > 0 && event->start.last_seq >= 0 &&
               event->start.acked_seq >= 0;
    case GATE_EV_INPUT:
        return (unsigned)event->input.role < INPUT_ROLE_COUNT &&
               (unsigned)event->input.level <= LEVEL_ON;
    case GATE_EV_PLATE:
        return is_plate(&event->plate);
    case GATE_EV_CARD:
        return ENDED(event->card.key) && ENDED(event->card.last4) &&
               (unsigned)event->card.kind < SUBJECT_KIND_COUNT;
    case GATE_EV_COIL:
        return (unsigned)event->coil.role < OUTPUT_ROLE_COUNT;
    case GATE_EV_DOWN:
        return is_down(&event->down);
    case GATE_EV_DESK:
        return is_desk(&event->desk);
    case GATE_EV_DEVICE:
        return ENDED(event->device.device) && ENDED(event->device.code) && event->device.code[0] &&
               event->device.lane >= 0 && event->device.lane <= MSG_LANES_MAX;
    case GATE_EV_BUS:
    case GATE_EV_SCAN_OTHER:
    case GATE_EV_STORED:
    case GATE_EV_STORE_FAILED:
    case GATE_EV_LINK:
    case GATE_EV_TIMEOUT:
        return true;
    case GATE_EV_COUNT:
        break;
    }
    return false;
}

/* A group is two lanes that fit; one alone would never be interlocked, and nobody would know. */
static int check_group(const struct gate_config *config, int i, const char **ret_why)
{
    const struct lane_config *lane = &config->lane[i];
    int others = 0;
    int before = 0;
    for (int k = 0; k < config->lane_count && lane->group != 0; k++) {
        const struct lane_config *other = &config->lane[k];
        if (k == i || other->group != lane->group) {
            continue;
        }
        others++;
        before += k < i;
        if (k < i && lane_config_check_pair(other, lane, ret_why)) {
            return DX_E_CONFIG;
        }
    }
    if (before > 1 || (lane->group != 0 && others == 0)) {
        *ret_why = "a group has two lanes";
        return DX_E_CONFIG;
    }
    return 0;
}

int gate_config_check(const struct gate_config *config, const char **ret_why, int *ret_lane)
{
    unsigned seen = 0;
    *ret_lane = 0;
    if (!ENDED(config->gate) || !topic_name_is_valid(str_c(config->gate)) ||
        !ENDED(config->version)) {
        *ret_why = "a gate's id is [a-z0-9-], 1 to 32";
        return DX_E_CONFIG;
    }
    if (config->lane_count < 1 || config->lane_count > MSG_LANES_MAX) {
        *ret_why = "a gate has 1 to 16 lanes";
        return DX_E_CONFIG;
    }
    for (int i = 0; i < config->lane_count; i++) {
        const struct lane_config *lane = &config->lane[i];
        *ret_lane = lane->lane;
        if (lane_config_check(lane, ret_why)) {
            return DX_E_CONFIG;
        }
        if ((seen & 1u << lane->lane) != 0) {
            *ret_why = "two lanes have the same number";
            return DX_E_CONFIG;
        }
        seen |= 1u << lane->lane;
        if (check_group(config, i, ret_why)) {
            return DX_E_CONFIG;
        }
    }
    return 0;
}
