#include "proto/scan_frame.h"

#include "proto/base/check.h"
#include "proto/crypto/crypto.h"

#include <string.h>

void scan_frame_init(struct scan_frame *frame)
{
    memset(frame, 0, sizeof *frame);
}

void scan_frame_wipe(struct scan_frame *frame)
{
    dx_wipe(frame->bytes, sizeof frame->bytes);
    frame->n = 0;
    frame->ready = false;
}

struct str scan_frame_payload(const struct scan_frame *frame)
{
    must(frame->ready);
    return (struct str){frame->bytes, frame->n};
}

/* Blanks and control bytes alone are a scanner's greeting, not a code. */
static bool is_empty(const struct scan_frame *frame)
{
    for (size_t i = 0; i < frame->n; i++) {
        if ((unsigned char)frame->bytes[i] > ' ') {
            return false;
        }
    }
    return true;
}

/* The frame is complete: new, again, or nothing. */
static enum scan_frame_event finish(struct scan_frame *frame, mono_t now)
{
    if (frame->dropping || is_empty(frame)) {
        frame->dropping = false;
        scan_frame_wipe(frame);
        return SCAN_FRAME_NONE;
    }
    uint8_t digest[sizeof frame->last];
    dx_sha256(digest, (struct str){frame->bytes, frame->n});
    bool again = frame->has_last && memcmp(digest, frame->last, sizeof digest) == 0 &&
                 mono_diff(now, frame->last_at) < SCAN_FRAME_REPEAT_MS;
    frame->has_last = true;
    frame->last_at = now;
    memcpy(frame->last, digest, sizeof digest);
    if (again) {
        scan_frame_wipe(frame);
        return SCAN_FRAME_REPEAT;
    }
    frame->ready = true;
    return SCAN_FRAME_READY;
}

static bool is_pending(const struct scan_frame *frame)
{
    return !frame->ready && (frame->n > 0 || frame->dropping);
}

static bool gap_is_over(const struct scan_frame *frame, mono_t now)
{
    return is_pending(frame) && mono_diff(now, frame->byte_at) >= SCAN_FRAME_GAP_MS;
}

static void forget_last(struct scan_frame *frame, mono_t now)
{
    if (frame->has_last && mono_diff(now, frame->last_at) >= SCAN_FRAME_REPEAT_MS) {
        frame->has_last = false;
        dx_wipe(frame->last, sizeof frame->last);
    }
}

size_t scan_frame_feed(struct scan_frame *frame, struct str bytes, mono_t now,
                       enum scan_frame_event *ret_event)
{
    *ret_event = scan_frame_timeout(frame, now);
    if (*ret_event != SCAN_FRAME_NONE) {
        return 0;
    }
    for (size_t i = 0; i < bytes.n; i++) {
        char byte = bytes.p[i];
        frame->byte_at = now;
        if (byte == '\r' || byte == '\n') {
            *ret_event = finish(frame, now);
            if (*ret_event != SCAN_FRAME_NONE) {
                return i + 1;
            }
        } else if (frame->dropping) {
            continue;
        } else if (frame->n == SCAN_FRAME_MAX) {
            scan_frame_wipe(frame);
            frame->dropping = true;
            *ret_event = SCAN_FRAME_TOO_LONG;
            return i + 1;
        } else {
            frame->bytes[frame->n++] = byte;
        }
    }
    return bytes.n;
}

mono_t scan_frame_deadline(const struct scan_frame *frame)
{
    mono_t at = mono_never();
    if (is_pending(frame)) {
        at = mono_add(frame->byte_at, SCAN_FRAME_GAP_MS);
    }
    if (frame->has_last) {
        at = mono_min(at, mono_add(frame->last_at, SCAN_FRAME_REPEAT_MS));
    }
    return at;
}

enum scan_frame_event scan_frame_timeout(struct scan_frame *frame, mono_t now)
{
    if (frame->ready) {
        scan_frame_wipe(frame);
    }
    /* A frame that silence ended was complete when the silence was: judge repetition by that time.
     */
    enum scan_frame_event event = SCAN_FRAME_NONE;
    if (gap_is_over(frame, now)) {
        event = finish(frame, mono_add(frame->byte_at, SCAN_FRAME_GAP_MS));
    }
    forget_last(frame, now);
    return event;
}
