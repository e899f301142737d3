//! `/round`: what was done to a round, how it stands, and what its message says once it is over.

mod over;

use super::words;
use crate::discord::components::Control;
use crate::discord::limits;
use crate::discord::screen::{Button, Row, Screen, Style};
use crate::domain::poll::PollHead;
use crate::domain::round::Round;
use crate::domain::schedule::Adjustment;
use crate::domain::ties::TieRule;
use crate::service::rounds::change::Started;
use crate::service::rounds::undo::Cancelled;

pub use over::{cancelled_poll, closed_poll, ended};

/// A round was opened, or has other rules now.
pub fn started(started: &Started, adjusted: Option<Adjustment>) -> Screen {
    let round = &started.round;
    let what = if started.opened { "is open" } else { "was changed" };
    let mut lines = vec![format!("**{}** {what}.", name(round))];
    match started.dropped {
        0 => {}
        1 => lines.push("The ballot of one member was dropped. They can vote anew.".to_owned()),
        dropped => lines.push(format!(
            "The ballots of {dropped} members were dropped. They can vote anew."
        )),
    }
    lines.extend(rules(round));
    lines.push(closing(round));
    lines.extend(adjusted.map(|adjusted| adjustment(adjusted).to_owned()));
    if started.opened {
        lines.push("-# Put films up with `/propose`; `/poll` posts the poll.".to_owned());
    }
    text(&lines)
}

/// The round closes at another time.
pub fn rescheduled(round: &Round, adjusted: Option<Adjustment>) -> Screen {
    let mut lines = vec![format!("**{}**: {}", name(round), closing(round))];
    lines.extend(adjusted.map(|adjusted| adjustment(adjusted).to_owned()));
    text(&lines)
}

/// The round ended without a result.
pub fn cancelled(cancelled: &Cancelled) -> Screen {
    let votes = match cancelled.voters {
        0 => "Nobody had voted.".to_owned(),
        1 => "The ballot of one member counts no longer.".to_owned(),
        voters => format!("The ballots of {voters} members count no longer."),
    };
    let mut lines = vec![format!(
        "**{}** was cancelled, without a result. {votes}",
        name(&cancelled.round)
    )];
    lines.push(match &cancelled.next {
        Some(next) => format!(
            "Its films stay up for the vote, in **{}**. Post its poll with `/poll`.",
            name(next)
        ),
        None => "Nothing is up for the vote. Put a film up with `/propose`.".to_owned(),
    });
    text(&lines)
}

/// The round goes on.
pub fn reopened(round: &Round) -> Screen {
    text(&[
        format!("**{}** is open again, with all of its votes. What it picked is up for the vote.", name(round)),
        "It has no closing time now. Set one with `/round extend`, or use `/round end` when everybody has voted."
            .to_owned(),
    ])
}

/// Asks whether votes are to be dropped.
pub fn confirm(voters: u32, token: i64) -> Screen {
    let (said, label) = match voters {
        1 => ("One member has".to_owned(), "Drop 1 ballot and change".to_owned()),
        voters => (
            format!("{voters} members have"),
            format!("Drop {voters} ballots and change"),
        ),
    };
    limits::fitted(Screen {
        content: format!(
            "{said} voted already, and those votes cannot be taken over: they mean something else under the new rules, or \
             would show more than members were told. Nothing was changed yet."
        ),
        embeds: Vec::new(),
        rows: vec![Row::Buttons(vec![
            Button::new(label, Style::Danger, Control::DropVotes { token }),
            Button::new("Keep", Style::Secondary, Control::KeepVotes { token }),
        ])],
    })
}

/// What remains of the question once the votes are dropped; what has changed follows for everybody.
pub fn changed() -> Screen {
    Screen::text("Changed. What it means for everybody is in the channel.")
}

/// Nothing was to be changed: how the open round stands, to the organizer alone.
pub fn unchanged(head: &PollHead) -> Screen {
    let status = status(head);
    limits::fitted(Screen {
        content: format!(
            "**Nothing was changed**: the round is like that already. Name in `/round start` what is to be different.\n{}",
            status.content
        ),
        ..status
    })
}

/// The votes stay.
pub fn kept() -> Screen {
    Screen::text("Nothing was changed. The round goes on under its rules, with all of its votes.")
}

/// How the open round stands.
pub fn status(head: &PollHead) -> Screen {
    let round = &head.round;
    let mut lines = vec![format!("## {}", name(round))];
    if round.runoff_of.is_some() {
        lines.push("A run-off: only the films that were tied are voted on.".to_owned());
    }
    lines.extend(rules(round));
    lines.push(closing(round));
    let films = match head.proposals {
        0 => "Nothing is up for the vote yet".to_owned(),
        1 => "1 film is up for the vote".to_owned(),
        films => format!("{films} films are up for the vote"),
    };
    lines.push(format!("{films} · {}.", words::turnout(head.voters)));
    if let Some(quorum) = round.rules.quorum {
        lines.push(match quorum.saturating_sub(head.voters) {
            0 => format!("Quorum: {quorum}, which is reached."),
            missing => format!("Quorum: {quorum}. Without {missing} more, nothing is picked."),
        });
    }
    if let Some(live) = head.live {
        lines.push(format!("Vote here: {}", words::jump(round.guild, live)));
    } else {
        lines.push("-# `/poll` posts the poll.".to_owned());
    }
    text(&lines)
}

/// How a round is held and counted, a line each.
fn rules(round: &Round) -> Vec<String> {
    let rules = round.rules;
    let mut lines = vec![format!("{}: {}", rules.method.name(), rules.sentence())];
    if rules.picks > 1 {
        lines.push(format!("{} films are picked.", rules.picks));
    }
    lines.push(rules.secrecy.sentence().to_owned());
    let seed = round.draw_seed.as_deref().filter(|_| rules.ties == TieRule::Draw);
    lines.push(match seed {
        Some(seed) => format!("{} The seed: `{}`.", rules.ties.sentence(), words::code(seed, 64)),
        None => rules.ties.sentence().to_owned(),
    });
    lines
}

/// When a round closes.
fn closing(round: &Round) -> String {
    match round.closes_at {
        Some(at) => format!("Closes {} ({}).", words::instant(at), words::relative(at)),
        None => "No closing time: it closes when an organizer uses `/round end`.".to_owned(),
    }
}

/// What the zone's clocks made of the time that was asked for.
const fn adjustment(adjusted: Adjustment) -> &'static str {
    match adjusted {
        Adjustment::Skipped => {
            "-# The clocks go forward past the time you named, so it closes at the first moment after that."
        }
        Adjustment::Doubled => {
            "-# The clocks go back and show the time you named twice, so it closes at the second one."
        }
    }
}

/// What a round goes by: `Horror night (round 3)`, `Round 3`.
fn name(round: &Round) -> String {
    words::round_name(round.title.as_deref(), round.number)
}

fn text(lines: &[String]) -> Screen {
    limits::fitted(Screen::text(lines.join("\n")))
}

#[cfg(test)]
mod tests;
