-- How many active proposals a member may have: the server's figure, and a member's own.

-- NULL: the product's default.
ALTER TABLE guilds ADD COLUMN proposal_limit INTEGER;

CREATE TABLE proposal_limits (
    guild_id         BIGINT NOT NULL REFERENCES guilds (guild_id),
    member_id        BIGINT NOT NULL,
    active_proposals INTEGER NOT NULL,
    PRIMARY KEY (guild_id, member_id)
);

-- What an earlier undoing of this migration set aside comes back.
CREATE TABLE IF NOT EXISTS kept_guild_limits (guild_id BIGINT, proposal_limit INTEGER);
CREATE TABLE IF NOT EXISTS kept_proposal_limits (guild_id BIGINT, member_id BIGINT, active_proposals INTEGER);

UPDATE guilds SET proposal_limit = (
    SELECT kept.proposal_limit FROM kept_guild_limits kept WHERE kept.guild_id = guilds.guild_id
);
INSERT INTO proposal_limits (guild_id, member_id, active_proposals)
SELECT guild_id, member_id, active_proposals FROM kept_proposal_limits;

DROP TABLE kept_guild_limits;
DROP TABLE kept_proposal_limits;
