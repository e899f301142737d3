-- What is known of the film databases beyond one run: how they were last seen, how long one whose quota is used
-- up is left alone, and how many requests a day's allowance has left. Nothing of it was made by a member.
CREATE TABLE provider_health (
    provider       TEXT NOT NULL PRIMARY KEY,
    -- up, failing, quota or bad_key.
    condition      TEXT NOT NULL,
    -- NULL: not left alone. Unix seconds, the second one the first after the rest.
    rests_from     BIGINT,
    rests_until    BIGINT,
    changed_at     BIGINT NOT NULL,
    -- Days since 1970-01-01 in UTC, and the requests of all processes on that day.
    day            BIGINT NOT NULL,
    requests_today BIGINT NOT NULL
);
