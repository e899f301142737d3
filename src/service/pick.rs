//! Leaving the choice to chance or to the clock. Reads what is up for the vote, and changes nothing.

use super::suggest::MOST_PROPOSALS;
use super::{Service, ServiceError};
use crate::domain::ids::{GuildId, RoundId};
use crate::domain::method::Method;
use crate::domain::pick::{self, BUDGET_MAX, BUDGET_MIN, Feature};
use crate::domain::poll::{Details, Standing};
use crate::domain::proposal::Proposal;
use crate::domain::refusal::Refusal;
use crate::domain::round::Round;

/// How a film was drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Odds {
    /// Each of so many films was as likely as the other.
    Even {
        /// How many.
        films: u32,
        /// Whether a draw by votes was asked for, and nobody has voted yet.
        no_votes: bool,
    },
    /// By what stands for each in the vote.
    ByVotes {
        /// What stands for this one.
        own: u32,
        /// What stands for all.
        all: u64,
        /// How votes are counted in the round.
        method: Method,
    },
}

/// A film by chance.
#[derive(Debug, Clone)]
pub struct RandomPick {
    /// The film.
    pub proposal: Proposal,
    /// Where its details stand.
    pub details: Details,
    /// The open round.
    pub round: RoundId,
    /// How likely it was.
    pub odds: Odds,
}

/// Two films for an evening.
#[derive(Debug, Clone)]
pub struct DoubleFeature {
    /// The two, the earlier proposal first, each with its runtime in minutes.
    pub films: [(Proposal, u16); 2],
    /// The open round.
    pub round: RoundId,
    /// How long the evening is, in minutes.
    pub budget: u32,
    /// How many films were left out since nobody knows how long they run.
    pub untimed: u32,
}

impl Service {
    /// One of the films that are voted on, each as likely as the other, or `by_votes` as likely as its votes make it;
    /// without any votes evenly again (2 statements, and what the film's data takes).
    ///
    /// # Errors
    /// Refused with `NothingProposed`, and with `VotesHidden` where a draw by votes would give them away.
    pub async fn pick_random(&self, guild: GuildId, by_votes: bool) -> Result<RandomPick, ServiceError> {
        let (round, mut films) = self.films_voted_on(guild).await?;
        if by_votes && round.hides_counts() {
            return Err(Refusal::VotesHidden.into());
        }
        let weights: Vec<u32> = films.iter().map(votes).collect();
        let random = || self.clock.random();
        let weighted = by_votes.then(|| pick::one_by_weight(&weights, random)).flatten();
        let (place, odds) = if let Some(place) = weighted {
            let odds = Odds::ByVotes {
                own: weights.get(place).copied().unwrap_or_default(),
                all: weights.iter().copied().map(u64::from).sum(),
                method: round.rules.method,
            };
            (place, odds)
        } else {
            let place = pick::one_of(films.len(), random).ok_or(Refusal::NothingProposed)?;
            let odds = Odds::Even {
                films: number(films.len()),
                no_votes: by_votes,
            };
            (place, odds)
        };
        let mut proposal = films.swap_remove(place).proposal;
        let (film, details) = self.with_details(proposal.film).await?;
        proposal.film = film;
        Ok(RandomPick {
            proposal,
            details,
            round: round.id,
            odds,
        })
    }

    /// The two of the films voted on that fill an evening of `budget` minutes best, and do not exceed it
    /// (2 statements). Of pairs as long the one with more votes, unless those are hidden.
    ///
    /// # Errors
    /// Refused with `NothingProposed` and `NoDoubleFeature`.
    pub async fn pick_double_feature(
        &self,
        guild: GuildId,
        budget: u32,
    ) -> Result<DoubleFeature, ServiceError> {
        let budget = budget.clamp(BUDGET_MIN, BUDGET_MAX);
        let (round, films) = self.films_voted_on(guild).await?;
        let all = number(films.len());
        let timed: Vec<(Proposal, Feature)> = films
            .into_iter()
            .filter_map(|standing| {
                let votes = votes(&standing);
                let cached = standing.proposal.film.cached.as_ref();
                let minutes = cached.and_then(|cached| cached.data.runtime_min)?;
                Some((standing.proposal, Feature { minutes, votes }))
            })
            .collect();
        let untimed = all - number(timed.len());
        let features: Vec<Feature> = timed.iter().map(|(_, feature)| *feature).collect();
        let pair = pick::double_feature(&features, budget);
        let at = |place: usize| {
            timed
                .get(place)
                .map(|(film, feature)| (film.clone(), feature.minutes))
        };
        let films = pair.and_then(|(one, other)| Some([at(one)?, at(other)?]));
        let films = films.ok_or_else(|| Refusal::NoDoubleFeature {
            budget,
            timed: number(timed.len()),
            untimed,
        })?;
        Ok(DoubleFeature {
            films,
            round: round.id,
            budget,
            untimed,
        })
    }

    /// What is voted on, in the order of proposal, at least one film.
    async fn films_voted_on(&self, guild: GuildId) -> Result<(Round, Vec<Standing>), ServiceError> {
        let round = self.store.find_open_round(guild).await;
        let round = round
            .map_err(ServiceError::from_store)?
            .ok_or(Refusal::NothingProposed)?;
        let standings = self.store.list_standings(&round, MOST_PROPOSALS, 0).await;
        let mut films = standings.map_err(ServiceError::from_store)?.standings;
        if films.is_empty() {
            return Err(Refusal::NothingProposed.into());
        }
        films.sort_by_key(|standing| (standing.proposal.proposed_at, standing.proposal.id));
        Ok((round, films))
    }
}

/// What stands for a film; 0 while that is hidden.
fn votes(standing: &Standing) -> u32 {
    standing.votes.unwrap_or(0)
}

fn number(films: usize) -> u32 {
    u32::try_from(films).unwrap_or(u32::MAX)
}
