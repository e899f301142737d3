//! The steps of a count as data, in the order in which they happened, so that a view can tell them in
//! words and a reader of the JSON can follow them. Films are the candidates' ids.

use serde::{Deserialize, Serialize};

use super::amount::Amount;

/// One step of a count.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "step", rename_all = "snake_case")]
pub enum Step {
    /// No ballot has a mark: nothing is picked.
    NoVotes,
    /// Approval, single choice, limited: the votes of every film, most first.
    Votes {
        /// How many ballots have a mark.
        ballots: u64,
        /// Every film with its votes.
        standings: Vec<Standing>,
    },
    /// STAR: the sum of the scores of every film, highest first.
    Sums {
        /// How many ballots have a score above 0.
        ballots: u64,
        /// Every film with the sum of its scores.
        standings: Vec<Standing>,
    },
    /// STAR: the two films that meet, once for each pick.
    HeadToHead {
        /// Which pick is decided, from 1.
        pick: u32,
        /// The two, the one that wins first.
        films: [String; 2],
        /// On how many ballots the first has the higher score, and on how many the second.
        preferred: [u64; 2],
        /// What decided between the two.
        by: HeadToHeadBy,
    },
    /// STAR: one film alone is left with a score, and it is picked.
    Unopposed {
        /// Which pick it is, from 1.
        pick: u32,
        /// The film.
        film: String,
    },
    /// STAR: several films with the same sum, of which one goes into the head-to-head.
    TiedSums {
        /// Which pick is being decided, from 1.
        pick: u32,
        /// The films with the same sum.
        films: Vec<String>,
        /// The one that goes on.
        chosen: String,
        /// What chose it.
        by: SumsBy,
    },
    /// Instant run-off and STV: the votes of each film still in the race, most first.
    Round {
        /// Its number, from 1.
        round: u32,
        /// Every film in the race with its votes.
        standings: Vec<Standing>,
        /// The votes of all films in the race.
        in_play: Amount,
        /// The votes that have no film to go to any more: everything they rank is out or picked.
        exhausted: Amount,
    },
    /// Instant run-off: a film has more than half of the votes in play.
    Majority {
        /// In which round.
        round: u32,
        /// The film.
        film: String,
        /// Its votes.
        votes: Amount,
        /// The votes of all films in the race.
        in_play: Amount,
    },
    /// STV: the votes with which a film is picked.
    Quota {
        /// How many ballots rank a film.
        ballots: u64,
        /// How many films are to be picked.
        picks: u32,
        /// The quota: the least number of votes that only so many films can have.
        quota: u64,
    },
    /// STV: a film reached the quota and is picked.
    Elected {
        /// In which round.
        round: u32,
        /// The film.
        film: String,
        /// Its votes.
        votes: Amount,
    },
    /// STV: what a picked film has beyond the quota moves on, the same share of each of its ballots.
    Surplus {
        /// After which round.
        round: u32,
        /// The picked film.
        film: String,
        /// The votes beyond the quota.
        surplus: Amount,
        /// Where they went.
        moved: Vec<Move>,
    },
    /// Instant run-off and STV: a film is out, and its votes move on.
    Out {
        /// After which round.
        round: u32,
        /// The film.
        film: String,
        /// Its votes.
        votes: Amount,
        /// How it came to be the last one, if it had to share that place.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        tie: Option<TiedLast>,
        /// Where they went.
        moved: Vec<Move>,
    },
    /// Instant run-off and STV: no more films are left than are to be picked, so these are picked.
    Remaining {
        /// In which round.
        round: u32,
        /// The films, most votes first.
        films: Vec<String>,
    },
    /// Ranked ballots: films that no ballot ranks take no part.
    Unranked {
        /// The films.
        films: Vec<String>,
    },
    /// Schulze: every pair of films that are ranked at all.
    Pairs {
        /// The films, as rows and columns of both tables, in order of proposal.
        films: Vec<String>,
        /// How many ballots prefer the row to the column.
        preferred: Vec<Vec<u64>>,
        /// The strength of the strongest path from the row to the column, in winning votes.
        strongest: Vec<Vec<u64>>,
    },
    /// Schulze: who beats whom along the strongest paths; no film of a rank beats another of it.
    Ranks {
        /// The films by rank, best first.
        ranks: Vec<Vec<String>>,
    },
    /// The declared chain chose among films that the method left tied.
    Tie {
        /// The tied films.
        films: Vec<String>,
        /// How many of them could be picked.
        picks: u32,
        /// Those that are.
        chosen: Vec<String>,
        /// The last step of the chain that was needed.
        by: TieBreak,
        /// Each film's first choices, when these were compared.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        first_choices: Vec<Standing>,
    },
    /// Nothing separates these films: a run-off round picks among them.
    RunOff {
        /// The tied films.
        films: Vec<String>,
        /// How many of them are to be picked.
        picks: u32,
    },
}

/// A film with its number.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Standing {
    /// The film.
    pub film: String,
    /// Its votes, or the sum of its scores.
    pub votes: Amount,
}

/// Votes on their way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Move {
    /// The film that gets them; none if the ballots rank no other film that is in the race.
    pub to: Option<String>,
    /// How many.
    pub votes: Amount,
}

/// How one of several films with the fewest votes came to go.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TiedLast {
    /// The films that had the fewest votes.
    pub films: Vec<String>,
    /// What chose the one that goes.
    pub by: LastBy,
}

/// What chose the film that goes, of several with the fewest votes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LastBy {
    /// It had fewer votes in this round, the latest one in which they differed.
    FewerInRound(u32),
    /// They never differed, and the chain turned round chose it: the one proposed last, or drawn last.
    Chain(TieBreak),
}

/// The steps of the chain that a method's own rule is followed by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TieBreak {
    /// More first choices.
    FirstChoices,
    /// The earlier proposal.
    EarlierProposal,
    /// The draw from the published seed.
    Draw,
}

/// What decided a head-to-head.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HeadToHeadBy {
    /// More ballots prefer it.
    Preference,
    /// As many ballots prefer the one as the other; it has the higher sum.
    HigherSum,
    /// That is the same too; more ballots give it the highest score there is.
    TopScores,
    /// That is the same too; the chain chose.
    Chain(TieBreak),
}

/// What chose one of several films with the same sum.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SumsBy {
    /// It wins the most head-to-heads among them.
    HeadToHead,
    /// That is the same; more ballots give it the highest score there is.
    TopScores,
    /// That is the same too; the chain chose.
    Chain(TieBreak),
}
