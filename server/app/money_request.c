/* money_request.c - what a driver is asked to pay: one row a quote, one open row a stay. */
#include "proto/base/check.h"
#include "server/app/money.h"

/* The open one, if there is one: EXPIRED when our promise has ended, else `state`. */
static int close_open(struct desk *desk, const char *session, enum request_state state)
{
    struct store_open_request open;
    int error = store_get_open_request(desk->store, session, &open);
    if (error) {
        return error == DX_E_NOT_FOUND ? 0 : error;
    }
    bool over = open.promise.ms != 0 && wall_diff(desk->now, open.promise) > 0;
    return store_close_request(desk->store, open.id, over ? REQUEST_EXPIRED : state, "", desk->now);
}

int money_drop_request(struct desk *desk, const char *session)
{
    return close_open(desk, session, REQUEST_REPLACED);
}

int money_open_request(struct desk *desk, const struct app_lot *lot, const struct session *session,
                       const struct money_request *request)
{
    struct store_request row = {.kind = request->kind,
                                .amount_vnd = request->amount_vnd,
                                .debt_vnd = request->debt_vnd,
                                .fee_vnd = session->fee_vnd,
                                .line_count = request->line_count,
                                .line = request->line,
                                .bin = lot->bin,
                                .account = lot->account,
                                .payload = request->payload,
                                .made = desk->now,
                                .promise = request->promise};
    memcpy(row.session, session->id, sizeof row.session);
    memcpy(row.code, session->code, sizeof row.code);
    if (request->id[0]) {
        str_copy_cut(row.id, sizeof row.id, str_c(request->id));
    } else {
        desk_ulid(desk, row.id);
    }
    int error = close_open(desk, session->id, REQUEST_REPLACED);
    return error ? error : store_add_request(desk->store, &row, REQUEST_OPEN, "");
}

int money_request_debt(struct desk *desk, const struct app_lot *lot, const struct session *session)
{
    char payload[VIETQR_PAYLOAD_CAP];
    int64_t due = session_debt(session);
    if (due == 0) {
        return money_drop_request(desk, session->id);
    }
    const struct quote_line line = {"Phí còn nợ", "Fee still owed", due};
    desk_vietqr(lot, session->code, due, payload);
    const struct money_request request = {.id = "",
                                          .kind = "debt",
                                          .amount_vnd = due,
                                          .line_count = 1,
                                          .line = &line,
                                          .payload = payload};
    return money_open_request(desk, lot, session, &request);
}

int money_request_page(struct desk *desk, struct str token)
{
    struct session s;
    struct payment_terms terms;
    struct payment_quote quote;
    struct store_open_request open;
    char payload[VIETQR_PAYLOAD_CAP];
    int error = store_get_session_by_token(desk->store, token, &s);
    const struct app_lot *lot = error ? NULL : desk_find_lot(desk, s.lot);
    if (error || !lot || !session_is_open(&s) || s.state == SESSION_LEAVING) {
        return error == DX_E_NOT_FOUND ? 0 : error; /* a debt has its request since it left */
    }
    error = store_get_open_request(desk->store, s.id, &open);
    bool has = !error;
    error = error == DX_E_NOT_FOUND ? 0 : error;
    error = error ? error : desk_terms(desk, lot, &s, &terms);
    if (error) {
        return error;
    }
    if (has && (open.promise.ms == 0 || wall_diff(desk->now, open.promise) <= 0)) {
        /* At a lane the promise rules; before, what the tariff says this moment. */
        payment_quote(&s, &terms, desk->now, desk->now, &quote);
        if (s.asked.ms != 0 || (quote.state == QUOTE_DUE && quote.due_vnd == open.amount_vnd)) {
            return 0;
        }
    }
    payment_quote(&s, &terms, s.asked.ms ? s.asked : desk->now, desk->now, &quote);
    if (quote.state != QUOTE_DUE) {
        return has ? money_drop_request(desk, s.id) : 0;
    }
    s.fee_vnd = quote.fee_vnd;
    desk_vietqr(lot, s.code, quote.due_vnd, payload);
    const struct money_request request = {.id = "",
                                          .kind = "page",
                                          .amount_vnd = quote.due_vnd,
                                          .line_count = quote.line_count,
                                          .line = quote.line,
                                          .payload = payload,
                                          .promise = wall_add(desk->now, terms.late_grace_ms)};
    return money_open_request(desk, lot, &s, &request);
}

/* ---- debts of earlier stays ---- */

int money_debts(struct desk *desk, const struct app_lot *lot, const struct session *session,
                struct session ret_debts[PAYMENT_DEBTS_MAX], int *ret_count)
{
    *ret_count = 0;
    if (!lot->debt_in_request) {
        return 0;
    }
    return store_find_debts(desk->store, lot->operator_id, lot->id, &session->subject, ret_debts,
                            PAYMENT_DEBTS_MAX, ret_count);
}

int money_note_debts(struct desk *desk, const struct app_lot *lot, const struct session *session)
{
    enum { DEBTS_MAX = 8 };
    struct session debt[DEBTS_MAX];
    int count = 0;
    int error = store_find_debts(desk->store, lot->operator_id, NULL, &session->subject, debt,
                                 DEBTS_MAX, &count);
    for (int i = 0; i < count && !error; i++) {
        error = store_add_debt_offer(desk->store, session->id, debt[i].id, session_debt(&debt[i]),
                                     desk->now);
    }
    return error;
}

int money_find_stay(struct desk *desk, const char *named, struct session *ret_session)
{
    char code[ULID_CAP];
    size_t n = strlen(named);
    if (n + 1 >= sizeof code) {
        return store_get_session(desk->store, named, ret_session);
    }
    for (size_t i = 0; i <= n; i++) {
        code[i] = ascii_upper(named[i]);
    }
    return store_get_session_by_code(desk->store, code, ret_session);
}
