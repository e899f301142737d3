//! How a use case can fail: a refusal by the rules, a database that is not to be had, or a fault.

use std::sync::Arc;

use crate::domain::refusal::Refusal;
use crate::store::StoreError;

/// A use case did not do what it was asked. Nothing was changed, but for [`ServiceError::Unconfirmed`].
#[derive(Debug, thiserror::Error)]
pub enum ServiceError {
    /// The rules say no; the member is told what to do next.
    #[error("refused: {0:?}")]
    Refused(Refusal),
    /// The database was locked or out of reach for too long; trying again may work.
    #[error("the database is not available: {0}")]
    Unavailable(#[source] anyhow::Error),
    /// The database did not say in time whether the change was made; whoever asked has to look.
    #[error("it is not known whether the change was made: {0}")]
    Unconfirmed(#[source] anyhow::Error),
    /// A fault; the member gets a reference, the log the rest.
    #[error("{0}")]
    Internal(#[source] anyhow::Error),
}

impl ServiceError {
    /// What a failure of the store means to the one who asked. Written by hand, and the only way from
    /// the one to the other, so that no SQL text finds its way to a channel unseen.
    pub(super) fn from_store(error: StoreError) -> Self {
        let kind = Self::kind_of(&error);
        kind(error.into())
    }

    /// The same for a failure that many wait for.
    pub(super) fn from_shared_store(error: &Arc<StoreError>) -> Self {
        Self::kind_of(error)(anyhow::Error::new(Arc::clone(error)))
    }

    fn kind_of(error: &StoreError) -> fn(anyhow::Error) -> Self {
        if error.is_unconfirmed() {
            Self::Unconfirmed
        } else if error.is_busy() {
            Self::Unavailable
        } else {
            Self::Internal
        }
    }
}

impl From<Refusal> for ServiceError {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}
