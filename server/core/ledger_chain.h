/*
 * ledger_chain.h - each transaction of the ledger is tied to the one before by a hash.
 *
 * Triggers keep the ledger append-only for those who use the program; whoever has
 * the file can drop a trigger.  So each transaction carries its number and
 *
 *     hash = SHA-256(prev, canonical text of number, transaction and entries)
 *
 * where prev is the hash of the number before (32 zero bytes for number 1).  The
 * canonical text is a sequence of netstrings ("7:hn-0001,"), so that no two
 * transactions have the same text whatever bytes their names hold:
 *
 *     number id at_ms kind lot session cause count { line account amount_vnd }
 *
 * An edit breaks the row's own hash; an edit with its hash made anew breaks the
 * link of the next row.  Whoever makes the whole tail anew is found by an anchor
 * (number and hash) that was kept elsewhere: `doxe-server ledger head`.
 *
 * Pure.  Not here: where rows are kept (store_ledger.c), walking the chain
 * (query_ledger.h).
 */
#ifndef DOXE_SERVER_LEDGER_CHAIN_H
#define DOXE_SERVER_LEDGER_CHAIN_H

#include "proto/crypto/crypto.h"
#include "server/core/ledger.h"

enum { LEDGER_HASH_SIZE = SHA256_SIZE };

struct ledger_head {
    int64_t number; /* of the last transaction; 0: there is none */
    uint8_t hash[LEDGER_HASH_SIZE];
};

/* The hash of `tx` under this number, behind `prev`.  Its texts end within their caps. */
void ledger_chain_hash(const struct ledger_tx *tx, int64_t number,
                       const uint8_t prev[LEDGER_HASH_SIZE], uint8_t ret_hash[LEDGER_HASH_SIZE]);

enum { LEDGER_ANCHOR_CAP = 20 + 1 + 2 * LEDGER_HASH_SIZE + 1 };
/* "1204:9f86d0…", what people keep elsewhere. */
void ledger_anchor_write(const struct ledger_head *head, char out[LEDGER_ANCHOR_CAP]);
/* DX_E_FORMAT: not a number, a colon and 64 hex digits. */
DX_MUST_USE int ledger_anchor_parse(struct str text, struct ledger_head *ret_head);

/*
 * A row whose hash is not that of its content: what was changed, when one change
 * explains it: one amount, a last line more, or the number.  `out` of `cap` bytes gets a sentence.
 */
void ledger_chain_explain(const struct ledger_tx *tx, int64_t number,
                          const uint8_t prev[LEDGER_HASH_SIZE],
                          const uint8_t hash[LEDGER_HASH_SIZE], char *out, size_t cap);

#endif
