//! One way in which a count can go, and all the ways in which it could.
//!
//! A tie in the middle of a count (two films share the last place, and nothing separates them) may or may
//! not matter for who is picked. To say so truthfully the count is gone through with each of the tied
//! films in turn.

use std::collections::{BTreeSet, VecDeque};

use super::chain::Contest;
use super::field::{Field, Film};
use super::step::{Step, TieBreak};

/// How many ways are gone through at most. What was found by then is what is said.
const MAX_WAYS: usize = 64;

/// The least number of ways, however large the vote: the larger it is, the rarer a tie that matters.
const MIN_WAYS: usize = 6;

/// About how much is looked at in all ways together: marks on ballots, and films in rounds.
const MAX_WORK: usize = 1_000_000;

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

    fn made_by_first_choices(&self) -> bool {
        self.made.iter().any(|choice| choice.by == TieBreak::FirstChoices)
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

/// What all ways have in common, and in what they differ.
#[derive(Default)]
pub(super) struct Ways {
    /// The films that are picked in all ways.
    pub always: BTreeSet<Film>,
    /// The films that are picked in some ways only.
    pub sometimes: BTreeSet<Film>,
    /// The tied films among which first choices picked at the end of some way.
    pub parted: BTreeSet<Film>,
    /// Whether first choices made a choice in the middle of some way.
    pub first_choices_chose: bool,
}

/// Goes through the ways in which a count could go if the choices made by `branches` fell otherwise.
pub(super) fn ways(
    field: &Field,
    run: impl Fn(&mut Choices) -> Run,
    branches: impl Fn(TieBreak) -> bool,
) -> Ways {
    let marks: usize = field.sheets.iter().map(|sheet| sheet.marks.len()).sum();
    let work = marks + field.len() * field.len();
    let most = (MAX_WORK / work.max(1)).clamp(MIN_WAYS, MAX_WAYS);
    let mut ways = Ways::default();
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
            ways.parted.extend(contest.tied);
            open = contest.open;
        }
        ways.first_choices_chose |= choices.made_by_first_choices();
        ways.sometimes.extend(sure.iter().copied().chain(open));
        if gone == 0 {
            ways.always = sure;
        } else {
            ways.always.retain(|film| sure.contains(film));
        }
        gone += 1;
        let room = most.saturating_sub(gone + scripts.len());
        scripts.extend(choices.forks(&branches).into_iter().take(room));
    }
    let Ways {
        always, sometimes, ..
    } = &mut ways;
    sometimes.retain(|film| !always.contains(film));
    ways
}
