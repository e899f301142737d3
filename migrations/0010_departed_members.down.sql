-- What was withheld is set aside: the up file takes it back.
DROP INDEX polls_by_message;
CREATE TABLE kept_withheld_votes AS SELECT * FROM withheld_votes;
DROP TABLE withheld_votes;
