//! A ballot of films that are just chosen: as many as one likes, one, or a few.

use super::{Look, NAMED, Page, option, title, turning};
use crate::discord::components::Control;
use crate::discord::screen::{Button, Row, Select};
use crate::discord::views::words;
use crate::domain::method::Method;
use crate::service::ballot::Ballot;

/// The text, the rows, and the buttons that begin the last one.
pub fn parts(ballot: &Ballot, look: Look<'_>) -> (Vec<String>, Vec<Row>, Vec<Button>) {
    let page = Page::of(ballot.lines.iter().collect(), look.page);
    let mut rows = vec![menu(ballot, &page)];
    rows.extend(turning(ballot, page.number, page.of));
    (summary(ballot), rows, Vec::new())
}

/// What is recorded now, in words.
fn summary(ballot: &Ballot) -> Vec<String> {
    let chosen = ballot.marked();
    let mut lines = match (ballot.round.rules.method, &chosen[..]) {
        (Method::Single, []) => vec!["You have one vote, and have not given it yet.".to_owned()],
        (Method::Single, [only]) => return vec![format!("You vote for **{}**.", title(only))],
        (Method::Limited, _) => vec![votes_left(ballot, chosen.len())],
        _ => Vec::new(),
    };
    let all = ballot.lines.len();
    let films = if all == 1 { "film" } else { "films" };
    match chosen.len() {
        0 if lines.is_empty() => lines.push(format!("You have voted for none of the {all} {films} yet.")),
        0 => {}
        votes => lines.push(format!("You vote for {votes} of {all} {films}:")),
    }
    lines.extend(chosen.iter().take(NAMED).map(|line| format!("- {}", title(line))));
    if chosen.len() > NAMED {
        lines.push(format!("- and {} more", chosen.len() - NAMED));
    }
    lines
}

/// `2 of 3 votes left.`
fn votes_left(ballot: &Ballot, given: usize) -> String {
    let each = ballot.round.rules.votes_each;
    let left = each.saturating_sub(u32::try_from(given).unwrap_or(u32::MAX));
    let votes = if each == 1 { "vote" } else { "votes" };
    format!("**{left} of {each} {votes} left.**")
}

fn menu(ballot: &Ballot, page: &Page<'_>) -> Row {
    let limit = ballot.round.rules.vote_limit();
    let elsewhere = ballot.marked().len() - page.films.iter().filter(|line| line.chosen()).count();
    let most = match ballot.round.rules.method {
        // The vote moves here from wherever it is.
        Method::Single => 1,
        _ => limit.map_or(usize::MAX, |limit| {
            usize::try_from(limit)
                .unwrap_or(usize::MAX)
                .saturating_sub(elsewhere)
        }),
    };
    let what = match (ballot.round.rules.method, most) {
        (Method::Single, _) => "choose the one you want most".to_owned(),
        (Method::Limited, 0) => "no vote is left for these".to_owned(),
        (Method::Limited, most) => format!("choose up to {}", most.min(page.films.len())),
        _ => "choose all you would watch".to_owned(),
    };
    let placeholder = match page.of {
        1 => words::capitalised(&what),
        _ => page.placeholder(&what),
    };
    let most = most.clamp(1, page.films.len().max(1));
    Row::Select(Select {
        control: Control::BallotSelect {
            round: ballot.round.id,
            page: super::number(page.number),
        },
        placeholder,
        min: 0,
        max: u8::try_from(most).unwrap_or(u8::MAX),
        options: page
            .films
            .iter()
            .map(|line| option(line, None, line.chosen()))
            .collect(),
    })
}
