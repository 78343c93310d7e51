/* quote_now.c - what a stay costs this moment, for the driver's page.  Reads only. */
#include "proto/base/check.h"
#include "server/app/ask.h"
#include "server/app/pass.h"

int ask_reader_open(struct ask_reader *reader, const char *path)
{
    int error = store_open_reader(path, &reader->store);
    if (!error) {
        pthread_mutex_init(&reader->lock, NULL);
    }
    return error;
}

void ask_reader_close(struct ask_reader *reader)
{
    if (reader->store) {
        store_close(reader->store);
        pthread_mutex_destroy(&reader->lock);
        reader->store = NULL;
    }
}

static int load(const struct desk *desk, struct ask_reader *reader, struct str token,
                struct session *session, struct payment_terms *terms)
{
    wall_t now = desk->ports.wall(desk->ports.context);
    pthread_mutex_lock(&reader->lock);
    int error = store_get_session_by_token(reader->store, token, session);
    error = error ? error : store_get_promise(reader->store, session->id, &terms->promise);
    const struct app_lot *lot = error ? NULL : desk_find_lot(desk, session->lot);
    if (lot) {
        terms->tariff = lot->tariff[session->subject.vehicle];
        error = pass_terms(reader->store, lot, session, now, terms);
    }
    pthread_mutex_unlock(&reader->lock);
    return error;
}

static bool is_token(struct str token)
{
    bool good = token.n == TOKEN_CAP - 1;
    for (size_t i = 0; i < token.n && good; i++) {
        char c = token.p[i];
        good = ascii_is_digit(c) || (c >= 'a' && c <= 'f');
    }
    return good;
}

/* Gone: the amounts are final; a debt can still be paid with the same code. */
static void fill_ended(const struct session *s, struct app_quote *q)
{
    q->at = s->left;
    q->fee_vnd = s->fee_vnd;
    q->paid_vnd = s->paid_vnd;
    q->due_vnd = s->state == SESSION_LEFT_UNPAID ? s->fee_vnd - s->paid_vnd : 0;
    q->state = q->due_vnd > 0 ? QUOTE_DUE : s->paid_vnd > 0 ? QUOTE_PAID : QUOTE_FREE;
}

static void fill_open(const struct payment_quote *priced, struct app_quote *q)
{
    q->open = true;
    q->state = priced->state;
    q->at = priced->priced_to;
    q->fee_vnd = priced->fee_vnd;
    q->paid_vnd = priced->paid_vnd;
    q->due_vnd = priced->due_vnd;
    q->next_change = priced->next_change;
    q->leave_by = priced->leave_by;
    q->line_count = priced->line_count;
    memcpy(q->line, priced->line, sizeof q->line);
}

int app_quote_now(struct app *app, struct str token, struct app_quote *ret_quote)
{
    struct session s;
    struct payment_terms terms = {0};
    const struct desk *desk = app_desk(app);
    if (!is_token(token)) {
        return DX_E_NOT_FOUND;
    }
    int error = load(desk, app_reader(app), token, &s, &terms);
    const struct app_lot *lot = error ? NULL : desk_find_lot(desk, s.lot);
    if (error || !lot) {
        return error ? error : DX_E_NOT_FOUND;
    }
    struct app_quote quote = {0};
    wall_t now = desk->ports.wall(desk->ports.context);
    memcpy(quote.session, s.id, sizeof quote.session);
    memcpy(quote.paycode, s.code, sizeof quote.paycode);
    quote.entered = s.entered.ms ? s.entered : s.arrived;
    if (session_is_ended(s.state)) {
        fill_ended(&s, &quote);
    } else {
        struct payment_quote priced;
        /* At the exit the lane was promised a fee; the page shows the same one. */
        bool promised = s.asked.ms != 0 && terms.promise.given &&
                        wall_diff(now, terms.promise.valid_until) <= 0;
        terms.promise_ms = desk->config->quote_valid_s * TIME_SECOND_MS;
        terms.late_grace_ms = desk->config->late_grace_s * TIME_SECOND_MS;
        payment_quote(&s, &terms, promised ? s.asked : now, now, &priced);
        fill_open(&priced, &quote);
        if (quote.next_change.ms > 0) {
            wall_t then = wall_add(quote.next_change, 1);
            payment_quote(&s, &terms, then, then, &priced);
            quote.next_fee_vnd = priced.fee_vnd;
        }
    }
    if (quote.state == QUOTE_DUE) {
        desk_vietqr(lot, s.code, quote.due_vnd, quote.payload);
    }
    *ret_quote = quote;
    return 0;
}
