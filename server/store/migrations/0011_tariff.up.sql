-- Tariffs that people published for a lot and a class, beside those of the configuration: the last
-- one holds.  A publication never changes; the next one takes its place.
CREATE TABLE tariff_published (
    id      INTEGER PRIMARY KEY,
    lot     TEXT NOT NULL,
    vehicle TEXT NOT NULL,
    name    TEXT NOT NULL,
    from_ms INTEGER NOT NULL,           -- the first instant that is priced otherwise than before
    made_ms INTEGER NOT NULL,
    by      TEXT NOT NULL,
    text    TEXT NOT NULL               -- the file as it was given
) STRICT;
CREATE INDEX tariff_published_lot ON tariff_published(lot, vehicle, id);
CREATE TRIGGER tariff_published_no_update BEFORE UPDATE ON tariff_published BEGIN SELECT RAISE(ABORT, 'published: append-only'); END;
CREATE TRIGGER tariff_published_no_delete BEFORE DELETE ON tariff_published BEGIN SELECT RAISE(ABORT, 'published: append-only'); END;
