-- What members made is set aside, not destroyed: the up file takes it back.
CREATE TABLE kept_votes AS SELECT * FROM votes;
CREATE TABLE kept_polls AS SELECT * FROM polls;
CREATE TABLE kept_proposals AS SELECT * FROM proposals;
CREATE TABLE kept_rounds AS SELECT * FROM rounds;
CREATE TABLE kept_guilds AS SELECT * FROM guilds;
CREATE TABLE kept_films AS SELECT * FROM films;

DROP TABLE votes;
DROP TABLE polls;
DROP TABLE proposals;
DROP TABLE rounds;
DROP TABLE guilds;
DROP TABLE films;
