//! After the night: a watched film's card with its stars, the history, and the question before a film is
//! proposed again.

use chrono::NaiveDate;

use super::film::{data, menu, titled};
use super::words::{self, CALM, GOLD};
use crate::catalogue::SearchHit;
use crate::discord::components::{Control, NightControl};
use crate::discord::limits;
use crate::discord::screen::{Button, Embed, Row, Screen, Style};
use crate::domain::watched::{FilmPast, HistoryOrder, Stars, Viewing, day_number};
use crate::service::watched::{History, Marked, NightOf, Rated, Restored, Unmarked};

/// The longest title of a film with its year in a sentence, in units.
const TITLE_MAX: usize = 200;
/// The same in a line of the history: a page of ten lines fits an embed.
const LINE_TITLE_MAX: usize = 120;

/// What remains of the choice among several films once it is made; the card follows for everybody.
pub const CHOSEN: &str = "Marked as watched. The film's card is in the channel.";

/// The answer to `/watched add`, for the channel.
pub fn marked(marked: &Marked) -> Screen {
    let mut screen = card(&marked.viewing);
    screen.content = match marked.night {
        NightOf::Picked { round } => format!("The pick of round {round} has had its night. How was it?"),
        NightOf::Active => {
            "This film has had its night and leaves the vote; its votes stay in the record. How was it?"
                .to_owned()
        }
        NightOf::Nothing => "Written into the history. How was it?".to_owned(),
    };
    limits::fitted(screen)
}

/// A watched film's card, on which everybody rates it. It stays as it is whatever it was the night of.
pub fn card(viewing: &Viewing) -> Screen {
    let film = &viewing.film;
    let data = data(film);
    let mut parts = vec![format!("Watched on {}", words::day(viewing.on))];
    parts.extend(data.and_then(words::facts));
    parts.push(match viewing.ratings.average_tenths() {
        None => "\nNobody has rated it yet.".to_owned(),
        Some(_) => format!("\n**{}**", words::ratings(viewing.ratings)),
    });
    let viewing_id = viewing.id;
    let stars = Stars::ALL.map(|stars| {
        let rate = NightControl::Rate {
            viewing: viewing_id,
            stars,
        };
        Button::new(
            format!("{} ★", stars.get()),
            Style::Secondary,
            Control::Night(rate),
        )
    });
    let undo = Control::Night(NightControl::Undo { viewing: viewing_id });
    let imdb = film.imdb_id.as_ref().map(|id| Button::link("IMDb", id.url()));
    let below = [Button::new("Undo", Style::Danger, undo)].into_iter().chain(imdb);
    limits::fitted(Screen {
        content: "How was it?".to_owned(),
        embeds: vec![Embed {
            description: Some(parts.join("\n")),
            colour: Some(GOLD),
            thumbnail: data.and_then(|data| data.poster_url.clone()),
            footer: Some(
                "One rating a member, which can be changed · organizers can undo a mistake".to_owned(),
            ),
            ..titled(film)
        }],
        rows: vec![Row::Buttons(stars.to_vec()), Row::Buttons(below.collect())],
    })
}

/// The answer to `/watched remove`, and what remains of a card that was undone.
pub fn unmarked(unmarked: &Unmarked) -> Screen {
    let Viewing { film, on, .. } = &unmarked.viewing;
    let title = words::title_of(film, TITLE_MAX);
    let now = match unmarked.restored {
        Restored::Nothing => "",
        Restored::Active => " It is up for the vote again.",
        Restored::Picked => " It is picked again and waits for its night.",
        Restored::Superseded => " It is up for the vote already by a newer proposal, which stays.",
    };
    limits::fitted(Screen::text(format!(
        "**{title}** of {} is out of the history.{now}",
        words::day(*on)
    )))
}

/// What a member gave a film (private).
pub fn rated(rated: &Rated) -> Screen {
    let Viewing {
        id, film, ratings, ..
    } = &rated.viewing;
    let title = words::title_of(film, TITLE_MAX);
    let stars = match rated.stars.get() {
        1 => "1 star".to_owned(),
        stars => format!("{stars} stars"),
    };
    let back = Control::Night(NightControl::TakeRatingBack { viewing: *id });
    limits::fitted(Screen {
        content: format!(
            "You gave **{title}** {stars}. {}.\n-# To change it, rate it again.",
            words::ratings(*ratings)
        ),
        embeds: Vec::new(),
        rows: vec![Row::Buttons(vec![Button::new(
            "Remove my rating",
            Style::Secondary,
            back,
        )])],
    })
}

/// A rating was taken back (private).
pub fn rating_gone(viewing: &Viewing) -> Screen {
    let title = words::title_of(&viewing.film, TITLE_MAX);
    limits::fitted(Screen::text(format!(
        "Your rating of **{title}** is gone. `/watched rate` gives a new one."
    )))
}

/// A page of the history (private).
pub fn history(history: &History) -> Screen {
    let heading = "## Watched here";
    if history.viewings.is_empty() {
        return limits::fitted(Screen::text(format!(
            "{heading}\nNothing yet. After the night, an organizer marks the film with `/watched add`."
        )));
    }
    let lines: Vec<String> = history.viewings.iter().map(line).collect();
    let order = history.order;
    let to = |page, order| Control::Night(NightControl::History { page, order });
    let (other, label) = match order {
        HistoryOrder::Newest => (HistoryOrder::Best, "Best first"),
        HistoryOrder::Best => (HistoryOrder::Newest, "Latest first"),
    };
    let turn = |label: &str, page: u32| Button::new(label, Style::Secondary, to(page, order));
    let mut buttons = Vec::new();
    if history.pages > 1 {
        buttons.push(turn("◀", history.page.saturating_sub(1)).enabled_if(history.page > 1));
        buttons.push(turn("▶", history.page.saturating_add(1)).enabled_if(history.page < history.pages));
    }
    buttons.push(Button::new(label, Style::Secondary, to(1, other)));
    let sorted = match order {
        HistoryOrder::Newest => "the latest first",
        HistoryOrder::Best => "the best first",
    };
    let entries = match history.total {
        1 => "1 entry".to_owned(),
        total => format!("{total} entries"),
    };
    limits::fitted(Screen {
        content: heading.to_owned(),
        embeds: vec![Embed {
            description: Some(lines.join("\n")),
            colour: Some(CALM),
            footer: Some(format!(
                "Page {} of {} · {entries}, {sorted}",
                history.page, history.pages
            )),
            ..Embed::default()
        }],
        rows: vec![Row::Buttons(buttons)],
    })
}

/// `**Alien (1979)** · 20 November 2026 · ★ 4.2 from 5 ratings`.
fn line(viewing: &Viewing) -> String {
    format!(
        "**{}** · {} · {}",
        words::title_of(&viewing.film, LINE_TITLE_MAX),
        words::day(viewing.on),
        words::ratings(viewing.ratings)
    )
}

/// The films that a typed title may mean, to mark one of them as watched (private).
pub fn choose(hits: &[SearchHit], on: NaiveDate) -> Screen {
    let day = day_number(on);
    limits::fitted(Screen {
        content: "**Which film was it?**\nChoose it below. If it is not there, paste its IMDb link into \
                  `/watched add`."
            .to_owned(),
        embeds: Vec::new(),
        rows: vec![menu(hits, Control::Night(NightControl::Choose { day }))],
    })
}

/// Asks whether a film that was seen, or waits for its night, is to be proposed all the same (private). `token` is the
/// key under which the request is remembered.
pub fn ask_again(title: &str, past: &FilmPast, token: i64) -> Screen {
    limits::fitted(Screen {
        content: format!("{} Propose it again?", seen(title, past)),
        embeds: Vec::new(),
        rows: vec![Row::Buttons(vec![
            Button::new(
                "Propose again",
                Style::Primary,
                Control::Night(NightControl::ProposeAgain { token }),
            ),
            Button::new(
                "No",
                Style::Secondary,
                Control::Night(NightControl::LeaveIt { token }),
            ),
        ])],
    })
}

/// What a film is to the server's past, in a sentence or two.
pub fn seen(title: &str, past: &FilmPast) -> String {
    let title = words::film_title(title, None, TITLE_MAX);
    let watched = past.last_on.map(|on| {
        let times = match past.times {
            0 | 1 => String::new(),
            2 => " twice, last".to_owned(),
            times => format!(" {times} times, last"),
        };
        let rated = past
            .ratings
            .average_tenths()
            .map(|_| format!(": {}", words::ratings(past.ratings)))
            .unwrap_or_default();
        format!("was watched here{times} on {}{rated}.", words::day(on))
    });
    let picked = past.picked.map(|picked| {
        format!(
            "was picked in round {} and waits for its night; `/watched add` marks it as watched.",
            picked.round
        )
    });
    match (watched, picked) {
        (Some(watched), Some(picked)) => format!("**{title}** {watched} It {picked}"),
        (Some(told), None) | (None, Some(told)) => format!("**{title}** {told}"),
        (None, None) => format!("**{title}** is new here."),
    }
}

#[cfg(test)]
mod tests;
