/*
 * on_query.c - a lane that waits asks again whether it was paid.
 *
 * Bound to what the lane was told: the answer is the payment or the quote of this very
 * ask at this very lane, as it was committed.  What was paid for another session, at
 * another lane or for an earlier ask is never said here.  Nothing is decided anew, but
 * when the ask was applied and no word of ours about it is left: then a quote.
 */
#include "proto/base/check.h"
#include "proto/io/log.h"
#include "server/app/scripts.h"
#include "server/store/store_cases.h"

/* Does the session stand at this lane, as far as its events say? */
static bool stands_there(const struct desk_gate *gate, const struct query *query,
                         const struct session *s)
{
    return session_is_open(s) && s->asked.ms != 0 && s->lane_out == query->lane &&
           strcmp(s->gate_out, gate->id) == 0 && strcmp(s->lot, gate->lot->id) == 0;
}

static int quote_anew(struct desk *desk, const struct desk_gate *gate, const struct query *query,
                      struct session *s)
{
    struct payment_terms terms;
    struct payment_quote quote;
    bool known = false;
    int error = store_has_event(desk->store, query->ask, &known);
    if (error || !known || s->state == SESSION_LEAVING) {
        return error; /* the journal brings the ask; it is answered then */
    }
    error = desk_terms(desk, gate->lot, s, &terms);
    if (error) {
        return error;
    }
    payment_quote(s, &terms, s->asked, desk->now, &quote);
    return desk_send_quote(desk, gate, query->lane, query->ask, s, &quote);
}

static int say_again(struct desk *desk, const struct desk_gate *gate,
                     const struct store_answer *answer)
{
    int error = 0;
    if (answer->done) { /* it was believed to be heard */
        int64_t wait_ms = ingest_retry_s(1) * (int64_t)TIME_SECOND_MS;
        error = store_reopen_message(desk->store, answer->id, wall_add(desk->now, wait_ms));
    }
    return error ? error : desk_say(desk, gate, answer->body);
}

int on_query(struct desk *desk, struct desk_gate *gate, const struct query *query)
{
    struct session s;
    struct store_answer answer;
    char last[ULID_CAP];
    if (strcmp(query->gate, gate->id) != 0 || query->ask[0] == '\0') {
        return 0; /* the topic is the gate's; what it says of others is nobody's */
    }
    int error = store_find_answer(desk->store, gate->id, query->lane, query->ask, desk->space,
                                  STORE_NOTICE_MAX, &answer);
    bool told = !error;
    if (error && error != DX_E_NOT_FOUND) {
        return error;
    }
    if (query->session[0] == '\0') { /* nobody fits: what it was told, as long as it stands */
        return told && !answer.done ? desk_say(desk, gate, answer.body) : 0;
    }
    error = store_get_session(desk->store, query->session, &s);
    if (error || !stands_there(gate, query, &s)) {
        return error == DX_E_NOT_FOUND ? 0 : error;
    }
    log_debug("lane.asks", "gate=%s lane=%d session=%s paid=%d", gate->id, query->lane, s.id,
              told && answer.paid);
    error = store_get_last_ask(desk->store, s.id, last);
    if (error || (last[0] && strcmp(last, query->ask) != 0)) {
        return error; /* of an earlier ask: it has asked anew, and is answered for that */
    }
    bool paid = s.paid_vnd >= s.fee_vnd && (s.state == SESSION_PAID || s.state == SESSION_LEAVING);
    if (told && (answer.paid ? paid : last[0] || !answer.done)) {
        return say_again(desk, gate, &answer);
    }
    return quote_anew(desk, gate, query, &s);
}
