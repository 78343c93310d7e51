-- What people may ask about their data, and what was done: docs/PRIVACY.md.  No plate stands here:
-- `subject` is the plate's keyed pseudonym, so that who gives the plate can find what concerns it.

CREATE TABLE privacy_hold (
    id          INTEGER PRIMARY KEY,
    kind        TEXT NOT NULL,          -- plate | stay
    subject     TEXT NOT NULL,          -- pseudonym of the plate, or the stay's id
    reason      TEXT NOT NULL,
    made_ms     INTEGER NOT NULL,
    made_by     TEXT NOT NULL,
    released_ms INTEGER,
    released_by TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE UNIQUE INDEX privacy_hold_open ON privacy_hold(kind, subject) WHERE released_ms IS NULL;

-- Who looked for which plate, and why.
CREATE TABLE privacy_log (
    id      INTEGER PRIMARY KEY,
    at_ms   INTEGER NOT NULL,
    who     TEXT NOT NULL,
    action  TEXT NOT NULL,              -- look | export | erase | hold | release
    subject TEXT NOT NULL,
    reason  TEXT NOT NULL,
    address TEXT NOT NULL               -- '' on the server itself
) STRICT;
CREATE INDEX privacy_log_subject ON privacy_log(subject);
CREATE TRIGGER privacy_log_no_update BEFORE UPDATE ON privacy_log BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER privacy_log_no_delete BEFORE DELETE ON privacy_log BEGIN SELECT RAISE(ABORT, 'append-only'); END;

-- Proof of each erasure and of each day's retention: a chain, each row sealed with the key.
CREATE TABLE privacy_proof (
    number   INTEGER PRIMARY KEY,
    at_ms    INTEGER NOT NULL,
    by       TEXT NOT NULL,
    kind     TEXT NOT NULL,             -- erase | retention
    subject  TEXT NOT NULL,             -- '' of retention
    reason   TEXT NOT NULL,
    counts   TEXT NOT NULL,             -- JSON: rows by rule
    previous TEXT NOT NULL,             -- seal of the row before, '' of the first
    seal     TEXT NOT NULL              -- HMAC-SHA256 of all the columns before
) STRICT;
CREATE TRIGGER privacy_proof_no_update BEFORE UPDATE ON privacy_proof BEGIN SELECT RAISE(ABORT, 'append-only'); END;
CREATE TRIGGER privacy_proof_no_delete BEFORE DELETE ON privacy_proof BEGIN SELECT RAISE(ABORT, 'append-only'); END;
