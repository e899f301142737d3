//! How a use case can fail: a refusal by the rules, a database that is not to be had, or a fault.

use crate::domain::refusal::Refusal;

/// A use case did not do what it was asked. Nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum ServiceError {
    /// The rules say no; the member is told what to do next.
    #[error("refused: {0:?}")]
    Refused(Refusal),
    /// The database was locked or out of reach for too long; trying again may work.
    #[error("the database is not available: {0}")]
    Unavailable(#[source] anyhow::Error),
    /// A fault; the member gets a reference, the log the rest.
    #[error("{0}")]
    Internal(#[source] anyhow::Error),
}

impl From<Refusal> for ServiceError {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}
