ALTER TABLE ledger_entry RENAME TO ledger_entry_0002;
ALTER TABLE ledger_tx RENAME TO ledger_tx_0002;

CREATE TABLE ledger_tx (
    id      TEXT PRIMARY KEY,
    at_ms   INTEGER NOT NULL,
    kind    TEXT NOT NULL,
    lot     TEXT NOT NULL,
    session TEXT NOT NULL,
    cause   TEXT NOT NULL
) STRICT;
CREATE TABLE ledger_entry (
    tx         TEXT NOT NULL REFERENCES ledger_tx(id),
    line       INTEGER NOT NULL,
    account    TEXT NOT NULL,
    amount_vnd INTEGER NOT NULL,
    PRIMARY KEY (tx, line)
) STRICT, WITHOUT ROWID;
INSERT INTO ledger_tx SELECT id, at_ms, kind, lot, session, cause FROM ledger_tx_0002 ORDER BY number;
INSERT INTO ledger_entry SELECT tx, line, account, amount_vnd FROM ledger_entry_0002;
DROP TABLE ledger_entry_0002;
DROP TABLE ledger_tx_0002;
CREATE TRIGGER ledger_tx_no_update BEFORE UPDATE ON ledger_tx BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER ledger_tx_no_delete BEFORE DELETE ON ledger_tx BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER ledger_entry_no_update BEFORE UPDATE ON ledger_entry BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER ledger_entry_no_delete BEFORE DELETE ON ledger_entry BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
