//! The use cases over a real database, without Discord.

mod ballots;
mod departed;
mod renewing;
mod titles;
mod week;
