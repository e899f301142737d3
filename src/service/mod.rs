//! The use cases: what a member or an organizer can have done. Transactions begin and end here.
//!
//! Knows the store, the catalogue and the clock; knows nothing of Discord's messages.

pub mod announce;
pub mod ballot;
mod ballot_box;
pub mod departed;
pub mod drafts;
pub mod error;
pub mod export;
pub mod film_card;
mod film_data;
mod find_title;
mod forget;
pub mod import_titles;
mod meant;
pub mod pick;
pub mod poll;
pub mod propose;
pub mod provider_health;
pub mod reactions;
pub mod renew;
pub mod results;
pub mod rounds;
pub mod settings;
pub mod suggest;
pub mod titles;
mod typing;
pub mod watched;
pub mod withdraw;

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use tokio_util::task::TaskTracker;

use crate::catalogue::Catalogue;
use crate::clock::Clock;
use crate::domain::ids::{RoleId, RoundId};
use crate::domain::policy::{Actor, Organizer};
use crate::domain::round::Rules;
use crate::domain::voter::BallotKey;
use crate::metrics::Metrics;
use crate::store::{NewRound, Store};

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
    /// Who tells of members; not known before the connection to Discord is set up.
    membership: Arc<OnceLock<Arc<dyn departed::Membership>>>,
    titles: titles::TitleIndex,
    typing: typing::Typing,
    /// The store for what the bot notes for itself.
    behind: Store,
    metrics: Metrics,
    bells: rounds::Bells,
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
            titles: titles::TitleIndex::new(store.clone()),
            typing: typing::Typing::default(),
            behind: store.behind(),
            metrics: Metrics::new(),
            store,
            catalogue,
            clock,
            settings,
            tasks,
            ballot_box: ballot_box::BallotBox::default(),
            bells: rounds::Bells::default(),
            membership: Arc::default(),
        }
    }

    /// The same, counting into these figures.
    pub fn measured(self, metrics: Metrics) -> Self {
        Self { metrics, ..self }
    }

    /// The same for work that nobody waits for: what it costs is counted apart.
    pub fn in_background(&self) -> Self {
        Self {
            store: self.behind.clone(),
            ..self.clone()
        }
    }

    /// The store for what the bot notes for itself, with counts of its own.
    pub const fn behind(&self) -> &Store {
        &self.behind
    }

    /// The film-data chain, for its health.
    pub const fn catalogue(&self) -> &Catalogue {
        &self.catalogue
    }

    /// What those who wait for rounds listen to.
    pub const fn bells(&self) -> &rounds::Bells {
        &self.bells
    }

    /// Whether the member who asks, with these roles, is an organizer of their server (0 statements for those
    /// with Manage Server, else 1).
    ///
    /// # Errors
    /// Refused with `NotOrganizer`.
    pub async fn organizer(&self, actor: Actor, roles: &[RoleId]) -> Result<Organizer, ServiceError> {
        let role = if actor.manages_server || roles.is_empty() {
            None
        } else {
            let settings = self.store.find_settings(actor.guild).await;
            settings.map_err(ServiceError::from_store)?.organizer_role
        };
        Ok(Organizer::prove(actor, roles, role)?)
    }

    /// As [`Service::organizer`], for what others may do too: `None` for a member who is no organizer.
    ///
    /// # Errors
    /// When the database cannot say who is one.
    pub async fn organizer_if_one(
        &self,
        actor: Actor,
        roles: &[RoleId],
    ) -> Result<Option<Organizer>, ServiceError> {
        match self.organizer(actor, roles).await {
            Ok(organizer) => Ok(Some(organizer)),
            Err(ServiceError::Refused(_)) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// A round under these rules, to be opened by this member now.
    fn new_round(&self, by: Actor, rules: Rules, now: i64) -> NewRound {
        NewRound {
            id: RoundId(self.clock.key()),
            guild: by.guild,
            by: by.member,
            at: now,
            rules,
            title: None,
            closes_at: None,
            ballot_key: BallotKey::new([self.clock.random(), self.clock.random()]),
            draw_seed: format!("{:016x}", self.clock.random()),
            runoff_of: None,
            asked_in: None,
        }
    }

    /// The clock that everything here goes by.
    pub const fn clock(&self) -> &Clock {
        &self.clock
    }
}
