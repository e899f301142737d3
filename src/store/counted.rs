//! The one way to a database: an executor that counts every statement it passes on.
//!
//! Queries never see a pool or a connection, only a [`Counted`] around one, so a statement that is not
//! counted cannot be written outside `db.rs`. Connection set-up and the migrator's own bookkeeping are
//! not statements of the application and are not counted.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use futures::future::BoxFuture;
use futures::stream::BoxStream;
use sqlx::{Database, Describe, Either, Error, Execute, Executor, SqlStr};

/// What was sent to the database since the store was opened, and how long one statement may take.
#[derive(Debug)]
pub(super) struct Meter {
    statements: AtomicU64,
    transactions: AtomicU64,
    /// The longest that a statement, with the wait for its connection, is waited for.
    pub(super) patience: Duration,
}

impl Meter {
    pub(super) const fn new(patience: Duration) -> Self {
        Self {
            statements: AtomicU64::new(0),
            transactions: AtomicU64::new(0),
            patience,
        }
    }

    pub(super) fn statements(&self) -> u64 {
        self.statements.load(Ordering::SeqCst)
    }

    pub(super) fn transactions(&self) -> u64 {
        self.transactions.load(Ordering::SeqCst)
    }

    pub(super) fn count_transaction(&self) {
        self.transactions.fetch_add(1, Ordering::SeqCst);
    }

    fn count_statement(&self) {
        self.statements.fetch_add(1, Ordering::SeqCst);
    }
}

/// An executor that counts, around a pool or a connection.
#[derive(Debug)]
pub(super) struct Counted<'c, E> {
    inner: E,
    meter: &'c Meter,
}

impl<'c, E> Counted<'c, E> {
    pub(super) const fn new(inner: E, meter: &'c Meter) -> Self {
        Self { inner, meter }
    }

    /// The longest that a statement on this executor is waited for.
    pub(super) const fn patience(&self) -> Duration {
        self.meter.patience
    }
}

impl<'c, E: Executor<'c>> Executor<'c> for Counted<'c, E> {
    type Database = E::Database;

    fn fetch_many<'e, 'q: 'e, Q>(
        self,
        query: Q,
    ) -> BoxStream<
        'e,
        Result<Either<<Self::Database as Database>::QueryResult, <Self::Database as Database>::Row>, Error>,
    >
    where
        'c: 'e,
        Q: 'q + Execute<'q, Self::Database>,
    {
        self.meter.count_statement();
        self.inner.fetch_many(query)
    }

    fn fetch_optional<'e, 'q: 'e, Q>(
        self,
        query: Q,
    ) -> BoxFuture<'e, Result<Option<<Self::Database as Database>::Row>, Error>>
    where
        'c: 'e,
        Q: 'q + Execute<'q, Self::Database>,
    {
        self.meter.count_statement();
        self.inner.fetch_optional(query)
    }

    fn prepare_with<'e>(
        self,
        sql: SqlStr,
        parameters: &'e [<Self::Database as Database>::TypeInfo],
    ) -> BoxFuture<'e, Result<<Self::Database as Database>::Statement, Error>>
    where
        'c: 'e,
    {
        self.meter.count_statement();
        self.inner.prepare_with(sql, parameters)
    }

    fn describe<'e>(self, sql: SqlStr) -> BoxFuture<'e, Result<Describe<Self::Database>, Error>>
    where
        'c: 'e,
    {
        self.meter.count_statement();
        self.inner.describe(sql)
    }
}
