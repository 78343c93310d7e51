/*
 * topic.h - the names of MQTT topics, built and taken apart.
 *
 *     doxe/1/<lot>/<gate>/up       events, in order
 *     doxe/1/<lot>/<gate>/down     acknowledgements, quotes, payments, commands
 *     doxe/1/<lot>/<gate>/status   retained, with last will
 *
 * lot and gate are [a-z0-9-]{1,32}; the gate is the common name of its
 * certificate, so that the broker's access list can hold a gate to its own
 * topics.  No personal data in a topic, ever.
 */
#ifndef DOXE_TOPIC_H
#define DOXE_TOPIC_H

#include "proto/msg.h"

enum { TOPIC_CAP = 96 };

#define TOPIC_CHANNELS(X) \
    X(UP, "up")           \
    X(DOWN, "down")       \
    X(STATUS, "status")

enum topic_channel {
#define X(name, word) TOPIC_##name,
    TOPIC_CHANNELS(X)
#undef X
        TOPIC_CHANNEL_COUNT
};

struct topic {
    char lot[MSG_NAME_CAP];
    char gate[MSG_NAME_CAP];
    enum topic_channel channel;
};

/* [a-z0-9-]{1,32} */
bool topic_name_is_valid(struct str name);
DX_MUST_USE int topic_write(char out[TOPIC_CAP], const char *lot, const char *gate,
                            enum topic_channel channel);
/* DX_E_FORMAT, or DX_E_VERSION when the second level is not "1". */
DX_MUST_USE int topic_parse(struct str text, struct topic *ret_topic);

#endif
