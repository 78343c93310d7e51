DROP TABLE privacy_proof;
DROP TABLE privacy_log;
DROP TABLE privacy_hold;
