/*
 * retire.c - what nobody asks for again is forgotten, so that a city of millions fits.
 *
 * A stay that has ended and owes nothing goes first; then what belongs to stays that are gone.
 * Debts, suspense, open reviews, shifts and counts stay: they can still be asked for.
 */
#include "sim/store/parts.h"

static bool is_gone(const struct memory *memory, const char *session)
{
    return session[0] == '\0' || memory_session(memory, session) == 0;
}

static bool credit_is_gone(const struct memory *memory, const char *credit)
{
    const struct table *t = &memory->credit;
    uint32_t n = table_first(t, 0, hash_text(HASH_SEED, credit));
    while (n != 0 && !text_same(((const struct credit_row *)table_at(t, n))->id, credit)) {
        n = table_next(t, 0, n);
    }
    return n == 0;
}

/* It is over, and was before this time: one function a table. */
typedef bool (*over)(const struct memory *memory, uint32_t n, int64_t before_ms);
#define OVER(table, condition)                                                           \
    static bool over_##table(const struct memory *memory, uint32_t n, int64_t before_ms) \
    {                                                                                    \
        const struct table##_row *r = table_at(&memory->table, n);                       \
        (void)memory, (void)before_ms;                                                   \
        return (condition);                                                              \
    }

OVER(session, r->updated_ms < before_ms &&
                  (r->state == SESSION_LEFT || r->state == SESSION_BACKED_OUT ||
                   r->state == SESSION_CLOSED_BY_REVIEW || r->state == SESSION_WRITTEN_OFF))
OVER(event, r->received_ms < before_ms)
OVER(quote, r->made_ms < before_ms && is_gone(memory, r->session))
OVER(review, r->closed_ms != 0 && r->closed_ms < before_ms)
OVER(inbox, r->state != NOTICE_NEW && r->received_ms < before_ms)
OVER(credit, r->session[0] && r->received_ms < before_ms && is_gone(memory, r->session))
OVER(source, r->last_ms < before_ms && credit_is_gone(memory, r->credit))
OVER(applied, is_gone(memory, r->session) && credit_is_gone(memory, r->credit))
OVER(back, credit_is_gone(memory, r->credit) && credit_is_gone(memory, r->out_credit))
OVER(tx, r->at_ms < before_ms && is_gone(memory, r->session))
OVER(outbox, r->done && r->done_ms < before_ms && is_gone(memory, r->session))
OVER(command, r->done_ms != 0 && r->done_ms < before_ms)
OVER(alarm, r->cleared_ms != 0 && r->cleared_ms < before_ms)
OVER(request, r->state != REQUEST_OPEN && r->closed_ms < before_ms && is_gone(memory, r->session))
OVER(session_code, is_gone(memory, r->session))
OVER(pass_use, is_gone(memory, r->session))
OVER(debt_offer, r->made_ms < before_ms && is_gone(memory, r->session))
OVER(unlogged, r->at_ms < before_ms)
OVER(offline_quote, r->received_ms < before_ms)
OVER(event_time, r->corrected_ms < before_ms)

/* The last receipt of a gate says which number comes next. */
static bool over_cash(const struct memory *memory, uint32_t n, int64_t before_ms)
{
    enum { BY_GATE = 3 };
    const struct table *t = &memory->cash;
    const struct cash_row *r = table_at(t, n);
    if (r->taken_ms >= before_ms || !is_gone(memory, r->session)) {
        return false;
    }
    uint32_t other = table_first(t, BY_GATE, hash_number(HASH_SEED, r->gate));
    while (other != 0 &&
           (other <= n || ((const struct cash_row *)table_at(t, other))->gate != r->gate)) {
        other = table_next(t, BY_GATE, other);
    }
    return other != 0;
}

static const struct {
    size_t table; /* in struct memory */
    over is_over;
} rules[] = {
#define X(member) {offsetof(struct memory, member), over_##member},
    X(session) X(event) X(quote) X(review) X(inbox) X(credit) X(source) X(applied) X(back) X(tx)
        X(outbox) X(command) X(alarm) X(request) X(session_code) X(pass_use) X(debt_offer)
            X(unlogged) X(offline_quote) X(event_time) X(cash)
#undef X
};

int memory_retire(struct memory *memory, wall_t before)
{
    int error = 0;
    if (memory->writer) {
        return DX_E_BUSY;
    }
    for (size_t i = 0; i < sizeof rules / sizeof rules[0]; i++) {
        struct table *t = (struct table *)(void *)((char *)memory + rules[i].table);
        for (uint32_t n = table_after(t, 0); n != 0 && !error; n = table_after(t, n)) {
            if (!rules[i].is_over(memory, n, before.ms)) {
                continue;
            }
            if (memory->sink) {
                error = memory->sink(memory->sink_context, rules[i].table, n);
            }
            if (!error) {
                table_forget(t, n);
            }
        }
    }
    return error;
}
