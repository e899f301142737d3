//! How a result was decided, in short: the method, what it came down to, and the tie rule if one decided.

use super::{Names, steps};
use crate::discord::screen::Field;
use crate::discord::views::words;
use crate::domain::method::{BallotKind, Method};
use crate::domain::result::{RoundResult, Verdict};
use crate::domain::round::Secrecy;
use crate::domain::tally::step::Step;
use crate::domain::tally::{DecidedBy, draw_digest};

/// The longest seed that is shown, in units.
const SEED_MAX: usize = 80;

/// Films that the sentence about a tie names on either side.
const TIED_NAMED: usize = 3;

/// What stands below the standings: the method with what it came down to, and the tie if there was one.
pub fn fields(result: &RoundResult) -> Vec<Field> {
    let field = |name: &str, value: String| Field {
        name: name.to_owned(),
        value,
        inline: false,
    };
    let decided = field("How it was decided", paragraph(result));
    // Without a quorum nothing was picked, so no tie was broken.
    let counts = result.verdict != Verdict::NoQuorum;
    let tie = tie(result).filter(|_| counts).map(|tie| field("The tie", tie));
    [decided].into_iter().chain(tie).collect()
}

fn paragraph(result: &RoundResult) -> String {
    let rules = &result.rules;
    let mut lines = vec![format!("**{}.** {}", rules.method.name(), rules.sentence())];
    if result.verdict == Verdict::NoQuorum {
        lines.push("The standings are what the votes would have brought.".to_owned());
    }
    lines.extend(short(result));
    let no_tie = result.outcome.decided_by == DecidedBy::Method && result.verdict != Verdict::NoQuorum;
    let no_tie = if no_tie {
        " No tie decided this result."
    } else {
        ""
    };
    lines.push(format!("-# {}{no_tie}", rules.ties.sentence()));
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
        1 => "After one film went out,".to_owned(),
        out => format!("After {out} films went out,"),
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
fn tie(result: &RoundResult) -> Option<String> {
    let (names, outcome) = (Names(result), &result.outcome);
    let chosen: Vec<String> = outcome
        .tied
        .iter()
        .filter(|id| outcome.winners.contains(id))
        .cloned()
        .collect();
    let one = chosen.len() == 1;
    let (tied, chosen) = (
        names.some(&outcome.tied, TIED_NAMED),
        names.some(&chosen, TIED_NAMED),
    );
    let was = if one { "was" } else { "were" };
    Some(match outcome.decided_by {
        DecidedBy::Method => return None,
        DecidedBy::FirstChoices => format!("{tied} were tied; {chosen} had more first choices."),
        DecidedBy::EarlierProposal => format!("{tied} were tied; {chosen} {was} proposed first."),
        DecidedBy::Draw => format!("{tied} were tied; {chosen} {was} drawn. {}", draw(result)),
        DecidedBy::RunOff => format!("{tied} are tied and nothing separates them, so a run-off decides."),
    })
}

/// How a draw can be drawn again, with what the first of the tied films drew.
fn draw(result: &RoundResult) -> String {
    let seed = result.draw_seed.as_deref().unwrap_or_default();
    let names = Names(result);
    let drew: Vec<String> = result
        .outcome
        .tied
        .iter()
        .take(TIED_NAMED)
        .map(|id| {
            let digest = draw_digest(seed, id);
            format!("{} drew `{}…`", names.of(id), &digest[..8])
        })
        .collect();
    let seed = words::plain(seed, SEED_MAX).replace('`', "'");
    format!(
        "The seed, published before the vote, was `{seed}`; the lowest of `printf '{seed}\\nID' | sha256sum`, with \
         each film's IMDb id for ID, is drawn first: {}.",
        super::listed(&drew)
    )
}
