-- Traffic accounts (VETC, ePass; decree 119/2024/NĐ-CP): links, charges, refunds, settlement files.
CREATE TABLE etc_link (
    id        TEXT PRIMARY KEY,         -- ULID
    plate     TEXT NOT NULL,            -- canonical
    vehicle   TEXT NOT NULL,
    provider  TEXT NOT NULL,
    tag       TEXT NOT NULL,            -- EPC of the tag in the windscreen, '' not known
    opened_ms INTEGER NOT NULL,
    opened_by TEXT NOT NULL,
    closed_ms INTEGER,
    closed_by TEXT NOT NULL DEFAULT ''
) STRICT;
-- One vehicle is paid from exactly one account at a time (decree 119/2024, article 11(3)).
CREATE UNIQUE INDEX etc_link_open ON etc_link(plate, vehicle) WHERE closed_ms IS NULL;

CREATE TABLE etc_charge (
    id        TEXT PRIMARY KEY,         -- ULID: the provider's idempotency key
    session   TEXT NOT NULL REFERENCES session(id),
    lot       TEXT NOT NULL REFERENCES lot(id),
    operator  TEXT NOT NULL,
    lane      INTEGER NOT NULL,
    ask       TEXT NOT NULL,
    provider  TEXT NOT NULL,
    plate     TEXT NOT NULL,
    tag       TEXT NOT NULL,
    amount_vnd INTEGER NOT NULL CHECK (amount_vnd > 0),
    state     TEXT NOT NULL,            -- server/core/etc.h
    reference TEXT NOT NULL DEFAULT '', -- the provider's
    made_ms   INTEGER NOT NULL,
    attempts  INTEGER NOT NULL DEFAULT 0,
    next_ms   INTEGER,                  -- NULL: nothing is to be asked
    answer    TEXT NOT NULL DEFAULT '',
    applied_vnd INTEGER NOT NULL DEFAULT 0,
    captured_ms INTEGER,
    settled   TEXT NOT NULL DEFAULT ''  -- the settlement file it stood in
) STRICT;
CREATE INDEX etc_charge_session ON etc_charge(session);
CREATE INDEX etc_charge_next ON etc_charge(next_ms) WHERE next_ms IS NOT NULL;
CREATE UNIQUE INDEX etc_charge_reference ON etc_charge(provider, reference) WHERE reference <> '';
-- A session has one charge on its way at most.
CREATE UNIQUE INDEX etc_charge_live ON etc_charge(session)
    WHERE state NOT IN ('declined', 'voided', 'captured');

-- A refund is a transaction of its own.
CREATE TABLE etc_refund (
    id        TEXT PRIMARY KEY,
    charge    TEXT NOT NULL REFERENCES etc_charge(id),
    amount_vnd INTEGER NOT NULL CHECK (amount_vnd > 0),
    state     TEXT NOT NULL,            -- requested | unknown | done | refused
    reference TEXT NOT NULL DEFAULT '',
    made_ms   INTEGER NOT NULL,
    attempts  INTEGER NOT NULL DEFAULT 0,
    next_ms   INTEGER,
    answer    TEXT NOT NULL DEFAULT '',
    settled   TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX etc_refund_next ON etc_refund(next_ms) WHERE next_ms IS NOT NULL;

CREATE TABLE etc_settlement (
    digest   TEXT PRIMARY KEY,          -- SHA-256 of the file
    provider TEXT NOT NULL,
    operator TEXT NOT NULL,
    file     TEXT NOT NULL,
    imported_ms INTEGER NOT NULL,
    by       TEXT NOT NULL,
    rows     INTEGER NOT NULL,
    open_rows INTEGER NOT NULL          -- rows that agree with nothing of ours
) STRICT, WITHOUT ROWID;
CREATE TABLE etc_settlement_row (
    settlement TEXT NOT NULL REFERENCES etc_settlement(digest) DEFERRABLE INITIALLY DEFERRED,
    line      INTEGER NOT NULL,
    kind      TEXT NOT NULL,            -- capture | refund | fee | payout
    reference TEXT NOT NULL,
    amount_vnd INTEGER NOT NULL,
    at_ms     INTEGER NOT NULL,
    verdict   TEXT NOT NULL,            -- agrees | differs | unknown | candidate | booked | waits | paid
    credit    TEXT NOT NULL DEFAULT '', -- payout: the transfer that brought it
    PRIMARY KEY (settlement, line)
) STRICT, WITHOUT ROWID;
CREATE INDEX etc_payout ON etc_settlement_row(amount_vnd) WHERE kind = 'payout' AND verdict = 'waits';
