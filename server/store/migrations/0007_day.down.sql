DROP TABLE day_close;
