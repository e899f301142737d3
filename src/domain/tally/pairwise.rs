//! Every pair of films compared: how many ballots prefer the one to the other.

use super::field::{Field, Film};

/// The number of ballots that prefer a film to another.
///
/// Films without a mark are below every marked one and equal among themselves.
pub(super) struct Pairwise {
    films: usize,
    preferred: Vec<u64>,
}

impl Pairwise {
    pub(super) fn of(field: &Field) -> Self {
        let films = field.len();
        // A film is preferred to another on every ballot that marks it, but for those that mark the other
        // as high or higher. So films without a mark need no work, and long ballots alone cost the square.
        let mut preferred: Vec<u64> = (0..films * films).map(|at| field.mentions[at / films]).collect();
        for sheet in &field.sheets {
            for (at, &(level, film)) in sheet.marks.iter().enumerate() {
                for &(lower, other) in &sheet.marks[at + 1..] {
                    preferred[other * films + film] -= sheet.weight;
                    if lower == level {
                        preferred[film * films + other] -= sheet.weight;
                    }
                }
            }
        }
        Self { films, preferred }
    }

    /// How many ballots prefer `film` to `other`, which is another film.
    pub(super) fn preferred(&self, film: Film, other: Film) -> u64 {
        self.preferred[film * self.films + other]
    }
}
