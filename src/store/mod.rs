//! All SQL: one text for SQLite and PostgreSQL, a file per aggregate.
//!
//! Owns the database: connections, transactions, the schema and every statement. Decides nothing: rules
//! are the services', time and keys come in as parameters. Functions on [`Store`] are one statement each,
//! committed by itself; what must hold together is done on a [`Tx`].
//!
//! Every statement goes through a counting executor, so [`Store::statements`] is the truth.

mod audit;
mod ballots;
mod codec;
mod counted;
mod db;
mod deliveries;
mod departed;
mod error;
mod films;
mod forgetting;
mod guilds;
mod migrate;
mod outbox;
mod past_rounds;
mod polls;
mod proposals;
mod provider_health;
mod reactions;
mod renewals;
mod results;
mod round_changes;
mod rounds;
mod slots;
mod titles;
mod tx;
mod votes;
mod watched;

use std::sync::Arc;

use counted::Meter;
use db::{PoolAccess, Pools, bounded, on_db};
use futures::TryFutureExt;

pub use audit::AuditPage;
pub use db::StoreOptions;
pub use deliveries::Marked;
pub use error::{Obstacle, SchemaError, StoreError};
pub use films::FetchedFilm;
pub use migrate::MigrationState;
pub use past_rounds::PastRound;
pub use polls::LivePoll;
pub use proposals::{ActiveProposals, NewProposal, ProposedFilm, StandingsPage};
pub use reactions::Numbered;
pub use renewals::{Due, Place, ToRenew, Wanted};
pub use round_changes::RoundEnd;
pub use rounds::NewRound;
pub use slots::Slots;
pub use titles::{PlacedTitle, TitleIndexState};
pub use tx::Tx;
pub use votes::{BallotRow, Votable};
pub use watched::{HistoryPage, Night, StruckViewing};

/// The database. Clones share it.
#[derive(Debug, Clone)]
pub struct Store(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    pools: Arc<Pools>,
    meter: Meter,
}

impl Store {
    /// Opens the database; a SQLite file is made if it is missing, in a directory that is there.
    /// The schema is left as it is: see [`Store::migrate_up`].
    ///
    /// # Errors
    /// [`StoreError::Open`] when the URL cannot be used, `Busy` when the server is not to be had.
    pub async fn connect(options: &StoreOptions) -> Result<Self, StoreError> {
        let pools = Pools::open(options).await?;
        let meter = Meter::new(options.patience());
        Ok(Self(Arc::new(Inner {
            pools: Arc::new(pools),
            meter,
        })))
    }

    /// The same database for work that nobody waits for, with counts of its own: what the bot notes for
    /// itself is no part of what a view or a vote costs.
    pub fn behind(&self) -> Self {
        Self(Arc::new(Inner {
            pools: Arc::clone(&self.0.pools),
            meter: Meter::new(self.0.meter.patience),
        }))
    }

    /// Begins a transaction that writes.
    pub async fn begin_write(&self) -> Result<Tx, StoreError> {
        Tx::begin(Arc::clone(&self.0)).await
    }

    /// How many statements were sent since the store was opened, those inside transactions included.
    /// `BEGIN`, `COMMIT` and `ROLLBACK` are counted by [`Store::transactions`], migrations by neither.
    pub fn statements(&self) -> u64 {
        self.0.meter.statements()
    }

    /// How many transactions were begun since the store was opened.
    pub fn transactions(&self) -> u64 {
        self.0.meter.transactions()
    }

    /// Whether the database answers, within the time that any statement has.
    pub async fn ping(&self) -> Result<(), StoreError> {
        on_db!(self.reader(), |db| sqlx::query("SELECT 1")
            .execute(db)
            .map_ok(drop))
    }

    /// Closes all connections, and waits for those in use for as long as a statement may take.
    pub async fn close(&self) {
        let closing = async {
            self.0.pools.close().await;
            Ok(())
        };
        // Too slow a close is no failure: the process is about to end anyway.
        drop(bounded(self.0.meter.patience, closing).await);
    }

    fn reader(&self) -> PoolAccess<'_> {
        self.0.pools.reader(&self.0.meter)
    }

    fn writer(&self) -> PoolAccess<'_> {
        self.0.pools.writer(&self.0.meter)
    }
}
