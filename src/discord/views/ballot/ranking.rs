//! A ballot with a ranking: first choice, second choice and so on, by successive choices from a menu; a film
//! that is ranked can be moved.

use super::{Look, PAGE_SIZE, Page, draft, option, saving, standing, title, turning};
use crate::discord::components::DraftAsk;
use crate::discord::screen::{Button, Row, Select, Style};
use crate::domain::draft::Shift;
use crate::service::ballot::{Ballot, BallotLine};

/// Of a long ranking, so many first films are named, and so many last ones: those are being chosen.
const FIRST_NAMED: usize = 11;
const LAST_NAMED: usize = 4;

/// The text, the rows, and the buttons that begin the last one.
pub fn parts(ballot: &Ballot, look: Look<'_>) -> (Vec<String>, Vec<Row>, Vec<Button>) {
    let ranked = ballot.marked();
    let rest: Vec<_> = ballot.lines.iter().filter(|line| !line.chosen()).collect();
    // The film that is looked at is on the page that is shown, ranked or not.
    let place = |films: &[&BallotLine]| films.iter().position(|line| Some(line.proposal) == look.film);
    let at = place(&rest).or_else(|| place(&ranked));
    let asked = at.map_or(look.page, |at| super::number(at / PAGE_SIZE + 1));
    // Both menus turn together; the one with fewer pages stays on its last.
    let pages = rest.len().max(ranked.len()).div_ceil(PAGE_SIZE).max(1);
    let number = usize::try_from(asked).unwrap_or(usize::MAX).clamp(1, pages);
    let page = Page::of(rest, asked);
    let film = look
        .film
        .and_then(|film| ranked.iter().find(|line| line.proposal == film))
        .copied();
    let mut rows: Vec<Row> = (!page.films.is_empty())
        .then(|| menu(ballot, number, &page, ranked.len()))
        .into_iter()
        .collect();
    rows.extend(turning(ballot, number, pages));
    if ranked.len() > 1 {
        rows.push(ranked_menu(
            ballot,
            number,
            &Page::of(ranked.clone(), asked),
            film,
        ));
    }
    rows.extend(film.map(|film| moves(ballot, number, film, ranked.len())));
    let (save, discard) = saving(ballot, number);
    let undo = Button::new(
        "Undo last",
        Style::Secondary,
        draft(ballot, number, DraftAsk::Undo),
    );
    let mut last = vec![save, undo.enabled_if(!ranked.is_empty())];
    last.extend(discard);
    (summary(ballot, &ranked), rows, last)
}

/// The ranking so far, numbered.
fn summary(ballot: &Ballot, ranked: &[&BallotLine]) -> Vec<String> {
    let mut lines = vec![standing(ballot)];
    let line = |(at, line): (usize, &&BallotLine)| format!("{}. {}", at + 1, title(line));
    let places = ranked.iter().enumerate();
    if ranked.len() <= FIRST_NAMED + LAST_NAMED {
        lines.extend(places.map(line));
    } else {
        let between = ranked.len() - FIRST_NAMED - LAST_NAMED;
        lines.extend(places.clone().take(FIRST_NAMED).map(line));
        lines.push(format!("… {between} more …"));
        lines.extend(places.skip(FIRST_NAMED + between).map(line));
    }
    let all = ballot.lines.len();
    lines.push(if ranked.len() == all {
        format!("All {all} films are ranked.")
    } else {
        format!(
            "{} of {all} ranked. Films that you leave out come after those you rank.",
            ranked.len()
        )
    });
    lines
}

/// The films that are not ranked: which comes next?
fn menu(ballot: &Ballot, number: usize, page: &Page<'_>, ranked: usize) -> Row {
    Row::Select(Select {
        control: draft(ballot, number, DraftAsk::Next),
        placeholder: page.placeholder(&format!("Your {} choice", ordinal(ranked + 1))),
        min: 1,
        max: 1,
        options: page.films.iter().map(|line| option(line, None, false)).collect(),
    })
}

/// The films of a page of the ranking, to move one.
fn ranked_menu(ballot: &Ballot, number: usize, page: &Page<'_>, film: Option<&BallotLine>) -> Row {
    let options = (page.first..).zip(&page.films).map(|(place, line)| {
        let is_it = film.is_some_and(|film| film.proposal == line.proposal);
        option(line, Some(format!("{} choice", ordinal(place))), is_it)
    });
    let placeholder = if page.of == 1 {
        "Move a film, or take it out".to_owned()
    } else {
        let last = (page.first + page.films.len()).saturating_sub(1);
        format!(
            "Choices {} to {last} of {}: move one, or take it out",
            page.first, page.all
        )
    };
    Row::Select(Select {
        control: draft(ballot, number, DraftAsk::Ranked),
        placeholder,
        min: 1,
        max: 1,
        options: options.collect(),
    })
}

/// What can be done with the film that was chosen among the ranked ones.
fn moves(ballot: &Ballot, number: usize, film: &BallotLine, ranked: usize) -> Row {
    let place = film.value.unwrap_or_default();
    let is_last = usize::try_from(place).is_ok_and(|place| place == ranked);
    let button = |label: &str, to: Shift, enabled: bool| {
        let proposal = film.proposal;
        let control = draft(ballot, number, DraftAsk::Move { proposal, to });
        Button::new(label, Style::Secondary, control).enabled_if(enabled)
    };
    Row::Buttons(vec![
        button("▲ Up", Shift::Up, place > 1),
        button("▼ Down", Shift::Down, !is_last),
        button("First", Shift::First, place > 1),
        button("Take out", Shift::Out, true),
    ])
}

/// `first`, `second`, …, `11th`, `22nd`.
fn ordinal(number: usize) -> String {
    const WORDS: [&str; 10] = [
        "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth",
    ];
    if let Some(word) = number.checked_sub(1).and_then(|at| WORDS.get(at)) {
        return (*word).to_owned();
    }
    let ending = match (number % 10, number % 100) {
        (_, 11..=13) => "th",
        (1, _) => "st",
        (2, _) => "nd",
        (3, _) => "rd",
        _ => "th",
    };
    format!("{number}{ending}")
}

#[cfg(test)]
mod tests {
    use super::ordinal;

    #[test]
    fn places_are_named_as_people_say_them() {
        assert_eq!(
            [1, 2, 10, 11, 12, 13, 21, 22, 23, 24, 111, 200].map(ordinal),
            [
                "first", "second", "tenth", "11th", "12th", "13th", "21st", "22nd", "23rd", "24th", "111th",
                "200th"
            ]
        );
    }
}
