//! The ratings that count, held compactly, with each title's place by votes.

use crate::domain::imdb_dataset::RatingRow;

/// A title's rating.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Rated {
    number: u64,
    /// Its place by votes among all that are rated, from 1.
    pub(super) place: u32,
    /// How many voted.
    pub(super) votes: u32,
    /// The average in tenths.
    pub(super) tenths: u8,
    taken: bool,
}

/// All ratings that count, by their titles' numbers.
#[derive(Debug, Default)]
pub(super) struct Ratings(Vec<Rated>);

impl Ratings {
    /// The ratings of these rows, which may be in any order; the first counts where one comes twice.
    pub(super) fn new(rows: impl Iterator<Item = RatingRow>) -> Self {
        let rated = rows.map(|row| Rated {
            number: row.number,
            place: 0,
            votes: row.votes,
            tenths: row.tenths,
            taken: false,
        });
        let mut rated: Vec<Rated> = rated.collect();
        rated.sort_by_key(|rated| rated.number);
        rated.dedup_by_key(|rated| rated.number);
        rated.sort_by_key(|rated| (std::cmp::Reverse(rated.votes), rated.number));
        for (place, rated) in (1..).zip(&mut rated) {
            rated.place = place;
        }
        rated.sort_unstable_by_key(|rated| rated.number);
        Self(rated)
    }

    /// The rating of this title; each is given once.
    pub(super) fn take(&mut self, number: u64) -> Option<Rated> {
        let at = self.0.binary_search_by_key(&number, |rated| rated.number).ok()?;
        let rated = &mut self.0[at];
        let given = (!rated.taken).then_some(*rated);
        rated.taken = true;
        given
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_follow_the_votes_whatever_the_order_and_each_title_is_taken_once() {
        let row = |number, votes| RatingRow {
            number,
            tenths: 70,
            votes,
        };
        let mut ratings = Ratings::new([row(5, 200), row(1, 900), row(3, 200), row(5, 999)].into_iter());
        let mut place = |number| ratings.take(number).map(|rated| rated.place);
        assert_eq!((place(1), place(3), place(5)), (Some(1), Some(2), Some(3)));
        assert_eq!((place(1), place(2)), (None, None));
    }
}
