//! STAR: score, then automatic run-off.
//!
//! The two films with the highest sums of scores meet, and the one that is scored higher on more ballots
//! wins. Of films with the same sum that one goes on which wins the most head-to-heads among them (a draw
//! counts half), then the one with more top scores, then the chain's. A head-to-head without a winner goes
//! to the higher sum, then to more top scores, then to the chain.
//!
//! Several picks: the same again without the films that are picked, which is also how all films are put in
//! order. A film without a score above 0 takes no part.

use std::cmp::Reverse;

use super::super::method::Method;
use super::field::{Field, Film};
use super::pairwise::Pairwise;
use super::run::{Choices, Run};
use super::step::{HeadToHeadBy, Step, SumsBy, TieBreak};

struct Star<'a> {
    field: &'a Field,
    pairs: Pairwise,
    sums: Vec<u64>,
    top_scores: Vec<u64>,
    choices: &'a mut Choices,
    steps: Vec<Step>,
}

pub(super) fn run(field: &Field, choices: &mut Choices) -> Run {
    let mut sums = vec![0; field.len()];
    let mut top_scores = vec![0; field.len()];
    for sheet in &field.sheets {
        for &(below_top, film) in &sheet.marks {
            sums[film] += sheet.weight * u64::from(u32::from(Method::MAX_SCORE).saturating_sub(below_top));
            if below_top == 0 {
                top_scores[film] += sheet.weight;
            }
        }
    }
    let mut films: Vec<_> = (0..field.len()).collect();
    films.sort_by_key(|&film| Reverse(sums[film]));
    let steps = vec![Step::Sums {
        ballots: field.ballots,
        standings: field.standings(&films, |film| sums[film].into()),
    }];
    Star {
        field,
        pairs: Pairwise::of(field),
        sums,
        top_scores,
        choices,
        steps,
    }
    .run()
}

impl Star<'_> {
    fn run(mut self) -> Run {
        let mut left = self.field.marked();
        let mut order = Vec::new();
        while !left.is_empty() {
            let pick = order.len();
            let best = self.best(&left, pick);
            left.retain(|&film| film != best);
            order.push(best);
        }
        let picked = order.iter().copied().take(self.field.picks).collect();
        order.extend(self.field.unmarked());
        Run {
            picked,
            contest: None,
            order,
            steps: self.steps,
        }
    }

    /// The winner among the films that are left, which are at least one.
    fn best(&mut self, left: &[Film], pick: usize) -> Film {
        let first = self.finalist(left, 2, pick);
        let rest: Vec<_> = left.iter().copied().filter(|&film| film != first).collect();
        if rest.is_empty() {
            self.tell(pick, |field, pick| Step::Unopposed {
                pick,
                film: field.id(first),
            });
            return first;
        }
        let second = self.finalist(&rest, 1, pick);
        self.head_to_head(first, second, pick)
    }

    /// A film of those with the highest sum; any of them if there is a place for all.
    fn finalist(&mut self, left: &[Film], places: usize, pick: usize) -> Film {
        let tied = best_by(left, |film| self.sums[film]);
        if tied.len() <= places {
            return tied[0];
        }
        let wins = |film: Film| -> usize { tied.iter().map(|&other| self.points(film, other)).sum() };
        let ahead = best_by(&tied, wins);
        let top = best_by(&ahead, |film| self.top_scores[film]);
        let (chosen, by) = match (ahead.len(), top.len()) {
            (1, _) => (ahead[0], SumsBy::HeadToHead),
            (_, 1) => (top[0], SumsBy::TopScores),
            _ => {
                let (chosen, by) = self.by_chain(top, pick);
                (chosen, SumsBy::Chain(by))
            }
        };
        self.tell(pick, |field, pick| Step::TiedSums {
            pick,
            films: field.ids(&tied),
            chosen: field.id(chosen),
            by,
        });
        chosen
    }

    /// 2 for a won head-to-head, 1 for a draw.
    fn points(&self, film: Film, other: Film) -> usize {
        if film == other {
            return 0;
        }
        let (votes, against) = (
            self.pairs.preferred(film, other),
            self.pairs.preferred(other, film),
        );
        match votes.cmp(&against) {
            std::cmp::Ordering::Greater => 2,
            std::cmp::Ordering::Equal => 1,
            std::cmp::Ordering::Less => 0,
        }
    }

    fn head_to_head(&mut self, first: Film, second: Film, pick: usize) -> Film {
        let both = [first, second];
        let preferred = best_by(&both, |film| self.points(film, first + second - film));
        let higher = best_by(&preferred, |film| self.sums[film]);
        let top = best_by(&higher, |film| self.top_scores[film]);
        let (winner, by) = match (preferred.len(), higher.len(), top.len()) {
            (1, _, _) => (preferred[0], HeadToHeadBy::Preference),
            (_, 1, _) => (higher[0], HeadToHeadBy::HigherSum),
            (_, _, 1) => (top[0], HeadToHeadBy::TopScores),
            _ => {
                let (winner, by) = self.by_chain(top, pick);
                (winner, HeadToHeadBy::Chain(by))
            }
        };
        let loser = first + second - winner;
        let preferred = [
            self.pairs.preferred(winner, loser),
            self.pairs.preferred(loser, winner),
        ];
        self.tell(pick, |field, pick| Step::HeadToHead {
            pick,
            films: [field.id(winner), field.id(loser)],
            preferred,
            by,
        });
        winner
    }

    /// The chain's choice, on the record as long as it may matter for who is picked.
    fn by_chain(&mut self, mut tied: Vec<Film>, pick: usize) -> (Film, TieBreak) {
        self.field.sort_by_chain(&mut tied);
        let most = best_by(&tied, |film| self.field.first_choices[film]).len();
        let by = if most == 1 {
            TieBreak::FirstChoices
        } else {
            tied.truncate(most);
            self.field.last_tie_break()
        };
        if pick >= self.field.picks {
            return (tied[0], by);
        }
        (self.choices.choose(&tied, by, self.steps.len()), by)
    }

    /// Adds a step, unless all that is to be picked is picked and the rest is only put in order.
    fn tell(&mut self, pick: usize, step: impl FnOnce(&Field, u32) -> Step) {
        if pick < self.field.picks {
            let number = u32::try_from(pick + 1).unwrap_or(u32::MAX);
            self.steps.push(step(self.field, number));
        }
    }
}

/// Those with the highest number, in the order given.
fn best_by<N: Ord>(films: &[Film], number: impl Fn(Film) -> N) -> Vec<Film> {
    let best = films.iter().map(|&film| number(film)).max();
    films
        .iter()
        .copied()
        .filter(|&film| Some(number(film)) == best)
        .collect()
}
