//! The one gate between what a provider sent and what the rest of the program sees.
//!
//! Text is cleaned and bounded, figures are believed within bounds, pictures and trailers come from
//! known hosts. Nothing else makes a [`FilmData`] or a [`SearchHit`].

use chrono::{DateTime, Datelike};

use super::SearchHit;
use super::posters::PosterRules;
use crate::domain::film::{FilmData, Rating, RatingSource, Source};
use crate::domain::ids::ImdbId;
use crate::domain::text::{TITLE_CHARS, clean_line, clean_paragraph, title_key};

/// The longest plot that is kept, in characters.
const PLOT_CHARS: usize = 1_000;

/// The longest genre, and how many are kept.
const GENRE_CHARS: usize = 30;
const GENRES: usize = 6;

/// The longest name, and how many directors are kept.
const NAME_CHARS: usize = 60;
const DIRECTORS: usize = 4;

/// Film's first years. A year may lie as far ahead as [`YEARS_AHEAD`].
const FIRST_YEAR: u16 = 1870;
const YEARS_AHEAD: i32 = 11;

/// The longest runtime that is believed, in minutes.
const RUNTIME_MIN: u16 = 1_440;

/// What a provider told about a film, as it told it.
#[derive(Debug, Default)]
pub(super) struct RawFilm {
    pub title: Option<String>,
    pub year: Option<String>,
    pub runtime: Option<String>,
    pub genres: Vec<String>,
    pub directors: Vec<String>,
    pub plot: Option<String>,
    pub rating: Option<String>,
    pub poster: Option<String>,
    /// The id of a YouTube video.
    pub trailer: Option<String>,
}

/// A row of a provider's search, as it came.
#[derive(Debug)]
pub(super) struct RawHit {
    pub imdb_id: ImdbId,
    pub title: String,
    pub year: Option<String>,
    pub rating: Option<String>,
}

/// The rules, with what they depend on.
#[derive(Debug)]
pub(super) struct Hygiene {
    posters: PosterRules,
}

impl Hygiene {
    /// Hygiene with these rules for posters.
    pub(super) const fn new(posters: PosterRules) -> Self {
        Self { posters }
    }

    /// What is known about the film, clean. `now` is Unix seconds.
    pub(super) fn film(&self, source: Source, id: &ImdbId, raw: RawFilm, now: i64) -> FilmData {
        FilmData {
            v: FilmData::VERSION,
            source,
            title: raw
                .title
                .map(|title| clean_line(&title, TITLE_CHARS))
                .filter(|title| !title.is_empty())
                .unwrap_or_else(|| id.to_string()),
            year: raw.year.and_then(|text| read_year(&text, now)),
            runtime_min: raw.runtime.and_then(|text| read_runtime(&text)),
            genres: clean_list(raw.genres, GENRE_CHARS, GENRES),
            directors: clean_list(raw.directors, NAME_CHARS, DIRECTORS),
            plot: raw
                .plot
                .map(|plot| clean_paragraph(&plot, PLOT_CHARS))
                .filter(|plot| !plot.is_empty()),
            rating: raw.rating.and_then(|text| read_rating(&text, source)),
            poster_url: raw.poster.and_then(|url| self.posters.admit(&url)),
            trailer_url: raw.trailer.and_then(|id| trailer_url(&id)),
        }
    }
}

/// A search's rows, clean: without those that have no title, each film once, films of `year` first,
/// then those a year off, at most `max`. `now` is Unix seconds.
pub(super) fn clean_hits(
    source: Source,
    rows: impl IntoIterator<Item = RawHit>,
    year: Option<u16>,
    max: usize,
    now: i64,
) -> Vec<SearchHit> {
    let mut hits: Vec<SearchHit> = Vec::new();
    for row in rows {
        let title = clean_line(&row.title, TITLE_CHARS);
        if title_key(&title).is_empty() || hits.iter().any(|hit| hit.imdb_id == row.imdb_id) {
            continue;
        }
        hits.push(SearchHit {
            imdb_id: row.imdb_id,
            title,
            year: row.year.and_then(|text| read_year(&text, now)),
            rating: row.rating.and_then(|text| read_rating(&text, source)),
        });
        if hits.len() == max {
            break;
        }
    }
    if let Some(wanted) = year {
        hits.sort_by_key(|hit| hit.year.map_or(2, |year| year.abs_diff(wanted).min(2)));
    }
    hits
}

fn clean_list(items: Vec<String>, max_chars: usize, max: usize) -> Vec<String> {
    let mut clean: Vec<String> = Vec::new();
    for item in items {
        let item = clean_line(&item, max_chars);
        if !item.is_empty() && !item.eq_ignore_ascii_case("n/a") && !clean.contains(&item) {
            clean.push(item);
        }
        if clean.len() == max {
            break;
        }
    }
    clean
}

/// The year that a text begins with: `1999`, `2008–2013`, `1999-03-30`.
fn read_year(text: &str, now: i64) -> Option<u16> {
    let text = text.trim();
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let year: u16 = text.get(..digits).filter(|_| digits == 4)?.parse().ok()?;
    let this_year = DateTime::from_timestamp(now, 0)?.year();
    (year >= FIRST_YEAR && i32::from(year) <= this_year + YEARS_AHEAD).then_some(year)
}

/// `142 min`, `1 h 22 min`, `2h 22min`, `142`.
fn read_runtime(text: &str) -> Option<u16> {
    let text = text.replace(',', "").to_ascii_lowercase();
    let mut rest = text.trim();
    let mut minutes = 0_u32;
    if rest.is_empty() {
        return None;
    }
    while !rest.is_empty() {
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        let (number, after) = rest.split_at_checked(digits).filter(|_| digits > 0)?;
        let number: u32 = number.parse().ok()?;
        let after = after.trim_start();
        let letters = after.bytes().take_while(u8::is_ascii_alphabetic).count();
        let (unit, after) = after.split_at_checked(letters)?;
        let factor = match unit {
            "h" | "hr" | "hrs" | "hour" | "hours" => 60,
            "" | "m" | "min" | "mins" | "minute" | "minutes" => 1,
            _ => return None,
        };
        minutes = number.checked_mul(factor)?.checked_add(minutes)?;
        rest = after.trim_start_matches('.').trim_start();
    }
    u16::try_from(minutes)
        .ok()
        .filter(|minutes| (1..=RUNTIME_MIN).contains(minutes))
}

/// A rating in decimal figures, above 0 and up to 10, to the nearest tenth.
fn read_rating(text: &str, source: Source) -> Option<Rating> {
    let (whole, fraction) = text.trim().split_once('.').unwrap_or((text.trim(), ""));
    let decimal = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || whole.len() > 2 || !decimal(whole) || !decimal(fraction) {
        return None;
    }
    let digit = |at: usize| fraction.as_bytes().get(at).map_or(0, |byte| byte - b'0');
    let whole: u8 = whole.parse().ok().filter(|whole| *whole <= 10)?;
    let beyond_ten = whole == 10 && fraction.bytes().any(|byte| byte != b'0');
    let tenths = whole * 10 + digit(0) + u8::from(digit(1) >= 5);
    (tenths > 0 && !beyond_ten).then_some(Rating {
        tenths,
        source: match source {
            Source::Tmdb => RatingSource::Tmdb,
            Source::Omdb | Source::Cinemeta | Source::Wikidata => RatingSource::Imdb,
        },
    })
}

/// The page of a YouTube video, if that is a video's id.
fn trailer_url(id: &str) -> Option<String> {
    let well_formed = id.len() == 11
        && id
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'));
    well_formed.then(|| format!("https://www.youtube.com/watch?v={id}"))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// 2026-11-23.
    const NOW: i64 = 1_795_431_600;

    fn hygiene() -> Hygiene {
        Hygiene::new(PosterRules::new(Vec::new()).expect("no extra hosts"))
    }

    fn id() -> ImdbId {
        "tt0111161".parse().expect("an id")
    }

    fn tenths(text: &str) -> Option<u8> {
        read_rating(text, Source::Omdb).map(|rating| rating.tenths)
    }

    #[test]
    fn years_are_four_digits_of_a_time_that_has_films() {
        for (text, year) in [
            ("1999", Some(1999)),
            ("2008–2013", Some(2008)),
            ("2008–", Some(2008)),
            ("1999-03-30", Some(1999)),
            ("1870", Some(1870)),
            ("1869", None),
            ("2037", Some(2037)),
            ("2038", None),
            ("19999", None),
            ("99", None),
            ("", None),
            ("n/a", None),
            ("１９９９", None),
        ] {
            assert_eq!(read_year(text, NOW), year, "{text}");
        }
    }

    #[test]
    fn runtimes_are_read_in_every_form() {
        for (text, minutes) in [
            ("136 min", Some(136)),
            ("136", Some(136)),
            ("1 h 22 min", Some(82)),
            ("2h 22min", Some(142)),
            ("2h", Some(120)),
            ("1,440 min", Some(1_440)),
            ("1441 min", None),
            ("0 min", None),
            ("0", None),
            ("-5 min", None),
            ("99999999999 min", None),
            ("1 S min", None),
            ("about two hours", None),
            ("", None),
        ] {
            assert_eq!(read_runtime(text), minutes, "{text}");
        }
    }

    #[test]
    fn ratings_are_finite_and_between_nought_and_ten() {
        for (text, expected) in [
            ("8.7", Some(87)),
            ("8", Some(80)),
            ("8.688", Some(87)),
            ("10.0", Some(100)),
            ("10", Some(100)),
            ("0.1", Some(1)),
            ("9.99", Some(100)),
            ("10.01", None),
            ("11", None),
            ("0", None),
            ("0.0", None),
            ("", None),
            ("N/A", None),
            ("NaN", None),
            ("inf", None),
            ("1e1", None),
            ("-8.7", None),
            ("8.7/10", None),
            (".5", None),
        ] {
            assert_eq!(tenths(text), expected, "{text}");
        }
    }

    #[test]
    fn a_film_without_a_usable_title_is_called_by_its_id() {
        for title in [None, Some("  "), Some("\u{202E}\u{200B}")] {
            let raw = RawFilm {
                title: title.map(str::to_owned),
                ..RawFilm::default()
            };
            assert_eq!(hygiene().film(Source::Omdb, &id(), raw, NOW).title, "tt0111161");
        }
    }

    #[test]
    fn hits_of_the_year_come_first_and_every_film_once() {
        let row = |id: &str, title: &str, year: &str| RawHit {
            imdb_id: id.parse().expect("an id"),
            title: title.into(),
            year: Some(year.into()),
            rating: None,
        };
        let rows = vec![
            row("tt0000001", "The Thing", "2011"),
            row("tt0000002", " \u{200B} ", "1982"),
            row("tt0000003", "The Thing", "1981"),
            row("tt0000004", "The Thing", "1982"),
            row("tt0000004", "The Thing again", "1982"),
        ];
        let hits = clean_hits(Source::Cinemeta, rows, Some(1982), 25, NOW);
        let ids: Vec<&str> = hits.iter().map(|hit| hit.imdb_id.as_str()).collect();
        assert_eq!(ids, ["tt0000004", "tt0000003", "tt0000001"]);
    }

    proptest! {
        #[test]
        fn whatever_is_sent_the_data_is_within_bounds(
            texts in prop::collection::vec(any::<String>(), 0..12),
            text in any::<String>(),
        ) {
            let raw = RawFilm {
                title: Some(text.clone()),
                year: Some(text.clone()),
                runtime: Some(text.clone()),
                genres: texts.clone(),
                directors: texts,
                plot: Some(text.repeat(20)),
                rating: Some(text.clone()),
                poster: Some(text.clone()),
                trailer: Some(text),
            };
            let film = hygiene().film(Source::Tmdb, &id(), raw, NOW);
            prop_assert!(!film.title.is_empty() && film.title.chars().count() <= TITLE_CHARS);
            prop_assert!(film.plot.is_none_or(|plot| plot.chars().count() <= PLOT_CHARS));
            prop_assert!(film.genres.len() <= GENRES && film.directors.len() <= DIRECTORS);
            let seen = film.genres.iter().chain(&film.directors).chain([&film.title]);
            for text in seen {
                prop_assert!(!text.chars().any(char::is_control), "{:?}", text);
            }
        }

        #[test]
        fn no_figure_breaks_its_reader(text in "[0-9.,hmin –-]{0,12}") {
            let _ = (read_year(&text, NOW), read_runtime(&text), tenths(&text));
        }
    }
}
