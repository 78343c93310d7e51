-- What gates keep of their lot, and what they decided without the server.

-- A vehicle that is not let in, always let in, or owes nothing.  A removed one stays as history.
CREATE TABLE lot_list (
    id         INTEGER PRIMARY KEY,
    lot        TEXT NOT NULL,
    list       TEXT NOT NULL,           -- black | white | exempt
    kind       TEXT NOT NULL,           -- plate | card | ticket
    vehicle    TEXT NOT NULL,           -- unknown: of any class
    key        TEXT NOT NULL,
    until_ms   INTEGER,                 -- NULL: no end
    reason     TEXT NOT NULL,
    added_ms   INTEGER NOT NULL,
    added_by   TEXT NOT NULL,
    removed_ms INTEGER,
    removed_by TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE UNIQUE INDEX lot_list_open ON lot_list(lot, list, kind, vehicle, key) WHERE removed_ms IS NULL;
-- Grows with every change: the version of the lists.
CREATE TABLE lot_list_version (
    version INTEGER PRIMARY KEY,
    at_ms   INTEGER NOT NULL
) STRICT;

-- The configuration as the lot's gates were last told: another content is a higher version.
CREATE TABLE lot_config (
    lot     TEXT PRIMARY KEY,
    version INTEGER NOT NULL,
    content TEXT NOT NULL               -- SHA-256 of it without its version
) STRICT;

-- Open stays by the part of `inside` that they are in.
CREATE INDEX session_inside ON session(lot, substr(id, 26, 1))
    WHERE state IN ('inside', 'quoted', 'paid', 'exempt', 'leaving');

-- Each exit that a gate priced itself, computed again by the server.
CREATE TABLE offline_quote (
    event         TEXT PRIMARY KEY,     -- the QUOTED event
    lot           TEXT NOT NULL,
    gate          TEXT NOT NULL,
    lane          INTEGER NOT NULL,
    session       TEXT NOT NULL,
    at_ms         INTEGER NOT NULL,     -- priced to
    received_ms   INTEGER NOT NULL,
    gate_fee_vnd   INTEGER NOT NULL,
    server_fee_vnd INTEGER NOT NULL,
    gate_due_vnd   INTEGER NOT NULL,
    gate_entered_ms   INTEGER NOT NULL,
    server_entered_ms INTEGER NOT NULL,
    gate_tariff   TEXT NOT NULL,        -- digests
    server_tariff TEXT NOT NULL,
    paycode       TEXT NOT NULL,        -- '' none was shown
    difference    TEXT NOT NULL         -- '' they agree; else in what: session entered tariff fee paycode
) STRICT;
CREATE INDEX offline_quote_at ON offline_quote(at_ms);

-- A payment code that a gate made for a stay that began while the line was cut.
CREATE TABLE session_code (
    code    TEXT PRIMARY KEY,
    session TEXT NOT NULL,
    event   TEXT NOT NULL
) STRICT;

-- Times of events recorded with a clock that was not set, corrected later; the event keeps its own.
CREATE TABLE event_time (
    event        TEXT PRIMARY KEY,
    session      TEXT NOT NULL,
    said_ms      INTEGER NOT NULL,      -- wall_ms of the event
    taken_ms     INTEGER NOT NULL,      -- what stood in for it
    corrected_ms INTEGER NOT NULL,
    cause        TEXT NOT NULL          -- the CLOCK_SET event
) STRICT;
