//! One way in which a count can go, and all the ways in which it could.
//!
//! A tie in the middle of a count (two films share the last place, and nothing separates them) may or may
//! not matter for who is picked. To say so truthfully the count is gone through with each of the tied
//! films in turn.

use std::collections::{BTreeSet, VecDeque};

use super::chain::Contest;
use super::field::Film;
use super::step::{Step, TieBreak};

/// How many ways are gone through at most. What was found by then is what is said.
const MAX_WAYS: usize = 64;

/// A count that has been gone through.
pub(super) struct Run {
    /// The films that the method picks, best first.
    pub picked: Vec<Film>,
    /// The tied films among which the chain is to find the rest, if need be.
    pub contest: Option<Contest>,
    /// Every film, best first, whatever was tied put in order by the chain.
    pub order: Vec<Film>,
    pub steps: Vec<Step>,
}

/// The choices that the chain made in the middle of a count.
#[derive(Default)]
pub(super) struct Choices {
    /// Which of the options to take, for the first choices; the best by the chain after that.
    script: Vec<usize>,
    pub made: Vec<Choice>,
}

/// A choice in the middle of a count.
pub(super) struct Choice {
    options: usize,
    taken: usize,
    /// The step of the chain that separates the options.
    pub by: TieBreak,
    /// How many steps of the count came before.
    pub at_step: usize,
}

impl Choices {
    /// One of the options, which are at least one and in the order in which the chain prefers them.
    pub(super) fn choose(&mut self, options: &[Film], by: TieBreak, at_step: usize) -> Film {
        let scripted = self.script.get(self.made.len()).copied().unwrap_or_default();
        let taken = scripted.min(options.len() - 1);
        self.made.push(Choice {
            options: options.len(),
            taken,
            by,
            at_step,
        });
        options[taken]
    }

    /// The scripts that differ from this one in one choice after its end.
    fn forks(&self, branches: impl Fn(TieBreak) -> bool) -> Vec<Vec<usize>> {
        let taken: Vec<usize> = self.made.iter().map(|choice| choice.taken).collect();
        let mut forks = Vec::new();
        for (at, choice) in self.made.iter().enumerate().skip(self.script.len()) {
            if branches(choice.by) {
                forks.extend((1..choice.options).map(|other| [&taken[..at], &[other]].concat()));
            }
        }
        forks
    }
}

/// Who is picked in all ways, and who in some.
pub(super) struct Ways {
    pub always: BTreeSet<Film>,
    pub sometimes: BTreeSet<Film>,
}

/// Goes through the ways in which a count could go if the choices made by `branches` fell otherwise.
pub(super) fn ways(run: impl Fn(&mut Choices) -> Run, branches: impl Fn(TieBreak) -> bool) -> Ways {
    let mut always: Option<BTreeSet<Film>> = None;
    let mut ever = BTreeSet::new();
    let mut scripts = VecDeque::from([Vec::new()]);
    let mut gone = 0;
    while let Some(script) = scripts.pop_front() {
        let mut choices = Choices {
            script,
            made: Vec::new(),
        };
        let found = run(&mut choices);
        let mut sure: BTreeSet<Film> = found.picked.into_iter().collect();
        let mut open = Vec::new();
        if let Some(contest) = found.contest {
            sure.extend(contest.sure);
            open = contest.open;
        }
        ever.extend(sure.iter().copied().chain(open));
        always = Some(match always {
            Some(before) => before.intersection(&sure).copied().collect(),
            None => sure,
        });
        gone += 1;
        let room = MAX_WAYS.saturating_sub(gone + scripts.len());
        scripts.extend(choices.forks(&branches).into_iter().take(room));
    }
    let always = always.unwrap_or_default();
    Ways {
        sometimes: ever.difference(&always).copied().collect(),
        always,
    }
}
