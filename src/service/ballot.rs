//! Casting votes: the button, the private ballot, and reactions ([`super::reactions`]) write the same
//! ballot here.
//!
//! Every change is one transaction with its checks: the round is open and of the server that asks, and
//! the proposal is active. Nothing is read, changed in memory and written back.

use super::ballot_box::{Cast, Click};
use super::{Service, ServiceError};
use crate::domain::film::Film;
use crate::domain::ids::{GuildId, ProposalId, RoundId};
use crate::domain::policy::Actor;
use crate::domain::refusal::Refusal;

/// What a click did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Voted {
    /// The film that was clicked.
    pub film: Film,
    /// Whether the member votes for it now.
    pub now: bool,
    /// Whether nothing was new: a reaction that had been told of, or one gone that never was.
    pub repeated: bool,
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
        self.ballot_box
            .cast(cast, &self.store, &self.clock, &self.tasks)
            .await
    }

    /// The member's ballot in the open round; `NothingProposed` when there is none.
    pub async fn read_ballot(&self, actor: Actor) -> Result<Ballot, ServiceError> {
        let head = self
            .store
            .find_poll_head(actor.guild)
            .await
            .map_err(ServiceError::from_store)?;
        let round = head.ok_or(Refusal::NothingProposed)?.round.id;
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
        self.check_round(actor.guild, round).await?;
        let now = self.clock.unix_secs();
        let saved = async {
            let mut tx = self.store.begin_write().await?;
            tx.lock_ballot(round, actor.member).await?;
            for proposal in shown {
                if chosen.contains(proposal) {
                    tx.insert_vote(round, actor.member, *proposal, now).await?;
                } else {
                    tx.delete_vote(round, actor.member, *proposal).await?;
                }
            }
            tx.commit().await
        };
        saved.await.map_err(ServiceError::from_store)?;
        self.ballot_in(actor, round).await
    }

    /// Takes all of the member's votes in this round back.
    pub async fn clear_ballot(&self, actor: Actor, round: RoundId) -> Result<Ballot, ServiceError> {
        self.check_round(actor.guild, round).await?;
        let cleared = async {
            let mut tx = self.store.begin_write().await?;
            tx.lock_ballot(round, actor.member).await?;
            tx.delete_member_votes(round, actor.member).await?;
            tx.commit().await
        };
        cleared.await.map_err(ServiceError::from_store)?;
        self.ballot_in(actor, round).await
    }

    /// Refuses a round that is not the open one of the server that asks. The statements that write check
    /// again that it is open; this is for a clear answer.
    async fn check_round(&self, guild: GuildId, round: RoundId) -> Result<(), ServiceError> {
        let open = self
            .store
            .find_open_round(guild)
            .await
            .map_err(ServiceError::from_store)?;
        match open {
            Some(open) if open.id == round => Ok(()),
            _ => Err(Refusal::RoundOver.into()),
        }
    }

    async fn ballot_in(&self, actor: Actor, round: RoundId) -> Result<Ballot, ServiceError> {
        let rows = self
            .store
            .list_ballot_lines(actor.guild, round, actor.member)
            .await;
        let lines = rows
            .map_err(ServiceError::from_store)?
            .into_iter()
            .map(|row| BallotLine {
                proposal: row.proposal,
                title: row.film.shown_title().to_owned(),
                year: row.film.shown_year(),
                chosen: row.chosen,
            });
        Ok(Ballot {
            round,
            lines: lines.collect(),
        })
    }
}
