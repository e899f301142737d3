//! A ballot with stars: a film is chosen in the menu, or comes next by itself, and gets its stars by a button.

use super::{Look, NAMED, PAGE_SIZE, Page, draft, option, saving, standing, title, turning};
use crate::discord::components::DraftAsk;
use crate::discord::screen::{Button, Row, Select, Style};
use crate::domain::ids::ProposalId;
use crate::domain::method::Method;
use crate::service::ballot::{Ballot, BallotLine};

/// The text, the rows, and the buttons that begin the last one.
pub fn parts(ballot: &Ballot, look: Look<'_>) -> (Vec<String>, Vec<Row>, Vec<Button>) {
    let at = look
        .film
        .and_then(|film| ballot.lines.iter().position(|line| line.proposal == film));
    // The page follows the film.
    let asked = at.map_or(look.page, |at| super::number(at / PAGE_SIZE + 1));
    let page = Page::of(ballot.lines.iter().collect(), asked);
    let film = at.and_then(|at| ballot.lines.get(at));
    let mut rows = vec![menu(ballot, &page, film)];
    rows.extend(film.map(|film| buttons(ballot, &page, film)));
    rows.extend(turning(ballot, page.number, page.of));
    let (save, discard) = saving(ballot, page.number);
    let mut last = vec![save];
    last.extend(film.map(|film| {
        let ask = DraftAsk::Stars {
            proposal: film.proposal,
            stars: 0,
        };
        Button::new("No stars", Style::Secondary, draft(ballot, page.number, ask))
    }));
    last.extend(discard);
    (summary(ballot, film), rows, last)
}

/// The film that gets stars after this one: the next that has none.
pub fn next_film(ballot: &Ballot, after: ProposalId) -> Option<&BallotLine> {
    let mut rest = ballot.lines.iter().skip_while(|line| line.proposal != after);
    rest.next();
    rest.find(|line| !line.chosen())
}

/// What the ballot says, and what to do next.
fn summary(ballot: &Ballot, film: Option<&BallotLine>) -> Vec<String> {
    let given = ballot.marked();
    let mut lines = vec![standing(ballot)];
    lines.extend(
        given
            .iter()
            .take(NAMED)
            .map(|line| format!("{} {}", drawn(line.value), title(line))),
    );
    if given.len() > NAMED {
        lines.push(format!("and {} more with stars", given.len() - NAMED));
    }
    lines.push(match film {
        Some(film) => match film.value {
            Some(_) => format!(
                "How many stars for **{}**? Now {}",
                title(film),
                drawn(film.value)
            ),
            None => format!("How many stars for **{}**?", title(film)),
        },
        None => "Choose a film in the menu, then its stars. A film without stars has 0.".to_owned(),
    });
    lines
}

fn menu(ballot: &Ballot, page: &Page<'_>, film: Option<&BallotLine>) -> Row {
    let option = |line: &&BallotLine| {
        let is_it = film.is_some_and(|film| film.proposal == line.proposal);
        option(line, line.value.map(|_| drawn(line.value)), is_it)
    };
    Row::Select(Select {
        control: draft(ballot, page.number, DraftAsk::Film),
        placeholder: page.placeholder("Choose a film to give stars"),
        min: 1,
        max: 1,
        options: page.films.iter().map(option).collect(),
    })
}

/// A button for each number of stars.
fn buttons(ballot: &Ballot, page: &Page<'_>, film: &BallotLine) -> Row {
    let button = |stars: u8| {
        let given = film.value == Some(u32::from(stars));
        let style = if given { Style::Primary } else { Style::Secondary };
        let ask = DraftAsk::Stars {
            proposal: film.proposal,
            stars,
        };
        Button::new(
            "★".repeat(usize::from(stars)),
            style,
            draft(ballot, page.number, ask),
        )
    };
    Row::Buttons((1..=Method::MAX_SCORE).map(button).collect())
}

/// `★★★★☆`.
fn drawn(stars: Option<u32>) -> String {
    let most = usize::from(Method::MAX_SCORE);
    let given = usize::try_from(stars.unwrap_or_default())
        .unwrap_or(most)
        .min(most);
    format!("{}{}", "★".repeat(given), "☆".repeat(most - given))
}
