//! What is said of a round that is over: by whoever ended it, and by the message that showed its poll.

use super::{name, text};
use crate::discord::limits;
use crate::discord::screen::{Embed, Screen};
use crate::discord::views::closed::{departed, verdict, voted};
use crate::discord::views::words::{self, CALM, GOLD};
use crate::domain::result::{ResultEntry, RoundResult, Verdict};
use crate::domain::round::Round;

/// Films in the final standings.
const LINES: usize = 15;
/// The longest title with its year there, in units.
const TITLE_MAX: usize = 80;

/// The answer to the organizer who ended the round; everybody else reads the announcement.
pub fn ended(result: &RoundResult) -> Screen {
    text(&[
        format!(
            "**{}** is closed. {}",
            words::round_name(result.title.as_deref(), result.number),
            verdict(result)
        ),
        "-# Closed by mistake? `/round reopen` undoes it within a day, while the next round has no votes."
            .to_owned(),
    ])
}

/// The message that showed a poll, once its round is closed.
pub fn closed_poll(result: &RoundResult) -> Screen {
    let mut lines = vec![
        format!("## {}", words::round_name(result.title.as_deref(), result.number)),
        format!("**This round is over.** {}", verdict(result)),
        format!(
            "Closed {} · {}.",
            words::relative(result.ended_at),
            voted(result.voters)
        ),
    ];
    lines.extend(departed(result));
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
            format!(
                "{place}. {cup}{}\n{} {}",
                linked(entry),
                words::bar(entry.votes, most),
                words::final_standing(result.rules.method, entry.votes)
            )
        })
        .collect();
    let more = result.entries.len().saturating_sub(LINES);
    if more > 0 {
        lines.push(format!("-# and {more} more"));
    }
    lines.join("\n")
}

fn linked(entry: &ResultEntry) -> String {
    let title = words::film_title(&entry.title, entry.year, TITLE_MAX);
    match &entry.imdb_id {
        Some(id) => format!("[{title}](<{}>)", id.url()),
        None => title,
    }
}
