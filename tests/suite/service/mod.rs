//! The use cases over a real database, without Discord.

mod ballots;
mod departed;
mod drafts;
mod renewing;
mod rounds;
mod titles;
mod week;
