//! The use cases: what a member or an organizer can have done. Transactions begin and end here.
//!
//! Knows the store, the catalogue and the clock; knows nothing of Discord's messages.

pub mod ballot;
mod ballot_box;
pub mod error;
pub mod film_card;
mod film_data;
pub mod poll;
pub mod propose;
pub mod provider_health;
pub mod reactions;
pub mod suggest;
pub mod withdraw;

use std::time::Duration;

use tokio_util::task::TaskTracker;

use crate::catalogue::Catalogue;
use crate::clock::Clock;
use crate::metrics::Metrics;
use crate::store::Store;

pub use error::ServiceError;

/// The figures that the use cases keep to.
#[derive(Debug, Clone, Copy)]
pub struct ServiceSettings {
    /// How long film data lives in the database (`metadata.cache_ttl`).
    pub cache_ttl: Duration,
    /// How long a member waits for film data at most (`metadata.fetch_timeout`).
    pub fetch_timeout: Duration,
}

/// The use cases, with what they need. Clones share everything.
#[derive(Debug, Clone)]
pub struct Service {
    store: Store,
    catalogue: Catalogue,
    clock: Clock,
    settings: ServiceSettings,
    tasks: TaskTracker,
    ballot_box: ballot_box::BallotBox,
    /// The store for what the bot notes for itself.
    behind: Store,
    metrics: Metrics,
}

impl Service {
    /// The use cases over this store, catalogue and clock. `tasks` are those that shutdown waits for.
    pub fn new(
        store: Store,
        catalogue: Catalogue,
        clock: Clock,
        settings: ServiceSettings,
        tasks: TaskTracker,
    ) -> Self {
        Self {
            behind: store.behind(),
            metrics: Metrics::new(),
            store,
            catalogue,
            clock,
            settings,
            tasks,
            ballot_box: ballot_box::BallotBox::default(),
        }
    }

    /// The same, counting into these figures.
    pub fn measured(self, metrics: Metrics) -> Self {
        Self { metrics, ..self }
    }

    /// The store for what the bot notes for itself, with counts of its own.
    pub const fn behind(&self) -> &Store {
        &self.behind
    }

    /// The film-data chain, for its health.
    pub const fn catalogue(&self) -> &Catalogue {
        &self.catalogue
    }

    /// The clock that everything here goes by.
    pub const fn clock(&self) -> &Clock {
        &self.clock
    }
}
