//! The votes of a round put together: row by row, merged as they come, so that thousands of members who voted
//! alike take the room of one.

use std::collections::{BTreeMap, HashMap};

use crate::domain::ids::FilmId;
use crate::domain::method::{BallotKind, Method};
use crate::domain::tally::{Ballot, Marks};
use crate::domain::voter::VoterId;

use super::Contender;

/// A row of a ballot.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BallotMark {
    /// Whose ballot it is.
    pub voter: VoterId,
    /// The film that is marked.
    pub film: FilmId,
    /// 1 for a film that is chosen; its rank, from 1; or its stars.
    pub value: u32,
}

/// A ballot's marks in their one spelling: films as places among the contenders, with their values.
type Spelling = Vec<(usize, u32)>;

/// A round's votes. Whose they are is forgotten as soon as a ballot is whole.
#[derive(Debug, Clone)]
pub struct VotesCast {
    kind: BallotKind,
    places: HashMap<FilmId, usize>,
    open: Option<(VoterId, Spelling)>,
    /// How many members voted each ballot; sorted, so that the order says nothing about who came when.
    merged: BTreeMap<Spelling, u64>,
}

impl VotesCast {
    /// Nothing yet, for ballots of this method over these films.
    pub fn new(method: Method, contenders: &[Contender]) -> Self {
        Self {
            kind: method.ballot_kind(),
            places: contenders
                .iter()
                .map(|contender| contender.film)
                .zip(0..)
                .collect(),
            open: None,
            merged: BTreeMap::new(),
        }
    }

    /// Takes the next row; those of one voter come one after the other. Films that do not stand are passed over.
    pub fn push(&mut self, mark: BallotMark) {
        if self.open.as_ref().is_none_or(|(voter, _)| *voter != mark.voter) {
            self.finish();
            self.open = Some((mark.voter, Spelling::new()));
        }
        if let (Some(place), Some((_, marks))) = (self.places.get(&mark.film), &mut self.open) {
            marks.push((*place, mark.value));
        }
    }

    fn finish(&mut self) {
        let Some((_, mut marks)) = self.open.take() else {
            return;
        };
        match self.kind {
            BallotKind::Set => {
                marks.sort_unstable();
                for mark in &mut marks {
                    mark.1 = 1;
                }
            }
            BallotKind::Scores => {
                marks.retain(|(_, stars)| (1..=u32::from(Method::MAX_SCORE)).contains(stars));
                marks.sort_unstable();
            }
            BallotKind::Ranking => {
                marks.sort_unstable_by_key(|(place, rank)| (*rank, *place));
                // Ranks of films that stand no more close up.
                for (rank, mark) in (1..).zip(&mut marks) {
                    mark.1 = rank;
                }
            }
        }
        if !marks.is_empty() {
            *self.merged.entry(marks).or_default() += 1;
        }
    }

    /// What stands for each film, in the order of the contenders: how many chose it, the sum of its stars, or
    /// how many rank it first.
    pub fn figures(&mut self) -> Vec<u64> {
        self.finish();
        let mut figures = vec![0; self.places.len()];
        for (marks, weight) in &self.merged {
            for (place, value) in marks {
                let counts = match self.kind {
                    BallotKind::Set => 1,
                    BallotKind::Scores => u64::from(*value),
                    BallotKind::Ranking => u64::from(*value == 1),
                };
                figures[*place] += counts * weight;
            }
        }
        figures
    }

    /// The ballots, alike ones merged, in an order that says nothing about their owners.
    pub fn into_ballots(mut self) -> Vec<Ballot> {
        self.finish();
        let kind = self.kind;
        self.merged
            .into_iter()
            .map(|(marks, weight)| Ballot {
                weight,
                marks: match kind {
                    BallotKind::Set => Marks::Set(marks.into_iter().map(|(place, _)| place).collect()),
                    BallotKind::Ranking => {
                        Marks::Ranking(marks.into_iter().map(|(place, _)| place).collect())
                    }
                    BallotKind::Scores => Marks::Scores(
                        marks
                            .into_iter()
                            .filter_map(|(place, stars)| Some((place, u8::try_from(stars).ok()?)))
                            .collect(),
                    ),
                },
            })
            .collect()
    }
}
