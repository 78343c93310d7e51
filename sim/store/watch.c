#include "sim/store/watch.h"

#include "proto/base/check.h"
#include "sim/store/parts.h"

#include <stdlib.h>

void memory_set_watch(struct memory *memory, const struct memory_watch *watch)
{
    struct memory_watched *watched = &memory->watched;
    watched->watch = *watch;
    watched->event = memory->event.last;
    watched->credit = memory->credit.last;
    watched->tx = memory->tx.last;
    watched->n = 0;
}

void memory_session_touched(void *owner, uint32_t n)
{
    struct memory *memory = owner;
    struct memory_watched *watched = &memory->watched;
    if (!watched->watch.session || (watched->n && watched->session[watched->n - 1] == n)) {
        return;
    }
    if (watched->n == watched->cap) {
        watched->cap = watched->cap ? watched->cap * 2 : 64;
        watched->session = realloc(watched->session, watched->cap * sizeof *watched->session);
        must(watched->session);
    }
    watched->session[watched->n++] = n;
}

static void tell_events(struct memory *memory)
{
    const struct memory_watch *watch = &memory->watched.watch;
    while (memory->watched.event < memory->event.last) {
        const struct event_row *row = table_at(&memory->event, ++memory->watched.event);
        if (row && watch->event) {
            watch->event(watch->context, memory_text(memory, row->gate), row->generation, row->seq);
        }
    }
}

static void tell_sessions(struct memory *memory)
{
    struct memory_watched *watched = &memory->watched;
    struct session session;
    for (size_t i = 0; i < watched->n; i++) {
        const struct session_row *row = table_at(&memory->session, watched->session[i]);
        if (row) {
            memory_take_session(memory, row, &session);
            watched->watch.session(watched->watch.context, &session);
        }
    }
    watched->n = 0;
}

static void tell_credits(struct memory *memory)
{
    const struct memory_watch *watch = &memory->watched.watch;
    while (memory->watched.credit < memory->credit.last) {
        const struct credit_row *row = table_at(&memory->credit, ++memory->watched.credit);
        if (row && watch->credit) {
            struct bank_credit credit = {
                .out = row->out, .amount_vnd = row->amount_vnd, .booked = {row->booked_ms}};
            PUT(credit.provider, memory_text(memory, row->provider));
            PUT(credit.account, memory_text(memory, row->account));
            PUT(credit.provider_tx, row->provider_tx);
            watch->credit(watch->context, &credit, (enum payment_verdict)row->verdict);
        }
    }
}

static void tell_ledger(struct memory *memory)
{
    const struct memory_watch *watch = &memory->watched.watch;
    struct ledger_tx tx;
    while (memory->watched.tx < memory->tx.last) {
        const struct tx_row *row = table_at(&memory->tx, ++memory->watched.tx);
        if (row && watch->tx) {
            memory_take_tx(memory, row, &tx);
            watch->tx(watch->context, &tx);
        }
    }
}

void memory_tell_watch(struct memory *memory)
{
    tell_events(memory);
    tell_sessions(memory);
    tell_credits(memory);
    tell_ledger(memory);
}

bool memory_ledger_is_whole(const struct memory *memory)
{
    return memory->tx.last == 0 || table_at(&memory->tx, 1) != NULL;
}

void memory_each_tx(const struct memory *memory,
                    void (*take)(void *context, const struct ledger_tx *tx), void *context)
{
    const struct table *t = &memory->tx;
    struct ledger_tx tx;
    for (uint32_t n = table_after(t, 0); n != 0; n = table_after(t, n)) {
        memory_take_tx(memory, table_at(t, n), &tx);
        take(context, &tx);
    }
}
