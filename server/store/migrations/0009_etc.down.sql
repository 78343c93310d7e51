DROP TABLE etc_settlement_row;
DROP TABLE etc_settlement;
DROP TABLE etc_refund;
DROP TABLE etc_charge;
DROP TABLE etc_link;
