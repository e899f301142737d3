//! The last resort when films are still tied after the method's own rule and after "more first choices
//! or approvals": declared before the vote. How it is applied is [`super::tally`]'s.

use serde::{Deserialize, Serialize};

/// What decides between films that nothing else separates.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default, Serialize, Deserialize)]
pub enum TieRule {
    /// The film that was proposed first.
    #[default]
    #[serde(rename = "earlier")]
    Chain,
    /// A draw whose seed is published before the vote, so that anyone can draw again.
    #[serde(rename = "draw")]
    Draw,
    /// Another round, of the tied films alone.
    #[serde(rename = "runoff")]
    RunOff,
}

impl TieRule {
    /// Every rule, the default first.
    pub const ALL: [Self; 3] = [Self::Chain, Self::Draw, Self::RunOff];

    /// The rule as the database and exports write it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Chain => "earlier",
            Self::Draw => "draw",
            Self::RunOff => "runoff",
        }
    }

    /// The rule that the database's text names.
    pub fn from_db(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|rule| rule.as_str() == text)
    }

    /// One sentence on what it does, as shown when it is chosen and with the result.
    pub const fn sentence(self) -> &'static str {
        match self {
            Self::Chain => "Of tied films, the one proposed first wins.",
            Self::Draw => "Tied films are drawn, from a seed published before the vote.",
            Self::RunOff => "Tied films meet again in a run-off round.",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_is_found_again_by_its_name() {
        for rule in TieRule::ALL {
            assert_eq!(TieRule::from_db(rule.as_str()), Some(rule));
            assert_eq!(
                serde_json::to_value(rule).unwrap(),
                serde_json::json!(rule.as_str())
            );
        }
        assert_eq!(TieRule::from_db("coin"), None);
    }
}
