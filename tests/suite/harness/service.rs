//! The use cases over a database and film databases of a test's own, without a running bot.

use std::time::Duration;

use marquee::catalogue::{Catalogue, CatalogueSettings};
use marquee::clock::Clock;
use marquee::domain::film::Source;
use marquee::service::{Service, ServiceSettings};
use marquee::store::Store;
use tokio_util::task::TaskTracker;

use super::providers::FakeFilms;

/// How long film data is waited for where nothing is to be waited for.
const FETCH_TIMEOUT: Duration = Duration::from_secs(3);

/// The use cases over this database, with Cinemeta alone.
pub fn service_with_cinemeta(
    store: &Store,
    films: &FakeFilms,
    clock: &Clock,
    tasks: &TaskTracker,
) -> Service {
    let catalogue = films.settings(&[Source::Cinemeta], FETCH_TIMEOUT);
    service_over(store, catalogue, clock, tasks)
}

/// The use cases over this database and this chain of film databases, whose data lives for a day.
pub fn service_over(
    store: &Store,
    catalogue: CatalogueSettings,
    clock: &Clock,
    tasks: &TaskTracker,
) -> Service {
    let settings = ServiceSettings {
        cache_ttl: Duration::from_hours(24),
        fetch_timeout: catalogue.fetch_timeout,
    };
    let catalogue = Catalogue::new(catalogue, clock.clone(), tasks.clone());
    Service::new(
        store.clone(),
        catalogue.expect("settings that can be used"),
        clock.clone(),
        settings,
        tasks.clone(),
    )
}
