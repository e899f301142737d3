-- Settings and the audit are set aside: the up file takes them back.
CREATE TABLE kept_guild_settings AS
SELECT guild_id, method, picks, votes_each, secrecy, ties, quorum, departed_votes, channel_id, organizer_role,
       announce_role, time_zone, language, country, series FROM guilds;
CREATE TABLE kept_audit AS SELECT * FROM audit;

DROP TABLE audit;
ALTER TABLE guilds DROP COLUMN series;
ALTER TABLE guilds DROP COLUMN country;
ALTER TABLE guilds DROP COLUMN language;
ALTER TABLE guilds DROP COLUMN time_zone;
ALTER TABLE guilds DROP COLUMN announce_role;
ALTER TABLE guilds DROP COLUMN organizer_role;
ALTER TABLE guilds DROP COLUMN channel_id;
ALTER TABLE guilds DROP COLUMN departed_votes;
ALTER TABLE guilds DROP COLUMN quorum;
ALTER TABLE guilds DROP COLUMN ties;
ALTER TABLE guilds DROP COLUMN secrecy;
ALTER TABLE guilds DROP COLUMN votes_each;
ALTER TABLE guilds DROP COLUMN picks;
ALTER TABLE guilds DROP COLUMN method;
