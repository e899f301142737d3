//! Casting votes: the button, the private ballot, and later reactions write the same ballot here.

use super::{Service, ServiceError};
use crate::domain::film::Film;
use crate::domain::ids::{ProposalId, RoundId};
use crate::domain::policy::Actor;

/// What a click did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Voted {
    /// The film that was clicked.
    pub film: Film,
    /// Whether the member votes for it now.
    pub now: bool,
}

/// One film on a ballot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BallotLine {
    /// The proposal.
    pub proposal: ProposalId,
    /// The film's title and year, cleaned.
    pub title: String,
    /// The film's year.
    pub year: Option<u16>,
    /// Whether the member votes for it.
    pub chosen: bool,
}

/// A member's ballot in the open round.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ballot {
    /// The round.
    pub round: RoundId,
    /// Every active proposal, earliest first.
    pub lines: Vec<BallotLine>,
}

impl Service {
    /// Votes for a proposal, or takes the vote back (approval).
    pub async fn toggle_vote(
        &self,
        _actor: Actor,
        _round: RoundId,
        _proposal: ProposalId,
    ) -> Result<Voted, ServiceError> {
        todo!()
    }

    /// Votes for a proposal; a vote that is there stays.
    pub async fn add_vote(
        &self,
        _actor: Actor,
        _round: RoundId,
        _proposal: ProposalId,
    ) -> Result<Voted, ServiceError> {
        todo!()
    }

    /// The member's ballot in the open round; `NothingProposed` when there is none.
    pub async fn read_ballot(&self, _actor: Actor) -> Result<Ballot, ServiceError> {
        todo!()
    }

    /// Of the proposals in `shown`, votes for exactly those in `chosen`; votes for others stay.
    /// Proposals that are gone meanwhile are passed over.
    pub async fn set_ballot(
        &self,
        _actor: Actor,
        _round: RoundId,
        _shown: &[ProposalId],
        _chosen: &[ProposalId],
    ) -> Result<Ballot, ServiceError> {
        todo!()
    }

    /// Takes all of the member's votes in this round back.
    pub async fn clear_ballot(&self, _actor: Actor, _round: RoundId) -> Result<Ballot, ServiceError> {
        todo!()
    }
}
