//! How a result was decided, in short: the method, what it came down to, and the tie rule if one decided.

use super::{Names, steps};
use crate::discord::views::words;
use crate::domain::method::{BallotKind, Method};
use crate::domain::result::{RoundResult, Verdict};
use crate::domain::round::Secrecy;
use crate::domain::tally::DecidedBy;
use crate::domain::tally::step::Step;
use crate::domain::ties::TieRule;

/// The longest seed that is shown, in units.
const SEED_MAX: usize = 80;

/// The paragraph below the standings: method, decision, tie.
pub fn paragraph(result: &RoundResult) -> String {
    let rules = &result.rules;
    let mut lines = vec![format!(
        "**{}.** {}",
        rules.method.name(),
        rules.method.sentence()
    )];
    if result.verdict == Verdict::NoQuorum {
        lines.push("The standings are what the votes would have brought.".to_owned());
    }
    lines.extend(short(result));
    lines.extend(tie(result));
    if rules.secrecy == Secrecy::Anonymous {
        lines.push("-# The vote was anonymous: nobody can see who voted for what.".to_owned());
    }
    lines.join("\n")
}

/// What the count came down to, in a sentence; nothing where the standings say it.
fn short(result: &RoundResult) -> Option<String> {
    let names = Names(result);
    let steps = &result.outcome.steps;
    match result.rules.method.ballot_kind() {
        BallotKind::Set => {
            let first = result.picked().next()?;
            let name = names.of(&first.id);
            Some(format!(
                "{name} was chosen by {} of {} voters.",
                first.votes, result.voters
            ))
        }
        BallotKind::Scores => {
            let meeting = steps
                .iter()
                .find(|step| matches!(step, Step::HeadToHead { .. }))?;
            Some(steps::tell(&names, result, meeting))
        }
        BallotKind::Ranking if result.rules.method == Method::Schulze => {
            super::schulze::short(&names, result)
        }
        BallotKind::Ranking => race(&names, result),
    }
}

/// Instant run-off and STV: how many went out, and who came through.
fn race(names: &Names<'_>, result: &RoundResult) -> Option<String> {
    let steps = &result.outcome.steps;
    let out = steps
        .iter()
        .filter(|step| matches!(step, Step::Out { .. }))
        .count();
    let after = match out {
        0 => "At once".to_owned(),
        1 => "After one film went out".to_owned(),
        out => format!("After {out} films went out"),
    };
    let elected: Vec<String> = steps
        .iter()
        .filter_map(|step| match step {
            Step::Elected { film, round, .. } => Some(format!("{} (round {round})", names.of(film))),
            _ => None,
        })
        .collect();
    let quota = steps.iter().find_map(|step| match step {
        Step::Quota { ballots, quota, .. } => Some((ballots, quota)),
        _ => None,
    });
    if let Some((ballots, quota)) = quota
        && !elected.is_empty()
    {
        return Some(format!(
            "{quota} of {ballots} votes were enough for a pick: {} reached that.",
            super::listed(&elected)
        ));
    }
    steps.iter().find_map(|step| match step {
        Step::Majority {
            film, votes, in_play, ..
        } => Some(format!(
            "{after} {} had {votes} of the {in_play} votes in play, more than half.",
            names.of(film)
        )),
        _ => None,
    })
}

/// What decided between films that the method left tied; nothing where it left none.
pub fn tie(result: &RoundResult) -> Option<String> {
    let (names, outcome) = (Names(result), &result.outcome);
    let chosen: Vec<String> = outcome
        .tied
        .iter()
        .filter(|id| outcome.winners.contains(id))
        .cloned()
        .collect();
    let one = chosen.len() == 1;
    let (tied, chosen) = (names.all(&outcome.tied), names.all(&chosen));
    let was = if one { "was" } else { "were" };
    let told = match outcome.decided_by {
        DecidedBy::Method => return None,
        DecidedBy::FirstChoices => format!("{tied} were tied; {chosen} had more first choices."),
        DecidedBy::EarlierProposal => format!("{tied} were tied; {chosen} {was} proposed first."),
        DecidedBy::Draw => format!("{tied} were tied; {chosen} {was} drawn. {}", draw(result)),
        DecidedBy::RunOff => format!("{tied} are tied and nothing separates them, so a run-off decides."),
    };
    Some(format!("**Tie:** {told}"))
}

/// How a draw can be drawn again.
fn draw(result: &RoundResult) -> String {
    let seed = words::plain(result.draw_seed.as_deref().unwrap_or_default(), SEED_MAX).replace('`', "'");
    format!(
        "The seed, published before the vote, was `{seed}`. Anyone can draw again: of \
         `printf '{seed}\\nID' | sha256sum` for each film's IMDb id, the lowest is drawn first."
    )
}

/// The declared rule for ties, where none was needed.
pub fn declared(result: &RoundResult) -> String {
    match result.rules.ties {
        TieRule::Draw => format!("{} No draw was needed.", TieRule::Draw.sentence()),
        rule => rule.sentence().to_owned(),
    }
}
