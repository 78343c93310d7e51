/*
 * display.h - what a lane shows to the driver.
 *
 * A value: a state, and what goes with it.  The display page draws it (and the
 * payload as a QR picture); a text display gets up to four lines from
 * display_line.  All sentences for drivers are in the table of display.c, in
 * Vietnamese and English.
 *
 * Not here: drawing, fonts, folding of Vietnamese letters for simple displays.
 */
#ifndef DOXE_GATE_DISPLAY_H
#define DOXE_GATE_DISPLAY_H

#include "proto/msg.h"

/* name, word for pages, sentence */
#define DISPLAYS(X)                                                                         \
    X(READY, "ready", "nobody there: drive up")                                             \
    X(READING, "reading", "a vehicle is there and being read")                              \
    X(WAIT, "wait", "identified; a record is written or the server is asked")               \
    X(PAY, "pay", "amount and QR; waits for the bank's word")                               \
    X(GO, "go", "the barrier opens or is open for you")                                     \
    X(HELP, "help", "a person is needed; hold says why")                                    \
    X(NOT_A_CODE, "not_a_code", "for a moment: what was scanned is not an identity code")   \
    X(NO_VEHICLE, "no_vehicle", "for a moment: a code was scanned, but nobody stands here") \
    X(STOPPED, "stopped", "out of order: line, barrier or journal")                         \
    X(CLOSED, "closed", "out of service by order")                                          \
    X(BARRED, "barred", "held closed, or the other arm of the group must come down first")  \
    X(RAISED, "raised", "held open: drive on slowly")                                       \
    X(EMERGENCY, "emergency", "fire: leave")

enum display_kind {
#define X(name, word, sentence) DISPLAY_##name,
    DISPLAYS(X)
#undef X
        DISPLAY_KIND_COUNT
};

enum display_language { DISPLAY_VI, DISPLAY_EN };
enum { DISPLAY_LINES = 4, DISPLAY_LINE_CAP = 96 };

/* Members that do not belong to `kind` are zero or "". */
struct lane_display {
    enum display_kind kind;
    bool exit;                        /* direction of the lane: words differ */
    enum hold hold;                   /* HELP */
    enum permit permit;               /* GO */
    struct subject subject;           /* kind NONE when nothing was read */
    char session[ULID_CAP];           /* "" when not known here */
    int64_t amount_vnd;               /* PAY: still to pay; GO after payment: paid in all */
    int64_t fee_vnd;                  /* PAY, GO: the fee of the stay */
    wall_t entered;                   /* PAY: since when; 0 unknown */
    wall_t valid_until;               /* PAY: the amount holds until then; 0 unknown */
    char paycode[PAYCODE_CAP];        /* PAY */
    char payload[VIETQR_PAYLOAD_CAP]; /* PAY: the VietQR */
    char url[MSG_URL_CAP];            /* PAY, GO: the driver's page */
};

const char *display_kind_text(enum display_kind kind);
/* Line 0..DISPLAY_LINES-1 in UTF-8, cut to fit `cap`; "" when there is nothing for it. */
void display_line(const struct lane_display *display, enum display_language language, int line,
                  char *out, size_t cap);

#endif
