#include "tests/scenario/gate_audit.h"

#include <stdlib.h>

void audit_init(struct audit *audit)
{
    memset(audit, 0, sizeof *audit);
    audit->record = calloc(AUDIT_RECORDS, sizeof audit->record[0]);
}

void audit_fini(struct audit *audit)
{
    free(audit->record);
}

static bool is_clear(const struct audit *audit, int lane)
{
    const struct audit_lane *l = &audit->lane[lane];
    bool cell = (audit->lanes_photocell & 1u << lane) != 0;
    return l->input[INPUT_SAFETY_LOOP] == LEVEL_OFF &&
           (!cell || l->input[INPUT_PHOTOCELL] == LEVEL_OFF);
}

/* A mode that is durable: what the arm may do without a permit. */
static void take_mode(struct audit *audit, int lane, int64_t seq, const char *code)
{
    struct audit_lane *l = &audit->lane[lane];
    bool alone = (audit->lanes_alone & 1u << lane) != 0;
    bool burns = false;
    for (int i = 1; i <= MSG_LANES_MAX; i++) {
        bool on =
            audit->lane[i].input[INPUT_FIRE] == LEVEL_ON && (audit->lanes_fire & 1u << i) != 0;
        burns = burns || (on && (i == lane || !alone));
    }
    if (strcmp(code, "emergency") == 0) {
        l->emergency = true;
    } else if (strcmp(code, "entry") != 0 && strcmp(code, "exit") != 0 &&
               strcmp(code, "closed") != 0) {
        l->emergency = l->emergency && (burns || seq <= l->burnt);
        l->held_open = strcmp(code, "held_open") == 0;
    }
}

/* The second arm of a group lets on whom the first one let in. */
static void let_on(struct audit *audit, const struct event *event)
{
    for (int lane = 1; lane <= MSG_LANES_MAX; lane++) {
        if (audit->second_of[lane] == event->lane && event->lane != 0) {
            audit->lane[lane].may_open = true;
            audit->lane[lane].by_hand = true;
            audit->let_on[lane] = event->seq;
        }
    }
}

/* It still does after a restart, if that one has not gone on. */
static void let_on_again(struct audit *audit)
{
    for (int lane = 1; lane <= MSG_LANES_MAX; lane++) {
        bool waits = audit->second_of[lane] != 0 && audit->let_on[lane] > audit->went_on[lane];
        audit->lane[lane].may_open = audit->lane[lane].may_open || waits;
        audit->lane[lane].by_hand = audit->lane[lane].by_hand || waits;
    }
}

/* The record with this seq is on the disk now. */
static void take_stored(struct audit *audit, int64_t seq)
{
    if (seq != audit->durable + 1 || seq > audit->last) {
        return;
    }
    audit->durable = seq;
    audit->record[seq].durable = true;
    const struct event *event = &audit->record[seq].event;
    struct audit_lane *l = &audit->lane[event->lane];
    if (event->type == EVENT_ARRIVED || event->type == EVENT_EXIT_PERMITTED) {
        /* Unless the loops have said since that it has gone. */
        bool ended = false;
        for (int64_t i = seq + 1; i <= audit->last; i++) {
            const struct event *later = &audit->record[i].event;
            ended = ended || (later->lane == event->lane &&
                              (later->type == EVENT_BACKED_OUT || later->type == EVENT_BACKED_OFF));
        }
        l->may_open = !ended;
        l->by_hand = false;
    } else if (event->type == EVENT_HAND_OPENED && !l->may_open) {
        l->may_open = true;
        l->by_hand = true;
    } else if (event->type == EVENT_LANE_MODE) {
        take_mode(audit, event->lane, seq, event->code);
    }
}

/* One fire input concerns its lane, and the others that do not stand alone. */
static void burn(struct audit *audit, int at, bool fire, int64_t now)
{
    for (int lane = 1; lane <= MSG_LANES_MAX && fire; lane++) {
        unsigned bit = 1u << lane;
        if (lane == at || ((audit->lanes_all & bit) != 0 && (audit->lanes_alone & bit) == 0)) {
            audit->lane[lane].emergency = true;
            audit->lane[lane].burnt = audit->last;
            audit->lane[lane].must_rise = true;
            audit->fire_at = now;
        }
    }
}

static bool is_up(const struct audit_lane *l)
{
    return l->rising || l->input[INPUT_OPENED] == LEVEL_ON;
}

/* M8: no time may pass before all of them are ordered up. */
static void note_late_lanes(struct audit *audit, int64_t now)
{
    for (int lane = 1; lane <= MSG_LANES_MAX && now > audit->fire_at; lane++) {
        struct audit_lane *l = &audit->lane[lane];
        audit->late = audit->late || (l->must_rise && l->emergency && !is_up(l));
        l->must_rise = false;
    }
}

void audit_event(struct audit *audit, const struct gate_event *event)
{
    note_late_lanes(audit, event->now.ms);
    struct audit_lane *l = NULL;
    for (int i = 0; i <= MSG_LANES_MAX; i++) {
        audit->lane[i].fire_now = false;
    }
    if (event->lane >= 1 && event->lane <= MSG_LANES_MAX) {
        l = &audit->lane[event->lane];
    }
    if (event->type == GATE_EV_INPUT && l && (unsigned)event->input.role < INPUT_ROLE_COUNT &&
        (unsigned)event->input.level <= LEVEL_ON) {
        bool fire = event->input.role == INPUT_FIRE && event->input.level == LEVEL_ON &&
                    (audit->lanes_fire & 1u << event->lane) != 0;
        l->fire_now = fire && l->input[INPUT_FIRE] != LEVEL_ON;
        burn(audit, event->lane, fire, event->now.ms);
        l->input[event->input.role] = event->input.level;
    } else if (event->type == GATE_EV_BUS && l && !event->bus.reachable) {
        for (int i = 0; i < INPUT_ROLE_COUNT; i++) {
            l->input[i] = LEVEL_UNKNOWN;
        }
        l->closing = false;
    } else if (event->type == GATE_EV_STORED) {
        take_stored(audit, event->stored.seq);
    } else if (event->type == GATE_EV_DOWN && event->down.lane >= 1 &&
               event->down.lane <= MSG_LANES_MAX &&
               (event->down.type == DOWN_QUOTE || event->down.type == DOWN_PAID)) {
        struct audit_lane *to = &audit->lane[event->down.lane];
        const struct down *down = &event->down;
        bool goes = down->type == DOWN_PAID || down->state == QUOTE_PAID ||
                    down->state == QUOTE_FREE || down->state == QUOTE_EXEMPT;
        bool fits = (to->ask[0] && strcmp(to->ask, down->ask) == 0) ||
                    (to->session[0] && strcmp(to->session, down->session) == 0);
        if (fits && down->session[0]) {
            memcpy(to->session, down->session, sizeof to->session);
        }
        to->told = to->told || (goes && fits);
    }
}

static const char *new_record(struct audit *audit, const struct event *event)
{
    struct audit_lane *l = &audit->lane[event->lane];
    for (int64_t i = 1; i < event->seq; i++) {
        const struct event *before = &audit->record[i].event;
        if (strcmp(before->id, event->id) == 0) {
            return "an id is used for two records";
        }
        bool once = event->type == EVENT_ARRIVED || event->type == EVENT_ENTERED ||
                    event->type == EVENT_LEFT;
        if (once && before->type == event->type && event->session[0] &&
            strcmp(before->session, event->session) == 0) {
            return "a session has an edge twice";
        }
        if (event->type == EVENT_COMMAND_DONE && before->type == EVENT_COMMAND_DONE &&
            strcmp(before->cause, event->cause) == 0) {
            return "a command has two results";
        }
    }
    switch (event->type) {
    case EVENT_EXIT_ASKED:
        memcpy(l->ask, event->id, sizeof l->ask);
        memcpy(l->session, event->session, sizeof l->session);
        l->told = false;
        l->cash = false;
        break;
    case EVENT_EXIT_PERMITTED:
        if (event->permit == PERMIT_CASH ? !l->cash
            : event->permit == PERMIT_EMERGENCY
                ? !l->emergency
                : !l->told && event->permit != PERMIT_MANUAL && event->permit != PERMIT_DEBT) {
            return "permitted, and nobody said so for this ask";
        }
        break;
    case EVENT_CASH_TAKEN:
        l->cash = true;
        break;
    case EVENT_ENTERED:
    case EVENT_LEFT:
        let_on(audit, event);
        l->may_open = false;
        l->ask[0] = '\0';
        l->session[0] = '\0';
        break;
    case EVENT_BACKED_OUT:
    case EVENT_BACKED_OFF:
        l->may_open = false;
        l->ask[0] = '\0';
        l->session[0] = '\0';
        break;
    case EVENT_BOOT:
    case EVENT_ARRIVED:
    case EVENT_HELD:
    case EVENT_RELEASED:
    case EVENT_HAND_OPENED:
    case EVENT_ALARM:
    case EVENT_AMENDED:
    case EVENT_QUOTED:
    case EVENT_ENTRY_DECLARED:
    case EVENT_SHIFT_OPENED:
    case EVENT_SHIFT_CLOSED:
    case EVENT_OCCUPANCY_CORRECTED:
    case EVENT_ALARM_ACKED:
    case EVENT_DESK_ACTION:
    case EVENT_UNLOGGED:
    case EVENT_LANE_MODE:
    case EVENT_CLOCK_SET:
    case EVENT_COMMAND_DONE:
    case EVENT_TYPE_COUNT:
        break;
    }
    return NULL;
}

static const char *record_effect(struct audit *audit, const struct gate_record *record)
{
    const struct event *event = &record->event;
    if (event->seq >= AUDIT_RECORDS) {
        return "the audit has no more room";
    }
    if (event->lane < 0 || event->lane > MSG_LANES_MAX || !event->id[0]) {
        return "a record without a lane or an id";
    }
    if (event->seq == audit->last + 1) {
        audit->last = event->seq;
        audit->record[event->seq].event = *event;
        return new_record(audit, event);
    }
    if (event->seq > audit->last || event->seq <= audit->durable) {
        return "a record has a seq with a gap, or one that is durable already";
    }
    if (memcmp(&audit->record[event->seq].event, event, sizeof *event) != 0) {
        return "a record that was given again is another one";
    }
    return NULL;
}

static const char *output(struct audit *audit, int lane, enum output_role role, enum output_act act)
{
    struct audit_lane *l = &audit->lane[lane];
    if (act == ACT_OFF) {
        l->on[role] = false;
        return NULL;
    }
    if (role == OUTPUT_OPEN) {
        bool reverse = l->closing && !is_clear(audit, lane);
        l->rising = true;
        if (!l->may_open && !reverse && !l->reversed && !l->emergency && !l->held_open) {
            return "the arm is ordered up without a durable permit";
        }
        l->reversed = l->reversed || reverse;
        if (l->on[OUTPUT_CLOSE]) {
            return "open and close are on together";
        }
        l->closing = false;
    } else if (role == OUTPUT_CLOSE) {
        if (!is_clear(audit, lane)) {
            return "the arm is ordered down onto something, or blindly";
        }
        if (l->on[OUTPUT_OPEN]) {
            return "open and close are on together";
        }
        if (l->emergency) {
            return "the arm is ordered down in an emergency";
        }
        l->rising = false;
        l->closing = true;
        l->reversed = false;
        if (l->by_hand) {
            l->may_open = false;
            l->by_hand = false;
            audit->went_on[lane] = audit->let_on[lane];
        }
    }
    l->on[role] = true;
    return NULL;
}

const char *audit_effects(struct audit *audit, const struct gate_effects *effects)
{
    for (int i = 0; i < effects->count; i++) {
        const struct gate_effect *effect = &effects->effect[i];
        const char *broken = NULL;
        if (effect->type == GATE_EFF_RECORD) {
            broken = record_effect(audit, &effect->record);
        } else if (effect->type == GATE_EFF_OUTPUT) {
            broken = output(audit, effect->lane, effect->output.role, effect->output.act);
        } else if (effect->type == GATE_EFF_SEND &&
                   (effect->send.from < 1 || effect->send.to > audit->durable)) {
            broken = "a record is sent that is not durable";
        }
        if (broken) {
            return broken;
        }
    }
    if (audit->late) {
        return "fire, and another lane's arm was not ordered up at the same moment";
    }
    for (int lane = 1; lane <= MSG_LANES_MAX; lane++) {
        audit->lane[lane].must_rise = audit->lane[lane].must_rise && !is_up(&audit->lane[lane]);
        if (audit->lane[lane].fire_now && !is_up(&audit->lane[lane])) {
            return "fire, and the arm is not ordered up in the same step";
        }
        if (audit->lane[lane].on[OUTPUT_GREEN] && audit->lane[lane].on[OUTPUT_RED]) {
            return "green and red are on together";
        }
    }
    return NULL;
}

/* Killed: what was not durable never was.  Permits that were are still good. */
void audit_restart(struct audit *audit)
{
    for (int64_t i = audit->durable + 1; i <= audit->last; i++) {
        memset(&audit->record[i], 0, sizeof audit->record[i]);
    }
    audit->last = audit->durable;
    for (int lane = 0; lane <= MSG_LANES_MAX; lane++) {
        struct audit_lane *l = &audit->lane[lane];
        memset(l, 0, sizeof *l);
        for (int64_t i = 1; i <= audit->last; i++) {
            const struct event *event = &audit->record[i].event;
            if (event->lane != lane) {
                continue;
            }
            if (event->type == EVENT_ARRIVED || event->type == EVENT_EXIT_PERMITTED) {
                l->may_open = true;
            } else if (event->type == EVENT_ENTERED || event->type == EVENT_LEFT ||
                       event->type == EVENT_BACKED_OUT || event->type == EVENT_BACKED_OFF) {
                l->may_open = false;
                l->ask[0] = '\0';
                l->session[0] = '\0';
            } else if (event->type == EVENT_EXIT_ASKED) {
                memcpy(l->ask, event->id, sizeof l->ask);
                memcpy(l->session, event->session, sizeof l->session);
                l->told = false;
            } else if (event->type == EVENT_CASH_TAKEN) {
                l->cash = true;
            } else if (event->type == EVENT_LANE_MODE) {
                take_mode(audit, lane, i, event->code);
            }
        }
    }
    let_on_again(audit);
}
