//! Servers and their proposal limits.

use futures::TryFutureExt;

use crate::domain::ids::{GuildId, MemberId};

use super::Tx;
use super::codec::{count, integer};
use super::db::on_db;
use super::error::StoreError;

/// A server's own rules, where it set any.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GuildRow {
    /// The server.
    pub guild: GuildId,
    /// How many active proposals a member may have; `None` where the product's default holds.
    pub proposal_limit: Option<u32>,
}

impl Tx {
    /// Finds or makes the server's row and keeps it to this transaction: until it ends, no other one gets
    /// past this call for the same server. Checks that span rows, such as a limit, are safe after it.
    pub async fn lock_guild(&mut self, guild: GuildId, now: i64) -> Result<GuildRow, StoreError> {
        let (proposal_limit,): (Option<i32>,) = on_db!(self.on(), |db| sqlx::query_as(
            "INSERT INTO guilds (guild_id, created_at) VALUES ($1, $2)
             ON CONFLICT (guild_id) DO UPDATE SET created_at = guilds.created_at
             RETURNING proposal_limit",
        )
        .bind(guild.to_db())
        .bind(now)
        .fetch_one(db))?;
        Ok(GuildRow {
            guild,
            proposal_limit: proposal_limit.map(|limit| count(limit.into())),
        })
    }

    /// The member's own limit of active proposals, where one was set.
    pub async fn find_proposal_limit(
        &mut self,
        guild: GuildId,
        member: MemberId,
    ) -> Result<Option<u32>, StoreError> {
        let limit: Option<(i32,)> = on_db!(self.on(), |db| sqlx::query_as(
            "SELECT active_proposals FROM proposal_limits WHERE guild_id = $1 AND member_id = $2",
        )
        .bind(guild.to_db())
        .bind(member.to_db())
        .fetch_optional(db))?;
        Ok(limit.map(|(limit,)| count(limit.into())))
    }

    /// Gives a member a limit of their own, or with `None` takes it away. The server's row must be there.
    pub async fn upsert_proposal_limit(
        &mut self,
        guild: GuildId,
        member: MemberId,
        limit: Option<u32>,
    ) -> Result<(), StoreError> {
        match limit {
            Some(limit) => on_db!(self.on(), |db| {
                sqlx::query(
                "INSERT INTO proposal_limits (guild_id, member_id, active_proposals) VALUES ($1, $2, $3)
                 ON CONFLICT (guild_id, member_id) DO UPDATE SET active_proposals = excluded.active_proposals",
            )
            .bind(guild.to_db())
            .bind(member.to_db())
            .bind(integer(limit))
            .execute(db)
            .map_ok(drop)
            }),
            None => on_db!(self.on(), |db| sqlx::query(
                "DELETE FROM proposal_limits WHERE guild_id = $1 AND member_id = $2",
            )
            .bind(guild.to_db())
            .bind(member.to_db())
            .execute(db)
            .map_ok(drop)),
        }
    }

    /// Sets the server's limit for members without one of their own; `None` is the product's default.
    /// `false` when the server has no row yet.
    pub async fn update_guild_limit(
        &mut self,
        guild: GuildId,
        limit: Option<u32>,
    ) -> Result<bool, StoreError> {
        let changed: Option<(i64,)> = on_db!(self.on(), |db| sqlx::query_as(
            "UPDATE guilds SET proposal_limit = $2 WHERE guild_id = $1 RETURNING guild_id",
        )
        .bind(guild.to_db())
        .bind(limit.map(integer))
        .fetch_optional(db))?;
        Ok(changed.is_some())
    }
}
