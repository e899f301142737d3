//! A ballot that is being filled in, step by step: stars for some films, or films in order of preference.
//!
//! Owns what a ballot may look like and what each step does to it. Whatever steps are taken, in whatever
//! order, a ranking names no film twice and no film has more stars than there are.

use std::collections::{BTreeMap, HashSet};

use super::ids::FilmId;
use super::method::{BallotKind, Method};

/// A ballot with stars or with a ranking. It counts for nothing before it is saved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Draft {
    /// Films with 1 to [`Method::MAX_SCORE`] stars; the others have none.
    Stars(BTreeMap<FilmId, u8>),
    /// Films, the most wanted first, none twice.
    Ranking(Vec<FilmId>),
}

/// A change to a draft.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Gives the film so many stars, in place of those it had; 0 takes them away.
    Stars(FilmId, u8),
    /// Ranks the film after all that are ranked. One that is ranked keeps its place.
    Next(FilmId),
    /// Takes the film that is ranked last out.
    Undo,
    /// Moves a film that is ranked.
    Move(FilmId, Shift),
}

/// Where a ranked film is moved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Shift {
    /// One place up.
    Up,
    /// One place down.
    Down,
    /// To the first place.
    First,
    /// Out of the ranking.
    Out,
}

impl Shift {
    /// Every shift.
    pub const ALL: [Self; 4] = [Self::Up, Self::Down, Self::First, Self::Out];
}

impl Draft {
    /// The ballot with these values: stars, or ranks in ascending order, gaps allowed. What no ballot can
    /// say is left out. `None` where films are just chosen: such a ballot has no draft.
    pub fn of(kind: BallotKind, values: impl IntoIterator<Item = (FilmId, u32)>) -> Option<Self> {
        let values = values.into_iter();
        match kind {
            BallotKind::Set => None,
            BallotKind::Scores => Some(Self::Stars(
                values
                    .filter_map(|(film, stars)| Some((film, given(u8::try_from(stars).ok()?)?)))
                    .collect(),
            )),
            BallotKind::Ranking => {
                let mut ranks: Vec<_> = values.collect();
                ranks.sort_by_key(|(_, rank)| *rank);
                let mut seen = HashSet::new();
                ranks.retain(|(film, _)| seen.insert(*film));
                Some(Self::Ranking(ranks.into_iter().map(|(film, _)| film).collect()))
            }
        }
    }

    /// Takes a step. `false`, and nothing changes, when it is one for the other kind of ballot.
    pub fn take(&mut self, step: Step) -> bool {
        match (self, step) {
            (Self::Stars(stars), Step::Stars(film, count)) => {
                match given(count) {
                    Some(count) => stars.insert(film, count),
                    None => stars.remove(&film),
                };
            }
            (Self::Ranking(films), Step::Next(film)) => {
                if !films.contains(&film) {
                    films.push(film);
                }
            }
            (Self::Ranking(films), Step::Undo) => drop(films.pop()),
            (Self::Ranking(films), Step::Move(film, to)) => shift(films, film, to),
            (Self::Stars(_), Step::Next(_) | Step::Undo | Step::Move(..))
            | (Self::Ranking(_), Step::Stars(..)) => return false,
        }
        true
    }

    /// Leaves out the films that are no longer voted on; how many those were.
    pub fn keep(&mut self, is_up: impl Fn(FilmId) -> bool) -> u32 {
        let before = self.len();
        match self {
            Self::Stars(stars) => stars.retain(|film, _| is_up(*film)),
            Self::Ranking(films) => films.retain(|film| is_up(*film)),
        }
        u32::try_from(before - self.len()).unwrap_or(u32::MAX)
    }

    /// What the ballot says of each film on it: its stars, or its rank from 1.
    pub fn values(&self) -> Vec<(FilmId, u32)> {
        match self {
            Self::Stars(stars) => stars
                .iter()
                .map(|(film, count)| (*film, u32::from(*count)))
                .collect(),
            Self::Ranking(films) => films.iter().copied().zip(1..).collect(),
        }
    }

    /// How many films are on it.
    pub fn len(&self) -> usize {
        match self {
            Self::Stars(stars) => stars.len(),
            Self::Ranking(films) => films.len(),
        }
    }

    /// Whether it says nothing.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// Stars that a film can have; `None` for no stars, and for a number that was never offered.
fn given(stars: u8) -> Option<u8> {
    (1..=Method::MAX_SCORE).contains(&stars).then_some(stars)
}

fn shift(films: &mut Vec<FilmId>, film: FilmId, to: Shift) {
    let Some(at) = films.iter().position(|ranked| *ranked == film) else {
        return;
    };
    match to {
        Shift::Up if at > 0 => films.swap(at, at - 1),
        Shift::Down if at + 1 < films.len() => films.swap(at, at + 1),
        Shift::Up | Shift::Down => {}
        Shift::First => films[..=at].rotate_right(1),
        Shift::Out => drop(films.remove(at)),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn films(ids: &[i64]) -> Vec<FilmId> {
        ids.iter().copied().map(FilmId).collect()
    }

    #[test]
    fn films_are_ranked_one_after_the_other_moved_and_taken_out() {
        let mut draft = Draft::Ranking(Vec::new());
        for (step, ranking) in [
            (Step::Next(FilmId(7)), &[7][..]),
            (Step::Next(FilmId(8)), &[7, 8]),
            (Step::Next(FilmId(7)), &[7, 8]),
            (Step::Next(FilmId(9)), &[7, 8, 9]),
            (Step::Move(FilmId(9), Shift::Up), &[7, 9, 8]),
            (Step::Move(FilmId(7), Shift::Up), &[7, 9, 8]),
            (Step::Move(FilmId(7), Shift::Down), &[9, 7, 8]),
            (Step::Move(FilmId(8), Shift::Down), &[9, 7, 8]),
            (Step::Move(FilmId(8), Shift::First), &[8, 9, 7]),
            (Step::Move(FilmId(1), Shift::First), &[8, 9, 7]),
            (Step::Move(FilmId(9), Shift::Out), &[8, 7]),
            (Step::Undo, &[8]),
            (Step::Undo, &[]),
            (Step::Undo, &[]),
        ] {
            assert!(draft.take(step));
            assert_eq!(draft, Draft::Ranking(films(ranking)), "after {step:?}");
        }
    }

    #[test]
    fn stars_are_given_changed_and_taken_away() {
        let mut draft = Draft::Stars(BTreeMap::new());
        for (stars, value) in [(3, Some(3)), (5, Some(5)), (0, None), (1, Some(1)), (6, None)] {
            assert!(draft.take(Step::Stars(FilmId(7), stars)));
            let expected: Vec<_> = value.map(|value| (FilmId(7), value)).into_iter().collect();
            assert_eq!(draft.values(), expected);
        }
    }

    #[test]
    fn a_step_of_the_other_kind_changes_nothing() {
        let mut stars = Draft::Stars(BTreeMap::from([(FilmId(7), 3)]));
        let mut ranking = Draft::Ranking(films(&[7]));
        for step in [
            Step::Next(FilmId(8)),
            Step::Undo,
            Step::Move(FilmId(7), Shift::Out),
        ] {
            assert!(!stars.take(step));
        }
        assert!(!ranking.take(Step::Stars(FilmId(7), 3)));
        assert_eq!((stars.len(), ranking.len()), (1, 1));
    }

    #[test]
    fn what_was_recorded_is_a_ballot_without_gaps() {
        let recorded = [(FilmId(7), 4), (FilmId(8), 2), (FilmId(9), 4)];
        let ranking = Draft::of(BallotKind::Ranking, recorded).expect("a ranking");
        assert_eq!(ranking, Draft::Ranking(films(&[8, 7, 9])));
        assert_eq!(ranking.values(), [(FilmId(8), 1), (FilmId(7), 2), (FilmId(9), 3)]);
        let stars = Draft::of(
            BallotKind::Scores,
            [(FilmId(7), 4), (FilmId(8), 9), (FilmId(9), 0)],
        );
        assert_eq!(stars, Some(Draft::Stars(BTreeMap::from([(FilmId(7), 4)]))));
        assert_eq!(Draft::of(BallotKind::Set, recorded), None);
    }

    #[test]
    fn films_that_are_gone_are_left_out_and_counted() {
        let mut draft = Draft::Ranking(films(&[7, 8, 9]));
        assert_eq!(draft.keep(|film| film.0 != 8), 1);
        assert_eq!(draft, Draft::Ranking(films(&[7, 9])));
        assert_eq!(draft.keep(|_| true), 0);
    }

    fn any_step() -> impl Strategy<Value = Step> {
        let film = (0..6_i64).prop_map(FilmId);
        (film, 0..8_u8, 0..7_usize).prop_map(|(film, stars, which)| match which {
            0 => Step::Stars(film, stars),
            1 | 2 => Step::Next(film),
            3 => Step::Undo,
            which => Step::Move(film, Shift::ALL[which % 4]),
        })
    }

    proptest! {
        #[test]
        fn whatever_steps_are_taken_it_stays_a_ballot(
            steps in proptest::collection::vec(any_step(), 0..40),
            ranked in any::<bool>(),
        ) {
            let kind = if ranked { BallotKind::Ranking } else { BallotKind::Scores };
            let mut draft = Draft::of(kind, []).expect("a draft");
            for step in steps {
                let before = draft.clone();
                let taken = draft.take(step);
                prop_assert!(taken || draft == before);
                let values = draft.values();
                let distinct: HashSet<_> = values.iter().map(|(film, _)| *film).collect();
                prop_assert_eq!(distinct.len(), values.len());
                if ranked {
                    let ranks = values.iter().map(|(_, rank)| *rank);
                    prop_assert!(ranks.eq(1..=u32::try_from(values.len()).expect("few")));
                } else {
                    prop_assert!(values.iter().all(|(_, stars)| (1..=5).contains(stars)));
                }
                prop_assert_eq!(Draft::of(kind, values), Some(draft.clone()));
            }
        }
    }
}
