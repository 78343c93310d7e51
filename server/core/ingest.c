#include "server/core/ingest.h"

#include "proto/base/check.h"

const char *ingest_check_topic(const struct ingest_gate *gate, const struct topic *topic)
{
    if (!gate->configured) {
        return "the gate is not in the configuration";
    }
    if (strcmp(gate->lot, topic->lot) != 0) {
        return "the gate belongs to another lot";
    }
    return NULL;
}

static void set_aside(struct ingest_verdict *verdict, const char *reason)
{
    verdict->action = INGEST_SET_ASIDE;
    verdict->reason = reason;
}

void ingest_went_back(const struct ingest_gate *gate, const struct event *event,
                      struct ingest_verdict *verdict)
{
    bool old = event->generation < gate->generation;
    *verdict = (struct ingest_verdict){
        .action = INGEST_WENT_BACK,
        .reason = "the journal went back: this number was used before, by another event",
        .alarm = "journal.went_back",
        .gap_generation = old ? gate->generation : event->generation + 1,
        .gap_from = old ? gate->high + 1 : 1};
}

void ingest_judge(const struct ingest_gate *gate, const struct topic *topic,
                  const struct event *event, bool known_id, struct ingest_verdict *verdict)
{
    *verdict = (struct ingest_verdict){.action = INGEST_APPLY};
    const char *reason = ingest_check_topic(gate, topic);
    if (reason) {
        set_aside(verdict, reason);
        return;
    }
    if (strcmp(event->gate, topic->gate) != 0) {
        set_aside(verdict, "the event names another gate than its topic");
        return;
    }
    enum delivery_verdict place =
        delivery_in_judge(gate->generation, gate->high, event->generation, event->seq, known_id);
    if (gate->forked != 0 && event->generation == gate->forked && place != DELIVERY_KNOWN) {
        place = DELIVERY_WENT_BACK;
    }
    switch (place) {
    case DELIVERY_NEXT:
        return;
    case DELIVERY_KNOWN:
        verdict->action = INGEST_KNOWN;
        verdict->acknowledge = event->generation == gate->generation ? event->seq : 0;
        return;
    case DELIVERY_AGAIN:
        verdict->action = INGEST_AGAIN;
        return;
    case DELIVERY_EARLY:
        verdict->action = INGEST_PARK; /* the gap request says what is committed, and more */
        verdict->gap_generation = event->generation;
        verdict->gap_from = event->generation > gate->generation ? 1 : gate->high + 1;
        return;
    case DELIVERY_NEW_START:
        verdict->action = known_id ? INGEST_START_AGAIN : INGEST_NEW_START;
        verdict->alarm = "journal.new_start";
        return;
    case DELIVERY_WENT_BACK:
        ingest_went_back(gate, event, verdict);
        return;
    }
}

wall_t ingest_time(const struct event *event, wall_t received, bool *ret_is_receipt)
{
    *ret_is_receipt = event->clock == CLOCK_UNKNOWN;
    return *ret_is_receipt ? received : event->wall;
}

int ingest_retry_s(int64_t attempts)
{
    /* 14 times in about 5.4 minutes, as the Bolink gates do for a paid exit. */
    static const int seconds[] = {3, 3, 3, 5, 5, 5, 10, 10, 30, 30, 30, 60, 60, 60};
    int count = (int)(sizeof seconds / sizeof seconds[0]);
    must(attempts >= 1);
    return attempts <= count ? seconds[attempts - 1] : 60;
}
