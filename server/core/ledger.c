#include "server/core/ledger.h"

#include "proto/base/check.h"

static void name(char *out, const char *kind, const char *first, const char *second)
{
    struct out text;
    out_init(&text, out, LEDGER_ACCOUNT_CAP);
    out_fmt(&text, "%s:%s", kind, first);
    if (second) {
        out_fmt(&text, "-%s", second);
    }
    must(!out_failed(&text));
}

void ledger_bank(char *out, const char *bin, const char *account)
{
    name(out, "bank", bin, account);
}

void ledger_suspense(char *out, const char *account)
{
    name(out, "suspense", account, NULL);
}

void ledger_prepaid(char *out, const char *lot)
{
    name(out, "prepaid", lot, NULL);
}

void ledger_receivable(char *out, const char *lot)
{
    name(out, "receivable", lot, NULL);
}

void ledger_revenue(char *out, const char *lot)
{
    name(out, "revenue", lot, NULL);
}

void ledger_refund_due(char *out, const char *lot)
{
    name(out, "refund_due", lot, NULL);
}

void ledger_name(char *out, const char *kind, const char *owner)
{
    name(out, kind, owner, NULL);
}

void ledger_cash(char *out, const char *lot, const char *shift)
{
    struct out text;
    out_init(&text, out, LEDGER_ACCOUNT_CAP);
    out_fmt(&text, "cash:%s:%s", lot, shift);
    must(!out_failed(&text));
}

void ledger_begin(struct ledger_tx *tx, const char *id, const char *kind, const char *lot,
                  const char *session, const char *cause, wall_t at)
{
    memset(tx, 0, sizeof *tx);
    must(str_copy(tx->id, sizeof tx->id, str_c(id)) == 0);
    must(str_copy(tx->kind, sizeof tx->kind, str_c(kind)) == 0);
    must(str_copy(tx->lot, sizeof tx->lot, str_c(lot)) == 0);
    must(str_copy(tx->session, sizeof tx->session, str_c(session)) == 0);
    must(str_copy(tx->cause, sizeof tx->cause, str_c(cause)) == 0);
    tx->at = at;
}

void ledger_add(struct ledger_tx *tx, const char *account, int64_t amount_vnd)
{
    if (amount_vnd == 0) {
        return;
    }
    must(tx->count < LEDGER_ENTRIES_MAX);
    must(amount_vnd <= MONEY_MAX_VND && amount_vnd >= -MONEY_MAX_VND);
    struct ledger_entry *entry = &tx->entry[tx->count++];
    must(str_copy(entry->account, sizeof entry->account, str_c(account)) == 0);
    entry->amount_vnd = amount_vnd;
}

bool ledger_is_balanced(const struct ledger_tx *tx)
{
    money_t sum = money(0);
    for (int i = 0; i < tx->count; i++) {
        sum = money_add(sum, money(tx->entry[i].amount_vnd));
    }
    return tx->count != 1 && money_is_zero(sum);
}

bool ledger_is_empty(const struct ledger_tx *tx)
{
    return tx->count == 0;
}

bool ledger_same(const struct ledger_tx *a, const struct ledger_tx *b)
{
    if (strcmp(a->kind, b->kind) != 0 || strcmp(a->lot, b->lot) != 0 ||
        strcmp(a->session, b->session) != 0 || strcmp(a->cause, b->cause) != 0 ||
        a->count != b->count) {
        return false;
    }
    for (int i = 0; i < a->count; i++) {
        if (strcmp(a->entry[i].account, b->entry[i].account) != 0 ||
            a->entry[i].amount_vnd != b->entry[i].amount_vnd) {
            return false;
        }
    }
    return true;
}
