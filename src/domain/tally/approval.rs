//! Approval, single choice, limited votes: most votes win. They differ in what a ballot may hold, not in
//! how it is counted.

use std::cmp::Reverse;

use super::field::Field;
use super::ranks::fill;
use super::run::Run;
use super::step::Step;

pub(super) fn run(field: &Field) -> Run {
    let votes = |film| field.mentions[film];
    let mut films: Vec<_> = (0..field.len()).collect();
    films.sort_by_key(|&film| Reverse(votes(film)));
    let steps = vec![Step::Votes {
        ballots: field.ballots,
        standings: field.standings(&films, |film| votes(film).into()),
    }];
    films.retain(|&film| votes(film) > 0);
    let ranks = films.chunk_by(|&a, &b| votes(a) == votes(b)).map(<[_]>::to_vec);
    fill(field, ranks.collect(), steps)
}
