-- Rounds with rules, ballots of every method, results recorded for good, and announcements to be sent.

-- The server's rounds, counted from 1.
ALTER TABLE rounds ADD COLUMN number INTEGER NOT NULL DEFAULT 0;
-- How many films the round picks.
ALTER TABLE rounds ADD COLUMN picks INTEGER NOT NULL DEFAULT 1;
-- How many votes a member has where the method limits them.
ALTER TABLE rounds ADD COLUMN votes_each INTEGER NOT NULL DEFAULT 3;
ALTER TABLE rounds ADD COLUMN secrecy TEXT NOT NULL DEFAULT 'public';
ALTER TABLE rounds ADD COLUMN ties TEXT NOT NULL DEFAULT 'earlier';
-- The fewest voters that make a result. NULL: any number does.
ALTER TABLE rounds ADD COLUMN quorum INTEGER;
-- With it a member's ballot in an anonymous round is found; taken away at the close, which cuts the link for good.
ALTER TABLE rounds ADD COLUMN ballot_key TEXT;
-- What a draw goes by, published before the vote.
ALTER TABLE rounds ADD COLUMN draw_seed TEXT;
-- The round whose tie this one breaks.
ALTER TABLE rounds ADD COLUMN runoff_of BIGINT;
-- Who ended it. NULL: it ended by itself, or goes on.
ALTER TABLE rounds ADD COLUMN ended_by BIGINT;

-- The run-off during which this proposal waits. NULL: it is voted on.
ALTER TABLE proposals ADD COLUMN waits_for BIGINT;
-- The round that picked it.
ALTER TABLE proposals ADD COLUMN picked_in BIGINT;

-- 1 for a film that is chosen; its rank, from 1; or its stars, from 1 to 5.
ALTER TABLE votes ADD COLUMN value INTEGER NOT NULL DEFAULT 1;

-- A ballot that is being filled in, step by step; it counts for nothing.
CREATE TABLE ballot_drafts (
    round_id   BIGINT NOT NULL REFERENCES rounds (id),
    voter_id   BIGINT NOT NULL,
    draft      TEXT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (round_id, voter_id)
);

-- What came of a closed round: the result as announced, and the ballots that it was counted from.
CREATE TABLE round_results (
    round_id   BIGINT NOT NULL PRIMARY KEY REFERENCES rounds (id),
    guild_id   BIGINT NOT NULL,
    counted_at BIGINT NOT NULL,
    result     TEXT NOT NULL,
    record     TEXT NOT NULL
);

-- What is to be said in a channel, written with the decision that it announces.
CREATE TABLE outbox (
    id            BIGINT NOT NULL PRIMARY KEY,
    guild_id      BIGINT NOT NULL,
    channel_id    BIGINT NOT NULL,
    kind          TEXT NOT NULL,
    subject_id    BIGINT NOT NULL,
    state         TEXT NOT NULL,
    attempts      INTEGER NOT NULL,
    due_at        BIGINT NOT NULL,
    claimed_until BIGINT NOT NULL,
    created_at    BIGINT NOT NULL,
    message_id    BIGINT,
    failure       TEXT
);

-- What an earlier undoing of this migration set aside comes back.
CREATE TABLE IF NOT EXISTS kept_round_rules (
    id BIGINT, number INTEGER, picks INTEGER, votes_each INTEGER, secrecy TEXT, ties TEXT, quorum INTEGER,
    ballot_key TEXT, draw_seed TEXT, runoff_of BIGINT, ended_by BIGINT
);
CREATE TABLE IF NOT EXISTS kept_proposal_rounds (id BIGINT, waits_for BIGINT, picked_in BIGINT);
CREATE TABLE IF NOT EXISTS kept_vote_values (round_id BIGINT, member_id BIGINT, film_id BIGINT, value INTEGER);
CREATE TABLE IF NOT EXISTS kept_ballot_drafts (round_id BIGINT, voter_id BIGINT, draft TEXT, updated_at BIGINT);
CREATE TABLE IF NOT EXISTS kept_round_results (
    round_id BIGINT, guild_id BIGINT, counted_at BIGINT, result TEXT, record TEXT
);
CREATE TABLE IF NOT EXISTS kept_outbox (
    id BIGINT, guild_id BIGINT, channel_id BIGINT, kind TEXT, subject_id BIGINT, state TEXT, attempts INTEGER,
    due_at BIGINT, claimed_until BIGINT, created_at BIGINT, message_id BIGINT, failure TEXT
);

UPDATE rounds SET number = (
    SELECT COUNT(*) FROM rounds earlier
    WHERE earlier.guild_id = rounds.guild_id
      AND (earlier.opened_at < rounds.opened_at
           OR (earlier.opened_at = rounds.opened_at AND earlier.id <= rounds.id))
);
-- One column each: of two columns set from one row, the engines have no common words.
UPDATE rounds SET number = (SELECT kept.number FROM kept_round_rules kept WHERE kept.id = rounds.id)
WHERE id IN (SELECT id FROM kept_round_rules);
UPDATE rounds SET picks = (SELECT kept.picks FROM kept_round_rules kept WHERE kept.id = rounds.id)
WHERE id IN (SELECT id FROM kept_round_rules);
UPDATE rounds SET votes_each = (SELECT kept.votes_each FROM kept_round_rules kept WHERE kept.id = rounds.id)
WHERE id IN (SELECT id FROM kept_round_rules);
UPDATE rounds SET secrecy = (SELECT kept.secrecy FROM kept_round_rules kept WHERE kept.id = rounds.id)
WHERE id IN (SELECT id FROM kept_round_rules);
UPDATE rounds SET ties = (SELECT kept.ties FROM kept_round_rules kept WHERE kept.id = rounds.id)
WHERE id IN (SELECT id FROM kept_round_rules);
UPDATE rounds SET quorum = (SELECT kept.quorum FROM kept_round_rules kept WHERE kept.id = rounds.id)
WHERE id IN (SELECT id FROM kept_round_rules);
UPDATE rounds SET ballot_key = (SELECT kept.ballot_key FROM kept_round_rules kept WHERE kept.id = rounds.id)
WHERE id IN (SELECT id FROM kept_round_rules);
UPDATE rounds SET draw_seed = (SELECT kept.draw_seed FROM kept_round_rules kept WHERE kept.id = rounds.id)
WHERE id IN (SELECT id FROM kept_round_rules);
UPDATE rounds SET runoff_of = (SELECT kept.runoff_of FROM kept_round_rules kept WHERE kept.id = rounds.id)
WHERE id IN (SELECT id FROM kept_round_rules);
UPDATE rounds SET ended_by = (SELECT kept.ended_by FROM kept_round_rules kept WHERE kept.id = rounds.id)
WHERE id IN (SELECT id FROM kept_round_rules);
UPDATE proposals SET waits_for = (SELECT kept.waits_for FROM kept_proposal_rounds kept WHERE kept.id = proposals.id)
WHERE id IN (SELECT id FROM kept_proposal_rounds);
UPDATE proposals SET picked_in = (SELECT kept.picked_in FROM kept_proposal_rounds kept WHERE kept.id = proposals.id)
WHERE id IN (SELECT id FROM kept_proposal_rounds);
UPDATE votes SET value = COALESCE((
    SELECT kept.value FROM kept_vote_values kept
    WHERE kept.round_id = votes.round_id AND kept.member_id = votes.member_id AND kept.film_id = votes.film_id
), 1) WHERE EXISTS (SELECT 1 FROM kept_vote_values);
INSERT INTO ballot_drafts (round_id, voter_id, draft, updated_at)
SELECT round_id, voter_id, draft, updated_at FROM kept_ballot_drafts;
INSERT INTO round_results (round_id, guild_id, counted_at, result, record)
SELECT round_id, guild_id, counted_at, result, record FROM kept_round_results;
INSERT INTO outbox (id, guild_id, channel_id, kind, subject_id, state, attempts, due_at, claimed_until, created_at,
                    message_id, failure)
SELECT id, guild_id, channel_id, kind, subject_id, state, attempts, due_at, claimed_until, created_at,
       message_id, failure FROM kept_outbox;

DROP TABLE kept_round_rules;
DROP TABLE kept_proposal_rounds;
DROP TABLE kept_vote_values;
DROP TABLE kept_ballot_drafts;
DROP TABLE kept_round_results;
DROP TABLE kept_outbox;

CREATE INDEX rounds_by_number ON rounds (guild_id, number);
CREATE INDEX rounds_due ON rounds (closes_at) WHERE state = 'open';
CREATE INDEX outbox_due ON outbox (due_at) WHERE state = 'due';
-- The tally of every method, and the first voters, from the index alone.
DROP INDEX votes_by_film;
CREATE INDEX votes_by_film ON votes (round_id, film_id, cast_at, member_id, value);
