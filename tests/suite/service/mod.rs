//! The use cases over a real database, without Discord.

mod announcing;
mod ballots;
mod departed;
mod exporting;
mod renewing;
mod titles;
mod week;
