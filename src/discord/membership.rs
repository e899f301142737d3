//! Who is a member, asked of Discord: for votes of members who left.

use std::collections::HashSet;
use std::sync::Arc;

use futures::FutureExt as _;
use futures::future::BoxFuture;
use tokio::time::Instant;

use super::rest::{Patience, Rest};
use crate::domain::ids::{GuildId, MemberId};
use crate::service::departed::Membership;

/// Asks Discord's HTTP API.
#[derive(Debug)]
pub struct Members {
    rest: Arc<Rest>,
    /// Whether the bot has the privilege to list members.
    listed: bool,
}

impl Members {
    /// Asks through these calls; lists members only if that is allowed (`discord.member_events`).
    pub const fn new(rest: Arc<Rest>, listed: bool) -> Self {
        Self { rest, listed }
    }
}

impl Membership for Members {
    fn everybody(&self, guild: GuildId, until: Instant) -> BoxFuture<'_, Option<HashSet<MemberId>>> {
        async move {
            if !self.listed {
                return None;
            }
            let listing = self.rest.list_members(guild, Patience::until(until));
            match tokio::time::timeout_at(until, listing).await {
                Ok(Ok(members)) => Some(members.into_iter().collect()),
                Ok(Err(error)) => {
                    tracing::warn!(%guild, %error, "the members could not be listed");
                    None
                }
                Err(_elapsed) => None,
            }
        }
        .boxed()
    }

    fn is_member(&self, guild: GuildId, member: MemberId, until: Instant) -> BoxFuture<'_, Option<bool>> {
        async move {
            let asking = self.rest.is_member(guild, member, Patience::until(until));
            match tokio::time::timeout_at(until, asking).await {
                Ok(Ok(is_member)) => Some(is_member),
                Ok(Err(error)) => {
                    tracing::debug!(%guild, %error, "whether somebody is a member was not found out");
                    None
                }
                Err(_elapsed) => None,
            }
        }
        .boxed()
    }
}
