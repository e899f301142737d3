//! A member's own ballot, private: what `/vote`, `My ballot` and, where films are ranked or given stars, a
//! film's button show.
//!
//! Owns what all kinds of ballot share: the heading, the pages, the last row. The kinds are [`set`], [`stars`]
//! and [`ranking`].

mod ranking;
mod set;
mod stars;

pub use stars::next_film;

use super::words;
use crate::discord::components::{Control, DraftAsk, proposal_value};
use crate::discord::limits::{self, OPTION_TEXT, OPTIONS};
use crate::discord::screen::{Button, Choice, Row, Screen, Style};
use crate::domain::ids::{GuildId, ProposalId};
use crate::domain::method::BallotKind;
use crate::domain::poll::LiveMessage;
use crate::service::ballot::{Ballot, BallotLine};

/// Films in a ballot's menu: Discord allows so many options.
pub const PAGE_SIZE: usize = OPTIONS;

/// Films that a ballot's text names, and the longest title of them, in units.
const NAMED: usize = 15;
const TITLE_MAX: usize = 76;

/// What of a ballot is looked at.
#[derive(Debug, Clone, Copy, Default)]
pub struct Look<'a> {
    /// The page of the films to choose from, and of those that are ranked, from 1; clamped to those there are.
    pub page: u32,
    /// The film that is given stars, or moved, next.
    pub film: Option<ProposalId>,
    /// A word on what was just done.
    pub note: Option<&'a str>,
}

/// The ballot, with a way to the live poll if there is one.
pub fn screen(ballot: &Ballot, look: Look<'_>, guild: GuildId, live: Option<LiveMessage>) -> Screen {
    if ballot.lines.is_empty() {
        return Screen::text("## Your ballot\nThere is no film to vote for. Put one up with `/propose`.");
    }
    let kind = ballot.round.rules.method.ballot_kind();
    let (body, mut rows, mut last) = match kind {
        BallotKind::Set => set::parts(ballot, look),
        BallotKind::Scores => stars::parts(ballot, look),
        BallotKind::Ranking => ranking::parts(ballot, look),
    };
    let clear = Control::BallotClear {
        round: ballot.round.id,
    };
    let marked = ballot.lines.iter().any(BallotLine::chosen);
    let clear = Button::new("Clear my ballot", Style::Danger, clear);
    last.push(clear.enabled_if(marked || ballot.recorded));
    last.extend(live.map(|live| Button::link("Live poll", words::jump(guild, live))));
    rows.push(Row::Buttons(last));

    let mut content = vec!["## Your ballot".to_owned()];
    content.extend(look.note.map(|note| format!("**{note}**")));
    content.extend(left_out(ballot));
    content.extend(body);
    content.push(small_print(ballot, kind));
    limits::fitted(Screen {
        content: content.join("\n"),
        embeds: Vec::new(),
        rows,
    })
}

/// The line at the end: who sees this, when it counts, and what the others will see.
fn small_print(ballot: &Ballot, kind: BallotKind) -> String {
    let counts = match kind {
        BallotKind::Set => "Every change counts at once, until the round closes.",
        BallotKind::Scores | BallotKind::Ranking => "What you save counts; change it until the round closes.",
    };
    let secrecy = ballot.round.rules.secrecy.sentence();
    format!("-# Only you see this. {counts} {secrecy}")
}

/// That films of the draft are no longer voted on.
fn left_out(ballot: &Ballot) -> Option<String> {
    match ballot.left_out {
        0 => None,
        1 => Some("A film of yours is no longer up for the vote, and was left out.".to_owned()),
        films => Some(format!(
            "{films} films of yours are no longer up for the vote, and were left out."
        )),
    }
}

/// Whether what is shown counts, where a ballot is filled in first and saved then.
fn standing(ballot: &Ballot) -> String {
    let marked = ballot.lines.iter().any(BallotLine::chosen);
    match (ballot.unsaved, marked) {
        (true, true) if ballot.recorded => {
            "⚠ **Not saved yet.** Until you press **Save**, what you saved before counts."
        }
        (true, true) => "⚠ **Not saved yet.** It counts once you press **Save**.",
        (true, false) => {
            "⚠ **Not saved yet.** Your ballot is empty now; press **Save** to take your vote back."
        }
        (false, true) => "✅ **Saved.** This is how you vote.",
        (false, false) => "You have not voted yet.",
    }
    .to_owned()
}

/// `Save`, and back to what is saved.
fn saving(ballot: &Ballot, page: usize) -> (Button, Option<Button>) {
    let save = Button::new("Save", Style::Success, draft(ballot, page, DraftAsk::Save));
    let discard = Button::new(
        "Discard changes",
        Style::Secondary,
        draft(ballot, page, DraftAsk::Discard),
    );
    (
        save.enabled_if(ballot.unsaved),
        (ballot.unsaved && ballot.recorded).then_some(discard),
    )
}

/// What a control of a draft asks for on this page.
fn draft(ballot: &Ballot, page: usize, ask: DraftAsk) -> Control {
    Control::Draft {
        round: ballot.round.id,
        page: number(page),
        ask,
    }
}

/// A film's title as the text names it.
fn title(line: &BallotLine) -> String {
    words::film_title(&line.title, line.year, TITLE_MAX)
}

/// A film's option in a menu.
fn option(line: &BallotLine, description: Option<String>, chosen: bool) -> Choice {
    Choice {
        label: words::plain_film_title(&line.title, line.year, OPTION_TEXT),
        value: proposal_value(line.proposal),
        description,
        chosen,
    }
}

/// One page of films to choose from.
struct Page<'a> {
    /// Which, from 1.
    number: usize,
    /// Of how many.
    of: usize,
    /// The films on it.
    films: Vec<&'a BallotLine>,
    /// The place of the first of them, from 1, and how many there are on all pages.
    first: usize,
    all: usize,
}

impl<'a> Page<'a> {
    /// The page there is that is nearest to the one asked for.
    fn of(films: Vec<&'a BallotLine>, asked: u32) -> Self {
        let all = films.len();
        let of = all.div_ceil(PAGE_SIZE).max(1);
        let number = usize::try_from(asked).unwrap_or(usize::MAX).clamp(1, of);
        let skipped = (number - 1) * PAGE_SIZE;
        Self {
            number,
            of,
            films: films.into_iter().skip(skipped).take(PAGE_SIZE).collect(),
            first: skipped + 1,
            all,
        }
    }

    /// A menu's placeholder: what to do, and on one of several pages with which films.
    fn placeholder(&self, what: &str) -> String {
        if self.of == 1 {
            return what.to_owned();
        }
        let last = (self.first + self.films.len()).saturating_sub(1);
        format!("Films {} to {last} of {}: {what}", self.first, self.all)
    }
}

/// The buttons that turn the pages, if there are several: this is page `at` of so many.
fn turning(ballot: &Ballot, at: usize, of: usize) -> Option<Row> {
    let turn = |label: &str, to: usize| {
        let control = Control::BallotPage {
            round: ballot.round.id,
            page: number(to),
        };
        Button::new(label, Style::Secondary, control)
    };
    (of > 1).then(|| {
        Row::Buttons(vec![
            turn("◀ Earlier films", at - 1).enabled_if(at > 1),
            turn("Later films ▶", at + 1).enabled_if(at < of),
        ])
    })
}

fn number(page: usize) -> u32 {
    u32::try_from(page).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests;
