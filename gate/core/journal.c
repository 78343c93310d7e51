#include "gate/core/journal.h"

#include "proto/base/check.h"

static const int64_t retry_ms[] = {1000, 2000, 5000, 10000, 30000};

void journal_init(struct journal *journal, int64_t last)
{
    must(last >= 0);
    journal->last = last;
    journal->given = last;
    journal->first = 0;
    journal->count = 0;
    journal->failed = false;
    journal->tries = 0;
    journal->retry = mono_never();
}

static int64_t oldest(const struct journal *journal)
{
    return journal->last - journal->count + 1;
}

void journal_append(struct journal *journal, struct gate_record *record)
{
    must(journal->count < JOURNAL_MAX);
    record->event.seq = ++journal->last;
    journal->pending[(journal->first + journal->count) % JOURNAL_MAX] = *record;
    journal->count++;
}

const struct gate_record *journal_take(struct journal *journal, mono_t now)
{
    if (journal->failed) {
        if (!mono_reached(now, journal->retry)) {
            return NULL;
        }
        journal->retry = mono_never(); /* the oldest goes alone; its answer decides on the rest */
    }
    if (journal->given == journal->last) {
        return NULL;
    }
    int64_t ahead = journal->given + 1 - oldest(journal);
    journal->given++;
    return &journal->pending[(journal->first + ahead) % JOURNAL_MAX];
}

int journal_stored(struct journal *journal, int64_t seq, struct gate_record *ret_record)
{
    if (journal->count == 0 || seq != oldest(journal) || seq > journal->given) {
        return DX_E_STATE;
    }
    *ret_record = journal->pending[journal->first];
    journal->first = (journal->first + 1) % JOURNAL_MAX;
    journal->count--;
    journal->failed = false;
    journal->tries = 0;
    journal->retry = mono_never();
    return 0;
}

int journal_store_failed(struct journal *journal, int64_t seq, mono_t now)
{
    if (journal->count == 0 || seq < oldest(journal) || seq > journal->given) {
        return DX_E_STATE;
    }
    /* What comes before seq may still become durable; seq and all behind it are given again. */
    int last = (int)(sizeof retry_ms / sizeof retry_ms[0]) - 1;
    journal->given = seq - 1;
    journal->failed = true;
    journal->retry = mono_add(now, retry_ms[journal->tries < last ? journal->tries : last]);
    if (journal->tries < last) {
        journal->tries++;
    }
    return 0;
}

mono_t journal_deadline(const struct journal *journal)
{
    return journal->failed ? journal->retry : mono_never();
}
