-- Rules, ranks, stars and results are set aside: the up file takes them back. Rounds, proposals and votes stay.
CREATE TABLE kept_round_rules AS
SELECT id, number, picks, votes_each, secrecy, ties, quorum, ballot_key, draw_seed, runoff_of, ended_by FROM rounds;
CREATE TABLE kept_proposal_rounds AS
SELECT id, waits_for, picked_in FROM proposals WHERE waits_for IS NOT NULL OR picked_in IS NOT NULL;
CREATE TABLE kept_vote_values AS SELECT round_id, member_id, film_id, value FROM votes WHERE value <> 1;
CREATE TABLE kept_ballot_drafts AS SELECT * FROM ballot_drafts;
CREATE TABLE kept_round_results AS SELECT * FROM round_results;
CREATE TABLE kept_outbox AS SELECT * FROM outbox;

DROP INDEX rounds_by_number;
DROP INDEX rounds_due;
DROP INDEX outbox_due;
DROP INDEX votes_by_film;
DROP TABLE ballot_drafts;
DROP TABLE round_results;
DROP TABLE outbox;
ALTER TABLE votes DROP COLUMN value;
ALTER TABLE proposals DROP COLUMN picked_in;
ALTER TABLE proposals DROP COLUMN waits_for;
ALTER TABLE rounds DROP COLUMN ended_by;
ALTER TABLE rounds DROP COLUMN runoff_of;
ALTER TABLE rounds DROP COLUMN draw_seed;
ALTER TABLE rounds DROP COLUMN ballot_key;
ALTER TABLE rounds DROP COLUMN quorum;
ALTER TABLE rounds DROP COLUMN ties;
ALTER TABLE rounds DROP COLUMN secrecy;
ALTER TABLE rounds DROP COLUMN votes_each;
ALTER TABLE rounds DROP COLUMN picks;
ALTER TABLE rounds DROP COLUMN number;

CREATE INDEX votes_by_film ON votes (round_id, film_id, cast_at, member_id);
