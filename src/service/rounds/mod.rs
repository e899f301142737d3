//! The life of a round: opened, changed, rescheduled, closed, cancelled, reopened.
//!
//! Each step is one transaction, with the line that it leaves in the audit. [`close`] is the one that takes
//! two: see there.

pub mod change;
pub mod close;
mod count;
pub mod status;
pub mod undo;

use crate::clock::Alarm;
use crate::domain::ids::MemberId;

/// Who did what the bot did by itself, in columns that name somebody.
const NOBODY: MemberId = MemberId(0);

/// Bells that the rounds ring, each for the one who sleeps beside it.
#[derive(Debug, Clone, Default)]
pub struct Bells {
    /// A round's closing time was set, moved or taken away.
    pub closings: Alarm,
    /// A round ended, and the message that showed it does not say so yet.
    pub ended_polls: Alarm,
    /// Something is to be said in a channel.
    pub notices: Alarm,
}
