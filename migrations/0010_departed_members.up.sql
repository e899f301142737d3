-- Votes of members who left, where the server does not count them: set aside, so that nothing that counts votes
-- needs to know of them, and taken back when the member returns.
CREATE TABLE withheld_votes (
    round_id    BIGINT NOT NULL REFERENCES rounds (id),
    member_id   BIGINT NOT NULL,
    film_id     BIGINT NOT NULL REFERENCES films (id),
    cast_at     BIGINT NOT NULL,
    source      TEXT,
    value       INTEGER NOT NULL,
    withheld_at BIGINT NOT NULL,
    PRIMARY KEY (round_id, member_id, film_id)
);

-- What an earlier undoing of this migration set aside comes back.
CREATE TABLE IF NOT EXISTS kept_withheld_votes (
    round_id BIGINT, member_id BIGINT, film_id BIGINT, cast_at BIGINT, source TEXT, value INTEGER, withheld_at BIGINT
);
INSERT INTO withheld_votes (round_id, member_id, film_id, cast_at, source, value, withheld_at)
SELECT round_id, member_id, film_id, cast_at, source, value, withheld_at FROM kept_withheld_votes;
DROP TABLE kept_withheld_votes;

-- Whether a message that somebody reacts to is a poll.
CREATE INDEX polls_by_message ON polls (message_id);
