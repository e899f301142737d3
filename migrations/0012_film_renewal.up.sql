-- Renewing film data behind: which films are being asked for now, or not before a time (Unix seconds), so that several
-- processes never ask for the same one and a film in trouble is not asked for again and again.
CREATE TABLE film_renewals (
    imdb_id    TEXT NOT NULL PRIMARY KEY,
    not_before BIGINT NOT NULL
);

-- Films that a round picked and nobody has watched yet are renewed too.
CREATE INDEX proposals_picked ON proposals (film_id, state_at) WHERE state = 'picked';
