//! Requests that wait for whoever made them to choose: typed titles for a film, or to be insisted on, and
//! changes of a round for a yes.
//!
//! Kept in memory, for as long as the message with the choice can be answered: after a restart the
//! member is told to ask again. Bound to the member and the server that asked.

use std::time::Duration;

use moka::future::Cache;

use crate::clock::Clock;
use crate::domain::ids::{GuildId, MemberId};
use crate::domain::policy::Actor;
use crate::domain::schedule::Adjustment;
use crate::service::rounds::change::RoundChange;

/// How long a choice may be made: an interaction's token lives that long.
const LIFE: Duration = Duration::from_mins(15);

/// Choices remembered at most; the least used goes first.
const MOST: u64 = 10_000;

/// A proposal that waits for its film.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pending {
    /// What was typed, cleaned.
    pub typed: String,
    /// The pitch that came with it.
    pub pitch: Option<String>,
}

/// A change of a round that waits for a yes, since it drops votes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PendingChange {
    /// What is to be different.
    pub change: RoundChange,
    /// What the zone's clocks made of the closing time that came with it.
    pub adjusted: Option<Adjustment>,
}

/// The proposals that wait.
pub type PendingProposals = Waiting<Pending>;

/// The requests of one kind that wait.
#[derive(Debug, Clone)]
pub struct Waiting<T: Clone + Send + Sync + 'static> {
    clock: Clock,
    waiting: Cache<i64, (GuildId, MemberId, T)>,
}

impl<T: Clone + Send + Sync + 'static> Waiting<T> {
    /// None yet. Keys come from `clock`.
    pub fn new(clock: Clock) -> Self {
        Self {
            clock,
            waiting: Cache::builder().max_capacity(MOST).time_to_live(LIFE).build(),
        }
    }

    /// Remembers the request for this member and returns its key.
    pub async fn remember(&self, actor: Actor, pending: T) -> i64 {
        let token = self.clock.key();
        self.waiting
            .insert(token, (actor.guild, actor.member, pending))
            .await;
        token
    }

    /// The request under this key, if it is this member's in this server and not expired.
    pub async fn find(&self, token: i64, actor: Actor) -> Option<T> {
        let (guild, member, pending) = self.waiting.get(&token).await?;
        (guild == actor.guild && member == actor.member).then_some(pending)
    }

    /// Forgets the request under this key: it is settled.
    pub async fn forget(&self, token: i64) {
        self.waiting.invalidate(&token).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ASKED: Actor = Actor {
        guild: GuildId(1),
        member: MemberId(2),
        manages_server: false,
    };

    fn solaris() -> Pending {
        Pending {
            typed: "Solaris".into(),
            pitch: Some("slow and deep".into()),
        }
    }

    #[tokio::test]
    async fn the_member_who_asked_finds_it_until_it_is_settled() {
        let pending = PendingProposals::new(Clock::manual(1_790_000_000_000));
        let token = pending.remember(ASKED, solaris()).await;
        assert_eq!(pending.find(token, ASKED).await, Some(solaris()));
        pending.forget(token).await;
        assert_eq!(pending.find(token, ASKED).await, None);
    }

    #[tokio::test]
    async fn nobody_else_finds_it_and_it_is_found_nowhere_else() {
        let pending = PendingProposals::new(Clock::manual(1_790_000_000_000));
        let token = pending.remember(ASKED, solaris()).await;
        for stranger in [
            Actor {
                member: MemberId(3),
                ..ASKED
            },
            Actor {
                guild: GuildId(9),
                ..ASKED
            },
            Actor {
                guild: GuildId(9),
                manages_server: true,
                ..ASKED
            },
        ] {
            assert_eq!(pending.find(token, stranger).await, None, "{stranger:?}");
        }
        assert_eq!(pending.find(token.wrapping_add(1), ASKED).await, None);
    }
}
