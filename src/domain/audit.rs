//! Who did what in a server: what organizers may look up. Never who voted what.

use serde::{Deserialize, Serialize};

use super::ids::MemberId;

/// Something that was done. Titles are as they were then; what a member is has no name here, only an id.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "act", rename_all = "snake_case")]
pub enum Act {
    /// Put a film up.
    Proposed {
        /// The film's title.
        title: String,
    },
    /// Took their own proposal out.
    Withdrew {
        /// The film's title.
        title: String,
    },
    /// Took somebody else's proposal out.
    Removed {
        /// The film's title.
        title: String,
        /// Whose proposal it was: a Discord user's id.
        proposed_by: u64,
    },
    /// Set how many proposals each member may have.
    ServerLimit {
        /// The limit; `None`: the product's default again.
        limit: Option<u32>,
    },
    /// Set how many proposals one member may have.
    MemberLimit {
        /// Whose limit: a Discord user's id.
        member: u64,
        /// The limit; `None`: the server's again.
        limit: Option<u32>,
    },
    /// Changed a setting.
    Setting {
        /// Its name, as in the command's option.
        name: String,
        /// Its value in words; `None`: the default again.
        value: Option<String>,
    },
    /// Opened a round.
    RoundStarted {
        /// Its number.
        number: u32,
    },
    /// Changed an open round's rules, title or closing time.
    RoundChanged {
        /// Its number.
        number: u32,
        /// What is different now, in words.
        what: String,
    },
    /// A round was closed and counted; by nobody when its time had come.
    RoundClosed {
        /// Its number.
        number: u32,
    },
    /// Cancelled a round.
    RoundCancelled {
        /// Its number.
        number: u32,
    },
    /// Opened a closed round again.
    RoundReopened {
        /// Its number.
        number: u32,
    },
    /// Marked a film as watched.
    WatchedAdded {
        /// The film's title.
        title: String,
    },
    /// Took a film out of the history.
    WatchedRemoved {
        /// The film's title.
        title: String,
    },
    /// Something that a newer version of the program wrote.
    #[serde(other)]
    Unknown,
}

impl Act {
    /// The act's name in the database.
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Proposed { .. } => "proposed",
            Self::Withdrew { .. } => "withdrew",
            Self::Removed { .. } => "removed",
            Self::ServerLimit { .. } => "server_limit",
            Self::MemberLimit { .. } => "member_limit",
            Self::Setting { .. } => "setting",
            Self::RoundStarted { .. } => "round_started",
            Self::RoundChanged { .. } => "round_changed",
            Self::RoundClosed { .. } => "round_closed",
            Self::RoundCancelled { .. } => "round_cancelled",
            Self::RoundReopened { .. } => "round_reopened",
            Self::WatchedAdded { .. } => "watched_added",
            Self::WatchedRemoved { .. } => "watched_removed",
            Self::Unknown => "unknown",
        }
    }
}

/// A line of the audit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditEntry {
    /// When, Unix seconds.
    pub at: i64,
    /// Who; `None`: the bot by itself.
    pub by: Option<MemberId>,
    /// What.
    pub act: Act,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_act_is_read_again_and_named_as_it_is_written() {
        let acts = [
            Act::Proposed {
                title: "Alien".into(),
            },
            Act::MemberLimit {
                member: 7,
                limit: None,
            },
            Act::RoundClosed { number: 3 },
        ];
        for act in acts {
            let json = serde_json::to_value(&act).expect("JSON");
            assert_eq!(json["act"], act.as_str());
            assert_eq!(serde_json::from_value::<Act>(json).expect("an act"), act);
        }
    }

    #[test]
    fn an_act_of_a_newer_version_is_unknown_and_no_error() {
        let read: Act = serde_json::from_str(r#"{"act":"sang","song":"As Time Goes By"}"#).expect("an act");
        assert_eq!(read, Act::Unknown);
    }
}
