//! The chain of providers against providers that misbehave.

mod abroad;
mod cases;
mod chain;
mod failures;
mod flights;
mod health;
mod limits;
mod links;
mod outage;
mod parsing;
mod search;
mod secrets;
mod series;
mod table;
mod week;

use std::time::Duration;

use marquee::catalogue::{AnswerCounts, Catalogue, Gathered, Outcome};
use marquee::clock::Clock;
use marquee::domain::film::{FilmData, Source};
use marquee::domain::ids::ImdbId;
use tokio::time::Instant;
use tokio_util::task::TaskTracker;

use crate::harness::evening::PATIENCE;
use crate::harness::providers::FakeFilms;

/// How long askers wait where nothing is to be waited for.
const FETCH_TIMEOUT: Duration = Duration::from_secs(3);

/// How long they wait where the test waits until it is over.
const HASTE: Duration = Duration::from_secs(1);

/// How much longer than it should a thing may take on a busy machine. With [`FETCH_TIMEOUT`] it stays below
/// the ten seconds after which a request is given up: who waited for one that hangs takes longer.
const SLACK: Duration = Duration::from_secs(6);

/// 2026-11-23 11:00:00 UTC.
const NOW_MS: i64 = 1_795_431_600_000;

/// A catalogue over fake providers, on a clock that stands still.
struct World {
    films: FakeFilms,
    catalogue: Catalogue,
    clock: Clock,
    fetch_timeout: Duration,
}

impl World {
    /// Asks these providers, in this order.
    fn of(films: FakeFilms, providers: &[Source]) -> Self {
        Self::with_timeout(films, providers, FETCH_TIMEOUT)
    }

    /// The same with little patience.
    fn hasty(films: FakeFilms, providers: &[Source]) -> Self {
        Self::with_timeout(films, providers, HASTE)
    }

    fn with_timeout(films: FakeFilms, providers: &[Source], fetch_timeout: Duration) -> Self {
        let clock = Clock::manual(NOW_MS);
        let settings = films.settings(providers, fetch_timeout);
        let catalogue =
            Catalogue::new(settings, clock.clone(), TaskTracker::new()).expect("settings that can be used");
        Self {
            films,
            catalogue,
            clock,
            fetch_timeout,
        }
    }

    /// Looks films up with the patience of this world.
    async fn look_up(&self, ids: &[ImdbId]) -> Gathered {
        let deadline = Instant::now() + self.fetch_timeout;
        self.catalogue.look_up_all(ids, deadline).await
    }

    /// Looks one film up and waits for its outcome however long the look-up goes on behind.
    async fn outcome(&self, id: &ImdbId) -> Outcome {
        let deadline = Instant::now() + Duration::from_secs(30);
        let mut gathered = self
            .catalogue
            .look_up_all(std::slice::from_ref(id), deadline)
            .await;
        let (found, outcome) = gathered.outcomes.pop().expect("an outcome");
        assert_eq!(&found, id);
        outcome
    }

    /// The data of a film that is found.
    async fn data(&self, id: &ImdbId) -> FilmData {
        match self.outcome(id).await {
            Outcome::Found { data, .. } => data,
            other => panic!("{id} should be found: {other:?}"),
        }
    }

    fn counts(&self, source: Source) -> AnswerCounts {
        self.catalogue
            .answer_counts()
            .into_iter()
            .find(|(of, _)| *of == source)
            .map(|(_, counts)| counts)
            .expect("a configured provider")
    }
}

/// Waits until something holds; what it is stands in the message if it never does.
async fn eventually(what: &str, mut holds: impl FnMut() -> bool) {
    let end = Instant::now() + PATIENCE;
    while !holds() {
        assert!(Instant::now() < end, "never came: {what}");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

fn id(text: &str) -> ImdbId {
    text.parse().expect("an IMDb id")
}
