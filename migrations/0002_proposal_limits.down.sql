-- The limits that organizers set are set aside: the up file takes them back.
CREATE TABLE kept_guild_limits AS SELECT guild_id, proposal_limit FROM guilds WHERE proposal_limit IS NOT NULL;
CREATE TABLE kept_proposal_limits AS SELECT * FROM proposal_limits;

DROP TABLE proposal_limits;
ALTER TABLE guilds DROP COLUMN proposal_limit;
