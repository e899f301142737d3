//! A round: one vote over a server's active proposals, and the rules it is held under.

mod rules;
mod transition;

use super::ids::{ChannelId, GuildId, MemberId, RoundId};
use super::voter::{BallotKey, VoterId};

pub use super::method::Method;
pub use rules::{Rules, Secrecy};
pub use transition::{NextRound, REOPEN_WITHIN_SECS, Transition, TransitionRefusal};

/// Where a round stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RoundState {
    /// Votes are taken.
    Open,
    /// Its result is recorded for good.
    Closed,
    /// It ended without a result.
    Cancelled,
}

impl RoundState {
    /// The state as the database holds it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Closed => "closed",
            Self::Cancelled => "cancelled",
        }
    }

    /// The state that the database's text names.
    pub fn from_db(text: &str) -> Option<Self> {
        [Self::Open, Self::Closed, Self::Cancelled]
            .into_iter()
            .find(|state| state.as_str() == text)
    }
}

/// A round with its rules.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Round {
    /// Its key.
    pub id: RoundId,
    /// The server that votes.
    pub guild: GuildId,
    /// Which of the server's rounds it is, from 1.
    pub number: u32,
    /// Where it stands.
    pub state: RoundState,
    /// How it is held and counted.
    pub rules: Rules,
    /// Its name, when an organizer gave it one.
    pub title: Option<String>,
    /// When it opened, Unix seconds.
    pub opened_at: i64,
    /// When it closes by itself, Unix seconds.
    pub closes_at: Option<i64>,
    /// When it ended, Unix seconds.
    pub ended_at: Option<i64>,
    /// What finds a member's ballot while an anonymous round is open.
    pub ballot_key: Option<BallotKey>,
    /// What a draw goes by, should one be needed; published before the vote.
    pub draw_seed: Option<String>,
    /// The round whose tie this one breaks: only the films that were tied are voted on.
    pub runoff_of: Option<RoundId>,
    /// Where an organizer's command last opened, changed or ended it: where its result is announced when no
    /// better place is known.
    pub asked_in: Option<ChannelId>,
}

impl Round {
    /// A server's first round, opened at this instant under the default rules.
    pub fn opened(id: RoundId, guild: GuildId, opened_at: i64) -> Self {
        Self {
            id,
            guild,
            number: 1,
            state: RoundState::Open,
            rules: Rules::default(),
            title: None,
            opened_at,
            closes_at: None,
            ended_at: None,
            ballot_key: None,
            draw_seed: None,
            runoff_of: None,
            asked_in: None,
        }
    }

    /// Whether votes are taken.
    pub const fn is_open(&self) -> bool {
        matches!(self.state, RoundState::Open)
    }

    /// Whether a vote that comes in now (Unix seconds) is taken: not from its closing time on, though whoever
    /// closes it may be a moment late.
    pub fn takes_votes(&self, now: i64) -> bool {
        self.is_open() && self.closes_at.is_none_or(|closes_at| now < closes_at)
    }

    /// Whether nobody may see counts yet: only how many have voted.
    pub const fn hides_counts(&self) -> bool {
        matches!(self.rules.secrecy, Secrecy::Hidden) && self.is_open()
    }

    /// Whether it may be seen who voted for what.
    pub const fn names_voters(&self) -> bool {
        matches!(self.rules.secrecy, Secrecy::Public)
    }

    /// When a vote that comes now is said to be cast. In an anonymous round all are as old as the round, so
    /// that no line of a log leads by its time to a vote.
    pub const fn cast_at(&self, now: i64) -> i64 {
        match self.rules.secrecy {
            Secrecy::Public | Secrecy::Hidden => now,
            Secrecy::Anonymous => self.opened_at,
        }
    }

    /// Whose ballot this member's is. `None` once an anonymous round has ended: the link is cut.
    pub fn voter(&self, member: MemberId) -> Option<VoterId> {
        match self.rules.secrecy {
            Secrecy::Public | Secrecy::Hidden => Some(VoterId::from(member)),
            Secrecy::Anonymous => self.ballot_key.as_ref().map(|key| key.voter(self.id, member)),
        }
    }
}
