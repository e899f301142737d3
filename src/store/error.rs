//! How the store fails, told apart by what the caller can do about it.
//!
//! No sentence here holds SQL, a parameter or any part of the database's URL. The driver's own error is
//! the source, for the log.

use sqlx::migrate::MigrateError;

/// The database did not do what it was asked.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// The database is locked, overloaded or out of reach; nothing was changed, and trying again may work.
    #[error("the database is busy or out of reach: {why}")]
    Busy {
        /// What stood in the way.
        why: Obstacle,
        /// What the driver said, when it said something.
        source: Option<sqlx::Error>,
    },
    /// The answer to a commit was lost: the change was made, or not.
    #[error("it is not known whether the change was made: {why}")]
    Unconfirmed {
        /// What stood in the way of the answer.
        why: Obstacle,
        /// What the driver said, when it said something.
        source: Option<sqlx::Error>,
    },
    /// `database.url` cannot be used as it is.
    #[error("the database cannot be opened: {0}")]
    Open(String),
    /// The schema cannot be brought to, or used by, this version of the program.
    #[error(transparent)]
    Schema(#[from] SchemaError),
    /// A row holds what this version of the program cannot read.
    #[error("the database holds a value in {column} that this version cannot read")]
    Unreadable {
        /// The table and column.
        column: &'static str,
    },
    /// Anything else: a fault.
    #[error("the database refused or failed{}", code_of(.0))]
    Other(#[source] sqlx::Error),
}

/// Why a database is not available at the moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Obstacle {
    /// Somebody else holds the lock.
    #[error("locked by another writer")]
    Locked,
    /// Every connection was in use for too long.
    #[error("no connection became free in time")]
    NoConnection,
    /// The server refused, closed or did not take the connection.
    #[error("no connection to the server")]
    Unreachable,
    /// The transaction met another one and has to be run again.
    #[error("a conflict with another transaction")]
    Conflict,
    /// It took longer than it may.
    #[error("no answer in time")]
    TooSlow,
}

/// What is wrong with the schema, or with its way there.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SchemaError {
    /// The database was made by a newer version.
    #[error(
        "the database has migration {version}, which this version of marquee does not know: \
         run the newer version, or undo that migration with it"
    )]
    Newer {
        /// The migration that is not known.
        version: i64,
    },
    /// A migration that was applied differs from the one in this program.
    #[error("migration {version} was changed after it had been applied")]
    Changed {
        /// Which.
        version: i64,
    },
    /// There is no such migration to go down to.
    #[error("there is no migration {version}")]
    NoSuchVersion {
        /// The one that was asked for.
        version: i64,
    },
    /// A migration failed, and was rolled back.
    #[error("migration {version} failed and was rolled back{}", code_of(.source))]
    Failed {
        /// Which.
        version: i64,
        /// Why.
        source: sqlx::Error,
    },
    /// The migrations could not be read or recorded.
    #[error("the migrations could not be read or recorded")]
    Bookkeeping(#[source] MigrateError),
}

impl StoreError {
    /// Whether the same call may succeed a little later.
    pub const fn is_busy(&self) -> bool {
        matches!(self, Self::Busy { .. } | Self::Unconfirmed { .. })
    }

    /// Whether the change may have been made all the same.
    pub const fn is_unconfirmed(&self) -> bool {
        matches!(self, Self::Unconfirmed { .. })
    }

    /// What this failure means where it is a commit's: without an answer nobody knows what became of it.
    pub(super) fn of_commit(self) -> Self {
        match self {
            Self::Busy {
                why: why @ (Obstacle::TooSlow | Obstacle::Unreachable | Obstacle::NoConnection),
                source,
            } => Self::Unconfirmed { why, source },
            other => other,
        }
    }

    pub(super) const fn too_slow() -> Self {
        Self::Busy {
            why: Obstacle::TooSlow,
            source: None,
        }
    }

    /// By hand, with what the caller can do about it in mind.
    pub(super) fn from_driver(error: sqlx::Error) -> Self {
        match obstacle(&error) {
            Some(why) => Self::Busy {
                why,
                source: Some(error),
            },
            None => Self::Other(error),
        }
    }

    pub(super) fn from_migrator(error: MigrateError) -> Self {
        match error {
            MigrateError::VersionMissing(version) => SchemaError::Newer { version }.into(),
            MigrateError::VersionMismatch(version) => SchemaError::Changed { version }.into(),
            MigrateError::ExecuteMigration(source, version) => match obstacle(&source) {
                Some(_) => Self::from_driver(source),
                None => SchemaError::Failed { version, source }.into(),
            },
            MigrateError::Execute(source) if obstacle(&source).is_some() => Self::from_driver(source),
            other => SchemaError::Bookkeeping(other).into(),
        }
    }
}

/// Why trying again may help, when it may.
fn obstacle(error: &sqlx::Error) -> Option<Obstacle> {
    match error {
        sqlx::Error::PoolTimedOut => Some(Obstacle::NoConnection),
        sqlx::Error::Io(_) => Some(Obstacle::Unreachable),
        sqlx::Error::Database(error) => {
            let code = error.code()?;
            if error.try_downcast_ref::<sqlx::sqlite::SqliteError>().is_some() {
                sqlite_obstacle(&code)
            } else {
                postgres_obstacle(&code)
            }
        }
        _ => None,
    }
}

/// SQLite's result codes: the low byte is the kind, the rest tells more.
fn sqlite_obstacle(code: &str) -> Option<Obstacle> {
    const BUSY: u32 = 5;
    const LOCKED: u32 = 6;
    match code.parse::<u32>().ok()? & 0xff {
        BUSY | LOCKED => Some(Obstacle::Locked),
        _ => None,
    }
}

/// PostgreSQL's `SQLSTATE`s, whose first two characters are the class.
fn postgres_obstacle(code: &str) -> Option<Obstacle> {
    match code {
        "55P03" => Some(Obstacle::Locked),
        "40001" | "40P01" => Some(Obstacle::Conflict),
        "57014" => Some(Obstacle::TooSlow),
        "53300" => Some(Obstacle::NoConnection),
        "57P01" | "57P02" | "57P03" => Some(Obstacle::Unreachable),
        _ if code.starts_with("08") => Some(Obstacle::Unreachable),
        _ => None,
    }
}

/// The engine's code for the failure, which holds nothing of the statement.
fn code_of(error: &sqlx::Error) -> String {
    error
        .as_database_error()
        .and_then(sqlx::error::DatabaseError::code)
        .map_or_else(String::new, |code| format!(" (code {code})"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn locks_and_lost_connections_are_worth_another_try() {
        for code in ["5", "6", "261", "517"] {
            assert_eq!(sqlite_obstacle(code), Some(Obstacle::Locked), "{code}");
        }
        for (code, why) in [
            ("55P03", Obstacle::Locked),
            ("40001", Obstacle::Conflict),
            ("40P01", Obstacle::Conflict),
            ("57P03", Obstacle::Unreachable),
            ("08006", Obstacle::Unreachable),
        ] {
            assert_eq!(postgres_obstacle(code), Some(why), "{code}");
        }
        assert!(StoreError::from_driver(sqlx::Error::PoolTimedOut).is_busy());
    }

    #[test]
    fn only_a_commit_without_an_answer_may_have_been_made() {
        assert!(!StoreError::too_slow().is_unconfirmed());
        let lost = StoreError::too_slow().of_commit();
        assert!(lost.is_unconfirmed() && lost.is_busy());
        let locked = StoreError::Busy {
            why: Obstacle::Locked,
            source: None,
        };
        assert!(!locked.of_commit().is_unconfirmed(), "the engine said no");
    }

    #[test]
    fn broken_rules_are_not() {
        assert_eq!(sqlite_obstacle("2067"), None);
        assert_eq!(postgres_obstacle("23505"), None);
        assert!(!StoreError::from_driver(sqlx::Error::RowNotFound).is_busy());
    }
}
