//! A member's slots: how many active proposals they have, and how many they may have.

use crate::domain::ids::{GuildId, MemberId};

use super::Store;
use super::codec::count;
use super::db::on_db;
use super::error::StoreError;

/// A member's slots in a server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Slots {
    /// How many active proposals they have.
    pub used: u32,
    /// Their own limit, where they have one.
    pub own: Option<u32>,
    /// The server's limit; `None` where the product's default holds.
    pub server: Option<u32>,
}

impl Store {
    /// The member's slots as they are now. What is decided by them is checked again where it is written.
    pub async fn find_slots(&self, guild: GuildId, member: MemberId) -> Result<Slots, StoreError> {
        let (used, own, server): (i64, Option<i32>, Option<i32>) = on_db!(self.reader(), |db| {
            sqlx::query_as(
                "SELECT (SELECT COUNT(*) FROM proposals
                         WHERE guild_id = $1 AND proposed_by = $2 AND state = 'active'),
                        (SELECT active_proposals FROM proposal_limits
                         WHERE guild_id = $1 AND member_id = $2),
                        (SELECT proposal_limit FROM guilds WHERE guild_id = $1)",
            )
            .bind(guild.to_db())
            .bind(member.to_db())
            .fetch_one(db)
        })?;
        Ok(Slots {
            used: count(used),
            own: own.map(|limit| count(limit.into())),
            server: server.map(|limit| count(limit.into())),
        })
    }
}
