ALTER TABLE bank_source DROP COLUMN bank_ref;
