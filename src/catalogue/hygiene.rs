//! The one gate between what a provider sent and what the rest of the program sees.
//!
//! Text is cleaned and bounded, figures are believed within bounds, pictures and trailers come from
//! known hosts. Nothing else makes a [`FilmData`] or a [`SearchHit`].

mod figures;

use super::SearchHit;
use super::posters::PosterRules;
use crate::domain::abroad::{Abroad, Translation, Translations, WhereToWatch};
use crate::domain::film::{FilmData, Series, Source};
use crate::domain::ids::ImdbId;
use crate::domain::text::{TITLE_CHARS, clean_line, clean_paragraph, title_key};
use figures::{read_count, read_rating, read_runtime, read_year};

/// The longest plot that is kept, in characters.
const PLOT_CHARS: usize = 1_000;

/// The longest genre, and how many are kept.
const GENRE_CHARS: usize = 30;
const GENRES: usize = 6;

/// The longest name, and how many directors are kept.
const NAME_CHARS: usize = 60;
const DIRECTORS: usize = 4;

/// The longest plot of a translation, in characters: there are many of them in a row.
const TRANSLATED_PLOT_CHARS: usize = 300;

/// The longest name of a streaming service, in characters.
const SERVICE_CHARS: usize = 40;

/// The most seasons that a series has, and the most episodes of one.
const SEASONS: u16 = ImdbId::MOST_SEASONS;
const EPISODES: u16 = 9_999;

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
    /// What it is besides a film; `None` for a film.
    pub series: Option<RawSeries>,
    pub translations: Vec<RawTranslation>,
    /// Streaming services by ISO 3166 code.
    pub watch: Vec<(String, Vec<String>)>,
}

/// What a provider told about a series.
#[derive(Debug, Default)]
pub(super) struct RawSeries {
    /// The year or date of its last episode, if it has ended.
    pub ended: Option<String>,
    pub seasons: Option<u64>,
    /// How many episodes the season has, when it was asked for one.
    pub episodes: Option<u64>,
}

/// A film's texts in another language.
#[derive(Debug)]
pub(super) struct RawTranslation {
    /// `de-DE`.
    pub tag: String,
    pub title: Option<String>,
    pub plot: Option<String>,
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
        let season = id.season();
        let titled = |title: Option<String>| title.and_then(|title| clean_title(&title, season));
        let read_series = |series: RawSeries| Series {
            ended: series.ended.and_then(|text| read_year(&text, now)),
            seasons: series.seasons.and_then(|count| read_count(count, SEASONS)),
            season,
            episodes: series.episodes.and_then(|count| read_count(count, EPISODES)),
        };
        let translate = |raw: RawTranslation| {
            let translation = Translation {
                title: titled(raw.title),
                plot: raw.plot.and_then(|plot| clean_plot(&plot, TRANSLATED_PLOT_CHARS)),
            };
            (raw.tag, translation)
        };
        let translations = raw.translations.into_iter().filter(|raw| is_tag(&raw.tag));
        let translations = Translations::new(translations.map(translate));
        let watch = WhereToWatch::new(raw.watch.into_iter().map(|(country, services)| {
            let most = WhereToWatch::MOST_IN_A_COUNTRY;
            (country, clean_list(services, SERVICE_CHARS, most))
        }));
        FilmData {
            v: FilmData::VERSION,
            source,
            title: titled(raw.title).unwrap_or_else(|| id.to_string()),
            year: raw.year.and_then(|text| read_year(&text, now)),
            runtime_min: raw.runtime.and_then(|text| read_runtime(&text)),
            genres: clean_list(raw.genres, GENRE_CHARS, GENRES),
            directors: clean_list(raw.directors, NAME_CHARS, DIRECTORS),
            plot: raw.plot.and_then(|plot| clean_plot(&plot, PLOT_CHARS)),
            rating: raw.rating.and_then(|text| read_rating(&text, source)),
            poster_url: raw.poster.and_then(|url| self.posters.admit(&url)),
            trailer_url: raw.trailer.and_then(|id| trailer_url(&id)),
            series: raw.series.map(read_series),
            abroad: Abroad::known(translations, watch),
        }
    }
}

/// A title, with the season behind it if it is one of a season; `None` if nothing of it can be seen.
fn clean_title(title: &str, season: Option<u16>) -> Option<String> {
    let behind = season.map_or_else(String::new, |season| format!(", season {season}"));
    let title = clean_line(title, TITLE_CHARS - behind.len());
    (!title.is_empty()).then(|| format!("{title}{behind}"))
}

fn clean_plot(plot: &str, max_chars: usize) -> Option<String> {
    Some(clean_paragraph(plot, max_chars)).filter(|plot| !plot.is_empty())
}

/// `de-DE`, `yue-HK`: a language and a region.
fn is_tag(tag: &str) -> bool {
    tag.split_once('-').is_some_and(|(language, region)| {
        let letters = |text: &str| text.bytes().all(|byte| byte.is_ascii_alphabetic());
        letters(language) && letters(region) && (2..=3).contains(&language.len()) && region.len() == 2
    })
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
    fn a_season_is_called_by_its_series_and_its_number_in_every_language() {
        let season = id().with_season(2).expect("a season");
        let raw = RawFilm {
            title: Some("Long ".repeat(80)),
            translations: vec![RawTranslation {
                tag: "de-DE".into(),
                title: Some("Dunkel".into()),
                plot: None,
            }],
            ..RawFilm::default()
        };
        let film = hygiene().film(Source::Tmdb, &season, raw, NOW);
        assert!(film.title.ends_with("…, season 2"), "{}", film.title);
        assert!(film.title.chars().count() <= TITLE_CHARS);
        let abroad = film.abroad.expect("a translation");
        let german = abroad
            .translations
            .find("de")
            .and_then(|german| german.title.clone());
        assert_eq!(german.as_deref(), Some("Dunkel, season 2"));
    }

    #[test]
    fn a_row_of_the_cache_stays_small_whatever_is_told_of_elsewhere() {
        let pairs = || ('a'..='z').flat_map(|one| ('a'..='z').map(move |other| format!("{one}{other}")));
        let raw = RawFilm {
            plot: Some("界".repeat(9_000)),
            translations: pairs()
                .map(|pair| RawTranslation {
                    tag: format!("{pair}-XX"),
                    title: Some("界".repeat(500)),
                    plot: Some("界".repeat(5_000)),
                })
                .collect(),
            watch: pairs()
                .map(|pair| {
                    let services = (0..50).map(|number| format!("{pair} {number} {}", "界".repeat(90)));
                    (pair.to_ascii_uppercase(), services.collect())
                })
                .collect(),
            ..RawFilm::default()
        };
        let film = hygiene().film(Source::Tmdb, &id(), raw, NOW);
        let json = serde_json::to_string(&film).expect("JSON");
        assert!(json.len() < 40 * 1024, "{} bytes", json.len());
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
            number in any::<u64>(),
            season in proptest::option::of(1_u16..=999),
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
                trailer: Some(text.clone()),
                series: Some(RawSeries {
                    ended: Some(text.clone()),
                    seasons: Some(number),
                    episodes: Some(number),
                }),
                translations: ["de-DE", "ja-JP", text.as_str()]
                    .map(|tag| RawTranslation {
                        tag: tag.to_owned(),
                        title: Some(text.clone()),
                        plot: Some(text.repeat(20)),
                    })
                    .into(),
                watch: vec![("DE".to_owned(), vec![text.repeat(9)]), (text.clone(), vec![text])],
            };
            let id = season.map_or_else(id, |season| id().with_season(season).expect("a season"));
            let film = hygiene().film(Source::Tmdb, &id, raw, NOW);
            let abroad = film.abroad.clone().unwrap_or_default();
            let services = abroad.watch.in_country("DE").map_or_else(Vec::new, |here| here.services);
            prop_assert!(services.iter().all(|name| name.chars().count() <= SERVICE_CHARS));
            let german = abroad.translations.find("de").cloned().unwrap_or_default();
            let (title, plot) = (german.title.unwrap_or_default(), german.plot.unwrap_or_default());
            prop_assert!(title.chars().count() <= TITLE_CHARS);
            prop_assert!(plot.chars().count() <= TRANSLATED_PLOT_CHARS);
            prop_assert!(!film.title.is_empty() && film.title.chars().count() <= TITLE_CHARS);
            prop_assert!(film.plot.is_none_or(|plot| plot.chars().count() <= PLOT_CHARS));
            prop_assert!(film.genres.len() <= GENRES && film.directors.len() <= DIRECTORS);
            let seen = film.genres.iter().chain(&film.directors).chain(&services).chain([&film.title, &title]);
            for text in seen {
                prop_assert!(!text.chars().any(char::is_control), "{:?}", text);
            }
        }
    }
}
