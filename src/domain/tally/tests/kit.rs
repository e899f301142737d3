//! Elections as the tests write them: films are letters, proposed in the order of the alphabet.

use crate::domain::method::{BallotKind, Method};
use crate::domain::tally::step::{Standing, Step};
use crate::domain::tally::{Ballot, Candidate, Election, Marks, Outcome, count};
use crate::domain::ties::TieRule;

/// An election by lines such as `42 MNCK` (ranked, or a set) or `3 A5 B2` (scores).
pub(super) fn election(method: Method, films: &str, ballots: &[&str]) -> Election {
    let index = |letter: char| films.chars().position(|film| film == letter).unwrap();
    let ballots = ballots.iter().map(|line| {
        let (weight, marks) = line.split_once(' ').unwrap();
        let letters = || marks.chars().map(index).collect();
        let scores = || {
            marks.split(' ').map(|mark| {
                let (film, score) = mark.split_at(1);
                (index(film.chars().next().unwrap()), score.parse().unwrap())
            })
        };
        Ballot {
            weight: weight.parse().unwrap(),
            marks: match method.ballot_kind() {
                BallotKind::Set => Marks::Set(letters()),
                BallotKind::Ranking => Marks::Ranking(letters()),
                BallotKind::Scores => Marks::Scores(scores().collect()),
            },
        }
    });
    Election {
        method,
        picks: 1,
        ties: TieRule::Chain,
        draw_seed: None,
        ballots: ballots.collect(),
        candidates: films
            .chars()
            .map(|film| Candidate {
                id: film.to_string(),
                proposed_at: i64::from(u32::from(film)),
            })
            .collect(),
    }
}

/// The outcome of such an election.
pub(super) fn outcome(method: Method, films: &str, ballots: &[&str]) -> Outcome {
    count(&election(method, films, ballots))
}

/// The winners' letters in a row.
pub(super) fn winners(outcome: &Outcome) -> String {
    outcome.winners.concat()
}

/// All letters in a row, best first.
pub(super) fn order(outcome: &Outcome) -> String {
    outcome.order.concat()
}

/// `A 5, B 3`.
pub(super) fn told(standings: &[Standing]) -> String {
    standings
        .iter()
        .map(|standing| format!("{} {}", standing.film, standing.votes))
        .collect::<Vec<_>>()
        .join(", ")
}

/// The standings of each round.
pub(super) fn rounds(outcome: &Outcome) -> Vec<String> {
    outcome
        .steps
        .iter()
        .filter_map(|step| match step {
            Step::Round { standings, .. } => Some(told(standings)),
            _ => None,
        })
        .collect()
}
