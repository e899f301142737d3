//! Filling in a ballot with stars or ranks: step by step as a draft, and saving it in one go.
//!
//! The draft lives in the database, under the name that the member has in the round, so that it survives a
//! restart, is the same for every process, and tells nobody's name in an anonymous round. It counts for
//! nothing: only [`Service::save_ballot`] writes votes.

use std::collections::HashMap;

use super::ballot::{Ballot, BallotLine, open_round};
use super::{Service, ServiceError};
use crate::domain::draft::{Draft, Shift, Step};
use crate::domain::ids::{FilmId, ProposalId, RoundId};
use crate::domain::method::BallotKind;
use crate::domain::policy::Actor;
use crate::domain::refusal::Refusal;
use crate::domain::round::Round;
use crate::domain::voter::VoterId;
use crate::metrics::VoteChange;
use crate::store::{BallotRow, StoreError, Tx};

/// A member's change to their draft.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    /// Gives the film so many stars; 0 takes them away.
    Stars(ProposalId, u8),
    /// Ranks the film after those that are ranked.
    Next(ProposalId),
    /// Takes the film that is ranked last out.
    Undo,
    /// Moves a film that is ranked.
    Move(ProposalId, Shift),
}

impl Service {
    /// Changes the member's draft, which begins as what is recorded. Films that are no longer voted on are
    /// left out of it.
    ///
    /// # Errors
    /// Refused with `ProposalGone` when the film is one of them, and with `RulesChanged` when the round's
    /// ballots are of another kind.
    pub async fn mark_ballot(
        &self,
        actor: Actor,
        round: RoundId,
        mark: Mark,
    ) -> Result<Ballot, ServiceError> {
        let now = self.clock.unix_secs();
        let mut tx = self.store.begin_write().await.map_err(ServiceError::from_store)?;
        let (round, voter) = open_round(&mut tx, actor, round, self.clock.unix_secs()).await?;
        let mut papers = read_papers(&mut tx, &round, voter).await?;
        let step = papers.step(mark)?;
        if !papers.draft.as_mut().is_some_and(|draft| draft.take(step)) {
            return Err(Refusal::RulesChanged { round: round.id }.into());
        }
        let kept = async {
            match papers.draft.as_ref().filter(|_| papers.is_changed()) {
                Some(draft) => {
                    tx.upsert_draft(&round, voter, draft, round.cast_at(now)).await?;
                }
                // Back at what is recorded: nothing is left to save.
                None => tx.delete_draft(round.id, voter).await?,
            }
            tx.commit().await
        };
        kept.await.map_err(ServiceError::from_store)?;
        Ok(papers.into_ballot(round))
    }

    /// Makes the member's draft their vote, in place of what was recorded; without a draft, what is recorded
    /// stays. Films that are no longer voted on are left out: [`Ballot::left_out`] says how many.
    pub async fn save_ballot(&self, actor: Actor, round: RoundId) -> Result<Ballot, ServiceError> {
        let now = self.clock.unix_secs();
        let mut tx = self.store.begin_write().await.map_err(ServiceError::from_store)?;
        let (round, voter) = open_round(&mut tx, actor, round, self.clock.unix_secs()).await?;
        let mut papers = read_papers(&mut tx, &round, voter).await?;
        let Some(draft) = papers.draft.clone() else {
            return Err(Refusal::RulesChanged { round: round.id }.into());
        };
        let saved = async {
            if papers.is_changed() {
                match draft {
                    Draft::Stars(_) => tx.delete_active_votes(&round, voter).await?,
                    // Ranks are each to be there once: those of films that are gone would get in the way.
                    Draft::Ranking(_) => tx.delete_member_votes(round.id, voter).await?,
                };
                let at = round.cast_at(now);
                tx.insert_values(round.id, voter, &draft.values(), at).await?;
            }
            tx.delete_draft(round.id, voter).await?;
            tx.commit().await
        };
        saved.await.map_err(ServiceError::from_store)?;
        self.metrics.vote_recorded(VoteChange::Ballot);
        papers.recorded = Some(draft);
        Ok(papers.into_ballot(round))
    }

    /// Throws the member's draft away; what is recorded stays.
    pub async fn discard_draft(&self, actor: Actor, round: RoundId) -> Result<Ballot, ServiceError> {
        let mut tx = self.store.begin_write().await.map_err(ServiceError::from_store)?;
        let (round, voter) = open_round(&mut tx, actor, round, self.clock.unix_secs()).await?;
        let discarded = async {
            tx.delete_draft(round.id, voter).await?;
            tx.commit().await
        };
        discarded.await.map_err(ServiceError::from_store)?;
        self.ballot_in(actor, round).await
    }
}

/// What there is of a ballot: the films that are voted on, what is recorded, and the draft, which is what is
/// recorded where none was begun. Where films are just chosen there is no draft.
pub(super) struct Papers {
    rows: Vec<BallotRow>,
    recorded: Option<Draft>,
    draft: Option<Draft>,
    left_out: u32,
}

impl Papers {
    /// Sorts out what was read: films that are no longer voted on go.
    pub(super) fn sorted(round: &Round, rows: Vec<BallotRow>, draft: Option<Draft>) -> Self {
        let kind = round.rules.method.ballot_kind();
        let values = rows.iter().filter_map(|row| Some((row.film.id, row.value?)));
        let recorded = Draft::of(kind, values);
        let mut draft = recorded
            .as_ref()
            .map(|recorded| draft.unwrap_or_else(|| recorded.clone()));
        let is_up = |film: FilmId| rows.iter().any(|row| row.film.id == film);
        let left_out = draft.as_mut().map_or(0, |draft| draft.keep(is_up));
        Self {
            rows,
            recorded,
            draft,
            left_out,
        }
    }

    /// Whether the draft says anything else than what is recorded.
    fn is_changed(&self) -> bool {
        self.draft != self.recorded
    }

    /// The step that a mark asks for.
    fn step(&self, mark: Mark) -> Result<Step, Refusal> {
        let film = |proposal: ProposalId| {
            let row = self.rows.iter().find(|row| row.proposal == proposal);
            row.map(|row| row.film.id).ok_or(Refusal::ProposalGone)
        };
        Ok(match mark {
            Mark::Stars(proposal, stars) => Step::Stars(film(proposal)?, stars),
            Mark::Next(proposal) => Step::Next(film(proposal)?),
            Mark::Undo => Step::Undo,
            Mark::Move(proposal, to) => Step::Move(film(proposal)?, to),
        })
    }

    /// The ballot as the member sees it.
    pub(super) fn into_ballot(self, round: Round) -> Ballot {
        let unsaved = self.is_changed();
        let chosen: Option<HashMap<FilmId, u32>> =
            self.draft.map(|draft| draft.values().into_iter().collect());
        let recorded = match round.rules.method.ballot_kind() {
            BallotKind::Set => self.rows.iter().any(|row| row.value.is_some()),
            BallotKind::Scores | BallotKind::Ranking => {
                self.recorded.is_some_and(|recorded| !recorded.is_empty())
            }
        };
        let lines = self.rows.into_iter().map(|row| BallotLine {
            proposal: row.proposal,
            title: row.film.shown_title().to_owned(),
            year: row.film.shown_year(),
            value: match &chosen {
                Some(values) => values.get(&row.film.id).copied(),
                None => row.value,
            },
        });
        Ballot {
            lines: lines.collect(),
            unsaved,
            recorded,
            left_out: self.left_out,
            round,
        }
    }
}

/// What there is of the voter's ballot, within the transaction that holds it.
async fn read_papers(tx: &mut Tx, round: &Round, voter: VoterId) -> Result<Papers, ServiceError> {
    let read = async {
        let rows = tx.list_ballot_lines(round.guild, round.id, voter).await?;
        let draft = tx.find_draft(round, voter).await?;
        Ok::<_, StoreError>((rows, draft))
    };
    let (rows, draft) = read.await.map_err(ServiceError::from_store)?;
    Ok(Papers::sorted(round, rows, draft))
}
