//! The two engines behind one face: pools, how they are opened, and the `on_db!` macro.
//!
//! The only file in which a pool or a raw connection can be had. Everything else gets a [`Counted`].

use std::fmt;
use std::future::Future;
use std::str::FromStr;
use std::time::Duration;

use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{PgConnection, PgPool, Postgres, Sqlite, SqliteConnection, SqlitePool, Transaction};

use super::counted::{Counted, Meter};
use super::error::StoreError;

/// How the database is reached.
#[derive(Clone)]
pub struct StoreOptions {
    /// `sqlite://path/to/file.db` or `postgres://…`. May hold a password: never shown.
    pub url: String,
    /// Connections at most: to PostgreSQL in all, to SQLite for reading (its one writer is extra).
    pub max_connections: u32,
    /// How long a lock that somebody else holds is waited for.
    pub busy_timeout: Duration,
    /// How long a free connection is waited for.
    pub acquire_timeout: Duration,
}

impl fmt::Debug for StoreOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StoreOptions")
            .field("max_connections", &self.max_connections)
            .field("busy_timeout", &self.busy_timeout)
            .field("acquire_timeout", &self.acquire_timeout)
            .finish_non_exhaustive()
    }
}

impl StoreOptions {
    /// A statement's own time, over the waits for a connection and for locks.
    const STATEMENT_TIME: Duration = Duration::from_secs(15);

    /// The longest that one statement is waited for, all waits included.
    pub(super) fn patience(&self) -> Duration {
        self.acquire_timeout + self.busy_timeout + Self::STATEMENT_TIME
    }
}

/// One of two, by engine: pools, executors or transactions.
#[derive(Debug)]
pub(super) enum Db<S, P> {
    /// SQLite's.
    Sqlite(S),
    /// PostgreSQL's.
    Postgres(P),
}

/// Runs a body, type-checked once for each engine, on the executor that `$on` gives, and waits for it no
/// longer than the store's patience. With `|db: Driver|`, `Driver` names the engine's sqlx type.
macro_rules! on_db {
    ($on:expr, |$db:ident| $body:expr) => {
        match $on {
            $crate::store::db::Db::Sqlite($db) => {
                let patience = $db.patience();
                $crate::store::db::bounded(patience, $body).await
            }
            $crate::store::db::Db::Postgres($db) => {
                let patience = $db.patience();
                $crate::store::db::bounded(patience, $body).await
            }
        }
    };
    ($on:expr, |$db:ident: $Driver:ident| $body:expr) => {
        match $on {
            $crate::store::db::Db::Sqlite($db) => {
                type $Driver = sqlx::Sqlite;
                let patience = $db.patience();
                $crate::store::db::bounded(patience, $body).await
            }
            $crate::store::db::Db::Postgres($db) => {
                type $Driver = sqlx::Postgres;
                let patience = $db.patience();
                $crate::store::db::bounded(patience, $body).await
            }
        }
    };
}
pub(super) use on_db;

/// Waits for the driver no longer than this, and reads its errors. The drivers' futures are large; boxed
/// here, once for all, they do not make those of everyone above large too.
pub(super) fn bounded<T>(
    patience: Duration,
    work: impl Future<Output = Result<T, sqlx::Error>>,
) -> impl Future<Output = Result<T, StoreError>> {
    let work = Box::pin(work);
    async move {
        match tokio::time::timeout(patience, work).await {
            Ok(Ok(value)) => Ok(value),
            Ok(Err(error)) => Err(StoreError::from_driver(error)),
            Err(_) => Err(StoreError::too_slow()),
        }
    }
}

/// SQLite takes one writer at a time. With a single connection for writing, writers of this process queue
/// in the order they came, instead of racing for the file's lock by polling; readers never wait for them.
#[derive(Debug)]
pub(super) struct SqlitePools {
    readers: SqlitePool,
    writer: SqlitePool,
}

/// The pools. Private to this file: others ask for an executor.
#[derive(Debug)]
pub(super) struct Pools(Db<SqlitePools, PgPool>);

/// An executor for one statement outside a transaction.
pub(super) type PoolAccess<'c> = Db<Counted<'c, &'c SqlitePool>, Counted<'c, &'c PgPool>>;
/// An executor inside a transaction.
pub(super) type TxAccess<'c> = Db<Counted<'c, &'c mut SqliteConnection>, Counted<'c, &'c mut PgConnection>>;
/// An open transaction.
pub(super) type OpenTx = Db<Transaction<'static, Sqlite>, Transaction<'static, Postgres>>;
/// A connection of its own, for the migrator.
pub(super) type OwnConnection = Db<SqliteConnection, PgConnection>;

impl Pools {
    pub(super) async fn open(options: &StoreOptions) -> Result<Self, StoreError> {
        if options.url.starts_with("sqlite:") {
            Ok(Self(Db::Sqlite(open_sqlite(options).await?)))
        } else if options.url.starts_with("postgres:") || options.url.starts_with("postgresql:") {
            Ok(Self(Db::Postgres(open_postgres(options).await?)))
        } else {
            Err(StoreError::Open(
                "its url must begin with sqlite: or postgres:".into(),
            ))
        }
    }

    /// For statements that only read. On SQLite these connections cannot write.
    pub(super) const fn reader<'c>(&'c self, meter: &'c Meter) -> PoolAccess<'c> {
        match &self.0 {
            Db::Sqlite(pools) => Db::Sqlite(Counted::new(&pools.readers, meter)),
            Db::Postgres(pool) => Db::Postgres(Counted::new(pool, meter)),
        }
    }

    /// For a statement that writes, committed by itself.
    pub(super) const fn writer<'c>(&'c self, meter: &'c Meter) -> PoolAccess<'c> {
        match &self.0 {
            Db::Sqlite(pools) => Db::Sqlite(Counted::new(&pools.writer, meter)),
            Db::Postgres(pool) => Db::Postgres(Counted::new(pool, meter)),
        }
    }

    /// Begins a transaction that writes. SQLite takes the file's write lock at once: a transaction that
    /// reads first and writes later could find that it may not any more.
    pub(super) async fn begin_write(&self) -> Result<OpenTx, sqlx::Error> {
        match &self.0 {
            Db::Sqlite(pools) => pools.writer.begin_with("BEGIN IMMEDIATE").await.map(Db::Sqlite),
            Db::Postgres(pool) => pool.begin().await.map(Db::Postgres),
        }
    }

    /// A connection that leaves the pool for good, so that whatever the migrator leaves on it, such as its
    /// lock after a failure, ends with it. With a `patience` it waits for locks, and PostgreSQL works on a
    /// statement, for so long; else for as long as any statement may take.
    pub(super) async fn own_connection(
        &self,
        patience: Option<Duration>,
    ) -> Result<OwnConnection, sqlx::Error> {
        let ms = patience.map(|patience| patience.as_millis());
        match &self.0 {
            Db::Sqlite(pools) => {
                let mut own = pools.writer.acquire().await?.detach();
                if let Some(ms) = ms {
                    let wait = format!("PRAGMA busy_timeout = {ms}");
                    sqlx::raw_sql(sqlx::AssertSqlSafe(wait)).execute(&mut own).await?;
                }
                Ok(Db::Sqlite(own))
            }
            Db::Postgres(pool) => {
                let mut own = pool.acquire().await?.detach();
                if let Some(ms) = ms {
                    set_postgres_patience(&mut own, ms, ms).await?;
                }
                Ok(Db::Postgres(own))
            }
        }
    }

    pub(super) async fn close(&self) {
        match &self.0 {
            Db::Sqlite(pools) => {
                pools.readers.close().await;
                pools.writer.close().await;
            }
            Db::Postgres(pool) => pool.close().await,
        }
    }
}

/// The executor inside an open transaction.
pub(super) fn tx_access<'c>(tx: &'c mut OpenTx, meter: &'c Meter) -> TxAccess<'c> {
    match tx {
        Db::Sqlite(tx) => Db::Sqlite(Counted::new(&mut **tx, meter)),
        Db::Postgres(tx) => Db::Postgres(Counted::new(&mut **tx, meter)),
    }
}

async fn open_sqlite(options: &StoreOptions) -> Result<SqlitePools, StoreError> {
    let base = SqliteConnectOptions::from_str(&options.url)
        .map_err(|_| StoreError::Open("its sqlite: url cannot be read".into()))?
        .busy_timeout(options.busy_timeout)
        .foreign_keys(true)
        .synchronous(SqliteSynchronous::Full);
    if options.url.contains(":memory:") || options.url.contains("mode=memory") {
        return Err(not_a_file());
    }
    check_sqlite_file(&base)?;

    let writer = SqlitePoolOptions::new()
        .max_connections(1)
        .acquire_timeout(options.acquire_timeout)
        .idle_timeout(None)
        .max_lifetime(None)
        .test_before_acquire(false)
        .connect_with(
            base.clone()
                .create_if_missing(true)
                .journal_mode(SqliteJournalMode::Wal),
        );
    let writer = bounded(options.patience(), writer)
        .await
        .map_err(|error| match error {
            StoreError::Other(source) => StoreError::Open(format!(
                "the SQLite file {} cannot be opened or is no database: {source}",
                base.get_filename().display()
            )),
            other => other,
        })?;
    let readers = SqlitePoolOptions::new()
        .max_connections(options.max_connections.max(1))
        .acquire_timeout(options.acquire_timeout)
        .test_before_acquire(false)
        .connect_lazy_with(base.pragma("query_only", "ON"));
    Ok(SqlitePools { readers, writer })
}

/// A database in memory belongs to one connection, and there are several.
fn not_a_file() -> StoreError {
    StoreError::Open("a SQLite database here is a file: sqlite://path/to/marquee.db".into())
}

/// Says plainly what SQLite would call "unable to open database file".
fn check_sqlite_file(options: &SqliteConnectOptions) -> Result<(), StoreError> {
    let file = options.get_filename();
    if file.as_os_str().is_empty() {
        return Err(not_a_file());
    }
    if file.is_dir() {
        return Err(StoreError::Open(format!(
            "{} is a directory; name a file in it",
            file.display()
        )));
    }
    match file.parent() {
        Some(parent) if !parent.as_os_str().is_empty() && !parent.is_dir() => Err(StoreError::Open(format!(
            "the directory {} does not exist; make it first",
            parent.display()
        ))),
        _ => Ok(()),
    }
}

async fn open_postgres(options: &StoreOptions) -> Result<PgPool, StoreError> {
    let connect = PgConnectOptions::from_str(&options.url)
        .map_err(|_| StoreError::Open("its postgres: url cannot be read".into()))?
        .application_name("marquee");
    let lock_ms = options.busy_timeout.as_millis();
    let statement_ms = (options.busy_timeout + StoreOptions::STATEMENT_TIME).as_millis();
    let pool = PgPoolOptions::new()
        .max_connections(options.max_connections.max(1))
        .acquire_timeout(options.acquire_timeout)
        .after_connect(move |connection, _| {
            Box::pin(set_postgres_patience(connection, lock_ms, statement_ms))
        })
        .connect_with(connect);
    bounded(options.patience(), pool).await
}

/// For how many milliseconds this connection waits for a lock, and works on a statement.
async fn set_postgres_patience(
    connection: &mut PgConnection,
    lock_ms: u128,
    statement_ms: u128,
) -> Result<(), sqlx::Error> {
    let set = "SELECT set_config('lock_timeout', $1, false), set_config('statement_timeout', $2, false)";
    sqlx::query(set)
        .bind(format!("{lock_ms}ms"))
        .bind(format!("{statement_ms}ms"))
        .execute(connection)
        .await
        .map(|_| ())
}
