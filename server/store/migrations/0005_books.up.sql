-- Cash and shifts, passes, corrections of the count: docs/LEDGER.md.  Rows of shift, shift_close,
-- shift_difference, cash_taken, cash_moved and occupancy_correction are facts and never change.

CREATE TABLE shift (
    id          TEXT PRIMARY KEY,       -- ULID, made by the gate's console
    lot         TEXT NOT NULL REFERENCES lot(id),
    gate        TEXT NOT NULL,
    by          TEXT NOT NULL,          -- the attendant
    opened_ms   INTEGER NOT NULL,
    float_vnd   INTEGER NOT NULL,       -- counted in the drawer when it was opened
    previous    TEXT NOT NULL,          -- the shift it took the drawer over from; '' none
    taken_over_vnd INTEGER NOT NULL,    -- how much of the float came from there
    inferred    INTEGER NOT NULL,       -- 1: nobody said that it was opened
    event       TEXT NOT NULL
) STRICT;
CREATE INDEX shift_lot ON shift(lot, opened_ms);
CREATE INDEX shift_previous ON shift(previous) WHERE previous <> '';
CREATE TABLE shift_close (
    shift       TEXT PRIMARY KEY REFERENCES shift(id),
    by          TEXT NOT NULL,
    closed_ms   INTEGER NOT NULL,
    counted_vnd INTEGER NOT NULL,
    expected_vnd INTEGER NOT NULL,      -- by the ledger
    told_vnd    INTEGER NOT NULL,       -- what the gate expected
    text        TEXT NOT NULL,
    event       TEXT NOT NULL
) STRICT, WITHOUT ROWID;
-- More (positive) or less than expected: a row for each finding, never an edit of another.
CREATE TABLE shift_difference (
    id          INTEGER PRIMARY KEY,
    shift       TEXT NOT NULL REFERENCES shift(id),
    at_ms       INTEGER NOT NULL,
    amount_vnd  INTEGER NOT NULL,
    reason      TEXT NOT NULL,          -- close | hand_over | late_cash
    event       TEXT NOT NULL
) STRICT;
CREATE INDEX shift_difference_shift ON shift_difference(shift);
CREATE TABLE cash_taken (
    event       TEXT PRIMARY KEY,
    lot         TEXT NOT NULL REFERENCES lot(id),
    gate        TEXT NOT NULL,
    shift       TEXT NOT NULL,          -- '' none was told
    receipt     TEXT NOT NULL,
    session     TEXT NOT NULL,          -- '' none fits
    by          TEXT NOT NULL,
    taken_ms    INTEGER NOT NULL,
    amount_vnd  INTEGER NOT NULL,
    applied_vnd INTEGER NOT NULL,
    refund_vnd  INTEGER NOT NULL,
    verdict     TEXT NOT NULL
) STRICT;
CREATE INDEX cash_receipt ON cash_taken(gate, receipt);
CREATE INDEX cash_session ON cash_taken(session) WHERE session <> '';
CREATE INDEX cash_shift ON cash_taken(shift);
-- Out of a drawer into the operator's safe (handed_in), out of the safe to the bank (banked).
CREATE TABLE cash_moved (
    id          TEXT PRIMARY KEY,       -- ULID
    kind        TEXT NOT NULL,
    lot         TEXT NOT NULL REFERENCES lot(id),
    operator    TEXT NOT NULL,
    shift       TEXT NOT NULL,          -- handed_in: of which shift; '' else
    amount_vnd  INTEGER NOT NULL,
    by          TEXT NOT NULL,
    at_ms       INTEGER NOT NULL,
    code        TEXT                    -- banked: the pay code to write on the deposit slip
) STRICT;
CREATE UNIQUE INDEX cash_moved_code ON cash_moved(code) WHERE code IS NOT NULL;
CREATE INDEX cash_moved_shift ON cash_moved(shift) WHERE shift <> '';
CREATE TABLE occupancy_correction (
    event       TEXT PRIMARY KEY,
    lot         TEXT NOT NULL REFERENCES lot(id),
    gate        TEXT NOT NULL,
    vehicle     TEXT NOT NULL,
    count_from  INTEGER NOT NULL,
    count_to    INTEGER NOT NULL,
    by          TEXT NOT NULL,
    text        TEXT NOT NULL,
    at_ms       INTEGER NOT NULL
) STRICT;
CREATE INDEX occupancy_lot ON occupancy_correction(lot, vehicle);

-- What is in one drawer, without reading the whole ledger.
CREATE INDEX ledger_cash ON ledger_entry(account, amount_vnd)
    WHERE account >= 'cash:' AND account < 'cash;';

-- A pass lets up to `quota` vehicles of its plates be inside at once, in its lots.
CREATE TABLE pass (
    id          TEXT PRIMARY KEY,       -- ULID
    lot         TEXT NOT NULL REFERENCES lot(id),  -- whose operator is paid
    name        TEXT NOT NULL,          -- passes[].name of the lot's tariff: price, hours, weekdays
    vehicle     TEXT NOT NULL,
    quota       INTEGER NOT NULL,
    holder      TEXT NOT NULL,          -- a reference of the operator's own ("flat 1203"), no more of a person
    made_ms     INTEGER NOT NULL,
    made_by     TEXT NOT NULL
) STRICT;
CREATE TABLE pass_lot (
    pass        TEXT NOT NULL REFERENCES pass(id),
    lot         TEXT NOT NULL REFERENCES lot(id),
    PRIMARY KEY (pass, lot)
) STRICT, WITHOUT ROWID;
CREATE INDEX pass_lot_lot ON pass_lot(lot);
-- A plate is on the pass from .. until; a changed plate keeps its row.
CREATE TABLE pass_plate (
    id          INTEGER PRIMARY KEY,
    pass        TEXT NOT NULL REFERENCES pass(id),
    plate       TEXT NOT NULL,          -- canonical
    from_ms     INTEGER NOT NULL,
    until_ms    INTEGER,                -- NULL: still
    by          TEXT NOT NULL
) STRICT;
CREATE INDEX pass_plate_plate ON pass_plate(plate);
CREATE INDEX pass_plate_pass ON pass_plate(pass);
CREATE TABLE pass_hold (
    id          INTEGER PRIMARY KEY,
    pass        TEXT NOT NULL REFERENCES pass(id),
    from_ms     INTEGER NOT NULL,
    until_ms    INTEGER,                -- NULL: still suspended
    reason      TEXT NOT NULL,
    by          TEXT NOT NULL
) STRICT;
CREATE INDEX pass_hold_pass ON pass_hold(pass);
-- What was bought: the first months, then each renewal.
CREATE TABLE pass_period (
    id          TEXT PRIMARY KEY,       -- ULID
    pass        TEXT NOT NULL REFERENCES pass(id),
    from_ms     INTEGER NOT NULL,       -- 00:00 in Hanoi
    until_ms    INTEGER NOT NULL,       -- 00:00 in Hanoi, exclusive
    months      INTEGER NOT NULL,
    price_vnd   INTEGER NOT NULL,
    made_ms     INTEGER NOT NULL,
    made_by     TEXT NOT NULL,
    paid_vnd    INTEGER NOT NULL DEFAULT 0,
    covers_ms   INTEGER,                -- covers stays from here to until_ms; NULL: not paid yet
    earned      INTEGER NOT NULL DEFAULT 0,  -- months that have become revenue
    code        TEXT NOT NULL UNIQUE,   -- payment code
    token       TEXT NOT NULL UNIQUE    -- names its page
) STRICT;
CREATE INDEX pass_period_pass ON pass_period(pass, from_ms);
CREATE INDEX pass_period_until ON pass_period(until_ms);
CREATE INDEX pass_period_unearned ON pass_period(from_ms) WHERE covers_ms IS NOT NULL AND earned < months;
-- This stay has one of the pass's places.
CREATE TABLE pass_use (
    session     TEXT PRIMARY KEY REFERENCES session(id),
    pass        TEXT NOT NULL REFERENCES pass(id),
    made_ms     INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX pass_use_pass ON pass_use(pass);
-- Each change, for people and for whoever keeps a copy: version only grows.
CREATE TABLE pass_change (
    version     INTEGER PRIMARY KEY,
    pass        TEXT NOT NULL,
    what        TEXT NOT NULL,          -- made | renewed | paid | suspended | resumed | plate_added | plate_removed
    at_ms       INTEGER NOT NULL,
    by          TEXT NOT NULL
) STRICT;

CREATE TRIGGER shift_no_update BEFORE UPDATE ON shift BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER shift_no_delete BEFORE DELETE ON shift BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER shift_close_no_update BEFORE UPDATE ON shift_close BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER shift_close_no_delete BEFORE DELETE ON shift_close BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER shift_difference_no_update BEFORE UPDATE ON shift_difference BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER shift_difference_no_delete BEFORE DELETE ON shift_difference BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER cash_taken_no_update BEFORE UPDATE ON cash_taken BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER cash_taken_no_delete BEFORE DELETE ON cash_taken BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER cash_moved_no_update BEFORE UPDATE ON cash_moved BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER cash_moved_no_delete BEFORE DELETE ON cash_moved BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER occupancy_no_update BEFORE UPDATE ON occupancy_correction BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER occupancy_no_delete BEFORE DELETE ON occupancy_correction BEGIN SELECT RAISE(ABORT, 'append-only'); END;
