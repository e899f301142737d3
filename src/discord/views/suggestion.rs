//! What is suggested while a member types: the names in the list, each as long as Discord shows one.

use chrono::DateTime;

use super::words;
use crate::discord::limits::{self, OPTION_TEXT};
use crate::domain::round::RoundState;
use crate::service::results::RoundSuggestion;
use crate::service::suggest::{FilmSuggestion, ProposalSuggestion};
use crate::service::watched::{WatchSuggestion, WatchWhat};

/// A day, as the list writes it in every language.
const DAY: &str = "%-d %b %Y";

/// `The Matrix (1999) ★ 8.7 IMDb`; a long title is cut so that the rest stays.
pub fn film(film: &FilmSuggestion) -> String {
    let rating = film.rating.map(words::rating);
    let rating = rating.map_or_else(String::new, |rating| format!(" ★ {rating}"));
    named(&film.title, film.year, &rating)
}

/// `The Matrix (1999)`.
pub fn proposal(proposal: &ProposalSuggestion) -> String {
    named(&proposal.title, proposal.year, "")
}

/// `The Matrix (1999) · picked in round 3`.
pub fn night(film: &WatchSuggestion) -> String {
    let what = match film.what {
        WatchWhat::Picked { round } => format!(" · picked in round {round}"),
        WatchWhat::Proposed => " · up for the vote".to_owned(),
        WatchWhat::Watched { on } => format!(" · {}", on.format(DAY)),
        WatchWhat::Film => String::new(),
    };
    named(&film.title, film.year, &what)
}

/// `#3 Halloween · 12 Nov 2026 · Alien (1979)`; what does not fit is cut at the end.
pub fn round(round: &RoundSuggestion) -> String {
    let title = round
        .title
        .as_deref()
        .map(|title| words::plain(title, OPTION_TEXT));
    let title = title.filter(|title| !title.is_empty());
    let name = title.map_or_else(String::new, |title| format!(" {title}"));
    let ended = round.ended_at.and_then(|at| DateTime::from_timestamp(at, 0));
    let ended = ended.map_or_else(String::new, |at| format!(" · {}", at.format(DAY)));
    let picked: Vec<String> = round
        .picked
        .iter()
        .map(|(title, year)| words::plain_film_title(title, *year, OPTION_TEXT))
        .collect();
    let outcome = match round.state {
        RoundState::Open => "open now".to_owned(),
        RoundState::Cancelled => "cancelled".to_owned(),
        RoundState::Closed if picked.is_empty() => "nothing picked".to_owned(),
        RoundState::Closed => picked.join(", "),
    };
    limits::cut(
        &format!("#{}{name}{ended} · {outcome}", round.number),
        OPTION_TEXT,
    )
}

/// A film's title and year with what follows them.
fn named(title: &str, year: Option<u16>, tail: &str) -> String {
    let room = OPTION_TEXT.saturating_sub(limits::units(tail));
    format!("{}{tail}", words::plain_film_title(title, year, room))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::domain::film::{Rating, RatingSource};
    use crate::domain::ids::RoundId;

    fn suggested(title: &str, source: RatingSource) -> FilmSuggestion {
        FilmSuggestion {
            imdb_id: "tt0133093".parse().expect("an id"),
            title: title.into(),
            year: Some(1999),
            rating: Some(Rating { tenths: 87, source }),
        }
    }

    #[test]
    fn a_film_is_named_with_year_and_rating_and_whose_rating_it_is() {
        let named = |source| film(&suggested("The Matrix", source));
        assert_eq!(named(RatingSource::Imdb), "The Matrix (1999) ★ 8.7 IMDb");
        assert_eq!(named(RatingSource::Tmdb), "The Matrix (1999) ★ 8.7 TMDB");
    }

    #[test]
    fn a_long_title_loses_its_end_and_keeps_its_year() {
        let name = film(&suggested(&"Long ".repeat(80), RatingSource::Tmdb));
        assert!(name.ends_with("… (1999) ★ 8.7 TMDB"), "{name}");
        assert!(limits::units(&name) <= OPTION_TEXT);
    }

    #[test]
    fn a_round_is_named_by_its_number_its_name_its_day_and_what_it_picked() {
        let mut halloween = RoundSuggestion {
            round: RoundId(1),
            number: 3,
            title: Some("Halloween".into()),
            state: RoundState::Closed,
            ended_at: Some(1_794_500_000),
            picked: vec![("Alien".into(), Some(1979)), ("Heat".into(), None)],
        };
        assert_eq!(
            round(&halloween),
            "#3 Halloween · 12 Nov 2026 · Alien (1979), Heat"
        );
        halloween.picked.clear();
        halloween.title = None;
        assert_eq!(round(&halloween), "#3 · 12 Nov 2026 · nothing picked");
        halloween.state = RoundState::Open;
        halloween.ended_at = None;
        assert_eq!(round(&halloween), "#3 · open now");
    }

    proptest! {
        #[test]
        fn a_name_fits_whatever_the_title(title in "(\\PC|👩‍👩‍👧|é){0,300}") {
            prop_assert!(limits::units(&film(&suggested(&title, RatingSource::Imdb))) <= OPTION_TEXT);
        }
    }
}
