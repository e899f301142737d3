//! What is said of a round that is over: by whoever ended it, and by the message that showed its poll.

use super::{name, name_of, text};
use crate::discord::limits;
use crate::discord::screen::{Embed, Screen};
use crate::discord::views::words::{self, CALM, GOLD};
use crate::domain::result::{ResultEntry, RoundResult, Verdict};
use crate::domain::round::Round;

/// Films in the final standings.
const LINES: usize = 15;
/// The longest title with its year there, in units.
const TITLE_MAX: usize = 80;
/// The most films that one sentence names.
const NAMED: usize = 10;

/// The answer to the organizer who ended the round; everybody else reads the announcement.
pub fn ended(result: &RoundResult) -> Screen {
    text(&[
        format!(
            "**{}** is closed. {}",
            name_of(result.title.as_deref(), result.number),
            outcome(result)
        ),
        "-# Closed by mistake? `/round reopen` undoes it within a day, while the next round has no votes."
            .to_owned(),
    ])
}

/// How a round ended, in a sentence or two.
pub fn outcome(result: &RoundResult) -> String {
    let picked: Vec<String> = result.picked().map(title).collect();
    let won = match picked.as_slice() {
        [] => String::new(),
        [one] => format!("{one} won."),
        several => format!("{} are picked.", listed(several)),
    };
    match result.verdict {
        Verdict::Picked => won,
        Verdict::RunOff => {
            let tied: Vec<String> = result.runs_off().map(title).collect();
            let tied = format!("{} are tied and meet again in a run-off.", listed(&tied));
            if won.is_empty() {
                tied
            } else {
                format!("{won} {tied}")
            }
        }
        Verdict::NoVotes => "Nobody voted, so nothing is picked.".to_owned(),
        Verdict::NoProposals => "Nothing was up for the vote, so nothing is picked.".to_owned(),
        Verdict::NoQuorum => {
            let needed = result.rules.quorum.unwrap_or_default();
            match result.voters {
                1 => format!("One member voted and {needed} were needed, so nothing is picked."),
                voters => format!("{voters} members voted and {needed} were needed, so nothing is picked."),
            }
        }
    }
}

/// The message that showed a poll, once its round is closed.
pub fn closed_poll(result: &RoundResult) -> Screen {
    let mut lines = vec![
        format!("## {}", name_of(result.title.as_deref(), result.number)),
        format!("**This round is over.** {}", outcome(result)),
        format!(
            "Closed {} · {}.",
            words::relative(result.ended_at),
            voted(result.voters)
        ),
    ];
    match result.withheld {
        0 => {}
        1 => lines.push("-# The votes of one member who left do not count.".to_owned()),
        left => lines.push(format!("-# The votes of {left} members who left do not count.")),
    }
    if result.departed_unknown {
        lines.push(
            "-# It could not be found out of every voter whether they left; those votes count.".to_owned(),
        );
    }
    if result.verdict != Verdict::NoProposals {
        lines.push(
            "-# Films that did not win stay up for the vote: `/poll` posts the round that is open now."
                .to_owned(),
        );
    }
    let mut screen = Screen::text(lines.join("\n"));
    if !result.entries.is_empty() {
        screen.embeds.push(Embed {
            title: Some("Final standings".to_owned()),
            description: Some(standings(result)),
            colour: Some(if result.picked().next().is_some() {
                GOLD
            } else {
                CALM
            }),
            ..Embed::default()
        });
    }
    limits::fitted(screen)
}

/// The message that showed a poll, once its round is cancelled.
pub fn cancelled_poll(round: &Round) -> Screen {
    text(&[
        format!("## {}", name(round)),
        "**This round was cancelled**, so there is no result.".to_owned(),
        "-# Its films stay up for the vote: `/poll` posts the round that is open now.".to_owned(),
    ])
}

fn standings(result: &RoundResult) -> String {
    let most = result.entries.iter().map(|entry| entry.votes).max().unwrap_or(0);
    let mut lines: Vec<String> = (1..)
        .zip(&result.entries)
        .take(LINES)
        .map(|(place, entry)| {
            let cup = if entry.picked { "🏆 " } else { "" };
            let (votes, most) = (small(entry.votes), small(most));
            format!(
                "{place}. {cup}{}\n{} {}",
                linked(entry),
                words::bar(votes, most),
                words::final_standing(result.rules.method, votes)
            )
        })
        .collect();
    let more = result.entries.len().saturating_sub(LINES);
    if more > 0 {
        lines.push(format!("-# and {more} more"));
    }
    lines.join("\n")
}

fn small(votes: u64) -> u32 {
    u32::try_from(votes).unwrap_or(u32::MAX)
}

fn title(entry: &ResultEntry) -> String {
    format!("**{}**", words::film_title(&entry.title, entry.year, TITLE_MAX))
}

fn linked(entry: &ResultEntry) -> String {
    let title = words::film_title(&entry.title, entry.year, TITLE_MAX);
    match &entry.imdb_id {
        Some(id) => format!("[{title}](<{}>)", id.url()),
        None => title,
    }
}

/// `A`, `A and B`, `A, B and C`, `A, B and 9 more`.
fn listed(titles: &[String]) -> String {
    let (named, more) = titles.split_at(titles.len().min(NAMED));
    match (named, more.len()) {
        ([], _) => String::new(),
        ([one], 0) => one.clone(),
        ([first @ .., last], 0) => format!("{} and {last}", first.join(", ")),
        (named, more) => format!("{} and {more} more", named.join(", ")),
    }
}

fn voted(voters: u32) -> String {
    match voters {
        0 => "nobody voted".to_owned(),
        1 => "1 member voted".to_owned(),
        voters => format!("{voters} members voted"),
    }
}
