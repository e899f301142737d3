//! Schulze's method, by winning votes.
//!
//! A film beats another if the strongest path of pairwise wins from it to the other is stronger than the
//! strongest one back. A path is as strong as its weakest win, and a win as strong as the number of ballots
//! on the winner's side. Beating is transitive, so the unbeaten films make the first rank, those unbeaten
//! by the rest the second, and so on. Several picks are the first of that order.

use super::field::{Field, Film};
use super::pairwise::Pairwise;
use super::ranks::fill;
use super::run::Run;
use super::step::Step;

pub(super) fn run(field: &Field) -> Run {
    let films = field.marked();
    let pairs = Pairwise::of(field);
    let paths = strongest_paths(&films, &pairs);

    let mut ranks: Vec<Vec<usize>> = Vec::new();
    let mut left: Vec<usize> = (0..films.len()).collect();
    while !left.is_empty() {
        let beaten = |&row: &usize| left.iter().any(|&other| paths[other][row] > paths[row][other]);
        let (below, rank) = left.iter().copied().partition(beaten);
        ranks.push(rank);
        left = below;
    }
    let ranks: Vec<Vec<Film>> = ranks
        .into_iter()
        .map(|rank| rank.into_iter().map(|row| films[row]).collect())
        .collect();

    let mut steps = Vec::from_iter(field.unranked());
    steps.push(Step::Pairs {
        films: field.ids(&films),
        preferred: films.iter().map(|&film| row(film, &films, &pairs)).collect(),
        strongest: paths,
    });
    steps.push(Step::Ranks {
        ranks: ranks.iter().map(|rank| field.ids(rank)).collect(),
    });
    fill(field, ranks, steps)
}

fn row(film: Film, films: &[Film], pairs: &Pairwise) -> Vec<u64> {
    films
        .iter()
        .map(|&other| {
            if other == film {
                0
            } else {
                pairs.preferred(film, other)
            }
        })
        .collect()
}

/// The strength of the strongest path between any two of the films, 0 where there is none.
fn strongest_paths(films: &[Film], pairs: &Pairwise) -> Vec<Vec<u64>> {
    let win = |film: Film, other: Film| {
        let (votes, against) = (pairs.preferred(film, other), pairs.preferred(other, film));
        if film != other && votes > against {
            votes
        } else {
            0
        }
    };
    let mut paths: Vec<Vec<u64>> = films
        .iter()
        .map(|&film| films.iter().map(|&other| win(film, other)).collect())
        .collect();
    for via in 0..films.len() {
        let onward = paths[via].clone();
        for (from, path) in paths.iter_mut().enumerate() {
            let to_via = path[via];
            if from == via || to_via == 0 {
                continue;
            }
            for (to, strength) in path.iter_mut().enumerate() {
                if to != from {
                    *strength = (*strength).max(to_via.min(onward[to]));
                }
            }
        }
    }
    paths
}
