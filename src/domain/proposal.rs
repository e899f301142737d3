//! A proposal: a film that a member put up in a server.

use super::film::Film;
use super::ids::{MemberId, ProposalId};

/// Where a proposal stands. Only `Active` ones are voted on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ProposalState {
    /// Up for the vote.
    Active,
    /// Taken back by its proposer.
    Withdrawn,
    /// Taken out by an organizer.
    Removed,
    /// A round chose it.
    Picked,
    /// It has been seen.
    Watched,
}

impl ProposalState {
    /// The state as the database holds it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Withdrawn => "withdrawn",
            Self::Removed => "removed",
            Self::Picked => "picked",
            Self::Watched => "watched",
        }
    }
}

/// An active proposal with its film.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proposal {
    /// Its key.
    pub id: ProposalId,
    /// What was proposed.
    pub film: Film,
    /// Who proposed it.
    pub proposed_by: MemberId,
    /// When, Unix seconds.
    pub proposed_at: i64,
    /// Why, in the member's words, cleaned; at most [`Proposal::PITCH_CHARS`] characters.
    pub pitch: Option<String>,
}

impl Proposal {
    /// The longest pitch, in characters (product: `/propose`).
    pub const PITCH_CHARS: usize = 200;
}
