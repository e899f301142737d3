-- The history and the ratings are set aside: the up file takes them back.
CREATE TABLE kept_watched AS SELECT * FROM watched;
CREATE TABLE kept_ratings AS SELECT * FROM ratings;

DROP TABLE watched;
DROP TABLE ratings;
