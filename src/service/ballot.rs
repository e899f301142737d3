//! Casting votes: the button, the private ballot, and reactions ([`super::reactions`]) write the same
//! ballot here.
//!
//! Every change is one transaction with its checks: the round is open and of the server that asks, and
//! the proposal is active. Nothing is read, changed in memory and written back.

use std::cmp::Reverse;

use super::ballot_box::{Cast, Click};
use super::drafts::Papers;
use super::{Service, ServiceError};
use crate::domain::film::Film;
use crate::domain::ids::{ProposalId, RoundId};
use crate::domain::method::{BallotKind, Method};
use crate::domain::policy::Actor;
use crate::domain::refusal::Refusal;
use crate::domain::round::Round;
use crate::domain::voter::VoterId;
use crate::metrics::VoteChange;
use crate::store::{StoreError, Tx};

/// What a click did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Voted {
    /// The film that was clicked.
    pub film: Film,
    /// Whether the member votes for it now.
    pub now: bool,
    /// Whether the poll does not show it: counts are hidden until the close.
    pub hidden: bool,
    /// Whether nothing was new: a reaction that had been told of, or one gone that never was.
    pub repeated: bool,
    /// The film that the member had voted for and whose place it took (single choice).
    pub moved_from: Option<Box<Film>>,
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
            hidden: false,
            repeated: false,
            moved_from: None,
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
    /// Every active proposal, earliest first, with what the ballot says of it: the draft where there is one,
    /// else what is recorded.
    pub lines: Vec<BallotLine>,
    /// Whether that is a draft, which counts for nothing before it is saved.
    pub unsaved: bool,
    /// Whether anything is recorded for these films.
    pub recorded: bool,
    /// How many films of the draft were left out, since they are no longer voted on.
    pub left_out: u32,
}

impl Ballot {
    /// The films on the ballot, by what it says of them: first ranks first, most stars first, else the
    /// earlier proposal first.
    pub fn marked(&self) -> Vec<&BallotLine> {
        let mut marked: Vec<_> = self.lines.iter().filter(|line| line.chosen()).collect();
        match self.round.rules.method.ballot_kind() {
            BallotKind::Set => {}
            BallotKind::Scores => marked.sort_by_key(|line| Reverse(line.value)),
            BallotKind::Ranking => marked.sort_by_key(|line| line.value),
        }
        marked
    }
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

    /// Of the proposals in `shown`, votes for exactly those in `chosen`; votes for others stay, but for the
    /// one that a single vote leaves. Proposals that are gone meanwhile are passed over.
    ///
    /// # Errors
    /// Refused with `BallotLimit`, and nothing is changed, when that is more than the member has votes for,
    /// over all pages; with `RulesChanged` when films are not just chosen any more.
    pub async fn set_ballot(
        &self,
        actor: Actor,
        round: RoundId,
        shown: &[ProposalId],
        chosen: &[ProposalId],
    ) -> Result<Ballot, ServiceError> {
        let now = self.clock.unix_secs();
        let mut tx = self.store.begin_write().await.map_err(ServiceError::from_store)?;
        let (round, voter) = open_round(&mut tx, actor, round, self.clock.unix_secs()).await?;
        if !round.rules.method.button_votes() {
            return Err(Refusal::RulesChanged { round: round.id }.into());
        }
        let saved = async {
            let outcome = choose_shown(&mut tx, &round, voter, (shown, chosen), now).await?;
            if outcome.is_ok() {
                tx.commit().await?;
            } else {
                tx.rollback().await?;
            }
            Ok(outcome)
        };
        saved.await.map_err(ServiceError::from_store)??;
        self.metrics.vote_recorded(VoteChange::Ballot);
        self.ballot_in(actor, round).await
    }

    /// Takes all of the member's votes in this round back, and throws a draft away.
    pub async fn clear_ballot(&self, actor: Actor, round: RoundId) -> Result<Ballot, ServiceError> {
        let mut tx = self.store.begin_write().await.map_err(ServiceError::from_store)?;
        let (round, voter) = open_round(&mut tx, actor, round, self.clock.unix_secs()).await?;
        let cleared = async {
            tx.delete_member_votes(round.id, voter).await?;
            tx.delete_draft(round.id, voter).await?;
            tx.commit().await
        };
        cleared.await.map_err(ServiceError::from_store)?;
        self.metrics.vote_recorded(VoteChange::Ballot);
        self.ballot_in(actor, round).await
    }

    pub(super) async fn ballot_in(&self, actor: Actor, round: Round) -> Result<Ballot, ServiceError> {
        let voter = round.voter(actor.member).ok_or(Refusal::RoundOver)?;
        let read = async {
            let rows = self.store.list_ballot_lines(actor.guild, round.id, voter).await?;
            let draft = match round.rules.method.ballot_kind() {
                BallotKind::Set => None,
                BallotKind::Scores | BallotKind::Ranking => self.store.find_draft(&round, voter).await?,
            };
            Ok((rows, draft))
        };
        let (rows, draft) = read.await.map_err(ServiceError::from_store)?;
        Ok(Papers::sorted(&round, rows, draft).into_ballot(round))
    }
}

/// The round with this id, which takes votes now (Unix seconds), and the member's name in it, held as they are until the transaction ends.
///
/// # Errors
/// `RoundOver` for a round that is not the open one of the server that asks.
pub(super) async fn open_round(
    tx: &mut Tx,
    actor: Actor,
    round: RoundId,
    now: i64,
) -> Result<(Round, VoterId), ServiceError> {
    tx.lock_ballot(round, actor.member)
        .await
        .map_err(ServiceError::from_store)?;
    let found = tx.find_round(round).await.map_err(ServiceError::from_store)?;
    let open = found.filter(|found| found.guild == actor.guild && found.takes_votes(now));
    let (open, voter) = open
        .and_then(|open| open.voter(actor.member).map(|voter| (open, voter)))
        .ok_or(Refusal::RoundOver)?;
    // Who votes is back, if they had left.
    tx.restore_votes(open.id, voter)
        .await
        .map_err(ServiceError::from_store)?;
    Ok((open, voter))
}

/// Votes for exactly those of the shown films that are chosen, if the member has votes for them.
async fn choose_shown(
    tx: &mut Tx,
    round: &Round,
    voter: VoterId,
    (shown, chosen): (&[ProposalId], &[ProposalId]),
    now: i64,
) -> Result<Result<(), Refusal>, StoreError> {
    let at = round.cast_at(now);
    let limit = round.rules.vote_limit();
    let before = match limit {
        Some(_) => tx.count_spent_votes(round, voter).await?,
        None => 0,
    };
    let chosen: Vec<_> = chosen.iter().filter(|film| shown.contains(film)).collect();
    if round.rules.method == Method::Single
        && let [only] = chosen[..]
    {
        // The vote moves, from whichever page; one that is there stays as it is.
        if tx.insert_vote(round.id, voter, *only, at).await? {
            tx.delete_member_votes(round.id, voter).await?;
            tx.insert_vote(round.id, voter, *only, at).await?;
        }
        return Ok(Ok(()));
    }
    let mut given = false;
    for proposal in shown {
        if chosen.contains(&proposal) {
            given |= tx.insert_vote(round.id, voter, *proposal, at).await?;
        } else {
            tx.delete_vote(round.id, voter, *proposal).await?;
        }
    }
    let Some(limit) = limit else { return Ok(Ok(())) };
    if given {
        // Those for films that left: should one return, no more than the limit count.
        tx.delete_idle_votes(round, voter).await?;
    }
    let spent = tx.count_spent_votes(round, voter).await?;
    // Who had more before a rule changed may keep them or take some back.
    if spent > limit && spent > before {
        let left = limit.saturating_sub(before);
        return Ok(Err(Refusal::BallotLimit { limit, left }));
    }
    Ok(Ok(()))
}
