//! The audit: who did what in a server.

use futures::TryFutureExt;

use crate::domain::audit::{Act, AuditEntry};
use crate::domain::ids::{GuildId, MemberId};

use super::codec::count;
use super::db::on_db;
use super::error::StoreError;
use super::{Store, Tx};

/// A page of the audit, latest first, and how many lines there are in all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditPage {
    /// The page's lines.
    pub entries: Vec<AuditEntry>,
    /// All lines of the server.
    pub total: u32,
}

#[derive(Debug, sqlx::FromRow)]
struct AuditRow {
    at: i64,
    member_id: Option<i64>,
    details: String,
    total: i64,
}

impl Store {
    /// Lines of the server's audit, latest first. Beyond the last one the page is empty, its total 0.
    pub async fn list_audit(&self, guild: GuildId, limit: u32, offset: u32) -> Result<AuditPage, StoreError> {
        let rows: Vec<AuditRow> = on_db!(self.reader(), |db| sqlx::query_as(
            "SELECT at, member_id, details, COUNT(*) OVER () AS total FROM audit
             WHERE guild_id = $1 ORDER BY at DESC, id DESC LIMIT $2 OFFSET $3",
        )
        .bind(guild.to_db())
        .bind(i64::from(limit))
        .bind(i64::from(offset))
        .fetch_all(db))?;
        Ok(AuditPage {
            total: rows.first().map_or(0, |row| count(row.total)),
            entries: rows
                .into_iter()
                .map(|row| AuditEntry {
                    at: row.at,
                    by: row.member_id.map(MemberId::from_db),
                    act: serde_json::from_str(&row.details).unwrap_or(Act::Unknown),
                })
                .collect(),
        })
    }
}

impl Tx {
    /// Writes a line of the server's audit under this new key, with what it tells of.
    pub async fn insert_audit(
        &mut self,
        key: i64,
        guild: GuildId,
        entry: &AuditEntry,
    ) -> Result<(), StoreError> {
        let details = serde_json::to_string(&entry.act)
            .map_err(|error| StoreError::Other(sqlx::Error::Encode(Box::new(error))))?;
        on_db!(self.on(), |db| sqlx::query(
            "INSERT INTO audit (id, guild_id, at, member_id, act, details) VALUES ($1, $2, $3, $4, $5, $6)",
        )
        .bind(key)
        .bind(guild.to_db())
        .bind(entry.at)
        .bind(entry.by.map(MemberId::to_db))
        .bind(entry.act.as_str())
        .bind(details.as_str())
        .execute(db)
        .map_ok(drop))
    }
}
