-- Films, proposals, rounds and votes: what the first evening needs.
-- Keys are made by the application or are Discord's; times are Unix seconds.

-- A film with an IMDb id is shared by all servers; one without belongs to the server that typed it.
CREATE TABLE films (
    id         BIGINT NOT NULL PRIMARY KEY,
    imdb_id    TEXT UNIQUE,
    guild_id   BIGINT,
    title      TEXT NOT NULL,
    title_key  TEXT NOT NULL,
    year       INTEGER,
    created_at BIGINT NOT NULL,
    CHECK ((imdb_id IS NULL) <> (guild_id IS NULL)),
    UNIQUE (guild_id, title_key)
);

CREATE TABLE guilds (
    guild_id   BIGINT NOT NULL PRIMARY KEY,
    created_at BIGINT NOT NULL
);

CREATE TABLE rounds (
    id        BIGINT NOT NULL PRIMARY KEY,
    guild_id  BIGINT NOT NULL REFERENCES guilds (guild_id),
    state     TEXT NOT NULL,
    method    TEXT NOT NULL,
    title     TEXT,
    opened_by BIGINT NOT NULL,
    opened_at BIGINT NOT NULL,
    closes_at BIGINT,
    ended_at  BIGINT
);

CREATE TABLE proposals (
    id          BIGINT NOT NULL PRIMARY KEY,
    guild_id    BIGINT NOT NULL REFERENCES guilds (guild_id),
    film_id     BIGINT NOT NULL REFERENCES films (id),
    proposed_by BIGINT NOT NULL,
    proposed_at BIGINT NOT NULL,
    pitch       TEXT,
    state       TEXT NOT NULL,
    state_at    BIGINT NOT NULL,
    state_by    BIGINT NOT NULL
);

-- The message that shows a round.
CREATE TABLE polls (
    round_id   BIGINT NOT NULL PRIMARY KEY REFERENCES rounds (id),
    guild_id   BIGINT NOT NULL,
    channel_id BIGINT NOT NULL,
    message_id BIGINT NOT NULL,
    page       INTEGER NOT NULL,
    posted_at  BIGINT NOT NULL
);

-- A ballot is its rows: what is counted is always counted from these.
CREATE TABLE votes (
    round_id  BIGINT NOT NULL REFERENCES rounds (id),
    member_id BIGINT NOT NULL,
    film_id   BIGINT NOT NULL REFERENCES films (id),
    cast_at   BIGINT NOT NULL,
    PRIMARY KEY (round_id, member_id, film_id)
);

-- What an earlier undoing of this migration set aside comes back: see the down file.
CREATE TABLE IF NOT EXISTS kept_films (
    id BIGINT, imdb_id TEXT, guild_id BIGINT, title TEXT, title_key TEXT, year INTEGER, created_at BIGINT
);
CREATE TABLE IF NOT EXISTS kept_guilds (guild_id BIGINT, created_at BIGINT);
CREATE TABLE IF NOT EXISTS kept_rounds (
    id BIGINT, guild_id BIGINT, state TEXT, method TEXT, title TEXT, opened_by BIGINT, opened_at BIGINT,
    closes_at BIGINT, ended_at BIGINT
);
CREATE TABLE IF NOT EXISTS kept_proposals (
    id BIGINT, guild_id BIGINT, film_id BIGINT, proposed_by BIGINT, proposed_at BIGINT, pitch TEXT, state TEXT,
    state_at BIGINT, state_by BIGINT
);
CREATE TABLE IF NOT EXISTS kept_polls (
    round_id BIGINT, guild_id BIGINT, channel_id BIGINT, message_id BIGINT, page INTEGER, posted_at BIGINT
);
CREATE TABLE IF NOT EXISTS kept_votes (round_id BIGINT, member_id BIGINT, film_id BIGINT, cast_at BIGINT);

INSERT INTO films (id, imdb_id, guild_id, title, title_key, year, created_at)
SELECT id, imdb_id, guild_id, title, title_key, year, created_at FROM kept_films;
INSERT INTO guilds (guild_id, created_at)
SELECT guild_id, created_at FROM kept_guilds;
INSERT INTO rounds (id, guild_id, state, method, title, opened_by, opened_at, closes_at, ended_at)
SELECT id, guild_id, state, method, title, opened_by, opened_at, closes_at, ended_at FROM kept_rounds;
INSERT INTO proposals (id, guild_id, film_id, proposed_by, proposed_at, pitch, state, state_at, state_by)
SELECT id, guild_id, film_id, proposed_by, proposed_at, pitch, state, state_at, state_by FROM kept_proposals;
INSERT INTO polls (round_id, guild_id, channel_id, message_id, page, posted_at)
SELECT round_id, guild_id, channel_id, message_id, page, posted_at FROM kept_polls;
INSERT INTO votes (round_id, member_id, film_id, cast_at)
SELECT round_id, member_id, film_id, cast_at FROM kept_votes;

DROP TABLE kept_films;
DROP TABLE kept_guilds;
DROP TABLE kept_rounds;
DROP TABLE kept_proposals;
DROP TABLE kept_polls;
DROP TABLE kept_votes;

-- Indexes last, so that returning rows are loaded without them.
CREATE UNIQUE INDEX rounds_open ON rounds (guild_id) WHERE state = 'open';
CREATE UNIQUE INDEX proposals_active ON proposals (guild_id, film_id) WHERE state = 'active';
CREATE INDEX proposals_active_by ON proposals (guild_id, proposed_by) WHERE state = 'active';
-- Answers "how many votes has this film" and "who were the first" from the index alone.
CREATE INDEX votes_by_film ON votes (round_id, film_id, cast_at, member_id);
