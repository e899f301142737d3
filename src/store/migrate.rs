//! The schema's way up and down. The texts are in `migrations/`, embedded in the binary.

use std::collections::HashSet;
use std::time::Duration;

use futures::TryFutureExt;
use sqlx::Connection;
use sqlx::migrate::{Migrate, MigrateError, Migrator};

use super::db::{Db, bounded, on_db};
use super::error::{SchemaError, StoreError};
use super::{Store, Tx};

static MIGRATOR: Migrator = sqlx::migrate!("./migrations");

/// A migration may take this long, lock waits included.
const PATIENCE: Duration = Duration::from_mins(10);

/// One migration, as this program and this database know it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MigrationState {
    /// Its number.
    pub version: i64,
    /// What it does; `None` when only the database knows it, since a newer program made it.
    pub name: Option<String>,
    /// Whether this database has it.
    pub applied: bool,
}

/// Runs a body on a connection of its own with this patience, which is closed afterwards whatever came of it.
macro_rules! on_own_connection {
    ($store:expr, $patience:expr, |$connection:ident| $body:expr) => {{
        let own = bounded($store.0.meter.patience, $store.0.pools.own_connection($patience)).await?;
        match own {
            Db::Sqlite(mut $connection) => {
                let done = timed($body).await;
                drop($connection.close().await);
                done
            }
            Db::Postgres(mut $connection) => {
                let done = timed($body).await;
                drop($connection.close().await);
                done
            }
        }
    }};
}

async fn timed<T>(work: impl Future<Output = Result<T, MigrateError>>) -> Result<T, StoreError> {
    match tokio::time::timeout(PATIENCE, work).await {
        Ok(done) => done.map_err(StoreError::from_migrator),
        Err(_) => Err(StoreError::too_slow()),
    }
}

impl Store {
    /// Brings the schema up to what this program needs. Nothing to do is a success.
    ///
    /// # Errors
    /// [`SchemaError::Newer`] when the database was made by a newer program.
    pub async fn migrate_up(&self) -> Result<(), StoreError> {
        on_own_connection!(self, Some(PATIENCE), |connection| MIGRATOR.run(&mut connection))
    }

    /// Undoes migrations until `to` is the last one that is applied (0: all); without it, the last one.
    ///
    /// # Errors
    /// [`SchemaError::NoSuchVersion`] for a version that never was.
    pub async fn migrate_down(&self, to: Option<i64>) -> Result<(), StoreError> {
        let target = match to {
            Some(version) if version != 0 && !MIGRATOR.version_exists(version) => {
                return Err(SchemaError::NoSuchVersion { version }.into());
            }
            Some(version) => version,
            None => {
                let states = self.migration_status().await?;
                let mut applied = states.iter().rev().filter(|state| state.applied);
                applied.next();
                applied.next().map_or(0, |before_last| before_last.version)
            }
        };
        on_own_connection!(self, Some(PATIENCE), |connection| MIGRATOR
            .undo(&mut connection, target))
    }

    /// Whether the database takes writes: changes nothing, in a transaction that is undone. The schema's
    /// own record must be there, as [`Store::migration_status`] leaves it.
    pub async fn check_writable(&self) -> Result<(), StoreError> {
        let mut tx = self.begin_write().await?;
        let written = tx.rewrite_nothing().await;
        tx.rollback().await?;
        written
    }

    /// Every migration that this program or this database knows, by number.
    pub async fn migration_status(&self) -> Result<Vec<MigrationState>, StoreError> {
        let applied: HashSet<i64> =
            on_own_connection!(self, None, |connection| applied_versions(&mut connection))?;
        let mut states: Vec<MigrationState> = MIGRATOR
            .iter()
            .filter(|migration| migration.migration_type.is_up_migration())
            .map(|migration| MigrationState {
                version: migration.version,
                name: Some(migration.description.to_string()),
                applied: applied.contains(&migration.version),
            })
            .collect();
        let newer = applied
            .iter()
            .filter(|version| !MIGRATOR.version_exists(**version));
        states.extend(newer.map(|version| MigrationState {
            version: *version,
            name: None,
            applied: true,
        }));
        states.sort_by_key(|state| state.version);
        Ok(states)
    }
}

impl Tx {
    async fn rewrite_nothing(&mut self) -> Result<(), StoreError> {
        on_db!(self.on(), |db| sqlx::query(
            "UPDATE _sqlx_migrations SET success = success WHERE 1 = 0"
        )
        .execute(db)
        .map_ok(drop))
    }
}

async fn applied_versions(connection: &mut impl Migrate) -> Result<HashSet<i64>, MigrateError> {
    connection.ensure_migrations_table(&MIGRATOR.table_name).await?;
    let applied = connection.list_applied_migrations(&MIGRATOR.table_name).await?;
    Ok(applied.into_iter().map(|migration| migration.version).collect())
}
