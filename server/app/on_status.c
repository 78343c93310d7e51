/* on_status.c - is a gate alive: its retained status, or its last will. */
#include "proto/base/check.h"
#include "proto/io/msg_json.h"
#include "server/app/scripts.h"

int on_status(struct desk *desk, struct desk_gate *gate, struct str payload)
{
    struct status status;
    char source[TOPIC_CAP];
    const char *why = NULL;
    must(topic_write(source, gate->lot->id, gate->id, TOPIC_STATUS) == 0);
    int error = status_read(payload, &status, &why);
    if (!error && strcmp(status.gate, gate->id) != 0) {
        error = DX_E_DIFFERENT;
        why = "the status names another gate than its topic";
    }
    if (desk_is_refusal(error)) {
        return desk_set_aside(desk, source, why, payload);
    }
    error = error ? error
                  : store_set_status(desk->store, gate->id, status.online, status.version,
                                     desk->now, payload);
    if (!error && status.online) {
        error = store_hurry(desk->store, gate->id, desk->now);
        error = error ? error : desk_clear_alarm(desk, gate, 0, "gate.offline");
    } else if (!error) {
        error = desk_alarm(desk, gate, 0, "gate.offline", "the broker has lost it");
    }
    if (!error) {
        desk_tell(desk, CHANGE_GATE, gate, 0, NULL, "", status.online ? "online" : "offline");
    }
    return error;
}
