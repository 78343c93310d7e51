/*
 * server_book.h - what server and gate say about themselves, read from their answers.
 *
 * Bytes in, plain values out: the server's sessions, sums and lanes, the driver's
 * page, the gate's lane display.  Whoever reads here behaves like a person or a
 * foreign program: it takes what is written in the answers and nothing else.
 *
 * Addresses: docs/openapi.yaml.  Not here: asking (http_client.h), judging (audit.h).
 */
#ifndef DOXE_SIM_SERVER_BOOK_H
#define DOXE_SIM_SERVER_BOOK_H

#include "sim/audit.h"

enum {
    BOOK_WORDS_CAP = 32,
    BOOK_URL_CAP = 208,
    BOOK_TOKEN_CAP = 40,
    BOOK_GATE_CAP = 40,
    BOOK_CURSOR_CAP = 40,
    BOOK_LANES_MAX = 64
};

/* What a banking app fills in after the code was scanned, or the fields were copied. */
struct bill {
    char words[BOOK_WORDS_CAP]; /* the transfer's content */
    char account[24];
    char url[BOOK_URL_CAP]; /* page of the stay, when the display gives one */
};

/*
 * GET /lane/<n>/display.json.  A display that asks for money has a code to scan;
 * its amount, content and payee count, and `wrong` tells that they contradict
 * the text beside it.  DX_E_FORMAT: no such answer.
 */
DX_MUST_USE int book_read_display(struct str body, struct shown *ret_shown, struct bill *ret_bill);
/*
 * The part of a driver's page: amount, content and account, as the buttons copy
 * them.  Nothing due gives due_vnd 0.  DX_E_FORMAT.
 */
DX_MUST_USE int book_read_page(struct str body, struct shown *ret_shown, struct bill *ret_bill);

/*
 * GET /api/v1/sessions: appended to `session` from *count on (DX_E_SPACE beyond
 * `cap`).  `cursor` gets the "next" that a further page is asked with, or "".
 */
DX_MUST_USE int book_read_sessions(struct str body, struct audit_session *session, int cap,
                                   int *count, char cursor[BOOK_CURSOR_CAP]);
/* The page's token of the session with this key that has not ended; DX_E_NOT_FOUND. */
DX_MUST_USE int book_find_token(struct str body, const char *key, char ret[BOOK_TOKEN_CAP]);
/* GET /api/v1/audit. */
DX_MUST_USE int book_read_totals(struct str body, struct audit_totals *ret_totals);

struct book_lane {
    char gate[BOOK_GATE_CAP];
    int lane;
    char hold[WORLD_HOLD_CAP]; /* "" when it needs no person; "fault" for a lane in fault */
};
/* GET /api/v1/lanes; how many of at most BOOK_LANES_MAX in *ret_count. */
DX_MUST_USE int book_read_lanes(struct str body, struct book_lane ret_lane[BOOK_LANES_MAX],
                                int *ret_count);

#endif
