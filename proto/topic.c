#include "proto/topic.h"

static const char *const words[] = {
#define X(name, word) word,
    TOPIC_CHANNELS(X)
#undef X
};

bool topic_name_is_valid(struct str name)
{
    if (name.n == 0 || name.n >= MSG_NAME_CAP) {
        return false;
    }
    for (size_t i = 0; i < name.n; i++) {
        char c = name.p[i];
        if (!ascii_is_digit(c) && !(c >= 'a' && c <= 'z') && c != '-') {
            return false;
        }
    }
    return true;
}

int topic_write(char out[TOPIC_CAP], const char *lot, const char *gate, enum topic_channel channel)
{
    struct out text;
    if (!topic_name_is_valid(str_c(lot)) || !topic_name_is_valid(str_c(gate))) {
        return DX_E_FORMAT;
    }
    out_init(&text, out, TOPIC_CAP);
    out_fmt(&text, "doxe/1/%s/%s/%s", lot, gate, words[channel]);
    return out_failed(&text) ? DX_E_SPACE : 0;
}

/* The text up to the next '/', which is taken away too. */
static struct str take_level(struct str *text)
{
    size_t n = str_index(*text, '/');
    struct str level = str_slice(*text, 0, n);
    *text = str_slice(*text, n + 1, text->n);
    return level;
}

int topic_parse(struct str text, struct topic *ret_topic)
{
    struct topic topic = {0};
    if (!str_eq_c(take_level(&text), "doxe")) {
        return DX_E_FORMAT;
    }
    if (!str_eq_c(take_level(&text), "1")) {
        return DX_E_VERSION;
    }
    struct str lot = take_level(&text);
    struct str gate = take_level(&text);
    if (!topic_name_is_valid(lot) || !topic_name_is_valid(gate) ||
        str_copy(topic.lot, sizeof topic.lot, lot) != 0 ||
        str_copy(topic.gate, sizeof topic.gate, gate) != 0) {
        return DX_E_FORMAT;
    }
    for (int i = 0; i < TOPIC_CHANNEL_COUNT; i++) {
        if (str_eq_c(text, words[i])) {
            topic.channel = (enum topic_channel)i;
            *ret_topic = topic;
            return 0;
        }
    }
    return DX_E_FORMAT;
}
