-- What a server set, and who did what. NULL in a setting: the product's default.

ALTER TABLE guilds ADD COLUMN method TEXT;
ALTER TABLE guilds ADD COLUMN picks INTEGER;
ALTER TABLE guilds ADD COLUMN votes_each INTEGER;
ALTER TABLE guilds ADD COLUMN secrecy TEXT;
ALTER TABLE guilds ADD COLUMN ties TEXT;
ALTER TABLE guilds ADD COLUMN quorum INTEGER;
ALTER TABLE guilds ADD COLUMN departed_votes TEXT;
ALTER TABLE guilds ADD COLUMN channel_id BIGINT;
ALTER TABLE guilds ADD COLUMN organizer_role BIGINT;
ALTER TABLE guilds ADD COLUMN announce_role BIGINT;
ALTER TABLE guilds ADD COLUMN time_zone TEXT;
ALTER TABLE guilds ADD COLUMN language TEXT;
ALTER TABLE guilds ADD COLUMN country TEXT;
ALTER TABLE guilds ADD COLUMN series BOOLEAN;

-- Who did what; never who voted what.
CREATE TABLE audit (
    id         BIGINT NOT NULL PRIMARY KEY,
    guild_id   BIGINT NOT NULL,
    at         BIGINT NOT NULL,
    member_id  BIGINT,
    act        TEXT NOT NULL,
    details    TEXT NOT NULL
);

-- What an earlier undoing of this migration set aside comes back.
CREATE TABLE IF NOT EXISTS kept_guild_settings (
    guild_id BIGINT, method TEXT, picks INTEGER, votes_each INTEGER, secrecy TEXT, ties TEXT, quorum INTEGER,
    departed_votes TEXT, channel_id BIGINT, organizer_role BIGINT, announce_role BIGINT, time_zone TEXT,
    language TEXT, country TEXT, series BOOLEAN
);
CREATE TABLE IF NOT EXISTS kept_audit (
    id BIGINT, guild_id BIGINT, at BIGINT, member_id BIGINT, act TEXT, details TEXT
);

UPDATE guilds SET method = (SELECT kept.method FROM kept_guild_settings kept WHERE kept.guild_id = guilds.guild_id);
UPDATE guilds SET picks = (SELECT kept.picks FROM kept_guild_settings kept WHERE kept.guild_id = guilds.guild_id);
UPDATE guilds SET votes_each = (SELECT kept.votes_each FROM kept_guild_settings kept WHERE kept.guild_id = guilds.guild_id);
UPDATE guilds SET secrecy = (SELECT kept.secrecy FROM kept_guild_settings kept WHERE kept.guild_id = guilds.guild_id);
UPDATE guilds SET ties = (SELECT kept.ties FROM kept_guild_settings kept WHERE kept.guild_id = guilds.guild_id);
UPDATE guilds SET quorum = (SELECT kept.quorum FROM kept_guild_settings kept WHERE kept.guild_id = guilds.guild_id);
UPDATE guilds SET departed_votes = (SELECT kept.departed_votes FROM kept_guild_settings kept WHERE kept.guild_id = guilds.guild_id);
UPDATE guilds SET channel_id = (SELECT kept.channel_id FROM kept_guild_settings kept WHERE kept.guild_id = guilds.guild_id);
UPDATE guilds SET organizer_role = (SELECT kept.organizer_role FROM kept_guild_settings kept WHERE kept.guild_id = guilds.guild_id);
UPDATE guilds SET announce_role = (SELECT kept.announce_role FROM kept_guild_settings kept WHERE kept.guild_id = guilds.guild_id);
UPDATE guilds SET time_zone = (SELECT kept.time_zone FROM kept_guild_settings kept WHERE kept.guild_id = guilds.guild_id);
UPDATE guilds SET language = (SELECT kept.language FROM kept_guild_settings kept WHERE kept.guild_id = guilds.guild_id);
UPDATE guilds SET country = (SELECT kept.country FROM kept_guild_settings kept WHERE kept.guild_id = guilds.guild_id);
UPDATE guilds SET series = (SELECT kept.series FROM kept_guild_settings kept WHERE kept.guild_id = guilds.guild_id);
INSERT INTO audit (id, guild_id, at, member_id, act, details)
SELECT id, guild_id, at, member_id, act, details FROM kept_audit;

DROP TABLE kept_guild_settings;
DROP TABLE kept_audit;

CREATE INDEX audit_by_guild ON audit (guild_id, at, id);
