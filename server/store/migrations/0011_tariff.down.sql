DROP TABLE tariff_published;
