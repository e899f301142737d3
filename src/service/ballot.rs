//! Casting votes: the button, the private ballot, and reactions ([`super::reactions`]) write the same
//! ballot here.
//!
//! Every change is one transaction with its checks: the round is open and of the server that asks, and
//! the proposal is active. Nothing is read, changed in memory and written back.

use super::ballot_box::{Cast, Click};
use super::{Service, ServiceError};
use crate::domain::film::Film;
use crate::domain::ids::{ProposalId, RoundId};
use crate::domain::policy::Actor;
use crate::domain::refusal::Refusal;
use crate::domain::round::Round;
use crate::domain::voter::VoterId;
use crate::metrics::VoteChange;
use crate::store::Tx;

/// What a click did.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is another question to one click"
)]
pub struct Voted {
    /// The film that was clicked.
    pub film: Film,
    /// Whether the member votes for it now.
    pub now: bool,
    /// Whether the poll does not show it: counts are hidden until the close.
    pub hidden: bool,
    /// Whether nothing was new: a reaction that had been told of, or one gone that never was.
    pub repeated: bool,
    /// Whether it took the place of another film, which the member had voted for (single choice).
    pub moved: bool,
}

impl Voted {
    /// The vote for this film was taken back.
    pub(super) const fn not(film: Film) -> Self {
        Self::as_it_is(film, false)
    }

    /// The film, and whether the member votes for it.
    pub(super) const fn as_it_is(film: Film, now: bool) -> Self {
        Self {
            film,
            now,
            moved: false,
            hidden: false,
            repeated: false,
        }
    }
}

/// One film on a ballot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BallotLine {
    /// The proposal.
    pub proposal: ProposalId,
    /// The film's title, cleaned.
    pub title: String,
    /// The film's year.
    pub year: Option<u16>,
    /// What the ballot says of it: 1 where films are chosen, its rank from 1, or its stars; `None`: nothing.
    pub value: Option<u32>,
}

impl BallotLine {
    /// Whether the member votes for it.
    pub const fn chosen(&self) -> bool {
        self.value.is_some()
    }
}

/// A member's ballot in the open round.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ballot {
    /// The round.
    pub round: Round,
    /// Every active proposal, earliest first.
    pub lines: Vec<BallotLine>,
}

impl Service {
    /// Votes for a proposal, or takes the vote back. In single choice the vote moves.
    pub async fn toggle_vote(
        &self,
        actor: Actor,
        round: RoundId,
        proposal: ProposalId,
    ) -> Result<Voted, ServiceError> {
        self.cast(actor, round, proposal, Click::Toggle).await
    }

    /// Votes for a proposal; a vote that is there stays.
    pub async fn add_vote(
        &self,
        actor: Actor,
        round: RoundId,
        proposal: ProposalId,
    ) -> Result<Voted, ServiceError> {
        self.cast(actor, round, proposal, Click::Add).await
    }

    pub(super) async fn cast(
        &self,
        actor: Actor,
        round: RoundId,
        proposal: ProposalId,
        click: Click,
    ) -> Result<Voted, ServiceError> {
        let cast = Cast {
            actor,
            round,
            proposal,
            click,
        };
        let voted = self
            .ballot_box
            .cast(cast, &self.store, &self.clock, &self.tasks)
            .await?;
        self.metrics.vote_recorded(if voted.now {
            VoteChange::Given
        } else {
            VoteChange::TakenBack
        });
        Ok(voted)
    }

    /// The member's ballot in the open round; `NothingProposed` when there is none.
    pub async fn read_ballot(&self, actor: Actor) -> Result<Ballot, ServiceError> {
        let open = self.store.find_open_round(actor.guild).await;
        let round = open
            .map_err(ServiceError::from_store)?
            .ok_or(Refusal::NothingProposed)?;
        self.ballot_in(actor, round).await
    }

    /// Of the proposals in `shown`, votes for exactly those in `chosen`; votes for others stay.
    /// Proposals that are gone meanwhile are passed over.
    pub async fn set_ballot(
        &self,
        actor: Actor,
        round: RoundId,
        shown: &[ProposalId],
        chosen: &[ProposalId],
    ) -> Result<Ballot, ServiceError> {
        let now = self.clock.unix_secs();
        let mut tx = self.store.begin_write().await.map_err(ServiceError::from_store)?;
        let (round, voter) = open_round(&mut tx, actor, round).await?;
        let saved = async {
            for proposal in shown {
                if chosen.contains(proposal) {
                    tx.insert_vote(round.id, voter, *proposal, now).await?;
                } else {
                    tx.delete_vote(round.id, voter, *proposal).await?;
                }
            }
            tx.commit().await
        };
        saved.await.map_err(ServiceError::from_store)?;
        self.metrics.vote_recorded(VoteChange::Ballot);
        self.ballot_in(actor, round).await
    }

    /// Takes all of the member's votes in this round back.
    pub async fn clear_ballot(&self, actor: Actor, round: RoundId) -> Result<Ballot, ServiceError> {
        let mut tx = self.store.begin_write().await.map_err(ServiceError::from_store)?;
        let (round, voter) = open_round(&mut tx, actor, round).await?;
        let cleared = async {
            tx.delete_member_votes(round.id, voter).await?;
            tx.commit().await
        };
        cleared.await.map_err(ServiceError::from_store)?;
        self.metrics.vote_recorded(VoteChange::Ballot);
        self.ballot_in(actor, round).await
    }

    async fn ballot_in(&self, actor: Actor, round: Round) -> Result<Ballot, ServiceError> {
        let voter = round.voter(actor.member).ok_or(Refusal::RoundOver)?;
        let rows = self.store.list_ballot_lines(actor.guild, round.id, voter).await;
        let lines = rows
            .map_err(ServiceError::from_store)?
            .into_iter()
            .map(|row| BallotLine {
                proposal: row.proposal,
                title: row.film.shown_title().to_owned(),
                year: row.film.shown_year(),
                value: row.value,
            });
        Ok(Ballot {
            round,
            lines: lines.collect(),
        })
    }
}

/// The open round with this id, and the member's name in it, held as they are until the transaction ends.
///
/// # Errors
/// `RoundOver` for a round that is not the open one of the server that asks.
async fn open_round(tx: &mut Tx, actor: Actor, round: RoundId) -> Result<(Round, VoterId), ServiceError> {
    tx.lock_ballot(round, actor.member)
        .await
        .map_err(ServiceError::from_store)?;
    let found = tx.find_round(round).await.map_err(ServiceError::from_store)?;
    let open = found.filter(|found| found.guild == actor.guild && found.is_open());
    let (open, voter) = open
        .and_then(|open| open.voter(actor.member).map(|voter| (open, voter)))
        .ok_or(Refusal::RoundOver)?;
    // Who votes is back, if they had left.
    tx.restore_votes(open.id, voter)
        .await
        .map_err(ServiceError::from_store)?;
    Ok((open, voter))
}
