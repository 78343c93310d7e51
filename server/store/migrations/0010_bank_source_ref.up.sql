-- The reference as each source spelled it: so that no source has two transfers in one credit.
ALTER TABLE bank_source ADD COLUMN bank_ref TEXT NOT NULL DEFAULT '';
UPDATE bank_source SET bank_ref = (SELECT bank_ref FROM bank_credit WHERE id = credit);
