//! Instant run-off.
//!
//! Every ballot counts for the film that it ranks highest of those in the race. A film with more than half
//! of the votes in play is picked; until there is one, the film with the fewest votes goes, one at a time,
//! and its ballots count for their next one. When all that remain are tied, the chain picks.
//!
//! The order of all films is that in which they would go out, turned round, if it went on to the last one;
//! several picks are the first of it.

use std::cmp::Reverse;

use super::field::{Field, Film};
use super::race::{ByClass, History, Piles, last, moves};
use super::run::{Choices, Run};
use super::step::{Move, Step};

struct Irv<'a> {
    field: &'a Field,
    piles: Piles<'a>,
    race: Vec<Film>,
    /// Those that went, the first first.
    out: Vec<Film>,
    history: History<u64>,
    steps: Vec<Step>,
}

/// How the race ended.
enum End {
    Picked(Vec<Film>),
    AllTied,
}

pub(super) fn run(field: &Field, choices: &mut Choices) -> Run {
    let mut irv = Irv {
        field,
        piles: Piles::deal(field),
        race: field.marked(),
        out: Vec::new(),
        history: Vec::new(),
        steps: Vec::from_iter(field.unranked()),
    };
    let (picked, contest) = match irv.decide(choices) {
        End::Picked(films) => (films, None),
        End::AllTied => (Vec::new(), Some(field.contest(irv.race.clone(), field.picks))),
    };
    let steps = std::mem::take(&mut irv.steps);
    let mut order = if let Some(contest) = &contest {
        contest.tied.clone()
    } else {
        irv.go_on();
        std::mem::take(&mut irv.race)
    };
    order.extend(irv.out.iter().rev());
    order.extend(field.unmarked());
    Run {
        picked,
        contest,
        order,
        steps,
    }
}

impl Irv<'_> {
    fn decide(&mut self, choices: &mut Choices) -> End {
        loop {
            self.count();
            let votes = &self.history[self.history.len() - 1];
            let in_play: u64 = self.race.iter().map(|&film| votes[film]).sum();
            let round = self.round();
            let mut standings = self.race.clone();
            standings.sort_by_key(|&film| Reverse(votes[film]));
            self.steps.push(Step::Round {
                round,
                standings: self.field.standings(&standings, |film| votes[film].into()),
                in_play: in_play.into(),
                exhausted: total(self.piles.spent()).into(),
            });
            let leader = standings[0];
            if self.field.picks == 1 && votes[leader] * 2 > in_play {
                self.steps.push(Step::Majority {
                    round,
                    film: self.field.id(leader),
                    votes: votes[leader].into(),
                    in_play: in_play.into(),
                });
                return End::Picked(vec![leader]);
            }
            if self.race.len() <= self.field.picks {
                self.steps.push(Step::Remaining {
                    round,
                    films: self.field.ids(&standings),
                });
                return End::Picked(standings);
            }
            if self.race.iter().all(|&film| votes[film] == votes[leader]) {
                return End::AllTied;
            }
            self.send_out_last(choices);
        }
    }

    /// The number of the present round, from 1.
    fn round(&self) -> u32 {
        u32::try_from(self.history.len()).unwrap_or(u32::MAX)
    }

    fn count(&mut self) {
        let votes = (0..self.field.len()).map(|film| total(self.piles.votes(film)));
        self.history.push(votes.collect());
    }

    fn send_out_last(&mut self, choices: &mut Choices) {
        let votes = &self.history[self.history.len() - 1];
        let (in_race, picks) = (self.race.len(), self.field.picks);
        // Films that even together have fewer votes than any other one all go, whoever is first.
        let may_matter = |tied: &[Film], next: Option<&u64>| {
            let together: u64 = tied.iter().map(|&film| votes[film]).sum();
            in_race - tied.len() < picks || next.is_none_or(|&next| together >= next)
        };
        let found = last(
            self.field,
            &self.history,
            &self.race,
            Some((choices, self.steps.len())),
            may_matter,
        );
        let (round, votes) = (self.round(), votes[found.film]);
        let moved = self.send_out(found.film);
        self.steps.push(Step::Out {
            round,
            film: self.field.id(found.film),
            votes: votes.into(),
            tie: found.tie,
            moved,
        });
    }

    fn send_out(&mut self, film: Film) -> Vec<Move> {
        self.race.retain(|&other| other != film);
        self.out.push(film);
        let moved = self.piles.hand_on(film, |class| class);
        moves(self.field, moved, |votes| total(&votes), |&votes| votes.into())
    }

    /// Goes on until one film is left, only to put the others in order.
    fn go_on(&mut self) {
        while self.race.len() > 1 {
            let found = last(self.field, &self.history, &self.race, None, |_, _| false);
            self.send_out(found.film);
            self.count();
        }
    }
}

fn total(votes: &ByClass) -> u64 {
    votes.values().sum()
}
