-- Form 01/TTGD (circular 91/2026/TT-BTC) as it was handed in: which transactions stood in which
-- table.  What came later about the same month stands in an amendment.  Never changed.
CREATE TABLE tax_table (
    operator  TEXT NOT NULL,
    month     TEXT NOT NULL,            -- YYYY-MM in Hanoi
    nth       INTEGER NOT NULL,         -- 0 the first table, 1… its amendments
    made_ms   INTEGER NOT NULL,
    by        TEXT NOT NULL,
    rows      INTEGER NOT NULL,
    net_vnd   INTEGER NOT NULL,
    vat_vnd   INTEGER NOT NULL,
    gross_vnd INTEGER NOT NULL,
    PRIMARY KEY (operator, month, nth)
) STRICT, WITHOUT ROWID;
CREATE TABLE tax_row (
    tx        TEXT PRIMARY KEY,         -- ledger_tx.id: in one table only
    operator  TEXT NOT NULL,
    month     TEXT NOT NULL,
    nth       INTEGER NOT NULL,
    net_vnd   INTEGER NOT NULL,         -- as handed in
    vat       TEXT NOT NULL,            -- '8%', 'KCT', …
    vat_vnd   INTEGER NOT NULL,
    gross_vnd INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX tax_row_table ON tax_row(operator, month, nth);
CREATE TRIGGER tax_table_no_update BEFORE UPDATE ON tax_table BEGIN SELECT RAISE(ABORT, 'handed in: append-only'); END;
CREATE TRIGGER tax_table_no_delete BEFORE DELETE ON tax_table BEGIN SELECT RAISE(ABORT, 'handed in: append-only'); END;
CREATE TRIGGER tax_row_no_update BEFORE UPDATE ON tax_row BEGIN SELECT RAISE(ABORT, 'handed in: append-only'); END;
CREATE TRIGGER tax_row_no_delete BEFORE DELETE ON tax_row BEGIN SELECT RAISE(ABORT, 'handed in: append-only'); END;

-- One request for an invoice a payment; what the licensed provider made of it.
CREATE TABLE invoice (
    id          TEXT PRIMARY KEY,       -- ULID; the provider's idempotency key
    operator    TEXT NOT NULL,
    lot         TEXT NOT NULL,
    session     TEXT NOT NULL,
    tx          TEXT NOT NULL,          -- ledger_tx.id of the payment
    replaces    TEXT NOT NULL,          -- id of the invoice that this one replaces, ''
    made_ms     INTEGER NOT NULL,
    template    INTEGER NOT NULL,       -- 1 VAT, 2 sales, 5 ticket (circular 91/2026, annex I)
    series      TEXT NOT NULL,          -- '1C26MAA' without the template digit: 'C26MAA'
    service     TEXT NOT NULL,
    unit        TEXT NOT NULL,          -- 'lượt' | 'giờ' | 'tháng'
    quantity    INTEGER NOT NULL,
    price_vnd   INTEGER NOT NULL,       -- one unit, before tax
    net_vnd     INTEGER NOT NULL,
    vat         TEXT NOT NULL,
    vat_vnd     INTEGER NOT NULL,
    total_vnd   INTEGER NOT NULL,       -- net + vat
    method      TEXT NOT NULL,          -- CK transfer | TM cash
    paid_ms     INTEGER NOT NULL,
    plate       TEXT NOT NULL,
    buyer_name  TEXT NOT NULL,          -- '' : "Bán cho người tiêu dùng"
    buyer_tax   TEXT NOT NULL,          -- tax code, ''
    buyer_address TEXT NOT NULL,
    buyer_email TEXT NOT NULL,
    state       TEXT NOT NULL,          -- requested | unknown | issued | refused | replaced
    number      INTEGER,                -- of the series and year, when issued
    code        TEXT NOT NULL DEFAULT '',      -- MCCQT
    lookup      TEXT NOT NULL DEFAULT '',      -- where the buyer can see it
    provider_id TEXT NOT NULL DEFAULT '',
    attempts    INTEGER NOT NULL DEFAULT 0,
    next_ms     INTEGER NOT NULL,
    answer      TEXT NOT NULL DEFAULT '',      -- the provider's last word, for people
    UNIQUE (tx, replaces)
) STRICT;
CREATE INDEX invoice_session ON invoice(session);
CREATE INDEX invoice_waiting ON invoice(next_ms) WHERE state IN ('requested', 'unknown');
CREATE INDEX ledger_tx_lot ON ledger_tx(lot, at_ms);
