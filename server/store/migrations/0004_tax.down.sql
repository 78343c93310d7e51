DROP INDEX ledger_tx_lot;
DROP TABLE invoice;
DROP TABLE tax_row;
DROP TABLE tax_table;
