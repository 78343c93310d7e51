#include "gate/io/config_rules.h"

/* "06:30" */
static int parse_minute(struct str text, void *ret_member)
{
    int64_t hour = 0;
    int64_t minute = 0;
    if (text.n != 5 || text.p[2] != ':' || str_parse_i64(str_slice(text, 0, 2), 0, 23, &hour) ||
        str_parse_i64(str_slice(text, 3, 5), 0, 59, &minute)) {
        return DX_E_FORMAT;
    }
    int value = (int)(hour * 60 + minute);
    memcpy(ret_member, &value, sizeof value);
    return 0;
}

static const struct config_field schedule_fields[] = {
    {.key = "from",
     .type = CONFIG_CUSTOM,
     CONFIG_AT(struct schedule_settings, minute),
     .parse = parse_minute,
     .required = true,
     .allowed = "an hour of the day, as \"06:30\"",
     .sample = "06:30",
     .help = "time in Vietnam; growing from row to row"},
    {.key = "direction",
     .type = CONFIG_ENUM,
     CONFIG_AT(struct schedule_settings, direction),
     .allowed = "entry|exit",
     .required = true,
     .sample = "entry",
     .help = "where the lane leads from then on"},
    {0}};

#define SPAN(k, member, least, preset, sentence)                                     \
    {                                                                                \
        .key = k, .type = CONFIG_DURATION, CONFIG_AT(struct rule_settings, member),  \
        .min = (least), .max = TIME_DAY_MS, .default_text = preset, .help = sentence \
    }

const struct config_field rule_fields[] = {
    {.key = "passback",
     .type = CONFIG_ENUM,
     CONFIG_AT(struct rule_settings, passback),
     .allowed = "off|soft|hard|timed",
     .default_text = "off",
     .help =
         "a vehicle comes in that is inside: let in, let in with an alarm, held, or held at first"},
    SPAN("passback_for", passback_ms, 0, "15min",
         "timed: held when it came in later than this ago"),
    {.key = "reversible",
     .type = CONFIG_BOOL,
     CONFIG_AT(struct rule_settings, reversible),
     .default_text = "false",
     .help = "leads both ways, one at a time; needs the input arming_back"},
    {.key = "schedule",
     .type = CONFIG_LIST,
     CONFIG_AT(struct rule_settings, schedule),
     CONFIG_COUNT(struct rule_settings, schedule_count),
     .children = schedule_fields,
     .child_size = sizeof(struct schedule_settings),
     .children_max = LANE_SCHEDULE_MAX,
     .help = "when a reversible lane turns by itself"},
    {.key = "group",
     .type = CONFIG_INT,
     CONFIG_AT(struct rule_settings, group),
     .max = LANE_GROUPS_MAX,
     .default_text = "0",
     .help = "two lanes with one number: one arm is up at a time; 0: none"},
    {.key = "second",
     .type = CONFIG_BOOL,
     CONFIG_AT(struct rule_settings, second),
     .default_text = "false",
     .help = "the second arm of its group: lets on whom the first one let in"},
    SPAN("interlock_for", interlock_ms, 1, "30s", "waits for the other arm so long: alarm"),
    SPAN("blocked_for", blocked_ms, 1, "1min", "something under the arm so long: alarm"),
    SPAN("clear_for", clear_ms, 20, "500ms", "nothing under the arm so long before it comes down"),
    SPAN("slow_after", slow_ms, 0, "6s", "the arm takes longer than this: alarm; 0: never"),
    SPAN("push_within", push_ms, 0, "5s", "own button so soon after a transaction: no alarm"),
    SPAN("alarm_for", alarm_ms, 1, "10s",
         "an alarm about one passage, and the siren, last so long"),
    SPAN("emergency_return", emergency_return_ms, 0, "0",
         "the fire input is clear so long: emergency over; 0: only when a person says so"),
    {.key = "fire_own",
     .type = CONFIG_BOOL,
     CONFIG_AT(struct rule_settings, fire_own),
     .default_text = "false",
     .help = "only this lane's fire input raises it; else that of any lane of the gate"},
    {0}};

void rules_fill(const struct rule_settings *from, struct lane_config *to)
{
    to->passback = from->passback;
    to->passback_ms = from->passback_ms;
    to->reversible = from->reversible;
    to->schedule_count = from->schedule_count;
    for (int i = 0; i < from->schedule_count; i++) {
        to->schedule[i].minute = from->schedule[i].minute;
        to->schedule[i].direction = from->schedule[i].direction;
    }
    to->group = from->group;
    to->second = from->second;
    to->interlock_ms = from->interlock_ms;
    to->blocked_ms = from->blocked_ms;
    to->barrier.slow_ms = from->slow_ms;
    to->clear_ms = from->clear_ms;
    to->push_ms = from->push_ms;
    to->alarm_ms = from->alarm_ms;
    to->emergency_return_ms = from->emergency_return_ms;
    to->fire_own = from->fire_own;
}
