DROP TABLE rating;
DROP TABLE complaint;
DELETE FROM review WHERE kind = 'complaint';
