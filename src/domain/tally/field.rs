//! The election made ready to be counted: films numbered in order of proposal, ballots of any kind in one
//! form, equal ones merged.
//!
//! From here on nothing depends on the order of ballots or films in the input.

use std::collections::BTreeMap;

use super::super::method::{BallotKind, Method};
use super::super::ties::TieRule;
use super::amount::Amount;
use super::chain;
use super::election::{Ballot, Election, Marks};
use super::step::{Standing, Step};

/// A film: its place in order of proposal, 0 being the earliest.
pub(super) type Film = usize;

/// What some members voted alike.
pub(super) struct Sheet {
    /// The films that are marked, each with its level (0 or more, less is better), best first.
    pub marks: Vec<(u32, Film)>,
    /// How many members.
    pub weight: u64,
}

/// The films and what was voted on them.
pub(super) struct Field {
    pub method: Method,
    pub ties: TieRule,
    /// How many films are to be picked.
    pub picks: usize,
    /// Every ballot that marks a film.
    pub sheets: Vec<Sheet>,
    /// The sum of their weights, at most [`Election::MAX_WEIGHT`].
    pub ballots: u64,
    /// For each film, the ballots that mark it.
    pub mentions: Vec<u64>,
    /// For each film, the ballots that mark no other film above it: first choices, or approvals.
    pub first_choices: Vec<u64>,
    /// For each film, its place when nothing else separates: by proposal, or as drawn; less is better.
    pub priority: Vec<usize>,
    ids: Vec<String>,
}

impl Field {
    pub(super) fn of(election: &Election) -> Self {
        let candidates = &election.candidates;
        let mut by_proposal: Vec<usize> = (0..candidates.len()).collect();
        by_proposal.sort_by_key(|&index| {
            let candidate = &candidates[index];
            (candidate.proposed_at, &candidate.id, index)
        });
        let mut films = vec![0; candidates.len()];
        for (film, &index) in by_proposal.iter().enumerate() {
            films[index] = film;
        }
        let ids: Vec<String> = by_proposal
            .iter()
            .map(|&index| candidates[index].id.clone())
            .collect();

        let sheets = sheets(election, &films);
        let mut mentions = vec![0; ids.len()];
        let mut first_choices = vec![0; ids.len()];
        let mut ballots = 0;
        for sheet in &sheets {
            ballots += sheet.weight;
            for &(level, film) in &sheet.marks {
                mentions[film] += sheet.weight;
                if level == sheet.marks[0].0 {
                    first_choices[film] += sheet.weight;
                }
            }
        }
        let seed = election.draw_seed.as_deref();
        let (ties, priority) = match (election.ties, seed) {
            (TieRule::Draw, Some(seed)) => (TieRule::Draw, chain::drawn(seed, &ids)),
            (TieRule::Draw, None) => (TieRule::Chain, (0..ids.len()).collect()),
            (rule, _) => (rule, (0..ids.len()).collect()),
        };
        Self {
            method: election.method,
            ties,
            picks: usize::try_from(election.picks.max(1)).unwrap_or(usize::MAX),
            sheets,
            ballots,
            mentions,
            first_choices,
            priority,
            ids,
        }
    }

    /// How many films there are.
    pub(super) fn len(&self) -> usize {
        self.ids.len()
    }

    /// The films that some ballot marks, in order of proposal.
    pub(super) fn marked(&self) -> Vec<Film> {
        (0..self.len()).filter(|&film| self.mentions[film] > 0).collect()
    }

    /// The films that no ballot marks, by the chain.
    pub(super) fn unmarked(&self) -> Vec<Film> {
        let mut films: Vec<_> = (0..self.len()).filter(|&film| self.mentions[film] == 0).collect();
        self.sort_by_chain(&mut films);
        films
    }

    /// What there is to say, with ranked ballots, of films that no ballot marks.
    pub(super) fn unranked(&self) -> Option<Step> {
        let films = self.ids(&self.unmarked());
        (!films.is_empty()).then_some(Step::Unranked { films })
    }

    pub(super) fn id(&self, film: Film) -> String {
        self.ids[film].clone()
    }

    pub(super) fn ids(&self, films: &[Film]) -> Vec<String> {
        films.iter().map(|&film| self.id(film)).collect()
    }

    /// The films with their numbers, in the order given.
    pub(super) fn standings(&self, films: &[Film], votes: impl Fn(Film) -> Amount) -> Vec<Standing> {
        films
            .iter()
            .map(|&film| Standing {
                film: self.id(film),
                votes: votes(film),
            })
            .collect()
    }
}

/// The ballots in one form, equal ones merged, in an order of their own. Weights beyond
/// [`Election::MAX_WEIGHT`] are cut off, so that no sum of this count can overflow.
fn sheets(election: &Election, films: &[Film]) -> Vec<Sheet> {
    let mut merged: BTreeMap<Vec<(u32, Film)>, u64> = BTreeMap::new();
    for ballot in &election.ballots {
        let marks = marks(election.method, ballot, films);
        if !marks.is_empty() {
            let weight = merged.entry(marks).or_default();
            *weight = weight.saturating_add(ballot.weight);
        }
    }
    let mut left = Election::MAX_WEIGHT;
    merged
        .into_iter()
        .map(|(marks, weight)| {
            let weight = weight.min(left);
            left -= weight;
            Sheet { marks, weight }
        })
        .filter(|sheet| sheet.weight > 0)
        .collect()
}

/// What a ballot marks, best first. Marks that make no sense are passed over.
fn marks(method: Method, ballot: &Ballot, films: &[Film]) -> Vec<(u32, Film)> {
    let mut levels: BTreeMap<Film, u32> = BTreeMap::new();
    let mut mark = |index: usize, level: u32| {
        if let Some(&film) = films.get(index) {
            levels.entry(film).or_insert(level);
        }
    };
    match (method.ballot_kind(), &ballot.marks) {
        (BallotKind::Set, Marks::Set(chosen)) => {
            for &index in chosen {
                mark(index, 0);
            }
        }
        (BallotKind::Ranking, Marks::Ranking(ranking)) => {
            for (level, &index) in (0..).zip(ranking) {
                mark(index, level);
            }
        }
        (BallotKind::Scores, Marks::Scores(scores)) => {
            for &(index, score) in scores.iter().filter(|(_, score)| *score > 0) {
                mark(index, u32::from(Method::MAX_SCORE.saturating_sub(score)));
            }
        }
        _ => {}
    }
    let mut marks: Vec<_> = levels.into_iter().map(|(film, level)| (level, film)).collect();
    marks.sort_unstable();
    if method.ballot_kind() == BallotKind::Ranking {
        // Without gaps, so that rankings which say the same are the same.
        for (level, mark) in (0..).zip(&mut marks) {
            mark.0 = level;
        }
    }
    marks
}
