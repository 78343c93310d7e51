#include "server/core/ledger_chain.h"

#include "proto/base/check.h"

enum { CANONICAL_CAP = 2048, NUMBERS_TRIED = 64 };

static void add_text(struct out *out, const char *text)
{
    out_fmt(out, "%zu:%s,", strlen(text), text);
}

static void add_number(struct out *out, int64_t number)
{
    char digits[24];
    snprintf(digits, sizeof digits, "%lld", (long long)number);
    add_text(out, digits);
}

void ledger_chain_hash(const struct ledger_tx *tx, int64_t number,
                       const uint8_t prev[LEDGER_HASH_SIZE], uint8_t ret_hash[LEDGER_HASH_SIZE])
{
    char space[LEDGER_HASH_SIZE + CANONICAL_CAP];
    struct out out;
    memcpy(space, prev, LEDGER_HASH_SIZE);
    out_init(&out, space + LEDGER_HASH_SIZE, CANONICAL_CAP);
    add_number(&out, number);
    add_text(&out, tx->id);
    add_number(&out, tx->at.ms);
    add_text(&out, tx->kind);
    add_text(&out, tx->lot);
    add_text(&out, tx->session);
    add_text(&out, tx->cause);
    add_number(&out, tx->count);
    for (int i = 0; i < tx->count; i++) {
        add_number(&out, (int64_t)i + 1);
        add_text(&out, tx->entry[i].account);
        add_number(&out, tx->entry[i].amount_vnd);
    }
    must(!out_failed(&out));
    dx_sha256(ret_hash, (struct str){space, LEDGER_HASH_SIZE + out.n});
}

void ledger_anchor_write(const struct ledger_head *head, char out[LEDGER_ANCHOR_CAP])
{
    char hex[2 * LEDGER_HASH_SIZE + 1];
    str_hex(hex, head->hash, LEDGER_HASH_SIZE);
    snprintf(out, LEDGER_ANCHOR_CAP, "%lld:%s", (long long)head->number, hex);
}

int ledger_anchor_parse(struct str text, struct ledger_head *ret_head)
{
    struct ledger_head head;
    size_t colon = str_index(text, ':');
    if (colon == text.n || str_parse_i64(str_slice(text, 0, colon), 0, INT64_MAX, &head.number)) {
        return DX_E_FORMAT;
    }
    struct str hex = str_slice(text, colon + 1, text.n);
    if (hex.n != sizeof head.hash * 2 || str_unhex(hex, head.hash, sizeof head.hash) != 0) {
        return DX_E_FORMAT;
    }
    *ret_head = head;
    return 0;
}

static bool is_hash_of(const struct ledger_tx *tx, int64_t number, const uint8_t *prev,
                       const uint8_t *hash)
{
    uint8_t made[LEDGER_HASH_SIZE];
    ledger_chain_hash(tx, number, prev, made);
    return memcmp(made, hash, sizeof made) == 0;
}

/* One amount was changed and the rest left alone: then the sum tells by how much. */
static int find_amount(const struct ledger_tx *tx, int64_t sum, int64_t number, const uint8_t *prev,
                       const uint8_t *hash)
{
    for (int i = 0; i < tx->count; i++) {
        struct ledger_tx was = *tx;
        was.entry[i].amount_vnd -= sum;
        if (is_hash_of(&was, number, prev, hash)) {
            return i;
        }
    }
    return -1;
}

void ledger_chain_explain(const struct ledger_tx *tx, int64_t number,
                          const uint8_t prev[LEDGER_HASH_SIZE],
                          const uint8_t hash[LEDGER_HASH_SIZE], char *out, size_t cap)
{
    int64_t sum = 0;
    for (int i = 0; i < tx->count; i++) {
        sum += tx->entry[i].amount_vnd;
    }
    int line = sum ? find_amount(tx, sum, number, prev, hash) : -1;
    if (line >= 0) {
        const struct ledger_entry *entry = &tx->entry[line];
        snprintf(out, cap, "line %d, %s: %lld VND now, was %lld VND", line + 1, entry->account,
                 (long long)entry->amount_vnd, (long long)(entry->amount_vnd - sum));
        return;
    }
    struct ledger_tx was = *tx;
    was.count = tx->count > 0 ? tx->count - 1 : 0;
    if (is_hash_of(&was, number, prev, hash)) {
        const struct ledger_entry *entry = &tx->entry[was.count];
        snprintf(out, cap, "line %d, %s, %lld VND: was put in later", tx->count, entry->account,
                 (long long)entry->amount_vnd);
        return;
    }
    for (int64_t i = -NUMBERS_TRIED; i <= NUMBERS_TRIED; i++) {
        if (i != 0 && number + i > 0 && is_hash_of(tx, number + i, prev, hash)) {
            snprintf(out, cap, "its place was changed: it was number %lld",
                     (long long)(number + i));
            return;
        }
    }
    if (sum) {
        snprintf(out, cap, "changed, and its entries add up to %lld VND", (long long)sum);
    } else {
        snprintf(out, cap, "changed: its content is not what was posted");
    }
}
