#include "sim/judge/judge_parts.h"

#include "proto/base/check.h"

#include <stdlib.h>

static int money_new(struct judge *judge)
{
    if (judge->money_free < 0) {
        int from = judge->money_cap;
        judge->money_cap = from ? from * 2 : 256;
        judge->money = realloc(judge->money, (size_t)judge->money_cap * sizeof *judge->money);
        must(judge->money);
        for (int i = judge->money_cap - 1; i >= from; i--) {
            judge->money[i].used = false;
            judge->money[i].next_free = judge->money_free;
            judge->money_free = i;
        }
    }
    int index = judge->money_free;
    judge->money_free = judge->money[index].next_free;
    judge->money[index] = (struct money){.used = true};
    return index;
}

/* It is booked once and in the ledger: nothing is left to be said about it. */
static void money_close(struct judge *judge, int index)
{
    struct money *money = &judge->money[index];
    if (money->credited && money->posted) {
        index_drop(&judge->index, index_key_of(SALT_TRANSFER, (uint64_t)money->id));
        money->used = false;
        money->next_free = judge->money_free;
        judge->money_free = index;
    }
}

void judge_transfer(struct judge *judge, int site, const struct transfer *transfer,
                    const char *code)
{
    int index = money_new(judge);
    struct money *money = &judge->money[index];
    money->id = transfer->id;
    money->amount_vnd = transfer->amount_vnd;
    money->coded = transfer->coded;
    index_put(&judge->index, index_key_of(SALT_TRANSFER, (uint64_t)transfer->id), index);
    judge->report.transfers++;
    judge->report.transferred_vnd += transfer->amount_vnd;
    if (!transfer->coded || !code[0]) {
        return;
    }
    int stay = index_get(&judge->index, index_key(SALT_CODE, code));
    if (stay >= 0 && judge->stay[stay].site == site) {
        judge->stay[stay].coded_vnd += transfer->amount_vnd;
    }
}

/* The number at the end of "credit:sepay:92704"; -1: there is none. */
static int64_t last_number(const char *text)
{
    const char *at = strrchr(text, ':');
    int64_t number = 0;
    at = at ? at + 1 : text;
    if (!*at) {
        return -1;
    }
    for (; *at >= '0' && *at <= '9' && number < INT64_MAX / 100; at++) {
        number = number * 10 + (*at - '0');
    }
    return *at ? -1 : number;
}

static int find_money(const struct judge *judge, const char *provider_tx)
{
    int64_t id = last_number(provider_tx);
    return id < 0 ? -1 : index_get(&judge->index, index_key_of(SALT_TRANSFER, (uint64_t)id));
}

void judge_credit(struct judge *judge, const struct bank_credit *credit,
                  enum payment_verdict verdict)
{
    int index = find_money(judge, credit->provider_tx);
    if (index < 0) {
        judge_find(judge, JUDGE_CREDIT, -1,
                   "credit %s: no bank made this transfer, or it was booked before",
                   credit->provider_tx);
        return;
    }
    struct money *money = &judge->money[index];
    bool matched = verdict == PAYMENT_EXACT || verdict == PAYMENT_UNDER ||
                   verdict == PAYMENT_OVER || verdict == PAYMENT_DUPLICATE ||
                   verdict == PAYMENT_LATE;
    judge->report.credited_vnd += credit->amount_vnd;
    if (money->credited) {
        judge_find(judge, JUDGE_CREDIT, -1, "credit %s: booked a second time", credit->provider_tx);
    }
    if (credit->amount_vnd != money->amount_vnd || credit->out) {
        judge_find(judge, JUDGE_CREDIT, -1, "credit %s: %lld, but the bank moved %lld",
                   credit->provider_tx, (long long)credit->amount_vnd,
                   (long long)money->amount_vnd);
    }
    if (matched && !money->coded) {
        judge_find(judge, JUDGE_CREDIT, -1, "credit %s: given to a stay without a code in it",
                   credit->provider_tx);
    } else if (money->coded && verdict == PAYMENT_UNMATCHED) {
        judge_find(judge, JUDGE_CREDIT, -1, "credit %s: its code was in it, and was not found",
                   credit->provider_tx);
    }
    money->credited = true;
    money_close(judge, index);
}

/* ---- the ledger ---- */

static uint64_t fold_text(uint64_t hash, const char *text)
{
    for (; *text; text++) {
        hash = (hash ^ (unsigned char)*text) * UINT64_C(0x100000001b3);
    }
    return (hash ^ 0xff) * UINT64_C(0x100000001b3);
}

static uint64_t fold_tx(uint64_t hash, const struct ledger_tx *tx)
{
    hash = fold_text(hash, tx->id);
    hash = fold_text(hash, tx->session);
    for (int i = 0; i < tx->count; i++) {
        hash = fold_text(hash, tx->entry[i].account);
        hash = (hash ^ (uint64_t)tx->entry[i].amount_vnd) * UINT64_C(0x100000001b3);
    }
    return hash;
}

static bool is_kind(const char *account, const char *kind)
{
    size_t n = strlen(kind);
    return strncmp(account, kind, n) == 0 && account[n] == ':';
}

static void judge_credit_tx(struct judge *judge, const struct ledger_tx *tx, int64_t bank_vnd)
{
    int index = find_money(judge, tx->id);
    if (index < 0) {
        judge_find(judge, JUDGE_LEDGER, -1, "%s: posted, and no bank made it, or once more",
                   tx->id);
        return;
    }
    struct money *money = &judge->money[index];
    if (money->posted) {
        judge_find(judge, JUDGE_LEDGER, -1, "%s: posted a second time", tx->id);
    }
    if (bank_vnd != money->amount_vnd) {
        judge_find(judge, JUDGE_LEDGER, -1, "%s: %lld on the bank's account, it moved %lld", tx->id,
                   (long long)bank_vnd, (long long)money->amount_vnd);
    }
    money->posted = true;
    money_close(judge, index);
}

void judge_posted(struct judge *judge, const struct ledger_tx *tx)
{
    int64_t sum = 0;
    int64_t bank_vnd = 0;
    for (int i = 0; i < tx->count; i++) {
        const struct ledger_entry *entry = &tx->entry[i];
        sum += entry->amount_vnd;
        bank_vnd += is_kind(entry->account, "bank") ? entry->amount_vnd : 0;
        judge->revenue_vnd -= is_kind(entry->account, "revenue") ? entry->amount_vnd : 0;
    }
    judge->report.transactions++;
    judge->bank_vnd += bank_vnd;
    judge->ledger_hash = fold_tx(judge->ledger_hash, tx);
    if (sum != 0 || tx->count < 2) {
        judge_find(judge, JUDGE_LEDGER, -1, "%s: %d entries that sum to %lld", tx->id, tx->count,
                   (long long)sum);
    }
    if (strcmp(tx->kind, "credit") == 0) {
        judge_credit_tx(judge, tx, bank_vnd);
    }
}

void judge_ledger_row(struct judge *judge, const struct ledger_tx *tx)
{
    judge->reread_hash = fold_tx(judge->reread_hash, tx);
}

void money_end(struct judge *judge, bool ledger_was_read)
{
    for (int i = 0; i < judge->money_cap; i++) {
        const struct money *money = &judge->money[i];
        if (money->used) {
            judge_find(judge, JUDGE_CREDIT, -1, "transfer %lld of %lld: %s", (long long)money->id,
                       (long long)money->amount_vnd,
                       money->credited ? "credited, but not in the ledger"
                                       : "no credit of the server");
        }
    }
    if (judge->bank_vnd != judge->report.transferred_vnd) {
        judge_find(judge, JUDGE_LEDGER, -1, "the banks moved %lld, their accounts hold %lld",
                   (long long)judge->report.transferred_vnd, (long long)judge->bank_vnd);
    }
    if (judge->revenue_vnd != judge->earned_vnd) {
        judge_find(judge, JUDGE_LEDGER, -1, "stays that have ended cost %lld, revenue is %lld",
                   (long long)judge->earned_vnd, (long long)judge->revenue_vnd);
    }
    if (ledger_was_read && judge->ledger_hash != judge->reread_hash) {
        judge_find(judge, JUDGE_LEDGER, -1, "what was posted is not what is there now");
    }
    judge->report.revenue_vnd = judge->revenue_vnd;
}
