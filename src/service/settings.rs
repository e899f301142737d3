//! A server's settings and its members' limits: read by organizers, changed by them, and written down in
//! the audit.

use super::{Service, ServiceError};
use crate::domain::audit::{Act, AuditEntry};
use crate::domain::ids::{GuildId, MemberId};
use crate::domain::policy::Organizer;
use crate::domain::refusal::Refusal;
use crate::domain::settings::{Change, GuildSettings};
use crate::store::{Slots, StoreError, Tx};

/// How many members with a limit of their own are listed.
const LIMITS_LISTED: u32 = 25;

/// How many lines of the audit make a page.
pub const AUDIT_PAGE: u32 = 15;

/// The limits of active proposals in a server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// What each member may have who has no limit of their own.
    pub server: u32,
    /// Members with a limit of their own, the first ones.
    pub members: Vec<(MemberId, u32)>,
    /// How many such members there are.
    pub total: u32,
}

/// One member's slots, as an organizer sees them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MemberLimit {
    /// The member.
    pub member: MemberId,
    /// How many active proposals they have.
    pub used: u32,
    /// How many they may have.
    pub limit: u32,
    /// Whether the limit is their own; else it is the server's.
    pub own: bool,
}

/// One page of the audit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Audit {
    /// Its lines, latest first.
    pub entries: Vec<AuditEntry>,
    /// Which page, from 1.
    pub page: u32,
    /// How many pages there are, at least 1.
    pub pages: u32,
}

impl Service {
    /// The server's settings (1 statement).
    pub async fn read_settings(&self, organizer: Organizer) -> Result<GuildSettings, ServiceError> {
        let settings = self.store.find_settings(organizer.actor().guild).await;
        settings.map_err(ServiceError::from_store)
    }

    /// Changes settings, all of them or none; what is as it was is not written down. The settings after it.
    ///
    /// # Errors
    /// Refused with `EveryoneRole` when everybody would become an organizer or be pinged.
    pub async fn change_settings(
        &self,
        organizer: Organizer,
        changes: &[Change],
    ) -> Result<GuildSettings, ServiceError> {
        let guild = organizer.actor().guild;
        if changes.iter().any(|change| names_everyone(change, guild)) {
            return Err(Refusal::EveryoneRole.into());
        }
        let now = self.clock.unix_secs();
        let written = async {
            let mut tx = self.store.begin_write().await?;
            let mut settings = tx.lock_guild(guild, now).await?;
            for change in changes {
                let after = settings.clone().with(change);
                if after != settings {
                    let name = change.name().to_owned();
                    let value = change.value();
                    self.note(&mut tx, organizer, Act::Setting { name, value })
                        .await?;
                }
                settings = after;
            }
            tx.update_settings(guild, &settings).await?;
            tx.commit().await?;
            Ok(settings)
        };
        written.await.map_err(ServiceError::from_store)
    }

    /// The limits of active proposals: the server's, and members' own (2 statements).
    pub async fn read_limits(&self, organizer: Organizer) -> Result<Limits, ServiceError> {
        let guild = organizer.actor().guild;
        let read = async {
            let settings = self.store.find_settings(guild).await?;
            let (members, total) = self.store.list_proposal_limits(guild, LIMITS_LISTED).await?;
            Ok(Limits {
                server: settings.proposal_limit,
                members,
                total,
            })
        };
        read.await.map_err(ServiceError::from_store)
    }

    /// One member's slots (2 statements).
    pub async fn read_member_limit(
        &self,
        organizer: Organizer,
        member: MemberId,
    ) -> Result<MemberLimit, ServiceError> {
        let guild = organizer.actor().guild;
        let read = async {
            let slots = self.store.find_slots(guild, member).await?;
            let settings = self.store.find_settings(guild).await?;
            Ok(member_limit(member, slots, settings.proposal_limit))
        };
        read.await.map_err(ServiceError::from_store)
    }

    /// Gives a member a limit of their own, or with `None` the server's again. Proposals beyond it stay.
    pub async fn set_member_limit(
        &self,
        organizer: Organizer,
        member: MemberId,
        limit: Option<u32>,
    ) -> Result<MemberLimit, ServiceError> {
        let guild = organizer.actor().guild;
        let limit = limit.map(|limit| limit.min(GuildSettings::MAX_PROPOSAL_LIMIT));
        let written = async {
            let mut tx = self.store.begin_write().await?;
            tx.lock_guild(guild, self.clock.unix_secs()).await?;
            tx.upsert_proposal_limit(guild, member, limit).await?;
            let act = Act::MemberLimit {
                member: member.0,
                limit,
            };
            self.note(&mut tx, organizer, act).await?;
            tx.commit().await
        };
        written.await.map_err(ServiceError::from_store)?;
        self.read_member_limit(organizer, member).await
    }

    /// Sets how many proposals members may have who have no limit of their own; `None`: the product's
    /// default. Proposals beyond it stay.
    pub async fn set_server_limit(
        &self,
        organizer: Organizer,
        limit: Option<u32>,
    ) -> Result<Limits, ServiceError> {
        let limit = limit.unwrap_or_else(|| GuildSettings::default().proposal_limit);
        self.change_settings(organizer, &[Change::ProposalLimit(limit)])
            .await?;
        self.read_limits(organizer).await
    }

    /// One page of the audit (1 statement, up to 3 beyond the last page); `page` is clamped to those there are.
    pub async fn read_audit(&self, organizer: Organizer, page: u32) -> Result<Audit, ServiceError> {
        let guild = organizer.actor().guild;
        let read = async |page: u32| {
            let offset = (page - 1).saturating_mul(AUDIT_PAGE);
            let found = self.store.list_audit(guild, AUDIT_PAGE, offset).await;
            found.map_err(ServiceError::from_store)
        };
        let mut page = page.max(1);
        let mut found = read(page).await?;
        if found.entries.is_empty() && page > 1 {
            // Beyond the last page nobody counts; the first one tells how many there are.
            let first = read(1).await?;
            page = first.total.div_ceil(AUDIT_PAGE).clamp(1, page - 1);
            found = if page == 1 { first } else { read(page).await? };
        }
        Ok(Audit {
            pages: found.total.div_ceil(AUDIT_PAGE).max(1),
            entries: found.entries,
            page,
        })
    }

    /// Writes down what an organizer did.
    pub(super) async fn note(&self, tx: &mut Tx, by: Organizer, act: Act) -> Result<(), StoreError> {
        let actor = by.actor();
        self.note_by(tx, actor.guild, Some(actor.member), act).await
    }

    /// Writes down what somebody, or the bot by itself, did.
    pub(super) async fn note_by(
        &self,
        tx: &mut Tx,
        guild: GuildId,
        by: Option<MemberId>,
        act: Act,
    ) -> Result<(), StoreError> {
        let entry = AuditEntry {
            at: self.clock.unix_secs(),
            by,
            act,
        };
        tx.insert_audit(self.clock.key(), guild, &entry).await
    }
}

/// Whether this names the role that every member has, whose id is the server's.
fn names_everyone(change: &Change, guild: GuildId) -> bool {
    match change {
        Change::OrganizerRole(Some(role)) | Change::AnnounceRole(Some(role)) => role.0 == guild.0,
        _ => false,
    }
}

fn member_limit(member: MemberId, slots: Slots, server: u32) -> MemberLimit {
    MemberLimit {
        member,
        used: slots.used,
        limit: slots.own.unwrap_or(server),
        own: slots.own.is_some(),
    }
}
