//! Who may do what, decided from what an interaction brings along.

use super::ids::{GuildId, MemberId};

/// The one who asks, as Discord vouches for them in the interaction itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Actor {
    /// The server they ask in.
    pub guild: GuildId,
    /// Who they are.
    pub member: MemberId,
    /// Whether they are an organizer: they have Manage Server (or the organizer role, once one is set).
    pub organizer: bool,
}

/// The number of active proposals a member may have where the server set no other (product: `/limit`).
pub const DEFAULT_PROPOSAL_LIMIT: u32 = 10;
