/* on_command.c - a person at the console asks a gate to do something. */
#include "server/app/scripts.h"

static int check(const struct app_command *c)
{
    const struct subject *s = &c->subject;
    if (c->lane < 1 || c->lane > MSG_LANES_MAX || c->by[0] == '\0' ||
        c->action >= COMMAND_ACTION_COUNT) {
        return DX_E_INVAL;
    }
    if (c->action == COMMAND_OPEN && c->reason[0] == '\0') {
        return DX_E_INVAL; /* opened by hand: always with a reason */
    }
    if (c->action == COMMAND_SET_SUBJECT &&
        (s->kind == SUBJECT_NONE || s->kind >= SUBJECT_KIND_COUNT || s->key[0] == '\0' ||
         s->vehicle >= VEHICLE_COUNT)) {
        return DX_E_INVAL;
    }
    return 0;
}

int on_command(struct desk *desk, const struct app_command *command, char ret_id[ULID_CAP])
{
    static const char *const words[] = {
#define X(name, word, sentence) word,
        COMMAND_ACTIONS(X)
#undef X
    };
    int error = check(command);
    if (error) {
        return error;
    }
    const struct desk_gate *gate = desk_find_gate(desk, command->gate);
    if (!gate) {
        return DX_E_NOT_FOUND;
    }
    struct down down = {.type = DOWN_COMMAND, .lane = command->lane, .action = command->action};
    desk_ulid(desk, down.id);
    down.deadline = wall_add(desk->now, APP_COMMAND_VALID_S * (int64_t)TIME_SECOND_MS);
    memcpy(down.text, command->reason, sizeof down.text);
    memcpy(down.by, command->by, sizeof down.by);
    if (command->action == COMMAND_SET_SUBJECT) {
        down.subject = command->subject;
        down.subject.source = SOURCE_ATTENDANT;
        down.subject.confidence = 1000;
    }
    struct store_command row = {.gate = gate->id,
                                .action = words[command->action],
                                .reason = command->reason,
                                .by = command->by,
                                .lane = command->lane,
                                .made = desk->now,
                                .deadline = down.deadline};
    memcpy(row.id, down.id, sizeof row.id);
    error = store_add_command(desk->store, &row);
    error = error ? error : desk_send(desk, gate, &down, down.deadline);
    if (!error) {
        memcpy(ret_id, down.id, ULID_CAP);
    }
    return error;
}
