#include "sim/judge/judge_parts.h"

static struct judge_lane *lane_of(struct judge *judge, int site, int lane)
{
    bool there = lane >= 1 && lane <= MSG_LANES_MAX;
    return there ? &judge->place[site].lane[lane - 1] : NULL;
}

void judge_stored(struct judge *judge, int site, const struct event *event)
{
    struct judge_lane *lane = lane_of(judge, site, event->lane);
    if (!lane) {
        return;
    }
    /* The other types let nobody through and end no permit. */
    enum event_type type = event->type;
    if (type == EVENT_ARRIVED || type == EVENT_EXIT_PERMITTED) {
        lane->permit = true;
        lane->by_hand = false;
    } else if (type == EVENT_HAND_OPENED) {
        lane->by_hand = !lane->permit;
        lane->permit = true;
    } else if (type == EVENT_ENTERED || type == EVENT_LEFT || type == EVENT_BACKED_OUT ||
               type == EVENT_BACKED_OFF) {
        lane->permit = lane->by_hand = false;
    } else if (type == EVENT_ALARM) {
        lane->alarms += event->raised ? 1 : lane->alarms > 0 ? -1 : 0;
    } else if (type == EVENT_LANE_MODE && strcmp(event->code, "entry") != 0 &&
               strcmp(event->code, "exit") != 0) {
        lane->held_open = strcmp(event->code, "held_open") == 0;
        lane->emergency = strcmp(event->code, "emergency") == 0;
    }
}

static bool is_taken(const struct judge_lane *lane)
{
    return lane->safety == LEVEL_ON || lane->photocell == LEVEL_ON;
}

static bool it_burns(const struct judge *judge, int site)
{
    for (int i = 0; i < MSG_LANES_MAX; i++) {
        if (judge->place[site].lane[i].fire == LEVEL_ON || judge->place[site].lane[i].emergency) {
            return true;
        }
    }
    return false;
}

void judge_output(struct judge *judge, int site, int number, enum output_role role,
                  enum output_act act)
{
    struct judge_lane *lane = lane_of(judge, site, number);
    if (!lane || act == ACT_OFF) {
        return;
    }
    if (role == OUTPUT_OPEN) {
        /* Up again before what stands under a falling arm: always right. */
        if (!lane->permit && !lane->held_open && !is_taken(lane) && !it_burns(judge, site)) {
            judge_find(judge, JUDGE_PERMIT, site,
                       "lane %d: ordered up, and nothing durable lets anybody through", number);
        }
    } else if (role == OUTPUT_CLOSE) {
        if (is_taken(lane) || lane->safety == LEVEL_UNKNOWN) {
            judge_find(judge, JUDGE_LOOP, site, "lane %d: ordered down, the safety loop is %s",
                       number, is_taken(lane) ? "taken" : "not known");
        }
        if (lane->by_hand) {
            lane->permit = lane->by_hand = false;
        }
    }
}

void judge_input(struct judge *judge, int site, int number, enum input_role role, enum level level)
{
    struct judge_lane *lane = lane_of(judge, site, number);
    if (lane && role == INPUT_SAFETY_LOOP) {
        lane->safety = level;
    } else if (lane && role == INPUT_PHOTOCELL) {
        lane->photocell = level;
    } else if (lane && role == INPUT_FIRE) {
        lane->fire = level;
    }
}

void judge_bus(struct judge *judge, int site, int number, bool reachable)
{
    struct judge_lane *lane = lane_of(judge, site, number);
    if (lane && !reachable) {
        lane->safety = lane->photocell = LEVEL_UNKNOWN;
    }
}

void judge_gate_started(struct judge *judge, int site)
{
    for (int i = 0; i < MSG_LANES_MAX; i++) {
        struct judge_lane *lane = &judge->place[site].lane[i];
        lane->safety = lane->photocell = LEVEL_UNKNOWN;
    }
}

void judge_notes(struct judge *judge, int site)
{
    static const enum judge_rule rules[WORLD_NOTE_COUNT] = {
        [WORLD_NOTE_HIT] = JUDGE_HIT,          [WORLD_NOTE_STUCK] = JUDGE_WAIT,
        [WORLD_NOTE_WRONG_QR] = JUDGE_STREET,  [WORLD_NOTE_WRONG_PAYEE] = JUDGE_STREET,
        [WORLD_NOTE_LEFT_OPEN] = JUDGE_STREET, [WORLD_NOTE_UNPAID] = JUDGE_OWES,
    };
    struct judge_place *place = &judge->place[site];
    const struct world *world = place->site.world;
    for (; place->notes < world->note_count; place->notes++) {
        const struct world_note *note = &world->note[place->notes];
        const struct judge_lane *lane = lane_of(judge, site, note->lane);
        if (note->kind == WORLD_NOTE_LEFT_OPEN && lane && lane->alarms > 0) {
            continue; /* it does not come down, and says so */
        }
        const char *plate = note->visit >= 0 ? world->visit[note->visit].person.key : "-";
        judge_find(judge, rules[note->kind], site, "lane %d, %s: %s", note->lane, plate,
                   world_note_text(note->kind));
    }
}
