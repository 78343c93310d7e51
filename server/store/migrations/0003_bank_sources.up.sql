-- Where the word of a transfer came from, and who else confirmed it.

ALTER TABLE bank_inbox ADD COLUMN source TEXT NOT NULL DEFAULT 'webhook';  -- webhook | poll | statement
ALTER TABLE bank_inbox ADD COLUMN digest TEXT NOT NULL DEFAULT '';  -- of a polled row: the same bytes again are no row
ALTER TABLE bank_inbox ADD COLUMN statement INTEGER;                -- of a statement's row: its file
ALTER TABLE bank_inbox ADD COLUMN line INTEGER NOT NULL DEFAULT 0;  -- and its line there
CREATE UNIQUE INDEX bank_inbox_digest ON bank_inbox(provider, digest) WHERE digest <> '';
CREATE INDEX bank_inbox_statement ON bank_inbox(statement, state) WHERE statement IS NOT NULL;

ALTER TABLE bank_credit ADD COLUMN date_only INTEGER NOT NULL DEFAULT 0;  -- 1: booked_ms is 00:00 of the day
CREATE INDEX bank_credit_twin ON bank_credit(account, amount_vnd, booked_ms);
CREATE INDEX bank_credit_booked ON bank_credit(booked_ms);

-- Every source that told of a credit, the first one included.
CREATE TABLE bank_source (
    credit      TEXT NOT NULL REFERENCES bank_credit(id),
    source      TEXT NOT NULL,          -- webhook | poll | statement
    provider    TEXT NOT NULL,          -- sepay | payos | casso | statement
    provider_tx TEXT NOT NULL,          -- its own id of the transfer
    inbox       INTEGER,                -- the row that told it first
    first_ms    INTEGER NOT NULL,
    last_ms     INTEGER NOT NULL,
    times       INTEGER NOT NULL DEFAULT 1,
    balance_vnd INTEGER,                -- the account's balance after it, as this source said
    PRIMARY KEY (credit, source, provider, provider_tx)
) STRICT, WITHOUT ROWID;
CREATE INDEX bank_source_tx ON bank_source(provider, provider_tx);
INSERT INTO bank_source(credit, source, provider, provider_tx, inbox, first_ms, last_ms)
    SELECT id, 'webhook', provider, provider_tx, inbox, received_ms, received_ms FROM bank_credit;

-- One imported file of a bank.
CREATE TABLE bank_statement (
    id          INTEGER PRIMARY KEY,
    digest      TEXT NOT NULL UNIQUE,   -- SHA-256 of the file
    bin         TEXT NOT NULL,
    account     TEXT NOT NULL,
    file        TEXT NOT NULL,          -- its name, without folders
    mapping     TEXT NOT NULL,
    imported_ms INTEGER NOT NULL,
    rows        INTEGER NOT NULL,
    in_vnd      INTEGER NOT NULL,
    out_vnd     INTEGER NOT NULL,
    first_ms    INTEGER NOT NULL,       -- booking times of its rows
    last_ms     INTEGER NOT NULL,
    opening_vnd INTEGER,                -- as the file says, or as follows from its first balance
    closing_vnd INTEGER,
    gaps        INTEGER NOT NULL        -- places where a balance does not follow from the one before
) STRICT;

-- How far a provider's list has been asked for.
CREATE TABLE bank_cursor (
    provider TEXT NOT NULL,
    name     TEXT NOT NULL,
    value    INTEGER NOT NULL,
    at_ms    INTEGER NOT NULL,
    PRIMARY KEY (provider, name)
) STRICT, WITHOUT ROWID;
