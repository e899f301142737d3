//! "Results so far": the standings of the open round, private.

use crate::discord::screen::Screen;
use crate::domain::poll::{Entry, PollHead};

/// How many films the standings list at most.
pub const SHOWN: usize = 25;

/// The standings: the first [`SHOWN`] of `entries`, which are the poll's, best first, from the first
/// on; those that were not read are counted from the head.
pub fn screen(_head: &PollHead, _entries: &[Entry]) -> Screen {
    todo!()
}
