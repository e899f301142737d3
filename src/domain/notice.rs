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
}
