//! After the night: writing down what was watched, taking a mistake back, rating, and looking back.

mod history;
mod mark;
mod rate;
mod suggest;

use crate::domain::ids::{GuildId, ViewingId};
use crate::domain::refusal::Refusal;
use crate::domain::watched::{HistoryOrder, Viewing};
use crate::service::{Service, ServiceError};

pub(super) use history::Proposable;
pub use history::{HISTORY_PAGE, History};
pub use mark::{MarkOutcome, Marked, NightOf, Restored, Unmarked};
pub use rate::Rated;
pub use suggest::{WatchSuggestion, WatchWhat};

/// More viewings than are looked through for a title.
const MOST_VIEWINGS: u32 = 2000;

/// What stands before a viewing's key in a command's option.
const VIEWING_PREFIX: &str = "watched:";

/// The text that stands for a viewing in a command's option.
fn viewing_value(viewing: ViewingId) -> String {
    format!("{VIEWING_PREFIX}{viewing}")
}

fn read_viewing_value(text: &str) -> Option<ViewingId> {
    text.strip_prefix(VIEWING_PREFIX)?.parse().ok().map(ViewingId)
}

impl Service {
    /// The viewing that `movie` names: a suggestion's value, or the latest of the film with this id, link or title.
    ///
    /// # Errors
    /// Refused with `NotWatched`.
    async fn named_viewing(&self, guild: GuildId, movie: &str) -> Result<Viewing, ServiceError> {
        if let Some(viewing) = read_viewing_value(movie) {
            return self.viewing(guild, viewing).await;
        }
        let meant = self.meant(movie).await?;
        let history = self
            .store
            .list_viewings(guild, HistoryOrder::Newest, MOST_VIEWINGS, 0)
            .await
            .map_err(ServiceError::from_store)?;
        let mut viewings = history.viewings.into_iter();
        let named = viewings.find(|viewing| meant.fits(&viewing.film));
        named.ok_or_else(|| Refusal::NotWatched.into())
    }

    /// This viewing.
    ///
    /// # Errors
    /// Refused with `NotWatched` when it is not in the server's history (any more).
    async fn viewing(&self, guild: GuildId, viewing: ViewingId) -> Result<Viewing, ServiceError> {
        let found = self.store.find_viewing(guild, viewing).await;
        let found = found.map_err(ServiceError::from_store)?;
        Ok(found.ok_or(Refusal::NotWatched)?)
    }
}
