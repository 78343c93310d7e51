/* memory_look.c - looking at an image without touching it. */
#include "sim/store/memory_look.h"

#include "sim/store/parts.h"

static bool is_word(const char *asked, const char *word)
{
    return !asked[0] || strcmp(asked, word) == 0;
}

bool memory_look_session(const struct memory *memory, const char *key, struct session *ret_session)
{
    const struct session_row *found = NULL;
    for (uint32_t n = memory->session.last; n > 0 && !found; n--) {
        const struct session_row *row = table_at(&memory->session, n);
        found = row && strcmp(row->key, key) == 0 ? row : NULL;
    }
    if (found) {
        memory_take_session(memory, found, ret_session);
    }
    return found != NULL;
}

bool memory_look_stay(const struct memory *memory, const char *id, struct session *ret_session)
{
    uint32_t n = memory_session(memory, id);
    if (n) {
        memory_take_session(memory, table_at(&memory->session, n), ret_session);
    }
    return n != 0;
}

int memory_look_sessions(const struct memory *memory, const char *state)
{
    int count = 0;
    for (uint32_t n = 1; n <= memory->session.last; n++) {
        const struct session_row *row = table_at(&memory->session, n);
        count += row && is_word(state, session_state_text((enum session_state)row->state));
    }
    return count;
}

int memory_look_inside(const struct memory *memory)
{
    int count = 0;
    for (uint32_t n = 1; n <= memory->session.last; n++) {
        const struct session_row *row = table_at(&memory->session, n);
        count += row && !session_is_ended((enum session_state)row->state) && row->entered_ms > 0;
    }
    return count;
}

int memory_look_credits(const struct memory *memory, const char *verdict)
{
    int count = 0;
    for (uint32_t n = 1; n <= memory->credit.last; n++) {
        const struct credit_row *row = table_at(&memory->credit, n);
        count += row && is_word(verdict, payment_verdict_text(row->verdict));
    }
    return count;
}

int memory_look_reviews(const struct memory *memory, const char *kind)
{
    int count = 0;
    for (uint32_t n = 1; n <= memory->review.last; n++) {
        const struct review_row *row = table_at(&memory->review, n);
        count +=
            row && row->closed_ms == 0 && is_word(kind, review_text((enum review_kind)row->kind));
    }
    return count;
}

bool memory_look_alarm(const struct memory *memory, const char *code)
{
    for (uint32_t n = 1; n <= memory->alarm.last; n++) {
        const struct alarm_row *row = table_at(&memory->alarm, n);
        if (row && row->cleared_ms == 0 && is_word(code, memory_text(memory, row->code))) {
            return true;
        }
    }
    return false;
}

int memory_look_set_aside(const struct memory *memory)
{
    return (int)memory->quarantine.alive;
}

int memory_look_waiting(const struct memory *memory)
{
    int count = 0;
    for (uint32_t n = 1; n <= memory->outbox.last; n++) {
        const struct outbox_row *row = table_at(&memory->outbox, n);
        count += row && !row->done;
    }
    return count;
}

int memory_look_uneven(const struct memory *memory)
{
    const struct tx_row *before = NULL;
    int wrong = 0;
    for (uint32_t n = 1; n <= memory->tx.last; n++) {
        const struct tx_row *row = table_at(&memory->tx, n);
        int64_t sum = 0;
        for (int i = 0; row && i < row->count; i++) {
            sum += row->entry[i].amount_vnd;
        }
        bool torn = row && before && memcmp(row->prev, before->hash, LEDGER_HASH_SIZE) != 0;
        wrong += sum != 0 || torn;
        before = row;
    }
    return wrong;
}

void memory_write_reviews(const struct memory *memory, struct out *out)
{
    for (uint32_t n = 1; n <= memory->review.last; n++) {
        const struct review_row *row = table_at(&memory->review, n);
        if (row && row->closed_ms == 0) {
            out_fmt(out, "%s%s", out->n ? " " : "", review_text((enum review_kind)row->kind));
        }
    }
}

void memory_write_alarms(const struct memory *memory, struct out *out)
{
    for (uint32_t n = 1; n <= memory->alarm.last; n++) {
        const struct alarm_row *row = table_at(&memory->alarm, n);
        if (row && row->cleared_ms == 0) {
            out_fmt(out, "%s%s", out->n ? " " : "", memory_text(memory, row->code));
        }
    }
}
