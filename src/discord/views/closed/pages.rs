//! A round's result page by page: standings first, then the count, step by step.

use super::{decided, departed, standings, steps, turnout, verdict};
use crate::discord::components::Control;
use crate::discord::limits::{self, units};
use crate::discord::screen::{Button, Embed, Row, Screen, Style};
use crate::discord::views::words::{self, CALM, GOLD};
use crate::domain::result::{RoundResult, Verdict};
use crate::domain::round::Round;

/// Films on a page of the standings: so many of the longest titles fit an embed.
const FILMS: usize = 20;

/// The longest text of a page of steps, in units.
const STEPS_TEXT: usize = 3_500;

/// From so many pages on there is a way to the last one.
const LONG: usize = 4;

/// The pages of a result.
struct Pages {
    standings: usize,
    steps: Vec<String>,
}

impl Pages {
    fn of(result: &RoundResult) -> Self {
        let mut pages: Vec<String> = Vec::new();
        let told = if result.voters > 0 {
            steps::all(result)
        } else {
            Vec::new()
        };
        for step in told {
            match pages.last_mut() {
                Some(page) if units(page) + units(&step) + 2 <= STEPS_TEXT => {
                    page.push_str("\n\n");
                    page.push_str(&step);
                }
                _ => pages.push(step),
            }
        }
        Self {
            standings: result.entries.len().div_ceil(FILMS).max(1),
            steps: pages,
        }
    }

    fn count(&self) -> usize {
        self.standings + self.steps.len()
    }
}

/// A page of the result, from 1; the nearest one there is.
pub fn result(result: &RoundResult, page: u32) -> Screen {
    let pages = Pages::of(result);
    let page = usize::try_from(page)
        .unwrap_or(usize::MAX)
        .clamp(1, pages.count());
    draw(result, &pages, page)
}

/// The first page of the count.
pub fn counted(result: &RoundResult) -> Screen {
    let pages = Pages::of(result);
    let page = (pages.standings + 1).min(pages.count());
    draw(result, &pages, page)
}

/// What there is to see of a round that was cancelled.
pub fn cancelled(round: &Round) -> Screen {
    let ended = round
        .ended_at
        .map_or_else(String::new, |at| format!(" {}", words::relative(at)));
    limits::fitted(Screen::text(format!(
        "## {}\nThis round was cancelled{ended}, so it has no result. Its films stayed up for the vote: `/poll` \
         shows the round that is open now.",
        words::round_name(round.title.as_deref(), round.number)
    )))
}

fn draw(result: &RoundResult, pages: &Pages, page: usize) -> Screen {
    let embed = match page.checked_sub(pages.standings + 1) {
        None => standing_page(result, page),
        Some(at) => Embed {
            title: Some("How it was counted".to_owned()),
            description: pages.steps.get(at).cloned(),
            colour: Some(CALM),
            ..Embed::default()
        },
    };
    let footer = format!(
        "{}{}",
        if pages.count() > 1 {
            format!("Page {page} of {} · ", pages.count())
        } else {
            String::new()
        },
        turnout(result)
    );
    limits::fitted(Screen {
        content: heading(result),
        embeds: vec![Embed {
            footer: Some(footer),
            ..embed
        }],
        rows: buttons(result, pages, page),
    })
}

fn heading(result: &RoundResult) -> String {
    let by = match result.ended_by {
        Some(member) => format!(" by {}", words::mention(member)),
        None => String::new(),
    };
    let mut lines = vec![
        format!("## {}", words::round_name(result.title.as_deref(), result.number)),
        verdict(result),
        format!(
            "-# Closed {}{by} · {}",
            words::instant(result.ended_at),
            result.rules.method.name()
        ),
    ];
    lines.extend(departed(result));
    lines.join("\n")
}

fn standing_page(result: &RoundResult, page: usize) -> Embed {
    let lines = standings(result, (page - 1) * FILMS, FILMS);
    let mut fields = Vec::new();
    if page == 1 && result.voters > 0 {
        fields = decided::fields(result);
    }
    let nothing = match result.verdict {
        Verdict::NoProposals => "Put a film up with `/propose`; that opens the next round.",
        _ => "No film stood for the vote.",
    };
    Embed {
        title: Some("Standings".to_owned()),
        description: Some(if lines.is_empty() {
            nothing.to_owned()
        } else {
            lines.join("\n")
        }),
        colour: Some(if result.picked().next().is_some() {
            GOLD
        } else {
            CALM
        }),
        fields,
        ..Embed::default()
    }
}

fn buttons(result: &RoundResult, pages: &Pages, page: usize) -> Vec<Row> {
    let round = result.round;
    let count = pages.count();
    if count == 1 {
        return Vec::new();
    }
    let turn = |label: &str, to: usize, enabled: bool| {
        let page = u32::try_from(to).unwrap_or(u32::MAX);
        Button::new(label, Style::Secondary, Control::ResultPage { round, page }).enabled_if(enabled)
    };
    let mut buttons = vec![turn("◀", page - 1, page > 1), turn("▶", page + 1, page < count)];
    if page <= pages.standings && !pages.steps.is_empty() {
        let counted = Control::HowCounted { round };
        buttons.push(Button::new("How it was counted", Style::Secondary, counted));
    } else if page > 2 {
        // On the second page the arrow leads there.
        buttons.push(turn("Standings", 1, true));
    }
    if count >= LONG && page + 1 < count {
        buttons.push(turn("Last page", count, true));
    }
    vec![Row::Buttons(buttons)]
}

/// How many pages a result has.
#[cfg(test)]
pub(super) fn page_count(result: &RoundResult) -> u32 {
    u32::try_from(Pages::of(result).count()).unwrap_or(u32::MAX)
}
