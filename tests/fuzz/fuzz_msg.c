/* Bytes as every kind of message, and as a topic: what is accepted must survive a round trip. */
#include "proto/base/check.h"
#include "proto/io/msg_json.h"
#include "proto/topic.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

static void round_trip_event(const struct event *event)
{
    static char space[4 * MSG_SIZE_MAX];
    struct out out;
    struct event again;
    const char *why = NULL;
    out_init(&out, space, sizeof space);
    event_write(&out, event);
    must(!out_failed(&out));
    must(out.n > MSG_SIZE_MAX || event_read(out_str(&out), &again, &why) == 0);
}

static void round_trip_down(const struct down *down)
{
    static char space[4 * MSG_SIZE_MAX];
    struct out out;
    struct down again;
    const char *why = NULL;
    out_init(&out, space, sizeof space);
    down_write(&out, down);
    must(!out_failed(&out));
    must(out.n > MSG_SIZE_MAX || down_read(out_str(&out), &again, &why) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    struct str text = {(const char *)bytes, n};
    struct event event;
    struct down down;
    struct status status;
    struct topic topic;
    char rebuilt[TOPIC_CAP];
    const char *why = NULL;
    if (event_read(text, &event, &why) == 0) {
        round_trip_event(&event);
    } else {
        must(why != NULL);
    }
    if (down_read(text, &down, &why) == 0) {
        round_trip_down(&down);
    }
    (void)!status_read(text, &status, &why);
    if (topic_parse(text, &topic) == 0) {
        must(topic_write(rebuilt, topic.lot, topic.gate, topic.channel) == 0);
        must(str_eq_c(text, rebuilt));
    }
    return 0;
}
