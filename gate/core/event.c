#include "gate/core/event.h"

#define X(name, word, sentence) word,
static const char *const event_words[] = {GATE_EVENTS(X)};
static const char *const effect_words[] = {GATE_EFFECTS(X)};
static const char *const log_words[] = {GATE_LOGS(X)};
#undef X

const char *gate_event_text(enum gate_event_type type)
{
    return (unsigned)type < GATE_EV_COUNT ? event_words[type] : "?";
}

const char *gate_effect_text(enum gate_effect_type type)
{
    return (unsigned)type < GATE_EFF_COUNT ? effect_words[type] : "?";
}

const char *gate_log_text(enum gate_log_name name)
{
    return (unsigned)name < GATE_LOG_COUNT ? log_words[name] : "?";
}
