//! The records of closed rounds, for whoever wants to count them again. Works on the database alone.

use crate::domain::ids::{GuildId, RoundId};
use crate::domain::record::Record;
use crate::domain::round::{Round, RoundState};
use crate::store::{Store, StoreError};

/// Why there is no record.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// The text names no round.
    #[error("`{0}` is no round: name it by its key, or by server and number as SERVER/NUMBER")]
    Unreadable(String),
    /// There is no such round.
    #[error("there is no round `{0}` in this database; `marquee export --list` shows those there are")]
    Unknown(String),
    /// Votes are still taken.
    #[error("round {0} is still open; it has a record once it is closed")]
    Open(u32),
    /// It ended without being counted.
    #[error("round {0} was cancelled, so it was never counted")]
    Cancelled(u32),
    /// It was closed just now.
    #[error("round {0} is closed and not counted yet; start the bot, which does that first")]
    Uncounted(u32),
    /// What the database holds is no record.
    #[error("the record of round {number} cannot be read: {why}")]
    Damaged {
        /// Which of the server's rounds it is.
        number: u32,
        /// What is wrong with it.
        why: String,
    },
    /// The database failed.
    #[error("the database failed: {0}")]
    Store(#[source] anyhow::Error),
}

impl ExportError {
    fn of_store(error: StoreError) -> Self {
        Self::Store(error.into())
    }
}

/// What was counted in the round that `named` names: its key, or server and number, as `SERVER/NUMBER`.
///
/// # Errors
/// Says which round it is not, or why there is no record of it.
pub async fn export_round(store: &Store, named: &str) -> Result<Record, ExportError> {
    let round = find_round(store, named).await?;
    let number = round.number;
    let json = store.find_record(round.id).await.map_err(ExportError::of_store)?;
    let Some(json) = json else {
        return Err(match round.state {
            RoundState::Open => ExportError::Open(number),
            RoundState::Cancelled => ExportError::Cancelled(number),
            RoundState::Closed => ExportError::Uncounted(number),
        });
    };
    Record::parse(json.as_bytes()).map_err(|error| ExportError::Damaged {
        number,
        why: error.to_string(),
    })
}

/// The rounds that have a record, those that ended last first, at most `limit`.
///
/// # Errors
/// When the database cannot say.
pub async fn list_exportable(store: &Store, limit: u32) -> Result<Vec<Round>, ExportError> {
    store
        .list_counted_rounds(limit)
        .await
        .map_err(ExportError::of_store)
}

async fn find_round(store: &Store, named: &str) -> Result<Round, ExportError> {
    let unreadable = || ExportError::Unreadable(named.to_owned());
    let found = if let Some((guild, number)) = named.split_once('/') {
        let guild = guild.parse().map_err(|_| unreadable())?;
        let number = number.parse().map_err(|_| unreadable())?;
        store.find_round_by_number(GuildId(guild), number).await
    } else {
        let id = named.parse().map_err(|_| unreadable())?;
        store.find_round(RoundId(id)).await
    };
    let found = found.map_err(ExportError::of_store)?;
    found.ok_or_else(|| ExportError::Unknown(named.to_owned()))
}
