-- What whoever ends a round knows, kept for whoever counts it; and which rounds are still to be counted.

-- The channel in which an organizer's command last opened, changed or ended the round.
ALTER TABLE rounds ADD COLUMN asked_in BIGINT;
-- Whether it could not be found out of every voter whether they left.
ALTER TABLE rounds ADD COLUMN departed_unknown BOOLEAN NOT NULL DEFAULT FALSE;
-- Whether it was closed and has no result yet.
ALTER TABLE rounds ADD COLUMN uncounted BOOLEAN NOT NULL DEFAULT FALSE;

-- What an earlier undoing of this migration set aside comes back.
CREATE TABLE IF NOT EXISTS kept_round_ends (id BIGINT, asked_in BIGINT, departed_unknown BOOLEAN);
UPDATE rounds SET asked_in = (SELECT kept.asked_in FROM kept_round_ends kept WHERE kept.id = rounds.id)
WHERE id IN (SELECT id FROM kept_round_ends);
UPDATE rounds SET departed_unknown = (SELECT kept.departed_unknown FROM kept_round_ends kept WHERE kept.id = rounds.id)
WHERE id IN (SELECT id FROM kept_round_ends);
DROP TABLE kept_round_ends;

UPDATE rounds SET uncounted = TRUE
WHERE state = 'closed' AND NOT EXISTS (SELECT 1 FROM round_results c WHERE c.round_id = rounds.id);

CREATE INDEX rounds_uncounted ON rounds (guild_id, ended_at) WHERE uncounted;
