//! Members who left, were banned or deleted their account: whether their votes in the open round count.
//!
//! They do, unless the server said otherwise; closed rounds are never touched. Departures are heard of as
//! they happen, where Discord tells of them, and looked for before a round is counted. Whoever comes back
//! has their votes back. What cannot be found out counts.

use std::collections::HashSet;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use futures::future::BoxFuture;
use tokio::time::Instant;

use super::{Service, ServiceError};
use crate::domain::ids::{GuildId, MemberId};
use crate::domain::round::{Round, Secrecy};
use crate::domain::settings::DepartedVotes;
use crate::domain::voter::VoterId;
use crate::store::StoreError;

/// Voters asked about one by one before a round is counted: a call of Discord each.
const MOST_ASKED: u32 = 200;

/// Voters looked for in a whole list of members.
const MOST_LISTED: u32 = 1_000_000;

/// How long it may take to find out who left.
const LOOK_WITHIN: Duration = Duration::from_secs(10);

/// Tells who is a member of a server. Every answer is bounded in time.
pub trait Membership: fmt::Debug + Send + Sync {
    /// Everybody in the server; `None` where the bot may not list them, or not in time.
    fn everybody(&self, guild: GuildId, until: Instant) -> BoxFuture<'_, Option<HashSet<MemberId>>>;

    /// Whether this user is a member; `None` when that was not to be found out in time.
    fn is_member(&self, guild: GuildId, member: MemberId, until: Instant) -> BoxFuture<'_, Option<bool>>;
}

/// What a look for members who left brought, to be told with the result.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct DepartedCheck {
    /// Whether it could not be found out of every voter, so that votes of some who left may count.
    pub incomplete: bool,
    /// Whether the look changed what counts.
    pub changed: bool,
}

/// Who left, and who is back.
#[derive(Debug, Default)]
struct Moves {
    gone: Vec<VoterId>,
    back: Vec<VoterId>,
    incomplete: bool,
}

impl Service {
    /// Who tells of members; to be set once, when the connection to Discord is set up.
    pub fn set_membership(&self, membership: Arc<dyn Membership>) {
        if self.membership.set(membership).is_err() {
            tracing::warn!("who tells of members was set before");
        }
    }

    /// Brings the server's open round in line with what the server set, after it set something else. Ten
    /// seconds at most. Whether the poll changed.
    pub async fn apply_departed_votes(&self, guild: GuildId) -> Result<bool, ServiceError> {
        match self.open_round_of(guild).await? {
            Some(round) => Ok(self.check_departed(&round).await?.changed),
            None => Ok(false),
        }
    }

    /// A member left the server or was banned. Whether votes that counted do not any more.
    pub async fn member_left(&self, guild: GuildId, member: MemberId) -> Result<bool, ServiceError> {
        if !self.drops_departed(guild).await? {
            return Ok(false);
        }
        let Some((round, voter)) = self.voter_in(guild, member).await? else {
            return Ok(false);
        };
        let now = self.clock.unix_secs();
        let withheld = async {
            let mut tx = self.store.begin_write().await?;
            tx.lock_ballot(round.id, member).await?;
            let withheld = tx.withhold_votes(round.id, voter, round.cast_at(now)).await?;
            tx.commit().await?;
            Ok(withheld)
        };
        withheld.await.map_err(ServiceError::from_store)
    }

    /// A member came (back) to the server. Whether votes count again that did not.
    pub async fn member_came(&self, guild: GuildId, member: MemberId) -> Result<bool, ServiceError> {
        let Some((round, voter)) = self.voter_in(guild, member).await? else {
            return Ok(false);
        };
        let restored = async {
            let mut tx = self.store.begin_write().await?;
            tx.lock_ballot(round.id, member).await?;
            let restored = tx.restore_votes(round.id, voter).await?;
            tx.commit().await?;
            Ok(restored)
        };
        restored.await.map_err(ServiceError::from_store)
    }

    /// Before the round is counted: finds out which of its voters left, where the server does not count
    /// their votes, and sets those aside; elsewhere takes back what was set aside. Ten seconds at most; what
    /// is not found out by then counts, and the answer says so.
    pub async fn check_departed(&self, round: &Round) -> Result<DepartedCheck, ServiceError> {
        if !round.is_open() {
            return Ok(DepartedCheck::default());
        }
        let drops = self.drops_departed(round.guild).await?;
        let moves = if drops {
            self.find_moves(round).await
        } else {
            let back = self.store.list_withheld_voters(round.id, MOST_LISTED).await;
            back.map(|back| Moves {
                back,
                ..Moves::default()
            })
        };
        let moves = moves.map_err(ServiceError::from_store)?;
        self.carry_out(round, &moves).await?;
        Ok(DepartedCheck {
            incomplete: moves.incomplete,
            changed: !moves.gone.is_empty() || !moves.back.is_empty(),
        })
    }

    /// Who left and who is back, by the list of members if the bot may read it, else by asking about each.
    async fn find_moves(&self, round: &Round) -> Result<Moves, StoreError> {
        let unknown = Moves {
            incomplete: true,
            ..Moves::default()
        };
        let Some(membership) = self.membership.get() else {
            return Ok(unknown);
        };
        let until = Instant::now() + LOOK_WITHIN;
        if let Some(everybody) = membership.everybody(round.guild, until).await {
            let here: HashSet<VoterId> = everybody
                .iter()
                .filter_map(|member| round.voter(*member))
                .collect();
            let voters = self.store.list_voters(round.id, MOST_LISTED).await?;
            let withheld = self.store.list_withheld_voters(round.id, MOST_LISTED).await?;
            return Ok(Moves {
                gone: voters.into_iter().filter(|voter| !here.contains(voter)).collect(),
                back: withheld
                    .into_iter()
                    .filter(|voter| here.contains(voter))
                    .collect(),
                incomplete: false,
            });
        }
        if round.rules.secrecy == Secrecy::Anonymous {
            // Nobody knows whom to ask about.
            return Ok(unknown);
        }
        let mut moves = Moves::default();
        for (voter, withheld) in self.ask_about(round).await? {
            let member = MemberId::from_db(voter.to_db());
            match membership.is_member(round.guild, member, until).await {
                Some(true) if withheld => moves.back.push(voter),
                Some(false) if !withheld => moves.gone.push(voter),
                Some(_) => {}
                None => moves.incomplete = true,
            }
        }
        moves.incomplete |=
            self.store.list_voters(round.id, MOST_ASKED + 1).await?.len() > MOST_ASKED as usize;
        Ok(moves)
    }

    /// The voters to ask about, those first whose votes are set aside, and whether they are.
    async fn ask_about(&self, round: &Round) -> Result<Vec<(VoterId, bool)>, StoreError> {
        let withheld = self.store.list_withheld_voters(round.id, MOST_ASKED).await?;
        let voters = self.store.list_voters(round.id, MOST_ASKED).await?;
        let withheld = withheld.into_iter().map(|voter| (voter, true));
        Ok(withheld
            .chain(voters.into_iter().map(|voter| (voter, false)))
            .collect())
    }

    async fn carry_out(&self, round: &Round, moves: &Moves) -> Result<(), ServiceError> {
        if moves.gone.is_empty() && moves.back.is_empty() {
            return Ok(());
        }
        let now = round.cast_at(self.clock.unix_secs());
        let carried_out = async {
            let mut tx = self.store.begin_write().await?;
            for voter in &moves.gone {
                tx.withhold_votes(round.id, *voter, now).await?;
            }
            for voter in &moves.back {
                tx.restore_votes(round.id, *voter).await?;
            }
            tx.commit().await
        };
        carried_out.await.map_err(ServiceError::from_store)
    }

    async fn drops_departed(&self, guild: GuildId) -> Result<bool, ServiceError> {
        let settings = self.store.find_settings(guild).await;
        Ok(settings.map_err(ServiceError::from_store)?.departed == DepartedVotes::Drop)
    }

    async fn open_round_of(&self, guild: GuildId) -> Result<Option<Round>, ServiceError> {
        self.store
            .find_open_round(guild)
            .await
            .map_err(ServiceError::from_store)
    }

    /// The server's open round, and the member's name in it.
    async fn voter_in(
        &self,
        guild: GuildId,
        member: MemberId,
    ) -> Result<Option<(Round, VoterId)>, ServiceError> {
        let round = self.open_round_of(guild).await?;
        Ok(round.and_then(|round| {
            let voter = round.voter(member)?;
            Some((round, voter))
        }))
    }
}
