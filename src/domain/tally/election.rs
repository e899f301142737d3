//! What is counted: the films that stand, the ballots, and the rules that were declared before the vote.

use super::super::method::Method;
use super::super::ties::TieRule;

/// One vote to be counted: everything that its result depends on.
///
/// [`count`](super::count) is total. Marks that make no sense (an index without a film, a film ranked
/// twice, marks of another method's kind) are passed over, and [`record`](crate::domain::record) and the
/// ballot box refuse them before they get here. So they do with ballots whose weights add up to more than
/// [`MAX_WEIGHT`](Self::MAX_WEIGHT), beyond which sums stop at their type's end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Election {
    /// How it is counted.
    pub method: Method,
    /// How many films are to be picked, 1 or more, and at most [`Method::MAX_STV_PICKS`] by STV.
    pub picks: u32,
    /// What decides between films that nothing else separates.
    pub ties: TieRule,
    /// The seed that was published for [`TieRule::Draw`]. A draw without a seed goes to the earlier proposal.
    pub draw_seed: Option<String>,
    /// The films that stand, in any order.
    pub candidates: Vec<Candidate>,
    /// What was voted, in any order.
    pub ballots: Vec<Ballot>,
}

impl Election {
    /// The greatest sum of weights that is counted exactly, and that any reader of JSON reads exactly:
    /// the greatest sum of scores stays below 2^53.
    pub const MAX_WEIGHT: u64 = ((1 << 53) - 1) / Method::MAX_SCORE as u64;
}

/// A film that stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// Its name in the result: opaque, and unlike that of any other candidate.
    pub id: String,
    /// When it was proposed, on any scale. Of two with the same time, the one with the lesser id (by
    /// bytes) counts as proposed earlier.
    pub proposed_at: i64,
}

/// What one member voted, or several members alike.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ballot {
    /// How many members voted this.
    pub weight: u64,
    /// What they voted.
    pub marks: Marks,
}

/// The marks of a ballot, films being indices of [`Election::candidates`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Marks {
    /// The films that are voted for, in any order.
    Set(Vec<usize>),
    /// The films from the most wanted on; those that are missing come after, equal among themselves.
    Ranking(Vec<usize>),
    /// Films with their scores, in any order; those that are missing have 0.
    Scores(Vec<(usize, u8)>),
}
