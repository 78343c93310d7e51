/*
 * query_session.h - sessions as pages and the API read them.
 *
 * Read-only SQL over a handle of db_open_reader; nothing here decides or writes.
 * Words (state, vehicle, permit) are those of the database, so that a reader
 * shows what is stored even when a newer writer knows more of them.
 */
#ifndef DOXE_SERVER_QUERY_SESSION_H
#define DOXE_SERVER_QUERY_SESSION_H

#include "proto/io/db.h"
#include "proto/msg.h"

enum { QUERY_WORD_CAP = 24, QUERY_NAME_CAP = 121, QUERY_TOKEN_CAP = 33 };

/* A time of 0 means: not yet. */
struct session_row {
    char id[ULID_CAP];
    char lot[MSG_NAME_CAP], lot_name[QUERY_NAME_CAP];
    char state[QUERY_WORD_CAP];
    char vehicle[QUERY_WORD_CAP], subject[QUERY_WORD_CAP];
    char key[41], raw[PLATE_RAW_CAP], last4[5];
    char gate_in[MSG_NAME_CAP], gate_out[MSG_NAME_CAP];
    int64_t lane_in, lane_out;
    int64_t arrived_ms, entered_ms, asked_ms, left_ms, paid_ms, updated_ms;
    char permit[QUERY_WORD_CAP];
    int64_t fee_vnd, paid_vnd;
    char code[PAYCODE_CAP], token[QUERY_TOKEN_CAP];
    bool inferred;
};

/* The lot behind a session's page: what a driver must recognise, and where the money goes. */
struct session_lot {
    char name[QUERY_NAME_CAP], address[161], ward[61], operator_name[QUERY_NAME_CAP];
    char bin[8], account[20], account_name[61];
};

/* DX_E_NOT_FOUND, or an error of db.h. */
DX_MUST_USE int query_session_by_token(struct db *db, struct str token,
                                       struct session_row *ret_session,
                                       struct session_lot *ret_lot);
DX_MUST_USE int query_session_by_id(struct db *db, struct str id, struct session_row *ret_session);

/*
 * In the order of their ids, which is the order of arrival: those behind `after`
 * ("" for the first) that arrived at `since_ms` or later.  `each` is called for
 * at most `limit` of them.  Returns 0 or an error of db.h.
 */
DX_MUST_USE int query_sessions(struct db *db, const char *after, int64_t since_ms, int64_t limit,
                               void (*each)(void *context, const struct session_row *session),
                               void *context);

/*
 * How the fee of an ended stay was made up: the lines of its last quote, when their
 * sum is `fee_vnd` (a line of `paid_vnd` taken off is left out).  *ret_count is 0 when
 * there is no such quote: a receipt never shows lines that do not add up.
 */
DX_MUST_USE int query_fee_lines(struct db *db, const char *session, int64_t fee_vnd,
                                struct quote_line ret_lines[MSG_LINES_MAX], int *ret_count);

/* What a person calls the vehicle: the plate as it was read, or the card's last digits. */
void session_row_name(const struct session_row *session, char out[PLATE_RAW_CAP]);

#endif
