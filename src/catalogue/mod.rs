//! Film data from outside: a chain of providers under one deadline, each film fetched once at a time.
//!
//! Owns providers, their health, the negative cache and the hardened fetcher. Knows nothing of the
//! database: callers save what they are given.

mod bodies;
mod budget;
mod desk;
mod fault;
mod fetcher;
mod health;
mod hygiene;
mod links;
mod look_up;
mod posters;
mod probe;
mod providers;
mod recent;
mod records;
mod search;
mod settings;
mod throttle;
mod tolerant;
mod turns;

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::Instant;
use tokio_util::task::TaskTracker;

use crate::clock::Clock;
use crate::domain::film::{FilmData, Rating, Source};
use crate::domain::ids::ImdbId;
use crate::domain::provider_health::Condition;
use crate::metrics::{Metrics, ProviderFigures};
use desk::Desk;
use fetcher::Fetcher;
use health::Health;
use hygiene::Hygiene;
use look_up::Waiting;
use posters::PosterRules;
use providers::Provider;
use recent::Recent;
use search::SearchKey;

pub use bodies::{Contents, read_body};
pub use links::FilmLink;
pub use probe::Probe;
pub use settings::{
    CatalogueError, CatalogueSettings, CinemetaSettings, OMDB_DAILY_LIMIT, OmdbSettings, TmdbSettings,
    WikidataSettings,
};

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
    /// How much of today's requests is used.
    pub usage: Usage,
}

/// A provider's requests since midnight in UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Usage {
    /// Sent today, by this process and by those that it knows of.
    pub requests_today: u64,
    /// How many may be; `None` when the bot sets no limit.
    pub daily_limit: Option<u64>,
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

impl ProviderState {
    /// The condition that this is.
    pub const fn condition(self) -> Condition {
        match self {
            Self::Up => Condition::Up,
            Self::Resting(_) => Condition::Failing,
            Self::QuotaUsedUp(_) => Condition::QuotaUsedUp,
            Self::BadKey => Condition::BadKey,
        }
    }

    /// How much longer it is left alone for; zero where that has no end.
    pub const fn rest(self) -> Duration {
        match self {
            Self::Resting(left) | Self::QuotaUsedUp(left) => left,
            Self::Up | Self::BadKey => Duration::ZERO,
        }
    }
}

/// How often a provider's answers fell into each class since the start.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct AnswerCounts {
    /// It had the film.
    pub found: u64,
    /// It had no such film.
    pub not_found: u64,
    /// It was not reached, was late, or was in trouble.
    pub transient: u64,
    /// Its quota was used up.
    pub quota: u64,
    /// It refused the key.
    pub bad_key: u64,
    /// Its answer could not be read.
    pub unreadable: u64,
}

/// The chain of providers. Clones share everything.
#[derive(Debug, Clone)]
pub struct Catalogue(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    /// In the order in which they are asked for a film.
    chain: Vec<Arc<Provider>>,
    /// In the order in which they are asked for a title.
    searchers: Vec<Arc<Provider>>,
    /// In the order in which they are asked what is behind a link.
    resolvers: Vec<Arc<Provider>>,
    hygiene: Hygiene,
    fetch_timeout: Duration,
    patience: Duration,
    films: Desk<ImdbId, Outcome>,
    searches: Desk<SearchKey, SearchResult>,
    links: Desk<FilmLink, Option<ImdbId>>,
    /// The ids that may be those of series: see [`Catalogue::expect_series`].
    perhaps_series: Mutex<Recent<ImdbId, ()>>,
    clock: Clock,
    tasks: TaskTracker,
    metrics: Metrics,
    /// Is told when a provider's condition has changed.
    changed: Arc<Notify>,
}

/// A request goes on behind for at least this long.
const LEAST_PATIENCE: Duration = Duration::from_secs(10);

/// How long it is remembered that an id may be that of a series.
const SERIES_EXPECTED: Duration = Duration::from_hours(30 * 24);

impl Inner {
    fn may_be_series(&self, id: &ImdbId) -> bool {
        let expected = self.perhaps_series.lock().unwrap_or_else(PoisonError::into_inner);
        id.season().is_some() || expected.get(id, self.clock.unix_ms()).is_some()
    }
}

impl Catalogue {
    /// The chain that these settings describe. Wall-clock times are the clock's; whatever goes on behind
    /// an asker's back runs on the tracker and ends by itself within the greater of 10 s and three times
    /// `fetch_timeout`.
    pub fn new(
        settings: CatalogueSettings,
        clock: Clock,
        tasks: TaskTracker,
    ) -> Result<Self, CatalogueError> {
        Self::measured(settings, clock, tasks, Metrics::new())
    }

    /// The same, counting into these figures.
    pub fn measured(
        settings: CatalogueSettings,
        clock: Clock,
        tasks: TaskTracker,
        metrics: Metrics,
    ) -> Result<Self, CatalogueError> {
        let changed = Arc::new(Notify::new());
        let patience = LEAST_PATIENCE.max(settings.fetch_timeout.saturating_mul(3));
        let fetcher = Fetcher::new(patience)?;
        let mut chain: Vec<Arc<Provider>> = Vec::new();
        for source in &settings.providers {
            if chain.iter().any(|provider| provider.source == *source) {
                continue;
            }
            let health = Health::new(*source, clock.clone(), metrics.clone(), Arc::clone(&changed));
            chain.extend(Provider::configured(
                *source, &settings, &fetcher, &clock, health,
            )?);
        }
        let searchers = search::ORDER
            .iter()
            .filter_map(|source| chain.iter().find(|provider| provider.source == *source))
            .cloned()
            .collect();
        // TMDB knows its own numbers best; Wikidata knows them too, and slugs.
        let tmdb = chain.iter().find(|provider| provider.source == Source::Tmdb);
        let source = Source::Wikidata;
        let health = Health::new(source, clock.clone(), metrics.clone(), Arc::clone(&changed));
        let wikidata = Provider::configured(source, &settings, &fetcher, &clock, health)?;
        let resolvers = tmdb.cloned().into_iter().chain(wikidata).collect();
        Ok(Self(Arc::new(Inner {
            chain,
            searchers,
            resolvers,
            hygiene: Hygiene::new(PosterRules::new(settings.poster_hosts)?),
            fetch_timeout: settings.fetch_timeout,
            patience,
            films: Desk::new(look_up::FILMS_REMEMBERED),
            searches: Desk::new(search::SEARCHES_REMEMBERED),
            links: Desk::new(links::LINKS_REMEMBERED),
            perhaps_series: Mutex::new(Recent::new(look_up::FILMS_REMEMBERED)),
            clock,
            tasks,
            metrics,
            changed,
        })))
    }

    /// Looks these films up concurrently and returns at `deadline` at the latest with what is there.
    /// What is not there yet goes on behind, whoever asked and whether they still wait.
    pub async fn look_up_all(&self, ids: &[ImdbId], deadline: Instant) -> Gathered {
        look_up::look_up_all(&self.0, ids, deadline, Waiting::ForAll).await
    }

    /// As [`Catalogue::look_up_all`], for somebody who is looking on: when no provider can be asked whose
    /// last answer was one, those that can are asked behind and nobody waits. So an outage of all of them
    /// makes one view wait, and none after it.
    pub async fn look_up_briskly(&self, ids: &[ImdbId], deadline: Instant) -> Gathered {
        look_up::look_up_all(&self.0, ids, deadline, Waiting::ForTheWell).await
    }

    /// Has this id looked for among series too, where a provider keeps them apart from films. That costs
    /// another request, so it is for ids that a member names, and for those known to be series.
    pub fn expect_series(&self, id: &ImdbId) {
        let mut expected = self
            .0
            .perhaps_series
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        expected.put(id.clone(), (), SERIES_EXPECTED, self.0.clock.unix_ms());
    }

    /// How looking this film up ended lately, if that is remembered. Asks nobody.
    pub fn recall(&self, id: &ImdbId) -> Option<Outcome> {
        look_up::recall(&self.0, id)
    }

    /// Returns once the look-up of one of these films that is under way now has ended, whatever came of
    /// it; never, if none is.
    pub async fn any_landed(&self, ids: &[ImdbId]) {
        look_up::any_landed(&self.0, ids).await;
    }

    /// Searches films by title, within the time given. A search that takes longer goes on behind, and
    /// its result is there for the next who ask.
    pub async fn search(&self, title: &str, year: Option<u16>, within: Duration) -> SearchResult {
        search::search(&self.0, title, year, within).await
    }

    /// What a search for this title brought lately, if that is remembered. Asks nobody.
    pub fn recall_search(&self, title: &str, year: Option<u16>) -> Option<SearchResult> {
        search::recall(&self.0, title, year)
    }

    /// What the remembered search for the longest beginning of this title brought and has the whole of
    /// it: something to show while the title itself is searched for. Asks nobody.
    pub fn recall_beginning(&self, title: &str) -> Vec<SearchHit> {
        search::recall_beginning(&self.0, title)
    }

    /// The IMDb id of the film that a page of TMDB or Letterboxd is about, if it is found out within the
    /// time given. What takes longer goes on behind, and is there for the next who ask.
    pub async fn resolve(&self, link: &FilmLink, within: Duration) -> Option<ImdbId> {
        links::resolve(&self.0, link, within).await
    }

    /// How long until a look-up that failed is worth trying again: the shortest rest of any provider,
    /// zero when one is up, `None` when none will be asked again before a restart.
    pub fn retry_in(&self) -> Option<Duration> {
        self.0
            .chain
            .iter()
            .filter_map(|provider| provider.health.retry_in())
            .min()
    }

    /// Every configured provider's health, in the chain's order, and then Wikidata's.
    pub fn health(&self) -> Vec<ProviderHealth> {
        let health = |provider: &Arc<Provider>| ProviderHealth {
            source: provider.source,
            state: provider.health.state(),
            usage: provider.budget.usage(),
        };
        self.providers().map(health).collect()
    }

    /// The same as figures.
    pub fn figures(&self) -> Vec<ProviderFigures> {
        let figures = |health: ProviderHealth| ProviderFigures {
            source: health.source,
            condition: health.state.condition(),
            rest: health.state.rest(),
            requests_today: health.usage.requests_today,
            daily_limit: health.usage.daily_limit,
        };
        self.health().into_iter().map(figures).collect()
    }

    /// Every configured provider's answers by class since the start, in the order of their health.
    pub fn answer_counts(&self) -> Vec<(Source, AnswerCounts)> {
        self.providers()
            .map(|provider| (provider.source, provider.health.counts()))
            .collect()
    }

    /// All that are asked for anything.
    fn providers(&self) -> impl Iterator<Item = &Arc<Provider>> {
        let links_only = |provider: &&Arc<Provider>| provider.source == Source::Wikidata;
        self.0
            .chain
            .iter()
            .chain(self.0.resolvers.iter().filter(links_only))
    }
}
