//! Forgetting film data that its source does not let anybody keep for longer.

use super::{Service, ServiceError};
use crate::domain::film::Source;

/// Films of one statement.
const FILMS_A_STATEMENT: u32 = 500;

impl Service {
    /// Erases film data that is older than its source allows (see [`Source::kept_secs`]); of how many films. Films
    /// that are still voted on are renewed long before.
    pub async fn forget_old_film_data(&self) -> Result<u32, ServiceError> {
        let now = self.clock.unix_secs();
        let mut forgotten = 0;
        for source in Source::ALL {
            let Some(kept_secs) = source.kept_secs() else {
                continue;
            };
            let before = now.saturating_sub(kept_secs);
            loop {
                let erased = self
                    .behind
                    .erase_film_data(source, before, FILMS_A_STATEMENT)
                    .await;
                let erased = erased.map_err(ServiceError::from_store)?;
                forgotten += erased;
                if erased < FILMS_A_STATEMENT {
                    break;
                }
            }
        }
        Ok(forgotten)
    }
}
