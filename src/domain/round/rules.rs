//! The rules of a round: declared before the vote, printed with the result.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use crate::domain::method::Method;
use crate::domain::ties::TieRule;

/// Who may see what of the votes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Secrecy {
    /// Everybody sees who voted for what.
    #[default]
    Public,
    /// Counts only; nobody, organizers included, sees whose votes they are.
    Anonymous,
    /// No counts until the close, only how many have voted.
    Hidden,
}

impl Secrecy {
    /// Every secrecy, the default first.
    pub const ALL: [Self; 3] = [Self::Public, Self::Anonymous, Self::Hidden];

    /// The secrecy as the database holds it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Public => "public",
            Self::Anonymous => "anonymous",
            Self::Hidden => "hidden",
        }
    }

    /// The secrecy that the database's text names.
    pub fn from_db(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|secrecy| secrecy.as_str() == text)
    }

    /// One sentence on what it does.
    pub const fn sentence(self) -> &'static str {
        match self {
            Self::Public => "Everybody sees who voted for what.",
            Self::Anonymous => "Only counts are shown; nobody sees who voted for what, not even organizers.",
            Self::Hidden => "No counts are shown before the close, only how many have voted.",
        }
    }
}

/// How a round is held and counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Rules {
    /// How votes are counted.
    pub method: Method,
    /// How many films are picked, 1 to [`Rules::MAX_PICKS`].
    pub picks: u32,
    /// How many votes each member has where the method is [`Method::Limited`], 1 to [`Rules::MAX_VOTES_EACH`].
    pub votes_each: u32,
    /// Who sees what.
    pub secrecy: Secrecy,
    /// What decides between films that are still tied at the end.
    pub ties: TieRule,
    /// The fewest voters that make a result; `None` where any number does.
    pub quorum: Option<u32>,
}

impl Rules {
    /// The most films that a round picks.
    pub const MAX_PICKS: u32 = 10;

    /// The most votes that a member may have under [`Method::Limited`].
    pub const MAX_VOTES_EACH: u32 = 25;

    /// The highest quorum.
    pub const MAX_QUORUM: u32 = 1_000_000;

    /// One sentence on how votes are given and counted, as shown above the poll and with the result: that of the
    /// method, with how many votes each member has where they are limited.
    pub fn sentence(self) -> Cow<'static, str> {
        match (self.method, self.votes_each) {
            (Method::Limited, 1) => "Spend your one vote on a film; most votes win.".into(),
            (Method::Limited, votes) => {
                format!("Spend your {votes} votes on different films; most votes win.").into()
            }
            (method, _) => method.sentence().into(),
        }
    }

    /// How many films a member may vote for by buttons or a menu; `None` where there is no limit.
    pub const fn vote_limit(self) -> Option<u32> {
        match self.method {
            Method::Single => Some(1),
            Method::Limited => Some(self.votes_each),
            Method::Approval | Method::Star | Method::Irv | Method::Schulze | Method::Stv => None,
        }
    }

    /// Whether reactions can be votes: they choose films, no more, and everybody sees whose they are and how
    /// many.
    pub const fn allow_reactions(self) -> bool {
        self.method.button_votes() && matches!(self.secrecy, Secrecy::Public)
    }

    /// Whether ballots given under `self` still mean the same under `other`, and show no more than those who
    /// gave them were told.
    pub fn keep_ballots(self, other: Self) -> bool {
        let anonymous = |rules: Self| matches!(rules.secrecy, Secrecy::Anonymous);
        let named = |rules: Self| matches!(rules.secrecy, Secrecy::Public);
        self.method == other.method
            && anonymous(self) == anonymous(other)
            && (named(self) || !named(other))
            && other.vote_limit().unwrap_or(u32::MAX) >= self.vote_limit().unwrap_or(u32::MAX)
    }
}

impl Default for Rules {
    fn default() -> Self {
        Self {
            method: Method::Approval,
            picks: 1,
            votes_each: 3,
            secrecy: Secrecy::Public,
            ties: TieRule::Chain,
            quorum: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_secrecy_is_found_again_by_its_name() {
        for secrecy in Secrecy::ALL {
            assert_eq!(Secrecy::from_db(secrecy.as_str()), Some(secrecy));
        }
        assert_eq!(Secrecy::from_db("whispered"), None);
    }

    #[test]
    fn ballots_are_kept_where_they_still_mean_the_same() {
        let approval = Rules::default();
        let limited = |votes_each| Rules {
            method: Method::Limited,
            votes_each,
            ..approval
        };
        assert!(approval.keep_ballots(Rules {
            picks: 2,
            quorum: Some(5),
            ..approval
        }));
        assert!(approval.keep_ballots(Rules {
            secrecy: Secrecy::Hidden,
            ..approval
        }));
        assert!(!approval.keep_ballots(Rules {
            secrecy: Secrecy::Anonymous,
            ..approval
        }));
        let hidden = Rules {
            secrecy: Secrecy::Hidden,
            ..approval
        };
        assert!(
            !hidden.keep_ballots(approval),
            "nobody was told that names would be shown"
        );
        assert!(!approval.keep_ballots(Rules {
            method: Method::Irv,
            ..approval
        }));
        assert!(limited(2).keep_ballots(limited(3)));
        assert!(!limited(3).keep_ballots(limited(2)));
    }

    #[test]
    fn limited_votes_are_counted_out_and_other_methods_speak_for_themselves() {
        let limited = |votes_each| Rules {
            method: Method::Limited,
            votes_each,
            ..Rules::default()
        };
        assert_eq!(
            limited(3).sentence(),
            "Spend your 3 votes on different films; most votes win."
        );
        assert_eq!(
            limited(1).sentence(),
            "Spend your one vote on a film; most votes win."
        );
        assert_eq!(Rules::default().sentence(), Method::Approval.sentence());
    }

    #[test]
    fn reactions_are_votes_only_where_nothing_is_secret_or_ranked() {
        let rules = Rules::default();
        assert!(rules.allow_reactions());
        for secrecy in [Secrecy::Anonymous, Secrecy::Hidden] {
            assert!(!Rules { secrecy, ..rules }.allow_reactions());
        }
        assert!(
            !Rules {
                method: Method::Star,
                ..rules
            }
            .allow_reactions()
        );
    }
}
