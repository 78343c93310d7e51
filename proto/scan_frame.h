/*
 * scan_frame.h - whole codes out of the bytes of a QR or barcode scanner.
 *
 * A scanner on a serial line or a TCP socket sends a code, and perhaps a
 * terminator, in pieces of any size.  This machine cuts the stream into frames.
 * It reads nothing and waits for nothing: bytes and the time come in, frames go
 * out, scan_frame_deadline says when to come back.
 *
 * A frame ends at CR, at LF, or after SCAN_FRAME_GAP_MS without a byte (scanners
 * without a suffix).  CR LF is one end, an empty frame is none.  More than
 * SCAN_FRAME_MAX bytes are no code: they are dropped up to the next end.  The same
 * frame again within SCAN_FRAME_REPEAT_MS of the last time is one scan: a card held
 * before the window keeps on being the same scan.  To tell, a digest of the last frame
 * is kept for that time, never the frame itself.
 *
 * Not here: what the code says (proto/identity.h, proto/vietqr.h).
 *
 *     while (bytes.n) {
 *         enum scan_frame_event event;
 *         bytes = str_slice(bytes, scan_frame_feed(&frame, bytes, now, &event), bytes.n);
 *         if (event == SCAN_FRAME_READY) use(scan_frame_payload(&frame));
 *     }
 */
#ifndef DOXE_SCAN_FRAME_H
#define DOXE_SCAN_FRAME_H

#include "proto/base/time.h"

enum {
    SCAN_FRAME_MAX = 1024,      /* bytes of a frame; a card's code as a hex dump fits */
    SCAN_FRAME_GAP_MS = 80,     /* silence that ends a frame */
    SCAN_FRAME_REPEAT_MS = 3000 /* the same code within this is the same scan */
};

enum scan_frame_event {
    SCAN_FRAME_NONE,    /* nothing complete yet */
    SCAN_FRAME_READY,   /* scan_frame_payload is a new code */
    SCAN_FRAME_REPEAT,  /* the last code again; there is no payload */
    SCAN_FRAME_TOO_LONG /* told once for each frame that is too long; there is no payload */
};

/* Owned by the caller; about SCAN_FRAME_MAX bytes; holds personal data between feed and wipe. */
struct scan_frame {
    char bytes[SCAN_FRAME_MAX];
    size_t n;
    bool dropping; /* too long: until the next end */
    bool ready;    /* `bytes` is a complete frame */
    mono_t byte_at;
    bool has_last;
    uint8_t last[32];
    mono_t last_at;
};

void scan_frame_init(struct scan_frame *frame);
/*
 * Take bytes that arrived at `now`, up to and including the first end of a frame.
 * Returns how many were taken: all of them when *ret_event is NONE, else call again
 * with the rest and the same `now`.  A frame that the silence before `now` has ended
 * comes out first, with nothing taken, even if nobody called scan_frame_timeout.
 * The payload of the call before is wiped.
 */
DX_MUST_USE size_t scan_frame_feed(struct scan_frame *frame, struct str bytes, mono_t now,
                                   enum scan_frame_event *ret_event);
/* When to call scan_frame_timeout if no byte comes first; mono_never() when there is no need. */
mono_t scan_frame_deadline(const struct scan_frame *frame);
/* The frame that silence has ended, if any; and forget the last code when its time is over. */
DX_MUST_USE enum scan_frame_event scan_frame_timeout(struct scan_frame *frame, mono_t now);
/* After READY and until the next call with this frame.  Without its terminator. */
struct str scan_frame_payload(const struct scan_frame *frame);
/* Overwrite payload and pieces; keep what tells a repetition. */
void scan_frame_wipe(struct scan_frame *frame);

#endif
