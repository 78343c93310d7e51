-- What drivers say about a stay: that more was asked of them, and one vote.  Of a stay that was
-- erased the figures stay and its name goes; what was written in words goes with complaint.text.

CREATE TABLE complaint (
    id        TEXT PRIMARY KEY,         -- ULID
    session   TEXT REFERENCES session(id) ON DELETE SET NULL,
    lot       TEXT NOT NULL REFERENCES lot(id),
    kind      TEXT NOT NULL,            -- off_tariff
    asked_vnd INTEGER NOT NULL CHECK (asked_vnd > 0),   -- what the driver was asked for, in all
    fee_vnd   INTEGER NOT NULL,         -- what the price list made of the stay at that moment
    text      TEXT NOT NULL,            -- the driver's words; '' none
    at_ms     INTEGER NOT NULL
) STRICT;
CREATE INDEX complaint_day ON complaint(at_ms);
CREATE INDEX complaint_session ON complaint(session);

CREATE TABLE rating (
    session   TEXT PRIMARY KEY,         -- one vote; another one replaces it
    lot       TEXT NOT NULL REFERENCES lot(id),
    score     INTEGER NOT NULL CHECK (score BETWEEN 1 AND 5),   -- pages give 1, 3 and 5
    at_ms     INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX rating_day ON rating(at_ms);
