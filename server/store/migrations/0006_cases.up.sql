-- Money that needs people: payment requests, proposals of two persons, refunds, debts offered.

-- What a driver was asked to pay: a row a quote.  A session is paid when any of its requests is.
CREATE TABLE stay_request (
    id         TEXT PRIMARY KEY,        -- ULID; of a lane's quote: the quote's id
    session    TEXT NOT NULL REFERENCES session(id),
    kind       TEXT NOT NULL,           -- exit | page | topup | debt
    amount_vnd INTEGER NOT NULL CHECK (amount_vnd > 0),   -- as in the QR
    debt_vnd   INTEGER NOT NULL,        -- of it: debts of earlier stays
    fee_vnd    INTEGER NOT NULL,        -- of the whole stay
    lines      TEXT NOT NULL,           -- JSON array of {vi, en, amount_vnd}
    code       TEXT NOT NULL,           -- the session's payment code
    bin        TEXT NOT NULL,           -- the operator's own account of that lot
    account    TEXT NOT NULL,
    payload    TEXT NOT NULL,           -- VietQR
    made_ms    INTEGER NOT NULL,
    promise_ms INTEGER NOT NULL,        -- our promise ends; the QR stays payable for ever
    state      TEXT NOT NULL DEFAULT 'open',   -- open paid topped_up replaced expired
    credit     TEXT NOT NULL DEFAULT '',       -- the transfer that paid it, or a part of it
    closed_ms  INTEGER
) STRICT;
CREATE INDEX stay_request_session ON stay_request(session, made_ms);
CREATE UNIQUE INDEX stay_request_open ON stay_request(session) WHERE state = 'open';
CREATE INDEX stay_request_made ON stay_request(account, made_ms);
CREATE TRIGGER stay_request_paid_stays BEFORE UPDATE ON stay_request
    WHEN old.state = 'paid' BEGIN SELECT RAISE(ABORT, 'paid is never overwritten'); END;

-- What each transfer has paid; less than its amount when the rest is refunded or in suspense.
CREATE TABLE credit_applied (
    credit     TEXT NOT NULL,
    session    TEXT NOT NULL REFERENCES session(id),
    amount_vnd INTEGER NOT NULL CHECK (amount_vnd > 0),
    back_vnd   INTEGER NOT NULL DEFAULT 0,   -- of it: taken back by the bank
    PRIMARY KEY (credit, session)
) STRICT, WITHOUT ROWID;
CREATE INDEX credit_applied_session ON credit_applied(session);

-- A transfer that the bank took back, and the transfer out that did it.
CREATE TABLE credit_back (
    credit     TEXT PRIMARY KEY REFERENCES bank_credit(id),
    out_credit TEXT NOT NULL UNIQUE REFERENCES bank_credit(id)
) STRICT;
CREATE INDEX bank_credit_amount ON bank_credit(account, amount_vnd, direction);
CREATE INDEX outbox_ask ON outbox(ask) WHERE ask <> '';
CREATE INDEX review_credit ON review(credit) WHERE credit <> '';

-- What two persons decide: one proposes, another approves or refuses.
CREATE TABLE proposal (
    id         TEXT PRIMARY KEY,        -- ULID
    kind       TEXT NOT NULL,           -- transfer | write_off
    review     INTEGER REFERENCES review(id),
    credit     TEXT NOT NULL,           -- '' of a write-off
    note       TEXT NOT NULL,
    made_by    TEXT NOT NULL,
    made_ms    INTEGER NOT NULL,
    state      TEXT NOT NULL DEFAULT 'open',   -- open approved refused
    decided_by TEXT NOT NULL DEFAULT '',
    decided_ms INTEGER,
    reason     TEXT NOT NULL DEFAULT '',
    CHECK (decided_by <> made_by)
) STRICT;
CREATE UNIQUE INDEX proposal_review ON proposal(review) WHERE state = 'open' AND review IS NOT NULL;
CREATE TABLE proposal_part (
    proposal   TEXT NOT NULL REFERENCES proposal(id),
    line       INTEGER NOT NULL,
    action     TEXT NOT NULL,           -- session debt refund owner keep refund_paid taken_back write_off
    target     TEXT NOT NULL,           -- session, refund or credit; '' none
    amount_vnd INTEGER NOT NULL CHECK (amount_vnd > 0),
    PRIMARY KEY (proposal, line)
) STRICT, WITHOUT ROWID;
CREATE INDEX proposal_part_target ON proposal_part(target);

CREATE TABLE refund (
    id         TEXT PRIMARY KEY,        -- ULID
    lot        TEXT NOT NULL REFERENCES lot(id),
    session    TEXT NOT NULL,           -- '' when it is nobody's stay
    credit     TEXT NOT NULL,           -- the transfer that was too much; '' none
    cause      TEXT NOT NULL,           -- over duplicate late fee_fell backed_out transfer staff driver …
    amount_vnd INTEGER NOT NULL CHECK (amount_vnd > 0),
    code       TEXT NOT NULL UNIQUE,    -- stands in the transfer's content: RF + 10 characters
    granted    INTEGER NOT NULL,        -- 1: a fee is given back (staff, driver); 0: it never was ours
    state      TEXT NOT NULL DEFAULT 'requested',   -- requested approved sent confirmed cancelled
    reason     TEXT NOT NULL,
    requested_by TEXT NOT NULL, requested_ms INTEGER NOT NULL,
    linked_by  TEXT NOT NULL DEFAULT '',       -- who last asked for the driver's link
    link       INTEGER NOT NULL DEFAULT 0,     -- which links are good; counted up at each use
    approved_by TEXT NOT NULL DEFAULT '', approved_ms INTEGER,
    sent_by    TEXT NOT NULL DEFAULT '', sent_ms INTEGER,
    bank_ref   TEXT NOT NULL DEFAULT '',
    confirmed_by TEXT NOT NULL DEFAULT '', confirmed_ms INTEGER,   -- the transfer out
    cancelled_by TEXT NOT NULL DEFAULT '', cancelled_ms INTEGER,
    cancel_reason TEXT NOT NULL DEFAULT '',
    CHECK (approved_by = '' OR (approved_by <> requested_by AND approved_by <> linked_by))
) STRICT;
CREATE INDEX refund_session ON refund(session);
CREATE INDEX refund_open ON refund(state) WHERE state IN ('requested', 'approved', 'sent');
CREATE INDEX refund_credit ON refund(credit) WHERE credit <> '';

-- Where a refund goes: given by the driver alone, sealed, apart, erased after it was confirmed.
CREATE TABLE refund_account (
    refund   TEXT PRIMARY KEY REFERENCES refund(id),
    bin      TEXT NOT NULL,
    sealed   BLOB NOT NULL,             -- account and name
    given_ms INTEGER NOT NULL,
    erase_ms INTEGER                    -- after this; NULL: not settled yet
) STRICT;

-- A debt that was known when the same vehicle came again.
CREATE TABLE debt_offer (
    session TEXT NOT NULL REFERENCES session(id),   -- the new stay
    debt    TEXT NOT NULL REFERENCES session(id),   -- the stay that owes
    due_vnd INTEGER NOT NULL,
    made_ms INTEGER NOT NULL,
    PRIMARY KEY (session, debt)
) STRICT, WITHOUT ROWID;
CREATE INDEX session_debt ON session(key, vehicle, lot) WHERE state = 'left_unpaid';

-- A passage that belongs to no stay.
CREATE TABLE unlogged (
    event   TEXT PRIMARY KEY,           -- the gate's event
    lot     TEXT NOT NULL REFERENCES lot(id),
    gate    TEXT NOT NULL,
    lane    INTEGER NOT NULL,
    code    TEXT NOT NULL,              -- tailgating wrong_way forced held_open emergency unknown
    session TEXT NOT NULL,              -- the stay it followed; '' none
    at_ms   INTEGER NOT NULL
) STRICT;
CREATE INDEX unlogged_day ON unlogged(at_ms);
