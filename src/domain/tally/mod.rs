//! Counting: from ballots to an outcome, by the rules that were declared before the vote.
//!
//! Pure and exact: integers and exact fractions only. A result depends on what was voted and on nothing
//! else: neither on the order of the ballots nor on that of the films.

mod amount;
mod election;
mod outcome;
pub mod step;

pub use amount::Amount;
pub use election::{Ballot, Candidate, Election, Marks};
pub use outcome::{DecidedBy, Outcome};
