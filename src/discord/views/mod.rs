//! What members see: pure functions from a value of the domain or a service to a [`Screen`].
//!
//! No I/O, no clock, no decision on who may see what. Whatever the data, a screen fits Discord's
//! limits, and text from outside can neither ping nor break the layout.
//!
//! [`Screen`]: crate::discord::screen::Screen

pub mod about;
pub mod audit;
pub mod ballot;
pub mod closed;
pub mod film;
pub mod help;
pub mod limit;
pub mod pick;
pub mod poll;
pub mod reaction;
pub mod refusal;
pub mod results;
pub mod round;
pub mod settings;
pub mod suggestion;
pub mod voted;
pub mod watched;
pub mod withdrawn;
mod words;

#[cfg(test)]
pub(in crate::discord) mod testing;
