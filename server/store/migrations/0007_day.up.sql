-- A closed day of an operator: what was known when it was signed.  The same report comes out again
-- of as_of_ms and ledger_number; what came later about that day stands in the next close.
CREATE TABLE day_close (
    operator      TEXT NOT NULL,
    day           TEXT NOT NULL,        -- YYYY-MM-DD in Hanoi
    nth           INTEGER NOT NULL,     -- 0 the first close, 1… later ones
    as_of_ms      INTEGER NOT NULL,
    ledger_number INTEGER NOT NULL,
    by            TEXT NOT NULL,
    open_items    INTEGER NOT NULL,     -- what a person must still look at
    differences   INTEGER NOT NULL,     -- totals that did not agree
    digest        TEXT NOT NULL,        -- SHA-256 of the report's CSV
    PRIMARY KEY (operator, day, nth)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER day_close_no_update BEFORE UPDATE ON day_close BEGIN SELECT RAISE(ABORT, 'signed: append-only'); END;
CREATE TRIGGER day_close_no_delete BEFORE DELETE ON day_close BEGIN SELECT RAISE(ABORT, 'signed: append-only'); END;
