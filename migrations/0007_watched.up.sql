-- After the night: the films that a server has watched, and what its members thought of them.

-- A film once a day. The day is counted from 1 January 1970, in the server's zone.
CREATE TABLE watched (
    id          BIGINT NOT NULL PRIMARY KEY,
    guild_id    BIGINT NOT NULL REFERENCES guilds (guild_id),
    film_id     BIGINT NOT NULL REFERENCES films (id),
    watched_on  INTEGER NOT NULL,
    added_by    BIGINT NOT NULL,
    added_at    BIGINT NOT NULL,
    proposal_id BIGINT REFERENCES proposals (id),
    UNIQUE (guild_id, film_id, watched_on)
);

-- 1 to 5 stars, one rating a member and film. It stays when the film leaves the history, and counts again should it
-- come back.
CREATE TABLE ratings (
    guild_id  BIGINT NOT NULL REFERENCES guilds (guild_id),
    film_id   BIGINT NOT NULL REFERENCES films (id),
    member_id BIGINT NOT NULL,
    stars     INTEGER NOT NULL,
    rated_at  BIGINT NOT NULL,
    PRIMARY KEY (guild_id, film_id, member_id)
);

-- What an earlier undoing of this migration set aside comes back.
CREATE TABLE IF NOT EXISTS kept_watched (
    id BIGINT, guild_id BIGINT, film_id BIGINT, watched_on INTEGER, added_by BIGINT, added_at BIGINT, proposal_id BIGINT
);
CREATE TABLE IF NOT EXISTS kept_ratings (
    guild_id BIGINT, film_id BIGINT, member_id BIGINT, stars INTEGER, rated_at BIGINT
);

INSERT INTO watched (id, guild_id, film_id, watched_on, added_by, added_at, proposal_id)
SELECT id, guild_id, film_id, watched_on, added_by, added_at, proposal_id FROM kept_watched;
INSERT INTO ratings (guild_id, film_id, member_id, stars, rated_at)
SELECT guild_id, film_id, member_id, stars, rated_at FROM kept_ratings;

DROP TABLE kept_watched;
DROP TABLE kept_ratings;

CREATE INDEX watched_by_day ON watched (guild_id, watched_on, id);
