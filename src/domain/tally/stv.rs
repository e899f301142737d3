//! The single transferable vote, for several picks from ranked ballots.
//!
//! A film that reaches the quota (Droop's: the whole part of ballots / (picks + 1), plus 1) is picked. What
//! it has beyond the quota moves on: each of its ballots goes to its next film that is still in the race,
//! worth less by the same factor, surplus / votes. The largest surplus moves first, and a new round is
//! counted after each. When there is no surplus to move, the film with the fewest votes goes and its ballots
//! move on at their full worth. When no more films are left than are to be picked, they are picked; when all
//! that remain are tied, the chain picks. With one pick that is instant run-off.
//!
//! Votes are fractions with one common denominator, exact whatever their length. The order of all films:
//! those picked, then the others in the order in which they would go out, turned round, if it went on with
//! ballots resting with the films that are picked.

use num_bigint::BigUint;
use num_integer::Integer;

use super::amount::Amount;
use super::field::{Field, Film};
use super::race::{ByClass, History, Piles, foremost, last, moves};
use super::run::{Choices, Run};
use super::step::Step;

struct Stv<'a> {
    field: &'a Field,
    quota: u64,
    piles: Piles<'a>,
    race: Vec<Film>,
    elected: Vec<Film>,
    /// Elected films whose surplus has not moved yet.
    pending: Vec<Film>,
    /// Those that went, the first first.
    out: Vec<Film>,
    /// What a vote of each class is worth, in units.
    worth: Vec<BigUint>,
    /// How many units make a whole vote: the common denominator.
    unit: BigUint,
    history: History<BigUint>,
    steps: Vec<Step>,
}

/// How the race ended.
enum End {
    Filled,
    AllTied,
}

pub(super) fn run(field: &Field, choices: &mut Choices) -> Run {
    let shares = u64::try_from(field.picks).map_or(u64::MAX, |picks| picks.saturating_add(1));
    let mut stv = Stv {
        field,
        quota: field.ballots / shares + 1,
        piles: Piles::deal(field),
        race: field.marked(),
        elected: Vec::new(),
        pending: Vec::new(),
        out: Vec::new(),
        worth: vec![BigUint::from(1_u32)],
        unit: BigUint::from(1_u32),
        history: Vec::new(),
        steps: Vec::from_iter(field.unranked()),
    };
    stv.steps.push(Step::Quota {
        ballots: field.ballots,
        picks: u32::try_from(field.picks).unwrap_or(u32::MAX),
        quota: stv.quota,
    });
    let contest = match stv.decide(choices) {
        End::Filled => None,
        End::AllTied => Some(field.contest(stv.race.clone(), stv.open())),
    };
    let steps = std::mem::take(&mut stv.steps);
    let mut order = stv.elected.clone();
    if let Some(contest) = &contest {
        order.extend(&contest.tied);
    } else {
        stv.go_on();
    }
    order.extend(stv.out.iter().rev());
    order.extend(field.unmarked());
    Run {
        picked: stv.elected,
        contest,
        order,
        steps,
    }
}

impl Stv<'_> {
    fn decide(&mut self, choices: &mut Choices) -> End {
        loop {
            self.count();
            self.tell_round();
            self.elect_at_quota();
            if self.open() == 0 {
                return End::Filled;
            }
            if self.race.len() <= self.open() {
                self.elect_remaining();
                return End::Filled;
            }
            if !self.pending.is_empty() {
                self.move_surplus(choices);
                continue;
            }
            let votes = self.present();
            if self.race.iter().all(|&film| votes[film] == votes[self.race[0]]) {
                return End::AllTied;
            }
            self.send_out_last(choices);
        }
    }

    /// How many films are still to be picked.
    fn open(&self) -> usize {
        self.field.picks - self.elected.len()
    }

    /// The number of the present round, from 1.
    fn round(&self) -> u32 {
        u32::try_from(self.history.len()).unwrap_or(u32::MAX)
    }

    /// The votes of each film in the present round, in units.
    fn present(&self) -> &[BigUint] {
        &self.history[self.history.len() - 1]
    }

    fn value(&self, votes: &ByClass) -> BigUint {
        votes
            .iter()
            .map(|(&class, &votes)| &self.worth[class] * votes)
            .sum()
    }

    fn amount(&self, units: &BigUint) -> Amount {
        Amount::of(units, &self.unit)
    }

    fn count(&mut self) {
        let votes = (0..self.field.len()).map(|film| self.value(self.piles.votes(film)));
        self.history.push(votes.collect());
    }

    fn tell_round(&mut self) {
        let votes = self.present();
        let mut films = self.race.clone();
        films.sort_by(|&a, &b| votes[b].cmp(&votes[a]));
        let in_play: BigUint = films.iter().map(|&film| &votes[film]).sum();
        let round = Step::Round {
            round: self.round(),
            standings: self.field.standings(&films, |film| self.amount(&votes[film])),
            in_play: self.amount(&in_play),
            exhausted: self.amount(&self.value(self.piles.spent())),
        };
        self.steps.push(round);
    }

    fn elect_at_quota(&mut self) {
        let quota = &self.unit * self.quota;
        let votes = self.present();
        let mut reached: Vec<Film> = self
            .race
            .iter()
            .copied()
            .filter(|&film| votes[film] >= quota)
            .collect();
        while !reached.is_empty() {
            let film = foremost(self.field, &self.history, reached.clone())[0];
            reached.retain(|&other| other != film);
            self.elect(film);
            let votes = &self.present()[film];
            let step = Step::Elected {
                round: self.round(),
                film: self.field.id(film),
                votes: self.amount(votes),
            };
            if *votes > quota {
                self.pending.push(film);
            }
            self.steps.push(step);
        }
    }

    fn elect(&mut self, film: Film) {
        self.race.retain(|&other| other != film);
        self.piles.set_takes(film, false);
        self.elected.push(film);
    }

    fn elect_remaining(&mut self) {
        let before = self.elected.len();
        while !self.race.is_empty() {
            let film = foremost(self.field, &self.history, self.race.clone())[0];
            self.elect(film);
        }
        if self.elected.len() > before {
            self.steps.push(Step::Remaining {
                round: self.round(),
                films: self.field.ids(&self.elected[before..]),
            });
        }
    }

    /// Moves the largest surplus; of equal ones that of the film that had more votes in the latest earlier
    /// round in which they differed, and of these the chain's.
    fn move_surplus(&mut self, choices: &mut Choices) {
        let largest = foremost(self.field, &self.history, self.pending.clone());
        let film = match largest[..] {
            [film] => film,
            _ => choices.choose(&largest, self.field.last_tie_break(), self.steps.len()),
        };
        self.pending.retain(|&other| other != film);

        let votes = self.present()[film].clone();
        let surplus = &votes - &self.unit * self.quota;
        let told = self.amount(&surplus);
        // Each class on the pile gets a twin that is worth surplus / votes of it. Over the new common
        // denominator, the old one times the film's votes, that is its worth times the surplus.
        let classes: Vec<usize> = self.piles.votes(film).keys().copied().collect();
        let twins = self.worth.len();
        let reduced = classes.iter().map(|&class| &self.worth[class] * &surplus);
        let reduced: Vec<BigUint> = reduced.collect();
        for worth in &mut self.worth {
            *worth *= &votes;
        }
        self.worth.extend(reduced);
        self.unit *= &votes;
        self.shorten();
        let moved = self.piles.hand_on(film, |class| {
            twins + classes.binary_search(&class).unwrap_or_default()
        });
        let step = Step::Surplus {
            round: self.round(),
            film: self.field.id(film),
            surplus: told,
            moved: moves(
                self.field,
                moved,
                |votes| self.value(&votes),
                |units| self.amount(units),
            ),
        };
        self.steps.push(step);
    }

    /// Takes out of all fractions what they have in common.
    fn shorten(&mut self) {
        let shared = self
            .worth
            .iter()
            .fold(self.unit.clone(), |shared, worth| shared.gcd(worth));
        for number in self.worth.iter_mut().chain([&mut self.unit]) {
            *number /= &shared;
        }
    }

    fn send_out_last(&mut self, choices: &mut Choices) {
        let votes = self.present();
        let spare = self.race.len() - self.open();
        // Films without a vote go one after the other, whoever is first, and nothing moves.
        let may_matter =
            |tied: &[Film], _: Option<&BigUint>| tied.len() > spare || votes[tied[0]] != BigUint::ZERO;
        let record = Some((choices, self.steps.len()));
        let found = last(self.field, &self.history, &self.race, record, may_matter);
        let told = self.amount(&votes[found.film]);
        let moved = self.send_out(found.film);
        let step = Step::Out {
            round: self.round(),
            film: self.field.id(found.film),
            votes: told,
            tie: found.tie,
            moved: moves(
                self.field,
                moved,
                |votes| self.value(&votes),
                |units| self.amount(units),
            ),
        };
        self.steps.push(step);
    }

    fn send_out(&mut self, film: Film) -> std::collections::BTreeMap<Option<Film>, ByClass> {
        self.race.retain(|&other| other != film);
        self.out.push(film);
        self.piles.hand_on(film, |class| class)
    }

    /// Goes on until no film is left, only to put those that are not picked in order.
    fn go_on(&mut self) {
        for &film in &self.elected {
            self.piles.set_takes(film, true);
        }
        while !self.race.is_empty() {
            let found = last(self.field, &self.history, &self.race, None, |_, _| false);
            self.send_out(found.film);
            self.count();
        }
    }
}
