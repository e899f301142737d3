//! Schulze's method in words: who beats whom, and where only the strongest paths tell.

use super::Names;
use crate::domain::result::RoundResult;
use crate::domain::tally::step::Step;

/// Films of which every pair is told: 15 pairs.
const TOLD: usize = 6;

/// Both tables, with the films in the order of the result.
struct Tables<'a> {
    /// Each film with its row and column.
    order: Vec<(&'a str, usize)>,
    preferred: &'a [Vec<u64>],
    strongest: &'a [Vec<u64>],
}

impl<'a> Tables<'a> {
    fn of(result: &'a RoundResult) -> Option<Self> {
        result.outcome.steps.iter().find_map(|step| match step {
            Step::Pairs {
                films,
                preferred,
                strongest,
            } => {
                let place = |id: &str| films.iter().position(|film| film == id);
                let order = result.outcome.order.iter();
                Some(Self {
                    order: order.filter_map(|id| Some((id.as_str(), place(id)?))).collect(),
                    preferred,
                    strongest,
                })
            }
            _ => None,
        })
    }

    fn at(table: &[Vec<u64>], row: usize, column: usize) -> u64 {
        table
            .get(row)
            .and_then(|row| row.get(column))
            .copied()
            .unwrap_or(0)
    }

    /// How many prefer the one film, and how many the other.
    fn direct(&self, one: usize, other: usize) -> (u64, u64) {
        (
            Self::at(self.preferred, one, other),
            Self::at(self.preferred, other, one),
        )
    }

    /// The strongest path from the one film to the other, and back.
    fn paths(&self, one: usize, other: usize) -> (u64, u64) {
        (
            Self::at(self.strongest, one, other),
            Self::at(self.strongest, other, one),
        )
    }
}

/// Why the first film won, in a sentence.
pub fn short(names: &Names<'_>, result: &RoundResult) -> Option<String> {
    let first = result.picked().next()?;
    let tables = Tables::of(result)?;
    let (&(_, winner), rest) = tables.order.split_first()?;
    let name = names.of(&first.id);
    let directly = rest.iter().all(|(_, other)| {
        let (for_it, against) = tables.direct(winner, *other);
        for_it > against
    });
    let by_paths = rest.iter().all(|(_, other)| {
        let (there, back) = tables.paths(winner, *other);
        there > back
    });
    match (directly, by_paths) {
        _ if rest.is_empty() => None,
        (true, _) => Some(format!("Compared two by two, {name} beats every other film.")),
        (false, true) => Some(format!(
            "No film beats every other one directly; {name} is ahead of each along the strongest paths."
        )),
        (false, false) => Some(format!("No film is ahead of {name} along the strongest paths.")),
    }
}

/// Every pair of the leading films, a line each.
pub fn pairs(names: &Names<'_>, result: &RoundResult) -> String {
    let Some(tables) = Tables::of(result) else {
        return String::new();
    };
    let mut lines =
        vec!["**Every pair is compared**: how many members rank the one above the other.".to_owned()];
    let told = &tables.order[..tables.order.len().min(TOLD)];
    for (place, &(one, row)) in told.iter().enumerate() {
        for &(other, column) in &told[place + 1..] {
            lines.push(format!("- {}", pair(names, &tables, (one, row), (other, column))));
        }
    }
    let more = tables.order.len() - told.len();
    if more > 0 {
        lines.push(format!(
            "-# The pairs with the other {more} films are in the round's export."
        ));
    }
    lines.join("\n")
}

fn pair(names: &Names<'_>, tables: &Tables<'_>, one: (&str, usize), other: (&str, usize)) -> String {
    let (for_it, against) = tables.direct(one.1, other.1);
    let (there, back) = tables.paths(one.1, other.1);
    let (one, other) = (names.of(one.0), names.of(other.0));
    let directly = match for_it.cmp(&against) {
        std::cmp::Ordering::Greater => format!("{one} beats {other} {for_it}–{against}"),
        std::cmp::Ordering::Equal => format!("{one} and {other} are even, {for_it}–{against}"),
        std::cmp::Ordering::Less => format!("{other} beats {one} {against}–{for_it}"),
    };
    match there.cmp(&back) {
        std::cmp::Ordering::Greater if for_it > against => directly,
        std::cmp::Ordering::Greater => {
            format!("{directly}; but {one} is ahead along the strongest paths, {there} to {back}")
        }
        std::cmp::Ordering::Equal if for_it == against => directly,
        std::cmp::Ordering::Equal => {
            format!("{directly}; along the strongest paths they are even, at {there}")
        }
        std::cmp::Ordering::Less => {
            format!("{directly}; and {other} is ahead along the strongest paths, {back} to {there}")
        }
    }
}
