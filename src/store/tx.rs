//! A writer's transaction. What it does to each aggregate stands in that aggregate's file.

use std::sync::Arc;

use super::Inner;
use super::db::{Db, OpenTx, TxAccess, bounded, tx_access};
use super::error::StoreError;

/// A transaction that writes; what it did is undone unless it is committed.
///
/// On SQLite the process has one writer, so a task that holds a `Tx` must not write through the
/// [`Store`](super::Store) until it is done with it: it would wait for itself until the wait times out.
#[derive(Debug)]
#[must_use = "a transaction that is not committed is undone"]
pub struct Tx {
    open: OpenTx,
    store: Arc<Inner>,
}

impl Tx {
    pub(super) async fn begin(store: Arc<Inner>) -> Result<Self, StoreError> {
        store.meter.count_transaction();
        let open = bounded(store.meter.patience, store.pools.begin_write()).await?;
        Ok(Self { open, store })
    }

    /// Makes what was done last, whatever happens to the machine from here on.
    ///
    /// # Errors
    /// `Unconfirmed` when the answer did not come: then it may have been made all the same.
    pub async fn commit(self) -> Result<(), StoreError> {
        let patience = self.store.meter.patience;
        let committed = match self.open {
            Db::Sqlite(tx) => bounded(patience, tx.commit()).await,
            Db::Postgres(tx) => bounded(patience, tx.commit()).await,
        };
        committed.map_err(StoreError::of_commit)
    }

    /// Undoes what was done, and waits until it is; dropping does it too, a little later.
    pub async fn rollback(self) -> Result<(), StoreError> {
        let patience = self.store.meter.patience;
        match self.open {
            Db::Sqlite(tx) => bounded(patience, tx.rollback()).await,
            Db::Postgres(tx) => bounded(patience, tx.rollback()).await,
        }
    }

    /// The executor for this transaction's next statement.
    pub(super) fn on(&mut self) -> TxAccess<'_> {
        tx_access(&mut self.open, &self.store.meter)
    }
}
