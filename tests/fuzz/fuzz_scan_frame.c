/*
 * Bytes of a scanner in any pieces with any silence between them.  Each piece is a byte for its
 * size (low 5 bits) and the silence before it (high 3 bits, 40 ms each), then its bytes.
 */
#include "proto/base/check.h"
#include "proto/scan_frame.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

static void feed(struct scan_frame *frame, struct str piece, mono_t now)
{
    for (int turns = 0;; turns++) {
        enum scan_frame_event event;
        size_t taken = scan_frame_feed(frame, piece, now, &event);
        must(taken <= piece.n && turns <= 70);
        piece = str_slice(piece, taken, piece.n);
        if (event == SCAN_FRAME_READY) {
            struct str payload = scan_frame_payload(frame);
            must(payload.n > 0 && payload.n <= SCAN_FRAME_MAX);
            must(str_index(payload, '\r') == payload.n && str_index(payload, '\n') == payload.n);
        } else if (event == SCAN_FRAME_NONE) {
            must(piece.n == 0);
            return;
        }
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    struct scan_frame frame;
    mono_t now = {1000};
    scan_frame_init(&frame);
    for (size_t at = 0; at < n;) {
        size_t size = bytes[at] & 31u;
        now = mono_add(now, (bytes[at] >> 5) * 40);
        at++;
        size = size > n - at ? n - at : size;
        if (mono_reached(now, scan_frame_deadline(&frame)) && (size & 1)) {
            enum scan_frame_event event = scan_frame_timeout(&frame, now);
            must(event != SCAN_FRAME_TOO_LONG);
        }
        feed(&frame, (struct str){(const char *)bytes + at, size}, now);
        at += size;
    }
    for (int i = 0; i < 3; i++) { /* left alone it comes to rest */
        mono_t at = scan_frame_deadline(&frame);
        enum scan_frame_event event =
            scan_frame_timeout(&frame, mono_min(at, mono_add(now, 99999)));
        must(event != SCAN_FRAME_TOO_LONG);
    }
    must(scan_frame_deadline(&frame).ms == mono_never().ms);
    return 0;
}
