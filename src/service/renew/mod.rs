//! Renewing film data while no member waits for it: behind, before it expires, and by the operator's command.
//!
//! Owns which films are asked for and how fast. What is asked how is the catalogue's business: a provider that
//! rests is not asked here either.

mod behind;
mod refresh;

use std::time::Duration;

use futures::future::BoxFuture;
use futures::stream::{FuturesUnordered, StreamExt as _};
use tokio::time::Instant;

use super::Service;
use super::film_data::Fetched;
use crate::catalogue::Outcome;
use crate::domain::ids::ImdbId;
use crate::store::StoreError;

pub use behind::Renewed;
pub use refresh::{Progress, RefreshEnd, RefreshPlan, RefreshTally, Refreshed, ToRefresh};

/// How long a look-up is waited for: as long as one goes on behind, since nobody is kept waiting here.
const LOOK_UP: Duration = Duration::from_secs(10);

/// For how long a film belongs to who claimed it: longer than a batch of them takes. Whoever claimed it and
/// died leaves it to others after that. Seconds.
const CLAIM_SECS: i64 = 10 * 60;

/// When a film is asked for again whose look-up failed, and one that nobody knows. Seconds.
const FAILED_SECS: i64 = 30 * 60;
const NOT_FOUND_SECS: i64 = 6 * 3600;

/// What came of a batch of look-ups.
#[derive(Debug, Default)]
struct Batch {
    fetched: Fetched,
    /// Claimed, and not asked for after all.
    unasked: Vec<ImdbId>,
}

impl Batch {
    fn len(&self) -> usize {
        let Fetched {
            found,
            not_found,
            failed,
        } = &self.fetched;
        found.len() + not_found.len() + failed.len()
    }
}

/// Look-ups that are under way, a bounded number at a time. Until one was answered it is one at a time: when
/// nobody answers, that is the one probe that is asked, and no other film has been asked for in vain.
struct Crew<'a> {
    service: &'a Service,
    at_a_time: usize,
    answered: bool,
    under_way: FuturesUnordered<BoxFuture<'a, (ImdbId, Outcome)>>,
}

impl<'a> Crew<'a> {
    fn new(service: &'a Service, at_a_time: usize) -> Self {
        Self {
            service,
            at_a_time,
            answered: false,
            under_way: FuturesUnordered::new(),
        }
    }

    /// Whether another look-up may be started now.
    fn has_room(&self) -> bool {
        let at_a_time = if self.answered { self.at_a_time } else { 1 };
        self.under_way.len() < at_a_time && self.service.providers_answer()
    }

    fn start(&mut self, imdb_id: ImdbId) {
        let catalogue = &self.service.catalogue;
        self.under_way.push(Box::pin(async move {
            let deadline = Instant::now() + LOOK_UP;
            let mut gathered = catalogue
                .look_up_all(std::slice::from_ref(&imdb_id), deadline)
                .await;
            let ended = gathered.outcomes.pop();
            (imdb_id, ended.map_or(Outcome::Failed, |(_, outcome)| outcome))
        }));
    }

    /// The next look-up that ends; `None` when none is under way.
    async fn next(&mut self) -> Option<(ImdbId, Outcome)> {
        let (imdb_id, outcome) = self.under_way.next().await?;
        if outcome != Outcome::Failed {
            self.answered = true;
        } else if !self.service.providers_answer() {
            self.answered = false;
        }
        Some((imdb_id, outcome))
    }
}

impl Service {
    /// Whether some film database may be asked at once.
    fn providers_answer(&self) -> bool {
        self.catalogue.retry_in() == Some(Duration::ZERO)
    }

    /// Saves what was found, in one write, and lets go of the batch: what failed or is unknown is put off, the
    /// rest is free again. The old data of a film that nobody knows any more stays.
    async fn settle(&self, batch: &Batch) -> Result<(), StoreError> {
        let now = self.clock.unix_secs();
        self.behind
            .save_films(&batch.fetched.found, || self.clock.key())
            .await?;
        let put_off = |films: &[ImdbId], secs: i64| {
            films
                .iter()
                .map(|imdb_id| (imdb_id.clone(), now + secs))
                .collect::<Vec<_>>()
        };
        let mut later = put_off(&batch.fetched.failed, FAILED_SECS);
        later.extend(put_off(&batch.fetched.not_found, NOT_FOUND_SECS));
        self.behind.upsert_renewals(&later).await?;

        let found = batch.fetched.found.iter().map(|film| &film.imdb_id);
        let free: Vec<ImdbId> = found.chain(&batch.unasked).cloned().collect();
        self.behind.delete_renewals(&free, now - CLAIM_SECS).await
    }
}
