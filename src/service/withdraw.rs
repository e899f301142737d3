//! Taking a proposal out.

use super::{Service, ServiceError};
use crate::domain::policy::Actor;
use crate::domain::proposal::Proposal;

/// A proposal was taken out.
#[derive(Debug, Clone)]
pub struct Withdrawn {
    /// What it was.
    pub proposal: Proposal,
    /// Whether an organizer took out somebody else's.
    pub removed: bool,
    /// How many votes it had, which stay in the record and count no longer.
    pub votes: u32,
}

impl Service {
    /// Takes out the active proposal that `movie` names (an id, a link, a proposal's key from
    /// autocomplete, or a title as shown): one's own, or any as an organizer.
    pub async fn withdraw(&self, _actor: Actor, _movie: &str) -> Result<Withdrawn, ServiceError> {
        todo!()
    }
}
