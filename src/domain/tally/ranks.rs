//! Picking from ranks: whole ranks from the top while they fit, and the chain within the one that does not.

use super::field::{Field, Film};
use super::run::Run;
use super::step::Step;

/// The result of a method that puts the films with votes into ranks, best first.
pub(super) fn fill(field: &Field, ranks: Vec<Vec<Film>>, steps: Vec<Step>) -> Run {
    let mut picked = Vec::new();
    let mut contest = None;
    let mut order = Vec::new();
    for mut rank in ranks {
        field.sort_by_chain(&mut rank);
        order.extend(&rank);
        let left = field.picks - picked.len();
        if contest.is_none() && rank.len() <= left {
            picked.extend(rank);
        } else if contest.is_none() && left > 0 {
            contest = Some(field.contest(rank, left));
        }
    }
    order.extend(field.unmarked());
    Run {
        picked,
        contest,
        order,
        steps,
    }
}
