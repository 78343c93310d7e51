/*
 * delivery.h - at least once and in order, over a broker that may forget; both ends, pure.
 *
 * Gate side (delivery_out): which events of the journal may be sent now.  Only
 * the server's own ack moves the cursor; a broker's acknowledgement means
 * nothing.  At most `window` events are under way; after a reconnect, a gap
 * request, or DELIVERY_STALL_MS without progress it goes back to the cursor.
 *
 * Server side (delivery_in): what an event that came in is, judged by the
 * gate's generation and sequence: the next one, a repeat, early, or proof that
 * a journal went back in time.  docs/PROTOCOL.md, rules 3, 4 and 7.
 */
#ifndef DOXE_DELIVERY_H
#define DOXE_DELIVERY_H

#include "proto/base/time.h"

enum {
    DELIVERY_STALL_MS = 3000,
    DELIVERY_TICK_MS = 50,
    DELIVERY_WINDOW = 100,
    DELIVERY_PACE = 200
};

struct delivery_out {
    int64_t last;      /* highest sequence in the journal; 0: none */
    int64_t acked;     /* highest that the server has committed */
    int64_t sent;      /* highest handed to the line; acked <= sent <= last */
    int window;        /* 1… */
    int pace;          /* events a second while catching up; 0: as fast as the window lets */
    int64_t credit_ms; /* of pace: what may be sent now, in thousandths of an event */
    mono_t credited;
    bool connected;
    mono_t progress; /* when the cursor last moved, or sending began */
};

void delivery_out_init(struct delivery_out *d, int64_t acked, int64_t last, int window);
void delivery_out_appended(struct delivery_out *d, int64_t seq, mono_t now);
void delivery_out_connected(struct delivery_out *d, bool connected, mono_t now);
/* True when the cursor moved.  An ack beyond `last` is DX nonsense and ignored (false). */
bool delivery_out_acked(struct delivery_out *d, int64_t seq, mono_t now);
void delivery_out_gap(struct delivery_out *d, int64_t from);
/* Something to send now?  Then [*ret_from, *ret_to], and the caller sends exactly these. */
bool delivery_out_take(struct delivery_out *d, mono_t now, int64_t *ret_from, int64_t *ret_to);
/* When to look again though nothing happens. */
mono_t delivery_out_deadline(const struct delivery_out *d);

enum delivery_verdict {
    DELIVERY_NEXT,      /* apply it */
    DELIVERY_KNOWN,     /* applied before: acknowledge again, change nothing */
    DELIVERY_EARLY,     /* something is missing before it: park it, ask for the gap */
    DELIVERY_NEW_START, /* a higher generation that starts at 1: alarm, then apply it */
    DELIVERY_AGAIN,    /* the next number, and a known event: a mended journal sends it once more */
    DELIVERY_WENT_BACK /* a lower generation, or a sequence used before with another id */
};

/*
 * `generation` and `high` are what the server has committed for the gate (0, 0
 * for a gate it never heard).  `known_id` is whether an event with this very id
 * is stored already.
 */
enum delivery_verdict delivery_in_judge(int64_t generation, int64_t high, int64_t event_generation,
                                        int64_t event_seq, bool known_id);

#endif
