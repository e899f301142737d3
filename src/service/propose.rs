//! Proposing a film: from what a member typed to an active proposal.

use super::{Service, ServiceError};
use crate::catalogue::SearchHit;
use crate::domain::ids::RoundId;
use crate::domain::policy::Actor;
use crate::domain::poll::Details;
use crate::domain::proposal::Proposal;

/// A film was put up.
#[derive(Debug, Clone)]
pub struct Proposed {
    /// The proposal with its film.
    pub proposal: Proposal,
    /// The round in which it is voted on.
    pub round: RoundId,
    /// Where its details stand.
    pub details: Details,
    /// How many active proposals the member now has.
    pub slots_used: u32,
    /// How many they may have.
    pub slots: u32,
}

/// What came of a proposal.
#[derive(Debug, Clone)]
pub enum ProposeOutcome {
    /// It is up.
    Proposed(Box<Proposed>),
    /// A typed title fits several films, or none exactly: the member chooses, or proposes it as typed.
    Choose {
        /// The title as typed, cleaned.
        typed: String,
        /// The films it may mean, best first, 1 to 24.
        hits: Vec<SearchHit>,
    },
}

impl Service {
    /// Proposes what `movie` names: an id, a link, or a title. The checks that need no film data come
    /// first; film data is waited for no longer than the fetch time-out, and its lack stops nothing.
    pub async fn propose(
        &self,
        _actor: Actor,
        _movie: &str,
        _pitch: Option<&str>,
    ) -> Result<ProposeOutcome, ServiceError> {
        todo!()
    }

    /// Proposes a title as it was typed, without an identity in any film database.
    pub async fn propose_as_typed(
        &self,
        _actor: Actor,
        _title: &str,
        _pitch: Option<&str>,
    ) -> Result<Proposed, ServiceError> {
        todo!()
    }
}
