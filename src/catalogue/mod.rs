//! Film data from outside: a chain of providers under one deadline, each film fetched once at a time.
//!
//! Owns providers, their health, the negative cache and the hardened fetcher. Knows nothing of the
//! database: callers save what they are given.

mod settings;

use std::time::Duration;

use tokio::time::Instant;
use tokio_util::task::TaskTracker;

use crate::clock::Clock;

use crate::domain::film::{FilmData, Rating, Source};
use crate::domain::ids::ImdbId;

pub use settings::{CatalogueError, CatalogueSettings, CinemetaSettings, OmdbSettings, TmdbSettings};

/// How looking up one film ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// Data, cleaned. `fetched_at` is Unix seconds.
    Found {
        /// The film.
        data: FilmData,
        /// When it arrived, Unix seconds.
        fetched_at: i64,
    },
    /// Every provider that answered says that there is no such film.
    NotFound,
    /// No provider could be asked, or none answered usably.
    Failed,
}

/// What a look-up of several films brought by its deadline.
#[derive(Debug, Clone, Default)]
pub struct Gathered {
    /// The films whose look-up ended, in no order.
    pub outcomes: Vec<(ImdbId, Outcome)>,
    /// The films whose look-up goes on behind.
    pub pending: Vec<ImdbId>,
}

/// A film that a search found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SearchHit {
    /// Its id.
    pub imdb_id: ImdbId,
    /// Its title, cleaned, not empty.
    pub title: String,
    /// Its year.
    pub year: Option<u16>,
    /// Its rating, when the search tells it.
    pub rating: Option<Rating>,
}

/// What a search brought.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SearchResult {
    /// Best first; at most 25.
    pub hits: Vec<SearchHit>,
    /// Whether some provider answered: without hits, `true` means that nobody knows the title and
    /// `false` that nobody could be asked.
    pub answered: bool,
}

/// One provider's health, for `/about` and the operator.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProviderHealth {
    /// Which.
    pub source: Source,
    /// What it is doing.
    pub state: ProviderState,
}

/// What a provider is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProviderState {
    /// It is asked.
    Up,
    /// It failed too often and is left alone for so much longer.
    Resting(Duration),
    /// Its quota is used up for so much longer.
    QuotaUsedUp(Duration),
    /// It refused the key; only a restart asks it again.
    BadKey,
}

/// The chain of providers.
#[derive(Debug, Clone)]
pub struct Catalogue;

impl Catalogue {
    /// The chain that these settings describe. Wall-clock times are the clock's; whatever goes on behind
    /// an asker's back runs on the tracker and ends by itself within the greater of 10 s and three times `fetch_timeout`.
    pub fn new(
        _settings: CatalogueSettings,
        _clock: Clock,
        _tasks: TaskTracker,
    ) -> Result<Self, CatalogueError> {
        todo!()
    }

    /// Looks these films up concurrently and returns at `deadline` at the latest with what is there.
    /// What is not there yet goes on behind, whoever asked and whether they still wait.
    pub async fn look_up_all(&self, _ids: &[ImdbId], _deadline: Instant) -> Gathered {
        todo!()
    }

    /// Searches films by title, within the time given.
    pub async fn search(&self, _title: &str, _year: Option<u16>, _within: Duration) -> SearchResult {
        todo!()
    }

    /// The IMDb id of a film on TMDB, when TMDB is configured and answers within the time given.
    pub async fn resolve_tmdb(&self, _tmdb_id: u64, _within: Duration) -> Option<ImdbId> {
        todo!()
    }

    /// How long until a look-up that failed is worth trying again: the shortest rest of any provider,
    /// zero when one is up, `None` when none will be asked again before a restart.
    pub fn retry_in(&self) -> Option<Duration> {
        todo!()
    }

    /// Every configured provider's health, in the chain's order.
    pub fn health(&self) -> Vec<ProviderHealth> {
        todo!()
    }
}
