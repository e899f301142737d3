//! What is to be said in a channel because of something that was decided: written in the transaction of the
//! decision, and sent afterwards for as long as it takes.

use super::ids::{ChannelId, GuildId, MessageId, RoundId};

/// What is to be said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum NoticeKind {
    /// The round's result, as a new message.
    Result,
    /// That the round is over, in the message that showed its poll.
    ClosePoll,
    /// That the round goes on after all, in the message that announced its result.
    Reopened,
}

impl NoticeKind {
    /// Every kind.
    pub const ALL: [Self; 3] = [Self::Result, Self::ClosePoll, Self::Reopened];

    /// The kind as the database holds it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Result => "result",
            Self::ClosePoll => "close_poll",
            Self::Reopened => "reopened",
        }
    }

    /// The kind that the database's text names.
    pub fn from_db(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text)
    }
}

/// Something to be said about a round.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Notice {
    /// Its key.
    pub id: i64,
    /// The server.
    pub guild: GuildId,
    /// Where it is said.
    pub channel: ChannelId,
    /// What is said.
    pub kind: NoticeKind,
    /// Of which round.
    pub round: RoundId,
    /// The message that says it, where there is one already.
    pub message: Option<MessageId>,
}

/// A notice on its way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Delivery {
    /// What is to be said.
    pub notice: Notice,
    /// Which attempt this is, from 1.
    pub attempts: u32,
    /// When it was decided that it is said, Unix seconds.
    pub created_at: i64,
}

/// How long a notice is tried, in seconds: a day.
pub const GIVE_UP_AFTER_SECS: i64 = 24 * 60 * 60;

/// The wait after the first attempt that failed, and the longest one, in seconds.
const WAITS_SECS: (i64, i64) = (5, 10 * 60);

impl Delivery {
    /// How long to wait after this attempt before the next one, in seconds: twice as long each time.
    pub const fn wait_secs(&self) -> i64 {
        let doublings = if self.attempts > 8 {
            7
        } else {
            self.attempts.saturating_sub(1)
        };
        let wait = WAITS_SECS.0 << doublings;
        if wait > WAITS_SECS.1 { WAITS_SECS.1 } else { wait }
    }

    /// Whether it was tried for as long as it is worth.
    pub const fn is_too_old(&self, now: i64) -> bool {
        now.saturating_sub(self.created_at) >= GIVE_UP_AFTER_SECS
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_is_found_again_by_its_name() {
        for kind in NoticeKind::ALL {
            assert_eq!(NoticeKind::from_db(kind.as_str()), Some(kind));
        }
        assert_eq!(NoticeKind::from_db("gossip"), None);
    }

    #[test]
    fn attempts_come_more_and_more_slowly_and_end_after_a_day() {
        let delivery = |attempts| Delivery {
            notice: Notice {
                id: 1,
                guild: GuildId(1),
                channel: ChannelId(1),
                kind: NoticeKind::Result,
                round: RoundId(1),
                message: None,
            },
            attempts,
            created_at: 1_000,
        };
        let waits: Vec<_> = (1..=9).map(|attempts| delivery(attempts).wait_secs()).collect();
        assert_eq!(waits, [5, 10, 20, 40, 80, 160, 320, 600, 600]);
        assert_eq!(delivery(u32::MAX).wait_secs(), 600);
        assert!(!delivery(1).is_too_old(1_000 + 86_399));
        assert!(delivery(1).is_too_old(1_000 + 86_400));
    }
}
