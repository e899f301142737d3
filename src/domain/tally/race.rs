//! What instant run-off and STV share: ballots in piles that are handed on from film to film, and the rule
//! for several films with the fewest votes.

use std::collections::BTreeMap;

use super::amount::Amount;
use super::field::{Field, Film};
use super::run::Choices;
use super::step::{LastBy, Move, TiedLast};

/// Ballots of one kind on a pile.
#[derive(Clone, Copy)]
struct Parcel {
    /// Which sheet.
    sheet: usize,
    /// Where on it the film of the pile stands.
    at: usize,
    /// What each of its votes is worth, as the method numbers it.
    class: usize,
}

/// Ballots of different kinds, with the sum of their votes.
#[derive(Clone, Default)]
struct Pile {
    parcels: Vec<Parcel>,
    votes: ByClass,
}

impl Pile {
    fn add(&mut self, parcel: Parcel, weight: u64) {
        self.parcels.push(parcel);
        *self.votes.entry(parcel.class).or_default() += weight;
    }
}

/// The ballots, each on the pile of a film.
pub(super) struct Piles<'a> {
    field: &'a Field,
    /// Which films can be given ballots.
    takes: Vec<bool>,
    by_film: Vec<Pile>,
    /// Ballots that rank no film any more that can be given them.
    spent: Pile,
}

/// Votes by what each of them is worth.
pub(super) type ByClass = BTreeMap<usize, u64>;

impl<'a> Piles<'a> {
    /// Every ballot on the pile of its first choice, in class 0.
    pub(super) fn deal(field: &'a Field) -> Self {
        let mut by_film = vec![Pile::default(); field.len()];
        for (sheet, content) in field.sheets.iter().enumerate() {
            let parcel = Parcel {
                sheet,
                at: 0,
                class: 0,
            };
            by_film[content.marks[0].1].add(parcel, content.weight);
        }
        Self {
            field,
            takes: vec![true; field.len()],
            by_film,
            spent: Pile::default(),
        }
    }

    /// The votes on a film's pile.
    pub(super) fn votes(&self, film: Film) -> &ByClass {
        &self.by_film[film].votes
    }

    /// The votes that have nowhere to go.
    pub(super) fn spent(&self) -> &ByClass {
        &self.spent.votes
    }

    /// From now on the film is given no more ballots, or is again.
    pub(super) fn set_takes(&mut self, film: Film, takes: bool) {
        self.takes[film] = takes;
    }

    /// Hands a film's ballots on, each to the next film on it that takes any, in a new class. Tells where
    /// they went.
    pub(super) fn hand_on(
        &mut self,
        film: Film,
        new_class: impl Fn(usize) -> usize,
    ) -> BTreeMap<Option<Film>, ByClass> {
        self.takes[film] = false;
        let mut moved: BTreeMap<Option<Film>, ByClass> = BTreeMap::new();
        for parcel in std::mem::take(&mut self.by_film[film]).parcels {
            let sheet = &self.field.sheets[parcel.sheet];
            let below = sheet.marks.iter().enumerate().skip(parcel.at + 1);
            let next = below
                .map(|(at, &(_, film))| (at, film))
                .find(|&(_, film)| self.takes[film]);
            let class = new_class(parcel.class);
            let to = next.map(|(_, film)| film);
            *moved.entry(to).or_default().entry(class).or_default() += sheet.weight;
            match next {
                Some((at, film)) => self.by_film[film].add(Parcel { at, class, ..parcel }, sheet.weight),
                None => self.spent.add(Parcel { class, ..parcel }, sheet.weight),
            }
        }
        moved
    }
}

/// Where votes went, most first, and last those that went nowhere.
pub(super) fn moves<N: Ord>(
    field: &Field,
    moved: BTreeMap<Option<Film>, ByClass>,
    value: impl Fn(ByClass) -> N,
    amount: impl Fn(&N) -> Amount,
) -> Vec<Move> {
    let mut moved: Vec<_> = moved.into_iter().map(|(to, votes)| (to, value(votes))).collect();
    moved.sort_by(|a, b| (a.0.is_none(), &b.1).cmp(&(b.0.is_none(), &a.1)));
    moved
        .into_iter()
        .map(|(to, votes)| Move {
            to: to.map(|film| field.id(film)),
            votes: amount(&votes),
        })
        .collect()
}

/// Which of the films goes, and how it was found if it had to be.
pub(super) struct Last {
    pub film: Film,
    pub tie: Option<TiedLast>,
}

/// The votes of every film in each round so far, the present one last. Numbers of one round are
/// comparable with each other, those of different rounds need not be.
pub(super) type History<N> = Vec<Vec<N>>;

/// Those of tied films that had the fewest votes in the latest earlier round in which they differed, and
/// of these again, as long as they ever differed; with the last round that told them apart, from 1.
fn look_back<N: Ord>(history: &History<N>, mut tied: Vec<Film>) -> (Vec<Film>, Option<usize>) {
    let mut told_apart = None;
    for (round, votes) in history.iter().enumerate().rev() {
        if tied.len() == 1 {
            break;
        }
        let before = tied.len();
        let fewest = tied.iter().map(|&film| &votes[film]).min();
        tied.retain(|&film| Some(&votes[film]) == fewest);
        if tied.len() < before {
            told_apart = Some(round + 1);
        }
    }
    (tied, told_apart)
}

/// Tied films, which are at least one, by their votes in the latest earlier round in which they differed:
/// the one that had the most, or those that had as many, by the chain.
pub(super) fn foremost<N: Ord>(field: &Field, history: &History<N>, mut tied: Vec<Film>) -> Vec<Film> {
    for votes in history.iter().rev() {
        let most = tied.iter().map(|&film| &votes[film]).max();
        tied.retain(|&film| Some(&votes[film]) == most);
    }
    tied.sort_by_key(|&film| field.priority[film]);
    tied
}

/// The film that goes, of those in the race, which are at least one.
///
/// Of several with the fewest votes it is the one that had fewer in the latest earlier round in which they
/// differed. If they never differed, the chain turned round finds it: the one proposed or drawn last. (They
/// have as many first choices, which is what the first round counts.) That choice goes on record as far as
/// `may_matter`, given the tied films and the fewest votes of the others, says so.
pub(super) fn last<N: Ord>(
    field: &Field,
    history: &History<N>,
    race: &[Film],
    choices: Option<(&mut Choices, usize)>,
    may_matter: impl Fn(&[Film], Option<&N>) -> bool,
) -> Last {
    let votes = &history[history.len() - 1];
    let fewest = race.iter().map(|&film| &votes[film]).min();
    let (tied, others): (Vec<Film>, Vec<Film>) = race.iter().partition(|&&film| Some(&votes[film]) == fewest);
    if let [film] = tied[..] {
        return Last { film, tie: None };
    }
    let matters = may_matter(&tied, others.iter().map(|&film| &votes[film]).min());
    let (mut left, round) = look_back(history, tied.clone());
    left.sort_by_key(|&film| std::cmp::Reverse(field.priority[film]));
    let by_chain = field.last_tie_break();
    let (film, by) = match (left.len(), round) {
        (1, Some(round)) => {
            let round = u32::try_from(round).unwrap_or(u32::MAX);
            (left[0], LastBy::FewerInRound(round))
        }
        _ => match choices {
            Some((choices, at_step)) if matters => {
                (choices.choose(&left, by_chain, at_step), LastBy::Chain(by_chain))
            }
            _ => (left[0], LastBy::Chain(by_chain)),
        },
    };
    let tie = TiedLast {
        films: field.ids(&tied),
        by,
    };
    Last { film, tie: Some(tie) }
}
