//! The operator's refresh: every film that wants it, oldest first, as fast as is polite, in constant memory.

use std::collections::{HashMap, VecDeque};
use std::time::Duration;

use tokio_util::sync::CancellationToken;

use super::{Batch, CLAIM_SECS, Crew};
use crate::catalogue::{Outcome, ProviderState};
use crate::domain::film::{Film, FilmData, Source};
use crate::domain::ids::ImdbId;
use crate::service::{Service, ServiceError};
use crate::store::{Place, StoreError, Wanted};

/// Look-ups at a time, so no provider has more of them either.
const AT_A_TIME: usize = 8;

/// Films that are saved in one write: a kill loses no more.
const FILMS_A_WRITE: usize = 50;

/// Films of which the names are in memory at a time.
const FILMS_A_PAGE: u32 = 1000;

/// How long a rest of the providers is waited for; a longer one ends the run.
const LONGEST_WAIT: Duration = Duration::from_mins(2);

/// Rests in a row without an answer in between after which the run ends.
const MOST_RESTS: u32 = 3;

/// How often a film is asked for whose look-up failed when the providers began to rest.
const MOST_ATTEMPTS: u8 = 2;

/// How long what is under way may take to end after a stop was asked for.
const AFTER_STOP: Duration = Duration::from_secs(5);

/// How often, and how far apart, a write is tried that found the database busy.
const SAVE_ATTEMPTS: u32 = 5;
const SAVE_AGAIN: Duration = Duration::from_secs(1);

/// What an operator asked for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct RefreshPlan {
    /// Every film in the database, not only those of active proposals and of late picks.
    pub all: bool,
    /// Data of this age is too old; the cache's life when it is not said, a second at least.
    pub older_than: Option<Duration>,
    /// So many films at most.
    pub limit: Option<u64>,
}

/// What a plan comes to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ToRefresh {
    /// Films without data.
    pub missing: u64,
    /// Films whose data is too old.
    pub old: u64,
    /// How many of them will be asked for.
    pub asked: u64,
}

/// How far a run has come.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct RefreshTally {
    /// Films whose data is new or other than before.
    pub changed: u64,
    /// Films whose data is what it was, and fresh again.
    pub unchanged: u64,
    /// Films that no provider knows; what was known of them stays.
    pub not_found: u64,
    /// Films about which nobody answered.
    pub failed: u64,
}

impl RefreshTally {
    /// How many films are done with.
    pub const fn asked(&self) -> u64 {
        self.changed + self.unchanged + self.not_found + self.failed
    }
}

/// News of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Progress {
    /// So many films were asked for.
    Asked(u64),
    /// Every provider rests; they are asked again after so long.
    Resting(Duration),
}

/// Why a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RefreshEnd {
    /// Every film was asked for.
    Done,
    /// It was told to stop.
    Stopped,
    /// A provider's quota is used up for so much longer, and no other one can be asked.
    QuotaUsedUp(Source, Duration),
    /// No provider answers.
    NobodyAnswers,
    /// The keys of all providers are refused, or there is no provider.
    NobodyToAsk,
}

/// What a run came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Refreshed {
    /// The films, by what came of them.
    pub tally: RefreshTally,
    /// Why it ended.
    pub end: RefreshEnd,
}

impl Service {
    /// What a plan comes to now. Asks nobody.
    pub async fn count_films_to_refresh(&self, plan: RefreshPlan) -> Result<ToRefresh, ServiceError> {
        let counted = self.store.count_films_to_renew(self.wanted(plan)).await;
        let counted = counted.map_err(ServiceError::from_store)?;
        let (missing, old) = (u64::from(counted.missing), u64::from(counted.old));
        Ok(ToRefresh {
            missing,
            old,
            asked: plan.limit.unwrap_or(u64::MAX).min(missing + old),
        })
    }

    /// Renews the data of the films that the plan names, those without data first, then the oldest. What was
    /// renewed is saved every [`FILMS_A_WRITE`] films and is not asked for by the next run, so a run that was
    /// ended is taken up by another one. After `stop` nothing new is asked for; what is under way ends within
    /// five seconds and is saved.
    pub async fn refresh_films(
        &self,
        plan: RefreshPlan,
        stop: &CancellationToken,
        mut news: impl FnMut(Progress),
    ) -> Result<Refreshed, ServiceError> {
        let mut run = Run {
            service: self,
            crew: Crew::new(self, AT_A_TIME),
            queue: Queue::new(self.wanted(plan), plan.limit),
            batch: Batch::default(),
            under_way: HashMap::new(),
            tally: RefreshTally::default(),
            rests: 0,
        };
        let ended = run.ask_for_all(stop, &mut news).await;
        // Also after a failure: what has come is saved if that is possible at all.
        let under_way = run.under_way.drain().map(|(imdb_id, _)| imdb_id);
        run.batch.unasked = run.queue.claimed().chain(under_way).collect();
        let saved = run.save().await;
        let end = ended.and_then(|end| saved.map(|()| end));
        Ok(Refreshed {
            end: end.map_err(ServiceError::from_store)?,
            tally: run.tally,
        })
    }

    fn wanted(&self, plan: RefreshPlan) -> Wanted {
        let age = plan.older_than.unwrap_or(self.settings.cache_ttl);
        let age_secs = i64::try_from(age.as_secs()).unwrap_or(i64::MAX).max(1);
        let now = self.clock.unix_secs();
        Wanted {
            all: plan.all,
            now,
            fetched_by: now.saturating_sub(age_secs),
        }
    }
}

/// The films of a run that are still to be asked for.
struct Queue {
    wanted: Wanted,
    films: VecDeque<(ImdbId, u8)>,
    after: Option<Place>,
    left: u64,
}

impl Queue {
    fn new(wanted: Wanted, limit: Option<u64>) -> Self {
        Self {
            wanted,
            films: VecDeque::new(),
            after: None,
            left: limit.unwrap_or(u64::MAX),
        }
    }

    /// Whether there is another film to ask for. Those of a page are claimed together, so that the background
    /// does not ask for them too.
    async fn has_more(&mut self, service: &Service) -> Result<bool, StoreError> {
        if self.films.is_empty() && self.left > 0 {
            let limit = u32::try_from(self.left).unwrap_or(u32::MAX).min(FILMS_A_PAGE);
            let page = patiently(|| {
                let after = self.after.as_ref();
                service.store.list_films_to_renew(self.wanted, after, limit)
            })
            .await?;
            self.left = match page.len() {
                0 => 0,
                films => self.left - films as u64,
            };
            self.after = page.last().cloned();
            let until = service.clock.unix_secs() + CLAIM_SECS;
            let claims: Vec<_> = page.iter().map(|place| (place.imdb_id.clone(), until)).collect();
            patiently(|| service.store.upsert_renewals(&claims)).await?;
            self.films
                .extend(page.into_iter().map(|place| (place.imdb_id, 0)));
        }
        Ok(!self.films.is_empty())
    }

    /// What was claimed and not asked for.
    fn claimed(&mut self) -> impl Iterator<Item = ImdbId> {
        self.films.drain(..).map(|(imdb_id, _)| imdb_id)
    }
}

/// A run under way.
struct Run<'a> {
    service: &'a Service,
    crew: Crew<'a>,
    queue: Queue,
    /// Films that are being asked for, with how often they were before.
    under_way: HashMap<ImdbId, u8>,
    batch: Batch,
    tally: RefreshTally,
    /// Rests in a row without an answer in between.
    rests: u32,
}

impl Run<'_> {
    async fn ask_for_all(
        &mut self,
        stop: &CancellationToken,
        news: &mut impl FnMut(Progress),
    ) -> Result<RefreshEnd, StoreError> {
        let mut given_up = std::pin::pin!(async {
            stop.cancelled().await;
            tokio::time::sleep(AFTER_STOP).await;
        });
        let mut asked = 0;
        loop {
            while self.crew.has_room()
                && !stop.is_cancelled()
                && self.queue.has_more(self.service).await?
                && let Some((imdb_id, before)) = self.queue.films.pop_front()
            {
                self.under_way.insert(imdb_id.clone(), before);
                self.crew.start(imdb_id);
            }
            let ended = tokio::select! {
                biased;
                ended = self.crew.next() => ended,
                () = &mut given_up => return Ok(RefreshEnd::Stopped),
            };
            if let Some((imdb_id, outcome)) = ended {
                let attempts = self.under_way.remove(&imdb_id).unwrap_or_default() + 1;
                if outcome != Outcome::Failed {
                    self.rests = 0;
                } else if attempts < MOST_ATTEMPTS && !self.service.providers_answer() {
                    self.queue.films.push_front((imdb_id, attempts));
                    continue;
                }
                self.batch.fetched.add(imdb_id, outcome);
                asked += 1;
                news(Progress::Asked(asked));
                if self.batch.len() >= FILMS_A_WRITE {
                    self.save().await?;
                }
            } else if !self.queue.has_more(self.service).await? {
                return Ok(RefreshEnd::Done);
            } else if stop.is_cancelled() {
                return Ok(RefreshEnd::Stopped);
            } else if let Some(end) = self.rest(stop, news).await? {
                return Ok(end);
            }
        }
    }

    /// Waits until some provider may be asked again; why the run ends, if that is not worth waiting for.
    async fn rest(
        &mut self,
        stop: &CancellationToken,
        news: &mut impl FnMut(Progress),
    ) -> Result<Option<RefreshEnd>, StoreError> {
        // A rest may be long: nothing that has come waits for its end.
        self.save().await?;
        let rest = match self.service.catalogue.retry_in() {
            None => return Ok(Some(RefreshEnd::NobodyToAsk)),
            // It has ended meanwhile.
            Some(Duration::ZERO) => return Ok(None),
            Some(rest) => rest,
        };
        if rest > LONGEST_WAIT {
            let health = self.service.catalogue.health();
            let quota = health.iter().filter_map(|provider| match provider.state {
                ProviderState::QuotaUsedUp(left) => Some((provider.source, left)),
                _ => None,
            });
            return Ok(Some(
                quota
                    .min_by_key(|(_, left)| *left)
                    .map_or(RefreshEnd::NobodyAnswers, |(source, left)| {
                        RefreshEnd::QuotaUsedUp(source, left)
                    }),
            ));
        }
        if self.rests >= MOST_RESTS {
            return Ok(Some(RefreshEnd::NobodyAnswers));
        }
        self.rests += 1;
        let clock = &self.service.clock;
        let rest_ms = i64::try_from(rest.as_millis()).unwrap_or(i64::MAX);
        let over_at = clock.unix_ms().saturating_add(rest_ms);
        news(Progress::Resting(rest));
        tokio::select! {
            () = stop.cancelled() => {}
            () = clock.reaches_ms(over_at) => {}
        }
        Ok(None)
    }

    /// Saves what has come since the last time; what can't be saved now is kept for another time.
    async fn save(&mut self) -> Result<(), StoreError> {
        let batch = std::mem::take(&mut self.batch);
        let saved = self.save_batch(&batch).await;
        if saved.is_err() {
            self.batch = batch;
        }
        saved
    }

    async fn save_batch(&mut self, batch: &Batch) -> Result<(), StoreError> {
        let service = self.service;
        let ids: Vec<ImdbId> = batch
            .fetched
            .found
            .iter()
            .map(|film| film.imdb_id.clone())
            .collect();
        let before = patiently(|| service.store.find_films(&ids)).await?;
        patiently(|| service.settle(batch)).await?;
        let before: HashMap<_, _> = before.into_iter().filter_map(known).collect();
        for film in &batch.fetched.found {
            match before.get(&film.imdb_id) {
                Some(data) if *data == film.data => self.tally.unchanged += 1,
                _ => self.tally.changed += 1,
            }
        }
        self.tally.not_found += batch.fetched.not_found.len() as u64;
        self.tally.failed += batch.fetched.failed.len() as u64;
        Ok(())
    }
}

fn known(film: Film) -> Option<(ImdbId, FilmData)> {
    Some((film.imdb_id?, film.cached?.data))
}

/// Does this again a few times when the database is busy: the bot may be writing.
async fn patiently<T, Work>(mut work: impl FnMut() -> Work) -> Result<T, StoreError>
where
    Work: Future<Output = Result<T, StoreError>>,
{
    let mut attempt = 1;
    loop {
        match work().await {
            Err(error) if error.is_busy() && attempt < SAVE_ATTEMPTS => {
                attempt += 1;
                tracing::debug!(%error, "the database is busy; once more");
                tokio::time::sleep(SAVE_AGAIN).await;
            }
            done => return done,
        }
    }
}
