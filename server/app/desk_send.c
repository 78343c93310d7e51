/* desk_send.c - messages to gates: written in the transaction, said after its commit. */
#include "proto/base/check.h"
#include "server/app/money.h"
#include "server/app/pass.h"
#include "server/store/store_offline.h"

int desk_send(struct desk *desk, const struct desk_gate *gate, struct down *down, wall_t expires)
{
    char space[MSG_SIZE_MAX];
    struct out out;
    if (down->id[0] == '\0') {
        desk_ulid(desk, down->id);
    }
    out_init(&out, space, sizeof space);
    down_write(&out, down);
    if (out_failed(&out)) {
        return DX_E_SPACE;
    }
    struct store_message row = {
        .lane = down->lane,
        .type = down_type_text(down->type),
        .next = wall_add(desk->now, ingest_retry_s(1) * (int64_t)TIME_SECOND_MS),
        .expires = expires,
    };
    memcpy(row.id, down->id, sizeof row.id);
    str_copy_cut(row.gate, sizeof row.gate, str_c(gate->id));
    memcpy(row.session, down->session, sizeof row.session);
    memcpy(row.ask, down->ask, sizeof row.ask);
    int error = store_add_message(desk->store, &row, out_str(&out), desk->now);
    return error ? error : desk_say_down(desk, gate, down, out_str(&out));
}

int desk_terms(struct desk *desk, const struct app_lot *lot, const struct session *session,
               struct payment_terms *ret_terms)
{
    struct payment_terms terms = {.tariff = lot->tariff[session->subject.vehicle],
                                  .promise_ms = desk->config->quote_valid_s * TIME_SECOND_MS,
                                  .late_grace_ms = desk->config->late_grace_s * TIME_SECOND_MS};
    int error = store_get_promise(desk->store, session->id, &terms.promise);
    wall_t at = session->asked.ms ? session->asked : desk->now;
    error =
        error ? error : store_is_exempt(desk->store, lot->id, &session->subject, at, &terms.exempt);
    error = error ? error : pass_terms(desk->store, lot, session, desk->now, &terms);
    if (!error) {
        *ret_terms = terms;
    }
    return error;
}

void desk_vietqr(const struct app_lot *lot, const char *code, int64_t amount_vnd,
                 char out[VIETQR_PAYLOAD_CAP])
{
    struct vietqr qr = {.dynamic = true, .amount_vnd = amount_vnd};
    str_copy_cut(qr.bin, sizeof qr.bin, str_c(lot->bin));
    str_copy_cut(qr.account, sizeof qr.account, str_c(lot->account));
    str_copy_cut(qr.purpose, sizeof qr.purpose, str_c(code));
    if (vietqr_build(&qr, out, VIETQR_PAYLOAD_CAP) != 0) {
        out[0] = '\0';
    }
}

static void fill_quote(const struct desk *desk, const struct app_lot *lot,
                       const struct session *session, const struct payment_quote *quote,
                       int64_t debt_vnd, struct down *down)
{
    struct out url;
    down->state = quote->state;
    down->amount_vnd = quote->due_vnd + debt_vnd;
    down->fee_vnd = quote->fee_vnd;
    down->entered = session->entered.ms ? session->entered : session->arrived;
    down->valid_until = quote->valid_until;
    down->subject = session->subject;
    memcpy(down->paycode, session->code, sizeof down->paycode);
    if (quote->state == QUOTE_DUE) {
        desk_vietqr(lot, session->code, down->amount_vnd, down->payload);
    }
    out_init(&url, down->url, sizeof down->url);
    out_fmt(&url, "%s/s/%s", desk->config->public_url, session->token);
    must(!out_failed(&url)); /* the configuration limits the address */
    down->line_count = quote->line_count;
    memcpy(down->line, quote->line, sizeof down->line);
    if (debt_vnd > 0) {
        must(down->line_count < MSG_LINES_MAX);
        down->line[down->line_count++] =
            (struct quote_line){"Nợ các lượt trước", "Owed for earlier stays", debt_vnd};
    }
    if (quote->state == QUOTE_REVIEW) {
        str_copy_cut(down->text, sizeof down->text, str_c(review_text(quote->review)));
    }
}

/* What the driver is asked to pay, beside what the lane is told. */
static int request(struct desk *desk, const struct app_lot *lot, const struct session *session,
                   const struct payment_quote *quote, int64_t debt_vnd, const struct down *down)
{
    if (quote->state != QUOTE_DUE) {
        return money_drop_request(desk, session->id);
    }
    const struct money_request row = {.id = down->id,
                                      .kind = session->paid_vnd > 0 ? "topup" : "exit",
                                      .amount_vnd = down->amount_vnd,
                                      .debt_vnd = debt_vnd,
                                      .line_count = down->line_count,
                                      .line = down->line,
                                      .payload = down->payload,
                                      .promise = quote->valid_until};
    return money_open_request(desk, lot, session, &row);
}

static int sum_debts(struct desk *desk, const struct app_lot *lot, const struct session *session,
                     const struct payment_quote *quote, int64_t *ret_vnd)
{
    struct session debt[PAYMENT_DEBTS_MAX];
    int count = 0;
    *ret_vnd = 0;
    int error = quote->state == QUOTE_DUE ? money_debts(desk, lot, session, debt, &count) : 0;
    for (int i = 0; i < count; i++) {
        *ret_vnd += session_debt(&debt[i]);
    }
    return error;
}

int desk_send_quote(struct desk *desk, const struct desk_gate *gate, int lane, const char *ask,
                    const struct session *session, const struct payment_quote *quote)
{
    struct down down = {.type = DOWN_QUOTE, .lane = lane};
    int64_t debt_vnd = 0;
    int error = sum_debts(desk, gate->lot, session, quote, &debt_vnd);
    if (error) {
        return error;
    }
    desk_ulid(desk, down.id);
    memcpy(down.session, session->id, sizeof down.session);
    str_copy_cut(down.ask, sizeof down.ask, str_c(ask));
    fill_quote(desk, gate->lot, session, quote, debt_vnd, &down);
    if (quote->state != QUOTE_REVIEW) {
        struct store_quote row = {.lane = lane, .made = desk->now};
        memcpy(row.id, down.id, sizeof row.id);
        memcpy(row.session, session->id, sizeof row.session);
        memcpy(row.ask, down.ask, sizeof row.ask);
        error = store_add_quote(desk->store, &row, quote);
        error = error ? error : request(desk, gate->lot, session, quote, debt_vnd, &down);
    }
    return error ? error : desk_send(desk, gate, &down, (wall_t){0});
}

/* Said once, and nothing is written: see on_early.c. */
int desk_say_quote(struct desk *desk, const struct desk_gate *gate, int lane, const char *ask,
                   const struct session *session, const struct payment_quote *quote)
{
    char space[MSG_SIZE_MAX];
    struct out out;
    struct down down = {.type = DOWN_QUOTE, .lane = lane};
    desk_ulid(desk, down.id);
    memcpy(down.session, session->id, sizeof down.session);
    str_copy_cut(down.ask, sizeof down.ask, str_c(ask));
    fill_quote(desk, gate->lot, session, quote, 0, &down);
    out_init(&out, space, sizeof space);
    down_write(&out, &down);
    return out_failed(&out) ? DX_E_SPACE : desk_say_down(desk, gate, &down, out_str(&out));
}
