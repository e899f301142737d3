//! A film: as it was just proposed, its card for `/movie`, and the choice among several.

use super::words::{self, CALM};
use crate::catalogue::SearchHit;
use crate::discord::components::Control;
use crate::discord::limits::{self, OPTION_TEXT, OPTIONS};
use crate::discord::screen::{Button, Choice, Embed, Row, Screen, Select, Style};
use crate::domain::film::{Film, FilmData};
use crate::domain::poll::Details;
use crate::service::film_card::{FilmCard, ProposedHere};
use crate::service::propose::Proposed;

/// The longest title of a film with its year, in units.
const TITLE_MAX: usize = 240;
/// The longest plot beside a poster, below which nothing else is waiting, in units.
const PLOT_SHORT: usize = 280;
/// The longest plot of a film's card, in units.
const PLOT_MAX: usize = 1200;
/// The longest pitch, in units; members may write 200 characters.
const PITCH_MAX: usize = 400;
/// Directors named on a card, and the longest name, in units.
const DIRECTORS: usize = 4;
const NAME_MAX: usize = 60;
/// The longest repetition of what a member typed, in units.
const TYPED_MAX: usize = 120;
/// The same on a button.
const TYPED_LABEL_MAX: usize = 50;

/// The answer to `/propose`, for the channel.
pub fn proposed(proposed: &Proposed) -> Screen {
    let proposal = &proposed.proposal;
    let film = &proposal.film;
    let data = data(film);
    let mut parts: Vec<String> = data.and_then(words::facts).into_iter().collect();
    parts.extend(data.and_then(directors));
    let pitch = proposal
        .pitch
        .as_deref()
        .map(|pitch| words::markdown(pitch, PITCH_MAX));
    parts.extend(
        pitch
            .filter(|pitch| !pitch.is_empty())
            .map(|pitch| format!("> {pitch}")),
    );
    parts.extend(plot(film, PLOT_SHORT));
    parts.extend(proposed.watch.as_ref().and_then(words::where_to_watch));
    parts.extend(proposed.waits.then(|| words::WAITS.to_owned()));
    let slots = format!("{} of {} proposals used", proposed.slots_used, proposed.slots);
    let footer = match note_to_all(film, proposed.details) {
        Some(note) => format!("{slots} · {note}"),
        None => slots,
    };
    let embed = Embed {
        description: Some(parts.join("\n")),
        thumbnail: data.and_then(|data| data.poster_url.clone()),
        footer: Some(footer),
        ..titled(film)
    };
    let round = proposed.round;
    let vote = Control::VoteFor {
        round,
        proposal: proposal.id,
    };
    let buttons = [
        Button::new("Vote for it", Style::Success, vote),
        Button::new("My ballot", Style::Secondary, Control::MyBallot { round }),
    ];
    // A film that waits is on no ballot.
    let buttons = buttons.into_iter().filter(|_| !proposed.waits);
    limits::fitted(Screen {
        content: format!("{} proposes a film.", words::mention(proposal.proposed_by)),
        embeds: vec![embed],
        rows: vec![Row::Buttons(buttons.chain(trailer(data)).collect())],
    })
}

/// The answer to `/movie`.
pub fn card(card: &FilmCard) -> Screen {
    let film = &card.film;
    let data = data(film);
    let mut parts: Vec<String> = data.and_then(words::facts).into_iter().collect();
    parts.extend(data.and_then(directors));
    parts.extend(plot(film, PLOT_MAX).map(|plot| format!("\n{plot}")));
    parts.extend(
        card.watch
            .as_ref()
            .and_then(words::where_to_watch)
            .map(|watch| format!("\n{watch}")),
    );
    let here = match &card.proposed {
        Some(here) => format!(
            "\n**Proposed here** by {}{}",
            words::mention(here.by),
            standing(here)
        ),
        None => format!(
            "\n-# Not proposed here. Put it up with `/propose movie:{}`.",
            card.imdb_id
        ),
    };
    if !card.past.is_empty() {
        parts.push(format!(
            "\n{}",
            super::watched::seen(film.shown_title(), &card.past)
        ));
    }
    parts.push(here);
    let description = parts.join("\n").trim_start().to_owned();
    let source = data.map(|data| format!("Details from {}", data.source.label()));
    let notes: Vec<String> = source
        .into_iter()
        .chain(note(film, card.details).map(str::to_owned))
        .collect();
    let embed = Embed {
        description: Some(description),
        image: data.and_then(|data| data.poster_url.clone()),
        footer: Some(notes.join(" · ")),
        ..titled(film)
    };
    let votable = card.proposed.as_ref().filter(|here| !here.waits);
    let vote = votable.map(|here| {
        let control = Control::VoteFor {
            round: here.round,
            proposal: here.proposal,
        };
        Button::new("Vote for it", Style::Success, control)
    });
    let imdb = Button::link("IMDb", card.imdb_id.url());
    let buttons = vote.into_iter().chain(trailer(data)).chain([imdb]).collect();
    limits::fitted(Screen {
        content: String::new(),
        embeds: vec![embed],
        rows: vec![Row::Buttons(buttons)],
    })
}

/// How a proposal stands in the vote, behind who proposed it.
fn standing(here: &ProposedHere) -> String {
    if here.waits {
        return format!(". {}", words::WAITS);
    }
    here.votes.map_or_else(String::new, |votes| {
        format!(" · {}", words::named_on(here.method, votes))
    })
}

/// The films that a typed title may mean, to propose one of them, or the title as typed (private).
/// `token` is the key under which the request is remembered.
pub fn choose(hits: &[SearchHit], token: i64, typed: &str) -> Screen {
    let content = format!(
        "**Which film is “{}”?**\nChoose it below. If it is not there, paste its IMDb link into `/propose`.\n\
         -# Proposed as typed, a film has no poster and no details.",
        words::markdown(typed, TYPED_MAX)
    );
    let label = format!("Propose “{}” as typed", words::plain(typed, TYPED_LABEL_MAX));
    let as_typed = Button::new(label, Style::Secondary, Control::ProposeTyped { token });
    limits::fitted(Screen {
        content,
        embeds: Vec::new(),
        rows: vec![
            menu(hits, Control::ChooseFilm { token }),
            Row::Buttons(vec![as_typed]),
        ],
    })
}

/// The films that a typed title may mean, to see the card of one of them (`/movie`, private).
pub fn choose_to_show(hits: &[SearchHit]) -> Screen {
    limits::fitted(Screen {
        content:
            "**Which film do you mean?**\nChoose it below. If it is not there, paste its IMDb link into \
                  `/movie`."
                .to_owned(),
        embeds: Vec::new(),
        rows: vec![menu(hits, Control::ShowFilm)],
    })
}

pub(super) fn menu(hits: &[SearchHit], control: Control) -> Row {
    let options = hits.iter().take(OPTIONS).map(|hit| Choice {
        label: words::plain_film_title(&hit.title, hit.year, OPTION_TEXT),
        value: hit.imdb_id.to_string(),
        description: hit.rating.map(|rating| format!("★ {}", words::rating(rating))),
        chosen: false,
    });
    Row::Select(Select {
        control,
        placeholder: "Choose the film".to_owned(),
        min: 1,
        max: 1,
        options: options.collect(),
    })
}

/// An embed with the film's title, its page and the calm stripe.
pub(super) fn titled(film: &Film) -> Embed {
    Embed {
        title: Some(words::title_of(film, TITLE_MAX)),
        url: film.imdb_id.as_ref().map(crate::domain::ids::ImdbId::url),
        colour: Some(CALM),
        ..Embed::default()
    }
}

pub(super) fn data(film: &Film) -> Option<&FilmData> {
    film.cached.as_ref().map(|cached| &cached.data)
}

pub(super) fn plot(film: &Film, max: usize) -> Option<String> {
    film.shown_plot()
        .map(|plot| words::markdown(plot, max))
        .filter(|plot| !plot.is_empty())
}

fn trailer(data: Option<&FilmData>) -> Option<Button> {
    let url = data?.trailer_url.clone()?;
    Some(Button::link("Trailer", url))
}

/// `Directed by A, B`; a series is created.
fn directors(data: &FilmData) -> Option<String> {
    let names: Vec<String> = data
        .directors
        .iter()
        .map(|name| words::markdown(name, NAME_MAX))
        .filter(|name| !name.is_empty())
        .take(DIRECTORS)
        .collect();
    let done = if data.series.is_some() {
        "Created"
    } else {
        "Directed"
    };
    (!names.is_empty()).then(|| format!("{done} by {}", names.join(", ")))
}

/// The same of a film that was just proposed: the poll shows it too.
fn note_to_all(film: &Film, details: Details) -> Option<&'static str> {
    match details {
        Details::OnTheWay => Some("Details are on the way; the poll will have them"),
        Details::Fresh | Details::Old | Details::None => note(film, details),
    }
}

/// What there is to say about where a film's details stand.
pub(super) fn note(film: &Film, details: Details) -> Option<&'static str> {
    match details {
        Details::Fresh => None,
        Details::Old => Some("an older look-up"),
        Details::OnTheWay => Some("Details are on the way …"),
        Details::None if film.imdb_id.is_some() => Some("Details could not be had; try again later"),
        Details::None => Some("Proposed as typed, so there are no details"),
    }
}

#[cfg(test)]
mod tests;
