//! The record of a round's vote: the file that an export writes and anyone can count again.
//!
//! ```json
//! {
//!   "method": "irv", "picks": 1, "ties": "draw", "draw_seed": "popcorn",
//!   "proposals": [{"id": "A", "proposed_at": 1}, {"id": "B", "proposed_at": 2}],
//!   "ballots": [{"weight": 42, "choices": ["A", "B"]}, {"choices": ["B"]}]
//! }
//! ```
//!
//! - `method`: as [`Method::as_str`] has it. `picks`: 1 if it is left out.
//! - `ties`: `earlier`, `draw` or `runoff`. If it is left out: `draw` with a `draw_seed`, else `earlier`.
//! - `choices`: in order of preference for ranked methods, a set otherwise. For `star` instead of them
//!   `"scores": {"A": 5}`, whole numbers from 0 to 5. `weight`: how many voted this, 1 if it is left out.
//! - `title`, of the round and of each proposal: for readers; the count does not look at it.
//!
//! What is not listed here is refused, and so is whatever could be understood in two ways.

use std::collections::BTreeMap;
use std::fmt;

use serde::de::{MapAccess, Visitor};
use serde::ser::SerializeMap;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::method::{BallotKind, Method};
use super::tally::{Ballot, Candidate, Election, Marks};
use super::ties::TieRule;

/// The record of a vote, as it is in the file; [`election`](Self::election) checks what it says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Record {
    /// The name of the round.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// How it is counted, as [`Method::as_str`] has it.
    pub method: String,
    /// How many films are picked.
    #[serde(default = "one")]
    pub picks: u32,
    /// What decides between films that nothing else separates, as [`TieRule::as_str`] has it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ties: Option<String>,
    /// The published seed of the draw.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub draw_seed: Option<String>,
    /// The films that stood.
    pub proposals: Vec<RecordedProposal>,
    /// What was voted.
    pub ballots: Vec<RecordedBallot>,
}

/// A film that stood.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RecordedProposal {
    /// Its name in this file.
    pub id: String,
    /// When it was proposed, on any scale.
    pub proposed_at: i64,
    /// The film's title.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
}

/// What a member voted, or several members alike.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RecordedBallot {
    /// How many members.
    #[serde(default = "one", skip_serializing_if = "is_one")]
    pub weight: u64,
    /// The films that are voted for; for ranked methods in order of preference.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub choices: Option<Vec<String>>,
    /// The films with their scores.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scores: Option<RecordedScores>,
}

/// Films with their scores, a JSON object, in the order in which the file has them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordedScores(pub Vec<(String, i64)>);

fn one<N: From<u8>>() -> N {
    N::from(1)
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde's signature")]
fn is_one(number: &u64) -> bool {
    *number == 1
}

/// Why a record can't be counted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RecordError {
    /// It is not JSON, or not of this shape.
    #[error("this is not the record of a vote: {0}")]
    Unreadable(String),
    /// A method that there is not.
    #[error("unknown method `{0}`; it is one of approval, single, limited, star, irv, schulze, stv")]
    UnknownMethod(String),
    /// A tie rule that there is not.
    #[error("unknown rule for ties `{0}`; it is one of earlier, draw, runoff")]
    UnknownTieRule(String),
    /// Nothing is to be picked.
    #[error("`picks` is 0; at least one film has to be picked")]
    NoPicks,
    /// More picks than the method is made for.
    #[error("`picks` is {0}; stv picks {max} at most", max = Method::MAX_STV_PICKS)]
    TooManyPicks(u32),
    /// A draw without a seed.
    #[error("`ties` is draw, but there is no `draw_seed` to draw from")]
    NoSeed,
    /// More films than a count is made for.
    #[error("{0} proposals; a count takes {max} at most", max = Record::MAX_PROPOSALS)]
    TooManyProposals(usize),
    /// Two films by the same name.
    #[error("proposal `{0}` is listed twice")]
    DuplicateProposal(String),
    /// The weights add up to too much.
    #[error("the ballots' weights add up to more than {max}", max = Election::MAX_WEIGHT)]
    TooManyVotes,
    /// A ballot makes no sense.
    #[error("ballot {number} {fault}")]
    Ballot {
        /// Which one, from 1.
        number: usize,
        /// What is wrong with it.
        fault: BallotFault,
    },
}

/// What is wrong with a ballot.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BallotFault {
    /// It has no marks, not even an empty list, or marks of the other kind.
    #[error("must have `choices`, and no `scores`")]
    NoChoices,
    /// It has no marks, not even an empty list, or marks of the other kind.
    #[error("must have `scores`, and no `choices`")]
    NoScores,
    /// It marks a film that did not stand.
    #[error("names `{0}`, which is not among the proposals")]
    UnknownProposal(String),
    /// It marks a film twice.
    #[error("names `{0}` twice")]
    NamedTwice(String),
    /// It marks more than one film where one is allowed.
    #[error("has {0} choices, where one is allowed")]
    SeveralChoices(usize),
    /// A score that there is not.
    #[error("gives `{id}` a score of {score}; scores go from 0 to {max}", max = Method::MAX_SCORE)]
    ScoreOutOfRange {
        /// The film.
        id: String,
        /// The score.
        score: i64,
    },
}

impl Record {
    /// The most films that a count takes: time grows with the cube of their number by some methods.
    pub const MAX_PROPOSALS: usize = 1_000;

    /// Reads a record from JSON.
    pub fn parse(json: &[u8]) -> Result<Self, RecordError> {
        serde_json::from_slice(json).map_err(|error| RecordError::Unreadable(error.to_string()))
    }

    /// The record of an election. Titles are left to whoever knows them. Marks that make no sense are left
    /// out, as they are in the count.
    pub fn of(election: &Election) -> Self {
        let id = |index: usize| election.candidates.get(index).map(|film| film.id.clone());
        let ballot = |ballot: &Ballot| {
            let (choices, scores) = match &ballot.marks {
                Marks::Set(films) | Marks::Ranking(films) => {
                    (Some(films.iter().filter_map(|&film| id(film)).collect()), None)
                }
                Marks::Scores(scores) => {
                    let named = scores
                        .iter()
                        .filter_map(|&(film, score)| Some((id(film)?, i64::from(score))));
                    (None, Some(RecordedScores(named.collect())))
                }
            };
            RecordedBallot {
                weight: ballot.weight,
                choices,
                scores,
            }
        };
        let proposal = |candidate: &Candidate| RecordedProposal {
            id: candidate.id.clone(),
            proposed_at: candidate.proposed_at,
            title: None,
        };
        Self {
            title: None,
            method: election.method.as_str().to_owned(),
            picks: election.picks,
            ties: Some(election.ties.as_str().to_owned()),
            draw_seed: election.draw_seed.clone(),
            proposals: election.candidates.iter().map(proposal).collect(),
            ballots: election.ballots.iter().map(ballot).collect(),
        }
    }

    /// The election that it records, or the first thing that is wrong with it.
    pub fn election(&self) -> Result<Election, RecordError> {
        let method =
            Method::from_db(&self.method).ok_or_else(|| RecordError::UnknownMethod(self.method.clone()))?;
        let films = self.films()?;
        let mut weight = 0_u64;
        let mut ballots = Vec::with_capacity(self.ballots.len());
        for (number, recorded) in (1..).zip(&self.ballots) {
            weight = weight.saturating_add(recorded.weight);
            let marks = recorded
                .marks(method, &films)
                .map_err(|fault| RecordError::Ballot { number, fault })?;
            ballots.push(Ballot {
                weight: recorded.weight,
                marks,
            });
        }
        if weight > Election::MAX_WEIGHT {
            return Err(RecordError::TooManyVotes);
        }
        let candidate = |proposal: &RecordedProposal| Candidate {
            id: proposal.id.clone(),
            proposed_at: proposal.proposed_at,
        };
        Ok(Election {
            method,
            picks: self.checked_picks(method)?,
            ties: self.tie_rule()?,
            draw_seed: self.draw_seed.clone(),
            candidates: self.proposals.iter().map(candidate).collect(),
            ballots,
        })
    }

    fn checked_picks(&self, method: Method) -> Result<u32, RecordError> {
        match self.picks {
            0 => Err(RecordError::NoPicks),
            picks if method == Method::Stv && picks > Method::MAX_STV_PICKS => {
                Err(RecordError::TooManyPicks(picks))
            }
            picks => Ok(picks),
        }
    }

    fn tie_rule(&self) -> Result<TieRule, RecordError> {
        match (self.ties.as_deref(), &self.draw_seed) {
            (None, None) => Ok(TieRule::Chain),
            (None, Some(_)) => Ok(TieRule::Draw),
            (Some(name), seed) => match TieRule::from_db(name) {
                None => Err(RecordError::UnknownTieRule(name.to_owned())),
                Some(TieRule::Draw) if seed.is_none() => Err(RecordError::NoSeed),
                Some(rule) => Ok(rule),
            },
        }
    }

    /// Where in the list each film is.
    fn films(&self) -> Result<BTreeMap<&str, usize>, RecordError> {
        if self.proposals.len() > Self::MAX_PROPOSALS {
            return Err(RecordError::TooManyProposals(self.proposals.len()));
        }
        let mut films = BTreeMap::new();
        for (index, proposal) in self.proposals.iter().enumerate() {
            if films.insert(proposal.id.as_str(), index).is_some() {
                return Err(RecordError::DuplicateProposal(proposal.id.clone()));
            }
        }
        Ok(films)
    }
}

impl RecordedBallot {
    fn marks(&self, method: Method, films: &BTreeMap<&str, usize>) -> Result<Marks, BallotFault> {
        let kind = method.ballot_kind();
        match (kind, &self.choices, &self.scores) {
            (BallotKind::Scores, None, Some(scores)) => scores.marks(films),
            (BallotKind::Scores, ..) => Err(BallotFault::NoScores),
            (_, Some(choices), None) => {
                let chosen = indices(choices.iter().map(String::as_str), films)?;
                match kind {
                    _ if method == Method::Single && chosen.len() > 1 => {
                        Err(BallotFault::SeveralChoices(chosen.len()))
                    }
                    BallotKind::Ranking => Ok(Marks::Ranking(chosen)),
                    BallotKind::Set | BallotKind::Scores => Ok(Marks::Set(chosen)),
                }
            }
            _ => Err(BallotFault::NoChoices),
        }
    }
}

impl RecordedScores {
    fn marks(&self, films: &BTreeMap<&str, usize>) -> Result<Marks, BallotFault> {
        let named = indices(self.0.iter().map(|(id, _)| id.as_str()), films)?;
        let mut marks = Vec::with_capacity(named.len());
        for (film, (id, score)) in named.into_iter().zip(&self.0) {
            let in_range = u8::try_from(*score)
                .ok()
                .filter(|score| *score <= Method::MAX_SCORE);
            let score = in_range.ok_or_else(|| BallotFault::ScoreOutOfRange {
                id: id.clone(),
                score: *score,
            })?;
            marks.push((film, score));
        }
        Ok(Marks::Scores(marks))
    }
}

/// The films that the ids name, each of them once.
fn indices<'a>(
    ids: impl Iterator<Item = &'a str>,
    films: &BTreeMap<&str, usize>,
) -> Result<Vec<usize>, BallotFault> {
    let mut seen = std::collections::BTreeSet::new();
    ids.map(|id| {
        let film = *films
            .get(id)
            .ok_or_else(|| BallotFault::UnknownProposal(id.to_owned()))?;
        if seen.insert(film) {
            Ok(film)
        } else {
            Err(BallotFault::NamedTwice(id.to_owned()))
        }
    })
    .collect()
}

impl Serialize for RecordedScores {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let mut map = to.serialize_map(Some(self.0.len()))?;
        for (id, score) in &self.0 {
            map.serialize_entry(id, score)?;
        }
        map.end()
    }
}

impl<'de> Deserialize<'de> for RecordedScores {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Scores;

        impl<'de> Visitor<'de> for Scores {
            type Value = RecordedScores;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("proposals with their scores")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<RecordedScores, A::Error> {
                // A map type would silently keep one of two scores for the same film.
                let mut scores = Vec::new();
                while let Some(entry) = map.next_entry()? {
                    scores.push(entry);
                }
                Ok(RecordedScores(scores))
            }
        }

        from.deserialize_map(Scores)
    }
}

#[cfg(test)]
mod tests;
