//! `/vote`: a member's own ballot, private.

use super::words;
use crate::discord::components::{Control, proposal_value};
use crate::discord::limits::{self, OPTION_TEXT, OPTIONS};
use crate::discord::screen::{Button, Choice, Row, Screen, Select, Style};
use crate::domain::ids::GuildId;
use crate::domain::poll::LiveMessage;
use crate::service::ballot::{Ballot, BallotLine};

/// Films in the ballot's menu: Discord allows so many options.
pub const PAGE_SIZE: usize = OPTIONS;

/// Films of the member's choice that the summary names, and the longest title of them, in units.
const NAMED: usize = 15;
const TITLE_MAX: usize = 90;

/// How many pages the ballot's menu has; an empty one has one.
fn pages(ballot: &Ballot) -> usize {
    ballot.lines.len().div_ceil(PAGE_SIZE).max(1)
}

/// The page there is that is nearest to the one asked for, from 1.
fn clamp(ballot: &Ballot, page: u32) -> usize {
    usize::try_from(page)
        .unwrap_or(usize::MAX)
        .clamp(1, pages(ballot))
}

/// The lines that the ballot's menu shows on this page (from 1, clamped).
pub fn lines(ballot: &Ballot, page: u32) -> &[BallotLine] {
    let skipped = (clamp(ballot, page) - 1) * PAGE_SIZE;
    ballot
        .lines
        .get(skipped..)
        .map_or(&[][..], |rest| &rest[..rest.len().min(PAGE_SIZE)])
}

/// The ballot at this page (from 1, clamped), with a way to the live poll if there is one.
pub fn screen(ballot: &Ballot, page: u32, guild: GuildId, live: Option<LiveMessage>) -> Screen {
    if ballot.lines.is_empty() {
        return Screen::text("## Your ballot\nThere is no film to vote for. Put one up with `/propose`.");
    }
    let chosen = ballot.lines.iter().filter(|line| line.chosen()).count();
    let page = clamp(ballot, page);
    let mut rows = vec![menu(ballot, page)];
    if pages(ballot) > 1 {
        rows.push(turning(ballot, page));
    }
    let clear = Control::BallotClear {
        round: ballot.round.id,
    };
    let mut last = vec![Button::new("Clear my ballot", Style::Danger, clear).enabled_if(chosen > 0)];
    last.extend(live.map(|live| Button::link("Live poll", words::jump(guild, live))));
    rows.push(Row::Buttons(last));
    limits::fitted(Screen {
        content: summary(ballot, chosen),
        embeds: Vec::new(),
        rows,
    })
}

/// What is recorded now, in words.
fn summary(ballot: &Ballot, chosen: usize) -> String {
    let all = ballot.lines.len();
    let films = if all == 1 { "film" } else { "films" };
    let mut lines = vec!["## Your ballot".to_owned()];
    if chosen == 0 {
        lines.push(format!("You have voted for none of the {all} {films} yet."));
    } else {
        lines.push(format!("You vote for {chosen} of {all} {films}:"));
    }
    let named = ballot.lines.iter().filter(|line| line.chosen()).take(NAMED);
    lines.extend(named.map(|line| format!("- {}", words::film_title(&line.title, line.year, TITLE_MAX))));
    if chosen > NAMED {
        lines.push(format!("- and {} more", chosen - NAMED));
    }
    lines.push("-# Only you see this. Every change counts at once, until the round closes.".to_owned());
    lines.join("\n")
}

fn menu(ballot: &Ballot, page: usize) -> Row {
    let shown = lines(ballot, u32::try_from(page).unwrap_or(u32::MAX));
    let options: Vec<Choice> = shown
        .iter()
        .map(|line| Choice {
            label: words::plain_film_title(&line.title, line.year, OPTION_TEXT),
            value: proposal_value(line.proposal),
            description: None,
            chosen: line.chosen(),
        })
        .collect();
    let placeholder = if pages(ballot) > 1 {
        let first = (page - 1) * PAGE_SIZE + 1;
        let last = first + shown.len() - 1;
        format!(
            "Films {first} to {last} of {}: choose all you would watch",
            ballot.lines.len()
        )
    } else {
        "Choose all you would watch".to_owned()
    };
    Row::Select(Select {
        control: Control::BallotSelect {
            round: ballot.round.id,
            page: number(page),
        },
        placeholder,
        min: 0,
        max: u8::try_from(options.len()).unwrap_or(u8::MAX),
        options,
    })
}

fn turning(ballot: &Ballot, page: usize) -> Row {
    let turn = |label: &str, to: usize| {
        let control = Control::BallotPage {
            round: ballot.round.id,
            page: number(to),
        };
        Button::new(label, Style::Secondary, control)
    };
    let pages = pages(ballot);
    Row::Buttons(vec![
        turn("◀ Earlier films", page - 1).enabled_if(page > 1),
        turn("Later films ▶", page + 1).enabled_if(page < pages),
    ])
}

fn number(page: usize) -> u32 {
    u32::try_from(page).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests;
