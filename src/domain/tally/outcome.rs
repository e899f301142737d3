//! What a count found, as it is stored with the round, announced, exported and compared.

use serde::{Deserialize, Serialize};

use super::step::Step;

/// The result of a count.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outcome {
    /// The films that are picked, best first. Fewer than asked for when fewer films have any vote, or when
    /// a run-off is to decide.
    pub winners: Vec<String>,
    /// Every film, best first. Films without a vote are last.
    pub order: Vec<String>,
    /// What settled who is picked.
    pub decided_by: DecidedBy,
    /// The films among which the method left the choice open, when something else had to decide.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tied: Vec<String>,
    /// How many of [`tied`](Self::tied) are still to be picked by a run-off round; 0 if none is needed.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub open_picks: u32,
    /// How the count went.
    pub steps: Vec<Step>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde's signature")]
fn is_zero(number: &u32) -> bool {
    *number == 0
}

/// What settled who is picked: the last step of the declared chain that mattered. A tie that could have
/// been broken either way without changing who is picked does not matter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum DecidedBy {
    /// The method's own rule; also when nobody voted and nothing is picked.
    #[serde(rename = "method")]
    Method,
    /// More first choices (for scores: on more ballots no film has a higher score).
    #[serde(rename = "chain:first_choices")]
    FirstChoices,
    /// The earlier proposal.
    #[serde(rename = "chain:earlier_proposal")]
    EarlierProposal,
    /// The draw from the published seed.
    #[serde(rename = "draw")]
    Draw,
    /// Nothing yet: a run-off round of the tied films is needed.
    #[serde(rename = "runoff")]
    RunOff,
}
