/*
 * net.c - the broker: at least once, in order, and what may go wrong with that.
 *
 * A gate's client begins clean with each connection (mqtt_link.c): what was on the way when its
 * session ended is gone, and the journal sends again.  Retained messages come with each
 * connection.  When a client is not heard any more the broker says its last will.
 */
#include "proto/topic.h"
#include "sim/run/run_parts.h"

enum { NET_VALUE = 2 }; /* sim_event.a: bytes are a value */
enum { LATENCY_MIN_MS = 3, LATENCY_MAX_MS = 25, NOTICED_MS = 20000, AGAIN_MS = 1000 };

static int64_t latency(struct site *site, int64_t *last_ms)
{
    struct run *run = site->run;
    int64_t at = run->now_ms + prng_range(&site->net_dice, LATENCY_MIN_MS, LATENCY_MAX_MS);
    struct plan_fault *fault = fault_strikes(run, PLAN_NET_DELAY, site->index, 0);
    at += fault ? prng_range(&fault->prng, 50, fault->size) : 0;
    *last_ms = at > *last_ms ? at : *last_ms; /* in order */
    return *last_ms - run->now_ms;
}

static struct sim_event with_bytes(struct str bytes)
{
    struct sim_event more = {.n = bytes.n};
    more.bytes = malloc(bytes.n + 1);
    must(more.bytes);
    memcpy(more.bytes, bytes.p, bytes.n);
    more.bytes[bytes.n] = '\0';
    return more;
}

/* As a peer of another version says it: with a member that nobody here knows. */
static struct sim_event of_another_version(struct str bytes)
{
    static const char member[] = "{\"x_of_tomorrow\":{\"a\":[1,\"b\"]},";
    size_t n = sizeof member - 1;
    struct sim_event more = {.n = n + bytes.n - 1};
    must(bytes.n > 2 && bytes.p[0] == '{');
    more.bytes = malloc(more.n + 1);
    must(more.bytes);
    memcpy(more.bytes, member, n);
    memcpy(more.bytes + n, bytes.p + 1, bytes.n - 1);
    more.bytes[more.n] = '\0';
    return more;
}

static void carry(struct site *site, enum run_happening kind, struct str bytes, int a,
                  int64_t *last_ms)
{
    struct run *run = site->run;
    int times = run->message_times;
    enum sweep_act act = sweep_strikes(run, SWEEP_MESSAGE);
    if (act == SWEEP_FAIL || !site->line_up) {
        return; /* lost on the way, and nobody is told */
    }
    if (act == SWEEP_CRASH_AFTER || fault_strikes(run, PLAN_NET_TWICE, site->index, 0)) {
        times++;
    }
    bool is_sealed = kind == RUN_EV_LOT; /* a member more would break its digest */
    bool other = !is_sealed && fault_strikes(run, PLAN_PEER_OTHER, site->index, 0);
    for (int i = 0; i < times; i++) {
        struct sim_event more = other ? of_another_version(bytes) : with_bytes(bytes);
        more.a = a;
        more.life = site->session;
        site->on_the_way++;
        run_push(run, latency(site, last_ms), site->index, kind, more);
    }
}

/* The value itself in place of its text. */
static int carry_value(struct site *site, enum run_happening kind, const void *value, size_t n,
                       int64_t *last_ms)
{
    struct sim_event more = {.n = n, .a = NET_VALUE, .life = site->session};
    more.bytes = malloc(n);
    must(more.bytes);
    memcpy(more.bytes, value, n);
    site->on_the_way++;
    run_push(site->run, latency(site, last_ms), site->index, kind, more);
    return 0;
}

int net_up_event(struct site *site, const struct event *event)
{
    return site->connected ? carry_value(site, RUN_EV_UP, event, sizeof *event, &site->up_ms)
                           : DX_E_LINK;
}

int net_down_value(struct run *run, const char *gate, const struct down *down)
{
    int low = 0;
    int high = run->config.site_count - 1;
    while (low <= high) {
        int middle = (low + high) / 2;
        struct site *site = &run->site[middle];
        int order = strcmp(site->id, gate);
        if (order == 0) {
            return site->connected
                       ? carry_value(site, RUN_EV_DOWN, down, sizeof *down, &site->down_ms)
                       : 0;
        }
        low = order < 0 ? middle + 1 : low;
        high = order < 0 ? high : middle - 1;
    }
    return 0;
}

int net_up(struct site *site, enum run_happening kind, struct str bytes)
{
    if (!site->connected) {
        return DX_E_LINK;
    }
    carry(site, kind, bytes, 0, &site->up_ms);
    return 0;
}

static struct site *find_site(struct run *run, const char *topic, int *ret_kind, int *ret_bucket)
{
    struct topic parsed;
    char lot[MSG_NAME_CAP] = "";
    *ret_kind = topic_parse(str_c(topic), &parsed) == 0 ? RUN_EV_DOWN : RUN_EV_LOT;
    if (*ret_kind == RUN_EV_DOWN) {
        memcpy(lot, parsed.lot, sizeof lot);
    } else if (strncmp(topic, "doxe/1/", 7) == 0) {
        str_copy_cut(lot, sizeof lot, str_slice(str_c(topic + 7), 0, strcspn(topic + 7, "/")));
        const char *rest = strchr(topic + 7, '/');
        *ret_bucket = rest && strncmp(rest, "/inside/", 8) == 0 ? rest[8] : 0;
    }
    int low = 0;
    int high = run->config.site_count - 1;
    while (low <= high) { /* lots stand in the order of their ids */
        int middle = (low + high) / 2;
        int order = strcmp(run->site[middle].lot->id, lot);
        if (order == 0) {
            return &run->site[middle];
        }
        low = order < 0 ? middle + 1 : low;
        high = order < 0 ? high : middle - 1;
    }
    return NULL;
}

int net_down(struct run *run, const char *topic, struct str bytes)
{
    int kind = 0;
    int bucket = 0;
    struct site *site = find_site(run, topic, &kind, &bucket);
    if (run->broker_down) {
        return DX_E_LINK;
    }
    if (site && site->connected) {
        carry(site, RUN_EV_DOWN, bytes, 0, &site->down_ms);
    }
    return 0;
}

/* Buckets go by their letter; the last place is the configuration's. */
static int kept_place(int bucket)
{
    for (int i = 0; i < LOT_BUCKETS; i++) {
        if (lot_bucket_char(i) == bucket) {
            return i;
        }
    }
    return LOT_BUCKETS;
}

int net_keep(struct run *run, const char *topic, struct str bytes)
{
    int kind = 0;
    int bucket = 0;
    struct site *site = find_site(run, topic, &kind, &bucket);
    if (run->broker_down) {
        return DX_E_LINK;
    }
    if (!site) {
        return 0;
    }
    struct site_kept *kept = &site->kept[kept_place(bucket)];
    kept->bytes = realloc(kept->bytes, bytes.n + 1);
    must(kept->bytes);
    memcpy(kept->bytes, bytes.p, bytes.n);
    kept->n = bytes.n;
    if (site->connected) {
        carry(site, RUN_EV_LOT, bytes, bucket != 0, &site->down_ms);
    }
    return 0;
}

static void tell_link(struct site *site, bool connected)
{
    struct gate_event *event = site_event(site, 0);
    event->link.connected = connected;
    site_step(site, GATE_EV_LINK);
}

void net_connect(struct site *site)
{
    struct run *run = site->run;
    if (!site->alive || site->connected) {
        return;
    }
    if (!site->line_up || run->broker_down || site->asleep) {
        run_push(run, AGAIN_MS, site->index, RUN_EV_LINK,
                 (struct sim_event){.a = 1, .life = site->life});
        return;
    }
    site->connected = true;
    site->session++;
    site->on_the_way = 0;
    tell_link(site, true);
    site_tell_up(site);
    for (int i = LOT_BUCKETS; i >= 0 && site->connected; i--) {
        if (site->kept[i].n) {
            carry(site, RUN_EV_LOT, (struct str){site->kept[i].bytes, site->kept[i].n},
                  i < LOT_BUCKETS, &site->down_ms);
        }
    }
}

/* The last will, as the gate gave it when it connected. */
static void say_will(struct site *site)
{
    struct run *run = site->run;
    struct status status;
    struct out out;
    memset(&status, 0, sizeof status);
    gate_status(site->gate, site_wall(site), &status);
    status.online = false;
    status.lane_count = 0;
    out_init(&out, run->text, sizeof run->text);
    status_write(&out, &status);
    struct sim_event more = with_bytes(out_str(&out));
    more.life = UINT32_MAX;
    run_push(run, LATENCY_MAX_MS, site->index, RUN_EV_STATUS, more);
}

/* The broker has lost it: what was on the way is gone. */
void net_lose(struct site *site)
{
    if (site->connected) {
        site->connected = false;
        site->session++;
        site->on_the_way = 0;
        if (!site->run->broker_down) {
            say_will(site);
        }
    }
}

void net_disconnect(struct site *site)
{
    if (!site->connected) {
        return;
    }
    net_lose(site);
    tell_link(site, false);
    site_tell_up(site);
    if (site->alive) {
        run_push(site->run, AGAIN_MS, site->index, RUN_EV_LINK,
                 (struct sim_event){.a = 1, .life = site->life});
    }
}

/* A line that carries nothing is noticed by its silence. */
void net_line(struct site *site, bool up)
{
    site->line_up = up;
    if (!up) {
        run_push(site->run, NOTICED_MS, site->index, RUN_EV_LINK,
                 (struct sim_event){.a = 0, .life = site->life});
    }
}

static void take_value(struct site *site, const struct sim_event *event)
{
    struct run *run = site->run;
    if (event->kind == RUN_EV_UP) {
        struct event up;
        must(event->n == sizeof up);
        memcpy(&up, event->bytes, sizeof up);
        trace_fold_bytes(&run->trace, str_c(up.id));
        server_hear_event(run, &up);
    } else if (site->alive && !site->asleep) {
        struct gate_event *down = site_event(site, 0);
        must(event->n == sizeof down->down);
        memcpy(&down->down, event->bytes, sizeof down->down);
        down->lane = down->down.lane;
        trace_fold_bytes(&run->trace, str_c(down->down.id));
        trace_fold(&run->trace, down->down.seq + down->down.amount_vnd);
        site_step(site, GATE_EV_DOWN);
    }
}

void net_take(struct site *site, const struct sim_event *event)
{
    struct run *run = site->run;
    struct str bytes = {event->bytes, event->n};
    bool will = event->kind == RUN_EV_STATUS && event->life == UINT32_MAX;
    if (!will && event->life != site->session) {
        return; /* of a session that has ended */
    }
    site->on_the_way -= will || site->on_the_way == 0 ? 0 : 1;
    run->count.messages++;
    if (event->a == NET_VALUE) {
        take_value(site, event);
        return;
    }
    trace_fold_bytes(&run->trace, bytes);
    if (run->config.watch.message) {
        const char *topic = event->kind == RUN_EV_UP       ? site->topic_up
                            : event->kind == RUN_EV_STATUS ? site->topic_status
                            : event->kind == RUN_EV_DOWN   ? site->topic_down
                                                           : "lot";
        const char *why = run->config.watch.message(run->config.watch.context, run, site->index,
                                                    str_c(topic), bytes);
        if (why) {
            run_fail(run, why, "");
        }
    }
    if (event->kind == RUN_EV_UP) {
        server_hear(run, site->topic_up, bytes);
    } else if (event->kind == RUN_EV_STATUS) {
        server_hear(run, site->topic_status, bytes);
    } else if (!site->alive || site->asleep) {
        return;
    } else if (event->kind == RUN_EV_DOWN) {
        site_take_down(site, bytes);
    } else {
        site_take_lot(site, bytes, event->a != 0);
    }
}
