//! The use cases over a real database, without Discord.

mod announcing;
mod ballots;
mod departed;
mod drafts;
mod exporting;
mod left_behind;
mod looking;
mod renewing;
mod rounds;
mod stories;
mod titles;
mod week;
