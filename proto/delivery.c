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

bool delivery_out_take(struct delivery_out *d, mono_t now, int64_t *ret_from, int64_t *ret_to)
{
    if (!d->connected) {
        return false;
    }
    if (d->sent > d->acked && mono_reached(now, delivery_out_deadline(d))) {
        d->sent = d->acked;
        d->progress = now;
    }
    int64_t to = d->acked + d->window;
    if (to > d->last) {
        to = d->last;
    }
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
    if (!d->connected || d->sent == d->acked) {
        return mono_never();
    }
    return mono_add(d->progress, DELIVERY_STALL_MS);
}

enum delivery_verdict delivery_in_judge(int64_t generation, int64_t high, int64_t event_generation,
                                        int64_t event_seq, bool known_id)
{
    if (event_generation > generation) {
        if (event_seq == 1) {
            return generation == 0 ? DELIVERY_NEXT : DELIVERY_NEW_START;
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
        return DELIVERY_WENT_BACK; /* one id under two numbers: the journal is not ours any more */
    }
    return event_seq == high + 1 ? DELIVERY_NEXT : DELIVERY_EARLY;
}
