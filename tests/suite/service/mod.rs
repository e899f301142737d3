//! The use cases over a real database, without Discord.

mod announcing;
mod ballots;
mod exporting;
mod renewing;
mod titles;
mod week;
