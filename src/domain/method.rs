//! The ways to count a round: their names, and what a ballot looks like under each. How they count is
//! [`super::tally`]'s.

use serde::{Deserialize, Serialize};

/// How the votes of a round are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Method {
    /// Each member approves of as many films as they like; most approvals win.
    Approval,
    /// Each member has one vote; most votes win.
    Single,
    /// Each member has a fixed number of votes, one a film at most; most votes win.
    Limited,
    /// Scores from 0 to 5: the two highest sums meet, and the one preferred on more ballots wins.
    Star,
    /// Rankings, by instant run-off: the last is out and its votes move on, until one has a majority.
    Irv,
    /// Rankings, by Schulze's method: the film that beats each other one, directly or along the strongest path.
    Schulze,
    /// Rankings, by the single transferable vote: several picks, each by its own share of the members.
    Stv,
}

/// What a member writes on a ballot.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum BallotKind {
    /// A set of films, none before another.
    Set,
    /// A score from 0 to [`Method::MAX_SCORE`] for each film that the member cares about.
    Scores,
    /// Films in order of preference, as far as the member cares.
    Ranking,
}

impl Method {
    /// Every method, the simplest first.
    pub const ALL: [Self; 7] = [
        Self::Approval,
        Self::Single,
        Self::Limited,
        Self::Star,
        Self::Irv,
        Self::Schulze,
        Self::Stv,
    ];

    /// The highest score that a ballot with scores may give.
    pub const MAX_SCORE: u8 = 5;

    /// The most films that STV may pick. Its exact fractions double in length with each film that it picks;
    /// up to here any count stays quick.
    pub const MAX_STV_PICKS: u32 = 10;

    /// The method as the database and exports write it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Approval => "approval",
            Self::Single => "single",
            Self::Limited => "limited",
            Self::Star => "star",
            Self::Irv => "irv",
            Self::Schulze => "schulze",
            Self::Stv => "stv",
        }
    }

    /// The method that the database's text names.
    pub fn from_db(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|method| method.as_str() == text)
    }

    /// Its name for people, as a list of choices shows it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Approval => "Approval",
            Self::Single => "Single choice",
            Self::Limited => "Limited votes",
            Self::Star => "Scores (STAR)",
            Self::Irv => "Ranked, instant run-off",
            Self::Schulze => "Ranked, Schulze",
            Self::Stv => "Ranked, several picks (STV)",
        }
    }

    /// One sentence on how it is counted, as shown when it is chosen; a round's own is
    /// [`Rules::sentence`](super::round::Rules::sentence).
    pub const fn sentence(self) -> &'static str {
        match self {
            Self::Approval => "Vote for every film you would watch; most votes win.",
            Self::Single => "Vote for the one film you want most; most votes win.",
            Self::Limited => "Spend your few votes on different films; most votes win.",
            Self::Star => {
                "Give each film 0 to 5 stars; of the two with the most stars, the one that more members prefer wins."
            }
            Self::Irv => {
                "Rank the films; the last one goes out and its votes move on, until one film has more than half."
            }
            Self::Schulze => {
                "Rank the films; each pair is compared, and the film that beats every other one wins."
            }
            Self::Stv => {
                "Rank the films; every large enough group of members gets a pick, and votes that are left over move on."
            }
        }
    }

    /// What a member writes on a ballot.
    pub const fn ballot_kind(self) -> BallotKind {
        match self {
            Self::Approval | Self::Single | Self::Limited => BallotKind::Set,
            Self::Star => BallotKind::Scores,
            Self::Irv | Self::Schulze | Self::Stv => BallotKind::Ranking,
        }
    }

    /// Whether a film's button votes by itself; if not, it opens the ballot.
    pub const fn button_votes(self) -> bool {
        matches!(self.ballot_kind(), BallotKind::Set)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_method_is_found_again_by_its_name() {
        for method in Method::ALL {
            assert_eq!(Method::from_db(method.as_str()), Some(method));
            assert_eq!(
                serde_json::to_value(method).unwrap(),
                serde_json::json!(method.as_str())
            );
        }
        assert_eq!(Method::from_db("coin"), None);
    }

    #[test]
    fn buttons_vote_where_a_ballot_is_a_set() {
        let by_button: Vec<_> = Method::ALL
            .into_iter()
            .filter(|method| method.button_votes())
            .collect();
        assert_eq!(by_button, [Method::Approval, Method::Single, Method::Limited]);
    }
}
