/*
 * config_rules.h - lanes[].rules: how a lane decides, beyond what it is made of.
 *
 *     rules:
 *       passback: timed
 *       passback_for: 15min
 *       reversible: true
 *       schedule:
 *         - {from: "06:00", direction: entry}
 *         - {from: "16:30", direction: exit}
 *
 * The meaning is in docs/LANE.md (M, D, A, I, W).  What binds several keys (a
 * reversible lane needs arming_back, two arms a group) the core checks.
 */
#ifndef DOXE_GATE_IO_CONFIG_RULES_H
#define DOXE_GATE_IO_CONFIG_RULES_H

#include "gate/core/lane_config.h"
#include "proto/io/config.h"

struct schedule_settings {
    int minute; /* of the day */
    enum lane_direction direction;
};

struct rule_settings {
    enum passback passback;
    int64_t passback_ms;
    bool reversible;
    int schedule_count;
    struct schedule_settings schedule[LANE_SCHEDULE_MAX];
    int group;
    bool second;
    int64_t interlock_ms;
    int64_t blocked_ms;
    int64_t clear_ms;
    int64_t slow_ms;
    int64_t push_ms;
    int64_t alarm_ms;
    int64_t emergency_return_ms;
    bool fire_own;
};

extern const struct config_field rule_fields[];
void rules_fill(const struct rule_settings *from, struct lane_config *to);

#endif
