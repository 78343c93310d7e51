-- The first schema.  Times are UTC milliseconds, money is whole đồng, both INTEGER.
-- Rows of event, bank_inbox, bank_credit, ledger_tx, ledger_entry are never changed in their facts.

CREATE TABLE operator (
    id   TEXT PRIMARY KEY,
    name TEXT NOT NULL
) STRICT;

CREATE TABLE lot (
    id           TEXT PRIMARY KEY,      -- [a-z0-9-]{1,32}
    operator     TEXT NOT NULL REFERENCES operator(id),
    name         TEXT NOT NULL,
    address      TEXT NOT NULL,
    ward         TEXT NOT NULL,
    bin          TEXT NOT NULL,         -- the operator's own bank account: money goes there, never here
    account      TEXT NOT NULL,
    account_name TEXT NOT NULL,
    capacity_car       INTEGER NOT NULL,
    capacity_motorbike INTEGER NOT NULL
) STRICT;

-- What the server has committed of each gate's journal.
CREATE TABLE gate (
    id         TEXT PRIMARY KEY,
    lot        TEXT NOT NULL REFERENCES lot(id),
    generation INTEGER NOT NULL DEFAULT 0,
    high       INTEGER NOT NULL DEFAULT 0,   -- highest contiguous sequence committed
    boot       INTEGER NOT NULL DEFAULT 0,
    version    TEXT NOT NULL DEFAULT '',
    seen_ms    INTEGER NOT NULL DEFAULT 0,
    online     INTEGER NOT NULL DEFAULT 0,
    status     TEXT NOT NULL DEFAULT ''      -- last status message, JSON
) STRICT;

CREATE TABLE event (
    gate        TEXT NOT NULL REFERENCES gate(id),
    generation  INTEGER NOT NULL,
    seq         INTEGER NOT NULL,
    id          TEXT NOT NULL UNIQUE,
    type        TEXT NOT NULL,
    lane        INTEGER NOT NULL,
    session     TEXT NOT NULL,          -- '' when none
    wall_ms     INTEGER NOT NULL,
    received_ms INTEGER NOT NULL,
    outcome     TEXT NOT NULL,          -- applied | ignored | review: what the session made of it
    body        TEXT NOT NULL,          -- the message as it came
    PRIMARY KEY (gate, generation, seq)
) STRICT, WITHOUT ROWID;
CREATE INDEX event_session ON event(session) WHERE session <> '';
CREATE INDEX event_recent ON event(received_ms);

-- Came early: waits for the gap before it.
CREATE TABLE parked (
    gate TEXT NOT NULL, generation INTEGER NOT NULL, seq INTEGER NOT NULL, body TEXT NOT NULL,
    PRIMARY KEY (gate, generation, seq)
) STRICT, WITHOUT ROWID;

-- What could not be applied, with its reason.  Nothing is thrown away.
CREATE TABLE quarantine (
    id          INTEGER PRIMARY KEY,
    received_ms INTEGER NOT NULL,
    source      TEXT NOT NULL,          -- topic, or 'webhook'
    reason      TEXT NOT NULL,
    bytes       BLOB NOT NULL,          -- cut at 16 KiB
    digest      TEXT NOT NULL,          -- SHA-256 of all of it: the same again is counted
    times       INTEGER NOT NULL DEFAULT 1,
    last_ms     INTEGER NOT NULL,
    UNIQUE (source, reason, digest)
) STRICT;

CREATE TABLE session (
    id          TEXT PRIMARY KEY,       -- ULID, made by the gate that saw it come in
    lot         TEXT NOT NULL REFERENCES lot(id),
    state       TEXT NOT NULL,          -- arriving inside quoted paid exempt leaving left backed_out left_unpaid closed_by_review
    vehicle     TEXT NOT NULL,
    subject     TEXT NOT NULL,          -- plate | card
    key         TEXT NOT NULL,          -- canonical plate, or the card's pseudonym
    raw         TEXT NOT NULL,
    last4       TEXT NOT NULL,
    gate_in     TEXT NOT NULL,
    lane_in     INTEGER NOT NULL,
    arrived_ms  INTEGER NOT NULL,
    entered_ms  INTEGER,                -- passage confirmed
    asked_ms    INTEGER,                -- last identified at an exit
    gate_out    TEXT, lane_out INTEGER,
    left_ms     INTEGER,
    permit      TEXT,                   -- why it was let out
    fee_vnd     INTEGER NOT NULL DEFAULT 0,   -- what the stay costs, as last computed for an exit or a payment
    paid_vnd    INTEGER NOT NULL DEFAULT 0,   -- applied to the stay; what came beyond the fee is in refund_due
    paid_ms     INTEGER,                -- booking time of the credit that completed the payment
    code        TEXT NOT NULL UNIQUE,   -- payment code, one per session
    token       TEXT NOT NULL UNIQUE,   -- random, names the session on the driver's page; reveals nothing
    inferred    INTEGER NOT NULL DEFAULT 0,   -- 1: an edge was concluded, not seen
    updated_ms  INTEGER NOT NULL
) STRICT;
CREATE INDEX session_open ON session(lot, key, vehicle) WHERE left_ms IS NULL;
CREATE INDEX session_day ON session(entered_ms);
CREATE INDEX session_left ON session(left_ms);

CREATE TABLE quote (
    id          TEXT PRIMARY KEY,       -- ULID
    session     TEXT NOT NULL REFERENCES session(id),
    ask         TEXT NOT NULL,          -- exit_asked event, '' for the driver's page
    lane        INTEGER NOT NULL,
    made_ms     INTEGER NOT NULL,
    priced_to_ms INTEGER NOT NULL,      -- the fee is for [entered, this)
    fee_vnd     INTEGER NOT NULL,
    due_vnd     INTEGER NOT NULL,       -- fee less what was paid
    valid_until_ms INTEGER NOT NULL,
    tariff      TEXT NOT NULL,          -- name and version
    digest      TEXT NOT NULL,
    lines       TEXT NOT NULL           -- JSON array of {vi, en, amount_vnd}
) STRICT;
CREATE INDEX quote_session ON quote(session, made_ms);

-- Raw word of a bank or provider, stored before anything is made of it.
CREATE TABLE bank_inbox (
    id          INTEGER PRIMARY KEY,
    provider    TEXT NOT NULL,
    received_ms INTEGER NOT NULL,
    body        BLOB NOT NULL,
    state       TEXT NOT NULL DEFAULT 'new',  -- new | applied | rejected
    reason      TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX bank_inbox_new ON bank_inbox(id) WHERE state = 'new';

CREATE TABLE bank_credit (
    id          TEXT PRIMARY KEY,       -- ULID
    provider    TEXT NOT NULL,
    provider_tx TEXT NOT NULL,
    account     TEXT NOT NULL,
    bank_ref    TEXT NOT NULL,
    direction   TEXT NOT NULL,          -- in | out
    amount_vnd  INTEGER NOT NULL,
    booked_ms   INTEGER NOT NULL,
    received_ms INTEGER NOT NULL,
    content     TEXT NOT NULL,
    code        TEXT NOT NULL,          -- payment code found, ''
    session     TEXT,                   -- where it was matched
    verdict     TEXT NOT NULL,          -- exact under over duplicate_payment late unmatched wrong_account two_codes reversal
    inbox       INTEGER REFERENCES bank_inbox(id),
    UNIQUE (provider, provider_tx)
) STRICT;
CREATE INDEX bank_credit_soft ON bank_credit(account, bank_ref, amount_vnd, direction);
CREATE INDEX bank_credit_session ON bank_credit(session);

-- Double entry.  The sum of a transaction's entries is zero; the sum of all entries is zero.
CREATE TABLE ledger_tx (
    id      TEXT PRIMARY KEY,           -- made of its cause, so that a repeat is the same id
    at_ms   INTEGER NOT NULL,
    kind    TEXT NOT NULL,              -- fee | credit | fee_change | ...: docs/LEDGER.md
    lot     TEXT NOT NULL,
    session TEXT NOT NULL,
    cause   TEXT NOT NULL
) STRICT;
CREATE TABLE ledger_entry (
    tx         TEXT NOT NULL REFERENCES ledger_tx(id),
    line       INTEGER NOT NULL,
    account    TEXT NOT NULL,           -- e.g. receivable:<lot>, revenue:<lot>, bank:<bin>-<account>, suspense:<account>, refund_due:<lot>
    amount_vnd INTEGER NOT NULL,        -- debit positive, credit negative
    PRIMARY KEY (tx, line)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER ledger_tx_no_update BEFORE UPDATE ON ledger_tx BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER ledger_tx_no_delete BEFORE DELETE ON ledger_tx BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER ledger_entry_no_update BEFORE UPDATE ON ledger_entry BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
CREATE TRIGGER ledger_entry_no_delete BEFORE DELETE ON ledger_entry BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;

-- Messages to gates, written in the transaction that justifies them, spoken after its commit.
CREATE TABLE outbox (
    id         TEXT PRIMARY KEY,        -- the message's own id
    gate       TEXT NOT NULL REFERENCES gate(id),
    lane       INTEGER NOT NULL,
    type       TEXT NOT NULL,           -- quote | paid | command
    session    TEXT NOT NULL,           -- '' when none
    ask        TEXT NOT NULL,
    body       TEXT NOT NULL,
    made_ms    INTEGER NOT NULL,
    next_ms    INTEGER NOT NULL,        -- when to speak again
    expires_ms INTEGER,                 -- not spoken after this
    attempts   INTEGER NOT NULL,        -- times it was spoken
    done_ms    INTEGER                  -- answered by the lane, replaced, or expired
) STRICT;
CREATE INDEX outbox_due ON outbox(next_ms) WHERE done_ms IS NULL;
CREATE INDEX outbox_open ON outbox(gate, lane) WHERE done_ms IS NULL;
CREATE INDEX outbox_waiting ON outbox(session) WHERE done_ms IS NULL;

-- What people asked gates to do, and what became of it.
CREATE TABLE command (
    id          TEXT PRIMARY KEY,       -- ULID, the message's id
    gate        TEXT NOT NULL REFERENCES gate(id),
    lane        INTEGER NOT NULL,
    action      TEXT NOT NULL,          -- open | set_subject | close_lane | open_lane
    reason      TEXT NOT NULL,
    by          TEXT NOT NULL,
    made_ms     INTEGER NOT NULL,
    deadline_ms INTEGER NOT NULL,
    outcome     TEXT NOT NULL DEFAULT '',   -- '' none yet | done | late | impossible
    text        TEXT NOT NULL DEFAULT '',
    done_ms     INTEGER
) STRICT;
CREATE INDEX command_lane ON command(gate, lane, made_ms);

-- Things that wait for a person.
CREATE TABLE review (
    id        INTEGER PRIMARY KEY,
    kind      TEXT NOT NULL,            -- lane_held | no_entry | bank_unmatched | bank_wrong_account | bank_over | bank_duplicate | session_conflict | ...
    lot       TEXT NOT NULL,
    gate      TEXT NOT NULL DEFAULT '',
    lane      INTEGER NOT NULL DEFAULT 0,
    session   TEXT NOT NULL DEFAULT '',
    credit    TEXT NOT NULL DEFAULT '',
    cause     TEXT NOT NULL,            -- event or credit that opened it
    detail    TEXT NOT NULL,
    opened_ms INTEGER NOT NULL,
    closed_ms INTEGER,
    closed_by TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX review_open ON review(lot) WHERE closed_ms IS NULL;
CREATE INDEX review_lane ON review(gate, lane) WHERE closed_ms IS NULL;

-- Alarms are raised and cleared, and their history stays.
CREATE TABLE alarm (
    id        INTEGER PRIMARY KEY,
    lot       TEXT NOT NULL, gate TEXT NOT NULL, lane INTEGER NOT NULL,
    code      TEXT NOT NULL,
    detail    TEXT NOT NULL,
    raised_ms INTEGER NOT NULL,
    cleared_ms INTEGER
) STRICT;
CREATE INDEX alarm_open ON alarm(gate, lane, code) WHERE cleared_ms IS NULL;

-- Counted in the same transaction as the facts, so that the city page never adds up rows.
CREATE TABLE rollup_day (
    day     TEXT NOT NULL,              -- YYYY-MM-DD in Hanoi
    lot     TEXT NOT NULL,
    vehicle TEXT NOT NULL,
    entered INTEGER NOT NULL DEFAULT 0, -- by entered_ms
    left    INTEGER NOT NULL DEFAULT 0, -- a turn: by left_ms
    fee_vnd INTEGER NOT NULL DEFAULT 0, -- fees of the turns that left
    cashless_turns INTEGER NOT NULL DEFAULT 0,  -- left, with a fee, paid by transfer
    cash_turns     INTEGER NOT NULL DEFAULT 0,
    unpaid_turns   INTEGER NOT NULL DEFAULT 0,
    free_turns     INTEGER NOT NULL DEFAULT 0,
    transfer_vnd   INTEGER NOT NULL DEFAULT 0,  -- credits matched to sessions, by booking day
    PRIMARY KEY (day, lot, vehicle)
) STRICT, WITHOUT ROWID;
