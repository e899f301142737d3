//! A round: one vote over a server's active proposals, and the rules it is held under.

use super::ids::{GuildId, RoundId};

pub use super::method::{BallotKind, Method};

/// Where a round stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RoundState {
    /// Votes are taken.
    Open,
    /// Its result is recorded for good.
    Closed,
    /// It ended without a result.
    Cancelled,
}

impl RoundState {
    /// The state as the database holds it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Closed => "closed",
            Self::Cancelled => "cancelled",
        }
    }

    /// The state that the database's text names.
    pub fn from_db(text: &str) -> Option<Self> {
        match text {
            "open" => Some(Self::Open),
            "closed" => Some(Self::Closed),
            "cancelled" => Some(Self::Cancelled),
            _ => None,
        }
    }
}

/// A round with its rules.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Round {
    /// Its key.
    pub id: RoundId,
    /// The server that votes.
    pub guild: GuildId,
    /// Where it stands.
    pub state: RoundState,
    /// How it is counted.
    pub method: Method,
    /// Its name, when an organizer gave it one.
    pub title: Option<String>,
    /// When it closes by itself, Unix seconds.
    pub closes_at: Option<i64>,
}
