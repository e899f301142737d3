//! A film: what identifies it, what is known about it, and how long that knowledge lives.

use serde::{Deserialize, Serialize};

use super::abroad::{Abroad, Translation, WatchHere};
use super::film_query::TypedTitle;
use super::ids::{FilmId, ImdbId};
use super::settings::{Country, Language};
use super::text::title_key;

/// Where film data came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Source {
    /// themoviedb.org.
    Tmdb,
    /// omdbapi.com.
    Omdb,
    /// Stremio's Cinemeta.
    Cinemeta,
    /// Wikidata, which is asked what links mean and never for film data.
    Wikidata,
}

impl Source {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Tmdb, Self::Omdb, Self::Cinemeta, Self::Wikidata];

    /// For how long at most what it told may be kept, in seconds; `None` where nobody says. TMDB's terms allow six
    /// months: 180 days are less than any six.
    pub const fn kept_secs(self) -> Option<i64> {
        match self {
            Self::Tmdb => Some(180 * 86_400),
            Self::Omdb | Self::Cinemeta | Self::Wikidata => None,
        }
    }

    /// Whether it is asked for film data; else it is only asked what links mean.
    pub const fn has_films(self) -> bool {
        !matches!(self, Self::Wikidata)
    }

    /// The name as configuration and logs write it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Tmdb => "tmdb",
            Self::Omdb => "omdb",
            Self::Cinemeta => "cinemeta",
            Self::Wikidata => "wikidata",
        }
    }

    /// The source with this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|source| source.as_str() == name)
    }

    /// The name as people read it.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Tmdb => "TMDB",
            Self::Omdb => "OMDb",
            Self::Cinemeta => "Cinemeta",
            Self::Wikidata => "Wikidata",
        }
    }
}

/// Whose rating it is: TMDB has its own, the others pass on IMDb's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum RatingSource {
    /// IMDb's members.
    Imdb,
    /// TMDB's members.
    Tmdb,
}

impl RatingSource {
    /// The name as people read it.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Imdb => "IMDb",
            Self::Tmdb => "TMDB",
        }
    }
}

/// A rating out of ten, kept in tenths: 87 is 8.7. Between 1 and 100.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rating {
    /// Tenths of a point, 1 to 100.
    pub tenths: u8,
    /// Who gave it.
    pub source: RatingSource,
}

/// What a provider told about a film, cleaned (facts: providers, "Text and pictures"). This is what
/// `films.cached_imdb_data` holds as JSON; a shape that no longer reads is a cache miss.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FilmData {
    /// Version of this JSON's shape, [`FilmData::VERSION`]; another one is a miss.
    pub v: u8,
    /// Who told it.
    pub source: Source,
    /// The title, plain text, never empty.
    pub title: String,
    /// Year of release, 1870 to a decade ahead.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub year: Option<u16>,
    /// Runtime in minutes, 1 to 1,440.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub runtime_min: Option<u16>,
    /// Genres, most telling first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub genres: Vec<String>,
    /// Directors.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub directors: Vec<String>,
    /// Plot in a sentence or a few, plain text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub plot: Option<String>,
    /// Rating with its source.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rating: Option<Rating>,
    /// Poster, on a host that is trusted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub poster_url: Option<String>,
    /// Trailer on YouTube.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trailer_url: Option<String>,
    /// What makes it a series, or a season of one; `None` for a film.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub series: Option<Series>,
    /// What it is called, and where it can be watched, elsewhere.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub abroad: Option<Box<Abroad>>,
}

/// What is known of a series, or of a season of one, besides what is known of a film.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Series {
    /// The year of its last episode; `None` while it goes on, or when that is not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended: Option<u16>,
    /// How many seasons the series has.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seasons: Option<u16>,
    /// Which season this is; `None` for the whole series.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub season: Option<u16>,
    /// How many episodes the season has.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub episodes: Option<u16>,
}

impl FilmData {
    /// The version of the JSON's shape that this code writes and reads. What was added since it was first
    /// written may be missing.
    pub const VERSION: u8 = 1;
}

/// Cached film data with its age.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cached {
    /// What is known.
    pub data: FilmData,
    /// When it was fetched, Unix seconds.
    pub cached_at: i64,
}

/// Whether cached data may be used as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Freshness {
    /// Younger than the cache's life: no outside call.
    Fresh,
    /// Expired, or dated in the future: renew it, and show it if that fails.
    Expired,
    /// Nothing there.
    Missing,
}

impl Cached {
    /// A row dated further ahead than this is not believed: the clock was set back, and without
    /// this bound such an entry would stay valid for ever. Seconds.
    pub const CLOCK_SLACK_SECS: i64 = 300;

    /// Whether this row still serves at `now`, when rows live for `ttl_secs` (Unix seconds, seconds).
    pub fn freshness(&self, now: i64, ttl_secs: i64) -> Freshness {
        let age = now.saturating_sub(self.cached_at);
        if (-Self::CLOCK_SLACK_SECS..ttl_secs).contains(&age) {
            Freshness::Fresh
        } else {
            Freshness::Expired
        }
    }
}

/// A film as the database knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Film {
    /// Its key.
    pub id: FilmId,
    /// Its identity; `None` for a free-text film of one server.
    pub imdb_id: Option<ImdbId>,
    /// The title as it was known when the film was first proposed: what remains when there is no data.
    pub title: String,
    /// The year as it was known then.
    pub year: Option<u16>,
    /// Cached data, fresh or expired.
    pub cached: Option<Cached>,
    /// The language of the server in which it is shown, where it set one; `None` outside of any server.
    pub language: Option<Language>,
}

impl Film {
    /// The title to show: in the server's language where the provider told it, else the one it has everywhere.
    pub fn shown_title(&self) -> &str {
        let translated = self.translation().and_then(|known| known.title.as_deref());
        translated.unwrap_or_else(|| self.common_title())
    }

    /// The title that it has whatever the server's language: the cached one, or the one it was proposed under.
    pub fn common_title(&self) -> &str {
        self.cached
            .as_ref()
            .map_or(&self.title, |cached| &cached.data.title)
    }

    /// The plot to show, in the server's language where the provider told it.
    pub fn shown_plot(&self) -> Option<&str> {
        let translated = self.translation().and_then(|known| known.plot.as_deref());
        translated.or_else(|| self.cached.as_ref()?.data.plot.as_deref())
    }

    fn translation(&self) -> Option<&Translation> {
        let abroad = self.cached.as_ref()?.data.abroad.as_deref()?;
        abroad.translations.find(self.language.as_ref()?.as_str())
    }

    /// Whether this is what somebody typed: its title as shown here or as it is everywhere, perhaps with its year.
    pub fn is_called(&self, typed: &TypedTitle) -> bool {
        let names = [self.shown_title(), self.common_title()].map(title_key);
        let is = |title: &str| names.contains(&title_key(title));
        is(&typed.whole)
            || typed
                .with_year
                .as_ref()
                .is_some_and(|(title, year)| self.shown_year() == Some(*year) && is(title))
    }

    /// Whether a title of it, as shown here or as it is everywhere, contains this [`title_key`].
    pub fn title_contains(&self, key: &str) -> bool {
        [self.shown_title(), self.common_title()]
            .map(title_key)
            .iter()
            .any(|title| title.contains(key))
    }

    /// The year to show.
    pub fn shown_year(&self) -> Option<u16> {
        self.cached
            .as_ref()
            .and_then(|cached| cached.data.year)
            .or(self.year)
    }

    /// Where it can be watched in a server's country, if both are known.
    pub fn watch_in(&self, country: Option<&Country>) -> Option<WatchHere> {
        let abroad = self.cached.as_ref()?.data.abroad.as_deref()?;
        abroad.watch.in_country(country?.as_str())
    }

    /// Whether it is known to be a series, or a season of one.
    pub fn is_series(&self) -> bool {
        let known = self
            .cached
            .as_ref()
            .is_some_and(|cached| cached.data.series.is_some());
        known || self.imdb_id.as_ref().is_some_and(|id| id.season().is_some())
    }

    /// Whether the film's data must be fetched at `now`. Free-text films are never fetched.
    pub fn freshness(&self, now: i64, ttl_secs: i64) -> Freshness {
        self.cached
            .as_ref()
            .map_or(Freshness::Missing, |cached| cached.freshness(now, ttl_secs))
    }

    /// The id to fetch, when this film can be fetched and needs it.
    pub fn wants_fetch(&self, now: i64, ttl_secs: i64) -> Option<&ImdbId> {
        match self.freshness(now, ttl_secs) {
            Freshness::Fresh => None,
            Freshness::Expired | Freshness::Missing => self.imdb_id.as_ref(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: i64 = 3600;

    fn cached_at(cached_at: i64) -> Cached {
        Cached {
            data: FilmData {
                v: FilmData::VERSION,
                source: Source::Cinemeta,
                title: "Alien".into(),
                year: Some(1979),
                runtime_min: None,
                genres: vec![],
                directors: vec![],
                plot: None,
                rating: None,
                poster_url: None,
                trailer_url: None,
                series: None,
                abroad: None,
            },
            cached_at,
        }
    }

    #[test]
    fn rows_live_for_the_ttl_and_not_longer() {
        let now = 1_790_000_000;
        let ttl = 24 * HOUR;
        assert_eq!(cached_at(now).freshness(now, ttl), Freshness::Fresh);
        assert_eq!(cached_at(now - 23 * HOUR).freshness(now, ttl), Freshness::Fresh);
        assert_eq!(cached_at(now - 24 * HOUR).freshness(now, ttl), Freshness::Expired);
        assert_eq!(cached_at(now - 25 * HOUR).freshness(now, ttl), Freshness::Expired);
    }

    #[test]
    fn a_row_from_the_future_is_not_valid_for_ever() {
        let now = 1_790_000_000;
        assert_eq!(cached_at(now + 60).freshness(now, 24 * HOUR), Freshness::Fresh);
        assert_eq!(
            cached_at(now + HOUR).freshness(now, 24 * HOUR),
            Freshness::Expired
        );
        assert_eq!(
            cached_at(i64::MAX).freshness(i64::MIN, 24 * HOUR),
            Freshness::Expired
        );
    }
}
