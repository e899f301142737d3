//! Counting: from ballots to an outcome, by the rules that were declared before the vote.
//!
//! Pure and exact: integers and exact fractions only. A result depends on what was voted and on nothing
//! else: neither on the order of the ballots nor on that of the films. Only the last step of the chain
//! looks at when a film was proposed and, of films proposed at the same time, at their ids.
//!
//! A file per method; what to do with films that a method leaves tied is [`chain`]'s; [`run`] finds out
//! whether a tie mattered at all.
//!
//! Common to all methods: a ballot without marks is none; a film that no ballot marks is never picked and
//! comes last in the order; with no marks at all nothing is picked.

mod amount;
mod approval;
mod chain;
mod election;
mod field;
mod irv;
mod outcome;
mod pairwise;
mod race;
mod ranks;
mod run;
mod schulze;
mod star;
pub mod step;
mod stv;
#[cfg(test)]
mod tests;

use super::method::Method;
use super::ties::TieRule;
pub use amount::Amount;
use chain::Contest;
pub use chain::draw_digest;
pub use election::{Ballot, Candidate, Election, Marks};
use field::{Field, Film};
pub use outcome::{DecidedBy, Outcome};
use run::{Choices, Run, Ways, ways};
use step::{Step, TieBreak};

/// Counts.
///
/// Total, for any input. A run-off round that is itself tied has to end: count it with
/// [`TieRule::Chain`].
pub fn count(election: &Election) -> Outcome {
    let field = Field::of(election);
    if field.ballots == 0 {
        return Outcome {
            winners: Vec::new(),
            order: field.ids(&field.unmarked()),
            decided_by: DecidedBy::Method,
            tied: Vec::new(),
            open_picks: 0,
            steps: vec![Step::NoVotes],
        };
    }
    let count = |choices: &mut Choices| match field.method {
        Method::Approval | Method::Single | Method::Limited => approval::run(&field),
        Method::Star => star::run(&field, choices),
        Method::Irv => irv::run(&field, choices),
        Method::Schulze => schulze::run(&field),
        Method::Stv => stv::run(&field, choices),
    };
    let mut choices = Choices::default();
    let run = count(&mut choices);

    let found = ways(&field, count, |by| by != TieBreak::FirstChoices);
    if !found.sometimes.is_empty() {
        if field.ties == TieRule::RunOff {
            return run_off(&field, run, &choices, &found);
        }
        let decided_by = match field.last_tie_break() {
            TieBreak::Draw => DecidedBy::Draw,
            _ => DecidedBy::EarlierProposal,
        };
        return decided(&field, run, decided_by, found.sometimes.into_iter().collect());
    }
    // Had first choices to decide anything that mattered, in any way?
    let mut tied = found.parted;
    if found.first_choices_chose {
        tied.extend(ways(&field, count, |_| true).sometimes);
    }
    let tied: Vec<Film> = tied.into_iter().collect();
    let decided_by = if tied.is_empty() {
        DecidedBy::Method
    } else {
        DecidedBy::FirstChoices
    };
    decided(&field, run, decided_by, tied)
}

/// The outcome when everything is settled.
fn decided(field: &Field, run: Run, decided_by: DecidedBy, mut tied: Vec<Film>) -> Outcome {
    let mut picked = run.picked;
    let mut steps = run.steps;
    if let Some(contest) = run.contest {
        let chosen = &contest.tied[..contest.picks];
        steps.push(tie(field, &contest, chosen));
        picked.extend(chosen);
    }
    let winners: Vec<Film> = run
        .order
        .iter()
        .copied()
        .filter(|film| picked.contains(film))
        .collect();
    field.sort_by_chain(&mut tied);
    Outcome {
        winners: field.ids(&winners),
        order: field.ids(&run.order),
        decided_by,
        tied: field.ids(&tied),
        open_picks: 0,
        steps,
    }
}

/// How the chain settled a contest.
fn tie(field: &Field, contest: &Contest, chosen: &[Film]) -> Step {
    let by = if contest.open.is_empty() {
        TieBreak::FirstChoices
    } else {
        field.last_tie_break()
    };
    let compared = !field.method.button_votes();
    Step::Tie {
        films: field.ids(&contest.tied),
        picks: u32::try_from(contest.picks).unwrap_or(u32::MAX),
        chosen: field.ids(chosen),
        by,
        first_choices: if compared {
            field.standings(&contest.tied, |film| field.first_choices[film].into())
        } else {
            Vec::new()
        },
    }
}

/// The outcome when a run-off round is to pick among films that nothing separates.
fn run_off(field: &Field, run: Run, choices: &Choices, found: &Ways) -> Outcome {
    let (mut order, rest): (Vec<Film>, Vec<Film>) =
        run.order.iter().partition(|film| found.always.contains(film));
    let winners = field.ids(&order);
    let (mut tied, rest): (Vec<Film>, Vec<Film>) =
        rest.into_iter().partition(|film| found.sometimes.contains(film));
    field.sort_by_chain(&mut tied);
    order.extend(tied.iter().chain(&rest));

    let picks = field.picks.min(field.marked().len()) - winners.len();
    let open_picks = u32::try_from(picks).unwrap_or(u32::MAX);
    let mut steps = run.steps;
    // The count is told as far as it went without a choice that was not its own to make.
    let unsettled = choices
        .made
        .iter()
        .find(|choice| choice.by != TieBreak::FirstChoices);
    if let Some(choice) = unsettled {
        steps.truncate(choice.at_step);
    }
    let tied = field.ids(&tied);
    steps.push(Step::RunOff {
        films: tied.clone(),
        picks: open_picks,
    });
    Outcome {
        winners,
        order: field.ids(&order),
        decided_by: DecidedBy::RunOff,
        tied,
        open_picks,
        steps,
    }
}
