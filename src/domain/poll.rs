//! The poll: the open round as everybody sees it, one page at a time.

use super::ids::{ChannelId, MemberId, MessageId};
use super::proposal::Proposal;
use super::reaction::{Number, VoteInput};
use super::round::Round;

/// Films on a page: one embed each, and Discord allows ten (facts: discord, Limits).
pub const PAGE_SIZE: u32 = 10;

/// How many voters a poll names before it says `+6 more`.
pub const VOTERS_SHOWN: u32 = 4;

/// The message that shows a round, when one was posted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LiveMessage {
    /// Where it stands.
    pub channel: ChannelId,
    /// Its id.
    pub message: MessageId,
    /// The page it shows, from 1.
    pub page: u32,
}

/// What is known of a round before its proposals are read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PollHead {
    /// The round.
    pub round: Round,
    /// The message that shows it.
    pub live: Option<LiveMessage>,
    /// How many proposals are active.
    pub proposals: u32,
    /// How many members have voted for an active proposal.
    pub voters: u32,
    /// How the server votes.
    pub input: VoteInput,
}

impl PollHead {
    /// How many pages the poll has; an empty one has one.
    pub fn pages(&self) -> u32 {
        self.proposals.div_ceil(PAGE_SIZE).max(1)
    }

    /// The page that is shown when `asked` is asked for: the nearest one there is.
    pub fn clamp_page(&self, asked: u32) -> u32 {
        asked.clamp(1, self.pages())
    }
}

/// A proposal with its standing in the open round.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// What is voted on.
    pub proposal: Proposal,
    /// What stands for it so far: how many members chose it, the sum of its stars, or how many rank it first,
    /// as the round's method goes. `None` while counts are hidden.
    pub votes: Option<u32>,
    /// The first [`VOTERS_SHOWN`] of those who voted for it, earliest first, where voters are named.
    pub first_voters: Vec<MemberId>,
}

/// Whether a film's details on this page are there, on their way, or not to be had.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Details {
    /// From a fresh row, or just fetched.
    Fresh,
    /// From an expired row: the film databases did not answer in time.
    Old,
    /// None yet; the fetch goes on.
    OnTheWay,
    /// None: no film database has it, or it is a free-text film.
    None,
}

/// A standing with its rank and the state of its details.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Its place in the poll, from 1; the order of the page.
    pub rank: u32,
    /// Whether it leads, alone or with others: it has votes, and none has more.
    pub leads: bool,
    /// The proposal and its votes.
    pub standing: Standing,
    /// Where its details stand.
    pub details: Details,
    /// The number that stands for it under the live message, where reactions count.
    pub number: Option<Number>,
}

/// One page of a poll, ready to be drawn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PollPage {
    /// The round, its turnout and its live message.
    pub head: PollHead,
    /// Which page, from 1.
    pub page: u32,
    /// The films, by standing.
    pub entries: Vec<Entry>,
    /// The votes of the film that leads the whole poll (not only this page); the bar's full length.
    pub most_votes: u32,
}

impl PollPage {
    /// The page for a message that has no numbers under it yet.
    pub fn without_numbers(mut self) -> Self {
        for entry in &mut self.entries {
            entry.number = None;
        }
        self
    }
}
