-- The ledger's transactions get a running number and a hash over the one before: whoever changes a
-- row later breaks the chain behind it.  The program fills prev and hash of what is there already,
-- in this same transaction, and then makes the triggers (server/store/store_ledger.c).
ALTER TABLE ledger_entry RENAME TO ledger_entry_0001;
ALTER TABLE ledger_tx RENAME TO ledger_tx_0001;

CREATE TABLE ledger_tx (
    number  INTEGER PRIMARY KEY,        -- 1, 2, 3, … in the order of posting, no gap
    id      TEXT NOT NULL UNIQUE,       -- made of its cause, so that a repeat is the same id
    at_ms   INTEGER NOT NULL,
    kind    TEXT NOT NULL,              -- docs/LEDGER.md
    lot     TEXT NOT NULL,
    session TEXT NOT NULL,
    cause   TEXT NOT NULL,
    prev    BLOB NOT NULL,              -- hash of the one before; 32 zero bytes for number 1
    hash    BLOB NOT NULL               -- SHA-256 over prev and this transaction: server/core/ledger_chain.h
) STRICT;
CREATE TABLE ledger_entry (
    tx         TEXT NOT NULL REFERENCES ledger_tx(id),
    line       INTEGER NOT NULL,
    account    TEXT NOT NULL,           -- <kind>:<owner>, docs/LEDGER.md
    amount_vnd INTEGER NOT NULL,        -- debit positive, credit negative
    PRIMARY KEY (tx, line)
) STRICT, WITHOUT ROWID;

INSERT INTO ledger_tx(id, at_ms, kind, lot, session, cause, prev, hash)
    SELECT id, at_ms, kind, lot, session, cause, x'', x'' FROM ledger_tx_0001 ORDER BY rowid;
INSERT INTO ledger_entry SELECT tx, line, account, amount_vnd FROM ledger_entry_0001;
DROP TABLE ledger_entry_0001;
DROP TABLE ledger_tx_0001;
