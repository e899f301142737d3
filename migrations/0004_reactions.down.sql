-- How votes were given is set aside: the up file takes it back. The votes themselves stay.
CREATE TABLE kept_vote_inputs AS SELECT guild_id, vote_input FROM guilds WHERE vote_input IS NOT NULL;
CREATE TABLE kept_vote_sources AS SELECT round_id, member_id, film_id, source FROM votes WHERE source IS NOT NULL;
CREATE TABLE kept_poll_numbers AS SELECT * FROM poll_numbers;
CREATE TABLE kept_reactions AS SELECT * FROM reactions;

DROP TABLE reactions;
DROP TABLE poll_numbers;
ALTER TABLE votes DROP COLUMN source;
ALTER TABLE guilds DROP COLUMN vote_input;
