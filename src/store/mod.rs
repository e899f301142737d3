//! All SQL: one text for SQLite and PostgreSQL, a file per aggregate.

/// The database.
#[derive(Debug, Clone)]
pub struct Store;
