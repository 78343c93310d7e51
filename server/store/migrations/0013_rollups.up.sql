-- The city's figures: rollups that the database keeps itself, in the transaction of the facts.
-- A rollup is a function of the rows: the views rollup_turn, rollup_money, … say what one row counts
-- for, and triggers take away what a row counted for before a change and add what it counts for after
-- it.  `doxe-server rollup check` counts the views again; nothing else writes the tables of rollups.
-- A deleted row (retention) stays counted.  What is there already is counted by the program in this
-- same transaction: server/store/schema/rollup.h.

-- What a stay was paid with, kept by triggers: nobody else writes these.
ALTER TABLE session ADD COLUMN cash_vnd INTEGER NOT NULL DEFAULT 0;  -- of paid_vnd: in cash
ALTER TABLE session ADD COLUMN etc_vnd INTEGER NOT NULL DEFAULT 0;   -- of paid_vnd: from a traffic account
ALTER TABLE session ADD COLUMN pass INTEGER NOT NULL DEFAULT 0;      -- 1: it had a place of a pass

-- Where a lot is, in millionths of a degree (WGS 84); NULL: not stated.
ALTER TABLE lot ADD COLUMN lat_e6 INTEGER;
ALTER TABLE lot ADD COLUMN lon_e6 INTEGER;
-- The administrative tree with its dates, and the areas of a lot: server/store/store_area.h.
CREATE TABLE area (
    id         TEXT PRIMARY KEY,        -- [a-z0-9-]
    parent     TEXT NOT NULL,           -- '' of a tree's root
    kind       TEXT NOT NULL,           -- city | ward | commune | urban_district | rural_district | town
    name       TEXT NOT NULL,
    from_day   INTEGER NOT NULL,        -- days since 1970 in Hanoi, [from, until)
    until_day  INTEGER NOT NULL         -- 2147483647: still
) STRICT;
CREATE TABLE lot_area (
    lot        TEXT NOT NULL REFERENCES lot(id),
    area       TEXT NOT NULL REFERENCES area(id),
    PRIMARY KEY (lot, area)
) STRICT, WITHOUT ROWID;

-- One row a grain, time, lot and class.  A row of zeros is the same as none.
DROP TABLE rollup_day;
CREATE TABLE rollup (
    grain   INTEGER NOT NULL,           -- 0 hour, 1 day, 2 month, 3 hour of the day over a month
    at      INTEGER NOT NULL,           -- hours or days since 1970 in Hanoi; months: year * 12 + month - 1
    hour    INTEGER NOT NULL,           -- grain 3: 0..23; else 0
    lot     TEXT NOT NULL,
    vehicle TEXT NOT NULL,
    entered INTEGER NOT NULL,           -- by entered_ms
    left INTEGER NOT NULL,          -- a turn: by left_ms; the kinds below add up to it
    transfer_turns INTEGER NOT NULL, -- paid, by transfer alone
    cash_turns INTEGER NOT NULL,    -- paid, some of it in cash
    etc_turns INTEGER NOT NULL,     -- paid, some of it from a traffic account, no cash
    pass_turns INTEGER NOT NULL,    -- cost nothing by a pass
    free_turns INTEGER NOT NULL,    -- cost nothing else
    debt_turns INTEGER NOT NULL,    -- gone and owes
    given_up_turns INTEGER NOT NULL, -- the debt was given up
    fee_vnd INTEGER NOT NULL,       -- of the turns: settled + debt + given up + let off
    settled_vnd INTEGER NOT NULL,   -- of the turns: what was applied to them
    debt_vnd INTEGER NOT NULL,      -- of the turns: what they owe
    given_up_vnd INTEGER NOT NULL,
    transfer_vnd INTEGER NOT NULL,  -- money applied to stays, by booking time; less what a bank took back
    cash_vnd INTEGER NOT NULL,      -- by the time it was taken
    etc_vnd INTEGER NOT NULL,       -- by the time of the capture
    pass_vnd INTEGER NOT NULL,      -- passes sold, by the time of the order
    stay_s INTEGER NOT NULL,        -- seconds of the turns' stays
    inferred INTEGER NOT NULL,      -- turns with an edge that was concluded
    PRIMARY KEY (grain, at, hour, lot, vehicle)
) STRICT, WITHOUT ROWID;
-- Things that are counted by lot alone.
CREATE TABLE rollup_sign (
    grain INTEGER NOT NULL,             -- 1 day, 2 month
    at    INTEGER NOT NULL,
    lot   TEXT NOT NULL,
    sign  TEXT NOT NULL,                -- the views rollup_sign_…
    count INTEGER NOT NULL,
    PRIMARY KEY (grain, at, lot, sign)
) STRICT, WITHOUT ROWID;
-- Vehicles in a lot now: open stays, and what people corrected when they counted.
CREATE TABLE rollup_inside (
    lot       TEXT NOT NULL,
    vehicle   TEXT NOT NULL,
    stays     INTEGER NOT NULL,
    corrected INTEGER NOT NULL,
    PRIMARY KEY (lot, vehicle)
) STRICT, WITHOUT ROWID;

CREATE INDEX cash_day ON cash_taken(taken_ms);
CREATE INDEX etc_charge_day ON etc_charge(captured_ms) WHERE captured_ms IS NOT NULL;
CREATE INDEX pass_period_made ON pass_period(made_ms);

-- ---- what one row counts for ----
CREATE VIEW rollup_entry AS
    SELECT id AS session, entered_ms AS at_ms, lot, vehicle FROM session WHERE entered_ms IS NOT NULL;
CREATE VIEW rollup_turn AS
    SELECT session, at_ms, lot, vehicle, kind = 'transfer' AS transfer_turns,
        kind = 'cash' AS cash_turns, kind = 'etc' AS etc_turns, kind = 'pass' AS pass_turns,
        kind = 'free' AS free_turns, kind = 'debt' AS debt_turns,
        kind = 'given_up' AS given_up_turns, fee_vnd, paid_vnd AS settled_vnd,
        CASE WHEN kind = 'debt' THEN fee_vnd - paid_vnd ELSE 0 END AS debt_vnd,
        CASE WHEN kind = 'given_up' THEN fee_vnd - paid_vnd ELSE 0 END AS given_up_vnd,
        stay_s, inferred
    FROM (SELECT id AS session, left_ms AS at_ms, lot, vehicle, fee_vnd, paid_vnd, inferred,
        max(0, (left_ms - coalesce(entered_ms, left_ms)) / 1000) AS stay_s,
        CASE WHEN state = 'left_unpaid' THEN 'debt'
            WHEN state <> 'left' AND fee_vnd > paid_vnd THEN 'given_up'
            WHEN fee_vnd = 0 AND pass = 1 THEN 'pass'
            WHEN fee_vnd = 0 THEN 'free'
            WHEN cash_vnd > 0 THEN 'cash'
            WHEN etc_vnd > 0 THEN 'etc'
            ELSE 'transfer' END AS kind
        FROM session WHERE left_ms IS NOT NULL
        AND state IN ('left', 'left_unpaid', 'written_off', 'closed_by_review'));
CREATE VIEW rollup_transfer AS
    SELECT a.session, a.credit, b.booked_ms AS at_ms, s.lot, s.vehicle, a.amount_vnd AS transfer_vnd
        FROM credit_applied a JOIN bank_credit b ON b.id = a.credit JOIN session s ON s.id = a.session;
CREATE VIEW rollup_taken_back AS
    SELECT a.session, a.credit, b.booked_ms AS at_ms, s.lot, s.vehicle, -a.back_vnd AS transfer_vnd
        FROM credit_applied a JOIN credit_back k ON k.credit = a.credit
        JOIN bank_credit b ON b.id = k.out_credit JOIN session s ON s.id = a.session
        WHERE a.back_vnd <> 0;
CREATE VIEW rollup_cash AS
    SELECT c.session, c.event, c.taken_ms AS at_ms, c.lot, coalesce(s.vehicle, 'unknown') AS vehicle,
        c.applied_vnd AS cash_vnd FROM cash_taken c LEFT JOIN session s ON s.id = c.session;
CREATE VIEW rollup_etc AS
    SELECT c.session, c.id AS charge, c.captured_ms AS at_ms, s.lot, s.vehicle, c.applied_vnd AS etc_vnd
        FROM etc_charge c JOIN session s ON s.id = c.session WHERE c.captured_ms IS NOT NULL;
CREATE VIEW rollup_pass AS
    SELECT r.id AS period, r.made_ms AS at_ms, p.lot, p.vehicle, r.paid_vnd AS pass_vnd
        FROM pass_period r JOIN pass p ON p.id = r.pass WHERE r.paid_vnd <> 0;
-- Open stays in the lot.
CREATE VIEW rollup_stay AS
    SELECT id AS session, lot, vehicle FROM session WHERE left_ms IS NULL AND entered_ms IS NOT NULL
        AND state IN ('inside', 'quoted', 'paid', 'exempt', 'leaving');
-- Signs.  A passage without a stay; a barrier opened by hand, and without any stay; an edge told
-- within a minute, or later; what reviews say of a record: wrong, incomplete, unclean.
CREATE VIEW rollup_sign_unlogged AS SELECT event, at_ms, lot, 'unlogged' AS sign FROM unlogged;
CREATE VIEW rollup_sign_event AS
    SELECT e.id AS event, e.wall_ms AS at_ms, g.lot, CASE e.type WHEN 'hand_opened' THEN
        CASE e.session WHEN '' THEN 'hand_opened_bare' ELSE 'hand_opened' END
        ELSE CASE WHEN e.received_ms - e.wall_ms <= 60000 THEN 'told_live' ELSE 'told_late' END END AS sign
    FROM event e JOIN gate g ON g.id = e.gate WHERE e.type IN ('hand_opened', 'entered', 'left');
CREATE VIEW rollup_sign_review AS
    SELECT id AS review, opened_ms AS at_ms, lot, CASE
        WHEN kind IN ('session_conflict', 'stay_implausible', 'permit_differs', 'offline_differs',
            'fee_fell', 'cash_deposit') THEN 'wrong'
        WHEN kind IN ('no_entry', 'unknown_session', 'entry_unconfirmed', 'left_unpermitted',
            'entry_declared') THEN 'incomplete'
        WHEN kind IN ('already_inside', 'clock_unknown', 'bank_unmatched', 'bank_two_codes',
            'bank_different', 'cash_unmatched', 'cash_receipt', 'shift_odd') THEN 'unclean'
        ELSE '' END AS sign FROM review WHERE lot <> '';

CREATE VIEW rollup_sign_complaint AS
    SELECT id AS complaint, at_ms, lot, 'complaint_' || kind AS sign FROM complaint;
CREATE VIEW rollup_sign_rating AS SELECT session, at_ms, lot, 'rating_' || score AS sign FROM rating;

-- Everything, for rebuild and check.
CREATE VIEW rollup_fact AS
    SELECT at_ms, lot, vehicle,
        1 AS entered, 0 AS left, 0 AS transfer_turns, 0 AS cash_turns, 0 AS etc_turns,
        0 AS pass_turns, 0 AS free_turns, 0 AS debt_turns, 0 AS given_up_turns, 0 AS fee_vnd,
        0 AS settled_vnd, 0 AS debt_vnd, 0 AS given_up_vnd, 0 AS transfer_vnd, 0 AS cash_vnd,
        0 AS etc_vnd, 0 AS pass_vnd, 0 AS stay_s, 0 AS inferred
        FROM rollup_entry
    UNION ALL
    SELECT at_ms, lot, vehicle,
        0, 1 AS left, transfer_turns, cash_turns, etc_turns, pass_turns, free_turns, debt_turns,
        given_up_turns, fee_vnd, settled_vnd, debt_vnd, given_up_vnd, 0, 0, 0, 0, stay_s, inferred
        FROM rollup_turn
    UNION ALL
    SELECT at_ms, lot, vehicle,
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, transfer_vnd, 0, 0, 0, 0, 0
        FROM rollup_transfer
    UNION ALL
    SELECT at_ms, lot, vehicle,
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, transfer_vnd, 0, 0, 0, 0, 0
        FROM rollup_taken_back
    UNION ALL
    SELECT at_ms, lot, vehicle,
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, cash_vnd, 0, 0, 0, 0
        FROM rollup_cash
    UNION ALL
    SELECT at_ms, lot, vehicle,
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, etc_vnd, 0, 0, 0
        FROM rollup_etc
    UNION ALL
    SELECT at_ms, lot, vehicle,
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, pass_vnd, 0, 0
        FROM rollup_pass;
CREATE VIEW rollup_sign_fact AS
    SELECT at_ms, lot, sign FROM rollup_sign_unlogged
    UNION ALL SELECT at_ms, lot, sign FROM rollup_sign_event
    UNION ALL SELECT at_ms, lot, sign FROM rollup_sign_complaint
    UNION ALL SELECT at_ms, lot, sign FROM rollup_sign_rating
    UNION ALL SELECT at_ms, lot, sign FROM rollup_sign_review WHERE sign <> '';

-- ---- one way in: what is inserted here is added to every grain ----
CREATE VIEW rollup_add AS SELECT * FROM rollup_fact WHERE 0;
CREATE VIEW rollup_sign_add AS SELECT 0 AS at_ms, '' AS lot, '' AS sign, 0 AS count WHERE 0;

CREATE TRIGGER rollup_add_row INSTEAD OF INSERT ON rollup_add BEGIN
    INSERT INTO rollup(grain, at, hour, lot, vehicle,
        entered, left, transfer_turns, cash_turns, etc_turns, pass_turns, free_turns, debt_turns,
        given_up_turns, fee_vnd, settled_vnd, debt_vnd, given_up_vnd, transfer_vnd, cash_vnd,
        etc_vnd, pass_vnd, stay_s, inferred)
    SELECT g.grain, CASE g.grain WHEN 0 THEN g.hour WHEN 1 THEN g.hour / 24 ELSE g.month END,
        CASE g.grain WHEN 3 THEN g.hour % 24 ELSE 0 END, new.lot, new.vehicle,
        coalesce(new.entered, 0), coalesce(new.left, 0), coalesce(new.transfer_turns, 0),
        coalesce(new.cash_turns, 0), coalesce(new.etc_turns, 0), coalesce(new.pass_turns, 0),
        coalesce(new.free_turns, 0), coalesce(new.debt_turns, 0),
        coalesce(new.given_up_turns, 0), coalesce(new.fee_vnd, 0), coalesce(new.settled_vnd, 0),
        coalesce(new.debt_vnd, 0), coalesce(new.given_up_vnd, 0), coalesce(new.transfer_vnd, 0),
        coalesce(new.cash_vnd, 0), coalesce(new.etc_vnd, 0), coalesce(new.pass_vnd, 0),
        coalesce(new.stay_s, 0), coalesce(new.inferred, 0)
        FROM (SELECT column1 AS grain, (new.at_ms + 25200000) / 3600000 AS hour,
            CAST(strftime('%Y', new.at_ms / 1000 + 25200, 'unixepoch') AS INTEGER) * 12
            + CAST(strftime('%m', new.at_ms / 1000 + 25200, 'unixepoch') AS INTEGER) - 1 AS month
            FROM (VALUES (0), (1), (2), (3))) g WHERE true
    ON CONFLICT(grain, at, hour, lot, vehicle) DO UPDATE SET
        entered = entered + excluded.entered, left = left + excluded.left,
        transfer_turns = transfer_turns + excluded.transfer_turns,
        cash_turns = cash_turns + excluded.cash_turns,
        etc_turns = etc_turns + excluded.etc_turns,
        pass_turns = pass_turns + excluded.pass_turns,
        free_turns = free_turns + excluded.free_turns,
        debt_turns = debt_turns + excluded.debt_turns,
        given_up_turns = given_up_turns + excluded.given_up_turns,
        fee_vnd = fee_vnd + excluded.fee_vnd, settled_vnd = settled_vnd + excluded.settled_vnd,
        debt_vnd = debt_vnd + excluded.debt_vnd,
        given_up_vnd = given_up_vnd + excluded.given_up_vnd,
        transfer_vnd = transfer_vnd + excluded.transfer_vnd,
        cash_vnd = cash_vnd + excluded.cash_vnd, etc_vnd = etc_vnd + excluded.etc_vnd,
        pass_vnd = pass_vnd + excluded.pass_vnd, stay_s = stay_s + excluded.stay_s,
        inferred = inferred + excluded.inferred;
END;
CREATE TRIGGER rollup_sign_add_row INSTEAD OF INSERT ON rollup_sign_add WHEN new.sign <> '' BEGIN
    INSERT INTO rollup_sign(grain, at, lot, sign, count) VALUES
        (1, (new.at_ms + 25200000) / 86400000, new.lot, new.sign, new.count),
        (2, CAST(strftime('%Y', new.at_ms / 1000 + 25200, 'unixepoch') AS INTEGER) * 12
            + CAST(strftime('%m', new.at_ms / 1000 + 25200, 'unixepoch') AS INTEGER) - 1,
            new.lot, new.sign, new.count)
    ON CONFLICT(grain, at, lot, sign) DO UPDATE SET count = count + excluded.count;
END;
CREATE TRIGGER rollup_session_new AFTER INSERT ON session
    WHEN new.entered_ms IS NOT NULL OR new.left_ms IS NOT NULL BEGIN
    INSERT INTO rollup_add(at_ms, lot, vehicle, entered)
        SELECT at_ms, lot, vehicle, 1 FROM rollup_entry WHERE session = new.id;
    INSERT INTO rollup_add(at_ms, lot, vehicle, left,
        transfer_turns, cash_turns, etc_turns, pass_turns, free_turns, debt_turns,
        given_up_turns, fee_vnd, settled_vnd, debt_vnd, given_up_vnd, stay_s, inferred)
    SELECT at_ms, lot, vehicle, 1,
        transfer_turns, cash_turns, etc_turns, pass_turns, free_turns, debt_turns,
        given_up_turns, fee_vnd, settled_vnd, debt_vnd, given_up_vnd, stay_s, inferred
        FROM rollup_turn WHERE session = new.id;
    INSERT INTO rollup_inside(lot, vehicle, stays, corrected)
        SELECT lot, vehicle, 1, 0 FROM rollup_stay WHERE session = new.id
        ON CONFLICT(lot, vehicle) DO UPDATE SET stays = stays + excluded.stays;
END;
CREATE TRIGGER rollup_entry_before BEFORE UPDATE ON session
    WHEN old.entered_ms IS NOT NULL AND (old.entered_ms IS NOT new.entered_ms
        OR old.vehicle <> new.vehicle OR old.lot <> new.lot) BEGIN
    INSERT INTO rollup_add(at_ms, lot, vehicle, entered)
        SELECT at_ms, lot, vehicle, -1 FROM rollup_entry WHERE session = old.id;
END;
CREATE TRIGGER rollup_entry_after AFTER UPDATE ON session
    WHEN new.entered_ms IS NOT NULL AND (old.entered_ms IS NOT new.entered_ms
        OR old.vehicle <> new.vehicle OR old.lot <> new.lot) BEGIN
    INSERT INTO rollup_add(at_ms, lot, vehicle, entered)
        SELECT at_ms, lot, vehicle, 1 FROM rollup_entry WHERE session = new.id;
END;
CREATE TRIGGER rollup_turn_before BEFORE UPDATE ON session
    WHEN old.left_ms IS NOT NULL AND (old.state <> new.state OR old.left_ms IS NOT new.left_ms
        OR old.fee_vnd <> new.fee_vnd OR old.paid_vnd <> new.paid_vnd OR old.cash_vnd <> new.cash_vnd
        OR old.etc_vnd <> new.etc_vnd OR old.pass <> new.pass OR old.inferred <> new.inferred
        OR old.entered_ms IS NOT new.entered_ms OR old.vehicle <> new.vehicle OR old.lot <> new.lot) BEGIN
    INSERT INTO rollup_add(at_ms, lot, vehicle, left,
        transfer_turns, cash_turns, etc_turns, pass_turns, free_turns, debt_turns,
        given_up_turns, fee_vnd, settled_vnd, debt_vnd, given_up_vnd, stay_s, inferred)
    SELECT at_ms, lot, vehicle, -1,
        -transfer_turns, -cash_turns, -etc_turns, -pass_turns, -free_turns, -debt_turns,
        -given_up_turns, -fee_vnd, -settled_vnd, -debt_vnd, -given_up_vnd, -stay_s, -inferred
        FROM rollup_turn WHERE session = old.id;
END;
CREATE TRIGGER rollup_turn_after AFTER UPDATE ON session
    WHEN new.left_ms IS NOT NULL AND (old.state <> new.state OR old.left_ms IS NOT new.left_ms
        OR old.fee_vnd <> new.fee_vnd OR old.paid_vnd <> new.paid_vnd OR old.cash_vnd <> new.cash_vnd
        OR old.etc_vnd <> new.etc_vnd OR old.pass <> new.pass OR old.inferred <> new.inferred
        OR old.entered_ms IS NOT new.entered_ms OR old.vehicle <> new.vehicle OR old.lot <> new.lot) BEGIN
    INSERT INTO rollup_add(at_ms, lot, vehicle, left,
        transfer_turns, cash_turns, etc_turns, pass_turns, free_turns, debt_turns,
        given_up_turns, fee_vnd, settled_vnd, debt_vnd, given_up_vnd, stay_s, inferred)
    SELECT at_ms, lot, vehicle, 1,
        transfer_turns, cash_turns, etc_turns, pass_turns, free_turns, debt_turns,
        given_up_turns, fee_vnd, settled_vnd, debt_vnd, given_up_vnd, stay_s, inferred
        FROM rollup_turn WHERE session = new.id;
END;
CREATE TRIGGER rollup_stay_before BEFORE UPDATE ON session
    WHEN (old.state <> new.state OR old.left_ms IS NOT new.left_ms
        OR old.entered_ms IS NOT new.entered_ms OR old.vehicle <> new.vehicle OR old.lot <> new.lot) BEGIN
    INSERT INTO rollup_inside(lot, vehicle, stays, corrected)
        SELECT lot, vehicle, -1, 0 FROM rollup_stay WHERE session = old.id
        ON CONFLICT(lot, vehicle) DO UPDATE SET stays = stays + excluded.stays;
END;
CREATE TRIGGER rollup_stay_after AFTER UPDATE ON session
    WHEN (old.state <> new.state OR old.left_ms IS NOT new.left_ms
        OR old.entered_ms IS NOT new.entered_ms OR old.vehicle <> new.vehicle OR old.lot <> new.lot) BEGIN
    INSERT INTO rollup_inside(lot, vehicle, stays, corrected)
        SELECT lot, vehicle, 1, 0 FROM rollup_stay WHERE session = new.id
        ON CONFLICT(lot, vehicle) DO UPDATE SET stays = stays + excluded.stays;
END;
-- Money follows the class of its stay when that is corrected.
CREATE TRIGGER rollup_money_before BEFORE UPDATE ON session
    WHEN old.vehicle <> new.vehicle OR old.lot <> new.lot BEGIN
    INSERT INTO rollup_add(at_ms, lot, vehicle, transfer_vnd)
        SELECT at_ms, lot, vehicle, -transfer_vnd FROM rollup_transfer WHERE session = old.id;
    INSERT INTO rollup_add(at_ms, lot, vehicle, transfer_vnd)
        SELECT at_ms, lot, vehicle, -transfer_vnd FROM rollup_taken_back WHERE session = old.id;
    INSERT INTO rollup_add(at_ms, lot, vehicle, cash_vnd)
        SELECT at_ms, lot, vehicle, -cash_vnd FROM rollup_cash WHERE session = old.id;
    INSERT INTO rollup_add(at_ms, lot, vehicle, etc_vnd)
        SELECT at_ms, lot, vehicle, -etc_vnd FROM rollup_etc WHERE session = old.id;
END;
CREATE TRIGGER rollup_money_after AFTER UPDATE ON session
    WHEN old.vehicle <> new.vehicle OR old.lot <> new.lot BEGIN
    INSERT INTO rollup_add(at_ms, lot, vehicle, transfer_vnd)
        SELECT at_ms, lot, vehicle, transfer_vnd FROM rollup_transfer WHERE session = new.id;
    INSERT INTO rollup_add(at_ms, lot, vehicle, transfer_vnd)
        SELECT at_ms, lot, vehicle, transfer_vnd FROM rollup_taken_back WHERE session = new.id;
    INSERT INTO rollup_add(at_ms, lot, vehicle, cash_vnd)
        SELECT at_ms, lot, vehicle, cash_vnd FROM rollup_cash WHERE session = new.id;
    INSERT INTO rollup_add(at_ms, lot, vehicle, etc_vnd)
        SELECT at_ms, lot, vehicle, etc_vnd FROM rollup_etc WHERE session = new.id;
END;
CREATE TRIGGER rollup_transfer_new AFTER INSERT ON credit_applied BEGIN
    INSERT INTO rollup_add(at_ms, lot, vehicle, transfer_vnd)
        SELECT at_ms, lot, vehicle, transfer_vnd FROM rollup_transfer
        WHERE session = new.session AND credit = new.credit;
END;
CREATE TRIGGER rollup_transfer_before BEFORE UPDATE ON credit_applied BEGIN
    INSERT INTO rollup_add(at_ms, lot, vehicle, transfer_vnd)
        SELECT at_ms, lot, vehicle, -transfer_vnd FROM rollup_transfer
        WHERE session = old.session AND credit = old.credit
        UNION ALL SELECT at_ms, lot, vehicle, -transfer_vnd FROM rollup_taken_back
        WHERE session = old.session AND credit = old.credit;
END;
CREATE TRIGGER rollup_transfer_after AFTER UPDATE ON credit_applied BEGIN
    INSERT INTO rollup_add(at_ms, lot, vehicle, transfer_vnd)
        SELECT at_ms, lot, vehicle, transfer_vnd FROM rollup_transfer
        WHERE session = new.session AND credit = new.credit
        UNION ALL SELECT at_ms, lot, vehicle, transfer_vnd FROM rollup_taken_back
        WHERE session = new.session AND credit = new.credit;
END;
CREATE TRIGGER rollup_cash_new AFTER INSERT ON cash_taken BEGIN
    UPDATE session SET cash_vnd = cash_vnd + new.applied_vnd WHERE id = new.session;
    INSERT INTO rollup_add(at_ms, lot, vehicle, cash_vnd)
        SELECT at_ms, lot, vehicle, cash_vnd FROM rollup_cash WHERE event = new.event;
END;
CREATE TRIGGER rollup_etc_new AFTER INSERT ON etc_charge WHEN new.captured_ms IS NOT NULL BEGIN
    UPDATE session SET etc_vnd = etc_vnd + new.applied_vnd WHERE id = new.session;
    INSERT INTO rollup_add(at_ms, lot, vehicle, etc_vnd)
        SELECT at_ms, lot, vehicle, etc_vnd FROM rollup_etc WHERE charge = new.id;
END;
CREATE TRIGGER rollup_etc_before BEFORE UPDATE ON etc_charge
    WHEN old.captured_ms IS NOT new.captured_ms OR old.applied_vnd <> new.applied_vnd BEGIN
    UPDATE session SET etc_vnd = etc_vnd - old.applied_vnd
        WHERE id = old.session AND old.captured_ms IS NOT NULL;
    INSERT INTO rollup_add(at_ms, lot, vehicle, etc_vnd)
        SELECT at_ms, lot, vehicle, -etc_vnd FROM rollup_etc WHERE charge = old.id;
END;
CREATE TRIGGER rollup_etc_after AFTER UPDATE ON etc_charge
    WHEN old.captured_ms IS NOT new.captured_ms OR old.applied_vnd <> new.applied_vnd BEGIN
    UPDATE session SET etc_vnd = etc_vnd + new.applied_vnd
        WHERE id = new.session AND new.captured_ms IS NOT NULL;
    INSERT INTO rollup_add(at_ms, lot, vehicle, etc_vnd)
        SELECT at_ms, lot, vehicle, etc_vnd FROM rollup_etc WHERE charge = new.id;
END;
CREATE TRIGGER rollup_pass_use AFTER INSERT ON pass_use BEGIN
    UPDATE session SET pass = 1 WHERE id = new.session;
END;
CREATE TRIGGER rollup_pass_new AFTER INSERT ON pass_period BEGIN
    INSERT INTO rollup_add(at_ms, lot, vehicle, pass_vnd)
        SELECT at_ms, lot, vehicle, pass_vnd FROM rollup_pass WHERE period = new.id;
END;
CREATE TRIGGER rollup_pass_before BEFORE UPDATE OF paid_vnd ON pass_period BEGIN
    INSERT INTO rollup_add(at_ms, lot, vehicle, pass_vnd)
        SELECT at_ms, lot, vehicle, -pass_vnd FROM rollup_pass WHERE period = old.id;
END;
CREATE TRIGGER rollup_pass_after AFTER UPDATE OF paid_vnd ON pass_period BEGIN
    INSERT INTO rollup_add(at_ms, lot, vehicle, pass_vnd)
        SELECT at_ms, lot, vehicle, pass_vnd FROM rollup_pass WHERE period = new.id;
END;
CREATE TRIGGER rollup_corrected AFTER INSERT ON occupancy_correction BEGIN
    INSERT INTO rollup_inside(lot, vehicle, stays, corrected)
        VALUES (new.lot, new.vehicle, 0, new.count_to - new.count_from)
        ON CONFLICT(lot, vehicle) DO UPDATE SET corrected = corrected + excluded.corrected;
END;
CREATE TRIGGER rollup_sign_unlogged_new AFTER INSERT ON unlogged BEGIN
    INSERT INTO rollup_sign_add(at_ms, lot, sign, count) VALUES (new.at_ms, new.lot, 'unlogged', 1);
END;
CREATE TRIGGER rollup_sign_event_new AFTER INSERT ON event
    WHEN new.type IN ('hand_opened', 'entered', 'left') BEGIN
    INSERT INTO rollup_sign_add(at_ms, lot, sign, count)
        SELECT at_ms, lot, sign, 1 FROM rollup_sign_event WHERE event = new.id;
END;
CREATE TRIGGER rollup_sign_review_new AFTER INSERT ON review WHEN new.lot <> '' BEGIN
    INSERT INTO rollup_sign_add(at_ms, lot, sign, count)
        SELECT at_ms, lot, sign, 1 FROM rollup_sign_review WHERE review = new.id;
END;
CREATE TRIGGER rollup_sign_complaint_new AFTER INSERT ON complaint BEGIN
    INSERT INTO rollup_sign_add(at_ms, lot, sign, count)
        SELECT at_ms, lot, sign, 1 FROM rollup_sign_complaint WHERE complaint = new.id;
END;
CREATE TRIGGER rollup_sign_rating_new AFTER INSERT ON rating BEGIN
    INSERT INTO rollup_sign_add(at_ms, lot, sign, count)
        SELECT at_ms, lot, sign, 1 FROM rollup_sign_rating WHERE session = new.session;
END;
CREATE TRIGGER rollup_sign_rating_before BEFORE UPDATE ON rating BEGIN
    INSERT INTO rollup_sign_add(at_ms, lot, sign, count)
        SELECT at_ms, lot, sign, -1 FROM rollup_sign_rating WHERE session = old.session;
END;
CREATE TRIGGER rollup_sign_rating_after AFTER UPDATE ON rating BEGIN
    INSERT INTO rollup_sign_add(at_ms, lot, sign, count)
        SELECT at_ms, lot, sign, 1 FROM rollup_sign_rating WHERE session = new.session;
END;
