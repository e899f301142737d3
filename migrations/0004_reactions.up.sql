-- Voting by reaction: whether a server does, which number under a poll's message stands for which proposal, and
-- which reactions were seen.

-- NULL: buttons.
ALTER TABLE guilds ADD COLUMN vote_input TEXT;
-- Where a vote came from. NULL: a button or the private ballot.
ALTER TABLE votes ADD COLUMN source TEXT;

-- A number keeps its meaning for as long as its message stands.
CREATE TABLE poll_numbers (
    message_id  BIGINT NOT NULL,
    number      INTEGER NOT NULL,
    round_id    BIGINT NOT NULL REFERENCES rounds (id),
    proposal_id BIGINT NOT NULL REFERENCES proposals (id),
    PRIMARY KEY (message_id, number),
    UNIQUE (message_id, proposal_id)
);

-- The reactions as last seen, whatever became of the votes that they gave.
CREATE TABLE reactions (
    message_id BIGINT NOT NULL,
    number     INTEGER NOT NULL,
    member_id  BIGINT NOT NULL,
    PRIMARY KEY (message_id, number, member_id)
);

-- What an earlier undoing of this migration set aside comes back.
CREATE TABLE IF NOT EXISTS kept_vote_inputs (guild_id BIGINT, vote_input TEXT);
CREATE TABLE IF NOT EXISTS kept_vote_sources (round_id BIGINT, member_id BIGINT, film_id BIGINT, source TEXT);
CREATE TABLE IF NOT EXISTS kept_poll_numbers (message_id BIGINT, number INTEGER, round_id BIGINT, proposal_id BIGINT);
CREATE TABLE IF NOT EXISTS kept_reactions (message_id BIGINT, number INTEGER, member_id BIGINT);

UPDATE guilds SET vote_input = (
    SELECT kept.vote_input FROM kept_vote_inputs kept WHERE kept.guild_id = guilds.guild_id
);
UPDATE votes SET source = (
    SELECT kept.source FROM kept_vote_sources kept
    WHERE kept.round_id = votes.round_id AND kept.member_id = votes.member_id AND kept.film_id = votes.film_id
) WHERE EXISTS (SELECT 1 FROM kept_vote_sources);
INSERT INTO poll_numbers (message_id, number, round_id, proposal_id)
SELECT message_id, number, round_id, proposal_id FROM kept_poll_numbers;
INSERT INTO reactions (message_id, number, member_id)
SELECT message_id, number, member_id FROM kept_reactions;

DROP TABLE kept_vote_inputs;
DROP TABLE kept_vote_sources;
DROP TABLE kept_poll_numbers;
DROP TABLE kept_reactions;
