#include "proto/delivery.h"

#include "proto/base/check.h"

void delivery_out_init(struct delivery_out *d, int64_t acked, int64_t last, int window)
{
    must(acked >= 0 && acked <= last && window > 0);
    *d = (struct delivery_out){.last = last, .acked = acked, .sent = acked, .window = window};
}

void delivery_out_appended(struct delivery_out *d, int64_t seq, mono_t now)
{
    must(seq == d->last + 1);
    if (d->sent == d->acked) {
        d->progress = now; /* nothing was under way: the wait for an answer begins now */
    }
    d->last = seq;
}

void delivery_out_connected(struct delivery_out *d, bool connected, mono_t now)
{
    d->connected = connected;
    d->sent = d->acked; /* what was under way may be lost: from the cursor again */
    d->progress = now;
}

bool delivery_out_acked(struct delivery_out *d, int64_t seq, mono_t now)
{
    if (seq <= d->acked || seq > d->last) {
        return false;
    }
    d->acked = seq;
    if (d->sent < seq) {
        d->sent = seq;
    }
    d->progress = now;
    return true;
}

void delivery_out_gap(struct delivery_out *d, int64_t from)
{
    if (from > d->acked && from <= d->sent) {
        d->sent = from - 1;
    } else if (from <= d->acked) {
        d->sent = d->acked;
    }
}

/* Catching up: more waits than the window holds.  The live events of a quiet line are not paced. */
static bool is_paced(const struct delivery_out *d)
{
    return d->pace > 0 && d->last - d->acked > d->window;
}

/* Half a second's worth at most is saved up. */
static int64_t limit_by_pace(struct delivery_out *d, mono_t now, int64_t to)
{
    if (!is_paced(d)) {
        d->credited = now;
        d->credit_ms = 0;
        return to;
    }
    int64_t most = (int64_t)d->pace * 500;
    d->credit_ms += mono_diff(now, d->credited) * d->pace;
    d->credit_ms = d->credit_ms > most ? most : d->credit_ms;
    d->credited = now;
    int64_t count = d->credit_ms / 1000;
    if (to > d->sent + count) {
        to = d->sent + count;
    }
    if (to > d->sent) {
        d->credit_ms -= (to - d->sent) * 1000;
    }
    return to;
}

bool delivery_out_take(struct delivery_out *d, mono_t now, int64_t *ret_from, int64_t *ret_to)
{
    if (!d->connected) {
        return false;
    }
    if (d->sent > d->acked && mono_reached(now, mono_add(d->progress, DELIVERY_STALL_MS))) {
        d->sent = d->acked;
        d->progress = now;
    }
    int64_t to = d->acked + d->window;
    if (to > d->last) {
        to = d->last;
    }
    to = limit_by_pace(d, now, to);
    if (to <= d->sent) {
        return false;
    }
    if (d->sent == d->acked) {
        d->progress = now;
    }
    *ret_from = d->sent + 1;
    *ret_to = to;
    d->sent = to;
    return true;
}

mono_t delivery_out_deadline(const struct delivery_out *d)
{
    if (!d->connected) {
        return mono_never();
    }
    mono_t stall = d->sent == d->acked ? mono_never() : mono_add(d->progress, DELIVERY_STALL_MS);
    bool room = d->sent < d->last && d->sent < d->acked + d->window;
    return is_paced(d) && room ? mono_min(stall, mono_add(d->credited, DELIVERY_TICK_MS)) : stall;
}

enum delivery_verdict delivery_in_judge(int64_t generation, int64_t high, int64_t event_generation,
                                        int64_t event_seq, bool known_id)
{
    if (event_generation > generation) {
        if (event_seq == 1) {
            return generation == 0 && !known_id ? DELIVERY_NEXT : DELIVERY_NEW_START;
        }
        return DELIVERY_EARLY;
    }
    if (event_generation < generation) {
        return known_id ? DELIVERY_KNOWN : DELIVERY_WENT_BACK;
    }
    if (event_seq <= high) {
        return known_id ? DELIVERY_KNOWN : DELIVERY_WENT_BACK;
    }
    if (known_id) {
        return event_seq == high + 1 ? DELIVERY_AGAIN : DELIVERY_EARLY;
    }
    return event_seq == high + 1 ? DELIVERY_NEXT : DELIVERY_EARLY;
}
