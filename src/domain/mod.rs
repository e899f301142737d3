//! The product's words and rules, pure: no async, no I/O, no Discord, no SQL.
//!
//! Whatever is here can be tested with plain values. Time and randomness come in as parameters.

pub mod abroad;
pub mod audit;
pub mod draft;
pub mod film;
pub mod film_query;
pub mod ids;
pub mod imdb_dataset;
pub mod method;
pub mod notice;
pub mod pick;
pub mod policy;
pub mod poll;
pub mod proposal;
pub mod provider_health;
pub mod reaction;
pub mod record;
pub mod refusal;
pub mod result;
pub mod round;
pub mod schedule;
pub mod settings;
pub mod tally;
pub mod text;
pub mod ties;
pub mod title_index;
pub mod voter;
pub mod watched;
