//! Getting film data for the use cases: what the catalogue brings is saved in one write, and neither
//! a provider nor the database can hold up or fail the one who asked.

use std::time::Duration;

use tokio::time::{Instant, timeout};

use super::Service;
use super::poll::LATE_TIME;
use crate::catalogue::{Gathered, Outcome};
use crate::domain::film::{Cached, Film, Freshness};
use crate::domain::ids::{FilmId, ImdbId};
use crate::domain::poll::Details;
use crate::store::FetchedFilm;

/// How long an asker waits for the write of what was fetched. A slower write goes on behind; until it
/// is done the catalogue remembers the outcome, so nothing is fetched twice.
const SAVE_WAIT: Duration = Duration::from_millis(300);

/// What a fetch under a deadline brought.
#[derive(Debug, Default)]
pub(super) struct Fetched {
    pub(super) found: Vec<FetchedFilm>,
    pub(super) not_found: Vec<ImdbId>,
    pub(super) failed: Vec<ImdbId>,
}

impl Fetched {
    pub(super) fn add(&mut self, imdb_id: ImdbId, outcome: Outcome) {
        match outcome {
            Outcome::Found { data, fetched_at } => self.found.push(FetchedFilm {
                imdb_id,
                data,
                fetched_at,
            }),
            Outcome::NotFound => self.not_found.push(imdb_id),
            Outcome::Failed => self.failed.push(imdb_id),
        }
    }

    /// Whether a film's look-up ended for now: its data is here, or nobody knows it.
    pub(super) fn settles(&self, id: &ImdbId) -> bool {
        self.found.iter().any(|film| film.imdb_id == *id) || self.not_found.contains(id)
    }

    /// Whether nothing was settled.
    pub(super) fn is_empty(&self) -> bool {
        self.found.is_empty() && self.not_found.is_empty()
    }

    /// Whether every provider that answered says that there is no such film.
    pub(super) fn unknown(&self, id: &ImdbId) -> bool {
        self.not_found.contains(id)
    }

    /// Puts what was found into the film, and says where its details stand now. `waits` tells whether
    /// what is still missing is worth waiting for.
    pub(super) fn complete(&self, film: &mut Film, waits: bool) -> Details {
        let Some(id) = &film.imdb_id else {
            return Details::None;
        };
        if let Some(fetched) = self.found.iter().find(|fetched| fetched.imdb_id == *id) {
            film.cached = Some(Cached {
                data: fetched.data.clone(),
                cached_at: fetched.fetched_at,
            });
            return Details::Fresh;
        }
        match &film.cached {
            Some(_) => Details::Old,
            None if waits && !self.unknown(id) => Details::OnTheWay,
            None => Details::None,
        }
    }
}

impl Service {
    /// Looks these films up until `deadline` and saves what was found in one write, which is waited for
    /// no longer than [`SAVE_WAIT`].
    pub(super) async fn fetch_and_save(&self, ids: &[ImdbId], deadline: Instant) -> Fetched {
        let gathered = self.catalogue.look_up_all(ids, deadline).await;
        self.save_gathered(gathered).await
    }

    /// The same for somebody who looks on: providers whose last answer was a failure are asked behind, and
    /// nobody waits for them.
    pub(super) async fn fetch_for_view(&self, ids: &[ImdbId], deadline: Instant) -> Fetched {
        let gathered = self.catalogue.look_up_briskly(ids, deadline).await;
        self.save_gathered(gathered).await
    }

    async fn save_gathered(&self, gathered: Gathered) -> Fetched {
        let mut fetched = Fetched::default();
        for (imdb_id, outcome) in gathered.outcomes {
            fetched.add(imdb_id, outcome);
        }
        self.save(fetched.found.clone()).await;
        fetched
    }

    /// What the catalogue remembers of these films. Asks and saves nothing.
    pub(super) fn recall(&self, ids: &[ImdbId]) -> Fetched {
        let mut fetched = Fetched::default();
        for id in ids {
            if let Some(outcome) = self.catalogue.recall(id) {
                fetched.add(id.clone(), outcome);
            }
        }
        fetched
    }

    /// Whether film data that is missing may come while somebody waits for it: some provider is asked, or
    /// will be within [`LATE_TIME`].
    pub(super) fn late_data_may_come(&self) -> bool {
        self.catalogue.retry_in().is_some_and(|rest| rest < LATE_TIME)
    }

    /// Saves film data in one write in a task of its own: neither a slow database nor an asker who goes
    /// away stops it.
    async fn save(&self, films: Vec<FetchedFilm>) {
        if films.is_empty() {
            return;
        }
        let (store, clock) = (self.store.clone(), self.clock.clone());
        let write = self.tasks.spawn(async move {
            if let Err(error) = store.save_films(&films, || clock.key()).await {
                tracing::warn!(films = films.len(), %error, "film data was not saved; it will be fetched again");
            }
        });
        if timeout(SAVE_WAIT, write).await.is_err() {
            tracing::warn!("saving film data takes long; it goes on behind");
        }
    }

    /// The film with this id as the database and, where that is not fresh, the film databases know it,
    /// within the fetch time-out; the index of titles lends its title when they know nothing. `None`:
    /// nobody knows such a film. It is shown in no server's language yet, and its key is `FilmId(0)` while
    /// the database has no row of it.
    pub(super) async fn film_with_data(
        &self,
        id: &ImdbId,
    ) -> Result<Option<(Film, Details)>, super::ServiceError> {
        let known = self
            .store
            .find_film(id)
            .await
            .map_err(super::ServiceError::from_store)?;
        let listed = match &known {
            Some(film) if film.cached.is_some() => None,
            _ => self.titles.find(id).await,
        };
        let mut film = known.unwrap_or_else(|| Film {
            id: FilmId(0),
            imdb_id: Some(id.clone()),
            title: listed
                .as_ref()
                .map_or_else(|| id.to_string(), |listed| listed.title.clone()),
            year: listed.as_ref().and_then(|listed| listed.year),
            cached: None,
            language: None,
        });
        if film.freshness(self.clock.unix_secs(), self.cache_ttl_secs()) == Freshness::Fresh {
            return Ok(Some((film, Details::Fresh)));
        }
        self.catalogue.expect_series(id);
        let deadline = Instant::now() + self.settings.fetch_timeout;
        let fetched = self.fetch_and_save(std::slice::from_ref(id), deadline).await;
        if fetched.unknown(id) && film.cached.is_none() && listed.is_none() {
            return Ok(None);
        }
        let details = fetched.complete(&mut film, self.late_data_may_come());
        Ok(Some((film, details)))
    }

    /// The life of cached film data, in seconds.
    pub(super) fn cache_ttl_secs(&self) -> i64 {
        i64::try_from(self.settings.cache_ttl.as_secs()).unwrap_or(i64::MAX)
    }
}
